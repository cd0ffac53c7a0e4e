# Copyright (C) the project authors
#
# Each type is read by its own decoder, whatever the file looks like to others,
# and is asked only for what that decoder can do.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    http    => <<'EOF',
app_image_loaders  jpeg png webp gif avif heic tiff svg jxl;
default_type       image/x-any;
EOF
    server  => 'location / { app_image_filter on; }',
    start   => 0,
);

my $dir = $app->dir;
my $kept = "$Test::App::top/t/fuzz/corpus/image_probe";

spew("$dir/html/$_->{name}", $_->{data}) for valid();
spew("$dir/html/$_", slurp("$kept/$_"))
    for qw(png-animated avif-sequence avif-still heic-two heic-still
           jxl-animated jxl-container jxl-bare gif-animated webp-animated
           tiff-pages tiff-big-tiles);

spew("$dir/html/apng", png(width => 60, height => 40, frames => 5));
spew("$dir/html/prolog", svg(width => 60, height => 40,
                             before => '<!-- ' . 'x' x 5000 . ' -->'));
spew("$dir/html/jpeg-svg", jpeg(width => 60, height => 40,
                                comment => svg(width => 9999,
                                               height => 9999)));
$app->start;


sub answers {
    my ($path, $want) = @_;

    is(looks($app->get("/$path")), $want, $path);
}


# all of them, in a size

answers("$_?w=30&fm=png", '200 image/png 30x20')
    for qw(jpeg png webp gif tiff svg);
answers("$_?w=30&fm=png", '200 image/png 30x30') for qw(avif heic jxl);
answers('bmp?w=30', '415 application/json ');

# what has frames that its decoder does not know of

answers('apng?w=30', '200 image/png 30x20');
answers('apng?w=30&fm=webp', '200 image/webp 30x20');
answers('apng?w=30&fm=gif', '200 image/gif 30x20');
answers('apng?crop=0,0,20,20', '200 image/png 20x20');
answers('png-animated?w=8', '200 image/png 8x8');
answers('apng?w=30&page=1', '400 application/json ');
is($app->get('/apng?page=1')->json->{message}, 'page must be less than 1',
   'which page there is');
is($app->get('/apng?fm=json')->json->{frames}, 5, 'how many there are');
answers('avif-sequence?w=12&fm=webp', '200 image/webp 12x8');
answers('avif-sequence?w=12&fm=webp&page=1',
        '400 application/json ');

# and what has pages, or frames that it does know of

answers('gif-animated?w=12&page=2&n=1&fm=png', '200 image/png 12x8');
answers('webp-animated?w=12&page=2&n=1&fm=png', '200 image/png 12x8');
answers('tiff-pages?w=4&page=2&fm=png', '200 image/png 4x4');
answers('heic-two?w=12&page=1&fm=png', '200 image/png 12x18');
answers('heic-two?w=12&page=2&fm=png', '400 application/json ');

# what libvips takes for nothing, or could take for something else

answers('prolog?w=30', '200 image/png 30x20');
answers('prolog?w=120&enlarge', '200 image/png 120x80');
answers('prolog?crop=0,0,20,20', '200 image/png 20x20');
answers('jpeg-svg?w=30', '200 image/jpeg 30x20');

# JPEG XL tells its frames to nobody

answers('jxl-container?w=12&fm=png', '200 image/png 12x8');
answers('jxl-bare?w=12&fm=png', '200 image/png 12x8');
answers('jxl-bare?crop=0,0,8,8&fm=png', '200 image/png 8x8');

my $res = $app->get('/jxl-animated?w=12&fm=png');
is($res->status, 415, 'an animated one: 415');
is($res->json->{message}, 'animated images of this type are not read',
   'and why');

done_testing;
