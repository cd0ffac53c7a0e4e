
/*
 * Copyright (C) the project authors
 */

/*
 * Texts that do not stand in the configuration: keys, passwords, and files
 * that are read with it.  The master reads them, workers never open a file.
 */


#ifndef _NGX_APP_SECRET_H_INCLUDED_
#define _NGX_APP_SECRET_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Reads a whole file, without line ends at its end.
 *
 *   path   relative to nginx's configuration
 *   max    bytes, at most
 *   shared it may be read by everybody; else that gives a warning
 *
 * NGX_OK: text is set, and not empty; NGX_ERROR after logging why.
 */
ngx_int_t ngx_app_secret_file(ngx_conf_t *cf, ngx_str_t *path, size_t max,
    ngx_uint_t shared, ngx_str_t *text);

/*
 * Copies an environment variable of the master; name ends in a zero, as words
 * of the configuration do.  NGX_OK; NGX_ERROR after logging why: it is not
 * set, or empty.
 */
ngx_int_t ngx_app_secret_env(ngx_conf_t *cf, ngx_str_t *name,
    ngx_str_t *text);


#endif /* _NGX_APP_SECRET_H_INCLUDED_ */
