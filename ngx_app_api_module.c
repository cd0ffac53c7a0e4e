
/*
 * Copyright (C) the project authors
 */

/*
 * The api module: routes that are declared in the configuration and run over
 * MySQL.  Its second module holds the steps, which are directives of blocks.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>


static char *ngx_app_api(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *ngx_app_api_check_size(ngx_conf_t *cf, void *post, void *data);
static void *ngx_app_api_create_main_conf(ngx_conf_t *cf);
static void *ngx_app_api_create_srv_conf(ngx_conf_t *cf);
static void *ngx_app_api_create_loc_conf(ngx_conf_t *cf);
static char *ngx_app_api_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
static ngx_int_t ngx_app_api_init(ngx_conf_t *cf);
static ngx_int_t ngx_app_api_init_backends(ngx_conf_t *cf);
static ngx_int_t ngx_app_api_init_process(ngx_cycle_t *cycle);


static ngx_conf_num_bounds_t  ngx_app_api_positive = {
    ngx_conf_check_num_bounds, 1, 1000000000
};


static ngx_conf_post_t  ngx_app_api_not_empty = { ngx_app_api_check_size };


static ngx_command_t  ngx_app_api_commands[] = {

    { ngx_string("app_route"),
      NGX_HTTP_SRV_CONF|NGX_CONF_BLOCK|NGX_CONF_TAKE2,
      ngx_app_api_route,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_query"),
      NGX_HTTP_SRV_CONF|NGX_CONF_TAKE2,
      ngx_app_api_query,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_api"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_app_api,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_api_check"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_app_api_main_conf_t, check),
      NULL },

    { ngx_string("app_api_max_rows"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_api_loc_conf_t, max_rows),
      &ngx_app_api_positive },

    { ngx_string("app_api_max_size"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_api_loc_conf_t, max_size),
      &ngx_app_api_not_empty },

    { ngx_string("app_api_buffer_size"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_api_loc_conf_t, buffer_size),
      NULL },

    { ngx_string("app_api_max_params"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_api_loc_conf_t, max_params),
      &ngx_app_api_positive },

      ngx_null_command
};


static ngx_http_module_t  ngx_app_api_module_ctx = {
    NULL,                                  /* preconfiguration */
    ngx_app_api_init,                      /* postconfiguration */

    ngx_app_api_create_main_conf,          /* create main configuration */
    NULL,                                  /* init main configuration */

    ngx_app_api_create_srv_conf,           /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_app_api_create_loc_conf,           /* create location configuration */
    ngx_app_api_merge_loc_conf             /* merge location configuration */
};


ngx_module_t  ngx_app_api_module = {
    NGX_MODULE_V1,
    &ngx_app_api_module_ctx,               /* module context */
    ngx_app_api_commands,                  /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_app_api_init_process,              /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


ngx_module_t  ngx_app_api_step_module = {
    NGX_MODULE_V1,
    NULL,                                  /* module context */
    ngx_app_api_step_commands,             /* module directives */
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


static char *
ngx_app_api(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_api_srv_conf_t *ascf = conf;

    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->handler == ngx_app_api_handler) {
        return "is duplicate";
    }

    clcf->handler = ngx_app_api_handler;
    ascf->enabled = 1;

    return NGX_CONF_OK;
}


static char *
ngx_app_api_check_size(ngx_conf_t *cf, void *post, void *data)
{
    size_t *size = data;

    return *size ? NGX_CONF_OK : "must be greater than 0";
}


static void *
ngx_app_api_create_main_conf(ngx_conf_t *cf)
{
    ngx_app_api_main_conf_t  *amcf;

    amcf = ngx_pcalloc(cf->pool, sizeof(ngx_app_api_main_conf_t));
    if (amcf == NULL) {
        return NULL;
    }

    amcf->check = NGX_CONF_UNSET;

    if (ngx_array_init(&amcf->statements, cf->pool, 16,
                       sizeof(ngx_app_api_sql_t *))
        != NGX_OK)
    {
        return NULL;
    }

    return amcf;
}


static void *
ngx_app_api_create_srv_conf(ngx_conf_t *cf)
{
    ngx_app_api_srv_conf_t  *ascf;

    ascf = ngx_pcalloc(cf->pool, sizeof(ngx_app_api_srv_conf_t));
    if (ascf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&ascf->queries, cf->pool, 4,
                       sizeof(ngx_app_api_query_t))
        != NGX_OK)
    {
        return NULL;
    }

    return ascf;
}


static void *
ngx_app_api_create_loc_conf(ngx_conf_t *cf)
{
    ngx_app_api_loc_conf_t  *alcf;

    alcf = ngx_pcalloc(cf->pool, sizeof(ngx_app_api_loc_conf_t));
    if (alcf == NULL) {
        return NULL;
    }

    alcf->max_rows = NGX_CONF_UNSET;
    alcf->max_params = NGX_CONF_UNSET;
    alcf->max_size = NGX_CONF_UNSET_SIZE;
    alcf->buffer_size = NGX_CONF_UNSET_SIZE;

    return alcf;
}


static char *
ngx_app_api_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_app_api_loc_conf_t  *prev = parent;
    ngx_app_api_loc_conf_t  *conf = child;

    ngx_conf_merge_value(conf->max_rows, prev->max_rows, 10000);
    ngx_conf_merge_value(conf->max_params, prev->max_params, 100);
    ngx_conf_merge_size_value(conf->max_size, prev->max_size,
                              8 * 1024 * 1024);
    ngx_conf_merge_size_value(conf->buffer_size, prev->buffer_size,
                              256 * 1024);

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_app_api_init(ngx_conf_t *cf)
{
    ngx_uint_t                   i;
    ngx_app_api_srv_conf_t      *ascf;
    ngx_app_api_main_conf_t     *amcf;
    ngx_http_core_srv_conf_t   **cscf;
    ngx_http_core_main_conf_t   *cmcf;

    amcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_api_module);

    ngx_conf_init_value(amcf->check, 0);

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    cscf = cmcf->servers.elts;

    for (i = 0; i < cmcf->servers.nelts; i++) {

        ascf = cscf[i]->ctx->srv_conf[ngx_app_api_module.ctx_index];

        if (ascf->enabled && ascf->router == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"app_api\" in %s:%ui is in a server without "
                          "\"app_route\", add routes to the server",
                          cscf[i]->file_name, cscf[i]->line);
            return NGX_ERROR;
        }

        if (!ascf->enabled && ascf->router) {
            ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                          "the routes of the server in %s:%ui are not "
                          "reachable, add a location with \"app_api\"",
                          cscf[i]->file_name, cscf[i]->line);
        }
    }

    return ngx_app_api_init_backends(cf);
}


/* statements without "db=" go to the first backend */

static ngx_int_t
ngx_app_api_init_backends(ngx_conf_t *cf)
{
    ngx_uint_t                 i;
    ngx_app_api_sql_t        **sql;
    ngx_app_mysql_main_t      *mysql;
    ngx_app_api_main_conf_t   *amcf;

    amcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_api_module);
    mysql = ngx_app_mysql_main(cf);

    sql = amcf->statements.elts;

    for (i = 0; i < amcf->statements.nelts; i++) {

        if (sql[i]->db) {
            continue;
        }

        if (mysql->first == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"%V\" in %s:%ui needs a database, "
                          "declare one with \"app_mysql\"",
                          &sql[i]->name, sql[i]->file, sql[i]->line);
            return NGX_ERROR;
        }

        sql[i]->db = mysql->first;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_init_process(ngx_cycle_t *cycle)
{
    ngx_app_api_main_conf_t  *amcf;

    /* one worker is enough to tell what does not prepare */

    if ((ngx_process != NGX_PROCESS_WORKER
         && ngx_process != NGX_PROCESS_SINGLE)
        || ngx_worker != 0)
    {
        return NGX_OK;
    }

    amcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_app_api_module);

    if (amcf == NULL || !amcf->check) {
        return NGX_OK;
    }

    return ngx_app_api_check_start(cycle, amcf);
}
