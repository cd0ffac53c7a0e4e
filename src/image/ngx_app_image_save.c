
/*
 * Copyright (C) the project authors
 */

/*
 * The last stage: an image becomes bytes of its format, or a short text of
 * what it looks like, or both.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_exif.h>
#include <image/ngx_app_image_vips.h>


/* both hashes are made of a picture as small as this */
#define NGX_APP_IMAGE_HASH_SMALL  32


/* "strip" also drops what a saver would make up by itself */

#if (NGX_APP_IMAGE_KEEP)

#define ngx_app_image_strip(w)                                                \
    "keep", ngx_app_image_strips(w) ? VIPS_FOREIGN_KEEP_NONE                  \
                                    : VIPS_FOREIGN_KEEP_ALL

#else

#define ngx_app_image_strip(w)                                                \
    "strip", ngx_app_image_strips(w) ? TRUE : FALSE

#endif

#define ngx_app_image_strips(w)                                               \
    (((w)->metadata == NGX_APP_IMAGE_METADATA_NONE || (w)->ops.strip)         \
     && !(w)->keep_icc)

static int ngx_app_image_hash(ngx_app_image_work_t *w, VipsImage *im,
    int height);
static int ngx_app_image_hash_pixels(ngx_app_image_work_t *w,
    VipsImage *small);
static int ngx_app_image_hash_form(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_delays(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_metadata(ngx_app_image_work_t *w, VipsImage **im);
static ngx_uint_t ngx_app_image_copyright(ngx_app_image_work_t *w);
static void ngx_app_image_reduce(VipsImage *im);
static void *ngx_app_image_drop(VipsImage *im, const char *name,
    GValue *value, void *data);
static ngx_uint_t ngx_app_image_kept(ngx_app_image_work_t *w,
    const char *name);
static int ngx_app_image_encode(ngx_app_image_work_t *w, VipsImage *im,
    void **out, size_t *len);


int
ngx_app_image_save(ngx_app_image_work_t *w, VipsImage **im, int frames)
{
    int         height;
    void       *out;
    VipsImage  *next;

    height = vips_image_get_height(*im) / frames;

    w->width = vips_image_get_width(*im);
    w->height = height;
    w->frames = frames;

    if (w->ops.bh[0] || w->format == NGX_APP_IMAGE_TO_BLURHASH
        || w->format == NGX_APP_IMAGE_TO_THUMBHASH)
    {
        /* two readers, and lines come but once */

        next = vips_image_copy_memory(*im);
        if (next == NULL) {
            return -1;
        }

        ngx_app_image_replace(im, next);

        if (ngx_app_image_hash(w, *im, height) != 0) {
            return -1;
        }
    }

    if (w->format >= NGX_APP_IMAGE_TO_JSON) {
        return 0;
    }

    if (ngx_app_image_delays(w, im) != 0
        || ngx_app_image_metadata(w, im) != 0)
    {
        return -1;
    }

    out = NULL;

    if (ngx_app_image_encode(w, *im, &out, &w->out_len) != 0) {
        return -1;
    }

    w->out = out;

    /* libvips 8.14 writes EXIF of its own, which in small images is much */

    if (w->format == NGX_APP_IMAGE_TO_WEBP && ngx_app_image_strips(w)) {
        w->out_len = ngx_app_image_exif_webp(w->out, w->out_len);
    }

    return 0;
}


/* of the first frame */

static int
ngx_app_image_hash(ngx_app_image_work_t *w, VipsImage *im, int height)
{
    int         rc;
    VipsImage  *first, *small;

    if (vips_extract_area(im, &first, 0, 0, vips_image_get_width(im), height,
                          NULL)
        != 0)
    {
        return -1;
    }

    rc = vips_thumbnail_image(first, &small, NGX_APP_IMAGE_HASH_SMALL,
                              "height", NGX_APP_IMAGE_HASH_SMALL,
                              "size", VIPS_SIZE_DOWN,
                              "no_rotate", TRUE, NULL);
    g_object_unref(first);

    if (rc != 0) {
        return -1;
    }

    rc = ngx_app_image_hash_form(w, &small);

    if (rc == 0) {
        rc = ngx_app_image_hash_pixels(w, small);
    }

    g_object_unref(small);

    return rc;
}


/* eight bits of red, green and blue; a ThumbHash has alpha too */

static int
ngx_app_image_hash_form(ngx_app_image_work_t *w, VipsImage **im)
{
    VipsImage  *next;

    if (vips_colourspace(*im, &next, VIPS_INTERPRETATION_sRGB, NULL) != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    if (w->format != NGX_APP_IMAGE_TO_THUMBHASH) {
        return vips_image_hasalpha(*im) ? ngx_app_image_opaque(im, NULL) : 0;
    }

    if (!vips_image_hasalpha(*im)) {

        if (vips_addalpha(*im, &next, NULL) != 0) {
            return -1;
        }

        ngx_app_image_replace(im, next);
    }

    if (vips_cast_uchar(*im, &next, NULL) != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


static int
ngx_app_image_hash_pixels(ngx_app_image_work_t *w, VipsImage *small)
{
    int     width, height, bands, x, y;
    void   *pixels;
    size_t  size;

    width = vips_image_get_width(small);
    height = vips_image_get_height(small);
    bands = vips_image_get_bands(small);

    pixels = vips_image_write_to_memory(small, &size);
    if (pixels == NULL) {
        return -1;
    }

    if (size != (size_t) width * height * bands
        || bands != (w->format == NGX_APP_IMAGE_TO_THUMBHASH ? 4 : 3))
    {
        g_free(pixels);
        return ngx_app_image_refuse(w, NGX_APP_IMAGE_FAILED,
                                    "the image has unusual bands");
    }

    if (w->format == NGX_APP_IMAGE_TO_THUMBHASH) {
        w->hash_len = ngx_app_image_thumbhash(w->hash, pixels, width, height);

    } else {
        x = w->ops.bh[0] ? w->ops.bh[0] : (width >= height ? 4 : 3);
        y = w->ops.bh[1] ? w->ops.bh[1] : (width >= height ? 3 : 4);

        w->hash_len = ngx_app_image_blurhash(w->hash, pixels, width, height,
                                             x, y);
    }

    g_free(pixels);

    return 0;
}


/* libvips has those of all frames of the file, whichever it has read */

static int
ngx_app_image_delays(ngx_app_image_work_t *w, VipsImage **im)
{
    int         n, *delay;
    VipsImage  *next;

    if (w->ops.page == 0 || w->frames < 2
        || vips_image_get_typeof(*im, "delay") == 0
        || vips_image_get_array_int(*im, "delay", &delay, &n) != 0
        || n != (int) w->info.frames)
    {
        return 0;
    }

    if (vips_copy(*im, &next, NULL) != 0) {
        return -1;
    }

    vips_image_set_array_int(next, "delay", delay + w->ops.page, w->frames);
    ngx_app_image_replace(im, next);

    return 0;
}


/*
 * What is dropped: all, unless it is asked for; but what an animation needs
 * is no such thing.
 */

static int
ngx_app_image_metadata(ngx_app_image_work_t *w, VipsImage **im)
{
    VipsImage  *next;

    if (w->metadata == NGX_APP_IMAGE_METADATA_KEEP && !w->ops.strip
        && ngx_app_image_profile_fits(*im))
    {
        return 0;
    }

    /* a copy of the header: the image itself may have other users */

    if (vips_copy(*im, &next, NULL) != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    if (!ngx_app_image_profile_fits(*im)) {
        (void) vips_image_remove(*im, VIPS_META_ICC_NAME);
    }

    if (w->metadata == NGX_APP_IMAGE_METADATA_KEEP && !w->ops.strip) {
        return 0;
    }

    if (ngx_app_image_copyright(w)) {
        ngx_app_image_reduce(*im);
    }

    (void) vips_image_map(*im, ngx_app_image_drop, w);

    return 0;
}


static ngx_uint_t
ngx_app_image_copyright(ngx_app_image_work_t *w)
{
    return w->metadata == NGX_APP_IMAGE_METADATA_COPYRIGHT && !w->ops.strip;
}


/*
 * Without EXIF to put them into, libvips would write the texts that it has of
 * its fields, in which neither a sign of copyright nor a bracket survives, and
 * into a PNG none at all.
 */

static void
ngx_app_image_reduce(VipsImage *im)
{
    size_t       len;
    u_char       exif[NGX_APP_IMAGE_EXIF_LEN];
    const void  *data;

    if (vips_image_get_typeof(im, VIPS_META_EXIF_NAME) == 0) {
        return;
    }

    if (vips_image_get_blob(im, VIPS_META_EXIF_NAME, &data, &len) == 0) {
        len = ngx_app_image_exif_copyright(data, len, exif);

    } else {
        len = 0;
    }

    if (len) {
        vips_image_set_blob_copy(im, VIPS_META_EXIF_NAME, exif, len);

    } else {
        (void) vips_image_remove(im, VIPS_META_EXIF_NAME);
    }
}


static void *
ngx_app_image_drop(VipsImage *im, const char *name, GValue *value, void *data)
{
    ngx_app_image_work_t *w = data;

    static const char  *all[] = {
        "exif-", "jpeg-thumbnail-data", "xmp-", "iptc-", "photoshop-",
        "png-comment-", "gif-comment", "jpeg-comment", "image-description",
        "icc-profile-data", NULL
    };

    ngx_uint_t  i;

    for (i = 0; all[i]; i++) {

        if (ngx_strncmp(name, all[i], ngx_strlen(all[i])) == 0
            && !ngx_app_image_kept(w, name))
        {
            (void) vips_image_remove(im, name);
            break;
        }
    }

    return NULL;
}


static ngx_uint_t
ngx_app_image_kept(ngx_app_image_work_t *w, const char *name)
{
    if (ngx_strcmp(name, VIPS_META_ICC_NAME) == 0) {
        return w->keep_icc;
    }

    return ngx_app_image_copyright(w)
           && (ngx_strcmp(name, VIPS_META_EXIF_NAME) == 0
               || ngx_strcmp(name, "exif-ifd0-Copyright") == 0
               || ngx_strcmp(name, "exif-ifd0-Artist") == 0);
}


static int
ngx_app_image_encode(ngx_app_image_work_t *w, VipsImage *im, void **out,
    size_t *len)
{
    gboolean  progressive;

    progressive = (w->ops.progressive == 1);

    switch (w->format) {

    case NGX_APP_IMAGE_TO_JPEG:
        return vips_jpegsave_buffer(im, out, len,
                                    "Q", (int) w->quality,
                                    "optimize_coding", TRUE,
                                    "interlace", w->ops.progressive != 0,
                                    ngx_app_image_strip(w), NULL);

    case NGX_APP_IMAGE_TO_PNG:
        return vips_pngsave_buffer(im, out, len,
                                   "compression", (int) w->effort,
                                   "interlace", progressive,
                                   ngx_app_image_strip(w), NULL);

    case NGX_APP_IMAGE_TO_WEBP:
        return vips_webpsave_buffer(im, out, len,
                                    "Q", (int) w->quality,
                                    "lossless", w->ops.lossless,
                                    "effort", (int) w->effort,
                                    ngx_app_image_strip(w), NULL);

    case NGX_APP_IMAGE_TO_AVIF:
        return vips_heifsave_buffer(im, out, len,
                                    "compression",
                                    VIPS_FOREIGN_HEIF_COMPRESSION_AV1,
                                    "bitdepth", 8,
                                    "Q", (int) w->quality,
                                    "lossless", w->ops.lossless,
                                    "effort", (int) w->effort,
                                    ngx_app_image_strip(w), NULL);

    case NGX_APP_IMAGE_TO_GIF:
        return vips_gifsave_buffer(im, out, len,
                                   "effort", (int) w->effort,
                                   ngx_app_image_strip(w), NULL);

    default: /* NGX_APP_IMAGE_TO_JXL */
        return vips_jxlsave_buffer(im, out, len,
                                   "Q", (int) w->quality,
                                   "lossless", w->ops.lossless,
                                   "effort", (int) w->effort,
                                   ngx_app_image_strip(w), NULL);
    }
}
