
/*
 * Copyright (C) the project authors
 */


#include <fuzz/lang_env.h>

#include <lang/ngx_app_template.h>
#include <json/ngx_app_json_read.h>


#define CUTS  8        /* shorter texts of one, from its end on */


static void fuzz_compile(ngx_pool_t *pool, ngx_str_t *text,
    ngx_app_template_e mode);


/* the first byte is the mode */

static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    ngx_str_t  text;

    if (size == 0) {
        return;
    }

    text.data = data + 1;

    for (text.len = (size - 1 > CUTS) ? size - 1 - CUTS : 0; text.len < size;
         text.len++)
    {
        fuzz_compile(pool, &text, data[0] % 3);
    }
}


/* a JSON template always makes JSON */

static void
fuzz_compile(ngx_pool_t *pool, ngx_str_t *text, ngx_app_template_e mode)
{
    ngx_int_t                rc;
    ngx_str_t                s;
    fuzz_env_t               f;
    ngx_app_template_t      *t;
    ngx_app_json_reader_t    jr;

    fuzz_env_init(&f, pool);

    t = ngx_app_template_compile(&f.lc, text, mode);

    if (t == NULL) {
        fuzz_check(f.lc.err.len != 0);
        return;
    }

    fuzz_env_slots(&f);

    fuzz_check(ngx_app_template_string(t, &f.env, 1024 * 1024, &s) == NGX_OK);

    if (mode == NGX_APP_TEMPLATE_JSON) {

        /* bad UTF-8 and lone surrogates of the template are its author's */

        ngx_app_json_read_init(&jr, s.data, s.len, 80, 0);

        do {
            rc = ngx_app_json_read(&jr);
        } while (rc == NGX_OK);

        fuzz_check(rc == NGX_DONE);
    }
}
