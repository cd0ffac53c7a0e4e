
/*
 * Copyright (C) the project authors
 */

/*
 * WebP: RFC 9649; the header of a frame of VP8: RFC 6386, section 9.1.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_part.h>


/* an animation has one for each frame */
#define NGX_APP_IMAGE_WEBP_CHUNKS     65536

#define NGX_APP_IMAGE_WEBP_HEADER     12
#define NGX_APP_IMAGE_WEBP_CHUNK      8

#define NGX_APP_IMAGE_WEBP_VP8        10
#define NGX_APP_IMAGE_WEBP_VP8L       5
#define NGX_APP_IMAGE_WEBP_VP8X       10
#define NGX_APP_IMAGE_WEBP_ANMF       16

#define NGX_APP_IMAGE_WEBP_ANIMATION  0x02
#define NGX_APP_IMAGE_WEBP_ALPHA      0x10
#define NGX_APP_IMAGE_WEBP_ICC        0x20


typedef struct {
    ngx_app_image_info_t  *info;
    ngx_uint_t             extended;   /* has a canvas */
    ngx_uint_t             images;     /* outside of frames */
} ngx_app_image_webp_t;


static const char *ngx_app_image_webp_chunk(ngx_app_image_webp_t *webp,
    uint32_t name, const u_char *data, size_t len);
static const char *ngx_app_image_webp_canvas(ngx_app_image_webp_t *webp,
    const u_char *data, size_t len);
static const char *ngx_app_image_webp_image(ngx_app_image_webp_t *webp,
    uint32_t name, const u_char *data, size_t len);
static const char *ngx_app_image_webp_frame(ngx_app_image_webp_t *webp,
    const u_char *data, size_t len);


const char *
ngx_app_image_probe_webp(const u_char *data, size_t len,
    ngx_app_image_info_t *info)
{
    size_t                 size;
    uint32_t               name;
    ngx_uint_t             n;
    const char            *err;
    const u_char          *p, *last;
    ngx_app_image_webp_t   webp;

    ngx_memzero(&webp, sizeof(ngx_app_image_webp_t));

    webp.info = info;
    info->bits = 8;
    info->whole = 1;

    p = data + NGX_APP_IMAGE_WEBP_HEADER;

    /* what is after the length that the file has by its own word is no part */

    size = ngx_app_image_le32(data + 4);
    last = (size < len - 8) ? data + 8 + size : data + len;

    for (n = 0; last - p >= NGX_APP_IMAGE_WEBP_CHUNK; n++) {

        if (n == NGX_APP_IMAGE_WEBP_CHUNKS) {
            return "too many chunks";
        }

        name = ngx_app_image_be32(p);
        size = ngx_app_image_le32(p + 4);
        p += NGX_APP_IMAGE_WEBP_CHUNK;

        err = ngx_app_image_webp_chunk(&webp, name, p,
                                       ngx_min(size, (size_t) (last - p)));
        if (err) {
            return err;
        }

        /* one that is odd is padded */

        size += size & 1;

        if (size > (size_t) (last - p)) {
            break;
        }

        p += size;
    }

    if (info->frames == 0 && (webp.images == 0 || info->animated)) {
        return "cut before its image data";
    }

    info->animated = (info->frames > 1);

    return NULL;
}


static const char *
ngx_app_image_webp_chunk(ngx_app_image_webp_t *webp, uint32_t name,
    const u_char *data, size_t len)
{
    switch (name) {

    case ngx_app_image_name('V', 'P', '8', 'X'):

        return ngx_app_image_webp_canvas(webp, data, len);

    case ngx_app_image_name('V', 'P', '8', ' '):
    case ngx_app_image_name('V', 'P', '8', 'L'):

        return ngx_app_image_webp_image(webp, name, data, len);

    case ngx_app_image_name('A', 'N', 'M', 'F'):

        return ngx_app_image_webp_frame(webp, data, len);

    case ngx_app_image_name('E', 'X', 'I', 'F'):

        webp->info->orientation = ngx_app_image_exif_orientation(data, len);
        return NULL;

    default:

        return NULL;
    }
}


static const char *
ngx_app_image_webp_canvas(ngx_app_image_webp_t *webp, const u_char *data,
    size_t len)
{
    ngx_app_image_info_t  *info;

    info = webp->info;

    if (len < NGX_APP_IMAGE_WEBP_VP8X) {
        return "cut in its header";
    }

    if (webp->extended || webp->images) {
        return "header where it may not be";
    }

    webp->extended = 1;

    info->width = ngx_app_image_le24(data + 4) + 1;
    info->height = ngx_app_image_le24(data + 7) + 1;
    info->alpha = (data[0] & NGX_APP_IMAGE_WEBP_ALPHA) != 0;
    info->icc = (data[0] & NGX_APP_IMAGE_WEBP_ICC) != 0;
    info->animated = (data[0] & NGX_APP_IMAGE_WEBP_ANIMATION) != 0;

    if ((uint64_t) info->width * info->height > NGX_MAX_UINT32_VALUE) {
        return "size out of range";
    }

    return NULL;
}


static const char *
ngx_app_image_webp_image(ngx_app_image_webp_t *webp, uint32_t name,
    const u_char *data, size_t len)
{
    uint32_t               bits, width, height;
    ngx_app_image_info_t  *info;

    info = webp->info;

    /* a decoder takes the first, and none of an animation */

    if (webp->images++ || info->animated) {
        return NULL;
    }

    if (name == ngx_app_image_name('V', 'P', '8', 'L')) {

        if (len < NGX_APP_IMAGE_WEBP_VP8L) {
            return "cut before its image data";
        }

        bits = ngx_app_image_le32(data + 1);

        if (data[0] != 0x2f || bits >> 29 != 0) {
            return "bad header of the image data";
        }

        width = (bits & 0x3fff) + 1;
        height = (bits >> 14 & 0x3fff) + 1;
        info->alpha |= bits >> 28 & 1;

    } else {

        if (len < NGX_APP_IMAGE_WEBP_VP8) {
            return "cut before its image data";
        }

        /* of the frame: a key frame, and shown */

        if ((data[0] & 0x11) != 0x10
            || ngx_memcmp(data + 3, "\x9d\x01\x2a", 3) != 0)
        {
            return "bad header of the image data";
        }

        width = ngx_app_image_le16(data + 6) & 0x3fff;
        height = ngx_app_image_le16(data + 8) & 0x3fff;
    }

    if (webp->extended && (width != info->width || height != info->height)) {
        return "image of another size than the canvas";
    }

    info->width = width;
    info->height = height;

    return NULL;
}


static const char *
ngx_app_image_webp_frame(ngx_app_image_webp_t *webp, const u_char *data,
    size_t len)
{
    uint64_t               x, y, w, h;
    ngx_app_image_info_t  *info;

    info = webp->info;

    if (!webp->extended) {
        return "frame where it may not be";
    }

    if (len < NGX_APP_IMAGE_WEBP_ANMF) {
        return info->frames ? NULL : "cut before its image data";
    }

    x = 2 * (uint64_t) ngx_app_image_le24(data);
    y = 2 * (uint64_t) ngx_app_image_le24(data + 3);
    w = (uint64_t) ngx_app_image_le24(data + 6) + 1;
    h = (uint64_t) ngx_app_image_le24(data + 9) + 1;

    if (x + w > info->width || y + h > info->height) {
        return "frame outside the image";
    }

    info->frames++;

    return NULL;
}
