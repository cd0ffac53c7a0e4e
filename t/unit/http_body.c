
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <http/ngx_app_body.h>


#define TEST_NAMES  6


static ngx_str_t  test_names[TEST_NAMES] = {
    ngx_string("a"),
    ngx_string("b"),
    ngx_string("address.city"),
    ngx_string("address.zip"),
    ngx_string("tags"),
    ngx_string("address")
};


static u_char  test_lists[TEST_NAMES] = { 0, 0, 0, 0, 1, 0 };


static ngx_app_body_limits_t  test_limits = { 4, 6, 3 };


/* expected: values in the order of the names, or the reason of a refusal */

static struct {
    const char  *text;
    const char  *expected;
    const char  *unknown;
} test_json[] = {
    { "{}", "- - - - - -", "" },
    { "[]", "- - - - - -", "" },
    { "[{\"a\":1}]", "- - - - - -", "" },
    { "{\"a\":1,\"b\":\"x\"}", "i1 sx - - - -", "" },
    { " { \"a\" : null , \"b\" : true } ", "null b1 - - - -", "" },
    { "{\"\\u0061\":\"\\u00e9\\ud83d\\ude00\"}",
      "s\xc3\xa9\xf0\x9f\x98\x80 - - - - -", "" },
    { "{\"a\":[1,{\"b\":2}],\"b\":{\"a\":3}}",
      "j[1,{\"b\":2}] j{\"a\":3} - - - -", "" },
    { "{\"address\":{\"city\":\"X\",\"zip\":5}}",
      "- - sX i5 - j{\"city\":\"X\",\"zip\":5}", "" },
    { "{\"address\":\"X\"}", "- - - - - sX", "" },
    { "{\"address\":[{\"city\":\"X\"}]}", "- - - - - j[{\"city\":\"X\"}]",
      "" },
    { "{\"address\":{\"street\":1,\"x\":2},\"c\":3}",
      "- - - - - j{\"street\":1,\"x\":2}", "address.street" },
    { "{\"c\":{\"a\":1}}", "- - - - - -", "c" },
    { "{\"a.b\":1}", "- - - - - -", "a.b" },
    { "{\"address.city\":1}", "- - - - - -", "address.city" },
    { "{\"\":1}", "- - - - - -", "" },

    { "{\"a\":9223372036854775807}", "i9223372036854775807 - - - - -", "" },
    { "{\"a\":9223372036854775808}", "d9223372036854775808 - - - - -", "" },
    { "{\"a\":0.10}", "d0.10 - - - - -", "" },
    { "{\"a\":-5.000}", "i-5 - - - - -", "" },
    { "{\"a\":12.5e1}", "i125 - - - - -", "" },
    { "{\"a\":12.5E+3}", "i12500 - - - - -", "" },
    { "{\"a\":12345678901234567890.123e-2}",
      "d123456789012345678.90123 - - - - -", "" },
    { "{\"a\":1e-3}", "d0.001 - - - - -", "" },
    { "{\"a\":-0.5e0}", "d-0.5 - - - - -", "" },
    { "{\"a\":1e0000000000000000000000001}", "i10 - - - - -", "" },
    { "{\"a\":1e300}", "f - - - - -", "" },
    { "{\"a\":1e400}", "j1e400 - - - - -", "" },
    { "{\"a\":1e99999999999999999999}", "j1e99999999999999999999 - - - - -",
      "" },

    { "", "!the body is not valid JSON: ", "" },
    { "{", "!the body is not valid JSON: ", "" },
    { "{\"a\":1,}", "!the body is not valid JSON: ", "" },
    { "{\"a\":01}", "!the body is not valid JSON: ", "" },
    { "{} x", "!the body is not valid JSON: ", "" },
    { "{\"a\":\"\xff\"}", "!the body is not valid JSON: ", "" },
    { "{\"a\":\"\\ud800\"}", "!the body is not valid JSON: ", "" },
    { "{\"a\":\"\\u0000\"}", "!the body is not valid JSON: ", "" },
    { "5", "!the body must be a JSON object", "" },
    { "\"x\"", "!the body must be a JSON object", "" },
    { "null", "!the body must be a JSON object", "" },
    { "{\"a\":1,\"a\":1}", "!a must be given once", "" },
    { "{\"a\":1,\"\\u0061\":1}", "!a must be given once", "" },
    { "{\"x\":[{\"y\":1,\"y\":2}]}", "!y must be given once", "x" },
    { "{\"address\":{\"zip\":1,\"zip\":2}}",
      "!address.zip must be given once", "" },
    { "{\"x\":{\"a\":1},\"a\":2,\"y\":{\"a\":1}}", "i2 - - - - -", "x" },
    { "{\"tags\":[1,2,3]}", "- - - - j[1,2,3] -", "" },
    { "{\"tags\":[1,2,3,4]}",
      "!tags has more items than app_body_max_items (3)", "" },
    { "[1,2,3,4]", "!the body has more items than app_body_max_items (3)",
      "" },
    { "{\"a\":[[[1]]]}", "j[[[1]]] - - - - -", "" },
    { "{\"a\":[[[[1]]]]}", "!a is nested deeper than app_body_max_depth (4)",
      "" },
    { "[[[[[",
      "!the body is nested deeper than app_body_max_depth (4)", "" },
    { "{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":{\"6\":1}}", "- - - - - -",
      "1" },
    { "{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":{\"6\":1},\"7\":1}",
      "!7 is one member more than app_body_max_keys (6)", "1" },
};


static struct {
    const char  *text;
    const char  *expected;
    const char  *unknown;
} test_form[] = {
    { "", "- - - - - -", "" },
    { "a=1&b=x+y%21", "s1 sx y! - - - -", "" },
    { "a=&b", "s s - - - -", "" },
    { "&&a=1&", "s1 - - - - -", "" },
    { "%61=%C3%A9", "s\xc3\xa9 - - - - -", "" },
    { "address.city=X&address.zip=5", "- - sX s5 - -", "" },
    { "tags=a&tags=%22", "- - - - j[\"a\",\"\\\"\"] -", "" },
    { "tags=", "- - - - j[\"\"] -", "" },
    { "c=1&a=2&d=3", "s2 - - - - -", "c" },
    { "address.x=1", "- - - - - -", "address.x" },
    { "a.b=1", "- - - - - -", "a.b" },
    { "=1", "- - - - - -", "" },
    { "a=%FF", "?must be valid UTF-8 - - - - -", "" },
    { "a=%00", "?must not contain a zero byte - - - - -", "" },
    { "a=1&a=1", "!a must be given once", "" },
    { "a=%FF&a=1", "!a must be given once", "" },
    { "%FF=1", "!a name in the body must be valid UTF-8", "" },
    { "tags=1&tags=2&tags=3&tags=4",
      "!tags has more items than app_body_max_items (3)", "" },
    { "1&2&3&4&5&6", "- - - - - -", "1" },
    { "1&2&3&4&5&6&7",
      "!the body has more members than app_body_max_keys (6)", "1" },
};


static ngx_str_t
test_show(ngx_pool_t *pool, ngx_int_t rc, ngx_app_body_value_t *values,
    ngx_app_body_result_t *result)
{
    u_char            *p, *last;
    ngx_str_t          s;
    ngx_uint_t         i;
    ngx_app_value_t   *v;

    s.data = ngx_palloc(pool, 4096);
    p = s.data;
    last = p + 4096;

    if (rc != NGX_OK) {
        assert_int_equal(rc, NGX_DECLINED);
        p = ngx_slprintf(p, last, "!%V", &result->err);
    }

    for (i = 0; rc == NGX_OK && i < TEST_NAMES; i++) {
        v = &values[i].value;

        if (i) {
            *p++ = ' ';
        }

        if (values[i].fault) {
            p = ngx_slprintf(p, last, "?%s", values[i].fault);
            continue;
        }

        switch (v->type) {
        case NGX_APP_ABSENT:
            *p++ = '-';
            break;
        case NGX_APP_NULL:
            p = ngx_slprintf(p, last, "null");
            break;
        case NGX_APP_BOOL:
            p = ngx_slprintf(p, last, "b%L", v->u.i);
            break;
        case NGX_APP_INT:
            p = ngx_slprintf(p, last, "i%L", v->u.i);
            break;
        case NGX_APP_DOUBLE:
            *p++ = 'f';
            break;
        default:
            p = ngx_slprintf(p, last, "%s%V",
                             (v->type == NGX_APP_STRING) ? "s"
                             : (v->type == NGX_APP_DECIMAL) ? "d" : "j",
                             &v->u.s);
            break;
        }
    }

    s.len = p - s.data;

    return s;
}


static void
test_expect(ngx_str_t s, const char *expected)
{
    size_t  len;

    /* where the reader found what is wrong is its own test's matter */

    len = ngx_strlen(expected);

    if (expected[0] == '!' && expected[len - 1] == ' ' && s.len > len) {
        s.len = len;
    }

    assert_str_z(s, expected);
}


static void
test_bodies_in_json(void **state)
{
    ngx_int_t              rc;
    ngx_str_t              text;
    ngx_uint_t             i;
    ngx_app_body_t        *body;
    ngx_app_body_value_t   values[TEST_NAMES];
    ngx_app_body_result_t  result;

    body = ngx_app_body_create(*state, test_names, test_lists, TEST_NAMES);
    assert_non_null(body);

    for (i = 0; i < sizeof(test_json) / sizeof(test_json[0]); i++) {
        text = test_copy(*state, test_json[i].text,
                         ngx_strlen(test_json[i].text));

        rc = ngx_app_body_json(body, *state, &text, &test_limits, values,
                               &result);

        test_expect(test_show(*state, rc, values, &result),
                    test_json[i].expected);
        assert_str_z(result.unknown, test_json[i].unknown);
    }
}


/* a body that has lost its end is refused wherever it was cut */

static void
test_cut_json_is_refused(void **state)
{
    size_t                 n, len;
    ngx_str_t              text;
    ngx_app_body_t        *body;
    ngx_app_body_value_t   values[TEST_NAMES];
    ngx_app_body_result_t  result;

    static const char  whole[] = "{\"a\":-12.5e1,\"b\":\"\\u00e9\xc3\xa9\","
                                 "\"address\":{\"city\":null,\"zip\":true},"
                                 "\"tags\":[\"x\",[1,{}]]}";

    body = ngx_app_body_create(*state, test_names, test_lists, TEST_NAMES);
    len = sizeof(whole) - 1;

    for (n = 0; n <= len; n++) {
        text = test_copy(*state, whole, n);

        assert_int_equal(ngx_app_body_json(body, *state, &text, &test_limits,
                                           values, &result),
                         (n == len) ? NGX_OK : NGX_DECLINED);
        assert_int_equal(result.err.len == 0, n == len);
    }
}


static void
test_bodies_of_forms(void **state)
{
    ngx_int_t              rc;
    ngx_str_t              text;
    ngx_uint_t             i;
    ngx_app_body_t        *body;
    ngx_app_body_value_t   values[TEST_NAMES];
    ngx_app_body_result_t  result;

    body = ngx_app_body_create(*state, test_names, test_lists, TEST_NAMES);
    assert_non_null(body);

    for (i = 0; i < sizeof(test_form) / sizeof(test_form[0]); i++) {
        text = test_copy(*state, test_form[i].text,
                         ngx_strlen(test_form[i].text));

        rc = ngx_app_body_form(body, *state, &text, &test_limits, values,
                               &result);

        test_expect(test_show(*state, rc, values, &result),
                    test_form[i].expected);
        assert_str_z(result.unknown, test_form[i].unknown);
    }
}


/* cut anywhere a form is still one; nothing behind its end is looked at */

static void
test_cut_forms_are_read(void **state)
{
    size_t                 n;
    ngx_str_t              text;
    ngx_app_body_t        *body;
    ngx_app_body_value_t   values[TEST_NAMES];
    ngx_app_body_result_t  result;

    static const char  whole[] = "a=%41%20+&tags=1&b=%E2%82%AC&c";

    body = ngx_app_body_create(*state, test_names, test_lists, TEST_NAMES);

    for (n = 0; n < sizeof(whole); n++) {
        text = test_copy(*state, whole, n);

        assert_int_equal(ngx_app_body_form(body, *state, &text, &test_limits,
                                           values, &result), NGX_OK);
        assert_int_equal(values[0].value.type,
                         n ? NGX_APP_STRING : NGX_APP_ABSENT);
    }
}


/* more keys than the first table of them has room for */

static void
test_many_keys(void **state)
{
    u_char                *p;
    ngx_str_t              text;
    ngx_uint_t             i, twice;
    ngx_app_body_t        *body;
    ngx_app_body_value_t   value;
    ngx_app_body_limits_t  limits = { 4, 2000, 10 };
    ngx_app_body_result_t  result;

    body = ngx_app_body_create(*state, test_names, NULL, 1);

    for (twice = 0; twice < 2; twice++) {
        text.data = ngx_palloc(*state, 65536);
        p = ngx_sprintf(text.data, "{\"a\":7");

        for (i = 0; i < 1500; i++) {
            p = ngx_sprintf(p, ",\"k%ui\":0", i);
        }

        if (twice) {
            p = ngx_sprintf(p, ",\"k700\":0");
        }

        *p++ = '}';
        text.len = p - text.data;

        assert_int_equal(ngx_app_body_json(body, *state, &text, &limits,
                                           &value, &result),
                         twice ? NGX_DECLINED : NGX_OK);
        assert_int_equal(value.value.u.i, 7);
    }

    assert_str(result.err, "k700 must be given once");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_bodies_in_json),
        test_case(test_cut_json_is_refused),
        test_case(test_bodies_of_forms),
        test_case(test_cut_forms_are_read),
        test_case(test_many_keys),
    };

    return test_run(tests);
}
