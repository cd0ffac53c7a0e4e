
/*
 * Copyright (C) the project authors
 */

/*
 * What an image's colours are: whether they have to be converted to sRGB, and
 * the conversion of those that are no red, green and blue.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_vips.h>

#include <math.h>


static ngx_uint_t ngx_app_image_is_srgb(const u_char *icc, size_t len);
static const u_char *ngx_app_image_icc_tag(const u_char *icc, size_t len,
    const char *name, size_t *size);
static ngx_uint_t ngx_app_image_icc_named(const u_char *tag, size_t size);
static double ngx_app_image_icc_middle(const u_char *tag, size_t size);
static uint32_t ngx_app_image_icc_u32(const u_char *p);


const char *
ngx_app_image_profile(VipsImage *im, ngx_uint_t keep)
{
    size_t       len;
    const void  *icc;

    if (keep
        || vips_image_get_typeof(im, VIPS_META_ICC_NAME) == 0
        || vips_image_get_blob(im, VIPS_META_ICC_NAME, &icc, &len) != 0
        || ngx_app_image_is_srgb(icc, len))
    {
        return NULL;
    }

    return "srgb";
}


/* bytes 16 to 19 of a profile name its colours: ICC.1:2010, 7.2.6 */

ngx_uint_t
ngx_app_image_profile_fits(VipsImage *im)
{
    size_t       len;
    const char  *colors;
    const void  *icc;

    if (vips_image_get_typeof(im, VIPS_META_ICC_NAME) == 0) {
        return 1;
    }

    if (vips_image_get_blob(im, VIPS_META_ICC_NAME, &icc, &len) != 0
        || len < 20)
    {
        return 0;
    }

    colors = (vips_image_get_bands(im) < 3) ? "GRAY" : "RGB ";

    return ngx_memcmp((const u_char *) icc + 16, colors, 4) == 0;
}


/*
 * libvips' thumbnails are resized in RGB, to which it converts CMYK by itself,
 * but to another white than a profile is then used with.
 */

int
ngx_app_image_cmyk(VipsImage **im)
{
    VipsImage  *next;

    if (vips_image_get_interpretation(*im) != VIPS_INTERPRETATION_CMYK) {
        return 0;
    }

    if (vips_icc_transform(*im, &next, "srgb",
                           "embedded", TRUE,
                           "input_profile", "cmyk",
                           "intent", VIPS_INTENT_PERCEPTUAL, NULL)
        != 0)
    {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


/*
 * Whether a profile calls itself sRGB: most do, and converting from sRGB to
 * sRGB would cost more than all the rest.  Some have the name, and the
 * primaries, but another curve.
 */

static ngx_uint_t
ngx_app_image_is_srgb(const u_char *icc, size_t len)
{
    size_t         size;
    double         middle;
    const u_char  *tag;

    tag = ngx_app_image_icc_tag(icc, len, "desc", &size);

    if (tag == NULL || !ngx_app_image_icc_named(tag, size)) {
        return 0;
    }

    tag = ngx_app_image_icc_tag(icc, len, "rTRC", &size);

    if (tag == NULL) {
        return 0;
    }

    /* that of sRGB is 0.214, that of a gamma of 2.2 is 0.218 */

    middle = ngx_app_image_icc_middle(tag, size);

    return middle > 0.2 && middle < 0.23;
}


/* the table of tags: ICC.1:2010, 7.3 */

static const u_char *
ngx_app_image_icc_tag(const u_char *icc, size_t len, const char *name,
    size_t *size)
{
    size_t         at;
    uint32_t       n;
    const u_char  *p;

    if (len < 132) {
        return NULL;
    }

    n = ngx_app_image_icc_u32(icc + 128);

    for (p = icc + 132; n && p + 12 <= icc + len; n--, p += 12) {

        if (ngx_memcmp(p, name, 4) != 0) {
            continue;
        }

        at = ngx_app_image_icc_u32(p + 4);
        *size = ngx_app_image_icc_u32(p + 8);

        return (at > len || *size > len - at) ? NULL : icc + at;
    }

    return NULL;
}


/*
 * ASCII in version 2 (ICC.1:2001, 6.5.17), UTF-16 in version 4 (ICC.1:2010,
 * 10.13).  A letter before the name makes it another one.
 */

static ngx_uint_t
ngx_app_image_icc_named(const u_char *tag, size_t size)
{
    size_t  i;

    size = ngx_min(size, 128);

    for (i = 8; i + 8 <= size; i++) {

        if (ngx_memcmp(tag + i, "sRGB", 4) == 0) {
            return (tag[i - 1] | 0x20) < 'a' || (tag[i - 1] | 0x20) > 'z';
        }

        if (ngx_memcmp(tag + i, "s\0R\0G\0B", 7) == 0) {
            return (tag[i - 2] | 0x20) < 'a' || (tag[i - 2] | 0x20) > 'z';
        }
    }

    return 0;
}


/* of a curve at a half: ICC.1:2010, 10.5 and 10.15; negative for others */

static double
ngx_app_image_icc_middle(const u_char *tag, size_t size)
{
    double    g, a, b;
    uint32_t  n;

    if (size >= 12 && ngx_memcmp(tag, "curv", 4) == 0) {
        n = ngx_app_image_icc_u32(tag + 8);

        if (n == 0) {
            return 0.5;
        }

        if (n > (size - 12) / 2) {
            return -1;
        }

        if (n == 1) {
            return pow(0.5, (tag[12] << 8 | tag[13]) / 256.0);
        }

        tag += 12 + n / 2 * 2;

        return (tag[0] << 8 | tag[1]) / 65535.0;
    }

    if (size < 16 || ngx_memcmp(tag, "para", 4) != 0) {
        return -1;
    }

    /* all that have a and b have them after g, and differ near black only */

    g = ngx_app_image_icc_u32(tag + 12) / 65536.0;
    a = 1;
    b = 0;

    if (tag[9] != 0) {
        if (size < 24) {
            return -1;
        }

        a = (int32_t) ngx_app_image_icc_u32(tag + 16) / 65536.0;
        b = (int32_t) ngx_app_image_icc_u32(tag + 20) / 65536.0;
    }

    return (a / 2 + b > 0) ? pow(a / 2 + b, g) : -1;
}


static uint32_t
ngx_app_image_icc_u32(const u_char *p)
{
    return (uint32_t) p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}
