
/*
 * Copyright (C) the project authors
 */

/*
 * How the cells of a row are read: kinds of columns, and the entries of a
 * plan.  Only src/mysql includes it.
 */


#ifndef _NGX_APP_MYSQL_ROW_H_INCLUDED_
#define _NGX_APP_MYSQL_ROW_H_INCLUDED_


#include <json/ngx_app_json_write.h>


typedef enum {
    NGX_APP_MYSQL_NULL = 0,
    NGX_APP_MYSQL_BOOL,
    NGX_APP_MYSQL_INT8,
    NGX_APP_MYSQL_INT16,
    NGX_APP_MYSQL_INT32,
    NGX_APP_MYSQL_INT64,
    NGX_APP_MYSQL_FLOAT,
    NGX_APP_MYSQL_DOUBLE,
    NGX_APP_MYSQL_DECIMAL,
    NGX_APP_MYSQL_DATE,
    NGX_APP_MYSQL_DATETIME,
    NGX_APP_MYSQL_TIME,
    NGX_APP_MYSQL_BIT1,
    NGX_APP_MYSQL_BITS,
    NGX_APP_MYSQL_STRING,
    NGX_APP_MYSQL_JSON,
    NGX_APP_MYSQL_BINARY
} ngx_app_mysql_kind_e;


typedef enum {
    NGX_APP_MYSQL_VALUE = 0,     /* prefix, then the column's value */
    NGX_APP_MYSQL_OBJECT,        /* prefix; null and skip if it is null */
    NGX_APP_MYSQL_TEXT           /* prefix only */
} ngx_app_mysql_encode_e;


#endif /* _NGX_APP_MYSQL_ROW_H_INCLUDED_ */
