
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_bits.h>


void
ngx_app_image_bits_init(ngx_app_image_bits_t *b, const u_char *p, size_t len,
    ngx_uint_t escaped)
{
    b->p = p;
    b->last = p + len;
    b->bit = 0;
    b->zeros = 0;
    b->escaped = escaped;
    b->failed = 0;
}


uint32_t
ngx_app_image_bits_get(ngx_app_image_bits_t *b, ngx_uint_t n)
{
    uint32_t  v;

    v = 0;

    while (n--) {

        if (b->escaped && b->bit == 0 && b->zeros >= 2 && b->p < b->last
            && *b->p == 3)
        {
            b->p++;
            b->zeros = 0;
        }

        if (b->p == b->last) {
            b->failed = 1;
            return 0;
        }

        v = v << 1 | (*b->p >> (7 - b->bit) & 1);

        if (++b->bit == 8) {
            b->bit = 0;
            b->zeros = (*b->p == 0) ? b->zeros + 1 : 0;
            b->p++;
        }
    }

    return v;
}


void
ngx_app_image_bits_skip(ngx_app_image_bits_t *b, ngx_uint_t n)
{
    for ( /* void */ ; n > 32; n -= 32) {
        (void) ngx_app_image_bits_get(b, 32);
    }

    (void) ngx_app_image_bits_get(b, n);
}


uint32_t
ngx_app_image_bits_exp(ngx_app_image_bits_t *b)
{
    ngx_uint_t  zeros;

    for (zeros = 0; !b->failed && !ngx_app_image_bits_get(b, 1); zeros++) {

        if (zeros == 31) {
            b->failed = 1;
            break;
        }
    }

    if (b->failed) {
        return 0;
    }

    return (1u << zeros) - 1 + ngx_app_image_bits_get(b, zeros);
}
