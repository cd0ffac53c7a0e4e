
/*
 * Copyright (C) the project authors
 */


#include <fuzz/fuzz.h>

#include <core/ngx_app_utf8.h>
#include <json/ngx_app_json_read.h>
#include <http/ngx_app_body.h>


/* a form whole and in every shorter part: values are UTF-8, lists are JSON */

static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    ngx_int_t              rc;
    ngx_str_t              text;
    ngx_uint_t             i;
    ngx_app_body_t        *body;
    ngx_app_value_t       *v;
    ngx_app_body_value_t   values[3];
    ngx_app_body_limits_t  limits = { 8, 20, 10 };
    ngx_app_body_result_t  result;

    static ngx_str_t  names[] = {
        ngx_string("a"), ngx_string("b.c"), ngx_string("d")
    };

    static u_char  lists[] = { 0, 0, 1 };

    body = ngx_app_body_create(pool, names, lists, 3);

    text.data = data;

    for (text.len = (size > 128) ? size - 128 : 0; text.len <= size;
         text.len++)
    {
        rc = ngx_app_body_form(body, pool, &text, &limits, values, &result);

        if (rc != NGX_OK) {
            fuzz_check(rc == NGX_DECLINED && result.err.len != 0);
            continue;
        }

        for (i = 0; i < 3; i++) {
            v = &values[i].value;

            if (v->type == NGX_APP_JSON) {
                fuzz_check(i == 2);
                fuzz_check(ngx_app_json_valid(v->u.s.data, v->u.s.len, 2)
                           == NGX_OK);

            } else if (v->type == NGX_APP_STRING) {
                fuzz_check(ngx_app_utf8_valid(v->u.s.data, v->u.s.len)
                           == NGX_OK);

            } else {
                fuzz_check(v->type == NGX_APP_ABSENT);
            }
        }
    }
}
