
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <mysql/ngx_app_mysql_query_piece.h>


typedef struct {
    ngx_app_lang_t          *lc;
    ngx_app_mysql_query_t   *q;
    ngx_array_t              pieces;   /* ngx_app_mysql_piece_t */
    u_char                  *literal;  /* start of the current one */
    u_char                  *out;      /* its end */
    u_char                  *start;
    u_char                  *pos;
    u_char                  *last;
    ngx_uint_t               group;
    u_char                  *open;     /* of the group */
    ngx_uint_t               params;   /* in the group */
    u_char                  *semicolon;
    ngx_uint_t               words;    /* not only blanks, since then */
} ngx_app_mysql_compiler_t;


static ngx_int_t ngx_app_mysql_query_parse(ngx_app_mysql_compiler_t *c);
static ngx_int_t ngx_app_mysql_query_next(ngx_app_mysql_compiler_t *c);
static ngx_int_t ngx_app_mysql_query_colon(ngx_app_mysql_compiler_t *c);
static ngx_int_t ngx_app_mysql_query_quoted(ngx_app_mysql_compiler_t *c);
static ngx_uint_t ngx_app_mysql_query_line_comment(
    ngx_app_mysql_compiler_t *c);
static ngx_int_t ngx_app_mysql_query_comment(ngx_app_mysql_compiler_t *c);
static ngx_int_t ngx_app_mysql_query_open(ngx_app_mysql_compiler_t *c);
static ngx_int_t ngx_app_mysql_query_close(ngx_app_mysql_compiler_t *c);
static ngx_int_t ngx_app_mysql_query_semicolon(ngx_app_mysql_compiler_t *c);
static ngx_int_t ngx_app_mysql_query_end(ngx_app_mysql_compiler_t *c);
static ngx_int_t ngx_app_mysql_query_piece(ngx_app_mysql_compiler_t *c,
    ngx_uint_t slot);
static ngx_int_t ngx_app_mysql_query_error(ngx_app_mysql_compiler_t *c,
    u_char *p, const char *err);
static ngx_uint_t ngx_app_mysql_query_word_char(u_char ch);


#define ngx_app_mysql_next_is(c, a, b)                                        \
    ((c)->last - (c)->pos > 1 && (c)->pos[0] == (a) && (c)->pos[1] == (b))

#define ngx_app_mysql_is_blank(ch)                                            \
    ((ch) == ' ' || ((ch) >= '\t' && (ch) <= '\r'))


ngx_app_mysql_query_t *
ngx_app_mysql_query_compile(ngx_app_lang_t *lc, ngx_str_t *text)
{
    ngx_app_mysql_compiler_t  c;

    lc->err.len = 0;

    ngx_memzero(&c, sizeof(ngx_app_mysql_compiler_t));

    c.lc = lc;
    c.start = text->data;
    c.pos = text->data;
    c.last = text->data + text->len;
    c.group = NGX_APP_MYSQL_NO_GROUP;

    /* comments become a blank, and all else is as long as it was */

    c.literal = ngx_pnalloc(lc->pool, text->len);
    c.out = c.literal;

    c.q = ngx_pcalloc(lc->pool, sizeof(ngx_app_mysql_query_t));

    if (c.literal == NULL || c.q == NULL
        || ngx_array_init(&c.pieces, lc->pool, 8,
                          sizeof(ngx_app_mysql_piece_t))
           != NGX_OK)
    {
        return NULL;
    }

    if (ngx_app_mysql_query_parse(&c) != NGX_OK
        || ngx_app_mysql_query_end(&c) != NGX_OK)
    {
        return NULL;
    }

    c.q->npieces = c.pieces.nelts;
    c.q->pieces = c.pieces.elts;

    return c.q;
}


static ngx_int_t
ngx_app_mysql_query_parse(ngx_app_mysql_compiler_t *c)
{
    while (c->pos < c->last) {

        if (ngx_app_mysql_query_next(c) != NGX_OK) {
            return NGX_ERROR;
        }

        if (c->semicolon != NULL && c->words) {
            return ngx_app_mysql_query_error(c, c->semicolon, "more than one "
                                             "statement, write a step for "
                                             "each");
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_mysql_query_next(ngx_app_mysql_compiler_t *c)
{
    switch (*c->pos) {

    case '\'':
    case '"':
    case '`':
        return ngx_app_mysql_query_quoted(c);

    case ':':
        return ngx_app_mysql_query_colon(c);

    case '?':
        return ngx_app_mysql_query_error(c, c->pos, "\"?\" in a statement, "
                                         "write :name");

    case ';':
        return ngx_app_mysql_query_semicolon(c);

    case '\0':
        return ngx_app_mysql_query_error(c, c->pos, "a zero byte");

    case '#':
    case '-':
        if (ngx_app_mysql_query_line_comment(c)) {
            return NGX_OK;
        }

        break;

    case '/':
        if (ngx_app_mysql_next_is(c, '/', '*')) {
            return ngx_app_mysql_query_comment(c);
        }

        break;

    case '[':
        if (ngx_app_mysql_next_is(c, '[', '[')) {
            return ngx_app_mysql_query_open(c);
        }

        break;

    case ']':
        if (ngx_app_mysql_next_is(c, ']', ']')) {
            return ngx_app_mysql_query_close(c);
        }

        break;
    }

    c->words |= !ngx_app_mysql_is_blank(*c->pos);
    *c->out++ = *c->pos++;

    return NGX_OK;
}


/* a parameter, or "a:b", "::", ":=", ":1", which are none */

static ngx_int_t
ngx_app_mysql_query_colon(ngx_app_mysql_compiler_t *c)
{
    u_char      ch;
    ngx_int_t   rc;
    ngx_str_t   name;
    ngx_uint_t  slot;

    ch = (c->pos > c->start) ? c->pos[-1] : ' ';

    name.data = c->pos + 1;
    name.len = ngx_app_lang_path_len(name.data, c->last);

    c->words = 1;

    if (name.len == 0 || ch == ':' || ngx_app_mysql_query_word_char(ch)) {
        *c->out++ = *c->pos++;
        return NGX_OK;
    }

    rc = ngx_app_scope_resolve(c->lc, &name, &slot);

    if (rc != NGX_OK) {
        return rc;
    }

    if (c->q->nparams++ == NGX_APP_MYSQL_QUERY_MAX_PARAMS) {
        return ngx_app_mysql_query_error(c, c->pos,
                                         "more than 1024 parameters");
    }

    c->pos = name.data + name.len;
    c->params++;

    return ngx_app_mysql_query_piece(c, slot);
}


static ngx_int_t
ngx_app_mysql_query_quoted(ngx_app_mysql_compiler_t *c)
{
    u_char  *p, quote;

    quote = *c->pos;

    /* a doubled quote is the end of one string and the start of the next */

    for (p = c->pos + 1; p < c->last && *p != quote; p++) {

        if (*p == '\\' && quote != '`') {
            p++;
        }
    }

    if (p >= c->last) {
        return ngx_app_mysql_query_error(c, c->pos, (quote == '`')
                                         ? "a name in \"`\" has no end"
                                         : "a string has no end");
    }

    p++;
    c->out = ngx_cpymem(c->out, c->pos, p - c->pos);
    c->pos = p;
    c->words = 1;

    return NGX_OK;
}


/* "--" starts a comment only before a blank: "a--1" is a difference */

static ngx_uint_t
ngx_app_mysql_query_line_comment(ngx_app_mysql_compiler_t *c)
{
    if (*c->pos == '-'
        && (!ngx_app_mysql_next_is(c, '-', '-')
            || (c->last - c->pos > 2 && c->pos[2] > ' ')))
    {
        return 0;
    }

    while (c->pos < c->last && *c->pos != '\n') {
        c->pos++;
    }

    *c->out++ = ' ';

    return 1;
}


static ngx_int_t
ngx_app_mysql_query_comment(ngx_app_mysql_compiler_t *c)
{
    u_char  *p;

    p = c->pos + 2;

    if (p < c->last && (*p == '!' || (c->last - p > 1 && p[0] == 'M'
                                      && p[1] == '!')))
    {
        return ngx_app_mysql_query_error(c, c->pos, "a comment that the "
                                         "server executes, write it as SQL");
    }

    for ( /* void */ ; c->last - p > 1; p++) {

        if (p[0] != '*' || p[1] != '/') {
            continue;
        }

        p += 2;

        if (c->pos[2] == '+') {
            c->out = ngx_cpymem(c->out, c->pos, p - c->pos);

        } else {
            *c->out++ = ' ';
        }

        c->pos = p;

        return NGX_OK;
    }

    return ngx_app_mysql_query_error(c, c->pos, "a comment has no end");
}


static ngx_int_t
ngx_app_mysql_query_open(ngx_app_mysql_compiler_t *c)
{
    if (c->group != NGX_APP_MYSQL_NO_GROUP) {
        return ngx_app_mysql_query_error(c, c->pos, "\"[[\" inside of "
                                         "\"[[ ]]\"");
    }

    if (c->q->ngroups == NGX_APP_MYSQL_QUERY_MAX_GROUPS) {
        return ngx_app_mysql_query_error(c, c->pos, "more than 32 optional "
                                         "parts");
    }

    if (ngx_app_mysql_query_piece(c, NGX_APP_SCOPE_NONE) != NGX_OK) {
        return NGX_ERROR;
    }

    c->open = c->pos;
    c->group = c->q->ngroups++;
    c->params = 0;
    c->pos += 2;

    return NGX_OK;
}


static ngx_int_t
ngx_app_mysql_query_close(ngx_app_mysql_compiler_t *c)
{
    if (c->group == NGX_APP_MYSQL_NO_GROUP) {
        return ngx_app_mysql_query_error(c, c->pos, "\"]]\" without "
                                         "\"[[\"");
    }

    if (c->params == 0) {
        return ngx_app_mysql_query_error(c, c->open, "\"[[ ]]\" needs a "
                                         ":name that decides whether it is "
                                         "kept");
    }

    if (ngx_app_mysql_query_piece(c, NGX_APP_SCOPE_NONE) != NGX_OK) {
        return NGX_ERROR;
    }

    c->group = NGX_APP_MYSQL_NO_GROUP;
    c->pos += 2;

    return NGX_OK;
}


/* fine at the end, where people are used to write it */

static ngx_int_t
ngx_app_mysql_query_semicolon(ngx_app_mysql_compiler_t *c)
{
    if (c->words == 0) {
        return ngx_app_mysql_query_error(c, c->pos, "no statement before "
                                         "\";\"");
    }

    c->semicolon = c->pos++;
    c->words = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_app_mysql_query_end(ngx_app_mysql_compiler_t *c)
{
    if (c->group != NGX_APP_MYSQL_NO_GROUP) {
        return ngx_app_mysql_query_error(c, c->open, "\"[[\" has no end, add "
                                         "\"]]\"");
    }

    if (c->words == 0 && c->semicolon == NULL) {
        ngx_app_lang_error(c->lc, "the statement is empty");
        return NGX_ERROR;
    }

    return ngx_app_mysql_query_piece(c, NGX_APP_SCOPE_NONE);
}


/* ends the current literal; slot is that of the parameter after it */

static ngx_int_t
ngx_app_mysql_query_piece(ngx_app_mysql_compiler_t *c, ngx_uint_t slot)
{
    ngx_app_mysql_piece_t  *piece;

    if (c->out == c->literal && slot == NGX_APP_SCOPE_NONE) {
        return NGX_OK;
    }

    piece = ngx_array_push(&c->pieces);
    if (piece == NULL) {
        return NGX_ERROR;
    }

    piece->text.data = c->literal;
    piece->text.len = c->out - c->literal;
    piece->slot = slot;
    piece->group = c->group;

    c->q->len += piece->text.len + 1;
    c->literal = c->out;

    return NGX_OK;
}


static ngx_int_t
ngx_app_mysql_query_error(ngx_app_mysql_compiler_t *c, u_char *p,
    const char *err)
{
    u_char      *s;
    size_t       len;
    ngx_uint_t   line, column;

    line = 1;
    column = 1;

    for (s = c->start; s < p; s++) {

        if (*s == '\n') {
            line++;
            column = 1;
            continue;
        }

        column += ((*s & 0xc0) != 0x80);
    }

    /* up to the end of the line, or a few words of it */

    for (len = 0; p + len < c->last && len < 20; len++) {

        if (p[len] < ' ') {
            break;
        }
    }

    while (len != 0 && p + len < c->last && (p[len] & 0xc0) == 0x80) {
        len--;
    }

    ngx_app_lang_error(c->lc, "%s, at line %ui, character %ui of the "
                       "statement, near \"%*s\"", err, line, column, len, p);

    return NGX_ERROR;
}


static ngx_uint_t
ngx_app_mysql_query_word_char(u_char ch)
{
    u_char  c;

    c = ch | 0x20;

    return (c >= 'a' && c <= 'z') || (ch >= '0' && ch <= '9') || ch == '_'
           || ch == '$' || ch >= 0x80;
}
