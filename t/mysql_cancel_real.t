# Copyright (C) the project authors
#
# Clients that leave: their statements are cancelled on the server, and the
# connections serve others.

use Test::App;
use Test::App::Load;

use Time::HiRes qw(time sleep);

my $app = Test::App->new(
    mysql  => { private => 1 },
    sql    => tables(),
    http   => 'app_mysql main %%MYSQL%% pool=32;',
    server => routes() . metric_locations() . <<'EOT',
        app_route POST /tx {
            begin;
            exec     "INSERT INTO d (n) VALUES (1000)";
            commit;
            respond  201 '{}';
        }
        app_route POST /plain/:n {
            path     n  int;
            exec     "INSERT INTO d (n) VALUES (:n)";
            respond  201 '{}';
        }
        location / { app_api; }
EOT
);

my $mysql = $app->mysql;
my ($pid) = $app->workers;
my ($held, @held, $at);


sub gone {
    my ($like, $name) = @_;

    $at = time;
    ok(wait_until(sub { !statements($mysql, $like) }, 2), $name);
    diag(sprintf '%s after %.0f ms', $name, 1000 * (time - $at));
}


is($app->get('/id/1')->status, 200, 'a connection');

my $kills = 0;

for my $how ('reset', 'close') {
    $held = begin($app, '/late/1000');
    running($mysql);
    $held->$how;
    gone('SLEEP', "a client leaves ($how): cancelled");
    ok(wait_until(sub { 1 == connections($mysql) }, 2),
       'no connection for that is left');
    is(metric($app, 'kills_total'), ++$kills, 'by one KILL QUERY');
    is(metric($app, 'connects_total'), 1, 'its connection is kept');
    is($app->get('/id/1')->status, 200, 'and serves others');
    is(metric($app, 'connects_total'), 1, 'itself');
}

# a statement that ends by itself

$held = begin($app, '/sleep/50');
sleep 0.01;
$held->close;
is($app->get('/sleep/200')->status, 200, 'another goes on');
is(metric($app, 'kills_total'), $kills, 'one that ends soon is let');

# all of its bytes, the end of the connection included, in one wake-up

kill 'STOP', $pid;
begin($app, '/late/1000')->close;
sleep 0.1;
kill 'CONT', $pid;
sleep 0.5;
gone('SLEEP', 'a client that left before it was read: cancelled');

# one that leaves while its transaction is being begun, which ends before the
# statement would be cancelled, or after that

for my $late (0, 0.3) {
    $mysql->signal('STOP');
    sleep 0.1;      # until all of its threads have stopped
    $held = begin($app, '/tx', method => 'POST');
    sleep 0.05;
    $held->close;
    sleep $late;
    $mysql->signal('CONT');
    sleep 0.2;

    my $n = 2000 + 10 * $late;
    is($app->http('POST', "/plain/$n")->status, 201,
       'a client leaves at "begin": others write');
    is($mysql->rows("SELECT COUNT(*) FROM d WHERE n = $n")->[0][0], 1,
       'outside of its transaction');
}

# many at once

# one SLEEP each: MariaDB's KILL waits up to 2 s for a lock that they share
@held = map { begin($app, '/sleep/9000') } 1 .. 20;
ok(wait_until(sub { 20 == statements($mysql, 'SLEEP') }, 5), '20 run');
my $connects = metric($app, 'connects_total');
$_->reset for @held;
gone('SLEEP', '20 clients leave: cancelled');
my $quiet = 0;      # those of KILL have no name until they are let in
wait_until(sub {
    $quiet = $connects == connections($mysql) ? $quiet + 1 : 0;
    sleep 0.05;
    $quiet == 20;
}, 10);
is(statuses(together($app, ('/sleep/100') x 10)), '200x10',
   'their connections serve others');
is(metric($app, 'connects_total'), $connects, 'no new one was needed');
is(metric($app, 'lost_total'), 0, 'none was lost');

# statements that end just when they are to be cancelled do not make the
# next one on their connection fail

my %seen;

for my $ms (90 .. 130) {
    $held = begin($app, "/sleep/$ms");
    sleep 0.005;
    $held->close;
    $seen{ $_->{status} }++
        for together($app, ('/id/1') x 2), together($app, '/sleep/30');
    sleep 0.08;
    $seen{ $app->get('/id/1')->status }++;
}

is_deeply(\%seen, { 200 => 41 * 4 }, 'a late KILL QUERY hits nobody else')
    or diag(explain \%seen);

# those that wait leave, too

$app->write_conf(http => 'app_mysql main %%MYSQL%% pool=1 queue=5;');
$app->reload(gone => 1);
($pid) = $app->workers;
my $running = begin($app, '/sleep/600');
running($mysql);
my @waiting = map { begin($app, '/sleep/10') } 1 .. 5;
sleep 0.1;
$_->reset for @waiting;
sleep 0.1;
@waiting = map { begin($app, '/sleep/10') } 1 .. 5;
is(statuses(gather(10, $running, @waiting)), '200x6',
   'five waiters left, five others took their places');

# in the middle of a streamed result of 50 MB

my $rss = $app->rss;
$held = $app->connect(rcvbuf => 8192);
$held->send("GET /rows/50000 HTTP/1.1\r\nHost: x\r\n\r\n");
ok(wait_until(sub { statements($mysql, 'REPEAT') }, 3), '50 MB are sent');
sleep 0.3;
my $grown = $app->rss - $rss;
diag("grown by $grown KiB");
cmp_ok($grown, '<', 4096, 'not by keeping them') if !Test::App::sanitized();
$held->reset;
gone('REPEAT', 'their client leaves: cancelled');
is($app->get('/id/1')->status, 200, 'and nginx goes on');

my $conn = $app->connect(timeout => 60);
$conn->send("GET /rows/50000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
my $res = $conn->response;
is(length($res->body) > 50e6 ? 'whole' : length $res->body, 'whole',
   'another client gets all 50 MB');
is(() = $res->body =~ /"id":/g, 50000, 'with each row');

# by several clients at once that all leave at some time

@held = map {
    my $c = $app->connect(rcvbuf => 8192);
    $c->send("GET /rows/50000 HTTP/1.1\r\nHost: x\r\n\r\n");
    $c;
} 1 .. 3;
sleep 0.2;
sysread($_->socket, my $buf, 65536) for @held;
$_->reset for @held;
gone('REPEAT', 'three leave, two of them while they wait');
is($app->get('/id/1')->status, 200, 'and nginx goes on');

is(join(' ', $app->workers), $pid, 'all by the same worker');
is(metric($app, 'connections'), scalar(connections($mysql)),
   'the connections are as many as the server has');

done_testing;
