
/*
 * Copyright (C) the project authors
 */

/*
 * Values of parameters, by the kind that their table says.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_param.h>


#define NGX_APP_IMAGE_TRIM  10             /* a threshold */


static ngx_int_t ngx_app_image_value_meta(ngx_app_image_value_t *v);
static ngx_int_t ngx_app_image_value_int(ngx_app_image_value_t *v,
    int32_t *field);
static ngx_int_t ngx_app_image_value_fixed(ngx_app_image_value_t *v,
    int32_t *field);
static ngx_int_t ngx_app_image_value_number(u_char *p, u_char *last,
    int32_t scale, int32_t *n);
static ngx_int_t ngx_app_image_value_percent(ngx_app_image_value_t *v,
    int32_t *field);
static ngx_int_t ngx_app_image_value_frames(ngx_app_image_value_t *v,
    int32_t *field);
static ngx_int_t ngx_app_image_value_flag(ngx_app_image_value_t *v,
    int32_t *field);
static ngx_app_image_word_t *ngx_app_image_value_find(
    ngx_app_image_word_t *words, u_char *data, size_t len);
static ngx_int_t ngx_app_image_value_word(ngx_app_image_value_t *v,
    int32_t *field);
static ngx_int_t ngx_app_image_value_words(ngx_app_image_value_t *v,
    int32_t *field);
static int32_t ngx_app_image_value_corner(int32_t a, int32_t b);
static ngx_uint_t ngx_app_image_value_list(ngx_app_image_value_t *v,
    int32_t *values, ngx_uint_t least, ngx_uint_t most);
static ngx_int_t ngx_app_image_value_numbers(ngx_app_image_value_t *v,
    int32_t *field);
static ngx_int_t ngx_app_image_value_pad(ngx_app_image_value_t *v,
    int32_t *field);
static ngx_int_t ngx_app_image_value_trim(ngx_app_image_value_t *v,
    int32_t *field);
static ngx_int_t ngx_app_image_value_mod(ngx_app_image_value_t *v);
static ngx_int_t ngx_app_image_value_choice(ngx_app_image_value_t *v,
    ngx_app_image_choice_t *choice);
static ngx_int_t ngx_app_image_value_auto(ngx_app_image_value_t *v);
static ngx_int_t ngx_app_image_value_name(ngx_app_image_value_t *v,
    ngx_app_image_name_t *name);
static ngx_int_t ngx_app_image_value_expires(ngx_app_image_value_t *v);


ngx_int_t
ngx_app_image_value(ngx_app_image_value_t *v)
{
    void  *field;

    field = (u_char *) v->ops + v->param->field;

    if (v->param->kind < NGX_APP_IMAGE_P_PRESET) {
        v->ops->has |= NGX_APP_IMAGE_HAS_OPS;
    }

    if (v->param->field == offsetof(ngx_app_image_ops_t, fpx)
        || v->param->field == offsetof(ngx_app_image_ops_t, fpy))
    {
        v->ops->gravity = NGX_APP_IMAGE_FOCAL;
    }

    switch (v->param->kind) {

    case NGX_APP_IMAGE_P_INT:
        return ngx_app_image_value_int(v, field);

    case NGX_APP_IMAGE_P_FIXED:
        return ngx_app_image_value_fixed(v, field);

    case NGX_APP_IMAGE_P_PERCENT:
        return ngx_app_image_value_percent(v, field);

    case NGX_APP_IMAGE_P_FRAMES:
        return ngx_app_image_value_frames(v, field);

    case NGX_APP_IMAGE_P_FLAG:
    case NGX_APP_IMAGE_P_NOT:
    case NGX_APP_IMAGE_P_BIT:
        return ngx_app_image_value_flag(v, field);

    case NGX_APP_IMAGE_P_WORD:
        return ngx_app_image_value_word(v, field);

    case NGX_APP_IMAGE_P_WORDS:
        return ngx_app_image_value_words(v, field);

    case NGX_APP_IMAGE_P_LIST:
        return ngx_app_image_value_numbers(v, field);

    case NGX_APP_IMAGE_P_PAD:
        return ngx_app_image_value_pad(v, field);

    case NGX_APP_IMAGE_P_TRIM:
        return ngx_app_image_value_trim(v, field);

    case NGX_APP_IMAGE_P_COLOR:
        if (ngx_app_image_color(v->data, v->len, field) != NGX_OK) {
            return ngx_app_image_value_fail(v, "must be a colour: RGB, RRGGBB, "
                                            "RRGGBBAA or a name");
        }

        return NGX_OK;

    case NGX_APP_IMAGE_P_ARGB:
        if (ngx_app_image_color_argb(v->data, v->len, field) != NGX_OK) {
            return ngx_app_image_value_fail(v, "must be a colour: RGB, RRGGBB, "
                                            "AARRGGBB or a name");
        }

        return NGX_OK;

    case NGX_APP_IMAGE_P_FORMATS:
        return ngx_app_image_value_choice(v, field);

    case NGX_APP_IMAGE_P_NAME:
        return ngx_app_image_value_name(v, field);

    default:
        return ngx_app_image_value_meta(v);
    }
}


/* what is no field of the operations */

static ngx_int_t
ngx_app_image_value_meta(ngx_app_image_value_t *v)
{
    switch (v->param->kind) {

    case NGX_APP_IMAGE_P_AUTO:
        return ngx_app_image_value_auto(v);

    case NGX_APP_IMAGE_P_MOD:
        return ngx_app_image_value_mod(v);

    case NGX_APP_IMAGE_P_PRESET:
        v->ops->has |= NGX_APP_IMAGE_HAS_PRESET;
        return ngx_app_image_value_name(v, &v->pc->preset);

    case NGX_APP_IMAGE_P_VERSION:
        v->ops->has |= NGX_APP_IMAGE_HAS_VERSION;
        return NGX_OK;

    case NGX_APP_IMAGE_P_EXPIRES:
        v->ops->has |= NGX_APP_IMAGE_HAS_EXPIRY;
        return ngx_app_image_value_expires(v);

    case NGX_APP_IMAGE_P_SIGN:
        v->ops->has |= NGX_APP_IMAGE_HAS_SIGN;
        return NGX_OK;

    default: /* NGX_APP_IMAGE_P_IGNORE */
        return NGX_OK;
    }
}


static ngx_int_t
ngx_app_image_value_int(ngx_app_image_value_t *v, int32_t *field)
{
    int32_t  n;

    if (ngx_app_image_value_number(v->data, v->data + v->len, 1, &n) != NGX_OK
        || n < v->param->min || n > v->param->max)
    {
        return ngx_app_image_value_fail(v, "must be an integer from %D to %D",
                                        v->param->min, v->param->max);
    }

    *field = n * v->param->scale;

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_value_fixed(ngx_app_image_value_t *v, int32_t *field)
{
    int32_t  n;
    u_char   min[16], max[16];

    if (ngx_app_image_value_number(v->data, v->data + v->len, v->param->scale,
                                 &n)
        != NGX_OK
        || n < v->param->min || n > v->param->max)
    {
        *ngx_app_image_decimal(min, v->param->min, v->param->scale) = '\0';
        *ngx_app_image_decimal(max, v->param->max, v->param->scale) = '\0';

        return ngx_app_image_value_fail(v, "must be a number from %s to %s",
                                        min, max);
    }

    *field = n;

    return NGX_OK;
}


/*
 * Reads a decimal as a whole number of a scale; digits past it are cut.
 * NGX_DECLINED: it is none, or above a million.
 */

static ngx_int_t
ngx_app_image_value_number(u_char *p, u_char *last, int32_t scale, int32_t *n)
{
    int64_t     value;
    ngx_uint_t  minus, digits;

    minus = (p < last && *p == '-');
    p += minus;

    value = 0;
    digits = 0;

    for ( /* void */ ; p < last && *p >= '0' && *p <= '9'; p++) {
        value = value * 10 + (*p - '0');
        digits++;

        if (value > 1000000) {
            return NGX_DECLINED;
        }
    }

    value *= scale;

    if (p < last && *p == '.' && scale > 1) {
        p++;

        for ( /* void */ ; p < last && *p >= '0' && *p <= '9'; p++) {
            scale /= 10;
            value += (int64_t) (*p - '0') * scale;
            digits++;
        }
    }

    if (digits == 0 || p < last) {
        return NGX_DECLINED;
    }

    *n = (int32_t) (minus ? -value : value);

    return NGX_OK;
}


/* the shortest text of it */

u_char *
ngx_app_image_decimal(u_char *p, int32_t n, int32_t scale)
{
    p = ngx_sprintf(p, "%D", n / scale);
    n %= scale;

    if (n == 0) {
        return p;
    }

    *p++ = '.';

    while (n) {
        scale /= 10;
        *p++ = (u_char) ('0' + n / scale);
        n %= scale;
    }

    return p;
}


static ngx_int_t
ngx_app_image_value_percent(ngx_app_image_value_t *v, int32_t *field)
{
    int32_t  n;

    if (ngx_app_image_value_number(v->data, v->data + v->len, 1, &n) != NGX_OK
        || n < -100 || n > 100)
    {
        return ngx_app_image_value_fail(v, "must be an integer from -100 to "
                                        "100");
    }

    *field = 100 + n;

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_value_frames(ngx_app_image_value_t *v, int32_t *field)
{
    if (v->len == 2 && v->data[0] == '-' && v->data[1] == '1') {
        *field = NGX_APP_IMAGE_ALL;
        return NGX_OK;
    }

    return ngx_app_image_value_int(v, field);
}


static ngx_int_t
ngx_app_image_value_flag(ngx_app_image_value_t *v, int32_t *field)
{
    ngx_uint_t  on;

    if (v->len == 0
        || (v->len == 1 && v->data[0] == '1')
        || (v->len == 4 && ngx_strncmp(v->data, "true", 4) == 0))
    {
        on = 1;

    } else if ((v->len == 1 && v->data[0] == '0')
               || (v->len == 5 && ngx_strncmp(v->data, "false", 5) == 0))
    {
        on = 0;

    } else {
        return ngx_app_image_value_fail(v, "must be 1 or 0");
    }

    switch (v->param->kind) {

    case NGX_APP_IMAGE_P_NOT:
        *field = !on;
        break;

    case NGX_APP_IMAGE_P_BIT:
        *field = on ? (*field | v->param->scale)
                    : (*field & ~v->param->scale);
        break;

    default: /* NGX_APP_IMAGE_P_FLAG */
        *field = on;
    }

    return NGX_OK;
}


static ngx_app_image_word_t *
ngx_app_image_value_find(ngx_app_image_word_t *words, u_char *data, size_t len)
{
    for ( /* void */ ; words->name; words++) {
        if (ngx_strlen(words->name) == len
            && ngx_strncmp(words->name, data, len) == 0)
        {
            return words;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_app_image_value_word(ngx_app_image_value_t *v, int32_t *field)
{
    ngx_app_image_word_t  *w;
    u_char                 list[128], *p;

    w = ngx_app_image_value_find(v->param->words, v->data, v->len);

    if (w) {
        *field = w->value;
        return NGX_OK;
    }

    p = list;

    for (w = v->param->words; w->name; w++) {
        p = ngx_slprintf(p, list + sizeof(list) - 1, "%s%s",
                         (p == list) ? "" : ", ", w->name);
    }

    *p = '\0';

    return ngx_app_image_value_fail(v, "must be one of %s", list);
}


/* a list of preferences: the first one counts, with its fellow of a corner */

static ngx_int_t
ngx_app_image_value_words(ngx_app_image_value_t *v, int32_t *field)
{
    u_char                *p, *last, *end;
    int32_t                gravity;
    ngx_app_image_word_t  *w;

    gravity = -1;
    p = v->data;
    last = p + v->len;

    while (p < last) {
        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        w = ngx_app_image_value_find(v->param->words, p, end - p);

        if (w == NULL) {
            return ngx_app_image_value_fail(v, "must be a list of top, bottom, "
                                            "left, right, faces, edges, "
                                            "entropy, focalpoint");
        }

        gravity = (gravity == -1) ? w->value
                                  : ngx_app_image_value_corner(gravity,
                                                             w->value);
        p = end + (end < last);
    }

    if (gravity != -1) {
        *field = gravity;
    }

    return NGX_OK;
}


static int32_t
ngx_app_image_value_corner(int32_t a, int32_t b)
{
    ngx_uint_t  sides;

    sides = (1u << a) | (1u << b);

    if (sides == ((1u << NGX_APP_IMAGE_N) | (1u << NGX_APP_IMAGE_E))) {
        return NGX_APP_IMAGE_NE;
    }

    if (sides == ((1u << NGX_APP_IMAGE_N) | (1u << NGX_APP_IMAGE_W))) {
        return NGX_APP_IMAGE_NW;
    }

    if (sides == ((1u << NGX_APP_IMAGE_S) | (1u << NGX_APP_IMAGE_E))) {
        return NGX_APP_IMAGE_SE;
    }

    if (sides == ((1u << NGX_APP_IMAGE_S) | (1u << NGX_APP_IMAGE_W))) {
        return NGX_APP_IMAGE_SW;
    }

    return a;
}


/* "least" to "most" integers with commas; returns how many, or 0 */

static ngx_uint_t
ngx_app_image_value_list(ngx_app_image_value_t *v, int32_t *values,
    ngx_uint_t least, ngx_uint_t most)
{
    u_char      *p, *last, *end;
    ngx_uint_t   n;

    p = v->data;
    last = p + v->len;

    for (n = 0; n < most; n++) {
        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        if (ngx_app_image_value_number(p, end, 1, &values[n]) != NGX_OK
            || values[n] < v->param->min || values[n] > v->param->max)
        {
            return 0;
        }

        if (end == last) {
            return (n + 1 < least) ? 0 : n + 1;
        }

        p = end + 1;
    }

    return 0;
}


static ngx_int_t
ngx_app_image_value_numbers(ngx_app_image_value_t *v, int32_t *field)
{
    int32_t     values[4];
    ngx_uint_t  n;

    n = v->param->scale;

    if (ngx_app_image_value_list(v, values, n, n) == 0) {
        return ngx_app_image_value_fail(v, "must be %ui integers from %D to "
                                        "%D, with commas between them", n,
                                        v->param->min, v->param->max);
    }

    ngx_memcpy(field, values, n * sizeof(int32_t));

    return NGX_OK;
}


/* as in CSS: all; vertical, horizontal; top, right, bottom, left */

static ngx_int_t
ngx_app_image_value_pad(ngx_app_image_value_t *v, int32_t *field)
{
    int32_t     values[4];
    ngx_uint_t  n;

    n = ngx_app_image_value_list(v, values, 1, 4);

    if (n == 0 || n == 3) {
        return ngx_app_image_value_fail(v, "must be 1, 2 or 4 integers from 0 "
                                        "to %D, with commas between them",
                                        v->param->max);
    }

    if (n == 1) {
        values[1] = values[0];
    }

    if (n <= 2) {
        values[2] = values[0];
        values[3] = values[1];
    }

    ngx_memcpy(field, values, sizeof(values));

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_value_trim(ngx_app_image_value_t *v, int32_t *field)
{
    int32_t  n;

    if (v->len == 0
        || (v->len == 4 && ngx_strncmp(v->data, "auto", 4) == 0)
        || (v->len == 5 && ngx_strncmp(v->data, "color", 5) == 0))
    {
        *field = NGX_APP_IMAGE_TRIM;
        return NGX_OK;
    }

    if (ngx_app_image_value_number(v->data, v->data + v->len, 1, &n) != NGX_OK
        || n < 0 || n > 254)
    {
        return ngx_app_image_value_fail(v, "must be an integer from 0 to 254");
    }

    *field = n;

    return NGX_OK;
}


/* brightness, saturation, hue; the last one only as 0 */

static ngx_int_t
ngx_app_image_value_mod(ngx_app_image_value_t *v)
{
    u_char      *p, *last, *end;
    int32_t      n, *field[3], hue;
    ngx_uint_t   i;

    hue = 0;
    field[0] = &v->ops->bri;
    field[1] = &v->ops->sat;
    field[2] = &hue;

    p = v->data;
    last = p + v->len;

    for (i = 0; p < last; i++) {
        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        if (i == 3
            || ngx_app_image_value_number(p, end, 100, &n) != NGX_OK
            || n < 0 || n > (i == 2 ? 0 : 1000))
        {
            return ngx_app_image_value_fail(v, "must be a brightness and a "
                                            "saturation from 0 to 10, with a "
                                            "comma between them");
        }

        *field[i] = n;
        p = end + (end < last);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_value_choice(ngx_app_image_value_t *v,
    ngx_app_image_choice_t *choice)
{
    u_char                  *p, *last, *end;
    ngx_app_image_format_e   format;
    ngx_app_image_choice_t   found;

    found.n = 0;
    p = v->data;
    last = p + v->len;

    if (v->len == 4 && ngx_strncmp(p, "auto", 4) == 0) {
        v->ops->negotiate = 1;
        return NGX_OK;
    }

    if (v->len == 4 && ngx_strncmp(p, "pjpg", 4) == 0) {
        v->ops->progressive = 1;
        p++;
    }

    while (p < last) {
        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        format = ngx_app_image_format(p, end - p);

        if (format == NGX_APP_IMAGE_AS_SOURCE
            || found.n == NGX_APP_IMAGE_FM)
        {
            break;
        }

        found.format[found.n++] = (u_char) format;
        p = end + (end < last);
    }

    if (p < last || found.n == 0) {
        return ngx_app_image_value_fail(v, "must be one of jpg, png, webp, "
                                        "avif, gif, jxl, json, blurhash, "
                                        "thumbhash, auto");
    }

    *choice = found;
    v->ops->negotiate = 0;

    return NGX_OK;
}


/* imgix has more words than "format": those change nothing here */

static ngx_int_t
ngx_app_image_value_auto(ngx_app_image_value_t *v)
{
    u_char  *p, *last, *end;

    p = v->data;
    last = p + v->len;

    v->ops->has |= NGX_APP_IMAGE_HAS_OPS;

    while (p < last) {
        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        if (end - p == 6 && ngx_strncmp(p, "format", 6) == 0) {
            v->ops->negotiate = 1;

        } else if (v->pc->dialect == NGX_APP_IMAGE_NATIVE) {
            return ngx_app_image_value_fail(v, "must be format");
        }

        p = end + (end < last);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_value_name(ngx_app_image_value_t *v, ngx_app_image_name_t *name)
{
    u_char  *p, c;
    size_t   i;

    p = v->data;

    if (v->len == 0 || v->len > NGX_APP_IMAGE_NAME) {
        goto failed;
    }

    for (i = 0; i < v->len; i++) {
        c = p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '_' || c == '-'))
        {
            goto failed;
        }
    }

    ngx_memcpy(name->data, v->data, v->len);
    name->len = (u_char) v->len;

    return NGX_OK;

failed:

    return ngx_app_image_value_fail(v, "must be a name of 1 to %d letters, "
                                    "digits, \"-\" and \"_\"",
                                    NGX_APP_IMAGE_NAME);
}


static ngx_int_t
ngx_app_image_value_expires(ngx_app_image_value_t *v)
{
    time_t  t;

    t = ngx_atotm(v->data, v->len);

    if (t == (time_t) NGX_ERROR) {
        return ngx_app_image_value_fail(v, "must be seconds of Unix time");
    }

    v->ops->exp = t;

    return NGX_OK;
}


ngx_int_t
ngx_app_image_value_fail(ngx_app_image_value_t *v, const char *fmt, ...)
{
    u_char   *p, *last;
    va_list   args;

    p = v->pc->err;
    last = p + sizeof(v->pc->err);

    if (v->param) {
        p = ngx_slprintf(p, last, "%V ", &v->param->name);
    }

    va_start(args, fmt);
    p = ngx_vslprintf(p, last, fmt, args);
    va_end(args);

    v->pc->err_len = p - v->pc->err;

    return NGX_DECLINED;
}
