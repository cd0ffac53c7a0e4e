
/*
 * Copyright (C) the project authors
 */

/*
 * From an image's size and what is asked to the sizes of each stage.  Pure:
 * whole numbers in, whole numbers out, so that what is going to be decoded
 * and made is known, and can be refused, before anything is.
 */


#ifndef _NGX_APP_IMAGE_PLAN_H_INCLUDED_
#define _NGX_APP_IMAGE_PLAN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_ops.h>


typedef struct {
    uint32_t   left;
    uint32_t   top;
    uint32_t   width;
    uint32_t   height;
} ngx_app_image_rect_t;


typedef struct {
    /* upright, after "crop" and "trim" */
    uint32_t   source_width;
    uint32_t   source_height;

    /* the frame is resized to this */
    uint32_t   width;
    uint32_t   height;

    /* then this is cut out of it, at "gravity" unless that needs pixels */
    uint32_t   left;
    uint32_t   top;
    uint32_t   cut_width;
    uint32_t   cut_height;

    /* then it is turned, and put on a canvas */
    uint32_t   out_width;
    uint32_t   out_height;
    uint32_t   out_left;
    uint32_t   out_top;

    unsigned   resize:1;
    unsigned   cut:1;
    unsigned   canvas:1;
} ngx_app_image_plan_t;


/*
 * Sets all of the plan.
 *
 *   width, height  of an upright frame, after "crop" and "trim"; not 0
 *   side           the longest side that an answer may have
 *
 * NGX_OK, or NGX_DECLINED: the answer would be longer than side.
 */
ngx_int_t ngx_app_image_plan(ngx_app_image_ops_t *ops, uint32_t width,
    uint32_t height, uint32_t side, ngx_app_image_plan_t *plan);

/*
 * Sets cut to what of "crop" is within the image.  NGX_OK; NGX_DECLINED: it
 * lies beside of it.
 */
ngx_int_t ngx_app_image_plan_crop(ngx_app_image_ops_t *ops, uint32_t width,
    uint32_t height, ngx_app_image_rect_t *cut);


#endif /* _NGX_APP_IMAGE_PLAN_H_INCLUDED_ */
