
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_expr_parse.h>


static ngx_int_t ngx_app_expr_reduce(ngx_app_parser_t *p, ngx_app_op_t *op);
static ngx_int_t ngx_app_expr_fold(ngx_app_parser_t *p, ngx_app_op_t *op);
static ngx_uint_t ngx_app_expr_constants(ngx_app_parser_t *p, ngx_uint_t n);
static ngx_int_t ngx_app_expr_prepare(ngx_app_parser_t *p,
    ngx_app_op_t *call);


ngx_int_t
ngx_app_expr_enter(ngx_app_parser_t *p)
{
    if (p->depth == NGX_APP_EXPR_MAX_DEPTH) {
        ngx_app_lang_error(p->lc, "the expression is nested deeper than %i "
                           "levels at character %ui: split it with \"let\"",
                           (ngx_int_t) NGX_APP_EXPR_MAX_DEPTH,
                           ngx_app_expr_column(&p->lx,
                                               p->lx.token.text.data));
        return NGX_ERROR;
    }

    p->depth++;

    return NGX_OK;
}


ngx_app_op_t *
ngx_app_expr_push(ngx_app_parser_t *p, ngx_app_op_e op)
{
    ngx_app_op_t  *o;

    if (p->stack == NGX_APP_EXPR_MAX_STACK) {
        ngx_app_lang_error(p->lc, "the expression needs more than %i values "
                           "at a time: split it with \"let\"",
                           (ngx_int_t) NGX_APP_EXPR_MAX_STACK);
        return NULL;
    }

    o = ngx_array_push(&p->ops);
    if (o == NULL) {
        return NULL;
    }

    ngx_memzero(o, sizeof(ngx_app_op_t));

    o->op = op;
    p->stack++;

    return o;
}


ngx_int_t
ngx_app_expr_emit(ngx_app_parser_t *p, ngx_app_op_e op, ngx_uint_t n)
{
    ngx_app_op_t  o;

    ngx_memzero(&o, sizeof(ngx_app_op_t));

    o.op = op;
    o.n = n;

    return ngx_app_expr_reduce(p, &o);
}


ngx_int_t
ngx_app_expr_emit_call(ngx_app_parser_t *p, ngx_app_func_t *f, ngx_uint_t n)
{
    ngx_app_op_t  o;

    ngx_memzero(&o, sizeof(ngx_app_op_t));

    o.op = NGX_APP_OP_CALL;
    o.n = n;
    o.u.call.func = f;

    if (f->compile != NULL && ngx_app_expr_prepare(p, &o) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_app_expr_reduce(p, &o);
}


static ngx_int_t
ngx_app_expr_reduce(ngx_app_parser_t *p, ngx_app_op_t *op)
{
    ngx_app_op_t  *o;

    if (ngx_app_expr_constants(p, op->n) == op->n
        && (op->op != NGX_APP_OP_CALL
            || !(op->u.call.func->flags & NGX_APP_FUNC_RUN)))
    {
        return ngx_app_expr_fold(p, op);
    }

    p->stack -= op->n;

    o = ngx_app_expr_push(p, op->op);
    if (o == NULL) {
        return NGX_ERROR;
    }

    *o = *op;

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_fold(ngx_app_parser_t *p, ngx_app_op_t *op)
{
    ngx_uint_t        i, from;
    ngx_app_op_t     *o;
    ngx_app_env_t     env;
    ngx_app_value_t   args[NGX_APP_EXPR_MAX_STACK], res;

    ngx_memzero(&env, sizeof(ngx_app_env_t));
    env.pool = p->lc->pool;

    o = p->ops.elts;
    from = p->ops.nelts - op->n;

    for (i = 0; i < op->n; i++) {
        args[i] = o[from + i].u.value;
    }

    if (ngx_app_expr_apply(op, &env, args, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_app_expr_cut(p, from, p->ops.nelts);
    p->stack -= op->n;

    o = ngx_app_expr_push(p, NGX_APP_OP_CONST);
    if (o == NULL) {
        return NGX_ERROR;
    }

    o->u.value = res;

    return NGX_OK;
}


/* how many of the n upper values are constant, from the top on */

static ngx_uint_t
ngx_app_expr_constants(ngx_app_parser_t *p, ngx_uint_t n)
{
    ngx_uint_t     i, last;
    ngx_app_op_t  *o;

    o = p->ops.elts;
    last = p->ops.nelts;

    for (i = 0; i < n && last - i > p->landing; i++) {

        if (o[last - i - 1].op != NGX_APP_OP_CONST) {
            break;
        }
    }

    return i;
}


/*
 * Lets a function look at those of its arguments that are constant.  The
 * stack tells which operation pushes which: going back, each pushes one and
 * takes its n; behind a jump nothing is known any more.
 */

static ngx_int_t
ngx_app_expr_prepare(ngx_app_parser_t *p, ngx_app_op_t *call)
{
    ngx_uint_t        i, n, at;
    ngx_app_op_t     *o;
    ngx_app_value_t  *args[NGX_APP_EXPR_MAX_STACK];

    ngx_memzero(args, sizeof(args));

    o = p->ops.elts;
    at = p->ops.nelts;

    for (i = call->n; i != 0; i--) {

        if (at != 0 && o[at - 1].op == NGX_APP_OP_CONST && at > p->landing) {
            args[i - 1] = &o[at - 1].u.value;
        }

        for (n = 1; n != 0 && at > p->landing; at--) {
            n--;

            if (o[at - 1].op >= NGX_APP_OP_NOT
                && o[at - 1].op <= NGX_APP_OP_CALL)
            {
                n += o[at - 1].n;
            }
        }

        if (n != 0) {
            break;
        }
    }

    return call->u.call.func->compile(p->lc, args, call->n,
                                      &call->u.call.data);
}


ngx_app_value_t *
ngx_app_expr_const(ngx_app_parser_t *p, ngx_uint_t start)
{
    ngx_app_op_t  *o;

    if (p->ops.nelts != start + 1 || start < p->landing) {
        return NULL;
    }

    o = p->ops.elts;

    return (o[start].op == NGX_APP_OP_CONST) ? &o[start].u.value : NULL;
}


ngx_uint_t
ngx_app_expr_jump(ngx_app_parser_t *p, ngx_app_op_e op)
{
    ngx_app_op_t  *o;

    o = ngx_array_push(&p->ops);
    if (o == NULL) {
        return NGX_APP_EXPR_NO_JUMP;
    }

    ngx_memzero(o, sizeof(ngx_app_op_t));
    o->op = op;

    return p->ops.nelts - 1;
}


void
ngx_app_expr_land(ngx_app_parser_t *p, ngx_uint_t jump)
{
    ngx_app_op_t  *o;

    o = p->ops.elts;
    o[jump].n = p->ops.nelts - jump - 1;

    p->landing = p->ops.nelts;
}


void
ngx_app_expr_cut(ngx_app_parser_t *p, ngx_uint_t from, ngx_uint_t to)
{
    ngx_app_op_t  *o;

    o = p->ops.elts;

    ngx_memmove(&o[from], &o[to], (p->ops.nelts - to) * sizeof(ngx_app_op_t));

    p->ops.nelts -= to - from;
    p->landing = ngx_min(p->landing, from);
}
