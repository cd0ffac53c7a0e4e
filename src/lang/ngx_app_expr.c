
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_expr_code.h>

#include <math.h>


static ngx_int_t ngx_app_expr_run(ngx_app_expr_t *e, ngx_app_env_t *env,
    ngx_app_value_t *v);
static ngx_int_t ngx_app_expr_variable(ngx_app_env_t *env, ngx_uint_t index,
    ngx_app_value_t *v);
static ngx_uint_t ngx_app_expr_jumps(ngx_app_op_t *op, ngx_app_value_t *top);
static ngx_int_t ngx_app_expr_call(ngx_app_op_t *op, ngx_app_env_t *env,
    ngx_app_value_t *args, ngx_app_value_t *res);
static ngx_uint_t ngx_app_expr_compare(ngx_app_op_e op, ngx_app_value_t *a,
    ngx_app_value_t *b);
static void ngx_app_expr_arithmetic(ngx_app_op_e op, ngx_app_value_t *a,
    ngx_app_value_t *b, ngx_app_value_t *res);
static ngx_uint_t ngx_app_expr_integers(ngx_app_op_e op, int64_t a,
    int64_t b, ngx_app_value_t *res);


ngx_int_t
ngx_app_expr_eval(ngx_app_expr_t *e, ngx_app_env_t *env, ngx_app_value_t *v)
{
    /* most are one name or one constant */

    if (e->nops == 1) {

        if (e->ops->op == NGX_APP_OP_CONST) {
            *v = e->ops->u.value;
            return NGX_OK;
        }

        if (e->ops->op == NGX_APP_OP_SLOT) {
            *v = env->slots[e->ops->u.index];
            return NGX_OK;
        }
    }

    return ngx_app_expr_run(e, env, v);
}


ngx_int_t
ngx_app_expr_test(ngx_app_expr_t *e, ngx_app_env_t *env)
{
    ngx_app_value_t  v;

    if (ngx_app_expr_eval(e, env, &v) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_app_value_true(&v) ? NGX_OK : NGX_DECLINED;
}


ngx_app_value_t *
ngx_app_expr_constant(ngx_app_expr_t *e)
{
    return (e->nops == 1 && e->ops->op == NGX_APP_OP_CONST)
           ? &e->ops->u.value : NULL;
}


static ngx_int_t
ngx_app_expr_run(ngx_app_expr_t *e, ngx_app_env_t *env, ngx_app_value_t *v)
{
    ngx_app_op_t     *op, *last;
    ngx_app_value_t   stack[NGX_APP_EXPR_MAX_STACK], *top;

    /* the compiler has counted that what is pushed fits */

    top = stack;
    last = e->ops + e->nops;

    for (op = e->ops; op < last; op++) {

        switch (op->op) {

        case NGX_APP_OP_CONST:
            *top++ = op->u.value;
            break;

        case NGX_APP_OP_SLOT:
            *top++ = env->slots[op->u.index];
            break;

        case NGX_APP_OP_VARIABLE:
            if (ngx_app_expr_variable(env, op->u.index, top++) != NGX_OK) {
                return NGX_ERROR;
            }

            break;

        case NGX_APP_OP_JUMP:
        case NGX_APP_OP_UNLESS:
        case NGX_APP_OP_AND:
        case NGX_APP_OP_OR:
        case NGX_APP_OP_COALESCE:
            if (ngx_app_expr_jumps(op, top - 1)) {
                top -= (op->op == NGX_APP_OP_UNLESS);
                op += op->n;

            } else {
                top--;
            }

            break;

        default:
            top -= op->n;

            if (ngx_app_expr_apply(op, env, top, top) != NGX_OK) {
                return NGX_ERROR;
            }

            top++;
        }
    }

    *v = stack[0];

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_variable(ngx_app_env_t *env, ngx_uint_t index,
    ngx_app_value_t *v)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = (env->variable != NULL) ? env->variable(env, index, &s)
                                 : NGX_DECLINED;

    if (rc == NGX_OK) {
        ngx_app_value_set_string(v, s.data, s.len);
        return NGX_OK;
    }

    v->type = NGX_APP_ABSENT;

    return (rc == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


static ngx_uint_t
ngx_app_expr_jumps(ngx_app_op_t *op, ngx_app_value_t *top)
{
    ngx_uint_t  holds;

    if (op->op == NGX_APP_OP_JUMP) {
        return 1;
    }

    if (op->op == NGX_APP_OP_COALESCE) {
        return !ngx_app_value_is_null(top);
    }

    holds = ngx_app_value_true(top);

    if (op->op == NGX_APP_OP_OR) {
        if (holds) {
            ngx_app_value_set_bool(top, 1);
        }

        return holds;
    }

    if (op->op == NGX_APP_OP_AND && !holds) {
        ngx_app_value_set_bool(top, 0);
    }

    return !holds;
}


ngx_int_t
ngx_app_expr_apply(ngx_app_op_t *op, ngx_app_env_t *env,
    ngx_app_value_t *args, ngx_app_value_t *res)
{
    ngx_uint_t  i;

    switch (op->op) {

    case NGX_APP_OP_CALL:
        return ngx_app_expr_call(op, env, args, res);

    case NGX_APP_OP_NOT:
        ngx_app_value_set_bool(res, !ngx_app_value_true(&args[0]));
        break;

    case NGX_APP_OP_TRUTH:
        ngx_app_value_set_bool(res, ngx_app_value_true(&args[0]));
        break;

    case NGX_APP_OP_IS_NULL:
        ngx_app_value_set_bool(res, ngx_app_value_is_null(&args[0]));
        break;

    case NGX_APP_OP_IS_ABSENT:
        ngx_app_value_set_bool(res, args[0].type == NGX_APP_ABSENT);
        break;

    case NGX_APP_OP_NEGATE:
    case NGX_APP_OP_ADD:
    case NGX_APP_OP_SUB:
    case NGX_APP_OP_MUL:
    case NGX_APP_OP_DIV:
    case NGX_APP_OP_MOD:
        ngx_app_expr_arithmetic(op->op, &args[0], &args[op->n - 1], res);
        break;

    case NGX_APP_OP_IN:
        for (i = 1; i < op->n; i++) {
            if (ngx_app_value_equal(&args[0], &args[i])) {
                break;
            }
        }

        ngx_app_value_set_bool(res, i < op->n);
        break;

    default:
        i = ngx_app_expr_compare(op->op, &args[0], &args[1]);
        ngx_app_value_set_bool(res, i);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_call(ngx_app_op_t *op, ngx_app_env_t *env,
    ngx_app_value_t *args, ngx_app_value_t *res)
{
    ngx_int_t        rc;
    ngx_app_call_t   call;
    ngx_app_value_t  v;

    call.env = env;
    call.data = op->u.call.data;

    rc = op->u.call.func->handler(&call, args, op->n, &v);

    if (rc == NGX_OK) {
        *res = v;
        return NGX_OK;
    }

    ngx_app_value_set_null(res);

    return (rc == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


static ngx_uint_t
ngx_app_expr_compare(ngx_app_op_e op, ngx_app_value_t *a, ngx_app_value_t *b)
{
    ngx_int_t  cmp, rc;

    rc = ngx_app_value_compare(a, b, &cmp);

    if (op == NGX_APP_OP_EQ || op == NGX_APP_OP_NE) {
        return (rc == NGX_OK && cmp == 0) == (op == NGX_APP_OP_EQ);
    }

    if (rc != NGX_OK || ngx_app_value_is_null(a)) {
        return 0;
    }

    switch (op) {

    case NGX_APP_OP_LT:
        return cmp < 0;

    case NGX_APP_OP_LE:
        return cmp <= 0;

    case NGX_APP_OP_GT:
        return cmp > 0;

    default: /* NGX_APP_OP_GE */
        return cmp >= 0;
    }
}


/* of one argument, a and b are the same */

static void
ngx_app_expr_arithmetic(ngx_app_op_e op, ngx_app_value_t *a,
    ngx_app_value_t *b, ngx_app_value_t *res)
{
    double           x, y;
    ngx_app_value_t  left, right;

    if (ngx_app_value_number(a, &left) != NGX_OK
        || ngx_app_value_number(b, &right) != NGX_OK)
    {
        ngx_app_value_set_null(res);
        return;
    }

    if (left.type == NGX_APP_INT && right.type == NGX_APP_INT
        && ngx_app_expr_integers(op, left.u.i, right.u.i, res))
    {
        return;
    }

    x = (left.type == NGX_APP_INT) ? (double) left.u.i : left.u.d;
    y = (right.type == NGX_APP_INT) ? (double) right.u.i : right.u.d;

    switch (op) {

    case NGX_APP_OP_NEGATE:
        x = -x;
        break;

    case NGX_APP_OP_ADD:
        x += y;
        break;

    case NGX_APP_OP_SUB:
        x -= y;
        break;

    case NGX_APP_OP_MUL:
        x *= y;
        break;

    default:
        if (y == 0) {
            ngx_app_value_set_null(res);
            return;
        }

        x = (op == NGX_APP_OP_DIV) ? x / y : fmod(x, y);
    }

    ngx_app_value_set_double(res, x);
}


/* returns 0 when the result is no integer that fits */

static ngx_uint_t
ngx_app_expr_integers(ngx_app_op_e op, int64_t a, int64_t b,
    ngx_app_value_t *res)
{
    int64_t     n;
    ngx_uint_t  over;

    n = 0;

    switch (op) {

    case NGX_APP_OP_NEGATE:
        over = __builtin_sub_overflow((int64_t) 0, a, &n);
        break;

    case NGX_APP_OP_ADD:
        over = __builtin_add_overflow(a, b, &n);
        break;

    case NGX_APP_OP_SUB:
        over = __builtin_sub_overflow(a, b, &n);
        break;

    case NGX_APP_OP_MUL:
        over = __builtin_mul_overflow(a, b, &n);
        break;

    default:
        /* the smallest integer divided by -1 does not fit and traps */

        over = (b == 0 || (b == -1 && op == NGX_APP_OP_DIV
                           && a == INT64_MIN));

        if (!over && op == NGX_APP_OP_MOD) {
            n = (b == -1) ? 0 : a % b;

        } else if (!over) {
            over = (a % b != 0);
            n = a / b;
        }
    }

    if (over) {
        return 0;
    }

    ngx_app_value_set_int(res, n);

    return 1;
}
