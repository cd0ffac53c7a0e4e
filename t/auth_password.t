# Copyright (C) the project authors
#
# Passwords, secrets, cookies that are set, and mistakes in directives.

use Test::App;

use Digest::SHA qw(hmac_sha256_hex sha256_hex);
use JSON::PP ();
use MIME::Base64 qw(encode_base64url);

my $bcrypt = crypt('correct horse', '$2b$10$abcdefghijklmnopqrstuu');

my $app = Test::App->new(
    files => { code => "the key of codes\n" },
    http  => <<'EOT', server => <<'EOT');
app_secret codes file=%%DIR%%/code;
app_password_hash argon2id memory=8m time=1 legacy=4;
app_password_threads 1;
app_password_queue 1;
EOT
    location / { app_api; }

    app_route GET /hash {
        query p string required;
        password hash hash plain=p;
        password verify good plain=p hash=hash;
        let wrong = "concat(p, 'x')";
        password verify bad plain=wrong hash=hash;
        respond '{"hash": $hash, "good": $good, "weak": ${good.weak},
                  "bad": $bad}';
    }

    app_route GET /verify {
        query p string required;
        query h string;
        password verify good plain=p hash=h;
        respond '{"good": $good, "weak": ${good.weak}}';
    }

    app_route GET /functions {
        let hash = "sha256('abc')";
        let mac = "hmac_sha256(secret('codes'), 'abc')";
        let url = "base64url('a?>b')";
        respond '{"hash": $hash, "mac": $mac, "url": $url}';
    }

    app_route POST /cookie {
        query ok int required;
        cookie session "a b;$ok" max_age=30d samesite=strict;
        cookie gone "" max_age=0 path=/x secure=off httponly=off;
        check "ok = 1" else=400 "no";
        respond '{}';
    }
EOT

sub get { return $app->get($_[0]) }

my ($got, $res);

$got = get('/hash?p=correct+horse')->json;
like($got->{hash}, qr/^\$argon2id\$v=19\$m=8192,t=1,p=1\$/, 'a hash');
ok($got->{good} && !$got->{weak} && !$got->{bad}, 'is verified');

sub verify {
    my ($plain, $hash) = @_;
    $hash =~ s/([^\w])/sprintf '%%%02x', ord $1/ge if defined $hash;
    return get("/verify?p=$plain" . (defined $hash ? "&h=$hash" : ''))->json;
}

is_deeply(verify('correct+horse', $bcrypt), { good => JSON::PP::true,
          weak => JSON::PP::true }, 'bcrypt is verified, and weak');
ok(verify('correct+horse', $bcrypt =~ s/^\$2b/\$2$_/r)->{good}, "\$2$_\$")
    for qw(a y);
ok(!verify('wrong', $bcrypt)->{good}, 'a wrong password');
ok(!verify('x', $_)->{good}, 'no hash: ' . ($_ // 'none'))
    for undef, '', 'x', '*0', '$2b$10$', '$argon2id$', '$argon2id$v=19$m=1';

# with the one thread kept by it, none would come after
ok(!verify('x', "\$argon2id\$v=19\$m=8,t=4294967295,p=1"
                . '$YWJjZGVmZ2g$YWJjZGVmZ2hpamtsbW5vcA')->{good},
   'a hash that asks for too much is none');
like($app->log, qr/\[warn\].* asks for too much memory or time/,
     'and the log tells');

my @pids;
for (1 .. 12) {
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        my $res = get('/verify?p=x&h=' . $bcrypt =~ s/\$/%24/gr);
        require POSIX;
        POSIX::_exit($res->status == 503 && $res->header('Retry-After') ? 3
                     : $res->status == 200 ? 0 : 1);
    }
    push @pids, $pid;
}
my %status;
for my $pid (@pids) {
    waitpid $pid, 0;
    $status{ $? >> 8 }++;
}
ok($status{0}, 'of many at a time some are verified');
ok($status{3}, 'and some are asked to come again');
ok(!$status{1}, 'and nothing else happens');

# functions and cookies

is_deeply(get('/functions')->json, {
    hash => sha256_hex('abc'), url => encode_base64url('a?>b'),
    mac  => hmac_sha256_hex('abc', 'the key of codes'),
}, 'sha256, hmac_sha256 with a secret, base64url');

$res = $app->http(POST => '/cookie?ok=1');
is($res->header('Set-Cookie'),
   'session=a%20b%3B1; Max-Age=2592000; Path=/; Secure; HttpOnly; '
   . 'SameSite=Strict, gone=; Max-Age=0; Path=/x; SameSite=Lax',
   'cookies are set');
$res = $app->http(POST => '/cookie?ok=2');
is($res->status, 400, 'a run that fails');
is($res->header('Set-Cookie'), undef, 'sets no cookie');

# mistakes in the configuration

for my $case (
    [ 'app_jwt a key_file=secret;', qr/needs "alg="/ ],
    [ 'app_jwt a alg=none key_file=x;', qr/unknown algorithm "none"/ ],
    [ 'app_jwt a alg=HS256;', qr/needs "key_file="/ ],
    [ 'app_auth a { let id = "1"; }', qr/lets everybody in/ ],
    [ 'app_password_hash md5;', qr/unknown kind of hash "md5"/ ],
    [ 'app_secret a x;', qr/use file=PATH/ ],
) {
    my $t = nginx_t(http => $case->[0]);
    isnt($t->{code}, 0, "refused: $case->[0]");
    like($t->{output}, $case->[1], 'and told why');
}

done_testing;
