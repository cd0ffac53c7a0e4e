
/*
 * Copyright (C) the project authors
 */

/*
 * What all workers share: how many pixels are being worked on, and how often
 * each source has been purged.
 *
 * A purge does not look for variants in a cache.  Each source has a number
 * that is part of the keys of its variants, and a purge makes it another one:
 * what is in the cache under the old keys is not asked for any more, and goes
 * as the cache needs room.  Sources share a fixed table of numbers by their
 * hash, so a purge may hit another source too, which then is made anew.
 */


#ifndef _NGX_APP_IMAGE_ZONE_H_INCLUDED_
#define _NGX_APP_IMAGE_ZONE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_APP_IMAGE_GENERATIONS  65536   /* a power of two */


typedef struct ngx_app_image_zone_s  ngx_app_image_zone_t;


/* of the journal, which is a row of these */
typedef struct {
    uint32_t  place;
    uint32_t  times;
} ngx_app_image_purge_t;


/*
 * Declares the zone, or returns NULL.
 *
 *   tag      the module that owns it
 *   journal  path of the file that keeps purges over a restart; empty: none
 */
ngx_app_image_zone_t *ngx_app_image_zone_add(ngx_conf_t *cf, void *tag,
    ngx_str_t *journal);

/* of a worker, before the rest */
void ngx_app_image_zone_attach(ngx_app_image_zone_t *zone);

/* for exit process: what the worker has of the budget is for others */
void ngx_app_image_zone_detach(ngx_app_image_zone_t *zone);

/*
 * Takes pixels out of the budget that all workers share.  NGX_OK: they are to
 * be released; NGX_BUSY: too many are in work.  When none are it is NGX_OK
 * whatever the number.
 */
ngx_int_t ngx_app_image_zone_acquire(ngx_app_image_zone_t *zone,
    uint64_t pixels, uint64_t budget);
void ngx_app_image_zone_release(ngx_app_image_zone_t *zone, uint64_t pixels);

/* another number after each purge of a source */
uint32_t ngx_app_image_zone_generation(ngx_app_image_zone_t *zone,
    ngx_str_t *source);

/*
 * Purges a source.  Returns the journal, to whose end a thread is to write
 * the entry; NGX_INVALID_FILE if there is none.
 */
ngx_fd_t ngx_app_image_zone_purge(ngx_app_image_zone_t *zone,
    ngx_str_t *source, ngx_app_image_purge_t *entry);


#endif /* _NGX_APP_IMAGE_ZONE_H_INCLUDED_ */
