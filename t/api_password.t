# Copyright (C) the project authors
#
# Passwords within a route that has a connection to the database.

use Test::App;
use Test::App::Load;

my $app = Test::App->new(
    mysql => 1,
    sql   => tables(),
    http  => <<'EOT', server => <<'EOT');
app_mysql main %%MYSQL%% pool=1;
app_password_hash argon2id memory=64m time=3;
app_password_threads 1;
app_password_queue 16;
EOT
    app_route GET /sign {
        one      row "SELECT MIN(n) AS n FROM d";
        password hash made plain='secret';
        one      more "SELECT MAX(n) AS n FROM d";
        respond  '{"n": [${row.n}, ${more.n}]}';
    }
    app_route GET /ping { one row "SELECT 1 AS one"; respond $row; }
    location / { app_api; }
EOT

# who waits for a thread does not have the only connection

my @res = together($app, ('/sign') x 4, '/ping');
is(statuses(@res), '200x5', 'all are answered');
is_deeply([ map { $_->{res}->json->{n} } @res[0 .. 3] ], [ ([0, 99]) x 4 ],
          'with what they have read');
cmp_ok($res[4]{at}, '<', 4, 'and others do not wait for the last of them');

done_testing;
