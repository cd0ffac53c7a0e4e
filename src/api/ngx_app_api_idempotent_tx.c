
/*
 * Copyright (C) the project authors
 */

/*
 * The key in its transaction: claimed behind "begin", where twins wait for
 * each other, and given its answer before the commit; behind it when the
 * answer could not be made earlier.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_idempotent.h>


/* bytes of the column "type" */
#define NGX_APP_API_KEY_TYPE_MAX  255


static void ngx_app_api_idempotent_claimed(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static ngx_int_t ngx_app_api_idempotent_refused(ngx_app_api_session_t *s);
static void ngx_app_api_idempotent_undone(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static ngx_int_t ngx_app_api_idempotent_before(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st);
static void ngx_app_api_idempotent_kept(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static void ngx_app_api_idempotent_commit(ngx_app_api_session_t *s);
static void ngx_app_api_idempotent_ended(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static ngx_int_t ngx_app_api_idempotent_behind(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st);
static void ngx_app_api_idempotent_acquired(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static void ngx_app_api_idempotent_stored(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static void ngx_app_api_idempotent_not_stored(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st, const char *why);
static ngx_int_t ngx_app_api_idempotent_answer(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st, ngx_int_t rc);
static ngx_int_t ngx_app_api_idempotent_responded(ngx_app_api_ctx_t *ctx,
    ngx_app_api_idempotent_run_t *st);
static ngx_int_t ngx_app_api_idempotent_failed(ngx_app_api_ctx_t *ctx,
    ngx_app_api_idempotent_run_t *st, ngx_int_t rc);
static ngx_int_t ngx_app_api_idempotent_body(
    ngx_app_api_idempotent_run_t *st, ngx_chain_t *cl, size_t size);


static ngx_str_t  ngx_app_api_key_busy =
    ngx_string("A request with this Idempotency-Key is being carried out");


ngx_int_t
ngx_app_api_idempotent_claim(ngx_app_api_session_t *s)
{
    ngx_app_api_idempotent_run_t  *st;

    st = ngx_app_api_idempotent_of(s->run);

    if (st == NULL) {
        return NGX_OK;
    }

    st->claiming = 1;
    st->due = 0;

    ngx_app_api_idempotent_execute(s, NGX_APP_API_KEY_CLAIM,
                                   ngx_app_api_idempotent_claimed);

    return NGX_AGAIN;
}


static void
ngx_app_api_idempotent_claimed(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t         *s;
    ngx_app_api_idempotent_run_t  *st;

    s = op->data;

    switch (rc) {

    case NGX_OK:
        st = ngx_app_api_idempotent_of(s->run);
        st->claiming = 0;
        s->run->ending = ngx_app_api_idempotent_end;
        break;

    case NGX_DECLINED:
        rc = ngx_app_api_idempotent_refused(s);
        break;

    default: /* NGX_ERROR */
        rc = ngx_app_api_session_lost(s, 1);
    }

    if (rc != NGX_AGAIN) {
        ngx_app_run_resume(s->run, rc);
    }
}


static ngx_int_t
ngx_app_api_idempotent_refused(ngx_app_api_session_t *s)
{
    switch (s->op.error) {

    case NGX_APP_API_ER_DUPLICATE:

        /* a twin was first, and its transaction is over */

        s->op.done = ngx_app_api_idempotent_undone;
        ngx_app_mysql_rollback(&s->op);

        return NGX_AGAIN;

    case NGX_APP_API_ER_LOCK_WAIT:

        /* it is still at it */

        s->run->retry_after = NGX_APP_API_RETRY_AFTER;

        return ngx_app_run_fail(s->run, NGX_HTTP_CONFLICT,
                                &ngx_app_api_key_busy);

    default:
        return ngx_app_api_session_refused(s);
    }
}


static void
ngx_app_api_idempotent_undone(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t  *s;

    s = op->data;
    s->tx = 0;

    rc = (rc == NGX_OK)
         ? ngx_app_api_session_use(s, s->step, s->db,
                                   ngx_app_api_idempotent_find)
         : ngx_app_api_session_lost(s, 1);

    if (rc != NGX_AGAIN) {
        ngx_app_run_resume(s->run, rc);
    }
}


ngx_uint_t
ngx_app_api_idempotent_due(ngx_app_run_t *run)
{
    ngx_app_api_idempotent_run_t  *st;

    st = ngx_app_api_idempotent_of(run);

    if (st == NULL || !st->conf->early) {
        return 0;
    }

    st->due = 1;

    return 1;
}


void
ngx_app_api_idempotent_committed(ngx_app_run_t *run)
{
    ngx_app_api_idempotent_run_t  *st;

    st = ngx_app_api_idempotent_of(run);

    if (st) {
        st->committed = 1;
    }
}


ngx_int_t
ngx_app_api_idempotent_end(ngx_app_run_t *run, ngx_int_t rc)
{
    ngx_app_api_idempotent_run_t  *st;

    st = ngx_app_api_idempotent_of(run);

    if (st->due) {
        st->due = 0;

        /* what has failed is undone, and the key is free again */

        return (rc == NGX_DONE) ? ngx_app_api_idempotent_before(run, st) : rc;
    }

    if (!st->committed || st->kept) {
        return rc;
    }

    if (rc != NGX_DONE && run->program->rescue) {
        /* which may have an answer */
        return rc;
    }

    if (run->rescuing && rc != NGX_DONE) {
        rc = NGX_DECLINED;
    }

    st->kept = 1;
    st->rc = rc;

    return ngx_app_api_idempotent_behind(run, st);
}


/* the answer, then the commit */

static ngx_int_t
ngx_app_api_idempotent_before(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st)
{
    ngx_int_t               rc;
    ngx_app_api_session_t  *s;

    s = ngx_app_api_session(run);
    if (s == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_app_api_idempotent_answer(run, st, NGX_DONE);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_OK) {
        ngx_app_api_idempotent_execute(s, NGX_APP_API_KEY_KEEP,
                                       ngx_app_api_idempotent_kept);

    } else {
        ngx_app_api_idempotent_commit(s);
    }

    return NGX_AGAIN;
}


static void
ngx_app_api_idempotent_kept(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t  *s;

    s = op->data;

    if (rc == NGX_OK) {
        ngx_app_api_idempotent_commit(s);
        return;
    }

    rc = ngx_app_api_session_failed(s, rc, 1);

    if (rc != NGX_AGAIN) {
        ngx_app_run_resume(s->run, rc);
    }
}


static void
ngx_app_api_idempotent_commit(ngx_app_api_session_t *s)
{
    s->op.done = ngx_app_api_idempotent_ended;

    ngx_app_mysql_commit(&s->op);
}


/* a COMMIT without an answer may have been done; a retry will tell */

static void
ngx_app_api_idempotent_ended(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t         *s;
    ngx_app_api_idempotent_run_t  *st;

    s = op->data;
    s->tx = 0;

    if (rc == NGX_OK) {
        st = ngx_app_api_idempotent_of(s->run);
        st->committed = 1;
        st->kept = 1;

        s->run->written = 1;
        rc = NGX_DONE;

    } else {
        rc = ngx_app_api_session_lost(s, 0);
    }

    ngx_app_run_resume(s->run, rc);
}


/*
 * The commit, then the answer.  Whatever comes of it, the client hears what
 * its request has done.
 */

static ngx_int_t
ngx_app_api_idempotent_behind(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st)
{
    ngx_int_t               rc;
    ngx_app_api_session_t  *s;

    s = ngx_app_api_session(run);
    if (s == NULL) {
        return st->rc;
    }

    if (ngx_app_api_idempotent_answer(run, st, st->rc) != NGX_OK) {
        return st->rc;
    }

    if (s->op.conn && s->db != st->conf->db) {
        ngx_app_mysql_release(&s->op);
    }

    s->db = st->conf->db;

    if (s->op.conn == NULL) {
        s->op.done = ngx_app_api_idempotent_acquired;

        rc = ngx_app_mysql_acquire(s->db, &s->op);

        if (rc == NGX_AGAIN) {
            return NGX_AGAIN;
        }

        if (rc != NGX_OK) {
            ngx_app_api_idempotent_not_stored(run, st, "no connection");
            return st->rc;
        }
    }

    ngx_app_api_idempotent_execute(s, NGX_APP_API_KEY_KEEP,
                                   ngx_app_api_idempotent_stored);

    return NGX_AGAIN;
}


static void
ngx_app_api_idempotent_acquired(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t         *s;
    ngx_app_api_idempotent_run_t  *st;

    s = op->data;
    st = ngx_app_api_idempotent_of(s->run);

    if (rc == NGX_OK) {
        ngx_app_api_idempotent_execute(s, NGX_APP_API_KEY_KEEP,
                                       ngx_app_api_idempotent_stored);
        return;
    }

    ngx_app_api_idempotent_not_stored(s->run, st, "no connection");

    ngx_app_run_resume(s->run, st->rc);
}


static void
ngx_app_api_idempotent_stored(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t         *s;
    ngx_app_api_idempotent_run_t  *st;

    s = op->data;
    st = ngx_app_api_idempotent_of(s->run);

    if (rc != NGX_OK) {
        ngx_app_api_idempotent_not_stored(s->run, st,
                                          op->error ? (char *) op->text.data
                                                    : "no reply in time");
    }

    ngx_app_run_resume(s->run, st->rc);
}


static void
ngx_app_api_idempotent_not_stored(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st, const char *why)
{
    ngx_log_error(NGX_LOG_ERR, run->log, 0,
                  "app api: an answer is not kept for \"idempotent\" in "
                  "%s:%ui: %s", st->conf->file, st->conf->line, why);
}


/* NGX_OK: it is in the slots; NGX_DECLINED: it is not kept; NGX_ERROR */

static ngx_int_t
ngx_app_api_idempotent_answer(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st, ngx_int_t rc)
{
    ngx_app_api_ctx_t  *ctx;

    ctx = run->data;

    if (rc == NGX_DONE) {
        return ctx->respond ? ngx_app_api_idempotent_responded(ctx, st)
                            : NGX_DECLINED;
    }

    return ngx_app_api_idempotent_failed(ctx, st, rc);
}


static ngx_int_t
ngx_app_api_idempotent_responded(ngx_app_api_ctx_t *ctx,
    ngx_app_api_idempotent_run_t *st)
{
    size_t        size;
    ngx_str_t    *type;
    ngx_chain_t  *cl;

    type = ngx_app_api_type(ctx->respond);

    cl = ngx_app_buf_take(&ctx->body, &size);

    if (cl == NULL) {

        if (ctx->body.buf) {
            return NGX_ERROR;
        }

        size = 0;

    } else if (ngx_app_buf_append(&ctx->body, cl, size) != NGX_OK) {
        return NGX_ERROR;
    }

    if (type->len > NGX_APP_API_KEY_TYPE_MAX) {
        ngx_app_api_idempotent_not_stored(&ctx->run, st,
                                          "its type is too long");
        return NGX_DECLINED;
    }

    ngx_app_value_set_int(&st->slots[NGX_APP_API_KEY_STATUS],
                          (int64_t) ctx->respond->status);
    ngx_app_value_set_string(&st->slots[NGX_APP_API_KEY_TYPE], type->data,
                             type->len);

    ngx_app_value_set_null(&st->slots[NGX_APP_API_KEY_LOCATION]);

    if (ctx->location.len) {
        ngx_app_value_set_string(&st->slots[NGX_APP_API_KEY_LOCATION],
                                 ctx->location.data, ctx->location.len);
    }

    if (ngx_app_api_idempotent_body(st, cl, size) == NGX_OK) {
        return NGX_OK;
    }

    ngx_app_api_idempotent_not_stored(&ctx->run, st,
                                      "it is longer than max_size=");
    return NGX_DECLINED;
}


/* a failure of ours is no answer that a retry should get */

static ngx_int_t
ngx_app_api_idempotent_failed(ngx_app_api_ctx_t *ctx,
    ngx_app_api_idempotent_run_t *st, ngx_int_t rc)
{
    size_t          size;
    ngx_str_t      *messages;
    ngx_uint_t      status, n;
    ngx_chain_t    *cl;
    ngx_app_buf_t   b;

    messages = ngx_app_api_failure(ctx, rc, &status, &n);

    if (status >= NGX_HTTP_INTERNAL_SERVER_ERROR) {
        return NGX_DECLINED;
    }

    ngx_app_buf_init(&b, ctx->run.env.pool, NGX_APP_API_BODY_CHUNK,
                     NGX_APP_API_PROBLEM_MAX);

    if (ngx_app_problem_write(&b, status, messages, n) != NGX_OK) {
        return NGX_ERROR;
    }

    cl = ngx_app_buf_take(&b, &size);
    if (cl == NULL) {
        return NGX_ERROR;
    }

    ngx_app_value_set_int(&st->slots[NGX_APP_API_KEY_STATUS],
                          (int64_t) status);
    ngx_app_value_set_null(&st->slots[NGX_APP_API_KEY_TYPE]);
    ngx_app_value_set_null(&st->slots[NGX_APP_API_KEY_LOCATION]);

    return ngx_app_api_idempotent_body(st, cl, size);
}


static ngx_int_t
ngx_app_api_idempotent_body(ngx_app_api_idempotent_run_t *st, ngx_chain_t *cl,
    size_t size)
{
    ngx_app_value_t  *v;

    v = &st->slots[NGX_APP_API_KEY_BODY];

    if (size > st->conf->max_size) {
        return NGX_DECLINED;
    }

    if (size == 0) {
        ngx_app_value_set_string(v, (u_char *) "", 0);
        return NGX_OK;
    }

    v->type = NGX_APP_CHAIN;
    v->u.c.chain = cl;
    v->u.c.size = size;

    return NGX_OK;
}
