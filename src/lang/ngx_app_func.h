
/*
 * Copyright (C) the project authors
 */

/*
 * The functions of expressions: one table, found by name when the
 * configuration is read.
 */


#ifndef _NGX_APP_FUNC_H_INCLUDED_
#define _NGX_APP_FUNC_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_lang.h>


/* flags of a function */
#define NGX_APP_FUNC_RUN   0x01   /* its result belongs to a run: no folding */
#define NGX_APP_FUNC_LAZY  0x02   /* the compiler makes jumps of it */


typedef struct ngx_app_func_s  ngx_app_func_t;


typedef struct {
    ngx_app_env_t       *env;
    void                *data;    /* of compile() */
} ngx_app_call_t;


/*
 * Calculates a function; the result may be a slice of an argument.
 * NGX_OK: res is set; NGX_DECLINED: the result is null; NGX_ERROR: no memory.
 */
typedef ngx_int_t (*ngx_app_func_pt)(ngx_app_call_t *call,
    ngx_app_value_t *args, ngx_uint_t n, ngx_app_value_t *res);

/*
 * Checks the arguments that are constant and prepares data for the calls.
 *
 *   args  of n pointers; NULL for what is known only in a run
 *
 * NGX_OK, or NGX_ERROR with lc->err, which is empty without memory.
 */
typedef ngx_int_t (*ngx_app_func_compile_pt)(ngx_app_lang_t *lc,
    ngx_app_value_t **args, ngx_uint_t n, void **data);


struct ngx_app_func_s {
    ngx_str_t                 name;
    ngx_uint_t                min;       /* arguments */
    ngx_uint_t                max;
    ngx_uint_t                flags;
    ngx_app_func_pt           handler;
    ngx_app_func_compile_pt   compile;
    const char               *usage;     /* "substr(text, from[, length])" */
};


/* returns NULL when there is none */
ngx_app_func_t *ngx_app_func_find(ngx_str_t *name);

/* returns the function that name was probably meant to be, or NULL */
ngx_app_func_t *ngx_app_func_near(ngx_str_t *name);

/*
 * Makes room for a text of len bytes in res.
 * NGX_OK; NGX_DECLINED: it would be too long; NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_func_alloc(ngx_app_call_t *call, size_t len,
    ngx_app_value_t *res);

/*
 * Sets s to the text of an argument.
 * NGX_OK; NGX_DECLINED: it is null or too long; NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_func_text(ngx_app_call_t *call, ngx_app_value_t *v,
    ngx_str_t *s);

/* sets i to an argument without its fraction: NGX_OK, NGX_DECLINED */
ngx_int_t ngx_app_func_integer(ngx_app_value_t *v, int64_t *i);


#define ngx_app_func_decl(name)                                               \
    ngx_int_t ngx_app_func_##name(ngx_app_call_t *call,                       \
        ngx_app_value_t *args, ngx_uint_t n, ngx_app_value_t *res)

#define ngx_app_func_compile_decl(name)                                       \
    ngx_int_t ngx_app_func_##name##_compile(ngx_app_lang_t *lc,               \
        ngx_app_value_t **args, ngx_uint_t n, void **data)

/* in ngx_app_func_number.c */
ngx_app_func_decl(abs);
ngx_app_func_decl(ceil);
ngx_app_func_decl(floor);
ngx_app_func_decl(round);
ngx_app_func_decl(min);
ngx_app_func_decl(max);
ngx_app_func_decl(int);
ngx_app_func_decl(number);

/* in ngx_app_func_text.c */
ngx_app_func_decl(length);
ngx_app_func_decl(lower);
ngx_app_func_decl(upper);
ngx_app_func_decl(trim);
ngx_app_func_decl(concat);
ngx_app_func_decl(substr);
ngx_app_func_decl(contains);
ngx_app_func_decl(starts_with);
ngx_app_func_decl(ends_with);
ngx_app_func_decl(replace);
ngx_app_func_decl(string);

/* in ngx_app_func_format.c */
ngx_app_func_decl(format);
ngx_app_func_compile_decl(format);

/* in ngx_app_func_codec.c */
ngx_app_func_decl(url_decode);
ngx_app_func_decl(url_encode);
ngx_app_func_decl(html_escape);
ngx_app_func_decl(base64_decode);
ngx_app_func_decl(base64_encode);
ngx_app_func_decl(hex);
ngx_app_func_decl(match);
ngx_app_func_compile_decl(match);

/* in ngx_app_func_crypto.c */
ngx_app_func_decl(base64url);
ngx_app_func_decl(sha256);
ngx_app_func_decl(hmac_sha256);
ngx_app_func_decl(secret);
ngx_app_func_compile_decl(secret);

/* in ngx_app_func_run.c */
ngx_app_func_decl(now);
ngx_app_func_decl(uptime);
ngx_app_func_decl(unix);
ngx_app_func_decl(datetime);
ngx_app_func_decl(date_add);
ngx_app_func_decl(random_hex);
ngx_app_func_decl(random_int);
ngx_app_func_decl(accepts);
ngx_app_func_compile_decl(accepts);
ngx_app_func_decl(header);
ngx_app_func_compile_decl(header);


#endif /* _NGX_APP_FUNC_H_INCLUDED_ */
