
/*
 * Copyright (C) the project authors
 */


#include <unit/image.h>


#define MUCH     "more is drawn than a renderer gets done"
#define NESTED   "references nested too deep"
#define PLAIN    "reference that is not plain"
#define STYLE    "style that is not plain"
#define INSIDE   "file inside of it"
#define INHERIT  "pattern or marker that is inherited"


typedef struct {
    const char  *body;
    const char  *want;                 /* NULL: it is drawn */
} test_case_t;


/* what is inside of a root */

static const test_case_t  test_bodies[] = {
    { "<g><rect/><!-- <image/> --><text>a</text></g>", NULL },
    { "<title>1 &lt; 2</title><?php <image/> ?>", NULL },
    { "<![CDATA[<image/>]]>", NULL },
    { "<a href='http://x/'><rect/></a><a xlink:href='#b' id='b'/>", NULL },

    /* files in the file */
    { "<image href='a.png'/>", "image inside of it" },
    { "<s:image xlink:href='data:image/png;base64,'></s:image>",
      "image inside of it" },
    { "<filter><feImage href='#a'/></filter>", "image inside of it" },
    { "<xi:include href='a'/>", INSIDE },
    { "<use href='data:image/svg+xml,x#a'/>", INSIDE },
    { "<use l:href=' DATA:image/svg+xml,x#a'/>", INSIDE },
    { "<use href='other.svg#a'/>", NULL },
    { "<rect fill='url(data:image/svg+xml,x#a)'/>", INSIDE },
    { "<rect style='mask : URL( \"DATA:x#a\" )'/>", INSIDE },
    { "<rect fill='url(other.svg#a)'/>", NULL },
    { "<?xml-stylesheet href='a.css'?>", "style sheet of another file" },
    { "<style>@import 'a.css';</style>", "style sheet of another file" },
    { "<style>.a{} @IMPORT url(a.css);</style>",
      "style sheet of another file" },
    { "<style>@font-face{font-family:a;src:url(data:font/woff2;base64,AA)}"
      "</style>", NULL },

    /* filters */
    { "<filter id='f'><feGaussianBlur/></filter>"
      "<rect filter='url(#f)'/>", NULL },
    { "<feMorphology/>", "filter that is too costly" },
    { "<a:feTurbulence/>", "filter that is too costly" },
    { "<feConvolveMatrix/>", "filter that is too costly" },

    /* references */
    { "<rect id='a'/><use href='#a'/><use xlink:href='#a'/>", NULL },
    { "<g id='a'><rect/></g><use href='#a'/><use href='#none'/>", NULL },
    { "<g id='a'><use href='#a'/></g>", NESTED },
    { "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>",
      NESTED },
    { "<g id='a'/><g id='a'/><use href='#a'/>", "id that is there twice" },
    { "<g id='a'/><g id='a'/>", NULL },
    { "<g id='a' xml:id='b'/><use href='#a'/><use href='#b'/>",
      "id that is there twice" },
    { "<g id='a b'/><use href='#a%20b'/>", PLAIN },
    { "<g id='a b'/><use href='#a b'/>", PLAIN },
    { "<g id='a&#32;'/>", "id that is not plain" },
    { "<use href='&#35;a'/>", PLAIN },
    { "<rect class='&a;'/>", "class that is not plain" },
    { "<rect fill='url(&#35;a)'/>", PLAIN },
    { "<rect fill='&a;'/>", PLAIN },
    { "<rect fill='u\\72l(#a)'/>", PLAIN },
    { "<rect mask='url(\"#a b\")'/>", PLAIN },
    { "<rect mask='url(\"#a\"'/>", NULL },
    { "<rect mask='url(#a'/>", PLAIN },
    { "<rect mask='url(#)'/>", PLAIN },
    { "<rect mask='url(#%61)'/>", PLAIN },
    { "<rect mask='url(&quot;#a&quot;)'/>", PLAIN },
    { "<rect filter='url(#a) url(#b)'/>", "more than one reference" },
    { "<mask id='m'><rect mask='url(#m)'/></mask>", NESTED },
    { "<clipPath id='c'><rect clip-path='url(#c)'/></clipPath>", NESTED },
    { "<marker id='m'><path marker-end='url(#m)'/></marker>", MUCH },

    /* paints: gradients are for nothing, and patterns are not */
    { "<linearGradient id='g' href='#g'/><rect fill='url(#g)'/>", NULL },
    { "<g id='g'><rect fill='url(#g) red'/></g>", NULL },
    { "<pattern id='p'><rect/></pattern><rect fill='url(#p)'/>", NULL },
    { "<pattern id='p'><rect fill='url(#p)'/></pattern>", NESTED },
    { "<pattern id='p' href='#p'/>", NESTED },
    { "<pattern id='p'/><g stroke='url(#p)'><rect/></g>", INHERIT },
    { "<pattern id='p'/><g style='a:b;stroke:url(#p)'/>", INHERIT },
    { "<marker id='m'/><g marker-start='url(#m)'><path/></g>", INHERIT },
    { "<marker id='m'/><g marker='url(#m)'><path/></g>", INHERIT },

    /* attributes "style" */
    { "<rect style='fill:url(#g);font-family:&quot;a;b&quot;'/>", NULL },
    { "<mask id='m'><rect style='a:b; MASK : url( #m ) ;c:d'/></mask>",
      NESTED },
    { "<mask id='m'><rect style='a:&quot;&apos;&quot;;mask:url(#m)'/></mask>",
      NESTED },
    { "<mask id='m'><rect style='a:\"b\";mask:url(\"#m\")'/></mask>",
      NESTED },
    { "<rect style='mask/**/:url(#m)'/>", STYLE },
    { "<rect style='m\\61sk:url(#m)'/>", STYLE },
    { "<rect style='&a;'/>", STYLE },
    { "<rect style='a:&#58;'/>", STYLE },

    /* style sheets */
    { "<style/><style></style><style> </style>", NULL },
    { "<style>.a{fill:red} /* it's */ g>.b,.c{opacity:.5}</style>", NULL },
    { "<style><![CDATA[ .a{mask:url(#m)} ]]></style>"
      "<mask id='m'><rect class='b a'/></mask>", NESTED },
    { "<mask id='m'><rect class='A'/></mask>"
      "<style>.b,rect.a,.c{mask:url(#m)}</style>", NESTED },
    { "<mask id='m'><rect class='b'/></mask>"
      "<style>.a{mask:url(#m)}</style>", NULL },
    { "<mask id='m'><rect class='a'/></mask><style>g .a{mask:url(#m)}</style>",
      NESTED },
    { "<mask id='m'><rect/></mask><style>.b .a{mask:url(#m)}</style>",
      NESTED },
    { "<mask id='m'><rect/></mask><style>:not(.a,.b){mask:url(#m)}</style>",
      NESTED },
    { "<mask id='m'><rect/></mask><style>#m rect{mask:url(#m)}</style>",
      NESTED },
    { "<mask id='m'><rect/></mask><style>@media all{*{mask:url(#m)}}</style>",
      NESTED },
    { "<mask id='m'><rect/></mask><style>*{mask:url(#m)</style>", NESTED },
    { "<mask id='m'><rect class='a'/></mask>"
      "<style>.x{y:'z'}.a{mask:url(#m)}</style>", NESTED },
    { "<style>.a{b:'}'}</style>", STYLE },
    { "<style>.a{b:\"\n\"}</style>", STYLE },
    { "<style>.a{b:'c}</style>", STYLE },
    { "<style>.a{b/**/:c}</style>", STYLE },
    { "<style>.a/**/{b:c}</style>", STYLE },
    { "<style>@x/*'*/; .a{b:c}</style>", STYLE },
    { "<style>.a{b:\\63}</style>", STYLE },
    { "<style>.a{b:&quot;c&quot;}</style>", STYLE },
    { "<style>.a{b:&c;}</style>", STYLE },
    { "<style>.a{b<![CDATA[:c}]]></style>", "style sheet in parts" },
    { "<style>.a{b<!-- -->:c}</style>", "style sheet in parts" },
    { "<style><g/>.a{b:c}</style>", "style sheet in parts" },
    { "<pattern id='p'/><style>rect{fill:url(#p)}</style>", INHERIT },
    { "<linearGradient id='p'/><style>rect{fill:url(#p)}</style>", NULL },

    /* what is no XML is drawn by nobody */
    { "<g", NULL },
    { "<g a='", NULL },
    { "</g></g></g><image/>", "image inside of it" },
    { "<g ='a' b><image/>", "image inside of it" },
    { "<!-- <image/>", NULL },
    { "<![CDATA[<image/>", NULL },
    { "<? <image/>", NULL },
};


static void
test_svg(ngx_pool_t *pool, u_char *text, u_char *last, const char *want)
{
    u_char      *p, buf[256];
    const char  *got;

    p = want ? ngx_slprintf(buf, buf + 255, "svg: %s", want)
             : ngx_slprintf(buf, buf + 255, "svg 300x150 alpha whole");
    *p = '\0';

    got = test_image(pool, text, last - text);

    if (ngx_strcmp(got, buf) != 0) {
        fail_msg("%.*s: \"%s\" is not \"%s\"",
                 (int) ngx_min(last - text, 500), text, got, buf);
    }
}


static void
test_bodies_are_drawn_or_refused(void **state)
{
    u_char             *p, text[1024];
    ngx_uint_t          i;
    const test_case_t  *t;

    for (i = 0; i < sizeof(test_bodies) / sizeof(test_bodies[0]); i++) {
        t = &test_bodies[i];

        p = ngx_slprintf(text, text + 1024, "<svg>%s</svg>", t->body);
        test_svg(*state, text, p, t->want);

        p = ngx_slprintf(text, text + 1024, "<svg xmlns='x'\n><g>%s</g>",
                         t->body);
        test_svg(*state, text, p, t->want);
    }
}


/* a text so many times, between two others */

static void
test_times(ngx_pool_t *pool, const char *before, const char *text,
    ngx_uint_t n, const char *after, const char *want)
{
    u_char  *data, *p;
    size_t   len;

    len = ngx_strlen(text);
    data = ngx_palloc(pool, ngx_strlen(before) + n * len + ngx_strlen(after)
                            + 20);
    assert_non_null(data);

    p = ngx_sprintf(data, "<svg>%s", before);

    while (n--) {
        p = ngx_cpymem(p, text, len);
    }

    p = ngx_sprintf(p, "%s</svg>", after);

    test_svg(pool, data, p, want);
}


static void
test_what_is_drawn_is_counted(void **state)
{
    /* with the root 50,000 */
    test_times(*state, "", "<a/>", 49999, "", NULL);
    test_times(*state, "", "<a/>", 50000, "", MUCH);

    /* 64 bytes of attributes, and 16 of text */
    test_times(*state, "<a b='", "x", 49998 * 64 - 5, "'/>", NULL);
    test_times(*state, "<a b='", "x", 49999 * 64 - 5, "'/>", MUCH);
    test_times(*state, "<text>", "x", 49999 * 16 - 1, "</text>", NULL);
    test_times(*state, "<text>", "x", 49999 * 16, "</text>", MUCH);
    test_times(*state, "<text><tspan>", "x", 1000000, "</tspan></text>",
               MUCH);
    test_times(*state, "<desc>", "x", 1000000, "</desc>", NULL);

    /* layers are 20 more */
    test_times(*state, "", "<a opacity='.5'/>", 2380, "", NULL);
    test_times(*state, "", "<a opacity='.5'/>", 2381, "", MUCH);
    test_times(*state, "", "<a opacity='1' mask='none'/>", 2381, "", NULL);
    test_times(*state, "<style>.a{mix-blend-mode:screen}</style>",
               "<a class='a'/>", 2381, "", MUCH);
    test_times(*state, "<style>a{isolation:isolate}</style>",
               "<a/>", 2381, "", MUCH);

    /* so are steps of a filter */
    test_times(*state, "<filter>", "<feFlood/>", 32, "</filter>",
               "filter of too many steps");
    test_times(*state, "<filter>", "<feFlood/>", 31, "</filter>", NULL);
    test_times(*state, "", "<filter><feFlood/></filter>", 490, "", NULL);
    test_times(*state, "", "<filter><feFlood/></filter>", 491, "", MUCH);
}


static void
test_what_is_referred_to_is_counted(void **state)
{
    /* 4 units each: use, the group and what is in it, and one for the use */
    test_times(*state, "<g id='a'><a/><a/></g>", "<use href='#a'/>", 4000, "",
               NULL);
    test_times(*state, "<g id='a'><a/><a/><a/><a/><a/><a/><a/><a/><a/><a/>"
                       "</g>", "<use href='#a'/>", 4000, "", MUCH);

    test_times(*state, "<g id='a'/>", "<use href='#a'/>", 4096, "", NULL);
    test_times(*state, "<g id='a'/>", "<use href='#a'/>", 4097, "",
               "too many references");

    /* ten times ten and so on, from the end to the beginning */
    test_times(*state, "<use href='#e'/>"
               "<g id='e'><use href='#d'/><use href='#d'/><use href='#d'/>"
               "<use href='#d'/><use href='#d'/><use href='#d'/></g>"
               "<g id='d'><use href='#c'/><use href='#c'/><use href='#c'/>"
               "<use href='#c'/><use href='#c'/><use href='#c'/></g>"
               "<g id='c'><use href='#b'/><use href='#b'/><use href='#b'/>"
               "<use href='#b'/><use href='#b'/><use href='#b'/></g>"
               "<g id='b'>", "<a/>", 1000, "</g>", MUCH);

    /* a marker is drawn at each point */
    test_times(*state, "<marker id='m'>", "<a/>", 1000, "</marker>"
               "<path marker-mid='url(#m)' d='M0 0 1 1'/>", NULL);
    test_times(*state, "<marker id='m'><a/></marker><path "
               "marker-mid='url(#m)' d='M", "0 0 ", 10000, "'/>", MUCH);
    test_times(*state, "<style>.a{marker:url(#m)}</style>"
               "<marker id='m'><a/></marker><path class='a' d='M",
               "0 0 ", 10000, "'/>", MUCH);

    /* a pattern has a layer of its own */
    test_times(*state, "<pattern id='p'><a/></pattern>",
               "<rect fill='url(#p)'/>", 2000, "", NULL);
    test_times(*state, "<pattern id='p'><a/></pattern>",
               "<rect fill='url(#p)'/>", 2100, "", MUCH);

    test_times(*state, "<style>", ".a{opacity:.5}", 256, "</style>", NULL);
    test_times(*state, "<style>", ".a{opacity:.5}", 257, "</style>",
               "too many classes");
    test_times(*state, "<style>.a{fill:red}</style><a class='", "a ", 100000,
               "'/>", MUCH);
}


static void
test_what_is_nested_is_bounded(void **state)
{
    u_char      *p, *data, text[8192];
    ngx_uint_t   i, n;

    test_times(*state, "", "<g>", 63, "", NULL);
    test_times(*state, "", "<g>", 64, "", "elements nested too deep");
    test_times(*state, "", "<g opacity='.5'>", 8, "", NULL);
    test_times(*state, "", "<g opacity='.5'>", 9, "",
               "layers nested too deep");

    /* references in what is referred to */

    for (n = 5; n <= 8; n++) {
        p = ngx_sprintf(text, "<svg><use href='#a%ui'/><g id='a0'/>", n);

        for (i = 1; i <= n; i++) {
            p = ngx_sprintf(p, "<g id='a%ui'><use href='#a%ui'/></g>", i,
                            i - 1);
        }

        test_svg(*state, text, p, (n <= 5) ? NULL : NESTED);
    }

    /* as many targets as there may be */

    for (n = 512; n <= 513; n++) {
        data = ngx_palloc(*state, 100000);
        assert_non_null(data);

        p = ngx_sprintf(data, "<svg>");

        for (i = 0; i < n; i++) {
            p = ngx_sprintf(p, "<g id='a%ui'/><use href='#a%ui'/>", i, i);
        }

        test_svg(*state, data, p, (n == 512) ? NULL : "too many references");
    }
}


/* whatever is cut off, it is read as before or refused at once */

static void
test_cut_bodies_are_bounded(void **state)
{
    size_t       n, len;
    ngx_str_t    s;

    static const char  text[] =
        "<svg><style>.a,b{mask:url('#m')} @x{}</style><!-- a --><![CDATA[b]]>"
        "<g id='m' class='a c' style='fill:url(#p);a:b' xlink:href='#m'>"
        "<a:b/></g><?c d?></svg>";

    len = sizeof(text) - 1;

    for (n = 5; n <= len; n++) {
        s = test_copy(*state, (const u_char *) text, n);
        (void) test_image(*state, s.data, s.len);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_bodies_are_drawn_or_refused),
        test_case(test_what_is_drawn_is_counted),
        test_case(test_what_is_referred_to_is_counted),
        test_case(test_what_is_nested_is_bounded),
        test_case(test_cut_bodies_are_bounded),
    };

    return test_run(tests);
}
