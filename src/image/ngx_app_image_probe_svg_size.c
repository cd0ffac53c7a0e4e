
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_part.h>
#include <image/ngx_app_image_probe_svg.h>


/* of what tells no size; libvips measures what is drawn */
#define NGX_APP_IMAGE_SVG_WIDTH     300
#define NGX_APP_IMAGE_SVG_HEIGHT    150

#define NGX_APP_IMAGE_SVG_DPI       72.0
#define NGX_APP_IMAGE_SVG_FONT      12.0

#define NGX_APP_IMAGE_SVG_EXPONENT  40


static ngx_int_t ngx_app_image_svg_length(ngx_app_image_svg_text_t *value,
    double *length);
static ngx_int_t ngx_app_image_svg_box(ngx_app_image_svg_size_t *size,
    ngx_app_image_svg_text_t *value);
static const u_char *ngx_app_image_svg_number(const u_char *p,
    const u_char *last, double *number);


const char *
ngx_app_image_svg_attr(ngx_app_image_svg_size_t *size,
    ngx_app_image_svg_text_t *name, ngx_app_image_svg_text_t *value)
{
    double     *length;
    ngx_int_t   rc;

    if (name->len == 5 && ngx_memcmp(name->data, "width", 5) == 0) {
        length = &size->width;

    } else if (name->len == 6 && ngx_memcmp(name->data, "height", 6) == 0) {
        length = &size->height;

    } else if (name->len == 7 && ngx_memcmp(name->data, "viewBox", 7) == 0) {
        length = NULL;

    } else {
        return NULL;
    }

    /* it may stand for any other */

    if (memchr(value->data, '&', value->len)) {
        return "size that is not plain";
    }

    rc = length ? ngx_app_image_svg_length(value, length)
                : ngx_app_image_svg_box(size, value);

    return (rc == NGX_OK) ? NULL : "no size";
}


const char *
ngx_app_image_svg_size(ngx_app_image_svg_size_t *size,
    ngx_app_image_info_t *info)
{
    double  width, height;

    width = size->width;
    height = size->height;

    if (width == 0 && height == 0) {
        width = size->box_width;
        height = size->box_height;

    } else if (width == 0) {
        width = size->box_height ? height * size->box_width / size->box_height
                                 : 0;

    } else if (height == 0) {
        height = size->box_width ? width * size->box_height / size->box_width
                                 : 0;
    }

    if (width == 0 || height == 0) {
        width = NGX_APP_IMAGE_SVG_WIDTH;
        height = NGX_APP_IMAGE_SVG_HEIGHT;
    }

    if (width > NGX_MAX_INT32_VALUE || height > NGX_MAX_INT32_VALUE) {
        return "size out of range";
    }

    /* what is rounded to zero is found by the caller */

    info->width = (uint32_t) (width + 0.5);
    info->height = (uint32_t) (height + 0.5);

    return NULL;
}


/*
 * A length in pixels.  What is no length, below zero, or a part of the page
 * is as if it were not there; NGX_DECLINED: it is zero.
 */

static ngx_int_t
ngx_app_image_svg_length(ngx_app_image_svg_text_t *value, double *length)
{
    double         number;
    ngx_uint_t     i;
    const u_char  *p, *last;

    static const struct {
        const char  *name;
        double       pixels;
    } units[] = {
        { "", 1 },
        { "px", 1 },
        { "in", NGX_APP_IMAGE_SVG_DPI },
        { "cm", NGX_APP_IMAGE_SVG_DPI / 2.54 },
        { "mm", NGX_APP_IMAGE_SVG_DPI / 25.4 },
        { "pt", NGX_APP_IMAGE_SVG_DPI / 72 },
        { "pc", NGX_APP_IMAGE_SVG_DPI / 6 },
        { "em", NGX_APP_IMAGE_SVG_FONT },
        { "ex", NGX_APP_IMAGE_SVG_FONT / 2 }
    };

    last = value->data + value->len;
    p = ngx_app_image_svg_number(value->data, last, &number);

    if (p == NULL || number < 0) {
        return NGX_OK;
    }

    while (last > p && ngx_app_image_svg_blank(last[-1])) {
        last--;
    }

    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {

        if ((size_t) (last - p) == ngx_strlen(units[i].name)
            && ngx_memcmp(p, units[i].name, last - p) == 0)
        {
            *length = number * units[i].pixels;

            return (number == 0) ? NGX_DECLINED : NGX_OK;
        }
    }

    return NGX_OK;
}


/* "x y width height" with blanks or commas; NGX_DECLINED: it is below zero */

static ngx_int_t
ngx_app_image_svg_box(ngx_app_image_svg_size_t *size,
    ngx_app_image_svg_text_t *value)
{
    double         numbers[4];
    ngx_uint_t     i;
    const u_char  *p, *last;

    p = value->data;
    last = value->data + value->len;

    for (i = 0; i < 4; i++) {
        p = ngx_app_image_svg_number(p, last, &numbers[i]);

        if (p == NULL) {
            return NGX_OK;
        }

        while (p < last && ngx_app_image_svg_blank(*p)) {
            p++;
        }

        if (i < 3 && p < last && *p == ',') {
            p++;
        }
    }

    if (p != last) {
        return NGX_OK;
    }

    if (numbers[2] < 0 || numbers[3] < 0) {
        return NGX_DECLINED;
    }

    if (numbers[2] > 0 && numbers[3] > 0) {
        size->box_width = numbers[2];
        size->box_height = numbers[3];
    }

    return NGX_OK;
}


/* NULL when there is no number; it is finite */

static const u_char *
ngx_app_image_svg_number(const u_char *p, const u_char *last, double *number)
{
    double         v, scale;
    ngx_int_t      exponent;
    ngx_uint_t     digits, minus, down;
    const u_char  *e;

    while (p < last && ngx_app_image_svg_blank(*p)) {
        p++;
    }

    minus = (p < last && *p == '-');

    if (p < last && (*p == '-' || *p == '+')) {
        p++;
    }

    v = 0;
    scale = 1;
    digits = 0;

    for ( /* void */ ; p < last && *p >= '0' && *p <= '9'; p++) {
        v = ngx_min(v * 10 + (*p - '0'), 1e30);
        digits++;
    }

    if (p < last && *p == '.') {

        for (p++; p < last && *p >= '0' && *p <= '9'; p++) {
            scale /= 10;
            v += (*p - '0') * scale;
            digits++;
        }
    }

    if (digits == 0) {
        return NULL;
    }

    /* "em" begins as an exponent does */

    e = p;

    if (e < last && (*e == 'e' || *e == 'E')) {
        e++;
        down = (e < last && *e == '-');

        if (e < last && (*e == '-' || *e == '+')) {
            e++;
        }

        exponent = 0;

        for (digits = 0; e < last && *e >= '0' && *e <= '9'; e++, digits++) {
            exponent = ngx_min(exponent * 10 + (*e - '0'),
                               NGX_APP_IMAGE_SVG_EXPONENT);
        }

        if (digits) {
            p = e;

            while (exponent--) {
                v = down ? v / 10 : v * 10;
            }
        }
    }

    *number = minus ? -v : v;

    return p;
}
