
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_idempotency_key.h>


static ngx_int_t ngx_app_idempotency_key_quoted(ngx_pool_t *pool,
    ngx_str_t *value, ngx_str_t *key);


ngx_int_t
ngx_app_idempotency_key_parse(ngx_pool_t *pool, ngx_str_t *value,
    ngx_str_t *key)
{
    size_t     i;
    ngx_int_t  rc;

    *key = *value;

    if (value->len && value->data[0] == '"') {
        rc = ngx_app_idempotency_key_quoted(pool, value, key);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (key->len == 0 || key->len > NGX_APP_IDEMPOTENCY_KEY_MAX) {
        return NGX_DECLINED;
    }

    for (i = 0; i < key->len; i++) {
        if (key->data[i] <= ' ' || key->data[i] >= 0x7f) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* what follows the closing quote would be parameters, and there are none */

static ngx_int_t
ngx_app_idempotency_key_quoted(ngx_pool_t *pool, ngx_str_t *value,
    ngx_str_t *key)
{
    u_char  *p, *last, *d;

    /* a key that is too long is not copied: each character has two at most */

    if (value->len < 2 || value->len > 2 * NGX_APP_IDEMPOTENCY_KEY_MAX + 2) {
        return NGX_DECLINED;
    }

    d = ngx_pnalloc(pool, value->len);
    if (d == NULL) {
        return NGX_ERROR;
    }

    key->data = d;
    last = value->data + value->len;

    for (p = value->data + 1; p < last && *p != '"'; p++) {

        if (*p == '\\') {
            p++;

            if (p == last || (*p != '"' && *p != '\\')) {
                return NGX_DECLINED;
            }
        }

        *d++ = *p;
    }

    key->len = d - key->data;

    return (p + 1 == last) ? NGX_OK : NGX_DECLINED;
}
