
/*
 * Copyright (C) the project authors
 */

/*
 * Which format a client would like, and whether a link is one of ours.  Pure.
 */


#ifndef _NGX_APP_IMAGE_ACCEPT_H_INCLUDED_
#define _NGX_APP_IMAGE_ACCEPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_ops.h>


/*
 * Sets choice to those of the formats, in their order, that the header Accept
 * (RFC 9110, section 12.5.1) names and does not refuse.  Wildcards do not
 * count: every browser sends one, whatever it can draw.
 */
void ngx_app_image_accept(ngx_str_t *accept, ngx_app_image_choice_t *formats,
    ngx_app_image_choice_t *choice);

/*
 * Checks the signature of a link: its last parameter is "s", the HMAC-SHA256
 * of all bytes before "?s=" or "&s=", in base64url without padding, by one of
 * the keys.
 *
 *   uri   path and query, as the client has sent them
 *   keys  ngx_str_t
 *
 * NGX_OK or NGX_DECLINED; the time that it takes does not tell why.
 */
ngx_int_t ngx_app_image_signed(ngx_str_t *uri, ngx_array_t *keys);


#endif /* _NGX_APP_IMAGE_ACCEPT_H_INCLUDED_ */
