
/*
 * Copyright (C) the project authors
 */

/*
 * Names of a route.  While the configuration is read each name that is used
 * gets a slot in one flat array of values, so that at run time nothing is
 * looked up by name.  What a step does not find here nobody asks for.
 */


#ifndef _NGX_APP_SCOPE_H_INCLUDED_
#define _NGX_APP_SCOPE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_lang.h>


#define NGX_APP_SCOPE_NONE  ((ngx_uint_t) -1)

/* flags of a symbol */
#define NGX_APP_SCOPE_ONCE   0x01     /* nothing may define it again */
#define NGX_APP_SCOPE_WHOLE  0x02     /* a record that is a value, too */


typedef enum {
    NGX_APP_SYMBOL_SCALAR = 1,        /* an input, let */
    NGX_APP_SYMBOL_RECORD,            /* a fixed set of members */
    NGX_APP_SYMBOL_OBJECT,            /* whatever members are asked for */
    NGX_APP_SYMBOL_LIST               /* as a record that has "count" */
} ngx_app_symbol_e;


typedef struct {
    ngx_str_t          name;          /* "id", "owner.username" */
    ngx_uint_t         slot;
    ngx_uint_t         used;          /* times it is named */
} ngx_app_member_t;


typedef struct {
    ngx_str_t          name;
    ngx_app_symbol_e   kind;
    ngx_uint_t         flags;
    ngx_uint_t         slot;          /* of the value as a whole */
    ngx_uint_t         whole;         /* times it is named as a whole */
    ngx_array_t        members;       /* ngx_app_member_t; of an object those
                                         that are used */
} ngx_app_symbol_t;


struct ngx_app_scope_s {
    ngx_pool_t        *pool;
    ngx_uint_t         nslots;
    ngx_array_t        symbols;       /* ngx_app_symbol_t *, as defined */
};


/* returns an empty scope, or NULL without memory */
ngx_app_scope_t *ngx_app_scope_create(ngx_pool_t *pool);

/*
 * Defines a name.  A second definition of the same kind shares the first
 * one's symbol, unless one of them is NGX_APP_SCOPE_ONCE.  The name is copied.
 * NULL: lc->err tells why, or is empty without memory.
 */
ngx_app_symbol_t *ngx_app_scope_define(ngx_app_lang_t *lc, ngx_str_t *name,
    ngx_app_symbol_e kind, ngx_uint_t flags);

/*
 * Adds a member to a record, as "id" to the result of exec; again is fine.
 * Returns its slot, or NGX_APP_SCOPE_NONE without memory.
 */
ngx_uint_t ngx_app_scope_member(ngx_app_scope_t *scope, ngx_app_symbol_t *sym,
    const char *name);

/* returns NULL when there is none; counts no use */
ngx_app_symbol_t *ngx_app_scope_lookup(ngx_app_scope_t *scope,
    ngx_str_t *name);

/* the same for a member of a symbol */
ngx_app_member_t *ngx_app_scope_find_member(ngx_app_symbol_t *sym,
    ngx_str_t *name);

/* returns the name that was probably meant, or NULL */
ngx_str_t *ngx_app_scope_near(ngx_app_scope_t *scope, ngx_str_t *name);

/*
 * Finds the slot of a name, "page" or "offer.owner.username", and counts the
 * use.  All but the first word is the member's name.
 * NGX_OK; NGX_DECLINED: lc->err says what is unknown and what may be meant;
 * NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_scope_resolve(ngx_app_lang_t *lc, ngx_str_t *dotted,
    ngx_uint_t *slot);


#endif /* _NGX_APP_SCOPE_H_INCLUDED_ */
