
/*
 * Copyright (C) the project authors
 */

/*
 * Signed tokens: JSON Web Tokens (RFC 7519) as compact JWS (RFC 7515), with
 * one algorithm that the configuration names and the token cannot choose.
 */


#ifndef _NGX_APP_JWT_H_INCLUDED_
#define _NGX_APP_JWT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <openssl/evp.h>


#define NGX_APP_JWT_MAX_LEN     8192      /* of a token */
#define NGX_APP_JWT_MAX_DEPTH   16        /* of its claims */
#define NGX_APP_JWT_MAX_KEYS    8
#define NGX_APP_JWT_MIN_SECRET  32        /* RFC 7518, section 3.2 */
#define NGX_APP_JWT_MIN_RSA     2048      /* bits; section 3.3 */
#define NGX_APP_JWT_MAX_SIGN    1024      /* bytes of a signature */


typedef enum {
    NGX_APP_JWT_NONE = 0,
    NGX_APP_JWT_HS256,
    NGX_APP_JWT_RS256,
    NGX_APP_JWT_ES256,
    NGX_APP_JWT_EDDSA
} ngx_app_jwt_alg_e;


typedef struct {
    ngx_str_t           kid;       /* empty: fits any token */
    ngx_str_t           secret;    /* of HS256 */
    EVP_PKEY           *pkey;      /* of the others */
    unsigned            sign:1;    /* it has its private part */
} ngx_app_jwt_key_t;


typedef struct {
    ngx_str_t           name;
    ngx_app_jwt_alg_e   alg;
    ngx_array_t         issuers;   /* ngx_str_t; none: not looked at */
    ngx_array_t         audiences;
    time_t              leeway;    /* seconds */
    ngx_array_t         keys;      /* ngx_app_jwt_key_t; the first one signs */
    unsigned            published:1;   /* keys are of a set: one is tried */
} ngx_app_jwt_t;


/* a token whose signature is still to be looked at */
typedef struct {
    ngx_str_t           kid;       /* empty: it names no key */
    ngx_str_t           payload;   /* in base64url */
    ngx_str_t           body;      /* what is signed */
    ngx_str_t           sign;
} ngx_app_jwt_token_t;


/* returns NGX_APP_JWT_NONE for what is no name of an algorithm */
ngx_app_jwt_alg_e ngx_app_jwt_alg(ngx_str_t *name);

/*
 * Sets a key from the text of its file: a secret, or a private or public key
 * in PEM.  EVP_PKEY_free() is the caller's.
 *
 * NGX_OK; NGX_DECLINED: err says why it is none for this algorithm;
 * NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_jwt_key_set(ngx_app_jwt_key_t *key, ngx_app_jwt_alg_e alg,
    ngx_str_t *text, ngx_pool_t *pool, const char **err);

/*
 * Checks a token: its form, algorithm, signature, times, issuer, audience.
 * "exp" must be there.  A token that is too long is refused before any work.
 *
 *   now     seconds since 1970
 *   claims  set to the JSON text of an object, in the pool
 *   err     says what is wrong with a token that is refused; for the log
 *
 * NGX_OK, NGX_DECLINED or NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_jwt_verify(ngx_app_jwt_t *jwt, ngx_str_t *text,
    time_t now, ngx_pool_t *pool, ngx_str_t *claims, const char **err);

/*
 * The parts of ngx_app_jwt_verify(), for keys that may have to be fetched
 * first: the form of a token and its algorithm; its payload, which nobody may
 * believe yet; its signature.
 *
 *   token   points into text, or into the pool
 *   claims  set by ngx_app_jwt_claims() as by ngx_app_jwt_verify()
 *
 * Return codes and err are those of ngx_app_jwt_verify().
 */
ngx_int_t ngx_app_jwt_open(ngx_app_jwt_t *jwt, ngx_str_t *text,
    ngx_pool_t *pool, ngx_app_jwt_token_t *token, const char **err);
ngx_int_t ngx_app_jwt_claims(ngx_app_jwt_t *jwt, ngx_app_jwt_token_t *token,
    time_t now, ngx_pool_t *pool, ngx_str_t *claims, const char **err);
ngx_int_t ngx_app_jwt_signature(ngx_app_jwt_t *jwt,
    ngx_app_jwt_token_t *token, const char **err);

/*
 * Of keys that are published the one for a token: that of its name, or the
 * only one if that one or the token has no name.  NULL: there is none.
 */
ngx_app_jwt_key_t *ngx_app_jwt_key_find(ngx_app_jwt_t *jwt, ngx_str_t *kid);

/*
 * Issues a token, with iat, exp, and the first iss and aud, if configured.
 *
 *   claims  JSON text of an object that has none of those
 *   ttl     seconds
 *
 * In its payload '>', '?', '~' and what is not ASCII are \u escapes, so that
 * plain base64 decoders, which know no '-' and '_', read it as well.
 *
 * NGX_OK; NGX_DECLINED: the claims are no object, or too long; NGX_ERROR.
 */
ngx_int_t ngx_app_jwt_issue(ngx_app_jwt_t *jwt, ngx_str_t *claims,
    time_t now, time_t ttl, ngx_pool_t *pool, ngx_str_t *token);


/* of the files of tokens only */

/* NULL, or why a key is none for this algorithm */
const char *ngx_app_jwt_key_check(EVP_PKEY *pkey, ngx_app_jwt_alg_e alg);

/* NGX_OK: the signature is right; NGX_DECLINED */
ngx_int_t ngx_app_jwt_key_verify(ngx_app_jwt_key_t *key,
    ngx_app_jwt_alg_e alg, ngx_str_t *signed_part, ngx_str_t *sign);

/* sign.data has room for NGX_APP_JWT_MAX_SIGN bytes: NGX_OK, NGX_ERROR */
ngx_int_t ngx_app_jwt_key_sign(ngx_app_jwt_key_t *key, ngx_app_jwt_alg_e alg,
    ngx_str_t *signed_part, ngx_str_t *sign);

extern ngx_str_t  ngx_app_jwt_algs[];


#endif /* _NGX_APP_JWT_H_INCLUDED_ */
