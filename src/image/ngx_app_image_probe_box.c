
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_box.h>
#include <image/ngx_app_image_probe_part.h>


#define NGX_APP_IMAGE_BOX_HEAD        8
#define NGX_APP_IMAGE_BOX_HEAD_LARGE  16


void
ngx_app_image_boxes_init(ngx_app_image_boxes_t *boxes, const u_char *data,
    size_t len, ngx_uint_t *budget)
{
    boxes->p = data;
    boxes->last = data + len;
    boxes->budget = budget;
}


ngx_int_t
ngx_app_image_box_next(ngx_app_image_boxes_t *boxes, ngx_app_image_box_t *box)
{
    size_t         head, left;
    uint64_t       size;
    const u_char  *p;

    p = boxes->p;
    left = boxes->last - p;

    if (left == 0) {
        return NGX_DONE;
    }

    if (*boxes->budget == 0) {
        return NGX_BUSY;
    }

    (*boxes->budget)--;

    if (left < NGX_APP_IMAGE_BOX_HEAD) {
        return NGX_DECLINED;
    }

    size = ngx_app_image_be32(p);
    head = NGX_APP_IMAGE_BOX_HEAD;

    if (size == 1) {
        head = NGX_APP_IMAGE_BOX_HEAD_LARGE;

        if (left < head) {
            return NGX_DECLINED;
        }

        size = ngx_app_image_be64(p + NGX_APP_IMAGE_BOX_HEAD);

    } else if (size == 0) {
        size = left;
    }

    if (size < head) {
        return NGX_DECLINED;
    }

    box->name = ngx_app_image_be32(p + 4);
    box->cut = (size > left);
    box->data = p + head;
    box->len = (box->cut ? left : (size_t) size) - head;

    boxes->p = box->data + box->len;

    return NGX_OK;
}


ngx_int_t
ngx_app_image_box_find(const ngx_app_image_box_t *in, uint32_t name,
    ngx_app_image_box_t *box, ngx_uint_t *budget)
{
    ngx_int_t              rc;
    ngx_app_image_boxes_t  boxes;

    ngx_app_image_boxes_init(&boxes, in->data, in->len, budget);

    do {
        rc = ngx_app_image_box_next(&boxes, box);
    } while (rc == NGX_OK && box->name != name);

    return rc;
}


const char *
ngx_app_image_box_fault(ngx_int_t rc)
{
    return (rc == NGX_DECLINED) ? "box of a bad length"
           : (rc == NGX_BUSY) ? "too many boxes" : NULL;
}
