
/*
 * Copyright (C) the project authors
 */

/*
 * Options of an input's declaration; only the code that reads declarations
 * uses them.
 */


#ifndef _NGX_APP_INPUT_OPTION_H_INCLUDED_
#define _NGX_APP_INPUT_OPTION_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_input.h>


typedef ngx_int_t (*ngx_app_input_option_pt)(ngx_app_lang_t *lc,
    ngx_app_input_t *in, ngx_str_t *value);


typedef struct {
    ngx_str_t                 name;      /* with its "=" if it takes a value */
    ngx_uint_t                types;
    const char               *goes;      /* those types in words */
    ngx_app_input_option_pt   set;
} ngx_app_input_option_t;


/* ends with an empty name */
extern ngx_app_input_option_t  ngx_app_input_options[];


/*
 * Checks the options against each other when all are read, and reads the
 * default, which must be as good as what clients send.  Returns as
 * ngx_app_input_compile().
 */
ngx_int_t ngx_app_input_settle(ngx_app_lang_t *lc, ngx_app_input_t *in);

/* returns the rule of that name, or NGX_ERROR */
ngx_int_t ngx_app_input_rule_find(ngx_str_t *name);


#endif /* _NGX_APP_INPUT_OPTION_H_INCLUDED_ */
