
/*
 * Copyright (C) the project authors
 */

/*
 * base64url without padding (RFC 4648, section 5), as tokens have it.
 */


#ifndef _NGX_APP_BASE64URL_H_INCLUDED_
#define _NGX_APP_BASE64URL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define ngx_app_base64url_encoded_len(len)  (((len) * 4 + 2) / 3)
#define ngx_app_base64url_decoded_len(len)  ((len) * 3 / 4)


/* writes ngx_app_base64url_encoded_len(len) bytes; returns their end */
u_char *ngx_app_base64url_encode(u_char *p, const u_char *data, size_t len);

/*
 * Decodes strictly: no padding, no other characters, no length that cannot
 * be, no bits left over, so that two texts never mean the same bytes.
 *
 *   dst  room for ngx_app_base64url_decoded_len(len) bytes
 *
 * NGX_OK: n is the number of bytes; NGX_DECLINED.
 */
ngx_int_t ngx_app_base64url_decode(u_char *dst, const u_char *data,
    size_t len, size_t *n);


#endif /* _NGX_APP_BASE64URL_H_INCLUDED_ */
