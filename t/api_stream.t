# Copyright (C) the project authors
#
# Results that are sent while they are read: the same bytes as at once, for
# every kind of client, and as slow as the client is.

use Test::App;
use IO::Uncompress::Gunzip ();
use Time::HiRes qw(time sleep);

my $app = Test::App->new(
    mysql => 1,
    sql   => <<'EOT',
CREATE TABLE n (id INT PRIMARY KEY, text VARCHAR(200));
CREATE TABLE d (i INT);
INSERT INTO d VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO n SELECT 1 + a.i + 10 * b.i + 100 * c.i + 1000 * e.i
                     + 10000 * f.i, ''
  FROM d a, d b, d c, d e, d f WHERE f.i < 2;
UPDATE n SET text = CONCAT('"', REPEAT('x', id % 150), CHAR(id % 32));
EOT
    http  => 'app_mysql main %%MYSQL%% pool=2 wait=10s;',
    server => <<'EOT');
    gzip       on;
    gzip_types application/json;

    app_route GET /list/:rows {
        path  rows int;
        query s    string;
        one   total "SELECT COUNT(*) AS n FROM n";
        many  rows2 "SELECT id, text, id AS `o?.id`, text AS `o.t` FROM n
                     ORDER BY id LIMIT :rows";
        respond '{"total": ${total.n}, "s": "$s", "rows": $rows2,
                  "tail": [1, $s]}';
    }
    app_route GET /bare/:rows {
        path rows int;
        many list "SELECT id FROM n ORDER BY id LIMIT :rows";
        respond $list;
    }
    app_route GET /status/:rows {
        path rows int;
        many list "SELECT id FROM n ORDER BY id LIMIT :rows";
        respond 203 '{"list": $list}' type="application/json";
    }
    app_route GET /fails/:rows {
        path rows int;
        many list "SELECT id, IF(id > :rows, (SELECT 1 UNION SELECT 2), 1) AS n
                     FROM n ORDER BY id";
        respond $list;
        rescue { respond 200 '"rescued"'; }
    }
    app_route GET /slow {
        many list "SELECT id, SLEEP(0.02) AS s, REPEAT('x', 1000) AS x
                     FROM n ORDER BY id LIMIT 500";
        respond $list;
    }
    app_route GET /ping { one r "SELECT 1 AS one"; respond $r; }
    location / { app_api; app_api_max_rows 30000; app_api_buffer_size 4k; }
    location /short/ { app_api; app_api_max_rows 1000; }
    app_route GET /short/:rows {
        path rows int;
        many list "SELECT id, REPEAT('x', 1000) AS x FROM n LIMIT :rows";
        respond $list;
    }
EOT

# the buffered answer comes from another server with other limits

my $whole = Test::App->new(
    mysql => 1, http => 'app_mysql main %%MYSQL%%;', start => 0,
    server => $app->{o}{server} =~ s/buffer_size 4k/buffer_size 100m/r);
$whole->{mysql} = $app->mysql;
$whole->write_conf;
$whole->start;

for my $path ('/list/6000?s=a', '/list/3000', '/list/1?s=%22', '/list/0',
              '/bare/20000', '/bare/500', '/bare/0', '/status/9000',
              map { "/bare/$_" } 440 .. 460)
{
    my $want = $whole->get($path);
    my $res = $app->get($path);
    my $long = length $want->body > 4300;

    is($res->status, $want->status, "$path: " . $want->status);
    ok($res->body eq $want->body, '  the same bytes, ' . length $res->body);
    is($res->header('Content-Type'), $want->header('Content-Type'),
       '  the same type');
    is($res->header('Transfer-Encoding'), $long ? 'chunked' : undef,
       '  in pieces') if abs(length($want->body) - 4200) > 200;
    ok($want->header('Content-Length'), '  the other one at once');
}

is(@{ $app->get('/list/2000')->json->{rows} }, 2000, 'all rows, as JSON');

my $body = $whole->get('/list/20000')->body;

# HTTP/1.0 has no chunks: the end of the connection is the end

my $conn = $app->connect(timeout => 30);
$conn->send("GET /list/20000 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
my ($head, $old) = split /\r\n\r\n/, $conn->read_all, 2;
unlike($head, qr/Transfer-Encoding|Content-Length/i, 'HTTP/1.0: no length');
ok($old eq $body, '  the same bytes');

# HEAD, compression, a kept connection

my $get = $whole->http(HEAD => '/list/20000');
my $res = $app->http(HEAD => '/list/20000');
is($res->status, 200, 'HEAD');
is($res->body, '', '  no body');
is($res->header('Content-Length'), length $body, '  the length');
is($res->header('ETag'), undef, '  no more than GET has');

$res = $app->http(HEAD => '/fails/9000');
is($res->status . ' ' . $res->header('Content-Length'), '200 9',
   '  and that of what a failure leads to');

$res = $app->get('/list/20000', headers => { 'Accept-Encoding' => 'gzip' });
is($res->header('Content-Encoding'), 'gzip', 'compressed');
IO::Uncompress::Gunzip::gunzip(\$res->{body}, \my $text);
ok($text eq $body, '  the same bytes');

$conn = $app->connect(timeout => 30);
for (1 .. 3) {
    $conn->send(Test::App::HTTP->request(GET => '/bare/2000'));
    is(@{ $conn->response->json }, 2000, 'on a connection that is kept');
}
$conn->close;

# a client that reads slowly: same bytes, little memory, others are served

$conn = $app->connect(timeout => 60, rcvbuf => 32768);
my $before = $app->rss;
$conn->send(Test::App::HTTP->request(GET => '/list/20000', close => 1));
sleep 0.5;
cmp_ok($app->rss - $before, '<', 1500, 'a slow client costs little memory')
    unless Test::App::sanitized();
is($app->get('/ping')->body, '{"one":1}', 'meanwhile others are served')
    for 1 .. 5;
ok($conn->response->body eq $body, 'a slow client gets the same bytes');

# clients that leave: their connections to the database are used again

for my $i (1 .. 12) {
    my $conn = $app->connect(rcvbuf => 4096);
    $conn->send(Test::App::HTTP->request(GET => '/list/20000'));
    sleep 0.05;
    $i % 2 ? $conn->reset : $conn->close;
}

ok(wait_until(sub { eval { $app->get('/ping')->status } == 200 }, 20),
   'after clients that left');

for (1 .. 3) {
    my $conn = $app->connect;
    $conn->send(Test::App::HTTP->request(GET => '/slow'));
    sleep 0.3;
    $conn->reset;
}

my $start = time;
is($app->get('/ping')->status, 200, 'after clients that left a slow statement');
cmp_ok(time - $start, '<', Test::App::sanitized() ? 5 : 2, '  soon');
ok(wait_until(sub {
    !grep { ($_->[7] || '') =~ /SLEEP/ }
        @{ $app->mysql->rows('SHOW FULL PROCESSLIST') };
}, 5), '  and the server works for them no more');

# failures: a status while there is one, then a cut

is($app->get('/fails/0')->body, '"rescued"', 'a failure at once is rescued');
$res = eval { $app->get('/fails/9000') };
ok(!$res, 'a failure in the middle cuts the answer');
like($@, qr/chunk is cut/, '  which shows') or diag($@);
like($app->log, qr/refused "many" in \S+ \(1242,/, '  and the log tells');

$res = eval { $app->get('/short/2000') };
ok(!$res, 'more rows than allowed, past the buffer: cut');
like($app->log, qr/more rows than app_api_max_rows: "many" in/,
     '  and the log tells');
is($app->get('/short/5')->status, 200, 'the connection goes on');

done_testing;
