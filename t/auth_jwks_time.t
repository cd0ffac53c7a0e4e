# Copyright (C) the project authors
#
# Keys that others publish, as time goes by: they get old, the publisher is
# away and comes back, locations of all kinds, reloads; and what nginx -t says.

use Test::App;
use Test::App::Keys;
use Test::App::Load;

use IO::Socket::INET;

my $publisher = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1',
                                      ReuseAddr => 1) or die "listen: $!";
my $port = $publisher->sockport;
my ($old, $new) = map { Test::App::Keys->make('RS256', $_) } 'old', 'new';

my $app = Test::App->new(
    http  => <<'EOT',
proxy_cache_path %%DIR%%/cache keys_zone=keys:1m;
app_jwt id   alg=RS256 jwks=/keys jwks_ttl=1s jwks_stale=2s jwks_retry=1s
             jwks_timeout=2s;
app_jwt file alg=RS256 jwks=/file/set.json;
app_jwt held alg=RS256 jwks=/cached jwks_retry=1s;
limit_req_zone $server_name zone=slow:1m rate=60r/m;
app_jwt slow alg=RS256 jwks=/slow/set.json jwks_timeout=10s;
app_jwt hurry alg=RS256 jwks=/slow/set.json jwks_timeout=100ms;
EOT
    files  => { 'set.json' => key_set($old) },
    server => <<"EOT",
location = /keys { internal; proxy_pass http://127.0.0.1:$port; }
location /file/  { internal; alias %%DIR%%/; }
location /slow/  { internal; alias %%DIR%%/; limit_req zone=slow burst=9; }
location = /cached {
    internal;
    proxy_pass           http://127.0.0.1:$port;
    proxy_cache          keys;
    proxy_cache_valid    1h;
    proxy_cache_bypass   \$http_cache_control;
    proxy_cache_lock     on;
}
location /       { app_api; }
app_auth id   { token bearer; jwt id; }
app_auth file { token bearer; jwt file; }
app_auth held { token bearer; jwt held; }
app_auth slow { token bearer; jwt slow; }
app_auth hurry { token bearer; jwt hurry; }
app_route GET /id   { auth id; respond '{}'; }
app_route GET /file { auth file; respond '{}'; }
app_route GET /held { auth held; respond '{}'; }
app_route GET /wait { auth slow; respond '{}'; }
app_route GET /soon { auth hurry; respond '{}'; }
EOT
);

sub headers {
    my ($key) = @_;
    my $token = $key->token({ exp => time + 600 });
    return headers => { Authorization => "Bearer $token" };
}

sub status { return $app->get($_[0], headers($_[1]))->status }

sub fetch {
    my ($path, $key, @answer) = @_;
    my $conn = begin($app, $path, headers($key));
    my ($head, $sock) = asked($publisher);
    publish($sock, @answer);
    my ($end) = gather(20, $conn);
    return $end->{status};
}

sub seconds { select undef, undef, undef, $_[0] }


# old keys are fetched again, and go on meanwhile

is(fetch('/id', $old, key_set($old)), 200, 'keys come with the first token');
is(status('/id', $old), 200, 'and stay');
ok(nobody_asks($publisher), 'nobody asks again');

seconds(1.1);
my $conn = $app->connect;
for my $which ('past jwks_ttl=', 'and others on the same connection') {
    $conn->send(Test::App::HTTP->request('GET', '/id', headers($old)));
    is($conn->response->status, 200, "a token $which does not wait");
}
$conn->close;
my ($head, $sock) = asked($publisher);
unlike($head, qr/Cache-Control/, 'keys are fetched again, and may be cached');
ok(nobody_asks($publisher), 'once');
publish($sock, key_set($new));
is(status('/id', $new), 200, 'the new ones are taken');
is(fetch('/id', $old, key_set($new)), 401, 'and the old ones gone');

# the publisher is away

seconds(1.1);
is(status('/id', $new), 200, 'past jwks_ttl= again');
($head, $sock) = asked($publisher);
publish($sock, 'away', '503 Service Unavailable');
is(status('/id', $new), 200, 'old keys go on while the publisher is away');
seconds(3);
is(fetch('/id', $new, 'away', '503 Service Unavailable'), 503,
   'past jwks_stale= they do not');
like($app->log, qr/the keys of "id" are too old to go on with/, 'says the log');
is(status('/id', $new), 503, 'and the publisher is left alone');
seconds(1.1);
is(fetch('/id', $new, key_set($new)), 200, 'until it is back');

# one that does not answer, and one that cuts

seconds(3.2);
$conn = begin($app, '/id', headers($new));
($head, $sock) = asked($publisher);
my ($end) = gather(20, $conn);
is($end->{status}, 503, 'who waits is told after jwks_timeout=');
is(sysread($sock, my $rest, 10), 0, 'and the publisher is left');
seconds(1.1);
$conn = begin($app, '/id', headers($new));
($head, $sock) = asked($publisher);
syswrite $sock, "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{\"keys\":[";
close $sock;
($end) = gather(20, $conn);
is($end->{status}, 503, 'half a set is none');

# locations of other kinds

is(status('/file', $old), 200, 'a file');
spew($app->dir . '/set.json', key_set($old, $new));
is(status('/file', $new), 200, 'and what is new in it');
is(status('/file', $old), 200, 'and what is not');

is(status('/wait', $old), 200, 'a location with limit_req');
is(status('/soon', $old), 503, 'that delays for too long');
spew($app->dir . '/set.json', key_set($new));
is(status('/wait', $new), 200, 'or not');

is(fetch('/held', $old, key_set($old)), 200, 'a location with proxy_cache');
$app->reload(gone => 1);
is(status('/held', $old), 200, 'new workers have the keys of the cache');
ok(nobody_asks($publisher), 'and ask nobody');
is(fetch('/held', $new, key_set($old, $new)), 200,
   'a new key is not looked for in the cache');
$app->reload(gone => 1);
is(status('/held', $new), 200, 'but then it is there');

# a worker that is to end does not wait for keys longer than they may take

seconds(1.1);
$conn = begin($app, '/id', headers($new));
($head, $sock) = asked($publisher);
is($app->stop, 'QUIT', 'nginx ends while keys are fetched');
($end) = gather(20, $conn);
is($end->{status}, 503, 'who waited has an answer');

done_testing;
