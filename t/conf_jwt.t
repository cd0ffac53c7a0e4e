# Copyright (C) the project authors
#
# Mistakes in app_jwt, with their messages.

use Test::App;
use Test::App::Conf;

my $rsa = `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>&-`;
my $small = $rsa && `openssl genrsa -traditional 1024 2>&-`;

Test::App::Conf::table(\*DATA, env => { KEY => 'k' x 32 },
                       files => { rsa => $rsa, small => $small });

# where the keys are to be fetched from is known when all is read

my $http = 'app_jwt a alg=RS256 jwks=@keys;
            app_auth u { token bearer; jwt a; }';

for my $case (
    [ 'http.conf:2', "auth u; respond '{}';" ],
    [ 'server.conf:2', "query t string;\njwt a token=t; respond '{}';" ],
    [ 'server.conf:2', "respond 204; rescue {\njwt a token=error.message; }" ],
) {
    my ($where, $steps) = @$case;
    my $server = "app_route GET /a { $steps } location / { app_api; }";
    my $t = nginx_t(http => $http, server => $server);

    is($t->{error} =~ s/conf:\d+ has/conf has/r,
       "\"jwt a\" in $where needs the location \"\@keys\","
       . ' which the server in nginx.conf has not',
       'a named location that is not there');

    $t = nginx_t(http => $http,
                 server => "$server location \@keys { return 404; }");
    is($t->{code}, 0, '  and is there') or diag($t->{output});
}

done_testing;

__DATA__
== http: no algorithm
app_jwt a key_env=KEY;
-- "app_jwt" needs "alg=": a token must not choose its algorithm in http.conf:1

== http: an algorithm that is none
app_jwt a alg=RS512 key_env=KEY;
-- unknown algorithm "RS512" in "app_jwt", use HS256, RS256, ES256 or EdDSA
   in http.conf:1

== http: no key
app_jwt a alg=HS256;
-- "app_jwt" needs "key_file=" or "key_env=", or "jwks=" in http.conf:1

== http: a name without its key
app_jwt a alg=RS256 jwks=/keys kid=x;
-- "app_jwt" needs "key_file=" or "key_env=" behind "kid=" in http.conf:1

== http: a secret that is published
app_jwt a alg=HS256 jwks=/keys;
-- "jwks=" of "app_jwt" is for keys that are published, which a secret of HS256
   must not be, use RS256, ES256 or EdDSA in http.conf:1

== http: keys of two kinds
app_jwt a alg=RS256 jwks=/keys key_file=rsa;
-- "app_jwt" takes keys from "jwks=" or from "key_file=" and "key_env=", not
   from both in http.conf:1

== http: a URL
app_jwt a alg=RS256 jwks=https://idp.example/keys;
-- invalid "jwks=https://idp.example/keys" in "app_jwt", it is a location of
   the server, as /internal/keys or @keys; let that proxy_pass to where the keys
   are in http.conf:1

== http: a location without a name
app_jwt a alg=RS256 jwks=@;
-- invalid "jwks=@" in "app_jwt", it is a location of the server, as
   /internal/keys or @keys; let that proxy_pass to where the keys are
   in http.conf:1

== http: two locations
app_jwt a alg=RS256 jwks=/a jwks=/b;
-- "jwks=" is given twice in "app_jwt" in http.conf:1

== http: a time that is none
app_jwt a alg=RS256 jwks=/a jwks_ttl=0;
-- invalid "jwks_ttl=0" in "app_jwt", use a time from 1s to 7d in http.conf:1

== http: a time that is too long
app_jwt a alg=RS256 jwks=/a jwks_stale=8d;
-- invalid "jwks_stale=8d" in "app_jwt", use a time up to 7d in http.conf:1

== http: asking too often
app_jwt a alg=RS256 jwks=/a jwks_retry=500ms;
-- invalid "jwks_retry=500ms" in "app_jwt", use a time from 1s to 1h
   in http.conf:1

== http: waiting for too long
app_jwt a alg=RS256 jwks=/a jwks_timeout=2m;
-- invalid "jwks_timeout=2m" in "app_jwt", use a time from 100ms to 60s
   in http.conf:1

== http: a set without bound
app_jwt a alg=RS256 jwks=/a jwks_max_size=1g;
-- invalid "jwks_max_size=1g" in "app_jwt", use a size from 1k to 1m
   in http.conf:1

== http: no keys at all
app_jwt a alg=RS256 jwks=/a jwks_max_keys=0;
-- invalid "jwks_max_keys=0" in "app_jwt", use a number from 1 to 256
   in http.conf:1

== http: a queue of words
app_jwt a alg=RS256 jwks=/a jwks_queue=long;
-- invalid "jwks_queue=long" in "app_jwt", use a number from 1 to 65536
   in http.conf:1

== http: twice
app_jwt a alg=RS256 jwks=/a jwks_ttl=1m jwks_ttl=1m;
-- "jwks_ttl=" is given twice in "app_jwt" in http.conf:1

== http: a time of nothing
app_jwt a alg=HS256 key_env=KEY jwks_ttl=1m;
-- "jwks_ttl=" of "app_jwt" needs "jwks=" in http.conf:1

== http: a word that is none
app_jwt a alg=RS256 jwks=/a jwks_x=1;
-- invalid "jwks_x=1" in "app_jwt", use alg=, kid=, key_file=, key_env=, jwks=,
   issuer=, audience= and leeway= of at most 1h in http.conf:1

== http: too many audiences
app_jwt a alg=RS256 jwks=/a audience=1 audience=2 audience=3 audience=4
    audience=5 audience=6 audience=7 audience=8 audience=9 audience=10
    audience=11 audience=12 audience=13 audience=14 audience=15 audience=16
    audience=17;
-- "audience=17" is one too many in "app_jwt", it takes at most 16
   in http.conf:4

== http: all of them
app_jwt a alg=ES256 jwks=@keys jwks_ttl=7d jwks_stale=0 jwks_retry=1s
    jwks_timeout=60s jwks_max_size=1m jwks_max_keys=256 jwks_queue=1
    issuer=a issuer=b audience=c audience=d leeway=1h;
-- ok

== http: a key that is too short
app_jwt a alg=RS256 key_file=small;
-- the key "small" of "app_jwt" is too short, an RSA key has 2048 bits or more
   in http.conf:1

== http: signing with the keys of others
app_jwt a alg=RS256 jwks=/a;
server { app_route GET /x { token t jwt=a ttl=1h '{}'; respond $t; } }
-- the keys of app_jwt "a" are published by others, who alone can sign with them
   in http.conf:2
