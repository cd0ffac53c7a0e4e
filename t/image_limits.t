# Copyright (C) the project authors
#
# Limits of images: bytes, pixels, frames, sizes.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    http    => <<'EOF',
app_image_pixel_budget  20m;
app_image_loaders       jpeg png gif webp svg;
types { image/png png; image/gif gif; image/svg+xml svg; text/plain txt; }
EOF
    server  => <<'EOF',
location /       { app_image_filter on; }
location /off/   { alias %%DIR%%/html/; }
location /bytes/ { alias %%DIR%%/html/; app_image_filter on;
                   app_image_buffer 1k; }
location /piped/ { proxy_pass http://127.0.0.1:%%PORT1%%/;
                   proxy_buffering off; app_image_filter on;
                   app_image_buffer 64k; }
location /limit/ { alias %%DIR%%/html/; app_image_filter on;
                   app_image_max_pixels 9k; app_image_max_frames 3;
                   app_image_max_side 300; app_image_max_output 40000; }
EOF
    start   => 0,
);

my $dir = $app->dir;

spew("$dir/html/a.png", png(width => 100, height => 90, gradient => 1));
spew("$dir/html/b.png", png(width => 101, height => 100, gradient => 1));
spew("$dir/html/anim.gif", gif(width => 20, height => 20, frames => 4));
spew("$dir/html/few.gif", gif(width => 60, height => 60, frames => 3));
spew("$dir/html/pic.svg", svg(width => 100, height => 50));
spew("$dir/html/many.svg", svg(width => 100, height => 100,
                               body => '<rect width="100%"/>' x 25000));
spew("$dir/html/long.svg", svg(width => 1000000, height => 100));
spew("$dir/html/huge.svg", svg(width => 9999999, height => 9999999));
spew("$dir/html/cut.svg", svg(body => '<image href="a.png"/>'));
spew("$dir/html/wide.png", png(width => 10000, height => 1));

$app->start;


sub refused {
    my ($path, $status, $text) = @_;

    my $res = $app->get($path);
    is($res->status, $status, "$path: $status");
    is($res->json->{message}, $text, "$path: why");
}


refused('/bytes/a.png?w=10', 413, 'the image has more than 1024 bytes')
    if -s "$dir/html/a.png" > 1024;
refused('/limit/b.png?w=10', 422, 'the image has 101 x 100 pixels and '
        . '1 frame(s), more than 9216 pixels');
is(looks($app->get('/limit/a.png?w=10')), '200 image/png 10x9',
   'within the limits');
refused('/limit/anim.gif?w=10', 422, 'the image has 4 frames, more than 3');
refused('/limit/few.gif?w=10', 422, 'the image has 60 x 60 pixels and '
        . '3 frame(s), more than 9216 pixels');
refused('/limit/a.png?w=301&enlarge', 422,
        'the answer would have a side of more than 300 pixels');
refused('/limit/a.png?w=300&enlarge', 422,
        'the answer would have more than 40000 pixels');
refused('/limit/a.png?pad=200', 422,
        'the answer would have a side of more than 300 pixels');
refused('/a.png?w=8000&h=8000&enlarge&fit=stretch', 422,
        'the answer would have more than 26214400 pixels');
refused('/a.png?w=5000&h=4500&enlarge', 422,
        'the image needs more pixels than app_image_pixel_budget has');
is(looks($app->get('/wide.png?w=100')), '200 image/png 100x1', 'a line');
is(looks($app->get('/pic.svg?w=60')), '200 image/png 60x30', 'a SVG');
is(looks($app->get('/pic.svg?w=600&enlarge')), '200 image/png 600x300',
   'a SVG as large as it is asked for');
is(looks($app->get('/many.svg?w=100')), '200 image/png 100x100',
   'a SVG that draws a lot');
refused('/many.svg?w=1000&enlarge', 422,
        'the image draws too much for this size');
refused('/long.svg?w=100&h=100&fit=stretch', 422,
        'the image would be drawn too large');
refused('/huge.svg?w=100', 422, 'the image would be drawn too large');
refused('/huge.svg?w=100&trim', 422, 'the image has 9999999 x 9999999 pixels '
        . 'and 1 frame(s), more than 52428800 pixels');
refused('/cut.svg?w=100', 415,
        'the image cannot be read: image inside of it');


# a source without a length that never ends

use IO::Socket::INET;

my $listen = IO::Socket::INET->new(
    LocalAddr => '127.0.0.1', LocalPort => $app->port(1), Listen => 5,
    ReuseAddr => 1) or die;

if (!(my $child = fork)) {
    local $SIG{PIPE} = 'IGNORE';
    my $c = $listen->accept;
    $c->sysread(my $buf, 4096);
    $c->syswrite("HTTP/1.0 200 OK\r\nContent-Type: image/png\r\n\r\n");
    $c->syswrite(substr slurp("$dir/html/a.png"), 0, 200);
    my $n = 0;
    $n += 4096 while $n < 64 * 1024 * 1024 && $c->syswrite("\0" x 4096);
    spew("$dir/sent", $n);
    require POSIX;
    POSIX::_exit(0);
}

my $res = $app->get('/piped/x.png?w=10');
is($res->status, 413, 'a source that never ends: 413');
is($res->json->{message}, 'the image has more than 65536 bytes', 'and why');
ok(wait_until(sub { -s "$dir/sent" }, 10), 'and whoever sends it is stopped');
cmp_ok(slurp("$dir/sent"), '<', 32 * 1024 * 1024, 'early');
wait;

done_testing;
