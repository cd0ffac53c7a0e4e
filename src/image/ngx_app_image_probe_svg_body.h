
/*
 * Copyright (C) the project authors
 */

/*
 * What a SVG is made of, as far as a renderer can be kept busy with it.  A few
 * elements that refer to each other draw millions of others, so all that is
 * drawn is counted: an element is a unit, and so are each 64 bytes of its
 * attributes and each 16 bytes of its text; layers and filters are more; what
 * it refers to is added as often as it is referred to.
 *
 * Where a decoder might read something else than what is read here (escapes,
 * entities, style sheets of other files) the file is refused.  One that is no
 * well-formed XML need not be understood: no decoder draws it.
 */


#ifndef _NGX_APP_IMAGE_PROBE_SVG_BODY_H_INCLUDED_
#define _NGX_APP_IMAGE_PROBE_SVG_BODY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_svg.h>


#define ngx_app_image_svg_is(text, word)                                     \
    ((text)->len == sizeof(word) - 1                                         \
     && ngx_memcmp((text)->data, word, sizeof(word) - 1) == 0)

#define ngx_app_image_svg_begins(text, word)                                 \
    ((text)->len >= sizeof(word) - 1                                         \
     && ngx_memcmp((text)->data, word, sizeof(word) - 1) == 0)


/* an instruction that is told as an element, and is none that is drawn */
#define NGX_APP_IMAGE_SVG_SHEET  "?xml-stylesheet"


/* scan: */

typedef enum {
    NGX_APP_IMAGE_SVG_OPEN = 0,
    NGX_APP_IMAGE_SVG_CLOSE,
    NGX_APP_IMAGE_SVG_CHARS,           /* text, also of CDATA */
    NGX_APP_IMAGE_SVG_END
} ngx_app_image_svg_kind_e;


typedef struct {
    ngx_app_image_svg_kind_e   kind;
    ngx_app_image_svg_text_t   name;   /* without the prefix */
    ngx_app_image_svg_text_t   text;   /* the attributes, or the text */
    ngx_uint_t                 empty;  /* opened and closed at once */
} ngx_app_image_svg_token_t;


/* reads the next one; at the end, and where there is no XML, the end */
void ngx_app_image_svg_token(ngx_app_image_svg_t *svg,
    ngx_app_image_svg_token_t *t);

/*
 * Takes an attribute off the beginning of text.  NGX_OK or NGX_DONE.
 *
 *   name  with its prefix
 */
ngx_int_t ngx_app_image_svg_next(ngx_app_image_svg_text_t *text,
    ngx_app_image_svg_text_t *name, ngx_app_image_svg_text_t *value);

void ngx_app_image_svg_trim(ngx_app_image_svg_text_t *text);


/* style: */

/* what a property refers to, or does */
typedef struct {
    ngx_app_image_svg_text_t   id;     /* empty: to nothing */
    unsigned                   paint:1;    /* fill or stroke */
    unsigned                   marker:1;   /* at each point of a path */
    unsigned                   layer:1;    /* it is drawn for itself first */
} ngx_app_image_svg_use_t;


/* called for each; NULL, or what is wrong */
typedef const char *(*ngx_app_image_svg_use_pt)(void *data,
    ngx_app_image_svg_text_t *selector, ngx_app_image_svg_use_t *use);


/* of a property; other properties than those that count are passed over */
const char *ngx_app_image_svg_property(ngx_app_image_svg_text_t *name,
    ngx_app_image_svg_text_t *value, ngx_app_image_svg_text_t *selector,
    ngx_app_image_svg_use_pt use, void *data);

/* of the declarations of an attribute "style", or of a rule */
const char *ngx_app_image_svg_declarations(ngx_app_image_svg_text_t *text,
    ngx_app_image_svg_text_t *selector, ngx_app_image_svg_use_pt use,
    void *data);

/* of the rules of a style sheet, each with its selector */
const char *ngx_app_image_svg_sheet(ngx_app_image_svg_text_t *text,
    ngx_app_image_svg_use_pt use, void *data);


/* body: */

/*
 * NULL, or why it is refused; svg is at the "<" of the root.
 *
 *   units  set to what is drawn
 */
const char *ngx_app_image_svg_body(ngx_app_image_svg_t *svg,
    uint32_t *units);


#endif /* _NGX_APP_IMAGE_PROBE_SVG_BODY_H_INCLUDED_ */
