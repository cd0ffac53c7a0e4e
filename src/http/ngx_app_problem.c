
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <json/ngx_app_json_write.h>
#include <http/ngx_app_problem.h>


static ngx_int_t ngx_app_problem_messages(ngx_app_buf_t *b,
    ngx_str_t *messages, ngx_uint_t n);


ngx_int_t
ngx_app_problem_write(ngx_app_buf_t *b, ngx_uint_t status,
    ngx_str_t *messages, ngx_uint_t n)
{
    ngx_int_t  rc;

    rc = ngx_app_buf_write(b, "{\"statusCode\":", 14);

    if (rc == NGX_OK) {
        rc = ngx_app_json_write_uint(b, status);
    }

    if (rc == NGX_OK) {
        rc = ngx_app_buf_write(b, ",\"message\":", 11);
    }

    if (rc == NGX_OK) {
        rc = ngx_app_problem_messages(b, messages, n);
    }

    if (rc == NGX_OK) {
        rc = ngx_app_buf_write(b, "}", 1);
    }

    return rc;
}


static ngx_int_t
ngx_app_problem_messages(ngx_app_buf_t *b, ngx_str_t *messages, ngx_uint_t n)
{
    ngx_int_t   rc;
    ngx_uint_t  i;

    if (n == 0) {
        return ngx_app_buf_write(b, "\"\"", 2);
    }

    if (n == 1) {
        return ngx_app_json_write_string(b, messages->data, messages->len);
    }

    for (i = 0; i < n; i++) {
        rc = ngx_app_buf_write(b, (i == 0) ? "[" : ",", 1);

        if (rc == NGX_OK) {
            rc = ngx_app_json_write_string(b, messages[i].data,
                                           messages[i].len);
        }

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return ngx_app_buf_write(b, "]", 1);
}
