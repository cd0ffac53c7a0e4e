
/*
 * Copyright (C) the project authors
 */

/*
 * The directives of the steps of sign-in, which are a module of their own.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>


extern ngx_module_t  ngx_app_api_auth_step_module;


static ngx_command_t  ngx_app_api_auth_step_commands[] = {

    { ngx_string("auth"),
      NGX_APP_ROUTE_CONF|NGX_CONF_1MORE,
      ngx_app_api_step_auth,
      0,
      0,
      NULL },

    { ngx_string("token"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_APP_AUTH_CONF|NGX_CONF_1MORE,
      ngx_app_api_step_token,
      0,
      0,
      NULL },

    { ngx_string("jwt"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_APP_AUTH_CONF|NGX_CONF_1MORE,
      ngx_app_api_step_jwt,
      0,
      0,
      NULL },

    { ngx_string("password"),
      NGX_APP_ROUTE_CONF|NGX_CONF_2MORE,
      ngx_app_api_step_password,
      0,
      0,
      NULL },

    { ngx_string("cookie"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_CONF_2MORE,
      ngx_app_api_step_cookie,
      0,
      0,
      NULL },

      ngx_null_command
};


ngx_module_t  ngx_app_api_auth_step_module = {
    NGX_MODULE_V1,
    NULL,                                  /* module context */
    ngx_app_api_auth_step_commands,        /* module directives */
    NGX_APP_STEP_MODULE,                   /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};
