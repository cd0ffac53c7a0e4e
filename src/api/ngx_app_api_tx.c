
/*
 * Copyright (C) the project authors
 */

/*
 * The steps begin and commit.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_idempotent.h>


typedef struct {
    ngx_app_mysql_conf_t  *db;
} ngx_app_api_tx_t;


static ngx_int_t ngx_app_api_begin_run(ngx_app_run_t *run,
    ngx_app_step_t *step);
static void ngx_app_api_begin_done(ngx_app_mysql_op_t *op, ngx_int_t rc);
static ngx_int_t ngx_app_api_commit_run(ngx_app_run_t *run,
    ngx_app_step_t *step);
static void ngx_app_api_commit_done(ngx_app_mysql_op_t *op, ngx_int_t rc);


/* begin [db=NAME]; */

char *
ngx_app_api_step_begin(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char               *rv;
    ngx_app_step_t     *step;
    ngx_app_api_tx_t   *tx;
    ngx_app_compile_t  *cc;

    cc = ngx_app_compile(cf);

    if (cc->tx) {
        return "stands in a transaction already, \"commit\" that one first";
    }

    step = ngx_app_step_add(cf, ngx_app_api_begin_run,
                            sizeof(ngx_app_api_tx_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    if (step->when) {
        return "takes no \"when=\"";
    }

    tx = step->conf;
    step->sql = 1;

    rv = ngx_app_api_step_db(cf, &tx->db);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    /* steps move when more are added, their configuration does not */

    cc->tx = tx;

    return NGX_CONF_OK;
}


ngx_app_mysql_conf_t **
ngx_app_api_begin_db(void *conf)
{
    ngx_app_api_tx_t *tx = conf;

    return &tx->db;
}


static ngx_int_t
ngx_app_api_begin_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_app_api_tx_t       *tx;
    ngx_app_api_session_t  *s;

    tx = step->conf;

    s = ngx_app_api_session(run);
    if (s == NULL) {
        return NGX_ERROR;
    }

    s->tries = s->again ? s->tries + 1 : 1;
    s->again = 0;
    s->begin = run->pc;
    s->effects = run->last_effect;

    return ngx_app_api_session_use(s, step, tx->db,
                                   ngx_app_api_session_begin);
}


void
ngx_app_api_session_begin(ngx_app_api_session_t *s)
{
    s->op.done = ngx_app_api_begin_done;

    ngx_app_mysql_begin(&s->op);
}


static void
ngx_app_api_begin_done(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t  *s;

    s = op->data;

    if (rc == NGX_OK) {
        s->tx = 1;
        rc = ngx_app_api_idempotent_claim(s);

        if (rc == NGX_AGAIN) {
            return;
        }

    } else {
        rc = ngx_app_api_session_lost(s, 1);

        if (rc == NGX_AGAIN) {
            return;
        }
    }

    ngx_app_run_resume(s->run, rc);
}


/* commit; */

char *
ngx_app_api_step_commit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_step_t     *step;
    ngx_app_compile_t  *cc;

    cc = ngx_app_compile(cf);

    if (cc->tx == NULL) {
        return "has no \"begin\" before it";
    }

    step = ngx_app_step_add(cf, ngx_app_api_commit_run, 0);
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    if (step->when) {
        return "takes no \"when=\"";
    }

    step->sql = 1;
    cc->tx = NULL;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_app_api_commit_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_app_api_session_t  *s;

    s = ngx_app_api_session(run);
    if (s == NULL) {
        return NGX_ERROR;
    }

    if (ngx_app_api_idempotent_due(run)) {
        return NGX_OK;
    }

    s->step = step;
    s->op.done = ngx_app_api_commit_done;

    ngx_app_mysql_commit(&s->op);

    return NGX_AGAIN;
}


/* a COMMIT without an answer may have been done */

static void
ngx_app_api_commit_done(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_session_t  *s;

    s = op->data;
    s->tx = 0;

    if (rc == NGX_OK) {
        s->run->written = 1;
        ngx_app_api_idempotent_committed(s->run);
        ngx_app_api_session_end(s);

    } else {
        rc = ngx_app_api_session_lost(s, 0);
    }

    ngx_app_run_resume(s->run, rc);
}
