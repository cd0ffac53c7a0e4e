
/*
 * Copyright (C) the project authors
 */

/*
 * A request: finds its route, reads its inputs, runs its steps, answers.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>
#include <http/ngx_app_header.h>

#include <openssl/rand.h>


static ngx_app_api_ctx_t *ngx_app_api_create_ctx(ngx_http_request_t *r);
static ngx_int_t ngx_app_api_uri(ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_find_route(ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_no_route(ngx_app_api_ctx_t *ctx,
    ngx_app_router_match_t *match, ngx_int_t rc);
static ngx_int_t ngx_app_api_not_found(ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_not_allowed(ngx_app_api_ctx_t *ctx,
    ngx_str_t *allow);
static ngx_int_t ngx_app_api_prepare(ngx_app_api_ctx_t *ctx);
static void ngx_app_api_steps(ngx_app_api_ctx_t *ctx);
static void ngx_app_api_cleanup(void *data);
static void ngx_app_api_gate_done(ngx_app_run_t *run, ngx_int_t rc);
static void ngx_app_api_done(ngx_app_run_t *run, ngx_int_t rc);
static ngx_int_t ngx_app_api_answer(ngx_app_api_ctx_t *ctx, ngx_int_t rc);
static ngx_int_t ngx_app_api_env_variable(ngx_app_env_t *env,
    ngx_uint_t index, ngx_str_t *value);
static ngx_int_t ngx_app_api_env_header(ngx_app_env_t *env, ngx_str_t *name,
    ngx_str_t *value);
static ngx_int_t ngx_app_api_env_random(ngx_app_env_t *env, u_char *p,
    size_t n);


static ngx_str_t  ngx_app_api_internal = ngx_string("Internal server error");


ngx_int_t
ngx_app_api_handler(ngx_http_request_t *r)
{
    ngx_int_t           rc;
    ngx_app_api_ctx_t  *ctx;

    ctx = ngx_app_api_create_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* a subrequest may be asked about a body that is not for it */

    if (r == r->main && ngx_app_api_body_length(ctx) != NGX_OK) {
        return ctx->rc;
    }

    if (ngx_app_api_find_route(ctx) != NGX_OK
        || ngx_app_api_prepare(ctx) != NGX_OK)
    {
        return ctx->rc;
    }

    if (ctx->route->nbodies) {

        if (r != r->main && ngx_app_api_body_length(ctx) != NGX_OK) {
            return ctx->rc;
        }

        return ngx_app_api_body(ctx);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    r->main->count++;

    ctx->inside = 1;
    ngx_app_api_start(ctx);
    ctx->inside = 0;

    return NGX_DONE;
}


static ngx_app_api_ctx_t *
ngx_app_api_create_ctx(ngx_http_request_t *r)
{
    ngx_app_api_ctx_t  *ctx;

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_app_api_ctx_t));
    if (ctx == NULL) {
        return NULL;
    }

    ctx->request = r;
    ngx_http_set_ctx(r, ctx, ngx_app_api_module);

    if (ngx_app_api_uri(ctx) != NGX_OK) {
        return NULL;
    }

    return ctx;
}


/*
 * What the client has sent tells "%2F" from "/".  It is not what a subrequest,
 * an internal redirect or a rewrite asks for.
 */

static ngx_int_t
ngx_app_api_uri(ngx_app_api_ctx_t *ctx)
{
    u_char              *p;
    size_t               len;
    ngx_http_request_t  *r;

    r = ctx->request;

    if (r == r->main && r->valid_unparsed_uri) {
        ctx->uri = r->unparsed_uri;
        return NGX_OK;
    }

    len = r->uri.len + 2 * ngx_escape_uri(NULL, r->uri.data, r->uri.len,
                                          NGX_ESCAPE_URI);

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_escape_uri(p, r->uri.data, r->uri.len, NGX_ESCAPE_URI);

    ctx->uri.data = p;
    ctx->uri.len = len;

    return NGX_OK;
}


/* NGX_OK: ctx->route is set; NGX_DONE: ctx->rc is */

static ngx_int_t
ngx_app_api_find_route(ngx_app_api_ctx_t *ctx)
{
    size_t                   n;
    ngx_int_t                rc;
    ngx_http_request_t      *r;
    ngx_app_router_match_t   match;
    ngx_app_api_srv_conf_t  *ascf;

    r = ctx->request;

    ascf = ngx_http_get_module_srv_conf(r, ngx_app_api_module);

    rc = ngx_app_router_match(ascf->router, &r->method_name, &ctx->uri,
                              r->pool, &match);

    if (rc != NGX_OK) {
        ctx->rc = ngx_http_discard_request_body(r);

        if (ctx->rc == NGX_OK) {
            ctx->rc = ngx_app_api_no_route(ctx, &match, rc);
        }

        return NGX_DONE;
    }

    ctx->route = match.route->data;

    n = match.route->nparams * sizeof(ngx_str_t);

    if (n) {
        ctx->params = ngx_palloc(r->pool, n);

        if (ctx->params == NULL) {
            ctx->rc = NGX_HTTP_INTERNAL_SERVER_ERROR;
            return NGX_DONE;
        }

        ngx_memcpy(ctx->params, match.values, n);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_prepare(ngx_app_api_ctx_t *ctx)
{
    ngx_http_cleanup_t  *cln;
    ngx_http_request_t  *r;

    r = ctx->request;
    ctx->rc = NGX_HTTP_INTERNAL_SERVER_ERROR;

    if (ngx_app_run_init(&ctx->run, ctx->route->program, r->pool,
                         r->connection->log)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ctx->run.request = r;
    ctx->run.data = ctx;
    ctx->run.done = ngx_app_api_done;
    ctx->run.env.variable = ngx_app_api_env_variable;
    ctx->run.env.header = ngx_app_api_env_header;
    ctx->run.env.random = ngx_app_api_env_random;

    cln = ngx_http_cleanup_add(r, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_app_api_cleanup;
    cln->data = ctx;

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_no_route(ngx_app_api_ctx_t *ctx, ngx_app_router_match_t *match,
    ngx_int_t rc)
{
    ngx_str_t            message;
    ngx_http_request_t  *r;

    r = ctx->request;

    switch (rc) {

    case NGX_DECLINED:
        return ngx_app_api_not_found(ctx);

    case NGX_DONE:
        return ngx_app_api_not_allowed(ctx, &match->allow);

    case NGX_ABORT:
        message.data = ngx_pnalloc(r->pool, sizeof("the path ") - 1
                                            + ngx_strlen(match->err));
        if (message.data == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        message.len = ngx_sprintf(message.data, "the path %s", match->err)
                      - message.data;

        return ngx_app_api_send_error(ctx, NGX_HTTP_BAD_REQUEST, &message, 1);

    case NGX_BUSY:
        ngx_str_set(&message, "the path is too long");
        return ngx_app_api_send_error(ctx, NGX_HTTP_REQUEST_URI_TOO_LARGE,
                                      &message, 1);

    default:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
}


static ngx_int_t
ngx_app_api_not_found(ngx_app_api_ctx_t *ctx)
{
    ngx_str_t            uri, message;
    ngx_http_request_t  *r;

    r = ctx->request;

    /* a query string may be of any length, an answer must not */

    uri = ctx->uri;
    uri.len = ngx_min(uri.len, NGX_APP_ROUTER_MAX_PATH);

    message.data = ngx_pnalloc(r->pool, sizeof("Cannot  ") - 1
                                        + r->method_name.len + uri.len);
    if (message.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    message.len = ngx_sprintf(message.data, "Cannot %V %V", &r->method_name,
                              &uri)
                  - message.data;

    return ngx_app_api_send_error(ctx, NGX_HTTP_NOT_FOUND, &message, 1);
}


static ngx_int_t
ngx_app_api_not_allowed(ngx_app_api_ctx_t *ctx, ngx_str_t *allow)
{
    ngx_str_t  message;

    if (ngx_app_api_add_header(ctx->request, "Allow", allow) == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_str_set(&message, "Method Not Allowed");

    return ngx_app_api_send_error(ctx, NGX_HTTP_NOT_ALLOWED, &message, 1);
}


void
ngx_app_api_start(ngx_app_api_ctx_t *ctx)
{
    ngx_http_request_t  *r;

    r = ctx->request;

    /* a client that leaves ends the run: see cleanup */

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    /* one that left at once has said so already, and will not again */

    if (r->connection->read->ready) {
        ngx_post_event(r->connection->read, &ngx_posted_events);
    }

    if (ctx->route->gate == NULL) {
        ngx_app_api_steps(ctx);
        return;
    }

    ctx->run.program = ctx->route->gate;
    ctx->run.done = ngx_app_api_gate_done;

    ngx_app_run_start(&ctx->run);
}


static void
ngx_app_api_steps(ngx_app_api_ctx_t *ctx)
{
    ctx->run.program = ctx->route->program;
    ctx->run.done = ngx_app_api_done;

    if (ngx_app_api_inputs(ctx) != NGX_OK) {
        ngx_app_api_finalize(ctx, ctx->rc);
        return;
    }

    ngx_app_run_start(&ctx->run);
}


static void
ngx_app_api_cleanup(void *data)
{
    ngx_app_api_ctx_t *ctx = data;

    ngx_app_run_abort(&ctx->run);
}


/* the client may come in: what it brought is judged, then the steps run */

static void
ngx_app_api_gate_done(ngx_app_run_t *run, ngx_int_t rc)
{
    ngx_app_api_ctx_t  *ctx;

    ctx = run->data;

    if (rc != NGX_OK) {
        ngx_app_api_done(run, rc);
        return;
    }

    ngx_app_api_steps(ctx);
}


static void
ngx_app_api_done(ngx_app_run_t *run, ngx_int_t rc)
{
    ngx_app_api_ctx_t  *ctx;

    ctx = run->data;

    ngx_app_api_finalize(ctx, ngx_app_api_answer(ctx, rc));
}


void
ngx_app_api_finalize(ngx_app_api_ctx_t *ctx, ngx_int_t rc)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = ctx->request;
    c = r->connection;

    r->read_event_handler = ngx_http_block_reading;

    if (ctx->inside) {
        ngx_http_finalize_request(r, rc);
        return;
    }

    ngx_http_finalize_request(r, rc);
    ngx_http_run_posted_requests(c);
}


static ngx_int_t
ngx_app_api_answer(ngx_app_api_ctx_t *ctx, ngx_int_t rc)
{
    ngx_str_t   *messages;
    ngx_uint_t   status, n;

    if (ctx->streaming) {
        /* too late for a status: the answer is cut, and the client sees it */
        return ctx->ended ? NGX_OK : NGX_ERROR;
    }

    if (rc == NGX_DONE && ctx->respond) {
        return ngx_app_api_send(ctx);
    }

    messages = ngx_app_api_failure(ctx, rc, &status, &n);

    return ngx_app_api_send_error(ctx, status, messages, n);
}


ngx_str_t *
ngx_app_api_failure(ngx_app_api_ctx_t *ctx, ngx_int_t rc, ngx_uint_t *status,
    ngx_uint_t *n)
{
    *n = 1;

    if (rc != NGX_DECLINED) {
        *status = NGX_HTTP_INTERNAL_SERVER_ERROR;
        return &ngx_app_api_internal;
    }

    *status = ctx->run.status;

    if (ctx->nfaults == 0) {
        return &ctx->run.message;
    }

    *n = ctx->nfaults;

    return ctx->faults;
}


static ngx_int_t
ngx_app_api_env_variable(ngx_app_env_t *env, ngx_uint_t index,
    ngx_str_t *value)
{
    ngx_app_run_t              *run;
    ngx_http_variable_value_t  *vv;

    run = env->data;

    vv = ngx_http_get_flushed_variable(run->request, index);

    if (vv == NULL || vv->not_found || !vv->valid) {
        return NGX_DECLINED;
    }

    value->len = vv->len;
    value->data = vv->data;

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_env_header(ngx_app_env_t *env, ngx_str_t *name, ngx_str_t *value)
{
    ngx_app_run_t    *run;
    ngx_table_elt_t  *h;

    run = env->data;
    h = ngx_app_header_next(run->request, name, NULL);

    if (h == NULL) {
        return NGX_DECLINED;
    }

    *value = h->value;

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_env_random(ngx_app_env_t *env, u_char *p, size_t n)
{
    return (RAND_bytes(p, (int) n) == 1) ? NGX_OK : NGX_ERROR;
}
