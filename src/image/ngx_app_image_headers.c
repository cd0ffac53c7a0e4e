
/*
 * Copyright (C) the project authors
 */

/*
 * Headers of an answer, and how long it may be kept: a link with a version
 * never means other bytes, whatever its location says of the others.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <core/ngx_app_compat.h>
#include <image/ngx_app_image.h>


static ngx_int_t ngx_app_image_headers_filter(ngx_http_request_t *r);
static ngx_uint_t ngx_app_image_immutable(ngx_http_request_t *r);


static ngx_http_output_header_filter_pt  ngx_app_image_next_header_filter;


ngx_int_t
ngx_app_image_headers_init(ngx_conf_t *cf)
{
    ngx_app_image_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_app_image_headers_filter;

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_headers_filter(ngx_http_request_t *r)
{
    ngx_str_t  value = ngx_string("public, max-age=31536000, immutable");

    if (!ngx_app_image_immutable(r)) {
        return ngx_app_image_next_header_filter(r);
    }

    ngx_app_image_drop_header(r, "Cache-Control");
    ngx_app_image_drop_header(r, "Expires");

    if (ngx_app_image_add_header(r, "Cache-Control", &value) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_app_image_next_header_filter(r);
}


/* not what is shown for want of the image, nor what is none */

static ngx_uint_t
ngx_app_image_immutable(ngx_http_request_t *r)
{
    ngx_app_image_ctx_t       *ctx;
    ngx_app_image_loc_conf_t  *ilcf;

    ctx = ngx_http_get_module_ctx(r, ngx_app_image_filter_module);

    if (ctx == NULL || r != r->main || r->error_page || ctx->failed
        || !(ctx->ops.has & NGX_APP_IMAGE_HAS_VERSION)
        || ctx->status == NGX_APP_IMAGE_PASSED)
    {
        return 0;
    }

    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    return ilcf->mode != NGX_APP_IMAGE_OFF
           && (r->headers_out.status == NGX_HTTP_OK
               || r->headers_out.status == NGX_HTTP_PARTIAL_CONTENT
               || r->headers_out.status == NGX_HTTP_NOT_MODIFIED);
}


ngx_int_t
ngx_app_image_add_header(ngx_http_request_t *r, const char *key,
    ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
    ngx_app_header_alone(h);
    h->key.data = (u_char *) (uintptr_t) key;
    h->key.len = ngx_strlen(key);
    h->value = *value;

    return NGX_OK;
}


void
ngx_app_image_drop_header(ngx_http_request_t *r, const char *name)
{
    size_t            len;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    len = ngx_strlen(name);

    for (part = &r->headers_out.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (h[i].key.len == len
                && ngx_strncasecmp(h[i].key.data,
                                   (u_char *) (uintptr_t) name, len)
                   == 0)
            {
                h[i].hash = 0;
            }
        }
    }
}
