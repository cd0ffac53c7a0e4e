
/*
 * Copyright (C) the project authors
 */

/*
 * Claims of a token as values: "claims.id", "claims.address.city".
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>
#include <json/ngx_app_json_read.h>


static ngx_int_t ngx_app_api_claims_member(ngx_app_env_t *env,
    ngx_str_t *text, ngx_str_t *path, ngx_app_value_t *v);
static ngx_int_t ngx_app_api_claims_find(ngx_app_env_t *env, ngx_str_t *text,
    ngx_str_t *name);
static ngx_int_t ngx_app_api_claims_value(ngx_app_env_t *env,
    ngx_str_t *text, ngx_app_value_t *v);


ngx_int_t
ngx_app_api_claims_set(ngx_app_env_t *env, ngx_app_symbol_t *sym,
    ngx_str_t *text)
{
    ngx_uint_t         i;
    ngx_app_value_t   *v;
    ngx_app_member_t  *m;

    v = &env->slots[sym->slot];
    v->type = NGX_APP_JSON;
    v->u.s = *text;

    m = sym->members.elts;

    for (i = 0; i < sym->members.nelts; i++) {
        v = &env->slots[m[i].slot];
        v->type = NGX_APP_ABSENT;

        if (ngx_app_api_claims_member(env, text, &m[i].name, v) == NGX_ERROR)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_claims_member(ngx_app_env_t *env, ngx_str_t *claims,
    ngx_str_t *path, ngx_app_value_t *v)
{
    u_char     *p, *dot, *last;
    ngx_int_t   rc;
    ngx_str_t   text, name;

    text = *claims;
    last = path->data + path->len;

    for (p = path->data; p < last; p = dot + 1) {
        dot = ngx_strlchr(p, last, '.');

        if (dot == NULL) {
            dot = last;
        }

        name.data = p;
        name.len = dot - p;

        rc = ngx_app_api_claims_find(env, &text, &name);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return ngx_app_api_claims_value(env, &text, v);
}


/* makes text that of a member: NGX_OK, NGX_DECLINED or NGX_ERROR */

static ngx_int_t
ngx_app_api_claims_find(ngx_app_env_t *env, ngx_str_t *text, ngx_str_t *name)
{
    ngx_str_t              key, raw;
    ngx_app_json_reader_t  jr;

    ngx_app_json_read_init(&jr, text->data, text->len, NGX_APP_JWT_MAX_DEPTH,
                           0);

    if (ngx_app_json_read(&jr) != NGX_OK || jr.token != NGX_APP_JSON_OBJECT) {
        return NGX_DECLINED;
    }

    while (ngx_app_json_read(&jr) == NGX_OK && jr.token == NGX_APP_JSON_KEY) {

        if (ngx_app_json_read_text(&jr, env->pool, &key) != NGX_OK) {
            return NGX_ERROR;
        }

        if (ngx_app_json_read(&jr) != NGX_OK
            || ngx_app_json_skip(&jr, &raw) != NGX_OK)
        {
            return NGX_DECLINED;
        }

        if (key.len == name->len
            && ngx_memcmp(key.data, name->data, key.len) == 0)
        {
            *text = raw;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_api_claims_value(ngx_app_env_t *env, ngx_str_t *text,
    ngx_app_value_t *v)
{
    ngx_str_t              s;
    ngx_app_json_reader_t  jr;

    ngx_app_json_read_init(&jr, text->data, text->len, NGX_APP_JWT_MAX_DEPTH,
                           0);

    if (ngx_app_json_read(&jr) != NGX_OK) {
        return NGX_DECLINED;
    }

    switch (jr.token) {

    case NGX_APP_JSON_STRING:
        if (ngx_app_json_read_text(&jr, env->pool, &s) != NGX_OK) {
            return NGX_ERROR;
        }

        ngx_app_value_set_string(v, s.data, s.len);
        return NGX_OK;

    case NGX_APP_JSON_NUMBER:
        return ngx_app_value_parse_number(&jr.raw, v);

    case NGX_APP_JSON_TRUE:
    case NGX_APP_JSON_FALSE:
        ngx_app_value_set_bool(v, jr.token == NGX_APP_JSON_TRUE);
        return NGX_OK;

    case NGX_APP_JSON_NULL:
        ngx_app_value_set_null(v);
        return NGX_OK;

    default:
        v->type = NGX_APP_JSON;
        v->u.s = *text;
        return NGX_OK;
    }
}
