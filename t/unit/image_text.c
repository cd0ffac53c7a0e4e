
/*
 * Copyright (C) the project authors
 */


#include <unit/image.h>


typedef struct {
    const char  *text;
    const char  *want;
} test_case_t;


/* attributes of the root, and the size that librsvg gives for them */

static const test_case_t  test_sizes[] = {
    { "width='100' height='50'", "100x50" },
    { "width = \"100px\"\n\theight\n=\n'50px'", "100x50" },
    { "width='1in' height='2cm'", "72x57" },
    { "width='10mm' height='10pt'", "28x10" },
    { "width='10pc' height='10em'", "120x120" },
    { "width='10ex' height='10'", "60x10" },
    { "width=' 100 ' height='+.5e2'", "100x50" },
    { "width='1e3' height='1E+1'", "1000x10" },
    { "width='10.5' height='10.4'", "11x10" },
    { "width='1234567e-3' height='0.00000000000000001e18'", "1235x10" },
    { "width='10000000' height='10000000'", "10000000x10000000" },
    { "width='2147483647' height='1'", "2147483647x1" },

    /* with the proportions of the box */
    { "viewBox='0 0 30 20'", "30x20" },
    { "viewBox='0,0,30,20'", "30x20" },
    { "viewBox=' -1.5 , 2e1 30.5 20 '", "31x20" },
    { "width='60' viewBox='0 0 30 20'", "60x40" },
    { "height='60' viewBox='0 0 30 20'", "90x60" },
    { "width='100%' height='100%' viewBox='0 0 30 20'", "30x20" },
    { "width='50%' height='40' viewBox='0 0 30 20'", "60x40" },
    { "width='abc' height='10' viewBox='0 0 30 20'", "15x10" },
    { "width='auto' height='auto' viewBox='0 0 30 20'", "30x20" },
    { "width='60' height='-3' viewBox='0 0 30 20'", "60x40" },
    { "width='3' height='4' viewBox='1 2 3 4 5'", "3x4" },
    { "Width='3' height='4' viewBox='0 0 5 6'", "3x4" },

    /* what tells none */
    { "", "300x150" },
    { "width='60'", "300x150" },
    { "width='50%' height='50%'", "300x150" },
    { "width='100 px' height='50'", "300x150" },
    { "width='10vw' height='10rem'", "300x150" },
    { "width='-5' height='10'", "300x150" },
    { "width='' height='10'", "300x150" },
    { "width='+' height='.'", "300x150" },
    { "viewBox='0 0 0 20'", "300x150" },
    { "viewBox='0 0 30'", "300x150" },
    { "viewBox=''", "300x150" },
    { "style='width:70px'", "300x150" },
    { "data-width='3' xwidth='9' widthx='8'", "300x150" },

    { "width='0' height='10'", ": no size" },
    { "width='0.4' height='10'", ": no size" },
    { "width='1e-40' height='10'", ": no size" },
    { "width='1e-99' height='10'", ": no size" },
    { "viewBox='0 0 -30 20'", ": no size" },
    { "width='1e30' height='10'", ": size out of range" },
    { "width='1e99999999999' height='10'", ": size out of range" },
    { "width='99999999999999999999999999999999999' height='1'",
      ": size out of range" },
    { "width='2147483648' height='1'", ": size out of range" },
    { "width='1' viewBox='0 0 1e-30 1e30'", ": size out of range" },
    { "width='&w;' height='10'", ": size that is not plain" },
    { "viewBox='0 0 &#49; 1'", ": size that is not plain" },

    { "width", ": bad attribute of the root element" },
    { "width='1' height", ": bad attribute of the root element" },
    { "width=1", ": bad attribute of the root element" },
    { "='1' =", ": bad attribute of the root element" },
    { "width='1", ": cut in its root element" },
};


/* what may be in front of the root, and what not */

static const test_case_t  test_documents[] = {
    { "<svg/>", "svg" },
    { "<svg>", "svg" },
    { "<svg\n>", "svg" },
    { "\xef\xbb\xbf<svg/>", "svg" },
    { " \r\n\t<svg/>", "svg" },
    { "<?xml version='1.0'?><svg/>", "svg" },
    { "<?xml version='1.0' encoding='utf-8'?>\n<!-- <x> --><svg/>", "svg" },
    { "<?xml encoding = \"ISO-8859-15\" ?><svg/>", "svg" },
    { "<?xml encoding='windows-1252'?><svg/>", "svg" },
    { "<?xml encoding='US-ASCII'?><svg/>", "svg" },
    { "<!----><!-- - -- --><?x y?><svg/>", "svg" },
    { "<!DOCTYPE svg><svg/>", "svg" },
    { "<!-- --><!DOCTYPE  svg PUBLIC \"a>b\" 'c>d'><svg/>", "svg" },
    { "<!DOCTYPE svg []><svg/>", "svg" },
    { "<!DOCTYPE svg [ <!ENTITY a \"b\"><!ENTITY c 'd>' > ] ><svg/>",
      "svg" },
    { "<!DOCTYPE svg [ <!-- ]> --> <?x ]> ?> <!NOTATION a PUBLIC ']>' > ]>"
      "<svg/>", "svg" },
    { "<!DOCTYPE svg [<!ATTLIST svg a CDATA #IMPLIED>]><svg/>", "svg" },

    { "<!-- --><html><svg/></html>", "none" },
    { "<?xml version='1.0'?><rss/>", "none" },
    { "<?xml version='1.0'?>", "none" },
    { "<?xml version='1.0'", "none" },
    { "<!-- -->", "none" },
    { "<!-- ", "none" },
    { "<!-- --><!DOCTYPE html><svg/>", "none" },
    { "<!DOCTYPE svg", "none" },
    { "<!DOCTYPE svg PUBLIC 'a", "none" },
    { "<svgx/>", "none" },
    { "<svg:svg/>", "none" },
    { "text <svg/>", "none" },

    { "<svg", "svg: cut in its root element" },
    { "<?xml encoding='utf-16'?><svg/>", "svg: encoding that is not known" },
    { "<?xml encoding='utf-7'?><svg/>", "svg: encoding that is not known" },
    { "<?xml encoding='utf-8x'?><svg/>", "svg: encoding that is not known" },
    { "<?xml encoding='utf-8\"?><svg/>", "svg: encoding that is not known" },
    { "<?xml encoding='iso-8859-1x'?><svg/>",
      "svg: encoding that is not known" },
    { "<?xml encoding=utf-8?><svg/>", "svg: encoding that is not known" },
    { "<?xml encoding=?><svg/>", "svg: encoding that is not known" },
    { "<?xml encoding?><svg/>", "svg: encoding that is not known" },
    { "<?xml x='encoding='utf-8'' encoding='utf-7'?><svg/>",
      "svg: encoding that is not known" },
    { "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///x'>]><svg/>",
      "svg: entity that is not a plain text" },
    { "<!DOCTYPE svg [<!ENTITY a PUBLIC 'x' 'y'>]><svg/>",
      "svg: entity that is not a plain text" },
    { "<!DOCTYPE svg [<!ENTITY % a 'b'>]><svg/>",
      "svg: entity that is not a plain text" },
    { "<!DOCTYPE svg [<!ENTITY a '&b;'>]><svg/>",
      "svg: entity that is not a plain text" },
    { "<!DOCTYPE svg [<!ENTITY a '&#60;'>]><svg/>",
      "svg: entity that is not a plain text" },
    { "<!DOCTYPE svg [<!ENTITY a '%b;'>]><svg/>",
      "svg: entity that is not a plain text" },
    { "<!DOCTYPE svg [<!ENTITY a '<b/>'>]><svg/>",
      "svg: entity that is not a plain text" },
    { "<!DOCTYPE svg [<!ENTITY a 'b' NDATA c>]><svg/>",
      "svg: entity that is not a plain text" },
    { "<!DOCTYPE svg [<!ENTITY a 'b", "svg: entity that is not a short text" },
    { "<!DOCTYPE svg [<!ATTLIST use href CDATA '#a'>]><svg/>",
      "svg: attribute that is set by the document type" },
    { "<!DOCTYPE svg [<?xml-stylesheet href='a.css'?>]><svg/>",
      "svg: style sheet of another file" },
    { "<?xml-stylesheet href='a.css'?><svg/>",
      "svg: style sheet of another file" },
    { "<?xml-stylesheet href='a.css'?><rss/>", "none" },
    { "<!DOCTYPE svg [ %a; ]><svg/>", "svg: bad document type" },
    { "<!DOCTYPE svg [", "svg: bad document type" },
    { "<!DOCTYPE svg [<!ELEMENT", "svg: bad document type" },
    { "<!DOCTYPE svg [<!ATTLIST a '", "svg: bad document type" },
    { "<!DOCTYPE svg [<!-- ]><svg/>", "svg: bad document type" },
};


/*
 * Bits of a header in their order, blanks apart: of the size, whether it is
 * in eights; then the metadata, 1 for all that is usual.
 */

#define JXL_16       "1 10000 100"
#define JXL_EXTRA    "0 1"
#define JXL_NOTHING  "0 00 1 00 1 1"

static const test_case_t  test_streams[] = {
    { JXL_16 "1", "jxl 16x16 whole" },
    { "1 10000 000 11000 1", "jxl 32x16 whole" },
    { "1 10000 010 1", "jxl 19x16 whole" },
    { "1 10000 110 1", "jxl 21x16 whole" },
    { "1 10000 001 1", "jxl 24x16 whole" },
    { "1 10000 101 1", "jxl 28x16 whole" },
    { "1 10000 011 1", "jxl 20x16 whole" },
    { "1 10000 111 1", "jxl 32x16 whole" },
    { "0 00 000000001 000 00 111111111 1", "jxl 512x257 whole" },
    { "0 10 0000000000001 000 01 111111111111111111 1",
      "jxl 262144x4097 whole" },
    { "0 11 111111111111111111111111111111 100 1",
      "jxl 1073741824x1073741824 whole" },

    /* twice as wide as high: no decoder takes it */
    { "0 11 111111111111111111111111111111 111 1",
      "jxl: size out of range" },

    { JXL_16 "0 0" JXL_NOTHING, "jxl 16x16 whole" },
    { "1 10000 111" JXL_EXTRA "110 0 0 0" JXL_NOTHING, "jxl 32x16 whole" },
    { "1 10000 111" JXL_EXTRA "001 0 0 0" JXL_NOTHING, "jxl 16x32 whole" },
    { "1 10000 111" JXL_EXTRA "111 0 0 0" JXL_NOTHING, "jxl 16x32 whole" },

    /* a size to be shown at, a preview of either form, an animation */
    { JXL_16 JXL_EXTRA "000 1 1 00000 100 0 0" JXL_NOTHING,
      "jxl 16x16 whole" },
    { JXL_16 JXL_EXTRA "000 0 1 1 00 100 0" JXL_NOTHING, "jxl 16x16 whole" },
    { JXL_16 JXL_EXTRA "000 0 1 1 01 00000 000 11 000000000 0" JXL_NOTHING,
      "jxl 16x16 whole" },
    { JXL_16 JXL_EXTRA "000 0 1 0 10 0000000000 000 11 000000000000 0"
      JXL_NOTHING, "jxl 16x16 whole" },
    { JXL_16 JXL_EXTRA "000 0 0 1 00 00 00 0" JXL_NOTHING,
      "jxl 16x16 animated whole" },
    { JXL_16 JXL_EXTRA "000 0 0 1 11 000000000000000000000000000000"
      "11 0000000000 11 00000000000000000000000000000000 1" JXL_NOTHING,
      "jxl 16x16 animated whole" },

    /* bits, opacity, a profile */
    { JXL_16 "0 0 0 10 1 00 1 1", "jxl 16x16 b10 whole" },
    { JXL_16 "0 0 0 11 111100 1 00 1 1", "jxl 16x16 b16 whole" },
    { JXL_16 "0 0 1 00 1111 1 00 1 1", "jxl 16x16 b32 whole" },
    { JXL_16 "0 0 0 00 1 10 1 1 1", "jxl 16x16 alpha whole" },
    { JXL_16 "0 0 0 00 1 10 1 1 0 1", "jxl 16x16 alpha whole icc" },
    { JXL_16 "0 0 0 00 1 10 0", "jxl 16x16 alpha whole" },
    { JXL_16 "0 0 0 00 1 01 0000", "jxl 16x16 alpha whole" },
    { JXL_16 "0 0 0 00 1 00 1 0 0", "jxl 16x16 whole" },
    { JXL_16 "0 0 0 00 1 00 1 0 1", "jxl 16x16 whole icc" },

    { "1 10000", "jxl: cut in its header" },
    { "", "jxl: cut in its header" },
};


static void
test_svg(ngx_pool_t *pool, const u_char *text, size_t len, const char *want)
{
    const char  *got;

    got = test_image(pool, text, len);

    if (ngx_strcmp(got, want) != 0) {
        fail_msg("%.*s: \"%s\" is not \"%s\"", (int) len, text, got, want);
    }
}


static void
test_svgs_have_the_size_that_the_decoder_gives(void **state)
{
    u_char             *p, text[256], want[100];
    ngx_uint_t          i;
    const test_case_t  *t;

    for (i = 0; i < sizeof(test_sizes) / sizeof(test_sizes[0]); i++) {
        t = &test_sizes[i];

        p = ngx_slprintf(want, want + 99, (t->want[0] == ':')
                         ? "svg%s" : "svg %s alpha whole", t->want);
        *p = '\0';

        p = ngx_slprintf(text, text + 256,
                         "<svg xmlns='http://www.w3.org/2000/svg' %s>",
                         t->text);
        test_svg(*state, text, p - text, (char *) want);

        p = ngx_slprintf(text, text + 256, "<svg\t%s/>", t->text);
        test_svg(*state, text, p - text, (char *) want);
    }
}


static void
test_svgs_begin_as_xml_does(void **state)
{
    u_char              text[256], *p;
    ngx_uint_t          i;
    const char         *want;
    const test_case_t  *t;

    for (i = 0; i < sizeof(test_documents) / sizeof(test_documents[0]); i++) {
        t = &test_documents[i];
        want = ngx_strcmp(t->want, "svg") ? t->want
                                          : "svg 300x150 alpha whole";

        p = ngx_cpymem(text, t->text, ngx_strlen(t->text));
        test_svg(*state, text, p - text, want);
    }

    /* a zero byte where a name of an encoding may end */

    test_svg(*state, (const u_char *) "<?xml encoding='utf-8\0'?><svg/>", 31,
             "svg: encoding that is not known");
}


/* prolog, root and entities have room for what is usual only */

static void
test_svgs_are_bounded(void **state)
{
    size_t   n;
    u_char  *text, *p;

    text = ngx_palloc(*state, 300000);
    assert_non_null(text);

    for (n = 65500; n < 65560; n++) {
        ngx_memset(text, ' ', n);
        ngx_memcpy(text, "<!---->", 7);
        p = ngx_cpymem(text + n, "<svg>", 5);
        test_svg(*state, text, p - text,
                 (n + 5 <= 65536) ? "svg 300x150 alpha whole"
                 : (n + 4 == 65536) ? "svg: cut in its root element"
                 : "none");
    }

    for (n = 1000; n <= 1001; n++) {
        p = ngx_cpymem(text, "<svg", 4);

        while ((size_t) (p - text) < 4 + n * 5) {
            p = ngx_cpymem(p, " a=''", 5);
        }

        *p++ = '>';
        test_svg(*state, text, p - text,
                 (n < 1000) ? "svg 300x150 alpha whole"
                            : "svg: too many attributes of the root element");
    }

    for (n = 79; n <= 82; n++) {
        p = ngx_cpymem(text, "<!DOCTYPE svg [<!ENTITY a '", 27);
        ngx_memset(p, 'a', n);
        p = ngx_cpymem(p + n, "'>]><svg/>", 10);
        test_svg(*state, text, p - text,
                 (n <= 80) ? "svg 300x150 alpha whole"
                           : "svg: entity that is not a short text");
    }

    for (n = 64; n <= 65; n++) {
        p = ngx_cpymem(text, "<!DOCTYPE svg [", 15);

        while ((size_t) (p - text) < 15 + n * 15) {
            p = ngx_cpymem(p, "<!ENTITY a 'b'>", 15);
        }

        p = ngx_cpymem(p, "]><svg/>", 8);
        test_svg(*state, text, p - text,
                 (n <= 64) ? "svg 300x150 alpha whole"
                           : "svg: too many entities");
    }
}


/* the bits of a text, with ones after it that no header needs */

static size_t
test_stream(u_char *data, const char *bits)
{
    size_t  n;

    data[0] = 0xff;
    data[1] = 0x0a;

    for (n = 16; *bits; bits++) {

        if (*bits == ' ') {
            continue;
        }

        if (n % 8 == 0) {
            data[n / 8] = 0;
        }

        data[n / 8] |= (u_char) ((*bits - '0') << n % 8);
        n++;
    }

    return (n + 7) / 8;
}


static void
test_jxls_are_read(void **state)
{
    u_char              data[256];
    size_t              len;
    ngx_uint_t          i;
    const char         *got;
    const test_case_t  *t;

    for (i = 0; i < sizeof(test_streams) / sizeof(test_streams[0]); i++) {
        t = &test_streams[i];
        len = test_stream(data, t->text);
        got = test_image(*state, data, len);

        if (ngx_strcmp(got, t->want) != 0) {
            fail_msg("%s: \"%s\" is not \"%s\"", t->text, got, t->want);
        }
    }
}


#define BOX   "\0\0\0\x0cJXL \r\n\x87\n" "\0\0\0\x14" "ftypjxl \0\0\0\0jxl "
#define DATA  "\xff\x0a\x43\x02\0"


static void
test_jxls_are_found_in_boxes(void **state)
{
    ngx_uint_t   i;
    const char  *got;

    static const struct {
        const char  *data;
        size_t       len;
        const char  *want;
    } tests[] = {
        { test_bytes(BOX "\0\0\0\x0djxlc" DATA), "jxl 16x16 whole" },
        { test_bytes(BOX "\0\0\0\0jxlc" DATA), "jxl 16x16 whole" },
        { test_bytes(BOX "\0\0\0\1jxlc\0\0\0\0\0\0\0\x15" DATA),
          "jxl 16x16 whole" },
        { test_bytes(BOX "\0\0\0\x08" "free\0\0\0\x0djxlc" DATA),
          "jxl 16x16 whole" },
        { test_bytes(BOX "\0\0\0\x0djxlp\0\0\0\0\xff\0\0\0\x08xyz "
                     "\0\0\0\x0cjxlp\0\0\0\1\0\0\0\x10jxlp\x80\0\0\1"
                     "\x0a\x43\2\0"), "jxl 16x16 whole" },
        { test_bytes(BOX "\0\0\xff\xffjxlc" DATA), "jxl 16x16 whole" },
        { test_bytes(BOX "\0\0\0\x0bjxlc\xff\x0a\x43"),
          "jxl: cut in its header" },
        { test_bytes(BOX "\0\0\0\x0bjxlc\xff\x0b\x43"),
          "jxl: bad header of the image data" },
        { test_bytes(BOX), "jxl: cut before its image data" },
        { test_bytes(BOX "\0\0\0\7jxlc" DATA), "jxl: box of a bad length" },
        { test_bytes(BOX "\0\0\0\1jxlc\0\0\0\0\0\0\0\x0f"),
          "jxl: box of a bad length" },
        { test_bytes(BOX "\0\0\0\1jxlc\0\0\0"), "jxl: box of a bad length" },
        { test_bytes(BOX "\0\0\0"), "jxl: box of a bad length" },
    };

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        got = test_image(*state, (const u_char *) tests[i].data, tests[i].len);

        if (ngx_strcmp(got, tests[i].want) != 0) {
            fail_msg("case %lu: \"%s\" is not \"%s\"", i, got, tests[i].want);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_svgs_have_the_size_that_the_decoder_gives),
        test_case(test_svgs_begin_as_xml_does),
        test_case(test_svgs_are_bounded),
        test_case(test_jxls_are_read),
        test_case(test_jxls_are_found_in_boxes),
    };

    return test_run(tests);
}
