# Copyright (C) the project authors
#
# What statements must not look like, and the steps that hold them.

use Test::App;
use Test::App::Conf;

Test::App::Conf::table(\*DATA);

done_testing;

__DATA__
== unbound name in SQL
many a "SELECT * FROM t WHERE x = :limit";
-- unknown name "limit": no input and no step above gives it in "SELECT * FROM
   t WHERE x = :limit" of "many" in route.conf:1
== unbound name in SQL, near miss
query limit int;
many a "SELECT * FROM t LIMIT :limt";
-- unknown name "limt", did you mean "limit"? in "SELECT * FROM t LIMIT :limt"
   of "many" in route.conf:2
== unbound name in an optional part
many a "SELECT 1 [[ WHERE x = :typ ]]";
-- unknown name "typ": no input and no step above gives it in "SELECT 1 [[
   WHERE x = :typ ]]" of "many" in route.conf:1
== member of a single value in SQL
many a "SELECT 1 WHERE x = :id.x";
-- "id" is a single value and has no member "x": write "id" in "SELECT 1 WHERE
   x = :id.x" of "many" in route.conf:1
== list's unknown member
many a "SELECT 1";
respond '"${a.total}"';
-- "a" has no member "total", use "a.count" in ""${a.total}"" of "respond" in
   route.conf:2
== optional part that has no parameter
many a "SELECT 1 [[ WHERE x = 1 ]]";
-- "[[ ]]" needs a :name that decides whether it is kept, at line 1, character
   10 of the statement, near "[[ WHERE x = 1 ]]" in "SELECT 1 [[ WHERE x = 1
   ]]" of "many" in route.conf:1
== optional part that does not end
many a "SELECT 1 [[ WHERE x = :id ";
-- "[[" has no end, add "]]", at line 1, character 10 of the statement, near
   "[[ WHERE x = :id " in "SELECT 1 [[ WHERE x = :id " of "many" in
   route.conf:1
== end of no optional part
many a "SELECT 1 WHERE x = :id ]]";
-- "]]" without "[[", at line 1, character 24 of the statement, near "]]" in
   "SELECT 1 WHERE x = :id ]]" of "many" in route.conf:1
== optional part in another
many a "SELECT 1 [[ WHERE x = :id [[ AND y = :id ]] ]]";
-- "[[" inside of "[[ ]]", at line 1, character 27 of the statement, near "[[
   AND y = :id ]] ]]" in "SELECT 1 [[ WHERE x = :id [[ AND y = :id ]] ]]" of
   "many" in route.conf:1
== question mark of one's own
one a "SELECT ?";
-- "?" in a statement, write :name, at line 1, character 8 of the statement,
   near "?" in "SELECT ?" of "one" in route.conf:1
== two statements
one a "SELECT 1; DROP TABLE t";
-- more than one statement, write a step for each, at line 1, character 9 of
   the statement, near "; DROP TABLE t" in "SELECT 1; DROP TABLE t" of "one"
   in route.conf:1
== a transaction by statements
exec "BEGIN";
-- a transaction is made of the steps "begin" and "commit", not of "exec BEGIN"
   in route.conf:1
== comment that is executed
one a "SELECT 1 /*!50000 + 1 */";
-- a comment that the server executes, write it as SQL, at line 1, character
   10 of the statement, near "/*!50000 + 1 */" in "SELECT 1 /*!50000 + 1 */"
   of "one" in route.conf:1
== comment that does not end
one a "SELECT 1 /* no end";
-- a comment has no end, at line 1, character 10 of the statement, near "/* no
   end" in "SELECT 1 /* no end" of "one" in route.conf:1
== text that does not end
one a "SELECT 'no end";
-- a string has no end, at line 1, character 8 of the statement, near "'no
   end" in "SELECT 'no end" of "one" in route.conf:1
== empty statement
one a "";
-- the statement is empty in "" of "one" in route.conf:1
== statement of a comment
one a "-- nothing";
-- the statement is empty in "-- nothing" of "one" in route.conf:1
== SQL that is not quoted
one a SELECT 1;
-- unexpected "SELECT" in "one", quote what has blanks in it in route.conf:1
== one with nothing
one;
-- invalid number of arguments in "one" directive in route.conf:1
== one with a name and no statement
one offer;
-- "one" needs a statement, as in one NAME "SELECT ..." in route.conf:1
== else of one without a message
one a "SELECT 1" else=404;
-- "else=404" of "one" needs a message behind it, as in else=404 "Offer not
   found" in route.conf:1
== else of one with a template that is wrong
one a "SELECT 1" else=404 "No $thing";
-- unknown name "thing", it is neither a value of the route nor a variable
   declared above it in "No $thing" of "one" in route.conf:1
== else of one that is not in the range
one a "SELECT 1" else=302 "moved";
-- invalid status in "else=302" of "one", use else=400 to else=599 in
   route.conf:1
== else of many
many a "SELECT 1" else=404 "none";
-- "many" takes no "else=": no rows are an empty list; use check "NAME.count >
   0" in route.conf:1
== unknown query
one a query=offer_by_id;
-- unknown query "offer_by_id" in "one", declare it above with app_query
   offer_by_id "SELECT ..." in route.conf:1
== query without a name
one a query=;
-- "query=" in "one" needs a value in route.conf:1
== db without a name
one a "SELECT 1" db=;
-- "db=" in "one" needs a value in route.conf:1
== db twice
one a "SELECT 1" db=main db=main;
-- "db=" is given twice in "one" in route.conf:1
== unknown db
one a "SELECT 1" db=mian;
respond $a;
-- no app_mysql "mian" is declared, but it is used in route.conf:1
== unknown option of one
one a "SELECT 1" cache=30s;
-- unknown option "cache=30s" in "one", use query=, db=, when=, else=
   or, in exec, duplicate= in route.conf:1
== name of one that is no name
one 1a "SELECT 1";
-- invalid name "1a", use letters, digits and "_", a letter first in "1a" of
   "one" in route.conf:1
== result with an input's name
one id "SELECT 1";
-- the name "id" is taken, it is a single value already: use another name in
   "id" of "one" in route.conf:1
== result of another kind
one a "SELECT 1";
many a "SELECT 1";
-- the name "a" is taken, it is an object already: use another name in "a" of
   "many" in route.conf:2
