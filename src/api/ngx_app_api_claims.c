
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
        if (ngx_app_value_member(text, &m[i].name, env->pool,
                                 &env->slots[m[i].slot])
            == NGX_ERROR)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
