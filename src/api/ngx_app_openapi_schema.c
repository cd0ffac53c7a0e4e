
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_openapi.h>
#include <json/ngx_app_json_read.h>
#include <json/ngx_app_json_write.h>


#define NGX_APP_OPENAPI_DEPTH  16      /* of objects in a body */


static ngx_int_t ngx_app_openapi_type(ngx_app_buf_t *b, ngx_app_input_t *in);
static ngx_int_t ngx_app_openapi_bound(ngx_app_buf_t *b, const char *name,
    ngx_app_value_t *v);
static ngx_int_t ngx_app_openapi_enum(ngx_app_buf_t *b, ngx_app_input_t *in);
static ngx_uint_t ngx_app_openapi_regex(ngx_str_t *pattern);
static ngx_int_t ngx_app_openapi_object(ngx_app_buf_t *b,
    ngx_array_t *inputs, ngx_str_t *prefix, ngx_uint_t depth);
static ngx_app_api_input_t *ngx_app_openapi_child(ngx_array_t *inputs,
    ngx_uint_t i, ngx_str_t *prefix, ngx_str_t *name, ngx_uint_t *leaf);
static ngx_uint_t ngx_app_openapi_seen(ngx_array_t *inputs, ngx_uint_t i,
    ngx_str_t *prefix, ngx_str_t *name);
static ngx_uint_t ngx_app_openapi_required(ngx_array_t *inputs,
    ngx_str_t *prefix);
static ngx_int_t ngx_app_openapi_shape(ngx_app_buf_t *b,
    ngx_app_json_reader_t *jr);


ngx_int_t
ngx_app_openapi_raw(ngx_app_buf_t *b, const char *text)
{
    u_char  *p;

    p = ngx_app_buf_reserve(b, ngx_strlen(text));
    if (p == NULL) {
        return NGX_ERROR;
    }

    for ( /* void */ ; *text; text++) {
        *p++ = (*text == '\'') ? '"' : *text;
    }

    b->pos = p;

    return NGX_OK;
}


ngx_int_t
ngx_app_openapi_string(ngx_app_buf_t *b, ngx_str_t *s)
{
    return ngx_app_json_write_string(b, s->data, s->len);
}


ngx_int_t
ngx_app_openapi_input(ngx_app_buf_t *b, ngx_app_input_t *in)
{
    if (ngx_app_openapi_raw(b, "{") != NGX_OK) {
        return NGX_ERROR;
    }

    if (in->item) {
        if (ngx_app_openapi_raw(b, "'type':'array','items':") != NGX_OK
            || ngx_app_openapi_input(b, in->item) != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (in->min_items
            && (ngx_app_openapi_raw(b, ",'minItems':") != NGX_OK
                || ngx_app_json_write_uint(b, in->min_items) != NGX_OK))
        {
            return NGX_ERROR;
        }

        if (in->max_items && in->max_items < NGX_MAX_INT32_VALUE
            && (ngx_app_openapi_raw(b, ",'maxItems':") != NGX_OK
                || ngx_app_json_write_uint(b, in->max_items) != NGX_OK))
        {
            return NGX_ERROR;
        }

    } else if (ngx_app_openapi_type(b, in) != NGX_OK) {
        return NGX_ERROR;
    }

    if (in->fallback.type != NGX_APP_ABSENT
        && (ngx_app_openapi_raw(b, ",'default':") != NGX_OK
            || ngx_app_value_write_json(b, &in->fallback) != NGX_OK))
    {
        return NGX_ERROR;
    }

    return ngx_app_openapi_raw(b, "}");
}


static ngx_int_t
ngx_app_openapi_type(ngx_app_buf_t *b, ngx_app_input_t *in)
{
    ngx_uint_t  length;

    static const char  *types[] = {
        "'type':'integer','format':'int64'",
        "'type':'number'",
        "'type':'string'",
        "'type':'boolean'",
        "'type':'string','format':'date-time'",
        "'type':'string','format':'email'",
        "'type':'string','format':'uuid'",
        "'type':'string'",
        "'description':'any JSON'"
    };

    if (ngx_app_openapi_raw(b, types[in->type]) != NGX_OK) {
        return NGX_ERROR;
    }

    /* a time has bounds that JSON Schema has no word for */

    if (in->type <= NGX_APP_INPUT_STRING) {
        length = (in->type == NGX_APP_INPUT_STRING);

        if (ngx_app_openapi_bound(b, length ? ",'minLength':"
                                            : ",'minimum':", &in->min)
            != NGX_OK
            || ngx_app_openapi_bound(b, length ? ",'maxLength':"
                                               : ",'maximum':", &in->max)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (in->pattern.len && ngx_app_openapi_regex(&in->pattern)
        && (ngx_app_openapi_raw(b, ",'pattern':") != NGX_OK
            || ngx_app_openapi_string(b, &in->pattern) != NGX_OK))
    {
        return NGX_ERROR;
    }

    return ngx_app_openapi_enum(b, in);
}


static ngx_int_t
ngx_app_openapi_bound(ngx_app_buf_t *b, const char *name, ngx_app_value_t *v)
{
    if (v->type == NGX_APP_ABSENT) {
        return NGX_OK;
    }

    if (ngx_app_openapi_raw(b, name) != NGX_OK
        || ngx_app_value_write_json(b, v) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_openapi_enum(ngx_app_buf_t *b, ngx_app_input_t *in)
{
    ngx_uint_t  i;

    if (in->nwords == 0) {
        return NGX_OK;
    }

    for (i = 0; i < in->nwords; i++) {
        if (ngx_app_openapi_raw(b, i ? "," : ",'enum':[") != NGX_OK
            || ngx_app_openapi_string(b, &in->words[i]) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return ngx_app_openapi_raw(b, "]");
}


/* a schema's patterns are those of JavaScript, which lacks some of PCRE's */

static ngx_uint_t
ngx_app_openapi_regex(ngx_str_t *pattern)
{
    u_char  *p, *last;

    p = pattern->data;
    last = p + pattern->len;

    for ( /* void */ ; p + 1 < last; p++) {

        if (*p == '\\') {
            p++;

            if (ngx_strchr("AzZGKRXQEhHNpP", *p)) {
                return 0;
            }

            continue;
        }

        if (*p == '(' && p[1] == '*') {
            return 0;
        }

        if (*p == '(' && p[1] == '?' && p + 2 < last
            && ngx_strchr(":=!<", p[2]) == NULL)
        {
            return 0;
        }

        if ((*p == '+' || *p == '*' || *p == '?') && p[1] == '+') {
            return 0;
        }

        if (*p == '[' && p[1] == '[') {
            return 0;
        }
    }

    return 1;
}


ngx_int_t
ngx_app_openapi_body(ngx_app_buf_t *b, ngx_array_t *inputs)
{
    ngx_str_t  top = ngx_null_string;

    return ngx_app_openapi_object(b, inputs, &top, 0);
}


/* of the names "address.city" and "address.zip" the object "address" */

static ngx_int_t
ngx_app_openapi_object(ngx_app_buf_t *b, ngx_array_t *inputs,
    ngx_str_t *prefix, ngx_uint_t depth)
{
    ngx_str_t             name, below;
    ngx_uint_t            i, n, leaf;
    ngx_app_api_input_t  *in;

    if (depth == NGX_APP_OPENAPI_DEPTH) {
        return ngx_app_openapi_raw(b, "{}");
    }

    if (ngx_app_openapi_raw(b, "{'type':'object','properties':{") != NGX_OK) {
        return NGX_ERROR;
    }

    n = 0;

    for (i = 0; i < inputs->nelts; i++) {

        in = ngx_app_openapi_child(inputs, i, prefix, &name, &leaf);

        if (in == NULL || ngx_app_openapi_seen(inputs, i, prefix, &name)) {
            continue;
        }

        if ((n++ && ngx_app_openapi_raw(b, ",") != NGX_OK)
            || ngx_app_openapi_string(b, &name) != NGX_OK
            || ngx_app_openapi_raw(b, ":") != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (leaf) {
            if (ngx_app_openapi_input(b, &in->input) != NGX_OK) {
                return NGX_ERROR;
            }

            continue;
        }

        /* the key is one text: what is before the name, the name, a dot */

        below.data = in->key.data;
        below.len = prefix->len + name.len + 1;

        if (ngx_app_openapi_object(b, inputs, &below, depth + 1) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (ngx_app_openapi_raw(b, "}") != NGX_OK) {
        return NGX_ERROR;
    }

    n = 0;

    for (i = 0; i < inputs->nelts; i++) {

        in = ngx_app_openapi_child(inputs, i, prefix, &name, &leaf);

        if (in == NULL || ngx_app_openapi_seen(inputs, i, prefix, &name)) {
            continue;
        }

        below.data = in->key.data;
        below.len = prefix->len + name.len + 1;

        if (leaf ? !in->input.required
                 : !ngx_app_openapi_required(inputs, &below))
        {
            continue;
        }

        if (ngx_app_openapi_raw(b, n++ ? "," : ",'required':[") != NGX_OK
            || ngx_app_openapi_string(b, &name) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return ngx_app_openapi_raw(b, n ? "]}" : "}");
}


/* returns an input of the body below the prefix, and its next name */

static ngx_app_api_input_t *
ngx_app_openapi_child(ngx_array_t *inputs, ngx_uint_t i, ngx_str_t *prefix,
    ngx_str_t *name, ngx_uint_t *leaf)
{
    u_char               *p, *last;
    ngx_app_api_input_t  *in;

    in = (ngx_app_api_input_t *) inputs->elts + i;

    if (in->source != NGX_APP_API_BODY
        || in->key.len <= prefix->len
        || ngx_strncmp(in->key.data, prefix->data, prefix->len) != 0)
    {
        return NULL;
    }

    p = in->key.data + prefix->len;
    last = in->key.data + in->key.len;

    name->data = p;

    while (p < last && *p != '.') {
        p++;
    }

    name->len = p - name->data;
    *leaf = (p == last);

    return in;
}


/* not zero when an earlier input has the same name at this place */

static ngx_uint_t
ngx_app_openapi_seen(ngx_array_t *inputs, ngx_uint_t i, ngx_str_t *prefix,
    ngx_str_t *name)
{
    ngx_str_t   other;
    ngx_uint_t  j, leaf;

    for (j = 0; j < i; j++) {
        if (ngx_app_openapi_child(inputs, j, prefix, &other, &leaf)
            && other.len == name->len
            && ngx_strncmp(other.data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_app_openapi_required(ngx_array_t *inputs, ngx_str_t *prefix)
{
    ngx_str_t             name;
    ngx_uint_t            i, leaf;
    ngx_app_api_input_t  *in;

    for (i = 0; i < inputs->nelts; i++) {
        in = ngx_app_openapi_child(inputs, i, prefix, &name, &leaf);

        if (in && in->input.required) {
            return 1;
        }
    }

    return 0;
}


/*
 * The template with null in place of its values is JSON; a null tells that
 * anything may be there, for the types of columns are the database's.
 */

ngx_int_t
ngx_app_openapi_answer(ngx_app_buf_t *b, ngx_pool_t *pool,
    ngx_app_template_t *t)
{
    size_t                  len;
    u_char                 *p, *start;
    ngx_uint_t              i;
    ngx_app_part_t         *part;
    ngx_app_json_reader_t   jr;

    len = 0;

    for (i = 0; i < t->nparts; i++) {
        len += ngx_max(t->parts[i].text.len, sizeof("null") - 1);
    }

    start = ngx_pnalloc(pool, len + 1);
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = start;

    for (i = 0; i < t->nparts; i++) {

        part = &t->parts[i];

        if (part->type == NGX_APP_PART_LITERAL) {
            p = ngx_cpymem(p, part->text.data, part->text.len);

        } else if (!part->quoted) {
            p = ngx_cpymem(p, "null", sizeof("null") - 1);
        }
    }

    ngx_app_json_read_init(&jr, start, p - start, NGX_APP_TEMPLATE_MAX_DEPTH,
                           0);

    if (ngx_app_json_read(&jr) != NGX_OK) {
        return ngx_app_openapi_raw(b, "{}");
    }

    return ngx_app_openapi_shape(b, &jr);
}


/* of the value whose first token was read */

static ngx_int_t
ngx_app_openapi_shape(ngx_app_buf_t *b, ngx_app_json_reader_t *jr)
{
    ngx_uint_t  n;

    switch (jr->token) {

    case NGX_APP_JSON_OBJECT:

        if (ngx_app_openapi_raw(b, "{'type':'object','properties':{")
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        n = 0;

        while (ngx_app_json_read(jr) == NGX_OK
               && jr->token == NGX_APP_JSON_KEY)
        {
            if ((n++ && ngx_app_openapi_raw(b, ",") != NGX_OK)
                || ngx_app_openapi_raw(b, "'") != NGX_OK
                || ngx_app_buf_write(b, jr->raw.data, jr->raw.len) != NGX_OK
                || ngx_app_openapi_raw(b, "':") != NGX_OK
                || ngx_app_json_read(jr) != NGX_OK
                || ngx_app_openapi_shape(b, jr) != NGX_OK)
            {
                return NGX_ERROR;
            }
        }

        return ngx_app_openapi_raw(b, "}}");

    case NGX_APP_JSON_ARRAY:
        if (ngx_app_json_skip(jr, NULL) != NGX_OK) {
            return NGX_ERROR;
        }

        return ngx_app_openapi_raw(b, "{'type':'array','items':{}}");

    case NGX_APP_JSON_STRING:
        return ngx_app_openapi_raw(b, "{'type':'string'}");

    case NGX_APP_JSON_NUMBER:
        return ngx_app_openapi_raw(b, "{'type':'number'}");

    case NGX_APP_JSON_TRUE:
    case NGX_APP_JSON_FALSE:
        return ngx_app_openapi_raw(b, "{'type':'boolean'}");

    default:
        return ngx_app_openapi_raw(b, "{}");
    }
}
