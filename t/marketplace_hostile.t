# Copyright (C) the project authors
#
# Texts that would end a statement, in every input that the marketplace has,
# and members of bodies that nobody is to set.  What came to the database, and
# as what, is in its own log: statements as they were prepared, and as they
# were executed.  The program that asks runs on Node.js, with packages of npm.

use Test::App;
use Test::App::Market;

my $app = market(private => 1, args => [ '--log-output=FILE' ]);
my $my = $app->mysql;
my ($log, $names) = map { $app->dir . "/$_" } 'general.log', 'names';

$my->root->do("SET GLOBAL general_log_file = '$log'");
$my->root->do('SET GLOBAL general_log = 1');

cmp_ok(drive($app, 'hostile.mjs', $names), '>', 150, 'all was driven');

$my->root->do('SET GLOBAL general_log = 0');

# entries of the log, which may have several lines
my ($command, %seen, %came);

open my $in, '<:raw', $log or die "$log: $!";

while (my $line = <$in>) {
    $command = $1 if $line =~ /^(?:\S+(?: +\d+:\d+:\d+)?)?\s+\d+ ([A-Z]\w+)/;
    next if !defined $command;
    $seen{$command}++;
    $came{$command}{$1}++ while $line =~ /zq7x(\d+)x/g;
}

cmp_ok($seen{$_} || 0, '>', 100, "the log has what was \L${_}d")
    for qw(Prepare Execute);
is_deeply([ grep { $_ ne 'Execute' } sort keys %came ], [],
          'no text of an input is part of a statement');

# the texts are data, where they got so far
my @names = split /\n/, slurp($names);
my %stored = map { $names[$_] => 1 } keys %{ $came{Execute} };

ok($stored{$_}, "$_ comes to the database as it is")
    for 'POST /auth/signup username', 'POST /contact name',
        'POST /contact subject', 'POST /contact message',
        'POST /users/me username', 'POST /users/me location',
        'POST /users/update-details mapsLink', 'POST /offers title',
        'POST /offers description', 'POST /offers images[]',
        'PUT /offers/{id} title', 'PUT /offers/{id} description',
        'POST /orders/scan qrCodeToken', 'GET /orders/qr/{token} token',
        'POST /announcements/send subject', 'POST /announcements/send title',
        'POST /announcements/send details[]', 'POST /contact userRole';

cmp_ok(scalar(keys %stored), '>=', 30, 'and so do others');
diag(join "\n", sort keys %stored) if $ENV{TEST_APP_KEEP};

is_deeply($my->rows('SELECT COUNT(*) FROM User WHERE role NOT IN
                     ("CLIENT", "PROVIDER", "PENDING_PROVIDER", "NONE")'),
          [[0]], 'the tables are there');

done_testing;
