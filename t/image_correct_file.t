# Copyright (C) the project authors
#
# What answers say beside their pixels: orientation, metadata, animation, and
# how they are encoded; as exiftool, webpmux and ImageMagick read it.

use Encode qw(encode_utf8);

use Test::App;
use Test::App::Image::Correct;
use Test::App::Image::Magick;

my @formats = qw(jpg png webp avif);

my ($app, $im) = correct(
    samples => [ qw(photo.jpg anim.gif photo.tif rgba.png) ],
    wait    => 1,
    server  => join '', map {
        "location /$_/ { alias %%DIR%%/html/; app_image_filter on;"
        . " app_image_metadata $_; }"
    } qw(copyright keep),
);


# Sources: each orientation, in the formats that can say it, and a file with
# all that cameras and editors write.

my $turned = 'photo.png -crop 200x100+20+30 +repage';
my %undo = (1 => '', 2 => '-flop', 3 => '-rotate 180', 4 => '-flip',
            5 => '-transpose', 6 => '-rotate 270', 7 => '-transverse',
            8 => '-rotate 90');

$im->run(join ' ', "-respect-parentheses ( $turned -write upright.png",
    (map { "( +clone $undo{$_} -quality 92 -write turned$_.jpg"
           . " -write turned$_.png -quality 90 -write turned$_.webp"
           . " -compress none -write turned$_.tif +delete )" } 1 .. 8),
    '+delete ) photo.png -quality 92 -write full.jpg -resize 32 thumb.jpg');

my @kinds = qw(jpg png tif webp);
my $rights = "\xc2\xa9 2024 Ada (studio)";
my $private = '-Make=Camera -Model=Nine -GPSLatitude=48.2 -GPSLatitudeRef=N'
              . ' -GPSLongitude=16.4 -GPSLongitudeRef=E -SerialNumber=4711'
              . ' -XMP:Creator=Someone -XMP:Subject=cake -IPTC:City=Vienna'
              . ' -EXIF:Orientation=6 -ThumbnailImage<=thumb.jpg'
              . " '-EXIF:Artist=Ada (her)' '-EXIF:Copyright=$rights'";

$im->exif(
    (map { my $n = $_; "-EXIF:Orientation=$n "
                       . join ' ', map { "turned$n.$_" } @kinds } 1 .. 8),
    "$private full.jpg");

# frames of a WebP: webpmux puts together what ImageMagick has drawn
$im->run('anim.gif -coalesce -define webp:lossless=true +adjoin frame%d.webp');
$im->webp('-frame frame0.webp +100+0+0+1-b -frame frame1.webp +200+0+0+1-b'
          . ' -frame frame2.webp +400+0+0+1-b -loop 3 -o anim.webp');

$app->start;


# upright

same($app, $im, 1.5, map { my $n = $_; map {
    [ "turned$n.$_?fm=png&w=100", '-filter lanczos -resize 100x50!',
      'upright.png' ] } qw(png tif) } 1 .. 8);

# those of webp and jpg are not exact
same($app, $im, 4, map { my $n = $_; map {
    [ "turned$n.$_?fm=png", '', 'upright.png' ],
    [ "turned$n.$_?fm=png&w=50", '-filter lanczos -resize 50x25!',
      'upright.png' ],
    [ "turned$n.$_?fm=png&crop=20,10,100,70", '-crop 100x70+20+10',
      'upright.png' ],
    } qw(jpg webp) } 1 .. 8);

for my $place ('', 'copyright/', 'keep/') {
    my @asked = map { my $n = $_; map { "${place}turned6.jpg?w=$n&fm=$_" }
                                      @formats } 100, 50;
    my @tags = $im->tags(map { $_->{file} } answers($app, $im, @asked));

    for my $n (0 .. $#asked) {
        is($tags[$n]{'EXIF:Orientation'} // 1, 1, "$asked[$n]: no turn left");
        is($tags[$n]{'QuickTime:Rotation'} // 0, 0, 'by any means')
            if $asked[$n] =~ /avif/;
    }
}


# metadata

my %kept = (none => '', copyright => 'EXIF:Artist EXIF:Copyright',
            keep => 'EXIF:Artist EXIF:Copyright EXIF:GPSLatitude EXIF:Make'
                    . ' EXIF:SerialNumber XMP:Creator XMP:Subject');
my @names = qw(EXIF:Artist EXIF:Copyright EXIF:GPSLatitude EXIF:Make
               EXIF:SerialNumber XMP:Creator XMP:Subject);

for my $level (sort keys %kept) {
    my $place = $level eq 'none' ? '' : "$level/";
    my @asked = map { "${place}full.jpg?w=100&fm=$_" } @formats;
    my @bodies = answers($app, $im, @asked, "${place}full.jpg?w=100&strip=1");
    my @tags = $im->tags(map { $_->{file} } @bodies);
    my $stripped = pop @tags;

    for my $n (0 .. $#asked) {
        is(join(' ', grep { defined $tags[$n]{$_} } @names), $kept{$level},
           "$asked[$n]: what is kept");
        next if $level eq 'keep';
        is_deeply([ grep { /GPS|XMP|IPTC|Photoshop|Comment|Serial|Thumb/ }
                         keys %{ $tags[$n] } ], [], 'and nothing else');
        next if $level eq 'none';
        is(encode_utf8($tags[$n]{'EXIF:Copyright'}), $rights, 'as it was');
        is($tags[$n]{'EXIF:Artist'}, 'Ada (her)', 'the artist too');
    }

    is_deeply([ grep { /^(?:EXIF|XMP|IPTC)/ } keys %$stripped ], [],
              "$level: nothing after strip");
}

my ($kept) = $im->tags(map { $_->{file} } answers($app, $im,
                                                  'keep/full.jpg?w=100'));
is($kept->{'IPTC:City'}, 'Vienna', 'IPTC is kept');

my @bare = $im->tags(map { $_->{file} }
                     answers($app, $im, map { "full.jpg?w=100&fm=$_" }
                                            @formats));
is_deeply([ grep { /^(?:EXIF|XMP|IPTC|ICC)/ } keys %{ $bare[$_] } ], [],
          "$formats[$_]: no metadata at all") for 0 .. $#formats;


# animation

same($app, $im, 0,
    [ 'anim.gif?fm=webp&ll=1', '-coalesce' ],
    [ 'anim.webp?fm=gif', '-coalesce', 'anim.gif' ],
    [ 'anim.webp?fm=webp&ll=1&page=1', '-coalesce -delete 0', 'anim.gif' ],
    [ 'anim.gif?page=1&n=1&fm=png', '-coalesce -delete 0 -delete 1' ],
    [ 'anim.gif?fm=png', '-coalesce -delete 1,2' ],
    [ 'anim.webp?page=2&fm=png', '-coalesce -delete 0,1', 'anim.gif' ],
    [ 'anim.gif?fm=gif&crop=10,10,30,20', '-coalesce -delete 1,2'
      . ' -crop 30x20+10+10 +repage' ],
    [ 'anim.gif?flip=h', '-coalesce -flop' ],
    [ 'anim.gif?rot=90', '-coalesce -rotate 90' ],
    [ 'anim.gif?w=40&h=40&fit=cover&g=e', '-coalesce -crop 40x40+20+0'
      . ' +repage' ]);
# resized edges of the frames' alpha are all there is: measured are up to 4.1
same($app, $im, 5,
    [ 'anim.gif?w=30&fm=webp&ll=1',
      '-coalesce -filter lanczos -resize 30x20!' ],
    [ 'anim.webp?w=30&fm=webp&ll=1',
      '-coalesce -filter lanczos -resize 30x20!', 'anim.gif' ]);


# what a file says of its frames: "100 200 400, 3 times"
sub timing {
    my ($image) = @_;

    my ($gif) = $im->output('exiftool', '-b', '-AnimationIterations',
                            $image->{file}) if $image->{file} =~ /gif$/;
    return join(' ', map { 10 * $_ } split ' ',
                $im->run("$image->{file} -format '%T ' info:-"))
           . ", $gif times" if defined $gif;

    my $said = $im->webp("-info $image->{file}");
    my @frames = $said =~ /^ *\d+: +(?:\S+ +){5}(\d+)/mg;
    return "@frames, " . ($said =~ /Loop Count : (\d+)/)[0] . ' times';
}

my ($times) = timing({ file => 'anim.gif' }) =~ /, (.*)/;
my @timed = (
    [ '', '100 200 400' ], [ 'page=1', '200 400' ], [ 'n=2', '100 200' ],
    [ 'page=1&n=2&w=30', '200 400' ], [ 'w=30', '100 200 400' ],
    [ 'rot=90&page=1', '200 400' ],
);

for my $source (qw(anim.gif anim.webp)) {
    for my $fm (qw(gif webp)) {
        my @images = answers($app, $im, map { "$source?fm=$fm&$_->[0]" }
                                            @timed);
        is(timing($images[$_]),
           "$timed[$_][1], " . ($fm eq 'gif' ? $times : '3 times'),
           "$source?fm=$fm&$timed[$_][0]") for 0 .. $#timed;
    }
}


# how it is encoded

my @encoded = $im->tags(map { $_->{file} } answers($app, $im,
    'photo.jpg?w=200', 'photo.jpg?w=200&il=0', 'photo.jpg?w=200&fm=png',
    'photo.jpg?w=200&fm=png&il=1'));
is($encoded[0]{'File:EncodingProcess'}, 2, 'a JPEG is progressive');
is($encoded[1]{'File:EncodingProcess'}, 0, 'unless that is not wanted');
is($encoded[2]{'PNG:Interlace'}, 0, 'a PNG is not');
is($encoded[3]{'PNG:Interlace'}, 1, 'unless that is wanted');

for my $fm (qw(jpg webp avif)) {
    my @images = answers($app, $im, map { "rgba.png?bg=white&fm=$fm&q=$_" }
                                        20, 50, 75, 90);
    my @bytes = map { -s $app->dir . "/html/$_->{file}" } @images;
    is("@bytes", join(' ', sort { $a <=> $b } @bytes), "$fm: $_ by quality")
        for 'bytes';

    my ($best) = $im->read('rgba.png -background white -alpha remove');
    my @errors = map { rmse($_, $best) } @images;
    is("@errors", join(' ', sort { $b <=> $a } @errors), "$fm: errors too");
}

done_testing;
