
/*
 * Copyright (C) the project authors
 */


#include <fuzz/fuzz.h>

#include <http/ngx_app_idempotency_key.h>


static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    size_t     i;
    ngx_int_t  rc;
    ngx_str_t  value, key;

    value.data = data;
    value.len = size;

    rc = ngx_app_idempotency_key_parse(pool, &value, &key);

    if (rc != NGX_OK) {
        fuzz_check(rc == NGX_DECLINED);
        return;
    }

    fuzz_check(key.len > 0 && key.len <= NGX_APP_IDEMPOTENCY_KEY_MAX);
    fuzz_check(key.len <= size);

    for (i = 0; i < key.len; i++) {
        fuzz_check(key.data[i] > ' ' && key.data[i] < 0x7f);
    }

    /* without quotes it is what was sent */

    fuzz_check(data[0] == '"'
               || (key.len == size && ngx_memcmp(key.data, data, size) == 0));
}
