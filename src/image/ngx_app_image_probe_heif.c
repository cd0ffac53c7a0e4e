
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_heif.h>
#include <image/ngx_app_image_probe_part.h>


#define NGX_APP_IMAGE_HEIF_BRANDS  16


static const char *ngx_app_image_heif_file(ngx_app_image_heif_t *h,
    ngx_app_image_box_t *meta, ngx_app_image_box_t *moov);
static const char *ngx_app_image_heif_meta(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *meta);
static const char *ngx_app_image_heif_image(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *meta);
static const char *ngx_app_image_heif_size(ngx_app_image_heif_t *h);
static ngx_app_image_type_e ngx_app_image_heif_brand(uint32_t brand);


ngx_app_image_type_e
ngx_app_image_type_heif(const u_char *data, size_t len)
{
    uint32_t              brand, size;
    ngx_uint_t            i;
    ngx_app_image_type_e  type;

    if (len < NGX_APP_IMAGE_HEIF_BRANDS
        || ngx_app_image_be32(data + 4)
           != ngx_app_image_name('f', 't', 'y', 'p'))
    {
        return NGX_APP_IMAGE_NONE;
    }

    brand = ngx_app_image_be32(data + 8);
    type = ngx_app_image_heif_brand(brand);

    if (type != NGX_APP_IMAGE_NONE) {
        return type;
    }

    if (brand != ngx_app_image_name('m', 'i', 'f', '1')
        && brand != ngx_app_image_name('m', 's', 'f', '1'))
    {
        return NGX_APP_IMAGE_NONE;
    }

    /* a name of the family: others that it goes by may tell more */

    size = ngx_app_image_be32(data);
    len = ngx_min(len, size);

    for (i = NGX_APP_IMAGE_HEIF_BRANDS; i + 4 <= len; i += 4) {
        type = ngx_app_image_heif_brand(ngx_app_image_be32(data + i));

        if (type != NGX_APP_IMAGE_NONE) {
            return type;
        }
    }

    return NGX_APP_IMAGE_HEIC;
}


const char *
ngx_app_image_probe_heif(const u_char *data, size_t len,
    ngx_app_image_info_t *info)
{
    const char            *err;
    ngx_app_image_box_t    meta, moov;
    ngx_app_image_heif_t   h;

    ngx_memzero(&h, sizeof(ngx_app_image_heif_t));

    h.info = info;
    h.file = data;
    h.len = len;
    h.budget = NGX_APP_IMAGE_HEIF_BUDGET;

    info->whole = 1;
    info->bits = 8;

    err = ngx_app_image_heif_file(&h, &meta, &moov);
    if (err) {
        return err;
    }

    if (meta.data) {
        err = ngx_app_image_heif_image(&h, &meta);
        if (err) {
            return err;
        }
    }

    if (moov.data) {
        err = ngx_app_image_heif_tracks(&h, &moov);
        if (err) {
            return err;
        }
    }

    return (meta.data || moov.data) ? NULL : "no image in it";
}


static const char *
ngx_app_image_heif_file(ngx_app_image_heif_t *h, ngx_app_image_box_t *meta,
    ngx_app_image_box_t *moov)
{
    ngx_int_t              rc;
    ngx_app_image_box_t    box, *to;
    ngx_app_image_boxes_t  boxes;

    ngx_memzero(meta, sizeof(ngx_app_image_box_t));
    ngx_memzero(moov, sizeof(ngx_app_image_box_t));

    ngx_app_image_boxes_init(&boxes, h->file, h->len, &h->budget);

    for ( ;; ) {
        rc = ngx_app_image_box_next(&boxes, &box);

        if (rc == NGX_DONE) {
            return NULL;
        }

        /* what is cut in the head of a box is cut after the box before it */

        if (rc == NGX_DECLINED && (meta->data || moov->data)) {
            return NULL;
        }

        if (rc != NGX_OK) {
            return ngx_app_image_box_fault(rc);
        }

        if (box.name == ngx_app_image_name('m', 'e', 't', 'a')) {
            to = meta;

        } else if (box.name == ngx_app_image_name('m', 'o', 'o', 'v')) {
            to = moov;

        } else {
            continue;
        }

        if (box.cut) {

            /* its still image is all there */

            return (to == moov && meta->data) ? NULL : "cut in its header";
        }

        if (to->data) {
            return "box that is there twice";
        }

        *to = box;
    }
}


static const char *
ngx_app_image_heif_image(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *meta)
{
    const char  *err;

    err = ngx_app_image_heif_meta(h, meta);
    if (err) {
        return err;
    }

    err = ngx_app_image_heif_items(h);
    if (err) {
        return err;
    }

    err = ngx_app_image_heif_references(h);
    if (err) {
        return err;
    }

    err = ngx_app_image_heif_properties(h);
    if (err) {
        return err;
    }

    err = ngx_app_image_heif_locations(h);
    if (err) {
        return err;
    }

    return ngx_app_image_heif_size(h);
}


/* finds the boxes of the meta box */

static const char *
ngx_app_image_heif_meta(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *meta)
{
    ngx_int_t              rc;
    ngx_app_image_box_t    box, *to;
    ngx_app_image_boxes_t  boxes;

    if (meta->len < 4) {
        return "box of a bad length";
    }

    ngx_app_image_boxes_init(&boxes, meta->data + 4, meta->len - 4,
                             &h->budget);

    for ( ;; ) {
        rc = ngx_app_image_box_next(&boxes, &box);

        if (rc == NGX_DONE) {
            return NULL;
        }

        if (rc != NGX_OK) {
            return ngx_app_image_box_fault(rc);
        }

        if (box.cut) {
            return "box of a bad length";
        }

        switch (box.name) {

        case ngx_app_image_name('p', 'i', 't', 'm'):
            to = &h->pitm;
            break;

        case ngx_app_image_name('i', 'i', 'n', 'f'):
            to = &h->iinf;
            break;

        case ngx_app_image_name('i', 'r', 'e', 'f'):
            to = &h->iref;
            break;

        case ngx_app_image_name('i', 'p', 'r', 'p'):
            to = &h->iprp;
            break;

        case ngx_app_image_name('i', 'l', 'o', 'c'):
            to = &h->iloc;
            break;

        case ngx_app_image_name('i', 'd', 'a', 't'):
            to = &h->idat;
            break;

        default:
            continue;
        }

        if (to->data) {
            return "box that is there twice";
        }

        *to = box;
    }
}


/* what is not the primary item may not cost more than it */

static const char *
ngx_app_image_heif_size(ngx_app_image_heif_t *h)
{
    uint64_t               area, parts;
    ngx_app_image_info_t  *info;

    info = h->info;

    if (h->coded_width > (uint64_t) h->width + NGX_APP_IMAGE_HEIF_BLOCK
        || h->coded_height > (uint64_t) h->height + NGX_APP_IMAGE_HEIF_BLOCK)
    {
        return "image larger than it says";
    }

    if (h->other_width > NGX_APP_IMAGE_HEIF_BLOCK
                         + ngx_max(h->width, NGX_APP_IMAGE_HEIF_TILE)
        || h->other_height > NGX_APP_IMAGE_HEIF_BLOCK
                             + ngx_max(h->height, NGX_APP_IMAGE_HEIF_TILE))
    {
        return "part larger than the image";
    }

    area = (uint64_t) NGX_APP_IMAGE_HEIF_TILE * NGX_APP_IMAGE_HEIF_TILE
           + (uint64_t) h->width * h->height;

    parts = h->other_width * h->other_height;

    /* tiles of the image and its alpha, each row and column a bit too large */

    if (h->parts && parts > 8 * area / h->parts) {
        return "parts larger than the image";
    }

    info->width = h->turned ? h->height : h->width;
    info->height = h->turned ? h->width : h->height;

    return NULL;
}


static ngx_app_image_type_e
ngx_app_image_heif_brand(uint32_t brand)
{
    switch (brand) {

    case ngx_app_image_name('a', 'v', 'i', 'f'):
    case ngx_app_image_name('a', 'v', 'i', 's'):

        return NGX_APP_IMAGE_AVIF;

    case ngx_app_image_name('h', 'e', 'i', 'c'):
    case ngx_app_image_name('h', 'e', 'i', 'x'):
    case ngx_app_image_name('h', 'e', 'i', 'm'):
    case ngx_app_image_name('h', 'e', 'i', 's'):
    case ngx_app_image_name('h', 'e', 'v', 'c'):
    case ngx_app_image_name('h', 'e', 'v', 'x'):
    case ngx_app_image_name('h', 'e', 'v', 'm'):
    case ngx_app_image_name('h', 'e', 'v', 's'):

        return NGX_APP_IMAGE_HEIC;

    default:

        return NGX_APP_IMAGE_NONE;
    }
}
