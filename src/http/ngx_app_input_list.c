
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_buf.h>
#include <json/ngx_app_json_read.h>
#include <http/ngx_app_body.h>
#include <http/ngx_app_input.h>
#include <http/ngx_app_input_fault.h>


static ngx_int_t ngx_app_input_no_list(ngx_app_faults_t *f,
    ngx_app_value_t *value);
static ngx_int_t ngx_app_input_items(ngx_app_faults_t *f,
    ngx_app_json_reader_t *jr, ngx_app_buf_t *b, ngx_uint_t *n);
static ngx_int_t ngx_app_input_item(ngx_app_faults_t *f,
    ngx_app_json_reader_t *jr, ngx_app_value_t *value);
static ngx_int_t ngx_app_input_list_text(ngx_app_faults_t *f,
    ngx_app_buf_t *b, ngx_app_value_t *value);


ngx_int_t
ngx_app_input_list(ngx_app_faults_t *f, ngx_app_value_t *value)
{
    ngx_int_t              rc;
    ngx_uint_t             n;
    ngx_app_buf_t          b;
    ngx_app_input_t       *in;
    ngx_app_json_reader_t  jr;

    in = f->input;

    if (value->type != NGX_APP_JSON) {
        return ngx_app_input_no_list(f, value);
    }

    ngx_app_json_read_init(&jr, value->u.s.data, value->u.s.len,
                           NGX_APP_JSON_MAX_DEPTH, NGX_APP_JSON_UTF8);

    if (ngx_app_json_read(&jr) != NGX_OK || jr.token != NGX_APP_JSON_ARRAY) {
        return ngx_app_input_no_list(f, value);
    }

    /* a byte becomes six when it is escaped, a short number some digits more */

    ngx_app_buf_init(&b, f->pool, 256, value->u.s.len * 16 + 64);

    rc = ngx_app_input_items(f, &jr, &b, &n);

    if (rc == NGX_DECLINED) {
        return ngx_app_faults_type(f, 0);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    if (n < in->min_items
        && ngx_app_faults_rule(f, NGX_APP_RULE_MIN_ITEMS) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (in->max_items && n > in->max_items
        && ngx_app_faults_rule(f, NGX_APP_RULE_MAX_ITEMS) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_app_input_list_text(f, &b, value);
}


/* what is no array may still be what an item is */

static ngx_int_t
ngx_app_input_no_list(ngx_app_faults_t *f, ngx_app_value_t *value)
{
    ngx_int_t        rc;
    ngx_str_t        fault;
    ngx_app_value_t  item;

    item = *value;

    rc = ngx_app_input_check(f->input->item, f->pool, &item, f->coerce,
                             &fault);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED
        && ngx_app_faults_text(f, NGX_APP_RULE_ITEM, &fault) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_app_faults_type(f, 0);
}


/* NGX_DECLINED: the text is no array after all */

static ngx_int_t
ngx_app_input_items(ngx_app_faults_t *f, ngx_app_json_reader_t *jr,
    ngx_app_buf_t *b, ngx_uint_t *n)
{
    ngx_int_t         rc;
    ngx_str_t         fault;
    ngx_uint_t        wrong;
    ngx_app_value_t   value;

    wrong = 0;

    for (*n = 0; /* void */ ; (*n)++) {

        rc = ngx_app_json_read(jr);
        if (rc != NGX_OK) {
            return NGX_DECLINED;
        }

        if (jr->token == NGX_APP_JSON_ARRAY_END) {
            break;
        }

        rc = ngx_app_input_item(f, jr, &value);

        if (rc == NGX_OK) {
            rc = ngx_app_input_check(f->input->item, f->pool, &value,
                                     f->coerce, &fault);

        } else if (rc == NGX_DECLINED) {
            return NGX_DECLINED;
        }

        /* one item tells for all */

        if (rc == NGX_DECLINED && wrong++ == 0) {
            rc = ngx_app_faults_text(f, NGX_APP_RULE_ITEM, &fault);
        }

        if (rc == NGX_ERROR
            || ngx_app_buf_write(b, (*n == 0) ? "[" : ",", 1) != NGX_OK
            || ngx_app_value_write_json(b, &value) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ngx_app_json_read(jr) != NGX_DONE) {
        return NGX_DECLINED;
    }

    return ngx_app_buf_write(b, *n ? "]" : "[]", *n ? 1 : 2);
}


static ngx_int_t
ngx_app_input_item(ngx_app_faults_t *f, ngx_app_json_reader_t *jr,
    ngx_app_value_t *value)
{
    switch (jr->token) {

    case NGX_APP_JSON_STRING:
        value->type = NGX_APP_STRING;
        return ngx_app_json_read_text(jr, f->pool, &value->u.s);

    case NGX_APP_JSON_NUMBER:
        return ngx_app_body_number(f->pool, &jr->raw, value);

    case NGX_APP_JSON_TRUE:
    case NGX_APP_JSON_FALSE:
        ngx_app_value_set_bool(value, jr->token == NGX_APP_JSON_TRUE);
        return NGX_OK;

    default: /* null is no item: it is of no type, as an object is */
        value->type = NGX_APP_JSON;
        return ngx_app_json_skip(jr, &value->u.s);
    }
}


static ngx_int_t
ngx_app_input_list_text(ngx_app_faults_t *f, ngx_app_buf_t *b,
    ngx_app_value_t *value)
{
    u_char       *p;
    ngx_chain_t  *cl;

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

    return NGX_OK;
}
