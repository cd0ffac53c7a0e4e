
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_svg_tree.h>


/* so much of attributes, and of text, is a unit */
#define NGX_APP_IMAGE_SVG_BYTES   64
#define NGX_APP_IMAGE_SVG_LETTERS 16

/* what has a surface of its own, as large as the page, and filters' steps */
#define NGX_APP_IMAGE_SVG_LAYER   20
#define NGX_APP_IMAGE_SVG_STEP    100

/* surfaces are there at the same time as those around them */
#define NGX_APP_IMAGE_SVG_LAYERS  8
#define NGX_APP_IMAGE_SVG_STEPS   32   /* of a filter, which keeps all */


typedef const char *(*ngx_app_image_svg_attr_pt)(
    ngx_app_image_svg_tree_t *tree, ngx_app_image_svg_text_t *name,
    ngx_app_image_svg_text_t *value);


static const char *ngx_app_image_svg_collect(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_t svg);
static const char *ngx_app_image_svg_forbidden(
    ngx_app_image_svg_token_t *t);
static const char *ngx_app_image_svg_collect_attr(
    ngx_app_image_svg_tree_t *tree, ngx_app_image_svg_text_t *name,
    ngx_app_image_svg_text_t *value);
static const char *ngx_app_image_svg_attrs(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_attr_pt each, ngx_app_image_svg_use_pt use);
static ngx_uint_t ngx_app_image_svg_href(ngx_app_image_svg_token_t *t,
    ngx_app_image_svg_text_t *name);
static const char *ngx_app_image_svg_href_id(ngx_app_image_svg_text_t *value,
    ngx_app_image_svg_text_t *id);
static const char *ngx_app_image_svg_count(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_t svg);
static const char *ngx_app_image_svg_element(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_token_t *t);
static const char *ngx_app_image_svg_count_attr(
    ngx_app_image_svg_tree_t *tree, ngx_app_image_svg_text_t *name,
    ngx_app_image_svg_text_t *value);


const char *
ngx_app_image_svg_body(ngx_app_image_svg_t *svg, uint32_t *units)
{
    const char                *err;
    ngx_app_image_svg_tree_t   tree;

    tree.ntargets = 0;
    tree.nrefs = 0;
    tree.nclasses = 0;
    tree.depth = 0;
    tree.layers = 0;
    tree.units = 0;

    ngx_memset(tree.slots, 0xff, sizeof(tree.slots));

    err = ngx_app_image_svg_collect(&tree, *svg);

    if (err == NULL) {
        err = ngx_app_image_svg_count(&tree, *svg);
    }

    if (err == NULL) {
        err = ngx_app_image_svg_sum(&tree);
    }

    *units = (uint32_t) tree.units;

    return err;
}


/* first what is referred to, and style sheets, which may stand anywhere */

static const char *
ngx_app_image_svg_collect(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_t svg)
{
    ngx_uint_t                  style;
    const char                 *err;
    ngx_app_image_svg_token_t   t;

    style = 0;
    err = NULL;
    tree->tag = &t;

    while (err == NULL) {

        ngx_app_image_svg_token(&svg, &t);

        switch (t.kind) {

        case NGX_APP_IMAGE_SVG_END:
            return NULL;

        case NGX_APP_IMAGE_SVG_CLOSE:
            style = 0;
            break;

        case NGX_APP_IMAGE_SVG_OPEN:
            if (++tree->units > NGX_APP_IMAGE_SVG_UNITS) {
                return "more is drawn than a renderer gets done";
            }

            if (style) {
                return "style sheet in parts";
            }

            style = ngx_app_image_svg_is(&t.name, "style") && !t.empty;
            err = ngx_app_image_svg_forbidden(&t);

            if (err == NULL) {
                err = ngx_app_image_svg_attrs(tree,
                                              ngx_app_image_svg_collect_attr,
                                              ngx_app_image_svg_collect_use);
            }

            break;

        default: /* NGX_APP_IMAGE_SVG_CHARS */
            ngx_app_image_svg_trim(&t.text);

            if (style == 0 || t.text.len == 0) {
                break;
            }

            if (style++ > 1) {
                return "style sheet in parts";
            }

            err = ngx_app_image_svg_sheet(&t.text,
                                          ngx_app_image_svg_collect_class,
                                          tree);
        }
    }

    return err;
}


/*
 * Pictures in it are decoded whatever their size; steps of a filter whose time
 * is that of an area for each pixel, or as they are told, have no end.
 */

static const char *
ngx_app_image_svg_forbidden(ngx_app_image_svg_token_t *t)
{
    if (ngx_app_image_svg_is(&t->name, "image")
        || ngx_app_image_svg_is(&t->name, "feImage"))
    {
        return "image inside of it";
    }

    if (ngx_app_image_svg_is(&t->name, "include")) {
        return "file inside of it";
    }

    if (ngx_app_image_svg_is(&t->name, NGX_APP_IMAGE_SVG_SHEET)) {
        return "style sheet of another file";
    }

    if (ngx_app_image_svg_is(&t->name, "feMorphology")
        || ngx_app_image_svg_is(&t->name, "feConvolveMatrix")
        || ngx_app_image_svg_is(&t->name, "feTurbulence"))
    {
        return "filter that is too costly";
    }

    return NULL;
}


/* of an element: those that refer to others go to use(), the rest to each() */

static const char *
ngx_app_image_svg_attrs(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_attr_pt each, ngx_app_image_svg_use_pt use)
{
    const char                *err;
    ngx_app_image_svg_text_t   text, name, value;

    text = tree->tag->text;

    while (ngx_app_image_svg_next(&text, &name, &value) == NGX_OK) {

        if (ngx_app_image_svg_is(&name, "style")) {
            err = ngx_app_image_svg_declarations(&value, NULL, use, tree);

        } else {
            err = each(tree, &name, &value);

            if (err == NULL) {
                ngx_app_image_svg_trim(&value);
                err = ngx_app_image_svg_property(&name, &value, NULL, use,
                                                 tree);
            }
        }

        if (err) {
            return err;
        }
    }

    return NULL;
}


static const char *
ngx_app_image_svg_collect_attr(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *name, ngx_app_image_svg_text_t *value)
{
    const char                *err;
    ngx_app_image_svg_text_t   id;

    if (ngx_app_image_svg_is(name, "id")
        || ngx_app_image_svg_is(name, "xml:id"))
    {
        if (memchr(value->data, '&', value->len)) {
            return "id that is not plain";
        }

        /* what has blanks in it is never referred to */

        return ngx_app_image_svg_is(&tree->tag->name, "pattern")
               ? ngx_app_image_svg_add(tree, value, 1) : NULL;
    }

    if (ngx_app_image_svg_is(name, "class")
        && memchr(value->data, '&', value->len))
    {
        return "class that is not plain";
    }

    if (!ngx_app_image_svg_href(tree->tag, name)) {
        return NULL;
    }

    err = ngx_app_image_svg_href_id(value, &id);

    return (err || id.len == 0) ? err : ngx_app_image_svg_add(tree, &id, 0);
}


/*
 * Whether it is a reference to what is drawn.  Gradients take over each other's
 * colours, which is for nothing, and nothing moves.
 */

static ngx_uint_t
ngx_app_image_svg_href(ngx_app_image_svg_token_t *t,
    ngx_app_image_svg_text_t *name)
{
    if (name->len < 4 || ngx_memcmp(name->data + name->len - 4, "href", 4) != 0
        || (name->len > 4 && name->data[name->len - 5] != ':'))
    {
        return 0;
    }

    return !ngx_app_image_svg_is(&t->name, "a")
           && !ngx_app_image_svg_is(&t->name, "script")
           && !ngx_app_image_svg_is(&t->name, "set")
           && !ngx_app_image_svg_is(&t->name, "mpath")
           && !ngx_app_image_svg_is(&t->name, "linearGradient")
           && !ngx_app_image_svg_is(&t->name, "radialGradient")
           && !ngx_app_image_svg_begins(&t->name, "animate");
}


/* "#id"; id is empty with another file, which is never read */

static const char *
ngx_app_image_svg_href_id(ngx_app_image_svg_text_t *value,
    ngx_app_image_svg_text_t *id)
{
    size_t  n;

    *id = *value;

    if (memchr(id->data, '&', id->len)) {
        return "reference that is not plain";
    }

    while (id->len && ngx_app_image_svg_blank(*id->data)) {
        id->data++;
        id->len--;
    }

    if (id->len == 0 || *id->data != '#') {

        if (id->len >= 5
            && ngx_strncasecmp((u_char *) (uintptr_t) id->data,
                               (u_char *) "data:", 5)
               == 0)
        {
            return "file inside of it";
        }

        id->len = 0;
        return NULL;
    }

    id->data++;
    id->len--;

    for (n = 0; n < id->len; n++) {
        if (id->data[n] == '%' || ngx_app_image_svg_blank(id->data[n])) {
            return "reference that is not plain";
        }
    }

    return NULL;
}


/* then what each costs by itself, and where it refers to others */

static const char *
ngx_app_image_svg_count(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_t svg)
{
    const char                 *err;
    ngx_app_image_svg_token_t   t;

    err = NULL;
    tree->tag = &t;
    tree->units = 0;

    while (err == NULL) {

        ngx_app_image_svg_token(&svg, &t);

        switch (t.kind) {

        case NGX_APP_IMAGE_SVG_END:
            return NULL;

        case NGX_APP_IMAGE_SVG_CLOSE:
            if (tree->depth == 0) {
                return NULL;
            }

            ngx_app_image_svg_close(tree, &tree->open[--tree->depth]);
            break;

        case NGX_APP_IMAGE_SVG_OPEN:
            err = ngx_app_image_svg_element(tree, &t);
            break;

        default: /* NGX_APP_IMAGE_SVG_CHARS */
            if (tree->depth && tree->open[tree->depth - 1].text) {
                tree->units += t.text.len / NGX_APP_IMAGE_SVG_LETTERS;
            }
        }

        if (tree->units > NGX_APP_IMAGE_SVG_UNITS) {
            return "more is drawn than a renderer gets done";
        }
    }

    return err;
}


static const char *
ngx_app_image_svg_element(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_token_t *t)
{
    const char                *err;
    ngx_app_image_svg_open_t  *open;

    if (tree->depth == NGX_APP_IMAGE_SVG_DEPTH) {
        return "elements nested too deep";
    }

    open = &tree->open[tree->depth];

    err = ngx_app_image_svg_define(tree, open);
    if (err) {
        return err;
    }

    open->text = ngx_app_image_svg_is(&t->name, "text")
                 || (tree->depth && open[-1].text);
    open->steps = ngx_app_image_svg_is(&t->name, "filter");

    if (tree->depth && open[-1].steps) {
        open->steps = 1;

        if (++open[-1].steps > NGX_APP_IMAGE_SVG_STEPS) {
            return "filter of too many steps";
        }

        tree->units += NGX_APP_IMAGE_SVG_STEP;
    }

    tree->units += 1 + t->text.len / NGX_APP_IMAGE_SVG_BYTES;
    tree->layer = 0;

    err = ngx_app_image_svg_attrs(tree, ngx_app_image_svg_count_attr,
                                  ngx_app_image_svg_count_use);

    if (err == NULL) {
        err = ngx_app_image_svg_count_classes(tree, NULL);
    }

    if (err) {
        return err;
    }

    open->layer = (tree->layer != 0);

    if (open->layer) {
        tree->units += NGX_APP_IMAGE_SVG_LAYER;

        if (++tree->layers > NGX_APP_IMAGE_SVG_LAYERS) {
            return "layers nested too deep";
        }
    }

    if (t->empty) {
        ngx_app_image_svg_close(tree, open);

    } else {
        tree->depth++;
    }

    return NULL;
}


static const char *
ngx_app_image_svg_count_attr(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *name, ngx_app_image_svg_text_t *value)
{
    const char                *err;
    ngx_app_image_svg_text_t   id;

    if (ngx_app_image_svg_is(name, "class")) {
        return ngx_app_image_svg_count_classes(tree, value);
    }

    if (!ngx_app_image_svg_href(tree->tag, name)) {
        return NULL;
    }

    err = ngx_app_image_svg_href_id(value, &id);

    return (err || id.len == 0) ? err : ngx_app_image_svg_ref(tree, &id, NULL);
}
