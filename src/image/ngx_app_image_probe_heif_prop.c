
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_heif.h>
#include <image/ngx_app_image_probe_part.h>


static const char *ngx_app_image_heif_owners(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *ipma);
static const char *ngx_app_image_heif_owner(ngx_app_image_heif_t *h,
    uint32_t property, u_char item, ngx_uint_t primary);
static const char *ngx_app_image_heif_list(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *ipco);
static const char *ngx_app_image_heif_of_primary(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *property);
static const char *ngx_app_image_heif_of_other(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *property);
static const char *ngx_app_image_heif_av1c(ngx_app_image_heif_t *h,
    ngx_uint_t primary, const ngx_app_image_box_t *av1c);
static void ngx_app_image_heif_pixi(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *pixi);
static ngx_uint_t ngx_app_image_heif_alpha(const ngx_app_image_box_t *auxc);


const char *
ngx_app_image_heif_properties(ngx_app_image_heif_t *h)
{
    ngx_int_t              rc;
    const char            *err;
    ngx_app_image_box_t    box, ipco;
    ngx_app_image_boxes_t  boxes;

    ipco.data = NULL;

    ngx_app_image_boxes_init(&boxes, h->iprp.data, h->iprp.len, &h->budget);

    for ( ;; ) {
        rc = ngx_app_image_box_next(&boxes, &box);

        if (rc == NGX_DONE) {
            break;
        }

        if (rc != NGX_OK) {
            return ngx_app_image_box_fault(rc);
        }

        if (box.cut) {
            return "box of a bad length";
        }

        if (box.name == ngx_app_image_name('i', 'p', 'c', 'o')) {

            if (ipco.data) {
                return "box that is there twice";
            }

            ipco = box;

        } else if (box.name == ngx_app_image_name('i', 'p', 'm', 'a')) {
            err = ngx_app_image_heif_owners(h, &box);

            if (err) {
                return err;
            }
        }
    }

    return (ipco.data == NULL) ? "no size"
                               : ngx_app_image_heif_list(h, &ipco);
}


/* marks the properties of the items that are decoded */

static const char *
ngx_app_image_heif_owners(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *ipma)
{
    uint32_t       item, count, n, i, property;
    ngx_uint_t     wide, item_size;
    const char    *err;
    const u_char  *p, *last;

    if (ipma->len < 8) {
        return "box of a bad length";
    }

    p = ipma->data;
    last = p + ipma->len;

    item_size = p[0] ? 4 : 2;
    wide = p[3] & 0x01;
    count = ngx_app_image_be32(p + 4);
    p += 8;

    for (n = 0; n < count; n++) {

        if (ngx_app_image_heif_spend(h) != NGX_OK) {
            return "too many properties";
        }

        if ((size_t) (last - p) < item_size + 1) {
            return "box of a bad length";
        }

        item = (item_size == 4) ? ngx_app_image_be32(p)
                                : ngx_app_image_be16(p);
        p += item_size;
        i = *p++;

        if ((size_t) (last - p) < i * (wide + 1)) {
            return "box of a bad length";
        }

        if (item >= NGX_APP_IMAGE_HEIF_ITEMS) {
            return "item of too large a number";
        }

        while (i--) {

            /* the first bit says that it may not be left out */

            property = wide ? ngx_app_image_be16(p) & 0x7fff : *p & 0x7f;
            p += wide + 1;

            err = ngx_app_image_heif_owner(h, property, h->items[item],
                                           item == h->primary);
            if (err) {
                return err;
            }
        }
    }

    return NULL;
}


static const char *
ngx_app_image_heif_owner(ngx_app_image_heif_t *h, uint32_t property,
    u_char item, ngx_uint_t primary)
{
    if (property >= NGX_APP_IMAGE_HEIF_PROPERTIES) {
        return "property of too large a number";
    }

    if (primary) {
        h->properties[property] |= NGX_APP_IMAGE_HEIF_OF_PRIMARY;

    } else if (item & (NGX_APP_IMAGE_HEIF_IMAGE|NGX_APP_IMAGE_HEIF_PART)) {
        h->properties[property] |= NGX_APP_IMAGE_HEIF_OF_OTHER;
    }

    return NULL;
}


static const char *
ngx_app_image_heif_list(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *ipco)
{
    ngx_int_t              rc;
    ngx_uint_t             n;
    const char            *err;
    ngx_app_image_box_t    box;
    ngx_app_image_boxes_t  boxes;

    ngx_app_image_boxes_init(&boxes, ipco->data, ipco->len, &h->budget);

    /* they are numbered from 1 */

    for (n = 1; n < NGX_APP_IMAGE_HEIF_PROPERTIES; n++) {
        rc = ngx_app_image_box_next(&boxes, &box);

        if (rc == NGX_DONE) {
            break;
        }

        if (rc != NGX_OK) {
            return ngx_app_image_box_fault(rc);
        }

        if (box.cut) {
            return "box of a bad length";
        }

        if (h->properties[n] & NGX_APP_IMAGE_HEIF_OF_PRIMARY) {
            err = ngx_app_image_heif_of_primary(h, &box);

            if (err) {
                return err;
            }
        }

        if (h->properties[n] & NGX_APP_IMAGE_HEIF_OF_OTHER) {
            err = ngx_app_image_heif_of_other(h, &box);

            if (err) {
                return err;
            }
        }
    }

    if (h->width == 0 || h->height == 0) {
        return "no size";
    }

    return NULL;
}


static const char *
ngx_app_image_heif_of_primary(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *property)
{
    uint32_t       name;
    const u_char  *p;

    p = property->data;

    switch (property->name) {

    case ngx_app_image_name('i', 's', 'p', 'e'):

        if (property->len < 12) {
            return "box of a bad length";
        }

        h->width = ngx_max(h->width, ngx_app_image_be32(p + 4));
        h->height = ngx_max(h->height, ngx_app_image_be32(p + 8));
        return NULL;

    case ngx_app_image_name('i', 'r', 'o', 't'):

        if (property->len < 1) {
            return "box of a bad length";
        }

        h->turned ^= p[0] & 0x01;
        return NULL;

    case ngx_app_image_name('c', 'o', 'l', 'r'):

        if (property->len < 4) {
            return "box of a bad length";
        }

        name = ngx_app_image_be32(p);

        if (name == ngx_app_image_name('p', 'r', 'o', 'f')
            || name == ngx_app_image_name('r', 'I', 'C', 'C'))
        {
            h->info->icc = 1;
        }

        return NULL;

    case ngx_app_image_name('p', 'i', 'x', 'i'):

        ngx_app_image_heif_pixi(h, property);
        return NULL;

    case ngx_app_image_name('a', 'v', '1', 'C'):

        return ngx_app_image_heif_av1c(h, 1, property);

    case ngx_app_image_name('h', 'v', 'c', 'C'):

        return ngx_app_image_heif_hvcc(h, 1, property);

    default:

        return NULL;
    }
}


static const char *
ngx_app_image_heif_of_other(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *property)
{
    const u_char  *p;

    p = property->data;

    switch (property->name) {

    case ngx_app_image_name('i', 's', 'p', 'e'):

        if (property->len < 12) {
            return "box of a bad length";
        }

        h->other_width = ngx_max(h->other_width, ngx_app_image_be32(p + 4));
        h->other_height = ngx_max(h->other_height, ngx_app_image_be32(p + 8));
        return NULL;

    case ngx_app_image_name('a', 'u', 'x', 'C'):

        if (ngx_app_image_heif_alpha(property)) {
            h->info->alpha = 1;
        }

        return NULL;

    case ngx_app_image_name('a', 'v', '1', 'C'):

        return ngx_app_image_heif_av1c(h, 0, property);

    case ngx_app_image_name('h', 'v', 'c', 'C'):

        return ngx_app_image_heif_hvcc(h, 0, property);

    default:

        return NULL;
    }
}


/* headers that the decoder gets before the image data */

static const char *
ngx_app_image_heif_av1c(ngx_app_image_heif_t *h, ngx_uint_t primary,
    const ngx_app_image_box_t *av1c)
{
    ngx_app_image_heif_data_t  data;

    if (av1c->len < 4) {
        return "box of a bad length";
    }

    data.p = av1c->data + 4;
    data.len = av1c->len - 4;
    data.primary = primary;
    data.cut = 0;

    return ngx_app_image_heif_av1(h, &data);
}


void
ngx_app_image_heif_coded(ngx_app_image_heif_t *h, ngx_uint_t primary,
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


/* bits of each channel */

static void
ngx_app_image_heif_pixi(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *pixi)
{
    size_t  i, channels;

    if (pixi->len < 5) {
        return;
    }

    channels = ngx_min(pixi->data[4], pixi->len - 5);

    for (i = 0; i < channels; i++) {
        h->info->bits = ngx_max(h->info->bits, pixi->data[5 + i]);
    }
}


/* the name of an auxiliary image's kind, after version and flags */

static ngx_uint_t
ngx_app_image_heif_alpha(const ngx_app_image_box_t *auxc)
{
    ngx_uint_t  i;

    static const ngx_str_t  names[] = {
        ngx_string("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"),
        ngx_string("urn:mpeg:hevc:2015:auxid:1")
    };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {

        if (auxc->len > 4 + names[i].len
            && ngx_memcmp(auxc->data + 4, names[i].data, names[i].len) == 0
            && auxc->data[4 + names[i].len] == '\0')
        {
            return 1;
        }
    }

    return 0;
}
