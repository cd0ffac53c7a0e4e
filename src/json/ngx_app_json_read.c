
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_utf8.h>
#include <json/ngx_app_json_read.h>


/* what may come next */

#define NGX_APP_JSON_EXPECT_VALUE   0  /* at the start, after ':' or ',' */
#define NGX_APP_JSON_EXPECT_FIRST   1  /* after '[': a value or ']' */
#define NGX_APP_JSON_EXPECT_KEYS    2  /* after '{': a key or '}' */
#define NGX_APP_JSON_EXPECT_KEY     3  /* after ',' in an object */
#define NGX_APP_JSON_EXPECT_COLON   4
#define NGX_APP_JSON_EXPECT_COMMA   5  /* or the end of the container */
#define NGX_APP_JSON_EXPECT_END     6
#define NGX_APP_JSON_EXPECT_NONE    7  /* after an error */


#define ngx_app_json_in_object(jr)                                           \
    ((jr)->objects[((jr)->depth - 1) / 32] & 1u << ((jr)->depth - 1) % 32)


static ngx_int_t ngx_app_json_separator(ngx_app_json_reader_t *jr);
static ngx_int_t ngx_app_json_value(ngx_app_json_reader_t *jr);
static ngx_int_t ngx_app_json_open(ngx_app_json_reader_t *jr,
    ngx_app_json_token_e token);
static ngx_int_t ngx_app_json_close(ngx_app_json_reader_t *jr,
    ngx_app_json_token_e token);
static ngx_int_t ngx_app_json_string(ngx_app_json_reader_t *jr,
    ngx_app_json_token_e token);
static ngx_int_t ngx_app_json_string_escape(ngx_app_json_reader_t *jr,
    u_char **pos);
static ngx_int_t ngx_app_json_number(ngx_app_json_reader_t *jr);
static u_char *ngx_app_json_number_digits(u_char *p, u_char *last);
static ngx_int_t ngx_app_json_literal(ngx_app_json_reader_t *jr,
    ngx_app_json_token_e token, const char *text, size_t len);
static ngx_int_t ngx_app_json_done(ngx_app_json_reader_t *jr, u_char *end,
    ngx_app_json_token_e token);
static ngx_int_t ngx_app_json_bad(ngx_app_json_reader_t *jr, u_char *at,
    const char *err);


void
ngx_app_json_read_init(ngx_app_json_reader_t *jr, u_char *data, size_t len,
    ngx_uint_t max_depth, ngx_uint_t flags)
{
    ngx_memzero(jr, sizeof(ngx_app_json_reader_t));

    jr->start = data;
    jr->pos = data;
    jr->last = data + len;
    jr->max_depth = ngx_min(max_depth, NGX_APP_JSON_MAX_DEPTH);
    jr->flags = flags;
    jr->state = NGX_APP_JSON_EXPECT_VALUE;
}


ngx_int_t
ngx_app_json_read(ngx_app_json_reader_t *jr)
{
    ngx_int_t  rc;

    rc = ngx_app_json_separator(jr);
    if (rc != NGX_OK) {
        return rc;
    }

    switch (jr->state) {

    case NGX_APP_JSON_EXPECT_COMMA:
        return ngx_app_json_close(jr, ngx_app_json_in_object(jr)
                                      ? NGX_APP_JSON_OBJECT_END
                                      : NGX_APP_JSON_ARRAY_END);

    case NGX_APP_JSON_EXPECT_KEYS:
        if (*jr->pos == '}') {
            return ngx_app_json_close(jr, NGX_APP_JSON_OBJECT_END);
        }

        /* fall through */

    case NGX_APP_JSON_EXPECT_KEY:
        if (*jr->pos != '"') {
            return ngx_app_json_bad(jr, jr->pos, "a key in quotes is expected");
        }

        return ngx_app_json_string(jr, NGX_APP_JSON_KEY);

    case NGX_APP_JSON_EXPECT_FIRST:
        if (*jr->pos == ']') {
            return ngx_app_json_close(jr, NGX_APP_JSON_ARRAY_END);
        }

        /* fall through */

    default: /* NGX_APP_JSON_EXPECT_VALUE */
        return ngx_app_json_value(jr);
    }
}


/*
 * Passes blanks and the comma or colon before a token.  NGX_OK leaves jr->pos
 * at a byte of that token; EXPECT_COMMA is still the state when no comma was
 * there.
 */

static ngx_int_t
ngx_app_json_separator(ngx_app_json_reader_t *jr)
{
    for ( /* void */ ; jr->pos < jr->last; jr->pos++) {

        switch (*jr->pos) {

        case ' ':
        case '\t':
        case '\n':
        case '\r':
            continue;

        case ',':
            if (jr->state != NGX_APP_JSON_EXPECT_COMMA) {
                break;
            }

            jr->state = ngx_app_json_in_object(jr)
                        ? NGX_APP_JSON_EXPECT_KEY : NGX_APP_JSON_EXPECT_VALUE;
            continue;

        case ':':
            if (jr->state != NGX_APP_JSON_EXPECT_COLON) {
                break;
            }

            jr->state = NGX_APP_JSON_EXPECT_VALUE;
            continue;

        default:
            break;
        }

        if (jr->state == NGX_APP_JSON_EXPECT_NONE) {
            return NGX_DECLINED;
        }

        if (jr->state == NGX_APP_JSON_EXPECT_COLON) {
            return ngx_app_json_bad(jr, jr->pos, "\":\" is expected");
        }

        if (jr->state == NGX_APP_JSON_EXPECT_END) {
            return ngx_app_json_bad(jr, jr->pos, "text after the value");
        }

        return NGX_OK;
    }

    if (jr->state == NGX_APP_JSON_EXPECT_END) {
        return NGX_DONE;
    }

    return ngx_app_json_bad(jr, jr->pos, "unexpected end of text");
}


static ngx_int_t
ngx_app_json_value(ngx_app_json_reader_t *jr)
{
    switch (*jr->pos) {

    case '{':
        return ngx_app_json_open(jr, NGX_APP_JSON_OBJECT);

    case '[':
        return ngx_app_json_open(jr, NGX_APP_JSON_ARRAY);

    case '"':
        return ngx_app_json_string(jr, NGX_APP_JSON_STRING);

    case 't':
        return ngx_app_json_literal(jr, NGX_APP_JSON_TRUE, "true", 4);

    case 'f':
        return ngx_app_json_literal(jr, NGX_APP_JSON_FALSE, "false", 5);

    case 'n':
        return ngx_app_json_literal(jr, NGX_APP_JSON_NULL, "null", 4);

    default:
        return ngx_app_json_number(jr);
    }
}


static ngx_int_t
ngx_app_json_open(ngx_app_json_reader_t *jr, ngx_app_json_token_e token)
{
    uint32_t   bit, *word;

    if (jr->depth == jr->max_depth) {
        return ngx_app_json_bad(jr, jr->pos, "nested too deep");
    }

    word = &jr->objects[jr->depth / 32];
    bit = 1u << jr->depth % 32;

    jr->token = token;
    jr->raw.data = jr->pos++;
    jr->raw.len = 1;
    jr->depth++;

    if (token == NGX_APP_JSON_OBJECT) {
        *word |= bit;
        jr->state = NGX_APP_JSON_EXPECT_KEYS;

    } else {
        *word &= ~bit;
        jr->state = NGX_APP_JSON_EXPECT_FIRST;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_json_close(ngx_app_json_reader_t *jr, ngx_app_json_token_e token)
{
    if (token == NGX_APP_JSON_OBJECT_END) {
        if (*jr->pos != '}') {
            return ngx_app_json_bad(jr, jr->pos, "\",\" or \"}\" is expected");
        }

    } else if (*jr->pos != ']') {
        return ngx_app_json_bad(jr, jr->pos, "\",\" or \"]\" is expected");
    }

    jr->depth--;
    jr->raw.data = jr->pos;
    jr->raw.len = 1;

    return ngx_app_json_done(jr, jr->pos + 1, token);
}


static ngx_int_t
ngx_app_json_string(ngx_app_json_reader_t *jr, ngx_app_json_token_e token)
{
    size_t      n;
    u_char     *p;
    ngx_int_t   rc;

    jr->escaped = 0;
    p = jr->pos + 1;

    while (p < jr->last) {

        if (*p == '"') {
            jr->raw.data = jr->pos + 1;
            jr->raw.len = p - jr->raw.data;

            return ngx_app_json_done(jr, p + 1, token);
        }

        if (*p == '\\') {
            rc = ngx_app_json_string_escape(jr, &p);
            if (rc != NGX_OK) {
                return rc;
            }

            continue;
        }

        if (*p < ' ') {
            return ngx_app_json_bad(jr, p, "a control character in a string");
        }

        if (*p < 0x80 || !(jr->flags & NGX_APP_JSON_UTF8)) {
            p++;
            continue;
        }

        n = ngx_app_utf8_sequence(p, jr->last);
        if (n == 0) {
            return ngx_app_json_bad(jr, p, "invalid UTF-8");
        }

        p += n;
    }

    return ngx_app_json_bad(jr, p, "unexpected end of text");
}


/* passes an escape, both of them when they are a surrogate pair */

static ngx_int_t
ngx_app_json_string_escape(ngx_app_json_reader_t *jr, u_char **pos)
{
    u_char     *p;
    ngx_int_t   c, low;

    jr->escaped = 1;
    p = *pos;

    if (jr->last - p < 2) {
        return ngx_app_json_bad(jr, jr->last, "unexpected end of text");
    }

    if (p[1] != 'u') {
        if (p[1] == '\0' || ngx_strchr("\"\\/bfnrt", p[1]) == NULL) {
            return ngx_app_json_bad(jr, p, "unknown escape");
        }

        *pos = p + 2;
        return NGX_OK;
    }

    c = (jr->last - p >= 6) ? ngx_hextoi(p + 2, 4) : NGX_ERROR;

    if (c == NGX_ERROR) {
        return ngx_app_json_bad(jr, p, "\\u needs four hexadecimal digits");
    }

    if (c == 0 && (jr->flags & NGX_APP_JSON_NO_NUL)) {
        return ngx_app_json_bad(jr, p, "a zero character in a string");
    }

    *pos = p + 6;

    if (c < 0xd800 || c > 0xdfff || !(jr->flags & NGX_APP_JSON_UTF8)) {
        return NGX_OK;
    }

    low = NGX_ERROR;

    if (c < 0xdc00 && jr->last - p >= 12 && p[6] == '\\' && p[7] == 'u') {
        low = ngx_hextoi(p + 8, 4);
    }

    if (low < 0xdc00 || low > 0xdfff) {
        return ngx_app_json_bad(jr, p, "a lone surrogate");
    }

    *pos = p + 12;

    return NGX_OK;
}


static ngx_int_t
ngx_app_json_number(ngx_app_json_reader_t *jr)
{
    u_char  *p, *digits;

    p = jr->pos;

    if (*p == '-') {
        p++;
    }

    digits = p;
    p = ngx_app_json_number_digits(p, jr->last);

    if (p == digits) {
        return ngx_app_json_bad(jr, jr->pos, "a value is expected");
    }

    if (*digits == '0' && p - digits > 1) {
        return ngx_app_json_bad(jr, digits, "a number with leading zeros");
    }

    if (p < jr->last && *p == '.') {
        digits = ++p;
        p = ngx_app_json_number_digits(p, jr->last);

        if (p == digits) {
            return ngx_app_json_bad(jr, p, "digits are expected");
        }
    }

    if (p < jr->last && (*p == 'e' || *p == 'E')) {
        p++;

        if (p < jr->last && (*p == '+' || *p == '-')) {
            p++;
        }

        digits = p;
        p = ngx_app_json_number_digits(p, jr->last);

        if (p == digits) {
            return ngx_app_json_bad(jr, p, "digits are expected");
        }
    }

    jr->raw.data = jr->pos;
    jr->raw.len = p - jr->pos;

    return ngx_app_json_done(jr, p, NGX_APP_JSON_NUMBER);
}


static u_char *
ngx_app_json_number_digits(u_char *p, u_char *last)
{
    while (p < last && *p >= '0' && *p <= '9') {
        p++;
    }

    return p;
}


static ngx_int_t
ngx_app_json_literal(ngx_app_json_reader_t *jr, ngx_app_json_token_e token,
    const char *text, size_t len)
{
    if ((size_t) (jr->last - jr->pos) < len
        || ngx_memcmp(jr->pos, text, len) != 0)
    {
        return ngx_app_json_bad(jr, jr->pos, "a value is expected");
    }

    jr->raw.data = jr->pos;
    jr->raw.len = len;

    return ngx_app_json_done(jr, jr->pos + len, token);
}


/* a token is complete; it ends at "end" */

static ngx_int_t
ngx_app_json_done(ngx_app_json_reader_t *jr, u_char *end,
    ngx_app_json_token_e token)
{
    jr->token = token;
    jr->pos = end;

    if (token == NGX_APP_JSON_KEY) {
        jr->state = NGX_APP_JSON_EXPECT_COLON;

    } else if (jr->depth == 0) {
        jr->state = NGX_APP_JSON_EXPECT_END;

    } else {
        jr->state = NGX_APP_JSON_EXPECT_COMMA;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_json_bad(ngx_app_json_reader_t *jr, u_char *at, const char *err)
{
    if (jr->state != NGX_APP_JSON_EXPECT_NONE) {
        jr->state = NGX_APP_JSON_EXPECT_NONE;
        jr->err = err;
        jr->offset = at - jr->start;
    }

    return NGX_DECLINED;
}
