
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <image/ngx_app_image_scale.h>

#include <math.h>


/* from, to, bands */
typedef struct {
    int  size[4];
    int  bands;
} test_size_t;


/* rows of less than sixteen bytes, of more, and of just as many */

static test_size_t  test_sizes[] = {
    { { 1, 1, 1, 1 }, 1 },
    { { 1, 1, 1, 1 }, 4 },
    { { 7, 5, 1, 1 }, 3 },
    { { 7, 5, 7, 5 }, 3 },
    { { 16, 4, 8, 2 }, 1 },
    { { 16, 4, 16, 3 }, 1 },
    { { 50, 38, 40, 30 }, 3 },
    { { 50, 38, 49, 37 }, 2 },
    { { 65, 33, 32, 16 }, 4 },
    { { 100, 3, 9, 3 }, 3 },
    { { 3, 100, 3, 9 }, 1 },
    { { 200, 150, 3, 2 }, 3 },
};


static ngx_app_image_pixels_t
test_pixels(ngx_pool_t *pool, int width, int height, int bands)
{
    ngx_app_image_pixels_t  pixels;

    pixels.width = width;
    pixels.height = height;
    pixels.bands = bands;
    pixels.data = ngx_pnalloc(pool, (size_t) width * height * bands);

    return pixels;
}


static double
test_lanczos(double x)
{
    if (fabs(x) < 1e-9) {
        return 1;
    }

    return (fabs(x) >= 3) ? 0
           : sin(M_PI * x) / (M_PI * x) * sin(M_PI * x / 3) / (M_PI * x / 3);
}


/* one pixel by the formula, in both directions at once */

static double
test_formula(ngx_app_image_pixels_t *from, ngx_app_image_pixels_t *to, int x,
    int y, int band)
{
    int     i, j;
    double  fx, fy, weight, sum, all;

    fx = (double) from->width / to->width;
    fy = (double) from->height / to->height;
    sum = 0;
    all = 0;

    for (j = 0; j < from->height; j++) {
        for (i = 0; i < from->width; i++) {
            weight = test_lanczos((i + 0.5) / fx - x - 0.5)
                     * test_lanczos((j + 0.5) / fy - y - 0.5);
            sum += weight * from->data[(j * from->width + i) * from->bands
                                       + band];
            all += weight;
        }
    }

    return sum / all;
}


/* the noise of a picture, without the peaks that rounding would cut off */

static u_char
test_noise(uint32_t n)
{
    n = n * 2654435761u;

    return 96 + (n >> 16) % 64;
}


static void
test_pixels_are_those_of_the_formula(void **state)
{
    int                      n, x, y, band, got;
    double                   want;
    test_size_t             *s;
    ngx_uint_t               i;
    ngx_app_image_pixels_t   from, to;

    for (i = 0; i < sizeof(test_sizes) / sizeof(test_sizes[0]); i++) {
        s = &test_sizes[i];
        from = test_pixels(*state, s->size[0], s->size[1], s->bands);
        to = test_pixels(*state, s->size[2], s->size[3], s->bands);

        for (n = 0; n < from.width * from.height * from.bands; n++) {
            from.data[n] = test_noise(n);
        }

        assert_int_equal(ngx_app_image_scale(&from, &to), 0);

        for (y = 0; y < to.height; y++) {
            for (x = 0; x < to.width; x++) {
                for (band = 0; band < to.bands; band++) {
                    got = to.data[(y * to.width + x) * to.bands + band];
                    want = test_formula(&from, &to, x, y, band);

                    if (fabs(got - want) > 1.1) {
                        fail_msg("%d x %d to %d x %d, %d bands, at %d, %d, "
                                 "%d: %d, not %.2f", from.width, from.height,
                                 to.width, to.height, to.bands, x, y, band,
                                 got, want);
                    }
                }
            }
        }
    }
}


/* of one colour: it stays that, to the last bit, at its edges too */

static void
test_one_colour_stays(void **state)
{
    int                     n, color;
    ngx_app_image_pixels_t  from, to;

    from = test_pixels(*state, 61, 47, 3);
    to = test_pixels(*state, 40, 31, 3);

    for (color = 0; color < 256; color += 5) {
        ngx_memset(from.data, color, 61 * 47 * 3);

        assert_int_equal(ngx_app_image_scale(&from, &to), 0);

        for (n = 0; n < 40 * 31 * 3; n++) {
            assert_int_equal(to.data[n], color);
        }
    }

}


/* what overshoots is white or black, and does not come round */

static void
test_overshoot_is_cut(void **state)
{
    int                     n, x;
    ngx_app_image_pixels_t  from, to;

    from = test_pixels(*state, 60, 40, 1);
    to = test_pixels(*state, 40, 30, 1);

    for (n = 0; n < 60 * 40; n++) {
        from.data[n] = (n % 60 < 30) ? 0 : 255;
    }

    assert_int_equal(ngx_app_image_scale(&from, &to), 0);

    for (n = 0; n < 40 * 30; n++) {
        x = n % 40;

        if (x < 18) {
            assert_in_range(to.data[n], 0, 12);

        } else if (x > 21) {
            assert_in_range(to.data[n], 243, 255);
        }
    }

}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_pixels_are_those_of_the_formula),
        test_case(test_one_colour_stays),
        test_case(test_overshoot_is_cut),
    };

    return test_run(tests);
}
