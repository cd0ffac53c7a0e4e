# Copyright (C) the project authors
#
# Servers that answer nothing, garbage, or half of it; and TLS.

use Test::App;
use Test::App::FakeMysql;
use Test::App::Load;

use Time::HiRes qw(time sleep);

# what must come of each mode: how the log says it, and how long it may take
my %mode = (
    'good'           => [ 200, undef, 0.5 ],
    'mute'           => [ 503, qr/is away: \(2013\)/, 1.6 ],
    'hang-up'        => [ 503, qr/is away: \(2013\)/, 0.5 ],
    'garbage'        => [ 503, qr/is away: \(20\d\d\)/, 1.6 ],
    'cut-greeting'   => [ 503, qr/is away: \(2013\)/, 0.5 ],
    'trickle'        => [ 503, qr/is away: \(2013\)/, 2 ],
    'mute-login'     => [ 503, qr/is away: \(2013\)/, 1.6 ],
    'cut-login'      => [ 503, qr/is away: \(2013\)/, 0.5 ],
    'garbage-login'  => [ 503, qr/is away: \(20\d\d\)/, 1.6 ],
    'tls-mute'       => [ 503, qr/is away: \(20\d\d\)/, 1.6 ],
    'mute-prepare'   => [ 503, qr/did not end a statement within 2000 ms/, 3 ],
    'cut-prepare'    => [ 503, qr/lost in "many" .*\(2013\)/, 0.5 ],
    'wild-prepare'   => [ 503, qr/counts 7 placeholders, not 0/, 0.5 ],
    'mute-rows'      => [ 503, qr/did not end a statement within 2000 ms/, 3 ],
    'slow-rows'      => [ 503, qr/did not end a statement within 2000 ms/, 3 ],
    'cut-row'        => [ 503, qr/lost in "many" .*\(2013\)/, 0.5 ],
    'short-row'      => [ 503, qr/lost in "many" .*\(2027\)/, 0.5 ],
    'huge-row'       => [ 503, qr/lost in "many" .*\(2027\)/, 0.5 ],
    'garbage-result' => [ 503, qr/lost in|did not end|refused/, 3 ],
);

my ($http, $server) = ('', '');

for my $mode (sort keys %mode) {
    my $port = Test::App::FakeMysql->start($mode);
    my $tls = $mode eq 'tls-mute' ? 'on' : 'off';

    $http .= "app_mysql $mode host=127.0.0.1 port=$port user=u tls=$tls"
             . " connect_timeout=1s query_timeout=1s pool=4 wait=10s;\n";
    $server .= <<"EOT";
        app_route GET /$mode {
            many     rows "SELECT id, name FROM t" db=$mode;
            respond  \$rows;
        }
EOT
}

my $app = Test::App->new(http => $http, server => $server . <<'EOT');
    location = /fast { return 200 "fast"; }
    location / { app_api; }
EOT

# a server that asks for parameters we never heard of deserves an alert
$app->allow(qr/counts 7 placeholders, not 0/);

my ($pid) = $app->workers;


# all of them at once, while others must not notice

my $slowest = 0;

$Test::App::Load::meanwhile = sub {
    my $start = time;
    $app->get('/fast');
    $slowest = time - $start if time - $start > $slowest;
};

my %res;

push @{ $res{ substr $_->{path}, 1 } }, $_
    for gather(12, map { begin($app, "/$_") } map { ($_) x 3 } sort keys %mode);

undef $Test::App::Load::meanwhile;

cmp_ok($slowest, '<', Test::App::sanitized() ? 0.5 : 0.1,
       'other requests are fast meanwhile');
diag(sprintf 'the slowest of them took %.1f ms', 1000 * $slowest);

for my $mode (sort keys %mode) {
    my ($status, $log, $seconds) = @{ $mode{$mode} };
    my @res = @{ $res{$mode} };

    is(statuses(@res), "${status}x3", "$mode: $status");
    cmp_ok(slowest(@res), '<', $seconds + (Test::App::sanitized() ? 1 : 0.4),
           "$mode: in time");
    next if !$log;
    like($app->log, $log, "$mode: the log tells");
    is_deeply($res[0]{res} && $res[0]{res}->json,
              { statusCode => 503, message => 'Service Unavailable' },
              "$mode: in the usual form");
}

is_deeply($res{good}[0]{res}->json,
          [ map { { id => $_, name => "name $_" } } 1 .. 3 ],
          'good: its rows');
is(join(' ', $app->workers), $pid, 'all by the same worker');

# once rows are on their way the answer can only be cut

$app->write_conf(server => "app_api_buffer_size 10;\n$app->{o}{server}");
my $reload = time;
$app->reload(gone => 1);
cmp_ok(time - $reload, '<', 3, 'a reload waits for none of them');

for my $mode (qw(cut-row mute-rows slow-rows short-row)) {
    my ($res) = together($app, "/$mode");
    is($res->{status}, 0, "$mode: cut when it is streamed");
    like($res->{error}, qr/chunk is cut|without an answer/, 'which shows');
}

is($app->get('/good')->status, 200, 'and nginx goes on');

done_testing;
