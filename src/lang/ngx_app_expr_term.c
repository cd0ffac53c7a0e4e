
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_expr_parse.h>
#include <lang/ngx_app_scope.h>


static ngx_int_t ngx_app_expr_literal(ngx_app_parser_t *p,
    ngx_app_type_e type, int64_t i);
static ngx_int_t ngx_app_expr_group(ngx_app_parser_t *p);
static ngx_int_t ngx_app_expr_name(ngx_app_parser_t *p, ngx_str_t *name);
static ngx_int_t ngx_app_expr_dollar(ngx_app_parser_t *p, ngx_str_t *name);
static ngx_int_t ngx_app_expr_function(ngx_app_parser_t *p, ngx_str_t *name);
static ngx_int_t ngx_app_expr_no_function(ngx_app_parser_t *p,
    ngx_str_t *name);
static ngx_int_t ngx_app_expr_arguments(ngx_app_parser_t *p,
    ngx_app_func_t *f, ngx_uint_t *n);
static ngx_uint_t ngx_app_expr_count(ngx_app_parser_t *p);
static ngx_int_t ngx_app_expr_if(ngx_app_parser_t *p, ngx_app_func_t *f);
static ngx_int_t ngx_app_expr_coalesce(ngx_app_parser_t *p,
    ngx_app_func_t *f);
static ngx_int_t ngx_app_expr_comma(ngx_app_parser_t *p, ngx_app_func_t *f);
static ngx_int_t ngx_app_expr_usage(ngx_app_parser_t *p, ngx_app_func_t *f);


ngx_int_t
ngx_app_expr_primary(ngx_app_parser_t *p)
{
    ngx_str_t      text;
    ngx_app_op_t  *op;

    text = p->lx.token.text;

    switch (p->lx.token.type) {

    case NGX_APP_TOKEN_NUMBER:
    case NGX_APP_TOKEN_TEXT:
        op = ngx_app_expr_push(p, NGX_APP_OP_CONST);
        if (op == NULL) {
            return NGX_ERROR;
        }

        op->u.value = p->lx.token.value;

        if (op->u.value.type == NGX_APP_DECIMAL) {
            op->u.value.u.s.data = ngx_pstrdup(p->lc->pool, &text);
            if (op->u.value.u.s.data == NULL) {
                return NGX_ERROR;
            }
        }

        return ngx_app_expr_next(&p->lx);

    case NGX_APP_TOKEN_NULL:
        return ngx_app_expr_literal(p, NGX_APP_NULL, 0);

    case NGX_APP_TOKEN_ABSENT:
        return ngx_app_expr_literal(p, NGX_APP_ABSENT, 0);

    case NGX_APP_TOKEN_TRUE:
        return ngx_app_expr_literal(p, NGX_APP_BOOL, 1);

    case NGX_APP_TOKEN_FALSE:
        return ngx_app_expr_literal(p, NGX_APP_BOOL, 0);

    case NGX_APP_TOKEN_OPEN:
        return ngx_app_expr_group(p);

    case NGX_APP_TOKEN_VARIABLE:
        return ngx_app_expr_dollar(p, &text);

    case NGX_APP_TOKEN_NAME:
        if (ngx_app_expr_next(&p->lx) != NGX_OK) {
            return NGX_ERROR;
        }

        return (p->lx.token.type == NGX_APP_TOKEN_OPEN)
               ? ngx_app_expr_function(p, &text)
               : ngx_app_expr_name(p, &text);

    default:
        return ngx_app_expr_unexpected(&p->lx, "a value");
    }
}


static ngx_int_t
ngx_app_expr_literal(ngx_app_parser_t *p, ngx_app_type_e type, int64_t i)
{
    ngx_app_op_t  *op;

    op = ngx_app_expr_push(p, NGX_APP_OP_CONST);
    if (op == NULL) {
        return NGX_ERROR;
    }

    op->u.value.type = type;
    op->u.value.u.i = i;

    return ngx_app_expr_next(&p->lx);
}


static ngx_int_t
ngx_app_expr_group(ngx_app_parser_t *p)
{
    if (ngx_app_expr_next(&p->lx) != NGX_OK
        || ngx_app_expr_or(p) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (p->lx.token.type != NGX_APP_TOKEN_CLOSE) {
        return ngx_app_expr_unexpected(&p->lx, "\")\"");
    }

    return ngx_app_expr_next(&p->lx);
}


static ngx_int_t
ngx_app_expr_name(ngx_app_parser_t *p, ngx_str_t *name)
{
    ngx_int_t        rc;
    ngx_uint_t       slot;
    const char      *hint;
    ngx_app_op_t    *op;
    ngx_app_func_t  *f;

    f = ngx_app_func_find(name);

    rc = ngx_app_scope_resolve(p->lc, name, &slot);

    if (rc == NGX_DECLINED && f != NULL) {
        ngx_app_lang_error(p->lc, "unknown name \"%V\": the function is "
                           "written %s", name, f->usage);
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        hint = ngx_app_expr_hint(name->data, name->len);

        if (hint != NULL) {
            ngx_app_lang_error(p->lc, "unknown name \"%V\": %s", name, hint);
        }

        return NGX_ERROR;
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    op = ngx_app_expr_push(p, NGX_APP_OP_SLOT);
    if (op == NULL) {
        return NGX_ERROR;
    }

    op->u.index = slot;

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_dollar(ngx_app_parser_t *p, ngx_str_t *name)
{
    ngx_int_t      index;
    ngx_app_op_t  *op;

    if (ngx_app_scope_lookup(p->lc->scope, name) != NULL) {
        ngx_app_lang_error(p->lc, "\"$%V\" in an expression: write \"%V\"",
                           name, name);
        return NGX_ERROR;
    }

    index = (p->lc->variable != NULL) ? p->lc->variable(p->lc, name)
                                      : NGX_ERROR;

    if (index == NGX_ERROR) {
        if (p->lc->err.len == 0) {
            ngx_app_lang_error(p->lc, "unknown variable \"$%V\"", name);
        }

        return NGX_ERROR;
    }

    op = ngx_app_expr_push(p, NGX_APP_OP_VARIABLE);
    if (op == NULL) {
        return NGX_ERROR;
    }

    op->u.index = (ngx_uint_t) index;

    return ngx_app_expr_next(&p->lx);
}


static ngx_int_t
ngx_app_expr_function(ngx_app_parser_t *p, ngx_str_t *name)
{
    ngx_uint_t       n;
    ngx_app_func_t  *f;

    f = ngx_app_func_find(name);

    if (f == NULL) {
        return ngx_app_expr_no_function(p, name);
    }

    if (f->flags & NGX_APP_FUNC_LAZY) {
        return (f->min == f->max) ? ngx_app_expr_if(p, f)
                                  : ngx_app_expr_coalesce(p, f);
    }

    if (ngx_app_expr_arguments(p, f, &n) != NGX_OK) {
        return NGX_ERROR;
    }

    if (f->handler == ngx_app_func_length && ngx_app_expr_count(p)) {
        return NGX_OK;
    }

    return ngx_app_expr_emit_call(p, f, n);
}


static ngx_int_t
ngx_app_expr_no_function(ngx_app_parser_t *p, ngx_str_t *name)
{
    ngx_uint_t       column;
    ngx_app_func_t  *f;

    f = ngx_app_func_near(name);
    column = ngx_app_expr_column(&p->lx, name->data);

    if (f != NULL) {
        ngx_app_lang_error(p->lc, "unknown function \"%V\" at character %ui, "
                           "did you mean %s?", name, column, f->usage);

    } else {
        ngx_app_lang_error(p->lc, "unknown function \"%V\" at character %ui",
                           name, column);
    }

    return NGX_ERROR;
}


static ngx_int_t
ngx_app_expr_arguments(ngx_app_parser_t *p, ngx_app_func_t *f, ngx_uint_t *n)
{
    *n = 0;

    if (ngx_app_expr_next(&p->lx) != NGX_OK) {
        return NGX_ERROR;
    }

    if (p->lx.token.type != NGX_APP_TOKEN_CLOSE) {

        for ( ;; ) {

            if (*n == f->max) {
                return ngx_app_expr_usage(p, f);
            }

            if (ngx_app_expr_or(p) != NGX_OK) {
                return NGX_ERROR;
            }

            (*n)++;

            if (p->lx.token.type != NGX_APP_TOKEN_COMMA) {
                break;
            }

            if (ngx_app_expr_next(&p->lx) != NGX_OK) {
                return NGX_ERROR;
            }
        }
    }

    if (p->lx.token.type != NGX_APP_TOKEN_CLOSE) {
        return ngx_app_expr_unexpected(&p->lx, "\",\" or \")\"");
    }

    if (*n < f->min) {
        return ngx_app_expr_usage(p, f);
    }

    return ngx_app_expr_next(&p->lx);
}


/*
 * The length of a list is its count, for which the list is not needed.  Not
 * zero: that was so, and there is nothing to call.
 */

static ngx_uint_t
ngx_app_expr_count(ngx_app_parser_t *p)
{
    ngx_str_t           name = ngx_string("count");
    ngx_uint_t          i;
    ngx_app_op_t       *op;
    ngx_app_member_t   *member;
    ngx_app_symbol_t  **sym;

    op = p->ops.elts;
    op += p->ops.nelts - 1;

    if (op->op != NGX_APP_OP_SLOT || p->ops.nelts == p->landing) {
        return 0;
    }

    sym = p->lc->scope->symbols.elts;

    for (i = 0; i < p->lc->scope->symbols.nelts; i++) {

        if (sym[i]->kind == NGX_APP_SYMBOL_LIST
            && sym[i]->slot == op->u.index)
        {
            member = ngx_app_scope_find_member(sym[i], &name);

            member->used++;
            sym[i]->whole--;
            op->u.index = member->slot;

            return 1;
        }
    }

    return 0;
}


/* a constant condition leaves only the branch that is taken */

static ngx_int_t
ngx_app_expr_if(ngx_app_parser_t *p, ngx_app_func_t *f)
{
    ngx_uint_t        start, unless, over, decided, holds;
    ngx_app_value_t  *v;

    start = p->ops.nelts;

    if (ngx_app_expr_next(&p->lx) != NGX_OK
        || ngx_app_expr_or(p) != NGX_OK)
    {
        return NGX_ERROR;
    }

    v = ngx_app_expr_const(p, start);
    decided = (v != NULL);
    holds = decided && ngx_app_value_true(v);
    unless = 0;

    if (decided) {
        ngx_app_expr_cut(p, start, start + 1);

    } else {
        unless = ngx_app_expr_jump(p, NGX_APP_OP_UNLESS);
        if (unless == NGX_APP_EXPR_NO_JUMP) {
            return NGX_ERROR;
        }
    }

    p->stack--;

    if (ngx_app_expr_comma(p, f) != NGX_OK || ngx_app_expr_or(p) != NGX_OK) {
        return NGX_ERROR;
    }

    over = 0;

    if (!decided) {
        over = ngx_app_expr_jump(p, NGX_APP_OP_JUMP);
        if (over == NGX_APP_EXPR_NO_JUMP) {
            return NGX_ERROR;
        }

        ngx_app_expr_land(p, unless);

    } else if (!holds) {
        ngx_app_expr_cut(p, start, p->ops.nelts);
    }

    p->stack--;
    start = p->ops.nelts;

    if (ngx_app_expr_comma(p, f) != NGX_OK || ngx_app_expr_or(p) != NGX_OK) {
        return NGX_ERROR;
    }

    if (!decided) {
        ngx_app_expr_land(p, over);

    } else if (holds) {
        ngx_app_expr_cut(p, start, p->ops.nelts);
    }

    if (p->lx.token.type != NGX_APP_TOKEN_CLOSE) {
        return ngx_app_expr_usage(p, f);
    }

    return ngx_app_expr_next(&p->lx);
}


/*
 * All but the last argument are followed by a jump to the end.  Constants are
 * not looked at: nobody writes them first.
 */

static ngx_int_t
ngx_app_expr_coalesce(ngx_app_parser_t *p, ngx_app_func_t *f)
{
    ngx_uint_t  jumps[32], n, i;

    for (n = 0; n < f->max; n++) {

        if (ngx_app_expr_next(&p->lx) != NGX_OK
            || ngx_app_expr_or(p) != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (p->lx.token.type != NGX_APP_TOKEN_COMMA) {
            break;
        }

        jumps[n] = ngx_app_expr_jump(p, NGX_APP_OP_COALESCE);
        if (jumps[n] == NGX_APP_EXPR_NO_JUMP) {
            return NGX_ERROR;
        }

        p->stack--;
    }

    if (p->lx.token.type != NGX_APP_TOKEN_CLOSE) {
        return ngx_app_expr_usage(p, f);
    }

    for (i = 0; i < n; i++) {
        ngx_app_expr_land(p, jumps[i]);
    }

    return ngx_app_expr_next(&p->lx);
}


static ngx_int_t
ngx_app_expr_comma(ngx_app_parser_t *p, ngx_app_func_t *f)
{
    if (p->lx.token.type != NGX_APP_TOKEN_COMMA) {
        return ngx_app_expr_usage(p, f);
    }

    return ngx_app_expr_next(&p->lx);
}


static ngx_int_t
ngx_app_expr_usage(ngx_app_parser_t *p, ngx_app_func_t *f)
{
    ngx_app_lang_error(p->lc, "wrong number of arguments for \"%V\", write "
                       "%s", &f->name, f->usage);

    return NGX_ERROR;
}
