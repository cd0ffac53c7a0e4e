
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_hash.h>
#include <core/ngx_app_metric.h>


typedef struct ngx_app_metric_rows_s  ngx_app_metric_rows_t;

struct ngx_app_metric_rows_s {
    ngx_app_metric_rows_t  *next;      /* another one that is kept */
    uint64_t                signature; /* of the names, in their order */
    ngx_uint_t              nslots;

    /* when it was replaced, by their place: these may still count here */
    ngx_pid_t               users[NGX_MAX_PROCESSES];

    ngx_atomic_t            slots[1];  /* of all rows, one after another */
};


static ngx_int_t ngx_app_metric_zone_init(ngx_shm_zone_t *zone, void *data);
static void ngx_app_metric_rows_retire(ngx_app_metric_rows_t *rows);
static ngx_uint_t ngx_app_metric_rows_used(ngx_app_metric_rows_t *rows);
static uint64_t ngx_app_metric_signature(ngx_app_metric_registry_t *reg);


/* the row of this worker; NULL in other processes, which count nothing */
static ngx_atomic_t  *ngx_app_metric_row;


ngx_int_t
ngx_app_metric_init(ngx_conf_t *cf, ngx_app_metric_registry_t *reg, void *tag)
{
    size_t     size;
    ngx_str_t  name = ngx_string("app_metrics");

    if (ngx_array_init(&reg->metrics, cf->pool, 32, sizeof(ngx_app_metric_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* a reload may need a new table beside some old ones */

    size = 4 * NGX_APP_METRIC_MAX * NGX_APP_METRIC_ROWS * sizeof(ngx_atomic_t)
           + 16 * ngx_pagesize;

    reg->zone = ngx_shared_memory_add(cf, &name, size, tag);
    if (reg->zone == NULL) {
        return NGX_ERROR;
    }

    reg->zone->init = ngx_app_metric_zone_init;
    reg->zone->data = reg;

    return NGX_OK;
}


static ngx_int_t
ngx_app_metric_zone_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_app_metric_registry_t *old = data;

    size_t                      size;
    uint64_t                    signature;
    ngx_slab_pool_t            *shpool;
    ngx_app_metric_rows_t      *rows, *t, *next, *kept;
    ngx_app_metric_registry_t  *reg;

    reg = zone->data;
    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    signature = ngx_app_metric_signature(reg);

    rows = old ? old->rows : (zone->shm.exists ? shpool->data : NULL);

    if (rows && rows->signature == signature
        && rows->nslots == reg->metrics.nelts)
    {
        reg->rows = rows;
        return NGX_OK;
    }

    /*
     * Other metrics than before count from zero.  A table is left to the
     * processes that were there when it was replaced; it is freed by the first
     * such reload after their end.  One of a reload that failed has none.
     */

    if (rows) {
        ngx_app_metric_rows_retire(rows);
    }

    kept = NULL;

    for (next = shpool->data; next; /* void */ ) {
        t = next;
        next = t->next;

        if (t == rows || ngx_app_metric_rows_used(t)) {
            t->next = kept;
            kept = t;
            continue;
        }

        ngx_slab_free(shpool, t);
    }

    shpool->data = kept;

    size = offsetof(ngx_app_metric_rows_t, slots)
           + (reg->metrics.nelts + 1) * NGX_APP_METRIC_ROWS
             * sizeof(ngx_atomic_t);

    rows = ngx_slab_calloc(shpool, size);
    if (rows == NULL) {
        return NGX_ERROR;
    }

    rows->signature = signature;
    rows->nslots = reg->metrics.nelts;
    rows->next = kept;

    shpool->data = rows;
    reg->rows = rows;

    return NGX_OK;
}


static void
ngx_app_metric_rows_retire(ngx_app_metric_rows_t *rows)
{
    ngx_int_t  i;

    for (i = 0; i < ngx_last_process; i++) {
        rows->users[i] = ngx_processes[i].pid;
    }
}


static ngx_uint_t
ngx_app_metric_rows_used(ngx_app_metric_rows_t *rows)
{
    ngx_int_t  i;

    for (i = 0; i < ngx_last_process; i++) {
        if (rows->users[i] > 0 && rows->users[i] == ngx_processes[i].pid) {
            return 1;
        }
    }

    return 0;
}


static uint64_t
ngx_app_metric_signature(ngx_app_metric_registry_t *reg)
{
    ngx_uint_t         i;
    ngx_app_hash_t     h;
    ngx_app_metric_t  *m;

    ngx_app_hash_init(&h, 0);

    m = reg->metrics.elts;

    for (i = 0; i < reg->metrics.nelts; i++) {
        ngx_app_hash_update(&h, m[i].def->name.data, m[i].def->name.len + 1);
        ngx_app_hash_update(&h, m[i].labels.data, m[i].labels.len);
    }

    return ngx_app_hash_final(&h);
}


ngx_int_t
ngx_app_metric_declare(ngx_conf_t *cf, ngx_app_metric_registry_t *reg,
    ngx_app_metric_def_t *def, ngx_str_t *labels)
{
    ngx_app_metric_t  *m;

    if (reg->metrics.nelts == NGX_APP_METRIC_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "too many metrics, at most %d can be kept",
                           NGX_APP_METRIC_MAX);
        return NGX_ERROR;
    }

    m = ngx_array_push(&reg->metrics);
    if (m == NULL) {
        return NGX_ERROR;
    }

    m->def = def;

    if (labels) {
        m->labels = *labels;

    } else {
        ngx_str_set(&m->labels, "");
    }

    return reg->metrics.nelts - 1;
}


/*
 * A row belongs to a place in the master's table of processes, which no other
 * living process has: what a worker that was killed has left in its gauges is
 * nobody's.  Processes beyond the rows share them, and then it stays.
 */

void
ngx_app_metric_attach(ngx_app_metric_registry_t *reg)
{
    ngx_uint_t              i, slot;
    ngx_app_metric_t       *m;
    ngx_app_metric_rows_t  *rows;

    rows = reg->rows;

    if (rows == NULL) {
        return;
    }

    slot = (ngx_uint_t) ngx_process_slot % NGX_APP_METRIC_ROWS;
    ngx_app_metric_row = rows->slots + slot * rows->nslots;

    if (ngx_last_process > NGX_APP_METRIC_ROWS) {
        return;
    }

    m = reg->metrics.elts;

    for (i = 0; i < reg->metrics.nelts; i++) {
        if (m[i].def->type == NGX_APP_METRIC_GAUGE) {
            ngx_app_metric_row[i] = 0;
        }
    }
}


void
ngx_app_metric_add(ngx_int_t slot, ngx_int_t n)
{
    if (ngx_app_metric_row) {
        (void) ngx_atomic_fetch_add(&ngx_app_metric_row[slot], n);
    }
}


int64_t
ngx_app_metric_sum(ngx_app_metric_registry_t *reg, ngx_uint_t slot)
{
    int64_t                 sum;
    ngx_uint_t              i;
    ngx_app_metric_rows_t  *rows;

    rows = reg->rows;

    if (rows == NULL || slot >= rows->nslots) {
        return 0;
    }

    sum = 0;

    for (i = 0; i < NGX_APP_METRIC_ROWS; i++) {
        sum += (int64_t) rows->slots[i * rows->nslots + slot];
    }

    return sum;
}
