
/*
 * Copyright (C) the project authors
 */

/*
 * Sizes that coded images have by their own headers: of AV1, sections 5.3 and
 * 5.5 of https://aomediacodec.github.io/av1-spec/; of HEVC, ITU-T H.265,
 * sections 7.3.1 and 7.3.2.2.  A decoder takes these, whatever the file says.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_heif.h>
#include <image/ngx_app_image_probe_part.h>


#define NGX_APP_IMAGE_AV1_SEQUENCE   1

#define NGX_APP_IMAGE_HEVC_SPS       33

/* bytes of the configuration before the arrays of parameter sets */
#define NGX_APP_IMAGE_HEVC_CONFIG    23

#define NGX_APP_IMAGE_HEVC_SUBLAYER  88


/* bits, most significant first */

typedef struct {
    const u_char  *p;
    const u_char  *last;
    ngx_uint_t     bit;                /* that are used up of *p */
    ngx_uint_t     zeros;              /* bytes before p; see below */
    ngx_uint_t     escaped;
    ngx_uint_t     failed;
} ngx_app_image_bits_t;


static const char *ngx_app_image_av1_units(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data);
static const char *ngx_app_image_av1_sequence(ngx_app_image_heif_t *h,
    ngx_uint_t primary, const u_char *p, size_t len);
static ngx_uint_t ngx_app_image_av1_timing(ngx_app_image_bits_t *b);
static void ngx_app_image_av1_points(ngx_app_image_bits_t *b,
    ngx_uint_t delay);
static const char *ngx_app_image_hevc_units(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data);
static const char *ngx_app_image_hevc_sps(ngx_app_image_heif_t *h,
    ngx_uint_t primary, const u_char *p, size_t len);
static void ngx_app_image_hevc_profile(ngx_app_image_bits_t *b,
    ngx_uint_t layers);
static void ngx_app_image_heif_coded_size(ngx_app_image_heif_t *h,
    ngx_uint_t primary, uint64_t width, uint64_t height);
static void ngx_app_image_bits_init(ngx_app_image_bits_t *b, const u_char *p,
    size_t len, ngx_uint_t escaped);
static uint32_t ngx_app_image_bits_get(ngx_app_image_bits_t *b,
    ngx_uint_t n);
static void ngx_app_image_bits_skip(ngx_app_image_bits_t *b, ngx_uint_t n);
static uint32_t ngx_app_image_bits_exp(ngx_app_image_bits_t *b);


const char *
ngx_app_image_heif_config(ngx_app_image_heif_t *h, ngx_uint_t primary,
    const ngx_app_image_box_t *config)
{
    size_t                      size;
    uint32_t                    arrays, n;
    const char                 *err;
    const u_char               *p, *last;
    ngx_app_image_heif_data_t   data;

    data.primary = primary;
    data.cut = 0;

    if (config->name == ngx_app_image_name('a', 'v', '1', 'C')) {

        if (config->len < 4) {
            return "box of a bad length";
        }

        data.p = config->data + 4;
        data.len = config->len - 4;

        return ngx_app_image_av1_units(h, &data);
    }

    if (config->len < NGX_APP_IMAGE_HEVC_CONFIG) {
        return "box of a bad length";
    }

    p = config->data + NGX_APP_IMAGE_HEVC_CONFIG;
    last = config->data + config->len;
    n = 0;

    for (arrays = p[-1]; arrays || n; /* void */ ) {

        if (ngx_app_image_heif_spend(h) != NGX_OK) {
            return "too many headers of image data";
        }

        if (n == 0) {
            arrays--;

            if (last - p < 3) {
                return "box of a bad length";
            }

            n = ngx_app_image_be16(p + 1);
            p += 3;
            continue;
        }

        n--;

        if (last - p < 2) {
            return "box of a bad length";
        }

        size = ngx_app_image_be16(p);
        p += 2;

        if (size > (size_t) (last - p)) {
            return "box of a bad length";
        }

        err = ngx_app_image_hevc_sps(h, primary, p, size);
        if (err) {
            return err;
        }

        p += size;
    }

    /* less one: bytes of the length of a unit in the image data */

    size = (config->data[21] & 0x03) + 1;

    if (h->hevc_length != 0 && h->hevc_length != size) {
        return "image data of two forms";
    }

    h->hevc_length = size;

    return NULL;
}


const char *
ngx_app_image_heif_coded(ngx_app_image_heif_t *h, ngx_uint_t kind,
    ngx_app_image_heif_data_t *data)
{
    return (kind == NGX_APP_IMAGE_HEIF_AV1)
           ? ngx_app_image_av1_units(h, data)
           : ngx_app_image_hevc_units(h, data);
}


static const char *
ngx_app_image_av1_units(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data)
{
    u_char         head;
    uint64_t       size;
    ngx_uint_t     shift;
    const char    *err;
    const u_char  *p, *last;

    p = data->p;
    last = data->p + data->len;

    while (p < last) {

        if (ngx_app_image_heif_spend(h) != NGX_OK) {
            return "too many headers of image data";
        }

        head = *p++;

        /* an extension of a byte, and a length of seven bits in each */

        if ((head & 0x04) && p < last) {
            p++;
        }

        size = last - p;

        if (head & 0x02) {
            size = 0;
            shift = 0;

            do {
                if (p == last || shift > 49) {
                    return data->cut ? NULL : "bad header of the image data";
                }

                size |= (uint64_t) (*p & 0x7f) << shift;
                shift += 7;

            } while (*p++ & 0x80);
        }

        if (size > (size_t) (last - p)) {

            if (!data->cut) {
                return "bad header of the image data";
            }

            size = last - p;
        }

        if ((head >> 3 & 0x0f) == NGX_APP_IMAGE_AV1_SEQUENCE) {
            err = ngx_app_image_av1_sequence(h, data->primary, p, size);

            if (err) {
                return err;
            }
        }

        p += size;
    }

    return NULL;
}


static const char *
ngx_app_image_av1_sequence(ngx_app_image_heif_t *h, ngx_uint_t primary,
    const u_char *p, size_t len)
{
    uint64_t               width, height;
    ngx_uint_t             delay, width_bits, height_bits;
    ngx_app_image_bits_t   b;

    ngx_app_image_bits_init(&b, p, len, 0);

    /* profile, a still picture */

    ngx_app_image_bits_skip(&b, 3 + 1);

    if (ngx_app_image_bits_get(&b, 1)) {

        /* a short header, with a level only */

        ngx_app_image_bits_skip(&b, 5);

    } else {
        delay = ngx_app_image_av1_timing(&b);
        ngx_app_image_av1_points(&b, delay);
    }

    width_bits = ngx_app_image_bits_get(&b, 4) + 1;
    height_bits = ngx_app_image_bits_get(&b, 4) + 1;
    width = (uint64_t) ngx_app_image_bits_get(&b, width_bits) + 1;
    height = (uint64_t) ngx_app_image_bits_get(&b, height_bits) + 1;

    if (b.failed) {
        return "bad header of the image data";
    }

    ngx_app_image_heif_coded_size(h, primary, width, height);

    return NULL;
}


/* the bits of a delay in the operating points, 0 when they have none */

static ngx_uint_t
ngx_app_image_av1_timing(ngx_app_image_bits_t *b)
{
    ngx_uint_t  delay;

    if (!ngx_app_image_bits_get(b, 1)) {
        return 0;
    }

    /* units in a tick, ticks in a second, whether a picture's are equal */

    ngx_app_image_bits_skip(b, 32 + 32);

    if (ngx_app_image_bits_get(b, 1)) {
        (void) ngx_app_image_bits_exp(b);
    }

    if (!ngx_app_image_bits_get(b, 1)) {
        return 0;
    }

    delay = ngx_app_image_bits_get(b, 5) + 1;
    ngx_app_image_bits_skip(b, 32 + 5 + 5);

    return delay;
}


static void
ngx_app_image_av1_points(ngx_app_image_bits_t *b, ngx_uint_t delay)
{
    ngx_uint_t  display, n;

    display = ngx_app_image_bits_get(b, 1);

    for (n = ngx_app_image_bits_get(b, 5) + 1; n; n--) {
        ngx_app_image_bits_skip(b, 12);

        /* levels above 7 have a tier */

        if (ngx_app_image_bits_get(b, 5) > 7) {
            ngx_app_image_bits_skip(b, 1);
        }

        if (delay && ngx_app_image_bits_get(b, 1)) {
            ngx_app_image_bits_skip(b, delay + delay + 1);
        }

        if (display && ngx_app_image_bits_get(b, 1)) {
            ngx_app_image_bits_skip(b, 4);
        }
    }
}


static const char *
ngx_app_image_hevc_units(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data)
{
    size_t         size;
    ngx_uint_t     i;
    const char    *err;
    const u_char  *p, *last;

    p = data->p;
    last = data->p + data->len;

    if (h->hevc_length == 0) {
        return "no configuration of the image data";
    }

    while (p < last) {

        if (ngx_app_image_heif_spend(h) != NGX_OK) {
            return "too many headers of image data";
        }

        size = 0;

        for (i = 0; i < h->hevc_length; i++) {

            if (p == last) {
                return data->cut ? NULL : "bad header of the image data";
            }

            size = size << 8 | *p++;
        }

        if (size > (size_t) (last - p)) {

            if (!data->cut) {
                return "bad header of the image data";
            }

            size = last - p;
        }

        err = ngx_app_image_hevc_sps(h, data->primary, p, size);
        if (err) {
            return err;
        }

        p += size;
    }

    return NULL;
}


/* a unit of whatever type */

static const char *
ngx_app_image_hevc_sps(ngx_app_image_heif_t *h, ngx_uint_t primary,
    const u_char *p, size_t len)
{
    uint32_t               width, height;
    ngx_uint_t             layers;
    ngx_app_image_bits_t   b;

    if (len < 2 || (p[0] >> 1 & 0x3f) != NGX_APP_IMAGE_HEVC_SPS) {
        return NULL;
    }

    ngx_app_image_bits_init(&b, p + 2, len - 2, 1);

    /* number of the set that is above, sublayers, their nesting */

    ngx_app_image_bits_skip(&b, 4);
    layers = ngx_app_image_bits_get(&b, 3);
    ngx_app_image_bits_skip(&b, 1);

    ngx_app_image_hevc_profile(&b, layers);

    /* number of the set; the format of colours, of which 3 has a bit more */

    (void) ngx_app_image_bits_exp(&b);

    if (ngx_app_image_bits_exp(&b) == 3) {
        ngx_app_image_bits_skip(&b, 1);
    }

    width = ngx_app_image_bits_exp(&b);
    height = ngx_app_image_bits_exp(&b);

    if (b.failed) {
        return "bad header of the image data";
    }

    ngx_app_image_heif_coded_size(h, primary, width, height);

    return NULL;
}


static void
ngx_app_image_hevc_profile(ngx_app_image_bits_t *b, ngx_uint_t layers)
{
    ngx_uint_t  i, n, profile, level;

    ngx_app_image_bits_skip(b, NGX_APP_IMAGE_HEVC_SUBLAYER + 8);

    /* two bits for each of 8 layers when there are any */

    if (layers == 0) {
        return;
    }

    n = 0;

    for (i = 0; i < 8; i++) {
        profile = ngx_app_image_bits_get(b, 1);
        level = ngx_app_image_bits_get(b, 1);

        if (i < layers) {
            n += profile ? NGX_APP_IMAGE_HEVC_SUBLAYER : 0;
            n += level ? 8 : 0;
        }
    }

    ngx_app_image_bits_skip(b, n);
}


static void
ngx_app_image_heif_coded_size(ngx_app_image_heif_t *h, ngx_uint_t primary,
    uint64_t width, uint64_t height)
{
    if (primary) {
        h->coded_width = ngx_max(h->coded_width, width);
        h->coded_height = ngx_max(h->coded_height, height);

    } else {
        h->other_width = ngx_max(h->other_width, width);
        h->other_height = ngx_max(h->other_height, height);
    }
}


static void
ngx_app_image_bits_init(ngx_app_image_bits_t *b, const u_char *p, size_t len,
    ngx_uint_t escaped)
{
    b->p = p;
    b->last = p + len;
    b->bit = 0;
    b->zeros = 0;
    b->escaped = escaped;
    b->failed = 0;
}


/* up to 32 bits; 0 when they are not there, which is found at the end */

static uint32_t
ngx_app_image_bits_get(ngx_app_image_bits_t *b, ngx_uint_t n)
{
    uint32_t  v;

    v = 0;

    while (n--) {

        /* in HEVC a 3 that is put in after two zeros is no data */

        if (b->escaped && b->bit == 0 && b->zeros >= 2 && b->p < b->last
            && *b->p == 3)
        {
            b->p++;
            b->zeros = 0;
        }

        if (b->p == b->last) {
            b->failed = 1;
            return 0;
        }

        v = v << 1 | (*b->p >> (7 - b->bit) & 1);

        if (++b->bit == 8) {
            b->bit = 0;
            b->zeros = (*b->p == 0) ? b->zeros + 1 : 0;
            b->p++;
        }
    }

    return v;
}


static void
ngx_app_image_bits_skip(ngx_app_image_bits_t *b, ngx_uint_t n)
{
    for ( /* void */ ; n > 32; n -= 32) {
        (void) ngx_app_image_bits_get(b, 32);
    }

    (void) ngx_app_image_bits_get(b, n);
}


/* a number of the variable length that both have (Exp-Golomb) */

static uint32_t
ngx_app_image_bits_exp(ngx_app_image_bits_t *b)
{
    ngx_uint_t  zeros;

    for (zeros = 0; !b->failed && !ngx_app_image_bits_get(b, 1); zeros++) {

        if (zeros == 31) {
            b->failed = 1;
            break;
        }
    }

    if (b->failed) {
        return 0;
    }

    return (1u << zeros) - 1 + ngx_app_image_bits_get(b, zeros);
}
