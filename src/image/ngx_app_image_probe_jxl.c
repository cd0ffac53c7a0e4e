
/*
 * Copyright (C) the project authors
 */

/*
 * JPEG XL: ISO/IEC 18181-1, annexes on image headers, and 18181-2 for the
 * container.  Fields are bits, least significant first.  The frames of an
 * animation are not told before they are decoded: it has 1 here.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_box.h>
#include <image/ngx_app_image_probe_part.h>


/* that are gathered; what is read ends far before */
#define NGX_APP_IMAGE_JXL_HEADER  256

#define NGX_APP_IMAGE_JXL_BOXES   65536

/* the decoder's own bound of a side */
#define NGX_APP_IMAGE_JXL_SIDE    (1u << 30)


/* one of four forms of a number: an offset and so many bits */

typedef struct {
    uint32_t               offset;
    ngx_uint_t             bits;
} ngx_app_image_jxl_form_t;


typedef struct {
    u_char                 data[NGX_APP_IMAGE_JXL_HEADER];
    size_t                 len;
    size_t                 bit;        /* that is next; past the end when a
                                          read failed */
} ngx_app_image_jxl_t;


static const char *ngx_app_image_jxl_gather(ngx_app_image_jxl_t *jxl,
    const u_char *data, size_t len);
static const char *ngx_app_image_jxl_header(ngx_app_image_jxl_t *jxl,
    ngx_app_image_info_t *info);
static void ngx_app_image_jxl_metadata(ngx_app_image_jxl_t *jxl,
    ngx_app_image_info_t *info);
static void ngx_app_image_jxl_extra(ngx_app_image_jxl_t *jxl,
    ngx_app_image_info_t *info);
static void ngx_app_image_jxl_size(ngx_app_image_jxl_t *jxl, uint32_t *width,
    uint32_t *height);
static void ngx_app_image_jxl_preview(ngx_app_image_jxl_t *jxl);
static void ngx_app_image_jxl_animation(ngx_app_image_jxl_t *jxl);
static uint32_t ngx_app_image_jxl_number(ngx_app_image_jxl_t *jxl,
    const ngx_app_image_jxl_form_t *forms);
static uint32_t ngx_app_image_jxl_bits(ngx_app_image_jxl_t *jxl,
    ngx_uint_t n);


const char *
ngx_app_image_probe_jxl(const u_char *data, size_t len,
    ngx_app_image_info_t *info)
{
    const char           *err;
    ngx_app_image_jxl_t   jxl;

    jxl.len = 0;
    jxl.bit = 0;

    if (data[0] == 0xff) {
        jxl.len = ngx_min(len, NGX_APP_IMAGE_JXL_HEADER);
        ngx_memcpy(jxl.data, data, jxl.len);

    } else {
        err = ngx_app_image_jxl_gather(&jxl, data, len);

        if (err) {
            return err;
        }
    }

    return ngx_app_image_jxl_header(&jxl, info);
}


/* the beginning of the codestream, which may be spread over boxes */

static const char *
ngx_app_image_jxl_gather(ngx_app_image_jxl_t *jxl, const u_char *data,
    size_t len)
{
    size_t                 n;
    ngx_int_t              rc;
    ngx_uint_t             budget;
    ngx_app_image_box_t    box;
    ngx_app_image_boxes_t  boxes;

    budget = NGX_APP_IMAGE_JXL_BOXES;
    ngx_app_image_boxes_init(&boxes, data, len, &budget);

    while (jxl->len < NGX_APP_IMAGE_JXL_HEADER) {

        rc = ngx_app_image_box_next(&boxes, &box);

        /* what was gathered may be enough */

        if (rc == NGX_DONE || (rc != NGX_OK && jxl->len)) {
            break;
        }

        if (rc != NGX_OK) {
            return ngx_app_image_box_fault(rc);
        }

        if (box.name == ngx_app_image_name('j', 'x', 'l', 'p')) {

            /* the part's number */

            n = ngx_min(box.len, 4);
            box.data += n;
            box.len -= n;

        } else if (box.name != ngx_app_image_name('j', 'x', 'l', 'c')) {
            continue;
        }

        n = ngx_min(box.len, NGX_APP_IMAGE_JXL_HEADER - jxl->len);
        ngx_memcpy(jxl->data + jxl->len, box.data, n);
        jxl->len += n;

        if (box.name == ngx_app_image_name('j', 'x', 'l', 'c')) {
            break;
        }
    }

    return jxl->len ? NULL : "cut before its image data";
}


static const char *
ngx_app_image_jxl_header(ngx_app_image_jxl_t *jxl, ngx_app_image_info_t *info)
{
    if (ngx_app_image_jxl_bits(jxl, 16) != 0x0aff) {
        return "bad header of the image data";
    }

    info->whole = 1;
    info->bits = 8;

    ngx_app_image_jxl_size(jxl, &info->width, &info->height);
    ngx_app_image_jxl_metadata(jxl, info);

    if (jxl->bit > jxl->len * 8) {
        return "cut in its header";
    }

    if (info->width > NGX_APP_IMAGE_JXL_SIDE
        || info->height > NGX_APP_IMAGE_JXL_SIDE)
    {
        return "size out of range";
    }

    return NULL;
}


static void
ngx_app_image_jxl_metadata(ngx_app_image_jxl_t *jxl,
    ngx_app_image_info_t *info)
{
    uint32_t  width, height;

    static const ngx_app_image_jxl_form_t  integers[] = {
        { 8, 0 }, { 10, 0 }, { 12, 0 }, { 1, 6 }
    };

    static const ngx_app_image_jxl_form_t  floats[] = {
        { 32, 0 }, { 16, 0 }, { 24, 0 }, { 1, 6 }
    };

    /* all that follows is as usual */

    if (ngx_app_image_jxl_bits(jxl, 1)) {
        return;
    }

    if (ngx_app_image_jxl_bits(jxl, 1)) {

        /* a decoder turns the image: from 5 on by a quarter */

        if (ngx_app_image_jxl_bits(jxl, 3) >= 4) {
            width = info->width;
            info->width = info->height;
            info->height = width;
        }

        /* a size that is meant to be shown */

        if (ngx_app_image_jxl_bits(jxl, 1)) {
            ngx_app_image_jxl_size(jxl, &width, &height);
        }

        if (ngx_app_image_jxl_bits(jxl, 1)) {
            ngx_app_image_jxl_preview(jxl);
        }

        if (ngx_app_image_jxl_bits(jxl, 1)) {
            info->animated = 1;
            ngx_app_image_jxl_animation(jxl);
        }
    }

    if (ngx_app_image_jxl_bits(jxl, 1)) {
        info->bits = ngx_app_image_jxl_number(jxl, floats);
        (void) ngx_app_image_jxl_bits(jxl, 4);

    } else {
        info->bits = ngx_app_image_jxl_number(jxl, integers);
    }

    /* whether 16 bits are enough for it */

    (void) ngx_app_image_jxl_bits(jxl, 1);

    ngx_app_image_jxl_extra(jxl, info);
}


/* extra channels, and whether there is a profile if that can be told */

static void
ngx_app_image_jxl_extra(ngx_app_image_jxl_t *jxl, ngx_app_image_info_t *info)
{
    uint32_t  channels;

    static const ngx_app_image_jxl_form_t  forms[] = {
        { 0, 0 }, { 1, 0 }, { 2, 4 }, { 1, 12 }
    };

    channels = ngx_app_image_jxl_number(jxl, forms);
    info->alpha = (channels != 0);

    /* one channel of alpha of the usual kind is a bit; others are longer */

    if (channels > 1 || (channels == 1 && !ngx_app_image_jxl_bits(jxl, 1))) {
        return;
    }

    /* whether colours are of its own kind inside */

    (void) ngx_app_image_jxl_bits(jxl, 1);

    info->icc = !ngx_app_image_jxl_bits(jxl, 1)
                && ngx_app_image_jxl_bits(jxl, 1);
}


static void
ngx_app_image_jxl_size(ngx_app_image_jxl_t *jxl, uint32_t *width,
    uint32_t *height)
{
    uint32_t    ratio;
    ngx_uint_t  small;

    static const ngx_app_image_jxl_form_t  forms[] = {
        { 1, 9 }, { 1, 13 }, { 1, 18 }, { 1, 30 }
    };

    /* of width to height */

    static const struct {
        uint32_t  width;
        uint32_t  height;
    } ratios[] = {
        { 0, 1 }, { 1, 1 }, { 12, 10 }, { 4, 3 }, { 3, 2 }, { 16, 9 },
        { 5, 4 }, { 2, 1 }
    };

    small = ngx_app_image_jxl_bits(jxl, 1);

    *height = small ? 8 * (ngx_app_image_jxl_bits(jxl, 5) + 1)
                    : ngx_app_image_jxl_number(jxl, forms);

    ratio = ngx_app_image_jxl_bits(jxl, 3);

    if (ratio) {
        *width = (uint32_t) ngx_min((uint64_t) *height * ratios[ratio].width
                                    / ratios[ratio].height,
                                    NGX_MAX_UINT32_VALUE);
        return;
    }

    *width = small ? 8 * (ngx_app_image_jxl_bits(jxl, 5) + 1)
                   : ngx_app_image_jxl_number(jxl, forms);
}


static void
ngx_app_image_jxl_preview(ngx_app_image_jxl_t *jxl)
{
    ngx_uint_t                       small;
    const ngx_app_image_jxl_form_t  *forms;

    static const ngx_app_image_jxl_form_t  eights[] = {
        { 16, 0 }, { 32, 0 }, { 1, 5 }, { 33, 9 }
    };

    static const ngx_app_image_jxl_form_t  ones[] = {
        { 1, 6 }, { 65, 8 }, { 321, 10 }, { 1345, 12 }
    };

    small = ngx_app_image_jxl_bits(jxl, 1);
    forms = small ? eights : ones;

    (void) ngx_app_image_jxl_number(jxl, forms);

    if (ngx_app_image_jxl_bits(jxl, 3) == 0) {
        (void) ngx_app_image_jxl_number(jxl, forms);
    }
}


static void
ngx_app_image_jxl_animation(ngx_app_image_jxl_t *jxl)
{
    ngx_uint_t  i;

    /* ticks in a second, as a fraction; how often it is repeated */

    static const ngx_app_image_jxl_form_t  forms[][4] = {
        { { 100, 0 }, { 1000, 0 }, { 1, 10 }, { 1, 30 } },
        { { 1, 0 }, { 1001, 0 }, { 1, 8 }, { 1, 10 } },
        { { 0, 0 }, { 0, 3 }, { 0, 16 }, { 0, 32 } }
    };

    for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        (void) ngx_app_image_jxl_number(jxl, forms[i]);
    }

    /* whether frames have timecodes */

    (void) ngx_app_image_jxl_bits(jxl, 1);
}


static uint32_t
ngx_app_image_jxl_number(ngx_app_image_jxl_t *jxl,
    const ngx_app_image_jxl_form_t *forms)
{
    forms += ngx_app_image_jxl_bits(jxl, 2);

    return forms->offset + ngx_app_image_jxl_bits(jxl, forms->bits);
}


/* up to 32 bits; 0 when they are not there, which is found at the end */

static uint32_t
ngx_app_image_jxl_bits(ngx_app_image_jxl_t *jxl, ngx_uint_t n)
{
    uint32_t    v;
    ngx_uint_t  i;

    if (jxl->bit + n > jxl->len * 8) {
        jxl->bit = jxl->len * 8 + 1;
        return 0;
    }

    v = 0;

    for (i = 0; i < n; i++, jxl->bit++) {
        v |= (uint32_t) (jxl->data[jxl->bit / 8] >> jxl->bit % 8 & 1) << i;
    }

    return v;
}
