
/*
 * Copyright (C) the project authors
 */

/*
 * The step idempotent: reads the key, tells requests apart by what they sent,
 * looks whether the key is known, and gives the known answer.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_idempotent.h>
#include <http/ngx_app_header.h>
#include <http/ngx_app_idempotency_key.h>

#include <openssl/evp.h>


/* keys of a worker between two looks at those whose time is over */
#define NGX_APP_API_KEY_SWEEP_EVERY  32


static ngx_int_t ngx_app_api_idempotent_key(ngx_app_run_t *run,
    ngx_app_api_idempotent_t *idem, ngx_str_t *key);
static ngx_app_api_idempotent_run_t *ngx_app_api_idempotent_create(
    ngx_app_run_t *run, ngx_app_api_idempotent_t *idem, ngx_str_t *key);
static ngx_int_t ngx_app_api_idempotent_id(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st, ngx_str_t *key, EVP_MD_CTX *md);
static ngx_int_t ngx_app_api_idempotent_fingerprint(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st, EVP_MD_CTX *md);
static ngx_int_t ngx_app_api_idempotent_hash(EVP_MD_CTX *md, ngx_uint_t tag,
    ngx_str_t *s);
static ngx_int_t ngx_app_api_idempotent_digest(EVP_MD_CTX *md, u_char *hex);
static void ngx_app_api_idempotent_sweep(ngx_app_api_session_t *s);
static ngx_int_t ngx_app_api_idempotent_over(ngx_app_mysql_op_t *op,
    ngx_app_mysql_stmt_t *stmt);
static void ngx_app_api_idempotent_counted(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static void ngx_app_api_idempotent_swept(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static ngx_int_t ngx_app_api_idempotent_row(ngx_app_mysql_op_t *op,
    ngx_app_mysql_stmt_t *stmt);
static void ngx_app_api_idempotent_found(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static ngx_int_t ngx_app_api_idempotent_judge(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st);
static ngx_int_t ngx_app_api_idempotent_replay(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st);
static void ngx_app_api_idempotent_expired(ngx_app_mysql_op_t *op,
    ngx_int_t rc);
static void ngx_app_api_idempotent_next(ngx_app_api_session_t *s,
    ngx_int_t rc);


static ngx_str_t  ngx_app_api_key_name = ngx_string("idempotency-key");

static ngx_str_t  ngx_app_api_key_missing =
    ngx_string("Idempotency-Key is required");
static ngx_str_t  ngx_app_api_key_invalid =
    ngx_string("Idempotency-Key must be 1 to 255 visible ASCII characters, "
               "given once");
static ngx_str_t  ngx_app_api_key_other =
    ngx_string("Idempotency-Key was used before, with another request");
static ngx_str_t  ngx_app_api_key_lost =
    ngx_string("The request with this Idempotency-Key has been carried out, "
               "but its answer is not known");


ngx_int_t
ngx_app_api_idempotent_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_int_t                      rc;
    ngx_str_t                      key;
    ngx_app_api_ctx_t             *ctx;
    ngx_app_api_session_t         *s;
    ngx_app_api_session_pt         go;
    ngx_app_api_idempotent_t      *idem;
    ngx_app_api_idempotent_run_t  *st;

    idem = step->conf;
    ctx = run->data;

    rc = ngx_app_api_idempotent_key(run, idem, &key);

    if (rc != NGX_OK) {
        return (rc == NGX_DONE) ? NGX_OK : rc;
    }

    st = ngx_app_api_idempotent_create(run, idem, &key);
    if (st == NULL) {
        return NGX_ERROR;
    }

    ctx->idempotent = st;

    s = ngx_app_api_session(run);
    if (s == NULL) {
        return NGX_ERROR;
    }

    go = (++idem->table->uses % NGX_APP_API_KEY_SWEEP_EVERY)
         ? ngx_app_api_idempotent_find : ngx_app_api_idempotent_sweep;

    return ngx_app_api_session_use(s, step, idem->db, go);
}


/* NGX_OK; NGX_DONE: there is no key; NGX_DECLINED, NGX_ERROR */

static ngx_int_t
ngx_app_api_idempotent_key(ngx_app_run_t *run, ngx_app_api_idempotent_t *idem,
    ngx_str_t *key)
{
    ngx_int_t         rc;
    ngx_table_elt_t  *h;

    h = ngx_app_header_next(run->request, &ngx_app_api_key_name, NULL);

    if (h == NULL) {
        return idem->required ? ngx_app_run_fail(run, NGX_HTTP_BAD_REQUEST,
                                                 &ngx_app_api_key_missing)
                              : NGX_DONE;
    }

    rc = NGX_DECLINED;

    if (ngx_app_header_next(run->request, &ngx_app_api_key_name, h) == NULL) {
        rc = ngx_app_idempotency_key_parse(run->env.pool, &h->value, key);
    }

    if (rc == NGX_DECLINED) {
        return ngx_app_run_fail(run, NGX_HTTP_BAD_REQUEST,
                                &ngx_app_api_key_invalid);
    }

    return rc;
}


static ngx_app_api_idempotent_run_t *
ngx_app_api_idempotent_create(ngx_app_run_t *run,
    ngx_app_api_idempotent_t *idem, ngx_str_t *key)
{
    ngx_int_t                      rc;
    EVP_MD_CTX                    *md;
    ngx_app_api_idempotent_run_t  *st;

    st = ngx_pcalloc(run->env.pool, sizeof(ngx_app_api_idempotent_run_t));
    if (st == NULL) {
        return NULL;
    }

    st->conf = idem;

    md = EVP_MD_CTX_new();
    if (md == NULL) {
        return NULL;
    }

    rc = ngx_app_api_idempotent_id(run, st, key, md);

    if (rc == NGX_OK) {
        rc = ngx_app_api_idempotent_fingerprint(run, st, md);
    }

    EVP_MD_CTX_free(md);

    if (rc != NGX_OK) {
        return NULL;
    }

    ngx_app_value_set_string(&st->slots[NGX_APP_API_KEY_ID], st->id, 64);
    ngx_app_value_set_string(&st->slots[NGX_APP_API_KEY_FINGERPRINT],
                             st->fingerprint, 64);
    ngx_app_value_set_time(&st->slots[NGX_APP_API_KEY_MADE], run->env.now);
    ngx_app_value_set_int(&st->slots[NGX_APP_API_KEY_TTL], idem->ttl);

    return st;
}


/* the route, who is asking, and the key: none can be taken for another */

static ngx_int_t
ngx_app_api_idempotent_id(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st, ngx_str_t *key, EVP_MD_CTX *md)
{
    ngx_str_t             who;
    ngx_app_value_t       v;
    ngx_app_api_ctx_t    *ctx;
    ngx_app_api_route_t  *route;

    ctx = run->data;
    route = ctx->route;

    v.type = NGX_APP_ABSENT;

    if (st->conf->by
        && ngx_app_expr_eval(st->conf->by, &run->env, &v) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_app_value_text(&v, run->env.pool, &who) == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1
        || ngx_app_api_idempotent_hash(md, 0, &route->method) != NGX_OK
        || ngx_app_api_idempotent_hash(md, 0, &route->path) != NGX_OK
        || ngx_app_api_idempotent_hash(md, !ngx_app_value_is_null(&v), &who)
           != NGX_OK
        || ngx_app_api_idempotent_hash(md, 0, key) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_app_api_idempotent_digest(md, st->id);
}


/*
 * What the route was asked: its inputs as they were read, so that neither the
 * order of a query string nor what the route passes over makes a difference,
 * and the bytes of the body.
 */

static ngx_int_t
ngx_app_api_idempotent_fingerprint(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st, EVP_MD_CTX *md)
{
    ngx_str_t             text;
    ngx_uint_t            i;
    ngx_app_value_t      *v;
    ngx_app_api_ctx_t    *ctx;
    ngx_app_api_input_t  *in;

    ctx = run->data;
    in = ctx->route->inputs.elts;

    if (EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1) {
        return NGX_ERROR;
    }

    for (i = 0; i < ctx->route->inputs.nelts; i++) {

        if (in[i].source == NGX_APP_API_BODY) {
            continue;
        }

        v = &run->env.slots[in[i].slot];

        if (ngx_app_value_text(v, run->env.pool, &text) == NGX_ERROR
            || ngx_app_api_idempotent_hash(md, 0, &in[i].input.name) != NGX_OK
            || ngx_app_api_idempotent_hash(md, v->type, &text) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ngx_app_api_idempotent_hash(md, ctx->form, &ctx->text) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_app_api_idempotent_digest(md, st->fingerprint);
}


/* with its length, so that two texts in a row are no other two */

static ngx_int_t
ngx_app_api_idempotent_hash(EVP_MD_CTX *md, ngx_uint_t tag, ngx_str_t *s)
{
    uint64_t  head[2];

    head[0] = tag;
    head[1] = s->len;

    if (EVP_DigestUpdate(md, head, sizeof(head)) != 1
        || EVP_DigestUpdate(md, s->data, s->len) != 1)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_idempotent_digest(EVP_MD_CTX *md, u_char *hex)
{
    u_char  digest[EVP_MAX_MD_SIZE];

    if (EVP_DigestFinal_ex(md, digest, NULL) != 1) {
        return NGX_ERROR;
    }

    (void) ngx_hex_dump(hex, digest, 32);

    return NGX_OK;
}


void
ngx_app_api_idempotent_execute(ngx_app_api_session_t *s,
    ngx_app_api_key_query_e query, ngx_app_mysql_done_pt done)
{
    ngx_app_api_idempotent_run_t  *st;

    st = ngx_app_api_idempotent_of(s->run);
    st->rows = 0;

    s->op.query = st->conf->table->queries[query];
    s->op.slots = st->slots;
    s->op.row = (query == NGX_APP_API_KEY_COUNT) ? ngx_app_api_idempotent_over
                                                 : ngx_app_api_idempotent_row;
    s->op.done = done;

    ngx_app_mysql_execute(&s->op);
}


static ngx_int_t
ngx_app_api_idempotent_row(ngx_app_mysql_op_t *op, ngx_app_mysql_stmt_t *stmt)
{
    ngx_uint_t                     i;
    ngx_app_api_session_t         *s;
    ngx_app_api_idempotent_run_t  *st;

    s = op->data;
    st = ngx_app_api_idempotent_of(s->run);

    for (i = 0; i < NGX_APP_API_FOUND_COLUMNS; i++) {
        if (ngx_app_mysql_row_value(stmt, i, op->pool, &st->found[i])
            != NGX_OK)
        {
            return NGX_ABORT;
        }
    }

    st->rows++;

    return NGX_OK;
}


/*
 * A few rows now and then: more are removed than are made.  They are counted
 * first, for a DELETE that looks for more than there are waits for the row
 * behind them, which a transaction may have.
 */

static void
ngx_app_api_idempotent_sweep(ngx_app_api_session_t *s)
{
    ngx_app_api_idempotent_execute(s, NGX_APP_API_KEY_COUNT,
                                   ngx_app_api_idempotent_counted);
}


static ngx_int_t
ngx_app_api_idempotent_over(ngx_app_mysql_op_t *op,
    ngx_app_mysql_stmt_t *stmt)
{
    ngx_app_api_session_t         *s;
    ngx_app_api_idempotent_run_t  *st;

    s = op->data;
    st = ngx_app_api_idempotent_of(s->run);

    return (ngx_app_mysql_row_value(stmt, 0, op->pool,
                                    &st->slots[NGX_APP_API_KEY_OVER])
            == NGX_OK) ? NGX_OK : NGX_ABORT;
}


static void
ngx_app_api_idempotent_counted(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t         *s;
    ngx_app_api_idempotent_run_t  *st;

    s = op->data;
    st = ngx_app_api_idempotent_of(s->run);

    if (rc == NGX_OK && st->slots[NGX_APP_API_KEY_OVER].u.i > 0) {
        ngx_app_api_idempotent_execute(s, NGX_APP_API_KEY_SWEEP,
                                       ngx_app_api_idempotent_swept);
        return;
    }

    ngx_app_api_idempotent_swept(op, rc);
}


static void
ngx_app_api_idempotent_swept(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t  *s;

    s = op->data;

    if (rc == NGX_DECLINED) {
        ngx_log_error(NGX_LOG_WARN, s->run->log, 0,
                      "app api: \"%V\" refused to remove old keys: (%ui) %V",
                      &s->db->name, op->error, &op->text);

    } else if (rc != NGX_OK) {
        ngx_app_api_idempotent_next(s, ngx_app_api_session_failed(s, rc, 1));
        return;
    }

    s->go = ngx_app_api_idempotent_find;
    ngx_app_api_idempotent_find(s);
}


void
ngx_app_api_idempotent_find(ngx_app_api_session_t *s)
{
    ngx_app_api_idempotent_execute(s, NGX_APP_API_KEY_FIND,
                                   ngx_app_api_idempotent_found);
}


static void
ngx_app_api_idempotent_found(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t  *s;

    s = op->data;

    if (rc != NGX_OK) {
        ngx_app_api_idempotent_next(s, ngx_app_api_session_failed(s, rc, 1));
        return;
    }

    rc = ngx_app_api_idempotent_judge(s->run,
                                      ngx_app_api_idempotent_of(s->run));
    if (rc == NGX_BUSY) {
        ngx_app_api_idempotent_execute(s, NGX_APP_API_KEY_EXPIRE,
                                       ngx_app_api_idempotent_expired);
        return;
    }

    ngx_app_api_idempotent_next(s, rc);
}


/* NGX_OK: the key is new; NGX_BUSY: it was, and its time is over */

static ngx_int_t
ngx_app_api_idempotent_judge(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st)
{
    ngx_app_value_t  *found;

    if (st->rows == 0) {
        return NGX_OK;
    }

    found = st->found;

    if (ngx_app_value_true(&found[NGX_APP_API_FOUND_EXPIRED])) {
        return NGX_BUSY;
    }

    if (!ngx_app_value_true(&found[NGX_APP_API_FOUND_SAME])) {
        return ngx_app_run_fail(run, 422, &ngx_app_api_key_other);
    }

    if (found[NGX_APP_API_FOUND_STATUS].type == NGX_APP_INT) {
        return ngx_app_api_idempotent_replay(run, st);
    }

    /* its answer is on the way, or nobody will ever know it */

    if (ngx_app_value_true(&found[NGX_APP_API_FOUND_YOUNG])) {
        run->retry_after = NGX_APP_API_RETRY_AFTER;
    }

    return ngx_app_run_fail(run, NGX_HTTP_CONFLICT, &ngx_app_api_key_lost);
}


/* NGX_DONE, or NGX_ERROR */

static ngx_int_t
ngx_app_api_idempotent_replay(ngx_app_run_t *run,
    ngx_app_api_idempotent_run_t *st)
{
    ngx_str_t               body, yes = ngx_string("true");
    ngx_app_value_t        *found;
    ngx_app_api_ctx_t      *ctx;
    ngx_app_api_respond_t  *res;

    ctx = run->data;
    found = st->found;

    res = ngx_pcalloc(run->env.pool, sizeof(ngx_app_api_respond_t));
    if (res == NULL) {
        return NGX_ERROR;
    }

    res->status = (ngx_uint_t) found[NGX_APP_API_FOUND_STATUS].u.i;

    if (ngx_app_value_text(&found[NGX_APP_API_FOUND_TYPE], run->env.pool,
                           &res->type)
        == NGX_ERROR
        || ngx_app_value_text(&found[NGX_APP_API_FOUND_LOCATION],
                              run->env.pool, &ctx->location)
           == NGX_ERROR
        || ngx_app_value_text(&found[NGX_APP_API_FOUND_BODY], run->env.pool,
                              &body)
           == NGX_ERROR)
    {
        return NGX_ERROR;
    }

    ngx_app_buf_init(&ctx->body, run->env.pool, ngx_max(body.len, 1),
                     body.len);

    if (body.len
        && ngx_app_buf_write(&ctx->body, body.data, body.len) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_app_api_add_header(run->request, "Idempotency-Replayed", &yes)
        == NULL)
    {
        return NGX_ERROR;
    }

    /* what it has done was done with the first answer */

    run->effects = NULL;
    run->last_effect = &run->effects;

    ctx->respond = res;

    return NGX_DONE;
}


/* of others that remove it at the same time one does, and all go on */

static void
ngx_app_api_idempotent_expired(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t  *s;

    s = op->data;

    if (rc != NGX_OK) {
        rc = ngx_app_api_session_failed(s, rc, 1);
    }

    ngx_app_api_idempotent_next(s, rc);
}


/* what becomes of a step that has looked for the key */

static void
ngx_app_api_idempotent_next(ngx_app_api_session_t *s, ngx_int_t rc)
{
    ngx_app_api_idempotent_run_t  *st;

    /* it has gone on, maybe to its end: there may be no session any more */

    if (rc == NGX_AGAIN) {
        return;
    }

    st = ngx_app_api_idempotent_of(s->run);

    if (rc == NGX_OK && st->claiming) {

        /* whoever had the key is gone, and the key with it */

        if (s->tries++ < NGX_APP_API_TRIES) {
            rc = ngx_app_api_session_use(s, s->step, s->db,
                                         ngx_app_api_session_begin);
            if (rc == NGX_AGAIN) {
                return;
            }

        } else {
            rc = ngx_app_run_unavailable(s->run, NGX_APP_API_RETRY_AFTER);
        }

    } else if (rc == NGX_OK) {
        ngx_app_api_session_end(s);
    }

    ngx_app_run_resume(s->run, rc);
}
