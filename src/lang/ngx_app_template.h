
/*
 * Copyright (C) the project authors
 */

/*
 * Templates: text with $name and ${name.member} in it.  Names are those of
 * the route, then those of nginx's variables; "$$" is a dollar sign.
 */


#ifndef _NGX_APP_TEMPLATE_H_INCLUDED_
#define _NGX_APP_TEMPLATE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_lang.h>


#define NGX_APP_TEMPLATE_MAX_DEPTH  64      /* of a JSON template */


typedef enum {
    NGX_APP_TEMPLATE_TEXT = 0,    /* values as plain text */
    NGX_APP_TEMPLATE_LINE,        /* the same, control characters of values
                                     become spaces: headers, keys, rooms */
    NGX_APP_TEMPLATE_JSON         /* the result is always JSON */
} ngx_app_template_e;


typedef enum {
    NGX_APP_PART_LITERAL = 0,     /* text */
    NGX_APP_PART_SLOT,            /* index is a slot */
    NGX_APP_PART_VARIABLE         /* index is one of nginx's variables */
} ngx_app_part_e;


typedef struct {
    ngx_app_part_e       type;
    ngx_uint_t           index;
    ngx_str_t            text;    /* a literal, else the name */
    unsigned             quoted:1;     /* inside a JSON string */
} ngx_app_part_t;


typedef struct {
    ngx_app_template_e   mode;
    ngx_uint_t           nparts;
    ngx_app_part_t      *parts;
} ngx_app_template_t;


/*
 * Compiles a template.  In JSON its text is checked to be one JSON value
 * whatever the values are; blanks outside of strings are left out.
 * NULL: lc->err says what is wrong and where, or is empty without memory.
 */
ngx_app_template_t *ngx_app_template_compile(ngx_app_lang_t *lc,
    ngx_str_t *text, ngx_app_template_e mode);

/*
 * Writes the parts from (included) to (excluded).
 * NGX_OK, NGX_BUSY past the buffer's limit, NGX_ERROR.
 */
ngx_int_t ngx_app_template_write(ngx_app_template_t *t, ngx_app_env_t *env,
    ngx_app_buf_t *b, ngx_uint_t from, ngx_uint_t to);

/*
 * Makes the whole text, in env->pool or a slice of the configuration.
 *
 *   limit  of its length
 *
 * NGX_OK, NGX_BUSY past the limit, NGX_ERROR.
 */
ngx_int_t ngx_app_template_string(ngx_app_template_t *t, ngx_app_env_t *env,
    size_t limit, ngx_str_t *s);

/*
 * Returns the part that alone writes this slot, outside of strings, so that
 * it can be streamed in there; NGX_DECLINED: there is none such.
 */
ngx_int_t ngx_app_template_slot(ngx_app_template_t *t, ngx_uint_t slot);


#endif /* _NGX_APP_TEMPLATE_H_INCLUDED_ */
