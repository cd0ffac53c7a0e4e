
/*
 * Copyright (C) the project authors
 */

/*
 * Reads a complete JSON text (RFC 8259) token by token.  Nothing is built and
 * nothing recurses; slices point into the text, which the caller keeps.
 *
 *     ngx_app_json_read_init(&jr, text, len, 32, NGX_APP_JSON_UTF8);
 *
 *     while ((rc = ngx_app_json_read(&jr)) == NGX_OK) {
 *         switch (jr.token) { ... }
 *     }
 *
 *     rc is NGX_DONE, or NGX_DECLINED and jr.err tells why
 */


#ifndef _NGX_APP_JSON_READ_H_INCLUDED_
#define _NGX_APP_JSON_READ_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_APP_JSON_MAX_DEPTH  256

/* options of the reader */
#define NGX_APP_JSON_UTF8       0x01  /* refuse bad UTF-8, lone surrogates */
#define NGX_APP_JSON_NO_NUL     0x02  /* refuse \u0000 */


typedef enum {
    NGX_APP_JSON_OBJECT = 1,
    NGX_APP_JSON_OBJECT_END,
    NGX_APP_JSON_ARRAY,
    NGX_APP_JSON_ARRAY_END,
    NGX_APP_JSON_KEY,
    NGX_APP_JSON_STRING,
    NGX_APP_JSON_NUMBER,
    NGX_APP_JSON_TRUE,
    NGX_APP_JSON_FALSE,
    NGX_APP_JSON_NULL
} ngx_app_json_token_e;


typedef struct {
    ngx_app_json_token_e   token;
    ngx_str_t              raw;        /* of the token; strings and keys
                                          without their quotes */
    ngx_uint_t             depth;      /* containers that are open */

    const char            *err;        /* "unexpected character" ... */
    size_t                 offset;     /* where it is, in bytes */

    u_char                *start;
    u_char                *pos;
    u_char                *last;

    ngx_uint_t             max_depth;
    ngx_uint_t             flags;
    ngx_uint_t             state;      /* what may come next */
    uint32_t               objects[NGX_APP_JSON_MAX_DEPTH / 32];

    unsigned               escaped:1;  /* raw holds a backslash */
} ngx_app_json_reader_t;


/*
 * Starts reading.
 *
 *   max_depth  containers in each other, at most NGX_APP_JSON_MAX_DEPTH
 *   flags      NGX_APP_JSON_UTF8, NGX_APP_JSON_NO_NUL; keys that come twice
 *              are the caller's to find
 */
void ngx_app_json_read_init(ngx_app_json_reader_t *jr, u_char *data,
    size_t len, ngx_uint_t max_depth, ngx_uint_t flags);

/*
 * Reads the next token.  NGX_OK: token and raw are set.  NGX_DONE: the text
 * was complete and right.  NGX_DECLINED: it is no JSON, err and offset are
 * set; every further call returns the same.
 */
ngx_int_t ngx_app_json_read(ngx_app_json_reader_t *jr);

/*
 * Reads up to the end of the value whose first token was just read.
 *
 *   raw  set to the value's whole text, quotes and brackets included; may be
 *        NULL
 *
 * NGX_OK; NGX_DECLINED as ngx_app_json_read(), or, without err, when the token
 * starts no value.
 */
ngx_int_t ngx_app_json_skip(ngx_app_json_reader_t *jr, ngx_str_t *raw);

/*
 * Sets str to the text of the last STRING or KEY.  It is a slice when there
 * are no escapes, else in the pool.  Without NGX_APP_JSON_UTF8 a lone
 * surrogate becomes U+FFFD and other bytes are given as they are.
 * NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_json_read_text(ngx_app_json_reader_t *jr, ngx_pool_t *pool,
    ngx_str_t *str);

/*
 * Reads the last NUMBER as an integer; "1.0" and "1e2" are none.
 * NGX_OK, or NGX_DECLINED when it is none or does not fit.
 */
ngx_int_t ngx_app_json_read_int(ngx_app_json_reader_t *jr, int64_t *v);

/*
 * Checks a whole text, with bad UTF-8 refused.  NGX_OK or NGX_DECLINED.
 */
ngx_int_t ngx_app_json_valid(const u_char *data, size_t len,
    ngx_uint_t max_depth);


#endif /* _NGX_APP_JSON_READ_H_INCLUDED_ */
