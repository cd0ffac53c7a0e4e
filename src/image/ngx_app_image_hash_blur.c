
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <math.h>

#include <image/ngx_app_image_hash.h>


#define NGX_APP_IMAGE_BLUR_MAX    9
#define NGX_APP_IMAGE_BLUR_TERMS                                             \
    (NGX_APP_IMAGE_BLUR_MAX * NGX_APP_IMAGE_BLUR_MAX)


/* the red, green and blue of each term, side by side for the compiler */

typedef struct {
    double  sum[3][NGX_APP_IMAGE_BLUR_TERMS];
} ngx_app_image_blur_t;


static void ngx_app_image_blur_terms(ngx_app_image_blur_t *blur,
    const u_char *rgb, ngx_uint_t width, ngx_uint_t height, ngx_uint_t x,
    ngx_uint_t y);
static void ngx_app_image_blur_cosines(
    double (*cosines)[NGX_APP_IMAGE_HASH_SIDE], ngx_uint_t terms,
    ngx_uint_t len);
static double ngx_app_image_blur_linear(ngx_uint_t value);
static uint32_t ngx_app_image_blur_srgb(double value);
static uint32_t ngx_app_image_blur_level(double value, double max);
static u_char *ngx_app_image_blur_digits(u_char *p, uint32_t value,
    ngx_uint_t n);


/*
 * The sums are made in the order of the npm package, so that they are rounded
 * alike.  As there, the largest term is looked for with its sign.
 */

size_t
ngx_app_image_blurhash(u_char *dst, const u_char *rgb, ngx_uint_t width,
    ngx_uint_t height, ngx_uint_t x, ngx_uint_t y)
{
    double                 max;
    u_char                *p;
    uint32_t               level, color;
    ngx_uint_t             i, c, terms;
    ngx_app_image_blur_t   blur;

    terms = x * y;

    ngx_app_image_blur_terms(&blur, rgb, width, height, x, y);

    p = ngx_app_image_blur_digits(dst, (x - 1) + (y - 1) * 9, 1);

    max = -HUGE_VAL;

    for (i = 1; i < terms; i++) {
        for (c = 0; c < 3; c++) {
            max = ngx_max(max, blur.sum[c][i]);
        }
    }

    level = (uint32_t) ngx_max(0, ngx_min(82, floor(max * 166 - 0.5)));
    max = (terms > 1) ? (level + 1) / 166.0 : 1;

    p = ngx_app_image_blur_digits(p, level, 1);

    color = 0;

    for (c = 0; c < 3; c++) {
        color = color << 8 | ngx_app_image_blur_srgb(blur.sum[c][0]);
    }

    p = ngx_app_image_blur_digits(p, color, 4);

    for (i = 1; i < terms; i++) {
        color = 0;

        for (c = 0; c < 3; c++) {
            color = color * 19
                    + ngx_app_image_blur_level(blur.sum[c][i], max);
        }

        p = ngx_app_image_blur_digits(p, color, 2);
    }

    return p - dst;
}


static void
ngx_app_image_blur_terms(ngx_app_image_blur_t *blur, const u_char *rgb,
    ngx_uint_t width, ngx_uint_t height, ngx_uint_t x, ngx_uint_t y)
{
    double         linear[256], value[3], basis[NGX_APP_IMAGE_BLUR_TERMS];
    double         across[NGX_APP_IMAGE_BLUR_MAX][NGX_APP_IMAGE_HASH_SIDE];
    double         down[NGX_APP_IMAGE_BLUR_MAX][NGX_APP_IMAGE_HASH_SIDE];
    double         scale;
    ngx_uint_t     i, j, k, c, u, v, terms;
    const u_char  *p;

    for (i = 0; i < 256; i++) {
        linear[i] = ngx_app_image_blur_linear(i);
    }

    ngx_app_image_blur_cosines(across, x, width);
    ngx_app_image_blur_cosines(down, y, height);

    ngx_memzero(blur, sizeof(ngx_app_image_blur_t));

    terms = x * y;

    for (u = 0; u < width; u++) {
        for (v = 0; v < height; v++) {
            p = rgb + 3 * (v * width + u);

            for (k = 0, j = 0; j < y; j++) {
                for (i = 0; i < x; i++, k++) {
                    basis[k] = 2 * across[i][u] * down[j][v];
                }
            }

            basis[0] = 1;

            for (c = 0; c < 3; c++) {
                value[c] = linear[p[c]];

                for (k = 0; k < terms; k++) {
                    blur->sum[c][k] += basis[k] * value[c];
                }
            }
        }
    }

    scale = 1.0 / (width * height);

    for (c = 0; c < 3; c++) {
        for (k = 0; k < terms; k++) {
            blur->sum[c][k] *= scale;
        }
    }
}


static void
ngx_app_image_blur_cosines(double (*cosines)[NGX_APP_IMAGE_HASH_SIDE],
    ngx_uint_t terms, ngx_uint_t len)
{
    ngx_uint_t  i, n;

    for (i = 0; i < terms; i++) {
        for (n = 0; n < len; n++) {
            cosines[i][n] = cos(M_PI * (double) i * (double) n / (double) len);
        }
    }
}


static double
ngx_app_image_blur_linear(ngx_uint_t value)
{
    double  v;

    v = value / 255.0;

    return (v <= 0.04045) ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}


static uint32_t
ngx_app_image_blur_srgb(double value)
{
    double  v;

    v = ngx_max(0, ngx_min(1, value));

    v = (v <= 0.0031308) ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;

    return (uint32_t) (v * 255 + 0.5);
}


/* one of 19, with the root of the distance from the middle */

static uint32_t
ngx_app_image_blur_level(double value, double max)
{
    double  v;

    v = value / max;
    v = (v < 0) ? -sqrt(-v) : sqrt(v);

    return (uint32_t) ngx_max(0, ngx_min(18, floor(v * 9 + 9.5)));
}


static u_char *
ngx_app_image_blur_digits(u_char *p, uint32_t value, ngx_uint_t n)
{
    ngx_uint_t  i;

    static const u_char  digits[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        "#$%*+,-.:;=?@[]^_{|}~";

    for (i = n; i > 0; i--) {
        p[i - 1] = digits[value % 83];
        value /= 83;
    }

    return p + n;
}
