
/*
 * Copyright (C) the project authors
 */


#include <fuzz/fuzz.h>

#include <json/ngx_app_json_read.h>
#include <http/ngx_app_body.h>
#include <http/ngx_app_input.h>


/*
 * A body whole, then without its end: what is accepted is JSON with one
 * container at least, and stays accepted by no shorter part of it but for
 * blanks.  Whatever a value is, checks of all types end with it or a fault.
 */

static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    ngx_int_t              rc;
    ngx_str_t              text, fault, words[3];
    ngx_uint_t             i, j;
    ngx_app_body_t        *body;
    ngx_app_lang_t         lc;
    ngx_app_input_t        in;
    ngx_app_value_t        value;
    ngx_app_body_value_t   values[4];
    ngx_app_body_limits_t  limits = { 8, 20, 10 };
    ngx_app_body_result_t  result;

    static ngx_str_t  names[] = {
        ngx_string("a"), ngx_string("b.c"), ngx_string("b"), ngx_string("d")
    };

    static ngx_str_t  types[] = {
        ngx_string("int"), ngx_string("number"), ngx_string("string"),
        ngx_string("bool"), ngx_string("datetime"), ngx_string("json"),
        ngx_string("int[]"), ngx_string("string[]"), ngx_string("number[]")
    };

    body = ngx_app_body_create(pool, names, NULL, 4);

    text.data = data;
    text.len = size;

    rc = ngx_app_body_json(body, pool, &text, &limits, values, &result);

    if (rc != NGX_OK) {
        fuzz_check(rc == NGX_DECLINED && result.err.len != 0);
        return;
    }

    fuzz_check(ngx_app_json_valid(data, size, 8) == NGX_OK);

    for (i = 0; i < 4; i++) {
        for (j = 0; j < sizeof(types) / sizeof(types[0]); j++) {

            words[0] = types[j];
            ngx_str_set(&words[1], "required");
            ngx_app_lang_init(&lc, pool, NULL);

            fuzz_check(ngx_app_input_compile(&lc, &in, &names[0], words, 2)
                       == NGX_OK);

            value = values[i].value;
            rc = ngx_app_input_check(&in, pool, &value, size & 1, &fault);

            fuzz_check(rc == NGX_OK
                       || (rc == NGX_DECLINED && fault.len != 0));

            if (rc == NGX_OK && value.type == NGX_APP_JSON) {
                fuzz_check(ngx_app_json_valid(value.u.s.data, value.u.s.len,
                                              64) == NGX_OK);
            }
        }
    }

    while (size && (data[size - 1] == ' ' || data[size - 1] == '\t'
                    || data[size - 1] == '\n' || data[size - 1] == '\r'))
    {
        size--;
    }

    for (text.len = 0; text.len < size; text.len++) {
        fuzz_check(ngx_app_body_json(body, pool, &text, &limits, values,
                                     &result) == NGX_DECLINED);

        if (text.len > 256) {
            break;
        }
    }
}
