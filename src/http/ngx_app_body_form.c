
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_buf.h>
#include <json/ngx_app_json_write.h>
#include <http/ngx_app_body.h>
#include <http/ngx_app_body_name.h>
#include <http/ngx_app_urldecode.h>


/* the values of a name that may have several, as they come */

typedef struct {
    ngx_app_buf_t            buf;
    ngx_uint_t               n;
} ngx_app_body_list_t;


typedef struct {
    ngx_app_body_t          *body;
    ngx_pool_t              *pool;
    ngx_app_body_limits_t   *limits;
    ngx_app_body_value_t    *values;
    ngx_app_body_result_t   *result;
    ngx_app_body_list_t     *lists;    /* one for each name, or NULL */
    size_t                   size;     /* of the text */
} ngx_app_body_fields_t;


static ngx_int_t ngx_app_body_field(ngx_app_body_fields_t *f, u_char *start,
    u_char *end);
static ngx_app_body_name_t *ngx_app_body_lookup(ngx_app_body_t *body,
    ngx_str_t *name);
static ngx_int_t ngx_app_body_append(ngx_app_body_fields_t *f,
    ngx_app_body_name_t *name, ngx_str_t *text);
static ngx_int_t ngx_app_body_lists(ngx_app_body_fields_t *f);


ngx_int_t
ngx_app_body_form(ngx_app_body_t *body, ngx_pool_t *pool, ngx_str_t *text,
    ngx_app_body_limits_t *limits, ngx_app_body_value_t *values,
    ngx_app_body_result_t *result)
{
    u_char                 *p, *end, *last;
    ngx_int_t               rc;
    ngx_uint_t              pairs;
    ngx_app_body_fields_t   f;

    ngx_memzero(values, body->n * sizeof(ngx_app_body_value_t));
    ngx_memzero(result, sizeof(ngx_app_body_result_t));

    f.body = body;
    f.pool = pool;
    f.limits = limits;
    f.values = values;
    f.result = result;
    f.lists = NULL;
    f.size = text->len;

    pairs = 0;
    last = text->data + text->len;

    for (p = text->data; p < last; p = end + 1) {

        end = ngx_strlchr(p, last, '&');
        if (end == NULL) {
            end = last;
        }

        if (end == p) {
            continue;
        }

        if (++pairs > limits->max_keys) {
            return ngx_app_body_refuse(pool, result,
                                       "the body has more members than "
                                       "app_body_max_keys (%ui)",
                                       limits->max_keys);
        }

        rc = ngx_app_body_field(&f, p, end);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    return ngx_app_body_lists(&f);
}


static ngx_int_t
ngx_app_body_field(ngx_app_body_fields_t *f, u_char *start, u_char *end)
{
    u_char                *equals;
    ngx_int_t              rc;
    ngx_str_t              key, text;
    const char            *err;
    ngx_app_body_name_t   *name;
    ngx_app_body_value_t  *value;

    equals = ngx_strlchr(start, end, '=');
    if (equals == NULL) {
        equals = end;
    }

    key.data = start;
    key.len = equals - start;

    rc = ngx_app_urldecode_form(f->pool, &key, &key, &err);
    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        return ngx_app_body_refuse(f->pool, f->result,
                                   "a name in the body %s", err);
    }

    name = ngx_app_body_lookup(f->body, &key);

    if (name == NULL) {
        if (f->result->unknown.len == 0) {
            f->result->unknown = key;
        }

        return NGX_OK;
    }

    value = &f->values[name->index];

    text.data = (equals == end) ? end : equals + 1;
    text.len = end - text.data;

    rc = ngx_app_urldecode_form(f->pool, &text, &text, &err);

    if (rc == NGX_DECLINED) {
        value->fault = err;
        return NGX_OK;
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    if (name->list) {
        return ngx_app_body_append(f, name, &text);
    }

    if (value->value.type != NGX_APP_ABSENT || value->fault) {
        return ngx_app_body_refuse(f->pool, f->result,
                                   "%V must be given once", &key);
    }

    ngx_app_value_set_string(&value->value, text.data, text.len);

    return NGX_OK;
}


/* finds the node of a name with dots */

static ngx_app_body_name_t *
ngx_app_body_lookup(ngx_app_body_t *body, ngx_str_t *name)
{
    u_char               *p, *end, *last;
    ngx_str_t             word;
    ngx_app_body_name_t  *node;

    node = &body->root;
    last = name->data + name->len;

    for (p = name->data; p <= last && node; p = end + 1) {

        end = ngx_strlchr(p, last, '.');
        if (end == NULL) {
            end = last;
        }

        word.data = p;
        word.len = end - p;

        node = ngx_app_body_find(node, &word);
    }

    return (node && node->index != NGX_APP_BODY_NONE) ? node : NULL;
}


static ngx_int_t
ngx_app_body_append(ngx_app_body_fields_t *f, ngx_app_body_name_t *name,
    ngx_str_t *text)
{
    ngx_uint_t            i;
    ngx_app_body_list_t  *list;

    if (f->lists == NULL) {
        f->lists = ngx_pcalloc(f->pool,
                               f->body->n * sizeof(ngx_app_body_list_t));
        if (f->lists == NULL) {
            return NGX_ERROR;
        }

        /* a byte becomes six when it is escaped */

        for (i = 0; i < f->body->n; i++) {
            ngx_app_buf_init(&f->lists[i].buf, f->pool, 256,
                             f->size * 8 + 64);
        }
    }

    list = &f->lists[name->index];

    if (++list->n > f->limits->max_items) {
        return ngx_app_body_refuse(f->pool, f->result,
                                   "%V has more items than "
                                   "app_body_max_items (%ui)", &name->word,
                                   f->limits->max_items);
    }

    if (ngx_app_buf_write(&list->buf, (list->n == 1) ? "[" : ",", 1)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return (ngx_app_json_write_string(&list->buf, text->data, text->len)
            == NGX_OK) ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_app_body_lists(ngx_app_body_fields_t *f)
{
    u_char           *p;
    ngx_uint_t        i;
    ngx_chain_t      *cl;
    ngx_app_buf_t    *b;
    ngx_app_value_t  *value;

    for (i = 0; f->lists != NULL && i < f->body->n; i++) {

        if (f->lists[i].n == 0) {
            continue;
        }

        b = &f->lists[i].buf;
        value = &f->values[i].value;

        if (ngx_app_buf_write(b, "]", 1) != NGX_OK) {
            return NGX_ERROR;
        }

        p = ngx_pnalloc(f->pool, ngx_app_buf_size(b));
        if (p == NULL) {
            return NGX_ERROR;
        }

        value->type = NGX_APP_JSON;
        value->u.s.data = p;

        for (cl = ngx_app_buf_take(b, NULL); cl; cl = cl->next) {
            p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
        }

        value->u.s.len = p - value->u.s.data;
    }

    return NGX_OK;
}
