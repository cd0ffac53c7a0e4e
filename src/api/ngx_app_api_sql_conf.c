
/*
 * Copyright (C) the project authors
 */

/*
 * The directives of the steps one, many and exec.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>


static char *ngx_app_api_sql_answers(ngx_conf_t *cf, ngx_app_api_sql_t *sql);
static char *ngx_app_api_sql_answer(ngx_conf_t *cf, const char *name,
    ngx_app_api_answer_t *answer);
static char *ngx_app_api_step_sql_text(ngx_conf_t *cf,
    ngx_app_api_sql_t *sql);
static ngx_int_t ngx_app_api_step_sql_options(ngx_conf_t *cf);
static char *ngx_app_api_step_sql_name(ngx_conf_t *cf,
    ngx_app_api_sql_t *sql);
static ngx_uint_t ngx_app_api_sql_readonly(ngx_str_t *text);


/*
 * one [NAME] "SQL"|query=NAME [else=STATUS "message"];
 * many [NAME] "SQL"|query=NAME;
 * exec [NAME] "SQL"|query=NAME [else=STATUS "message"]
 *      [duplicate=STATUS "message"];
 */

char *
ngx_app_api_step_sql(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                      *rv;
    ngx_app_step_t            *step;
    ngx_app_api_sql_t         *sql, **p;
    ngx_app_compile_t         *cc;
    ngx_app_api_main_conf_t   *amcf;

    cc = ngx_app_compile(cf);

    step = ngx_app_step_add(cf, ngx_app_api_sql_run,
                            sizeof(ngx_app_api_sql_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    sql = step->conf;
    step->sql = 1;

    sql->kind = cmd->offset;
    sql->name = step->name;
    sql->file = step->file.data;
    sql->line = step->line;

    rv = ngx_app_api_step_db(cf, &sql->db);

    if (rv == NGX_CONF_OK) {
        rv = ngx_app_api_sql_answers(cf, sql);
    }

    if (rv == NGX_CONF_OK) {
        rv = ngx_app_api_step_sql_text(cf, sql);
    }

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    sql->query = ngx_app_mysql_query_compile(&cc->lang, &sql->text);

    if (sql->query == NULL) {
        return ngx_app_step_error(cf, &sql->text);
    }

    sql->readonly = ngx_app_api_sql_readonly(&sql->text);

    rv = ngx_app_api_step_sql_name(cf, sql);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    amcf = cc->http_ctx->main_conf[ngx_app_api_module.ctx_index];

    p = ngx_array_push(&amcf->statements);
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    *p = sql;

    return NGX_CONF_OK;
}


char *
ngx_app_api_step_db(ngx_conf_t *cf, ngx_app_mysql_conf_t **db)
{
    ngx_int_t                 rc;
    ngx_str_t                 name;
    ngx_conf_t                http;
    ngx_app_compile_t        *cc;
    ngx_app_api_db_t         *use;
    ngx_app_api_main_conf_t  *amcf;

    cc = ngx_app_compile(cf);

    http = *cf;
    http.ctx = cc->http_ctx;

    rc = ngx_app_step_option(cf, 1, "db", &name);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_OK) {
        *db = ngx_app_mysql_conf_find(&http, ngx_app_mysql_main(&http),
                                      &name);
        if (*db == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    /* the first one is known when all have been read */

    amcf = cc->http_ctx->main_conf[ngx_app_api_module.ctx_index];

    use = ngx_array_push(&amcf->dbs);
    if (use == NULL) {
        return NGX_CONF_ERROR;
    }

    use->db = db;
    use->name = ((ngx_str_t *) cf->args->elts)[0];
    use->file = cf->conf_file->file.name.data;
    use->line = cf->conf_file->line;
    use->tx = cc->tx ? ngx_app_api_begin_db(cc->tx) : NULL;

    return NGX_CONF_OK;
}


static char *
ngx_app_api_sql_answers(ngx_conf_t *cf, ngx_app_api_sql_t *sql)
{
    char  *rv;

    rv = ngx_app_api_sql_answer(cf, "else", &sql->none);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (sql->none.status && sql->kind == NGX_APP_API_MANY) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"many\" takes no \"else=\": no rows are an "
                           "empty list; use check \"NAME.count > 0\"");
        return NGX_CONF_ERROR;
    }

    if (sql->kind != NGX_APP_API_EXEC) {
        return NGX_CONF_OK;
    }

    return ngx_app_api_sql_answer(cf, "duplicate", &sql->duplicate);
}


static char *
ngx_app_api_sql_answer(ngx_conf_t *cf, const char *name,
    ngx_app_api_answer_t *answer)
{
    ngx_str_t  message;

    switch (ngx_app_step_answer(cf, name, &answer->status, &message)) {

    case NGX_OK:
        answer->message = ngx_app_api_template(cf, &message,
                                               NGX_APP_TEMPLATE_TEXT);
        return answer->message ? NGX_CONF_OK : NGX_CONF_ERROR;

    case NGX_DECLINED:
        return NGX_CONF_OK;

    default:
        return NGX_CONF_ERROR;
    }
}


/* finds the statement: the last word, or one declared by app_query */

static char *
ngx_app_api_step_sql_text(ngx_conf_t *cf, ngx_app_api_sql_t *sql)
{
    ngx_int_t                rc;
    ngx_str_t                name, *word;
    ngx_uint_t               i;
    ngx_http_conf_ctx_t     *ctx;
    ngx_app_api_query_t     *q;
    ngx_app_api_srv_conf_t  *ascf;

    word = cf->args->elts;

    rc = ngx_app_step_option(cf, 1, "query", &name);

    if (rc == NGX_ERROR || ngx_app_api_step_sql_options(cf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED) {

        if (cf->args->nelts == 2
            && (ngx_strcasecmp(word[1].data, (u_char *) "begin") == 0
                || ngx_strcasecmp(word[1].data, (u_char *) "commit") == 0))
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "a transaction is made of the steps \"begin\" "
                               "and \"commit\", not of \"%V %V\"",
                               &word[0], &word[1]);
            return NGX_CONF_ERROR;
        }

        /* a name alone is no statement */

        if (cf->args->nelts < 2
            || (cf->args->nelts == 2
                && ngx_app_lang_name_len(word[1].data,
                                         word[1].data + word[1].len)
                   == word[1].len && word[1].len))
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" needs a statement, "
                               "as in %V NAME \"SELECT ...\"",
                               &word[0], &word[0]);
            return NGX_CONF_ERROR;
        }

        sql->text = word[--cf->args->nelts];

        return NGX_CONF_OK;
    }

    ctx = ngx_app_compile(cf)->http_ctx;
    ascf = ctx->srv_conf[ngx_app_api_module.ctx_index];
    q = ascf->queries.elts;

    for (i = 0; i < ascf->queries.nelts; i++) {
        if (q[i].name.len == name.len
            && ngx_strncmp(q[i].name.data, name.data, name.len) == 0)
        {
            sql->text = q[i].text;
            return NGX_CONF_OK;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "unknown query \"%V\" in \"%V\", declare it above with "
                       "app_query %V \"SELECT ...\"", &name, &word[0], &name);

    return NGX_CONF_ERROR;
}


/* all that it knows has been taken: what is left is a name and the text */

static ngx_int_t
ngx_app_api_step_sql_options(ngx_conf_t *cf)
{
    ngx_str_t   *word;
    ngx_uint_t   i;

    word = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_app_api_is_option(&word[i])) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "unknown option \"%V\" in \"%V\", use query=, "
                               "db=, when=, else= or, in exec, duplicate=",
                               &word[i], &word[0]);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static char *
ngx_app_api_step_sql_name(ngx_conf_t *cf, ngx_app_api_sql_t *sql)
{
    ngx_str_t                *word;
    ngx_app_scope_t          *scope;
    ngx_app_compile_t        *cc;
    static ngx_app_symbol_e   kinds[] = {
        NGX_APP_SYMBOL_OBJECT, NGX_APP_SYMBOL_LIST, NGX_APP_SYMBOL_RECORD
    };

    cc = ngx_app_compile(cf);
    scope = cc->lang.scope;
    word = cf->args->elts;

    if (cf->args->nelts == 1) {
        return NGX_CONF_OK;
    }

    if (cf->args->nelts > 2) {
        return ngx_app_api_step_too_many(cf, 2);
    }

    sql->symbol = ngx_app_scope_define(&cc->lang, &word[1], kinds[sql->kind],
                                       0);
    if (sql->symbol == NULL) {
        return ngx_app_step_error(cf, &word[1]);
    }

    switch (sql->kind) {

    case NGX_APP_API_MANY:
        sql->count = ngx_app_scope_member(scope, sql->symbol, "count");
        return (sql->count == NGX_APP_SCOPE_NONE) ? NGX_CONF_ERROR
                                                  : NGX_CONF_OK;

    case NGX_APP_API_EXEC:
        sql->id = ngx_app_scope_member(scope, sql->symbol, "id");
        sql->affected = ngx_app_scope_member(scope, sql->symbol, "affected");
        return (sql->id == NGX_APP_SCOPE_NONE
                || sql->affected == NGX_APP_SCOPE_NONE) ? NGX_CONF_ERROR
                                                        : NGX_CONF_OK;

    default:
        return NGX_CONF_OK;
    }
}


/* a statement that changes nothing may be sent again when it got no answer */

static ngx_uint_t
ngx_app_api_sql_readonly(ngx_str_t *text)
{
    u_char  *p, *last;

    p = text->data;
    last = p + text->len;

    while (p < last && (*p == ' ' || *p == '\t' || *p == CR || *p == LF
                        || *p == '('))
    {
        p++;
    }

    if (last - p < 6 || ngx_strncasecmp(p, (u_char *) "select", 6) != 0) {
        return 0;
    }

    return ngx_strlcasestrn(p, last, (u_char *) "for update", 10 - 1) == NULL;
}
