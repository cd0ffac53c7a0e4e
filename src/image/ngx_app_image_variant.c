
/*
 * Copyright (C) the project authors
 */

/*
 * What makes an answer that answer: its format, its entity tag, and whether
 * somebody is making the same already.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <core/ngx_app_hash.h>
#include <image/ngx_app_image.h>


static ngx_uint_t ngx_app_image_suits(ngx_app_image_format_e format,
    ngx_app_image_ops_t *ops, ngx_app_image_info_t *info);
static void ngx_app_image_hash_variant(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, uint64_t *hash);


ngx_app_image_format_e
ngx_app_image_choose(ngx_app_image_ops_t *ops, ngx_app_image_info_t *info,
    ngx_uint_t savers)
{
    ngx_uint_t  i;

    /* what is named alone is meant, whatever gets lost */

    if (ops->fm.n == 1 && !ops->negotiate) {
        return ops->fm.format[0];
    }

    for (i = 0; i < ops->fm.n; i++) {
        if ((savers & (1u << ops->fm.format[i]))
            && ngx_app_image_suits(ops->fm.format[i], ops, info))
        {
            return ops->fm.format[i];
        }
    }

    switch (info->type) {

    case NGX_APP_IMAGE_PNG:
    case NGX_APP_IMAGE_SVG:
        return NGX_APP_IMAGE_TO_PNG;

    case NGX_APP_IMAGE_WEBP:
        return NGX_APP_IMAGE_TO_WEBP;

    case NGX_APP_IMAGE_GIF:
        return NGX_APP_IMAGE_TO_GIF;

    case NGX_APP_IMAGE_AVIF:
        return NGX_APP_IMAGE_TO_AVIF;

    case NGX_APP_IMAGE_JPEG:
        return NGX_APP_IMAGE_TO_JPEG;

    default: /* formats that browsers do not draw */
        return info->alpha ? NGX_APP_IMAGE_TO_PNG : NGX_APP_IMAGE_TO_JPEG;
    }
}


static ngx_uint_t
ngx_app_image_suits(ngx_app_image_format_e format, ngx_app_image_ops_t *ops,
    ngx_app_image_info_t *info)
{
    switch (format) {

    case NGX_APP_IMAGE_TO_JPEG:
        if (info->alpha && !ops->bg.set) {
            return 0;
        }

        /* fall through */

    case NGX_APP_IMAGE_TO_PNG:
    case NGX_APP_IMAGE_TO_AVIF:
    case NGX_APP_IMAGE_TO_JXL:
        return !info->animated || ngx_app_image_readable(info) == 1
               || ops->n == 1;

    default:
        return 1;
    }
}


/* all that the answer's bytes depend on, apart from the load */

static void
ngx_app_image_hash_variant(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    uint64_t *hash)
{
    ngx_uint_t                 i, version;
    ngx_app_hash_t             h;
    ngx_app_image_loc_conf_t  *ilcf;

    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);
    version = ngx_app_image_vips_version();

    for (i = 0; i < 2; i++) {
        ngx_app_hash_init(&h, i);

        ngx_app_hash_update(&h, ctx->validator.data, ctx->validator.len);
        ngx_app_hash_update(&h, ctx->args.data, ctx->args.len);
        ngx_app_hash_update(&h, ilcf->quality, sizeof(ilcf->quality));
        ngx_app_hash_update(&h, ilcf->effort, sizeof(ilcf->effort));
        ngx_app_hash_update(&h, &ilcf->metadata, sizeof(ilcf->metadata));
        ngx_app_hash_update(&h, &ilcf->keep_icc, sizeof(ilcf->keep_icc));
        ngx_app_hash_update(&h, &version, sizeof(version));

        if (ctx->watermark) {
            ngx_app_hash_update(&h, &ctx->watermark->hash, sizeof(uint64_t));
        }

        hash[i] = ngx_app_hash_final(&h);
    }
}


ngx_int_t
ngx_app_image_etag(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    u_char                    *p;
    uint64_t                   hash[2];
    ngx_app_image_loc_conf_t  *ilcf;

    p = ngx_pnalloc(r->pool, NGX_TIME_T_LEN + NGX_OFF_T_LEN + 2);
    if (p == NULL) {
        return NGX_ERROR;
    }

    if (r->headers_out.etag && r->headers_out.etag->value.len) {
        ctx->validator = r->headers_out.etag->value;

    } else if (r->headers_out.last_modified_time != -1) {
        ctx->validator.data = p;
        ctx->validator.len = ngx_sprintf(p, "%T-%O",
                                         r->headers_out.last_modified_time,
                                         r->headers_out.content_length_n)
                             - p;
    }

    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    if (!ilcf->etag || ctx->validator.len == 0) {
        return NGX_OK;
    }

    ngx_app_image_hash_variant(r, ctx, hash);

    /* weak: under load an encoder takes less pains, with the same picture */

    p = ngx_pnalloc(r->pool, sizeof("W/\"\"") - 1 + 32);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ctx->etag.data = p;
    ctx->etag.len = ngx_sprintf(p, "W/\"%016xL%016xL\"", hash[0], hash[1])
                    - p;

    return NGX_OK;
}


/* the source by its place and validator; without one nobody makes the same */

void
ngx_app_image_work_key(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    u_char *key)
{
    void               *conf;
    uint64_t            hash[2], part[2];
    ngx_uint_t          i;
    ngx_app_hash_t      h;

    static ngx_uint_t   serial;

    ngx_app_image_hash_variant(r, ctx, hash);

    conf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    if (ctx->validator.len == 0) {
        serial++;
    }

    for (i = 0; i < 2; i++) {
        ngx_app_hash_init(&h, hash[i]);

        ngx_app_hash_update(&h, &conf, sizeof(conf));
        ngx_app_hash_update(&h, r->headers_in.server.data,
                            r->headers_in.server.len);
        ngx_app_hash_update(&h, "/", 1);
        ngx_app_hash_update(&h, r->uri.data, r->uri.len);

        /* an upstream may choose by them, and its tags are each URL's own */

        if (r->upstream) {
            ngx_app_hash_update(&h, "?", 1);
            ngx_app_hash_update(&h, r->args.data, r->args.len);
        }

        ngx_app_hash_update(&h, &ctx->len, sizeof(ctx->len));
        ngx_app_hash_update(&h, &ctx->format, sizeof(ctx->format));

        if (ctx->validator.len == 0) {
            ngx_app_hash_update(&h, &serial, sizeof(serial));
        }

        part[i] = ngx_app_hash_final(&h);
    }

    ngx_memcpy(key, part, NGX_APP_IMAGE_KEY);
}
