
/*
 * Copyright (C) the project authors
 */


#ifndef _NGX_APP_IMAGE_SCALE_H_INCLUDED_
#define _NGX_APP_IMAGE_SCALE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    u_char  *data;      /* rows without gaps, a byte for each band */
    int      width;     /* pixels, at least 1 */
    int      height;
    int      bands;     /* 1 to 4, of one meaning in both images */
} ngx_app_image_pixels_t;


/*
 * Fills "to" with "from" made smaller by Lanczos' kernel of three lobes, the
 * one that libvips takes; beside the image its edge counts for nothing.
 *
 *   to  as wide and as high as "from" at most, with room for its pixels
 *
 * Returns 0, or -1 if there is no memory.
 */
int ngx_app_image_scale(ngx_app_image_pixels_t *from,
    ngx_app_image_pixels_t *to);


#endif /* _NGX_APP_IMAGE_SCALE_H_INCLUDED_ */
