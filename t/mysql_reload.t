# Copyright (C) the project authors
#
# Reload, quit and the end of a worker: no request fails, no connection is
# left at the server, no worker stays.

use Test::App;
use Test::App::Load;

use Time::HiRes qw(time sleep);

my $app = Test::App->new(
    mysql   => { private => 1 },
    sql     => tables(),
    workers => 2,
    http    => 'app_mysql main %%MYSQL%% pool=8;',
    server  => routes() . metric_locations() . "location / { app_api; }\n",
);

my $mysql = $app->mysql;


sub aborted {
    return $mysql->rows("SHOW GLOBAL STATUS LIKE 'Aborted_clients'")->[0][1];
}

sub gone {
    my ($name, @pids) = @_;

    my $at = time;
    my $ok = wait_until(sub { !grep { kill 0, $_ } @pids }, 8);
    ok($ok, $name);
    diag(sprintf '%s: after %.0f ms', $name, 1000 * (time - $at));
}


# reloads under load

my $aborted = aborted();
my (%n, @old);
my $reloads = 0;

for my $round (1 .. 5) {
    push @old, $app->workers;

    my @held = map { begin($app, $_) }
               map { ('/id/1', "/sleep/$_", '/rows/20', '/late/20') }
               map { $_ * 10 } 1 .. 10;
    $app->reload;
    $reloads++;
    push @held, map { begin($app, $_) } ('/id/2', '/rows/2000') x 5;

    $n{ $_->{status} }++ for gather(20, @held);
}

is_deeply(\%n, { 200 => 250 }, "$reloads reloads under load: all answered")
    or diag(explain \%n);
gone('the old workers are gone', @old);
is(aborted(), $aborted, 'no connection was dropped');
ok(wait_until(sub { connections($mysql) == metric($app, 'connections') }, 3),
   'those that are open are those that are counted')
    or diag(metric($app, 'connections') . ' counted, '
            . connections($mysql) . ' open');

# idle pools and their timers keep nobody

is(statuses(together($app, ('/sleep/100') x 12)), '200x12', 'full pools');
@old = $app->workers;
my $at = time;
$app->reload;
gone('idle pools: old workers are gone', @old);
ok(wait_until(sub { !connections($mysql) }, 2), 'so are their connections');
is(aborted(), $aborted, 'closed in order');

# a statement that is looked after keeps its worker, and no longer

@old = $app->workers;
my @held = map { begin($app, '/sleep/2500') } 1 .. 6;
sleep 0.2;
$app->reload;
my @res = gather(10, @held);
is(statuses(@res), '200x6', 'slow statements end after a reload');
gone('then their workers are gone', @old);
ok(wait_until(sub { !connections($mysql) }, 2), 'and their connections');
is(aborted(), $aborted, 'closed in order');

# clients leave a worker that is about to quit

@held = map { begin($app, '/sleep/9000') } 1 .. 6;
ok(wait_until(sub { 6 == statements($mysql, 'SLEEP') }, 3), 'six run');
@old = $app->workers;
$app->reload;
$_->reset for @held;
gone('clients that leave: old workers are gone', @old);
ok(wait_until(sub { !statements($mysql, 'SLEEP') }, 2),
   'their statements are cancelled');

# a server that stops does not keep workers

@held = map { begin($app, '/sleep/4000') } 1 .. 4;
ok(wait_until(sub { 4 == statements($mysql, 'SLEEP') }, 3), 'four run');
@old = $app->workers;
$mysql->signal('STOP');
$app->reload;
is(statuses(gather(10, @held)), '503x4', 'a server that stops: 503');
gone('and old workers are gone', @old);
$mysql->signal('CONT');
ok(wait_until(sub { $app->get('/id/1')->status == 200 }, 5), 'it is back');

# a worker that is killed

my $one = sub { grep { $_->{status} == 200 } together($app, ('/id/1') x 20) };
is(scalar($one->()), 20, 'connections of both workers');
$app->kill_worker(($app->workers)[0]);
is(scalar($one->()), 20, 'one is killed: its successor serves');
ok(wait_until(sub { connections($mysql) == metric($app, 'connections') }, 3),
   'its connections are not counted any more')
    or diag(metric($app, 'connections') . ' counted, '
            . connections($mysql) . ' open');

# worker_shutdown_timeout

$app->write_conf(main => 'worker_shutdown_timeout 1s;');
$app->reload(gone => 1);
@old = $app->workers;
@held = map { begin($app, $_) } '/sleep/6000', '/late/600', '/sleep/6000';
ok(wait_until(sub { 3 == statements($mysql, 'SLEEP') }, 3), 'three run');
$at = time;
$app->reload;
@res = gather(10, @held);
ok(!grep({ $_->{took} > 2.5 } @res), 'shutdown timeout: answered or cut')
    or diag(join ' ', map { $_->{took} } @res);
ok(!grep({ $_->{status} && $_->{status} != 503 } @res), 'with 503, if at all');
gone('the old workers are gone', @old);
ok(wait_until(sub { !statements($mysql, 'SLEEP') }, 2),
   'their statements are cancelled');

# quit and stop, with statements that run

is(statuses(together($app, ('/sleep/100') x 8)), '200x8', 'full pools');
$aborted = aborted();
@held = map { begin($app, '/sleep/500') } 1 .. 4;
ok(wait_until(sub { 4 == statements($mysql, 'SLEEP') }, 3), 'four run');
kill 'QUIT', $app->pid;
is(statuses(gather(10, @held)), '200x4', 'quit: what runs is answered');
ok(wait_until(sub { !Test::App::Server::alive($app->pid) }, 3),
   'and nginx ends');
ok(wait_until(sub { !connections($mysql) }, 2), 'no connection is left');
is(aborted(), $aborted, 'none was dropped');

$app->start;
is(statuses(together($app, ('/sleep/100') x 8)), '200x8', 'started again');
$at = time;
kill 'TERM', $app->pid;
ok(wait_until(sub { !Test::App::Server::alive($app->pid) }, 3),
   'TERM: nginx ends');
ok(wait_until(sub { !connections($mysql) }, 2), 'no connection is left');
is(aborted(), $aborted, 'none was dropped');
$app->start;

done_testing;
