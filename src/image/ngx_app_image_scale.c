
/*
 * Copyright (C) the project authors
 */

/*
 * What is left to do when a JPEG has been read at an eighth: from there to the
 * size that is asked for.  libvips 8.14 does this a pixel at a time in one of
 * the two directions, within a pipeline that costs as much as the work.
 *
 * Rows are summed up, many pixels at a time; for the other direction the image
 * is turned, and turned back.  Weights are of 14 bits.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_scale.h>

#include <glib.h>
#include <math.h>

#if (defined(__SSE2__))
#define NGX_APP_IMAGE_SSE2  1
#include <emmintrin.h>
#endif


#define NGX_APP_IMAGE_LOBES  3
#define NGX_APP_IMAGE_BITS   14
#define NGX_APP_IMAGE_HALF   (1 << (NGX_APP_IMAGE_BITS - 1))
#define NGX_APP_IMAGE_STRIP  32   /* rows */

/* the pixels of a row or column that make a pixel */

typedef struct {
    int       first;
    int       n;
    int16_t  *weights;
} ngx_app_image_taps_t;


static u_char *ngx_app_image_room(ngx_app_image_pixels_t *pixels);
static ngx_app_image_taps_t *ngx_app_image_taps(int from, int to);
static void ngx_app_image_taps_of(ngx_app_image_taps_t *taps, int from,
    double centre, double factor, double *kernel);
static double ngx_app_image_lanczos(double x);
static int ngx_app_image_scale_rows(ngx_app_image_pixels_t *from,
    ngx_app_image_pixels_t *to);
static void ngx_app_image_scale_row(ngx_app_image_taps_t *taps, u_char *from,
    size_t stride, u_char *to);
static size_t ngx_app_image_scale_many(ngx_app_image_taps_t *taps,
    u_char *from, size_t stride, u_char *to);
#if (NGX_APP_IMAGE_SSE2)
static inline __m128i ngx_app_image_add(__m128i sum, __m128i pairs,
    __m128i weight);
#endif
static void ngx_app_image_turn(ngx_app_image_pixels_t *from,
    ngx_app_image_pixels_t *to);
static inline void ngx_app_image_turn_bands(ngx_app_image_pixels_t *from,
    ngx_app_image_pixels_t *to, int bands);


int
ngx_app_image_scale(ngx_app_image_pixels_t *from, ngx_app_image_pixels_t *to)
{
    int                     rc;
    ngx_app_image_pixels_t  low, turned, small;

    low = *from;
    low.height = to->height;

    turned = low;
    turned.width = low.height;
    turned.height = low.width;

    small = turned;
    small.height = to->width;

    low.data = ngx_app_image_room(&low);
    turned.data = ngx_app_image_room(&turned);
    small.data = ngx_app_image_room(&small);

    rc = -1;

    if (low.data && turned.data && small.data
        && ngx_app_image_scale_rows(from, &low) == 0)
    {
        ngx_app_image_turn(&low, &turned);
        rc = ngx_app_image_scale_rows(&turned, &small);
        ngx_app_image_turn(&small, to);
    }

    g_free(low.data);
    g_free(turned.data);
    g_free(small.data);

    return rc;
}


static u_char *
ngx_app_image_room(ngx_app_image_pixels_t *pixels)
{
    return g_try_malloc((size_t) pixels->width * pixels->height
                        * pixels->bands);
}


static int
ngx_app_image_scale_rows(ngx_app_image_pixels_t *from,
    ngx_app_image_pixels_t *to)
{
    int                    y;
    size_t                 stride;
    ngx_app_image_taps_t  *taps;

    stride = (size_t) from->width * from->bands;

    taps = ngx_app_image_taps(from->height, to->height);
    if (taps == NULL) {
        return -1;
    }

    for (y = 0; y < to->height; y++) {
        ngx_app_image_scale_row(&taps[y], from->data, stride,
                                to->data + y * stride);
    }

    g_free(taps);

    return 0;
}


/* one block: the taps, then all weights */

static ngx_app_image_taps_t *
ngx_app_image_taps(int from, int to)
{
    int                    i, most;
    double                 factor, *kernel;
    int16_t               *weights;
    ngx_app_image_taps_t  *taps;

    factor = (double) from / to;
    most = 2 * (int) ceil(NGX_APP_IMAGE_LOBES * factor) + 4;

    taps = g_try_malloc0(to * (sizeof(ngx_app_image_taps_t)
                               + most * sizeof(int16_t)));
    kernel = g_try_malloc(most * sizeof(double));

    if (taps == NULL || kernel == NULL) {
        g_free(kernel);
        g_free(taps);
        return NULL;
    }

    weights = (int16_t *) &taps[to];

    for (i = 0; i < to; i++) {
        taps[i].weights = weights;
        ngx_app_image_taps_of(&taps[i], from, (i + 0.5) * factor, factor,
                              kernel);
        weights += most;
    }

    g_free(kernel);

    return taps;
}


/* the largest weight takes what rounding leaves, so that together they are 1 */

static void
ngx_app_image_taps_of(ngx_app_image_taps_t *taps, int from, double centre,
    double factor, double *kernel)
{
    int     i, last, middle, left;
    double  sum, unit;

    taps->first = ngx_max(0, (int) ceil(centre - 0.5
                                        - NGX_APP_IMAGE_LOBES * factor));
    last = ngx_min(from - 1, (int) floor(centre - 0.5
                                         + NGX_APP_IMAGE_LOBES * factor));
    taps->n = last - taps->first + 1;

    sum = 0;

    for (i = 0; i < taps->n; i++) {
        kernel[i] = ngx_app_image_lanczos((taps->first + i + 0.5 - centre)
                                          / factor);
        sum += kernel[i];
    }

    unit = (1 << NGX_APP_IMAGE_BITS) / sum;
    left = 1 << NGX_APP_IMAGE_BITS;
    middle = 0;

    for (i = 0; i < taps->n; i++) {
        taps->weights[i] = lround(kernel[i] * unit);
        left -= taps->weights[i];

        if (taps->weights[i] > taps->weights[middle]) {
            middle = i;
        }
    }

    taps->weights[middle] += left;
}


static double
ngx_app_image_lanczos(double x)
{
    double  a;

    if (fabs(x) < 1e-9) {
        return 1;
    }

    if (fabs(x) >= NGX_APP_IMAGE_LOBES) {
        return 0;
    }

    a = M_PI * x;

    return NGX_APP_IMAGE_LOBES * sin(a) * sin(a / NGX_APP_IMAGE_LOBES)
           / (a * a);
}


static void
ngx_app_image_scale_row(ngx_app_image_taps_t *taps, u_char *from,
    size_t stride, u_char *to)
{
    int      i;
    size_t   n;
    int32_t  sum;

    from += taps->first * stride;

    for (n = ngx_app_image_scale_many(taps, from, stride, to); n < stride;
         n++)
    {
        sum = NGX_APP_IMAGE_HALF;

        for (i = 0; i < taps->n; i++) {
            sum += from[i * stride + n] * taps->weights[i];
        }

        sum >>= NGX_APP_IMAGE_BITS;
        to[n] = (sum < 0) ? 0 : (sum > 255) ? 255 : sum;
    }
}


#if (NGX_APP_IMAGE_SSE2)

/* sixteen bytes at a time, of two rows in one step; returns how many */

static size_t
ngx_app_image_scale_many(ngx_app_image_taps_t *taps, u_char *from,
    size_t stride, u_char *to)
{
    int       i;
    size_t    n;
    u_char   *p;
    __m128i   zero, a, b, low, high, weight, s0, s1, s2, s3;

    zero = _mm_setzero_si128();

    for (n = 0; n + 16 <= stride; n += 16) {
        s0 = s1 = s2 = s3 = _mm_set1_epi32(NGX_APP_IMAGE_HALF);
        p = from + n;

        for (i = 0; i < taps->n; i += 2) {
            a = _mm_loadu_si128((__m128i *) p);
            p += stride;

            /* behind the last one is a weight of 0 */
            b = (i + 1 < taps->n) ? _mm_loadu_si128((__m128i *) p) : zero;
            p += stride;

            weight = _mm_set1_epi32((uint16_t) taps->weights[i]
                                    | (uint32_t) taps->weights[i + 1] << 16);
            low = _mm_unpacklo_epi8(a, b);
            high = _mm_unpackhi_epi8(a, b);

            s0 = ngx_app_image_add(s0, _mm_unpacklo_epi8(low, zero),
                                   weight);
            s1 = ngx_app_image_add(s1, _mm_unpackhi_epi8(low, zero),
                                   weight);
            s2 = ngx_app_image_add(s2, _mm_unpacklo_epi8(high, zero),
                                   weight);
            s3 = ngx_app_image_add(s3, _mm_unpackhi_epi8(high, zero),
                                   weight);
        }

        low = _mm_packs_epi32(_mm_srai_epi32(s0, NGX_APP_IMAGE_BITS),
                              _mm_srai_epi32(s1, NGX_APP_IMAGE_BITS));
        high = _mm_packs_epi32(_mm_srai_epi32(s2, NGX_APP_IMAGE_BITS),
                               _mm_srai_epi32(s3, NGX_APP_IMAGE_BITS));
        _mm_storeu_si128((__m128i *) (to + n), _mm_packus_epi16(low, high));
    }

    return n;
}


static inline __m128i
ngx_app_image_add(__m128i sum, __m128i pairs, __m128i weight)
{
    return _mm_add_epi32(sum, _mm_madd_epi16(pairs, weight));
}

#else

static size_t
ngx_app_image_scale_many(ngx_app_image_taps_t *taps, u_char *from,
    size_t stride, u_char *to)
{
    return 0;
}

#endif


/* rows become columns; the compiler makes a copy for each number of bands */

static void
ngx_app_image_turn(ngx_app_image_pixels_t *from, ngx_app_image_pixels_t *to)
{
    switch (from->bands) {
    case 1:
        ngx_app_image_turn_bands(from, to, 1);
        break;
    case 3:
        ngx_app_image_turn_bands(from, to, 3);
        break;
    default:
        ngx_app_image_turn_bands(from, to, from->bands);
    }
}


/* a strip of rows at a time, so that what is written lies close together */

static inline void
ngx_app_image_turn_bands(ngx_app_image_pixels_t *from,
    ngx_app_image_pixels_t *to, int bands)
{
    int      x, y, band, top, bottom;
    u_char  *p, *q;

    for (top = 0; top < from->height; top = bottom) {
        bottom = ngx_min(top + NGX_APP_IMAGE_STRIP, from->height);

        for (x = 0; x < from->width; x++) {
            p = from->data + ((size_t) top * from->width + x) * bands;
            q = to->data + ((size_t) x * to->width + top) * bands;

            for (y = top; y < bottom; y++) {
                for (band = 0; band < bands; band++) {
                    q[band] = p[band];
                }

                p += (size_t) from->width * bands;
                q += bands;
            }
        }
    }
}
