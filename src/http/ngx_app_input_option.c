
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_input.h>
#include <http/ngx_app_input_option.h>


/* types that an option goes with, by bit */

#define NGX_APP_INPUT_ANY      ((ngx_uint_t) -1)
#define NGX_APP_INPUT_NUMBERS  (1 << NGX_APP_INPUT_INT                       \
                                |1 << NGX_APP_INPUT_NUMBER)
#define NGX_APP_INPUT_BOUNDED  (NGX_APP_INPUT_NUMBERS                        \
                                |1 << NGX_APP_INPUT_DATETIME                 \
                                |1 << NGX_APP_INPUT_STRING)


static ngx_int_t ngx_app_input_required(ngx_app_lang_t *lc,
    ngx_app_input_t *in, ngx_str_t *value);
static ngx_int_t ngx_app_input_clamp(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value);
static ngx_int_t ngx_app_input_trimmed(ngx_app_lang_t *lc,
    ngx_app_input_t *in, ngx_str_t *value);
static ngx_int_t ngx_app_input_default(ngx_app_lang_t *lc,
    ngx_app_input_t *in, ngx_str_t *value);
static ngx_int_t ngx_app_input_min(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value);
static ngx_int_t ngx_app_input_max(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value);
static ngx_int_t ngx_app_input_bound(ngx_app_lang_t *lc, ngx_app_input_t *in,
    const char *option, ngx_str_t *value, ngx_app_value_t *bound);
static ngx_int_t ngx_app_input_pattern(ngx_app_lang_t *lc,
    ngx_app_input_t *in, ngx_str_t *value);
static ngx_int_t ngx_app_input_message(ngx_app_lang_t *lc,
    ngx_app_input_t *in, ngx_str_t *value);
static ngx_int_t ngx_app_input_empty(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value);
static ngx_int_t ngx_app_input_null(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value);
static ngx_int_t ngx_app_input_absent(ngx_app_lang_t *lc, const char *option,
    ngx_str_t *value);


ngx_app_input_option_t  ngx_app_input_options[] = {

    { ngx_string("required"), NGX_APP_INPUT_ANY, NULL,
      ngx_app_input_required },

    { ngx_string("default="), NGX_APP_INPUT_ANY, NULL,
      ngx_app_input_default },

    { ngx_string("min="), NGX_APP_INPUT_BOUNDED,
      "int, number, string and datetime", ngx_app_input_min },

    { ngx_string("max="), NGX_APP_INPUT_BOUNDED,
      "int, number, string and datetime", ngx_app_input_max },

    { ngx_string("clamp"), NGX_APP_INPUT_NUMBERS, "int and number",
      ngx_app_input_clamp },

    { ngx_string("pattern="), 1 << NGX_APP_INPUT_STRING, "string",
      ngx_app_input_pattern },

    { ngx_string("trim"), NGX_APP_INPUT_ANY, NULL, ngx_app_input_trimmed },

    { ngx_string("empty="), NGX_APP_INPUT_ANY, NULL, ngx_app_input_empty },

    { ngx_string("null="), NGX_APP_INPUT_ANY, NULL, ngx_app_input_null },

    { ngx_string("message="), NGX_APP_INPUT_ANY, NULL,
      ngx_app_input_message },

    { ngx_null_string, 0, NULL, NULL }
};


ngx_int_t
ngx_app_input_settle(ngx_app_lang_t *lc, ngx_app_input_t *in)
{
    ngx_int_t        rc, cmp;
    ngx_str_t        text, fault;
    ngx_uint_t       bounds;
    ngx_app_input_t  plain;

    bounds = (in->min.type != NGX_APP_ABSENT)
             + (in->max.type != NGX_APP_ABSENT);

    if (bounds == 2
        && ngx_app_value_compare(&in->min, &in->max, &cmp) == NGX_OK
        && cmp > 0)
    {
        ngx_app_lang_error(lc, "\"min=%V\" of input \"%V\" is above "
                           "\"max=%V\"", &in->min_text, &in->name,
                           &in->max_text);
        return NGX_DECLINED;
    }

    if (in->clamp && bounds == 0) {
        ngx_app_lang_error(lc, "option \"clamp\" of input \"%V\" needs "
                           "\"min=\" or \"max=\"", &in->name);
        return NGX_DECLINED;
    }

    if (in->fallback.type == NGX_APP_ABSENT) {
        return NGX_OK;
    }

    if (in->required) {
        ngx_app_lang_error(lc, "input \"%V\" has both \"required\" and "
                           "\"default=\", leave out one", &in->name);
        return NGX_DECLINED;
    }

    text = in->fallback.u.s;
    in->fallback.type = NGX_APP_ABSENT;

    plain = *in;
    plain.clamp = 0;
    ngx_str_null(&plain.message);

    rc = ngx_app_input_parse(&plain, lc->pool, &text, &in->fallback, &fault);

    if (rc == NGX_DECLINED) {
        ngx_app_lang_error(lc, "invalid \"default=%V\": %V", &text, &fault);
    }

    return rc;
}


static ngx_int_t
ngx_app_input_required(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value)
{
    in->required = 1;

    return NGX_OK;
}


/* kept as text until all options are known */

static ngx_int_t
ngx_app_input_default(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value)
{
    ngx_app_value_set_string(&in->fallback, value->data, value->len);

    return NGX_OK;
}


static ngx_int_t
ngx_app_input_min(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *value)
{
    in->min_text = *value;

    return ngx_app_input_bound(lc, in, "min", value, &in->min);
}


static ngx_int_t
ngx_app_input_max(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *value)
{
    in->max_text = *value;

    return ngx_app_input_bound(lc, in, "max", value, &in->max);
}


static ngx_int_t
ngx_app_input_bound(ngx_app_lang_t *lc, ngx_app_input_t *in,
    const char *option, ngx_str_t *value, ngx_app_value_t *bound)
{
    ngx_int_t         rc;
    ngx_str_t         fault;
    const char       *what;
    ngx_app_input_t   plain;

    ngx_memzero(&plain, sizeof(ngx_app_input_t));
    plain.name = in->name;
    plain.type = in->type;

    switch (in->type) {

    case NGX_APP_INPUT_STRING:
        plain.type = NGX_APP_INPUT_INT;
        what = "a length in characters";
        break;

    case NGX_APP_INPUT_INT:
        what = "an integer";
        break;

    case NGX_APP_INPUT_NUMBER:
        what = "a number";
        break;

    default: /* NGX_APP_INPUT_DATETIME */
        what = "an ISO 8601 date";
        break;
    }

    rc = ngx_app_input_parse(&plain, lc->pool, value, bound, &fault);

    if (rc == NGX_OK && in->type == NGX_APP_INPUT_STRING && bound->u.i < 0) {
        rc = NGX_DECLINED;
    }

    /* a decimal is compared by its digits, a double is not */

    if (rc == NGX_OK && in->type == NGX_APP_INPUT_NUMBER) {
        rc = ngx_app_value_parse_number(value, bound);
    }

    if (rc == NGX_DECLINED) {
        ngx_app_lang_error(lc, "invalid \"%s=%V\" of input \"%V\", use %s",
                           option, value, &in->name, what);
    }

    return rc;
}


static ngx_int_t
ngx_app_input_clamp(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *value)
{
    in->clamp = 1;

    return NGX_OK;
}


static ngx_int_t
ngx_app_input_pattern(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value)
{
#if (NGX_PCRE)

    u_char               err[NGX_MAX_CONF_ERRSTR];
    ngx_regex_compile_t  rc;

    if (value->len == 0) {
        ngx_app_lang_error(lc, "empty \"pattern=\" of input \"%V\", write a "
                           "regular expression", &in->name);
        return NGX_DECLINED;
    }

    ngx_memzero(&rc, sizeof(ngx_regex_compile_t));

    /* nginx prints the pattern of a failure up to a zero byte */

    rc.pattern.len = value->len;
    rc.pattern.data = ngx_pnalloc(lc->pool, value->len + 1);
    if (rc.pattern.data == NULL) {
        return NGX_ERROR;
    }

    *ngx_cpymem(rc.pattern.data, value->data, value->len) = '\0';

    rc.pool = lc->pool;
    rc.err.len = NGX_MAX_CONF_ERRSTR;
    rc.err.data = err;

    if (ngx_regex_compile(&rc) != NGX_OK) {
        ngx_app_lang_error(lc, "invalid \"pattern=\" of input \"%V\": %V",
                           &in->name, &rc.err);
        return NGX_DECLINED;
    }

    in->regex = rc.regex;
    in->pattern = *value;

    return NGX_OK;

#else

    ngx_app_lang_error(lc, "option \"pattern\" needs nginx with PCRE");

    return NGX_DECLINED;

#endif
}


static ngx_int_t
ngx_app_input_trimmed(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value)
{
    in->trim = 1;

    return NGX_OK;
}


static ngx_int_t
ngx_app_input_empty(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *value)
{
    in->empty_absent = 1;

    return ngx_app_input_absent(lc, "empty", value);
}


static ngx_int_t
ngx_app_input_null(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *value)
{
    in->null_absent = 1;

    return ngx_app_input_absent(lc, "null", value);
}


static ngx_int_t
ngx_app_input_absent(ngx_app_lang_t *lc, const char *option, ngx_str_t *value)
{
    if (value->len == 6 && ngx_memcmp(value->data, "absent", 6) == 0) {
        return NGX_OK;
    }

    ngx_app_lang_error(lc, "invalid value \"%V\" of option \"%s\", write "
                       "\"%s=absent\"", value, option, option);

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_input_message(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value)
{
    if (value->len == 0) {
        ngx_app_lang_error(lc, "empty \"message=\" of input \"%V\", write the "
                           "text or leave it out", &in->name);
        return NGX_DECLINED;
    }

    in->message = *value;

    return NGX_OK;
}
