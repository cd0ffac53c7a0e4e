
/*
 * Copyright (C) the project authors
 */

/*
 * The steps one and many.  The first of them borrows a connection for the
 * run, the last one gives it back before the answer is sent.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>
#include <json/ngx_app_json_write.h>


/* server's errors of a statement that took too long */
#define NGX_APP_API_ER_STATEMENT_TIMEOUT  1969      /* MariaDB */
#define NGX_APP_API_ER_QUERY_TIMEOUT      3024      /* MySQL */

/* the statement is not wrong: somebody ended it, or the server is full */
#define NGX_APP_API_ER_INTERRUPTED        1317
#define NGX_APP_API_ER_STATEMENT_COUNT    1461

/* first piece of memory for a row, and for a list of them */
#define NGX_APP_API_ONE_CHUNK             1024
#define NGX_APP_API_MANY_CHUNK            16384

#define NGX_APP_API_RETRY_AFTER           1


/* what a run holds while it uses a database */
typedef struct {
    ngx_app_mysql_op_t      op;
    ngx_app_run_t          *run;
    ngx_app_api_sql_t      *sql;
    ngx_app_mysql_conf_t   *db;

    ngx_app_buf_t           buf;       /* JSON of the rows */
    ngx_app_buf_t          *out;       /* where rows go: buf, or the client */
    ngx_uint_t              rows;
    ngx_int_t               rc;        /* of row(), when it stops the rest */
    ngx_str_t               failure;

    unsigned                retried:1;
} ngx_app_api_session_t;


static ngx_app_api_session_t *ngx_app_api_session(ngx_app_run_t *run);
static void ngx_app_api_session_release(ngx_app_run_t *run, void *data,
    ngx_uint_t failed);
static ngx_int_t ngx_app_api_sql_acquire(ngx_app_api_session_t *s);
static void ngx_app_api_sql_acquired(ngx_app_mysql_op_t *op, ngx_int_t rc);
static ngx_int_t ngx_app_api_sql_away(ngx_app_api_session_t *s,
    ngx_int_t rc);
static void ngx_app_api_sql_execute(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_one(ngx_app_mysql_op_t *op,
    ngx_app_mysql_stmt_t *stmt);
static ngx_int_t ngx_app_api_sql_many(ngx_app_mysql_op_t *op,
    ngx_app_mysql_stmt_t *stmt);
static ngx_int_t ngx_app_api_sql_many_sent(ngx_app_api_session_t *s,
    ngx_app_api_ctx_t *ctx, ngx_app_mysql_op_t *op);
static ngx_int_t ngx_app_api_sql_many_stream(ngx_app_api_session_t *s,
    ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_sql_columns(ngx_app_api_session_t *s,
    ngx_app_mysql_stmt_t *stmt);
static ngx_int_t ngx_app_api_sql_stop(ngx_app_api_session_t *s, ngx_int_t rc,
    ngx_str_t *failure);
static void ngx_app_api_sql_done(ngx_app_mysql_op_t *op, ngx_int_t rc);
static ngx_int_t ngx_app_api_sql_result(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_no_row(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_list(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_refused(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_stopped(ngx_app_api_session_t *s);


static const char  ngx_app_api_session_tag;

static ngx_str_t  ngx_app_api_too_large =
    ngx_string("the result is larger than app_api_max_size");
static ngx_str_t  ngx_app_api_too_many =
    ngx_string("the result has more rows than app_api_max_rows");
static ngx_str_t  ngx_app_api_timed_out =
    ngx_string("The database took too long");
static ngx_str_t  ngx_app_api_internal =
    ngx_string("Internal server error");


ngx_int_t
ngx_app_api_sql_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_int_t               rc;
    ngx_app_api_sql_t      *sql;
    ngx_app_api_session_t  *s;

    sql = step->conf;

    s = ngx_app_api_session(run);
    if (s == NULL) {
        return NGX_ERROR;
    }

    if (s->op.conn && s->db != sql->db) {
        ngx_app_mysql_release(&s->op);
    }

    s->sql = sql;
    s->db = sql->db;
    s->retried = 0;

    if (s->op.conn == NULL) {

        rc = ngx_app_api_sql_acquire(s);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    ngx_app_api_sql_execute(s);

    return NGX_AGAIN;
}


static ngx_app_api_session_t *
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
    s->op.data = s;
    s->op.pool = run->env.pool;
    s->op.log = run->log;
    s->op.slots = run->env.slots;

    hold->data = s;
    hold->release = ngx_app_api_session_release;

    return s;
}


static void
ngx_app_api_session_release(ngx_app_run_t *run, void *data, ngx_uint_t failed)
{
    ngx_app_api_session_t *s = data;

    ngx_app_mysql_detach(&s->op);
}


static ngx_int_t
ngx_app_api_sql_acquire(ngx_app_api_session_t *s)
{
    ngx_int_t  rc;

    s->op.done = ngx_app_api_sql_acquired;

    rc = ngx_app_mysql_acquire(s->db, &s->op);

    if (rc == NGX_OK || rc == NGX_AGAIN) {
        return rc;
    }

    return ngx_app_api_sql_away(s, rc);
}


static void
ngx_app_api_sql_acquired(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t  *s;

    s = op->data;

    if (rc != NGX_OK) {
        ngx_app_run_resume(s->run, ngx_app_api_sql_away(s, rc));
        return;
    }

    ngx_app_api_sql_execute(s);
}


static ngx_int_t
ngx_app_api_sql_away(ngx_app_api_session_t *s, ngx_int_t rc)
{
    ngx_log_error(NGX_LOG_ERR, s->run->log, 0,
                  "app api: no connection to \"%V\" for \"%V\" in %s:%ui: %s",
                  &s->db->name, &s->sql->name, s->sql->file, s->sql->line,
                  rc == NGX_BUSY ? "all are in use" : "it is away");

    return ngx_app_run_unavailable(s->run, NGX_APP_API_RETRY_AFTER);
}


static void
ngx_app_api_sql_execute(ngx_app_api_session_t *s)
{
    size_t                   chunk;
    ngx_app_api_sql_t       *sql;
    ngx_app_api_loc_conf_t  *alcf;

    sql = s->sql;

    alcf = ngx_http_get_module_loc_conf(s->run->request, ngx_app_api_module);

    chunk = sql->many ? NGX_APP_API_MANY_CHUNK : NGX_APP_API_ONE_CHUNK;

    ngx_app_buf_init(&s->buf, s->run->env.pool, chunk, alcf->max_size);

    s->out = &s->buf;
    s->rows = 0;
    s->rc = NGX_OK;

    s->op.query = sql->query;
    s->op.row = sql->many ? ngx_app_api_sql_many : ngx_app_api_sql_one;
    s->op.done = ngx_app_api_sql_done;

    ngx_app_mysql_execute(&s->op);
}


/* the first row counts, further ones are read and dropped */

static ngx_int_t
ngx_app_api_sql_one(ngx_app_mysql_op_t *op, ngx_app_mysql_stmt_t *stmt)
{
    ngx_uint_t              i;
    ngx_app_value_t        *slots;
    ngx_app_member_t       *m;
    ngx_app_symbol_t       *sym;
    ngx_app_api_session_t  *s;

    s = op->data;
    sym = s->sql->symbol;

    if (s->rows++ || sym == NULL) {
        return NGX_OK;
    }

    slots = s->run->env.slots;

    if (ngx_app_api_sql_columns(s, stmt) != NGX_OK) {
        return NGX_ABORT;
    }

    m = sym->members.elts;

    for (i = 0; i < sym->members.nelts; i++) {
        if (ngx_app_mysql_row_value(stmt, s->sql->columns[i],
                                    s->run->env.pool, &slots[m[i].slot])
            != NGX_OK)
        {
            return ngx_app_api_sql_stop(s, NGX_ERROR, NULL);
        }
    }

    if (sym->whole == 0) {
        return NGX_OK;
    }

    switch (ngx_app_mysql_row_json(stmt, &s->buf)) {

    case NGX_OK:
        return NGX_OK;

    case NGX_BUSY:
        return ngx_app_api_sql_stop(s, NGX_BUSY, &ngx_app_api_too_large);

    default:
        return ngx_app_api_sql_stop(s, NGX_ERROR, NULL);
    }
}


static ngx_int_t
ngx_app_api_sql_many(ngx_app_mysql_op_t *op, ngx_app_mysql_stmt_t *stmt)
{
    u_char                  *p;
    ngx_int_t                rc;
    ngx_app_api_ctx_t       *ctx;
    ngx_app_api_session_t   *s;
    ngx_app_api_loc_conf_t  *alcf;

    s = op->data;

    if (s->sql->symbol == NULL) {
        s->rows++;
        return NGX_OK;
    }

    ctx = s->run->data;
    alcf = ngx_http_get_module_loc_conf(ctx->request, ngx_app_api_module);

    if (s->rows == (ngx_uint_t) alcf->max_rows) {
        return ngx_app_api_sql_stop(s, NGX_BUSY, &ngx_app_api_too_many);
    }

    p = ngx_app_buf_reserve(s->out, 1);

    if (p == NULL) {
        rc = ngx_app_buf_failed(s->out);

    } else {
        *p++ = s->rows ? ',' : '[';
        s->out->pos = p;
        s->rows++;

        rc = ngx_app_mysql_row_json(stmt, s->out);
    }

    if (rc == NGX_BUSY
        || ctx->streamed + ngx_app_buf_size(s->out) > alcf->max_size)
    {
        return ngx_app_api_sql_stop(s, NGX_BUSY, &ngx_app_api_too_large);
    }

    if (rc != NGX_OK) {
        return ngx_app_api_sql_stop(s, NGX_ERROR, NULL);
    }

    if (s->sql->respond
        && ngx_app_buf_size(s->out) >= alcf->buffer_size
        && ctx->request->method != NGX_HTTP_HEAD)
    {
        return ngx_app_api_sql_many_sent(s, ctx, op);
    }

    return NGX_OK;
}


/* enough rows for the client: from here on it sets the pace */

static ngx_int_t
ngx_app_api_sql_many_sent(ngx_app_api_session_t *s, ngx_app_api_ctx_t *ctx,
    ngx_app_mysql_op_t *op)
{
    ngx_int_t  rc;

    if (!ctx->streaming && ngx_app_api_sql_many_stream(s, ctx) != NGX_OK) {
        return ngx_app_api_sql_stop(s, NGX_ERROR, NULL);
    }

    rc = ngx_app_api_stream(ctx, 0);

    if (rc == NGX_ERROR) {
        return ngx_app_api_sql_stop(s, NGX_ERROR, NULL);
    }

    if (rc == NGX_AGAIN) {
        ctx->paused = op;
    }

    return rc;
}


static ngx_int_t
ngx_app_api_sql_many_stream(ngx_app_api_session_t *s, ngx_app_api_ctx_t *ctx)
{
    size_t        size;
    ngx_chain_t  *cl;

    if (ngx_app_api_stream_start(ctx, s->sql->respond) != NGX_OK) {
        return NGX_ERROR;
    }

    cl = ngx_app_buf_take(&s->buf, &size);

    if (cl == NULL || ngx_app_buf_append(&ctx->out, cl, size) != NGX_OK) {
        return NGX_ERROR;
    }

    s->out = &ctx->out;

    return NGX_OK;
}


/*
 * Finds the columns that the route names; they are the same until the
 * statement is prepared again.
 */

static ngx_int_t
ngx_app_api_sql_columns(ngx_app_api_session_t *s, ngx_app_mysql_stmt_t *stmt)
{
    ngx_uint_t          i;
    ngx_app_member_t   *m;
    ngx_app_symbol_t   *sym;
    ngx_app_api_sql_t  *sql;

    sql = s->sql;
    sym = sql->symbol;

    if (sql->serial == ngx_app_mysql_row_serial(stmt)) {
        return NGX_OK;
    }

    m = sym->members.elts;

    for (i = 0; i < sym->members.nelts; i++) {

        sql->columns[i] = ngx_app_mysql_row_column(stmt, &m[i].name);

        if (sql->columns[i] == NGX_DECLINED) {
            ngx_log_error(NGX_LOG_ERR, s->run->log, 0,
                          "app api: \"%V.%V\" is used, but the statement of "
                          "\"%V\" in %s:%ui has no column \"%V\"",
                          &sym->name, &m[i].name, &sql->name, sql->file,
                          sql->line, &m[i].name);

            sql->serial = 0;
            s->rc = NGX_ERROR;
            return NGX_ERROR;
        }
    }

    sql->serial = ngx_app_mysql_row_serial(stmt);

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_sql_stop(ngx_app_api_session_t *s, ngx_int_t rc,
    ngx_str_t *failure)
{
    s->rc = rc;

    if (failure) {
        s->failure = *failure;
    }

    return NGX_ABORT;
}


static void
ngx_app_api_sql_done(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_run_t          *run;
    ngx_app_api_session_t  *s;

    s = op->data;
    run = s->run;

    switch (rc) {

    case NGX_OK:

        if (!ngx_app_run_more_sql(run)) {
            ngx_app_mysql_release(op);
        }

        rc = ngx_app_api_sql_result(s);
        break;

    case NGX_DECLINED:
        rc = ngx_app_api_sql_refused(s);
        break;

    case NGX_ABORT:
        rc = ngx_app_api_sql_stopped(s);
        break;

    default: /* NGX_ERROR */

        if (op->error) {
            ngx_log_error(NGX_LOG_WARN, run->log, 0,
                          "app api: connection to \"%V\" lost in \"%V\" "
                          "in %s:%ui: (%ui) %V", &s->db->name, &s->sql->name,
                          s->sql->file, s->sql->line, op->error, &op->text);
        }

        /* a connection that had been idle may have been closed meanwhile */

        if (op->error && op->reused && op->rows == 0 && !s->retried
            && s->sql->readonly)
        {
            s->retried = 1;

            rc = ngx_app_api_sql_acquire(s);

            if (rc == NGX_OK) {
                ngx_app_api_sql_execute(s);
                return;
            }

            if (rc == NGX_AGAIN) {
                return;
            }

            break;
        }

        rc = ngx_app_run_unavailable(run, NGX_APP_API_RETRY_AFTER);
    }

    ngx_app_run_resume(run, rc);
}


static ngx_int_t
ngx_app_api_sql_result(ngx_app_api_session_t *s)
{
    ngx_app_value_t   *v;
    ngx_app_symbol_t  *sym;

    sym = s->sql->symbol;

    if (s->sql->many) {
        return ngx_app_api_sql_list(s);
    }

    if (s->rows == 0) {
        return ngx_app_api_sql_no_row(s);
    }

    if (sym == NULL || sym->whole == 0) {
        return NGX_OK;
    }

    v = &s->run->env.slots[sym->slot];

    v->u.c.chain = ngx_app_buf_take(&s->buf, &v->u.c.size);

    if (v->u.c.chain == NULL) {
        return NGX_ERROR;
    }

    v->type = NGX_APP_CHAIN;

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_sql_no_row(ngx_app_api_session_t *s)
{
    ngx_str_t          message;
    ngx_uint_t         i;
    ngx_app_value_t   *slots;
    ngx_app_member_t  *m;
    ngx_app_symbol_t  *sym;

    if (s->sql->else_status) {

        if (ngx_app_api_message(s->run, s->sql->else_message, &message)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        return ngx_app_run_fail(s->run, s->sql->else_status, &message);
    }

    sym = s->sql->symbol;

    if (sym == NULL) {
        return NGX_OK;
    }

    slots = s->run->env.slots;
    slots[sym->slot].type = NGX_APP_NULL;

    m = sym->members.elts;

    for (i = 0; i < sym->members.nelts; i++) {
        slots[m[i].slot].type = NGX_APP_NULL;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_sql_list(ngx_app_api_session_t *s)
{
    ngx_int_t           rc;
    ngx_app_value_t    *v;
    ngx_app_api_ctx_t  *ctx;

    if (s->sql->symbol == NULL) {
        return NGX_OK;
    }

    rc = s->rows ? ngx_app_buf_write(s->out, "]", 1)
                 : ngx_app_buf_write(s->out, "[]", 2);

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    ctx = s->run->data;

    if (ctx->streaming) {
        return (ngx_app_api_stream(ctx, 1) == NGX_ERROR) ? NGX_ERROR
                                                         : NGX_DONE;
    }

    ngx_app_value_set_int(&s->run->env.slots[s->sql->count], s->rows);

    v = &s->run->env.slots[s->sql->symbol->slot];

    v->u.c.chain = ngx_app_buf_take(&s->buf, &v->u.c.size);

    if (v->u.c.chain == NULL) {
        return NGX_ERROR;
    }

    v->type = NGX_APP_CHAIN;

    return NGX_OK;
}


/* the server's text is for the log, never for the client */

static ngx_int_t
ngx_app_api_sql_refused(ngx_app_api_session_t *s)
{
    ngx_app_mysql_op_t  *op;

    op = &s->op;

    ngx_log_error(NGX_LOG_ERR, s->run->log, 0,
                  "app api: \"%V\" refused \"%V\" in %s:%ui: (%ui, %s) %V",
                  &s->db->name, &s->sql->name, s->sql->file, s->sql->line,
                  op->error, op->sqlstate, &op->text);

    if (op->error == NGX_APP_API_ER_STATEMENT_TIMEOUT
        || op->error == NGX_APP_API_ER_QUERY_TIMEOUT)
    {
        return ngx_app_run_fail(s->run, NGX_HTTP_GATEWAY_TIME_OUT,
                                &ngx_app_api_timed_out);
    }

    if (op->error == NGX_APP_API_ER_INTERRUPTED
        || op->error == NGX_APP_API_ER_STATEMENT_COUNT)
    {
        return ngx_app_run_unavailable(s->run, NGX_APP_API_RETRY_AFTER);
    }

    return ngx_app_run_fail(s->run, NGX_HTTP_INTERNAL_SERVER_ERROR,
                            &ngx_app_api_internal);
}


static ngx_int_t
ngx_app_api_sql_stopped(ngx_app_api_session_t *s)
{
    if (s->rc != NGX_BUSY) {
        return NGX_ERROR;
    }

    ngx_log_error(NGX_LOG_ERR, s->run->log, 0, "app api: %V: \"%V\" in %s:%ui",
                  &s->failure, &s->sql->name, s->sql->file, s->sql->line);

    return ngx_app_run_fail(s->run, NGX_HTTP_INTERNAL_SERVER_ERROR,
                            &s->failure);
}
