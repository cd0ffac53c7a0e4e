
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_utf8.h>


size_t
ngx_app_utf8_bad(const u_char *p, const u_char *last)
{
    size_t  n;
    u_char  c, seq[4];

    c = p[0];

    if (c < 0xe0 || c > 0xf4) {
        return 1;
    }

    /*
     * Continuation bytes are taken in while some valid sequence begins with
     * them: while it would be valid with 0x80s to its end.
     */

    ngx_memset(seq, 0x80, sizeof(seq));
    seq[0] = c;

    for (n = 1; n < 3 && p + n < last; n++) {
        seq[n] = p[n];

        if (ngx_app_utf8_sequence(seq, seq + sizeof(seq)) == 0) {
            break;
        }
    }

    return n;
}


ngx_int_t
ngx_app_utf8_valid(const u_char *data, size_t len)
{
    size_t         n;
    uint64_t       w;
    const u_char  *p, *last;

    p = data;
    last = data + len;

    while (p < last) {

        if (last - p >= 8) {
            ngx_memcpy(&w, p, 8);

            if (ngx_app_utf8_word_is_ascii(w)) {
                p += 8;
                continue;
            }
        }

        n = ngx_app_utf8_sequence(p, last);
        if (n == 0) {
            return NGX_DECLINED;
        }

        p += n;
    }

    return NGX_OK;
}


size_t
ngx_app_utf8_length(const u_char *data, size_t len)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < len; i++) {
        n += (data[i] & 0xc0) != 0x80;
    }

    return n;
}


u_char *
ngx_app_utf8_encode(u_char *p, uint32_t c)
{
    if (c < 0x80) {
        *p++ = (u_char) c;
        return p;
    }

    if (c < 0x800) {
        *p++ = (u_char) (0xc0 | c >> 6);
        *p++ = (u_char) (0x80 | (c & 0x3f));
        return p;
    }

    if (c < 0x10000) {
        *p++ = (u_char) (0xe0 | c >> 12);
        *p++ = (u_char) (0x80 | ((c >> 6) & 0x3f));
        *p++ = (u_char) (0x80 | (c & 0x3f));
        return p;
    }

    *p++ = (u_char) (0xf0 | c >> 18);
    *p++ = (u_char) (0x80 | ((c >> 12) & 0x3f));
    *p++ = (u_char) (0x80 | ((c >> 6) & 0x3f));
    *p++ = (u_char) (0x80 | (c & 0x3f));

    return p;
}
