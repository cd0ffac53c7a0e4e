
/*
 * Copyright (C) the project authors
 */

/*
 * idempotent ttl=TIME [required] [by=EXPRESSION] [max_size=SIZE] [table=NAME]
 *     [db=NAME];
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>
#include <api/ngx_app_api_idempotent.h>


#define NGX_APP_API_KEY_TTL_MAX    (366 * 86400)
#define NGX_APP_API_KEY_SIZE       (64 * 1024)

/* what servers take in one packet, with room for the rest */
#define NGX_APP_API_KEY_SIZE_MAX   (4 * 1024 * 1024)

#define NGX_APP_API_KEY_TABLE_MAX  128
#define NGX_APP_API_KEY_SQL_MAX    512


static ngx_int_t ngx_app_api_idempotent_place(ngx_conf_t *cf,
    ngx_app_api_route_t *route);
static char *ngx_app_api_idempotent_words(ngx_conf_t *cf,
    ngx_app_api_idempotent_t *idem);
static char *ngx_app_api_idempotent_limits(ngx_conf_t *cf,
    ngx_app_api_idempotent_t *idem);
static char *ngx_app_api_idempotent_by(ngx_conf_t *cf,
    ngx_app_api_idempotent_t *idem);
static char *ngx_app_api_idempotent_by_auth(ngx_conf_t *cf,
    ngx_app_api_auth_use_t *use, ngx_str_t *text);
static char *ngx_app_api_idempotent_db(ngx_conf_t *cf,
    ngx_app_api_idempotent_t *idem);
static char *ngx_app_api_idempotent_table(ngx_conf_t *cf,
    ngx_app_api_idempotent_t *idem);
static ngx_int_t ngx_app_api_idempotent_name(ngx_conf_t *cf,
    ngx_str_t *value, ngx_str_t *name);
static ngx_app_api_key_table_t *ngx_app_api_idempotent_find_table(
    ngx_app_api_main_conf_t *amcf, ngx_str_t *name);
static ngx_int_t ngx_app_api_idempotent_queries(ngx_conf_t *cf,
    ngx_app_api_key_table_t *table);


/* by ngx_app_api_key_query_e; %V is the table */

static const char  *ngx_app_api_key_sql[] = {

    "SELECT fingerprint = UNHEX(:fingerprint) AS same,"
    " expiresAt <= NOW(3) AS expired,"
    " createdAt > NOW(3) - INTERVAL 10 SECOND AS young,"
    " status, type, location, body FROM %V WHERE id = UNHEX(:id)",

    "INSERT INTO %V (id, fingerprint, createdAt, expiresAt)"
    " VALUES (UNHEX(:id), UNHEX(:fingerprint), :made,"
    " NOW(3) + INTERVAL :ttl SECOND)",

    "UPDATE %V SET status = :status, type = :type, location = :location,"
    " body = :body WHERE id = UNHEX(:id) AND createdAt = :made",

    "DELETE FROM %V WHERE id = UNHEX(:id) AND expiresAt <= NOW(3)",

    "SELECT COUNT(*) AS n FROM (SELECT 1 FROM %V WHERE expiresAt <= NOW(3)"
    " LIMIT 100) AS o",

    "DELETE FROM %V WHERE expiresAt <= NOW(3) ORDER BY expiresAt LIMIT :over"
};


/* by ngx_app_api_key_slot_e */

static ngx_str_t  ngx_app_api_key_slots[] = {
    ngx_string("id"),
    ngx_string("fingerprint"),
    ngx_string("made"),
    ngx_string("ttl"),
    ngx_string("status"),
    ngx_string("type"),
    ngx_string("location"),
    ngx_string("body"),
    ngx_string("over")
};


char *
ngx_app_api_step_idempotent(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                      *rv;
    ngx_app_step_t            *step;
    ngx_app_api_route_t       *route;
    ngx_app_api_idempotent_t  *idem;

    route = ngx_app_api_compiling(cf);

    if (route->idempotent) {
        return "is duplicate";
    }

    if (ngx_app_api_idempotent_place(cf, route) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    step = ngx_app_step_add(cf, ngx_app_api_idempotent_run,
                            sizeof(ngx_app_api_idempotent_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    if (step->when) {
        return "takes no \"when=\"";
    }

    idem = step->conf;
    step->sql = 1;

    idem->name = step->name;
    idem->file = step->file.data;
    idem->line = step->line;
    route->idempotent = idem;

    rv = ngx_app_api_idempotent_limits(cf, idem);

    if (rv == NGX_CONF_OK) {
        rv = ngx_app_api_idempotent_by(cf, idem);
    }

    if (rv == NGX_CONF_OK) {
        rv = ngx_app_api_idempotent_db(cf, idem);
    }

    if (rv == NGX_CONF_OK) {
        rv = ngx_app_api_idempotent_table(cf, idem);
    }

    return (rv == NGX_CONF_OK) ? ngx_app_api_idempotent_words(cf, idem) : rv;
}


/* a known answer is given before anything that the first request changed */

static ngx_int_t
ngx_app_api_idempotent_place(ngx_conf_t *cf, ngx_app_api_route_t *route)
{
    ngx_uint_t          i;
    ngx_app_step_t     *step;
    ngx_app_program_t  *program;

    if (ngx_strcmp(route->method.data, "GET") == 0
        || ngx_strcmp(route->method.data, "HEAD") == 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"idempotent\" is for routes that write, and a "
                           "%V request may come twice as it is",
                           &route->method);
        return NGX_ERROR;
    }

    program = ngx_app_compile(cf)->program;
    step = program->steps.elts;

    for (i = 0; i < program->steps.nelts; i++) {

        if (ngx_app_api_idempotent_is(&step[i], "let")
            || ngx_app_api_idempotent_is(&step[i], "check")
            || ngx_app_api_idempotent_is(&step[i], "validate"))
        {
            continue;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"idempotent\" must stand above \"%V\": only "
                           "\"let\", \"check\" and \"validate\" may come "
                           "before it", &step[i].name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static char *
ngx_app_api_idempotent_words(ngx_conf_t *cf, ngx_app_api_idempotent_t *idem)
{
    ngx_str_t   *word;
    ngx_uint_t   i;

    word = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strcmp(word[i].data, "required") == 0 && !idem->required) {
            idem->required = 1;
            continue;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unexpected \"%V\" in \"idempotent\", use ttl=, "
                           "required, by=, max_size=, table= and db=",
                           &word[i]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_app_api_idempotent_limits(ngx_conf_t *cf, ngx_app_api_idempotent_t *idem)
{
    ssize_t    size;
    ngx_int_t  rc;
    ngx_str_t  value;

    rc = ngx_app_step_option(cf, 1, "ttl", &value);

    if (rc == NGX_DECLINED) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"idempotent\" needs the time for which a key is "
                           "known, as in ttl=24h");
    }

    if (rc != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    idem->ttl = ngx_parse_time(&value, 1);

    if (idem->ttl < 1 || idem->ttl > NGX_APP_API_KEY_TTL_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"ttl=%V\" in \"idempotent\", use 1s to "
                           "366d", &value);
        return NGX_CONF_ERROR;
    }

    idem->max_size = NGX_APP_API_KEY_SIZE;

    rc = ngx_app_step_option(cf, 1, "max_size", &value);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED) {
        return NGX_CONF_OK;
    }

    size = ngx_parse_size(&value);

    if (size < 1 || size > NGX_APP_API_KEY_SIZE_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"max_size=%V\" in \"idempotent\", use 1 "
                           "to 4m", &value);
        return NGX_CONF_ERROR;
    }

    idem->max_size = size;

    return NGX_CONF_OK;
}


/* whose key it is: said, or told by "auth", or there is no way to tell */

static char *
ngx_app_api_idempotent_by(ngx_conf_t *cf, ngx_app_api_idempotent_t *idem)
{
    char                    *rv;
    ngx_int_t                rc;
    ngx_str_t                text;
    ngx_app_compile_t       *cc;
    ngx_app_api_auth_use_t  *use;

    cc = ngx_app_compile(cf);

    rc = ngx_app_step_option(cf, 1, "by", &text);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED) {

        use = ngx_app_api_auth_of(cc->owner);

        if (use == NULL) {
            return NGX_CONF_OK;
        }

        rv = ngx_app_api_idempotent_by_auth(cf, use, &text);

        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    idem->by = ngx_app_expr_compile(&cc->lang, &text);

    return idem->by ? NGX_CONF_OK : ngx_app_step_error(cf, &text);
}


static char *
ngx_app_api_idempotent_by_auth(ngx_conf_t *cf, ngx_app_api_auth_use_t *use,
    ngx_str_t *text)
{
    ngx_uint_t               i;
    ngx_app_api_auth_let_t  *let;

    ngx_str_null(text);
    let = use->auth->lets.elts;

    for (i = 0; i < use->auth->lets.nelts; i++) {

        if (let[i].name.len == 3
            && ngx_strncmp(let[i].name.data, "sub", 3) == 0)
        {
            ngx_str_set(text, "auth.sub");
            return NGX_CONF_OK;
        }

        if (let[i].name.len == 2
            && ngx_strncmp(let[i].name.data, "id", 2) == 0)
        {
            ngx_str_set(text, "auth.id");
        }
    }

    if (text->len) {
        return NGX_CONF_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "\"idempotent\" cannot tell who is asking: app_auth "
                       "\"%V\" has neither \"sub\" nor \"id\", so say it with "
                       "by=EXPRESSION", &use->auth->name);

    return NGX_CONF_ERROR;
}


/* without "db=" it is that of the transaction, which comes below */

static char *
ngx_app_api_idempotent_db(ngx_conf_t *cf, ngx_app_api_idempotent_t *idem)
{
    ngx_int_t   rc;
    ngx_str_t   name;
    ngx_conf_t  http;

    rc = ngx_app_step_option(cf, 1, "db", &name);

    if (rc != NGX_OK) {
        return (rc == NGX_DECLINED) ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    http = *cf;
    http.ctx = ngx_app_compile(cf)->http_ctx;

    idem->db = ngx_app_mysql_conf_find(&http, ngx_app_mysql_main(&http),
                                       &name);

    return idem->db ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_app_api_idempotent_table(ngx_conf_t *cf, ngx_app_api_idempotent_t *idem)
{
    ngx_str_t                  value, name;
    ngx_http_conf_ctx_t       *ctx;
    ngx_app_api_key_table_t   *table, **p;
    ngx_app_api_main_conf_t   *amcf;

    ctx = ngx_app_compile(cf)->http_ctx;
    amcf = ctx->main_conf[ngx_app_api_module.ctx_index];

    ngx_str_set(&value, "IdempotencyKey");

    if (ngx_app_step_option(cf, 1, "table", &value) == NGX_ERROR
        || ngx_app_api_idempotent_name(cf, &value, &name) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (amcf->key_tables == NULL) {
        amcf->key_tables = ngx_array_create(cf->pool, 1,
                                            sizeof(ngx_app_api_key_table_t *));
        if (amcf->key_tables == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    idem->table = ngx_app_api_idempotent_find_table(amcf, &name);

    if (idem->table) {
        return NGX_CONF_OK;
    }

    table = ngx_pcalloc(cf->pool, sizeof(ngx_app_api_key_table_t));
    if (table == NULL) {
        return NGX_CONF_ERROR;
    }

    table->name = name;

    if (ngx_app_api_idempotent_queries(cf, table) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    p = ngx_array_push(amcf->key_tables);
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    *p = table;
    idem->table = table;

    return NGX_CONF_OK;
}


/* "keys" or "shop.keys", for a statement */

static ngx_int_t
ngx_app_api_idempotent_name(ngx_conf_t *cf, ngx_str_t *value,
    ngx_str_t *name)
{
    u_char      *p, ch;
    size_t       i;
    ngx_uint_t   dots, empty;

    if (value->len > NGX_APP_API_KEY_TABLE_MAX) {
        goto invalid;
    }

    name->data = ngx_pnalloc(cf->pool, value->len + 4);
    if (name->data == NULL) {
        return NGX_ERROR;
    }

    p = name->data;
    dots = 0;
    empty = 1;
    *p++ = '`';

    for (i = 0; i < value->len; i++) {
        ch = value->data[i];

        if (ch == '.' && !empty && dots == 0) {
            p = ngx_cpymem(p, "`.`", 3);
            dots = 1;
            empty = 1;
            continue;
        }

        if ((ch < '0' || ch > '9') && (ch < 'a' || ch > 'z')
            && (ch < 'A' || ch > 'Z') && ch != '_' && ch != '$')
        {
            goto invalid;
        }

        *p++ = ch;
        empty = 0;
    }

    *p++ = '`';
    name->len = p - name->data;

    if (!empty) {
        return NGX_OK;
    }

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid \"table=%V\" in \"idempotent\", use a name of "
                       "letters, digits, \"_\" and \"$\"", value);

    return NGX_ERROR;
}


static ngx_app_api_key_table_t *
ngx_app_api_idempotent_find_table(ngx_app_api_main_conf_t *amcf,
    ngx_str_t *name)
{
    ngx_uint_t                 i;
    ngx_app_api_key_table_t  **p;

    p = amcf->key_tables->elts;

    for (i = 0; i < amcf->key_tables->nelts; i++) {
        if (p[i]->name.len == name->len
            && ngx_strncmp(p[i]->name.data, name->data, name->len) == 0)
        {
            return p[i];
        }
    }

    return NULL;
}


/* their values are in a scope of their own, which begins with slot 0 */

static ngx_int_t
ngx_app_api_idempotent_queries(ngx_conf_t *cf,
    ngx_app_api_key_table_t *table)
{
    ngx_str_t        *text;
    ngx_uint_t        i;
    ngx_app_lang_t    lang;
    ngx_app_scope_t  *scope;

    scope = ngx_app_scope_create(cf->pool);
    if (scope == NULL) {
        return NGX_ERROR;
    }

    ngx_app_lang_init(&lang, cf->pool, scope);

    for (i = 0; i < NGX_APP_API_KEY_SLOTS; i++) {
        if (ngx_app_scope_define(&lang, &ngx_app_api_key_slots[i],
                                 NGX_APP_SYMBOL_SCALAR, 0)
            == NULL)
        {
            return NGX_ERROR;
        }
    }

    for (i = 0; i < NGX_APP_API_KEY_QUERIES; i++) {
        text = &table->texts[i];

        text->data = ngx_pnalloc(cf->pool, NGX_APP_API_KEY_SQL_MAX);
        if (text->data == NULL) {
            return NGX_ERROR;
        }

        text->len = ngx_snprintf(text->data, NGX_APP_API_KEY_SQL_MAX,
                                 ngx_app_api_key_sql[i], &table->name)
                    - text->data;

        table->queries[i] = ngx_app_mysql_query_compile(&lang, text);

        if (table->queries[i] == NULL) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
