
/*
 * Copyright (C) the project authors
 */

/*
 * GIF: https://www.w3.org/Graphics/GIF/spec-gif89a.txt.  Frames are counted
 * to the end of the file or to what a decoder would stop at.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_part.h>


/* of up to 255 bytes each, and encoders fill them */
#define NGX_APP_IMAGE_GIF_BLOCKS     (512 * 1024)

#define NGX_APP_IMAGE_GIF_FRAMES     65536

#define NGX_APP_IMAGE_GIF_HEADER     13
#define NGX_APP_IMAGE_GIF_HEAD       9

#define NGX_APP_IMAGE_GIF_EXTENSION  0x21
#define NGX_APP_IMAGE_GIF_IMAGE      0x2c
#define NGX_APP_IMAGE_GIF_CONTROL    0xf9


typedef struct {
    const u_char          *p;
    const u_char          *last;
    ngx_app_image_info_t  *info;
    ngx_uint_t             blocks;     /* that are left to be read */
} ngx_app_image_gif_t;


static ngx_int_t ngx_app_image_gif_frame(ngx_app_image_gif_t *gif);
static ngx_int_t ngx_app_image_gif_extension(ngx_app_image_gif_t *gif);
static ngx_int_t ngx_app_image_gif_blocks(ngx_app_image_gif_t *gif);
static size_t ngx_app_image_gif_colors(u_char flags);


const char *
ngx_app_image_probe_gif(const u_char *data, size_t len,
    ngx_app_image_info_t *info)
{
    size_t               colors;
    ngx_int_t            rc;
    ngx_app_image_gif_t  gif;

    if (len < NGX_APP_IMAGE_GIF_HEADER) {
        return "cut in its header";
    }

    info->width = ngx_app_image_le16(data + 6);
    info->height = ngx_app_image_le16(data + 8);
    info->bits = 8;

    /* of a frame the whole screen is kept */

    info->whole = 1;

    colors = ngx_app_image_gif_colors(data[10]);

    if (colors > len - NGX_APP_IMAGE_GIF_HEADER) {
        return "cut in its header";
    }

    gif.p = data + NGX_APP_IMAGE_GIF_HEADER + colors;
    gif.last = data + len;
    gif.info = info;
    gif.blocks = NGX_APP_IMAGE_GIF_BLOCKS;

    do {
        if (gif.p == gif.last) {
            break;
        }

        switch (*gif.p++) {

        case NGX_APP_IMAGE_GIF_IMAGE:
            rc = ngx_app_image_gif_frame(&gif);
            break;

        case NGX_APP_IMAGE_GIF_EXTENSION:
            rc = ngx_app_image_gif_extension(&gif);
            break;

        default:
            rc = NGX_DONE;
        }

    } while (rc == NGX_OK);

    if (gif.blocks == 0) {
        return "too many blocks";
    }

    if (info->frames > NGX_APP_IMAGE_GIF_FRAMES) {
        return "too many frames";
    }

    if (info->frames == 0) {
        return "no frame";
    }

    info->animated = (info->frames > 1);

    return NULL;
}


/* NGX_OK; NGX_DONE when the file is cut or a limit is passed */

static ngx_int_t
ngx_app_image_gif_frame(ngx_app_image_gif_t *gif)
{
    size_t                 colors;
    uint32_t               right, bottom;
    const u_char          *p;
    ngx_app_image_info_t  *info;

    p = gif->p;
    info = gif->info;

    if (gif->last - p < NGX_APP_IMAGE_GIF_HEAD) {
        return NGX_DONE;
    }

    right = ngx_app_image_le16(p) + ngx_app_image_le16(p + 4);
    bottom = ngx_app_image_le16(p + 2) + ngx_app_image_le16(p + 6);
    colors = ngx_app_image_gif_colors(p[8]);

    /* what the first frame does not cover is transparent */

    if (info->frames == 0
        && (ngx_app_image_le16(p + 4) < info->width
            || ngx_app_image_le16(p + 6) < info->height))
    {
        info->alpha = 1;
    }

    /* decoders widen the screen for a frame that passes it */

    info->width = ngx_max(info->width, right);
    info->height = ngx_max(info->height, bottom);

    if (++info->frames > NGX_APP_IMAGE_GIF_FRAMES) {
        return NGX_DONE;
    }

    p += NGX_APP_IMAGE_GIF_HEAD;

    /* one more for the size of codes */

    if (colors + 1 > (size_t) (gif->last - p)) {
        return NGX_DONE;
    }

    gif->p = p + colors + 1;

    return ngx_app_image_gif_blocks(gif);
}


static ngx_int_t
ngx_app_image_gif_extension(ngx_app_image_gif_t *gif)
{
    const u_char  *p;

    p = gif->p;

    if (p == gif->last) {
        return NGX_DONE;
    }

    if (gif->last - p >= 3 && p[0] == NGX_APP_IMAGE_GIF_CONTROL && p[1] >= 1
        && (p[2] & 0x01))
    {
        gif->info->alpha = 1;
    }

    gif->p++;

    return ngx_app_image_gif_blocks(gif);
}


static ngx_int_t
ngx_app_image_gif_blocks(ngx_app_image_gif_t *gif)
{
    size_t         size;
    const u_char  *p;

    p = gif->p;

    while (gif->blocks) {
        gif->blocks--;

        if (p == gif->last) {
            break;
        }

        size = *p++;

        if (size == 0) {
            gif->p = p;
            return NGX_OK;
        }

        if (size > (size_t) (gif->last - p)) {
            break;
        }

        p += size;
    }

    return NGX_DONE;
}


/* length of the table of colours that the flags announce */

static size_t
ngx_app_image_gif_colors(u_char flags)
{
    return (flags & 0x80) ? 3 * ((size_t) 2 << (flags & 0x07)) : 0;
}
