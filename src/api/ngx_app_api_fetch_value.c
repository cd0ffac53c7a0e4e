
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

        if (ngx_app_value_member(body, &path, env->pool, v) == NGX_ERROR) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
