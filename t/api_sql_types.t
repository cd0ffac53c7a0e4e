# Copyright (C) the project authors
#
# Every SQL type as JSON, to the byte, and as a value of expressions.  The
# server lives in another time zone than the connections.

use Test::App;

my $tables = <<'EOT';
SET sql_mode = '';
CREATE TABLE t (
  name VARCHAR(20) PRIMARY KEY,
  tiny TINYINT, tiny3 TINYINT(3), utiny TINYINT UNSIGNED, small SMALLINT,
  usmall SMALLINT UNSIGNED, medium MEDIUMINT, umedium MEDIUMINT UNSIGNED,
  i INT, ui INT UNSIGNED, big BIGINT, ubig BIGINT UNSIGNED,
  zero INT(8) ZEROFILL, zdec DECIMAL(10,3) ZEROFILL, b TINYINT(1),
  bit1 BIT(1), bit20 BIT(20), bit64 BIT(64), dec65 DECIMAL(65,30),
  dec0 DECIMAL(40,0), d DOUBLE, f FLOAT, y YEAR,
  dt DATETIME, dt3 DATETIME(3), dt6 DATETIME(6), ts TIMESTAMP NULL,
  ts3 TIMESTAMP(3) NULL, day DATE, t TIME, t3 TIME(3), t6 TIME(6),
  e ENUM('a','b c','é'), s SET('x','y','z'), js JSON, txt TEXT, chr CHAR(5),
  bin VARBINARY(20), fixed BINARY(4), blb BLOB, pt POINT
) CHARACTER SET utf8mb4;
INSERT INTO t (name) VALUES ('null');
INSERT INTO t VALUES ('least', -128, -128, 0, -32768, 0, -8388608, 0,
  -2147483648, 0, -9223372036854775808, 0, 0, 0, 0, b'0', b'0', b'0',
  CONCAT('-', REPEAT('9', 35), '.', REPEAT('9', 30)),
  CONCAT('-', REPEAT('9', 40)), -1.7976931348623157e308, -3.40282e38, 1901,
  '1000-01-01 00:00:00', '1000-01-01 00:00:00.001',
  '1000-01-01 00:00:00.000001', '1970-01-01 05:30:01', '1970-01-01 05:30:01',
  '1000-01-01', '-838:59:59', '-838:59:59', '-00:00:00.000001', 'a', '', '[]',
  '', '', '', '', '', POINT(0, 0));
INSERT INTO t VALUES ('most', 127, 127, 255, 32767, 65535, 8388607, 16777215,
  2147483647, 4294967295, 9223372036854775807, 18446744073709551615, 42, 7.5,
  1, b'1', b'11111111111111111111', ~0,
  CONCAT(REPEAT('9', 35), '.', REPEAT('9', 30)), REPEAT('9', 40),
  1.7976931348623157e308, 3.40282e38, 2155,
  '9999-12-31 23:59:59', '9999-12-31 23:59:59.999',
  '9999-12-31 23:59:59.999999', '2038-01-19 08:44:07',
  '2024-02-29 12:00:00.500', '9999-12-31', '838:59:59', '838:59:58.050',
  '100:00:00.000123', 'é', 'x,z', '{"a": [1, {"b": null}], "é": "\\u00e9"}',
  CONCAT(UNHEX('F09F8D95'), ' ', UNHEX('D8B9D8B1D8A8D98A')), 'ab',
  UNHEX('00FF10'), 'ab', UNHEX('FFFEFD'), POINT(1, 2));
INSERT INTO t (name, tiny, b, zero, zdec, bit20, dec65, dec0, d, f, y, dt,
  day, ts, t, t3, t6, js, txt, chr, bin) VALUES
  ('odd', 0, 7, 12345678, 0, 5, 0.1, 0, 0.1, 0.1, 0, 0, 0, 0, '00:00:01',
  '12:34:56.7', '-25:00:00.5', '"text"',
  UNHEX('000108090A0C0D1B1F22275C2F7F'), 'a b', 'a');
EOT

utf8::decode($tables);

my $app = Test::App->new(
    mysql => { args => [ '--default-time-zone=+05:30' ] },
    sql   => $tables,
    http  => 'app_mysql main %%MYSQL%%;',
    server => <<'EOT');
    app_route GET /row/:name {
        one row "SELECT * FROM t WHERE name = :name";
        respond $row;
    }
    app_route GET /each/:name {
        one  row "SELECT * FROM t WHERE name = :name";
        let  diff  = "row.big - 1";
        let  later = "date_add(row.dt3, 1)";
        let  same  = "row.ubig = 18446744073709551615";
        respond '{
            "tiny": ${row.tiny}, "utiny": ${row.utiny}, "i": ${row.i},
            "ui": ${row.ui}, "big": ${row.big}, "ubig": ${row.ubig},
            "zero": ${row.zero}, "zdec": ${row.zdec}, "b": ${row.b},
            "bit1": ${row.bit1}, "bit20": ${row.bit20},
            "bit64": ${row.bit64}, "dec65": ${row.dec65},
            "dec0": ${row.dec0}, "d": ${row.d}, "f": ${row.f},
            "y": ${row.y}, "dt": ${row.dt}, "dt3": ${row.dt3},
            "dt6": ${row.dt6}, "ts": ${row.ts}, "ts3": ${row.ts3},
            "day": ${row.day}, "t": ${row.t}, "t3": ${row.t3},
            "t6": ${row.t6}, "e": ${row.e}, "s": ${row.s},
            "js": ${row.js}, "txt": ${row.txt}, "chr": ${row.chr},
            "diff": $diff, "later": $later, "same": $same
        }';
    }
    app_route GET /doubles {
        many rows "SELECT d FROM doubles ORDER BY id";
        respond $rows;
    }
    app_route GET /literals {
        one row "SELECT 1 AS i, 1.50 AS d, 1e0 AS f, 'x' AS s, NULL AS n,
                        TRUE AS t, x'00ff' AS h, NOW() > '2020-01-01' AS b,
                        JSON_OBJECT('a', JSON_ARRAY(1, NULL)) AS j,
                        CAST('2024-02-29' AS DATE) AS day,
                        18446744073709551615 AS u, -9223372036854775808 AS m,
                        '' AS e, CAST('12:00' AS TIME) AS tm";
        respond $row;
    }
    app_route GET /zone {
        one row "SELECT @@session.time_zone AS tz,
                        TIMESTAMPDIFF(SECOND, NOW(), UTC_TIMESTAMP()) AS off";
        respond $row;
    }
    location / { app_api; }
EOT

my %row = map { $_ => $app->get("/row/$_")->body } qw(null least most odd);

sub member_is {
    my ($row, $name, $want) = @_;

    my ($got) = $row{$row} =~ /[{,]"$name":((?:"(?:[^"\\]|\\.)*"|[^",\[{]+
                               |(?:\{.*?\}\]?.*?\}|\[\]))(?=[,}]))/x;
    is($got, $want, "$row: $name");
}

is($row{null}, '{"name":"null"' . join('', map { ",\"$_\":null" } qw(
    tiny tiny3 utiny small usmall medium umedium i ui big ubig zero zdec b
    bit1 bit20 bit64 dec65 dec0 d f y dt dt3 dt6 ts ts3 day t t3 t6 e s js
    txt chr bin fixed blb pt)) . '}', 'NULL of every type');

my $nines = '9' x 35 . '.' . '9' x 30;

my %want = (
    least => [ tiny => -128, tiny3 => -128, utiny => 0, small => -32768,
        usmall => 0, medium => -8388608, umedium => 0, i => -2147483648,
        ui => 0, big => '-9223372036854775808', ubig => 0, zero => 0,
        b => 'false', bit1 => 'false', bit20 => 0, bit64 => 0,
        dec65 => "-$nines", dec0 => '-' . '9' x 40,
        d => '-1.7976931348623157e+308', y => 1901,
        dt => '"1000-01-01T00:00:00.000Z"',
        dt3 => '"1000-01-01T00:00:00.001Z"',
        dt6 => '"1000-01-01T00:00:00.000001Z"',
        ts => '"1970-01-01T00:00:01.000Z"', day => '"1000-01-01"',
        t => '"-838:59:59"', t3 => '"-838:59:59.000"',
        t6 => '"-00:00:00.000001"', e => '"a"', s => '""', js => '[]',
        txt => '""', bin => '""', fixed => '"AAAAAA=="', blb => '""' ],
    most => [ tiny => 127, tiny3 => 127, utiny => 255, small => 32767,
        usmall => 65535, medium => 8388607, umedium => 16777215,
        i => 2147483647, ui => 4294967295, big => '9223372036854775807',
        ubig => '18446744073709551615', zero => 42, zdec => '7.500',
        b => 'true', bit1 => 'true', bit20 => 1048575,
        bit64 => '18446744073709551615', dec65 => $nines, dec0 => '9' x 40,
        d => '1.7976931348623157e+308', y => 2155,
        dt => '"9999-12-31T23:59:59.000Z"',
        dt3 => '"9999-12-31T23:59:59.999Z"',
        dt6 => '"9999-12-31T23:59:59.999999Z"',
        ts => '"2038-01-19T03:14:07.000Z"',
        ts3 => '"2024-02-29T06:30:00.500Z"', day => '"9999-12-31"',
        t => '"838:59:59"', t3 => '"838:59:58.050"',
        t6 => '"100:00:00.000123"', e => "\"\xc3\xa9\"", s => '"x,z"',
        txt => "\"\xf0\x9f\x8d\x95 \xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a\"",
        chr => '"ab"', bin => '"AP8Q"', fixed => '"YWIAAA=="',
        blb => '"//79"' ],
    odd => [ tiny => 0, b => 'true', zero => 12345678, zdec => '0.000',
        bit20 => 5, dec65 => '0.1' . '0' x 29, dec0 => 0, d => '0.1',
        f => '0.1', y => 0, dt => 'null', day => 'null', ts => 'null',
        t => '"00:00:01"', t3 => '"12:34:56.700"',
        t6 => '"-25:00:00.500000"', js => '"text"',
        txt => '"\u0000\u0001\b\t\n\f\r\u001b\u001f\"\'\\\\/' . "\x7f\"",
        chr => '"a b"', bin => '"YQ=="' ],
);

for my $row (qw(least most odd)) {
    my @pairs = @{ $want{$row} };
    member_is($row, splice @pairs, 0, 2) while @pairs;
}

like($row{most}, qr/"js":\{"a": ?\[1, ?\{"b": ?null\}\], ?"\xc3\xa9": ?"/,
     'most: js is embedded');
is_deeply($app->get('/row/most')->json->{js},
          { a => [ 1, { b => undef } ], "\xe9" => "\xe9" }, '  as JSON');
$app->get("/row/$_")->json for sort keys %row;
pass('all rows are JSON');

# the same values, one by one

for my $row (qw(least most odd null)) {
    my $whole = $app->get("/row/$row")->json;
    my $each = $app->get("/each/$row")->json;
    my %rest = map { $_ => delete $each->{$_} } qw(diff later same);

    is_deeply($each, { map { $_ => $whole->{$_} } keys %$each },
              "$row: each value by itself");
    is($rest{diff}, $row eq 'most' ? '9223372036854775806' : undef,
       '  calculated with') if $row eq 'most' || $row eq 'null';
    is($rest{later}, '1000-01-01T00:00:01.001Z', '  a later time')
        if $row eq 'least';
    ok($rest{same}, '  compared with every digit') if $row eq 'most';
}

# literals and functions

is($app->get('/literals')->body,
   '{"i":1,"d":1.50,"f":1,"s":"x","n":null,"t":1,"h":"AP8=","b":1,'
   . '"j":{"a": [1, null]},"day":"2024-02-29","u":18446744073709551615,'
   . '"m":-9223372036854775808,"e":"","tm":"12:00:00"}', 'literals');
is_deeply($app->get('/zone')->json, { tz => '+00:00', off => 0 },
          'the session is in UTC');

# doubles read back the same, and none is longer than need be

my @doubles = ('0', '1', '-1', '0.1', '1e21', '1e22', '1e23', '123456.789',
    '5e-324', '2.2250738585072014e-308', '4.35', '100', '1e16', '1e15',
    '9007199254740992', '0.000001', '1e-7', '3.141592653589793', '1e100',
    '123456789012345680', '-0.5', '2.5', '33.333333333333336');

$app->mysql->sql('CREATE TABLE doubles (id INT PRIMARY KEY AUTO_INCREMENT,'
    . ' d DOUBLE)');
$app->mysql->sql('INSERT INTO doubles (d) VALUES '
    . join(', ', map { "($_)" } @doubles));

my @got = $app->get('/doubles')->body =~ /"d":([^,}]+)/g;
is(scalar @got, scalar @doubles, 'doubles');

for my $i (0 .. $#doubles) {
    cmp_ok($got[$i], '==', $doubles[$i], "$doubles[$i] is $got[$i]");
    like($got[$i], qr/\A-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?
                      (?:e[+-]?[0-9]+)?\z/x, '  a JSON number');
}

is($got[0], '0', 'zero');
cmp_ok(length $_, '<=', 24, "$_ is short") for @got;

done_testing;
