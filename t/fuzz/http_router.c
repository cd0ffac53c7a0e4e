
/*
 * Copyright (C) the project authors
 */


#include <fuzz/fuzz.h>

#include <core/ngx_app_utf8.h>
#include <http/ngx_app_router.h>


/*
 * Lines "a path", the last of which is matched and the others are added; what
 * comes out of a match is clean text.
 */

static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    u_char                  *p, *end, *last;
    ngx_int_t                rc;
    ngx_str_t                get, path, *value;
    ngx_uint_t               i, n;
    ngx_app_router_t        *router;
    ngx_app_router_match_t   m;

    ngx_str_set(&get, "GET");

    router = ngx_app_router_create(pool);
    fuzz_check(router != NULL);

    last = data + size;
    n = 0;

    for (p = data; p < last; p = end + 1) {
        end = ngx_strlchr(p, last, '\n');
        if (end == NULL) {
            break;
        }

        path.data = p;
        path.len = end - p;

        if (n++ < 20 && ngx_app_router_add(router, &get, &path, NULL) == NULL)
        {
            fuzz_check(router->err.len != 0);
        }
    }

    path.data = p;
    path.len = (p < last) ? last - p : 0;

    rc = ngx_app_router_match(router, &get, &path, pool, &m);

    fuzz_check(rc == NGX_OK || rc == NGX_DECLINED || rc == NGX_ABORT
               || rc == NGX_BUSY);

    if (rc != NGX_OK) {
        return;
    }

    for (i = 0; i < m.route->nparams; i++) {
        value = &m.values[i];

        fuzz_check(value->len != 0 && value->len <= path.len);
        fuzz_check(ngx_app_utf8_valid(value->data, value->len) == NGX_OK);
        fuzz_check(ngx_strlchr(value->data, value->data + value->len, '\0')
                   == NULL);
    }
}
