
/*
 * Copyright (C) the project authors
 */

/*
 * Transactions: statements that are not prepared, for there is nothing in
 * them to bind, and the rollback of those whose caller went away.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <mysql/ngx_app_mysql_conn.h>


static void ngx_app_mysql_tx_start(ngx_app_mysql_op_t *op, ngx_str_t *sql,
    ngx_uint_t opens);
static void ngx_app_mysql_tx_query(ngx_app_mysql_conn_t *c, ngx_str_t *sql);
static int ngx_app_mysql_tx_cont(ngx_app_mysql_conn_t *c, int ready);
static void ngx_app_mysql_tx_done(ngx_app_mysql_conn_t *c);


static ngx_str_t  ngx_app_mysql_begin_sql = ngx_string("START TRANSACTION");
static ngx_str_t  ngx_app_mysql_commit_sql = ngx_string("COMMIT");
static ngx_str_t  ngx_app_mysql_rollback_sql = ngx_string("ROLLBACK");


void
ngx_app_mysql_begin(ngx_app_mysql_op_t *op)
{
    ngx_app_mysql_tx_start(op, &ngx_app_mysql_begin_sql, 1);
}


void
ngx_app_mysql_commit(ngx_app_mysql_op_t *op)
{
    ngx_app_mysql_tx_start(op, &ngx_app_mysql_commit_sql, 0);
}


void
ngx_app_mysql_rollback(ngx_app_mysql_op_t *op)
{
    ngx_app_mysql_tx_start(op, &ngx_app_mysql_rollback_sql, 0);
}


static void
ngx_app_mysql_tx_start(ngx_app_mysql_op_t *op, ngx_str_t *sql,
    ngx_uint_t opens)
{
    if (ngx_app_mysql_conn_enter(op) != NGX_OK) {
        return;
    }

    op->conn->opens = opens;

    ngx_app_mysql_tx_query(op->conn, sql);
}


/* the connection has no caller any more; it is lent again when this is done */

void
ngx_app_mysql_conn_rollback(ngx_app_mysql_conn_t *c)
{
    c->busy = 1;
    c->opens = 0;

    ngx_app_mysql_tx_query(c, &ngx_app_mysql_rollback_sql);
}


static void
ngx_app_mysql_tx_query(ngx_app_mysql_conn_t *c, ngx_str_t *sql)
{
    int  waits;

    waits = mysql_real_query_start(&c->ret, c->mysql, (char *) sql->data,
                                   sql->len);

    ngx_app_mysql_conn_run(c, ngx_app_mysql_wait(waits),
                           ngx_app_mysql_tx_cont, ngx_app_mysql_tx_done);
}


static int
ngx_app_mysql_tx_cont(ngx_app_mysql_conn_t *c, int ready)
{
    int  waits;

    waits = mysql_real_query_cont(&c->ret, c->mysql, ready);

    return ngx_app_mysql_wait(waits);
}


static void
ngx_app_mysql_tx_done(ngx_app_mysql_conn_t *c)
{
    ngx_app_mysql_op_t  *op;

    op = c->op;

    if (c->ret == 0) {
        if (op) {
            op->tx = c->opens;

        } else if (c->opens) {
            /* nobody is left to end what has begun */
            c->broken = 1;
        }

        ngx_app_mysql_conn_finish(c, NGX_OK);
        return;
    }

    if (op == NULL) {
        ngx_app_mysql_conn_finish(c, NGX_ERROR);
        return;
    }

    ngx_app_mysql_op_error(op, mysql_errno(c->mysql), mysql_sqlstate(c->mysql),
                           mysql_error(c->mysql));

    /* a transaction that does not end as it is told ends with its connection */

    ngx_app_mysql_conn_finish(c, NGX_ERROR);
}
