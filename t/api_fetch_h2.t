# Copyright (C) the project authors
#
# fetch and app_cors over HTTP/2, where a request is no connection.

use Test::App;

use IO::Socket::INET;

plan(skip_all => 'curl has no HTTP/2') if `curl --version` !~ /HTTP2/;

my $fake = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1',
                                 ReuseAddr => 1) or die "listen: $!";
my $port = $fake->sockport;

my $app = Test::App->new(http => <<"EOT");
server {
    listen 127.0.0.1:%%PORT1%% http2;
    app_cors { origins https://a.example; }
    location /up    { internal; return 200 '{"a":[1,2]}'; }
    location /fake/ { internal; proxy_pass http://127.0.0.1:$port/; }
    location /      { app_api; }

    app_route GET /go   { fetch a GET /up; respond '\${a.body.a._1}'; }
    app_route GET /late { fetch a GET /fake/ timeout=400ms;
                          respond '\${a.status}'; }
    app_route GET /long { fetch a GET /fake/ timeout=9s; respond '{}'; }
}
EOT

my $url = 'http://127.0.0.1:' . $app->port(1);
my $curl = 'curl -s -m 5 --http2-prior-knowledge';

# the request has come to the fake server and has been left there
sub left {
    my $in = '';

    vec($in, fileno $fake, 1) = 1;
    return if !select($in, undef, undef, 3);

    my $sock = $fake->accept;
    sysread $sock, my $text, 65536;
    $in = '';
    vec($in, fileno $sock, 1) = 1;
    return select($in, undef, undef, 1) && !sysread $sock, $text, 1;
}

is(`$curl $url/go`, '2', 'an answer');
is(`$curl $url/late`, '504', 'a deadline');
ok(left(), '  ends the call');
is(`$curl -m 0.5 $url/long; echo \$?`, "28\n", 'a client that leaves');
ok(left(), '  ends the call');

my $res = `$curl -i -X OPTIONS -H 'Origin: https://a.example' $url/late`;
like($res, qr{^HTTP/2 204}, 'a preflight');
like($res, qr{^access-control-allow-origin: https://a\.example\r$}m,
     '  has its headers');

is(`$curl $url/go`, '2', 'all is well');

done_testing;
