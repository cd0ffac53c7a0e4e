
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_heif.h>
#include <image/ngx_app_image_probe_part.h>


/* a row of numbers of a size that the file tells */

typedef struct {
    const u_char  *p;
    const u_char  *last;
    ngx_uint_t     failed;
} ngx_app_image_heif_row_t;


typedef struct {
    ngx_uint_t     version;
    ngx_uint_t     offset_size;
    ngx_uint_t     length_size;
    ngx_uint_t     base_size;
    ngx_uint_t     index_size;
} ngx_app_image_heif_iloc_t;


/* where the first piece of an item's data is */

typedef struct {
    uint32_t       item;
    uint32_t       method;             /* 0: in the file, 1: in idat */
    uint32_t       pieces;
    uint64_t       offset;
    uint64_t       len;
} ngx_app_image_heif_place_t;


static const char *ngx_app_image_heif_place(ngx_app_image_heif_t *h,
    ngx_app_image_heif_iloc_t *iloc, ngx_app_image_heif_row_t *row,
    ngx_app_image_heif_place_t *place);
static const char *ngx_app_image_heif_derivation(ngx_app_image_heif_t *h,
    ngx_app_image_heif_place_t *place);
static uint64_t ngx_app_image_heif_number(ngx_app_image_heif_row_t *row,
    ngx_uint_t size);


const char *
ngx_app_image_heif_locations(ngx_app_image_heif_t *h)
{
    u_char                       kind;
    uint32_t                     n, count;
    const char                  *err;
    ngx_app_image_heif_row_t     row;
    ngx_app_image_heif_iloc_t    iloc;
    ngx_app_image_heif_place_t   place;

    row.p = h->iloc.data;
    row.last = h->iloc.data + h->iloc.len;
    row.failed = 0;

    iloc.version = ngx_app_image_heif_number(&row, 1);
    (void) ngx_app_image_heif_number(&row, 3);

    n = ngx_app_image_heif_number(&row, 1);
    iloc.offset_size = n >> 4;
    iloc.length_size = n & 0x0f;

    n = ngx_app_image_heif_number(&row, 1);
    iloc.base_size = n >> 4;
    iloc.index_size = iloc.version ? n & 0x0f : 0;

    if (row.failed || iloc.version > 2 || iloc.offset_size > 8
        || iloc.length_size > 8 || iloc.base_size > 8 || iloc.index_size > 8)
    {
        return "bad list of places";
    }

    count = ngx_app_image_heif_number(&row, (iloc.version == 2) ? 4 : 2);

    for (n = 0; n < count; n++) {

        if (ngx_app_image_heif_spend(h) != NGX_OK) {
            return "too many places";
        }

        err = ngx_app_image_heif_place(h, &iloc, &row, &place);

        if (err) {
            return err;
        }

        if (place.item >= NGX_APP_IMAGE_HEIF_ITEMS
            || (h->items[place.item] & NGX_APP_IMAGE_HEIF_IMAGE) == 0)
        {
            continue;
        }

        kind = h->items[place.item] & NGX_APP_IMAGE_HEIF_KIND;

        if (kind == NGX_APP_IMAGE_HEIF_GRID
            || kind == NGX_APP_IMAGE_HEIF_OVERLAY)
        {
            err = ngx_app_image_heif_derivation(h, &place);

            if (err) {
                return err;
            }
        }
    }

    return NULL;
}


static const char *
ngx_app_image_heif_place(ngx_app_image_heif_t *h,
    ngx_app_image_heif_iloc_t *iloc, ngx_app_image_heif_row_t *row,
    ngx_app_image_heif_place_t *place)
{
    uint32_t  i;
    uint64_t  base, offset, len;

    place->item = ngx_app_image_heif_number(row,
                                            (iloc->version == 2) ? 4 : 2);
    place->method = iloc->version ? ngx_app_image_heif_number(row, 2) & 0x0f
                                  : 0;

    /* another file that it may be in */

    if (ngx_app_image_heif_number(row, 2) != 0) {
        return "data in another file";
    }

    base = ngx_app_image_heif_number(row, iloc->base_size);
    place->pieces = ngx_app_image_heif_number(row, 2);
    place->offset = 0;
    place->len = 0;

    for (i = 0; i < place->pieces; i++) {

        if (row->failed) {
            break;
        }

        if (ngx_app_image_heif_spend(h) != NGX_OK) {
            return "too many places";
        }

        (void) ngx_app_image_heif_number(row, iloc->index_size);
        offset = ngx_app_image_heif_number(row, iloc->offset_size);
        len = ngx_app_image_heif_number(row, iloc->length_size);

        if (i == 0) {
            place->offset = base + offset;
            place->len = len;

            if (place->offset < base) {
                return "place outside the file";
            }
        }
    }

    return row->failed ? "bad list of places" : NULL;
}


/*
 * What an image of parts is made of begins with version, flags, the numbers
 * of rows and columns or the colour below, and the size that it will have.
 */

static const char *
ngx_app_image_heif_derivation(ngx_app_image_heif_t *h,
    ngx_app_image_heif_place_t *place)
{
    size_t                     len;
    uint32_t                   width, height;
    ngx_uint_t                 wide, kind;
    const u_char              *data;
    ngx_app_image_heif_row_t   row;

    data = place->method ? h->idat.data : h->file;
    len = place->method ? h->idat.len : h->len;

    if (place->method > 1 || place->pieces != 1 || data == NULL
        || place->offset > len)
    {
        return "place outside the file";
    }

    /* a length of 0 is that of all there is */

    len -= place->offset;

    row.p = data + place->offset;
    row.last = row.p + (place->len ? ngx_min(place->len, len) : len);
    row.failed = 0;

    kind = h->items[place->item] & NGX_APP_IMAGE_HEIF_KIND;

    (void) ngx_app_image_heif_number(&row, 1);
    wide = ngx_app_image_heif_number(&row, 1) & 0x01;
    (void) ngx_app_image_heif_number(&row,
                                (kind == NGX_APP_IMAGE_HEIF_GRID) ? 2 : 8);
    width = ngx_app_image_heif_number(&row, wide ? 4 : 2);
    height = ngx_app_image_heif_number(&row, wide ? 4 : 2);

    if (row.failed) {
        return "cut in its header";
    }

    if (place->item == h->primary) {
        h->width = ngx_max(h->width, width);
        h->height = ngx_max(h->height, height);

    } else {
        h->other_width = ngx_max(h->other_width, width);
        h->other_height = ngx_max(h->other_height, height);
    }

    return NULL;
}


/* up to eight bytes; 0 when they are not there, which is found at the end */

static uint64_t
ngx_app_image_heif_number(ngx_app_image_heif_row_t *row, ngx_uint_t size)
{
    uint64_t  v;

    if ((size_t) (row->last - row->p) < size) {
        row->failed = 1;
        return 0;
    }

    for (v = 0; size; size--) {
        v = v << 8 | *row->p++;
    }

    return v;
}
