
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_session.h>


/* server's errors of a statement that took too long */
#define NGX_APP_API_ER_STATEMENT_TIMEOUT  1969      /* MariaDB */
#define NGX_APP_API_ER_QUERY_TIMEOUT      3024      /* MySQL */

/* max_prepared_stmt_count: the server is full, the statement is not wrong */
#define NGX_APP_API_ER_STATEMENT_COUNT    1461

/* somebody on the server ended it */
#define NGX_APP_API_ER_INTERRUPTED        1317


static void ngx_app_api_session_enter(ngx_app_mysql_op_t *op);
static void ngx_app_api_session_release(ngx_app_run_t *run, void *data,
    ngx_uint_t failed);
static ngx_int_t ngx_app_api_session_acquire(ngx_app_api_session_t *s);
static void ngx_app_api_session_acquired(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static ngx_int_t ngx_app_api_session_away(ngx_app_api_session_t *s,
    ngx_int_t rc);
static ngx_int_t ngx_app_api_session_again(ngx_app_api_session_t *s);
static void ngx_app_api_session_rolled_back(ngx_app_mysql_op_t *op,
    ngx_int_t rc);


static const char  ngx_app_api_session_tag;

static ngx_str_t  ngx_app_api_timed_out =
    ngx_string("The database took too long");
static ngx_str_t  ngx_app_api_internal =
    ngx_string("Internal server error");


ngx_app_api_session_t *
ngx_app_api_session(ngx_app_run_t *run)
{
    ngx_app_run_hold_t     *hold;
    ngx_app_api_session_t  *s;

    hold = ngx_app_run_hold(run, &ngx_app_api_session_tag);
    if (hold == NULL) {
        return NULL;
    }

    s = hold->data;

    if (s) {
        return s;
    }

    s = ngx_pcalloc(run->env.pool, sizeof(ngx_app_api_session_t));
    if (s == NULL) {
        return NULL;
    }

    s->run = run;
    s->op.enter = ngx_app_api_session_enter;
    s->op.data = s;
    s->op.pool = run->env.pool;
    s->op.log = run->log;

    hold->data = s;
    hold->release = ngx_app_api_session_release;

    return s;
}


static void
ngx_app_api_session_enter(ngx_app_mysql_op_t *op)
{
    ngx_app_api_session_t *s = op->data;

    ngx_app_run_enter(s->run);
}


static void
ngx_app_api_session_release(ngx_app_run_t *run, void *data, ngx_uint_t failed)
{
    ngx_app_api_session_t *s = data;

    ngx_app_mysql_detach(&s->op);
}


ngx_int_t
ngx_app_api_session_use(ngx_app_api_session_t *s, ngx_app_step_t *step,
    ngx_app_mysql_conf_t *db, ngx_app_api_session_pt go)
{
    ngx_int_t  rc;

    if (s->op.conn && s->db != db) {
        ngx_app_mysql_release(&s->op);
    }

    s->step = step;
    s->db = db;
    s->go = go;
    s->retried = 0;

    if (s->op.conn == NULL) {

        rc = ngx_app_api_session_acquire(s);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    go(s);

    return NGX_AGAIN;
}


void
ngx_app_api_session_end(ngx_app_api_session_t *s)
{
    if (!s->tx && !ngx_app_run_more_sql(s->run)) {
        ngx_app_mysql_release(&s->op);
    }
}


ngx_int_t
ngx_app_api_session_idle(ngx_app_run_t *run)
{
    ngx_app_api_session_t  *s;

    s = ngx_app_api_session(run);
    if (s == NULL) {
        return NGX_ERROR;
    }

    if (s->op.conn && !s->tx) {
        ngx_app_mysql_release(&s->op);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_session_acquire(ngx_app_api_session_t *s)
{
    ngx_int_t  rc;

    s->op.done = ngx_app_api_session_acquired;

    rc = ngx_app_mysql_acquire(s->db, &s->op);

    if (rc == NGX_OK || rc == NGX_AGAIN) {
        return rc;
    }

    return ngx_app_api_session_away(s, rc);
}


static void
ngx_app_api_session_acquired(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t  *s;

    s = op->data;

    if (rc != NGX_OK) {
        ngx_app_run_resume(s->run, ngx_app_api_session_away(s, rc));
        return;
    }

    s->go(s);
}


static ngx_int_t
ngx_app_api_session_away(ngx_app_api_session_t *s, ngx_int_t rc)
{
    ngx_log_error(NGX_LOG_ERR, s->run->log, 0,
                  "app api: no connection to \"%V\" for \"%V\" in %V:%ui: %s",
                  &s->db->name, &s->step->name, &s->step->file, s->step->line,
                  rc == NGX_BUSY ? "all are in use" : "it is away");

    return ngx_app_run_unavailable(s->run, NGX_APP_API_RETRY_AFTER);
}


ngx_int_t
ngx_app_api_session_lost(ngx_app_api_session_t *s, ngx_uint_t repeatable)
{
    ngx_int_t            rc;
    ngx_app_mysql_op_t  *op;

    op = &s->op;

    if (op->error) {
        ngx_log_error(NGX_LOG_WARN, s->run->log, 0,
                      "app api: connection to \"%V\" lost in \"%V\" "
                      "in %V:%ui: (%ui) %V", &s->db->name, &s->step->name,
                      &s->step->file, s->step->line, op->error, &op->text);
    }

    /* what was not committed is undone by the server */

    if (s->tx) {
        repeatable = 1;
    }

    if (!repeatable) {
        ngx_log_error(NGX_LOG_ERR, s->run->log, 0,
                      "app api: it is not known whether \"%V\" in %V:%ui "
                      "was done", &s->step->name, &s->step->file,
                      s->step->line);

        /* not 503: clients send again what is answered so */

        return ngx_app_run_fail(s->run, NGX_HTTP_INTERNAL_SERVER_ERROR,
                                &ngx_app_api_internal);
    }

    /* a connection that had been idle may have been closed meanwhile */

    if (op->error == 0 || !op->reused || op->rows || s->retried || s->tx) {
        return ngx_app_run_unavailable(s->run, NGX_APP_API_RETRY_AFTER);
    }

    s->retried = 1;

    rc = ngx_app_api_session_acquire(s);

    if (rc == NGX_OK) {
        s->go(s);
        return NGX_AGAIN;
    }

    return rc;
}


/* the server's text is for the log, never for the client */

ngx_int_t
ngx_app_api_session_refused(ngx_app_api_session_t *s)
{
    ngx_app_mysql_op_t  *op;

    op = &s->op;

    if (s->tx && (op->error == NGX_APP_API_ER_DEADLOCK
                  || op->error == NGX_APP_API_ER_LOCK_WAIT))
    {
        return ngx_app_api_session_again(s);
    }

    ngx_log_error(NGX_LOG_ERR, s->run->log, 0,
                  "app api: \"%V\" refused \"%V\" in %V:%ui: (%ui, %s) %V",
                  &s->db->name, &s->step->name, &s->step->file, s->step->line,
                  op->error, op->sqlstate, &op->text);

    switch (op->error) {

    case NGX_APP_API_ER_STATEMENT_TIMEOUT:
    case NGX_APP_API_ER_QUERY_TIMEOUT:
        return ngx_app_run_fail(s->run, NGX_HTTP_GATEWAY_TIME_OUT,
                                &ngx_app_api_timed_out);

    case NGX_APP_API_ER_INTERRUPTED:
    case NGX_APP_API_ER_STATEMENT_COUNT:
    case NGX_APP_API_ER_DEADLOCK:
    case NGX_APP_API_ER_LOCK_WAIT:
        return ngx_app_run_unavailable(s->run, NGX_APP_API_RETRY_AFTER);

    default:
        return ngx_app_run_fail(s->run, NGX_HTTP_INTERNAL_SERVER_ERROR,
                                &ngx_app_api_internal);
    }
}


ngx_int_t
ngx_app_api_session_failed(ngx_app_api_session_t *s, ngx_int_t rc,
    ngx_uint_t repeatable)
{
    switch (rc) {

    case NGX_DECLINED:
        return ngx_app_api_session_refused(s);

    case NGX_ABORT:
        return NGX_ERROR;

    default: /* NGX_ERROR */
        return ngx_app_api_session_lost(s, repeatable);
    }
}


ngx_uint_t
ngx_app_api_session_bad_value(ngx_app_api_session_t *s)
{
    return s->op.sqlstate[0] == '2' && s->op.sqlstate[1] == '2';
}


/*
 * Of two transactions that wait for each other the server ends one; it is
 * begun again, for nobody has heard of it yet.  After a lock-wait time-out it
 * is still open, so it is undone in both cases.
 */

static ngx_int_t
ngx_app_api_session_again(ngx_app_api_session_t *s)
{
    if (s->tries == NGX_APP_API_TRIES) {
        ngx_log_error(NGX_LOG_ERR, s->run->log, 0,
                      "app api: the transaction with \"%V\" in %V:%ui met "
                      "others %d times", &s->step->name, &s->step->file,
                      s->step->line, NGX_APP_API_TRIES);

        return ngx_app_run_unavailable(s->run, NGX_APP_API_RETRY_AFTER);
    }

    s->op.done = ngx_app_api_session_rolled_back;
    ngx_app_mysql_rollback(&s->op);

    return NGX_AGAIN;
}


static void
ngx_app_api_session_rolled_back(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_run_t          *run;
    ngx_app_api_session_t  *s;

    s = op->data;
    run = s->run;

    if (rc != NGX_OK) {
        ngx_app_run_resume(run, ngx_app_api_session_lost(s, 1));
        return;
    }

    *s->effects = NULL;
    run->last_effect = s->effects;

    s->tx = 0;
    s->again = 1;

    /* the next step is the one behind pc: the "begin" */

    run->pc = s->begin - 1;

    ngx_app_run_resume(run, NGX_OK);
}
