
/*
 * Copyright (C) the project authors
 */

/*
 * The pool of a backend in one worker: lends connections, lets requests wait
 * in order and within bounds, and notices when the server is away or back.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <mysql/ngx_app_mysql_conn.h>

#include <mysqld_error.h>


static void ngx_app_mysql_pool_grow(ngx_app_mysql_pool_t *pool);
static void ngx_app_mysql_pool_wake(ngx_event_t *ev);
static ngx_uint_t ngx_app_mysql_pool_places(ngx_app_mysql_pool_t *pool);
static ngx_uint_t ngx_app_mysql_pool_is_full(ngx_uint_t error);
static void ngx_app_mysql_pool_probe(ngx_event_t *ev);
static void ngx_app_mysql_pool_silence(ngx_app_mysql_pool_t *pool);
static void ngx_app_mysql_pool_probe_in(ngx_app_mysql_pool_t *pool,
    ngx_msec_t ms);
static void ngx_app_mysql_pool_away(ngx_app_mysql_pool_t *pool);
static void ngx_app_mysql_pool_sweep(ngx_app_mysql_pool_t *pool);
static ngx_uint_t ngx_app_mysql_pool_left_open(ngx_app_mysql_conn_t *c,
    ngx_log_t *log);
static void ngx_app_mysql_pool_wait_timeout(ngx_event_t *ev);
static void ngx_app_mysql_pool_idle_timeout(ngx_event_t *ev);
static void ngx_app_mysql_pool_lend(ngx_app_mysql_conn_t *c,
    ngx_app_mysql_op_t *op);


ngx_int_t
ngx_app_mysql_pool_init(ngx_app_mysql_conf_t *conf, ngx_log_t *log)
{
    ngx_app_mysql_pool_t  *pool;

    pool = ngx_calloc(sizeof(ngx_app_mysql_pool_t), log);
    if (pool == NULL) {
        return NGX_ERROR;
    }

    pool->conf = conf;
    pool->log = log;
    pool->heard = ngx_current_msec;
    pool->backoff = ngx_current_msec;

    ngx_queue_init(&pool->idle);
    ngx_queue_init(&pool->busy);
    ngx_queue_init(&pool->waiters);
    ngx_queue_init(&pool->connects);

    pool->wake.data = pool;
    pool->wake.log = log;
    pool->wake.handler = ngx_app_mysql_pool_wake;

    pool->probe.data = pool;
    pool->probe.log = log;
    pool->probe.handler = ngx_app_mysql_pool_probe;
    pool->probe.cancelable = 1;

    conf->pool = pool;

    return NGX_OK;
}


void
ngx_app_mysql_pool_close(ngx_app_mysql_conf_t *conf)
{
    ngx_queue_t           *q;
    ngx_app_mysql_pool_t  *pool;
    ngx_app_mysql_conn_t  *c;

    pool = conf->pool;

    if (pool == NULL) {
        return;
    }

    pool->closing = 1;

    while (!ngx_queue_empty(&pool->idle)) {
        q = ngx_queue_head(&pool->idle);
        c = ngx_queue_data(q, ngx_app_mysql_conn_t, queue);
        ngx_queue_remove(q);
        ngx_app_mysql_conn_destroy(c);
    }

    while (!ngx_queue_empty(&pool->busy)) {
        q = ngx_queue_head(&pool->busy);
        c = ngx_queue_data(q, ngx_app_mysql_conn_t, queue);
        ngx_queue_remove(q);
        ngx_app_mysql_conn_destroy(c);
    }

    if (pool->probe.timer_set) {
        ngx_del_timer(&pool->probe);
    }

    if (pool->wake.posted) {
        ngx_delete_posted_event(&pool->wake);
    }

    /* a connect whose thread has not been heard may yet look at the pool */

    if (ngx_queue_empty(&pool->connects)) {
        ngx_free(pool);
        conf->pool = NULL;
        return;
    }

    ngx_app_mysql_connects_close(pool);
}


ngx_int_t
ngx_app_mysql_acquire(ngx_app_mysql_conf_t *conf, ngx_app_mysql_op_t *op)
{
    ngx_queue_t           *q;
    ngx_app_mysql_pool_t  *pool;
    ngx_app_mysql_conn_t  *c;

    pool = conf->pool;

    op->conn = NULL;
    op->waiting = NULL;

    if (pool->away) {
        ngx_app_mysql_count(pool, UNAVAILABLE, 1);
        return NGX_ERROR;
    }

    while (ngx_queue_empty(&pool->waiters) && !ngx_queue_empty(&pool->idle)) {

        q = ngx_queue_head(&pool->idle);
        c = ngx_queue_data(q, ngx_app_mysql_conn_t, queue);

        if ((ngx_msec_int_t) (c->expires - ngx_current_msec) <= 0) {
            ngx_app_mysql_pool_lost(c);
            continue;
        }

        ngx_app_mysql_pool_lend(c, op);

        return NGX_OK;
    }

    if (pool->nwaiters >= ngx_app_mysql_pool_places(pool)) {
        ngx_app_mysql_count(pool, QUEUE_FULL, 1);
        return NGX_BUSY;
    }

    ngx_app_mysql_count(pool, WAITS, 1);

    op->waiting = pool;
    pool->nwaiters++;
    ngx_queue_insert_tail(&pool->waiters, &op->queue);

    op->timer.data = op;
    op->timer.log = op->log;
    op->timer.handler = ngx_app_mysql_pool_wait_timeout;
    op->timer.cancelable = 0;
    ngx_add_timer(&op->timer, conf->wait);

    ngx_app_mysql_pool_grow(pool);

    return NGX_AGAIN;
}


/*
 * Who waits for a connection that is there or can be made needs no place in
 * the queue: that is for those who wait for others to end.
 */

static ngx_uint_t
ngx_app_mysql_pool_places(ngx_app_mysql_pool_t *pool)
{
    ngx_app_mysql_conf_t  *conf;

    conf = pool->conf;

    return conf->queue + pool->nidle
           + (conf->max > pool->nconns ? conf->max - pool->nconns : 0);
}


static void
ngx_app_mysql_pool_lend(ngx_app_mysql_conn_t *c, ngx_app_mysql_op_t *op)
{
    ngx_app_mysql_pool_t  *pool;

    pool = c->pool;

    if (c->timer.timer_set) {
        ngx_del_timer(&c->timer);
    }

    c->connection->idle = 0;

    ngx_queue_remove(&c->queue);
    ngx_queue_insert_head(&pool->busy, &c->queue);
    pool->nidle--;

    c->op = op;
    op->conn = c;
}


/*
 * A connection for each that waits, as long as there is room.  One that is
 * idle already is about to be given to the first of them.
 */

static void
ngx_app_mysql_pool_grow(ngx_app_mysql_pool_t *pool)
{
    ngx_msec_int_t  pause;

    while (!pool->away
           && pool->connecting + pool->nidle < pool->nwaiters
           && pool->nconns + pool->connecting < pool->conf->max)
    {
        pause = (ngx_msec_int_t) (pool->backoff - ngx_current_msec);

        if (pause > 0) {
            ngx_app_mysql_pool_probe_in(pool, pause);
            return;
        }

        if (ngx_app_mysql_connect(pool, 0) != NGX_OK) {

            /*
             * No thread takes it.  Whoever waits learns that from the event
             * loop, never from inside of an acquire or a release.
             */

            pool->refused = 1;
            ngx_post_event(&pool->wake, &ngx_posted_events);
            return;
        }
    }
}


void
ngx_app_mysql_release(ngx_app_mysql_op_t *op)
{
    ngx_app_mysql_conn_t  *c;

    c = op->conn;

    if (c == NULL) {
        return;
    }

    op->conn = NULL;
    c->op = NULL;

    ngx_app_mysql_pool_give_back(c, op->log);
}


void
ngx_app_mysql_pool_give_back(ngx_app_mysql_conn_t *c, ngx_log_t *log)
{
    ngx_app_mysql_pool_t  *pool;

    pool = c->pool;

    if (ngx_app_mysql_pool_left_open(c, log)
        || c->broken
        || c->altered
        || pool->away
        || (ngx_exiting && pool->nwaiters == 0)
        || (ngx_msec_int_t) (c->expires - ngx_current_msec) <= 0)
    {
        ngx_app_mysql_pool_lost(c);
        return;
    }

    if (c->doubt) {
        c->doubt = 0;
        ngx_app_mysql_conn_undo(c);
        return;
    }

    c->connection->idle = 1;

    ngx_queue_remove(&c->queue);
    ngx_queue_insert_head(&pool->idle, &c->queue);
    pool->nidle++;

    c->timer.handler = ngx_app_mysql_pool_idle_timeout;
    c->timer.cancelable = 1;
    ngx_add_timer(&c->timer, pool->conf->idle);

    if (pool->nwaiters) {
        ngx_post_event(&pool->wake, &ngx_posted_events);
    }
}


/*
 * What statements have done behind the back of begin and commit is seen in the
 * status that came with the last answer.  The next request must neither write
 * into a transaction that nobody commits nor end it.
 */

static ngx_uint_t
ngx_app_mysql_pool_left_open(ngx_app_mysql_conn_t *c, ngx_log_t *log)
{
    const char  *what;

    if (c->broken) {
        return 0;
    }

    if (c->mysql->server_status & SERVER_STATUS_IN_TRANS) {
        what = "a transaction open";

    } else if (c->autocommit
               && !(c->mysql->server_status & SERVER_STATUS_AUTOCOMMIT))
    {
        what = "autocommit off";

    } else {
        return 0;
    }

    ngx_log_error(NGX_LOG_WARN, log, 0,
                  "app mysql: a statement has left %s on a connection to "
                  "\"%V\", it is closed and what was not committed is undone",
                  what, &c->pool->conf->name);

    return 1;
}


/*
 * Waiters get their connections here, from the event loop, and not inside of
 * somebody's release: otherwise one request would run within another.
 */

static void
ngx_app_mysql_pool_wake(ngx_event_t *ev)
{
    ngx_queue_t           *q;
    ngx_app_mysql_op_t    *op;
    ngx_app_mysql_pool_t  *pool;
    ngx_app_mysql_conn_t  *c;

    pool = ev->data;

    if (pool->refused) {
        pool->refused = 0;

        if (pool->nconns == 0 && pool->connecting == 0 && !pool->away) {
            ngx_log_error(NGX_LOG_ERR, pool->log, 0,
                          "app mysql: no thread to connect to \"%V\"",
                          &pool->conf->name);
            ngx_app_mysql_pool_away(pool);
            return;
        }
    }

    while (!ngx_queue_empty(&pool->waiters) && !ngx_queue_empty(&pool->idle)) {

        q = ngx_queue_head(&pool->waiters);
        op = ngx_queue_data(q, ngx_app_mysql_op_t, queue);
        ngx_queue_remove(q);
        pool->nwaiters--;
        op->waiting = NULL;
        ngx_del_timer(&op->timer);

        q = ngx_queue_head(&pool->idle);
        c = ngx_queue_data(q, ngx_app_mysql_conn_t, queue);

        ngx_app_mysql_pool_lend(c, op);

        ngx_app_mysql_op_done(op, NGX_OK);
    }
}


static void
ngx_app_mysql_pool_wait_timeout(ngx_event_t *ev)
{
    ngx_app_mysql_op_t  *op = ev->data;

    ngx_app_mysql_count(op->waiting, WAIT_TIMEOUTS, 1);

    ngx_queue_remove(&op->queue);
    op->waiting->nwaiters--;
    op->waiting = NULL;

    ngx_app_mysql_op_done(op, NGX_BUSY);
}


static void
ngx_app_mysql_pool_idle_timeout(ngx_event_t *ev)
{
    ngx_app_mysql_conn_t  *c = ev->data;

    ngx_app_mysql_pool_lost(c);
}


/* a connection leaves the pool; whoever waits may need another */

void
ngx_app_mysql_pool_lost(ngx_app_mysql_conn_t *c)
{
    ngx_app_mysql_pool_t  *pool;

    pool = c->pool;

    ngx_queue_remove(&c->queue);

    if (c->connection->idle) {
        pool->nidle--;
    }

    pool->nconns--;

    ngx_app_mysql_conn_destroy(c);

    if (pool->closing) {
        return;
    }

    ngx_app_mysql_pool_sweep(pool);
    ngx_app_mysql_pool_grow(pool);
}


/*
 * When one connection is gone the others often are: those that the server has
 * closed must not be lent just because their event comes later in this turn.
 */

static void
ngx_app_mysql_pool_sweep(ngx_app_mysql_pool_t *pool)
{
    ngx_queue_t           *q, *next;
    ngx_app_mysql_conn_t  *c;

    for (q = ngx_queue_head(&pool->idle);
         q != ngx_queue_sentinel(&pool->idle);
         q = next)
    {
        next = ngx_queue_next(q);
        c = ngx_queue_data(q, ngx_app_mysql_conn_t, queue);

        if (ngx_app_mysql_conn_alive(c) != NGX_OK) {
            ngx_queue_remove(q);
            pool->nidle--;
            pool->nconns--;
            ngx_app_mysql_conn_destroy(c);
        }
    }
}


void
ngx_app_mysql_pool_connected(ngx_app_mysql_pool_t *pool, MYSQL *mysql,
    ngx_uint_t probe)
{
    ngx_uint_t             spare;
    ngx_app_mysql_conn_t  *c;

    pool->heard = ngx_current_msec;

    /* the server is only slow: the probe has done its work */
    spare = (probe && !pool->away && pool->nwaiters == 0);

    if (pool->away) {
        pool->away = 0;
        ngx_log_error(NGX_LOG_NOTICE, pool->log, 0,
                      "app mysql: \"%V\" is back", &pool->conf->name);
    }

    if (spare
        || (ngx_exiting && pool->nwaiters == 0)
        || pool->nconns >= pool->conf->max)
    {
        mysql_close(mysql);
        return;
    }

    c = ngx_app_mysql_conn_create(pool, mysql);
    if (c == NULL) {
        mysql_close(mysql);

        if (pool->nconns == 0) {
            ngx_app_mysql_pool_away(pool);
        }

        return;
    }

    ngx_app_mysql_count(pool, CONNECTS, 1);
    ngx_app_mysql_count(pool, CONNECTIONS, 1);

    pool->nconns++;
    ngx_queue_insert_head(&pool->busy, &c->queue);

    ngx_app_mysql_pool_give_back(c, pool->log);
}


void
ngx_app_mysql_pool_failed(ngx_app_mysql_pool_t *pool, ngx_uint_t error,
    u_char *text, ngx_uint_t probe)
{
    ngx_app_mysql_count(pool, CONNECT_ERRORS, 1);

    pool->backoff = ngx_current_msec + pool->conf->retry;

    /*
     * A server that is full refuses one connection more, but goes on serving
     * those that it has, or is just about to have.
     */

    if (ngx_app_mysql_pool_is_full(error)
        && (pool->nconns || pool->connecting))
    {
        pool->heard = ngx_current_msec;

        ngx_log_error(NGX_LOG_WARN, pool->log, 0,
                      "app mysql: \"%V\" gives no more connections: (%ui) %s",
                      &pool->conf->name, error, text);

        ngx_app_mysql_pool_grow(pool);
        return;
    }

    if (!pool->away) {
        ngx_log_error(NGX_LOG_ERR, pool->log, 0,
                      "app mysql: \"%V\" is away: (%ui) %s",
                      &pool->conf->name, error, text);
    }

    ngx_app_mysql_pool_away(pool);
}


static ngx_uint_t
ngx_app_mysql_pool_is_full(ngx_uint_t error)
{
    return error == ER_CON_COUNT_ERROR
           || error == ER_TOO_MANY_USER_CONNECTIONS
           || error == ER_USER_LIMIT_REACHED;
}


/*
 * The server is away: all that wait for it are answered now, new requests are
 * refused at once, and a probe goes on until it is back.
 */

static void
ngx_app_mysql_pool_away(ngx_app_mysql_pool_t *pool)
{
    ngx_queue_t           *q;
    ngx_queue_t            busy;
    ngx_app_mysql_op_t    *op;
    ngx_app_mysql_conn_t  *c;

    pool->away = 1;

    ngx_app_mysql_pool_probe_in(pool, pool->conf->retry);

    while (!ngx_queue_empty(&pool->idle)) {
        q = ngx_queue_head(&pool->idle);
        c = ngx_queue_data(q, ngx_app_mysql_conn_t, queue);
        ngx_queue_remove(q);
        pool->nidle--;
        pool->nconns--;
        ngx_app_mysql_conn_destroy(c);
    }

    while (!ngx_queue_empty(&pool->waiters)) {
        q = ngx_queue_head(&pool->waiters);
        op = ngx_queue_data(q, ngx_app_mysql_op_t, queue);
        ngx_queue_remove(q);
        pool->nwaiters--;
        op->waiting = NULL;
        ngx_del_timer(&op->timer);

        ngx_app_mysql_op_done(op, NGX_ERROR);
    }

    /*
     * Each end of a statement may take others off the list, so it is walked
     * from its head until only connections without a statement are left.
     */

    ngx_queue_init(&busy);

    while (!ngx_queue_empty(&pool->busy)) {
        q = ngx_queue_head(&pool->busy);
        c = ngx_queue_data(q, ngx_app_mysql_conn_t, queue);

        ngx_queue_remove(q);
        ngx_queue_insert_tail(&busy, q);

        c->broken = 1;

        if (c->busy) {
            ngx_app_mysql_conn_finish(c, NGX_ERROR);
        }
    }

    if (!ngx_queue_empty(&busy)) {
        ngx_queue_add(&pool->busy, &busy);
    }
}


/*
 * While statements run, silence of the server is looked into: a new connection
 * tells a slow statement from a server that does not answer at all.
 */

void
ngx_app_mysql_pool_watch(ngx_app_mysql_pool_t *pool)
{
    ngx_app_mysql_pool_probe_in(pool, pool->conf->stall);
}


static void
ngx_app_mysql_pool_probe(ngx_event_t *ev)
{
    ngx_app_mysql_pool_t  *pool;

    pool = ev->data;

    if (!pool->away) {
        ngx_app_mysql_pool_grow(pool);
        ngx_app_mysql_pool_silence(pool);
        return;
    }

    if (ngx_exiting) {
        return;
    }

    if (!pool->probing) {
        (void) ngx_app_mysql_connect(pool, 1);
    }

    ngx_app_mysql_pool_probe_in(pool, pool->conf->retry);
}


static void
ngx_app_mysql_pool_silence(ngx_app_mysql_pool_t *pool)
{
    ngx_msec_t             since;
    ngx_uint_t             running;
    ngx_queue_t           *q;
    ngx_msec_int_t         quiet;
    ngx_app_mysql_conn_t  *c;

    since = ngx_current_msec;
    running = 0;

    for (q = ngx_queue_head(&pool->busy);
         q != ngx_queue_sentinel(&pool->busy);
         q = ngx_queue_next(q))
    {
        c = ngx_queue_data(q, ngx_app_mysql_conn_t, queue);

        if (!c->busy || c->paused) {
            continue;
        }

        running = 1;

        if ((ngx_msec_int_t) (c->started - since) < 0) {
            since = c->started;
        }
    }

    if (!running) {
        return;
    }

    if ((ngx_msec_int_t) (pool->heard - since) > 0) {
        since = pool->heard;
    }

    quiet = (ngx_msec_int_t) (ngx_current_msec - since);

    if (quiet < (ngx_msec_int_t) pool->conf->stall) {
        ngx_app_mysql_pool_probe_in(pool, pool->conf->stall - quiet);
        return;
    }

    if (!pool->probing) {
        (void) ngx_app_mysql_connect(pool, 1);
    }

    ngx_app_mysql_pool_probe_in(pool, pool->conf->stall);
}


/* an earlier look stays */

static void
ngx_app_mysql_pool_probe_in(ngx_app_mysql_pool_t *pool, ngx_msec_t ms)
{
    if (pool->probe.timer_set) {

        if ((ngx_msec_int_t) (pool->probe.timer.key - ngx_current_msec)
            <= (ngx_msec_int_t) ms)
        {
            return;
        }

        ngx_del_timer(&pool->probe);
    }

    ngx_add_timer(&pool->probe, ms);
}
