# Copyright (C) the project authors
#
# Inputs: what is read from path, query string and headers, and how what is
# wrong is told.

use Test::App;

my $app = Test::App->new(server => <<'EOT');
    app_route GET /int {
        query v int min=-5 max=10;
        respond '{"v": $v}';
    }
    app_route GET /big { query v int; respond '{"v": $v}'; }
    app_route GET /number { query v number; respond '{"v": $v}'; }
    app_route GET /bounded {
        query v number min=0.5 max=99999999999999999999.25;
        respond '{"v": $v}';
    }
    app_route GET /string {
        query v string min=2 max=4;
        respond '{"v": $v}';
    }
    app_route GET /pattern {
        query v string pattern="^[a-z]+$";
        respond '{"v": $v}';
    }
    app_route GET /bool { query v bool; respond '{"v": $v}'; }
    app_route GET /datetime {
        query v datetime min=2020-01-01 max=2030-12-31T23:59:59Z;
        respond '{"v": $v}';
    }
    app_route GET /email { query v email; respond '{"v": $v}'; }
    app_route GET /uuid { query v uuid; respond '{"v": $v}'; }
    app_route GET /enum { query v enum(red,green); respond '{"v": $v}'; }
    app_route GET /json { query v json; respond '{"v": $v}'; }
    app_route GET /clamp {
        query page  int    default=1  min=1 max=9 clamp;
        query ratio number default=0.5 min=0 max=1 clamp;
        respond '[$page, $ratio]';
    }
    app_route GET /trim {
        query v string trim empty=absent default=none;
        respond '{"v": $v}';
    }
    app_route GET /required {
        query v string required;
        query n int required message="n, please";
        respond '{"v": $v, "n": $n}';
    }
    app_route GET /many/:id {
        query  limit int max=100;
        path   id    int min=1;
        header X-Size as size int required;
        query  type  enum(meal,bakery);
        query  at    datetime message="at is no date";
        respond '[$id, $limit, $size, $type, $at]';
    }
    app_route GET /else/:id {
        path  id    int      else=404 "No such \"thing\" $id";
        query limit int      max=5;
        query key   string   required else=401 "Key is missing";
        query type  enum(a,b) else=422 "Bad type";
        respond '[$id, $limit]';
    }
    app_route GET /renamed {
        query  page-size as size int;
        header User-Agent as agent string;
        header ETag string;
        respond '[$size, $agent, $ETag]';
    }
    app_route GET /undeclared/:a/:b { respond '[$a, $b]'; }
    app_route GET /absent {
        query a int;
        query b int default=0;
        let isAbsent = "a is absent";
        let isNull   = "a is null";
        respond '[$a, $b, $isAbsent, $isNull, "$a"]';
    }
    location / { app_api; }
EOT

# reads_as(ROUTE, VALUE => JSON text …)
sub reads_as {
    my ($route, @pairs) = @_;

    while (my ($value, $json) = splice @pairs, 0, 2) {
        my $res = $app->get("/$route?v=$value");
        is($res->body, "{\"v\":$json}", "$route: $value");
    }
}

sub is_refused {
    my ($path, $message, $name, %o) = @_;

    my $res = $app->get($path, %o);
    is($res->status, 400, ($name || $path) . ': 400');
    is_deeply($res->json, { statusCode => 400, message => $message },
              '  ' . (ref $message ? "@$message" : $message));
}

sub are_refused {
    my ($route, $message, @values) = @_;

    is_refused("/$route?v=$_", $message) for @values;
}

reads_as(int => 0 => 0, -5 => -5, 10 => 10, '007' => 7, '-0' => 0);
are_refused(int => 'v must be an integer number', '', 'a', '1.0', '1e0',
            '%201', '1%20', '0x1', '+1', '%2B1', '-', '1-', '%D9%A1');
are_refused(int => 'v must not be greater than 10', '11', '99');
are_refused(int => 'v must not be less than -5', '-6');
reads_as(big => '9223372036854775807' => '9223372036854775807',
         '-9223372036854775808' => '-9223372036854775808');
are_refused(big => 'v must be an integer number', '9223372036854775808',
            '-9223372036854775809');

reads_as(number => '1.50' => '1.5', 0.1 => '0.1', '-2' => '-2',
         '1e3' => 1000, '1E-2' => '0.01', '12345678901234567890.5' =>
         '12345678901234567890.5', '9' x 65 => '9' x 65, '0.0' => '0',
         '0.' . '1' x 30 => '0.' . '1' x 30);
are_refused(number => 'v must be a number conforming to the specified '
            . 'constraints', '', 'x', '.5', '1.', '1e', '1e999', 'NaN',
            'Infinity', '9' x 68, '1,5');
reads_as(bounded => '0.5' => '0.5', '99999999999999999999.25' =>
         '99999999999999999999.25');
are_refused(bounded => 'v must not be less than 0.5', '0.49999', '-1');
are_refused(bounded => 'v must not be greater than 99999999999999999999.25',
            '99999999999999999999.26', '1e30');

reads_as(string => 'ab' => '"ab"', 'a+b' => '"a b"', 'a%2Bb' => '"a+b"',
         '%C3%A9%E2%82%AC%F0%9F%8D%95' => "\"\xc3\xa9\xe2\x82\xac"
         . "\xf0\x9f\x8d\x95\"", '%22%5C' => '"\"\\\\"',
         '%01%0A' => '"\u0001\n"', '%7F%09' => "\"\x7f\\t\"",
         '%41%zz' => '"A%zz"' );
are_refused(string => 'v must be longer than or equal to 2 characters',
            '', 'a', '%C3%A9');
are_refused(string => 'v must be shorter than or equal to 4 characters',
            'abcde', '%D8%B9' x 5);
reads_as(pattern => 'abc' => '"abc"');
are_refused(pattern => 'v must match ^[a-z]+$ regular expression', '', 'A',
            'a1', '%0A');

reads_as(bool => 'true' => 'true', 1 => 'true', 'false' => 'false',
         0 => 'false');
are_refused(bool => 'v must be a boolean value', '', 'TRUE', 'yes', '2');

reads_as(datetime => '2024-02-29' => '"2024-02-29T00:00:00.000Z"',
         '2024-02-29T12:30:15Z' => '"2024-02-29T12:30:15.000Z"',
         '2024-02-29T12:30:15.123456Z' => '"2024-02-29T12:30:15.123456Z"',
         '2024-02-29T01:00:00%2B02:00' => '"2024-02-28T23:00:00.000Z"',
         '2024-02-29T12:30:15' => '"2024-02-29T12:30:15.000Z"',
         '2020-01-01' => '"2020-01-01T00:00:00.000Z"');
are_refused(datetime => 'v must be a valid ISO 8601 date string', '',
            '2023-02-29', '2024-13-01', '2024-02-29T25:00:00Z', 'tomorrow',
            '1700000000', '0000-00-00', '2024-2-9');
are_refused(datetime => 'v must not be less than 2020-01-01',
            '2019-12-31T23:59:59Z');
are_refused(datetime => 'v must not be greater than 2030-12-31T23:59:59Z',
            '2031-01-01');

reads_as(email => 'a@b.cd' => '"a@b.cd"', 'A.b%2Bc@x-y.example' =>
         '"A.b+c@x-y.example"');
are_refused(email => 'v must be an email', '', 'a', 'a@b', '@b.cd', 'a@',
            'a@@b.cd', 'a%20b@c.de', 'a@b.cd%0A', 'a@-b.cd');
reads_as(uuid => '123e4567-e89b-12d3-a456-426614174000' =>
         '"123e4567-e89b-12d3-a456-426614174000"');
are_refused(uuid => 'v must be a UUID', '', '123e4567e89b12d3a456426614174000',
            '123e4567-e89b-12d3-a456-42661417400g');
reads_as(enum => 'red' => '"red"');
are_refused(enum => 'v must be one of the following values: red, green', '',
            'Red', 'blue', 'red,green');
reads_as(json => '%7B%22a%22:[1,null]%7D' => '{"a":[1,null]}', 1 => 1,
         'null' => 'null', '%22x%22' => '"x"');
are_refused(json => 'v must be a json string', '', '%7B', "'x'", '[1,]',
            '[' x 100, '[1]x');

# defaults, clamping, trimming

is($app->get('/clamp')->body, '[1,0.5]', 'defaults');
is($app->get('/clamp?page=0&ratio=-3')->body, '[1,0]', 'clamped upwards');
is($app->get('/clamp?page=10&ratio=1.1')->body, '[9,1]',
   'clamped downwards');
is($app->get('/clamp?page=5&ratio=0.25')->body, '[5,0.25]', 'not clamped');
is($app->get("/clamp?page=$_->[0]")->body, "[$_->[1],0.5]",
   "clamped past 64 bits: $_->[0]")
    for [ '9' x 20 => 9 ], [ '-' . '9' x 20 => 1 ], [ '9' x 400 => 9 ];
is_refused("/clamp?page=$_", 'page must be an integer number',
           "clamp takes no other type: $_") for '1.5', '99999999999999999999.5';
is($app->get("/trim?v=$_->[0]")->body, "{\"v\":\"$_->[1]\"}", "trim: $_->[0]")
    for [ '+a+b%09' => 'a b' ], [ '%0Ax%0D' => 'x' ], [ '' => 'none' ],
        [ '++' => 'none' ];
is($app->get('/trim')->body, '{"v":"none"}', 'trim: not given');

# what is missing, what is wrong at once

is_refused('/required', [ 'v must be a string, v should not be empty',
                          'n, please' ]);
is_refused('/required?v=&n=1', 'v should not be empty');
is_refused('/required?v=x&n=x', 'n, please');
is($app->get('/required?v=x&n=1')->body, '{"v":"x","n":1}', 'required');

is_refused('/many/0?limit=101&type=soup&at=now', [
    'limit must not be greater than 100', 'id must not be less than 1',
    'size must be an integer number, size should not be empty',
    'type must be one of the following values: meal, bakery',
    'at is no date' ], 'all faults in the order of the declarations');
is_refused('/many/1?type=soup&limit=x', [
    'limit must be an integer number',
    'type must be one of the following values: meal, bakery' ],
    'two faults', headers => { 'x-size' => 3 });
is_refused('/many/1?limit=x', 'limit must be an integer number',
           'a single fault is a text', headers => { 'X-SIZE' => 3 });
is($app->get('/many/1', headers => { 'x-sIzE' => ' 3 ' })->body,
   '[1,null,3,null,null]', 'no fault');

# answers of an input's own

for my $case ([ '/else/x?limit=9', 404, 'No such "thing" $id' ],
              [ '/else/1?limit=9', 401, 'Key is missing' ],
              [ '/else/1?limit=9&key=a&type=c', 422, 'Bad type' ],
              [ '/else/1?limit=9&key=a', 400,
                'limit must not be greater than 5' ])
{
    my ($path, $status, $message) = @$case;
    my $res = $app->get($path);
    is($res->status, $status, "$path: $status");
    is_deeply($res->json, { statusCode => $status, message => $message },
              "  $message");
}

# names

is($app->get('/renamed?page-size=5&size=6', headers => {
       'User-Agent' => 'me', etag => "caf\xc3\xa9" })->body,
   "[5,\"me\",\"caf\xc3\xa9\"]", 'names of its own, UTF-8 in a header');
is($app->get('/undeclared/1/%7B')->body, '["1","{"]',
   'undeclared parameters of the path are texts');
is($app->get('/absent')->body, '[null,0,true,true,""]', 'absent');
is($app->get('/absent?a=1')->body, '[1,0,false,false,"1"]', 'set');
is($app->get('/absent?A=1')->body, '[null,0,true,true,""]',
   'the case of a name matters');
is($app->get('/absent?%61=1')->body, '[1,0,false,false,"1"]',
   'a name may be escaped');
is_refused('/absent?a=1&%61=2', 'a must be given once');

done_testing;
