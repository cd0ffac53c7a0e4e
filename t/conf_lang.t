# Copyright (C) the project authors
#
# What templates and expressions must not look like.

use Test::App;
use Test::App::Conf;

Test::App::Conf::table(\*DATA);

done_testing;

__DATA__
== template: missing comma
respond '{"a": 1 "b": 2}';
-- the template is no JSON at """ in line 1, character 9: "," or "}" must be
   here in "{"a": 1 "b": 2}" of "respond" in route.conf:1
== template: no end
respond '{"a": 1';
-- the template is no JSON: the text ends inside an object, add "}" in "{"a":
   1" of "respond" in route.conf:1
== template: text behind its end
respond '{"a": 1} x';
-- the template is no JSON at "x" in line 1, character 10: nothing may follow
   the JSON value in "{"a": 1} x" of "respond" in route.conf:1
== template: key without quotes
respond '{a: 1}';
-- the template is no JSON at "a" in line 1, character 2: a key in quotes must
   be here in "{a: 1}" of "respond" in route.conf:1
== template: key that is a name
respond '{$id: 1}';
-- the template is no JSON at "$id" in line 1, character 2: a key must be in
   quotes in "{$id: 1}" of "respond" in route.conf:1
== template: last comma
respond '[1, 2,]';
-- the template is no JSON at "]" in line 1, character 7: a value must be here
   in "[1, 2,]" of "respond" in route.conf:1
== template: single quotes
respond "{'a': 1}";
-- the template is no JSON at "'" in line 1, character 2: a key in quotes must
   be here in "{'a': 1}" of "respond" in route.conf:1
== template: empty
respond 200 '';
-- the template is no JSON: the text is empty in "" of "respond" in
   route.conf:1
== template: plain text
respond 200 hello;
-- the template is no JSON at "h" in line 1, character 1: a value must be here
   in "hello" of "respond" in route.conf:1
== template: bad number
respond '[01]';
-- the template is no JSON at "1" in line 1, character 3: "," or "]" must be
   here in "[01]" of "respond" in route.conf:1
== template: two values in a row
respond '$id $id';
-- the template is no JSON at "$id" in line 1, character 5: there is something
   before it already in "$id $id" of "respond" in route.conf:1
== template: bad escape
respond '"\x"';
-- the template is no JSON at "x" in line 1, character 3: no such escape in
   JSON, write "\\" for a backslash in ""\x"" of "respond" in route.conf:1
== template: member without braces
one a "SELECT 1 AS b";
respond '"$a.b"';
-- "$a.b" must be written "${a.b}" in ""$a.b"" of "respond" in route.conf:2
== template: dollar sign alone
respond '"5 $"';
-- no name after "$" at line 1, character 4, write $name, ${name.member}, or
   $$ for a dollar sign in ""5 $"" of "respond" in route.conf:1
== template: braces that do not end
respond '"${id"';
-- no name after "${" at line 1, character 2, write $name, ${name.member}, or
   $$ for a dollar sign in ""${id"" of "respond" in route.conf:1
== template: second line
respond '{
    "a": 1,
    "b" 2
}';
-- the template is no JSON at "2" in line 3, character 9: ":" must be here in
   "{ "a": 1, "b" 2 }" of "respond" in route.conf:4
== template: unknown name, near miss
query limit int;
respond '{"limit": $limt}';
-- unknown name "limt", did you mean "limit"? in "{"limit": $limt}" of
   "respond" in route.conf:2
== template: unknown function
respond '"${lower(id)}"';
-- no name after "${" at line 1, character 2, write $name, ${name.member}, or
   $$ for a dollar sign in ""${lower(id)}"" of "respond" in route.conf:1
== expression: unknown name
let a = "limit + 1";
-- unknown name "limit": no input and no step above gives it in "limit + 1" of
   "let" in route.conf:1
== expression: near miss
query limit int;
let a = "limt + 1";
-- unknown name "limt", did you mean "limit"? in "limt + 1" of "let" in
   route.conf:2
== expression: unknown function
let a = "nvl(id, 1)";
-- unknown function "nvl" at character 1 in "nvl(id, 1)" of "let" in
   route.conf:1
== expression: unknown function, near miss
let a = "coalese(id, 1)";
-- unknown function "coalese" at character 1, did you mean coalesce(a, b,
   ...)? in "coalese(id, 1)" of "let" in route.conf:1
== expression: wrong number of arguments
let a = "substr(id)";
-- wrong number of arguments for "substr", write substr(text, from[, length])
   in "substr(id)" of "let" in route.conf:1
== expression: empty
let a = "";
-- the expression ends where a value must be in "" of "let" in route.conf:1
== expression: no end
let a = "id +";
-- the expression ends where a value must be in "id +" of "let" in
   route.conf:1
== expression: parenthesis
let a = "(id + 1";
-- the expression ends where ")" must be in "(id + 1" of "let" in route.conf:1
== expression: parenthesis too many
let a = "id + 1)";
-- unexpected ")" at character 7 where an operator or the end must be in "id +
   1)" of "let" in route.conf:1
== expression: text that does not end
let a = "concat(id, 'x)";
-- the text that starts at character 12 has no end, add "'" in "concat(id,
   'x)" of "let" in route.conf:1
== expression: double quotes
let a = 'id = "x"';
-- unexpected """ at character 6: write text as '...' in "id = "x"" of "let"
   in route.conf:1
== expression: two values in a row
let a = "id id";
-- unexpected "id" at character 4 where an operator or the end must be in "id
   id" of "let" in route.conf:1
== expression: chain of comparisons
let a = "1 < id < 5";
-- a second "<" at character 8: join comparisons with "and" in "1 < id < 5" of
   "let" in route.conf:1
== expression: text with +
let a = "'a' + id";
-- "+" calculates with numbers: use concat(a, b) to join text in "'a' + id" of
   "let" in route.conf:1
== expression: is what
let a = "id is 5";
-- unexpected "5" at character 7 where "null" or "absent" must be in "id is 5"
   of "let" in route.conf:1
== expression: in without a list
let a = "id in 5";
-- unexpected "5" at character 7 where "(" with a list must be in "id in 5" of
   "let" in route.conf:1
== expression: ternary
let a = "id > 1 ? 1 : 2";
-- unexpected "?" at character 8: use if(condition, then, else) in "id > 1 ? 1
   : 2" of "let" in route.conf:1
== expression: dollar of a value
let a = "$id + 1";
-- "$id" in an expression: write "id" in "$id + 1" of "let" in route.conf:1
== expression: unknown variable
let a = "$no_such_variable";
-- unknown name "no_such_variable", it is neither a value of the route nor a
   variable declared above it in "$no_such_variable" of "let" in route.conf:1
== expression: bad number
let a = "1.5.2";
-- invalid number "1.5.2" at character 1 in "1.5.2" of "let" in route.conf:1
== expression: function without its parentheses
let a = "now";
-- unknown name "now": the function is written now() in "now" of "let" in
   route.conf:1
== expression: pattern that is no text
let a = "match(id, id)";
-- match() needs its pattern in quotes, as match(name, '^[a-z]+$') in
   "match(id, id)" of "let" in route.conf:1
== expression: bad pattern
let a = "match(id, '(')";
-- invalid pattern in match(): pcre2_compile() failed: missing closing
   parenthesis in "(" in "match(id, '(')" of "let" in route.conf:1
== expression: group that is not there
let a = "match(id, '(a)', 2)";
-- the pattern of match() has no group 2 in "match(id, '(a)', 2)" of "let" in
   route.conf:1
== expression: group that is no number
let a = "match(id, '(a)', id)";
-- the group of match() must be a number from 0 to 9 in "match(id, '(a)', id)"
   of "let" in route.conf:1
== expression: format that is no text
let a = "format(id)";
-- format() needs its format in quotes, as format('%05d', id) in "format(id)"
   of "let" in route.conf:1
== expression: unknown format
let a = "format('%x', id)";
-- unknown "%x" in format(), use %s, %d, %05d, %.2f or %% in "format('%x',
   id)" of "let" in route.conf:1
== expression: format with too few values
let a = "format('%s %s', id)";
-- format() has 1 values for a format of 2 in "format('%s %s', id)" of "let"
   in route.conf:1
== expression: header by a value
let a = "header(id)";
-- header() needs a name in quotes, as header('User-Agent') in "header(id)" of
   "let" in route.conf:1
== expression: accepts by a value
let a = "accepts(id)";
-- accepts() needs a type in quotes, as accepts('text/html') in "accepts(id)"
   of "let" in route.conf:1
== expression: regular expression operator
let a = "id ~ '^a'";
-- unexpected "~" at character 4: use match(text, 'regex') in "id ~ '^a'" of
   "let" in route.conf:1
