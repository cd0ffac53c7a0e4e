
/*
 * Copyright (C) the project authors
 */

/*
 * Reading a request's body.  It comes in pieces and is kept in memory, which
 * app_body_max_size bounds; only when another module has put it in a file
 * before us, a thread reads that.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>
#include <core/ngx_app_task.h>


#define NGX_APP_API_BODY_FIRST  4096     /* bytes; of a body without length */


/* of the file that holds a body; the task's own block of memory */
typedef struct {
    ngx_app_api_ctx_t      *ctx;         /* NULL: the request is gone */
    ngx_fd_t                fd;          /* a duplicate, to be closed */
    off_t                   offset;
    ssize_t                 n;           /* read, or -1 */
    ngx_err_t               err;
    size_t                  len;
    u_char                  data[];
} ngx_app_api_body_task_t;


typedef enum {
    NGX_APP_API_BODY_OTHER = 0,
    NGX_APP_API_BODY_JSON,
    NGX_APP_API_BODY_FORM
} ngx_app_api_body_type_e;


static ngx_int_t ngx_app_api_body_refuse(ngx_app_api_ctx_t *ctx);
static void ngx_app_api_body_begin(ngx_http_request_t *r);
static void ngx_app_api_body_event(ngx_http_request_t *r);
static void ngx_app_api_body_read(ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_body_take(ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_body_add(ngx_app_api_ctx_t *ctx, ngx_buf_t *b);
static ngx_int_t ngx_app_api_body_grow(ngx_app_api_ctx_t *ctx, size_t size);
static ngx_int_t ngx_app_api_body_file(ngx_app_api_ctx_t *ctx,
    ngx_chain_t *in);
static void ngx_app_api_body_work(void *data);
static void ngx_app_api_body_done(void *data);
static void ngx_app_api_body_detach(void *data);
static void ngx_app_api_body_failed(ngx_app_api_ctx_t *ctx, ngx_int_t rc);
static void ngx_app_api_body_complete(ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_body_parse(ngx_app_api_ctx_t *ctx);
static ngx_app_api_body_type_e ngx_app_api_body_type(ngx_http_request_t *r);


ngx_int_t
ngx_app_api_body_length(ngx_app_api_ctx_t *ctx)
{
    ngx_http_request_t      *r;
    ngx_app_api_loc_conf_t  *alcf;

    r = ctx->request;

    alcf = ngx_http_get_module_loc_conf(r, ngx_app_api_module);

    if (r->headers_in.content_length_n <= (off_t) alcf->body_max_size) {
        return NGX_OK;
    }

    /* no "100 Continue": the client need not send it at all */

    r->expect_tested = 1;
    (void) ngx_http_discard_request_body(r);

    ctx->rc = ngx_app_api_body_refuse(ctx);

    return NGX_DONE;
}


static ngx_int_t
ngx_app_api_body_refuse(ngx_app_api_ctx_t *ctx)
{
    ngx_str_t  message = ngx_string("request entity too large");

    /* what is left of it is not waited for */

    ctx->request->keepalive = 0;

    return ngx_app_api_send_error(ctx, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                                  &message, 1);
}


ngx_int_t
ngx_app_api_body(ngx_app_api_ctx_t *ctx)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = ctx->request;

    r->request_body_no_buffering = 1;

    ctx->inside = 1;
    rc = ngx_http_read_client_request_body(r, ngx_app_api_body_begin);
    ctx->inside = 0;

    if (rc == NGX_HTTP_REQUEST_ENTITY_TOO_LARGE) {
        return ngx_app_api_body_refuse(ctx);
    }

    return (rc >= NGX_HTTP_SPECIAL_RESPONSE) ? rc : NGX_DONE;
}


/* the body, or its beginning, is there: nginx has counted a reference */

static void
ngx_app_api_body_begin(ngx_http_request_t *r)
{
    ngx_app_api_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_app_api_module);

    if (r->reading_body) {
        r->read_event_handler = ngx_app_api_body_event;
    }

    ngx_app_api_body_read(ctx);
}


static void
ngx_app_api_body_event(ngx_http_request_t *r)
{
    ngx_app_api_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_app_api_module);

    ngx_app_api_body_read(ctx);
}


static void
ngx_app_api_body_read(ngx_app_api_ctx_t *ctx)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = ctx->request;

    for ( ;; ) {

        rc = ngx_app_api_body_take(ctx);

        if (rc == NGX_AGAIN) {
            /* a file: the thread goes on with it */
            return;
        }

        if (rc != NGX_OK) {
            ngx_app_api_body_failed(ctx, rc);
            return;
        }

        if (!r->reading_body) {
            ngx_app_api_body_complete(ctx);
            return;
        }

        rc = ngx_http_read_unbuffered_request_body(r);

        if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
            ngx_app_api_body_failed(ctx, rc);
            return;
        }

        if (rc == NGX_AGAIN && r->request_body->bufs == NULL) {
            return;
        }
    }
}


/*
 * Takes what has come.  NGX_OK; NGX_AGAIN: the whole body is in a file;
 * NGX_HTTP_REQUEST_ENTITY_TOO_LARGE; NGX_ERROR.
 */

static ngx_int_t
ngx_app_api_body_take(ngx_app_api_ctx_t *ctx)
{
    ngx_int_t                 rc;
    ngx_chain_t              *cl, *next;
    ngx_http_request_t       *r;
    ngx_http_request_body_t  *rb;

    r = ctx->request;
    rb = r->request_body;

    if (rb == NULL) {
        return NGX_OK;
    }

    for (cl = rb->bufs; cl; cl = cl->next) {
        if (cl->buf->in_file) {
            return ngx_app_api_body_file(ctx, rb->bufs);
        }
    }

    if (!r->reading_body && ctx->text.len == 0 && rb->bufs
        && rb->bufs->next == NULL)
    {
        /* all of it in one piece stays where it is */

        ctx->text.data = rb->bufs->buf->pos;
        ctx->text.len = rb->bufs->buf->last - rb->bufs->buf->pos;

        return ngx_app_api_body_grow(ctx, 0);
    }

    for (cl = rb->bufs; cl; cl = next) {
        next = cl->next;

        rc = ngx_app_api_body_add(ctx, cl->buf);
        if (rc != NGX_OK) {
            return rc;
        }

        if (r->reading_body) {
            /* nginx fills the buffer again */
            cl->buf->pos = cl->buf->last;
            ngx_free_chain(r->pool, cl);
        }
    }

    if (r->reading_body) {
        rb->bufs = NULL;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_body_add(ngx_app_api_ctx_t *ctx, ngx_buf_t *b)
{
    size_t     n;
    ngx_int_t  rc;

    n = b->last - b->pos;

    if (n == 0) {
        return NGX_OK;
    }

    rc = ngx_app_api_body_grow(ctx, n);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_memcpy(ctx->text.data + ctx->text.len, b->pos, n);
    ctx->text.len += n;

    return NGX_OK;
}


/* makes room for so many bytes more, within the limit */

static ngx_int_t
ngx_app_api_body_grow(ngx_app_api_ctx_t *ctx, size_t n)
{
    u_char                  *p;
    size_t                   size;
    ngx_http_request_t      *r;
    ngx_app_api_loc_conf_t  *alcf;

    r = ctx->request;

    alcf = ngx_http_get_module_loc_conf(r, ngx_app_api_module);

    if (n > alcf->body_max_size
        || ctx->text.len > alcf->body_max_size - n)
    {
        return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
    }

    if (n == 0 || ctx->text.len + n <= ctx->text_size) {
        return NGX_OK;
    }

    size = ngx_max(ctx->text_size * 2, NGX_APP_API_BODY_FIRST);
    size = ngx_max(size, ctx->text.len + n);

    /* the length was checked before anything was read */

    if (!r->headers_in.chunked && r->headers_in.content_length_n > 0) {
        size = ngx_max((size_t) r->headers_in.content_length_n,
                       ctx->text.len + n);
    }

    p = ngx_pnalloc(r->pool, size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    if (ctx->text_size) {
        ngx_memcpy(p, ctx->text.data, ctx->text.len);
        (void) ngx_pfree(r->pool, ctx->text.data);
    }

    ctx->text.data = p;
    ctx->text_size = size;

    return NGX_OK;
}


/* reads a file in a thread; pieces in memory stand before it or behind it */

static ngx_int_t
ngx_app_api_body_file(ngx_app_api_ctx_t *ctx, ngx_chain_t *in)
{
    off_t                     size;
    ngx_fd_t                  fd;
    ngx_buf_t                *b;
    ngx_pool_cleanup_t       *cln;
    ngx_http_request_t       *r;
    ngx_app_api_loc_conf_t   *alcf;
    ngx_app_api_main_conf_t  *amcf;
    ngx_app_api_body_task_t  *task;

    r = ctx->request;
    b = in->buf;

    alcf = ngx_http_get_module_loc_conf(r, ngx_app_api_module);

    amcf = ngx_http_get_module_main_conf(r, ngx_app_api_module);

    if (in->next || !b->in_file) {
        ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                      "app api: a body is in memory and in a file");
        return NGX_ERROR;
    }

    size = b->file_last - b->file_pos;

    if (size > (off_t) alcf->body_max_size) {
        return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    /* the request may go away, and its file with it */

    fd = dup(b->file->fd);

    if (fd == -1) {
        ngx_log_error(NGX_LOG_ALERT, r->connection->log, ngx_errno,
                      "app api: dup() of a body's file failed");
        return NGX_ERROR;
    }

    task = ngx_app_task_create(sizeof(ngx_app_api_body_task_t) + size,
                               ngx_app_api_body_work, ngx_app_api_body_done,
                               ngx_cycle->log);
    if (task == NULL) {
        (void) ngx_close_file(fd);
        return NGX_ERROR;
    }

    task->ctx = ctx;
    task->fd = fd;
    task->offset = b->file_pos;
    task->len = size;

    if (ngx_app_task_post(amcf->thread_pool, task) != NGX_OK) {
        (void) ngx_close_file(fd);
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    cln->handler = ngx_app_api_body_detach;
    cln->data = ctx;
    ctx->task = task;

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    return NGX_AGAIN;
}


/* in a thread */

static void
ngx_app_api_body_work(void *data)
{
    ngx_app_api_body_task_t *task = data;

    ssize_t  n;

    task->n = 0;

    while ((size_t) task->n < task->len) {

        n = pread(task->fd, task->data + task->n, task->len - task->n,
                  task->offset + task->n);

        if (n <= 0) {
            task->err = (n == 0) ? 0 : errno;
            task->n = -1;
            break;
        }

        task->n += n;
    }

    (void) close(task->fd);
}


static void
ngx_app_api_body_done(void *data)
{
    ngx_app_api_body_task_t *task = data;

    ngx_app_api_ctx_t  *ctx;

    ctx = task->ctx;

    if (ctx == NULL) {
        return;
    }

    ctx->task = NULL;

    ngx_app_run_enter(&ctx->run);

    if (task->n < 0) {
        ngx_log_error(NGX_LOG_CRIT, ctx->request->connection->log, task->err,
                      "app api: reading a body's file failed");
        ngx_app_api_body_failed(ctx, NGX_ERROR);
        return;
    }

    ctx->text.data = ngx_pnalloc(ctx->request->pool, task->len);

    if (ctx->text.data == NULL) {
        ngx_app_api_body_failed(ctx, NGX_ERROR);
        return;
    }

    ngx_memcpy(ctx->text.data, task->data, task->len);
    ctx->text.len = task->len;

    ngx_app_api_body_complete(ctx);
}


static void
ngx_app_api_body_detach(void *data)
{
    ngx_app_api_ctx_t *ctx = data;

    ngx_app_api_body_task_t  *task;

    task = ctx->task;

    if (task) {
        task->ctx = NULL;
    }
}


static void
ngx_app_api_body_failed(ngx_app_api_ctx_t *ctx, ngx_int_t rc)
{
    ngx_str_t  message;

    switch (rc) {

    case NGX_HTTP_REQUEST_ENTITY_TOO_LARGE:
        rc = ngx_app_api_body_refuse(ctx);
        break;

    case NGX_HTTP_BAD_REQUEST:
        ngx_str_set(&message, "the body is not encoded as its header says");
        ctx->request->keepalive = 0;
        rc = ngx_app_api_send_error(ctx, NGX_HTTP_BAD_REQUEST, &message, 1);
        break;

    case NGX_ERROR:
        rc = NGX_HTTP_INTERNAL_SERVER_ERROR;
        break;

    default:
        break;
    }

    ngx_app_api_finalize(ctx, rc);
}


static void
ngx_app_api_body_complete(ngx_app_api_ctx_t *ctx)
{
    ngx_int_t  rc;

    rc = ngx_app_api_body_parse(ctx);

    if (rc == NGX_DECLINED) {
        ngx_app_api_finalize(ctx,
                             ngx_app_api_send_error(ctx, NGX_HTTP_BAD_REQUEST,
                                                    &ctx->body_result.err,
                                                    1));
        return;
    }

    if (rc != NGX_OK) {
        ngx_app_api_finalize(ctx, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    ngx_app_api_start(ctx);
}


/* a body of another type has no members, as one that is empty */

static ngx_int_t
ngx_app_api_body_parse(ngx_app_api_ctx_t *ctx)
{
    ngx_http_request_t       *r;
    ngx_app_body_limits_t     limits;
    ngx_app_api_loc_conf_t   *alcf;
    ngx_app_api_body_type_e   type;

    r = ctx->request;

    type = ngx_app_api_body_type(r);

    if (ctx->text.len == 0 || type == NGX_APP_API_BODY_OTHER) {
        return NGX_OK;
    }

    alcf = ngx_http_get_module_loc_conf(r, ngx_app_api_module);

    limits.max_depth = alcf->body_max_depth;
    limits.max_keys = alcf->body_max_keys;
    limits.max_items = alcf->body_max_items;

    ctx->bodies = ngx_palloc(r->pool, ctx->route->nbodies
                                      * sizeof(ngx_app_body_value_t));
    if (ctx->bodies == NULL) {
        return NGX_ERROR;
    }

    if (type == NGX_APP_API_BODY_FORM) {
        ctx->form = 1;
        return ngx_app_body_form(ctx->route->body, r->pool, &ctx->text,
                                 &limits, ctx->bodies, &ctx->body_result);
    }

    return ngx_app_body_json(ctx->route->body, r->pool, &ctx->text, &limits,
                             ctx->bodies, &ctx->body_result);
}


static ngx_app_api_body_type_e
ngx_app_api_body_type(ngx_http_request_t *r)
{
    u_char     *p, *last;
    ngx_str_t   type;

    if (r->headers_in.content_type == NULL) {
        return NGX_APP_API_BODY_OTHER;
    }

    type = r->headers_in.content_type->value;
    last = type.data + type.len;

    for (p = type.data; p < last; p++) {
        if (*p == ';' || *p == ' ' || *p == '\t') {
            break;
        }
    }

    type.len = p - type.data;

    if (type.len == 33
        && ngx_strncasecmp(type.data,
                           (u_char *) "application/x-www-form-urlencoded", 33)
           == 0)
    {
        return NGX_APP_API_BODY_FORM;
    }

    if (type.len < 16
        || ngx_strncasecmp(type.data, (u_char *) "application/", 12) != 0)
    {
        return NGX_APP_API_BODY_OTHER;
    }

    /* application/json, and others that are JSON as well (RFC 6839) */

    if (type.len == 16) {
        return (ngx_strncasecmp(p - 4, (u_char *) "json", 4) == 0)
               ? NGX_APP_API_BODY_JSON : NGX_APP_API_BODY_OTHER;
    }

    return (type.len > 17
            && ngx_strncasecmp(p - 5, (u_char *) "+json", 5) == 0)
           ? NGX_APP_API_BODY_JSON : NGX_APP_API_BODY_OTHER;
}
