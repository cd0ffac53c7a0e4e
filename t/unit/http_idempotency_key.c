
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <http/ngx_app_idempotency_key.h>


typedef struct {
    const char   *value;
    const char   *key;       /* NULL: it is none */
} test_key_t;


static test_key_t  test_keys[] = {
    { "a", "a" },
    { "8e03978e-40d5-43dd-bc93-6894a57f9324",
      "8e03978e-40d5-43dd-bc93-6894a57f9324" },
    { "\"8e03978e\"", "8e03978e" },
    { "\"a\\\"b\\\\c\"", "a\"b\\c" },
    { "a\"b", "a\"b" },
    { "a\\b", "a\\b" },
    { "~!", "~!" },
    { "", NULL },
    { "\"\"", NULL },
    { "\"", NULL },
    { "\"a", NULL },
    { "\"a\\", NULL },
    { "\"a\\\"", NULL },
    { "\"a\\b\"", NULL },
    { "\"a\"b", NULL },
    { "\"a\";v=1", NULL },
    { "\"a\" ", NULL },
    { "a b", NULL },
    { "\"a b\"", NULL },
    { "a\tb", NULL },
    { "a\x7f", NULL },
    { "a\xc3\xa9", NULL },
};


static void
test_keys_are_read(void **state)
{
    ngx_str_t    s, key;
    ngx_int_t    rc;
    ngx_uint_t   i;
    test_key_t  *t;

    for (i = 0; i < sizeof(test_keys) / sizeof(test_keys[0]); i++) {
        t = &test_keys[i];
        s = test_copy(*state, t->value, ngx_strlen(t->value));

        rc = ngx_app_idempotency_key_parse(*state, &s, &key);

        if (t->key == NULL) {
            assert_int_equal(rc, NGX_DECLINED);
            continue;
        }

        assert_int_equal(rc, NGX_OK);
        assert_int_equal(key.len, ngx_strlen(t->key));
        assert_memory_equal(key.data, t->key, key.len);
    }
}


/* 255 characters are a key, whatever it takes to write them; 256 are none */

static void
test_length_is_bounded(void **state)
{
    u_char      *text;
    size_t       n;
    ngx_str_t    s, key;

    for (n = 254; n <= 257; n++) {

        text = ngx_palloc(*state, 2 * n + 2);
        assert_non_null(text);

        ngx_memset(text, 'k', n);
        s = test_copy(*state, text, n);

        assert_int_equal(ngx_app_idempotency_key_parse(*state, &s, &key),
                         (n <= 255) ? NGX_OK : NGX_DECLINED);

        ngx_memset(text, '\\', 2 * n + 2);
        text[0] = '"';
        text[2 * n + 1] = '"';
        s = test_copy(*state, text, 2 * n + 2);

        assert_int_equal(ngx_app_idempotency_key_parse(*state, &s, &key),
                         (n <= 255) ? NGX_OK : NGX_DECLINED);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_keys_are_read),
        test_case(test_length_is_bounded),
    };

    return test_run(tests);
}
