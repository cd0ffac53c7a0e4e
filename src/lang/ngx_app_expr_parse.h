
/*
 * Copyright (C) the project authors
 */

/*
 * The compiler of expressions: words, grammar, operations.  Private to the
 * files of expressions.
 */


#ifndef _NGX_APP_EXPR_PARSE_H_INCLUDED_
#define _NGX_APP_EXPR_PARSE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_expr_code.h>


typedef enum {
    NGX_APP_TOKEN_END = 0,
    NGX_APP_TOKEN_NUMBER,
    NGX_APP_TOKEN_TEXT,           /* value is set */
    NGX_APP_TOKEN_NAME,
    NGX_APP_TOKEN_VARIABLE,       /* text is without the "$" */
    NGX_APP_TOKEN_OPEN,
    NGX_APP_TOKEN_CLOSE,
    NGX_APP_TOKEN_COMMA,
    NGX_APP_TOKEN_OR,
    NGX_APP_TOKEN_AND,
    NGX_APP_TOKEN_NOT,
    NGX_APP_TOKEN_BANG,
    NGX_APP_TOKEN_IN,
    NGX_APP_TOKEN_IS,
    NGX_APP_TOKEN_NULL,
    NGX_APP_TOKEN_ABSENT,
    NGX_APP_TOKEN_TRUE,
    NGX_APP_TOKEN_FALSE,
    NGX_APP_TOKEN_COMPARE,        /* op is set */
    NGX_APP_TOKEN_SUM,
    NGX_APP_TOKEN_PRODUCT
} ngx_app_token_e;


typedef struct {
    ngx_app_token_e    type;
    ngx_app_op_e       op;
    ngx_str_t          text;      /* as it is written */
    ngx_app_value_t    value;
} ngx_app_token_t;


typedef struct {
    ngx_app_lang_t    *lc;
    u_char            *start;
    u_char            *pos;
    u_char            *last;
    ngx_app_token_t    token;     /* the next one */
} ngx_app_lexer_t;


typedef struct {
    ngx_app_lexer_t    lx;
    ngx_app_lang_t    *lc;
    ngx_array_t        ops;       /* ngx_app_op_t */
    ngx_uint_t         landing;   /* where the last jump goes to */
    ngx_uint_t         stack;     /* values at this point of a run */
    ngx_uint_t         depth;
} ngx_app_parser_t;


#define NGX_APP_EXPR_NO_JUMP  ((ngx_uint_t) -1)


/* reads the next token: NGX_OK, or NGX_ERROR with lc->err */
ngx_int_t ngx_app_expr_next(ngx_app_lexer_t *lx);

/* what to write instead of a word of another language, or NULL */
const char *ngx_app_expr_hint(u_char *p, size_t len);

/* number of the character at p, counted from 1 */
ngx_uint_t ngx_app_expr_column(ngx_app_lexer_t *lx, u_char *p);

/*
 * Sets lc->err for a token that cannot stand where it does.
 *
 *   expected  "a value", for example
 *
 * Always returns NGX_ERROR.
 */
ngx_int_t ngx_app_expr_unexpected(ngx_app_lexer_t *lx, const char *expected);


/*
 * Each of these compiles what its rule of the grammar has read, so that a run
 * leaves one value more: NGX_OK, or NGX_ERROR with lc->err.
 */
ngx_int_t ngx_app_expr_or(ngx_app_parser_t *p);
ngx_int_t ngx_app_expr_primary(ngx_app_parser_t *p);

/* counts a level of nesting: NGX_OK, or NGX_ERROR with lc->err */
ngx_int_t ngx_app_expr_enter(ngx_app_parser_t *p);


/* appends an operation that pushes a value; NULL with lc->err */
ngx_app_op_t *ngx_app_expr_push(ngx_app_parser_t *p, ngx_app_op_e op);

/*
 * Appends an operation on the n upper values, or calculates it when all of
 * them are constant: NGX_OK, or NGX_ERROR with lc->err.
 */
ngx_int_t ngx_app_expr_emit(ngx_app_parser_t *p, ngx_app_op_e op,
    ngx_uint_t n);
ngx_int_t ngx_app_expr_emit_call(ngx_app_parser_t *p, ngx_app_func_t *f,
    ngx_uint_t n);

/* returns the value when all from start on is one constant, else NULL */
ngx_app_value_t *ngx_app_expr_const(ngx_app_parser_t *p, ngx_uint_t start);

/*
 * Appends a jump and returns its place, or NGX_APP_EXPR_NO_JUMP; land() makes
 * it go to the end of what is there by then.
 */
ngx_uint_t ngx_app_expr_jump(ngx_app_parser_t *p, ngx_app_op_e op);
void ngx_app_expr_land(ngx_app_parser_t *p, ngx_uint_t jump);

/* takes out operations; nothing may jump into or over them */
void ngx_app_expr_cut(ngx_app_parser_t *p, ngx_uint_t from, ngx_uint_t to);


#endif /* _NGX_APP_EXPR_PARSE_H_INCLUDED_ */
