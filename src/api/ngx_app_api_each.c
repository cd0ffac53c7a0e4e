
/*
 * Copyright (C) the project authors
 */

/*
 * each ITEM in LIST { }: the steps of the block once for each row of a "many",
 * or for each entry of a JSON array.  A program is flat: one step before the
 * block takes the first item, one behind it takes the next and goes back.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api.h>
#include <json/ngx_app_json_read.h>


#define NGX_APP_API_EACH_DEPTH  32       /* of an entry */


typedef struct {
    ngx_app_expr_t    *when;
    ngx_app_symbol_t  *item;
    ngx_uint_t         list;             /* slot of what is walked */
    ngx_uint_t         items;            /* slot of the items, an array */
    ngx_uint_t         index;            /* slot of where it is */
    ngx_uint_t         start;            /* steps around the block */
    ngx_uint_t         end;
    unsigned           rows:1;           /* of a many, which keeps them */
} ngx_app_api_each_t;


static char *ngx_app_api_each_list(ngx_conf_t *cf, ngx_app_api_each_t *each,
    ngx_str_t *name);
static char *ngx_app_api_each_many(ngx_conf_t *cf,
    ngx_app_api_each_t *each);
static ngx_int_t ngx_app_api_each_start(ngx_app_run_t *run,
    ngx_app_step_t *step);
static ngx_int_t ngx_app_api_each_next(ngx_app_run_t *run,
    ngx_app_step_t *step);
static ngx_int_t ngx_app_api_each_parse(ngx_app_run_t *run,
    ngx_app_api_each_t *each);
static ngx_int_t ngx_app_api_each_entry(ngx_app_run_t *run,
    ngx_app_api_each_t *each, ngx_app_json_reader_t *jr,
    ngx_array_t *items);
static void ngx_app_api_each_load(ngx_app_run_t *run,
    ngx_app_api_each_t *each);


static ngx_str_t  ngx_app_api_each_no_list =
    ngx_string("Internal server error");
static ngx_str_t  ngx_app_api_each_too_many =
    ngx_string("the list has more entries than app_api_max_rows");


char *
ngx_app_api_step_each(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                *rv;
    void                *tx;
    ngx_str_t           *word;
    ngx_app_step_t      *step;
    ngx_app_compile_t   *cc;
    ngx_app_api_each_t  *each;

    cc = ngx_app_compile(cf);

    step = ngx_app_step_add(cf, ngx_app_api_each_start,
                            sizeof(ngx_app_api_each_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;
    each = step->conf;

    /* the whole block is left out, not only this step */

    each->when = step->when;
    step->when = NULL;

    if (cf->args->nelts != 4 || ngx_strcmp(word[2].data, "in") != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"each\", use each ITEM in LIST { ... }");
        return NGX_CONF_ERROR;
    }

    rv = ngx_app_api_each_list(cf, each, &word[3]);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (ngx_app_scope_lookup(cc->lang.scope, &word[1])) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" of \"each\" is the name of another value, "
                           "use a new one", &word[1]);
        return NGX_CONF_ERROR;
    }

    each->item = ngx_app_scope_define(&cc->lang, &word[1],
                                      NGX_APP_SYMBOL_OBJECT, 0);
    if (each->item == NULL) {
        return ngx_app_step_error(cf, &word[1]);
    }

    if (each->rows) {
        rv = ngx_app_api_each_many(cf, each);

        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    each->start = cc->program->steps.nelts - 1;
    each->index = cc->lang.scope->nslots++;

    tx = cc->tx;
    rv = ngx_app_compile_block(cc, cf, NGX_APP_EACH_CONF);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (cc->tx != tx) {
        return "leaves a transaction open, or ends one from outside";
    }

    each->end = cc->program->steps.nelts;

    return ngx_app_step_append(cf, ngx_app_api_each_next, each)
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_app_api_each_list(ngx_conf_t *cf, ngx_app_api_each_t *each,
    ngx_str_t *name)
{
    ngx_app_symbol_t   *sym;
    ngx_app_compile_t  *cc;

    cc = ngx_app_compile(cf);

    sym = ngx_app_scope_lookup(cc->lang.scope, name);

    if (sym && sym->kind == NGX_APP_SYMBOL_LIST) {
        each->rows = 1;
        each->list = sym->slot;
        return NGX_CONF_OK;
    }

    each->items = cc->lang.scope->nslots++;

    if (ngx_app_scope_resolve(&cc->lang, name, &each->list) != NGX_OK) {
        return ngx_app_step_error(cf, name);
    }

    return NGX_CONF_OK;
}


/* the statement that brings the list keeps what the block asks for */

static char *
ngx_app_api_each_many(ngx_conf_t *cf, ngx_app_api_each_t *each)
{
    ngx_uint_t          i;
    ngx_app_step_t     *step;
    ngx_app_api_sql_t  *sql;
    ngx_app_compile_t  *cc;

    cc = ngx_app_compile(cf);
    step = cc->program->steps.elts;
    each->items = NGX_APP_SCOPE_NONE;

    for (i = 0; i < cc->program->steps.nelts; i++) {

        if (step[i].handler != ngx_app_api_sql_run) {
            continue;
        }

        sql = step[i].conf;

        if (sql->kind != NGX_APP_API_MANY || sql->symbol == NULL
            || sql->symbol->slot != each->list)
        {
            continue;
        }

        if (sql->item) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is walked by another \"each\" already",
                               &sql->symbol->name);
            return NGX_CONF_ERROR;
        }

        if (each->items == NGX_APP_SCOPE_NONE) {
            each->items = cc->lang.scope->nslots++;
        }

        sql->item = each->item;
        sql->items = each->items;
    }

    if (each->items == NGX_APP_SCOPE_NONE) {
        return "needs a list that a \"many\" of the same block has brought";
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_app_api_each_start(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_int_t            rc;
    ngx_array_t         *items;
    ngx_app_value_t     *slots;
    ngx_app_api_each_t  *each;

    each = step->conf;
    slots = run->env.slots;

    if (each->when) {
        rc = ngx_app_expr_test(each->when, &run->env);

        if (rc == NGX_DECLINED) {
            run->pc = each->end;
            return NGX_OK;
        }

        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (!each->rows) {
        rc = ngx_app_api_each_parse(run, each);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    /* the slots of items and index are no values that a name could reach */

    items = (ngx_array_t *) slots[each->items].u.s.data;

    if (items == NULL || items->nelts == 0) {
        run->pc = each->end;
        return NGX_OK;
    }

    slots[each->index].u.i = 0;
    ngx_app_api_each_load(run, each);

    return NGX_OK;
}


static ngx_int_t
ngx_app_api_each_next(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_array_t         *items;
    ngx_app_value_t     *slots;
    ngx_app_api_each_t  *each;

    each = step->conf;
    slots = run->env.slots;
    items = (ngx_array_t *) slots[each->items].u.s.data;

    slots[each->index].u.i++;

    if ((ngx_uint_t) slots[each->index].u.i < items->nelts) {
        ngx_app_api_each_load(run, each);
        run->pc = each->start;
    }

    return NGX_OK;
}


/* an item is its members in their order, and the whole behind them */

static void
ngx_app_api_each_load(ngx_app_run_t *run, ngx_app_api_each_t *each)
{
    ngx_uint_t         i, n;
    ngx_array_t       *items;
    ngx_app_value_t   *slots, *item;
    ngx_app_member_t  *m;

    slots = run->env.slots;
    items = (ngx_array_t *) slots[each->items].u.s.data;

    n = each->item->members.nelts;
    m = each->item->members.elts;

    item = (ngx_app_value_t *) items->elts
           + (ngx_uint_t) slots[each->index].u.i * (n + 1);

    for (i = 0; i < n; i++) {
        slots[m[i].slot] = item[i];
    }

    slots[each->item->slot] = item[n];
}


ngx_array_t *
ngx_app_api_each_items(ngx_pool_t *pool, ngx_app_symbol_t *item)
{
    return ngx_array_create(pool, 8, (item->members.nelts + 1)
                                     * sizeof(ngx_app_value_t));
}


static ngx_int_t
ngx_app_api_each_parse(ngx_app_run_t *run, ngx_app_api_each_t *each)
{
    ngx_int_t               rc;
    ngx_str_t               text;
    ngx_array_t            *items;
    ngx_app_value_t        *list;
    ngx_app_json_reader_t   jr;

    list = &run->env.slots[each->list];
    run->env.slots[each->items].u.s.data = NULL;

    if (ngx_app_value_is_null(list)) {
        return NGX_OK;
    }

    if (ngx_app_value_text(list, run->env.pool, &text) == NGX_ERROR) {
        return NGX_ERROR;
    }

    items = ngx_app_api_each_items(run->env.pool, each->item);
    if (items == NULL) {
        return NGX_ERROR;
    }

    run->env.slots[each->items].u.s.data = (u_char *) items;

    ngx_app_json_read_init(&jr, text.data, text.len, NGX_APP_API_EACH_DEPTH,
                           NGX_APP_JSON_UTF8);

    rc = ngx_app_json_read(&jr);

    if (rc == NGX_OK && jr.token == NGX_APP_JSON_ARRAY) {

        while ((rc = ngx_app_json_read(&jr)) == NGX_OK) {

            if (jr.token == NGX_APP_JSON_ARRAY_END) {
                return NGX_OK;
            }

            rc = ngx_app_api_each_entry(run, each, &jr, items);

            if (rc != NGX_OK) {
                break;
            }
        }
    }

    if (rc == NGX_BUSY) {
        return ngx_app_run_fail(run, NGX_HTTP_INTERNAL_SERVER_ERROR,
                                &ngx_app_api_each_too_many);
    }

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    ngx_log_error(NGX_LOG_ERR, run->log, 0,
                  "app api: what \"each %V\" walks is no list",
                  &each->item->name);

    return ngx_app_run_fail(run, NGX_HTTP_INTERNAL_SERVER_ERROR,
                            &ngx_app_api_each_no_list);
}


static ngx_int_t
ngx_app_api_each_entry(ngx_app_run_t *run, ngx_app_api_each_t *each,
    ngx_app_json_reader_t *jr, ngx_array_t *items)
{
    ngx_str_t                raw;
    ngx_uint_t               i, n;
    ngx_app_value_t         *item;
    ngx_app_member_t        *m;
    ngx_app_api_loc_conf_t  *alcf;

    alcf = ngx_http_get_module_loc_conf(run->request, ngx_app_api_module);

    if (items->nelts == (ngx_uint_t) alcf->max_rows) {
        return NGX_BUSY;
    }

    item = ngx_array_push(items);
    if (item == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(item, items->size);

    if (ngx_app_json_skip(jr, &raw) != NGX_OK) {
        return NGX_DECLINED;
    }

    n = each->item->members.nelts;
    m = each->item->members.elts;

    for (i = 0; i < n; i++) {
        if (ngx_app_value_member(&raw, &m[i].name, run->env.pool, &item[i])
            == NGX_ERROR)
        {
            return NGX_ERROR;
        }
    }

    return ngx_app_value_parse_json(&raw, run->env.pool, &item[n]);
}
