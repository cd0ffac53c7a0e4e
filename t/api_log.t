# Copyright (C) the project authors
#
# log: lines for those who run the server.

use Test::App;

my $app = Test::App->new(log_level => 'notice', server => <<'EOT');
    location / { app_api; }

    app_route GET /log {
        query    q  string;
        log      warn "q is $q"  when="q is not absent";
        log      info "not at this level";
        check    "q != 'bad'"  else=418 "no";
        respond  '{}';
        rescue {
            log      error "failed with ${error.status}";
        }
    }
EOT

sub lines {
    my ($what) = @_;

    return map { /\[(\w+)\] [^:]*: \*\d+ (.*?), client:/ ? "$1 $2" : $_ }
           grep { /$what/ } split /\n/, $app->log;
}

is($app->get('/log')->status, 200, 'a route that logs');
is(join("\n", lines('"log" in')), '', 'nothing, with when=');

my $file = $app->dir . '/server.conf';
$app->get('/log?q=a%20%22b%22%0Ac');
is(join("\n", lines('"log" in')),
   qq(warn app api: q is a "b" c: "log" in $file:5),
   'a line, with its level and place, and no other line in it');

is($app->get('/log?q=bad')->status, 418, 'a failure');
is((lines('failed with'))[0],
   qq(error app api: failed with 418: "log" in $file:10), 'in rescue');

$app->get('/log?q=' . 'x' x 1500);
like((lines('xxxx'))[0], qr/q is x{1000,1024}: "log"/, 'a long one is cut');

for my $case (
    [ 'log warn;', '"log" needs a level and a text, as in log warn "no'
                   . ' answer"' ],
    [ 'log debug "x";', 'invalid level "debug" in "log", use error, warn,'
                        . ' notice or info' ],
    [ 'log warn a b;', 'unexpected "b" in "log", quote what has blanks in'
                       . ' it' ],
    [ 'log warn "$nothing";', 'unknown name "nothing", it is neither a value'
      . ' of the route nor a variable declared above it in "$nothing" of'
      . ' "log"' ],
) {
    my $got = nginx_t(server => "app_route GET / { $case->[0] respond 200; }\n"
                                . 'location / { app_api; }');
    is($got->{error}, "$case->[1] in server.conf:1", $case->[0]);
}

done_testing;
