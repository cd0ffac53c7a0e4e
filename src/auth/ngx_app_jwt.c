
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <auth/ngx_app_jwt.h>
#include <core/ngx_app_base64url.h>
#include <json/ngx_app_json_member.h>


/*
 * Seconds by which "iat" may be ahead of us, beside the leeway.  It says when a
 * token was made, not from when on it holds (RFC 7519, section 4.1.6): clocks
 * that differ a little must not refuse what another node has just issued, while
 * a token from far ahead has not come from a clock that can be trusted.
 */
#define NGX_APP_JWT_IAT_SKEW  300


static ngx_int_t ngx_app_jwt_split(ngx_str_t *token, ngx_str_t *parts);
static ngx_int_t ngx_app_jwt_decode(ngx_str_t *part, ngx_pool_t *pool,
    ngx_str_t *text);
static ngx_int_t ngx_app_jwt_header(ngx_app_jwt_t *jwt, ngx_str_t *text,
    ngx_pool_t *pool, ngx_str_t *kid, const char **err);
static const char *ngx_app_jwt_times(ngx_app_jwt_t *jwt,
    ngx_app_json_member_t *m, time_t now);
static ngx_int_t ngx_app_jwt_time(ngx_app_json_member_t *m, int64_t *t);
static ngx_uint_t ngx_app_jwt_is_one(ngx_app_json_member_t *m,
    ngx_array_t *wanted);
static ngx_uint_t ngx_app_jwt_in(ngx_str_t *s, ngx_array_t *wanted);
static ngx_int_t ngx_app_jwt_audience(ngx_app_json_member_t *m,
    ngx_array_t *wanted, ngx_pool_t *pool);


#define ngx_app_jwt_same(a, b)                                                \
    ((a)->len == (b)->len && ngx_memcmp((a)->data, (b)->data, (a)->len) == 0)


ngx_int_t
ngx_app_jwt_verify(ngx_app_jwt_t *jwt, ngx_str_t *text, time_t now,
    ngx_pool_t *pool, ngx_str_t *claims, const char **err)
{
    ngx_int_t            rc;
    ngx_app_jwt_token_t  token;

    rc = ngx_app_jwt_open(jwt, text, pool, &token, err);

    if (rc == NGX_OK) {
        rc = ngx_app_jwt_signature(jwt, &token, err);
    }

    if (rc == NGX_OK) {
        rc = ngx_app_jwt_claims(jwt, &token, now, pool, claims, err);
    }

    return rc;
}


ngx_int_t
ngx_app_jwt_open(ngx_app_jwt_t *jwt, ngx_str_t *text, ngx_pool_t *pool,
    ngx_app_jwt_token_t *token, const char **err)
{
    ngx_int_t  rc;
    ngx_str_t  part[3], header;

    *err = "it is too long";

    if (text->len > NGX_APP_JWT_MAX_LEN) {
        return NGX_DECLINED;
    }

    *err = "it is not of three parts in base64url";

    if (ngx_app_jwt_split(text, part) != NGX_OK) {
        return NGX_DECLINED;
    }

    rc = ngx_app_jwt_decode(&part[0], pool, &header);

    if (rc == NGX_OK) {
        rc = ngx_app_jwt_decode(&part[2], pool, &token->sign);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    token->payload = part[1];
    token->body.data = text->data;
    token->body.len = part[2].data - 1 - text->data;

    return ngx_app_jwt_header(jwt, &header, pool, &token->kid, err);
}


static ngx_int_t
ngx_app_jwt_split(ngx_str_t *token, ngx_str_t *part)
{
    u_char      *p, *dot, *last;
    ngx_uint_t   i;

    p = token->data;
    last = p + token->len;

    for (i = 0; i < 2; i++) {
        dot = ngx_strlchr(p, last, '.');

        if (dot == NULL) {
            return NGX_DECLINED;
        }

        part[i].data = p;
        part[i].len = dot - p;
        p = dot + 1;
    }

    part[2].data = p;
    part[2].len = last - p;

    return ngx_strlchr(p, last, '.') ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_app_jwt_decode(ngx_str_t *part, ngx_pool_t *pool, ngx_str_t *text)
{
    text->data = ngx_pnalloc(pool,
                             ngx_app_base64url_decoded_len(part->len) + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    return ngx_app_base64url_decode(text->data, part->data, part->len,
                                    &text->len);
}


static ngx_int_t
ngx_app_jwt_header(ngx_app_jwt_t *jwt, ngx_str_t *text, ngx_pool_t *pool,
    ngx_str_t *kid, const char **err)
{
    ngx_int_t              rc;
    ngx_app_json_member_t  m[] = {
        { ngx_string("alg"), 0, ngx_null_string },
        { ngx_string("kid"), 0, ngx_null_string },
        { ngx_string("crit"), 0, ngx_null_string },
    };

    *err = "its header is no JSON object";

    rc = ngx_app_json_members(text, NGX_APP_JWT_MAX_DEPTH, m, 3, pool);

    if (rc != NGX_OK) {
        return rc;
    }

    *err = "its algorithm is another one";

    if (m[0].token != NGX_APP_JSON_STRING
        || !ngx_app_jwt_same(&m[0].text, &ngx_app_jwt_algs[jwt->alg]))
    {
        return NGX_DECLINED;
    }

    /* RFC 7515, section 4.1.11: extensions that we do not know */

    *err = "its header has \"crit\", or a \"kid\" that is no text";

    if (m[2].token || (m[1].token && m[1].token != NGX_APP_JSON_STRING)) {
        return NGX_DECLINED;
    }

    *kid = m[1].text;

    return NGX_OK;
}


ngx_int_t
ngx_app_jwt_signature(ngx_app_jwt_t *jwt, ngx_app_jwt_token_t *token,
    const char **err)
{
    ngx_uint_t          i;
    ngx_app_jwt_key_t  *key;

    *err = "its signature is wrong, or of no known key";

    if (jwt->published) {
        key = ngx_app_jwt_key_find(jwt, &token->kid);

        if (key == NULL) {
            return NGX_DECLINED;
        }

        return ngx_app_jwt_key_verify(key, jwt->alg, &token->body,
                                      &token->sign);
    }

    key = jwt->keys.elts;

    for (i = 0; i < jwt->keys.nelts; i++) {

        if (token->kid.len && key[i].kid.len
            && !ngx_app_jwt_same(&token->kid, &key[i].kid))
        {
            continue;
        }

        if (ngx_app_jwt_key_verify(&key[i], jwt->alg, &token->body,
                                   &token->sign)
            == NGX_OK)
        {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


ngx_app_jwt_key_t *
ngx_app_jwt_key_find(ngx_app_jwt_t *jwt, ngx_str_t *kid)
{
    ngx_uint_t          i;
    ngx_app_jwt_key_t  *key;

    key = jwt->keys.elts;

    for (i = 0; kid->len && i < jwt->keys.nelts; i++) {
        if (ngx_app_jwt_same(kid, &key[i].kid)) {
            return &key[i];
        }
    }

    if (jwt->keys.nelts == 1 && (kid->len == 0 || key->kid.len == 0)) {
        return key;
    }

    return NULL;
}


ngx_int_t
ngx_app_jwt_claims(ngx_app_jwt_t *jwt, ngx_app_jwt_token_t *token, time_t now,
    ngx_pool_t *pool, ngx_str_t *claims, const char **err)
{
    ngx_int_t              rc;
    ngx_app_json_member_t  m[] = {
        { ngx_string("exp"), 0, ngx_null_string },
        { ngx_string("nbf"), 0, ngx_null_string },
        { ngx_string("iat"), 0, ngx_null_string },
        { ngx_string("iss"), 0, ngx_null_string },
        { ngx_string("aud"), 0, ngx_null_string },
    };

    *err = "its payload is not in base64url";

    rc = ngx_app_jwt_decode(&token->payload, pool, claims);

    if (rc != NGX_OK) {
        return rc;
    }

    *err = "its payload is no JSON object, or has a claim twice";

    rc = ngx_app_json_members(claims, NGX_APP_JWT_MAX_DEPTH, m, 5, pool);

    if (rc != NGX_OK) {
        return rc;
    }

    *err = ngx_app_jwt_times(jwt, m, now);

    if (*err) {
        return NGX_DECLINED;
    }

    *err = "its issuer is another one";

    if (jwt->issuers.nelts && !ngx_app_jwt_is_one(&m[3], &jwt->issuers)) {
        return NGX_DECLINED;
    }

    *err = "it is for others";

    if (jwt->audiences.nelts) {
        return ngx_app_jwt_audience(&m[4], &jwt->audiences, pool);
    }

    return NGX_OK;
}


static const char *
ngx_app_jwt_times(ngx_app_jwt_t *jwt, ngx_app_json_member_t *m, time_t now)
{
    int64_t  t;

    if (ngx_app_jwt_time(&m[0], &t) != NGX_OK) {
        return "it has no \"exp\"";
    }

    if (t <= (int64_t) now - jwt->leeway) {
        return "it has expired";
    }

    if (m[1].token
        && (ngx_app_jwt_time(&m[1], &t) != NGX_OK
            || t > (int64_t) now + jwt->leeway))
    {
        return "it is not valid yet";
    }

    if (m[2].token
        && (ngx_app_jwt_time(&m[2], &t) != NGX_OK
            || t > (int64_t) now + jwt->leeway + NGX_APP_JWT_IAT_SKEW))
    {
        return "it was issued in the future";
    }

    return NULL;
}


/* seconds since 1970; RFC 7519 allows fractions, which do not count here */

static ngx_int_t
ngx_app_jwt_time(ngx_app_json_member_t *m, int64_t *t)
{
    u_char     *p;
    ngx_str_t   s;

    if (m->token != NGX_APP_JSON_NUMBER) {
        return NGX_DECLINED;
    }

    s = m->text;

    for (p = s.data; p < s.data + s.len; p++) {

        if (*p == 'e' || *p == 'E') {
            return NGX_DECLINED;
        }

        if (*p == '.') {
            s.len = p - s.data;
        }
    }

    *t = ngx_atotm(s.data, s.len);

    return (*t == NGX_ERROR) ? NGX_DECLINED : NGX_OK;
}


static ngx_uint_t
ngx_app_jwt_is_one(ngx_app_json_member_t *m, ngx_array_t *wanted)
{
    return m->token == NGX_APP_JSON_STRING
           && ngx_app_jwt_in(&m->text, wanted);
}


static ngx_uint_t
ngx_app_jwt_in(ngx_str_t *s, ngx_array_t *wanted)
{
    ngx_str_t   *want;
    ngx_uint_t   i;

    want = wanted->elts;

    for (i = 0; i < wanted->nelts; i++) {
        if (ngx_app_jwt_same(s, &want[i])) {
            return 1;
        }
    }

    return 0;
}


/* a text, or a list in which we are (RFC 7519, section 4.1.3) */

static ngx_int_t
ngx_app_jwt_audience(ngx_app_json_member_t *m, ngx_array_t *wanted,
    ngx_pool_t *pool)
{
    ngx_str_t              s;
    ngx_app_json_reader_t  jr;

    if (m->token != NGX_APP_JSON_ARRAY) {
        return ngx_app_jwt_is_one(m, wanted) ? NGX_OK : NGX_DECLINED;
    }

    ngx_app_json_read_init(&jr, m->text.data, m->text.len, 1, 0);

    while (ngx_app_json_read(&jr) == NGX_OK) {

        if (jr.token != NGX_APP_JSON_STRING) {
            continue;
        }

        if (ngx_app_json_read_text(&jr, pool, &s) != NGX_OK) {
            return NGX_ERROR;
        }

        if (ngx_app_jwt_in(&s, wanted)) {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}
