
/*
 * Copyright (C) the project authors
 */

/*
 * Cross-origin resource sharing (the Fetch standard, section 3.2): which
 * pages of other origins may read the answers of a location.
 */


#ifndef _NGX_APP_CORS_H_INCLUDED_
#define _NGX_APP_CORS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef struct {
    ngx_str_t               head;      /* all of it, or what is before "*" */
    ngx_str_t               tail;      /* what is behind a "*" for the host */
    unsigned                any:1;     /* "*" */
    unsigned                host:1;    /* "*" stands for labels of the host */
    unsigned                port:1;    /* "*" stands for the port */
} ngx_app_cors_origin_t;


/* a block; NULL in a location's configuration when there is none */
typedef struct {
    ngx_array_t             origins;   /* ngx_app_cors_origin_t */
    ngx_str_t               expose;
    ngx_str_t               methods;
    ngx_str_t               headers;
    ngx_str_t               max_age;
    ngx_flag_t              credentials;
    unsigned                none:1;    /* "origins none" */
} ngx_app_cors_t;


typedef struct {
    ngx_app_cors_t         *cors;
} ngx_app_cors_loc_conf_t;


extern ngx_module_t  ngx_app_cors_module;


/*
 * Reads an entry of the list of origins.  NGX_OK, or NGX_DECLINED: err tells
 * what is wrong with it.
 */
ngx_int_t ngx_app_cors_origin(ngx_str_t *text, ngx_app_cors_origin_t *o,
    const char **err);

/* not zero when the origin of a request is one of the list */
ngx_uint_t ngx_app_cors_match(ngx_app_cors_t *cors, ngx_str_t *origin);

/* installs the filter and the answers to preflights */
ngx_int_t ngx_app_cors_init(ngx_conf_t *cf);


#endif /* _NGX_APP_CORS_H_INCLUDED_ */
