
/*
 * Copyright (C) the project authors
 */

/*
 * The directives of the steps, and the steps that need no database.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_idempotent.h>
#include <api/ngx_app_openapi.h>


typedef struct {
    ngx_app_expr_t      *expr;
    ngx_uint_t           slot;
} ngx_app_api_let_t;


typedef struct {
    ngx_app_expr_t      *expr;
    ngx_uint_t           status;
    ngx_app_template_t  *message;
} ngx_app_api_check_t;


static ngx_int_t ngx_app_api_let_run(ngx_app_run_t *run,
    ngx_app_step_t *step);
static ngx_int_t ngx_app_api_check_run(ngx_app_run_t *run,
    ngx_app_step_t *step);
static char *ngx_app_api_respond_words(ngx_conf_t *cf,
    ngx_app_api_respond_t *res);


static ngx_str_t  ngx_app_api_too_large =
    ngx_string("the answer is larger than app_api_max_size");
static ngx_str_t  ngx_app_api_long_message =
    ngx_string("The request is refused, for a reason too long to tell");
static ngx_str_t  ngx_app_api_long_location =
    ngx_string("The location is too long");


ngx_command_t  ngx_app_api_step_commands[] = {

    { ngx_string("summary"),
      NGX_APP_ROUTE_CONF|NGX_CONF_TAKE1,
      ngx_app_api_step_summary,
      0,
      0,
      NULL },

    { ngx_string("operation"),
      NGX_APP_ROUTE_CONF|NGX_CONF_TAKE1,
      ngx_app_openapi_operation,
      0,
      0,
      NULL },

    { ngx_string("tag"),
      NGX_APP_ROUTE_CONF|NGX_CONF_TAKE1,
      ngx_app_openapi_tag,
      0,
      0,
      NULL },

    { ngx_string("path"),
      NGX_APP_ROUTE_CONF|NGX_CONF_1MORE,
      ngx_app_api_input,
      0,
      NGX_APP_API_PATH,
      NULL },

    { ngx_string("query"),
      NGX_APP_ROUTE_CONF|NGX_CONF_1MORE,
      ngx_app_api_input,
      0,
      NGX_APP_API_QUERY,
      NULL },

    { ngx_string("header"),
      NGX_APP_ROUTE_CONF|NGX_CONF_1MORE,
      ngx_app_api_input,
      0,
      NGX_APP_API_HEADER,
      NULL },

    { ngx_string("body"),
      NGX_APP_ROUTE_CONF|NGX_CONF_2MORE,
      ngx_app_api_input,
      0,
      NGX_APP_API_BODY,
      NULL },

    { ngx_string("coerce"),
      NGX_APP_ROUTE_CONF|NGX_CONF_NOARGS,
      ngx_app_api_step_coerce,
      0,
      0,
      NULL },

    { ngx_string("validate"),
      NGX_APP_ROUTE_CONF|NGX_CONF_NOARGS,
      ngx_app_api_step_validate,
      0,
      0,
      NULL },

    { ngx_string("one"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_APP_EACH_CONF|NGX_APP_AUTH_CONF
      |NGX_CONF_1MORE,
      ngx_app_api_step_sql,
      0,
      NGX_APP_API_ONE,
      NULL },

    { ngx_string("many"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_APP_EACH_CONF|NGX_CONF_1MORE,
      ngx_app_api_step_sql,
      0,
      NGX_APP_API_MANY,
      NULL },

    { ngx_string("exec"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_APP_EACH_CONF|NGX_CONF_1MORE,
      ngx_app_api_step_sql,
      0,
      NGX_APP_API_EXEC,
      NULL },

    { ngx_string("each"),
      NGX_APP_ROUTE_CONF|NGX_APP_EACH_CONF|NGX_CONF_BLOCK|NGX_CONF_2MORE,
      ngx_app_api_step_each,
      0,
      0,
      NULL },

    { ngx_string("begin"),
      NGX_APP_ROUTE_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_app_api_step_begin,
      0,
      0,
      NULL },

    { ngx_string("commit"),
      NGX_APP_ROUTE_CONF|NGX_CONF_NOARGS,
      ngx_app_api_step_commit,
      0,
      0,
      NULL },

    { ngx_string("idempotent"),
      NGX_APP_ROUTE_CONF|NGX_CONF_1MORE,
      ngx_app_api_step_idempotent,
      0,
      0,
      NULL },

    { ngx_string("fetch"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_APP_EACH_CONF|NGX_CONF_2MORE,
      ngx_app_api_step_fetch,
      0,
      0,
      NULL },

    { ngx_string("let"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_APP_EACH_CONF|NGX_APP_AUTH_CONF
      |NGX_CONF_1MORE,
      ngx_app_api_step_let,
      0,
      0,
      NULL },

    { ngx_string("check"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_APP_EACH_CONF|NGX_APP_AUTH_CONF
      |NGX_CONF_1MORE,
      ngx_app_api_step_check,
      0,
      0,
      NULL },

    { ngx_string("log"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_APP_EACH_CONF|NGX_APP_AUTH_CONF
      |NGX_CONF_1MORE,
      ngx_app_api_step_log,
      0,
      0,
      NULL },

    { ngx_string("respond"),
      NGX_APP_ROUTE_CONF|NGX_APP_RESCUE_CONF|NGX_CONF_1MORE,
      ngx_app_api_step_respond,
      0,
      0,
      NULL },

    { ngx_string("rescue"),
      NGX_APP_ROUTE_CONF|NGX_CONF_BLOCK|NGX_CONF_NOARGS,
      ngx_app_compile_rescue,
      0,
      0,
      NULL },

      ngx_null_command
};


char *
ngx_app_api_step_summary(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t            *word;
    ngx_app_api_route_t  *route;

    route = ngx_app_api_compiling(cf);
    word = cf->args->elts;

    if (route->summary.data) {
        return "is duplicate";
    }

    route->summary = word[1];

    return NGX_CONF_OK;
}


/* let NAME = "expression"; */

char *
ngx_app_api_step_let(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t          *word;
    ngx_app_step_t     *step;
    ngx_app_symbol_t   *sym;
    ngx_app_api_let_t  *let;
    ngx_app_compile_t  *cc;

    cc = ngx_app_compile(cf);

    step = ngx_app_step_add(cf, ngx_app_api_let_run,
                            sizeof(ngx_app_api_let_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;

    if (cf->args->nelts != 4 || word[2].len != 1 || word[2].data[0] != '=') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"let\", use let NAME = \"expression\" "
                           "with blanks around the \"=\"");
        return NGX_CONF_ERROR;
    }

    step->calm = 1;
    let = step->conf;

    /* the name is not in its own expression's reach unless it was before */

    let->expr = ngx_app_expr_compile(&cc->lang, &word[3]);

    if (let->expr == NULL) {
        return ngx_app_step_error(cf, &word[3]);
    }

    sym = ngx_app_scope_define(&cc->lang, &word[1], NGX_APP_SYMBOL_SCALAR, 0);

    if (sym == NULL) {
        return ngx_app_step_error(cf, &word[1]);
    }

    let->slot = sym->slot;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_app_api_let_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_app_api_let_t *let = step->conf;

    return ngx_app_expr_eval(let->expr, &run->env,
                             &run->env.slots[let->slot]);
}


/* check "expression" else=STATUS "message"; */

char *
ngx_app_api_step_check(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_int_t             rc;
    ngx_str_t             message, *word;
    ngx_app_step_t       *step;
    ngx_app_compile_t    *cc;
    ngx_app_api_check_t  *check;

    cc = ngx_app_compile(cf);

    step = ngx_app_step_add(cf, ngx_app_api_check_run,
                            sizeof(ngx_app_api_check_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    check = step->conf;

    rc = ngx_app_step_else(cf, &check->status, &message);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED || cf->args->nelts != 2) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"check\", use check \"expression\" "
                           "else=STATUS \"message\"");
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;

    check->expr = ngx_app_expr_compile(&cc->lang, &word[1]);

    if (check->expr == NULL) {
        return ngx_app_step_error(cf, &word[1]);
    }

    check->message = ngx_app_api_template(cf, &message, NGX_APP_TEMPLATE_TEXT);

    return check->message ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_app_api_check_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_int_t             rc;
    ngx_str_t             message;
    ngx_app_api_check_t  *check;

    check = step->conf;

    rc = ngx_app_expr_test(check->expr, &run->env);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_app_api_message(run, check->message, &message) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_app_run_fail(run, check->status, &message);
}


ngx_int_t
ngx_app_api_refuse(ngx_app_run_t *run, ngx_app_api_answer_t *answer)
{
    ngx_str_t  message;

    if (ngx_app_api_message(run, answer->message, &message) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_app_run_fail(run, answer->status, &message);
}


/* what a client sent may be in it, of any length */

ngx_int_t
ngx_app_api_message(ngx_app_run_t *run, ngx_app_template_t *t,
    ngx_str_t *message)
{
    ngx_int_t  rc;

    rc = ngx_app_template_string(t, &run->env, NGX_APP_API_MESSAGE_LONG,
                                 message);

    if (rc == NGX_BUSY) {
        *message = ngx_app_api_long_message;
        return NGX_OK;
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    if (message->len > NGX_APP_API_MESSAGE_MAX) {
        message->len = NGX_APP_API_MESSAGE_MAX;

        while ((message->data[message->len] & 0xc0) == 0x80) {
            message->len--;
        }
    }

    return NGX_OK;
}


ngx_uint_t
ngx_app_api_is_option(ngx_str_t *word)
{
    size_t  n;

    n = ngx_app_lang_name_len(word->data, word->data + word->len);

    return n && n < word->len && word->data[n] == '=';
}


char *
ngx_app_api_step_too_many(ngx_conf_t *cf, ngx_uint_t n)
{
    ngx_str_t  *word;

    word = cf->args->elts;

    if (ngx_app_api_is_option(&word[n])) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown option \"%V\" in \"%V\"",
                           &word[n], &word[0]);
        return NGX_CONF_ERROR;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "unexpected \"%V\" in \"%V\", quote what has blanks "
                       "in it", &word[n], &word[0]);

    return NGX_CONF_ERROR;
}


/* respond [STATUS] [BODY] [type=] [location=]; */

char *
ngx_app_api_step_respond(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_int_t               rc;
    ngx_str_t               location;
    ngx_app_step_t         *step;
    ngx_app_api_respond_t  *res;

    if (ngx_app_compile(cf)->tx) {
        return "stands in a transaction, \"commit\" it first";
    }

    step = ngx_app_step_add(cf, ngx_app_api_respond_run,
                            sizeof(ngx_app_api_respond_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    step->responds = 1;
    step->calm = 1;
    res = step->conf;
    res->status = NGX_HTTP_OK;

    rc = ngx_app_step_option(cf, 1, "location", &location);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_OK) {
        res->location = ngx_app_api_template(cf, &location,
                                             NGX_APP_TEMPLATE_LINE);
        if (res->location == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    if (ngx_app_step_option(cf, 1, "type", &res->type) == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    return ngx_app_api_respond_words(cf, res);
}


static char *
ngx_app_api_respond_words(ngx_conf_t *cf, ngx_app_api_respond_t *res)
{
    ngx_int_t            n;
    ngx_str_t           *word;
    ngx_uint_t           i;
    ngx_app_template_e   mode;

    word = cf->args->elts;
    i = 1;

    if (i < cf->args->nelts && word[i].data[0] >= '0' && word[i].data[0] <= '9')
    {
        n = ngx_atoi(word[i].data, word[i].len);

        if (n < 200 || n > 599) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid status \"%V\" in \"respond\", "
                               "use 200 to 599", &word[i]);
            return NGX_CONF_ERROR;
        }

        res->status = n;
        i++;
    }

    if (i == cf->args->nelts) {
        return NGX_CONF_OK;
    }

    if (i + 1 < cf->args->nelts) {
        return ngx_app_api_step_too_many(cf, i + 1);
    }

    if (res->status == NGX_HTTP_NO_CONTENT
        || res->status == NGX_HTTP_NOT_MODIFIED)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"respond %ui\" takes no body", res->status);
        return NGX_CONF_ERROR;
    }

    mode = NGX_APP_TEMPLATE_JSON;

    if (res->type.len
        && ngx_strncmp(res->type.data, "application/json", 16) != 0)
    {
        mode = NGX_APP_TEMPLATE_TEXT;
    }

    res->body = ngx_app_api_template(cf, &word[i], mode);

    return res->body ? NGX_CONF_OK : NGX_CONF_ERROR;
}


ngx_app_template_t *
ngx_app_api_template(ngx_conf_t *cf, ngx_str_t *text, ngx_app_template_e mode)
{
    ngx_app_compile_t   *cc;
    ngx_app_template_t  *t;

    cc = ngx_app_compile(cf);

    t = ngx_app_template_compile(&cc->lang, text, mode);

    if (t == NULL) {
        (void) ngx_app_step_error(cf, text);
    }

    return t;
}


ngx_int_t
ngx_app_api_respond_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_int_t                rc;
    ngx_app_api_ctx_t       *ctx;
    ngx_app_api_respond_t   *res;
    ngx_app_api_loc_conf_t  *alcf;

    res = step->conf;
    ctx = run->data;

    alcf = ngx_http_get_module_loc_conf(ctx->request, ngx_app_api_module);

    /* a transaction that is begun again comes here again */

    ctx->location.len = 0;

    ngx_app_buf_init(&ctx->body, run->env.pool, NGX_APP_API_BODY_CHUNK,
                     alcf->max_size);

    if (res->body) {
        rc = ngx_app_template_write(res->body, &run->env, &ctx->body, 0,
                                    res->body->nparts);

        if (rc == NGX_BUSY) {
            ngx_log_error(NGX_LOG_ERR, run->log, 0,
                          "app api: the answer is larger than "
                          "app_api_max_size: \"respond\" in %V:%ui",
                          &step->file, step->line);

            return ngx_app_run_fail(run, NGX_HTTP_INTERNAL_SERVER_ERROR,
                                    &ngx_app_api_too_large);
        }

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (res->location) {
        rc = ngx_app_template_string(res->location, &run->env,
                                     NGX_APP_API_LOCATION_MAX,
                                     &ctx->location);

        if (rc == NGX_BUSY) {
            return ngx_app_run_fail(run, NGX_HTTP_BAD_REQUEST,
                                    &ngx_app_api_long_location);
        }

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    ctx->respond = res;

    return NGX_DONE;
}
