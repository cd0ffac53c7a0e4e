
/*
 * Copyright (C) the project authors
 */


#include <fuzz/fuzz.h>

#include <image/ngx_app_image_probe.h>


static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    size_t                  n;
    u_char                 *magic;
    ngx_int_t               rc;
    const char             *err, *p;
    ngx_app_image_type_e    type;
    ngx_app_image_info_t    info;

    rc = ngx_app_image_probe(data, size, &info, &err);
    fuzz_check(rc == NGX_OK || rc == NGX_DECLINED || rc == NGX_ABORT);

    /* the first bytes tell the type; only what is in the file changes it */

    n = ngx_min(size, NGX_APP_IMAGE_MAGIC);
    magic = ngx_pnalloc(pool, n + 1);
    fuzz_check(magic != NULL);
    ngx_memcpy(magic + 1, data, n);

    type = ngx_app_image_type(magic + 1, n);
    fuzz_check(type == ngx_app_image_type(data, size));

    switch (type) {

    case NGX_APP_IMAGE_AVIF:
    case NGX_APP_IMAGE_HEIC:
        fuzz_check(info.type == NGX_APP_IMAGE_AVIF
                   || info.type == NGX_APP_IMAGE_HEIC);
        break;

    case NGX_APP_IMAGE_SVG:
        fuzz_check(info.type == NGX_APP_IMAGE_SVG
                   || info.type == NGX_APP_IMAGE_NONE);
        break;

    default:
        fuzz_check(info.type == type);
    }

    fuzz_check((rc == NGX_DECLINED) == (info.type == NGX_APP_IMAGE_NONE));
    fuzz_check((rc == NGX_ABORT) == (err != NULL));

    for (p = err; p && *p; p++) {
        fuzz_check(*p >= ' ' && *p <= '~');
    }

    if (rc != NGX_OK) {
        return;
    }

    fuzz_check(info.width > 0 && info.height > 0);
    fuzz_check(info.frames > 0 && info.frames <= size);
    fuzz_check((double) info.width * info.height * info.frames <= 0x1p60);
    fuzz_check(info.orientation >= 1 && info.orientation <= 8);
    fuzz_check(info.bits > 0);
}
