
/*
 * Copyright (C) the project authors
 */


#include <fuzz/lang_env.h>

#include <mysql/ngx_app_mysql_query.h>


/* the placeholders that a statement has are those that it has slots for */

static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    uint32_t                mask, all;
    ngx_str_t               text, sql;
    ngx_uint_t             *slots, i, n, most;
    fuzz_env_t              f;
    ngx_app_mysql_query_t  *q;

    fuzz_env_init(&f, pool);

    text.data = data;
    text.len = size;

    q = ngx_app_mysql_query_compile(&f.lc, &text);

    if (q == NULL) {
        fuzz_check(f.lc.err.len != 0);
        return;
    }

    fuzz_env_slots(&f);

    all = ngx_app_mysql_query_all(q);
    mask = ngx_app_mysql_query_mask(q, f.env.slots);
    fuzz_check((mask & ~all) == 0);

    fuzz_check(ngx_app_mysql_query_build(q, all, pool, &sql, &slots, &most)
               == NGX_OK);
    fuzz_check(sql.len <= size);

    for (i = 0; i < most; i++) {
        fuzz_check(slots[i] < f.lc.scope->nslots);
    }

    fuzz_check(ngx_app_mysql_query_build(q, mask, pool, &sql, &slots, &n)
               == NGX_OK);
    fuzz_check(n <= most);

    /* nothing that is kept asks for what is absent, but outside of parts */

    fuzz_check(mask != all || n == most);
}
