
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

/* by so much coded images may be larger than they are shown: a block */
#define NGX_APP_IMAGE_HEIF_BLOCK       64

/* of an item: how it is coded */
#define NGX_APP_IMAGE_HEIF_KIND        0x07
#define NGX_APP_IMAGE_HEIF_AV1         1
#define NGX_APP_IMAGE_HEIF_HEVC        2
#define NGX_APP_IMAGE_HEIF_GRID        3
#define NGX_APP_IMAGE_HEIF_OVERLAY     4
#define NGX_APP_IMAGE_HEIF_IDENTITY    5

/* is not shown by itself: says so, is a thumbnail, or auxiliary */
#define NGX_APP_IMAGE_HEIF_HIDDEN      0x08

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
    uint64_t               coded_width;  /* by the codec's own header */
    uint64_t               coded_height;
    uint64_t               other_width;  /* the largest of the others, also
                                            by that */
    uint64_t               other_height;
    ngx_uint_t             parts;
    ngx_uint_t             hevc_length;  /* bytes of the length of a unit */

    u_char                 items[NGX_APP_IMAGE_HEIF_ITEMS];
    u_char                 properties[NGX_APP_IMAGE_HEIF_PROPERTIES];
} ngx_app_image_heif_t;


/* a piece of the coded data of an image */

typedef struct {
    const u_char          *p;
    size_t                 len;
    ngx_uint_t             primary;    /* it is of the primary item */
    ngx_uint_t             cut;        /* the file ends in it */
} ngx_app_image_heif_data_t;


/* each returns NULL, or what is wrong; in this order */

/* numbers and kinds of items, the primary one */
const char *ngx_app_image_heif_items(ngx_app_image_heif_t *h);

/* which others a decoder comes to from it, and info->type by their codec */
const char *ngx_app_image_heif_references(ngx_app_image_heif_t *h);

/* their sizes, alpha, profile and bits by their properties */
const char *ngx_app_image_heif_properties(ngx_app_image_heif_t *h);

/* their sizes by their data */
const char *ngx_app_image_heif_locations(ngx_app_image_heif_t *h);

/* frames of a sequence, and the size where there is no primary item */
const char *ngx_app_image_heif_tracks(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *moov);


/*
 * Sizes that coded images have by their own headers: a decoder takes these,
 * whatever the file says.  They are kept in the coded or other size.
 */
const char *ngx_app_image_heif_av1(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data);
const char *ngx_app_image_heif_hevc(ngx_app_image_heif_t *h,
    ngx_app_image_heif_data_t *data);

/* the same of the parameter sets in its configuration */
const char *ngx_app_image_heif_hvcc(ngx_app_image_heif_t *h,
    ngx_uint_t primary, const ngx_app_image_box_t *hvcc);

/* keeps a coded size */
void ngx_app_image_heif_coded(ngx_app_image_heif_t *h, ngx_uint_t primary,
    uint64_t width, uint64_t height);


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
