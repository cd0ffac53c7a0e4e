# Copyright (C) the project authors
#
# Bodies of requests on the wire: whole, in pieces, chunked, one behind the
# other, in a file, over HTTP/2, and too large in each of these ways.

use Test::App;

my $routes = <<'END';
app_route POST /len {
    body t string required;
    let n = "length(t)";
    respond '{"n": $n}';
}
END

my $app = Test::App->new(
    files  => { 'routes.conf' => $routes },
    http   => <<'END',
server {
    listen 127.0.0.1:%%PORT1%% http2;
    include %%DIR%%/routes.conf;
    location / { app_body_max_size 61000; app_api; }
}
server {
    listen 127.0.0.1:%%PORT2%%;
    client_body_buffer_size 16;
    include %%DIR%%/routes.conf;
    location / { mirror /mirror; app_body_max_size 61000; app_api; }
    location = /mirror { internal; return 204; }
}
END
    server => <<'END',
include %%DIR%%/routes.conf;
location / { client_body_buffer_size 16; app_body_max_size 61000; app_api; }
END
);


# post(PATH, BODY, OPTIONS): status and decoded body in a list
sub post {
    my ($path, $body, %o) = @_;

    my $type = exists $o{type} ? delete $o{type} : 'application/json';
    my $res = $app->http($o{method} || 'POST', $path, body => $body, %o,
                         headers => [ $type ? ('Content-Type' => $type) : (),
                                      @{ $o{headers} || [] } ]);

    return [ $res->status, $res->json ];
}

sub fault { return [ $_[0], { statusCode => $_[0], message => $_[1] } ] }

my $big = '{"t":"' . 'x' x 60000 . '"}';

is_deeply(post('/len', $big), [ 200, { n => 60000 } ], 'in many pieces');

my $conn = $app->connect;
$conn->send("POST /len HTTP/1.1\r\nHost: x\r\nContent-Type: application/json"
            . "\r\nContent-Length: 9\r\n\r\n");
$conn->send('{"t":"x"}', chunk => 1, every => 0.01);
is_deeply($conn->response->json, { n => 1 }, 'byte by byte');
$conn->send("POST /len HTTP/1.1\r\nHost: x\r\nContent-Type: application/json"
            . "\r\nTransfer-Encoding: chunked\r\n\r\n"
            . "3\r\n{\"t\r\n1\r\n\"\r\n1\r\n:\r\n"
            . "6\r\n\"\xc3\xa9x\"}\r\n0\r\n\r\n"
            . Test::App::HTTP->request('POST', '/len', json => { t => 'abc' })
            . Test::App::HTTP->request('POST', '/len', json => { t => '' })
            . Test::App::HTTP->request('POST', '/len', json => { t => 'd' }));
is_deeply($conn->response->json, { n => 2 }, 'chunked');
is_deeply($conn->response->json, { n => 3 }, 'the one behind it');
is($conn->response->status, 400, 'a fault behind that');
is_deeply($conn->response->json, { n => 1 }, 'and one more');
$conn->close;

my $large = fault(413, 'request entity too large');
$conn = $app->connect;
$conn->send("POST /len HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            . "Content-Length: 61001\r\n\r\n");
my $res = $conn->response;
is_deeply([ $res->status, $res->json ], $large, 'refused before it is sent');
$conn->close;
is_deeply(post('/len', 'x' x 3000000), $large, 'also past the limit of nginx');
is_deeply(post('/len', '', headers => [ 'Transfer-Encoding' => 'chunked' ],
               body => sprintf("%x\r\n%s\r\n", 70000, 'x' x 70000)
                       . "0\r\n\r\n"), $large, 'chunked and too large');
is($app->http(POST => '/len', headers => { 'Transfer-Encoding' => 'chunked' },
              body => "zz\r\n")->status, 400, 'badly chunked');
is_deeply(post('/len', $big, port => $app->port(2)), [ 200, { n => 60000 } ],
          'in a file');
is_deeply(post('/len', 'x' x 61001, port => $app->port(2)), $large,
          'too large for a file');

# http2(OPTIONS): the answer's body and status, as curl prints them
sub http2 {
    my $url = 'http://127.0.0.1:' . $app->port(1) . '/len';
    return qx(curl -s --http2-prior-knowledge -X POST -w '%{http_code}' \\
                   -H 'Content-Type: application/json' @_ $url);
}

for ([ 200, $big ], [ 400, '{' ]) {
    my $file = spew($app->dir . '/body.json', $_->[1]);
    like(http2("--data-binary \@$file"), qr/\}$_->[0]$/, "HTTP/2: $_->[0]");
    like(http2("-T $file -H Content-Length:"), qr/\}$_->[0]$/,
         'also without a length');
}

# without a length: curl may miss an answer that comes while it still sends

my $file = spew($app->dir . '/body.json', 'x' x 62000);
like(http2("-T $file -H Content-Length:"), qr/\}413$/, 'HTTP/2: too large');

$conn = $app->connect;
$conn->send("POST /len HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
$conn->reset;

done_testing;
