
/*
 * Copyright (C) the project authors
 */

/*
 * From the file to an upright image of the right size.  Where nothing has to
 * be cut out first, libvips decodes just as much as the size needs: a JPEG at
 * an eighth, a SVG as large as it is to be.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_vips.h>


/* of the copy in which a border is looked for */
#define NGX_APP_IMAGE_TRIM_SIDE  1024

/* of a SVG; past these libvips takes 1 */
#define NGX_APP_IMAGE_SCALE_MIN  0.001
#define NGX_APP_IMAGE_SCALE_MAX  100000

/* of a SVG, pixels of all that it draws: ten seconds or so */
#define NGX_APP_IMAGE_DRAWN      20e9


static VipsImage *ngx_app_image_open(ngx_app_image_work_t *w, int *frames);
static int ngx_app_image_pages(ngx_app_image_work_t *w, int *page, int *n);
static int ngx_app_image_size(ngx_app_image_work_t *w, VipsImage *im,
    int frames);
static int ngx_app_image_cut_first(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_trim(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_plan_of(ngx_app_image_work_t *w, int width,
    int height, int frames, ngx_app_image_plan_t *plan);
static int ngx_app_image_thumbnail(ngx_app_image_work_t *w,
    ngx_app_image_plan_t *plan, VipsImage **im, int frames);
static ngx_uint_t ngx_app_image_keeps(ngx_app_image_work_t *w,
    ngx_app_image_plan_t *plan, VipsImage *im);
static ngx_uint_t ngx_app_image_is_done(VipsImage *im,
    ngx_app_image_plan_t *plan, const char *profile);
static int ngx_app_image_draw(ngx_app_image_work_t *w,
    ngx_app_image_plan_t *plan, VipsImage **im);
static ngx_uint_t ngx_app_image_shrink(ngx_app_image_work_t *w,
    ngx_app_image_plan_t *plan, VipsImage **im);
static void ngx_app_image_watch(ngx_app_image_work_t *w, VipsImage *im);
static void ngx_app_image_eval(VipsImage *im, VipsProgress *progress,
    void *data);


int
ngx_app_image_resize(ngx_app_image_work_t *w, ngx_app_image_plan_t *plan,
    VipsImage **im, int *frames)
{
    int  width, height;

    *im = ngx_app_image_open(w, frames);

    if (*im == NULL || ngx_app_image_size(w, *im, *frames) != 0) {
        return -1;
    }

    if (w->ops.crop[2] || w->ops.trim) {

        if (ngx_app_image_cut_first(w, im) != 0) {
            return -1;
        }

        width = vips_image_get_width(*im);
        height = vips_image_get_height(*im);

    } else {
        width = w->source_width;
        height = w->source_height;
    }

    if (ngx_app_image_plan_of(w, width, height, *frames, plan) != 0
        || ngx_app_image_thumbnail(w, plan, im, *frames) != 0)
    {
        return -1;
    }

    ngx_app_image_watch(w, *im);

    return 0;
}


/* nothing is decoded yet */

static VipsImage *
ngx_app_image_open(ngx_app_image_work_t *w, int *frames)
{
    int         page;
    VipsImage  *im;

    if (ngx_app_image_pages(w, &page, frames) != 0) {
        return NULL;
    }

    im = ngx_app_image_load(w, page, *frames, 1);

    if (im) {
        ngx_app_image_watch(w, im);
    }

    return im;
}


/* which frames are read: all of an animation only for one */

static int
ngx_app_image_pages(ngx_app_image_work_t *w, int *page, int *n)
{
    *page = w->ops.page;
    *n = 1;

    if ((uint32_t) *page >= ngx_app_image_readable(&w->info)) {
        return ngx_app_image_refuse(w, NGX_APP_IMAGE_WRONG,
                                    "page is past the last one");
    }

    if (!w->info.animated
        || (w->format != NGX_APP_IMAGE_TO_GIF
            && w->format != NGX_APP_IMAGE_TO_WEBP)
        || w->ops.crop[2] || w->ops.trim)
    {
        return 0;
    }

    *n = ngx_app_image_readable(&w->info) - *page;

    if (w->ops.n != NGX_APP_IMAGE_ALL && w->ops.n < *n) {
        *n = w->ops.n;
    }

    return 0;
}


/* the decoder's own numbers; the file's claims have been looked at before */

static int
ngx_app_image_size(ngx_app_image_work_t *w, VipsImage *im, int frames)
{
    int        width, height, orientation;
    uint64_t   pixels;

    width = vips_image_get_width(im);
    height = frames > 1 ? vips_image_get_page_height(im)
                        : vips_image_get_height(im);

    pixels = (uint64_t) width * height * frames;

    /* a SVG is drawn in this size only where something is to be cut out */

    if (w->info.type != NGX_APP_IMAGE_SVG || w->ops.crop[2] || w->ops.trim) {

        if (pixels > w->limits.max_pixels) {
            return ngx_app_image_refuse(w, NGX_APP_IMAGE_TOO_LARGE,
                                        "the image has too many pixels");
        }

        if ((double) pixels * w->info.units > NGX_APP_IMAGE_DRAWN) {
            return ngx_app_image_refuse(w, NGX_APP_IMAGE_TOO_LARGE,
                                        "the image draws too much for "
                                        "this size");
        }
    }

    orientation = vips_image_get_orientation(im);

    w->source_width = (orientation > 4) ? height : width;
    w->source_height = (orientation > 4) ? width : height;

    return 0;
}


/* "crop" and "trim" are of the upright image, so it is decoded as it is */

static int
ngx_app_image_cut_first(ngx_app_image_work_t *w, VipsImage **im)
{
    VipsImage             *next;
    ngx_app_image_rect_t   cut;

    if (vips_image_get_orientation(*im) != 1) {

        next = vips_image_copy_memory(*im);
        if (next == NULL) {
            return -1;
        }

        ngx_app_image_replace(im, next);

        if (vips_autorot(*im, &next, NULL) != 0) {
            return -1;
        }

        ngx_app_image_replace(im, next);
    }

    if (w->ops.crop[2]) {

        if (ngx_app_image_plan_crop(&w->ops, vips_image_get_width(*im),
                                    vips_image_get_height(*im), &cut)
            != NGX_OK)
        {
            return ngx_app_image_refuse(w, NGX_APP_IMAGE_WRONG,
                                        "crop lies beside the image");
        }

        if (vips_extract_area(*im, &next, cut.left, cut.top, cut.width,
                              cut.height, NULL)
            != 0)
        {
            return -1;
        }

        ngx_app_image_replace(im, next);
    }

    return w->ops.trim ? ngx_app_image_trim(w, im) : 0;
}


/*
 * What is to be cut off is looked for in a small copy, for the search takes a
 * median of each pixel's neighbours: past NGX_APP_IMAGE_TRIM_SIDE the border
 * is exact to a pixel of that, on the side of the picture.  An image of one
 * colour stays as it is.
 */

static int
ngx_app_image_trim(ngx_app_image_work_t *w, VipsImage **im)
{
    int         left, top, width, height, rc;
    double      x, y;
    VipsImage  *next, *small;

    next = vips_image_copy_memory(*im);
    if (next == NULL) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    /* a median has neighbours, and a border something within it */

    if (vips_image_get_width(*im) < 3 || vips_image_get_height(*im) < 3) {
        return 0;
    }

    if (vips_thumbnail_image(*im, &small, NGX_APP_IMAGE_TRIM_SIDE,
                             "height", NGX_APP_IMAGE_TRIM_SIDE,
                             "size", VIPS_SIZE_DOWN,
                             "no_rotate", TRUE, NULL)
        != 0)
    {
        return -1;
    }

    if (vips_image_get_width(small) < 3 || vips_image_get_height(small) < 3) {
        g_object_unref(small);
        return 0;
    }

    x = (double) vips_image_get_width(*im) / vips_image_get_width(small);
    y = (double) vips_image_get_height(*im) / vips_image_get_height(small);

    rc = vips_find_trim(small, &left, &top, &width, &height,
                        "threshold", (double) w->ops.trim, NULL);

    g_object_unref(small);

    if (rc != 0) {
        return -1;
    }

    if (width == 0 || height == 0) {
        return 0;
    }

    width = ngx_min((int) ((left + width) * x + 0.5),
                    vips_image_get_width(*im));
    height = ngx_min((int) ((top + height) * y + 0.5),
                     vips_image_get_height(*im));
    left = (int) (left * x);
    top = (int) (top * y);

    if (vips_extract_area(*im, &next, left, top, width - left, height - top,
                          NULL)
        != 0)
    {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


static int
ngx_app_image_plan_of(ngx_app_image_work_t *w, int width, int height,
    int frames, ngx_app_image_plan_t *plan)
{
    if (ngx_app_image_plan(&w->ops, width, height, w->limits.max_side, plan)
        != NGX_OK
        || (uint64_t) plan->out_width * plan->out_height * frames
           > w->limits.max_output
        || (uint64_t) plan->width * plan->height * frames
           > w->limits.max_output)
    {
        return ngx_app_image_refuse(w, NGX_APP_IMAGE_TOO_LARGE,
                                    "the answer would be too large");
    }

    return 0;
}


static int
ngx_app_image_thumbnail(ngx_app_image_work_t *w, ngx_app_image_plan_t *plan,
    VipsImage **im, int frames)
{
    int          rc, cmyk, upright, whole;
    char         pages[32], options[64];
    VipsImage   *next;
    const char  *profile;

    cmyk = (vips_image_get_interpretation(*im) == VIPS_INTERPRETATION_CMYK);
    upright = (w->ops.crop[2] || w->ops.trim);
    whole = upright || ngx_app_image_shrink(w, plan, im);

    if (!whole && w->info.type == NGX_APP_IMAGE_SVG) {

        if (ngx_app_image_draw(w, plan, im) != 0) {
            return -1;
        }

        whole = 1;
    }

    if (ngx_app_image_cmyk(im) != 0) {
        return -1;
    }

    profile = ngx_app_image_profile(*im, ngx_app_image_keeps(w, plan, *im));

    /* vips_thumbnail_buffer() looks for the type by itself */

    if (whole || cmyk || !ngx_app_image_load_agrees(w)) {

        if (ngx_app_image_is_done(*im, plan, profile)) {
            return 0;
        }

        rc = vips_thumbnail_image(*im, &next, plan->width,
                                  "height", plan->height,
                                  "size", VIPS_SIZE_FORCE,
                                  "no_rotate", upright,
                                  "intent", VIPS_INTENT_PERCEPTUAL,
                                  profile ? "export_profile" : NULL, profile,
                                  NULL);

    } else {
        /* "fail_on" of the thumbnail itself does not reach the loader */

        pages[0] = '\0';

        if (ngx_app_image_readable(&w->info) > 1) {
            (void) snprintf(pages, sizeof(pages), ",page=%d,n=%d",
                            w->ops.page, frames);
        }

        (void) snprintf(options, sizeof(options), "[fail_on=truncated%s]",
                        pages);

        rc = vips_thumbnail_buffer(w->data, w->len, &next, plan->width,
                                   "option_string", options,
                                   "height", plan->height,
                                   "size", VIPS_SIZE_FORCE,
                                   "intent", VIPS_INTENT_PERCEPTUAL,
                                   profile ? "export_profile" : NULL, profile,
                                   NULL);
    }

    if (rc != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


/*
 * Whether the colours stay those of the image's profile.  That of grey has no
 * meaning for the red, green and blue that effects and most formats need.
 */

static ngx_uint_t
ngx_app_image_keeps(ngx_app_image_work_t *w, ngx_app_image_plan_t *plan,
    VipsImage *im)
{
    if (!w->keep_icc || vips_image_get_bands(im) > 2) {
        return w->keep_icc;
    }

    return (w->format == NGX_APP_IMAGE_TO_PNG
            || (w->format == NGX_APP_IMAGE_TO_JPEG
                && !vips_image_hasalpha(im)))
           && w->ops.bri == 100 && w->ops.con == 100 && w->ops.sat == 100
           && !w->ops.tint.set && !w->ops.bg.set && !plan->canvas
           && w->watermark == NULL;
}


static ngx_uint_t
ngx_app_image_is_done(VipsImage *im, ngx_app_image_plan_t *plan,
    const char *profile)
{
    VipsInterpretation  colors;

    colors = vips_image_get_interpretation(im);

    return profile == NULL
           && (colors == VIPS_INTERPRETATION_sRGB
               || colors == VIPS_INTERPRETATION_B_W)
           && vips_image_get_orientation(im) == 1
           && (uint32_t) vips_image_get_width(im) == plan->width
           && (uint32_t) vips_image_get_height(im) == plan->height;
}


/*
 * A SVG is drawn in the size of the answer, with its own proportions: what is
 * stretched a lot may be many times as large as that.
 */

static int
ngx_app_image_draw(ngx_app_image_work_t *w, ngx_app_image_plan_t *plan,
    VipsImage **im)
{
    double      scale, pixels;
    VipsImage  *next;

    scale = ngx_max((double) plan->width / w->source_width,
                    (double) plan->height / w->source_height);

    scale = ngx_max(scale, NGX_APP_IMAGE_SCALE_MIN);
    scale = ngx_min(scale, NGX_APP_IMAGE_SCALE_MAX);

    pixels = scale * w->source_width * scale * w->source_height;

    if (pixels > 1.25 * w->limits.max_output) {
        return ngx_app_image_refuse(w, NGX_APP_IMAGE_TOO_LARGE,
                                    "the image would be drawn too large");
    }

    if (pixels * w->info.units > NGX_APP_IMAGE_DRAWN) {
        return ngx_app_image_refuse(w, NGX_APP_IMAGE_TOO_LARGE,
                                    "the image draws too much for this size");
    }

    next = ngx_app_image_load(w, 0, 1, scale);
    if (next == NULL) {
        return -1;
    }

    ngx_app_image_watch(w, next);
    ngx_app_image_replace(im, next);

    return 0;
}


/*
 * Whether a smaller image has taken the place of a JPEG; what cannot be read
 * so is left to libvips, which also says what is wrong with it.
 */

static ngx_uint_t
ngx_app_image_shrink(ngx_app_image_work_t *w, ngx_app_image_plan_t *plan,
    VipsImage **im)
{
    int         shrink, turned;
    uint32_t    factor;
    VipsImage  *next;

    if (w->info.type != NGX_APP_IMAGE_JPEG) {
        return 0;
    }

    factor = ngx_min(plan->source_width / plan->width,
                     plan->source_height / plan->height);

    shrink = (factor >= 8) ? 8 : (factor >= 4) ? 4 : (factor >= 2) ? 2 : 1;

    if (shrink == 1) {
        return 0;
    }

    if (!w->info.cmyk) {
        turned = (vips_image_get_orientation(*im) > 4);

        next = ngx_app_image_jpeg(w, *im, shrink,
                                  turned ? plan->height : plan->width,
                                  turned ? plan->width : plan->height);

    } else if (vips_jpegload_buffer(w->data, w->len, &next,
                                    "shrink", shrink,
                                    "access", VIPS_ACCESS_SEQUENTIAL,
                                    "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL)
               != 0)
    {
        next = NULL;
    }

    if (next == NULL) {
        return 0;
    }

    ngx_app_image_replace(im, next);

    return 1;
}


/* libvips asks now and then, and stops when told so */

static void
ngx_app_image_watch(ngx_app_image_work_t *w, VipsImage *im)
{
    vips_image_set_progress(im, TRUE);
    g_signal_connect(im, "eval", G_CALLBACK(ngx_app_image_eval), w);
}


static void
ngx_app_image_eval(VipsImage *im, VipsProgress *progress, void *data)
{
    ngx_app_image_work_t *w = data;

    if (ngx_app_image_stops(w)) {
        vips_image_set_kill(im, TRUE);
    }
}


ngx_uint_t
ngx_app_image_stops(ngx_app_image_work_t *w)
{
    return w->left || ngx_app_image_late(w);
}


ngx_uint_t
ngx_app_image_late(ngx_app_image_work_t *w)
{
    return (ngx_atomic_int_t) (ngx_app_image_clock() - w->deadline) >= 0;
}


ngx_atomic_uint_t
ngx_app_image_clock(void)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);

    return (ngx_atomic_uint_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
