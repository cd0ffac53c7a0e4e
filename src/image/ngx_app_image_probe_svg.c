
/*
 * Copyright (C) the project authors
 */

/*
 * SVG: the prolog of XML 1.0 (https://www.w3.org/TR/xml/), the start tag of
 * the root, and what the body costs to draw.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_part.h>
#include <image/ngx_app_image_probe_svg_body.h>


/* of the prolog, and of the root's start tag; an editor writes up to 4k */
#define NGX_APP_IMAGE_SVG_TEXT          65536
#define NGX_APP_IMAGE_SVG_ATTRS         1000


static ngx_int_t ngx_app_image_svg_prolog(ngx_app_image_svg_t *svg,
    const char **err);
static ngx_int_t ngx_app_image_svg_encoding(ngx_app_image_svg_t *svg,
    const char **err);
static ngx_uint_t ngx_app_image_svg_plain(const u_char *p,
    const u_char *last);
static const char *ngx_app_image_svg_root(ngx_app_image_svg_t *svg);


ngx_uint_t
ngx_app_image_type_svg(const u_char *data, size_t len)
{
    ngx_app_image_svg_t  svg;

    svg.p = data;
    svg.last = data + len;

    if (ngx_app_image_svg_at(&svg, "\xef\xbb\xbf")) {
        svg.p += 3;
    }

    ngx_app_image_svg_blanks(&svg);

    return ngx_app_image_svg_at(&svg, "<?xml")
           || ngx_app_image_svg_at(&svg, "<!--")
           || ngx_app_image_svg_at(&svg, "<!DOCTYPE svg")
           || ngx_app_image_svg_at(&svg, "<svg");
}


const char *
ngx_app_image_probe_svg(const u_char *data, size_t len,
    ngx_app_image_info_t *info)
{
    ngx_int_t             rc;
    const char           *err;
    const u_char         *root;
    ngx_app_image_svg_t   svg;

    ngx_memzero(&svg, sizeof(ngx_app_image_svg_t));

    err = NULL;
    svg.p = data;
    svg.last = data + ngx_min(len, NGX_APP_IMAGE_SVG_TEXT);

    if (ngx_app_image_svg_at(&svg, "\xef\xbb\xbf")) {
        svg.p += 3;
    }

    rc = ngx_app_image_svg_prolog(&svg, &err);

    if (rc == NGX_DECLINED) {
        info->type = NGX_APP_IMAGE_NONE;
        return NULL;
    }

    if (rc != NGX_OK) {
        return err;
    }

    if (svg.sheet) {
        return "style sheet of another file";
    }

    root = svg.p - 4;
    svg.last = svg.p + ngx_min((size_t) (data + len - svg.p),
                               NGX_APP_IMAGE_SVG_TEXT);

    err = ngx_app_image_svg_root(&svg);
    if (err) {
        return err;
    }

    info->bits = 8;
    info->alpha = 1;
    info->whole = 1;

    err = ngx_app_image_svg_size(&svg.size, info);
    if (err) {
        return err;
    }

    svg.p = root;
    svg.last = data + len;

    return ngx_app_image_svg_body(&svg, &info->units);
}


/*
 * Goes to what follows "<svg".  NGX_DECLINED: the root is another; NGX_ABORT:
 * err is set.
 */

static ngx_int_t
ngx_app_image_svg_prolog(ngx_app_image_svg_t *svg, const char **err)
{
    ngx_int_t  rc;

    for ( ;; ) {
        ngx_app_image_svg_blanks(svg);

        if (ngx_app_image_svg_at(svg, "<?xml ")
            || ngx_app_image_svg_at(svg, "<?xml\t")
            || ngx_app_image_svg_at(svg, "<?xml\r")
            || ngx_app_image_svg_at(svg, "<?xml\n"))
        {
            rc = ngx_app_image_svg_encoding(svg, err);

        } else if (ngx_app_image_svg_at(svg, "<?")) {
            svg->sheet |= ngx_app_image_svg_at(svg, "<?xml-stylesheet");
            rc = ngx_app_image_svg_past(svg, "?>", 2);

        } else if (ngx_app_image_svg_at(svg, "<!--")) {
            svg->p += 4;
            rc = ngx_app_image_svg_past(svg, "-->", 3);

        } else if (ngx_app_image_svg_at(svg, "<!DOCTYPE")) {
            svg->p += 9;
            rc = ngx_app_image_svg_doctype(svg, err);

        } else {
            break;
        }

        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (!ngx_app_image_svg_at(svg, "<svg")) {
        return NGX_DECLINED;
    }

    svg->p += 4;

    if (svg->p == svg->last) {
        *err = "cut in its root element";
        return NGX_ABORT;
    }

    return (ngx_app_image_svg_blank(*svg->p) || *svg->p == '>'
            || *svg->p == '/')
           ? NGX_OK : NGX_DECLINED;
}


/*
 * In some encodings, such as UTF-7, what is read here as a comment may be the
 * end of one and a document type.
 */

static ngx_int_t
ngx_app_image_svg_encoding(ngx_app_image_svg_t *svg, const char **err)
{
    const u_char  *p, *last;

    p = svg->p;

    if (ngx_app_image_svg_past(svg, "?>", 2) != NGX_OK) {
        return NGX_DECLINED;
    }

    last = svg->p - 2;
    p = memmem(p, last - p, "encoding", 8);

    if (p == NULL) {
        return NGX_OK;
    }

    p += 8;

    while (p < last && (*p == '=' || ngx_app_image_svg_blank(*p))) {
        p++;
    }

    if (memmem(p, last - p, "encoding", 8) == NULL
        && ngx_app_image_svg_plain(p, last))
    {
        return NGX_OK;
    }

    *err = "encoding that is not known";

    return NGX_ABORT;
}


/* a name in quotes, of one that begins as ASCII does and has no states */

static ngx_uint_t
ngx_app_image_svg_plain(const u_char *p, const u_char *last)
{
    u_char       quote;
    size_t       n;
    ngx_uint_t   i;
    const char  *name;

    static const struct {
        const char  *name;
        ngx_uint_t   numbered;
    } names[] = {
        { "utf-8", 0 },
        { "us-ascii", 0 },
        { "iso-8859-", 1 },
        { "windows-125", 1 }
    };

    if (p == last || (*p != '"' && *p != '\'')) {
        return 0;
    }

    quote = *p++;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {

        name = names[i].name;

        n = 0;

        while (name[n] != '\0' && p + n < last
               && name[n] == ngx_tolower(p[n]))
        {
            n++;
        }

        if (name[n] != '\0') {
            continue;
        }

        while (names[i].numbered && p + n < last
               && p[n] >= '0' && p[n] <= '9')
        {
            n++;
        }

        return p + n < last && p[n] == quote;
    }

    return 0;
}


/* the attributes of the root, up to ">" */

static const char *
ngx_app_image_svg_root(ngx_app_image_svg_t *svg)
{
    u_char                     quote;
    ngx_uint_t                 n;
    const char                *err;
    ngx_app_image_svg_text_t   name, value;

    for (n = 0; n < NGX_APP_IMAGE_SVG_ATTRS; n++) {
        ngx_app_image_svg_blanks(svg);

        if (ngx_app_image_svg_at(svg, ">") || ngx_app_image_svg_at(svg, "/>"))
        {
            return NULL;
        }

        name.data = svg->p;

        while (svg->p < svg->last && *svg->p != '='
               && !ngx_app_image_svg_blank(*svg->p))
        {
            svg->p++;
        }

        name.len = svg->p - name.data;

        ngx_app_image_svg_blanks(svg);

        if (!ngx_app_image_svg_at(svg, "=")) {
            return "bad attribute of the root element";
        }

        svg->p++;
        ngx_app_image_svg_blanks(svg);

        if (svg->p == svg->last || (*svg->p != '"' && *svg->p != '\'')) {
            return "bad attribute of the root element";
        }

        quote = *svg->p++;
        value.data = svg->p;

        if (ngx_app_image_svg_past(svg, (quote == '"') ? "\"" : "'", 1)
            != NGX_OK)
        {
            return "cut in its root element";
        }

        value.len = svg->p - 1 - value.data;

        err = ngx_app_image_svg_attr(&svg->size, &name, &value);
        if (err) {
            return err;
        }
    }

    return "too many attributes of the root element";
}


ngx_int_t
ngx_app_image_svg_past(ngx_app_image_svg_t *svg, const char *text, size_t len)
{
    const u_char  *p;

    p = (len == 1) ? memchr(svg->p, text[0], svg->last - svg->p)
                   : memmem(svg->p, svg->last - svg->p, text, len);

    if (p == NULL) {
        return NGX_DECLINED;
    }

    svg->p = p + len;

    return NGX_OK;
}


void
ngx_app_image_svg_blanks(ngx_app_image_svg_t *svg)
{
    while (svg->p < svg->last && ngx_app_image_svg_blank(*svg->p)) {
        svg->p++;
    }
}
