
/*
 * Copyright (C) the project authors
 */

/*
 * Query strings and forms (application/x-www-form-urlencoded): the values of
 * the names that a route wants.  All others are passed over.
 */


#ifndef _NGX_APP_QUERY_H_INCLUDED_
#define _NGX_APP_QUERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    ngx_str_t     text;      /* decoded; of the first one when it is repeated */
    ngx_uint_t    count;     /* times that it was given */
    const char   *fault;     /* NULL, or "must be valid UTF-8" ... */
} ngx_app_query_value_t;


typedef struct ngx_app_query_s  ngx_app_query_t;


/*
 * Makes the table of wanted names, which are borrowed.  An index in it is one
 * in the values of ngx_app_query_parse().  NULL: no memory.
 */
ngx_app_query_t *ngx_app_query_create(ngx_pool_t *pool, ngx_str_t *names,
    ngx_uint_t n);

/*
 * Reads a query string, without its "?".
 *
 *   max     pairs of name and value that it may have, unknown ones too
 *   values  one for each name; a name that is not there has a count of 0
 *
 * A value without escapes is a slice of args.  One that does not decode, or
 * whose name is there again, has a fault: a predicate to put behind the name.
 * NGX_OK, also with faults; NGX_BUSY: more than max pairs; NGX_ERROR.
 */
ngx_int_t ngx_app_query_parse(ngx_app_query_t *q, ngx_pool_t *pool,
    ngx_str_t *args, ngx_uint_t max, ngx_app_query_value_t *values);


#endif /* _NGX_APP_QUERY_H_INCLUDED_ */
