
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_input.h>
#include <http/ngx_app_input_option.h>
#include <http/ngx_app_input_text.h>


static ngx_int_t ngx_app_input_kind(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *word);
static ngx_int_t ngx_app_input_array(ngx_app_lang_t *lc, ngx_app_input_t *in);
static ngx_int_t ngx_app_input_rule_message(ngx_app_lang_t *lc,
    ngx_app_input_t *in, ngx_str_t *word);
static ngx_int_t ngx_app_input_type(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *word);
static ngx_int_t ngx_app_input_words(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *word);
static ngx_int_t ngx_app_input_words_list(ngx_app_lang_t *lc,
    ngx_app_input_t *in);
static ngx_int_t ngx_app_input_option(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *word, ngx_uint_t *seen);
static ngx_int_t ngx_app_input_unknown(ngx_app_lang_t *lc, ngx_str_t *word);


/* in the order of ngx_app_input_type_e */
static ngx_str_t  ngx_app_input_types[] = {
    ngx_string("int"),
    ngx_string("number"),
    ngx_string("string"),
    ngx_string("bool"),
    ngx_string("datetime"),
    ngx_string("email"),
    ngx_string("uuid"),
    ngx_string("enum"),
    ngx_string("json"),
    ngx_null_string
};


ngx_int_t
ngx_app_input_compile(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *name, ngx_str_t *words, ngx_uint_t n)
{
    ngx_int_t   rc;
    ngx_uint_t  i, seen;

    ngx_memzero(in, sizeof(ngx_app_input_t));
    in->name = *name;
    lc->err.len = 0;

    if (n == 0) {
        ngx_app_lang_error(lc, "no type of input \"%V\", write \"int\", "
                           "\"string\" or another one behind the name", name);
        return NGX_DECLINED;
    }

    rc = ngx_app_input_kind(lc, in, &words[0]);
    if (rc != NGX_OK) {
        return rc;
    }

    seen = 0;

    for (i = 1; i < n; i++) {
        rc = ngx_app_input_rule_message(lc, in, &words[i]);

        if (rc == NGX_DONE) {
            rc = ngx_app_input_option(lc, in, &words[i], &seen);
        }

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return ngx_app_input_settle(lc, in);
}


/* a type, or an array of it */

static ngx_int_t
ngx_app_input_kind(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *word)
{
    ngx_int_t  rc;
    ngx_str_t  type;

    type = *word;

    if (type.len > 2 && ngx_strncmp(&type.data[type.len - 2], "[]", 2) == 0) {
        type.len -= 2;

        rc = ngx_app_input_array(lc, in);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    return ngx_app_input_type(lc, in, &type);
}


static ngx_int_t
ngx_app_input_array(ngx_app_lang_t *lc, ngx_app_input_t *in)
{
    u_char  *p;

    in->item = ngx_pcalloc(lc->pool, sizeof(ngx_app_input_t));
    p = ngx_pnalloc(lc->pool, sizeof("each value in ") - 1 + in->name.len);

    if (in->item == NULL || p == NULL) {
        return NGX_ERROR;
    }

    in->item->name.data = p;
    in->item->name.len = ngx_sprintf(p, "each value in %V", &in->name) - p;

    return NGX_OK;
}


/* RULE_message=TEXT; NGX_DONE: it is another word */

static ngx_int_t
ngx_app_input_rule_message(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *word)
{
    u_char     *equals;
    size_t      n;
    ngx_int_t   rule;
    ngx_str_t   name;

    n = sizeof("_message") - 1;
    equals = ngx_strlchr(word->data, word->data + word->len, '=');

    if (equals == NULL || (size_t) (equals - word->data) <= n
        || ngx_strncmp(equals - n, "_message", n) != 0)
    {
        return NGX_DONE;
    }

    name.data = word->data;
    name.len = equals - n - word->data;

    rule = ngx_app_input_rule_find(&name);

    if (rule == NGX_ERROR) {
        return NGX_DONE;
    }

    if (in->messages[rule].len) {
        ngx_app_lang_error(lc, "duplicate option \"%V_message\" of input "
                           "\"%V\"", &name, &in->name);
        return NGX_DECLINED;
    }

    in->messages[rule].data = equals + 1;
    in->messages[rule].len = word->data + word->len - equals - 1;

    if (in->messages[rule].len == 0) {
        ngx_app_lang_error(lc, "empty \"%V_message=\" of input \"%V\", write "
                           "the text or leave it out", &name, &in->name);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_input_type(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *word)
{
    ngx_str_t   *type, *near, *found;
    ngx_uint_t   best;

    if (word->len >= 5 && ngx_strncmp(word->data, "enum(", 5) == 0) {
        in->type = NGX_APP_INPUT_ENUM;
        return ngx_app_input_words(lc, in, word);
    }

    best = 0;
    near = NULL;

    for (type = ngx_app_input_types; type->len != 0; type++) {

        if (type->len == word->len
            && ngx_memcmp(type->data, word->data, word->len) == 0)
        {
            in->type = type - ngx_app_input_types;

            if (in->type == NGX_APP_INPUT_ENUM) {
                ngx_app_lang_error(lc, "\"enum\" without values, write "
                                   "\"enum(a,b)\"");
                return NGX_DECLINED;
            }

            return NGX_OK;
        }

        found = ngx_app_lang_nearer(word, type, &best);
        if (found != NULL) {
            near = found;
        }
    }

    if (near != NULL) {
        ngx_app_lang_error(lc, "unknown type \"%V\" of input \"%V\", did you "
                           "mean \"%V\"?", word, &in->name, near);

    } else {
        ngx_app_lang_error(lc, "unknown type \"%V\" of input \"%V\", use int, "
                           "number, string, bool, datetime, email, uuid, "
                           "enum(a,b) or json", word, &in->name);
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_input_words(ngx_app_lang_t *lc, ngx_app_input_t *in, ngx_str_t *word)
{
    u_char      *p, *end, *last;
    ngx_str_t   *v, *w;
    ngx_uint_t   n;

    last = word->data + word->len - 1;

    if (*last != ')') {
        ngx_app_lang_error(lc, "no \")\" at the end of \"%V\", write "
                           "\"enum(a,b)\" without blanks", word);
        return NGX_DECLINED;
    }

    n = 1;

    for (p = word->data; p < last; p++) {
        n += (*p == ',');
    }

    in->words = ngx_palloc(lc->pool, n * sizeof(ngx_str_t));
    if (in->words == NULL) {
        return NGX_ERROR;
    }

    in->nwords = n;
    p = word->data + 5;

    for (w = in->words; w < in->words + n; w++, p = end + 1) {

        end = ngx_strlchr(p, last, ',');
        if (end == NULL) {
            end = last;
        }

        w->data = p;
        w->len = end - p;
        ngx_app_input_trim(w);

        if (w->len == 0) {
            ngx_app_lang_error(lc, "empty value in \"%V\", write "
                               "\"enum(a,b)\"", word);
            return NGX_DECLINED;
        }

        for (v = in->words; v < w; v++) {
            if (v->len == w->len
                && ngx_strncmp(v->data, w->data, w->len) == 0)
            {
                ngx_app_lang_error(lc, "\"%V\" is given twice in \"%V\"", w,
                                   word);
                return NGX_DECLINED;
            }
        }
    }

    return ngx_app_input_words_list(lc, in);
}


static ngx_int_t
ngx_app_input_words_list(ngx_app_lang_t *lc, ngx_app_input_t *in)
{
    u_char      *p;
    size_t       len;
    ngx_uint_t   i;

    len = 0;

    for (i = 0; i < in->nwords; i++) {
        len += in->words[i].len + 2;
    }

    p = ngx_pnalloc(lc->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    in->list.data = p;

    for (i = 0; i < in->nwords; i++) {
        if (i != 0) {
            *p++ = ',';
            *p++ = ' ';
        }

        p = ngx_cpymem(p, in->words[i].data, in->words[i].len);
    }

    in->list.len = p - in->list.data;

    return NGX_OK;
}


static ngx_int_t
ngx_app_input_option(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *word, ngx_uint_t *seen)
{
    ngx_str_t                value, name;
    ngx_uint_t               bit, takes;
    ngx_app_input_option_t  *o;

    for (o = ngx_app_input_options; o->name.len != 0; o++) {
        takes = (o->name.data[o->name.len - 1] == '=');

        if (word->len < o->name.len
            || (!takes && word->len != o->name.len)
            || ngx_memcmp(word->data, o->name.data, o->name.len) != 0)
        {
            continue;
        }

        name = o->name;
        name.len -= takes;

        value.data = word->data + o->name.len;
        value.len = word->len - o->name.len;

        bit = (ngx_uint_t) 1 << (o - ngx_app_input_options);

        if (*seen & bit) {
            ngx_app_lang_error(lc, "duplicate option \"%V\" of input \"%V\"",
                               &name, &in->name);
            return NGX_DECLINED;
        }

        *seen |= bit;

        if (!(o->types & (ngx_uint_t) 1 << in->type)) {
            ngx_app_lang_error(lc, "option \"%V\" of input \"%V\" does not go "
                               "with type \"%V\", but with %s", &name,
                               &in->name, &ngx_app_input_types[in->type],
                               o->goes);
            return NGX_DECLINED;
        }

        return o->set(lc, in, &value);
    }

    return ngx_app_input_unknown(lc, word);
}


static ngx_int_t
ngx_app_input_unknown(ngx_app_lang_t *lc, ngx_str_t *word)
{
    u_char                  *equals;
    ngx_str_t                name, known, *near;
    ngx_uint_t               best, takes;
    ngx_app_input_option_t  *o, *found;

    equals = ngx_strlchr(word->data, word->data + word->len, '=');

    name.data = word->data;
    name.len = equals ? (size_t) (equals - word->data) : word->len;

    best = 0;
    found = NULL;

    for (o = ngx_app_input_options; o->name.len != 0; o++) {
        takes = (o->name.data[o->name.len - 1] == '=');
        known = o->name;
        known.len -= takes;

        near = ngx_app_lang_nearer(&name, &known, &best);
        if (near != NULL) {
            found = o;
        }
    }

    if (found != NULL) {
        takes = (found->name.data[found->name.len - 1] == '=');

        ngx_app_lang_error(lc, "unknown option \"%V\", did you mean "
                           "\"%V%s\"?", word, &found->name,
                           takes ? "..." : "");
        return NGX_DECLINED;
    }

    ngx_app_lang_error(lc, "unknown option \"%V\", use required, default=, "
                       "min=, max=, clamp, pattern=, trim, empty=absent, "
                       "empty=allowed, null=absent, coerce, min_items=, "
                       "max_items=, rules=, message= or one of a rule such "
                       "as required_message=", word);

    return NGX_DECLINED;
}
