
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_jwks.h>
#include <auth/ngx_app_jwks.h>
#include <http/ngx_app_detached.h>


static ngx_int_t ngx_app_api_jwks_state(ngx_app_api_jwks_wait_t *w);
static void ngx_app_api_jwks_expire(ngx_app_api_jwks_t *jwks);
static ngx_int_t ngx_app_api_jwks_wait(ngx_app_api_jwks_wait_t *w);
static void ngx_app_api_jwks_timeout(ngx_event_t *ev);
static ngx_int_t ngx_app_api_jwks_fetch(ngx_app_api_jwks_t *jwks,
    ngx_http_request_t *r, ngx_uint_t force);
static ngx_int_t ngx_app_api_jwks_call(ngx_app_api_jwks_t *jwks,
    ngx_http_request_t *r, ngx_uint_t force);
static void ngx_app_api_jwks_done(ngx_app_api_call_t *call);
static ngx_int_t ngx_app_api_jwks_take(ngx_app_api_jwks_t *jwks,
    ngx_app_api_call_t *call);
static ngx_int_t ngx_app_api_jwks_read(ngx_app_api_jwks_t *jwks,
    ngx_str_t *text, ngx_log_t *log, const char **err);
static void ngx_app_api_jwks_wake(ngx_app_api_jwks_t *jwks);


/* the path that is asked for in a named location, as many publish it */

static ngx_str_t  ngx_app_api_jwks_path =
    ngx_string("/.well-known/jwks.json");

static ngx_app_api_call_header_t  ngx_app_api_jwks_no_cache = {
    ngx_string("Cache-Control"),
    ngx_string("cache-control"),
    ngx_string("no-cache")
};


#define ngx_app_api_jwks_since(t)  ((ngx_msec_t) (ngx_current_msec - (t)))


ngx_int_t
ngx_app_api_jwks_need(ngx_app_api_jwks_wait_t *w)
{
    ngx_int_t  rc;

    rc = ngx_app_api_jwks_state(w);

    return (rc == NGX_AGAIN) ? ngx_app_api_jwks_wait(w) : rc;
}


/* NGX_AGAIN: a fetch is at work that w is to wait for */

static ngx_int_t
ngx_app_api_jwks_state(ngx_app_api_jwks_wait_t *w)
{
    ngx_uint_t           force, may;
    ngx_app_api_jwks_t  *jwks;

    jwks = w->jwks;

    ngx_app_api_jwks_expire(jwks);

    may = !jwks->was_asked
          || ngx_app_api_jwks_since(jwks->asked) >= jwks->retry;

    if (ngx_app_jwt_key_find(jwks->jwt, &w->kid)) {

        if (may && jwks->call == NULL
            && ngx_app_api_jwks_since(jwks->taken) >= jwks->ttl)
        {
            (void) ngx_app_api_jwks_fetch(jwks, w->request, 0);
        }

        return NGX_OK;
    }

    /* which one of several keys it is will be said by no newer set either */

    if (jwks->pool && w->kid.len == 0) {
        return NGX_OK;
    }

    if (jwks->call) {
        return NGX_AGAIN;
    }

    /*
     * The name of a key that has come since, or one that somebody has made
     * up: so it is asked for, at once, but not often.
     */

    force = (jwks->pool != NULL);

    if (force) {
        may = !jwks->was_forced
              || ngx_app_api_jwks_since(jwks->forced) >= jwks->retry;
    }

    if (may) {
        return ngx_app_api_jwks_fetch(jwks, w->request, force);
    }

    return (jwks->pool && !jwks->failed) ? NGX_OK : NGX_BUSY;
}


static void
ngx_app_api_jwks_expire(ngx_app_api_jwks_t *jwks)
{
    if (jwks->pool == NULL
        || ngx_app_api_jwks_since(jwks->taken) <= jwks->ttl + jwks->stale)
    {
        return;
    }

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "app auth: the %V are too old to go on with", &jwks->who);

    ngx_destroy_pool(jwks->pool);
    jwks->pool = NULL;
    jwks->jwt->keys.nelts = 0;
}


static ngx_int_t
ngx_app_api_jwks_wait(ngx_app_api_jwks_wait_t *w)
{
    ngx_app_api_jwks_t  *jwks;

    jwks = w->jwks;

    if (jwks->nwaiters == jwks->queue) {
        ngx_log_error(NGX_LOG_ERR, w->request->connection->log, 0,
                      "app auth: more requests than jwks_queue= wait for the "
                      "%V", &jwks->who);
        return NGX_BUSY;
    }

    if (jwks->waiters.next == NULL) {
        ngx_queue_init(&jwks->waiters);
    }

    ngx_queue_insert_tail(&jwks->waiters, &w->queue);
    jwks->nwaiters++;
    w->waits = 1;

    if (!w->timer.timer_set) {
        w->timer.handler = ngx_app_api_jwks_timeout;
        w->timer.data = w;
        w->timer.log = w->request->connection->log;
        ngx_add_timer(&w->timer, jwks->timeout);
    }

    return NGX_AGAIN;
}


static void
ngx_app_api_jwks_timeout(ngx_event_t *ev)
{
    ngx_app_api_jwks_wait_t *w = ev->data;

    ngx_log_error(NGX_LOG_ERR, ev->log, 0,
                  "app auth: the %V did not come within jwks_timeout=",
                  &w->jwks->who);

    ngx_app_api_jwks_leave(w);
    w->done(w, NGX_BUSY);
}


void
ngx_app_api_jwks_leave(ngx_app_api_jwks_wait_t *w)
{
    if (w->waits) {
        ngx_queue_remove(&w->queue);
        w->jwks->nwaiters--;
        w->waits = 0;
    }

    if (w->timer.timer_set) {
        ngx_del_timer(&w->timer);
    }
}


/* NGX_AGAIN, or NGX_BUSY */

static ngx_int_t
ngx_app_api_jwks_fetch(ngx_app_api_jwks_t *jwks, ngx_http_request_t *r,
    ngx_uint_t force)
{
    jwks->asked = ngx_current_msec;
    jwks->was_asked = 1;

    if (force) {
        jwks->forced = ngx_current_msec;
        jwks->was_forced = 1;
    }

    if (ngx_app_api_jwks_call(jwks, r, force) == NGX_OK) {
        return NGX_AGAIN;
    }

    jwks->failed = 1;

    ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                  "app auth: the %V cannot be fetched from \"%V\"",
                  &jwks->who, &jwks->location);

    return NGX_BUSY;
}


static ngx_int_t
ngx_app_api_jwks_call(ngx_app_api_jwks_t *jwks, ngx_http_request_t *r,
    ngx_uint_t force)
{
    ngx_app_api_call_t        *call;
    ngx_http_request_t        *detached;
    ngx_http_core_srv_conf_t  *cscf;

    cscf = ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    detached = ngx_app_detached_create(cscf->ctx, &jwks->who);
    if (detached == NULL) {
        return NGX_ERROR;
    }

    call = ngx_pcalloc(detached->pool, sizeof(ngx_app_api_call_t));
    if (call == NULL) {
        ngx_app_detached_free(detached);
        return NGX_ERROR;
    }

    call->request = detached;
    call->method = NGX_HTTP_GET;
    ngx_str_set(&call->method_name, "GET");
    call->uri = jwks->location;
    call->timeout = jwks->timeout;
    call->max_size = jwks->max_size;
    call->done = ngx_app_api_jwks_done;
    call->data = jwks;

    if (jwks->location.data[0] == '@') {
        call->location = jwks->location;
        call->uri = ngx_app_api_jwks_path;
    }

    if (force) {
        call->headers.elts = &ngx_app_api_jwks_no_cache;
        call->headers.nelts = 1;
    }

    if (ngx_app_api_call_start(call) != NGX_AGAIN) {
        ngx_app_detached_free(detached);
        return NGX_ERROR;
    }

    jwks->call = call;

    return NGX_OK;
}


static void
ngx_app_api_jwks_done(ngx_app_api_call_t *call)
{
    ngx_app_api_jwks_t *jwks = call->data;

    jwks->call = NULL;
    jwks->failed = (ngx_app_api_jwks_take(jwks, call) != NGX_OK);

    ngx_app_detached_free(call->request);

    ngx_app_api_jwks_wake(jwks);
}


static ngx_int_t
ngx_app_api_jwks_take(ngx_app_api_jwks_t *jwks, ngx_app_api_call_t *call)
{
    ngx_int_t    rc;
    ngx_log_t   *log;
    ngx_str_t    text;
    const char  *err;

    log = call->request->connection->log;
    log->action = NULL;

    if (call->failure == NULL && call->status != NGX_HTTP_OK) {
        ngx_log_error(NGX_LOG_ERR, log, 0,
                      "app auth: the %V were not to be had from \"%V\", "
                      "which has answered with %ui", &jwks->who,
                      &jwks->location, call->status);
        return NGX_DECLINED;
    }

    err = call->failure;
    rc = NGX_DECLINED;

    if (err == NULL) {
        rc = ngx_app_buf_text(&call->out, &text);

        if (rc == NGX_OK) {
            rc = ngx_app_api_jwks_read(jwks, &text, log, &err);
        }
    }

    if (rc != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, log, 0,
                      "app auth: the %V were not to be had from \"%V\": %s",
                      &jwks->who, &jwks->location,
                      rc == NGX_ERROR ? "there is no memory" : err);
    }

    return rc;
}


/* the old keys stay unless there are new ones */

static ngx_int_t
ngx_app_api_jwks_read(ngx_app_api_jwks_t *jwks, ngx_str_t *text,
    ngx_log_t *log, const char **err)
{
    ngx_int_t                rc;
    ngx_pool_t              *pool;
    ngx_uint_t               i;
    ngx_app_jwks_t           set;
    ngx_app_jwks_skipped_t  *skipped;

    pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, ngx_cycle->log);
    if (pool == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&set, sizeof(ngx_app_jwks_t));
    set.alg = jwks->jwt->alg;
    set.max_keys = jwks->max_keys;

    rc = ngx_app_jwks_parse(&set, text, pool, err);

    skipped = set.skipped.elts;

    for (i = 0; i < set.skipped.nelts; i++) {
        ngx_log_error(NGX_LOG_INFO, log, 0,
                      "app auth: key \"%V\" of the %V is not used: %s",
                      &skipped[i].kid, &jwks->who, skipped[i].why);
    }

    if (rc != NGX_OK) {
        ngx_destroy_pool(pool);
        return rc;
    }

    if (jwks->pool) {
        ngx_destroy_pool(jwks->pool);
    }

    jwks->pool = pool;
    jwks->jwt->keys = set.keys;
    jwks->taken = ngx_current_msec;

    ngx_log_error(NGX_LOG_INFO, log, 0, "app auth: %ui %V were fetched",
                  set.keys.nelts, &jwks->who);

    return NGX_OK;
}


/*
 * A request that goes on may end others, and what it does next may wait anew.
 * For a key that a new set has not either a cache may be to blame.
 */

static void
ngx_app_api_jwks_wake(ngx_app_api_jwks_t *jwks)
{
    ngx_int_t                 rc;
    ngx_queue_t               list, *q;
    ngx_app_api_jwks_wait_t  *w;

    if (jwks->nwaiters == 0) {
        return;
    }

    ngx_queue_init(&list);
    ngx_queue_add(&list, &jwks->waiters);
    ngx_queue_init(&jwks->waiters);

    while (!ngx_queue_empty(&list)) {

        q = ngx_queue_head(&list);
        w = ngx_queue_data(q, ngx_app_api_jwks_wait_t, queue);

        ngx_queue_remove(q);
        jwks->nwaiters--;
        w->waits = 0;

        rc = jwks->failed ? NGX_BUSY : ngx_app_api_jwks_need(w);

        if (rc != NGX_AGAIN) {
            ngx_app_api_jwks_leave(w);
            w->done(w, rc);
        }
    }
}


ngx_uint_t
ngx_app_api_jwks_retry_after(ngx_app_api_jwks_t *jwks)
{
    ngx_msec_t  since;

    since = ngx_app_api_jwks_since(jwks->asked);

    return (since < jwks->retry) ? (jwks->retry - since + 999) / 1000 : 1;
}
