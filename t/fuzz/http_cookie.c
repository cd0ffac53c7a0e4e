
/*
 * Copyright (C) the project authors
 */

/*
 * The name of a cookie, a line end, and a header; and the header cut at each
 * byte, as far as that is short.
 */


#include <fuzz/fuzz.h>

#include <http/ngx_app_cookie.h>


static void fuzz_header(ngx_str_t *header, ngx_str_t *name);


static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    u_char     *p;
    ngx_str_t   name, header;

    p = ngx_strlchr(data, data + size, '\n');

    if (p == NULL || p == data) {
        return;
    }

    name.data = data;
    name.len = p - data;
    header.data = p + 1;
    header.len = data + size - header.data;

    fuzz_header(&header, &name);

    while (header.len && header.len < 256) {
        header.data++;
        header.len--;
        fuzz_header(&header, &name);
    }
}


static void
fuzz_header(ngx_str_t *header, ngx_str_t *name)
{
    u_char     *p, *last;
    ngx_str_t   value;

    if (ngx_app_cookie_find(header, name, &value) != NGX_OK) {
        return;
    }

    last = header->data + header->len;
    p = value.data - name->len - 1;

    fuzz_check(value.len > 0);
    fuzz_check(p >= header->data && value.data + value.len <= last);
    fuzz_check(ngx_memcmp(p, name->data, name->len) == 0);
    fuzz_check(value.data[-1] == '=');
    fuzz_check(p == header->data || p[-1] == ';' || p[-1] == ' ');
    fuzz_check(ngx_strlchr(value.data, value.data + value.len, ';') == NULL);
    fuzz_check(value.data + value.len == last
               || value.data[value.len] == ';');
}
