# Copyright (C) the project authors
#
# Which route answers a request, and what is answered when none does.

use Test::App;

my $app = Test::App->new(server => <<'EOT');
    app_route GET /offers { respond '{"is": "list"}'; }
    app_route POST /offers { respond 201 '{"is": "created"}'; }
    app_route GET /offers/latest { respond '{"is": "latest"}'; }
    app_route GET /offers/:id { respond '{"is": "one", "id": $id}'; }
    app_route DELETE /offers/:id { respond 204; }
    app_route GET /offers/:id/orders/:order {
        respond '{"is": "order", "id": $id, "order": $order}';
    }
    app_route GET /offers/latest/orders { respond '{"is": "latest orders"}'; }
    app_route GET /offers/*rest { respond '{"is": "rest", "rest": $rest}'; }
    app_route GET /files/*path { respond '{"is": "file", "path": $path}'; }
    app_route GET /caf%C3%A9 { respond '{"is": "café"}'; }
    app_route GET / { respond '{"is": "root"}'; }
    app_route OPTIONS /preflight { respond 204; }
    app_route PUT /preflight { respond 204; }
    app_route PATCH /one { respond 200; }

    location / { app_api; }
    location /plain/ { return 200 "plain"; }
EOT

sub is_at {
    my ($path, $want, $name) = @_;

    my $res = $app->get($path);
    is($res->status, 200, "GET $path: 200");
    is_deeply($res->json, $want, $name || '  the right route');
}

# better parts win, whatever the order

is_at('/offers', { is => 'list' });
is_at('/offers/latest', { is => 'latest' }, 'literal before parameter');
is_at('/offers/7', { is => 'one', id => '7' });
is_at('/offers/7/orders/8', { is => 'order', id => '7', order => '8' });
is_at('/offers/latest/orders', { is => 'latest orders' });
is_at('/offers/latest/orders/9',
      { is => 'order', id => 'latest', order => '9' },
      'where the literal leads to nothing, the parameter is tried');
is_at('/offers/7/orders', { is => 'rest', rest => '7/orders' },
      'then the rest');
is_at('/offers/7/x/y', { is => 'rest', rest => '7/x/y' });
is_at('/offers/latest/x', { is => 'rest', rest => 'latest/x' });
is_at('/files/a', { is => 'file', path => 'a' });
is_at('/files/a/b.c', { is => 'file', path => 'a/b.c' });
is_at('/', { is => 'root' });
is_at('/offers?a=b', { is => 'list' });
is_at('/offers/7?a=b/c', { is => 'one', id => '7' });

# one slash at the end

is_at('/offers/', { is => 'list' });
is_at('/offers/7/', { is => 'one', id => '7' });
is_at('/offers/7/?a', { is => 'one', id => '7' });
is_at('/files/a/', { is => 'file', path => 'a/' },
      'which belongs to the rest where a route takes it');

# escapes: a path is split before it is decoded

is_at('/offers/a%2Fb', { is => 'one', id => 'a/b' }, '%2F is no slash');
is_at('/offers/a%20b+c', { is => 'one', id => 'a b+c' }, '+ is no blank');
is_at('/offers/%D8%B9', { is => 'one', id => "\x{639}" });
is_at('/offers/%C3%A9%E2%82%AC%F0%9F%8D%95',
      { is => 'one', id => "\xe9\x{20ac}\x{1f355}" });
is_at('/caf%C3%A9', { is => "caf\xe9" });
is_at('/caf%c3%a9', { is => "caf\xe9" });
is_at('/%6Fffers', { is => 'list' }, 'a literal may be escaped');
is_at('/offers/%22%5C%3C', { is => 'one', id => '"\\<' });
is_at('/files/a%2Fb/c', { is => 'file', path => 'a/b/c' });
is_at('/offers/:id', { is => 'one', id => ':id' });
is_at('/offers/...', { is => 'one', id => '...' });
is_at('/offers/%25%32%35', { is => 'one', id => '%25' }, 'decoded once');

# no route

sub is_none {
    my ($method, $path) = @_;

    my $res = $app->http($method, $path);
    is($res->status, 404, "$method $path: 404");
    is($res->header('Content-Type'),
       'application/json; charset=utf-8', '  JSON');
    is($res->body,
       qq({"statusCode":404,"message":"Cannot $method $path"}), '  its text');
}

is_none(GET => '/nothing');
is_none(GET => '/nothing?here=1');
is_none(GET => '/Offers');
is_none(GET => '/files');
is_none(GET => '/files/');
is_none(POST => '/nothing');
is_none(GET => '/offers//7');
is_none(GET => '//offers');
is_none(GET => '/files//a');
is_none(GET => '/offersx');
is_none(PATCH => '/%2F');

# an absolute URL as target, as proxies send it

is_at('http://localhost/offers/7', { is => 'one', id => '7' });

# other methods

sub is_not_allowed {
    my ($method, $path, $allow) = @_;

    my $res = $app->http($method, $path);
    is($res->status, 405, "$method $path: 405");
    is($res->header('Allow'), $allow, "  Allow: $allow");
    is($res->body, '{"statusCode":405,"message":"Method Not Allowed"}',
       '  its text') if $method ne 'HEAD';
}

is_not_allowed(PUT => '/offers', 'GET, HEAD, POST');
is_not_allowed(DELETE => '/offers', 'GET, HEAD, POST');
is_not_allowed(POST => '/offers/7', 'GET, HEAD, DELETE');
is_not_allowed(PATCH => '/offers/latest', 'GET, HEAD, DELETE');
is_not_allowed(DELETE => '/offers/7/orders/8', 'GET, HEAD');
is_not_allowed(GET => '/one', 'PATCH');
is_not_allowed(HEAD => '/one', 'PATCH');
is_not_allowed(GET => '/preflight', 'PUT, OPTIONS');
is_not_allowed(OPTIONS => '/offers', 'GET, HEAD, POST');
is_not_allowed(PROPFIND => '/offers', 'GET, HEAD, POST');

is($app->http(POST => '/offers')->status, 201, 'POST has its own route');
is($app->http(POST => '/offers', body => 'x' x 100_000)->status, 201,
   'a body that nobody reads');
is($app->http(DELETE => '/offers/latest')->status, 204,
   'the parameter answers for another method than the literal');
is($app->http(OPTIONS => '/preflight')->status, 204);

# HEAD is GET without its body

for my $path ('/offers/7', '/nothing', '/offers') {
    my $get = $app->get($path);
    my $head = $app->http(HEAD => $path);

    # the text of a 404 names the method
    my $more = $path eq '/nothing' ? 1 : 0;

    is($head->status, $get->status, "HEAD $path: the status of GET");
    is($head->header('Content-Length'),
       $get->header('Content-Length') + $more, '  its length');
    is($head->header('ETag'), $get->header('ETag'), '  its entity tag');
    is($head->body, '', '  no body');
}

# a connection goes on

my $conn = $app->connect;
for my $path ('/offers', '/nothing', '/offers/7', '/one', '/offers') {
    $conn->send(Test::App::HTTP->request(GET => $path));
    my $res = $conn->response;
    like($res->status, qr/^(?:200|404|405)$/, "kept alive: $path");
}
$conn->send(join '', map { Test::App::HTTP->request(GET => "/offers/$_") }
            1 .. 20);
is(join(',', map { $conn->response->json->{id} } 1 .. 20),
   join(',', 1 .. 20), 'pipelined requests');

# nginx's own locations stay what they are

is($app->get('/plain/x')->body, 'plain', 'another location');
is($app->get('/plain/../offers')->status, 404,
   'a path that nginx would have shortened');

done_testing;
