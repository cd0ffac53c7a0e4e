# Copyright (C) the project authors
#
# Headers of answers, entity tags, compression, and the limits of results.

use Test::App;
use IO::Uncompress::Gunzip ();

my $app = Test::App->new(
    mysql => 1,
    sql   => <<'EOT',
CREATE TABLE n (id INT PRIMARY KEY);
CREATE TABLE d (i INT);
INSERT INTO d VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO n SELECT 1 + a.i + 10 * b.i + 100 * c.i FROM d a, d b, d c
 WHERE c.i < 3;
CREATE TABLE v (id INT PRIMARY KEY, v VARCHAR(20));
INSERT INTO v VALUES (1, 'first');
EOT
    http  => 'app_mysql main %%MYSQL%%;',
    server => <<'EOT');
    gzip            on;
    gzip_min_length 200;
    gzip_types      application/json;
    gzip_vary       on;

    app_route GET /v { one row "SELECT v FROM v"; respond $row; }
    app_route GET /created { respond 201 '{"a": 1}'; }
    app_route GET /empty { respond 200; }
    app_route POST /v { one row "SELECT v FROM v"; respond $row; }
    app_route GET /list {
        query limit int default=100;
        many  rows "SELECT id, REPEAT('x', 50) AS text FROM n
                     ORDER BY id LIMIT :limit";
        let   n = "rows.count";
        respond '{"n": $n, "rows": $rows}';
    }
    app_route GET /streamed {
        query limit int default=100;
        many  rows "SELECT id, REPEAT('x', 50) AS text FROM n
                     ORDER BY id LIMIT :limit";
        respond '{"rows": $rows}';
    }
    app_route GET /one {
        query size int default=100;
        one   row "SELECT REPEAT('x', :size) AS text";
        respond '{"row": $row}';
    }
    app_route GET /twice {
        query size int default=100;
        one   row "SELECT REPEAT('x', :size) AS text";
        respond '[$row, $row, "${row.text}"]';
    }
    app_route GET /rescued {
        many rows "SELECT id FROM n";
        respond $rows;
        rescue { respond 507 '"${error.status}: ${error.message}"'; }
    }
    location / { app_api; }
    location = /rescued { app_api; app_api_max_rows 5; }
    location /small { app_api; app_api_max_size 200; }
    app_route GET /small { respond '{"text": "$arg_text"}'; }
    app_route GET /small/list { many r "SELECT id FROM n LIMIT 3"; respond $r; }
    app_api_max_rows 200;
    app_api_max_size 10k;
EOT

# entity tags

my $res = $app->get('/v');
my $etag = $res->header('ETag');

like($etag, qr/\AW\/"[0-9a-f]{16}"\z/, 'a weak entity tag');
is($res->header('Content-Length'), length $res->body, 'a length');
is($app->get('/v')->header('ETag'), $etag, 'the same for the same answer');

sub is_304 {
    my ($name, $value, $want) = @_;

    my $res = $app->get('/v', headers => { 'If-None-Match' => $value });
    is($res->status, $want, "$name: $want");
    is($res->body, '', '  no body') if $want == 304;
    is($res->header('ETag'), $etag, '  its entity tag');
    is($res->header('Content-Type'), undef, '  no type') if $want == 304;
}

(my $strong = $etag) =~ s/\AW\///;

is_304('the same', $etag, 304);
is_304('a list', "\"x\", $etag, \"y\"", 304);
is_304('the strong form', $strong, 304);
is_304('any', '*', 304);
is_304('another', 'W/"0000000000000000"', 200);
is_304('empty', '', 200);
is($app->http(HEAD => '/v', headers => { 'If-None-Match' => $etag })->status,
   304, 'HEAD, too');

$app->mysql->sql("UPDATE v SET v = 'second'");
$res = $app->get('/v', headers => { 'If-None-Match' => $etag });
is($res->status, 200, 'not after a change');
is($res->body, '{"v":"second"}', '  but the new answer');
isnt($res->header('ETag'), $etag, '  with another tag');

for my $case ([ GET => '/created', 201 ], [ GET => '/nothing', 404 ],
              [ POST => '/v', 200 ])
{
    my ($method, $path, $status) = @$case;
    my $res = $app->http($method, $path, headers => { 'If-None-Match' => '*' });
    is($res->status, $status, "$method $path: $status");
    is($res->header('ETag'), undef, '  has no entity tag');
}

# compression

my $plain = $app->get('/list');
my $small = $app->get('/list', headers => { 'Accept-Encoding' => 'gzip' });

is($plain->header('Content-Encoding'), undef, 'plain');
is($small->header('Content-Encoding'), 'gzip', 'compressed');
is($small->header('Vary'), 'Accept-Encoding', '  Vary');
is($small->header('ETag'), $plain->header('ETag'), '  the same weak tag');
IO::Uncompress::Gunzip::gunzip(\$small->{body}, \my $text);
is($text, $plain->body, '  the same text');
cmp_ok(length $small->body, '<', length($plain->body) / 3, '  smaller');
is($app->get('/list', headers => { 'Accept-Encoding' => 'gzip',
                                   'If-None-Match' => $plain->header('ETag') })
       ->status, 304, '  not modified');
is($app->get('/v', headers => { 'Accept-Encoding' => 'gzip' })
       ->header('Content-Encoding'), undef, 'short answers stay plain');

# limits

sub is_too_much {
    my ($path, $message, $status) = @_;

    my $res = $app->get($path);
    is($res->status, $status || 500, "$path: refused");
    is($res->body, $status ? "\"500: $message\""
       : qq({"statusCode":500,"message":"$message"}), "  $message");
    like($app->log, qr/\[error\] .*\Q$message\E.*server\.conf:\d+/,
         '  and the log tells where');
}

my $rows = 'the result has more rows than app_api_max_rows';
my $size = 'the result is larger than app_api_max_size';
my $answer = 'the answer is larger than app_api_max_size';

is_too_much('/list?limit=201', $size);
is_too_much('/streamed?limit=300', $size);
is_too_much('/rescued', $rows, 507);
is_too_much('/one?size=20000', $size);
is_too_much('/twice?size=4000', $answer);
is_too_much('/small?text=' . 'x' x 300, $answer);
is($app->get('/one?size=10000')->status, 200, 'up to the limit');
is($app->get('/small/list')->body, '[{"id":1},{"id":2},{"id":3}]');
is($app->get('/small?text=a')->body, '{"text":"a"}');

$app->write_conf(server => $app->{o}{server} =~ s/10k/1m/r);
$app->reload(gone => 1);

is_too_much('/list?limit=201', $rows);
is_too_much('/streamed?limit=201', $rows);
is($app->get('/list?limit=200')->json->{n}, 200, 'as many as are allowed');
is(@{ $app->get('/streamed?limit=200')->json->{rows} }, 200);

# the connection is as good as before

is($app->get('/v')->body, '{"v":"second"}', 'the connection goes on')
    for 1 .. 3;

done_testing;
