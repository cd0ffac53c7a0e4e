
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <program/ngx_app_run.h>


static void ngx_app_run_steps(ngx_app_run_t *run, ngx_int_t rc);
static ngx_int_t ngx_app_run_program(ngx_app_run_t *run, ngx_int_t rc);
static ngx_int_t ngx_app_run_parks(ngx_app_run_t *run, ngx_int_t rc);
static void ngx_app_run_finish(ngx_app_run_t *run, ngx_int_t rc);
static void ngx_app_run_rescue(ngx_app_run_t *run, ngx_int_t rc);
static void ngx_app_run_release(ngx_app_run_t *run, ngx_uint_t failed);


/* of the server: workers inherit it, reloads keep it */
static int64_t  ngx_app_run_started;


#define ngx_app_run_now()                                                     \
    ((int64_t) ngx_cached_time->sec * 1000000                                 \
     + (int64_t) ngx_cached_time->msec * 1000)


void
ngx_app_run_mark_start(void)
{
    if (ngx_app_run_started == 0) {
        ngx_app_run_started = ngx_app_run_now();
    }
}


ngx_int_t
ngx_app_run_init(ngx_app_run_t *run, ngx_app_program_t *program,
    ngx_pool_t *pool, ngx_log_t *log)
{
    run->program = program;
    run->log = log;
    run->last_effect = &run->effects;

    run->env.pool = pool;
    run->env.now = ngx_app_run_now();
    run->env.started = ngx_app_run_started;
    run->env.data = run;
    run->env.slots = ngx_pcalloc(pool, (program->scope->nslots + 1)
                                       * sizeof(ngx_app_value_t));

    return run->env.slots ? NGX_OK : NGX_ERROR;
}


void
ngx_app_run_start(ngx_app_run_t *run)
{
    run->pc = 0;
    run->running = 1;

    ngx_app_run_steps(run, NGX_OK);
}


void
ngx_app_run_enter(ngx_app_run_t *run)
{
    if (run->request) {
        ngx_http_set_log_request(run->request->connection->log, run->request);
    }
}


void
ngx_app_run_resume(ngx_app_run_t *run, ngx_int_t rc)
{
    if (!run->parked) {
        /* the step is still in its handler, which returns the result */
        run->resumed = 1;
        run->result = rc;
        return;
    }

    run->parked = 0;
    run->pc++;

    ngx_app_run_steps(run, rc);
}


/* rc is the result of the step before run->pc */

static void
ngx_app_run_steps(ngx_app_run_t *run, ngx_int_t rc)
{
    do {
        rc = ngx_app_run_program(run, rc);

        if (rc != NGX_AGAIN && run->ending) {
            run->resumed = 0;

            rc = ngx_app_run_parks(run, run->ending(run, rc));

            if (rc != NGX_AGAIN) {
                run->pc++;
            }
        }

        if (rc == NGX_AGAIN) {
            return;
        }

    } while (rc == NGX_OK && run->pc < run->program->steps.nelts);

    ngx_app_run_finish(run, rc);
}


/* NGX_AGAIN: a step has parked the run */

static ngx_int_t
ngx_app_run_program(ngx_app_run_t *run, ngx_int_t rc)
{
    ngx_app_step_t  *step;

    while (rc == NGX_OK && run->pc < run->program->steps.nelts) {

        step = (ngx_app_step_t *) run->program->steps.elts + run->pc;

        if (step->when) {
            rc = ngx_app_expr_test(step->when, &run->env);

            if (rc == NGX_DECLINED) {
                rc = NGX_OK;
                run->pc++;
                continue;
            }

            if (rc != NGX_OK) {
                break;
            }
        }

        run->resumed = 0;

        rc = ngx_app_run_parks(run, step->handler(run, step));

        if (rc == NGX_AGAIN) {
            return NGX_AGAIN;
        }

        run->pc++;
    }

    return rc;
}


/* what was resumed before it returned has its result already */

static ngx_int_t
ngx_app_run_parks(ngx_app_run_t *run, ngx_int_t rc)
{
    if (rc != NGX_AGAIN) {
        return rc;
    }

    if (run->resumed) {
        return run->result;
    }

    run->parked = 1;

    return NGX_AGAIN;
}


static void
ngx_app_run_finish(ngx_app_run_t *run, ngx_int_t rc)
{
    ngx_uint_t             failed;
    ngx_app_run_effect_t  *e;

    failed = (rc != NGX_OK && rc != NGX_DONE);

    ngx_app_run_release(run, failed);

    if (failed && run->program->rescue) {
        ngx_app_run_rescue(run, rc);
        return;
    }

    if (run->rescuing && rc != NGX_DONE) {
        /* it gave no answer of its own */
        rc = NGX_DECLINED;
    }

    run->running = 0;

    if (!failed) {
        for (e = run->effects; e; e = e->next) {
            e->handler(run, e->data);
        }
    }

    run->done(run, rc);
}


/* what failed is undone by now; the program's last words come from here */

static void
ngx_app_run_rescue(ngx_app_run_t *run, ngx_int_t rc)
{
    ngx_app_value_t  *slots;

    if (rc != NGX_DECLINED) {
        run->status = NGX_HTTP_INTERNAL_SERVER_ERROR;
        ngx_str_set(&run->message, "Internal server error");
    }

    slots = run->env.slots;

    ngx_app_value_set_int(&slots[run->program->error_status],
                          (int64_t) run->status);
    ngx_app_value_set_string(&slots[run->program->error_message],
                             run->message.data, run->message.len);

    run->effects = NULL;
    run->last_effect = &run->effects;
    run->rescuing = 1;
    run->program = run->program->rescue;
    run->pc = 0;

    ngx_app_run_steps(run, NGX_OK);
}


void
ngx_app_run_abort(ngx_app_run_t *run)
{
    if (!run->running) {
        return;
    }

    run->running = 0;
    run->parked = 0;

    ngx_app_run_release(run, 1);
}


static void
ngx_app_run_release(ngx_app_run_t *run, ngx_uint_t failed)
{
    ngx_app_run_hold_t  *h;

    while (run->holds) {
        h = run->holds;
        run->holds = h->next;

        if (h->release) {
            h->release(run, h->data, failed);
        }
    }
}


ngx_int_t
ngx_app_run_fail(ngx_app_run_t *run, ngx_uint_t status, ngx_str_t *message)
{
    /* what happens while a failure is dealt with does not hide it */

    if (!run->rescuing) {
        run->status = status;
        run->message = *message;
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_app_run_unavailable(ngx_app_run_t *run, ngx_uint_t retry_after)
{
    ngx_str_t  internal = ngx_string("Internal server error");
    ngx_str_t  message = ngx_string("Service Unavailable");

    if (run->written) {
        return ngx_app_run_fail(run, NGX_HTTP_INTERNAL_SERVER_ERROR,
                                &internal);
    }

    if (!run->rescuing) {
        run->retry_after = retry_after;
    }

    return ngx_app_run_fail(run, NGX_HTTP_SERVICE_UNAVAILABLE, &message);
}


ngx_app_step_t *
ngx_app_run_step(ngx_app_run_t *run)
{
    return (ngx_app_step_t *) run->program->steps.elts + run->pc;
}


ngx_app_run_hold_t *
ngx_app_run_hold(ngx_app_run_t *run, const void *tag)
{
    ngx_app_run_hold_t  *h;

    for (h = run->holds; h; h = h->next) {
        if (h->tag == tag) {
            return h;
        }
    }

    h = ngx_pcalloc(run->env.pool, sizeof(ngx_app_run_hold_t));
    if (h == NULL) {
        return NULL;
    }

    h->tag = tag;
    h->next = run->holds;
    run->holds = h;

    return h;
}


ngx_int_t
ngx_app_run_effect(ngx_app_run_t *run, ngx_app_run_effect_pt handler,
    void *data)
{
    ngx_app_run_effect_t  *e;

    e = ngx_palloc(run->env.pool, sizeof(ngx_app_run_effect_t));
    if (e == NULL) {
        return NGX_ERROR;
    }

    e->handler = handler;
    e->data = data;
    e->next = NULL;

    *run->last_effect = e;
    run->last_effect = &e->next;

    return NGX_OK;
}


ngx_uint_t
ngx_app_run_more_sql(ngx_app_run_t *run)
{
    ngx_uint_t       i;
    ngx_app_step_t  *step;

    step = run->program->steps.elts;

    for (i = run->pc + 1; i < run->program->steps.nelts; i++) {
        if (step[i].sql) {
            return 1;
        }
    }

    return 0;
}
