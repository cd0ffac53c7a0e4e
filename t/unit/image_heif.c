
/*
 * Copyright (C) the project authors
 */


#include <unit/image.h>


/* headers of images of 64 x 64, but for two: sequences, a parameter set */

#define TEST_AV1       "\x0a\x09\x18\x15\x7f\xff\x92\x02\x1a\x0d\x08"
#define TEST_AV1_BIG   "\x0a\x0b\x1f\xf3\x3e\x7f\xf3\xfe\x08\x10\x10\x34\x20"
#define TEST_AV1_TIMES                                                       \
    "\x0a\x17\x04\0\0\0\0\0\0\0\x07\x80\0\0\0\0"                             \
    "\0\x80\0\x11\xa8\x3b\xff\xff\x80"
#define TEST_SPS                                                             \
    "\x42\1\1\3\x70\0\0\3\0\x90\0\0\3\0\0\3\0\x1e\xa0\x20\x81\x05\x96\xea"   \
    "\x49\x29\xae\x6e\4\4\x0c\x08\0\0\3\0\x08\0\0\3\0\x08\x40"

/* the box of the configuration; one set, of so many bytes */
#define TEST_HVCC(length)                                                    \
    "\1\3\x70\0\0\0\0\0\0\0\0\0\x1e\xf0\0\xfc\xfd\xf8\xf8\0\0" length        \
    "\1\x21\0\1\0\x29" TEST_SPS

#define TEST_ALPHA     "\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"
#define TEST_DEPTH     "\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:depth\0"


#define TEST_ITEMS     8


/* an item: its type, data, and the properties by the letters of add_props() */

typedef struct {
    const char    *type;
    const char    *props;
    const char    *data;
    size_t         len;
} test_item_t;


typedef struct {
    const char    *name;
    u_char         from;
    const char    *to;                 /* numbers as digits */
} test_ref_t;


typedef struct {
    const char    *want;
    test_item_t    items[TEST_ITEMS];
    test_ref_t     refs[TEST_ITEMS];
    ngx_uint_t     primary;            /* 1 when it is 0 */
} test_heif_t;


typedef struct {
    u_char         data[8192];
    u_char        *p;
} test_buf_t;


#define AV1       test_bytes(TEST_AV1)
#define AV1_BIG   test_bytes(TEST_AV1_BIG)
#define AV1_TIMES  test_bytes(TEST_AV1_TIMES)
#define HEVC      test_bytes("\0\0\0\3\x28\1\xaf")
#define GRID(w, h)  test_bytes("\0\0\0\0" w h)


static const test_heif_t  test_heifs[] = {
    { .want = "avif 64x64 whole",
      .items = { { "av01", "s", AV1 } } },
    { .want = "heic 64x64 whole",
      .items = { { "hvc1", "sh", HEVC } } },
    { .want = "heic 64x64 whole",
      .items = { { "hev1", "sh", HEVC } } },
    { .want = "avif 64x32 whole",
      .items = { { "av01", "w", AV1 } } },
    { .want = "avif 32x64 whole",
      .items = { { "av01", "wr", AV1 } } },
    { .want = "avif 64x32 whole",
      .items = { { "av01", "wrr", AV1 } } },
    { .want = "avif 64x32 whole",
      .items = { { "av01", "wm", AV1 } } },
    { .want = "avif 64x64 b10 whole",
      .items = { { "av01", "sp", AV1 } } },
    { .want = "avif 64x64 whole icc",
      .items = { { "av01", "sc", AV1 } } },
    { .want = "avif 64x64 whole icc",
      .items = { { "av01", "sR", AV1 } } },
    { .want = "avif 64x64 whole",
      .items = { { "av01", "sn", AV1 } } },

    /* pages are what is neither hidden nor auxiliary */
    { .want = "avif 64x64 f2 whole",
      .items = { { "av01", "s", AV1 }, { "av01", "s", AV1 } } },
    { .want = "avif 64x64 whole",
      .items = { { "av01", "s", AV1 }, { "mime", "", AV1 } } },
    { .want = "avif 64x64 whole",
      .items = { { "av01", "s", AV1 }, { "av01", "s", AV1 } },
      .refs = { { "thmb", 2, "1" } } },
    { .want = "heic 64x64 f2 whole",
      .items = { { "av01", "s", AV1 }, { "hvc1", "sh", HEVC } },
      .primary = 2 },

    { .want = "avif 64x64 alpha whole",
      .items = { { "av01", "s", AV1 }, { "av01", "sa", AV1 } },
      .refs = { { "auxl", 2, "1" } } },
    { .want = "avif 64x64 whole",
      .items = { { "av01", "s", AV1 }, { "av01", "sd", AV1 } },
      .refs = { { "auxl", 2, "1" } } },
    { .want = "avif 64x64 f2 whole",
      .items = { { "av01", "s", AV1 }, { "av01", "sa", AV1 } } },

    /* images of parts; their own data tells a size as well */
    { .want = "avif 64x64 f2 whole",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "av01", "s", AV1 } },
      .refs = { { "dimg", 1, "2" } } },
    { .want = "avif 256x64 f2 whole",
      .items = { { "grid", "s", GRID("\1\0", "\0\1") },
                 { "av01", "s", AV1 } },
      .refs = { { "dimg", 1, "2" } } },
    { .want = "avif 65536x64 f2 whole",
      .items = { { "grid", "s", test_bytes("\0\1\0\0\0\1\0\0\0\0\0\x08") },
                 { "av01", "s", AV1 } },
      .refs = { { "dimg", 1, "2" } } },
    { .want = "avif 512x256 f2 whole",
      .items = { { "iovl", "s",
                   test_bytes("\0\0\0\0\0\0\0\0\0\0\2\0\1\0\0\0") },
                 { "av01", "s", AV1 } },
      .refs = { { "dimg", 1, "2" } } },
    { .want = "heic 64x64 f2 whole",
      .items = { { "iden", "s", test_bytes("") }, { "hvc1", "sh", HEVC } },
      .refs = { { "dimg", 1, "2" } } },
    { .want = "avif 64x64 f3 alpha whole",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "av01", "s", AV1 },
                 { "grid", "sa", GRID("\0\x40", "\0\x40") },
                 { "av01", "s", AV1 } },
      .refs = { { "dimg", 1, "22" }, { "dimg", 3, "44" },
                { "auxl", 3, "1" } } },

    { .want = "avif: image made of nothing",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") } } },
    { .want = "avif: part of an unknown codec",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "jpeg", "s", AV1 } },
      .refs = { { "dimg", 1, "2" } } },
    { .want = "avif: images of two codecs",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "av01", "s", AV1 }, { "hvc1", "sh", HEVC } },
      .refs = { { "dimg", 1, "23" } } },
    { .want = "avif: images of two codecs",
      .items = { { "av01", "s", AV1 }, { "hvc1", "sh", HEVC } },
      .refs = { { "thmb", 2, "1" } } },
    { .want = "avif: cut in its header",
      .items = { { "grid", "s", test_bytes("\0\0\0\0\0") },
                 { "av01", "s", AV1 } },
      .refs = { { "dimg", 1, "2" } } },

    /* circles */
    { .want = "avif: parts that are nested",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") } },
      .refs = { { "dimg", 1, "1" } } },
    { .want = "avif: parts that are nested",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "av01", "s", AV1 } },
      .refs = { { "dimg", 1, "2" }, { "dimg", 2, "3" } } },
    { .want = "avif: parts that are nested",
      .items = { { "av01", "s", AV1 },
                 { "grid", "sa", GRID("\0\x40", "\0\x40") } },
      .refs = { { "auxl", 2, "1" }, { "dimg", 2, "1" } } },
    { .want = "avif: parts that are nested",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "av01", "s", AV1 },
                 { "grid", "sa", GRID("\0\x40", "\0\x40") } },
      .refs = { { "dimg", 1, "2" }, { "auxl", 3, "2" }, { "dimg", 3, "2" } } },
    { .want = "avif: auxiliary image of an auxiliary image",
      .items = { { "av01", "s", AV1 }, { "av01", "sa", AV1 } },
      .refs = { { "auxl", 2, "1" }, { "auxl", 1, "2" } } },
    { .want = "avif: auxiliary image of an auxiliary image",
      .items = { { "av01", "s", AV1 }, { "av01", "sa", AV1 } },
      .refs = { { "auxl", 2, "2" } } },

    /* sizes that are not what the image data has */
    { .want = "avif: image larger than it says",
      .items = { { "av01", "s", AV1_BIG } } },
    { .want = "avif: image larger than it says",
      .items = { { "av01", "sv", AV1 } } },
    { .want = "avif 8000x8000 whole",
      .items = { { "av01", "Bv", AV1_BIG } } },
    { .want = "avif: part larger than the image",
      .items = { { "av01", "s", AV1 }, { "av01", "sa", AV1_BIG } },
      .refs = { { "auxl", 2, "1" } } },
    { .want = "avif: part larger than the image",
      .items = { { "av01", "s", AV1 }, { "av01", "s", AV1_BIG } },
      .refs = { { "thmb", 2, "1" } } },
    { .want = "avif: part larger than the image",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "av01", "Bv", AV1_BIG } },
      .refs = { { "dimg", 1, "2" } } },
    { .want = "avif: part larger than the image",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "av01", "s", AV1 }, { "av01", "sa", AV1_BIG } },
      .refs = { { "dimg", 1, "2" }, { "auxl", 3, "2" } } },
    { .want = "avif 64x64 f2 whole",
      .items = { { "av01", "s", AV1 }, { "av01", "s", AV1_BIG } } },

    /* headers that are no such */
    { .want = "avif: bad header of the image data",
      .items = { { "av01", "s", test_bytes("\x0a\3\x18\x15\x7f") } } },
    { .want = "avif: bad header of the image data",
      .items = { { "av01", "s",
                   test_bytes("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\1") } } },
    { .want = "avif: bad header of the image data",
      .items = { { "av01", "s", test_bytes("\x0a\x7f" "abc") } } },
    { .want = "avif 64x64 whole",
      .items = { { "av01", "s",
                   test_bytes("\x12\0\x0e\0\x09\x18\x15\x7f\xff\x92\2"
                              "\x1a\x0d\x08") } } },
    { .want = "avif 64x64 whole",
      .items = { { "av01", "s",
                   test_bytes("\x08\x18\x15\x7f\xff\x92\2\x1a\x0d\x08") } } },
    { .want = "avif 64x64 whole",
      .items = { { "av01", "s", test_bytes("") } } },

    /* of 256 x 256, which is behind the times of a decoder */
    { .want = "avif: image larger than it says",
      .items = { { "av01", "s", AV1_TIMES } } },

    /* more of large tiles than the image has room for */
    { .want = "avif 64x64 f2 whole",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "av01", "T", AV1 } },
      .refs = { { "dimg", 1, "22222222" } } },
    { .want = "avif: parts larger than the image",
      .items = { { "grid", "s", GRID("\0\x40", "\0\x40") },
                 { "av01", "T", AV1 } },
      .refs = { { "dimg", 1, "222222222" } } },
    { .want = "heic: bad header of the image data",
      .items = { { "hvc1", "sh", test_bytes("\0\0\0\x08\x28\1\xaf") } } },
    { .want = "heic: bad header of the image data",
      .items = { { "hvc1", "sh", test_bytes("\0\0\0\4\x42\1\1\3") } } },
    { .want = "heic: bad header of the image data",
      .items = { { "hvc1", "sh", test_bytes("\0\0\0") } } },
    { .want = "heic: no configuration of the image data",
      .items = { { "hvc1", "s", HEVC } } },
    { .want = "heic: image data of two forms",
      .items = { { "hvc1", "sh", HEVC }, { "hvc1", "sH", HEVC } },
      .refs = { { "thmb", 2, "1" } } },
    { .want = "heic 64x64 whole",
      .items = { { "hvc1", "sH", test_bytes("\0\3\x28\1\xaf") } } },

    { .want = "avif: primary image of an unknown codec",
      .items = { { "jpeg", "s", AV1 } } },
    { .want = "avif: primary image of an unknown codec",
      .items = { { "av01", "s", AV1 } },
      .primary = 2 },
    { .want = "avif: no size",
      .items = { { "av01", "", AV1 } } },
    { .want = "avif: no size",
      .items = { { "av01", "z", AV1 } } },
};


static u_char *
test_open(test_buf_t *b, const char *name)
{
    u_char  *at;

    at = b->p;
    b->p = ngx_cpymem(at + 4, name, 4);

    return at;
}


static void
test_close(test_buf_t *b, u_char *at)
{
    size_t  len;

    len = b->p - at;
    at[0] = 0;
    at[1] = 0;
    at[2] = (u_char) (len >> 8);
    at[3] = (u_char) len;
}


static void
test_add(test_buf_t *b, const char *data, size_t len)
{
    b->p = ngx_cpymem(b->p, data, len);
}


static void
test_add16(test_buf_t *b, ngx_uint_t n)
{
    *b->p++ = (u_char) (n >> 8);
    *b->p++ = (u_char) n;
}


static void
test_property(test_buf_t *b, u_char letter)
{
    u_char      *box;
    ngx_uint_t   i;

    static const struct {
        u_char       letter;
        const char  *name;
        const char  *data;
        size_t       len;
    } props[] = {
        { 's', "ispe", test_bytes("\0\0\0\0\0\0\0\x40\0\0\0\x40") },
        { 'w', "ispe", test_bytes("\0\0\0\0\0\0\0\x40\0\0\0\x20") },
        { 'B', "ispe", test_bytes("\0\0\0\0\0\0\x1f\x40\0\0\x1f\x40") },
        { 'T', "ispe", test_bytes("\0\0\0\0\0\0\x10\0\0\0\x10\0") },
        { 'z', "ispe", test_bytes("\0\0\0\0\0\0\0\x40\0\0\0\0") },
        { 'r', "irot", test_bytes("\3") },
        { 'm', "imir", test_bytes("\1") },
        { 'p', "pixi", test_bytes("\0\0\0\0\3\x0a\x0a\x0a") },
        { 'c', "colr", test_bytes("prof") },
        { 'R', "colr", test_bytes("rICCxyz") },
        { 'n', "colr", test_bytes("nclx\0\1\0\1\0\1\0") },
        { 'a', "auxC", test_bytes(TEST_ALPHA) },
        { 'd', "auxC", test_bytes(TEST_DEPTH) },
        { 'v', "av1C", test_bytes("\x81\0\x0c\0" TEST_AV1_BIG) },
        { 'h', "hvcC", test_bytes(TEST_HVCC("\x0f")) },
        { 'H', "hvcC", test_bytes(TEST_HVCC("\x0d")) }
    };

    for (i = 0; i < sizeof(props) / sizeof(props[0]); i++) {

        if (props[i].letter == letter) {
            box = test_open(b, props[i].name);
            test_add(b, props[i].data, props[i].len);
            test_close(b, box);
            return;
        }
    }

    fail_msg("no property \"%c\"", letter);
}


static void
test_list(test_buf_t *b, const test_heif_t *t, ngx_uint_t count)
{
    u_char      *box, *in;
    ngx_uint_t   i;

    box = test_open(b, "pitm");
    test_add(b, "\0\0\0\0", 4);
    test_add16(b, t->primary ? t->primary : 1);
    test_close(b, box);

    box = test_open(b, "iinf");
    test_add(b, "\0\0\0\0", 4);
    test_add16(b, count);

    for (i = 0; i < count; i++) {
        in = test_open(b, "infe");
        test_add(b, "\2\0\0\0", 4);
        test_add16(b, i + 1);
        test_add(b, "\0\0", 2);
        test_add(b, t->items[i].type, 4);
        test_close(b, in);
    }

    test_close(b, box);
}


static void
test_references(test_buf_t *b, const test_heif_t *t)
{
    u_char      *box, *in;
    ngx_uint_t   i;
    const char  *to;

    if (t->refs[0].name == NULL) {
        return;
    }

    box = test_open(b, "iref");
    test_add(b, "\0\0\0\0", 4);

    for (i = 0; i < TEST_ITEMS && t->refs[i].name; i++) {
        in = test_open(b, t->refs[i].name);
        test_add16(b, t->refs[i].from);
        test_add16(b, ngx_strlen(t->refs[i].to));

        for (to = t->refs[i].to; *to; to++) {
            test_add16(b, *to - '0');
        }

        test_close(b, in);
    }

    test_close(b, box);
}


static void
test_properties(test_buf_t *b, const test_heif_t *t, ngx_uint_t count)
{
    u_char      *box, *in, n;
    ngx_uint_t   i;
    const char  *letter;

    box = test_open(b, "iprp");
    in = test_open(b, "ipco");

    for (i = 0; i < count; i++) {
        for (letter = t->items[i].props; *letter; letter++) {
            test_property(b, *letter);
        }
    }

    test_close(b, in);
    in = test_open(b, "ipma");
    test_add(b, "\0\0\0\0\0\0", 6);
    test_add16(b, count);

    for (i = 0, n = 0; i < count; i++) {
        test_add16(b, i + 1);
        *b->p++ = (u_char) ngx_strlen(t->items[i].props);

        for (letter = t->items[i].props; *letter; letter++) {
            *b->p++ = ++n;
        }
    }

    test_close(b, in);
    test_close(b, box);
}


/* all data is in the meta box */

static void
test_places(test_buf_t *b, const test_heif_t *t, ngx_uint_t count)
{
    u_char      *box;
    size_t       at;
    ngx_uint_t   i;

    box = test_open(b, "iloc");
    test_add(b, "\1\0\0\0\x44\0", 6);
    test_add16(b, count);

    for (i = 0, at = 0; i < count; i++) {
        test_add16(b, i + 1);
        test_add(b, "\0\1\0\0\0\1\0\0", 8);
        test_add16(b, at);
        test_add(b, "\0\0", 2);
        test_add16(b, t->items[i].len);
        at += t->items[i].len;
    }

    test_close(b, box);
    box = test_open(b, "idat");

    for (i = 0; i < count; i++) {
        test_add(b, t->items[i].data, t->items[i].len);
    }

    test_close(b, box);
}


static void
test_make(test_buf_t *b, const test_heif_t *t)
{
    u_char      *meta;
    ngx_uint_t   count;

    for (count = 0; count < TEST_ITEMS && t->items[count].type; count++) {
        /* void */
    }

    b->p = b->data;
    test_add(b, "\0\0\0\x14" "ftypavif\0\0\0\0avif", 20);

    meta = test_open(b, "meta");
    test_add(b, "\0\0\0\0", 4);
    test_list(b, t, count);
    test_references(b, t);
    test_properties(b, t, count);
    test_places(b, t, count);
    test_close(b, meta);

    assert_true((size_t) (b->p - b->data) < sizeof(b->data));
}


static void
test_items_are_followed(void **state)
{
    test_buf_t          b;
    ngx_uint_t          i;
    const char         *got;
    const test_heif_t  *t;

    for (i = 0; i < sizeof(test_heifs) / sizeof(test_heifs[0]); i++) {
        t = &test_heifs[i];
        test_make(&b, t);
        got = test_image(*state, b.data, b.p - b.data);

        if (ngx_strcmp(got, t->want) != 0) {
            fail_msg("case %lu: \"%s\" is not \"%s\"", i, got, t->want);
        }
    }
}


/* with any byte wrong it is the file's, never the reader's fault */

static void
test_wrong_bytes_are_bounded(void **state)
{
    u_char                 byte;
    ngx_int_t              rc;
    ngx_str_t              s;
    ngx_uint_t             i, n;
    test_buf_t             b;
    const char            *err;
    ngx_app_image_info_t   info;

    static const u_char  values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

    for (i = 0; i < sizeof(test_heifs) / sizeof(test_heifs[0]); i++) {
        test_make(&b, &test_heifs[i]);
        s = test_copy(*state, b.data, b.p - b.data);

        for (n = 0; n < s.len * sizeof(values); n++) {
            byte = s.data[n / sizeof(values)];
            s.data[n / sizeof(values)] = values[n % sizeof(values)];

            rc = ngx_app_image_probe(s.data, s.len, &info, &err);
            assert_true(rc == NGX_DECLINED || (rc == NGX_OK) == (err == NULL));

            s.data[n / sizeof(values)] = byte;
        }
    }
}


#define FTYP(brand)   "\0\0\0\x14" "ftyp" brand "\0\0\0\0" brand
#define STSZ(rest)    "\0\0\0\x14stsz\0\0\0\0" rest
#define STSD(codec)                                                          \
    "\0\0\0\x66stsd\0\0\0\0\0\0\0\1\0\0\0\x56" codec                         \
    "\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x18\0\x10"           \
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"       \
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define HDLR(name)    "\0\0\0\x18hdlr\0\0\0\0\0\0\0\0" name "\0\0\0\0"
#define MOOV(name, codec, rest)                                              \
    "\0\0\0\xba" "moov\0\0\0\xb2trak\0\0\0\xaamdia" HDLR(name)               \
    "\0\0\0\x8aminf\0\0\0\x82stbl" STSD(codec) STSZ(rest)


static void
test_sequences_are_counted(void **state)
{
    ngx_uint_t   i;
    const char  *got;

    static const struct {
        const char  *data;
        size_t       len;
        const char  *want;
    } tests[] = {
        { test_bytes(FTYP("avis") MOOV("pict", "av01", "\0\0\0\2\0\0\0\7")),
          "avif 24x16 f7 animated whole" },
        { test_bytes(FTYP("hevc") MOOV("vide", "hvc1", "\0\0\0\2\0\0\0\1")),
          "heic 24x16 whole" },
        { test_bytes(FTYP("msf1") MOOV("pict", "av01", "\0\0\0\2\0\0\0\7")),
          "avif 24x16 f7 animated whole" },
        { test_bytes(FTYP("avis") MOOV("auxv", "av01", "\0\0\0\2\0\0\0\7")),
          "avif: no size" },
        { test_bytes(FTYP("avis") MOOV("pict", "vp09", "\0\0\0\2\0\0\0\7")),
          "avif: frames of an unknown codec" },
        { test_bytes(FTYP("avis") MOOV("pict", "av01", "\0\0\0\2\0\1\0\0")),
          "avif: number of frames that cannot be" },
        { test_bytes(FTYP("avis") MOOV("pict", "av01", "\0\0\0\0\0\0\0\1")),
          "avif: number of frames that cannot be" },
        { test_bytes(FTYP("avis") "\0\0\0\xbamoov"),
          "avif: cut in its header" },
        { test_bytes(FTYP("avis") "\0\0\0\x10moov\0\0\0\x08trak"),
          "avif: no size" },
        { test_bytes(FTYP("avis") "\0\0\0\x10moov\0\0\0\7trak"),
          "avif: box of a bad length" },
        { test_bytes(FTYP("avis")), "avif: no image in it" },
        { test_bytes(FTYP("avif") "\0\0\0\x08meta"),
          "avif: box of a bad length" },
        { test_bytes(FTYP("avif") "\0\0\0\x0cmeta\0\0\0\0"),
          "avif: no primary image" },
        { test_bytes(FTYP("avif") "\0\0\0\x0cmeta\0\0\0\0"
                     "\0\0\0\x0cmeta\0\0\0\0"),
          "avif: box that is there twice" },
        { test_bytes(FTYP("avif") "\0\0\0\x14meta\0\0\0\0\0\0\0\x09" "free"),
          "avif: box of a bad length" },
        { test_bytes(FTYP("avif") "\0\0\0\x1cmeta\0\0\0\0"
                     "\0\0\0\x08pitm\0\0\0\x08pitm"),
          "avif: box that is there twice" },
    };

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        got = test_image(*state, (const u_char *) tests[i].data,
                         tests[i].len);

        if (ngx_strcmp(got, tests[i].want) != 0) {
            fail_msg("case %lu: \"%s\" is not \"%s\"", i, got, tests[i].want);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_items_are_followed),
        test_case(test_wrong_bytes_are_bounded),
        test_case(test_sequences_are_counted),
    };

    return test_run(tests);
}
