
/*
 * Copyright (C) the project authors
 */

/*
 * Tokens: the text as it comes; and its two halves, at the first byte, as
 * header and payload of a token that is signed, so that what is behind the
 * signature is reached as well; that one also cut.
 */


#include <fuzz/fuzz.h>

#include <auth/ngx_app_jwt.h>
#include <core/ngx_app_base64url.h>
#include <json/ngx_app_json_read.h>


#define NOW  1700000000


static void fuzz_signed(ngx_pool_t *pool, ngx_app_jwt_t *jwt, u_char *data,
    size_t size);


static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    ngx_int_t           rc;
    ngx_str_t           token, claims, audience;
    const char         *err;
    ngx_app_jwt_t       jwt;
    ngx_app_jwt_key_t   key;

    ngx_memzero(&jwt, sizeof(jwt));
    ngx_memzero(&key, sizeof(key));

    jwt.alg = NGX_APP_JWT_HS256;
    jwt.leeway = 60;
    ngx_str_set(&audience, "me");
    jwt.audiences.elts = &audience;
    jwt.audiences.nelts = 1;
    ngx_str_set(&key.kid, "k");
    ngx_str_set(&key.secret, "0123456789abcdef0123456789abcdef");
    key.sign = 1;
    jwt.keys.elts = &key;
    jwt.keys.nelts = 1;

    token.data = data;
    token.len = size;

    rc = ngx_app_jwt_verify(&jwt, &token, NOW, pool, &claims, &err);
    fuzz_check(rc == NGX_OK || (rc == NGX_DECLINED && err != NULL));

    fuzz_signed(pool, &jwt, data, size);

    jwt.audiences.nelts = 0;
    claims = token;
    rc = ngx_app_jwt_issue(&jwt, &claims, NOW, 60, pool, &token);
    fuzz_check(rc == NGX_OK || rc == NGX_DECLINED);

    if (rc == NGX_OK) {
        fuzz_check(token.len <= NGX_APP_JWT_MAX_LEN);
        fuzz_check(ngx_app_json_valid(data, size, NGX_APP_JWT_MAX_DEPTH)
                   == NGX_OK);
    }
}


static void
fuzz_signed(ngx_pool_t *pool, ngx_app_jwt_t *jwt, u_char *data, size_t size)
{
    u_char      *p, mac[NGX_APP_JWT_MAX_SIGN];
    size_t       n;
    ngx_int_t    rc;
    ngx_str_t    token, sign, claims;
    const char  *err;

    if (size == 0 || size > NGX_APP_JWT_MAX_LEN / 2) {
        return;
    }

    n = ngx_min(data[0], size - 1);

    p = ngx_pnalloc(pool, 2 * size + 64);
    fuzz_check(p != NULL);

    token.data = p;
    p = ngx_app_base64url_encode(p, data + 1, n);
    *p++ = '.';
    p = ngx_app_base64url_encode(p, data + 1 + n, size - 1 - n);
    token.len = p - token.data;

    sign.data = mac;
    fuzz_check(ngx_app_jwt_key_sign(jwt->keys.elts, jwt->alg, &token, &sign)
               == NGX_OK);

    *p++ = '.';
    p = ngx_app_base64url_encode(p, sign.data, sign.len);
    token.len = p - token.data;

    rc = ngx_app_jwt_verify(jwt, &token, NOW, pool, &claims, &err);
    fuzz_check(rc == NGX_OK || (rc == NGX_DECLINED && err != NULL));

    if (rc == NGX_OK) {
        fuzz_check(ngx_app_json_valid(claims.data, claims.len,
                                      NGX_APP_JWT_MAX_DEPTH) == NGX_OK);
        fuzz_check(claims.data[0] != '[');
    }

    /* a token that is cut is none, wherever it is cut */

    for (n = ngx_min(token.len, 64); n; n--) {
        token.len--;
        fuzz_check(ngx_app_jwt_verify(jwt, &token, NOW, pool, &claims, &err)
                   == NGX_DECLINED);
    }
}
