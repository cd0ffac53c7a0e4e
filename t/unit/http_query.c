
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <http/ngx_app_query.h>


typedef struct {
    const char   *args;
    ngx_uint_t    count;
    const char   *text;
    const char   *fault;
} test_query_t;


/* what "q" becomes */

static test_query_t  test_queries[] = {
    { "", 0, "", NULL },
    { "q", 1, "", NULL },
    { "q=", 1, "", NULL },
    { "q=a", 1, "a", NULL },
    { "&&q=a&&", 1, "a", NULL },
    { "=x&q=a&=", 1, "a", NULL },
    { "x=1&q=a&y", 1, "a", NULL },
    { "qq=1&Q=2", 0, "", NULL },
    { "q=a=b=c", 1, "a=b=c", NULL },
    { "q=a+b%20c%2Bd", 1, "a b c+d", NULL },
    { "%71=a", 1, "a", NULL },
    { "q%00=a", 0, "", NULL },
    { "q=%C3%A9%d8%b3", 1, "\xc3\xa9\xd8\xb3", NULL },
    { "q=\xc3\xa9", 1, "\xc3\xa9", NULL },
    { "q=100%", 1, "100%", NULL },
    { "q=%zz%4", 1, "%zz%4", NULL },
    { "q=%26%3D%23", 1, "&=#", NULL },
    { "q=a?b#c", 1, "a?b#c", NULL },
    { "q=%00", 1, NULL, "must not contain a zero byte" },
    { "q=a%00b", 1, NULL, "must not contain a zero byte" },
    { "q=%FF", 1, NULL, "must be valid UTF-8" },
    { "q=\xff", 1, NULL, "must be valid UTF-8" },
    { "q=%C3", 1, NULL, "must be valid UTF-8" },
    { "q=%ED%A0%80", 1, NULL, "must be valid UTF-8" },
    { "q=%C0%AF", 1, NULL, "must be valid UTF-8" },
    { "q=a&q=b", 2, "a", "must be given once" },
    { "q=a&x=1&q&q=a", 3, "a", "must be given once" },
    { "%ff=1&q=a", 1, "a", NULL },
};


static void
test_values_are_decoded(void **state)
{
    ngx_str_t               s, names[3];
    ngx_uint_t              i;
    test_query_t           *t;
    ngx_app_query_t        *q;
    ngx_app_query_value_t   values[3];

    ngx_str_set(&names[0], "limit");
    ngx_str_set(&names[1], "q");
    ngx_str_set(&names[2], "page");

    q = ngx_app_query_create(*state, names, 3);
    assert_non_null(q);

    for (i = 0; i < sizeof(test_queries) / sizeof(test_queries[0]); i++) {
        t = &test_queries[i];
        s = test_copy(*state, t->args, ngx_strlen(t->args));

        assert_int_equal(ngx_app_query_parse(q, *state, &s, 10, values),
                         NGX_OK);
        assert_int_equal(values[1].count, t->count);

        if (t->fault) {
            assert_non_null(values[1].fault);
            assert_string_equal(values[1].fault, t->fault);

        } else {
            assert_null(values[1].fault);
        }

        if (t->text) {
            assert_str_z(values[1].text, t->text);
        }

        assert_int_equal(values[0].count, 0);
        assert_int_equal(values[2].count, 0);
    }
}


static void
test_every_name_is_found(void **state)
{
    u_char                 *p;
    ngx_str_t               names[40], args;
    ngx_uint_t              i;
    ngx_app_query_t        *q;
    ngx_app_query_value_t   values[40];

    args.data = ngx_palloc(*state, 4096);
    p = args.data;

    for (i = 0; i < 40; i++) {
        names[i].data = ngx_palloc(*state, 20);
        names[i].len = ngx_sprintf(names[i].data, "%*sn%ui", i % 5, "abcde",
                                   i * 7919 % 40) - names[i].data;
        p = ngx_sprintf(p, "%V=%ui&", &names[i], i);
    }

    args.len = p - args.data;

    q = ngx_app_query_create(*state, names, 40);
    assert_int_equal(ngx_app_query_parse(q, *state, &args, 40, values),
                     NGX_OK);

    for (i = 0; i < 40; i++) {
        assert_int_equal(values[i].count, 1);
        assert_int_equal(ngx_atoi(values[i].text.data, values[i].text.len), i);

        /* a value without escapes is a slice */

        assert_in_range((uintptr_t) values[i].text.data,
                        (uintptr_t) args.data, (uintptr_t) p);
    }
}


static void
test_pairs_are_bounded(void **state)
{
    ngx_str_t               args, name = ngx_string("q");
    ngx_app_query_t        *q;
    ngx_app_query_value_t   value;

    q = ngx_app_query_create(*state, &name, 1);

    ngx_str_set(&args, "&a=1&&b=2&q=3&");
    assert_int_equal(ngx_app_query_parse(q, *state, &args, 3, &value), NGX_OK);
    assert_int_equal(ngx_app_query_parse(q, *state, &args, 2, &value),
                     NGX_BUSY);

    q = ngx_app_query_create(*state, NULL, 0);
    assert_int_equal(ngx_app_query_parse(q, *state, &args, 3, NULL), NGX_OK);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_values_are_decoded),
        test_case(test_every_name_is_found),
        test_case(test_pairs_are_bounded),
    };

    return test_run(tests);
}
