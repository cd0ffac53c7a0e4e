
/*
 * Copyright (C) the project authors
 */


#ifndef _NGX_APP_IDEMPOTENCY_KEY_H_INCLUDED_
#define _NGX_APP_IDEMPOTENCY_KEY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_APP_IDEMPOTENCY_KEY_MAX  255     /* characters */


/*
 * Reads the value of a header Idempotency-Key
 * (draft-ietf-httpapi-idempotency-key-header, section 2.1): a string as
 * structured fields have it, in quotes (RFC 9651, section 3.3.3), or the same
 * characters without quotes.  They are visible ASCII, 1 to 255 of them.
 *
 * NGX_OK: key is a slice of value, or made in the pool; NGX_DECLINED: it is no
 * key; NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_idempotency_key_parse(ngx_pool_t *pool, ngx_str_t *value,
    ngx_str_t *key);


#endif /* _NGX_APP_IDEMPOTENCY_KEY_H_INCLUDED_ */
