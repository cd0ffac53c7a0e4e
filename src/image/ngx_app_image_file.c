
/*
 * Copyright (C) the project authors
 */

/*
 * A source that is a file: a thread reads it, for a disk may be slow, and
 * megabytes are long even if it is not.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <core/ngx_app_task.h>
#include <image/ngx_app_image.h>


/* on both sides of the thread */

struct ngx_app_image_file_s {
    int                   fd;          /* a copy: the request may close its */
    off_t                 offset;
    size_t                size;
    u_char               *data;
    size_t                len;
    int                   err;

    /* the loop's */
    ngx_app_image_ctx_t  *owner;       /* NULL: it has left */
};


static void ngx_app_image_file_run(void *data);
static void ngx_app_image_file_done(void *data);


ngx_int_t
ngx_app_image_file_read(ngx_app_image_ctx_t *ctx, ngx_thread_pool_t *pool,
    ngx_buf_t *b)
{
    int                    fd;
    ngx_log_t             *log;
    ngx_app_image_file_t  *f;

    log = ctx->request->connection->log;

    f = ngx_app_task_create(sizeof(ngx_app_image_file_t),
                            ngx_app_image_file_run, ngx_app_image_file_done,
                            ngx_cycle->log);
    if (f == NULL) {
        return NGX_ERROR;
    }

    f->offset = b->file_pos;
    f->size = (size_t) (b->file_last - b->file_pos);
    f->data = ngx_alloc(f->size, log);

    if (f->data == NULL) {
        ngx_app_task_free(f);
        return NGX_ERROR;
    }

    fd = fcntl(b->file->fd, F_DUPFD_CLOEXEC, 0);

    if (fd == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      "fcntl(F_DUPFD_CLOEXEC) \"%V\" failed", &b->file->name);
        ngx_free(f->data);
        ngx_app_task_free(f);
        return NGX_ERROR;
    }

    f->fd = fd;
    f->owner = ctx;

    ctx->size = f->size;
    ctx->data = f->data;

    if (ngx_app_task_post(pool, f) != NGX_OK) {
        (void) close(fd);
        return NGX_ERROR;
    }

    ctx->file = f;

    return NGX_AGAIN;
}


static void
ngx_app_image_file_run(void *data)
{
    ngx_app_image_file_t *f = data;

    ssize_t  n;

    while (f->len < f->size) {

        n = pread(f->fd, f->data + f->len, f->size - f->len,
                  f->offset + (off_t) f->len);

        if (n == -1 && errno == EINTR) {
            continue;
        }

        if (n <= 0) {
            f->err = (n == -1) ? errno : 0;
            break;
        }

        f->len += (size_t) n;
    }

    (void) close(f->fd);
}


static void
ngx_app_image_file_done(void *data)
{
    ngx_app_image_file_t *f = data;

    ngx_connection_t     *c;
    ngx_app_image_ctx_t  *ctx;

    ctx = f->owner;

    if (ctx == NULL) {
        ngx_free(f->data);
        return;
    }

    c = ctx->request->connection;

    ngx_http_set_log_request(c->log, ctx->request);

    ctx->file = NULL;
    ctx->len = f->len;

    if (f->len < f->size) {
        ngx_log_error(NGX_LOG_CRIT, c->log, f->err,
                      "the image ends after %uz of %uz bytes", f->len,
                      f->size);
    }

    ngx_app_image_loaded(ctx, f->len == f->size);

    ngx_http_run_posted_requests(c);
}


void
ngx_app_image_file_leave(ngx_app_image_ctx_t *ctx)
{
    if (ctx->file) {
        ctx->file->owner = NULL;
        ctx->file = NULL;
        ctx->data = NULL;
    }
}
