# Copyright (C) the project authors
#
# A real server that dies, stops, comes back, and kills our statements.

use Test::App;
use Test::App::Load;

use Time::HiRes qw(time sleep);

# stall=500ms, connect_timeout=1s: a stopped server is away after 2.5 s
my $app = Test::App->new(
    mysql  => { private => 1 },
    sql    => tables(),
    http   => 'app_mysql main %%MYSQL%% pool=32 stall=500ms retry=200ms'
              . ' connect_timeout=1s query_timeout=3s;',
    server => routes() . metric_locations() . "location / { app_api; }\n",
);

my $mysql = $app->mysql;
my ($pid) = $app->workers;


sub back {
    my ($name) = @_;

    ok(wait_until(sub { $app->get('/id/1')->status == 200 }, 5), $name);
}


# killed while idle

is(statuses(together($app, ('/sleep/100') x 8)), '200x8', 'eight connections');
$mysql->crash;

my ($one) = together($app, '/id/1');
is($one->{status}, 503, 'killed while idle: 503');
cmp_ok($one->{took}, '<', 0.3, 'at once');
is($one->{res}->header('Retry-After'), 1, 'with Retry-After');
is(metric($app, 'connections'), 0, 'no connection is left');

my @res = together($app, ('/id/1') x 10);
is(statuses(@res), '503x10', 'and 503 for all');
cmp_ok(slowest(@res), '<', 0.3, 'at once');
cmp_ok(metric($app, 'unavailable_total'), '>=', 10, 'and counted');

$mysql->start;
back('started again: used again');

# restarted while idle: what was open is dead, a SELECT is repeated

is(statuses(together($app, ('/sleep/100') x 8)), '200x8', 'eight connections');
kill 'STOP', $pid;
$mysql->crash;
$mysql->start;
my @held = map { begin($app, '/id/1') } 1 .. 8;
kill 'CONT', $pid;
is(statuses(gather(10, @held)), '200x8',
   'restarted while idle: nobody notices');

is(statuses(together($app, ('/sleep/100') x 4)), '200x4', 'connections');
kill 'STOP', $pid;
@held = map { begin($app, '/id/1') } 1 .. 4;
$mysql->sql("KILL CONNECTION $_") for connections($mysql);
kill 'CONT', $pid;
is(statuses(gather(10, @held)), '200x4',
   'idle connections killed: SELECT is repeated');

# killed while 32 run

my $lost = metric($app, 'lost_total');
@held = map { begin($app, '/sleep/2000') } 1 .. 32;
ok(wait_until(sub { 32 == statements($mysql, 'SLEEP') }, 3), '32 run');
my $at = time;
$mysql->crash;
@res = gather(10, @held);
is(statuses(@res), '503x32', 'killed while 32 run: 503');
cmp_ok(time - $at, '<', 1, 'at once');
diag(sprintf 'killed: 32 answers after %.0f ms', 1000 * (time - $at));
is(metric($app, 'lost_total') - $lost, 32, '32 connections were lost');
is(metric($app, 'connections'), 0, 'none is left');
$mysql->start;
back('started again: used again');

# stopped, at several distances from the start of the statements

my $worst = 0;

for my $round (1 .. 4) {
    @held = map { begin($app, '/sleep/2000') } 1 .. 8;
    sleep 0.23 * $round;
    $at = time;
    $mysql->signal('STOP');
    @res = gather(10, @held);
    my $took = time - $at;
    $worst = $took if $took > $worst;

    is(statuses(@res), '503x8', 'stopped: 503');
    cmp_ok($took, '<', 2.5, 'within stall + connect_timeout + 1 s');

    @res = together($app, ('/id/1') x 4);
    is(statuses(@res), '503x4', 'stopped: 503 for new ones');
    cmp_ok(slowest(@res), '<', 0.3, 'at once');

    $mysql->signal('CONT');
    back('continued: used again');
}

diag(sprintf 'stopped: in-flight answered after at most %.0f ms',
     1000 * $worst);

# stopped while nothing runs

$mysql->signal('STOP');
sleep 0.1;      # until all of its threads have stopped
@res = together($app, ('/id/1') x 4);
is(statuses(@res), '503x4', 'stopped while idle: 503');
cmp_ok(slowest(@res), '<', 2.5, 'within stall + connect_timeout + 1 s');
$mysql->signal('CONT');
back('continued: used again');

# a statement that is slow is not a server that is away

my $connects = metric($app, 'connects_total');
is(statuses(together($app, '/sleep/2500')), '200x1', 'a slow statement ends');
is(metric($app, 'connects_total'), $connects,
   'that it was looked after leaves no connection behind');

# killed by somebody

my $held = begin($app, '/sleep/1500');
my ($id) = running($mysql);
$mysql->sql("KILL QUERY $id");
@res = gather(10, $held);
cmp_ok($res[0]{took}, '<', 1, 'KILL QUERY ends a statement');
is(metric($app, 'connects_total'), $connects, 'and keeps its connection');

$held = begin($app, '/late/500');
($id) = running($mysql);
sleep 0.3;
$mysql->sql("KILL QUERY $id");
@res = gather(10, $held);
is($res[0]{status}, 503, 'KILL QUERY between rows: 503');
like($app->log, qr/refused "many" in \S+ \(1317, \w+\) \S/,
     'and the log has number and text');
is(metric($app, 'connects_total'), $connects, 'the connection is kept');

$held = begin($app, '/late/100');
($id) = running($mysql);
sleep 0.3;
$mysql->sql("KILL CONNECTION $id");
@res = gather(10, $held);
is($res[0]{status}, 200, 'KILL CONNECTION before a row came: repeated');

# an idle one that is hit by KILL QUERY goes on

is($app->get('/id/1')->status, 200, 'a connection');
$mysql->sql("KILL QUERY $_") for connections($mysql);
is(statuses(together($app, ('/id/1') x 8)), '200x8',
   'KILL QUERY of idle connections harms nobody');

# the deadline; connections that those eight have asked for come first

wait_until(sub { metric($app, 'connections') == connections($mysql) }, 5);
$connects = metric($app, 'connects_total');
($one) = together($app, '/late/1000');
is($one->{status}, 504, 'past query_timeout: 504');
cmp_ok(abs($one->{took} - 3), '<', 0.5, 'after three seconds');
is(scalar(statements($mysql, 'SLEEP')), 0, 'the server has ended it');
is(metric($app, 'connects_total'), $connects, 'its connection is kept');

is(join(' ', $app->workers), $pid, 'all by the same worker');
is(metric($app, 'connections'), scalar(connections($mysql)),
   'the connections are as many as the server has');

done_testing;
