
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_value.h>
#include <lang/ngx_app_time.h>

#include <locale.h>
#include <math.h>


/* digits that a number's text may have to be calculated with */
#define NGX_APP_VALUE_MAX_DIGITS  400

/* 2^53 and 2^63 */
#define NGX_APP_VALUE_EXACT       9007199254740992ULL
#define NGX_APP_VALUE_INT_LIMIT   9223372036854775808.0


/* a decimal without the zeros that do not count */

typedef struct {
    ngx_str_t  whole;
    ngx_str_t  fraction;
    ngx_int_t  sign;       /* -1, 0 or 1 */
} ngx_app_digits_t;


static ngx_int_t ngx_app_value_compare_numbers(ngx_app_value_t *a,
    ngx_app_value_t *b, ngx_int_t *cmp);
static ngx_int_t ngx_app_value_compare_int_double(int64_t i, double d);
static ngx_int_t ngx_app_value_compare_times(ngx_app_value_t *a,
    ngx_app_value_t *b, ngx_int_t *cmp);
static ngx_int_t ngx_app_value_compare_texts(ngx_str_t *a, ngx_str_t *b);
static void ngx_app_value_digits(ngx_app_value_t *v, u_char *buf,
    ngx_app_digits_t *digits);
static ngx_int_t ngx_app_value_compare_digits(ngx_app_digits_t *a,
    ngx_app_digits_t *b);
static double ngx_app_value_double(ngx_app_value_t *v);
static ngx_int_t ngx_app_value_slow_double(ngx_str_t *s, double *d);


#define ngx_app_value_order(a, b)  (((a) > (b)) - ((a) < (b)))


ngx_int_t
ngx_app_value_compare(ngx_app_value_t *a, ngx_app_value_t *b, ngx_int_t *cmp)
{
    ngx_app_value_t  n;

    if (ngx_app_value_is_null(a) || ngx_app_value_is_null(b)) {
        *cmp = 0;
        return (ngx_app_value_is_null(a) && ngx_app_value_is_null(b))
               ? NGX_OK : NGX_DECLINED;
    }

    if (a->type == NGX_APP_CHAIN || b->type == NGX_APP_CHAIN) {
        return NGX_DECLINED;
    }

    if (a->type == NGX_APP_DATETIME || b->type == NGX_APP_DATETIME) {
        return ngx_app_value_compare_times(a, b, cmp);
    }

    if (ngx_app_value_is_number(a) && ngx_app_value_is_number(b)) {
        return ngx_app_value_compare_numbers(a, b, cmp);
    }

    if (ngx_app_value_is_number(a)) {
        if (ngx_app_value_parse_number(&b->u.s, &n) != NGX_OK) {
            return NGX_DECLINED;
        }

        return ngx_app_value_compare_numbers(a, &n, cmp);
    }

    if (ngx_app_value_is_number(b)) {
        if (ngx_app_value_parse_number(&a->u.s, &n) != NGX_OK) {
            return NGX_DECLINED;
        }

        return ngx_app_value_compare_numbers(&n, b, cmp);
    }

    *cmp = ngx_app_value_compare_texts(&a->u.s, &b->u.s);

    return NGX_OK;
}


ngx_uint_t
ngx_app_value_equal(ngx_app_value_t *a, ngx_app_value_t *b)
{
    ngx_int_t  cmp;

    return ngx_app_value_compare(a, b, &cmp) == NGX_OK && cmp == 0;
}


static ngx_int_t
ngx_app_value_compare_times(ngx_app_value_t *a, ngx_app_value_t *b,
    ngx_int_t *cmp)
{
    int64_t           t[2];
    ngx_uint_t        i;
    ngx_app_value_t  *v[2];

    v[0] = a;
    v[1] = b;

    for (i = 0; i < 2; i++) {

        if (v[i]->type == NGX_APP_DATETIME) {
            t[i] = v[i]->u.i;

        } else if (v[i]->type != NGX_APP_STRING
                   || ngx_app_time_parse(v[i]->u.s.data, v[i]->u.s.len, &t[i])
                      != NGX_OK)
        {
            return NGX_DECLINED;
        }
    }

    *cmp = ngx_app_value_order(t[0], t[1]);

    return NGX_OK;
}


static ngx_int_t
ngx_app_value_compare_texts(ngx_str_t *a, ngx_str_t *b)
{
    ngx_int_t  rc;

    rc = ngx_memcmp(a->data, b->data, ngx_min(a->len, b->len));

    if (rc != 0) {
        return rc;
    }

    return ngx_app_value_order(a->len, b->len);
}


static ngx_int_t
ngx_app_value_compare_numbers(ngx_app_value_t *a, ngx_app_value_t *b,
    ngx_int_t *cmp)
{
    u_char            abuf[NGX_APP_VALUE_LEN], bbuf[NGX_APP_VALUE_LEN];
    ngx_uint_t        adouble, bdouble;
    ngx_app_digits_t  ad, bd;

    adouble = (a->type == NGX_APP_DOUBLE);
    bdouble = (b->type == NGX_APP_DOUBLE);

    if (a->type == NGX_APP_DECIMAL || b->type == NGX_APP_DECIMAL) {

        if (adouble || bdouble) {
            *cmp = ngx_app_value_order(ngx_app_value_double(a),
                                       ngx_app_value_double(b));
            return NGX_OK;
        }

        ngx_app_value_digits(a, abuf, &ad);
        ngx_app_value_digits(b, bbuf, &bd);

        *cmp = ngx_app_value_compare_digits(&ad, &bd);

        return NGX_OK;
    }

    if (adouble && bdouble) {
        *cmp = ngx_app_value_order(a->u.d, b->u.d);

    } else if (adouble) {
        *cmp = -ngx_app_value_compare_int_double(b->u.i, a->u.d);

    } else if (bdouble) {
        *cmp = ngx_app_value_compare_int_double(a->u.i, b->u.d);

    } else {
        *cmp = ngx_app_value_order(a->u.i, b->u.i);
    }

    return NGX_OK;
}


/* by value: an integer past 2^53 has no double of its own */

static ngx_int_t
ngx_app_value_compare_int_double(int64_t i, double d)
{
    int64_t  n;

    if (d >= NGX_APP_VALUE_INT_LIMIT) {
        return -1;
    }

    if (d < -NGX_APP_VALUE_INT_LIMIT) {
        return 1;
    }

    n = (int64_t) d;

    if (i != n) {
        return ngx_app_value_order(i, n);
    }

    return ngx_app_value_order((double) n, d);
}


static void
ngx_app_value_digits(ngx_app_value_t *v, u_char *buf,
    ngx_app_digits_t *digits)
{
    u_char     *p, *last;
    ngx_str_t   s;

    if (v->type == NGX_APP_DECIMAL) {
        s = v->u.s;

    } else {
        s.data = buf;
        s.len = ngx_sprintf(buf, "%L", v->u.i) - buf;
    }

    p = s.data;
    last = s.data + s.len;
    digits->sign = 1;

    if (p < last && (*p == '-' || *p == '+')) {
        digits->sign = (*p == '-') ? -1 : 1;
        p++;
    }

    while (p < last && *p == '0') {
        p++;
    }

    digits->whole.data = p;

    while (p < last && *p != '.') {
        p++;
    }

    digits->whole.len = p - digits->whole.data;

    if (p < last) {
        p++;

        while (last > p && last[-1] == '0') {
            last--;
        }
    }

    digits->fraction.data = p;
    digits->fraction.len = last - p;

    if (digits->whole.len == 0 && digits->fraction.len == 0) {
        digits->sign = 0;
    }
}


static ngx_int_t
ngx_app_value_compare_digits(ngx_app_digits_t *a, ngx_app_digits_t *b)
{
    ngx_int_t  rc;

    if (a->sign != b->sign) {
        return ngx_app_value_order(a->sign, b->sign);
    }

    if (a->whole.len != b->whole.len) {
        rc = ngx_app_value_order(a->whole.len, b->whole.len);

    } else {
        rc = ngx_memcmp(a->whole.data, b->whole.data, a->whole.len);

        if (rc == 0) {
            rc = ngx_app_value_compare_texts(&a->fraction, &b->fraction);
        }
    }

    return (a->sign < 0) ? -rc : rc;
}


ngx_int_t
ngx_app_value_number(ngx_app_value_t *v, ngx_app_value_t *n)
{
    double           d;
    ngx_app_value_t  parsed;

    switch (v->type) {

    case NGX_APP_BOOL:
    case NGX_APP_INT:
        ngx_app_value_set_int(n, v->u.i);
        return NGX_OK;

    case NGX_APP_DOUBLE:
        *n = *v;
        return NGX_OK;

    case NGX_APP_DECIMAL:
    case NGX_APP_STRING:
    case NGX_APP_JSON:
        if (ngx_app_value_parse_number(&v->u.s, &parsed) != NGX_OK) {
            return NGX_DECLINED;
        }

        if (parsed.type != NGX_APP_DECIMAL) {
            *n = parsed;
            return NGX_OK;
        }

        if (ngx_app_value_parse_double(&parsed.u.s, &d) != NGX_OK) {
            return NGX_DECLINED;
        }

        ngx_app_value_set_double(n, d);

        return (n->type == NGX_APP_DOUBLE) ? NGX_OK : NGX_DECLINED;

    default:
        return NGX_DECLINED;
    }
}


ngx_int_t
ngx_app_value_parse_number(ngx_str_t *s, ngx_app_value_t *n)
{
    u_char      *p, *last, *start;
    double       d;
    uint64_t     value, max;
    ngx_uint_t   minus, fits;

    p = s->data;
    last = p + s->len;
    value = 0;
    fits = 1;

    minus = (p < last && *p == '-');
    p += minus;
    max = (uint64_t) INT64_MAX + minus;

    for (start = p; p < last && *p >= '0' && *p <= '9'; p++) {

        if (value > (max - (uint64_t) (*p - '0')) / 10) {
            fits = 0;
            continue;
        }

        value = value * 10 + (*p - '0');
    }

    if (p == start) {
        return NGX_DECLINED;
    }

    if (p == last && fits) {
        ngx_app_value_set_int(n, (int64_t) (minus ? 0 - value : value));
        return NGX_OK;
    }

    if (p < last && *p == '.') {
        start = ++p;

        while (p < last && *p >= '0' && *p <= '9') {
            p++;
        }

        if (p == start) {
            return NGX_DECLINED;
        }
    }

    if (p == last) {
        n->type = NGX_APP_DECIMAL;
        n->u.s = *s;
        return NGX_OK;
    }

    if (ngx_app_value_parse_double(s, &d) != NGX_OK) {
        return NGX_DECLINED;
    }

    ngx_app_value_set_double(n, d);

    return (n->type == NGX_APP_DOUBLE) ? NGX_OK : NGX_DECLINED;
}


/*
 * Up to 2^53 and 10^22 both are exact as doubles, so one division rounds as
 * it should; that is nearly every number there is.
 */

ngx_int_t
ngx_app_value_parse_double(ngx_str_t *s, double *d)
{
    u_char      *p, *last;
    double       scale;
    uint64_t     value;
    ngx_uint_t   minus, digits, point;

    p = s->data;
    last = p + s->len;
    value = 0;
    scale = 1;
    digits = 0;
    point = 0;

    minus = (p < last && *p == '-');
    p += minus;

    for ( /* void */ ; p < last; p++) {

        if (*p == '.' && !point) {
            point = 1;
            continue;
        }

        if (*p < '0' || *p > '9'
            || value > (NGX_APP_VALUE_EXACT - 9) / 10 || scale >= 1e22)
        {
            return ngx_app_value_slow_double(s, d);
        }

        value = value * 10 + (*p - '0');
        digits++;

        if (point) {
            scale *= 10;
        }
    }

    if (digits == 0) {
        return NGX_DECLINED;
    }

    *d = (double) value / scale;

    if (minus) {
        *d = -*d;
    }

    return NGX_OK;
}


/* strtod() wants a zero at the end, and the decimal point of the locale */

static ngx_int_t
ngx_app_value_slow_double(ngx_str_t *s, double *d)
{
    char   buf[NGX_APP_VALUE_MAX_DIGITS + 1], *end, *point;

    if (s->len == 0 || s->len > NGX_APP_VALUE_MAX_DIGITS) {
        return NGX_DECLINED;
    }

    /* blanks, hexadecimal, "inf" and "nan" are for strtod() only */

    ngx_memcpy(buf, s->data, s->len);
    buf[s->len] = '\0';

    if (strspn(buf, "0123456789.eE+-") != s->len) {
        return NGX_DECLINED;
    }

    point = strchr(buf, '.');

    if (point != NULL) {
        *point = localeconv()->decimal_point[0];
    }

    *d = strtod(buf, &end);

    return (end == buf + s->len) ? NGX_OK : NGX_DECLINED;
}


static double
ngx_app_value_double(ngx_app_value_t *v)
{
    double           d;
    ngx_app_value_t  n;

    if (ngx_app_value_number(v, &n) != NGX_OK) {

        /* a decimal with more digits than a double can have */

        d = HUGE_VAL;

        return (v->u.s.len != 0 && *v->u.s.data == '-') ? -d : d;
    }

    return (n.type == NGX_APP_INT) ? (double) n.u.i : n.u.d;
}
