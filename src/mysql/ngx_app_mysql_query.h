
/*
 * Copyright (C) the project authors
 */

/*
 * Statements with named parameters and optional parts, compiled when the
 * configuration is read:
 *
 *     SELECT * FROM t WHERE a = :a [[ AND b = :b ]]
 *
 * becomes a prepared statement with a "?" for each parameter, one per set of
 * optional parts that is asked for.  Values never become a part of the text.
 */


#ifndef _NGX_APP_MYSQL_QUERY_H_INCLUDED_
#define _NGX_APP_MYSQL_QUERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_lang.h>


#define NGX_APP_MYSQL_QUERY_MAX_GROUPS  32
#define NGX_APP_MYSQL_QUERY_MAX_PARAMS  1024


typedef struct ngx_app_mysql_query_s  ngx_app_mysql_query_t;


/*
 * Compiles a statement; names are resolved in lc->scope.  Comments are left
 * out, but for optimizer hints.
 * NULL: lc->err says what is wrong and where, or is empty without memory.
 */
ngx_app_mysql_query_t *ngx_app_mysql_query_compile(ngx_app_lang_t *lc,
    ngx_str_t *text);

/*
 * Returns a bit for each optional part whose parameters are all given, the
 * first part's the lowest.  Null is given, absent is not.
 */
uint32_t ngx_app_mysql_query_mask(ngx_app_mysql_query_t *q,
    ngx_app_value_t *slots);

/* the mask with all parts, for checks; the number of parts is its bits' */
uint32_t ngx_app_mysql_query_all(ngx_app_mysql_query_t *q);

/*
 * Whether a statement may open a transaction, as CALL may: it does not begin
 * with a word of those that never do.
 */
ngx_uint_t ngx_app_mysql_query_may_begin(ngx_app_mysql_query_t *q);

/*
 * Whether a statement changes what later ones of its connection find, as SET
 * does.
 */
ngx_uint_t ngx_app_mysql_query_alters(ngx_app_mysql_query_t *q);

/*
 * Makes the text of a statement.
 *
 *   mask   of the optional parts that are kept
 *   slots  set to the slots of the placeholders, in their order
 *   n      set to the number of placeholders
 *
 * Text and slots are in the pool.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_mysql_query_build(ngx_app_mysql_query_t *q, uint32_t mask,
    ngx_pool_t *pool, ngx_str_t *sql, ngx_uint_t **slots, ngx_uint_t *n);


#endif /* _NGX_APP_MYSQL_QUERY_H_INCLUDED_ */
