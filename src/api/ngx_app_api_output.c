
/*
 * Copyright (C) the project authors
 */

/*
 * Answers: whole ones with a length and an entity tag, and streamed ones that
 * go at the pace of the client.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>
#include <core/ngx_app_compat.h>
#include <core/ngx_app_hash.h>


/* a streamed answer goes out in pieces of about this size */
#define NGX_APP_API_PIECE  32768


static ngx_int_t ngx_app_api_send_header(ngx_app_api_ctx_t *ctx,
    ngx_uint_t status, ngx_str_t *type, off_t length);
static ngx_int_t ngx_app_api_send_body(ngx_app_api_ctx_t *ctx,
    ngx_chain_t *out);
static ngx_int_t ngx_app_api_set_etag(ngx_http_request_t *r,
    ngx_chain_t *out);
static void ngx_app_api_stream_reclaim(ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_stream_wait(ngx_http_request_t *r);
static void ngx_app_api_stream_writer(ngx_http_request_t *r);


static ngx_str_t  ngx_app_api_json =
    ngx_string("application/json; charset=utf-8");


ngx_int_t
ngx_app_api_send(ngx_app_api_ctx_t *ctx)
{
    size_t                  size;
    ngx_int_t               rc;
    ngx_chain_t            *out;
    ngx_http_request_t     *r;
    ngx_app_api_respond_t  *res;

    r = ctx->request;
    res = ctx->respond;

    out = ngx_app_buf_take(&ctx->body, &size);

    if (out == NULL && ctx->body.buf) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ctx->location.len) {
        r->headers_out.location = ngx_app_api_add_header(r, "Location",
                                                         &ctx->location);
        if (r->headers_out.location == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (ctx->counted == res) {
        size += ctx->dropped;

    } else if (out && res->status == NGX_HTTP_OK
               && (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))
               && ngx_app_api_set_etag(r, out) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_app_api_send_header(ctx, res->status, ngx_app_api_type(res),
                                 size);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_app_api_send_body(ctx, out);
}


ngx_str_t *
ngx_app_api_type(ngx_app_api_respond_t *res)
{
    return res->type.len ? &res->type : &ngx_app_api_json;
}


ngx_int_t
ngx_app_api_send_error(ngx_app_api_ctx_t *ctx, ngx_uint_t status,
    ngx_str_t *messages, ngx_uint_t n)
{
    size_t               size;
    ngx_int_t            rc;
    ngx_str_t            value;
    ngx_chain_t         *out;
    ngx_app_buf_t        b;
    ngx_http_request_t  *r;

    r = ctx->request;

    ngx_app_buf_init(&b, r->pool, NGX_APP_API_BODY_CHUNK,
                     NGX_APP_API_PROBLEM_MAX);

    if (ngx_app_problem_write(&b, status, messages, n) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    out = ngx_app_buf_take(&b, &size);
    if (out == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ctx->run.retry_after) {
        value.data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
        if (value.data == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        value.len = ngx_sprintf(value.data, "%ui", ctx->run.retry_after)
                    - value.data;

        if (ngx_app_api_add_header(r, "Retry-After", &value) == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    rc = ngx_app_api_send_header(ctx, status, &ngx_app_api_json, size);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_app_api_send_body(ctx, out);
}


static ngx_int_t
ngx_app_api_send_header(ngx_app_api_ctx_t *ctx, ngx_uint_t status,
    ngx_str_t *type, off_t length)
{
    u_char              *p;
    ngx_http_request_t  *r;

    r = ctx->request;

    r->headers_out.status = status;
    r->headers_out.content_length_n = length;

    /* what a POST has done is told, whatever the client has stored */

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        r->disable_not_modified = 1;
    }

    if (status != NGX_HTTP_NO_CONTENT) {
        r->headers_out.content_type = *type;
        r->headers_out.content_type_lowcase = NULL;

        /* what follows the type is not looked up in lists of types */

        p = ngx_strlchr(type->data, type->data + type->len, ';');
        r->headers_out.content_type_len = p ? (size_t) (p - type->data)
                                            : type->len;
    }

    if (length == 0 || status == NGX_HTTP_NO_CONTENT) {
        r->header_only = 1;
    }

    return ngx_http_send_header(r);
}


static ngx_int_t
ngx_app_api_send_body(ngx_app_api_ctx_t *ctx, ngx_chain_t *out)
{
    ngx_chain_t         *cl;
    ngx_http_request_t  *r;

    r = ctx->request;

    for (cl = out; cl->next; cl = cl->next) { /* void */ }

    cl->buf->last_buf = (r == r->main) ? 1 : 0;
    cl->buf->last_in_chain = 1;

    return ngx_http_output_filter(r, out);
}


/* weak: a filter may compress the same answer in different ways */

static ngx_int_t
ngx_app_api_set_etag(ngx_http_request_t *r, ngx_chain_t *out)
{
    u_char           *p;
    ngx_str_t         value;
    ngx_chain_t      *cl;
    ngx_app_hash_t    h;
    ngx_table_elt_t  *etag;

    ngx_app_hash_init(&h, 0);

    for (cl = out; cl; cl = cl->next) {
        ngx_app_hash_update(&h, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    p = ngx_pnalloc(r->pool, sizeof("W/\"0123456789abcdef\"") - 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    value.data = p;
    value.len = ngx_sprintf(p, "W/\"%016xL\"",
                            ngx_app_hash_final(&h)) - p;

    etag = ngx_app_api_add_header(r, "ETag", &value);
    if (etag == NULL) {
        return NGX_ERROR;
    }

    r->headers_out.etag = etag;

    return NGX_OK;
}


ngx_table_elt_t *
ngx_app_api_add_header(ngx_http_request_t *r, char *key,
    ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NULL;
    }

    h->hash = 1;
    ngx_app_header_alone(h);
    h->key.data = (u_char *) key;
    h->key.len = ngx_strlen(key);
    h->value = *value;

    return h;
}


ngx_int_t
ngx_app_api_stream_start(ngx_app_api_ctx_t *ctx,
    ngx_app_api_respond_t *res)
{
    ngx_int_t                rc;
    ngx_http_request_t      *r;
    ngx_app_api_loc_conf_t  *alcf;

    r = ctx->request;

    alcf = ngx_http_get_module_loc_conf(r, ngx_app_api_module);

    ngx_http_clear_accept_ranges(r);

    rc = ngx_app_api_send_header(ctx, res->status, ngx_app_api_type(res),
                                 -1);

    if (rc == NGX_ERROR || rc > NGX_OK) {
        return NGX_ERROR;
    }

    ctx->streaming = 1;
    ctx->respond = res;

    ngx_app_buf_init(&ctx->out, r->pool, NGX_APP_API_PIECE, alcf->max_size);

    if (ngx_app_template_write(res->body, &ctx->run.env, &ctx->out, 0,
                               res->stream)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_app_api_stream(ngx_app_api_ctx_t *ctx, ngx_uint_t last)
{
    size_t                  size;
    ngx_int_t               rc;
    ngx_chain_t            *out, *cl, **ll;
    ngx_http_request_t     *r;
    ngx_app_api_respond_t  *res;

    r = ctx->request;
    res = ctx->respond;

    if (last) {
        if (ngx_app_template_write(res->body, &ctx->run.env, &ctx->out,
                                   res->stream + 1, res->body->nparts)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

    } else if (ngx_app_buf_size(&ctx->out) < NGX_APP_API_PIECE) {
        return NGX_OK;
    }

    out = ngx_app_buf_take(&ctx->out, &size);
    if (out == NULL) {
        return NGX_ERROR;
    }

    ctx->streamed += size;

    for (ll = &ctx->busy; *ll; ll = &(*ll)->next) { /* void */ }
    *ll = out;

    for (cl = out; cl->next; cl = cl->next) { /* void */ }

    if (last) {
        cl->buf->last_buf = (r == r->main) ? 1 : 0;
        cl->buf->last_in_chain = 1;
        ctx->ended = 1;

    } else {
        cl->buf->flush = 1;
    }

    rc = ngx_http_output_filter(r, out);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (last) {
        return NGX_OK;
    }

    ngx_app_api_stream_reclaim(ctx);

    return ngx_app_api_stream_wait(r);
}


/* memory that has been sent is written again */

static void
ngx_app_api_stream_reclaim(ngx_app_api_ctx_t *ctx)
{
    ngx_chain_t  *cl;

    while (ctx->busy && ngx_buf_size(ctx->busy->buf) == 0) {
        cl = ctx->busy;
        ctx->busy = cl->next;
        cl->next = NULL;
        cl->buf->flush = 0;

        ngx_app_buf_recycle(&ctx->out, cl);
    }
}


/* NGX_OK: all is sent; NGX_AGAIN: the writer goes on; NGX_ERROR */

static ngx_int_t
ngx_app_api_stream_wait(ngx_http_request_t *r)
{
    ngx_event_t               *wev;
    ngx_connection_t          *c;
    ngx_http_core_loc_conf_t  *clcf;

    c = r->connection;

    if (!r->buffered && !c->buffered) {
        return NGX_OK;
    }

    wev = c->write;
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    r->write_event_handler = ngx_app_api_stream_writer;

    if (!wev->delayed) {
        ngx_add_timer(wev, clcf->send_timeout);
    }

    if (ngx_handle_write_event(wev, clcf->send_lowat) != NGX_OK) {
        return NGX_ERROR;
    }

    return NGX_AGAIN;
}


static void
ngx_app_api_stream_writer(ngx_http_request_t *r)
{
    ngx_int_t            rc;
    ngx_event_t         *wev;
    ngx_connection_t    *c;
    ngx_app_api_ctx_t   *ctx;
    ngx_app_mysql_op_t  *op;

    c = r->connection;
    wev = c->write;

    ctx = ngx_http_get_module_ctx(r, ngx_app_api_module);

    if (wev->timedout) {
        ngx_log_error(NGX_LOG_INFO, c->log, NGX_ETIMEDOUT,
                      "client timed out");
        c->timedout = 1;
        ngx_http_finalize_request(r, NGX_HTTP_REQUEST_TIME_OUT);
        return;
    }

    rc = ngx_http_output_filter(r, NULL);

    if (rc != NGX_ERROR) {
        ngx_app_api_stream_reclaim(ctx);
        rc = ngx_app_api_stream_wait(r);
    }

    if (rc == NGX_ERROR) {
        ngx_http_finalize_request(r, NGX_ERROR);
        return;
    }

    if (rc == NGX_AGAIN) {
        return;
    }

    if (wev->timer_set && !wev->delayed) {
        ngx_del_timer(wev);
    }

    r->write_event_handler = ngx_http_request_empty_handler;

    op = ctx->paused;
    ctx->paused = NULL;

    if (op) {
        ngx_app_mysql_continue(op);
    }
}
