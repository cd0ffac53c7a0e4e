
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_call.h>
#include <http/ngx_app_detached.h>


#define NGX_APP_API_CALL_CHUNK  1024


static ngx_int_t ngx_app_api_call_uri(ngx_app_api_call_t *call,
    ngx_str_t *uri, ngx_str_t *args);
static void ngx_app_api_call_named(ngx_http_request_t *sr);
static void ngx_app_api_call_drop(ngx_http_request_t *sr);
static ngx_int_t ngx_app_api_call_request(ngx_app_api_call_t *call,
    ngx_http_request_t *sr);
static ngx_int_t ngx_app_api_call_headers(ngx_app_api_call_t *call,
    ngx_http_request_t *sr);
static ngx_int_t ngx_app_api_call_body(ngx_app_api_call_t *call,
    ngx_http_request_t *sr);
static ngx_table_elt_t *ngx_app_api_call_header(ngx_http_request_t *sr,
    ngx_str_t *key, ngx_str_t *lowcase, ngx_str_t *value);
static void ngx_app_api_call_event(ngx_event_t *ev);
static void ngx_app_api_call_timeout(ngx_event_t *ev);
static void ngx_app_api_call_leave(ngx_app_api_call_t *call);
static void ngx_app_api_call_fail(ngx_app_api_call_t *call,
    const char *failure);
static ngx_int_t ngx_app_api_call_done(ngx_http_request_t *sr, void *data,
    ngx_int_t rc);
static ngx_app_api_call_t *ngx_app_api_call_of(ngx_http_request_t *r);
static ngx_int_t ngx_app_api_call_header_filter(ngx_http_request_t *r);
static ngx_int_t ngx_app_api_call_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in);
static void ngx_app_api_call_write(ngx_app_api_call_t *call, ngx_buf_t *b);
static ngx_int_t ngx_app_api_call_init(ngx_conf_t *cf);


static ngx_http_module_t  ngx_app_api_call_module_ctx = {
    NULL,                                  /* preconfiguration */
    ngx_app_api_call_init,                 /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_app_api_call_module = {
    NGX_MODULE_V1,
    &ngx_app_api_call_module_ctx,         /* module context */
    NULL,                                  /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_http_output_header_filter_pt  ngx_app_api_call_next_header_filter;
static ngx_http_output_body_filter_pt  ngx_app_api_call_next_body_filter;


ngx_int_t
ngx_app_api_call_start(ngx_app_api_call_t *call)
{
    ngx_int_t                    rc;
    ngx_str_t                    uri, args;
    ngx_http_request_t          *r, *sr;
    ngx_http_post_subrequest_t  *ps;

    r = call->request;

    call->timer.handler = ngx_app_api_call_timeout;
    call->timer.data = call;
    call->timer.log = r->connection->log;

    call->event.handler = ngx_app_api_call_event;
    call->event.data = call;
    call->event.log = r->connection->log;

    ngx_app_buf_init(&call->out, r->pool, NGX_APP_API_CALL_CHUNK,
                     call->max_size);

    rc = ngx_app_api_call_uri(call, &uri, &args);

    if (rc != NGX_OK) {
        return rc;
    }

    ps = ngx_palloc(r->pool, sizeof(ngx_http_post_subrequest_t));
    if (ps == NULL) {
        return NGX_ERROR;
    }

    ps->handler = ngx_app_api_call_done;
    ps->data = call;

    if (ngx_http_subrequest(r, &uri, &args, &sr, ps,
                            NGX_HTTP_SUBREQUEST_BACKGROUND)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    call->sub = sr;
    sr->unparsed_uri = call->uri;

    if (ngx_app_detached(r)) {
        ngx_app_detached_activate(sr);
    }

    if (call->location.len) {
        sr->write_event_handler = ngx_app_api_call_named;
    }

    /*
     * From here on the subrequest will run, and may not start half-made: one
     * that cannot be completed ends before its first phase.
     */

    if (ngx_app_api_call_request(call, sr) != NGX_OK) {
        call->ended = 1;
        sr->write_event_handler = ngx_app_api_call_drop;
        return NGX_ERROR;
    }

    ngx_add_timer(&call->timer, call->timeout);

    /* posted requests are run only where nobody is in the middle of one */

    ngx_post_event(&call->event, &ngx_posted_events);

    return NGX_AGAIN;
}


static ngx_int_t
ngx_app_api_call_uri(ngx_app_api_call_t *call, ngx_str_t *uri,
    ngx_str_t *args)
{
    ngx_uint_t  flags;

    flags = 0;
    *uri = call->uri;
    ngx_str_null(args);

    if (ngx_http_parse_unsafe_uri(call->request, uri, args, &flags)
        == NGX_OK)
    {
        return NGX_OK;
    }

    call->status = NGX_HTTP_BAD_REQUEST;
    call->failure = "its URI is unsafe";

    return NGX_DECLINED;
}


static void
ngx_app_api_call_named(ngx_http_request_t *sr)
{
    ngx_app_api_call_t  *call;

    call = sr->post_subrequest->data;

    ngx_http_finalize_request(sr, ngx_http_named_location(sr,
                                                          &call->location));
}


static void
ngx_app_api_call_drop(ngx_http_request_t *sr)
{
    ngx_http_finalize_request(sr, NGX_DONE);
}


/* nothing of the client's request goes out but what the route puts in */

static ngx_int_t
ngx_app_api_call_request(ngx_app_api_call_t *call, ngx_http_request_t *sr)
{
    ngx_http_request_t         *r;
    ngx_http_core_main_conf_t  *cmcf;

    r = call->request;

    sr->method = call->method;
    sr->method_name = call->method_name;
    sr->discard_body = 0;
    sr->filter_need_in_memory = 1;
    sr->header_only = (sr->method == NGX_HTTP_HEAD);

    /* values such as $http_authorization are of one request */

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    sr->variables = ngx_pcalloc(r->pool, cmcf->variables.nelts
                                         * sizeof(ngx_http_variable_value_t));
    if (sr->variables == NULL) {
        return NGX_ERROR;
    }

    if (ngx_app_api_call_headers(call, sr) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_app_api_call_body(call, sr);
}


static ngx_int_t
ngx_app_api_call_headers(ngx_app_api_call_t *call, ngx_http_request_t *sr)
{
    ngx_str_t                    server;
    ngx_uint_t                   i, accept;
    ngx_table_elt_t             *h;
    ngx_http_headers_in_t       *in;
    ngx_app_api_call_header_t   *header;

    static ngx_str_t  accept_key = ngx_string("Accept");
    static ngx_str_t  accept_low = ngx_string("accept");
    static ngx_str_t  accept_json = ngx_string("application/json");

    in = &sr->headers_in;
    server = in->server;

    ngx_memzero(in, sizeof(ngx_http_headers_in_t));

    in->server = server;
    in->content_length_n = -1;
    in->keep_alive_n = -1;

    if (ngx_list_init(&in->headers, sr->pool, 8, sizeof(ngx_table_elt_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    accept = 0;
    header = call->headers.elts;

    for (i = 0; i < call->headers.nelts; i++) {

        h = ngx_app_api_call_header(sr, &header[i].key, &header[i].lowcase,
                                    &header[i].value);
        if (h == NULL) {
            return NGX_ERROR;
        }

        if (h->key.len == 6
            && ngx_strncmp(h->lowcase_key, "accept", 6) == 0)
        {
            accept = 1;

        } else if (h->key.len == 12
                   && ngx_strncmp(h->lowcase_key, "content-type", 12) == 0)
        {
            in->content_type = h;

        } else if (h->key.len == 13
                   && ngx_strncmp(h->lowcase_key, "authorization", 13) == 0)
        {
            in->authorization = h;
        }
    }

    if (accept) {
        return NGX_OK;
    }

    return ngx_app_api_call_header(sr, &accept_key, &accept_low, &accept_json)
           ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_app_api_call_body(ngx_app_api_call_t *call, ngx_http_request_t *sr)
{
    ngx_buf_t                *b;
    ngx_str_t                 value;
    ngx_http_request_body_t  *rb;

    static ngx_str_t  type_key = ngx_string("Content-Type");
    static ngx_str_t  type_low = ngx_string("content-type");
    static ngx_str_t  length_key = ngx_string("Content-Length");
    static ngx_str_t  length_low = ngx_string("content-length");

    /* an empty one keeps nginx from reading, or sending, the client's */

    rb = ngx_pcalloc(sr->pool, sizeof(ngx_http_request_body_t));
    if (rb == NULL) {
        return NGX_ERROR;
    }

    sr->request_body = rb;

    if (sr->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {
        return NGX_OK;
    }

    if (call->body.len) {
        b = ngx_calloc_buf(sr->pool);
        rb->bufs = ngx_alloc_chain_link(sr->pool);

        if (b == NULL || rb->bufs == NULL) {
            return NGX_ERROR;
        }

        b->start = call->body.data;
        b->pos = call->body.data;
        b->last = call->body.data + call->body.len;
        b->end = b->last;
        b->memory = 1;
        b->last_buf = 1;

        rb->bufs->buf = b;
        rb->bufs->next = NULL;
        rb->buf = b;
    }

    sr->headers_in.content_length_n = call->body.len;

    value.data = ngx_pnalloc(sr->pool, NGX_OFF_T_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%uz", call->body.len) - value.data;

    sr->headers_in.content_length = ngx_app_api_call_header(sr, &length_key,
                                                        &length_low, &value);
    if (sr->headers_in.content_length == NULL) {
        return NGX_ERROR;
    }

    if (call->body.len == 0 || sr->headers_in.content_type) {
        return NGX_OK;
    }

    sr->headers_in.content_type = ngx_app_api_call_header(sr, &type_key,
                                            &type_low, &call->type);

    return sr->headers_in.content_type ? NGX_OK : NGX_ERROR;
}


static ngx_table_elt_t *
ngx_app_api_call_header(ngx_http_request_t *sr, ngx_str_t *key,
    ngx_str_t *lowcase, ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&sr->headers_in.headers);
    if (h == NULL) {
        return NULL;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->key = *key;
    h->lowcase_key = lowcase->data;
    h->hash = ngx_hash_key(lowcase->data, lowcase->len);
    h->value = *value;

    return h;
}


static void
ngx_app_api_call_event(ngx_event_t *ev)
{
    ngx_app_api_call_t *call = ev->data;

    ngx_connection_t  *c;

    c = call->request->connection;

    if (!call->ended) {
        ngx_http_run_posted_requests(c);
        return;
    }

    ngx_app_api_call_leave(call);

    ngx_http_set_log_request(c->log, call->request);

    ngx_app_api_call_abort(call);
    call->done(call);
}


static void
ngx_app_api_call_timeout(ngx_event_t *ev)
{
    ngx_app_api_call_t *call = ev->data;

    if (!call->ended) {
        call->ended = 1;
        call->status = NGX_HTTP_GATEWAY_TIME_OUT;
        call->failure = "it took longer than timeout=";
    }

    if (call->event.posted) {
        ngx_delete_posted_event(&call->event);
    }

    ngx_app_api_call_event(&call->event);
}


/*
 * An upstream that is not at its end is left at once; that ends the subrequest
 * too.  Another handler goes on to its end, with nobody to hear of it.
 */

static void
ngx_app_api_call_leave(ngx_app_api_call_t *call)
{
    ngx_http_upstream_t  *u;
    ngx_http_cleanup_pt   cleanup;

    u = call->sub->upstream;

    if (u && u->cleanup) {
        cleanup = *u->cleanup;
        cleanup(call->sub);
    }
}


/*
 * For what a filter finds, which must not return an error: nginx would take
 * that for one of the client's connection.
 */

static void
ngx_app_api_call_fail(ngx_app_api_call_t *call, const char *failure)
{
    call->ended = 1;
    call->status = NGX_HTTP_BAD_GATEWAY;
    call->failure = failure;

    ngx_post_event(&call->event, &ngx_posted_events);
}


/*
 * nginx calls this first with a status that it is about to make a page for,
 * or to send to error_page, and again when that has been done.
 */

static ngx_int_t
ngx_app_api_call_done(ngx_http_request_t *sr, void *data, ngx_int_t rc)
{
    ngx_app_api_call_t *call = data;

    if (rc == NGX_HTTP_CLIENT_CLOSED_REQUEST || sr->connection->error) {

        if (!ngx_app_detached(sr)) {
            return rc;
        }

        /* there is no client that could have left */

        sr->connection->error = 0;
        rc = NGX_ERROR;
    }

    if (call->ended) {
        sr->buffered = 0;
        return NGX_OK;
    }

    if (rc == NGX_ERROR || rc == NGX_HTTP_REQUEST_TIME_OUT
        || rc == NGX_HTTP_CLOSE)
    {
        if (call->failure == NULL) {
            call->failure = "it was broken off";
        }

        call->status = NGX_HTTP_BAD_GATEWAY;

        /* it is not the main request that failed */

        sr->buffered = 0;
        rc = NGX_OK;

    } else if (rc >= NGX_HTTP_SPECIAL_RESPONSE || rc == NGX_HTTP_CREATED
               || rc == NGX_HTTP_NO_CONTENT)
    {
        return rc;

    } else if (sr->buffered || sr->postponed) {
        return rc;
    }

    call->ended = 1;

    /* one that an upstream cuts ends as well as a whole one, but for this */

    if (call->failure == NULL && sr->upstream && !call->last
        && !sr->header_only)
    {
        call->status = NGX_HTTP_BAD_GATEWAY;
        call->failure = "its answer was cut";
    }

    if (call->failure == NULL) {
        call->status = sr->headers_out.status;
    }

    ngx_post_event(&call->event, &ngx_posted_events);

    return NGX_OK;
}


void
ngx_app_api_call_abort(ngx_app_api_call_t *call)
{
    call->ended = 1;

    if (call->timer.timer_set) {
        ngx_del_timer(&call->timer);
    }

    if (call->event.posted) {
        ngx_delete_posted_event(&call->event);
    }
}


/* an internal redirect clears the contexts, but not this */

static ngx_app_api_call_t *
ngx_app_api_call_of(ngx_http_request_t *r)
{
    if (r == r->main || r->post_subrequest == NULL
        || r->post_subrequest->handler != ngx_app_api_call_done)
    {
        return NULL;
    }

    return r->post_subrequest->data;
}


static ngx_int_t
ngx_app_api_call_header_filter(ngx_http_request_t *r)
{
    ngx_app_api_call_t   *call;
    ngx_http_upstream_t  *u;

    call = ngx_app_api_call_of(r);

    if (call == NULL) {
        return ngx_app_api_call_next_header_filter(r);
    }

    r->header_sent = 1;

    if (r->headers_out.status == NGX_HTTP_NO_CONTENT
        || r->headers_out.status == NGX_HTTP_NOT_MODIFIED)
    {
        r->header_only = 1;
    }

    /* an answer that came by the rules of HTTP/0.9 has none */

    if (!call->ended && r->headers_out.status < NGX_HTTP_CONTINUE) {
        ngx_app_api_call_fail(call, "its answer has no status");
    }

    if (!call->ended && !r->header_only
        && r->headers_out.content_length_n > (off_t) call->max_size)
    {
        ngx_app_api_call_fail(call, "its answer is larger than max_size=");
    }

    if (call->ended) {
        r->header_only = 1;
        return NGX_OK;
    }

    /*
     * For a request that is not the connection's active one the buffers are
     * handed over only at the end, by way of a file when they are too small;
     * what is not to be stored comes as it is read.
     */

    u = r->upstream;

    if (u && u->buffering && !u->store
#if (NGX_HTTP_CACHE)
        && !u->cacheable
#endif
       )
    {
        u->buffering = 0;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_call_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_buf_t           *b;
    ngx_chain_t         *cl;
    ngx_app_api_call_t  *call;

    call = ngx_app_api_call_of(r);

    if (call == NULL) {
        return ngx_app_api_call_next_body_filter(r, in);
    }

    for (cl = in; cl; cl = cl->next) {

        b = cl->buf;

        if (b->last_buf || b->last_in_chain) {
            call->last = 1;
        }

        if (ngx_buf_special(b)) {
            continue;
        }

        if (!call->ended && ngx_buf_in_memory(b)) {
            ngx_app_api_call_write(call, b);
        }

        /* what nobody waits for is taken as well */

        b->pos = b->last;

        if (b->in_file) {
            b->file_pos = b->file_last;
        }
    }

    return NGX_OK;
}


static void
ngx_app_api_call_write(ngx_app_api_call_t *call, ngx_buf_t *b)
{
    ngx_int_t  rc;

    rc = ngx_app_buf_write(&call->out, b->pos, b->last - b->pos);

    if (rc != NGX_OK) {
        ngx_app_api_call_fail(call, rc == NGX_BUSY
                                    ? "its answer is larger than max_size="
                                    : "there is no memory");
    }
}


static ngx_int_t
ngx_app_api_call_init(ngx_conf_t *cf)
{
    ngx_app_api_call_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_app_api_call_header_filter;

    ngx_app_api_call_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_app_api_call_body_filter;

    return NGX_OK;
}
