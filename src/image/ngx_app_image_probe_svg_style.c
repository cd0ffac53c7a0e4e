
/*
 * Copyright (C) the project authors
 */

/*
 * Properties of SVG that refer to elements, in attributes and in CSS
 * (https://www.w3.org/TR/css-syntax-3/).
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_svg_body.h>


static const char *ngx_app_image_svg_url(ngx_app_image_svg_text_t *value,
    ngx_app_image_svg_use_t *use);
static const u_char *ngx_app_image_svg_find_url(const u_char *p,
    const u_char *last);
static ngx_uint_t ngx_app_image_svg_lower(const u_char *p, const u_char *last,
    const char *text);
static ngx_uint_t ngx_app_image_svg_word(ngx_app_image_svg_text_t *text,
    const char *word);
static const char *ngx_app_image_svg_plain_css(ngx_app_image_svg_text_t *text);
static const char *ngx_app_image_svg_plain_sheet(
    ngx_app_image_svg_text_t *text);
static const u_char *ngx_app_image_svg_until(const u_char *p,
    const u_char *last, const char *ends);


const char *
ngx_app_image_svg_property(ngx_app_image_svg_text_t *name,
    ngx_app_image_svg_text_t *value, ngx_app_image_svg_text_t *selector,
    ngx_app_image_svg_use_pt use, void *data)
{
    const char               *err;
    ngx_app_image_svg_use_t   u;

    ngx_memzero(&u, sizeof(ngx_app_image_svg_use_t));

    if (ngx_app_image_svg_word(name, "fill")
        || ngx_app_image_svg_word(name, "stroke"))
    {
        u.paint = 1;

    } else if (ngx_app_image_svg_lower(name->data, name->data + name->len,
                                       "marker"))
    {
        u.marker = 1;

    } else if (ngx_app_image_svg_word(name, "mask")
               || ngx_app_image_svg_word(name, "filter")
               || ngx_app_image_svg_word(name, "mix-blend-mode")
               || ngx_app_image_svg_word(name, "isolation")
               || ngx_app_image_svg_word(name, "opacity"))
    {
        u.layer = !ngx_app_image_svg_is(value, "none")
                  && !ngx_app_image_svg_is(value, "normal")
                  && !ngx_app_image_svg_is(value, "auto")
                  && !ngx_app_image_svg_is(value, "1");

    } else if (!ngx_app_image_svg_word(name, "clip-path")) {
        return NULL;
    }

    err = ngx_app_image_svg_url(value, &u);

    if (err) {
        return err;
    }

    return (u.id.len || u.layer) ? use(data, selector, &u) : NULL;
}


/*
 * The id of the first "url(#id)" of a value: fallbacks are colours.  Two are
 * more than a property has, but for filters.
 */

static const char *
ngx_app_image_svg_url(ngx_app_image_svg_text_t *value,
    ngx_app_image_svg_use_t *use)
{
    u_char         quote;
    const u_char  *p, *last;

    p = value->data;
    last = p + value->len;

    if (memchr(p, '\\', value->len)) {
        return "reference that is not plain";
    }

    p = ngx_app_image_svg_find_url(p, last);

    if (p == NULL) {

        /* an entity may be one */

        return memchr(value->data, '&', value->len)
               ? "reference that is not plain" : NULL;
    }

    if (ngx_app_image_svg_find_url(p, last)) {
        return "more than one reference";
    }

    while (p < last && ngx_app_image_svg_blank(*p)) {
        p++;
    }

    quote = 0;

    if (p < last && (*p == '"' || *p == '\'')) {
        quote = *p++;
    }

    if (p == last || *p == '&') {
        return "reference that is not plain";
    }

    while (p < last && ngx_app_image_svg_blank(*p)) {
        p++;
    }

    if (p == last || *p != '#') {

        /* other files are never read */

        return ngx_app_image_svg_lower(p, last, "data:")
               ? "file inside of it" : NULL;
    }

    use->id.data = ++p;

    while (p < last && *p != ')' && *p != quote
           && !ngx_app_image_svg_blank(*p))
    {
        if (*p == '&' || *p == '%') {
            return "reference that is not plain";
        }

        p++;
    }

    use->id.len = p - use->id.data;

    if (use->id.len == 0 || p == last || (quote && *p != quote)) {
        return "reference that is not plain";
    }

    return NULL;
}


/* behind "url(" */

static const u_char *
ngx_app_image_svg_find_url(const u_char *p, const u_char *last)
{
    const u_char  *begin;

    begin = p;

    for ( ;; ) {
        p = memchr(p, '(', last - p);

        if (p == NULL) {
            return NULL;
        }

        p++;

        if (p - begin >= 4 && ngx_app_image_svg_lower(p - 4, last, "url(")) {
            return p;
        }
    }
}


static ngx_uint_t
ngx_app_image_svg_lower(const u_char *p, const u_char *last, const char *text)
{
    for ( /* void */ ; *text; p++, text++) {
        if (p >= last || ngx_tolower(*p) != (u_char) *text) {
            return 0;
        }
    }

    return 1;
}


static ngx_uint_t
ngx_app_image_svg_word(ngx_app_image_svg_text_t *text, const char *word)
{
    return text->len == ngx_strlen(word)
           && ngx_app_image_svg_lower(text->data, text->data + text->len,
                                      word);
}


/* a semicolon in quotes ends one too: then more is found than there is */

const char *
ngx_app_image_svg_declarations(ngx_app_image_svg_text_t *text,
    ngx_app_image_svg_text_t *selector, ngx_app_image_svg_use_pt use,
    void *data)
{
    const char                *err;
    const u_char              *p, *last, *end, *colon;
    ngx_app_image_svg_text_t   name, value;

    err = ngx_app_image_svg_plain_css(text);
    if (err) {
        return err;
    }

    p = text->data;
    last = p + text->len;

    while (p < last) {
        end = ngx_app_image_svg_until(p, last, ";");
        colon = memchr(p, ':', end - p);

        if (colon) {
            name.data = p;
            name.len = colon - p;
            value.data = colon + 1;
            value.len = end - value.data;

            ngx_app_image_svg_trim(&name);
            ngx_app_image_svg_trim(&value);

            err = ngx_app_image_svg_property(&name, &value, selector, use,
                                             data);
            if (err) {
                return err;
            }
        }

        p = end + 1;
    }

    return NULL;
}


const char *
ngx_app_image_svg_sheet(ngx_app_image_svg_text_t *text,
    ngx_app_image_svg_use_pt use, void *data)
{
    const char                *err;
    const u_char              *p, *last, *end;
    ngx_app_image_svg_t        svg;
    ngx_app_image_svg_text_t   selector, body;

    err = ngx_app_image_svg_plain_sheet(text);
    if (err) {
        return err;
    }

    svg.p = text->data;
    svg.last = last = text->data + text->len;

    for ( ;; ) {
        ngx_app_image_svg_blanks(&svg);

        if (svg.p == last) {
            return NULL;
        }

        if (ngx_app_image_svg_at(&svg, "/*")) {

            if (ngx_app_image_svg_past(&svg, "*/", 2) != NGX_OK) {
                return NULL;
            }

            continue;
        }

        p = svg.p;
        end = ngx_app_image_svg_until(p, last, "{};");
        svg.p = end + (end < last);

        selector.data = p;
        selector.len = end - p;

        err = ngx_app_image_svg_plain_css(&selector);
        if (err) {
            return err;
        }

        if (p < end && *p == '@') {

            /* what is inside of others is read as rules */

            if (ngx_app_image_svg_lower(p, end, "@import")) {
                return "style sheet of another file";
            }

            continue;
        }

        if (end == last || *end != '{') {
            continue;
        }

        p = svg.p;
        end = ngx_app_image_svg_until(p, last, "}");
        svg.p = end + (end < last);

        body.data = p;
        body.len = end - p;

        ngx_app_image_svg_trim(&selector);

        err = ngx_app_image_svg_declarations(&body, &selector, use, data);
        if (err) {
            return err;
        }
    }
}


/* where strings hold nothing of its structure, they need not be told apart */

static const char *
ngx_app_image_svg_plain_sheet(ngx_app_image_svg_text_t *text)
{
    const u_char  *p, *last, *end;

    last = text->data + text->len;

    for (p = text->data; p < last; p++) {

        if (*p == '/' && p + 1 < last && p[1] == '*') {
            p = memmem(p + 2, last - p - 2, "*/", 2);

            if (p == NULL) {
                return NULL;
            }

            p++;
            continue;
        }

        if (*p == '&' && p + 1 < last && (p[1] == 'q' || p[1] == 'a')) {
            return "style that is not plain";
        }

        if (*p != '"' && *p != '\'') {
            continue;
        }

        end = memchr(p + 1, *p, last - p - 1);

        if (end == NULL
            || ngx_app_image_svg_until(p + 1, end, "{};\r\n") != end)
        {
            return "style that is not plain";
        }

        p = end;
    }

    return NULL;
}


/*
 * Comments, escapes and entities could hide words; but quotes and the like
 * are often written as entities.
 */

static const char *
ngx_app_image_svg_plain_css(ngx_app_image_svg_text_t *text)
{
    const u_char         *p, *last;
    ngx_app_image_svg_t   svg;

    last = text->data + text->len;

    if (memchr(text->data, '\\', text->len)
        || memmem(text->data, text->len, "/*", 2))
    {
        return "style that is not plain";
    }

    for (p = text->data; p < last; p++) {

        p = memchr(p, '&', last - p);

        if (p == NULL) {
            return NULL;
        }

        svg.p = p;
        svg.last = last;

        if (!ngx_app_image_svg_at(&svg, "&quot;")
            && !ngx_app_image_svg_at(&svg, "&apos;")
            && !ngx_app_image_svg_at(&svg, "&amp;")
            && !ngx_app_image_svg_at(&svg, "&gt;")
            && !ngx_app_image_svg_at(&svg, "&lt;"))
        {
            return "style that is not plain";
        }
    }

    return NULL;
}


/* to one of these characters, or the end */

static const u_char *
ngx_app_image_svg_until(const u_char *p, const u_char *last, const char *ends)
{
    while (p < last && (*p == '\0' || ngx_strchr(ends, *p) == NULL)) {
        p++;
    }

    return p;
}
