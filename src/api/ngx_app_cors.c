
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_cors.h>
#include <http/ngx_app_header.h>


static ngx_uint_t ngx_app_cors_host_char(u_char c);
static ngx_int_t ngx_app_cors_host(u_char *p, u_char *last);
static ngx_int_t ngx_app_cors_port(u_char *p, u_char *last);
static ngx_int_t ngx_app_cors_preflight(ngx_http_request_t *r);
static ngx_int_t ngx_app_cors_remember(ngx_http_request_t *r,
    ngx_app_cors_t *cors);
static void ngx_app_cors_cleanup(void *data);
static ngx_app_cors_t *ngx_app_cors_find(ngx_http_request_t *r);
static ngx_str_t *ngx_app_cors_request_origin(ngx_http_request_t *r);
static ngx_int_t ngx_app_cors_header_filter(ngx_http_request_t *r);
static void ngx_app_cors_clear(ngx_http_request_t *r);
static ngx_int_t ngx_app_cors_add(ngx_http_request_t *r, char *key,
    ngx_str_t *value);


static ngx_http_output_header_filter_pt  ngx_app_cors_next_header_filter;


static ngx_str_t  ngx_app_cors_true = ngx_string("true");
static ngx_str_t  ngx_app_cors_vary = ngx_string("Origin");
static ngx_str_t  ngx_app_cors_zero = ngx_string("0");


/*
 * Entries: "https://shop.example", with a port or not; the same with "*." in
 * front of the host, which is one or more labels; ".shop.example", which is
 * that with https and no port; "http://localhost:*", any port; "*".
 */

ngx_int_t
ngx_app_cors_origin(ngx_str_t *text, ngx_app_cors_origin_t *o,
    const char **err)
{
    u_char  *p, *last, *colon;

    ngx_memzero(o, sizeof(ngx_app_cors_origin_t));

    ngx_strlow(text->data, text->data, text->len);

    p = text->data;
    last = p + text->len;

    if (text->len == 1 && *p == '*') {
        o->any = 1;
        return NGX_OK;
    }

    *err = "use scheme and host, as in https://shop.example, "
           "https://*.shop.example, http://localhost:* or .shop.example";

    if (text->len && *p == '.') {
        ngx_str_set(&o->head, "https://");
        o->tail = *text;
        o->host = 1;

        return ngx_app_cors_host(p + 1, last);
    }

    if (text->len > 8 && ngx_strncmp(p, "https://", 8) == 0) {
        p += 8;

    } else if (text->len > 7 && ngx_strncmp(p, "http://", 7) == 0) {
        p += 7;

    } else {
        return NGX_DECLINED;
    }

    o->head = *text;

    if (last - p > 2 && p[0] == '*' && p[1] == '.') {
        o->head.len = p - text->data;
        o->tail.data = p + 1;
        o->tail.len = last - p - 1;
        o->host = 1;
        p += 2;
    }

    colon = ngx_strlchr(p, last, ':');

    if (colon == NULL) {
        return ngx_app_cors_host(p, last);
    }

    if (ngx_app_cors_host(p, colon) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (last - colon == 2 && colon[1] == '*' && !o->host) {
        o->port = 1;
        o->head.len = colon + 1 - text->data;
        return NGX_OK;
    }

    return ngx_app_cors_port(colon + 1, last);
}


static ngx_uint_t
ngx_app_cors_host_char(u_char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}


/* labels with one dot between them */

static ngx_int_t
ngx_app_cors_host(u_char *p, u_char *last)
{
    u_char  before;

    before = '.';

    if (p == last) {
        return NGX_DECLINED;
    }

    for ( /* void */ ; p < last; p++) {

        if (!ngx_app_cors_host_char(*p) && (*p != '.' || before == '.')) {
            return NGX_DECLINED;
        }

        before = *p;
    }

    return (before == '.') ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_app_cors_port(u_char *p, u_char *last)
{
    ngx_int_t  n;

    if (p == last || *p == '0') {
        return NGX_DECLINED;
    }

    n = ngx_atoi(p, last - p);

    return (n < 1 || n > 65535) ? NGX_DECLINED : NGX_OK;
}


ngx_uint_t
ngx_app_cors_match(ngx_app_cors_t *cors, ngx_str_t *origin)
{
    u_char                 *p, *last;
    ngx_uint_t              i;
    ngx_app_cors_origin_t  *o;

    o = cors->origins.elts;

    for (i = 0; i < cors->origins.nelts; i++) {

        if (o[i].any) {
            return 1;
        }

        if (origin->len < o[i].head.len
            || ngx_strncmp(origin->data, o[i].head.data, o[i].head.len) != 0)
        {
            continue;
        }

        p = origin->data + o[i].head.len;
        last = origin->data + origin->len;

        if (o[i].port) {
            if (ngx_app_cors_port(p, last) == NGX_OK) {
                return 1;
            }

            continue;
        }

        if (!o[i].host) {
            if (p == last) {
                return 1;
            }

            continue;
        }

        if ((size_t) (last - p) > o[i].tail.len
            && ngx_strncmp(last - o[i].tail.len, o[i].tail.data,
                           o[i].tail.len)
               == 0
            && ngx_app_cors_host(p, last - o[i].tail.len) == NGX_OK)
        {
            return 1;
        }
    }

    return 0;
}


ngx_int_t
ngx_app_cors_init(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    /* before limits, access and "return": a preflight is none of theirs */

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_REWRITE_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_app_cors_preflight;

    ngx_app_cors_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_app_cors_header_filter;

    return NGX_OK;
}


static ngx_int_t
ngx_app_cors_preflight(ngx_http_request_t *r)
{
    ngx_str_t                *origin;
    ngx_int_t                 rc;
    ngx_app_cors_t           *cors;
    ngx_app_cors_loc_conf_t  *colf;

    colf = ngx_http_get_module_loc_conf(r, ngx_app_cors_module);
    cors = colf->cors;

    if (cors == NULL || r != r->main) {
        return NGX_DECLINED;
    }

    if (ngx_app_cors_remember(r, cors) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (cors->none || r->method != NGX_HTTP_OPTIONS) {
        return NGX_DECLINED;
    }

    origin = ngx_app_cors_request_origin(r);

    if (origin == NULL) {
        return NGX_DECLINED;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    r->headers_out.status = NGX_HTTP_NO_CONTENT;
    r->header_only = 1;

    /* nginx itself leaves it out, and some browsers wait for a body then */

    if (ngx_app_cors_add(r, "Content-Length", &ngx_app_cors_zero) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_app_cors_match(cors, origin)
        && (ngx_app_cors_add(r, "Access-Control-Allow-Methods",
                             &cors->methods)
            != NGX_OK
            || ngx_app_cors_add(r, "Access-Control-Allow-Headers",
                                &cors->headers)
               != NGX_OK
            || ngx_app_cors_add(r, "Access-Control-Max-Age", &cors->max_age)
               != NGX_OK))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_send_header(r);
}


/*
 * error_page may lead to a location that says nothing about origins; the
 * answer is still that of the location where the request was.
 */

static ngx_int_t
ngx_app_cors_remember(ngx_http_request_t *r, ngx_app_cors_t *cors)
{
    ngx_pool_cleanup_t  *cln;

    if (r->internal || ngx_app_cors_find(r)) {
        return NGX_OK;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_app_cors_cleanup;
    cln->data = cors;

    return NGX_OK;
}


/* marks the entry as ours; contexts do not outlive a redirect */

static void
ngx_app_cors_cleanup(void *data)
{
    /* void */
}


static ngx_app_cors_t *
ngx_app_cors_find(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t  *cln;

    for (cln = r->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_app_cors_cleanup) {
            return cln->data;
        }
    }

    return NULL;
}


static ngx_str_t *
ngx_app_cors_request_origin(ngx_http_request_t *r)
{
    ngx_str_t         name = ngx_string("origin");
    ngx_table_elt_t  *h;

    h = ngx_app_header_next(r, &name, NULL);

    return h ? &h->value : NULL;
}


static ngx_int_t
ngx_app_cors_header_filter(ngx_http_request_t *r)
{
    ngx_str_t                *origin;
    ngx_app_cors_t           *cors;
    ngx_app_cors_loc_conf_t  *colf;

    if (r != r->main) {
        return ngx_app_cors_next_header_filter(r);
    }

    colf = ngx_http_get_module_loc_conf(r, ngx_app_cors_module);
    cors = colf->cors;

    if (cors == NULL && r->internal) {
        cors = ngx_app_cors_find(r);
    }

    if (cors == NULL || cors->none) {
        return ngx_app_cors_next_header_filter(r);
    }

    if (ngx_app_cors_add(r, "Vary", &ngx_app_cors_vary) != NGX_OK) {
        return NGX_ERROR;
    }

    origin = ngx_app_cors_request_origin(r);

    if (origin == NULL || !ngx_app_cors_match(cors, origin)) {
        return ngx_app_cors_next_header_filter(r);
    }

    ngx_app_cors_clear(r);

    if (ngx_app_cors_add(r, "Access-Control-Allow-Origin", origin) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (cors->credentials
        && ngx_app_cors_add(r, "Access-Control-Allow-Credentials",
                            &ngx_app_cors_true)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (cors->expose.len
        && ngx_app_cors_add(r, "Access-Control-Expose-Headers",
                            &cors->expose)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_app_cors_next_header_filter(r);
}


/* a proxied server may have its own opinion; two of them are none */

static void
ngx_app_cors_clear(ngx_http_request_t *r)
{
    ngx_uint_t        i, n;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    static ngx_str_t  names[] = {
        ngx_string("Access-Control-Allow-Origin"),
        ngx_string("Access-Control-Allow-Credentials"),
        ngx_string("Access-Control-Expose-Headers")
    };

    for (part = &r->headers_out.headers.part; part; part = part->next) {

        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            for (n = 0; n < 3; n++) {
                if (h[i].key.len == names[n].len
                    && ngx_strncasecmp(h[i].key.data, names[n].data,
                                       names[n].len)
                       == 0)
                {
                    h[i].hash = 0;
                }
            }
        }
    }
}


static ngx_int_t
ngx_app_cors_add(ngx_http_request_t *r, char *key, ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    h->key.data = (u_char *) key;
    h->key.len = ngx_strlen(key);
    h->value = *value;

    return NGX_OK;
}
