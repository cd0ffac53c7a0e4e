
/*
 * Copyright (C) the project authors
 */

/*
 * The words of app_jwt that are about published keys.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_jwks.h>


typedef ngx_int_t (*ngx_app_api_jwks_parse_pt)(ngx_str_t *value);


typedef struct {
    ngx_str_t                   name;
    size_t                      offset;
    ngx_app_api_jwks_parse_pt   parse;
    ngx_int_t                   value;      /* the default */
    ngx_int_t                   min;
    ngx_int_t                   max;
    const char                 *use;
} ngx_app_api_jwks_word_t;


static ngx_int_t ngx_app_api_jwks_location(ngx_conf_t *cf,
    ngx_app_api_jwks_t *jwks, ngx_str_t *word);
static ngx_int_t ngx_app_api_jwks_number(ngx_conf_t *cf,
    ngx_app_api_jwks_t *jwks, ngx_app_api_jwks_word_t *w, ngx_str_t *word);
static ngx_int_t ngx_app_api_jwks_msec(ngx_str_t *value);
static ngx_int_t ngx_app_api_jwks_size(ngx_str_t *value);
static ngx_int_t ngx_app_api_jwks_count(ngx_str_t *value);
static void ngx_app_api_jwks_cleanup(void *data);


#define NGX_APP_API_JWKS_DAY  86400000

/* ngx_msec_t, size_t and ngx_uint_t are of one size */
#define ngx_app_api_jwks_field(jwks, w)                                       \
    ((ngx_uint_t *) ((u_char *) (jwks) + (w)->offset))


static ngx_app_api_jwks_word_t  ngx_app_api_jwks_words[] = {

    { ngx_string("jwks_ttl="),
      offsetof(ngx_app_api_jwks_t, ttl),
      ngx_app_api_jwks_msec,
      600000, 1000, 7 * NGX_APP_API_JWKS_DAY,
      "a time from 1s to 7d" },

    { ngx_string("jwks_stale="),
      offsetof(ngx_app_api_jwks_t, stale),
      ngx_app_api_jwks_msec,
      3600000, 0, 7 * NGX_APP_API_JWKS_DAY,
      "a time up to 7d" },

    { ngx_string("jwks_retry="),
      offsetof(ngx_app_api_jwks_t, retry),
      ngx_app_api_jwks_msec,
      10000, 1000, 3600000,
      "a time from 1s to 1h" },

    { ngx_string("jwks_timeout="),
      offsetof(ngx_app_api_jwks_t, timeout),
      ngx_app_api_jwks_msec,
      3000, 100, 60000,
      "a time from 100ms to 60s" },

    { ngx_string("jwks_max_size="),
      offsetof(ngx_app_api_jwks_t, max_size),
      ngx_app_api_jwks_size,
      65536, 1024, 1048576,
      "a size from 1k to 1m" },

    { ngx_string("jwks_max_keys="),
      offsetof(ngx_app_api_jwks_t, max_keys),
      ngx_app_api_jwks_count,
      32, 1, 256,
      "a number from 1 to 256" },

    { ngx_string("jwks_queue="),
      offsetof(ngx_app_api_jwks_t, queue),
      ngx_app_api_jwks_count,
      1024, 1, 65536,
      "a number from 1 to 65536" },

    { ngx_null_string, 0, NULL, 0, 0, 0, NULL }
};


ngx_app_api_jwks_t *
ngx_app_api_jwks_create(ngx_conf_t *cf, ngx_app_jwt_t *jwt)
{
    ngx_app_api_jwks_t       *jwks;
    ngx_pool_cleanup_t       *cln;
    ngx_app_api_jwks_word_t  *w;

    jwks = ngx_pcalloc(cf->pool, sizeof(ngx_app_api_jwks_t));
    if (jwks == NULL) {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    cln->handler = ngx_app_api_jwks_cleanup;
    cln->data = jwks;

    jwks->jwt = jwt;

    for (w = ngx_app_api_jwks_words; w->name.len; w++) {
        *ngx_app_api_jwks_field(jwks, w) = NGX_CONF_UNSET_UINT;
    }

    return jwks;
}


static void
ngx_app_api_jwks_cleanup(void *data)
{
    ngx_app_api_jwks_t *jwks = data;

    if (jwks->pool) {
        ngx_destroy_pool(jwks->pool);
    }
}


ngx_int_t
ngx_app_api_jwks_option(ngx_conf_t *cf, ngx_app_api_jwks_t *jwks,
    ngx_str_t *word)
{
    ngx_app_api_jwks_word_t  *w;

    if (word->len > 5 && ngx_strncmp(word->data, "jwks=", 5) == 0) {
        return ngx_app_api_jwks_location(cf, jwks, word);
    }

    for (w = ngx_app_api_jwks_words; w->name.len; w++) {
        if (word->len > w->name.len
            && ngx_strncmp(word->data, w->name.data, w->name.len) == 0)
        {
            return ngx_app_api_jwks_number(cf, jwks, w, word);
        }
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_api_jwks_location(ngx_conf_t *cf, ngx_app_api_jwks_t *jwks,
    ngx_str_t *word)
{
    if (jwks->location.len) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"jwks=\" is given twice in \"app_jwt\"");
        return NGX_ERROR;
    }

    jwks->location.data = word->data + 5;
    jwks->location.len = word->len - 5;

    if (jwks->location.data[0] == '/'
        || (jwks->location.data[0] == '@' && jwks->location.len > 1))
    {
        return NGX_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid \"%V\" in \"app_jwt\", it is a location of "
                       "the server, as /internal/keys or @keys; let that "
                       "proxy_pass to where the keys are", word);

    return NGX_ERROR;
}


static ngx_int_t
ngx_app_api_jwks_number(ngx_conf_t *cf, ngx_app_api_jwks_t *jwks,
    ngx_app_api_jwks_word_t *w, ngx_str_t *word)
{
    ngx_int_t    n;
    ngx_str_t    value;
    ngx_uint_t  *field;

    field = ngx_app_api_jwks_field(jwks, w);

    if (*field != NGX_CONF_UNSET_UINT) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is given twice in \"app_jwt\"", &w->name);
        return NGX_ERROR;
    }

    value.data = word->data + w->name.len;
    value.len = word->len - w->name.len;

    n = w->parse(&value);

    if (n == NGX_ERROR || n < w->min || n > w->max) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"%V\" in \"app_jwt\", use %s", word,
                           w->use);
        return NGX_ERROR;
    }

    *field = n;

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_jwks_msec(ngx_str_t *value)
{
    return ngx_parse_time(value, 0);
}


static ngx_int_t
ngx_app_api_jwks_size(ngx_str_t *value)
{
    return ngx_parse_size(value);
}


static ngx_int_t
ngx_app_api_jwks_count(ngx_str_t *value)
{
    return ngx_atoi(value->data, value->len);
}


ngx_int_t
ngx_app_api_jwks_end(ngx_conf_t *cf, ngx_app_api_jwks_t *jwks)
{
    u_char                   *p;
    ngx_uint_t               *field;
    ngx_app_api_jwks_word_t  *w;

    for (w = ngx_app_api_jwks_words; w->name.len; w++) {

        field = ngx_app_api_jwks_field(jwks, w);

        if (*field == NGX_CONF_UNSET_UINT) {
            *field = w->value;

        } else if (jwks->location.len == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" of \"app_jwt\" needs \"jwks=\"",
                               &w->name);
            return NGX_ERROR;
        }
    }

    if (jwks->location.len == 0) {
        return NGX_DECLINED;
    }

    if (jwks->jwt->alg == NGX_APP_JWT_HS256) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"jwks=\" of \"app_jwt\" is for keys that are "
                           "published, which a secret of HS256 must not be, "
                           "use RS256, ES256 or EdDSA");
        return NGX_ERROR;
    }

    if (jwks->jwt->keys.nelts) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"app_jwt\" takes keys from \"jwks=\" or from "
                           "\"key_file=\" and \"key_env=\", not from both");
        return NGX_ERROR;
    }

    jwks->who.data = ngx_pnalloc(cf->pool, sizeof("keys of \"\"") - 1
                                           + jwks->jwt->name.len);
    if (jwks->who.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(jwks->who.data, "keys of \"%V\"", &jwks->jwt->name);
    jwks->who.len = p - jwks->who.data;

    jwks->jwt->published = 1;

    return NGX_OK;
}
