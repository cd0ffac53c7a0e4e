
/*
 * Copyright (C) the project authors
 */


#include <fuzz/fuzz.h>

#include <core/ngx_app_utf8.h>
#include <http/ngx_app_query.h>


static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    ngx_int_t               rc;
    ngx_str_t               args, names[3];
    ngx_uint_t              i;
    ngx_app_query_t        *q;
    ngx_app_query_value_t   values[3];

    ngx_str_set(&names[0], "a");
    ngx_str_set(&names[1], "page");
    ngx_str_set(&names[2], "");

    q = ngx_app_query_create(pool, names, 3);
    fuzz_check(q != NULL);

    args.data = data;
    args.len = size;

    rc = ngx_app_query_parse(q, pool, &args, 20, values);

    if (rc != NGX_OK) {
        fuzz_check(rc == NGX_BUSY);
        return;
    }

    for (i = 0; i < 3; i++) {
        fuzz_check((values[i].count > 1) <= (values[i].fault != NULL));

        if (values[i].count == 0 || values[i].fault != NULL) {
            continue;
        }

        fuzz_check(values[i].text.len <= size);
        fuzz_check(ngx_app_utf8_valid(values[i].text.data, values[i].text.len)
                   == NGX_OK);
        fuzz_check(ngx_strlchr(values[i].text.data,
                               values[i].text.data + values[i].text.len, '\0')
                   == NULL);
    }
}
