
/*
 * Copyright (C) the project authors
 */

/*
 * A fast hash for weak ETags and tables of trusted keys.  It is no protection
 * against somebody who looks for collisions.
 */


#ifndef _NGX_APP_HASH_H_INCLUDED_
#define _NGX_APP_HASH_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_APP_HASH_BLOCK  32


/* a text that comes in pieces: where it is cut does not change the result */
typedef struct {
    uint64_t  a;
    uint64_t  b;
    uint64_t  len;
    u_char    block[NGX_APP_HASH_BLOCK];
    size_t    nblock;
} ngx_app_hash_t;


/* returns the hash of a text; another seed makes another function */
uint64_t ngx_app_hash64(const void *data, size_t len, uint64_t seed);

void ngx_app_hash_init(ngx_app_hash_t *h, uint64_t seed);
void ngx_app_hash_update(ngx_app_hash_t *h, const void *data, size_t len);

/* returns what ngx_app_hash64() does for all pieces in a row */
uint64_t ngx_app_hash_final(ngx_app_hash_t *h);


#endif /* _NGX_APP_HASH_H_INCLUDED_ */
