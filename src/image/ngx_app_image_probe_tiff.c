
/*
 * Copyright (C) the project authors
 */

/*
 * TIFF 6.0 with BigTIFF (https://libtiff.gitlab.io/libtiff/specification/),
 * and the one field of EXIF that matters here, for EXIF is a TIFF as well.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_part.h>


#define NGX_APP_IMAGE_TIFF_PAGES        10000

/* of a page; a decoder warns of more */
#define NGX_APP_IMAGE_TIFF_FIELDS       4096

/* colours, alpha and a few more: each is memory for each pixel */
#define NGX_APP_IMAGE_TIFF_SAMPLES      8

/* a side of a tile that is larger than its image; usual is 256 */
#define NGX_APP_IMAGE_TIFF_TILE         4096

#define NGX_APP_IMAGE_TIFF_WIDTH        256
#define NGX_APP_IMAGE_TIFF_HEIGHT       257
#define NGX_APP_IMAGE_TIFF_BITS         258
#define NGX_APP_IMAGE_TIFF_PHOTOMETRIC  262
#define NGX_APP_IMAGE_TIFF_STRIPS       273
#define NGX_APP_IMAGE_TIFF_ORIENTATION  274
#define NGX_APP_IMAGE_TIFF_SAMPLES_TAG  277
#define NGX_APP_IMAGE_TIFF_STRIP_ROWS   278
#define NGX_APP_IMAGE_TIFF_STRIP_SIZES  279
#define NGX_APP_IMAGE_TIFF_PLANES       284
#define NGX_APP_IMAGE_TIFF_TILE_WIDTH   322
#define NGX_APP_IMAGE_TIFF_TILE_HEIGHT  323
#define NGX_APP_IMAGE_TIFF_TILES        324
#define NGX_APP_IMAGE_TIFF_TILE_SIZES   325
#define NGX_APP_IMAGE_TIFF_EXTRA        338
#define NGX_APP_IMAGE_TIFF_ICC          34675

#define NGX_APP_IMAGE_TIFF_SEPARATED    5


typedef struct {
    const u_char  *data;
    size_t         len;
    ngx_uint_t     offset;             /* bytes of an offset: 4, or 8 of
                                          BigTIFF */
    unsigned       big_endian:1;
} ngx_app_image_tiff_t;


typedef struct {
    uint32_t       tag;
    uint32_t       type;
    uint64_t       count;
    const u_char  *data;               /* NULL when it is not in the file */
} ngx_app_image_tiff_field_t;


typedef struct {
    uint64_t       width;
    uint64_t       height;
    uint64_t       bits;
    uint64_t       samples;
    uint64_t       photometric;
    uint64_t       orientation;
    uint64_t       strip_rows;
    uint64_t       planes;
    uint64_t       tile_width;
    uint64_t       tile_height;
    unsigned       alpha:1;
    unsigned       icc:1;
} ngx_app_image_tiff_page_t;


static ngx_int_t ngx_app_image_tiff_header(ngx_app_image_tiff_t *t,
    const u_char *data, size_t len, uint64_t *page);
static ngx_int_t ngx_app_image_tiff_directory(ngx_app_image_tiff_t *t,
    uint64_t page, uint64_t *fields, uint64_t *next);
static const char *ngx_app_image_tiff_pages(ngx_app_image_tiff_t *t,
    uint64_t page, uint32_t *pages);
static const char *ngx_app_image_tiff_page(ngx_app_image_tiff_t *t,
    uint64_t at, ngx_app_image_tiff_page_t *page);
static const char *ngx_app_image_tiff_field(ngx_app_image_tiff_t *t,
    ngx_app_image_tiff_field_t *f, ngx_app_image_tiff_page_t *page);
static const char *ngx_app_image_tiff_check(ngx_app_image_tiff_page_t *page);
static void ngx_app_image_tiff_read(ngx_app_image_tiff_t *t,
    const u_char *p, ngx_app_image_tiff_field_t *f);
static uint64_t ngx_app_image_tiff_value(ngx_app_image_tiff_t *t,
    ngx_app_image_tiff_field_t *f);
static uint32_t ngx_app_image_tiff_16(ngx_app_image_tiff_t *t,
    const u_char *p);
static uint32_t ngx_app_image_tiff_32(ngx_app_image_tiff_t *t,
    const u_char *p);
static uint64_t ngx_app_image_tiff_64(ngx_app_image_tiff_t *t,
    const u_char *p);
static uint64_t ngx_app_image_tiff_word(ngx_app_image_tiff_t *t,
    const u_char *p);


const char *
ngx_app_image_probe_tiff(const u_char *data, size_t len,
    ngx_app_image_info_t *info)
{
    uint64_t                    at;
    const char                 *err;
    ngx_app_image_tiff_t        t;
    ngx_app_image_tiff_page_t   page;

    if (ngx_app_image_tiff_header(&t, data, len, &at) != NGX_OK) {
        return "cut in its header";
    }

    ngx_memzero(&page, sizeof(ngx_app_image_tiff_page_t));

    page.bits = 1;
    page.samples = 1;
    page.planes = 1;
    page.strip_rows = NGX_MAX_UINT32_VALUE;

    err = ngx_app_image_tiff_page(&t, at, &page);
    if (err) {
        return err;
    }

    err = ngx_app_image_tiff_check(&page);
    if (err) {
        return err;
    }

    info->width = (uint32_t) page.width;
    info->height = (uint32_t) page.height;
    info->bits = (uint32_t) page.bits;
    info->orientation = (page.orientation <= 8) ? page.orientation : 1;
    info->alpha = page.alpha;
    info->icc = page.icc;
    info->cmyk = (page.photometric == NGX_APP_IMAGE_TIFF_SEPARATED);

    /* a strip is decoded at once, and a plane has all rows */

    info->whole = (page.planes != 1
                   || (page.tile_width ? page.tile_height >= page.height
                                       : page.strip_rows >= page.height));

    return ngx_app_image_tiff_pages(&t, at, &info->frames);
}


uint32_t
ngx_app_image_exif_orientation(const u_char *data, size_t len)
{
    size_t                       size;
    uint64_t                     at, n, fields, next, value;
    const u_char                *p;
    ngx_app_image_tiff_t         t;
    ngx_app_image_tiff_field_t   f;

    if (len > 6 && ngx_memcmp(data, "Exif\0", 5) == 0) {
        data += 6;
        len -= 6;
    }

    if (ngx_app_image_tiff_header(&t, data, len, &at) != NGX_OK
        || ngx_app_image_tiff_directory(&t, at, &fields, &next) != NGX_OK)
    {
        return 1;
    }

    p = data + at + ((t.offset == 8) ? 8 : 2);
    size = 4 + 2 * t.offset;

    for (n = 0; n < fields; n++) {
        ngx_app_image_tiff_read(&t, p + n * size, &f);

        if (f.tag == NGX_APP_IMAGE_TIFF_ORIENTATION) {
            value = ngx_app_image_tiff_value(&t, &f);

            return (value >= 1 && value <= 8) ? (uint32_t) value : 1;
        }
    }

    return 1;
}


static ngx_int_t
ngx_app_image_tiff_header(ngx_app_image_tiff_t *t, const u_char *data,
    size_t len, uint64_t *page)
{
    uint32_t  version;

    if (len < 8) {
        return NGX_DECLINED;
    }

    if (data[0] != data[1] || (data[0] != 'I' && data[0] != 'M')) {
        return NGX_DECLINED;
    }

    t->data = data;
    t->len = len;
    t->big_endian = (data[0] == 'M');
    t->offset = 4;

    version = ngx_app_image_tiff_16(t, data + 2);

    if (version == 42) {
        *page = ngx_app_image_tiff_32(t, data + 4);
        return NGX_OK;
    }

    if (version != 43 || len < 16 || ngx_app_image_tiff_16(t, data + 4) != 8
        || ngx_app_image_tiff_16(t, data + 6) != 0)
    {
        return NGX_DECLINED;
    }

    t->offset = 8;
    *page = ngx_app_image_tiff_64(t, data + 8);

    return NGX_OK;
}


/* how many fields are at a place, which are all there, and what is next */

static ngx_int_t
ngx_app_image_tiff_directory(ngx_app_image_tiff_t *t, uint64_t page,
    uint64_t *fields, uint64_t *next)
{
    size_t         head, size, left;
    const u_char  *p;

    head = (t->offset == 8) ? 8 : 2;
    size = 4 + 2 * t->offset;

    if (page > t->len || t->len - page < head) {
        return NGX_DECLINED;
    }

    p = t->data + page;
    left = t->len - page - head;

    *fields = (t->offset == 8) ? ngx_app_image_tiff_64(t, p)
                               : ngx_app_image_tiff_16(t, p);

    if (*fields > left / size) {
        return NGX_DECLINED;
    }

    left -= *fields * size;

    /* of EXIF the link may be missing */

    *next = (left < t->offset) ? 0
            : ngx_app_image_tiff_word(t, p + head + *fields * size);

    return NGX_OK;
}


/*
 * Counts pages.  A loop is met again at a place that is moved on after 1, 2,
 * 4, ... pages (Brent's algorithm).
 */

static const char *
ngx_app_image_tiff_pages(ngx_app_image_tiff_t *t, uint64_t page,
    uint32_t *pages)
{
    uint64_t  mark, fields;
    uint32_t  n, moved;

    mark = 0;
    moved = 1;

    for (n = 0; page != 0; n++) {

        if (page == mark) {
            return "pages in a loop";
        }

        if (n == NGX_APP_IMAGE_TIFF_PAGES) {
            return "too many pages";
        }

        if (n == moved) {
            mark = page;
            moved *= 2;
        }

        if (ngx_app_image_tiff_directory(t, page, &fields, &page) != NGX_OK) {
            return "page outside the file";
        }
    }

    *pages = n;

    return NULL;
}


static const char *
ngx_app_image_tiff_page(ngx_app_image_tiff_t *t, uint64_t at,
    ngx_app_image_tiff_page_t *page)
{
    size_t                       size;
    uint64_t                     n, fields, next;
    const char                  *err;
    const u_char                *p;
    ngx_app_image_tiff_field_t   f;

    if (at == 0
        || ngx_app_image_tiff_directory(t, at, &fields, &next) != NGX_OK)
    {
        return "page outside the file";
    }

    if (fields > NGX_APP_IMAGE_TIFF_FIELDS) {
        return "too many fields";
    }

    p = t->data + at + ((t->offset == 8) ? 8 : 2);
    size = 4 + 2 * t->offset;

    for (n = 0; n < fields; n++) {
        ngx_app_image_tiff_read(t, p + n * size, &f);

        err = ngx_app_image_tiff_field(t, &f, page);
        if (err) {
            return err;
        }
    }

    return NULL;
}


static const char *
ngx_app_image_tiff_field(ngx_app_image_tiff_t *t,
    ngx_app_image_tiff_field_t *f, ngx_app_image_tiff_page_t *page)
{
    uint64_t  value;

    value = ngx_app_image_tiff_value(t, f);

    switch (f->tag) {

    case NGX_APP_IMAGE_TIFF_WIDTH:
        page->width = value;
        break;

    case NGX_APP_IMAGE_TIFF_HEIGHT:
        page->height = value;
        break;

    case NGX_APP_IMAGE_TIFF_BITS:
        page->bits = value;
        break;

    case NGX_APP_IMAGE_TIFF_PHOTOMETRIC:
        page->photometric = value;
        break;

    case NGX_APP_IMAGE_TIFF_ORIENTATION:
        page->orientation = value;
        break;

    case NGX_APP_IMAGE_TIFF_SAMPLES_TAG:
        page->samples = value;
        break;

    case NGX_APP_IMAGE_TIFF_STRIP_ROWS:
        page->strip_rows = value;
        break;

    case NGX_APP_IMAGE_TIFF_PLANES:
        page->planes = value;
        break;

    case NGX_APP_IMAGE_TIFF_TILE_WIDTH:
        page->tile_width = value;
        break;

    case NGX_APP_IMAGE_TIFF_TILE_HEIGHT:
        page->tile_height = value;
        break;

    case NGX_APP_IMAGE_TIFF_EXTRA:

        /* 1 and 2 are alpha, 0 is anything; decoders take all as alpha */

        page->alpha = 1;
        break;

    case NGX_APP_IMAGE_TIFF_ICC:
        page->icc = 1;
        break;

    case NGX_APP_IMAGE_TIFF_STRIPS:
    case NGX_APP_IMAGE_TIFF_STRIP_SIZES:
    case NGX_APP_IMAGE_TIFF_TILES:
    case NGX_APP_IMAGE_TIFF_TILE_SIZES:

        if (f->data == NULL) {
            return "table of strips or tiles outside the file";
        }

        break;
    }

    return NULL;
}


static const char *
ngx_app_image_tiff_check(ngx_app_image_tiff_page_t *page)
{
    if (page->width == 0 || page->height == 0) {
        return "no size";
    }

    if (page->width > NGX_MAX_INT32_VALUE
        || page->height > NGX_MAX_INT32_VALUE)
    {
        return "size out of range";
    }

    if (page->samples == 0 || page->samples > NGX_APP_IMAGE_TIFF_SAMPLES) {
        return "too many samples in a pixel";
    }

    if (page->bits == 0 || page->bits > 64) {
        return "odd number of bits";
    }

    if ((page->tile_width == 0) != (page->tile_height == 0)
        || page->tile_width > ngx_max(page->width, NGX_APP_IMAGE_TIFF_TILE)
        || page->tile_height > ngx_max(page->height, NGX_APP_IMAGE_TIFF_TILE))
    {
        return "tile of a bad size";
    }

    return NULL;
}


/* p is at a field that is all there */

static void
ngx_app_image_tiff_read(ngx_app_image_tiff_t *t, const u_char *p,
    ngx_app_image_tiff_field_t *f)
{
    uint64_t  at, max;

    /* bytes of a value of each type: BYTE, ASCII, SHORT, LONG, ... */

    static const u_char  sizes[] = {
        0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8
    };

    f->tag = ngx_app_image_tiff_16(t, p);
    f->type = ngx_app_image_tiff_16(t, p + 2);
    f->count = ngx_app_image_tiff_word(t, p + 4);
    f->data = NULL;

    p += 4 + t->offset;

    if (f->type >= sizeof(sizes) || sizes[f->type] == 0 || f->count == 0) {
        return;
    }

    max = t->offset / sizes[f->type];

    if (f->count <= max) {
        f->data = p;
        return;
    }

    at = ngx_app_image_tiff_word(t, p);

    if (at <= t->len && f->count <= (t->len - at) / sizes[f->type]) {
        f->data = t->data + at;
    }
}


/* the first value of a field of whole numbers; 0 when there is none */

static uint64_t
ngx_app_image_tiff_value(ngx_app_image_tiff_t *t,
    ngx_app_image_tiff_field_t *f)
{
    if (f->data == NULL) {
        return 0;
    }

    switch (f->type) {

    case 1:
        return f->data[0];

    case 3:
        return ngx_app_image_tiff_16(t, f->data);

    case 4:
        return ngx_app_image_tiff_32(t, f->data);

    case 16:
        return ngx_app_image_tiff_64(t, f->data);

    default:
        return 0;
    }
}


static uint32_t
ngx_app_image_tiff_16(ngx_app_image_tiff_t *t, const u_char *p)
{
    return t->big_endian ? ngx_app_image_be16(p) : ngx_app_image_le16(p);
}


static uint32_t
ngx_app_image_tiff_32(ngx_app_image_tiff_t *t, const u_char *p)
{
    return t->big_endian ? ngx_app_image_be32(p) : ngx_app_image_le32(p);
}


static uint64_t
ngx_app_image_tiff_64(ngx_app_image_tiff_t *t, const u_char *p)
{
    return t->big_endian ? ngx_app_image_be64(p) : ngx_app_image_le64(p);
}


/* a count or an offset */

static uint64_t
ngx_app_image_tiff_word(ngx_app_image_tiff_t *t, const u_char *p)
{
    return (t->offset == 8) ? ngx_app_image_tiff_64(t, p)
                            : ngx_app_image_tiff_32(t, p);
}
