# Copyright (C) the project authors
#
# Statements that leave a transaction open, or autocommit off, behind begin's
# back: the next request must not write into that.

use Test::App;
use Test::App::Load;

my $app = Test::App->new(
    mysql => { private => 1, args => ['--autocommit=OFF'] },
    start => 0,
    http  => 'app_mysql main %%MYSQL%% pool=1;',
    server => <<'CONF');
    location / { app_api; }

    app_route POST /call/:id {
        path  id  int;
        exec  "CALL leaves(:id)";
        respond '{}';
    }
    app_route POST /fails/:id {
        path  id  int;
        exec  "/* a comment */ CALL fails(:id)";
        respond '{}';
        rescue { respond 418 '{}'; }
    }
    app_route POST /rescued/:id {
        path  id  int;
        exec  "CALL fails(:id)";
        respond '{}';
        rescue {
            one  x "SELECT CONNECTION_ID() AS id";
            respond 418 $x;
        }
    }
    app_route POST /off/:id {
        path  id  int;
        exec  "SET autocommit = 0";
        exec  "INSERT INTO t VALUES (:id)";
        respond '{}';
    }
    app_route POST /within/:id {
        path  id  int;
        begin;
        exec  "SET autocommit = 0";
        exec  "INSERT INTO t VALUES (:id)";
        commit;
        respond '{}';
    }
    app_route POST /zone {
        exec  "SET time_zone = '+05:00', @mine = 'secret'";
        one   z "SELECT @@time_zone AS zone, @mine AS mine";
        respond $z;
    }
    app_route POST /lock { exec "LOCK TABLES t READ"; respond '{}'; }
    app_route GET /zone {
        one   z "SELECT @@time_zone AS zone, @mine AS mine";
        respond $z;
    }
    app_route POST /ends/:id {
        path  id  int;
        exec  "CALL leaves(:id)";
        exec  "COMMIT WORK";
        respond '{}';
    }
    app_route POST /tx/:id {
        path  id  int;
        begin;
        exec  "INSERT INTO t VALUES (:id)"  duplicate=409 "twice";
        commit;
        respond '{}';
    }
    app_route POST /put/:id {
        path  id  int;
        exec  x "INSERT INTO t VALUES (:id)"  duplicate=409 "twice";
        one   c "SELECT CONNECTION_ID() AS id";
        respond $c;
    }
    app_route GET /slow/:id {
        path  id  int;
        exec  "CALL slow(:id)";
        respond '{}';
    }
CONF

my $mysql = $app->mysql;
$mysql->dbh->do('SET autocommit = 1');

for (<<'SQL' =~ /\S.*?;;/gs) {
CREATE TABLE t (id INT PRIMARY KEY) ENGINE = InnoDB;;
CREATE PROCEDURE leaves(n INT) BEGIN
    START TRANSACTION; INSERT INTO t VALUES (n); END;;
CREATE PROCEDURE fails(n INT) BEGIN
    START TRANSACTION; INSERT INTO t VALUES (n);
    SIGNAL SQLSTATE '45000'; END;;
CREATE PROCEDURE slow(n INT) SQL SECURITY INVOKER BEGIN
    START TRANSACTION; INSERT INTO t VALUES (n);
    SELECT SLEEP(5); END;;
SQL
    $mysql->dbh->do(s/;;\z//r);
}

$app->start;

sub post { return $app->http(POST => $_[0]) }

# the ids that others see, and that are there for good
sub ids { return join ' ', map { $_->[0] } @{ $mysql->rows(
              'SELECT id FROM t ORDER BY id') } }

# the next request writes on the only connection of the pool
my $n = 100;

sub next_is_kept {
    my ($name) = @_;

    my $id = $n++;
    my $res = post("/put/$id");
    is($res->status, 200, "$name: the next request is answered");
    like(ids(), qr/\b$id\b/, '  and what it wrote is kept');

    return $res->json->{id};
}

# the connections that the log tells of
sub said {
    my @lines = $app->log =~ /\[warn\].* has left (.*) on a connection/g;
    return join ', ', @lines;
}

my $conn = next_is_kept('a server whose autocommit is off');
is(next_is_kept('the same connection'), $conn, '  it is the same one');

post('/tx/1');
post('/tx/1');
like(ids(), qr/^1 /, 'begin and commit');
is(next_is_kept('after those'), $conn, '  the connection is kept');

post('/ends/2');
like(ids(), qr/\b2\b/, 'a transaction that a statement ends itself');
is(next_is_kept('after that'), $conn, '  the connection is kept');

post('/put/2');
is(next_is_kept('after a statement that failed'), $conn,
   '  the connection is kept');

# what a statement has set is for its own request

is_deeply(post('/zone')->json, { zone => '+05:00', mine => 'secret' },
          'SET: within the request');
is_deeply($app->get('/zone')->json, { zone => '+00:00', mine => undef },
          '  and not for the next');
post('/lock');
$conn = next_is_kept('LOCK TABLES');

post('/call/3');
isnt(next_is_kept('CALL of what leaves a transaction'), $conn,
     '  on another connection');
unlike(ids(), qr/\b3\b/, '  and that is undone');

$conn = next_is_kept('again');
is(post('/fails/4')->status, 418, 'CALL that fails within');
is(next_is_kept('after it'), $conn, '  the connection is kept');
unlike(ids(), qr/\b4\b/, '  and that is undone');

is(post('/rescued/5')->json->{id}, $conn, 'rescue asks after it is undone');
is(next_is_kept('after it'), $conn, '  the connection is kept');
unlike(ids(), qr/\b5\b/, '  and that is undone');

post('/off/6');
next_is_kept('SET autocommit = 0');
unlike(ids(), qr/\b6\b/, '  and that is undone');

post('/within/7');
like(ids(), qr/\b7\b/, 'SET autocommit = 0 within a transaction');
next_is_kept('after it');

is(said(), 'a transaction open, a transaction open, autocommit off',
   'the log tells of each that was closed');

$conn = begin($app, '/slow/8');
ok(running($mysql), 'a client asks for something slow');
$conn->reset;
ok(wait_until(sub { !statements($mysql, 'SLEEP') }, 5), '  and leaves');
next_is_kept('after it');
unlike(ids(), qr/\b8\b/, '  and that is undone');

done_testing;
