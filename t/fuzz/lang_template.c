
/*
 * Copyright (C) the project authors
 */


#include <fuzz/lang_env.h>

#include <lang/ngx_app_template.h>
#include <json/ngx_app_json_read.h>


/* the first byte is the mode; a JSON template always makes JSON */

static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    ngx_int_t                rc;
    ngx_str_t                text, s;
    fuzz_env_t               f;
    ngx_app_template_e       mode;
    ngx_app_template_t      *t;
    ngx_app_json_reader_t    jr;

    if (size == 0) {
        return;
    }

    fuzz_env_init(&f, pool);

    mode = data[0] % 3;
    text.data = data + 1;
    text.len = size - 1;

    t = ngx_app_template_compile(&f.lc, &text, mode);

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
