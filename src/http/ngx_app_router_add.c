
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_router.h>
#include <http/ngx_app_router_node.h>
#include <http/ngx_app_urldecode.h>


static ngx_app_router_node_t *ngx_app_router_place(ngx_app_router_t *router,
    ngx_app_router_route_t *route, ngx_str_t *path);
static ngx_app_router_node_t *ngx_app_router_place_param(
    ngx_app_router_t *router, ngx_app_router_route_t *route,
    ngx_app_router_node_t **node, ngx_str_t *segment, ngx_str_t *path);
static ngx_app_router_node_t *ngx_app_router_place_literal(
    ngx_app_router_t *router, ngx_app_router_node_t *node,
    ngx_str_t *segment, ngx_str_t *path);
static void ngx_cdecl ngx_app_router_error(ngx_app_router_t *router,
    const char *fmt, ...);


ngx_app_router_route_t *
ngx_app_router_add(ngx_app_router_t *router, ngx_str_t *method,
    ngx_str_t *path, void *data)
{
    ngx_uint_t               i;
    ngx_app_router_node_t   *node;
    ngx_app_router_route_t  *route;

    router->err.len = 0;
    router->conflict = NULL;

    i = ngx_app_router_method(method);

    if (i == NGX_APP_ROUTER_HEAD) {
        ngx_app_router_error(router, "method \"HEAD\" needs no route, "
                             "that of \"GET\" answers it");
        return NULL;
    }

    if (i >= NGX_APP_ROUTER_METHODS) {
        ngx_app_router_error(router, "unknown method \"%V\", use GET, POST, "
                             "PUT, PATCH, DELETE or OPTIONS", method);
        return NULL;
    }

    route = ngx_pcalloc(router->pool, sizeof(ngx_app_router_route_t));
    if (route == NULL) {
        return NULL;
    }

    route->data = data;

    node = ngx_app_router_place(router, route, path);
    if (node == NULL) {
        return NULL;
    }

    if (node->routes[i] != NULL) {
        router->conflict = node->routes[i];
        ngx_app_router_error(router, "duplicate route \"%V %V\", another one "
                             "of the same shape is there already", method,
                             path);
        return NULL;
    }

    node->routes[i] = route;

    return route;
}


/* finds or makes the node where a path ends */

static ngx_app_router_node_t *
ngx_app_router_place(ngx_app_router_t *router, ngx_app_router_route_t *route,
    ngx_str_t *path)
{
    u_char                 *p, *end, *last;
    ngx_str_t               segment;
    ngx_uint_t              n;
    ngx_app_router_node_t  *node;

    if (path->len == 0 || path->data[0] != '/') {
        ngx_app_router_error(router, "path \"%V\" must begin with \"/\"",
                             path);
        return NULL;
    }

    node = router->root;
    last = path->data + path->len;
    n = 0;

    for (p = path->data + 1; p < last; p = end + 1) {

        end = ngx_strlchr(p, last, '/');
        if (end == NULL) {
            end = last;
        }

        segment.data = p;
        segment.len = end - p;

        if (segment.len == 0) {
            ngx_app_router_error(router, "empty segment in path \"%V\", "
                                 "write a single \"/\"", path);
            return NULL;
        }

        if (++n > NGX_APP_ROUTER_MAX_SEGMENTS) {
            ngx_app_router_error(router, "path \"%V\" has more than %d "
                                 "segments", path,
                                 NGX_APP_ROUTER_MAX_SEGMENTS);
            return NULL;
        }

        if (*p == ':') {
            node = ngx_app_router_place_param(router, route, &node->param,
                                              &segment, path);

        } else if (*p == '*') {
            if (end != last) {
                ngx_app_router_error(router, "wildcard \"%V\" must be the last "
                                     "part of path \"%V\"", &segment, path);
                return NULL;
            }

            node = ngx_app_router_place_param(router, route, &node->wildcard,
                                              &segment, path);

        } else {
            node = ngx_app_router_place_literal(router, node, &segment, path);
        }

        if (node == NULL) {
            return NULL;
        }
    }

    return node;
}


static ngx_app_router_node_t *
ngx_app_router_place_param(ngx_app_router_t *router,
    ngx_app_router_route_t *route, ngx_app_router_node_t **node,
    ngx_str_t *segment, ngx_str_t *path)
{
    u_char      c;
    size_t      i;
    ngx_str_t   name;
    ngx_uint_t  n;

    name.data = segment->data + 1;
    name.len = segment->len - 1;

    if (name.len == 0) {
        ngx_app_router_error(router, "parameter without a name in path "
                             "\"%V\", write \"%cNAME\"", path,
                             segment->data[0]);
        return NULL;
    }

    for (i = 0; i < name.len; i++) {
        c = name.data[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
            || (c >= '0' && c <= '9' && i != 0))
        {
            continue;
        }

        ngx_app_router_error(router, "invalid parameter name \"%V\" in path "
                             "\"%V\", use letters, digits and \"_\", a letter "
                             "first", &name, path);
        return NULL;
    }

    for (n = 0; n < route->nparams; n++) {
        if (route->params[n].len == name.len
            && ngx_memcmp(route->params[n].data, name.data, name.len) == 0)
        {
            ngx_app_router_error(router, "duplicate parameter \"%V\" in path "
                                 "\"%V\", give each its own name", &name,
                                 path);
            return NULL;
        }
    }

    if (n == NGX_APP_ROUTER_MAX_PARAMS) {
        ngx_app_router_error(router, "path \"%V\" has more than %d parameters",
                             path, NGX_APP_ROUTER_MAX_PARAMS);
        return NULL;
    }

    route->params[route->nparams++] = name;

    if (*node == NULL) {
        *node = ngx_app_router_node(router->pool);
    }

    return *node;
}


static ngx_app_router_node_t *
ngx_app_router_place_literal(ngx_app_router_t *router,
    ngx_app_router_node_t *node, ngx_str_t *segment, ngx_str_t *path)
{
    size_t                   i;
    ngx_str_t                text;
    const char              *err;
    ngx_uint_t               at;
    ngx_app_router_node_t  **child, *fresh;

    for (i = 0; i < segment->len; i++) {
        if (segment->data[i] <= ' ' || segment->data[i] == 0x7f
            || ngx_strchr("?#\\{}*", segment->data[i]) != NULL)
        {
            ngx_app_router_error(router, "invalid character in segment \"%V\" "
                                 "of path \"%V\", percent-encode it",
                                 segment, path);
            return NULL;
        }
    }

    switch (ngx_app_urldecode(router->pool, segment, &text, &err)) {

    case NGX_OK:
        break;

    case NGX_DECLINED:
        ngx_app_router_error(router, "segment \"%V\" of path \"%V\" %s",
                             segment, path, err);
        return NULL;

    default: /* NGX_ERROR */
        return NULL;
    }

    if (ngx_app_router_dots(&text)) {
        ngx_app_router_error(router, "segment \"%V\" of path \"%V\" can never "
                             "be matched, leave it out", segment, path);
        return NULL;
    }

    fresh = ngx_app_router_literal(node, &text, &at);
    if (fresh != NULL) {
        return fresh;
    }

    fresh = ngx_app_router_node(router->pool);
    if (fresh == NULL) {
        return NULL;
    }

    fresh->text = text;

    if (ngx_array_push(&node->literals) == NULL) {
        return NULL;
    }

    child = node->literals.elts;

    for (i = node->literals.nelts - 1; i > at; i--) {
        child[i] = child[i - 1];
    }

    child[at] = fresh;

    return fresh;
}


static void ngx_cdecl
ngx_app_router_error(ngx_app_router_t *router, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);

    router->err.data = router->errbuf;
    router->err.len = ngx_vslprintf(router->errbuf,
                                    router->errbuf + NGX_APP_ROUTER_ERR_LEN,
                                    fmt, args)
                      - router->errbuf;

    va_end(args);
}
