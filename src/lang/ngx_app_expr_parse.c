
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_expr_parse.h>


static ngx_int_t ngx_app_expr_and(ngx_app_parser_t *p);
static ngx_int_t ngx_app_expr_logic(ngx_app_parser_t *p, ngx_uint_t start,
    ngx_app_op_e op, ngx_int_t (*right)(ngx_app_parser_t *p));
static ngx_int_t ngx_app_expr_not(ngx_app_parser_t *p);
static ngx_int_t ngx_app_expr_relation(ngx_app_parser_t *p);
static ngx_int_t ngx_app_expr_is(ngx_app_parser_t *p);
static ngx_int_t ngx_app_expr_in(ngx_app_parser_t *p);
static ngx_int_t ngx_app_expr_sum(ngx_app_parser_t *p);
static ngx_int_t ngx_app_expr_product(ngx_app_parser_t *p);
static ngx_int_t ngx_app_expr_unary(ngx_app_parser_t *p);


ngx_app_expr_t *
ngx_app_expr_compile(ngx_app_lang_t *lc, ngx_str_t *text)
{
    ngx_app_expr_t    *e;
    ngx_app_parser_t   p;

    lc->err.len = 0;

    if (text->len > NGX_APP_EXPR_MAX_LEN) {
        ngx_app_lang_error(lc, "the expression is longer than %i characters",
                           (ngx_int_t) NGX_APP_EXPR_MAX_LEN);
        return NULL;
    }

    ngx_memzero(&p, sizeof(ngx_app_parser_t));

    p.lc = lc;
    p.lx.lc = lc;
    p.lx.start = text->data;
    p.lx.pos = text->data;
    p.lx.last = text->data + text->len;

    if (ngx_array_init(&p.ops, lc->pool, 8, sizeof(ngx_app_op_t)) != NGX_OK) {
        return NULL;
    }

    if (ngx_app_expr_next(&p.lx) != NGX_OK
        || ngx_app_expr_or(&p) != NGX_OK)
    {
        return NULL;
    }

    if (p.lx.token.type != NGX_APP_TOKEN_END) {
        (void) ngx_app_expr_unexpected(&p.lx, "an operator or the end");
        return NULL;
    }

    e = ngx_palloc(lc->pool, sizeof(ngx_app_expr_t));
    if (e == NULL) {
        return NULL;
    }

    e->nops = p.ops.nelts;
    e->ops = p.ops.elts;

    return e;
}


ngx_int_t
ngx_app_expr_or(ngx_app_parser_t *p)
{
    ngx_uint_t  start;

    start = p->ops.nelts;

    if (ngx_app_expr_enter(p) != NGX_OK || ngx_app_expr_and(p) != NGX_OK) {
        return NGX_ERROR;
    }

    while (p->lx.token.type == NGX_APP_TOKEN_OR) {

        if (ngx_app_expr_logic(p, start, NGX_APP_OP_OR, ngx_app_expr_and)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    p->depth--;

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_and(ngx_app_parser_t *p)
{
    ngx_uint_t  start;

    start = p->ops.nelts;

    if (ngx_app_expr_not(p) != NGX_OK) {
        return NGX_ERROR;
    }

    while (p->lx.token.type == NGX_APP_TOKEN_AND) {

        if (ngx_app_expr_logic(p, start, NGX_APP_OP_AND, ngx_app_expr_not)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * The left side is compiled, from start on.  When it is constant, either it
 * decides and the right side goes, or it goes itself.
 */

static ngx_int_t
ngx_app_expr_logic(ngx_app_parser_t *p, ngx_uint_t start, ngx_app_op_e op,
    ngx_int_t (*right)(ngx_app_parser_t *p))
{
    ngx_uint_t        jump, end, decided;
    ngx_app_value_t  *left;

    left = ngx_app_expr_const(p, start);
    decided = 0;
    jump = 0;

    if (left == NULL) {
        jump = ngx_app_expr_jump(p, op);
        if (jump == NGX_APP_EXPR_NO_JUMP) {
            return NGX_ERROR;
        }

        p->stack--;

    } else {
        decided = (ngx_app_value_true(left) == (op == NGX_APP_OP_OR));

        if (decided) {
            ngx_app_value_set_bool(left, op == NGX_APP_OP_OR);

        } else {
            ngx_app_expr_cut(p, start, start + 1);
            p->stack--;
        }
    }

    end = p->ops.nelts;

    if (ngx_app_expr_next(&p->lx) != NGX_OK || right(p) != NGX_OK) {
        return NGX_ERROR;
    }

    if (decided) {
        ngx_app_expr_cut(p, end, p->ops.nelts);
        p->stack--;

        return NGX_OK;
    }

    if (ngx_app_expr_emit(p, NGX_APP_OP_TRUTH, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    if (left == NULL) {
        ngx_app_expr_land(p, jump);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_not(ngx_app_parser_t *p)
{
    if (p->lx.token.type != NGX_APP_TOKEN_NOT) {
        return ngx_app_expr_relation(p);
    }

    if (ngx_app_expr_enter(p) != NGX_OK
        || ngx_app_expr_next(&p->lx) != NGX_OK
        || ngx_app_expr_not(p) != NGX_OK)
    {
        return NGX_ERROR;
    }

    p->depth--;

    return ngx_app_expr_emit(p, NGX_APP_OP_NOT, 1);
}


static ngx_int_t
ngx_app_expr_relation(ngx_app_parser_t *p)
{
    ngx_int_t      rc;
    ngx_app_op_e   op;

    if (ngx_app_expr_sum(p) != NGX_OK) {
        return NGX_ERROR;
    }

    switch (p->lx.token.type) {

    case NGX_APP_TOKEN_COMPARE:
        op = p->lx.token.op;

        if (ngx_app_expr_next(&p->lx) != NGX_OK
            || ngx_app_expr_sum(p) != NGX_OK)
        {
            return NGX_ERROR;
        }

        rc = ngx_app_expr_emit(p, op, 2);
        break;

    case NGX_APP_TOKEN_IS:
        rc = ngx_app_expr_is(p);
        break;

    case NGX_APP_TOKEN_IN:
    case NGX_APP_TOKEN_NOT:
        rc = ngx_app_expr_in(p);
        break;

    default:
        return NGX_OK;
    }

    if (rc != NGX_OK) {
        return rc;
    }

    if (p->lx.token.type == NGX_APP_TOKEN_COMPARE) {
        ngx_app_lang_error(p->lc, "a second \"%V\" at character %ui: join "
                           "comparisons with \"and\"", &p->lx.token.text,
                           ngx_app_expr_column(&p->lx,
                                               p->lx.token.text.data));
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_is(ngx_app_parser_t *p)
{
    ngx_uint_t     negative;
    ngx_app_op_e   op;

    if (ngx_app_expr_next(&p->lx) != NGX_OK) {
        return NGX_ERROR;
    }

    negative = (p->lx.token.type == NGX_APP_TOKEN_NOT);

    if (negative && ngx_app_expr_next(&p->lx) != NGX_OK) {
        return NGX_ERROR;
    }

    if (p->lx.token.type == NGX_APP_TOKEN_NULL) {
        op = NGX_APP_OP_IS_NULL;

    } else if (p->lx.token.type == NGX_APP_TOKEN_ABSENT) {
        op = NGX_APP_OP_IS_ABSENT;

    } else {
        return ngx_app_expr_unexpected(&p->lx, "\"null\" or \"absent\"");
    }

    if (ngx_app_expr_next(&p->lx) != NGX_OK
        || ngx_app_expr_emit(p, op, 1) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return negative ? ngx_app_expr_emit(p, NGX_APP_OP_NOT, 1) : NGX_OK;
}


static ngx_int_t
ngx_app_expr_in(ngx_app_parser_t *p)
{
    ngx_uint_t  n, negative;

    negative = (p->lx.token.type == NGX_APP_TOKEN_NOT);

    if (negative) {
        if (ngx_app_expr_next(&p->lx) != NGX_OK) {
            return NGX_ERROR;
        }

        if (p->lx.token.type != NGX_APP_TOKEN_IN) {
            return ngx_app_expr_unexpected(&p->lx, "\"in\"");
        }
    }

    if (ngx_app_expr_next(&p->lx) != NGX_OK) {
        return NGX_ERROR;
    }

    if (p->lx.token.type != NGX_APP_TOKEN_OPEN) {
        return ngx_app_expr_unexpected(&p->lx, "\"(\" with a list");
    }

    for (n = 1; n == 1 || p->lx.token.type == NGX_APP_TOKEN_COMMA; n++) {

        if (ngx_app_expr_next(&p->lx) != NGX_OK
            || ngx_app_expr_or(p) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (p->lx.token.type != NGX_APP_TOKEN_CLOSE) {
        return ngx_app_expr_unexpected(&p->lx, "\",\" or \")\"");
    }

    if (ngx_app_expr_next(&p->lx) != NGX_OK
        || ngx_app_expr_emit(p, NGX_APP_OP_IN, n) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return negative ? ngx_app_expr_emit(p, NGX_APP_OP_NOT, 1) : NGX_OK;
}


static ngx_int_t
ngx_app_expr_sum(ngx_app_parser_t *p)
{
    ngx_uint_t        start;
    ngx_app_op_e      op;
    ngx_app_value_t  *left, *right, n;

    start = p->ops.nelts;

    if (ngx_app_expr_product(p) != NGX_OK) {
        return NGX_ERROR;
    }

    while (p->lx.token.type == NGX_APP_TOKEN_SUM) {
        op = p->lx.token.op;
        left = ngx_app_expr_const(p, start);

        if (left != NULL && (left->type != NGX_APP_STRING
                             || ngx_app_value_number(left, &n) == NGX_OK))
        {
            left = NULL;
        }

        start = p->ops.nelts;

        if (ngx_app_expr_next(&p->lx) != NGX_OK
            || ngx_app_expr_product(p) != NGX_OK)
        {
            return NGX_ERROR;
        }

        right = ngx_app_expr_const(p, start);

        if (left != NULL
            || (right != NULL && right->type == NGX_APP_STRING
                && ngx_app_value_number(right, &n) != NGX_OK))
        {
            ngx_app_lang_error(p->lc, "\"%s\" calculates with numbers: use "
                               "concat(a, b) to join text",
                               (op == NGX_APP_OP_ADD) ? "+" : "-");
            return NGX_ERROR;
        }

        if (ngx_app_expr_emit(p, op, 2) != NGX_OK) {
            return NGX_ERROR;
        }

        start = p->ops.nelts - 1;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_product(ngx_app_parser_t *p)
{
    ngx_app_op_e  op;

    if (ngx_app_expr_unary(p) != NGX_OK) {
        return NGX_ERROR;
    }

    while (p->lx.token.type == NGX_APP_TOKEN_PRODUCT) {
        op = p->lx.token.op;

        if (ngx_app_expr_next(&p->lx) != NGX_OK
            || ngx_app_expr_unary(p) != NGX_OK
            || ngx_app_expr_emit(p, op, 2) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_unary(ngx_app_parser_t *p)
{
    ngx_app_op_e  op;

    if (p->lx.token.type == NGX_APP_TOKEN_BANG) {
        op = NGX_APP_OP_NOT;

    } else if (p->lx.token.type == NGX_APP_TOKEN_SUM
               && p->lx.token.op == NGX_APP_OP_SUB)
    {
        op = NGX_APP_OP_NEGATE;

    } else {
        return ngx_app_expr_primary(p);
    }

    if (ngx_app_expr_enter(p) != NGX_OK
        || ngx_app_expr_next(&p->lx) != NGX_OK
        || ngx_app_expr_unary(p) != NGX_OK)
    {
        return NGX_ERROR;
    }

    p->depth--;

    return ngx_app_expr_emit(p, op, 1);
}
