# Copyright (C) the project authors
#
# Sources that nginx hands over as files, which it does with "sendfile on":
# what becomes of them, and of requests that leave while they are read.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;

use Compress::Zlib qw(compress);

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    http    => <<'EOF',
sendfile           on;
app_image_buffer   3m;
types { image/png png; text/html html; application/octet-stream bin; }
EOF
    server  => <<'EOF',
location /off/    { alias %%DIR%%/html/; }
location /        { app_image_filter on; }
location /kept/   { alias %%DIR%%/html/; app_image_filter on;
                    open_file_cache max=10; }
location /page/   { alias %%DIR%%/html/; ssi on; }
location /error/  { alias %%DIR%%/html/; app_image_filter on;
                    error_page 415 = /off/small.png; }
location = /running {
    return 200 "$app_metric_app_image_running $app_metric_app_image_waiting";
}
EOF
    start   => 0,
);

my $dir = $app->dir;

# more than nginx reads at a time
my $noise = join '', map { pack 'N', $_ * 2654435761 % 2 ** 32 } 1 .. 200_000;

my %files = (
    'small.png'  => png(width => 40, height => 20, gradient => 1),
    'large.png'  => png(width => 600, height => 400, type => 2,
                        idat => compress(join('', map {
                            "\0" . substr $noise, $_ * 1800, 1800
                        } 0 .. 399), 0)),
    'some.bin'   => $noise,
    'text.png'   => "this is a text\n" x 10_000,
    'empty.png'  => '',
    'huge.png'   => png(width => 40, height => 20) . "\0" x (3 * 1024 * 1024),
    'page.html'  => '[<!--#include virtual="/small.png?fm=json" -->]'
                    . '[<!--#include virtual="/some.bin?w=5" -->]',
);

spew("$dir/html/$_", $files{$_}) for keys %files;

cmp_ok(length $files{'large.png'}, '>', 500_000, 'a file of many blocks');

$app->start;

is(looks($app->get('/small.png?w=20')), '200 image/png 20x10', 'a small file');
is(looks($app->get('/large.png?w=300')), '200 image/png 300x200',
   'a large one');
is(looks($app->get('/large.png')), '200 image/png 600x400',
   'nothing is asked: as it is');
is($app->get('/large.png')->body, $files{'large.png'}, 'to the last byte');
is(looks($app->get('/kept/large.png?w=60')), '200 image/png 60x40',
   "a file that nginx keeps open ($_)") for 1 .. 3;

my $res = $app->get('/small.png?fm=json');
is($res->json->{width}, 40, 'what needs no thread but that one');

# what is no image

is($app->get('/some.bin?w=5')->body, $files{'some.bin'},
   'another type goes as it is');
$res = $app->get('/text.png?w=5');
is($res->status, 415, 'a text that calls itself an image: 415');
like($res->json->{message}, qr/^what is called image\/png is no image/, 'why');
is(looks($app->get('/error/text.png?w=5')), '200 image/png 40x20',
   'error_page');
is($app->get('/empty.png?w=5')->status, 415, 'an empty file');

$res = $app->get('/huge.png?w=5');
is($res->status, 413, 'more than app_image_buffer: 413');

is($app->http(HEAD => '/large.png?w=5')->status, 200, 'HEAD reads nothing');
is($app->get('/large.png?w=5', headers => { Range => 'bytes=0-9' })->status,
   200, 'a part of the source is of no use');

# within a page

like($app->get('/page/page.html')->body,
     qr/\A\[\{.*"width":40.*\}\]\[\Q$files{'some.bin'}\E\]\z/s,
     'images and others within a page');

# clients that leave while it is read, or wherever it is then

for my $n (1 .. 60) {
    my $conn = $app->connect;
    $conn->send("GET /large.png?w=$n HTTP/1.1\r\nHost: x\r\n\r\n");
    select undef, undef, undef, $n % 4 / 1000;
    $conn->reset;
}

ok(wait_until(sub { $app->get('/running')->body eq '0 0' }, 30),
   'who has left is forgotten');
is(looks($app->get('/large.png?w=30')), '200 image/png 30x20', 'all goes on');

# pipelined: one after the other

my $conn = $app->connect(timeout => 30);
$conn->send(join '', map {
    "GET /large.png?w=$_ HTTP/1.1\r\nHost: x\r\n\r\n"
} 11 .. 13);
is(join(' ', map { looks($conn->response) } 1 .. 3),
   '200 image/png 11x7 200 image/png 12x8 200 image/png 13x9', 'pipelined');

done_testing;
