
/*
 * Copyright (C) the project authors
 */

/*
 * The tree of a router, shared by the code that builds it and the code that
 * matches; nobody else looks into it.
 */


#ifndef _NGX_APP_ROUTER_NODE_H_INCLUDED_
#define _NGX_APP_ROUTER_NODE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_router.h>


/* GET, POST, PUT, PATCH, DELETE, OPTIONS; then what no route has */
#define NGX_APP_ROUTER_METHODS  6
#define NGX_APP_ROUTER_HEAD     6
#define NGX_APP_ROUTER_OTHER    7


struct ngx_app_router_node_s {
    ngx_str_t                 text;         /* of a literal segment */
    ngx_array_t               literals;     /* ngx_app_router_node_t *, in
                                               order of length and bytes */
    ngx_app_router_node_t    *param;
    ngx_app_router_node_t    *wildcard;

    ngx_app_router_route_t   *routes[NGX_APP_ROUTER_METHODS];
};


/* returns an empty node, or NULL */
ngx_app_router_node_t *ngx_app_router_node(ngx_pool_t *pool);

/* returns the child with that text, or NULL; at is where it belongs */
ngx_app_router_node_t *ngx_app_router_literal(ngx_app_router_node_t *node,
    ngx_str_t *text, ngx_uint_t *at);

/* returns an index of routes[], NGX_APP_ROUTER_HEAD or NGX_APP_ROUTER_OTHER */
ngx_uint_t ngx_app_router_method(ngx_str_t *name);

/* not zero for "." and ".." */
ngx_uint_t ngx_app_router_dots(ngx_str_t *segment);


#endif /* _NGX_APP_ROUTER_NODE_H_INCLUDED_ */
