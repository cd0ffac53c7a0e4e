
/*
 * Copyright (C) the project authors
 */

/*
 * A run and its database: the connection that it holds, the transaction that
 * is open on it, and what becomes of failures.
 */


#ifndef _NGX_APP_API_SESSION_H_INCLUDED_
#define _NGX_APP_API_SESSION_H_INCLUDED_


#include <api/ngx_app_api.h>


/* a transaction is begun this often before its request is refused */
#define NGX_APP_API_TRIES            5

#define NGX_APP_API_RETRY_AFTER      1

#define NGX_APP_API_ER_DUPLICATE     1062
#define NGX_APP_API_ER_LOCK_WAIT     1205
#define NGX_APP_API_ER_DEADLOCK      1213


typedef struct ngx_app_api_session_s  ngx_app_api_session_t;

/* what is done when there is a connection; it ends by op.done() */
typedef void (*ngx_app_api_session_pt)(ngx_app_api_session_t *s);


struct ngx_app_api_session_s {
    ngx_app_mysql_op_t       op;
    ngx_app_run_t           *run;
    ngx_app_step_t          *step;
    ngx_app_mysql_conf_t    *db;
    ngx_app_api_session_pt   go;

    /* of the steps one, many and exec */
    ngx_app_api_sql_t       *sql;
    ngx_app_buf_t            buf;       /* JSON of the rows */
    ngx_app_buf_t           *out;       /* where rows go: buf, or the client */
    ngx_uint_t               rows;
    ngx_int_t                rc;        /* of row(), when it stops the rest */
    ngx_str_t                failure;

    /* of a transaction: where it began, to begin it again */
    ngx_uint_t               begin;
    ngx_app_run_effect_t   **effects;
    ngx_uint_t               tries;

    unsigned                 tx:1;      /* begun, whatever became of it */
    unsigned                 again:1;   /* it is begun again */
    unsigned                 retried:1;
};


/* returns the session of a run, made when there is none; NULL: no memory */
ngx_app_api_session_t *ngx_app_api_session(ngx_app_run_t *run);

/*
 * Calls go() with a connection to db, maybe later.  Returns what the step's
 * handler is to return.
 */
ngx_int_t ngx_app_api_session_use(ngx_app_api_session_t *s,
    ngx_app_step_t *step, ngx_app_mysql_conf_t *db,
    ngx_app_api_session_pt go);

/* the step has ended well: gives the connection back if nobody needs it */
void ngx_app_api_session_end(ngx_app_api_session_t *s);

/*
 * The run is about to wait for something else: gives the connection back, if
 * it has one, unless a transaction is open on it.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_api_session_idle(ngx_app_run_t *run);

/*
 * The connection was lost.
 *
 *   repeatable  what ran may be sent again, or never left
 *
 * NGX_AGAIN: go() will be called again; else the result of the step.
 */
ngx_int_t ngx_app_api_session_lost(ngx_app_api_session_t *s,
    ngx_uint_t repeatable);

/*
 * The server refused a statement.  NGX_AGAIN: the transaction is begun again;
 * else the result of the step.
 */
ngx_int_t ngx_app_api_session_refused(ngx_app_api_session_t *s);

/*
 * A statement has not succeeded.
 *
 *   rc          as op.done() has it: NGX_DECLINED, refused; NGX_ABORT, row()
 *               gave up; NGX_ERROR, lost
 *   repeatable  as above
 *
 * NGX_AGAIN, or the result of the step.
 */
ngx_int_t ngx_app_api_session_failed(ngx_app_api_session_t *s, ngx_int_t rc,
    ngx_uint_t repeatable);

/*
 * Opens a transaction, within the step "begin", whose result it is: go() of
 * ngx_app_api_session_use().
 */
void ngx_app_api_session_begin(ngx_app_api_session_t *s);

/* how much of app_mysql's errors a route may know: SQLSTATE class 22 */
ngx_uint_t ngx_app_api_session_bad_value(ngx_app_api_session_t *s);


#endif /* _NGX_APP_API_SESSION_H_INCLUDED_ */
