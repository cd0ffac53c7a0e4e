
/*
 * Copyright (C) the project authors
 */

/*
 * PNG and its animation: https://www.w3.org/TR/png-3/.  Checksums are left to
 * the decoder.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_part.h>


/* encoders cut the image data into chunks of 8k or more */
#define NGX_APP_IMAGE_PNG_CHUNKS     65536

/* of text that is packed: decoders unpack it, to the thousandfold */
#define NGX_APP_IMAGE_PNG_PACKED     (512 * 1024)

#define NGX_APP_IMAGE_PNG_SIGNATURE  8

/* length and name before the data of a chunk, and the checksum after it */
#define NGX_APP_IMAGE_PNG_HEAD       8
#define NGX_APP_IMAGE_PNG_TAIL       4

#define NGX_APP_IMAGE_PNG_IHDR       13
#define NGX_APP_IMAGE_PNG_ACTL       8
#define NGX_APP_IMAGE_PNG_FCTL       26

/* of what is stored in four bytes */
#define NGX_APP_IMAGE_PNG_MAX        0x7fffffff


typedef struct {
    ngx_app_image_info_t  *info;
    size_t                 len;
    size_t                 packed;
    uint32_t               frames;     /* that have a header */
    ngx_uint_t             data;       /* image data was met */
} ngx_app_image_png_t;


static const char *ngx_app_image_png_header(ngx_app_image_info_t *info,
    const u_char *data);
static const char *ngx_app_image_png_chunk(ngx_app_image_png_t *png,
    uint32_t name, const u_char *data, size_t len);
static const char *ngx_app_image_png_text(ngx_app_image_png_t *png,
    uint32_t name, const u_char *data, size_t len);
static const char *ngx_app_image_png_animation(ngx_app_image_png_t *png,
    const u_char *data, size_t len);
static const char *ngx_app_image_png_frame(ngx_app_image_png_t *png,
    const u_char *data, size_t len);


const char *
ngx_app_image_probe_png(const u_char *data, size_t len,
    ngx_app_image_info_t *info)
{
    size_t                size;
    uint32_t              name;
    ngx_uint_t            n;
    const char           *err;
    const u_char         *p, *last;
    ngx_app_image_png_t   png;

    ngx_memzero(&png, sizeof(ngx_app_image_png_t));

    png.info = info;
    png.len = len;

    p = data + NGX_APP_IMAGE_PNG_SIGNATURE;
    last = data + len;
    name = 0;

    for (n = 0; last - p >= NGX_APP_IMAGE_PNG_HEAD; n++) {

        if (n == NGX_APP_IMAGE_PNG_CHUNKS) {
            return "too many chunks";
        }

        size = ngx_app_image_be32(p);
        name = ngx_app_image_be32(p + 4);
        p += NGX_APP_IMAGE_PNG_HEAD;

        if (name == ngx_app_image_name('I', 'D', 'A', 'T')) {
            png.data = 1;
        }

        if (size > NGX_APP_IMAGE_PNG_MAX) {
            return "chunk of a bad length";
        }

        if (size + NGX_APP_IMAGE_PNG_TAIL > (size_t) (last - p)) {
            break;
        }

        if ((name == ngx_app_image_name('I', 'H', 'D', 'R')) != (n == 0)
            || (n == 0 && size != NGX_APP_IMAGE_PNG_IHDR))
        {
            return "header where it may not be";
        }

        if (name == ngx_app_image_name('I', 'E', 'N', 'D')) {
            break;
        }

        err = (n == 0) ? ngx_app_image_png_header(info, p)
                       : ngx_app_image_png_chunk(&png, name, p, size);
        if (err) {
            return err;
        }

        p += size + NGX_APP_IMAGE_PNG_TAIL;
    }

    if (info->width == 0 || !png.data) {
        return "cut before its image data";
    }

    if (info->frames < png.frames) {
        info->frames = png.frames;
    }

    info->animated = (info->frames > 1);

    return NULL;
}


static const char *
ngx_app_image_png_header(ngx_app_image_info_t *info, const u_char *data)
{
    ngx_uint_t  color;

    /* for each type of colour, a bit for each depth that it may have */

    static const uint32_t  depths[] = {
        1u << 1 | 1u << 2 | 1u << 4 | 1u << 8 | 1u << 16, /* grey */
        0,
        1u << 8 | 1u << 16,                               /* true colour */
        1u << 1 | 1u << 2 | 1u << 4 | 1u << 8,            /* palette */
        1u << 8 | 1u << 16,                               /* grey, alpha */
        0,
        1u << 8 | 1u << 16                                /* with alpha */
    };

    info->width = ngx_app_image_be32(data);
    info->height = ngx_app_image_be32(data + 4);
    info->bits = data[8];
    color = data[9];

    if (info->width == 0 || info->height == 0) {
        return "no size";
    }

    if (info->width > NGX_APP_IMAGE_PNG_MAX
        || info->height > NGX_APP_IMAGE_PNG_MAX)
    {
        return "size out of range";
    }

    if (color >= sizeof(depths) / sizeof(depths[0]) || info->bits > 16
        || (depths[color] & 1u << info->bits) == 0)
    {
        return "odd number of bits";
    }

    if (data[10] != 0 || data[11] != 0 || data[12] > 1) {
        return "unknown compression, filter or interlacing";
    }

    info->alpha = (color & 4) != 0;
    info->whole = data[12];

    return NULL;
}


static const char *
ngx_app_image_png_chunk(ngx_app_image_png_t *png, uint32_t name,
    const u_char *data, size_t len)
{
    ngx_app_image_info_t  *info;

    info = png->info;

    switch (name) {

    case ngx_app_image_name('t', 'R', 'N', 'S'):

        info->alpha = 1;
        return NULL;

    case ngx_app_image_name('i', 'C', 'C', 'P'):

        info->icc = 1;
        return NULL;

    case ngx_app_image_name('e', 'X', 'I', 'f'):

        info->orientation = ngx_app_image_exif_orientation(data, len);
        return NULL;

    case ngx_app_image_name('a', 'c', 'T', 'L'):

        return ngx_app_image_png_animation(png, data, len);

    case ngx_app_image_name('f', 'c', 'T', 'L'):

        return ngx_app_image_png_frame(png, data, len);

    case ngx_app_image_name('z', 'T', 'X', 't'):
    case ngx_app_image_name('i', 'T', 'X', 't'):

        return ngx_app_image_png_text(png, name, data, len);

    default:

        return NULL;
    }
}


static const char *
ngx_app_image_png_text(ngx_app_image_png_t *png, uint32_t name,
    const u_char *data, size_t len)
{
    const u_char  *p;

    /* after its keyword the international one says whether it is packed */

    if (name == ngx_app_image_name('i', 'T', 'X', 't')) {
        p = memchr(data, '\0', len);

        if (p == NULL || (size_t) (p - data) + 1 == len || p[1] == 0) {
            return NULL;
        }
    }

    png->packed += len;

    return (png->packed > NGX_APP_IMAGE_PNG_PACKED) ? "too much packed text"
                                                    : NULL;
}


static const char *
ngx_app_image_png_animation(ngx_app_image_png_t *png, const u_char *data,
    size_t len)
{
    uint32_t  frames;

    /* after the image data it says nothing */

    if (png->data) {
        return NULL;
    }

    if (len != NGX_APP_IMAGE_PNG_ACTL) {
        return "chunk of a bad length";
    }

    frames = ngx_app_image_be32(data);

    if (frames == 0
        || frames > png->len / (NGX_APP_IMAGE_PNG_HEAD
                                + NGX_APP_IMAGE_PNG_FCTL
                                + NGX_APP_IMAGE_PNG_TAIL))
    {
        return "number of frames that cannot be";
    }

    png->info->frames = frames;

    return NULL;
}


static const char *
ngx_app_image_png_frame(ngx_app_image_png_t *png, const u_char *data,
    size_t len)
{
    uint64_t  x, y, w, h;

    if (len != NGX_APP_IMAGE_PNG_FCTL) {
        return "chunk of a bad length";
    }

    w = ngx_app_image_be32(data + 4);
    h = ngx_app_image_be32(data + 8);
    x = ngx_app_image_be32(data + 12);
    y = ngx_app_image_be32(data + 16);

    if (w == 0 || h == 0
        || x + w > png->info->width || y + h > png->info->height)
    {
        return "frame outside the image";
    }

    png->frames++;

    return NULL;
}
