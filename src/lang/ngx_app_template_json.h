
/*
 * Copyright (C) the project authors
 */

/*
 * Follows the text of a JSON template (RFC 8259), in which a value may stand
 * wherever JSON has one.  Private to the files of templates.
 */


#ifndef _NGX_APP_TEMPLATE_JSON_H_INCLUDED_
#define _NGX_APP_TEMPLATE_JSON_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_template.h>


typedef struct ngx_app_template_json_s  ngx_app_template_json_t;

typedef const char *(*ngx_app_template_json_pt)(ngx_app_template_json_t *j,
    u_char ch);


struct ngx_app_template_json_s {
    ngx_app_template_json_pt   next;     /* takes the next character */
    ngx_app_template_json_pt   after;    /* the value or key is complete */
    const char                *word;     /* rest of true, false or null */
    ngx_uint_t                 digits;   /* of a \u escape that are missing */
    ngx_uint_t                 depth;
    u_char                     stack[NGX_APP_TEMPLATE_MAX_DEPTH];
    unsigned                   string:1; /* inside of one */
    unsigned                   blank:1;  /* the character can be left out */
};


void ngx_app_template_json_init(ngx_app_template_json_t *j);

/*
 * These take the next character, a value of a run, and the end.  They return
 * NULL, or what is wrong.
 */
const char *ngx_app_template_json_char(ngx_app_template_json_t *j, u_char ch);
const char *ngx_app_template_json_value(ngx_app_template_json_t *j);
const char *ngx_app_template_json_end(ngx_app_template_json_t *j);


#endif /* _NGX_APP_TEMPLATE_JSON_H_INCLUDED_ */
