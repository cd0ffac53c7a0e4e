# Copyright (C) the project authors
#
# What a route must not look like: its steps and their order.

use Test::App;
use Test::App::Conf;

Test::App::Conf::table(\*DATA);

done_testing;

__DATA__
== unknown step
respnd 200;
-- unknown directive "respnd" in route.conf:1
== unknown step close to none
frobnicate a b;
-- unknown directive "frobnicate" in route.conf:1
== http directive in a route
gzip on;
-- "gzip" directive is not allowed here in route.conf:1
== a location's directive in a route
return 200;
-- "return" directive is not allowed here in route.conf:1
== step without its semicolon
respond 200
-- unexpected end of file, expecting ";" or "}" in route.conf:2
== no respond
one offer "SELECT 1";
-- route "GET /x/:id" must end in a "respond" without "when=" in server.conf:1
== respond with when only
respond 200 when="id = 1";
-- route "GET /x/:id" must end in a "respond" without "when=" in server.conf:1
== step behind the respond
respond 200;
let a = "1";
-- "let" is never reached, the "respond" before it has no "when=" in
   route.conf:2
== second respond behind the respond
respond 200;
respond 201;
-- "respond" is never reached, the "respond" before it has no "when=" in
   route.conf:2
== input behind a step
let a = "1";
query limit int;
-- "query" must stand above the first step: all inputs are checked before the
   first step runs in route.conf:2
== step behind rescue
one "SELECT 1";
rescue { respond 500; }
respond 200;
-- "respond" must stand before "rescue", which is the end of its block in
   route.conf:3
== rescue twice
one "SELECT 1";
respond 200;
rescue { respond 500; }
rescue { respond 500; }
-- "rescue" directive is duplicate in route.conf:4
== rescue alone
rescue { respond 500; }
-- "rescue" directive has no step before it that could fail in route.conf:1
== rescue in rescue
one "SELECT 1";
respond 200;
rescue { rescue { respond 500; } }
-- "rescue" directive is not allowed here in route.conf:3
== input in rescue
one "SELECT 1";
respond 200;
rescue { query a int; }
-- "query" directive is not allowed here in route.conf:3
== rescue with an argument
one "SELECT 1";
respond 200;
rescue all { respond 500; }
-- invalid number of arguments in "rescue" directive in route.conf:3
== rescue without a block
one "SELECT 1";
respond 200;
rescue;
-- directive "rescue" has no opening "{" in route.conf:3
== error outside of rescue
let a = "error.status";
-- unknown name "error": no input and no step above gives it in "error.status"
   of "let" in route.conf:1
== unknown member of error
one "SELECT 1";
respond 200;
rescue { respond 500 '"${error.code}"'; }
-- "error" has no member "code", use "error.status" or "error.message" in
   ""${error.code}"" of "respond" in route.conf:3
== error as a whole
one "SELECT 1";
respond 200;
rescue { respond 500 $error; }
-- "error" is no value, use "error.status" or "error.message" in "$error" of
   "respond" in route.conf:3
== error is taken
query error string;
one "SELECT 1";
respond 200;
rescue { respond 500; }
-- the name "error" is taken, it is a single value already: use another name
   in "error" of "rescue" in route.conf:4
== unreachable in rescue
one "SELECT 1";
respond 200;
rescue { respond 500; respond 501; }
-- "respond" is never reached, the "respond" before it has no "when=" in
   route.conf:3
== summary twice
summary "a";
summary "b";
-- "summary" directive is duplicate in route.conf:2
== summary of two words
summary two words;
-- invalid number of arguments in "summary" directive in route.conf:1
== when of another step
one a "SELECT 1" when="total > 1";
-- unknown name "total": no input and no step above gives it in "total > 1" of
   "one" in route.conf:1
== when twice
one a "SELECT 1" when="id" when="id";
-- "when=" is given twice in "one" in route.conf:1
== empty when
one a "SELECT 1" when=;
-- "when=" in "one" needs a value in route.conf:1
== let without blanks around =
let a="1";
-- invalid "let", use let NAME = "expression" with blanks around the "=" in
   route.conf:1
== let without a value
let a =;
-- invalid "let", use let NAME = "expression" with blanks around the "=" in
   route.conf:1
== let of two words
let a = id + 1;
-- invalid "let", use let NAME = "expression" with blanks around the "=" in
   route.conf:1
== let with an input's name
let id = "1";
-- the name "id" is taken: use another name in "id" of "let" in route.conf:1
== let with a result's name
one offer "SELECT 1";
let offer = "1";
-- the name "offer" is taken, it is an object already: use another name in
   "offer" of "let" in route.conf:2
== let that reads itself
let a = "a + 1";
-- unknown name "a": no input and no step above gives it in "a + 1" of "let"
   in route.conf:1
== check without else
check "id > 1";
-- invalid "check", use check "expression" else=STATUS "message" in
   route.conf:1
== check without a condition
check else=400 "x";
-- invalid "check", use check "expression" else=STATUS "message" in
   route.conf:1
== check without a message
check "id" else=400;
-- "else=400" of "check" needs a message behind it, as in else=404 "Offer not
   found" in route.conf:1
== check with a status of success
check "id" else=200 "x";
-- invalid status in "else=200" of "check", use else=400 to else=599 in
   route.conf:1
== respond alone
respond;
-- invalid number of arguments in "respond" directive in route.conf:1
== respond with a status of 1xx
respond 100;
-- invalid status "100" in "respond", use 200 to 599 in route.conf:1
== respond with a status past 599
respond 600;
-- invalid status "600" in "respond", use 200 to 599 in route.conf:1
== respond with two bodies
respond 200 '{}' '{}';
-- unexpected "{}" in "respond", quote what has blanks in it in route.conf:1
== respond 204 with a body
respond 204 '{}';
-- "respond 204" takes no body in route.conf:1
== respond with an unknown name
respond $ofer;
-- unknown name "ofer", it is neither a value of the route nor a variable
   declared above it in "$ofer" of "respond" in route.conf:1
== respond with a near miss
one offer "SELECT 1";
respond $ofer;
-- unknown name "ofer", did you mean "offer"? in "$ofer" of "respond" in
   route.conf:2
== respond with an unknown option
respond 200 '{}' cookie=a;
-- unknown option "cookie=a" in "respond" in route.conf:1
== type twice
respond 200 x type=a type=b;
-- "type=" is given twice in "respond" in route.conf:1
== location with an unknown name
respond 302 location="/x/$slug";
-- unknown name "slug", it is neither a value of the route nor a variable
   declared above it in "/x/$slug" of "respond" in route.conf:1
== a body that nginx takes for a block
respond 200 {"a":1};
-- directive "respond" is not terminated by ";" in route.conf:1
