# Copyright (C) the project authors
#
# Sign-in with Google: its keys away and back, and many at the same time.
# What each token is answered with is in t/contract/google.mjs.

use Test::App;
use Test::App::Keys;
use Test::App::Load;
use Test::App::Market;

my $app = market();
my $my = $app->mysql;
my $certs = $app->dir . '/google/certs.json';
my $key = Test::App::Keys->make('RS256', 'k1');

sub begin_as {
    my ($sub, $email, %o) = @_;

    my $token = ($o{key} || $key)->token({
        iss => 'https://accounts.google.com', aud => 'web.market.example',
        sub => $sub, email => $email, email_verified => JSON::PP::true(),
        exp => time + 600 });

    return begin($app, '/auth/google', method => 'POST',
                 port => $app->port(1),
                 headers => { 'Content-Type' => 'application/json' },
                 body => qq({"token":"$token"}));
}

sub sign_in { return (gather(30, begin_as(@_)))[0]{res} }


# Google is away: it is not known whether a token is good

my $res = sign_in('g1', 'away@market.example');
is($res->status, 503, 'without keys no token can be judged');
cmp_ok($res->header('Retry-After'), '>=', 1, 'it is to be tried again');
is($res->json->{message}, 'Service Unavailable', 'in plain words');
is_deeply($my->rows("SELECT 1 FROM User WHERE googleId = 'g1'"), [],
          'nothing was written');
my $why = 'the keys of "google" were not to be had from'
          . ' "/internal/google/certs", which has answered with 404';
like($app->log, qr/\Q$why\E/, 'the log tells why');

# back; and away again, with keys at hand

spew($certs, key_set($key));
$app->reload(gone => 1);
is(sign_in('g1', 'away@market.example')->status, 201, 'Google is back');
unlink $certs;
is(sign_in('g1', 'away@market.example')->status, 201, 'old keys go on');
$app->reload(gone => 1);
is(sign_in('g1', 'away@market.example')->status, 201,
   'a reload finds them in the cache');

# a key that is new, with an old set in the cache

my $next = Test::App::Keys->make('RS256', 'k2');
spew($certs, key_set($key, $next));
is(sign_in('g1', 'away@market.example', key => $next)->status, 201,
   'a new key is not looked for in the cache');

# the first sign-in of somebody, many times at once

my @ends = gather(60, map { begin_as('g2', 'Many@Market.example') } 1 .. 40);
my %ids = map { $_->{res} ? ($_->{res}->json->{user}{id} || '?') : '?' => 1 }
          @ends;
is(scalar(grep { $_->{status} == 201 } @ends), 40, 'all of them are let in');
is(scalar(keys %ids), 1, 'into one account') or diag(join ' ', keys %ids);
is_deeply($my->rows("SELECT COUNT(*) FROM User WHERE googleId = 'g2'
                        OR email = 'many\@market.example'"), [[1]],
          'which is there once');

# an account that somebody else has locked is not waited for: no statement
# reads more than the rows of its keys

my $other = $my->root;
$other->begin_work;
$other->do('SELECT 1 FROM User WHERE id = 5 FOR UPDATE');
is(sign_in('g2', 'many@market.example')->status, 201,
   'who signs in waits for nobody else');
is(sign_in('g3', 'new@market.example')->status, 201, 'nor who is new');
$other->rollback;

done_testing;
