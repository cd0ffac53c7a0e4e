
/*
 * Copyright (C) the project authors
 */

/*
 * Headers of a request by their names.  They are looked for in the list of
 * all, which is the same in all versions of nginx; what headers_in has of them
 * besides is not.
 */


#ifndef _NGX_APP_HEADER_H_INCLUDED_
#define _NGX_APP_HEADER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Returns the next header of that name, or NULL.
 *
 *   name   in lower case
 *   after  NULL for the first one, or what was returned before
 */
ngx_table_elt_t *ngx_app_header_next(ngx_http_request_t *r, ngx_str_t *name,
    ngx_table_elt_t *after);


#endif /* _NGX_APP_HEADER_H_INCLUDED_ */
