
/*
 * Copyright (C) the project authors
 */

/*
 * The step log: a line for those who run the server.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>


typedef struct {
    ngx_uint_t           level;
    ngx_app_template_t  *text;
} ngx_app_api_log_t;


typedef struct {
    ngx_str_t            name;
    ngx_uint_t           level;
} ngx_app_api_level_t;


static ngx_int_t ngx_app_api_log_run(ngx_app_run_t *run,
    ngx_app_step_t *step);


/* what is worse than an error is not a route's to tell */

static ngx_app_api_level_t  ngx_app_api_levels[] = {
    { ngx_string("error"), NGX_LOG_ERR },
    { ngx_string("warn"), NGX_LOG_WARN },
    { ngx_string("notice"), NGX_LOG_NOTICE },
    { ngx_string("info"), NGX_LOG_INFO },
    { ngx_null_string, 0 }
};


/* log LEVEL "TEXT"; */

char *
ngx_app_api_step_log(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t            *word;
    ngx_app_step_t       *step;
    ngx_app_api_log_t    *log;
    ngx_app_api_level_t  *l;

    step = ngx_app_step_add(cf, ngx_app_api_log_run,
                            sizeof(ngx_app_api_log_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    step->calm = 1;
    log = step->conf;
    word = cf->args->elts;

    if (cf->args->nelts > 3) {
        return ngx_app_api_step_too_many(cf, 3);
    }

    if (cf->args->nelts < 3) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"log\" needs a level and a text, as in "
                           "log warn \"no answer\"");
        return NGX_CONF_ERROR;
    }

    for (l = ngx_app_api_levels; l->name.len; l++) {
        if (l->name.len == word[1].len
            && ngx_strncmp(l->name.data, word[1].data, word[1].len) == 0)
        {
            log->level = l->level;
            break;
        }
    }

    if (l->name.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid level \"%V\" in \"log\", use error, warn, "
                           "notice or info", &word[1]);
        return NGX_CONF_ERROR;
    }

    log->text = ngx_app_api_template(cf, &word[2], NGX_APP_TEMPLATE_LINE);

    return log->text ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_app_api_log_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_str_t           text;
    ngx_app_api_log_t  *log;

    log = step->conf;

    /* nobody pays for a line that is not written */

    if (run->log->log_level < log->level) {
        return NGX_OK;
    }

    if (ngx_app_api_message(run, log->text, &text) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_log_error(log->level, run->log, 0, "app api: %V: \"log\" in %V:%ui",
                  &text, &step->file, step->line);

    return NGX_OK;
}
