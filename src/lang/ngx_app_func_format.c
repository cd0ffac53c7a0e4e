
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_func.h>


#define NGX_APP_FUNC_MAX_WIDTH      64
#define NGX_APP_FUNC_MAX_PRECISION  15

/* of the largest double with its sign, point and fraction */
#define NGX_APP_FUNC_FIELD_LEN      400


typedef struct {
    ngx_uint_t   zero;
    ngx_uint_t   left;
    ngx_uint_t   width;
    ngx_int_t    precision;    /* -1: not given */
    u_char       type;         /* s, d, f, % */
} ngx_app_func_spec_t;


static u_char *ngx_app_func_format_spec(u_char *p, u_char *last,
    ngx_app_func_spec_t *spec);
static ngx_int_t ngx_app_func_format_field(ngx_app_call_t *call,
    ngx_app_func_spec_t *spec, ngx_app_value_t *v, u_char *buf,
    ngx_str_t *field);
static ngx_int_t ngx_app_func_format_run(ngx_app_call_t *call,
    ngx_str_t *fmt, ngx_app_value_t *args, ngx_uint_t n, size_t *size,
    u_char *out);
static size_t ngx_app_func_format_put(u_char **out,
    ngx_app_func_spec_t *spec, ngx_str_t *field);


/* twice: for the length, then for the text */

ngx_int_t
ngx_app_func_format(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    size_t     size;
    ngx_int_t  rc;
    ngx_str_t  fmt;

    rc = ngx_app_func_text(call, &args[0], &fmt);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_func_format_run(call, &fmt, args + 1, n - 1, &size, NULL);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_func_alloc(call, size, res);
    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_app_func_format_run(call, &fmt, args + 1, n - 1, &size,
                                   res->u.s.data);
}


static ngx_int_t
ngx_app_func_format_run(ngx_app_call_t *call, ngx_str_t *fmt,
    ngx_app_value_t *args, ngx_uint_t n, size_t *size, u_char *out)
{
    u_char               *p, *last, buf[NGX_APP_FUNC_FIELD_LEN];
    ngx_int_t             rc;
    ngx_str_t             field;
    ngx_uint_t            i;
    ngx_app_func_spec_t   spec;

    p = fmt->data;
    last = p + fmt->len;
    *size = 0;
    i = 0;

    while (p < last) {

        if (*p != '%') {
            ngx_memzero(&spec, sizeof(ngx_app_func_spec_t));

            for (field.data = p; p < last && *p != '%'; p++) {
                /* void */
            }

            field.len = p - field.data;
            *size += ngx_app_func_format_put(&out, &spec, &field);

            continue;
        }

        p = ngx_app_func_format_spec(p + 1, last, &spec);

        if (p == NULL || (spec.type != '%' && i == n)) {
            return NGX_DECLINED;
        }

        rc = ngx_app_func_format_field(call, &spec, &args[i], buf, &field);
        if (rc != NGX_OK) {
            return rc;
        }

        if (spec.type != '%') {
            i++;
        }

        *size += ngx_app_func_format_put(&out, &spec, &field);
    }

    return NGX_OK;
}


/* returns the end of what follows a "%", or NULL when it is not ours */

static u_char *
ngx_app_func_format_spec(u_char *p, u_char *last, ngx_app_func_spec_t *spec)
{
    ngx_memzero(spec, sizeof(ngx_app_func_spec_t));
    spec->precision = -1;

    for ( /* void */ ; p < last && (*p == '0' || *p == '-'); p++) {
        if (*p == '0') {
            spec->zero = 1;

        } else {
            spec->left = 1;
        }
    }

    for ( /* void */ ; p < last && *p >= '0' && *p <= '9'; p++) {
        spec->width = spec->width * 10 + (*p - '0');

        if (spec->width > NGX_APP_FUNC_MAX_WIDTH) {
            return NULL;
        }
    }

    if (p < last && *p == '.') {
        spec->precision = 0;

        for (p++; p < last && *p >= '0' && *p <= '9'; p++) {
            spec->precision = spec->precision * 10 + (*p - '0');

            if (spec->precision > NGX_APP_FUNC_MAX_PRECISION) {
                return NULL;
            }
        }
    }

    if (p == last || (*p != 's' && *p != 'd' && *p != 'f' && *p != '%')) {
        return NULL;
    }

    spec->type = *p;

    return p + 1;
}


static ngx_int_t
ngx_app_func_format_field(ngx_app_call_t *call, ngx_app_func_spec_t *spec,
    ngx_app_value_t *v, u_char *buf, ngx_str_t *field)
{
    int               len;
    int64_t           i;
    ngx_int_t         rc;
    ngx_app_value_t   num;

    field->data = buf;

    switch (spec->type) {

    case 's':
        rc = ngx_app_func_text(call, v, field);

        return (rc == NGX_DECLINED && ngx_app_value_is_null(v)) ? NGX_OK : rc;

    case 'd':
        if (ngx_app_func_integer(v, &i) != NGX_OK) {
            return NGX_DECLINED;
        }

        len = snprintf((char *) buf, NGX_APP_FUNC_FIELD_LEN, "%lld",
                       (long long) i);
        break;

    case 'f':
        if (ngx_app_value_number(v, &num) != NGX_OK) {
            return NGX_DECLINED;
        }

        len = snprintf((char *) buf, NGX_APP_FUNC_FIELD_LEN, "%.*f",
                       (int) ((spec->precision < 0) ? 6 : spec->precision),
                       (num.type == NGX_APP_INT) ? (double) num.u.i
                                                 : num.u.d);
        break;

    default:
        buf[0] = '%';
        len = 1;
    }

    field->len = len;

    return NGX_OK;
}


/* widths count characters */

static size_t
ngx_app_func_format_put(u_char **out, ngx_app_func_spec_t *spec,
    ngx_str_t *field)
{
    size_t   pad, sign, points;
    u_char  *p;

    points = 0;

    for (pad = 0; pad < field->len; pad++) {
        points += (field->data[pad] & 0xc0) != 0x80;
    }

    pad = (spec->width > points) ? spec->width - points : 0;
    p = *out;

    if (p == NULL) {
        return field->len + pad;
    }

    if (spec->left) {
        p = ngx_cpymem(p, field->data, field->len);
        ngx_memset(p, ' ', pad);
        p += pad;

    } else if (spec->zero && spec->type != 's') {
        sign = (field->len != 0 && field->data[0] == '-');
        p = ngx_cpymem(p, field->data, sign);
        ngx_memset(p, '0', pad);
        p = ngx_cpymem(p + pad, field->data + sign, field->len - sign);

    } else {
        ngx_memset(p, ' ', pad);
        p = ngx_cpymem(p + pad, field->data, field->len);
    }

    *out = p;

    return field->len + pad;
}


ngx_int_t
ngx_app_func_format_compile(ngx_app_lang_t *lc, ngx_app_value_t **args,
    ngx_uint_t n, void **data)
{
    u_char               *p, *last, *start;
    ngx_uint_t            used;
    ngx_app_func_spec_t   spec;

    if (args[0] == NULL || args[0]->type != NGX_APP_STRING) {
        ngx_app_lang_error(lc, "format() needs its format in quotes, "
                           "as format('%%05d', id)");
        return NGX_ERROR;
    }

    p = args[0]->u.s.data;
    last = p + args[0]->u.s.len;
    used = 1;

    while (p < last) {

        if (*p != '%') {
            p++;
            continue;
        }

        start = p;
        p = ngx_app_func_format_spec(p + 1, last, &spec);

        if (p == NULL) {
            ngx_app_lang_error(lc, "unknown \"%*s\" in format(), use %%s, "
                               "%%d, %%05d, %%.2f or %%%%",
                               (size_t) ngx_min(last - start, 8), start);
            return NGX_ERROR;
        }

        used += (spec.type != '%');
    }

    if (used != n) {
        ngx_app_lang_error(lc, "format() has %ui values for a format of %ui",
                           n - 1, used - 1);
        return NGX_ERROR;
    }

    return NGX_OK;
}
