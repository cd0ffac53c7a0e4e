
/*
 * Copyright (C) the project authors
 */

/*
 * Keys of the numbers that a JSON Web Key has, over OpenSSL.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <auth/ngx_app_jwks.h>
#include <core/ngx_app_base64url.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>


/*
 * What a signature costs to check grows with both numbers: the key is
 * somebody else's choice, the time is ours.
 */

#define NGX_APP_JWK_MAX_RSA  (NGX_APP_JWT_MAX_SIGN * 8)     /* bits */
#define NGX_APP_JWK_MAX_E    32

#define NGX_APP_JWK_BYTES    32             /* of P-256 and Ed25519 */


static ngx_int_t ngx_app_jwk_bytes(ngx_str_t *text, u_char *bytes);
static BIGNUM *ngx_app_jwk_number(ngx_str_t *text);
static const char *ngx_app_jwk_rsa_check(BIGNUM *n, BIGNUM *e);
static OSSL_PARAM *ngx_app_jwk_rsa_params(BIGNUM *n, BIGNUM *e);
static EVP_PKEY *ngx_app_jwk_key(const char *type, OSSL_PARAM *params);


const char *
ngx_app_jwk_rsa(ngx_str_t *n, ngx_str_t *e, EVP_PKEY **pkey)
{
    BIGNUM      *bn, *be;
    OSSL_PARAM  *params;
    const char  *err;

    bn = ngx_app_jwk_number(n);
    be = ngx_app_jwk_number(e);

    err = ngx_app_jwk_rsa_check(bn, be);

    if (err == NULL) {
        params = ngx_app_jwk_rsa_params(bn, be);
        *pkey = ngx_app_jwk_key("RSA", params);
        OSSL_PARAM_free(params);

        if (*pkey == NULL) {
            err = "OpenSSL does not take it";
        }
    }

    BN_free(bn);
    BN_free(be);

    return err;
}


static const char *
ngx_app_jwk_rsa_check(BIGNUM *n, BIGNUM *e)
{
    if (n == NULL || e == NULL) {
        return "its \"n\" or \"e\" is no number in base64url";
    }

    if (BN_num_bits(n) < NGX_APP_JWT_MIN_RSA) {
        return "it is too short, an RSA key has 2048 bits or more";
    }

    if (BN_num_bits(n) > NGX_APP_JWK_MAX_RSA) {
        return "it is too long, an RSA key has 8192 bits at most";
    }

    if (!BN_is_odd(n) || !BN_is_odd(e) || BN_is_one(e)
        || BN_num_bits(e) > NGX_APP_JWK_MAX_E)
    {
        return "its \"n\" or \"e\" is none of an RSA key";
    }

    return NULL;
}


static OSSL_PARAM *
ngx_app_jwk_rsa_params(BIGNUM *n, BIGNUM *e)
{
    OSSL_PARAM      *params;
    OSSL_PARAM_BLD  *bld;

    bld = OSSL_PARAM_BLD_new();
    if (bld == NULL) {
        return NULL;
    }

    params = NULL;

    if (OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) == 1
        && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e) == 1)
    {
        params = OSSL_PARAM_BLD_to_param(bld);
    }

    OSSL_PARAM_BLD_free(bld);

    return params;
}


const char *
ngx_app_jwk_p256(ngx_str_t *x, ngx_str_t *y, EVP_PKEY **pkey)
{
    char        group[] = "prime256v1";
    u_char      point[1 + 2 * NGX_APP_JWK_BYTES];
    OSSL_PARAM  params[3];

    /* not compressed (SEC 1, section 2.3.3) */

    point[0] = 4;

    if (ngx_app_jwk_bytes(x, point + 1) != NGX_OK
        || ngx_app_jwk_bytes(y, point + 1 + NGX_APP_JWK_BYTES) != NGX_OK)
    {
        return "its \"x\" or \"y\" is no number of 32 bytes in base64url";
    }

    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                                 group, 0);
    params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                                  point, sizeof(point));
    params[2] = OSSL_PARAM_construct_end();

    *pkey = ngx_app_jwk_key("EC", params);

    return *pkey ? NULL : "its point is not on the curve";
}


const char *
ngx_app_jwk_ed25519(ngx_str_t *x, EVP_PKEY **pkey)
{
    u_char  bytes[NGX_APP_JWK_BYTES];

    if (ngx_app_jwk_bytes(x, bytes) != NGX_OK) {
        return "its \"x\" is no number of 32 bytes in base64url";
    }

    *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes,
                                        NGX_APP_JWK_BYTES);

    return *pkey ? NULL : "OpenSSL does not take it";
}


static ngx_int_t
ngx_app_jwk_bytes(ngx_str_t *text, u_char *bytes)
{
    size_t  n;

    if (text->len != ngx_app_base64url_encoded_len(NGX_APP_JWK_BYTES)) {
        return NGX_DECLINED;
    }

    return ngx_app_base64url_decode(bytes, text->data, text->len, &n);
}


/* NULL: it is none, or none that a key could have */

static BIGNUM *
ngx_app_jwk_number(ngx_str_t *text)
{
    size_t  n;
    u_char  bytes[NGX_APP_JWT_MAX_SIGN + 1];

    /* there are publishers that put a zero in front */

    if (text->len == 0
        || text->len > ngx_app_base64url_encoded_len(sizeof(bytes))
        || ngx_app_base64url_decode(bytes, text->data, text->len, &n)
           != NGX_OK)
    {
        return NULL;
    }

    return BN_bin2bn(bytes, (int) n, NULL);
}


static EVP_PKEY *
ngx_app_jwk_key(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY      *pkey;
    EVP_PKEY_CTX  *ctx;

    pkey = NULL;
    ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);

    if (ctx == NULL || params == NULL || EVP_PKEY_fromdata_init(ctx) != 1
        || EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
    {
        pkey = NULL;
    }

    EVP_PKEY_CTX_free(ctx);
    ERR_clear_error();

    return pkey;
}
