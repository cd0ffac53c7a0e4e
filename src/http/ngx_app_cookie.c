
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_cookie.h>


ngx_int_t
ngx_app_cookie_find(ngx_str_t *header, ngx_str_t *name, ngx_str_t *value)
{
    u_char  *p, *end, *last;

    p = header->data;
    last = p + header->len;

    while (p < last) {

        if (*p == ' ') {
            p++;
            continue;
        }

        end = ngx_strlchr(p, last, ';');

        if (end == NULL) {
            end = last;
        }

        if ((size_t) (end - p) > name->len + 1
            && ngx_memcmp(p, name->data, name->len) == 0
            && p[name->len] == '=')
        {
            value->data = p + name->len + 1;
            value->len = end - value->data;

            return NGX_OK;
        }

        p = (end == last) ? last : end + 1;
    }

    return NGX_DECLINED;
}
