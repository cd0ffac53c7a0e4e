# Copyright (C) the project authors
#
# The steps of a route and their order: let, check, when=, else=, several
# answers, rescue; optional parts of statements.

use Test::App;

my $app = Test::App->new(
    mysql => 1,
    sql   => <<'EOT',
CREATE TABLE t (id INT PRIMARY KEY, kind VARCHAR(9), price INT, note TEXT);
INSERT INTO t VALUES (1, 'a', 5, NULL), (2, 'b', 10, 'x'), (3, 'a', 20, 'y'),
                     (4, NULL, NULL, '');
EOT
    http  => 'app_mysql main %%MYSQL%%;',
    server => <<'EOT');
    app_route GET /filter {
        query kind string;
        query min  int;
        query max  int;
        query ids  json;
        many rows "SELECT id FROM t WHERE 1 = 1 [[ AND kind = :kind ]]
                      [[ AND price >= :min ]] [[ AND price <= :max ]]
                      [[ AND price BETWEEN :min AND :max ]]
                      [[ AND JSON_CONTAINS(:ids, CAST(id AS CHAR)) ]]
                    ORDER BY id";
        respond $rows;
    }
    app_route GET /outside {
        query kind string;
        many rows "SELECT id FROM t WHERE kind <=> :kind ORDER BY id";
        respond $rows;
    }
    app_route GET /passed {
        query kind  string;
        query isNil bool;
        let   a = "kind";
        let   a = "null" when="isNil";
        let   b = "if(isNil, absent, kind)";
        many  rows "SELECT id FROM t WHERE 1 = 1 [[ AND kind <=> :a ]]
                     ORDER BY id";
        many  more "SELECT id FROM t WHERE 1 = 1 [[ AND kind <=> :b ]]
                     ORDER BY id";
        respond '[$rows, $more]';
    }
    app_route GET /let {
        query n int default=3;
        let double = "n * 2";
        let text   = "concat('n is ', n)" when="n > 2";
        let double = "double + 1" when="n = 5";
        let list   = "n in (1, 2, 3)";
        let uri    = "$uri";
        respond '{"double": $double, "text": $text, "list": $list,
                  "uri": $uri, "host": "$host", "nil": "$arg_none",
                  "dollar": "$$"}';
    }
    app_route GET /check/:id {
        path  id int;
        query by string;
        one   row "SELECT id, kind, price FROM t WHERE id = :id"
              else=404 "No $id, $by";
        check "row.price" else=409 "No price of ${row.id}";
        check "row.price < 20" else=422 "$by: ${row.price} is too much";
        check "row.kind = 'a'" else=403 "Only a" "when=by = 'b'";
        respond '{"row": $row}';
    }
    app_route GET /respond/:n {
        path n int;
        respond 201 '{"n": 1}' when="n = 1";
        respond 202 when="n = 2";
        respond 302 location="/respond/${n}?a=$arg_a" when="n = 3";
        respond 418 "n is $n" type=text/plain when="n = 4";
        respond 200 "<b>$n</b>" "type=text/html; charset=utf-8" when="n = 5";
        respond 204 when="n = 6";
        respond 503 '{"n": $n}' when="n = 7";
        respond 200 '{"n": $n}' type=application/json when="n = 8";
        respond 301 '{"to": "there"}' location=/there when="n = 9";
        respond $n;
    }
    app_route GET /header {
        query to string;
        respond 302 location="/x?to=$to";
    }
    app_route GET /rescue/:n {
        path  n int else=404 "No number";
        one   row "SELECT id FROM t WHERE id = :n" else=404 "No row $n";
        check "n != 2" else=403 "Not two";
        one   bad "SELECT no_such_column FROM t" when="n = 3";
        respond '{"n": $n}';
        rescue {
            one   other "SELECT MAX(id) AS id FROM t" when="n = 99";
            check "n != 98" else=410 "Gone";
            respond 200 '{"status": ${error.status},
                          "message": ${error.message}, "n": $n,
                          "other": $other}' when="n != 97";
        }
    }
    app_route GET /rescue-text/:n {
        path n int;
        check "n = 1" else=400 "n is \"$n\"";
        respond 200;
        rescue {
            respond 302 location="/failed?message=${error.message}"
                    when="accepts('text/html')";
            respond 400 "${error.status}: ${error.message}" type=text/plain;
        }
    }
    app_route GET /statement {
        one "SET @x = 1";
        many "SELECT 1";
        respond 200;
    }
    absolute_redirect off;
    location / { app_api; }
EOT

sub ids { join ',', map { $_->{id} } @{ $_[0] } }

# all combinations of filters, against the same made here

my @rows = ([ 1, 'a', 5 ], [ 2, 'b', 10 ], [ 3, 'a', 20 ], [ 4 ]);

for my $bits (0 .. 15) {
    my %q = ($bits & 1 ? (kind => 'a') : (), $bits & 2 ? (min => 6) : (),
             $bits & 4 ? (max => 20) : (), $bits & 8 ? (ids => '[1,3]') : ());
    my @want = grep {
        my ($id, $kind, $price) = @$_;
        (!$q{kind} || ($kind // '') eq $q{kind})
            && (!$q{min} || ($price // -1) >= $q{min})
            && (!$q{max} || ($price // 99) <= $q{max})
            && (!$q{ids} || $q{ids} =~ /\b$id\b/)
    } @rows;
    my $query = join '&', map { "$_=$q{$_}" } sort keys %q;
    is(ids($app->get("/filter?$query")->json), join(',', map { $_->[0] } @want),
       "filter: $query");
}

is(ids($app->get('/filter?kind=')->json), '', 'an empty text is no absence');
is(ids($app->get('/outside')->json), '4', 'absent is bound as NULL');
is(ids($app->get('/outside?kind=b')->json), '2');

# absence goes through let, null counts as given

is(join(' ', map { ids($_) } @{ $app->get("/passed?$_->[0]")->json }),
   $_->[1], "passed: $_->[0]")
    for [ '' => '1,2,3,4 1,2,3,4' ], [ 'kind=a' => '1,3 1,3' ],
        [ 'isNil=true' => '4 1,2,3,4' ], [ 'isNil=1&kind=a' => '4 1,2,3,4' ],
        [ 'isNil=0&kind=a' => '1,3 1,3' ];

# let

sub gives {
    my ($path, $status, $body, %o) = @_;

    my $res = $app->get($path, %o);
    is($res->status, $status, "$path: $status");
    is($res->body, $body, '  its body') if defined $body;
    return $res;
}

my $rest = '"uri":"/let","host":"localhost","nil":"","dollar":"$"}';

gives('/let', 200, '{"double":6,"text":"n is 3","list":true,' . $rest);
gives('/let?n=5', 200, '{"double":11,"text":"n is 5","list":false,' . $rest);
gives('/let?n=1', 200, '{"double":2,"text":null,"list":true,' . $rest);

# check and else

sub fails {
    my ($path, $status, $message) = @_;

    my $res = $app->get($path);
    is($res->status, $status, substr($path, 0, 60) . ": $status");
    is_deeply($res->json, { statusCode => $status, message => $message },
              '  its message');
}

gives('/check/1', 200, '{"row":{"id":1,"kind":"a","price":5}}');
fails('/check/9?by=%22me%22%0A', 404, qq(No 9, "me"\n));
fails('/check/9', 404, 'No 9, ');
fails('/check/4', 409, 'No price of 4');
fails('/check/3?by=me', 422, 'me: 20 is too much');
fails('/check/2?by=b', 403, 'Only a');
gives('/check/2?by=c', 200);
fails('/check/9?by=' . 'x' x 3000, 404, 'No 9, ' . 'x' x 1018);
fails('/check/9?by=' . '%D8%B9' x 1000, 404, 'No 9, ' . "\x{639}" x 509);
fails('/check/3?by=' . 'x' x 3000, 422, 'x' x 1024);

# respond

my $json = 'application/json; charset=utf-8';

for my $case ([ 1, 201, '{"n":1}', $json ], [ 2, 202, '' ],
              [ 3, 302, '', undef, '/respond/3?a=b' ],
              [ 4, 418, 'n is 4', 'text/plain' ],
              [ 5, 200, '<b>5</b>', 'text/html; charset=utf-8' ],
              [ 6, 204, '' ], [ 7, 503, '{"n":7}', $json ],
              [ 8, 200, '{"n":8}', 'application/json' ],
              [ 9, 301, '{"to":"there"}', $json, '/there' ],
              [ 10, 200, '10', $json ])
{
    my ($n, $status, $body, $type, $location) = @$case;
    my $res = gives("/respond/$n?a=b", $status, $body);
    is($res->header('Content-Type'), $type, '  its type') if $type;
    is($res->header('Location'), $location, '  its location') if $location;
    is($res->header('Content-Length'), length $body, '  its length')
        if $status != 204;
}

my $res = $app->get('/header?to=a%0D%0ASet-Cookie:x=y%0D%0A%0D%0Ab');
is($res->header('Set-Cookie'), undef, 'no value adds a header');
is($res->header('Location'), '/x?to=a  Set-Cookie:x=y    b',
   '  line ends are blanks');

fails('/header?to=' . 'x' x 5000, 400, 'The location is too long');

# rescue

gives('/rescue/1', 200, '{"n":1}');
gives('/rescue/2', 200, '{"status":403,"message":"Not two","n":2,'
      . '"other":null}');
gives('/rescue/9', 200, '{"status":404,"message":"No row 9","n":9,'
      . '"other":null}');
gives('/rescue/3', 200, '{"status":500,"message":"Internal server error",'
      . '"n":3,"other":null}');
gives('/rescue/99', 200, '{"status":404,"message":"No row 99","n":99,'
      . '"other":{"id":4}}');
fails('/rescue/97', 404, 'No row 97');
fails('/rescue/98', 404, 'No row 98');
fails('/rescue/x', 404, 'No number');
gives('/rescue-text/1', 200, '');
gives('/rescue-text/2', 400, '400: n is "2"');
is($app->get('/rescue-text/2', headers => { Accept => 'text/html' })
       ->header('Location'), '/failed?message=n is "2"', 'rescue for browsers');
gives('/statement', 200, '');

like($app->log, qr/\[error\] .*refused "one" in \S+server\.conf:\d+: \(1054, /,
     'the log tells of the refused statement');
unlike($app->get('/rescue/3')->body, qr/no_such/, 'the answer does not');

done_testing;
