# Copyright (C) the project authors
#
# What inputs must not look like.

use Test::App;
use Test::App::Conf;

Test::App::Conf::table(\*DATA);

done_testing;

__DATA__
== query without a type
query limit;
-- "query limit" needs a type, as in query limit int in route.conf:1
== query alone
query;
-- invalid number of arguments in "query" directive in route.conf:1
== unknown type, near miss
query limit nt;
-- unknown type "nt" of input "limit", did you mean "int"? in "limit" of
   "query" in route.conf:1
== unknown type
query limit integer32;
-- unknown type "integer32" of input "limit", use int, number, string, bool,
   datetime, email, uuid, enum(a,b) or json in "limit" of "query" in
   route.conf:1
== enum without values
query a enum;
-- "enum" without values, write "enum(a,b)" in "a" of "query" in route.conf:1
== enum that does not end
query a enum(x;
-- no ")" at the end of "enum(x", write "enum(a,b)" without blanks in "a" of
   "query" in route.conf:1
== enum with an empty value
query a enum(x,,y);
-- empty value in "enum(x,,y)", write "enum(a,b)" in "a" of "query" in
   route.conf:1
== enum with blanks
query a enum(x, y);
-- no ")" at the end of "enum(x,", write "enum(a,b)" without blanks in "a" of
   "query" in route.conf:1
== unknown option
query a int optional;
-- unknown option "optional", use required, default=, min=, max=, clamp,
   pattern=, trim, empty=absent, empty=allowed, null=absent, coerce,
   min_items=, max_items=, rules=, message= or one of a rule such as
   required_message= in "a" of "query" in route.conf:1
== option, near miss
query a int reqired;
-- unknown option "reqired", did you mean "required"? in "a" of "query" in
   route.conf:1
== option with a value, near miss
query a int defalt=5;
-- unknown option "defalt=5", did you mean "default=..."? in "a" of "query" in
   route.conf:1
== option twice
query a int min=1 min=2;
-- duplicate option "min" of input "a" in "a" of "query" in route.conf:1
== option of another type
query a uuid min=1;
-- option "min" of input "a" does not go with type "uuid", but with int,
   number, string and datetime in "a" of "query" in route.conf:1
== clamp of a string
query a string max=5 clamp;
-- option "clamp" of input "a" does not go with type "string", but with int
   and number in "a" of "query" in route.conf:1
== clamp without bounds
query a number clamp;
-- option "clamp" of input "a" needs "min=" or "max=" in "a" of "query" in
   route.conf:1
== pattern of an int
query a int pattern=^1;
-- option "pattern" of input "a" does not go with type "int", but with string
   in "a" of "query" in route.conf:1
== bounds the wrong way round
query a int min=5 max=1;
-- "min=5" of input "a" is above "max=1" in "a" of "query" in route.conf:1
== bound that is no number
query a int min=five;
-- invalid "min=five" of input "a", use an integer in "a" of "query" in
   route.conf:1
== bound of a string
query a string max=-1;
-- invalid "max=-1" of input "a", use a length in characters in "a" of "query"
   in route.conf:1
== bound of a date
query a datetime min=yesterday;
-- invalid "min=yesterday" of input "a", use an ISO 8601 date in "a" of
   "query" in route.conf:1
== default of another type
query a int default=many;
-- invalid "default=many": a must be an integer number in "a" of "query" in
   route.conf:1
== default out of bounds
query a int default=7 max=5;
-- invalid "default=7": a must not be greater than 5 in "a" of "query" in
   route.conf:1
== default that is no word of the enum
query a enum(x,y) default=z;
-- invalid "default=z": a must be one of the following values: x, y in "a" of
   "query" in route.conf:1
== required with a default
query a int required default=1;
-- input "a" has both "required" and "default=", leave out one in "a" of
   "query" in route.conf:1
== bad pattern
query a string pattern="(";
-- invalid "pattern=" of input "a": pcre2_compile() failed: missing closing
   parenthesis in "(" in "a" of "query" in route.conf:1
== empty=
query a string empty=null;
-- invalid value "null" of option "empty", write "empty=absent" or
   "empty=allowed" in "a" of "query" in route.conf:1
== null=
query a json null=empty;
-- invalid value "empty" of option "null", write "null=absent" in "a" of
   "query" in route.conf:1
== empty message
query a int message=;
-- empty "message=" of input "a", write the text or leave it out in "a" of
   "query" in route.conf:1
== empty message in quotes
query a int message="";
-- empty "message=" of input "a", write the text or leave it out in "a" of
   "query" in route.conf:1
== else without a status
query a int else= "x";
-- invalid status in "else=" of "query", use else=400 to else=599 in
   route.conf:1
== else with a status that is none
query a int else=200 "x";
-- invalid status in "else=200" of "query", use else=400 to else=599 in
   route.conf:1
== else with a word
query a int else=notfound "x";
-- invalid status in "else=notfound" of "query", use else=400 to else=599 in
   route.conf:1
== else without a message
query a int else=404;
-- "else=404" of "query" needs a message behind it, as in else=404 "Offer not
   found" in route.conf:1
== else twice
query a int else=404 "a" else=400 "b";
-- "else=" is given twice in "query" in route.conf:1
== name of the path that is not in it
path slug string;
-- "path slug": there is no ":slug" in the path "/x/:id" in route.conf:1
== the same input twice
query a int;
query a int;
-- "query a" is declared above already, as "a" in route.conf:2
== path and query of the same name
path id int;
query id int;
-- the name "id" is taken: use another name in "id" of "query" in route.conf:2
== a name that is no name
query page-size int;
-- "page-size" is no name in a route, give it one, as in query page-size as
   name int in route.conf:1
== a header that is no name
header X-Request-Id string;
-- "X-Request-Id" is no name in a route, give it one, as in header
   X-Request-Id as name string in route.conf:1
== a name that is a word of expressions
query not int;
-- the name "not" is a word of expressions: use another name in "not" of
   "query" in route.conf:1
== name after as missing
query page-size as;
-- "page-size" is no name in a route, give it one, as in query page-size as
   name as in route.conf:1
== type after as missing
query page-size as size;
-- "query size" needs a type, as in query size int in route.conf:1
== same query parameter under two names
query a as b int;
query a as c int;
-- "query a" is declared above already, as "b" in route.conf:2
== quote that does not end
query a int message="no end;
-- no closing quote of "message="no" in "query" in route.conf:1
