
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_heif.h>
#include <image/ngx_app_image_probe_part.h>


typedef const char *(*ngx_app_image_heif_ref_pt)(ngx_app_image_heif_t *h,
    uint32_t from, uint32_t to);


static const char *ngx_app_image_heif_item(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *infe);
static u_char ngx_app_image_heif_kind(uint32_t name);
static ngx_uint_t ngx_app_image_heif_derived(u_char item);
static const char *ngx_app_image_heif_each(ngx_app_image_heif_t *h,
    uint32_t name, ngx_app_image_heif_ref_pt handler);
static const char *ngx_app_image_heif_ref(ngx_app_image_heif_t *h,
    ngx_app_image_box_t *box, uint32_t name,
    ngx_app_image_heif_ref_pt handler);
static const char *ngx_app_image_heif_auxiliary(ngx_app_image_heif_t *h,
    uint32_t from, uint32_t to);
static const char *ngx_app_image_heif_chain(ngx_app_image_heif_t *h,
    uint32_t from, uint32_t to);
static const char *ngx_app_image_heif_thumbnail(ngx_app_image_heif_t *h,
    uint32_t from, uint32_t to);
static const char *ngx_app_image_heif_of_image(ngx_app_image_heif_t *h,
    uint32_t from, uint32_t to);
static const char *ngx_app_image_heif_part(ngx_app_image_heif_t *h,
    uint32_t from, uint32_t to);
static const char *ngx_app_image_heif_of_part(ngx_app_image_heif_t *h,
    uint32_t from, uint32_t to);
static const char *ngx_app_image_heif_codec(ngx_app_image_heif_t *h);


const char *
ngx_app_image_heif_items(ngx_app_image_heif_t *h)
{
    size_t                 head;
    ngx_int_t              rc;
    const char            *err;
    ngx_app_image_box_t    box;
    ngx_app_image_boxes_t  boxes;

    if (h->pitm.len < 6 || (h->pitm.data[0] != 0 && h->pitm.len < 8)) {
        return "no primary image";
    }

    h->primary = h->pitm.data[0] ? ngx_app_image_be32(h->pitm.data + 4)
                                 : ngx_app_image_be16(h->pitm.data + 4);

    if (h->iinf.len < 6) {
        return "no list of items";
    }

    /* their count is not needed */

    head = h->iinf.data[0] ? 8 : 6;

    if (h->iinf.len < head) {
        return "no list of items";
    }

    ngx_app_image_boxes_init(&boxes, h->iinf.data + head, h->iinf.len - head,
                             &h->budget);

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

        if (box.name != ngx_app_image_name('i', 'n', 'f', 'e')) {
            continue;
        }

        err = ngx_app_image_heif_item(h, &box);
        if (err) {
            return err;
        }
    }

    if (h->primary >= NGX_APP_IMAGE_HEIF_ITEMS
        || h->items[h->primary] == 0)
    {
        return "primary image of an unknown codec";
    }

    return NULL;
}


static const char *
ngx_app_image_heif_item(ngx_app_image_heif_t *h,
    const ngx_app_image_box_t *infe)
{
    size_t         at;
    u_char         kind;
    uint32_t       item;
    const u_char  *p;

    p = infe->data;

    /* older ones have no type */

    if (infe->len < 4 || p[0] < 2) {
        return NULL;
    }

    /* version and flags, the item's number, that of its protection, its type */

    at = (p[0] == 2) ? 4 + 2 + 2 : 4 + 4 + 2;

    if (infe->len < at + 4) {
        return "box of a bad length";
    }

    item = (p[0] == 2) ? ngx_app_image_be16(p + 4) : ngx_app_image_be32(p + 4);

    if (item >= NGX_APP_IMAGE_HEIF_ITEMS) {
        return "item of too large a number";
    }

    kind = ngx_app_image_heif_kind(ngx_app_image_be32(p + at));

    if (kind == 0) {
        return NULL;
    }

    if (h->items[item]) {
        return "item that is there twice";
    }

    h->items[item] = kind;

    if (p[3] & 0x01) {
        h->items[item] |= NGX_APP_IMAGE_HEIF_HIDDEN;
    }

    return NULL;
}


static u_char
ngx_app_image_heif_kind(uint32_t name)
{
    switch (name) {

    case ngx_app_image_name('a', 'v', '0', '1'):
        return NGX_APP_IMAGE_HEIF_AV1;

    case ngx_app_image_name('h', 'v', 'c', '1'):
    case ngx_app_image_name('h', 'e', 'v', '1'):
        return NGX_APP_IMAGE_HEIF_HEVC;

    case ngx_app_image_name('g', 'r', 'i', 'd'):
        return NGX_APP_IMAGE_HEIF_GRID;

    case ngx_app_image_name('i', 'o', 'v', 'l'):
        return NGX_APP_IMAGE_HEIF_OVERLAY;

    case ngx_app_image_name('i', 'd', 'e', 'n'):
        return NGX_APP_IMAGE_HEIF_IDENTITY;

    default:
        return 0;
    }
}


/* is made of other items */

static ngx_uint_t
ngx_app_image_heif_derived(u_char item)
{
    return (item & NGX_APP_IMAGE_HEIF_KIND) >= NGX_APP_IMAGE_HEIF_GRID;
}


/*
 * Decoders follow references with no bound of their own.  What is allowed
 * here cannot go in circles: images may be made of parts, and both may have
 * auxiliary images, which have none; a part is coded and no image itself.
 */

const char *
ngx_app_image_heif_references(ngx_app_image_heif_t *h)
{
    ngx_uint_t   i;
    const char  *err;

    static const struct {
        uint32_t                    name;
        ngx_app_image_heif_ref_pt   handler;
    } passes[] = {
        { ngx_app_image_name('a', 'u', 'x', 'l'),
          ngx_app_image_heif_auxiliary },
        { ngx_app_image_name('a', 'u', 'x', 'l'),
          ngx_app_image_heif_chain },
        { ngx_app_image_name('t', 'h', 'm', 'b'),
          ngx_app_image_heif_thumbnail },
        { ngx_app_image_name('a', 'u', 'x', 'l'),
          ngx_app_image_heif_of_image },
        { ngx_app_image_name('d', 'i', 'm', 'g'),
          ngx_app_image_heif_part },
        { ngx_app_image_name('a', 'u', 'x', 'l'),
          ngx_app_image_heif_of_part }
    };

    h->items[h->primary] |= NGX_APP_IMAGE_HEIF_IMAGE;

    for (i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
        err = ngx_app_image_heif_each(h, passes[i].name, passes[i].handler);

        if (err) {
            return err;
        }
    }

    return ngx_app_image_heif_codec(h);
}


/* calls a handler for each reference of a name */

static const char *
ngx_app_image_heif_each(ngx_app_image_heif_t *h, uint32_t name,
    ngx_app_image_heif_ref_pt handler)
{
    ngx_int_t              rc;
    const char            *err;
    ngx_app_image_box_t    box;
    ngx_app_image_boxes_t  boxes;

    if (h->iref.data == NULL) {
        return NULL;
    }

    if (h->iref.len < 4) {
        return "box of a bad length";
    }

    ngx_app_image_boxes_init(&boxes, h->iref.data + 4, h->iref.len - 4,
                             &h->budget);

    for ( ;; ) {
        rc = ngx_app_image_box_next(&boxes, &box);

        if (rc == NGX_DONE) {
            return NULL;
        }

        if (rc != NGX_OK) {
            return ngx_app_image_box_fault(rc);
        }

        if (box.name != name) {
            continue;
        }

        err = ngx_app_image_heif_ref(h, &box, name, handler);
        if (err) {
            return err;
        }
    }
}


static const char *
ngx_app_image_heif_ref(ngx_app_image_heif_t *h, ngx_app_image_box_t *box,
    uint32_t name, ngx_app_image_heif_ref_pt handler)
{
    uint32_t       from, to, count, i;
    ngx_uint_t     size;
    const char    *err;
    const u_char  *p;

    size = h->iref.data[0] ? 4 : 2;

    if (box->cut || box->len < size + 2) {
        return "box of a bad length";
    }

    p = box->data;
    from = (size == 4) ? ngx_app_image_be32(p) : ngx_app_image_be16(p);
    count = ngx_app_image_be16(p + size);
    p += size + 2;

    if (count > (box->len - size - 2) / size) {
        return "box of a bad length";
    }

    if (from >= NGX_APP_IMAGE_HEIF_ITEMS) {
        return "item of too large a number";
    }

    for (i = 0; i < count; i++, p += size) {

        if (ngx_app_image_heif_spend(h) != NGX_OK) {
            return "too many references";
        }

        to = (size == 4) ? ngx_app_image_be32(p) : ngx_app_image_be16(p);

        if (to >= NGX_APP_IMAGE_HEIF_ITEMS) {
            return "item of too large a number";
        }

        err = handler(h, from, to);
        if (err) {
            return err;
        }
    }

    return NULL;
}


static const char *
ngx_app_image_heif_auxiliary(ngx_app_image_heif_t *h, uint32_t from,
    uint32_t to)
{
    h->items[from] |= NGX_APP_IMAGE_HEIF_AUXILIARY|NGX_APP_IMAGE_HEIF_HIDDEN;

    return NULL;
}


static const char *
ngx_app_image_heif_chain(ngx_app_image_heif_t *h, uint32_t from, uint32_t to)
{
    return (h->items[to] & NGX_APP_IMAGE_HEIF_AUXILIARY)
           ? "auxiliary image of an auxiliary image" : NULL;
}


static const char *
ngx_app_image_heif_thumbnail(ngx_app_image_heif_t *h, uint32_t from,
    uint32_t to)
{
    h->items[from] |= NGX_APP_IMAGE_HEIF_HIDDEN;

    if (to == h->primary) {
        h->items[from] |= NGX_APP_IMAGE_HEIF_IMAGE;
    }

    return NULL;
}


static const char *
ngx_app_image_heif_of_image(ngx_app_image_heif_t *h, uint32_t from,
    uint32_t to)
{
    if (h->items[to] & NGX_APP_IMAGE_HEIF_IMAGE) {
        h->items[from] |= NGX_APP_IMAGE_HEIF_IMAGE;
    }

    return NULL;
}


static const char *
ngx_app_image_heif_part(ngx_app_image_heif_t *h, uint32_t from, uint32_t to)
{
    u_char  item;

    if ((h->items[from] & NGX_APP_IMAGE_HEIF_IMAGE) == 0
        || !ngx_app_image_heif_derived(h->items[from]))
    {
        return NULL;
    }

    item = h->items[to];

    if ((item & NGX_APP_IMAGE_HEIF_KIND) == 0) {
        return "part of an unknown codec";
    }

    if (ngx_app_image_heif_derived(item)
        || (item & NGX_APP_IMAGE_HEIF_IMAGE))
    {
        return "parts that are nested";
    }

    h->items[to] |= NGX_APP_IMAGE_HEIF_PART;
    h->parts++;

    return NULL;
}


static const char *
ngx_app_image_heif_of_part(ngx_app_image_heif_t *h, uint32_t from,
    uint32_t to)
{
    if ((h->items[to] & NGX_APP_IMAGE_HEIF_PART) == 0) {
        return NULL;
    }

    if (ngx_app_image_heif_derived(h->items[from])) {
        return "parts that are nested";
    }

    h->items[from] |= NGX_APP_IMAGE_HEIF_PART;
    h->parts++;

    return NULL;
}


/*
 * The type is that of what is decoded, whatever brand the file goes by; pages
 * are the images that are shown by themselves.
 */

static const char *
ngx_app_image_heif_codec(ngx_app_image_heif_t *h)
{
    u_char      kind;
    ngx_uint_t  i, av1, hevc;

    av1 = 0;
    hevc = 0;

    for (i = 0; i < NGX_APP_IMAGE_HEIF_ITEMS; i++) {

        kind = h->items[i] & NGX_APP_IMAGE_HEIF_KIND;

        if (kind && (h->items[i] & NGX_APP_IMAGE_HEIF_HIDDEN) == 0) {
            h->info->frames++;
        }

        if (h->items[i] & (NGX_APP_IMAGE_HEIF_IMAGE|NGX_APP_IMAGE_HEIF_PART))
        {
            av1 |= (kind == NGX_APP_IMAGE_HEIF_AV1);
            hevc |= (kind == NGX_APP_IMAGE_HEIF_HEVC);
        }
    }

    if (av1 == hevc) {
        return av1 ? "images of two codecs" : "image made of nothing";
    }

    h->info->type = av1 ? NGX_APP_IMAGE_AVIF : NGX_APP_IMAGE_HEIC;

    return NULL;
}
