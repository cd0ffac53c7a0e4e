
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <json/ngx_app_json_member.h>


#define DEPTH  4


static ngx_str_t
text_of(ngx_pool_t *pool, const char *text, size_t len)
{
    ngx_str_t  s;

    /* an own block, so that a read past it is seen */

    s.len = len;
    s.data = ngx_palloc(pool, len + 1);
    assert_non_null(s.data);
    ngx_memcpy(s.data, text, len);

    return s;
}


static void
test_values_by_their_path(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t     i;
    ngx_int_t  rc;
    ngx_str_t  text, path, found;

    static char  all[] =
        "{\"a\":{\"b\":[1,{\"c\":\"x\\\"y\"},[]]}, \"d.e\":2,"
        " \"\\u0061b\":true,\"twice\":1,\"twice\":[2],\"z\":null,\"\":3,"
        " \"_0\":4}";

    static const struct {
        const char  *path;
        const char  *found;
    } cases[] = {
        { "a", "{\"b\":[1,{\"c\":\"x\\\"y\"},[]]}" },
        { "a.b", "[1,{\"c\":\"x\\\"y\"},[]]" },
        { "a.b._0", "1" },
        { "a.b._1.c", "\"x\\\"y\"" },
        { "a.b._2", "[]" },
        { "a.b._3", NULL },
        { "a.b._2._0", NULL },
        { "a.b._", NULL },
        { "a.b._x", NULL },
        { "a.b._99999999999999999999", NULL },
        { "a.b.0", NULL },
        { "a.b.length", NULL },
        { "a.c", NULL },
        { "a.b._1.c.d", NULL },
        { "d.e", NULL },
        { "ab", "true" },
        { "twice", "[2]" },
        { "z", "null" },
        { "z.a", NULL },
        { "_0", "4" },
        { "", "3" },
        { "A", NULL },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        text = text_of(pool, all, sizeof(all) - 1);
        path = text_of(pool, cases[i].path, strlen(cases[i].path));
        ngx_str_null(&found);

        rc = ngx_app_json_find(&text, &path, pool, &found);

        if (cases[i].found == NULL) {
            assert_int_equal(rc, NGX_DECLINED);
            assert_null(found.data);
            continue;
        }

        assert_int_equal(rc, NGX_OK);
        assert_str_z(found, cases[i].found);
    }
}


/* of a text that was not checked nothing is found that is not there */

static void
test_cut_text_is_no_danger(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t     i;
    ngx_str_t  text, path = ngx_string("a._1.b"), found;

    static char  all[] = "{\"x\":\"\\u00e9\",\"a\":[0,{\"b\":\"c\"}]}";

    for (i = 0; i < sizeof(all) - 1; i++) {
        text = text_of(pool, all, i);

        if (ngx_app_json_find(&text, &path, pool, &found) == NGX_OK) {
            assert_str(found, "\"c\"");
        }
    }

    text = text_of(pool, all, i);
    assert_int_equal(ngx_app_json_find(&text, &path, pool, &found), NGX_OK);
}


static void
test_members_of_an_object(void **state)
{
    ngx_pool_t  *pool = *state;

    ngx_str_t              text;
    ngx_app_json_member_t  m[] = {
        { ngx_string("s"), 0, ngx_null_string },
        { ngx_string("n"), 0, ngx_null_string },
        { ngx_string("o"), 0, ngx_null_string },
        { ngx_string("none"), 0, ngx_null_string },
        { ngx_string("z"), 0, ngx_null_string },
    };

    static char  all[] = " {\"\\u0073\":\"a\\nb\",\"x\":{\"n\":1,\"n\":2},"
                         "\"n\":-1.50,\"o\":[{\"s\":1}], \"z\":null} ";

    text = text_of(pool, all, sizeof(all) - 1);

    assert_int_equal(ngx_app_json_members(&text, DEPTH, m, 5, pool), NGX_OK);

    assert_int_equal(m[0].token, NGX_APP_JSON_STRING);
    assert_str(m[0].text, "a\nb");
    assert_int_equal(m[1].token, NGX_APP_JSON_NUMBER);
    assert_str(m[1].text, "-1.50");
    assert_int_equal(m[2].token, NGX_APP_JSON_ARRAY);
    assert_str(m[2].text, "[{\"s\":1}]");
    assert_int_equal(m[3].token, 0);
    assert_int_equal(m[4].token, NGX_APP_JSON_NULL);
}


static void
test_what_is_no_such_object_is_refused(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t                 i;
    ngx_str_t              text;
    ngx_app_json_member_t  m;

    static const char  *bad[] = {
        "", "[]", "1", "\"a\"", "null", "{", "{}}", "{\"a\":1,}", "{} x",
        "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "{\"b\":\"\\u0000\"}",
        "{\"b\":\"\\ud800\"}", "{\"b\":\"\xff\"}", "{\"b\":[[[[1]]]]}",
        "{\"a\":}", "{\"a\"}",
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ngx_memzero(&m, sizeof(m));
        ngx_str_set(&m.name, "a");

        text = text_of(pool, bad[i], strlen(bad[i]));
        assert_int_equal(ngx_app_json_members(&text, DEPTH, &m, 1, pool),
                         NGX_DECLINED);
    }

    /* others may come twice */

    ngx_memzero(&m, sizeof(m));
    ngx_str_set(&m.name, "a");
    text = text_of(pool, "{\"b\":1,\"b\":2,\"a\":3}", 19);
    assert_int_equal(ngx_app_json_members(&text, DEPTH, &m, 1, pool), NGX_OK);
    assert_str(m.text, "3");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_values_by_their_path),
        test_case(test_cut_text_is_no_danger),
        test_case(test_members_of_an_object),
        test_case(test_what_is_no_such_object_is_refused),
    };

    return test_run(tests);
}
