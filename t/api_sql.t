# Copyright (C) the project authors
#
# Statements and their server: procedures, the cache of statements, tables
# that change, several backends, and values that never become SQL.

use Test::App;

my $app = Test::App->new(
    mysql => 1,
    sql   => <<'EOT',
CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(100) CHARACTER SET utf8mb4);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
CREATE TABLE changing (id INT, b VARCHAR(9), c DATETIME);
INSERT INTO changing VALUES (1, '10', '2024-01-01');
CREATE TABLE data (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT);
CREATE PROCEDURE two_results(n INT) BEGIN
    SELECT n AS first, id FROM t ORDER BY id; SELECT 'second' AS second, id
      FROM t WHERE id = n; END;
CREATE PROCEDURE no_result() SET @x = 1;
CREATE PROCEDURE fails_late() BEGIN
    SELECT 1 AS a; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'late'; END;
EOT
    http  => <<'EOT',
app_mysql main %%MYSQL%% pool=2 statements=2;
app_mysql other socket=%%MYSQL_SOCKET%% user=%%MYSQL_USER%% pool=1
          password_file=%%MYSQL_PASSWORD_FILE%% database=information_schema;
EOT
    server => <<'EOT');
    app_route GET /call/many/:n {
        many rows "CALL two_results(:n)";
        respond $rows;
    }
    app_route GET /call/one/:n {
        one row "CALL two_results(:n)";
        respond '{"row": $row, "id": ${row.id}}';
    }
    app_route GET /call/none {
        many rows "CALL no_result()";
        one  row "SELECT 1 AS a";
        respond '{"rows": $rows, "row": $row}';
    }
    app_route GET /call/late { many rows "CALL fails_late()"; respond $rows; }
    app_route GET /changing {
        one  row "SELECT * FROM changing";
        respond '{"row": $row}';
    }
    app_route GET /changing/list {
        many rows "SELECT * FROM changing";
        respond $rows;
    }
    app_route GET /changing/b {
        one row "SELECT * FROM changing";
        respond '{"b": ${row.b}}';
    }
    app_route GET /s/1 { one r "SELECT 1 AS n"; respond $r; }
    app_route GET /s/2 { one r "SELECT 2 AS n, 'x' AS x"; respond $r; }
    app_route GET /s/3 { one r "SELECT 3 AS n"; respond $r; }
    app_route GET /s/4 { one r "SELECT 4 AS n"; respond $r; }
    app_route GET /s/5 {
        one a "SELECT 5 AS n"; one b "SELECT 6 AS n"; one c "SELECT 7 AS n";
        one d "SELECT 5 AS n";
        respond '[${a.n}, ${b.n}, ${c.n}, ${d.n}]';
    }
    app_route GET /dbs {
        one a "SELECT DATABASE() AS db, CONNECTION_ID() AS id";
        one b "SELECT DATABASE() AS db, CONNECTION_ID() AS id" db=other;
        one c "SELECT DATABASE() AS db" db=main;
        one d "SELECT COUNT(*) > 0 AS n FROM TABLES" db=other;
        respond '["${a.db}", ${b.db}, ${c.db}, ${d.n}]';
    }
    app_route GET /text/:path {
        query  q      string;
        query  like   string;
        header X-Text as head string;
        one  row  "SELECT :path AS path, :q AS q, :head AS head,
                          LENGTH(:q) AS bytes, (SELECT COUNT(*) FROM t) AS n";
        many rows "SELECT id FROM t WHERE name = :q [[ OR name LIKE :like ]]";
        respond '{"row": $row, "rows": $rows}';
    }
    app_route GET /store {
        query v string required;
        many  "INSERT INTO data (v) VALUES (:v)";
        one   row "SELECT v FROM data ORDER BY id DESC LIMIT 1";
        respond $row;
    }
    app_route GET /literals {
        query a int default=1;
        one   row 'SELECT ":a" AS x, \':a\' AS y, :a AS `:a`, 1 -- :a
                   /* :a */ AS z, "it\'\'s" AS q';
        respond $row;
    }
    app_route GET /listed {
        many ids "SELECT id FROM t";
        one  row "SELECT :ids AS ids, JSON_LENGTH(:ids) AS n";
        respond $row;
    }
    location / { app_api; }
    location = /prepares {
        return 200 $app_metric_app_mysql_prepares_total;
    }
EOT

sub gives {
    my ($path, $body, $name) = @_;

    my $res = $app->get($path);
    is($res->body, $body, $name || $path);
    return $res;
}

# procedures: the first result counts, the connection goes on

for (1 .. 3) {
    gives('/call/many/2', '[{"first":2,"id":1},{"first":2,"id":2}]');
    gives('/call/one/1', '{"row":{"first":1,"id":1},"id":1}');
    gives('/call/none', '{"rows":[],"row":{"a":1}}');
    is($app->get('/call/late')->status, 500, 'an error in the second result');
    gives('/s/1', '{"n":1}', 'the connection goes on');
}

# two statements are kept, whatever comes

for my $round (1 .. 3) {
    gives('/s/1', '{"n":1}');
    gives('/s/2', '{"n":2,"x":"x"}');
    gives('/s/3', '{"n":3}');
    gives('/s/4', '{"n":4}');
    gives('/s/5', '[5,6,7,5]');
}

gives('/s/4', '{"n":4}');
my $prepares = $app->get('/prepares')->body;
gives('/s/4', '{"n":4}') for 1 .. 5;
is($app->get('/prepares')->body, $prepares, 'one that is used stays');

my ($count) = map { $_->[1] } @{ $app->mysql->rows(
    "SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'") };
cmp_ok($count, '<=', 2 * 2 + 1, "the server holds few statements: $count")
    if !$ENV{TEST_APP_SHARED};

# tables change between two requests

my $row = '{"id":1,"b":"10","c":"2024-01-01T00:00:00.000Z"}';

sub is_now {
    my ($sql, $want, $b) = @_;

    $app->mysql->sql($sql) if $sql;
    gives('/changing', "{\"row\":$want}", $sql || 'before all changes')
        for 1 .. 2;
    gives('/changing/list', "[$want]", '  as a list');

    my $res = $app->get('/changing/b');
    is($res->status, defined $b ? 200 : 500, '  by its name');
    is($res->body, "{\"b\":$b}", '  the value') if defined $b;
}

is_now('', $row, '"10"');
is_now('ALTER TABLE changing ADD COLUMN d INT DEFAULT 5',
       $row =~ s/\}/,"d":5}/r, '"10"');
is_now('ALTER TABLE changing MODIFY b INT', $row =~ s/"10"(.*)\}/10$1,"d":5}/r,
       '10');
is_now('ALTER TABLE changing MODIFY b TINYINT(1)',
       $row =~ s/"10"(.*)\}/true$1,"d":5}/r, 'true');
is_now('ALTER TABLE changing MODIFY b VARBINARY(9)',
       $row =~ s/"10"(.*)\}/"MTA="$1,"d":5}/r, '"10"');
is_now('ALTER TABLE changing MODIFY COLUMN d INT FIRST',
       $row =~ s/\{"id":1,"b":"10"/{"d":5,"id":1,"b":"MTA="/r, '"10"');
is_now('ALTER TABLE changing DROP COLUMN d', $row =~ s/"10"/"MTA="/r, '"10"');
is_now('ALTER TABLE changing CHANGE c `more.c` DATE',
       '{"id":1,"b":"MTA=","more":{"c":"2024-01-01"}}', '"10"');
is_now('ALTER TABLE changing CHANGE b e VARCHAR(9)',
       '{"id":1,"e":"10","more":{"c":"2024-01-01"}}', undef);
like($app->log, qr/"row\.b" is used, but the statement of "one" in \S+:24 /,
     'the log names the column');
is_now('ALTER TABLE changing CHANGE e b VARCHAR(9)',
       '{"id":1,"b":"10","more":{"c":"2024-01-01"}}', '"10"');

$app->mysql->sql('DROP TABLE changing');
is($app->get('/changing')->status, 500, 'a table that is gone');
$app->mysql->sql('CREATE TABLE changing AS SELECT 7 AS b');
gives('/changing', '{"row":{"b":7}}', 'and another one of its name');

# backends

my $db = $app->mysql->{database};
gives('/dbs', "[\"$db\",\"information_schema\",\"$db\",1]") for 1 .. 3;

# whatever a client sends is a value

for my $text ("' OR '1'='1", "1; DROP TABLE t", '" OR ""="', "\\' OR 1=1 -- ",
              '\\', "'", '%', '_', ':q', '?', '[[ :q ]]', '$q', '${row.n}',
              '/* */', '-- ', '#', '`', ')', "\t\n\r\x1a", "\x{ff07}",
              'x' x 1200, "one' UNION SELECT 1 -- ", '%27%20OR', "\x{bf}\x{27}")
{
    utf8::encode(my $bytes = $text);
    my $enc = join '', map { sprintf '%%%02X', ord } split //, $bytes;
    (my $header = $bytes) =~ s/[\t\n\r\x1a]/ /g;

    for (1 .. 2) {
        my $res = $app->get("/text/$enc?q=$enc",
                            headers => { 'X-Text' => "<$header>" });
        utf8::decode(my $head = "<$header>");
        is_deeply($res->json, { rows => [], row => {
            path => $text, q => $text, head => $head,
            bytes => length $bytes, n => 2 } },
            'a value: ' . substr($bytes, 0, 20) =~ s/[^ -~]/./gr);
    }

    is($app->get("/store?v=$enc")->json->{v}, $text, '  stored and read');
}

gives('/text/x?q=one&like=%25', '{"row":{"path":"x","q":"one","head":null,'
      . '"bytes":3,"n":2},"rows":[{"id":1},{"id":2}]}');
gives('/literals', '{"x":":a","y":":a",":a":1,"z":1,"q":"it\'\'s"}',
      'no parameters in quotes and comments');
gives('/listed', '{"ids":"[{\"id\":1},{\"id\":2}]","n":2}', 'a list as JSON');
is(@{ $app->mysql->rows('SELECT id FROM t') }, 2, 'the table is as it was');

done_testing;
