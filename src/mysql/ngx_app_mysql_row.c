
/*
 * Copyright (C) the project authors
 */

/*
 * Rows of the binary protocol, read where the library received them: as JSON
 * by the plan of their statement, or as values.
 *
 * https://mariadb.com/kb/en/resultset-row/#binary-resultset-row
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_time.h>
#include <mysql/ngx_app_mysql_conn.h>
#include <mysql/ngx_app_mysql_row.h>


#define NGX_APP_MYSQL_CELL_LEN  64      /* of any value but text */

#define ngx_app_mysql_le16(p)                                                 \
    ((uint32_t) (p)[0] | (uint32_t) (p)[1] << 8)
#define ngx_app_mysql_le32(p)                                                 \
    (ngx_app_mysql_le16(p) | (uint32_t) (p)[2] << 16                          \
     | (uint32_t) (p)[3] << 24)
#define ngx_app_mysql_le64(p)                                                 \
    ((uint64_t) ngx_app_mysql_le32(p)                                         \
     | (uint64_t) ngx_app_mysql_le32((p) + 4) << 32)


static u_char *ngx_app_mysql_row_cell(ngx_app_mysql_stmt_t *st,
    ngx_uint_t column);
static size_t ngx_app_mysql_row_fixed_len(ngx_uint_t kind);
static void ngx_app_mysql_row_bytes(u_char *p, ngx_str_t *s);
static ngx_int_t ngx_app_mysql_row_text(ngx_app_mysql_encode_t *e,
    u_char *cell, ngx_app_buf_t *b);
static u_char *ngx_app_mysql_row_fixed(u_char *p, u_char *cell,
    ngx_uint_t kind, ngx_uint_t is_unsigned, ngx_uint_t decimals);
static int64_t ngx_app_mysql_row_int(u_char *cell, ngx_uint_t kind,
    ngx_uint_t is_unsigned);
static double ngx_app_mysql_row_double(u_char *cell);
static u_char *ngx_app_mysql_row_float(u_char *p, u_char *cell);
static uint64_t ngx_app_mysql_row_bits(u_char *cell);
static u_char *ngx_app_mysql_row_date(u_char *p, u_char *cell);
static u_char *ngx_app_mysql_row_time(u_char *p, u_char *cell,
    ngx_uint_t decimals);
static ngx_int_t ngx_app_mysql_row_civil(u_char *cell, ngx_app_civil_t *t);
static u_char *ngx_app_mysql_row_iso(u_char *p, u_char *cell);
static u_char *ngx_app_mysql_row_two(u_char *p, ngx_uint_t n);
static void ngx_app_mysql_row_digits(ngx_str_t *s, ngx_uint_t zerofill);
static ngx_int_t ngx_app_mysql_row_big(ngx_app_value_t *v, uint64_t n,
    ngx_uint_t is_unsigned, ngx_pool_t *pool);
static ngx_int_t ngx_app_mysql_row_small_text(ngx_app_value_t *v,
    u_char *cell, ngx_app_mysql_column_t *col, ngx_pool_t *pool);
static ngx_int_t ngx_app_mysql_row_copy(ngx_app_value_t *v, u_char *cell,
    ngx_app_mysql_column_t *col, ngx_pool_t *pool);


ngx_int_t
ngx_app_mysql_row_column(ngx_app_mysql_stmt_t *st, ngx_str_t *name)
{
    ngx_uint_t               i;
    ngx_app_mysql_column_t  *col;

    col = st->columns;

    for (i = 0; i < st->ncolumns; i++) {
        if (col[i].name.len == name->len
            && ngx_memcmp(col[i].name.data, name->data, name->len) == 0)
        {
            return i;
        }
    }

    return NGX_DECLINED;
}


ngx_uint_t
ngx_app_mysql_row_serial(ngx_app_mysql_stmt_t *st)
{
    return st->serial;
}


/*
 * The library finds the cells by the lengths that the server gives, and does
 * not look whether they are within the packet.  It does not tell the packet's
 * end either, so what is made sure is that they are within its buffer.
 */

ngx_int_t
ngx_app_mysql_row_check(ngx_app_mysql_stmt_t *st)
{
    size_t       len, room;
    u_char      *p;
    NET         *net;
    ngx_str_t    s;
    ngx_uint_t   i;

    net = &st->stmt->mysql->net;

    st->row_size = 0;

    for (i = 0; i < st->ncolumns; i++) {

        p = ngx_app_mysql_row_cell(st, i);

        if (p == NULL) {
            continue;
        }

        if (p < net->buff || p >= net->buff_end) {
            return NGX_DECLINED;
        }

        room = net->buff_end - p;
        len = ngx_app_mysql_row_fixed_len(st->columns[i].kind);

        if (len) {
            if (len > room) {
                return NGX_DECLINED;
            }

            st->row_size += len;
            continue;
        }

        /* the longest length has nine bytes */

        if ((*p == 252 && room < 3) || (*p == 253 && room < 4)
            || (*p == 254 && room < 9))
        {
            return NGX_DECLINED;
        }

        ngx_app_mysql_row_bytes(p, &s);

        if (s.len > (size_t) (net->buff_end - s.data)) {
            return NGX_DECLINED;
        }

        st->row_size += s.len;
    }

    return NGX_OK;
}


/* 0: a length comes first */

static size_t
ngx_app_mysql_row_fixed_len(ngx_uint_t kind)
{
    switch (kind) {

    case NGX_APP_MYSQL_BOOL:
    case NGX_APP_MYSQL_INT8:
        return 1;

    case NGX_APP_MYSQL_INT16:
        return 2;

    case NGX_APP_MYSQL_INT32:
    case NGX_APP_MYSQL_FLOAT:
        return 4;

    case NGX_APP_MYSQL_INT64:
    case NGX_APP_MYSQL_DOUBLE:
        return 8;

    default:
        return 0;
    }
}


ngx_int_t
ngx_app_mysql_row_json(ngx_app_mysql_stmt_t *st, ngx_app_buf_t *b)
{
    u_char                  *p, *cell;
    ngx_int_t                rc;
    ngx_app_mysql_encode_t  *e, *last;

    e = st->encodes;
    last = e + st->nencodes;

    for ( /* void */ ; e < last; e++) {

        p = ngx_app_buf_reserve(b, e->prefix.len + NGX_APP_MYSQL_CELL_LEN);
        if (p == NULL) {
            return ngx_app_buf_failed(b);
        }

        p = ngx_cpymem(p, e->prefix.data, e->prefix.len);

        if (e->op == NGX_APP_MYSQL_TEXT) {
            b->pos = p;
            continue;
        }

        cell = ngx_app_mysql_row_cell(st, e->column);

        if (e->op == NGX_APP_MYSQL_OBJECT) {

            if (cell == NULL) {
                p = ngx_cpymem(p, "null", 4);
                e += e->skip;
            }

            b->pos = p;
            continue;
        }

        if (cell == NULL) {
            b->pos = ngx_cpymem(p, "null", 4);
            continue;
        }

        switch (e->kind) {

        case NGX_APP_MYSQL_DECIMAL:
        case NGX_APP_MYSQL_STRING:
        case NGX_APP_MYSQL_JSON:
        case NGX_APP_MYSQL_BINARY:

            b->pos = p;
            rc = ngx_app_mysql_row_text(e, cell, b);

            if (rc != NGX_OK) {
                return rc;
            }

            break;

        default:
            b->pos = ngx_app_mysql_row_fixed(p, cell, e->kind,
                                             e->is_unsigned, e->decimals);
        }
    }

    return NGX_OK;
}


/* where the library has found the cell, or NULL */

static u_char *
ngx_app_mysql_row_cell(ngx_app_mysql_stmt_t *st, ngx_uint_t column)
{
    return st->stmt->bind[column].u.row_ptr;
}


/* a length-encoded string, whose length has been checked */

static void
ngx_app_mysql_row_bytes(u_char *p, ngx_str_t *s)
{
    switch (*p) {

    case 252:
        s->len = ngx_app_mysql_le16(p + 1);
        s->data = p + 3;
        return;

    case 253:
        s->len = ngx_app_mysql_le16(p + 1) | (size_t) p[3] << 16;
        s->data = p + 4;
        return;

    case 254:
        s->len = ngx_app_mysql_le64(p + 1);
        s->data = p + 9;
        return;

    default:
        s->len = *p;
        s->data = p + 1;
        return;
    }
}


static ngx_int_t
ngx_app_mysql_row_text(ngx_app_mysql_encode_t *e, u_char *cell,
    ngx_app_buf_t *b)
{
    ngx_str_t  s;

    ngx_app_mysql_row_bytes(cell, &s);

    switch (e->kind) {

    case NGX_APP_MYSQL_STRING:
        return ngx_app_json_write_string(b, s.data, s.len);

    case NGX_APP_MYSQL_BINARY:
        return ngx_app_json_write_base64(b, s.data, s.len);

    case NGX_APP_MYSQL_DECIMAL:
        ngx_app_mysql_row_digits(&s, e->zerofill);
        return ngx_app_buf_write(b, s.data, s.len);

    default: /* NGX_APP_MYSQL_JSON */

        if (s.len == 0) {
            return ngx_app_buf_write(b, "null", 4);
        }

        return ngx_app_buf_write(b, s.data, s.len);
    }
}


/* leading zeros of ZEROFILL make no JSON number */

static void
ngx_app_mysql_row_digits(ngx_str_t *s, ngx_uint_t zerofill)
{
    if (!zerofill) {
        return;
    }

    while (s->len > 1 && s->data[0] == '0' && s->data[1] != '.') {
        s->data++;
        s->len--;
    }
}


/* writes at most NGX_APP_MYSQL_CELL_LEN bytes */

static u_char *
ngx_app_mysql_row_fixed(u_char *p, u_char *cell, ngx_uint_t kind,
    ngx_uint_t is_unsigned, ngx_uint_t decimals)
{
    switch (kind) {

    case NGX_APP_MYSQL_BOOL:
        return cell[0] ? ngx_cpymem(p, "true", 4) : ngx_cpymem(p, "false", 5);

    case NGX_APP_MYSQL_INT8:
    case NGX_APP_MYSQL_INT16:
    case NGX_APP_MYSQL_INT32:
        return ngx_app_json_fmt_int(p, ngx_app_mysql_row_int(cell, kind,
                                                             is_unsigned));

    case NGX_APP_MYSQL_INT64:
        if (is_unsigned) {
            return ngx_app_json_fmt_uint(p, ngx_app_mysql_le64(cell));
        }

        return ngx_app_json_fmt_int(p, (int64_t) ngx_app_mysql_le64(cell));

    case NGX_APP_MYSQL_DOUBLE:
        return ngx_app_json_fmt_double(p, ngx_app_mysql_row_double(cell));

    case NGX_APP_MYSQL_FLOAT:
        return ngx_app_mysql_row_float(p, cell);

    case NGX_APP_MYSQL_BIT1:
        return ngx_app_mysql_row_bits(cell) ? ngx_cpymem(p, "true", 4)
                                            : ngx_cpymem(p, "false", 5);

    case NGX_APP_MYSQL_BITS:
        return ngx_app_json_fmt_uint(p, ngx_app_mysql_row_bits(cell));

    case NGX_APP_MYSQL_DATE:
        return ngx_app_mysql_row_date(p, cell);

    case NGX_APP_MYSQL_TIME:
        return ngx_app_mysql_row_time(p, cell, decimals);

    case NGX_APP_MYSQL_DATETIME:
        return ngx_app_mysql_row_iso(p, cell);
    }

    return ngx_cpymem(p, "null", 4);
}


static int64_t
ngx_app_mysql_row_int(u_char *cell, ngx_uint_t kind, ngx_uint_t is_unsigned)
{
    uint32_t  v;

    switch (kind) {

    case NGX_APP_MYSQL_BOOL:
    case NGX_APP_MYSQL_INT8:
        return is_unsigned ? cell[0] : (int8_t) cell[0];

    case NGX_APP_MYSQL_INT16:
        v = ngx_app_mysql_le16(cell);
        return is_unsigned ? (int64_t) v : (int16_t) v;

    default: /* NGX_APP_MYSQL_INT32 */
        v = ngx_app_mysql_le32(cell);
        return is_unsigned ? (int64_t) v : (int32_t) v;
    }
}


static double
ngx_app_mysql_row_double(u_char *cell)
{
    union {
        uint64_t  u;
        double    d;
    } v;

    v.u = ngx_app_mysql_le64(cell);

    return v.d;
}


/* the shortest text that reads back to the same single precision number */

static u_char *
ngx_app_mysql_row_float(u_char *p, u_char *cell)
{
    int   n, precision;
    union {
        uint32_t  u;
        float     f;
    } v;

    v.u = ngx_app_mysql_le32(cell);

    for (precision = 6; precision < 9; precision++) {
        (void) snprintf((char *) p, 32, "%.*g", precision, v.f);

        if (strtof((char *) p, NULL) == v.f) {
            break;
        }
    }

    n = snprintf((char *) p, 32, "%.*g", precision, v.f);

    return p + n;
}


static uint64_t
ngx_app_mysql_row_bits(u_char *cell)
{
    size_t     n;
    uint64_t   v;
    ngx_str_t  s;

    ngx_app_mysql_row_bytes(cell, &s);

    v = 0;

    for (n = 0; n < s.len; n++) {
        v = v << 8 | s.data[n];
    }

    return v;
}


/* dates with a zero in them are none: null */

static u_char *
ngx_app_mysql_row_date(u_char *p, u_char *cell)
{
    if (cell[0] < 4 || cell[3] == 0 || cell[4] == 0) {
        return ngx_cpymem(p, "null", 4);
    }

    return ngx_sprintf(p, "\"%04uD-%02ud-%02ud\"", ngx_app_mysql_le16(cell + 1),
                       (ngx_uint_t) cell[3], (ngx_uint_t) cell[4]);
}


static u_char *
ngx_app_mysql_row_time(u_char *p, u_char *cell, ngx_uint_t decimals)
{
    uint32_t    hours, us;
    ngx_uint_t  minutes, seconds;

    hours = 0;
    minutes = 0;
    seconds = 0;
    us = 0;

    *p++ = '"';

    if (cell[0] >= 8) {

        if (cell[1]) {
            *p++ = '-';
        }

        hours = ngx_app_mysql_le32(cell + 2) * 24 + cell[6];
        minutes = cell[7];
        seconds = cell[8];
    }

    if (cell[0] >= 12) {
        us = ngx_app_mysql_le32(cell + 9);
    }

    p = ngx_sprintf(p, "%02uD:%02ui:%02ui", hours, minutes, seconds);

    if (decimals && decimals <= 6) {
        p = ngx_sprintf(p, ".%06uD", us) - (6 - decimals);
    }

    *p++ = '"';

    return p;
}


/* NGX_DECLINED: the date has a zero in it, which is no date */

static ngx_int_t
ngx_app_mysql_row_civil(u_char *cell, ngx_app_civil_t *t)
{
    ngx_memzero(t, sizeof(ngx_app_civil_t));

    if (cell[0] < 4 || cell[3] == 0 || cell[4] == 0) {
        return NGX_DECLINED;
    }

    t->year = ngx_app_mysql_le16(cell + 1);
    t->month = cell[3];
    t->day = cell[4];

    if (cell[0] >= 7) {
        t->hour = cell[5];
        t->minute = cell[6];
        t->second = cell[7];
    }

    if (cell[0] >= 11) {
        t->usec = ngx_app_mysql_le32(cell + 8);
    }

    return NGX_OK;
}


/* as ngx_app_time_iso() in quotes, but from the parts that are there */

static u_char *
ngx_app_mysql_row_iso(u_char *p, u_char *cell)
{
    ngx_app_civil_t  t;

    if (ngx_app_mysql_row_civil(cell, &t) != NGX_OK) {
        return ngx_cpymem(p, "null", 4);
    }

    *p++ = '"';
    p = ngx_app_mysql_row_two(p, t.year / 100);
    p = ngx_app_mysql_row_two(p, t.year % 100);
    *p++ = '-';
    p = ngx_app_mysql_row_two(p, t.month);
    *p++ = '-';
    p = ngx_app_mysql_row_two(p, t.day);
    *p++ = 'T';
    p = ngx_app_mysql_row_two(p, t.hour);
    *p++ = ':';
    p = ngx_app_mysql_row_two(p, t.minute);
    *p++ = ':';
    p = ngx_app_mysql_row_two(p, t.second);
    *p++ = '.';
    *p++ = (u_char) ('0' + t.usec / 100000 % 10);
    p = ngx_app_mysql_row_two(p, t.usec / 1000 % 100);

    if (t.usec % 1000) {
        *p++ = (u_char) ('0' + t.usec / 100 % 10);
        p = ngx_app_mysql_row_two(p, t.usec % 100);
    }

    *p++ = 'Z';
    *p++ = '"';

    return p;
}


static u_char *
ngx_app_mysql_row_two(u_char *p, ngx_uint_t n)
{
    *p++ = (u_char) ('0' + n / 10 % 10);
    *p++ = (u_char) ('0' + n % 10);

    return p;
}


ngx_int_t
ngx_app_mysql_row_value(ngx_app_mysql_stmt_t *st, ngx_uint_t column,
    ngx_pool_t *pool, ngx_app_value_t *v)
{
    u_char                  *cell;
    ngx_app_civil_t          t;
    ngx_app_mysql_column_t  *col;

    col = &st->columns[column];
    cell = ngx_app_mysql_row_cell(st, column);

    v->type = NGX_APP_NULL;

    if (cell == NULL) {
        return NGX_OK;
    }

    switch (col->kind) {

    case NGX_APP_MYSQL_NULL:
        return NGX_OK;

    case NGX_APP_MYSQL_BOOL:
        v->type = NGX_APP_BOOL;
        v->u.i = (cell[0] != 0);
        return NGX_OK;

    case NGX_APP_MYSQL_BIT1:
        v->type = NGX_APP_BOOL;
        v->u.i = (ngx_app_mysql_row_bits(cell) != 0);
        return NGX_OK;

    case NGX_APP_MYSQL_INT8:
    case NGX_APP_MYSQL_INT16:
    case NGX_APP_MYSQL_INT32:
        v->type = NGX_APP_INT;
        v->u.i = ngx_app_mysql_row_int(cell, col->kind, col->is_unsigned);
        return NGX_OK;

    case NGX_APP_MYSQL_INT64:
        return ngx_app_mysql_row_big(v, ngx_app_mysql_le64(cell),
                                     col->is_unsigned, pool);

    case NGX_APP_MYSQL_BITS:
        return ngx_app_mysql_row_big(v, ngx_app_mysql_row_bits(cell), 1, pool);

    case NGX_APP_MYSQL_DOUBLE:
        v->type = NGX_APP_DOUBLE;
        v->u.d = ngx_app_mysql_row_double(cell);
        return NGX_OK;

    case NGX_APP_MYSQL_DATETIME:

        if (ngx_app_mysql_row_civil(cell, &t) == NGX_OK
            && ngx_app_time_from_civil(&t, &v->u.i) == NGX_OK)
        {
            v->type = NGX_APP_DATETIME;
        }

        return NGX_OK;

    case NGX_APP_MYSQL_FLOAT:
    case NGX_APP_MYSQL_DATE:
    case NGX_APP_MYSQL_TIME:
        return ngx_app_mysql_row_small_text(v, cell, col, pool);

    default:
        return ngx_app_mysql_row_copy(v, cell, col, pool);
    }
}


/* past 2^63 a number is kept as its digits */

static ngx_int_t
ngx_app_mysql_row_big(ngx_app_value_t *v, uint64_t n, ngx_uint_t is_unsigned,
    ngx_pool_t *pool)
{
    u_char  *p;

    if (!is_unsigned || n <= NGX_MAX_INT_T_VALUE) {
        v->type = NGX_APP_INT;
        v->u.i = (int64_t) n;
        return NGX_OK;
    }

    p = ngx_pnalloc(pool, NGX_APP_JSON_INT_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    v->type = NGX_APP_DECIMAL;
    v->u.s.data = p;
    v->u.s.len = ngx_app_json_fmt_uint(p, n) - p;

    return NGX_OK;
}


/* what JSON writes in quotes is a text, the rest is digits or null */

static ngx_int_t
ngx_app_mysql_row_small_text(ngx_app_value_t *v, u_char *cell,
    ngx_app_mysql_column_t *col, ngx_pool_t *pool)
{
    u_char  *p;
    size_t   len;

    p = ngx_pnalloc(pool, NGX_APP_MYSQL_CELL_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    len = ngx_app_mysql_row_fixed(p, cell, col->kind, 0, col->decimals) - p;

    if (*p == '"') {
        ngx_app_value_set_string(v, p + 1, len - 2);

    } else if (col->kind == NGX_APP_MYSQL_FLOAT) {
        v->type = NGX_APP_DECIMAL;
        v->u.s.data = p;
        v->u.s.len = len;
    }

    return NGX_OK;
}


/* the bytes are the library's until the next row */

static ngx_int_t
ngx_app_mysql_row_copy(ngx_app_value_t *v, u_char *cell,
    ngx_app_mysql_column_t *col, ngx_pool_t *pool)
{
    ngx_str_t  s;

    ngx_app_mysql_row_bytes(cell, &s);

    if (col->kind == NGX_APP_MYSQL_DECIMAL) {
        ngx_app_mysql_row_digits(&s, col->zerofill);
    }

    ngx_app_value_set_string(v, ngx_pstrdup(pool, &s), s.len);

    if (v->u.s.data == NULL) {
        return NGX_ERROR;
    }

    if (col->kind == NGX_APP_MYSQL_DECIMAL) {
        v->type = NGX_APP_DECIMAL;

    } else if (col->kind == NGX_APP_MYSQL_JSON) {
        v->type = s.len ? NGX_APP_JSON : NGX_APP_NULL;
    }

    return NGX_OK;
}
