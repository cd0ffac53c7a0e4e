
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <json/ngx_app_json_read.h>


typedef struct {
    const char  *text;
    const char  *err;
    size_t       offset;
} test_error_t;


static test_error_t  test_errors[] = {
    { "", "unexpected end of text", 0 },
    { "  ", "unexpected end of text", 2 },
    { "[", "unexpected end of text", 1 },
    { "{\"a\"", "unexpected end of text", 4 },
    { "{\"a\":", "unexpected end of text", 5 },
    { "[1,", "unexpected end of text", 3 },
    { "\"abc", "unexpected end of text", 4 },
    { "\"abc\\", "unexpected end of text", 5 },
    { "[1,]", "a value is expected", 3 },
    { "[,1]", "a value is expected", 1 },
    { "{\"a\":}", "a value is expected", 5 },
    { "}", "a value is expected", 0 },
    { "nul", "a value is expected", 0 },
    { "nulL", "a value is expected", 0 },
    { "True", "a value is expected", 0 },
    { "'a'", "a value is expected", 0 },
    { "NaN", "a value is expected", 0 },
    { "+1", "a value is expected", 0 },
    { "-", "a value is expected", 0 },
    { ".5", "a value is expected", 0 },
    { "\xef\xbb\xbf{}", "a value is expected", 0 },
    { "{,}", "a key in quotes is expected", 1 },
    { "{\"a\":1,}", "a key in quotes is expected", 7 },
    { "{a:1}", "a key in quotes is expected", 1 },
    { "{1:1}", "a key in quotes is expected", 1 },
    { "{\"a\" 1}", "\":\" is expected", 5 },
    { "{\"a\",1}", "\":\" is expected", 4 },
    { "{\"a\":1 \"b\":2}", "\",\" or \"}\" is expected", 7 },
    { "{\"a\":1]", "\",\" or \"}\" is expected", 6 },
    { "[1 2]", "\",\" or \"]\" is expected", 3 },
    { "[1}", "\",\" or \"]\" is expected", 2 },
    { "[1:2]", "\",\" or \"]\" is expected", 2 },
    { "[truefalse]", "\",\" or \"]\" is expected", 5 },
    { "1 2", "text after the value", 2 },
    { "{},", "text after the value", 2 },
    { "[]]", "text after the value", 2 },
    { "01", "a number with leading zeros", 0 },
    { "-00", "a number with leading zeros", 1 },
    { "1.", "digits are expected", 2 },
    { "1.e2", "digits are expected", 2 },
    { "1e", "digits are expected", 2 },
    { "1e+", "digits are expected", 3 },
    { "0x10", "text after the value", 1 },
    { "\"a\nb\"", "a control character in a string", 2 },
    { "\"a\tb\"", "a control character in a string", 2 },
    { "\"\\x41\"", "unknown escape", 1 },
    { "\"\\'\"", "unknown escape", 1 },
    { "\"\\u12\"", "\\u needs four hexadecimal digits", 1 },
    { "\"\\u12g4\"", "\\u needs four hexadecimal digits", 1 },
    { "\"\\u", "\\u needs four hexadecimal digits", 1 },
    { "\"\\u0000\"", "a zero character in a string", 1 },
    { "\"\\ud800\"", "a lone surrogate", 1 },
    { "\"\\udc00\"", "a lone surrogate", 1 },
    { "\"\\ud800\\n\"", "a lone surrogate", 1 },
    { "\"\\ud800\\u0041\"", "a lone surrogate", 1 },
    { "\"\\ud800\\ud800\"", "a lone surrogate", 1 },
    { "\"\\ud800\\udc0", "a lone surrogate", 1 },
    { "\"\xff\"", "invalid UTF-8", 1 },
    { "{\"\xc3\":1}", "invalid UTF-8", 2 },
    { "\"\xed\xa0\x80\"", "invalid UTF-8", 1 },
    { "[[[[[1]]]]]", "nested too deep", 4 },
    { "[[[[{\"a\":1}]]]]", "nested too deep", 4 },
};


static const char  *test_valid[] = {
    "0", "-0", "1.5", "-1.5e+10", "1E5", "true", "false", "null", "\"\"",
    "[]", "{}", " [ ] ", "\t{\r\n}\n", "[[],{}]", "[[[[]]]]",
    "{\"a\":[1,2,{\"b\":null}],\"a\":2}",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83c\\udf55\"",
    "\"caf\xc3\xa9 \xd8\xb3\xd9\x84\xd8\xa9\"",
    "123456789012345678901234567890.5",
};


static ngx_int_t
test_read_all(ngx_app_json_reader_t *jr)
{
    ngx_int_t  rc;

    do {
        rc = ngx_app_json_read(jr);
    } while (rc == NGX_OK);

    return rc;
}


static void
test_errors_are_told(void **state)
{
    ngx_str_t               s;
    ngx_uint_t              i;
    test_error_t           *t;
    ngx_app_json_reader_t   jr;

    for (i = 0; i < sizeof(test_errors) / sizeof(test_errors[0]); i++) {
        t = &test_errors[i];
        s = test_copy(*state, t->text, ngx_strlen(t->text));

        ngx_app_json_read_init(&jr, s.data, s.len, 4,
                               NGX_APP_JSON_UTF8|NGX_APP_JSON_NO_NUL);

        if (test_read_all(&jr) != NGX_DECLINED) {
            fail_msg("\"%s\" was accepted", t->text);
        }

        assert_string_equal(jr.err, t->err);
        assert_int_equal(jr.offset, t->offset);

        /* and it stays so */

        assert_int_equal(ngx_app_json_read(&jr), NGX_DECLINED);
        assert_string_equal(jr.err, t->err);
    }
}


static void
test_valid_texts_and_their_beginnings(void **state)
{
    size_t       len;
    ngx_str_t    s;
    ngx_uint_t   i;
    const char  *text;

    for (i = 0; i < sizeof(test_valid) / sizeof(test_valid[0]); i++) {
        text = test_valid[i];
        len = ngx_strlen(text);

        s = test_copy(*state, text, len);
        if (ngx_app_json_valid(s.data, len, 4) != NGX_OK) {
            fail_msg("\"%s\" was refused", text);
        }

        /* cut anywhere: no byte past the end is read; only a number may be
           cut and still be one */

        while (len-- > 0) {
            s = test_copy(*state, text, len);

            if (ngx_app_json_valid(s.data, len, 4) == NGX_OK) {
                assert_true((text[0] >= '0' && text[0] <= '9')
                            || text[0] == '-' || text[len] <= ' ');
            }
        }
    }
}


static void
test_tokens_in_order(void **state)
{
    ngx_str_t              s, str;
    int64_t                v;
    ngx_app_json_reader_t  jr;

    s = test_copy(*state, " {\"a\\u0062\" : [-12, true ,null],\"c\":\"d\"} ",
                  40);
    ngx_app_json_read_init(&jr, s.data, s.len, 8, NGX_APP_JSON_UTF8);

    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(jr.token, NGX_APP_JSON_OBJECT);
    assert_int_equal(jr.depth, 1);

    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(jr.token, NGX_APP_JSON_KEY);
    assert_str(jr.raw, "a\\u0062");
    assert_int_equal(ngx_app_json_read_text(&jr, *state, &str), NGX_OK);
    assert_str(str, "ab");

    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(jr.token, NGX_APP_JSON_ARRAY);

    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(jr.token, NGX_APP_JSON_NUMBER);
    assert_int_equal(ngx_app_json_read_int(&jr, &v), NGX_OK);
    assert_int_equal(v, -12);

    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(jr.token, NGX_APP_JSON_TRUE);
    assert_int_equal(ngx_app_json_read_int(&jr, &v), NGX_DECLINED);

    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(jr.token, NGX_APP_JSON_NULL);

    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(jr.token, NGX_APP_JSON_ARRAY_END);
    assert_int_equal(jr.depth, 1);

    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(jr.token, NGX_APP_JSON_KEY);

    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(jr.token, NGX_APP_JSON_STRING);
    assert_int_equal(ngx_app_json_read_text(&jr, *state, &str), NGX_OK);
    assert_str(str, "d");
    assert_ptr_equal(str.data, jr.raw.data);

    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(jr.token, NGX_APP_JSON_OBJECT_END);
    assert_int_equal(jr.depth, 0);

    assert_int_equal(ngx_app_json_read(&jr), NGX_DONE);
    assert_int_equal(ngx_app_json_read(&jr), NGX_DONE);
}


static void
test_skip_gives_the_whole_value(void **state)
{
    ngx_str_t              s, raw;
    ngx_uint_t             i;
    ngx_app_json_reader_t  jr;

    static const char  *values[] = {
        "1.50", "\"a\\\"b\"", "\"\"", "null", "true", "false", "[]", "{}",
        "[ [1,2] ,{\"x\":[]}]", "{\"a\":{\"b\":[1,{}]},\"c\":2}",
    };

    for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        s.data = ngx_palloc(*state, 200);
        s.len = ngx_sprintf(s.data, "{\"k\": %s ,\"z\":1}", values[i])
                - s.data;

        ngx_app_json_read_init(&jr, s.data, s.len, 8, 0);

        assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
        assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
        assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
        assert_int_equal(ngx_app_json_skip(&jr, &raw), NGX_OK);
        assert_str_z(raw, values[i]);

        assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
        assert_int_equal(jr.token, NGX_APP_JSON_KEY);
        assert_str(jr.raw, "z");
    }

    /* there is no value to skip after a key, and a bad one is not passed */

    assert_int_equal(ngx_app_json_skip(&jr, &raw), NGX_DECLINED);

    ngx_app_json_read_init(&jr, (u_char *) "[[1,2}]", 7, 8, 0);
    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(ngx_app_json_skip(&jr, &raw), NGX_DECLINED);
    assert_int_equal(jr.offset, 5);
}


static void
test_strings_are_decoded(void **state)
{
    ngx_str_t              s, str;
    ngx_uint_t             i;
    ngx_app_json_reader_t  jr;

    static struct {
        const char  *text;
        const char  *want;
    } table[] = {
        { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
        { "\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac" },
        { "\"x\\ud83c\\udf55y\"", "x\xf0\x9f\x8d\x95y" },
        { "\"\\ud83c\"", "\xef\xbf\xbd" },
        { "\"\\udf55\\ud83c\"", "\xef\xbf\xbd\xef\xbf\xbd" },
        { "\"\\ud83c\\u0041\"", "\xef\xbf\xbd" "A" },
        { "\"\\ud83c\\ud83c\\udf55\"", "\xef\xbf\xbd\xf0\x9f\x8d\x95" },
        { "\"\xff\\n\"", "\xff\n" },
    };

    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        s = test_copy(*state, table[i].text, ngx_strlen(table[i].text));

        ngx_app_json_read_init(&jr, s.data, s.len, 8, 0);
        assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
        assert_int_equal(ngx_app_json_read_text(&jr, *state, &str), NGX_OK);
        assert_str_z(str, table[i].want);
    }

    s = test_copy(*state, "\"a\\u0000b\"", 10);
    ngx_app_json_read_init(&jr, s.data, s.len, 8, NGX_APP_JSON_UTF8);
    assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
    assert_int_equal(ngx_app_json_read_text(&jr, *state, &str), NGX_OK);
    assert_str(str, "a\0b");
}


static void
test_integers_are_exact(void **state)
{
    int64_t                v;
    ngx_str_t              s;
    ngx_uint_t             i;
    ngx_app_json_reader_t  jr;

    static struct {
        const char  *text;
        ngx_int_t    rc;
        int64_t      v;
    } table[] = {
        { "0", NGX_OK, 0 },
        { "-0", NGX_OK, 0 },
        { "9223372036854775807", NGX_OK, INT64_MAX },
        { "9223372036854775808", NGX_DECLINED, 0 },
        { "-9223372036854775808", NGX_OK, INT64_MIN },
        { "-9223372036854775809", NGX_DECLINED, 0 },
        { "18446744073709551617", NGX_DECLINED, 0 },
        { "99999999999999999999999999", NGX_DECLINED, 0 },
        { "1.0", NGX_DECLINED, 0 },
        { "1e2", NGX_DECLINED, 0 },
    };

    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        s = test_copy(*state, table[i].text, ngx_strlen(table[i].text));

        ngx_app_json_read_init(&jr, s.data, s.len, 8, 0);
        assert_int_equal(ngx_app_json_read(&jr), NGX_OK);
        assert_int_equal(ngx_app_json_read_int(&jr, &v), table[i].rc);

        if (table[i].rc == NGX_OK) {
            assert_true(v == table[i].v);
        }
    }
}


static void
test_depth_is_bounded(void **state)
{
    u_char      *p;
    size_t       n;
    ngx_uint_t   depth;

    for (depth = 1; depth < NGX_APP_JSON_MAX_DEPTH + 10; depth += 5) {
        p = ngx_palloc(*state, depth * 6);

        for (n = 0; n < depth; n++) {
            p[n] = '[';
            p[depth + n] = ']';
        }

        assert_int_equal(ngx_app_json_valid(p, 2 * depth, depth),
                         (depth <= NGX_APP_JSON_MAX_DEPTH) ? NGX_OK
                                                           : NGX_DECLINED);
        assert_int_equal(ngx_app_json_valid(p, 2 * depth, depth - 1),
                         NGX_DECLINED);
    }

    /* a megabyte of brackets ends at the depth, not at the stack's end */

    p = ngx_palloc(*state, 1000000);
    ngx_memset(p, '[', 1000000);
    assert_int_equal(ngx_app_json_valid(p, 1000000, 1000000), NGX_DECLINED);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_errors_are_told),
        test_case(test_valid_texts_and_their_beginnings),
        test_case(test_tokens_in_order),
        test_case(test_skip_gives_the_whole_value),
        test_case(test_strings_are_decoded),
        test_case(test_integers_are_exact),
        test_case(test_depth_is_bounded),
    };

    return test_run(tests);
}
