
/*
 * Copyright (C) the project authors
 */


/*
 * The frame of a unit test: nginx's core with true pools, and cmocka.  A test
 * is a static function of one argument; its state is a pool that the frame
 * makes before and destroys after it, so that LeakSanitizer sees what the
 * test has lost:
 *
 *     static void
 *     test_empty_list_is_refused(void **state)
 *     {
 *         ngx_pool_t  *pool = *state;
 *         ...
 *     }
 *
 *     int
 *     main(void)
 *     {
 *         const struct CMUnitTest  tests[] = {
 *             test_case(test_empty_list_is_refused),
 *         };
 *
 *         return test_run(tests);
 *     }
 *
 */


#ifndef _NGX_APP_TEST_H_INCLUDED_
#define _NGX_APP_TEST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>


#define test_case(f)                                                         \
    cmocka_unit_test_setup_teardown(f, test_setup, test_teardown)

#define test_run(tests)                                                      \
    (test_start(), cmocka_run_group_tests(tests, NULL, NULL))

/* compares bytes with a C string; on a difference both are shown */
#define assert_str(s, text)                                                  \
    test_str((s).data, (s).len, text, sizeof(text) - 1, __FILE__, __LINE__)

/* the same with a text whose length is not known to the compiler */
#define assert_str_z(s, text)                                                \
    test_str((s).data, (s).len, text, ngx_strlen(text), __FILE__, __LINE__)


static ngx_log_t        test_log;
static ngx_open_file_t  test_log_file;
static ngx_cycle_t      test_cycle;


static inline void
test_start(void)
{
    ngx_pagesize = getpagesize();
    ngx_cacheline_size = NGX_CPU_CACHE_LINE;

    test_log_file.fd = ngx_stderr;
    test_log.file = &test_log_file;
    test_log.log_level = NGX_LOG_EMERG;

    test_cycle.log = &test_log;
    ngx_cycle = &test_cycle;

    ngx_time_init();
}


static inline int
test_setup(void **state)
{
    *state = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, &test_log);

    return *state == NULL;
}


static inline int
test_teardown(void **state)
{
    ngx_destroy_pool(*state);

    return 0;
}


/* a copy in a heap block of exactly its size: a read past it is reported */

static inline ngx_str_t
test_copy(ngx_pool_t *pool, const void *data, size_t len)
{
    ngx_str_t  s;

    s.len = len;
    s.data = ngx_palloc(pool, len);
    assert_non_null(s.data);

    if (len) {
        ngx_memcpy(s.data, data, len);
    }

    return s;
}


static inline void
test_str(const u_char *data, size_t len, const char *text, size_t text_len,
    const char *file, int line)
{
    if (len == text_len && (len == 0 || ngx_memcmp(data, text, len) == 0)) {
        return;
    }

    print_error("\"%.*s\" (%zu bytes) is not \"%.*s\" (%zu bytes)\n",
                (int) len, data, len, (int) text_len, text, text_len);
    _fail(file, line);
}


#endif /* _NGX_APP_TEST_H_INCLUDED_ */
