
/*
 * Copyright (C) the project authors
 */

/*
 * The names of operations, those that routes give and those that they do not.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_openapi_doc.h>


static ngx_str_t *ngx_app_openapi_derive(ngx_pool_t *pool,
    ngx_app_api_route_t *route);
static ngx_uint_t ngx_app_openapi_taken(ngx_array_t *routes, ngx_uint_t n,
    ngx_str_t *name);


ngx_int_t
ngx_app_openapi_names(ngx_conf_t *cf, ngx_array_t *routes)
{
    u_char                *p;
    ngx_str_t             *name;
    ngx_uint_t             i, n;
    ngx_app_api_route_t  **route;

    route = routes->elts;

    for (i = 0; i < routes->nelts; i++) {
        if (route[i]->operation.len
            && ngx_app_openapi_taken(routes, i, &route[i]->operation))
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "duplicate \"operation %V\" in the route of %s:%ui",
                          &route[i]->operation, route[i]->file,
                          route[i]->line);
            return NGX_ERROR;
        }
    }

    for (i = 0; i < routes->nelts; i++) {

        if (route[i]->operation.len) {
            continue;
        }

        name = ngx_app_openapi_derive(cf->pool, route[i]);
        if (name == NULL) {
            return NGX_ERROR;
        }

        p = name->data + name->len;

        for (n = 2; ngx_app_openapi_taken(routes, routes->nelts, name); n++) {
            name->len = ngx_sprintf(p, "_%ui", n) - name->data;
        }

        route[i]->operation = *name;
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_app_openapi_taken(ngx_array_t *routes, ngx_uint_t n, ngx_str_t *name)
{
    ngx_uint_t             i;
    ngx_app_api_route_t  **route;

    route = routes->elts;

    for (i = 0; i < n; i++) {
        if (route[i]->operation.len == name->len
            && ngx_strncmp(route[i]->operation.data, name->data, name->len)
               == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* "GET /offers/:id/images" is getOffersIdImages */

static ngx_str_t *
ngx_app_openapi_derive(ngx_pool_t *pool, ngx_app_api_route_t *route)
{
    u_char      *p, c;
    size_t       i;
    ngx_str_t   *name;
    ngx_uint_t   upper;

    name = ngx_palloc(pool, sizeof(ngx_str_t));
    if (name == NULL) {
        return NULL;
    }

    name->data = ngx_pnalloc(pool, route->method.len + route->path.len
                                   + 1 + NGX_INT_T_LEN);
    if (name->data == NULL) {
        return NULL;
    }

    ngx_strlow(name->data, route->method.data, route->method.len);
    p = name->data + route->method.len;
    upper = 1;

    for (i = 0; i < route->path.len; i++) {
        c = route->path.data[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9'))
        {
            *p++ = upper ? ngx_toupper(c) : c;
            upper = 0;

        } else {
            upper = 1;
        }
    }

    name->len = p - name->data;

    return name;
}
