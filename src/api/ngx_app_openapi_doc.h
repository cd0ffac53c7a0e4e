
/*
 * Copyright (C) the project authors
 */

/*
 * A document while it is being written: what its parts share.
 */


#ifndef _NGX_APP_OPENAPI_DOC_H_INCLUDED_
#define _NGX_APP_OPENAPI_DOC_H_INCLUDED_


#include <api/ngx_app_openapi.h>


typedef struct {
    ngx_pool_t             *pool;
    ngx_app_buf_t           b;
    ngx_array_t            *routes;      /* ngx_app_api_route_t * */
    ngx_app_api_route_t    *first;       /* whose path the item has */
    ngx_array_t             answers;     /* of the operation */
    unsigned                failed:1;
} ngx_app_openapi_doc_t;


/*
 * Write as ngx_app_openapi_raw() and ngx_app_openapi_string() do; what fails
 * is kept in doc->failed and told once, at the end.
 */
void ngx_app_openapi_put(ngx_app_openapi_doc_t *doc, const char *text);
void ngx_app_openapi_text(ngx_app_openapi_doc_t *doc, ngx_str_t *s);

/*
 * Names the operations of routes (ngx_app_api_route_t *) that have no name.
 * NGX_OK, or NGX_ERROR when two have one name, which is logged.
 */
ngx_int_t ngx_app_openapi_names(ngx_conf_t *cf, ngx_array_t *routes);

/* gathers the answers of a route, and writes who may come in */
void ngx_app_openapi_collect(ngx_app_openapi_doc_t *doc,
    ngx_app_api_route_t *route);

/* writes what was gathered */
void ngx_app_openapi_answers(ngx_app_openapi_doc_t *doc);


#endif /* _NGX_APP_OPENAPI_DOC_H_INCLUDED_ */
