
/*
 * Copyright (C) the project authors
 */

/*
 * The steps one, many and exec.  The first of them borrows a connection for
 * the run, the last one gives it back before the answer is sent.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_session.h>
#include <json/ngx_app_json_write.h>


/* first piece of memory for a row, and for a list of them */
#define NGX_APP_API_ONE_CHUNK             1024
#define NGX_APP_API_MANY_CHUNK            16384


static void ngx_app_api_sql_execute(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_one(ngx_app_mysql_op_t *op,
    ngx_app_mysql_stmt_t *stmt);
static ngx_int_t ngx_app_api_sql_many(ngx_app_mysql_op_t *op,
    ngx_app_mysql_stmt_t *stmt);
static ngx_int_t ngx_app_api_sql_exec(ngx_app_mysql_op_t *op,
    ngx_app_mysql_stmt_t *stmt);
static void ngx_app_api_sql_many_counted(ngx_app_api_session_t *s,
    ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_sql_many_sent(ngx_app_api_session_t *s,
    ngx_app_api_ctx_t *ctx, ngx_app_mysql_op_t *op);
static ngx_int_t ngx_app_api_sql_many_stream(ngx_app_api_session_t *s,
    ngx_app_api_ctx_t *ctx);
static ngx_int_t ngx_app_api_sql_keep(ngx_app_api_session_t *s,
    ngx_app_mysql_stmt_t *stmt);
static ngx_int_t ngx_app_api_sql_columns(ngx_app_api_session_t *s,
    ngx_app_mysql_stmt_t *stmt, ngx_app_symbol_t *sym);
static ngx_int_t ngx_app_api_sql_stop(ngx_app_api_session_t *s, ngx_int_t rc,
    ngx_str_t *failure);
static void ngx_app_api_sql_done(ngx_app_mysql_op_t *op, ngx_int_t rc);
static ngx_int_t ngx_app_api_sql_result(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_changed(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_no_row(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_list(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_refused(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_sql_stopped(ngx_app_api_session_t *s);


static ngx_str_t  ngx_app_api_too_large =
    ngx_string("the result is larger than app_api_max_size");
static ngx_str_t  ngx_app_api_too_many =
    ngx_string("the result has more rows than app_api_max_rows");
static ngx_str_t  ngx_app_api_bad_value =
    ngx_string("A value is too long or does not fit");


/* by ngx_app_api_sql_e */

static ngx_app_mysql_row_pt  ngx_app_api_sql_rows[] = {
    ngx_app_api_sql_one,
    ngx_app_api_sql_many,
    ngx_app_api_sql_exec
};


ngx_int_t
ngx_app_api_sql_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_app_api_sql_t      *sql;
    ngx_app_api_session_t  *s;

    sql = step->conf;

    s = ngx_app_api_session(run);
    if (s == NULL) {
        return NGX_ERROR;
    }

    s->sql = sql;

    return ngx_app_api_session_use(s, step, sql->db, ngx_app_api_sql_execute);
}


static void
ngx_app_api_sql_execute(ngx_app_api_session_t *s)
{
    size_t                   chunk;
    ngx_array_t             *items;
    ngx_app_api_sql_t       *sql;
    ngx_app_api_loc_conf_t  *alcf;

    sql = s->sql;

    alcf = ngx_http_get_module_loc_conf(s->run->request, ngx_app_api_module);

    chunk = (sql->kind == NGX_APP_API_MANY) ? NGX_APP_API_MANY_CHUNK
                                            : NGX_APP_API_ONE_CHUNK;

    ngx_app_buf_init(&s->buf, s->run->env.pool, chunk, alcf->max_size);

    s->out = &s->buf;
    s->rows = 0;
    s->rc = NGX_OK;

    if (sql->item) {
        items = ngx_app_api_each_items(s->run->env.pool, sql->item);

        if (items == NULL) {
            ngx_app_run_resume(s->run, NGX_ERROR);
            return;
        }

        s->run->env.slots[sql->items].u.s.data = (u_char *) items;
    }

    s->op.query = sql->query;
    s->op.slots = s->run->env.slots;
    s->op.row = ngx_app_api_sql_rows[sql->kind];
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

    if (ngx_app_api_sql_columns(s, stmt, sym) != NGX_OK) {
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
        || ctx->streamed + ctx->dropped + ngx_app_buf_size(s->out)
           > alcf->max_size)
    {
        return ngx_app_api_sql_stop(s, NGX_BUSY, &ngx_app_api_too_large);
    }

    if (rc == NGX_OK && s->sql->item) {
        rc = ngx_app_api_sql_keep(s, stmt);
    }

    if (rc != NGX_OK) {
        return ngx_app_api_sql_stop(s, NGX_ERROR, NULL);
    }

    if (s->sql->respond == NULL
        || ngx_app_buf_size(s->out) < alcf->buffer_size)
    {
        return NGX_OK;
    }

    if (ctx->request->method == NGX_HTTP_HEAD || ctx->request->header_only) {
        ngx_app_api_sql_many_counted(s, ctx);
        return NGX_OK;
    }

    return ngx_app_api_sql_many_sent(s, ctx, op);
}


/* of an answer without its body only the length is told */

static void
ngx_app_api_sql_many_counted(ngx_app_api_session_t *s, ngx_app_api_ctx_t *ctx)
{
    size_t        size;
    ngx_chain_t  *cl;

    cl = ngx_app_buf_take(s->out, &size);

    ctx->counted = s->sql->respond;
    ctx->dropped += size;

    ngx_app_buf_recycle(s->out, cl);
}


/* what an "each" over the rows asks for, and their JSON if it does */

static ngx_int_t
ngx_app_api_sql_keep(ngx_app_api_session_t *s, ngx_app_mysql_stmt_t *stmt)
{
    ngx_uint_t         i;
    ngx_array_t       *items;
    ngx_pool_t        *pool;
    ngx_app_buf_t      b;
    ngx_app_value_t   *v;
    ngx_app_symbol_t  *item;

    pool = s->run->env.pool;
    item = s->sql->item;

    if (ngx_app_api_sql_columns(s, stmt, item) != NGX_OK) {
        return NGX_ERROR;
    }

    items = (ngx_array_t *) s->run->env.slots[s->sql->items].u.s.data;

    v = ngx_array_push(items);
    if (v == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(v, items->size);

    for (i = 0; i < item->members.nelts; i++) {
        if (ngx_app_mysql_row_value(stmt, s->sql->columns[i], pool, &v[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (item->whole == 0) {
        return NGX_OK;
    }

    ngx_app_buf_init(&b, pool, NGX_APP_API_ONE_CHUNK,
                     ngx_app_buf_size(s->out));

    if (ngx_app_mysql_row_json(stmt, &b) != NGX_OK) {
        return NGX_ERROR;
    }

    v[i].u.c.chain = ngx_app_buf_take(&b, &v[i].u.c.size);
    v[i].type = NGX_APP_CHAIN;

    return v[i].u.c.chain ? NGX_OK : NGX_ERROR;
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
ngx_app_api_sql_columns(ngx_app_api_session_t *s, ngx_app_mysql_stmt_t *stmt,
    ngx_app_symbol_t *sym)
{
    ngx_uint_t          i;
    ngx_app_member_t   *m;
    ngx_app_api_sql_t  *sql;

    sql = s->sql;

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


/* rows that a changing statement brings are not asked for */

static ngx_int_t
ngx_app_api_sql_exec(ngx_app_mysql_op_t *op, ngx_app_mysql_stmt_t *stmt)
{
    return NGX_OK;
}


static void
ngx_app_api_sql_done(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t  *s;

    s = op->data;

    switch (rc) {

    case NGX_OK:
        ngx_app_api_session_end(s);
        rc = ngx_app_api_sql_result(s);
        break;

    case NGX_DECLINED:
        rc = ngx_app_api_sql_refused(s);
        break;

    case NGX_ABORT:
        rc = ngx_app_api_sql_stopped(s);
        break;

    default: /* NGX_ERROR */
        rc = ngx_app_api_session_lost(s, s->sql->readonly || !op->sent);
    }

    if (rc != NGX_AGAIN) {
        ngx_app_run_resume(s->run, rc);
    }
}


static ngx_int_t
ngx_app_api_sql_result(ngx_app_api_session_t *s)
{
    ngx_app_value_t   *v;
    ngx_app_symbol_t  *sym;

    sym = s->sql->symbol;

    switch (s->sql->kind) {

    case NGX_APP_API_MANY:
        return ngx_app_api_sql_list(s);

    case NGX_APP_API_EXEC:
        return ngx_app_api_sql_changed(s);

    default: /* NGX_APP_API_ONE */

        if (s->rows == 0) {
            return ngx_app_api_sql_no_row(s);
        }
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


/* affected counts rows that matched, whether they changed or not */

static ngx_int_t
ngx_app_api_sql_changed(ngx_app_api_session_t *s)
{
    ngx_app_value_t  *slots;

    if (s->op.affected == 0 && s->sql->none.status) {
        return ngx_app_api_refuse(s->run, &s->sql->none);
    }

    if (!s->tx && s->op.affected) {
        s->run->written = 1;
    }

    if (s->sql->symbol == NULL) {
        return NGX_OK;
    }

    slots = s->run->env.slots;

    ngx_app_value_set_int(&slots[s->sql->affected], s->op.affected);

    if (s->op.insert_id) {
        ngx_app_value_set_int(&slots[s->sql->id], s->op.insert_id);

    } else {
        ngx_app_value_set_null(&slots[s->sql->id]);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_sql_no_row(ngx_app_api_session_t *s)
{
    ngx_uint_t         i;
    ngx_app_value_t   *slots;
    ngx_app_member_t  *m;
    ngx_app_symbol_t  *sym;

    if (s->sql->none.status) {
        return ngx_app_api_refuse(s->run, &s->sql->none);
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


static ngx_int_t
ngx_app_api_sql_refused(ngx_app_api_session_t *s)
{
    if (s->op.error == NGX_APP_API_ER_DUPLICATE && s->sql->duplicate.status) {
        return ngx_app_api_refuse(s->run, &s->sql->duplicate);
    }

    /* what inputs let through and the column does not */

    if (!s->sql->readonly && ngx_app_api_session_bad_value(s)) {
        return ngx_app_run_fail(s->run, NGX_HTTP_BAD_REQUEST,
                                &ngx_app_api_bad_value);
    }

    return ngx_app_api_session_refused(s);
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
