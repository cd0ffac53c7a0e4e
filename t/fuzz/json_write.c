
/*
 * Copyright (C) the project authors
 */


#include <fuzz/fuzz.h>

#include <math.h>

#include <core/ngx_app_buf.h>
#include <core/ngx_app_utf8.h>
#include <json/ngx_app_json_read.h>
#include <json/ngx_app_json_write.h>


/*
 * The first byte chooses the size of the first piece.  Whatever the bytes, the
 * output is JSON, and the same whether it is written at once or in pieces.
 */

static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    u_char         *p, *end, *all, text[NGX_APP_JSON_DOUBLE_LEN + 1];
    double          d;
    size_t          len, total;
    ngx_chain_t    *cl;
    ngx_app_buf_t   b;

    if (size == 0) {
        return;
    }

    ngx_app_buf_init(&b, pool, 128 + data[0], 1024 * 1024);
    data++;
    size--;

    all = malloc(ngx_app_json_string_len(size));
    end = ngx_app_json_fmt_string(all, data, size);
    len = end - all;

    fuzz_check(len <= ngx_app_json_string_len(size));
    fuzz_check(ngx_app_json_valid(all, len, 1) == NGX_OK);

    fuzz_check(ngx_app_json_write_string(&b, data, size) == NGX_OK);

    cl = ngx_app_buf_take(&b, &total);
    fuzz_check(total == len);

    for (p = all; cl != NULL; cl = cl->next) {
        fuzz_check(ngx_memcmp(p, cl->buf->pos, cl->buf->last - cl->buf->pos)
                   == 0);
        p += cl->buf->last - cl->buf->pos;
    }

    free(all);

    if (size >= sizeof(double)) {
        ngx_memcpy(&d, data, sizeof(double));

        end = ngx_app_json_fmt_double(text, d);
        fuzz_check(end <= text + NGX_APP_JSON_DOUBLE_LEN);
        fuzz_check(ngx_app_json_valid(text, end - text, 1) == NGX_OK);

        *end = '\0';
        fuzz_check(!isfinite(d) || strtod((char *) text, NULL) == d);
    }
}
