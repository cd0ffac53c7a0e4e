# Copyright (C) the project authors
#
# app_api_check: what is told after a start.

use Test::App;

my $app = Test::App->new(
    mysql => 1,
    sql   => 'CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(9));
              INSERT INTO t VALUES (1, "one")',
    workers => 2,
    http  => <<'EOT',
app_mysql main %%MYSQL%%;
app_mysql away socket=%%DIR%%/nothing user=u connect_timeout=1s;
app_api_check on;
EOT
    server => <<'EOT');
    app_route GET /good {
        query name string;
        one   row "SELECT id, name FROM t WHERE id = 1 [[ AND name = :name ]]";
        respond '{"name": ${row.name}, "row": $row}';
    }
    app_route GET /bad/syntax { one row "SELEC id FROM t"; respond $row; }
    app_route GET /bad/table { many r "SELECT 1 FROM no_table"; respond $r; }
    app_route GET /bad/part {
        query name string;
        many  rows "SELECT id FROM t [[ WHERE nam = :name ]]";
        respond $rows;
    }
    app_route GET /bad/column {
        one row "SELECT id FROM t";
        respond '[${row.name}, ${row.id}]';
    }
    app_route GET /bad/each {
        many rows "SELECT id FROM t";
        each row in rows { let a = "row.name"; }
        respond 204;
    }
    app_route GET /bad/rescue {
        one row "SELECT id FROM t";
        respond $row;
        rescue { one other "SELECT FROM t"; respond 500 $other; }
    }
    location / { app_api; }
EOT

# found(): the texts of the faults, without time, folder and the server's text
sub found {
    my ($log) = @_;

    return map { s/\S+\///r =~ s/(\(\d+, \w+\)) .*/$1/r }
           $log =~ /\[(?:error|warn|notice)\] \d+#\d+: app api check: (.*)/g;
}

sub checks { scalar(() = $_[0] =~ /statements checked/g) }

ok(wait_until(sub { checks($app->log) }, 10), 'the check ends');

my @found = found($app->log);

is_deeply(\@found, [
    '"one" in server.conf:6 does not prepare: (1064, 42000)',
    '"many" in server.conf:7 does not prepare: (1146, 42S02)',
    '"many" in server.conf:10 does not prepare: (1054, 42S22)',
    '"row.name" is used, but "one" in server.conf:14 has no column "name"',
    '"row.name" is used, but "many" in server.conf:18 has no column "name"',
    '"one" in server.conf:25 does not prepare: (1064, 42000)',
    '8 of 8 statements checked, 6 faults' ], 'what is told')
    or diag(join "\n", @found);

like($app->log, qr/42S02\) .*no_table/, '  with the text of the server');
is($app->get('/good')->body, '{"name":"one","row":{"id":1,"name":"one"}}',
   'requests are served');
is($app->get('/bad/table')->status, 500, 'what is bad is 500');
is($app->get('/bad/column')->status, 500);

# after a reload again, and by one worker only

$app->write_conf(server => $app->{o}{server} =~ s/SELEC id/SELECT id/r);
$app->reload(gone => 1);

ok(wait_until(sub { checks($app->log) == 2 }, 10), 'once more after a reload');
is((found($app->log))[-1], '8 of 8 statements checked, 5 faults',
   '  with what is left');

# no database: nginx starts, and says what it could not do

$app->write_conf(http => $app->{o}{http} =~ s/^app_mysql main.*//mr);
$app->reload(gone => 1);
ok(wait_until(sub { checks($app->log) == 3 }, 15), 'a database that is away');
is((found($app->log))[-2], 'no connection to "away", its statements are not '
   . 'checked', '  is told');
is((found($app->log))[-1], '0 of 8 statements checked, 0 faults',
   '  and ends the check');
is($app->get('/good')->status, 503, 'nginx runs');

done_testing;
