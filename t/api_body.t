# Copyright (C) the project authors
#
# Bodies of requests: JSON and forms, what is refused and in which words, the
# order of checks, and digits that a number keeps on its way to a column.

use Test::App;

my $routes = <<'END';
app_route POST /echo {
    body a json; body b as bee string max=5; body address.city as city string;
    body tags string[] max_items=2;
    respond 201 '{"a": $a, "b": $bee, "city": $city, "tags": $tags}';
}
app_route POST /need {
    coerce;
    body email email required rules=text,type
         text_message="email must be a string"
         type_message="Please provide a valid email address";
    body username string required required_message="Username is required";
    body password string required min=8 max=191 rules=min,type,required
         min_message="Password must be at least 8 characters long"
         required_message="Password is required";
    respond 201 '{"email": $email, "username": $username,
                  "password": $password}';
}
app_route POST /strict {
    body n int; body s string;
    respond '{"n": $n, "s": $s}';
}
app_route POST /clamp {
    body n int min=1 max=9 clamp;
    respond '{"n": $n}';
}
app_route PUT /late/:id {
    path id int else=404 "Invalid id";
    body n int required; body m int required;
    check "id != 2" else=403 "not yours";
    validate;
    respond '{"n": $n, "m": $m}';
}
app_route POST /both/:id {
    path id int else=404 "Invalid id";
    body n int required;
    respond '{"n": $n}';
}
app_route POST /own {
    body n int else=422 "n it must be"; body m int;
    respond '{}';
}
app_route POST /save {
    body i int required; body d number required; body s string;
    exec saved "INSERT INTO body_t (i, d, s) VALUES (:i, :d, :s)";
    one row "SELECT i, CAST(d AS CHAR) d, s FROM body_t WHERE id = :saved.id";
    respond 201 '{"i": ${row.i}, "d": ${row.d}, "s": ${row.s}}';
}
app_route DELETE /none { respond '{"done": true}'; }
END

my $locations = <<'END';
location / { app_api; }
location = /strict { app_body_unknown reject; app_body_max_depth 3;
    app_body_max_keys 4; app_body_max_items 2; app_api; }
END

my $app = Test::App->new(
    mysql  => 1,
    sql    => 'CREATE TABLE body_t (id INT AUTO_INCREMENT PRIMARY KEY,'
              . ' i BIGINT, d DECIMAL(65,30), s TEXT)',
    http   => 'app_mysql main %%MYSQL%% pool=2;',
    server => $routes . $locations,
);


# post(PATH, BODY, OPTIONS): status and decoded body in a list
sub post {
    my ($path, $body, %o) = @_;

    my $type = exists $o{type} ? delete $o{type} : 'application/json';
    my $res = $app->http($o{method} || 'POST', $path, body => $body, %o,
                         headers => [ $type ? ('Content-Type' => $type) : (),
                                      @{ $o{headers} || [] } ]);

    return [ $res->status, $res->json ];
}

sub fault { return [ $_[0], { statusCode => $_[0], message => $_[1] } ] }

my $none = { a => undef, b => undef, city => undef, tags => undef };
my $form = 'application/x-www-form-urlencoded';


# what a body is

is_deeply(post('/echo', '{"a":{"x":[1]},"b":"\u00e9","address":{"city":"X"},'
                        . '"tags":["a","b"],"z":1}'),
          [ 201, { a => { x => [1] }, b => "\x{e9}", city => 'X',
                   tags => [ 'a', 'b' ] } ], 'JSON, with an unknown member');
is_deeply(post('/echo', 'a=1&b=x+y&address.city=%C3%A9&tags=p&tags=q',
               type => "$form; charset=utf-8"),
          [ 201, { a => 1, b => 'x y', city => "\x{e9}",
                   tags => [ 'p', 'q' ] } ], 'a form');
is_deeply(post('/echo', '{"b":"x"}', type => 'Application/Vnd.x+JSON;a=b'),
          [ 201, { %$none, b => 'x' } ], 'a type that is JSON as well');
is_deeply(post('/echo', '{"b":"x"}', type => $_), [ 201, $none ],
          'no members in the type ' . ($_ || 'none'))
    for 'text/plain', 'application/jsonx', '';
is_deeply(post('/echo', $_), [ 201, $none ], "no members in '$_'")
    for '', '{}', '[1,{"b":"x"}]';
is_deeply([ map { $_->status, $_->json } $app->http(POST => '/echo') ],
          [ 201, $none ], 'no body at all');
is($app->http(DELETE => '/none', body => 'x' x 500)->status, 200,
   'a body that no route asks for is passed over');


# what is refused

for ([ '{"a":1,}', qr/^the body is not valid JSON: .* at byte \d+$/ ],
     [ '5', qr/^the body must be a JSON object$/ ],
     [ '{"b":"x","b":"y"}', qr/^b must be given once$/ ],
     [ '{"address":{"zip":1,"zip":1}}', qr/^address\.zip must be given once/ ],
     [ '[' x 40 . ']' x 40, qr/app_body_max_depth \(32\)/ ],
     [ '{' . join(',', map { "\"k$_\":0" } 0 .. 1000) . '}',
       qr/app_body_max_keys \(1000\)/ ],
     [ '{"tags":[' . join(',', (1) x 1001) . ']}',
       qr/^tags has more items than app_body_max_items \(1000\)$/ ])
{
    my ($status, $json) = @{ post('/echo', $_->[0]) };
    is($status, 400, 'refused: ' . substr $_->[0], 0, 30);
    like($json->{message}, $_->[1], 'with the rule');
}

is_deeply(post('/strict', '{"x":1}'),
          fault(400, 'property x should not exist'), 'unknown is rejected');
is_deeply(post('/strict', '{"n":"1","s":2,"x":1}'),
          fault(400, [ 'n must be an integer number', 's must be a string',
                       'property x should not exist' ]),
          'with all other faults, and nothing is coerced');
is_deeply(post('/strict', 'n=1&s=2', type => $form),
          [ 200, { n => 1, s => '2' } ], 'a form is all text');
is_deeply(post('/strict', "n=$_&s=x", type => $form),
          fault(400, 'n must be an integer number'), "not '$_'") for '1x';

is_deeply(post('/clamp', "{\"n\":$_->[0]}"), [ 200, { n => $_->[1] } ],
          "clamped: $_->[0]")
    for [ 10, 9 ], [ '9' x 20, 9 ], [ '-' . '9' x 20, 1 ], [ '1e30', 9 ];
is_deeply(post('/clamp', "{\"n\":$_}"),
          fault(400, 'n must be an integer number'), "not clamped: $_")
    for '9.5', '99999999999999999999.5';


# messages

is_deeply(post('/need', '{"email":null,"password":"short","username":""}'),
          fault(400, [ 'email must be a string, Please provide a valid email'
                       . ' address', 'Username is required',
                       'Password must be at least 8 characters long' ]),
          'several fields are an array');
is_deeply(post('/need', '{"email":"a@b.co","username":"u"}'),
          fault(400, 'Password must be at least 8 characters long, password '
                     . 'must be a string, Password is required'),
          'one field is a text');
is_deeply(post('/need', '{"email":"a@b.co","username":7,"password":12345678}'),
          [ 201, { email => 'a@b.co', username => '7',
                   password => '12345678' } ], 'numbers are texts');
is_deeply(post('/own', '{"n":"x","m":"y"}'), fault(422, 'n it must be'),
          'an else= of a body comes first');


# the order of checks

is_deeply(post('/both/x', '{'), [ 400, post('/both/1', '{')->[1] ],
          'malformed comes before all');
is_deeply(post('/both/x', '{}'),
          fault(400, 'n must be an integer number, n should not be empty'),
          'then the body');
is_deeply(post('/both/x', '{"n":1}'), fault(404, 'Invalid id'),
          'then the path');
is_deeply(post('/late/2', '{"n":"x"}', method => 'PUT'),
          fault(403, 'not yours'), 'validate: the steps above come first');
is(scalar @{ post('/late/1', '{"n":"x"}', method => 'PUT')->[1]{message} }, 2,
   'then all faults of the body');
is_deeply(post('/late/1', '{"n":1,"m":2}', method => 'PUT'),
          [ 200, { n => 1, m => 2 } ], 'or its values');


# digits, and text that is not SQL

my $res = $app->http(POST => '/save', body => '{"i":9007199254740993,'
                  . '"d":12345678901234567890123456789.012345678901234567,'
                  . '"s":"\'); DROP TABLE body_t; -- "}',
                  headers => { 'Content-Type' => 'application/json' });
like($res->body, qr/"i": ?9007199254740993\b/, 'a BIGINT has its digits');
like($res->body, qr/"12345678901234567890123456789\.0123456789012345670+"/,
     'and a DECIMAL');
is($res->json->{s}, "'); DROP TABLE body_t; -- ", 'text is data');
is_deeply([ map { $_->[0], $_->[1]{d} + 0 }
            post('/save', '{"i":-1e3,"d":1.25e-2}') ], [ 201, 0.0125 ],
          'exponents too');

done_testing;
