
/*
 * Copyright (C) the project authors
 */

/*
 * What is served: whether it is an image at all, its bytes, whether they may
 * be worked on, and with what.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <image/ngx_app_image.h>


#define NGX_APP_IMAGE_FIRST  65536     /* bytes, when the length is not known */


static ngx_uint_t ngx_app_image_source_type(ngx_http_request_t *r);
static ngx_uint_t ngx_app_image_is_type(ngx_str_t *type, const char *name);
static ngx_int_t ngx_app_image_source_copy(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, ngx_buf_t *b);
static u_char *ngx_app_image_source_room(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, size_t n);
static ngx_int_t ngx_app_image_source_check(ngx_app_image_ctx_t *ctx,
    ngx_app_image_main_conf_t *imcf, ngx_app_image_loc_conf_t *ilcf);
static ngx_int_t ngx_app_image_source_plan(ngx_app_image_ctx_t *ctx,
    ngx_app_image_loc_conf_t *ilcf, uint32_t *frames,
    ngx_app_image_plan_t *plan);
static ngx_int_t ngx_app_image_source_queue(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, ngx_app_image_loc_conf_t *ilcf,
    ngx_app_image_plan_t *plan, uint32_t frames);
static uint64_t ngx_app_image_source_pixels(ngx_app_image_ctx_t *ctx,
    ngx_app_image_plan_t *plan, uint32_t frames);
static void ngx_app_image_done(ngx_app_image_wait_t *wait, ngx_int_t rc,
    ngx_app_image_answer_t *answer);


/* what may be an image, by its header */

ngx_int_t
ngx_app_image_source(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    off_t                      len;
    ngx_table_elt_t           *h;
    ngx_app_image_loc_conf_t  *ilcf;

    if (r->headers_out.status != NGX_HTTP_OK
        || !ngx_app_image_source_type(r))
    {
        return NGX_DECLINED;
    }

    h = r->headers_out.content_encoding;

    if (h && h->value.len == sizeof("identity") - 1
        && ngx_strncasecmp(h->value.data, (u_char *) "identity", h->value.len)
           == 0)
    {
        h->hash = 0;
        h = r->headers_out.content_encoding = NULL;
    }

    if (h && h->value.len) {
        return ngx_app_image_fail(ctx, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                  NGX_APP_IMAGE_UNREADABLE,
                                  "the image is compressed as %V", &h->value);
    }

    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);
    len = r->headers_out.content_length_n;

    if (len > (off_t) ilcf->buffer) {
        return ngx_app_image_fail(ctx, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                                  NGX_APP_IMAGE_TOO_BIG,
                                  "the image has more than %uz bytes",
                                  ilcf->buffer);
    }

    ctx->size = (len > 0) ? (size_t) len : 0;

    return NGX_OK;
}


/* servers that know no type of a file call it a row of bytes */

static ngx_uint_t
ngx_app_image_source_type(ngx_http_request_t *r)
{
    ngx_str_t  *type;

    type = &r->headers_out.content_type;

    return type->len == 0
           || (type->len > 6 && ngx_strncasecmp(type->data, (u_char *) "image/",
                                                6)
                                == 0)
           || ngx_app_image_is_type(type, "application/octet-stream")
           || ngx_app_image_is_type(type, "binary/octet-stream");
}


static ngx_uint_t
ngx_app_image_is_type(ngx_str_t *type, const char *name)
{
    size_t  len;

    len = ngx_strlen(name);

    return type->len >= len
           && ngx_strncasecmp(type->data, (u_char *) (uintptr_t) name, len)
              == 0;
}


ngx_int_t
ngx_app_image_source_read(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    ngx_chain_t *in)
{
    ngx_int_t     rc;
    ngx_uint_t    last;
    ngx_chain_t  *cl;

    last = ctx->last_buf | ctx->last_in_chain;

    for (cl = in; cl; cl = cl->next) {

        rc = ngx_app_image_source_copy(r, ctx, cl->buf);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (ctx->info.type == NGX_APP_IMAGE_NONE
        && (ctx->len >= NGX_APP_IMAGE_MAGIC || last))
    {
        rc = ngx_app_image_source_known(r, ctx);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return last ? NGX_OK : NGX_AGAIN;
}


static ngx_int_t
ngx_app_image_source_copy(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    ngx_buf_t *b)
{
    off_t                      n;
    u_char                    *p;
    ngx_app_image_loc_conf_t  *ilcf;

    n = ngx_buf_size(b);

    if (n == 0) {
        return NGX_OK;
    }

    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    if (n > (off_t) (ilcf->buffer - ctx->len)) {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                                  NGX_APP_IMAGE_TOO_BIG,
                                  "the image has more than %uz bytes",
                                  ilcf->buffer);
        return NGX_ABORT;
    }

    p = ngx_app_image_source_room(r, ctx, n);
    if (p == NULL) {
        return NGX_ERROR;
    }

    if (ngx_buf_in_memory(b)) {
        ngx_memcpy(p, b->pos, n);
        b->pos = b->last;

    } else {

        /* one of several pieces, which nobody is known to make of a file */

        if (ngx_read_file(b->file, p, n, b->file_pos) != n) {
            return NGX_ERROR;
        }

        b->file_pos = b->file_last;
    }

    ctx->len += n;

    return NGX_OK;
}


/* where n more bytes go */

static u_char *
ngx_app_image_source_room(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    size_t n)
{
    size_t                     size;
    u_char                    *p;
    ngx_app_image_loc_conf_t  *ilcf;

    if (ctx->data && n <= ctx->size - ctx->len) {
        return ctx->data + ctx->len;
    }

    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    size = ctx->data ? 2 * ctx->size : ngx_max(ctx->size,
                                               NGX_APP_IMAGE_FIRST);
    size = ngx_min(ngx_max(size, ctx->len + n), ilcf->buffer);

    p = ngx_alloc(size, r->connection->log);
    if (p == NULL) {
        return NULL;
    }

    if (ctx->data) {
        ngx_memcpy(p, ctx->data, ctx->len);
        ngx_free(ctx->data);
    }

    ctx->data = p;
    ctx->size = size;

    return p + ctx->len;
}


ngx_int_t
ngx_app_image_source_known(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_str_t  *type;

    ctx->info.type = ngx_app_image_type(ctx->data, ctx->len);

    if (ctx->info.type != NGX_APP_IMAGE_NONE) {
        return NGX_OK;
    }

    type = &r->headers_out.content_type;

    if (type->len < 6
        || ngx_strncasecmp(type->data, (u_char *) "image/", 6) != 0)
    {
        return NGX_DECLINED;
    }

    (void) ngx_app_image_fail(ctx, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                              NGX_APP_IMAGE_UNREADABLE,
                              "what is called %V is no image of a known type",
                              type);
    return NGX_ABORT;
}


ngx_int_t
ngx_app_image_source_end(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_int_t                   rc;
    uint32_t                    frames;
    const char                 *err;
    ngx_app_image_plan_t        plan;
    ngx_app_image_loc_conf_t   *ilcf;
    ngx_app_image_main_conf_t  *imcf;

    imcf = ngx_http_get_module_main_conf(r, ngx_app_image_filter_module);
    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    rc = ngx_app_image_probe(ctx->data, ctx->len, &ctx->info, &err);

    if (rc != NGX_OK) {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                  NGX_APP_IMAGE_UNREADABLE,
                                  "the image cannot be read: %s",
                                  rc == NGX_ABORT ? err : "unknown type");
        return NGX_ABORT;
    }

    if (ngx_app_image_source_check(ctx, imcf, ilcf) != NGX_OK) {
        return NGX_ABORT;
    }

    ctx->format = ngx_app_image_choose(&ctx->ops, &ctx->info, imcf->savers);

    if (!(imcf->savers & (1u << ctx->format))) {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_REQUEST,
                                  NGX_APP_IMAGE_REFUSED,
                                  "%V images cannot be made here",
                                  &ngx_app_image_formats[ctx->format].name);
        return NGX_ABORT;
    }

    if (ctx->format == NGX_APP_IMAGE_TO_JSON && ctx->ops.bh[0] == 0) {
        return NGX_OK;
    }

    if (ngx_app_image_source_plan(ctx, ilcf, &frames, &plan) != NGX_OK) {
        return NGX_ABORT;
    }

    return ngx_app_image_source_queue(r, ctx, ilcf, &plan, frames);
}


static ngx_int_t
ngx_app_image_source_check(ngx_app_image_ctx_t *ctx,
    ngx_app_image_main_conf_t *imcf, ngx_app_image_loc_conf_t *ilcf)
{
    ngx_app_image_info_t  *info;

    info = &ctx->info;

    if (!(imcf->loaders & (1u << info->type))) {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                  NGX_APP_IMAGE_UNREADABLE,
                                  "images of this type are not read here");
        return NGX_DECLINED;
    }

    /* frames that nobody has counted, and decoders differ in which they give */

    if (info->type == NGX_APP_IMAGE_JXL && info->animated) {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                  NGX_APP_IMAGE_UNREADABLE,
                                  "animated images of this type are not "
                                  "read");
        return NGX_DECLINED;
    }

    if (info->frames > (ngx_uint_t) ilcf->max_frames) {
        (void) ngx_app_image_fail(ctx, NGX_APP_IMAGE_UNPROCESSABLE,
                                  NGX_APP_IMAGE_TOO_BIG,
                                  "the image has %uD frames, more than %i",
                                  info->frames, ilcf->max_frames);
        return NGX_DECLINED;
    }

    /* a SVG has as many pixels as it is asked for, unless it is cut first */

    if ((info->type != NGX_APP_IMAGE_SVG || ctx->ops.crop[2] || ctx->ops.trim)
        && (uint64_t) info->width * info->height * info->frames
           > (uint64_t) ilcf->max_pixels)
    {
        (void) ngx_app_image_fail(ctx, NGX_APP_IMAGE_UNPROCESSABLE,
                                  NGX_APP_IMAGE_TOO_BIG,
                                  "the image has %uD x %uD pixels and "
                                  "%uD frame(s), more than %O pixels",
                                  info->width, info->height, info->frames,
                                  ilcf->max_pixels);
        return NGX_DECLINED;
    }

    if ((uint32_t) ctx->ops.page >= ngx_app_image_readable(info)) {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_REQUEST,
                                  NGX_APP_IMAGE_REFUSED,
                                  "page must be less than %uD",
                                  ngx_app_image_readable(info));
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/* the thread does so again, with what the decoder says */

static ngx_int_t
ngx_app_image_source_plan(ngx_app_image_ctx_t *ctx,
    ngx_app_image_loc_conf_t *ilcf, uint32_t *frames,
    ngx_app_image_plan_t *plan)
{
    uint32_t              width, height, swap;
    ngx_app_image_rect_t  cut;

    width = ctx->info.width;
    height = ctx->info.height;

    if (ctx->info.orientation > 4) {
        swap = width;
        width = height;
        height = swap;
    }

    /* a picture that nobody sees need not be large */

    if ((ctx->verbatim || ctx->format >= NGX_APP_IMAGE_TO_JSON)
        && ctx->ops.w == 0 && ctx->ops.h == 0)
    {
        ctx->ops.w = NGX_APP_IMAGE_HASH_SIDE;
        ctx->ops.h = NGX_APP_IMAGE_HASH_SIDE;
    }

    *frames = 1;

    if (ctx->info.animated && ctx->ops.crop[2] == 0 && ctx->ops.trim == 0
        && (ctx->format == NGX_APP_IMAGE_TO_GIF
            || ctx->format == NGX_APP_IMAGE_TO_WEBP))
    {
        *frames = ngx_app_image_readable(&ctx->info) - ctx->ops.page;

        if (ctx->ops.n != NGX_APP_IMAGE_ALL
            && (uint32_t) ctx->ops.n < *frames)
        {
            *frames = ctx->ops.n;
        }
    }

    if (ctx->ops.crop[2]) {

        if (ngx_app_image_plan_crop(&ctx->ops, width, height, &cut)
            != NGX_OK)
        {
            (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_REQUEST,
                                      NGX_APP_IMAGE_REFUSED,
                                      "crop lies beside the image of %uD x "
                                      "%uD pixels", width, height);
            return NGX_DECLINED;
        }

        width = cut.width;
        height = cut.height;
    }

    if (ngx_app_image_plan(&ctx->ops, width, height, ilcf->max_side, plan)
        != NGX_OK)
    {
        (void) ngx_app_image_fail(ctx, NGX_APP_IMAGE_UNPROCESSABLE,
                                  NGX_APP_IMAGE_TOO_BIG,
                                  "the answer would have a side of more than "
                                  "%i pixels", ilcf->max_side);
        return NGX_DECLINED;
    }

    if ((uint64_t) plan->out_width * plan->out_height * *frames
        > (uint64_t) ilcf->max_output)
    {
        (void) ngx_app_image_fail(ctx, NGX_APP_IMAGE_UNPROCESSABLE,
                                  NGX_APP_IMAGE_TOO_BIG,
                                  "the answer would have more than %O pixels",
                                  ilcf->max_output);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_source_queue(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    ngx_app_image_loc_conf_t *ilcf, ngx_app_image_plan_t *plan,
    uint32_t frames)
{
    ngx_int_t              rc;
    ngx_uint_t             format;
    ngx_app_image_work_t  *w;
    ngx_app_image_order_t  order;

    ctx->wait.done = ngx_app_image_done;
    ctx->wait.data = ctx;
    ctx->wait.log = r->connection->log;

    ngx_app_image_work_key(r, ctx, order.key);

    rc = ngx_app_image_queue_join(&ctx->wait, order.key, ilcf->timeout);

    if (rc == NGX_AGAIN) {
        ngx_free(ctx->data);
        ctx->data = NULL;
        return NGX_AGAIN;
    }

    w = ngx_app_image_queue_work(ngx_cycle->log);
    if (w == NULL) {
        return NGX_ERROR;
    }

    format = ctx->format;

    w->data = ctx->data;
    w->len = ctx->len;
    w->info = ctx->info;
    w->ops = ctx->ops;
    w->format = ctx->verbatim ? NGX_APP_IMAGE_TO_BLURHASH : format;
    w->verbatim = ctx->verbatim;
    w->quality = ctx->ops.q ? (ngx_uint_t) ctx->ops.q : ilcf->quality[format];
    w->metadata = ilcf->metadata;
    w->keep_icc = ilcf->keep_icc;
    w->watermark = ctx->watermark;
    w->limits.max_pixels = ilcf->max_pixels;
    w->limits.max_frames = ilcf->max_frames;
    w->limits.max_side = ilcf->max_side;
    w->limits.max_output = ilcf->max_output;

    /* what is expected; the thread sets what it was */

    w->width = plan->out_width;
    w->height = plan->out_height;
    w->frames = frames;

    ctx->data = NULL;

    order.pixels = ngx_app_image_source_pixels(ctx, plan, frames);
    order.effort = ilcf->effort[format];
    order.timeout = ilcf->timeout;

    if (ctx->ops.effort) {
        order.effort.min = ngx_max(order.effort.min,
                                   ngx_min(order.effort.max,
                                           (ngx_uint_t) ctx->ops.effort));
        order.effort.max = order.effort.min;
    }

    rc = ngx_app_image_queue_add(&ctx->wait, w, &order, &ctx->retry);

    if (rc == NGX_BUSY) {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_SERVICE_UNAVAILABLE,
                                  NGX_APP_IMAGE_OVERLOADED,
                                  "too many images are waiting");
        return NGX_ABORT;
    }

    if (rc == NGX_DECLINED) {
        (void) ngx_app_image_fail(ctx, NGX_APP_IMAGE_UNPROCESSABLE,
                                  NGX_APP_IMAGE_TOO_BIG,
                                  "the image needs more pixels than "
                                  "app_image_pixel_budget has");
        return NGX_ABORT;
    }

    return NGX_AGAIN;
}


/*
 * Pixels that are in memory at a time.  What is read line by line needs only
 * some lines; what is resized as a whole, or turned, needs all.
 */

static uint64_t
ngx_app_image_source_pixels(ngx_app_image_ctx_t *ctx,
    ngx_app_image_plan_t *plan, uint32_t frames)
{
    uint64_t               source, answer;
    ngx_app_image_info_t  *info;

    info = &ctx->info;

    answer = (uint64_t) ngx_max(plan->out_width, plan->width)
             * ngx_max(plan->out_height, plan->height) * frames;

    if (info->type == NGX_APP_IMAGE_SVG) {
        return 2 * answer;
    }

    source = (uint64_t) info->width * info->height * frames;

    if (!info->whole && info->orientation == 1 && ctx->ops.trim == 0) {
        source = ngx_min(source, (uint64_t) info->width * 512);
    }

    return source + answer;
}


/* a thread has ended, or it took too long; in the event loop */

static void
ngx_app_image_done(ngx_app_image_wait_t *wait, ngx_int_t rc,
    ngx_app_image_answer_t *answer)
{
    ngx_connection_t     *c;
    ngx_app_image_ctx_t  *ctx;
    ngx_http_request_t   *r;

    ctx = wait->data;
    r = ctx->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    ctx->answer = answer;

    if (rc != NGX_OK) {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_GATEWAY_TIME_OUT,
                                  NGX_APP_IMAGE_TIMED_OUT,
                                  "the image took too long");

    } else {
        ngx_app_image_result(ctx, &answer->work);
    }

    ngx_app_image_resume(ctx);

    ngx_http_run_posted_requests(c);
}


void
ngx_app_image_result(ngx_app_image_ctx_t *ctx, ngx_app_image_work_t *w)
{
    switch (w->result) {

    case NGX_APP_IMAGE_DONE:
        ctx->status = NGX_APP_IMAGE_OK;
        break;

    case NGX_APP_IMAGE_BROKEN:
        ngx_log_error(NGX_LOG_INFO, ctx->request->connection->log, 0,
                      "app image: libvips: %s", w->text);
        (void) ngx_app_image_fail(ctx, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                  NGX_APP_IMAGE_UNREADABLE,
                                  "the image cannot be decoded");
        break;

    case NGX_APP_IMAGE_TOO_LARGE:
        (void) ngx_app_image_fail(ctx, NGX_APP_IMAGE_UNPROCESSABLE,
                                  NGX_APP_IMAGE_TOO_BIG, "%s", w->text);
        break;

    case NGX_APP_IMAGE_WRONG:
        (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_REQUEST,
                                  NGX_APP_IMAGE_REFUSED, "%s", w->text);
        break;

    case NGX_APP_IMAGE_LATE:
    case NGX_APP_IMAGE_LEFT:
        (void) ngx_app_image_fail(ctx, NGX_HTTP_GATEWAY_TIME_OUT,
                                  NGX_APP_IMAGE_TIMED_OUT,
                                  "the image took too long");
        break;

    default: /* NGX_APP_IMAGE_FAILED */
        ngx_log_error(NGX_LOG_ERR, ctx->request->connection->log, 0,
                      "app image: %s", w->text);
        (void) ngx_app_image_fail(ctx, NGX_HTTP_INTERNAL_SERVER_ERROR,
                                  NGX_APP_IMAGE_ERROR,
                                  "Internal server error");
    }
}
