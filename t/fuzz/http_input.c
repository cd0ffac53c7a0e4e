
/*
 * Copyright (C) the project authors
 */


#include <fuzz/fuzz.h>

#include <core/ngx_app_utf8.h>
#include <http/ngx_app_input.h>
#include <lang/ngx_app_lang.h>


/*
 * The first line is a declaration with "|" between its words, the rest is the
 * text.  What is accepted once is accepted again when it is printed.
 */

static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    u_char           *p, *end, *line, *last;
    ngx_int_t         rc;
    ngx_str_t         words[8], text, name, fault, again;
    ngx_uint_t        n;
    ngx_app_lang_t    lc;
    ngx_app_input_t   in;
    ngx_app_value_t   value, back;

    ngx_str_set(&name, "f");
    ngx_app_lang_init(&lc, pool, NULL);

    last = data + size;
    line = ngx_strlchr(data, last, '\n');

    if (line == NULL) {
        return;
    }

    for (n = 0, p = data; p < line && n < 8; p = end + 1) {
        end = ngx_strlchr(p, line, '|');
        if (end == NULL) {
            end = line;
        }

        words[n].data = p;
        words[n++].len = end - p;
    }

    rc = ngx_app_input_compile(&lc, &in, &name, words, n);

    if (rc != NGX_OK) {
        fuzz_check(rc == NGX_DECLINED && lc.err.len != 0);
        return;
    }

    text.data = line + 1;
    text.len = last - text.data;

    if (ngx_app_utf8_valid(text.data, text.len) != NGX_OK) {
        return;
    }

    rc = ngx_app_input_parse(&in, pool, &text, &value, &fault);

    if (rc != NGX_OK) {
        fuzz_check(rc == NGX_DECLINED && fault.len != 0);
        return;
    }

    rc = ngx_app_value_text(&value, pool, &again);
    fuzz_check(rc != NGX_ERROR);

    if (rc == NGX_OK) {
        rc = ngx_app_input_parse(&in, pool, &again, &back, &fault);
        fuzz_check(rc == NGX_OK);
    }
}
