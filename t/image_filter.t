# Copyright (C) the project authors
#
# What a location serves, resized and encoded anew.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    http    => <<'EOF',
sendfile  on;
log_format image '$request_uri $status $app_image_status $app_image_format '
                 '$app_image_width $app_image_height $app_image_source_width '
                 '$app_image_source_height $app_image_source_bytes '
                 '$app_image_effort $app_image_key';
app_image_preset     card   "w=40&h=40&fit=cover&fm=png";
app_image_preset     lossy  "fm=jpg&q=30";
app_image_watermark  logo   file=%%DIR%%/logo.png position=nw size=50;
app_image_formats    avif webp;
types { image/png png; image/jpeg jpg; image/gif gif; image/webp webp;
        image/avif avif; image/tiff tif; image/svg+xml svg; text/plain txt; }
EOF
    server  => <<'EOF',
access_log  %%DIR%%/access.log image;
location /off/     { alias %%DIR%%/html/; }
location /         { app_image_filter on; }
location /default/ { alias %%DIR%%/html/; app_image_filter on;
                     app_image_defaults "w=50&auto=format"; }
location ~ ^/path/([^/]+)/(.*)$ {
    alias %%DIR%%/html/$2; app_image_filter on; app_image_args $1;
}
location /proxy/   { proxy_pass http://127.0.0.1:%%PORT%%/off/;
                     app_image_filter on; }
location /slow/    { proxy_pass http://127.0.0.1:%%PORT%%/off/;
                     proxy_buffering off; proxy_buffer_size 1k;
                     proxy_http_version 1.1; app_image_filter on; }
location /strict/  { alias %%DIR%%/html/; app_image_filter on;
                     app_image_unknown reject; }
location /imgix/   { alias %%DIR%%/html/; app_image_filter on;
                     app_image_dialect imgix; }
location /fallback/ {
    alias %%DIR%%/html/; app_image_filter on;
    error_page 400 415 = /photo.png?$args;
}
location /octet/   { alias %%DIR%%/html/; types { }
                     default_type application/octet-stream;
                     app_image_filter on; }
EOF
    start   => 0,
);

my $dir = $app->dir;

my %files = (
    'photo.png'  => png(width => 200, height => 100, gradient => 1),
    'alpha.png'  => png(width => 100, height => 100, type => 6,
                        color => [ 0, 0, 255, 0 ]),
    'turned.jpg' => jpeg(width => 64, height => 32, orientation => 6),
    'anim.gif'   => gif(width => 60, height => 30, frames => 4),
    'pic.webp'   => webp(width => 64, height => 64),
    'pic.avif'   => avif(),
    'pic.tif'    => tiff(width => 64, height => 32),
    'pic.svg'    => svg(width => 64, height => 32),
    'liar.jpg'   => '<html>no picture</html>' . ' ' x 100,
    'short.png'  => "\x89PNG\r\n\x1a\n",
    'empty.png'  => '',
    'line.png'   => png(width => 40, height => 1),
    'lines.png'  => png(width => 4000, height => 4),
    'dot.png'    => png(width => 1, height => 1),
    'note.txt'   => "a text\n" x 20,
);

spew("$dir/html/$_", $files{$_}) for keys %files;
spew("$dir/logo.png", png(width => 10, height => 10, color => [ 255, 0, 0 ]));

$app->start;


# what is asked, and what comes: status, type, size

my @cases = (
    [ 'photo.png?w=100',              '200 image/png 100x50' ],
    [ 'photo.png?h=20',               '200 image/png 40x20' ],
    [ 'photo.png?w=400',              '200 image/png 200x100' ],
    [ 'photo.png?w=400&enlarge',      '200 image/png 400x200' ],
    [ 'photo.png?w=50&dpr=2',         '200 image/png 100x50' ],
    [ 'photo.png?w=50&h=50&fit=cover', '200 image/png 50x50' ],
    [ 'photo.png?w=50&h=50&fit=cover&g=attention', '200 image/png 50x50' ],
    [ 'photo.png?w=50&h=50&fit=contain', '200 image/png 50x50' ],
    [ 'photo.png?w=50&h=50&fit=stretch', '200 image/png 50x50' ],
    [ 'photo.png?w=50&h=50&fit=outside', '200 image/png 100x50' ],
    [ 'photo.png?crop=10,10,30,20',   '200 image/png 30x20' ],
    [ 'photo.png?crop=190,90,99,99',  '200 image/png 10x10' ],
    [ 'line.png?trim',                '200 image/png 40x1' ],
    [ 'lines.png?trim',               '200 image/png 4000x4' ],
    [ 'dot.png?trim',                 '200 image/png 1x1' ],
    [ 'photo.png?rot=90',             '200 image/png 100x200' ],
    [ 'photo.png?w=50&rot=90&flip=hv', '200 image/png 50x100' ],
    [ 'photo.png?pad=5,10',           '200 image/png 220x110' ],
    [ 'photo.png?w=20&blur=2',        '200 image/png 20x10' ],
    [ 'photo.png?w=20&blur=50&sharp=1&bri=1.2&con=1.1&sat=0.5',
      '200 image/png 20x10' ],
    [ 'photo.png?w=20&tint=red',      '200 image/png 20x10' ],
    [ 'photo.png?wm=logo',            '200 image/png 200x100' ],
    [ 'photo.png?fm=jpg&q=50',        '200 image/jpeg 200x100' ],
    [ 'photo.png?fm=webp&w=20',       '200 image/webp 20x10' ],
    [ 'photo.png?fm=webp&w=20&ll',    '200 image/webp 20x10' ],
    [ 'photo.png?fm=avif&w=20',       '200 image/avif 20x10' ],
    [ 'photo.png?fm=gif&w=20',        '200 image/gif 20x10' ],
    [ 'photo.png?pr=card',            '200 image/png 40x40' ],
    [ 'photo.png?pr=card&w=30&h=20',  '200 image/png 30x20' ],
    [ 'photo.png?pr=lossy',           '200 image/jpeg 200x100' ],
    [ 'photo.png?t=17&x=y',           '200 image/png 200x100' ],
    [ 'alpha.png?fm=jpg',             '200 image/jpeg 100x100' ],
    [ 'alpha.png?bg=white&w=10',      '200 image/png 10x10' ],
    [ 'turned.jpg?fm=png',            '200 image/png 32x64' ],
    [ 'turned.jpg?w=16',              '200 image/jpeg 16x32' ],
    [ 'turned.jpg?crop=0,0,10,20',    '200 image/jpeg 10x20' ],
    [ 'anim.gif?w=30',                '200 image/gif 30x15' ],
    [ 'anim.gif?w=30&fm=webp',        '200 image/webp 30x15' ],
    [ 'anim.gif?w=30&fm=png',         '200 image/png 30x15' ],
    [ 'anim.gif?w=15&h=15&fit=cover', '200 image/gif 15x15' ],
    [ 'anim.gif?n=1&page=3&w=30',     '200 image/gif 30x15' ],
    [ 'pic.webp?w=32&fm=png',         '200 image/png 32x32' ],
    [ 'pic.avif?w=32&fm=png',         '200 image/png 32x32' ],
    [ 'pic.tif?w=32',                 '200 image/jpeg 32x16' ],
    [ 'pic.tif?w=32&fm=png',          '200 image/png 32x16' ],
    [ 'note.txt?w=10',                '200 text/plain ' ],
    [ 'nothing.png?w=10',             '404 text/html ' ],
    [ 'path/w=20/photo.png',          '200 image/png 20x10' ],
    [ 'path/w=20;h=10;fit=cover/photo.png?w=30', '200 image/png 20x10' ],
    [ 'proxy/photo.png?w=20',         '200 image/png 20x10' ],
    [ 'proxy/note.txt?w=20',          '200 text/plain ' ],
    [ 'slow/photo.png?w=20',          '200 image/png 20x10' ],
    [ 'slow/note.txt?w=20',           '200 text/plain ' ],
    [ 'octet/photo.png?w=20',         '200 image/png 20x10' ],
    [ 'octet/note.txt?w=20',          '200 application/octet-stream ' ],
    [ 'imgix/photo.png?w=20&h=20&fit=crop&crop=top,left',
      '200 image/png 20x20' ],
    [ 'default/photo.png',            '200 image/png 50x25' ],
    [ 'default/photo.png?w=20',       '200 image/png 20x10' ],
    [ 'fallback/liar.jpg?w=20',       '200 image/png 20x10' ],
    [ 'fallback/photo.png?w=x',       '200 image/png 200x100' ],
);

is(looks($app->get("/$_->[0]")), $_->[1], $_->[0]) for @cases;

is($app->get('/note.txt?w=10')->body, $files{'note.txt'},
   'what is no image stays as it is');
is($app->get('/slow/note.txt?w=10')->body, $files{'note.txt'},
   'also when it comes in pieces');
is($app->get('/photo.png')->body, $files{'photo.png'},
   'and an image of which nothing is asked');


# refusals: status and text

my @refused = (
    [ 'photo.png?w=0', 400, 'w must be an integer from 1 to 65535' ],
    [ 'photo.png?w=9999&enlarge', 422,
      'the answer would have a side of more than 8192 pixels' ],
    [ 'photo.png?crop=200,0,1,1', 400,
      'crop lies beside the image of 200 x 100 pixels' ],
    [ 'photo.png?pr=none', 400, 'pr must be the name of a preset' ],
    [ 'photo.png?wm=none', 400, 'wm must be the name of a watermark' ],
    [ 'strict/photo.png?t=1', 400, 'there is no parameter "t"' ],
    [ 'anim.gif?page=4', 400, 'page must be less than 4' ],
    [ 'liar.jpg?w=10', 415,
      'what is called image/jpeg is no image of a known type' ],
    [ 'empty.png?w=10', 415,
      'what is called image/png is no image of a known type' ],
    [ 'pic.svg?w=10', 415, 'images of this type are not read here' ],
    [ 'photo.png?exp=1000', 403, 'the link has expired' ],
);

for my $case (@refused) {
    my ($path, $status, $text) = @$case;

    my $res = $app->get("/$path");
    is($res->status, $status, "$path: $status");
    is($res->header('Content-Type'), 'application/json', "$path: JSON");
    is_deeply($res->json, { statusCode => $status, message => $text },
              "$path: its text");
}

like($app->get('/short.png?w=4')->json->{message},
     qr/^the image cannot be read: /, 'a file that is cut');


# the connection goes on after a refusal

my $conn = $app->connect;
my $res;
for my $path ('/liar.jpg?w=1', '/photo.png?w=9000&enlarge',
              '/photo.png?w=10')
{
    $conn->send("GET $path HTTP/1.1\r\nHost: x\r\n\r\n");
    $res = $conn->response;
}
is(looks($res), '200 image/png 10x5', 'the third request of a connection');


# what an image is

is_deeply($app->get('/photo.png?fm=json')->json,
          { format => 'png', width => 200, height => 100,
            size => length $files{'photo.png'}, frames => 1,
            orientation => 1, bits => 8, alpha => JSON::PP::false,
            animated => JSON::PP::false, icc => JSON::PP::false },
          'fm=json');

my $json = $app->get('/turned.jpg?fm=json')->json;
is("$json->{width}x$json->{height} $json->{orientation}", '32x64 6',
   'upright');
is($app->get('/anim.gif?fm=json')->json->{frames}, 4, 'frames');


# the log

my %line = map { /^(\S+) (.*)/ ? ($1 => $2) : () }
           split /\n/, slurp("$dir/access.log");

is($line{'/photo.png?w=100'},
   '200 ok png 100 50 200 100 ' . length($files{'photo.png'})
   . ' 6 0:w=100', 'variables');
is($line{'/photo.png?w=0'}, '400 refused - - - - - - - refused',
   'of a refusal');
like($line{'/note.txt?w=10'}, qr/^200 passed /, 'of what is no image');

done_testing;
