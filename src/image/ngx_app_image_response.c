
/*
 * Copyright (C) the project authors
 */

/*
 * What is sent in the place of the source: headers, JSON, errors.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <core/ngx_app_buf.h>
#include <core/ngx_app_compat.h>
#include <http/ngx_app_problem.h>
#include <image/ngx_app_image.h>
#include <json/ngx_app_json_write.h>


/* more than any message, escaped; so it is one buffer */
#define NGX_APP_IMAGE_JSON  4096


static ngx_uint_t ngx_app_image_has_tag(ngx_app_image_ctx_t *ctx);
static ngx_uint_t ngx_app_image_has_date(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);
static ngx_int_t ngx_app_image_hash_header(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);
static ngx_buf_t *ngx_app_image_json(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);
static ngx_buf_t *ngx_app_image_buf(ngx_http_request_t *r, u_char *pos,
    size_t len);
static ngx_buf_t *ngx_app_image_last(ngx_http_request_t *r, ngx_app_buf_t *b);
static void ngx_app_image_type_set(ngx_http_request_t *r, ngx_str_t *type);


static ngx_str_t  ngx_app_image_json_type = ngx_string("application/json");
static ngx_str_t  ngx_app_image_vary = ngx_string("Accept");

static ngx_str_t  ngx_app_image_type_names[] = {
    ngx_null_string,
    ngx_string("jpeg"),
    ngx_string("png"),
    ngx_string("webp"),
    ngx_string("gif"),
    ngx_string("avif"),
    ngx_string("heic"),
    ngx_string("tiff"),
    ngx_string("svg"),
    ngx_string("jxl")
};


ngx_int_t
ngx_app_image_response(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_http_clear_accept_ranges(r);
    ngx_http_clear_content_length(r);

    r->headers_out.content_length_n = -1;

    if (r->headers_out.refresh) {
        r->headers_out.refresh->hash = 0;
    }

    if (!ctx->verbatim) {
        ngx_app_image_drop_header(r, "Content-MD5");
        ngx_app_image_drop_header(r, "Content-Digest");
        ngx_app_image_drop_header(r, "Digest");
    }

    if (ctx->format != NGX_APP_IMAGE_AS_SOURCE && !ctx->verbatim) {
        ngx_app_image_type_set(r, &ngx_app_image_formats[ctx->format].type);
    }

    /* the tag of the source is none of the answer */

    if (r->headers_out.etag && !ctx->verbatim) {
        r->headers_out.etag->hash = 0;
        r->headers_out.etag = NULL;
    }

    if (ctx->etag.len && !ctx->verbatim) {
        r->headers_out.etag = ngx_list_push(&r->headers_out.headers);

        if (r->headers_out.etag == NULL) {
            return NGX_ERROR;
        }

        r->headers_out.etag->hash = 1;
        ngx_app_header_alone(r->headers_out.etag);
        ngx_str_set(&r->headers_out.etag->key, "ETag");
        r->headers_out.etag->value = ctx->etag;
    }

    if (ctx->vary && ngx_app_image_add_vary(r) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_app_image_hash_header(r, ctx);
}


ngx_int_t
ngx_app_image_add_vary(ngx_http_request_t *r)
{
    return ngx_app_image_add_header(r, "Vary", &ngx_app_image_vary);
}


static ngx_int_t
ngx_app_image_hash_header(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_str_t              value;
    ngx_app_image_work_t  *w;

    if (ctx->answer == NULL || ctx->ops.bh[0] == 0) {
        return NGX_OK;
    }

    w = &ctx->answer->work;

    value.len = w->hash_len;
    value.data = ngx_pnalloc(r->pool, value.len);

    if (value.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(value.data, w->hash, value.len);

    return ngx_app_image_add_header(r, "X-Image-BlurHash", &value);
}


ngx_buf_t *
ngx_app_image_response_body(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_buf_t  *b;

    if (ctx->format >= NGX_APP_IMAGE_TO_JSON && !ctx->verbatim) {
        b = ngx_app_image_json(r, ctx);

    } else {
        b = ngx_app_image_buf(r, ctx->answer->work.out,
                              ctx->answer->work.out_len);
    }

    if (b) {
        r->headers_out.content_length_n = b->last - b->pos;
    }

    return b;
}


static ngx_buf_t *
ngx_app_image_buf(ngx_http_request_t *r, u_char *pos, size_t len)
{
    ngx_buf_t  *b;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NULL;
    }

    b->pos = pos;
    b->last = pos + len;
    b->memory = 1;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    return b;
}


static ngx_buf_t *
ngx_app_image_json(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    u_char                *p, *last, text[512];
    uint32_t               width, height;
    ngx_str_t              hash, bytes;
    ngx_uint_t             turned;
    ngx_app_buf_t          b;
    ngx_app_image_info_t  *info;
    ngx_app_image_work_t  *w;

    w = ctx->answer ? &ctx->answer->work : NULL;
    info = &ctx->info;
    turned = (info->orientation > 4);
    width = turned ? info->height : info->width;
    height = turned ? info->width : info->height;

    p = text;
    last = text + sizeof(text);

    if (ctx->format == NGX_APP_IMAGE_TO_JSON) {
        p = ngx_slprintf(p, last, "{\"format\":\"%V\",\"width\":%uD,"
                         "\"height\":%uD,\"size\":%uz,\"frames\":%uD,"
                         "\"orientation\":%uD,\"bits\":%uD,\"alpha\":%s,"
                         "\"animated\":%s,\"icc\":%s",
                         &ngx_app_image_type_names[info->type], width, height,
                         ctx->len, info->frames, info->orientation,
                         info->bits, info->alpha ? "true" : "false",
                         info->animated ? "true" : "false",
                         info->icc ? "true" : "false");

    } else {
        p = ngx_slprintf(p, last, "{\"width\":%uD,\"height\":%uD", width,
                         height);
    }

    ngx_app_buf_init(&b, r->pool, NGX_APP_IMAGE_JSON, NGX_APP_IMAGE_JSON);

    if (ngx_app_buf_write(&b, text, p - text) != NGX_OK) {
        return NULL;
    }

    if (w) {

        /* neither BlurHash nor base64 has all bytes, but a "\" may be there */

        if (ctx->format == NGX_APP_IMAGE_TO_THUMBHASH) {
            hash.data = text;
            bytes.data = w->hash;
            bytes.len = w->hash_len;
            ngx_encode_base64(&hash, &bytes);

        } else {
            hash.data = w->hash;
            hash.len = w->hash_len;
        }

        if (ngx_app_buf_write(&b, ctx->format == NGX_APP_IMAGE_TO_THUMBHASH
                                  ? ",\"thumbhash\":" : ",\"blurhash\":",
                              ctx->format == NGX_APP_IMAGE_TO_THUMBHASH
                                  ? 13 : 12)
            != NGX_OK
            || ngx_app_json_write_string(&b, hash.data, hash.len) != NGX_OK)
        {
            return NULL;
        }
    }

    if (ngx_app_buf_write(&b, "}", 1) != NGX_OK) {
        return NULL;
    }

    return ngx_app_image_last(r, &b);
}


static void
ngx_app_image_type_set(ngx_http_request_t *r, ngx_str_t *type)
{
    r->headers_out.content_type = *type;
    r->headers_out.content_type_len = type->len;
    r->headers_out.content_type_lowcase = NULL;
    ngx_str_null(&r->headers_out.charset);
}


/* a date is looked at only without tags: RFC 9110, section 13.2.2 */

ngx_uint_t
ngx_app_image_not_modified(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    if (ctx->if_none_match.len ? !ngx_app_image_has_tag(ctx)
                               : !ngx_app_image_has_date(r, ctx))
    {
        return 0;
    }

    r->headers_out.status = NGX_HTTP_NOT_MODIFIED;
    r->headers_out.status_line.len = 0;
    r->headers_out.content_type.len = 0;
    ngx_http_clear_content_length(r);
    ngx_http_clear_accept_ranges(r);
    r->header_only = 1;

    return 1;
}


/* weak comparison, RFC 9110, section 13.1.2 */

static ngx_uint_t
ngx_app_image_has_tag(ngx_app_image_ctx_t *ctx)
{
    u_char  *p, *last, *end;
    size_t   len;

    if (ctx->etag.len == 0) {
        return 0;
    }

    p = ctx->if_none_match.data;
    last = p + ctx->if_none_match.len;

    if (last - p == 1 && *p == '*') {
        return 1;
    }

    while (p < last) {

        while (p < last && (*p == ' ' || *p == ',' || *p == '\t')) {
            p++;
        }

        if (last - p > 2 && p[0] == 'W' && p[1] == '/') {
            p += 2;
        }

        for (end = p; end < last && *end != ',' && *end != ' '; end++) {
            /* void */
        }

        len = end - p;

        if (len == ctx->etag.len - 2
            && ngx_memcmp(p, ctx->etag.data + 2, len) == 0)
        {
            return 1;
        }

        p = end;
    }

    return 0;
}


/* as nginx does it with a file */

static ngx_uint_t
ngx_app_image_has_date(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    time_t                     ims;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (ctx->if_modified_since.len == 0
        || r->headers_out.last_modified_time == (time_t) -1
        || clcf->if_modified_since == NGX_HTTP_IMS_OFF)
    {
        return 0;
    }

    ims = ngx_parse_http_time(ctx->if_modified_since.data,
                              ctx->if_modified_since.len);

    return ims == r->headers_out.last_modified_time
           || (clcf->if_modified_since == NGX_HTTP_IMS_BEFORE
               && ims > r->headers_out.last_modified_time);
}


/* an error that nginx answers with its own page: that becomes JSON */

ngx_int_t
ngx_app_image_problem(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    u_char         *p;
    ngx_str_t       retry;
    ngx_app_buf_t   b;

    ngx_app_buf_init(&b, r->pool, NGX_APP_IMAGE_JSON, NGX_APP_IMAGE_JSON);

    if (ngx_app_problem_write(&b, ctx->code, &ctx->message, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    ctx->problem = ngx_app_image_last(r, &b);
    if (ctx->problem == NULL) {
        return NGX_ERROR;
    }

    ngx_app_image_type_set(r, &ngx_app_image_json_type);
    ngx_http_clear_content_length(r);
    ngx_http_clear_last_modified(r);
    ngx_http_clear_etag(r);

    if (r->headers_out.content_encoding) {
        r->headers_out.content_encoding->hash = 0;
        r->headers_out.content_encoding = NULL;
    }

    r->headers_out.content_length_n = ctx->problem->last - ctx->problem->pos;

    if (ctx->retry == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    retry.data = p;
    retry.len = ngx_sprintf(p, "%ui", ctx->retry) - p;

    return ngx_app_image_add_header(r, "Retry-After", &retry);
}


/* all that was written, as the last buffer; it has been kept in one piece */

static ngx_buf_t *
ngx_app_image_last(ngx_http_request_t *r, ngx_app_buf_t *b)
{
    ngx_chain_t  *cl;

    cl = ngx_app_buf_take(b, NULL);
    if (cl == NULL) {
        return NULL;
    }

    cl->buf->last_buf = (r == r->main) ? 1 : 0;
    cl->buf->last_in_chain = 1;

    return cl->buf;
}
