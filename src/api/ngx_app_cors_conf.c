
/*
 * Copyright (C) the project authors
 */

/*
 * app_cors {
 *     origins      https://shop.example .apps.example http://localhost:*;
 *     credentials  on|off;
 *     expose       NAME ...;
 *     methods      NAME ...;
 *     headers      NAME ...;
 *     max_age      TIME;
 * }
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_cors.h>


#define NGX_APP_CORS_METHODS  "GET,POST,PUT,DELETE,PATCH,OPTIONS,HEAD"
#define NGX_APP_CORS_HEADERS  "Authorization,Content-Type"
#define NGX_APP_CORS_MAX_AGE  "600"


typedef char *(*ngx_app_cors_set_pt)(ngx_conf_t *cf, ngx_app_cors_t *cors,
    ngx_uint_t offset);


typedef struct {
    ngx_str_t               name;
    ngx_app_cors_set_pt     set;
    ngx_uint_t              offset;
} ngx_app_cors_word_t;


static void *ngx_app_cors_create_loc_conf(ngx_conf_t *cf);
static char *ngx_app_cors_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_app_cors_block(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_app_cors_settle(ngx_conf_t *cf, ngx_app_cors_t *cors);
static char *ngx_app_cors_word(ngx_conf_t *cf, ngx_command_t *dummy,
    void *conf);
static char *ngx_app_cors_origins(ngx_conf_t *cf, ngx_app_cors_t *cors,
    ngx_uint_t offset);
static char *ngx_app_cors_credentials(ngx_conf_t *cf, ngx_app_cors_t *cors,
    ngx_uint_t offset);
static char *ngx_app_cors_list(ngx_conf_t *cf, ngx_app_cors_t *cors,
    ngx_uint_t offset);
static char *ngx_app_cors_max_age(ngx_conf_t *cf, ngx_app_cors_t *cors,
    ngx_uint_t offset);


static ngx_command_t  ngx_app_cors_commands[] = {

    { ngx_string("app_cors"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF
                        |NGX_CONF_BLOCK|NGX_CONF_NOARGS,
      ngx_app_cors_block,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_app_cors_module_ctx = {
    NULL,                                  /* preconfiguration */
    ngx_app_cors_init,                     /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_app_cors_create_loc_conf,          /* create location configuration */
    ngx_app_cors_merge_loc_conf            /* merge location configuration */
};


ngx_module_t  ngx_app_cors_module = {
    NGX_MODULE_V1,
    &ngx_app_cors_module_ctx,              /* module context */
    ngx_app_cors_commands,                 /* module directives */
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


static ngx_app_cors_word_t  ngx_app_cors_words[] = {
    { ngx_string("origins"), ngx_app_cors_origins, 0 },
    { ngx_string("credentials"), ngx_app_cors_credentials, 0 },
    { ngx_string("expose"), ngx_app_cors_list,
      offsetof(ngx_app_cors_t, expose) },
    { ngx_string("methods"), ngx_app_cors_list,
      offsetof(ngx_app_cors_t, methods) },
    { ngx_string("headers"), ngx_app_cors_list,
      offsetof(ngx_app_cors_t, headers) },
    { ngx_string("max_age"), ngx_app_cors_max_age, 0 },
    { ngx_null_string, NULL, 0 }
};


static void *
ngx_app_cors_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_app_cors_loc_conf_t));
}


static char *
ngx_app_cors_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_app_cors_loc_conf_t *prev = parent;
    ngx_app_cors_loc_conf_t *conf = child;

    if (conf->cors == NULL) {
        conf->cors = prev->cors;
    }

    return NGX_CONF_OK;
}


static char *
ngx_app_cors_block(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_cors_loc_conf_t *colf = conf;

    char            *rv;
    ngx_conf_t       save;
    ngx_app_cors_t  *cors;

    if (colf->cors) {
        return "is duplicate";
    }

    cors = ngx_pcalloc(cf->pool, sizeof(ngx_app_cors_t));
    if (cors == NULL) {
        return NGX_CONF_ERROR;
    }

    cors->credentials = NGX_CONF_UNSET;

    if (ngx_array_init(&cors->origins, cf->pool, 4,
                       sizeof(ngx_app_cors_origin_t))
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    save = *cf;
    cf->handler = ngx_app_cors_word;
    cf->handler_conf = (void *) cors;

    rv = ngx_conf_parse(cf, NULL);

    *cf = save;

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    colf->cors = cors;

    return ngx_app_cors_settle(cf, cors);
}


static char *
ngx_app_cors_settle(ngx_conf_t *cf, ngx_app_cors_t *cors)
{
    ngx_uint_t              i;
    ngx_app_cors_origin_t  *o;

    if (cors->origins.nelts == 0 && !cors->none) {
        return "needs \"origins\", as in origins https://shop.example; "
               "\"origins none\" switches it off here";
    }

    ngx_conf_init_value(cors->credentials, 0);

    o = cors->origins.elts;

    for (i = 0; i < cors->origins.nelts; i++) {
        if (o[i].any && cors->credentials) {
            return "with \"credentials on\" cannot have the origin \"*\": "
                   "every page could act for who is signed in";
        }
    }

    if (cors->methods.data == NULL) {
        ngx_str_set(&cors->methods, NGX_APP_CORS_METHODS);
    }

    if (cors->headers.data == NULL) {
        ngx_str_set(&cors->headers, NGX_APP_CORS_HEADERS);
    }

    if (cors->max_age.data == NULL) {
        ngx_str_set(&cors->max_age, NGX_APP_CORS_MAX_AGE);
    }

    return NGX_CONF_OK;
}


static char *
ngx_app_cors_word(ngx_conf_t *cf, ngx_command_t *dummy, void *conf)
{
    char                 *rv;
    ngx_str_t            *word;
    ngx_app_cors_word_t  *w;

    word = cf->args->elts;

    for (w = ngx_app_cors_words; w->name.len; w++) {

        if (w->name.len != word[0].len
            || ngx_strncmp(w->name.data, word[0].data, word[0].len) != 0)
        {
            continue;
        }

        if (cf->args->nelts < 2) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" of \"app_cors\" needs a value",
                               &word[0]);
            return NGX_CONF_ERROR;
        }

        rv = w->set(cf, conf, w->offset);

        if (rv != NGX_CONF_OK && rv != NGX_CONF_ERROR) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" of \"app_cors\" %s", &word[0], rv);
            return NGX_CONF_ERROR;
        }

        return rv;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "unknown \"%V\" in \"app_cors\", use origins, "
                       "credentials, expose, methods, headers or max_age",
                       &word[0]);

    return NGX_CONF_ERROR;
}


static char *
ngx_app_cors_origins(ngx_conf_t *cf, ngx_app_cors_t *cors, ngx_uint_t offset)
{
    ngx_str_t              *word;
    ngx_uint_t              i;
    const char             *err;
    ngx_app_cors_origin_t  *o;

    word = cf->args->elts;

    if (cf->args->nelts == 2 && word[1].len == 4
        && ngx_strncmp(word[1].data, "none", 4) == 0)
    {
        cors->none = 1;
        return NGX_CONF_OK;
    }

    for (i = 1; i < cf->args->nelts; i++) {

        o = ngx_array_push(&cors->origins);
        if (o == NULL) {
            return NGX_CONF_ERROR;
        }

        if (ngx_app_cors_origin(&word[i], o, &err) != NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid origin \"%V\" in \"app_cors\": %s",
                               &word[i], err);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_app_cors_credentials(ngx_conf_t *cf, ngx_app_cors_t *cors,
    ngx_uint_t offset)
{
    ngx_str_t  *word;

    word = cf->args->elts;

    if (cors->credentials != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    if (cf->args->nelts == 2 && word[1].len == 2
        && ngx_strncmp(word[1].data, "on", 2) == 0)
    {
        cors->credentials = 1;
        return NGX_CONF_OK;
    }

    if (cf->args->nelts == 2 && word[1].len == 3
        && ngx_strncmp(word[1].data, "off", 3) == 0)
    {
        cors->credentials = 0;
        return NGX_CONF_OK;
    }

    return "is \"on\" or \"off\"";
}


/* words of a token's characters, joined with commas */

static char *
ngx_app_cors_list(ngx_conf_t *cf, ngx_app_cors_t *cors, ngx_uint_t offset)
{
    u_char      *p, c;
    size_t       len, n;
    ngx_str_t   *word, *value;
    ngx_uint_t   i;

    word = cf->args->elts;
    value = (ngx_str_t *) ((u_char *) cors + offset);

    if (value->data) {
        return "is duplicate";
    }

    len = 0;

    for (i = 1; i < cf->args->nelts; i++) {

        for (n = 0; n < word[i].len; n++) {
            c = word[i].data[n];

            if (c <= 0x20 || c >= 0x7f
                || ngx_strchr("\"(),/:;<=>?@[\\]{}", c) != NULL)
            {
                return "takes names with blanks between them";
            }
        }

        len += word[i].len + 1;
    }

    value->data = ngx_pnalloc(cf->pool, len);
    if (value->data == NULL) {
        return NGX_CONF_ERROR;
    }

    p = value->data;

    for (i = 1; i < cf->args->nelts; i++) {
        p = ngx_cpymem(p, word[i].data, word[i].len);
        *p++ = ',';
    }

    value->len = len - 1;

    return NGX_CONF_OK;
}


static char *
ngx_app_cors_max_age(ngx_conf_t *cf, ngx_app_cors_t *cors, ngx_uint_t offset)
{
    ngx_int_t   n;
    ngx_str_t  *word;

    word = cf->args->elts;

    if (cors->max_age.data) {
        return "is duplicate";
    }

    n = ngx_parse_time(&word[1], 1);

    if (n == NGX_ERROR || cf->args->nelts != 2) {
        return "is a time such as 600s or 24h";
    }

    cors->max_age.data = ngx_pnalloc(cf->pool, NGX_TIME_T_LEN);
    if (cors->max_age.data == NULL) {
        return NGX_CONF_ERROR;
    }

    cors->max_age.len = ngx_sprintf(cors->max_age.data, "%i", n)
                        - cors->max_age.data;

    return NGX_CONF_OK;
}
