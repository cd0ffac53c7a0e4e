
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <image/ngx_app_image_hash.h>


typedef struct {
    const char  *kind;
    ngx_uint_t   width;
    ngx_uint_t   height;
    ngx_uint_t   x;
    ngx_uint_t   y;
    const char  *blur;
    const char  *thumb;     /* or its beginning */
} test_hash_t;


#include <unit/image_hash.h>


/* the images of t/image_hash/vectors.mjs */

static uint32_t
test_noise(uint32_t *seed)
{
    *seed = *seed * 1103515245u + 12345;

    return *seed >> 24;
}


static uint32_t
test_channel(const char *kind, uint32_t x, uint32_t y, uint32_t c,
    uint32_t *seed)
{
    uint32_t  smooth;

    smooth = (x * (3 + c) + y * (7 - 2 * c) + c * 90 + x * y / 8) % 510;
    smooth = (smooth < 256) ? smooth : 510 - smooth;

    if (c == 3) {
        return (kind[0] == 'v') ? test_noise(seed)
                                : (kind[0] == 'c') ? 0 : 255;
    }

    switch (kind[0]) {

    case 'p':
        return 200 - 60 * c;

    case 'n':
        return test_noise(seed);

    case 'd':
        return smooth >> 6;

    case 'l':
        return 255 - (smooth >> 6);

    default:
        return smooth;
    }
}


/* both forms, in blocks of exactly their size */

static void
test_image(ngx_pool_t *pool, const test_hash_t *t, u_char **rgb,
    u_char **rgba)
{
    u_char    *p, *q;
    uint32_t   x, y, c, value, seed;

    p = ngx_pnalloc(pool, t->width * t->height * 3);
    q = ngx_pnalloc(pool, t->width * t->height * 4);
    assert_non_null(p);
    assert_non_null(q);

    *rgb = p;
    *rgba = q;
    seed = t->width * 1000 + t->height;

    for (y = 0; y < t->height; y++) {
        for (x = 0; x < t->width; x++) {
            for (c = 0; c < 4; c++) {
                value = test_channel(t->kind, x, y, c, &seed);
                *q++ = (u_char) value;

                if (c < 3) {
                    *p++ = (u_char) value;
                }
            }
        }
    }
}


static void
test_hashes_are_those_of_the_packages(void **state)
{
    u_char             *rgb, *rgba, *dst;
    u_char              hex[2 * NGX_APP_IMAGE_THUMBHASH_LEN];
    ngx_str_t           s;
    ngx_uint_t          i;
    const test_hash_t  *t;

    for (i = 0; i < sizeof(test_hashes) / sizeof(test_hashes[0]); i++) {
        t = &test_hashes[i];
        test_image(*state, t, &rgb, &rgba);

        dst = ngx_pnalloc(*state, NGX_APP_IMAGE_BLURHASH_LEN);
        s.data = dst;
        s.len = ngx_app_image_blurhash(dst, rgb, t->width, t->height, t->x,
                                       t->y);
        assert_str_z(s, t->blur);

        dst = ngx_pnalloc(*state, NGX_APP_IMAGE_THUMBHASH_LEN);
        s.len = ngx_app_image_thumbhash(dst, rgba, t->width, t->height);
        assert_in_range(s.len, 5, NGX_APP_IMAGE_THUMBHASH_LEN);

        s.len = ngx_hex_dump(hex, dst, s.len) - hex;
        s.data = hex;

        if (ngx_strcmp(t->kind, "plain") == 0) {
            assert_true(s.len > ngx_strlen(t->thumb));
            s.len = ngx_strlen(t->thumb);
        }

        assert_str_z(s, t->thumb);
    }
}


/* every size and number of components stays within what is promised */

static void
test_lengths_are_bounded(void **state)
{
    u_char       *rgb, *rgba, *dst;
    size_t        len;
    ngx_uint_t    i;
    test_hash_t   t;

    static const ngx_uint_t  sides[] = {
        1, 2, 3, 14, 15, 50, 99, NGX_APP_IMAGE_HASH_SIDE
    };

    t.kind = "veil";

    for (i = 0; i < 8 * 8; i++) {
        t.width = sides[i / 8];
        t.height = sides[i % 8];
        test_image(*state, &t, &rgb, &rgba);

        for (t.x = 1; t.x <= 9; t.x += 4) {
            for (t.y = 1; t.y <= 9; t.y += 4) {
                dst = ngx_pnalloc(*state, 6 + 2 * (t.x * t.y - 1));
                len = ngx_app_image_blurhash(dst, rgb, t.width, t.height,
                                             t.x, t.y);
                assert_int_equal(len, 6 + 2 * (t.x * t.y - 1));
            }
        }

        dst = ngx_pnalloc(*state, NGX_APP_IMAGE_THUMBHASH_LEN);
        len = ngx_app_image_thumbhash(dst, rgba, t.width, t.height);
        assert_in_range(len, 5, NGX_APP_IMAGE_THUMBHASH_LEN);
    }

    assert_int_equal(NGX_APP_IMAGE_BLURHASH_LEN, 6 + 2 * (9 * 9 - 1));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_hashes_are_those_of_the_packages),
        test_case(test_lengths_are_bounded),
    };

    return test_run(tests);
}
