
/*
 * Copyright (C) the project authors
 */

/*
 * The program of an expression: operations on a stack of values, in the order
 * of their execution.  Private to the files of expressions.
 */


#ifndef _NGX_APP_EXPR_CODE_H_INCLUDED_
#define _NGX_APP_EXPR_CODE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_expr.h>
#include <lang/ngx_app_func.h>


typedef enum {

    /* push one */
    NGX_APP_OP_CONST = 0,
    NGX_APP_OP_SLOT,          /* index */
    NGX_APP_OP_VARIABLE,      /* index */

    /* replace the upper ones by one */
    NGX_APP_OP_NOT,
    NGX_APP_OP_NEGATE,
    NGX_APP_OP_TRUTH,
    NGX_APP_OP_IS_NULL,
    NGX_APP_OP_IS_ABSENT,
    NGX_APP_OP_ADD,
    NGX_APP_OP_SUB,
    NGX_APP_OP_MUL,
    NGX_APP_OP_DIV,
    NGX_APP_OP_MOD,
    NGX_APP_OP_EQ,
    NGX_APP_OP_NE,
    NGX_APP_OP_LT,
    NGX_APP_OP_LE,
    NGX_APP_OP_GT,
    NGX_APP_OP_GE,
    NGX_APP_OP_IN,            /* n: a value and n - 1 candidates */
    NGX_APP_OP_CALL,          /* n, func, data */

    /* n: operations to leave out */
    NGX_APP_OP_JUMP,
    NGX_APP_OP_UNLESS,        /* pop; jump when it does not hold */
    NGX_APP_OP_AND,           /* jump with false, or pop */
    NGX_APP_OP_OR,            /* jump with true, or pop */
    NGX_APP_OP_COALESCE       /* jump with what is not null, or pop */

} ngx_app_op_e;


typedef struct {
    ngx_app_op_e             op;
    ngx_uint_t               n;

    union {
        ngx_app_value_t      value;
        ngx_uint_t           index;

        struct {
            ngx_app_func_t  *func;
            void            *data;
        } call;
    } u;
} ngx_app_op_t;


struct ngx_app_expr_s {
    ngx_uint_t               nops;
    ngx_app_op_t            *ops;
};


/*
 * Executes an operation that replaces values: n arguments, or the number that
 * the operation has.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_expr_apply(ngx_app_op_t *op, ngx_app_env_t *env,
    ngx_app_value_t *args, ngx_app_value_t *res);


#endif /* _NGX_APP_EXPR_CODE_H_INCLUDED_ */
