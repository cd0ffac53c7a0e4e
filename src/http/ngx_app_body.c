
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_hash.h>
#include <http/ngx_app_body.h>
#include <http/ngx_app_body_name.h>


#define NGX_APP_BODY_KEYS     16
#define NGX_APP_BODY_ERR_LEN  256

/* as many digits as a DECIMAL column has, a sign and a point */
#define NGX_APP_BODY_DIGITS   67


static ngx_int_t ngx_app_body_add(ngx_pool_t *pool, ngx_app_body_name_t *root,
    ngx_str_t *name, ngx_uint_t index, ngx_uint_t list);
static ngx_int_t ngx_app_body_keys_grow(ngx_app_body_keys_t *keys);
static ngx_app_body_key_t *ngx_app_body_keys_slot(ngx_app_body_keys_t *keys,
    uint64_t hash, ngx_uint_t group, ngx_str_t *key);
static ngx_int_t ngx_app_body_exponent(ngx_pool_t *pool, ngx_str_t *raw,
    ngx_str_t *plain);
static ngx_int_t ngx_app_body_plain(ngx_pool_t *pool, ngx_str_t *mantissa,
    ngx_int_t exponent, ngx_str_t *plain);
static void ngx_app_body_whole(ngx_str_t *text);


ngx_app_body_t *
ngx_app_body_create(ngx_pool_t *pool, ngx_str_t *names, u_char *lists,
    ngx_uint_t n)
{
    ngx_uint_t       i;
    ngx_app_body_t  *body;

    body = ngx_pcalloc(pool, sizeof(ngx_app_body_t));
    if (body == NULL) {
        return NULL;
    }

    body->root.index = NGX_APP_BODY_NONE;
    body->n = n;

    for (i = 0; i < n; i++) {
        if (ngx_app_body_add(pool, &body->root, &names[i], i,
                             lists ? lists[i] : 0)
            != NGX_OK)
        {
            return NULL;
        }
    }

    return body;
}


static ngx_int_t
ngx_app_body_add(ngx_pool_t *pool, ngx_app_body_name_t *root, ngx_str_t *name,
    ngx_uint_t index, ngx_uint_t list)
{
    u_char               *p, *end, *last;
    ngx_str_t             word;
    ngx_app_body_name_t  *node, *member;

    node = root;
    last = name->data + name->len;

    for (p = name->data; p <= last; p = end + 1) {

        end = ngx_strlchr(p, last, '.');
        if (end == NULL) {
            end = last;
        }

        word.data = p;
        word.len = end - p;

        member = ngx_app_body_find(node, &word);

        if (member == NULL) {
            member = ngx_pcalloc(pool, sizeof(ngx_app_body_name_t));
            if (member == NULL) {
                return NGX_ERROR;
            }

            member->word = word;
            member->index = NGX_APP_BODY_NONE;
            member->next = node->first;
            node->first = member;
        }

        node = member;
    }

    node->index = index;
    node->list = list;

    return NGX_OK;
}


ngx_app_body_name_t *
ngx_app_body_find(ngx_app_body_name_t *name, ngx_str_t *word)
{
    ngx_app_body_name_t  *m;

    for (m = name->first; m != NULL; m = m->next) {
        if (m->word.len == word->len
            && (word->len == 0
                || ngx_memcmp(m->word.data, word->data, word->len) == 0))
        {
            return m;
        }
    }

    return NULL;
}


ngx_int_t
ngx_app_body_keys_add(ngx_app_body_keys_t *keys, ngx_uint_t group,
    ngx_str_t *key)
{
    uint64_t             hash;
    ngx_app_body_key_t  *slot;

    if (keys->n * 2 >= keys->size && ngx_app_body_keys_grow(keys) != NGX_OK) {
        return NGX_ERROR;
    }

    hash = ngx_app_hash64(key->data, key->len, group);
    slot = ngx_app_body_keys_slot(keys, hash, group, key);

    if (slot->key.data != NULL) {
        return NGX_DECLINED;
    }

    slot->hash = hash;
    slot->group = group;
    slot->key = *key;
    keys->n++;

    return NGX_OK;
}


static ngx_int_t
ngx_app_body_keys_grow(ngx_app_body_keys_t *keys)
{
    ngx_uint_t           i;
    ngx_app_body_key_t  *old;
    ngx_app_body_keys_t  more;

    more = *keys;
    more.size = keys->size ? keys->size * 2 : NGX_APP_BODY_KEYS;
    more.slots = ngx_pcalloc(keys->pool,
                             more.size * sizeof(ngx_app_body_key_t));
    if (more.slots == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < keys->size; i++) {
        old = &keys->slots[i];

        if (old->key.data != NULL) {
            *ngx_app_body_keys_slot(&more, old->hash, old->group, &old->key) =
                *old;
        }
    }

    if (keys->slots != NULL) {
        (void) ngx_pfree(keys->pool, keys->slots);
    }

    *keys = more;

    return NGX_OK;
}


/* returns where the key is, or the free slot where it belongs */

static ngx_app_body_key_t *
ngx_app_body_keys_slot(ngx_app_body_keys_t *keys, uint64_t hash,
    ngx_uint_t group, ngx_str_t *key)
{
    ngx_uint_t           i;
    ngx_app_body_key_t  *slot;

    for (i = (ngx_uint_t) hash; /* void */ ; i++) {

        slot = &keys->slots[i & (keys->size - 1)];

        if (slot->key.data == NULL
            || (slot->hash == hash && slot->group == group
                && slot->key.len == key->len
                && (key->len == 0
                    || ngx_memcmp(slot->key.data, key->data, key->len) == 0)))
        {
            return slot;
        }
    }
}


ngx_int_t ngx_cdecl
ngx_app_body_refuse(ngx_pool_t *pool, ngx_app_body_result_t *result,
    const char *fmt, ...)
{
    u_char   *p, *last;
    va_list   args;

    p = ngx_pnalloc(pool, NGX_APP_BODY_ERR_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    va_start(args, fmt);
    last = ngx_vslprintf(p, p + NGX_APP_BODY_ERR_LEN, fmt, args);
    va_end(args);

    /* a name in it may have been cut within a character */

    if (last == p + NGX_APP_BODY_ERR_LEN) {
        while (last > p && last[-1] >= 0x80) {
            last--;
        }
    }

    result->err.data = p;
    result->err.len = last - p;

    return NGX_DECLINED;
}


ngx_int_t
ngx_app_body_number(ngx_pool_t *pool, ngx_str_t *raw, ngx_app_value_t *value)
{
    ngx_int_t  rc;
    ngx_str_t  text;

    rc = ngx_app_body_exponent(pool, raw, &text);
    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        text = *raw;

    } else {
        ngx_app_body_whole(&text);
    }

    if (ngx_app_value_parse_number(&text, value) != NGX_OK) {
        value->type = NGX_APP_JSON;
        value->u.s = *raw;
    }

    return NGX_OK;
}


/* NGX_DECLINED: there are more zeros than any column has digits */

static ngx_int_t
ngx_app_body_exponent(ngx_pool_t *pool, ngx_str_t *raw, ngx_str_t *plain)
{
    u_char      *p, *last;
    ngx_int_t    e;
    ngx_str_t    mantissa;
    ngx_uint_t   minus;

    last = raw->data + raw->len;

    for (p = raw->data; p < last && (*p | 0x20) != 'e'; p++) { /* void */ }

    if (p == last) {
        *plain = *raw;
        return NGX_OK;
    }

    mantissa.data = raw->data;
    mantissa.len = p++ - raw->data;

    minus = (*p == '-');
    p += (*p == '-' || *p == '+');

    while (last - p > 1 && *p == '0') {
        p++;
    }

    e = ngx_atoi(p, last - p);

    if (e == NGX_ERROR || e > NGX_APP_BODY_DIGITS
        || mantissa.len > NGX_APP_BODY_DIGITS)
    {
        return NGX_DECLINED;
    }

    return ngx_app_body_plain(pool, &mantissa, minus ? -e : e, plain);
}


/* moves the point of "-12.34" by the exponent */

static ngx_int_t
ngx_app_body_plain(ngx_pool_t *pool, ngx_str_t *mantissa, ngx_int_t exponent,
    ngx_str_t *plain)
{
    u_char      *p, *s, *dot, *last;
    ngx_int_t    i, point, ndigits;

    s = mantissa->data;
    last = s + mantissa->len;

    /* digits, zeros on either side, a sign, "0." */

    p = ngx_pnalloc(pool, mantissa->len + 2 * NGX_APP_BODY_DIGITS + 4);
    if (p == NULL) {
        return NGX_ERROR;
    }

    plain->data = p;

    if (*s == '-') {
        *p++ = *s++;
    }

    dot = ngx_strlchr(s, last, '.');
    ndigits = last - s - (dot != NULL);
    point = (dot ? dot : last) - s + exponent;

    if (point <= 0) {
        *p++ = '0';
        *p++ = '.';

        for (i = point; i < 0; i++) {
            *p++ = '0';
        }
    }

    for (i = 0; s < last; s++) {
        if (*s == '.') {
            continue;
        }

        if (i != 0 && i == point) {
            *p++ = '.';
        }

        *p++ = *s;
        i++;
    }

    for (i = ndigits; i < point; i++) {
        *p++ = '0';
    }

    plain->len = p - plain->data;

    return NGX_OK;
}


/* 5.00 is 5: an integer */

static void
ngx_app_body_whole(ngx_str_t *text)
{
    u_char  *p, *dot, *last;

    last = text->data + text->len;
    dot = ngx_strlchr(text->data, last, '.');

    if (dot == NULL) {
        return;
    }

    for (p = dot + 1; p < last; p++) {
        if (*p != '0') {
            return;
        }
    }

    text->len = dot - text->data;
}
