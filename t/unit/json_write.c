
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <math.h>

#include <core/ngx_app_buf.h>
#include <core/ngx_app_utf8.h>
#include <json/ngx_app_json_write.h>


typedef struct {
    const char  *in;
    size_t       len;
    const char  *out;
} test_string_t;


#define test_string(in, out)  { in, sizeof(in) - 1, out }


static test_string_t  test_strings[] = {
    test_string("", ""),
    test_string("plain", "plain"),
    test_string("exactly8", "exactly8"),
    test_string("say \"hi\" to C:\\x", "say \\\"hi\\\" to C:\\\\x"),
    test_string("\b\t\n\f\r", "\\b\\t\\n\\f\\r"),
    test_string("\0\1\x1f\x7f", "\\u0000\\u0001\\u001f\x7f"),
    test_string("a/b", "a/b"),
    test_string("Crème brûlée à emporter", "Crème brûlée à emporter"),
    test_string("سلة مفاجآت", "سلة مفاجآت"),
    test_string("12345678\n12345678\"", "12345678\\n12345678\\\""),
    test_string("\xe2\x80\xa8 \xf0\x9f\x8d\x95",
                "\xe2\x80\xa8 \xf0\x9f\x8d\x95"),

    /* not UTF-8: one U+FFFD for each maximal subpart */

    test_string("a\x80z", "a\xef\xbf\xbdz"),
    test_string("\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"),
    test_string("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"),
    test_string("\xe2\x82", "\xef\xbf\xbd"),
    test_string("\xe2\x82z", "\xef\xbf\xbdz"),
    test_string("\xf0\x9f\x8d", "\xef\xbf\xbd"),
    test_string("\xf0\x9f\x8d\"", "\xef\xbf\xbd\\\""),
    test_string("\xf0\x80\x80\x80",
                "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"),
    test_string("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"),
    test_string("\xf4\x90\x80\x80",
                "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"),
    test_string("\xf5\x80", "\xef\xbf\xbd\xef\xbf\xbd"),
    test_string("\xc3", "\xef\xbf\xbd"),
    test_string("\xc3\xc3\xa9", "\xef\xbf\xbd\xc3\xa9"),
};


static ngx_str_t
test_taken(ngx_app_buf_t *b)
{
    size_t        size;
    u_char       *p;
    ngx_str_t     s;
    ngx_chain_t  *cl;

    cl = ngx_app_buf_take(b, &size);

    s.len = size;
    s.data = ngx_palloc(b->pool, size + 1);

    for (p = s.data; cl != NULL; cl = cl->next) {
        p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    *p = '\0';

    return s;
}


/* in memory of the exact size, so that a byte too many is seen */

static ngx_str_t
test_escaped(ngx_pool_t *pool, const char *data, size_t len)
{
    u_char     *in, *out, *p;
    ngx_str_t   s;

    in = malloc(len + (len == 0));
    out = malloc(ngx_app_json_string_len(len));
    ngx_memcpy(in, data, len);

    p = ngx_app_json_fmt_string(out, in, len);

    s.len = p - out;
    s.data = ngx_palloc(pool, s.len + 1);
    ngx_memcpy(s.data, out, s.len);
    s.data[s.len] = '\0';

    free(in);
    free(out);

    return s;
}


static void
test_strings_are_escaped(void **state)
{
    char            want[256];
    ngx_str_t       s;
    ngx_uint_t      i;
    test_string_t  *t;

    for (i = 0; i < sizeof(test_strings) / sizeof(test_strings[0]); i++) {
        t = &test_strings[i];

        (void) snprintf(want, sizeof(want), "\"%s\"", t->out);
        s = test_escaped(*state, t->in, t->len);

        assert_string_equal((char *) s.data, want);
        assert_int_equal(ngx_app_utf8_valid(s.data, s.len), NGX_OK);
    }
}


static void
test_special_byte_at_every_offset(void **state)
{
    char        in[40], want[100], *w;
    size_t      at, len, i;
    ngx_str_t   s;
    ngx_uint_t  c;

    for (c = 0; c < 0x80; c++) {
        for (len = 1; len < 20; len++) {
            for (at = 0; at < len; at++) {
                ngx_memset(in, '!', len);
                in[at] = (char) c;

                w = want;
                *w++ = '"';

                for (i = 0; i < len; i++) {
                    if (in[i] == '"' || in[i] == '\\') {
                        *w++ = '\\';
                        *w++ = in[i];

                    } else if (in[i] >= ' ') {
                        *w++ = in[i];

                    } else {
                        w += sprintf(w, (c == '\b') ? "\\b"
                                        : (c == '\t') ? "\\t"
                                        : (c == '\n') ? "\\n"
                                        : (c == '\f') ? "\\f"
                                        : (c == '\r') ? "\\r"
                                        : "\\u%04x", (unsigned) c);
                    }
                }

                *w++ = '"';
                *w = '\0';

                s = test_escaped(*state, in, len);
                assert_string_equal((char *) s.data, want);
            }
        }

        ngx_reset_pool(*state);
    }
}


/* what a buffer gets must not depend on where its pieces end */

static void
test_pieces_give_the_same_text(void **state)
{
    size_t          room, n;
    u_char         *data, *p;
    ngx_str_t       s, want;
    ngx_uint_t      i, round;
    ngx_pool_t     *pool = *state;
    ngx_app_buf_t   b;

    srandom(1);

    for (round = 0; round < 400; round++) {
        data = ngx_palloc(pool, 4096);
        n = random() % 1500;
        p = data;

        while ((size_t) (p - data) < n) {
            i = random() % 40;

            if (i < 24) {
                p = ngx_app_utf8_encode(p, 0x600 + random() % 0xff);

            } else if (i < 36) {
                p = ngx_app_utf8_encode(p, random() % 0x11000);

            } else {
                *p++ = (u_char) random();
            }
        }

        n = p - data;
        want = test_escaped(pool, (char *) data, n);

        ngx_app_buf_init(&b, pool, 128 + random() % 200, 65536);

        for (room = random() % 100; room > 0; room--) {
            assert_int_equal(ngx_app_buf_write(&b, "x", 1), NGX_OK);
        }

        room = ngx_app_buf_size(&b);

        assert_int_equal(ngx_app_json_write_string(&b, data, n), NGX_OK);
        s = test_taken(&b);

        assert_int_equal(s.len, room + want.len);
        assert_memory_equal(s.data + room, want.data, want.len);

        /* the same where the limit is just met, and a byte below */

        ngx_app_buf_init(&b, pool, 4096, want.len);
        assert_int_equal(ngx_app_json_write_string(&b, data, n), NGX_OK);

        ngx_app_buf_init(&b, pool, 4096, want.len - 1);
        assert_int_equal(ngx_app_json_write_string(&b, data, n), NGX_BUSY);

        ngx_reset_pool(pool);
    }
}


static void
test_integers(void **state)
{
    char            want[32];
    u_char         *p, text[NGX_APP_JSON_INT_LEN + 1];
    int64_t         v;
    uint64_t        u;
    ngx_str_t       s;
    ngx_uint_t      i;
    ngx_app_buf_t   b;

    static int64_t  edges[] = {
        0, 9, 10, 99, 100, 999, 1000, 9999, 10000, 99999, 100000, 4294967295,
        4294967296, 42949672959, 429496729599, 9007199254740993,
        INT64_MAX, INT64_MIN, INT64_MIN + 1
    };

    for (i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
        ngx_app_buf_init(&b, *state, 128, 1000);
        assert_int_equal(ngx_app_json_write_int(&b, edges[i]), NGX_OK);
        s = test_taken(&b);

        (void) snprintf(want, sizeof(want), "%lld", (long long) edges[i]);
        assert_string_equal((char *) s.data, want);
    }

    for (u = 1, i = 0; i < 20; i++, u *= 10) {
        for (v = -1; v <= 1; v++) {
            p = ngx_app_json_fmt_uint(text, u + v);
            *p = '\0';
            (void) snprintf(want, sizeof(want), "%llu",
                            (unsigned long long) (u + v));
            assert_string_equal((char *) text, want);

            p = ngx_app_json_fmt_int(text, (int64_t) (u + v));
            *p = '\0';
            (void) snprintf(want, sizeof(want), "%lld", (long long) (u + v));
            assert_string_equal((char *) text, want);
        }
    }

    srandom(2);

    for (i = 0; i < 200000; i++) {
        u = ((uint64_t) random() << 33 ^ (uint64_t) random() << 10
             ^ (uint64_t) random()) >> random() % 64;
        p = ngx_app_json_fmt_uint(text, u);
        *p = '\0';
        (void) snprintf(want, sizeof(want), "%llu", (unsigned long long) u);
        assert_string_equal((char *) text, want);
    }

    ngx_app_buf_init(&b, *state, 128, 3);
    assert_int_equal(ngx_app_json_write_int(&b, 123), NGX_OK);
    assert_int_equal(ngx_app_json_write_int(&b, 1), NGX_BUSY);
    assert_int_equal(ngx_app_json_write_uint(&b, 1), NGX_BUSY);
}


static void
test_doubles(void **state)
{
    u_char      *p, text[NGX_APP_JSON_DOUBLE_LEN + 1];
    ngx_uint_t   i;

    static struct {
        double       v;
        const char  *text;
    } table[] = {
        { 0, "0" },
        { -0.0, "0" },
        { 7, "7" },
        { -7, "-7" },
        { 6.5, "6.5" },
        { -6.5, "-6.5" },
        { 0.1, "0.1" },
        { 0.1 + 0.2, "0.30000000000000004" },
        { 36.8065, "36.8065" },
        { 10.1815, "10.1815" },
        { -0.001, "-0.001" },
        { 1e-7, "0.0000001" },
        { 1.5e-9, "0.0000000015" },
        { 5e-324, "5e-324" },
        { 1e15, "1000000000000000" },
        { 9007199254740991.0, "9007199254740991" },
        { -9007199254740991.0, "-9007199254740991" },
        { 1e21, "1e+21" },
        { 1e22, "1e+22" },
        { 1.7976931348623157e308, "1.7976931348623157e+308" },
        { 2.2250738585072014e-308, "2.2250738585072014e-308" },
        { 123456789.125, "123456789.125" },
        { 0.5, "0.5" },
        { 1.0 / 3, "0.3333333333333333" },
        { 99.99, "99.99" },
        { 36.806494799999996, "36.806494799999996" },
        { -123456.78901234567, "-123456.78901234567" },
        { 2251799813685249.5, "2251799813685249.5" },
        { 0.010000000000000002, "0.010000000000000002" },
        { 0.0000012345678901234567, "1.2345678901234567e-06" },
        { 1.2345678901234567e-9, "1.2345678901234566e-09" },
        { 0.0009765625, "0.0009765625" },
        { 0.25, "0.25" },
        { NAN, "null" },
        { INFINITY, "null" },
        { -INFINITY, "null" },
    };

    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        p = ngx_app_json_fmt_double(text, table[i].v);
        *p = '\0';
        assert_string_equal((char *) text, table[i].text);
    }
}


static void
test_doubles_read_back(void **state)
{
    char            best[40];
    double          v;
    u_char         *p, text[NGX_APP_JSON_DOUBLE_LEN + 1];
    uint64_t        bits;
    ngx_uint_t      i, digits;
    ngx_app_buf_t   b;

    srandom(3);

    for (i = 0; i < 100000; i++) {

        if (i % 3 == 0) {
            v = (double) random() / (1 + random() % 65536);

        } else if (i & 1) {
            bits = (uint64_t) random() << 33 ^ (uint64_t) random() << 11
                   ^ (uint64_t) random();
            ngx_memcpy(&v, &bits, 8);

        } else {
            v = (double) (random() % 100000000 - 50000000)
                / pow(10, (double) (random() % 9));
        }

        if (!isfinite(v)) {
            continue;
        }

        p = ngx_app_json_fmt_double(text, v);
        assert_true(p - text <= NGX_APP_JSON_DOUBLE_LEN);
        *p = '\0';

        if (strtod((char *) text, NULL) != v) {
            fail_msg("%.17g was written as %s", v, text);
        }

        if (i % 3 != 0 && (i & 1) == 0) {
            assert_true(p - text <= 11);
        }

        /* no longer than the best of printf() when there is no exponent */

        for (digits = 1; digits < 17; digits++) {
            (void) snprintf(best, sizeof(best), "%.*g", (int) digits, v);

            if (strtod(best, NULL) == v) {
                break;
            }
        }

        (void) snprintf(best, sizeof(best), "%.*g", (int) digits, v);

        if (strchr(best, 'e') == NULL) {
            assert_int_equal(p - text, ngx_strlen(best));
        }
    }

    ngx_app_buf_init(&b, *state, 128, 4);
    assert_int_equal(ngx_app_json_write_double(&b, 6.25), NGX_OK);
    assert_int_equal(ngx_app_json_write_double(&b, 1), NGX_BUSY);
}


static void
test_base64(void **state)
{
    size_t          n, i;
    u_char          data[1000], out[ngx_app_json_base64_len(1000)];
    ngx_str_t       s, dec, enc;
    ngx_pool_t     *pool = *state;
    ngx_app_buf_t   b;

    for (i = 0; i < sizeof(data); i++) {
        data[i] = (u_char) (i * 31);
    }

    for (n = 0; n < sizeof(data); n += 7) {
        ngx_app_buf_init(&b, pool, 128, 65536);
        assert_int_equal(ngx_app_json_write_base64(&b, data, n), NGX_OK);
        s = test_taken(&b);

        assert_int_equal(s.len, ngx_app_json_base64_len(n));
        assert_int_equal(s.data[0], '"');
        assert_int_equal(s.data[s.len - 1], '"');

        i = ngx_app_json_fmt_base64(out, data, n) - out;
        assert_int_equal(i, s.len);
        assert_memory_equal(out, s.data, i);

        enc.data = s.data + 1;
        enc.len = s.len - 2;
        dec.data = ngx_palloc(pool, ngx_base64_decoded_length(enc.len) + 1);
        assert_int_equal(ngx_decode_base64(&dec, &enc), NGX_OK);
        assert_int_equal(dec.len, n);
        assert_memory_equal(dec.data, data, n);
    }

    ngx_app_buf_init(&b, pool, 128, 5);
    assert_int_equal(ngx_app_json_write_base64(&b, data, 1), NGX_BUSY);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_strings_are_escaped),
        test_case(test_special_byte_at_every_offset),
        test_case(test_pieces_give_the_same_text),
        test_case(test_integers),
        test_case(test_doubles),
        test_case(test_doubles_read_back),
        test_case(test_base64),
    };

    return test_run(tests);
}
