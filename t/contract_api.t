# Copyright (C) the project authors
#
# The marketplace answers as its contract says: t/contract/ drives every path
# and status of openapi.yaml, and validates each answer against its schema
# with a validator from npm.

use Test::App;
use Test::App::Market;

use File::Copy qw(copy);
use File::Path qw(make_path);

my $site = "$Test::App::top/examples/marketplace";
my $build = ($ENV{BUILD} || "$Test::App::top/build") . '/contract';


# Installs what the lock file names, once.
sub validator {
    make_path($build);

    my $lock = slurp("$Test::App::top/t/contract/package-lock.json");
    my $fresh = slurp("$build/installed") eq $lock;

    for my $file (glob "$Test::App::top/t/contract/*") {
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


ok(validator(), 'the validator is there') or BAIL_OUT('no npm packages');

my $app = market();
my $dir = $app->dir;

open my $drive, '-|', 'node', "$build/main.mjs",
     "$site/openapi.contract.yaml", 'http://127.0.0.1:' . $app->port,
     'http://127.0.0.1:' . $app->port(1), "$dir/jwt.key",
     "$dir/google/certs.json"
    or die "node: $!";

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
cmp_ok($plan, '>', 300, 'all was driven');

# what it did to the tables on purpose
$app->allow(qr/doesn't exist|references invalid table/);

done_testing;
