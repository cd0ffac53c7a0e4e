package Test::App::Image::Hostile;

# Copyright (C) the project authors
#
# The cases of Test::App::Image's hostile(): what an image server is attacked
# with.  A name begins with the format; "probe" in a case is what must come of
# it before anything is decoded, as ngx_app_image_probe() says it:
#
#   OK WIDTHxHEIGHT [FRAMES]    its size is told, for a limit to refuse it
#   ABORT                       it is refused as broken or too costly
#   DECLINED                    it is no image
#
# and "answer", of some, is what a request for it may get besides 4xx: 200
# where a sound image is all that a decoder can see, with the reason there;
# "top" where its first lines are sound, "some" where later decoders take what
# is not there for zeros.

use strict;
use warnings;

use Compress::Zlib qw(compress);
use MIME::Base64 qw(decode_base64);
use Test::App::Image qw(:DEFAULT zeros chunk gif_blocks segment riff
                        webp_chunk u24 box heif heif_item);

my $big = 16 * 1024 * 1024;

# one still picture of 8000 x 8000, all black
my $av1 = Compress::Zlib::uncompress(decode_base64(<<'EOF'));
eNoTYuDilv9sV//5H4eAgImC0XVWAQEGkUBXDoaobxGrTuy/dLbmNtO3K6dTzpacToyt7Qq2471y
6LGt4TWewERnieQzH1NupSdr/uxbvesX85Kn3m8abn8zu3Ht5e7Wb4tz19Ws9Ph3u/z1garTMswu
vbtMz83bezzw/t+zCRGkms3xfGvmGQ5jht/9xesuTYw4WdkhsW173dzVUs97Na+YMljdaxTfE26y
7dSDUVfTz9VhNHH1qQAaOHivBAMDA5trRWYaA4OnpxYDB4jLIMTIzMAIZIGwFCMrmA4DYmkoOw6I
NaBqmIBYmAmhPrOdBUwDDQQDi2QGhhfMCJqNgWECOwMLUMbAyNCAcSKEzQg0gWEBVNzQwIBxAcTE
//+BNiyAmOggz8DAjMQGAQBofafI
EOF

my @all = (
    png_cases(), gif_cases(), jpeg_cases(), webp_cases(), heif_cases(),
    tiff_cases(), svg_cases(), other_cases(),
);


# cases(NAME, …): these, or all
sub cases {
    my (@names) = @_;

    my %by_name = map { $_->[0] => $_ } @all;
    my @cases = @names ? map { $by_name{$_} || die "no case $_\n" } @names
                       : @all;

    return map { { name => $_->[0], type => $_->[1], probe => $_->[2],
                   data => $_->[3]->(), answer => $_->[4] || '4xx' } } @cases;
}


# Of one colour: a bit or a byte for each pixel.
sub flat_png {
    my ($side, $bits) = @_;

    my $row = 1 + int(($side * $bits + 7) / 8);
    return png(width => $side, height => $side, type => 0, bits => $bits,
               idat => zeros($side * $row));
}


sub png_cases {
    my $type = 'image/png';

    return (
        [ 'png-bomb-30000', $type, 'OK 30000x30000',
          sub { flat_png(30000, 8) } ],
        [ 'png-bomb-65535', $type, 'OK 65535x65535',
          sub { flat_png(65535, 1) } ],
        [ 'png-interlaced-bomb', $type, 'OK 20000x20000', sub {
            my $rows = 0;
            for ([ 8, 8 ], [ 8, 8 ], [ 4, 8 ], [ 4, 4 ], [ 2, 4 ], [ 2, 2 ],
                 [ 1, 2 ]) {
                $rows += 20000 / $_->[1] * (1 + 20000 / $_->[0]);
            }
            png(width => 20000, height => 20000, type => 0, interlace => 1,
                idat => zeros($rows))
        } ],
        [ 'png-lies-large', $type, 'OK 50000x50000',
          sub { png(claim => [ 50000, 50000 ]) } ],
        # what is past the last row is not looked at
        [ 'png-lies-small', $type, 'OK 1x1', sub { png(claim => [ 1, 1 ]) },
          200 ],
        [ 'png-2g-wide', $type, 'OK 2147483647x1',
          sub { png(claim => [ 0x7fffffff, 1 ]) } ],
        [ 'png-negative', $type, 'ABORT',
          sub { png(claim => [ 0xffffffff, 0x80000000 ]) } ],
        [ 'png-no-size', $type, 'ABORT', sub { png(claim => [ 0, 0 ]) } ],
        [ 'png-frames', $type, 'OK 16x16 5000',
          sub { png(frames => 5000) } ],
        [ 'png-frames-lie', $type, 'ABORT', sub {
            png(before => [ [ 'acTL', pack 'NN', 0x7fffffff, 0 ] ])
        } ],
        [ 'png-tiny-chunks', $type, 'ABORT', sub {
            my $png = png();
            substr $png, -12, 12, chunk('tEXt', '') x ($big / 12);
            $png
        } ],
        [ 'png-text-bomb', $type, 'ABORT', sub {
            png(before => [ ([ 'zTXt', "a\0\0" . zeros(1 << 28) ]) x 8 ])
        } ],
        # a profile that the decoder gives up is as good as none
        [ 'png-profile-bomb', $type, 'OK 16x16', sub {
            png(before => [ [ 'iCCP', "icc\0\0" . zeros(1 << 30) ] ])
        }, 200 ],
        [ 'png-long-chunk', $type, 'ABORT', sub {
            my $png = png();
            substr $png, 33, 4, "\x7f\xff\xff\xff";
            substr $png, 37, 4, 'tEXt';
            $png
        } ],
        [ 'png-cut', $type, 'OK 16x16', sub { substr png(), 0, 50 } ],
        [ 'png-cut-header', $type, 'ABORT', sub { substr png(), 0, 30 } ],
        [ 'png-bad-data', $type, 'OK 16x16',
          sub { png(idat => "\xff" x 1000) } ],
    );
}


# One frame of one colour.  A code stands for a run that is longer by one than
# that of the code before it, until the table is full: eight million pixels,
# and in eight of these rounds whole bytes.
sub flat_gif {
    my ($side) = @_;

    my $bits = sub { scalar reverse sprintf '%0*b', $_[1], $_[0] };
    my ($round, $pixels, $width) = ($bits->(4, 3), 0, 3);

    for my $n (0 .. 4090) {
        my $code = $n ? 5 + $n : 0;
        $round .= $bits->($code, $width);
        $pixels += $n + 1;
        $width++ if 5 + $n == (1 << $width) - 1 && $width < 12;
    }

    my $rounds = 8 * (1 + int($side * $side / (8 * $pixels)));

    return 'GIF89a' . pack('vvCCC', $side, $side, 0x80, 0, 0)
           . "\0\0\0\xff\xff\xff\x2c" . pack('vvvvC', 0, 0, $side, $side, 0)
           . "\2" . gif_blocks(pack('b*', $round x 8) x ($rounds / 8)) . ';';
}


sub gif_cases {
    my $type = 'image/gif';

    return (
        [ 'gif-bomb', $type, 'OK 20000x20000', sub { flat_gif(20000) } ],
        [ 'gif-screen', $type, 'OK 65535x65535 3',
          sub { gif(width => 2, height => 2, frames => 3,
                    screen => [ 65535, 65535 ]) } ],
        [ 'gif-frame-outside', $type, 'OK 65551x65551',
          sub { gif(screen => [ 10, 10 ], at => [ 65535, 65535 ]) } ],
        [ 'gif-frames', $type, 'OK 2x2 10000',
          sub { gif(width => 2, height => 2, frames => 10000) } ],
        [ 'gif-frames-large', $type, 'OK 10000x10000 3000',
          sub { gif(width => 1, height => 1, frames => 3000,
                    screen => [ 10000, 10000 ]) } ],
        [ 'gif-tiny-blocks', $type, 'ABORT', sub {
            my $gif = gif();
            substr $gif, -1, 1,
                   "\x2c" . pack('vvvvC', 0, 0, 9, 9, 0) . "\7"
                   . "\1a" x ($big / 2);
            $gif
        } ],
        [ 'gif-tiny-frames', $type, 'ABORT', sub {
            my $gif = gif();
            substr $gif, -1, 1,
                   ("\x2c" . pack('vvvvC', 0, 0, 1, 1, 0) . "\2\0")
                   x ($big / 12);
            $gif
        } ],
        [ 'gif-no-frame', $type, 'ABORT',
          sub { substr(gif(), 0, 13 + 384) . ';' } ],
        [ 'gif-cut', $type, 'OK 16x16', sub { substr gif(), 0, 450 } ],
        [ 'gif-script', $type, 'ABORT',
          sub { 'GIF89a/*' . "\0" x 5 . '*/=1;alert(1)//' } ],
    );
}


sub jpeg_cases {
    my $type = 'image/jpeg';

    return (
        [ 'jpeg-bomb', $type, 'OK 32000x32000',
          sub { jpeg(width => 32000, height => 32000, grey => 1) } ],
        [ 'jpeg-no-data', $type, 'OK 65535x65535', sub {
            my $jpeg = jpeg(claim => [ 65535, 65535 ]);
            $jpeg =~ s/(\xff\xda.{12}).*/$1/s;
            $jpeg
        } ],
        [ 'jpeg-progressive-bomb', $type, 'OK 20000x20000',
          sub { jpeg(width => 20000, height => 20000, grey => 1,
                     progressive => 1) } ],
        [ 'jpeg-scans', $type, 'ABORT',
          sub { jpeg(width => 8000, height => 8000, grey => 1,
                     progressive => 1, scans => 2000) } ],
        [ 'jpeg-scans-small', $type, 'ABORT',
          sub { jpeg(grey => 1, progressive => 1, scans => 150) } ],
        [ 'jpeg-no-height', $type, 'ABORT',
          sub { jpeg(claim => [ 16, 0 ]) } ],
        [ 'jpeg-two-frames', $type, 'ABORT', sub {
            jpeg(segments => [ [ 0xc0, pack 'CnnCCCC', 8, 16, 16, 1, 1, 0x11,
                                            0 ] ])
        } ],
        [ 'jpeg-segments', $type, 'ABORT',
          sub { "\xff\xd8" . "\xff\xe0\0\2" x ($big / 4) } ],
        [ 'jpeg-fill', $type, 'ABORT', sub { "\xff\xd8" . "\xff" x $big } ],
        [ 'jpeg-cut-start', $type, 'ABORT', sub { substr jpeg(), 0, 3 } ],
        [ 'jpeg-cut-tables', $type, 'ABORT', sub { substr jpeg(), 0, 40 } ],
        [ 'jpeg-cut-frame', $type, 'ABORT', sub { substr jpeg(), 0, 80 } ],
        [ 'jpeg-cut-data', $type, 'OK 800x600', sub {
            my $jpeg = jpeg(width => 800, height => 600, gradient => 1);
            substr $jpeg, 0, length($jpeg) / 2
        }, 'top' ],
        # EXIF that is broken is no EXIF
        [ 'jpeg-exif-loop', $type, 'OK 16x16', sub {
            jpeg(segments => [ [ 0xe1, "Exif\0\0MM\0*"
                . pack('N n', 8, 2)
                . pack('nnNN', 0x8769, 4, 1, 8) . pack('nnNN', 0x8825, 4, 1, 8)
                . pack('N', 8) ] ])
        }, 200 ],
        [ 'jpeg-exif-orientation', $type, 'OK 16x16',
          sub { jpeg(orientation => 65535) }, 200 ],
        [ 'jpeg-exif-count', $type, 'OK 16x16', sub {
            jpeg(segments => [ [ 0xe1, "Exif\0\0MM\0*"
                . pack('N n', 8, 65535)
                . pack('nnNN', 274, 3, 0xffffffff, 0xfffffff0) ] ])
        }, 200 ],

        # comments are dropped, so are scripts, and types are those of bytes
        [ 'jpeg-php', $type, 'OK 16x16',
          sub { jpeg(comment => '<?php system($_GET["c"]); ?>') }, 200 ],
        [ 'jpeg-html', $type, 'DECLINED',
          sub { "<html><script>alert(document.domain)</script></html>\n" } ],
        [ 'jpeg-is-png', $type, 'OK 16x16', sub { png() }, 200 ],
        [ 'jpeg-is-svg', $type, 'OK 16x16',
          sub { svg(body => '<script>alert(1)</script>') }, 200 ],
        [ 'jpeg-is-pdf', $type, 'DECLINED',
          sub { "%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\n%%EOF\n" } ],
        [ 'jpeg-is-ps', $type, 'DECLINED',
          sub { "%!PS\n(/etc/passwd) (r) file 1000 string readstring\n" } ],
        [ 'jpeg-is-mvg', $type, 'DECLINED',
          sub { "push graphic-context\nimage over 0,0 0,0 "
                . "'https://127.0.0.1/x|id'\npop graphic-context\n" } ],
    );
}


sub webp_cases {
    my $type = 'image/webp';

    return (
        [ 'webp-bomb', $type, 'OK 16383x16383',
          sub { webp(width => 16383, height => 16383) } ],
        [ 'webp-frames', $type, 'OK 16x16 5000',
          sub { webp(frames => 5000) } ],
        [ 'webp-frames-bomb', $type, 'OK 16383x16383 2000',
          sub { webp(width => 16383, height => 16383, frames => 2000) } ],
        [ 'webp-canvas', $type, 'ABORT',
          sub { webp(claim => [ 16777216, 16777216 ]) } ],
        [ 'webp-lies', $type, 'ABORT', sub { webp(claim => [ 8, 8 ]) } ],
        [ 'webp-frame-outside', $type, 'ABORT',
          sub { webp(claim => [ 8, 8 ], frames => 2) } ],
        [ 'webp-tiny-chunks', $type, 'ABORT', sub {
            riff(webp_chunk('VP8X', "\0" x 10)
                 . webp_chunk('abcd', '') x ($big / 8))
        } ],
        [ 'webp-long-chunk', $type, 'ABORT',
          sub { riff("VP8X\xff\xff\xff\xff" . "\0" x 4) } ],
        [ 'webp-empty', $type, 'ABORT', sub { riff('') } ],
    );
}


# An image of one tile, of the size that its own data tells and the size that
# its properties tell.
sub grid {
    my ($size, $claim, @refs) = @_;

    my $item = heif_item('grid', $claim, inside => 1,
                         data => pack 'CCCCnn', 0, 0, 0, 0, @$size);
    pop @{ $item->{props} };

    return heif(items => [ $item, heif_item('av01', undef, hidden => 1) ],
                refs => [ @refs ? @refs : [ 'dimg', 1, 2 ] ]);
}


sub heif_cases {
    my $type = 'image/avif';

    return (
        [ 'avif-claims', $type, 'OK 65535x65535',
          sub { avif(claim => [ 65535, 65535 ]) } ],
        [ 'avif-claims-4g', $type, 'ABORT',
          sub { avif(claim => [ 0xffffffff, 0xffffffff ]) } ],
        [ 'avif-lies', $type, 'ABORT', sub {
            heif(items => [ heif_item('av01', [ 60, 40 ], data => $av1) ])
        } ],
        [ 'avif-bomb', $type, 'OK 8000x8000', sub {
            heif(items => [ heif_item('av01', [ 8000, 8000 ],
                                      data => $av1) ])
        } ],
        [ 'avif-alpha-lies', $type, 'ABORT', sub {
            heif(items => [ heif_item('av01'),
                            heif_item('av01', undef, data => $av1) ],
                 refs => [ [ 'auxl', 2, 1 ] ])
        } ],
        [ 'avif-grid-claims', $type, 'OK 65535x65535',
          sub { grid([ 65535, 65535 ], [ 64, 64 ]) } ],
        [ 'avif-grid-of-itself', $type, 'ABORT',
          sub { grid([ 64, 64 ], undef, [ 'dimg', 1, 1 ]) } ],
        [ 'avif-grid-large-tile', $type, 'ABORT', sub {
            my $grid = heif_item('grid', undef, inside => 1,
                                 data => pack 'CCCCnn', 0, 0, 0, 0, 64, 64);
            pop @{ $grid->{props} };
            heif(items => [ $grid, heif_item('av01', [ 8000, 8000 ],
                                             data => $av1) ],
                 refs => [ [ 'dimg', 1, 2 ] ])
        } ],
        [ 'avif-alpha-loop', $type, 'ABORT', sub {
            heif(items => [ heif_item('av01'), heif_item('av01') ],
                 refs => [ [ 'auxl', 1, 2 ], [ 'auxl', 2, 1 ] ])
        } ],
        [ 'avif-nested', $type, 'OK 64x64', sub {
            my $box = '';
            $box = box('meta', "\0" x 4, $box) for 1 .. 2000;
            heif(items => [ heif_item('av01') ], more => $box)
        } ],
        [ 'avif-boxes', $type, 'ABORT',
          sub { avif() . box('free', '') x ($big / 8) } ],
        [ 'avif-empty-box', $type, 'ABORT', sub {
            box('ftyp', 'avif', "\0" x 4, 'avif') . "\0\0\0\4meta"
        } ],
        [ 'avif-places', $type, 'ABORT', sub {
            my $avif = avif();
            $avif =~ s/(iloc.{8}).{8}/$1 . pack 'n4', 1, 0, 0, 65535/se;
            $avif
        } ],
        [ 'avif-properties', $type, 'ABORT', sub {
            my $avif = avif();
            $avif =~ s/(ipma....)..../$1\xff\xff\xff\xff/s;
            $avif
        } ],
        [ 'heic-claims', 'image/heic', 'OK 65535x65535',
          sub { heic(claim => [ 65535, 65535 ]) } ],
        [ 'heic-as-avif', $type, 'OK 64x64',
          sub { heif(items => [ heif_item('hvc1') ]) }, 200 ],
    );
}


sub tiff_cases {
    my $type = 'image/tiff';
    my $fields = sub { my @f = @_; sub { tiff(fields => \@f) } };
    my $long = sub { pack 'V', $_[0] };

    return (
        [ 'tiff-loop', $type, 'ABORT', sub {
            my $tiff = tiff();
            substr $tiff, 8 + 2 + 10 * 12, 4, $long->(8);
            $tiff
        } ],
        [ 'tiff-long-loop', $type, 'ABORT', sub {
            my $tiff = tiff(pages => 50, width => 1, height => 1);
            my $page = (length($tiff) - 8) / 50;
            substr $tiff, 8 + 49 * $page + 2 + 10 * 12, 4,
                   $long->(8 + 20 * $page);
            $tiff
        } ],
        [ 'tiff-many-pages', $type, 'OK 1x1 3000',
          sub { tiff(pages => 3000, width => 1, height => 1) } ],
        [ 'tiff-strips', $type, 'ABORT',
          $fields->([ 273, 4, 0x7fffffff, $long->(8) ],
                    [ 279, 4, 0x7fffffff, $long->(8) ]) ],
        [ 'tiff-strips-small', $type, 'OK 16x1000000',
          $fields->([ 257, 4, 1, $long->(1000000) ],
                    [ 278, 4, 1, $long->(1) ]), 'some' ],
        [ 'tiff-tile', $type, 'ABORT',
          $fields->([ 322, 4, 1, $long->(0x7ffffff0) ],
                    [ 323, 4, 1, $long->(0x7ffffff0) ]) ],
        [ 'tiff-samples', $type, 'ABORT',
          $fields->([ 277, 3, 1, pack 'v', 65535 ]) ],
        [ 'tiff-claims', $type, 'OK 65535x65535',
          $fields->([ 256, 4, 1, $long->(65535) ],
                    [ 257, 4, 1, $long->(65535) ]) ],
        [ 'tiff-claims-2g', $type, 'ABORT',
          $fields->([ 256, 4, 1, $long->(0x7fffffff) ],
                    [ 257, 4, 1, $long->(0x7fffffff) ]) ],
        [ 'tiff-claims-4g', $type, 'ABORT',
          $fields->([ 256, 4, 1, $long->(0xffffffff) ]) ],
        [ 'tiff-outside', $type, 'ABORT',
          sub { 'II*' . "\0" . $long->(0xfffffff0) } ],
        [ 'tiff-big-outside', $type, 'ABORT', sub {
            'II+' . "\0" . pack('v v', 8, 0) . "\xf0" . "\xff" x 7
        } ],
        [ 'tiff-big-fields', $type, 'ABORT', sub {
            'II+' . "\0" . pack('v v Q<', 8, 0, 16) . "\xff" x 8
        } ],
        [ 'tiff-big-claims', $type, 'ABORT', sub {
            tiff(big => 1, fields => [ [ 256, 16, 1, pack 'Q<', 1 << 40 ] ])
        } ],
    );
}


sub svg_cases {
    my $type = 'image/svg+xml';
    my $xml = qq{<?xml version="1.0"?>\n};

    return (
        [ 'svg-xxe', $type, 'ABORT', sub {
            svg(before => $xml . '<!DOCTYPE svg [ <!ENTITY x SYSTEM '
                          . qq{"file:///etc/passwd"> ]>\n},
                body => '<text y="9">&x;</text>')
        } ],
        [ 'svg-xxe-parameter', $type, 'ABORT', sub {
            svg(before => $xml . '<!DOCTYPE svg [ <!ENTITY % x SYSTEM '
                          . qq{"http://127.0.0.1:1/x.dtd"> %x; ]>\n})
        } ],
        [ 'svg-laughs', $type, 'ABORT', sub {
            my $entities = '<!ENTITY l0 "ha">' . join '', map {
                qq{<!ENTITY l$_ "} . ('&l' . ($_ - 1) . ';') x 10 . '">'
            } 1 .. 9;
            svg(before => "$xml<!DOCTYPE svg [ $entities ]>\n",
                body => '<text y="9">&l9;</text>')
        } ],
        [ 'svg-quadratic', $type, 'ABORT', sub {
            svg(before => "$xml<!DOCTYPE svg [ <!ENTITY a \""
                          . 'a' x 100000 . "\"> ]>\n",
                body => '<text y="9">' . '&a;' x 100000 . '</text>')
        } ],
        [ 'svg-encoding', $type, 'ABORT', sub {
            svg(before => qq{<?xml version="1.0" encoding="UTF-7"?>\n}
                          . '<!-- +AC0ALQA+- +ADwAIQ-DOCTYPE svg [ '
                          . '+ADwAIQ-ENTITY a "a"+AD4 ]+AD4 +ADwAIQAtAC0- '
                          . "-->\n")
        } ],
        [ 'svg-entity-size', $type, 'ABORT', sub {
            svg(before => "$xml<!DOCTYPE svg [ <!ENTITY w \"9999999\"> ]>\n",
                attrs => 'width="&w;" height="&w;"')
        } ],
        [ 'svg-file', $type, 'ABORT', sub {
            svg(body => '<image width="16" height="16" '
                        . 'xlink:href="file:///etc/passwd"/>')
        } ],
        [ 'svg-http', $type, 'ABORT', sub {
            svg(body => '<image width="16" height="16" '
                        . 'xlink:href="http://127.0.0.1:1/x.png"/>')
        } ],
        [ 'svg-style-http', $type, 'ABORT', sub {
            svg(before => '<?xml-stylesheet type="text/css" '
                          . 'href="http://127.0.0.1:1/x.css"?>',
                body => '<style>@import url(http://127.0.0.1:1/y.css);'
                        . '</style>')
        } ],
        [ 'svg-large', $type, 'OK 10000000x10000000',
          sub { svg(width => 10000000, height => 10000000) } ],
        [ 'svg-too-large', $type, 'ABORT',
          sub { svg(attrs => 'width="1e30" height="1e30"') } ],
        # one colour, in the size that is asked for
        [ 'svg-box-large', $type, 'OK 1000000000x1000000000',
          sub { svg(attrs => 'viewBox="0 0 1e9 1e9"') }, 200 ],
        [ 'svg-style-large', $type, 'OK 300x150',
          sub { svg(attrs => 'style="width:9999999px;height:9999999px"') } ],
        [ 'svg-drawn-large', $type, 'OK 300x150',
          sub { svg(attrs => '', body => '<rect width="9999999" '
                                         . 'height="9999999"/>') } ],
        [ 'svg-use', $type, 'ABORT', sub {
            svg(body => '<defs><g id="a0"><rect width="1" height="1"/></g>'
                . join('', map {
                    my $l = $_ - 1;
                    qq{<g id="a$_">} . qq{<use xlink:href="#a$l"/>} x 10
                    . '</g>'
                } 1 .. 9) . '</defs><use xlink:href="#a9"/>')
        } ],
        [ 'svg-filter', $type, 'ABORT', sub {
            svg(body => '<filter id="f"><feGaussianBlur '
                . 'stdDeviation="100000"/><feMorphology radius="100000"/>'
                . '</filter><rect width="9" height="9" filter="url(#f)"/>')
        } ],
        [ 'svg-deep', $type, 'ABORT',
          sub { svg(body => '<g>' x 200000 . '</g>' x 200000) } ],
        [ 'svg-image-bomb', $type, 'ABORT', sub {
            svg(body => '<image width="16" height="16" xlink:href="data:'
                . 'image/png;base64,'
                . MIME::Base64::encode_base64(flat_png(20000, 8), '')
                . '"/>')
        } ],
        [ 'svg-image', $type, 'ABORT', sub {
            svg(body => '<s:image xmlns:s="http://www.w3.org/2000/svg" '
                        . 'href="data:image/png;base64,'
                        . MIME::Base64::encode_base64(png(), '') . '"/>')
        } ],
        [ 'svg-file-inside', $type, 'ABORT', sub {
            svg(body => '<use xlink:href="data:image/svg+xml;base64,'
                        . MIME::Base64::encode_base64(svg(), '') . '#a"/>')
        } ],
        [ 'svg-include', $type, 'ABORT', sub {
            svg(body => '<x:include xmlns:x="http://www.w3.org/2001/XInclude"'
                        . ' href="file:///etc/passwd" parse="text"/>')
        } ],
        [ 'svg-default', $type, 'ABORT', sub {
            svg(before => "$xml<!DOCTYPE svg [ <!ATTLIST use xlink:href "
                          . "CDATA '#a'> ]>\n",
                body => '<g id="a"><use/><use/></g>')
        } ],
        [ 'svg-sheet', $type, 'ABORT', sub {
            svg(body => '<style>' . join('', map {
                    my $l = $_ - 1;
                    ".a$_,rect.b$_ { mask : url('#m$l') }\n"
                } 1 .. 5) . '</style>'
                . join('', map {
                    qq{<mask id="m$_">} . qq{<rect class="a$_"/>} x 10
                    . '</mask>'
                } 0 .. 5) . '<rect class="a5"/>')
        } ],
        [ 'svg-pattern', $type, 'ABORT', sub {
            svg(body => join('', map {
                    my $l = $_ - 1;
                    qq{<pattern id="p$_" width="1" height="1">}
                    . qq{<rect width="1" height="1" fill="url(#p$l)"/>} x 10
                    . '</pattern>'
                } 1 .. 5) . '<rect width="16" height="16" fill="url(#p5)"/>')
        } ],
        [ 'svg-inherited', $type, 'ABORT', sub {
            svg(body => '<pattern id="p" width="1" height="1"><rect/>'
                        . '</pattern><g fill="url(#p)">' . '<rect/>' x 1000
                        . '</g>')
        } ],
        [ 'svg-marker', $type, 'ABORT', sub {
            svg(body => '<marker id="m">' . '<path d="M0 0 1 1"/>' x 100
                        . '</marker><path marker-mid="url(#m)" d="M0 0'
                        . ' 1 1 0 0' x 10000 . '"/>')
        } ],
        [ 'svg-layers', $type, 'ABORT', sub {
            svg(body => '<g opacity=".9">' x 60 . '<rect/>' . '</g>' x 60)
        } ],
        [ 'svg-steps', $type, 'ABORT', sub {
            svg(body => '<filter id="f">' . join('', map {
                    qq{<feFlood result="r$_"/>}
                } 1 .. 1000) . '</filter><rect filter="url(#f)"/>')
        } ],
        [ 'svg-many', $type, 'ABORT', sub {
            svg(body => '<rect width="100%" height="100%"/>' x 100000)
        } ],
        [ 'svg-prolog', $type, 'DECLINED', sub { '<!---->' x ($big / 7) } ],
        [ 'svg-attribute', $type, 'ABORT', sub { '<svg a="' . 'a' x $big } ],
        [ 'svg-html', $type, 'DECLINED', sub {
            "<!DOCTYPE html>\n<html><svg width=\"9\" height=\"9\"/></html>\n"
        } ],
    );
}


sub other_cases {
    my $png = 'image/png';

    return (
        [ 'jxl-header', 'image/jxl', 'OK 64x64',
          sub { substr jxl(), 0, 20 } ],
        [ 'jxl-claims', 'image/jxl', 'OK 1073741824x1073741824',
          sub { jxl(claim => [ 1 << 30, 1 << 30 ]) } ],
        [ 'jxl-frames', 'image/jxl', 'OK 16x16', sub {
            my $bits = '1 10000 100 0 1 000 0 0 1 00 00 00 0 0 00 1 00 1 1';
            "\xff\x0a" . pack 'b*', ($bits =~ tr/ //dr) . '0' x 400
        } ],
        [ 'jxl-cut', 'image/jxl', 'ABORT', sub { substr jxl(), 0, 4 } ],
        [ 'jxl-boxes', 'image/jxl', 'ABORT', sub {
            "\0\0\0\x0cJXL \r\n\x87\n" . box('free', '') x ($big / 8)
        } ],
        [ 'zip', $png, 'DECLINED', sub {
            my $name = 'a.php';
            my $head = pack 'v v v v v V V V v v', 20, 0, 0, 0, 33, 0, 0, 0,
                            length $name, 0;
            "PK\3\4$head$name" . "PK\1\2" . pack('v', 20) . $head
            . pack('v v v V V', 0, 0, 0, 0, 0) . $name
            . "PK\5\6" . pack 'v v v v V V v', 0, 0, 1, 1, 51, 35, 0
        } ],
        [ 'empty', $png, 'DECLINED', sub { '' } ],
        [ 'byte', $png, 'DECLINED', sub { "\x89" } ],
        [ 'signature', $png, 'ABORT', sub { "\x89PNG\r\n\x1a\n" } ],
        [ 'text', $png, 'DECLINED', sub { "this is no image\n" } ],
        [ 'script', $png, 'DECLINED', sub { "#!/bin/sh\nid\n" } ],
        [ 'zeros', $png, 'DECLINED', sub { "\0" x $big } ],
        [ 'ones', $png, 'DECLINED', sub { "\xff" x $big } ],
        [ 'bmp-claims', 'image/bmp', 'DECLINED', sub {
            my $bmp = bmp();
            substr $bmp, 18, 8, pack 'VV', 0x7fffffff, 0x7fffffff;
            $bmp
        } ],
    );
}


1;
