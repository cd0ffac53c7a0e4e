
/*
 * Copyright (C) the project authors
 */

/*
 * The stages of an image's way through libvips, in the order in which they
 * run; all in a thread.  Each takes an image and leaves another in its place.
 * They return 0, or -1 with w->result and w->text set or a message in
 * libvips' buffer.
 */


#ifndef _NGX_APP_IMAGE_VIPS_H_INCLUDED_
#define _NGX_APP_IMAGE_VIPS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_work.h>

#include <vips/vips.h>


/* since libvips 8.15 a saver is told what to keep, before what to drop */

#if (VIPS_MAJOR_VERSION > 8 || VIPS_MINOR_VERSION >= 15)
#define NGX_APP_IMAGE_KEEP  1
#else
#define NGX_APP_IMAGE_KEEP  0
#endif


/* says what is wrong; returns -1 */
int ngx_app_image_refuse(ngx_app_image_work_t *w,
    ngx_app_image_result_e result, const char *text);

/* puts next in the place of *im */
void ngx_app_image_replace(VipsImage **im, VipsImage *next);

/* whether the work is to end, since it is late or nobody wants it any more */
ngx_uint_t ngx_app_image_stops(ngx_app_image_work_t *w);

/*
 * load: opens the file with the decoder of its type; NULL: libvips' buffer
 * says why not.
 *
 *   page, n  frames, of a type whose decoder has a choice
 *   scale    of a SVG
 */
VipsImage *ngx_app_image_load(ngx_app_image_work_t *w, int page, int n,
    double scale);

/* whether libvips by itself would take the decoder of that type as well */
ngx_uint_t ngx_app_image_load_agrees(ngx_app_image_work_t *w);

/* what the names of a type's decoders in libvips begin with */
const char *ngx_app_image_load_class(ngx_app_image_type_e type);

/*
 * jpeg: reads a JPEG at a fraction of its size, and makes it smaller still;
 * NULL: it cannot be read so, or at all.
 *
 *   header         as libvips has opened the file
 *   shrink         2, 4 or 8
 *   width, height  what is wanted of the picture as it lies in the file
 */
VipsImage *ngx_app_image_jpeg(ngx_app_image_work_t *w, VipsImage *header,
    int shrink, int width, int height);

/*
 * icc: the profile that the colours are to be converted to, or NULL: they are
 * sRGB, or are to stay what they are.
 */
const char *ngx_app_image_profile(VipsImage *im, ngx_uint_t keep);

/* icc: whether the profile, if there is one, is of as many bands */
ngx_uint_t ngx_app_image_profile_fits(VipsImage *im);

/* icc: makes CMYK sRGB, by the image's own profile if it has one */
int ngx_app_image_cmyk(VipsImage **im);

/*
 * resize: opens the file, and makes an upright image of the size of the plan
 * in sRGB.
 *
 *   frames  set to the number that lie below each other in it
 */
int ngx_app_image_resize(ngx_app_image_work_t *w,
    ngx_app_image_plan_t *plan, VipsImage **im, int *frames);

/* frame: cuts, turns, effects, canvas, watermark; for each of the frames */
int ngx_app_image_frames(ngx_app_image_work_t *w,
    ngx_app_image_plan_t *plan, VipsImage **im, int frames);

/* of an image with alpha: puts it on a colour, NULL for white */
int ngx_app_image_opaque(VipsImage **im, ngx_app_image_color_t *color);

/* save: encodes; or hashes, or both */
int ngx_app_image_save(ngx_app_image_work_t *w, VipsImage **im, int frames);


#endif /* _NGX_APP_IMAGE_VIPS_H_INCLUDED_ */
