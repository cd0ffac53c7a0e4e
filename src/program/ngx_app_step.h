
/*
 * Copyright (C) the project authors
 */

/*
 * Steps: what a route is made of.  A step is an nginx directive of a module
 * of our own type, so that each shared object can bring its own; nginx reads
 * the block, the directive adds a step to the program that is being compiled.
 *
 * At run time a step is a handler and its configuration.  A handler returns
 *
 *   NGX_OK        go on with the next step
 *   NGX_AGAIN     parked: ngx_app_run_resume() is called later, exactly once
 *   NGX_DONE      the answer is decided, no further step runs
 *   NGX_DECLINED  failed, after ngx_app_run_fail()
 *   NGX_ERROR     failed by our own doing, already logged
 */


#ifndef _NGX_APP_STEP_H_INCLUDED_
#define _NGX_APP_STEP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <lang/ngx_app_lang.h>
#include <lang/ngx_app_scope.h>
#include <lang/ngx_app_expr.h>


#define NGX_APP_STEP_MODULE  0x50455453      /* "STEP" */

/* where a step may stand: bits of ngx_command_t.type */
#define NGX_APP_ROUTE_CONF   0x02000000      /* app_route { } */
#define NGX_APP_RESCUE_CONF  0x04000000      /* rescue { } */
#define NGX_APP_EACH_CONF    0x08000000      /* each ITEM in LIST { } */
#define NGX_APP_AUTH_CONF    0x10000000      /* app_auth { } */

#define NGX_APP_STEP_MAX     256             /* in a program */


typedef struct ngx_app_step_s     ngx_app_step_t;
typedef struct ngx_app_program_s  ngx_app_program_t;
typedef struct ngx_app_run_s      ngx_app_run_t;

typedef ngx_int_t (*ngx_app_step_pt)(ngx_app_run_t *run,
    ngx_app_step_t *step);


struct ngx_app_step_s {
    ngx_app_step_pt      handler;
    ngx_app_expr_t      *when;         /* NULL: always */
    void                *conf;
    ngx_str_t            name;         /* the directive */
    ngx_str_t            file;         /* where it stands */
    ngx_uint_t           line;
    unsigned             sql:1;        /* needs the run's connection */
    unsigned             responds:1;   /* decides the answer */
    unsigned             calm:1;       /* neither waits nor refuses: it may as
                                          well run before the commit that
                                          stands above it */
};


struct ngx_app_program_s {
    ngx_array_t          steps;        /* ngx_app_step_t */
    ngx_app_scope_t     *scope;

    ngx_app_program_t   *rescue;       /* NULL, or what runs on a failure */
    ngx_uint_t           error_status; /* slots of error.status, .message */
    ngx_uint_t           error_message;
};


/* an answer instead of going on, as in else=404 "Offer not found" */
typedef struct {
    ngx_uint_t           status;
    ngx_str_t            message;
} ngx_app_answer_t;


/*
 * What cf->ctx points at while a block of steps is read.  nginx looks at the
 * first member for a configuration of the module; steps have none.
 */
typedef struct ngx_app_compile_s  ngx_app_compile_t;

struct ngx_app_compile_s {
    void               **confs;        /* NULL */
    ngx_conf_t          *cf;           /* of the current directive */
    ngx_app_lang_t       lang;
    ngx_app_program_t   *program;
    ngx_array_t          answers;      /* ngx_app_answer_t, all blocks' */
    ngx_http_conf_ctx_t *http_ctx;     /* of the block around it */
    void                *owner;        /* what the block belongs to */
    void                *tx;           /* of the "begin" that is open */

    /* called once, before the first step is added, and NULL from then on */
    ngx_int_t          (*first)(ngx_app_compile_t *cc);
};


/* prepares a context with an empty program; NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_compile_init(ngx_app_compile_t *cc, ngx_conf_t *cf);

/* reads the block that follows, as part of which kind; as ngx_conf_parse() */
char *ngx_app_compile_block(ngx_app_compile_t *cc, ngx_conf_t *cf,
    ngx_uint_t cmd_type);

/* rescue { }, as a directive's handler */
char *ngx_app_compile_rescue(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/*
 * Adds a step for the directive that is being read.  "when=" is taken out of
 * cf->args.  NULL: a reason has been logged.
 */
ngx_app_step_t *ngx_app_step_add(ngx_conf_t *cf, ngx_app_step_pt handler,
    size_t conf_size);

/* adds one that has no directive of its own, with a configuration at hand */
ngx_app_step_t *ngx_app_step_append(ngx_conf_t *cf, ngx_app_step_pt handler,
    void *conf);

/*
 * Makes one word of name="some text": nginx's reader knows a quote only where
 * a word begins, and splits at the blanks.  Blanks in a row become one.
 * ngx_app_step_add() does it; who adds no step calls it first.
 * NGX_OK, or NGX_ERROR after logging why.
 */
ngx_int_t ngx_app_step_words(ngx_conf_t *cf);

/*
 * Takes the word "name=value" out of cf->args from word "from" on.
 * NGX_OK: value is set; NGX_DECLINED: there is none; NGX_ERROR: it is there
 * twice, or empty, and that has been logged.
 */
ngx_int_t ngx_app_step_option(ngx_conf_t *cf, ngx_uint_t from,
    const char *name, ngx_str_t *value);

/*
 * Takes "name=STATUS" and the message behind it out of cf->args, as in
 * else=404 "Offer not found".  Returns as ngx_app_step_option().
 */
ngx_int_t ngx_app_step_answer(ngx_conf_t *cf, const char *name,
    ngx_uint_t *status, ngx_str_t *message);

#define ngx_app_step_else(cf, status, message)                                \
    ngx_app_step_answer(cf, "else", status, message)

/* logs lc->err, or that there is no memory; returns NGX_CONF_ERROR */
char *ngx_app_step_error(ngx_conf_t *cf, ngx_str_t *what);


#define ngx_app_compile(cf)  ((ngx_app_compile_t *) (cf)->ctx)


#endif /* _NGX_APP_STEP_H_INCLUDED_ */
