
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <auth/ngx_app_jwt.h>
#include <core/ngx_app_base64url.h>
#include <core/ngx_app_buf.h>
#include <core/ngx_app_utf8.h>
#include <json/ngx_app_json_read.h>
#include <json/ngx_app_json_write.h>


#define NGX_APP_JWT_CHUNK  1024


static ngx_int_t ngx_app_jwt_payload(ngx_app_jwt_t *jwt, ngx_str_t *claims,
    time_t now, time_t ttl, ngx_app_buf_t *b);
static ngx_int_t ngx_app_jwt_escape(ngx_app_buf_t *b, ngx_str_t *text);
static u_char *ngx_app_jwt_escape_char(u_char *p, uint32_t c);
static ngx_int_t ngx_app_jwt_literal(ngx_app_buf_t *b, const char *text);
static ngx_int_t ngx_app_jwt_head(ngx_app_jwt_t *jwt, ngx_app_buf_t *b);
static ngx_int_t ngx_app_jwt_string(ngx_app_buf_t *b, ngx_str_t *s);
static ngx_int_t ngx_app_jwt_flat(ngx_app_buf_t *b, ngx_str_t *s);


ngx_int_t
ngx_app_jwt_issue(ngx_app_jwt_t *jwt, ngx_str_t *claims, time_t now,
    time_t ttl, ngx_pool_t *pool, ngx_str_t *token)
{
    u_char             *p, buf[NGX_APP_JWT_MAX_SIGN];
    ngx_int_t           rc;
    ngx_str_t           head, payload, sign, text;
    ngx_app_buf_t       b;
    ngx_app_jwt_key_t  *key;

    ngx_app_buf_init(&b, pool, 128, NGX_APP_JWT_MAX_LEN);

    rc = ngx_app_jwt_head(jwt, &b);

    if (rc != NGX_OK || ngx_app_jwt_flat(&b, &head) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_app_buf_init(&b, pool, NGX_APP_JWT_CHUNK, NGX_APP_JWT_MAX_LEN);

    rc = ngx_app_jwt_payload(jwt, claims, now, ttl, &b);

    if (rc != NGX_OK) {
        return (rc == NGX_ERROR) ? NGX_ERROR : NGX_DECLINED;
    }

    if (ngx_app_jwt_flat(&b, &payload) != NGX_OK) {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(pool, ngx_app_base64url_encoded_len(head.len)
                          + ngx_app_base64url_encoded_len(payload.len) + 2
                          + ngx_app_base64url_encoded_len(sizeof(buf)));
    if (p == NULL) {
        return NGX_ERROR;
    }

    token->data = p;
    p = ngx_app_base64url_encode(p, head.data, head.len);
    *p++ = '.';
    p = ngx_app_base64url_encode(p, payload.data, payload.len);

    text.data = token->data;
    text.len = p - token->data;
    sign.data = buf;
    key = jwt->keys.elts;

    if (ngx_app_jwt_key_sign(key, jwt->alg, &text, &sign) != NGX_OK) {
        return NGX_ERROR;
    }

    *p++ = '.';
    p = ngx_app_base64url_encode(p, sign.data, sign.len);
    token->len = p - token->data;

    /* nobody would accept it */

    return (token->len > NGX_APP_JWT_MAX_LEN) ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_app_jwt_head(ngx_app_jwt_t *jwt, ngx_app_buf_t *b)
{
    ngx_int_t           rc;
    ngx_app_jwt_key_t  *key;

    key = jwt->keys.elts;

    rc = ngx_app_jwt_literal(b, "{\"alg\":\"");

    if (rc == NGX_OK) {
        rc = ngx_app_buf_write(b, ngx_app_jwt_algs[jwt->alg].data,
                               ngx_app_jwt_algs[jwt->alg].len);
    }

    if (rc == NGX_OK) {
        rc = ngx_app_jwt_literal(b, "\",\"typ\":\"JWT\"");
    }

    if (rc == NGX_OK && key->kid.len) {
        rc = ngx_app_jwt_literal(b, ",\"kid\":");

        if (rc == NGX_OK) {
            rc = ngx_app_jwt_string(b, &key->kid);
        }
    }

    return (rc == NGX_OK) ? ngx_app_jwt_literal(b, "}") : rc;
}


static ngx_int_t
ngx_app_jwt_payload(ngx_app_jwt_t *jwt, ngx_str_t *claims, time_t now,
    time_t ttl, ngx_app_buf_t *b)
{
    u_char     times[sizeof(",\"iat\":,\"exp\":") + 2 * NGX_TIME_T_LEN];
    ngx_int_t  rc;
    ngx_str_t  text;

    if (ngx_app_json_valid(claims->data, claims->len, NGX_APP_JWT_MAX_DEPTH)
        != NGX_OK
        || claims->data[0] != '{')
    {
        return NGX_DECLINED;
    }

    /* all but the last brace; an empty object needs no comma */

    text.data = claims->data;
    text.len = claims->len;

    while (text.data[--text.len] != '}') { /* void */ }

    rc = ngx_app_jwt_escape(b, &text);

    text.data = times;
    text.len = ngx_sprintf(times, ",\"iat\":%T,\"exp\":%T", now, now + ttl)
               - times;

    if (claims->len == 2) {
        text.data++;
        text.len--;
    }

    if (rc == NGX_OK) {
        rc = ngx_app_buf_write(b, text.data, text.len);
    }

    if (rc == NGX_OK && jwt->issuers.nelts) {
        rc = ngx_app_jwt_literal(b, ",\"iss\":");

        if (rc == NGX_OK) {
            rc = ngx_app_jwt_string(b, jwt->issuers.elts);
        }
    }

    if (rc == NGX_OK && jwt->audiences.nelts) {
        rc = ngx_app_jwt_literal(b, ",\"aud\":");

        if (rc == NGX_OK) {
            rc = ngx_app_jwt_string(b, jwt->audiences.elts);
        }
    }

    return (rc == NGX_OK) ? ngx_app_jwt_literal(b, "}") : rc;
}


static ngx_int_t
ngx_app_jwt_literal(ngx_app_buf_t *b, const char *text)
{
    return ngx_app_buf_write(b, text, ngx_strlen(text));
}


static ngx_int_t
ngx_app_jwt_string(ngx_app_buf_t *b, ngx_str_t *s)
{
    ngx_int_t      rc;
    ngx_str_t      text;
    ngx_app_buf_t  quoted;

    ngx_app_buf_init(&quoted, b->pool, ngx_app_json_string_len(s->len),
                     NGX_APP_JWT_MAX_LEN);

    rc = ngx_app_json_write_string(&quoted, s->data, s->len);

    if (rc == NGX_OK) {
        rc = ngx_app_jwt_flat(&quoted, &text);
    }

    return (rc == NGX_OK) ? ngx_app_jwt_escape(b, &text) : rc;
}


/*
 * The text is JSON: what is escaped here stands in its strings only.  With
 * bytes below 0x80 it takes one of 0x3e, 0x3f, 0x7e and 0x7f at the end of
 * three to make the digits 62 and 63.
 */

static ngx_int_t
ngx_app_jwt_escape(ngx_app_buf_t *b, ngx_str_t *text)
{
    size_t      n, i;
    u_char     *p, *s, *last;
    uint32_t    c;

    s = text->data;
    last = s + text->len;

    while (s < last) {
        p = ngx_app_buf_reserve(b, 12);
        if (p == NULL) {
            return ngx_app_buf_failed(b);
        }

        if (*s < 0x80) {
            c = *s++;

            if (c == '>' || c == '?' || c == '~' || c == 0x7f) {
                p = ngx_app_jwt_escape_char(p, c);

            } else {
                *p++ = (u_char) c;
            }

            b->pos = p;
            continue;
        }

        n = ngx_app_utf8_sequence(s, last);
        c = (n == 2) ? (*s & 0x1f) : (n == 3) ? (*s & 0x0f) : (*s & 0x07);

        for (i = 1; i < n; i++) {
            c = (c << 6) | (s[i] & 0x3f);
        }

        s += n;

        if (c > 0xffff) {
            c -= 0x10000;
            p = ngx_app_jwt_escape_char(p, 0xd800 + (c >> 10));
            c = 0xdc00 + (c & 0x3ff);
        }

        b->pos = ngx_app_jwt_escape_char(p, c);
    }

    return NGX_OK;
}


static u_char *
ngx_app_jwt_escape_char(u_char *p, uint32_t c)
{
    return ngx_sprintf(p, "\\u%04xD", c);
}


static ngx_int_t
ngx_app_jwt_flat(ngx_app_buf_t *b, ngx_str_t *s)
{
    u_char       *p;
    size_t        size;
    ngx_chain_t  *cl;

    cl = ngx_app_buf_take(b, &size);
    if (cl == NULL) {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(b->pool, size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    s->data = p;
    s->len = size;

    for ( /* void */ ; cl; cl = cl->next) {
        p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    return NGX_OK;
}
