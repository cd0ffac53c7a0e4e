# Copyright (C) the project authors
#
# Routes that nginx itself asks: subrequests and internal redirects have the
# path that they were made with, not that of the client.

use Test::App;

my $app = Test::App->new(
    mysql => 1,
    http  => 'app_mysql main %%MYSQL%%;',
    server => <<'EOT');
    app_route GET /may/:who {
        header X-Key as key string;
        one   row "SELECT :key <=> 'secret' AS ok, :who AS who";
        check "row.ok" else=403 "No";
        respond 204;
    }
    app_route GET /part/:name {
        query n int default=1;
        one   row "SELECT CONCAT(:name, :n) AS text";
        respond "<b>${row.text}</b>" type=text/html;
    }
    app_route GET /plain/:name { respond "<i>$name</i>" type=text/html; }
    app_route GET /private/page { respond '"the page"'; }
    app_route GET /long/:n {
        many rows "SELECT REPEAT('x', 50000) AS x UNION ALL SELECT :n";
        respond $rows;
    }
    app_route GET /huge/:n {
        path n int;
        many rows "
            WITH RECURSIVE seq (i) AS (
                SELECT 1 UNION ALL SELECT i + 1 FROM seq WHERE i < :n)
            SELECT REPEAT('x', 50000) AS x FROM seq";
        respond $rows;
    }
    app_route GET  /asked        { respond "<$arg_x $uri>" type=text/plain; }
    app_route POST /posted       { body a string; respond '{"a": $a}'; }
    app_route GET  /admin/:a/b   { respond '"$a of $uri"'; }
    app_route GET  /admin/:a     { respond '"$a of $uri"'; }
    app_route GET  /some/x       { respond '"got"'; }
    app_route POST /some/x       { respond '"posted"'; }
    app_route GET /failed/:code { respond '{"failed": $code, "at": "$uri"}'; }

    location / { app_api; app_api_buffer_size 1k; }
    location /private/ { auth_request /may/me; app_api; }
    location /may/ { app_api; }
    location /guarded/ {
        auth_request /may/you;
        default_type text/plain;
        root %%DIR%%/html;
    }
    location /only/ { auth_request /huge/40; alias %%DIR%%/html/guarded/; }
    location /both/ { mirror /huge/40; alias %%DIR%%/html/guarded/; }
    location /upload/ {
        auth_request /may/me;
        client_max_body_size 1m;
        proxy_pass http://127.0.0.1:%%PORT%%/taken;
    }
    location /taken  { client_max_body_size 1m; return 200 "$content_length"; }
    location /paced/ { limit_rate 2m; rewrite ^/paced(/.*)$ $1 break; app_api; }
    location /later/ {
        set     $old $uri$args;
        rewrite ^/later(/.*)$ $1?x=2 break;
        app_api;
    }
    location /admin/ { deny all; app_api; }
    location /some/ {
        limit_except GET { allow 127.0.0.1; deny all; }
        app_api;
    }
    location /posted {
        app_body_max_size 3m;
        if ($arg_if) { set $some 1; }
        app_api;
    }
    location /pages/ { ssi on; default_type text/html; alias %%DIR%%/html/; }
    location /broken { error_page 404 = /failed/404; return 404; }
    location /named { try_files /nothing @api; }
    location @api { app_api; }
    app_route GET /named { respond '"named"'; }
    location /v1/ { rewrite ^/v1(/.*)$ $1 break; app_api; }
EOT

my $dir = $app->dir;

mkdir "$app->{dir}/html/guarded";
spew("$app->{dir}/html/guarded/a", 'guarded');
spew("$app->{dir}/html/page.html", join "\n",
     map { qq(<!--# include virtual="$_" -->) }
     '/part/a', '/part/b%20b?n=2', '/plain/c', '/plain/100%25',
     '/part/caf%C3%A9');
spew("$app->{dir}/html/long.html", join ' ',
     map { qq(<!--# include virtual="/long/$_" -->) } 1 .. 4);

is($app->get('/private/page')->status, 403, 'auth_request: refused');

my %key = (headers => { 'X-Key' => 'secret' });

for (1 .. 3) {
    is($app->get('/private/page', %key)->body, '"the page"',
       'auth_request: allowed');
    is($app->get('/guarded/a', %key)->body, 'guarded', '  a file');
}

my $res = $app->get('/pages/page.html');
is($res->body, "<b>a1</b>\n<b>b b2</b>\n<i>c</i>\n<i>100%</i>\n"
   . "<b>caf\xc3\xa9" . "1</b>", 'SSI: five parts');

is($app->get('/pages/long.html')->body,
   join(' ', map { '[{"x":"' . 'x' x 50000 . "\"},{\"x\":\"$_\"}]" } 1 .. 4),
   'SSI: streamed parts, each where it belongs');

# a long answer whose body nobody wants

is($app->get('/only/a')->body, 'guarded', 'auth_request: not the long answer');

my $conn = $app->connect(timeout => 10);
$conn->send("GET /both/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
like($conn->read_all, qr/\r\n\r\nguarded\z/, 'mirror: nor here, and it ends');

is(length $app->get('/paced/huge/40')->body, 1 + 40 * 50009,
   'limit_rate: all of it');

# a body that is for another

is($app->http('PUT', '/upload/x', headers => { 'X-Key' => 'secret' },
              body => 'x' x 300000)->body, 300000,
   'auth_request: no limit of its own on a body');
is($app->http('PUT', '/upload/x', body => 'x' x 300000)->status, 403,
   '  and it refuses');

# variables are those of the request that asks, now

spew("$dir/html/asked.html", join ' ',
     map { qq(<!--# include virtual="/asked?x=$_" -->) } 1 .. 3);
is($app->get('/pages/asked.html?x=0')->body,
   '<1 /asked> <2 /asked> <3 /asked>', 'SSI: each has its own arguments');
is($app->get('/later/asked?x=1')->body, '<2 /asked>',
   'rewrite: variables are read again');

# the location that nginx has chosen is the one whose route runs

is($app->get('/admin/a/b')->status, 403, 'a location that denies');
is($app->get($_)->status, 404, "  no way around it: $_")
    for '/admin/..%2Fpart/b', '/admin/a%2f..%2f..%2fb', '/admin/a%2F..%2F..';

# blocks within a location

is($app->http($_, '/some/x')->body, $_ eq 'GET' ? '"got"' : '"posted"',
   "limit_except: $_") for qw(GET POST);

my $chunk = sprintf "%x\r\n%s\r\n", 100_000, 'y' x 100_000;
is(length $app->http('POST', "/posted$_", headers => {
       'Content-Type'      => 'application/json',
       'Transfer-Encoding' => 'chunked' },
       body => "6\r\n{\"a\":\"\r\n" . $chunk x 20 . "2\r\n\"}\r\n0\r\n\r\n")
   ->body, 2000008, "if: the limit on bodies is ours$_") for '', '?if=1';

is($app->get('/broken/x')->body, '{"failed":"404","at":"/failed/404"}',
   'error_page');
is($app->get('/v1/part/x%3Fy?n=4')->body, '<b>x?y4</b>', 'rewrite');
is($app->get('/v1/part/a/b?c')->body,
   '{"statusCode":404,"message":"Cannot GET /part/a/b"}', '  to nowhere');
is($app->get('/named')->body, '"named"', 'a named location');
is($app->get('/part/x')->body, '<b>x1</b>', 'and the client itself');

done_testing;
