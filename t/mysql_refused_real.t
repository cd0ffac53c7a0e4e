# Copyright (C) the project authors
#
# A server that refuses: connections, the account, the database, prepared
# statements; and one that is not there yet.

use Test::App;
use Test::App::Load;

my $server = routes() . metric_locations() . "location / { app_api; }\n";

my $app = Test::App->new(
    mysql  => { private => 1, args => [ '--max-connections=10' ] },
    sql    => tables(),
    files  => { wrong => "not the password\n" },
    http   => 'app_mysql main %%MYSQL%% pool=8 wait=4s retry=200ms;',
    server => $server,
);

my $mysql = $app->mysql;
my $unavailable = { statusCode => 503, message => 'Service Unavailable' };


# The answer while a backend refuses, and what the log says about it.
sub refused {
    my ($arguments, $like, $name) = @_;

    $app->write_conf(http => "app_mysql main $arguments retry=200ms;");
    $app->reload(gone => 1);

    my @res = together($app, ('/id/1') x 3);

    is(join(' ', map { $_->{status} } @res), '503 503 503', "$name: 503");
    is_deeply($res[0]{res}->json, $unavailable, 'with the usual body');
    is($res[0]{res}->header('Retry-After'), 1, 'and Retry-After');
    like($app->log, $like, 'and the log tells why');
    cmp_ok(metric($app, 'connect_errors_total'), '>', 0, 'and it is counted');

    my ($again) = together($app, '/id/1');
    is($again->{status}, 503, 'again');
    cmp_ok($again->{took}, '<', 0.3, 'at once');
}


# fewer connections than pool=: those that there are serve all

my @held = map { $mysql->root } 1 .. 6;
ok(wait_until(sub { connections($mysql) == 0 }, 5), 'nobody else is there');
my @res = together($app, ('/sleep/200') x 8);

is(join(' ', map { $_->{status} } @res), join(' ', (200) x 8),
   'a full server (1040): all are answered');
like($app->log, qr/"main" gives no more connections: \(1040\)/,
     'and the log tells');
unlike($app->log, qr/"main" is away/, 'it does not count as away');
undef @held;

select undef, undef, undef, 0.3;
@res = together($app, ('/sleep/200') x 8);
is(join(' ', map { $_->{status} } @res), join(' ', (200) x 8),
   'with room again: all are answered');
cmp_ok(metric($app, 'connections'), '>', 4, 'by more connections');

# the account's own limit has an error of its own

$mysql->sql("ALTER USER '$mysql->{user}'\@'localhost'"
            . ' WITH MAX_USER_CONNECTIONS 2');
$app->write_conf(http => 'app_mysql main %%MYSQL%% pool=8 retry=200ms;');
$app->reload(gone => 1);

is($app->get('/id/1')->status, 200, 'an account with a limit');
@res = together($app, ('/sleep/200') x 6);
is(join(' ', map { $_->{status} } @res), join(' ', (200) x 6),
   'of two connections (1226): all are answered');
unlike($app->log, qr/"main" is away/, 'it does not count as away');
$mysql->sql("ALTER USER '$mysql->{user}'\@'localhost'"
            . ' WITH MAX_USER_CONNECTIONS 0');

# a full server and no connection at all

$app->write_conf(http => 'app_mysql main %%MYSQL%% retry=200ms;');
$app->reload(gone => 1);
@held = ();
while (@held < 20) {
    push @held, eval { $mysql->root } || last;
}
my ($none) = together($app, '/id/1');
is($none->{status}, 503, 'not a single connection: 503');
cmp_ok($none->{took}, '<', 1, 'quickly');
undef @held;
ok(wait_until(sub { $app->get('/id/1')->status == 200 }, 3),
   'and answered when there is one again');

# the account, the database

my $base = "socket=$mysql->{socket} user=$mysql->{user}"
           . " database=$mysql->{database}";

refused("$base password_file=" . $app->dir . '/wrong',
        qr/"main" is away: \(1045\) Access denied/, 'a wrong password');
unlike($app->log, qr/not the password/, 'the log does not hold it');

(my $other = $base) =~ s/database=\S+/database=nowhere/;
refused("$other password_file=" . $app->dir . '/password',
        qr/"main" is away: \((?:1044|1049)\)/, 'an unknown database');

refused("socket=" . $app->dir . '/no.sock user=x database=y',
        qr/"main" is away: \(2002\)/, 'no server at that socket');

refused('host=127.0.0.1 port=' . $app->port(9) . ' user=x database=y',
        qr/"main" is away: \(200[23]\)/, 'no server at that port');

refused('host=nowhere.invalid user=x database=y',
        qr/"main" is away: \(2005\)/, 'no such host');

# prepared statements, which all of a server's connections share

$app->write_conf(http => 'app_mysql main %%MYSQL%% pool=1 retry=200ms;');
$app->reload(gone => 1);
$app->get($_) for '/id/1', '/rows/1';
$mysql->sql('SET GLOBAL max_prepared_stmt_count = 1');
my $lost = metric($app, 'lost_total');
is($app->get('/sleep/1')->status, 200,
   'no more prepared statements (1461): old ones make room');
is($app->get('/id/1')->status, 200, 'and again');
$mysql->sql('SET GLOBAL max_prepared_stmt_count = 0');
my $res = $app->get('/rows/1');
is($res->status, 503, 'not a single one: 503');
is_deeply($res->json, $unavailable, 'with the usual body');
like($app->log, qr/\(1461, /, 'and the log tells why');
$mysql->sql('SET GLOBAL max_prepared_stmt_count = 1000');
is($app->get('/rows/1')->status, 200, 'and again when there are some');
is(metric($app, 'lost_total'), $lost, 'all on the same connection');

# a server that comes later

$mysql->stop;
$app->stop;
$app->write_conf(http => 'app_mysql main %%MYSQL%% retry=200ms;');
$app->start;
is($app->get('/id/1')->status, 503, 'nginx starts without its server');
delete $mysql->{dbh};
$mysql->start;
ok(wait_until(sub { $app->get('/id/1')->status == 200 }, 3),
   'and uses it when it comes');
like($app->log, qr/"main" is back/, 'the log tells that, too');

# no thread takes a connect, not even for the check at the start

$app->write_conf(main => 'thread_pool default threads=1 max_queue=0;',
                 http => 'app_api_check on; app_mysql main %%MYSQL%%;');
$app->reload(gone => 1);
my ($pid) = $app->workers;
my @none = together($app, ('/id/1') x 5);

# an idle thread may still take one, and that connection serves all
like(join(' ', map { $_->{status} } @none), qr/\A(?:503 ?|200 ?){5}\z/,
     'no thread for a connect: answered all the same');
SKIP: {
    skip('the idle thread took it', 1) if !grep { $_->{status} == 503 } @none;
    like($app->log, qr/thread pool "default" queue overflow/,
         'a thread refused');
}
is(join(' ', $app->workers), $pid, 'by the same worker');

done_testing;
