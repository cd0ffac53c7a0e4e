
/*
 * Copyright (C) the project authors
 */


#include <unit/image.h>


typedef struct {
    const char  *data;
    size_t       len;
    const char  *want;
} test_case_t;


#define TEST_CASE(text, want)  { test_bytes(text), want }


#define SOI       "\xff\xd8"
#define APP0      "\xff\xe0\0\2"
#define SOF(n)    "\xff" n "\0\x0b\x08\0\x10\0\x18\1\1\x11\0"
#define SOF_SIZE(size)  "\xff\xc0\0\x0b\x08" size "\1\1\x11\0"
#define SOF_3     "\xff\xc0\0\x11\x08\0\x10\0\x18\3\1\x11\0\2\x11\0\3\x11\0"
#define SOS       "\xff\xda\0\x08\1\1\0\0\x3f\0"
#define EOI       "\xff\xd9"
#define EXIF(orientation)                                                    \
    "\xff\xe1\0\x22" "Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0"         \
    orientation "\0\0\0\0\0\0"


static const test_case_t  test_jpegs[] = {
    TEST_CASE(SOI SOF("\xc0") SOS, "jpeg 24x16"),
    TEST_CASE(SOI SOF("\xc1") SOS EOI, "jpeg 24x16"),
    TEST_CASE(SOI SOF("\xc2") SOS EOI, "jpeg 24x16 whole"),
    TEST_CASE(SOI SOF("\xc3") SOS EOI, "jpeg 24x16 whole"),
    TEST_CASE(SOI SOF("\xc9") SOS EOI, "jpeg 24x16 whole"),
    TEST_CASE(SOI SOF("\xca") SOS EOI, "jpeg 24x16 whole"),
    TEST_CASE(SOI SOF("\xcf") SOS EOI, "jpeg 24x16 whole"),
    TEST_CASE(SOI APP0 SOF("\xc0") APP0 SOS, "jpeg 24x16"),

    /* a scan of one of three */
    TEST_CASE(SOI SOF_3 SOS, "jpeg 24x16 whole"),
    TEST_CASE(SOI SOF_3 SOS "\xff\0\xff\xd0\xff\x01\xff\xff" SOS "ab" EOI,
              "jpeg 24x16 whole"),

    /* what is between segments */
    TEST_CASE(SOI "\xff" APP0 "\xff\xff\xff" SOF("\xc0") "\0ab\xff\0" SOS,
              "jpeg 24x16"),
    TEST_CASE(SOI "\xff\x01\xff\xd0" SOF("\xc0") SOS, "jpeg 24x16"),

    TEST_CASE(SOI EXIF("\1\0") SOF("\xc0") SOS, "jpeg 24x16"),
    TEST_CASE(SOI EXIF("\x08\0") SOF("\xc0") SOS, "jpeg 24x16 o8"),
    TEST_CASE(SOI EXIF("\x09\0") SOF("\xc0") SOS, "jpeg 24x16"),
    TEST_CASE(SOI EXIF("\0\0") SOF("\xc0") SOS, "jpeg 24x16"),
    TEST_CASE(SOI EXIF("\6\1") SOF("\xc0") SOS, "jpeg 24x16"),
    TEST_CASE(SOI EXIF("\3\0") EXIF("\6\0") SOF("\xc0") SOS,
              "jpeg 24x16 o3"),
    TEST_CASE(SOI "\xff\xe1\0\x08" "Exif\0\0" SOF("\xc0") SOS, "jpeg 24x16"),
    TEST_CASE(SOI "\xff\xe1\0\x10" "Exif\0\0MM\0*\xff\xff\xff\xff"
              SOF("\xc0") SOS, "jpeg 24x16"),
    TEST_CASE(SOI "\xff\xe2\0\x10" "ICC_PROFILE\0\1\1" SOF("\xc0") SOS,
              "jpeg 24x16 icc"),
    TEST_CASE(SOI "\xff\xe2\0\x0d" "MPF\0\0\0\0\0\0\0\0" SOF("\xc0") SOS,
              "jpeg 24x16"),

    TEST_CASE(SOI SOF_SIZE("\xff\xff\xff\xff") SOS, "jpeg 65535x65535"),
    TEST_CASE(SOI SOF_SIZE("\0\0\0\1") SOS, "jpeg: no size"),
    TEST_CASE(SOI SOF_SIZE("\0\1\0\0") SOS, "jpeg: no size"),
    TEST_CASE(SOI SOF("\xc0") SOF("\xc0") SOS,
              "jpeg: more than one frame header"),
    TEST_CASE(SOI "\xff\xc0\0\x0b\x11\0\1\0\1\1\1\x11\0" SOS,
              "jpeg: odd number of bits"),
    TEST_CASE(SOI "\xff\xc0\0\x0b\x08\0\1\0\1\5\1\x11\0" SOS,
              "jpeg: odd number of components"),
    TEST_CASE(SOI "\xff\xc0\0\x0b\x08\0\1\0\1\0\1\x11\0" SOS,
              "jpeg: odd number of components"),
    TEST_CASE(SOI "\xff\xc0\0\x0b\x08\0\1\0\1\3\1\x11\0" SOS,
              "jpeg: frame header of a bad length"),
    TEST_CASE(SOI "\xff\xc0\0\3\x08" SOS,
              "jpeg: frame header of a bad length"),
    TEST_CASE(SOI SOS, "jpeg: no frame header"),
    TEST_CASE(SOI SOF("\xc0") "\xff\xda\0\3\1",
              "jpeg: scan header of a bad length"),
    TEST_CASE(SOI SOF("\xc0") "\xff\xda\0\6\0\0\0\0",
              "jpeg: scan header of a bad length"),
    TEST_CASE(SOI SOF("\xc0") "\xff\xda\0\2",
              "jpeg: scan header of a bad length"),
    TEST_CASE(SOI APP0 EOI, "jpeg: ends before its image data"),
    TEST_CASE(SOI SOI SOF("\xc0") SOS, "jpeg: marker where it may not be"),
    TEST_CASE(SOI "\xff\xc8\0\2" SOS, "jpeg: marker where it may not be"),
    TEST_CASE(SOI "\xff\x02\0\2" SOS, "jpeg: unknown marker"),
    TEST_CASE(SOI "\xff\xe0\0\1" SOS, "jpeg: segment of a bad length"),
    TEST_CASE(SOI "\xff\xe0\0\0" SOS, "jpeg: segment of a bad length"),
    TEST_CASE(SOI "\xff\xe0\xff\xff" SOS, "jpeg: cut before its image data"),
    TEST_CASE(SOI APP0, "jpeg: cut before its image data"),
    TEST_CASE(SOI "\xff\xff", "jpeg: cut before its image data"),
};


#define PNG       "\x89PNG\r\n\x1a\n"
#define CRC       "crc!"
#define IHDR(size, rest)  "\0\0\0\x0d" "IHDR" size rest CRC
#define IHDR_RGB  IHDR("\0\0\0\x18\0\0\0\x10", "\x08\2\0\0\0")
#define IDAT      "\0\0\0\0IDAT" CRC
#define IEND      "\0\0\0\0IEND" CRC
#define ACTL(n)   "\0\0\0\x08" "acTL" n "\0\0\0\0" CRC
#define FCTL(w, x)                                                           \
    "\0\0\0\x1a" "fcTL" "\0\0\0\0" w "\0\0\0\x10" x "\0\0\0\0\0\0\0\0\0\0" CRC


static const test_case_t  test_pngs[] = {
    TEST_CASE(PNG IHDR_RGB IDAT, "png 24x16"),
    TEST_CASE(PNG IHDR_RGB IDAT IDAT IEND "more", "png 24x16"),
    TEST_CASE(PNG IHDR_RGB "\0\1\0\0IDAT", "png 24x16"),
    TEST_CASE(PNG IHDR("\x7f\xff\xff\xff\0\0\0\1", "\1\0\0\0\1") IDAT,
              "png 2147483647x1 b1 whole"),
    TEST_CASE(PNG IHDR("\0\0\0\1\0\0\0\1", "\x10\4\0\0\0") IDAT,
              "png 1x1 b16 alpha"),
    TEST_CASE(PNG IHDR("\0\0\0\1\0\0\0\1", "\x08\6\0\0\0") IDAT,
              "png 1x1 alpha"),
    TEST_CASE(PNG IHDR_RGB "\0\0\0\0tRNS" CRC IDAT, "png 24x16 alpha"),
    TEST_CASE(PNG IHDR_RGB "\0\0\0\0iCCP" CRC IDAT, "png 24x16 icc"),
    TEST_CASE(PNG IHDR_RGB "\0\0\0\x1a" "eXIfMM\0*\0\0\0\x08\0\1\1\x12\0\3"
              "\0\0\0\1\0\7\0\0\0\0\0\0" CRC IDAT, "png 24x16 o7"),
    TEST_CASE(PNG IHDR_RGB IDAT "\0\0\0\x16" "eXIfMM\0*\0\0\0\x08\0\1\1\x12"
              "\0\3\0\0\0\1\0\5\0\0" CRC IEND, "png 24x16 o5"),

    /* animations; without its header there is one all the same */
    TEST_CASE(PNG IHDR_RGB ACTL("\0\0\0\2") FCTL("\0\0\0\x18", "\0\0\0\0")
              IDAT, "png 24x16 f2 animated"),
    TEST_CASE(PNG IHDR_RGB ACTL("\0\0\0\1") IDAT, "png 24x16"),
    TEST_CASE(PNG IHDR_RGB FCTL("\0\0\0\x08", "\0\0\0\x10") IDAT
              FCTL("\0\0\0\x18", "\0\0\0\0"), "png 24x16 f2 animated"),
    TEST_CASE(PNG IHDR_RGB IDAT ACTL("\x7f\0\0\0"), "png 24x16"),
    TEST_CASE(PNG IHDR_RGB ACTL("\0\0\0\0") IDAT,
              "png: number of frames that cannot be"),
    TEST_CASE(PNG IHDR_RGB ACTL("\xff\xff\xff\xff") IDAT,
              "png: number of frames that cannot be"),
    TEST_CASE(PNG IHDR_RGB "\0\0\0\0acTL" CRC IDAT,
              "png: chunk of a bad length"),
    TEST_CASE(PNG IHDR_RGB "\0\0\0\0fcTL" CRC IDAT,
              "png: chunk of a bad length"),
    TEST_CASE(PNG IHDR_RGB FCTL("\0\0\0\x18", "\0\0\0\1") IDAT,
              "png: frame outside the image"),
    TEST_CASE(PNG IHDR_RGB FCTL("\0\0\0\2", "\xff\xff\xff\xff") IDAT,
              "png: frame outside the image"),
    TEST_CASE(PNG IHDR_RGB FCTL("\0\0\0\0", "\0\0\0\0") IDAT,
              "png: frame outside the image"),

    TEST_CASE(PNG IHDR("\0\0\0\0\0\0\0\1", "\x08\2\0\0\0") IDAT,
              "png: no size"),
    TEST_CASE(PNG IHDR("\0\0\0\1\0\0\0\0", "\x08\2\0\0\0") IDAT,
              "png: no size"),
    TEST_CASE(PNG IHDR("\x80\0\0\0\0\0\0\1", "\x08\2\0\0\0") IDAT,
              "png: size out of range"),
    TEST_CASE(PNG IHDR("\0\0\0\1\0\0\0\1", "\4\2\0\0\0") IDAT,
              "png: odd number of bits"),
    TEST_CASE(PNG IHDR("\0\0\0\1\0\0\0\1", "\x10\3\0\0\0") IDAT,
              "png: odd number of bits"),
    TEST_CASE(PNG IHDR("\0\0\0\1\0\0\0\1", "\x08\1\0\0\0") IDAT,
              "png: odd number of bits"),
    TEST_CASE(PNG IHDR("\0\0\0\1\0\0\0\1", "\x08\7\0\0\0") IDAT,
              "png: odd number of bits"),
    TEST_CASE(PNG IHDR("\0\0\0\1\0\0\0\1", "\xff\0\0\0\0") IDAT,
              "png: odd number of bits"),
    TEST_CASE(PNG IHDR("\0\0\0\1\0\0\0\1", "\x08\2\1\0\0") IDAT,
              "png: unknown compression, filter or interlacing"),
    TEST_CASE(PNG IHDR("\0\0\0\1\0\0\0\1", "\x08\2\0\0\2") IDAT,
              "png: unknown compression, filter or interlacing"),
    TEST_CASE(PNG IDAT IHDR_RGB, "png: header where it may not be"),
    TEST_CASE(PNG IHDR_RGB IHDR_RGB IDAT, "png: header where it may not be"),
    TEST_CASE(PNG "\0\0\0\0IHDR" CRC IDAT, "png: header where it may not be"),
    TEST_CASE(PNG IHDR_RGB "\x80\0\0\0tEXt", "png: chunk of a bad length"),
    TEST_CASE(PNG IHDR_RGB "\x7f\xff\xff\xfftEXt",
              "png: cut before its image data"),
    TEST_CASE(PNG IHDR_RGB IEND IDAT, "png: cut before its image data"),
    TEST_CASE(PNG IHDR_RGB, "png: cut before its image data"),
    TEST_CASE(PNG, "png: cut before its image data"),
};


#define GIF(size, flags)  "GIF89a" size flags "\0\0"
#define FRAME(at, size)   "\x2c" at size "\0\2\1\x44\0"
#define CONTROL(flags)    "\x21\xf9\4" flags "\0\0\0\0"


static const test_case_t  test_gifs[] = {
    TEST_CASE(GIF("\x18\0\x10\0", "\0") FRAME("\0\0\0\0", "\x18\0\x10\0") ";",
              "gif 24x16 whole"),
    TEST_CASE(GIF("\x18\0\x10\0", "\x80") "rgbrgb"
              FRAME("\0\0\0\0", "\x18\0\x10\0"), "gif 24x16 whole"),
    TEST_CASE(GIF("\x18\0\x10\0", "\0") CONTROL("\1")
              FRAME("\0\0\0\0", "\x18\0\x10\0") ";", "gif 24x16 alpha whole"),
    TEST_CASE(GIF("\x18\0\x10\0", "\0") CONTROL("\x0c")
              FRAME("\0\0\0\0", "\x18\0\x10\0") ";", "gif 24x16 whole"),

    /* the screen is not covered, or passed */
    TEST_CASE(GIF("\x18\0\x10\0", "\0") FRAME("\0\0\0\0", "\x17\0\x10\0"),
              "gif 24x16 alpha whole"),
    TEST_CASE(GIF("\x18\0\x10\0", "\0") FRAME("\xff\xff\1\0", "\xff\xff\x10\0"),
              "gif 131070x17 whole"),
    TEST_CASE(GIF("\0\0\0\0", "\0") FRAME("\0\0\0\0", "\5\0\6\0"),
              "gif 5x6 whole"),

    TEST_CASE(GIF("\2\0\2\0", "\0") FRAME("\0\0\0\0", "\2\0\2\0")
              CONTROL("\0") FRAME("\0\0\0\0", "\1\0\1\0") ";"
              FRAME("\0\0\0\0", "\1\0\1\0"), "gif 2x2 f2 animated whole"),
    TEST_CASE(GIF("\2\0\2\0", "\0") FRAME("\0\0\0\0", "\2\0\2\0") "junk"
              FRAME("\0\0\0\0", "\1\0\1\0"), "gif 2x2 whole"),

    /* a table of colours of its own */
    TEST_CASE(GIF("\2\0\2\0", "\0") "\x2c\0\0\0\0\2\0\2\0\x80" "rgbrgb\2\0;",
              "gif 2x2 whole"),
    TEST_CASE(GIF("\2\0\2\0", "\0") "\x2c\0\0\0\0\2\0\2\0\x87" "cut",
              "gif 2x2 whole"),
    TEST_CASE(GIF("\2\0\2\0", "\0") "\x2c\0\0\0\0\2\0\2\0\0\2\xff" "cut",
              "gif 2x2 whole"),

    TEST_CASE(GIF("\2\0\2\0", "\0") ";", "gif: no frame"),
    TEST_CASE(GIF("\2\0\2\0", "\0"), "gif: no frame"),
    TEST_CASE(GIF("\2\0\2\0", "\0") "\x2c\0\0\0\0\2\0\2\0", "gif: no frame"),
    TEST_CASE(GIF("\2\0\2\0", "\0") "\x21", "gif: no frame"),
    TEST_CASE(GIF("\0\0\0\0", "\0") FRAME("\0\0\0\0", "\0\0\0\0"),
              "gif: no size"),
    TEST_CASE(GIF("\2\0\2\0", "\x80") "rgbrg", "gif: cut in its header"),
    TEST_CASE("GIF89a\2\0\2\0\0\0", "gif: cut in its header"),
};


#define RIFF(size)  "RIFF" size "WEBP"
#define ALL         RIFF("\xff\xff\0\0")
#define VP8         "VP8 \x0a\0\0\0\x10\2\0\x9d\1\x2a\x18\0\x10\0"
#define VP8L(bits)  "VP8L\5\0\0\0\x2f" bits "\0"
#define VP8X(flags) "VP8X\x0a\0\0\0" flags "\0\0\0\x17\0\0\x0f\0\0"
#define ANMF(at)    "ANMF\x10\0\0\0" at "\x17\0\0\x0f\0\0\0\0\0\0"


static const test_case_t  test_webps[] = {
    TEST_CASE(ALL VP8, "webp 24x16 whole"),
    TEST_CASE(ALL "VP8 \xff\xff\0\0\x10\2\0\x9d\1\x2a\x18\x40\x10\xc0",
              "webp 24x16 whole"),
    TEST_CASE(ALL VP8L("\x17\xc0\3\0"), "webp 24x16 whole"),
    TEST_CASE(ALL VP8L("\x17\xc0\3\x10"), "webp 24x16 alpha whole"),
    TEST_CASE(ALL VP8L("\xff\xff\xff\x0f"), "webp 16384x16384 whole"),
    TEST_CASE(ALL VP8X("\x10") VP8, "webp 24x16 alpha whole"),
    TEST_CASE(ALL VP8X("\x20") "ICCP\1\0\0\0aX" VP8, "webp 24x16 whole icc"),
    TEST_CASE(ALL VP8 VP8L("\0\0\0\0"), "webp 24x16 whole"),
    TEST_CASE(ALL VP8X("\x08") VP8 "EXIF\x20\0\0\0" "Exif\0\0II*\0\x08\0\0\0"
              "\1\0\x12\1\3\0\1\0\0\0\4\0\0\0\0\0\0\0", "webp 24x16 o4 whole"),

    TEST_CASE(ALL VP8X("\2") ANMF("\0\0\0\0\0\0"), "webp 24x16 whole"),
    TEST_CASE(ALL VP8X("\2") ANMF("\0\0\0\0\0\0") ANMF("\0\0\0\0\0\0") VP8,
              "webp 24x16 f2 animated whole"),
    TEST_CASE(ALL VP8X("\2") ANMF("\0\0\0\0\0\0") "ANMF\xff\0\0\0",
              "webp 24x16 whole"),
    TEST_CASE(ALL VP8X("\2") VP8, "webp: cut before its image data"),
    TEST_CASE(ALL VP8X("\2") "ANMF\xff\0\0\0",
              "webp: cut before its image data"),
    TEST_CASE(ALL VP8X("\2") ANMF("\1\0\0\0\0\0"),
              "webp: frame outside the image"),
    TEST_CASE(ALL VP8X("\2") ANMF("\0\0\0\xff\xff\xff"),
              "webp: frame outside the image"),
    TEST_CASE(ALL ANMF("\0\0\0\0\0\0"), "webp: frame where it may not be"),

    TEST_CASE(ALL "VP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff" VP8,
              "webp: size out of range"),
    TEST_CASE(ALL VP8X("\0") VP8L("\0\0\0\0"),
              "webp: image of another size than the canvas"),
    TEST_CASE(ALL VP8X("\0") VP8X("\0") VP8,
              "webp: header where it may not be"),
    TEST_CASE(ALL VP8 VP8X("\0"), "webp: header where it may not be"),
    TEST_CASE(ALL "VP8 \x0a\0\0\0\x11\2\0\x9d\1\x2a\x18\0\x10\0",
              "webp: bad header of the image data"),
    TEST_CASE(ALL "VP8 \x0a\0\0\0\x10\2\0\x9d\1\x2b\x18\0\x10\0",
              "webp: bad header of the image data"),
    TEST_CASE(ALL "VP8 \x0a\0\0\0\x10\2\0\x9d\1\x2a\0\0\x10\0",
              "webp: no size"),
    TEST_CASE(ALL VP8L("\x17\xc0\3\x20"),
              "webp: bad header of the image data"),
    TEST_CASE(ALL "VP8L\5\0\0\0\x2e\0\0\0\0\0",
              "webp: bad header of the image data"),
    TEST_CASE(ALL "VP8L\4\0\0\0\x2f\0\0\0", "webp: cut before its image data"),
    TEST_CASE(ALL "VP8X\4\0\0\0\0\0\0\0", "webp: cut in its header"),

    /* what is after the end by its own word */
    TEST_CASE(RIFF("\x0c\0\0\0") VP8, "webp: cut before its image data"),
    TEST_CASE(RIFF("\0\0\0\0") VP8, "webp: cut before its image data"),
    TEST_CASE(RIFF("\xff\xff\xff\xff") VP8, "webp 24x16 whole"),
    TEST_CASE(ALL, "webp: cut before its image data"),
};


#define SHORT(tag, value)  tag "\3\0\1\0\0\0" value "\0\0"
#define LONG(tag, value)   tag "\4\0\1\0\0\0" value
#define TIFF(n)            "II*\0\x08\0\0\0" n "\0"
#define W                  LONG("\0\1", "\x18\0\0\0")
#define H                  LONG("\1\1", "\x10\0\0\0")
#define LAST               "\0\0\0\0"


static const test_case_t  test_tiffs[] = {
    TEST_CASE(TIFF("\2") W H LAST, "tiff 24x16 b1 whole"),
    TEST_CASE(TIFF("\2") SHORT("\0\1", "\x18\0") SHORT("\1\1", "\x10\0") LAST,
              "tiff 24x16 b1 whole"),
    TEST_CASE(TIFF("\3") W H SHORT("\2\1", "\x10\0") LAST,
              "tiff 24x16 b16 whole"),
    TEST_CASE(TIFF("\3") W H SHORT("\x16\1", "\4\0") LAST,
              "tiff 24x16 b1"),
    TEST_CASE(TIFF("\4") W H SHORT("\x16\1", "\4\0") SHORT("\x1c\1", "\2\0")
              LAST, "tiff 24x16 b1 whole"),
    TEST_CASE(TIFF("\3") W H SHORT("\x12\1", "\6\0") LAST,
              "tiff 24x16 o6 b1 whole"),
    TEST_CASE(TIFF("\3") W H SHORT("\x12\1", "\x09\0") LAST,
              "tiff 24x16 b1 whole"),
    TEST_CASE(TIFF("\3") W H SHORT("\6\1", "\5\0") LAST,
              "tiff 24x16 b1 whole cmyk"),
    TEST_CASE(TIFF("\3") W H SHORT("\x52\1", "\2\0") LAST,
              "tiff 24x16 b1 alpha whole"),
    TEST_CASE(TIFF("\3") W H LONG("\x73\x87", "\0\0\0\0") LAST,
              "tiff 24x16 b1 whole icc"),
    TEST_CASE(TIFF("\4") W H SHORT("\x42\1", "\x10\0") SHORT("\x43\1",
              "\x08\0") LAST, "tiff 24x16 b1"),
    TEST_CASE(TIFF("\4") W H SHORT("\x42\1", "\0\x10") SHORT("\x43\1",
              "\0\x10") LAST, "tiff 24x16 b1 whole"),

    /* two pages, and the links between them */
    TEST_CASE(TIFF("\2") W H "\x26\0\0\0" "\0\0" LAST,
              "tiff 24x16 f2 b1 whole"),
    TEST_CASE(TIFF("\2") W H "\x08\0\0\0", "tiff: pages in a loop"),
    TEST_CASE(TIFF("\2") W H "\x26\0\0\0" "\0\0\x26\0\0\0",
              "tiff: pages in a loop"),
    TEST_CASE(TIFF("\2") W H "\x26\0\0\0" "\0\0\x2c\0\0\0" "\0\0\x26\0\0\0",
              "tiff: pages in a loop"),
    TEST_CASE(TIFF("\2") W H "\xff\xff\xff\xff",
              "tiff: page outside the file"),
    TEST_CASE(TIFF("\2") W H "\x26\0\0\0" "\1\0" LAST,
              "tiff: page outside the file"),
    TEST_CASE(TIFF("\2") W H "\0\0", "tiff: page outside the file"),
    TEST_CASE(TIFF("\3") W H LAST, "tiff: page outside the file"),
    TEST_CASE("II*\0\0\0\0\0\0\0", "tiff: page outside the file"),
    TEST_CASE("MM\0*\xff\xff\xff\xff", "tiff: page outside the file"),
    TEST_CASE("II*\0\x08\0\0", "tiff: cut in its header"),

    TEST_CASE(TIFF("\1") W LAST, "tiff: no size"),
    TEST_CASE(TIFF("\2") W SHORT("\1\1", "\0\0") LAST, "tiff: no size"),
    TEST_CASE(TIFF("\2") H "\0\1\5\0\1\0\0\0\0\0\0\0" LAST, "tiff: no size"),
    TEST_CASE(TIFF("\2") H "\0\1\4\0\0\0\0\0\1\0\0\0" LAST, "tiff: no size"),
    TEST_CASE(TIFF("\2") H "\0\1\xff\xff\1\0\0\0\1\0\0\0" LAST,
              "tiff: no size"),
    TEST_CASE(TIFF("\2") H LONG("\0\1", "\xff\xff\xff\xff") LAST,
              "tiff: size out of range"),
    TEST_CASE(TIFF("\2") LONG("\0\1", "\xff\xff\xff\x7f") H LAST,
              "tiff 2147483647x16 b1 whole"),
    TEST_CASE(TIFF("\2") LONG("\0\1", "\0\0\0\x40")
              LONG("\1\1", "\0\0\0\x40") LAST,
              "tiff 1073741824x1073741824 b1 whole"),
    TEST_CASE(TIFF("\2") LONG("\0\1", "\0\0\0\x40")
              LONG("\1\1", "\0\0\0\x40") "\x26\0\0\0" "\0\0" LAST,
              "tiff: size out of range"),
    TEST_CASE(TIFF("\3") W H SHORT("\x15\1", "\x09\0") LAST,
              "tiff: too many samples in a pixel"),
    TEST_CASE(TIFF("\3") W H SHORT("\x15\1", "\0\0") LAST,
              "tiff: too many samples in a pixel"),
    TEST_CASE(TIFF("\3") W H SHORT("\2\1", "\x41\0") LAST,
              "tiff: odd number of bits"),
    TEST_CASE(TIFF("\3") W H SHORT("\x42\1", "\x10\0") LAST,
              "tiff: tile of a bad size"),
    TEST_CASE(TIFF("\4") W H SHORT("\x42\1", "\1\x10") SHORT("\x43\1",
              "\x10\0") LAST, "tiff: tile of a bad size"),
    TEST_CASE(TIFF("\3") W H "\x11\1\4\0\xff\xff\xff\xff\x08\0\0\0" LAST,
              "tiff: table of strips or tiles outside the file"),
    TEST_CASE(TIFF("\3") W H "\x45\1\3\0\3\0\0\0\x2d\0\0\0" LAST,
              "tiff: table of strips or tiles outside the file"),
    TEST_CASE(TIFF("\3") W H "\x45\1\3\0\3\0\0\0\x2c\0\0\0" LAST,
              "tiff 24x16 b1 whole"),

    /* of 64 bits, and of the other order of bytes */
    TEST_CASE("II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0"
              "\0\1\x10\0\1\0\0\0\0\0\0\0\x18\0\0\0\0\0\0\0"
              "\1\1\3\0\1\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0"
              "\0\0\0\0\0\0\0\0", "tiff 24x16 b1 whole"),
    TEST_CASE("MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\2"
              "\1\0\0\x10\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\x18"
              "\1\1\0\3\0\0\0\0\0\0\0\1\0\x10\0\0\0\0\0\0"
              "\0\0\0\0\0\0\0\0", "tiff 24x16 b1 whole"),
    TEST_CASE("MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10\xff\xff\xff\xff\xff\xff\xff"
              "\xff", "tiff: page outside the file"),
    TEST_CASE("MM\0+\0\x08\0\0\xff\xff\xff\xff\xff\xff\xff\xff",
              "tiff: page outside the file"),
    TEST_CASE("MM\0+\0\4\0\0\0\0\0\0\0\0\0\x10", "tiff: cut in its header"),
    TEST_CASE("MM\0+\0\x08\0\0", "tiff: cut in its header"),
};


static void
test_table(ngx_pool_t *pool, const test_case_t *t, size_t n)
{
    size_t       i;
    const char  *got;

    for (i = 0; i < n; i++) {
        got = test_image(pool, (const u_char *) t[i].data, t[i].len);

        if (ngx_strcmp(got, t[i].want) != 0) {
            fail_msg("case %zu: \"%s\" is not \"%s\"", i, got, t[i].want);
        }
    }
}


#define TEST_TABLE(name)                                                     \
                                                                             \
    static void                                                              \
    test_##name##_are_read(void **state)                                     \
    {                                                                        \
        test_table(*state, test_##name,                                      \
                   sizeof(test_##name) / sizeof(test_##name[0]));            \
    }


TEST_TABLE(jpegs)
TEST_TABLE(pngs)
TEST_TABLE(gifs)
TEST_TABLE(webps)
TEST_TABLE(tiffs)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_jpegs_are_read),
        test_case(test_pngs_are_read),
        test_case(test_gifs_are_read),
        test_case(test_webps_are_read),
        test_case(test_tiffs_are_read),
    };

    return test_run(tests);
}
