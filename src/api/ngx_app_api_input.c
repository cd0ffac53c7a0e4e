
/*
 * Copyright (C) the project authors
 */

/*
 * Inputs: the directives path, query, header and body, and judging what a
 * request has for them.  All that is wrong is told at once.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>
#include <core/ngx_app_utf8.h>
#include <http/ngx_app_header.h>


/* of the inputs: those that are judged */
#define NGX_APP_API_JUDGE_OTHERS  1
#define NGX_APP_API_JUDGE_BODY    2


static char *ngx_app_api_input_key(ngx_conf_t *cf,
    ngx_app_api_route_t *route, ngx_app_api_input_t *in, ngx_str_t *name,
    ngx_uint_t *n);
static ngx_int_t ngx_app_api_input_name(ngx_conf_t *cf,
    ngx_app_api_route_t *route, ngx_app_api_input_t *in, ngx_str_t *name);
static char *ngx_app_api_input_path(ngx_conf_t *cf,
    ngx_app_api_route_t *route, ngx_app_api_input_t *in);
static ngx_int_t ngx_app_api_input_param(ngx_app_compile_t *cc,
    ngx_uint_t index);
static ngx_int_t ngx_app_api_inputs_names(ngx_conf_t *cf,
    ngx_app_api_route_t *route);
static ngx_int_t ngx_app_api_judge(ngx_app_api_ctx_t *ctx,
    ngx_app_query_value_t *queries, ngx_uint_t which);
static ngx_int_t ngx_app_api_unknown(ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_input_read(ngx_app_api_ctx_t *ctx,
    ngx_app_api_input_t *in, ngx_app_query_value_t *queries,
    ngx_str_t *fault);
static ngx_int_t ngx_app_api_input_body(ngx_app_api_ctx_t *ctx,
    ngx_app_api_input_t *in, ngx_str_t *fault);
static ngx_int_t ngx_app_api_validate_run(ngx_app_run_t *run,
    ngx_app_step_t *step);
static ngx_int_t ngx_app_api_input_queries(ngx_app_api_ctx_t *ctx,
    ngx_app_query_value_t *values);
static ngx_str_t *ngx_app_api_input_header(ngx_http_request_t *r,
    ngx_str_t *key, ngx_uint_t *count);


/* path|query|header|body NAME TYPE [option ...] [else=STATUS "message"]; */

char *
ngx_app_api_input(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                 *rv;
    ngx_int_t             rc;
    ngx_str_t             name, *word;
    ngx_uint_t            i;
    ngx_app_symbol_t     *sym;
    ngx_app_compile_t    *cc;
    ngx_app_api_input_t  *in;
    ngx_app_api_route_t  *route;

    cc = ngx_app_compile(cf);
    route = cc->owner;
    word = cf->args->elts;

    if (cc->program->steps.nelts) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" must stand above the first step: all "
                           "inputs are checked before the first step runs",
                           &word[0]);
        return NGX_CONF_ERROR;
    }

    if (ngx_app_step_words(cf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    in = ngx_array_push(&route->inputs);
    if (in == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(in, sizeof(ngx_app_api_input_t));
    in->source = cmd->offset;

    rc = ngx_app_step_else(cf, &in->else_status, &in->else_message);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    rv = ngx_app_api_input_key(cf, route, in, &name, &i);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (i == cf->args->nelts) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V %V\" needs a type, as in %V %V int",
                           &word[0], &name, &word[0], &name);
        return NGX_CONF_ERROR;
    }

    if (ngx_app_api_input_name(cf, route, in, &name) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    sym = ngx_app_scope_define(&cc->lang, &name, NGX_APP_SYMBOL_SCALAR,
                               NGX_APP_SCOPE_ONCE);
    if (sym == NULL) {
        return ngx_app_step_error(cf, &name);
    }

    in->slot = sym->slot;

    if (ngx_app_input_compile(&cc->lang, &in->input, &sym->name, &word[i],
                              cf->args->nelts - i)
        != NGX_OK)
    {
        return ngx_app_step_error(cf, &name);
    }

    if (in->input.item && in->source != NGX_APP_API_BODY) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V %V\": only \"body\" takes arrays, use the "
                           "type without \"[]\"", &word[0], &name);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* finds the name, and where the type stands behind it */

static char *
ngx_app_api_input_key(ngx_conf_t *cf, ngx_app_api_route_t *route,
    ngx_app_api_input_t *in, ngx_str_t *name, ngx_uint_t *n)
{
    ngx_str_t  *word;

    word = cf->args->elts;

    in->key = word[1];
    *name = word[1];
    *n = 2;

    switch (in->source) {

    case NGX_APP_API_PATH:
        return ngx_app_api_input_path(cf, route, in);

    case NGX_APP_API_QUERY:
        in->index = route->nqueries++;
        break;

    case NGX_APP_API_HEADER:
        in->key.data = ngx_pnalloc(cf->pool, word[1].len);
        if (in->key.data == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_strlow(in->key.data, word[1].data, word[1].len);
        break;

    case NGX_APP_API_BODY:

        if (ngx_strcmp(route->method.data, "GET") == 0
            || ngx_strcmp(route->method.data, "HEAD") == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"body %V\": a %V request has no body, use "
                               "\"query\"", &word[1], &route->method);
            return NGX_CONF_ERROR;
        }

        in->index = route->nbodies++;
        break;
    }

    /* header X-Request-Id as requestId string; */

    if (cf->args->nelts > 3 && word[2].len == 2
        && ngx_strncmp(word[2].data, "as", 2) == 0)
    {
        *name = word[3];
        *n = 4;

    } else if (in->source == NGX_APP_API_BODY
               && ngx_strlchr(word[1].data, word[1].data + word[1].len, '.'))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"body %V\" needs a name of its own, as in "
                           "body address.city as city string", &word[1]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* what clients call by any name needs one that expressions can write */

static ngx_int_t
ngx_app_api_input_name(ngx_conf_t *cf, ngx_app_api_route_t *route,
    ngx_app_api_input_t *in, ngx_str_t *name)
{
    ngx_str_t            *word;
    ngx_uint_t            i;
    ngx_app_api_input_t  *other;

    word = cf->args->elts;

    if (in->source != NGX_APP_API_PATH && name->data == word[1].data
        && ngx_app_lang_name_len(name->data, name->data + name->len)
           != name->len)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is no name in a route, give it one, as in "
                           "%V %V as name %V", name, &word[0], name, &word[2]);
        return NGX_ERROR;
    }

    /* a query string is read in one pass, where a name has one place */

    other = route->inputs.elts;

    for (i = 0; i + 1 < route->inputs.nelts; i++) {
        if (in->source == NGX_APP_API_QUERY
            && other[i].source == NGX_APP_API_QUERY
            && other[i].key.len == in->key.len
            && ngx_strncmp(other[i].key.data, in->key.data, in->key.len) == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"query %V\" is declared above already, "
                               "as \"%V\"", &in->key, &other[i].input.name);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static char *
ngx_app_api_input_path(ngx_conf_t *cf, ngx_app_api_route_t *route,
    ngx_app_api_input_t *in)
{
    ngx_uint_t               i;
    ngx_app_router_route_t  *match;

    match = route->match;

    for (i = 0; i < match->nparams; i++) {
        if (match->params[i].len == in->key.len
            && ngx_strncmp(match->params[i].data, in->key.data, in->key.len)
               == 0)
        {
            in->index = i;
            return NGX_CONF_OK;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "\"path %V\": there is no \":%V\" in the path \"%V\"",
                       &in->key, &in->key, &route->path);

    return NGX_CONF_ERROR;
}


/* parameters of the path that have no declaration are texts */

ngx_int_t
ngx_app_api_inputs_end(ngx_app_compile_t *cc)
{
    ngx_uint_t            i;
    ngx_app_api_route_t  *route;

    route = cc->owner;

    for (i = 0; i < route->match->nparams; i++) {

        if (ngx_app_scope_lookup(cc->lang.scope, &route->match->params[i])) {
            continue;
        }

        if (ngx_app_api_input_param(cc, i) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_input_param(ngx_app_compile_t *cc, ngx_uint_t index)
{
    ngx_str_t             type = ngx_string("string");
    ngx_app_symbol_t     *sym;
    ngx_app_api_input_t  *in;
    ngx_app_api_route_t  *route;

    route = cc->owner;

    in = ngx_array_push(&route->inputs);
    if (in == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(in, sizeof(ngx_app_api_input_t));

    in->source = NGX_APP_API_PATH;
    in->key = route->match->params[index];
    in->index = index;

    sym = ngx_app_scope_define(&cc->lang, &in->key, NGX_APP_SYMBOL_SCALAR,
                               NGX_APP_SCOPE_ONCE);

    if (sym == NULL
        || ngx_app_input_compile(&cc->lang, &in->input, &sym->name, &type, 1)
           != NGX_OK)
    {
        (void) ngx_app_step_error(cc->cf, &in->key);
        return NGX_ERROR;
    }

    in->slot = sym->slot;

    return NGX_OK;
}


ngx_int_t
ngx_app_api_inputs_finish(ngx_conf_t *cf, ngx_app_api_route_t *route)
{
    ngx_uint_t            i;
    ngx_app_api_input_t  *in;

    in = route->inputs.elts;

    for (i = 0; i < route->inputs.nelts && route->coerce; i++) {
        if (in[i].source == NGX_APP_API_BODY) {
            ngx_app_input_coerce(&in[i].input);
        }
    }

    if ((route->coerce || route->validate) && route->nbodies == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%s\" in a route without \"body\": \"%V %V\"",
                           route->coerce ? "coerce" : "validate",
                           &route->method, &route->path);
        return NGX_ERROR;
    }

    return ngx_app_api_inputs_names(cf, route);
}


static ngx_int_t
ngx_app_api_inputs_names(ngx_conf_t *cf, ngx_app_api_route_t *route)
{
    u_char               *lists;
    ngx_str_t            *queries, *bodies;
    ngx_uint_t            i;
    ngx_app_api_input_t  *in;

    queries = ngx_pcalloc(cf->pool, route->nqueries * sizeof(ngx_str_t) + 1);
    bodies = ngx_pcalloc(cf->pool, route->nbodies * sizeof(ngx_str_t) + 1);
    lists = ngx_pcalloc(cf->pool, route->nbodies + 1);

    if (queries == NULL || bodies == NULL || lists == NULL) {
        return NGX_ERROR;
    }

    in = route->inputs.elts;

    for (i = 0; i < route->inputs.nelts; i++) {

        if (in[i].source == NGX_APP_API_QUERY) {
            queries[in[i].index] = in[i].key;

        } else if (in[i].source == NGX_APP_API_BODY) {
            bodies[in[i].index] = in[i].key;
            lists[in[i].index] = (in[i].input.item != NULL);
        }
    }

    if (route->nqueries) {
        route->query = ngx_app_query_create(cf->pool, queries,
                                            route->nqueries);
        if (route->query == NULL) {
            return NGX_ERROR;
        }
    }

    if (route->nbodies) {
        route->body = ngx_app_body_create(cf->pool, bodies, lists,
                                          route->nbodies);
        if (route->body == NULL) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_app_api_inputs(ngx_app_api_ctx_t *ctx)
{
    ngx_int_t               rc;
    ngx_uint_t              which;
    ngx_app_query_value_t  *queries;

    if (ctx->route->inputs.nelts == 0) {
        return NGX_OK;
    }

    ctx->rc = NGX_HTTP_INTERNAL_SERVER_ERROR;
    queries = NULL;

    if (ctx->route->nqueries) {
        queries = ngx_pcalloc(ctx->request->pool,
                              ctx->route->nqueries
                              * sizeof(ngx_app_query_value_t));
        if (queries == NULL) {
            return NGX_DONE;
        }

        if (ngx_app_api_input_queries(ctx, queries) != NGX_OK) {
            return NGX_DONE;
        }
    }

    which = NGX_APP_API_JUDGE_OTHERS;

    if (!ctx->route->validate) {
        which |= NGX_APP_API_JUDGE_BODY;
    }

    rc = ngx_app_api_judge(ctx, queries, which);

    if (rc == NGX_OK) {
        return NGX_OK;
    }

    if (rc == NGX_DECLINED) {
        ctx->rc = ngx_app_api_send_error(ctx, ctx->run.status, ctx->faults,
                                         ctx->nfaults);
    }

    return NGX_DONE;
}


/*
 * NGX_DECLINED: ctx->faults and run.status are set.  The faults of a body come
 * first, then an "else=", then all other faults.
 */

static ngx_int_t
ngx_app_api_judge(ngx_app_api_ctx_t *ctx, ngx_app_query_value_t *queries,
    ngx_uint_t which)
{
    ngx_int_t             rc;
    ngx_uint_t            i, n, body, judged;
    ngx_app_api_input_t  *in, *other;

    in = ctx->route->inputs.elts;
    n = ctx->route->inputs.nelts;
    other = NULL;
    body = 0;

    ctx->nfaults = 0;
    ctx->run.status = NGX_HTTP_BAD_REQUEST;

    ctx->faults = ngx_palloc(ctx->request->pool, (n + 1) * sizeof(ngx_str_t));
    if (ctx->faults == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {

        judged = (in[i].source == NGX_APP_API_BODY) ? NGX_APP_API_JUDGE_BODY
                                                    : NGX_APP_API_JUDGE_OTHERS;
        if (!(which & judged)) {
            continue;
        }

        rc = ngx_app_api_input_read(ctx, &in[i], queries,
                                    &ctx->faults[ctx->nfaults]);

        if (rc == NGX_OK) {
            continue;
        }

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (in[i].else_status) {

            if (other == NULL || (other->source != NGX_APP_API_BODY
                                  && in[i].source == NGX_APP_API_BODY))
            {
                other = &in[i];
            }

            continue;
        }

        body |= (in[i].source == NGX_APP_API_BODY);
        ctx->nfaults++;
    }

    if ((which & NGX_APP_API_JUDGE_BODY)
        && ngx_app_api_unknown(ctx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    body |= (ctx->nfaults && ctx->body_result.unknown.len);

    if (other && (!body || other->source == NGX_APP_API_BODY)) {
        ctx->run.status = other->else_status;
        ctx->faults[0] = other->else_message;
        ctx->nfaults = 1;
    }

    return ctx->nfaults ? NGX_DECLINED : NGX_OK;
}


/* a member of the body that no input is for */

static ngx_int_t
ngx_app_api_unknown(ngx_app_api_ctx_t *ctx)
{
    u_char                  *p;
    ngx_str_t               *name;
    ngx_app_api_loc_conf_t  *alcf;

    name = &ctx->body_result.unknown;

    if (name->len == 0) {
        return NGX_OK;
    }

    alcf = ngx_http_get_module_loc_conf(ctx->request, ngx_app_api_module);

    if (alcf->body_unknown != NGX_APP_API_UNKNOWN_REJECT) {
        name->len = 0;
        return NGX_OK;
    }

    p = ngx_pnalloc(ctx->request->pool,
                    sizeof("property  should not exist") - 1 + name->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ctx->faults[ctx->nfaults].data = p;
    ctx->faults[ctx->nfaults].len =
                        ngx_sprintf(p, "property %V should not exist", name)
                        - p;
    ctx->nfaults++;

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_input_read(ngx_app_api_ctx_t *ctx, ngx_app_api_input_t *in,
    ngx_app_query_value_t *queries, ngx_str_t *fault)
{
    ngx_str_t        *text;
    ngx_uint_t        count;
    const char       *wrong;
    ngx_pool_t       *pool;
    ngx_app_value_t  *value;

    pool = ctx->request->pool;
    value = &ctx->run.env.slots[in->slot];
    wrong = NULL;

    switch (in->source) {

    case NGX_APP_API_BODY:
        return ngx_app_api_input_body(ctx, in, fault);

    case NGX_APP_API_PATH:
        text = &ctx->params[in->index];
        break;

    case NGX_APP_API_QUERY:
        text = queries[in->index].count ? &queries[in->index].text : NULL;
        wrong = queries[in->index].fault;
        break;

    default: /* NGX_APP_API_HEADER */

        text = ngx_app_api_input_header(ctx->request, &in->key, &count);

        if (count > 1) {
            wrong = "must be given once";

        } else if (text
                   && ngx_app_utf8_valid(text->data, text->len) != NGX_OK)
        {
            wrong = "must be valid UTF-8";
        }
    }

    if (wrong) {
        return (ngx_app_input_fault(&in->input, pool, wrong, fault) == NGX_OK)
               ? NGX_DECLINED : NGX_ERROR;
    }

    return ngx_app_input_parse(&in->input, pool, text, value, fault);
}


static ngx_int_t
ngx_app_api_input_body(ngx_app_api_ctx_t *ctx, ngx_app_api_input_t *in,
    ngx_str_t *fault)
{
    ngx_pool_t            *pool;
    ngx_app_value_t       *value;
    ngx_app_body_value_t  *given;

    pool = ctx->request->pool;
    value = &ctx->run.env.slots[in->slot];
    value->type = NGX_APP_ABSENT;

    if (ctx->bodies) {
        given = &ctx->bodies[in->index];

        if (given->fault) {
            return (ngx_app_input_fault(&in->input, pool, given->fault, fault)
                    == NGX_OK) ? NGX_DECLINED : NGX_ERROR;
        }

        *value = given->value;
    }

    return ngx_app_input_check(&in->input, pool, value, ctx->form, fault);
}


/* coerce; */

char *
ngx_app_api_step_coerce(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_api_route_t  *route;

    route = ngx_app_api_compiling(cf);

    if (route->coerce) {
        return "is duplicate";
    }

    route->coerce = 1;

    return NGX_CONF_OK;
}


/* validate; the body is judged here, and not before the first step */

char *
ngx_app_api_step_validate(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_api_route_t  *route;

    route = ngx_app_api_compiling(cf);

    if (route->validate) {
        return "is duplicate";
    }

    route->validate = 1;

    return ngx_app_step_add(cf, ngx_app_api_validate_run, 0) ? NGX_CONF_OK
                                                             : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_app_api_validate_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_int_t           rc;
    ngx_app_api_ctx_t  *ctx;

    ctx = run->data;

    rc = ngx_app_api_judge(ctx, NULL, NGX_APP_API_JUDGE_BODY);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    /* "rescue" sees the first one, the client all */

    return ngx_app_run_fail(run, ctx->run.status, &ctx->faults[0]);
}


static ngx_int_t
ngx_app_api_input_queries(ngx_app_api_ctx_t *ctx,
    ngx_app_query_value_t *values)
{
    ngx_str_t                message;
    ngx_http_request_t      *r;
    ngx_app_api_loc_conf_t  *alcf;

    r = ctx->request;

    alcf = ngx_http_get_module_loc_conf(r, ngx_app_api_module);

    switch (ngx_app_query_parse(ctx->route->query, r->pool, &r->args,
                                alcf->max_params, values))
    {
    case NGX_OK:
        return NGX_OK;

    case NGX_BUSY:
        ngx_str_set(&message, "the query string has more parameters than "
                    "app_api_max_params");
        ctx->rc = ngx_app_api_send_error(ctx, NGX_HTTP_BAD_REQUEST, &message,
                                         1);
        return NGX_DONE;

    default:
        return NGX_DONE;
    }
}


static ngx_str_t *
ngx_app_api_input_header(ngx_http_request_t *r, ngx_str_t *key,
    ngx_uint_t *count)
{
    ngx_str_t        *value;
    ngx_table_elt_t  *h;

    *count = 0;
    value = NULL;

    for (h = ngx_app_header_next(r, key, NULL);
         h;
         h = ngx_app_header_next(r, key, h))
    {
        value = &h->value;
        (*count)++;
    }

    return value;
}
