package Test::App::Image::Correct;

# Copyright (C) the project authors
#
# The filter's answers beside what ImageMagick makes of the same source.
#
#   my ($app, $im) = correct(samples => [ 'photo.png', 'photo.jpg' ],
#                            server  => 'location /more/ { … }');
#   same($app, $im, 2,
#        [ 'photo.png?w=60', '-filter lanczos -resize 60x40!' ], …);
#   my ($image, …) = answers($app, $im, 'photo.png?w=60', …);
#
# correct() starts a server whose root has the samples, with the filter on;
# %%DIR%%/html is the root.  Arguments are those of Test::App->new.
#
# same() takes how large rmse() of Test::App::Image::Magick may be, and cases:
# what is asked, what ImageMagick does to the source, and, if it is not the one
# that is asked for, the source.  Sizes and numbers of frames are to be equal.
#
# answers() are images as its read() gives them, and in addition: file, res.

use strict;
use warnings;

use Exporter 'import';
use Test::More ();

use Test::App ();
use Test::App::Image::Magick;

our @EXPORT = qw(correct same answers $icc);

# profiles of the package libgs-common
our $icc = '/usr/share/color/icc/ghostscript';

# Edges are soft and colours are not pure, so that encoders that halve colours
# keep them.  The four marks tell which side is which.
my $photo = <<'EOF';
-size 240x160 gradient:#304070-#e0c090
( -size 160x240 gradient:#606060-#a0a0a0 -rotate 90 )
-compose soft-light -composite -compose over
-fill #c05040 -draw 'rectangle 0,0 59,39' -fill #40a050
-draw 'rectangle 180,0 239,39' -fill #4050b0 -draw 'rectangle 0,120 59,159'
-fill #d0d050 -draw 'circle 150,90 150,60' -fill #202020
-draw 'rectangle 90,60 109,119' -blur 0x1.5
EOF

# half of it red at half opacity, the rest transparent; no blur, so that what
# is transparent is black
my $veil = <<'EOF';
-size 120x80 xc:#00000000 -fill #ff000080 -draw 'rectangle 0,0 59,79'
EOF

# three frames that each show a third of what is transparent otherwise
my $anim = <<'EOF';
-loop 3 -size 60x40
( -delay 10 xc:none -fill red -draw 'rectangle 0,0 19,39' )
( -delay 20 xc:none -fill blue -draw 'rectangle 20,0 39,39' )
( -delay 40 xc:none -fill lime -draw 'rectangle 40,0 59,39' )
-set dispose background
EOF

my %samples = (
    'photo.jpg'     => "$photo -quality 92",
    'subsample.jpg' => "$photo -sampling-factor 2x2 -quality 92",
    'prog.jpg'      => "$photo -interlace JPEG -quality 92",
    'grey.jpg'      => "$photo -colorspace gray -quality 92",
    'cmyk.jpg'      => "$photo -profile $icc/srgb.icc"
                       . " -profile $icc/default_cmyk.icc -quality 95",
    'wide.jpg'      => "$photo -profile $icc/a98.icc -quality 95",
    'adam7.png'     => "$photo -interlace PNG",
    'grey16.png'    => "$photo -colorspace gray -depth 16",
    'deep.png'      => "$photo -depth 16 -define png:bit-depth=16",
    'palette.png'   => "$photo -colors 40 -transparent #202020",
    'rgba.png'      => "$photo ( -size 240x160 gradient:white-black )"
                       . ' -compose copy_opacity -composite',
    'veil.png'      => $veil,
    'photo.webp'    => "$photo -quality 90",
    'lossless.webp' => "$photo -define webp:lossless=true",
    'rgba.webp'     => "rgba.png -define webp:lossless=true",
    'photo.tif'     => "$photo -compress none",
    'tile.tif'      => "$photo -compress lzw -define tiff:tile-geometry=64x64",
    'cmyk.tif'      => "$photo -profile $icc/srgb.icc"
                       . " -profile $icc/default_cmyk.icc -compress lzw",
    'photo.gif'     => $photo,
    'anim.gif'      => $anim,
    'logo.png'      => '-size 30x30 xc:#2040ff',
);


sub correct {
    my (%o) = @_;

    my $samples = delete $o{samples};
    my $app = Test::App->new(
        modules => [ 'core', 'image_filter' ],
        %o,
        http    => ($o{http} || '') . <<'EOF',

types { image/png png; image/jpeg jpg; image/gif gif; image/webp webp;
        image/avif avif; image/tiff tif; }
EOF
        server  => 'location / { app_image_filter on; }' . ($o{server} || ''),
        start   => 0,
    );

    my $im = Test::App::Image::Magick->new($app->dir . '/html');

    # all that have the same beginning are made by one call
    $im->run("$photo -alpha off -depth 8 photo.png");
    my @args = map {
        my $args = $samples{$_};
        defined $args
            ? ('(', $args =~ s/^\Q$photo/photo.png/r, '-write', $_,
               '-delete 0--1', ')') : ()
    } @$samples;
    $im->run("-respect-parentheses @args xc:red null:") if @args;

    $im->start(qw(avifenc -s 9 --min 5 --max 15 -j 1), s/avif$/png/r, $_)
        for grep { /avif$/ } @$samples;

    $app->start if !$o{wait};
    return ($app, $im);
}


sub answers {
    my ($app, $im, @asked) = @_;

    my @answers = map { $app->get("/$_") } @asked;

    return $im->read_bytes(map { $_->body } @answers);
}


sub same {
    my ($app, $im, $limit, @cases) = @_;

    $limit *= $slack;

    my @got = answers($app, $im, map { $_->[0] } @cases);
    my @want = $im->read(map {
        my ($asked, $args, $source) = @$_;
        $source = $asked =~ s/\?.*//r =~ s{.*/}{}r if !defined $source;
        "$source $args"
    } @cases);

    for my $n (0 .. $#cases) {
        my ($got, $want) = ($got[$n], $want[$n]);
        my $differs = rmse($got, $want);
        my $name = $cases[$n][0];

        Test::More::ok($differs <= $limit && $got->{frames}
                       == $want->{frames}, "$name: as ImageMagick's")
            or Test::More::diag(sprintf
                   'differs by %.2f of %s; %s, %s frames, ImageMagick: %s, %s',
                   $differs, $limit, map { size($_), $_ ? $_->{frames} : 0 }
                                     $got, $want);
        Test::More::note(sprintf '%.2f %s', $differs, $name);
    }

    return;
}


1;
