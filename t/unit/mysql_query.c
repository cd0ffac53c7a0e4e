
/*
 * Copyright (C) the project authors
 */


#include "test.h"
#include "lang_env.h"

#include <mysql/ngx_app_mysql_query.h>


typedef struct {
    const char  *text;
    const char  *all;        /* with all optional parts */
    const char  *some;       /* with what the values of the test ask for */
    const char  *names;      /* of the parameters in "some", by a blank */
} test_query_t;


typedef struct {
    const char  *text;
    const char  *err;
} test_error_t;


static const test_query_t  test_queries[] = {
    { "SELECT 1", "SELECT 1", "SELECT 1", "" },
    { "SELECT :page", "SELECT ?", "SELECT ?", "page" },
    { "SELECT :page,:limit", "SELECT ?,?", "SELECT ?,?", "page limit" },
    { "a=:page AND b=:page", "a=? AND b=?", "a=? AND b=?", "page page" },
    { "(:offer.id)", "(?)", "(?)", "offer.id" },
    { ":offer.owner.username.", "?.", "?.", "offer.owner.username" },
    { "SELECT :page;", "SELECT ?", "SELECT ?", "page" },
    { "SELECT 1 ; \n -- end\n", "SELECT 1  \n  \n", "SELECT 1  \n  \n", "" },

    /* what is no parameter */

    { "SELECT ':page', \":page\", `:page`", "SELECT ':page', \":page\", "
      "`:page`", "SELECT ':page', \":page\", `:page`", "" },
    { "'it''s :page' :page", "'it''s :page' ?", "'it''s :page' ?", "page" },
    { "'a\\':page' :page", "'a\\':page' ?", "'a\\':page' ?", "page" },
    { "'a\\\\' :page", "'a\\\\' ?", "'a\\\\' ?", "page" },
    { "`a\\` :page", "`a\\` ?", "`a\\` ?", "page" },
    { "`a``:page` :page", "`a``:page` ?", "`a``:page` ?", "page" },
    { "\"a\"\":page\" :page", "\"a\"\":page\" ?", "\"a\"\":page\" ?",
      "page" },
    { "@a := 1, a:page, b::page, :1", "@a := 1, a:page, b::page, :1",
      "@a := 1, a:page, b::page, :1", "" },
    { "'?' `?` \"?\" ';'", "'?' `?` \"?\" ';'", "'?' `?` \"?\" ';'", "" },
    { "'[[' ']]' 1", "'[[' ']]' 1", "'[[' ']]' 1", "" },
    { "a[1] = b]", "a[1] = b]", "a[1] = b]", "" },

    /* comments */

    { "a -- :nope ' ?\n= :page", "a  \n= ?", "a  \n= ?", "page" },
    { "a # :nope ' ?\n= :page", "a  \n= ?", "a  \n= ?", "page" },
    { "a /* :nope ' ? ]] */ = :page", "a   = ?", "a   = ?", "page" },
    { "a/**/b", "a b", "a b", "" },
    { "SELECT /*+ HINT(:x) */ 1", "SELECT /*+ HINT(:x) */ 1",
      "SELECT /*+ HINT(:x) */ 1", "" },
    { "5--1", "5--1", "5--1", "" }, { "5 - -1", "5 - -1", "5 - -1", "" },
    { "1 --", "1  ", "1  ", "" }, { "'#' '--  ' '/*' 2",
      "'#' '--  ' '/*' 2", "'#' '--  ' '/*' 2", "" },
    { "6/2", "6/2", "6/2", "" },

    /* optional parts */

    { "a [[ AND b = :page ]] c", "a  AND b = ?  c", "a  AND b = ?  c",
      "page" },
    { "a [[ AND b = :missing ]] c", "a  AND b = ?  c", "a  c", "" },
    { "a[[,b=:nothing]]", "a,b=?", "a,b=?", "nothing" },
    { "a[[,b=:blank]]", "a,b=?", "a,b=?", "blank" },
    { "[[:page :missing]]x", "? ?x", "x", "" },
    { "[[:missing]][[:page]][[:missing]][[:limit]]", "????", "??",
      "page limit" },
    { "x = :limit[[ y = :page]] z = :title", "x = ? y = ? z = ?",
      "x = ? y = ? z = ?", "limit page title" },
    { "[['[[' :page /* ]] */]]", "'[[' ?  ", "'[[' ?  ", "page" },
    { "SELECT 1 [[ :page ]];", "SELECT 1  ? ", "SELECT 1  ? ", "page" }
};


static const test_error_t  test_errors[] = {
    { "", "the statement is empty" },
    { " -- x", "the statement is empty" },
    { ";", "no statement before \";\", at line 1, character 1 of the "
           "statement, near \";\"" },
    { "SELECT 1;;", "no statement before \";\", at line 1, character 10 of "
                    "the statement, near \";\"" },
    { "SELECT 1; SELECT 2", "more than one statement, write a step for "
      "each, at line 1, character 9 of the statement, near \"; SELECT 2\"" },
    { "SELECT 1;[[:page]]", "more than one statement, write a step for "
      "each, at line 1, character 9 of the statement, near "
      "\";[[:page]]\"" },
    { "SELECT ?", "\"?\" in a statement, write :name, at line 1, character "
                  "8 of the statement, near \"?\"" },
    { "SELECT\n  :pge", "unknown name \"pge\", did you mean \"page\"?" },
    { "SELECT :page.x", "\"page\" is a single value and has no member "
                        "\"x\": write \"page\"" },
    { "SELECT\n\xc3\xa9 'abc", "a string has no end, at line 2, character 3 "
      "of the statement, near \"'abc\"" },
    { "'abc\\'", "a string has no end, at line 1, character 1 of the "
                 "statement, near \"'abc\\'\"" },
    { "'abc\\", "a string has no end, at line 1, character 1 of the "
                "statement, near \"'abc\\\"" },
    { "`abc", "a name in \"`\" has no end, at line 1, character 1 of the "
              "statement, near \"`abc\"" },
    { "a /* b", "a comment has no end, at line 1, character 3 of the "
                "statement, near \"/* b\"" },
    { "a /*/", "a comment has no end, at line 1, character 3 of the "
               "statement, near \"/*/\"" },
    { "/*!50000 a */ b", "a comment that the server executes, write it as "
      "SQL, at line 1, character 1 of the statement, near "
      "\"/*!50000 a */ b\"" },
    { "/*M! a */ b", "a comment that the server executes, write it as SQL, "
      "at line 1, character 1 of the statement, near \"/*M! a */ b\"" },
    { "a [[ b", "\"[[\" has no end, add \"]]\", at line 1, character 3 of "
                "the statement, near \"[[ b\"" },
    { "a ]] b", "\"]]\" without \"[[\", at line 1, character 3 of the "
                "statement, near \"]] b\"" },
    { "a [[ b ]]", "\"[[ ]]\" needs a :name that decides whether it is "
      "kept, at line 1, character 3 of the statement, near \"[[ b ]]\"" },
    { "[[ :page [[ :limit ]] ]]", "\"[[\" inside of \"[[ ]]\", at line 1, "
      "character 10 of the statement, near \"[[ :limit ]] ]]\"" },
    { "[[ 'a ]]", "a string has no end, at line 1, character 4 of the "
                  "statement, near \"'a ]]\"" }
};


static ngx_app_mysql_query_t *
test_compile(test_env_t *t, ngx_pool_t *pool, const char *text)
{
    ngx_str_t               s;
    ngx_app_mysql_query_t  *q;

    test_env(t, pool);

    s = test_copy(pool, text, ngx_strlen(text));
    q = ngx_app_mysql_query_compile(&t->lc, &s);
    ngx_memset(s.data, '#', s.len);

    return q;
}


static void
test_statements_are_rewritten(void **state)
{
    u_char                 *p;
    ngx_str_t               sql, name, got;
    ngx_uint_t             *slots, n, i, k, slot;
    test_env_t              t;
    const char             *names;
    ngx_app_mysql_query_t  *q;

    for (i = 0; i < sizeof(test_queries) / sizeof(test_queries[0]); i++) {
        q = test_compile(&t, *state, test_queries[i].text);

        if (q == NULL) {
            fail_msg("%s: %.*s", test_queries[i].text, (int) t.lc.err.len,
                     t.lc.err.data);
        }

        test_env_fill(&t);

        assert_int_equal(ngx_app_mysql_query_build(q,
                             ngx_app_mysql_query_all(q), *state, &sql,
                             &slots, &n),
                         NGX_OK);
        assert_str_z(sql, test_queries[i].all);

        assert_int_equal(ngx_app_mysql_query_build(q,
                             ngx_app_mysql_query_mask(q, t.slots), *state,
                             &sql, &slots, &n),
                         NGX_OK);
        assert_str_z(sql, test_queries[i].some);

        names = test_queries[i].names;

        for (k = 0; k < n; k++) {
            name.data = (u_char *) (uintptr_t) names;
            p = (u_char *) strchr(names, ' ');
            name.len = (p != NULL) ? (size_t) (p - name.data)
                                   : ngx_strlen(names);
            names += name.len + (p != NULL);

            assert_int_equal(ngx_app_scope_resolve(&t.lc, &name, &slot),
                             NGX_OK);
            assert_int_equal(slot, slots[k]);
        }

        got.data = (u_char *) (uintptr_t) names;
        got.len = ngx_strlen(names);
        assert_str(got, "");
    }
}


static void
test_errors_name_place_and_fix(void **state)
{
    ngx_uint_t  i, failed;
    test_env_t  t;

    failed = 0;

    for (i = 0; i < sizeof(test_errors) / sizeof(test_errors[0]); i++) {

        if (test_compile(&t, *state, test_errors[i].text) != NULL) {
            fail_msg("%s was compiled", test_errors[i].text);
        }

        if (t.lc.err.len != ngx_strlen(test_errors[i].err)
            || ngx_memcmp(t.lc.err.data, test_errors[i].err, t.lc.err.len)
               != 0)
        {
            print_error("%s: %.*s, not %s\n", test_errors[i].text,
                        (int) t.lc.err.len, t.lc.err.data,
                        test_errors[i].err);
            failed++;
        }
    }

    assert_int_equal(failed, 0);
}


static void
test_zero_byte_is_refused(void **state)
{
    ngx_str_t   s;
    test_env_t  t;

    test_env(&t, *state);
    s = test_copy(*state, "SELECT \0", 8);

    assert_null(ngx_app_mysql_query_compile(&t.lc, &s));
    assert_str(t.lc.err, "a zero byte, at line 1, character 8 of the "
                         "statement, near \"\"");
}


static void
test_parts_and_parameters_are_bounded(void **state)
{
    u_char                  buf[16384], *p;
    ngx_str_t               s, sql;
    ngx_uint_t              i, n, *slots;
    test_env_t              t;
    ngx_app_mysql_query_t  *q;

    test_env(&t, *state);

    p = buf;

    for (i = 0; i < 32; i++) {
        p = ngx_sprintf(p, "[[:page]]");
    }

    s.data = buf;
    s.len = p - buf;

    q = ngx_app_mysql_query_compile(&t.lc, &s);
    assert_non_null(q);
    assert_true(ngx_app_mysql_query_all(q) == 0xffffffff);
    assert_true(ngx_app_mysql_query_mask(q, t.slots) == 0xffffffff);

    assert_int_equal(ngx_app_mysql_query_build(q, 0x80000001, *state, &sql,
                                               &slots, &n), NGX_OK);
    assert_str(sql, "??");
    assert_int_equal(n, 2);

    p = ngx_sprintf(p, "[[:page]]");
    s.len = p - buf;
    assert_null(ngx_app_mysql_query_compile(&t.lc, &s));

    p = buf;

    for (i = 0; i < 1024; i++) {
        p = ngx_sprintf(p, ":page ");
    }

    s.len = p - buf;
    assert_non_null(ngx_app_mysql_query_compile(&t.lc, &s));

    p = ngx_sprintf(p, ":page ");
    s.len = p - buf;
    assert_null(ngx_app_mysql_query_compile(&t.lc, &s));
}


static void
test_statements_that_may_open_a_transaction(void **state)
{
    ngx_str_t               s;
    ngx_uint_t              i;
    test_env_t              t;
    ngx_app_mysql_query_t  *q;

    static const struct {
        const char  *text;
        ngx_uint_t   may;
        ngx_uint_t   alters;
    } cases[] = {
        { "SELECT 1", 0, 0 },
        { " /* CALL */ insert into t values (:page)", 0, 0 },
        { "with\na AS (SELECT 1) SELECT * FROM a", 0, 0 },
        { "[[ UPDATE t SET a = :page ]]", 0, 0 },
        { "SELECT", 1, 0 },
        { "selected 1", 1, 0 },
        { ":page", 1, 0 },
        { "CALL p(:page)", 1, 0 },
        { "settle 1", 1, 0 },
        { "CREATE TABLE t (a INT)", 1, 0 },
        { "/* SELECT */ SET autocommit = 0", 1, 1 },
        { "set\n@a = :page", 1, 1 },
        { "LOCK TABLES t WRITE", 1, 1 },
        { "USE other", 1, 1 },
        { "CREATE TEMPORARY TABLE t (a INT)", 1, 1 }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_env(&t, *state);
        s = test_copy(*state, cases[i].text, strlen(cases[i].text));
        q = ngx_app_mysql_query_compile(&t.lc, &s);
        assert_non_null(q);

        if (ngx_app_mysql_query_may_begin(q) != cases[i].may) {
            fail_msg("%s", cases[i].text);
        }

        if (ngx_app_mysql_query_alters(q) != cases[i].alters) {
            fail_msg("alters: %s", cases[i].text);
        }
    }
}


/* whatever is cut off, nothing is read behind it */

static void
test_cut_statements_are_safe(void **state)
{
    size_t       len;
    ngx_str_t    s;
    test_env_t   t;
    const char   text[] = "SELECT 'a\\'' \"b\" `c` /*+ h */ -- x\n[[ AND a = "
                          ":offer.id ]] # y\n ;";

    for (len = 0; len < sizeof(text); len++) {
        test_env(&t, *state);
        s = test_copy(*state, text, len);
        (void) ngx_app_mysql_query_compile(&t.lc, &s);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_statements_are_rewritten),
        test_case(test_errors_name_place_and_fix),
        test_case(test_zero_byte_is_refused),
        test_case(test_parts_and_parameters_are_bounded),
        test_case(test_statements_that_may_open_a_transaction),
        test_case(test_cut_statements_are_safe)
    };

    return test_run(tests);
}
