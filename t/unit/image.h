
/*
 * Copyright (C) the project authors
 */

/*
 * What the probe says of an image, as a text: its type, size, frames (f),
 * orientation (o), bits (b) and the flags; 1 frame, 1 and 8 bits are left out.
 * Of what is refused: the type and the reason.
 *
 *     png 24x16 f3 animated
 *     jpeg: no size
 *     none
 */


#ifndef _NGX_APP_TEST_IMAGE_H_INCLUDED_
#define _NGX_APP_TEST_IMAGE_H_INCLUDED_


#include <unit/test.h>

#include <image/ngx_app_image_probe.h>


/* bytes of a literal, which may have zeros in it */
#define test_bytes(text)  text, sizeof(text) - 1


static const char  *test_image_types[] = {
    "none", "jpeg", "png", "webp", "gif", "avif", "heic", "tiff", "svg", "jxl"
};


static inline const char *
test_image(ngx_pool_t *pool, const u_char *data, size_t len)
{
    u_char                *text, *p, *last;
    ngx_str_t              s;
    ngx_int_t              rc;
    const char            *err, *type;
    ngx_app_image_info_t   info;

    s = test_copy(pool, data, len);
    rc = ngx_app_image_probe(s.data, s.len, &info, &err);
    type = test_image_types[info.type];

    if (rc == NGX_DECLINED) {
        assert_int_equal(info.type, NGX_APP_IMAGE_NONE);
        assert_null(err);
        return type;
    }

    text = ngx_pnalloc(pool, 256);
    assert_non_null(text);
    last = text + 255;

    if (rc == NGX_ABORT) {
        assert_non_null(err);
        p = ngx_slprintf(text, last, "%s: %s", type, err);
        *p = '\0';
        return (const char *) text;
    }

    assert_int_equal(rc, NGX_OK);
    assert_null(err);

    p = ngx_slprintf(text, last, "%s %uDx%uD", type, info.width, info.height);

    if (info.frames != 1) {
        p = ngx_slprintf(p, last, " f%uD", info.frames);
    }

    if (info.orientation != 1) {
        p = ngx_slprintf(p, last, " o%uD", info.orientation);
    }

    if (info.bits != 8) {
        p = ngx_slprintf(p, last, " b%uD", info.bits);
    }

    p = ngx_slprintf(p, last, "%s%s%s%s%s", info.alpha ? " alpha" : "",
                     info.animated ? " animated" : "",
                     info.whole ? " whole" : "", info.icc ? " icc" : "",
                     info.cmyk ? " cmyk" : "");
    *p = '\0';

    return (const char *) text;
}


#endif /* _NGX_APP_TEST_IMAGE_H_INCLUDED_ */
