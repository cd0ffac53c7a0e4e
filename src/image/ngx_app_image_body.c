
/*
 * Copyright (C) the project authors
 */

/*
 * The filters: the header is held until it is known what is sent, the body is
 * read, and what comes of it is sent when it is there.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <image/ngx_app_image.h>


/* of request->buffered: nginx's own image filter never runs beside this one */
#define NGX_APP_IMAGE_BUFFERED  0x08


static ngx_int_t ngx_app_image_header_filter(ngx_http_request_t *r);
static ngx_int_t ngx_app_image_header_only(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);
static ngx_int_t ngx_app_image_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in);
static ngx_int_t ngx_app_image_body_read(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, ngx_chain_t *in);
static ngx_int_t ngx_app_image_body_end(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);
static ngx_int_t ngx_app_image_body_wait(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, ngx_int_t rc);
static ngx_uint_t ngx_app_image_body_broken(ngx_http_request_t *r,
    ngx_chain_t *in);
static ngx_int_t ngx_app_image_body_refuse(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, ngx_chain_t *in);
static ngx_int_t ngx_app_image_body_pass(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);
static ngx_uint_t ngx_app_image_body_is_file(ngx_app_image_ctx_t *ctx,
    ngx_chain_t *in);
static ngx_int_t ngx_app_image_body_cut(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);
static ngx_int_t ngx_app_image_body_problem(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, ngx_chain_t *in);
static ngx_int_t ngx_app_image_send(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);
static void ngx_app_image_later(ngx_app_image_ctx_t *ctx,
    ngx_event_handler_pt handler);
static void ngx_app_image_wait_handler(ngx_event_t *ev);
static void ngx_app_image_resume_handler(ngx_event_t *ev);


static ngx_http_output_header_filter_pt  ngx_app_image_next_header_filter;
static ngx_http_output_body_filter_pt    ngx_app_image_next_body_filter;


ngx_int_t
ngx_app_image_filter_init(ngx_conf_t *cf)
{
    ngx_app_image_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_app_image_header_filter;

    ngx_app_image_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_app_image_body_filter;

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_header_filter(ngx_http_request_t *r)
{
    ngx_int_t                  rc;
    ngx_app_image_ctx_t       *ctx;
    ngx_app_image_loc_conf_t  *ilcf;

    ctx = ngx_http_get_module_ctx(r, ngx_app_image_filter_module);

    if (ctx == NULL) {
        return ngx_app_image_next_header_filter(r);
    }

    if (ctx->failed) {

        if (ngx_app_image_problem(r, ctx) != NGX_OK) {
            return NGX_ERROR;
        }

        return ngx_app_image_next_header_filter(r);
    }

    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    /* also where the negotiation has left the original as it is */

    if (ctx->vary
        && (ilcf->mode == NGX_APP_IMAGE_CHECK
            || (ilcf->mode == NGX_APP_IMAGE_ON && ctx->none))
        && ngx_app_image_add_vary(r) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ilcf->mode != NGX_APP_IMAGE_ON || ctx->none
        || ctx->state != NGX_APP_IMAGE_ASKED)
    {
        return ngx_app_image_next_header_filter(r);
    }

    rc = ngx_app_image_source(r, ctx);

    if (rc == NGX_DECLINED) {
        ctx->state = NGX_APP_IMAGE_PASS;
        ctx->status = NGX_APP_IMAGE_PASSED;
        return ngx_app_image_next_header_filter(r);
    }

    if (rc != NGX_OK) {
        ctx->failed = 1;

        /* what the source says of itself is not true of the refusal */

        ngx_http_clean_header(r);

        return rc;
    }

    if (ngx_app_image_etag(r, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_app_image_not_modified(r, ctx)) {
        ctx->status = NGX_APP_IMAGE_NOT_MODIFIED;
        ctx->state = NGX_APP_IMAGE_PASS;

        if (ngx_app_image_response(r, ctx) != NGX_OK) {
            return NGX_ERROR;
        }

        return ngx_app_image_next_header_filter(r);
    }

    if (r->header_only || r->method == NGX_HTTP_HEAD) {
        return ngx_app_image_header_only(r, ctx);
    }

    ctx->state = NGX_APP_IMAGE_READ;
    r->allow_ranges = 0;

    /* a file comes as such, where there is sendfile */

    if (r->upstream) {

        if (r == r->main) {
            r->main_filter_need_in_memory = 1;

        } else {
            r->filter_need_in_memory = 1;
        }
    }

    return NGX_OK;
}


/*
 * HEAD: nothing is decoded, so the length is not known, nor the type unless
 * one is asked for.
 */

static ngx_int_t
ngx_app_image_header_only(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ctx->state = NGX_APP_IMAGE_PASS;
    r->header_only = 1;

    if (ctx->ops.fm.n == 1 && !ctx->ops.negotiate) {
        ctx->format = ctx->ops.fm.format[0];

    } else if (!ctx->verbatim) {
        ngx_str_null(&r->headers_out.content_type);
        r->headers_out.content_type_len = 0;
        r->headers_out.content_type_lowcase = NULL;
    }

    if (ngx_app_image_response(r, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_app_image_next_header_filter(r);
}


static ngx_int_t
ngx_app_image_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_app_image_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_app_image_filter_module);

    if (ctx == NULL) {
        return ngx_app_image_next_body_filter(r, in);
    }

    if (ctx->failed) {
        return ngx_app_image_body_problem(r, ctx, in);
    }

    switch (ctx->state) {

    case NGX_APP_IMAGE_READ:
        return in ? ngx_app_image_body_read(r, ctx, in) : NGX_OK;

    case NGX_APP_IMAGE_WORKS:
        return NGX_AGAIN;

    case NGX_APP_IMAGE_SEND:
        return ctx->declined ? ngx_app_image_body_pass(r, ctx)
                             : ngx_app_image_send(r, ctx);

    default: /* NGX_APP_IMAGE_ASKED, NGX_APP_IMAGE_PASS */
        return ngx_app_image_next_body_filter(r, in);
    }
}


static ngx_int_t
ngx_app_image_body_read(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    ngx_chain_t *in)
{
    ngx_int_t                   rc;
    ngx_chain_t                *cl;
    ngx_app_image_main_conf_t  *imcf;

    if (ngx_app_image_body_broken(r, in)) {

        if (ctx->code == 0) {
            (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_GATEWAY,
                                      NGX_APP_IMAGE_UNREADABLE,
                                      "the image could not be read to its "
                                      "end");
        }

        return ngx_app_image_body_wait(r, ctx, NGX_ABORT);
    }

    if (ctx->code) {
        return ngx_app_image_body_refuse(r, ctx, in);
    }

    for (cl = in; cl; cl = cl->next) {
        ctx->last_buf |= cl->buf->last_buf;
        ctx->last_in_chain |= cl->buf->last_in_chain;
    }

    if (ngx_app_image_body_is_file(ctx, in)) {
        imcf = ngx_http_get_module_main_conf(r, ngx_app_image_filter_module);

        rc = ngx_app_image_file_read(ctx, imcf->files, in->buf);

        in->buf->file_pos = in->buf->file_last;

        return (rc == NGX_AGAIN) ? ngx_app_image_body_wait(r, ctx, rc) : rc;
    }

    rc = ngx_app_image_source_read(r, ctx, in);

    switch (rc) {

    case NGX_AGAIN:
        return NGX_OK;

    case NGX_DECLINED:
        return ngx_app_image_body_pass(r, ctx);

    case NGX_ABORT:
        return ngx_app_image_body_refuse(r, ctx, in);

    case NGX_OK:
        return ngx_app_image_body_end(r, ctx);

    default: /* NGX_ERROR */
        return NGX_ERROR;
    }
}


/*
 * An upstream that fails in the middle of its answer is done with, and takes
 * the header for sent: a flush without bytes is all that comes of it.
 */

static ngx_uint_t
ngx_app_image_body_broken(ngx_http_request_t *r, ngx_chain_t *in)
{
    return r->upstream && r->upstream->cleanup == NULL
           && in->next == NULL && in->buf->flush
           && ngx_buf_special(in->buf) && !in->buf->last_buf
           && !in->buf->last_in_chain;
}


/* all of it, in one piece */

static ngx_uint_t
ngx_app_image_body_is_file(ngx_app_image_ctx_t *ctx, ngx_chain_t *in)
{
    ngx_buf_t  *b;

    b = in->buf;

    return ctx->len == 0 && in->next == NULL && b->in_file
           && !ngx_buf_in_memory(b) && (b->last_buf || b->last_in_chain)
           && b->file_last > b->file_pos;
}


void
ngx_app_image_loaded(ngx_app_image_ctx_t *ctx, ngx_uint_t ok)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = ctx->request;

    rc = ok ? ngx_app_image_source_known(r, ctx) : NGX_ERROR;

    if (rc == NGX_OK) {
        rc = ngx_app_image_source_end(r, ctx);
    }

    switch (rc) {

    case NGX_AGAIN:
        return;

    case NGX_OK:
        ctx->status = NGX_APP_IMAGE_OK;
        break;

    case NGX_DECLINED:
        ctx->declined = 1;
        break;

    case NGX_ABORT:
        break;

    default: /* NGX_ERROR */
        (void) ngx_app_image_fail(ctx, NGX_HTTP_INTERNAL_SERVER_ERROR,
                                  NGX_APP_IMAGE_ERROR,
                                  "the image could not be read");
    }

    ngx_app_image_resume(ctx);
}


/* the rest of the source is read for nothing, if it is known to be short */

static ngx_int_t
ngx_app_image_body_refuse(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    ngx_chain_t *in)
{
    ngx_chain_t  *cl;

    for (cl = in; cl; cl = cl->next) {
        cl->buf->pos = cl->buf->last;

        if (cl->buf->last_buf || cl->buf->last_in_chain) {
            return ngx_app_image_body_wait(r, ctx, NGX_ABORT);
        }
    }

    return (r->headers_out.content_length_n >= 0)
           ? NGX_OK : ngx_app_image_body_cut(r, ctx);
}


static ngx_int_t
ngx_app_image_body_end(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_int_t  rc;

    rc = ngx_app_image_source_end(r, ctx);

    return (rc == NGX_ERROR) ? NGX_ERROR : ngx_app_image_body_wait(r, ctx, rc);
}


/*
 * Whatever comes of it, it comes from the event loop: who has called us is in
 * the middle of something.
 */

static ngx_int_t
ngx_app_image_body_wait(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    ngx_int_t rc)
{
    ctx->state = NGX_APP_IMAGE_WORKS;
    r->buffered |= NGX_APP_IMAGE_BUFFERED;

    if (rc == NGX_OK) {
        ctx->status = NGX_APP_IMAGE_OK;
    }

    ngx_app_image_later(ctx, (rc == NGX_AGAIN) ? ngx_app_image_wait_handler
                                               : ngx_app_image_resume_handler);

    return NGX_AGAIN;
}


/* no image: the header goes out, with what has been read of the body */

static ngx_int_t
ngx_app_image_body_pass(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    r->buffered &= ~NGX_APP_IMAGE_BUFFERED;
    ctx->state = NGX_APP_IMAGE_PASS;
    ctx->status = NGX_APP_IMAGE_PASSED;

    rc = ngx_app_image_next_header_filter(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = ctx->data;
    b->last = ctx->data + ctx->len;
    b->memory = (ctx->len != 0);
    b->flush = 1;
    b->last_buf = ctx->last_buf;
    b->last_in_chain = ctx->last_in_chain;

    out.buf = b;
    out.next = NULL;

    return ngx_app_image_next_body_filter(r, &out);
}


/*
 * The source goes on and on: the client gets its answer, and whoever serves
 * is stopped, which ends the connection too.
 */

static ngx_int_t
ngx_app_image_body_cut(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_chain_t  out;

    ctx->failed = 1;

    ngx_http_clean_header(r);

    r->headers_out.status = ctx->code;
    r->keepalive = 0;

    if (ngx_app_image_problem(r, ctx) != NGX_OK
        || ngx_app_image_next_header_filter(r) == NGX_ERROR)
    {
        return NGX_ERROR;
    }

    out.buf = ctx->problem;
    out.next = NULL;
    ctx->sent = 1;

    (void) ngx_app_image_next_body_filter(r, &out);

    return NGX_ERROR;
}


/* the page of the error has been made by nginx, and is replaced */

static ngx_int_t
ngx_app_image_body_problem(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    ngx_chain_t *in)
{
    ngx_chain_t   out, *cl;

    if (ctx->sent) {
        return ngx_app_image_next_body_filter(r, NULL);
    }

    for (cl = in; cl; cl = cl->next) {
        cl->buf->pos = cl->buf->last;

        if (!cl->buf->last_buf && !cl->buf->last_in_chain) {
            continue;
        }

        out.buf = ctx->problem;
        out.next = NULL;
        ctx->sent = 1;

        return ngx_app_image_next_body_filter(r, &out);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_send(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_int_t    rc;
    ngx_chain_t  out;

    r->buffered &= ~NGX_APP_IMAGE_BUFFERED;
    ctx->state = NGX_APP_IMAGE_PASS;

    if (ngx_app_image_response(r, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    out.buf = ngx_app_image_response_body(r, ctx);
    out.next = NULL;

    if (out.buf == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_app_image_next_header_filter(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_app_image_next_body_filter(r, &out);
}


static void
ngx_app_image_later(ngx_app_image_ctx_t *ctx, ngx_event_handler_pt handler)
{
    ctx->event.data = ctx;
    ctx->event.log = ctx->request->connection->log;
    ctx->event.handler = handler;

    ngx_post_event(&ctx->event, &ngx_posted_events);
}


/*
 * nginx takes a request that has something buffered for one whose client does
 * not read, and has set "send_timeout".
 */

static void
ngx_app_image_wait_handler(ngx_event_t *ev)
{
    ngx_app_image_ctx_t *ctx = ev->data;

    ngx_event_t         *wev;
    ngx_http_request_t  *r;

    r = ctx->request;
    wev = r->connection->write;

    ctx->writer = r->write_event_handler;
    r->write_event_handler = ngx_http_request_empty_handler;

    if (wev->timer_set && !wev->delayed && !r->connection->buffered) {
        ngx_del_timer(wev);
    }
}


static void
ngx_app_image_resume_handler(ngx_event_t *ev)
{
    ngx_app_image_ctx_t *ctx = ev->data;

    ngx_connection_t  *c;

    c = ctx->request->connection;

    ngx_http_set_log_request(c->log, ctx->request);

    ngx_app_image_resume(ctx);

    ngx_http_run_posted_requests(c);
}


void
ngx_app_image_resume(ngx_app_image_ctx_t *ctx)
{
    ngx_http_request_t  *r;

    r = ctx->request;

    if (ctx->event.posted) {
        ngx_delete_posted_event(&ctx->event);
    }

    if (ctx->writer) {
        r->write_event_handler = ctx->writer;
        ctx->writer = NULL;
    }

    if (ctx->code == 0) {
        ctx->state = NGX_APP_IMAGE_SEND;
        r->write_event_handler(r);
        return;
    }

    /* as if the location had answered so, error_page included */

    ctx->state = NGX_APP_IMAGE_PASS;
    ctx->failed = 1;
    r->buffered &= ~NGX_APP_IMAGE_BUFFERED;

    ngx_http_clean_header(r);

    ngx_http_finalize_request(r, ctx->code);
}
