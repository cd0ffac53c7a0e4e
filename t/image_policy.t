# Copyright (C) the project authors
#
# What a location lets be asked for: signed links, presets, lists, dialects.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;

use Digest::SHA qw(hmac_sha256);
use MIME::Base64 qw(encode_base64url);

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    files   => { 'new.key' => "the key that is used from now on\n" },
    env     => { OLD_KEY => 'the key that was used before' },
    http    => <<'EOF',
app_image_preset  small  "w=20";
app_image_signature  file=%%DIR%%/new.key env=OLD_KEY;
types { image/png png; }
EOF
    server  => <<'EOF',
location /          { app_image_filter on; }
location /check/    { alias %%DIR%%/html/; app_image_filter check; }
location /free/     { alias %%DIR%%/html/; app_image_filter on;
                      app_image_signature off; }
location /presets/  { alias %%DIR%%/html/; app_image_filter on;
                      app_image_signature off; app_image_presets_only on; }
location /list/     { alias %%DIR%%/html/; app_image_filter on;
                      app_image_signature off; app_image_defaults "w=33";
                      app_image_allow w=40,20,80 h=10 q=50,60 dpr=1.5,2
                                      fm=png,webp; }
location /snap/     { alias %%DIR%%/html/; app_image_filter on;
                      app_image_signature off;
                      app_image_allow w=40,20,80 snap; }
location /signed/   { alias %%DIR%%/html/; app_image_filter on;
                      app_image_unknown reject;
    location /signed/imgix/  { alias %%DIR%%/html/; app_image_filter on;
                               app_image_dialect imgix; }
    location /signed/weserv/ { alias %%DIR%%/html/; app_image_filter on;
                               app_image_dialect weserv; }
    location /signed/next/   { alias %%DIR%%/html/; app_image_filter on;
                               app_image_dialect next; } }
location /imgix/    { alias %%DIR%%/html/; app_image_filter on;
                      app_image_signature off; app_image_dialect imgix; }
location /weserv/   { alias %%DIR%%/html/; app_image_filter on;
                      app_image_signature off; app_image_dialect weserv; }
location /next/     { alias %%DIR%%/html/; app_image_filter on;
                      app_image_signature off; app_image_dialect next; }
EOF
    start   => 0,
);

my $dir = $app->dir;

spew("$dir/html/photo.png", png(width => 200, height => 100, gradient => 1));
chmod 0600, "$dir/new.key";

$app->start;


sub sign {
    my ($path, $key) = @_;

    $key ||= 'the key that is used from now on';
    return $path . ($path =~ /\?/ ? '&' : '?') . 's='
           . encode_base64url(hmac_sha256($path, $key));
}

sub refused {
    my ($path, $status, $text) = @_;

    my $res = $app->get($path);
    is($res->status, $status, "$path: $status");
    is($res->json->{message}, $text, "$path: why");
}


# signed links

my $unsigned = 's must be the signature of the link, and its last parameter';

is(looks($app->get(sign('/photo.png?w=20'))), '200 image/png 20x10',
   'a signed link');
is(looks($app->get(sign('/photo.png?w=20', 'the key that was used before'))),
   '200 image/png 20x10', 'by the second key');
refused('/photo.png?w=20', 403, $unsigned);
refused(sign('/photo.png?w=20', 'the key of somebody else'), 403, $unsigned);
refused(sign('/photo.png?w=20') =~ s/w=20/w=21/r, 403, $unsigned);
refused(sign('/photo.png?w=20') . '&h=5', 403, $unsigned);
refused(substr(sign('/photo.png?w=20'), 0, -1), 403, $unsigned);
refused('/photo.png?pr=small', 403, $unsigned);
refused('/check/photo.png?w=20', 403, $unsigned);
is($app->get(sign('/check/photo.png?w=20'))->status, 200,
   'where it only checks');
is(looks($app->get(sign('/photo.png?pr=small&x=1'))), '200 image/png 20x10',
   'a preset, and what is none of ours');
is($app->get('/photo.png')->status, 200, 'nothing is asked');
is($app->get('/photo.png?t=1')->status, 200, 'nothing that is ours');

my $now = time;
is($app->get(sign('/photo.png?w=20&exp=' . ($now + 60)))->status, 200,
   'not expired');
refused(sign('/photo.png?w=20&exp=' . ($now - 60)), 403,
        'the link has expired');
refused(sign('/photo.png?w=20&exp=0'), 403, 'the link has expired');
refused('/photo.png?exp=' . ($now + 60), 403, $unsigned);

# each dialect has what a signed link is made of

for my $case ([ '', 'exp' ], [ 'imgix/', 'expires' ], [ 'weserv/', 'exp' ],
              [ 'next/', 'exp' ])
{
    my ($dialect, $exp) = @$case;
    my $path = "/signed/${dialect}photo.png";

    is($app->get(sign("$path?w=20&v=1&$exp=" . ($now + 60)))->status, 200,
       "$path: not expired");
    refused(sign("$path?w=20&$exp=" . ($now - 60)), 403,
            'the link has expired');
    refused("$path?w=20", 403, $unsigned);
    is(looks($app->get(sign("$path?pr=small"))), '200 image/png 20x10',
       "$path: a preset");
    is($app->get(sign("$path?w=20&v=1"))->header('Cache-Control'),
       'public, max-age=31536000, immutable', "$path: a version");
}


# presets

is(looks($app->get('/presets/photo.png?pr=small&v=1')), '200 image/png 20x10',
   'a preset');
refused('/presets/photo.png?pr=small&h=5', 400, 'only pr may be given here');
refused('/presets/photo.png?auto=format', 400, 'only pr may be given here');


# lists

is(looks($app->get("/list/photo.png?$_->[0]")), $_->[1], "list: $_->[0]")
    for [ 'w=20', '200 image/png 20x10' ],
        [ 'w=40&h=10', '200 image/png 20x10' ],
        [ 'w=20&dpr=2', '200 image/png 40x20' ],
        [ 'fm=webp&q=60', '200 image/webp 33x17' ],
        [ '', '200 image/png 33x17' ];
refused('/list/photo.png?w=30', 400, 'w must be one of 20, 40, 80');
refused('/list/photo.png?h=20', 400, 'h must be one of 10');
refused('/list/photo.png?q=70', 400, 'q must be one of 50, 60');
refused('/list/photo.png?dpr=3', 400, 'dpr must be one of 1.5, 2');
refused('/list/photo.png?fm=jpg', 400, 'fm must be one of png, webp');
refused('/list/photo.png?fm=png,jpg', 400, 'fm must be one of png, webp');

is(looks($app->get("/snap/photo.png?w=$_->[0]")), "200 image/png $_->[1]",
   "snap: w=$_->[0]")
    for [ 1, '20x10' ], [ 20, '20x10' ], [ 21, '40x20' ], [ 81, '80x40' ];


# dialects

is(looks($app->get("/$_->[0]")), $_->[1], $_->[0])
    for [ 'imgix/photo.png?w=20&h=20&fit=crop&crop=left&fm=jpg',
          '200 image/jpeg 20x20' ],
        [ 'imgix/photo.png?w=20&h=20&fit=fill&bg=f00',
          '200 image/png 20x20' ],
        [ 'imgix/photo.png?rect=0,0,30,20&ixlib=x', '200 image/png 30x20' ],
        [ 'weserv/photo.png?w=20&h=20&fit=cover&a=attention&output=webp',
          '200 image/webp 20x20' ],
        [ 'weserv/photo.png?cx=0&cy=0&cw=30&ch=20&ro=90',
          '200 image/png 20x30' ],
        [ 'next/photo.png?url=%2Fphoto.png&w=20&q=75',
          '200 image/png 20x10' ];
refused('/imgix/photo.png?fit=facearea', 400, 'fit must be one of clip, max, '
        . 'crop, min, fill, fillmax, scale');

done_testing;
