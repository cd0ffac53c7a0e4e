
/*
 * Copyright (C) the project authors
 */

/*
 * The header Cookie (RFC 6265, section 4.2).
 */


#ifndef _NGX_APP_COOKIE_H_INCLUDED_
#define _NGX_APP_COOKIE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Finds a cookie in one header.  Of a name that comes twice the first one
 * counts, which is that of the longer path; an empty one is passed over.
 *
 *   name   not empty; case matters
 *   value  set to a slice of the header, as it stands there
 *
 * NGX_OK or NGX_DECLINED.
 */
ngx_int_t ngx_app_cookie_find(ngx_str_t *header, ngx_str_t *name,
    ngx_str_t *value);


#endif /* _NGX_APP_COOKIE_H_INCLUDED_ */
