
/*
 * Copyright (C) the project authors
 */

/*
 * The step token: finding the token of a request, and issuing one.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>
#include <http/ngx_app_cookie.h>
#include <http/ngx_app_header.h>


#define NGX_APP_API_CLAIMS_MAX  6144
#define NGX_APP_API_TTL_MAX     (10 * 366 * 86400)


/* the step token in app_auth */
typedef struct {
    ngx_uint_t             slot;
    ngx_str_t              cookie;     /* empty: none */
    ngx_app_api_answer_t   missing;
    unsigned               bearer:1;
} ngx_app_api_token_t;


/* the step token in a route */
typedef struct {
    ngx_app_jwt_t         *jwt;
    ngx_app_template_t    *claims;
    time_t                 ttl;
    ngx_uint_t             slot;
} ngx_app_api_issue_t;


static char *ngx_app_api_token_words(ngx_conf_t *cf,
    ngx_app_api_token_t *token);
static ngx_int_t ngx_app_api_token_run(ngx_app_run_t *run,
    ngx_app_step_t *step);
static ngx_int_t ngx_app_api_token_bearer(ngx_http_request_t *r,
    ngx_str_t *token);
static ngx_int_t ngx_app_api_token_cookie(ngx_http_request_t *r,
    ngx_str_t *name, ngx_str_t *token);
static ngx_uint_t ngx_app_api_token_same_origin(ngx_app_run_t *run);
static char *ngx_app_api_issue_claims(ngx_conf_t *cf,
    ngx_app_api_issue_t *is);
static ngx_int_t ngx_app_api_issue_run(ngx_app_run_t *run,
    ngx_app_step_t *step);


/*
 * in app_auth: token [bearer] [cookie=NAME] [else=STATUS "message"];
 * in a route:  token NAME jwt=NAME ttl=TIME '{...}';
 */

char *
ngx_app_api_step_token(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                 *rv;
    ngx_str_t             name = ngx_string("token");
    ngx_app_step_t       *step;
    ngx_app_symbol_t     *sym;
    ngx_app_compile_t    *cc;
    ngx_app_api_auth_t   *auth;
    ngx_app_api_token_t  *token;

    if (!(cf->cmd_type & NGX_APP_AUTH_CONF)) {
        return ngx_app_api_step_issue(cf, cmd, conf);
    }

    cc = ngx_app_compile(cf);
    auth = cc->owner;

    if (auth->token != NGX_APP_SCOPE_NONE) {
        return "is duplicate";
    }

    step = ngx_app_step_add(cf, ngx_app_api_token_run,
                            sizeof(ngx_app_api_token_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    token = step->conf;

    rv = ngx_app_api_auth_else(cf, &token->missing, NGX_HTTP_UNAUTHORIZED,
                               "Unauthorized");
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    rv = ngx_app_api_token_words(cf, token);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    sym = ngx_app_scope_define(&cc->lang, &name, NGX_APP_SYMBOL_SCALAR,
                               NGX_APP_SCOPE_ONCE);
    if (sym == NULL) {
        return ngx_app_step_error(cf, &name);
    }

    token->slot = sym->slot;
    auth->token = sym->slot;

    return NGX_CONF_OK;
}


static char *
ngx_app_api_token_words(ngx_conf_t *cf, ngx_app_api_token_t *token)
{
    ngx_str_t  *word;

    if (ngx_app_step_option(cf, 1, "cookie", &token->cookie) == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;

    if (cf->args->nelts > 2
        || (cf->args->nelts == 2 && ngx_strcmp(word[1].data, "bearer") != 0)
        || (cf->args->nelts == 1 && token->cookie.len == 0))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"token\", use token bearer "
                           "[cookie=NAME] [else=401 \"message\"]");
        return NGX_CONF_ERROR;
    }

    token->bearer = (cf->args->nelts == 2);

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_app_api_token_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_str_t                text;
    ngx_app_api_token_t     *token;
    ngx_app_api_auth_run_t  *ar;

    token = step->conf;

    if ((token->bearer
         && ngx_app_api_token_bearer(run->request, &text) == NGX_OK)
        || (token->cookie.len
            && ngx_app_api_token_cookie(run->request, &token->cookie, &text)
               == NGX_OK
            && ngx_app_api_token_same_origin(run)))
    {
        ngx_app_value_set_string(&run->env.slots[token->slot], text.data,
                                 text.len);
        return NGX_OK;
    }

    ar = run->data;

    if (ar->use->optional) {
        return NGX_DONE;
    }

    return ngx_app_api_auth_refuse(run, &token->missing);
}


/* the word as it is written in RFC 6750, one blank, and no other */

static ngx_int_t
ngx_app_api_token_bearer(ngx_http_request_t *r, ngx_str_t *token)
{
    ngx_table_elt_t  *h;

    h = r->headers_in.authorization;

    if (h == NULL || h->value.len <= 7
        || ngx_strncmp(h->value.data, "Bearer ", 7) != 0)
    {
        return NGX_DECLINED;
    }

    token->data = h->value.data + 7;
    token->len = h->value.len - 7;

    return ngx_strlchr(token->data, token->data + token->len, ' ')
           ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_app_api_token_cookie(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *token)
{
    ngx_str_t         cookie = ngx_string("cookie");
    ngx_table_elt_t  *h;

    for (h = ngx_app_header_next(r, &cookie, NULL);
         h;
         h = ngx_app_header_next(r, &cookie, h))
    {
        if (ngx_app_cookie_find(&h->value, name, token) == NGX_OK) {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


/*
 * A browser sends cookies with what other sites make it send.  It names them
 * in Origin, with all methods that may change something.
 */

static ngx_uint_t
ngx_app_api_token_same_origin(ngx_app_run_t *run)
{
    u_char              *p, *last;
    ngx_str_t            origin, host, name = ngx_string("origin");
    ngx_http_request_t  *r;

    r = run->request;

    if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD|NGX_HTTP_OPTIONS)) {
        return 1;
    }

    if (run->env.header(&run->env, &name, &origin) != NGX_OK) {
        return 1;
    }

    if (r->headers_in.host == NULL) {
        return 0;
    }

    host = r->headers_in.host->value;
    last = origin.data + origin.len;
    p = ngx_strlchr(origin.data, last, ':');

    return p && last - p == (ssize_t) (host.len + 3)
           && ngx_strncmp(p, "://", 3) == 0
           && ngx_strncasecmp(p + 3, host.data, host.len) == 0;
}


char *
ngx_app_api_step_issue(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_int_t             rc, ttl;
    ngx_str_t             name, value, *word;
    ngx_app_step_t       *step;
    ngx_app_symbol_t     *sym;
    ngx_app_jwt_key_t    *key;
    ngx_app_compile_t    *cc;
    ngx_app_api_jwt_t    *kind;
    ngx_app_api_issue_t  *is;

    cc = ngx_app_compile(cf);

    step = ngx_app_step_add(cf, ngx_app_api_issue_run,
                            sizeof(ngx_app_api_issue_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    step->calm = 1;
    is = step->conf;

    rc = ngx_app_step_option(cf, 1, "jwt", &name);

    if (rc == NGX_OK) {
        rc = ngx_app_step_option(cf, 1, "ttl", &value);
    }

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED
        || ngx_app_api_issue_claims(cf, is) != NGX_CONF_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"token\", use token NAME jwt=NAME "
                           "ttl=TIME '{...}'");
        return NGX_CONF_ERROR;
    }

    ttl = ngx_parse_time(&value, 1);

    if (ttl <= 0 || ttl > NGX_APP_API_TTL_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"ttl=%V\" in \"token\"", &value);
        return NGX_CONF_ERROR;
    }

    is->ttl = ttl;
    kind = ngx_app_api_jwt_find(cf, &name);

    if (kind == NULL) {
        return NGX_CONF_ERROR;
    }

    is->jwt = &kind->jwt;
    key = is->jwt->keys.elts;

    if (is->jwt->published) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the keys of app_jwt \"%V\" are published by "
                           "others, who alone can sign with them", &name);
        return NGX_CONF_ERROR;
    }

    if (!key->sign) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the first key of app_jwt \"%V\" is a public one, "
                           "and signs nothing", &name);
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;

    sym = ngx_app_scope_define(&cc->lang, &word[1], NGX_APP_SYMBOL_SCALAR, 0);

    if (sym == NULL) {
        return ngx_app_step_error(cf, &word[1]);
    }

    is->slot = sym->slot;

    return NGX_CONF_OK;
}


/* the last word: within claims='{...}' nginx's reader would see a block */

static char *
ngx_app_api_issue_claims(ngx_conf_t *cf, ngx_app_api_issue_t *is)
{
    ngx_str_t           *text;
    ngx_uint_t           i;
    static char          own[][6] = { "\"iat\"", "\"exp\"", "\"iss\"",
                                      "\"aud\"" };

    if (cf->args->nelts != 3) {
        return NGX_CONF_ERROR;
    }

    text = (ngx_str_t *) cf->args->elts + 2;

    if (text->data[0] != '{') {
        return NGX_CONF_ERROR;
    }

    for (i = 0; i < 4; i++) {
        if (ngx_strnstr(text->data, own[i], text->len)) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "%s in the claims of \"token\" is set by the "
                               "step itself", own[i]);
            return NGX_CONF_ERROR;
        }
    }

    is->claims = ngx_app_api_template(cf, text, NGX_APP_TEMPLATE_JSON);

    return is->claims ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_app_api_issue_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_int_t             rc;
    ngx_str_t             claims, token;
    ngx_app_api_issue_t  *is;

    is = step->conf;

    rc = ngx_app_template_string(is->claims, &run->env,
                                 NGX_APP_API_CLAIMS_MAX, &claims);

    if (rc == NGX_OK) {
        rc = ngx_app_jwt_issue(is->jwt, &claims, ngx_time(), is->ttl,
                               run->env.pool, &token);
    }

    if (rc == NGX_OK) {
        ngx_app_value_set_string(&run->env.slots[is->slot], token.data,
                                 token.len);
        return NGX_OK;
    }

    if (rc != NGX_ERROR) {
        ngx_log_error(NGX_LOG_ERR, run->log, 0,
                      "app auth: the token would be longer than %d bytes: "
                      "\"token\" in %V:%ui", NGX_APP_JWT_MAX_LEN,
                      &step->file, step->line);
    }

    return NGX_ERROR;
}
