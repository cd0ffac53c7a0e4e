
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_func.h>
#include <lang/ngx_app_regex.h>


#define NGX_APP_FUNC_MAX_GROUP  9


typedef struct {
    ngx_regex_t   *regex;
    ngx_int_t      group;      /* -1: only whether it matches */
} ngx_app_func_match_t;


static ngx_int_t ngx_app_func_hex_digit(u_char ch);
static ngx_str_t *ngx_app_func_html_entity(u_char ch);
static ngx_int_t ngx_app_func_match_group(ngx_app_lang_t *lc,
    ngx_app_value_t *v, ngx_int_t *group);


/* as in a form: "+" is a space; what is no escape stays as it is */

ngx_int_t
ngx_app_func_url_decode(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    u_char     *p, *last, *d;
    ngx_int_t   rc, high, low;
    ngx_str_t   s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_func_alloc(call, s.len, res);
    if (rc != NGX_OK) {
        return rc;
    }

    d = res->u.s.data;
    last = s.data + s.len;

    for (p = s.data; p < last; p++) {

        if (*p == '+') {
            *d++ = ' ';
            continue;
        }

        if (*p == '%' && last - p > 2) {
            high = ngx_app_func_hex_digit(p[1]);
            low = ngx_app_func_hex_digit(p[2]);

            if (high >= 0 && low >= 0) {
                *d++ = (u_char) (high * 16 + low);
                p += 2;
                continue;
            }
        }

        *d++ = *p;
    }

    res->u.s.len = d - res->u.s.data;

    return NGX_OK;
}


static ngx_int_t
ngx_app_func_hex_digit(u_char ch)
{
    u_char  c;

    if (ch >= '0' && ch <= '9') {
        return ch - '0';
    }

    c = ch | 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


/* all but the unreserved characters of RFC 3986, section 2.3 */

ngx_int_t
ngx_app_func_url_encode(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    size_t      len;
    ngx_int_t   rc;
    ngx_str_t   s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    len = s.len + 2 * ngx_escape_uri(NULL, s.data, s.len,
                                     NGX_ESCAPE_URI_COMPONENT);

    rc = ngx_app_func_alloc(call, len, res);
    if (rc != NGX_OK) {
        return rc;
    }

    if (len == s.len) {
        ngx_memcpy(res->u.s.data, s.data, s.len);

    } else {
        ngx_escape_uri(res->u.s.data, s.data, s.len,
                       NGX_ESCAPE_URI_COMPONENT);
    }

    return NGX_OK;
}


/* for text and for attributes in quotes of either kind: HTML, section 13.1.2 */

ngx_int_t
ngx_app_func_html_escape(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    size_t      i, len;
    u_char     *p;
    ngx_int_t   rc;
    ngx_str_t   s, *e;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    len = s.len;

    for (i = 0; i < s.len; i++) {
        e = ngx_app_func_html_entity(s.data[i]);
        len += e ? e->len - 1 : 0;
    }

    rc = ngx_app_func_alloc(call, len, res);
    if (rc != NGX_OK) {
        return rc;
    }

    p = res->u.s.data;

    for (i = 0; i < s.len; i++) {
        e = ngx_app_func_html_entity(s.data[i]);

        if (e) {
            p = ngx_cpymem(p, e->data, e->len);

        } else {
            *p++ = s.data[i];
        }
    }

    return NGX_OK;
}


static ngx_str_t *
ngx_app_func_html_entity(u_char ch)
{
    static ngx_str_t  amp = ngx_string("&amp;");
    static ngx_str_t  lt = ngx_string("&lt;");
    static ngx_str_t  gt = ngx_string("&gt;");
    static ngx_str_t  quot = ngx_string("&quot;");
    static ngx_str_t  apos = ngx_string("&#39;");

    switch (ch) {

    case '&':
        return &amp;

    case '<':
        return &lt;

    case '>':
        return &gt;

    case '"':
        return &quot;

    case '\'':
        return &apos;

    default:
        return NULL;
    }
}


ngx_int_t
ngx_app_func_base64_encode(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_func_alloc(call, ngx_base64_encoded_length(s.len), res);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_encode_base64(&res->u.s, &s);

    return NGX_OK;
}


/* of both alphabets of RFC 4648, with or without padding */

ngx_int_t
ngx_app_func_base64_decode(ngx_app_call_t *call, ngx_app_value_t *args,
    ngx_uint_t n, ngx_app_value_t *res)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_func_alloc(call, ngx_base64_decoded_length(s.len), res);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_decode_base64(&res->u.s, &s) == NGX_OK) {
        return NGX_OK;
    }

    return (ngx_decode_base64url(&res->u.s, &s) == NGX_OK) ? NGX_OK
                                                           : NGX_DECLINED;
}


ngx_int_t
ngx_app_func_hex(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = ngx_app_func_text(call, &args[0], &s);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_app_func_alloc(call, s.len * 2, res);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_hex_dump(res->u.s.data, s.data, s.len);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_match(ngx_app_call_t *call, ngx_app_value_t *args, ngx_uint_t n,
    ngx_app_value_t *res)
{
    int                    captures[(NGX_APP_FUNC_MAX_GROUP + 1) * 3], *c;
    ngx_int_t              rc;
    ngx_str_t              s;
    ngx_app_func_match_t  *m;

    m = call->data;

    rc = ngx_app_func_text(call, &args[0], &s);

    if (rc == NGX_DECLINED && m->group < 0) {
        ngx_app_value_set_bool(res, 0);
        return NGX_OK;
    }

    if (rc != NGX_OK) {
        return rc;
    }

    /* also less than zero for text that is no UTF-8, or takes too long */

    rc = ngx_regex_exec(m->regex, &s, captures,
                        (NGX_APP_FUNC_MAX_GROUP + 1) * 3);

    if (m->group < 0) {
        ngx_app_value_set_bool(res, rc >= 0);
        return NGX_OK;
    }

    if (rc <= m->group) {
        return NGX_DECLINED;
    }

    c = &captures[2 * m->group];

    if (c[0] < 0 || c[1] < c[0]) {
        return NGX_DECLINED;
    }

    ngx_app_value_set_string(res, s.data + c[0], c[1] - c[0]);

    return NGX_OK;
}


ngx_int_t
ngx_app_func_match_compile(ngx_app_lang_t *lc, ngx_app_value_t **args,
    ngx_uint_t n, void **data)
{
    ngx_str_t              err;
    ngx_int_t              captures;
    ngx_app_func_match_t  *m;

    if (args[1] == NULL || args[1]->type != NGX_APP_STRING) {
        ngx_app_lang_error(lc, "match() needs its pattern in quotes, "
                           "as match(name, '^[a-z]+$')");
        return NGX_ERROR;
    }

    m = ngx_palloc(lc->pool, sizeof(ngx_app_func_match_t));
    if (m == NULL) {
        return NGX_ERROR;
    }

    m->group = -1;

    if (n == 3 && ngx_app_func_match_group(lc, args[2], &m->group) != NGX_OK)
    {
        return NGX_ERROR;
    }

    m->regex = ngx_app_regex_compile(lc->pool, &args[1]->u.s, &captures, &err);
    if (m->regex == NULL) {
        ngx_app_lang_error(lc, "invalid pattern in match(): %V", &err);
        return NGX_ERROR;
    }

    if (m->group > captures) {
        ngx_app_lang_error(lc, "the pattern of match() has no group %i",
                           m->group);
        return NGX_ERROR;
    }

    *data = m;

    return NGX_OK;
}


static ngx_int_t
ngx_app_func_match_group(ngx_app_lang_t *lc, ngx_app_value_t *v,
    ngx_int_t *group)
{
    if (v == NULL || v->type != NGX_APP_INT || v->u.i < 0
        || v->u.i > NGX_APP_FUNC_MAX_GROUP)
    {
        ngx_app_lang_error(lc, "the group of match() must be a number from 0 "
                           "to %i", (ngx_int_t) NGX_APP_FUNC_MAX_GROUP);
        return NGX_ERROR;
    }

    *group = (ngx_int_t) v->u.i;

    return NGX_OK;
}
