
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


extern ngx_module_t  ngx_thread_pool_module;


/* tasks that are in a thread, or will be */
static ngx_atomic_t  ngx_app_tasks;


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


void
ngx_app_task_free(void *ctx)
{
    ngx_free((ngx_app_task_t *) ctx - 1);
}


ngx_int_t
ngx_app_task_post(ngx_thread_pool_t *tp, void *ctx)
{
    ngx_app_task_t  *t;

    t = (ngx_app_task_t *) ctx - 1;

    (void) ngx_atomic_fetch_add(&ngx_app_tasks, 1);

    if (ngx_thread_task_post(tp, &t->task) != NGX_OK) {
        (void) ngx_atomic_fetch_add(&ngx_app_tasks, -1);
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

    (void) ngx_atomic_fetch_add(&ngx_app_tasks, -1);
}


void
ngx_app_task_wait(void)
{
    while (ngx_app_tasks) {
        ngx_msleep(1);
    }

    /* the last thread has yet to leave our code */

    ngx_msleep(1);
}


static void
ngx_app_task_done(ngx_event_t *ev)
{
    ngx_app_task_t  *t = ev->data;

    t->done(t + 1);

    ngx_free(t);
}


/* nginx makes a pool of its "thread_pool" directive only, so that is given */

ngx_thread_pool_t *
ngx_app_task_pool(ngx_conf_t *cf, ngx_str_t *name, ngx_uint_t threads,
    ngx_uint_t queue)
{
    char           *rv;
    ngx_str_t      *word;
    ngx_conf_t      conf;
    ngx_array_t     args;
    ngx_command_t  *cmd;

    if (ngx_array_init(&args, cf->temp_pool, 4, sizeof(ngx_str_t)) != NGX_OK) {
        return NULL;
    }

    word = ngx_array_push_n(&args, 4);
    ngx_str_set(&word[0], "thread_pool");
    word[1] = *name;

    word[2].data = ngx_pnalloc(cf->pool, 2 * sizeof("max_queue=")
                                         + 2 * NGX_INT_T_LEN);
    if (word[2].data == NULL) {
        return NULL;
    }

    word[2].len = ngx_sprintf(word[2].data, "threads=%ui", threads)
                  - word[2].data;
    word[3].data = word[2].data + word[2].len;
    word[3].len = ngx_sprintf(word[3].data, "max_queue=%ui", queue)
                  - word[3].data;

    conf = *cf;
    conf.args = &args;

    for (cmd = ngx_thread_pool_module.commands; cmd->name.len; cmd++) {

        if (cmd->name.len != word[0].len
            || ngx_strncmp(cmd->name.data, word[0].data, word[0].len) != 0)
        {
            continue;
        }

        rv = cmd->set(&conf, cmd,
                      ngx_get_conf(cf->cycle->conf_ctx,
                                   ngx_thread_pool_module));

        return (rv == NGX_CONF_OK) ? ngx_thread_pool_add(cf, name) : NULL;
    }

    return NULL;
}
