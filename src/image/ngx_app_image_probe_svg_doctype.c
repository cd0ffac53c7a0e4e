
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_svg.h>


/*
 * Editors declare names of namespaces as entities.  Few and short ones that
 * do not name each other cannot grow much.
 */
#define NGX_APP_IMAGE_SVG_ENTITIES      64
#define NGX_APP_IMAGE_SVG_ENTITY_VALUE  80


static const char *ngx_app_image_svg_subset(ngx_app_image_svg_t *svg);
static const char *ngx_app_image_svg_entity(ngx_app_image_svg_t *svg);
static ngx_uint_t ngx_app_image_svg_default(const u_char *p,
    const u_char *last);


ngx_int_t
ngx_app_image_svg_doctype(ngx_app_image_svg_t *svg, const char **err)
{
    u_char  c;

    ngx_app_image_svg_blanks(svg);

    if (!ngx_app_image_svg_at(svg, "svg")) {
        return NGX_DECLINED;
    }

    svg->p += 3;

    while (svg->p < svg->last) {
        c = *svg->p++;

        if (c == '>') {
            return NGX_OK;
        }

        if (c == '[') {
            *err = ngx_app_image_svg_subset(svg);

            if (*err) {
                return NGX_ABORT;
            }

        } else if ((c == '"' || c == '\'')
                   && ngx_app_image_svg_past(svg, (c == '"') ? "\"" : "'", 1)
                      != NGX_OK)
        {
            return NGX_DECLINED;
        }
    }

    return NGX_DECLINED;
}


/* what is declared between brackets */

static const char *
ngx_app_image_svg_subset(ngx_app_image_svg_t *svg)
{
    ngx_int_t      rc;
    ngx_uint_t     entities;
    const char    *err;
    const u_char  *begin;

    entities = 0;

    for ( ;; ) {
        ngx_app_image_svg_blanks(svg);

        if (ngx_app_image_svg_at(svg, "]")) {
            svg->p++;
            return NULL;
        }

        if (ngx_app_image_svg_at(svg, "<!ENTITY")) {

            if (++entities > NGX_APP_IMAGE_SVG_ENTITIES) {
                return "too many entities";
            }

            svg->p += 8;
            err = ngx_app_image_svg_entity(svg);

            if (err) {
                return err;
            }

            continue;
        }

        if (ngx_app_image_svg_at(svg, "<?")) {
            svg->sheet |= ngx_app_image_svg_at(svg, "<?xml-stylesheet");
            rc = ngx_app_image_svg_past(svg, "?>", 2);

        } else if (ngx_app_image_svg_at(svg, "<!--")) {
            svg->p += 4;
            rc = ngx_app_image_svg_past(svg, "-->", 3);

        } else if (ngx_app_image_svg_at(svg, "<!")) {
            begin = svg->p;
            rc = ngx_app_image_svg_tag_end(svg);

            if (rc == NGX_OK && ngx_app_image_svg_default(begin, svg->p)) {
                return "attribute that is set by the document type";
            }

        } else {
            return "bad document type";
        }

        if (rc != NGX_OK) {
            return "bad document type";
        }
    }
}


/* "name "value">"; not one of parameters, of a file, or made of others */

static const char *
ngx_app_image_svg_entity(ngx_app_image_svg_t *svg)
{
    u_char         quote, c;
    const u_char  *value;

    ngx_app_image_svg_blanks(svg);

    while (svg->p < svg->last && !ngx_app_image_svg_blank(*svg->p)
           && *svg->p != '%' && *svg->p != '"' && *svg->p != '\''
           && *svg->p != '<' && *svg->p != '>')
    {
        svg->p++;
    }

    ngx_app_image_svg_blanks(svg);

    if (svg->p == svg->last || (*svg->p != '"' && *svg->p != '\'')) {
        return "entity that is not a plain text";
    }

    quote = *svg->p++;
    value = svg->p;

    do {
        if (svg->p == svg->last
            || svg->p - value > NGX_APP_IMAGE_SVG_ENTITY_VALUE)
        {
            return "entity that is not a short text";
        }

        c = *svg->p++;

        if (c == '&' || c == '%' || c == '<') {
            return "entity that is not a plain text";
        }

    } while (c != quote);

    ngx_app_image_svg_blanks(svg);

    if (!ngx_app_image_svg_at(svg, ">")) {
        return "entity that is not a plain text";
    }

    svg->p++;

    return NULL;
}


ngx_int_t
ngx_app_image_svg_tag_end(ngx_app_image_svg_t *svg)
{
    u_char  c;

    while (svg->p < svg->last) {
        c = *svg->p++;

        if (c == '>') {
            return NGX_OK;
        }

        if ((c == '"' || c == '\'')
            && ngx_app_image_svg_past(svg, (c == '"') ? "\"" : "'", 1)
               != NGX_OK)
        {
            return NGX_DECLINED;
        }
    }

    return NGX_DECLINED;
}


/* elements would have what is not seen in their tags */

static ngx_uint_t
ngx_app_image_svg_default(const u_char *p, const u_char *last)
{
    return last - p > 9 && ngx_memcmp(p, "<!ATTLIST", 9) == 0
           && (memchr(p, '"', last - p) || memchr(p, '\'', last - p));
}
