# Copyright (C) the project authors
#
# What app_mysql and the like must not look like.

use Test::App;
use Test::App::Conf;

Test::App::Conf::table(\*DATA,
    files => { open => "secret\n", newline => "\n" },
    env => { TEST_DB_PASSWORD => 'secret', TEST_DB_EMPTY => '' });

done_testing;

__DATA__
== http: app_mysql alone
app_mysql;
-- invalid number of arguments in "app_mysql" directive in http.conf:1
== http: app_mysql with a name only
app_mysql main;
-- invalid number of arguments in "app_mysql" directive in http.conf:1
== http: no name
app_mysql socket=/x user=u;
-- "app_mysql" needs a name before "socket=/x", as in app_mysql main socket=/x
   in http.conf:1
== http: declared twice
app_mysql main socket=/x user=u;
app_mysql main host=127.0.0.1 user=u;
-- duplicate app_mysql "main", the first one is in http.conf:1 in http.conf:2
== http: a word that is no parameter
app_mysql main /run/mysqld.sock user=u;
-- invalid parameter "/run/mysqld.sock" of "app_mysql", use name=value in
   http.conf:1
== http: unknown parameter
app_mysql main socket=/x user=u charset=utf8;
-- unknown parameter "charset=" of "app_mysql", use host=, port=, socket=,
   user=, password_file=, password_env=, database=, tls=, tls_ca=, pool=,
   queue=, statements=, wait=, connect_timeout=, query_timeout=, lock_wait=,
   stall=, retry=, idle=, lifetime= or thread_pool= in http.conf:1
== http: unknown parameter, near miss
app_mysql main socket=/x user=u pol=5;
-- unknown parameter "pol=" of "app_mysql", did you mean "pool="? in
   http.conf:1
== http: parameter twice
app_mysql main socket=/x user=u user=v;
-- "user=" is given twice in "app_mysql" in http.conf:1
== http: no value
app_mysql main socket=/x user=;
-- "user=" in "app_mysql" needs a value in http.conf:1
== http: host and socket
app_mysql main host=a socket=/x user=u;
-- app_mysql "main" takes either host= or socket= in http.conf:1
== http: neither host nor socket
app_mysql main user=u;
-- app_mysql "main" needs host= or socket= in http.conf:1
== http: port with a socket
app_mysql main socket=/x port=3306 user=u;
-- app_mysql "main" takes port= only with host= in http.conf:1
== http: no user
app_mysql main host=a;
-- app_mysql "main" needs user= in http.conf:1
== http: port that is no number
app_mysql main host=a port=mysql user=u;
-- invalid number in "port=mysql" of "app_mysql", use 1 to 65535 in
   http.conf:1
== http: port out of range
app_mysql main host=a port=65536 user=u;
-- invalid number in "port=65536" of "app_mysql", use 1 to 65535 in
   http.conf:1
== http: pool of nothing
app_mysql main host=a user=u pool=0;
-- invalid number in "pool=0" of "app_mysql", use 1 to 1024 in http.conf:1
== http: pool too large
app_mysql main host=a user=u pool=1025;
-- invalid number in "pool=1025" of "app_mysql", use 1 to 1024 in http.conf:1
== http: queue
app_mysql main host=a user=u queue=-1;
-- invalid number in "queue=-1" of "app_mysql", use 0 to 65536 in http.conf:1
== http: statements
app_mysql main host=a user=u statements=0;
-- invalid number in "statements=0" of "app_mysql", use 1 to 65536 in
   http.conf:1
== http: wait
app_mysql main host=a user=u wait=0;
-- invalid time in "wait=0" of "app_mysql", use 1ms to 3600000ms in
   http.conf:1
== http: wait that is no time
app_mysql main host=a user=u wait=5x;
-- invalid time in "wait=5x" of "app_mysql", use 1ms to 3600000ms in
   http.conf:1
== http: connect_timeout
app_mysql main host=a user=u connect_timeout=100ms;
-- invalid time in "connect_timeout=100ms" of "app_mysql", use 1000ms to
   60000ms in http.conf:1
== http: query_timeout
app_mysql main host=a user=u query_timeout=2d;
-- invalid time in "query_timeout=2d" of "app_mysql", use 1ms to 86400000ms in
   http.conf:1
== http: lock_wait
app_mysql main host=a user=u lock_wait=500ms;
-- invalid time in "lock_wait=500ms" of "app_mysql", use 1000ms to 86400000ms
   in http.conf:1
== http: stall
app_mysql main host=a user=u stall=1ms;
-- invalid time in "stall=1ms" of "app_mysql", use 50ms to 3600000ms in
   http.conf:1
== http: retry
app_mysql main host=a user=u retry=1ms;
-- invalid time in "retry=1ms" of "app_mysql", use 50ms to 3600000ms in
   http.conf:1
== http: idle
app_mysql main host=a user=u idle=0;
-- invalid time in "idle=0" of "app_mysql", use 1ms to 86400000ms in
   http.conf:1
== http: lifetime
app_mysql main host=a user=u lifetime=2d;
-- invalid time in "lifetime=2d" of "app_mysql", use 1ms to 86400000ms in
   http.conf:1
== http: tls
app_mysql main host=a user=u tls=yes;
-- invalid value in "tls=yes" of "app_mysql", use off, on or verify in
   http.conf:1
== http: tls_ca without verify
app_mysql main host=a user=u tls=on tls_ca=/ca.pem;
-- app_mysql "main" takes tls_ca= only with tls=verify in http.conf:1
== http: password file that is missing
app_mysql main host=a user=u password_file=missing;
-- cannot open password_file "missing" (2: No such file or directory) in
   http.conf:1
== http: password file without a password
app_mysql main host=a user=u password_file=newline;
-- password_file "newline" has no password in its first line in http.conf:1
== http: password file that everybody may read
app_mysql main host=a user=u password_file=open;
-- warn: password_file "open" is readable by everybody, use chmod 600 in
   http.conf:1
== http: environment variable that is not set
app_mysql main host=a user=u password_env=NO_SUCH_VARIABLE;
-- the environment variable "NO_SUCH_VARIABLE" of password_env= is not set in
   http.conf:1
== http: environment variable that is empty
app_mysql main host=a user=u password_env=TEST_DB_EMPTY;
-- the environment variable "TEST_DB_EMPTY" of password_env= is not set in
   http.conf:1
== http: both passwords
app_mysql main host=a user=u password_env=TEST_DB_PASSWORD password_file=open;
-- "app_mysql" takes either password_file= or password_env= in http.conf:1
== http: both passwords, the other way round
app_mysql main host=a user=u password_file=open password_env=TEST_DB_PASSWORD;
-- "app_mysql" takes either password_file= or password_env= in http.conf:1
== http: password in the configuration
app_mysql main host=a user=u password=secret;
-- "app_mysql" takes no password in the configuration, use password_file= or
   password_env= in http.conf:1
== http: a name with a blank
app_mysql "a b" host=a user=u;
-- invalid name "a b" of "app_mysql", use letters, digits, "_", "-" and "." in
   http.conf:1
== http: unknown thread pool
app_mysql main host=a user=u thread_pool=connects;
-- unknown thread pool "connects" in http.conf:1
== http: tls file that is missing
app_mysql main host=a user=u tls=verify tls_ca=/no/such/ca.pem;
-- cannot open tls_ca "/no/such/ca.pem" (2: No such file or directory) in
   http.conf:1
== http: app_api_check
app_api_check yes;
-- invalid value "yes" in "app_api_check" directive, it must be "on" or "off"
   in http.conf:1
== http: app_api_check twice
app_api_check on;
app_api_check on;
-- "app_api_check" directive is duplicate in http.conf:2
== http: no database at all
server { listen 127.0.0.1:%%PORT%%; location / { app_api; }
app_route GET /a { one x "SELECT 1"; respond $x; } }
-- "one" in http.conf:2 needs a database, declare one with "app_mysql"
== http: app_route in http
app_route GET /a { respond 200; }
-- "app_route" directive is not allowed here in http.conf:1
