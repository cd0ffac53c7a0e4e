# Copyright (C) the project authors
#
# What "idempotent" must not look like, and the routes that it stands in.

use Test::App;
use Test::App::Conf;

Test::App::Conf::table(\*DATA, files => {
    'jwt.key' => 'k' x 32,
    'end.conf' => "begin;\nexec \"INSERT INTO t VALUES (1)\";\ncommit;\n"
                  . "respond 201;\n",
    'auth.conf' => 'app_mysql main socket=/nowhere user=u;'
                   . ' app_jwt access alg=HS256 key_file=%%DIR%%/jwt.key;',
});

done_testing;

__DATA__
== server: all that it may have
app_route POST /x/:id {
    let    who = "id + 1";
    check  "who > 2" else=400 "no";
    idempotent ttl=24h required by="who + 1" max_size=1m table=shop.keys_1
               db=main;
    include end.conf;
    rescue { respond 400 '{}'; }
}
location / { app_api; }
-- ok
== server: no time
app_route POST /x { idempotent required; include end.conf; }
-- "idempotent" needs the time for which a key is known, as in ttl=24h in
   server.conf:1
== server: no words
app_route POST /x { idempotent; include end.conf; }
-- invalid number of arguments in "idempotent" directive in server.conf:1
== server: a time that is none
app_route POST /x { idempotent ttl=soon; include end.conf; }
-- invalid "ttl=soon" in "idempotent", use 1s to 366d in server.conf:1
== server: no time at all
app_route POST /x { idempotent ttl=0; include end.conf; }
-- invalid "ttl=0" in "idempotent", use 1s to 366d in server.conf:1
== server: for years
app_route POST /x { idempotent ttl=2y; include end.conf; }
-- invalid "ttl=2y" in "idempotent", use 1s to 366d in server.conf:1
== server: the time twice
app_route POST /x { idempotent ttl=1h ttl=2h; include end.conf; }
-- "ttl=" is given twice in "idempotent" in server.conf:1
== server: a size that is none
app_route POST /x { idempotent ttl=1h max_size=0; include end.conf; }
-- invalid "max_size=0" in "idempotent", use 1 to 4m in server.conf:1
== server: a size past what servers take
app_route POST /x { idempotent ttl=1h max_size=5m; include end.conf; }
-- invalid "max_size=5m" in "idempotent", use 1 to 4m in server.conf:1
== server: a table that is none
app_route POST /x { idempotent ttl=1h table=a.b.c; include end.conf; }
-- invalid "table=a.b.c" in "idempotent", use a name of letters, digits, "_"
   and "$" in server.conf:1
== server: a table with a quote
app_route POST /x { idempotent ttl=1h table=a`b; include end.conf; }
-- invalid "table=a`b" in "idempotent", use a name of letters, digits, "_" and
   "$" in server.conf:1
== server: a table without a name
app_route POST /x { idempotent ttl=1h table=a.; include end.conf; }
-- invalid "table=a." in "idempotent", use a name of letters, digits, "_" and
   "$" in server.conf:1
== server: a word too many
app_route POST /x { idempotent ttl=1h always; include end.conf; }
-- unexpected "always" in "idempotent", use ttl=, required, by=, max_size=,
   table= and db= in server.conf:1
== server: an option that it has not
app_route POST /x { idempotent ttl=1h else=400; include end.conf; }
-- unexpected "else=400" in "idempotent", use ttl=, required, by=, max_size=,
   table= and db= in server.conf:1
== server: required twice
app_route POST /x { idempotent ttl=1h required required; include end.conf; }
-- unexpected "required" in "idempotent", use ttl=, required, by=, max_size=,
   table= and db= in server.conf:1
== server: not always
app_route POST /x/:id { idempotent ttl=1h when="id > 1"; include end.conf; }
-- "idempotent" directive takes no "when=" in server.conf:1
== server: twice
app_route POST /x {
    idempotent ttl=1h;
    idempotent ttl=1h;
    include end.conf;
}
-- "idempotent" directive is duplicate in server.conf:3
== server: by whom
app_route POST /x { idempotent ttl=1h by=auth.id; include end.conf; }
-- unknown name "auth": no input and no step above gives it in "auth.id" of
   "idempotent" in server.conf:1
== in a route that reads
idempotent ttl=1h;
-- "idempotent" is for routes that write, and a GET request may come twice as
   it is in route.conf:1
== server: too late
app_route POST /x {
    one  x "SELECT 1";
    idempotent ttl=1h;
    include end.conf;
}
-- "idempotent" must stand above "one": only "let", "check" and "validate" may
   come before it in server.conf:3
== server: in the transaction
app_route POST /x {
    begin;
    idempotent ttl=1h;
    commit;
    respond 201;
}
-- "idempotent" must stand above "begin": only "let", "check" and "validate"
   may come before it in server.conf:3
== server: in rescue
app_route POST /x {
    include end.conf;
    rescue { idempotent ttl=1h; }
}
-- "idempotent" directive is not allowed here in server.conf:3
== server: without a transaction
app_route POST /x {
    idempotent ttl=1h;
    respond 201;
}
-- "idempotent" needs a transaction, which has its key too: put "begin" and
   "commit" around what the route writes, in server.conf:2
== server: two transactions
app_route POST /x {
    idempotent ttl=1h;
    begin;
    exec  "INSERT INTO t VALUES (1)";
    commit;
    begin;
    exec  "INSERT INTO t VALUES (1)";
    commit;
    respond 201;
}
-- a second "begin" in a route with "idempotent", whose key is in one
   transaction, in server.conf:6
== server: a statement before the transaction
app_route POST /x {
    idempotent ttl=1h;
    exec  "INSERT INTO t VALUES (1)";
    include end.conf;
}
-- "exec" writes outside of the transaction, so "idempotent" cannot keep it
   from being done twice, in server.conf:3
== server: a statement behind the transaction
app_route POST /x {
    idempotent ttl=1h;
    begin;
    commit;
    many  x "  call sell(1)";
    respond 201;
}
-- "many" writes outside of the transaction, so "idempotent" cannot keep it
   from being done twice, in server.conf:5
== server: in each
app_route POST /x {
    body  list string[];
    idempotent ttl=1h;
    each x in list { exec "INSERT INTO t VALUES (:x)"; }
    include end.conf;
}
-- "exec" writes outside of the transaction, so "idempotent" cannot keep it
   from being done twice, in server.conf:4
== server: what is not given again
app_route POST /x {
    idempotent ttl=1h;
    begin;
    commit;
    cookie seen yes;
    respond 201;
}
-- "cookie" in a route with "idempotent", which does not give it again, in
   server.conf:5
== http: another database
app_mysql main socket=/nowhere user=u;
app_mysql other socket=/nowhere user=u;
server {
    app_route POST /x {
        idempotent ttl=1h db=other;
        include end.conf;
    }
    location / { app_api; }
}
-- "idempotent" in http.conf:5 goes to "other", but stands in a transaction of
   "main"
== http: the database of the transaction
app_mysql main socket=/nowhere user=u;
app_mysql other socket=/nowhere user=u;
server {
    app_route POST /x {
        idempotent ttl=1h;
        begin db=other;
        exec "INSERT INTO t VALUES (1)";
        commit;
        respond 201;
    }
    location / { app_api; }
}
-- ok
== http: who is asking is not known
include auth.conf;
app_auth user { token bearer; jwt access; let name = "claims.name"; }
server {
    app_route POST /x { auth user; idempotent ttl=1h; include end.conf; }
}
-- "idempotent" cannot tell who is asking: app_auth "user" has neither "sub"
   nor "id", so say it with by=EXPRESSION in http.conf:4
== http: who is asking is said
include auth.conf;
app_auth user { token bearer; jwt access; let name = "claims.name"; }
server {
    app_route POST /x {
        auth user;
        idempotent ttl=1h by=auth.name;
        include end.conf;
    }
    location / { app_api; }
}
-- ok
