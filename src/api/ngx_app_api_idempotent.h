
/*
 * Copyright (C) the project authors
 */

/*
 * The step idempotent: what a request with a key has done is done once, and
 * its answer is given again.  The key's row is the first thing that the
 * route's transaction writes, and its answer the last one.
 */


#ifndef _NGX_APP_API_IDEMPOTENT_H_INCLUDED_
#define _NGX_APP_API_IDEMPOTENT_H_INCLUDED_


#include <api/ngx_app_api_session.h>


/* statements on the table of keys */
typedef enum {
    NGX_APP_API_KEY_FIND = 0,
    NGX_APP_API_KEY_CLAIM,           /* inserts the row of a key */
    NGX_APP_API_KEY_KEEP,            /* puts an answer into it */
    NGX_APP_API_KEY_EXPIRE,          /* removes it when its time is over */
    NGX_APP_API_KEY_COUNT,           /* how many others are over, up to some */
    NGX_APP_API_KEY_SWEEP,           /* removes as many */
    NGX_APP_API_KEY_QUERIES
} ngx_app_api_key_query_e;


/* their parameters: slots of values that no route can name */
typedef enum {
    NGX_APP_API_KEY_ID = 0,
    NGX_APP_API_KEY_FINGERPRINT,
    NGX_APP_API_KEY_MADE,
    NGX_APP_API_KEY_TTL,
    NGX_APP_API_KEY_STATUS,
    NGX_APP_API_KEY_TYPE,
    NGX_APP_API_KEY_LOCATION,
    NGX_APP_API_KEY_BODY,
    NGX_APP_API_KEY_OVER,
    NGX_APP_API_KEY_SLOTS
} ngx_app_api_key_slot_e;


/* columns that NGX_APP_API_KEY_FIND brings */
typedef enum {
    NGX_APP_API_FOUND_SAME = 0,      /* it was the same request */
    NGX_APP_API_FOUND_EXPIRED,
    NGX_APP_API_FOUND_YOUNG,         /* its answer may be on the way */
    NGX_APP_API_FOUND_STATUS,        /* null: the answer is not known */
    NGX_APP_API_FOUND_TYPE,
    NGX_APP_API_FOUND_LOCATION,
    NGX_APP_API_FOUND_BODY,
    NGX_APP_API_FOUND_COLUMNS
} ngx_app_api_found_e;


/* a table of keys, which several routes may share */
typedef struct {
    ngx_str_t                name;       /* in backquotes */
    ngx_str_t                texts[NGX_APP_API_KEY_QUERIES];
    ngx_app_mysql_query_t   *queries[NGX_APP_API_KEY_QUERIES];
    ngx_uint_t               uses;       /* of one worker */
} ngx_app_api_key_table_t;


/* the step of a route */
struct ngx_app_api_idempotent_s {
    ngx_app_api_key_table_t *table;
    ngx_app_mysql_conf_t    *db;
    ngx_app_expr_t          *by;         /* NULL: all are alike */
    ngx_int_t                ttl;        /* seconds */
    size_t                   max_size;   /* of a body that is kept */
    ngx_str_t                name;       /* of the step, and where it is */
    u_char                  *file;
    ngx_uint_t               line;
    ngx_app_api_sql_t        checks[NGX_APP_API_KEY_QUERIES];

    unsigned                 required:1;
    unsigned                 early:1;    /* the answer can be made, and kept,
                                            before the commit */
};


/* one request with a key */
struct ngx_app_api_idempotent_run_s {
    ngx_app_api_idempotent_t  *conf;
    ngx_app_value_t            slots[NGX_APP_API_KEY_SLOTS];
    u_char                     id[64];          /* SHA-256, in hex */
    u_char                     fingerprint[64];

    ngx_app_value_t            found[NGX_APP_API_FOUND_COLUMNS];
    ngx_uint_t                 rows;

    ngx_int_t                  rc;       /* that the run ends with */

    unsigned                   claiming:1;   /* the step is "begin" */
    unsigned                   due:1;    /* the commit waits for the answer */
    unsigned                   committed:1;
    unsigned                   kept:1;   /* the answer is, or cannot be */
};


/* idempotent ttl=TIME ..., as a directive's handler */
char *ngx_app_api_step_idempotent(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* what the step asks of its route, when that is complete; NGX_OK, NGX_ERROR */
ngx_int_t ngx_app_api_idempotent_finish(ngx_conf_t *cf,
    ngx_app_api_route_t *route);

/* not zero for a step of that directive */
ngx_uint_t ngx_app_api_idempotent_is(ngx_app_step_t *step, const char *name);

ngx_int_t ngx_app_api_idempotent_run(ngx_app_run_t *run,
    ngx_app_step_t *step);

/*
 * The transaction has been begun: inserts the key's row.  NGX_OK: there is no
 * key; NGX_AGAIN: the step "begin" ends later.
 */
ngx_int_t ngx_app_api_idempotent_claim(ngx_app_api_session_t *s);

/* not zero when "commit" is left to the end, where the answer is known */
ngx_uint_t ngx_app_api_idempotent_due(ngx_app_run_t *run);

/* the transaction is committed, and the key's row with it */
void ngx_app_api_idempotent_committed(ngx_app_run_t *run);

/* the end of a run: see ngx_app_run_ending_pt */
ngx_int_t ngx_app_api_idempotent_end(ngx_app_run_t *run, ngx_int_t rc);

/*
 * Looks whether the key is known.  The step that runs ends with NGX_OK, or
 * with the known answer, or a failure; within "begin" an unknown key begins
 * the transaction.  go() of ngx_app_api_session_use().
 */
void ngx_app_api_idempotent_find(ngx_app_api_session_t *s);

/* runs a statement on the table of keys; done() is called as by execute */
void ngx_app_api_idempotent_execute(ngx_app_api_session_t *s,
    ngx_app_api_key_query_e query, ngx_app_mysql_done_pt done);

#define ngx_app_api_idempotent_of(run)                                        \
    (((ngx_app_api_ctx_t *) (run)->data)->idempotent)


#endif /* _NGX_APP_API_IDEMPOTENT_H_INCLUDED_ */
