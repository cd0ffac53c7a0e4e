
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_query.h>
#include <http/ngx_app_urldecode.h>


typedef struct {
    ngx_str_t               name;
    ngx_uint_t              index;
} ngx_app_query_name_t;


struct ngx_app_query_s {
    ngx_app_query_name_t   *names;      /* in order of length, then of bytes */
    ngx_uint_t              n;
};


static ngx_int_t ngx_app_query_pair(ngx_app_query_t *q, ngx_pool_t *pool,
    u_char *start, u_char *end, ngx_app_query_value_t *values);
static ngx_app_query_name_t *ngx_app_query_find(ngx_app_query_t *q,
    ngx_str_t *name);
static ngx_int_t ngx_app_query_compare(ngx_str_t *a, ngx_str_t *b);
static int ngx_libc_cdecl ngx_app_query_sort(const void *a, const void *b);


ngx_app_query_t *
ngx_app_query_create(ngx_pool_t *pool, ngx_str_t *names, ngx_uint_t n)
{
    ngx_uint_t        i;
    ngx_app_query_t  *q;

    q = ngx_palloc(pool, sizeof(ngx_app_query_t));
    if (q == NULL) {
        return NULL;
    }

    q->n = n;

    q->names = ngx_palloc(pool, ngx_max(n, 1) * sizeof(ngx_app_query_name_t));
    if (q->names == NULL) {
        return NULL;
    }

    for (i = 0; i < n; i++) {
        q->names[i].name = names[i];
        q->names[i].index = i;
    }

    ngx_qsort(q->names, n, sizeof(ngx_app_query_name_t), ngx_app_query_sort);

    return q;
}


ngx_int_t
ngx_app_query_parse(ngx_app_query_t *q, ngx_pool_t *pool, ngx_str_t *args,
    ngx_uint_t max, ngx_app_query_value_t *values)
{
    u_char      *p, *end, *last;
    ngx_uint_t   pairs;

    ngx_memzero(values, q->n * sizeof(ngx_app_query_value_t));

    pairs = 0;
    p = args->data;
    last = p + args->len;

    for ( /* void */ ; p < last; p = end + 1) {

        end = ngx_strlchr(p, last, '&');
        if (end == NULL) {
            end = last;
        }

        if (end == p) {
            continue;
        }

        if (++pairs > max) {
            return NGX_BUSY;
        }

        if (ngx_app_query_pair(q, pool, p, end, values) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_query_pair(ngx_app_query_t *q, ngx_pool_t *pool, u_char *start,
    u_char *end, ngx_app_query_value_t *values)
{
    u_char                 *equals;
    ngx_int_t               rc;
    ngx_str_t               name, text;
    const char             *err;
    ngx_app_query_name_t   *qn;
    ngx_app_query_value_t  *value;

    equals = ngx_strlchr(start, end, '=');
    if (equals == NULL) {
        equals = end;
    }

    name.data = start;
    name.len = equals - start;

    /* a name that does not decode is none that is wanted */

    rc = ngx_app_urldecode_form(pool, &name, &name, &err);
    if (rc != NGX_OK) {
        return (rc == NGX_DECLINED) ? NGX_OK : NGX_ERROR;
    }

    qn = ngx_app_query_find(q, &name);
    if (qn == NULL) {
        return NGX_OK;
    }

    value = &values[qn->index];

    if (value->count++ != 0) {
        value->fault = "must be given once";
        return NGX_OK;
    }

    text.data = (equals == end) ? end : equals + 1;
    text.len = end - text.data;

    rc = ngx_app_urldecode_form(pool, &text, &value->text, &value->fault);

    return (rc == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


static ngx_app_query_name_t *
ngx_app_query_find(ngx_app_query_t *q, ngx_str_t *name)
{
    ngx_int_t   rc;
    ngx_uint_t  low, high, mid;

    low = 0;
    high = q->n;

    while (low < high) {
        mid = (low + high) / 2;

        rc = ngx_app_query_compare(name, &q->names[mid].name);
        if (rc == 0) {
            return &q->names[mid];
        }

        if (rc < 0) {
            high = mid;

        } else {
            low = mid + 1;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_app_query_compare(ngx_str_t *a, ngx_str_t *b)
{
    if (a->len != b->len) {
        return (a->len < b->len) ? -1 : 1;
    }

    return (a->len == 0) ? 0 : ngx_memcmp(a->data, b->data, a->len);
}


static int ngx_libc_cdecl
ngx_app_query_sort(const void *a, const void *b)
{
    ngx_app_query_name_t  x, y;

    x = *(const ngx_app_query_name_t *) a;
    y = *(const ngx_app_query_name_t *) b;

    return (int) ngx_app_query_compare(&x.name, &y.name);
}
