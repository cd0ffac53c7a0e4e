
/*
 * Copyright (C) the project authors
 */

/*
 * The work of one worker: what waits for a thread, what is in one, and who
 * waits for which.  Requests for the same bytes share one piece of work; one
 * that all have left is dropped, or stopped.
 */


#ifndef _NGX_APP_IMAGE_QUEUE_H_INCLUDED_
#define _NGX_APP_IMAGE_QUEUE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_thread_pool.h>

#include <image/ngx_app_image_work.h>
#include <image/ngx_app_image_zone.h>


#define NGX_APP_IMAGE_KEY  16          /* bytes that tell work apart */


typedef struct ngx_app_image_job_s   ngx_app_image_job_t;
typedef struct ngx_app_image_wait_s  ngx_app_image_wait_t;


/* what is counted */
typedef enum {
    NGX_APP_IMAGE_JOBS = 0,
    NGX_APP_IMAGE_JOINED,
    NGX_APP_IMAGE_FAILURES,
    NGX_APP_IMAGE_SHED,
    NGX_APP_IMAGE_TIMEOUTS,
    NGX_APP_IMAGE_ABANDONED,
    NGX_APP_IMAGE_WAITING,
    NGX_APP_IMAGE_RUNNING,
    NGX_APP_IMAGE_PIXELS,
    NGX_APP_IMAGE_THREAD_MSEC,
    NGX_APP_IMAGE_METRICS
} ngx_app_image_metric_e;


/* constant, but for what is set in a worker */
typedef struct {
    ngx_uint_t             threads;
    ngx_uint_t             limit;      /* of those that wait */
    uint64_t               budget;     /* pixels in work, of all workers */
    ngx_app_image_zone_t  *zone;
    ngx_thread_pool_t     *pool;
    ngx_int_t              metrics[NGX_APP_IMAGE_METRICS];
} ngx_app_image_queue_conf_t;


/* of encoders: the most effort, and the least, when many wait */
typedef struct {
    ngx_uint_t             min;
    ngx_uint_t             max;
} ngx_app_image_effort_t;


/* how work is to be done */
typedef struct {
    u_char                  key[NGX_APP_IMAGE_KEY];
    uint64_t                pixels;    /* in memory at a time */
    ngx_app_image_effort_t  effort;    /* by how many wait */
    ngx_msec_t              timeout;
} ngx_app_image_order_t;


/* what work has made, for all who have waited for it */
typedef struct {
    ngx_app_image_work_t   work;       /* without the source */
    ngx_msec_t             waited;     /* for a thread */
    ngx_uint_t             refs;
} ngx_app_image_answer_t;


/* a request that waits; part of its context */
struct ngx_app_image_wait_s {
    /*
     * The last thing that happens: NGX_OK, answer is the caller's, to be
     * given back by ngx_app_image_answer_release(); NGX_ABORT, it took too
     * long.
     */
    void                 (*done)(ngx_app_image_wait_t *wait, ngx_int_t rc,
                                 ngx_app_image_answer_t *answer);
    void                  *data;
    ngx_log_t             *log;

    /* the queue's */
    ngx_queue_t            queue;
    ngx_app_image_job_t   *job;        /* NULL: it does not wait */
    ngx_event_t            timer;
};


ngx_int_t ngx_app_image_queue_init(ngx_app_image_queue_conf_t *conf,
    ngx_log_t *log);
void ngx_app_image_queue_exit(void);

/*
 * Waits for work that is there already.  NGX_AGAIN: done() follows;
 * NGX_DECLINED: there is none with that key.
 */
ngx_int_t ngx_app_image_queue_join(ngx_app_image_wait_t *wait, u_char *key,
    ngx_msec_t timeout);

/*
 * Returns work to be filled in, zeroed, or NULL.  It is given to
 * ngx_app_image_queue_add(), or freed by ngx_app_image_queue_drop().
 */
ngx_app_image_work_t *ngx_app_image_queue_work(ngx_log_t *log);
void ngx_app_image_queue_drop(ngx_app_image_work_t *work);

/*
 * Hands work over.
 *
 *   retry   set with NGX_BUSY, in seconds
 *
 * NGX_AGAIN: done() follows, and work->data is freed with ngx_free().
 * NGX_BUSY: the queue is full, or so long that timeout would pass; the work
 * is dropped.  NGX_DECLINED: the pixels are more than the budget.
 */
ngx_int_t ngx_app_image_queue_add(ngx_app_image_wait_t *wait,
    ngx_app_image_work_t *work, ngx_app_image_order_t *order,
    ngx_uint_t *retry);

/* stops waiting; for a request that ends, at any time */
void ngx_app_image_queue_leave(ngx_app_image_wait_t *wait);

void ngx_app_image_answer_release(ngx_app_image_answer_t *answer);


#endif /* _NGX_APP_IMAGE_QUEUE_H_INCLUDED_ */
