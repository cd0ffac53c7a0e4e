
/*
 * Copyright (C) the project authors
 */

/*
 * Published keys: JSON Web Key Sets (RFC 7517) with keys of RSA and P-256
 * (RFC 7518, section 6) and Ed25519 (RFC 8037).
 */


#ifndef _NGX_APP_JWKS_H_INCLUDED_
#define _NGX_APP_JWKS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <auth/ngx_app_jwt.h>


#define NGX_APP_JWKS_MAX_DEPTH  16
#define NGX_APP_JWKS_MAX_KID    256      /* bytes */


/* a key that is of no use */
typedef struct {
    ngx_str_t           kid;        /* empty: it has none, or a bad one */
    const char         *why;
} ngx_app_jwks_skipped_t;


typedef struct {
    ngx_app_jwt_alg_e   alg;        /* what the keys are wanted for */
    ngx_uint_t          max_keys;   /* of all kinds */
    ngx_array_t         keys;       /* ngx_app_jwt_key_t */
    ngx_array_t         skipped;    /* ngx_app_jwks_skipped_t */
} ngx_app_jwks_t;


/*
 * Reads a set.  Keys for another algorithm or another use, and those that
 * cannot be trusted, are skipped.  None has its private part.
 *
 *   set   alg (not HS256) and max_keys are set; keys and skipped are made in
 *         the pool, which also frees what OpenSSL holds of the keys
 *   text  may be changed or freed afterwards
 *   err   says what is wrong with a set that is refused
 *
 * NGX_OK: there is one key at least; NGX_DECLINED; NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_jwks_parse(ngx_app_jwks_t *set, ngx_str_t *text,
    ngx_pool_t *pool, const char **err);


/* of the files of keys only */

/*
 * Make a public key of its numbers in base64url.  *pkey is the caller's to
 * free.  Return NULL, or what is wrong with them.
 */
const char *ngx_app_jwk_rsa(ngx_str_t *n, ngx_str_t *e, EVP_PKEY **pkey);
const char *ngx_app_jwk_p256(ngx_str_t *x, ngx_str_t *y, EVP_PKEY **pkey);
const char *ngx_app_jwk_ed25519(ngx_str_t *x, EVP_PKEY **pkey);


#endif /* _NGX_APP_JWKS_H_INCLUDED_ */
