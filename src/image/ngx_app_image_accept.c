
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_accept.h>


static ngx_uint_t ngx_app_image_accept_zero(u_char *p, u_char *last);


void
ngx_app_image_accept(ngx_str_t *accept, ngx_app_image_choice_t *formats,
    ngx_app_image_choice_t *choice)
{
    u_char      *p, *last, *end, *params;
    size_t       len;
    ngx_str_t   *type;
    ngx_uint_t   i, named;

    named = 0;
    p = accept->data;
    last = p + accept->len;

    while (p < last) {

        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
        }

        params = ngx_strlchr(p, end, ';');
        params = params ? params : end;

        for (len = params - p; len && p[len - 1] == ' '; len--) {
            /* void */
        }

        for (i = 0; i < formats->n; i++) {
            type = &ngx_app_image_formats[formats->format[i]].type;

            if (type->len == len
                && ngx_strncasecmp(type->data, p, len) == 0
                && !ngx_app_image_accept_zero(params, end))
            {
                named |= 1u << i;
            }
        }

        p = end + (end < last);
    }

    choice->n = 0;

    for (i = 0; i < formats->n; i++) {
        if (named & (1u << i)) {
            choice->format[choice->n++] = formats->format[i];
        }
    }
}


/* whether the weight says that it is not acceptable: q=0, q=0.000 */

static ngx_uint_t
ngx_app_image_accept_zero(u_char *p, u_char *last)
{
    u_char  *end;

    while (p < last) {

        end = ngx_strlchr(p + 1, last, ';');
        end = end ? end : last;

        for (p++; p < end && *p == ' '; p++) { /* void */ }

        if (end - p >= 3 && (p[0] == 'q' || p[0] == 'Q') && p[1] == '=') {

            for (p += 2; p < end; p++) {
                if (*p != '0' && *p != '.' && *p != ' ') {
                    return 0;
                }
            }

            return 1;
        }

        p = end;
    }

    return 0;
}
