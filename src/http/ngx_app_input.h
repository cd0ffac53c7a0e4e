
/*
 * Copyright (C) the project authors
 */

/*
 * Inputs of a route: what a parameter must look like, and the value that it
 * becomes.  The declaration is made once, when the configuration is read, and
 * lives in its pool; nothing changes it afterwards.
 *
 *     TYPE[[]] [required] [default=VALUE] [min=N] [max=N] [clamp]
 *         [pattern=REGEX] [trim] [empty=absent|allowed] [null=absent] [coerce]
 *         [min_items=N] [max_items=N] [rules=RULE,...] [RULE_message=TEXT]
 *         [message=TEXT]
 *
 * Types are int, number, string, bool, datetime, email, uuid, enum(a,b) and
 * json; with "[]" behind it an array of them, whose items the options go for.
 * min and max bound numbers and times; the length of a string in code points.
 *
 * Each way to be wrong is a rule.  All that fail are told, in an order of
 * ours; with "rules=", of those in the list all that fail, in its order, and
 * of the others only when none of these does.  An input that is missing
 * fails all rules of the list.
 */


#ifndef _NGX_APP_INPUT_H_INCLUDED_
#define _NGX_APP_INPUT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_lang.h>
#include <lang/ngx_app_value.h>


typedef enum {
    NGX_APP_INPUT_INT = 0,
    NGX_APP_INPUT_NUMBER,
    NGX_APP_INPUT_STRING,
    NGX_APP_INPUT_BOOL,
    NGX_APP_INPUT_DATETIME,
    NGX_APP_INPUT_EMAIL,
    NGX_APP_INPUT_UUID,
    NGX_APP_INPUT_ENUM,
    NGX_APP_INPUT_JSON
} ngx_app_input_type_e;


typedef enum {
    NGX_APP_RULE_TYPE = 0,
    NGX_APP_RULE_TEXT,                  /* given as text, whatever it says */
    NGX_APP_RULE_INTEGER,               /* of a number for an int */
    NGX_APP_RULE_ITEM,                  /* of an array: each of its items */
    NGX_APP_RULE_MIN,
    NGX_APP_RULE_MAX,
    NGX_APP_RULE_PATTERN,
    NGX_APP_RULE_MIN_ITEMS,
    NGX_APP_RULE_MAX_ITEMS,
    NGX_APP_RULE_REQUIRED,
    NGX_APP_RULES
} ngx_app_input_rule_e;


typedef struct ngx_app_input_s  ngx_app_input_t;

struct ngx_app_input_s {
    ngx_str_t              name;        /* in front of each fault */
    ngx_app_input_type_e   type;

    ngx_app_value_t        fallback;    /* ABSENT: there is no default */
    ngx_app_value_t        min;         /* ABSENT: no bound */
    ngx_app_value_t        max;
    ngx_str_t              min_text;    /* as written, for the fault */
    ngx_str_t              max_text;

    ngx_str_t             *words;       /* of an enum */
    ngx_uint_t             nwords;
    ngx_str_t              list;        /* "a, b" */

    ngx_regex_t           *regex;
    ngx_str_t              pattern;

    ngx_str_t              message;     /* instead of all faults */
    ngx_str_t              messages[NGX_APP_RULES]; /* instead of one */
    u_char                 order[NGX_APP_RULES];    /* "rules=" */
    ngx_uint_t             norder;

    ngx_app_input_t       *item;        /* of an array; NULL: it is none */
    ngx_uint_t             min_items;
    ngx_uint_t             max_items;

    unsigned               required:1;
    unsigned               clamp:1;
    unsigned               trim:1;
    unsigned               empty_absent:1;
    unsigned               empty_allowed:1;
    unsigned               null_absent:1;
    unsigned               coerce:1;
};


/*
 * Reads a declaration.
 *
 *   name   borrowed
 *   words  the type and the options behind it
 *
 * NGX_OK; NGX_DECLINED: lc->err names the wrong word and what to write;
 * NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_input_compile(ngx_app_lang_t *lc, ngx_app_input_t *in,
    ngx_str_t *name, ngx_str_t *words, ngx_uint_t n);

/*
 * Makes the value of a text that is valid UTF-8.
 *
 *   text   NULL when it was not given
 *
 * NGX_OK: value is set, ABSENT when nothing was given and there is no
 * default; a string is a slice of the text.  NGX_DECLINED: fault is set, all
 * that is wrong joined by ", ".  NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_input_parse(ngx_app_input_t *in, ngx_pool_t *pool,
    ngx_str_t *text, ngx_app_value_t *value, ngx_str_t *fault);

/*
 * Checks a value that has a type already, as one of a JSON body has: what is
 * required, the default, the bounds.  A value of the wrong type is a fault,
 * but times, addresses and the like are texts, and a text may be JSON.
 *
 *   coerce  not zero, or the input's own option: a text that is a number is
 *           one and the empty text is zero, numbers and booleans are texts,
 *           and null is absent where nothing is required
 *
 * The value of an array is JSON, written anew.  Returns as
 * ngx_app_input_parse().
 */
ngx_int_t ngx_app_input_check(ngx_app_input_t *in, ngx_pool_t *pool,
    ngx_app_value_t *value, ngx_uint_t coerce, ngx_str_t *fault);

/* sets "coerce" after the declaration has been read */
void ngx_app_input_coerce(ngx_app_input_t *in);

/*
 * Makes a fault of a predicate such as "must be given once": the input's name
 * in front of it, or the input's own message.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_input_fault(ngx_app_input_t *in, ngx_pool_t *pool,
    const char *predicate, ngx_str_t *fault);


#endif /* _NGX_APP_INPUT_H_INCLUDED_ */
