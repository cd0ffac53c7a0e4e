# Copyright (C) the project authors
#
# Tokens and app_auth over the real nginx.

use Test::App;

use Digest::SHA qw(hmac_sha256);
use JSON::PP ();
use MIME::Base64 qw(encode_base64url decode_base64);

my $secret = 'a secret of the tests, 32 bytes long';

my $rsa = `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>&-`;
my $ec = `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>&-`;
my $ed = `openssl genpkey -algorithm ED25519 2>&-`;

my $auth = <<'EOT';
token bearer cookie=session else=401 "Not Logged in";
jwt main else=401 "Authentication failed";
check "claims.type = 1" else=401 "Invalid Token";
one user "SELECT id, name, role FROM account WHERE id = :claims.id"
    else=404 "User not found";
let id = "user.id";
let name = "user.name";
let role = "user.role";
EOT

my $app = Test::App->new(
    mysql => 1,
    sql   => <<'SQL',
CREATE TABLE account (id INT PRIMARY KEY, name VARCHAR(40), role VARCHAR(20));
INSERT INTO account VALUES (1, 'Anna', 'CLIENT'), (2, 'Bert', 'PROVIDER');
SQL
    files => { 'hs' => "$secret\n", 'rsa' => $rsa, 'ec' => $ec, 'ed' => $ed },
    http  => <<EOT, server => <<'EOT');
large_client_header_buffers 4 128k;
app_mysql main %%MYSQL%% pool=4;
app_jwt main alg=HS256 key_file=%%DIR%%/hs issuer=us audience=them leeway=5s;
app_jwt plain alg=HS256 kid=new key_file=%%DIR%%/hs;
app_jwt rs alg=RS256 key_file=%%DIR%%/rsa;
app_jwt es alg=ES256 key_file=%%DIR%%/ec;
app_jwt ed alg=EdDSA key_file=%%DIR%%/ed;
app_auth user { $auth }
app_auth rsa { token bearer; jwt rs; let id = "claims.id"; }
server { listen 127.0.0.1:%%PORT1%%; large_client_header_buffers 4 8k; }
log_format who '\$uri \$app_auth_name';
EOT
    access_log %%DIR%%/who.log who;
    location / { app_api; }

    app_route GET /me {
        auth user;
        query n int required;
        respond '{"id": ${auth.id}, "name": ${auth.name}}';
    }

    app_route POST /me { auth user; respond '{}'; }

    app_route GET /maybe {
        auth user optional;
        respond '{"id": ${auth.id}}';
    }

    app_route GET /provider {
        auth user role=ADMIN,PROVIDER else=403 "Providers only";
        respond '{"id": ${auth.id}}';
    }

    app_route GET /rsa { auth rsa; respond '{"id": ${auth.id}}'; }

    app_route GET /issue {
        query text string;
        token hs jwt=plain ttl=1h '{"text": $text, "n": {"a": [1]}}';
        token rs jwt=rs ttl=1h '{}';
        token es jwt=es ttl=1h '{"text": $text}';
        token ed jwt=ed ttl=1h '{"text": $text}';
        respond '{"hs": $hs, "rs": $rs, "es": $es, "ed": $ed}';
    }

    app_route GET /check {
        header X-Hs as hs string max=8192;
        header X-Es as es string max=8192;
        header X-Ed as ed string max=8192;
        jwt plain token=hs claims=a;
        jwt es token=es claims=b;
        jwt ed token=ed claims=c;
        respond '{"a": ${a.text}, "n": ${a.n.a}, "first": ${a.n.a._0},
                  "b": ${b.text}, "c": $c}';
    }
EOT

my $json = JSON::PP->new->canonical;

sub token {
    my ($claims, %o) = @_;

    my $head = { alg => 'HS256', typ => 'JWT', %{ $o{head} || {} } };
    my $text = join '.', map { encode_base64url(ref $_ ? $json->encode($_)
                                                       : $_) }
                         $head, $claims;

    return "$text." . encode_base64url(hmac_sha256($text, $o{key} || $secret));
}

sub claims {
    return { id => '1', type => 1, iss => 'us', aud => 'them',
             exp => time + 600, @_ };
}

sub get {
    my ($path, $token, @more) = @_;

    return $app->http(GET => $path, headers =>
        [ defined $token ? (Authorization => "Bearer $token") : (), @more ]);
}

sub refused {
    my ($res, $status, $message, $what) = @_;

    is($res->status, $status, $what);
    is($res->json->{message}, $message, "$what: its message");
}


my $res = get('/me?n=1', token(claims()));
is($res->status, 200, 'a right token is let in');
is_deeply($res->json, { id => 1, name => 'Anna' }, 'and the account known');

is(get('/me', token(claims()))->status, 400, 'then inputs are judged');
refused(get('/me'), 401, 'Not Logged in', 'no token comes before inputs');

for my $case (
    [ 'another algorithm', token(claims(), head => { alg => 'HS512' }) ],
    [ 'no algorithm', token(claims(), head => { alg => 'none' }) ],
    [ 'none without signature',
      token(claims(), head => { alg => 'none' }) =~ s/[^.]*$//r ],
    [ 'crit', token(claims(), head => { crit => ['b64'] }) ],
    [ 'an expired one', token(claims(exp => time - 10)) ],
    [ 'one without exp', token({ id => '1', type => 1, iss => 'us',
                                 aud => 'them' }) ],
    [ 'a future nbf', token(claims(nbf => time + 60)) ],
    [ 'an iat far ahead', token(claims(iat => time + 600)) ],
    [ 'another audience', token(claims(aud => 'others')) ],
    [ 'another issuer', token(claims(iss => 'others')) ],
    [ 'another key', token(claims(), key => "$secret ") ],
    [ 'a changed signature', token(claims()) =~ s/(.)(.)$/$2$1=/r ],
    [ 'a part too much', token(claims()) . '.x' ],
    [ 'two parts', token(claims()) =~ s/\.[^.]*$//r ],
    [ 'garbage', 'x' ],
    [ '64 KB', token(claims(pad => 'x' x 49000)) ],
) {
    refused(get('/me?n=1', $case->[1]), 401, 'Authentication failed',
            "$case->[0] is refused");
}

my $good = token(claims());

is($app->get('/me?n=1', port => $app->port(1), headers => {
       Authorization => 'Bearer ' . 'x' x 65536 })->status, 400,
   'nginx refuses a header above large_client_header_buffers itself');
is((grep { get('/me?n=1', substr $good, 0, $_)->status != 401 }
    1 .. length($good) - 1), 0, 'a cut token is refused, wherever it is cut');

is(get('/me?n=1', token(claims(exp => time - 2)))->status, 200,
   'leeway counts');
is(get('/me?n=1', token(claims(iat => time + 60)))->status, 200,
   'a clock that is a minute ahead has issued it');
is(get('/me?n=1', token(claims(aud => [ 'x', 'them' ])))->status, 200,
   'one audience of several is enough');
refused(get('/me?n=1', token(claims(type => 2))), 401, 'Invalid Token',
        'a check of the block');
refused(get('/me?n=1', token(claims(id => '9'))), 404, 'User not found',
        'an account that is gone');

for my $value ("bearer $good", "Bearer  $good", "Bearer $good x", 'Basic x',
               'Bearer') {
    refused(get('/me?n=1', undef, Authorization => $value), 401,
            'Not Logged in', '"' . substr($value, 0, 9) . '..." is no token');
}

# the public key as the secret of an HMAC

my $public = do {
    spew($app->dir . '/rsa.tmp', $rsa);
    my $file = $app->dir . '/rsa.tmp';
    `openssl pkey -in $file -pubout`;
};
is(get('/rsa', token({ id => 1, exp => time + 60 }, key => $public))->status,
   401, 'a public key is no secret');
is(get('/rsa', get('/issue?text=x')->json->{hs})->status, 401,
   'an HMAC is no RSA signature');
is(get('/me?n=1', get('/issue?text=x')->json->{rs})->status, 401,
   'and the other way round');
is(get('/rsa', get('/issue?text=x')->json->{rs})->status, 200,
   'its own signature is');

# optional, roles, cookies

is_deeply(get('/maybe')->json, { id => undef }, 'optional: nobody');
is_deeply(get('/maybe', $good)->json, { id => 1 }, 'optional: somebody');
is(get('/maybe', 'x')->status, 401, 'optional: a bad token is refused');

refused(get('/provider', $good), 403, 'Providers only', 'a role is missing');
is(get('/provider', token(claims(id => '2')))->status, 200, 'a role is had');

is(get('/me?n=1', undef, Cookie => "a=b; session=$good")->status, 200,
   'a token in a cookie');

my $host = '127.0.0.1:' . $app->port;
for my $case ([ "http://$host", 200 ], [ 'http://evil.example', 401 ],
              [ 'null', 401 ], [ "http://x$host", 401 ])
{
    is($app->http(POST => '/me', headers => [
           Host => $host, Cookie => "session=$good", Origin => $case->[0]
       ])->status, $case->[1], "a cookie with origin $case->[0]");
}

# tokens that are issued

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $text = "\x{e9}\x{20ac}\x{1f600}>>>???~~~";
my $issued = get('/issue?text=%C3%A9%E2%82%AC%F0%9F%98%80%3E%3E%3E%3F%3F%3F'
                 . '~~~')->json;
my ($head, $payload) = split /\./, $issued->{hs};

unlike($payload, qr/[-_]/, 'a payload is plain base64 as well');
my $got = JSON::PP::decode_json(decode_base64($payload));
is($got->{text}, $text, 'and has the text');
is($got->{exp} - $got->{iat}, 3600, 'and the times');
is(JSON::PP::decode_json(decode_base64($head))->{kid}, 'new', 'and the key');

$res = get('/check', undef, map { ("X-\u$_" => $issued->{$_}) }
                            qw(hs es ed));
is($res->status, 200, 'HS256, ES256 and EdDSA are verified');
$got = $res->json;
is($got->{a}, $text, 'a text of claims');
is_deeply($got->{n}, [1], 'a list of claims');
is($got->{first}, 1, 'an element of it');
is($got->{c}{text}, $text, 'claims as a whole');

my %changed = (%$issued, es => $issued->{es} =~ s/\.(.)/$1 eq 'e' ? '.f'
                                                                   : '.e'/er);
is(get('/check', undef, map { ("X-\u$_" => $changed{$_}) } qw(hs es ed))
   ->status, 401, 'a changed one is refused');

like(slurp($app->dir . '/who.log'), qr{^/me Anna$}m,
     '$app_auth_name is in the log');

done_testing;
