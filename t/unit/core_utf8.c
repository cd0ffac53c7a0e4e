
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <core/ngx_app_utf8.h>


/* all sequences of up to three bytes, against the definition */

static ngx_uint_t
test_reference(const u_char *p, size_t len)
{
    u_char    again[4];
    size_t    n, i;
    uint32_t  c;

    n = (p[0] < 0x80) ? 1 : (p[0] < 0xc0) ? 0 : (p[0] < 0xe0) ? 2
        : (p[0] < 0xf0) ? 3 : (p[0] < 0xf8) ? 4 : 0;

    if (n == 0 || n > len) {
        return 0;
    }

    c = (n == 1) ? p[0] : p[0] & (0x7f >> n);

    for (i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }

        c = c << 6 | (p[i] & 0x3f);
    }

    if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
        return 0;
    }

    /* overlong forms are encoded shorter */

    return ((size_t) (ngx_app_utf8_encode(again, c) - again) == n) ? n : 0;
}


static void
test_sequences_match_the_definition(void **state)
{
    u_char    p[4];
    size_t    len;
    uint32_t  i;

    for (i = 0; i < 0x1000000; i++) {
        p[0] = (u_char) (i >> 16);
        p[1] = (u_char) (i >> 8);
        p[2] = (u_char) i;
        p[3] = 0xbf;

        if (p[0] < 0xc0 && (i & 0xffff) != 0) {
            continue;
        }

        len = (p[0] >= 0xf0) ? 4 : 3;

        if (ngx_app_utf8_sequence(p, p + len) != test_reference(p, len)) {
            fail_msg("%06x", i);
        }
    }
}


static void
test_cut_sequences_are_refused(void **state)
{
    size_t      n, i;
    u_char      p[4];
    uint32_t    c;
    ngx_str_t   s;

    static uint32_t  codes[] = { 0x80, 0x7ff, 0x800, 0xffff, 0x10000,
                                 0x10ffff };

    for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        c = codes[i];
        n = ngx_app_utf8_encode(p, c) - p;

        s = test_copy(*state, p, n);
        assert_int_equal(ngx_app_utf8_sequence(s.data, s.data + n), n);
        assert_int_equal(ngx_app_utf8_valid(s.data, n), NGX_OK);
        assert_int_equal(ngx_app_utf8_length(s.data, n), 1);

        while (--n > 0) {
            s = test_copy(*state, p, n);
            assert_int_equal(ngx_app_utf8_sequence(s.data, s.data + n), 0);
            assert_int_equal(ngx_app_utf8_bad(s.data, s.data + n), n);
            assert_int_equal(ngx_app_utf8_valid(s.data, n), NGX_DECLINED);
        }
    }
}


static void
test_bad_byte_is_found_at_every_offset(void **state)
{
    size_t     len, at;
    ngx_str_t  s;

    for (len = 0; len < 40; len++) {
        s = test_copy(*state, "0123456789012345678901234567890123456789",
                      len);
        assert_int_equal(ngx_app_utf8_valid(s.data, len), NGX_OK);
        assert_int_equal(ngx_app_utf8_length(s.data, len), len);

        for (at = 0; at < len; at++) {
            s.data[at] ^= 0x80;
            assert_int_equal(ngx_app_utf8_valid(s.data, len), NGX_DECLINED);
            s.data[at] ^= 0x80;
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_sequences_match_the_definition),
        test_case(test_cut_sequences_are_refused),
        test_case(test_bad_byte_is_found_at_every_offset),
    };

    return test_run(tests);
}
