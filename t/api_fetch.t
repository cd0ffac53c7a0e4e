# Copyright (C) the project authors
#
# fetch: what goes out and what comes back.

use Test::App;

use IO::Socket::INET;

# a server that answers what and when the test wants
my $fake = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1',
                                 ReuseAddr => 1) or die "listen: $!";
my $port = $fake->sockport;

my $app = Test::App->new(
    http  => <<"EOT" =~ s/'\n\s+'//gr,
server {
    listen 127.0.0.1:%%PORT1%%;
    location = /json {
        return 200 '{"a":{"b":[1,{"c":"x\\u00e9\\u0022y"}],"d.e":2},"s":"text",'
                   '"big":12345678901234567890,"f":1.50,"t":true,"z":null,'
                   '"twice":1,"twice":2}';
    }
    location = /echo {
        return 200 '{"m":"\$request_method","auth":"\$http_authorization",'
                   '"cookie":"\$http_cookie","args":"\$args","enc":'
                   '"\$http_accept_encoding","uri":"\$request_uri",'
                   '"accept":"\$http_accept","one":"\$http_x_one"}';
    }
    location = /text { return 200 'plain text'; }
    location = /none { return 204; }
    location = /bad  { return 422 '{"why":"no"}'; }
    location = /long { alias %%DIR%%/html/long; }
}
EOT
    server => <<"EOT",
location /up/    { internal; proxy_pass http://127.0.0.1:%%PORT1%%/; }
location /plain/ { internal; proxy_pass http://127.0.0.1:%%PORT1%%/;
                   proxy_buffering off; }
location /fake/  { internal; proxy_pass http://127.0.0.1:$port/; }
location /file/  { internal; alias %%DIR%%/html/; }
location /gone/  { internal; proxy_pass http://127.0.0.1:%%PORT9%%/; }
location /page/  { internal; proxy_pass http://127.0.0.1:%%PORT9%%/;
                   error_page 502 =203 /file/x.json; }
location /loop/  { internal; app_api; }
location /       { app_api; }

app_route GET /json {
    fetch   j GET /up/json;
    respond '{"status":\${j.status},"b":\${j.body.a.b},"c":\${j.body.a.b._1.c},
              "none":\${j.body.a.b._2},"s":\${j.body.s},"big":\${j.body.big},
              "f":\${j.body.f},"t":\${j.body.t},"z":\${j.body.z},
              "twice":\${j.body.twice},"in":"\${j.body.a.b}",
              "no":\${j.body.s.x}}';
}

app_route GET /get/*rest {
    query   q string;
    fetch   a GET "/up/\$rest?q=\$q&fix=1" header="X-One: \$q"
            max_size=16k timeout=2s;
    respond '{"status":\${a.status},"body":\${a.body}}';
}

app_route GET /location/:name/:file {
    fetch   a GET "/\$name/\$file";
    respond '{"status":\${a.status},"body":\${a.body}}';
}

app_route GET /path {
    query   q string;
    fetch   a GET /up/\$q;
    respond '{"status":\${a.status}}';
}

app_route GET /else/:file {
    fetch   a GET "/up/\$file" max_size=16k else=502 "No \$file";
    respond '{"status":\${a.status}}';
}

app_route GET /rescue/:file {
    fetch   a GET "/up/\$file" else=418 "no";
    respond '{"never":true}';

    rescue {
        fetch   b GET /up/text;
        respond 200 '{"was":\${error.status},"b":\${b.body}}';
    }
}

app_route POST /send {
    query   v string;
    fetch   a POST /fake/in?x=1 '{"v": \$v, "l": [1, "\$v"]}'
            header="Authorization: Bearer \$v" timeout=3s;
    respond '{"status":\${a.status},"ok":\${a.body.ok}}';
}

app_route POST /form {
    query   v string;
    fetch   a PUT /fake/in form="v=\$v&w=1" timeout=3s;
    respond '{"status":\${a.status}}';
}

app_route GET /twice {
    fetch   a GET /up/text;
    fetch   b GET /up/json;
    fetch   a GET /up/bad;
    respond '{"a":\${a.body.why},"b":\${b.body.s},"whole":\$a}';
}
app_route GET /self  { fetch a GET /loop/x; respond \$a; }
app_route GET /loop/x { fetch a GET /up/text; respond '{"in":\${a.body}}'; }
EOT
);

spew($app->dir . '/html/x.json', '{"file":"' . 'y' x 9000 . '"}');
spew($app->dir . '/html/long', 'x' x 20000);

sub like_json {
    my ($path, $want, $name, %o) = @_;

    my $res = $app->get($path, %o);
    is($res->status, 200, $name) or diag($res->body);
    is_deeply($res->json, $want, '  its values') or diag($res->body);
}

# what comes back

like($app->get('/json')->body,
     qr/"big":12345678901234567890,"f":1\.50?,/, 'numbers keep their digits');
my $got = $app->get('/json')->json;
is_deeply([ @$got{qw(status s z twice no none)} ],
          [ 200, 'text', undef, 2, undef, undef ], 'members of the body');
is($got->{c}, "x\x{e9}\"y", 'of an element of an array');
is($got->{in}, "[1,{\"c\":\"x\\u00e9\\u0022y\"}]", 'a part of it as text');
ok($got->{t}, 'a boolean');

like_json('/get/text?q=1', { status => 200, body => 'plain text' }, 'a text');
like_json('/get/none', { status => 204, body => undef }, 'no body');
like_json('/get/bad', { status => 422, body => { why => 'no' } },
          'an answer that is an error is an answer');
like_json('/get/long', { status => 502, body => undef },
          'one larger than max_size= is none');
like($app->log, qr/larger than max_size=/, 'and the log tells');
like_json('/location/plain/text', { status => 200, body => 'plain text' },
          'without proxy_buffering');
like_json('/location/page/text',
          { status => 203, body => { file => 'y' x 9000 } },
          'error_page of the location');
is($app->get('/location/file/x.json')->json->{status}, 200, 'a file');
is($app->get('/location/file/y.json')->json->{status}, 404, 'no file');
is($app->get('/location/gone/x')->json->{status}, 502, 'nobody there');
is($app->get('/up/text')->status, 404, 'clients do not get to the location');
like_json('/twice', { a => 'no', b => 'text', whole => { why => 'no' } },
          'several, one name twice');
like_json('/self', { in => 'plain text' }, 'a route that fetches a route');

# what goes out

my $echo = $app->get('/get/echo?q=a%26b%3Dc%20%C3%A9%0Ad', headers => {
    Authorization => 'Bearer secret', Cookie => 'a=b',
    'Accept-Encoding' => 'gzip' })->json->{body};
is($echo->{args}, 'q=a%26b%3Dc%20%C3%A9%0Ad&fix=1', 'values are encoded');
is($echo->{one}, "a&b=c \xe9 d" =~ s/\xe9/\x{e9}/r,
   'a value in a header cannot end its line');
is("$echo->{auth}$echo->{cookie}$echo->{enc}", '',
   'the client\'s own headers stay here');
is($echo->{accept}, 'application/json', 'JSON is asked for');
is($app->get('/path?q=..%2f..%2fetc')->json->{status}, 400,
   'a path upwards is not asked for');

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

my $ok = "HTTP/1.0 200 OK\r\n\r\n{\"ok\":1}";

my $conn = $app->connect;
$conn->send(Test::App::HTTP->request('POST', '/send?v=%22%0d%0aX:1',
                                     body => 'client body'));
my ($text, $sock) = answer($ok);
undef $sock;
like($text, qr{\APOST /in\?x=1 }, 'the method');
like($text, qr/\r\n\r\n\{"v":"\\"\\r\\nX:1","l":\[1,"\\"\\r\\nX:1"\]\}\z/,
     'a JSON body, well-formed with any value');
like($text, qr{\r\nContent-Type: application/json\r\n}, 'its type');
like($text, qr/\r\nAuthorization: Bearer "  X:1\r\n/, 'the route\'s header');
is_deeply($conn->response->json, { status => 200, ok => 1 }, 'the answer');

$conn->send(Test::App::HTTP->request('POST', '/form?v=a%26b'));
($text, $sock) = answer($ok);
undef $sock;
like($text, qr/\APUT .*\r\n\r\nv=a%26b&w=1\z/s, 'a form');
like($text, qr{Content-Type: application/x-www-form-urlencoded\r\n},
     'its type');
is($conn->response->status, 200, 'the answer, on the same connection');
$conn->close;

# else= and rescue

is($app->get('/else/json')->status, 200, 'else= with a good answer');
is_deeply($app->get('/else/bad')->json,
          { statusCode => 502, message => 'No bad' }, 'with an error');
is($app->get('/else/long')->status, 502, 'with one that is too large');
like_json('/rescue/bad', { was => 418, b => 'plain text' }, 'in a rescue');

done_testing;
