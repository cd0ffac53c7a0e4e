
/*
 * Copyright (C) the project authors
 */

/*
 * Counters in shared memory, a row of slots for each worker, so that nobody
 * waits to count.  Modules declare theirs while the configuration is read;
 * whoever shows them walks the registry and adds the rows up.
 */


#ifndef _NGX_APP_METRIC_H_INCLUDED_
#define _NGX_APP_METRIC_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_APP_METRIC_MAX   1024      /* slots */
#define NGX_APP_METRIC_ROWS  32        /* workers beyond that share rows */


typedef enum {
    NGX_APP_METRIC_COUNTER = 0,
    NGX_APP_METRIC_GAUGE
} ngx_app_metric_type_e;


typedef struct {
    ngx_str_t               name;      /* as in Prometheus */
    ngx_app_metric_type_e   type;
    ngx_str_t               help;
} ngx_app_metric_def_t;


#define NGX_APP_METRIC(name, type, help)                                      \
    { ngx_string(name), NGX_APP_METRIC_ ## type, ngx_string(help) }


typedef struct {
    ngx_app_metric_def_t   *def;
    ngx_str_t               labels;    /* name="value", or empty */
} ngx_app_metric_t;


typedef struct {
    ngx_array_t             metrics;   /* ngx_app_metric_t; index is the slot */
    ngx_shm_zone_t         *zone;
    void                   *rows;
} ngx_app_metric_registry_t;


/* returns the registry of a configuration; cf->ctx is a context of http */
ngx_app_metric_registry_t *ngx_app_metric_registry(ngx_conf_t *cf);

/* prepares the registry; tag names the module that owns the zone */
ngx_int_t ngx_app_metric_init(ngx_conf_t *cf, ngx_app_metric_registry_t *reg,
    void *tag);

/*
 * Declares a metric; the definition is borrowed.
 *
 *   labels  NULL, or text as it stands between the braces
 *
 * Returns its slot, or NGX_ERROR after logging why.
 */
ngx_int_t ngx_app_metric_declare(ngx_conf_t *cf,
    ngx_app_metric_registry_t *reg, ngx_app_metric_def_t *def,
    ngx_str_t *labels);

/* of a worker, before it counts */
void ngx_app_metric_attach(ngx_app_metric_registry_t *reg);

/* adds to a slot; n may be negative for a gauge */
void ngx_app_metric_add(ngx_int_t slot, ngx_int_t n);

/* the sum over all workers */
int64_t ngx_app_metric_sum(ngx_app_metric_registry_t *reg, ngx_uint_t slot);


#endif /* _NGX_APP_METRIC_H_INCLUDED_ */
