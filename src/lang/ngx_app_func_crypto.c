
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_base64url.h>
#include <lang/ngx_app_func.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>


#define NGX_APP_FUNC_DIGEST  32      /* bytes of SHA-256 */


static ngx_int_t ngx_app_func_digest(ngx_app_call_t *call, u_char *digest,
    ngx_app_value_t *res);


ngx_int_t
ngx_app_func_base64url(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_func_alloc(call, ngx_app_base64url_encoded_len(s.len), res);
    if (rc != NGX_OK) {
        return rc;
    }

    (void) ngx_app_base64url_encode(res->u.s.data, s.data, s.len);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_sha256(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    u_char     digest[NGX_APP_FUNC_DIGEST];
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    if (EVP_Digest(s.data, s.len, digest, NULL, EVP_sha256(), NULL) != 1) {
        return NGX_ERROR;
    }

    return ngx_app_func_digest(call, digest, res);
}


/* RFC 2104 */

ngx_int_t
ngx_app_func_hmac_sha256(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    u_char     digest[NGX_APP_FUNC_DIGEST];
    ngx_int_t  rc;
    ngx_str_t  key, s;

    rc = ngx_app_func_text(call, &args[0], &key);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_func_text(call, &args[1], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    /* OpenSSL takes a key that is NULL for "as before" */

    if (HMAC(EVP_sha256(), key.len ? key.data : (u_char *) "",
             (int) key.len, s.data, s.len, digest, NULL)
        == NULL)
    {
        return NGX_ERROR;
    }

    return ngx_app_func_digest(call, digest, res);
}


static ngx_int_t
ngx_app_func_digest(ngx_app_call_t *call, u_char *digest,
    ngx_app_value_t *res)
{
    ngx_int_t  rc;

    rc = ngx_app_func_alloc(call, 2 * NGX_APP_FUNC_DIGEST, res);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_hex_dump(res->u.s.data, digest, NGX_APP_FUNC_DIGEST);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_secret(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    ngx_str_t  *value;

    value = call->data;
    ngx_app_value_set_string(res, value->data, value->len);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_secret_compile(ngx_app_lang_t *lc, ngx_app_value_t **args,
    ngx_uint_t n, void **data)
{
    ngx_str_t  *name;

    if (args[0] == NULL || args[0]->type != NGX_APP_STRING) {
        ngx_app_lang_error(lc, "secret() needs its name in quotes, "
                           "as secret('codes')");
        return NGX_ERROR;
    }

    name = &args[0]->u.s;
    *data = lc->secret ? lc->secret(lc, name) : NULL;

    if (*data == NULL) {
        ngx_app_lang_error(lc, "unknown secret \"%V\", declare it above with "
                           "app_secret %V file=PATH", name, name);
        return NGX_ERROR;
    }

    return NGX_OK;
}
