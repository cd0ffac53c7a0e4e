
/*
 * Copyright (C) the project authors
 */

/*
 * Keys and signatures (RFC 7518, RFC 8037), over OpenSSL.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <auth/ngx_app_jwt.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>


#define NGX_APP_JWT_ES256_LEN  64      /* r and s, 32 bytes each */
#define NGX_APP_JWT_HMAC_LEN   32


static ngx_int_t ngx_app_jwt_key_pem(ngx_app_jwt_key_t *key,
    ngx_str_t *text);
static ngx_int_t ngx_app_jwt_hmac(ngx_app_jwt_key_t *key, ngx_str_t *text,
    u_char *mac);
static ngx_int_t ngx_app_jwt_es256_der(ngx_str_t *sign, u_char **der,
    size_t *len);
static ngx_int_t ngx_app_jwt_es256_raw(ngx_str_t *sign);


ngx_str_t  ngx_app_jwt_algs[] = {
    ngx_null_string,
    ngx_string("HS256"),
    ngx_string("RS256"),
    ngx_string("ES256"),
    ngx_string("EdDSA")
};


ngx_app_jwt_alg_e
ngx_app_jwt_alg(ngx_str_t *name)
{
    ngx_uint_t  i;

    for (i = NGX_APP_JWT_HS256; i <= NGX_APP_JWT_EDDSA; i++) {
        if (name->len == ngx_app_jwt_algs[i].len
            && ngx_memcmp(name->data, ngx_app_jwt_algs[i].data, name->len)
               == 0)
        {
            return i;
        }
    }

    return NGX_APP_JWT_NONE;
}


ngx_int_t
ngx_app_jwt_key_set(ngx_app_jwt_key_t *key, ngx_app_jwt_alg_e alg,
    ngx_str_t *text, ngx_pool_t *pool, const char **err)
{
    if (alg != NGX_APP_JWT_HS256) {

        if (ngx_app_jwt_key_pem(key, text) != NGX_OK) {
            *err = "is no private or public key in PEM";
            return NGX_DECLINED;
        }

        *err = ngx_app_jwt_key_check(key->pkey, alg);

        if (*err) {
            EVP_PKEY_free(key->pkey);
            key->pkey = NULL;
            return NGX_DECLINED;
        }

        return NGX_OK;
    }

    /* who knows the public key of others must not be able to sign with it */

    if (ngx_strlcasestrn(text->data, text->data + text->len,
                         (u_char *) "-----BEGIN", 10 - 1))
    {
        *err = "is a key in PEM, and no secret";
        return NGX_DECLINED;
    }

    if (text->len < NGX_APP_JWT_MIN_SECRET) {
        *err = "is too short, a secret has 32 bytes or more";
        return NGX_DECLINED;
    }

    key->secret.data = ngx_pstrdup(pool, text);
    if (key->secret.data == NULL) {
        return NGX_ERROR;
    }

    key->secret.len = text->len;
    key->sign = 1;

    return NGX_OK;
}


static ngx_int_t
ngx_app_jwt_key_pem(ngx_app_jwt_key_t *key, ngx_str_t *text)
{
    BIO   *bio;
    char   none[1];

    bio = BIO_new_mem_buf(text->data, (int) text->len);
    if (bio == NULL) {
        return NGX_DECLINED;
    }

    /* with a passphrase at hand OpenSSL does not ask the terminal for one */

    none[0] = '\0';
    key->pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, none);
    key->sign = (key->pkey != NULL);

    if (key->pkey == NULL) {
        (void) BIO_reset(bio);
        key->pkey = PEM_read_bio_PUBKEY(bio, NULL, NULL, none);
    }

    BIO_free(bio);
    ERR_clear_error();

    return key->pkey ? NGX_OK : NGX_DECLINED;
}


const char *
ngx_app_jwt_key_check(EVP_PKEY *pkey, ngx_app_jwt_alg_e alg)
{
    size_t  n;
    char    name[32];

    switch (alg) {

    case NGX_APP_JWT_RS256:
        if (EVP_PKEY_base_id(pkey) != EVP_PKEY_RSA) {
            return "is no RSA key, which RS256 needs";
        }

        if (EVP_PKEY_bits(pkey) < NGX_APP_JWT_MIN_RSA) {
            return "is too short, an RSA key has 2048 bits or more";
        }

        return NULL;

    case NGX_APP_JWT_ES256:
        if (EVP_PKEY_base_id(pkey) == EVP_PKEY_EC
            && EVP_PKEY_get_group_name(pkey, name, sizeof(name), &n) == 1
            && (ngx_strcmp(name, "prime256v1") == 0
                || ngx_strcmp(name, "P-256") == 0))
        {
            return NULL;
        }

        return "is no key on the curve P-256, which ES256 needs";

    default: /* NGX_APP_JWT_EDDSA */
        return (EVP_PKEY_base_id(pkey) == EVP_PKEY_ED25519)
               ? NULL : "is no Ed25519 key, which EdDSA needs";
    }
}


ngx_int_t
ngx_app_jwt_key_verify(ngx_app_jwt_key_t *key, ngx_app_jwt_alg_e alg,
    ngx_str_t *text, ngx_str_t *sign)
{
    int            rc;
    size_t         len;
    u_char        *der, *data, mac[NGX_APP_JWT_HMAC_LEN];
    EVP_MD_CTX    *ctx;
    const EVP_MD  *md;

    if (alg == NGX_APP_JWT_HS256) {

        if (ngx_app_jwt_hmac(key, text, mac) != NGX_OK
            || sign->len != NGX_APP_JWT_HMAC_LEN)
        {
            return NGX_DECLINED;
        }

        return CRYPTO_memcmp(mac, sign->data, NGX_APP_JWT_HMAC_LEN) == 0
               ? NGX_OK : NGX_DECLINED;
    }

    der = NULL;
    data = sign->data;
    len = sign->len;

    if (alg == NGX_APP_JWT_ES256) {

        if (ngx_app_jwt_es256_der(sign, &der, &len) != NGX_OK) {
            return NGX_DECLINED;
        }

        data = der;
    }

    md = (alg == NGX_APP_JWT_EDDSA) ? NULL : EVP_sha256();
    rc = 0;
    ctx = EVP_MD_CTX_new();

    if (ctx && EVP_DigestVerifyInit(ctx, NULL, md, NULL, key->pkey) == 1) {
        rc = EVP_DigestVerify(ctx, data, len, text->data, text->len);
    }

    EVP_MD_CTX_free(ctx);
    OPENSSL_free(der);

    /* nginx logs what is left in the queue with the next TLS connection */

    ERR_clear_error();

    return (rc == 1) ? NGX_OK : NGX_DECLINED;
}


ngx_int_t
ngx_app_jwt_key_sign(ngx_app_jwt_key_t *key, ngx_app_jwt_alg_e alg,
    ngx_str_t *text, ngx_str_t *sign)
{
    int            rc;
    EVP_MD_CTX    *ctx;
    const EVP_MD  *md;

    if (alg == NGX_APP_JWT_HS256) {
        sign->len = NGX_APP_JWT_HMAC_LEN;
        return ngx_app_jwt_hmac(key, text, sign->data);
    }

    md = (alg == NGX_APP_JWT_EDDSA) ? NULL : EVP_sha256();
    rc = 0;
    sign->len = NGX_APP_JWT_MAX_SIGN;
    ctx = EVP_MD_CTX_new();

    if (ctx && EVP_DigestSignInit(ctx, NULL, md, NULL, key->pkey) == 1) {
        rc = EVP_DigestSign(ctx, sign->data, &sign->len, text->data,
                            text->len);
    }

    EVP_MD_CTX_free(ctx);
    ERR_clear_error();

    if (rc != 1) {
        return NGX_ERROR;
    }

    return (alg == NGX_APP_JWT_ES256) ? ngx_app_jwt_es256_raw(sign) : NGX_OK;
}


static ngx_int_t
ngx_app_jwt_hmac(ngx_app_jwt_key_t *key, ngx_str_t *text, u_char *mac)
{
    unsigned int  len;

    return HMAC(EVP_sha256(), key->secret.data, (int) key->secret.len,
                text->data, text->len, mac, &len)
           ? NGX_OK : NGX_ERROR;
}


/* two numbers in a row (RFC 7518, section 3.4), OpenSSL has them in DER */

static ngx_int_t
ngx_app_jwt_es256_der(ngx_str_t *sign, u_char **der, size_t *len)
{
    int         n;
    BIGNUM     *r, *s;
    ECDSA_SIG  *es;

    if (sign->len != NGX_APP_JWT_ES256_LEN) {
        return NGX_DECLINED;
    }

    es = ECDSA_SIG_new();
    r = BN_bin2bn(sign->data, NGX_APP_JWT_ES256_LEN / 2, NULL);
    s = BN_bin2bn(sign->data + NGX_APP_JWT_ES256_LEN / 2,
                  NGX_APP_JWT_ES256_LEN / 2, NULL);

    if (es == NULL || r == NULL || s == NULL
        || ECDSA_SIG_set0(es, r, s) != 1)
    {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(es);
        return NGX_DECLINED;
    }

    *der = NULL;
    n = i2d_ECDSA_SIG(es, der);
    ECDSA_SIG_free(es);

    if (n <= 0) {
        return NGX_DECLINED;
    }

    *len = n;

    return NGX_OK;
}


static ngx_int_t
ngx_app_jwt_es256_raw(ngx_str_t *sign)
{
    int            rc;
    ECDSA_SIG     *es;
    const u_char  *p;

    p = sign->data;
    es = d2i_ECDSA_SIG(NULL, &p, (long) sign->len);

    if (es == NULL) {
        return NGX_ERROR;
    }

    rc = BN_bn2binpad(ECDSA_SIG_get0_r(es), sign->data,
                      NGX_APP_JWT_ES256_LEN / 2) > 0
         && BN_bn2binpad(ECDSA_SIG_get0_s(es),
                         sign->data + NGX_APP_JWT_ES256_LEN / 2,
                         NGX_APP_JWT_ES256_LEN / 2) > 0;

    ECDSA_SIG_free(es);
    sign->len = NGX_APP_JWT_ES256_LEN;

    return rc ? NGX_OK : NGX_ERROR;
}
