
/*
 * Copyright (C) the project authors
 */

/*
 * HEVC: ITU-T H.265, section 7.3; its configuration: ISO/IEC 14496-15,
 * section 8.3.3.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_bits.h>
#include <image/ngx_app_image_probe_heif.h>
#include <image/ngx_app_image_probe_part.h>


#define NGX_APP_IMAGE_HEVC_SPS       33

/* bytes of the configuration before the arrays of parameter sets */
#define NGX_APP_IMAGE_HEVC_CONFIG    23

#define NGX_APP_IMAGE_HEVC_SUBLAYER  88


static const char *ngx_app_image_hevc_unit(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data, ngx_uint_t length);
static const char *ngx_app_image_hevc_sps(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data, const u_char *p, size_t len);
static void ngx_app_image_hevc_profile(ngx_app_image_bits_t *b,
    ngx_uint_t layers);


const char *
ngx_app_image_heif_hvcc(ngx_app_image_heif_t *h, ngx_uint_t primary,
    const ngx_app_image_box_t *hvcc)
{
    uint32_t                    arrays, n;
    ngx_uint_t                  length;
    const char                 *err;
    ngx_app_image_heif_data_t   data;

    if (hvcc->len < NGX_APP_IMAGE_HEVC_CONFIG) {
        return "box of a bad length";
    }

    /* less one: bytes of the length of a unit in the image data */

    length = (hvcc->data[21] & 0x03) + 1;

    if (h->hevc_length != 0 && h->hevc_length != length) {
        return "image data of two forms";
    }

    h->hevc_length = length;

    data.p = hvcc->data + NGX_APP_IMAGE_HEVC_CONFIG;
    data.len = hvcc->len - NGX_APP_IMAGE_HEVC_CONFIG;
    data.primary = primary;
    data.cut = 0;

    for (arrays = data.p[-1]; arrays; arrays--) {

        if (data.len < 3) {
            return "box of a bad length";
        }

        n = ngx_app_image_be16(data.p + 1);
        data.p += 3;
        data.len -= 3;

        while (n--) {
            err = ngx_app_image_hevc_unit(h, &data, 2);

            if (err) {
                return err;
            }
        }
    }

    return NULL;
}


const char *
ngx_app_image_heif_hevc(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data)
{
    const char  *err;

    if (h->hevc_length == 0) {
        return "no configuration of the image data";
    }

    while (data->len) {
        err = ngx_app_image_hevc_unit(h, data, h->hevc_length);

        if (err) {
            return err;
        }
    }

    return NULL;
}


/* a unit and the bytes of its length, which data is moved on by */

static const char *
ngx_app_image_hevc_unit(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data, ngx_uint_t length)
{
    size_t         size;
    ngx_uint_t     i;
    const u_char  *p;

    if (ngx_app_image_heif_spend(h) != NGX_OK) {
        return "too many headers of image data";
    }

    if (data->len < length) {
        data->len = 0;
        return data->cut ? NULL : "bad header of the image data";
    }

    size = 0;

    for (i = 0; i < length; i++) {
        size = size << 8 | data->p[i];
    }

    p = data->p + length;
    data->len -= length;

    if (size > data->len) {

        if (!data->cut) {
            return "bad header of the image data";
        }

        size = data->len;
    }

    data->p = p + size;
    data->len -= size;

    return ngx_app_image_hevc_sps(h, data, p, size);
}


/* a unit of whatever type */

static const char *
ngx_app_image_hevc_sps(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data, const u_char *p, size_t len)
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
        return (data->cut && data->len == 0)
               ? NULL : "bad header of the image data";
    }

    ngx_app_image_heif_coded(h, data->primary, width, height);

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
