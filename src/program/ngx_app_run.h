
/*
 * Copyright (C) the project authors
 */

/*
 * A run of a program: its values, where it is, what it holds and what it will
 * do when all has gone well.  Whoever starts a run owns its memory and learns
 * of its end by done().
 */


#ifndef _NGX_APP_RUN_H_INCLUDED_
#define _NGX_APP_RUN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <program/ngx_app_step.h>


/*
 * The end of a run: NGX_OK or NGX_DONE; NGX_DECLINED: status and message are
 * set; NGX_ERROR.  What the run held has been given back.
 */
typedef void (*ngx_app_run_done_pt)(ngx_app_run_t *run, ngx_int_t rc);

/* gives back what a run holds; failed is not zero if the run has failed */
typedef void (*ngx_app_run_release_pt)(ngx_app_run_t *run, void *data,
    ngx_uint_t failed);

typedef void (*ngx_app_run_effect_pt)(ngx_app_run_t *run, void *data);

/*
 * Called when the steps have come to an end, with what they ended with, while
 * the run still holds what it holds; again after "rescue".  Returns what the
 * run ends with, or NGX_AGAIN: ngx_app_run_resume() is called later.  After
 * NGX_OK the step behind run->pc is next, if there is one.
 */
typedef ngx_int_t (*ngx_app_run_ending_pt)(ngx_app_run_t *run, ngx_int_t rc);


typedef struct ngx_app_run_hold_s    ngx_app_run_hold_t;
typedef struct ngx_app_run_effect_s  ngx_app_run_effect_t;

struct ngx_app_run_hold_s {
    const void                *tag;       /* whose it is */
    void                      *data;
    ngx_app_run_release_pt     release;
    ngx_app_run_hold_t        *next;
};


struct ngx_app_run_effect_s {
    ngx_app_run_effect_pt      handler;
    void                      *data;
    ngx_app_run_effect_t      *next;
};


struct ngx_app_run_s {
    ngx_app_env_t              env;       /* slots, memory, time */
    ngx_app_program_t         *program;
    ngx_uint_t                 pc;

    ngx_http_request_t        *request;   /* NULL outside of HTTP */
    ngx_log_t                 *log;

    ngx_app_run_ending_pt      ending;    /* NULL: none */
    ngx_app_run_done_pt        done;
    void                      *data;      /* the owner's */

    ngx_uint_t                 status;    /* of a failure */
    ngx_str_t                  message;
    ngx_uint_t                 retry_after;  /* seconds; 0: not said */

    ngx_app_run_hold_t        *holds;
    ngx_app_run_effect_t      *effects;
    ngx_app_run_effect_t     **last_effect;

    ngx_int_t                  result;    /* of a step that ended at once */

    unsigned                   written:1; /* what stays, whatever fails now */
    unsigned                   rescuing:1;
    unsigned                   resumed:1;
    unsigned                   parked:1;
    unsigned                   running:1;
};


/*
 * Prepares a run with all values absent.  NGX_OK or NGX_ERROR.  The owner may
 * then set values and env's callbacks.
 */
ngx_int_t ngx_app_run_init(ngx_app_run_t *run, ngx_app_program_t *program,
    ngx_pool_t *pool, ngx_log_t *log);

/* remembers the time of the first call in the master process */
void ngx_app_run_mark_start(void);

/* runs steps; done() is called once, maybe before this returns */
void ngx_app_run_start(ngx_app_run_t *run);

/*
 * Lines of the log name the request again that the run is of: to be called by
 * an event that is not nginx's own for it, before it does anything for the run.
 */
void ngx_app_run_enter(ngx_app_run_t *run);

/* the parked step has ended, with what its handler would have returned */
void ngx_app_run_resume(ngx_app_run_t *run, ngx_int_t rc);

/* the owner goes away: gives back all that is held, done() is not called */
void ngx_app_run_abort(ngx_app_run_t *run);

/* sets the failure; returns NGX_DECLINED for a step to return */
ngx_int_t ngx_app_run_fail(ngx_app_run_t *run, ngx_uint_t status,
    ngx_str_t *message);

/*
 * The same for a dependency that is away or busy: 503 with Retry-After, which
 * clients take as leave to send the request again; so 500 when it has written
 * something already.
 */
ngx_int_t ngx_app_run_unavailable(ngx_app_run_t *run, ngx_uint_t retry_after);

/* returns the step that is running or parked */
ngx_app_step_t *ngx_app_run_step(ngx_app_run_t *run);

/* returns a hold with that tag, made when there is none; NULL: no memory */
ngx_app_run_hold_t *ngx_app_run_hold(ngx_app_run_t *run, const void *tag);

/* adds what is done after the last step when nothing failed */
ngx_int_t ngx_app_run_effect(ngx_app_run_t *run,
    ngx_app_run_effect_pt handler, void *data);

/* not zero if a step after the current one is marked sql */
ngx_uint_t ngx_app_run_more_sql(ngx_app_run_t *run);


#endif /* _NGX_APP_RUN_H_INCLUDED_ */
