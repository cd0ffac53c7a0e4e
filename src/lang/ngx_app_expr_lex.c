
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_expr_parse.h>


typedef struct {
    ngx_str_t          text;
    ngx_app_token_e    type;
    ngx_app_op_e       op;
} ngx_app_lexer_word_t;


typedef struct {
    ngx_str_t          text;
    const char        *hint;
} ngx_app_lexer_hint_t;


static ngx_int_t ngx_app_expr_next_number(ngx_app_lexer_t *lx);
static ngx_int_t ngx_app_expr_next_text(ngx_app_lexer_t *lx);
static ngx_int_t ngx_app_expr_next_name(ngx_app_lexer_t *lx);
static ngx_int_t ngx_app_expr_next_variable(ngx_app_lexer_t *lx);
static ngx_int_t ngx_app_expr_next_sign(ngx_app_lexer_t *lx);


#define NGX_APP_NO_OP  NGX_APP_OP_CONST


static ngx_app_lexer_word_t  ngx_app_expr_words[] = {
    { ngx_string("or"), NGX_APP_TOKEN_OR, NGX_APP_NO_OP },
    { ngx_string("and"), NGX_APP_TOKEN_AND, NGX_APP_NO_OP },
    { ngx_string("not"), NGX_APP_TOKEN_NOT, NGX_APP_NO_OP },
    { ngx_string("in"), NGX_APP_TOKEN_IN, NGX_APP_NO_OP },
    { ngx_string("is"), NGX_APP_TOKEN_IS, NGX_APP_NO_OP },
    { ngx_string("null"), NGX_APP_TOKEN_NULL, NGX_APP_NO_OP },
    { ngx_string("absent"), NGX_APP_TOKEN_ABSENT, NGX_APP_NO_OP },
    { ngx_string("true"), NGX_APP_TOKEN_TRUE, NGX_APP_NO_OP },
    { ngx_string("false"), NGX_APP_TOKEN_FALSE, NGX_APP_NO_OP },
    { ngx_null_string, NGX_APP_TOKEN_END, NGX_APP_NO_OP }
};


/* the longer one of two that begin alike comes first */

static ngx_app_lexer_word_t  ngx_app_expr_signs[] = {
    { ngx_string("||"), NGX_APP_TOKEN_OR, NGX_APP_NO_OP },
    { ngx_string("&&"), NGX_APP_TOKEN_AND, NGX_APP_NO_OP },
    { ngx_string("=="), NGX_APP_TOKEN_COMPARE, NGX_APP_OP_EQ },
    { ngx_string("!="), NGX_APP_TOKEN_COMPARE, NGX_APP_OP_NE },
    { ngx_string("<>"), NGX_APP_TOKEN_COMPARE, NGX_APP_OP_NE },
    { ngx_string("<="), NGX_APP_TOKEN_COMPARE, NGX_APP_OP_LE },
    { ngx_string(">="), NGX_APP_TOKEN_COMPARE, NGX_APP_OP_GE },
    { ngx_string("="), NGX_APP_TOKEN_COMPARE, NGX_APP_OP_EQ },
    { ngx_string("<"), NGX_APP_TOKEN_COMPARE, NGX_APP_OP_LT },
    { ngx_string(">"), NGX_APP_TOKEN_COMPARE, NGX_APP_OP_GT },
    { ngx_string("!"), NGX_APP_TOKEN_BANG, NGX_APP_NO_OP },
    { ngx_string("+"), NGX_APP_TOKEN_SUM, NGX_APP_OP_ADD },
    { ngx_string("-"), NGX_APP_TOKEN_SUM, NGX_APP_OP_SUB },
    { ngx_string("*"), NGX_APP_TOKEN_PRODUCT, NGX_APP_OP_MUL },
    { ngx_string("/"), NGX_APP_TOKEN_PRODUCT, NGX_APP_OP_DIV },
    { ngx_string("%"), NGX_APP_TOKEN_PRODUCT, NGX_APP_OP_MOD },
    { ngx_string("("), NGX_APP_TOKEN_OPEN, NGX_APP_NO_OP },
    { ngx_string(")"), NGX_APP_TOKEN_CLOSE, NGX_APP_NO_OP },
    { ngx_string(","), NGX_APP_TOKEN_COMMA, NGX_APP_NO_OP },
    { ngx_null_string, NGX_APP_TOKEN_END, NGX_APP_NO_OP }
};


/* what people write who come from SQL, C or JavaScript */

static ngx_app_lexer_hint_t  ngx_app_expr_hints[] = {
    { ngx_string("\""), "write text as '...'" },
    { ngx_string("`"), "write names without quotes" },
    { ngx_string(":"), "write names without \":\"" },
    { ngx_string("&"), "use \"and\"" },
    { ngx_string("|"), "use \"or\", or concat()" },
    { ngx_string("?"), "use if(condition, then, else)" },
    { ngx_string("~"), "use match(text, 'regex')" },
    { ngx_string("="), "use \"=\"" },
    { ngx_string("like"), "use contains(), starts_with() or match()" },
    { ngx_string("between"), "use \">=\" and \"<=\" with \"and\"" },
    { ngx_string("mod"), "use \"%\"" },
    { ngx_string("case"), "use if(condition, then, else)" },
    { ngx_null_string, NULL }
};


ngx_int_t
ngx_app_expr_next(ngx_app_lexer_t *lx)
{
    u_char  ch;

    while (lx->pos < lx->last && (*lx->pos == ' ' || *lx->pos == '\t'
                                  || *lx->pos == '\n' || *lx->pos == '\r'))
    {
        lx->pos++;
    }

    lx->token.text.data = lx->pos;
    lx->token.text.len = 0;

    if (lx->pos == lx->last) {
        lx->token.type = NGX_APP_TOKEN_END;
        return NGX_OK;
    }

    ch = *lx->pos;

    if (ch >= '0' && ch <= '9') {
        return ngx_app_expr_next_number(lx);
    }

    if (ch == '\'') {
        return ngx_app_expr_next_text(lx);
    }

    if (ch == '$') {
        return ngx_app_expr_next_variable(lx);
    }

    if (ngx_app_lang_name_len(lx->pos, lx->last) != 0) {
        return ngx_app_expr_next_name(lx);
    }

    return ngx_app_expr_next_sign(lx);
}


static ngx_int_t
ngx_app_expr_next_number(ngx_app_lexer_t *lx)
{
    u_char     *p;
    ngx_str_t  *s;

    s = &lx->token.text;

    /* all that looks like a part of it, to show the whole in a message */

    for (p = lx->pos; p < lx->last; p++) {

        if ((*p == '+' || *p == '-') && (p[-1] | 0x20) == 'e') {
            continue;
        }

        if (*p != '.' && *p != '_' && (*p < '0' || *p > '9')
            && ((*p | 0x20) < 'a' || (*p | 0x20) > 'z'))
        {
            break;
        }
    }

    s->len = p - s->data;
    lx->pos = p;
    lx->token.type = NGX_APP_TOKEN_NUMBER;

    if (ngx_app_value_parse_number(s, &lx->token.value) != NGX_OK) {
        ngx_app_lang_error(lx->lc, "invalid number \"%V\" at character %ui",
                           s, ngx_app_expr_column(lx, s->data));
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_next_text(ngx_app_lexer_t *lx)
{
    u_char  *p, *d;

    p = lx->pos + 1;

    for ( ;; ) {

        if (p == lx->last) {
            ngx_app_lang_error(lx->lc, "the text that starts at character "
                               "%ui has no end, add \"'\"",
                               ngx_app_expr_column(lx, lx->pos));
            return NGX_ERROR;
        }

        if (*p++ != '\'') {
            continue;
        }

        if (p == lx->last || *p != '\'') {
            break;
        }

        p++;
    }

    lx->token.type = NGX_APP_TOKEN_TEXT;
    lx->token.text.len = p - lx->pos;

    d = ngx_pnalloc(lx->lc->pool, lx->token.text.len);
    if (d == NULL) {
        return NGX_ERROR;
    }

    ngx_app_value_set_string(&lx->token.value, d, 0);

    for (lx->pos++; lx->pos < p - 1; lx->pos++) {
        *d++ = *lx->pos;

        if (*lx->pos == '\'') {
            lx->pos++;
        }
    }

    lx->token.value.u.s.len = d - lx->token.value.u.s.data;
    lx->pos = p;

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_next_name(ngx_app_lexer_t *lx)
{
    ngx_str_t             *s;
    ngx_uint_t             i;
    ngx_app_lexer_word_t  *word;

    s = &lx->token.text;

    s->len = ngx_app_lang_path_len(lx->pos, lx->last);
    lx->pos += s->len;
    lx->token.type = NGX_APP_TOKEN_NAME;

    for (word = ngx_app_expr_words; word->text.len != 0; word++) {

        if (word->text.len != s->len
            || ngx_strncasecmp(word->text.data, s->data, s->len) != 0)
        {
            continue;
        }

        /* all small or all capital letters, for SQL's habit */

        for (i = 1; i < s->len; i++) {
            if ((s->data[i] & 0x20) != (s->data[0] & 0x20)) {
                return NGX_OK;
            }
        }

        lx->token.type = word->type;
        break;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_next_variable(ngx_app_lexer_t *lx)
{
    u_char      *p;
    size_t       len;
    ngx_uint_t   braces;

    p = lx->pos + 1;
    braces = (p < lx->last && *p == '{');
    p += braces;

    len = ngx_app_lang_name_len(p, lx->last);

    if (len == 0 || (braces && (p + len == lx->last || p[len] != '}'))) {
        ngx_app_lang_error(lx->lc, "no name after \"$\" at character %ui, "
                           "write $name for a variable of nginx",
                           ngx_app_expr_column(lx, lx->pos));
        return NGX_ERROR;
    }

    lx->token.type = NGX_APP_TOKEN_VARIABLE;
    lx->token.text.data = p;
    lx->token.text.len = len;
    lx->pos = p + len + braces;

    return NGX_OK;
}


static ngx_int_t
ngx_app_expr_next_sign(ngx_app_lexer_t *lx)
{
    size_t                 len, rest;
    const char            *hint;
    ngx_app_lexer_word_t  *sign;

    rest = lx->last - lx->pos;

    for (sign = ngx_app_expr_signs; sign->text.len != 0; sign++) {
        len = sign->text.len;

        if (len <= rest && ngx_memcmp(sign->text.data, lx->pos, len) == 0) {
            lx->token.type = sign->type;
            lx->token.op = sign->op;
            lx->token.text.len = len;
            lx->pos += len;

            return NGX_OK;
        }
    }

    /* a character, not a piece of one */

    for (len = 1; len < rest && (lx->pos[len] & 0xc0) == 0x80; len++) {
        /* void */
    }

    hint = ngx_app_expr_hint(lx->pos, len);

    ngx_app_lang_error(lx->lc, "unexpected \"%*s\" at character %ui%s%s",
                       len, lx->pos, ngx_app_expr_column(lx, lx->pos),
                       (hint != NULL) ? ": " : "",
                       (hint != NULL) ? hint : "");
    return NGX_ERROR;
}


ngx_uint_t
ngx_app_expr_column(ngx_app_lexer_t *lx, u_char *p)
{
    u_char      *c;
    ngx_uint_t   n;

    n = 1;

    for (c = lx->start; c < p; c++) {
        n += ((*c & 0xc0) != 0x80);
    }

    return n;
}


ngx_int_t
ngx_app_expr_unexpected(ngx_app_lexer_t *lx, const char *expected)
{
    const char       *hint;
    ngx_app_token_t  *t;

    t = &lx->token;

    if (t->type == NGX_APP_TOKEN_END) {
        ngx_app_lang_error(lx->lc, "the expression ends where %s must be",
                           expected);
        return NGX_ERROR;
    }

    hint = ngx_app_expr_hint(t->text.data, t->text.len);

    if (hint != NULL) {
        ngx_app_lang_error(lx->lc, "unexpected \"%V\" at character %ui: %s",
                           &t->text, ngx_app_expr_column(lx, t->text.data),
                           hint);
        return NGX_ERROR;
    }

    ngx_app_lang_error(lx->lc, "unexpected \"%V\" at character %ui where %s "
                       "must be", &t->text,
                       ngx_app_expr_column(lx, t->text.data), expected);

    return NGX_ERROR;
}


const char *
ngx_app_expr_hint(u_char *p, size_t len)
{
    ngx_app_lexer_hint_t  *h;

    for (h = ngx_app_expr_hints; h->hint != NULL; h++) {

        if (h->text.len == len
            && ngx_strncasecmp(h->text.data, p, len) == 0)
        {
            return h->hint;
        }
    }

    return NULL;
}
