
/*
 * Copyright (C) the project authors
 */

/*
 * HEIF and AVIF inside: what a file's meta box says of its items (ISO/IEC
 * 14496-12, section 8.11, and ISO/IEC 23008-12), as far as a decoder follows
 * it from the primary item.  That is decoded with its auxiliary images (the
 * alpha plane) and may be made of tiles; or its thumbnail is.
 */


#ifndef _NGX_APP_IMAGE_PROBE_HEIF_H_INCLUDED_
#define _NGX_APP_IMAGE_PROBE_HEIF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe.h>
#include <image/ngx_app_image_probe_box.h>


/* of the whole file: boxes, and as many entries in boxes that are tables */
#define NGX_APP_IMAGE_HEIF_BUDGET      65536

/* bounds of the numbers of items and of properties: they are counted up */
#define NGX_APP_IMAGE_HEIF_ITEMS       16384
#define NGX_APP_IMAGE_HEIF_PROPERTIES  4096

/* a side of a tile that is larger than its image; usual is 512 */
#define NGX_APP_IMAGE_HEIF_TILE        4096

/* of an item: how it is coded */
#define NGX_APP_IMAGE_HEIF_KIND        0x07
#define NGX_APP_IMAGE_HEIF_AV1         1
#define NGX_APP_IMAGE_HEIF_HEVC        2
#define NGX_APP_IMAGE_HEIF_GRID        3
#define NGX_APP_IMAGE_HEIF_OVERLAY     4
#define NGX_APP_IMAGE_HEIF_IDENTITY    5

/* is the primary one, a thumbnail of it, or auxiliary to one of these */
#define NGX_APP_IMAGE_HEIF_IMAGE       0x10

/* is a part of an image, or auxiliary to one */
#define NGX_APP_IMAGE_HEIF_PART        0x20

/* is auxiliary to some other */
#define NGX_APP_IMAGE_HEIF_AUXILIARY   0x40

/* of a property: whose it is */
#define NGX_APP_IMAGE_HEIF_OF_PRIMARY  0x01
#define NGX_APP_IMAGE_HEIF_OF_OTHER    0x02


typedef struct {
    ngx_app_image_info_t  *info;
    const u_char          *file;
    size_t                 len;
    ngx_uint_t             budget;

    /* those of the meta box, with no data when they are not there */
    ngx_app_image_box_t    pitm;
    ngx_app_image_box_t    iinf;
    ngx_app_image_box_t    iref;
    ngx_app_image_box_t    iprp;
    ngx_app_image_box_t    iloc;
    ngx_app_image_box_t    idat;

    uint32_t               primary;
    uint32_t               width;      /* of the primary item, not turned */
    uint32_t               height;
    ngx_uint_t             turned;     /* it is shown, by a quarter */
    uint32_t               other_width;  /* the largest of the others */
    uint32_t               other_height;
    ngx_uint_t             parts;

    u_char                 items[NGX_APP_IMAGE_HEIF_ITEMS];
    u_char                 properties[NGX_APP_IMAGE_HEIF_PROPERTIES];
} ngx_app_image_heif_t;


/* each returns NULL, or what is wrong; in this order */

/* numbers and kinds of items, the primary one */
const char *ngx_app_image_heif_items(ngx_app_image_heif_t *h);

/* which others a decoder comes to from it, and info->type by their codec */
const char *ngx_app_image_heif_references(ngx_app_image_heif_t *h);

/* their sizes, alpha, profile and bits by their properties */
const char *ngx_app_image_heif_properties(ngx_app_image_heif_t *h);

/* their sizes by the data of those that are made of tiles */
const char *ngx_app_image_heif_locations(ngx_app_image_heif_t *h);

/* frames of a sequence, and the size where there is no primary item */
const char *ngx_app_image_heif_tracks(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *moov);


/* takes one from the budget: NGX_OK, or NGX_BUSY when there is nothing left */

static ngx_inline ngx_int_t
ngx_app_image_heif_spend(ngx_app_image_heif_t *h)
{
    if (h->budget == 0) {
        return NGX_BUSY;
    }

    h->budget--;

    return NGX_OK;
}


#endif /* _NGX_APP_IMAGE_PROBE_HEIF_H_INCLUDED_ */
