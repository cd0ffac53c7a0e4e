
/*
 * Copyright (C) the project authors
 */

/*
 * The names that a body may have, as a tree of their words, and the keys that
 * it has had.  Only the readers of bodies include it.
 */


#ifndef _NGX_APP_BODY_NAME_H_INCLUDED_
#define _NGX_APP_BODY_NAME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_body.h>


#define NGX_APP_BODY_NONE  ((ngx_uint_t) -1)


typedef struct ngx_app_body_name_s  ngx_app_body_name_t;

struct ngx_app_body_name_s {
    ngx_str_t             word;
    ngx_uint_t            index;      /* NONE: only its members are wanted */
    ngx_uint_t            list;
    ngx_app_body_name_t  *first;      /* of the members */
    ngx_app_body_name_t  *next;
};


struct ngx_app_body_s {
    ngx_app_body_name_t   root;
    ngx_uint_t            n;
};


/* a set of texts, each in one of several groups */

typedef struct {
    uint64_t              hash;
    ngx_uint_t            group;
    ngx_str_t             key;
} ngx_app_body_key_t;


typedef struct {
    ngx_pool_t           *pool;
    ngx_app_body_key_t   *slots;      /* free ones have no key.data */
    ngx_uint_t            size;       /* a power of two */
    ngx_uint_t            n;
} ngx_app_body_keys_t;


/* returns the member of that name, or NULL */
ngx_app_body_name_t *ngx_app_body_find(ngx_app_body_name_t *name,
    ngx_str_t *word);

/* NGX_OK; NGX_DECLINED: the key is there already; NGX_ERROR */
ngx_int_t ngx_app_body_keys_add(ngx_app_body_keys_t *keys, ngx_uint_t group,
    ngx_str_t *key);

/* sets the reason of a refusal: NGX_DECLINED, or NGX_ERROR without memory */
ngx_int_t ngx_cdecl ngx_app_body_refuse(ngx_pool_t *pool,
    ngx_app_body_result_t *result, const char *fmt, ...);


#endif /* _NGX_APP_BODY_NAME_H_INCLUDED_ */
