# Copyright (C) the project authors
#
# The hashes that t/unit/image_hash.c expects are those of the packages that
# clients decode them with, of npm.

use Test::App;

use File::Copy qw(copy);
use File::Path qw(make_path);

my $from = "$Test::App::top/t/image_hash";
my $build = ($ENV{BUILD} || "$Test::App::top/build") . '/image_hash';


# Installs what the lock file names, once.
sub packages {
    make_path($build);

    my $lock = slurp("$from/package-lock.json");
    my $fresh = -f "$build/installed" && slurp("$build/installed") eq $lock;

    for my $file (glob "$from/*") {
        copy($file, $build) or die "$file: $!";
    }

    return 1 if $fresh;

    my $said = `cd '$build' && npm ci --no-audit --no-fund 2>&1`;

    if ($? != 0) {
        diag($said);
        return 0;
    }

    spew("$build/installed", $lock);
    return 1;
}


ok(packages(), 'the packages are there') or BAIL_OUT('no npm packages');

my $made = `node '$build/vectors.mjs'`;
is($?, 0, 'the hashes are made');
is($made, slurp("$Test::App::top/t/unit/image_hash.h"),
   'and are what the unit test expects');

unlike(slurp("$from/package-lock.json"), qr/"resolved"|https?:/,
       'the lock file names no registry');

done_testing;
