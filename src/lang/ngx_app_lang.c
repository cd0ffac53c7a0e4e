
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_lang.h>


#define NGX_APP_LANG_MAX_NAME  40


static ngx_uint_t ngx_app_lang_name_char(u_char ch);
static ngx_uint_t ngx_app_lang_distance(ngx_str_t *a, ngx_str_t *b);


static ngx_str_t  ngx_app_lang_words[] = {
    ngx_string("and"),
    ngx_string("or"),
    ngx_string("not"),
    ngx_string("in"),
    ngx_string("is"),
    ngx_string("null"),
    ngx_string("absent"),
    ngx_string("true"),
    ngx_string("false"),
    ngx_null_string
};


void
ngx_app_lang_init(ngx_app_lang_t *lc, ngx_pool_t *pool,
    ngx_app_scope_t *scope)
{
    ngx_memzero(lc, sizeof(ngx_app_lang_t));

    lc->pool = pool;
    lc->scope = scope;
    lc->err.data = lc->errbuf;
}


void ngx_cdecl
ngx_app_lang_error(ngx_app_lang_t *lc, const char *fmt, ...)
{
    u_char   *p;
    va_list   args;

    va_start(args, fmt);
    p = ngx_vslprintf(lc->errbuf, lc->errbuf + NGX_APP_LANG_ERR_LEN, fmt,
                      args);
    va_end(args);

    lc->err.data = lc->errbuf;
    lc->err.len = p - lc->errbuf;
}


size_t
ngx_app_lang_name_len(u_char *p, u_char *last)
{
    u_char  *start;

    if (p == last || (*p >= '0' && *p <= '9')) {
        return 0;
    }

    for (start = p; p < last && ngx_app_lang_name_char(*p); p++) {
        /* void */
    }

    return p - start;
}


size_t
ngx_app_lang_path_len(u_char *p, u_char *last)
{
    size_t   n;
    u_char  *start;

    start = p;

    n = ngx_app_lang_name_len(p, last);
    p += n;

    while (n != 0 && p < last && *p == '.') {

        n = ngx_app_lang_name_len(p + 1, last);
        if (n != 0) {
            p += n + 1;
        }
    }

    return p - start;
}


static ngx_uint_t
ngx_app_lang_name_char(u_char ch)
{
    u_char  c;

    c = ch | 0x20;

    return (c >= 'a' && c <= 'z') || (ch >= '0' && ch <= '9') || ch == '_';
}


ngx_uint_t
ngx_app_lang_reserved(ngx_str_t *name)
{
    ngx_str_t  *word;

    for (word = ngx_app_lang_words; word->len != 0; word++) {

        if (word->len == name->len
            && ngx_strncasecmp(word->data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


ngx_str_t *
ngx_app_lang_nearer(ngx_str_t *name, ngx_str_t *candidate, ngx_uint_t *best)
{
    ngx_uint_t  distance, most;

    /* one slip in a short word, three in a long one */

    most = ngx_min(1 + name->len / 4, 3);

    if (name->len < 2 || name->len > NGX_APP_LANG_MAX_NAME
        || candidate->len > NGX_APP_LANG_MAX_NAME
        || candidate->len + most < name->len
        || name->len + most < candidate->len)
    {
        return NULL;
    }

    distance = ngx_app_lang_distance(name, candidate) + 1;

    if (distance > most + 1 || (*best != 0 && distance >= *best)) {
        return NULL;
    }

    *best = distance;

    return candidate;
}


/* insertions, deletions and replacements; case does not count */

static ngx_uint_t
ngx_app_lang_distance(ngx_str_t *a, ngx_str_t *b)
{
    ngx_uint_t  row[NGX_APP_LANG_MAX_NAME + 1], i, k, corner, n;

    for (k = 0; k <= b->len; k++) {
        row[k] = k;
    }

    for (i = 1; i <= a->len; i++) {
        corner = row[0];
        row[0] = i;

        for (k = 1; k <= b->len; k++) {
            n = corner + ((ngx_tolower(a->data[i - 1])
                           == ngx_tolower(b->data[k - 1])) ? 0 : 1);
            corner = row[k];
            n = ngx_min(n, row[k] + 1);
            row[k] = ngx_min(n, row[k - 1] + 1);
        }
    }

    return row[b->len];
}
