
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <json/ngx_app_json_member.h>


static ngx_int_t ngx_app_json_member(ngx_app_json_reader_t *jr,
    ngx_app_json_member_t *m, ngx_uint_t n, ngx_pool_t *pool);
static ngx_int_t ngx_app_json_find_in(ngx_str_t *text, ngx_str_t *name,
    ngx_pool_t *pool, ngx_str_t *found);
static ngx_int_t ngx_app_json_find_key(ngx_app_json_reader_t *jr,
    ngx_str_t *name, ngx_pool_t *pool, ngx_str_t *found);
static ngx_int_t ngx_app_json_find_element(ngx_app_json_reader_t *jr,
    ngx_str_t *name, ngx_str_t *found);


#define ngx_app_json_same(a, b)                                               \
    ((a)->len == (b)->len && ngx_memcmp((a)->data, (b)->data, (a)->len) == 0)


ngx_int_t
ngx_app_json_members(ngx_str_t *text, ngx_uint_t max_depth,
    ngx_app_json_member_t *m, ngx_uint_t n, ngx_pool_t *pool)
{
    ngx_int_t              rc;
    ngx_app_json_reader_t  jr;

    ngx_app_json_read_init(&jr, text->data, text->len, max_depth,
                           NGX_APP_JSON_UTF8|NGX_APP_JSON_NO_NUL);

    if (ngx_app_json_read(&jr) != NGX_OK || jr.token != NGX_APP_JSON_OBJECT) {
        return NGX_DECLINED;
    }

    while ((rc = ngx_app_json_read(&jr)) == NGX_OK) {

        if (jr.token != NGX_APP_JSON_KEY) {
            continue;
        }

        rc = ngx_app_json_member(&jr, m, n, pool);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return (rc == NGX_DONE) ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_app_json_member(ngx_app_json_reader_t *jr, ngx_app_json_member_t *m,
    ngx_uint_t n, ngx_pool_t *pool)
{
    ngx_str_t  key;

    if (ngx_app_json_read_text(jr, pool, &key) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_app_json_read(jr) != NGX_OK) {
        return NGX_DECLINED;
    }

    while (n) {
        if (ngx_app_json_same(&m->name, &key)) {
            break;
        }

        m++;
        n--;
    }

    if (n == 0) {
        return ngx_app_json_skip(jr, NULL);
    }

    if (m->token) {
        return NGX_DECLINED;
    }

    m->token = jr->token;

    if (jr->token == NGX_APP_JSON_STRING) {
        return ngx_app_json_read_text(jr, pool, &m->text);
    }

    return ngx_app_json_skip(jr, &m->text);
}


ngx_int_t
ngx_app_json_find(ngx_str_t *text, ngx_str_t *path, ngx_pool_t *pool,
    ngx_str_t *found)
{
    u_char     *p, *dot, *last;
    ngx_int_t   rc;
    ngx_str_t   name, value;

    value = *text;
    p = path->data;
    last = p + path->len;

    for ( ;; ) {
        dot = ngx_strlchr(p, last, '.');

        name.data = p;
        name.len = (dot ? dot : last) - p;

        rc = ngx_app_json_find_in(&value, &name, pool, &value);

        if (rc != NGX_OK) {
            return rc;
        }

        if (dot == NULL) {
            *found = value;
            return NGX_OK;
        }

        p = dot + 1;
    }
}


static ngx_int_t
ngx_app_json_find_in(ngx_str_t *text, ngx_str_t *name, ngx_pool_t *pool,
    ngx_str_t *found)
{
    ngx_app_json_reader_t  jr;

    ngx_app_json_read_init(&jr, text->data, text->len,
                           NGX_APP_JSON_MAX_DEPTH, 0);

    if (ngx_app_json_read(&jr) != NGX_OK) {
        return NGX_DECLINED;
    }

    switch (jr.token) {

    case NGX_APP_JSON_OBJECT:
        return ngx_app_json_find_key(&jr, name, pool, found);

    case NGX_APP_JSON_ARRAY:
        return ngx_app_json_find_element(&jr, name, found);

    default:
        return NGX_DECLINED;
    }
}


static ngx_int_t
ngx_app_json_find_key(ngx_app_json_reader_t *jr, ngx_str_t *name,
    ngx_pool_t *pool, ngx_str_t *found)
{
    ngx_int_t  rc;
    ngx_str_t  key, raw;

    rc = NGX_DECLINED;

    while (ngx_app_json_read(jr) == NGX_OK && jr->token == NGX_APP_JSON_KEY) {

        if (ngx_app_json_read_text(jr, pool, &key) != NGX_OK) {
            return NGX_ERROR;
        }

        if (ngx_app_json_read(jr) != NGX_OK
            || ngx_app_json_skip(jr, &raw) != NGX_OK)
        {
            break;
        }

        if (ngx_app_json_same(&key, name)) {
            *found = raw;
            rc = NGX_OK;
        }
    }

    return rc;
}


/* a name of the language begins with no digit, hence "_0" */

static ngx_int_t
ngx_app_json_find_element(ngx_app_json_reader_t *jr, ngx_str_t *name,
    ngx_str_t *found)
{
    ngx_int_t  n;
    ngx_str_t  raw;

    if (name->len < 2 || name->data[0] != '_') {
        return NGX_DECLINED;
    }

    n = ngx_atoi(name->data + 1, name->len - 1);

    if (n == NGX_ERROR) {
        return NGX_DECLINED;
    }

    while (ngx_app_json_read(jr) == NGX_OK
           && jr->token != NGX_APP_JSON_ARRAY_END)
    {
        if (ngx_app_json_skip(jr, &raw) != NGX_OK) {
            break;
        }

        if (n-- == 0) {
            *found = raw;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}
