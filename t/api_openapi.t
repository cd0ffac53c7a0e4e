# Copyright (C) the project authors
#
# app_openapi: the document is valid by somebody else's judgement, and says
# what the routes say.

use Test::App;

my $app = Test::App->new(
    http   => <<'EOT',
app_mysql main socket=/nowhere user=x database=y retry=100ms;
app_jwt tokens alg=HS256 key_file=%%DIR%%/key;
app_auth user { token bearer; jwt tokens; let role = "claims.role"; }
app_auth staff {
    token bearer;
    jwt   tokens;
    one   who "SELECT role FROM t WHERE id = :claims.sub" else=404 "Gone";
    check "who.role = 'STAFF'" else=403 "Staff only";
}
EOT
    files  => { key => 'k' x 32 . "\n" },
    server => <<'EOT',
location /         { app_api; }
location = /openapi.json {
    app_openapi "title=The \"shop\" it's" version=2.1 server=/v1
                description="What it does";
}

app_route GET /offers {
    summary   "Page of offers";
    operation listOffers;
    tag       offers;
    tag       public;
    query     page  int default=1 min=1 max=1000;
    query     price number min=0.5;
    query     type  enum(meal,bakery);
    query     q     string min=2 max=20 pattern=^[a-z]+$ required;
    query     re    string pattern=(?i)^x$;
    query     from  datetime;
    query     sure  bool default=false;
    header    X-Request-Id as rid uuid;
    header    Accept as acc string;
    many      offers "SELECT 1 AS n";
    respond   '{"data": $offers, "page": {"n": $page, "of": 3}, "q": "x$q"}';
}
app_route GET /offers/:id {
    path      id int else=404 "Invalid offer id";
    one       offer "SELECT 1 AS n" else=404 "Offer not found";
    check     "offer.n > 1" else=409 "Taken";
    respond   $offer;
    rescue { respond 299 "it's" type=text/plain; }
}
app_route PUT /offers/:offer {
    body      title string required max=50;
    body      address.city as city string required;
    body      address.geo.lat as lat number;
    body      email as mail email;
    body      tags string[] max_items=5;
    respond   201 '{"id": $offer}';
}
app_route DELETE /offers/:offer { respond 204; }
app_route GET /files/*path { respond '{}'; }
app_route POST /mine  { auth user; respond '{}'; }
app_route PUT  /mine  {
    idempotent ttl=1h required;
    begin;
    exec      "UPDATE t SET n = 1";
    commit;
    respond   204;
}
app_route PATCH /mine {
    header    Idempotency-Key as key string max=36;
    idempotent ttl=1h;
    begin;
    commit;
    respond   204;
}
app_route GET  /mine  { auth user optional; respond '{}'; }
app_route GET  /admin { auth user role=ADMIN; respond '{}'; }
app_route GET  /staff { auth staff; respond '{}'; }
app_route POST /staff { auth staff optional=any; respond '{}'; }
app_route GET /a-b { respond '[1]'; }
app_route GET /a/b { respond '"x"'; }
EOT
);

my $res = $app->get('/openapi.json');
is($res->status, 200, 'the document');
is($res->header('Content-Type'), 'application/json', 'its type');
my $doc = $res->json;

is($doc->{openapi}, '3.1.0', 'its version');
is_deeply($doc->{info}, { title => "The \"shop\" it's", version => '2.1',
                          description => 'What it does' }, 'what it is of');
is_deeply($doc->{servers}, [ { url => '/v1' } ], 'where');
is_deeply([ sort keys %{ $doc->{paths} } ],
          [ sort qw(/offers /offers/{id} /files/{path} /mine /admin /staff /a-b
                   /a/b) ], 'paths');

my $list = $doc->{paths}{'/offers'}{get};
is($list->{operationId}, 'listOffers', 'an operation');
is($list->{summary}, 'Page of offers', 'its summary');
is_deeply($list->{tags}, [ qw(offers public) ], 'its tags');

my %p = map { $_->{name} => $_ } @{ $list->{parameters} };
is_deeply([ sort keys %p ],
          [ sort qw(page price type q re from sure x-request-id) ],
          'its parameters');
is_deeply($p{page}{schema}, { type => 'integer', format => 'int64',
    minimum => 1, maximum => 1000, default => 1 }, 'bounds and a default');
cmp_ok($p{price}{schema}{minimum}, '==', 0.5, 'a fraction');
is_deeply($p{type}{schema}, { type => 'string', enum => [qw(meal bakery)] },
          'an enum');
is_deeply($p{q}{schema}, { type => 'string', minLength => 2, maxLength => 20,
                           pattern => '^[a-z]+$' }, 'a text');
ok($p{q}{required} && !$p{page}{required}, 'what is required');
is_deeply($p{re}{schema}, { type => 'string' },
          'a pattern that JavaScript has not is left out');
is($p{from}{schema}{format}, 'date-time', 'a time');
is_deeply($p{'x-request-id'}, { name => 'x-request-id', in => 'header',
    schema => { type => 'string', format => 'uuid' } }, 'a header');
is(join(' ', sort keys %{ $list->{responses} }), '200 400 503', 'its answers');
is_deeply($list->{responses}{200}{content}{'application/json'}{schema}, {
    type => 'object', properties => {
        data => {}, q => { type => 'string' },
        page => { type => 'object', properties => {
            n => {}, of => { type => 'number' } } } } },
    'the shape of one');

my $item = $doc->{paths}{'/offers/{id}'};
is_deeply([ sort keys %$item ], [ qw(delete get put) ], 'methods of a path');
is($item->{put}{parameters}[0]{name}, 'id', 'one name for its parameter');
ok($item->{put}{parameters}[0]{required}, '  which is required');
is(join(' ', sort keys %{ $item->{get}{responses} }), '200 299 404 409 503',
   'answers of else= and rescue');
is($item->{get}{responses}{409}{description}, 'Taken', 'and what they say');
is_deeply($item->{put}{requestBody}, {
    required => JSON::PP::true, content => { 'application/json' => { schema => {
        type => 'object', required => [ qw(title address) ], properties => {
            title => { type => 'string', maxLength => 50 },
            email => { type => 'string', format => 'email' },
            tags => { type => 'array', maxItems => 5,
                      items => { type => 'string' } },
            address => { type => 'object', required => [ 'city' ],
                properties => {
                    city => { type => 'string' },
                    geo => { type => 'object', properties => {
                        lat => { type => 'number' } } } } } } } } } },
    'a body with objects in it');
is($item->{delete}{responses}{204}{content}, undef, 'no body');
is($item->{get}{operationId}, 'getOffersId', 'a derived name');
is(join(' ', sort map { $doc->{paths}{$_}{get}{operationId} } '/a-b', '/a/b'),
   'getAB getAB_2', 'names differ');

my $mine = $doc->{paths}{'/mine'};
is_deeply($mine->{post}{security}, [ { user => [] } ], 'who may come in');
is_deeply($mine->{get}{security}, [ { user => [] }, {} ], 'everybody may');
is($list->{security}, undef, 'nobody is asked');
my $staff = $doc->{paths}{'/staff'};
is(join(' ', sort keys %{ $staff->{get}{responses} }), '200 401 403 404 503',
   'the answers of app_auth');
is($staff->{get}{responses}{403}{description}, 'Staff only', '  in its words');
is(join(' ', sort keys %{ $staff->{post}{responses} }), '200 503',
   '  but not where whoever they are for is nobody');
is(join(' ', sort keys %{ $mine->{post}{responses} }), '200 401 503',
   'answers to who may not');
ok($doc->{paths}{'/admin'}{get}{responses}{403}, 'nor without the role');

my ($key) = grep { $_->{name} eq 'Idempotency-Key' }
            @{ $mine->{put}{parameters} };
ok($key->{required}, 'a key that is required');
is_deeply($key->{schema}, { type => 'string', minLength => 1,
                            maxLength => 255 }, '  and its length');
is(join(' ', sort keys %{ $mine->{put}{responses} }), '204 400 409 422 503',
   '  and the answers to it');
is_deeply([ map { $_->{name} } @{ $mine->{patch}{parameters} } ],
          [ 'idempotency-key' ], 'a key that is an input is there once');

is_deeply($doc->{components}{securitySchemes}, { user => {
    type => 'http', scheme => 'bearer', bearerFormat => 'JWT' }, staff => {
    type => 'http', scheme => 'bearer', bearerFormat => 'JWT' } }, 'how');

# as a resource

my $etag = $res->header('ETag');
is($app->get('/openapi.json', headers => { 'If-None-Match' => $etag })->status,
   304, 'not modified');
is($app->http('HEAD', '/openapi.json')->header('Content-Length'),
   length $res->body, 'HEAD');
is($app->http('POST', '/openapi.json')->status, 405, 'nothing to write');

# somebody else's judgement

SKIP: {
    my $dir = ($ENV{BUILD} || "$Test::App::top/build") . '/npm-openapi';
    my $package = '@seriousme/openapi-schema-validator';

    skip('npm is not there', 2) if system('npm --version > /dev/null 2>&1');

    if (!-d "$dir/node_modules/$package") {
        system("mkdir -p '$dir' && npm install --prefix '$dir' --silent"
               . " --no-audit --no-fund --ignore-scripts $package\@2 >&2");
    }
    skip('the validator cannot be installed', 2)
        if !-d "$dir/node_modules/$package";

    my $judge = spew("$dir/judge.mjs", <<'EOT');
import { Validator } from '@seriousme/openapi-schema-validator';
import { readFileSync } from 'node:fs';
const v = new Validator();
const r = await v.validate(JSON.parse(readFileSync(process.argv[2], 'utf8')));
console.log(r.valid ? 'valid ' + v.version : JSON.stringify(r.errors));
EOT
    my $file = spew($app->dir . '/doc.json', $res->body);
    is(`cd '$dir' && node judge.mjs '$file'`, "valid 3.1\n", 'it is valid');

    delete $doc->{paths}{'/offers'}{get}{responses};
    $doc->{paths}{'/offers'}{get}{parameters}[0]{in} = 'nowhere';
    spew($file, JSON::PP->new->utf8->allow_bignum->encode($doc));
    unlike(`cd '$dir' && node judge.mjs '$file'`, qr/^valid/,
           'and another one would not be');
}

# mistakes

for my $case (
    [ 'operation a-b;', '"operation" directive takes a name' ],
    [ 'operation a; operation b;', 'is duplicate' ],
) {
    my $t = nginx_t(server => "app_route GET /t { $case->[0] respond '{}'; }");
    like($t->{error} || 'none', qr/$case->[1]/, $case->[0]);
}

my $two = 'app_route GET /%s { operation a; respond \'{}\'; }';
like(nginx_t(server => sprintf("$two $two", 'x', 'y')
             . ' location / { app_openapi; }')->{output},
     qr/duplicate "operation a"/, 'a name twice');
like(nginx_t(server => 'location / { app_openapi tittle=x; }')->{error},
     qr/invalid "tittle=x"/, 'an unknown option');

done_testing;
