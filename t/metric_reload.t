# Copyright (C) the project authors
#
# Reloads that change what is counted while a worker of an older configuration
# is still at it: its numbers must not end up among those of others.

use Test::App;
use Test::App::Load;

sub backends { join ' ', map { "app_mysql $_ %%MYSQL%% pool=4;" } @_ }

my $app = Test::App->new(
    mysql  => 1,
    sql    => tables(),
    http   => backends('one'),
    server => routes() . metric_locations() . "location / { app_api; }\n",
);

my $mysql = $app->mysql;

# as many metrics each time, under other names

my @old = $app->workers;
my @held = map { begin($app, '/sleep/2500') } 1 .. 3;
ok(wait_until(sub { 3 == statements($mysql, 'SLEEP') }, 3), 'three run');

for my $name (qw(two three)) {
    my @before = grep { $_ != $old[0] } $app->workers;
    $app->write_conf(http => backends($name));
    $app->reload;
    ok(wait_until(sub { !grep { kill 0, $_ } @before }, 5),
       "reloaded: $name");
}

is($app->get('/id/1')->status, 200, 'the last one answers');

ok((grep { kill 0, $_ } @old), 'the first worker is still there');
is(metric($app, 'connections'), 1, 'one connection is counted');

is(statuses(gather(10, @held)), '200x3', 'the three are answered');
ok(wait_until(sub { !grep { kill 0, $_ } @old }, 5),
   'and their worker is gone');
ok(wait_until(sub { 1 == connections($mysql) }, 3), 'with its connections');
is(metric($app, 'connections'), 1, 'one connection is counted');
is(metric($app, 'statements_total'), 1, 'and one statement');

# a table is no longer kept than it is needed

for my $n (1 .. 24) {
    $app->write_conf(http => backends(map { "b$n-$_" } 0 .. 5 * ($n % 8)));
    $app->reload(gone => 1);
}

is($app->get('/id/1')->status, 200, 'after many reloads');
is(metric($app, 'connections'), 1, '  one connection is counted');
unlike($app->log, qr/no memory/, '  and there is room');

done_testing;
