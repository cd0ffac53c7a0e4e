
/*
 * Copyright (C) the project authors
 */

/*
 * Boxes of files of the ISO family (ISO/IEC 14496-12, section 4.2): HEIF, AVIF
 * and the container of JPEG XL.
 */


#ifndef _NGX_APP_IMAGE_PROBE_BOX_H_INCLUDED_
#define _NGX_APP_IMAGE_PROBE_BOX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* a place in a row of boxes */

typedef struct {
    const u_char  *p;
    const u_char  *last;
    ngx_uint_t    *budget;             /* how many may still be read, of all
                                          rows of the file together */
} ngx_app_image_boxes_t;


typedef struct {
    const u_char  *data;               /* after its header */
    size_t         len;                /* of what there is of it */
    uint32_t       name;
    unsigned       cut:1;
} ngx_app_image_box_t;


void ngx_app_image_boxes_init(ngx_app_image_boxes_t *boxes,
    const u_char *data, size_t len, ngx_uint_t *budget);

/*
 * NGX_OK: box is the next one; NGX_DONE: there is none; NGX_DECLINED: its
 * length is bad; NGX_BUSY: the budget is used up.
 */
ngx_int_t ngx_app_image_box_next(ngx_app_image_boxes_t *boxes,
    ngx_app_image_box_t *box);

/* the first box of a name in the data of another; the same return codes */
ngx_int_t ngx_app_image_box_find(const ngx_app_image_box_t *in,
    uint32_t name, ngx_app_image_box_t *box, ngx_uint_t *budget);

/* what to say of NGX_DECLINED and NGX_BUSY; NULL for others */
const char *ngx_app_image_box_fault(ngx_int_t rc);


#endif /* _NGX_APP_IMAGE_PROBE_BOX_H_INCLUDED_ */
