package Test::App::Market;

# Copyright (C) the project authors
#
# The example marketplace with sample data, as t/contract/nginx.conf runs it:
#
#   my $app = market(scale => 0.02);
#   $app->http('POST', '/orders', headers => bearer($user_id), body => …);
#   my $tests = drive($app, 'main.mjs');        # a program of t/contract

use strict;
use warnings;

use Carp qw(croak);
use Digest::SHA qw(hmac_sha256);
use Exporter 'import';
use Fcntl qw(LOCK_EX);
use File::Copy qw(copy);
use File::Path qw(make_path);
use JSON::PP ();
use MIME::Base64 qw(encode_base64url);
use Test::App ();
use Test::App::Server;
use Test::More;

our @EXPORT = qw(market pictures images_conf bearer drive);

my $key = 'k' x 32;


# Options: scale (0.02), and those of Test::App's mysql.
sub market {
    my (%o) = @_;

    my $site = "$Test::App::top/examples/marketplace";
    my $scale = delete $o{scale} || 0.02;

    # %%…%% words are Test::App's, but for this one
    my $conf = Test::App::Server::slurp(
        "$Test::App::top/t/contract/nginx.conf");
    my $modules = Test::App::load_modules() . ($> == 0 ? 'user root;' : '');
    $conf =~ s/%%MODULES%%/$modules/;

    my $app = Test::App->new(mysql => %o ? \%o : 1, start => 0, workers => 2,
                             conf => $conf);
    my ($dir, $my) = ($app->dir, $app->mysql);

    system("$site/sql/load", $my->{socket}, 'root', $my->{database}, $scale)
        == 0 or croak 'the sample data does not load';

    # "include" looks beside nginx.conf
    symlink $_, "$dir/" . s{.*/}{}r
        for grep { !m{/google\.conf} } glob "$site/*.conf";
    symlink "$site/$_", "$dir/$_" for qw(routes steps);

    # Google is near here, and speaks no TLS
    Test::App::Server::spew(
        "$dir/google.conf",
        Test::App::Server::slurp("$site/google.conf")
        =~ s/^\s*proxy_ssl_.*\n//mgr);

    mkdir "$dir/$_" for qw(store google);
    Test::App::Server::spew("$dir/jwt.key", $key, 0600);
    Test::App::Server::spew("$dir/code.key", 'c' x 32, 0600);
    $app->start;

    return $app;
}


# The marketplace for its pictures alone, not started: in store/, which is
# empty, and without a database.
sub pictures {
    my $site = "$Test::App::top/examples/marketplace";

    my $app = Test::App->new(
        start  => 0,
        http   => 'types { image/jpeg jpg; image/png png; image/gif gif;'
                  . " image/webp webp; }\n"
                  . "app_mysql main socket=/nowhere user=u;\n"
                  . "app_mysql health socket=/nowhere user=u;\n"
                  . "app_jwt access alg=HS256 key_file=%%DIR%%/jwt.key;\n"
                  . "app_secret code file=%%DIR%%/jwt.key;\n"
                  . images_conf()
                  . "include $site/http.conf;",
        server => "set \$store_dir %%DIR%%/store;\n"
                  . "include $site/server.conf;",
    );

    my $dir = $app->dir;

    Test::App::Server::spew("$dir/jwt.key", $key, 0600);
    symlink $_, "$dir/" . s{.*/}{}r
        for "$site/routes", "$site/steps",
            grep { !m{/(?:http|server|images)\.conf} } glob "$site/*.conf";
    mkdir "$dir/$_" for 'store', 'store/profile-images', 'store/.git';

    return $app;
}


# What http.conf and server.conf want to be there for pictures, at http level.
sub images_conf {
    my $site = "$Test::App::top/examples/marketplace";

    return <<"EOF";
proxy_cache_path %%DIR%%/images keys_zone=images:1m;
upstream images { server unix:%%DIR%%/images.sock; }
server {
    listen      unix:%%DIR%%/images.sock;
    access_log  %%DIR%%/made.log;
    set         \$store_dir %%DIR%%/store;
    include     $site/images.conf;
}
EOF
}


# A header with an access token of an account.
sub bearer {
    my ($id) = @_;

    my $text = join '.', map { encode_base64url(JSON::PP::encode_json($_)) }
        { alg => 'HS256', typ => 'JWT' },
        { id => "$id", email => 'x', type => 1, exp => time + 3600 };

    return { Authorization => "Bearer $text."
             . encode_base64url(hmac_sha256($text, $key)) };
}


# Installs what the lock file names, once.  Returns the directory.
sub _packages {
    my $build = ($ENV{BUILD} || "$Test::App::top/build") . '/contract';

    make_path($build);

    open my $lock, '>', "$build.lock" or croak "$build.lock: $!";
    flock $lock, LOCK_EX or croak "$build.lock: $!";

    my $names = Test::App::Server::slurp(
        "$Test::App::top/t/contract/package-lock.json");

    for my $file (glob "$Test::App::top/t/contract/*") {
        copy($file, $build) or croak "$file: $!";
    }

    return $build
        if Test::App::Server::slurp("$build/installed") eq $names;

    my $said = `cd '$build' && npm ci --no-audit --no-fund 2>&1`;

    if ($? != 0) {
        diag($said);
        return;
    }

    Test::App::Server::spew("$build/installed", $names);
    return $build;
}


# Runs a program of t/contract, whose tests become tests of this file; more
# arguments are its own.  Returns how many there were.
sub drive {
    my ($app, $program, @more) = @_;

    my $build = _packages();
    my $dir = $app->dir;

    ok($build, 'the validator is there') or BAIL_OUT('no npm packages');

    open my $drive, '-|', 'node', "$build/$program",
         "$Test::App::top/examples/marketplace/openapi.contract.yaml",
         (map { 'http://127.0.0.1:' . $app->port($_) } 0, 1),
         "$dir/jwt.key", "$dir/google/certs.json", @more
        or croak "node: $!";

    my $plan = 0;

    while (my $line = <$drive>) {
        chomp $line;

        if ($line =~ /^(not )?ok - (.*)/) {
            ok(!$1, $2);

        } elsif ($line =~ /^# (.*)/) {
            diag("  $1");

        } elsif ($line =~ /^1\.\.([1-9]\d*)$/) {
            $plan = $1;
        }
    }

    close $drive;

    return $plan;
}


1;
