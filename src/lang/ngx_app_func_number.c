
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_func.h>

#include <math.h>


#define NGX_APP_FUNC_MAX_DIGITS  15


static void ngx_app_func_set_whole(ngx_app_value_t *res, double d);
static ngx_int_t ngx_app_func_extreme(ngx_app_value_t *args, ngx_uint_t n,
    ngx_int_t sign, ngx_app_value_t *res);


ngx_int_t
ngx_app_func_abs(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    ngx_app_value_t  v;

    if (ngx_app_value_number(&args[0], &v) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (v.type == NGX_APP_DOUBLE) {
        ngx_app_value_set_double(res, fabs(v.u.d));

    } else if (v.u.i == INT64_MIN) {
        ngx_app_value_set_double(res, -(double) INT64_MIN);

    } else {
        ngx_app_value_set_int(res, (v.u.i < 0) ? -v.u.i : v.u.i);
    }

    return NGX_OK;
}


ngx_int_t
ngx_app_func_ceil(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    if (ngx_app_value_number(&args[0], res) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (res->type == NGX_APP_DOUBLE) {
        ngx_app_func_set_whole(res, ceil(res->u.d));
    }

    return NGX_OK;
}


ngx_int_t
ngx_app_func_floor(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    if (ngx_app_value_number(&args[0], res) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (res->type == NGX_APP_DOUBLE) {
        ngx_app_func_set_whole(res, floor(res->u.d));
    }

    return NGX_OK;
}


/* halves go away from zero */

ngx_int_t
ngx_app_func_round(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    double           d, scale;
    int64_t          digits, i;
    ngx_app_value_t  v;

    digits = 0;

    if (ngx_app_value_number(&args[0], &v) != NGX_OK
        || (n == 2 && ngx_app_func_integer(&args[1], &digits) != NGX_OK))
    {
        return NGX_DECLINED;
    }

    digits = ngx_max(digits, -NGX_APP_FUNC_MAX_DIGITS);
    digits = ngx_min(digits, NGX_APP_FUNC_MAX_DIGITS);

    if (v.type == NGX_APP_INT && digits >= 0) {
        *res = v;
        return NGX_OK;
    }

    d = (v.type == NGX_APP_INT) ? (double) v.u.i : v.u.d;

    for (scale = 1, i = (digits < 0) ? -digits : digits; i > 0; i--) {
        scale *= 10;
    }

    if (digits <= 0) {
        ngx_app_func_set_whole(res, round(d / scale) * scale);

    } else if (fabs(d) >= 9007199254740992.0) {

        /* there is no fraction left to round */

        ngx_app_value_set_double(res, d);

    } else {
        ngx_app_value_set_double(res, round(d * scale) / scale);
    }

    return NGX_OK;
}


static void
ngx_app_func_set_whole(ngx_app_value_t *res, double d)
{
    ngx_app_value_t  v;

    v.type = NGX_APP_DOUBLE;
    v.u.d = d;

    if (ngx_app_func_integer(&v, &res->u.i) == NGX_OK) {
        res->type = NGX_APP_INT;
        return;
    }

    ngx_app_value_set_double(res, d);
}


ngx_int_t
ngx_app_func_min(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    return ngx_app_func_extreme(args, n, 1, res);
}


ngx_int_t
ngx_app_func_max(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    return ngx_app_func_extreme(args, n, -1, res);
}


static ngx_int_t
ngx_app_func_extreme(ngx_app_value_t *args, ngx_uint_t n, ngx_int_t sign,
    ngx_app_value_t *res)
{
    ngx_int_t         cmp;
    ngx_uint_t        i;
    ngx_app_value_t  *best;

    best = &args[0];

    if (ngx_app_value_is_null(best)) {
        return NGX_DECLINED;
    }

    for (i = 1; i < n; i++) {

        if (ngx_app_value_compare(&args[i], best, &cmp) != NGX_OK) {
            return NGX_DECLINED;
        }

        if (cmp * sign < 0) {
            best = &args[i];
        }
    }

    *res = *best;

    return NGX_OK;
}


ngx_int_t
ngx_app_func_int(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    int64_t  i;

    if (ngx_app_func_integer(&args[0], &i) != NGX_OK) {
        return NGX_DECLINED;
    }

    ngx_app_value_set_int(res, i);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_number(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    switch (args[0].type) {

    case NGX_APP_INT:
    case NGX_APP_DOUBLE:
    case NGX_APP_DECIMAL:
        *res = args[0];
        return NGX_OK;

    case NGX_APP_BOOL:
        ngx_app_value_set_int(res, args[0].u.i);
        return NGX_OK;

    case NGX_APP_STRING:
    case NGX_APP_JSON:
        return ngx_app_value_parse_number(&args[0].u.s, res);

    default:
        return NGX_DECLINED;
    }
}
