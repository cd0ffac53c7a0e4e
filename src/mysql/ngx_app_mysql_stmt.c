
/*
 * Copyright (C) the project authors
 */

/*
 * Prepared statements: found on the connection or prepared, executed, their
 * rows handed on one by one.  Top to bottom is the order of a statement's
 * life.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <mysql/ngx_app_mysql_conn.h>

#include <errmsg.h>
#include <mysqld_error.h>


/*
 * What is read in one turn of the event loop before other connections get
 * theirs, in bytes; a row costs something beside its bytes.
 */
#define NGX_APP_MYSQL_TURN_BYTES  (64 * 1024)
#define NGX_APP_MYSQL_TURN_ROW    512


static void ngx_app_mysql_stmt_evict(ngx_app_mysql_conn_t *c);
static void ngx_app_mysql_stmt_close(ngx_app_mysql_conn_t *c,
    ngx_app_mysql_stmt_t *st);
static int ngx_app_mysql_stmt_close_cont(ngx_app_mysql_conn_t *c, int ready);
static void ngx_app_mysql_stmt_closed(ngx_app_mysql_conn_t *c);
static void ngx_app_mysql_stmt_prepare(ngx_app_mysql_conn_t *c);
static int ngx_app_mysql_stmt_prepare_cont(ngx_app_mysql_conn_t *c,
    int ready);
static void ngx_app_mysql_stmt_prepared(ngx_app_mysql_conn_t *c);
static void ngx_app_mysql_stmt_execute(ngx_app_mysql_conn_t *c);
static int ngx_app_mysql_stmt_execute_cont(ngx_app_mysql_conn_t *c,
    int ready);
static void ngx_app_mysql_stmt_executed(ngx_app_mysql_conn_t *c);
static int ngx_app_mysql_stmt_fetch_cont(ngx_app_mysql_conn_t *c, int ready);
static void ngx_app_mysql_stmt_fetched(ngx_app_mysql_conn_t *c);
static ngx_int_t ngx_app_mysql_stmt_row(ngx_app_mysql_conn_t *c);
static void ngx_app_mysql_stmt_more_results(ngx_app_mysql_conn_t *c);
static int ngx_app_mysql_stmt_next_cont(ngx_app_mysql_conn_t *c, int ready);
static void ngx_app_mysql_stmt_next_result(ngx_app_mysql_conn_t *c);
static void ngx_app_mysql_stmt_end(ngx_app_mysql_conn_t *c);
static void ngx_app_mysql_stmt_failed(ngx_app_mysql_conn_t *c);


/* the library's numbers of a connection that is no more, and the server's */

ngx_uint_t
ngx_app_mysql_error_lost(ngx_uint_t error)
{
    switch (error) {
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SERVER_LOST_EXTENDED:
    case CR_SERVER_HANDSHAKE_ERR:
    case CR_CONNECTION_ERROR:
    case CR_MALFORMED_PACKET:
    case CR_COMMANDS_OUT_OF_SYNC:
    case CR_SSL_CONNECTION_ERROR:
    case ER_SERVER_SHUTDOWN:
    case ER_NORMAL_SHUTDOWN:
    case ER_NEW_ABORTING_CONNECTION:
    case ER_NET_READ_ERROR:
    case ER_NET_READ_INTERRUPTED:
    case ER_NET_ERROR_ON_WRITE:
    case ER_NET_WRITE_INTERRUPTED:
    case ER_NET_PACKETS_OUT_OF_ORDER:
    case 1927:  /* MariaDB: connection was killed */
    case 4031:  /* MySQL: disconnected because of inactivity */
        return 1;

    default:
        return 0;
    }
}


/* keeps an error for the caller; the texts are the library's */

void
ngx_app_mysql_op_error(ngx_app_mysql_op_t *op, ngx_uint_t error,
    const char *sqlstate, const char *text)
{
    op->error = error;
    ngx_memcpy(op->sqlstate, sqlstate, 5);

    op->text.len = ngx_strlen(text);
    op->text.data = ngx_pnalloc(op->pool, op->text.len + 1);

    if (op->text.data == NULL) {
        op->text.len = 0;
        return;
    }

    ngx_memcpy(op->text.data, text, op->text.len + 1);
}


void
ngx_app_mysql_stmt_start(ngx_app_mysql_conn_t *c, ngx_uint_t execute)
{
    uint32_t               mask;
    ngx_str_t              sql;
    ngx_app_mysql_op_t    *op;
    ngx_app_mysql_stmt_t  *st;

    op = c->op;
    c->execute = execute;
    c->extra = 0;

    /* a check at start has no values: it prepares all optional parts */

    mask = op->slots ? ngx_app_mysql_query_mask(op->query, op->slots)
                     : ngx_app_mysql_query_all(op->query);

    st = ngx_app_mysql_stmt_find(c, op->query, mask);

    if (st) {
        c->stmt = st;
        ngx_queue_remove(&st->lru);
        ngx_queue_insert_head(&c->lru, &st->lru);

        if (execute) {
            ngx_app_mysql_stmt_execute(c);
            return;
        }

        ngx_app_mysql_conn_finish(c, NGX_OK);
        return;
    }

    st = ngx_app_mysql_stmt_create(c, op->query, mask, &sql);
    if (st == NULL) {
        ngx_app_mysql_conn_finish(c, NGX_ERROR);
        return;
    }

    c->stmt = st;
    c->sql = sql;

    if (c->nstmts > c->pool->conf->statements) {
        ngx_app_mysql_stmt_evict(c);
        return;
    }

    ngx_app_mysql_stmt_prepare(c);
}


/* the least recently used statement makes room */

static void
ngx_app_mysql_stmt_evict(ngx_app_mysql_conn_t *c)
{
    ngx_queue_t  *q;

    q = ngx_queue_last(&c->lru);

    ngx_app_mysql_stmt_close(c, ngx_queue_data(q, ngx_app_mysql_stmt_t, lru));
}


static void
ngx_app_mysql_stmt_close(ngx_app_mysql_conn_t *c, ngx_app_mysql_stmt_t *st)
{
    int  waits;

    ngx_app_mysql_stmt_forget(c, st);
    c->victim = st;

    waits = mysql_stmt_close_start(&c->bret, st->stmt);

    ngx_app_mysql_conn_run(c, ngx_app_mysql_wait(waits),
                           ngx_app_mysql_stmt_close_cont,
                           ngx_app_mysql_stmt_closed);
}


static int
ngx_app_mysql_stmt_close_cont(ngx_app_mysql_conn_t *c, int ready)
{
    int  waits;

    waits = mysql_stmt_close_cont(&c->bret, c->victim->stmt, ready);

    return ngx_app_mysql_wait(waits);
}


static void
ngx_app_mysql_stmt_closed(ngx_app_mysql_conn_t *c)
{
    c->victim->stmt = NULL;
    ngx_app_mysql_stmt_free(c->victim);
    c->victim = NULL;

    if (c->op == NULL) {

        /* what was to be prepared is not kept */

        if (c->stmt) {
            ngx_app_mysql_stmt_forget(c, c->stmt);
            ngx_app_mysql_stmt_free(c->stmt);
            c->stmt = NULL;
        }

        ngx_app_mysql_conn_finish(c, NGX_ABORT);
        return;
    }

    if (c->stmt == NULL) {
        ngx_app_mysql_stmt_start(c, c->execute);
        return;
    }

    ngx_app_mysql_stmt_prepare(c);
}


static void
ngx_app_mysql_stmt_prepare(ngx_app_mysql_conn_t *c)
{
    int  waits;

    ngx_app_mysql_count(c->pool, PREPARES, 1);

    waits = mysql_stmt_prepare_start(&c->ret, c->stmt->stmt,
                                     (char *) c->sql.data, c->sql.len);

    ngx_app_mysql_conn_run(c, ngx_app_mysql_wait(waits),
                           ngx_app_mysql_stmt_prepare_cont,
                           ngx_app_mysql_stmt_prepared);
}


static int
ngx_app_mysql_stmt_prepare_cont(ngx_app_mysql_conn_t *c, int ready)
{
    int  waits;

    waits = mysql_stmt_prepare_cont(&c->ret, c->stmt->stmt, ready);

    return ngx_app_mysql_wait(waits);
}


static void
ngx_app_mysql_stmt_prepared(ngx_app_mysql_conn_t *c)
{
    ngx_app_mysql_stmt_t  *st;

    st = c->stmt;

    if (c->ret != 0) {

        /*
         * The server is out of prepared statements: those of this connection
         * that are not in use make room.
         */

        if (mysql_stmt_errno(st->stmt) == ER_MAX_PREPARED_STMT_COUNT_REACHED
            && c->nstmts > 1)
        {
            ngx_app_mysql_stmt_evict(c);
            return;
        }

        ngx_app_mysql_stmt_failed(c);
        return;
    }

    if (mysql_stmt_param_count(st->stmt) != st->nparams) {
        ngx_log_error(NGX_LOG_ALERT, c->pool->log, 0,
                      "app mysql: \"%V\" counts %ul placeholders, not %ui",
                      &c->pool->conf->name,
                      mysql_stmt_param_count(st->stmt), st->nparams);
        ngx_app_mysql_conn_finish(c, NGX_ERROR);
        return;
    }

    if (ngx_app_mysql_plan(c, st) != NGX_OK) {
        ngx_app_mysql_conn_finish(c, NGX_ERROR);
        return;
    }

    if (!c->execute) {
        ngx_app_mysql_conn_finish(c, NGX_OK);
        return;
    }

    ngx_app_mysql_stmt_execute(c);
}


static void
ngx_app_mysql_stmt_execute(ngx_app_mysql_conn_t *c)
{
    int                    waits;
    ngx_app_mysql_op_t    *op;
    ngx_app_mysql_stmt_t  *st;

    op = c->op;
    st = c->stmt;

    if (op == NULL) {
        /* the caller left while the statement was being prepared */
        ngx_app_mysql_conn_finish(c, NGX_ABORT);
        return;
    }

    if (st->nparams) {

        if (ngx_app_mysql_stmt_bind(st, op) != NGX_OK
            || mysql_stmt_bind_param(st->stmt, st->binds) != 0)
        {
            ngx_app_mysql_stmt_failed(c);
            return;
        }
    }

    op->sent = 1;

    waits = mysql_stmt_execute_start(&c->ret, st->stmt);

    ngx_app_mysql_conn_run(c, ngx_app_mysql_wait(waits),
                           ngx_app_mysql_stmt_execute_cont,
                           ngx_app_mysql_stmt_executed);
}


static int
ngx_app_mysql_stmt_execute_cont(ngx_app_mysql_conn_t *c, int ready)
{
    int  waits;

    waits = mysql_stmt_execute_cont(&c->ret, c->stmt->stmt, ready);

    return ngx_app_mysql_wait(waits);
}


static void
ngx_app_mysql_stmt_executed(ngx_app_mysql_conn_t *c)
{
    ngx_app_mysql_stmt_t  *st;

    st = c->stmt;

    if (c->ret != 0) {
        ngx_app_mysql_stmt_failed(c);
        return;
    }

    c->altered |= st->alters;

    if (c->op) {
        c->op->affected = mysql_stmt_affected_rows(st->stmt);
        c->op->insert_id = mysql_stmt_insert_id(st->stmt);

        /* of what brings rows the library does not know the number */

        if (c->op->affected == (my_ulonglong) -1) {
            c->op->affected = 0;
        }
    }

    if (mysql_stmt_field_count(st->stmt) == 0
        || st->stmt->state < MYSQL_STMT_WAITING_USE_OR_STORE)
    {
        ngx_app_mysql_stmt_more_results(c);
        return;
    }

    if (ngx_app_mysql_plan_check(c, st) != NGX_OK) {
        ngx_app_mysql_conn_finish(c, NGX_ERROR);
        return;
    }

    ngx_app_mysql_stmt_fetch(c);
}


/*
 * Rows are fetched in a loop, not by one calling the next: the library's cache
 * holds many, and most fetches do not suspend.
 */

void
ngx_app_mysql_stmt_fetch(ngx_app_mysql_conn_t *c)
{
    int                    waits;
    ngx_int_t              rc;
    ngx_app_mysql_stmt_t  *st;

    st = c->stmt;

    if (c->op) {
        ngx_app_mysql_op_enter(c->op);
    }

    for ( ;; ) {
        waits = ngx_app_mysql_wait(mysql_stmt_fetch_start(&c->ret, st->stmt));

        if (waits) {
            ngx_app_mysql_conn_run(c, waits, ngx_app_mysql_stmt_fetch_cont,
                                   ngx_app_mysql_stmt_fetched);
            return;
        }

        if (c->ret != 0) {
            break;
        }

        rc = ngx_app_mysql_stmt_row(c);

        if (rc == NGX_AGAIN) {
            return;
        }
    }

    if (c->ret == MYSQL_NO_DATA) {
        ngx_app_mysql_stmt_more_results(c);
        return;
    }

    ngx_app_mysql_stmt_failed(c);
}


static int
ngx_app_mysql_stmt_fetch_cont(ngx_app_mysql_conn_t *c, int ready)
{
    int  waits;

    waits = mysql_stmt_fetch_cont(&c->ret, c->stmt->stmt, ready);

    return ngx_app_mysql_wait(waits);
}


static void
ngx_app_mysql_stmt_fetched(ngx_app_mysql_conn_t *c)
{
    if (c->ret == MYSQL_NO_DATA) {
        ngx_app_mysql_stmt_more_results(c);
        return;
    }

    if (c->ret != 0) {
        ngx_app_mysql_stmt_failed(c);
        return;
    }

    if (c->op) {
        ngx_app_mysql_op_enter(c->op);
    }

    if (ngx_app_mysql_stmt_row(c) == NGX_AGAIN) {
        return;
    }

    ngx_app_mysql_stmt_fetch(c);
}


/* NGX_OK: go on reading; NGX_AGAIN: reading goes on by an event */

static ngx_int_t
ngx_app_mysql_stmt_row(ngx_app_mysql_conn_t *c)
{
    ngx_int_t            rc;
    ngx_app_mysql_op_t  *op;

    op = c->op;

    if (op && !c->extra) {

        if (ngx_app_mysql_row_check(c->stmt) != NGX_OK) {
            op->error = CR_MALFORMED_PACKET;
            ngx_str_set(&op->text, "a value is longer than its packet");
            ngx_app_mysql_conn_finish(c, NGX_ERROR);
            return NGX_AGAIN;
        }

        op->rows++;
        c->turn += c->stmt->row_size;

        rc = op->row(op, c->stmt);

        if (rc == NGX_AGAIN) {
            c->paused = 1;
            return NGX_AGAIN;
        }

        if (rc != NGX_OK) {
            ngx_app_mysql_conn_abandon(c);
            ngx_app_mysql_op_done(op, NGX_ABORT);
            return NGX_AGAIN;
        }
    }

    c->turn += NGX_APP_MYSQL_TURN_ROW;

    if (c->turn >= NGX_APP_MYSQL_TURN_BYTES) {
        ngx_post_event(&c->more, &ngx_posted_next_events);
        return NGX_AGAIN;
    }

    return NGX_OK;
}


/* what CALL brings after its first result is read and dropped */

static void
ngx_app_mysql_stmt_more_results(ngx_app_mysql_conn_t *c)
{
    int  waits;

    if (!mysql_stmt_more_results(c->stmt->stmt)) {
        ngx_app_mysql_stmt_end(c);
        return;
    }

    waits = mysql_stmt_next_result_start(&c->ret, c->stmt->stmt);

    ngx_app_mysql_conn_run(c, ngx_app_mysql_wait(waits),
                           ngx_app_mysql_stmt_next_cont,
                           ngx_app_mysql_stmt_next_result);
}


static int
ngx_app_mysql_stmt_next_cont(ngx_app_mysql_conn_t *c, int ready)
{
    int  waits;

    waits = mysql_stmt_next_result_cont(&c->ret, c->stmt->stmt, ready);

    return ngx_app_mysql_wait(waits);
}


static void
ngx_app_mysql_stmt_next_result(ngx_app_mysql_conn_t *c)
{
    if (c->ret > 0) {
        ngx_app_mysql_stmt_failed(c);
        return;
    }

    if (c->ret == 0 && mysql_stmt_field_count(c->stmt->stmt)) {
        c->extra = 1;
        ngx_app_mysql_stmt_fetch(c);
        return;
    }

    ngx_app_mysql_stmt_more_results(c);
}


static void
ngx_app_mysql_stmt_end(ngx_app_mysql_conn_t *c)
{
    ngx_app_mysql_conn_finish(c, NGX_OK);
}


/*
 * The library reports each failure through the statement.  A statement that
 * the server does not know any more, or whose table has changed, is prepared
 * again once.
 */

static void
ngx_app_mysql_stmt_failed(ngx_app_mysql_conn_t *c)
{
    ngx_uint_t             error;
    const char            *state, *text;
    ngx_app_mysql_op_t    *op;
    ngx_app_mysql_stmt_t  *st;

    op = c->op;
    st = c->stmt;
    error = mysql_stmt_errno(st->stmt);
    state = mysql_stmt_sqlstate(st->stmt);
    text = mysql_stmt_error(st->stmt);

    /* what ends the rows is said of the connection */

    if (error == 0) {
        error = mysql_errno(c->mysql);
        state = mysql_sqlstate(c->mysql);
        text = mysql_error(c->mysql);
    }

    if (op) {
        ngx_app_mysql_op_error(op, error, state, text);
    }

    if (ngx_app_mysql_error_lost(error)) {
        ngx_app_mysql_conn_finish(c, NGX_ERROR);
        return;
    }

    c->stmt = NULL;

    /* an error comes without the status that tells of transactions */

    if (!(op && op->tx) && ngx_app_mysql_query_may_begin(st->query)) {
        c->doubt = 1;
    }

    switch (error) {

    case ER_UNKNOWN_STMT_HANDLER:
    case ER_NEED_REPREPARE:
    case CR_NEW_STMT_METADATA:

        if (op && op->rows == 0 && !c->repeated) {
            c->repeated = 1;
            ngx_app_mysql_stmt_close(c, st);
            return;
        }
    }

    /* what did not prepare is not kept */

    if (st->stmt->state < MYSQL_STMT_PREPARED) {
        ngx_app_mysql_stmt_forget(c, st);
        ngx_app_mysql_stmt_free(st);
    }

    ngx_app_mysql_conn_finish(c, NGX_DECLINED);
}
