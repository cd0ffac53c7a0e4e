
/*
 * Copyright (C) the project authors
 */

/*
 * A scope with values of every kind, as a route would have them.
 */


#ifndef _NGX_APP_TEST_LANG_ENV_H_INCLUDED_
#define _NGX_APP_TEST_LANG_ENV_H_INCLUDED_


#include <lang/ngx_app_scope.h>
#include <lang/ngx_app_expr.h>
#include <lang/ngx_app_time.h>


#define TEST_SLOTS  64
#define TEST_TEXT   600000


typedef struct {
    ngx_app_lang_t    lc;
    ngx_app_env_t     env;
    ngx_app_value_t   slots[TEST_SLOTS];
} test_env_t;


static inline ngx_app_symbol_t *
test_define(test_env_t *t, const char *name, ngx_app_symbol_e kind)
{
    ngx_str_t          s;
    ngx_app_symbol_t  *sym;

    s.len = ngx_strlen(name);
    s.data = (u_char *) (uintptr_t) name;

    sym = ngx_app_scope_define(&t->lc, &s, kind, 0);
    assert_non_null(sym);

    return sym;
}


static inline ngx_app_value_t *
test_scalar(test_env_t *t, const char *name)
{
    return &t->slots[test_define(t, name, NGX_APP_SYMBOL_SCALAR)->slot];
}


static inline void
test_text(ngx_app_value_t *v, const char *text)
{
    ngx_app_value_set_string(v, (u_char *) (uintptr_t) text,
                             ngx_strlen(text));
}


static inline ngx_int_t
test_variable_index(ngx_app_lang_t *lc, ngx_str_t *name)
{
    if (name->len == 4 && ngx_memcmp(name->data, "host", 4) == 0) {
        return 1;
    }

    if (name->len == 6 && ngx_memcmp(name->data, "nohost", 6) == 0) {
        return 2;
    }

    return NGX_ERROR;
}


static inline ngx_int_t
test_variable(ngx_app_env_t *env, ngx_uint_t index, ngx_str_t *value)
{
    if (index != 1) {
        return NGX_DECLINED;
    }

    ngx_str_set(value, "example.com");

    return NGX_OK;
}


static inline ngx_int_t
test_header(ngx_app_env_t *env, ngx_str_t *name, ngx_str_t *value)
{
    if (name->len == 6 && ngx_memcmp(name->data, "x-test", 6) == 0) {
        ngx_str_set(value, "yes");
        return NGX_OK;
    }

    if (name->len == 6 && ngx_memcmp(name->data, "accept", 6) == 0) {
        ngx_str_set(value, "application/json;q=0.0, text/html, image/*;q=0.8"
                           ",\tapplication/xml ; q=0.1, text/plain; Q=0,*/*");
        return NGX_OK;
    }

    return NGX_DECLINED;
}


static inline ngx_int_t
test_random(ngx_app_env_t *env, u_char *p, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        p[i] = (u_char) (i + 1);
    }

    return NGX_OK;
}


static inline void
test_env(test_env_t *t, ngx_pool_t *pool)
{
    ngx_buf_t         *buf;
    ngx_chain_t       *cl;
    ngx_app_value_t   *v;
    ngx_app_symbol_t  *sym;

    ngx_memzero(t, sizeof(test_env_t));

    ngx_app_lang_init(&t->lc, pool, ngx_app_scope_create(pool));
    assert_non_null(t->lc.scope);
    t->lc.variable = test_variable_index;

    t->env.slots = t->slots;
    t->env.pool = pool;
    t->env.now = 1709251200 * NGX_APP_TIME_SECOND + 500000;
    t->env.variable = test_variable;
    t->env.header = test_header;
    t->env.random = test_random;

    v = test_scalar(t, "page");
    ngx_app_value_set_int(v, 2);
    v = test_scalar(t, "limit");
    ngx_app_value_set_int(v, 20);
    v = test_scalar(t, "flag");
    ngx_app_value_set_bool(v, 1);
    v = test_scalar(t, "at");
    ngx_app_value_set_time(v, 1709208000 * NGX_APP_TIME_SECOND);

    test_text(test_scalar(t, "title"), "Caf\xc3\xa9 Noir");
    test_text(test_scalar(t, "quoted"), "a\"b\\c\r\nd");
    test_text(test_scalar(t, "blank"), "");

    (void) test_scalar(t, "missing");
    v = test_scalar(t, "nothing");
    v->type = NGX_APP_NULL;

    v = test_scalar(t, "price");
    test_text(v, "12.50");
    v->type = NGX_APP_DECIMAL;

    v = test_scalar(t, "big");
    test_text(v, "123456789012345678901234567890.5");
    v->type = NGX_APP_DECIMAL;

    v = test_scalar(t, "json");
    test_text(v, "{\"a\":[1]}");
    v->type = NGX_APP_JSON;

    /* made here, for it is long */

    v = test_scalar(t, "text");
    v->type = NGX_APP_STRING;

    (void) test_define(t, "offer", NGX_APP_SYMBOL_OBJECT);

    sym = test_define(t, "placed", NGX_APP_SYMBOL_RECORD);
    (void) ngx_app_scope_member(t->lc.scope, sym, "id");
    v = &t->slots[ngx_app_scope_member(t->lc.scope, sym, "affected")];
    ngx_app_value_set_int(v, 1);

    sym = test_define(t, "offers", NGX_APP_SYMBOL_LIST);
    v = &t->slots[ngx_app_scope_member(t->lc.scope, sym, "count")];
    ngx_app_value_set_int(v, 3);

    cl = ngx_alloc_chain_link(pool);
    buf = ngx_calloc_buf(pool);
    assert_non_null(cl);
    assert_non_null(buf);

    buf->pos = (u_char *) "[1,2,3]";
    buf->last = buf->pos + 7;
    buf->memory = 1;
    cl->buf = buf;
    cl->next = NULL;

    v = &t->slots[sym->slot];
    v->type = NGX_APP_CHAIN;
    v->u.c.chain = cl;
    v->u.c.size = 7;
}


/* members of "offer" get their slots only when they are used */

static inline void
test_env_fill(test_env_t *t)
{
    ngx_str_t          name = ngx_string("offer");
    ngx_str_t          text = ngx_string("text");
    ngx_uint_t         i;
    ngx_app_value_t   *v;
    ngx_app_symbol_t  *sym;
    ngx_app_member_t  *member;

    assert_true(t->lc.scope->nslots <= TEST_SLOTS);

    sym = ngx_app_scope_lookup(t->lc.scope, &text);

    if (sym->whole) {
        v = &t->slots[sym->slot];
        v->u.s.len = TEST_TEXT;
        v->u.s.data = ngx_palloc(t->env.pool, TEST_TEXT);
        assert_non_null(v->u.s.data);
        ngx_memset(v->u.s.data, 'x', TEST_TEXT);
    }

    sym = ngx_app_scope_lookup(t->lc.scope, &name);
    test_text(&t->slots[sym->slot], "{\"id\":7}");
    t->slots[sym->slot].type = NGX_APP_JSON;

    member = sym->members.elts;

    for (i = 0; i < sym->members.nelts; i++) {
        v = &t->slots[member[i].slot];

        if (member[i].name.len == 2) {
            ngx_app_value_set_int(v, 7);

        } else {
            test_text(v, "ann");
        }
    }
}


static inline ngx_int_t
test_env_eval(test_env_t *t, ngx_app_expr_t *e, ngx_app_value_t *v)
{
    test_env_fill(t);

    return ngx_app_expr_eval(e, &t->env, v);
}


#endif /* _NGX_APP_TEST_LANG_ENV_H_INCLUDED_ */
