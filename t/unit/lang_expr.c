
/*
 * Copyright (C) the project authors
 */


#include "test.h"
#include "lang_env.h"

#include <lang/ngx_app_expr.h>


typedef struct {
    const char  *expr;
    const char  *json;      /* "absent", or the result as JSON */
} test_result_t;


typedef struct {
    const char  *expr;
    const char  *err;
} test_error_t;


static const test_result_t  test_results[] = {

    /* literals */

    { "1", "1" }, { "0", "0" }, { "007", "7" }, { "2.50", "2.50" },
    { "1e3", "1000" }, { "1.5E-1", "0.15" }, { "'a'", "\"a\"" },
    { "''", "\"\"" }, { "'it''s'", "\"it's\"" }, { "''''", "\"'\"" },
    { "'\"'", "\"\\\"\"" }, { "true", "true" }, { "FALSE", "false" },
    { "null", "null" }, { "NULL", "null" }, { "absent", "absent" },
    { " 1\t", "1" }, { "((1))", "1" },
    { "9223372036854775807", "9223372036854775807" },
    { "9223372036854775808", "9223372036854775808" },
    { "0.1234567890123456789", "0.1234567890123456789" },

    /* names */

    { "page", "2" }, { "title", "\"Caf\xc3\xa9 Noir\"" },
    { "missing", "absent" }, { "nothing", "null" }, { "price", "12.50" },
    { "offer.id", "7" }, { "offer.owner.username", "\"ann\"" },
    { "(offer.id)", "7" }, { "placed.affected", "1" },
    { "at", "\"2024-02-29T12:00:00.000Z\"" }, { "offers.count", "3" },
    { "offers", "[1,2,3]" }, { "$host", "\"example.com\"" },
    { "${host}", "\"example.com\"" }, { "$nohost", "absent" },

    /* arithmetic */

    { "1 + 2", "3" }, { "1+2*3", "7" }, { "(1+2)*3", "9" },
    { "7 - 2 - 1", "4" }, { "8 / 2 / 2", "2" }, { "7 / 2", "3.5" },
    { "6 / 2", "3" }, { "7 % 3", "1" }, { "-7 % 3", "-1" },
    { "7.5 % 2", "1.5" }, { "1 / 0", "null" }, { "1 % 0", "null" },
    { "1.0 / 0", "null" }, { "page / nothing", "null" },
    { "0 / 5", "0" }, { "-5", "-5" }, { "- - 5", "5" }, { "--5", "5" },
    { "2 - -3", "5" }, { "-page", "-2" }, { "-(1 + page)", "-3" },
    { "price + 1", "13.5" }, { "price * 2", "25" }, { "0.1 + 0.2",
      "0.30000000000000004" }, { "1 + true", "2" },
    { "'5' + 1", "6" }, { "title + 1", "null" }, { "missing + 1", "null" },
    { "at + 1", "null" }, { "offers + 1", "null" },
    { "9223372036854775807 + 1", "9.223372036854776e+18" },
    { "9223372036854775807 - 1", "9223372036854775806" },
    { "(-9223372036854775807 - 1) % -1", "0" },
    { "(-9223372036854775807 - 1) / -1", "9.223372036854776e+18" },
    { "-(-9223372036854775807 - 1)", "9.223372036854776e+18" },
    { "4611686018427387904 * 2", "9.223372036854776e+18" },
    { "3037000499 * 3037000499", "9223372030926249001" },
    { "1e308 * 10", "null" }, { "big + 0", "1.2345678901234568e+29" },
    { "page * limit", "40" }, { "(page - 1) * limit + 3", "23" },
    { "(page - 1) * limit + offers.count < 46", "true" },

    /* comparison */

    { "1 = 1", "true" }, { "1 == 1", "true" }, { "1 != 1", "false" },
    { "1 <> 2", "true" }, { "1 < 2", "true" }, { "2 <= 2", "true" },
    { "2 > 3", "false" }, { "3 >= 3", "true" }, { "1 = 1.0", "true" },
    { "1 = '1'", "true" }, { "1 = 'x'", "false" }, { "1 != 'x'", "true" },
    { "1 < 'x'", "false" }, { "'a' < 'b'", "true" }, { "'B' < 'a'", "true" },
    { "'10' < '9'", "true" }, { "10 < '9'", "false" },
    { "null = null", "true" }, { "null != null", "false" },
    { "null = missing", "true" }, { "null = 0", "false" },
    { "null != 0", "true" }, { "null < 1", "false" }, { "null > 1", "false" },
    { "null <= null", "false" }, { "null >= null", "false" },
    { "nothing = ''", "false" }, { "true = 1", "true" },
    { "false = 0", "true" }, { "true = 'true'", "false" },
    { "price = 12.5", "true" }, { "price > 12", "true" },
    { "price < 12.51", "true" }, { "big > 9223372036854775807", "true" },
    { "9007199254740993 = 9007199254740992", "false" },
    { "at = '2024-02-29T12:00:00Z'", "true" },
    { "at < '2024-03-01'", "true" }, { "at > '2024-02-29T14:00:00+02:00'",
      "false" }, { "at = 'x'", "false" }, { "at < now()", "true" },
    { "title = 'Caf\xc3\xa9 Noir'", "true" }, { "offers = offers", "false" },

    /* logic */

    { "true and true", "true" }, { "true and false", "false" },
    { "true or false", "true" }, { "false || false", "false" },
    { "true && 1", "true" }, { "1 and 'x'", "true" }, { "1 and ''", "false" },
    { "not true", "false" }, { "not not 1", "true" }, { "!0", "true" },
    { "!flag", "false" }, { "!flag = false", "true" },
    { "not flag = false", "true" }, { "not nothing", "true" },
    { "nothing and true", "false" }, { "nothing or 5", "true" },
    { "page and limit", "true" }, { "page or limit", "true" },
    { "nothing or missing", "false" }, { "page = 2 and limit = 20", "true" },
    { "page = 1 and limit = 20", "false" },
    { "page = 1 or page = 2 or page = 3", "true" },
    { "page = 1 or page = 4 and limit = 20", "false" },
    { "(page = 2 or page = 4) and limit = 20", "true" },
    { "true and page = 2", "true" }, { "false or page = 1", "false" },
    { "false and page = 2", "false" }, { "true or page = 1", "true" },
    { "page and true", "true" }, { "page and false", "false" },
    { "(page or 0) and (nothing or 1)", "true" },
    { "not (page = 2 and limit = 20)", "false" },
    { "true and false or true", "true" },
    { "false or (page = 2 or 1) = true", "true" },
    { "(false and (page or 1)) = false", "true" },

    /* null, absent, in */

    { "missing is null", "true" }, { "nothing is null", "true" },
    { "page is null", "false" }, { "page is not null", "true" },
    { "missing is absent", "true" }, { "nothing is absent", "false" },
    { "nothing IS NOT NULL", "false" }, { "missing is not absent", "false" },
    { "blank is null", "false" }, { "page + nothing is null", "true" },
    { "page in (1, 2, 3)", "true" }, { "page not in (1, 2, 3)", "false" },
    { "page in (1)", "false" }, { "'b' in ('a', 'b')", "true" },
    { "nothing in (1, null)", "true" }, { "page in (limit, offer.id)",
      "false" }, { "page in (limit, offer.id, 1 + 1)", "true" },
    { "not page in (1)", "true" }, { "3 in (1, 2)", "false" },

    /* if, coalesce */

    { "if(page = 2, 'two', 'more')", "\"two\"" },
    { "if(page = 3, 'three', 'more')", "\"more\"" },
    { "if(true, 1, 2)", "1" }, { "if(null, 1, 2)", "2" },
    { "if(true, page, limit) + 1", "3" },
    { "if(false, page, limit) + 1", "21" },
    { "if(page, 1, 2) + 3", "4" }, { "if(nothing, 1, 2) + 3", "5" },
    { "3 + if(page, 1, 2)", "4" }, { "if(page, 1, 2) = 1 and true", "true" },
    { "if(if(page, false, true), 1, if(limit, 2, 3))", "2" },
    { "if(title = '', absent, title)", "\"Caf\xc3\xa9 Noir\"" },
    { "if(blank = '', absent, blank)", "absent" },
    { "if(missing = '', null, missing)", "absent" },
    { "if(blank = '', null, blank)", "null" },
    { "coalesce(missing, nothing, page)", "2" }, { "coalesce(page, 5)", "2" },
    { "coalesce(nothing, 5) + 1", "6" }, { "coalesce(missing)", "absent" },
    { "coalesce(null, null)", "null" }, { "coalesce(null, 3)", "3" },
    { "coalesce(nothing, 1) + coalesce(nothing, 2)", "3" },
    { "2 * coalesce(page, 1, 2)", "4" },

    /* numbers */

    { "abs(-3)", "3" }, { "abs(2.5)", "2.5" }, { "abs(-2.5)", "2.5" },
    { "abs('x')", "null" }, { "ceil(2.1)", "3" }, { "ceil(-2.1)", "-2" },
    { "floor(2.9)", "2" }, { "floor(-2.1)", "-3" }, { "ceil(5)", "5" },
    { "ceil(46 / 20)", "3" }, { "ceil(40 / 20)", "2" },
    { "ceil(offers.count / limit)", "1" }, { "ceil(null)", "null" },
    { "floor(1e300)", "1e+300" }, { "round(2.5)", "3" },
    { "round(-2.5)", "-3" }, { "round(2.4)", "2" }, { "round(2.345, 1)",
      "2.3" }, { "round(1.25, 1)", "1.3" }, { "round(12345, -2)", "12300" },
    { "round(12355, -1)", "12360" }, { "round(7, 2)", "7" },
    { "round(1e20, 3)", "1e+20" },
    { "round('x')", "null" }, { "round(1.5, null)", "null" },
    { "min(3, 1, 2)", "1" }, { "max(3, 1, 2)", "3" },
    { "min('b', 'a')", "\"a\"" }, { "max(1, null)", "null" },
    { "min(1, 'x')", "null" }, { "max(price, 12)", "12.50" },
    { "min(page, limit)", "2" }, { "min(null)", "null" },
    { "int('12')", "12" }, { "int(12.9)", "12" }, { "int(-12.9)", "-12" },
    { "int('12abc')", "null" }, { "int('')", "null" }, { "int(true)", "1" },
    { "int(1e19)", "null" }, { "int(at)", "null" }, { "int(null)", "null" },
    { "number('12.50')", "12.50" }, { "number('1e2')", "100" },
    { "number('x')", "null" }, { "number(price)", "12.50" },
    { "number(false)", "0" }, { "number(offers)", "null" },

    /* texts */

    { "length('')", "0" }, { "length('caf\xc3\xa9')", "4" },
    { "length(title)", "9" }, { "length(offers)", "3" },
    { "length(12345)", "5" }, { "length(null)", "null" },
    { "length(offers) > 2 and length(title) > 2", "true" },
    { "lower('ABC\xc3\x89')", "\"abc\xc3\x89\"" },
    { "upper('abc')", "\"ABC\"" }, { "upper(null)", "null" },
    { "trim('  a b\t')", "\"a b\"" }, { "trim('   ')", "\"\"" },
    { "concat('a', 1, null, true, 2.50)", "\"a1true2.50\"" },
    { "concat(null)", "\"\"" }, { "concat('x', title)",
      "\"xCaf\xc3\xa9 Noir\"" }, { "concat('', '')", "\"\"" },
    { "substr('hello', 2)", "\"ello\"" }, { "substr('hello', 2, 3)",
      "\"ell\"" }, { "substr('hello', -3)", "\"llo\"" },
    { "substr('hello', -3, 2)", "\"ll\"" }, { "substr('hello', 0)", "\"\"" },
    { "substr('hello', 9)", "\"\"" }, { "substr('hello', 1, 99)",
      "\"hello\"" }, { "substr('hello', 1, -1)", "\"\"" },
    { "substr('caf\xc3\xa9s', 4, 1)", "\"\xc3\xa9\"" },
    { "substr(title, 5, 5)", "\" Noir\"" }, { "substr('a', 'x')", "null" },
    { "contains('hello', 'll')", "true" }, { "contains('hello', '')",
      "true" }, { "contains('', '')", "true" }, { "contains('hello', 'L')",
      "false" }, { "contains(null, 'a')", "null" },
    { "contains('a', 'ab')", "false" },
    { "starts_with('hello', 'he')", "true" },
    { "starts_with('hello', 'lo')", "false" },
    { "starts_with('h', 'hello')", "false" },
    { "ends_with('hello', 'lo')", "true" }, { "ends_with('', '')", "true" },
    { "ends_with('hello', 'he')", "false" },
    { "replace('a-b-c', '-', '+')", "\"a+b+c\"" },
    { "replace('aaa', 'aa', 'b')", "\"ba\"" },
    { "replace('abc', '', 'x')", "\"abc\"" },
    { "replace('abc', 'c', '')", "\"ab\"" },
    { "replace('abc', 'x', 'yyyy')", "\"abc\"" },
    { "replace('', 'x', 'y')", "\"\"" },
    { "replace('abc', null, 'y')", "null" },
    { "string(12)", "\"12\"" }, { "string(2.50)", "\"2.50\"" },
    { "string(true)", "\"true\"" }, { "string(null)", "null" },
    { "string(at)", "\"2024-02-29T12:00:00.000Z\"" },
    { "string(offers)", "\"[1,2,3]\"" },
    { "length(replace(text, 'x', 'yyyyyyyy'))", "null" },
    { "length(replace(text, 'x', 'y'))", "600000" },
    { "concat(text, text)", "null" },

    /* format */

    { "format('%d', 5)", "\"5\"" }, { "format('%05d', 42)", "\"00042\"" },
    { "format('%05d', -42)", "\"-0042\"" }, { "format('%5d|', 42)",
      "\"   42|\"" }, { "format('%-5d|', 42)", "\"42   |\"" },
    { "format('%.2f', 2.5)", "\"2.50\"" }, { "format('%.0f', 2.5)",
      "\"2\"" }, { "format('%f', 1)", "\"1.000000\"" },
    { "format('%7.2f', price)", "\"  12.50\"" },
    { "format('%s-%s', 'a', null)", "\"a-\"" },
    { "format('%6s|', '\xc3\xa9t\xc3\xa9')", "\"   \xc3\xa9t\xc3\xa9|\"" },
    { "format('100%%')", "\"100%\"" }, { "format('%d', 'x')", "null" },
    { "format('%d', '12')", "\"12\"" }, { "format('')", "\"\"" },
    { "format('%d/%d', page, limit)", "\"2/20\"" },
    { "format('%.2f', null)", "null" },

    /* codecs */

    { "url_decode('a%20b+c%C3%A9')", "\"a b c\xc3\xa9\"" },
    { "url_decode('100%')", "\"100%\"" }, { "url_decode('%4')", "\"%4\"" },
    { "url_decode('%zz%41')", "\"%zzA\"" }, { "url_decode('')", "\"\"" },
    { "url_encode('a b/\xc3\xa9?~-_.')", "\"a%20b%2F%C3%A9%3F~-_.\"" },
    { "url_encode('abc')", "\"abc\"" }, { "url_encode(null)", "null" },
    { "html_escape('<a b=\"c\">''&amp;')",
      "\"&lt;a b=&quot;c&quot;&gt;&#39;&amp;amp;\"" },
    { "html_escape('\xc3\xa9 abc')", "\"\xc3\xa9 abc\"" },
    { "html_escape('')", "\"\"" }, { "html_escape(null)", "null" },
    { "html_escape(12)", "\"12\"" },
    { "base64_encode('hello')", "\"aGVsbG8=\"" },
    { "base64_decode('aGVsbG8=')", "\"hello\"" },
    { "base64_decode('aGVsbG8')", "\"hello\"" },
    { "base64_decode('_-8') = base64_decode('/+8')", "true" },
    { "base64_decode('!')", "null" }, { "hex('az')", "\"617a\"" },
    { "match('abc', '^[a-c]+$')", "true" }, { "match('abd', '^[a-c]+$')",
      "false" }, { "match(null, 'a')", "false" },
    { "match('maps/place/Old+Town/@1', 'place/([^/@]+)', 1)",
      "\"Old+Town\"" }, { "match('abc', 'x(b)', 1)", "null" },
    { "match('abc', 'a(x)?b', 1)", "null" }, { "match('abc', 'b.', 0)",
      "\"bc\"" }, { "match('\xc3\xa9', '^.$')", "true" },
    { "match('\xff', '.')", "false" }, { "match('ABC', '(?i)^abc$')",
      "true" }, { "url_decode(match(title, '(\\w+)$', 1))", "\"Noir\"" },
    { "match(text, '(x+x+)+y')", "false" },
    { "match(if(page, 'ab', 'c'), '^(a)', 1)", "\"a\"" },
    { "match('a\n', 'a$')", "false" }, { "match('a\n', '^a\\s$')", "true" },
    { "match('a\n', '(?:b|a$)')", "false" }, { "match('a\n', 'a.$')",
      "false" }, { "match('a\nb\n', '(?m)^a$')", "true" },
    { "match('a\n', '(?m:a$)')", "true" }, { "match('a$', '^a[$]$')",
      "true" }, { "match('a$', '^a[]$]$')", "true" },
    { "match('a$', '^a[[:space:]$]$')", "true" },
    { "match('a$', '^a[^[:^alpha:]]')", "false" },
    { "match('a$', '^a\\$$')", "true" }, { "match('a$b', '^\\Qa$b\\E$')",
      "true" }, { "match('a]', '^a[\\]$]$')", "true" },
    { "match('ab', '^a(?#$)b$')", "true" }, { "match('ad\n', '^a\\c$$')",
      "false" },

    /* time */

    { "uptime() = unix(now()) + 0.5", "true" },
    { "now()", "\"2024-03-01T00:00:00.500Z\"" }, { "unix(now())",
      "1709251200" }, { "unix('1969-12-31T23:59:59.5Z')", "-1" },
    { "unix('x')", "null" }, { "unix(5)", "null" },
    { "datetime('2024-01-01')", "\"2024-01-01T00:00:00.000Z\"" },
    { "datetime(86400)", "\"1970-01-02T00:00:00.000Z\"" },
    { "datetime(1.5)", "\"1970-01-01T00:00:01.500Z\"" },
    { "datetime('x')", "null" }, { "datetime(1e300)", "null" },
    { "datetime(9223372036854775807)", "null" },
    { "date_add(at, 86400)", "\"2024-03-01T12:00:00.000Z\"" },
    { "date_add(at, -0.25)", "\"2024-02-29T11:59:59.750Z\"" },
    { "date_add('2024-01-01', 1)", "\"2024-01-01T00:00:01.000Z\"" },
    { "date_add('9999-12-31', 86400)", "null" },
    { "date_add(null, 1)", "null" }, { "date_add(at, null)", "null" },
    { "unix(at) - unix('2024-02-29')", "43200" },

    /* the request */

    { "random_hex(4)", "\"01020304\"" }, { "random_hex(0)", "null" },
    { "random_hex(65)", "null" }, { "length(random_hex(64))", "128" },
    { "random_int(5, 5)", "5" }, { "random_int(6, 5)", "null" },
    { "random_int(100000, 999999) >= 100000", "true" },
    { "random_int(100000, 999999) <= 999999", "true" },
    { "random_int(-9223372036854775807, 9223372036854775807) is null",
      "false" },
    { "header('X-Test')", "\"yes\"" }, { "header('x-none')", "null" },
    { "accepts('text/html')", "true" }, { "accepts('TEXT/HTML')", "true" },
    { "accepts('image/png')", "true" }, { "accepts('application/json')",
      "false" }, { "accepts('application/xml')", "true" },
    { "accepts('text/plain')", "false" }, { "accepts('text/htm')", "false" }
};


static const test_error_t  test_errors[] = {
    { "", "the expression ends where a value must be" },
    { "1 +", "the expression ends where a value must be" },
    { "(1", "the expression ends where \")\" must be" },
    { "1)", "unexpected \")\" at character 2 where an operator or the end "
            "must be" },
    { "1 2", "unexpected \"2\" at character 3 where an operator or the end "
             "must be" },
    { "* 2", "unexpected \"*\" at character 1 where a value must be" },
    { "12abc", "invalid number \"12abc\" at character 1" },
    { "1.", "invalid number \"1.\" at character 1" },
    { "1 + 1.2.3", "invalid number \"1.2.3\" at character 5" },
    { "'abc", "the text that starts at character 1 has no end, add \"'\"" },
    { "\"abc\"", "unexpected \"\"\" at character 1: write text as '...'" },
    { ":page = 1", "unexpected \":\" at character 1: write names without "
                   "\":\"" },
    { "page & 1", "unexpected \"&\" at character 6: use \"and\"" },
    { "page === 1", "unexpected \"=\" at character 8: use \"=\"" },
    { "page ? 1 : 2", "unexpected \"?\" at character 6: use if(condition, "
                      "then, else)" },
    { "page ~ 'x'", "unexpected \"~\" at character 6: use match(text, "
                    "'regex')" },
    { "title like 'x'", "unexpected \"like\" at character 7: use "
                        "contains(), starts_with() or match()" },
    { "page between 1 and 2", "unexpected \"between\" at character 6: use "
                              "\">=\" and \"<=\" with \"and\"" },
    { "case", "unknown name \"case\": use if(condition, then, else)" },
    { "1 < 2 < 3", "a second \"<\" at character 7: join comparisons with "
                   "\"and\"" },
    { "pge", "unknown name \"pge\", did you mean \"page\"?" },
    { "xyz = 1", "unknown name \"xyz\": no input and no step above gives "
                 "it" },
    { "page.id", "\"page\" is a single value and has no member \"id\": "
                 "write \"page\"" },
    { "placed.ids", "\"placed\" has no member \"ids\", use \"placed.id\" or "
                    "\"placed.affected\"" },
    { "offers.id", "\"offers\" has no member \"id\", use "
                   "\"offers.count\"" },
    { "now", "unknown name \"now\": the function is written now()" },
    { "lenght(title)", "unknown function \"lenght\" at character 1, did you "
                       "mean length(text)?" },
    { "1 + frob(2)", "unknown function \"frob\" at character 5" },
    { "length()", "wrong number of arguments for \"length\", write "
                  "length(text)" },
    { "length(1, 2)", "wrong number of arguments for \"length\", write "
                      "length(text)" },
    { "if(1, 2)", "wrong number of arguments for \"if\", write "
                  "if(condition, then, else)" },
    { "if(1, 2, 3, 4)", "wrong number of arguments for \"if\", write "
                        "if(condition, then, else)" },
    { "coalesce()", "unexpected \")\" at character 10 where a value must "
                    "be" },
    { "now(1)", "wrong number of arguments for \"now\", write now()" },
    { "concat(1", "the expression ends where \",\" or \")\" must be" },
    { "page in 1", "unexpected \"1\" at character 9 where \"(\" with a list "
                   "must be" },
    { "page in ()", "unexpected \")\" at character 10 where a value must "
                    "be" },
    { "page is 1", "unexpected \"1\" at character 9 where \"null\" or "
                   "\"absent\" must be" },
    { "page not 1", "unexpected \"1\" at character 10 where \"in\" must "
                    "be" },
    { "title + 'x'", "\"+\" calculates with numbers: use concat(a, b) to "
                     "join text" },
    { "'x' + title", "\"+\" calculates with numbers: use concat(a, b) to "
                     "join text" },
    { "$page", "\"$page\" in an expression: write \"page\"" },
    { "$unknown", "unknown variable \"$unknown\"" },
    { "$", "no name after \"$\" at character 1, write $name for a variable "
           "of nginx" },
    { "match(title, '[')", "invalid pattern in match(): pcre2_compile() "
      "failed: missing terminating ] for character class in \"[\"" },
    { "match(title, 'a{2,1}b')", "invalid pattern in match(): pcre2_compile() "
      "failed: numbers out of order in {} quantifier in \"a{2,1}b\" at "
      "\"}b\"" },
    { "match(title, title)", "match() needs its pattern in quotes, as "
                             "match(name, '^[a-z]+$')" },
    { "match(title, 'a', 1)", "the pattern of match() has no group 1" },
    { "match(title, 'a', 10)", "the group of match() must be a number from "
                               "0 to 9" },
    { "format(title)", "format() needs its format in quotes, as "
                       "format('%05d', id)" },
    { "format('%x', 1)", "unknown \"%x\" in format(), use %s, %d, %05d, "
                         "%.2f or %%" },
    { "format('%99d', 1)", "unknown \"%99d\" in format(), use %s, %d, "
                           "%05d, %.2f or %%" },
    { "format('%d')", "format() has 0 values for a format of 1" },
    { "format('a', 1)", "format() has 1 values for a format of 0" },
    { "accepts('html')", "accepts() needs a type in quotes, as "
                         "accepts('text/html')" },
    { "header(title)", "header() needs a name in quotes, as "
                       "header('User-Agent')" },
    { "caf\xc3\xa9", "unexpected \"\xc3\xa9\" at character 4" },
    { "1 + \xc3\xa9", "unexpected \"\xc3\xa9\" at character 5" },
    { "'\xc3\xa9' ; 1", "unexpected \";\" at character 5" }
};


static void
test_expressions_have_results(void **state)
{
    ngx_str_t         s, text;
    ngx_uint_t        i, failed;
    test_env_t        t;
    ngx_app_buf_t     b;
    ngx_app_expr_t   *e;
    ngx_app_value_t   v, list;

    failed = 0;

    for (i = 0; i < sizeof(test_results) / sizeof(test_results[0]); i++) {
        test_env(&t, *state);

        text = test_copy(*state, test_results[i].expr,
                         ngx_strlen(test_results[i].expr));

        e = ngx_app_expr_compile(&t.lc, &text);

        if (e == NULL) {
            fail_msg("%s: %.*s", test_results[i].expr, (int) t.lc.err.len,
                     t.lc.err.data);
        }

        /* nothing of it may be needed any longer */

        ngx_memset(text.data, '#', text.len);

        assert_int_equal(test_env_eval(&t, e, &v), NGX_OK);

        if (v.type == NGX_APP_ABSENT) {
            ngx_str_set(&s, "absent");

        } else {
            ngx_app_buf_init(&b, *state, 128, 4 * 1024 * 1024);
            assert_int_equal(ngx_app_value_write_json(&b, &v), NGX_OK);

            list.type = NGX_APP_CHAIN;
            list.u.c.chain = ngx_app_buf_take(&b, &list.u.c.size);
            assert_int_equal(ngx_app_value_text(&list, *state, &s), NGX_OK);
        }

        if (s.len != ngx_strlen(test_results[i].json)
            || ngx_memcmp(s.data, test_results[i].json, s.len) != 0)
        {
            print_error("%s is %.*s, not %s\n", test_results[i].expr,
                        (int) s.len, s.data, test_results[i].json);
            failed++;
        }
    }

    assert_int_equal(failed, 0);
}


static void
test_errors_name_word_and_fix(void **state)
{
    ngx_str_t    text;
    ngx_uint_t   i, failed;
    test_env_t   t;

    failed = 0;

    for (i = 0; i < sizeof(test_errors) / sizeof(test_errors[0]); i++) {
        test_env(&t, *state);

        text = test_copy(*state, test_errors[i].expr,
                         ngx_strlen(test_errors[i].expr));

        if (ngx_app_expr_compile(&t.lc, &text) != NULL) {
            fail_msg("%s was compiled", test_errors[i].expr);
        }

        if (t.lc.err.len != ngx_strlen(test_errors[i].err)
            || ngx_memcmp(t.lc.err.data, test_errors[i].err, t.lc.err.len)
               != 0)
        {
            print_error("%s: %.*s, not %s\n", test_errors[i].expr,
                        (int) t.lc.err.len, t.lc.err.data,
                        test_errors[i].err);
            failed++;
        }
    }

    assert_int_equal(failed, 0);
}


static void
test_constant_is_folded(const char *expr, ngx_pool_t *pool,
    ngx_uint_t folded)
{
    ngx_str_t        text;
    test_env_t       t;
    ngx_app_expr_t  *e;

    test_env(&t, pool);
    text = test_copy(pool, expr, ngx_strlen(expr));

    e = ngx_app_expr_compile(&t.lc, &text);
    assert_non_null(e);

    if ((ngx_app_expr_constant(e) != NULL) != folded) {
        fail_msg("%s is%s constant", expr, folded ? " not" : "");
    }
}


static void
test_constants_are_folded(void **state)
{
    test_constant_is_folded("1 + 2 * 3", *state, 1);
    test_constant_is_folded("concat('a', upper('b'), 1 + 1)", *state, 1);
    test_constant_is_folded("false and page = 1", *state, 1);
    test_constant_is_folded("true or page = 1", *state, 1);
    test_constant_is_folded("if(1 < 2, 'a', page)", *state, 1);
    test_constant_is_folded("if(1 > 2, page, 'a')", *state, 1);
    test_constant_is_folded("2 in (1, 2)", *state, 1);
    test_constant_is_folded("match('abc', '^a')", *state, 1);
    test_constant_is_folded("not null is null", *state, 1);

    test_constant_is_folded("page", *state, 0);
    test_constant_is_folded("now()", *state, 0);
    test_constant_is_folded("random_int(1, 2)", *state, 0);
    test_constant_is_folded("header('x-test')", *state, 0);
    test_constant_is_folded("accepts('text/html')", *state, 0);
    test_constant_is_folded("if(page, 1, 1)", *state, 0);
}


static void
test_nesting_is_bounded(void **state)
{
    u_char            buf[8192], *p;
    ngx_str_t         text;
    ngx_uint_t        i, n;
    test_env_t        t;
    ngx_app_expr_t   *e;
    ngx_app_value_t   v;

    for (n = 60; n < 70; n++) {
        test_env(&t, *state);

        ngx_memset(buf, '(', n);
        buf[n] = '1';
        ngx_memset(buf + n + 1, ')', n);
        text.data = buf;
        text.len = 2 * n + 1;

        e = ngx_app_expr_compile(&t.lc, &text);
        assert_int_equal(e != NULL, n < NGX_APP_EXPR_MAX_DEPTH);

        ngx_memset(buf, '-', n);
        text.len = n + 1;

        e = ngx_app_expr_compile(&t.lc, &text);
        assert_int_equal(e != NULL, n < NGX_APP_EXPR_MAX_DEPTH);
    }

    /* a long chain is not nested */

    p = ngx_sprintf(buf, "page");

    for (i = 0; i < 1000; i++) {
        p = ngx_sprintf(p, " + page");
    }

    test_env(&t, *state);
    text.len = p - buf;
    e = ngx_app_expr_compile(&t.lc, &text);
    assert_non_null(e);
    assert_int_equal(test_env_eval(&t, e, &v), NGX_OK);
    assert_int_equal(v.u.i, 2002);

    /* a list needs a value each */

    p = ngx_sprintf(buf, "page in (page");

    for (i = 0; i < 200; i++) {
        p = ngx_sprintf(p, ", page");
    }

    *p++ = ')';
    text.len = p - buf;
    assert_null(ngx_app_expr_compile(&t.lc, &text));
    assert_str(t.lc.err, "the expression needs more than 128 values at a "
                         "time: split it with \"let\"");

    text.len = sizeof(buf);
    text.data = ngx_palloc(*state, NGX_APP_EXPR_MAX_LEN + 1);
    ngx_memset(text.data, ' ', NGX_APP_EXPR_MAX_LEN + 1);
    text.len = NGX_APP_EXPR_MAX_LEN + 1;
    assert_null(ngx_app_expr_compile(&t.lc, &text));
    assert_str(t.lc.err, "the expression is longer than 16384 characters");
}


static void
test_without_callbacks_there_is_null(void **state)
{
    ngx_str_t         text;
    ngx_uint_t        i;
    test_env_t        t;
    ngx_app_expr_t   *e;
    static const char  *exprs[] = { "header('a')", "random_hex(4)",
                                    "random_int(1, 2)", "$host",
                                    "if(accepts('text/html'), 1, null)",
                                    NULL };

    for (i = 0; exprs[i] != NULL; i++) {
        test_env(&t, *state);
        text = test_copy(*state, exprs[i], ngx_strlen(exprs[i]));
        e = ngx_app_expr_compile(&t.lc, &text);
        assert_non_null(e);

        t.env.header = NULL;
        t.env.random = NULL;
        t.env.variable = NULL;

        assert_int_equal(ngx_app_expr_test(e, &t.env), NGX_DECLINED);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_expressions_have_results),
        test_case(test_errors_name_word_and_fix),
        test_case(test_constants_are_folded),
        test_case(test_nesting_is_bounded),
        test_case(test_without_callbacks_there_is_null)
    };

    return test_run(tests);
}
