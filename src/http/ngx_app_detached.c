
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <http/ngx_app_detached.h>


#define NGX_APP_DETACHED_POOL  1024
#define NGX_APP_DETACHED_WAIT  1000     /* milliseconds */


typedef struct {
    ngx_connection_t        connection;   /* the first member */
    ngx_event_t             read;
    ngx_event_t             write;
    ngx_event_t             timer;        /* looks for the last one's end */
    ngx_log_t               log;
    ngx_http_log_ctx_t      log_ctx;
    ngx_http_connection_t   hc;
    struct sockaddr         sockaddr;
    ngx_http_request_t     *request;
    ngx_str_t              *who;
} ngx_app_detached_t;


static void ngx_app_detached_connection(ngx_app_detached_t *d,
    ngx_pool_t *pool);
static ngx_int_t ngx_app_detached_request(ngx_app_detached_t *d);
static u_char *ngx_app_detached_log(ngx_log_t *log, u_char *buf, size_t len);
static void ngx_app_detached_event(ngx_event_t *ev);
static ngx_chain_t *ngx_app_detached_send_chain(ngx_connection_t *c,
    ngx_chain_t *in, off_t limit);
static void ngx_app_detached_timer(ngx_event_t *ev);


ngx_http_request_t *
ngx_app_detached_create(ngx_http_conf_ctx_t *ctx, ngx_str_t *who)
{
    ngx_pool_t          *pool;
    ngx_app_detached_t  *d;

    pool = ngx_create_pool(NGX_APP_DETACHED_POOL, ngx_cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    d = ngx_pcalloc(pool, sizeof(ngx_app_detached_t));

    if (d) {
        d->who = who;
        d->hc.conf_ctx = ctx;
        ngx_app_detached_connection(d, pool);
        d->request = ngx_http_create_request(&d->connection);
    }

    if (d == NULL || d->request == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    d->connection.data = d->request;

    if (ngx_app_detached_request(d) != NGX_OK) {
        ngx_app_detached_free(d->request);
        return NULL;
    }

    return d->request;
}


static void
ngx_app_detached_connection(ngx_app_detached_t *d, ngx_pool_t *pool)
{
    ngx_connection_t  *c;

    c = &d->connection;

    c->fd = (ngx_socket_t) -1;
    c->pool = pool;
    c->data = &d->hc;
    c->read = &d->read;
    c->write = &d->write;
    c->log = &d->log;
    c->number = ngx_atomic_fetch_add(ngx_connection_counter, 1);
    c->log_error = NGX_ERROR_INFO;

    /* no client, and none that an access rule could take for one */

    d->sockaddr.sa_family = AF_UNIX;
    c->sockaddr = &d->sockaddr;
    c->socklen = sizeof(sa_family_t);
    c->local_sockaddr = &d->sockaddr;
    c->local_socklen = c->socklen;
    ngx_str_set(&c->addr_text, "unix:");

    d->log = *ngx_cycle->log;
    d->log.connection = c->number;
    d->log.handler = ngx_app_detached_log;
    d->log.data = &d->log_ctx;
    d->log.action = NULL;
    d->log_ctx.connection = c;

    /*
     * As if there was a socket that is waited for already, has nothing to be
     * read and takes what is written: nginx adds no event and no timer then.
     */

    d->read.active = 1;
    d->write.active = 1;
    d->write.ready = 1;
    d->write.write = 1;
    c->send_chain = ngx_app_detached_send_chain;
    c->tcp_nodelay = NGX_TCP_NODELAY_DISABLED;
    c->tcp_nopush = NGX_TCP_NOPUSH_DISABLED;

    d->read.data = c;
    d->read.log = c->log;
    d->read.handler = ngx_app_detached_event;
    d->write.data = c;
    d->write.log = c->log;
    d->write.handler = ngx_app_detached_event;

    d->timer.data = d;
    d->timer.log = c->log;
    d->timer.handler = ngx_app_detached_timer;
    d->timer.cancelable = 1;
}


static ngx_int_t
ngx_app_detached_request(ngx_app_detached_t *d)
{
    ngx_http_request_t        *r;
    ngx_http_core_srv_conf_t  *cscf;

    r = d->request;
    cscf = ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    r->logged = 1;
    r->internal = 1;
    r->method = NGX_HTTP_GET;
    ngx_str_set(&r->method_name, "GET");
    r->http_version = NGX_HTTP_VERSION_11;
    ngx_str_set(&r->http_protocol, "HTTP/1.1");
    ngx_str_set(&r->uri, "/");
    r->unparsed_uri = r->uri;
    r->headers_in.server = cscf->server_name;
    r->http_state = NGX_HTTP_PROCESS_REQUEST_STATE;
    r->read_event_handler = ngx_http_request_empty_handler;
    r->write_event_handler = ngx_http_request_empty_handler;

    return ngx_list_init(&r->headers_in.headers, r->pool, 1,
                         sizeof(ngx_table_elt_t));
}


static u_char *
ngx_app_detached_log(ngx_log_t *log, u_char *buf, size_t len)
{
    u_char              *p;
    ngx_http_log_ctx_t  *ctx;
    ngx_app_detached_t  *d;

    ctx = log->data;
    d = (ngx_app_detached_t *) ctx->connection;
    p = buf;

    if (log->action) {
        p = ngx_snprintf(p, len, " while %s", log->action);
    }

    p = ngx_snprintf(p, buf + len - p, ", for %V", d->who);

    if (ctx->request) {
        p = ctx->request->log_handler(ctx->request, ctx->current_request, p,
                                      buf + len - p);
    }

    return p;
}


/* the timers with which nginx's modules delay a request */

static void
ngx_app_detached_event(ngx_event_t *ev)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    c = ev->data;
    r = c->data;

    if (ev->timedout) {
        ev->timedout = 0;
        ev->delayed = 0;
    }

    ngx_http_set_log_request(c->log, r);

    if (ev->write) {
        r->write_event_handler(r);
    }

    ngx_http_run_posted_requests(c);
}


static ngx_chain_t *
ngx_app_detached_send_chain(ngx_connection_t *c, ngx_chain_t *in, off_t limit)
{
    return NULL;
}


void
ngx_app_detached_activate(ngx_http_request_t *sr)
{
    sr->connection->data = sr;
}


void
ngx_app_detached_free(ngx_http_request_t *r)
{
    ngx_app_detached_t  *d;

    d = (ngx_app_detached_t *) r->connection;

    if (r->count > 1 || r->blocked) {
        ngx_add_timer(&d->timer, NGX_APP_DETACHED_WAIT);
        return;
    }

    if (d->read.timer_set) {
        ngx_del_timer(&d->read);
    }

    if (d->write.timer_set) {
        ngx_del_timer(&d->write);
    }

    if (d->read.posted) {
        ngx_delete_posted_event(&d->read);
    }

    if (d->write.posted) {
        ngx_delete_posted_event(&d->write);
    }

    ngx_http_free_request(r, 0);
    ngx_destroy_pool(d->connection.pool);
}


static void
ngx_app_detached_timer(ngx_event_t *ev)
{
    ngx_app_detached_t *d = ev->data;

    /* one that could not be completed is still to have its end */

    ngx_http_run_posted_requests(&d->connection);

    ngx_app_detached_free(d->request);
}
