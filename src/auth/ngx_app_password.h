
/*
 * Copyright (C) the project authors
 */

/*
 * Hashes of passwords: argon2id (RFC 9106) and bcrypt.  All of this takes
 * tens of milliseconds on purpose, and calls libraries only: it is for
 * threads.
 */


#ifndef _NGX_APP_PASSWORD_H_INCLUDED_
#define _NGX_APP_PASSWORD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <crypt.h>


#define NGX_APP_PASSWORD_MAX       4096     /* bytes of a password */
#define NGX_APP_PASSWORD_HASH_MAX  128      /* of a hash, with its zero */

#define NGX_APP_PASSWORD_COST_MIN  4
#define NGX_APP_PASSWORD_COST_MAX  16

/* of a hash of argon2 that is there: KiB, and KiB times passes */
#define NGX_APP_PASSWORD_MEMORY_MAX  1048576
#define NGX_APP_PASSWORD_WORK_MAX    4194304


typedef enum {
    NGX_APP_PASSWORD_ARGON2ID = 0,
    NGX_APP_PASSWORD_BCRYPT
} ngx_app_password_alg_e;


/* how new hashes are made */
typedef struct {
    ngx_app_password_alg_e  alg;
    size_t                  memory;     /* argon2id: bytes, */
    ngx_uint_t              time;       /* passes over them */
    ngx_uint_t              cost;       /* bcrypt: 2^cost rounds */
    ngx_uint_t              legacy;     /* 0, or the cost of the bcrypt
                                           hashes that are there as well */
} ngx_app_password_policy_t;


typedef struct {
    ngx_app_password_policy_t  policy;
    u_char                     plain[NGX_APP_PASSWORD_MAX + 1];
    size_t                     plain_len;
    u_char                     hash[NGX_APP_PASSWORD_HASH_MAX];
    ngx_uint_t                 matches;
    ngx_uint_t                 weak;
    ngx_uint_t                 costly;     /* the hash asks for too much */
    struct crypt_data          crypt;      /* 32k: too much for a stack */
} ngx_app_password_t;


/* once in a process, before any other: NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_password_init(void);

/* makes pw->hash of pw->plain: NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_password_hash(ngx_app_password_t *pw);

/*
 * Compares pw->plain with pw->hash, which may be empty or no hash at all: then
 * the same work is done for nothing, so that the time does not tell whether
 * there is an account.  Sets pw->matches, and pw->weak if it does match and
 * the hash is weaker than the policy asks for.  A hash of argon2 that takes
 * more than NGX_APP_PASSWORD_MEMORY_MAX or NGX_APP_PASSWORD_WORK_MAX, or what
 * the policy itself does if that is more, is none, and pw->costly is set.
 */
void ngx_app_password_verify(ngx_app_password_t *pw);


#endif /* _NGX_APP_PASSWORD_H_INCLUDED_ */
