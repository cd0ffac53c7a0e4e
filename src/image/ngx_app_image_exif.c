
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_exif.h>
#include <image/ngx_app_image_probe_part.h>
#include <image/ngx_app_image_probe_tiff.h>


#define NGX_APP_IMAGE_EXIF_ASCII      2
#define NGX_APP_IMAGE_EXIF_ARTIST     0x013b
#define NGX_APP_IMAGE_EXIF_COPYRIGHT  0x8298

/* of the chunk VP8X */
#define NGX_APP_IMAGE_WEBP_EXIF       0x08


static ngx_uint_t ngx_app_image_exif_find(const u_char *data, size_t len,
    uint32_t tag, ngx_app_image_tiff_field_t *f);
static u_char *ngx_app_image_exif_16(u_char *p, uint32_t n);
static u_char *ngx_app_image_exif_32(u_char *p, uint32_t n);


size_t
ngx_app_image_exif_copyright(const u_char *data, size_t len, u_char *out)
{
    size_t                       at, size;
    u_char                      *p, *text;
    ngx_uint_t                   i, n;
    ngx_app_image_tiff_field_t   f[2];

    n = 0;
    n += ngx_app_image_exif_find(data, len, NGX_APP_IMAGE_EXIF_ARTIST, &f[n]);
    n += ngx_app_image_exif_find(data, len, NGX_APP_IMAGE_EXIF_COPYRIGHT,
                                 &f[n]);

    if (n == 0) {
        return 0;
    }

    p = ngx_cpymem(out, "Exif\0\0MM\0*\0\0\0\010", 14);
    p = ngx_app_image_exif_16(p, n);

    /* the texts are behind all fields and the offset of no further page */

    at = 8 + 2 + 12 * n + 4;
    text = out + 6 + at;

    for (i = 0; i < n; i++) {
        size = f[i].count;

        p = ngx_app_image_exif_16(p, f[i].tag);
        p = ngx_app_image_exif_16(p, NGX_APP_IMAGE_EXIF_ASCII);
        p = ngx_app_image_exif_32(p, size);

        if (size <= 4) {
            ngx_memzero(p, 4);
            ngx_memcpy(p, f[i].data, size);
            p += 4;
            continue;
        }

        p = ngx_app_image_exif_32(p, at);
        text = ngx_cpymem(text, f[i].data, size);
        at += size;

        if (size % 2) {
            *text++ = '\0';
            at++;
        }
    }

    (void) ngx_app_image_exif_32(p, 0);

    return text - out;
}


static ngx_uint_t
ngx_app_image_exif_find(const u_char *data, size_t len, uint32_t tag,
    ngx_app_image_tiff_field_t *f)
{
    uint64_t                   page, n;
    ngx_app_image_tiff_t       t;
    ngx_app_image_tiff_dir_t   dir;

    if (len > 6 && ngx_memcmp(data, "Exif\0", 5) == 0) {
        data += 6;
        len -= 6;
    }

    if (ngx_app_image_tiff_header(&t, data, len, &page) != NGX_OK
        || ngx_app_image_tiff_dir(&t, page, &dir) != NGX_OK)
    {
        return 0;
    }

    for (n = 0; n < dir.count; n++) {
        ngx_app_image_tiff_field(&t, &dir, n, f);

        if (f->tag == tag) {
            return f->data && f->type == NGX_APP_IMAGE_EXIF_ASCII
                   && f->count <= NGX_APP_IMAGE_EXIF_TEXT;
        }
    }

    return 0;
}


static u_char *
ngx_app_image_exif_16(u_char *p, uint32_t n)
{
    *p++ = (u_char) (n >> 8);
    *p++ = (u_char) n;

    return p;
}


static u_char *
ngx_app_image_exif_32(u_char *p, uint32_t n)
{
    p = ngx_app_image_exif_16(p, n >> 16);

    return ngx_app_image_exif_16(p, n & 0xffff);
}


size_t
ngx_app_image_exif_webp(u_char *data, size_t len)
{
    size_t   size;
    u_char  *p, *end;

    /* VP8X comes first, of 10 bytes; without it there is no metadata */

    if (len < 30 || ngx_memcmp(data, "RIFF", 4) != 0
        || ngx_memcmp(data + 8, "WEBPVP8X", 8) != 0
        || !(data[20] & NGX_APP_IMAGE_WEBP_EXIF))
    {
        return len;
    }

    end = data + len;

    for (p = data + 30; end - p >= 8; p += size) {
        size = 8 + (size_t) ngx_app_image_le32(p + 4);
        size += size % 2;

        if (size > (size_t) (end - p)) {
            return len;
        }

        if (ngx_memcmp(p, "EXIF", 4) == 0) {
            ngx_memmove(p, p + size, end - p - size);
            end -= size;
            size = 0;
        }
    }

    data[20] &= ~NGX_APP_IMAGE_WEBP_EXIF;

    if (data[20] == 0) {
        ngx_memmove(data + 12, data + 30, end - data - 30);
        end -= 18;
    }

    size = end - data - 8;

    data[4] = (u_char) size;
    data[5] = (u_char) (size >> 8);
    data[6] = (u_char) (size >> 16);
    data[7] = (u_char) (size >> 24);

    return end - data;
}
