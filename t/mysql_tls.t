# Copyright (C) the project authors
#
# TLS to a real server, with right and wrong authorities and names, and to
# servers without it.

use Test::App;
use Test::App::FakeMysql;
use Test::App::Load;

my $app = Test::App->new(
    mysql => { tls => 1 },
    start => 0,
);

my $dir = $app->dir;

is(system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
          . " -nodes -days 30 -subj /CN=localhost -keyout $dir/other.key"
          . " -out $dir/other.pem 2> $dir/openssl.log"), 0,
   'another authority');

my $plain = Test::App::FakeMysql->start('good');

# name => arguments, status, and what the log says
my @case = (
    off      => 'host=127.0.0.1 tls=off', 200, undef,
    on       => 'host=127.0.0.1 tls=on', 200, undef,
    verify   => 'host=127.0.0.1 tls=verify tls_ca=%%MYSQL_CA%%', 200, undef,
    name     => 'host=localhost tls=verify tls_ca=%%MYSQL_CA%%', 200, undef,
    otherca  => "host=127.0.0.1 tls=verify tls_ca=$dir/other.pem", 503,
                qr/"otherca" is away: \(2026\).*certificate/i,
    systemca => 'host=127.0.0.1 tls=verify', 503,
                qr/"systemca" is away: \(2026\).*certificate/i,
    # 127.1 is the same address, and not in the certificate
    onname   => 'host=127.1 tls=on', 200, undef,
    badname  => 'host=127.1 tls=verify tls_ca=%%MYSQL_CA%%', 503,
                qr/"badname" is away: \(2026\)/,
    plain    => "host=127.0.0.1 port=$plain tls=on", 503,
                qr/"plain" is away: \(2026\)/,
    plainv   => "host=127.0.0.1 port=$plain tls=verify", 503,
                qr/"plainv" is away: \(2026\)/,
);

my ($http, $server, @names, %want) = ('', '');

while (my ($name, $arguments, $status, $log) = splice @case, 0, 4) {
    push @names, $name;
    $want{$name} = [ $status, $log ];
    $arguments .= ' port=%%MYSQL_PORT%%' if $arguments !~ / port=/;
    $http .= "app_mysql $name $arguments user=%%MYSQL_USER%%"
             . ' password_file=%%MYSQL_PASSWORD_FILE%%'
             . " database=%%MYSQL_DATABASE%% connect_timeout=2s;\n";
    $server .= <<"EOT";
        app_route GET /$name {
            one      x "SHOW SESSION STATUS LIKE 'Ssl_cipher'" db=$name;
            respond  '{"cipher": \${x.Value}}';
        }
EOT
}

$server .= <<'EOT';
    app_api_max_rows 100000;
    app_api_max_size 100m;
    app_route GET /rows/:n {
        path     n  int;
        many     rows "
            SELECT a.n + 100 * b.n + 10000 * c.n AS id,
                   REPEAT('x', 1000) AS pad
              FROM d AS a, d AS b, d AS c LIMIT :n" db=verify;
        respond  $rows;
    }
    app_route GET /late/:n {
        path     n  int;
        many     rows "SELECT SLEEP(0.01) AS s FROM d AS a, d AS b LIMIT :n"
                      db=verify;
        respond  $rows;
    }
EOT

$server .= metric_locations() . 'location / { app_api; }';

$app->write_conf(http => $http, server => $server);
$app->mysql->sql(tables());
$app->start;

for my $name (@names) {
    my ($status, $log) = @{ $want{$name} };
    my $res = $app->get("/$name");

    is($res->status, $status, "$name: $status");
    like($app->log, $log, "$name: the log tells") if $log;
    next if $status != 200;

    if ($name eq 'off') {
        is($res->json->{cipher}, '', "$name: in the clear");

    } else {
        like($res->json->{cipher}, qr/^\w+-|^TLS_/, "$name: encrypted");
    }
}

# the connection is as good as any other

is($app->get('/verify')->status, 200, 'again') for 1 .. 3;
is(scalar(() = $app->get('/rows/20000', timeout => 60)->body =~ /"id":/g),
   20000, '20 MB come through it');

my $held = begin($app, '/late/1000');
ok(running($app->mysql), 'a slow statement');
$held->reset;
ok(wait_until(sub { !statements($app->mysql, 'SLEEP') }, 2),
   'its client leaves: cancelled');

# a server that stops within TLS

$held = begin($app, '/late/1000');
ok(running($app->mysql), 'a slow statement');
$app->mysql->signal('STOP');
my ($res) = gather(10, $held);
is($res->{status}, 503, 'the server stops: 503');
cmp_ok($res->{took}, '<', 5, 'within stall + connect_timeout + 1 s');
$app->mysql->signal('CONT');
ok(wait_until(sub { $app->get('/verify')->status == 200 }, 5),
   'it goes on: used again');

# the system's authorities are those of OpenSSL, wherever it looks for them

$app->write_conf(http => $http, server => $server,
                 main => 'env SSL_CERT_FILE=%%MYSQL_CA%%;');
$app->reload(gone => 1);
is($app->get('/systemca')->status, 200, 'an authority of the system: 200');
is($app->get('/otherca')->status, 503, 'but not when another one is named');

done_testing;
