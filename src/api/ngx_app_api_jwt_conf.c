
/*
 * Copyright (C) the project authors
 */

/*
 * The directives app_jwt and app_secret.  Keys are read with the rest of the
 * configuration, by the process that may read them; workers cannot.  So new
 * keys come with a reload, which loses no request.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>
#include <core/ngx_app_secret.h>


#define NGX_APP_API_SECRET_MAX  16384     /* bytes of a file */
#define NGX_APP_API_LEEWAY_MAX  3600
#define NGX_APP_API_NAMES_MAX   16        /* issuers, audiences */


static char *ngx_app_api_jwt_options(ngx_conf_t *cf, ngx_app_api_jwt_t *kind);
static char *ngx_app_api_jwt_alg(ngx_conf_t *cf, ngx_app_jwt_t *jwt);
static char *ngx_app_api_jwt_option(ngx_conf_t *cf, ngx_app_api_jwt_t *kind,
    ngx_str_t *word, ngx_str_t *kid);
static char *ngx_app_api_jwt_keys(ngx_conf_t *cf, ngx_app_api_jwt_t *kind,
    ngx_str_t *kid);
static char *ngx_app_api_jwt_list(ngx_conf_t *cf, ngx_array_t *list,
    ngx_str_t *word, ngx_str_t *value);
static ngx_uint_t ngx_app_api_jwt_value(ngx_str_t *word, const char *name,
    ngx_str_t *value);
static char *ngx_app_api_jwt_key(ngx_conf_t *cf, ngx_app_jwt_t *jwt,
    ngx_str_t *kid, ngx_str_t *value, ngx_uint_t file);
static void ngx_app_api_jwt_cleanup(void *data);


/*
 * app_jwt NAME alg=HS256|RS256|ES256|EdDSA
 *         [kid=ID] key_file=|key_env= ... | jwks=LOCATION [jwks_...=]
 *         [issuer= ...] [audience= ...] [leeway=];
 */

char *
ngx_app_api_jwt(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_api_auth_conf_t *aacf = conf;

    ngx_str_t           *word;
    ngx_uint_t           i;
    ngx_app_jwt_t       *jwt;
    ngx_app_api_jwt_t   *kind, **p;
    ngx_pool_cleanup_t  *cln;

    word = cf->args->elts;
    p = aacf->jwts.elts;

    for (i = 0; i < aacf->jwts.nelts; i++) {
        if (p[i]->jwt.name.len == word[1].len
            && ngx_strncmp(p[i]->jwt.name.data, word[1].data, word[1].len)
               == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate app_jwt \"%V\"", &word[1]);
            return NGX_CONF_ERROR;
        }
    }

    kind = ngx_pcalloc(cf->pool, sizeof(ngx_app_api_jwt_t));
    if (kind == NULL) {
        return NGX_CONF_ERROR;
    }

    jwt = &kind->jwt;
    jwt->name = word[1];

    if (ngx_array_init(&jwt->keys, cf->pool, 2, sizeof(ngx_app_jwt_key_t))
        != NGX_OK
        || ngx_array_init(&jwt->issuers, cf->pool, 2, sizeof(ngx_str_t))
           != NGX_OK
        || ngx_array_init(&jwt->audiences, cf->pool, 2, sizeof(ngx_str_t))
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NGX_CONF_ERROR;
    }

    cln->handler = ngx_app_api_jwt_cleanup;
    cln->data = jwt;

    p = ngx_array_push(&aacf->jwts);
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    *p = kind;

    return ngx_app_api_jwt_options(cf, kind);
}


static char *
ngx_app_api_jwt_options(ngx_conf_t *cf, ngx_app_api_jwt_t *kind)
{
    char        *rv;
    ngx_str_t    kid, *word;
    ngx_uint_t   i;

    kind->jwks = ngx_app_api_jwks_create(cf, &kind->jwt);
    if (kind->jwks == NULL) {
        return NGX_CONF_ERROR;
    }

    /* what a key must be is known by the algorithm, wherever it stands */

    rv = ngx_app_api_jwt_alg(cf, &kind->jwt);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    ngx_str_null(&kid);
    word = cf->args->elts;

    for (i = 2; i < cf->args->nelts; i++) {
        rv = ngx_app_api_jwt_option(cf, kind, &word[i], &kid);

        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    return ngx_app_api_jwt_keys(cf, kind, &kid);
}


static char *
ngx_app_api_jwt_alg(ngx_conf_t *cf, ngx_app_jwt_t *jwt)
{
    ngx_str_t    value, *word;
    ngx_uint_t   i;

    word = cf->args->elts;

    for (i = 2; i < cf->args->nelts; i++) {

        if (!ngx_app_api_jwt_value(&word[i], "alg=", &value)) {
            continue;
        }

        if (jwt->alg) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"alg=\" is given twice in \"app_jwt\"");
            return NGX_CONF_ERROR;
        }

        jwt->alg = ngx_app_jwt_alg(&value);

        if (jwt->alg == NGX_APP_JWT_NONE) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "unknown algorithm \"%V\" in \"app_jwt\", use "
                               "HS256, RS256, ES256 or EdDSA", &value);
            return NGX_CONF_ERROR;
        }
    }

    if (jwt->alg == NGX_APP_JWT_NONE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"app_jwt\" needs \"alg=\": a token must not "
                           "choose its algorithm");
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_app_api_jwt_option(ngx_conf_t *cf, ngx_app_api_jwt_t *kind,
    ngx_str_t *word, ngx_str_t *kid)
{
    ngx_int_t       rc;
    ngx_str_t       value;
    ngx_app_jwt_t  *jwt;

    jwt = &kind->jwt;
    rc = ngx_app_api_jwks_option(cf, kind->jwks, word);

    if (rc != NGX_DECLINED) {
        return (rc == NGX_OK) ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    if (ngx_app_api_jwt_value(word, "alg=", &value)) {
        return NGX_CONF_OK;
    }

    if (ngx_app_api_jwt_value(word, "kid=", kid)) {
        return NGX_CONF_OK;
    }

    if (ngx_app_api_jwt_value(word, "key_file=", &value)) {
        return ngx_app_api_jwt_key(cf, jwt, kid, &value, 1);
    }

    if (ngx_app_api_jwt_value(word, "key_env=", &value)) {
        return ngx_app_api_jwt_key(cf, jwt, kid, &value, 0);
    }

    if (ngx_app_api_jwt_value(word, "issuer=", &value)) {
        return ngx_app_api_jwt_list(cf, &jwt->issuers, word, &value);
    }

    if (ngx_app_api_jwt_value(word, "audience=", &value)) {
        return ngx_app_api_jwt_list(cf, &jwt->audiences, word, &value);
    }

    if (ngx_app_api_jwt_value(word, "leeway=", &value)) {
        jwt->leeway = ngx_parse_time(&value, 1);

        if (jwt->leeway >= 0 && jwt->leeway <= NGX_APP_API_LEEWAY_MAX) {
            return NGX_CONF_OK;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid \"%V\" in \"app_jwt\", use alg=, kid=, "
                       "key_file=, key_env=, jwks=, issuer=, audience= and "
                       "leeway= of at most 1h", word);

    return NGX_CONF_ERROR;
}


static char *
ngx_app_api_jwt_list(ngx_conf_t *cf, ngx_array_t *list, ngx_str_t *word,
    ngx_str_t *value)
{
    ngx_str_t  *s;

    if (list->nelts == NGX_APP_API_NAMES_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is one too many in \"app_jwt\", it takes "
                           "at most %d", word, NGX_APP_API_NAMES_MAX);
        return NGX_CONF_ERROR;
    }

    s = ngx_array_push(list);
    if (s == NULL) {
        return NGX_CONF_ERROR;
    }

    *s = *value;

    return NGX_CONF_OK;
}


static char *
ngx_app_api_jwt_keys(ngx_conf_t *cf, ngx_app_api_jwt_t *kind, ngx_str_t *kid)
{
    ngx_int_t  rc;

    if (kid->len == 0) {
        rc = ngx_app_api_jwks_end(cf, kind->jwks);

        if (rc != NGX_DECLINED) {
            return (rc == NGX_OK) ? NGX_CONF_OK : NGX_CONF_ERROR;
        }
    }

    if (kind->jwt.keys.nelts == 0 || kid->len) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"app_jwt\" needs \"key_file=\" or \"key_env=\"%s",
                           kid->len ? " behind \"kid=\"" : ", or \"jwks=\"");
        return NGX_CONF_ERROR;
    }

    kind->jwks = NULL;

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_app_api_jwt_value(ngx_str_t *word, const char *name, ngx_str_t *value)
{
    size_t  len;

    len = ngx_strlen(name);

    if (word->len <= len || ngx_strncmp(word->data, name, len) != 0) {
        return 0;
    }

    value->data = word->data + len;
    value->len = word->len - len;

    return 1;
}


static char *
ngx_app_api_jwt_key(ngx_conf_t *cf, ngx_app_jwt_t *jwt, ngx_str_t *kid,
    ngx_str_t *value, ngx_uint_t file)
{
    ngx_int_t           rc;
    ngx_str_t           text;
    const char         *err;
    ngx_app_jwt_key_t  *key;

    if (jwt->keys.nelts == NGX_APP_JWT_MAX_KEYS) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"app_jwt\" takes at most %d keys",
                           NGX_APP_JWT_MAX_KEYS);
        return NGX_CONF_ERROR;
    }

    rc = file ? ngx_app_secret_file(cf, value, NGX_APP_API_SECRET_MAX,
                                    jwt->alg != NGX_APP_JWT_HS256, &text)
              : ngx_app_secret_env(cf, value, &text);

    if (rc != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    key = ngx_array_push(&jwt->keys);
    if (key == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(key, sizeof(ngx_app_jwt_key_t));

    key->kid = *kid;
    ngx_str_null(kid);

    rc = ngx_app_jwt_key_set(key, jwt->alg, &text, cf->pool, &err);

    if (rc == NGX_DECLINED) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the key \"%V\" of \"app_jwt\" %s", value, err);
    }

    return (rc == NGX_OK) ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static void
ngx_app_api_jwt_cleanup(void *data)
{
    ngx_app_jwt_t *jwt = data;

    ngx_uint_t          i;
    ngx_app_jwt_key_t  *key;

    /* those that were fetched go with their pool */

    if (jwt->published) {
        return;
    }

    key = jwt->keys.elts;

    for (i = 0; i < jwt->keys.nelts; i++) {
        EVP_PKEY_free(key[i].pkey);

        if (key[i].secret.len) {
            ngx_explicit_memzero(key[i].secret.data, key[i].secret.len);
        }
    }
}


ngx_app_api_jwt_t *
ngx_app_api_jwt_find(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_uint_t                i;
    ngx_app_api_jwt_t       **kind;
    ngx_app_api_auth_conf_t  *aacf;

    aacf = ngx_app_api_auth_conf(cf);
    kind = aacf->jwts.elts;

    for (i = 0; i < aacf->jwts.nelts; i++) {
        if (kind[i]->jwt.name.len == name->len
            && ngx_strncmp(kind[i]->jwt.name.data, name->data, name->len) == 0)
        {
            return kind[i];
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "unknown token \"%V\", declare it above with "
                       "app_jwt %V alg=HS256 key_file=PATH", name, name);

    return NULL;
}


/* app_secret NAME file=PATH|env=NAME; */

char *
ngx_app_api_secret(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_api_auth_conf_t *aacf = conf;

    ngx_int_t              rc;
    ngx_str_t              value, *word;
    ngx_uint_t             i;
    ngx_app_api_secret_t  *s;

    word = cf->args->elts;
    s = aacf->secrets.elts;

    for (i = 0; i < aacf->secrets.nelts; i++) {
        if (s[i].name.len == word[1].len
            && ngx_strncmp(s[i].name.data, word[1].data, word[1].len) == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate app_secret \"%V\"", &word[1]);
            return NGX_CONF_ERROR;
        }
    }

    s = ngx_array_push(&aacf->secrets);
    if (s == NULL) {
        return NGX_CONF_ERROR;
    }

    s->name = word[1];

    if (ngx_app_api_jwt_value(&word[2], "file=", &value)) {
        rc = ngx_app_secret_file(cf, &value, NGX_APP_API_SECRET_MAX, 0,
                                 &s->value);

    } else if (ngx_app_api_jwt_value(&word[2], "env=", &value)) {
        rc = ngx_app_secret_env(cf, &value, &s->value);

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"%V\" in \"app_secret\", use file=PATH "
                           "or env=NAME", &word[2]);
        return NGX_CONF_ERROR;
    }

    return (rc == NGX_OK) ? NGX_CONF_OK : NGX_CONF_ERROR;
}


ngx_str_t *
ngx_app_api_secret_find(ngx_app_lang_t *lc, ngx_str_t *name)
{
    ngx_uint_t                i;
    ngx_app_compile_t        *cc;
    ngx_app_api_secret_t     *s;
    ngx_app_api_auth_conf_t  *aacf;

    cc = lc->data;
    aacf = cc->http_ctx->main_conf[ngx_app_api_auth_module.ctx_index];
    s = aacf->secrets.elts;

    for (i = 0; i < aacf->secrets.nelts; i++) {
        if (s[i].name.len == name->len
            && ngx_strncmp(s[i].name.data, name->data, name->len) == 0)
        {
            return &s[i].value;
        }
    }

    return NULL;
}
