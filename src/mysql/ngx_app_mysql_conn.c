
/*
 * Copyright (C) the project authors
 */

/*
 * One connection: a suspended call of the library is continued by the event
 * it waits for; a deadline, a caller that leaves and a peer that closes are
 * dealt with here.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <mysql/ngx_app_mysql_conn.h>

#include <errmsg.h>


/*
 * How long a statement whose caller left may go on by itself before it is
 * cancelled on the server, and how long that may take: most statements end
 * sooner than the first, and a server that does not answer within the second
 * is not worth waiting for.
 */
#define NGX_APP_MYSQL_KILL_AFTER   100
#define NGX_APP_MYSQL_KILL_AGAIN   500
#define NGX_APP_MYSQL_DRAIN_LIMIT  10000

/* what the server may be late with its own deadline */
#define NGX_APP_MYSQL_GRACE        1000


static void ngx_app_mysql_conn_start(ngx_app_mysql_op_t *op,
    ngx_uint_t execute);
static void ngx_app_mysql_conn_handler(ngx_event_t *ev);
static void ngx_app_mysql_conn_idle_handler(ngx_event_t *ev);
static void ngx_app_mysql_conn_timeout(ngx_event_t *ev);
static void ngx_app_mysql_conn_drain_timeout(ngx_event_t *ev);
static void ngx_app_mysql_conn_more(ngx_event_t *ev);
static void ngx_app_mysql_conn_drained(ngx_app_mysql_conn_t *c);
static void ngx_app_mysql_conn_timer(ngx_app_mysql_conn_t *c,
    ngx_event_handler_pt handler, ngx_msec_t ms, ngx_uint_t cancelable);


ngx_app_mysql_conn_t *
ngx_app_mysql_conn_create(ngx_app_mysql_pool_t *pool, MYSQL *mysql)
{
    ngx_connection_t      *nc;
    ngx_app_mysql_conn_t  *c;

    c = ngx_calloc(sizeof(ngx_app_mysql_conn_t), pool->log);
    if (c == NULL) {
        return NULL;
    }

    nc = ngx_get_connection(mysql_get_socket(mysql), pool->log);
    if (nc == NULL) {
        ngx_free(c);
        return NULL;
    }

    c->mysql = mysql;
    c->pool = pool;
    c->connection = nc;
    c->serial = ++pool->serials;
    c->thread_id = mysql_thread_id(mysql);
    c->mariadb = mariadb_connection(mysql) ? 1 : 0;
    c->autocommit = (mysql->server_status & SERVER_STATUS_AUTOCOMMIT) ? 1 : 0;
    c->expires = ngx_current_msec + pool->conf->lifetime;
    ngx_queue_init(&c->lru);

    c->timer.data = c;
    c->timer.log = pool->log;
    c->more.data = c;
    c->more.log = pool->log;
    c->more.handler = ngx_app_mysql_conn_more;

    nc->data = c;
    nc->number = ngx_atomic_fetch_add(ngx_connection_counter, 1);
    nc->read->handler = ngx_app_mysql_conn_idle_handler;
    nc->write->handler = ngx_app_mysql_conn_handler;
    nc->read->log = pool->log;
    nc->write->log = pool->log;
    nc->log = pool->log;

    /*
     * The library suspends only after EAGAIN, which is just what edge-
     * triggered events need.  Writing is asked for only when a call waits
     * for it: else each statement that the server takes from the socket
     * would wake us up.
     */

    if (ngx_handle_read_event(nc->read, 0) != NGX_OK) {
        goto failed;
    }

    c->io = ngx_app_mysql_io_create(mysql, nc);
    if (c->io == NULL) {
        (void) ngx_del_event(nc->read, NGX_READ_EVENT, 0);
        goto failed;
    }

    return c;

failed:

    nc->fd = (ngx_socket_t) -1;
    ngx_free_connection(nc);
    ngx_free(c);

    return NULL;
}


/* the socket is the library's: nginx forgets it, mysql_close() closes it */

void
ngx_app_mysql_conn_destroy(ngx_app_mysql_conn_t *c)
{
    ngx_queue_t           *q;
    ngx_connection_t      *nc;
    ngx_app_mysql_stmt_t  *st;

    nc = c->connection;

    ngx_app_mysql_count(c->pool, CONNECTIONS, -1);

    if (c->timer.timer_set) {
        ngx_del_timer(&c->timer);
    }

    if (c->more.posted) {
        ngx_delete_posted_event(&c->more);
    }

    /* a socket that is lost the library has closed already */

    if (ngx_del_conn) {
        ngx_del_conn(nc, NGX_CLOSE_EVENT);

    } else {
        if (nc->read->active || nc->read->disabled) {
            ngx_del_event(nc->read, NGX_READ_EVENT, NGX_CLOSE_EVENT);
        }

        if (nc->write->active || nc->write->disabled) {
            ngx_del_event(nc->write, NGX_WRITE_EVENT, NGX_CLOSE_EVENT);
        }
    }

    if (nc->read->posted) {
        ngx_delete_posted_event(nc->read);
    }

    if (nc->write->posted) {
        ngx_delete_posted_event(nc->write);
    }

    nc->read->closed = 1;
    nc->write->closed = 1;
    nc->idle = 0;
    ngx_reusable_connection(nc, 0);
    nc->fd = (ngx_socket_t) -1;
    ngx_free_connection(nc);

    /*
     * The library says goodbye, and waits for room in the socket to do so: a
     * peer that does not read is not worth that.
     */

    if (c->cut || c->busy) {
        (void) shutdown(mysql_get_socket(c->mysql), SHUT_RDWR);
    }

    /*
     * The connection goes before its statements: closing a statement first
     * would read an unread result to its end.
     */

    mysql_close(c->mysql);

    /*
     * What was being closed may be on no list of the library any more, so
     * that it has not been told.
     */

    if (c->victim) {
        c->victim->stmt->mysql = NULL;
        ngx_app_mysql_stmt_free(c->victim);
    }

    while (!ngx_queue_empty(&c->lru)) {
        q = ngx_queue_head(&c->lru);
        ngx_queue_remove(q);
        st = ngx_queue_data(q, ngx_app_mysql_stmt_t, lru);
        ngx_app_mysql_stmt_free(st);
    }

    ngx_free(c->io);
    ngx_free(c);
}


/* whether an idle connection is still open at the other end */

ngx_int_t
ngx_app_mysql_conn_alive(ngx_app_mysql_conn_t *c)
{
    int   n;
    char  byte;

    n = recv(c->connection->fd, &byte, 1, MSG_PEEK);

    return (n == -1 && ngx_socket_errno == NGX_EAGAIN) ? NGX_OK : NGX_DECLINED;
}


static void
ngx_app_mysql_conn_idle_handler(ngx_event_t *ev)
{
    ngx_connection_t      *nc;
    ngx_app_mysql_conn_t  *c;

    nc = ev->data;
    c = nc->data;

    if (c->busy) {
        ngx_app_mysql_conn_handler(ev);
        return;
    }

    /* nginx shuts idle connections down when it quits */

    if (!nc->close && ngx_app_mysql_conn_alive(c) == NGX_OK) {
        ev->ready = 0;
        (void) ngx_handle_read_event(ev, 0);
        return;
    }

    if (c->op == NULL) {
        ngx_app_mysql_pool_lost(c);
        return;
    }

    /* lent, but between statements: the next one will find out */

    c->broken = 1;
}


static void
ngx_app_mysql_conn_handler(ngx_event_t *ev)
{
    int                    ready;
    ngx_connection_t      *nc;
    ngx_app_mysql_conn_t  *c;

    nc = ev->data;
    c = nc->data;

    if (nc->close && c->busy) {
        /* worker_shutdown_timeout is over; threads are waited for */

        if (!c->killing) {
            (void) ngx_app_mysql_kill(c);
        }

        ngx_app_mysql_conn_finish(c, NGX_ERROR);
        return;
    }

    if (c->call == NULL) {
        return;
    }

    ready = c->waits & (ev->write ? MYSQL_WAIT_WRITE : MYSQL_WAIT_READ);

    if (ready == 0) {
        return;
    }

    c->pool->heard = ngx_current_msec;
    c->turn = 0;

    ngx_app_mysql_conn_run(c, c->call(c, ready), c->call, c->next);
}


/*
 * Parks the connection if the call has suspended, else goes on with next.
 */

void
ngx_app_mysql_conn_run(ngx_app_mysql_conn_t *c, int waits,
    ngx_app_mysql_call_pt call, ngx_app_mysql_next_pt next)
{
    ngx_connection_t  *nc;

    if (waits == 0) {
        c->call = NULL;
        c->waits = 0;
        next(c);
        return;
    }

    c->call = call;
    c->next = next;
    c->waits = waits;

    nc = c->connection;

    if (waits & MYSQL_WAIT_READ) {
        nc->read->ready = 0;
    }

    if (ngx_handle_read_event(nc->read, 0) != NGX_OK) {
        goto failed;
    }

    if (waits & MYSQL_WAIT_WRITE) {
        nc->write->ready = 0;

        if (ngx_handle_write_event(nc->write, 0) != NGX_OK) {
            goto failed;
        }

    } else if (nc->write->active) {
        if (ngx_del_event(nc->write, NGX_WRITE_EVENT, 0) != NGX_OK) {
            goto failed;
        }
    }

    return;

failed:

    ngx_app_mysql_conn_finish(c, NGX_ERROR);
}


void
ngx_app_mysql_execute(ngx_app_mysql_op_t *op)
{
    op->affected = 0;
    op->insert_id = 0;

    ngx_app_mysql_conn_start(op, 1);
}


void
ngx_app_mysql_prepare(ngx_app_mysql_op_t *op)
{
    ngx_app_mysql_conn_start(op, 0);
}


ngx_app_mysql_stmt_t *
ngx_app_mysql_prepared(ngx_app_mysql_op_t *op)
{
    return op->conn->stmt;
}


static void
ngx_app_mysql_conn_start(ngx_app_mysql_op_t *op, ngx_uint_t execute)
{
    if (ngx_app_mysql_conn_enter(op) != NGX_OK) {
        return;
    }

    ngx_app_mysql_count(op->conn->pool, STATEMENTS, 1);

    ngx_app_mysql_stmt_start(op->conn, execute);
}


/* NGX_OK: a statement may start; NGX_DONE: done() has been called */

ngx_int_t
ngx_app_mysql_conn_enter(ngx_app_mysql_op_t *op)
{
    ngx_app_mysql_conn_t  *c;

    c = op->conn;

    op->error = 0;
    op->rows = 0;
    op->sent = 0;
    op->reused = (c->uses > 0);

    c->busy = 1;
    c->paused = 0;
    c->repeated = 0;
    c->turn = 0;
    c->started = ngx_current_msec;

    if (c->broken) {
        op->error = CR_SERVER_GONE_ERROR;
        ngx_app_mysql_conn_finish(c, NGX_ERROR);
        return NGX_DONE;
    }

    ngx_app_mysql_conn_timer(c, ngx_app_mysql_conn_timeout,
                             c->pool->conf->query_timeout
                             + NGX_APP_MYSQL_GRACE, 0);
    ngx_app_mysql_pool_watch(c->pool);

    return NGX_OK;
}


void
ngx_app_mysql_continue(ngx_app_mysql_op_t *op)
{
    ngx_app_mysql_conn_t  *c;

    c = op->conn;

    if (c == NULL || !c->paused) {
        return;
    }

    c->paused = 0;
    c->turn = 0;

    ngx_app_mysql_stmt_fetch(c);
}


/* rows have been read for long enough in this turn of the event loop */

static void
ngx_app_mysql_conn_more(ngx_event_t *ev)
{
    ngx_app_mysql_conn_t  *c = ev->data;

    if (c->paused) {
        return;
    }

    c->turn = 0;

    ngx_app_mysql_stmt_fetch(c);
}


/*
 * The statement has ended.  A connection that is lost leaves its pool before
 * the caller hears of it, so that the caller may acquire another at once.
 */

void
ngx_app_mysql_conn_finish(ngx_app_mysql_conn_t *c, ngx_int_t rc)
{
    ngx_app_mysql_op_t  *op;

    c->busy = 0;
    c->call = NULL;
    c->uses++;

    if (rc == NGX_OK) {
        c->doubt = 0;
    }

    if (rc == NGX_ERROR) {
        c->broken = 1;
        c->cut = 1;
    }

    if (c->draining) {
        ngx_app_mysql_conn_drained(c);
        return;
    }

    if (c->timer.timer_set) {
        ngx_del_timer(&c->timer);
    }

    op = c->op;

    if (rc == NGX_DECLINED) {
        ngx_app_mysql_count(c->pool, ERRORS, 1);
    }

    if (c->broken) {
        ngx_app_mysql_count(c->pool, LOST, 1);
        rc = NGX_ERROR;
        op->conn = NULL;
        op->tx = 0;
        c->op = NULL;
        ngx_app_mysql_pool_lost(c);
    }

    ngx_app_mysql_op_done(op, rc);
}


void
ngx_app_mysql_op_enter(ngx_app_mysql_op_t *op)
{
    if (op->enter) {
        op->enter(op);
    }
}


void
ngx_app_mysql_op_done(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_mysql_op_enter(op);
    op->done(op, rc);
}


void
ngx_app_mysql_detach(ngx_app_mysql_op_t *op)
{
    ngx_app_mysql_conn_t  *c;

    if (op->waiting) {
        ngx_queue_remove(&op->queue);
        op->waiting->nwaiters--;
        op->waiting = NULL;
    }

    if (op->timer.timer_set) {
        ngx_del_timer(&op->timer);
    }

    c = op->conn;

    if (c == NULL) {
        return;
    }

    if (c->busy) {
        ngx_app_mysql_conn_abandon(c);
        return;
    }

    op->conn = NULL;
    c->op = NULL;

    if (op->tx && !c->broken) {
        op->tx = 0;
        ngx_app_mysql_conn_undo(c);
        return;
    }

    ngx_app_mysql_pool_give_back(c, op->log);
}


void
ngx_app_mysql_conn_undo(ngx_app_mysql_conn_t *c)
{
    c->draining = 1;
    ngx_app_mysql_conn_timer(c, ngx_app_mysql_conn_drain_timeout,
                             NGX_APP_MYSQL_DRAIN_LIMIT, 1);
    ngx_app_mysql_conn_rollback(c);
}


/*
 * Parts a running statement from its caller: what is left of its rows is read
 * and dropped.  An open transaction is rolled back by closing the connection.
 */

void
ngx_app_mysql_conn_abandon(ngx_app_mysql_conn_t *c)
{
    c->broken |= c->op->tx;
    c->op->conn = NULL;
    c->op = NULL;

    /* a worker that quits stays until its statements are cancelled */

    c->draining = 1;
    c->drained = ngx_current_msec + NGX_APP_MYSQL_DRAIN_LIMIT;
    ngx_app_mysql_conn_timer(c, ngx_app_mysql_conn_drain_timeout,
                             NGX_APP_MYSQL_KILL_AFTER, 0);

    if (c->call == NULL && !c->more.posted) {
        c->paused = 0;
        ngx_post_event(&c->more, &ngx_posted_events);
    }
}


static void
ngx_app_mysql_conn_drain_timeout(ngx_event_t *ev)
{
    ngx_app_mysql_conn_t  *c = ev->data;

    ngx_msec_int_t  left;

    left = (ngx_msec_int_t) (c->drained - ngx_current_msec);

    if (left > 0 && c->busy && !c->killing
        && ngx_app_mysql_kill(c) == NGX_OK)
    {
        c->killing = 1;
        ngx_app_mysql_conn_timer(c, ngx_app_mysql_conn_drain_timeout, left, 1);
        return;
    }

    ngx_app_mysql_pool_lost(c);
}


/* the thread that cancels a statement has done what it could */

void
ngx_app_mysql_conn_killed(ngx_app_mysql_pool_t *pool, ngx_uint_t serial)
{
    ngx_queue_t           *q;
    ngx_app_mysql_conn_t  *c;

    for (q = ngx_queue_head(&pool->busy);
         q != ngx_queue_sentinel(&pool->busy);
         q = ngx_queue_next(q))
    {
        c = ngx_queue_data(q, ngx_app_mysql_conn_t, queue);

        if (c->serial == serial) {
            c->killing = 0;

            if (!c->busy) {
                ngx_app_mysql_conn_drained(c);
                return;
            }

            /* it may have come too early, or not at all */

            ngx_app_mysql_conn_timer(c, ngx_app_mysql_conn_drain_timeout,
                                     NGX_APP_MYSQL_KILL_AGAIN, 1);
            return;
        }
    }
}


/*
 * A connection whose statement may still be hit by a late KILL QUERY must not
 * be lent: the next statement would be cancelled instead.
 */

static void
ngx_app_mysql_conn_drained(ngx_app_mysql_conn_t *c)
{
    if (c->killing && !c->broken) {
        return;
    }

    if (c->timer.timer_set) {
        ngx_del_timer(&c->timer);
    }

    c->draining = 0;

    ngx_app_mysql_pool_give_back(c, c->pool->log);
}


static void
ngx_app_mysql_conn_timeout(ngx_event_t *ev)
{
    ngx_app_mysql_conn_t  *c = ev->data;

    ngx_log_error(NGX_LOG_ERR, c->pool->log, 0,
                  "app mysql: \"%V\" did not end a statement within %M ms",
                  &c->pool->conf->name,
                  c->pool->conf->query_timeout + NGX_APP_MYSQL_GRACE);

    ngx_app_mysql_conn_finish(c, NGX_ERROR);
}


static void
ngx_app_mysql_conn_timer(ngx_app_mysql_conn_t *c,
    ngx_event_handler_pt handler, ngx_msec_t ms, ngx_uint_t cancelable)
{
    if (c->timer.timer_set) {
        ngx_del_timer(&c->timer);
    }

    c->timer.handler = handler;
    c->timer.cancelable = cancelable;
    ngx_add_timer(&c->timer, ms);
}
