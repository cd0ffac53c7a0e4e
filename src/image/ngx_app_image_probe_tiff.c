
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_part.h>
#include <image/ngx_app_image_probe_tiff.h>


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
#define NGX_APP_IMAGE_TIFF_CHANNELS     277
#define NGX_APP_IMAGE_TIFF_STRIP_ROWS   278
#define NGX_APP_IMAGE_TIFF_STRIP_SIZES  279
#define NGX_APP_IMAGE_TIFF_PLANAR       284
#define NGX_APP_IMAGE_TIFF_TILE_WIDTH   322
#define NGX_APP_IMAGE_TIFF_TILE_HEIGHT  323
#define NGX_APP_IMAGE_TIFF_TILES        324
#define NGX_APP_IMAGE_TIFF_TILE_SIZES   325
#define NGX_APP_IMAGE_TIFF_EXTRA        338
#define NGX_APP_IMAGE_TIFF_ICC          34675

/* of the photometric interpretation: inks */
#define NGX_APP_IMAGE_TIFF_SEPARATED    5


typedef struct {
    uint64_t       width;
    uint64_t       height;
    uint64_t       bits;
    uint64_t       samples;
    uint64_t       photometric;
    uint64_t       orientation;
    uint64_t       strip_rows;
    uint64_t       planar;
    uint64_t       tile_width;
    uint64_t       tile_height;
    unsigned       alpha:1;
    unsigned       icc:1;
} ngx_app_image_tiff_page_t;


static const char *ngx_app_image_tiff_page(ngx_app_image_tiff_t *t,
    uint64_t at, ngx_app_image_tiff_page_t *page);
static uint64_t *ngx_app_image_tiff_number(ngx_app_image_tiff_page_t *page,
    uint32_t tag);
static const char *ngx_app_image_tiff_check(ngx_app_image_tiff_page_t *page);
static const char *ngx_app_image_tiff_pages(ngx_app_image_tiff_t *t,
    uint64_t page, uint32_t *pages);


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
    page.planar = 1;
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

    /* a strip is decoded at once, and in planes it has one channel only */

    info->whole = (page.planar != 1
                   || (page.tile_width ? page.tile_height >= page.height
                                       : page.strip_rows >= page.height));

    return ngx_app_image_tiff_pages(&t, at, &info->frames);
}


static const char *
ngx_app_image_tiff_page(ngx_app_image_tiff_t *t, uint64_t at,
    ngx_app_image_tiff_page_t *page)
{
    uint64_t                     n, *number;
    ngx_app_image_tiff_dir_t     dir;
    ngx_app_image_tiff_field_t   f;

    if (at == 0 || ngx_app_image_tiff_dir(t, at, &dir) != NGX_OK) {
        return "page outside the file";
    }

    if (dir.count > NGX_APP_IMAGE_TIFF_FIELDS) {
        return "too many fields";
    }

    for (n = 0; n < dir.count; n++) {
        ngx_app_image_tiff_field(t, &dir, n, &f);

        switch (f.tag) {

        case NGX_APP_IMAGE_TIFF_EXTRA:

            /* what is not said to be alpha is taken as such, too */

            page->alpha = 1;
            break;

        case NGX_APP_IMAGE_TIFF_ICC:
            page->icc = 1;
            break;

        case NGX_APP_IMAGE_TIFF_STRIPS:
        case NGX_APP_IMAGE_TIFF_STRIP_SIZES:
        case NGX_APP_IMAGE_TIFF_TILES:
        case NGX_APP_IMAGE_TIFF_TILE_SIZES:

            if (f.data == NULL) {
                return "table of strips or tiles outside the file";
            }

            break;

        default:
            number = ngx_app_image_tiff_number(page, f.tag);

            if (number) {
                *number = ngx_app_image_tiff_value(t, &f);
            }
        }
    }

    return NULL;
}


/* where the value of a field is kept, or NULL */

static uint64_t *
ngx_app_image_tiff_number(ngx_app_image_tiff_page_t *page, uint32_t tag)
{
    switch (tag) {

    case NGX_APP_IMAGE_TIFF_WIDTH:
        return &page->width;

    case NGX_APP_IMAGE_TIFF_HEIGHT:
        return &page->height;

    case NGX_APP_IMAGE_TIFF_BITS:
        return &page->bits;

    case NGX_APP_IMAGE_TIFF_PHOTOMETRIC:
        return &page->photometric;

    case NGX_APP_IMAGE_TIFF_ORIENTATION:
        return &page->orientation;

    case NGX_APP_IMAGE_TIFF_CHANNELS:
        return &page->samples;

    case NGX_APP_IMAGE_TIFF_STRIP_ROWS:
        return &page->strip_rows;

    case NGX_APP_IMAGE_TIFF_PLANAR:
        return &page->planar;

    case NGX_APP_IMAGE_TIFF_TILE_WIDTH:
        return &page->tile_width;

    case NGX_APP_IMAGE_TIFF_TILE_HEIGHT:
        return &page->tile_height;

    default:
        return NULL;
    }
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


/*
 * Counts pages.  A loop is met again at a place that is moved on after 1, 2,
 * 4, ... pages (Brent's algorithm).
 */

static const char *
ngx_app_image_tiff_pages(ngx_app_image_tiff_t *t, uint64_t page,
    uint32_t *pages)
{
    uint32_t                   n, move;
    uint64_t                   mark;
    ngx_app_image_tiff_dir_t   dir;

    mark = 0;
    move = 0;

    for (n = 0; page != 0; n++) {

        if (page == mark) {
            return "pages in a loop";
        }

        if (n == NGX_APP_IMAGE_TIFF_PAGES) {
            return "too many pages";
        }

        if (n == move) {
            mark = page;
            move = 2 * move + 1;
        }

        if (ngx_app_image_tiff_dir(t, page, &dir) != NGX_OK || dir.cut) {
            return "page outside the file";
        }

        page = dir.next;
    }

    *pages = n;

    return NULL;
}
