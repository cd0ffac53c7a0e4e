
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <float.h>
#include <math.h>

#include <json/ngx_app_json_write.h>


#define NGX_APP_JSON_MAX_EXACT  9007199254740992.0  /* 2^53 */

/* up to 2^51 a product that is off by its rounding still rounds rightly */
#define NGX_APP_JSON_MAX_NEAR   2251799813685248.0

/* 10^22 is the last power that is exact in a double */
#define NGX_APP_JSON_DECIMALS   22


static u_char *ngx_app_json_fmt_decimal(u_char *p, uint64_t m, ngx_uint_t k);
static u_char *ngx_app_json_fmt_wide(u_char *p, double v, ngx_uint_t k);
static u_char *ngx_app_json_fmt_long(u_char *p, double v);
static ngx_uint_t ngx_app_json_digits(uint64_t v);


static const char  ngx_app_json_pairs[] =
    "00010203040506070809" "10111213141516171819"
    "20212223242526272829" "30313233343536373839"
    "40414243444546474849" "50515253545556575859"
    "60616263646566676869" "70717273747576777879"
    "80818283848586878889" "90919293949596979899";

static const double  ngx_app_json_powers[] = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
    1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};


u_char *
ngx_app_json_fmt_int(u_char *p, int64_t v)
{
    if (v < 0) {
        *p++ = '-';
        return ngx_app_json_fmt_uint(p, 0 - (uint64_t) v);
    }

    return ngx_app_json_fmt_uint(p, (uint64_t) v);
}


u_char *
ngx_app_json_fmt_uint(u_char *p, uint64_t v)
{
    u_char    *end, *d;
    uint32_t   w;

    if (v < 10) {
        *p++ = (u_char) ('0' + v);
        return p;
    }

    end = p + ngx_app_json_digits(v);
    d = end;

    while (v > NGX_MAX_UINT32_VALUE) {
        d -= 2;
        ngx_memcpy(d, &ngx_app_json_pairs[v % 100 * 2], 2);
        v /= 100;
    }

    w = (uint32_t) v;

    while (w >= 10) {
        d -= 2;
        ngx_memcpy(d, &ngx_app_json_pairs[w % 100 * 2], 2);
        w /= 100;
    }

    /* an odd digit in front; with an even count its place is taken */

    if (d != p) {
        *p = (u_char) ('0' + w);
    }

    return end;
}


u_char *
ngx_app_json_fmt_double(u_char *p, double v)
{
    double      a, t, diff;
    uint64_t    m;
    ngx_uint_t  k;

    if (!isfinite(v)) {
        return ngx_cpymem(p, "null", 4);
    }

    a = fabs(v);

    if (a < NGX_APP_JSON_MAX_EXACT) {

        m = (uint64_t) a;

        if ((double) m == a) {
            return ngx_app_json_fmt_int(p, (v < 0) ? - (int64_t) m
                                                   : (int64_t) m);
        }

        /*
         * The number with k decimals is m / 10^k.  Both are exact, so the
         * division rounds as a reader of the text does, and the first k where
         * it gives the number back gives the shortest text.
         */

        for (k = 1; k <= NGX_APP_JSON_DECIMALS; k++) {
            t = a * ngx_app_json_powers[k];

            if (t >= NGX_APP_JSON_MAX_NEAR) {
                return ngx_app_json_fmt_wide(p, v, k);
            }

            m = (uint64_t) (t + 0.5);

            /* spares the division where the product is not near an integer */

            diff = t - (double) m;

            if (fabs(diff) > t * 0x1p-50) {
                continue;
            }

            if ((double) m / ngx_app_json_powers[k] == a) {
                if (v < 0) {
                    *p++ = '-';
                }

                return ngx_app_json_fmt_decimal(p, m, k);
            }
        }
    }

    return ngx_app_json_fmt_long(p, v);
}


/* m / 10^k; the last digit of m is not zero */

static u_char *
ngx_app_json_fmt_decimal(u_char *p, uint64_t m, ngx_uint_t k)
{
    u_char      *d, text[NGX_APP_JSON_INT_LEN];
    ngx_uint_t   n;

    d = ngx_app_json_fmt_uint(text, m);
    n = d - text;

    if (n > k) {
        p = ngx_cpymem(p, text, n - k);
        *p++ = '.';

        return ngx_cpymem(p, text + n - k, k);
    }

    *p++ = '0';
    *p++ = '.';

    for ( /* void */ ; k > n; k--) {
        *p++ = '0';
    }

    return ngx_cpymem(p, text, n);
}


/*
 * Goes on from k decimals in integers of 128 bits: 16 and 17 digits, such as
 * coordinates and averages have.  The number is f / 2^s; m / 10^k reads back
 * as it when it is nearer than half of 1 / 2^s.
 */

static u_char *
ngx_app_json_fmt_wide(u_char *p, double v, ngx_uint_t k)
{
#if (__SIZEOF_INT128__)

    int                s;
    uint64_t           f, ten;
    unsigned __int128  x, m, d;

    f = (uint64_t) ldexp(frexp(fabs(v), &s), 53);
    s = 53 - s;

    /* 10^19 is the last power in 64 bits, and then x is below 2^117 */

    for ( /* void */ ; k <= 19; k++) {
        ten = (uint64_t) ngx_app_json_powers[k];
        x = (unsigned __int128) f * ten;
        m = (x + ((unsigned __int128) 1 << (s - 1))) >> s;

        if (m >> 64) {
            break;
        }

        d = m << s;
        d = (d > x) ? d - x : x - d;

        /* below a power of two the next number is twice as near */

        if (d < ((f == (uint64_t) 1 << 52) ? ten / 4 : ten / 2)) {
            if (v < 0) {
                *p++ = '-';
            }

            return ngx_app_json_fmt_decimal(p, (uint64_t) m, k);
        }
    }

#endif

    return ngx_app_json_fmt_long(p, v);
}


static u_char *
ngx_app_json_fmt_long(u_char *p, double v)
{
    int   n, digits;
    char  text[NGX_APP_JSON_DOUBLE_LEN], *comma;

    /* 17 digits always suffice, and few do for the denormal ones */

    digits = (fabs(v) < DBL_MIN) ? 1 : 15;

    for ( /* void */ ; digits <= 17; digits++) {
        n = snprintf(text, sizeof(text), "%.*g", digits, v);

        if (digits == 17 || strtod(text, NULL) == v) {
            break;
        }
    }

    /* a library in this process may have set a locale */

    comma = strchr(text, ',');
    if (comma != NULL) {
        *comma = '.';
    }

    return ngx_cpymem(p, text, n);
}


static ngx_uint_t
ngx_app_json_digits(uint64_t v)
{
    ngx_uint_t  n;

    for (n = 1; v >= 10000; n += 4) {
        v /= 10000;
    }

    return n + (v >= 10) + (v >= 100) + (v >= 1000);
}
