
/*
 * Copyright (C) the project authors
 */

/*
 * MySQL and MariaDB as a backend of nginx: a pool of connections for each
 * worker and backend, prepared statements cached on each connection, every
 * call of the client library driven by nginx's events.
 *
 * A caller owns an ngx_app_mysql_op_t: it acquires a connection, executes
 * statements on it one after another, and releases it.  The pool owns the
 * connections; a caller that goes away detaches, and the pool clears up.
 */


#ifndef _NGX_APP_MYSQL_H_INCLUDED_
#define _NGX_APP_MYSQL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_thread_pool.h>

#include <core/ngx_app_buf.h>
#include <core/ngx_app_metric.h>
#include <lang/ngx_app_value.h>
#include <mysql/ngx_app_mysql_query.h>


typedef struct ngx_app_mysql_conf_s   ngx_app_mysql_conf_t;
typedef struct ngx_app_mysql_pool_s   ngx_app_mysql_pool_t;
typedef struct ngx_app_mysql_conn_s   ngx_app_mysql_conn_t;
typedef struct ngx_app_mysql_stmt_s   ngx_app_mysql_stmt_t;
typedef struct ngx_app_mysql_op_s     ngx_app_mysql_op_t;


typedef enum {
    NGX_APP_MYSQL_TLS_OFF = 0,
    NGX_APP_MYSQL_TLS_ON,            /* encrypted, the peer is not verified */
    NGX_APP_MYSQL_TLS_VERIFY         /* certificate and host name verified */
} ngx_app_mysql_tls_e;


/* what is counted for each backend */
typedef enum {
    NGX_APP_MYSQL_CONNECTIONS = 0,
    NGX_APP_MYSQL_CONNECTS,
    NGX_APP_MYSQL_CONNECT_ERRORS,
    NGX_APP_MYSQL_LOST,
    NGX_APP_MYSQL_STATEMENTS,
    NGX_APP_MYSQL_PREPARES,
    NGX_APP_MYSQL_ERRORS,
    NGX_APP_MYSQL_WAITS,
    NGX_APP_MYSQL_WAIT_TIMEOUTS,
    NGX_APP_MYSQL_QUEUE_FULL,
    NGX_APP_MYSQL_UNAVAILABLE,
    NGX_APP_MYSQL_KILLS,
    NGX_APP_MYSQL_METRICS
} ngx_app_mysql_metric_e;


/* one app_mysql directive; all strings are zero-terminated */
struct ngx_app_mysql_conf_s {
    ngx_str_t              name;

    ngx_str_t              host;
    ngx_str_t              socket;
    ngx_str_t              user;
    ngx_str_t              password;
    ngx_str_t              database;
    ngx_str_t              tls_ca;
    ngx_uint_t             port;
    ngx_app_mysql_tls_e    tls;

    ngx_uint_t             max;               /* connections of a worker */
    ngx_uint_t             queue;             /* waiting requests */
    ngx_uint_t             statements;        /* prepared, per connection */

    ngx_msec_t             wait;
    ngx_msec_t             connect_timeout;
    ngx_msec_t             query_timeout;
    ngx_msec_t             lock_wait;         /* for another's row locks */
    ngx_msec_t             stall;             /* silence that is looked at */
    ngx_msec_t             retry;             /* between probes when away */
    ngx_msec_t             idle;
    ngx_msec_t             lifetime;

    ngx_thread_pool_t     *thread_pool;
    ngx_int_t              metrics[NGX_APP_MYSQL_METRICS];

    u_char                *file;              /* NULL: not declared yet */
    u_char                *used_file;
    ngx_uint_t             line;

    ngx_app_mysql_pool_t  *pool;              /* of this worker, at run time */
};


typedef void (*ngx_app_mysql_enter_pt)(ngx_app_mysql_op_t *op);
typedef void (*ngx_app_mysql_done_pt)(ngx_app_mysql_op_t *op, ngx_int_t rc);

/*
 * Called for each row while it lies in the library's buffers: read it with
 * ngx_app_mysql_row_*() now.  NGX_OK goes on to the next row, NGX_AGAIN stops
 * reading until ngx_app_mysql_continue(), NGX_ABORT cancels the statement.
 */
typedef ngx_int_t (*ngx_app_mysql_row_pt)(ngx_app_mysql_op_t *op,
    ngx_app_mysql_stmt_t *stmt);


struct ngx_app_mysql_op_s {
    ngx_app_mysql_enter_pt    enter;      /* before done() and rows; or NULL */
    ngx_app_mysql_done_pt     done;       /* last thing of each call */
    ngx_app_mysql_row_pt      row;
    void                     *data;       /* the caller's */

    ngx_app_mysql_query_t    *query;
    ngx_app_value_t          *slots;      /* values of its parameters */
    ngx_pool_t               *pool;       /* the caller's, for errors, params */
    ngx_log_t                *log;

    ngx_app_mysql_conn_t     *conn;       /* lent to the caller */

    uint64_t                  affected;   /* rows that matched */
    uint64_t                  insert_id;
    uint64_t                  rows;       /* given to row() */

    ngx_uint_t                error;      /* server's or library's number */
    char                      sqlstate[6];
    ngx_str_t                 text;       /* of the error, for the log only */

    /* the pool's */
    ngx_queue_t               queue;
    ngx_event_t               timer;
    ngx_app_mysql_pool_t     *waiting;    /* parked in its list */

    unsigned                  tx:1;       /* within a transaction */
    unsigned                  reused:1;   /* the connection served before */
    unsigned                  sent:1;     /* the server may have begun */
};


/*
 * Creates the pool of a backend in this worker; nothing is connected yet.
 * Returns NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_mysql_pool_init(ngx_app_mysql_conf_t *conf, ngx_log_t *log);

/* closes all connections politely; for exit process */
void ngx_app_mysql_pool_close(ngx_app_mysql_conf_t *conf);

/*
 * Lends a connection to op, or parks op until one is free.
 *
 * NGX_OK: op->conn is set, done() is not called.  NGX_AGAIN: done() follows
 * with NGX_OK, NGX_BUSY (the "wait" time is over) or NGX_ERROR (the server is
 * away).  NGX_BUSY: the waiting list is full.  NGX_ERROR: the server is away,
 * and it is not tried for this request.
 */
ngx_int_t ngx_app_mysql_acquire(ngx_app_mysql_conf_t *conf,
    ngx_app_mysql_op_t *op);

/*
 * Runs op->query on op->conn with the values of op->slots: row() for each row,
 * then done() with
 *
 *   NGX_OK        affected and insert_id are set
 *   NGX_DECLINED  the server refused it: error, sqlstate and text are set,
 *                 the connection is fine
 *   NGX_ABORT     row() asked for it; op->conn is NULL, the pool clears up
 *   NGX_ERROR     the connection is lost, op->conn is NULL; error is 0 if the
 *                 server did not answer in time
 *
 * done() may run before this function returns.
 */
void ngx_app_mysql_execute(ngx_app_mysql_op_t *op);

/*
 * Open, keep and undo a transaction on op->conn; op->tx tells whether one is
 * open.  done() is called with NGX_OK or, the connection being lost, with
 * NGX_ERROR: a COMMIT that was on its way may have been done or not.
 */
void ngx_app_mysql_begin(ngx_app_mysql_op_t *op);
void ngx_app_mysql_commit(ngx_app_mysql_op_t *op);
void ngx_app_mysql_rollback(ngx_app_mysql_op_t *op);

/* goes on with rows after row() returned NGX_AGAIN */
void ngx_app_mysql_continue(ngx_app_mysql_op_t *op);

/* gives op->conn back; it must not be within a statement */
void ngx_app_mysql_release(ngx_app_mysql_op_t *op);

/*
 * The caller goes away: takes op out of whatever it is in.  A statement that
 * is running is cancelled on the server if it does not end by itself at once;
 * done() is not called any more.
 */
void ngx_app_mysql_detach(ngx_app_mysql_op_t *op);

/*
 * Prepares op->query on op->conn without running it, for a check at start;
 * done() as in execute.
 */
void ngx_app_mysql_prepare(ngx_app_mysql_op_t *op);

/* what was prepared, until op is released */
ngx_app_mysql_stmt_t *ngx_app_mysql_prepared(ngx_app_mysql_op_t *op);


/* the row under the cursor, within row() only */

/* index of the column of that alias ("?" marks left out), or NGX_DECLINED */
ngx_int_t ngx_app_mysql_row_column(ngx_app_mysql_stmt_t *stmt,
    ngx_str_t *name);

/* differs, and is not 0, whenever the columns of a statement differ */
ngx_uint_t ngx_app_mysql_row_serial(ngx_app_mysql_stmt_t *stmt);

/* copies a column's value to the pool; NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_mysql_row_value(ngx_app_mysql_stmt_t *stmt,
    ngx_uint_t column, ngx_pool_t *pool, ngx_app_value_t *value);

/*
 * Writes the row as a JSON object.  NGX_OK, NGX_BUSY past the buffer's limit,
 * NGX_ERROR.
 */
ngx_int_t ngx_app_mysql_row_json(ngx_app_mysql_stmt_t *stmt,
    ngx_app_buf_t *b);


#endif /* _NGX_APP_MYSQL_H_INCLUDED_ */
