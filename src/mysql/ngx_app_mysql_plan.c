
/*
 * Copyright (C) the project authors
 */

/*
 * The plan of a statement: its columns, and the JSON text between their
 * values, made once when it is prepared.  Dots in an alias build objects; a
 * "?" after an object's name makes the object null when that column is null.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_hash.h>
#include <mysql/ngx_app_mysql_conn.h>
#include <mysql/ngx_app_mysql_row.h>


#define NGX_APP_MYSQL_PLAN_DEPTH  8


typedef struct ngx_app_mysql_node_s  ngx_app_mysql_node_t;

struct ngx_app_mysql_node_s {
    ngx_str_t              name;
    ngx_app_mysql_node_t  *next;
    ngx_app_mysql_node_t  *children;
    ngx_int_t              column;     /* of a value; -1 of an object */
    ngx_int_t              test;       /* null object when it is; or -1 */
};


typedef struct {
    ngx_pool_t            *pool;
    ngx_array_t            text;       /* of the entry to come */
    ngx_array_t            encodes;
} ngx_app_mysql_planner_t;


static ngx_uint_t ngx_app_mysql_plan_serial(ngx_app_mysql_stmt_t *st);
static ngx_int_t ngx_app_mysql_plan_columns(ngx_app_mysql_conn_t *c,
    ngx_app_mysql_stmt_t *st, MYSQL_FIELD *fields, ngx_pool_t *pool);
static ngx_app_mysql_kind_e ngx_app_mysql_plan_kind(MYSQL_FIELD *field,
    ngx_uint_t json);
static ngx_uint_t ngx_app_mysql_plan_is_json(MYSQL_FIELD *field);
static ngx_int_t ngx_app_mysql_plan_insert(ngx_app_mysql_planner_t *pl,
    ngx_app_mysql_node_t *root, ngx_app_mysql_column_t *col, ngx_uint_t i);
static ngx_app_mysql_node_t *ngx_app_mysql_plan_node(
    ngx_app_mysql_planner_t *pl, ngx_app_mysql_node_t *parent, u_char *name,
    size_t len);
static ngx_int_t ngx_app_mysql_plan_object(ngx_app_mysql_planner_t *pl,
    ngx_app_mysql_stmt_t *st, ngx_app_mysql_node_t *object);
static ngx_int_t ngx_app_mysql_plan_text(ngx_app_mysql_planner_t *pl,
    char *text, size_t len);
static ngx_int_t ngx_app_mysql_plan_key(ngx_app_mysql_planner_t *pl,
    ngx_str_t *name);
static ngx_app_mysql_encode_t *ngx_app_mysql_plan_entry(
    ngx_app_mysql_planner_t *pl, ngx_app_mysql_encode_e op);


ngx_int_t
ngx_app_mysql_plan(ngx_app_mysql_conn_t *c, ngx_app_mysql_stmt_t *st)
{
    MYSQL_FIELD              *fields;
    ngx_pool_t               *pool;
    ngx_uint_t                i;
    ngx_app_mysql_node_t      root;
    ngx_app_mysql_planner_t   pl;

    st->ncolumns = mysql_stmt_field_count(st->stmt);

    if (st->ncolumns == 0) {
        return NGX_OK;
    }

    pool = ngx_create_pool(2048, c->pool->log);
    if (pool == NULL) {
        return NGX_ERROR;
    }

    /* after a change of the table, execute brings names that prepare had not */

    fields = st->stmt->fields;

    if (st->stmt->state >= MYSQL_STMT_EXECUTED && c->mysql->fields
        && c->mysql->field_count == st->ncolumns)
    {
        fields = c->mysql->fields;
    }

    if (ngx_app_mysql_plan_columns(c, st, fields, pool) != NGX_OK) {
        goto failed;
    }

    pl.pool = pool;

    if (ngx_array_init(&pl.text, pool, 256, 1) != NGX_OK
        || ngx_array_init(&pl.encodes, pool, st->ncolumns + 4,
                          sizeof(ngx_app_mysql_encode_t))
           != NGX_OK)
    {
        goto failed;
    }

    ngx_memzero(&root, sizeof(ngx_app_mysql_node_t));
    root.column = -1;
    root.test = -1;

    for (i = 0; i < st->ncolumns; i++) {
        if (ngx_app_mysql_plan_insert(&pl, &root, &st->columns[i], i)
            != NGX_OK)
        {
            goto failed;
        }
    }

    if (ngx_app_mysql_plan_object(&pl, st, &root) != NGX_OK
        || ngx_app_mysql_plan_entry(&pl, NGX_APP_MYSQL_TEXT) == NULL)
    {
        goto failed;
    }

    st->encodes = pl.encodes.elts;
    st->nencodes = pl.encodes.nelts;

    if (st->plan_pool) {
        ngx_destroy_pool(st->plan_pool);
    }

    st->plan_pool = pool;
    st->serial = ngx_app_mysql_plan_serial(st);

    return NGX_OK;

failed:

    ngx_destroy_pool(pool);

    return NGX_ERROR;
}


/* statements with the same columns have the same, on all connections */

static ngx_uint_t
ngx_app_mysql_plan_serial(ngx_app_mysql_stmt_t *st)
{
    uint64_t    h;
    ngx_uint_t  i;

    h = st->ncolumns;

    for (i = 0; i < st->ncolumns; i++) {
        h = ngx_app_hash64(st->columns[i].name.data, st->columns[i].name.len,
                           h);
    }

    return (ngx_uint_t) h | 1;
}


/*
 * The server tells the columns with each execution, unless it knows that the
 * client has them: a plan that does not fit any more is made anew.
 */

ngx_int_t
ngx_app_mysql_plan_check(ngx_app_mysql_conn_t *c, ngx_app_mysql_stmt_t *st)
{
    ngx_uint_t               i;
    MYSQL_FIELD             *f;
    ngx_app_mysql_column_t  *col;

    if (c->mysql->fields == st->stmt->fields
        || c->mysql->fields == NULL
        || c->mysql->field_count != st->ncolumns)
    {
        return (st->ncolumns == mysql_stmt_field_count(st->stmt))
               ? NGX_OK : ngx_app_mysql_plan(c, st);
    }

    f = c->mysql->fields;
    col = st->columns;

    for (i = 0; i < st->ncolumns; i++) {

        if (f[i].type != col[i].type
            || f[i].flags != col[i].flags
            || f[i].charsetnr != col[i].charset
            || f[i].decimals != col[i].decimals
            || f[i].length != col[i].length
            || f[i].name_length != col[i].alias.len
            || ngx_memcmp(f[i].name, col[i].alias.data, col[i].alias.len)
               != 0)
        {
            return ngx_app_mysql_plan(c, st);
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_mysql_plan_columns(ngx_app_mysql_conn_t *c, ngx_app_mysql_stmt_t *st,
    MYSQL_FIELD *fields, ngx_pool_t *pool)
{
    size_t                   n;
    u_char                  *p;
    ngx_uint_t               i;
    MYSQL_FIELD             *f;
    ngx_app_mysql_column_t  *col;

    col = ngx_pcalloc(pool, st->ncolumns * sizeof(ngx_app_mysql_column_t));
    if (col == NULL) {
        return NGX_ERROR;
    }

    st->columns = col;

    for (i = 0; i < st->ncolumns; i++, col++) {
        f = &fields[i];

        col->type = f->type;
        col->flags = f->flags;
        col->charset = f->charsetnr;
        col->length = f->length;
        col->decimals = f->decimals;
        col->is_unsigned = (f->flags & UNSIGNED_FLAG) ? 1 : 0;
        col->zerofill = (f->flags & ZEROFILL_FLAG) ? 1 : 0;
        col->kind = ngx_app_mysql_plan_kind(f, ngx_app_mysql_plan_is_json(f));

        col->alias.len = f->name_length;
        col->alias.data = ngx_pnalloc(pool, 2 * f->name_length + 1);
        if (col->alias.data == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(col->alias.data, f->name, f->name_length);

        /* the name by which routes know it: "owner?.id" is owner.id */

        p = col->alias.data + f->name_length;
        col->name.data = p;

        for (n = 0; n < f->name_length; n++) {
            if (f->name[n] == '?' && n + 1 < f->name_length
                && f->name[n + 1] == '.')
            {
                continue;
            }

            *p++ = f->name[n];
        }

        col->name.len = p - col->name.data;
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_app_mysql_plan_is_json(MYSQL_FIELD *field)
{
    MARIADB_CONST_STRING  attr;

    if (field->type == MYSQL_TYPE_JSON) {
        return 1;
    }

    if (mariadb_field_attr(&attr, field, MARIADB_FIELD_ATTR_FORMAT_NAME) != 0) {
        return 0;
    }

    return attr.length == 4 && ngx_memcmp(attr.str, "json", 4) == 0;
}


static ngx_app_mysql_kind_e
ngx_app_mysql_plan_kind(MYSQL_FIELD *field, ngx_uint_t json)
{
    switch (field->type) {

    case MYSQL_TYPE_TINY:
        return (field->length == 1) ? NGX_APP_MYSQL_BOOL : NGX_APP_MYSQL_INT8;

    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
        return NGX_APP_MYSQL_INT16;

    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
        return NGX_APP_MYSQL_INT32;

    case MYSQL_TYPE_LONGLONG:
        return NGX_APP_MYSQL_INT64;

    case MYSQL_TYPE_FLOAT:
        return NGX_APP_MYSQL_FLOAT;

    case MYSQL_TYPE_DOUBLE:
        return NGX_APP_MYSQL_DOUBLE;

    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
        return NGX_APP_MYSQL_DECIMAL;

    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
        return NGX_APP_MYSQL_DATE;

    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
        return NGX_APP_MYSQL_DATETIME;

    case MYSQL_TYPE_TIME:
        return NGX_APP_MYSQL_TIME;

    case MYSQL_TYPE_BIT:
        return (field->length == 1) ? NGX_APP_MYSQL_BIT1 : NGX_APP_MYSQL_BITS;

    case MYSQL_TYPE_NULL:
        return NGX_APP_MYSQL_NULL;

    case MYSQL_TYPE_GEOMETRY:
        return NGX_APP_MYSQL_BINARY;

    default:
        if (json) {
            return NGX_APP_MYSQL_JSON;
        }

        /* character set 63 is "binary": bytes, not text */

        return (field->charsetnr == 63) ? NGX_APP_MYSQL_BINARY
                                        : NGX_APP_MYSQL_STRING;
    }
}


/* puts a column into the tree of objects that its alias names */

static ngx_int_t
ngx_app_mysql_plan_insert(ngx_app_mysql_planner_t *pl,
    ngx_app_mysql_node_t *root, ngx_app_mysql_column_t *col, ngx_uint_t i)
{
    u_char                *p, *dot, *last;
    size_t                 len;
    ngx_uint_t             depth, test;
    ngx_app_mysql_node_t  *node, *child;

    node = root;
    p = col->alias.data;
    last = p + col->alias.len;

    for (depth = 1; depth < NGX_APP_MYSQL_PLAN_DEPTH; depth++) {

        dot = ngx_strlchr(p, last, '.');

        if (dot == NULL || dot == p || dot + 1 == last) {
            break;
        }

        len = dot - p;
        test = (len > 1 && p[len - 1] == '?');
        len -= test;

        child = ngx_app_mysql_plan_node(pl, node, p, len);
        if (child == NULL) {
            return NGX_ERROR;
        }

        if (child->column != -1) {
            /* a value of that name is there already: no object can be */
            break;
        }

        if (test) {
            child->test = i;
        }

        node = child;
        p = dot + 1;
    }

    child = ngx_app_mysql_plan_node(pl, node, p, last - p);
    if (child == NULL) {
        return NGX_ERROR;
    }

    /* of columns with the same name the last one counts */

    if (child->children == NULL) {
        child->column = i;
    }

    return NGX_OK;
}


static ngx_app_mysql_node_t *
ngx_app_mysql_plan_node(ngx_app_mysql_planner_t *pl,
    ngx_app_mysql_node_t *parent, u_char *name, size_t len)
{
    ngx_app_mysql_node_t  **next, *node;

    for (next = &parent->children; *next; next = &(*next)->next) {

        node = *next;

        if (node->name.len == len
            && ngx_memcmp(node->name.data, name, len) == 0)
        {
            return node;
        }
    }

    node = ngx_pcalloc(pl->pool, sizeof(ngx_app_mysql_node_t));
    if (node == NULL) {
        return NULL;
    }

    node->name.len = len;
    node->name.data = name;
    node->column = -1;
    node->test = -1;

    *next = node;

    return node;
}


/* aliases bound the depth of this recursion: NGX_APP_MYSQL_PLAN_DEPTH */

static ngx_int_t
ngx_app_mysql_plan_object(ngx_app_mysql_planner_t *pl,
    ngx_app_mysql_stmt_t *st, ngx_app_mysql_node_t *object)
{
    ngx_uint_t               at;
    ngx_app_mysql_node_t    *node;
    ngx_app_mysql_encode_t  *e;
    ngx_app_mysql_column_t  *col;

    if (ngx_app_mysql_plan_text(pl, "{", 1) != NGX_OK) {
        return NGX_ERROR;
    }

    for (node = object->children; node; node = node->next) {

        if (node != object->children
            && ngx_app_mysql_plan_text(pl, ",", 1) != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (ngx_app_mysql_plan_key(pl, &node->name) != NGX_OK) {
            return NGX_ERROR;
        }

        if (node->column != -1) {
            e = ngx_app_mysql_plan_entry(pl, NGX_APP_MYSQL_VALUE);
            if (e == NULL) {
                return NGX_ERROR;
            }

            col = &st->columns[node->column];
            e->column = node->column;
            e->kind = col->kind;
            e->decimals = col->decimals;
            e->is_unsigned = col->is_unsigned;
            e->zerofill = col->zerofill;
            continue;
        }

        if (node->test == -1) {
            if (ngx_app_mysql_plan_object(pl, st, node) != NGX_OK) {
                return NGX_ERROR;
            }

            continue;
        }

        e = ngx_app_mysql_plan_entry(pl, NGX_APP_MYSQL_OBJECT);
        if (e == NULL) {
            return NGX_ERROR;
        }

        e->column = node->test;
        at = pl->encodes.nelts;

        if (ngx_app_mysql_plan_object(pl, st, node) != NGX_OK
            || ngx_app_mysql_plan_entry(pl, NGX_APP_MYSQL_TEXT) == NULL)
        {
            return NGX_ERROR;
        }

        /* the array may have moved */
        e = (ngx_app_mysql_encode_t *) pl->encodes.elts + at - 1;
        e->skip = pl->encodes.nelts - at;
    }

    return ngx_app_mysql_plan_text(pl, "}", 1);
}


static ngx_int_t
ngx_app_mysql_plan_text(ngx_app_mysql_planner_t *pl, char *text, size_t len)
{
    u_char  *p;

    p = ngx_array_push_n(&pl->text, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, text, len);

    return NGX_OK;
}


static ngx_int_t
ngx_app_mysql_plan_key(ngx_app_mysql_planner_t *pl, ngx_str_t *name)
{
    u_char  *p, *last;

    p = ngx_pnalloc(pl->pool, ngx_app_json_string_len(name->len) + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    last = ngx_app_json_fmt_string(p, name->data, name->len);
    *last++ = ':';

    return ngx_app_mysql_plan_text(pl, (char *) p, last - p);
}


/* an entry that begins with the text so far */

static ngx_app_mysql_encode_t *
ngx_app_mysql_plan_entry(ngx_app_mysql_planner_t *pl,
    ngx_app_mysql_encode_e op)
{
    ngx_app_mysql_encode_t  *e;

    e = ngx_array_push(&pl->encodes);
    if (e == NULL) {
        return NULL;
    }

    ngx_memzero(e, sizeof(ngx_app_mysql_encode_t));

    e->op = op;
    e->prefix.len = pl->text.nelts;
    e->prefix.data = pl->text.elts;

    if (ngx_array_init(&pl->text, pl->pool, 64, 1) != NGX_OK) {
        return NULL;
    }

    return e;
}
