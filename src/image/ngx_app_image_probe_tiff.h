
/*
 * Copyright (C) the project authors
 */

/*
 * Fields of TIFF 6.0 and BigTIFF (https://libtiff.gitlab.io/libtiff/), of
 * which EXIF is one as well.
 */


#ifndef _NGX_APP_IMAGE_PROBE_TIFF_H_INCLUDED_
#define _NGX_APP_IMAGE_PROBE_TIFF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_APP_IMAGE_TIFF_ORIENTATION  274


typedef struct {
    const u_char  *data;
    size_t         len;
    ngx_uint_t     word;               /* bytes of an offset and of a count:
                                          4, or 8 of BigTIFF */
    ngx_uint_t     big_endian;
} ngx_app_image_tiff_t;


typedef struct {
    const u_char  *fields;
    uint64_t       count;
    uint64_t       next;               /* where the next page is, or 0 */
    ngx_uint_t     cut;                /* of this there is nothing: in EXIF
                                          it may be left out */
} ngx_app_image_tiff_dir_t;


typedef struct {
    uint32_t       tag;
    uint32_t       type;
    uint64_t       count;
    const u_char  *data;               /* NULL when it is not in the file */
} ngx_app_image_tiff_field_t;


/* page is where the first page is: NGX_OK, or NGX_DECLINED: it is no TIFF */
ngx_int_t ngx_app_image_tiff_header(ngx_app_image_tiff_t *t,
    const u_char *data, size_t len, uint64_t *page);

/* NGX_OK: all fields of a page are in the file; NGX_DECLINED: they are not */
ngx_int_t ngx_app_image_tiff_dir(ngx_app_image_tiff_t *t, uint64_t page,
    ngx_app_image_tiff_dir_t *dir);

/* reads one of the fields of a page, by its number from 0 */
void ngx_app_image_tiff_field(ngx_app_image_tiff_t *t,
    ngx_app_image_tiff_dir_t *dir, uint64_t n, ngx_app_image_tiff_field_t *f);

/* the first value of a field of whole numbers; 0 when there is none */
uint64_t ngx_app_image_tiff_value(ngx_app_image_tiff_t *t,
    ngx_app_image_tiff_field_t *f);


#endif /* _NGX_APP_IMAGE_PROBE_TIFF_H_INCLUDED_ */
