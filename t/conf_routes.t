# Copyright (C) the project authors
#
# What paths, app_query, app_api and the like must not look like.

use Test::App;
use Test::App::Conf;

Test::App::Conf::table(\*DATA, files => { 'empty.sql' => '',
                                          'blank.sql' => " \n" });

done_testing;

__DATA__
== server: duplicate route
app_route GET /a/:id { respond 200; }
app_route GET /a/:id { respond 200; }
location / { app_api; }
-- duplicate route "GET /a/:id", another one of the same shape is there
   already, the other route is "GET /a/:id" in server.conf:1 in server.conf:2
== server: shadowed route
app_route GET /a/:id { respond 200; }
app_route GET /a/:slug { respond 200; }
location / { app_api; }
-- duplicate route "GET /a/:slug", another one of the same shape is there
   already, the other route is "GET /a/:id" in server.conf:1 in server.conf:2
== server: shadowed wildcard
app_route GET /a/*x { respond 200; }
app_route GET /a/*rest { respond 200; }
location / { app_api; }
-- duplicate route "GET /a/*rest", another one of the same shape is there
   already, the other route is "GET /a/*x" in server.conf:1 in server.conf:2
== server: the same but for a slash
app_route GET /a { respond 200; }
app_route GET /a/ { respond 200; }
location / { app_api; }
-- duplicate route "GET /a/", another one of the same shape is there already,
   the other route is "GET /a" in server.conf:1 in server.conf:2
== server: the same but for escapes
app_route GET /caf%C3%A9 { respond 200; }
app_route GET /café { respond 200; }
location / { app_api; }
-- duplicate route "GET /café", another one of the same shape is there
   already, the other route is "GET /caf%C3%A9" in server.conf:1 in
   server.conf:2
== server: unknown method
app_route FETCH /a { respond 200; }
location / { app_api; }
-- unknown method "FETCH", use GET, POST, PUT, PATCH, DELETE or OPTIONS in
   server.conf:1
== server: method in small letters
app_route get /a { respond 200; }
location / { app_api; }
-- unknown method "get", use GET, POST, PUT, PATCH, DELETE or OPTIONS in
   server.conf:1
== server: HEAD
app_route HEAD /a { respond 200; }
location / { app_api; }
-- method "HEAD" needs no route, that of "GET" answers it in server.conf:1
== server: path without a slash
app_route GET a { respond 200; }
location / { app_api; }
-- path "a" must begin with "/" in server.conf:1
== server: no path
app_route GET { respond 200; }
location / { app_api; }
-- invalid number of arguments in "app_route" directive in server.conf:1
== server: path with blanks
app_route GET "/a b" { respond 200; }
location / { app_api; }
-- invalid character in segment "a b" of path "/a b", percent-encode it in
   server.conf:1
== server: empty segment
app_route GET /a//b { respond 200; }
location / { app_api; }
-- empty segment in path "/a//b", write a single "/" in server.conf:1
== server: wildcard in the middle
app_route GET /a/*rest/b { respond 200; }
location / { app_api; }
-- wildcard "*rest" must be the last part of path "/a/*rest/b" in
   server.conf:1
== server: parameter without a name
app_route GET /a/: { respond 200; }
location / { app_api; }
-- parameter without a name in path "/a/:", write ":NAME" in server.conf:1
== server: parameter with a bad name
app_route GET /a/:offer-id { respond 200; }
location / { app_api; }
-- invalid parameter name "offer-id" in path "/a/:offer-id", use letters,
   digits and "_", a letter first in server.conf:1
== server: parameter twice
app_route GET /a/:id/b/:id { respond 200; }
location / { app_api; }
-- duplicate parameter "id" in path "/a/:id/b/:id", give each its own name in
   server.conf:1
== server: braces in a path
app_route GET "/a/{id}" { respond 200; }
location / { app_api; }
-- invalid character in segment "{id}" of path "/a/{id}", percent-encode it in
   server.conf:1
== server: dots in a path
app_route GET /a/../b { respond 200; }
location / { app_api; }
-- segment ".." of path "/a/../b" can never be matched, leave it out in
   server.conf:1
== server: bad escape in a path
app_route GET /a%2 { respond 200; }
location / { app_api; }
-- segment "a%2" of path "/a%2" must not contain an invalid percent escape in
   server.conf:1
== server: no block
app_route GET /a;
location / { app_api; }
-- directive "app_route" has no opening "{" in server.conf:1
== server: empty block
app_route GET /a { }
location / { app_api; }
-- route "GET /a" must end in a "respond" without "when=" in server.conf:1
== server: block that does not end
app_route GET /a { respond 200;
location / { app_api; }
-- "location" directive is not allowed here in server.conf:2
== server: parameter with a reserved name
app_route GET /a/:null { respond 200; }
location / { app_api; }
-- the name "null" is a word of expressions: use another name in "null" of
   "respond" in server.conf:1
== server: route in a location
location / { app_api; app_route GET /a { respond 200; } }
-- "app_route" directive is not allowed here in server.conf:1
== server: app_api without routes
location / { app_api; }
-- "app_api" in nginx.conf:N is in a server without "app_route", add routes
   to the server
== server: routes without app_api
app_route GET /a { respond 200; }
-- warn: the routes of the server in nginx.conf:N are not reachable, add a
   location with "app_api"
== server: app_api twice
app_route GET /a { respond 200; }
location / { app_api; app_api; }
-- "app_api" directive is duplicate in server.conf:2
== server: app_api with an argument
app_route GET /a { respond 200; }
location / { app_api on; }
-- invalid number of arguments in "app_api" directive in server.conf:2
== server: app_api in the server
app_route GET /a { respond 200; }
app_api;
-- "app_api" directive is not allowed here in server.conf:2
== server: step in the server
respond 200;
-- "respond" directive is not allowed here in server.conf:1
== server: app_query twice
app_query a "SELECT 1";
app_query a "SELECT 2";
app_route GET /a { respond 200; }
location / { app_api; }
-- duplicate app_query "a" in server.conf:2
== server: app_query below its use
app_route GET /a { one x query=a; respond $x; }
app_query a "SELECT 1";
location / { app_api; }
-- unknown query "a" in "one", declare it above with app_query a "SELECT ..."
   in server.conf:1
== server: app_query from no file
app_query a file=missing.sql;
-- cannot open the file "missing.sql" of "app_query" (2: No such file or
   directory) in server.conf:1
== server: app_query from an empty file
app_query a file=empty.sql;
-- the file "empty.sql" of "app_query" is empty, unreadable or longer than
   65536 bytes in server.conf:1
== server: app_query without a statement
app_query a;
-- invalid number of arguments in "app_query" directive in server.conf:1
== server: app_query with an empty statement
app_query a "";
-- "app_query" needs a name and a statement, as in app_query NAME "SELECT ..."
   in server.conf:1
== server: app_query with a blank statement
app_query a "
    ";
-- "app_query" needs a name and a statement, as in app_query NAME "SELECT ..."
   in server.conf:2
== server: app_query from a blank file
app_query a file=blank.sql;
-- "app_query" needs a name and a statement, as in app_query NAME "SELECT ..."
   in server.conf:1
== server: app_query with nothing but a comment
app_query a "-- nothing";
app_route GET /a { one x query=a; respond $x; }
location / { app_api; }
-- the statement is empty in "-- nothing" of "one" in server.conf:2
== server: app_query with a mistake
app_query a "SELECT :limit";
app_route GET /a { one x query=a; respond $x; }
location / { app_api; }
-- unknown name "limit": no input and no step above gives it in "SELECT
   :limit" of "one" in server.conf:2
== server: app_query with a name that is empty
app_query "" "SELECT 1";
-- "app_query" needs a name and a statement, as in app_query NAME "SELECT ..."
   in server.conf:1
== server: app_api_max_rows 0
app_api_max_rows 0;
-- value must be between 1 and 1000000000 in server.conf:1
== server: app_api_max_size
app_api_max_size lots;
-- "app_api_max_size" directive invalid value in server.conf:1
== server: app_api_max_size 0
app_api_max_size 0;
-- "app_api_max_size" directive must be greater than 0 in server.conf:1
== server: app_api_buffer_size 0
app_api_buffer_size 0;
-- ok
== server: app_api_max_params
app_api_max_params -1;
-- "app_api_max_params" directive invalid number in server.conf:1
== server: app_api_check in a server
app_api_check on;
-- "app_api_check" directive is not allowed here in server.conf:1
== server: app_mysql in a server
app_mysql main socket=/x user=u;
-- "app_mysql" directive is not allowed here in server.conf:1
== server: unknown db
app_route GET /a { one x "SELECT 1" db=mian; respond $x; }
location / { app_api; }
-- no app_mysql "mian" is declared, but it is used in server.conf:1
