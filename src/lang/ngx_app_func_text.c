
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_func.h>


static ngx_int_t ngx_app_func_turn(ngx_app_call_t *call, ngx_app_value_t *v,
    u_char first, ngx_app_value_t *res);
static size_t ngx_app_func_points(u_char *p, u_char *last);
static u_char *ngx_app_func_skip(u_char *p, u_char *last, int64_t n);
static ngx_int_t ngx_app_func_texts(ngx_app_call_t *call,
    ngx_app_value_t *args, ngx_uint_t n, ngx_str_t *s);
static u_char *ngx_app_func_find_text(u_char *p, u_char *last,
    ngx_str_t *part);


/* every byte that does not continue a character is one */

#define ngx_app_func_is_start(c)  (((c) & 0xc0) != 0x80)

#define ngx_app_func_is_blank(c)                                              \
    ((c) == ' ' || ((c) >= '\t' && (c) <= '\r'))


ngx_int_t
ngx_app_func_length(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_app_value_set_int(res, (int64_t) ngx_app_func_points(s.data,
                                                             s.data + s.len));

    return NGX_OK;
}


ngx_int_t
ngx_app_func_lower(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    return ngx_app_func_turn(call, &args[0], 'A', res);
}


ngx_int_t
ngx_app_func_upper(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    return ngx_app_func_turn(call, &args[0], 'a', res);
}


/* letters from first on change their case */

static ngx_int_t
ngx_app_func_turn(ngx_app_call_t *call, ngx_app_value_t *v, u_char first,
    ngx_app_value_t *res)
{
    u_char     c;
    size_t     i;
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = ngx_app_func_text(call, v, &s);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_func_alloc(call, s.len, res);
    if (rc != NGX_OK) {
        return rc;
    }

    for (i = 0; i < s.len; i++) {
        c = s.data[i];
        res->u.s.data[i] = (c >= first && c - first < 26) ? c ^ 0x20 : c;
    }

    return NGX_OK;
}


ngx_int_t
ngx_app_func_trim(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    while (s.len != 0 && ngx_app_func_is_blank(s.data[0])) {
        s.data++;
        s.len--;
    }

    while (s.len != 0 && ngx_app_func_is_blank(s.data[s.len - 1])) {
        s.len--;
    }

    ngx_app_value_set_string(res, s.data, s.len);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_string(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_app_value_set_string(res, s.data, s.len);

    return NGX_OK;
}


/* null is the empty text here, as it is in templates */

ngx_int_t
ngx_app_func_concat(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    size_t       size;
    ngx_int_t    rc;
    ngx_str_t   *s;
    ngx_uint_t   i;
    u_char      *p;

    s = ngx_palloc(call->env->pool, n * sizeof(ngx_str_t));
    if (s == NULL) {
        return NGX_ERROR;
    }

    size = 0;

    for (i = 0; i < n; i++) {
        rc = ngx_app_func_text(call, &args[i], &s[i]);

        if (rc == NGX_ERROR
            || (rc == NGX_DECLINED && !ngx_app_value_is_null(&args[i])))
        {
            return rc;
        }

        size += s[i].len;
    }

    rc = ngx_app_func_alloc(call, size, res);
    if (rc != NGX_OK) {
        return rc;
    }

    p = res->u.s.data;

    for (i = 0; i < n; i++) {
        if (s[i].len != 0) {
            p = ngx_cpymem(p, s[i].data, s[i].len);
        }
    }

    return NGX_OK;
}


/* characters are counted from 1, from the end when negative, as in SQL */

ngx_int_t
ngx_app_func_substr(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    u_char     *p, *last;
    int64_t     from, count, points;
    ngx_int_t   rc;
    ngx_str_t   s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    last = s.data + s.len;
    points = (int64_t) ngx_app_func_points(s.data, last);
    count = points;

    if (ngx_app_func_integer(&args[1], &from) != NGX_OK
        || (n == 3 && ngx_app_func_integer(&args[2], &count) != NGX_OK))
    {
        return NGX_DECLINED;
    }

    if (from == 0 || from > points || from < -points || count <= 0) {
        ngx_app_value_set_string(res, s.data, 0);
        return NGX_OK;
    }

    from = (from > 0) ? from - 1 : points + from;

    p = ngx_app_func_skip(s.data, last, from);
    last = ngx_app_func_skip(p, last, count);

    ngx_app_value_set_string(res, p, last - p);

    return NGX_OK;
}


static size_t
ngx_app_func_points(u_char *p, u_char *last)
{
    size_t  n;

    for (n = 0; p < last; p++) {
        n += ngx_app_func_is_start(*p);
    }

    return n;
}


static u_char *
ngx_app_func_skip(u_char *p, u_char *last, int64_t n)
{
    for ( /* void */ ; p < last; p++) {

        if (ngx_app_func_is_start(*p) && n-- == 0) {
            break;
        }
    }

    return p;
}


ngx_int_t
ngx_app_func_contains(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    ngx_int_t  rc;
    ngx_str_t  s[2];

    rc = ngx_app_func_texts(call, args, 2, s);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_app_value_set_bool(res, s[1].len == 0
                           || ngx_app_func_find_text(s[0].data,
                                  s[0].data + s[0].len, &s[1])
                              != NULL);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_starts_with(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    ngx_int_t  rc;
    ngx_str_t  s[2];

    rc = ngx_app_func_texts(call, args, 2, s);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_app_value_set_bool(res, s[0].len >= s[1].len
                           && ngx_memcmp(s[0].data, s[1].data, s[1].len)
                              == 0);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_ends_with(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    ngx_int_t  rc;
    ngx_str_t  s[2];

    rc = ngx_app_func_texts(call, args, 2, s);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_app_value_set_bool(res, s[0].len >= s[1].len
                           && ngx_memcmp(s[0].data + s[0].len - s[1].len,
                                         s[1].data, s[1].len)
                              == 0);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_replace(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    size_t      count;
    u_char     *p, *d, *found, *last;
    ngx_int_t   rc;
    ngx_str_t   s[3];

    rc = ngx_app_func_texts(call, args, 3, s);
    if (rc != NGX_OK) {
        return rc;
    }

    last = s[0].data + s[0].len;
    count = 0;

    if (s[1].len != 0) {
        for (p = s[0].data; /* void */ ; p = found + s[1].len) {
            found = ngx_app_func_find_text(p, last, &s[1]);
            if (found == NULL) {
                break;
            }

            count++;
        }
    }

    rc = ngx_app_func_alloc(call, s[0].len - count * s[1].len
                                  + count * s[2].len, res);
    if (rc != NGX_OK) {
        return rc;
    }

    d = res->u.s.data;

    for (p = s[0].data; count != 0; count--) {
        found = ngx_app_func_find_text(p, last, &s[1]);
        d = ngx_cpymem(d, p, found - p);
        d = ngx_cpymem(d, s[2].data, s[2].len);
        p = found + s[1].len;
    }

    ngx_memcpy(d, p, last - p);

    return NGX_OK;
}


static ngx_int_t
ngx_app_func_texts(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_str_t *s)
{
    ngx_int_t   rc;
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        rc = ngx_app_func_text(call, &args[i], &s[i]);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


/* memmem() takes time in proportion to both texts, not to their product */

static u_char *
ngx_app_func_find_text(u_char *p, u_char *last, ngx_str_t *part)
{
    return memmem(p, last - p, part->data, part->len);
}
