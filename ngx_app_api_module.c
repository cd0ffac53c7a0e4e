
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
#include <api/ngx_app_api_auth.h>
#include <api/ngx_app_openapi.h>


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


static ngx_conf_num_bounds_t  ngx_app_api_depth = {
    ngx_conf_check_num_bounds, 1, 256
};


static ngx_conf_enum_t  ngx_app_api_unknown[] = {
    { ngx_string("ignore"), NGX_APP_API_UNKNOWN_IGNORE },
    { ngx_string("reject"), NGX_APP_API_UNKNOWN_REJECT },
    { ngx_null_string, 0 }
};


static ngx_conf_post_t  ngx_app_api_not_empty = { ngx_app_api_check_size };


static ngx_command_t  ngx_app_api_commands[] = {

    { ngx_string("app_route"),
      NGX_HTTP_SRV_CONF|NGX_CONF_BLOCK|NGX_CONF_TAKE2,
      ngx_app_api_route,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_openapi"),
      NGX_HTTP_LOC_CONF|NGX_CONF_ANY,
      ngx_app_openapi,
      NGX_HTTP_LOC_CONF_OFFSET,
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

    { ngx_string("app_body_max_size"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_api_loc_conf_t, body_max_size),
      NULL },

    { ngx_string("app_body_max_depth"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_api_loc_conf_t, body_max_depth),
      &ngx_app_api_depth },

    { ngx_string("app_body_max_keys"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_api_loc_conf_t, body_max_keys),
      &ngx_app_api_positive },

    { ngx_string("app_body_max_items"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_api_loc_conf_t, body_max_items),
      &ngx_app_api_positive },

    { ngx_string("app_body_unknown"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_api_loc_conf_t, body_unknown),
      ngx_app_api_unknown },

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

    ngx_app_api_loc_conf_t    *alcf;
    ngx_app_api_main_conf_t   *amcf;
    ngx_http_core_loc_conf_t  *clcf;

    alcf = ngx_http_conf_get_module_loc_conf(cf, ngx_app_api_module);

    if (alcf->enabled) {
        return "is duplicate";
    }

    /* for bodies that an earlier module has put in a file */

    amcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_api_module);
    amcf->thread_pool = ngx_thread_pool_add(cf, NULL);

    if (amcf->thread_pool == NULL) {
        return NGX_CONF_ERROR;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_app_api_handler;

    alcf->enabled = 1;
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
        != NGX_OK
        || ngx_array_init(&amcf->dbs, cf->pool, 16, sizeof(ngx_app_api_db_t))
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
        != NGX_OK
        || ngx_array_init(&ascf->routes, cf->pool, 16,
                          sizeof(ngx_app_api_route_t *))
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
    alcf->body_max_size = NGX_CONF_UNSET_SIZE;
    alcf->body_max_depth = NGX_CONF_UNSET;
    alcf->body_max_keys = NGX_CONF_UNSET;
    alcf->body_max_items = NGX_CONF_UNSET;
    alcf->body_unknown = NGX_CONF_UNSET_UINT;

    return alcf;
}


static char *
ngx_app_api_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_app_api_loc_conf_t  *prev = parent;
    ngx_app_api_loc_conf_t  *conf = child;

    ngx_http_core_loc_conf_t  *clcf;

    ngx_conf_merge_value(conf->max_rows, prev->max_rows, 10000);
    ngx_conf_merge_value(conf->max_params, prev->max_params, 100);
    ngx_conf_merge_size_value(conf->max_size, prev->max_size,
                              8 * 1024 * 1024);
    ngx_conf_merge_size_value(conf->buffer_size, prev->buffer_size,
                              256 * 1024);
    ngx_conf_merge_size_value(conf->body_max_size, prev->body_max_size,
                              100 * 1024);
    ngx_conf_merge_value(conf->body_max_depth, prev->body_max_depth, 32);
    ngx_conf_merge_value(conf->body_max_keys, prev->body_max_keys, 1000);
    ngx_conf_merge_value(conf->body_max_items, prev->body_max_items, 1000);
    ngx_conf_merge_uint_value(conf->body_unknown, prev->body_unknown,
                              NGX_APP_API_UNKNOWN_IGNORE);

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    /* what "if" and "limit_except" make within a location goes on with it */

    if (clcf->noname && clcf->handler == NULL && prev->enabled) {
        clcf->handler = ngx_app_api_handler;
        conf->enabled = 1;
    }

    /* the limit on bodies is ours, and so is the answer past it */

    if (clcf->handler == ngx_app_api_handler) {
        clcf->client_max_body_size = 0;
    }

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

        if (ngx_app_openapi_init(cf, ascf) != NGX_OK
            || ngx_app_api_jwks_check(cf, cscf[i], &ascf->routes) != NGX_OK)
        {
            return NGX_ERROR;
        }

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


/* what names no backend goes to the first one */

static ngx_int_t
ngx_app_api_init_backends(ngx_conf_t *cf)
{
    ngx_uint_t                i;
    ngx_app_api_db_t         *use;
    ngx_app_mysql_main_t     *mysql;
    ngx_app_api_main_conf_t  *amcf;

    amcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_api_module);
    mysql = ngx_app_mysql_main(cf);

    use = amcf->dbs.elts;

    for (i = 0; i < amcf->dbs.nelts; i++) {

        /* within a transaction: where it was begun */

        if (*use[i].db == NULL) {
            *use[i].db = use[i].tx ? *use[i].tx : mysql->first;
        }

        if (*use[i].db == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"%V\" in %s:%ui needs a database, "
                          "declare one with \"app_mysql\"",
                          &use[i].name, use[i].file, use[i].line);
            return NGX_ERROR;
        }

        if (use[i].tx && *use[i].tx != *use[i].db) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"%V\" in %s:%ui goes to \"%V\", but stands in "
                          "a transaction of \"%V\"", &use[i].name,
                          use[i].file, use[i].line, &(*use[i].db)->name,
                          &(*use[i].tx)->name);
            return NGX_ERROR;
        }
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
