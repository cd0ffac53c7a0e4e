
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_buf.h>
#include <core/ngx_app_utf8.h>
#include <json/ngx_app_json_write.h>


/* bytes encoded at a time where the current buffer may be too short */
#define NGX_APP_JSON_PIECE         126

/* a byte in all places of a word */
#define ngx_app_json_bytes(c)      (0x0101010101010101ull * (c))


static u_char *ngx_app_json_special(u_char *p, const u_char **src,
    const u_char *last);
static u_char *ngx_app_json_multibyte(u_char *p, const u_char **src,
    const u_char *last);
static ngx_int_t ngx_app_json_write_pieces(ngx_app_buf_t *b,
    const u_char *data, size_t len);
static size_t ngx_app_json_piece(const u_char *data, size_t len);
static ngx_inline uint64_t ngx_app_json_care(const u_char *p);


/*
 * 0: the byte stands for itself; a letter: it follows a backslash; 'u': written
 * as \u00xx.  Bytes above 0x7f are not looked up.
 */
static const u_char  ngx_app_json_escapes[128] = {
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u',
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
    'u', 'u', ['"'] = '"', ['\\'] = '\\'
};


ngx_int_t
ngx_app_json_write_string(ngx_app_buf_t *b, const u_char *data, size_t len)
{
    ngx_int_t  rc;

    if (len < ngx_app_buf_room(b) / 6) {
        b->pos = ngx_app_json_fmt_string(b->pos, data, len);
        return NGX_OK;
    }

    rc = ngx_app_buf_write(b, "\"", 1);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_json_write_pieces(b, data, len);
    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_app_buf_write(b, "\"", 1);
}


ngx_int_t
ngx_app_json_write_escape(ngx_app_buf_t *b, const u_char *data, size_t len)
{
    if (len < ngx_app_buf_room(b) / 6) {
        b->pos = ngx_app_json_fmt_escape(b->pos, data, len);
        return NGX_OK;
    }

    return ngx_app_json_write_pieces(b, data, len);
}


ngx_int_t
ngx_app_json_write_base64(ngx_app_buf_t *b, const u_char *data, size_t len)
{
    size_t     n;
    u_char    *p, piece[ngx_app_json_base64_len(NGX_APP_JSON_PIECE)];
    ngx_int_t  rc;

    rc = ngx_app_buf_write(b, "\"", 1);

    while (rc == NGX_OK && len != 0) {
        n = ngx_min(len, NGX_APP_JSON_PIECE);

        /* the quotes of the piece are left out */

        p = ngx_app_json_fmt_base64(piece, data, n);
        rc = ngx_app_buf_write(b, piece + 1, p - piece - 2);

        data += n;
        len -= n;
    }

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_app_buf_write(b, "\"", 1);
}


ngx_int_t
ngx_app_json_write_int(ngx_app_buf_t *b, int64_t v)
{
    u_char  *p, text[NGX_APP_JSON_INT_LEN];

    if (ngx_app_buf_room(b) >= NGX_APP_JSON_INT_LEN) {
        b->pos = ngx_app_json_fmt_int(b->pos, v);
        return NGX_OK;
    }

    p = ngx_app_json_fmt_int(text, v);

    return ngx_app_buf_write(b, text, p - text);
}


ngx_int_t
ngx_app_json_write_uint(ngx_app_buf_t *b, uint64_t v)
{
    u_char  *p, text[NGX_APP_JSON_INT_LEN];

    p = ngx_app_json_fmt_uint(text, v);

    return ngx_app_buf_write(b, text, p - text);
}


ngx_int_t
ngx_app_json_write_double(ngx_app_buf_t *b, double v)
{
    u_char  *p, text[NGX_APP_JSON_DOUBLE_LEN];

    if (ngx_app_buf_room(b) >= NGX_APP_JSON_DOUBLE_LEN) {
        b->pos = ngx_app_json_fmt_double(b->pos, v);
        return NGX_OK;
    }

    p = ngx_app_json_fmt_double(text, v);

    return ngx_app_buf_write(b, text, p - text);
}


u_char *
ngx_app_json_fmt_string(u_char *p, const u_char *data, size_t len)
{
    *p++ = '"';
    p = ngx_app_json_fmt_escape(p, data, len);
    *p++ = '"';

    return p;
}


u_char *
ngx_app_json_fmt_escape(u_char *p, const u_char *data, size_t len)
{
    uint64_t       mask;
    ngx_uint_t     n;
    const u_char  *src, *last;

    src = data;
    last = data + len;

    while (last - src >= 8) {
        mask = ngx_app_json_care(src);

        /* the room is six times what is left, so all eight always fit */

        ngx_memcpy(p, src, 8);

        if (mask == 0) {
            p += 8;
            src += 8;
            continue;
        }

        n = __builtin_ctzll(mask) / 8;
        p += n;
        src += n;

        p = ngx_app_json_special(p, &src, last);
    }

    while (src < last) {
        if (*src < 0x80 && ngx_app_json_escapes[*src] == 0) {
            *p++ = *src++;
            continue;
        }

        p = ngx_app_json_special(p, &src, last);
    }

    return p;
}


u_char *
ngx_app_json_fmt_base64(u_char *p, const u_char *data, size_t len)
{
    ngx_str_t  src, dst;

    src.data = (u_char *) (uintptr_t) data;
    src.len = len;

    *p++ = '"';

    dst.data = p;
    ngx_encode_base64(&dst, &src);
    p += dst.len;

    *p++ = '"';

    return p;
}


/* writes what the fast path stopped at, up to the next plain byte */

static u_char *
ngx_app_json_special(u_char *p, const u_char **src, const u_char *last)
{
    u_char             c;
    static const char  hex[] = "0123456789abcdef";

    c = **src;

    if (c >= 0x80) {
        return ngx_app_json_multibyte(p, src, last);
    }

    (*src)++;

    *p++ = '\\';
    *p++ = ngx_app_json_escapes[c];

    if (ngx_app_json_escapes[c] == 'u') {
        *p++ = '0';
        *p++ = '0';
        *p++ = hex[c >> 4];
        *p++ = hex[c & 0xf];
    }

    return p;
}


static u_char *
ngx_app_json_multibyte(u_char *p, const u_char **src, const u_char *last)
{
    size_t         n;
    const u_char  *s;

    s = *src;

    do {

        /* two bytes: the rest of Latin, Greek, Cyrillic, Hebrew, Arabic */

        if (s[0] >= 0xc2 && s[0] < 0xe0 && last - s >= 2
            && (s[1] & 0xc0) == 0x80)
        {
            p[0] = s[0];
            p[1] = s[1];
            p += 2;
            s += 2;
            continue;
        }

        n = ngx_app_utf8_sequence(s, last);

        if (n != 0) {
            p = ngx_cpymem(p, s, n);
            s += n;

        } else {
            p = ngx_cpymem(p, "\xef\xbf\xbd", 3);
            s += ngx_app_utf8_bad(s, last);
        }

    } while (s < last && *s >= 0x80);

    *src = s;

    return p;
}


/* the slow way at the end of a buffer: what is written is known to the byte */

static ngx_int_t
ngx_app_json_write_pieces(ngx_app_buf_t *b, const u_char *data, size_t len)
{
    size_t      n;
    u_char     *p, piece[ngx_app_json_escape_len(NGX_APP_JSON_PIECE)];
    ngx_int_t   rc;

    while (len != 0) {
        n = ngx_app_json_piece(data, len);

        if (n < ngx_app_buf_room(b) / 6) {
            b->pos = ngx_app_json_fmt_escape(b->pos, data, n);

        } else {
            p = ngx_app_json_fmt_escape(piece, data, n);

            rc = ngx_app_buf_write(b, piece, p - piece);
            if (rc != NGX_OK) {
                return rc;
            }
        }

        data += n;
        len -= n;
    }

    return NGX_OK;
}


/* the length of a piece that ends between sequences */

static size_t
ngx_app_json_piece(const u_char *data, size_t len)
{
    size_t  n, min;

    if (len <= NGX_APP_JSON_PIECE) {
        return len;
    }

    min = NGX_APP_JSON_PIECE - 3;

    for (n = NGX_APP_JSON_PIECE; n > min; n--) {
        if ((data[n] & 0xc0) != 0x80) {
            return n;
        }
    }

    /* so many continuation bytes belong to no sequence */

    return ((data[n] & 0xc0) != 0x80) ? n : NGX_APP_JSON_PIECE;
}


/*
 * Marks, by their high bits, the bytes that are below 0x20, a quote, a
 * backslash or above 0x7f; the lowest is the first.  A borrow may mark bytes
 * after a true one, never before it.
 */

static ngx_inline uint64_t
ngx_app_json_care(const u_char *p)
{
    uint64_t  w, quote, slash;

    ngx_memcpy(&w, p, 8);

#if !(NGX_HAVE_LITTLE_ENDIAN)
    w = __builtin_bswap64(w);
#endif

    quote = w ^ ngx_app_json_bytes('"');
    slash = w ^ ngx_app_json_bytes('\\');

    return (w
            | (w - ngx_app_json_bytes(0x20))
            | (quote - ngx_app_json_bytes(0x01))
            | (slash - ngx_app_json_bytes(0x01)))
           & ngx_app_json_bytes(0x80);
}
