
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_scope.h>


static ngx_int_t ngx_app_scope_check_name(ngx_app_lang_t *lc,
    ngx_str_t *name);
static ngx_app_member_t *ngx_app_scope_add_member(ngx_app_scope_t *scope,
    ngx_app_symbol_t *sym, ngx_str_t *name);
static ngx_int_t ngx_app_scope_resolve_member(ngx_app_lang_t *lc,
    ngx_app_symbol_t *sym, ngx_str_t *name, ngx_uint_t *slot);
static void ngx_app_scope_unknown(ngx_app_lang_t *lc, ngx_str_t *name);
static void ngx_app_scope_list_members(ngx_app_lang_t *lc,
    ngx_app_symbol_t *sym);
static ngx_int_t ngx_app_scope_copy(ngx_pool_t *pool, ngx_str_t *to,
    ngx_str_t *from);


static const char  *ngx_app_scope_kinds[] = {
    "nothing",
    "a single value",
    "the result of a step",
    "an object",
    "a list"
};


ngx_app_scope_t *
ngx_app_scope_create(ngx_pool_t *pool)
{
    ngx_app_scope_t  *scope;

    scope = ngx_pcalloc(pool, sizeof(ngx_app_scope_t));
    if (scope == NULL) {
        return NULL;
    }

    scope->pool = pool;

    if (ngx_array_init(&scope->symbols, pool, 8, sizeof(ngx_app_symbol_t *))
        != NGX_OK)
    {
        return NULL;
    }

    return scope;
}


ngx_app_symbol_t *
ngx_app_scope_define(ngx_app_lang_t *lc, ngx_str_t *name,
    ngx_app_symbol_e kind, ngx_uint_t flags)
{
    ngx_app_scope_t    *scope;
    ngx_app_symbol_t   *sym, **slot;

    lc->err.len = 0;
    scope = lc->scope;

    if (ngx_app_scope_check_name(lc, name) != NGX_OK) {
        return NULL;
    }

    sym = ngx_app_scope_lookup(scope, name);

    if (sym != NULL) {
        if (sym->kind != kind) {
            ngx_app_lang_error(lc, "the name \"%V\" is taken, it is %s "
                               "already: use another name",
                               name, ngx_app_scope_kinds[sym->kind]);
            return NULL;
        }

        if ((sym->flags | flags) & NGX_APP_SCOPE_ONCE) {
            ngx_app_lang_error(lc, "the name \"%V\" is taken: use another "
                               "name", name);
            return NULL;
        }

        return sym;
    }

    sym = ngx_pcalloc(scope->pool, sizeof(ngx_app_symbol_t));
    if (sym == NULL) {
        return NULL;
    }

    if (ngx_app_scope_copy(scope->pool, &sym->name, name) != NGX_OK
        || ngx_array_init(&sym->members, scope->pool, 4,
                          sizeof(ngx_app_member_t))
           != NGX_OK)
    {
        return NULL;
    }

    sym->kind = kind;
    sym->flags = flags;
    sym->slot = scope->nslots++;

    if (kind == NGX_APP_SYMBOL_LIST
        && ngx_app_scope_member(scope, sym, "count") == NGX_APP_SCOPE_NONE)
    {
        return NULL;
    }

    slot = ngx_array_push(&scope->symbols);
    if (slot == NULL) {
        return NULL;
    }

    *slot = sym;

    return sym;
}


static ngx_int_t
ngx_app_scope_check_name(ngx_app_lang_t *lc, ngx_str_t *name)
{
    if (name->len == 0
        || ngx_app_lang_name_len(name->data, name->data + name->len)
           != name->len)
    {
        ngx_app_lang_error(lc, "invalid name \"%V\", use letters, digits and "
                           "\"_\", a letter first", name);
        return NGX_DECLINED;
    }

    if (ngx_app_lang_reserved(name)) {
        ngx_app_lang_error(lc, "the name \"%V\" is a word of expressions: "
                           "use another name", name);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


ngx_uint_t
ngx_app_scope_member(ngx_app_scope_t *scope, ngx_app_symbol_t *sym,
    const char *name)
{
    ngx_str_t          s;
    ngx_app_member_t  *member;

    s.len = ngx_strlen(name);
    s.data = (u_char *) (uintptr_t) name;

    member = ngx_app_scope_find_member(sym, &s);

    if (member == NULL) {
        member = ngx_app_scope_add_member(scope, sym, &s);
        if (member == NULL) {
            return NGX_APP_SCOPE_NONE;
        }
    }

    return member->slot;
}


static ngx_app_member_t *
ngx_app_scope_add_member(ngx_app_scope_t *scope, ngx_app_symbol_t *sym,
    ngx_str_t *name)
{
    ngx_str_t          copy;
    ngx_app_member_t  *member;

    if (ngx_app_scope_copy(scope->pool, &copy, name) != NGX_OK) {
        return NULL;
    }

    member = ngx_array_push(&sym->members);
    if (member == NULL) {
        return NULL;
    }

    member->name = copy;
    member->slot = scope->nslots++;
    member->used = 0;

    return member;
}


ngx_app_symbol_t *
ngx_app_scope_lookup(ngx_app_scope_t *scope, ngx_str_t *name)
{
    ngx_uint_t          i;
    ngx_app_symbol_t  **sym;

    sym = scope->symbols.elts;

    for (i = 0; i < scope->symbols.nelts; i++) {

        if (sym[i]->name.len == name->len
            && ngx_memcmp(sym[i]->name.data, name->data, name->len) == 0)
        {
            return sym[i];
        }
    }

    return NULL;
}


ngx_app_member_t *
ngx_app_scope_find_member(ngx_app_symbol_t *sym, ngx_str_t *name)
{
    ngx_uint_t         i;
    ngx_app_member_t  *member;

    member = sym->members.elts;

    for (i = 0; i < sym->members.nelts; i++) {

        if (member[i].name.len == name->len
            && ngx_memcmp(member[i].name.data, name->data, name->len) == 0)
        {
            return &member[i];
        }
    }

    return NULL;
}


ngx_int_t
ngx_app_scope_resolve(ngx_app_lang_t *lc, ngx_str_t *dotted,
    ngx_uint_t *slot)
{
    u_char            *dot, *last;
    ngx_str_t          name, member;
    ngx_app_symbol_t  *sym;

    lc->err.len = 0;
    last = dotted->data + dotted->len;

    dot = ngx_strlchr(dotted->data, last, '.');

    name.data = dotted->data;
    name.len = (dot != NULL) ? (size_t) (dot - dotted->data) : dotted->len;

    sym = ngx_app_scope_lookup(lc->scope, &name);

    if (sym == NULL) {
        ngx_app_scope_unknown(lc, &name);
        return NGX_DECLINED;
    }

    if (dot == NULL && sym->kind == NGX_APP_SYMBOL_RECORD
        && !(sym->flags & NGX_APP_SCOPE_WHOLE))
    {
        ngx_app_lang_error(lc, "\"%V\" is no value, use ", &sym->name);
        ngx_app_scope_list_members(lc, sym);
        return NGX_DECLINED;
    }

    if (dot == NULL) {
        sym->whole++;
        *slot = sym->slot;

        return NGX_OK;
    }

    member.data = dot + 1;
    member.len = last - member.data;

    return ngx_app_scope_resolve_member(lc, sym, &member, slot);
}


static ngx_int_t
ngx_app_scope_resolve_member(ngx_app_lang_t *lc, ngx_app_symbol_t *sym,
    ngx_str_t *name, ngx_uint_t *slot)
{
    ngx_app_member_t  *member;

    if (sym->kind == NGX_APP_SYMBOL_SCALAR) {
        ngx_app_lang_error(lc, "\"%V\" is a single value and has no member "
                           "\"%V\": write \"%V\"", &sym->name, name,
                           &sym->name);
        return NGX_DECLINED;
    }

    member = ngx_app_scope_find_member(sym, name);

    if (member == NULL) {

        if (sym->kind != NGX_APP_SYMBOL_OBJECT) {
            ngx_app_lang_error(lc, "\"%V\" has no member \"%V\", use ",
                               &sym->name, name);
            ngx_app_scope_list_members(lc, sym);
            return NGX_DECLINED;
        }

        member = ngx_app_scope_add_member(lc->scope, sym, name);
        if (member == NULL) {
            return NGX_ERROR;
        }
    }

    member->used++;
    *slot = member->slot;

    return NGX_OK;
}


static void
ngx_app_scope_unknown(ngx_app_lang_t *lc, ngx_str_t *name)
{
    ngx_str_t  *near;

    near = ngx_app_scope_near(lc->scope, name);

    if (near != NULL) {
        ngx_app_lang_error(lc, "unknown name \"%V\", did you mean \"%V\"?",
                           name, near);
        return;
    }

    ngx_app_lang_error(lc, "unknown name \"%V\": no input and no step above "
                       "gives it", name);
}


ngx_str_t *
ngx_app_scope_near(ngx_app_scope_t *scope, ngx_str_t *name)
{
    ngx_str_t          *near, *found;
    ngx_uint_t          i, best;
    ngx_app_symbol_t  **sym;

    best = 0;
    near = NULL;
    sym = scope->symbols.elts;

    for (i = 0; i < scope->symbols.nelts; i++) {
        found = ngx_app_lang_nearer(name, &sym[i]->name, &best);
        if (found != NULL) {
            near = found;
        }
    }

    return near;
}


/* completes a message that ends in "use " */

static void
ngx_app_scope_list_members(ngx_app_lang_t *lc, ngx_app_symbol_t *sym)
{
    u_char            *p, *last;
    ngx_uint_t         i;
    ngx_app_member_t  *member;

    p = lc->errbuf + lc->err.len;
    last = lc->errbuf + NGX_APP_LANG_ERR_LEN;
    member = sym->members.elts;

    for (i = 0; i < sym->members.nelts; i++) {
        p = ngx_slprintf(p, last, "%s\"%V.%V\"",
                         (i == 0) ? ""
                         : (i + 1 == sym->members.nelts) ? " or " : ", ",
                         &sym->name, &member[i].name);
    }

    lc->err.len = p - lc->errbuf;
}


static ngx_int_t
ngx_app_scope_copy(ngx_pool_t *pool, ngx_str_t *to, ngx_str_t *from)
{
    to->data = ngx_pnalloc(pool, from->len);
    if (to->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(to->data, from->data, from->len);
    to->len = from->len;

    return NGX_OK;
}
