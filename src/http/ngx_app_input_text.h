
/*
 * Copyright (C) the project authors
 */

/*
 * Forms of text that inputs may have to have.
 */


#ifndef _NGX_APP_INPUT_TEXT_H_INCLUDED_
#define _NGX_APP_INPUT_TEXT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* leaves out blanks at both ends */
void ngx_app_input_trim(ngx_str_t *s);

/*
 * A mailbox as people have it: no quotes, comments or address literals, a
 * domain with a dot and a top level of letters, up to 64 bytes before the "@"
 * and 254 in all (RFC 5321, section 4.5.3.1, and its erratum 1690).
 * NGX_OK or NGX_DECLINED.
 */
ngx_int_t ngx_app_input_email(ngx_str_t *s);

/* 8-4-4-4-12 hexadecimal digits, of any version (RFC 4122): as above */
ngx_int_t ngx_app_input_uuid(ngx_str_t *s);


#endif /* _NGX_APP_INPUT_TEXT_H_INCLUDED_ */
