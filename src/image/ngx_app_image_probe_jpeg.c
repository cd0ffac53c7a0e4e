
/*
 * Copyright (C) the project authors
 */

/*
 * JPEG: ITU-T T.81, annex B.  Between segments libjpeg skips what it does not
 * know, so this does too.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_part.h>


/* an embedded profile has up to 255, and a long text one for each 64k */
#define NGX_APP_IMAGE_JPEG_SEGMENTS  10000

/* bytes that belong to no segment: some cameras pad with them */
#define NGX_APP_IMAGE_JPEG_STRAY     (256 * 1024)

/* each costs a pass over the whole image; encoders write up to about 20 */
#define NGX_APP_IMAGE_JPEG_SCANS     100

/* bytes of 0xff in the data of scans; they are one of 256 on average */
#define NGX_APP_IMAGE_JPEG_MARKS     (256 * 1024)

#define NGX_APP_IMAGE_JPEG_SOF0      0xc0
#define NGX_APP_IMAGE_JPEG_SOF1      0xc1
#define NGX_APP_IMAGE_JPEG_DHT       0xc4
#define NGX_APP_IMAGE_JPEG_JPG       0xc8
#define NGX_APP_IMAGE_JPEG_DAC       0xcc
#define NGX_APP_IMAGE_JPEG_SOF15     0xcf
#define NGX_APP_IMAGE_JPEG_RST0      0xd0
#define NGX_APP_IMAGE_JPEG_RST7      0xd7
#define NGX_APP_IMAGE_JPEG_SOI       0xd8
#define NGX_APP_IMAGE_JPEG_EOI       0xd9
#define NGX_APP_IMAGE_JPEG_SOS       0xda
#define NGX_APP_IMAGE_JPEG_DQT       0xdb
#define NGX_APP_IMAGE_JPEG_DRI       0xdd
#define NGX_APP_IMAGE_JPEG_APP0      0xe0
#define NGX_APP_IMAGE_JPEG_APP1      0xe1
#define NGX_APP_IMAGE_JPEG_APP2      0xe2
#define NGX_APP_IMAGE_JPEG_APP15     0xef
#define NGX_APP_IMAGE_JPEG_COM       0xfe
#define NGX_APP_IMAGE_JPEG_TEM       0x01


typedef struct {
    const u_char          *p;
    const u_char          *last;
    ngx_app_image_info_t  *info;
    size_t                 stray;
    ngx_uint_t             components;  /* 0 until the frame's header */
} ngx_app_image_jpeg_t;


static ngx_uint_t ngx_app_image_jpeg_marker(ngx_app_image_jpeg_t *j);
static const char *ngx_app_image_jpeg_segment(ngx_app_image_jpeg_t *j,
    ngx_uint_t marker, const u_char *data, size_t len);
static const char *ngx_app_image_jpeg_frame(ngx_app_image_jpeg_t *j,
    ngx_uint_t marker, const u_char *data, size_t len);
static const char *ngx_app_image_jpeg_scan(ngx_app_image_jpeg_t *j,
    const u_char *data, size_t len);
static const char *ngx_app_image_jpeg_scans(ngx_app_image_jpeg_t *j);
static ngx_uint_t ngx_app_image_jpeg_alone(ngx_uint_t marker);


const char *
ngx_app_image_probe_jpeg(const u_char *data, size_t len,
    ngx_app_image_info_t *info)
{
    size_t                 size;
    const char            *err;
    ngx_uint_t             n, marker;
    const u_char          *segment;
    ngx_app_image_jpeg_t   j;

    ngx_memzero(&j, sizeof(ngx_app_image_jpeg_t));

    j.p = data + 2;
    j.last = data + len;
    j.info = info;

    for (n = 0; n < NGX_APP_IMAGE_JPEG_SEGMENTS; n++) {

        marker = ngx_app_image_jpeg_marker(&j);

        if (j.stray > NGX_APP_IMAGE_JPEG_STRAY) {
            return "too much between its segments";
        }

        if (marker == 0) {
            return "cut before its image data";
        }

        if (ngx_app_image_jpeg_alone(marker)) {
            continue;
        }

        if (marker == NGX_APP_IMAGE_JPEG_EOI) {
            return "ends before its image data";
        }

        if (marker == NGX_APP_IMAGE_JPEG_SOI) {
            return "marker where it may not be";
        }

        if (j.last - j.p < 2) {
            return "cut before its image data";
        }

        size = ngx_app_image_be16(j.p);
        segment = j.p + 2;

        if (size < 2) {
            return "segment of a bad length";
        }

        if (size > (size_t) (j.last - j.p)) {
            return "cut before its image data";
        }

        j.p += size;

        if (marker == NGX_APP_IMAGE_JPEG_SOS) {
            return ngx_app_image_jpeg_scan(&j, segment, size - 2);
        }

        err = ngx_app_image_jpeg_segment(&j, marker, segment, size - 2);

        if (err) {
            return err;
        }
    }

    return "too many segments";
}


/* the next marker, past fill bytes and what is no marker; 0 at the end */

static ngx_uint_t
ngx_app_image_jpeg_marker(ngx_app_image_jpeg_t *j)
{
    const u_char  *p, *from;

    from = j->p;
    p = j->p;

    while (j->stray + (p - from) <= NGX_APP_IMAGE_JPEG_STRAY) {

        p = memchr(p, 0xff, j->last - p);

        if (p == NULL || j->last - p < 2) {
            j->p = j->last;
            return 0;
        }

        p++;

        if (*p != 0x00 && *p != 0xff) {
            j->stray += p - 1 - from;
            j->p = p + 1;

            return *p;
        }
    }

    j->stray += p - from;
    j->p = p;

    return 0;
}


static const char *
ngx_app_image_jpeg_segment(ngx_app_image_jpeg_t *j, ngx_uint_t marker,
    const u_char *data, size_t len)
{
    switch (marker) {

    case NGX_APP_IMAGE_JPEG_APP1:

        if (len > 6 && ngx_memcmp(data, "Exif\0", 5) == 0
            && j->info->orientation == 0)
        {
            j->info->orientation = ngx_app_image_exif_orientation(data, len);
        }

        return NULL;

    case NGX_APP_IMAGE_JPEG_APP2:

        if (len > 12 && ngx_memcmp(data, "ICC_PROFILE", 12) == 0) {
            j->info->icc = 1;
        }

        return NULL;

    case NGX_APP_IMAGE_JPEG_DHT:
    case NGX_APP_IMAGE_JPEG_DAC:
    case NGX_APP_IMAGE_JPEG_DQT:
    case NGX_APP_IMAGE_JPEG_DRI:
    case NGX_APP_IMAGE_JPEG_COM:

        return NULL;

    case NGX_APP_IMAGE_JPEG_JPG:

        return "marker where it may not be";

    default:

        if (marker >= NGX_APP_IMAGE_JPEG_APP0
            && marker <= NGX_APP_IMAGE_JPEG_APP15)
        {
            return NULL;
        }

        if (marker >= NGX_APP_IMAGE_JPEG_SOF0
            && marker <= NGX_APP_IMAGE_JPEG_SOF15)
        {
            return ngx_app_image_jpeg_frame(j, marker, data, len);
        }

        return "unknown marker";
    }
}


static const char *
ngx_app_image_jpeg_frame(ngx_app_image_jpeg_t *j, ngx_uint_t marker,
    const u_char *data, size_t len)
{
    ngx_app_image_info_t  *info;

    info = j->info;

    if (j->components) {
        return "more than one frame header";
    }

    if (len < 6) {
        return "frame header of a bad length";
    }

    info->bits = data[0];
    info->height = ngx_app_image_be16(data + 1);
    info->width = ngx_app_image_be16(data + 3);
    j->components = data[5];

    if (j->components == 0 || j->components > 4) {
        return "odd number of components";
    }

    if (len != 6 + 3 * j->components) {
        return "frame header of a bad length";
    }

    if (info->bits < 2 || info->bits > 16) {
        return "odd number of bits";
    }

    /* a height that comes after the data is a form that no decoder takes */

    if (info->width == 0 || info->height == 0) {
        return "no size";
    }

    info->cmyk = (j->components == 4);
    info->whole = (marker != NGX_APP_IMAGE_JPEG_SOF0
                   && marker != NGX_APP_IMAGE_JPEG_SOF1);

    return NULL;
}


/* the first header of a scan */

static const char *
ngx_app_image_jpeg_scan(ngx_app_image_jpeg_t *j, const u_char *data,
    size_t len)
{
    if (j->components == 0) {
        return "no frame header";
    }

    if (len < 1 || data[0] == 0 || data[0] > 4
        || len != 4 + 2 * (size_t) data[0])
    {
        return "scan header of a bad length";
    }

    /* what is not in this scan comes with others: a decoder keeps it all */

    if (data[0] < j->components) {
        j->info->whole = 1;
    }

    return j->info->whole ? ngx_app_image_jpeg_scans(j) : NULL;
}


/* counts scans; data that is cut is the decoder's to find */

static const char *
ngx_app_image_jpeg_scans(ngx_app_image_jpeg_t *j)
{
    size_t         size;
    ngx_uint_t     n, scans;
    const u_char  *p;

    p = j->p;
    scans = 1;

    for (n = 0; n < NGX_APP_IMAGE_JPEG_MARKS; n++) {

        p = memchr(p, 0xff, j->last - p);

        if (p == NULL || j->last - p < 4 || p[1] == NGX_APP_IMAGE_JPEG_EOI) {
            return NULL;
        }

        if (p[1] == 0xff) {
            p++;
            continue;
        }

        if (p[1] == 0x00 || ngx_app_image_jpeg_alone(p[1])) {
            p += 2;
            continue;
        }

        if (p[1] == NGX_APP_IMAGE_JPEG_SOS
            && ++scans > NGX_APP_IMAGE_JPEG_SCANS)
        {
            return "too many scans";
        }

        size = 2 + ngx_app_image_be16(p + 2);

        if (size > (size_t) (j->last - p)) {
            return NULL;
        }

        p += size;
    }

    return "too many markers";
}


/* markers with no length after them */

static ngx_uint_t
ngx_app_image_jpeg_alone(ngx_uint_t marker)
{
    return marker == NGX_APP_IMAGE_JPEG_TEM
           || (marker >= NGX_APP_IMAGE_JPEG_RST0
               && marker <= NGX_APP_IMAGE_JPEG_RST7);
}
