
/*
 * Copyright (C) the project authors
 */

/*
 * A compiled statement: pieces of its text.  Private to its compiler and to
 * what builds texts from it.
 */


#ifndef _NGX_APP_MYSQL_QUERY_PIECE_H_INCLUDED_
#define _NGX_APP_MYSQL_QUERY_PIECE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_scope.h>
#include <mysql/ngx_app_mysql_query.h>


#define NGX_APP_MYSQL_NO_GROUP  ((ngx_uint_t) -1)


typedef struct {
    ngx_str_t                text;     /* goes before the placeholder */
    ngx_uint_t               slot;     /* NGX_APP_SCOPE_NONE: there is none */
    ngx_uint_t               group;
} ngx_app_mysql_piece_t;


struct ngx_app_mysql_query_s {
    ngx_uint_t               npieces;
    ngx_app_mysql_piece_t   *pieces;
    ngx_uint_t               ngroups;
    ngx_uint_t               nparams;
    size_t                   len;
};


#endif /* _NGX_APP_MYSQL_QUERY_PIECE_H_INCLUDED_ */
