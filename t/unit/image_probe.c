
/*
 * Copyright (C) the project authors
 */


#include <unit/image.h>


/* files that the encoders and t/lib/Test/App/Image.pm have made */

#define TEST_FILES  "t/fuzz/corpus/image_probe/"


typedef struct {
    const char  *name;
    const char  *want;
} test_file_t;


static const test_file_t  test_files[] = {
    { "avif-10bit", "avif 24x16 b10 whole" },
    { "avif-alpha", "avif 24x16 alpha whole" },
    { "avif-alpha-loop", "avif: auxiliary image of an auxiliary image" },
    { "avif-grid", "avif 128x192 b12 alpha whole" },
    { "avif-grid-of-itself", "avif: parts that are nested" },
    { "avif-lies", "avif: image larger than it says" },
    { "avif-places", "avif: bad list of places" },
    { "avif-rotated", "avif 16x24 whole" },
    { "avif-sequence", "avif 24x16 f3 alpha animated whole" },
    { "avif-still", "avif 24x16 whole" },
    { "gif-animated", "gif 24x16 f3 animated whole" },
    { "gif-screen", "gif 65535x65535 f3 alpha animated whole" },
    { "gif-still", "gif 24x16 whole" },
    { "gif-transparent", "gif 24x16 alpha whole" },
    { "heic-alpha", "heic 24x16 alpha whole" },
    { "heic-still", "heic 24x16 b10 whole" },
    { "heic-thumbnail", "heic 24x16 b10 whole" },
    { "heic-two", "heic 24x16 f2 b10 whole" },
    { "jpeg-baseline", "jpeg 24x16" },
    { "jpeg-cmyk", "jpeg 24x16 cmyk" },
    { "jpeg-exif", "jpeg 24x16 o6" },
    { "jpeg-exif-loop", "jpeg 16x16" },
    { "jpeg-profile", "jpeg 24x16 icc" },
    { "jpeg-progressive", "jpeg 24x16 whole" },
    { "jpeg-scans-small", "jpeg: too many scans" },
    { "jxl-16bit", "jxl 128x192 b16 whole" },
    { "jxl-animated", "jxl 24x16 alpha animated whole" },
    { "jxl-bare", "jxl 24x16 whole" },
    { "jxl-claims", "jxl 1073741824x1073741824 whole" },
    { "jxl-container", "jxl 24x16 alpha whole" },
    { "jxl-turned", "jxl 16x24 whole" },
    { "png-alpha", "png 24x16 alpha" },
    { "png-animated", "png 16x16 f3 animated" },
    { "png-frames-lie", "png: number of frames that cannot be" },
    { "png-grey16", "png 24x16 b16" },
    { "png-interlaced", "png 24x16 whole" },
    { "png-palette", "png 24x16 alpha" },
    { "png-profile", "png 24x16 icc" },
    { "svg-box", "svg 40x30 alpha whole" },
    { "svg-default", "svg: attribute that is set by the document type" },
    { "svg-editor", "svg 100x80 alpha whole" },
    { "svg-encoding", "svg: encoding that is not known" },
    { "svg-laughs", "svg: entity that is not a plain text" },
    { "svg-sheet", "svg: more is drawn than a renderer gets done" },
    { "svg-units", "svg 72x72 alpha whole" },
    { "svg-use", "svg: more is drawn than a renderer gets done" },
    { "tiff-alpha", "tiff 24x16 o6 alpha whole" },
    { "tiff-big-fields", "tiff: page outside the file" },
    { "tiff-big-tiles", "tiff 24x16 whole" },
    { "tiff-cmyk", "tiff 24x16 whole cmyk" },
    { "tiff-little", "tiff 24x16 whole" },
    { "tiff-loop", "tiff: pages in a loop" },
    { "tiff-pages", "tiff 8x8 f3 whole" },
    { "tiff-strips", "tiff: table of strips or tiles outside the file" },
    { "webp-alpha", "webp 24x16 alpha whole" },
    { "webp-animated", "webp 24x16 f3 animated whole" },
    { "webp-bomb", "webp 16383x16383 whole" },
    { "webp-exif", "webp 24x16 o6 whole" },
    { "webp-lies", "webp: image of another size than the canvas" },
    { "webp-lossless", "webp 24x16 whole" },
    { "webp-lossy", "webp 24x16 whole" },
    { "webp-profile", "webp 24x16 whole icc" },
};


#define TEST_NFILES  (sizeof(test_files) / sizeof(test_files[0]))


typedef struct {
    const char            *data;
    size_t                 len;
    ngx_app_image_type_e   type;
} test_magic_t;


#define TEST_MAGIC(text, type)  { test_bytes(text), type }


static const test_magic_t  test_magics[] = {
    TEST_MAGIC("\xff\xd8\xff", NGX_APP_IMAGE_JPEG),
    TEST_MAGIC("\x89PNG\r\n\x1a\n", NGX_APP_IMAGE_PNG),
    TEST_MAGIC("GIF87a", NGX_APP_IMAGE_GIF),
    TEST_MAGIC("GIF89a", NGX_APP_IMAGE_GIF),
    TEST_MAGIC("RIFF\0\0\0\0WEBP", NGX_APP_IMAGE_WEBP),
    TEST_MAGIC("II*\0", NGX_APP_IMAGE_TIFF),
    TEST_MAGIC("MM\0*", NGX_APP_IMAGE_TIFF),
    TEST_MAGIC("II+\0", NGX_APP_IMAGE_TIFF),
    TEST_MAGIC("MM\0+", NGX_APP_IMAGE_TIFF),
    TEST_MAGIC("\xff\x0a", NGX_APP_IMAGE_JXL),
    TEST_MAGIC("\0\0\0\x0cJXL \r\n\x87\n", NGX_APP_IMAGE_JXL),
    TEST_MAGIC("<svg", NGX_APP_IMAGE_SVG),
    TEST_MAGIC("\xef\xbb\xbf \r\n\t<svg", NGX_APP_IMAGE_SVG),
    TEST_MAGIC("<?xml", NGX_APP_IMAGE_SVG),
    TEST_MAGIC("<!--", NGX_APP_IMAGE_SVG),
    TEST_MAGIC("<!DOCTYPE svg", NGX_APP_IMAGE_SVG),
    TEST_MAGIC("\0\0\0\x14" "ftypavif\0\0\0\0", NGX_APP_IMAGE_AVIF),
    TEST_MAGIC("\0\0\0\x14" "ftypavis\0\0\0\0", NGX_APP_IMAGE_AVIF),
    TEST_MAGIC("\0\0\0\x14" "ftypheic\0\0\0\0", NGX_APP_IMAGE_HEIC),
    TEST_MAGIC("\0\0\0\x14" "ftyphevx\0\0\0\0", NGX_APP_IMAGE_HEIC),
    TEST_MAGIC("\0\0\0\x10" "ftypmif1\0\0\0\0", NGX_APP_IMAGE_HEIC),
    TEST_MAGIC("\0\0\0\x10" "ftypmsf1\0\0\0\0", NGX_APP_IMAGE_HEIC),

    TEST_MAGIC("GIF88a", NGX_APP_IMAGE_NONE),
    TEST_MAGIC("\xff\xd8\x01", NGX_APP_IMAGE_NONE),
    TEST_MAGIC("RIFF\0\0\0\0WAVE", NGX_APP_IMAGE_NONE),
    TEST_MAGIC("\0\0\0\x14" "ftypisom\0\0\0\0avif", NGX_APP_IMAGE_NONE),
    TEST_MAGIC("<!DOCTYPE html>", NGX_APP_IMAGE_NONE),
    TEST_MAGIC("<html>", NGX_APP_IMAGE_NONE),
    TEST_MAGIC("BM", NGX_APP_IMAGE_NONE),
    TEST_MAGIC("%PDF-1.7", NGX_APP_IMAGE_NONE),
    TEST_MAGIC("P6 1 1 255 abc", NGX_APP_IMAGE_NONE),
    TEST_MAGIC("", NGX_APP_IMAGE_NONE),
};


static ngx_str_t
test_read(ngx_pool_t *pool, const char *name)
{
    FILE       *file;
    u_char      path[256], *p;
    ngx_str_t   s;

    p = ngx_slprintf(path, path + sizeof(path) - 1, TEST_FILES "%s", name);
    *p = '\0';

    file = fopen((char *) path, "rb");

    if (file == NULL) {
        fail_msg("%s: %s", path, strerror(errno));
    }

    s.data = ngx_palloc(pool, 4096);
    assert_non_null(s.data);
    s.len = fread(s.data, 1, 4096, file);

    assert_true(feof(file));
    assert_int_equal(fclose(file), 0);

    return s;
}


/* one more byte is needed for each type; what follows says nothing */

static void
test_types_are_told_by_the_first_bytes(void **state)
{
    size_t      n;
    ngx_str_t   s;
    ngx_uint_t  i;

    for (i = 0; i < sizeof(test_magics) / sizeof(test_magics[0]); i++) {

        for (n = 0; n < test_magics[i].len; n++) {
            s = test_copy(*state, test_magics[i].data, n);
            assert_int_equal(ngx_app_image_type(s.data, s.len),
                             NGX_APP_IMAGE_NONE);
        }

        s = test_copy(*state, test_magics[i].data, n);
        assert_int_equal(ngx_app_image_type(s.data, s.len),
                         test_magics[i].type);

        s.data = ngx_pcalloc(*state, 100);
        ngx_memcpy(s.data, test_magics[i].data, n);
        assert_int_equal(ngx_app_image_type(s.data, 100),
                         test_magics[i].type);
    }
}


/* the names that a HEIF goes by besides */

static void
test_heif_of_a_common_name_is_told_by_the_others(void **state)
{
    u_char  data[100];

    ngx_memset(data, 0, sizeof(data));
    ngx_memcpy(data, "\0\0\0\x40" "ftypmif1", 12);
    ngx_memcpy(data + 60, "avif", 4);
    assert_int_equal(ngx_app_image_type(data, 100), NGX_APP_IMAGE_AVIF);
    assert_int_equal(ngx_app_image_type(data, 63), NGX_APP_IMAGE_HEIC);

    ngx_memcpy(data + 20, "heic", 4);
    assert_int_equal(ngx_app_image_type(data, 100), NGX_APP_IMAGE_HEIC);

    /* outside of the box, and past what is looked at */

    ngx_memset(data + 16, 0, sizeof(data) - 16);
    ngx_memcpy(data + 60, "avif", 4);
    data[3] = 0x3c;
    assert_int_equal(ngx_app_image_type(data, 100), NGX_APP_IMAGE_HEIC);

    ngx_memcpy(data + 60, "\0\0\0\0avif", 8);
    data[3] = 0x60;
    assert_int_equal(ngx_app_image_type(data, 100), NGX_APP_IMAGE_HEIC);
}


static void
test_files_of_encoders_are_read(void **state)
{
    ngx_str_t    s;
    ngx_uint_t   i;
    const char  *got;

    for (i = 0; i < TEST_NFILES; i++) {
        s = test_read(*state, test_files[i].name);
        got = test_image(*state, s.data, s.len);

        if (ngx_strcmp(got, test_files[i].want) != 0) {
            fail_msg("%s: \"%s\" is not \"%s\"", test_files[i].name, got,
                     test_files[i].want);
        }
    }
}


/*
 * What is told of a cut file is what is told of the whole one, but of frames
 * and of what comes after the image data.
 */

static void
test_cut_files_are_refused_or_told_alike(void **state)
{
    size_t                 n;
    ngx_int_t              rc;
    ngx_str_t              s, cut;
    ngx_uint_t             i, accepted;
    const char            *err;
    ngx_pool_t            *pool;
    ngx_app_image_info_t   whole, info;

    for (i = 0; i < TEST_NFILES; i++) {
        s = test_read(*state, test_files[i].name);
        rc = ngx_app_image_probe(s.data, s.len, &whole, &err);

        if (rc != NGX_OK) {
            continue;
        }

        accepted = 0;

        for (n = 0; n < s.len; n++) {
            pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, &test_log);
            cut = test_copy(pool, s.data, n);
            rc = ngx_app_image_probe(cut.data, n, &info, &err);

            if (rc == NGX_OK) {
                accepted = 1;
                assert_int_equal(info.type, whole.type);
                assert_int_equal(info.width, whole.width);
                assert_int_equal(info.height, whole.height);
                assert_int_equal(info.bits, whole.bits);
                assert_in_range(info.frames, 1, whole.frames);

            } else if (accepted) {
                fail_msg("%s: refused at %zu for \"%s\"", test_files[i].name,
                         n, err ? err : "");
            }

            ngx_destroy_pool(pool);
        }
    }
}


static void
test_files_with_a_wrong_byte_are_bounded(void **state)
{
    size_t                 n;
    u_char                 byte;
    ngx_int_t              rc;
    ngx_str_t              s;
    ngx_uint_t             i, k;
    const char            *err;
    ngx_app_image_info_t   info;

    static const u_char  masks[] = { 0xff, 0x01, 0x80 };

    for (i = 0; i < TEST_NFILES; i++) {
        s = test_read(*state, test_files[i].name);
        s = test_copy(*state, s.data, s.len);

        for (n = 0; n < s.len * sizeof(masks); n++) {
            k = n / sizeof(masks);
            byte = s.data[k];
            s.data[k] ^= masks[n % sizeof(masks)];

            rc = ngx_app_image_probe(s.data, s.len, &info, &err);

            s.data[k] = byte;

            if (rc == NGX_OK) {
                assert_true(info.width > 0 && info.height > 0);
                assert_in_range(info.frames, 1, s.len);
                assert_in_range(info.orientation, 1, 8);

            } else if (rc == NGX_ABORT) {
                assert_non_null(err);

            } else {
                assert_int_equal(rc, NGX_DECLINED);
            }
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_types_are_told_by_the_first_bytes),
        test_case(test_heif_of_a_common_name_is_told_by_the_others),
        test_case(test_files_of_encoders_are_read),
        test_case(test_cut_files_are_refused_or_told_alike),
        test_case(test_files_with_a_wrong_byte_are_bounded),
    };

    return test_run(tests);
}
