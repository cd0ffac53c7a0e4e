
/*
 * Copyright (C) the project authors
 */

/*
 * What is asked for: from the arguments, a preset and the location's defaults
 * to operations that the location allows.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <http/ngx_app_header.h>
#include <image/ngx_app_image.h>
#include <image/ngx_app_image_accept.h>


static ngx_app_image_ctx_t *ngx_app_image_create_ctx(ngx_http_request_t *r);
static ngx_int_t ngx_app_image_read_ops(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, ngx_app_image_loc_conf_t *ilcf);
static ngx_int_t ngx_app_image_read_args(ngx_http_request_t *r,
    ngx_app_image_loc_conf_t *ilcf, ngx_str_t *args);
static ngx_int_t ngx_app_image_parse(ngx_app_image_ctx_t *ctx,
    ngx_app_image_parse_t *pc, ngx_str_t *text, ngx_app_image_ops_t *ops);
static ngx_str_t *ngx_app_image_find_preset(ngx_http_request_t *r,
    ngx_app_image_name_t *name);
static ngx_int_t ngx_app_image_find_watermark(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);
static ngx_int_t ngx_app_image_allowed(ngx_app_image_ctx_t *ctx,
    ngx_app_image_allow_t *allow, ngx_app_image_ops_t *asked);
static ngx_int_t ngx_app_image_allowed_in(ngx_app_image_ctx_t *ctx,
    const char *name, ngx_array_t *list, ngx_uint_t snap, int32_t asked,
    int32_t *value);
static ngx_int_t ngx_app_image_allowed_formats(ngx_app_image_ctx_t *ctx,
    ngx_array_t *list, ngx_app_image_choice_t *asked);
static ngx_int_t ngx_app_image_policy(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, ngx_app_image_loc_conf_t *ilcf,
    ngx_app_image_ops_t *asked);
static void ngx_app_image_negotiate(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, ngx_app_image_loc_conf_t *ilcf);
static ngx_int_t ngx_app_image_conditions(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);
static ngx_int_t ngx_app_image_own_headers(ngx_http_request_t *r);
static void ngx_app_image_cleanup(void *data);


ngx_int_t
ngx_app_image_preaccess(ngx_http_request_t *r)
{
    ngx_app_image_ctx_t       *ctx;
    ngx_app_image_loc_conf_t  *ilcf;

    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    if (ilcf->mode == NGX_APP_IMAGE_OFF
        || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)))
    {
        return NGX_DECLINED;
    }

    ctx = ngx_app_image_prepare(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ctx->code) {

        /* the picture that error_page shows instead is no failure */

        if (r->error_page) {
            ctx->code = 0;
            ctx->none = 1;
            return NGX_DECLINED;
        }

        ctx->failed = 1;
        return ctx->code;
    }

    if (ilcf->mode == NGX_APP_IMAGE_ON && !ctx->none) {
        if (ngx_app_image_conditions(r, ctx) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    return NGX_DECLINED;
}


ngx_app_image_ctx_t *
ngx_app_image_prepare(ngx_http_request_t *r)
{
    ngx_app_image_ctx_t       *ctx;
    ngx_app_image_loc_conf_t  *ilcf;

    ctx = ngx_http_get_module_ctx(r, ngx_app_image_filter_module);
    ilcf = ngx_http_get_module_loc_conf(r, ngx_app_image_filter_module);

    if (ctx == NULL) {
        ctx = ngx_app_image_create_ctx(r);

        if (ctx == NULL) {
            return NULL;
        }
    }

    /* "rewrite" may have led to another location, with other rules */

    if (ctx->conf == ilcf || ctx->state != NGX_APP_IMAGE_ASKED) {
        return ctx;
    }

    ngx_memzero(ctx, sizeof(ngx_app_image_ctx_t));

    ctx->request = r;
    ctx->conf = ilcf;
    ngx_app_image_ops_init(&ctx->ops);

    return (ngx_app_image_read_ops(r, ctx, ilcf) == NGX_ERROR) ? NULL : ctx;
}


static ngx_app_image_ctx_t *
ngx_app_image_create_ctx(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t   *cln;
    ngx_app_image_ctx_t  *ctx;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_app_image_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    ctx = cln->data;
    ngx_memzero(ctx, sizeof(ngx_app_image_ctx_t));
    cln->handler = ngx_app_image_cleanup;

    ngx_http_set_ctx(r, ctx, ngx_app_image_filter_module);

    return ctx;
}


static void
ngx_app_image_cleanup(void *data)
{
    ngx_app_image_ctx_t *ctx = data;

    ngx_app_image_queue_leave(&ctx->wait);
    ngx_app_image_file_leave(ctx);

    if (ctx->event.posted) {
        ngx_delete_posted_event(&ctx->event);
    }

    if (ctx->answer) {
        ngx_app_image_answer_release(ctx->answer);
    }

    if (ctx->data) {
        ngx_free(ctx->data);
    }
}


ngx_int_t
ngx_app_image_fail(ngx_app_image_ctx_t *ctx, ngx_uint_t code,
    ngx_app_image_status_e status, const char *fmt, ...)
{
    u_char   *p;
    va_list   args;
    u_char    buf[NGX_MAX_ERROR_STR / 4];

    va_start(args, fmt);
    p = ngx_vslprintf(buf, buf + sizeof(buf), fmt, args);
    va_end(args);

    ctx->code = code;
    ctx->status = status;
    ctx->message.len = 0;

    ctx->message.data = ngx_pnalloc(ctx->request->pool, p - buf);

    if (ctx->message.data) {
        ctx->message.len = p - buf;
        ngx_memcpy(ctx->message.data, buf, ctx->message.len);
    }

    ngx_log_error(NGX_LOG_INFO, ctx->request->connection->log, 0,
                  "app image: %V", &ctx->message);

    return code;
}


/*
 * Later ones win: the location's defaults, the preset, the arguments.  The
 * arguments are read twice, for they name the preset.
 */

static ngx_int_t
ngx_app_image_read_ops(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    ngx_app_image_loc_conf_t *ilcf)
{
    u_char                 *p;
    ngx_str_t               args, *preset;
    ngx_app_image_ops_t     asked;
    ngx_app_image_parse_t   pc, native;

    ngx_memzero(&pc, sizeof(ngx_app_image_parse_t));
    ngx_memzero(&native, sizeof(ngx_app_image_parse_t));

    pc.dialect = ilcf->dialect;
    pc.reject = ilcf->unknown;

    if (ngx_app_image_read_args(r, ilcf, &args) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_app_image_ops_init(&asked);

    if (ngx_app_image_parse(ctx, &pc, &args, &asked) != NGX_OK) {
        return NGX_OK;
    }

    if (ilcf->defaults.len
        && ngx_app_image_parse(ctx, &native, &ilcf->defaults, &ctx->ops)
           != NGX_OK)
    {
        return NGX_OK;
    }

    if (pc.preset.len) {
        preset = ngx_app_image_find_preset(r, &pc.preset);

        if (preset == NULL) {
            (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_REQUEST,
                                      NGX_APP_IMAGE_REFUSED,
                                      "pr must be the name of a preset");
            return NGX_OK;
        }

        if (ngx_app_image_parse(ctx, &native, preset, &ctx->ops) != NGX_OK) {
            return NGX_OK;
        }
    }

    (void) ngx_app_image_ops_parse(&pc, &args, &ctx->ops);

    if (ngx_app_image_policy(r, ctx, ilcf, &asked) != NGX_OK
        || ngx_app_image_find_watermark(r, ctx) != NGX_OK)
    {
        return NGX_OK;
    }

    ngx_app_image_negotiate(r, ctx, ilcf);

    if (ilcf->placeholder && ctx->ops.bh[0] == 0) {
        ctx->ops.bh[0] = 4;
        ctx->ops.bh[1] = 3;
    }

    ctx->verbatim = ngx_app_image_ops_only_hash(&ctx->ops);

    p = ngx_pnalloc(r->pool, NGX_APP_IMAGE_OPS_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ctx->args.data = p;
    ctx->args.len = ngx_app_image_ops_write(p, &ctx->ops) - p;

    ctx->none = (ctx->args.len == 0);

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_read_args(ngx_http_request_t *r, ngx_app_image_loc_conf_t *ilcf,
    ngx_str_t *args)
{
    if (ilcf->args == NULL) {
        *args = r->args;
        return NGX_OK;
    }

    return ngx_http_complex_value(r, ilcf->args, args);
}


static ngx_int_t
ngx_app_image_parse(ngx_app_image_ctx_t *ctx, ngx_app_image_parse_t *pc,
    ngx_str_t *text, ngx_app_image_ops_t *ops)
{
    ngx_str_t  err;

    if (ngx_app_image_ops_parse(pc, text, ops) == NGX_OK) {
        return NGX_OK;
    }

    err.data = pc->err;
    err.len = pc->err_len;

    (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_REQUEST,
                              NGX_APP_IMAGE_REFUSED, "%V", &err);

    return NGX_DECLINED;
}


static ngx_str_t *
ngx_app_image_find_preset(ngx_http_request_t *r, ngx_app_image_name_t *name)
{
    ngx_uint_t                  i;
    ngx_app_image_preset_t     *preset;
    ngx_app_image_main_conf_t  *imcf;

    imcf = ngx_http_get_module_main_conf(r, ngx_app_image_filter_module);
    preset = imcf->presets.elts;

    for (i = 0; i < imcf->presets.nelts; i++) {
        if (preset[i].name.len == name->len
            && ngx_memcmp(preset[i].name.data, name->data, name->len) == 0)
        {
            return &preset[i].ops;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_app_image_find_watermark(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_app_image_main_conf_t  *imcf;

    if (ctx->ops.wm.len == 0) {
        return NGX_OK;
    }

    imcf = ngx_http_get_module_main_conf(r, ngx_app_image_filter_module);
    ctx->watermark = ngx_app_image_find_mark(imcf, &ctx->ops.wm);

    if (ctx->watermark) {
        return NGX_OK;
    }

    (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_REQUEST,
                              NGX_APP_IMAGE_REFUSED,
                              "wm must be the name of a watermark");

    return NGX_DECLINED;
}


/* what the location lets be asked for; its own words are not looked at */

static ngx_int_t
ngx_app_image_policy(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    ngx_app_image_loc_conf_t *ilcf, ngx_app_image_ops_t *asked)
{
    if (ilcf->keys
        && (asked->has & (NGX_APP_IMAGE_HAS_OPS|NGX_APP_IMAGE_HAS_PRESET
                          |NGX_APP_IMAGE_HAS_EXPIRY))
        && ngx_app_image_signed(&r->unparsed_uri, ilcf->keys) != NGX_OK)
    {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_FORBIDDEN,
                                  NGX_APP_IMAGE_FORBIDDEN,
                                  "s must be the signature of the link, and "
                                  "its last parameter");
        return NGX_DECLINED;
    }

    if ((asked->has & NGX_APP_IMAGE_HAS_EXPIRY) && asked->exp < ngx_time()) {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_FORBIDDEN,
                                  NGX_APP_IMAGE_FORBIDDEN,
                                  "the link has expired");
        return NGX_DECLINED;
    }

    if (ilcf->presets_only && (asked->has & NGX_APP_IMAGE_HAS_OPS)) {
        (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_REQUEST,
                                  NGX_APP_IMAGE_REFUSED,
                                  "only pr may be given here");
        return NGX_DECLINED;
    }

    if (ilcf->allow == NULL) {
        return NGX_OK;
    }

    return ngx_app_image_allowed(ctx, ilcf->allow, asked);
}


static ngx_int_t
ngx_app_image_allowed(ngx_app_image_ctx_t *ctx, ngx_app_image_allow_t *allow,
    ngx_app_image_ops_t *asked)
{
    if ((asked->w
         && ngx_app_image_allowed_in(ctx, "w", &allow->w, allow->snap,
                                     asked->w, &ctx->ops.w)
            != NGX_OK)
        || (asked->h
            && ngx_app_image_allowed_in(ctx, "h", &allow->h, allow->snap,
                                        asked->h, &ctx->ops.h)
               != NGX_OK)
        || (asked->q
            && ngx_app_image_allowed_in(ctx, "q", &allow->q, 0, asked->q,
                                        &ctx->ops.q)
               != NGX_OK)
        || (asked->dpr != 100
            && ngx_app_image_allowed_in(ctx, "dpr", &allow->dpr, 0,
                                        asked->dpr, &ctx->ops.dpr)
               != NGX_OK))
    {
        return NGX_DECLINED;
    }

    return ngx_app_image_allowed_formats(ctx, &allow->formats, &asked->fm);
}


static ngx_int_t
ngx_app_image_allowed_in(ngx_app_image_ctx_t *ctx, const char *name,
    ngx_array_t *list, ngx_uint_t snap, int32_t asked, int32_t *value)
{
    int32_t     *n;
    u_char       text[256], *p;
    ngx_uint_t   i;

    if (list->nelts == 0) {
        return NGX_OK;
    }

    n = list->elts;
    p = text;

    for (i = 0; i < list->nelts; i++) {

        if (n[i] == asked || (snap && n[i] > asked)) {
            *value = n[i];
            return NGX_OK;
        }

        if (p < text + sizeof(text) - NGX_INT32_LEN - 3) {
            p = ngx_sprintf(p, "%s", i ? ", " : "");
            p = ngx_app_image_decimal(p, n[i], (name[0] == 'd') ? 100 : 1);
        }
    }

    if (snap) {
        *value = n[list->nelts - 1];
        return NGX_OK;
    }

    *p = '\0';

    (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_REQUEST,
                              NGX_APP_IMAGE_REFUSED,
                              "%s must be one of %s", name, text);

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_image_allowed_formats(ngx_app_image_ctx_t *ctx, ngx_array_t *list,
    ngx_app_image_choice_t *asked)
{
    u_char       text[128], *p;
    ngx_uint_t   i, j, *format;

    if (list->nelts == 0) {
        return NGX_OK;
    }

    format = list->elts;

    for (i = 0; i < asked->n; i++) {

        p = text;

        for (j = 0; j < list->nelts; j++) {
            if (format[j] == asked->format[i]) {
                break;
            }

            p = ngx_slprintf(p, text + sizeof(text) - 1, "%s%V",
                             j ? ", " : "",
                             &ngx_app_image_formats[format[j]].name);
        }

        if (j == list->nelts) {
            *p = '\0';
            (void) ngx_app_image_fail(ctx, NGX_HTTP_BAD_REQUEST,
                                      NGX_APP_IMAGE_REFUSED,
                                      "fm must be one of %s", text);
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* none that the client names: it gets the format of the source, or of "fm" */

static void
ngx_app_image_negotiate(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    ngx_app_image_loc_conf_t *ilcf)
{
    ngx_str_t               accept, name = ngx_string("accept");
    ngx_table_elt_t        *h;
    ngx_app_image_choice_t  choice;

    if (!ctx->ops.negotiate) {
        return;
    }

    ctx->vary = 1;

    ngx_str_null(&accept);
    h = ngx_app_header_next(r, &name, NULL);

    if (h) {
        accept = h->value;
    }

    ngx_app_image_accept(&accept, &ilcf->formats, &choice);

    if (choice.n) {
        ctx->ops.fm = choice;
    }
}


/*
 * Conditions and ranges are of the answer: whoever serves the source gets such
 * as always hold (RFC 9110, sections 13.1 and 14.2).  Nor may it compress what
 * we have to read.  An image that stays as it is keeps its own conditions.
 */

static ngx_int_t
ngx_app_image_conditions(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx)
{
    ngx_uint_t        i, n;
    ngx_table_elt_t  *h;

    static struct {
        ngx_str_t   name;
        ngx_str_t   value;
    } headers[] = {
        { ngx_string("accept-encoding"), ngx_string("identity") },
        { ngx_string("if-none-match"), ngx_string("") },
        { ngx_string("if-modified-since"),
          ngx_string("Thu, 01 Jan 1970 00:00:00 GMT") },
        { ngx_string("if-unmodified-since"),
          ngx_string("Fri, 31 Dec 9999 23:59:59 GMT") },
        { ngx_string("if-match"), ngx_string("*") },
        { ngx_string("if-range"), ngx_string("") },
        { ngx_string("range"), ngx_string("") }
    };

    if (r->headers_in.if_none_match) {
        ctx->if_none_match = r->headers_in.if_none_match->value;
    }

    if (r->headers_in.if_modified_since) {
        ctx->if_modified_since = r->headers_in.if_modified_since->value;
    }

    if (r != r->main && ngx_app_image_own_headers(r) != NGX_OK) {
        return NGX_ERROR;
    }

    n = ctx->verbatim ? 1 : sizeof(headers) / sizeof(headers[0]);

    for (i = 0; i < n; i++) {
        h = NULL;

        while ((h = ngx_app_header_next(r, &headers[i].name, h)) != NULL) {
            h->value = headers[i].value;
        }
    }

    if (ctx->verbatim) {
        return NGX_OK;
    }

    r->headers_in.if_none_match = NULL;
    r->headers_in.if_modified_since = NULL;
    r->headers_in.if_unmodified_since = NULL;
    r->headers_in.if_match = NULL;
    r->headers_in.if_range = NULL;
    r->headers_in.range = NULL;

    return NGX_OK;
}


/* the headers of a subrequest are those of its parent */

static ngx_int_t
ngx_app_image_own_headers(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part, parent;
    ngx_table_elt_t  *h, *copy;

    parent = r->headers_in.headers.part;

    if (ngx_list_init(&r->headers_in.headers, r->pool, parent.nelts + 1,
                      sizeof(ngx_table_elt_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (part = &parent; part; part = part->next) {

        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            copy = ngx_list_push(&r->headers_in.headers);
            if (copy == NULL) {
                return NGX_ERROR;
            }

            *copy = h[i];
        }
    }

    return NGX_OK;
}
