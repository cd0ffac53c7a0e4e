
/*
 * Copyright (C) the project authors
 */

/*
 * Percent-encoding (RFC 3986, section 2.1) and that of forms (URL Standard,
 * section 5.1), with checks of what comes out.
 */


#ifndef _NGX_APP_URLDECODE_H_INCLUDED_
#define _NGX_APP_URLDECODE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Decodes a part of a path.  Without an escape dst is src itself, else it is
 * in the pool; both may be one variable.  NGX_OK; NGX_DECLINED: a bad escape,
 * a zero byte or bad UTF-8, and err tells which as a predicate: "must be valid
 * UTF-8"; NGX_ERROR.
 */
ngx_int_t ngx_app_urldecode(ngx_pool_t *pool, ngx_str_t *src, ngx_str_t *dst,
    const char **err);

/*
 * The same for a part of a query string or a form: "+" is a space, and a "%"
 * that begins no escape stands for itself.
 */
ngx_int_t ngx_app_urldecode_form(ngx_pool_t *pool, ngx_str_t *src,
    ngx_str_t *dst, const char **err);


#endif /* _NGX_APP_URLDECODE_H_INCLUDED_ */
