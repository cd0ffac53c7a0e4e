
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_func.h>
#include <lang/ngx_app_time.h>

#include <math.h>


#define NGX_APP_FUNC_MAX_RANDOM  64


static ngx_int_t ngx_app_func_time(ngx_app_value_t *v, int64_t *t);
static ngx_int_t ngx_app_func_shift(int64_t t, ngx_app_value_t *seconds,
    ngx_app_value_t *res);
static ngx_uint_t ngx_app_func_accepts_range(u_char *p, u_char *last,
    ngx_str_t *type);
static ngx_uint_t ngx_app_func_accepts_zero(u_char *p, u_char *last);


ngx_int_t
ngx_app_func_now(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    ngx_app_value_set_time(res, call->env->now);

    return NGX_OK;
}


/* seconds, with three digits behind the point */

ngx_int_t
ngx_app_func_uptime(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    int64_t  ms;

    ms = (call->env->now - call->env->started) / 1000;

    ngx_app_value_set_double(res, (double) ms / 1000);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_unix(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    int64_t  t;

    if (ngx_app_func_time(&args[0], &t) != NGX_OK) {
        return NGX_DECLINED;
    }

    /* down, also before 1970 */

    ngx_app_value_set_int(res, t / NGX_APP_TIME_SECOND
                               - (t % NGX_APP_TIME_SECOND < 0 ? 1 : 0));

    return NGX_OK;
}


ngx_int_t
ngx_app_func_datetime(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    int64_t  t;

    if (ngx_app_func_time(&args[0], &t) == NGX_OK) {
        ngx_app_value_set_time(res, t);
        return NGX_OK;
    }

    return ngx_app_func_shift(0, &args[0], res);
}


ngx_int_t
ngx_app_func_date_add(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    int64_t  t;

    if (ngx_app_func_time(&args[0], &t) != NGX_OK) {
        return NGX_DECLINED;
    }

    return ngx_app_func_shift(t, &args[1], res);
}


static ngx_int_t
ngx_app_func_time(ngx_app_value_t *v, int64_t *t)
{
    if (v->type == NGX_APP_DATETIME) {
        *t = v->u.i;
        return NGX_OK;
    }

    if (v->type != NGX_APP_STRING) {
        return NGX_DECLINED;
    }

    return ngx_app_time_parse(v->u.s.data, v->u.s.len, t);
}


static ngx_int_t
ngx_app_func_shift(int64_t t, ngx_app_value_t *seconds, ngx_app_value_t *res)
{
    double           limit;
    int64_t          us;
    ngx_app_value_t  v;

    if (ngx_app_value_number(seconds, &v) != NGX_OK) {
        return NGX_DECLINED;
    }

    limit = (double) (NGX_APP_TIME_MAX - NGX_APP_TIME_MIN)
            / NGX_APP_TIME_SECOND;

    if (v.type == NGX_APP_INT) {
        if (v.u.i > limit || v.u.i < -limit) {
            return NGX_DECLINED;
        }

        us = v.u.i * NGX_APP_TIME_SECOND;

    } else {
        if (fabs(v.u.d) > limit) {
            return NGX_DECLINED;
        }

        us = llround(v.u.d * NGX_APP_TIME_SECOND);
    }

    t += us;

    if (t < NGX_APP_TIME_MIN || t > NGX_APP_TIME_MAX) {
        return NGX_DECLINED;
    }

    ngx_app_value_set_time(res, t);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_random_hex(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    u_char     bytes[NGX_APP_FUNC_MAX_RANDOM];
    int64_t    len;
    ngx_int_t  rc;

    if (ngx_app_func_integer(&args[0], &len) != NGX_OK || len < 1
        || len > NGX_APP_FUNC_MAX_RANDOM || call->env->random == NULL)
    {
        return NGX_DECLINED;
    }

    rc = call->env->random(call->env, bytes, (size_t) len);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_func_alloc(call, (size_t) len * 2, res);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_hex_dump(res->u.s.data, bytes, (size_t) len);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_random_int(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    int64_t            from, to;
    uint64_t           r, range;
    ngx_int_t          rc;
    unsigned __int128  wide;

    if (ngx_app_func_integer(&args[0], &from) != NGX_OK
        || ngx_app_func_integer(&args[1], &to) != NGX_OK || from > to
        || call->env->random == NULL)
    {
        return NGX_DECLINED;
    }

    rc = call->env->random(call->env, (u_char *) &r, sizeof(r));
    if (rc != NGX_OK) {
        return rc;
    }

    /* the high half of r * count: evener than a remainder, and no loop */

    range = (uint64_t) to - (uint64_t) from;
    wide = (unsigned __int128) r * ((unsigned __int128) range + 1);

    ngx_app_value_set_int(res, (int64_t) ((uint64_t) from
                                          + (uint64_t) (wide >> 64)));

    return NGX_OK;
}


ngx_int_t
ngx_app_func_header(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    ngx_int_t   rc;
    ngx_str_t  *name, value;

    name = call->data;

    if (call->env->header == NULL) {
        return NGX_DECLINED;
    }

    rc = call->env->header(call->env, name, &value);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_app_value_set_string(res, value.data, value.len);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_header_compile(ngx_app_lang_t *lc, ngx_app_value_t **args,
    ngx_uint_t n, void **data)
{
    ngx_str_t  *name;

    if (args[0] == NULL || args[0]->type != NGX_APP_STRING
        || args[0]->u.s.len == 0)
    {
        ngx_app_lang_error(lc, "header() needs a name in quotes, "
                           "as header('User-Agent')");
        return NGX_ERROR;
    }

    name = ngx_palloc(lc->pool, sizeof(ngx_str_t));
    if (name == NULL) {
        return NGX_ERROR;
    }

    name->len = args[0]->u.s.len;
    name->data = ngx_pnalloc(lc->pool, name->len);
    if (name->data == NULL) {
        return NGX_ERROR;
    }

    ngx_strlow(name->data, args[0]->u.s.data, name->len);
    *data = name;

    return NGX_OK;
}


/*
 * Whether the client names a type in "Accept" (RFC 9110, section 12.5.1).  A
 * type that only the range of everything covers does not count: that is what
 * clients send that do not care, and the question is for those that do.
 */

ngx_int_t
ngx_app_func_accepts(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    u_char            *p, *end, *last;
    ngx_int_t          rc;
    ngx_str_t          value;
    static ngx_str_t   name = ngx_string("accept");

    ngx_app_value_set_bool(res, 0);

    if (call->env->header == NULL) {
        return NGX_OK;
    }

    rc = call->env->header(call->env, &name, &value);
    if (rc != NGX_OK) {
        return (rc == NGX_DECLINED) ? NGX_OK : rc;
    }

    p = value.data;
    last = p + value.len;

    while (p < last) {
        end = ngx_strlchr(p, last, ',');
        if (end == NULL) {
            end = last;
        }

        if (ngx_app_func_accepts_range(p, end, call->data)) {
            ngx_app_value_set_bool(res, 1);
            break;
        }

        p = end + 1;
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_app_func_accepts_range(u_char *p, u_char *last, ngx_str_t *type)
{
    size_t   len;
    u_char  *end, *slash;

    while (p < last && (*p == ' ' || *p == '\t')) {
        p++;
    }

    for (end = p; end < last && *end != ';' && *end != ' '; end++) {
        /* void */
    }

    slash = ngx_strlchr(type->data, type->data + type->len, '/');
    len = slash - type->data + 1;

    if ((size_t) (end - p) == type->len
        && ngx_strncasecmp(p, type->data, type->len) == 0)
    {
        return !ngx_app_func_accepts_zero(end, last);
    }

    if ((size_t) (end - p) == len + 1 && end[-1] == '*'
        && ngx_strncasecmp(p, type->data, len) == 0)
    {
        return !ngx_app_func_accepts_zero(end, last);
    }

    return 0;
}


/* a weight of zero: q=0, q=0.0 ... */

static ngx_uint_t
ngx_app_func_accepts_zero(u_char *p, u_char *last)
{
    for ( /* void */ ; last - p >= 3; p++) {

        if ((*p != ';' && *p != ' ') || (p[1] | 0x20) != 'q' || p[2] != '=') {
            continue;
        }

        for (p += 3; p < last && (*p == '0' || *p == '.'); p++) {
            /* void */
        }

        return p == last || *p < '1' || *p > '9';
    }

    return 0;
}


ngx_int_t
ngx_app_func_accepts_compile(ngx_app_lang_t *lc, ngx_app_value_t **args,
    ngx_uint_t n, void **data)
{
    u_char     *slash;
    ngx_str_t  *type;

    type = (args[0] != NULL && args[0]->type == NGX_APP_STRING)
           ? &args[0]->u.s : NULL;

    slash = (type != NULL) ? ngx_strlchr(type->data, type->data + type->len,
                                         '/')
                           : NULL;

    if (slash == NULL || slash == type->data
        || slash == type->data + type->len - 1)
    {
        ngx_app_lang_error(lc, "accepts() needs a type in quotes, "
                           "as accepts('text/html')");
        return NGX_ERROR;
    }

    /* the constant itself moves when the program grows */

    *data = ngx_palloc(lc->pool, sizeof(ngx_str_t));
    if (*data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(*data, type, sizeof(ngx_str_t));

    return NGX_OK;
}
