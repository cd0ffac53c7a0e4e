
/*
 * Copyright (C) the project authors
 */

/*
 * AV1: sections 5.3 to 5.5 of https://aomediacodec.github.io/av1-spec/.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_bits.h>
#include <image/ngx_app_image_probe_heif.h>
#include <image/ngx_app_image_probe_part.h>


#define NGX_APP_IMAGE_AV1_SEQUENCE  1


static const char *ngx_app_image_av1_sequence(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data, const u_char *p, size_t len);
static ngx_uint_t ngx_app_image_av1_timing(ngx_app_image_bits_t *b);
static void ngx_app_image_av1_points(ngx_app_image_bits_t *b,
    ngx_uint_t delay);


const char *
ngx_app_image_heif_av1(ngx_app_image_heif_t *h,
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
            err = ngx_app_image_av1_sequence(h, data, p, size);

            if (err) {
                return err;
            }
        }

        p += size;
    }

    return NULL;
}


static const char *
ngx_app_image_av1_sequence(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data, const u_char *p, size_t len)
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
        return (data->cut && p + len == data->p + data->len)
               ? NULL : "bad header of the image data";
    }

    ngx_app_image_heif_coded(h, data->primary, width, height);

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
