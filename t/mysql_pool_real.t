# Copyright (C) the project authors
#
# The pool's limits on a real server: how many connections, who waits, in
# which order and how long, and when connections are opened and closed.

use Test::App;
use Test::App::Load;

my $server = routes() . metric_locations() . "location / { app_api; }\n";

my $app = Test::App->new(
    mysql  => 1,
    sql    => tables(),
    http   => 'app_mysql main %%MYSQL%% pool=2 queue=3 wait=1s idle=60s;',
    server => $server,
);


# reuse

my %conn = map { $app->get("/id/$_")->json->{conn} => 1 } 1 .. 20;

is(scalar(keys %conn), 1, 'requests one after another share a connection');
is(metric($app, 'connects_total'), 1, 'one connection was made');
is(metric($app, 'connections'), 1, 'one is open');
is(metric($app, 'statements_total'), 20, '20 statements ran');
is(metric($app, 'prepares_total'), 1, 'one was prepared');

# order

my @res = together($app, map { "/sleep/$_" } 300, 310, 320, 330, 340);

is(join(' ', map { $_->{status} } @res), '200 200 200 200 200',
   'two connections serve five');
is(join(' ', map { $_->{at} } @res), '0 1 2 3 4', 'in their order');

%conn = map { $_->{res}->json->{conn} => 1 } @res;
is(scalar(keys %conn), 2, 'on two connections');
is(metric($app, 'connections'), 2, 'no more are open');
is(scalar(connections($app->mysql)), 2, 'says the server, too');

# the queue is full

my $full = metric($app, 'queue_full_total');
@res = together($app, ('/sleep/300') x 7);
my @busy = grep { $_->{status} == 503 } @res;

is(scalar(grep { $_->{status} == 200 } @res), 5, 'two run, three wait');
is(scalar(@busy), 2, 'two more are refused');
ok(!grep({ $_->{took} > 0.25 } @busy), 'at once');
is($busy[0]{res}->header('Retry-After'), 1, 'with Retry-After');
is_deeply($busy[0]{res}->json,
          { statusCode => 503, message => 'Service Unavailable' },
          'and the body of an error');
is(metric($app, 'queue_full_total') - $full, 2, 'and are counted');

# the wait is over

@res = together($app, ('/sleep/1600') x 4);
@busy = grep { $_->{status} == 503 } @res;

is(scalar(@busy), 2, 'two waited in vain');
ok(!grep({ $_->{took} < 0.9 || $_->{took} > 1.5 } @busy), 'for one second')
    or diag(join ' ', map { $_->{took} } @busy);
is($busy[0]{res}->header('Retry-After'), 1, 'with Retry-After');
is(metric($app, 'wait_timeouts_total'), 2, 'and are counted');

# a waiter that leaves frees its place

my @running = map { begin($app, '/sleep/700') } 1, 2;
select undef, undef, undef, 0.1;
my @waiting = map { begin($app, '/sleep/10') } 1 .. 3;
select undef, undef, undef, 0.1;
is($app->get('/id/1')->status, 503, 'the queue is full');
$waiting[1]->reset;
select undef, undef, undef, 0.1;
my $late = begin($app, '/sleep/20');
@res = gather(10, @running, @waiting[0, 2], $late);
is(join(' ', map { $_->{status} } @res), '200 200 200 200 200',
   'one of them left: there is a place');
is(metric($app, 'connections'), 2, 'still two connections');
is(metric($app, 'kills_total'), 0, 'nothing was cancelled');


# idle=, lifetime=, statements=

$app->write_conf(http => 'app_mysql main %%MYSQL%% pool=2 idle=300ms;');
$app->reload(gone => 1);
ok(wait_until(sub { !connections($app->mysql) }, 5),
   'a reload closes connections');

is($app->get('/id/1')->status, 200, 'answered');
is(metric($app, 'connections'), 1, 'a connection is open');
ok(wait_until(sub { !connections($app->mysql) }, 3),
   'idle= closes it');
is(metric($app, 'connections'), 0, 'and that is counted');

$app->write_conf(http => 'app_mysql main %%MYSQL%% pool=2 lifetime=400ms;');
$app->reload(gone => 1);
my $first = $app->get('/id/1')->json->{conn};
is($app->get('/id/1')->json->{conn}, $first, 'younger than lifetime=');
select undef, undef, undef, 0.5;
isnt($app->get('/id/1')->json->{conn}, $first, 'an older one is replaced');
ok(wait_until(sub { 1 == connections($app->mysql) }, 3), 'and closed');

$app->write_conf(http => 'app_mysql main %%MYSQL%% pool=1 statements=2;');
$app->reload(gone => 1);
my $before = metric($app, 'prepares_total');
my $count = sub { metric($app, 'prepares_total') - $before };
$app->get($_) for '/id/1', '/rows/1', '/id/2', '/rows/2';
is($count->(), 2, 'two statements are kept');
$app->get('/sleep/1');
is($count->(), 3, 'a third is prepared');
$app->get('/rows/1');
is($count->(), 3, 'the one used before it is still there');
$app->get('/id/1');
is($count->(), 4, 'the one not used for longest is not');
my ($open) = map { $_->[1] } @{ $app->mysql->rows(
    "SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'") };
cmp_ok($open, '<=', 2, 'nor is it on the server') or diag($open);

done_testing;
