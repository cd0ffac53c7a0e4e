
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_base64url.h>


static ngx_int_t ngx_app_base64url_value(u_char ch);


u_char *
ngx_app_base64url_encode(u_char *p, const u_char *data, size_t len)
{
    uint32_t             bits;
    ngx_uint_t           n;
    static const u_char  digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "abcdefghijklmnopqrstuvwxyz0123456789-_";

    bits = 0;
    n = 0;

    while (len--) {
        bits = (bits << 8) | *data++;
        n += 8;

        while (n >= 6) {
            n -= 6;
            *p++ = digits[(bits >> n) & 0x3f];
        }
    }

    if (n) {
        *p++ = digits[(bits << (6 - n)) & 0x3f];
    }

    return p;
}


ngx_int_t
ngx_app_base64url_decode(u_char *dst, const u_char *data, size_t len,
    size_t *size)
{
    u_char      *p;
    uint32_t     bits;
    ngx_int_t    v;
    ngx_uint_t   n;

    if (len % 4 == 1) {
        return NGX_DECLINED;
    }

    p = dst;
    bits = 0;
    n = 0;

    while (len--) {
        v = ngx_app_base64url_value(*data++);

        if (v < 0) {
            return NGX_DECLINED;
        }

        bits = (bits << 6) | (uint32_t) v;
        n += 6;

        if (n >= 8) {
            n -= 8;
            *p++ = (u_char) (bits >> n);
        }
    }

    if (bits & ((1u << n) - 1)) {
        return NGX_DECLINED;
    }

    *size = p - dst;

    return NGX_OK;
}


static ngx_int_t
ngx_app_base64url_value(u_char ch)
{
    if (ch >= 'A' && ch <= 'Z') {
        return ch - 'A';
    }

    if (ch >= 'a' && ch <= 'z') {
        return ch - 'a' + 26;
    }

    if (ch >= '0' && ch <= '9') {
        return ch - '0' + 52;
    }

    return (ch == '-') ? 62 : (ch == '_') ? 63 : -1;
}
