
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_hash.h>
#include <image/ngx_app_image_zone.h>


/* old workers go on beside new ones while nginx is reloaded */
#define NGX_APP_IMAGE_WORKERS  256

/* the journal is rewritten at a start when it has more entries than this */
#define NGX_APP_IMAGE_JOURNAL  (1024 * 1024)


typedef struct {
    ngx_pid_t                pid;      /* 0: free */
    uint64_t                 pixels;
} ngx_app_image_share_t;


typedef struct {
    ngx_app_image_share_t    shares[NGX_APP_IMAGE_WORKERS];
    ngx_atomic_t             generations[NGX_APP_IMAGE_GENERATIONS];
} ngx_app_image_shared_t;


struct ngx_app_image_zone_s {
    ngx_shm_zone_t          *shm;
    ngx_slab_pool_t         *pool;
    ngx_app_image_shared_t  *shared;
    ngx_app_image_share_t   *share;    /* of this worker */
    ngx_open_file_t         *journal;  /* NULL: none */
};


static ngx_int_t ngx_app_image_zone_init(ngx_shm_zone_t *shm, void *data);
static ngx_int_t ngx_app_image_zone_read(ngx_app_image_zone_t *zone,
    ngx_log_t *log);
static ngx_int_t ngx_app_image_zone_compact(ngx_app_image_zone_t *zone,
    ngx_log_t *log);


ngx_app_image_zone_t *
ngx_app_image_zone_add(ngx_conf_t *cf, void *tag, ngx_str_t *journal)
{
    ngx_str_t              name = ngx_string("app_image");
    ngx_app_image_zone_t  *zone;

    zone = ngx_pcalloc(cf->pool, sizeof(ngx_app_image_zone_t));
    if (zone == NULL) {
        return NULL;
    }

    if (journal->len) {

        /* nginx opens it to append, and gives it to the workers' user */

        zone->journal = ngx_conf_open_file(cf->cycle, journal);
        if (zone->journal == NULL) {
            return NULL;
        }
    }

    zone->shm = ngx_shared_memory_add(cf, &name,
                                      sizeof(ngx_app_image_shared_t)
                                      + 16 * ngx_pagesize, tag);
    if (zone->shm == NULL) {
        return NULL;
    }

    zone->shm->init = ngx_app_image_zone_init;
    zone->shm->data = zone;

    return zone;
}


static ngx_int_t
ngx_app_image_zone_init(ngx_shm_zone_t *shm, void *data)
{
    ngx_app_image_zone_t  *zone;

    zone = shm->data;
    zone->pool = (ngx_slab_pool_t *) shm->shm.addr;

    if (data || shm->shm.exists) {
        zone->shared = zone->pool->data;
        return NGX_OK;
    }

    zone->shared = ngx_slab_calloc(zone->pool,
                                   sizeof(ngx_app_image_shared_t));
    if (zone->shared == NULL) {
        return NGX_ERROR;
    }

    zone->pool->data = zone->shared;

    return zone->journal ? ngx_app_image_zone_read(zone, shm->shm.log)
                         : NGX_OK;
}


static ngx_int_t
ngx_app_image_zone_read(ngx_app_image_zone_t *zone, ngx_log_t *log)
{
    FILE                     *file;
    ngx_uint_t                n;
    ngx_app_image_purge_t     entry;

    file = fopen((char *) zone->journal->name.data, "r");

    if (file == NULL) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "cannot read the file \"%V\" of \"app_image_purges\"",
                      &zone->journal->name);
        return NGX_ERROR;
    }

    for (n = 0; fread(&entry, sizeof(entry), 1, file) == 1; n++) {
        zone->shared->generations[entry.place % NGX_APP_IMAGE_GENERATIONS]
            += entry.times;
    }

    (void) fclose(file);

    if (n <= NGX_APP_IMAGE_JOURNAL || ngx_test_config) {
        return NGX_OK;
    }

    return ngx_app_image_zone_compact(zone, log);
}


/*
 * One entry for each place, in a new file.  At a start nobody else writes yet;
 * the descriptor that nginx has opened is made to mean the new file.
 */

static ngx_int_t
ngx_app_image_zone_compact(ngx_app_image_zone_t *zone, ngx_log_t *log)
{
    int                    fd;
    FILE                  *file;
    char                   temp[NGX_MAX_PATH];
    ngx_uint_t             i;
    ngx_app_image_purge_t  entry;

    (void) snprintf(temp, sizeof(temp), "%s.new", zone->journal->name.data);

    file = fopen(temp, "a");
    if (file == NULL) {
        goto failed;
    }

    for (i = 0; i < NGX_APP_IMAGE_GENERATIONS; i++) {
        entry.place = i;
        entry.times = (uint32_t) zone->shared->generations[i];

        if (entry.times) {
            (void) fwrite(&entry, sizeof(entry), 1, file);
        }
    }

    fd = (fflush(file) == 0
          && rename(temp, (char *) zone->journal->name.data) == 0)
         ? dup2(fileno(file), zone->journal->fd) : -1;

    (void) fclose(file);

    if (fd != -1) {
        return NGX_OK;
    }

failed:

    ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                  "cannot rewrite the file \"%V\" of \"app_image_purges\"",
                  &zone->journal->name);

    return NGX_ERROR;
}


/* a share of a worker that is no more is free, with what was in it */

void
ngx_app_image_zone_attach(ngx_app_image_zone_t *zone)
{
    ngx_uint_t              i;
    ngx_app_image_share_t  *s;

    ngx_shmtx_lock(&zone->pool->mutex);

    s = zone->shared->shares;

    for (i = 0; i < NGX_APP_IMAGE_WORKERS; i++) {

        if (s[i].pid && s[i].pid != ngx_pid && kill(s[i].pid, 0) == -1
            && ngx_errno == ESRCH)
        {
            s[i].pid = 0;
        }

        if (zone->share == NULL && (s[i].pid == 0 || s[i].pid == ngx_pid)) {
            zone->share = &s[i];
            s[i].pid = ngx_pid;
            s[i].pixels = 0;
        }
    }

    ngx_shmtx_unlock(&zone->pool->mutex);
}


/* its threads have ended, but nobody has heard of what they were at */

void
ngx_app_image_zone_detach(ngx_app_image_zone_t *zone)
{
    if (zone->share == NULL) {
        return;
    }

    ngx_shmtx_lock(&zone->pool->mutex);

    zone->share->pixels = 0;
    zone->share->pid = 0;

    ngx_shmtx_unlock(&zone->pool->mutex);

    zone->share = NULL;
}


ngx_int_t
ngx_app_image_zone_acquire(ngx_app_image_zone_t *zone, uint64_t pixels,
    uint64_t budget)
{
    uint64_t                sum;
    ngx_int_t               rc;
    ngx_uint_t              i;
    ngx_app_image_share_t  *s;

    if (zone->share == NULL) {
        return NGX_OK;
    }

    ngx_shmtx_lock(&zone->pool->mutex);

    s = zone->shared->shares;
    sum = 0;

    for (i = 0; i < NGX_APP_IMAGE_WORKERS; i++) {
        sum += s[i].pid ? s[i].pixels : 0;
    }

    rc = NGX_BUSY;

    if (sum == 0 || sum + pixels <= budget) {
        zone->share->pixels += pixels;
        rc = NGX_OK;
    }

    ngx_shmtx_unlock(&zone->pool->mutex);

    return rc;
}


void
ngx_app_image_zone_release(ngx_app_image_zone_t *zone, uint64_t pixels)
{
    if (zone->share == NULL) {
        return;
    }

    ngx_shmtx_lock(&zone->pool->mutex);
    zone->share->pixels -= pixels;
    ngx_shmtx_unlock(&zone->pool->mutex);
}


uint32_t
ngx_app_image_zone_generation(ngx_app_image_zone_t *zone, ngx_str_t *source)
{
    uint64_t  h;

    h = ngx_app_hash64(source->data, source->len, 0);

    return (uint32_t) zone->shared->generations[h
                                                % NGX_APP_IMAGE_GENERATIONS];
}


ngx_fd_t
ngx_app_image_zone_purge(ngx_app_image_zone_t *zone, ngx_str_t *source,
    ngx_app_image_purge_t *entry)
{
    entry->place = ngx_app_hash64(source->data, source->len, 0)
                   % NGX_APP_IMAGE_GENERATIONS;
    entry->times = 1;

    (void) ngx_atomic_fetch_add(&zone->shared->generations[entry->place], 1);

    return zone->journal ? zone->journal->fd : NGX_INVALID_FILE;
}
