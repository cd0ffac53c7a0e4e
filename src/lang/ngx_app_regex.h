
/*
 * Copyright (C) the project authors
 */

/*
 * Regular expressions that clients' texts are held against.
 */


#ifndef _NGX_APP_REGEX_H_INCLUDED_
#define _NGX_APP_REGEX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Compiles a pattern (PCRE, UTF-8) that gives up after 100,000 steps: such a
 * text does not match.  "$" is the end of the text alone, not the place before
 * a line end at the end; with (?m) the end of each line.  captures is set to
 * the number of groups, unless it is NULL.  Returns NULL with the reason in
 * err, of NGX_MAX_CONF_ERRSTR bytes at most, in pool.
 */
ngx_regex_t *ngx_app_regex_compile(ngx_pool_t *pool, ngx_str_t *pattern,
    ngx_int_t *captures, ngx_str_t *err);


#endif /* _NGX_APP_REGEX_H_INCLUDED_ */
