
/*
 * Copyright (C) the project authors
 */

/*
 * app_api_check: after the start, one worker prepares every statement, and
 * tells of those that the database refuses and of columns that routes use but
 * statements do not bring.  Requests are served meanwhile.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>


typedef struct {
    ngx_app_mysql_op_t        op;
    ngx_app_api_main_conf_t  *amcf;
    ngx_pool_t               *pool;
    ngx_log_t                *log;
    ngx_event_t               next;
    ngx_app_mysql_conf_t     *away;      /* that has been told of */
    ngx_uint_t                i;
    ngx_uint_t                checked;
    ngx_uint_t                failed;
} ngx_app_api_checker_t;


static void ngx_app_api_check_next(ngx_event_t *ev);
static void ngx_app_api_check_acquired(ngx_app_mysql_op_t *op, ngx_int_t rc);
static void ngx_app_api_check_prepared(ngx_app_mysql_op_t *op, ngx_int_t rc);
static void ngx_app_api_check_columns(ngx_app_api_checker_t *ck,
    ngx_app_api_sql_t *sql);
static void ngx_app_api_check_finish(ngx_app_api_checker_t *ck);


ngx_int_t
ngx_app_api_check_start(ngx_cycle_t *cycle, ngx_app_api_main_conf_t *amcf)
{
    ngx_pool_t             *pool;
    ngx_app_api_checker_t  *ck;

    if (amcf->statements.nelts == 0) {
        return NGX_OK;
    }

    pool = ngx_create_pool(4096, cycle->log);
    if (pool == NULL) {
        return NGX_ERROR;
    }

    ck = ngx_pcalloc(pool, sizeof(ngx_app_api_checker_t));
    if (ck == NULL) {
        ngx_destroy_pool(pool);
        return NGX_ERROR;
    }

    ck->amcf = amcf;
    ck->pool = pool;
    ck->log = cycle->log;

    ck->op.data = ck;
    ck->op.pool = pool;
    ck->op.log = cycle->log;

    ck->next.handler = ngx_app_api_check_next;
    ck->next.data = ck;
    ck->next.log = cycle->log;
    ck->next.cancelable = 1;

    ngx_add_timer(&ck->next, 1);

    return NGX_OK;
}


/* each statement from the event loop, so that none runs within another */

static void
ngx_app_api_check_next(ngx_event_t *ev)
{
    ngx_int_t               rc;
    ngx_app_api_sql_t     **sql;
    ngx_app_api_checker_t  *ck;

    ck = ev->data;

    if (ck->i == ck->amcf->statements.nelts || ngx_exiting) {
        ngx_app_api_check_finish(ck);
        return;
    }

    sql = ck->amcf->statements.elts;

    ck->op.query = sql[ck->i]->query;
    ck->op.slots = NULL;
    ck->op.done = ngx_app_api_check_acquired;

    rc = ngx_app_mysql_acquire(sql[ck->i]->db, &ck->op);

    if (rc != NGX_AGAIN) {
        ngx_app_api_check_acquired(&ck->op, rc);
    }
}


static void
ngx_app_api_check_acquired(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_sql_t     **sql;
    ngx_app_api_checker_t  *ck;

    ck = op->data;

    if (rc == NGX_OK) {
        op->done = ngx_app_api_check_prepared;
        ngx_app_mysql_prepare(op);
        return;
    }

    sql = ck->amcf->statements.elts;

    if (ck->away != sql[ck->i]->db) {
        ck->away = sql[ck->i]->db;

        ngx_log_error(NGX_LOG_WARN, ck->log, 0,
                      "app api check: no connection to \"%V\", "
                      "its statements are not checked", &ck->away->name);
    }

    /* those of other backends are */

    ck->i++;
    ngx_add_timer(&ck->next, 1);
}


static void
ngx_app_api_check_prepared(ngx_app_mysql_op_t *op, ngx_int_t rc)
{
    ngx_app_api_sql_t      *sql;
    ngx_app_api_checker_t  *ck;

    ck = op->data;
    sql = ((ngx_app_api_sql_t **) ck->amcf->statements.elts)[ck->i];
    ck->checked++;

    if (rc == NGX_OK) {
        ngx_app_api_check_columns(ck, sql);

    } else {
        ck->failed++;

        ngx_log_error(NGX_LOG_ERR, ck->log, 0,
                      "app api check: \"%V\" in %s:%ui does not prepare: "
                      "(%ui, %s) %V", &sql->name, sql->file, sql->line,
                      op->error, op->sqlstate, &op->text);
    }

    ngx_app_mysql_release(op);

    ck->i++;
    ngx_add_timer(&ck->next, 1);
}


static void
ngx_app_api_check_columns(ngx_app_api_checker_t *ck, ngx_app_api_sql_t *sql)
{
    ngx_uint_t         i;
    ngx_app_member_t  *m;
    ngx_app_symbol_t  *symbol;

    /* of many rows, what an "each" uses of one */

    symbol = (sql->kind == NGX_APP_API_ONE) ? sql->symbol : sql->item;

    if (symbol == NULL) {
        return;
    }

    m = symbol->members.elts;

    for (i = 0; i < symbol->members.nelts; i++) {

        if (ngx_app_mysql_row_column(ngx_app_mysql_prepared(&ck->op),
                                     &m[i].name)
            != NGX_DECLINED)
        {
            continue;
        }

        ck->failed++;

        ngx_log_error(NGX_LOG_ERR, ck->log, 0,
                      "app api check: \"%V.%V\" is used, but \"%V\" in %s:%ui "
                      "has no column \"%V\"", &symbol->name, &m[i].name,
                      &sql->name, sql->file, sql->line, &m[i].name);
    }
}


static void
ngx_app_api_check_finish(ngx_app_api_checker_t *ck)
{
    ngx_log_error(NGX_LOG_NOTICE, ck->log, 0,
                  "app api check: %ui of %ui statements checked, %ui faults",
                  ck->checked, ck->amcf->statements.nelts, ck->failed);

    ngx_destroy_pool(ck->pool);
}
