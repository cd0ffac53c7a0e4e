
/*
 * Copyright (C) the project authors
 */

/*
 * Bodies of requests, JSON (RFC 8259) and forms (URL Standard, section 5.1):
 * the values of the names that a route wants.  A name with dots is a member
 * of an object: "address.city".  A body that breaks a rule that goes for all
 * of it is refused as a whole, with a text that names the rule.
 */


#ifndef _NGX_APP_BODY_H_INCLUDED_
#define _NGX_APP_BODY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_value.h>


#define NGX_APP_BODY_NAME_DEPTH  8       /* words in a name */


typedef struct {
    ngx_uint_t        max_depth;  /* containers in each other */
    ngx_uint_t        max_keys;   /* members of all objects, or pairs */
    ngx_uint_t        max_items;  /* of each array */
} ngx_app_body_limits_t;


/*
 * ABSENT, NULL, BOOL, STRING; a number is INT or DECIMAL with all its digits,
 * or DOUBLE when its exponent is too large for that; JSON is the text of an
 * object or an array, or of a number that no type can hold
 */
typedef struct {
    ngx_app_value_t   value;
    const char       *fault;      /* NULL, or "must be valid UTF-8" ... */
} ngx_app_body_value_t;


typedef struct {
    ngx_str_t         unknown;    /* the first name that is not wanted */
    ngx_str_t         err;        /* of a body that is refused */
} ngx_app_body_result_t;


typedef struct ngx_app_body_s  ngx_app_body_t;


/*
 * Makes the table of wanted names, which are borrowed.  An index in it is one
 * in the values of the functions below.
 *
 *   lists  not zero for a name that may have several values in a form, which
 *          become a JSON array of strings; may be NULL
 *
 * NULL: no memory.
 */
ngx_app_body_t *ngx_app_body_create(ngx_pool_t *pool, ngx_str_t *names,
    u_char *lists, ngx_uint_t n);

/*
 * Reads a whole body.  Values are slices of the text where that is possible.
 *
 *   values  one for each name
 *
 * A JSON array has no members, so all is absent then.  NGX_OK; NGX_DECLINED:
 * result->err tells why it is refused; NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_body_json(ngx_app_body_t *body, ngx_pool_t *pool,
    ngx_str_t *text, ngx_app_body_limits_t *limits,
    ngx_app_body_value_t *values, ngx_app_body_result_t *result);
ngx_int_t ngx_app_body_form(ngx_app_body_t *body, ngx_pool_t *pool,
    ngx_str_t *text, ngx_app_body_limits_t *limits,
    ngx_app_body_value_t *values, ngx_app_body_result_t *result);

/*
 * Makes the value of a JSON number: an exponent is written out, a fraction of
 * zeros is left out.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_body_number(ngx_pool_t *pool, ngx_str_t *raw,
    ngx_app_value_t *value);


#endif /* _NGX_APP_BODY_H_INCLUDED_ */
