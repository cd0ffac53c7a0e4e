
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_regex.h>


#define NGX_APP_REGEX_PREFIX  "(*LIMIT_MATCH=100000)(*UTF)"


ngx_regex_t *
ngx_app_regex_compile(ngx_pool_t *pool, ngx_str_t *pattern,
    ngx_int_t *captures, ngx_str_t *err)
{
    u_char               *p;
    size_t                len;
    ngx_regex_compile_t   rc;

    len = sizeof(NGX_APP_REGEX_PREFIX) - 1;

    ngx_str_set(err, "no memory");
    ngx_memzero(&rc, sizeof(ngx_regex_compile_t));

    /* nginx prints the pattern of a failure up to a zero byte */

    rc.pool = pool;
    rc.pattern.len = len + pattern->len;
    rc.pattern.data = ngx_pnalloc(pool, rc.pattern.len + 1);
    rc.err.len = NGX_MAX_CONF_ERRSTR;
    rc.err.data = ngx_pnalloc(pool, NGX_MAX_CONF_ERRSTR);

    if (rc.pattern.data == NULL || rc.err.data == NULL) {
        return NULL;
    }

    p = ngx_cpymem(rc.pattern.data, NGX_APP_REGEX_PREFIX, len);
    *ngx_cpymem(p, pattern->data, pattern->len) = '\0';

    if (ngx_regex_compile(&rc) == NGX_OK) {

        if (captures) {
            *captures = rc.captures;
        }

        return rc.regex;
    }

    *err = rc.err;

    /* nginx tells the pattern that was compiled; what was written is shown */

    p = ngx_strnstr(err->data, NGX_APP_REGEX_PREFIX, err->len);

    if (p != NULL) {
        err->len -= len;
        ngx_memmove(p, p + len, err->data + err->len - p);
    }

    return NULL;
}
