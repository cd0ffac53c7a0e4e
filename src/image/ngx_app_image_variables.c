
/*
 * Copyright (C) the project authors
 */

/*
 * Variables.  $app_image_key and $app_image_args are worth something where
 * the filter is off, too: in the location whose cache keeps the answers.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <image/ngx_app_image.h>


typedef enum {
    NGX_APP_IMAGE_V_KEY = 0,
    NGX_APP_IMAGE_V_ARGS,
    NGX_APP_IMAGE_V_FORMAT,
    NGX_APP_IMAGE_V_STATUS,
    NGX_APP_IMAGE_V_WIDTH,
    NGX_APP_IMAGE_V_HEIGHT,
    NGX_APP_IMAGE_V_SOURCE_WIDTH,
    NGX_APP_IMAGE_V_SOURCE_HEIGHT,
    NGX_APP_IMAGE_V_SOURCE_BYTES,
    NGX_APP_IMAGE_V_QUEUE_TIME,
    NGX_APP_IMAGE_V_TIME,
    NGX_APP_IMAGE_V_EFFORT,
    NGX_APP_IMAGE_V_BLURHASH
} ngx_app_image_variable_e;


static ngx_int_t ngx_app_image_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static u_char *ngx_app_image_key(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, u_char *p);
static u_char *ngx_app_image_asked_value(ngx_app_image_ctx_t *ctx,
    ngx_app_image_variable_e which, u_char *p);
static u_char *ngx_app_image_made_value(ngx_app_image_ctx_t *ctx,
    ngx_app_image_variable_e which, u_char *p);


static ngx_http_variable_t  ngx_app_image_variables[] = {

    { ngx_string("app_image_key"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_KEY, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_args"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_ARGS, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_format"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_FORMAT, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_status"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_STATUS, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_width"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_WIDTH, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_height"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_HEIGHT, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_source_width"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_SOURCE_WIDTH, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_source_height"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_SOURCE_HEIGHT, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_source_bytes"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_SOURCE_BYTES, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_queue_time"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_QUEUE_TIME, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_time"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_TIME, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_effort"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_EFFORT, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("app_image_blurhash"), NULL, ngx_app_image_variable,
      NGX_APP_IMAGE_V_BLURHASH, NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


static ngx_str_t  ngx_app_image_statuses[] = {
    ngx_string(""),
    ngx_string("ok"),
    ngx_string("passed"),
    ngx_string("not_modified"),
    ngx_string("refused"),
    ngx_string("forbidden"),
    ngx_string("too_large"),
    ngx_string("unreadable"),
    ngx_string("overloaded"),
    ngx_string("timeout"),
    ngx_string("error")
};


ngx_int_t
ngx_app_image_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_app_image_variables; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    u_char               *p, *end;
    ngx_app_image_ctx_t  *ctx;

    if (data <= NGX_APP_IMAGE_V_ARGS) {
        ctx = ngx_app_image_prepare(r);

        if (ctx == NULL) {
            return NGX_ERROR;
        }

    } else {
        ctx = ngx_http_get_module_ctx(r, ngx_app_image_filter_module);
    }

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_APP_IMAGE_OPS_LEN + NGX_INT_T_LEN + 1
                            + sizeof(":") - 1 + 16);
    if (p == NULL) {
        return NGX_ERROR;
    }

    if (data == NGX_APP_IMAGE_V_KEY) {
        end = ngx_app_image_key(r, ctx, p);

    } else if (data <= NGX_APP_IMAGE_V_STATUS) {
        end = ngx_app_image_asked_value(ctx, data, p);

    } else {
        end = ngx_app_image_made_value(ctx, data, p);
    }

    if (end == p && data > NGX_APP_IMAGE_V_ARGS) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->data = p;
    v->len = end - p;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


/* what is refused has a key of its own, that no answer is kept under */

static u_char *
ngx_app_image_key(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx, u_char *p)
{
    uint32_t                    generation;
    ngx_str_t                   source;
    ngx_app_image_loc_conf_t   *ilcf;
    ngx_app_image_main_conf_t  *imcf;

    if (ctx->code) {
        return ngx_cpymem(p, "refused", sizeof("refused") - 1);
    }

    imcf = ngx_http_get_module_main_conf(r, ngx_app_image_filter_module);
    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    source = r->uri;

    if (ilcf->source
        && ngx_http_complex_value(r, ilcf->source, &source) != NGX_OK)
    {
        return p;
    }

    generation = imcf->queue.zone
                 ? ngx_app_image_zone_generation(imcf->queue.zone, &source)
                 : 0;

    p = ngx_sprintf(p, "%uD:%V", generation, &ctx->args);

    /* the same name may mean another picture after a reload */

    return ctx->watermark ? ngx_sprintf(p, ":%016xL", ctx->watermark->hash)
                          : p;
}


static u_char *
ngx_app_image_asked_value(ngx_app_image_ctx_t *ctx,
    ngx_app_image_variable_e which, u_char *p)
{
    switch (which) {

    case NGX_APP_IMAGE_V_ARGS:
        return ngx_cpymem(p, ctx->args.data, ctx->args.len);

    case NGX_APP_IMAGE_V_FORMAT:
        return ngx_sprintf(p, "%V", &ngx_app_image_formats[ctx->format].name);

    default: /* NGX_APP_IMAGE_V_STATUS */
        return ngx_sprintf(p, "%V", &ngx_app_image_statuses[ctx->status]);
    }
}


static u_char *
ngx_app_image_made_value(ngx_app_image_ctx_t *ctx,
    ngx_app_image_variable_e which, u_char *p)
{
    ngx_app_image_work_t  *w;

    if (which == NGX_APP_IMAGE_V_SOURCE_BYTES) {
        return ctx->len ? ngx_sprintf(p, "%uz", ctx->len) : p;
    }

    if (ctx->answer == NULL) {
        return p;
    }

    w = &ctx->answer->work;

    switch (which) {

    case NGX_APP_IMAGE_V_WIDTH:
        return ngx_sprintf(p, "%uD", w->width);

    case NGX_APP_IMAGE_V_HEIGHT:
        return ngx_sprintf(p, "%uD", w->height);

    case NGX_APP_IMAGE_V_SOURCE_WIDTH:
        return ngx_sprintf(p, "%uD", w->source_width);

    case NGX_APP_IMAGE_V_SOURCE_HEIGHT:
        return ngx_sprintf(p, "%uD", w->source_height);

    case NGX_APP_IMAGE_V_QUEUE_TIME:
        return ngx_sprintf(p, "%T.%03M", (time_t) (ctx->answer->waited / 1000),
                           ctx->answer->waited % 1000);

    case NGX_APP_IMAGE_V_TIME:
        return ngx_sprintf(p, "%T.%03M", (time_t) (w->took / 1000),
                           w->took % 1000);

    case NGX_APP_IMAGE_V_EFFORT:
        return ngx_sprintf(p, "%ui", w->effort);

    default: /* NGX_APP_IMAGE_V_BLURHASH */
        if (w->format == NGX_APP_IMAGE_TO_THUMBHASH) {
            return p;
        }

        return ngx_cpymem(p, w->hash, w->hash_len);
    }
}
