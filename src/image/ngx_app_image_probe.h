
/*
 * Copyright (C) the project authors
 */

/*
 * What an image says of itself in its first bytes: type, size, frames.  It is
 * read without a decoder, in the event loop, so that an image that is too
 * large is refused before anything is decoded.  What is told here is the
 * file's claim: the decoder's own numbers are checked against it later.
 */


#ifndef _NGX_APP_IMAGE_PROBE_H_INCLUDED_
#define _NGX_APP_IMAGE_PROBE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_APP_IMAGE_NONE = 0,
    NGX_APP_IMAGE_JPEG,
    NGX_APP_IMAGE_PNG,
    NGX_APP_IMAGE_WEBP,
    NGX_APP_IMAGE_GIF,
    NGX_APP_IMAGE_AVIF,
    NGX_APP_IMAGE_HEIC,
    NGX_APP_IMAGE_TIFF,
    NGX_APP_IMAGE_SVG,
    NGX_APP_IMAGE_JXL
} ngx_app_image_type_e;


typedef struct {
    ngx_app_image_type_e  type;
    uint32_t              width;       /* of a frame, as it is stored; what
                                          its decoder turns: as turned */
    uint32_t              height;
    uint32_t              frames;      /* or pages, at least 1; of JPEG XL
                                          they cannot be counted: 1 */
    uint32_t              orientation; /* of EXIF, 1 to 8; 1 if unknown */
    uint32_t              bits;        /* of a sample */
    uint32_t              units;       /* that a SVG draws, as if each were
                                          as large as the picture */

    unsigned              alpha:1;     /* may have transparent parts */
    unsigned              animated:1;
    unsigned              whole:1;     /* all of it is decoded at once:
                                          progressive, interlaced, ... */
    unsigned              icc:1;       /* a colour profile is embedded */
    unsigned              cmyk:1;
} ngx_app_image_info_t;


/*
 * Tells the type by the first bytes alone; at most NGX_APP_IMAGE_MAGIC of
 * them are looked at.  NGX_APP_IMAGE_NONE: none of ours, or too few bytes.
 * NGX_APP_IMAGE_SVG is any XML file that may be one, and AVIF and HEIC are
 * told apart by what the file is called: the probe below knows better.
 */
#define NGX_APP_IMAGE_MAGIC  64

ngx_app_image_type_e ngx_app_image_type(const u_char *data, size_t len);

/*
 * Reads the whole file that lies in memory.
 *
 * NGX_OK: info is set, width, height and frames are not 0, and the pixels of
 * all frames are at most 2^60.
 * NGX_DECLINED: it is of no type above.  To a decoder that looks for the type
 * by itself it may be an image all the same.
 * NGX_ABORT: it is of info->type, but broken, cut, or made to be costly; err
 * is a short reason in lower case, as a constant text.
 *
 * The work is bounded: linear in len, with a limit on chunks, boxes, blocks
 * and pages past which it is NGX_ABORT.
 */
ngx_int_t ngx_app_image_probe(const u_char *data, size_t len,
    ngx_app_image_info_t *info, const char **err);


/*
 * Frames or pages that can be read one by one.  Of others the first is all
 * that is ever decoded: an animated PNG, a sequence in AVIF.
 */
static ngx_inline uint32_t
ngx_app_image_readable(const ngx_app_image_info_t *info)
{
    switch (info->type) {

    case NGX_APP_IMAGE_GIF:
    case NGX_APP_IMAGE_WEBP:
    case NGX_APP_IMAGE_TIFF:
        return info->frames;

    case NGX_APP_IMAGE_AVIF:
    case NGX_APP_IMAGE_HEIC:
        return info->animated ? 1 : info->frames;

    default:
        return 1;
    }
}


#endif /* _NGX_APP_IMAGE_PROBE_H_INCLUDED_ */
