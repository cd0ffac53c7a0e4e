
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_heif.h>
#include <image/ngx_app_image_probe_part.h>


static const char *ngx_app_image_heif_track(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *trak);
static const char *ngx_app_image_heif_samples(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *stsz);
static const char *ngx_app_image_heif_entry(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *stsd);


const char *
ngx_app_image_heif_tracks(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *moov)
{
    ngx_int_t              rc;
    const char            *err;
    ngx_app_image_box_t    box;
    ngx_app_image_boxes_t  boxes;

    ngx_app_image_boxes_init(&boxes, moov->data, moov->len, &h->budget);

    for ( ;; ) {
        rc = ngx_app_image_box_next(&boxes, &box);

        if (rc == NGX_DONE) {
            break;
        }

        if (rc != NGX_OK) {
            return ngx_app_image_box_fault(rc);
        }

        if (box.name != ngx_app_image_name('t', 'r', 'a', 'k')) {
            continue;
        }

        err = ngx_app_image_heif_track(h, &box);
        if (err) {
            return err;
        }
    }

    h->info->animated = (h->info->frames > 1);

    return NULL;
}


/* of pictures: their number, and their size if it is not known */

static const char *
ngx_app_image_heif_track(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *trak)
{
    ngx_int_t            rc;
    const char          *err;
    ngx_uint_t           i;
    ngx_app_image_box_t  box, hdlr;

    static const uint32_t  path[] = {
        ngx_app_image_name('m', 'd', 'i', 'a'),
        ngx_app_image_name('m', 'i', 'n', 'f'),
        ngx_app_image_name('s', 't', 'b', 'l')
    };

    hdlr.len = 0;
    box = *trak;

    for (i = 0; i < sizeof(path) / sizeof(path[0]); i++) {
        rc = ngx_app_image_box_find(&box, path[i], &box, &h->budget);

        if (rc == NGX_OK && i == 0) {
            rc = ngx_app_image_box_find(&box,
                                    ngx_app_image_name('h', 'd', 'l', 'r'),
                                    &hdlr, &h->budget);
        }

        if (rc != NGX_OK) {
            return ngx_app_image_box_fault(rc);
        }
    }

    /* version, flags and a zero before what it is for */

    if (hdlr.len < 12
        || (ngx_app_image_be32(hdlr.data + 8)
            != ngx_app_image_name('p', 'i', 'c', 't')
            && ngx_app_image_be32(hdlr.data + 8)
               != ngx_app_image_name('v', 'i', 'd', 'e')))
    {
        return NULL;
    }

    rc = ngx_app_image_box_find(&box, ngx_app_image_name('s', 't', 's', 'z'),
                                &hdlr, &h->budget);
    if (rc != NGX_OK) {
        return ngx_app_image_box_fault(rc);
    }

    err = ngx_app_image_heif_samples(h, &hdlr);

    if (err || h->info->width) {
        return err;
    }

    rc = ngx_app_image_box_find(&box, ngx_app_image_name('s', 't', 's', 'd'),
                                &hdlr, &h->budget);

    return (rc == NGX_OK) ? ngx_app_image_heif_entry(h, &hdlr)
                          : ngx_app_image_box_fault(rc);
}


static const char *
ngx_app_image_heif_samples(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *stsz)
{
    uint32_t  size, count;

    if (stsz->len < 12) {
        return "box of a bad length";
    }

    size = ngx_app_image_be32(stsz->data + 4);
    count = ngx_app_image_be32(stsz->data + 8);

    if (size ? count > h->len / size : count > (stsz->len - 12) / 4) {
        return "number of frames that cannot be";
    }

    h->info->frames = ngx_max(h->info->frames, count);

    return NULL;
}


/* the first kind of samples: its codec and size */

static const char *
ngx_app_image_heif_entry(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *stsd)
{
    ngx_int_t              rc;
    ngx_app_image_box_t    box;
    ngx_app_image_boxes_t  boxes;

    if (stsd->len < 8) {
        return "box of a bad length";
    }

    ngx_app_image_boxes_init(&boxes, stsd->data + 8, stsd->len - 8,
                             &h->budget);

    rc = ngx_app_image_box_next(&boxes, &box);

    if (rc != NGX_OK) {
        return ngx_app_image_box_fault(rc);
    }

    switch (box.name) {

    case ngx_app_image_name('a', 'v', '0', '1'):
        h->info->type = NGX_APP_IMAGE_AVIF;
        break;

    case ngx_app_image_name('h', 'v', 'c', '1'):
    case ngx_app_image_name('h', 'e', 'v', '1'):
        h->info->type = NGX_APP_IMAGE_HEIC;
        break;

    default:
        return "frames of an unknown codec";
    }

    /* after what all samples have, and what was for an older format */

    if (box.len < 28) {
        return "box of a bad length";
    }

    h->info->width = ngx_app_image_be16(box.data + 24);
    h->info->height = ngx_app_image_be16(box.data + 26);

    return NULL;
}
