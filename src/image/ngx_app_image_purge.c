
/*
 * Copyright (C) the project authors
 */

/*
 * The handler of app_image_purge: POST, DELETE or PURGE makes the variants of
 * a source unknown.  It has happened when the answer is sent; that it outlasts
 * a restart is left to a thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <core/ngx_app_buf.h>
#include <core/ngx_app_task.h>
#include <image/ngx_app_image.h>
#include <json/ngx_app_json_write.h>


typedef struct {
    ngx_app_image_purge_t  entry;
    ngx_fd_t               fd;
    ngx_err_t              err;
} ngx_app_image_journal_t;


static ngx_uint_t ngx_app_image_purge_method(ngx_http_request_t *r);
static ngx_int_t ngx_app_image_purge_allow(ngx_http_request_t *r);
static void ngx_app_image_purge_keep(ngx_app_image_main_conf_t *imcf,
    ngx_fd_t fd, ngx_app_image_purge_t *entry);
static void ngx_app_image_purge_write(void *ctx);
static void ngx_app_image_purge_written(void *ctx);
static ngx_int_t ngx_app_image_purge_answer(ngx_http_request_t *r,
    ngx_str_t *source);


ngx_int_t
ngx_app_image_purge_handler(ngx_http_request_t *r)
{
    ngx_fd_t                    fd;
    ngx_int_t                   rc;
    ngx_str_t                   source;
    ngx_app_image_purge_t       entry;
    ngx_app_image_loc_conf_t   *ilcf;
    ngx_app_image_main_conf_t  *imcf;

    if (!ngx_app_image_purge_method(r)) {
        return ngx_app_image_purge_allow(r);
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    imcf = ngx_http_get_module_main_conf(r, ngx_app_image_filter_module);
    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    if (ngx_http_complex_value(r, ilcf->purge, &source) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    fd = ngx_app_image_zone_purge(imcf->queue.zone, &source, &entry);

    if (fd != NGX_INVALID_FILE) {
        ngx_app_image_purge_keep(imcf, fd, &entry);
    }

    return ngx_app_image_purge_answer(r, &source);
}


static ngx_uint_t
ngx_app_image_purge_method(ngx_http_request_t *r)
{
    return r->method == NGX_HTTP_POST || r->method == NGX_HTTP_DELETE
           || (r->method_name.len == 5
               && ngx_strncmp(r->method_name.data, "PURGE", 5) == 0);
}


static ngx_int_t
ngx_app_image_purge_allow(ngx_http_request_t *r)
{
    ngx_str_t  value = ngx_string("POST, DELETE, PURGE");

    if (ngx_app_image_add_header(r, "Allow", &value) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_HTTP_NOT_ALLOWED;
}


static void
ngx_app_image_purge_keep(ngx_app_image_main_conf_t *imcf, ngx_fd_t fd,
    ngx_app_image_purge_t *entry)
{
    ngx_app_image_journal_t  *j;

    j = ngx_app_task_create(sizeof(ngx_app_image_journal_t),
                            ngx_app_image_purge_write,
                            ngx_app_image_purge_written, ngx_cycle->log);
    if (j == NULL) {
        return;
    }

    /* nginx closes the descriptor when it opens its files anew */

    fd = dup(fd);

    j->entry = *entry;
    j->fd = fd;

    if (ngx_app_task_post(imcf->files, j) != NGX_OK) {
        (void) close(fd);

        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "app image: a purge is not written down, "
                      "it will be forgotten by a restart");
    }
}


static void
ngx_app_image_purge_write(void *ctx)
{
    ngx_app_image_journal_t *j = ctx;

    if (write(j->fd, &j->entry, sizeof(j->entry)) != sizeof(j->entry)) {
        j->err = ngx_errno;
    }

    (void) close(j->fd);
}


static void
ngx_app_image_purge_written(void *ctx)
{
    ngx_app_image_journal_t *j = ctx;

    if (j->err) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, j->err,
                      "app image: a purge cannot be written down, "
                      "it will be forgotten by a restart");
    }
}


static ngx_int_t
ngx_app_image_purge_answer(ngx_http_request_t *r, ngx_str_t *source)
{
    size_t         size;
    ngx_int_t      rc;
    ngx_chain_t   *out;
    ngx_app_buf_t  b;

    ngx_app_buf_init(&b, r->pool, 256, 8 * source->len + 64);

    if (ngx_app_buf_write(&b, "{\"purged\":", 10) != NGX_OK
        || ngx_app_json_write_string(&b, source->data, source->len) != NGX_OK
        || ngx_app_buf_write(&b, "}", 1) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    out = ngx_app_buf_take(&b, &size);
    if (out == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = size;
    ngx_str_set(&r->headers_out.content_type, "application/json");
    r->headers_out.content_type_len = r->headers_out.content_type.len;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    rc = ngx_http_output_filter(r, out);

    if (rc == NGX_ERROR) {
        return rc;
    }

    return ngx_http_send_special(r, NGX_HTTP_LAST);
}
