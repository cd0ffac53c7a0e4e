
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_svg_body.h>


/* units that are drawn: a second or so of a renderer's time, without layers */
#define NGX_APP_IMAGE_SVG_UNITS      50000
#define NGX_APP_IMAGE_SVG_BYTES      128     /* of attributes, in a unit */
#define NGX_APP_IMAGE_SVG_CHARS_UNIT 16      /* of text */

/* what has a surface of its own, as large as the page, and filters' steps */
#define NGX_APP_IMAGE_SVG_LAYER      20

/* surfaces are there at the same time as those around them */
#define NGX_APP_IMAGE_SVG_DEPTH      64
#define NGX_APP_IMAGE_SVG_LAYERS     8
#define NGX_APP_IMAGE_SVG_STEPS      32      /* of a filter, which keeps all */
#define NGX_APP_IMAGE_SVG_LEVELS     6       /* of references */

#define NGX_APP_IMAGE_SVG_TARGETS    512
#define NGX_APP_IMAGE_SVG_SLOTS      1024    /* a power of two */
#define NGX_APP_IMAGE_SVG_REFS       4096
#define NGX_APP_IMAGE_SVG_CLASSES    256

#define NGX_APP_IMAGE_SVG_NONE       0xffff


/* an element that others refer to */
typedef struct {
    ngx_app_image_svg_text_t   id;
    uint32_t                   units;        /* of its own */
    uint32_t                   total;        /* with what it refers to */
    uint32_t                   first;        /* references in it */
    uint32_t                   last;
    unsigned                   defined:1;
    unsigned                   pattern:1;
} ngx_app_image_svg_target_t;


typedef struct {
    uint16_t                   target;
    uint32_t                   times;
} ngx_app_image_svg_ref_t;


/* what a style sheet does to a class, or to all when it has no name */
typedef struct {
    ngx_app_image_svg_text_t   name;
    ngx_app_image_svg_use_t    use;
} ngx_app_image_svg_class_t;


typedef struct {
    uint16_t                   target;       /* that it is */
    u_char                     layer;
    u_char                     text;
    u_char                     steps;        /* in a filter: 1 and those */
} ngx_app_image_svg_open_t;


typedef struct {
    ngx_app_image_svg_target_t   targets[NGX_APP_IMAGE_SVG_TARGETS];
    ngx_uint_t                   ntargets;
    uint16_t                     slots[NGX_APP_IMAGE_SVG_SLOTS];

    ngx_app_image_svg_ref_t      refs[NGX_APP_IMAGE_SVG_REFS];
    uint32_t                     sums[NGX_APP_IMAGE_SVG_REFS + 1];
    ngx_uint_t                   nrefs;

    ngx_app_image_svg_class_t    classes[NGX_APP_IMAGE_SVG_CLASSES];
    ngx_uint_t                   nclasses;

    ngx_app_image_svg_open_t     open[NGX_APP_IMAGE_SVG_DEPTH];
    ngx_uint_t                   depth;
    ngx_uint_t                   layers;

    uint64_t                     units;

    /* of the element that is read */
    ngx_app_image_svg_token_t   *tag;
    ngx_uint_t                   layer;
} ngx_app_image_svg_tree_t;


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
static const char *ngx_app_image_svg_collect_use(void *data,
    ngx_app_image_svg_text_t *selector, ngx_app_image_svg_use_t *use);
static const char *ngx_app_image_svg_collect_class(void *data,
    ngx_app_image_svg_text_t *selector, ngx_app_image_svg_use_t *use);
static void ngx_app_image_svg_class(ngx_app_image_svg_text_t *selector,
    ngx_app_image_svg_text_t *name);
static ngx_uint_t ngx_app_image_svg_href(ngx_app_image_svg_token_t *t,
    ngx_app_image_svg_text_t *name);
static const char *ngx_app_image_svg_href_id(ngx_app_image_svg_text_t *value,
    ngx_app_image_svg_text_t *id);
static uint16_t *ngx_app_image_svg_slot(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *id);
static const char *ngx_app_image_svg_add(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *id, ngx_uint_t pattern);
static const char *ngx_app_image_svg_count(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_t svg);
static const char *ngx_app_image_svg_element(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_token_t *t);
static const char *ngx_app_image_svg_define(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_open_t *open);
static void ngx_app_image_svg_close(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_open_t *open);
static const char *ngx_app_image_svg_count_attr(
    ngx_app_image_svg_tree_t *tree, ngx_app_image_svg_text_t *name,
    ngx_app_image_svg_text_t *value);
static const char *ngx_app_image_svg_count_classes(
    ngx_app_image_svg_tree_t *tree, ngx_app_image_svg_text_t *names);
static const char *ngx_app_image_svg_count_use(void *data,
    ngx_app_image_svg_text_t *selector, ngx_app_image_svg_use_t *use);
static const char *ngx_app_image_svg_ref(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *id, ngx_app_image_svg_use_t *use);
static ngx_uint_t ngx_app_image_svg_shape(ngx_app_image_svg_text_t *name);
static const char *ngx_app_image_svg_sum(ngx_app_image_svg_tree_t *tree);


const char *
ngx_app_image_svg_body(ngx_app_image_svg_t *svg)
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

    return err ? err : ngx_app_image_svg_sum(&tree);
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


static const char *
ngx_app_image_svg_collect_use(void *data, ngx_app_image_svg_text_t *selector,
    ngx_app_image_svg_use_t *use)
{
    /* of paints only patterns count, and those are known by themselves */

    return (use->id.len && !use->paint)
           ? ngx_app_image_svg_add(data, &use->id, 0) : NULL;
}


static const char *
ngx_app_image_svg_collect_class(void *data,
    ngx_app_image_svg_text_t *selector, ngx_app_image_svg_use_t *use)
{
    const char                *err;
    const u_char              *comma;
    ngx_app_image_svg_text_t   rest, one;
    ngx_app_image_svg_tree_t  *tree = data;

    err = ngx_app_image_svg_collect_use(data, NULL, use);
    if (err) {
        return err;
    }

    rest = *selector;

    for ( ;; ) {
        comma = memchr(rest.data, ',', rest.len);

        one.data = rest.data;
        one.len = comma ? (size_t) (comma - rest.data) : rest.len;

        if (tree->nclasses == NGX_APP_IMAGE_SVG_CLASSES) {
            return "too many classes";
        }

        ngx_app_image_svg_trim(&one);
        ngx_app_image_svg_class(&one, &tree->classes[tree->nclasses].name);
        tree->classes[tree->nclasses++].use = *use;

        if (comma == NULL) {
            return NULL;
        }

        rest.len -= comma + 1 - rest.data;
        rest.data = comma + 1;
    }
}


/* of ".class" or "tag.class"; of all else what is empty, and taken for "*" */

static void
ngx_app_image_svg_class(ngx_app_image_svg_text_t *selector,
    ngx_app_image_svg_text_t *name)
{
    u_char         c;
    const u_char  *p, *last;

    name->data = selector->data;
    name->len = 0;

    last = selector->data + selector->len;
    p = memchr(selector->data, '.', selector->len);

    if (p == NULL) {
        return;
    }

    name->data = ++p;

    for ( /* void */ ; p < last; p++) {
        c = *p;

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')
            && !(c >= '0' && c <= '9') && c != '-' && c != '_')
        {
            return;
        }
    }

    name->len = p - name->data;
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


/* where the id is, or has its place; there are twice as many as are used */

static uint16_t *
ngx_app_image_svg_slot(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *id)
{
    uint16_t                    *slot;
    ngx_uint_t                   i;
    ngx_app_image_svg_target_t  *t;

    i = ngx_murmur_hash2((u_char *) (uintptr_t) id->data, id->len);

    for ( ;; ) {
        slot = &tree->slots[i++ % NGX_APP_IMAGE_SVG_SLOTS];

        if (*slot == NGX_APP_IMAGE_SVG_NONE) {
            return slot;
        }

        t = &tree->targets[*slot];

        if (t->id.len == id->len
            && ngx_memcmp(t->id.data, id->data, id->len) == 0)
        {
            return slot;
        }
    }
}


static const char *
ngx_app_image_svg_add(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *id, ngx_uint_t pattern)
{
    uint16_t                    *slot;
    ngx_app_image_svg_target_t  *t;

    slot = ngx_app_image_svg_slot(tree, id);

    if (*slot == NGX_APP_IMAGE_SVG_NONE) {

        if (tree->ntargets == NGX_APP_IMAGE_SVG_TARGETS) {
            return "too many references";
        }

        *slot = (uint16_t) tree->ntargets++;

        t = &tree->targets[*slot];
        ngx_memzero(t, sizeof(ngx_app_image_svg_target_t));
        t->id = *id;
    }

    t = &tree->targets[*slot];
    t->pattern |= (pattern != 0);

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
                tree->units += t.text.len / NGX_APP_IMAGE_SVG_CHARS_UNIT;
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

        tree->units += NGX_APP_IMAGE_SVG_LAYER;
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


/* before anything of it is counted: an element's own id */

static const char *
ngx_app_image_svg_define(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_open_t *open)
{
    uint16_t                     place;
    ngx_app_image_svg_text_t     text, name, value;
    ngx_app_image_svg_target_t  *target;

    open->target = NGX_APP_IMAGE_SVG_NONE;
    text = tree->tag->text;

    while (ngx_app_image_svg_next(&text, &name, &value) == NGX_OK) {

        if (!ngx_app_image_svg_is(&name, "id")
            && !ngx_app_image_svg_is(&name, "xml:id"))
        {
            continue;
        }

        place = *ngx_app_image_svg_slot(tree, &value);

        if (place == NGX_APP_IMAGE_SVG_NONE) {
            continue;
        }

        target = &tree->targets[place];

        if (target->defined || open->target != NGX_APP_IMAGE_SVG_NONE) {
            return "id that is there twice";
        }

        open->target = place;
        target->defined = 1;
        target->units = (uint32_t) tree->units;
        target->first = (uint32_t) tree->nrefs;
        target->last = (uint32_t) tree->nrefs;
    }

    return NULL;
}


static void
ngx_app_image_svg_close(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_open_t *open)
{
    ngx_app_image_svg_target_t  *target;

    tree->layers -= open->layer;

    if (open->target != NGX_APP_IMAGE_SVG_NONE) {
        target = &tree->targets[open->target];
        target->units = (uint32_t) tree->units - target->units;
        target->last = (uint32_t) tree->nrefs;
    }
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


/* names of an attribute "class"; NULL: what is done to all elements */

static const char *
ngx_app_image_svg_count_classes(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *names)
{
    ngx_uint_t                  i;
    const char                 *err;
    const u_char               *p, *last;
    ngx_app_image_svg_text_t    name;
    ngx_app_image_svg_class_t  *class;

    name.data = tree->tag->name.data;
    name.len = 0;

    p = names ? names->data : name.data;
    last = names ? p + names->len : p;

    do {
        if (names) {
            while (p < last && ngx_app_image_svg_blank(*p)) {
                p++;
            }

            name.data = p;

            while (p < last && !ngx_app_image_svg_blank(*p)) {
                p++;
            }

            name.len = p - name.data;

            if (name.len == 0) {
                return NULL;
            }

            /* each is looked for */

            tree->units++;
        }

        for (i = 0; i < tree->nclasses; i++) {
            class = &tree->classes[i];

            if (class->name.len != name.len
                || ngx_strncasecmp((u_char *) (uintptr_t) class->name.data,
                                   (u_char *) (uintptr_t) name.data, name.len)
                   != 0)
            {
                continue;
            }

            err = ngx_app_image_svg_count_use(tree, NULL, &class->use);
            if (err) {
                return err;
            }
        }

    } while (p < last && tree->units <= NGX_APP_IMAGE_SVG_UNITS);

    return NULL;
}


static const char *
ngx_app_image_svg_count_use(void *data, ngx_app_image_svg_text_t *selector,
    ngx_app_image_svg_use_t *use)
{
    ngx_app_image_svg_tree_t *tree = data;

    tree->layer |= use->layer;

    return use->id.len ? ngx_app_image_svg_ref(tree, &use->id, use) : NULL;
}


static const char *
ngx_app_image_svg_ref(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *id, ngx_app_image_svg_use_t *use)
{
    uint16_t                  place;
    ngx_app_image_svg_ref_t  *ref;

    place = *ngx_app_image_svg_slot(tree, id);

    if (place == NGX_APP_IMAGE_SVG_NONE) {
        return NULL;
    }

    if (use && use->paint) {

        if (!tree->targets[place].pattern) {
            return NULL;
        }

        tree->layer = 1;
    }

    if (use && (use->paint || use->marker)
        && !ngx_app_image_svg_shape(&tree->tag->name))
    {
        return "pattern or marker that is inherited";
    }

    if (tree->nrefs == NGX_APP_IMAGE_SVG_REFS) {
        return "too many references";
    }

    ref = &tree->refs[tree->nrefs++];
    ref->target = place;

    /* a point of a path takes two characters at least */

    ref->times = (use && use->marker) ? (uint32_t) ngx_min(
                                            tree->tag->text.len / 2 + 1,
                                            NGX_APP_IMAGE_SVG_UNITS)
                                      : 1;

    return NULL;
}


/* what has nothing inside that would be drawn with its properties */

static ngx_uint_t
ngx_app_image_svg_shape(ngx_app_image_svg_text_t *name)
{
    return ngx_app_image_svg_is(name, "path")
           || ngx_app_image_svg_is(name, "rect")
           || ngx_app_image_svg_is(name, "circle")
           || ngx_app_image_svg_is(name, "ellipse")
           || ngx_app_image_svg_is(name, "line")
           || ngx_app_image_svg_is(name, "polyline")
           || ngx_app_image_svg_is(name, "polygon");
}


/*
 * Totals, by as many rounds as references may be nested: in each, a target has
 * its units and the totals that those it refers to had in the round before.
 * What goes on growing is a circle, or nested deeper.
 */

static const char *
ngx_app_image_svg_sum(ngx_app_image_svg_tree_t *tree)
{
    uint64_t                     n;
    ngx_uint_t                   i, round, changed;
    ngx_app_image_svg_ref_t     *ref;
    ngx_app_image_svg_target_t  *t;

    tree->sums[0] = 0;

    for (round = 0; round <= NGX_APP_IMAGE_SVG_LEVELS; round++) {

        for (i = 0; i < tree->nrefs; i++) {
            ref = &tree->refs[i];
            t = &tree->targets[ref->target];

            n = (uint64_t) ref->times * (1 + t->total);
            tree->sums[i + 1] = tree->sums[i]
                + (uint32_t) ngx_min(n, NGX_APP_IMAGE_SVG_UNITS);
        }

        changed = 0;

        for (i = 0; i < tree->ntargets; i++) {
            t = &tree->targets[i];

            n = t->units + tree->sums[t->last] - tree->sums[t->first];
            n = ngx_min(n, NGX_APP_IMAGE_SVG_UNITS + 1);

            if (t->total != n) {
                t->total = (uint32_t) n;
                changed = 1;
            }
        }

        if (tree->units + tree->sums[tree->nrefs] > NGX_APP_IMAGE_SVG_UNITS) {
            return "more is drawn than a renderer gets done";
        }

        if (!changed) {
            return NULL;
        }
    }

    return "references nested too deep";
}
