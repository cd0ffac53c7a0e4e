# Copyright (C) the project authors
#
# Images that nginx itself asks for: the conditions that do not fit the source
# of an image are taken from that subrequest alone.

use Test::App;
use Test::App::Image;

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    start   => 0,
    server  => <<'EOF');
location /pages/ { ssi on; alias %%DIR%%/html/; default_type text/html; }
location /image/ { alias %%DIR%%/html/; app_image_filter on; }
location /seen/  { proxy_pass http://127.0.0.1:%%PORT%%/echo/; }
location /echo/  { default_type text/plain;
                   set $seen $http_accept_encoding|$http_range;
                   return 200 $seen|$http_if_range|$http_x_own; }

location = /ask    { alias %%DIR%%/html/photo.png; app_image_filter on;
                     app_image_defaults w=20; }
location /guarded/ { auth_request /ask;
                     gzip on; gzip_min_length 1; gzip_types text/css;
                     default_type text/css; alias %%DIR%%/html/; }
EOF

my $html = $app->dir . '/html';
my $seen = '<!--# include virtual="/seen/" -->';

spew("$html/photo.png", png(width => 200, height => 100));
spew("$html/page.html", "$seen\n"
     . '<!--# include virtual="/image/photo.png?w=20" wait="yes" -->'
     . "\n$seen");
spew("$html/text.css", 'text ' x 1000);

$app->start;

my %sent = ('Accept-Encoding' => 'gzip', Range => 'bytes=0-9',
            'If-Range' => '"x"', 'X-Own' => 'yes');

my @lines = split /\n/, $app->get('/pages/page.html',
                                  headers => \%sent)->body;
is($lines[0], 'gzip|bytes=0-9|"x"|yes', 'a part of a page has its headers');
like(join("\n", @lines[1 .. $#lines - 1]), qr/^\x89PNG/, 'an image');
is($lines[-1], $lines[0], 'a part behind it has the same');

my $res = $app->get('/guarded/text.css',
                    headers => { 'Accept-Encoding' => 'gzip' });
is($res->status, 200, 'an image is asked first');
is($res->header('Content-Encoding'), 'gzip', 'what follows is compressed');

$res = $app->get('/guarded/text.css', headers => { Range => 'bytes=0-9' });
is($res->status, 206, 'what follows has ranges');
is($res->body, substr('text ' x 1000, 0, 10), '  this one');

done_testing;
