# Copyright (C) the project authors
#
# app_cors: who may read what, preflights, and answers that are errors.

use Test::App;

my $block = <<'EOT';
app_cors {
    origins      https://shop.example https://*.shop.example:8443
                 http://localhost:* .apps.example;
    credentials  on;
    expose       Content-Type Authorization Access-Control-Allow-Origin;
    methods      GET POST PUT DELETE PATCH OPTIONS HEAD;
    headers      Content-Type Authorization Accept;
    max_age      24h;
}
EOT

my $app = Test::App->new(
    http   => "limit_req_zone \$uri zone=z:32k rate=1r/m;\n"
              . "server { listen 127.0.0.1:%%PORT1%%; location / {"
              . " add_header Access-Control-Allow-Origin *; return 200 x; } }",
    server => $block . <<'EOT',
error_page 410 /gone.html;
app_route GET /ok { respond '{"ok":true}'; }
app_route GET /fails { let a = "1"; check "a = 2" else=409 "no"; respond '{}'; }
location /         { app_api; }
location /auth     { auth_basic x; auth_basic_user_file %%DIR%%/users; }
location /limit    { limit_req zone=z; proxy_pass http://127.0.0.1:%%PORT1%%; }
location /teapot   { return 418; }
location /gone     { return 410; }
location /gone.html { internal; return 200 page; }
location /body     { client_max_body_size 1;
                     proxy_pass http://127.0.0.1:%%PORT1%%; }
location /away     { proxy_pass http://127.0.0.1:%%PORT9%%; }
location /proxy    { proxy_pass http://127.0.0.1:%%PORT1%%; }
location /off      { app_cors { origins none; } return 200 x; }
location /named    { error_page 403 = @named; return 403; }
location @named    { app_cors { origins none; } return 200 named; }
location /open     { app_cors { origins *; } return 200 x; }
location /inner    { app_cors { origins http://inner.example; }
                     error_page 404 /html.html; return 404; }
EOT
    files  => { users => "a:b\n" },
);

my $origin = 'https://shop.example';

my %base = (
    'access-control-allow-origin' => $origin,
    'access-control-allow-credentials' => 'true',
    'access-control-expose-headers'
        => 'Content-Type,Authorization,Access-Control-Allow-Origin',
    vary => 'Origin',
);

my %preflight = (%base,
    'access-control-allow-methods'
        => 'GET,POST,PUT,DELETE,PATCH,OPTIONS,HEAD',
    'access-control-allow-headers' => 'Content-Type,Authorization,Accept',
    'access-control-max-age' => 86400,
    'content-length' => 0,
);

sub cors {
    my ($res, $more) = @_;

    return { map { $_ => $res->header($_) }
             grep { /^access-control-|^vary$/ || $more && /^content-length$/ }
             keys %{ $res->{headers} } };
}

# any answer, whoever makes it

for (
    [ GET => '/ok', 200 ], [ HEAD => '/ok', 200 ], [ GET => '/nothing', 404 ],
    [ POST => '/ok', 405 ], [ GET => '/fails', 409 ], [ GET => '/auth', 401 ],
    [ GET => '/teapot', 418 ], [ GET => '/limit', 200 ],
    [ GET => '/limit', 503 ], [ POST => '/body', 413, body => 'xx' ],
    [ GET => '/away', 502 ], [ GET => '/gone', 410 ], [ GET => '/proxy', 200 ],
) {
    my ($method, $path, $status, %o) = @$_;
    my $res = $app->http($method, $path, headers => { Origin => $origin }, %o);
    is($res->status, $status, "$method $path: $status");
    is_deeply(cors($res), \%base, '  with its headers');
}

my $res = $app->get('/ok', headers => { Origin => $origin });
$res = $app->get('/ok', headers => { Origin => $origin,
                                     'If-None-Match' => $res->header('ETag') });
is($res->status, 304, 'not modified');
is_deeply(cors($res), \%base, '  with its headers');

# preflights

for my $path ('/ok', '/nothing', '/auth', '/limit', '/teapot', '/away',
              '/body', '/gone') {
    $res = $app->http('OPTIONS', $path, headers => { Origin => $origin,
        'Access-Control-Request-Method' => 'POST' });
    is($res->status, 204, "a preflight of $path");
    is_deeply(cors($res, 1), \%preflight, '  with its headers');
    is($res->header('Content-Type'), undef, '  and no type');
}

$res = $app->http('OPTIONS', '/ok', headers => { Origin => 'https://x.y' });
is($res->status, 204, 'a preflight of somebody unknown');
is_deeply(cors($res, 1), { vary => 'Origin', 'content-length' => 0 },
          '  has none');

$res = $app->http('OPTIONS', '/ok');
is($res->status, 405, 'OPTIONS without an origin is no preflight');

my $conn = $app->connect;
$conn->send(Test::App::HTTP->request('OPTIONS', '/ok', body => 'x' x 100,
                                     headers => { Origin => $origin })
            . Test::App::HTTP->request('GET', '/ok'));
is($conn->response->status, 204, 'a preflight with a body');
is($conn->response->status, 200, 'and the next request of the connection');
$conn->close;

# who is let in

$res = $app->get('/ok');
is_deeply(cors($res), { vary => 'Origin' }, 'no origin: only Vary');

sub allowed {
    my ($from, $path) = @_;

    my $got = $app->get($path || '/ok', headers => { Origin => $from });
    is($got->status, 200, "$from is served");
    return ($got->header('Access-Control-Allow-Origin') || '') eq $from;
}

ok(allowed($_), '  and allowed') for 'https://a.shop.example:8443',
    'https://a.b.shop.example:8443', 'http://localhost:1',
    'http://localhost:65535', 'https://x.apps.example';

ok(!allowed($_), '  and not allowed') for
    'http://shop.example', 'https://shop.example:443', 'https://shop.example.x',
    'https://xshop.example', 'https://shop.example/', 'null', 'https://',
    'https://.shop.example:8443', 'https://shop.example:8443',
    'https://a.shop.example', 'https://a.shop.example:84430',
    'https://evil.example/.shop.example:8443',
    'https://evil.example?.shop.example:8443',
    'https://evil@a.shop.example:8443', 'https://a..shop.example:8443',
    'http://localhost:', 'http://localhost', 'http://localhost:0',
    'http://localhost:65536', 'http://localhost:80x',
    'http://localhost:80.evil.example', 'http://localhost.evil.example:80',
    'http://x.apps.example', 'https://apps.example', 'https://xapps.example',
    'https://x.apps.example:8443', 'HTTPS://SHOP.EXAMPLE';

# other locations

is_deeply(cors($app->get('/off', headers => { Origin => $origin })), {},
          'switched off');
is($app->http('OPTIONS', '/off', headers => { Origin => $origin })->status,
   200, '  with its preflights');
is_deeply(cors($app->get('/named', headers => { Origin => $origin })), {},
          'a page of errors may have its own');
ok(allowed('https://anybody.example', '/open'), 'everybody');

my %inner = (headers => { Origin => 'http://inner.example' });
$app->write_conf(server => $app->{o}{server} =~ s/^app_cors.*?^}$//msr);
$app->reload(gone => 1);
$res = $app->get('/inner', %inner);
is($res->status, 404, 'a page of errors in a location without it');
is($res->header('Access-Control-Allow-Origin'), 'http://inner.example',
   '  keeps the headers of where the request was');

# mistakes

for my $case (
    [ '', 'needs "origins"' ],
    [ 'origins shop.example;', 'invalid origin "shop.example"' ],
    [ 'origins https://shop.example/;', 'invalid origin' ],
    [ 'origins https://*shop.example;', 'invalid origin' ],
    [ 'origins https://a.*.example;', 'invalid origin' ],
    [ 'origins https://a.example:x;', 'invalid origin' ],
    [ 'origins null;', 'invalid origin' ],
    [ 'origins *; credentials on;', 'cannot have the origin "\*"' ],
    [ 'origins *; credentials yes;', '"credentials" .* is "on" or "off"' ],
    [ 'origins *; max_age x;', '"max_age" of "app_cors" is a time' ],
    [ 'origins *; methods GET,POST;', 'takes names with blanks' ],
    [ 'origins *; header X;', 'unknown "header"' ],
    [ 'origins *; methods;', 'needs a value' ],
) {
    my $t = nginx_t(http => "app_cors { $case->[0] }");
    like($t->{error} || 'none', qr/$case->[1]/, $case->[0] || 'empty');
}

like(nginx_t(http => 'app_cors { origins none; } app_cors { origins none; }')
     ->{error}, qr/is duplicate/, 'twice');

done_testing;
