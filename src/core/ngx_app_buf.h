
/*
 * Copyright (C) the project authors
 */

/*
 * A bounded output buffer: what is written ends up in a chain of ngx_buf_t
 * that grows by doubling pieces of pool memory.  The owner of the pool owns
 * the bytes; chains that are taken out stay valid as long as the pool, or
 * until they are given back with ngx_app_buf_recycle().
 */


#ifndef _NGX_APP_BUF_H_INCLUDED_
#define _NGX_APP_BUF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_APP_BUF_MAX_CHUNK  32768


typedef struct {
    u_char        *pos;      /* next byte in the current buffer */
    u_char        *end;
    ngx_chain_t   *first;    /* finished buffers */
    ngx_chain_t  **last;
    ngx_buf_t     *buf;      /* current buffer, not in the chain yet */
    size_t         size;     /* bytes in finished buffers */
    size_t         limit;    /* of all bytes that are held */
    size_t         chunk;    /* size of the next buffer */
    ngx_pool_t    *pool;
    ngx_chain_t   *free;     /* given back by ngx_app_buf_recycle() */
    unsigned       full:1;   /* the limit was hit, else memory */
} ngx_app_buf_t;


/*
 * Prepares an empty buffer; nothing is allocated before the first byte.
 *
 *   chunk  size of the first piece; the next ones double up to 32k
 *   limit  maximum of the bytes held at a time, appended chains included
 */
void ngx_app_buf_init(ngx_app_buf_t *b, ngx_pool_t *pool, size_t chunk,
    size_t limit);

/*
 * Copies bytes in, across pieces if need be.  NGX_OK; NGX_BUSY: they would
 * pass the limit, nothing is written and b->full is set; NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_buf_write(ngx_app_buf_t *b, const void *data, size_t len);

/*
 * Links the buffers of a chain in without copying their bytes.
 *
 *   size  bytes in all buffers of the chain
 *
 * The chain itself is left as it is and may be appended again; its memory
 * must live as long as the pool.  Returns as ngx_app_buf_write().
 */
ngx_int_t ngx_app_buf_append(ngx_app_buf_t *b, ngx_chain_t *in, size_t size);

/*
 * Hands out all that is written and leaves b empty, to go on with.  Returns
 * NULL when there is nothing, or no memory for a link: then b->buf is still
 * set.  None of the buffers is empty; those that were written are temporary,
 * those that were appended are read-only memory.  The flags of a last buffer
 * are the caller's to set.
 *
 *   size  set to the bytes in the chain; may be NULL
 */
ngx_chain_t *ngx_app_buf_take(ngx_app_buf_t *b, size_t *size);

/*
 * Takes all that is written as one text: a slice of the buffer, or a copy in
 * its pool where that has several pieces.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_buf_text(ngx_app_buf_t *b, ngx_str_t *s);

/*
 * Gives back links that have been sent, so that a long answer goes through a
 * few pieces of memory.  Nobody may read them afterwards.
 */
void ngx_app_buf_recycle(ngx_app_buf_t *b, ngx_chain_t *sent);

/* of ngx_app_buf_reserve(): makes the current buffer one with n bytes free */
u_char *ngx_app_buf_grow(ngx_app_buf_t *b, size_t n);


/* bytes held so far */
static ngx_inline size_t
ngx_app_buf_size(ngx_app_buf_t *b)
{
    return b->size + ((b->buf != NULL) ? (size_t) (b->pos - b->buf->pos) : 0);
}


/* bytes that can be written at b->pos as it is */
static ngx_inline size_t
ngx_app_buf_room(ngx_app_buf_t *b)
{
    return (size_t) (b->end - b->pos);
}


/*
 * Returns room for n bytes in a row, or NULL: past the limit (b->full is set)
 * or no memory.  The caller writes, then moves b->pos behind the last byte.
 */
static ngx_inline u_char *
ngx_app_buf_reserve(ngx_app_buf_t *b, size_t n)
{
    if (ngx_app_buf_room(b) >= n) {
        return b->pos;
    }

    return ngx_app_buf_grow(b, n);
}


/* what a failed reserve means: NGX_BUSY or NGX_ERROR */
static ngx_inline ngx_int_t
ngx_app_buf_failed(ngx_app_buf_t *b)
{
    return b->full ? NGX_BUSY : NGX_ERROR;
}


#endif /* _NGX_APP_BUF_H_INCLUDED_ */
