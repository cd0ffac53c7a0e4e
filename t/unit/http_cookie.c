
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <http/ngx_app_cookie.h>


static void
test_cookies_by_their_names(void **state)
{
    size_t     i;
    ngx_int_t  rc;
    ngx_str_t  header, name, value;

    static const struct {
        const char  *header;
        const char  *name;
        const char  *value;
    } cases[] = {
        { "a=b", "a", "b" },
        { "SID=31d4d96e407aad42; lang=en-US", "SID", "31d4d96e407aad42" },
        { "SID=31d4d96e407aad42; lang=en-US", "lang", "en-US" },
        { "a=1;b=2", "b", "2" },
        { "a=1;   b=2", "b", "2" },
        { "a=1;;; b=2;", "b", "2" },
        { "; a=1", "a", "1" },
        { " a=1", "a", "1" },
        { "a=x=y==", "a", "x=y==" },
        { "a=\"q\"", "a", "\"q\"" },
        { "a=1; a=2", "a", "1" },
        { "a=; a=2", "a", "2" },
        { "aa=1; a=2", "a", "2" },
        { "xa=1", "a", NULL },
        { "A=1", "a", NULL },
        { "a", "a", NULL },
        { "a=", "a", NULL },
        { "a =1", "a", NULL },
        { "b=a=1", "a", NULL },
        { "b=x,a=1", "a", NULL },
        { "", "a", NULL },
        { ";", "a", NULL },
        { " ", "a", NULL },
        { "=1", "a", NULL },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {

        /* an own block, so that a read past it is seen */

        header.len = strlen(cases[i].header);
        header.data = malloc(header.len + (header.len == 0));
        ngx_memcpy(header.data, cases[i].header, header.len);
        name.data = (u_char *) (uintptr_t) cases[i].name;
        name.len = strlen(cases[i].name);

        rc = ngx_app_cookie_find(&header, &name, &value);

        if (cases[i].value) {
            assert_int_equal(rc, NGX_OK);
            assert_str_z(value, cases[i].value);

        } else {
            assert_int_equal(rc, NGX_DECLINED);
        }

        free(header.data);
    }
}


/* of a header that is cut nothing is found that was not there */

static void
test_cut_headers(void **state)
{
    size_t     i;
    ngx_str_t  header, name = ngx_string("session"), value;

    static char  all[] = "lang=en; session=abc; x";

    for (i = 0; i < sizeof(all); i++) {
        header.data = malloc(i + 1);
        header.len = i;
        ngx_memcpy(header.data, all, i);

        if (ngx_app_cookie_find(&header, &name, &value) == NGX_OK) {
            assert_true(i > 17);
            assert_int_equal(value.len, ngx_min(i - 17, 3));
            assert_memory_equal(value.data, "abc", value.len);

        } else {
            assert_true(i <= 17);
        }

        free(header.data);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_cookies_by_their_names),
        test_case(test_cut_headers),
    };

    return test_run(tests);
}
