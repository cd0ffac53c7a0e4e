
/*
 * Copyright (C) the project authors
 */

/*
 * Sign-in: what app_jwt, app_secret, app_auth and app_password_* declare, and
 * the steps that use it.
 */


#ifndef _NGX_APP_API_AUTH_H_INCLUDED_
#define _NGX_APP_API_AUTH_H_INCLUDED_


#include <api/ngx_app_api.h>
#include <api/ngx_app_api_jwks.h>
#include <auth/ngx_app_jwt.h>
#include <auth/ngx_app_password.h>

#include <ngx_thread_pool.h>


typedef struct {
    ngx_str_t                   name;
    ngx_str_t                   value;
} ngx_app_api_secret_t;


/* a kind of token */
typedef struct {
    ngx_app_jwt_t               jwt;
    ngx_app_api_jwks_t         *jwks;      /* NULL: the keys are files */
} ngx_app_api_jwt_t;


/* what a block of app_auth gives: the value of a "let" */
typedef struct {
    ngx_str_t                   name;
    ngx_uint_t                  slot;
} ngx_app_api_auth_let_t;


typedef struct {
    ngx_str_t                   name;
    void                       *server;    /* NULL: known in all of them */
    ngx_app_program_t          *program;
    ngx_array_t                 lets;      /* ngx_app_api_auth_let_t */
    ngx_array_t                 answers;   /* ngx_app_answer_t, of else= */
    ngx_uint_t                  token;     /* slot, NGX_APP_SCOPE_NONE */
} ngx_app_api_auth_t;


/* the step auth */
typedef struct {
    ngx_app_api_auth_t         *auth;
    ngx_uint_t                 *slots;     /* of auth.NAME, as auth->lets */
    ngx_array_t                 roles;     /* ngx_str_t; none: any */
    ngx_uint_t                  role;      /* index in auth->lets */
    ngx_app_api_answer_t        refused;
    unsigned                    optional:1;
    unsigned                    any:1;     /* a bad token is none */
} ngx_app_api_auth_use_t;


/* a block of app_auth that runs for a step auth */
typedef struct {
    ngx_app_run_t               run;
    ngx_app_run_t              *parent;
    ngx_app_api_auth_use_t     *use;
} ngx_app_api_auth_run_t;


typedef struct {
    ngx_array_t                 jwts;      /* ngx_app_api_jwt_t * */
    ngx_array_t                 secrets;   /* ngx_app_api_secret_t */
    ngx_array_t                 auths;     /* ngx_app_api_auth_t * */

    ngx_app_password_policy_t   policy;
    ngx_int_t                   threads;
    ngx_int_t                   queue;
    ngx_thread_pool_t          *pool;      /* NULL: no step needs it */
    unsigned                    passwords:1;   /* a step needs it */
    unsigned                    hash:1;        /* policy was declared */
} ngx_app_api_auth_conf_t;


extern ngx_module_t  ngx_app_api_auth_module;

#define ngx_app_api_auth_conf(cf)                                             \
    ((ngx_app_api_auth_conf_t *)                                              \
        ngx_app_compile(cf)->http_ctx->main_conf                              \
            [ngx_app_api_auth_module.ctx_index])


/* directives */

char *ngx_app_api_jwt(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_secret(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_auth(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* callback of the language: the value of secret('NAME'), NULL: unknown */
ngx_str_t *ngx_app_api_secret_find(ngx_app_lang_t *lc, ngx_str_t *name);

/* returns the one declared, or NULL after logging that there is none */
ngx_app_api_jwt_t *ngx_app_api_jwt_find(ngx_conf_t *cf, ngx_str_t *name);

/* the step auth of a route, or NULL */
ngx_app_api_auth_use_t *ngx_app_api_auth_of(ngx_app_api_route_t *route);

/* steps */

char *ngx_app_api_step_auth(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_step_token(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_step_jwt(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_step_issue(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_step_password(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_api_step_cookie(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* an answer of a step as its failure; returns what the handler returns */
ngx_int_t ngx_app_api_auth_refuse(ngx_app_run_t *run,
    ngx_app_api_answer_t *answer);

/* "else=", or this status and message */
char *ngx_app_api_auth_else(ngx_conf_t *cf, ngx_app_api_answer_t *answer,
    ngx_uint_t status, const char *message);

/* not zero for a step jwt whose keys may have to be fetched */
ngx_uint_t ngx_app_api_jwt_fetches(ngx_app_step_t *step);

/*
 * The named locations from which the routes of a server fetch keys are there.
 * NGX_OK, or NGX_ERROR after logging which is not.
 */
ngx_int_t ngx_app_api_jwks_check(ngx_conf_t *cf,
    ngx_http_core_srv_conf_t *cscf, ngx_array_t *routes);

/* sets what is used of an object from its JSON text: NGX_OK, NGX_ERROR */
ngx_int_t ngx_app_api_claims_set(ngx_app_env_t *env, ngx_app_symbol_t *sym,
    ngx_str_t *text);

/* $app_auth_NAME: NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_api_auth_variables(ngx_conf_t *cf);


#endif /* _NGX_APP_API_AUTH_H_INCLUDED_ */
