
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <image/ngx_app_image_accept.h>
#include <image/ngx_app_image_ops.h>


typedef struct {
    ngx_app_image_dialect_e   dialect;
    const char               *text;
    const char               *canonical;   /* NULL: refused */
    const char               *err;
} test_ops_t;


#define NATIVE  NGX_APP_IMAGE_NATIVE
#define IMGIX   NGX_APP_IMAGE_IMGIX
#define WESERV  NGX_APP_IMAGE_WESERV
#define NEXT    NGX_APP_IMAGE_NEXT


static test_ops_t  test_ops[] = {
    { NATIVE, "", "", NULL },
    { NATIVE, "&&;&", "", NULL },
    { NATIVE, "w=400", "w=400", NULL },
    { NATIVE, "h=300&w=400", "w=400&h=300", NULL },
    { NATIVE, "w=400;h=300", "w=400&h=300", NULL },
    { NATIVE, "w=%34%300", "w=400", NULL },
    { NATIVE, "t=1700000000&w=400", "w=400", NULL },
    { NATIVE, "w=65535", "w=65535", NULL },
    { NATIVE, "w=65536", NULL, "w must be an integer from 1 to 65535" },
    { NATIVE, "w=0", NULL, "w must be an integer from 1 to 65535" },
    { NATIVE, "w=-1", NULL, "w must be an integer from 1 to 65535" },
    { NATIVE, "w=", NULL, "w must be an integer from 1 to 65535" },
    { NATIVE, "w", NULL, "w must be an integer from 1 to 65535" },
    { NATIVE, "w=1.5", NULL, "w must be an integer from 1 to 65535" },
    { NATIVE, "w=1e3", NULL, "w must be an integer from 1 to 65535" },
    { NATIVE, "w=99999999999999999999", NULL,
      "w must be an integer from 1 to 65535" },
    { NATIVE, "w=4&w=4", NULL, "w is given twice" },
    { NATIVE, "w=%00", NULL, "w is too long, or badly encoded" },
    { NATIVE, "w=%4", NULL, "w is too long, or badly encoded" },
    { NATIVE, "w=%zz", NULL, "w is too long, or badly encoded" },
    { NATIVE, "dpr=1", "", NULL },
    { NATIVE, "dpr=1.0", "", NULL },
    { NATIVE, "dpr=1.50", "dpr=1.5", NULL },
    { NATIVE, "dpr=2.25", "dpr=2.25", NULL },
    { NATIVE, "dpr=5.01", NULL, "dpr must be a number from 1 to 5" },
    { NATIVE, "dpr=.5", NULL, "dpr must be a number from 1 to 5" },
    { NATIVE, "dpr=1.999", "dpr=1.99", NULL },
    { NATIVE, "fit=inside", "", NULL },
    { NATIVE, "fit=crop", "fit=cover", NULL },
    { NATIVE, "fit=pad", "fit=contain", NULL },
    { NATIVE, "fit=fill", NULL, "fit must be one of inside, cover, contain, "
      "outside, stretch, crop, pad, scale-down" },
    { NATIVE, "g=center", "", NULL },
    { NATIVE, "g=top", "g=n", NULL },
    { NATIVE, "g=smart", "g=attention", NULL },
    { NATIVE, "fpx=0.25", "fpx=0.25&fpy=0.5&g=fp", NULL },
    { NATIVE, "fpx=0.5&fpy=1", "fpx=0.5&fpy=1&g=fp", NULL },
    { NATIVE, "fpx=0.9&g=w", "g=w", NULL },
    { NATIVE, "g=w&fpx=0.9", "g=w", NULL },
    { NATIVE, "g=fp&fpx=0.9", "fpx=0.9&fpy=0.5&g=fp", NULL },
    { NATIVE, "il=0&fm=pjpg", "fm=jpg&il=0", NULL },
    { NATIVE, "fm=pjpg&il=0", "fm=jpg&il=0", NULL },
    { NATIVE, "fpx=1.1", NULL, "fpx must be a number from 0 to 1" },
    { NATIVE, "crop=1,2,30,40", "crop=1,2,30,40", NULL },
    { NATIVE, "crop=1,2,30", NULL, "crop must be 4 integers from 0 to 65535, "
      "with commas between them" },
    { NATIVE, "crop=1,2,30,40,5", NULL, "crop must be 4 integers from 0 to "
      "65535, with commas between them" },
    { NATIVE, "crop=1,2,0,40", NULL, "a rectangle needs a width and a height "
      "of 1 or more" },
    { NATIVE, "crop=1,2,,40", NULL, "crop must be 4 integers from 0 to 65535, "
      "with commas between them" },
    { NATIVE, "trim", "trim=10", NULL },
    { NATIVE, "trim=30", "trim=30", NULL },
    { NATIVE, "trim=255", NULL, "trim must be an integer from 0 to 254" },
    { NATIVE, "rot=-90", "rot=270", NULL },
    { NATIVE, "rot=360", "", NULL },
    { NATIVE, "rot=45", NULL, "rot must be one of 0, 90, 180, 270, 360, -90" },
    { NATIVE, "flip=vh", "flip=hv", NULL },
    { NATIVE, "pad=5", "pad=5,5,5,5", NULL },
    { NATIVE, "pad=5,6", "pad=5,6,5,6", NULL },
    { NATIVE, "pad=1,2,3,4", "pad=1,2,3,4", NULL },
    { NATIVE, "pad=1,2,3", NULL, "pad must be 1, 2 or 4 integers from 0 to "
      "65535, with commas between them" },
    { NATIVE, "pad=0", "", NULL },
    { NATIVE, "bg=%23fff", "bg=ffffffff", NULL },
    { NATIVE, "bg=12ab34", "bg=12ab34ff", NULL },
    { NATIVE, "bg=12AB3480", "bg=12ab3480", NULL },
    { NATIVE, "bg=red", "bg=ff0000ff", NULL },
    { NATIVE, "bg=transparent", "bg=00000000", NULL },
    { NATIVE, "bg=reddish", NULL, "bg must be a colour: RGB, RRGGBB, RRGGBBAA "
      "or a name" },
    { NATIVE, "bg=", NULL, "bg must be a colour: RGB, RRGGBB, RRGGBBAA or a "
      "name" },
    { NATIVE, "blur=0.5", "blur=0.5", NULL },
    { NATIVE, "blur=0", "", NULL },
    { NATIVE, "bri=1.1&con=.9&sat=0", "bri=1.1&con=0.9&sat=0", NULL },
    { NATIVE, "n=-1", "", NULL },
    { NATIVE, "n=1&page=2", "n=1&page=2", NULL },
    { NATIVE, "n=0", NULL, "n must be an integer from 1 to 65535" },
    { NATIVE, "wm=logo-1", "wm=logo-1", NULL },
    { NATIVE, "wm=a%2Fb", NULL, "wm must be a name of 1 to 32 letters, digits, "
      "\"-\" and \"_\"" },
    { NATIVE, "fm=jpeg", "fm=jpg", NULL },
    { NATIVE, "fm=avif,webp", "fm=avif,webp", NULL },
    { NATIVE, "fm=auto", "", NULL },
    { NATIVE, "fm=bmp", NULL, "fm must be one of jpg, png, webp, avif, gif, "
      "jxl, json, blurhash, thumbhash, auto" },
    { NATIVE, "fm=", NULL, "fm must be one of jpg, png, webp, avif, gif, jxl, "
      "json, blurhash, thumbhash, auto" },
    { NATIVE, "auto=format", "", NULL },
    { NATIVE, "auto=enhance", NULL, "auto must be format" },
    { NATIVE, "q=101", NULL, "q must be an integer from 1 to 100" },
    { NATIVE, "il=1&ll=true&enlarge&strip=false",
      "il=1&ll=1&enlarge=1", NULL },
    { NATIVE, "il=0", "il=0", NULL },
    { NATIVE, "ll=yes", NULL, "ll must be 1 or 0" },
    { NATIVE, "bh=4,3", "bh=4,3", NULL },
    { NATIVE, "bh=10,3", NULL, "bh must be 2 integers from 1 to 9, with commas "
      "between them" },
    { NATIVE, "bh=0,3", NULL, "bh must be 2 integers from 1 to 9, with commas "
      "between them" },
    { NATIVE, "v=abc&s=def&pr=card&exp=12", "", NULL },
    { NATIVE, "exp=soon", NULL, "exp must be seconds of Unix time" },
    { NATIVE, "pr=", NULL, "pr must be a name of 1 to 32 letters, digits, "
      "\"-\" and \"_\"" },

    { IMGIX, "w=400&fit=clip&q=75&auto=format,compress", "w=400&q=75", NULL },
    { IMGIX, "w=4&h=4&fit=fill&bg=fff", "w=4&h=4&fit=contain&bg=ffffffff",
      NULL },
    { IMGIX, "fit=crop&crop=top,left", "fit=cover&g=nw", NULL },
    { IMGIX, "fit=crop&crop=faces,entropy", "fit=cover&g=attention", NULL },
    { IMGIX, "crop=right,bottom", "g=se", NULL },
    { IMGIX, "crop=nose", NULL, "crop must be a list of top, bottom, left, "
      "right, faces, edges, entropy, focalpoint" },
    { WESERV, "mod=1.2,2&filt=greyscale", "bri=1.2&sat=0", NULL },
    { WESERV, "filt=greyscale&mod=1.2,2", "bri=1.2&sat=0", NULL },
    { WESERV, "a=left&fpx=0.9", "g=w", NULL },
    { WESERV, "fpx=0.9&a=focal", "fpx=0.9&fpy=0.5&g=fp", NULL },
    { WESERV, "bg=80ff0000", "bg=ff000080", NULL },
    { WESERV, "cbg=%238f00", "bg=ff000088", NULL },
    { WESERV, "bg=f00", "bg=ff0000ff", NULL },
    { WESERV, "bg=navy", "bg=000080ff", NULL },
    { WESERV, "bg=ff000", NULL, "bg must be a colour: RGB, RRGGBB, AARRGGBB "
      "or a name" },
    { IMGIX, "bg=80ff0000", "bg=ff000080", NULL },
    { IMGIX, "bg=8f00", "bg=ff000088", NULL },
    { IMGIX, "bg=112233", "bg=112233ff", NULL },
    { NATIVE, "bg=ff000080", "bg=ff000080", NULL },
    { IMGIX, "fp-x=.5&fp-y=.25", "fpx=0.5&fpy=0.25&g=fp", NULL },
    { IMGIX, "rect=1,2,3,4", "crop=1,2,3,4", NULL },
    { IMGIX, "bri=20&con=-10&sat=-100", "bri=1.2&con=0.9&sat=0", NULL },
    { IMGIX, "bri=101", NULL, "bri must be an integer from -100 to 100" },
    { IMGIX, "blur=200", "blur=10", NULL },
    { IMGIX, "sharp=40", "sharp=2", NULL },
    { IMGIX, "fm=pjpg", "fm=jpg&il=1", NULL },
    { IMGIX, "trim=color", "trim=10", NULL },

    { WESERV, "w=400&fit=fill&output=webp&q=60",
      "w=400&fit=stretch&fm=webp&q=60", NULL },
    { WESERV, "a=top-left&cx=1&cy=2&cw=3&ch=4", "g=nw&crop=1,2,3,4", NULL },
    { WESERV, "cx=1&cy=2&cw=3", NULL, "a rectangle needs a width and a height "
      "of 1 or more" },
    { WESERV, "flip&flop", "flip=hv", NULL },
    { WESERV, "we=0", "enlarge=1", NULL },
    { WESERV, "we", "", NULL },
    { WESERV, "ro=90&filt=greyscale&con=-50", "rot=90&con=0.5&sat=0", NULL },
    { WESERV, "mod=1.5,0.5,0", "bri=1.5&sat=0.5", NULL },
    { WESERV, "mod=1,2,90", NULL, "mod must be a brightness and a saturation "
      "from 0 to 10, with a comma between them" },
    { WESERV, "url=https%3A%2F%2Fx&maxage=1d&filename=x", "", NULL },

    { NEXT, "url=%2Fa.jpg&w=640&q=75", "w=640&q=75", NULL },
    { NEXT, "h=3", "", NULL },
};


static void
test_operations_have_one_text(void **state)
{
    u_char                  buf[NGX_APP_IMAGE_OPS_LEN], *p;
    ngx_int_t               rc;
    ngx_str_t               s, err, again;
    ngx_uint_t              i;
    test_ops_t             *t;
    ngx_app_image_ops_t     ops;
    ngx_app_image_parse_t   pc;

    for (i = 0; i < sizeof(test_ops) / sizeof(test_ops[0]); i++) {
        t = &test_ops[i];
        s = test_copy(*state, t->text, ngx_strlen(t->text));

        ngx_memzero(&pc, sizeof(pc));
        pc.dialect = t->dialect;
        ngx_app_image_ops_init(&ops);

        rc = ngx_app_image_ops_parse(&pc, &s, &ops);

        if (t->canonical == NULL) {
            assert_int_equal(rc, NGX_DECLINED);
            err.data = pc.err;
            err.len = pc.err_len;
            assert_str_z(err, t->err);
            continue;
        }

        if (rc != NGX_OK) {
            fail_msg("%s: %.*s", t->text, (int) pc.err_len, pc.err);
        }

        p = ngx_app_image_ops_write(buf, &ops);
        again.data = buf;
        again.len = p - buf;
        assert_str_z(again, t->canonical);

        /* what is written means the same */

        s = test_copy(*state, buf, again.len);
        ngx_memzero(&pc, sizeof(pc));
        ngx_app_image_ops_init(&ops);

        assert_int_equal(ngx_app_image_ops_parse(&pc, &s, &ops), NGX_OK);
        again.len = ngx_app_image_ops_write(buf, &ops) - buf;
        assert_str_z(again, t->canonical);
    }
}


static void
test_unknown_names_are_refused_if_asked(void **state)
{
    ngx_str_t               s, err;
    ngx_app_image_ops_t     ops;
    ngx_app_image_parse_t   pc;

    ngx_memzero(&pc, sizeof(pc));
    pc.reject = 1;
    ngx_app_image_ops_init(&ops);

    s = test_copy(*state, "w=4&width=5", 11);
    assert_int_equal(ngx_app_image_ops_parse(&pc, &s, &ops), NGX_DECLINED);

    err.data = pc.err;
    err.len = pc.err_len;
    assert_str(err, "there is no parameter \"width\"");
}


static void
test_many_parameters_are_refused(void **state)
{
    u_char                  text[65 * 4];
    ngx_str_t               s;
    ngx_uint_t              i;
    ngx_app_image_ops_t     ops;
    ngx_app_image_parse_t   pc;

    for (i = 0; i < 65; i++) {
        ngx_memcpy(text + 4 * i, "x=1&", 4);
    }

    ngx_memzero(&pc, sizeof(pc));
    ngx_app_image_ops_init(&ops);

    s = test_copy(*state, text, 64 * 4);
    assert_int_equal(ngx_app_image_ops_parse(&pc, &s, &ops), NGX_OK);

    s = test_copy(*state, text, 65 * 4);
    assert_int_equal(ngx_app_image_ops_parse(&pc, &s, &ops), NGX_DECLINED);
}


static void
test_what_was_there_is_told(void **state)
{
    ngx_str_t               s;
    ngx_app_image_ops_t     ops;
    ngx_app_image_parse_t   pc;

    ngx_memzero(&pc, sizeof(pc));
    ngx_app_image_ops_init(&ops);

    s = test_copy(*state, "pr=card&v=3&exp=9&s=x", 21);
    assert_int_equal(ngx_app_image_ops_parse(&pc, &s, &ops), NGX_OK);
    assert_int_equal(ops.has, NGX_APP_IMAGE_HAS_PRESET
                              |NGX_APP_IMAGE_HAS_VERSION
                              |NGX_APP_IMAGE_HAS_EXPIRY
                              |NGX_APP_IMAGE_HAS_SIGN);
    assert_int_equal(ops.exp, 9);
    assert_int_equal(pc.preset.len, 4);
    assert_memory_equal(pc.preset.data, "card", 4);

    s = test_copy(*state, "auto=format", 11);
    assert_int_equal(ngx_app_image_ops_parse(&pc, &s, &ops), NGX_OK);
    assert_true(ops.has & NGX_APP_IMAGE_HAS_OPS);
    assert_int_equal(ops.negotiate, 1);
}


static struct {
    const char   *accept;
    const char   *choice;              /* of avif, webp, jpg */
} test_accepts[] = {
    { "", "" },
    { "*/*", "" },
    { "image/*,*/*;q=0.8", "" },
    { "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
      "avif,webp" },
    { "image/webp,*/*", "webp" },
    { "image/webp, image/avif", "avif,webp" },
    { "IMAGE/WebP", "webp" },
    { "image/avif;q=0,image/webp", "webp" },
    { "image/avif;q=0.000, image/webp;q=0.1", "webp" },
    { "image/avif; x=1; q=0", "" },
    { "image/avif ;q=1", "avif" },
    { "image/avif;q=", "avif" },
    { "image/avifx,ximage/avif", "" },
    { ",,image/jpeg,,", "jpg" },
    { "image/webp;", "webp" },
};


static void
test_accept_names_formats(void **state)
{
    u_char                   buf[64], *p;
    ngx_str_t                s, text;
    ngx_uint_t               i, j;
    ngx_app_image_choice_t   formats, choice;

    formats.n = 3;
    formats.format[0] = NGX_APP_IMAGE_TO_AVIF;
    formats.format[1] = NGX_APP_IMAGE_TO_WEBP;
    formats.format[2] = NGX_APP_IMAGE_TO_JPEG;

    for (i = 0; i < sizeof(test_accepts) / sizeof(test_accepts[0]); i++) {
        s = test_copy(*state, test_accepts[i].accept,
                      ngx_strlen(test_accepts[i].accept));

        ngx_app_image_accept(&s, &formats, &choice);

        p = buf;

        for (j = 0; j < choice.n; j++) {
            p = ngx_sprintf(p, "%s%V", j ? "," : "",
                          &ngx_app_image_formats[choice.format[j]].name);
        }

        text.data = buf;
        text.len = p - buf;
        assert_str_z(text, test_accepts[i].choice);
    }
}


/* by "openssl dgst -sha256 -hmac", as base64url */

static struct {
    const char   *uri;
    ngx_int_t     rc;
} test_links[] = {
    { "/a.jpg?w=400&s=IwETWhEsN6ihq5gXOgzxVXRskx-C-gLD8zy_nTM50xw", NGX_OK },
    { "/a.jpg?w=401&s=IwETWhEsN6ihq5gXOgzxVXRskx-C-gLD8zy_nTM50xw",
      NGX_DECLINED },
    { "/a.jpg?w=400&s=IwETWhEsN6ihq5gXOgzxVXRskx-C-gLD8zy_nTM50xw&x=1",
      NGX_DECLINED },
    { "/a.jpg?w=400&x=IwETWhEsN6ihq5gXOgzxVXRskx-C-gLD8zy_nTM50xw",
      NGX_DECLINED },
    { "/a.jpg?w=400&s=", NGX_DECLINED },
    { "/a.jpg?w=400", NGX_DECLINED },
    { "", NGX_DECLINED },
    { "?s=IwETWhEsN6ihq5gXOgzxVXRskx-C-gLD8zy_nTM50xw", NGX_DECLINED },
};


static void
test_links_are_signed(void **state)
{
    ngx_str_t    uri, keys[2];
    ngx_uint_t   i;
    ngx_array_t  array;

    ngx_memzero(&array, sizeof(array));
    array.elts = keys;
    array.nelts = 2;

    ngx_str_set(&keys[0], "another-key-of-this-server");
    ngx_str_set(&keys[1], "0123456789abcdef0123456789abcdef");

    for (i = 0; i < sizeof(test_links) / sizeof(test_links[0]); i++) {
        uri = test_copy(*state, test_links[i].uri,
                        ngx_strlen(test_links[i].uri));
        assert_int_equal(ngx_app_image_signed(&uri, &array),
                         test_links[i].rc);
    }

    array.nelts = 1;
    uri = test_copy(*state, test_links[0].uri, ngx_strlen(test_links[0].uri));
    assert_int_equal(ngx_app_image_signed(&uri, &array), NGX_DECLINED);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_operations_have_one_text),
        test_case(test_unknown_names_are_refused_if_asked),
        test_case(test_many_parameters_are_refused),
        test_case(test_what_was_there_is_told),
        test_case(test_accept_names_formats),
        test_case(test_links_are_signed),
    };

    return test_run(tests);
}
