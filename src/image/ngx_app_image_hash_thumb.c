
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <math.h>

#include <image/ngx_app_image_hash.h>


#define NGX_APP_IMAGE_THUMB_SIDE   7

/* half of the square, with its diagonal */
#define NGX_APP_IMAGE_THUMB_TERMS  28

/* lightness, yellow to blue, red to green, opacity */
#define NGX_APP_IMAGE_THUMB_L      0
#define NGX_APP_IMAGE_THUMB_P      1
#define NGX_APP_IMAGE_THUMB_Q      2
#define NGX_APP_IMAGE_THUMB_A      3


typedef struct {
    ngx_uint_t   n;
    u_char       x[NGX_APP_IMAGE_THUMB_TERMS];
    u_char       y[NGX_APP_IMAGE_THUMB_TERMS];
    double       term[NGX_APP_IMAGE_THUMB_TERMS];
    double       scale;                /* the largest but the first */
} ngx_app_image_thumb_channel_t;


typedef struct {
    const u_char                   *rgba;
    ngx_uint_t                      width;
    ngx_uint_t                      height;

    double                          average[3];
    ngx_uint_t                      alpha;
    ngx_uint_t                      channels;

    ngx_app_image_thumb_channel_t   channel[4];
} ngx_app_image_thumb_t;


static void ngx_app_image_thumb_average(ngx_app_image_thumb_t *t);
static void ngx_app_image_thumb_layout(ngx_app_image_thumb_channel_t *ch,
    ngx_uint_t nx, ngx_uint_t ny);
static void ngx_app_image_thumb_terms(ngx_app_image_thumb_t *t);
static void ngx_app_image_thumb_pixel(ngx_app_image_thumb_t *t,
    const u_char *p, double *value);
static void ngx_app_image_thumb_scale(ngx_app_image_thumb_t *t);
static size_t ngx_app_image_thumb_write(ngx_app_image_thumb_t *t,
    u_char *dst, uint32_t sides);
static void ngx_app_image_thumb_cosines(
    double (*cosines)[NGX_APP_IMAGE_HASH_SIDE], ngx_uint_t len);
static uint32_t ngx_app_image_thumb_round(double v);


size_t
ngx_app_image_thumbhash(u_char *dst, const u_char *rgba, ngx_uint_t width,
    ngx_uint_t height)
{
    uint32_t                lx, ly;
    double                  limit, longer;
    ngx_app_image_thumb_t   t;

    t.rgba = rgba;
    t.width = width;
    t.height = height;

    ngx_app_image_thumb_average(&t);

    /* with opacity there is less room for lightness */

    limit = t.alpha ? 5 : 7;
    longer = (double) ngx_max(width, height);

    lx = ngx_app_image_thumb_round(limit * (double) width / longer);
    ly = ngx_app_image_thumb_round(limit * (double) height / longer);
    lx = ngx_max(1, lx);
    ly = ngx_max(1, ly);

    ngx_app_image_thumb_layout(&t.channel[NGX_APP_IMAGE_THUMB_L],
                               ngx_max(3, lx), ngx_max(3, ly));
    ngx_app_image_thumb_layout(&t.channel[NGX_APP_IMAGE_THUMB_P], 3, 3);
    ngx_app_image_thumb_layout(&t.channel[NGX_APP_IMAGE_THUMB_Q], 3, 3);
    ngx_app_image_thumb_layout(&t.channel[NGX_APP_IMAGE_THUMB_A], 5, 5);

    t.channels = t.alpha ? 4 : 3;

    ngx_app_image_thumb_terms(&t);
    ngx_app_image_thumb_scale(&t);

    return ngx_app_image_thumb_write(&t, dst,
                                     (width > height) ? ly | 1u << 15 : lx);
}


/* the mean colour of what is seen, and whether all of it is opaque */

static void
ngx_app_image_thumb_average(ngx_app_image_thumb_t *t)
{
    double         alpha, seen;
    ngx_uint_t     i, c, n;
    const u_char  *p;

    n = t->width * t->height;
    seen = 0;

    ngx_memzero(t->average, sizeof(t->average));

    for (i = 0, p = t->rgba; i < n; i++, p += 4) {
        alpha = p[3] / 255.0;
        seen += alpha;

        for (c = 0; c < 3; c++) {
            t->average[c] += alpha / 255 * p[c];
        }
    }

    for (c = 0; seen > 0 && c < 3; c++) {
        t->average[c] /= seen;
    }

    t->alpha = (seen < (double) n);
}


/* the terms of low frequencies, of nx by ny */

static void
ngx_app_image_thumb_layout(ngx_app_image_thumb_channel_t *ch, ngx_uint_t nx,
    ngx_uint_t ny)
{
    ngx_uint_t  x, y;

    ngx_memzero(ch, sizeof(ngx_app_image_thumb_channel_t));

    for (y = 0; y < ny; y++) {
        for (x = 0; x * ny < nx * (ny - y); x++) {
            ch->x[ch->n] = (u_char) x;
            ch->y[ch->n] = (u_char) y;
            ch->n++;
        }
    }
}


/* a discrete cosine transform; sums in the order of the npm package */

static void
ngx_app_image_thumb_terms(ngx_app_image_thumb_t *t)
{
    double                          value[4];
    double                          across[NGX_APP_IMAGE_THUMB_SIDE]
                                          [NGX_APP_IMAGE_HASH_SIDE];
    double                          down[NGX_APP_IMAGE_THUMB_SIDE]
                                        [NGX_APP_IMAGE_HASH_SIDE];
    ngx_uint_t                      x, y, c, i;
    ngx_app_image_thumb_channel_t  *ch;

    ngx_app_image_thumb_cosines(across, t->width);
    ngx_app_image_thumb_cosines(down, t->height);

    for (y = 0; y < t->height; y++) {
        for (x = 0; x < t->width; x++) {
            ngx_app_image_thumb_pixel(t, t->rgba + 4 * (y * t->width + x),
                                      value);

            for (c = 0; c < t->channels; c++) {
                ch = &t->channel[c];

                for (i = 0; i < ch->n; i++) {
                    ch->term[i] += value[c] * across[ch->x[i]][x]
                                   * down[ch->y[i]][y];
                }
            }
        }
    }

    for (c = 0; c < t->channels; c++) {
        ch = &t->channel[c];

        for (i = 0; i < ch->n; i++) {
            ch->term[i] /= (double) (t->width * t->height);
        }
    }
}


/* over the mean colour */

static void
ngx_app_image_thumb_pixel(ngx_app_image_thumb_t *t, const u_char *p,
    double *value)
{
    double      alpha, rgb[3];
    ngx_uint_t  c;

    alpha = p[3] / 255.0;

    for (c = 0; c < 3; c++) {
        rgb[c] = t->average[c] * (1 - alpha) + alpha / 255 * p[c];
    }

    value[NGX_APP_IMAGE_THUMB_L] = (rgb[0] + rgb[1] + rgb[2]) / 3;
    value[NGX_APP_IMAGE_THUMB_P] = (rgb[0] + rgb[1]) / 2 - rgb[2];
    value[NGX_APP_IMAGE_THUMB_Q] = rgb[0] - rgb[1];
    value[NGX_APP_IMAGE_THUMB_A] = alpha;
}


/* brings all terms but the first to 0 to 1 */

static void
ngx_app_image_thumb_scale(ngx_app_image_thumb_t *t)
{
    ngx_uint_t                      c, i;
    ngx_app_image_thumb_channel_t  *ch;

    for (c = 0; c < t->channels; c++) {
        ch = &t->channel[c];

        for (i = 1; i < ch->n; i++) {
            ch->scale = ngx_max(ch->scale, fabs(ch->term[i]));
        }

        for (i = 1; ch->scale > 0 && i < ch->n; i++) {
            ch->term[i] = 0.5 + 0.5 / ch->scale * ch->term[i];
        }
    }
}


static size_t
ngx_app_image_thumb_write(ngx_app_image_thumb_t *t, u_char *dst,
    uint32_t sides)
{
    u_char                         *p;
    uint32_t                        v, half;
    ngx_uint_t                      c, i;
    ngx_app_image_thumb_channel_t  *ch, *a;

    ch = t->channel;

    v = ngx_app_image_thumb_round(63 * ch[NGX_APP_IMAGE_THUMB_L].term[0]);
    v |= ngx_app_image_thumb_round(31.5
                       + 31.5 * ch[NGX_APP_IMAGE_THUMB_P].term[0]) << 6;
    v |= ngx_app_image_thumb_round(31.5
                       + 31.5 * ch[NGX_APP_IMAGE_THUMB_Q].term[0]) << 12;
    v |= ngx_app_image_thumb_round(31 * ch[NGX_APP_IMAGE_THUMB_L].scale)
         << 18;
    v |= (uint32_t) t->alpha << 23;

    p = dst;
    *p++ = (u_char) v;
    *p++ = (u_char) (v >> 8);
    *p++ = (u_char) (v >> 16);

    v = sides;
    v |= ngx_app_image_thumb_round(63 * ch[NGX_APP_IMAGE_THUMB_P].scale) << 3;
    v |= ngx_app_image_thumb_round(63 * ch[NGX_APP_IMAGE_THUMB_Q].scale) << 9;

    *p++ = (u_char) v;
    *p++ = (u_char) (v >> 8);

    if (t->alpha) {
        a = &ch[NGX_APP_IMAGE_THUMB_A];
        *p++ = (u_char) (ngx_app_image_thumb_round(15 * a->term[0])
                         | ngx_app_image_thumb_round(15 * a->scale) << 4);
    }

    /* the others in four bits each, the lower ones first */

    half = 0;

    for (c = 0; c < t->channels; c++) {
        for (i = 1; i < ch[c].n; i++) {
            v = ngx_app_image_thumb_round(15 * ch[c].term[i]);

            if (half) {
                p[-1] |= (u_char) (v << 4);

            } else {
                *p++ = (u_char) v;
            }

            half = !half;
        }
    }

    return p - dst;
}


static void
ngx_app_image_thumb_cosines(double (*cosines)[NGX_APP_IMAGE_HASH_SIDE],
    ngx_uint_t len)
{
    ngx_uint_t  i, n;

    for (i = 0; i < NGX_APP_IMAGE_THUMB_SIDE; i++) {
        for (n = 0; n < len; n++) {
            cosines[i][n] = cos(M_PI / (double) len * (double) i
                                * ((double) n + 0.5));
        }
    }
}


/* of what is not below zero: halves go up */

static uint32_t
ngx_app_image_thumb_round(double v)
{
    uint32_t  n;

    n = (uint32_t) v;

    return (v - n >= 0.5) ? n + 1 : n;
}
