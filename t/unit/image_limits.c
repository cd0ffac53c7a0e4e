
/*
 * Copyright (C) the project authors
 */


#include <unit/image.h>


/* many of the same in a row: what is before and after them, and one of them */

typedef struct {
    const char  *before;
    size_t       before_len;
    const char  *part;
    size_t       part_len;
    const char  *after;
    size_t       after_len;
    ngx_uint_t   limit;                /* that are allowed */
    const char  *want;
    const char  *over;                 /* what one more is */
} test_limit_t;


#define SOF   "\xff\xc2\0\x0b\x08\0\x10\0\x18\1\1\x11\0"
#define SOS   "\xff\xda\0\x08\1\1\0\0\x3f\0"
#define PNG   "\x89PNG\r\n\x1a\n\0\0\0\x0d" "IHDR\0\0\0\x18\0\0\0\x10"        \
              "\x08\2\0\0\0crc!"
#define IDAT  "\0\0\0\0IDATcrc!"
#define GIF   "GIF89a\1\0\1\0\0\0\0"
#define FRAME "\x2c\0\0\0\0\1\0\1\0\0\2"
#define WEBP  "RIFF\xff\xff\xff\x7fWEBP"
#define VP8   "VP8 \x0a\0\0\0\x10\2\0\x9d\1\x2a\x18\0\x10\0"
#define VP8X  "VP8X\x0a\0\0\0\2\0\0\0\x17\0\0\x0f\0\0"
#define ANMF  "ANMF\x10\0\0\0\0\0\0\0\0\0\x17\0\0\x0f\0\0\0\0\0\0"
#define JXL   "\0\0\0\x0cJXL \r\n\x87\n"
#define AVIF  "\0\0\0\x14" "ftypavif\0\0\0\0avif"


static const test_limit_t  test_limits[] = {
    { test_bytes("\xff\xd8" SOF), test_bytes("\xff\xe0\0\2"),
      test_bytes(SOS), 10000 - 2, "jpeg 24x16 whole",
      "jpeg: too many segments" },
    { test_bytes("\xff\xd8"), test_bytes("\xff"), test_bytes(SOF SOS),
      256 * 1024, "jpeg 24x16 whole",
      "jpeg: too much between its segments" },
    { test_bytes("\xff\xd8\xff\xe0\0\2"), test_bytes("\xff\0"),
      test_bytes(SOF SOS), 128 * 1024, "jpeg 24x16 whole",
      "jpeg: too much between its segments" },
    { test_bytes("\xff\xd8\xff\xe0\0\2"), test_bytes("a"),
      test_bytes(SOF SOS), 256 * 1024, "jpeg 24x16 whole",
      "jpeg: too much between its segments" },
    { test_bytes("\xff\xd8" SOF), test_bytes(SOS), test_bytes(""), 100,
      "jpeg 24x16 whole", "jpeg: too many scans" },
    { test_bytes("\xff\xd8" SOF SOS), test_bytes("\xff\0"),
      test_bytes("\xff\xd9"), 256 * 1024 - 1, "jpeg 24x16 whole",
      "jpeg: too many markers" },
    { test_bytes("\xff\xd8" SOF SOS), test_bytes("\xff\xd0"),
      test_bytes("\xff\xd9"), 256 * 1024 - 1, "jpeg 24x16 whole",
      "jpeg: too many markers" },
    { test_bytes("\xff\xd8" SOF SOS), test_bytes("\xff\xc4\0\2"),
      test_bytes("\xff\xd9"), 256 * 1024 - 1, "jpeg 24x16 whole",
      "jpeg: too many markers" },

    { test_bytes(PNG), test_bytes("\0\0\0\0tEXtcrc!"), test_bytes(IDAT),
      65536 - 2, "png 24x16", "png: too many chunks" },
    { test_bytes(PNG), test_bytes(IDAT), test_bytes(""), 65536 - 1,
      "png 24x16", "png: too many chunks" },
    { test_bytes(PNG), test_bytes("\0\0\0\x10zTXt1234567890123456crc!"),
      test_bytes(IDAT), 512 * 1024 / 16, "png 24x16",
      "png: too much packed text" },
    { test_bytes(PNG),
      test_bytes("\0\0\0\x10iTXtkey\0\1\0\0\0\0" "1234567crc!"),
      test_bytes(IDAT), 512 * 1024 / 16, "png 24x16",
      "png: too much packed text" },
    { test_bytes(PNG),
      test_bytes("\0\0\0\x10iTXtkey\0\0\0\0\0\0" "1234567crc!"),
      test_bytes(IDAT), 65536 - 2, "png 24x16", "png: too many chunks" },

    /* one more block ends the one or the other */
    { test_bytes(GIF FRAME), test_bytes("\1a"), test_bytes("\0"),
      512 * 1024 - 2, "gif 1x1 whole", "gif: too many blocks" },
    { test_bytes(GIF FRAME "\0"), test_bytes("\x21\xfe\0"), test_bytes(""),
      512 * 1024 - 2, "gif 1x1 whole", "gif: too many blocks" },
    { test_bytes(GIF), test_bytes(FRAME "\0"), test_bytes(";"), 65536,
      "gif 1x1 f65536 animated whole", "gif: too many frames" },

    { test_bytes(WEBP), test_bytes("abcd\0\0\0\0"), test_bytes(VP8),
      65536 - 1, "webp 24x16 whole", "webp: too many chunks" },
    { test_bytes(WEBP VP8X), test_bytes(ANMF), test_bytes(""), 65536 - 1,
      "webp 24x16 f65535 animated whole", "webp: too many chunks" },

    { test_bytes(JXL), test_bytes("\0\0\0\x08" "free"),
      test_bytes("\0\0\0\x0djxlc\xff\x0a\x43\2\0"), 65536 - 2,
      "jxl 16x16 whole", "jxl: too many boxes" },
    { test_bytes(AVIF), test_bytes("\0\0\0\x08" "free"), test_bytes(""),
      65536 - 1, "avif: no image in it", "avif: too many boxes" },
};


static void
test_limit(ngx_pool_t *pool, const test_limit_t *t, ngx_uint_t n,
    const char *want)
{
    u_char      *data, *p;
    const char  *got;

    data = ngx_pnalloc(pool, t->before_len + n * t->part_len + t->after_len);
    assert_non_null(data);

    p = ngx_cpymem(data, t->before, t->before_len);

    while (n--) {
        p = ngx_cpymem(p, t->part, t->part_len);
    }

    p = ngx_cpymem(p, t->after, t->after_len);

    got = test_image(pool, data, p - data);

    if (ngx_strcmp(got, want) != 0) {
        fail_msg("limit %tu: \"%s\" is not \"%s\"", t - test_limits, got,
                 want);
    }
}


static void
test_no_more_than_the_limit_is_read(void **state)
{
    ngx_uint_t           i;
    ngx_pool_t          *pool;
    const test_limit_t  *t;

    for (i = 0; i < sizeof(test_limits) / sizeof(test_limits[0]); i++) {
        t = &test_limits[i];
        pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, &test_log);

        test_limit(pool, t, t->limit, t->want);
        test_limit(pool, t, t->limit + 1, t->over);
        test_limit(pool, t, 2 * t->limit, t->over);

        ngx_destroy_pool(pool);
    }
}


/* pages of two fields, each behind the one before */

static void
test_pages_are_bounded(void **state)
{
    u_char      *data, *p;
    size_t       next;
    ngx_uint_t   n, i;

    static const u_char  fields[] =
        "\2\0\0\1\4\0\1\0\0\0\x18\0\0\0\1\1\4\0\1\0\0\0\x10\0\0\0";

    for (n = 10000; n <= 10001; n++) {
        data = ngx_palloc(*state, 8 + n * 30);
        assert_non_null(data);

        p = ngx_cpymem(data, "II*\0\x08\0\0\0", 8);

        for (i = 1; i <= n; i++) {
            next = (i < n) ? 8 + i * 30 : 0;
            p = ngx_cpymem(p, fields, sizeof(fields) - 1);
            *p++ = (u_char) next;
            *p++ = (u_char) (next >> 8);
            *p++ = (u_char) (next >> 16);
            *p++ = 0;
        }

        assert_string_equal(test_image(*state, data, p - data),
                            (n == 10000) ? "tiff 24x16 f10000 b1 whole"
                                         : "tiff: too many pages");

        /* from the last page to one in the middle */

        next = 8 + n / 3 * 30;
        p[-4] = (u_char) next;
        p[-3] = (u_char) (next >> 8);
        p[-2] = (u_char) (next >> 16);

        if (n == 10000) {
            assert_string_equal(test_image(*state, data, p - data),
                                "tiff: too many pages");
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_no_more_than_the_limit_is_read),
        test_case(test_pages_are_bounded),
    };

    return test_run(tests);
}
