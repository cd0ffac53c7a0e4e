
/*
 * Copyright (C) the project authors
 */

/*
 * Routes: a method and a path such as "/users/:id" or "/files/:id/" with the
 * wildcard "*path" behind it, kept as a tree of path segments.
 *
 * A literal segment goes before a parameter, a parameter before the wildcard,
 * and where one of them leads to no route the next is tried; so it is too
 * when the path is known, but not for that method.  Matching is by case.
 *
 * A parameter is one whole segment that is not empty, decoded after the path
 * was split, so that "%2F" stays inside of it.  The wildcard, the last part
 * only, is all that is left, at least one byte, decoded as a whole.
 *
 * One "/" at the end makes no difference: /offers/ is the route /offers.
 * Empty segments within ("//"), "." and ".." match nothing, encoded or not.
 */


#ifndef _NGX_APP_ROUTER_H_INCLUDED_
#define _NGX_APP_ROUTER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_APP_ROUTER_MAX_PATH      4096
#define NGX_APP_ROUTER_MAX_SEGMENTS  32
#define NGX_APP_ROUTER_MAX_PARAMS    16
#define NGX_APP_ROUTER_ERR_LEN       256


typedef struct ngx_app_router_node_s  ngx_app_router_node_t;


typedef struct {
    void                     *data;      /* the caller's */
    ngx_uint_t                nparams;
    ngx_str_t                 params[NGX_APP_ROUTER_MAX_PARAMS]; /* names */
} ngx_app_router_route_t;


typedef struct {
    ngx_app_router_route_t   *route;
    ngx_str_t                 values[NGX_APP_ROUTER_MAX_PARAMS];
    ngx_str_t                 allow;     /* "GET, HEAD, POST" */
    const char               *err;       /* "the path must be ..." */
} ngx_app_router_match_t;


typedef struct {
    ngx_pool_t               *pool;
    ngx_app_router_node_t    *root;

    ngx_app_router_route_t   *conflict;  /* the route that was there first */
    ngx_str_t                 err;       /* in errbuf; empty: no memory */
    u_char                    errbuf[NGX_APP_ROUTER_ERR_LEN];
} ngx_app_router_t;


/* returns a router without routes, or NULL */
ngx_app_router_t *ngx_app_router_create(ngx_pool_t *pool);

/*
 * Adds a route; method and path are borrowed.
 *
 * Returns the route with the names of its parameters, or NULL: err says what
 * is wrong and what to write instead, and conflict is the other route when
 * there is one with the same method and shape.
 */
ngx_app_router_route_t *ngx_app_router_add(ngx_app_router_t *router,
    ngx_str_t *method, ngx_str_t *path, void *data);

/*
 * Finds the route of a request.
 *
 *   uri   as the client sent it, not decoded; a query string is left out
 *   pool  for values that have to be decoded
 *
 * NGX_OK: route and its values are set; HEAD finds the route of GET.
 * NGX_DECLINED: no such path.  NGX_DONE: the path has routes of other methods,
 * allow lists them.  NGX_ABORT: the path is malformed, err tells how.
 * NGX_BUSY: it is longer than NGX_APP_ROUTER_MAX_PATH or has too many
 * segments.  NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_router_match(ngx_app_router_t *router, ngx_str_t *method,
    ngx_str_t *uri, ngx_pool_t *pool, ngx_app_router_match_t *m);


#endif /* _NGX_APP_ROUTER_H_INCLUDED_ */
