
/*
 * Copyright (C) the project authors
 */

/*
 * The step jwt.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>
#include <api/ngx_app_api_session.h>


typedef struct {
    ngx_app_api_jwt_t        *kind;
    ngx_app_expr_t           *token;      /* NULL: in the slot */
    ngx_uint_t                slot;
    ngx_app_symbol_t         *claims;
    ngx_app_api_answer_t      refused;
} ngx_app_api_jwt_step_t;


/* a token whose keys are published */
typedef struct {
    ngx_app_api_jwks_wait_t   wait;
    ngx_app_run_t            *run;
    ngx_app_api_jwt_step_t   *conf;
    ngx_app_jwt_token_t       token;
    ngx_str_t                 claims;
} ngx_app_api_jwt_check_t;


static char *ngx_app_api_jwt_words(ngx_conf_t *cf,
    ngx_app_api_jwt_step_t *js);
static ngx_int_t ngx_app_api_jwt_run(ngx_app_run_t *run,
    ngx_app_step_t *step);
static ngx_int_t ngx_app_api_jwt_published(ngx_app_run_t *run,
    ngx_app_api_jwt_step_t *js, ngx_str_t *text);
static void ngx_app_api_jwt_done(ngx_app_api_jwks_wait_t *w, ngx_int_t rc);
static void ngx_app_api_jwt_release(ngx_app_run_t *run, void *data,
    ngx_uint_t failed);
static ngx_int_t ngx_app_api_jwt_finish(ngx_app_api_jwt_check_t *check,
    ngx_int_t rc);
static ngx_int_t ngx_app_api_jwt_end(ngx_app_run_t *run,
    ngx_app_api_jwt_step_t *js, ngx_int_t rc, ngx_str_t *claims,
    const char *err);
static ngx_int_t ngx_app_api_jwks_check_steps(ngx_conf_t *cf,
    ngx_http_core_srv_conf_t *cscf, ngx_app_program_t *program);
static ngx_uint_t ngx_app_api_jwks_has_location(
    ngx_http_core_srv_conf_t *cscf, ngx_str_t *name);


static const char  ngx_app_api_jwt_tag;


/* jwt NAME [token=EXPRESSION] [claims=NAME] [else=STATUS "message"]; */

char *
ngx_app_api_step_jwt(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                    *rv;
    ngx_int_t                rc;
    ngx_str_t                expr;
    ngx_app_step_t          *step;
    ngx_app_compile_t       *cc;
    ngx_app_api_auth_t      *auth;
    ngx_app_api_jwt_step_t  *js;

    cc = ngx_app_compile(cf);

    step = ngx_app_step_add(cf, ngx_app_api_jwt_run,
                            sizeof(ngx_app_api_jwt_step_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    js = step->conf;

    rv = ngx_app_api_auth_else(cf, &js->refused, NGX_HTTP_UNAUTHORIZED,
                               "Unauthorized");
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    rc = ngx_app_step_option(cf, 1, "token", &expr);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_OK) {
        js->token = ngx_app_expr_compile(&cc->lang, &expr);

        if (js->token == NULL) {
            return ngx_app_step_error(cf, &expr);
        }

        return ngx_app_api_jwt_words(cf, js);
    }

    auth = cc->owner;

    if (!(cf->cmd_type & NGX_APP_AUTH_CONF)
        || auth->token == NGX_APP_SCOPE_NONE)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"jwt\" needs a \"token\" above it, "
                           "or token=EXPRESSION");
        return NGX_CONF_ERROR;
    }

    js->slot = auth->token;

    return ngx_app_api_jwt_words(cf, js);
}


static char *
ngx_app_api_jwt_words(ngx_conf_t *cf, ngx_app_api_jwt_step_t *js)
{
    ngx_str_t           name = ngx_string("claims"), *word;
    ngx_app_compile_t  *cc;

    cc = ngx_app_compile(cf);

    if (ngx_app_step_option(cf, 1, "claims", &name) == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (cf->args->nelts != 2) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"jwt\", use jwt NAME [token=EXPRESSION] "
                           "[claims=NAME] [else=401 \"message\"]");
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;
    js->kind = ngx_app_api_jwt_find(cf, &word[1]);

    if (js->kind == NULL) {
        return NGX_CONF_ERROR;
    }

    js->claims = ngx_app_scope_define(&cc->lang, &name, NGX_APP_SYMBOL_OBJECT,
                                      0);

    return js->claims ? NGX_CONF_OK : ngx_app_step_error(cf, &name);
}


static ngx_int_t
ngx_app_api_jwt_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_int_t                rc;
    ngx_str_t                token, claims;
    const char              *err;
    ngx_app_value_t          v;
    ngx_app_api_jwt_step_t  *js;

    js = step->conf;

    if (js->token == NULL) {
        v = run->env.slots[js->slot];

    } else if (ngx_app_expr_eval(js->token, &run->env, &v) != NGX_OK) {
        return NGX_ERROR;
    }

    err = "there is none";
    rc = ngx_app_value_text(&v, run->env.pool, &token);

    if (rc == NGX_OK && js->kind->jwks) {
        return ngx_app_api_jwt_published(run, js, &token);
    }

    if (rc == NGX_OK) {
        rc = ngx_app_jwt_verify(&js->kind->jwt, &token, ngx_time(),
                                run->env.pool, &claims, &err);
    }

    return ngx_app_api_jwt_end(run, js, rc, &claims, err);
}


/*
 * What a token says is judged before its signature here: for one that would
 * be refused anyway no key is fetched.
 */

static ngx_int_t
ngx_app_api_jwt_published(ngx_app_run_t *run, ngx_app_api_jwt_step_t *js,
    ngx_str_t *text)
{
    ngx_int_t                 rc;
    const char               *err;
    ngx_app_jwt_t            *jwt;
    ngx_app_run_hold_t       *hold;
    ngx_app_api_jwt_check_t  *check;

    check = ngx_pcalloc(run->env.pool, sizeof(ngx_app_api_jwt_check_t));
    if (check == NULL) {
        return NGX_ERROR;
    }

    jwt = &js->kind->jwt;

    rc = ngx_app_jwt_open(jwt, text, run->env.pool, &check->token, &err);

    if (rc == NGX_OK) {
        rc = ngx_app_jwt_claims(jwt, &check->token, ngx_time(),
                                run->env.pool, &check->claims, &err);
    }

    if (rc != NGX_OK) {
        return ngx_app_api_jwt_end(run, js, rc, NULL, err);
    }

    check->run = run;
    check->conf = js;
    check->wait.jwks = js->kind->jwks;
    check->wait.request = run->request;
    check->wait.kid = check->token.kid;
    check->wait.done = ngx_app_api_jwt_done;
    check->wait.data = check;

    hold = ngx_app_run_hold(run, &ngx_app_api_jwt_tag);
    if (hold == NULL) {
        return NGX_ERROR;
    }

    hold->data = check;
    hold->release = ngx_app_api_jwt_release;

    rc = ngx_app_api_jwks_need(&check->wait);

    if (rc == NGX_AGAIN) {
        return (ngx_app_api_session_idle(run) == NGX_OK) ? NGX_AGAIN
                                                         : NGX_ERROR;
    }

    return ngx_app_api_jwt_finish(check, rc);
}


static void
ngx_app_api_jwt_done(ngx_app_api_jwks_wait_t *w, ngx_int_t rc)
{
    ngx_app_run_t            *run;
    ngx_app_api_jwt_check_t  *check;

    check = w->data;
    run = check->run;

    ngx_app_run_enter(run);

    ngx_app_run_resume(run, ngx_app_api_jwt_finish(check, rc));
}


static void
ngx_app_api_jwt_release(ngx_app_run_t *run, void *data, ngx_uint_t failed)
{
    ngx_app_api_jwt_check_t *check = data;

    ngx_app_api_jwks_leave(&check->wait);
}


/* returns the result of the step */

static ngx_int_t
ngx_app_api_jwt_finish(ngx_app_api_jwt_check_t *check, ngx_int_t rc)
{
    const char          *err;
    ngx_app_run_t       *run;
    ngx_app_api_jwt_t   *kind;

    run = check->run;
    kind = check->conf->kind;

    if (rc == NGX_BUSY) {
        ngx_log_error(NGX_LOG_ERR, run->log, 0,
                      "app auth: token for \"%V\" cannot be checked, its "
                      "keys are not at hand", &kind->jwt.name);

        return ngx_app_run_unavailable(run,
                                    ngx_app_api_jwks_retry_after(kind->jwks));
    }

    rc = ngx_app_jwt_signature(&kind->jwt, &check->token, &err);

    return ngx_app_api_jwt_end(run, check->conf, rc, &check->claims, err);
}


static ngx_int_t
ngx_app_api_jwt_end(ngx_app_run_t *run, ngx_app_api_jwt_step_t *js,
    ngx_int_t rc, ngx_str_t *claims, const char *err)
{
    if (rc == NGX_OK) {
        return ngx_app_api_claims_set(&run->env, js->claims, claims);
    }

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    ngx_log_error(NGX_LOG_INFO, run->log, 0,
                  "app auth: token for \"%V\" refused: %s",
                  &js->kind->jwt.name, err);

    return ngx_app_api_auth_refuse(run, &js->refused);
}


/* members that no claim has are absent */

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


ngx_uint_t
ngx_app_api_jwt_fetches(ngx_app_step_t *step)
{
    ngx_app_api_jwt_step_t  *js;

    if (step->handler != ngx_app_api_jwt_run) {
        return 0;
    }

    js = step->conf;

    return js->kind->jwks != NULL;
}


ngx_int_t
ngx_app_api_jwks_check(ngx_conf_t *cf, ngx_http_core_srv_conf_t *cscf,
    ngx_array_t *routes)
{
    ngx_uint_t               i, j;
    ngx_app_step_t          *step;
    ngx_app_program_t       *gate;
    ngx_app_api_route_t    **route;
    ngx_app_api_auth_use_t  *use;

    route = routes->elts;

    for (i = 0; i < routes->nelts; i++) {

        if (ngx_app_api_jwks_check_steps(cf, cscf, route[i]->program)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        gate = route[i]->gate;

        if (gate == NULL) {
            continue;
        }

        /* all steps of a gate are "auth" */

        step = gate->steps.elts;

        for (j = 0; j < gate->steps.nelts; j++) {
            use = step[j].conf;

            if (ngx_app_api_jwks_check_steps(cf, cscf, use->auth->program)
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_jwks_check_steps(ngx_conf_t *cf, ngx_http_core_srv_conf_t *cscf,
    ngx_app_program_t *program)
{
    ngx_str_t               *location;
    ngx_uint_t               i;
    ngx_app_step_t          *step;
    ngx_app_api_jwt_step_t  *js;

    if (program->rescue
        && ngx_app_api_jwks_check_steps(cf, cscf, program->rescue) != NGX_OK)
    {
        return NGX_ERROR;
    }

    step = program->steps.elts;

    for (i = 0; i < program->steps.nelts; i++) {

        if (!ngx_app_api_jwt_fetches(&step[i])) {
            continue;
        }

        js = step[i].conf;
        location = &js->kind->jwks->location;

        if (location->data[0] == '@'
            && !ngx_app_api_jwks_has_location(cscf, location))
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"jwt %V\" in %V:%ui needs the location \"%V\", "
                          "which the server in %s:%ui has not",
                          &js->kind->jwt.name, &step[i].file, step[i].line,
                          location, cscf->file_name, cscf->line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_app_api_jwks_has_location(ngx_http_core_srv_conf_t *cscf,
    ngx_str_t *name)
{
    ngx_http_core_loc_conf_t  **clcf;

    for (clcf = cscf->named_locations; clcf && *clcf; clcf++) {
        if ((*clcf)->name.len == name->len
            && ngx_strncmp((*clcf)->name.data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}
