
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <http/ngx_app_problem.h>


static void
test_bodies(void **state)
{
    ngx_str_t       s;
    ngx_uint_t      i;
    ngx_chain_t    *cl;
    ngx_app_buf_t   b;

    static ngx_str_t  messages[] = {
        ngx_string("page must not be less than 1"),
        ngx_string("say \"please\"\n"),
        ngx_string("caf\xc3\xa9 \xff")
    };

    static struct {
        ngx_uint_t   status;
        ngx_uint_t   n;
        const char  *body;
    } table[] = {
        { 404, 0, "{\"statusCode\":404,\"message\":\"\"}" },
        { 400, 1, "{\"statusCode\":400,"
          "\"message\":\"page must not be less than 1\"}" },
        { 400, 3, "{\"statusCode\":400,"
          "\"message\":[\"page must not be less than 1\","
          "\"say \\\"please\\\"\\n\","
          "\"caf\xc3\xa9 \xef\xbf\xbd\"]}" },
    };

    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        ngx_app_buf_init(&b, *state, 1024, 1024);
        assert_int_equal(ngx_app_problem_write(&b, table[i].status, messages,
                                               table[i].n), NGX_OK);

        cl = ngx_app_buf_take(&b, &s.len);
        assert_non_null(cl);
        assert_null(cl->next);

        s.data = cl->buf->pos;
        assert_str_z(s, table[i].body);

        /* a limit below it at any place is met cleanly */

        while (s.len-- > 0) {
            ngx_app_buf_init(&b, *state, 1024, s.len);
            assert_int_equal(ngx_app_problem_write(&b, table[i].status,
                                                   messages, table[i].n),
                             NGX_BUSY);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_bodies),
    };

    return test_run(tests);
}
