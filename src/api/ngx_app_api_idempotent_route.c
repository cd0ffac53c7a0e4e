
/*
 * Copyright (C) the project authors
 */

/*
 * What "idempotent" asks of the route that it stands in.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_idempotent.h>


static ngx_int_t ngx_app_api_idempotent_steps(ngx_conf_t *cf,
    ngx_app_api_route_t *route, void **begin);
static ngx_int_t ngx_app_api_idempotent_step(ngx_conf_t *cf,
    ngx_app_step_t *step, ngx_uint_t open);
static ngx_uint_t ngx_app_api_idempotent_writes(ngx_app_api_sql_t *sql);
static ngx_uint_t ngx_app_api_idempotent_early(ngx_app_program_t *program,
    ngx_app_mysql_conf_t *db);
static ngx_int_t ngx_app_api_idempotent_whole(ngx_conf_t *cf,
    ngx_app_program_t *program);
static ngx_int_t ngx_app_api_idempotent_dbs(ngx_conf_t *cf,
    ngx_app_api_idempotent_t *idem, void *begin);


ngx_int_t
ngx_app_api_idempotent_finish(ngx_conf_t *cf, ngx_app_api_route_t *route)
{
    void                      *begin;
    ngx_app_api_idempotent_t  *idem;

    idem = route->idempotent;

    if (idem == NULL) {
        return NGX_OK;
    }

    if (ngx_app_api_idempotent_steps(cf, route, &begin) != NGX_OK
        || ngx_app_api_idempotent_whole(cf, route->program) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (route->program->rescue
        && ngx_app_api_idempotent_whole(cf, route->program->rescue) != NGX_OK)
    {
        return NGX_ERROR;
    }

    idem->early = ngx_app_api_idempotent_early(route->program,
                                               *ngx_app_api_begin_db(begin));

    return ngx_app_api_idempotent_dbs(cf, idem, begin);
}


/* one transaction has all that is written, and the key's row */

static ngx_int_t
ngx_app_api_idempotent_steps(ngx_conf_t *cf, ngx_app_api_route_t *route,
    void **begin)
{
    ngx_uint_t                 i, open;
    ngx_app_step_t            *step;
    ngx_app_api_idempotent_t  *idem;

    *begin = NULL;
    open = 0;
    idem = route->idempotent;
    step = route->program->steps.elts;

    for (i = 0; i < route->program->steps.nelts; i++) {

        if (ngx_app_api_idempotent_is(&step[i], "begin")) {

            if (*begin) {
                ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                              "a second \"begin\" in a route with "
                              "\"idempotent\", whose key is in one "
                              "transaction, in %V:%ui",
                              &step[i].file, step[i].line);
                return NGX_ERROR;
            }

            *begin = step[i].conf;
            open = 1;
        }

        if (ngx_app_api_idempotent_is(&step[i], "commit")) {
            open = 0;
        }

        if (ngx_app_api_idempotent_step(cf, &step[i], open) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (*begin == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"idempotent\" needs a transaction, which has its key "
                      "too: put \"begin\" and \"commit\" around what the "
                      "route writes, in %s:%ui", idem->file, idem->line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_idempotent_step(ngx_conf_t *cf, ngx_app_step_t *step,
    ngx_uint_t open)
{
    if (step->handler != ngx_app_api_sql_run || open
        || !ngx_app_api_idempotent_writes(step->conf))
    {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"%V\" writes outside of the transaction, so \"idempotent\" "
                  "cannot keep it from being done twice, in %V:%ui",
                  &step->name, &step->file, step->line);

    return NGX_ERROR;
}


static ngx_uint_t
ngx_app_api_idempotent_writes(ngx_app_api_sql_t *sql)
{
    u_char            *p, *last;
    ngx_str_t         *w;
    static ngx_str_t   words[] = {
        ngx_string("insert"), ngx_string("replace"), ngx_string("update"),
        ngx_string("delete"), ngx_string("call"), ngx_null_string
    };

    if (sql->kind == NGX_APP_API_EXEC) {
        return 1;
    }

    p = sql->text.data;
    last = p + sql->text.len;

    while (p < last && (*p == ' ' || *p == '\t' || *p == CR || *p == LF)) {
        p++;
    }

    for (w = words; w->len; w++) {
        if ((size_t) (last - p) >= w->len
            && ngx_strncasecmp(p, w->data, w->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/*
 * The commit may come after the answer has been made when nothing in between
 * waits for others or decides anything: then both are in one transaction.
 */

static ngx_uint_t
ngx_app_api_idempotent_early(ngx_app_program_t *program,
    ngx_app_mysql_conf_t *db)
{
    ngx_uint_t          i;
    ngx_app_step_t     *step;
    ngx_app_api_sql_t  *sql;

    step = program->steps.elts;

    for (i = program->steps.nelts - 1; i > 0; i--) {

        if (ngx_app_api_idempotent_is(&step[i], "commit")) {
            return 1;
        }

        if (step[i].handler == ngx_app_api_sql_run) {
            sql = step[i].conf;

            if (!sql->readonly || sql->none.status || sql->db != db) {
                return 0;
            }

        } else if (!step[i].calm) {
            return 0;
        }
    }

    return 0;
}


/* an answer is made as a whole, and has nothing that is not kept with it */

static ngx_int_t
ngx_app_api_idempotent_whole(ngx_conf_t *cf, ngx_app_program_t *program)
{
    ngx_uint_t          i;
    ngx_app_step_t     *step;
    ngx_app_api_sql_t  *sql;

    step = program->steps.elts;

    for (i = 0; i < program->steps.nelts; i++) {

        if (ngx_app_api_idempotent_is(&step[i], "cookie")) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"cookie\" in a route with \"idempotent\", which "
                          "does not give it again, in %V:%ui",
                          &step[i].file, step[i].line);
            return NGX_ERROR;
        }

        if (step[i].handler == ngx_app_api_sql_run) {
            sql = step[i].conf;
            sql->respond = NULL;
        }
    }

    return NGX_OK;
}


/* the table is where the transaction is, and "app_api_check" looks at it */

static ngx_int_t
ngx_app_api_idempotent_dbs(ngx_conf_t *cf, ngx_app_api_idempotent_t *idem,
    void *begin)
{
    ngx_uint_t                 i;
    ngx_app_api_db_t          *use;
    ngx_app_api_sql_t         *sql, **p;
    ngx_app_mysql_conf_t      *db;
    ngx_app_api_main_conf_t   *amcf;

    amcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_api_module);
    db = idem->db;

    for (i = 0; i <= NGX_APP_API_KEY_QUERIES; i++) {

        use = ngx_array_push(&amcf->dbs);
        if (use == NULL) {
            return NGX_ERROR;
        }

        use->db = &idem->db;
        use->tx = ngx_app_api_begin_db(begin);
        use->name = idem->name;
        use->file = idem->file;
        use->line = idem->line;

        if (i == NGX_APP_API_KEY_QUERIES) {
            break;
        }

        p = ngx_array_push(&amcf->statements);
        if (p == NULL) {
            return NGX_ERROR;
        }

        sql = &idem->checks[i];
        *p = sql;

        sql->kind = NGX_APP_API_EXEC;
        sql->db = db;
        sql->query = idem->table->queries[i];
        sql->text = idem->table->texts[i];
        sql->name = idem->name;
        sql->file = idem->file;
        sql->line = idem->line;

        use->db = &sql->db;
    }

    return NGX_OK;
}


ngx_uint_t
ngx_app_api_idempotent_is(ngx_app_step_t *step, const char *name)
{
    size_t  len;

    len = ngx_strlen(name);

    return step->name.len == len
           && ngx_strncmp(step->name.data, name, len) == 0;
}
