# Copyright (C) the project authors
#
# Keys that others publish: which are taken, when they are fetched, and what
# becomes of requests meanwhile.  The publisher is this test: it answers when
# it wants to.

use Test::App;
use Test::App::Keys;
use Test::App::Load;

use Digest::SHA qw(hmac_sha256);
use IO::Socket::INET;
use MIME::Base64 qw(encode_base64url);

my $publisher = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1',
                                      ReuseAddr => 1) or die "listen: $!";
my $port = $publisher->sockport;

my $app = Test::App->new(
    http  => <<'EOT',
large_client_header_buffers 4 128k;
app_jwt id    alg=RS256 jwks=/internal/keys issuer=https://us issuer=us
              audience=them audience=others jwks_timeout=5s jwks_max_keys=4
              jwks_max_size=8k jwks_retry=1s;
app_jwt es    alg=ES256 jwks=@keys;
app_jwt ed    alg=EdDSA jwks=/internal/ed;
app_jwt own   alg=RS256 jwks=/internal/own;
app_jwt late  alg=RS256 jwks=/internal/late jwks_timeout=300ms jwks_retry=1h;
app_jwt one   alg=RS256 jwks=/internal/one  jwks_queue=1;
app_auth user { token bearer else=401 "Who?"; jwt id else=401 "Not you";
                let sub = "claims.sub"; }
EOT
    server => <<"EOT",
location /internal/ { internal; proxy_pass http://127.0.0.1:$port/; }
location \@keys     { proxy_pass http://127.0.0.1:$port; }
location /          { app_api; }

app_route GET /me    { auth user; respond '{"sub": \${auth.sub}}'; }
app_route GET /maybe { auth user optional=any;
                       respond '{"sub": \${auth.sub}}'; }
app_route GET /jwt/:kind {
    header  Authorization as token string max=8192;
    jwt     es   token=token when="contains(kind,'es')" else=403 "no";
    jwt     ed   token=token when="contains(kind,'ed')" else=403 "no";
    jwt     own  token=token when="contains(kind,'own')" else=403 "no";
    jwt     late token=token when="contains(kind,'late')" else=403 "no";
    jwt     one  token=token when="contains(kind,'one')" else=403 "no";
    respond '{"sub": \${claims.sub}}';
}
EOT
);

my ($old, $new) = map { Test::App::Keys->make('RS256', $_) } 'a', 'b';

sub claims {
    return { sub => 's1', iss => 'us', aud => 'them', exp => time + 600, @_ };
}

# begins a request with a token
sub ask {
    my ($path, $token) = @_;

    my $word = $path =~ /jwt/ ? '' : 'Bearer ';
    return begin($app, $path, headers => { Authorization => "$word$token" });
}

# a request with a token for which the publisher is asked
sub fetch {
    my ($path, $token, @set) = @_;

    my $conn = ask($path, $token);
    my ($head, $sock) = asked($publisher);
    publish($sock, @set);
    my ($end) = gather(20, $conn);
    return ($end->{res}, $head);
}

# one for which it is not
sub get {
    my ($end) = gather(20, ask(@_));
    ok(nobody_asks($publisher), '  no keys are asked for');
    return $end->{res};
}

sub later { select undef, undef, undef, 1.1 }


# the first token, and those that come with it

is(get('/me', $old->token(claims(exp => time - 60)))->status, 401,
   'for an expired token no keys are fetched');
is(get('/me', $old->token(claims(), alg => 'HS256'))->status, 401,
   'nor for another algorithm');

my @conns = map { ask('/me', $old->token(claims(sub => "s$_"))) } 1 .. 20;
my ($head, $sock) = asked($publisher);
like($head, qr{\AGET /keys HTTP}, 'keys are asked for at their location');
like($head, qr{\r\nAccept: application/json\r\n}, 'as JSON');
unlike($head, qr{Cache-Control|Authorization}, 'by nobody in particular');
is(get('/me', 'x')->status, 401, 'who has no token need not wait');

$conns[19]->close;
pop @conns;
publish($sock, key_set({ kty => 'oct', k => 'x' }, $old, 7));
my @ends = gather(20, @conns);
is(join(' ', map { $_->{res} ? $_->{res}->json->{sub} : '?' } @ends),
   join(' ', map { "s$_" } 1 .. 19), 'all wait for one fetch');
like($app->log, qr/key "" of the keys of "id" is not used: its "kty"/,
     'what is not used is in the log');
like($app->log, qr/1 keys of "id" were fetched/, 'and what is');

is(get('/me', $old->token(claims()))->status, 200, 'and then for none');
is(get('/me', $old->token(claims(), kid => undef))->status, 200,
   'one key needs no name');

# tokens that are wrong

my $public = $old->pem;
my $hs = encode_base64url('{"alg":"HS256","kid":"a"}') . '.'
         . encode_base64url(JSON::PP::encode_json(claims()));
my $none = encode_base64url('{"alg":"none","kid":"a"}') . '.'
           . encode_base64url(JSON::PP::encode_json(claims())) . '.';

for my $case (
    [ 'signed with the public key', "$hs."
      . encode_base64url(hmac_sha256($hs, $public)) ],
    [ 'not signed', $none ],
    [ 'of another key', $new->token(claims(), kid => 'a') ],
    [ 'of another issuer', $old->token(claims(iss => 'me')) ],
    [ 'for another audience', $old->token(claims(aud => 'me')) ],
    [ 'not valid yet', $old->token(claims(nbf => time + 60)) ],
    [ 'cut', substr $old->token(claims()), 0, -8 ],
    [ 'of 9 KB', $old->token(claims(x => 'x' x 6500)) ],
) {
    my $res = get('/me', $case->[1]);
    is($res->status, 401, "a token $case->[0]");
    is($res->json->{message}, 'Not you', '  has the answer of else=');
}
is_deeply(get('/maybe', $none)->json, { sub => undef },
          'optional=any: a bad one is none');
is(get('/me', $old->token(claims(iss => 'https://us', aud => 'others')))
   ->status, 200, 'another issuer and audience of the list');

# a key that has come since

my ($res, $head2) = fetch('/me', $new->token(claims()), key_set($old, $new));
is($res->status, 200, 'a new key works at once');
like($head2, qr{\r\nCache-Control: no-cache\r\n}, 'whatever a cache has');
is(get('/me', $old->token(claims()))->status, 200, 'and so does the old one');
is(get('/me', $old->token(claims(), kid => 'c'))->status, 401,
   'names that are made up do not make us ask again');
is(get('/me', $old->token(claims(), kid => undef))->status, 401,
   'nor none of several');

later();
($res) = fetch('/me', $old->token(claims(), kid => 'c'), key_set($new));
is($res->status, 401, 'after jwks_retry= they may, once');
is(get('/me', $old->token(claims()))->status, 401, 'a key that is gone');

# answers that are none

for my $case (
    [ 'an error', 'x', '500 Internal Server Error', qr/answered with 500/ ],
    [ 'no JSON', '<html>', undef, qr/is no JSON object with one list "keys"/ ],
    [ 'a redirect', '', '302 Found', qr/answered with 302/ ],
    [ 'no key of use', key_set($old->jwk(use => 'enc')), undef,
      qr/has no key that could be used/ ],
    [ 'too many keys', key_set(1 .. 5), undef,
      qr/more keys than jwks_max_keys=/ ],
    [ 'too many bytes', key_set($old, 'x' x 8192), undef,
      qr/larger than max_size=/ ],
) {
    later();
    ($res) = fetch('/me', $old->token(claims()), @$case[1, 2]);
    is($res->status, 503, "$case->[0]: an unknown key cannot be judged");
    like($res->header('Retry-After'), qr/^1$/, '  and is to be tried again');
    like($app->log, $case->[3], '  the log tells why');
    is(get('/me', $new->token(claims()))->status, 200, '  those at hand go on');
}

# other algorithms, a named location

for my $alg ('ES256', 'EdDSA') {
    my $key = Test::App::Keys->make($alg, 'k');
    my $kind = lc substr $alg, 0, 2;
    ($res, $head) = fetch("/jwt/$kind", $key->token(claims()), key_set($key));
    is($res->status, 200, "$alg");
    like($head, qr{\AGET /\.well-known/jwks\.json }, 'of a named location')
        if $alg eq 'ES256';
    is(get("/jwt/$kind", $old->token(claims()))->status, 403, '  and no other');
}
($res) = fetch('/jwt/own', $old->token(claims()),
               key_set($old->jwk(d => 'AQAB')));
is($res->status, 503, 'a key that is published with its private part');

# a client that leaves ends no fetch

my $conn = ask('/jwt/one', $old->token(claims()));
($head, $sock) = asked($publisher);
is(get('/jwt/one', $old->token(claims()))->status, 503, 'jwks_queue= is full');
$conn->reset;
my $second;
wait_until(sub {
    $second = ask('/jwt/one', $old->token(claims()));
    !Test::App::Keys::readable($second->socket, 0.2);
}, 10);
publish($sock, key_set($old));
my ($end) = gather(20, $second);
is($end->{status}, 200, 'who waits has the keys that the first has asked for');

# nobody answers

$conn = ask('/jwt/late', $old->token(claims()));
($head, $sock) = asked($publisher);
($end) = gather(20, $conn);
is($end->{status}, 503, 'a token waits for jwks_timeout= at most');
is(get('/jwt/late', $old->token(claims()))->status, 503,
   'and none more within jwks_retry=');
close $sock;

done_testing;
