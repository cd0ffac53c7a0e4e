
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_part.h>


/* of all frames: what is multiplied by a few bytes does not overflow */
#define NGX_APP_IMAGE_PIXELS  ((uint64_t) 1 << 60)


#define ngx_app_image_starts_with(data, len, text)                           \
    ngx_app_image_starts(data, len, text, sizeof(text) - 1)


typedef const char *(*ngx_app_image_probe_pt)(const u_char *data, size_t len,
    ngx_app_image_info_t *info);


static ngx_uint_t ngx_app_image_starts(const u_char *data, size_t len,
    const char *text, size_t text_len);


/* by their ngx_app_image_type_e */

static const ngx_app_image_probe_pt  ngx_app_image_probes[] = {
    NULL,
    ngx_app_image_probe_jpeg,
    ngx_app_image_probe_png,
    ngx_app_image_probe_webp,
    ngx_app_image_probe_gif,
    ngx_app_image_probe_heif,
    ngx_app_image_probe_heif,
    ngx_app_image_probe_tiff,
    ngx_app_image_probe_svg,
    ngx_app_image_probe_jxl
};


ngx_app_image_type_e
ngx_app_image_type(const u_char *data, size_t len)
{
    len = ngx_min(len, NGX_APP_IMAGE_MAGIC);

    if (ngx_app_image_starts_with(data, len, "\xff\xd8\xff")) {
        return NGX_APP_IMAGE_JPEG;
    }

    if (ngx_app_image_starts_with(data, len, "\x89PNG\r\n\x1a\n")) {
        return NGX_APP_IMAGE_PNG;
    }

    if (ngx_app_image_starts_with(data, len, "GIF87a")
        || ngx_app_image_starts_with(data, len, "GIF89a"))
    {
        return NGX_APP_IMAGE_GIF;
    }

    if (len >= 12 && ngx_memcmp(data, "RIFF", 4) == 0
        && ngx_memcmp(data + 8, "WEBP", 4) == 0)
    {
        return NGX_APP_IMAGE_WEBP;
    }

    if (ngx_app_image_starts_with(data, len, "II*\0")
        || ngx_app_image_starts_with(data, len, "MM\0*")
        || ngx_app_image_starts_with(data, len, "II+\0")
        || ngx_app_image_starts_with(data, len, "MM\0+"))
    {
        return NGX_APP_IMAGE_TIFF;
    }

    if (ngx_app_image_starts_with(data, len, "\xff\x0a")
        || ngx_app_image_starts_with(data, len,
                                     "\0\0\0\x0cJXL \r\n\x87\n"))
    {
        return NGX_APP_IMAGE_JXL;
    }

    if (ngx_app_image_type_svg(data, len)) {
        return NGX_APP_IMAGE_SVG;
    }

    return ngx_app_image_type_heif(data, len);
}


ngx_int_t
ngx_app_image_probe(const u_char *data, size_t len,
    ngx_app_image_info_t *info, const char **err)
{
    ngx_memzero(info, sizeof(ngx_app_image_info_t));
    *err = NULL;

    info->type = ngx_app_image_type(data, len);

    if (info->type == NGX_APP_IMAGE_NONE) {
        return NGX_DECLINED;
    }

    *err = ngx_app_image_probes[info->type](data, len, info);

    if (info->type == NGX_APP_IMAGE_NONE) {
        *err = NULL;
        return NGX_DECLINED;
    }

    if (*err == NULL && (info->width == 0 || info->height == 0)) {
        *err = "no size";
    }

    if (info->frames == 0) {
        info->frames = 1;
    }

    if (*err == NULL
        && (uint64_t) info->width * info->height
           > NGX_APP_IMAGE_PIXELS / info->frames)
    {
        *err = "size out of range";
    }

    if (*err) {
        return NGX_ABORT;
    }

    if (info->orientation == 0) {
        info->orientation = 1;
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_app_image_starts(const u_char *data, size_t len, const char *text,
    size_t text_len)
{
    return len >= text_len && ngx_memcmp(data, text, text_len) == 0;
}
