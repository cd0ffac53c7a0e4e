
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_input.h>
#include <http/ngx_app_input_option.h>
#include <lang/ngx_app_regex.h>


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
static ngx_int_t ngx_app_input_coerced(ngx_app_lang_t *lc,
    ngx_app_input_t *in, ngx_str_t *value);
static ngx_int_t ngx_app_input_min_items(ngx_app_lang_t *lc,
    ngx_app_input_t *in, ngx_str_t *value);
static ngx_int_t ngx_app_input_max_items(ngx_app_lang_t *lc,
    ngx_app_input_t *in, ngx_str_t *value);
static ngx_int_t ngx_app_input_number_of(ngx_app_lang_t *lc,
    ngx_app_input_t *in, const char *option, ngx_str_t *value, ngx_uint_t *n);
static ngx_int_t ngx_app_input_rules(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value);
static ngx_int_t ngx_app_input_rule(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *word);
static ngx_int_t ngx_app_input_settle_list(ngx_app_lang_t *lc,
    ngx_app_input_t *in);


/* in the order of ngx_app_input_rule_e */
static ngx_str_t  ngx_app_input_rule_names[] = {
    ngx_string("type"),
    ngx_string("text"),
    ngx_string("integer"),
    ngx_string("item"),
    ngx_string("min"),
    ngx_string("max"),
    ngx_string("pattern"),
    ngx_string("min_items"),
    ngx_string("max_items"),
    ngx_string("required")
};


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

    { ngx_string("coerce"), NGX_APP_INPUT_ANY, NULL, ngx_app_input_coerced },

    { ngx_string("min_items="), NGX_APP_INPUT_ANY, NULL,
      ngx_app_input_min_items },

    { ngx_string("max_items="), NGX_APP_INPUT_ANY, NULL,
      ngx_app_input_max_items },

    { ngx_string("rules="), NGX_APP_INPUT_ANY, NULL, ngx_app_input_rules },

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

    /* those of an int are what it has room for */

    if (in->clamp && bounds == 0 && in->type != NGX_APP_INPUT_INT) {
        ngx_app_lang_error(lc, "option \"clamp\" of input \"%V\" needs "
                           "\"min=\" or \"max=\"", &in->name);
        return NGX_DECLINED;
    }

    if (in->item && ngx_app_input_settle_list(lc, in) != NGX_OK) {
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


/* an item has all that the array has, but for what goes for the whole */

static ngx_int_t
ngx_app_input_settle_list(ngx_app_lang_t *lc, ngx_app_input_t *in)
{
    ngx_str_t         name;
    ngx_app_input_t  *item;

    item = in->item;
    name = item->name;

    if (in->max_items && in->min_items > in->max_items) {
        ngx_app_lang_error(lc, "\"min_items=\" of input \"%V\" is above "
                           "\"max_items=\"", &in->name);
        return NGX_DECLINED;
    }

    *item = *in;

    item->name = name;
    item->item = NULL;
    item->fallback.type = NGX_APP_ABSENT;
    item->required = 0;
    item->empty_absent = 0;
    item->null_absent = 0;
    item->norder = 0;

    if (item->message.len == 0) {
        item->message = in->messages[NGX_APP_RULE_ITEM];
    }

    return NGX_OK;
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
    ngx_str_t  err;

    if (value->len == 0) {
        ngx_app_lang_error(lc, "empty \"pattern=\" of input \"%V\", write a "
                           "regular expression", &in->name);
        return NGX_DECLINED;
    }

    in->regex = ngx_app_regex_compile(lc->pool, value, NULL, &err);
    if (in->regex == NULL) {
        ngx_app_lang_error(lc, "invalid \"pattern=\" of input \"%V\": %V",
                           &in->name, &err);
        return NGX_DECLINED;
    }

    in->pattern = *value;

    return NGX_OK;
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
    if (value->len == 7 && ngx_memcmp(value->data, "allowed", 7) == 0) {
        in->empty_allowed = 1;
        return NGX_OK;
    }

    if (value->len == 6 && ngx_memcmp(value->data, "absent", 6) == 0) {
        in->empty_absent = 1;
        return NGX_OK;
    }

    ngx_app_lang_error(lc, "invalid value \"%V\" of option \"empty\", write "
                       "\"empty=absent\" or \"empty=allowed\"", value);

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_input_null(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *value)
{
    if (value->len == 6 && ngx_memcmp(value->data, "absent", 6) == 0) {
        in->null_absent = 1;
        return NGX_OK;
    }

    ngx_app_lang_error(lc, "invalid value \"%V\" of option \"null\", write "
                       "\"null=absent\"", value);

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_input_coerced(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value)
{
    ngx_app_input_coerce(in);

    return NGX_OK;
}


static ngx_int_t
ngx_app_input_min_items(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value)
{
    return ngx_app_input_number_of(lc, in, "min_items", value,
                                   &in->min_items);
}


static ngx_int_t
ngx_app_input_max_items(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *value)
{
    return ngx_app_input_number_of(lc, in, "max_items", value,
                                   &in->max_items);
}


static ngx_int_t
ngx_app_input_number_of(ngx_app_lang_t *lc, ngx_app_input_t *in,
    const char *option, ngx_str_t *value, ngx_uint_t *n)
{
    ngx_int_t  i;

    if (in->item == NULL) {
        ngx_app_lang_error(lc, "option \"%s\" of input \"%V\" goes with "
                           "arrays only, as in string[]", option, &in->name);
        return NGX_DECLINED;
    }

    i = ngx_atoi(value->data, value->len);

    if (i == NGX_ERROR || i == 0) {
        ngx_app_lang_error(lc, "invalid \"%s=%V\" of input \"%V\", use a "
                           "number from 1", option, value, &in->name);
        return NGX_DECLINED;
    }

    *n = i;

    return NGX_OK;
}


/* rules=min,type,required */

static ngx_int_t
ngx_app_input_rules(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *value)
{
    u_char     *p, *end, *last;
    ngx_str_t   word;

    last = value->data + value->len;

    for (p = value->data; p <= last; p = end + 1) {

        end = ngx_strlchr(p, last, ',');
        if (end == NULL) {
            end = last;
        }

        word.data = p;
        word.len = end - p;

        if (ngx_app_input_rule(lc, in, &word) != NGX_OK) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_input_rule(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *word)
{
    ngx_int_t   rule;
    ngx_uint_t  i;

    rule = ngx_app_input_rule_find(word);

    if (rule == NGX_ERROR) {
        ngx_app_lang_error(lc, "unknown rule \"%V\" of input \"%V\", use "
                           "type, text, integer, item, min, max, pattern, "
                           "min_items, max_items or required", word,
                           &in->name);
        return NGX_DECLINED;
    }

    for (i = 0; i < in->norder; i++) {
        if (in->order[i] == rule) {
            ngx_app_lang_error(lc, "rule \"%V\" is twice in \"rules=\" of "
                               "input \"%V\"", word, &in->name);
            return NGX_DECLINED;
        }
    }

    in->order[in->norder++] = (u_char) rule;

    return NGX_OK;
}


ngx_int_t
ngx_app_input_rule_find(ngx_str_t *name)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_APP_RULES; i++) {
        if (ngx_app_input_rule_names[i].len == name->len
            && ngx_memcmp(ngx_app_input_rule_names[i].data, name->data,
                          name->len)
               == 0)
        {
            return i;
        }
    }

    return NGX_ERROR;
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
