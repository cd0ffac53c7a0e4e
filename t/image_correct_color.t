# Copyright (C) the project authors
#
# Colours of answers are those that ImageMagick makes of the same source, with
# Little CMS where profiles are involved.
#
# Tolerances are a root mean square, of 255, of the colour that is worst:
#
#   1    arithmetic of eight bits, rounded once more or less
#   2.5  and profiles: tables of other sizes; blurs of another radius
#   4    a blur that is made of a smaller image; a JPEG of quality 95 in
#        colours that another profile then stretches
#   6    a JPEG of quality 95 with hard edges: measured are up to 4.4

use Test::App;
use Test::App::Image::Correct;
use Test::App::Image::Magick;

my ($app, $im) = correct(
    samples => [ qw(photo.jpg grey.jpg cmyk.jpg wide.jpg rgba.png grey16.png
                    deep.png veil.png palette.png cmyk.tif logo.png
                    anim.gif) ],
    wait    => 1,
    http    => <<'EOF',
app_image_watermark  logo   file=%%DIR%%/html/logo.png size=20;
app_image_watermark  wide   file=%%DIR%%/html/wide-logo.png size=20;
app_image_watermark  cmyk   file=%%DIR%%/html/cmyk-logo.jpg size=20;
app_image_watermark  grey   file=%%DIR%%/html/grey-logo.png size=20;
EOF
    server  => <<'EOF',
location /own/ { alias %%DIR%%/html/; app_image_filter on;
                 app_image_icc keep; }
EOF
);

my $srgb = "-profile $icc/srgb.icc";

$im->run("-size 30x30 xc:#2040ff -profile $icc/a98.icc -write"
         . " wide-logo.png -profile $icc/default_cmyk.icc -quality 95"
         . ' cmyk-logo.jpg');
$im->run('-size 30x30 xc:#777777 -colorspace gray grey-logo.png');

# a profile with the name and primaries of sRGB, but no curve
my $linear = slurp("$icc/scrgb.icc");
ok($linear =~ s/scRGB ICCProfile/sRGB ICC Profile/g, 'the linear profile');
spew($app->dir . '/html/linear.icc', $linear);

my %profile = ('linear.png' => 'linear.icc', 'named.png' => "$icc/esrgb.icc",
               'srgb.png' => "$icc/srgb.icc",
               'romm.png' => "$icc/rommrgb.icc");

$im->run(join ' ', map({ "( photo.png -profile $profile{$_} -write $_"
                         . ' +delete )' } sort keys %profile),
                   'xc:red null:');
$im->run("grey.jpg -profile $icc/ps_gray.icc grey-icc.png");

$app->start;


# profiles

same($app, $im, 2.5,
    (map { [ "$_?fm=png", $srgb ],
           [ "$_?w=96&fm=png", "-filter lanczos -resize 96x64! $srgb" ],
           [ "$_?w=48&fm=png", "-filter lanczos -resize 48x32! $srgb" ],
           [ "$_?crop=10,20,90,60&fm=png", "-crop 90x60+10+20 $srgb" ] }
         qw(wide.jpg cmyk.jpg cmyk.tif)),
    (map { [ "$_?fm=webp&ll=1", $srgb ] }
         qw(linear.png named.png srgb.png romm.png grey-icc.png)));

# of grey no profile is kept where the answer is red, green and blue

for my $ops ('fm=webp&ll=1', 'fm=png&tint=ffffff', 'fm=png&wm=logo',
             'fm=png&w=96&h=96&fit=contain&bg=ffffff', 'fm=jpg&con=1.2&q=95')
{
    my ($own, $srgb) = answers($app, $im, "own/grey-icc.png?$ops",
                               "grey-icc.png?$ops");
    cmp_ok(rmse($own, $srgb), '<', 1, "own/grey-icc.png?$ops");
}
is($app->get('/own/grey-icc.png?fm=jxl')->status, 200, 'a JPEG XL of it');
like($app->get('/own/grey-icc.png?fm=png')->body, qr/iCCP/, 'a PNG has it');

# nor one that the source has by mistake

my $wrong = "ICC_PROFILE\0\1\1" . slurp("$icc/ps_gray.icc");
spew($app->dir . '/html/wrong.jpg',
     slurp($app->dir . '/html/photo.jpg')
         =~ s/^(\xff\xd8)/$1 . "\xff\xe2" . pack('n', 2 + length $wrong)
                          . $wrong/er);
is($app->get('/own/wrong.jpg?fm=jxl')->status, 200, 'one of grey in RGB');
unlike($app->get('/own/wrong.jpg?q=90')->body, qr/ICC_PROFILE/, '  is dropped');

# the patch is of the wide gamut
my ($wide, $plain) = answers($app, $im, 'wide.jpg?fm=png', 'photo.jpg?fm=png');
my ($by_lcms) = $im->read("wide.jpg $srgb");
ok(near(pixel($wide, 210, 20), pixel($by_lcms, 210, 20), 3), 'a patch');
ok(!near(pixel($wide, 210, 20), pixel($plain, 210, 20), 20),
   'is another colour in the other space');

# what is kept is kept
my ($own) = answers($app, $im, 'own/wide.jpg?w=96&q=95');
my ($tags) = $im->tags($own->{file});
like($tags->{'ICC_Profile:ProfileDescription'}, qr/A98/, 'its own profile');
my ($by_own, $by_source) = $im->read(
    "$own->{file} $srgb",
    "wide.jpg -filter lanczos -resize 96x64! $srgb");
cmp_ok(rmse($by_own, $by_source), '<', 4 * $slack, 'and its own colours');

($tags) = $im->tags(map { $_->{file} }
                    answers($app, $im, 'wide.jpg?w=96&fm=jpg'));
is_deeply([ grep { /^ICC/ } keys %$tags ], [], 'no profile otherwise');

($own) = answers($app, $im, 'own/cmyk.jpg?w=96&fm=png');
my ($by_icc) = $im->read("cmyk.jpg -filter lanczos -resize 96x64! $srgb");
cmp_ok(rmse($own, $by_icc), '<', 2.5 * $slack, 'CMYK is never kept');


# alpha

same($app, $im, 1,
    [ 'rgba.png?bg=204060', '-background #204060 -alpha remove' ],
    [ 'rgba.png?bg=black&fm=webp&ll=1', '-background black -alpha remove' ],
    [ 'palette.png?bg=204060', '-background #204060 -alpha remove' ],
    [ 'palette.png?bri=1', '' ],
    [ 'rgba.png?con=1', '' ]);
same($app, $im, 1.5, [ 'veil.png?w=60', '-filter lanczos -resize 60x40!' ]);
same($app, $im, 6,
    [ 'rgba.png?fm=jpg&q=95', '-background white -alpha remove' ],
    [ 'rgba.png?fm=jpg&q=95&bg=204060', '-background #204060 -alpha remove' ],
    [ 'palette.png?fm=jpg&q=95', '-background white -alpha remove' ]);

my ($flat, $kept) = answers($app, $im, 'rgba.png?bg=204060', 'rgba.png?blur=1');
is($flat->{alpha}, 0, 'behind it is a colour');
is($kept->{alpha}, 1, 'and nothing otherwise');

# what is transparent has no colour that could leak
same($app, $im, 2.5,
    [ 'veil.png?blur=3', '-blur 0x3' ],
    [ 'veil.png?blur=7', '-blur 0x7' ]);
same($app, $im, 4,
    [ 'veil.png?blur=12', '-blur 0x12' ]);
my @leak = answers($app, $im, 'veil.png?blur=3', 'veil.png?blur=12',
                   'veil.png?sharp=2', 'veil.png?w=60&blur=2');
for (@leak) {
    my @seen = grep { (unpack 'C4', $_)[3] >= 32 } unpack '(a4)*', $_->{data};
    is((grep { (unpack 'C4', $_)[0] < 245 } @seen), 0, 'red stays red');
}


# a background that lets something through: shares of both by their alpha

$im->run("-size 9x9 xc:#00000000 -depth 8 PNG32:clear.png");
$im->run("-size 9x9 xc:#ff000080 -depth 8 PNG32:half.png");
for my $case ([ 'clear.png?bg=0000ff80', '0,0,255,128' ],
              [ 'clear.png?bg=0000ff00', '0,0,0,0' ],
              [ 'clear.png?bg=0000ff', '0,0,255,255' ],
              [ 'half.png?bg=0000ff80', '170,0,85,192' ],
              [ 'half.png?bg=0000ff80&fm=webp&ll=1', '170,0,85,192' ],
              [ 'half.png?bg=0000ff80&pad=9', '170,0,85,192' ])
{
    my ($image) = answers($app, $im, $case->[0]);
    my $at = $image ? int($image->{width} / 2) : 0;
    ok(near(pixel($image, $at, $at), $case->[1], 2), $case->[0])
        or diag(pixel($image, $at, $at));
}


# tones: with alpha, of grey, of sixteen bits

my @weights = (0.2126, 0.7152, 0.0722);

sub matrix { return "-color-matrix '" . join(' ', @_) . "'" }

sub saturation {
    my ($s) = @_;

    return matrix(map {
        my $row = $_;
        map { ($_ == $row) * $s + (1 - $s) * $weights[$_] } 0 .. 2
    } 0 .. 2);
}

sub tint {
    return matrix(map { my $c = $_ / 255; map { $c * $_ } @weights } @_);
}

my @tones = (
    [ 'bri=1.5', '-channel RGB -evaluate multiply 1.5 +channel' ],
    [ 'bri=0.25', '-channel RGB -evaluate multiply 0.25 +channel' ],
    [ 'con=1.5', "-channel RGB -fx '(u-128/255)*1.5+128/255' +channel" ],
    [ 'con=0', '-fill #808080 -colorize 100' ],
    [ 'sat=0', saturation(0) ],
    [ 'sat=0.5', saturation(0.5) ],
    [ 'sat=2', saturation(2) ],
    [ 'tint=ff8000', tint(255, 128, 0) ],
    [ 'bri=1.2&sat=0', '-channel RGB -evaluate multiply 1.2 +channel '
                       . saturation(0) ],
);

same($app, $im, 1, map { [ "photo.png?$_->[0]", $_->[1] ] } @tones);
same($app, $im, 1, map {
    my $source = $_;
    map { [ "$source?$tones[$_][0]&fm=png", "-colorspace sRGB $tones[$_][1]" ] }
        0, 2, 5, 7
} 'deep.png', 'rgba.png', 'grey16.png', 'grey.jpg');


# sharpness

same($app, $im, 2.5, map { [ "photo.png?blur=$_", "-blur 0x$_" ] } 1, 3, 8);
same($app, $im, 4, map { [ "photo.png?blur=$_", "-blur 0x$_" ] } 9, 20);

my @edges = map { deviation($_) }
            answers($app, $im, map { "photo.png?$_" } 'blur=4', 'blur=2',
                    'bri=1', 'sharp=1', 'sharp=3');
is("@edges", join(' ', sort { $a <=> $b } @edges),
   'blurred, as it is, and sharp');


# watermarks have their own colours, on whatever they are

my @on = ('photo.png', 'grey.jpg', 'cmyk.jpg', 'rgba.png', 'palette.png',
          'deep.png', 'wide.jpg');
my @marked = answers($app, $im, map { "$_?wm=logo&fm=png" } @on);
ok(near(pixel($marked[$_], 230, 150), '32,64,255,255', 1),
   "a watermark on $on[$_]") for 0 .. $#on;

my @colors = map { pixel($_, 24, 24) } $im->read(
    "wide-logo.png $srgb", "cmyk-logo.jpg $srgb", 'grey-logo.png');
my @logos = qw(wide cmyk grey);
@marked = answers($app, $im, map { "photo.png?wm=$_" } @logos);
ok(near(pixel($marked[$_], 230, 150), $colors[$_], 3 * $slack ** 2),
   "one of $logos[$_]")
    or diag(pixel($marked[$_], 230, 150), ' ', $colors[$_]) for 0 .. $#logos;

my ($frames) = answers($app, $im, 'anim.gif?wm=logo');
is($frames->{frames}, 3, 'on an animation');
ok(near(pixel($frames, 57, 40 * $_ + 37), '32,64,255,255', 1),
   'on each of its frames') for 0 .. 2;

done_testing;
