
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


/* where a piece of an item's data is */

typedef struct {
    uint32_t       item;
    uint32_t       method;             /* 0: in the file, 1: in idat */
    ngx_uint_t     first;              /* of the item */
    uint64_t       offset;
    uint64_t       len;                /* 0: all there is */
} ngx_app_image_heif_place_t;


static const char *ngx_app_image_heif_item_data(ngx_app_image_heif_t *h,
    ngx_app_image_heif_iloc_t *iloc, ngx_app_image_heif_row_t *row);
static const char *ngx_app_image_heif_piece(ngx_app_image_heif_t *h,
    ngx_app_image_heif_place_t *place);
static const char *ngx_app_image_heif_derivation(ngx_app_image_heif_t *h,
    ngx_app_image_heif_place_t *place, ngx_app_image_heif_data_t *data);
static uint64_t ngx_app_image_heif_number(ngx_app_image_heif_row_t *row,
    ngx_uint_t size);


const char *
ngx_app_image_heif_locations(ngx_app_image_heif_t *h)
{
    uint32_t                    n, count;
    const char                 *err;
    ngx_app_image_heif_row_t    row;
    ngx_app_image_heif_iloc_t   iloc;

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

        err = ngx_app_image_heif_item_data(h, &iloc, &row);
        if (err) {
            return err;
        }
    }

    return NULL;
}


/* an item's pieces */

static const char *
ngx_app_image_heif_item_data(ngx_app_image_heif_t *h,
    ngx_app_image_heif_iloc_t *iloc, ngx_app_image_heif_row_t *row)
{
    uint32_t                     pieces;
    uint64_t                     base;
    const char                  *err;
    ngx_app_image_heif_place_t   place;

    place.item = ngx_app_image_heif_number(row, (iloc->version == 2) ? 4 : 2);
    place.method = iloc->version ? ngx_app_image_heif_number(row, 2) & 0x0f
                                 : 0;

    /* another file that it may be in */

    if (ngx_app_image_heif_number(row, 2) != 0) {
        return "data in another file";
    }

    base = ngx_app_image_heif_number(row, iloc->base_size);
    pieces = ngx_app_image_heif_number(row, 2);

    for (place.first = 1; pieces && !row->failed; pieces--) {

        if (ngx_app_image_heif_spend(h) != NGX_OK) {
            return "too many places";
        }

        (void) ngx_app_image_heif_number(row, iloc->index_size);
        place.offset = base + ngx_app_image_heif_number(row,
                                                        iloc->offset_size);
        place.len = ngx_app_image_heif_number(row, iloc->length_size);

        if (place.offset < base) {
            return "place outside the file";
        }

        if (!row->failed && place.item < NGX_APP_IMAGE_HEIF_ITEMS
            && (h->items[place.item]
                & (NGX_APP_IMAGE_HEIF_IMAGE|NGX_APP_IMAGE_HEIF_PART)))
        {
            err = ngx_app_image_heif_piece(h, &place);

            if (err) {
                return err;
            }
        }

        place.first = 0;
    }

    return row->failed ? "bad list of places" : NULL;
}


static const char *
ngx_app_image_heif_piece(ngx_app_image_heif_t *h,
    ngx_app_image_heif_place_t *place)
{
    size_t                      len;
    const u_char               *in;
    ngx_app_image_heif_data_t   data;

    if (place->method > 1) {
        return "data in another item";
    }

    in = place->method ? h->idat.data : h->file;
    len = place->method ? h->idat.len : h->len;

    if (place->offset > len) {
        in = NULL;
        len = 0;

    } else {
        in += place->offset;
        len -= place->offset;
    }

    data.p = in;
    data.len = place->len ? ngx_min(place->len, len) : len;
    data.cut = (place->len > len);
    data.primary = (place->item == h->primary);

    switch (h->items[place->item] & NGX_APP_IMAGE_HEIF_KIND) {

    case NGX_APP_IMAGE_HEIF_AV1:

        return ngx_app_image_heif_av1(h, &data);

    case NGX_APP_IMAGE_HEIF_HEVC:

        return ngx_app_image_heif_hevc(h, &data);

    case NGX_APP_IMAGE_HEIF_GRID:
    case NGX_APP_IMAGE_HEIF_OVERLAY:

        return place->first ? ngx_app_image_heif_derivation(h, place, &data)
                            : NULL;

    default:

        return NULL;
    }
}


/*
 * What an image of parts is made of begins with version, flags, the numbers
 * of rows and columns or the colour below, and the size that it will have.
 */

static const char *
ngx_app_image_heif_derivation(ngx_app_image_heif_t *h,
    ngx_app_image_heif_place_t *place, ngx_app_image_heif_data_t *data)
{
    uint32_t                   width, height;
    ngx_uint_t                 wide, kind;
    ngx_app_image_heif_row_t   row;

    row.p = data->p;
    row.last = data->p + data->len;
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

    if (data->primary) {
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
