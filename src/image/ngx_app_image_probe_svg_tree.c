
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_svg_tree.h>


#define NGX_APP_IMAGE_SVG_LEVELS  6    /* of references in each other */

#define NGX_APP_IMAGE_SVG_NONE    0xffff


static void ngx_app_image_svg_class(ngx_app_image_svg_text_t *selector,
    ngx_app_image_svg_text_t *name);
static uint16_t *ngx_app_image_svg_slot(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *id);
static ngx_uint_t ngx_app_image_svg_shape(ngx_app_image_svg_text_t *name);


const char *
ngx_app_image_svg_collect_use(void *data, ngx_app_image_svg_text_t *selector,
    ngx_app_image_svg_use_t *use)
{
    /* of paints only patterns count, and those are known by themselves */

    return (use->id.len && !use->paint)
           ? ngx_app_image_svg_add(data, &use->id, 0) : NULL;
}


const char *
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


const char *
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


/* before anything of it is counted: an element's own id */

const char *
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


void
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


/* names of an attribute "class"; NULL: what is done to all elements */

const char *
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


const char *
ngx_app_image_svg_count_use(void *data, ngx_app_image_svg_text_t *selector,
    ngx_app_image_svg_use_t *use)
{
    ngx_app_image_svg_tree_t *tree = data;

    tree->layer |= use->layer;

    return use->id.len ? ngx_app_image_svg_ref(tree, &use->id, use) : NULL;
}


const char *
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

const char *
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
            tree->units += tree->sums[tree->nrefs];
            return NULL;
        }
    }

    return "references nested too deep";
}
