
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <core/ngx_app_metric.h>
#include <core/ngx_app_task.h>
#include <image/ngx_app_image_queue.h>


/* how often small work may overtake large one that finds no room */
#define NGX_APP_IMAGE_OVERTAKEN  16

/* until other workers are looked at again, for room in the budget */
#define NGX_APP_IMAGE_ROOM       10

/* of an idle worker, until it gives memory back that it may need again */
#define NGX_APP_IMAGE_IDLE       1000

/*
 * What a format is taken to cost before the first one has been made, in
 * microseconds for each 1000 pixels of the answer, and for those of the source
 */
#define NGX_APP_IMAGE_COST_MAKE  100
#define NGX_APP_IMAGE_COST_READ  10


/* on both sides of the thread: the work itself, which begins it */
struct ngx_app_image_job_s {
    ngx_app_image_work_t     work;

    /* the loop's */
    ngx_queue_t              queue;    /* in waiting or running */
    ngx_queue_t              waits;    /* ngx_app_image_wait_t */
    ngx_app_image_order_t    order;
    ngx_uint_t               overtaken;
    ngx_msec_t               added;
    ngx_msec_t               started;
    ngx_msec_t               expected; /* time that it takes */
    unsigned                 running:1;
};


typedef struct {
    ngx_app_image_queue_conf_t  *conf;
    ngx_log_t                   *log;
    ngx_queue_t                  waiting;
    ngx_queue_t                  running;
    ngx_uint_t                   nwaiting;
    ngx_uint_t                   nrunning;
    ngx_event_t                  next;     /* looks for work to start */
    ngx_event_t                  idle;     /* gives memory back */

    /* by format: what it has cost, as NGX_APP_IMAGE_COST_MAKE */
    ngx_uint_t                   cost[NGX_APP_IMAGE_NFORMATS];
} ngx_app_image_queue_t;


static ngx_app_image_job_t *ngx_app_image_queue_find(u_char *key);
static void ngx_app_image_queue_wait(ngx_app_image_wait_t *wait,
    ngx_app_image_job_t *job, ngx_msec_t timeout);
static void ngx_app_image_queue_timeout(ngx_event_t *ev);
static ngx_msec_t ngx_app_image_queue_expected(ngx_app_image_work_t *w);
static ngx_msec_t ngx_app_image_queue_ahead(ngx_msec_t own);
static void ngx_app_image_queue_next(ngx_event_t *ev);
static ngx_app_image_job_t *ngx_app_image_queue_pick(void);
static void ngx_app_image_queue_start(ngx_app_image_job_t *job);
static void ngx_app_image_queue_run(void *ctx);
static void ngx_app_image_queue_done(void *ctx);
static void ngx_app_image_queue_learn(ngx_app_image_job_t *job);
static void ngx_app_image_queue_answer(ngx_app_image_job_t *job);
static uint64_t ngx_app_image_queue_source(ngx_app_image_work_t *w);
static void ngx_app_image_queue_idle(ngx_event_t *ev);
static void ngx_app_image_queue_trim(void *ctx);
static void ngx_app_image_queue_trimmed(void *ctx);


/* of this worker */
static ngx_app_image_queue_t  *ngx_app_image_queue;


#define ngx_app_image_count(metric, n)                                        \
    ngx_app_metric_add(ngx_app_image_queue->conf->metrics[                    \
                           NGX_APP_IMAGE_ ## metric], n)


ngx_int_t
ngx_app_image_queue_init(ngx_app_image_queue_conf_t *conf, ngx_log_t *log)
{
    ngx_uint_t              i;
    ngx_app_image_queue_t  *q;

    q = ngx_calloc(sizeof(ngx_app_image_queue_t), log);
    if (q == NULL) {
        return NGX_ERROR;
    }

    q->conf = conf;
    q->log = log;

    ngx_queue_init(&q->waiting);
    ngx_queue_init(&q->running);

    q->next.data = q;
    q->next.log = log;
    q->next.handler = ngx_app_image_queue_next;
    q->next.cancelable = 1;

    q->idle.data = q;
    q->idle.log = log;
    q->idle.handler = ngx_app_image_queue_idle;
    q->idle.cancelable = 1;

    for (i = 0; i < NGX_APP_IMAGE_NFORMATS; i++) {
        q->cost[i] = NGX_APP_IMAGE_COST_MAKE;
    }

    ngx_app_image_queue = q;

    return NGX_OK;
}


/* requests are gone by now, and so is what they waited for */

void
ngx_app_image_queue_exit(void)
{
    ngx_app_image_queue_t  *q;

    q = ngx_app_image_queue;

    if (q == NULL) {
        return;
    }

    if (q->next.timer_set) {
        ngx_del_timer(&q->next);
    }

    if (q->idle.timer_set) {
        ngx_del_timer(&q->idle);
    }

    ngx_free(q);
    ngx_app_image_queue = NULL;
}


static ngx_app_image_job_t *
ngx_app_image_queue_find(u_char *key)
{
    ngx_uint_t            i;
    ngx_queue_t          *list[2], *q;
    ngx_app_image_job_t  *job;

    list[0] = &ngx_app_image_queue->running;
    list[1] = &ngx_app_image_queue->waiting;

    for (i = 0; i < 2; i++) {
        for (q = ngx_queue_head(list[i]);
             q != ngx_queue_sentinel(list[i]);
             q = ngx_queue_next(q))
        {
            job = ngx_queue_data(q, ngx_app_image_job_t, queue);

            /* nor one that has run out of time, whoever comes now */

            if (!job->work.left
                && !(job->running && ngx_app_image_late(&job->work))
                && ngx_memcmp(job->order.key, key, NGX_APP_IMAGE_KEY) == 0)
            {
                return job;
            }
        }
    }

    return NULL;
}


ngx_int_t
ngx_app_image_queue_join(ngx_app_image_wait_t *wait, u_char *key,
    ngx_msec_t timeout)
{
    ngx_app_image_job_t  *job;

    job = ngx_app_image_queue_find(key);

    if (job == NULL) {
        return NGX_DECLINED;
    }

    ngx_app_image_count(JOINED, 1);

    /* who comes later has time for longer */

    if (job->running) {
        job->work.deadline = ngx_app_image_clock() + timeout;
    }

    ngx_app_image_queue_wait(wait, job, timeout);

    return NGX_AGAIN;
}


static void
ngx_app_image_queue_wait(ngx_app_image_wait_t *wait, ngx_app_image_job_t *job,
    ngx_msec_t timeout)
{
    wait->job = job;
    ngx_queue_insert_tail(&job->waits, &wait->queue);

    wait->timer.data = wait;
    wait->timer.log = wait->log;
    wait->timer.handler = ngx_app_image_queue_timeout;

    ngx_add_timer(&wait->timer, timeout);
}


/* the client need not wait for the thread, which may not end at once */

static void
ngx_app_image_queue_timeout(ngx_event_t *ev)
{
    ngx_app_image_wait_t  *wait = ev->data;

    ngx_app_image_count(TIMEOUTS, 1);

    ngx_app_image_queue_leave(wait);

    wait->done(wait, NGX_ABORT, NULL);
}


ngx_app_image_work_t *
ngx_app_image_queue_work(ngx_log_t *log)
{
    return ngx_app_task_create(sizeof(ngx_app_image_job_t),
                               ngx_app_image_queue_run,
                               ngx_app_image_queue_done, log);
}


void
ngx_app_image_queue_drop(ngx_app_image_work_t *work)
{
    if (work->data) {
        ngx_free(work->data);
    }

    ngx_app_task_free(work);
}


ngx_int_t
ngx_app_image_queue_add(ngx_app_image_wait_t *wait,
    ngx_app_image_work_t *work, ngx_app_image_order_t *order,
    ngx_uint_t *retry)
{
    ngx_msec_t              ahead;
    ngx_uint_t              room;
    ngx_app_image_job_t    *job;
    ngx_app_image_queue_t  *q;

    q = ngx_app_image_queue;
    job = (ngx_app_image_job_t *) work;

    if (order->pixels > q->conf->budget) {
        ngx_app_image_queue_drop(work);
        return NGX_DECLINED;
    }

    job->expected = ngx_app_image_queue_expected(work);
    ahead = ngx_app_image_queue_ahead(job->expected);

    /* threads that are free are places, too: their work starts a bit later */

    room = q->conf->threads - q->nrunning;

    if (q->nwaiting >= room + q->conf->limit
        || (q->nwaiting && q->nwaiting >= room && ahead > order->timeout))
    {
        ngx_app_image_count(SHED, 1);
        ngx_app_image_queue_drop(work);

        *retry = ngx_min(ahead / 1000 + 1, 60);

        return NGX_BUSY;
    }

    ngx_queue_init(&job->waits);
    job->order = *order;
    job->added = ngx_current_msec;

    ngx_queue_insert_tail(&q->waiting, &job->queue);
    q->nwaiting++;

    ngx_app_image_count(JOBS, 1);
    ngx_app_image_count(WAITING, 1);

    ngx_app_image_queue_wait(wait, job, order->timeout);

    ngx_post_event(&q->next, &ngx_posted_events);

    return NGX_AGAIN;
}


void
ngx_app_image_queue_leave(ngx_app_image_wait_t *wait)
{
    ngx_app_image_job_t  *job;

    job = wait->job;

    if (job == NULL) {
        return;
    }

    wait->job = NULL;
    ngx_queue_remove(&wait->queue);

    if (wait->timer.timer_set) {
        ngx_del_timer(&wait->timer);
    }

    if (!ngx_queue_empty(&job->waits)) {
        return;
    }

    ngx_app_image_count(ABANDONED, 1);

    if (job->running) {
        job->work.left = 1;
        return;
    }

    ngx_queue_remove(&job->queue);
    ngx_app_image_queue->nwaiting--;
    ngx_app_image_count(WAITING, -1);

    ngx_app_image_queue_drop(&job->work);
}


/*
 * Pixels that are looked at to read the source: a JPEG is read at a fraction,
 * and a SVG is drawn as large as it is to be, whatever it says.
 */

static uint64_t
ngx_app_image_queue_source(ngx_app_image_work_t *w)
{
    if (w->info.type == NGX_APP_IMAGE_SVG) {
        return (uint64_t) w->width * w->height;
    }

    return (uint64_t) w->info.width * w->info.height * w->info.frames;
}


static ngx_msec_t
ngx_app_image_queue_expected(ngx_app_image_work_t *w)
{
    uint64_t  us;

    us = ngx_app_image_queue_source(w) / 1000 * NGX_APP_IMAGE_COST_READ
         + (uint64_t) w->width * w->height * w->frames / 1000
           * ngx_app_image_queue->cost[w->format];

    return (ngx_msec_t) (us / 1000 + 1);
}


/* until work that is added now has ended */

static ngx_msec_t
ngx_app_image_queue_ahead(ngx_msec_t own)
{
    ngx_msec_t              sum, ran;
    ngx_queue_t            *q;
    ngx_app_image_job_t    *job;
    ngx_app_image_queue_t  *iq;

    iq = ngx_app_image_queue;
    sum = 0;

    for (q = ngx_queue_head(&iq->waiting);
         q != ngx_queue_sentinel(&iq->waiting);
         q = ngx_queue_next(q))
    {
        job = ngx_queue_data(q, ngx_app_image_job_t, queue);
        sum += job->expected;
    }

    for (q = ngx_queue_head(&iq->running);
         q != ngx_queue_sentinel(&iq->running);
         q = ngx_queue_next(q))
    {
        job = ngx_queue_data(q, ngx_app_image_job_t, queue);
        ran = ngx_current_msec - job->started;
        sum += (job->expected > ran) ? job->expected - ran : 0;
    }

    return sum / iq->conf->threads + own;
}


static void
ngx_app_image_queue_next(ngx_event_t *ev)
{
    ngx_app_image_job_t    *job;
    ngx_app_image_queue_t  *q;

    q = ngx_app_image_queue;

    while (q->nrunning < q->conf->threads && q->nwaiting) {

        job = ngx_app_image_queue_pick();

        if (job == NULL) {

            /* other workers have the pixels; nobody tells when they end */

            if (!q->next.timer_set) {
                ngx_add_timer(&q->next, NGX_APP_IMAGE_ROOM);
            }

            return;
        }

        ngx_app_image_queue_start(job);
    }
}


/* the first that the budget has room for, but nobody is overtaken for ever */

static ngx_app_image_job_t *
ngx_app_image_queue_pick(void)
{
    ngx_queue_t            *q, *p;
    ngx_app_image_job_t    *job, *ahead;
    ngx_app_image_queue_t  *iq;

    iq = ngx_app_image_queue;

    for (q = ngx_queue_head(&iq->waiting);
         q != ngx_queue_sentinel(&iq->waiting);
         q = ngx_queue_next(q))
    {
        job = ngx_queue_data(q, ngx_app_image_job_t, queue);

        if (ngx_app_image_zone_acquire(iq->conf->zone, job->order.pixels,
                                       iq->conf->budget)
            == NGX_OK)
        {
            for (p = ngx_queue_head(&iq->waiting); p != q;
                 p = ngx_queue_next(p))
            {
                ahead = ngx_queue_data(p, ngx_app_image_job_t, queue);
                ahead->overtaken++;
            }

            return job;
        }

        if (job->overtaken >= NGX_APP_IMAGE_OVERTAKEN) {
            return NULL;
        }
    }

    return NULL;
}


static void
ngx_app_image_queue_start(ngx_app_image_job_t *job)
{
    ngx_uint_t              range, fill;
    ngx_app_image_queue_t  *q;

    q = ngx_app_image_queue;

    ngx_queue_remove(&job->queue);
    q->nwaiting--;
    ngx_app_image_count(WAITING, -1);

    /* the more wait, the less is made of each: full effort to the least */

    range = job->order.effort.max - job->order.effort.min;
    fill = ngx_min(2 * q->nwaiting, q->conf->limit);
    job->work.effort = job->order.effort.max
                       - (q->conf->limit ? range * fill / q->conf->limit : 0);

    job->work.deadline = ngx_app_image_clock() + job->order.timeout;
    job->started = ngx_current_msec;
    job->running = 1;

    ngx_queue_insert_tail(&q->running, &job->queue);
    q->nrunning++;
    ngx_app_image_count(RUNNING, 1);
    ngx_app_image_count(PIXELS, job->order.pixels);

    /* the pool's own queue is never full: it has a place for each thread */

    (void) ngx_app_task_post(q->conf->pool, job);
}


static void
ngx_app_image_queue_run(void *ctx)
{
    ngx_app_image_job_t *job = ctx;

    ngx_app_image_work(&job->work);
}


static void
ngx_app_image_queue_done(void *ctx)
{
    ngx_app_image_job_t *job = ctx;

    ngx_app_image_queue_t  *q;

    q = ngx_app_image_queue;

    ngx_queue_remove(&job->queue);
    q->nrunning--;

    ngx_app_image_count(RUNNING, -1);
    ngx_app_image_count(PIXELS, -(ngx_int_t) job->order.pixels);
    ngx_app_image_count(THREAD_MSEC, job->work.took);
    ngx_app_image_zone_release(q->conf->zone, job->order.pixels);

    if (job->work.result == NGX_APP_IMAGE_DONE) {
        ngx_app_image_queue_learn(job);

    } else if (job->work.result != NGX_APP_IMAGE_LEFT) {
        ngx_app_image_count(FAILURES, 1);
    }

    /* as memory of the library's that is malloc()'s too, by its own word */

    if (job->work.verbatim && job->work.result == NGX_APP_IMAGE_DONE) {
        job->work.out = job->work.data;
        job->work.out_len = job->work.len;

    } else {
        ngx_free(job->work.data);
    }

    job->work.data = NULL;

    ngx_app_image_queue_answer(job);

    if (q->nwaiting) {
        ngx_post_event(&q->next, &ngx_posted_events);

    } else if (q->nrunning == 0) {
        ngx_add_timer(&q->idle, NGX_APP_IMAGE_IDLE);
    }
}


/*
 * Between images memory that is free is worth keeping; what an idle worker
 * has of it others may need.
 */

static void
ngx_app_image_queue_idle(ngx_event_t *ev)
{
    void                   *trim;
    ngx_app_image_queue_t  *q;

    q = ngx_app_image_queue;

    if (q->nwaiting || q->nrunning) {
        return;
    }

    trim = ngx_app_task_create(0, ngx_app_image_queue_trim,
                               ngx_app_image_queue_trimmed, q->log);
    if (trim) {
        (void) ngx_app_task_post(q->conf->pool, trim);
    }
}


static void
ngx_app_image_queue_trim(void *ctx)
{
    ngx_app_image_vips_trim();
}


static void
ngx_app_image_queue_trimmed(void *ctx)
{
    /* nobody waits for it */
}


/* what a format costs here: an average in which the last ones count most */

static void
ngx_app_image_queue_learn(ngx_app_image_job_t *job)
{
    uint64_t               us, read, made;
    ngx_uint_t            *cost;
    ngx_app_image_work_t  *w;

    w = &job->work;

    made = (uint64_t) w->width * w->height * w->frames / 1000;

    if (made < 10) {
        return;
    }

    us = (uint64_t) w->took * 1000;
    read = ngx_app_image_queue_source(w) / 1000 * NGX_APP_IMAGE_COST_READ;
    us = (us > read) ? us - read : 0;

    cost = &ngx_app_image_queue->cost[w->format];
    *cost = (ngx_uint_t) ((*cost * 7 + us / made) / 8);
}


static void
ngx_app_image_queue_answer(ngx_app_image_job_t *job)
{
    ngx_queue_t             *q;
    ngx_app_image_wait_t    *wait;
    ngx_app_image_answer_t  *answer;

    if (ngx_queue_empty(&job->waits)) {
        if (job->work.out) {
            ngx_app_image_work_free(job->work.out);
        }

        return;
    }

    answer = ngx_alloc(sizeof(ngx_app_image_answer_t),
                       ngx_app_image_queue->log);
    if (answer) {
        answer->work = job->work;
        answer->waited = job->started - job->added;
        answer->refs = 1;

    } else if (job->work.out) {
        ngx_app_image_work_free(job->work.out);
    }

    /* each may end its request, and that another one's */

    while (!ngx_queue_empty(&job->waits)) {
        q = ngx_queue_head(&job->waits);
        ngx_queue_remove(q);
        wait = ngx_queue_data(q, ngx_app_image_wait_t, queue);

        wait->job = NULL;

        if (wait->timer.timer_set) {
            ngx_del_timer(&wait->timer);
        }

        if (answer) {
            answer->refs++;
        }

        if (job->work.result == NGX_APP_IMAGE_LATE) {
            ngx_app_image_count(TIMEOUTS, 1);
        }

        wait->done(wait, answer ? NGX_OK : NGX_ABORT, answer);
    }

    if (answer) {
        ngx_app_image_answer_release(answer);
    }
}


void
ngx_app_image_answer_release(ngx_app_image_answer_t *answer)
{
    if (--answer->refs) {
        return;
    }

    if (answer->work.out) {
        ngx_app_image_work_free(answer->work.out);
    }

    ngx_free(answer);
}
