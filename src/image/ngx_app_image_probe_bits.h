
/*
 * Copyright (C) the project authors
 */

/*
 * Bits of the headers of codecs, most significant first.
 */


#ifndef _NGX_APP_IMAGE_PROBE_BITS_H_INCLUDED_
#define _NGX_APP_IMAGE_PROBE_BITS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    const u_char  *p;
    const u_char  *last;
    ngx_uint_t     bit;                /* that are used up of *p */
    ngx_uint_t     zeros;              /* bytes before p */
    ngx_uint_t     escaped;
    ngx_uint_t     failed;             /* more was read than there is */
} ngx_app_image_bits_t;


/*
 *   escaped  not 0: after two zero bytes a 3 is no data, as in HEVC
 */
void ngx_app_image_bits_init(ngx_app_image_bits_t *b, const u_char *p,
    size_t len, ngx_uint_t escaped);

/* up to 32 bits; 0 when they are not there */
uint32_t ngx_app_image_bits_get(ngx_app_image_bits_t *b, ngx_uint_t n);

void ngx_app_image_bits_skip(ngx_app_image_bits_t *b, ngx_uint_t n);

/* a number of a variable length (Exp-Golomb); 0 when it is not there */
uint32_t ngx_app_image_bits_exp(ngx_app_image_bits_t *b);


#endif /* _NGX_APP_IMAGE_PROBE_BITS_H_INCLUDED_ */
