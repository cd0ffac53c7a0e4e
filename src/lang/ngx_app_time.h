
/*
 * Copyright (C) the project authors
 */

/*
 * Points in time as microseconds since 1970-01-01 00:00:00 UTC, in the
 * proleptic Gregorian calendar, years 0 to 9999, without leap seconds.
 */


#ifndef _NGX_APP_TIME_H_INCLUDED_
#define _NGX_APP_TIME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_APP_TIME_SECOND   1000000LL
#define NGX_APP_TIME_DAY      (86400 * NGX_APP_TIME_SECOND)

/* 0000-01-01 00:00:00 and the last microsecond of 9999 */
#define NGX_APP_TIME_MIN      (-719528LL * NGX_APP_TIME_DAY)
#define NGX_APP_TIME_MAX      (2932897LL * NGX_APP_TIME_DAY - 1)

/* "2024-02-29T12:34:56.123456Z" and "2024-02-29 12:34:56.123456" */
#define NGX_APP_TIME_ISO_LEN  27
#define NGX_APP_TIME_SQL_LEN  26


typedef struct {
    ngx_int_t   year;
    ngx_uint_t  month;       /* 1 - 12 */
    ngx_uint_t  day;         /* 1 - 31 */
    ngx_uint_t  hour;
    ngx_uint_t  minute;
    ngx_uint_t  second;
    ngx_uint_t  usec;
} ngx_app_civil_t;


/* returns days since 1970-01-01; the date must be a real one */
int64_t ngx_app_time_days(ngx_int_t year, ngx_uint_t month, ngx_uint_t day);

/*
 * Turns a date with a time of day into a point in time.
 * NGX_OK, or NGX_DECLINED: there is no such date or time of day.
 */
ngx_int_t ngx_app_time_from_civil(ngx_app_civil_t *c, int64_t *t);

/* the reverse; t is between NGX_APP_TIME_MIN and NGX_APP_TIME_MAX */
void ngx_app_time_to_civil(int64_t t, ngx_app_civil_t *c);

/*
 * Writes "2024-02-29T12:34:56.123Z" (ISO 8601, RFC 3339), with six digits
 * when it is no whole millisecond; t out of range is cut to it.  Needs
 * NGX_APP_TIME_ISO_LEN bytes and returns the end.
 */
u_char *ngx_app_time_iso(u_char *p, int64_t t);

/*
 * Writes "2024-02-29 12:34:56.123456", a literal of SQL in UTC without its
 * quotes.  Needs NGX_APP_TIME_SQL_LEN bytes and returns the end.
 */
u_char *ngx_app_time_sql(u_char *p, int64_t t);

/*
 * Reads ISO 8601: a date, or a date and a time of day with "T" or a space
 * between them; seconds, fraction and zone may be missing; without a zone it
 * is UTC.  Digits past the microsecond are cut.
 * NGX_OK, or NGX_DECLINED when it is no such text or there is no such time.
 */
ngx_int_t ngx_app_time_parse(u_char *data, size_t len, int64_t *t);


#endif /* _NGX_APP_TIME_H_INCLUDED_ */
