
/*
 * Copyright (C) the project authors
 */

/*
 * Inputs: the directives path, query and header, and reading what they
 * declare from a request.  All that is wrong is told at once.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>
#include <core/ngx_app_utf8.h>


static char *ngx_app_api_input_key(ngx_conf_t *cf,
    ngx_app_api_route_t *route, ngx_app_api_input_t *in, ngx_str_t *name,
    ngx_uint_t *n);
static ngx_int_t ngx_app_api_input_name(ngx_conf_t *cf,
    ngx_app_api_route_t *route, ngx_app_api_input_t *in, ngx_str_t *name);
static char *ngx_app_api_input_path(ngx_conf_t *cf,
    ngx_app_api_route_t *route, ngx_app_api_input_t *in);
static ngx_int_t ngx_app_api_input_param(ngx_app_compile_t *cc,
    ngx_uint_t index);
static ngx_int_t ngx_app_api_input_all(ngx_app_api_ctx_t *ctx,
    ngx_str_t *params, ngx_app_query_value_t *queries);
static ngx_int_t ngx_app_api_input_read(ngx_app_api_ctx_t *ctx,
    ngx_app_api_input_t *in, ngx_str_t *params,
    ngx_app_query_value_t *queries, ngx_str_t *fault);
static ngx_int_t ngx_app_api_input_queries(ngx_app_api_ctx_t *ctx,
    ngx_app_query_value_t *values);
static ngx_str_t *ngx_app_api_input_header(ngx_http_request_t *r,
    ngx_str_t *key, ngx_uint_t *count);


/* path|query|header NAME TYPE [option ...] [else=STATUS "message"]; */

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
    }

    /* header X-Request-Id as requestId string; */

    if (cf->args->nelts > 3 && word[2].len == 2
        && ngx_strncmp(word[2].data, "as", 2) == 0)
    {
        *name = word[3];
        *n = 4;
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
    ngx_str_t            *names;
    ngx_uint_t            i;
    ngx_app_api_input_t  *in;

    if (route->nqueries == 0) {
        return NGX_OK;
    }

    names = ngx_pcalloc(cf->pool, route->nqueries * sizeof(ngx_str_t));
    if (names == NULL) {
        return NGX_ERROR;
    }

    in = route->inputs.elts;

    for (i = 0; i < route->inputs.nelts; i++) {
        if (in[i].source == NGX_APP_API_QUERY) {
            names[in[i].index] = in[i].key;
        }
    }

    route->query = ngx_app_query_create(cf->pool, names, route->nqueries);

    return route->query ? NGX_OK : NGX_ERROR;
}


ngx_int_t
ngx_app_api_inputs(ngx_app_api_ctx_t *ctx, ngx_str_t *params)
{
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

    return ngx_app_api_input_all(ctx, params, queries);
}


/* an input's own "else=" answers at once, other faults are gathered */

static ngx_int_t
ngx_app_api_input_all(ngx_app_api_ctx_t *ctx, ngx_str_t *params,
    ngx_app_query_value_t *queries)
{
    ngx_int_t             rc;
    ngx_str_t            *faults;
    ngx_uint_t            i, n, nfaults;
    ngx_app_api_input_t  *in;

    in = ctx->route->inputs.elts;
    n = ctx->route->inputs.nelts;
    nfaults = 0;

    faults = ngx_palloc(ctx->request->pool, n * sizeof(ngx_str_t));
    if (faults == NULL) {
        return NGX_DONE;
    }

    for (i = 0; i < n; i++) {

        rc = ngx_app_api_input_read(ctx, &in[i], params, queries,
                                    &faults[nfaults]);

        if (rc == NGX_OK) {
            continue;
        }

        if (rc == NGX_ERROR) {
            return NGX_DONE;
        }

        if (in[i].else_status) {
            ctx->rc = ngx_app_api_send_error(ctx, in[i].else_status,
                                             &in[i].else_message, 1);
            return NGX_DONE;
        }

        nfaults++;
    }

    if (nfaults == 0) {
        return NGX_OK;
    }

    ctx->rc = ngx_app_api_send_error(ctx, NGX_HTTP_BAD_REQUEST, faults,
                                     nfaults);

    return NGX_DONE;
}


static ngx_int_t
ngx_app_api_input_read(ngx_app_api_ctx_t *ctx, ngx_app_api_input_t *in,
    ngx_str_t *params, ngx_app_query_value_t *queries, ngx_str_t *fault)
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

    case NGX_APP_API_PATH:
        text = &params[in->index];
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
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    *count = 0;
    value = NULL;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].key.len == key->len
                && ngx_strncmp(h[i].lowcase_key, key->data, key->len) == 0)
            {
                value = &h[i].value;
                (*count)++;
            }
        }
    }

    return value;
}
