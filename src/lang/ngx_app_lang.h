
/*
 * Copyright (C) the project authors
 */

/*
 * What all that is compiled in the language of routes has in common: the
 * context while the configuration is read, and the environment of a run.
 */


#ifndef _NGX_APP_LANG_H_INCLUDED_
#define _NGX_APP_LANG_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_value.h>


#define NGX_APP_LANG_ERR_LEN   512

/* a text made by an expression is null when it is longer */
#define NGX_APP_LANG_MAX_TEXT  (1024 * 1024)


typedef struct ngx_app_scope_s  ngx_app_scope_t;
typedef struct ngx_app_lang_s   ngx_app_lang_t;
typedef struct ngx_app_env_s    ngx_app_env_t;


/*
 * Returns the index of the nginx variable of that name, or NGX_ERROR with
 * lc->err set or empty.
 */
typedef ngx_int_t (*ngx_app_lang_variable_pt)(ngx_app_lang_t *lc,
    ngx_str_t *name);


/* returns the secret of that name, or NULL */
typedef ngx_str_t *(*ngx_app_lang_secret_pt)(ngx_app_lang_t *lc,
    ngx_str_t *name);


struct ngx_app_lang_s {
    ngx_pool_t                *pool;      /* of what is compiled */
    ngx_app_scope_t           *scope;
    ngx_app_lang_variable_pt   variable;  /* NULL: there are none */
    ngx_app_lang_secret_pt     secret;    /* NULL: there are none */
    void                      *data;      /* of variable(), secret() */

    ngx_str_t                  err;       /* in errbuf; empty: no memory */
    u_char                     errbuf[NGX_APP_LANG_ERR_LEN];
};


/* NGX_OK, NGX_DECLINED: there is no such value, NGX_ERROR: no memory */
typedef ngx_int_t (*ngx_app_env_variable_pt)(ngx_app_env_t *env,
    ngx_uint_t index, ngx_str_t *value);
typedef ngx_int_t (*ngx_app_env_header_pt)(ngx_app_env_t *env,
    ngx_str_t *name, ngx_str_t *value);
typedef ngx_int_t (*ngx_app_env_random_pt)(ngx_app_env_t *env, u_char *p,
    size_t n);


/* what a callback that is NULL would have given is null */

struct ngx_app_env_s {
    ngx_app_value_t           *slots;     /* scope->nslots of them */
    ngx_pool_t                *pool;      /* of texts that are made */
    int64_t                    now;       /* microseconds since 1970 */
    int64_t                    started;   /* when the server was */
    void                      *data;      /* of the callbacks */
    ngx_app_env_variable_pt    variable;
    ngx_app_env_header_pt      header;    /* of the request, lower-case name */
    ngx_app_env_random_pt      random;
};


/* prepares a context; variable and data may be set afterwards */
void ngx_app_lang_init(ngx_app_lang_t *lc, ngx_pool_t *pool,
    ngx_app_scope_t *scope);

/* sets lc->err, cut to what fits; formats as ngx_snprintf() */
void ngx_cdecl ngx_app_lang_error(ngx_app_lang_t *lc, const char *fmt, ...);

/* length of the identifier at p, [A-Za-z_][A-Za-z0-9_]*, or 0 */
size_t ngx_app_lang_name_len(u_char *p, u_char *last);

/* the same of identifiers with dots between them */
size_t ngx_app_lang_path_len(u_char *p, u_char *last);

/* not zero for a word of the grammar, which can name no value */
ngx_uint_t ngx_app_lang_reserved(ngx_str_t *name);

/*
 * Returns the candidate that name was probably meant to be, or NULL.
 *
 *   best  distance of the best so far, kept between calls; starts with 0
 */
ngx_str_t *ngx_app_lang_nearer(ngx_str_t *name, ngx_str_t *candidate,
    ngx_uint_t *best);


#endif /* _NGX_APP_LANG_H_INCLUDED_ */
