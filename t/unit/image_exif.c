
/*
 * Copyright (C) the project authors
 */


#include <unit/image.h>

#include <image/ngx_app_image_exif.h>


#define FIELD(tag, type, n, value)  tag type "\0\0\0" n value

#define ARTIST     FIELD("\x01\x3b", "\0\2", "\4", "Ada\0")
#define COPYRIGHT  FIELD("\x82\x98", "\0\2", "\7", "\0\0\0\x3e")
#define MAKE       FIELD("\x01\x0f", "\0\2", "\2", "X\0\0\0")
#define TEXT       "\xc2\xa9 Ada\0"


/* big-endian, with the text at 62 */
static const char  test_exif[] =
    "Exif\0\0MM\0*\0\0\0\x08\0\4" MAKE ARTIST COPYRIGHT
    FIELD("\x88\x25", "\0\4", "\1", "\0\0\0\0") "\0\0\0\0" TEXT;

static const char  test_kept[] =
    "Exif\0\0MM\0*\0\0\0\x08\0\2" ARTIST
    FIELD("\x82\x98", "\0\2", "\7", "\0\0\0\x26") "\0\0\0\0" TEXT;


static void
test_artist_and_copyright_are_kept(void **state)
{
    size_t     n;
    u_char     out[NGX_APP_IMAGE_EXIF_LEN];
    ngx_str_t  s;

    /* with a header, as in JPEG, and without one; an odd text is filled up */

    for (n = 0; n <= 6; n += 6) {
        s = test_copy(*state, (const u_char *) test_exif + n,
                      sizeof(test_exif) - 1 - n);

        assert_int_equal(ngx_app_image_exif_copyright(s.data, s.len, out),
                         sizeof(test_kept));
        assert_memory_equal(out, test_kept, sizeof(test_kept));
    }

    /* what is kept is kept again */

    s = test_copy(*state, (const u_char *) test_kept, sizeof(test_kept));
    assert_int_equal(ngx_app_image_exif_copyright(s.data, s.len, out), s.len);
    assert_memory_equal(out, test_kept, s.len);
}


static void
test_exif_may_end_anywhere(void **state)
{
    size_t     n, len;
    u_char     out[NGX_APP_IMAGE_EXIF_LEN];
    ngx_str_t  s;

    for (n = 0; n < sizeof(test_exif) - 1; n++) {
        s = test_copy(*state, (const u_char *) test_exif, n);
        len = ngx_app_image_exif_copyright(s.data, s.len, out);

        /* all fields and no text, or nothing */
        assert_true(len == 0 || len == 6 + 8 + 2 + 12 + 4);
    }
}


#define VP8X(flags)  "VP8X\x0a\0\0\0" flags "\0\0\0\0\0\0\0\0\0"
#define DATA         "VP8L\3\0\0\0abc\0"
#define EXIF         "EXIF\1\0\0\0x\0"


static void
test_exif_is_taken_out_of_webp(void **state)
{
    size_t      i, n, len;
    ngx_str_t   s;

    static const struct {
        const char  *data;
        size_t       len;
        const char  *want;
        size_t       want_len;
    } tests[] = {
        { test_bytes("RIFF\x2c\0\0\0WEBP" VP8X("\x08") DATA EXIF),
          test_bytes("RIFF\x10\0\0\0WEBP" DATA) },
        { test_bytes("RIFF\x2c\0\0\0WEBP" VP8X("\x18") EXIF DATA),
          test_bytes("RIFF\x22\0\0\0WEBP" VP8X("\x10") DATA) },
        { test_bytes("RIFF\x22\0\0\0WEBP" VP8X("\x10") DATA),
          test_bytes("RIFF\x22\0\0\0WEBP" VP8X("\x10") DATA) },
        { test_bytes("RIFF\x10\0\0\0WEBP" DATA),
          test_bytes("RIFF\x10\0\0\0WEBP" DATA) },
        { test_bytes("RIFF\x2c\0\0\0WEBP" VP8X("\x08") "EXIF\xff\xff\xff\xff"),
          test_bytes("RIFF\x2c\0\0\0WEBP" VP8X("\x08")
                     "EXIF\xff\xff\xff\xff") },
        { test_bytes("\x89PNG"), test_bytes("\x89PNG") },
    };

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        s = test_copy(*state, (const u_char *) tests[i].data, tests[i].len);
        len = ngx_app_image_exif_webp(s.data, s.len);

        assert_int_equal(len, tests[i].want_len);
        assert_memory_equal(s.data, tests[i].want, len);

        for (n = 0; n < tests[i].len; n++) {
            s = test_copy(*state, (const u_char *) tests[i].data, n);
            assert_true(ngx_app_image_exif_webp(s.data, s.len) <= n);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_artist_and_copyright_are_kept),
        test_case(test_exif_may_end_anywhere),
        test_case(test_exif_is_taken_out_of_webp),
    };

    return test_run(tests);
}
