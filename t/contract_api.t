# Copyright (C) the project authors
#
# The marketplace answers as its contract says: t/contract/ drives every path
# and status of openapi.yaml, and validates each answer against its schema
# with a validator from npm.

use Test::App;
use Test::App::Market;

my $app = market();

cmp_ok(drive($app, 'main.mjs'), '>', 300, 'all was driven');

# what it did to the tables on purpose
$app->allow(qr/doesn't exist|references invalid table/);

done_testing;
