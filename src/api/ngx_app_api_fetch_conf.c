
/*
 * Copyright (C) the project authors
 */

/*
 * fetch NAME METHOD URI ['JSON'] [form="TEXT"] [header="NAME: TEXT" ...]
 *     [timeout=TIME] [max_size=SIZE] [else=STATUS "message"];
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_fetch.h>


#define NGX_APP_API_FETCH_TIMEOUT   5000              /* milliseconds */
#define NGX_APP_API_FETCH_MAX_SIZE  (1024 * 1024)


static char *ngx_app_api_fetch_words(ngx_conf_t *cf,
    ngx_app_api_fetch_t *fetch);
static char *ngx_app_api_fetch_method(ngx_conf_t *cf,
    ngx_app_api_fetch_t *fetch, ngx_str_t *name);
static char *ngx_app_api_fetch_uri(ngx_conf_t *cf,
    ngx_app_api_fetch_t *fetch, ngx_str_t *text);
static char *ngx_app_api_fetch_body(ngx_conf_t *cf,
    ngx_app_api_fetch_t *fetch);
static char *ngx_app_api_fetch_limits(ngx_conf_t *cf,
    ngx_app_api_fetch_t *fetch);
static char *ngx_app_api_fetch_headers(ngx_conf_t *cf,
    ngx_app_api_fetch_t *fetch);
static char *ngx_app_api_fetch_header(ngx_conf_t *cf,
    ngx_app_api_fetch_t *fetch, ngx_str_t *text);
static char *ngx_app_api_fetch_failed(ngx_conf_t *cf,
    ngx_app_api_fetch_t *fetch);


typedef struct {
    ngx_str_t               name;
    ngx_uint_t              method;
} ngx_app_api_fetch_method_t;


static ngx_app_api_fetch_method_t  ngx_app_api_fetch_methods[] = {
    { ngx_string("GET"), NGX_HTTP_GET },
    { ngx_string("HEAD"), NGX_HTTP_HEAD },
    { ngx_string("POST"), NGX_HTTP_POST },
    { ngx_string("PUT"), NGX_HTTP_PUT },
    { ngx_string("PATCH"), NGX_HTTP_PATCH },
    { ngx_string("DELETE"), NGX_HTTP_DELETE },
    { ngx_null_string, 0 }
};


/* what nginx makes itself */

static ngx_str_t  ngx_app_api_fetch_reserved[] = {
    ngx_string("connection"),
    ngx_string("content-length"),
    ngx_string("expect"),
    ngx_string("host"),
    ngx_string("te"),
    ngx_string("transfer-encoding"),
    ngx_string("upgrade"),
    ngx_null_string
};


char *
ngx_app_api_step_fetch(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                 *rv;
    ngx_str_t             name;
    ngx_app_step_t       *step;
    ngx_app_compile_t    *cc;
    ngx_app_api_fetch_t  *fetch;

    cc = ngx_app_compile(cf);

    step = ngx_app_step_add(cf, ngx_app_api_fetch_run,
                            sizeof(ngx_app_api_fetch_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    fetch = step->conf;

    rv = ngx_app_api_fetch_failed(cf, fetch);

    if (rv == NGX_CONF_OK) {
        rv = ngx_app_api_fetch_limits(cf, fetch);
    }

    if (rv == NGX_CONF_OK) {
        rv = ngx_app_api_fetch_headers(cf, fetch);
    }

    if (rv == NGX_CONF_OK) {
        rv = ngx_app_api_fetch_words(cf, fetch);
    }

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    /* what is sent cannot name what comes back */

    name = ((ngx_str_t *) cf->args->elts)[1];

    fetch->symbol = ngx_app_scope_define(&cc->lang, &name,
                                         NGX_APP_SYMBOL_OBJECT, 0);

    return fetch->symbol ? NGX_CONF_OK : ngx_app_step_error(cf, &name);
}


static char *
ngx_app_api_fetch_words(ngx_conf_t *cf, ngx_app_api_fetch_t *fetch)
{
    char       *rv;
    ngx_str_t  *word;

    rv = ngx_app_api_fetch_body(cf, fetch);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (cf->args->nelts > 4) {
        return ngx_app_api_step_too_many(cf, 4);
    }

    if (cf->args->nelts < 4) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"fetch\" needs a name, a method and a URI, as "
                           "in fetch user GET /internal/users/$id");
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;

    rv = ngx_app_api_fetch_method(cf, fetch, &word[2]);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    return ngx_app_api_fetch_uri(cf, fetch, &word[3]);
}


static char *
ngx_app_api_fetch_method(ngx_conf_t *cf, ngx_app_api_fetch_t *fetch,
    ngx_str_t *name)
{
    ngx_app_api_fetch_method_t  *m;

    for (m = ngx_app_api_fetch_methods; m->name.len; m++) {
        if (m->name.len == name->len
            && ngx_strncmp(m->name.data, name->data, name->len) == 0)
        {
            fetch->method = m->method;
            fetch->method_name = m->name;
            break;
        }
    }

    if (m->name.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid method \"%V\" in \"fetch\", use GET, "
                           "HEAD, POST, PUT, PATCH or DELETE", name);
        return NGX_CONF_ERROR;
    }

    if (fetch->body && (fetch->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a \"fetch\" of %V takes no body", name);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_app_api_fetch_uri(ngx_conf_t *cf, ngx_app_api_fetch_t *fetch,
    ngx_str_t *text)
{
    if (text->len == 0 || text->data[0] != '/') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid URI \"%V\" in \"fetch\", it is that of a "
                           "location of this server and begins with \"/\"; "
                           "let the location proxy_pass to where it is",
                           text);
        return NGX_CONF_ERROR;
    }

    fetch->uri = ngx_app_api_template(cf, text, NGX_APP_TEMPLATE_TEXT);

    return fetch->uri ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* a JSON template behind the URI, or body= in quotes as a whole; form= */

static char *
ngx_app_api_fetch_body(ngx_conf_t *cf, ngx_app_api_fetch_t *fetch)
{
    ngx_int_t   json, form;
    ngx_str_t   text, *word;

    form = ngx_app_step_option(cf, 2, "form", &text);

    if (form == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (form == NGX_OK) {
        fetch->body = ngx_app_api_template(cf, &text, NGX_APP_TEMPLATE_TEXT);
        fetch->encoded = 1;
        ngx_str_set(&fetch->type, "application/x-www-form-urlencoded");

        return fetch->body ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    json = ngx_app_step_option(cf, 2, "body", &text);

    if (json == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (json == NGX_DECLINED) {

        if (cf->args->nelts != 5) {
            return NGX_CONF_OK;
        }

        word = cf->args->elts;
        text = word[4];
        cf->args->nelts--;
    }

    fetch->body = ngx_app_api_template(cf, &text, NGX_APP_TEMPLATE_JSON);
    ngx_str_set(&fetch->type, "application/json");

    return fetch->body ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_app_api_fetch_limits(ngx_conf_t *cf, ngx_app_api_fetch_t *fetch)
{
    ssize_t    size;
    ngx_int_t  rc, msec;
    ngx_str_t  value;

    fetch->timeout = NGX_APP_API_FETCH_TIMEOUT;
    fetch->max_size = NGX_APP_API_FETCH_MAX_SIZE;

    rc = ngx_app_step_option(cf, 1, "timeout", &value);

    if (rc == NGX_OK) {
        msec = ngx_parse_time(&value, 0);

        if (msec == NGX_ERROR || msec == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid \"timeout=%V\" in \"fetch\", use a "
                               "time such as 500ms or 3s", &value);
            return NGX_CONF_ERROR;
        }

        fetch->timeout = msec;
    }

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    rc = ngx_app_step_option(cf, 1, "max_size", &value);

    if (rc == NGX_OK) {
        size = ngx_parse_size(&value);

        if (size == NGX_ERROR || size == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid \"max_size=%V\" in \"fetch\", use a "
                               "size such as 64k or 1m", &value);
            return NGX_CONF_ERROR;
        }

        fetch->max_size = size;
    }

    return (rc == NGX_ERROR) ? NGX_CONF_ERROR : NGX_CONF_OK;
}


/* header= may be there several times */

static char *
ngx_app_api_fetch_headers(ngx_conf_t *cf, ngx_app_api_fetch_t *fetch)
{
    char        *rv;
    ngx_str_t    text, *word;
    ngx_uint_t   i, n;

    if (ngx_array_init(&fetch->headers, cf->pool, 2,
                       sizeof(ngx_app_api_fetch_header_t))
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;
    n = 1;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(word[i].data, "header=", 7) != 0) {
            word[n++] = word[i];
            continue;
        }

        text.data = word[i].data + 7;
        text.len = word[i].len - 7;

        rv = ngx_app_api_fetch_header(cf, fetch, &text);

        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    cf->args->nelts = n;

    return NGX_CONF_OK;
}


static char *
ngx_app_api_fetch_header(ngx_conf_t *cf, ngx_app_api_fetch_t *fetch,
    ngx_str_t *text)
{
    u_char                      *p, *last;
    ngx_str_t                    value, *r;
    ngx_app_api_fetch_header_t  *h;

    h = ngx_array_push(&fetch->headers);
    if (h == NULL) {
        return NGX_CONF_ERROR;
    }

    p = text->data;
    last = p + text->len;

    while (p < last && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
                        || (*p >= '0' && *p <= '9') || *p == '-'))
    {
        p++;
    }

    h->key.data = text->data;
    h->key.len = p - text->data;

    if (h->key.len == 0 || p == last || *p != ':') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"header=%V\" in \"fetch\", use "
                           "header=\"Name: value\"", text);
        return NGX_CONF_ERROR;
    }

    for (p++; p < last && *p == ' '; p++) { /* void */ }

    value.data = p;
    value.len = last - p;

    h->lowcase.len = h->key.len;
    h->lowcase.data = ngx_pnalloc(cf->pool, h->key.len);
    if (h->lowcase.data == NULL) {
        return NGX_CONF_ERROR;
    }

    h->hash = ngx_hash_strlow(h->lowcase.data, h->key.data, h->key.len);

    for (r = ngx_app_api_fetch_reserved; r->len; r++) {
        if (r->len == h->key.len
            && ngx_strncmp(r->data, h->lowcase.data, r->len) == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "the header \"%V\" in \"fetch\" is made by "
                               "nginx, set it in the location with "
                               "proxy_set_header", &h->key);
            return NGX_CONF_ERROR;
        }
    }

    h->value = ngx_app_api_template(cf, &value, NGX_APP_TEMPLATE_LINE);

    return h->value ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_app_api_fetch_failed(ngx_conf_t *cf, ngx_app_api_fetch_t *fetch)
{
    ngx_int_t  rc;
    ngx_str_t  message;

    rc = ngx_app_step_else(cf, &fetch->failed.status, &message);

    if (rc == NGX_DECLINED) {
        return NGX_CONF_OK;
    }

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    fetch->failed.message = ngx_app_api_template(cf, &message,
                                                 NGX_APP_TEMPLATE_TEXT);

    return fetch->failed.message ? NGX_CONF_OK : NGX_CONF_ERROR;
}
