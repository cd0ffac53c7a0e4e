
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_func.h>


#define NGX_APP_FUNC_ANY  32      /* arguments, where their number is free */


static ngx_app_func_t  ngx_app_funcs[] = {

    { ngx_string("coalesce"), 1, NGX_APP_FUNC_ANY, NGX_APP_FUNC_LAZY,
      NULL, NULL, "coalesce(a, b, ...)" },
    { ngx_string("if"), 3, 3, NGX_APP_FUNC_LAZY,
      NULL, NULL, "if(condition, then, else)" },

    { ngx_string("abs"), 1, 1, 0,
      ngx_app_func_abs, NULL, "abs(number)" },
    { ngx_string("ceil"), 1, 1, 0,
      ngx_app_func_ceil, NULL, "ceil(number)" },
    { ngx_string("floor"), 1, 1, 0,
      ngx_app_func_floor, NULL, "floor(number)" },
    { ngx_string("round"), 1, 2, 0,
      ngx_app_func_round, NULL, "round(number[, digits])" },
    { ngx_string("min"), 1, NGX_APP_FUNC_ANY, 0,
      ngx_app_func_min, NULL, "min(a, b, ...)" },
    { ngx_string("max"), 1, NGX_APP_FUNC_ANY, 0,
      ngx_app_func_max, NULL, "max(a, b, ...)" },
    { ngx_string("int"), 1, 1, 0,
      ngx_app_func_int, NULL, "int(value)" },
    { ngx_string("number"), 1, 1, 0,
      ngx_app_func_number, NULL, "number(value)" },

    { ngx_string("length"), 1, 1, 0,
      ngx_app_func_length, NULL, "length(text)" },
    { ngx_string("lower"), 1, 1, 0,
      ngx_app_func_lower, NULL, "lower(text)" },
    { ngx_string("upper"), 1, 1, 0,
      ngx_app_func_upper, NULL, "upper(text)" },
    { ngx_string("trim"), 1, 1, 0,
      ngx_app_func_trim, NULL, "trim(text)" },
    { ngx_string("concat"), 1, NGX_APP_FUNC_ANY, 0,
      ngx_app_func_concat, NULL, "concat(a, b, ...)" },
    { ngx_string("substr"), 2, 3, 0,
      ngx_app_func_substr, NULL, "substr(text, from[, length])" },
    { ngx_string("contains"), 2, 2, 0,
      ngx_app_func_contains, NULL, "contains(text, part)" },
    { ngx_string("starts_with"), 2, 2, 0,
      ngx_app_func_starts_with, NULL, "starts_with(text, part)" },
    { ngx_string("ends_with"), 2, 2, 0,
      ngx_app_func_ends_with, NULL, "ends_with(text, part)" },
    { ngx_string("replace"), 3, 3, 0,
      ngx_app_func_replace, NULL, "replace(text, from, to)" },
    { ngx_string("string"), 1, 1, 0,
      ngx_app_func_string, NULL, "string(value)" },
    { ngx_string("format"), 1, NGX_APP_FUNC_ANY, 0,
      ngx_app_func_format, ngx_app_func_format_compile,
      "format('%s', value, ...)" },

    { ngx_string("url_decode"), 1, 1, 0,
      ngx_app_func_url_decode, NULL, "url_decode(text)" },
    { ngx_string("url_encode"), 1, 1, 0,
      ngx_app_func_url_encode, NULL, "url_encode(text)" },
    { ngx_string("html_escape"), 1, 1, 0,
      ngx_app_func_html_escape, NULL, "html_escape(text)" },
    { ngx_string("base64_decode"), 1, 1, 0,
      ngx_app_func_base64_decode, NULL, "base64_decode(text)" },
    { ngx_string("base64_encode"), 1, 1, 0,
      ngx_app_func_base64_encode, NULL, "base64_encode(text)" },
    { ngx_string("hex"), 1, 1, 0,
      ngx_app_func_hex, NULL, "hex(text)" },
    { ngx_string("match"), 2, 3, 0,
      ngx_app_func_match, ngx_app_func_match_compile,
      "match(text, 'regex'[, group])" },

    { ngx_string("base64url"), 1, 1, 0,
      ngx_app_func_base64url, NULL, "base64url(text)" },
    { ngx_string("sha256"), 1, 1, 0,
      ngx_app_func_sha256, NULL, "sha256(text)" },
    { ngx_string("hmac_sha256"), 2, 2, 0,
      ngx_app_func_hmac_sha256, NULL, "hmac_sha256(key, text)" },
    { ngx_string("secret"), 1, 1, NGX_APP_FUNC_RUN,
      ngx_app_func_secret, ngx_app_func_secret_compile, "secret('name')" },

    { ngx_string("now"), 0, 0, NGX_APP_FUNC_RUN,
      ngx_app_func_now, NULL, "now()" },
    { ngx_string("uptime"), 0, 0, NGX_APP_FUNC_RUN,
      ngx_app_func_uptime, NULL, "uptime()" },
    { ngx_string("unix"), 1, 1, 0,
      ngx_app_func_unix, NULL, "unix(time)" },
    { ngx_string("datetime"), 1, 1, 0,
      ngx_app_func_datetime, NULL, "datetime(text)" },
    { ngx_string("date_add"), 2, 2, 0,
      ngx_app_func_date_add, NULL, "date_add(time, seconds)" },
    { ngx_string("random_hex"), 1, 1, NGX_APP_FUNC_RUN,
      ngx_app_func_random_hex, NULL, "random_hex(bytes)" },
    { ngx_string("random_int"), 2, 2, NGX_APP_FUNC_RUN,
      ngx_app_func_random_int, NULL, "random_int(from, to)" },
    { ngx_string("accepts"), 1, 1, NGX_APP_FUNC_RUN,
      ngx_app_func_accepts, ngx_app_func_accepts_compile,
      "accepts('type/subtype')" },
    { ngx_string("header"), 1, 1, NGX_APP_FUNC_RUN,
      ngx_app_func_header, ngx_app_func_header_compile, "header('Name')" },

    { ngx_null_string, 0, 0, 0, NULL, NULL, NULL }
};


ngx_app_func_t *
ngx_app_func_find(ngx_str_t *name)
{
    ngx_app_func_t  *f;

    for (f = ngx_app_funcs; f->name.len != 0; f++) {

        if (f->name.len == name->len
            && ngx_memcmp(f->name.data, name->data, name->len) == 0)
        {
            return f;
        }
    }

    return NULL;
}


ngx_app_func_t *
ngx_app_func_near(ngx_str_t *name)
{
    ngx_uint_t       best;
    ngx_app_func_t  *f, *near;

    best = 0;
    near = NULL;

    for (f = ngx_app_funcs; f->name.len != 0; f++) {

        if (ngx_app_lang_nearer(name, &f->name, &best) != NULL) {
            near = f;
        }
    }

    return near;
}


ngx_int_t
ngx_app_func_alloc(ngx_app_call_t *call, size_t len, ngx_app_value_t *res)
{
    u_char  *p;

    if (len > NGX_APP_LANG_MAX_TEXT) {
        return NGX_DECLINED;
    }

    p = ngx_pnalloc(call->env->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_app_value_set_string(res, p, len);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_text(ngx_app_call_t *call, ngx_app_value_t *v, ngx_str_t *s)
{
    if (v->type == NGX_APP_CHAIN && v->u.c.size > NGX_APP_LANG_MAX_TEXT) {
        return NGX_DECLINED;
    }

    return ngx_app_value_text(v, call->env->pool, s);
}


ngx_int_t
ngx_app_func_integer(ngx_app_value_t *v, int64_t *i)
{
    ngx_app_value_t  n;

    if (ngx_app_value_number(v, &n) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (n.type == NGX_APP_INT) {
        *i = n.u.i;
        return NGX_OK;
    }

    /* the double next to the largest integer is 2^63, which is past it */

    if (n.u.d >= 9223372036854775808.0 || n.u.d < -9223372036854775808.0) {
        return NGX_DECLINED;
    }

    *i = (int64_t) n.u.d;

    return NGX_OK;
}
