
/*
 * Copyright (C) the project authors
 */

/*
 * A description of a server's routes (OpenAPI Specification 3.1), made when
 * the configuration is read.
 */


#ifndef _NGX_APP_OPENAPI_H_INCLUDED_
#define _NGX_APP_OPENAPI_H_INCLUDED_


#include <api/ngx_app_api.h>


#define NGX_APP_OPENAPI_MAX  (4 * 1024 * 1024)


/* a location with app_openapi */
struct ngx_app_openapi_s {
    ngx_str_t               title;
    ngx_str_t               version;
    ngx_str_t               description;
    ngx_array_t             servers;     /* ngx_str_t: URLs */
    ngx_app_openapi_t      *next;        /* of the same server */

    ngx_str_t               body;
    ngx_str_t               etag;
};


/* app_openapi, as a directive's handler */
char *ngx_app_openapi(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* makes the documents of a server; NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_openapi_init(ngx_conf_t *cf, ngx_app_api_srv_conf_t *ascf);

/* route: operation NAME; tag NAME; */
char *ngx_app_openapi_operation(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_openapi_tag(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* writes JSON in which apostrophes stand for quotes */
ngx_int_t ngx_app_openapi_raw(ngx_app_buf_t *b, const char *text);
ngx_int_t ngx_app_openapi_string(ngx_app_buf_t *b, ngx_str_t *s);

/* the schema (JSON Schema 2020-12) of an input */
ngx_int_t ngx_app_openapi_input(ngx_app_buf_t *b, ngx_app_input_t *in);

/* the schema of a body, from the inputs of it */
ngx_int_t ngx_app_openapi_body(ngx_app_buf_t *b, ngx_array_t *inputs);

/* the schema of an answer, from its template */
ngx_int_t ngx_app_openapi_answer(ngx_app_buf_t *b, ngx_pool_t *pool,
    ngx_app_template_t *t);


#endif /* _NGX_APP_OPENAPI_H_INCLUDED_ */
