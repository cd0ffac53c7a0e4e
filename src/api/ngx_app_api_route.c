
/*
 * Copyright (C) the project authors
 */

/*
 * The directives app_route and app_query.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>
#include <api/ngx_app_api_fetch.h>
#include <api/ngx_app_api_idempotent.h>


#define NGX_APP_API_QUERY_MAX  65536     /* bytes of a statement's file */


static ngx_app_api_route_t *ngx_app_api_route_create(ngx_conf_t *cf,
    ngx_app_api_srv_conf_t *ascf);
static ngx_int_t ngx_app_api_route_add(ngx_conf_t *cf,
    ngx_app_api_srv_conf_t *ascf, ngx_app_api_route_t *route);
static char *ngx_app_api_route_finish(ngx_conf_t *cf,
    ngx_app_api_route_t *route);
static char *ngx_app_api_route_end(ngx_conf_t *cf,
    ngx_app_api_route_t *route);
static ngx_int_t ngx_app_api_route_reached(ngx_conf_t *cf,
    ngx_app_program_t *program);
static void ngx_app_api_route_stream(ngx_app_api_sql_t *sql,
    ngx_app_step_t *next);
static ngx_int_t ngx_app_api_query_file(ngx_conf_t *cf, ngx_str_t *name,
    ngx_str_t *text);


char *
ngx_app_api_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_api_srv_conf_t *ascf = conf;

    char                 *rv;
    ngx_app_compile_t     cc;
    ngx_app_api_route_t  *route;

    route = ngx_app_api_route_create(cf, ascf);
    if (route == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_app_compile_init(&cc, cf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    cc.owner = route;
    cc.lang.secret = ngx_app_api_secret_find;
    cc.first = ngx_app_api_inputs_end;
    route->program = cc.program;

    rv = ngx_app_compile_block(&cc, cf, NGX_APP_ROUTE_CONF);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (cc.tx) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "route \"%V %V\" has a \"begin\" without "
                           "\"commit\"", &route->method, &route->path);
        return NGX_CONF_ERROR;
    }

    route->answers = cc.answers;

    return ngx_app_api_route_finish(cf, route);
}


static ngx_app_api_route_t *
ngx_app_api_route_create(ngx_conf_t *cf, ngx_app_api_srv_conf_t *ascf)
{
    ngx_str_t            *word;
    ngx_app_api_route_t  *route;

    word = cf->args->elts;

    route = ngx_pcalloc(cf->pool, sizeof(ngx_app_api_route_t));
    if (route == NULL) {
        return NULL;
    }

    route->method = word[1];
    route->path = word[2];
    route->file = cf->conf_file->file.name.data;
    route->line = cf->conf_file->line;

    if (ngx_array_init(&route->inputs, cf->pool, 4,
                       sizeof(ngx_app_api_input_t))
        != NGX_OK)
    {
        return NULL;
    }

    if (ngx_app_api_route_add(cf, ascf, route) != NGX_OK) {
        return NULL;
    }

    return route;
}


static ngx_int_t
ngx_app_api_route_add(ngx_conf_t *cf, ngx_app_api_srv_conf_t *ascf,
    ngx_app_api_route_t *route)
{
    ngx_app_router_t      *router;
    ngx_app_api_route_t   *other, **p;

    if (ascf->router == NULL) {
        ascf->router = ngx_app_router_create(cf->pool);

        if (ascf->router == NULL) {
            return NGX_ERROR;
        }
    }

    router = ascf->router;

    route->match = ngx_app_router_add(router, &route->method, &route->path,
                                      route);
    if (route->match) {

        p = ngx_array_push(&ascf->routes);
        if (p == NULL) {
            return NGX_ERROR;
        }

        *p = route;

        return NGX_OK;
    }

    if (router->err.len == 0) {
        return NGX_ERROR;
    }

    if (router->conflict) {
        other = router->conflict->data;
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "%V, the other route is \"%V %V\" in %s:%ui",
                           &router->err, &other->method, &other->path,
                           other->file, other->line);

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%V", &router->err);
    }

    return NGX_ERROR;
}


/* what can be told only when all names of the route are known */

static char *
ngx_app_api_route_finish(ngx_conf_t *cf, ngx_app_api_route_t *route)
{
    char  *rv;

    rv = ngx_app_api_route_end(cf, route);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (ngx_app_api_inputs_finish(cf, route) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (ngx_app_api_route_sql(cf, route->program) != NGX_OK
        || ngx_app_api_fetch_check(cf, route->program) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (route->program->rescue
        && ngx_app_api_fetch_check(cf, route->program->rescue) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (route->program->rescue
        && ngx_app_api_route_sql(cf, route->program->rescue) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return (ngx_app_api_idempotent_finish(cf, route) == NGX_OK)
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


ngx_int_t
ngx_app_api_route_sql(ngx_conf_t *cf, ngx_app_program_t *program)
{
    ngx_uint_t          i, n;
    ngx_app_step_t     *step;
    ngx_app_symbol_t   *sym;
    ngx_app_api_sql_t  *sql;

    step = program->steps.elts;
    n = program->steps.nelts;

    for (i = 0; i < n; i++) {

        if (step[i].handler != ngx_app_api_sql_run) {
            continue;
        }

        sql = step[i].conf;

        if (sql->symbol == NULL) {
            continue;
        }

        sym = (sql->kind == NGX_APP_API_ONE) ? sql->symbol : sql->item;

        if (sym) {
            sql->columns = ngx_pcalloc(cf->pool, (sym->members.nelts + 1)
                                                 * sizeof(ngx_int_t));
            if (sql->columns == NULL) {
                return NGX_ERROR;
            }

        } else if (sql->kind == NGX_APP_API_MANY
                   && i + 2 == n && step[i + 1].when == NULL
                   && step[i + 1].handler == ngx_app_api_respond_run)
        {
            ngx_app_api_route_stream(sql, &step[i + 1]);
        }
    }

    return NGX_OK;
}


/* a route always answers, and has nothing behind the answer */

static char *
ngx_app_api_route_end(ngx_conf_t *cf, ngx_app_api_route_t *route)
{
    ngx_uint_t          n;
    ngx_app_step_t     *step;
    ngx_app_program_t  *program;

    program = route->program;

    if (ngx_app_api_route_reached(cf, program) != NGX_OK
        || (program->rescue
            && ngx_app_api_route_reached(cf, program->rescue) != NGX_OK))
    {
        return NGX_CONF_ERROR;
    }

    step = program->steps.elts;
    n = program->steps.nelts;

    if (n && step[n - 1].responds && step[n - 1].when == NULL) {
        return NGX_CONF_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "route \"%V %V\" must end in a \"respond\" without "
                       "\"when=\"", &route->method, &route->path);

    return NGX_CONF_ERROR;
}


static ngx_int_t
ngx_app_api_route_reached(ngx_conf_t *cf, ngx_app_program_t *program)
{
    ngx_uint_t       i;
    ngx_app_step_t  *step;

    step = program->steps.elts;

    for (i = 0; i + 1 < program->steps.nelts; i++) {
        if (step[i].responds && step[i].when == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"%V\" is never reached, the \"respond\" before it "
                          "has no \"when=\" in %V:%ui", &step[i + 1].name,
                          &step[i + 1].file, step[i + 1].line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * Rows may go to the client while they are read when the answer is nothing
 * but them and what is known before.
 */

static void
ngx_app_api_route_stream(ngx_app_api_sql_t *sql, ngx_app_step_t *next)
{
    ngx_int_t               part;
    ngx_str_t               count = ngx_string("count");
    ngx_app_member_t       *m;
    ngx_app_api_respond_t  *res;

    res = next->conf;

    if (res->body == NULL
        || res->location
        || res->body->mode != NGX_APP_TEMPLATE_JSON)
    {
        return;
    }

    m = ngx_app_scope_find_member(sql->symbol, &count);

    if (m && m->used) {
        return;
    }

    part = ngx_app_template_slot(res->body, sql->symbol->slot);

    if (part == NGX_DECLINED) {
        return;
    }

    res->stream = part;
    sql->respond = res;
}


/* app_query NAME "SQL"|file=PATH; */

char *
ngx_app_api_query(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_api_srv_conf_t *ascf = conf;

    ngx_str_t             file, *word;
    ngx_uint_t            i;
    ngx_app_api_query_t  *q;

    word = cf->args->elts;
    q = ascf->queries.elts;

    for (i = 0; i < ascf->queries.nelts; i++) {
        if (q[i].name.len == word[1].len
            && ngx_strncmp(q[i].name.data, word[1].data, word[1].len) == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate app_query \"%V\"", &word[1]);
            return NGX_CONF_ERROR;
        }
    }

    q = ngx_array_push(&ascf->queries);
    if (q == NULL) {
        return NGX_CONF_ERROR;
    }

    q->name = word[1];
    q->text = word[2];

    if (ngx_strncmp(word[2].data, "file=", 5) == 0) {
        file.data = word[2].data + 5;
        file.len = word[2].len - 5;

        if (ngx_app_api_query_file(cf, &file, &q->text) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (q->name.len == 0 || strspn((char *) q->text.data, " \t\r\n")
                            == q->text.len)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"app_query\" needs a name and a statement, as in "
                           "app_query NAME \"SELECT ...\"");
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_app_api_query_file(ngx_conf_t *cf, ngx_str_t *name, ngx_str_t *text)
{
    ssize_t   n;
    ngx_fd_t  fd;

    if (ngx_conf_full_name(cf->cycle, name, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    fd = ngx_open_file(name->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "cannot open the file \"%V\" of \"app_query\"",
                           name);
        return NGX_ERROR;
    }

    text->data = ngx_pnalloc(cf->pool, NGX_APP_API_QUERY_MAX + 1);

    if (text->data == NULL) {
        (void) ngx_close_file(fd);
        return NGX_ERROR;
    }

    n = read(fd, text->data, NGX_APP_API_QUERY_MAX + 1);

    (void) ngx_close_file(fd);

    if (n <= 0 || n > NGX_APP_API_QUERY_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the file \"%V\" of \"app_query\" is empty, "
                           "unreadable or longer than %d bytes",
                           name, NGX_APP_API_QUERY_MAX);
        return NGX_ERROR;
    }

    text->data[n] = '\0';
    text->len = n;

    return NGX_OK;
}
