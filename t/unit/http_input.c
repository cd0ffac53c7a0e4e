
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <http/ngx_app_body.h>
#include <http/ngx_app_input.h>
#include <lang/ngx_app_lang.h>


#define TEST_WORDS  16


typedef struct {
    const char  *words;    /* with "|" between them */
    const char  *text;     /* NULL: not given */
    const char  *want;     /* the value, or NULL */
    const char  *fault;
} test_input_t;


static test_input_t  test_inputs[] = {

    /* "type value" */

    { "int", "0", "integer 0", NULL },
    { "int", "-17", "integer -17", NULL },
    { "int", "007", "integer 7", NULL },
    { "int", "9223372036854775807", "integer 9223372036854775807", NULL },
    { "int", "-9223372036854775808", "integer -9223372036854775808", NULL },
    { "int", "-9223372036854775809", NULL, "f must be an integer number" },
    { "int", "9223372036854775808", NULL, "f must be an integer number" },
    { "int", "1.0", NULL, "f must be an integer number" },
    { "int", "1e2", NULL, "f must be an integer number" },
    { "int", "abc", NULL, "f must be an integer number" },
    { "int", "", NULL, "f must be an integer number" },
    { "int", " 1", NULL, "f must be an integer number" },
    { "int", "0x10", NULL, "f must be an integer number" },
    { "int|trim", " 1\t", "integer 1", NULL },
    { "int", NULL, "absent", NULL },
    { "int|default=5", NULL, "integer 5", NULL },
    { "int|default=5", "7", "integer 7", NULL },
    { "int|empty=absent", "", "absent", NULL },
    { "int|empty=absent|default=5", "", "integer 5", NULL },
    { "int|empty=absent|trim", "  ", "absent", NULL },
    { "int|required", "1", "integer 1", NULL },
    { "int|required", NULL, NULL,
      "f must be an integer number, f should not be empty" },
    { "int|required", "", NULL,
      "f must be an integer number, f should not be empty" },
    { "int|min=1|max=100", "1", "integer 1", NULL },
    { "int|min=1|max=100", "100", "integer 100", NULL },
    { "int|min=1|max=100", "0", NULL, "f must not be less than 1" },
    { "int|min=1|max=100", "101", NULL, "f must not be greater than 100" },
    { "int|min=1|max=100|clamp", "0", "integer 1", NULL },
    { "int|min=1|max=100|clamp", "101", "integer 100", NULL },
    { "int|min=1|max=100|clamp", "x", NULL, "f must be an integer number" },
    { "int|min=1|max=100|clamp", "99999999999999999999", "integer 100", NULL },
    { "int|min=1|max=100|clamp", "-99999999999999999999", "integer 1", NULL },
    { "int|clamp", "99999999999999999999", "integer 9223372036854775807",
      NULL },
    { "int|clamp", "-99999999999999999999", "integer -9223372036854775808",
      NULL },
    { "int|clamp", "1.5", NULL, "f must be an integer number" },
    { "int|min=1|clamp", "99999999999999999999", NULL,
      "f must be an integer number" },
    { "int|min=1|max=100|clamp", "1.5", NULL, "f must be an integer number" },
    { "int|min=1|message=Pages begin with 1", "0", NULL,
      "Pages begin with 1" },
    { "int|required|message=Give a page", NULL, NULL, "Give a page" },

    { "number", "1", "integer 1", NULL },
    { "number", "6.5", "double 6.5", NULL },
    { "number", "-0.001", "double -0.001", NULL },
    { "number", "36.806494799999996", "double 36.806494799999996", NULL },
    { "number", "0000000000000000007.50", "double 7.5", NULL },
    { "number", "-7.50000000000000000000", "double -7.5", NULL },
    { "number", "0.1234567890123456789", "decimal 0.1234567890123456789",
      NULL },
    { "number", "12345678901234567.89", "decimal 12345678901234567.89",
      NULL },
    { "number", "9223372036854775808", "decimal 9223372036854775808", NULL },
    { "number", "1e3", "double 1000", NULL },
    { "number", "1e999", NULL,
      "f must be a number conforming to the specified constraints" },
    { "number", "NaN", NULL,
      "f must be a number conforming to the specified constraints" },
    { "number", "Infinity", NULL,
      "f must be a number conforming to the specified constraints" },
    { "number", "1.", NULL,
      "f must be a number conforming to the specified constraints" },
    { "number", "1,5", NULL,
      "f must be a number conforming to the specified constraints" },
    { "number", "1111111111111111111111111111111111111111111111111111111111"
      "1111111111", NULL,
      "f must be a number conforming to the specified constraints" },
    { "number|min=0.5|max=9.99", "0.49", NULL, "f must not be less than 0.5" },
    { "number|min=0.5|max=9.99", "9.990000000000000000001", NULL,
      "f must not be greater than 9.99" },
    { "number|min=0.5|clamp", "-3", "decimal 0.5", NULL },

    { "string", "", "string ", NULL },
    { "string", "a b", "string a b", NULL },
    { "string|trim", " a b\r\n", "string a b", NULL },
    { "string|required", "", NULL, "f should not be empty" },
    { "string|required|trim", "  ", NULL, "f should not be empty" },
    { "string|required", NULL, NULL,
      "f must be a string, f should not be empty" },
    { "string|default=x", NULL, "string x", NULL },
    { "string|min=2|max=4", "a", NULL,
      "f must be longer than or equal to 2 characters" },
    { "string|min=2|max=4", "\xc3\xa9", NULL,
      "f must be longer than or equal to 2 characters" },
    { "string|min=2|max=4", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
      "string \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", NULL },
    { "string|min=2|max=4", "abcde", NULL,
      "f must be shorter than or equal to 4 characters" },
    { "string|min=2|required", "", NULL,
      "f must be longer than or equal to 2 characters, f should not be "
      "empty" },
    { "string|pattern=^[a-z]+$", "abc", "string abc", NULL },
    { "string|pattern=^[a-z]+$", "ab1", NULL,
      "f must match ^[a-z]+$ regular expression" },
    { "string|pattern=^[a-z]+$", "abc\n", NULL,
      "f must match ^[a-z]+$ regular expression" },
    { "string|pattern=b", "abc", "string abc", NULL },
    { "string|pattern=^.$", "\xc3\xa9", "string \xc3\xa9", NULL },
    /* would take as many steps as two to the power of forty */
    { "string|pattern=^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
      NULL, "f must match ^(a+)+$ regular expression" },
    { "string|max=2|pattern=^[a-z]+$", "123", NULL,
      "f must be shorter than or equal to 2 characters, "
      "f must match ^[a-z]+$ regular expression" },

    { "bool", "true", "boolean true", NULL },
    { "bool", "1", "boolean true", NULL },
    { "bool", "false", "boolean false", NULL },
    { "bool", "0", "boolean false", NULL },
    { "bool", "True", NULL, "f must be a boolean value" },
    { "bool", "yes", NULL, "f must be a boolean value" },
    { "bool", "2", NULL, "f must be a boolean value" },

    { "datetime", "2024-02-29", "time 2024-02-29T00:00:00.000Z", NULL },
    { "datetime", "2024-02-29T10:00:00+02:00",
      "time 2024-02-29T08:00:00.000Z", NULL },
    { "datetime", "2023-02-29", NULL,
      "f must be a valid ISO 8601 date string" },
    { "datetime", "tomorrow", NULL,
      "f must be a valid ISO 8601 date string" },
    { "datetime|min=2024-01-01", "2023-12-31T23:59:59Z", NULL,
      "f must not be less than 2024-01-01" },
    { "datetime|max=2024-01-01", "2024-01-01T00:00:00Z",
      "time 2024-01-01T00:00:00.000Z", NULL },

    { "email", "a@b.co", "string a@b.co", NULL },
    { "email", "first.last+tag@sub.example-x.org",
      "string first.last+tag@sub.example-x.org", NULL },
    { "email", "a@xn--e1afmkfd.xn--p1ai", "string a@xn--e1afmkfd.xn--p1ai",
      NULL },
    { "email", "a@b", NULL, "f must be an email" },
    { "email", "a@b.c", NULL, "f must be an email" },
    { "email", "@b.co", NULL, "f must be an email" },
    { "email", "a@", NULL, "f must be an email" },
    { "email", "a", NULL, "f must be an email" },
    { "email", "", NULL, "f must be an email" },
    { "email", "a@b@c.co", NULL, "f must be an email" },
    { "email", " a@b.co", NULL, "f must be an email" },
    { "email", "a b@b.co", NULL, "f must be an email" },
    { "email", "a@b .co", NULL, "f must be an email" },
    { "email", ".a@b.co", NULL, "f must be an email" },
    { "email", "a.@b.co", NULL, "f must be an email" },
    { "email", "a..b@b.co", NULL, "f must be an email" },
    { "email", "a@-b.co", NULL, "f must be an email" },
    { "email", "a@b-.co", NULL, "f must be an email" },
    { "email", "a@b..co", NULL, "f must be an email" },
    { "email", "a@b.co.", NULL, "f must be an email" },
    { "email", "a@127.0.0.1", NULL, "f must be an email" },
    { "email", "a,b@b.co", NULL, "f must be an email" },
    { "email", "a<b@b.co", NULL, "f must be an email" },
    { "email|trim", " a@b.co ", "string a@b.co", NULL },

    { "uuid", "0189aF00-1234-4abc-8def-0123456789ab",
      "string 0189aF00-1234-4abc-8def-0123456789ab", NULL },
    { "uuid", "0189af00-1234-4abc-8def-0123456789a", NULL,
      "f must be a UUID" },
    { "uuid", "0189af00-1234-4abc-8def-0123456789ag", NULL,
      "f must be a UUID" },
    { "uuid", "0189af0001234-4abc-8def-0123456789ab", NULL,
      "f must be a UUID" },

    { "enum(a, b,c d)", "c d", "string c d", NULL },
    { "enum(a, b)", "b", "string b", NULL },
    { "enum(a, b)", "B", NULL,
      "f must be one of the following values: a, b" },
    { "enum(a, b)", "", NULL,
      "f must be one of the following values: a, b" },
    { "enum(a,b)|required", NULL, NULL,
      "f must be one of the following values: a, b, f should not be empty" },
    { "enum(a,b)|default=b", NULL, "string b", NULL },

    { "json", "{\"a\":[1]}", "JSON {\"a\":[1]}", NULL },
    { "json", "{a:1}", NULL, "f must be a json string" },
    { "json", "", NULL, "f must be a json string" },
};


static struct {
    const char  *words;
    const char  *err;
} test_errors[] = {
    { "", "no type of input \"f\", write \"int\", \"string\" or another one "
      "behind the name" },
    { "it", "unknown type \"it\" of input \"f\", did you mean \"int\"?" },
    { "sting", "unknown type \"sting\" of input \"f\", did you mean "
      "\"string\"?" },
    { "decimal", "unknown type \"decimal\" of input \"f\", use int, number, "
      "string, bool, datetime, email, uuid, enum(a,b) or json" },
    { "enum", "\"enum\" without values, write \"enum(a,b)\"" },
    { "enum()", "empty value in \"enum()\", write \"enum(a,b)\"" },
    { "enum(a,b, a)", "\"a\" is given twice in \"enum(a,b, a)\"" },
    { "enum(a,,b)", "empty value in \"enum(a,,b)\", write \"enum(a,b)\"" },
    { "enum(a", "no \")\" at the end of \"enum(a\", "
      "write \"enum(a,b)\" without blanks" },
    { "enum(", "no \")\" at the end of \"enum(\", write \"enum(a,b)\" "
      "without blanks" },
    { "int|reqired", "unknown option \"reqired\", did you mean "
      "\"required\"?" },
    { "int|min", "unknown option \"min\", did you mean \"min=...\"?" },
    { "int|required=yes", "unknown option \"required=yes\", did you mean "
      "\"required\"?" },
    { "int|defualt=1", "unknown option \"defualt=1\", did you mean "
      "\"default=...\"?" },
    { "int|between=1", "unknown option \"between=1\", use required, "
      "default=, min=, max=, clamp, pattern=, trim, empty=absent, "
      "empty=allowed, null=absent, coerce, min_items=, max_items=, rules=, "
      "message= or one of a rule such as required_message=" },
    { "int|min=1|min=2", "duplicate option \"min\" of input \"f\"" },
    { "bool|min=1", "option \"min\" of input \"f\" does not go with type "
      "\"bool\", but with int, number, string and datetime" },
    { "datetime|clamp", "option \"clamp\" of input \"f\" does not go with "
      "type \"datetime\", but with int and number" },
    { "int|pattern=x", "option \"pattern\" of input \"f\" does not go with "
      "type \"int\", but with string" },
    { "int|min=x", "invalid \"min=x\" of input \"f\", use an integer" },
    { "int|max=", "invalid \"max=\" of input \"f\", use an integer" },
    { "number|min=x", "invalid \"min=x\" of input \"f\", use a number" },
    { "string|min=-1", "invalid \"min=-1\" of input \"f\", use a length in "
      "characters" },
    { "datetime|min=1", "invalid \"min=1\" of input \"f\", use an ISO 8601 "
      "date" },
    { "int|min=5|max=1", "\"min=5\" of input \"f\" is above \"max=1\"" },
    { "number|clamp", "option \"clamp\" of input \"f\" needs \"min=\" or "
      "\"max=\"" },
    { "int|required|default=1", "input \"f\" has both \"required\" and "
      "\"default=\", leave out one" },
    { "int|default=x", "invalid \"default=x\": f must be an integer number" },
    { "int|default=0|min=1|clamp|message=m", "invalid \"default=0\": f must "
      "not be less than 1" },
    { "enum(a,b)|default=c", "invalid \"default=c\": f must be one of the "
      "following values: a, b" },
    { "string|default=abc|max=2", "invalid \"default=abc\": f must be "
      "shorter than or equal to 2 characters" },
    { "string|pattern=", "empty \"pattern=\" of input \"f\", write a regular "
      "expression" },
    { "int|empty=null", "invalid value \"null\" of option \"empty\", write "
      "\"empty=absent\" or \"empty=allowed\"" },
    { "int|min_items=1", "option \"min_items\" of input \"f\" goes with "
      "arrays only, as in string[]" },
    { "int[]|max_items=0", "invalid \"max_items=0\" of input \"f\", use a "
      "number from 1" },
    { "int[]|min_items=3|max_items=2", "\"min_items=\" of input \"f\" is "
      "above \"max_items=\"" },
    { "int|rules=typ", "unknown rule \"typ\" of input \"f\", use type, text, "
      "integer, item, min, max, pattern, min_items, max_items or required" },
    { "int|rules=type,type", "rule \"type\" is twice in \"rules=\" of input "
      "\"f\"" },
    { "int|type_message=", "empty \"type_message=\" of input \"f\", write "
      "the text or leave it out" },
    { "int|min_message=a|min_message=b", "duplicate option \"min_message\" "
      "of input \"f\"" },
    { "int|null=", "invalid value \"\" of option \"null\", write "
      "\"null=absent\"" },
    { "int|message=", "empty \"message=\" of input \"f\", write the text or "
      "leave it out" },
};


static ngx_int_t
test_compile(ngx_app_lang_t *lc, ngx_pool_t *pool, ngx_app_input_t *in,
    const char *text)
{
    char        *p, *copy;
    ngx_str_t   *words, name = ngx_string("f");
    ngx_uint_t   n;

    ngx_app_lang_init(lc, pool, NULL);

    words = ngx_palloc(pool, TEST_WORDS * sizeof(ngx_str_t));
    copy = ngx_palloc(pool, ngx_strlen(text) + 1);
    ngx_memcpy(copy, text, ngx_strlen(text) + 1);

    n = 0;

    for (p = strtok(copy, "|"); p != NULL; p = strtok(NULL, "|")) {
        words[n++] = test_copy(pool, p, ngx_strlen(p));
    }

    return ngx_app_input_compile(lc, in, &name, words, n);
}


static ngx_str_t
test_show(ngx_pool_t *pool, ngx_app_value_t *v)
{
    u_char       *p;
    ngx_str_t     s, text;

    static const char  *names[] = {
        "absent", "null", "boolean ", "integer ", "double ", "decimal ",
        "string ", "time ", "JSON ", "chain "
    };

    ngx_str_null(&text);
    assert_int_not_equal(ngx_app_value_text(v, pool, &text), NGX_ERROR);

    s.data = ngx_palloc(pool, text.len + 20);
    p = ngx_sprintf(s.data, "%s%V", names[v->type], &text);
    s.len = p - s.data;

    return s;
}


static void
test_texts_become_values(void **state)
{
    ngx_int_t         rc;
    ngx_str_t         text, fault;
    ngx_uint_t        i;
    test_input_t     *t;
    ngx_app_lang_t    lc;
    ngx_app_input_t   in;
    ngx_app_value_t   value;

    for (i = 0; i < sizeof(test_inputs) / sizeof(test_inputs[0]); i++) {
        t = &test_inputs[i];

        if (test_compile(&lc, *state, &in, t->words) != NGX_OK) {
            fail_msg("%s: %.*s", t->words, (int) lc.err.len, lc.err.data);
        }

        if (t->text) {
            text = test_copy(*state, t->text, ngx_strlen(t->text));
        }

        rc = ngx_app_input_parse(&in, *state, t->text ? &text : NULL, &value,
                                 &fault);

        if (t->fault) {
            if (rc != NGX_DECLINED) {
                fail_msg("\"%s\" was accepted by %s", t->text, t->words);
            }

            assert_str_z(fault, t->fault);
            continue;
        }

        if (rc != NGX_OK) {
            fail_msg("\"%s\" was refused by %s: %.*s", t->text, t->words,
                     (int) fault.len, fault.data);
        }

        assert_str_z(test_show(*state, &value), t->want);
    }
}


static void
test_bad_declarations_are_told(void **state)
{
    ngx_uint_t        i;
    ngx_app_lang_t    lc;
    ngx_app_input_t   in;

    for (i = 0; i < sizeof(test_errors) / sizeof(test_errors[0]); i++) {
        assert_int_equal(test_compile(&lc, *state, &in, test_errors[i].words),
                         NGX_DECLINED);
        assert_str_z(lc.err, test_errors[i].err);
    }

    assert_int_equal(test_compile(&lc, *state, &in, "string|pattern=(a"),
                     NGX_DECLINED);
    assert_non_null(ngx_strnstr(lc.err.data,
                                "invalid \"pattern=\" of input \"f\": ",
                                lc.err.len));
}


static void
test_lengths_of_an_email(void **state)
{
    u_char           *p;
    ngx_str_t         text, fault;
    ngx_uint_t        n;
    ngx_app_lang_t    lc;
    ngx_app_input_t   in;
    ngx_app_value_t   value;

    assert_int_equal(test_compile(&lc, *state, &in, "email"), NGX_OK);

    text.data = ngx_palloc(*state, 400);

    for (n = 60; n < 70; n++) {
        ngx_memset(text.data, 'a', n);
        ngx_memcpy(text.data + n, "@b.co", 5);
        text.len = n + 5;

        assert_int_equal(ngx_app_input_parse(&in, *state, &text, &value,
                                             &fault),
                         (n <= 64) ? NGX_OK : NGX_DECLINED);
    }

    /* labels of 60 bytes up to a total of 254, then one byte more */

    for (n = 254; n <= 255; n++) {
        ngx_memset(text.data, 'a', n);
        text.data[1] = '@';

        for (p = text.data + 60; p < text.data + n - 10; p += 60) {
            *p = '.';
        }

        text.len = n;

        assert_int_equal(ngx_app_input_parse(&in, *state, &text, &value,
                                             &fault),
                         (n <= 254) ? NGX_OK : NGX_DECLINED);
    }
}


static void
test_values_are_checked(void **state)
{
    ngx_str_t         fault;
    ngx_app_lang_t    lc;
    ngx_app_input_t   in;
    ngx_app_value_t   value;

    assert_int_equal(test_compile(&lc, *state, &in, "int|min=1|default=3"),
                     NGX_OK);

    ngx_app_value_set_int(&value, 0);
    assert_int_equal(ngx_app_input_check(&in, *state, &value, 0, &fault),
                     NGX_DECLINED);
    assert_str(fault, "f must not be less than 1");

    ngx_app_value_set_double(&value, 1.5);
    assert_int_equal(ngx_app_input_check(&in, *state, &value, 0, &fault),
                     NGX_DECLINED);
    assert_str(fault, "f must be an integer number");

    value.type = NGX_APP_ABSENT;
    assert_int_equal(ngx_app_input_check(&in, *state, &value, 0, &fault),
                     NGX_OK);
    assert_str(test_show(*state, &value), "integer 3");

    value.type = NGX_APP_NULL;
    assert_int_equal(ngx_app_input_check(&in, *state, &value, 0, &fault),
                     NGX_OK);
    assert_str(test_show(*state, &value), "null");

    assert_int_equal(test_compile(&lc, *state, &in,
                                  "string|null=absent|required|coerce"),
                     NGX_OK);
    value.type = NGX_APP_NULL;
    assert_int_equal(ngx_app_input_check(&in, *state, &value, 0, &fault),
                     NGX_DECLINED);
    assert_str(fault, "f must be a string, f should not be empty");

    ngx_app_value_set_int(&value, 12345678);
    assert_int_equal(ngx_app_input_check(&in, *state, &value, 0, &fault),
                     NGX_OK);
    assert_str(test_show(*state, &value), "string 12345678");

    value.type = NGX_APP_JSON;
    ngx_str_set(&value.u.s, "[1]");
    assert_int_equal(ngx_app_input_check(&in, *state, &value, 0, &fault),
                     NGX_DECLINED);
    assert_str(fault, "f must be a string");

    assert_int_equal(ngx_app_input_fault(&in, *state, "must be given once",
                                         &fault), NGX_OK);
    assert_str(fault, "f must be given once");

    ngx_str_set(&in.message, "Own text");
    assert_int_equal(ngx_app_input_fault(&in, *state, "must be given once",
                                         &fault), NGX_OK);
    assert_str(fault, "Own text");
}


/*
 * A value is written as JSON; NULL is one that is not there.  Numbers, texts
 * and so on are told apart as in the body of a request.
 */

#define OWN_EMAIL  "email|coerce|required|rules=text,type"                   \
    "|text_message=email must be a string"                                   \
    "|type_message=Please provide a valid email address"
#define OWN_PASSWORD  "string|coerce|required|min=8|max=20"                  \
    "|rules=min,type,required"                                               \
    "|min_message=Password must be at least 8 characters long"               \
    "|type_message=password must be a string"                                \
    "|required_message=Password is required"                                 \
    "|max_message=password is too long"
#define OWN_NAME  "string|coerce|required|rules=required,type"
#define OWN_CONTACT  "email|coerce|required|rules=required,type"
#define OWN_QUANTITY  "int|coerce|required|min=1|rules=min,type,required"    \
    "|min_message=quantity must be at least 1"                               \
    "|type_message=quantity must be a number"                                \
    "|required_message=quantity is required"
#define OWN_RATING  "int|coerce|required|min=1|max=5"                        \
    "|rules=max,min,type,required"                                           \
    "|max_message=Rating must be at most 5"                                  \
    "|min_message=Rating must be at least 1"                                 \
    "|type_message=Rating must be a number"                                  \
    "|required_message=Rating is required"
#define OWN_START  "datetime|coerce|required|rules=text,required"            \
    "|text_message=f must be a string"
#define OWN_TAGS  "string[]|coerce|rules=type,item|default=[]"               \
    "|type_message=Tags must be an array"                                    \
    "|item_message=Each tag must be a string"
#define OWN_SUBJECT  "string|coerce|required|empty=allowed|rules=type"

static struct {
    const char  *words;
    const char  *json;
    const char  *value;
    const char  *fault;
} test_json[] = {
    { "int", "5", "integer 5", NULL },
    { "int", "5.00", "integer 5", NULL },
    { "int", "1e2", "integer 100", NULL },
    { "int", "1.5", NULL, "f must be an integer number" },
    { "int", "\"5\"", NULL, "f must be an integer number" },
    { "int", "true", NULL, "f must be an integer number" },
    { "int", "9223372036854775807", "integer 9223372036854775807", NULL },
    { "int", "9223372036854775808", NULL, "f must be an integer number" },
    { "int|coerce", "\" 5 \"", "integer 5", NULL },
    { "int|coerce", "\"\"", "integer 0", NULL },
    { "int|coerce", "true", "integer 1", NULL },
    { "int|coerce", "null", "absent", NULL },
    { "int|coerce", "\"1.5\"", NULL, "f must be an integer number" },
    { "int", "null", "null", NULL },
    { "int|null=absent|default=7", "null", "integer 7", NULL },
    { "number", "123456789012345678.123456789",
      "decimal 123456789012345678.123456789", NULL },
    { "number", "12345678901234567890123", "decimal 12345678901234567890123",
      NULL },
    { "number", "-1.25e-3", "decimal -0.00125", NULL },
    { "number", "\"5\"", NULL,
      "f must be a number conforming to the specified constraints" },
    { "number", "1e400", NULL,
      "f must be a number conforming to the specified constraints" },
    { "string", "5", NULL, "f must be a string" },
    { "string|coerce", "12.50", "string 12.50", NULL },
    { "string|coerce", "true", "string true", NULL },
    { "string|coerce", "[1]", NULL, "f must be a string" },
    { "string|coerce", "{}", NULL, "f must be a string" },
    { "bool", "1", NULL, "f must be a boolean value" },
    { "bool|coerce", "1", "boolean true", NULL },
    { "bool|coerce", "\"false\"", "boolean false", NULL },
    { "json", "{\"a\":1}", "JSON {\"a\":1}", NULL },
    { "json", "\"[1]\"", "JSON [1]", NULL },
    { "datetime", "\"2024-02-29\"", "time 2024-02-29T00:00:00.000Z", NULL },
    { "datetime", "5", NULL, "f must be a valid ISO 8601 date string" },

    { "int[]", "[1, 2.0,3]", "JSON [1,2,3]", NULL },
    { "int[]", "[]", "JSON []", NULL },
    { "int[]", "[1,\"2\"]", NULL,
      "each value in f must be an integer number" },
    { "int[]", "[null]", NULL, "each value in f must be an integer number" },
    { "int[]", "[[1]]", NULL, "each value in f must be an integer number" },
    { "int[]", "5", NULL, "f must be an array" },
    { "int[]", "{}", NULL, "each value in f must be an integer number, "
      "f must be an array" },
    { "int[]|coerce", "[\"1\",true]", "JSON [1,1]", NULL },
    { "int[]|max=5", "[6]", NULL,
      "each value in f must not be greater than 5" },
    { "number[]", "[0.1,10000000000000000000000.5]",
      "JSON [0.1,10000000000000000000000.5]", NULL },
    { "string[]|min_items=1", "[]", NULL,
      "f must contain at least 1 elements" },
    { "string[]|max_items=2", "[\"a\",\"b\",\"c\"]", NULL,
      "f must contain no more than 2 elements" },
    { "string[]", "[\"\\u0041\\n\"]", "JSON [\"A\\n\"]", NULL },
    { "enum(a,b)[]", "[\"b\",\"c\"]", NULL,
      "each value in f must be one of the following values: a, b" },
    { "string[]|required", NULL, NULL, "each value in f must be a string, "
      "f must be an array, f should not be empty" },
    { "string[]|message=Own", "[5]", NULL, "Own" },

    { OWN_EMAIL, NULL, NULL,
      "email must be a string, Please provide a valid email address" },
    { OWN_EMAIL, "[]", NULL,
      "email must be a string, Please provide a valid email address" },
    { OWN_EMAIL, "5", NULL, "Please provide a valid email address" },
    { OWN_EMAIL, "\"\"", NULL, "Please provide a valid email address" },
    { OWN_PASSWORD, NULL, NULL, "Password must be at least 8 characters long, "
      "password must be a string, Password is required" },
    { OWN_PASSWORD, "null", NULL, "Password must be at least 8 characters "
      "long, password must be a string, Password is required" },
    { OWN_PASSWORD, "\"\"", NULL,
      "Password must be at least 8 characters long, Password is required" },
    { OWN_PASSWORD, "\"short\"", NULL,
      "Password must be at least 8 characters long" },
    { OWN_PASSWORD, "[]", NULL, "Password must be at least 8 characters "
      "long, password must be a string" },
    { OWN_PASSWORD, "12345678", "string 12345678", NULL },
    { OWN_PASSWORD, "\"123456789012345678901\"", NULL,
      "password is too long" },
    { OWN_NAME, NULL, NULL, "f should not be empty, f must be a string" },
    { OWN_NAME, "\"\"", NULL, "f should not be empty" },
    { OWN_NAME, "{}", NULL, "f must be a string" },
    { OWN_CONTACT, "\"\"", NULL,
      "f should not be empty, f must be an email" },
    { OWN_CONTACT, "\"x\"", NULL, "f must be an email" },
    { OWN_QUANTITY, NULL, NULL, "quantity must be at least 1, quantity must "
      "be a number, quantity is required" },
    { OWN_QUANTITY, "\"abc\"", NULL,
      "quantity must be at least 1, quantity must be a number" },
    { OWN_QUANTITY, "0", NULL, "quantity must be at least 1" },
    { OWN_QUANTITY, "\"\"", NULL, "quantity must be at least 1" },
    { OWN_QUANTITY, "1.5", NULL, "f must be an integer number" },
    { OWN_RATING, NULL, NULL, "Rating must be at most 5, Rating must be at "
      "least 1, Rating must be a number, Rating is required" },
    { OWN_RATING, "6", NULL, "Rating must be at most 5" },
    { OWN_START, NULL, NULL, "f must be a string, f should not be empty" },
    { OWN_START, "\"\"", NULL, "f should not be empty" },
    { OWN_START, "\"soon\"", NULL,
      "f must be a valid ISO 8601 date string" },
    { OWN_TAGS, NULL, "JSON []", NULL },
    { OWN_TAGS, "null", "JSON []", NULL },
    { OWN_TAGS, "\"a\"", NULL, "Tags must be an array" },
    { OWN_TAGS, "{}", NULL,
      "Tags must be an array, Each tag must be a string" },
    { OWN_TAGS, "[{}]", NULL, "Each tag must be a string" },
    { OWN_SUBJECT, NULL, NULL, "f must be a string" },
    { OWN_SUBJECT, "\"\"", "string ", NULL },
};


static void
test_values_of_json(void **state)
{
    ngx_str_t              name = ngx_string("f"), text, fault;
    ngx_int_t              rc;
    ngx_uint_t             i;
    ngx_app_body_t        *body;
    ngx_app_lang_t         lc;
    ngx_app_input_t        in;
    ngx_app_body_value_t   v;
    ngx_app_body_limits_t  limits = { 32, 100, 100 };
    ngx_app_body_result_t  result;
    u_char                 buf[256];

    body = ngx_app_body_create(*state, &name, NULL, 1);
    assert_non_null(body);

    for (i = 0; i < sizeof(test_json) / sizeof(test_json[0]); i++) {

        text.data = buf;
        text.len = (test_json[i].json
                    ? ngx_sprintf(buf, "{\"f\":%s}", test_json[i].json)
                    : ngx_sprintf(buf, "{}"))
                   - buf;
        text = test_copy(*state, text.data, text.len);

        assert_int_equal(ngx_app_body_json(body, *state, &text, &limits, &v,
                                           &result), NGX_OK);
        assert_int_equal(test_compile(&lc, *state, &in, test_json[i].words),
                         NGX_OK);

        rc = ngx_app_input_check(&in, *state, &v.value, 0, &fault);

        if (test_json[i].fault) {
            assert_int_equal(rc, NGX_DECLINED);
            assert_str_z(fault, test_json[i].fault);

        } else {
            assert_int_equal(rc, NGX_OK);
            assert_str_z(test_show(*state, &v.value), test_json[i].value);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_texts_become_values),
        test_case(test_bad_declarations_are_told),
        test_case(test_lengths_of_an_email),
        test_case(test_values_are_checked),
        test_case(test_values_of_json),
    };

    return test_run(tests);
}
