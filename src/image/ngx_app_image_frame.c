
/*
 * Copyright (C) the project authors
 */

/*
 * What is done to each frame once it has its size: cut, turned, changed in
 * its colours and sharpness, put on a canvas, marked.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_vips.h>


/*
 * A blur of a large sigma is one of a smaller one on a smaller image, which
 * takes a share of the time.
 */
#define NGX_APP_IMAGE_SIGMA  800       /* of 100 */


static ngx_uint_t ngx_app_image_frame_plain(ngx_app_image_work_t *w,
    ngx_app_image_plan_t *plan, VipsImage *im);
static int ngx_app_image_frame(ngx_app_image_work_t *w,
    ngx_app_image_plan_t *plan, VipsImage **im, int frames);
static int ngx_app_image_cut(ngx_app_image_work_t *w,
    ngx_app_image_plan_t *plan, VipsImage **im, int frames);
static int ngx_app_image_turn(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_rgb(VipsImage **im);
static int ngx_app_image_tones(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_mix(VipsImage **im, double m[3][3]);
static int ngx_app_image_saturate(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_tint(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_blur(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_soften(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_sharpen(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_uchar(VipsImage **im);
static ngx_uint_t ngx_app_image_flattens(ngx_app_image_work_t *w,
    VipsImage *im);
static int ngx_app_image_flatten(ngx_app_image_work_t *w, VipsImage **im);
static int ngx_app_image_veil(VipsImage **im, ngx_app_image_color_t *color);
static int ngx_app_image_canvas(ngx_app_image_work_t *w,
    ngx_app_image_plan_t *plan, VipsImage **im);
static int ngx_app_image_mark(ngx_app_image_work_t *w, VipsImage **im);
static VipsImage *ngx_app_image_mark_open(ngx_app_image_watermark_t *wm,
    int width, int height);
static void ngx_app_image_mark_at(ngx_app_image_watermark_t *wm,
    VipsImage *im, VipsImage *mark, int *x, int *y);


/* how light each colour is, ITU-R BT.709 */
static const double  ngx_app_image_grey[3] = { 0.2126, 0.7152, 0.0722 };


int
ngx_app_image_frames(ngx_app_image_work_t *w, ngx_app_image_plan_t *plan,
    VipsImage **im, int frames)
{
    int          i, rc, height;
    VipsImage  **frame, *next;

    if (ngx_app_image_frame_plain(w, plan, *im)) {
        return 0;
    }

    if (frames == 1) {
        return ngx_app_image_frame(w, plan, im, 1);
    }

    /* frames lie below each other, and are read in any order now */

    next = vips_image_copy_memory(*im);
    if (next == NULL) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    height = vips_image_get_height(*im) / frames;

    frame = g_new0(VipsImage *, frames);
    rc = 0;

    for (i = 0; i < frames && rc == 0; i++) {
        rc = vips_extract_area(*im, &frame[i], 0, i * height,
                               vips_image_get_width(*im), height, NULL);

        if (rc == 0) {
            rc = ngx_app_image_frame(w, plan, &frame[i], frames);
        }
    }

    if (rc == 0) {
        rc = vips_arrayjoin(frame, &next, frames, "across", 1, NULL);
    }

    if (rc == 0) {
        ngx_app_image_replace(im, next);
        rc = vips_copy(*im, &next, NULL);
    }

    if (rc == 0) {
        vips_image_set_int(next, VIPS_META_PAGE_HEIGHT,
                           vips_image_get_height(next) / frames);
        ngx_app_image_replace(im, next);
    }

    for (i = 0; i < frames; i++) {
        if (frame[i]) {
            g_object_unref(frame[i]);
        }
    }

    g_free(frame);

    return rc;
}


static ngx_uint_t
ngx_app_image_frame_plain(ngx_app_image_work_t *w, ngx_app_image_plan_t *plan,
    VipsImage *im)
{
    return !plan->cut && !plan->canvas && w->ops.rot == 0 && w->ops.flip == 0
           && w->ops.bri == 100 && w->ops.con == 100 && w->ops.sat == 100
           && !w->ops.tint.set && w->ops.blur == 0 && w->ops.sharp == 0
           && w->watermark == NULL && !ngx_app_image_flattens(w, im);
}


static int
ngx_app_image_frame(ngx_app_image_work_t *w, ngx_app_image_plan_t *plan,
    VipsImage **im, int frames)
{
    if (ngx_app_image_cut(w, plan, im, frames) != 0
        || ngx_app_image_turn(w, im) != 0
        || ngx_app_image_tones(w, im) != 0
        || ngx_app_image_saturate(w, im) != 0
        || ngx_app_image_tint(w, im) != 0
        || ngx_app_image_blur(w, im) != 0
        || ngx_app_image_sharpen(w, im) != 0
        || ngx_app_image_flatten(w, im) != 0
        || ngx_app_image_canvas(w, plan, im) != 0
        || ngx_app_image_mark(w, im) != 0)
    {
        return -1;
    }

    return 0;
}


/* frames of an animation are all cut at the same place, so it is a fixed one */

static int
ngx_app_image_cut(ngx_app_image_work_t *w, ngx_app_image_plan_t *plan,
    VipsImage **im, int frames)
{
    int         rc;
    VipsImage  *next;

    if (!plan->cut) {
        return 0;
    }

    if (frames == 1
        && (w->ops.gravity == NGX_APP_IMAGE_ATTENTION
            || w->ops.gravity == NGX_APP_IMAGE_ENTROPY))
    {
        next = vips_image_copy_memory(*im);
        if (next == NULL) {
            return -1;
        }

        ngx_app_image_replace(im, next);

        rc = vips_smartcrop(*im, &next, plan->cut_width, plan->cut_height,
                            "interesting",
                            w->ops.gravity == NGX_APP_IMAGE_ENTROPY
                                ? VIPS_INTERESTING_ENTROPY
                                : VIPS_INTERESTING_ATTENTION, NULL);

    } else {
        rc = vips_extract_area(*im, &next, plan->left, plan->top,
                               plan->cut_width, plan->cut_height, NULL);
    }

    if (rc != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


static int
ngx_app_image_turn(ngx_app_image_work_t *w, VipsImage **im)
{
    VipsImage  *next;

    if (w->ops.rot == 0 && w->ops.flip == 0) {
        return 0;
    }

    /* lines are not read from top to bottom any more */

    next = vips_image_copy_memory(*im);
    if (next == NULL) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    if (w->ops.flip & NGX_APP_IMAGE_FLIP_H) {

        if (vips_flip(*im, &next, VIPS_DIRECTION_HORIZONTAL, NULL) != 0) {
            return -1;
        }

        ngx_app_image_replace(im, next);
    }

    if (w->ops.flip & NGX_APP_IMAGE_FLIP_V) {

        if (vips_flip(*im, &next, VIPS_DIRECTION_VERTICAL, NULL) != 0) {
            return -1;
        }

        ngx_app_image_replace(im, next);
    }

    if (w->ops.rot) {

        if (vips_rot(*im, &next, w->ops.rot / 90, NULL) != 0) {
            return -1;
        }

        ngx_app_image_replace(im, next);
    }

    return 0;
}


/* three bands of colour, with alpha or not */

static int
ngx_app_image_rgb(VipsImage **im)
{
    VipsImage  *next;

    if (vips_image_get_bands(*im) < 3) {

        if (vips_colourspace(*im, &next, VIPS_INTERPRETATION_sRGB, NULL) != 0)
        {
            return -1;
        }

        ngx_app_image_replace(im, next);
    }

    return ngx_app_image_uchar(im);
}


/* brightness multiplies, contrast does so around the middle */

static int
ngx_app_image_tones(ngx_app_image_work_t *w, VipsImage **im)
{
    int         i, bands;
    double      a[5], b[5];
    VipsImage  *next;

    if (w->ops.bri == 100 && w->ops.con == 100) {
        return 0;
    }

    if (ngx_app_image_rgb(im) != 0) {
        return -1;
    }

    bands = ngx_min(vips_image_get_bands(*im), 5);

    for (i = 0; i < bands; i++) {
        a[i] = i < 3 ? w->ops.bri * w->ops.con / 10000.0 : 1;
        b[i] = i < 3 ? 128 * (1 - w->ops.con / 100.0) : 0;
    }

    if (vips_linear(*im, &next, a, b, bands, "uchar", TRUE, NULL) != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


/*
 * Each colour becomes a mixture of all three.
 *
 *   m  a row for each colour that is made
 */

static int
ngx_app_image_mix(VipsImage **im, double m[3][3])
{
    int         i, j, rc, bands;
    VipsImage  *next, *matrix;

    if (ngx_app_image_rgb(im) != 0) {
        return -1;
    }

    bands = vips_image_get_bands(*im);

    matrix = vips_image_new_matrix(bands, bands);
    if (matrix == NULL) {
        return -1;
    }

    for (i = 0; i < bands; i++) {
        for (j = 0; j < bands; j++) {
            *VIPS_MATRIX(matrix, j, i) = (i < 3 && j < 3) ? m[i][j] : (i == j);
        }
    }

    rc = vips_recomb(*im, &next, matrix, NULL);
    g_object_unref(matrix);

    if (rc != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return ngx_app_image_uchar(im);
}


/* away from, or towards, the grey of the same lightness */

static int
ngx_app_image_saturate(ngx_app_image_work_t *w, VipsImage **im)
{
    int     i, j;
    double  s, m[3][3];

    if (w->ops.sat == 100) {
        return 0;
    }

    s = w->ops.sat / 100.0;

    for (i = 0; i < 3; i++) {
        for (j = 0; j < 3; j++) {
            m[i][j] = (i == j) * s + (1 - s) * ngx_app_image_grey[j];
        }
    }

    return ngx_app_image_mix(im, m);
}


/* shades of one colour: white becomes it, black stays black */

static int
ngx_app_image_tint(ngx_app_image_work_t *w, VipsImage **im)
{
    int     i, j;
    double  c[3], m[3][3];

    if (!w->ops.tint.set) {
        return 0;
    }

    c[0] = w->ops.tint.r / 255.0;
    c[1] = w->ops.tint.g / 255.0;
    c[2] = w->ops.tint.b / 255.0;

    for (i = 0; i < 3; i++) {
        for (j = 0; j < 3; j++) {
            m[i][j] = c[i] * ngx_app_image_grey[j];
        }
    }

    return ngx_app_image_mix(im, m);
}


/* what is transparent must not give its colour to what is beside it */

static int
ngx_app_image_blur(ngx_app_image_work_t *w, VipsImage **im)
{
    VipsImage  *next;

    if (w->ops.blur == 0) {
        return 0;
    }

    if (!vips_image_hasalpha(*im)) {
        return ngx_app_image_soften(w, im);
    }

    if (vips_premultiply(*im, &next, NULL) != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    if (ngx_app_image_soften(w, im) != 0
        || vips_unpremultiply(*im, &next, NULL) != 0)
    {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return ngx_app_image_uchar(im);
}


static int
ngx_app_image_soften(ngx_app_image_work_t *w, VipsImage **im)
{
    int         rc;
    double      shrink;
    VipsImage  *next, *small, *soft;

    if (w->ops.blur <= NGX_APP_IMAGE_SIGMA) {

        if (vips_gaussblur(*im, &next, w->ops.blur / 100.0, NULL) != 0) {
            return -1;
        }

        ngx_app_image_replace(im, next);
        return 0;
    }

    shrink = 2.0 * w->ops.blur / NGX_APP_IMAGE_SIGMA;

    if (vips_resize(*im, &small, 1 / shrink, NULL) != 0) {
        return -1;
    }

    rc = vips_gaussblur(small, &soft, w->ops.blur / 100.0 / shrink, NULL);

    if (rc == 0) {
        rc = vips_resize(soft, &next,
                         (double) vips_image_get_width(*im)
                         / vips_image_get_width(soft),
                         "vscale", (double) vips_image_get_height(*im)
                                   / vips_image_get_height(soft), NULL);
        g_object_unref(soft);
    }

    g_object_unref(small);

    if (rc != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


static int
ngx_app_image_sharpen(ngx_app_image_work_t *w, VipsImage **im)
{
    VipsImage  *next;

    if (w->ops.sharp == 0) {
        return 0;
    }

    if (vips_sharpen(*im, &next, "sigma", w->ops.sharp / 100.0, NULL) != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


/* eight bits again, what is out of range at its end */

static int
ngx_app_image_uchar(VipsImage **im)
{
    VipsImage  *next;

    if (vips_image_get_format(*im) == VIPS_FORMAT_UCHAR) {
        return 0;
    }

    if (vips_cast_uchar(*im, &next, NULL) != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


/* a background, or a format that knows nothing else */

static ngx_uint_t
ngx_app_image_flattens(ngx_app_image_work_t *w, VipsImage *im)
{
    return vips_image_hasalpha(im)
           && (w->format == NGX_APP_IMAGE_TO_JPEG
               || w->format == NGX_APP_IMAGE_TO_BLURHASH
               || (w->ops.bg.set && w->ops.bg.a != 0));
}


static int
ngx_app_image_flatten(ngx_app_image_work_t *w, VipsImage **im)
{
    if (!ngx_app_image_flattens(w, *im)) {
        return 0;
    }

    if (w->format == NGX_APP_IMAGE_TO_JPEG
        || w->format == NGX_APP_IMAGE_TO_BLURHASH
        || w->ops.bg.a == 255)
    {
        return ngx_app_image_opaque(im, w->ops.bg.set ? &w->ops.bg : NULL);
    }

    return ngx_app_image_veil(im, &w->ops.bg);
}


/* a background that lets something through */

static int
ngx_app_image_veil(VipsImage **im, ngx_app_image_color_t *color)
{
    int         rc;
    double      c[4] = { color->r, color->g, color->b, color->a };
    VipsImage  *next, *under;

    if (ngx_app_image_rgb(im) != 0) {
        return -1;
    }

    under = vips_image_new_from_image(*im, c, 4);
    if (under == NULL) {
        return -1;
    }

    rc = vips_composite2(under, *im, &next, VIPS_BLEND_MODE_OVER, NULL);
    g_object_unref(under);

    if (rc != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return ngx_app_image_uchar(im);
}


int
ngx_app_image_opaque(VipsImage **im, ngx_app_image_color_t *color)
{
    int               rc;
    double            c[3] = { 255, 255, 255 };
    VipsImage        *next;
    VipsArrayDouble  *background;

    if (ngx_app_image_rgb(im) != 0) {
        return -1;
    }

    if (color) {
        c[0] = color->r;
        c[1] = color->g;
        c[2] = color->b;
    }

    background = vips_array_double_new(c, 3);
    rc = vips_flatten(*im, &next, "background", background, NULL);
    vips_area_unref(VIPS_AREA(background));

    if (rc != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


/* white, unless another colour is asked for, or the image has alpha itself */

static int
ngx_app_image_canvas(ngx_app_image_work_t *w, ngx_app_image_plan_t *plan,
    VipsImage **im)
{
    int               rc, left, top;
    double            c[4] = { 255, 255, 255, 255 };
    VipsImage        *next;
    VipsArrayDouble  *background;

    if (!plan->canvas) {
        return 0;
    }

    if (ngx_app_image_rgb(im) != 0) {
        return -1;
    }

    if (w->ops.bg.set) {
        c[0] = w->ops.bg.r;
        c[1] = w->ops.bg.g;
        c[2] = w->ops.bg.b;
        c[3] = w->ops.bg.a;
    }

    if (vips_image_hasalpha(*im)) {
        c[3] = w->ops.bg.set ? c[3] : 0;

    } else if (c[3] < 255 && w->format != NGX_APP_IMAGE_TO_JPEG) {

        if (vips_addalpha(*im, &next, NULL) != 0) {
            return -1;
        }

        ngx_app_image_replace(im, next);
    }

    /* frames whose pixels were looked at may differ from the plan's size */

    left = ngx_min((int) plan->out_left, (int) plan->out_width
                                         - vips_image_get_width(*im));
    top = ngx_min((int) plan->out_top, (int) plan->out_height
                                       - vips_image_get_height(*im));

    background = vips_array_double_new(c, vips_image_get_bands(*im));

    rc = vips_embed(*im, &next, left, top, plan->out_width, plan->out_height,
                    "extend", VIPS_EXTEND_BACKGROUND,
                    "background", background, NULL);

    vips_area_unref(VIPS_AREA(background));

    if (rc != 0) {
        return -1;
    }

    ngx_app_image_replace(im, next);

    return 0;
}


static int
ngx_app_image_mark(ngx_app_image_work_t *w, VipsImage **im)
{
    int                         rc, x, y, width, opaque;
    double                      a[4] = { 1, 1, 1, 1 }, b[4] = { 0, 0, 0, 0 };
    VipsImage                  *next, *mark;
    ngx_app_image_watermark_t  *wm;

    wm = w->watermark;

    if (wm == NULL) {
        return 0;
    }

    if (ngx_app_image_rgb(im) != 0) {
        return -1;
    }

    width = ngx_max(vips_image_get_width(*im) * (int) wm->size / 100, 1);

    mark = ngx_app_image_mark_open(wm, width, vips_image_get_height(*im));

    if (mark == NULL) {
        return ngx_app_image_refuse(w, NGX_APP_IMAGE_FAILED,
                                    "the watermark cannot be decoded");
    }

    rc = 0;

    if (rc == 0 && wm->opacity < 100) {
        a[3] = wm->opacity / 100.0;
        rc = vips_linear(mark, &next, a, b, 4, "uchar", TRUE, NULL);

        if (rc == 0) {
            ngx_app_image_replace(&mark, next);
        }
    }

    if (rc == 0) {
        ngx_app_image_mark_at(wm, *im, mark, &x, &y);

        rc = vips_composite2(*im, mark, &next, VIPS_BLEND_MODE_OVER,
                             "x", x, "y", y, NULL);
    }

    g_object_unref(mark);

    if (rc != 0) {
        return -1;
    }

    opaque = !vips_image_hasalpha(*im);

    ngx_app_image_replace(im, next);

    /* the answer of compositing has alpha in any case */

    if (opaque) {

        if (vips_extract_band(*im, &next, 0, "n", 3, NULL) != 0) {
            return -1;
        }

        ngx_app_image_replace(im, next);
    }

    return 0;
}


/* within width and height, in sRGB and with alpha; NULL: it cannot be read */

static VipsImage *
ngx_app_image_mark_open(ngx_app_image_watermark_t *wm, int width, int height)
{
    int          rc;
    VipsImage   *mark, *next;
    const char  *profile;

    mark = vips_image_new_from_buffer(wm->image.data, wm->image.len, "",
                                      "access", VIPS_ACCESS_SEQUENTIAL, NULL);
    if (mark == NULL) {
        return NULL;
    }

    rc = ngx_app_image_cmyk(&mark);

    if (rc == 0) {
        profile = ngx_app_image_profile(mark, 0);
        rc = vips_thumbnail_image(mark, &next, width,
                                  "height", height,
                                  profile ? "export_profile" : NULL, profile,
                                  NULL);
    }

    if (rc == 0) {
        ngx_app_image_replace(&mark, next);
        rc = ngx_app_image_rgb(&mark);
    }

    if (rc == 0 && !vips_image_hasalpha(mark)) {
        rc = vips_addalpha(mark, &next, NULL);

        if (rc == 0) {
            ngx_app_image_replace(&mark, next);
        }
    }

    if (rc != 0) {
        g_object_unref(mark);
        return NULL;
    }

    return mark;
}


static void
ngx_app_image_mark_at(ngx_app_image_watermark_t *wm, VipsImage *im,
    VipsImage *mark, int *x, int *y)
{
    int                  i, room[2], margin, *at[2] = { x, y };
    ngx_uint_t           g;

    /* of each gravity: 0 begin, 1 middle, 2 end; across and down */

    static const u_char  place[][2] = {
        { 1, 1 }, { 1, 0 }, { 2, 0 }, { 2, 1 }, { 2, 2 }, { 1, 2 }, { 0, 2 },
        { 0, 1 }, { 0, 0 }
    };

    room[0] = vips_image_get_width(im) - vips_image_get_width(mark);
    room[1] = vips_image_get_height(im) - vips_image_get_height(mark);
    g = wm->gravity;

    for (i = 0; i < 2; i++) {
        margin = ngx_min((int) wm->margin, room[i] / 2);

        switch (place[g][i]) {

        case 0:
            *at[i] = margin;
            break;

        case 1:
            *at[i] = room[i] / 2;
            break;

        default:
            *at[i] = room[i] - margin;
        }
    }
}
