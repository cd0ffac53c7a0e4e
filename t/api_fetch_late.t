# Copyright (C) the project authors
#
# fetch: answers that are late, cut or never come, clients that leave, and
# mistakes in the configuration.

use Test::App;
use Test::App::Load;

use IO::Socket::INET;
use Time::HiRes qw(time);

# a server that answers what and when the test wants
my $fake = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1',
                                 ReuseAddr => 1) or die "listen: $!";
my $port = $fake->sockport;

my $app = Test::App->new(
    mysql  => 1,
    sql    => 'CREATE TABLE late (n INT)',
    http   => 'app_mysql main %%MYSQL%% pool=1 wait=300ms;',
    server => <<"EOT",
location /fake/  { internal; proxy_pass http://127.0.0.1:$port/; }
location /loop/  { internal; app_api; }
location /       { app_api; }

app_route GET /slow {
    one     x "SELECT 1 AS n";
    fetch   a GET /fake/slow timeout=1s;
    one     y "SELECT 2 AS n";
    respond '{"status":\${a.status},"body":\${a.body},"n":\${y.n}}';
}

app_route GET /slow/else {
    fetch   a GET /fake/slow timeout=300ms else=504 "too slow";
    respond '{}';
}

app_route GET /route/:name {
    query   n int;
    fetch   a GET "/loop/\$name?n=\$n" timeout=300ms;
    respond '{"status":\${a.status}}';
}

app_route GET /loop/:name {
    query   n int;
    fetch   b GET /fake/slow timeout=60s;
    begin;
    exec    "INSERT INTO late VALUES (:n)";
    check   "n != 2" else=409 "undone";
    commit;
    respond '[]';
}

app_route GET /loop/list {
    fetch   b GET /fake/slow timeout=60s;
    many    r "WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL SELECT n + 1
               FROM s WHERE n < 8) SELECT REPEAT('x', 60000) AS t FROM s";
    respond \$r;
}

app_route GET /late  { many r "SELECT n FROM late"; respond \$r; }
app_route GET /db    { one x "SELECT 7 AS n"; respond '\$x'; }
EOT
);


sub answer {
    my ($answer) = @_;

    my $sock = $fake->accept;
    my $text = '';

    until ($text =~ /\r\n\r\n/
           && length($') >= ($text =~ /Content-Length: (\d+)/i ? $1 : 0))
    {
        sysread $sock, $text, 65536, length $text or last;
    }

    syswrite $sock, $answer if defined $answer;
    return ($text, $sock);
}

# the deadline; the only connection to the database is free meanwhile

my ($conn, $text, $sock);
my $began = time;
my $slow = begin($app, '/slow');
($text, $sock) = answer(undef);
is($app->get('/db')->status, 200, 'a waiting fetch holds no connection');
my ($end) = gather(10, $slow);
cmp_ok(time - $began, '<', 2.5, 'the deadline is kept') if !$app->sanitized;
is_deeply($end->{res}->json, { status => 504, body => undef, n => 2 },
          'the route goes on with 504');
is(sysread($sock, my $rest, 10), 0, 'the slow server is left');

# an answer that trickles
$slow = begin($app, '/slow');
($text, $sock) = answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
($end) = gather(10, $slow);
is($end->{res}->json->{status}, 504, 'half an answer is none');

$slow = begin($app, '/slow');
($text, $sock) = answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
undef $sock;
($end) = gather(10, $slow);
is($end->{res}->json->{status}, 502, 'neither is one that is cut');

is_deeply($app->get('/slow/else')->json,
          { statusCode => 504, message => 'too slow' }, 'else= of a deadline');
answer(undef);

# a route of ours is not left: it goes on to its end, and nobody hears of it;
# the next request of the connection is served after that

$conn = $app->connect;
for my $path ('x?n=1', 'x?n=2', 'list') {
    $conn->send(Test::App::HTTP->request('GET', "/route/$path"));
    ($text, $sock) = answer(undef);
    is($conn->response->json->{status}, 504, "a route that is late: $path");

    syswrite $sock, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    undef $sock;

    $conn->send(Test::App::HTTP->request('GET', '/late'));
    is_deeply($conn->response->json, [ { n => 1 } ],
              '  commits, is undone or streams, and holds no connection');
}
$conn->close;

# keepalive goes on after a deadline
$conn = $app->connect;
for (1, 2) {
    $conn->send(Test::App::HTTP->request('GET', '/slow/else'));
    is($conn->response->status, 504, "request $_ of a connection");
    answer(undef);
}
$conn->close;

# clients that leave
for my $how ('close', 'reset') {
    my $c = $app->connect;
    $c->send(Test::App::HTTP->request('GET', '/slow'));
    ($text, $sock) = answer(undef);
    $c->$how;
    my $in = '';
    vec($in, fileno $sock, 1) = 1;
    ok(select($in, undef, undef, 0.9), "a client's $how ends the fetch");
}
is($app->get('/db')->status, 200, 'all is well');

# mistakes in the configuration

for my $case (
    [ 'fetch a GET', 'needs a name, a method and a URI' ],
    [ 'fetch a get /x', 'invalid method "get"' ],
    [ 'fetch a GET x', 'invalid URI "x"' ],
    [ "fetch a GET /x '{}'", 'takes no body' ],
    [ "fetch a POST /x '{'", 'JSON|object|end' ],
    [ 'fetch a GET /x timeout=0', 'invalid "timeout=0"' ],
    [ 'fetch a GET /x max_size=x', 'invalid "max_size=x"' ],
    [ 'fetch a GET /x header=Host:x', 'is made by nginx' ],
    [ 'fetch a GET /x header=x', 'invalid "header=x"' ],
    [ 'fetch a GET /x; let b = "a.code"', '"a.code" is used' ],
    [ 'fetch a GET /x/$b', 'unknown name "b"' ],
) {
    my $t = nginx_t(server =>
        "app_route GET /t { $case->[0]; respond '{}'; } location / {app_api;}");
    like($t->{error} || 'none', qr/$case->[1]/, $case->[0]);
}

done_testing;
