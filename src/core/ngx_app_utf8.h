
/*
 * Copyright (C) the project authors
 */

/*
 * UTF-8 as of RFC 3629: no overlong forms, no surrogates, nothing past
 * U+10FFFF.
 */


#ifndef _NGX_APP_UTF8_H_INCLUDED_
#define _NGX_APP_UTF8_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* true when no byte of an 8-byte word is above 0x7f */
#define ngx_app_utf8_word_is_ascii(w)  (((w) & 0x8080808080808080ull) == 0)


/*
 * Returns the length of the sequence at p, 1 to 4, or 0 when it is not valid;
 * p < last.
 */
static ngx_inline size_t
ngx_app_utf8_sequence(const u_char *p, const u_char *last)
{
    u_char  c, lo, hi;

    c = p[0];

    if (c < 0x80) {
        return 1;
    }

    if (c < 0xc2 || c > 0xf4 || last - p < 2) {
        return 0;
    }

    if (c < 0xe0) {
        return ((p[1] & 0xc0) == 0x80) ? 2 : 0;
    }

    lo = (c == 0xe0) ? 0xa0 : (c == 0xf0) ? 0x90 : 0x80;
    hi = (c == 0xed) ? 0x9f : (c == 0xf4) ? 0x8f : 0xbf;

    if (p[1] < lo || p[1] > hi || last - p < 3 || (p[2] & 0xc0) != 0x80) {
        return 0;
    }

    if (c < 0xf0) {
        return 3;
    }

    return (last - p >= 4 && (p[3] & 0xc0) == 0x80) ? 4 : 0;
}


/*
 * Returns how many bytes at p, where ngx_app_utf8_sequence() has returned 0,
 * one U+FFFD stands for: the longest beginning of a sequence, or one byte
 * (Unicode 15, section 3.9, "Substitution of Maximal Subparts").
 */
size_t ngx_app_utf8_bad(const u_char *p, const u_char *last);

/* NGX_OK or NGX_DECLINED */
ngx_int_t ngx_app_utf8_valid(const u_char *data, size_t len);

/* code points of a valid text */
size_t ngx_app_utf8_length(const u_char *data, size_t len);

/* writes a code point, up to 4 bytes; returns the end */
u_char *ngx_app_utf8_encode(u_char *p, uint32_t c);


#endif /* _NGX_APP_UTF8_H_INCLUDED_ */
