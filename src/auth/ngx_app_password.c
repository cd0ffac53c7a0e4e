
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <auth/ngx_app_password.h>

#include <sodium.h>


#define NGX_APP_PASSWORD_SALT    16
#define NGX_APP_PASSWORD_BCRYPT  60     /* length of a bcrypt hash */
#define NGX_APP_PASSWORD_BYTES   72     /* of a password count in bcrypt */


static ngx_int_t ngx_app_password_crypt(ngx_app_password_t *pw,
    const char *setting, u_char *out);
static void ngx_app_password_bcrypt(ngx_app_password_t *pw);
static ngx_uint_t ngx_app_password_is_argon2(ngx_app_password_t *pw);
static void ngx_app_password_argon2(ngx_app_password_t *pw);
static void ngx_app_password_dummy(ngx_app_password_t *pw,
    ngx_app_password_alg_e alg);
static ngx_uint_t ngx_app_password_cost(const u_char *hash);
static ngx_uint_t ngx_app_password_number(const u_char *hash,
    const char *name);


ngx_int_t
ngx_app_password_init(void)
{
    return (sodium_init() < 0) ? NGX_ERROR : NGX_OK;
}


ngx_int_t
ngx_app_password_hash(ngx_app_password_t *pw)
{
    int     rc;
    char    salt[NGX_APP_PASSWORD_SALT], setting[CRYPT_GENSALT_OUTPUT_SIZE];

    if (pw->policy.alg == NGX_APP_PASSWORD_ARGON2ID) {

        rc = crypto_pwhash_str_alg((char *) pw->hash, (char *) pw->plain,
                                   pw->plain_len, pw->policy.time,
                                   pw->policy.memory,
                                   crypto_pwhash_ALG_ARGON2ID13);

        return (rc == 0) ? NGX_OK : NGX_ERROR;
    }

    randombytes_buf(salt, sizeof(salt));

    if (crypt_gensalt_rn("$2b$", pw->policy.cost, salt, sizeof(salt),
                         setting, sizeof(setting))
        == NULL)
    {
        return NGX_ERROR;
    }

    return ngx_app_password_crypt(pw, setting, pw->hash);
}


void
ngx_app_password_verify(ngx_app_password_t *pw)
{
    ngx_app_password_alg_e  other;

    pw->matches = 0;
    pw->weak = 0;
    pw->costly = 0;

    if (ngx_app_password_is_argon2(pw)) {
        ngx_app_password_argon2(pw);
        other = NGX_APP_PASSWORD_BCRYPT;

    } else if (ngx_app_password_cost(pw->hash)) {
        ngx_app_password_bcrypt(pw);
        other = NGX_APP_PASSWORD_ARGON2ID;

    } else {
        ngx_app_password_dummy(pw, pw->policy.alg);
        other = (pw->policy.alg == NGX_APP_PASSWORD_BCRYPT)
                ? NGX_APP_PASSWORD_ARGON2ID : NGX_APP_PASSWORD_BCRYPT;
    }

    /* of two kinds of accounts each does the work of both */

    if (pw->policy.legacy) {
        ngx_app_password_dummy(pw, other);
    }
}


/*
 * The library reads all of a hash here, without the work: one that it refuses
 * later would be told from others by the time.  It bounds no field, and what
 * is in a database must not keep a thread for ever.
 */

static ngx_uint_t
ngx_app_password_is_argon2(ngx_app_password_t *pw)
{
    uint64_t  memory, work, most;

    if (ngx_strncmp(pw->hash, "$argon2id$", 10) != 0
        && ngx_strncmp(pw->hash, "$argon2i$", 9) != 0)
    {
        return 0;
    }

    if (crypto_pwhash_str_needs_rehash((char *) pw->hash, pw->policy.time,
                                       pw->policy.memory)
        == -1)
    {
        return 0;
    }

    memory = ngx_app_password_number(pw->hash, "m=");
    work = memory * ngx_app_password_number(pw->hash, "t=");

    most = (uint64_t) pw->policy.memory / 1024 * pw->policy.time;

    if (memory > NGX_APP_PASSWORD_MEMORY_MAX
        || work > ngx_max(most, NGX_APP_PASSWORD_WORK_MAX))
    {
        pw->costly = 1;
        return 0;
    }

    return 1;
}


static void
ngx_app_password_argon2(ngx_app_password_t *pw)
{
    size_t  memory;

    if (crypto_pwhash_str_verify((char *) pw->hash, (char *) pw->plain,
                                 pw->plain_len)
        != 0)
    {
        return;
    }

    pw->matches = 1;

    memory = (size_t) ngx_app_password_number(pw->hash, "m=") * 1024;

    pw->weak = pw->policy.alg == NGX_APP_PASSWORD_ARGON2ID
               && (memory < pw->policy.memory
                   || ngx_app_password_number(pw->hash, "t=")
                      < pw->policy.time
                   || ngx_strncmp(pw->hash, "$argon2id$", 10) != 0);
}


static void
ngx_app_password_bcrypt(ngx_app_password_t *pw)
{
    u_char  out[NGX_APP_PASSWORD_HASH_MAX];

    if (ngx_app_password_crypt(pw, (char *) pw->hash, out) != NGX_OK
        || ngx_strlen(pw->hash) != NGX_APP_PASSWORD_BCRYPT
        || sodium_memcmp(out, pw->hash, NGX_APP_PASSWORD_BCRYPT) != 0)
    {
        return;
    }

    pw->matches = 1;

    pw->weak = pw->policy.alg == NGX_APP_PASSWORD_ARGON2ID
               || ngx_app_password_cost(pw->hash) < pw->policy.cost;
}


static ngx_int_t
ngx_app_password_crypt(ngx_app_password_t *pw, const char *setting,
    u_char *out)
{
    char       *p, plain[NGX_APP_PASSWORD_BYTES + 1];
    size_t      len;
    ngx_int_t   rc;

    ngx_memzero(&pw->crypt, sizeof(struct crypt_data));

    len = ngx_min(pw->plain_len, NGX_APP_PASSWORD_BYTES);
    ngx_memcpy(plain, pw->plain, len);
    plain[len] = '\0';

    rc = NGX_ERROR;
    p = crypt_r(plain, setting, &pw->crypt);

    if (p && p[0] != '*' && ngx_strlen(p) == NGX_APP_PASSWORD_BCRYPT) {
        ngx_memcpy(out, p, NGX_APP_PASSWORD_BCRYPT + 1);
        rc = NGX_OK;
    }

    sodium_memzero(plain, sizeof(plain));
    sodium_memzero(&pw->crypt, sizeof(struct crypt_data));

    return rc;
}


/* the work of a hash, whose result nobody looks at */

static void
ngx_app_password_dummy(ngx_app_password_t *pw, ngx_app_password_alg_e alg)
{
    u_char      out[NGX_APP_PASSWORD_HASH_MAX];
    ngx_uint_t  cost;
    u_char      setting[sizeof("$2b$00$abcdefghijklmnopqrstuu")];

    if (alg == NGX_APP_PASSWORD_ARGON2ID) {
        ngx_memzero(setting, sizeof(setting));

        /* without memory there is no answer that would tell anything */

        if (crypto_pwhash(out, 32, (char *) pw->plain, pw->plain_len,
                          setting, pw->policy.time, pw->policy.memory,
                          crypto_pwhash_ALG_ARGON2ID13)
            != 0)
        {
            pw->matches = 0;
        }

        return;
    }

    cost = pw->policy.legacy ? pw->policy.legacy : pw->policy.cost;

    *ngx_sprintf(setting, "$2b$%02ui$abcdefghijklmnopqrstuu", cost) = '\0';

    (void) ngx_app_password_crypt(pw, (char *) setting, out);
}


/* of a bcrypt hash, else 0: "$2b$10$..." */

static ngx_uint_t
ngx_app_password_cost(const u_char *hash)
{
    ngx_int_t  cost;

    if (ngx_strlen(hash) != NGX_APP_PASSWORD_BCRYPT
        || hash[0] != '$' || hash[1] != '2'
        || (hash[2] != 'a' && hash[2] != 'b' && hash[2] != 'y')
        || hash[3] != '$' || hash[6] != '$')
    {
        return 0;
    }

    cost = (hash[4] - '0') * 10 + (hash[5] - '0');

    return (cost < NGX_APP_PASSWORD_COST_MIN
            || cost > NGX_APP_PASSWORD_COST_MAX) ? 0 : (ngx_uint_t) cost;
}


/* of "$argon2id$v=19$m=65536,t=2,p=1$..." */

static ngx_uint_t
ngx_app_password_number(const u_char *hash, const char *name)
{
    const char  *p;

    p = strstr((const char *) hash, name);

    return p ? (ngx_uint_t) strtoul(p + 2, NULL, 10) : 0;
}
