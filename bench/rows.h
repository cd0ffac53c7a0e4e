
/*
 * Copyright (C) the project authors
 */

/*
 * Rows of prepared statements as JSON, by the library's plain interface:
 * columns bound, rows fetched one by one and not stored.
 */


#ifndef _BENCH_ROWS_H_INCLUDED_
#define _BENCH_ROWS_H_INCLUDED_


#include <stddef.h>
#include <stdint.h>

#include <mysql.h>


#define COLUMNS       32


typedef enum {
    KIND_INT = 0,
    KIND_DOUBLE,
    KIND_TIME,
    KIND_STRING,
    KIND_JSON
} kind_e;


typedef struct {
    kind_e          kind;
    char            before[160];    /* separator, objects opened, the name */
    char            after[8];       /* objects closed */
    int             skip;           /* columns left out when it is NULL */
    unsigned long   length;
    my_bool         null;
    union {
        int64_t     i;
        double      d;
        MYSQL_TIME  t;
    } u;
    char           *text;
    unsigned long   size;
} column_t;


typedef struct {
    MYSQL_STMT     *stmt;
    int             one;            /* an object, not an array of them */
    int             ncolumns;
    int64_t         id;
    column_t        columns[COLUMNS];
    MYSQL_BIND      binds[COLUMNS];
    MYSQL_BIND      param;
} query_t;


typedef struct {
    char           *data;
    size_t          len;
    size_t          size;
} text_t;


/* Prints a message and exits. */
void die(const char *format, ...);

/*
 * Prepares a statement and binds its columns; "one": its row is the answer,
 * not an array of rows, and its only parameter is q->id.  Exits on an error.
 */
void prepare(MYSQL *mysql, query_t *q, const char *sql, int one);

/* Replaces the text by the rows; returns their number.  Exits on an error. */
int run(query_t *q, text_t *t);


#endif /* _BENCH_ROWS_H_INCLUDED_ */
