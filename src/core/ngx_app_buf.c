
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_buf.h>


/* the rest of a buffer is worth a ngx_buf_t of its own from this size on */
#define NGX_APP_BUF_MIN_REST  128


static ngx_int_t ngx_app_buf_finish(ngx_app_buf_t *b);
static ngx_int_t ngx_app_buf_rest(ngx_app_buf_t *b);
static ngx_buf_t *ngx_app_buf_free(ngx_app_buf_t *b, size_t n);
static ngx_buf_t *ngx_app_buf_alloc(ngx_app_buf_t *b, size_t n);
static void ngx_app_buf_use(ngx_app_buf_t *b, ngx_buf_t *buf);
static ngx_int_t ngx_app_buf_link(ngx_app_buf_t *b, ngx_buf_t *buf);


void
ngx_app_buf_init(ngx_app_buf_t *b, ngx_pool_t *pool, size_t chunk,
    size_t limit)
{
    ngx_memzero(b, sizeof(ngx_app_buf_t));

    b->last = &b->first;
    b->chunk = ngx_max(chunk, NGX_APP_BUF_MIN_REST);
    b->limit = limit;
    b->pool = pool;
}


ngx_int_t
ngx_app_buf_write(ngx_app_buf_t *b, const void *data, size_t len)
{
    size_t         n;
    const u_char  *p = data;

    if (len <= ngx_app_buf_room(b)) {
        if (len != 0) {
            b->pos = ngx_cpymem(b->pos, p, len);
        }

        return NGX_OK;
    }

    if (len > b->limit - ngx_app_buf_size(b)) {
        b->full = 1;
        return NGX_BUSY;
    }

    n = ngx_app_buf_room(b);

    if (n != 0) {
        b->pos = ngx_cpymem(b->pos, p, n);
        p += n;
        len -= n;
    }

    if (ngx_app_buf_grow(b, len) == NULL) {
        return ngx_app_buf_failed(b);
    }

    b->pos = ngx_cpymem(b->pos, p, len);

    return NGX_OK;
}


u_char *
ngx_app_buf_grow(ngx_app_buf_t *b, size_t n)
{
    ngx_buf_t  *buf;

    if (n > b->limit - ngx_app_buf_size(b)) {
        b->full = 1;
        return NULL;
    }

    b->full = 0;

    if (ngx_app_buf_finish(b) != NGX_OK) {
        return NULL;
    }

    buf = ngx_app_buf_free(b, n);

    if (buf == NULL) {
        buf = ngx_app_buf_alloc(b, n);
        if (buf == NULL) {
            return NULL;
        }
    }

    ngx_app_buf_use(b, buf);

    return b->pos;
}


ngx_int_t
ngx_app_buf_append(ngx_app_buf_t *b, ngx_chain_t *in, size_t size)
{
    ngx_buf_t  *buf;

    if (size > b->limit - ngx_app_buf_size(b)) {
        b->full = 1;
        return NGX_BUSY;
    }

    b->full = 0;

    if (ngx_app_buf_rest(b) != NGX_OK) {
        return NGX_ERROR;
    }

    for ( /* void */ ; in != NULL; in = in->next) {

        if (in->buf->pos == in->buf->last) {
            continue;
        }

        buf = ngx_calloc_buf(b->pool);
        if (buf == NULL) {
            return NGX_ERROR;
        }

        buf->pos = in->buf->pos;
        buf->last = in->buf->last;
        buf->start = buf->pos;
        buf->end = buf->last;
        buf->memory = 1;

        if (ngx_app_buf_link(b, buf) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    /* less is left now for what the current buffer may take */

    if (b->buf != NULL) {
        ngx_app_buf_use(b, b->buf);
    }

    return NGX_OK;
}


ngx_chain_t *
ngx_app_buf_take(ngx_app_buf_t *b, size_t *size)
{
    ngx_chain_t  *out;

    if (size != NULL) {
        *size = 0;
    }

    if (ngx_app_buf_finish(b) != NGX_OK) {
        return NULL;
    }

    out = b->first;

    if (size != NULL) {
        *size = b->size;
    }

    b->first = NULL;
    b->last = &b->first;
    b->size = 0;

    return out;
}


ngx_int_t
ngx_app_buf_text(ngx_app_buf_t *b, ngx_str_t *s)
{
    u_char       *p;
    ngx_chain_t  *cl;

    ngx_str_null(s);

    cl = ngx_app_buf_take(b, &s->len);

    if (cl == NULL) {
        return b->buf ? NGX_ERROR : NGX_OK;
    }

    s->data = cl->buf->pos;

    if (cl->next == NULL) {
        return NGX_OK;
    }

    s->data = ngx_pnalloc(b->pool, s->len);
    if (s->data == NULL) {
        return NGX_ERROR;
    }

    for (p = s->data; cl; cl = cl->next) {
        p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    return NGX_OK;
}


void
ngx_app_buf_recycle(ngx_app_buf_t *b, ngx_chain_t *sent)
{
    ngx_chain_t  *next;

    for ( /* void */ ; sent != NULL; sent = next) {
        next = sent->next;

        if (sent->buf->tag == (ngx_buf_tag_t) &ngx_app_buf_grow) {
            sent->next = b->free;
            b->free = sent;

        } else {
            ngx_free_chain(b->pool, sent);
        }
    }
}


/* moves the current buffer to the chain, or drops it when it is empty */

static ngx_int_t
ngx_app_buf_finish(ngx_app_buf_t *b)
{
    ngx_buf_t  *buf;

    buf = b->buf;

    if (buf == NULL) {
        return NGX_OK;
    }

    if (b->pos != buf->pos) {
        buf->last = b->pos;

        if (ngx_app_buf_link(b, buf) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    b->buf = NULL;
    b->pos = NULL;
    b->end = NULL;

    return NGX_OK;
}


/* as finish, but what is left of the memory stays the current buffer */

static ngx_int_t
ngx_app_buf_rest(ngx_app_buf_t *b)
{
    ngx_buf_t  *buf, *rest;

    buf = b->buf;

    if (buf == NULL || b->pos == buf->pos) {
        return NGX_OK;
    }

    if (buf->end - b->pos < NGX_APP_BUF_MIN_REST) {
        return ngx_app_buf_finish(b);
    }

    rest = ngx_calloc_buf(b->pool);
    if (rest == NULL) {
        return NGX_ERROR;
    }

    rest->start = b->pos;
    rest->end = buf->end;
    rest->tag = buf->tag;
    rest->temporary = 1;

    /* each is given back alone, so they must not overlap */

    buf->end = b->pos;

    if (ngx_app_buf_finish(b) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_app_buf_use(b, rest);

    return NGX_OK;
}


static ngx_buf_t *
ngx_app_buf_free(ngx_app_buf_t *b, size_t n)
{
    ngx_buf_t     *buf;
    ngx_chain_t   *cl, **ll;

    for (ll = &b->free; *ll != NULL; ll = &cl->next) {
        cl = *ll;
        buf = cl->buf;

        if ((size_t) (buf->end - buf->start) >= n) {
            *ll = cl->next;
            ngx_free_chain(b->pool, cl);

            buf->flush = 0;
            buf->last_buf = 0;
            buf->last_in_chain = 0;

            return buf;
        }
    }

    return NULL;
}


static ngx_buf_t *
ngx_app_buf_alloc(ngx_app_buf_t *b, size_t n)
{
    size_t      size;
    ngx_buf_t  *buf;

    size = ngx_max(n, ngx_min(b->chunk, b->limit - b->size));

    buf = ngx_create_temp_buf(b->pool, size);
    if (buf == NULL) {
        return NULL;
    }

    buf->tag = (ngx_buf_tag_t) &ngx_app_buf_grow;

    if (b->chunk < NGX_APP_BUF_MAX_CHUNK) {
        b->chunk = ngx_min(b->chunk * 2, NGX_APP_BUF_MAX_CHUNK);
    }

    return buf;
}


/*
 * Makes buf the current one.  Its room ends where the limit does, so that
 * writing to b->pos needs no other check.
 */

static void
ngx_app_buf_use(ngx_app_buf_t *b, ngx_buf_t *buf)
{
    size_t  room;

    if (b->buf != buf) {
        buf->pos = buf->start;
        buf->last = buf->start;

        b->buf = buf;
        b->pos = buf->pos;
    }

    room = ngx_min((size_t) (buf->end - b->pos),
                   b->limit - ngx_app_buf_size(b));

    b->end = b->pos + room;
}


static ngx_int_t
ngx_app_buf_link(ngx_app_buf_t *b, ngx_buf_t *buf)
{
    ngx_chain_t  *cl;

    cl = ngx_alloc_chain_link(b->pool);
    if (cl == NULL) {
        return NGX_ERROR;
    }

    cl->buf = buf;
    cl->next = NULL;

    *b->last = cl;
    b->last = &cl->next;
    b->size += ngx_buf_size(buf);

    return NGX_OK;
}
