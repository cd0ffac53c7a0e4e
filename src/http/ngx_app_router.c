
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_router.h>
#include <http/ngx_app_router_node.h>
#include <http/ngx_app_urldecode.h>


typedef struct {
    ngx_uint_t                method;
    ngx_uint_t                allowed;      /* bits of methods */

    ngx_str_t                 segments[NGX_APP_ROUTER_MAX_SEGMENTS];
    u_char                   *raw[NGX_APP_ROUTER_MAX_SEGMENTS];
    u_char                   *last;         /* of the path as it was sent */
    ngx_uint_t                nsegments;

    ngx_uint_t                nvalues;
    ngx_app_router_match_t   *match;
    ngx_pool_t               *pool;
} ngx_app_router_ctx_t;


static ngx_int_t ngx_app_router_split(ngx_app_router_ctx_t *ctx,
    ngx_str_t *uri);
static ngx_uint_t ngx_app_router_leaves(ngx_str_t *segment);
static ngx_int_t ngx_app_router_walk(ngx_app_router_ctx_t *ctx,
    ngx_app_router_node_t *node, ngx_uint_t n);
static ngx_int_t ngx_app_router_walk_param(ngx_app_router_ctx_t *ctx,
    ngx_app_router_node_t *node, ngx_uint_t n);
static ngx_int_t ngx_app_router_walk_wildcard(ngx_app_router_ctx_t *ctx,
    ngx_app_router_node_t *node, ngx_uint_t n);
static ngx_int_t ngx_app_router_end(ngx_app_router_ctx_t *ctx,
    ngx_app_router_node_t *node);
static ngx_int_t ngx_app_router_allow(ngx_app_router_ctx_t *ctx);


static ngx_str_t  ngx_app_router_methods[] = {
    ngx_string("GET"),
    ngx_string("POST"),
    ngx_string("PUT"),
    ngx_string("PATCH"),
    ngx_string("DELETE"),
    ngx_string("OPTIONS"),
    ngx_string("HEAD")
};


/* what each method adds to the list */
static ngx_str_t  ngx_app_router_allows[] = {
    ngx_string("GET, HEAD, "),
    ngx_string("POST, "),
    ngx_string("PUT, "),
    ngx_string("PATCH, "),
    ngx_string("DELETE, "),
    ngx_string("OPTIONS, ")
};


ngx_app_router_t *
ngx_app_router_create(ngx_pool_t *pool)
{
    ngx_app_router_t  *router;

    router = ngx_pcalloc(pool, sizeof(ngx_app_router_t));
    if (router == NULL) {
        return NULL;
    }

    router->pool = pool;

    router->root = ngx_app_router_node(pool);
    if (router->root == NULL) {
        return NULL;
    }

    return router;
}


ngx_int_t
ngx_app_router_match(ngx_app_router_t *router, ngx_str_t *method,
    ngx_str_t *uri, ngx_pool_t *pool, ngx_app_router_match_t *m)
{
    ngx_int_t             rc;
    ngx_app_router_ctx_t  ctx;

    m->route = NULL;
    m->err = NULL;
    ngx_str_null(&m->allow);

    ctx.method = ngx_app_router_method(method);
    ctx.allowed = 0;
    ctx.nsegments = 0;
    ctx.nvalues = 0;
    ctx.match = m;
    ctx.pool = pool;

    if (ctx.method == NGX_APP_ROUTER_HEAD) {
        ctx.method = 0;
    }

    rc = ngx_app_router_split(&ctx, uri);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_router_walk(&ctx, router->root, 0);

    if (rc == NGX_DECLINED && ctx.allowed != 0) {
        return ngx_app_router_allow(&ctx);
    }

    return rc;
}


/* cuts the path into segments and decodes each one alone */

static ngx_int_t
ngx_app_router_split(ngx_app_router_ctx_t *ctx, ngx_str_t *uri)
{
    u_char      *p, *end;
    ngx_int_t    rc;
    ngx_str_t   *segment;
    const char  *err;

    p = uri->data;
    end = p + uri->len;

    while (p < end && *p != '?' && *p != '#') {
        p++;
    }

    ctx->last = p;
    p = uri->data;

    if (p == ctx->last || *p != '/') {
        return NGX_DECLINED;
    }

    if (ctx->last - p > NGX_APP_ROUTER_MAX_PATH) {
        return NGX_BUSY;
    }

    for (p++; p < ctx->last; p = end + 1) {

        end = ngx_strlchr(p, ctx->last, '/');
        if (end == NULL) {
            end = ctx->last;
        }

        if (end == p) {
            return NGX_DECLINED;
        }

        if (ctx->nsegments == NGX_APP_ROUTER_MAX_SEGMENTS) {
            return NGX_BUSY;
        }

        ctx->raw[ctx->nsegments] = p;
        segment = &ctx->segments[ctx->nsegments++];

        segment->data = p;
        segment->len = end - p;

        rc = ngx_app_urldecode(ctx->pool, segment, segment, &err);

        if (rc == NGX_DECLINED) {
            ctx->match->err = err;
            return NGX_ABORT;
        }

        if (rc != NGX_OK) {
            return rc;
        }

        /*
         * nginx has chosen the location by the path without dots: an encoded
         * "/" must not bring in a ".." that leaves it, or a folder.
         */

        if (ngx_app_router_leaves(segment)) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_app_router_leaves(ngx_str_t *segment)
{
    u_char     *p, *end, *last;
    ngx_str_t   part;

    last = segment->data + segment->len;

    for (p = segment->data; p < last; p = end + 1) {
        end = ngx_strlchr(p, last, '/');
        if (end == NULL) {
            end = last;
        }

        part.data = p;
        part.len = end - p;

        if (ngx_app_router_dots(&part)) {
            return 1;
        }
    }

    return 0;
}


/*
 * Tries what is below a node for the segments from n on.  It goes down one
 * node of the tree at each call and comes to none twice, so both depth and
 * work are bounded by the configuration.
 */

static ngx_int_t
ngx_app_router_walk(ngx_app_router_ctx_t *ctx, ngx_app_router_node_t *node,
    ngx_uint_t n)
{
    ngx_int_t               rc;
    ngx_uint_t              at;
    ngx_app_router_node_t  *child;

    if (n == ctx->nsegments) {
        return ngx_app_router_end(ctx, node);
    }

    child = ngx_app_router_literal(node, &ctx->segments[n], &at);

    if (child != NULL) {
        rc = ngx_app_router_walk(ctx, child, n + 1);
        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    if (node->param != NULL) {
        rc = ngx_app_router_walk_param(ctx, node->param, n);
        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    if (node->wildcard != NULL) {
        return ngx_app_router_walk_wildcard(ctx, node->wildcard, n);
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_router_walk_param(ngx_app_router_ctx_t *ctx,
    ngx_app_router_node_t *node, ngx_uint_t n)
{
    ngx_int_t  rc;

    ctx->match->values[ctx->nvalues++] = ctx->segments[n];

    rc = ngx_app_router_walk(ctx, node, n + 1);

    ctx->nvalues--;

    return rc;
}


static ngx_int_t
ngx_app_router_walk_wildcard(ngx_app_router_ctx_t *ctx,
    ngx_app_router_node_t *node, ngx_uint_t n)
{
    ngx_int_t    rc;
    ngx_str_t    rest;
    const char  *err;

    rest.data = ctx->raw[n];
    rest.len = ctx->last - rest.data;

    /* all segments have been decoded, so this can fail for memory only */

    rc = ngx_app_urldecode(ctx->pool, &rest, &rest, &err);
    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    ctx->match->values[ctx->nvalues] = rest;

    return ngx_app_router_end(ctx, node);
}


static ngx_int_t
ngx_app_router_end(ngx_app_router_ctx_t *ctx, ngx_app_router_node_t *node)
{
    ngx_uint_t  i;

    if (ctx->method < NGX_APP_ROUTER_METHODS
        && node->routes[ctx->method] != NULL)
    {
        ctx->match->route = node->routes[ctx->method];
        return NGX_OK;
    }

    for (i = 0; i < NGX_APP_ROUTER_METHODS; i++) {
        if (node->routes[i] != NULL) {
            ctx->allowed |= (ngx_uint_t) 1 << i;
        }
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_router_allow(ngx_app_router_ctx_t *ctx)
{
    u_char      *p;
    size_t       len;
    ngx_str_t   *allow;
    ngx_uint_t   i;

    len = 0;

    for (i = 0; i < NGX_APP_ROUTER_METHODS; i++) {
        if (ctx->allowed & (ngx_uint_t) 1 << i) {
            len += ngx_app_router_allows[i].len;
        }
    }

    allow = &ctx->match->allow;

    p = ngx_pnalloc(ctx->pool, len + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    allow->data = p;

    for (i = 0; i < NGX_APP_ROUTER_METHODS; i++) {
        if (ctx->allowed & (ngx_uint_t) 1 << i) {
            p = ngx_cpymem(p, ngx_app_router_allows[i].data,
                           ngx_app_router_allows[i].len);
        }
    }

    /* without the last ", " */

    allow->len = (p == allow->data) ? 0 : p - allow->data - 2;

    return NGX_DONE;
}


ngx_app_router_node_t *
ngx_app_router_node(ngx_pool_t *pool)
{
    ngx_app_router_node_t  *node;

    node = ngx_pcalloc(pool, sizeof(ngx_app_router_node_t));
    if (node == NULL) {
        return NULL;
    }

    if (ngx_array_init(&node->literals, pool, 2,
                       sizeof(ngx_app_router_node_t *))
        != NGX_OK)
    {
        return NULL;
    }

    return node;
}


ngx_app_router_node_t *
ngx_app_router_literal(ngx_app_router_node_t *node, ngx_str_t *text,
    ngx_uint_t *at)
{
    ngx_int_t                rc;
    ngx_uint_t               low, high, mid;
    ngx_app_router_node_t  **child;

    child = node->literals.elts;
    low = 0;
    high = node->literals.nelts;

    while (low < high) {
        mid = (low + high) / 2;

        if (text->len != child[mid]->text.len) {
            rc = (text->len < child[mid]->text.len) ? -1 : 1;

        } else {
            rc = ngx_memcmp(text->data, child[mid]->text.data, text->len);
        }

        if (rc == 0) {
            return child[mid];
        }

        if (rc < 0) {
            high = mid;

        } else {
            low = mid + 1;
        }
    }

    *at = low;

    return NULL;
}


ngx_uint_t
ngx_app_router_method(ngx_str_t *name)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_APP_ROUTER_OTHER; i++) {
        if (ngx_app_router_methods[i].len == name->len
            && ngx_memcmp(ngx_app_router_methods[i].data, name->data,
                          name->len)
               == 0)
        {
            return i;
        }
    }

    return NGX_APP_ROUTER_OTHER;
}


ngx_uint_t
ngx_app_router_dots(ngx_str_t *segment)
{
    return segment->len != 0 && segment->len <= 2 && segment->data[0] == '.'
           && segment->data[segment->len - 1] == '.';
}
