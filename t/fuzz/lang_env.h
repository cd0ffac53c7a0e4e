
/*
 * Copyright (C) the project authors
 */

/*
 * A scope with values of every kind for the fuzz targets of the language.
 */


#ifndef _NGX_APP_FUZZ_LANG_ENV_H_INCLUDED_
#define _NGX_APP_FUZZ_LANG_ENV_H_INCLUDED_


#include <fuzz/fuzz.h>

#include <lang/ngx_app_scope.h>


#define FUZZ_VALUES  9


typedef struct {
    ngx_app_lang_t     lc;
    ngx_app_env_t      env;
    ngx_app_value_t    values[FUZZ_VALUES];
} fuzz_env_t;


static inline ngx_int_t
fuzz_variable_index(ngx_app_lang_t *lc, ngx_str_t *name)
{
    return (name->len == 4) ? 1 : NGX_ERROR;
}


static inline ngx_int_t
fuzz_text(ngx_app_env_t *env, ngx_str_t *value)
{
    ngx_str_set(value, "text/html, a\"\xff\r\n\xc3\xa9;q=0");

    return NGX_OK;
}


static inline ngx_int_t
fuzz_variable(ngx_app_env_t *env, ngx_uint_t index, ngx_str_t *value)
{
    return fuzz_text(env, value);
}


static inline ngx_int_t
fuzz_header(ngx_app_env_t *env, ngx_str_t *name, ngx_str_t *value)
{
    return fuzz_text(env, value);
}


static inline ngx_int_t
fuzz_random(ngx_app_env_t *env, u_char *p, size_t n)
{
    ngx_memset(p, 0xa5, n);

    return NGX_OK;
}


/* defines a, b ... with a value each, "o", an object, and "l", a list */

static inline void
fuzz_env_init(fuzz_env_t *f, ngx_pool_t *pool)
{
    u_char             letter;
    ngx_str_t          name;
    ngx_uint_t         i;
    ngx_app_value_t   *v;

    ngx_memzero(f, sizeof(fuzz_env_t));

    ngx_app_lang_init(&f->lc, pool, ngx_app_scope_create(pool));
    fuzz_check(f->lc.scope != NULL);
    f->lc.variable = fuzz_variable_index;

    f->env.pool = pool;
    f->env.now = 1709251200000000LL;
    f->env.variable = fuzz_variable;
    f->env.header = fuzz_header;
    f->env.random = fuzz_random;

    name.data = &letter;
    name.len = 1;

    for (i = 0; i < FUZZ_VALUES; i++) {
        letter = (u_char) ('a' + i);
        fuzz_check(ngx_app_scope_define(&f->lc, &name, NGX_APP_SYMBOL_SCALAR,
                                        0) != NULL);
    }

    letter = 'o';
    fuzz_check(ngx_app_scope_define(&f->lc, &name, NGX_APP_SYMBOL_OBJECT, 0)
               != NULL);
    letter = 'l';
    fuzz_check(ngx_app_scope_define(&f->lc, &name, NGX_APP_SYMBOL_LIST, 0)
               != NULL);

    v = f->values;

    v[1].type = NGX_APP_NULL;
    ngx_app_value_set_bool(&v[2], 1);
    ngx_app_value_set_int(&v[3], INT64_MIN);
    ngx_app_value_set_double(&v[4], -1.5e300);
    ngx_app_value_set_string(&v[5], (u_char *) "-00123456789012345678.50", 24);
    v[5].type = NGX_APP_DECIMAL;
    ngx_app_value_set_string(&v[6], (u_char *) "a\"\xff\\\n\xc3\xa9", 7);
    ngx_app_value_set_time(&v[7], INT64_MAX);
    ngx_app_value_set_string(&v[8], (u_char *) "[{\"a\":1}]", 9);
    v[8].type = NGX_APP_JSON;
}


/* makes the slots, once all names are resolved */

static inline void
fuzz_env_slots(fuzz_env_t *f)
{
    f->env.slots = ngx_pcalloc(f->env.pool, f->lc.scope->nslots
                                            * sizeof(ngx_app_value_t));
    fuzz_check(f->env.slots != NULL);

    ngx_memcpy(f->env.slots, f->values, sizeof(f->values));
}


#endif /* _NGX_APP_FUZZ_LANG_ENV_H_INCLUDED_ */
