
/*
 * Copyright (C) the project authors
 */

/*
 * EXIF of what is kept of it, and of none.
 */


#ifndef _NGX_APP_IMAGE_EXIF_H_INCLUDED_
#define _NGX_APP_IMAGE_EXIF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* bytes of an artist and of a copyright: what is longer is left out */
#define NGX_APP_IMAGE_EXIF_TEXT  4096

#define NGX_APP_IMAGE_EXIF_LEN   (2 * NGX_APP_IMAGE_EXIF_TEXT + 64)


/*
 * Makes EXIF that has nothing but the artist and the copyright of another one,
 * as they are.
 *
 *   out  NGX_APP_IMAGE_EXIF_LEN bytes
 *
 * The length, or 0: there is neither.
 */
size_t ngx_app_image_exif_copyright(const u_char *data, size_t len,
    u_char *out);

/*
 * Takes EXIF out of a WebP, in place: the new length.  What is no WebP stays
 * as it is.  RFC 9649, 2.7.
 */
size_t ngx_app_image_exif_webp(u_char *data, size_t len);


#endif /* _NGX_APP_IMAGE_EXIF_H_INCLUDED_ */
