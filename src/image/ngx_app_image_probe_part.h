
/*
 * Copyright (C) the project authors
 */

/*
 * The readers of single formats behind ngx_app_image_probe(), and what they
 * have in common.  Each reader gets a file whose type was told by its first
 * bytes, and an info that is zeroed but for the type.  It returns NULL when
 * info is set, and otherwise what is wrong.  It may correct the type, also to
 * none.
 */


#ifndef _NGX_APP_IMAGE_PROBE_PART_H_INCLUDED_
#define _NGX_APP_IMAGE_PROBE_PART_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe.h>


const char *ngx_app_image_probe_jpeg(const u_char *data, size_t len,
    ngx_app_image_info_t *info);
const char *ngx_app_image_probe_png(const u_char *data, size_t len,
    ngx_app_image_info_t *info);
const char *ngx_app_image_probe_gif(const u_char *data, size_t len,
    ngx_app_image_info_t *info);
const char *ngx_app_image_probe_webp(const u_char *data, size_t len,
    ngx_app_image_info_t *info);
const char *ngx_app_image_probe_heif(const u_char *data, size_t len,
    ngx_app_image_info_t *info);
const char *ngx_app_image_probe_tiff(const u_char *data, size_t len,
    ngx_app_image_info_t *info);
const char *ngx_app_image_probe_svg(const u_char *data, size_t len,
    ngx_app_image_info_t *info);
const char *ngx_app_image_probe_jxl(const u_char *data, size_t len,
    ngx_app_image_info_t *info);


/* AVIF, HEIC or none, by the names that a file goes by */
ngx_app_image_type_e ngx_app_image_type_heif(const u_char *data, size_t len);

/* not 0: it begins as an XML file that may be an SVG */
ngx_uint_t ngx_app_image_type_svg(const u_char *data, size_t len);


/*
 * The orientation that EXIF tells, 1 to 8; 1 when it tells none.
 *
 *   data  begins with the header of TIFF, or with "Exif\0\0" and that
 */
uint32_t ngx_app_image_exif_orientation(const u_char *data, size_t len);


static ngx_inline uint32_t
ngx_app_image_be16(const u_char *p)
{
    return (uint32_t) p[0] << 8 | p[1];
}


static ngx_inline uint32_t
ngx_app_image_be32(const u_char *p)
{
    return ngx_app_image_be16(p) << 16 | ngx_app_image_be16(p + 2);
}


static ngx_inline uint64_t
ngx_app_image_be64(const u_char *p)
{
    return (uint64_t) ngx_app_image_be32(p) << 32 | ngx_app_image_be32(p + 4);
}


static ngx_inline uint32_t
ngx_app_image_le16(const u_char *p)
{
    return (uint32_t) p[1] << 8 | p[0];
}


static ngx_inline uint32_t
ngx_app_image_le24(const u_char *p)
{
    return (uint32_t) p[2] << 16 | ngx_app_image_le16(p);
}


static ngx_inline uint32_t
ngx_app_image_le32(const u_char *p)
{
    return ngx_app_image_le16(p + 2) << 16 | ngx_app_image_le16(p);
}


static ngx_inline uint64_t
ngx_app_image_le64(const u_char *p)
{
    return (uint64_t) ngx_app_image_le32(p + 4) << 32 | ngx_app_image_le32(p);
}


/* a chunk's or a box's name of four letters, as the number that be32 reads */
#define ngx_app_image_name(a, b, c, d)                                       \
    ((uint32_t) (a) << 24 | (uint32_t) (b) << 16 | (uint32_t) (c) << 8 | (d))


#endif /* _NGX_APP_IMAGE_PROBE_PART_H_INCLUDED_ */
