
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <auth/ngx_app_jwks.h>
#include <json/ngx_app_json_member.h>


/* members of a key that mean something here: RFC 7517, 7518 and 8037 */

enum {
    NGX_APP_JWK_KTY = 0,
    NGX_APP_JWK_USE,
    NGX_APP_JWK_KEY_OPS,
    NGX_APP_JWK_ALG,
    NGX_APP_JWK_KID,
    NGX_APP_JWK_CRV,
    NGX_APP_JWK_N,
    NGX_APP_JWK_E,
    NGX_APP_JWK_X,
    NGX_APP_JWK_Y,
    NGX_APP_JWK_PRIVATE,              /* from here on */
    NGX_APP_JWK_MEMBERS = NGX_APP_JWK_PRIVATE + 8
};


/* the kind of key that an algorithm has */
typedef struct {
    ngx_str_t               kty;
    ngx_str_t               crv;
} ngx_app_jwks_kind_t;


static ngx_int_t ngx_app_jwks_list(ngx_app_jwks_t *set, ngx_str_t *list,
    ngx_pool_t *pool, const char **err);
static ngx_int_t ngx_app_jwks_entry(ngx_app_jwks_t *set, ngx_str_t *text,
    ngx_pool_t *pool);
static const char *ngx_app_jwks_check(ngx_app_jwks_t *set,
    ngx_app_json_member_t *m, ngx_pool_t *pool);
static ngx_uint_t ngx_app_jwks_verifies(ngx_app_json_member_t *ops,
    ngx_pool_t *pool);
static const char *ngx_app_jwks_kid(ngx_app_jwks_t *set,
    ngx_app_json_member_t *kid);
static const char *ngx_app_jwks_make(ngx_app_jwt_alg_e alg,
    ngx_app_json_member_t *m, EVP_PKEY **pkey);
static ngx_int_t ngx_app_jwks_add(ngx_app_jwks_t *set, ngx_str_t *kid,
    EVP_PKEY *pkey, ngx_pool_t *pool);
static void ngx_app_jwks_cleanup(void *data);
static ngx_int_t ngx_app_jwks_skip(ngx_app_jwks_t *set, ngx_str_t *kid,
    const char *why, ngx_pool_t *pool);


static ngx_app_jwks_kind_t  ngx_app_jwks_kinds[] = {
    { ngx_null_string, ngx_null_string },
    { ngx_null_string, ngx_null_string },
    { ngx_string("RSA"), ngx_null_string },          /* RS256 */
    { ngx_string("EC"), ngx_string("P-256") },       /* ES256 */
    { ngx_string("OKP"), ngx_string("Ed25519") }     /* EdDSA */
};


static ngx_str_t  ngx_app_jwks_members[NGX_APP_JWK_MEMBERS] = {
    ngx_string("kty"),
    ngx_string("use"),
    ngx_string("key_ops"),
    ngx_string("alg"),
    ngx_string("kid"),
    ngx_string("crv"),
    ngx_string("n"),
    ngx_string("e"),
    ngx_string("x"),
    ngx_string("y"),
    ngx_string("d"),
    ngx_string("p"),
    ngx_string("q"),
    ngx_string("dp"),
    ngx_string("dq"),
    ngx_string("qi"),
    ngx_string("oth"),
    ngx_string("k")
};


#define ngx_app_jwks_is(m, s)                                                 \
    ((m)->token == NGX_APP_JSON_STRING && (m)->text.len == (s)->len           \
     && ngx_memcmp((m)->text.data, (s)->data, (s)->len) == 0)


ngx_int_t
ngx_app_jwks_parse(ngx_app_jwks_t *set, ngx_str_t *text, ngx_pool_t *pool,
    const char **err)
{
    ngx_int_t              rc;
    ngx_app_json_member_t  m = { ngx_string("keys"), 0, ngx_null_string };

    if (ngx_array_init(&set->keys, pool, 4, sizeof(ngx_app_jwt_key_t))
        != NGX_OK
        || ngx_array_init(&set->skipped, pool, 4,
                          sizeof(ngx_app_jwks_skipped_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    *err = "it is no JSON object with one list \"keys\"";

    rc = ngx_app_json_members(text, NGX_APP_JWKS_MAX_DEPTH, &m, 1, pool);

    if (rc != NGX_OK) {
        return rc;
    }

    if (m.token != NGX_APP_JSON_ARRAY) {
        return NGX_DECLINED;
    }

    rc = ngx_app_jwks_list(set, &m.text, pool, err);

    if (rc != NGX_OK) {
        return rc;
    }

    *err = "it has no key that could be used";

    return set->keys.nelts ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_app_jwks_list(ngx_app_jwks_t *set, ngx_str_t *list, ngx_pool_t *pool,
    const char **err)
{
    ngx_int_t              rc;
    ngx_str_t              text;
    ngx_uint_t             n;
    ngx_app_json_reader_t  jr;

    ngx_app_json_read_init(&jr, list->data, list->len,
                           NGX_APP_JWKS_MAX_DEPTH, 0);

    (void) ngx_app_json_read(&jr);

    for (n = 0; ngx_app_json_read(&jr) == NGX_OK; n++) {

        if (jr.token == NGX_APP_JSON_ARRAY_END) {
            return NGX_OK;
        }

        if (n == set->max_keys) {
            *err = "it has more keys than jwks_max_keys=";
            return NGX_DECLINED;
        }

        if (ngx_app_json_skip(&jr, &text) != NGX_OK) {
            break;
        }

        rc = ngx_app_jwks_entry(set, &text, pool);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_jwks_entry(ngx_app_jwks_t *set, ngx_str_t *text, ngx_pool_t *pool)
{
    ngx_int_t               rc;
    ngx_str_t               kid;
    EVP_PKEY               *pkey;
    ngx_uint_t              i;
    const char             *why;
    ngx_app_json_member_t   m[NGX_APP_JWK_MEMBERS];

    ngx_memzero(m, sizeof(m));

    for (i = 0; i < NGX_APP_JWK_MEMBERS; i++) {
        m[i].name = ngx_app_jwks_members[i];
    }

    rc = ngx_app_json_members(text, NGX_APP_JWKS_MAX_DEPTH, m,
                              NGX_APP_JWK_MEMBERS, pool);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    ngx_str_null(&kid);
    pkey = NULL;

    if (rc == NGX_DECLINED) {
        why = "it is no object, or has a member twice";

    } else {
        why = ngx_app_jwks_kid(set, &m[NGX_APP_JWK_KID]);

        if (why == NULL) {
            kid = m[NGX_APP_JWK_KID].text;
            why = ngx_app_jwks_check(set, m, pool);
        }
    }

    if (why == NULL) {
        why = ngx_app_jwks_make(set->alg, m, &pkey);
    }

    return why ? ngx_app_jwks_skip(set, &kid, why, pool)
               : ngx_app_jwks_add(set, &kid, pkey, pool);
}


/* the name of a key is that of one key only */

static const char *
ngx_app_jwks_kid(ngx_app_jwks_t *set, ngx_app_json_member_t *kid)
{
    ngx_uint_t          i;
    ngx_app_jwt_key_t  *key;

    if (kid->token == 0) {
        return NULL;
    }

    if (kid->token != NGX_APP_JSON_STRING
        || kid->text.len > NGX_APP_JWKS_MAX_KID)
    {
        return "its \"kid\" is no text, or longer than 256 bytes";
    }

    key = set->keys.elts;

    for (i = 0; i < set->keys.nelts; i++) {
        if (ngx_app_jwks_is(kid, &key[i].kid)) {
            return "its \"kid\" is that of another key";
        }
    }

    return NULL;
}


static const char *
ngx_app_jwks_check(ngx_app_jwks_t *set, ngx_app_json_member_t *m,
    ngx_pool_t *pool)
{
    ngx_str_t             use = ngx_string("sig");
    ngx_uint_t            i;
    ngx_app_jwks_kind_t  *kind;

    kind = &ngx_app_jwks_kinds[set->alg];

    if (!ngx_app_jwks_is(&m[NGX_APP_JWK_KTY], &kind->kty)) {
        return "its \"kty\" is another one";
    }

    if (kind->crv.len && !ngx_app_jwks_is(&m[NGX_APP_JWK_CRV], &kind->crv)) {
        return "its \"crv\" is another one";
    }

    if (m[NGX_APP_JWK_USE].token
        && !ngx_app_jwks_is(&m[NGX_APP_JWK_USE], &use))
    {
        return "its \"use\" is not \"sig\"";
    }

    if (m[NGX_APP_JWK_KEY_OPS].token
        && !ngx_app_jwks_verifies(&m[NGX_APP_JWK_KEY_OPS], pool))
    {
        return "its \"key_ops\" have no \"verify\"";
    }

    if (m[NGX_APP_JWK_ALG].token
        && !ngx_app_jwks_is(&m[NGX_APP_JWK_ALG], &ngx_app_jwt_algs[set->alg]))
    {
        return "its \"alg\" is another one";
    }

    /* anybody may have signed with such a key by now */

    for (i = NGX_APP_JWK_PRIVATE; i < NGX_APP_JWK_MEMBERS; i++) {
        if (m[i].token) {
            return "it is published with its private part";
        }
    }

    return NULL;
}


static ngx_uint_t
ngx_app_jwks_verifies(ngx_app_json_member_t *ops, ngx_pool_t *pool)
{
    ngx_str_t              s;
    ngx_app_json_reader_t  jr;

    if (ops->token != NGX_APP_JSON_ARRAY) {
        return 0;
    }

    ngx_app_json_read_init(&jr, ops->text.data, ops->text.len, 1, 0);

    while (ngx_app_json_read(&jr) == NGX_OK) {

        if (jr.token == NGX_APP_JSON_STRING
            && ngx_app_json_read_text(&jr, pool, &s) == NGX_OK
            && s.len == 6 && ngx_strncmp(s.data, "verify", 6) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* a number that is not there, or is no text, is no base64url either */

static const char *
ngx_app_jwks_make(ngx_app_jwt_alg_e alg, ngx_app_json_member_t *m,
    EVP_PKEY **pkey)
{
    ngx_uint_t   i;
    const char  *why;

    for (i = NGX_APP_JWK_N; i < NGX_APP_JWK_PRIVATE; i++) {
        if (m[i].token != NGX_APP_JSON_STRING) {
            m[i].text.len = 0;
        }
    }

    switch (alg) {

    case NGX_APP_JWT_RS256:
        why = ngx_app_jwk_rsa(&m[NGX_APP_JWK_N].text, &m[NGX_APP_JWK_E].text,
                              pkey);
        break;

    case NGX_APP_JWT_ES256:
        why = ngx_app_jwk_p256(&m[NGX_APP_JWK_X].text,
                               &m[NGX_APP_JWK_Y].text, pkey);
        break;

    default: /* NGX_APP_JWT_EDDSA */
        why = ngx_app_jwk_ed25519(&m[NGX_APP_JWK_X].text, pkey);
    }

    if (why) {
        return why;
    }

    why = ngx_app_jwt_key_check(*pkey, alg);

    if (why) {
        EVP_PKEY_free(*pkey);
    }

    return why;
}


static ngx_int_t
ngx_app_jwks_add(ngx_app_jwks_t *set, ngx_str_t *kid, EVP_PKEY *pkey,
    ngx_pool_t *pool)
{
    ngx_app_jwt_key_t   *key;
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(pool, 0);

    if (cln == NULL) {
        EVP_PKEY_free(pkey);
        return NGX_ERROR;
    }

    cln->handler = ngx_app_jwks_cleanup;
    cln->data = pkey;

    key = ngx_array_push(&set->keys);
    if (key == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(key, sizeof(ngx_app_jwt_key_t));
    key->pkey = pkey;
    key->kid.len = kid->len;
    key->kid.data = ngx_pstrdup(pool, kid);

    return (key->kid.data || kid->len == 0) ? NGX_OK : NGX_ERROR;
}


static void
ngx_app_jwks_cleanup(void *data)
{
    EVP_PKEY_free(data);
}


static ngx_int_t
ngx_app_jwks_skip(ngx_app_jwks_t *set, ngx_str_t *kid, const char *why,
    ngx_pool_t *pool)
{
    ngx_app_jwks_skipped_t  *s;

    s = ngx_array_push(&set->skipped);
    if (s == NULL) {
        return NGX_ERROR;
    }

    s->why = why;
    s->kid.len = kid->len;
    s->kid.data = ngx_pstrdup(pool, kid);

    return (s->kid.data || kid->len == 0) ? NGX_OK : NGX_ERROR;
}
