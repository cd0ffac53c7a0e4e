# Copyright (C) the project authors
#
# The marketplace's public reads, as its clients see them.

use Test::App;
use Test::App::Market;
use Test::App::Schema;

my $top = "$Test::App::top/examples/marketplace";
my $images = images_conf();

my $app = Test::App->new(
    mysql => 1,
    start => 0,
    http  => <<EOT,
types { image/x-icon ico; application/javascript js; text/plain txt; }
app_mysql main %%MYSQL%%;
app_mysql health %%MYSQL%% pool=1 wait=1s connect_timeout=1s query_timeout=1s;
app_mysql nowhere socket=%%DIR%%/nothing user=u pool=1 wait=1s;
app_api_check on;
app_jwt access alg=HS256 key_file=%%DIR%%/jwt.key;
app_secret code file=%%DIR%%/jwt.key;
$images
include $top/http.conf;

server {
    listen 127.0.0.1:%%PORT1%%;
    location = /health { app_api; }
    include %%DIR%%/away.conf;
}
EOT
    server => "set \$store_dir %%DIR%%/store;\ninclude $top/server.conf;",
);

my ($dir, $mysql) = ($app->dir, $app->mysql);

spew("$dir/jwt.key", 'k' x 32, 0600);
symlink $_, "$dir/" . (split m{/})[-1]
    for "$top/routes", "$top/steps",
        grep { !m{/(?:http|server)\.conf} } glob "$top/*.conf";
mkdir "$dir/store";
spew("$dir/away.conf", slurp("$top/routes/health.conf")
                       =~ s/db=health/db=nowhere/r);

$ENV{SAMPLE_NOW} = time;
is(system("$top/sql/load", $mysql->{socket}, 'root', $mysql->{database},
          0.01), 0, 'sample data');

$app->start;

# fits(PATH, SCHEMA): the decoded answer, checked
sub fits {
    my ($path, $schema, %o) = @_;

    my $res = $app->get($path, %o);
    is($res->status, 200, "GET $path: 200");
    is($res->header('Content-Type'), 'application/json; charset=utf-8',
       '  JSON');
    is($res->header('X-Content-Type-Options'), 'nosniff', '  nosniff');

    my $json = JSON::PP->new->utf8->decode($res->body);
    my @faults = ref $schema ? map({ Test::App::Schema::faults($$schema, $_) }
                                   @$json)
                             : Test::App::Schema::faults($schema, $json);
    is("@faults", '', "  fits " . (ref $schema ? "[$$schema]" : $schema));
    return $json;
}

sub fails {
    my ($path, $status, $message, %o) = @_;

    my $res = $app->http($o{method} || 'GET', $path);
    is($res->status, $status, "$path: $status");
    is($res->header('Content-Type'),
       $o{type} || 'application/json; charset=utf-8', '  JSON');
    is($res->body, qq({"statusCode":$status,"message":"$message"}),
       "  $message");
    is("@{[ Test::App::Schema::faults(Error => $res->json) ]}", '',
       '  an Error');
    return $res;
}

sub value { $mysql->rows(@_)->[0][0] }

# health

my $health = fits('/health', 'Health');
is($health->{status}, 'ok', 'health: ok');
is($health->{database}, 'connected', '  connected');
cmp_ok($health->{uptime}, '<', 120, '  since a moment');
is($app->get('/health')->header('Cache-Control'), 'no-store', '  not stored');

my $away = $app->get('/health', port => $app->port(1));
is($away->status, 200, 'health without a database: 200');
is("@{[ Test::App::Schema::faults(Health => $away->json) ]}", '', '  Health');
is($away->json->{status}, 'degraded', '  degraded');
is($away->json->{database}, 'disconnected', '  disconnected');

# offers

my $total = value('SELECT COUNT(*) FROM Offer');
my $page = fits('/offers', 'OfferPage');

is(@{ $page->{data} }, 50, '50 offers');
is_deeply({ %{ $page->{pagination} }, hasMore => undef },
          { page => 1, limit => 50, total => $total, hasMore => undef,
            totalPages => int(($total + 49) / 50) }, 'pagination');

my @all = @{ $mysql->rows('SELECT id FROM Offer'
                          . ' ORDER BY createdAt DESC, id DESC') };
my @got;

for my $n (1 .. int(($total + 29) / 30)) {
    my $page = $app->get("/offers?limit=30&page=$n")->json;
    push @got, map { $_->{id} } @{ $page->{data} };
    is($page->{pagination}{hasMore} ? 1 : 0, $n * 30 < $total ? 1 : 0,
       "page $n: hasMore");
}

is("@got", "@{[ map { $_->[0] } @all ]}", 'all offers, newest first');

for my $case ([ '', 1, 50 ], [ 'page=0', 1, 50 ], [ 'page=-7', 1, 50 ],
              [ 'page=1001', 1000, 50 ], [ 'limit=0', 1, 1 ],
              [ 'limit=101', 1, 100 ], [ 'limit=&page=', 1, 50 ],
              [ 'page=' . '9' x 20, 1000, 50 ], [ 'limit=7&page=3', 3, 7 ],
              [ 't=1&x=y&limit=5', 1, 5 ])
{
    my ($query, $n, $limit) = @$case;
    my $page = fits("/offers?$query", 'OfferPage');
    is($page->{pagination}{page}, $n, "  page $n");
    is($page->{pagination}{limit}, $limit, "  limit $limit");
}

is_deeply($app->get('/offers?page=1000')->json->{data}, [], 'past the end');

my $numeric = 'Validation failed (numeric string is expected)';
fails("/offers?$_", 400, $numeric) for 'page=x', 'limit=1.5', 'limit=1&limit=2';
is_deeply($app->get('/offers?page=x&limit=y')->json->{message},
          [ $numeric, $numeric ], 'both are wrong');

my $id = $all[0][0];
my $offer = fits("/offers/$id", 'Offer');
delete $page->{data}[0]{imageFileName};
is_deeply($offer, $page->{data}[0], 'the same offer as in the list');
is($offer->{id}, $id, "offer $id");

$mysql->sql("UPDATE Offer SET ownerId = NULL, mapsLink = '',
             price = 12345678.9, foodType = NULL, title = ? WHERE id = $id",
            "\"<b>\" \\ \x{1f355} \x{639}");
$offer = fits("/offers/$id", 'Offer');
is($offer->{owner}, undef, 'no owner');
is($offer->{pickupLocation}, '', '  no place');
is($offer->{title}, "\"<b>\" \\ \x{1f355} \x{639}", '  its title');
is($offer->{price}, 12345678.9, '  its price');

my ($with) = grep { $_->{owner} } @{ $page->{data} };
is($with->{pickupLocation}, $with->{owner}{location} // '', 'a place');

fails("/offers/$_", 404, 'Invalid offer id') for 'abc', '1x', '1.5', '%20';
fails("/offers/$_", 404, 'Offer not found') for 0, 2147483647, '-1', '99' x 9;

# users

my @roles = @{ $mysql->rows('SELECT MIN(id), role FROM User GROUP BY role') };
my $providers = fits('/users/providers', \'PublicUser');
is(@$providers, value("SELECT COUNT(*) FROM User WHERE role = 'PROVIDER'"),
   'all providers');
is_deeply([ map { $_->{id} } @$providers ],
          [ sort { $a <=> $b } map { $_->{id} } @$providers ], '  by id');
is("@{[ grep { $_ ne 'PROVIDER' } map { $_->{role} } @$providers ]}", '',
   '  and nobody else');

for my $row (@roles) {
    my ($id, $role) = @$row;
    my $user = fits("/users/$id", 'PublicUser');
    is($user->{role}, $role, "  $role");
    next if $role !~ /^(?:CLIENT|NONE)$/;
    is_deeply([ @$user{qw(location mapsLink longitude latitude phoneNumber)} ],
              [ (undef) x 5 ], '  shows not where it is');
}

fails("/users/$_", 400, 'Invalid user id') for 'abc', 'a@b.cd', '1x';
fails('/users/2147483647', 404, 'User not found');
is($app->get($_)->header('Cache-Control'), 'private, no-store',
   "$_ is kept by nobody") for '/users/providers', '/users/1', '/users/x';

# unknown paths, other methods, compression

fails('/nothing', 404, 'Cannot GET /nothing');
fails('/users/1/x', 404, 'Cannot GET /users/1/x');
fails(@$_, type => 'application/json')
    for [ '/offers/1%00', 400, 'Bad Request' ],
        [ '/offers/' . '1' x 140_000, 414, 'the path is too long' ],
        [ '/internal/problem', 404, 'Not Found' ];

fails('/offers/' . '1' x 9000, 414, 'the path is too long');

my $long = $app->get('/offers', headers => { 'X-Long' => 'x' x 140_000 });
is($long->status, 400, 'long headers: 400');
is($long->json->{message}, 'Bad Request', '  JSON');

is(fails('/users/providers', 405, 'Method Not Allowed', method => 'PUT')
       ->header('Allow'), 'GET, HEAD, DELETE', 'Allow');

for my $path ('/favicon.ico', '/robots.txt', '/sw.js', '/_next/static/x.js',
              '/workbox-1.js', '/manifest.json', '/sitemap.xml', '/sw.js.map',
              '/favicon.ico?v=1')
{
    my $res = $app->get($path);
    is($res->status, 404, "$path is the front end's: 404");
    is($res->header('Content-Type'), 'application/json', '  JSON');
    is($res->json->{message}, 'Not Found - This is a frontend route and should '
       . 'not reach the backend API', '  its text');
}

is($app->get('/offers', headers => { 'Accept-Encoding' => 'gzip' })
       ->header('Content-Encoding'), 'gzip', 'lists are compressed');
is($app->get('/offers', headers => { 'Accept-Encoding' => 'gzip',
                                     'X-No-Compression' => 1 })
       ->header('Content-Encoding'), undef, 'unless that is not wanted');

for my $path ('/offers', '/nothing', '/store/x.png') {
    my $res = $app->http(OPTIONS => $path);
    is($res->status, 204, "OPTIONS $path without Origin: 204");
}

fails("/users/request-deletion", 404, 'Cannot GET /users/request-deletion',
      type => 'application/json');

my $etag = $app->get('/offers')->header('ETag');
is($app->get('/offers', headers => { 'If-None-Match' => $etag })->status, 304,
   'not modified');

ok(wait_until(sub { $app->log =~ /statements checked/ }, 10), 'the check');
my ($checked, $of) = $app->log
    =~ /app api check: (\d+) of (\d+) statements checked, 0 faults/;
is($checked, $of - 1, 'all statements prepare, but that without a database');

done_testing;
