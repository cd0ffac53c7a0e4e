
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


#define ngx_app_image_svg_at(svg, text)                                      \
    ((size_t) ((svg)->last - (svg)->p) >= sizeof(text) - 1                   \
     && ngx_memcmp((svg)->p, text, sizeof(text) - 1) == 0)


typedef struct {
    const u_char              *p;
    const u_char              *last;
    ngx_app_image_svg_size_t   size;
    ngx_uint_t                 sheet;  /* another file is named as one */
} ngx_app_image_svg_t;


/* takes in an attribute: NULL, or what is wrong with it */
const char *ngx_app_image_svg_attr(ngx_app_image_svg_size_t *size,
    ngx_app_image_svg_text_t *name, ngx_app_image_svg_text_t *value);

/* sets the size of info, which may be 0: NULL, or what is wrong */
const char *ngx_app_image_svg_size(ngx_app_image_svg_size_t *size,
    ngx_app_image_info_t *info);

/*
 * Goes past a document type, of which "<!DOCTYPE" is read: NGX_OK,
 * NGX_DECLINED: it is not that of an SVG, or has no end; NGX_ABORT: err is set.
 */
ngx_int_t ngx_app_image_svg_doctype(ngx_app_image_svg_t *svg,
    const char **err);

/* goes past a text: NGX_OK, or NGX_DECLINED when it is not there */
ngx_int_t ngx_app_image_svg_past(ngx_app_image_svg_t *svg, const char *text,
    size_t len);

/*
 * Goes past the next ">" that is not in quotes, the end of a tag or of a
 * declaration: NGX_OK, or NGX_DECLINED when there is none.
 */
ngx_int_t ngx_app_image_svg_tag_end(ngx_app_image_svg_t *svg);

/* goes past white space */
void ngx_app_image_svg_blanks(ngx_app_image_svg_t *svg);


static ngx_inline ngx_uint_t
ngx_app_image_svg_blank(u_char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}


#endif /* _NGX_APP_IMAGE_PROBE_SVG_H_INCLUDED_ */
