
/*
 * Copyright (C) the project authors
 */

/*
 * The elements of a SVG that others refer to, what each costs, and where the
 * references are: a table on the stack, for there are not many.
 */


#ifndef _NGX_APP_IMAGE_PROBE_SVG_TREE_H_INCLUDED_
#define _NGX_APP_IMAGE_PROBE_SVG_TREE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_svg_body.h>


/* units that are drawn, whatever the size */
#define NGX_APP_IMAGE_SVG_UNITS      50000

#define NGX_APP_IMAGE_SVG_DEPTH      64
#define NGX_APP_IMAGE_SVG_TARGETS    512
#define NGX_APP_IMAGE_SVG_SLOTS      1024    /* a power of two */
#define NGX_APP_IMAGE_SVG_REFS       4096
#define NGX_APP_IMAGE_SVG_CLASSES    256


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


/* pass one: what is referred to, by a property; and what a rule does */
const char *ngx_app_image_svg_collect_use(void *data,
    ngx_app_image_svg_text_t *selector, ngx_app_image_svg_use_t *use);
const char *ngx_app_image_svg_collect_class(void *data,
    ngx_app_image_svg_text_t *selector, ngx_app_image_svg_use_t *use);

/* an id that is referred to, or that of a pattern */
const char *ngx_app_image_svg_add(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *id, ngx_uint_t pattern);

/*
 * Pass two: begins an element by its id, before anything of it is counted, and
 * ends it.
 */
const char *ngx_app_image_svg_define(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_open_t *open);
void ngx_app_image_svg_close(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_open_t *open);

/* what a property does; what a class does, all elements if names is NULL */
const char *ngx_app_image_svg_count_use(void *data,
    ngx_app_image_svg_text_t *selector, ngx_app_image_svg_use_t *use);
const char *ngx_app_image_svg_count_classes(
    ngx_app_image_svg_tree_t *tree, ngx_app_image_svg_text_t *names);

/*
 * A reference from the element that is read.
 *
 *   use  the property; NULL: another attribute
 */
const char *ngx_app_image_svg_ref(ngx_app_image_svg_tree_t *tree,
    ngx_app_image_svg_text_t *id, ngx_app_image_svg_use_t *use);

/* adds to units what references draw: NULL, or why it is refused */
const char *ngx_app_image_svg_sum(ngx_app_image_svg_tree_t *tree);


#endif /* _NGX_APP_IMAGE_PROBE_SVG_TREE_H_INCLUDED_ */
