# Copyright (C) the project authors
#
# What no honest client sends: 400, 404 or 414, never 500, and nothing in
# the log that would wake anybody.

use Test::App;
use Time::HiRes qw(time);

my $app = Test::App->new(
    mysql => 1,
    sql   => 'CREATE TABLE t (id BIGINT PRIMARY KEY, name VARCHAR(50));
              INSERT INTO t VALUES (1, "one")',
    http  => 'app_mysql main %%MYSQL%%;',
    server => <<'EOT');
    app_route GET /t/:id {
        path   id     int     else=404 "Invalid id";
        query  q      string  max=20;
        query  limit  int     default=5 min=1 max=100;
        header X-Tag as tag string;
        one    row "SELECT id, name FROM t WHERE id = :id [[ AND name = :q ]]"
               else=404 "Not found";
        respond '{"row": $row, "q": $q, "tag": $tag, "limit": $limit}';
    }
    app_route GET /name/:name {
        one    row "SELECT COUNT(*) AS n FROM t WHERE name = :name";
        respond '{"n": ${row.n}, "name": $name}';
    }
    app_route GET /files/*path { respond '{"path": $path}'; }
    location / { app_api; }
    large_client_header_buffers 8 64k;
EOT

my ($pid) = $app->workers;

sub answers {
    my ($name, $path, $want, $message, %o) = @_;

    my $res = $app->http($o{method} || 'GET', $path, %o);
    like($res->status, qr/^(?:$want)$/, "$name: $want");
    is($res->json->{message}, $message, "  $message") if defined $message;
    return $res;
}

# ids

for my $id ('abc', '1x', '12abc', '0x1', '1.0', '1e3', '--1', '+1', '%201',
            '1%20', '9223372036854775808', '-9223372036854775809',
            '9' x 1000, '%D9%A1', 'null', 'NaN', "1%27%20OR%201=1", '%2F')
{
    answers("id $id", "/t/$id", 404, 'Invalid id');
}

answers("id $_", "/t/$_", 404, 'Not found')
    for '0', '-1', '9223372036854775807', '-9223372036854775808';
answers("id $_", "/t/$_", 200) for '1', '01', '0000000001';

# paths

answers('a long segment', '/name/' . 'a' x 4000, 200);
answers('a path that is too long', '/name/' . 'a' x 4100, 414,
        'the path is too long');
answers('a path of many segments', '/files' . '/a' x 40, 414,
        'the path is too long');
answers('a long path nowhere', '/nowhere/' . 'a' x 4080, 404);
answers('bad UTF-8 in the path', "/name/$_", 400,
        'the path must be valid UTF-8')
    for '%FF', '%C3', '%C0%80', '%ED%A0%80', '%F8%88%80%80%80',
        '%F4%90%80%80', "\xff", "a\xc3";
answers('a broken escape', "/name/$_", 400)
    for '%', '%2', '%zz', 'a%b', '%%41', '%u0041';
answers('an escape is enough to be no path', '/%zz', 400);
answers("dots: $_", $_, 404)
    for '/name/..', '/name/.', '/files/../name/a', '/files/a/../../b',
        '/files/%2e%2e/a', '/files/%2E%2E', '/files/..%2Fa', '/files/a%2F..',
        '/name/a/..', '/files/a/./b';
answers("dots above the root: $_", $_, 400)
    for '/..', '/../../etc/passwd', '/files/../..';
answers('more dots', '/files/...', 200);
answers('slashes', $_, 404) for '//', '///', '//name/a', '/name//a',
                                '/files//', '/name/a//';
answers('a backslash', '/name/a%5Cb', 200);

# query strings

answers('no value', '/t/1?limit=', 400, 'limit must be an integer number');
answers('no name', '/t/1?=5&&&=', 200);
answers('only marks', '/t/1???&=&', 200);
answers('a parameter twice', '/t/1?limit=1&limit=2', 400,
        'limit must be given once');
answers('a parameter 50 times', '/t/1?' . 'limit=1&' x 50, 400,
        'limit must be given once');
answers('100 parameters', '/t/1?' . join('&', map { "p$_=1" } 1 .. 100), 200);
answers('101 parameters', '/t/1?' . join('&', map { "p$_=1" } 1 .. 101), 400);
answers('5000 parameters', '/t/1?' . '&a=b' x 5000, 400);
answers('many marks', '/t/1?' . '&' x 30_000, 200);
answers('bad UTF-8', '/t/1?q=%FF', 400, 'q must be valid UTF-8');
answers('a zero byte', '/t/1?q=%00', 400, 'q must not contain a zero byte');
answers('bad UTF-8 in a name', '/t/1?%FF=1&%00=2', 200);
answers('a broken escape', '/t/1?q=%zz', 404, 'Not found');
answers('a long value', '/t/1?q=' . 'a' x 21, 400,
        'q must be shorter than or equal to 20 characters');
answers('a very long value', '/t/1?q=' . 'a' x 60_000, 400);
answers('a very long value that nobody reads', '/t/1?z=' . 'a' x 60_000, 200);
answers('a long query string nowhere', '/nowhere?' . '%22' x 20_000, 404);

# headers

answers('a header twice', '/t/1', 400, 'tag must be given once',
        headers => [ 'X-Tag' => 'a', 'X-Tag' => 'b' ]);
answers('bad UTF-8 in a header', '/t/1', 400, 'tag must be valid UTF-8',
        headers => [ 'X-Tag' => "\xff" ]);

# methods and protocols: nginx answers these by itself

sub raw {
    my ($name, $bytes, $want) = @_;

    my $conn = $app->connect;
    $conn->send($bytes);
    like($conn->read_all, qr{^$want}, $name);
    $conn->close;
}

raw('a raw zero byte in the path', "GET /name/a\0b HTTP/1.1\r\nHost: a\r\n\r\n",
    'HTTP/1.1 400');
raw('a raw zero byte in a header', "GET /t/1 HTTP/1.1\r\nHost: a\r\n"
    . "X-Tag: a\0b\r\n\r\n", 'HTTP/1.1 400');
raw('an escaped zero byte in the path',
    "GET /name/a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 'HTTP/1.1 400');
raw('a raw line feed in the path', "GET /name/a\nb HTTP/1.1\r\n\r\n", '');
raw('no host', "GET /t/1 HTTP/1.1\r\n\r\n", 'HTTP/1.1 400');
raw('HTTP/0.9', "GET /name/a\r\n", '{"n":0,"name":"a"}\z');
raw('a method of small letters', "get /t/1 HTTP/1.0\r\n\r\n", '.*400');
raw('an asterisk', "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 'HTTP/1.1 400');
raw('a colon and no scheme', "GET t/1 HTTP/1.1\r\nHost: a\r\n\r\n",
    'HTTP/1.1 400');

# 10 MB of query string: nginx refuses it, and where it is told to take it
# the answer stays small

my $long = 'a' x 10_000_000;

my $conn = $app->connect(timeout => 30);
$conn->send("GET /t/1?q=$long HTTP/1.1\r\nHost: a\r\n\r\n");
is(eval { $conn->response->status } || 414, 414, '10 MB of query string');
$conn->close;

$app->write_conf(server => $app->{o}{server} =~ s/8 64k/4 16m/r
                                             =~ s/64k/16m/r);
$app->reload(gone => 1);
($pid) = $app->workers;

for my $case ([ "/t/1?q=$long", 400 ], [ "/t/1?z=$long", 200 ],
              [ "/nowhere?$long", 404 ], [ "/nowhere?" . "\xff" x 9e6, 404 ],
              [ "/name/$long", 414 ], [ '/t/1?' . '&a=1' x 2e6, 400 ],
              [ '/t/1?' . '&' x 9e6, 200 ], [ '/files' . '/..' x 3e6, 400 ],
              [ '/files' . '/.' x 4e6, 414 ], [ '/files' . '/a' x 4e6, 414 ],
              [ '/t/1?q=' . '%C3%A9' x 1e6, 400 ])
{
    my ($path, $want) = @$case;

    my $start = time;
    my $res = $app->get($path, timeout => 60);
    is($res->status, $want, length($path) . ' bytes of '
       . substr($path, 0, 12) . "…: $want");
    cmp_ok(length $res->body, '<', 30_000, '  a short answer');
    cmp_ok(time - $start, '<', Test::App::sanitized() ? 20 : 5, '  soon');
}

is(join(' ', $app->workers), $pid, 'by the same worker');
is($app->get('/t/1')->json->{row}{name}, 'one', 'and all is well');

done_testing;
