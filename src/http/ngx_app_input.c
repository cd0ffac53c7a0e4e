
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_utf8.h>
#include <json/ngx_app_json_read.h>
#include <json/ngx_app_json_write.h>
#include <lang/ngx_app_time.h>
#include <http/ngx_app_input.h>
#include <http/ngx_app_input_fault.h>
#include <http/ngx_app_input_text.h>


#define NGX_APP_INPUT_JSON_DEPTH  64

/* what a double tells apart, whatever the digits are */
#define NGX_APP_INPUT_DIGITS      15

/* as many digits as a DECIMAL column has, a sign and a point */
#define NGX_APP_INPUT_NUMBER_LEN  67


static ngx_int_t ngx_app_input_typed(ngx_app_faults_t *f,
    ngx_app_value_t *value);
static ngx_uint_t ngx_app_input_as_text(ngx_app_faults_t *f,
    ngx_app_value_t *value);
static ngx_int_t ngx_app_input_text(ngx_app_faults_t *f, ngx_str_t *text,
    ngx_app_value_t *value);
static ngx_int_t ngx_app_input_missing(ngx_app_faults_t *f,
    ngx_app_value_t *value);
static ngx_int_t ngx_app_input_read(ngx_app_input_t *in, ngx_str_t *text,
    ngx_app_value_t *value);
static ngx_int_t ngx_app_input_no_int(ngx_app_faults_t *f,
    ngx_app_value_t *value);
static ngx_uint_t ngx_app_input_whole(ngx_str_t *text);
static ngx_int_t ngx_app_input_number(ngx_str_t *text,
    ngx_app_value_t *value);
static ngx_uint_t ngx_app_input_exact(ngx_str_t *text, double d);
static ngx_int_t ngx_app_input_bool(ngx_str_t *text, ngx_app_value_t *value);
static ngx_int_t ngx_app_input_enum(ngx_app_input_t *in, ngx_str_t *text);
static ngx_int_t ngx_app_input_bounds(ngx_app_faults_t *f,
    ngx_app_value_t *value);
static ngx_int_t ngx_app_input_length(ngx_app_faults_t *f, ngx_str_t *text);
static ngx_int_t ngx_app_input_match(ngx_app_faults_t *f, ngx_str_t *text);


ngx_int_t
ngx_app_input_parse(ngx_app_input_t *in, ngx_pool_t *pool, ngx_str_t *text,
    ngx_app_value_t *value, ngx_str_t *fault)
{
    ngx_int_t         rc;
    ngx_app_faults_t  f;

    ngx_app_faults_init(&f, in, pool, 0);

    if (text == NULL) {
        rc = ngx_app_input_missing(&f, value);

    } else if (in->item) {
        value->type = NGX_APP_JSON;
        value->u.s = *text;
        rc = ngx_app_input_list(&f, value);

    } else {
        rc = ngx_app_input_text(&f, text, value);
    }

    return (rc == NGX_OK) ? ngx_app_faults_join(&f, fault) : rc;
}


ngx_int_t
ngx_app_input_check(ngx_app_input_t *in, ngx_pool_t *pool,
    ngx_app_value_t *value, ngx_uint_t coerce, ngx_str_t *fault)
{
    ngx_int_t         rc;
    ngx_app_faults_t  f;

    ngx_app_faults_init(&f, in, pool, coerce);

    if (value->type == NGX_APP_NULL && !in->required && !in->null_absent
        && !f.coerce)
    {
        return NGX_OK;
    }

    if (ngx_app_value_is_null(value)) {
        rc = ngx_app_input_missing(&f, value);

    } else if (in->item) {
        rc = ngx_app_input_list(&f, value);

    } else {
        rc = ngx_app_input_typed(&f, value);
    }

    return (rc == NGX_OK) ? ngx_app_faults_join(&f, fault) : rc;
}


void
ngx_app_input_coerce(ngx_app_input_t *in)
{
    in->coerce = 1;

    if (in->item) {
        in->item->coerce = 1;
    }
}


/* a value that is there: NGX_OK with or without faults, or NGX_ERROR */

static ngx_int_t
ngx_app_input_typed(ngx_app_faults_t *f, ngx_app_value_t *value)
{
    ngx_str_t             text;
    ngx_app_input_type_e  type;

    type = f->input->type;

    if (type == NGX_APP_INPUT_JSON && value->type != NGX_APP_STRING) {
        return NGX_OK;
    }

    if (ngx_app_input_as_text(f, value)) {

        if (ngx_app_value_text(value, f->pool, &text) == NGX_ERROR) {
            return NGX_ERROR;
        }

        return ngx_app_input_text(f, &text, value);
    }

    if (value->type == NGX_APP_BOOL && f->coerce
        && type != NGX_APP_INPUT_BOOL)
    {
        value->type = NGX_APP_INT;
    }

    switch (value->type) {

    case NGX_APP_BOOL:
        if (type == NGX_APP_INPUT_BOOL) {
            return NGX_OK;
        }

        break;

    case NGX_APP_INT:
        if (type == NGX_APP_INPUT_INT || type == NGX_APP_INPUT_NUMBER) {
            return ngx_app_input_bounds(f, value);
        }

        break;

    case NGX_APP_DOUBLE:
    case NGX_APP_DECIMAL:
        if (type == NGX_APP_INPUT_NUMBER) {
            return ngx_app_input_bounds(f, value);
        }

        if (type == NGX_APP_INPUT_INT) {
            return ngx_app_input_no_int(f, value);
        }

        break;

    case NGX_APP_DATETIME:
        if (type == NGX_APP_INPUT_DATETIME) {
            return ngx_app_input_bounds(f, value);
        }

        break;

    default:
        break;
    }

    return ngx_app_faults_type(f, value->type == NGX_APP_STRING);
}


/* not zero when a value is taken for the text that it is written as */

static ngx_uint_t
ngx_app_input_as_text(ngx_app_faults_t *f, ngx_app_value_t *value)
{
    ngx_uint_t  typed;

    switch (f->input->type) {

    case NGX_APP_INPUT_INT:
    case NGX_APP_INPUT_NUMBER:
    case NGX_APP_INPUT_BOOL:
        typed = 1;
        break;

    default:
        typed = 0;
        break;
    }

    if (value->type == NGX_APP_STRING) {
        return !typed || f->coerce;
    }

    return f->coerce && ngx_app_value_is_number(value)
           && (!typed || (f->input->type == NGX_APP_INPUT_BOOL
                          && value->type != NGX_APP_BOOL));
}


/* NGX_OK with f->n faults, or NGX_ERROR */

static ngx_int_t
ngx_app_input_text(ngx_app_faults_t *f, ngx_str_t *text,
    ngx_app_value_t *value)
{
    ngx_int_t         rc;
    ngx_str_t         s;
    ngx_uint_t        number;
    ngx_app_input_t  *in;

    in = f->input;
    s = *text;
    number = (in->type == NGX_APP_INPUT_INT
              || in->type == NGX_APP_INPUT_NUMBER);

    if (in->trim || (number && f->coerce)) {
        ngx_app_input_trim(&s);
    }

    if (s.len == 0 && in->empty_absent) {
        return ngx_app_input_missing(f, value);
    }

    if (s.len == 0 && number && f->coerce) {
        ngx_app_value_set_int(value, 0);
        return ngx_app_input_bounds(f, value);
    }

    rc = ngx_app_input_read(in, &s, value);

    if (rc == NGX_BUSY) {
        return ngx_app_input_no_int(f, value);
    }

    if (rc != NGX_OK) {
        rc = ngx_app_faults_type(f, 1);

    } else if (in->type == NGX_APP_INPUT_STRING) {
        rc = ngx_app_input_length(f, &s);

        if (rc == NGX_OK && in->regex != NULL) {
            rc = ngx_app_input_match(f, &s);
        }

    } else {
        rc = ngx_app_input_bounds(f, value);
    }

    if (rc == NGX_OK && s.len == 0 && in->required && !in->empty_allowed) {
        rc = ngx_app_faults_rule(f, NGX_APP_RULE_REQUIRED);
    }

    return rc;
}


static ngx_int_t
ngx_app_input_missing(ngx_app_faults_t *f, ngx_app_value_t *value)
{
    if (f->input->required) {
        return ngx_app_faults_missing(f);
    }

    *value = f->input->fallback;

    return NGX_OK;
}


/* NGX_BUSY: it is a number, but no integer that we have room for */

static ngx_int_t
ngx_app_input_read(ngx_app_input_t *in, ngx_str_t *text,
    ngx_app_value_t *value)
{
    int64_t    t;
    ngx_int_t  rc;

    switch (in->type) {

    case NGX_APP_INPUT_INT:
        rc = ngx_app_value_parse_number(text, value);
        return (rc == NGX_OK && value->type != NGX_APP_INT) ? NGX_BUSY : rc;

    case NGX_APP_INPUT_NUMBER:
        return ngx_app_input_number(text, value);

    case NGX_APP_INPUT_BOOL:
        return ngx_app_input_bool(text, value);

    case NGX_APP_INPUT_DATETIME:
        rc = ngx_app_time_parse(text->data, text->len, &t);
        ngx_app_value_set_time(value, t);
        return rc;

    case NGX_APP_INPUT_EMAIL:
        rc = ngx_app_input_email(text);
        break;

    case NGX_APP_INPUT_UUID:
        rc = ngx_app_input_uuid(text);
        break;

    case NGX_APP_INPUT_ENUM:
        rc = ngx_app_input_enum(in, text);
        break;

    case NGX_APP_INPUT_JSON:
        value->type = NGX_APP_JSON;
        value->u.s = *text;
        return ngx_app_json_valid(text->data, text->len,
                                  NGX_APP_INPUT_JSON_DEPTH);

    default: /* NGX_APP_INPUT_STRING */
        rc = NGX_OK;
        break;
    }

    ngx_app_value_set_string(value, text->data, text->len);

    return rc;
}


/* a number that is no int64_t: a whole one may be past a bound to clamp to */

static ngx_int_t
ngx_app_input_no_int(ngx_app_faults_t *f, ngx_app_value_t *value)
{
    ngx_app_input_t  *in;

    in = f->input;

    if (!in->clamp || value->type != NGX_APP_DECIMAL
        || !ngx_app_input_whole(&value->u.s))
    {
        return ngx_app_faults_rule(f, NGX_APP_RULE_INTEGER);
    }

    if (in->min.type == NGX_APP_ABSENT && in->max.type == NGX_APP_ABSENT) {
        ngx_app_value_set_int(value, (value->u.s.data[0] == '-')
                                     ? INT64_MIN : INT64_MAX);
        return NGX_OK;
    }

    if (ngx_app_input_bounds(f, value) == NGX_OK
        && value->type == NGX_APP_INT)
    {
        return NGX_OK;
    }

    return ngx_app_faults_rule(f, NGX_APP_RULE_INTEGER);
}


/* not zero for a number that has no fraction and no exponent */

static ngx_uint_t
ngx_app_input_whole(ngx_str_t *text)
{
    size_t  i;

    i = (text->len != 0 && text->data[0] == '-');

    for ( /* void */ ; i < text->len; i++) {
        if (text->data[i] < '0' || text->data[i] > '9') {
            return 0;
        }
    }

    return 1;
}


/* money keeps its digits: a double is taken only where it has all of them */

static ngx_int_t
ngx_app_input_number(ngx_str_t *text, ngx_app_value_t *value)
{
    double  d;

    if (text->len > NGX_APP_INPUT_NUMBER_LEN
        || ngx_app_value_parse_number(text, value) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    if (value->type == NGX_APP_DECIMAL
        && ngx_app_value_parse_double(&value->u.s, &d) == NGX_OK
        && ngx_app_input_exact(&value->u.s, d))
    {
        ngx_app_value_set_double(value, d);
    }

    return NGX_OK;
}


/* not zero when the double is written with the digits of the text again */

static ngx_uint_t
ngx_app_input_exact(ngx_str_t *text, double d)
{
    u_char      *p, *last, *end, again[NGX_APP_JSON_DOUBLE_LEN];
    ngx_uint_t   minus;

    p = text->data;
    last = p + text->len;

    if (text->len <= NGX_APP_INPUT_DIGITS) {
        return 1;
    }

    minus = (*p == '-');
    p += minus;

    /* "007.50" is "7.5" */

    while (last - p > 1 && p[0] == '0' && p[1] != '.') {
        p++;
    }

    if (ngx_strlchr(p, last, '.') != NULL) {
        while (last[-1] == '0') {
            last--;
        }

        if (last[-1] == '.') {
            last--;
        }
    }

    end = ngx_app_json_fmt_double(again, minus ? -d : d);

    return end - again == last - p && ngx_memcmp(again, p, last - p) == 0;
}


static ngx_int_t
ngx_app_input_bool(ngx_str_t *text, ngx_app_value_t *value)
{
    ngx_uint_t  yes;

    yes = (text->len == 4 && ngx_memcmp(text->data, "true", 4) == 0)
          || (text->len == 1 && text->data[0] == '1');

    ngx_app_value_set_bool(value, yes);

    if (yes
        || (text->len == 5 && ngx_memcmp(text->data, "false", 5) == 0)
        || (text->len == 1 && text->data[0] == '0'))
    {
        return NGX_OK;
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_input_enum(ngx_app_input_t *in, ngx_str_t *text)
{
    ngx_uint_t  i;

    for (i = 0; i < in->nwords; i++) {
        if (in->words[i].len == text->len
            && ngx_memcmp(in->words[i].data, text->data, text->len) == 0)
        {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


/* of numbers and times; other values have none */

static ngx_int_t
ngx_app_input_bounds(ngx_app_faults_t *f, ngx_app_value_t *value)
{
    ngx_int_t         cmp;
    ngx_app_input_t  *in;

    in = f->input;

    if (in->min.type != NGX_APP_ABSENT
        && ngx_app_value_compare(value, &in->min, &cmp) == NGX_OK && cmp < 0)
    {
        if (in->clamp) {
            *value = in->min;
            return NGX_OK;
        }

        return ngx_app_faults_rule(f, NGX_APP_RULE_MIN);
    }

    if (in->max.type != NGX_APP_ABSENT
        && ngx_app_value_compare(value, &in->max, &cmp) == NGX_OK && cmp > 0)
    {
        if (in->clamp) {
            *value = in->max;
            return NGX_OK;
        }

        return ngx_app_faults_rule(f, NGX_APP_RULE_MAX);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_input_length(ngx_app_faults_t *f, ngx_str_t *text)
{
    int64_t           n;
    ngx_app_input_t  *in;

    in = f->input;

    if (in->min.type == NGX_APP_ABSENT && in->max.type == NGX_APP_ABSENT) {
        return NGX_OK;
    }

    n = (int64_t) ngx_app_utf8_length(text->data, text->len);

    if (in->min.type != NGX_APP_ABSENT && n < in->min.u.i) {
        return ngx_app_faults_rule(f, NGX_APP_RULE_MIN);
    }

    if (in->max.type != NGX_APP_ABSENT && n > in->max.u.i) {
        return ngx_app_faults_rule(f, NGX_APP_RULE_MAX);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_input_match(ngx_app_faults_t *f, ngx_str_t *text)
{
    /* past the limit of its steps a text does not match either */

    if (ngx_regex_exec(f->input->regex, text, NULL, 0) >= 0) {
        return NGX_OK;
    }

    return ngx_app_faults_rule(f, NGX_APP_RULE_PATTERN);
}
