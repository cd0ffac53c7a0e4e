
/*
 * Copyright (C) the project authors
 */

/*
 * The body of an error answer: {"statusCode": 400, "message": "..."}.
 */


#ifndef _NGX_APP_PROBLEM_H_INCLUDED_
#define _NGX_APP_PROBLEM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_buf.h>


/*
 * Writes the body.  One message is a string in it, several are an array; none
 * is the empty string.  NGX_OK, NGX_BUSY past the buffer's limit, NGX_ERROR.
 */
ngx_int_t ngx_app_problem_write(ngx_app_buf_t *b, ngx_uint_t status,
    ngx_str_t *messages, ngx_uint_t n);


#endif /* _NGX_APP_PROBLEM_H_INCLUDED_ */
