
/*
 * Copyright (C) the project authors
 */

/*
 * Expressions of routes, compiled to a flat program when the configuration is
 * read.  The grammar is in docs/routes.md.  Evaluation is total: whatever has
 * no result is null.
 */


#ifndef _NGX_APP_EXPR_H_INCLUDED_
#define _NGX_APP_EXPR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_lang.h>


#define NGX_APP_EXPR_MAX_LEN    16384
#define NGX_APP_EXPR_MAX_DEPTH  64        /* of parentheses and calls */
#define NGX_APP_EXPR_MAX_STACK  128       /* values at a time */


typedef struct ngx_app_expr_s  ngx_app_expr_t;


/*
 * Compiles an expression, with what is constant calculated.  The text is
 * copied where it is needed.  NULL: lc->err says what is wrong and where, or
 * is empty without memory.
 */
ngx_app_expr_t *ngx_app_expr_compile(ngx_app_lang_t *lc, ngx_str_t *text);

/*
 * Calculates an expression.  Texts in the result are slices of values in the
 * slots, of the configuration, or in env->pool.
 * NGX_OK, or NGX_ERROR without memory.
 */
ngx_int_t ngx_app_expr_eval(ngx_app_expr_t *e, ngx_app_env_t *env,
    ngx_app_value_t *v);

/*
 * Calculates a condition.  NGX_OK: it holds; NGX_DECLINED: it does not;
 * NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_expr_test(ngx_app_expr_t *e, ngx_app_env_t *env);

/* returns the value of an expression that is constant, else NULL */
ngx_app_value_t *ngx_app_expr_constant(ngx_app_expr_t *e);


#endif /* _NGX_APP_EXPR_H_INCLUDED_ */
