# Copyright (C) the project authors
#
# Tags, conditions, ranges, HEAD, Accept, versions and hashes of images.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    http    => <<'EOF',
app_image_formats  avif webp;
types { image/png png; image/gif gif; }
EOF
    server  => <<'EOF',
location /         { app_image_filter on; }
location /off/     { alias %%DIR%%/html/; }
location /proxy/   { proxy_pass http://127.0.0.1:%%PORT%%/off/;
                     app_image_filter on; }
location /default/ { alias %%DIR%%/html/; app_image_filter on;
                     app_image_defaults "w=50&auto=format"; }
location /check/   { alias %%DIR%%/html/; app_image_filter check; }
location /hash/    { alias %%DIR%%/html/; app_image_filter on;
                     app_image_placeholder on; }
location /notag/   { alias %%DIR%%/html/; app_image_filter on;
                     app_image_etag off; }
location /nothing/ { alias %%DIR%%/html/; etag off; if_modified_since off;
                     app_image_filter on; }
location /expires/ { alias %%DIR%%/html/; expires 1h;
                     app_image_filter on; }
location /header/  { alias %%DIR%%/html/; app_image_filter on;
                     add_header Cache-Control "public, max-age=0"; }
location /instead/ { alias %%DIR%%/html/; app_image_filter on;
                     error_page 404 = @instead; }
location @instead  { root %%DIR%%/html; app_image_filter on;
                     rewrite ^ /photo.png break; }
EOF
    start   => 0,
);

my $dir = $app->dir;
my $png = png(width => 200, height => 100, gradient => 1);

spew("$dir/html/photo.png", $png);
spew("$dir/html/alpha.png", png(width => 100, height => 100, type => 6,
                                color => [ 0, 0, 255, 0 ]));
spew("$dir/html/anim.gif", gif(width => 60, height => 30, frames => 4));

$app->start;

my $url = '/photo.png?w=20&fm=jpg';
my $get = $app->get($url);
my $tag = $get->header('ETag');

like($tag, qr{^W/"[0-9a-f]{32}"$}, 'a weak tag');
is($get->header('Content-Length'), length $get->body, 'a length');
is($get->header('Accept-Ranges'), undef, 'no ranges');
is($app->get($url)->header('ETag'), $tag, 'the same tag again');
isnt($app->get('/photo.png?w=21&fm=jpg')->header('ETag'), $tag,
     'another one for another size');
isnt($app->get('/off/photo.png')->header('ETag'), $tag,
     'and for the source');
is($app->get('/notag/photo.png?w=20')->header('ETag'), undef, 'or none');
isnt($app->get('/nothing/photo.png?w=20')->header('ETag'), undef,
     'by the date of the source, if it has no tag');

utime 1, 1, "$dir/html/photo.png";
isnt($app->get($url)->header('ETag'), $tag, 'another one for another source');
$tag = $app->get($url)->header('ETag');

my $head = $app->http(HEAD => $url);
is($head->status, 200, 'HEAD');
is($head->header('Content-Type'), 'image/jpeg', 'HEAD: the type');
is($head->header('ETag'), $tag, 'HEAD: the tag');
is($head->header('Content-Length'), undef, 'HEAD: no length of the source');
is($app->http(HEAD => '/photo.png?w=20')->header('Content-Type'), undef,
   'HEAD: no type that only the image tells');
is($app->http(HEAD => '/hash/photo.png')->header('Content-Type'), 'image/png',
   'HEAD: that of an image that stays as it is');
is($app->http(HEAD => '/photo.png?w=20&auto=format',
              headers => { Accept => 'image/webp' })->header('Content-Type'),
   undef, 'HEAD: nor one that has to suit it');

# by the date of the source, if no tag is given

my $date = $get->header('Last-Modified');
ok($date, 'a date');
for my $path ('/photo.png', '/proxy/photo.png', '/notag/photo.png') {
    my %at = (headers => {
        'If-Modified-Since' => $app->get("$path?w=20")->header('Last-Modified')
    });
    my $res = $app->get("$path?w=20", %at);
    is($res->status, 304, "$path: If-Modified-Since");
    is($res->body, '', '  and no body');
    is($app->get("$path?w=20", headers => {
           %{ $at{headers} }, 'If-None-Match' => '"x"' })->status, 200,
       '  but another tag counts more');
}
is($app->get('/nothing/photo.png?w=20', headers => {
       'If-Modified-Since' => $date })->status, 200,
   'not with if_modified_since off');

for my $value ($tag, substr($tag, 2), qq("x", $tag), qq("x",$tag,"y"), '*') {
    my $res = $app->get($url, headers => { 'If-None-Match' => $value });
    is($res->status, 304, "If-None-Match: $value");
    is($res->header('ETag'), $tag, 'and its tag');
    is($res->header('Content-Type'), undef, 'and no type');
    is($res->body, '', 'and no body');
}

for my $headers ({ 'If-None-Match' => '"x"' },
                 { 'If-None-Match' => substr($tag, 0, -2) . '"' },
                 { Range => 'bytes=0-9' },
                 { 'If-Match' => '"x"' },
                 { 'If-Modified-Since' => 'Fri, 01 Jan 2038 00:00:00 GMT' },
                 { 'If-Unmodified-Since' => 'Thu, 01 Jan 1970 00:00:00 GMT' })
{
    for my $path ('/photo.png', '/proxy/photo.png') {
        is(looks($app->get("$path?w=20", headers => $headers)),
           '200 image/png 20x10', "$path, " . join ': ', %$headers);
    }
}

is($app->get('/photo.png', headers => { Range => 'bytes=0-9' })->status, 206,
   'what nothing is asked of has ranges');
is(looks($app->get('/proxy/photo.png?w=20',
                   headers => { 'Accept-Encoding' => 'gzip' })),
   '200 image/png 20x10', 'Accept-Encoding');
is($app->http(POST => '/photo.png?w=x')->status, 405,
   'other methods are not looked at');


# by Accept

for my $case ([ 'image/avif,image/webp,*/*', 'image/avif' ],
              [ 'image/webp,*/*', 'image/webp' ],
              [ 'image/avif;q=0, image/webp', 'image/webp' ],
              [ '*/*', 'image/png' ])
{
    my ($accept, $type) = @$case;

    for my $path ('/photo.png?w=20&auto=format', '/default/photo.png') {
        my $res = $app->get($path, headers => { Accept => $accept });
        is($res->header('Content-Type'), $type, "$path, Accept: $accept");
        is($res->header('Vary'), 'Accept', 'and Vary');
    }
}

is($app->get('/photo.png?w=20')->header('Vary'), undef, 'no Vary without');
is($app->get('/anim.gif?w=20&auto=format',
             headers => { Accept => 'image/avif,image/webp' })
       ->header('Content-Type'),
   'image/webp', 'an animation stays one');
is($app->get('/photo.png?w=20&fm=jpg&auto=format')->header('Content-Type'),
   'image/jpeg', 'fm= is for those who accept none of them');

for my $args ('fm=png&auto=format', 'auto=format&fm=png') {
    my $res = $app->get("/photo.png?$args",
                        headers => { Accept => 'image/webp' });
    is($res->header('Content-Type') . ' ' . $res->header('Vary'),
       'image/webp Accept', "$args: in any order");
}
is($app->get('/default/photo.png?fm=png', headers => { Accept => 'image/webp' })
       ->header('Content-Type'),
   'image/png', 'fm= alone is instead of the auto=format of the location');

is($app->get('/photo.png?auto=format',
             headers => { Accept => '*/*' })->header('Vary'), 'Accept',
   'Vary where the original is as good');
is($app->get('/photo.png')->header('Vary'), undef, '  and not without');

my $res = $app->get('/check/photo.png?auto=format');
is($res->body, $png, 'where it only checks the image stays as it is');
is($res->header('Vary'), 'Accept', 'with Vary');
is($app->get('/check/photo.png?w=0')->status, 400,
   'and what is wrong is refused');


# a version

my $forever = 'public, max-age=31536000, immutable';

# all that is said of it
sub kept {
    my ($res) = @_;
    return join ' | ', grep defined, $res->header('Cache-Control'),
                                     $res->header('Expires');
}

for my $path ('/photo.png?w=20&v=3', '/photo.png?v=3', '/check/photo.png?v=3',
              '/check/photo.png?w=20&v=3', '/expires/photo.png?w=20&v=3',
              '/expires/photo.png?v=3', '/header/photo.png?w=20&v=3',
              '/proxy/photo.png?w=20&v=3', '/photo.png?fm=json&v=3')
{
    $res = $app->get($path);
    is(kept($res), $forever, "$path: for ever");

    my $etag = $res->header('ETag') or next;
    $res = $app->get($path, headers => { 'If-None-Match' => $etag });
    is($res->status, 304, '  not modified');
    is(kept($res), $forever, '  for ever');
}

is(kept($app->get('/photo.png?w=20')), '', 'not without a version');
like(kept($app->get('/expires/photo.png?w=20')), qr/^max-age=3600 \| \w+/,
     '  nor there');
is(kept($app->get("/off/photo.png?v=3")), '', 'nor where there is no filter');
is(kept($app->get("/nothing.png?v=3")), '', 'nor what is not there');
is(kept($app->get("/photo.png?w=0&v=3")), '', 'nor what is refused');
$res = $app->get("/instead/nothing.png?w=20&v=3");
is($res->status, 200, 'nor what is shown instead');
is(kept($res), '', '  of it');


# hashes

my $hash = $app->get('/photo.png?fm=blurhash')->json;
is($hash->{width}, 200, 'fm=blurhash: the width');
like($hash->{blurhash}, qr/^[\x21-\x7e]{28}$/, 'and the hash of 4 x 3');
is(length $app->get('/photo.png?fm=blurhash&bh=5,5')->json->{blurhash},
   4 + 2 * 25, 'of 5 x 5');
like($app->get('/alpha.png?fm=thumbhash')->json->{thumbhash},
     qr{^[A-Za-z0-9+/]+=*$}, 'fm=thumbhash');
is($app->get('/photo.png?fm=json&bh=4,3')->json->{blurhash},
   $hash->{blurhash}, 'in the JSON');

$res = $app->get('/photo.png?w=20&bh=4,3');
like($res->header('X-Image-BlurHash'), qr/^\S{28}$/, 'as a header');
is(looks($res), '200 image/png 20x10', 'beside the image');

$res = $app->get('/hash/photo.png');
is($res->header('X-Image-BlurHash'), $hash->{blurhash},
   'app_image_placeholder');
is($res->body, $png, 'leaves the image as it is');
is($res->header('ETag'), $app->get('/off/photo.png')->header('ETag'),
   'with the tag that it has');
is($app->get('/hash/photo.png',
             headers => { 'If-None-Match' => $res->header('ETag') })->status,
   304, 'and knows it again');

done_testing;
