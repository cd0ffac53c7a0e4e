
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <json/ngx_app_json_read.h>
#include <http/ngx_app_body.h>
#include <http/ngx_app_body_name.h>


/* an object or array that is open */

typedef struct {
    ngx_app_body_name_t     *name;     /* of an object; NULL: nothing in it is
                                          wanted */
    ngx_app_body_name_t     *member;   /* its current one */
    u_char                  *start;
    ngx_uint_t               index;    /* of the value that it is */
    ngx_uint_t               group;    /* of its keys */
    ngx_uint_t               items;
} ngx_app_body_frame_t;


typedef struct {
    ngx_app_body_t          *body;
    ngx_pool_t              *pool;
    ngx_app_body_limits_t   *limits;
    ngx_app_body_value_t    *values;
    ngx_app_body_result_t   *result;
    ngx_app_body_frame_t    *frames;
    ngx_uint_t               depth;
    ngx_uint_t               groups;
    ngx_app_body_keys_t      keys;
    ngx_app_json_reader_t    reader;
    u_char                   path[128];
} ngx_app_body_walk_t;


static ngx_int_t ngx_app_body_walk(ngx_app_body_walk_t *w);
static ngx_int_t ngx_app_body_failed(ngx_app_body_walk_t *w);
static ngx_int_t ngx_app_body_key(ngx_app_body_walk_t *w);
static ngx_int_t ngx_app_body_unknown(ngx_app_body_walk_t *w,
    ngx_str_t *key);
static ngx_int_t ngx_app_body_item(ngx_app_body_walk_t *w,
    ngx_app_body_name_t **name);
static ngx_int_t ngx_app_body_open(ngx_app_body_walk_t *w);
static void ngx_app_body_close(ngx_app_body_walk_t *w);
static ngx_int_t ngx_app_body_scalar(ngx_app_body_walk_t *w);
static ngx_str_t ngx_app_body_path(ngx_app_body_walk_t *w, ngx_str_t *key);


ngx_int_t
ngx_app_body_json(ngx_app_body_t *body, ngx_pool_t *pool, ngx_str_t *text,
    ngx_app_body_limits_t *limits, ngx_app_body_value_t *values,
    ngx_app_body_result_t *result)
{
    ngx_app_body_walk_t  w;

    ngx_memzero(values, body->n * sizeof(ngx_app_body_value_t));
    ngx_memzero(result, sizeof(ngx_app_body_result_t));
    ngx_memzero(&w, sizeof(ngx_app_body_walk_t));

    w.body = body;
    w.pool = pool;
    w.limits = limits;
    w.values = values;
    w.result = result;
    w.keys.pool = pool;

    ngx_app_json_read_init(&w.reader, text->data, text->len,
                           limits->max_depth,
                           NGX_APP_JSON_UTF8|NGX_APP_JSON_NO_NUL);

    w.frames = ngx_palloc(pool, (w.reader.max_depth + 1)
                                * sizeof(ngx_app_body_frame_t));
    if (w.frames == NULL) {
        return NGX_ERROR;
    }

    return ngx_app_body_walk(&w);
}


static ngx_int_t
ngx_app_body_walk(ngx_app_body_walk_t *w)
{
    ngx_int_t  rc;

    for ( ;; ) {

        rc = ngx_app_json_read(&w->reader);

        if (rc == NGX_DONE) {
            return NGX_OK;
        }

        if (rc != NGX_OK) {
            return ngx_app_body_failed(w);
        }

        switch (w->reader.token) {

        case NGX_APP_JSON_KEY:
            rc = ngx_app_body_key(w);
            break;

        case NGX_APP_JSON_OBJECT:
        case NGX_APP_JSON_ARRAY:
            rc = ngx_app_body_open(w);
            break;

        case NGX_APP_JSON_OBJECT_END:
        case NGX_APP_JSON_ARRAY_END:
            ngx_app_body_close(w);
            break;

        default:
            rc = ngx_app_body_scalar(w);
            break;
        }

        if (rc != NGX_OK) {
            return rc;
        }
    }
}


static ngx_int_t
ngx_app_body_failed(ngx_app_body_walk_t *w)
{
    ngx_str_t               path, none = ngx_null_string;
    ngx_app_json_reader_t  *jr;

    jr = &w->reader;

    if (ngx_strcmp(jr->err, "nested too deep") == 0) {
        path = ngx_app_body_path(w, &none);

        return ngx_app_body_refuse(w->pool, w->result,
                                   "%V%sis nested deeper than "
                                   "app_body_max_depth (%ui)", &path,
                                   path.len ? " " : "the body ",
                                   w->limits->max_depth);
    }

    return ngx_app_body_refuse(w->pool, w->result,
                               "the body is not valid JSON: %s at byte %uz",
                               jr->err, jr->offset);
}


static ngx_int_t
ngx_app_body_key(ngx_app_body_walk_t *w)
{
    ngx_int_t              rc;
    ngx_str_t              key, path;
    ngx_app_body_frame_t  *f;

    f = &w->frames[w->depth - 1];

    if (ngx_app_json_read_text(&w->reader, w->pool, &key) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_app_body_keys_add(&w->keys, f->group, &key);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        path = ngx_app_body_path(w, &key);

        return ngx_app_body_refuse(w->pool, w->result,
                                   "%V must be given once", &path);
    }

    if (w->keys.n > w->limits->max_keys) {
        path = ngx_app_body_path(w, &key);

        return ngx_app_body_refuse(w->pool, w->result,
                                   "%V is one member more than "
                                   "app_body_max_keys (%ui)", &path,
                                   w->limits->max_keys);
    }

    f->member = NULL;

    if (f->name == NULL) {
        return NGX_OK;
    }

    f->member = ngx_app_body_find(f->name, &key);

    if (f->member == NULL && w->result->unknown.len == 0) {
        return ngx_app_body_unknown(w, &key);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_body_unknown(ngx_app_body_walk_t *w, ngx_str_t *key)
{
    ngx_str_t  path;

    path = ngx_app_body_path(w, key);

    w->result->unknown.data = ngx_pstrdup(w->pool, &path);
    w->result->unknown.len = path.len;

    return w->result->unknown.data ? NGX_OK : NGX_ERROR;
}


/* counts an item of an array; name is what a member of an object belongs to */

static ngx_int_t
ngx_app_body_item(ngx_app_body_walk_t *w, ngx_app_body_name_t **name)
{
    ngx_str_t              path, none = ngx_null_string;
    ngx_app_body_frame_t  *f;

    *name = NULL;

    if (w->depth == 0) {
        return NGX_OK;
    }

    f = &w->frames[w->depth - 1];

    if (f->group) {
        *name = f->member;
        return NGX_OK;
    }

    if (++f->items <= w->limits->max_items) {
        return NGX_OK;
    }

    path = ngx_app_body_path(w, &none);

    return ngx_app_body_refuse(w->pool, w->result,
                               "%V%shas more items than app_body_max_items "
                               "(%ui)", &path,
                               path.len ? " " : "the body ",
                               w->limits->max_items);
}


static ngx_int_t
ngx_app_body_open(ngx_app_body_walk_t *w)
{
    ngx_int_t              rc;
    ngx_app_body_name_t   *name;
    ngx_app_body_frame_t  *f;

    rc = ngx_app_body_item(w, &name);
    if (rc != NGX_OK) {
        return rc;
    }

    if (w->depth == 0) {
        name = &w->body->root;
    }

    f = &w->frames[w->depth++];

    f->start = w->reader.raw.data;
    f->index = name ? name->index : NGX_APP_BODY_NONE;
    f->member = NULL;
    f->name = NULL;
    f->group = 0;
    f->items = 0;

    if (w->reader.token == NGX_APP_JSON_OBJECT) {
        f->group = ++w->groups;

        if (name && (name->first || w->depth == 1)) {
            f->name = name;
        }
    }

    return NGX_OK;
}


static void
ngx_app_body_close(ngx_app_body_walk_t *w)
{
    ngx_app_value_t       *value;
    ngx_app_body_frame_t  *f;

    f = &w->frames[--w->depth];

    if (f->index == NGX_APP_BODY_NONE) {
        return;
    }

    value = &w->values[f->index].value;

    value->type = NGX_APP_JSON;
    value->u.s.data = f->start;
    value->u.s.len = w->reader.pos - f->start;
}


static ngx_int_t
ngx_app_body_scalar(ngx_app_body_walk_t *w)
{
    ngx_int_t             rc;
    ngx_app_value_t      *value;
    ngx_app_body_name_t  *name;

    if (w->depth == 0) {
        return ngx_app_body_refuse(w->pool, w->result,
                                   "the body must be a JSON object");
    }

    rc = ngx_app_body_item(w, &name);

    if (rc != NGX_OK || name == NULL || name->index == NGX_APP_BODY_NONE) {
        return rc;
    }

    value = &w->values[name->index].value;

    switch (w->reader.token) {

    case NGX_APP_JSON_STRING:
        value->type = NGX_APP_STRING;
        return ngx_app_json_read_text(&w->reader, w->pool, &value->u.s);

    case NGX_APP_JSON_NUMBER:
        return ngx_app_body_number(w->pool, &w->reader.raw, value);

    case NGX_APP_JSON_NULL:
        ngx_app_value_set_null(value);
        return NGX_OK;

    default:
        ngx_app_value_set_bool(value,
                               w->reader.token == NGX_APP_JSON_TRUE);
        return NGX_OK;
    }
}


/*
 * The place in the body, for a message: known words, then the key, cut to
 * what a message has room for.  It stays as it is until the next call.
 */

static ngx_str_t
ngx_app_body_path(ngx_app_body_walk_t *w, ngx_str_t *key)
{
    u_char                *p, *text, *last;
    ngx_str_t              path;
    ngx_uint_t             i;
    ngx_app_body_frame_t  *f;

    text = w->path;
    p = text;
    last = text + sizeof(w->path);

    for (i = 0; i < w->depth; i++) {
        f = &w->frames[i];

        if (f->member && (key->len == 0 || i + 1 < w->depth)) {
            p = ngx_slprintf(p, last, "%s%V", (p == text) ? "" : ".",
                             &f->member->word);
        }
    }

    if (key->len) {
        p = ngx_slprintf(p, last, "%s%V", (p == text) ? "" : ".", key);
    }

    /* no half of a character at the end */

    if (p == last) {
        while (p > text && p[-1] >= 0x80) {
            p--;
        }
    }

    path.data = text;
    path.len = p - text;

    return path;
}
