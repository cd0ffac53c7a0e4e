
/*
 * Copyright (C) the project authors
 */

/*
 * The size of an SVG by the attributes of its root, as libvips with librsvg
 * reads them at its 72 dots per inch: a width and a height; one of them and
 * the proportions of the viewBox; the viewBox.  Parts of the page ("100%") and
 * what is no length are as if they were not there.  With none of these it is
 * 300 x 150, as browsers have it, while libvips measures what is drawn: there,
 * and where a style sheet gives a size, only the decoder's numbers count.
 */


#ifndef _NGX_APP_IMAGE_PROBE_SVG_H_INCLUDED_
#define _NGX_APP_IMAGE_PROBE_SVG_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe.h>


typedef struct {
    const u_char  *data;
    size_t         len;
} ngx_app_image_svg_text_t;


typedef struct {
    double  width;                     /* 0 when it is not told */
    double  height;
    double  box_width;
    double  box_height;
} ngx_app_image_svg_size_t;


/* takes in an attribute: NULL, or what is wrong with it */
const char *ngx_app_image_svg_attr(ngx_app_image_svg_size_t *size,
    ngx_app_image_svg_text_t *name, ngx_app_image_svg_text_t *value);

/* sets the size of info, which may be 0: NULL, or what is wrong */
const char *ngx_app_image_svg_size(ngx_app_image_svg_size_t *size,
    ngx_app_image_info_t *info);


static ngx_inline ngx_uint_t
ngx_app_image_svg_blank(u_char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}


#endif /* _NGX_APP_IMAGE_PROBE_SVG_H_INCLUDED_ */
