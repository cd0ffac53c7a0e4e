
/*
 * Copyright (C) the project authors
 */

/*
 * Work for nginx's thread pools.  A task owns one heap block that nobody else
 * sees: the thread reads and writes only that, done() runs in the event loop
 * and frees nothing of it.
 */


#ifndef _NGX_APP_TASK_H_INCLUDED_
#define _NGX_APP_TASK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_thread_pool.h>


typedef void (*ngx_app_task_pt)(void *ctx);


/*
 * Returns zeroed memory of "size" bytes for a task's context, or NULL.
 *
 *   work  runs in a thread: libraries and libc only, no nginx call
 *   done  runs in the event loop afterwards; ctx is freed when it returns
 */
void *ngx_app_task_create(size_t size, ngx_app_task_pt work,
    ngx_app_task_pt done, ngx_log_t *log);

/* frees a context that is not posted after all */
void ngx_app_task_free(void *ctx);

/*
 * Hands the context to the pool.  NGX_OK: done() will be called once, later.
 * NGX_BUSY: the pool's queue is full, ctx has been freed.
 */
ngx_int_t ngx_app_task_post(ngx_thread_pool_t *tp, void *ctx);

/*
 * Waits until no thread has a task, as a worker exits.  nginx does so itself,
 * unless the queue of a pool is full: then it would take the configuration
 * and our code from under a thread.
 */
void ngx_app_task_wait(void);

/*
 * Returns a pool of its own for work that must not hold up others, while the
 * configuration is read; NULL after logging why.
 *
 *   queue  tasks that may wait
 */
ngx_thread_pool_t *ngx_app_task_pool(ngx_conf_t *cf, ngx_str_t *name,
    ngx_uint_t threads, ngx_uint_t queue);


#endif /* _NGX_APP_TASK_H_INCLUDED_ */
