
/*
 * Copyright (C) the project authors
 */

/*
 * A path, a line end, and a text; the text as one that was not checked.
 */


#include <fuzz/fuzz.h>

#include <json/ngx_app_json_member.h>
#include <lang/ngx_app_value.h>


static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    u_char                 *p;
    ngx_int_t               rc;
    ngx_str_t               text, path, found;
    ngx_app_value_t         v;
    ngx_app_json_member_t   m[2];

    p = ngx_strlchr(data, data + size, '\n');

    if (p == NULL) {
        return;
    }

    path.data = data;
    path.len = p - data;
    text.data = p + 1;
    text.len = data + size - text.data;

    rc = ngx_app_json_find(&text, &path, pool, &found);
    fuzz_check(rc == NGX_OK || rc == NGX_DECLINED);

    if (rc == NGX_OK) {
        fuzz_check(found.data >= text.data
                   && found.data + found.len <= text.data + text.len);

        if (ngx_app_json_valid(text.data, text.len, 256) == NGX_OK) {
            fuzz_check(ngx_app_json_valid(found.data, found.len, 256)
                       == NGX_OK);
        }
    }

    rc = ngx_app_value_member(&text, &path, pool, &v);
    fuzz_check(rc == NGX_OK || (rc == NGX_DECLINED
                                && v.type == NGX_APP_ABSENT));

    ngx_memzero(m, sizeof(m));
    m[0].name = path;
    ngx_str_set(&m[1].name, "a");

    rc = ngx_app_json_members(&text, 16, m, 2, pool);
    fuzz_check(rc == NGX_OK || rc == NGX_DECLINED);

    if (rc == NGX_OK) {
        fuzz_check(ngx_app_json_valid(text.data, text.len, 16) == NGX_OK);
    }
}
