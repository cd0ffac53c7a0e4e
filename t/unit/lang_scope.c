
/*
 * Copyright (C) the project authors
 */


#include "test.h"

#include <lang/ngx_app_scope.h>


static ngx_str_t
test_name(const char *name)
{
    ngx_str_t  s;

    s.len = ngx_strlen(name);
    s.data = (u_char *) (uintptr_t) name;

    return s;
}


static ngx_app_symbol_t *
test_define(ngx_app_lang_t *lc, const char *name, ngx_app_symbol_e kind,
    ngx_uint_t flags)
{
    ngx_str_t  s;

    s = test_name(name);

    return ngx_app_scope_define(lc, &s, kind, flags);
}


static ngx_uint_t
test_resolve(ngx_app_lang_t *lc, const char *name)
{
    ngx_str_t   s;
    ngx_uint_t  slot;

    s = test_name(name);

    return (ngx_app_scope_resolve(lc, &s, &slot) == NGX_OK)
           ? slot : NGX_APP_SCOPE_NONE;
}


static void
test_names_have_slots_of_their_own(void **state)
{
    ngx_app_lang_t     lc;
    ngx_app_symbol_t  *offer, *page;
    ngx_app_member_t  *m;

    ngx_app_lang_init(&lc, *state, ngx_app_scope_create(*state));

    page = test_define(&lc, "page", NGX_APP_SYMBOL_SCALAR, 0);
    offer = test_define(&lc, "offer", NGX_APP_SYMBOL_OBJECT, 0);
    assert_non_null(page);
    assert_non_null(offer);
    assert_int_not_equal(page->slot, offer->slot);

    assert_int_equal(test_resolve(&lc, "page"), page->slot);
    assert_int_equal(page->whole, 1);
    assert_int_equal(offer->whole, 0);
    assert_int_equal(offer->members.nelts, 0);

    assert_int_equal(test_resolve(&lc, "offer.id"), 2);
    assert_int_equal(test_resolve(&lc, "offer.owner.name"), 3);
    assert_int_equal(test_resolve(&lc, "offer.id"), 2);
    assert_int_equal(test_resolve(&lc, "offer"), offer->slot);

    assert_int_equal(offer->whole, 1);
    assert_int_equal(offer->members.nelts, 2);
    m = offer->members.elts;
    assert_str(m[1].name, "owner.name");
    assert_int_equal(m[0].used, 2);
    assert_int_equal(m[1].used, 1);
    assert_int_equal(lc.scope->nslots, 4);
}


static void
test_one_name_has_one_kind(void **state)
{
    ngx_app_lang_t     lc;
    ngx_app_symbol_t  *sym;

    ngx_app_lang_init(&lc, *state, ngx_app_scope_create(*state));

    sym = test_define(&lc, "a", NGX_APP_SYMBOL_OBJECT, 0);
    assert_ptr_equal(test_define(&lc, "a", NGX_APP_SYMBOL_OBJECT, 0), sym);

    assert_null(test_define(&lc, "a", NGX_APP_SYMBOL_LIST, 0));
    assert_str(lc.err, "the name \"a\" is taken, it is an object already: "
                       "use another name");

    assert_null(test_define(&lc, "a", NGX_APP_SYMBOL_OBJECT,
                            NGX_APP_SCOPE_ONCE));
    assert_str(lc.err, "the name \"a\" is taken: use another name");

    assert_non_null(test_define(&lc, "in1", NGX_APP_SYMBOL_SCALAR,
                                NGX_APP_SCOPE_ONCE));
    assert_null(test_define(&lc, "in1", NGX_APP_SYMBOL_SCALAR, 0));

    assert_null(test_define(&lc, "and", NGX_APP_SYMBOL_SCALAR, 0));
    assert_str(lc.err, "the name \"and\" is a word of expressions: use "
                       "another name");
    assert_null(test_define(&lc, "Null", NGX_APP_SYMBOL_SCALAR, 0));

    assert_null(test_define(&lc, "a-b", NGX_APP_SYMBOL_SCALAR, 0));
    assert_str(lc.err, "invalid name \"a-b\", use letters, digits and "
                       "\"_\", a letter first");
    assert_null(test_define(&lc, "1a", NGX_APP_SYMBOL_SCALAR, 0));
    assert_null(test_define(&lc, "", NGX_APP_SYMBOL_SCALAR, 0));
    assert_null(test_define(&lc, "a.b", NGX_APP_SYMBOL_SCALAR, 0));
}


static void
test_unknown_names_come_with_the_nearest(void **state)
{
    ngx_app_lang_t     lc;
    ngx_app_symbol_t  *sym;

    ngx_app_lang_init(&lc, *state, ngx_app_scope_create(*state));

    (void) test_define(&lc, "quantity", NGX_APP_SYMBOL_SCALAR, 0);
    (void) test_define(&lc, "list", NGX_APP_SYMBOL_LIST, 0);
    sym = test_define(&lc, "placed", NGX_APP_SYMBOL_RECORD, 0);

    assert_int_not_equal(ngx_app_scope_member(lc.scope, sym, "id"),
                         NGX_APP_SCOPE_NONE);
    assert_int_equal(ngx_app_scope_member(lc.scope, sym, "id"),
                     ngx_app_scope_member(lc.scope, sym, "id"));

    assert_int_equal(test_resolve(&lc, "quantty"), NGX_APP_SCOPE_NONE);
    assert_str(lc.err, "unknown name \"quantty\", did you mean "
                       "\"quantity\"?");

    assert_int_equal(test_resolve(&lc, "lsit.count"), NGX_APP_SCOPE_NONE);
    assert_str(lc.err, "unknown name \"lsit\", did you mean \"list\"?");

    assert_int_equal(test_resolve(&lc, "price"), NGX_APP_SCOPE_NONE);
    assert_str(lc.err, "unknown name \"price\": no input and no step above "
                       "gives it");

    assert_int_equal(test_resolve(&lc, "placed.affected"),
                     NGX_APP_SCOPE_NONE);
    assert_str(lc.err, "\"placed\" has no member \"affected\", use "
                       "\"placed.id\"");

    assert_int_not_equal(test_resolve(&lc, "list.count"),
                         NGX_APP_SCOPE_NONE);
    assert_int_equal(test_resolve(&lc, "quantity.x"), NGX_APP_SCOPE_NONE);
    assert_str(lc.err, "\"quantity\" is a single value and has no member "
                       "\"x\": write \"quantity\"");
}


/* a message that does not fit is cut, not written past its end */

static void
test_long_names_fit_in_messages(void **state)
{
    u_char          name[600];
    ngx_str_t       s;
    ngx_uint_t      slot;
    ngx_app_lang_t  lc;

    ngx_app_lang_init(&lc, *state, ngx_app_scope_create(*state));

    ngx_memset(name, 'a', sizeof(name));
    s.data = name;
    s.len = sizeof(name);

    assert_int_equal(ngx_app_scope_resolve(&lc, &s, &slot), NGX_DECLINED);
    assert_int_equal(lc.err.len, NGX_APP_LANG_ERR_LEN);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_names_have_slots_of_their_own),
        test_case(test_one_name_has_one_kind),
        test_case(test_unknown_names_come_with_the_nearest),
        test_case(test_long_names_fit_in_messages)
    };

    return test_run(tests);
}
