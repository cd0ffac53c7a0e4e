
/*
 * Copyright (C) the project authors
 */

/*
 * The step cookie (RFC 6265).  The header is added at once, since an answer
 * may be streamed, and taken back when the run fails.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>


#define NGX_APP_API_COOKIE_MAX  4096     /* what browsers keep at least */


typedef struct {
    ngx_str_t                   name;
    ngx_str_t                   attributes;
    ngx_app_template_t         *value;
} ngx_app_api_cookie_t;


typedef struct ngx_app_api_cookie_set_s  ngx_app_api_cookie_set_t;

struct ngx_app_api_cookie_set_s {
    ngx_app_step_t             *step;
    ngx_table_elt_t            *header;
    ngx_app_api_cookie_set_t   *next;
};


static char *ngx_app_api_cookie_attributes(ngx_conf_t *cf,
    ngx_app_api_cookie_t *cookie);
static char *ngx_app_api_cookie_text(ngx_conf_t *cf, const char *name,
    const char *attribute, u_char **p, u_char *last);
static char *ngx_app_api_cookie_flag(ngx_conf_t *cf, const char *name,
    const char *attribute, u_char **p, u_char *last);
static char *ngx_app_api_cookie_age(ngx_conf_t *cf, u_char **p,
    u_char *last);
static char *ngx_app_api_cookie_site(ngx_conf_t *cf, u_char **p,
    u_char *last);
static ngx_uint_t ngx_app_api_cookie_octets(ngx_str_t *s, const char *bad);
static ngx_int_t ngx_app_api_cookie_run(ngx_app_run_t *run,
    ngx_app_step_t *step);
static ngx_int_t ngx_app_api_cookie_add(ngx_app_run_t *run,
    ngx_app_step_t *step, ngx_str_t *header);
static void ngx_app_api_cookie_release(ngx_app_run_t *run, void *data,
    ngx_uint_t failed);


static const char  ngx_app_api_cookie_tag;


/*
 * cookie NAME VALUE [max_age=TIME] [path=PATH] [domain=NAME]
 *        [secure=on|off] [httponly=on|off] [samesite=lax|strict|none];
 */

char *
ngx_app_api_step_cookie(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                  *rv;
    ngx_str_t             *word;
    ngx_app_step_t        *step;
    ngx_app_api_cookie_t  *cookie;

    step = ngx_app_step_add(cf, ngx_app_api_cookie_run,
                            sizeof(ngx_app_api_cookie_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    cookie = step->conf;

    rv = ngx_app_api_cookie_attributes(cf, cookie);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (cf->args->nelts != 3) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"cookie\", use cookie NAME VALUE "
                           "[max_age=] [path=] [domain=] [secure=] "
                           "[httponly=] [samesite=]");
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;
    cookie->name = word[1];

    if (ngx_app_api_cookie_octets(&word[1], "()<>@,;:\\\"/[]?={}")) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is no name of a cookie", &word[1]);
        return NGX_CONF_ERROR;
    }

    cookie->value = ngx_app_api_template(cf, &word[2], NGX_APP_TEMPLATE_LINE);

    return cookie->value ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_app_api_cookie_attributes(ngx_conf_t *cf, ngx_app_api_cookie_t *cookie)
{
    u_char  *p, *last, *buf;

    buf = ngx_pnalloc(cf->pool, NGX_APP_API_COOKIE_MAX);
    if (buf == NULL) {
        return NGX_CONF_ERROR;
    }

    p = buf;
    last = buf + NGX_APP_API_COOKIE_MAX;

    if (ngx_app_api_cookie_age(cf, &p, last) != NGX_CONF_OK
        || ngx_app_api_cookie_text(cf, "path", "; Path=", &p, last)
           != NGX_CONF_OK
        || ngx_app_api_cookie_text(cf, "domain", "; Domain=", &p, last)
           != NGX_CONF_OK
        || ngx_app_api_cookie_flag(cf, "secure", "; Secure", &p, last)
           != NGX_CONF_OK
        || ngx_app_api_cookie_flag(cf, "httponly", "; HttpOnly", &p, last)
           != NGX_CONF_OK
        || ngx_app_api_cookie_site(cf, &p, last) != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    cookie->attributes.data = buf;
    cookie->attributes.len = p - buf;

    return NGX_CONF_OK;
}


static char *
ngx_app_api_cookie_age(ngx_conf_t *cf, u_char **p, u_char *last)
{
    ngx_int_t  rc, age;
    ngx_str_t  value;

    rc = ngx_app_step_option(cf, 1, "max_age", &value);

    if (rc != NGX_OK) {
        return (rc == NGX_DECLINED) ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    age = ngx_parse_time(&value, 1);

    if (age == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"max_age=%V\" in \"cookie\", use a time "
                           "as 30d, or 0 to remove it", &value);
        return NGX_CONF_ERROR;
    }

    *p = ngx_slprintf(*p, last, "; Max-Age=%i", age);

    return NGX_CONF_OK;
}


static char *
ngx_app_api_cookie_text(ngx_conf_t *cf, const char *name,
    const char *attribute, u_char **p, u_char *last)
{
    ngx_int_t  rc;
    ngx_str_t  value;

    ngx_str_set(&value, "/");

    rc = ngx_app_step_option(cf, 1, name, &value);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED && ngx_strcmp(name, "path") != 0) {
        return NGX_CONF_OK;
    }

    if (value.len > NGX_APP_API_COOKIE_MAX / 4
        || ngx_app_api_cookie_octets(&value, ";"))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"%s=%V\" in \"cookie\"", name, &value);
        return NGX_CONF_ERROR;
    }

    *p = ngx_slprintf(*p, last, "%s%V", attribute, &value);

    return NGX_CONF_OK;
}


/* on unless it is said otherwise */

static char *
ngx_app_api_cookie_flag(ngx_conf_t *cf, const char *name,
    const char *attribute, u_char **p, u_char *last)
{
    ngx_int_t  rc;
    ngx_str_t  value;

    ngx_str_set(&value, "on");

    rc = ngx_app_step_option(cf, 1, name, &value);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (ngx_strcmp(value.data, "on") == 0) {
        *p = ngx_slprintf(*p, last, "%s", attribute);
        return NGX_CONF_OK;
    }

    if (ngx_strcmp(value.data, "off") == 0) {
        return NGX_CONF_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid \"%s=%V\" in \"cookie\", use on or off",
                       name, &value);

    return NGX_CONF_ERROR;
}


static char *
ngx_app_api_cookie_site(ngx_conf_t *cf, u_char **p, u_char *last)
{
    ngx_str_t  value;

    ngx_str_set(&value, "lax");

    if (ngx_app_step_option(cf, 1, "samesite", &value) == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (ngx_strcmp(value.data, "lax") != 0
        && ngx_strcmp(value.data, "strict") != 0
        && ngx_strcmp(value.data, "none") != 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"samesite=%V\" in \"cookie\", use lax, "
                           "strict or none", &value);
        return NGX_CONF_ERROR;
    }

    *p = ngx_slprintf(*p, last, "; SameSite=%c%s",
                      ngx_toupper(value.data[0]), value.data + 1);

    return NGX_CONF_OK;
}


/* not zero when a character may not stand there */

static ngx_uint_t
ngx_app_api_cookie_octets(ngx_str_t *s, const char *bad)
{
    size_t  i;

    for (i = 0; i < s->len; i++) {
        if (s->data[i] <= ' ' || s->data[i] >= 0x7f
            || strchr(bad, s->data[i]))
        {
            return 1;
        }
    }

    return 0;
}


/* in the value what no cookie may have is percent-encoded, as in a query */

static ngx_int_t
ngx_app_api_cookie_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    size_t                 n;
    u_char                *p;
    ngx_str_t              value, header;
    ngx_app_api_cookie_t  *cookie;

    cookie = step->conf;

    if (ngx_app_template_string(cookie->value, &run->env,
                                NGX_APP_API_COOKIE_MAX, &value)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    n = 2 * ngx_escape_uri(NULL, value.data, value.len,
                           NGX_ESCAPE_URI_COMPONENT);

    p = ngx_pnalloc(run->env.pool, cookie->name.len + 1 + value.len + n
                                   + cookie->attributes.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    header.data = p;
    p = ngx_cpymem(p, cookie->name.data, cookie->name.len);
    *p++ = '=';

    if (n) {
        p = (u_char *) ngx_escape_uri(p, value.data, value.len,
                                      NGX_ESCAPE_URI_COMPONENT);

    } else {
        p = ngx_cpymem(p, value.data, value.len);
    }

    p = ngx_cpymem(p, cookie->attributes.data, cookie->attributes.len);
    header.len = p - header.data;

    return ngx_app_api_cookie_add(run, step, &header);
}


/* a transaction that is begun again comes here again */

static ngx_int_t
ngx_app_api_cookie_add(ngx_app_run_t *run, ngx_app_step_t *step,
    ngx_str_t *value)
{
    ngx_app_run_hold_t        *hold;
    ngx_app_api_cookie_set_t  *set;

    hold = ngx_app_run_hold(run, &ngx_app_api_cookie_tag);
    if (hold == NULL) {
        return NGX_ERROR;
    }

    hold->release = ngx_app_api_cookie_release;

    for (set = hold->data; set; set = set->next) {
        if (set->step == step) {
            set->header->value = *value;
            return NGX_OK;
        }
    }

    set = ngx_palloc(run->env.pool, sizeof(ngx_app_api_cookie_set_t));
    if (set == NULL) {
        return NGX_ERROR;
    }

    set->step = step;
    set->header = ngx_app_api_add_header(run->request, "Set-Cookie", value);

    if (set->header == NULL) {
        return NGX_ERROR;
    }

    set->next = hold->data;
    hold->data = set;

    return NGX_OK;
}


static void
ngx_app_api_cookie_release(ngx_app_run_t *run, void *data, ngx_uint_t failed)
{
    ngx_app_api_cookie_set_t  *set;

    if (!failed) {
        return;
    }

    for (set = data; set; set = set->next) {
        set->header->hash = 0;
    }
}
