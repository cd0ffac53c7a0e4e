
/*
 * Copyright (C) the project authors
 */


#include "test.h"

#include <lang/ngx_app_value.h>
#include <lang/ngx_app_time.h>


typedef struct {
    const char  *text;
    const char  *iso;       /* NULL: refused */
} test_time_t;


typedef struct {
    const char  *a;
    const char  *b;
    ngx_int_t    cmp;       /* 2: there is no order */
} test_compare_t;


static const test_time_t  test_times[] = {
    { "2024-02-29", "2024-02-29T00:00:00.000Z" },
    { "2024-02-29T12:34:56Z", "2024-02-29T12:34:56.000Z" },
    { "2024-02-29t12:34:56.5z", "2024-02-29T12:34:56.500Z" },
    { "2024-02-29 12:34:56.123", "2024-02-29T12:34:56.123Z" },
    { "2024-02-29T12:34", "2024-02-29T12:34:00.000Z" },
    { "2024-02-29T12:34:56.123456Z", "2024-02-29T12:34:56.123456Z" },
    { "2024-02-29T12:34:56.1234569Z", "2024-02-29T12:34:56.123456Z" },
    { "2024-02-29T12:34:56+01:00", "2024-02-29T11:34:56.000Z" },
    { "2024-02-29T12:34:56-0930", "2024-02-29T22:04:56.000Z" },
    { "2024-01-01T00:30:00+01", "2023-12-31T23:30:00.000Z" },
    { "0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z" },
    { "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z" },
    { "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z" },
    { "1900-03-01", "1900-03-01T00:00:00.000Z" },
    { "2000-02-29", "2000-02-29T00:00:00.000Z" },
    { "1900-02-29", NULL },
    { "2023-02-29", NULL },
    { "2024-13-01", NULL },
    { "2024-00-01", NULL },
    { "2024-01-00", NULL },
    { "2024-04-31", NULL },
    { "2024-01-01T24:00:00Z", NULL },
    { "2024-01-01T23:60:00Z", NULL },
    { "2024-01-01T23:59:60Z", NULL },
    { "2024-01-01T", NULL },
    { "2024-01-01T12", NULL },
    { "2024-01-01T12:00:00.", NULL },
    { "2024-01-01T12:00:00+24:00", NULL },
    { "2024-01-01T12:00:00+01:0", NULL },
    { "2024-01-01T12:00:00Zx", NULL },
    { "0000-01-01T00:00:00+00:01", NULL },
    { "9999-12-31T23:59:59-00:01", NULL },
    { "24-01-01", NULL },
    { "2024-1-1", NULL },
    { "", NULL },
    { "now", NULL }
};


/* a value: n absent, 0 null, t f boolean, iN integer, dN decimal, eN double,
   sTEXT, jTEXT json, @TIME */

static const test_compare_t  test_compares[] = {
    { "n", "0", 0 }, { "0", "0", 0 }, { "0", "i0", 2 }, { "s", "0", 2 },
    { "i1", "i2", -1 }, { "i2", "i2", 0 }, { "i3", "i2", 1 },
    { "t", "i1", 0 }, { "f", "i0", 0 }, { "t", "f", 1 }, { "t", "s1", 0 },
    { "i9007199254740993", "e9007199254740992", 1 },
    { "e9007199254740992", "i9007199254740993", -1 },
    { "i9223372036854775807", "e9223372036854775808", -1 },
    { "i-9223372036854775807", "e-1e300", 1 },
    { "i2", "e2.5", -1 }, { "i-2", "e-2.5", 1 }, { "i2", "e2", 0 },
    { "d2.50", "d2.5", 0 }, { "d2.50", "e2.5", 0 }, { "d2.0", "i2", 0 },
    { "d-0.0", "i0", 0 }, { "d0.10", "d0.1", 0 }, { "d0.1", "d0.01", 1 },
    { "d-1.5", "d-1.4", -1 }, { "d-1.5", "i1", -1 }, { "d-1", "i-2", 1 },
    { "d9223372036854775808", "i9223372036854775807", 1 },
    { "d123456789012345678901234567890.1",
      "d123456789012345678901234567890.2", -1 },
    { "d000123.4", "d123.40", 0 },
    { "s10", "i9", 1 }, { "s10", "s9", -1 }, { "s 10", "i10", 2 },
    { "sabc", "i1", 2 }, { "s1e3", "i1000", 0 }, { "s1.0", "i1", 0 },
    { "s", "i0", 2 }, { "s-5", "i-5", 0 }, { "s0x10", "i16", 2 },
    { "sa", "sb", -1 }, { "sa", "sab", -1 }, { "s", "s", 0 },
    { "sB", "sa", -1 },
    { "@2024-01-01", "@2024-01-02", -1 },
    { "@2024-01-01", "s2024-01-01T00:00:00Z", 0 },
    { "s2024-01-01T01:00:00+02:00", "@2024-01-01", -1 },
    { "@2024-01-01", "sfoo", 2 }, { "@2024-01-01", "i1", 2 },
    { "j[1]", "s[1]", 0 }, { "j5", "i5", 0 }
};


static ngx_app_value_t
test_value(const char *p)
{
    ngx_str_t        s;
    ngx_app_value_t  v;

    ngx_memzero(&v, sizeof(ngx_app_value_t));
    s.data = (u_char *) (uintptr_t) (p + 1);
    s.len = ngx_strlen(p + 1);

    switch (*p) {

    case 'n':
        v.type = NGX_APP_ABSENT;
        break;

    case '0':
        v.type = NGX_APP_NULL;
        break;

    case 't':
    case 'f':
        ngx_app_value_set_bool(&v, *p == 't');
        break;

    case 'i':
        ngx_app_value_set_int(&v, strtoll(p + 1, NULL, 10));
        break;

    case 'e':
        v.type = NGX_APP_DOUBLE;
        v.u.d = strtod(p + 1, NULL);
        break;

    case '@':
        v.type = NGX_APP_DATETIME;
        assert_int_equal(ngx_app_time_parse(s.data, s.len, &v.u.i), NGX_OK);
        break;

    default:
        v.type = (*p == 'd') ? NGX_APP_DECIMAL
                 : (*p == 'j') ? NGX_APP_JSON : NGX_APP_STRING;
        v.u.s = s;
    }

    return v;
}


static void
test_times_are_read_and_printed(void **state)
{
    u_char      buf[NGX_APP_TIME_ISO_LEN];
    int64_t     t;
    ngx_str_t   s;
    ngx_int_t   rc;
    ngx_uint_t  i;

    for (i = 0; i < sizeof(test_times) / sizeof(test_times[0]); i++) {
        s = test_copy(*state, test_times[i].text,
                      ngx_strlen(test_times[i].text));

        rc = ngx_app_time_parse(s.data, s.len, &t);

        if (test_times[i].iso == NULL) {
            if (rc != NGX_DECLINED) {
                fail_msg("\"%s\" was read", test_times[i].text);
            }

            continue;
        }

        assert_int_equal(rc, NGX_OK);
        s.data = buf;
        s.len = ngx_app_time_iso(buf, t) - buf;
        assert_str_z(s, test_times[i].iso);
    }
}


static void
test_times_go_through_the_calendar(void **state)
{
    u_char           buf[NGX_APP_TIME_SQL_LEN];
    int64_t          t, back, day;
    ngx_str_t        s;
    ngx_app_civil_t  c;

    for (day = -719528; day <= 2932896; day += 1) {
        t = day * NGX_APP_TIME_DAY + 86399999999LL * (day & 1);
        ngx_app_time_to_civil(t, &c);

        assert_int_equal(ngx_app_time_from_civil(&c, &back), NGX_OK);
        assert_true(back == t);
    }

    s.data = buf;
    s.len = ngx_app_time_sql(buf, 951782400123456LL) - buf;
    assert_str(s, "2000-02-29 00:00:00.123456");

    s.len = ngx_app_time_sql(buf, INT64_MAX) - buf;
    assert_str(s, "9999-12-31 23:59:59.999999");
}


static void
test_values_compare(void **state)
{
    ngx_int_t        rc, cmp, back;
    ngx_uint_t       i;
    ngx_app_value_t  a, b;

    for (i = 0; i < sizeof(test_compares) / sizeof(test_compares[0]); i++) {
        a = test_value(test_compares[i].a);
        b = test_value(test_compares[i].b);

        rc = ngx_app_value_compare(&a, &b, &cmp);
        assert_int_equal(ngx_app_value_compare(&b, &a, &back), rc);

        if (rc != NGX_OK) {
            cmp = 2;
            back = -2;
        }

        cmp = (cmp == 2) ? 2 : (cmp > 0) - (cmp < 0);

        if (cmp != test_compares[i].cmp
            || (cmp != 2 && cmp != (back < 0) - (back > 0)))
        {
            fail_msg("%s with %s is %d", test_compares[i].a,
                     test_compares[i].b, (int) cmp);
        }

        assert_int_equal(ngx_app_value_equal(&a, &b) != 0, cmp == 0);
    }
}


static void
test_write(ngx_pool_t *pool, const char *value, const char *json,
    const char *escaped, const char *text)
{
    ngx_str_t        s;
    ngx_uint_t       i;
    ngx_chain_t     *cl;
    const char      *want[3];
    ngx_app_buf_t    b;
    ngx_app_value_t  v, list;

    want[0] = json;
    want[1] = escaped;
    want[2] = text;
    v = test_value(value);

    for (i = 0; i < 3; i++) {
        ngx_app_buf_init(&b, pool, 128, 4096);

        switch (i) {

        case 0:
            assert_int_equal(ngx_app_value_write_json(&b, &v), NGX_OK);
            break;

        case 1:
            assert_int_equal(ngx_app_value_write_escape(&b, &v), NGX_OK);
            break;

        default:
            assert_int_equal(ngx_app_value_write_text(&b, &v), NGX_OK);
        }

        cl = ngx_app_buf_take(&b, &list.u.c.size);
        list.type = NGX_APP_CHAIN;
        list.u.c.chain = cl;

        assert_int_equal(ngx_app_value_text(&list, pool, &s), NGX_OK);
        assert_str_z(s, want[i]);
    }

    if (ngx_app_value_is_null(&v)) {
        assert_int_equal(ngx_app_value_text(&v, pool, &s), NGX_DECLINED);

    } else {
        assert_int_equal(ngx_app_value_text(&v, pool, &s), NGX_OK);
    }

    assert_str_z(s, text);
}


static void
test_values_are_written(void **state)
{
    test_write(*state, "n", "null", "", "");
    test_write(*state, "0", "null", "", "");
    test_write(*state, "t", "true", "true", "true");
    test_write(*state, "f", "false", "false", "false");
    test_write(*state, "i-12", "-12", "-12", "-12");
    test_write(*state, "e6.5", "6.5", "6.5", "6.5");
    test_write(*state, "e5", "5", "5", "5");
    test_write(*state, "d12345678901234567890.10",
               "12345678901234567890.10", "12345678901234567890.10",
               "12345678901234567890.10");
    test_write(*state, "d-00012.50", "-12.50", "-12.50", "-12.50");
    test_write(*state, "d000", "0", "0", "0");
    test_write(*state, "sa\"b\n", "\"a\\\"b\\n\"", "a\\\"b\\n", "a\"b\n");
    test_write(*state, "j{\"a\":1}", "{\"a\":1}", "{\\\"a\\\":1}",
               "{\"a\":1}");
    test_write(*state, "@2024-01-01", "\"2024-01-01T00:00:00.000Z\"",
               "2024-01-01T00:00:00.000Z", "2024-01-01T00:00:00.000Z");
}


static void
test_list_in_pieces_is_escaped_whole(void **state)
{
    ngx_buf_t        buf[4];
    ngx_str_t        s;
    ngx_uint_t       i;
    ngx_chain_t      cl[4];
    ngx_app_buf_t    b;
    ngx_app_value_t  v;
    static u_char    text[] = "[\"\xe2\x82\xac\"]";

    ngx_memzero(buf, sizeof(buf));

    for (i = 0; i < 4; i++) {
        buf[i].pos = text + 2 * i;
        buf[i].last = (i == 3) ? text + 7 : buf[i].pos + 2;
        cl[i].buf = &buf[i];
        cl[i].next = (i == 3) ? NULL : &cl[i + 1];
    }

    v.type = NGX_APP_CHAIN;
    v.u.c.chain = cl;
    v.u.c.size = 7;

    ngx_app_buf_init(&b, *state, 128, 4096);
    assert_int_equal(ngx_app_value_write_escape(&b, &v), NGX_OK);

    v.u.c.chain = ngx_app_buf_take(&b, &v.u.c.size);
    assert_int_equal(ngx_app_value_text(&v, *state, &s), NGX_OK);
    assert_str(s, "[\\\"\xe2\x82\xac\\\"]");

    ngx_app_buf_init(&b, *state, 128, 8);
    assert_int_equal(ngx_app_value_write_text(&b, &v), NGX_BUSY);
}


static void
test_conditions(void **state)
{
    ngx_uint_t       i;
    ngx_app_value_t  v;

    static const char  *falses[] = { "n", "0", "f", "i0", "e0", "d0.00",
                                     "d-0", "s", "j[]", "j{}", "jnull", "j0",
                                     "jfalse", "j\"\"", NULL };
    static const char  *trues[] = { "t", "i-1", "e0.1", "d0.01", "s0",
                                    "sfalse", "j[1]", "@1970-01-01", NULL };

    for (i = 0; falses[i] != NULL; i++) {
        v = test_value(falses[i]);
        assert_false(ngx_app_value_true(&v));
    }

    for (i = 0; trues[i] != NULL; i++) {
        v = test_value(trues[i]);
        assert_true(ngx_app_value_true(&v));
    }

    v.type = NGX_APP_CHAIN;
    v.u.c.size = 2;
    assert_false(ngx_app_value_true(&v));
    v.u.c.size = 3;
    assert_true(ngx_app_value_true(&v));
}


static void
test_texts_become_numbers(void **state)
{
    double           d;
    ngx_str_t        s;
    ngx_uint_t       i;
    ngx_app_value_t  n;

    static const char  *bad[] = { "", "-", "+1", ".5", "5.", "1e", "1e999",
                                  "nan", "inf", "0x1", " 1", "1 ", "1,5",
                                  "--1", "1.2.3", "1-2", NULL };
    static const char  *good[] = { "0", "-0", "12.75", "0.1", "1e3", "1E-3",
                                   "-2.5e+10", "9007199254740993",
                                   "0.30000000000000004", "007",
                                   "123456789012345678901234567890.5",
                                   NULL };

    for (i = 0; bad[i] != NULL; i++) {
        s = test_copy(*state, bad[i], ngx_strlen(bad[i]));

        if (ngx_app_value_parse_number(&s, &n) != NGX_DECLINED) {
            fail_msg("\"%s\" was read as a number", bad[i]);
        }
    }

    for (i = 0; good[i] != NULL; i++) {
        s = test_copy(*state, good[i], ngx_strlen(good[i]));

        assert_int_equal(ngx_app_value_parse_number(&s, &n), NGX_OK);
        assert_int_equal(ngx_app_value_parse_double(&s, &d), NGX_OK);
        assert_true(d == strtod(good[i], NULL));
    }

    s = test_copy(*state, "1\0" "2", 3);
    assert_int_equal(ngx_app_value_parse_number(&s, &n), NGX_DECLINED);
    assert_int_equal(ngx_app_value_parse_double(&s, &d), NGX_DECLINED);
}


static void
test_json_becomes_values(void **state)
{
    size_t           i;
    ngx_int_t        rc;
    ngx_str_t        text, path;
    ngx_app_value_t  v;

    static char  all[] = "{\"s\":\"\\u00e9\",\"i\":-7,\"d\":1.50,\"e\":1e2,"
                         "\"big\":1e999,\"t\":true,\"f\":false,\"z\":null,"
                         "\"o\":{\"l\":[ 1 ]}}";

    static const struct {
        const char      *path;
        ngx_app_type_e   type;
        const char      *text;
    } cases[] = {
        { "s", NGX_APP_STRING, "\xc3\xa9" },
        { "i", NGX_APP_INT, "-7" },
        { "d", NGX_APP_DECIMAL, "1.50" },
        { "e", NGX_APP_DOUBLE, "100" },
        { "t", NGX_APP_BOOL, "true" },
        { "f", NGX_APP_BOOL, "false" },
        { "z", NGX_APP_NULL, "" },
        { "o", NGX_APP_JSON, "{\"l\":[ 1 ]}" },
        { "o.l._0", NGX_APP_INT, "1" },
        { "o.x", NGX_APP_ABSENT, "" },
        { "big", NGX_APP_ABSENT, "" },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_str_set(&text, all);
        path.data = (u_char *) (uintptr_t) cases[i].path;
        path.len = strlen(cases[i].path);
        v.type = NGX_APP_STRING;

        rc = ngx_app_value_member(&text, &path, *state, &v);

        assert_int_equal(rc, cases[i].type ? NGX_OK : NGX_DECLINED);
        assert_int_equal(v.type, cases[i].type);

        (void) ngx_app_value_text(&v, *state, &text);
        assert_str_z(text, cases[i].text);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_times_are_read_and_printed),
        test_case(test_times_go_through_the_calendar),
        test_case(test_values_compare),
        test_case(test_values_are_written),
        test_case(test_list_in_pieces_is_escaped_whole),
        test_case(test_conditions),
        test_case(test_texts_become_numbers),
        test_case(test_json_becomes_values)
    };

    return test_run(tests);
}
