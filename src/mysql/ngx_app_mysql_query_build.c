
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <mysql/ngx_app_mysql_query_piece.h>


static ngx_uint_t ngx_app_mysql_query_is(ngx_app_mysql_query_t *q,
    ngx_str_t *word);


uint32_t
ngx_app_mysql_query_mask(ngx_app_mysql_query_t *q, ngx_app_value_t *slots)
{
    uint32_t                mask;
    ngx_uint_t              i;
    ngx_app_mysql_piece_t  *piece;

    mask = ngx_app_mysql_query_all(q);

    if (mask == 0) {
        return 0;
    }

    for (i = 0; i < q->npieces; i++) {
        piece = &q->pieces[i];

        if (piece->group != NGX_APP_MYSQL_NO_GROUP
            && piece->slot != NGX_APP_SCOPE_NONE
            && slots[piece->slot].type == NGX_APP_ABSENT)
        {
            mask &= ~((uint32_t) 1 << piece->group);
        }
    }

    return mask;
}


uint32_t
ngx_app_mysql_query_all(ngx_app_mysql_query_t *q)
{
    /* 32 groups are all bits, which a shift by 32 would not give */

    return (uint32_t) (((uint64_t) 1 << q->ngroups) - 1);
}


ngx_uint_t
ngx_app_mysql_query_may_begin(ngx_app_mysql_query_t *q)
{
    static ngx_str_t  words[] = {
        ngx_string("select"), ngx_string("insert"), ngx_string("update"),
        ngx_string("delete"), ngx_string("replace"), ngx_string("with"),
        ngx_null_string
    };

    return !ngx_app_mysql_query_is(q, words);
}


ngx_uint_t
ngx_app_mysql_query_alters(ngx_app_mysql_query_t *q)
{
    static ngx_str_t  words[] = {
        ngx_string("set"), ngx_string("use"), ngx_string("lock"),
        ngx_string("prepare"), ngx_string("handler"),
        ngx_string("create temporary"), ngx_null_string
    };

    return ngx_app_mysql_query_is(q, words);
}


/* whether it begins with one of the words; it has no comments any more */

static ngx_uint_t
ngx_app_mysql_query_is(ngx_app_mysql_query_t *q, ngx_str_t *word)
{
    u_char  *p, *last;

    if (q->npieces == 0) {
        return 0;
    }

    p = q->pieces[0].text.data;
    last = p + q->pieces[0].text.len;

    while (p < last && *p <= ' ') {
        p++;
    }

    for ( /* void */ ; word->len; word++) {

        if ((size_t) (last - p) > word->len
            && ngx_strncasecmp(p, word->data, word->len) == 0
            && p[word->len] <= ' ')
        {
            return 1;
        }
    }

    return 0;
}


ngx_int_t
ngx_app_mysql_query_build(ngx_app_mysql_query_t *q, uint32_t mask,
    ngx_pool_t *pool, ngx_str_t *sql, ngx_uint_t **slots, ngx_uint_t *n)
{
    u_char                 *p;
    ngx_uint_t              i;
    ngx_app_mysql_piece_t  *piece;

    p = ngx_pnalloc(pool, q->len);
    *slots = ngx_palloc(pool, ngx_max(q->nparams, 1) * sizeof(ngx_uint_t));

    if (p == NULL || *slots == NULL) {
        return NGX_ERROR;
    }

    sql->data = p;
    *n = 0;

    for (i = 0; i < q->npieces; i++) {
        piece = &q->pieces[i];

        if (piece->group != NGX_APP_MYSQL_NO_GROUP
            && !(mask & ((uint32_t) 1 << piece->group)))
        {
            continue;
        }

        p = ngx_cpymem(p, piece->text.data, piece->text.len);

        if (piece->slot != NGX_APP_SCOPE_NONE) {
            *p++ = '?';
            (*slots)[(*n)++] = piece->slot;
        }
    }

    sql->len = p - sql->data;

    return NGX_OK;
}
