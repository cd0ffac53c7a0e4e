
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <core/ngx_app_task.h>


typedef struct {
    ngx_thread_task_t  task;
    ngx_app_task_pt    work;
    ngx_app_task_pt    done;
    ngx_log_t         *log;
} ngx_app_task_t;


static void ngx_app_task_work(void *data, ngx_log_t *log);
static void ngx_app_task_done(ngx_event_t *ev);


void *
ngx_app_task_create(size_t size, ngx_app_task_pt work, ngx_app_task_pt done,
    ngx_log_t *log)
{
    ngx_app_task_t  *t;

    t = ngx_calloc(sizeof(ngx_app_task_t) + size, log);
    if (t == NULL) {
        return NULL;
    }

    t->work = work;
    t->done = done;
    t->log = log;

    t->task.ctx = t + 1;
    t->task.handler = ngx_app_task_work;
    t->task.event.data = t;
    t->task.event.handler = ngx_app_task_done;
    t->task.event.log = log;

    return t + 1;
}


ngx_int_t
ngx_app_task_post(ngx_thread_pool_t *tp, void *ctx)
{
    ngx_app_task_t  *t;

    t = (ngx_app_task_t *) ctx - 1;

    if (ngx_thread_task_post(tp, &t->task) != NGX_OK) {
        ngx_free(t);
        return NGX_BUSY;
    }

    return NGX_OK;
}


static void
ngx_app_task_work(void *data, ngx_log_t *log)
{
    ngx_app_task_t  *t;

    t = (ngx_app_task_t *) data - 1;

    t->work(data);
}


static void
ngx_app_task_done(ngx_event_t *ev)
{
    ngx_app_task_t  *t = ev->data;

    t->done(t + 1);

    ngx_free(t);
}
