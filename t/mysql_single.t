# Copyright (C) the project authors
#
# master_process off: a reload is refused, nginx serves on and ends as it
# should.

use Test::App;

my $app = Test::App->new(
    mysql  => 1,
    single => 1,
    http   => 'app_mysql main %%MYSQL%% pool=2;',
    server => <<'EOT');
location / { app_api; }
app_route GET /db { one x "SELECT 7 AS n"; respond $x; }
EOT

is($app->get('/db')->json->{n}, 7, 'one process serves');

my $refused = qr/cannot be read again, restart nginx/;
$app->allow($refused);

for my $n (1, 2) {
    kill 'HUP', $app->pid;
    ok(wait_until(sub { $n == (() = $app->log =~ /$refused/g) }),
       'a reload is refused');
    is($app->get('/db')->json->{n}, 7, 'and it goes on to serve');
}

kill 'QUIT', $app->pid;

my $status;
ok(wait_until(sub { waitpid($app->pid, POSIX::WNOHANG()) == $app->pid
                    && defined($status = $?) },
              10), 'QUIT: it ends');
is($status, 0, 'with status 0');

done_testing;
