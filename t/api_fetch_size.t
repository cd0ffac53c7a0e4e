# Copyright (C) the project authors
#
# fetch: answers that are too large, told by their length or not, and those
# that are no HTTP: the client has its answer, and the upstream is left.

use Test::App;

use IO::Socket::INET;

# a server that answers what the test wants
my $fake = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1',
                                 ReuseAddr => 1) or die "listen: $!";
my $port = $fake->sockport;

my $app = Test::App->new(
    mysql  => 1,
    http   => 'app_mysql main %%MYSQL%% pool=2;'
              . 'proxy_cache_path %%DIR%%/cache keys_zone=z:1m;',
    server => <<"EOT",
proxy_http_version 1.1;
location /on/    { internal; proxy_pass http://127.0.0.1:$port/; }
location /off/   { internal; proxy_pass http://127.0.0.1:$port/;
                   proxy_buffering off; }
location /cache/ { internal; proxy_pass http://127.0.0.1:$port/;
                   proxy_cache z; proxy_cache_valid 200 1m; }
location /file/  { internal; alias %%DIR%%/html/; }
location /loop/  { internal; app_api; }
location /       { app_api; }

app_route GET /small/:how {
    query   n string;
    fetch   a GET "/\$how/x?\$n" max_size=16k;
    respond '{"status":\${a.status},"body":\${a.body}}';
}

app_route GET /default/:how {
    query   n string;
    fetch   a GET "/\$how/x?\$n";
    respond '{"status":\${a.status}}';
}

app_route GET /else/:how {
    query   n string;
    fetch   a GET "/\$how/x?\$n" max_size=16k else=502 "too much";
    respond '{}';
}

app_route GET /rescue/:how {
    query   n string;
    fetch   a GET "/\$how/x?\$n" max_size=16k else=502 "too much";
    respond '{}';
    rescue { respond 200 '{"was":\${error.status}}'; }
}

app_route GET /routes/:name {
    fetch   a GET "/loop/\$name" max_size=100k;
    one     x "SELECT 1 AS n";
    respond '{"status":\${a.status},"n":\${x.n}}';
}

app_route GET /loop/rows {
    many    r "WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL SELECT n + 1
               FROM s WHERE n < 8) SELECT REPEAT('x', 60000) AS t FROM s";
    respond \$r;
}

app_route GET /loop/text {
    one     x "SELECT REPEAT('x', 480000) AS t";
    respond \$x;
}
EOT
);

spew($app->dir . '/html/x', 'x' x 20000);


# a GET of the client, and what the upstream says to it
my $asked = 0;

sub told {
    my ($conn, $path, $answer, $open) = @_;

    # none is in the cache
    $asked++;
    $conn->send(Test::App::HTTP->request('GET', "$path?n=$asked"));

    my $sock = $fake->accept;
    my $text = '';

    until ($text =~ /\r\n\r\n/) {
        sysread $sock, $text, 65536, length $text or last;
    }

    # a peer that leaves early is what is wanted
    local $SIG{PIPE} = 'IGNORE';
    print $sock $answer;
    $sock->flush;
    undef $sock if !$open;

    my $res = $conn->response;

    if ($open) {
        # all that it has sent may be unread, hence a reset as well
        my $n = sysread $sock, my $rest, 10;
        ok(!$n, '  the upstream is left');
    }

    return $res;
}

sub chunked {
    my ($n) = @_;

    my $text = '';

    for (; $n > 0; $n -= 1000) {
        $text .= sprintf "%x\r\n%s\r\n", 1000, 'x' x 1000;
    }

    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n$text";
}

my $conn = $app->connect;

for my $how ('on', 'off', 'cache') {

    for my $case ([ 'chunked', chunked(20_000) . "0\r\n\r\n" ],
                  [ 'until the end', "HTTP/1.1 200 OK\r\n"
                    . "Connection: close\r\n\r\n" . 'x' x 20_000 ],
                  [ 'with a length', "HTTP/1.1 200 OK\r\n"
                    . "Content-Length: 20000\r\n\r\n" . 'x' x 20_000 ])
    {
        my ($name, $answer) = @$case;

        is_deeply(told($conn, "/small/$how", $answer)->json,
                  { status => 502, body => undef },
                  "buffering $how, $name: 502");
        is(told($conn, "/else/$how", $answer)->json->{message}, 'too much',
           '  else=');
        is(told($conn, "/rescue/$how", $answer)->json->{was}, 502,
           '  rescue');
    }

    is(told($conn, "/default/$how", chunked(1_100_000) . "0\r\n\r\n")
       ->json->{status}, 502, '  with the default max_size=');
    # for a cache nginx takes the whole of it first
    is(told($conn, "/small/$how", chunked(20_000), 1)->json->{status}, 502,
       '  one that never ends') if $how ne 'cache';
    is(told($conn, "/small/$how", "no HTTP at all\r\n\r\n")->json->{status},
       502, '  one that is no HTTP');
    is_deeply(told($conn, "/small/$how",
                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                   . "3\r\n[7]\r\n0\r\n\r\n")->json,
              { status => 200, body => [ 7 ] }, '  a small one is taken');
}

like($app->log, qr/"fetch a" .* larger than max_size=/, 'the log tells');
like($app->log, qr/"fetch a" .* has no status/, 'also of no HTTP');

for my $path ('/small/file', '/routes/rows', '/routes/text') {
    $conn->send(Test::App::HTTP->request('GET', $path));
    my $json = $conn->response->json;
    is($json->{status}, 502, "$path: 502");
    is($json->{n}, 1, '  and the route goes on') if $path =~ /routes/;
}

$conn->close;

done_testing;
