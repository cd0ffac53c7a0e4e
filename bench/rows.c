
/*
 * Copyright (C) the project authors
 */


#define _GNU_SOURCE

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"


#define CELL          4096          /* bytes of a bound text to begin with */


void
die(const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    fputs("blocking: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);

    exit(1);
}


/* makes room for n bytes */

static char *
room(text_t *t, size_t n)
{
    if (t->size - t->len < n) {
        t->size = (t->len + n) * 2;
        t->data = realloc(t->data, t->size);

        if (t->data == NULL) {
            die("out of memory");
        }
    }

    return t->data + t->len;
}


static char *
copy(char *p, const char *s)
{
    size_t  n;

    n = strlen(s);
    memcpy(p, s, n);

    return p + n;
}


static char *
put_uint(char *p, uint64_t v, int digits)
{
    int   n;
    char  text[24];

    n = 0;

    do {
        text[n++] = (char) ('0' + v % 10);
        v /= 10;
        digits--;
    } while (v || digits > 0);

    while (n) {
        *p++ = text[--n];
    }

    return p;
}


static char *
put_int(char *p, int64_t v)
{
    if (v < 0) {
        *p++ = '-';
        return put_uint(p, 0 - (uint64_t) v, 1);
    }

    return put_uint(p, (uint64_t) v, 1);
}


/*
 * The shortest text that reads back: m / 10^k rounds as a reader does while
 * both are exact, so the first k that gives the number back is the shortest.
 */

static char *
put_double(char *p, double v)
{
    int       k, digits;
    double    a, power;
    uint64_t  m;

    a = fabs(v);
    power = 1;

    for (k = 0; k < 16 && a * power < 9007199254740992.0; k++) {
        m = (uint64_t) (a * power + 0.5);

        if ((double) m / power == a) {
            if (v < 0) {
                *p++ = '-';
            }

            p = put_uint(p, m / (uint64_t) power, 1);

            if (k) {
                *p++ = '.';
                p = put_uint(p, m % (uint64_t) power, k);
            }

            return p;
        }

        power *= 10;
    }

    for (digits = 15; digits < 17; digits++) {
        snprintf(p, 32, "%.*g", digits, v);

        if (strtod(p, NULL) == v) {
            return p + strlen(p);
        }
    }

    return p + snprintf(p, 32, "%.17g", v);
}


/* the server stores valid UTF-8, so only these bytes need care */

static char *
put_string(char *p, const char *s, size_t len)
{
    unsigned char       c;
    const char         *last;
    static const char   hex[] = "0123456789abcdef";
    static const char   letters[32] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'
    };

    last = s + len;
    *p++ = '"';

    while (s < last) {
        c = (unsigned char) *s++;

        if (c >= 0x20 && c != '"' && c != '\\') {
            *p++ = (char) c;
            continue;
        }

        *p++ = '\\';

        if (c >= 0x20) {
            *p++ = (char) c;

        } else if (letters[c]) {
            *p++ = letters[c];

        } else {
            p = copy(p, "u00");
            *p++ = hex[c >> 4];
            *p++ = hex[c & 15];
        }
    }

    *p++ = '"';

    return p;
}


static char *
put_time(char *p, const MYSQL_TIME *t)
{
    *p++ = '"';
    p = put_uint(p, t->year, 4);
    *p++ = '-';
    p = put_uint(p, t->month, 2);
    *p++ = '-';
    p = put_uint(p, t->day, 2);
    *p++ = 'T';
    p = put_uint(p, t->hour, 2);
    *p++ = ':';
    p = put_uint(p, t->minute, 2);
    *p++ = ':';
    p = put_uint(p, t->second, 2);
    *p++ = '.';
    p = put_uint(p, t->second_part / 1000, 3);
    *p++ = 'Z';
    *p++ = '"';

    return p;
}


static void
put_column(text_t *t, column_t *c)
{
    char  *p;

    p = room(t, sizeof(c->before) + sizeof(c->after) + c->length * 6 + 64);
    p = copy(p, c->before);

    if (c->null) {
        p = copy(p, "null");
        t->len = p - t->data;
        return;
    }

    switch (c->kind) {

    case KIND_INT:
        p = put_int(p, c->u.i);
        break;

    case KIND_DOUBLE:
        p = put_double(p, c->u.d);
        break;

    case KIND_TIME:
        p = put_time(p, &c->u.t);
        break;

    case KIND_STRING:
        p = put_string(p, c->text, c->length);
        break;

    case KIND_JSON:
        memcpy(p, c->text, c->length);
        p += c->length;
    }

    t->len = p - t->data;
}


/* a text that did not fit is fetched again */

static void
enlarge(query_t *q, int i)
{
    column_t    *c;
    MYSQL_BIND  *b;

    c = &q->columns[i];
    b = &q->binds[i];

    while (c->size < c->length) {
        c->size *= 2;
    }

    c->text = realloc(c->text, c->size);
    if (c->text == NULL) {
        die("out of memory");
    }

    b->buffer = c->text;
    b->buffer_length = c->size;

    if (mysql_stmt_fetch_column(q->stmt, b, i, 0)
        || mysql_stmt_bind_result(q->stmt, q->binds))
    {
        die("%s", mysql_stmt_error(q->stmt));
    }
}


static void
put_row(query_t *q, text_t *t)
{
    int        i, j;
    column_t  *c;

    for (i = 0; i < q->ncolumns; i++) {
        c = &q->columns[i];

        if (c->text && !c->null && c->length > c->size) {
            enlarge(q, i);
        }

        if (c->skip && c->null) {
            /* the object's name, then null for all of it */
            j = t->len;
            put_column(t, c);
            t->len = (char *) memchr(t->data + j, ':', t->len - j) + 1
                     - t->data;
            memcpy(room(t, 4), "null", 4);
            t->len += 4;
            i += c->skip;
            continue;
        }

        put_column(t, c);
        memcpy(room(t, sizeof(c->after)), c->after, sizeof(c->after));
        t->len += strlen(c->after);
    }

    *room(t, 1) = '}';
    t->len++;
}


int
run(query_t *q, text_t *t)
{
    int  rc, rows;

    t->len = 0;
    rows = 0;

    if (!q->one) {
        *room(t, 1) = '[';
        t->len++;
    }

    if (mysql_stmt_execute(q->stmt)) {
        die("%s", mysql_stmt_error(q->stmt));
    }

    for ( ;; ) {
        rc = mysql_stmt_fetch(q->stmt);

        if (rc == MYSQL_NO_DATA) {
            break;
        }

        if (rc != 0 && rc != MYSQL_DATA_TRUNCATED) {
            die("%s", mysql_stmt_error(q->stmt));
        }

        if (rows++) {
            *room(t, 1) = ',';
            t->len++;
        }

        put_row(q, t);
    }

    if (!q->one) {
        *room(t, 1) = ']';
        t->len++;
    }

    return rows;
}


/* "owner.location" is the member "location" of the object "owner" */

static void
name_column(query_t *q, int i, MYSQL_FIELD *fields)
{
    int          j, same, next;
    char        *dot, *question;
    size_t       len;
    column_t    *c;
    const char  *name;

    c = &q->columns[i];
    name = fields[i].name;
    dot = strchr(name, '.');

    if (dot == NULL) {
        snprintf(c->before, sizeof(c->before), "%c\"%s\":", i ? ',' : '{',
                 name);
        return;
    }

    question = memchr(name, '?', dot - name);
    len = (question ? question : dot) - name;

    same = i && strncmp(fields[i - 1].name, name, len) == 0
           && strchr("?.", fields[i - 1].name[len]);

    if (same) {
        snprintf(c->before, sizeof(c->before), ",\"%s\":", dot + 1);

    } else {
        snprintf(c->before, sizeof(c->before), "%c\"%.*s\":{\"%s\":",
                 i ? ',' : '{', (int) len, name, dot + 1);
    }

    for (j = i + 1, next = 0; j < q->ncolumns; j++, next++) {
        if (strncmp(fields[j].name, name, len) || fields[j].name[len] != '.') {
            break;
        }
    }

    if (question) {
        c->skip = next;
    }

    if (next == 0) {
        strcpy(c->after, "}");
    }
}


static void
bind_column(query_t *q, int i, MYSQL_FIELD *f)
{
    column_t            *c;
    MYSQL_BIND          *b;
    MARIADB_CONST_STRING format;

    c = &q->columns[i];
    b = &q->binds[i];

    b->is_null = &c->null;
    b->length = &c->length;
    b->buffer = &c->u;

    switch (f->type) {

    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
        c->kind = KIND_INT;
        b->buffer_type = MYSQL_TYPE_LONGLONG;
        return;

    case MYSQL_TYPE_DOUBLE:
        c->kind = KIND_DOUBLE;
        b->buffer_type = MYSQL_TYPE_DOUBLE;
        return;

    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
        c->kind = KIND_TIME;
        b->buffer_type = MYSQL_TYPE_DATETIME;
        return;

    default:
        c->kind = KIND_STRING;
    }

    if (mariadb_field_attr(&format, f, MARIADB_FIELD_ATTR_FORMAT_NAME) == 0
        && format.length == 4 && memcmp(format.str, "json", 4) == 0)
    {
        c->kind = KIND_JSON;
    }

    c->size = CELL;
    c->text = malloc(CELL);
    if (c->text == NULL) {
        die("out of memory");
    }

    b->buffer_type = MYSQL_TYPE_STRING;
    b->buffer = c->text;
    b->buffer_length = CELL;
}


void
prepare(MYSQL *mysql, query_t *q, const char *sql, int one)
{
    int           i;
    MYSQL_RES    *meta;
    MYSQL_FIELD  *fields;

    q->one = one;
    q->stmt = mysql_stmt_init(mysql);

    if (mysql_stmt_prepare(q->stmt, sql, strlen(sql))) {
        die("%s", mysql_stmt_error(q->stmt));
    }

    meta = mysql_stmt_result_metadata(q->stmt);
    fields = mysql_fetch_fields(meta);
    q->ncolumns = mysql_num_fields(meta);

    if (q->ncolumns > COLUMNS) {
        die("more than %d columns", COLUMNS);
    }

    for (i = 0; i < q->ncolumns; i++) {
        name_column(q, i, fields);
        bind_column(q, i, &fields[i]);
    }

    mysql_free_result(meta);

    q->param.buffer_type = MYSQL_TYPE_LONGLONG;
    q->param.buffer = &q->id;

    if (mysql_stmt_bind_result(q->stmt, q->binds)
        || (one && mysql_stmt_bind_param(q->stmt, &q->param)))
    {
        die("%s", mysql_stmt_error(q->stmt));
    }
}
