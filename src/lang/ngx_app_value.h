
/*
 * Copyright (C) the project authors
 */

/*
 * A value of a route: an input, a column, the result of an expression.  Texts
 * and chains are borrowed from whoever made the value; nothing here changes
 * them.  No value is ever a pointer into another one.
 */


#ifndef _NGX_APP_VALUE_H_INCLUDED_
#define _NGX_APP_VALUE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_buf.h>


typedef enum {
    NGX_APP_ABSENT = 0,       /* was not given */
    NGX_APP_NULL,
    NGX_APP_BOOL,             /* u.i: 0 or 1 */
    NGX_APP_INT,              /* u.i */
    NGX_APP_DOUBLE,           /* u.d, always finite */
    NGX_APP_DECIMAL,          /* u.s: digits; also integers past int64_t */
    NGX_APP_STRING,           /* u.s */
    NGX_APP_DATETIME,         /* u.i: microseconds since 1970 in UTC */
    NGX_APP_JSON,             /* u.s: JSON text */
    NGX_APP_CHAIN             /* u.c: JSON text in buffers */
} ngx_app_type_e;


typedef struct {
    ngx_chain_t          *chain;
    size_t                size;
} ngx_app_value_chain_t;


typedef struct {
    ngx_app_type_e             type;

    union {
        int64_t                i;
        double                 d;
        ngx_str_t              s;
        ngx_app_value_chain_t  c;
    } u;
} ngx_app_value_t;


/* longest text of a value that is neither text nor JSON */
#define NGX_APP_VALUE_LEN  64

#define ngx_app_value_is_null(v)    ((v)->type <= NGX_APP_NULL)
#define ngx_app_value_is_number(v)                                            \
    ((v)->type >= NGX_APP_BOOL && (v)->type <= NGX_APP_DECIMAL)

#define ngx_app_value_set_null(v)   (v)->type = NGX_APP_NULL


/* no macros: b and n may be made from v itself */

static ngx_inline void
ngx_app_value_set_bool(ngx_app_value_t *v, ngx_uint_t b)
{
    v->type = NGX_APP_BOOL;
    v->u.i = (b != 0);
}


static ngx_inline void
ngx_app_value_set_int(ngx_app_value_t *v, int64_t n)
{
    v->type = NGX_APP_INT;
    v->u.i = n;
}


static ngx_inline void
ngx_app_value_set_time(ngx_app_value_t *v, int64_t t)
{
    v->type = NGX_APP_DATETIME;
    v->u.i = t;
}


static ngx_inline void
ngx_app_value_set_string(ngx_app_value_t *v, u_char *data, size_t len)
{
    v->type = NGX_APP_STRING;
    v->u.s.len = len;
    v->u.s.data = data;
}


/* "text", "integer" ...: for messages */
const char *ngx_app_type_name(ngx_app_type_e type);

/* sets a double, or null when it is not finite */
void ngx_app_value_set_double(ngx_app_value_t *v, double d);

/*
 * These write a value as JSON; inside a JSON string, without the quotes; as
 * plain text.  What is absent or null is null in JSON and nothing in text.
 * NGX_OK, NGX_BUSY past the buffer's limit, NGX_ERROR without memory.
 */
ngx_int_t ngx_app_value_write_json(ngx_app_buf_t *b, ngx_app_value_t *v);
ngx_int_t ngx_app_value_write_escape(ngx_app_buf_t *b, ngx_app_value_t *v);
ngx_int_t ngx_app_value_write_text(ngx_app_buf_t *b, ngx_app_value_t *v);

/*
 * Sets s to the plain text of a value: a slice of it, or made in the pool.
 * NGX_OK; NGX_DECLINED: absent or null, s is empty; NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_value_text(ngx_app_value_t *v, ngx_pool_t *pool,
    ngx_str_t *s);

/*
 * Tells whether a condition holds.  Absent, null, false, zero, the empty text
 * and empty lists and objects do not.
 */
ngx_uint_t ngx_app_value_true(ngx_app_value_t *v);

/*
 * Compares two values: numbers by value, with every digit of a decimal; texts
 * by their bytes; a time with a time or with its ISO 8601 text; a text that
 * is a number with a number.  Absent counts as null, which equals null only.
 *
 *   cmp  set to less than, equal to or greater than zero
 *
 * NGX_OK, or NGX_DECLINED when the two have no order; they are not equal then.
 */
ngx_int_t ngx_app_value_compare(ngx_app_value_t *a, ngx_app_value_t *b,
    ngx_int_t *cmp);

/* not zero when both are equal; null equals null */
ngx_uint_t ngx_app_value_equal(ngx_app_value_t *a, ngx_app_value_t *b);

/*
 * Makes a number to calculate with: n becomes INT or DOUBLE.  A decimal with
 * a fraction becomes the nearest double.  NGX_DECLINED: v is no number.
 */
ngx_int_t ngx_app_value_number(ngx_app_value_t *v, ngx_app_value_t *n);

/*
 * Reads a whole text as a number, as JSON writes it; leading zeros are fine.
 * n becomes INT, DECIMAL (a slice of the text) or DOUBLE, which is for texts
 * with an exponent.  NGX_OK or NGX_DECLINED.
 */
ngx_int_t ngx_app_value_parse_number(ngx_str_t *s, ngx_app_value_t *n);

/*
 * Reads a JSON text that has been checked: null, booleans, numbers and texts
 * become such, objects and lists JSON, a slice of the text.
 * NGX_OK; NGX_DECLINED: a number that no double can hold; NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_value_parse_json(ngx_str_t *text, ngx_pool_t *pool,
    ngx_app_value_t *v);

/*
 * The same of a value within the text, by its path: ngx_app_json_find().
 * NGX_DECLINED also when there is none; v is absent then.
 */
ngx_int_t ngx_app_value_member(ngx_str_t *text, ngx_str_t *path,
    ngx_pool_t *pool, ngx_app_value_t *v);

/* reads digits, with a sign and a fraction or not: NGX_OK, NGX_DECLINED */
ngx_int_t ngx_app_value_parse_double(ngx_str_t *s, double *d);


#endif /* _NGX_APP_VALUE_H_INCLUDED_ */
