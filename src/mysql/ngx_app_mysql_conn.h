
/*
 * Copyright (C) the project authors
 */

/*
 * Inside of the MySQL client: connections, their statements, and how the
 * library's suspended calls meet nginx's events.  Only src/mysql includes it.
 */


#ifndef _NGX_APP_MYSQL_CONN_H_INCLUDED_
#define _NGX_APP_MYSQL_CONN_H_INCLUDED_


#include <mysql/ngx_app_mysql.h>

#include <mysql.h>


#define NGX_APP_MYSQL_BUCKETS  64

/* the events that a suspended call waits for; its time-outs are nginx's */
#define ngx_app_mysql_wait(w)                                                 \
    ((w) & (MYSQL_WAIT_READ|MYSQL_WAIT_WRITE|MYSQL_WAIT_EXCEPT))


/* one call of the library that may suspend: 0, or the events it waits for */
typedef int (*ngx_app_mysql_call_pt)(ngx_app_mysql_conn_t *c, int ready);
typedef void (*ngx_app_mysql_next_pt)(ngx_app_mysql_conn_t *c);


typedef struct ngx_app_mysql_io_s  ngx_app_mysql_io_t;


typedef struct {
    u_char                     op;         /* ngx_app_mysql_encode_e */
    u_char                     kind;       /* ngx_app_mysql_kind_e */
    u_char                     decimals;
    u_char                     is_unsigned;
    u_char                     zerofill;
    uint16_t                   column;
    uint16_t                   skip;       /* entries of a null object */
    ngx_str_t                  prefix;     /* what stands before the value */
} ngx_app_mysql_encode_t;


typedef struct {
    ngx_str_t                  name;       /* alias without its marks */
    u_char                     type;
    u_char                     kind;
    u_char                     decimals;
    u_char                     is_unsigned;
    u_char                     zerofill;
    unsigned int               flags;      /* as the server sent them */
    unsigned int               charset;
    unsigned long              length;
    ngx_str_t                  alias;      /* as the server sent it */
} ngx_app_mysql_column_t;


struct ngx_app_mysql_stmt_s {
    MYSQL_STMT                *stmt;
    ngx_app_mysql_query_t     *query;
    uint32_t                   mask;       /* optional parts that are in */
    ngx_uint_t                 alters;     /* the session */

    ngx_queue_t                lru;
    ngx_app_mysql_stmt_t      *next;       /* in the bucket */
    ngx_pool_t                *pool;
    ngx_pool_t                *plan_pool;

    ngx_uint_t                 nparams;
    ngx_uint_t                *slots;
    MYSQL_BIND                *binds;

    ngx_uint_t                 ncolumns;
    ngx_app_mysql_column_t    *columns;
    ngx_uint_t                 nencodes;
    ngx_app_mysql_encode_t    *encodes;
    ngx_uint_t                 serial;
    size_t                     row_size;   /* of the values, by row_check() */
};


struct ngx_app_mysql_conn_s {
    MYSQL                     *mysql;
    ngx_app_mysql_pool_t      *pool;
    ngx_connection_t          *connection;
    ngx_app_mysql_io_t        *io;
    ngx_queue_t                queue;      /* in pool->idle or pool->busy */

    ngx_app_mysql_op_t        *op;         /* NULL: idle, or nobody listens */
    ngx_app_mysql_stmt_t      *stmt;       /* current */
    ngx_app_mysql_stmt_t      *victim;     /* being closed */
    ngx_str_t                  sql;        /* being prepared */

    ngx_app_mysql_call_pt      call;       /* suspended, or NULL */
    ngx_app_mysql_next_pt      next;       /* runs when call is complete */
    int                        waits;      /* MYSQL_WAIT_* of call */
    int                        ret;
    my_bool                    bret;
    size_t                     turn;       /* bytes since the last event */

    ngx_event_t                timer;      /* deadline, drain, or idle */
    ngx_event_t                more;       /* rows go on in the next turn */
    ngx_msec_t                 started;    /* of the statement */
    ngx_msec_t                 drained;    /* at the latest */
    ngx_msec_t                 expires;    /* end of the lifetime */
    ngx_uint_t                 serial;     /* number in this worker */
    unsigned long              thread_id;  /* the server's */
    ngx_uint_t                 uses;

    ngx_queue_t                lru;
    ngx_uint_t                 nstmts;
    ngx_app_mysql_stmt_t      *buckets[NGX_APP_MYSQL_BUCKETS];

    unsigned                   busy:1;     /* within a statement */
    unsigned                   paused:1;   /* row() wants no more for now */
    unsigned                   draining:1; /* its caller went away */
    unsigned                   killing:1;  /* KILL QUERY is under way */
    unsigned                   opens:1;    /* what runs is the begin */
    unsigned                   execute:1;  /* not only prepare */
    unsigned                   extra:1;    /* a further result of CALL */
    unsigned                   broken:1;
    unsigned                   cut:1;      /* the peer is not told of its end */
    unsigned                   mariadb:1;
    unsigned                   autocommit:1; /* was on from the start */
    unsigned                   doubt:1;    /* of an open transaction */
    unsigned                   altered:1;  /* its session: not lent again */
    unsigned                   repeated:1; /* prepared again for this op */
};


struct ngx_app_mysql_pool_s {
    ngx_app_mysql_conf_t      *conf;
    ngx_log_t                 *log;

    ngx_queue_t                idle;       /* most recently used first */
    ngx_queue_t                busy;
    ngx_queue_t                waiters;    /* ngx_app_mysql_op_t */
    ngx_queue_t                connects;   /* in threads */
    ngx_uint_t                 nconns;
    ngx_uint_t                 nidle;
    ngx_uint_t                 nwaiters;
    ngx_uint_t                 connecting;
    ngx_uint_t                 serials;

    ngx_event_t                wake;       /* waiters meet idle connections */
    ngx_event_t                probe;      /* when away; when silent */
    ngx_msec_t                 heard;      /* last sign of life */
    ngx_msec_t                 backoff;    /* no new connection before */

    unsigned                   away:1;
    unsigned                   probing:1;
    unsigned                   refused:1;  /* no thread for a connect */
    unsigned                   closing:1;
};


#define ngx_app_mysql_count(pool, metric, n)                                  \
    ngx_app_metric_add((pool)->conf->metrics[NGX_APP_MYSQL_ ## metric], n)


/* pool: what a connection reports */

void ngx_app_mysql_pool_connected(ngx_app_mysql_pool_t *pool, MYSQL *mysql,
    ngx_uint_t probe);
void ngx_app_mysql_pool_failed(ngx_app_mysql_pool_t *pool, ngx_uint_t error,
    u_char *text, ngx_uint_t probe);
/* nobody uses c any more; log tells who did last */
void ngx_app_mysql_pool_give_back(ngx_app_mysql_conn_t *c, ngx_log_t *log);
void ngx_app_mysql_pool_lost(ngx_app_mysql_conn_t *c);
void ngx_app_mysql_pool_watch(ngx_app_mysql_pool_t *pool);

/* connect: the blocking phase, in threads */

ngx_int_t ngx_app_mysql_connect(ngx_app_mysql_pool_t *pool, ngx_uint_t probe);
ngx_int_t ngx_app_mysql_kill(ngx_app_mysql_conn_t *c);

/* for exit process, when there are no threads any more */
void ngx_app_mysql_connects_close(ngx_app_mysql_pool_t *pool);

/*
 * io: lets the library's reads ask nginx's read event of c first.  The result
 * must outlive the library's handle; it is freed with ngx_free().
 */

ngx_app_mysql_io_t *ngx_app_mysql_io_create(MYSQL *mysql,
    ngx_connection_t *c);

/* conn: events, deadlines */

ngx_app_mysql_conn_t *ngx_app_mysql_conn_create(ngx_app_mysql_pool_t *pool,
    MYSQL *mysql);
void ngx_app_mysql_conn_destroy(ngx_app_mysql_conn_t *c);
ngx_int_t ngx_app_mysql_conn_alive(ngx_app_mysql_conn_t *c);
void ngx_app_mysql_conn_run(ngx_app_mysql_conn_t *c, int waits,
    ngx_app_mysql_call_pt call, ngx_app_mysql_next_pt next);
void ngx_app_mysql_conn_finish(ngx_app_mysql_conn_t *c, ngx_int_t rc);
void ngx_app_mysql_op_enter(ngx_app_mysql_op_t *op);
void ngx_app_mysql_op_done(ngx_app_mysql_op_t *op, ngx_int_t rc);
ngx_int_t ngx_app_mysql_conn_enter(ngx_app_mysql_op_t *op);
/* rolls back, then gives c back, which has no caller any more */
void ngx_app_mysql_conn_undo(ngx_app_mysql_conn_t *c);

/* sends the ROLLBACK of that */
void ngx_app_mysql_conn_rollback(ngx_app_mysql_conn_t *c);
void ngx_app_mysql_conn_abandon(ngx_app_mysql_conn_t *c);
void ngx_app_mysql_conn_killed(ngx_app_mysql_pool_t *pool, ngx_uint_t serial);

/* stmt: prepare, execute, fetch */

void ngx_app_mysql_stmt_start(ngx_app_mysql_conn_t *c, ngx_uint_t execute);
void ngx_app_mysql_stmt_fetch(ngx_app_mysql_conn_t *c);
ngx_uint_t ngx_app_mysql_error_lost(ngx_uint_t error);
void ngx_app_mysql_op_error(ngx_app_mysql_op_t *op, ngx_uint_t error,
    const char *sqlstate, const char *text);

/* stmt_cache: what is prepared on a connection */

/* NULL: it is not there */
ngx_app_mysql_stmt_t *ngx_app_mysql_stmt_find(ngx_app_mysql_conn_t *c,
    ngx_app_mysql_query_t *query, uint32_t mask);

/* a new one, not prepared yet, and its SQL; NULL: out of memory */
ngx_app_mysql_stmt_t *ngx_app_mysql_stmt_create(ngx_app_mysql_conn_t *c,
    ngx_app_mysql_query_t *query, uint32_t mask, ngx_str_t *sql);

/* the connection forgets a statement; its handle is still open */
void ngx_app_mysql_stmt_forget(ngx_app_mysql_conn_t *c,
    ngx_app_mysql_stmt_t *st);

/* only after mysql_close(), or for a handle that is not open: no network */
void ngx_app_mysql_stmt_free(ngx_app_mysql_stmt_t *st);

/* bind: the values of op; NGX_OK, or NGX_ERROR: out of memory */
ngx_int_t ngx_app_mysql_stmt_bind(ngx_app_mysql_stmt_t *st,
    ngx_app_mysql_op_t *op);

/* row: columns and how they are written */

ngx_int_t ngx_app_mysql_plan(ngx_app_mysql_conn_t *c,
    ngx_app_mysql_stmt_t *st);
ngx_int_t ngx_app_mysql_plan_check(ngx_app_mysql_conn_t *c,
    ngx_app_mysql_stmt_t *st);

/* NGX_DECLINED: the row under the cursor is not to be read */
ngx_int_t ngx_app_mysql_row_check(ngx_app_mysql_stmt_t *st);


#endif /* _NGX_APP_MYSQL_CONN_H_INCLUDED_ */
