
/*
 * Copyright (C) the project authors
 */

/*
 * The module of sign-in: its directives, and the pool of threads that hash
 * passwords.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>
#include <core/ngx_app_task.h>


#define NGX_APP_API_MEMORY_MIN  (8 * 1024 * 1024)
#define NGX_APP_API_MEMORY_MAX  (1024 * 1024 * 1024)
#define NGX_APP_API_TIME_MAX    16


static void *ngx_app_api_auth_create_conf(ngx_conf_t *cf);
static char *ngx_app_api_auth_init_conf(ngx_conf_t *cf, void *conf);
static ngx_int_t ngx_app_api_auth_init(ngx_conf_t *cf);
static char *ngx_app_api_password_hash(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static ngx_int_t ngx_app_api_password_option(ngx_conf_t *cf,
    ngx_app_password_policy_t *p, ngx_str_t *word);


static ngx_conf_num_bounds_t  ngx_app_api_password_threads = {
    ngx_conf_check_num_bounds, 1, 64
};


static ngx_conf_num_bounds_t  ngx_app_api_password_queue = {
    ngx_conf_check_num_bounds, 1, 65536
};


static ngx_command_t  ngx_app_api_auth_commands[] = {

    { ngx_string("app_jwt"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_2MORE,
      ngx_app_api_jwt,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_secret"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE2,
      ngx_app_api_secret,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_auth"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_BLOCK|NGX_CONF_TAKE1,
      ngx_app_api_auth,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_password_hash"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_app_api_password_hash,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_password_threads"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_app_api_auth_conf_t, threads),
      &ngx_app_api_password_threads },

    { ngx_string("app_password_queue"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_app_api_auth_conf_t, queue),
      &ngx_app_api_password_queue },

      ngx_null_command
};


static ngx_http_module_t  ngx_app_api_auth_module_ctx = {
    ngx_app_api_auth_variables,            /* preconfiguration */
    ngx_app_api_auth_init,                 /* postconfiguration */

    ngx_app_api_auth_create_conf,          /* create main configuration */
    ngx_app_api_auth_init_conf,            /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_app_api_auth_module = {
    NGX_MODULE_V1,
    &ngx_app_api_auth_module_ctx,          /* module context */
    ngx_app_api_auth_commands,             /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_app_api_auth_create_conf(ngx_conf_t *cf)
{
    ngx_app_api_auth_conf_t  *aacf;

    aacf = ngx_pcalloc(cf->pool, sizeof(ngx_app_api_auth_conf_t));
    if (aacf == NULL) {
        return NULL;
    }

    aacf->threads = NGX_CONF_UNSET;
    aacf->queue = NGX_CONF_UNSET;

    /* what OWASP's cheat sheet of 2023 asks for at least, and bcrypt's 10 */

    aacf->policy.alg = NGX_APP_PASSWORD_ARGON2ID;
    aacf->policy.memory = 19 * 1024 * 1024;
    aacf->policy.time = 2;
    aacf->policy.cost = 10;

    if (ngx_array_init(&aacf->jwts, cf->pool, 2, sizeof(ngx_app_api_jwt_t *))
        != NGX_OK
        || ngx_array_init(&aacf->secrets, cf->pool, 2,
                          sizeof(ngx_app_api_secret_t))
           != NGX_OK
        || ngx_array_init(&aacf->auths, cf->pool, 4,
                          sizeof(ngx_app_api_auth_t *))
           != NGX_OK)
    {
        return NULL;
    }

    return aacf;
}


static char *
ngx_app_api_auth_init_conf(ngx_conf_t *cf, void *conf)
{
    ngx_app_api_auth_conf_t *aacf = conf;

    ngx_conf_init_value(aacf->threads, 2);
    ngx_conf_init_value(aacf->queue, 64);

    return NGX_CONF_OK;
}


/*
 * Passwords have threads of their own: hashing takes so long, and so much
 * memory, that it must neither hold up others nor be done by many at a time.
 */

static ngx_int_t
ngx_app_api_auth_init(ngx_conf_t *cf)
{
    ngx_str_t                 name = ngx_string("app_password");
    ngx_app_api_auth_conf_t  *aacf;

    aacf = ngx_http_conf_get_module_main_conf(cf, ngx_app_api_auth_module);

    if (!aacf->passwords) {
        return NGX_OK;
    }

    if (ngx_app_password_init() != NGX_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "libsodium cannot be used");
        return NGX_ERROR;
    }

    aacf->pool = ngx_app_task_pool(cf, &name, aacf->threads, aacf->queue);

    return aacf->pool ? NGX_OK : NGX_ERROR;
}


/* app_password_hash argon2id|bcrypt [memory=] [time=] [cost=] [legacy=]; */

static char *
ngx_app_api_password_hash(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_api_auth_conf_t *aacf = conf;

    ngx_str_t   *word;
    ngx_uint_t   i;

    if (aacf->hash) {
        return "is duplicate";
    }

    aacf->hash = 1;
    word = cf->args->elts;

    if (ngx_strcmp(word[1].data, "bcrypt") == 0) {
        aacf->policy.alg = NGX_APP_PASSWORD_BCRYPT;

    } else if (ngx_strcmp(word[1].data, "argon2id") != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown kind of hash \"%V\" in "
                           "\"app_password_hash\", use argon2id or bcrypt",
                           &word[1]);
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_app_api_password_option(cf, &aacf->policy, &word[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_app_api_password_option(ngx_conf_t *cf, ngx_app_password_policy_t *p,
    ngx_str_t *word)
{
    ssize_t      size;
    ngx_int_t    n;
    ngx_str_t    value;
    ngx_uint_t   argon, *field;

    argon = (p->alg == NGX_APP_PASSWORD_ARGON2ID);

    if (argon && ngx_strncmp(word->data, "memory=", 7) == 0) {
        value.data = word->data + 7;
        value.len = word->len - 7;
        size = ngx_parse_size(&value);

        if (size < NGX_APP_API_MEMORY_MIN || size > NGX_APP_API_MEMORY_MAX) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid \"%V\" in \"app_password_hash\", "
                               "use memory=8m to memory=1024m", word);
            return NGX_ERROR;
        }

        p->memory = size;
        return NGX_OK;
    }

    if (argon && ngx_strncmp(word->data, "time=", 5) == 0) {
        n = ngx_atoi(word->data + 5, word->len - 5);

        if (n < 1 || n > NGX_APP_API_TIME_MAX) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid \"%V\" in \"app_password_hash\", "
                               "use time=1 to time=16", word);
            return NGX_ERROR;
        }

        p->time = n;
        return NGX_OK;
    }

    if (argon && ngx_strncmp(word->data, "legacy=", 7) == 0) {
        n = ngx_atoi(word->data + 7, word->len - 7);
        field = &p->legacy;

    } else if (!argon && ngx_strncmp(word->data, "cost=", 5) == 0) {
        n = ngx_atoi(word->data + 5, word->len - 5);
        field = &p->cost;

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown option \"%V\" in \"app_password_hash\", "
                           "use %s", word, argon
                           ? "memory=, time= or legacy=" : "cost=");
        return NGX_ERROR;
    }

    if (n < NGX_APP_PASSWORD_COST_MIN || n > NGX_APP_PASSWORD_COST_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"%V\" in \"app_password_hash\", a cost "
                           "is from 4 to 16", word);
        return NGX_ERROR;
    }

    *field = n;

    return NGX_OK;
}
