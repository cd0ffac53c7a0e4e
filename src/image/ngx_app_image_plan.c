
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_plan.h>


static uint32_t ngx_app_image_plan_scale(uint32_t n, uint64_t num,
    uint64_t den);
static void ngx_app_image_plan_box(ngx_app_image_ops_t *ops,
    uint64_t *w, uint64_t *h);
static void ngx_app_image_plan_fit(ngx_app_image_ops_t *ops, uint64_t w,
    uint64_t h, ngx_app_image_plan_t *plan);
static void ngx_app_image_plan_ratio(ngx_app_image_ops_t *ops, uint64_t w,
    uint64_t h, ngx_uint_t inside, ngx_app_image_plan_t *plan);
static void ngx_app_image_plan_cover(ngx_app_image_ops_t *ops, uint64_t w,
    uint64_t h, ngx_app_image_plan_t *plan);
static uint32_t ngx_app_image_plan_at(ngx_app_image_ops_t *ops,
    uint32_t room, uint32_t length, uint32_t size, ngx_uint_t vertical);
static void ngx_app_image_plan_canvas(ngx_app_image_ops_t *ops, uint64_t w,
    uint64_t h, ngx_app_image_plan_t *plan);


ngx_int_t
ngx_app_image_plan(ngx_app_image_ops_t *ops, uint32_t width, uint32_t height,
    uint32_t side, ngx_app_image_plan_t *plan)
{
    uint64_t  w, h;

    ngx_memzero(plan, sizeof(ngx_app_image_plan_t));

    plan->source_width = width;
    plan->source_height = height;

    ngx_app_image_plan_box(ops, &w, &h);

    if (w > side || h > side) {
        return NGX_DECLINED;
    }

    ngx_app_image_plan_fit(ops, w, h, plan);
    ngx_app_image_plan_canvas(ops, w, h, plan);

    plan->resize = (plan->width != width || plan->height != height);
    plan->cut = (plan->cut_width != plan->width
                 || plan->cut_height != plan->height);

    return (plan->width > side || plan->height > side
            || plan->out_width > side || plan->out_height > side)
           ? NGX_DECLINED : NGX_OK;
}


/* n * num / den, to the nearest, at least 1 */

static uint32_t
ngx_app_image_plan_scale(uint32_t n, uint64_t num, uint64_t den)
{
    uint64_t  scaled;

    scaled = (n * num + den / 2) / den;

    return (uint32_t) (scaled < 1 ? 1 : ngx_min(scaled, NGX_MAX_UINT32_VALUE));
}


/*
 * The box that is asked for, 0 for a side that is free.  Turning comes after
 * resizing, the box is that of the answer.
 */

static void
ngx_app_image_plan_box(ngx_app_image_ops_t *ops, uint64_t *w, uint64_t *h)
{
    uint64_t  swap;

    *w = ops->w ? ngx_app_image_plan_scale(ops->w, ops->dpr, 100) : 0;
    *h = ops->h ? ngx_app_image_plan_scale(ops->h, ops->dpr, 100) : 0;

    if (ops->rot == 90 || ops->rot == 270) {
        swap = *w;
        *w = *h;
        *h = swap;
    }
}


static void
ngx_app_image_plan_fit(ngx_app_image_ops_t *ops, uint64_t w, uint64_t h,
    ngx_app_image_plan_t *plan)
{
    plan->width = plan->source_width;
    plan->height = plan->source_height;

    if (w || h) {
        switch (ops->fit) {

        case NGX_APP_IMAGE_STRETCH:
            if (w && (ops->enlarge || w < plan->width)) {
                plan->width = (uint32_t) w;
            }

            if (h && (ops->enlarge || h < plan->height)) {
                plan->height = (uint32_t) h;
            }

            break;

        case NGX_APP_IMAGE_COVER:
            if (w && h) {
                ngx_app_image_plan_cover(ops, w, h, plan);
                return;
            }

            ngx_app_image_plan_ratio(ops, w, h, 1, plan);
            break;

        case NGX_APP_IMAGE_OUTSIDE:
            ngx_app_image_plan_ratio(ops, w, h, 0, plan);
            break;

        default: /* NGX_APP_IMAGE_INSIDE, NGX_APP_IMAGE_CONTAIN */
            ngx_app_image_plan_ratio(ops, w, h, 1, plan);
        }
    }

    plan->cut_width = plan->width;
    plan->cut_height = plan->height;
}


/* one side is that of the box, the other follows */

static void
ngx_app_image_plan_ratio(ngx_app_image_ops_t *ops, uint64_t w, uint64_t h,
    ngx_uint_t inside, ngx_app_image_plan_t *plan)
{
    uint32_t    sw, sh;
    ngx_uint_t  by_width;

    sw = plan->source_width;
    sh = plan->source_height;

    if (w == 0 || h == 0) {
        by_width = (w != 0);

    } else {
        by_width = (w * sh <= h * sw);
        by_width = inside ? by_width : !by_width;
    }

    if (!ops->enlarge && (by_width ? w >= sw : h >= sh)) {
        return;
    }

    if (by_width) {
        plan->width = (uint32_t) w;
        plan->height = ngx_app_image_plan_scale(sh, w, sw);

    } else {
        plan->height = (uint32_t) h;
        plan->width = ngx_app_image_plan_scale(sw, h, sh);
    }
}


/*
 * The box is filled.  Without enlargement a box that the image cannot fill
 * becomes smaller, in its own ratio.
 */

static void
ngx_app_image_plan_cover(ngx_app_image_ops_t *ops, uint64_t w, uint64_t h,
    ngx_app_image_plan_t *plan)
{
    uint32_t  sw, sh, cw, ch;

    sw = plan->source_width;
    sh = plan->source_height;
    cw = (uint32_t) w;
    ch = (uint32_t) h;

    if (!ops->enlarge && (w > sw || h > sh)) {

        if (w * sh >= h * sw) {
            cw = sw;
            ch = ngx_app_image_plan_scale((uint32_t) h, sw, w);

        } else {
            ch = sh;
            cw = ngx_app_image_plan_scale((uint32_t) w, sh, h);
        }

        cw = ngx_min(cw, sw);
        ch = ngx_min(ch, sh);
    }

    if ((uint64_t) cw * sh >= (uint64_t) ch * sw) {
        plan->width = cw;
        plan->height = ngx_max(ngx_app_image_plan_scale(sh, cw, sw), ch);

    } else {
        plan->height = ch;
        plan->width = ngx_max(ngx_app_image_plan_scale(sw, ch, sh), cw);
    }

    plan->cut_width = cw;
    plan->cut_height = ch;
    plan->left = ngx_app_image_plan_at(ops, plan->width - cw, cw, plan->width,
                                       0);
    plan->top = ngx_app_image_plan_at(ops, plan->height - ch, ch,
                                      plan->height, 1);
}


/* where a length begins that has "room" to move within "size" */

static uint32_t
ngx_app_image_plan_at(ngx_app_image_ops_t *ops, uint32_t room,
    uint32_t length, uint32_t size, ngx_uint_t vertical)
{
    int64_t  at;

    switch (ops->gravity) {

    case NGX_APP_IMAGE_FOCAL:
        at = (int64_t) size * (vertical ? ops->fpy : ops->fpx) / 1000
             - length / 2;

        return (uint32_t) ngx_max(0, ngx_min(at, (int64_t) room));

    case NGX_APP_IMAGE_N:
        return vertical ? 0 : room / 2;

    case NGX_APP_IMAGE_S:
        return vertical ? room : room / 2;

    case NGX_APP_IMAGE_W:
        return vertical ? room / 2 : 0;

    case NGX_APP_IMAGE_E:
        return vertical ? room / 2 : room;

    case NGX_APP_IMAGE_NW:
        return 0;

    case NGX_APP_IMAGE_SE:
        return room;

    case NGX_APP_IMAGE_NE:
        return vertical ? 0 : room;

    case NGX_APP_IMAGE_SW:
        return vertical ? room : 0;

    default: /* NGX_APP_IMAGE_CENTRE, those that need pixels */
        return room / 2;
    }
}


static void
ngx_app_image_plan_canvas(ngx_app_image_ops_t *ops, uint64_t w, uint64_t h,
    ngx_app_image_plan_t *plan)
{
    uint32_t    width, height, pad[4];
    ngx_uint_t  i, turned;

    turned = (ops->rot == 90 || ops->rot == 270);

    width = turned ? plan->cut_height : plan->cut_width;
    height = turned ? plan->cut_width : plan->cut_height;

    plan->out_width = width;
    plan->out_height = height;

    if (ops->fit == NGX_APP_IMAGE_CONTAIN && w && h) {
        plan->out_width = ngx_max(width, (uint32_t) (turned ? h : w));
        plan->out_height = ngx_max(height, (uint32_t) (turned ? w : h));
        plan->out_left = ngx_app_image_plan_at(ops, plan->out_width - width,
                                               width, plan->out_width, 0);
        plan->out_top = ngx_app_image_plan_at(ops, plan->out_height - height,
                                              height, plan->out_height, 1);
    }

    for (i = 0; i < 4; i++) {
        pad[i] = ops->pad[i] ? ngx_app_image_plan_scale(ops->pad[i],
                                                        ops->dpr, 100)
                             : 0;
    }

    plan->out_width += pad[1] + pad[3];
    plan->out_height += pad[0] + pad[2];
    plan->out_left += pad[3];
    plan->out_top += pad[0];

    plan->canvas = (plan->out_width != width || plan->out_height != height);
}


ngx_int_t
ngx_app_image_plan_crop(ngx_app_image_ops_t *ops, uint32_t width,
    uint32_t height, ngx_app_image_rect_t *cut)
{
    cut->left = ops->crop[0];
    cut->top = ops->crop[1];

    if (cut->left >= width || cut->top >= height) {
        return NGX_DECLINED;
    }

    cut->width = ngx_min((uint32_t) ops->crop[2], width - cut->left);
    cut->height = ngx_min((uint32_t) ops->crop[3], height - cut->top);

    return NGX_OK;
}
