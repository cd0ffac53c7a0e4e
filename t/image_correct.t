# Copyright (C) the project authors
#
# Size, place and pixels of answers are those that ImageMagick makes of the
# same source.
#
# Tolerances are a root mean square, of 255, of the colour that is worst:
#
#   0    what only moves pixels
#   1.5  the same resizing filter, in other arithmetic
#   2    and of decoders that upsample halved colours each in its way
#   2.5  enlarged: libvips 8.14 is half a pixel of the answer beside it
#   6    encoders at their default quality, which halve colours: measured are
#        up to 5.3 (JPEG), 4.3 (WebP, AVIF) and 1.5 (GIF, of 256 colours)

use Test::App;
use Test::App::Image::Correct;
use Test::App::Image::Magick;

my @lossless = qw(photo.png adam7.png grey16.png deep.png palette.png rgba.png
                  lossless.webp photo.tif tile.tif photo.gif);
my @lossy = qw(photo.jpg subsample.jpg prog.jpg grey.jpg photo.webp);
my @positions = qw(n ne e se s sw w nw centre);
my %gravity = (n => 'north', ne => 'northeast', e => 'east',
               se => 'southeast', s => 'south', sw => 'southwest',
               w => 'west', nw => 'northwest', centre => 'center');

my ($app, $im) = correct(
    samples => [ @lossless, @lossy, 'rgba.webp', 'photo.avif', 'rgba.avif',
                 'logo.png' ],
    http => join("\n", map {
        "app_image_watermark $_ file=%%DIR%%/html/logo.png position=$_"
        . ' size=10 margin=6;'
    } @positions) . <<'EOF',

app_image_watermark  half  file=%%DIR%%/html/logo.png opacity=50 size=20;
app_image_watermark  full  file=%%DIR%%/html/logo.png size=100;
EOF
);

my $resize = '-filter lanczos -resize';


# what is read

same($app, $im, 1.5,
    (map { [ "$_?w=120&fm=png", "$resize 120x80!" ] } @lossless),
    [ 'rgba.webp?w=120&fm=png', "$resize 120x80!", 'rgba.png' ],
    [ 'rgba.avif?w=120&fm=png', "$resize 120x80!", 'rgba.png' ]);

# at less than a half other decoders do part of the work
same($app, $im, 2,
    (map { [ "$_?w=120&fm=png", "$resize 120x80!" ],
           [ "$_?w=50&fm=png", "$resize 50x33!" ] } @lossy),
    [ 'photo.avif?w=120&fm=png', "$resize 120x80!", 'photo.png' ]);

same($app, $im, 0, map { [ "$_?fm=png", '' ] }
                       grep { !/grey16/ } @lossless);


# what is made

my %made = (jpg => 'JPEG', webp => 'WEBP', avif => 'PNG', gif => 'GIF',
            png => 'PNG');

for my $fm (sort keys %made) {
    my $opaque = $fm eq 'jpg' ? ' -background white -alpha remove' : '';

    same($app, $im, $fm eq 'png' ? 1.5 : 6,
        map { [ "$_?w=120&fm=$fm", "$resize 120x80!$opaque" ] }
            'photo.png', 'grey16.png', 'deep.png', 'grey.jpg',
            $fm eq 'gif' ? () : 'rgba.png');

    my ($image) = answers($app, $im, "photo.png?w=9&fm=$fm");
    is($image->{type}, $made{$fm}, "fm=$fm");
    like($image->{file}, qr/avif$/, 'as its bytes say') if $fm eq 'avif';
}


# size

same($app, $im, 1.5, map { [ "photo.png?$_->[0]", "$resize $_->[1]" ] }
    [ 'w=100', '100x' ],
    [ 'h=100', 'x100' ],
    [ 'w=100&h=100', '100x100' ],
    [ 'w=200&h=50', '200x50' ],
    [ 'w=40&dpr=2.5', '100x' ],
    [ 'w=30&h=30&dpr=3', '90x90' ],
    [ 'w=97&h=31&fit=stretch', '97x31!' ],
    [ 'w=100&h=100&fit=outside', '100x100^' ],
    [ 'w=80&h=80&fit=cover', '80x80^ -gravity center -extent 80x80' ],
    [ 'w=90&h=30&fit=cover', '90x30^ -gravity center -extent 90x30' ],
    [ 'w=100&h=80&fit=contain&bg=123456',
      '100x80 -background #123456 -extent 100x80-0-6' ],
    [ 'w=120&rot=90', 'x120 -rotate 90' ],
    [ 'w=60&h=60&fit=cover&rot=270',
      '60x60^ -gravity center -extent 60x60 -rotate 270' ],
    [ 'crop=60,40,120,60&w=60', '100% -crop 120x60+60+40 +repage'
                                . " $resize 60x30" ]);

same($app, $im, 2.5, map { [ "photo.png?$_->[0]&enlarge=1",
                             "-filter mitchell -resize $_->[1]" ] }
    [ 'w=300', '300x200!' ],
    [ 'w=300&h=300&fit=stretch', '300x300!' ],
    [ 'w=300&h=300&fit=cover', '450x300! -crop 300x300+75+0' ]);

# nothing is enlarged unless that is asked for
same($app, $im, 0,
    [ 'photo.png?w=300&fm=png', '' ],
    [ 'photo.png?w=240&h=300', '' ],
    [ 'photo.png?w=100&h=300&fit=outside&dpr=5', '' ],
    [ 'photo.png?w=999&h=999&fit=stretch', '' ],
    [ 'photo.png?w=480&h=480&fit=cover', '-gravity center -extent 160x160' ],
    [ 'photo.png?w=300&h=200&fit=contain&bg=lime',
      '-background lime -gravity center -extent 300x200' ]);


# place

same($app, $im, 0,
    (map { [ "photo.png?w=240&h=100&fit=cover&g=$_",
             "-gravity $gravity{$_} -extent 240x100" ],
           [ "photo.png?w=100&h=160&fit=cover&g=$_",
             "-gravity $gravity{$_} -extent 100x160" ],
           [ "photo.png?w=260&h=200&fit=contain&g=$_&bg=lime",
             "-background lime -gravity $gravity{$_} -extent 260x200" ] }
         @positions),
    [ 'photo.png?w=100&h=160&fit=cover&fpx=0.5&fpy=1', '-crop 100x160+70+0' ],
    [ 'photo.png?w=100&h=160&fit=cover&fpx=0.25&fpy=0', '-crop 100x160+10+0' ],
    [ 'photo.png?w=100&h=160&fit=cover&fpx=1&fpy=0', '-crop 100x160+140+0' ],
    [ 'photo.png?w=240&h=80&fit=cover&fpx=0&fpy=0.6', '-crop 240x80+0+56' ],
    [ 'photo.png?crop=30,20,100,80', '-crop 100x80+30+20' ],
    [ 'photo.png?crop=200,150,100,80', '-crop 40x10+200+150' ],
    [ 'photo.jpg?crop=31,21,100,80&fm=png', '-crop 100x80+31+21' ],
    [ 'photo.png?rot=90', '-rotate 90' ],
    [ 'photo.png?rot=180', '-rotate 180' ],
    [ 'photo.png?rot=270', '-rotate 270' ],
    [ 'photo.png?flip=h', '-flop' ],
    [ 'photo.png?flip=v', '-flip' ],
    [ 'photo.png?flip=hv', '-rotate 180' ],
    [ 'photo.png?flip=h&rot=90', '-flop -rotate 90' ],
    [ 'photo.png?pad=10&bg=123456',
      '-bordercolor #123456 -border 10x10' ],
    [ 'photo.png?pad=4,8', '-bordercolor white -border 8x4' ],
    [ 'photo.png?pad=1,2,3,4&bg=f00',
      '-background red -gravity northwest -extent 246x164-4-1' ],
    [ 'photo.png?pad=2,4&dpr=2', '-bordercolor white -border 8x4' ],
    [ 'rgba.png?pad=5,9', '-bordercolor none -compose copy -border 9x5' ]);

# a background that lets something through is behind the picture, too
same($app, $im, 1,
    [ 'rgba.png?pad=5&bg=00f8',
      '-bordercolor #0000ff88 -compose over -border 5x5' ]);

# an even border, and one of a JPEG that varies
$im->run('photo.png -bordercolor #fafafa -compose copy -border 12x7 '
         . '-write border.png -quality 85 border.jpg');
same($app, $im, 0,
    [ 'border.png?trim=10', '-trim' ],
    [ 'border.png?trim=20&pad=3', '-trim -bordercolor white -border 3x3' ]);
ok(near(size($_), '240x160', 2), 'the border of a JPEG')
    for answers($app, $im, 'border.jpg?trim=30&fm=png');


# watermarks: a square of 24 pixels, 10 percent of the width

same($app, $im, 0,
    (map { [ "photo.png?wm=$_", '( -size 24x24 xc:#2040ff ) -gravity '
             . "$gravity{$_} -geometry " . ($_ eq 'centre' ? '+0+0'
                : /^[ns]$/ ? '+0+6' : /^[ew]$/ ? '+6+0' : '+6+6')
             . ' -composite' ] } @positions),
    [ 'photo.png?wm=full', '( -size 160x160 xc:#2040ff ) -gravity southeast'
                           . ' -composite' ]);

# half of 255 is rounded up or down
same($app, $im, 0.5,
    [ 'photo.png?wm=half',
      '( -size 48x48 xc:rgba(32,64,255,0.5) ) -gravity southeast -composite' ],
    [ 'rgba.png?wm=half',
      '( -size 48x48 xc:rgba(32,64,255,0.5) ) -gravity southeast -composite' ]);

my ($marked, $clear) = answers($app, $im, 'photo.png?wm=half',
                               'rgba.png?wm=half');
is($marked->{alpha}, 0, 'what is opaque stays so');
is($clear->{alpha}, 1, 'and what is not, does not');

done_testing;
