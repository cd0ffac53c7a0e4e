
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_utf8.h>
#include <json/ngx_app_json_read.h>


static u_char *ngx_app_json_unescape(u_char *p, u_char **src);


ngx_int_t
ngx_app_json_skip(ngx_app_json_reader_t *jr, ngx_str_t *raw)
{
    u_char      *start;
    ngx_int_t    rc;
    ngx_uint_t   depth;

    switch (jr->token) {

    case NGX_APP_JSON_OBJECT:
    case NGX_APP_JSON_ARRAY:
        start = jr->raw.data;
        depth = jr->depth - 1;

        do {
            rc = ngx_app_json_read(jr);
            if (rc != NGX_OK) {
                return rc;
            }

        } while (jr->depth != depth);

        break;

    case NGX_APP_JSON_STRING:
        start = jr->raw.data - 1;
        break;

    case NGX_APP_JSON_NUMBER:
    case NGX_APP_JSON_TRUE:
    case NGX_APP_JSON_FALSE:
    case NGX_APP_JSON_NULL:
        start = jr->raw.data;
        break;

    default:
        return NGX_DECLINED;
    }

    if (raw != NULL) {
        raw->data = start;
        raw->len = jr->pos - start;
    }

    return NGX_OK;
}


ngx_int_t
ngx_app_json_read_text(ngx_app_json_reader_t *jr, ngx_pool_t *pool,
    ngx_str_t *str)
{
    u_char  *p, *src, *last;

    if (!jr->escaped) {
        *str = jr->raw;
        return NGX_OK;
    }

    /* no escape is longer decoded than it was written */

    str->data = ngx_pnalloc(pool, jr->raw.len);
    if (str->data == NULL) {
        return NGX_ERROR;
    }

    p = str->data;
    src = jr->raw.data;
    last = src + jr->raw.len;

    while (src < last) {
        if (*src != '\\') {
            *p++ = *src++;
            continue;
        }

        p = ngx_app_json_unescape(p, &src);
    }

    str->len = p - str->data;

    return NGX_OK;
}


ngx_int_t
ngx_app_json_read_int(ngx_app_json_reader_t *jr, int64_t *v)
{
    u_char      *p, *last;
    uint64_t     u, max;
    ngx_uint_t   minus;

    if (jr->token != NGX_APP_JSON_NUMBER) {
        return NGX_DECLINED;
    }

    p = jr->raw.data;
    last = p + jr->raw.len;

    minus = (*p == '-');
    p += minus;

    max = (uint64_t) INT64_MAX + minus;
    u = 0;

    for ( /* void */ ; p < last; p++) {
        if (*p < '0' || *p > '9') {
            return NGX_DECLINED;
        }

        if (u > (max - (*p - '0')) / 10) {
            return NGX_DECLINED;
        }

        u = u * 10 + (*p - '0');
    }

    *v = (int64_t) (minus ? 0 - u : u);

    return NGX_OK;
}


/* decodes one escape of a text that has been read already */

ngx_int_t
ngx_app_json_valid(const u_char *data, size_t len, ngx_uint_t max_depth)
{
    ngx_int_t              rc;
    ngx_app_json_reader_t  jr;

    ngx_app_json_read_init(&jr, (u_char *) (uintptr_t) data, len, max_depth,
                           NGX_APP_JSON_UTF8);

    do {
        rc = ngx_app_json_read(&jr);
    } while (rc == NGX_OK);

    return (rc == NGX_DONE) ? NGX_OK : NGX_DECLINED;
}


static u_char *
ngx_app_json_unescape(u_char *p, u_char **src)
{
    u_char     *s;
    ngx_int_t   c, low;

    s = *src + 1;
    *src = s + 1;

    switch (*s) {

    case 'b':
        *p++ = '\b';
        return p;

    case 'f':
        *p++ = '\f';
        return p;

    case 'n':
        *p++ = '\n';
        return p;

    case 'r':
        *p++ = '\r';
        return p;

    case 't':
        *p++ = '\t';
        return p;

    case 'u':
        break;

    default:
        *p++ = *s;
        return p;
    }

    /*
     * The reader has seen the digits of each \u, and at least the closing
     * quote follows.
     */

    c = ngx_hextoi(s + 1, 4);
    *src = s + 5;

    if (c >= 0xd800 && c <= 0xdfff) {
        low = NGX_ERROR;

        if (c < 0xdc00 && s[5] == '\\' && s[6] == 'u') {
            low = ngx_hextoi(s + 7, 4);
        }

        if (low >= 0xdc00 && low <= 0xdfff) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            *src = s + 11;

        } else {
            c = 0xfffd;
        }
    }

    return ngx_app_utf8_encode(p, (uint32_t) c);
}
