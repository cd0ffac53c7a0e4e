
/*
 * Copyright (C) the project authors
 */

/*
 * What a fetch has brought, as values: NAME.status, NAME.body, and members of
 * a JSON body by their path, NAME.body.user.email.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_fetch.h>
#include <json/ngx_app_json_read.h>


#define NGX_APP_API_FETCH_DEPTH  64


static ngx_uint_t ngx_app_api_fetch_known(ngx_str_t *name);
static ngx_int_t ngx_app_api_fetch_member(ngx_app_env_t *env,
    ngx_str_t *body, ngx_str_t *path, ngx_app_value_t *v);
static ngx_int_t ngx_app_api_fetch_step_in(ngx_app_env_t *env,
    ngx_str_t *text, ngx_str_t *name);
static ngx_int_t ngx_app_api_fetch_object(ngx_app_env_t *env,
    ngx_app_json_reader_t *jr, ngx_str_t *name, ngx_str_t *found);
static ngx_int_t ngx_app_api_fetch_array(ngx_app_json_reader_t *jr,
    ngx_str_t *name, ngx_str_t *found);
static ngx_int_t ngx_app_api_fetch_value(ngx_app_env_t *env, ngx_str_t *text,
    ngx_app_value_t *v);


static ngx_str_t  ngx_app_api_fetch_status = ngx_string("status");
static ngx_str_t  ngx_app_api_fetch_body = ngx_string("body");


#define ngx_app_api_fetch_same(a, b)                                          \
    ((a)->len == (b)->len                                                     \
     && ngx_strncmp((a)->data, (b)->data, (b)->len) == 0)


ngx_int_t
ngx_app_api_fetch_check(ngx_conf_t *cf, ngx_app_program_t *program)
{
    ngx_uint_t            i, j;
    ngx_app_step_t       *step;
    ngx_app_member_t     *m;
    ngx_app_symbol_t     *sym;

    step = program->steps.elts;

    for (i = 0; i < program->steps.nelts; i++) {

        if (step[i].handler != ngx_app_api_fetch_run) {
            continue;
        }

        sym = ((ngx_app_api_fetch_t *) step[i].conf)->symbol;
        m = sym->members.elts;

        for (j = 0; j < sym->members.nelts; j++) {

            if (ngx_app_api_fetch_known(&m[j].name)) {
                continue;
            }

            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V.%V\" is used, but the \"fetch\" in line "
                               "%ui brings \"%V.status\", \"%V.body\" and "
                               "what is below \"%V.body.\"", &sym->name,
                               &m[j].name, step[i].line, &sym->name,
                               &sym->name, &sym->name);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_app_api_fetch_known(ngx_str_t *name)
{
    if (ngx_app_api_fetch_same(name, &ngx_app_api_fetch_status)
        || ngx_app_api_fetch_same(name, &ngx_app_api_fetch_body))
    {
        return 1;
    }

    return name->len > 5 && ngx_strncmp(name->data, "body.", 5) == 0;
}


ngx_int_t
ngx_app_api_fetch_set(ngx_app_env_t *env, ngx_app_symbol_t *sym,
    ngx_uint_t status, ngx_str_t *body)
{
    ngx_str_t          path;
    ngx_uint_t         i, json;
    ngx_app_value_t    whole, *v;
    ngx_app_member_t  *m;

    whole.type = NGX_APP_ABSENT;
    json = 0;

    if (body && body->len) {
        json = (ngx_app_json_valid(body->data, body->len,
                                   NGX_APP_API_FETCH_DEPTH)
                == NGX_OK);

        ngx_app_value_set_string(&whole, body->data, body->len);

        if (json) {
            whole.type = NGX_APP_JSON;
        }
    }

    env->slots[sym->slot] = whole;

    m = sym->members.elts;

    for (i = 0; i < sym->members.nelts; i++) {

        v = &env->slots[m[i].slot];

        if (ngx_app_api_fetch_same(&m[i].name, &ngx_app_api_fetch_status)) {
            ngx_app_value_set_int(v, status);
            continue;
        }

        *v = whole;

        if (m[i].name.len == ngx_app_api_fetch_body.len) {
            continue;
        }

        v->type = NGX_APP_ABSENT;

        if (!json) {
            continue;
        }

        path.data = m[i].name.data + 5;
        path.len = m[i].name.len - 5;

        if (ngx_app_api_fetch_member(env, body, &path, v) == NGX_ERROR) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* NGX_DECLINED: there is none, v is left as it is */

static ngx_int_t
ngx_app_api_fetch_member(ngx_app_env_t *env, ngx_str_t *body,
    ngx_str_t *path, ngx_app_value_t *v)
{
    u_char     *p, *last;
    ngx_int_t   rc;
    ngx_str_t   name, text;

    text = *body;
    p = path->data;
    last = p + path->len;

    for ( ;; ) {
        name.data = p;

        while (p < last && *p != '.') {
            p++;
        }

        name.len = p - name.data;

        rc = ngx_app_api_fetch_step_in(env, &text, &name);

        if (rc != NGX_OK) {
            return rc;
        }

        if (p == last) {
            return ngx_app_api_fetch_value(env, &text, v);
        }

        p++;
    }
}


/* makes text that of one of its members */

static ngx_int_t
ngx_app_api_fetch_step_in(ngx_app_env_t *env, ngx_str_t *text,
    ngx_str_t *name)
{
    ngx_int_t              rc;
    ngx_str_t              found;
    ngx_app_json_reader_t  jr;

    ngx_app_json_read_init(&jr, text->data, text->len,
                           NGX_APP_API_FETCH_DEPTH, 0);

    if (ngx_app_json_read(&jr) != NGX_OK) {
        return NGX_DECLINED;
    }

    ngx_str_null(&found);

    if (jr.token == NGX_APP_JSON_OBJECT) {
        rc = ngx_app_api_fetch_object(env, &jr, name, &found);

    } else if (jr.token == NGX_APP_JSON_ARRAY) {
        rc = ngx_app_api_fetch_array(&jr, name, &found);

    } else {
        return NGX_DECLINED;
    }

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (found.data == NULL) {
        return NGX_DECLINED;
    }

    *text = found;

    return NGX_OK;
}


/* of a key that comes twice the last one counts, as in JavaScript */

static ngx_int_t
ngx_app_api_fetch_object(ngx_app_env_t *env, ngx_app_json_reader_t *jr,
    ngx_str_t *name, ngx_str_t *found)
{
    ngx_str_t  key, raw;

    while (ngx_app_json_read(jr) == NGX_OK && jr->token == NGX_APP_JSON_KEY) {

        if (ngx_app_json_read_text(jr, env->pool, &key) != NGX_OK) {
            return NGX_ERROR;
        }

        if (ngx_app_json_read(jr) != NGX_OK
            || ngx_app_json_skip(jr, &raw) != NGX_OK)
        {
            break;
        }

        if (ngx_app_api_fetch_same(&key, name)) {
            *found = raw;
        }
    }

    return NGX_OK;
}


/* a name of the language begins with no digit: "_0" is the first element */

static ngx_int_t
ngx_app_api_fetch_array(ngx_app_json_reader_t *jr, ngx_str_t *name,
    ngx_str_t *found)
{
    ngx_int_t  n;
    ngx_str_t  raw;

    if (name->len < 2 || name->data[0] != '_') {
        return NGX_DECLINED;
    }

    n = ngx_atoi(name->data + 1, name->len - 1);

    if (n == NGX_ERROR) {
        return NGX_DECLINED;
    }

    while (ngx_app_json_read(jr) == NGX_OK
           && jr->token != NGX_APP_JSON_ARRAY_END)
    {
        if (ngx_app_json_skip(jr, &raw) != NGX_OK) {
            break;
        }

        if (n-- == 0) {
            *found = raw;
            break;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_fetch_value(ngx_app_env_t *env, ngx_str_t *text,
    ngx_app_value_t *v)
{
    ngx_str_t              s;
    ngx_app_json_reader_t  jr;

    ngx_app_json_read_init(&jr, text->data, text->len,
                           NGX_APP_API_FETCH_DEPTH, 0);

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
        ngx_app_value_set_bool(v, 1);
        return NGX_OK;

    case NGX_APP_JSON_FALSE:
        ngx_app_value_set_bool(v, 0);
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
