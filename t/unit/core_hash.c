
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <core/ngx_app_hash.h>


static void
test_pieces_give_the_same_hash(void **state)
{
    size_t          i, n, len;
    u_char          data[300];
    uint64_t        want;
    ngx_app_hash_t  h;

    for (i = 0; i < sizeof(data); i++) {
        data[i] = (u_char) (i * 11 + 3);
    }

    for (len = 0; len < sizeof(data); len++) {
        want = ngx_app_hash64(data, len, 42);

        for (n = 1; n < 70; n++) {
            ngx_app_hash_init(&h, 42);

            for (i = 0; i < len; i += n) {
                ngx_app_hash_update(&h, data + i, ngx_min(n, len - i));
            }

            assert_true(ngx_app_hash_final(&h) == want);
        }
    }
}


static void
test_length_and_seed_count(void **state)
{
    size_t    i, j;
    u_char    zeros[70];
    uint64_t  h[70];

    ngx_memzero(zeros, sizeof(zeros));

    for (i = 0; i < 70; i++) {
        h[i] = ngx_app_hash64(zeros, i, 0);

        for (j = 0; j < i; j++) {
            assert_true(h[i] != h[j]);
        }

        assert_true(h[i] != ngx_app_hash64(zeros, i, 1));
    }
}


/* any bit of a text turns over about half of the bits of its hash */

static void
test_every_bit_counts(void **state)
{
    size_t      bit, len;
    u_char      data[100];
    uint64_t    h;
    ngx_uint_t  changed, n, total;

    total = 0;
    n = 0;

    for (len = 1; len < sizeof(data); len++) {
        ngx_memset(data, 'a', len);
        h = ngx_app_hash64(data, len, 7);

        for (bit = 0; bit < len * 8; bit++) {
            data[bit / 8] ^= (u_char) (1 << bit % 8);

            changed = __builtin_popcountll(h ^ ngx_app_hash64(data, len, 7));
            assert_in_range(changed, 8, 56);

            total += changed;
            n++;

            data[bit / 8] ^= (u_char) (1 << bit % 8);
        }
    }

    assert_in_range(total / n, 31, 32);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_pieces_give_the_same_hash),
        test_case(test_length_and_seed_count),
        test_case(test_every_bit_counts),
    };

    return test_run(tests);
}
