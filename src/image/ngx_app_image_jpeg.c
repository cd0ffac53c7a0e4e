
/*
 * Copyright (C) the project authors
 */

/*
 * A JPEG that becomes a good deal smaller is read at a half, a quarter or an
 * eighth of its size, which the decoder does on the way and for little; most
 * pictures are such.  libvips does so too, but leaves more of the reduction to
 * its own resizing and hands every line through several hands: together that
 * takes half as long again.  So what is left of the way is gone here as well.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_scale.h>
#include <image/ngx_app_image_vips.h>

#include <setjmp.h>
#include <stdio.h>
#include <jpeglib.h>


typedef struct {
    struct jpeg_error_mgr           error;      /* first: see _exit() */
    struct jpeg_progress_mgr        progress;
    struct jpeg_decompress_struct   jpeg;
    jmp_buf                         jump;
    ngx_app_image_work_t           *work;
    ngx_app_image_pixels_t          pixels;
} ngx_app_image_jpeg_t;


static int ngx_app_image_jpeg_decode(ngx_app_image_jpeg_t *j, int shrink);
static int ngx_app_image_jpeg_scale(ngx_app_image_jpeg_t *j, int width,
    int height);
static VipsImage *ngx_app_image_jpeg_image(ngx_app_image_jpeg_t *j,
    VipsImage *header);
static void *ngx_app_image_jpeg_field(VipsImage *im, const char *name,
    GValue *value, void *data);
static void ngx_app_image_jpeg_free(VipsImage *im, void *data);
static void ngx_app_image_jpeg_exit(j_common_ptr jpeg);
static void ngx_app_image_jpeg_warn(j_common_ptr jpeg, int level);
static void ngx_app_image_jpeg_progress(j_common_ptr jpeg);


VipsImage *
ngx_app_image_jpeg(ngx_app_image_work_t *w, VipsImage *header, int shrink,
    int width, int height)
{
    int                    rc;
    VipsImage             *im;
    ngx_app_image_jpeg_t  *j;

    j = g_try_malloc0(sizeof(ngx_app_image_jpeg_t));
    if (j == NULL) {
        return NULL;
    }

    j->work = w;
    im = NULL;

    rc = ngx_app_image_jpeg_decode(j, shrink);

    if (rc == 0) {
        rc = ngx_app_image_jpeg_scale(j, width, height);
    }

    if (rc == 0) {
        im = ngx_app_image_jpeg_image(j, header);

    } else {
        g_free(j->pixels.data);
    }

    jpeg_destroy_decompress(&j->jpeg);
    g_free(j);

    return im;
}


/* all that changes is in j, which a jump leaves as it is */

static int
ngx_app_image_jpeg_decode(ngx_app_image_jpeg_t *j, int shrink)
{
    size_t                          stride;
    JSAMPROW                        row;
    ngx_app_image_pixels_t         *pixels;
    struct jpeg_decompress_struct  *jpeg;

    jpeg = &j->jpeg;
    pixels = &j->pixels;

    jpeg->err = jpeg_std_error(&j->error);
    j->error.error_exit = ngx_app_image_jpeg_exit;
    j->error.emit_message = ngx_app_image_jpeg_warn;

    if (setjmp(j->jump)) {
        return -1;
    }

    jpeg_create_decompress(jpeg);

    j->progress.progress_monitor = ngx_app_image_jpeg_progress;
    jpeg->progress = &j->progress;

    jpeg_mem_src(jpeg, j->work->data, j->work->len);
    (void) jpeg_read_header(jpeg, TRUE);

    if (jpeg->num_components != 1 && jpeg->num_components != 3) {
        return -1;
    }

    jpeg->out_color_space = (jpeg->num_components == 1) ? JCS_GRAYSCALE
                                                        : JCS_RGB;
    jpeg->scale_num = 1;
    jpeg->scale_denom = shrink;

    (void) jpeg_start_decompress(jpeg);

    pixels->width = jpeg->output_width;
    pixels->height = jpeg->output_height;
    pixels->bands = jpeg->output_components;

    stride = (size_t) pixels->width * pixels->bands;

    pixels->data = g_try_malloc(stride * pixels->height);
    if (pixels->data == NULL) {
        return -1;
    }

    while (jpeg->output_scanline < jpeg->output_height) {
        row = pixels->data + jpeg->output_scanline * stride;
        (void) jpeg_read_scanlines(jpeg, &row, 1);
    }

    (void) jpeg_finish_decompress(jpeg);

    return 0;
}


static int
ngx_app_image_jpeg_scale(ngx_app_image_jpeg_t *j, int width, int height)
{
    ngx_app_image_pixels_t  small;

    small.width = ngx_min(width, j->pixels.width);
    small.height = ngx_min(height, j->pixels.height);
    small.bands = j->pixels.bands;
    small.data = g_try_malloc((size_t) small.width * small.height
                              * small.bands);

    if (small.data == NULL || ngx_app_image_scale(&j->pixels, &small) != 0) {
        g_free(small.data);
        return -1;
    }

    g_free(j->pixels.data);
    j->pixels = small;

    return 0;
}


/* with what libvips has found in the file beside the pixels */

static VipsImage *
ngx_app_image_jpeg_image(ngx_app_image_jpeg_t *j, VipsImage *header)
{
    int                      rc;
    VipsImage               *im, *next;
    ngx_app_image_pixels_t  *pixels;

    pixels = &j->pixels;

    im = vips_image_new_from_memory(pixels->data,
                                    (size_t) pixels->width * pixels->height
                                    * pixels->bands,
                                    pixels->width, pixels->height,
                                    pixels->bands, VIPS_FORMAT_UCHAR);
    if (im == NULL) {
        g_free(pixels->data);
        return NULL;
    }

    g_signal_connect(im, "postclose", G_CALLBACK(ngx_app_image_jpeg_free),
                     pixels->data);

    rc = vips_copy(im, &next,
                   "interpretation",
                   pixels->bands == 1 ? VIPS_INTERPRETATION_B_W
                                      : VIPS_INTERPRETATION_sRGB,
                   NULL);
    g_object_unref(im);

    if (rc != 0) {
        return NULL;
    }

    (void) vips_image_map(header, ngx_app_image_jpeg_field, next);

    return next;
}


/* those that are no fact about the pixels */

static void *
ngx_app_image_jpeg_field(VipsImage *im, const char *name, GValue *value,
    void *data)
{
    if (ngx_strncmp(name, "exif-", 5) == 0
        || ngx_strncmp(name, "xmp-", 4) == 0
        || ngx_strncmp(name, "iptc-", 5) == 0
        || ngx_strncmp(name, "photoshop-", 10) == 0
        || ngx_strcmp(name, VIPS_META_ORIENTATION) == 0
        || ngx_strcmp(name, VIPS_META_ICC_NAME) == 0)
    {
        vips_image_set(data, name, value);
    }

    return NULL;
}


static void
ngx_app_image_jpeg_free(VipsImage *im, void *data)
{
    g_free(data);
}


static void
ngx_app_image_jpeg_exit(j_common_ptr jpeg)
{
    ngx_app_image_jpeg_t  *j;

    j = (ngx_app_image_jpeg_t *) (void *) jpeg->err;

    longjmp(j->jump, 1);
}


/* a file that ends too early is a warning to the decoder, and broken to us */

static void
ngx_app_image_jpeg_warn(j_common_ptr jpeg, int level)
{
    if (level < 0) {
        ngx_app_image_jpeg_exit(jpeg);
    }
}


static void
ngx_app_image_jpeg_progress(j_common_ptr jpeg)
{
    ngx_app_image_jpeg_t  *j;

    j = (ngx_app_image_jpeg_t *) (void *) jpeg->err;

    if (ngx_app_image_stops(j->work)) {
        longjmp(j->jump, 1);
    }
}
