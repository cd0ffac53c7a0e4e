
/*
 * Copyright (C) the project authors
 */

/*
 * The app_mysql directive: backends by name.
 */


#ifndef _NGX_APP_MYSQL_CONF_H_INCLUDED_
#define _NGX_APP_MYSQL_CONF_H_INCLUDED_


#include <mysql/ngx_app_mysql.h>


typedef struct {
    ngx_array_t            backends;   /* ngx_app_mysql_conf_t * */
    ngx_app_mysql_conf_t  *first;      /* that was declared, or NULL */
} ngx_app_mysql_main_t;


/* returns the backends of a configuration; cf->ctx is a context of http */
ngx_app_mysql_main_t *ngx_app_mysql_main(ngx_conf_t *cf);

/* reads one app_mysql directive into main; as a directive's handler */
char *ngx_app_mysql_conf_parse(ngx_conf_t *cf, ngx_app_mysql_main_t *main,
    ngx_app_metric_registry_t *reg);

/*
 * Returns the backend of that name, maybe still to be declared further down;
 * NULL without memory.
 */
ngx_app_mysql_conf_t *ngx_app_mysql_conf_find(ngx_conf_t *cf,
    ngx_app_mysql_main_t *main, ngx_str_t *name);

/* logs backends that were named but never declared; NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_mysql_conf_check(ngx_conf_t *cf,
    ngx_app_mysql_main_t *main);


#endif /* _NGX_APP_MYSQL_CONF_H_INCLUDED_ */
