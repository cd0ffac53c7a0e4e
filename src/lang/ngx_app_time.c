
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_time.h>


typedef struct {
    u_char  *pos;
    u_char  *last;
} ngx_app_time_text_t;


static ngx_int_t ngx_app_time_parse_date(ngx_app_time_text_t *in,
    ngx_app_civil_t *c);
static ngx_int_t ngx_app_time_parse_clock(ngx_app_time_text_t *in,
    ngx_app_civil_t *c);
static ngx_int_t ngx_app_time_parse_fraction(ngx_app_time_text_t *in,
    ngx_app_civil_t *c);
static ngx_int_t ngx_app_time_parse_zone(ngx_app_time_text_t *in,
    int64_t *offset);
static ngx_int_t ngx_app_time_digits(ngx_app_time_text_t *in, ngx_uint_t n,
    ngx_uint_t *value);
static ngx_uint_t ngx_app_time_next(ngx_app_time_text_t *in, u_char ch);
static u_char *ngx_app_time_print(u_char *p, ngx_uint_t value, ngx_uint_t n);
static int64_t ngx_app_time_cut(int64_t t);


static const u_char  ngx_app_time_month_days[] = {
    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
};


/*
 * Years are counted from March, so that the leap day is the last of a year;
 * an era is the 400 years after which the calendar repeats.
 */

int64_t
ngx_app_time_days(ngx_int_t year, ngx_uint_t month, ngx_uint_t day)
{
    ngx_int_t   era;
    ngx_uint_t  yoe, doy, doe;

    if (month <= 2) {
        year--;
    }

    era = ((year >= 0) ? year : year - 399) / 400;
    yoe = (ngx_uint_t) (year - era * 400);
    doy = (153 * (month + ((month > 2) ? -3 : 9)) + 2) / 5 + day - 1;
    doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return (int64_t) era * 146097 + (int64_t) doe - 719468;
}


ngx_int_t
ngx_app_time_from_civil(ngx_app_civil_t *c, int64_t *t)
{
    int64_t     days, seconds;
    ngx_uint_t  n;

    if (c->year < 0 || c->year > 9999 || c->month < 1 || c->month > 12
        || c->day < 1 || c->hour > 23 || c->minute > 59 || c->second > 59
        || c->usec > 999999)
    {
        return NGX_DECLINED;
    }

    n = ngx_app_time_month_days[c->month - 1];

    if (c->month == 2 && c->year % 4 == 0
        && (c->year % 100 != 0 || c->year % 400 == 0))
    {
        n = 29;
    }

    if (c->day > n) {
        return NGX_DECLINED;
    }

    days = ngx_app_time_days(c->year, c->month, c->day);
    seconds = (int64_t) (c->hour * 3600 + c->minute * 60 + c->second);

    *t = days * NGX_APP_TIME_DAY + seconds * NGX_APP_TIME_SECOND
         + (int64_t) c->usec;

    return NGX_OK;
}


void
ngx_app_time_to_civil(int64_t t, ngx_app_civil_t *c)
{
    int64_t     days, rest, era;
    ngx_uint_t  doe, yoe, doy, mp, seconds;

    days = t / NGX_APP_TIME_DAY;
    rest = t % NGX_APP_TIME_DAY;

    if (rest < 0) {
        rest += NGX_APP_TIME_DAY;
        days--;
    }

    seconds = (ngx_uint_t) (rest / NGX_APP_TIME_SECOND);
    c->usec = (ngx_uint_t) (rest % NGX_APP_TIME_SECOND);
    c->hour = seconds / 3600;
    c->minute = seconds / 60 % 60;
    c->second = seconds % 60;

    days += 719468;
    era = ((days >= 0) ? days : days - 146096) / 146097;
    doe = (ngx_uint_t) (days - era * 146097);
    yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    mp = (5 * doy + 2) / 153;

    c->day = doy - (153 * mp + 2) / 5 + 1;
    c->month = (mp < 10) ? mp + 3 : mp - 9;
    c->year = (ngx_int_t) (era * 400) + (ngx_int_t) yoe
              + ((c->month <= 2) ? 1 : 0);
}


u_char *
ngx_app_time_iso(u_char *p, int64_t t)
{
    ngx_app_civil_t  c;

    ngx_app_time_to_civil(ngx_app_time_cut(t), &c);

    p = ngx_app_time_print(p, c.year, 4);
    *p++ = '-';
    p = ngx_app_time_print(p, c.month, 2);
    *p++ = '-';
    p = ngx_app_time_print(p, c.day, 2);
    *p++ = 'T';
    p = ngx_app_time_print(p, c.hour, 2);
    *p++ = ':';
    p = ngx_app_time_print(p, c.minute, 2);
    *p++ = ':';
    p = ngx_app_time_print(p, c.second, 2);
    *p++ = '.';

    if (c.usec % 1000 == 0) {
        p = ngx_app_time_print(p, c.usec / 1000, 3);

    } else {
        p = ngx_app_time_print(p, c.usec, 6);
    }

    *p++ = 'Z';

    return p;
}


u_char *
ngx_app_time_sql(u_char *p, int64_t t)
{
    ngx_app_civil_t  c;

    ngx_app_time_to_civil(ngx_app_time_cut(t), &c);

    p = ngx_app_time_print(p, c.year, 4);
    *p++ = '-';
    p = ngx_app_time_print(p, c.month, 2);
    *p++ = '-';
    p = ngx_app_time_print(p, c.day, 2);
    *p++ = ' ';
    p = ngx_app_time_print(p, c.hour, 2);
    *p++ = ':';
    p = ngx_app_time_print(p, c.minute, 2);
    *p++ = ':';
    p = ngx_app_time_print(p, c.second, 2);
    *p++ = '.';

    return ngx_app_time_print(p, c.usec, 6);
}


ngx_int_t
ngx_app_time_parse(u_char *data, size_t len, int64_t *t)
{
    int64_t              offset;
    ngx_app_civil_t      c;
    ngx_app_time_text_t  in;

    in.pos = data;
    in.last = data + len;
    offset = 0;

    ngx_memzero(&c, sizeof(ngx_app_civil_t));

    if (ngx_app_time_parse_date(&in, &c) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (in.pos != in.last) {
        if (!ngx_app_time_next(&in, 'T') && !ngx_app_time_next(&in, 't')
            && !ngx_app_time_next(&in, ' '))
        {
            return NGX_DECLINED;
        }

        if (ngx_app_time_parse_clock(&in, &c) != NGX_OK
            || ngx_app_time_parse_zone(&in, &offset) != NGX_OK)
        {
            return NGX_DECLINED;
        }
    }

    if (ngx_app_time_from_civil(&c, t) != NGX_OK) {
        return NGX_DECLINED;
    }

    *t -= offset * 60 * NGX_APP_TIME_SECOND;

    if (*t < NGX_APP_TIME_MIN || *t > NGX_APP_TIME_MAX) {
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_time_parse_date(ngx_app_time_text_t *in, ngx_app_civil_t *c)
{
    ngx_uint_t  year;

    if (ngx_app_time_digits(in, 4, &year) != NGX_OK
        || !ngx_app_time_next(in, '-')
        || ngx_app_time_digits(in, 2, &c->month) != NGX_OK
        || !ngx_app_time_next(in, '-'))
    {
        return NGX_DECLINED;
    }

    c->year = (ngx_int_t) year;

    return ngx_app_time_digits(in, 2, &c->day);
}


static ngx_int_t
ngx_app_time_parse_clock(ngx_app_time_text_t *in, ngx_app_civil_t *c)
{
    if (ngx_app_time_digits(in, 2, &c->hour) != NGX_OK
        || !ngx_app_time_next(in, ':')
        || ngx_app_time_digits(in, 2, &c->minute) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    if (!ngx_app_time_next(in, ':')) {
        return NGX_OK;
    }

    if (ngx_app_time_digits(in, 2, &c->second) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (!ngx_app_time_next(in, '.')) {
        return NGX_OK;
    }

    return ngx_app_time_parse_fraction(in, c);
}


static ngx_int_t
ngx_app_time_parse_fraction(ngx_app_time_text_t *in, ngx_app_civil_t *c)
{
    u_char      *start;
    ngx_uint_t   unit;

    start = in->pos;

    for (unit = 100000; in->pos < in->last; in->pos++) {

        if (*in->pos < '0' || *in->pos > '9') {
            break;
        }

        c->usec += (*in->pos - '0') * unit;
        unit /= 10;
    }

    return (in->pos != start) ? NGX_OK : NGX_DECLINED;
}


/* offset is in minutes */

static ngx_int_t
ngx_app_time_parse_zone(ngx_app_time_text_t *in, int64_t *offset)
{
    ngx_int_t   sign;
    ngx_uint_t  hour, minute;

    if (in->pos == in->last) {
        return NGX_OK;
    }

    if (ngx_app_time_next(in, 'Z') || ngx_app_time_next(in, 'z')) {
        return (in->pos == in->last) ? NGX_OK : NGX_DECLINED;
    }

    sign = ngx_app_time_next(in, '+') ? 1 : -1;

    if (sign < 0 && !ngx_app_time_next(in, '-')) {
        return NGX_DECLINED;
    }

    minute = 0;

    if (ngx_app_time_digits(in, 2, &hour) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (in->pos != in->last) {
        (void) ngx_app_time_next(in, ':');

        if (ngx_app_time_digits(in, 2, &minute) != NGX_OK) {
            return NGX_DECLINED;
        }
    }

    if (in->pos != in->last || hour > 23 || minute > 59) {
        return NGX_DECLINED;
    }

    *offset = sign * (int64_t) (hour * 60 + minute);

    return NGX_OK;
}


static ngx_int_t
ngx_app_time_digits(ngx_app_time_text_t *in, ngx_uint_t n, ngx_uint_t *value)
{
    if ((size_t) (in->last - in->pos) < n) {
        return NGX_DECLINED;
    }

    for (*value = 0; n != 0; n--, in->pos++) {

        if (*in->pos < '0' || *in->pos > '9') {
            return NGX_DECLINED;
        }

        *value = *value * 10 + (*in->pos - '0');
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_app_time_next(ngx_app_time_text_t *in, u_char ch)
{
    if (in->pos == in->last || *in->pos != ch) {
        return 0;
    }

    in->pos++;

    return 1;
}


static u_char *
ngx_app_time_print(u_char *p, ngx_uint_t value, ngx_uint_t n)
{
    ngx_uint_t  i;

    for (i = n; i != 0; i--) {
        p[i - 1] = (u_char) ('0' + value % 10);
        value /= 10;
    }

    return p + n;
}


static int64_t
ngx_app_time_cut(int64_t t)
{
    if (t < NGX_APP_TIME_MIN) {
        return NGX_APP_TIME_MIN;
    }

    return ngx_min(t, NGX_APP_TIME_MAX);
}
