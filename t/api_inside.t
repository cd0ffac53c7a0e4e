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
    app_route GET /failed/:code { respond '{"failed": $code, "at": "$uri"}'; }

    location / { app_api; app_api_buffer_size 1k; }
    location /private/ { auth_request /may/me; app_api; }
    location /may/ { app_api; }
    location /guarded/ {
        auth_request /may/you;
        default_type text/plain;
        root %%DIR%%/html;
    }
    location /pages/ { ssi on; default_type text/html; alias %%DIR%%/html/; }
    location /broken { error_page 404 = /failed/404; return 404; }
    location /named { try_files /nothing @api; }
    location @api { app_api; }
    app_route GET /named { respond '"named"'; }
    location /v1/ { rewrite ^/v1(/.*)$ $1 break; app_api; }
EOT

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

is($app->get('/broken/x')->body, '{"failed":"404","at":"/failed/404"}',
   'error_page');
is($app->get('/v1/part/x%3Fy?n=4')->body, '<b>x?y4</b>', 'rewrite');
is($app->get('/v1/part/a/b?c')->body,
   '{"statusCode":404,"message":"Cannot GET /part/a/b"}', '  to nowhere');
is($app->get('/named')->body, '"named"', 'a named location');
is($app->get('/part/x')->body, '<b>x1</b>', 'and the client itself');

done_testing;
