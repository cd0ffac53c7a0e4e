
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <core/ngx_app_buf.h>


/* joins a chain, checking what is promised of its buffers */

static ngx_str_t
test_join(ngx_pool_t *pool, ngx_chain_t *cl, size_t size)
{
    u_char     *p;
    ngx_str_t   s;

    s.data = ngx_palloc(pool, size + 1);
    p = s.data;

    for ( /* void */ ; cl != NULL; cl = cl->next) {
        assert_true(cl->buf->last > cl->buf->pos);
        assert_true(ngx_buf_in_memory(cl->buf));
        assert_true((size_t) (p - s.data + ngx_buf_size(cl->buf)) <= size);
        p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    s.len = p - s.data;
    assert_int_equal(s.len, size);

    return s;
}


static void
test_writes_across_pieces(void **state)
{
    size_t         size, n, i;
    u_char         data[5000];
    ngx_str_t      s;
    ngx_pool_t    *pool = *state;
    ngx_chain_t   *cl;
    ngx_app_buf_t  b;

    for (i = 0; i < sizeof(data); i++) {
        data[i] = (u_char) (i * 7 + i / 256);
    }

    for (n = 1; n < 700; n += 13) {
        ngx_app_buf_init(&b, pool, 128, sizeof(data));

        for (i = 0; i < sizeof(data); i += n) {
            assert_int_equal(ngx_app_buf_write(&b, data + i,
                                               ngx_min(n, sizeof(data) - i)),
                             NGX_OK);
        }

        assert_int_equal(ngx_app_buf_size(&b), sizeof(data));
        assert_int_equal(ngx_app_buf_write(&b, "x", 1), NGX_BUSY);
        assert_true(b.full);

        cl = ngx_app_buf_take(&b, &size);
        s = test_join(pool, cl, size);

        assert_int_equal(s.len, sizeof(data));
        assert_memory_equal(s.data, data, sizeof(data));

        assert_int_equal(ngx_app_buf_append(&b, cl, size), NGX_OK);
        assert_int_equal(ngx_app_buf_text(&b, &s), NGX_OK);
        assert_int_equal(s.len, sizeof(data));
        assert_memory_equal(s.data, data, sizeof(data));
    }
}


static void
test_nothing_written_gives_no_chain(void **state)
{
    size_t         size;
    ngx_str_t      s;
    ngx_app_buf_t  b;

    ngx_app_buf_init(&b, *state, 0, 10);

    assert_int_equal(ngx_app_buf_write(&b, NULL, 0), NGX_OK);
    assert_null(ngx_app_buf_take(&b, &size));
    assert_int_equal(size, 0);

    assert_non_null(ngx_app_buf_reserve(&b, 5));
    assert_null(ngx_app_buf_take(&b, NULL));
    assert_int_equal(ngx_app_buf_text(&b, &s), NGX_OK);
    assert_int_equal(s.len, 0);

    assert_int_equal(ngx_app_buf_write(&b, "abc", 3), NGX_OK);
    assert_int_equal(ngx_app_buf_text(&b, &s), NGX_OK);
    assert_str(s, "abc");
}


static void
test_limit_is_exact(void **state)
{
    u_char        *p;
    ngx_app_buf_t  b;

    ngx_app_buf_init(&b, *state, 4096, 10);

    assert_int_equal(ngx_app_buf_write(&b, "01234567890", 11), NGX_BUSY);
    assert_int_equal(ngx_app_buf_size(&b), 0);
    assert_int_equal(ngx_app_buf_write(&b, "0123456", 7), NGX_OK);

    assert_null(ngx_app_buf_reserve(&b, 4));
    assert_int_equal(ngx_app_buf_failed(&b), NGX_BUSY);

    p = ngx_app_buf_reserve(&b, 3);
    assert_non_null(p);
    b.pos = ngx_cpymem(p, "789", 3);

    assert_int_equal(ngx_app_buf_size(&b), 10);
    assert_int_equal(ngx_app_buf_write(&b, "", 0), NGX_OK);
    assert_int_equal(ngx_app_buf_write(&b, "x", 1), NGX_BUSY);
}


static void
test_append_links_without_copy(void **state)
{
    size_t          size, inner;
    ngx_str_t       s;
    ngx_pool_t     *pool = *state;
    ngx_chain_t    *in, *cl;
    ngx_app_buf_t   b, rows;

    ngx_app_buf_init(&rows, pool, 128, 1000);
    assert_int_equal(ngx_app_buf_write(&rows, "[1,2]", 5), NGX_OK);
    in = ngx_app_buf_take(&rows, &inner);

    ngx_app_buf_init(&b, pool, 512, 1000);
    assert_int_equal(ngx_app_buf_write(&b, "{\"a\":", 5), NGX_OK);
    assert_int_equal(ngx_app_buf_append(&b, in, inner), NGX_OK);
    assert_int_equal(ngx_app_buf_write(&b, ",\"b\":", 5), NGX_OK);
    assert_int_equal(ngx_app_buf_append(&b, in, inner), NGX_OK);
    assert_int_equal(ngx_app_buf_write(&b, "}", 1), NGX_OK);
    assert_int_equal(ngx_app_buf_append(&b, in, inner), NGX_OK);
    assert_int_equal(ngx_app_buf_size(&b), 26);

    cl = ngx_app_buf_take(&b, &size);
    s = test_join(pool, cl, size);
    assert_memory_equal(s.data, "{\"a\":[1,2],\"b\":[1,2]}[1,2]", 26);

    /* same bytes, other ngx_buf_t: sending one must not use up the other */

    assert_ptr_equal(cl->next->buf->pos, in->buf->pos);
    assert_ptr_not_equal(cl->next->buf, in->buf);

    /* the parts that were written share one piece of memory */

    assert_ptr_equal(cl->next->next->buf->pos, cl->buf->last);
}


static void
test_append_narrows_the_room(void **state)
{
    ngx_pool_t     *pool = *state;
    ngx_chain_t    *in;
    ngx_app_buf_t   b, rows;

    ngx_app_buf_init(&rows, pool, 128, 1000);
    assert_int_equal(ngx_app_buf_write(&rows, "0123456789", 10), NGX_OK);
    in = ngx_app_buf_take(&rows, NULL);

    ngx_app_buf_init(&b, pool, 512, 512);
    assert_int_equal(ngx_app_buf_write(&b, "x", 1), NGX_OK);
    assert_int_equal(ngx_app_buf_append(&b, in, 10), NGX_OK);

    assert_int_equal(ngx_app_buf_room(&b), 501);
    assert_null(ngx_app_buf_reserve(&b, 502));
    assert_non_null(ngx_app_buf_reserve(&b, 501));

    b.pos += 492;
    assert_int_equal(ngx_app_buf_append(&b, in, 10), NGX_BUSY);
    assert_true(b.full);
}


static void
test_recycled_memory_is_used_again(void **state)
{
    size_t          size, i, n;
    u_char          data[700], *seen[2];
    ngx_uint_t      fresh;
    ngx_pool_t     *pool = *state;
    ngx_chain_t    *cl;
    ngx_app_buf_t   b;

    ngx_memset(data, 'x', sizeof(data));
    ngx_app_buf_init(&b, pool, 1024, 65536);
    b.chunk = NGX_APP_BUF_MAX_CHUNK;

    for (n = 0, fresh = 0; n < 1000; n++) {

        for (i = 0; i < 30; i++) {
            assert_int_equal(ngx_app_buf_write(&b, data, sizeof(data)),
                             NGX_OK);
        }

        cl = ngx_app_buf_take(&b, &size);
        assert_int_equal(size, 30 * sizeof(data));
        assert_non_null(cl);

        for (i = 0; i < fresh; i++) {
            if (seen[i] == cl->buf->start) {
                break;
            }
        }

        if (i == fresh) {
            assert_true(fresh < 2);
            seen[fresh++] = cl->buf->start;
        }

        cl->buf->last_buf = 1;
        cl->buf->pos = cl->buf->last;
        ngx_app_buf_recycle(&b, cl);
    }

    assert_non_null(ngx_app_buf_reserve(&b, 1));
    assert_false(b.buf->last_buf);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_writes_across_pieces),
        test_case(test_nothing_written_gives_no_chain),
        test_case(test_limit_is_exact),
        test_case(test_append_links_without_copy),
        test_case(test_append_narrows_the_room),
        test_case(test_recycled_memory_is_used_again),
    };

    return test_run(tests);
}
