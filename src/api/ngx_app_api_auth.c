
/*
 * Copyright (C) the project authors
 */

/*
 * app_auth and the step auth: who is asking.  The block of app_auth is a
 * program with values of its own, which runs in front of the route.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>


static ngx_app_api_auth_t *ngx_app_api_auth_create(ngx_conf_t *cf,
    ngx_app_api_auth_conf_t *aacf);
static ngx_int_t ngx_app_api_auth_lets(ngx_conf_t *cf,
    ngx_app_api_auth_t *auth);
static ngx_app_api_auth_t *ngx_app_api_auth_find(ngx_conf_t *cf,
    ngx_str_t *name);
static ngx_app_step_t *ngx_app_api_auth_add(ngx_conf_t *cf);
static char *ngx_app_api_auth_words(ngx_conf_t *cf,
    ngx_app_api_auth_use_t *use);
static char *ngx_app_api_auth_roles(ngx_conf_t *cf,
    ngx_app_api_auth_use_t *use, ngx_str_t *value);
static char *ngx_app_api_auth_define(ngx_conf_t *cf,
    ngx_app_api_auth_use_t *use);
static ngx_int_t ngx_app_api_auth_run(ngx_app_run_t *run,
    ngx_app_step_t *step);
static void ngx_app_api_auth_release(ngx_app_run_t *run, void *data,
    ngx_uint_t failed);
static void ngx_app_api_auth_done(ngx_app_run_t *run, ngx_int_t rc);
static ngx_int_t ngx_app_api_auth_end(ngx_app_api_auth_run_t *ar,
    ngx_int_t rc);
static ngx_uint_t ngx_app_api_auth_has_role(ngx_app_api_auth_use_t *use,
    ngx_app_value_t *role);
static ngx_int_t ngx_app_api_auth_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


static ngx_str_t  ngx_app_api_auth_name = ngx_string("auth");


/* app_auth NAME { ... } */

char *
ngx_app_api_auth(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_api_auth_conf_t *aacf = conf;

    char                *rv;
    ngx_app_compile_t    cc;
    ngx_app_api_auth_t  *auth;

    auth = ngx_app_api_auth_create(cf, aacf);
    if (auth == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_app_compile_init(&cc, cf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    cc.owner = auth;
    cc.lang.secret = ngx_app_api_secret_find;
    auth->program = cc.program;

    rv = ngx_app_compile_block(&cc, cf, NGX_APP_AUTH_CONF);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    auth->answers = cc.answers;

    if (auth->token == NGX_APP_SCOPE_NONE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "app_auth \"%V\" lets everybody in, it needs a "
                           "\"token\" and a \"jwt\"", &auth->name);
        return NGX_CONF_ERROR;
    }

    if (ngx_app_api_auth_lets(cf, auth) != NGX_OK
        || ngx_app_api_route_sql(cf, auth->program) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_app_api_auth_t *
ngx_app_api_auth_create(ngx_conf_t *cf, ngx_app_api_auth_conf_t *aacf)
{
    ngx_str_t            *word;
    ngx_uint_t            i;
    ngx_app_api_auth_t  **p, *auth;

    auth = ngx_pcalloc(cf->pool, sizeof(ngx_app_api_auth_t));
    if (auth == NULL) {
        return NULL;
    }

    word = cf->args->elts;

    auth->name = word[1];
    auth->token = NGX_APP_SCOPE_NONE;

    if (cf->cmd_type & NGX_HTTP_SRV_CONF) {
        auth->server = ngx_http_conf_get_module_srv_conf(cf,
                                                         ngx_app_api_module);
    }

    p = aacf->auths.elts;

    for (i = 0; i < aacf->auths.nelts; i++) {
        if (p[i]->server == auth->server && p[i]->name.len == word[1].len
            && ngx_strncmp(p[i]->name.data, word[1].data, word[1].len) == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate app_auth \"%V\"", &word[1]);
            return NULL;
        }
    }

    if (ngx_array_init(&auth->lets, cf->pool, 8,
                       sizeof(ngx_app_api_auth_let_t))
        != NGX_OK)
    {
        return NULL;
    }

    p = ngx_array_push(&aacf->auths);
    if (p == NULL) {
        return NULL;
    }

    *p = auth;

    return auth;
}


/* all single values but the token itself are from "let" */

static ngx_int_t
ngx_app_api_auth_lets(ngx_conf_t *cf, ngx_app_api_auth_t *auth)
{
    ngx_uint_t                i;
    ngx_app_scope_t          *scope;
    ngx_app_symbol_t        **sym;
    ngx_app_api_auth_let_t   *let;

    scope = auth->program->scope;
    sym = scope->symbols.elts;

    for (i = 0; i < scope->symbols.nelts; i++) {

        if (sym[i]->kind != NGX_APP_SYMBOL_SCALAR
            || sym[i]->slot == auth->token)
        {
            continue;
        }

        let = ngx_array_push(&auth->lets);
        if (let == NULL) {
            return NGX_ERROR;
        }

        let->name = sym[i]->name;
        let->slot = sym[i]->slot;
    }

    return NGX_OK;
}


static ngx_app_api_auth_t *
ngx_app_api_auth_find(ngx_conf_t *cf, ngx_str_t *name)
{
    void                      *server;
    ngx_uint_t                 i;
    ngx_app_compile_t         *cc;
    ngx_app_api_auth_t       **p, *found;
    ngx_app_api_auth_conf_t   *aacf;

    cc = ngx_app_compile(cf);
    aacf = ngx_app_api_auth_conf(cf);
    server = cc->http_ctx->srv_conf[ngx_app_api_module.ctx_index];

    found = NULL;
    p = aacf->auths.elts;

    /* what a server declares beats what is known in all of them */

    for (i = 0; i < aacf->auths.nelts; i++) {
        if ((p[i]->server == server || p[i]->server == NULL)
            && p[i]->name.len == name->len
            && ngx_strncmp(p[i]->name.data, name->data, name->len) == 0
            && (found == NULL || p[i]->server))
        {
            found = p[i];
        }
    }

    if (found == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown \"%V\" in \"auth\", declare it above "
                           "with app_auth %V { ... }", name, name);
    }

    return found;
}


/* auth NAME [optional[=any]] [role=A,B [else=STATUS "message"]]; */

char *
ngx_app_api_step_auth(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                    *rv;
    ngx_int_t                rc;
    ngx_str_t                roles, *word;
    ngx_app_step_t          *step;
    ngx_app_api_auth_use_t  *use;

    step = ngx_app_api_auth_add(cf);
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    use = step->conf;

    rc = ngx_app_step_option(cf, 1, "role", &roles);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    rv = ngx_app_api_auth_else(cf, &use->refused, NGX_HTTP_FORBIDDEN,
                               "Forbidden");
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    rv = ngx_app_api_auth_words(cf, use);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    word = cf->args->elts;
    use->auth = ngx_app_api_auth_find(cf, &word[1]);

    if (use->auth == NULL) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_OK) {
        rv = ngx_app_api_auth_roles(cf, use, &roles);

        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    return ngx_app_api_auth_define(cf, use);
}


/* the steps of the gate are those of a program with the route's values */

static ngx_app_step_t *
ngx_app_api_auth_add(ngx_conf_t *cf)
{
    ngx_int_t            (*first)(ngx_app_compile_t *cc);
    ngx_app_step_t        *step;
    ngx_app_program_t     *program;
    ngx_app_compile_t     *cc;
    ngx_app_api_route_t   *route;

    cc = ngx_app_compile(cf);
    route = cc->owner;

    if (route->inputs.nelts || cc->program->steps.nelts) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"auth\" must stand above the inputs and steps "
                           "of its route, for it runs before them");
        return NULL;
    }

    if (route->gate == NULL) {
        route->gate = ngx_pcalloc(cf->pool, sizeof(ngx_app_program_t));

        if (route->gate == NULL
            || ngx_array_init(&route->gate->steps, cf->pool, 1,
                              sizeof(ngx_app_step_t))
               != NGX_OK)
        {
            return NULL;
        }

        route->gate->scope = cc->program->scope;
    }

    program = cc->program;
    first = cc->first;

    cc->program = route->gate;
    cc->first = NULL;

    step = ngx_app_step_add(cf, ngx_app_api_auth_run,
                            sizeof(ngx_app_api_auth_use_t));
    cc->program = program;
    cc->first = first;

    return step;
}


static char *
ngx_app_api_auth_words(ngx_conf_t *cf, ngx_app_api_auth_use_t *use)
{
    ngx_str_t  *word;

    word = cf->args->elts;

    if (cf->args->nelts < 2) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"auth\" needs the name of an app_auth");
        return NGX_CONF_ERROR;
    }

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    use->any = (ngx_strcmp(word[2].data, "optional=any") == 0);

    if (cf->args->nelts > 3
        || (!use->any && ngx_strcmp(word[2].data, "optional") != 0))
    {
        return ngx_app_api_step_too_many(cf, cf->args->nelts - 1);
    }

    use->optional = 1;

    return NGX_CONF_OK;
}


static char *
ngx_app_api_auth_roles(ngx_conf_t *cf, ngx_app_api_auth_use_t *use,
    ngx_str_t *value)
{
    u_char                  *p, *last, *comma;
    ngx_str_t               *role;
    ngx_uint_t               i;
    ngx_app_api_auth_let_t  *let;

    let = use->auth->lets.elts;

    for (i = 0; i < use->auth->lets.nelts; i++) {
        if (let[i].name.len == 4
            && ngx_strncmp(let[i].name.data, "role", 4) == 0)
        {
            break;
        }
    }

    if (i == use->auth->lets.nelts) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"role=\" of \"auth\" needs app_auth \"%V\" to "
                           "have: let role = \"...\"", &use->auth->name);
        return NGX_CONF_ERROR;
    }

    use->role = i;

    if (ngx_array_init(&use->roles, cf->pool, 2, sizeof(ngx_str_t))
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    last = value->data + value->len;

    for (p = value->data; p <= last; p = comma + 1) {
        comma = ngx_strlchr(p, last, ',');

        if (comma == NULL) {
            comma = last;
        }

        if (comma == p) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "an empty name in \"role=%V\"", value);
            return NGX_CONF_ERROR;
        }

        role = ngx_array_push(&use->roles);
        if (role == NULL) {
            return NGX_CONF_ERROR;
        }

        role->data = p;
        role->len = comma - p;
    }

    return NGX_CONF_OK;
}


static char *
ngx_app_api_auth_define(ngx_conf_t *cf, ngx_app_api_auth_use_t *use)
{
    u_char                  *name;
    ngx_uint_t               i;
    ngx_app_symbol_t        *sym;
    ngx_app_compile_t       *cc;
    ngx_app_api_auth_let_t  *let;

    cc = ngx_app_compile(cf);

    sym = ngx_app_scope_define(&cc->lang, &ngx_app_api_auth_name,
                               NGX_APP_SYMBOL_RECORD, 0);
    if (sym == NULL) {
        return ngx_app_step_error(cf, &ngx_app_api_auth_name);
    }

    let = use->auth->lets.elts;
    use->slots = ngx_palloc(cf->pool, (use->auth->lets.nelts + 1)
                                      * sizeof(ngx_uint_t));
    if (use->slots == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 0; i < use->auth->lets.nelts; i++) {

        name = ngx_pnalloc(cf->pool, let[i].name.len + 1);
        if (name == NULL) {
            return NGX_CONF_ERROR;
        }

        *ngx_cpymem(name, let[i].name.data, let[i].name.len) = '\0';

        use->slots[i] = ngx_app_scope_member(cc->lang.scope, sym,
                                             (char *) name);
        if (use->slots[i] == NGX_APP_SCOPE_NONE) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


ngx_app_api_auth_use_t *
ngx_app_api_auth_of(ngx_app_api_route_t *route)
{
    ngx_uint_t       i;
    ngx_app_step_t  *step;

    if (route->gate == NULL) {
        return NULL;
    }

    step = route->gate->steps.elts;

    for (i = 0; i < route->gate->steps.nelts; i++) {
        if (step[i].handler == ngx_app_api_auth_run) {
            return step[i].conf;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_app_api_auth_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_app_run_hold_t      *hold;
    ngx_app_api_auth_run_t  *ar;

    ar = ngx_pcalloc(run->env.pool, sizeof(ngx_app_api_auth_run_t));
    if (ar == NULL) {
        return NGX_ERROR;
    }

    ar->use = step->conf;
    ar->parent = run;

    if (ngx_app_run_init(&ar->run, ar->use->auth->program, run->env.pool,
                         run->log)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    hold = ngx_app_run_hold(run, ar);
    if (hold == NULL) {
        return NGX_ERROR;
    }

    hold->data = ar;
    hold->release = ngx_app_api_auth_release;

    ar->run.request = run->request;
    ar->run.data = ar;
    ar->run.done = ngx_app_api_auth_done;
    ar->run.env.variable = run->env.variable;
    ar->run.env.header = run->env.header;
    ar->run.env.random = run->env.random;

    ngx_app_run_start(&ar->run);

    return NGX_AGAIN;
}


/* does nothing to a run that has ended */

static void
ngx_app_api_auth_release(ngx_app_run_t *run, void *data, ngx_uint_t failed)
{
    ngx_app_api_auth_run_t *ar = data;

    ngx_app_run_abort(&ar->run);
}


static void
ngx_app_api_auth_done(ngx_app_run_t *run, ngx_int_t rc)
{
    ngx_app_run_t           *parent;
    ngx_app_api_auth_run_t  *ar;

    ar = run->data;
    parent = ar->parent;

    ngx_app_run_resume(parent, ngx_app_api_auth_end(ar, rc));
}


static ngx_int_t
ngx_app_api_auth_end(ngx_app_api_auth_run_t *ar, ngx_int_t rc)
{
    ngx_uint_t               i;
    ngx_app_run_t           *parent;
    ngx_app_api_auth_let_t  *let;
    ngx_app_api_auth_use_t  *use;

    use = ar->use;
    parent = ar->parent;

    switch (rc) {

    case NGX_OK:
        break;

    case NGX_DONE:
        /* nobody is asking, and that is fine */
        return NGX_OK;

    case NGX_DECLINED:
        if (use->any && ar->run.status < NGX_HTTP_INTERNAL_SERVER_ERROR) {
            return NGX_OK;
        }

        parent->retry_after = ar->run.retry_after;
        return ngx_app_run_fail(parent, ar->run.status, &ar->run.message);

    default:
        return NGX_ERROR;
    }

    let = use->auth->lets.elts;

    for (i = 0; i < use->auth->lets.nelts; i++) {
        parent->env.slots[use->slots[i]] = ar->run.env.slots[let[i].slot];
    }

    if (use->roles.nelts
        && !ngx_app_api_auth_has_role(use,
                              &ar->run.env.slots[let[use->role].slot]))
    {
        return ngx_app_api_auth_refuse(parent, &use->refused);
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_app_api_auth_has_role(ngx_app_api_auth_use_t *use, ngx_app_value_t *role)
{
    ngx_str_t   *name;
    ngx_uint_t   i;

    if (role->type != NGX_APP_STRING) {
        return 0;
    }

    name = use->roles.elts;

    for (i = 0; i < use->roles.nelts; i++) {
        if (name[i].len == role->u.s.len
            && ngx_memcmp(name[i].data, role->u.s.data, name[i].len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


ngx_int_t
ngx_app_api_auth_refuse(ngx_app_run_t *run, ngx_app_api_answer_t *answer)
{
    ngx_str_t  message;

    if (ngx_app_template_string(answer->message, &run->env,
                                NGX_APP_API_MESSAGE_MAX, &message)
        == NGX_ERROR)
    {
        return NGX_ERROR;
    }

    return ngx_app_run_fail(run, answer->status, &message);
}


char *
ngx_app_api_auth_else(ngx_conf_t *cf, ngx_app_api_answer_t *answer,
    ngx_uint_t status, const char *message)
{
    ngx_int_t  rc;
    ngx_str_t  text;

    rc = ngx_app_step_else(cf, &answer->status, &text);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED) {
        answer->status = status;
        text.len = ngx_strlen(message);
        text.data = ngx_pnalloc(cf->pool, text.len);

        if (text.data == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_memcpy(text.data, message, text.len);
    }

    answer->message = ngx_app_api_template(cf, &text, NGX_APP_TEMPLATE_TEXT);

    return answer->message ? NGX_CONF_OK : NGX_CONF_ERROR;
}


ngx_int_t
ngx_app_api_auth_variables(ngx_conf_t *cf)
{
    ngx_str_t             name = ngx_string("app_auth_");
    ngx_http_variable_t  *v;

    v = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_PREFIX
                                         |NGX_HTTP_VAR_NOCACHEABLE
                                         |NGX_HTTP_VAR_CHANGEABLE);
    if (v == NULL) {
        return NGX_ERROR;
    }

    v->get_handler = ngx_app_api_auth_variable;

    return NGX_OK;
}


/* for logs and limits: auth.NAME of the route, once it is known */

static ngx_int_t
ngx_app_api_auth_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    ngx_str_t *name = (ngx_str_t *) data;

    ngx_str_t           member, text;
    ngx_app_member_t   *m;
    ngx_app_symbol_t   *sym;
    ngx_app_api_ctx_t  *ctx;

    v->not_found = 1;

    ctx = ngx_http_get_module_ctx(r, ngx_app_api_module);

    if (ctx == NULL || ctx->route == NULL || ctx->route->gate == NULL
        || ctx->run.env.slots == NULL)
    {
        return NGX_OK;
    }

    sym = ngx_app_scope_lookup(ctx->route->gate->scope,
                               &ngx_app_api_auth_name);
    if (sym == NULL) {
        return NGX_OK;
    }

    member.data = name->data + sizeof("app_auth_") - 1;
    member.len = name->len - (sizeof("app_auth_") - 1);

    m = ngx_app_scope_find_member(sym, &member);

    if (m == NULL) {
        return NGX_OK;
    }

    switch (ngx_app_value_text(&ctx->run.env.slots[m->slot], r->pool, &text)) {

    case NGX_OK:
        v->data = text.data;
        v->len = text.len;
        v->valid = 1;
        v->not_found = 0;
        return NGX_OK;

    case NGX_DECLINED:
        return NGX_OK;

    default:
        return NGX_ERROR;
    }
}
