
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_base64url.h>
#include <image/ngx_app_image_accept.h>

#include <openssl/crypto.h>
#include <openssl/hmac.h>


#define NGX_APP_IMAGE_MAC       32
#define NGX_APP_IMAGE_MAC_TEXT  43


ngx_int_t
ngx_app_image_signed(ngx_str_t *uri, ngx_array_t *keys)
{
    u_char        *p, mac[EVP_MAX_MD_SIZE], text[NGX_APP_IMAGE_MAC_TEXT];
    size_t         len;
    ngx_str_t     *key;
    ngx_uint_t     i, good;
    unsigned int   n;

    if (uri->len < NGX_APP_IMAGE_MAC_TEXT + 3) {
        return NGX_DECLINED;
    }

    len = uri->len - NGX_APP_IMAGE_MAC_TEXT - 3;
    p = uri->data + len;

    if ((p[0] != '?' && p[0] != '&') || p[1] != 's' || p[2] != '=') {
        return NGX_DECLINED;
    }

    good = 0;
    key = keys->elts;

    for (i = 0; i < keys->nelts; i++) {

        if (HMAC(EVP_sha256(), key[i].data, (int) key[i].len, uri->data, len,
                 mac, &n)
            == NULL)
        {
            return NGX_DECLINED;
        }

        (void) ngx_app_base64url_encode(text, mac, NGX_APP_IMAGE_MAC);

        good |= (CRYPTO_memcmp(text, p + 3, NGX_APP_IMAGE_MAC_TEXT) == 0);
    }

    return good ? NGX_OK : NGX_DECLINED;
}
