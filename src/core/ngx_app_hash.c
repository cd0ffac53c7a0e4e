
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_hash.h>


/* odd, about half of the bits set: digits of the square roots of 2, 3, 5, 7 */

#define NGX_APP_HASH_K0  0x6a09e667f3bcc909ull
#define NGX_APP_HASH_K1  0xbb67ae8584caa73bull
#define NGX_APP_HASH_K2  0x3c6ef372fe94f82bull
#define NGX_APP_HASH_K3  0xa54ff53a5f1d36f1ull


static const u_char *ngx_app_hash_blocks(ngx_app_hash_t *h, const u_char *p,
    const u_char *last);
static ngx_inline uint64_t ngx_app_hash_load(const u_char *p);
static ngx_inline uint64_t ngx_app_hash_mix(uint64_t x, uint64_t y);


uint64_t
ngx_app_hash64(const void *data, size_t len, uint64_t seed)
{
    ngx_app_hash_t  h;

    ngx_app_hash_init(&h, seed);
    ngx_app_hash_update(&h, data, len);

    return ngx_app_hash_final(&h);
}


void
ngx_app_hash_init(ngx_app_hash_t *h, uint64_t seed)
{
    h->a = seed ^ NGX_APP_HASH_K0;
    h->b = ngx_app_hash_mix(h->a, NGX_APP_HASH_K1);
    h->len = 0;
    h->nblock = 0;
}


void
ngx_app_hash_update(ngx_app_hash_t *h, const void *data, size_t len)
{
    size_t         n;
    const u_char  *p, *last;

    if (len == 0) {
        return;
    }

    p = data;
    last = p + len;
    h->len += len;

    if (h->nblock != 0) {
        n = ngx_min(len, NGX_APP_HASH_BLOCK - h->nblock);

        ngx_memcpy(h->block + h->nblock, p, n);
        h->nblock += n;
        p += n;

        if (h->nblock < NGX_APP_HASH_BLOCK) {
            return;
        }

        (void) ngx_app_hash_blocks(h, h->block,
                                   h->block + NGX_APP_HASH_BLOCK);
    }

    p = ngx_app_hash_blocks(h, p, last);

    h->nblock = last - p;
    ngx_memcpy(h->block, p, h->nblock);
}


uint64_t
ngx_app_hash_final(ngx_app_hash_t *h)
{
    if (h->nblock != 0) {
        ngx_memzero(h->block + h->nblock, NGX_APP_HASH_BLOCK - h->nblock);

        (void) ngx_app_hash_blocks(h, h->block,
                                   h->block + NGX_APP_HASH_BLOCK);

        h->nblock = 0;
    }

    /* the length tells a text from the same with zeros behind it */

    return ngx_app_hash_mix(h->a ^ h->len ^ NGX_APP_HASH_K2,
                            h->b ^ NGX_APP_HASH_K3);
}


/* two lanes, for a multiplication has to wait only for that of its own lane */

static const u_char *
ngx_app_hash_blocks(ngx_app_hash_t *h, const u_char *p, const u_char *last)
{
    uint64_t  a, b;

    a = h->a;
    b = h->b;

    while (last - p >= NGX_APP_HASH_BLOCK) {
        a = ngx_app_hash_mix(a ^ ngx_app_hash_load(p),
                             NGX_APP_HASH_K1 ^ ngx_app_hash_load(p + 8));
        b = ngx_app_hash_mix(b ^ ngx_app_hash_load(p + 16),
                             NGX_APP_HASH_K2 ^ ngx_app_hash_load(p + 24));
        p += NGX_APP_HASH_BLOCK;
    }

    h->a = a;
    h->b = b;

    return p;
}


static ngx_inline uint64_t
ngx_app_hash_load(const u_char *p)
{
    uint64_t  v;

    ngx_memcpy(&v, p, 8);

    return v;
}


/*
 * Both halves of the 128-bit product.  The addend keeps a lane alive when one
 * of the factors is zero.
 */

static ngx_inline uint64_t
ngx_app_hash_mix(uint64_t x, uint64_t y)
{
    uint64_t  lo, hi;

#if (__SIZEOF_INT128__)

    unsigned __int128  m;

    m = (unsigned __int128) x * y;
    lo = (uint64_t) m;
    hi = (uint64_t) (m >> 64);

#else

    uint64_t  ll, lh, hl, mid;

    ll = (x & 0xffffffff) * (y & 0xffffffff);
    lh = (x & 0xffffffff) * (y >> 32);
    hl = (x >> 32) * (y & 0xffffffff);
    mid = (ll >> 32) + (lh & 0xffffffff) + (hl & 0xffffffff);

    lo = x * y;
    hi = (x >> 32) * (y >> 32) + (lh >> 32) + (hl >> 32) + (mid >> 32);

#endif

    return (lo ^ hi) + (x ^ (y << 32 | y >> 32));
}
