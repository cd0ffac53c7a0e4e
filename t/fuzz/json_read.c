
/*
 * Copyright (C) the project authors
 */


#include <fuzz/fuzz.h>

#include <core/ngx_app_buf.h>
#include <core/ngx_app_utf8.h>
#include <json/ngx_app_json_read.h>
#include <json/ngx_app_json_write.h>


/*
 * The first byte chooses the reader's options.  A text that is accepted must
 * be skipped as a whole, and its strings must survive writing and reading.
 */

static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    u_char                 *p;
    size_t                  len;
    int64_t                 v;
    ngx_int_t               rc;
    ngx_str_t               str, again, raw;
    ngx_uint_t              flags;
    ngx_app_json_reader_t   jr, back;

    if (size == 0) {
        return;
    }

    flags = data[0] & 3;
    data++;
    size--;

    ngx_app_json_read_init(&jr, data, size, 16, flags);

    while ((rc = ngx_app_json_read(&jr)) == NGX_OK) {

        fuzz_check(jr.raw.data >= data
                   && jr.raw.data + jr.raw.len <= data + size);

        (void) ngx_app_json_read_int(&jr, &v);

        if (jr.token != NGX_APP_JSON_STRING && jr.token != NGX_APP_JSON_KEY) {
            continue;
        }

        fuzz_check(ngx_app_json_read_text(&jr, pool, &str) == NGX_OK);
        fuzz_check(str.len <= jr.raw.len);

        if (!(flags & NGX_APP_JSON_UTF8)) {
            continue;
        }

        fuzz_check(ngx_app_utf8_valid(str.data, str.len) == NGX_OK);

        p = ngx_palloc(pool, ngx_app_json_string_len(str.len));
        len = ngx_app_json_fmt_string(p, str.data, str.len) - p;

        ngx_app_json_read_init(&back, p, len, 1, NGX_APP_JSON_UTF8);
        fuzz_check(ngx_app_json_read(&back) == NGX_OK);
        fuzz_check(ngx_app_json_read_text(&back, pool, &again) == NGX_OK);
        fuzz_check(again.len == str.len
                   && (str.len == 0
                       || ngx_memcmp(again.data, str.data, str.len) == 0));
    }

    if (rc == NGX_DECLINED) {
        fuzz_check(jr.err != NULL && jr.offset <= size);
    }

    ngx_app_json_read_init(&back, data, size, 16, flags);

    if (ngx_app_json_read(&back) == NGX_OK
        && ngx_app_json_skip(&back, &raw) == NGX_OK
        && ngx_app_json_read(&back) == NGX_DONE)
    {
        fuzz_check(rc == NGX_DONE);
        fuzz_check(raw.len <= size);

    } else {
        fuzz_check(rc == NGX_DECLINED);
    }
}
