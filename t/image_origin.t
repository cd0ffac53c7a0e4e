# Copyright (C) the project authors
#
# Images of an origin whose header says more than what an image is.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    start   => 0,
    files   => { 'kept.conf' => <<'EOF' },
add_header Content-Disposition attachment;
add_header Cache-Control "public, max-age=9, immutable";
add_header Set-Cookie a=b;
EOF
    http    => <<'EOF',
app_image_formats  avif webp;
types { image/png png; }
EOF
    server  => <<'EOF');
location /px/ { proxy_pass http://127.0.0.1:%%PORT%%/origin/;
                app_image_filter on; }
location /small/ { proxy_pass http://127.0.0.1:%%PORT%%/origin/kept/;
                   app_image_filter on; app_image_buffer 1k; }

location /origin/          { alias %%DIR%%/html/; }
location /origin/gzip/     { alias %%DIR%%/html/;
                             add_header Content-Encoding gzip;
                             include %%DIR%%/kept.conf; }
location /origin/kept/     { alias %%DIR%%/html/;
                             include %%DIR%%/kept.conf; }
location /origin/identity/ { alias %%DIR%%/html/;
                             add_header Content-Encoding Identity; }
EOF

my $html = $app->dir . '/html';

spew("$html/photo.png", png(width => 200, height => 100, gradient => 1));

$app->start;

my %refused = ('/px/gzip/photo.png?w=50' => 415,
               '/small/photo.png?w=50'   => 413);

for my $path (sort keys %refused) {
    my $res = $app->get($path);
    is($res->status, $refused{$path}, "$path is refused");
    like($res->json->{message}, qr/^the image /, '  as JSON');
    is($res->header($_), undef, "  without the origin's $_")
        for qw(Content-Encoding Cache-Control Set-Cookie
               Content-Disposition);
}

my $res = $app->get('/px/identity/photo.png?w=50');
is(looks($res), '200 image/png 50x25', 'identity is no encoding');
is($res->header('Content-Encoding'), undef, '  and not said again');

done_testing;
