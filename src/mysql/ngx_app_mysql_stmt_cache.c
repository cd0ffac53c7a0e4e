
/*
 * Copyright (C) the project authors
 */

/*
 * The statements of a connection: a table of what is prepared, in the order
 * of use.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <mysql/ngx_app_mysql_conn.h>


static ngx_uint_t ngx_app_mysql_stmt_bucket(ngx_app_mysql_query_t *query,
    uint32_t mask);


static ngx_uint_t
ngx_app_mysql_stmt_bucket(ngx_app_mysql_query_t *query, uint32_t mask)
{
    uintptr_t  h;

    h = (uintptr_t) query / 16 * 2654435761u + mask * 40503u;

    return (h ^ (h >> 16)) % NGX_APP_MYSQL_BUCKETS;
}


ngx_app_mysql_stmt_t *
ngx_app_mysql_stmt_find(ngx_app_mysql_conn_t *c, ngx_app_mysql_query_t *query,
    uint32_t mask)
{
    ngx_app_mysql_stmt_t  *st;

    for (st = c->buckets[ngx_app_mysql_stmt_bucket(query, mask)];
         st;
         st = st->next)
    {
        if (st->query == query && st->mask == mask) {
            return st;
        }
    }

    return NULL;
}


ngx_app_mysql_stmt_t *
ngx_app_mysql_stmt_create(ngx_app_mysql_conn_t *c,
    ngx_app_mysql_query_t *query, uint32_t mask, ngx_str_t *sql)
{
    ngx_pool_t             *pool;
    ngx_uint_t              bucket;
    ngx_app_mysql_stmt_t   *st;

    pool = ngx_create_pool(1024, c->pool->log);
    if (pool == NULL) {
        return NULL;
    }

    st = ngx_pcalloc(pool, sizeof(ngx_app_mysql_stmt_t));
    if (st == NULL) {
        goto failed;
    }

    st->pool = pool;
    st->query = query;
    st->mask = mask;
    st->alters = ngx_app_mysql_query_alters(query);

    if (ngx_app_mysql_query_build(query, mask, pool, sql, &st->slots,
                                  &st->nparams)
        != NGX_OK)
    {
        goto failed;
    }

    st->binds = ngx_pcalloc(pool, (st->nparams + 1) * sizeof(MYSQL_BIND));
    if (st->binds == NULL) {
        goto failed;
    }

    st->stmt = mysql_stmt_init(c->mysql);
    if (st->stmt == NULL) {
        goto failed;
    }

    bucket = ngx_app_mysql_stmt_bucket(query, mask);
    st->next = c->buckets[bucket];
    c->buckets[bucket] = st;
    ngx_queue_insert_head(&c->lru, &st->lru);
    c->nstmts++;

    return st;

failed:

    ngx_destroy_pool(pool);

    return NULL;
}


void
ngx_app_mysql_stmt_forget(ngx_app_mysql_conn_t *c, ngx_app_mysql_stmt_t *st)
{
    ngx_app_mysql_stmt_t  **p;

    for (p = &c->buckets[ngx_app_mysql_stmt_bucket(st->query, st->mask)];
         *p;
         p = &(*p)->next)
    {
        if (*p == st) {
            *p = st->next;
            break;
        }
    }

    ngx_queue_remove(&st->lru);
    c->nstmts--;
}


void
ngx_app_mysql_stmt_free(ngx_app_mysql_stmt_t *st)
{
    if (st->stmt) {
        (void) mysql_stmt_close(st->stmt);
    }

    if (st->plan_pool) {
        ngx_destroy_pool(st->plan_pool);
    }

    ngx_destroy_pool(st->pool);
}
