
/*
 * Copyright (C) the project authors
 */

/*
 * Short texts from which a client draws a blurred picture while the real one
 * is loading: BlurHash (https://github.com/woltapp/blurhash) and ThumbHash
 * (https://github.com/evanw/thumbhash).
 */


#ifndef _NGX_APP_IMAGE_HASH_H_INCLUDED_
#define _NGX_APP_IMAGE_HASH_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* of 9 x 9 components */
#define NGX_APP_IMAGE_BLURHASH_LEN   (1 + 1 + 4 + 2 * (9 * 9 - 1))
#define NGX_APP_IMAGE_THUMBHASH_LEN  25

/* sides of an image that is hashed */
#define NGX_APP_IMAGE_HASH_SIDE      100


/*
 * Writes the BlurHash of an image; returns its length.
 *
 *   dst     room for NGX_APP_IMAGE_BLURHASH_LEN bytes
 *   rgb     8-bit sRGB, three bytes a pixel, rows without gaps
 *   width, height  1 to NGX_APP_IMAGE_HASH_SIDE
 *   x, y    components, 1 to 9 each
 */
size_t ngx_app_image_blurhash(u_char *dst, const u_char *rgb,
    ngx_uint_t width, ngx_uint_t height, ngx_uint_t x, ngx_uint_t y);

/*
 * Writes the ThumbHash of an image as bytes; returns their number.
 *
 *   dst     room for NGX_APP_IMAGE_THUMBHASH_LEN bytes
 *   rgba    8-bit sRGB with alpha that is not premultiplied
 *   width, height  1 to NGX_APP_IMAGE_HASH_SIDE
 */
size_t ngx_app_image_thumbhash(u_char *dst, const u_char *rgba,
    ngx_uint_t width, ngx_uint_t height);


#endif /* _NGX_APP_IMAGE_HASH_H_INCLUDED_ */
