
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_value.h>
#include <lang/ngx_app_time.h>
#include <json/ngx_app_json_member.h>
#include <json/ngx_app_json_write.h>


static u_char *ngx_app_value_print(u_char *p, ngx_app_value_t *v);
static void ngx_app_value_decimal(ngx_str_t *s, ngx_str_t *sign,
    ngx_str_t *digits);
static ngx_int_t ngx_app_value_write_decimal(ngx_app_buf_t *b, ngx_str_t *s);
static ngx_int_t ngx_app_value_join(ngx_app_value_t *v, ngx_pool_t *pool,
    ngx_str_t *s);
static ngx_uint_t ngx_app_value_json_true(ngx_str_t *s);


static const char  *ngx_app_value_types[] = {
    "absent",
    "null",
    "boolean",
    "integer",
    "number",
    "decimal",
    "text",
    "time",
    "json",
    "list"
};


/* JSON that counts as false */

static const ngx_str_t  ngx_app_value_empty[] = {
    ngx_string(""),
    ngx_string("[]"),
    ngx_string("{}"),
    ngx_string("\"\""),
    ngx_string("0"),
    ngx_string("null"),
    ngx_string("false"),
    ngx_null_string
};


const char *
ngx_app_type_name(ngx_app_type_e type)
{
    return ngx_app_value_types[type];
}


void
ngx_app_value_set_double(ngx_app_value_t *v, double d)
{
    /* infinity and NaN are the ones whose difference with itself is not 0 */

    if (d - d != 0) {
        v->type = NGX_APP_NULL;
        return;
    }

    v->type = NGX_APP_DOUBLE;
    v->u.d = d;
}


ngx_int_t
ngx_app_value_write_json(ngx_app_buf_t *b, ngx_app_value_t *v)
{
    u_char  *p;

    switch (v->type) {

    case NGX_APP_ABSENT:
    case NGX_APP_NULL:
        return ngx_app_buf_write(b, "null", 4);

    case NGX_APP_STRING:
        return ngx_app_json_write_string(b, v->u.s.data, v->u.s.len);

    case NGX_APP_JSON:
        return ngx_app_buf_write(b, v->u.s.data, v->u.s.len);

    case NGX_APP_CHAIN:
        return ngx_app_buf_append(b, v->u.c.chain, v->u.c.size);

    case NGX_APP_DECIMAL:
        return ngx_app_value_write_decimal(b, &v->u.s);

    default:
        break;
    }

    p = ngx_app_buf_reserve(b, NGX_APP_VALUE_LEN);
    if (p == NULL) {
        return ngx_app_buf_failed(b);
    }

    if (v->type == NGX_APP_DATETIME) {
        *p++ = '"';
        p = ngx_app_value_print(p, v);
        *p++ = '"';

    } else {
        p = ngx_app_value_print(p, v);
    }

    b->pos = p;

    return NGX_OK;
}


ngx_int_t
ngx_app_value_write_escape(ngx_app_buf_t *b, ngx_app_value_t *v)
{
    ngx_str_t  s;

    switch (v->type) {

    case NGX_APP_STRING:
    case NGX_APP_JSON:
        return ngx_app_json_write_escape(b, v->u.s.data, v->u.s.len);

    case NGX_APP_CHAIN:
        /* a piece may end inside of a character */

        if (ngx_app_value_join(v, b->pool, &s) != NGX_OK) {
            return NGX_ERROR;
        }

        return ngx_app_json_write_escape(b, s.data, s.len);

    default:
        return ngx_app_value_write_text(b, v);
    }
}


ngx_int_t
ngx_app_value_write_text(ngx_app_buf_t *b, ngx_app_value_t *v)
{
    u_char  *p;

    switch (v->type) {

    case NGX_APP_ABSENT:
    case NGX_APP_NULL:
        return NGX_OK;

    case NGX_APP_STRING:
    case NGX_APP_JSON:
        return ngx_app_buf_write(b, v->u.s.data, v->u.s.len);

    case NGX_APP_CHAIN:
        return ngx_app_buf_append(b, v->u.c.chain, v->u.c.size);

    case NGX_APP_DECIMAL:
        return ngx_app_value_write_decimal(b, &v->u.s);

    default:
        break;
    }

    p = ngx_app_buf_reserve(b, NGX_APP_VALUE_LEN);
    if (p == NULL) {
        return ngx_app_buf_failed(b);
    }

    b->pos = ngx_app_value_print(p, v);

    return NGX_OK;
}


/* of what has no text of its own; at most NGX_APP_VALUE_LEN - 2 bytes */

static u_char *
ngx_app_value_print(u_char *p, ngx_app_value_t *v)
{
    switch (v->type) {

    case NGX_APP_BOOL:
        return v->u.i ? ngx_cpymem(p, "true", 4) : ngx_cpymem(p, "false", 5);

    case NGX_APP_INT:
        return ngx_app_json_fmt_int(p, v->u.i);

    case NGX_APP_DOUBLE:
        return ngx_app_json_fmt_double(p, v->u.d);

    default: /* NGX_APP_DATETIME */
        return ngx_app_time_iso(p, v->u.i);
    }
}


/*
 * A decimal is JSON as it is, but for leading zeros, which the server sends
 * for ZEROFILL columns.
 */

static void
ngx_app_value_decimal(ngx_str_t *s, ngx_str_t *sign, ngx_str_t *digits)
{
    *digits = *s;
    sign->len = 0;
    sign->data = s->data;

    if (digits->len != 0 && *digits->data == '-') {
        sign->len = 1;
        digits->data++;
        digits->len--;
    }

    while (digits->len > 1 && digits->data[0] == '0'
           && digits->data[1] >= '0' && digits->data[1] <= '9')
    {
        digits->data++;
        digits->len--;
    }
}


static ngx_int_t
ngx_app_value_write_decimal(ngx_app_buf_t *b, ngx_str_t *s)
{
    u_char     *p;
    ngx_str_t   sign, digits;

    ngx_app_value_decimal(s, &sign, &digits);

    p = ngx_app_buf_reserve(b, sign.len + digits.len);
    if (p == NULL) {
        return ngx_app_buf_failed(b);
    }

    p = ngx_cpymem(p, sign.data, sign.len);
    b->pos = ngx_cpymem(p, digits.data, digits.len);

    return NGX_OK;
}


ngx_int_t
ngx_app_value_text(ngx_app_value_t *v, ngx_pool_t *pool, ngx_str_t *s)
{
    u_char     *p;
    ngx_str_t   sign, digits;

    switch (v->type) {

    case NGX_APP_ABSENT:
    case NGX_APP_NULL:
        ngx_str_null(s);
        return NGX_DECLINED;

    case NGX_APP_STRING:
    case NGX_APP_JSON:
        *s = v->u.s;
        return NGX_OK;

    case NGX_APP_CHAIN:
        return ngx_app_value_join(v, pool, s);

    case NGX_APP_DECIMAL:
        ngx_app_value_decimal(&v->u.s, &sign, &digits);

        if (sign.len + digits.len == v->u.s.len) {
            *s = v->u.s;
            return NGX_OK;
        }

        p = ngx_pnalloc(pool, sign.len + digits.len);
        if (p == NULL) {
            return NGX_ERROR;
        }

        s->data = p;
        p = ngx_cpymem(p, sign.data, sign.len);
        s->len = ngx_cpymem(p, digits.data, digits.len) - s->data;

        return NGX_OK;

    default:
        break;
    }

    p = ngx_pnalloc(pool, NGX_APP_VALUE_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    s->data = p;
    s->len = ngx_app_value_print(p, v) - p;

    return NGX_OK;
}


static ngx_int_t
ngx_app_value_join(ngx_app_value_t *v, ngx_pool_t *pool, ngx_str_t *s)
{
    u_char       *p;
    ngx_chain_t  *cl;

    p = ngx_pnalloc(pool, v->u.c.size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    s->data = p;
    s->len = v->u.c.size;

    for (cl = v->u.c.chain; cl != NULL; cl = cl->next) {
        p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    return NGX_OK;
}


ngx_uint_t
ngx_app_value_true(ngx_app_value_t *v)
{
    size_t  i;

    switch (v->type) {

    case NGX_APP_ABSENT:
    case NGX_APP_NULL:
        return 0;

    case NGX_APP_BOOL:
    case NGX_APP_INT:
        return v->u.i != 0;

    case NGX_APP_DOUBLE:
        return v->u.d != 0;

    case NGX_APP_DECIMAL:
        for (i = 0; i < v->u.s.len; i++) {
            if (v->u.s.data[i] >= '1' && v->u.s.data[i] <= '9') {
                return 1;
            }
        }

        return 0;

    case NGX_APP_STRING:
        return v->u.s.len != 0;

    case NGX_APP_JSON:
        return ngx_app_value_json_true(&v->u.s);

    case NGX_APP_CHAIN:
        return v->u.c.size > sizeof("[]") - 1;

    default: /* NGX_APP_DATETIME */
        return 1;
    }
}


static ngx_uint_t
ngx_app_value_json_true(ngx_str_t *s)
{
    ngx_uint_t  i;

    for (i = 0; ngx_app_value_empty[i].data != NULL; i++) {

        if (s->len == ngx_app_value_empty[i].len
            && ngx_memcmp(s->data, ngx_app_value_empty[i].data, s->len) == 0)
        {
            return 0;
        }
    }

    return 1;
}


ngx_int_t
ngx_app_value_parse_json(ngx_str_t *text, ngx_pool_t *pool,
    ngx_app_value_t *v)
{
    ngx_app_json_reader_t  jr;

    ngx_app_json_read_init(&jr, text->data, text->len,
                           NGX_APP_JSON_MAX_DEPTH, 0);

    if (ngx_app_json_read(&jr) != NGX_OK) {
        return NGX_DECLINED;
    }

    switch (jr.token) {

    case NGX_APP_JSON_STRING:
        v->type = NGX_APP_STRING;
        return ngx_app_json_read_text(&jr, pool, &v->u.s);

    case NGX_APP_JSON_NUMBER:
        return ngx_app_value_parse_number(&jr.raw, v);

    case NGX_APP_JSON_TRUE:
    case NGX_APP_JSON_FALSE:
        ngx_app_value_set_bool(v, jr.token == NGX_APP_JSON_TRUE);
        return NGX_OK;

    case NGX_APP_JSON_NULL:
        ngx_app_value_set_null(v);
        return NGX_OK;

    default:
        v->type = NGX_APP_JSON;
        v->u.s = *text;
        return NGX_OK;
    }
}


ngx_int_t
ngx_app_value_member(ngx_str_t *text, ngx_str_t *path, ngx_pool_t *pool,
    ngx_app_value_t *v)
{
    ngx_int_t  rc;
    ngx_str_t  found;

    v->type = NGX_APP_ABSENT;

    rc = ngx_app_json_find(text, path, pool, &found);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_value_parse_json(&found, pool, v);

    if (rc != NGX_OK) {
        v->type = NGX_APP_ABSENT;
    }

    return rc;
}
