
/*
 * Copyright (C) the project authors
 */

/*
 * The step fetch: an HTTP call through a location of the same server, which
 * does what proxy_pass and its kin can do.
 */


#ifndef _NGX_APP_API_FETCH_H_INCLUDED_
#define _NGX_APP_API_FETCH_H_INCLUDED_


#include <api/ngx_app_api.h>


typedef struct {
    ngx_str_t               key;
    ngx_str_t               lowcase;
    ngx_uint_t              hash;
    ngx_app_template_t     *value;
} ngx_app_api_fetch_header_t;


typedef struct {
    ngx_app_symbol_t       *symbol;
    ngx_uint_t              method;
    ngx_str_t               method_name;
    ngx_app_template_t     *uri;
    ngx_app_template_t     *body;        /* NULL: none */
    ngx_str_t               type;        /* of the body */
    ngx_array_t             headers;     /* ngx_app_api_fetch_header_t */
    ngx_msec_t              timeout;
    size_t                  max_size;    /* of the answer's body */
    ngx_app_api_answer_t    failed;
    unsigned                encoded:1;   /* the body is a form */
} ngx_app_api_fetch_t;


ngx_int_t ngx_app_api_fetch_run(ngx_app_run_t *run, ngx_app_step_t *step);

/*
 * Sets the members of the result that are in use.
 *
 *   body  NULL when there was no answer
 *
 * NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_api_fetch_set(ngx_app_env_t *env, ngx_app_symbol_t *sym,
    ngx_uint_t status, ngx_str_t *body);

/* refuses members that no result has; NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_api_fetch_check(ngx_conf_t *cf, ngx_app_program_t *program);


#endif /* _NGX_APP_API_FETCH_H_INCLUDED_ */
