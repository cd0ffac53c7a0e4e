
/*
 * Copyright (C) the project authors
 */


#include <fuzz/lang_env.h>

#include <lang/ngx_app_expr.h>
#include <json/ngx_app_json_read.h>


#define CUTS  8        /* shorter texts of one, from its end on */


static void fuzz_compile(ngx_pool_t *pool, ngx_str_t *text);


static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    ngx_str_t  text;

    text.data = data;

    for (text.len = (size > CUTS) ? size - CUTS : 0; text.len <= size;
         text.len++)
    {
        fuzz_compile(pool, &text);
    }
}


/* whatever compiles has a result, the same each time, that can be written */

static void
fuzz_compile(ngx_pool_t *pool, ngx_str_t *text)
{
    ngx_str_t         s;
    fuzz_env_t        f;
    ngx_app_buf_t     b;
    ngx_app_expr_t   *e;
    ngx_app_value_t   v, again, list;

    fuzz_env_init(&f, pool);

    e = ngx_app_expr_compile(&f.lc, text);

    if (e == NULL) {
        fuzz_check(f.lc.err.len != 0);
        return;
    }

    fuzz_env_slots(&f);

    fuzz_check(ngx_app_expr_eval(e, &f.env, &v) == NGX_OK);
    fuzz_check(ngx_app_expr_eval(e, &f.env, &again) == NGX_OK);
    fuzz_check(v.type == again.type);
    fuzz_check(v.type == NGX_APP_CHAIN || ngx_app_value_equal(&v, &again));
    fuzz_check(ngx_app_expr_test(e, &f.env)
               == (ngx_app_value_true(&v) ? NGX_OK : NGX_DECLINED));

    ngx_app_buf_init(&b, pool, 128, 8 * 1024 * 1024);
    fuzz_check(ngx_app_value_write_json(&b, &v) == NGX_OK);

    list.type = NGX_APP_CHAIN;
    list.u.c.chain = ngx_app_buf_take(&b, &list.u.c.size);
    fuzz_check(ngx_app_value_text(&list, pool, &s) == NGX_OK);
    fuzz_check(ngx_app_json_valid(s.data, s.len, 64) == NGX_OK);
}
