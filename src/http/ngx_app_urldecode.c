
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_utf8.h>
#include <http/ngx_app_urldecode.h>


static ngx_int_t ngx_app_urldecode_part(ngx_pool_t *pool, ngx_str_t *src,
    ngx_str_t *dst, const char **err, ngx_uint_t form);


ngx_int_t
ngx_app_urldecode(ngx_pool_t *pool, ngx_str_t *src, ngx_str_t *dst,
    const char **err)
{
    return ngx_app_urldecode_part(pool, src, dst, err, 0);
}


ngx_int_t
ngx_app_urldecode_form(ngx_pool_t *pool, ngx_str_t *src, ngx_str_t *dst,
    const char **err)
{
    return ngx_app_urldecode_part(pool, src, dst, err, 1);
}


static ngx_int_t
ngx_app_urldecode_part(ngx_pool_t *pool, ngx_str_t *src, ngx_str_t *dst,
    const char **err, ngx_uint_t form)
{
    u_char     *p, *s, *start, *last;
    ngx_int_t   c;
    ngx_uint_t  escaped, care;

    escaped = 0;
    care = 0;
    start = src->data;
    last = start + src->len;

    for (s = start; s < last; s++) {
        escaped |= (*s == '%') | (form & (*s == '+'));
        care |= (*s == '\0') | (*s >= 0x80);
    }

    *dst = *src;

    if (!escaped && !care) {
        return NGX_OK;
    }

    if (escaped) {
        p = ngx_pnalloc(pool, src->len);
        if (p == NULL) {
            return NGX_ERROR;
        }

        dst->data = p;

        for (s = start; s < last; s++) {

            if (*s == '%') {
                c = (last - s > 2) ? ngx_hextoi(s + 1, 2) : NGX_ERROR;

                if (c != NGX_ERROR) {
                    *p++ = (u_char) c;
                    s += 2;
                    continue;
                }

                if (!form) {
                    *err = "must not contain an invalid percent escape";
                    return NGX_DECLINED;
                }
            }

            *p++ = (form && *s == '+') ? ' ' : *s;
        }

        dst->len = p - dst->data;
    }

    if (ngx_strlchr(dst->data, dst->data + dst->len, '\0') != NULL) {
        *err = "must not contain a zero byte";
        return NGX_DECLINED;
    }

    if (ngx_app_utf8_valid(dst->data, dst->len) != NGX_OK) {
        *err = "must be valid UTF-8";
        return NGX_DECLINED;
    }

    return NGX_OK;
}
