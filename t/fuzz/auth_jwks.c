
/*
 * Copyright (C) the project authors
 */

/*
 * Sets of keys, for each algorithm; and a token checked with what they hold.
 */


#include <fuzz/fuzz.h>

#include <auth/ngx_app_jwks.h>
#include <json/ngx_app_json_read.h>


static void fuzz_keys(ngx_pool_t *pool, ngx_app_jwks_t *set);


static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    ngx_int_t           rc;
    ngx_str_t           text;
    const char         *err;
    ngx_app_jwks_t      set;
    ngx_app_jwt_alg_e   alg;

    for (alg = NGX_APP_JWT_RS256; alg <= NGX_APP_JWT_EDDSA; alg++) {

        ngx_memzero(&set, sizeof(set));
        set.alg = alg;
        set.max_keys = 5;

        text.data = data;
        text.len = size;
        err = NULL;

        rc = ngx_app_jwks_parse(&set, &text, pool, &err);

        fuzz_check(rc == NGX_OK || (rc == NGX_DECLINED && err != NULL));
        fuzz_check(set.keys.nelts + set.skipped.nelts <= 5);

        if (rc == NGX_OK) {
            fuzz_check(set.keys.nelts > 0);
            fuzz_check(ngx_app_json_valid(data, size, NGX_APP_JWKS_MAX_DEPTH)
                       == NGX_OK);
            fuzz_keys(pool, &set);
        }
    }
}


static void
fuzz_keys(ngx_pool_t *pool, ngx_app_jwks_t *set)
{
    ngx_str_t            text;
    ngx_uint_t           i;
    const char          *err;
    ngx_app_jwt_t        jwt;
    ngx_app_jwt_key_t   *key;
    ngx_app_jwt_token_t  token;

    ngx_memzero(&jwt, sizeof(jwt));
    jwt.alg = set->alg;
    jwt.keys = set->keys;
    jwt.published = 1;

    key = set->keys.elts;

    for (i = 0; i < set->keys.nelts; i++) {

        fuzz_check(key[i].pkey != NULL && key[i].sign == 0);
        fuzz_check(ngx_app_jwt_key_check(key[i].pkey, set->alg) == NULL);
        fuzz_check(EVP_PKEY_bits(key[i].pkey) <= NGX_APP_JWT_MAX_SIGN * 8);

        if (key[i].kid.len) {
            fuzz_check(ngx_app_jwt_key_find(&jwt, &key[i].kid) == &key[i]);
        }

        /* no key takes what is no signature */

        ngx_memzero(&token, sizeof(token));
        token.kid = key[i].kid;
        ngx_str_set(&text, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZQ");
        token.body = text;
        token.sign = text;

        fuzz_check(ngx_app_jwt_signature(&jwt, &token, &err) == NGX_DECLINED);
    }
}
