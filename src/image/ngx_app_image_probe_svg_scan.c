
/*
 * Copyright (C) the project authors
 */

/*
 * Tags and text of XML 1.0, of a file that is well-formed: of another it is
 * of no account what is read here.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_svg_body.h>


static ngx_int_t ngx_app_image_svg_mark(ngx_app_image_svg_t *svg,
    ngx_app_image_svg_token_t *t);
static ngx_int_t ngx_app_image_svg_tag(ngx_app_image_svg_t *svg,
    ngx_app_image_svg_token_t *t);


void
ngx_app_image_svg_token(ngx_app_image_svg_t *svg,
    ngx_app_image_svg_token_t *t)
{
    const u_char  *p;

    while (svg->p < svg->last) {

        t->text.data = svg->p;

        p = memchr(svg->p, '<', svg->last - svg->p);

        if (p == NULL) {
            break;
        }

        if (p > svg->p) {
            t->kind = NGX_APP_IMAGE_SVG_CHARS;
            t->text.len = p - svg->p;
            svg->p = p;
            return;
        }

        switch (ngx_app_image_svg_mark(svg, t)) {

        case NGX_OK:
            return;

        case NGX_AGAIN:
            continue;
        }

        break;
    }

    t->kind = NGX_APP_IMAGE_SVG_END;
    svg->p = svg->last;
}


/* at "<".  NGX_AGAIN: it is nothing that counts; NGX_DECLINED: no XML */

static ngx_int_t
ngx_app_image_svg_mark(ngx_app_image_svg_t *svg, ngx_app_image_svg_token_t *t)
{
    if (ngx_app_image_svg_at(svg, "<!--")) {
        svg->p += 4;
        return (ngx_app_image_svg_past(svg, "-->", 3) == NGX_OK)
               ? NGX_AGAIN : NGX_DECLINED;
    }

    if (ngx_app_image_svg_at(svg, "<![CDATA[")) {
        svg->p += 9;
        t->text.data = svg->p;

        if (ngx_app_image_svg_past(svg, "]]>", 3) != NGX_OK) {
            return NGX_DECLINED;
        }

        t->kind = NGX_APP_IMAGE_SVG_CHARS;
        t->text.len = svg->p - 3 - t->text.data;

        return NGX_OK;
    }

    if (ngx_app_image_svg_at(svg, "<" NGX_APP_IMAGE_SVG_SHEET)) {
        t->kind = NGX_APP_IMAGE_SVG_OPEN;
        t->name.data = svg->p + 1;
        t->name.len = sizeof(NGX_APP_IMAGE_SVG_SHEET) - 1;
        t->text.len = 0;
        t->empty = 1;

        return NGX_OK;
    }

    if (ngx_app_image_svg_at(svg, "<?")) {
        return (ngx_app_image_svg_past(svg, "?>", 2) == NGX_OK)
               ? NGX_AGAIN : NGX_DECLINED;
    }

    return ngx_app_image_svg_tag(svg, t);
}


static ngx_int_t
ngx_app_image_svg_tag(ngx_app_image_svg_t *svg, ngx_app_image_svg_token_t *t)
{
    svg->p++;

    t->kind = NGX_APP_IMAGE_SVG_OPEN;
    t->empty = 0;

    if (ngx_app_image_svg_at(svg, "/")) {
        t->kind = NGX_APP_IMAGE_SVG_CLOSE;
        svg->p++;
    }

    t->name.data = svg->p;

    while (svg->p < svg->last && !ngx_app_image_svg_blank(*svg->p)
           && *svg->p != '/' && *svg->p != '>')
    {
        if (*svg->p++ == ':') {
            t->name.data = svg->p;
        }
    }

    t->name.len = svg->p - t->name.data;
    t->text.data = svg->p;

    if (ngx_app_image_svg_tag_end(svg) != NGX_OK) {
        return NGX_DECLINED;
    }

    t->text.len = svg->p - 1 - t->text.data;

    if (t->text.len && svg->p[-2] == '/') {
        t->empty = 1;
        t->text.len--;
    }

    return NGX_OK;
}


ngx_int_t
ngx_app_image_svg_next(ngx_app_image_svg_text_t *text,
    ngx_app_image_svg_text_t *name, ngx_app_image_svg_text_t *value)
{
    u_char                quote;
    ngx_app_image_svg_t   svg;

    svg.p = text->data;
    svg.last = text->data + text->len;

    ngx_app_image_svg_blanks(&svg);
    name->data = svg.p;

    while (svg.p < svg.last && *svg.p != '='
           && !ngx_app_image_svg_blank(*svg.p))
    {
        svg.p++;
    }

    name->len = svg.p - name->data;

    ngx_app_image_svg_blanks(&svg);

    if (!ngx_app_image_svg_at(&svg, "=")) {
        return NGX_DONE;
    }

    svg.p++;
    ngx_app_image_svg_blanks(&svg);

    if (svg.p == svg.last || (*svg.p != '"' && *svg.p != '\'')) {
        return NGX_DONE;
    }

    quote = *svg.p++;
    value->data = svg.p;

    if (ngx_app_image_svg_past(&svg, (quote == '"') ? "\"" : "'", 1)
        != NGX_OK)
    {
        return NGX_DONE;
    }

    value->len = svg.p - 1 - value->data;

    text->data = svg.p;
    text->len = svg.last - svg.p;

    return NGX_OK;
}


void
ngx_app_image_svg_trim(ngx_app_image_svg_text_t *text)
{
    while (text->len && ngx_app_image_svg_blank(*text->data)) {
        text->data++;
        text->len--;
    }

    while (text->len && ngx_app_image_svg_blank(text->data[text->len - 1])) {
        text->len--;
    }
}
