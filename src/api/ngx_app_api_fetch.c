
/*
 * Copyright (C) the project authors
 */

/*
 * Runs a fetch.  Its subrequest is a background one: nginx does not hold the
 * answer of the main request back for it, so that the route goes on when the
 * deadline has passed, whatever the location is still doing.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_fetch.h>
#include <api/ngx_app_api_session.h>


#define NGX_APP_API_FETCH_URI_MAX   8192
#define NGX_APP_API_FETCH_LINE_MAX  4096
#define NGX_APP_API_FETCH_CHUNK     1024


typedef struct {
    ngx_app_api_fetch_t    *conf;
    ngx_app_run_t          *run;
    ngx_app_step_t         *step;
    ngx_http_request_t     *sub;

    ngx_event_t             timer;
    ngx_event_t             event;     /* posted: runs sub, or ends the step */

    ngx_app_buf_t           out;       /* the answer's body */
    ngx_uint_t              status;
    const char             *failure;   /* why there is no answer */

    unsigned                last:1;    /* the body has come to its end */
    unsigned                done:1;
    unsigned                over:1;    /* nobody waits any more */
} ngx_app_api_call_t;


static ngx_int_t ngx_app_api_call_start(ngx_app_api_call_t *call);
static void ngx_app_api_call_drop(ngx_http_request_t *sr);
static ngx_int_t ngx_app_api_call_uri(ngx_app_api_call_t *call,
    ngx_str_t *text, ngx_str_t *uri, ngx_str_t *args);
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
static ngx_int_t ngx_app_api_call_done(ngx_http_request_t *sr, void *data,
    ngx_int_t rc);
static void ngx_app_api_call_release(ngx_app_run_t *run, void *data,
    ngx_uint_t failed);
static ngx_int_t ngx_app_api_call_finish(ngx_app_api_call_t *call);
static ngx_int_t ngx_app_api_call_text(ngx_app_api_call_t *call,
    ngx_str_t *s);
static ngx_app_api_call_t *ngx_app_api_call_of(ngx_http_request_t *r);
static ngx_int_t ngx_app_api_call_header_filter(ngx_http_request_t *r);
static ngx_int_t ngx_app_api_call_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in);
static ngx_int_t ngx_app_api_call_init(ngx_conf_t *cf);


static const char  ngx_app_api_call_tag;


static ngx_http_module_t  ngx_app_api_fetch_module_ctx = {
    NULL,                                  /* preconfiguration */
    ngx_app_api_call_init,                 /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_app_api_fetch_module = {
    NGX_MODULE_V1,
    &ngx_app_api_fetch_module_ctx,         /* module context */
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
ngx_app_api_fetch_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_int_t            rc;
    ngx_app_run_hold_t  *hold;
    ngx_app_api_call_t  *call;

    if (run->request == NULL) {
        return NGX_ERROR;
    }

    hold = ngx_app_run_hold(run, &ngx_app_api_call_tag);
    if (hold == NULL) {
        return NGX_ERROR;
    }

    call = ngx_pcalloc(run->env.pool, sizeof(ngx_app_api_call_t));
    if (call == NULL) {
        return NGX_ERROR;
    }

    call->conf = step->conf;
    call->run = run;
    call->step = step;

    call->timer.handler = ngx_app_api_call_timeout;
    call->timer.data = call;
    call->timer.log = run->log;

    call->event.handler = ngx_app_api_call_event;
    call->event.data = call;
    call->event.log = run->log;

    ngx_app_buf_init(&call->out, run->env.pool, NGX_APP_API_FETCH_CHUNK,
                     call->conf->max_size);

    hold->data = call;
    hold->release = ngx_app_api_call_release;

    if (ngx_app_api_session_idle(run) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_app_api_call_start(call);

    if (rc == NGX_DECLINED) {
        return ngx_app_api_call_finish(call);
    }

    return rc;
}


/* NGX_AGAIN; NGX_DECLINED: call->failure tells why; NGX_ERROR */

static ngx_int_t
ngx_app_api_call_start(ngx_app_api_call_t *call)
{
    ngx_int_t                    rc;
    ngx_str_t                    text, uri, args;
    ngx_http_request_t          *sr;
    ngx_http_post_subrequest_t  *ps;

    rc = ngx_app_api_call_uri(call, &text, &uri, &args);

    if (rc != NGX_OK) {
        return rc;
    }

    ps = ngx_palloc(call->run->env.pool, sizeof(ngx_http_post_subrequest_t));
    if (ps == NULL) {
        return NGX_ERROR;
    }

    ps->handler = ngx_app_api_call_done;
    ps->data = call;

    if (ngx_http_subrequest(call->run->request, &uri, &args, &sr, ps,
                            NGX_HTTP_SUBREQUEST_BACKGROUND)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    call->sub = sr;
    sr->unparsed_uri = text;

    /*
     * From here on the subrequest will run, and may not start half-made: one
     * that cannot be completed ends before its first phase.
     */

    if (ngx_app_api_call_request(call, sr) != NGX_OK) {
        call->over = 1;
        sr->write_event_handler = ngx_app_api_call_drop;
        return NGX_ERROR;
    }

    ngx_add_timer(&call->timer, call->conf->timeout);

    /* posted requests are run only where nobody is in the middle of one */

    ngx_post_event(&call->event, &ngx_posted_events);

    return NGX_AGAIN;
}


static void
ngx_app_api_call_drop(ngx_http_request_t *sr)
{
    ngx_http_finalize_request(sr, NGX_DONE);
}


static ngx_int_t
ngx_app_api_call_uri(ngx_app_api_call_t *call, ngx_str_t *text,
    ngx_str_t *uri, ngx_str_t *args)
{
    ngx_int_t   rc;
    ngx_uint_t  flags;

    rc = ngx_app_api_fetch_encode(call->conf->uri, &call->run->env,
                                  NGX_APP_API_FETCH_URI_MAX, text);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    flags = 0;
    *uri = *text;
    ngx_str_null(args);

    if (rc == NGX_BUSY
        || ngx_http_parse_unsafe_uri(call->run->request, uri, args, &flags)
           != NGX_OK)
    {
        call->status = NGX_HTTP_BAD_REQUEST;
        call->failure = (rc == NGX_BUSY) ? "its URI is too long"
                                         : "its URI is unsafe";
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/* nothing of the client's request goes out but what the route puts in */

static ngx_int_t
ngx_app_api_call_request(ngx_app_api_call_t *call, ngx_http_request_t *sr)
{
    ngx_http_request_t         *r;
    ngx_http_core_main_conf_t  *cmcf;

    r = call->run->request;

    sr->method = call->conf->method;
    sr->method_name = call->conf->method_name;
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
    ngx_str_t                    value;
    ngx_uint_t                   i, accept;
    ngx_table_elt_t             *h;
    ngx_http_headers_in_t       *in;
    ngx_app_api_fetch_header_t  *header;

    static ngx_str_t  accept_key = ngx_string("Accept");
    static ngx_str_t  accept_low = ngx_string("accept");
    static ngx_str_t  accept_json = ngx_string("application/json");

    in = &sr->headers_in;
    value = in->server;

    ngx_memzero(in, sizeof(ngx_http_headers_in_t));

    in->server = value;
    in->content_length_n = -1;
    in->keep_alive_n = -1;

    if (ngx_list_init(&in->headers, sr->pool, 8, sizeof(ngx_table_elt_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    accept = 0;
    header = call->conf->headers.elts;

    for (i = 0; i < call->conf->headers.nelts; i++) {

        if (ngx_app_template_string(header[i].value, &call->run->env,
                                    NGX_APP_API_FETCH_LINE_MAX, &value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        h = ngx_app_api_call_header(sr, &header[i].key, &header[i].lowcase,
                                    &value);
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
    ngx_int_t                 rc;
    ngx_str_t                 text, value;
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

    ngx_str_null(&text);

    if (call->conf->body) {
        rc = call->conf->encoded
             ? ngx_app_api_fetch_encode(call->conf->body, &call->run->env,
                                        NGX_APP_LANG_MAX_TEXT, &text)
             : ngx_app_template_string(call->conf->body, &call->run->env,
                                       NGX_APP_LANG_MAX_TEXT, &text);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (text.len) {
        b = ngx_calloc_buf(sr->pool);
        rb->bufs = ngx_alloc_chain_link(sr->pool);

        if (b == NULL || rb->bufs == NULL) {
            return NGX_ERROR;
        }

        b->start = text.data;
        b->pos = text.data;
        b->last = text.data + text.len;
        b->end = b->last;
        b->memory = 1;
        b->last_buf = 1;

        rb->bufs->buf = b;
        rb->bufs->next = NULL;
        rb->buf = b;
    }

    sr->headers_in.content_length_n = text.len;

    value.data = ngx_pnalloc(sr->pool, NGX_OFF_T_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%uz", text.len) - value.data;

    sr->headers_in.content_length = ngx_app_api_call_header(sr, &length_key,
                                                        &length_low, &value);
    if (sr->headers_in.content_length == NULL) {
        return NGX_ERROR;
    }

    if (text.len == 0 || sr->headers_in.content_type) {
        return NGX_OK;
    }

    sr->headers_in.content_type = ngx_app_api_call_header(sr, &type_key,
                                            &type_low, &call->conf->type);

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

    c = call->run->request->connection;

    if (!call->done) {
        ngx_http_run_posted_requests(c);
        return;
    }

    ngx_http_set_log_request(c->log, call->run->request);

    ngx_app_run_resume(call->run, ngx_app_api_call_finish(call));
}


static void
ngx_app_api_call_timeout(ngx_event_t *ev)
{
    ngx_app_api_call_t *call = ev->data;

    ngx_http_upstream_t      *u;
    ngx_http_cleanup_pt       cleanup;

    call->over = 1;

    if (!call->done) {
        call->done = 1;
        call->status = NGX_HTTP_GATEWAY_TIME_OUT;
        call->failure = "it took longer than timeout=";

        /*
         * An upstream is left at once; that ends the subrequest too.  Another
         * handler goes on to its end, with nobody to hear of it.
         */

        u = call->sub->upstream;

        if (u && u->cleanup) {
            cleanup = *u->cleanup;
            cleanup(call->sub);
        }
    }

    if (call->event.posted) {
        ngx_delete_posted_event(&call->event);
    }

    ngx_app_api_call_event(&call->event);
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
        return rc;
    }

    if (call->over || call->done) {
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

    call->done = 1;

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


static void
ngx_app_api_call_release(ngx_app_run_t *run, void *data, ngx_uint_t failed)
{
    ngx_app_api_call_t *call = data;

    call->over = 1;

    if (call->timer.timer_set) {
        ngx_del_timer(&call->timer);
    }

    if (call->event.posted) {
        ngx_delete_posted_event(&call->event);
    }
}


/* returns the result of the step */

static ngx_int_t
ngx_app_api_call_finish(ngx_app_api_call_t *call)
{
    ngx_str_t             body;
    ngx_app_run_t        *run;
    ngx_app_api_fetch_t  *conf;

    run = call->run;
    conf = call->conf;

    ngx_app_api_call_release(run, call, 0);

    if (call->failure) {
        ngx_log_error(NGX_LOG_ERR, run->log, 0,
                      "app api: \"fetch %V\" in %V:%ui got no answer: %s",
                      &conf->symbol->name, &call->step->file,
                      call->step->line, call->failure);
    }

    if (conf->failed.status
        && (call->failure || call->status < NGX_HTTP_OK
            || call->status >= NGX_HTTP_SPECIAL_RESPONSE))
    {
        if (call->failure == NULL) {
            ngx_log_error(NGX_LOG_WARN, run->log, 0,
                          "app api: \"fetch %V\" in %V:%ui was answered "
                          "with %ui", &conf->symbol->name,
                          &call->step->file, call->step->line, call->status);
        }

        return ngx_app_api_refuse(run, &conf->failed);
    }

    if (call->failure == NULL && ngx_app_api_call_text(call, &body) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_app_api_fetch_set(&run->env, conf->symbol, call->status,
                                 call->failure ? NULL : &body);
}


static ngx_int_t
ngx_app_api_call_text(ngx_app_api_call_t *call, ngx_str_t *s)
{
    u_char       *p;
    size_t        size;
    ngx_chain_t  *cl;

    ngx_str_null(s);

    cl = ngx_app_buf_take(&call->out, &size);

    if (cl == NULL) {
        return call->out.buf ? NGX_ERROR : NGX_OK;
    }

    s->len = size;
    s->data = cl->buf->pos;

    if (cl->next == NULL) {
        return NGX_OK;
    }

    s->data = ngx_pnalloc(call->run->env.pool, size);
    if (s->data == NULL) {
        return NGX_ERROR;
    }

    for (p = s->data; cl; cl = cl->next) {
        p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    return NGX_OK;
}


ngx_int_t
ngx_app_api_fetch_encode(ngx_app_template_t *t, ngx_app_env_t *env,
    size_t limit, ngx_str_t *s)
{
    u_char          *p;
    size_t           n;
    ngx_int_t        rc;
    ngx_str_t        text;
    ngx_uint_t       i;
    ngx_chain_t     *cl;
    ngx_app_buf_t    b;

    ngx_app_buf_init(&b, env->pool, 256, limit);

    for (i = 0; i < t->nparts; i++) {

        text = t->parts[i].text;

        if (t->parts[i].type == NGX_APP_PART_LITERAL) {
            rc = ngx_app_buf_write(&b, text.data, text.len);

            if (rc != NGX_OK) {
                return rc;
            }

            continue;
        }

        if (t->parts[i].type == NGX_APP_PART_SLOT) {
            rc = ngx_app_value_text(&env->slots[t->parts[i].index],
                                    env->pool, &text);

        } else {
            rc = env->variable(env, t->parts[i].index, &text);
        }

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_DECLINED || text.len == 0) {
            continue;
        }

        n = text.len + 2 * ngx_escape_uri(NULL, text.data, text.len,
                                          NGX_ESCAPE_URI_COMPONENT);

        p = ngx_app_buf_reserve(&b, n);
        if (p == NULL) {
            return ngx_app_buf_failed(&b);
        }

        b.pos = (u_char *) ngx_escape_uri(p, text.data, text.len,
                                          NGX_ESCAPE_URI_COMPONENT);
    }

    cl = ngx_app_buf_take(&b, &s->len);

    if (cl == NULL) {
        s->data = NULL;
        return b.buf ? NGX_ERROR : NGX_OK;
    }

    s->data = cl->buf->pos;

    if (cl->next == NULL) {
        return NGX_OK;
    }

    s->data = ngx_pnalloc(env->pool, s->len);
    if (s->data == NULL) {
        return NGX_ERROR;
    }

    for (p = s->data; cl; cl = cl->next) {
        p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    return NGX_OK;
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

    if (call->over) {
        return NGX_ERROR;
    }

    if (r->headers_out.content_length_n > (off_t) call->conf->max_size
        && !r->header_only)
    {
        call->failure = "its answer is larger than max_size=";
        return NGX_ERROR;
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
    ngx_int_t            rc;
    ngx_chain_t         *cl;
    ngx_app_api_call_t  *call;

    call = ngx_app_api_call_of(r);

    if (call == NULL) {
        return ngx_app_api_call_next_body_filter(r, in);
    }

    if (call->over) {
        return NGX_ERROR;
    }

    for (cl = in; cl; cl = cl->next) {

        b = cl->buf;

        if (b->last_buf || b->last_in_chain) {
            call->last = 1;
        }

        if (ngx_buf_special(b) || !ngx_buf_in_memory(b)) {
            continue;
        }

        rc = ngx_app_buf_write(&call->out, b->pos, b->last - b->pos);

        if (rc != NGX_OK) {
            call->failure = (rc == NGX_BUSY)
                            ? "its answer is larger than max_size="
                            : "there is no memory";
            return NGX_ERROR;
        }

        b->pos = b->last;

        if (b->in_file) {
            b->file_pos = b->file_last;
        }
    }

    return NGX_OK;
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
