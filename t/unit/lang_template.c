
/*
 * Copyright (C) the project authors
 */


#include "test.h"
#include "lang_env.h"

#include <lang/ngx_app_template.h>
#include <json/ngx_app_json_read.h>


typedef struct {
    ngx_app_template_e   mode;
    const char          *text;
    const char          *result;
} test_template_t;


#define JSON  NGX_APP_TEMPLATE_JSON
#define TEXT  NGX_APP_TEMPLATE_TEXT
#define LINE  NGX_APP_TEMPLATE_LINE


static const test_template_t  test_templates[] = {
    { JSON, "{}", "{}" }, { JSON, " [ ] ", "[]" }, { JSON, "1", "1" },
    { JSON, "-0.5e+10", "-0.5e+10" }, { JSON, "0", "0" },
    { JSON, "[0, -1, 1.5, 2E3]", "[0,-1,1.5,2E3]" },
    { JSON, "true", "true" }, { JSON, "[null,\tfalse]", "[null,false]" },
    { JSON, "\"a b\\n\\u00e9\\\"\"", "\"a b\\n\\u00e9\\\"\"" },
    { JSON, "{ \"a b\" : { \"c\" : [ ] } ,\n \"d\":\"\" }",
      "{\"a b\":{\"c\":[]},\"d\":\"\"}" },
    { JSON, "$page", "2" }, { JSON, " $title ", "\"Caf\xc3\xa9 Noir\"" },
    { JSON, "${page}", "2" }, { JSON, "$missing", "null" },
    { JSON, "$nothing", "null" }, { JSON, "$price", "12.50" },
    { JSON, "$offers", "[1,2,3]" }, { JSON, "$offer", "{\"id\":7}" },
    { JSON, "[$page,$page]", "[2,2]" }, { JSON, "[ $page ]", "[2]" },
    { JSON, "{\"data\": $offers, \"page\": $page}",
      "{\"data\":[1,2,3],\"page\":2}" },
    { JSON, "{\"n\": ${offer.owner.username}, \"c\": ${offers.count}}",
      "{\"n\":\"ann\",\"c\":3}" },
    { JSON, "{\"m\": \"Hi $quoted!\"}", "{\"m\":\"Hi a\\\"b\\\\c\\r\\nd!\"}" },
    { JSON, "{\"m\": \"${page} of $offers $missing$json\"}",
      "{\"m\":\"2 of [1,2,3] {\\\"a\\\":[1]}\"}" },
    { JSON, "{\"k$page\": 1}", "{\"k2\":1}" },
    { JSON, "$quoted", "\"a\\\"b\\\\c\\r\\nd\"" },
    { JSON, "$json", "{\"a\":[1]}" }, { JSON, "$flag", "true" },
    { JSON, "\"$at\"", "\"2024-02-29T12:00:00.000Z\"" },
    { JSON, "[$host, $nohost, \"$host/$nohost\"]",
      "[\"example.com\",null,\"example.com/\"]" },
    { JSON, "\"US$$ 5$$\"", "\"US$ 5$\"" }, { JSON, "\"$$page\"",
      "\"$page\"" },
    { JSON, "\"$page.\"", "\"2.\"" }, { JSON, "\"$page.x\"", "\"2.x\"" },
    { JSON, "\"$offers.\"", "\"[1,2,3].\"" },

    { TEXT, "", "" }, { TEXT, "a b\n", "a b\n" },
    { TEXT, "$page$limit", "220" }, { TEXT, "{$page}", "{2}" },
    { TEXT, "/x?a=$title&b=${offer.id}&c=$missing",
      "/x?a=Caf\xc3\xa9 Noir&b=7&c=" },
    { TEXT, "$$1", "$1" }, { TEXT, "$offers $json", "[1,2,3] {\"a\":[1]}" },
    { TEXT, "$quoted", "a\"b\\c\r\nd" }, { TEXT, "$host:$price",
      "example.com:12.50" },
    { LINE, "a\t$quoted", "a\ta\"b\\c  d" }, { LINE, "$missing", "" },
    { LINE, "$page/$at", "2/2024-02-29T12:00:00.000Z" }
};


static const test_template_t  test_errors[] = {
    { JSON, "", "the template is no JSON: the text is empty" },
    { JSON, "  ", "the template is no JSON: the text is empty" },
    { JSON, "{", "the template is no JSON: the text ends inside an object, "
                 "add \"}\"" },
    { JSON, "{\"a\": [1", "the template is no JSON: the text ends inside an "
                          "array, add \"]\"" },
    { JSON, "\"abc", "the template is no JSON: the text ends inside a "
                     "string, add '\"'" },
    { JSON, "tru", "the template is no JSON: the text ends too early" },
    { JSON, "-", "the template is no JSON: the text ends too early" },
    { JSON, "1.", "the template is no JSON: the text ends too early" },
    { JSON, "1e", "the template is no JSON: the text ends too early" },
    { JSON, "{message: 1}", "the template is no JSON at \"m\" in line 1, "
                            "character 2: a key in quotes must be here" },
    { JSON, "{'a': 1}", "the template is no JSON at \"'\" in line 1, "
                        "character 2: a key in quotes must be here" },
    { JSON, "{\"a\": hello}", "the template is no JSON at \"h\" in line 1, "
                              "character 7: a value must be here" },
    { JSON, "{\"a\": 1,}", "the template is no JSON at \"}\" in line 1, "
                           "character 9: a key in quotes must be here" },
    { JSON, "[1,]", "the template is no JSON at \"]\" in line 1, character "
                    "4: a value must be here" },
    { JSON, "{\"a\" 1}", "the template is no JSON at \"1\" in line 1, "
                         "character 6: \":\" must be here" },
    { JSON, "{\"a\": 1\n \"b\": 2}", "the template is no JSON at \"\"\" in "
      "line 2, character 2: \",\" or \"}\" must be here" },
    { JSON, "[1 2]", "the template is no JSON at \"2\" in line 1, character "
                     "4: \",\" or \"]\" must be here" },
    { JSON, "[1}", "the template is no JSON at \"}\" in line 1, character 3: "
                   "\",\" or \"]\" must be here" },
    { JSON, "{} {}", "the template is no JSON at \"{\" in line 1, character "
                     "4: nothing may follow the JSON value" },
    { JSON, "01", "the template is no JSON at \"1\" in line 1, character 2: "
                  "nothing may follow the JSON value" },
    { JSON, "-a", "the template is no JSON at \"a\" in line 1, character 2: "
                  "a digit must be here" },
    { JSON, "trUe", "the template is no JSON at \"U\" in line 1, character "
                    "3: a value must be here" },
    { JSON, "\"\\x\"", "the template is no JSON at \"x\" in line 1, "
      "character 3: no such escape in JSON, write \"\\\\\" for a "
      "backslash" },
    { JSON, "\"\\u12g4\"", "the template is no JSON at \"g\" in line 1, "
      "character 6: \"\\u\" needs four hexadecimal digits" },
    { JSON, "\"a\nb\"", "the template is no JSON at line 1, character 3: a "
      "string has no line breaks and tabs, write \\n, \\t" },
    { JSON, "{$page: 1}", "the template is no JSON at \"$page\" in line 1, "
                          "character 2: a key must be in quotes" },
    { JSON, "{\"a\" $page}", "the template is no JSON at \"$page\" in line "
                             "1, character 6: \":\" is missing before it" },
    { JSON, "$page $limit", "the template is no JSON at \"$limit\" in line "
      "1, character 7: there is something before it already" },
    { JSON, "[$page ${limit}]", "the template is no JSON at \"${limit}\" in "
      "line 1, character 8: \",\" is missing before it" },
    { JSON, "[1$page]", "the template is no JSON at \"$page\" in line 1, "
      "character 3: \",\" is missing before it" },
    { JSON, "\"\\$page\"", "the template is no JSON at \"$page\" in line 1, "
      "character 3: a value cannot be a part of an escape" },
    { JSON, "[$page.x]", "the template is no JSON at \".\" in line 1, "
      "character 7: \",\" or \"]\" must be here" },
    { JSON, "$$", "the template is no JSON at \"$\" in line 1, character 2: "
                  "a value must be here" },
    { JSON, "$${", "the template is no JSON at \"$\" in line 1, character "
                   "2: a value must be here" },
    { TEXT, "$offer.id", "\"$offer.id\" must be written \"${offer.id}\"" },
    { TEXT, "$offers.count!", "\"$offers.count\" must be written "
                              "\"${offers.count}\"" },
    { TEXT, "cost: $ 5", "no name after \"$\" at line 1, character 7, write "
      "$name, ${name.member}, or $$ for a dollar sign" },
    { TEXT, "a\n${page", "no name after \"${\" at line 2, character 1, "
      "write $name, ${name.member}, or $$ for a dollar sign" },
    { TEXT, "${}", "no name after \"${\" at line 1, character 1, write "
      "$name, ${name.member}, or $$ for a dollar sign" },
    { TEXT, "$", "no name after \"$\" at line 1, character 1, write $name, "
      "${name.member}, or $$ for a dollar sign" },
    { TEXT, "$pge", "unknown name \"pge\", did you mean \"page\"?" },
    { TEXT, "$zzz", "unknown name \"zzz\": no input and no step above gives "
                    "it" },
    { TEXT, "${zzz.id}", "unknown name \"zzz\": no input and no step above "
                         "gives it" },
    { TEXT, "${page.id}", "\"page\" is a single value and has no member "
                          "\"id\": write \"page\"" },
    { TEXT, "${placed.x}", "\"placed\" has no member \"x\", use "
                           "\"placed.id\" or \"placed.affected\"" }
};


static ngx_app_template_t *
test_compile(test_env_t *t, ngx_pool_t *pool, const test_template_t *c)
{
    ngx_str_t            s;
    ngx_app_template_t  *tpl;

    test_env(t, pool);

    s = test_copy(pool, c->text, ngx_strlen(c->text));
    tpl = ngx_app_template_compile(&t->lc, &s, c->mode);
    ngx_memset(s.data, '#', s.len);

    if (tpl != NULL) {
        test_env_fill(t);
    }

    return tpl;
}


static void
test_templates_are_written(void **state)
{
    ngx_str_t            s;
    ngx_uint_t           i;
    test_env_t           t;
    ngx_app_template_t  *tpl;

    for (i = 0; i < sizeof(test_templates) / sizeof(test_templates[0]); i++) {
        tpl = test_compile(&t, *state, &test_templates[i]);

        if (tpl == NULL) {
            fail_msg("%s: %.*s", test_templates[i].text,
                     (int) t.lc.err.len, t.lc.err.data);
        }

        assert_int_equal(ngx_app_template_string(tpl, &t.env, 65536, &s),
                         NGX_OK);
        assert_str_z(s, test_templates[i].result);

        if (test_templates[i].mode == JSON) {
            assert_int_equal(ngx_app_json_valid(s.data, s.len, 64), NGX_OK);
        }
    }
}


static void
test_errors_name_place_and_fix(void **state)
{
    ngx_uint_t  i, failed;
    test_env_t  t;

    failed = 0;

    for (i = 0; i < sizeof(test_errors) / sizeof(test_errors[0]); i++) {

        if (test_compile(&t, *state, &test_errors[i]) != NULL) {
            fail_msg("%s was compiled", test_errors[i].text);
        }

        if (t.lc.err.len != ngx_strlen(test_errors[i].result)
            || ngx_memcmp(t.lc.err.data, test_errors[i].result,
                          t.lc.err.len)
               != 0)
        {
            print_error("%s: %.*s, not %s\n", test_errors[i].text,
                        (int) t.lc.err.len, t.lc.err.data,
                        test_errors[i].result);
            failed++;
        }
    }

    assert_int_equal(failed, 0);
}


static void
test_depth_is_bounded(void **state)
{
    u_char      buf[256];
    ngx_str_t   s;
    test_env_t  t;

    test_env(&t, *state);

    ngx_memset(buf, '[', 64);
    ngx_memset(buf + 64, ']', 64);
    s.data = buf;
    s.len = 128;
    assert_non_null(ngx_app_template_compile(&t.lc, &s, JSON));

    ngx_memset(buf, '[', 65);
    assert_null(ngx_app_template_compile(&t.lc, &s, JSON));
    assert_str(t.lc.err, "the template is no JSON at \"[\" in line 1, "
                         "character 65: more than 64 levels of objects and "
                         "arrays");
}


static void
test_a_list_streams_into_its_only_place(void **state)
{
    ngx_str_t             s, name = ngx_string("offers");
    test_env_t            t;
    ngx_app_buf_t         b;
    ngx_app_value_t       list;
    ngx_app_symbol_t     *sym;
    ngx_app_template_t   *tpl;

    static const test_template_t  one = {
        JSON, "{\"a\": $page, \"data\": $offers, \"n\": ${offers.count}}",
        NULL
    };

    static const test_template_t  two = {
        JSON, "[$offers, $offers]", NULL
    };

    static const test_template_t  quoted = {
        JSON, "\"$offers\"", NULL
    };

    tpl = test_compile(&t, *state, &one);
    sym = ngx_app_scope_lookup(t.lc.scope, &name);

    assert_int_equal(tpl->nparts, 7);
    assert_int_equal(sym->whole, 1);
    assert_int_equal(ngx_app_template_slot(tpl, sym->slot), 3);

    ngx_app_buf_init(&b, *state, 64, 4096);
    assert_int_equal(ngx_app_template_write(tpl, &t.env, &b, 0, 3), NGX_OK);
    assert_int_equal(ngx_app_buf_write(&b, "[]", 2), NGX_OK);
    assert_int_equal(ngx_app_template_write(tpl, &t.env, &b, 4, 7), NGX_OK);

    list.type = NGX_APP_CHAIN;
    list.u.c.chain = ngx_app_buf_take(&b, &list.u.c.size);
    assert_int_equal(ngx_app_value_text(&list, *state, &s), NGX_OK);
    assert_str(s, "{\"a\":2,\"data\":[],\"n\":3}");

    tpl = test_compile(&t, *state, &two);
    assert_int_equal(ngx_app_template_slot(tpl, sym->slot), NGX_DECLINED);

    tpl = test_compile(&t, *state, &quoted);
    assert_int_equal(ngx_app_template_slot(tpl, sym->slot), NGX_DECLINED);
}


static void
test_length_is_limited(void **state)
{
    ngx_str_t             s;
    test_env_t            t;
    ngx_app_template_t   *tpl;

    static const test_template_t  list = { TEXT, "$offers$title", NULL };
    static const test_template_t  literal = { TEXT, "abc", NULL };
    static const test_template_t  line = { LINE, "$title", NULL };

    tpl = test_compile(&t, *state, &list);
    assert_int_equal(ngx_app_template_string(tpl, &t.env, 17, &s), NGX_OK);
    assert_str(s, "[1,2,3]Caf\xc3\xa9 Noir");
    assert_int_equal(ngx_app_template_string(tpl, &t.env, 16, &s), NGX_BUSY);

    tpl = test_compile(&t, *state, &literal);
    assert_int_equal(ngx_app_template_string(tpl, &t.env, 3, &s), NGX_OK);
    assert_int_equal(ngx_app_template_string(tpl, &t.env, 2, &s), NGX_BUSY);

    tpl = test_compile(&t, *state, &line);
    assert_int_equal(ngx_app_template_string(tpl, &t.env, 9, &s), NGX_BUSY);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_templates_are_written),
        test_case(test_errors_name_place_and_fix),
        test_case(test_depth_is_bounded),
        test_case(test_a_list_streams_into_its_only_place),
        test_case(test_length_is_limited)
    };

    return test_run(tests);
}
