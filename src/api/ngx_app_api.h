
/*
 * Copyright (C) the project authors
 */

/*
 * Routes: what is compiled from app_route blocks, and what one request keeps
 * while it goes through its route.  Only the api module includes it.
 */


#ifndef _NGX_APP_API_H_INCLUDED_
#define _NGX_APP_API_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <core/ngx_app_buf.h>
#include <lang/ngx_app_template.h>
#include <program/ngx_app_step.h>
#include <program/ngx_app_run.h>
#include <http/ngx_app_body.h>
#include <http/ngx_app_input.h>
#include <http/ngx_app_query.h>
#include <http/ngx_app_router.h>
#include <http/ngx_app_problem.h>
#include <mysql/ngx_app_mysql_conf.h>


typedef struct ngx_app_api_route_s    ngx_app_api_route_t;
typedef struct ngx_app_api_respond_s  ngx_app_api_respond_t;
typedef struct ngx_app_api_sql_s      ngx_app_api_sql_t;
typedef struct ngx_app_api_ctx_s      ngx_app_api_ctx_t;
typedef struct ngx_app_openapi_s      ngx_app_openapi_t;
typedef struct ngx_app_api_idempotent_s       ngx_app_api_idempotent_t;
typedef struct ngx_app_api_idempotent_run_s   ngx_app_api_idempotent_run_t;


typedef enum {
    NGX_APP_API_PATH = 0,
    NGX_APP_API_QUERY,
    NGX_APP_API_HEADER,
    NGX_APP_API_BODY
} ngx_app_api_source_e;


#define NGX_APP_API_MESSAGE_MAX  1024      /* of an error, made by a template */
#define NGX_APP_API_MESSAGE_LONG  65536     /* before it is cut */
#define NGX_APP_API_LOCATION_MAX  4096
#define NGX_APP_API_PROBLEM_MAX   262144
#define NGX_APP_API_BODY_CHUNK    512


/* an input of a route; "else=" beats the list of faults */
typedef struct {
    ngx_app_input_t         input;
    ngx_app_api_source_e    source;
    ngx_str_t               key;         /* as the client sends it */
    ngx_uint_t              slot;
    ngx_uint_t              index;       /* of the value in its source */
    ngx_uint_t              else_status; /* 0: the usual 400 */
    ngx_str_t               else_message;
} ngx_app_api_input_t;


struct ngx_app_api_route_s {
    ngx_str_t               method;
    ngx_str_t               path;
    ngx_str_t               summary;
    ngx_str_t               operation;   /* its name, for app_openapi */
    ngx_array_t            *tags;        /* ngx_str_t; NULL: none */
    ngx_array_t             answers;     /* ngx_app_answer_t, of else= ... */
    u_char                 *file;
    ngx_uint_t              line;

    ngx_array_t             inputs;      /* ngx_app_api_input_t, as written */
    ngx_app_router_route_t *match;       /* has the path's parameters */
    ngx_app_query_t        *query;       /* names in the query string */
    ngx_uint_t              nqueries;
    ngx_app_program_t      *gate;        /* NULL, or who may come in: runs
                                            before the inputs are judged */
    ngx_app_program_t      *program;
    ngx_app_body_t         *body;        /* names in the body */
    ngx_uint_t              nbodies;
    ngx_app_api_idempotent_t  *idempotent;   /* NULL: it is not */

    unsigned                coerce:1;    /* all inputs of the body */
    unsigned                validate:1;  /* a step judges those */
};


/* a name=value pair of app_query */
typedef struct {
    ngx_str_t               name;
    ngx_str_t               text;
} ngx_app_api_query_t;


/* where a backend is used; settled when all are declared */
typedef struct {
    ngx_app_mysql_conf_t  **db;
    ngx_app_mysql_conf_t  **tx;          /* of the transaction around it */
    ngx_str_t               name;        /* of the step */
    u_char                 *file;
    ngx_uint_t              line;
} ngx_app_api_db_t;


typedef struct {
    ngx_array_t             statements;  /* ngx_app_api_sql_t *, all routes */
    ngx_array_t             dbs;         /* ngx_app_api_db_t */
    ngx_array_t            *key_tables;  /* of "idempotent"; NULL: none */
    ngx_thread_pool_t      *thread_pool; /* where files are read */
    ngx_flag_t              check;
} ngx_app_api_main_conf_t;


typedef struct {
    ngx_app_router_t       *router;
    ngx_array_t             routes;      /* ngx_app_api_route_t * */
    ngx_array_t             queries;     /* ngx_app_api_query_t */
    ngx_app_openapi_t      *openapi;     /* NULL: no location has it */
    ngx_flag_t              enabled;     /* app_api stands in a location */
} ngx_app_api_srv_conf_t;


typedef struct {
    ngx_app_openapi_t      *openapi;     /* of this location only */
    ngx_int_t               max_rows;
    ngx_int_t               max_params;
    size_t                  max_size;
    size_t                  buffer_size;
    size_t                  body_max_size;
    ngx_int_t               body_max_depth;
    ngx_int_t               body_max_keys;
    ngx_int_t               body_max_items;
    ngx_uint_t              body_unknown;
    ngx_flag_t              enabled;     /* app_api stands here */
} ngx_app_api_loc_conf_t;


#define NGX_APP_API_UNKNOWN_IGNORE  0
#define NGX_APP_API_UNKNOWN_REJECT  1


/* the respond step */
struct ngx_app_api_respond_s {
    ngx_uint_t              status;
    ngx_app_template_t     *body;        /* NULL: none */
    ngx_app_template_t     *location;
    ngx_str_t               type;
    ngx_uint_t              stream;      /* part that may be streamed */
};


/* an answer that a step gives instead of going on; status 0: there is none */
typedef struct {
    ngx_uint_t              status;
    ngx_app_template_t     *message;
} ngx_app_api_answer_t;


typedef enum {
    NGX_APP_API_ONE = 0,
    NGX_APP_API_MANY,
    NGX_APP_API_EXEC
} ngx_app_api_sql_e;


/* the steps one, many and exec */
struct ngx_app_api_sql_s {
    ngx_app_api_sql_e       kind;
    ngx_app_mysql_conf_t   *db;
    ngx_app_mysql_query_t  *query;
    ngx_str_t               text;
    ngx_app_symbol_t       *symbol;      /* NULL: nobody reads the result */
    ngx_uint_t              count;       /* slots of many's .count, */
    ngx_uint_t              id;          /* of exec's .id */
    ngx_uint_t              affected;    /* and .affected */
    ngx_app_api_answer_t    none;        /* no row was found or matched */
    ngx_app_api_answer_t    duplicate;   /* a unique key was there already */
    ngx_app_api_respond_t  *respond;     /* the rows may be streamed to it */
    ngx_app_symbol_t       *item;        /* NULL, or of an each over them */
    ngx_uint_t              items;       /* slot of the rows that it walks */
    ngx_str_t               name;        /* of the step */
    u_char                 *file;
    ngx_uint_t              line;

    /* where the used members are in the rows, of one worker */
    ngx_uint_t              serial;
    ngx_int_t              *columns;
    ngx_uint_t              ncolumns;

    unsigned                readonly:1;  /* may be repeated */
};


/* one request */
struct ngx_app_api_ctx_s {
    ngx_http_request_t     *request;
    ngx_str_t               uri;         /* as sent, not decoded */
    ngx_app_api_route_t    *route;
    ngx_str_t              *params;      /* the path's values */
    ngx_app_run_t           run;

    ngx_str_t               text;        /* of the body, while it comes in */
    size_t                  text_size;   /* memory of it; 0: it is nginx's */
    void                   *task;        /* that reads it from a file */
    ngx_app_body_value_t   *bodies;      /* of the body; NULL: it had none */
    ngx_app_body_result_t   body_result;
    ngx_str_t              *faults;      /* of the inputs */
    ngx_uint_t              nfaults;

    ngx_app_api_respond_t  *respond;     /* NULL: nothing decided */
    ngx_app_buf_t           body;
    ngx_str_t               location;
    ngx_app_api_idempotent_run_t  *idempotent;   /* NULL: has no key */

    ngx_app_buf_t           out;         /* of a streamed answer */
    ngx_chain_t            *busy;
    size_t                  streamed;    /* bytes */
    ngx_app_api_respond_t  *counted;     /* whose rows are not kept: HEAD */
    size_t                  dropped;     /* bytes of them */
    ngx_app_mysql_op_t     *paused;      /* waits for the client */

    ngx_int_t               rc;          /* the content handler's */

    unsigned                inside:1;    /* of the content handler */
    unsigned                form:1;      /* the body is a form: all is text */
    unsigned                streaming:1; /* the header has been sent */
    unsigned                ended:1;     /* the last bytes have been given */
};


extern ngx_module_t  ngx_app_api_module;
extern ngx_command_t  ngx_app_api_step_commands[];


/* route: directives */

char *ngx_app_api_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_query(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* what the statements of a program need when all names are known */
ngx_int_t ngx_app_api_route_sql(ngx_conf_t *cf, ngx_app_program_t *program);

#define ngx_app_api_compiling(cf)                                             \
    ((ngx_app_api_route_t *) ngx_app_compile(cf)->owner)

/* inputs: declarations, and reading them from a request */

char *ngx_app_api_input(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* before the first step: parameters of the path that are not declared */
ngx_int_t ngx_app_api_inputs_end(ngx_app_compile_t *cc);
ngx_int_t ngx_app_api_inputs_finish(ngx_conf_t *cf,
    ngx_app_api_route_t *route);

/*
 * Judges the inputs of a request and sets their slots; those of the body too,
 * unless the route has a step for that.  NGX_OK: all are right; NGX_DONE: the
 * answer has been sent, ctx->rc is what the content handler returns.
 */
ngx_int_t ngx_app_api_inputs(ngx_app_api_ctx_t *ctx);

char *ngx_app_api_step_validate(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_api_step_coerce(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * Reads the body of a request into ctx->bodies, then starts.  Returns what the
 * content handler does; a body that is refused is answered.
 */
ngx_int_t ngx_app_api_body(ngx_app_api_ctx_t *ctx);

/* refuses a body by its length alone: NGX_OK, or NGX_DONE and ctx->rc is set */
ngx_int_t ngx_app_api_body_length(ngx_app_api_ctx_t *ctx);

/*
 * Runs the gate, judges the inputs, runs the steps.  It takes over a reference
 * to the request, ctx->inside tells whether nginx is at it already.
 */
void ngx_app_api_start(ngx_app_api_ctx_t *ctx);

/* ends the request with an answer's return code */
void ngx_app_api_finalize(ngx_app_api_ctx_t *ctx, ngx_int_t rc);

/* steps */

char *ngx_app_api_step_summary(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_api_step_let(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_step_check(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_step_log(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_step_respond(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_api_step_sql(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_step_each(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* returns an empty array of items for "each", or NULL */
ngx_array_t *ngx_app_api_each_items(ngx_pool_t *pool,
    ngx_app_symbol_t *item);

char *ngx_app_api_step_begin(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_api_step_commit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

char *ngx_app_api_step_too_many(ngx_conf_t *cf, ngx_uint_t n);

/* not zero for name=value */
ngx_uint_t ngx_app_api_is_option(ngx_str_t *word);

char *ngx_app_api_step_fetch(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_app_template_t *ngx_app_api_template(ngx_conf_t *cf, ngx_str_t *text,
    ngx_app_template_e mode);

/* the backend of a "begin", by its configuration */
ngx_app_mysql_conf_t **ngx_app_api_begin_db(void *conf);

/* takes "db=" out of the arguments; db is settled when all are known */
char *ngx_app_api_step_db(ngx_conf_t *cf, ngx_app_mysql_conf_t **db);

/* fails a run with that answer; returns NGX_DECLINED, or NGX_ERROR */
ngx_int_t ngx_app_api_refuse(ngx_app_run_t *run,
    ngx_app_api_answer_t *answer);

/* the message of a failure, cut to NGX_APP_API_MESSAGE_MAX; or NGX_ERROR */
ngx_int_t ngx_app_api_message(ngx_app_run_t *run, ngx_app_template_t *t,
    ngx_str_t *message);
ngx_int_t ngx_app_api_sql_run(ngx_app_run_t *run, ngx_app_step_t *step);
ngx_int_t ngx_app_api_respond_run(ngx_app_run_t *run, ngx_app_step_t *step);

/* the request and its answer */

ngx_int_t ngx_app_api_handler(ngx_http_request_t *r);
ngx_table_elt_t *ngx_app_api_add_header(ngx_http_request_t *r,
    char *key, ngx_str_t *value);
ngx_int_t ngx_app_api_send(ngx_app_api_ctx_t *ctx);

/* the type of an answer to respond */
ngx_str_t *ngx_app_api_type(ngx_app_api_respond_t *res);

/* the messages of a run that has failed, and how many; status is set too */
ngx_str_t *ngx_app_api_failure(ngx_app_api_ctx_t *ctx, ngx_int_t rc,
    ngx_uint_t *status, ngx_uint_t *n);
ngx_int_t ngx_app_api_send_error(ngx_app_api_ctx_t *ctx, ngx_uint_t status,
    ngx_str_t *messages, ngx_uint_t n);

/*
 * Streams what ctx->out holds.  NGX_OK: go on; NGX_AGAIN: the client is slow,
 * ctx->paused goes on later; NGX_ERROR.
 */
ngx_int_t ngx_app_api_stream(ngx_app_api_ctx_t *ctx, ngx_uint_t last);
ngx_int_t ngx_app_api_stream_start(ngx_app_api_ctx_t *ctx,
    ngx_app_api_respond_t *respond);

/* check at start */

ngx_int_t ngx_app_api_check_start(ngx_cycle_t *cycle,
    ngx_app_api_main_conf_t *amcf);


#endif /* _NGX_APP_API_H_INCLUDED_ */
