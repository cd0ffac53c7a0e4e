
/*
 * Copyright (C) the project authors
 */

/*
 * The values of a statement, as the library sends them.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <lang/ngx_app_time.h>
#include <mysql/ngx_app_mysql_conn.h>


static ngx_int_t ngx_app_mysql_stmt_bind_value(MYSQL_BIND *bind,
    ngx_app_value_t *v, ngx_pool_t *pool);
static ngx_int_t ngx_app_mysql_stmt_bind_text(MYSQL_BIND *bind,
    ngx_str_t *text);


ngx_int_t
ngx_app_mysql_stmt_bind(ngx_app_mysql_stmt_t *st, ngx_app_mysql_op_t *op)
{
    ngx_uint_t  i;

    for (i = 0; i < st->nparams; i++) {
        if (ngx_app_mysql_stmt_bind_value(&st->binds[i],
                                          &op->slots[st->slots[i]], op->pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * Integers and doubles travel in binary; all else as text, which the server
 * converts to the column's type with every digit.
 */

static ngx_int_t
ngx_app_mysql_stmt_bind_value(MYSQL_BIND *bind, ngx_app_value_t *v,
    ngx_pool_t *pool)
{
    u_char       *p;
    ngx_str_t     text;
    ngx_chain_t  *cl;

    switch (v->type) {

    case NGX_APP_BOOL:
    case NGX_APP_INT:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = &v->u.i;
        return NGX_OK;

    case NGX_APP_DOUBLE:
        bind->buffer_type = MYSQL_TYPE_DOUBLE;
        bind->buffer = &v->u.d;
        return NGX_OK;

    case NGX_APP_DECIMAL:
    case NGX_APP_STRING:
    case NGX_APP_JSON:
        return ngx_app_mysql_stmt_bind_text(bind, &v->u.s);

    case NGX_APP_DATETIME:
        text.data = ngx_pnalloc(pool, NGX_APP_TIME_SQL_LEN);
        if (text.data == NULL) {
            return NGX_ERROR;
        }

        text.len = ngx_app_time_sql(text.data, v->u.i) - text.data;
        return ngx_app_mysql_stmt_bind_text(bind, &text);

    case NGX_APP_CHAIN:
        text.len = v->u.c.size;
        text.data = ngx_pnalloc(pool, text.len + 1);
        if (text.data == NULL) {
            return NGX_ERROR;
        }

        p = text.data;

        for (cl = v->u.c.chain; cl; cl = cl->next) {
            p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
        }

        return ngx_app_mysql_stmt_bind_text(bind, &text);

    default: /* NGX_APP_ABSENT, NGX_APP_NULL */
        bind->buffer_type = MYSQL_TYPE_NULL;
        return NGX_OK;
    }
}


static ngx_int_t
ngx_app_mysql_stmt_bind_text(MYSQL_BIND *bind, ngx_str_t *text)
{
    bind->buffer_type = MYSQL_TYPE_STRING;
    bind->buffer = text->data;
    bind->buffer_length = text->len;
    bind->length_value = text->len;
    bind->length = &bind->length_value;

    return NGX_OK;
}
