
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_input_text.h>


#define NGX_APP_EMAIL_LOCAL  64
#define NGX_APP_EMAIL_LEN    254
#define NGX_APP_EMAIL_LABEL  63


#define ngx_app_is_letter(c)                                                 \
    (((c) | 0x20) >= 'a' && ((c) | 0x20) <= 'z')

#define ngx_app_is_digit(c)                                                  \
    ((c) >= '0' && (c) <= '9')

#define ngx_app_is_blank(c)                                                  \
    ((c) == ' ' || ((c) >= '\t' && (c) <= '\r'))


static ngx_int_t ngx_app_input_email_local(u_char *p, u_char *last);
static ngx_int_t ngx_app_input_email_domain(u_char *p, u_char *last);
static ngx_int_t ngx_app_input_email_label(u_char *p, u_char *last,
    ngx_uint_t top);


void
ngx_app_input_trim(ngx_str_t *s)
{
    while (s->len != 0 && ngx_app_is_blank(s->data[s->len - 1])) {
        s->len--;
    }

    while (s->len != 0 && ngx_app_is_blank(s->data[0])) {
        s->data++;
        s->len--;
    }
}


ngx_int_t
ngx_app_input_email(ngx_str_t *s)
{
    u_char  *at, *last;

    if (s->len > NGX_APP_EMAIL_LEN) {
        return NGX_DECLINED;
    }

    last = s->data + s->len;
    at = ngx_strlchr(s->data, last, '@');

    if (at == NULL) {
        return NGX_DECLINED;
    }

    if (ngx_app_input_email_local(s->data, at) != NGX_OK) {
        return NGX_DECLINED;
    }

    return ngx_app_input_email_domain(at + 1, last);
}


ngx_int_t
ngx_app_input_uuid(ngx_str_t *s)
{
    u_char  c;
    size_t  i;

    if (s->len != 36) {
        return NGX_DECLINED;
    }

    for (i = 0; i < 36; i++) {
        c = s->data[i];

        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-') {
                return NGX_DECLINED;
            }

            continue;
        }

        if (!ngx_app_is_digit(c) && ((c | 0x20) < 'a' || (c | 0x20) > 'f')) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* words with single dots between them (RFC 5322, "dot-atom") */

static ngx_int_t
ngx_app_input_email_local(u_char *p, u_char *last)
{
    u_char  c, before;

    if (p == last || last - p > NGX_APP_EMAIL_LOCAL) {
        return NGX_DECLINED;
    }

    before = '.';

    for ( /* void */ ; p < last; p++) {
        c = *p;

        if (c == '.') {
            if (before == '.') {
                return NGX_DECLINED;
            }

        } else if (!ngx_app_is_letter(c) && !ngx_app_is_digit(c) && c < 0x80
                   && (c <= ' '
                       || ngx_strchr("!#$%&'*+/=?^_`{|}~-", c) == NULL))
        {
            return NGX_DECLINED;
        }

        before = c;
    }

    return (before == '.') ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_app_input_email_domain(u_char *p, u_char *last)
{
    u_char      *end;
    ngx_uint_t   n;

    for (n = 1; /* void */ ; n++) {
        end = ngx_strlchr(p, last, '.');

        if (end == NULL) {
            break;
        }

        if (ngx_app_input_email_label(p, end, 0) != NGX_OK) {
            return NGX_DECLINED;
        }

        p = end + 1;
    }

    if (n == 1) {
        return NGX_DECLINED;
    }

    return ngx_app_input_email_label(p, last, 1);
}


static ngx_int_t
ngx_app_input_email_label(u_char *p, u_char *last, ngx_uint_t top)
{
    size_t      i, len;
    ngx_uint_t  letters;

    len = last - p;

    if (len == 0 || len > NGX_APP_EMAIL_LABEL || p[0] == '-'
        || last[-1] == '-')
    {
        return NGX_DECLINED;
    }

    letters = 1;

    for (i = 0; i < len; i++) {
        if (ngx_app_is_letter(p[i]) || p[i] >= 0x80) {
            continue;
        }

        if (!ngx_app_is_digit(p[i]) && p[i] != '-') {
            return NGX_DECLINED;
        }

        letters = 0;
    }

    if (!top) {
        return NGX_OK;
    }

    /* letters, or those of other scripts in their ASCII form */

    if (letters) {
        return (len >= 2) ? NGX_OK : NGX_DECLINED;
    }

    return (len >= 5 && ngx_strncasecmp(p, (u_char *) "xn--", 4) == 0)
           ? NGX_OK : NGX_DECLINED;
}
