
/*
 * Copyright (C) the project authors
 */

/*
 * The core module: backends by name, and the code that the other modules of
 * the suite share.  It is loaded first.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <core/ngx_app_task.h>
#include <mysql/ngx_app_mysql_conf.h>
#include <program/ngx_app_run.h>

#include <mysql.h>


typedef struct {
    ngx_app_mysql_main_t       mysql;
    ngx_app_metric_registry_t  metrics;
} ngx_app_core_main_conf_t;


static char *ngx_app_core_mysql(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static void *ngx_app_core_create_main_conf(ngx_conf_t *cf);
static ngx_int_t ngx_app_core_add_variables(ngx_conf_t *cf);
static ngx_int_t ngx_app_core_metric_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_app_core_init(ngx_conf_t *cf);
static ngx_int_t ngx_app_core_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_app_core_init_process(ngx_cycle_t *cycle);
static void ngx_app_core_exit_process(ngx_cycle_t *cycle);


static ngx_command_t  ngx_app_core_commands[] = {

    { ngx_string("app_mysql"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_2MORE,
      ngx_app_core_mysql,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_app_core_module_ctx = {
    ngx_app_core_add_variables,            /* preconfiguration */
    ngx_app_core_init,                     /* postconfiguration */

    ngx_app_core_create_main_conf,         /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_app_core_module = {
    NGX_MODULE_V1,
    &ngx_app_core_module_ctx,              /* module context */
    ngx_app_core_commands,                 /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_app_core_init_module,              /* init module */
    ngx_app_core_init_process,             /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_app_core_exit_process,             /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static char *
ngx_app_core_mysql(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_core_main_conf_t *amcf = conf;

    return ngx_app_mysql_conf_parse(cf, &amcf->mysql, &amcf->metrics);
}


ngx_app_mysql_main_t *
ngx_app_mysql_main(ngx_conf_t *cf)
{
    ngx_app_core_main_conf_t  *amcf;

    amcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_core_module);

    return &amcf->mysql;
}


ngx_app_metric_registry_t *
ngx_app_metric_registry(ngx_conf_t *cf)
{
    ngx_app_core_main_conf_t  *amcf;

    amcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_core_module);

    return &amcf->metrics;
}


static void *
ngx_app_core_create_main_conf(ngx_conf_t *cf)
{
    ngx_app_core_main_conf_t  *amcf;

    amcf = ngx_pcalloc(cf->pool, sizeof(ngx_app_core_main_conf_t));
    if (amcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&amcf->mysql.backends, cf->pool, 2,
                       sizeof(ngx_app_mysql_conf_t *))
        != NGX_OK)
    {
        return NULL;
    }

    if (ngx_app_metric_init(cf, &amcf->metrics, &ngx_app_core_module)
        != NGX_OK)
    {
        return NULL;
    }

    return amcf;
}


/* $app_metric_NAME: the sum of a metric over all workers and labels */

static ngx_int_t
ngx_app_core_add_variables(ngx_conf_t *cf)
{
    ngx_str_t             name = ngx_string("app_metric_");
    ngx_http_variable_t  *v;

    v = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_PREFIX
                                         |NGX_HTTP_VAR_NOCACHEABLE
                                         |NGX_HTTP_VAR_CHANGEABLE);
    if (v == NULL) {
        return NGX_ERROR;
    }

    v->get_handler = ngx_app_core_metric_variable;

    return NGX_OK;
}


static ngx_int_t
ngx_app_core_metric_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t *name = (ngx_str_t *) data;

    int64_t                    sum;
    ngx_str_t                  rest;
    ngx_uint_t                 i, found;
    ngx_app_metric_t          *m;
    ngx_app_core_main_conf_t  *amcf;

    amcf = ngx_http_get_module_main_conf(r, ngx_app_core_module);

    rest.data = name->data + sizeof("app_metric_") - 1;
    rest.len = name->len - (sizeof("app_metric_") - 1);

    sum = 0;
    found = 0;
    m = amcf->metrics.metrics.elts;

    for (i = 0; i < amcf->metrics.metrics.nelts; i++) {

        if (m[i].def->name.len == rest.len
            && ngx_strncmp(m[i].def->name.data, rest.data, rest.len) == 0)
        {
            found = 1;
            sum += ngx_app_metric_sum(&amcf->metrics, i);
        }
    }

    if (!found) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->data = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (v->data == NULL) {
        return NGX_ERROR;
    }

    v->len = ngx_sprintf(v->data, "%L", sum) - v->data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


/*
 * With "master_process off" nginx never starts threads for a configuration
 * that is read again, and crashes when it ends those that it has not started.
 */

static ngx_int_t
ngx_app_core_init(ngx_conf_t *cf)
{
    ngx_app_core_main_conf_t  *amcf;

    if (ngx_process == NGX_PROCESS_SINGLE
        && !ngx_is_init_cycle(cf->cycle->old_cycle))
    {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "app: with \"master_process off\" the configuration "
                      "cannot be read again, restart nginx");
        return NGX_ERROR;
    }

    amcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_core_module);

    return ngx_app_mysql_conf_check(cf, &amcf->mysql);
}


static ngx_int_t
ngx_app_core_init_module(ngx_cycle_t *cycle)
{
    ngx_app_run_mark_start();

    return NGX_OK;
}


/*
 * Nothing is connected here: a worker must start while a backend is away, and
 * the cache's helper processes need none.
 */

static ngx_int_t
ngx_app_core_init_process(ngx_cycle_t *cycle)
{
    ngx_uint_t                  i;
    ngx_app_mysql_conf_t      **conf;
    ngx_app_core_main_conf_t   *amcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    amcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_app_core_module);

    if (amcf == NULL) {
        return NGX_OK;
    }

    ngx_app_metric_attach(&amcf->metrics);

    if (amcf->mysql.backends.nelts == 0) {
        return NGX_OK;
    }

    if (mysql_library_init(0, NULL, NULL) != 0) {
        return NGX_ERROR;
    }

    conf = amcf->mysql.backends.elts;

    for (i = 0; i < amcf->mysql.backends.nelts; i++) {
        if (ngx_app_mysql_pool_init(conf[i], cycle->log) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static void
ngx_app_core_exit_process(ngx_cycle_t *cycle)
{
    ngx_uint_t                  i;
    ngx_app_mysql_conf_t      **conf;
    ngx_app_core_main_conf_t   *amcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return;
    }

    ngx_app_task_wait();

    amcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_app_core_module);

    if (amcf == NULL) {
        return;
    }

    conf = amcf->mysql.backends.elts;

    for (i = 0; i < amcf->mysql.backends.nelts; i++) {
        ngx_app_mysql_pool_close(conf[i]);
    }
}
