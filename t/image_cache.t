# Copyright (C) the project authors
#
# Two hops: answers are cached in an outer location under $app_image_key, the
# filter is in an inner server on a unix socket.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;

my $conf = <<'EOF';
app_image_formats  avif webp;
app_image_preset   card "w=40&h=40&fit=cover";
app_image_watermark  logo file=%%DIR%%/logo.png;
app_image_purges   %%DIR%%/purges;
proxy_cache_path   %%DIR%%/cache keys_zone=images:1m;
upstream filter    { server unix:%%DIR%%/filter.sock; }
types { image/png png; }

server {
    listen  unix:%%DIR%%/filter.sock;
    root    %%DIR%%/html;
    access_log  %%DIR%%/inner.log;
    location / { app_image_filter on; }
}
EOF

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    workers => 2,
    http    => $conf,
    server  => <<'EOF',
location / {
    app_image_filter          check;
    set                       $args $app_image_args;
    proxy_pass                http://filter;
    proxy_cache               images;
    proxy_cache_key           $uri|$app_image_key;
    proxy_cache_valid         200 1h;
    proxy_cache_lock          on;
    proxy_cache_lock_timeout  30s;
    proxy_cache_lock_age      30s;
    proxy_cache_revalidate    on;
    add_header                X-Cache $upstream_cache_status always;
}
location /short/ {
    app_image_filter          check;
    set                       $args $app_image_args;
    rewrite                   ^/short(/.*) $1 break;
    proxy_pass                http://filter;
    proxy_cache               images;
    proxy_cache_key           short|$uri|$app_image_key;
    proxy_cache_valid         200 1s;
    proxy_cache_revalidate    on;
    add_header                X-Cache $upstream_cache_status always;
}
location ~ ^/purge(/.*) {
    allow 127.0.0.1;
    deny  all;
    app_image_purge $1;
}
EOF
    start   => 0,
);

my $dir = $app->dir;

spew("$dir/html/photo.png", png(width => 200, height => 100, gradient => 1));
spew("$dir/html/big.png", png(width => 600, height => 450, gradient => 1));
spew("$dir/html/a b+c%.png", png(width => 20, height => 10));

spew("$dir/logo.png", png(width => 4, height => 4));

$app->start;


# requests that have reached the filter
# how often the filter was asked
sub hops { return settled_lines("$dir/inner.log") }

# status of the cache, and what the answer is
sub cached {
    my ($path, %o) = @_;

    my $res = $app->get($path, %o);
    return $res->header('X-Cache') . ' ' . looks($res);
}


is(cached('/photo.png?w=20'), 'MISS 200 image/png 20x10', 'made');
is(cached('/photo.png?w=20'), 'HIT 200 image/png 20x10', 'cached');
is(cached('/photo.png?t=17&w=20&dpr=1&fit=inside'),
   'HIT 200 image/png 20x10', 'by what is asked, not by how');
is(cached('/photo.png?w=40&h=40&fit=cover'), 'MISS 200 image/png 40x40',
   'another size');
is(cached('/photo.png?pr=card'), 'HIT 200 image/png 40x40', 'by its preset');
is(cached('/photo.png'), 'MISS 200 image/png 200x100', 'nothing is asked');
is(hops(), 3, 'three were asked of the filter');
is(cached('/a%20b+c%25.png?w=10'), 'MISS 200 image/png 10x5', 'any name');

my %webp = (headers => { Accept => 'image/webp,*/*' });
my %avif = (headers => { Accept => 'image/avif,image/webp,*/*;q=0.8' });
my %same = (headers => { Accept => 'image/webp,image/apng,image/avif' });

is(cached('/photo.png?w=20&auto=format', %webp),
   'MISS 200 image/webp 20x10', 'by Accept: WebP');
is(cached('/photo.png?w=20&auto=format', %avif),
   'MISS 200 image/avif 20x10', 'by Accept: AVIF');
is(cached('/photo.png?w=20&auto=format', %same),
   'HIT 200 image/avif 20x10', 'by the formats, not by the header');
is(cached('/photo.png?w=20&auto=format'), 'HIT 200 image/png 20x10',
   'and none of them is the plain one');
is($app->get('/photo.png?w=20&auto=format', %webp)->header('Vary'), 'Accept',
   'Vary also from the cache');

# a version is no part of the key, but each answer says it

for my $path ('/photo.png?w=20&v=7', '/photo.png?v=7', '/photo.png?v=8') {
    my $res = $app->get($path);
    is($res->header('X-Cache'), 'HIT', "$path: cached");
    is($res->header('Cache-Control'), 'public, max-age=31536000, immutable',
       '  for ever');
}
is($app->get('/photo.png?w=20')->header('Cache-Control'), undef,
   'not without a version');

my $hops = hops();
is($app->get('/photo.png?w=0')->status, 400, 'what is wrong');
is($app->get('/photo.png?w=9000&enlarge')->status, 422, 'too large');
is($app->get('/photo.png?w=9000&enlarge')->header('X-Cache'), 'MISS',
   'is not cached');
is(hops(), $hops + 2, 'and what is wrong makes no hop');

# conditions are answered by the cache

my $tag = $app->get('/photo.png?w=20')->header('ETag');
is($app->get('/photo.png?w=20', headers => { 'If-None-Match' => $tag })
       ->status, 304, '304 from the cache');

# an entry that is too old is looked at again, and the same

is(cached('/short/photo.png?w=30'), 'MISS 200 image/png 30x15', 'short');
ok(wait_until(sub {
    cached('/short/photo.png?w=30') =~ /^REVALIDATED 200 image\/png 30x15/
}, 5), 'revalidated by the tag of the answer, without decoding');
like(slurp("$dir/inner.log"), qr/short|w=30 HTTP\/1\.[01]" 304/, 'by a 304');

# one is made for all that ask at a time

$hops = hops();
my @conns = map { $app->connect } 1 .. 20;
my $big = '/big.png?w=500&enlarge&fm=avif&effort=2';
$_->send("GET $big HTTP/1.1\r\nHost: x\r\n\r\n") for @conns;
my %seen;
$seen{ looks($_->response) }++ for @conns;
is_deeply(\%seen, { '200 image/avif 500x375' => 20 }, '20 at a time');
is(hops(), $hops + 1, 'one was made');

# another watermark of the same name makes another answer

is(cached('/photo.png?w=20&wm=logo'), 'MISS 200 image/png 20x10', 'marked');
$tag = $app->get('/photo.png?w=20&wm=logo')->header('ETag');
spew("$dir/logo.png", png(width => 4, height => 4, color => [ 1, 2, 3 ]));
$app->reload(gone => 1);
is(cached('/photo.png?w=20&wm=logo'), 'MISS 200 image/png 20x10',
   'marked anew');
isnt($app->get('/photo.png?w=20&wm=logo')->header('ETag'), $tag,
     'with another tag');

# purge

spew("$dir/html/photo.png", png(width => 100, height => 100));
is(cached('/photo.png?w=20'), 'HIT 200 image/png 20x10', 'an old picture');

my $res = $app->http(POST => '/purge/photo.png');
is($res->status, 200, 'purged');
is_deeply($res->json, { purged => '/photo.png' }, 'and told');

is(cached('/photo.png?w=20'), 'MISS 200 image/png 20x20', 'the new picture');
is(cached('/photo.png?w=20'), 'HIT 200 image/png 20x20', 'cached');
is(cached('/photo.png?pr=card'), 'MISS 200 image/png 40x40',
   'in all its sizes');
like(cached($big), qr/^HIT/, 'and no other');
is($app->get('/purge/photo.png')->status, 405, 'not by GET');
is($app->get('/purge/photo.png')->header('Allow'), 'POST, DELETE, PURGE',
   'Allow');
is($app->http(PURGE => '/purge/photo.png')->status, 200, 'by PURGE');
is($app->http(DELETE => '/purge/photo.png')->status, 200, 'by DELETE');

# a purge outlasts reload and restart

my $key = sub { $app->get('/photo.png?w=20')->header('X-Cache') };
is($key->(), 'MISS', 'purged again');
is($key->(), 'HIT', 'and cached');
$app->reload;
is($key->(), 'HIT', 'a reload keeps the cache');
ok(wait_until(sub { 3 * 8 == -s "$dir/purges" }, 3), 'purges are written');
$app->stop;
spew("$dir/html/photo.png", png(width => 10, height => 20));
$app->start;
is($key->(), 'HIT', 'a restart keeps it, and what was purged stays so');
$app->http(POST => '/purge/photo.png');
is(cached('/photo.png?w=20'), 'MISS 200 image/png 10x20', 'purged');

done_testing;
