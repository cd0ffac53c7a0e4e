package Test::App::Image;

# Copyright (C) the project authors
#
# Makes images, with nothing but Perl: small ones that are as they should be,
# and such that a server is attacked with.
#
#   my $bytes = png(width => 40, height => 30, color => [ 255, 0, 0 ]);
#   for (hostile()) { … $_->{name}, $_->{type}, $_->{data} … }
#
# All makers take width and height (16) and color ([ R, G, B, A ] of 0 to 255);
# gradient => 1 makes it lighter to the right and below.
#
#   png      type (2: of PNG), bits (8), interlace, frames (more than 1 is an
#            APNG), before and after (chunks [ NAME, BYTES ] around the image
#            data), claim ([ W, H ] that the header tells instead), idat
#   gif      frames (1), delay (10: hundredths of a second), transparent,
#            screen ([ W, H ]), at ([ X, Y ] of each frame)
#   jpeg     grey, cmyk, progressive, orientation (in EXIF), comment, segments
#            ([ MARKER, BYTES ]), scans (of a progressive one, 4 and more),
#            claim
#   webp     frames, alpha, orientation, claim (of the canvas)
#   tiff     pages (1), big (BigTIFF), endian ('II' or 'MM'), orientation,
#            fields ([ TAG, TYPE, COUNT, BYTES ] more or instead)
#   bmp
#   svg      body, before (what is in front of the root), attrs (instead of
#            width and height)
#   avif, heic, jxl    of 64 x 64, an orange; claim
#   heif     a container of items: see there
#
# valid() is a list of one of each type, and hostile() the attacks: each is
#
#   { name => 'png-bomb-65535', type => 'image/png', data => … }
#
# where type is what it is to be served as.  Some are 16 MB; each is made when
# it is asked for, so hostile('png-bomb-65535', …) is cheaper than all.

use strict;
use warnings;

use Compress::Zlib qw(compress crc32 Z_FINISH Z_FULL_FLUSH);
use Exporter 'import';
use MIME::Base64 qw(decode_base64);

our @EXPORT = qw(png gif jpeg webp tiff bmp svg avif heic jxl valid hostile);
our @EXPORT_OK = qw(zeros chunk gif_blocks segment riff webp_chunk u24 box heif
                    heif_item);

my @orange = (200, 120, 40, 255);

# one still picture of 64 x 64, and the decoder's configuration
my $av1 = decode_base64('EgAKCRgVf/+SAhoNCDIQFkAAAEAAA7rGBQ/CsRgpEA==');
my $av1c = decode_base64('gQAMAA==');
my $hevc = decode_base64('AAAAGCgBrxOA5qhw07/xpR//bX54fJhQtJ5v3w==');
my $hvcc = decode_base64(<<'EOF');
AQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQAr
QgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqSSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQA==
EOF
my $jxl = decode_base64('/wpPQEBxIQgCAQBkAEsYixUA1Btj0O5eIAIAQAKgC0jA8U/zVQo=');


# What the makers have in common.
sub options {
    my %o = (width => 16, height => 16, color => \@orange, @_);

    $o{color} = [ @{ $o{color} }, @orange[ @{ $o{color} } .. 3 ] ];
    return \%o;
}


# A sample of a pixel, 0 to 255.
sub sample {
    my ($o, $x, $y, $c) = @_;

    my $v = $o->{color}[$c];
    return $v if !$o->{gradient} || $c == 3;

    $v += int(200 * ($x + $y) / ($o->{width} + $o->{height}));
    return $v > 255 ? 255 : $v;
}


# So many zero bytes as zlib packs them, made out of one piece that fits
# behind itself: gigabytes in no time.
sub zeros {
    my ($n) = @_;

    my $unit = 1 << 20;
    my $piece = sub {
        my ($size, $flush) = @_;
        my $d = Compress::Zlib::deflateInit(-WindowBits => -15, -Level => 9);
        my $out = $d->deflate("\0" x $size);
        return $out . $d->flush($flush);
    };

    my $units = int($n / $unit);
    my $packed = $units ? $piece->($unit, Z_FULL_FLUSH) : '';

    # of zeros alone the sum is known
    return "\x78\xda" . $packed x $units . $piece->($n % $unit, Z_FINISH)
           . pack 'N', ($n % 65521) << 16 | 1;
}


# A chunk of PNG.
sub chunk {
    my ($name, $data) = @_;

    return pack('N', length $data) . $name . $data
           . pack('N', crc32($name . $data));
}


sub png {
    my $o = options(type => 2, bits => 8, frames => 1, @_);

    my ($w, $h) = @{ $o->{claim} || [ @$o{qw(width height)} ] };
    my $data = defined $o->{idat} ? $o->{idat} : compress(png_rows($o));

    my $out = "\x89PNG\r\n\x1a\n"
              . chunk('IHDR', pack 'NNCCCCC', $w, $h, $o->{bits}, $o->{type},
                                   0, 0, $o->{interlace} ? 1 : 0);
    $out .= chunk('PLTE', pack 'C*', @{ $o->{color} }[0 .. 2])
        if $o->{type} == 3;
    $out .= chunk('acTL', pack 'NN', $o->{frames}, 0) if $o->{frames} > 1;
    $out .= chunk(@$_) for @{ $o->{before} || [] };

    my $control = sub {
        return chunk('fcTL', pack 'NNNNNnnCC', $_[0], $w, $h, 0, 0, 1, 10,
                                  0, 0);
    };

    $out .= $control->(0) if $o->{frames} > 1;
    $out .= chunk('IDAT', $data);

    for my $n (1 .. $o->{frames} - 1) {
        $out .= $control->(2 * $n - 1)
                . chunk('fdAT', pack('N', 2 * $n) . $data);
    }

    $out .= chunk(@$_) for @{ $o->{after} || [] };

    return $out . chunk('IEND', '');
}


# Rows before they are packed; those of an interlaced image in seven passes.
sub png_rows {
    my ($o) = @_;

    my @passes = $o->{interlace}
        ? ([ 0, 0, 8, 8 ], [ 4, 0, 8, 8 ], [ 0, 4, 4, 8 ], [ 2, 0, 4, 4 ],
           [ 0, 2, 2, 4 ], [ 1, 0, 2, 2 ], [ 0, 1, 1, 2 ])
        : [ 0, 0, 1, 1 ];

    # of grey, colours, a palette's index, and with opacity
    my @channels = @{ { 0 => [ 0 ], 2 => [ 0, 1, 2 ], 3 => [], 4 => [ 0, 3 ],
                        6 => [ 0 .. 3 ] }->{ $o->{type} } };
    my ($bits, $out) = ($o->{bits}, '');

    for my $pass (@passes) {
        my ($x0, $y0, $dx, $dy) = @$pass;

        for (my $y = $y0; $y < $o->{height} && $x0 < $o->{width}; $y += $dy) {
            my $row = '';

            for (my $x = $x0; $x < $o->{width}; $x += $dx) {
                my @v = @channels ? map { sample($o, $x, $y, $_) } @channels
                                  : 0;
                $row .= join '', map {
                    sprintf '%0*b', $bits,
                        $bits == 16 ? $_ * 257 : $_ >> (8 - $bits)
                } @v;
            }

            $out .= "\0" . pack 'B*', $row;
        }
    }

    return $out;
}


# Pixels are codes of eight bits, with a code that starts over before they
# would become longer.
sub gif {
    my $o = options(frames => 1, delay => 10, @_);

    my ($w, $h) = @$o{qw(width height)};
    my ($x, $y) = @{ $o->{at} || [ 0, 0 ] };
    my ($sw, $sh) = @{ $o->{screen} || [ $x + $w, $y + $h ] };

    my $table = pack 'C*', map {
        my $n = $_;
        map { my $v = $_ + ($o->{gradient} ? $n : 0); $v > 255 ? 255 : $v }
            @{ $o->{color} }[0 .. 2]
    } 0 .. 127;

    my $pixels = join '', map {
        my $row = $_;
        map { chr($o->{gradient} ? int(127 * ($_ + $row) / ($w + $h)) : 0) }
            0 .. $w - 1
    } 0 .. $h - 1;

    my $codes = "\x80" . join("\x80", unpack '(a120)*', $pixels) . "\x81";
    my $frame = "\x21\xf9\x04" . pack('CvCC', $o->{transparent} ? 1 : 0,
                                      $o->{delay}, 0, 0)
                . "\x2c" . pack('vvvvC', $x, $y, $w, $h, 0) . "\x07"
                . gif_blocks($codes);

    return 'GIF89a' . pack('vvCCC', $sw, $sh, 0xf6, 0, 0) . $table
           . ($o->{frames} > 1 ? "\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0" : '')
           . $frame x $o->{frames} . ';';
}


sub gif_blocks {
    my ($bytes) = @_;

    return join('', map { chr(length) . $_ } unpack '(a255)*', $bytes) . "\0";
}


# A segment of JPEG.
sub segment {
    my ($marker, $data) = @_;

    return "\xff" . chr($marker) . pack('n', 2 + length $data) . $data;
}


# Of blocks of 8 x 8 that have one colour each: only the first coefficient of
# each is not zero.
sub jpeg {
    my $o = options(@_);

    my $n = $o->{grey} ? 1 : $o->{cmyk} ? 4 : 3;
    my ($w, $h) = @{ $o->{claim} || [ @$o{qw(width height)} ] };
    my $out = "\xff\xd8";

    $out .= segment(0xe1, "Exif\0\0" . tiff_exif($o->{orientation}))
        if $o->{orientation};
    $out .= segment(0xee, "Adobe\0\x64\0\0\0\0\0") if $o->{cmyk};
    $out .= segment(0xfe, $o->{comment}) if defined $o->{comment};
    $out .= segment(@$_) for @{ $o->{segments} || [] };

    # steps of 8 for it: then it is the mean itself
    $out .= segment(0xdb, "\0" . "\x08" x 64);
    $out .= segment($o->{progressive} ? 0xc2 : 0xc0,
                    pack('CnnC', 8, $h, $w, $n)
                    . join '', map { pack 'CCC', $_, 0x11, 0 } 1 .. $n);

    # no difference in one bit, and its sizes in five each; the end of a
    # block, and the end of 2^14 blocks
    $out .= segment(0xc4, pack 'C C16 C12', 0, 1, 0, 0, 0, 11, (0) x 11,
                                            0 .. 11);
    $out .= segment(0xc4, pack 'C C16 C2', 0x10, 1, 1, (0) x 14, 0, 0xe0);

    $out .= jpeg_scan([ 1 .. $n ], $o->{progressive} ? (0, 0) : (0, 63),
                      jpeg_means($o, $n));

    if ($o->{progressive}) {
        my $blocks = int(($o->{width} + 7) / 8) * int(($o->{height} + 7) / 8);
        my $rest = jpeg_ends($blocks);
        my $scans = $o->{scans} || $n + 1;

        $out .= join '', map { jpeg_scan([ 1 + $_ % $n ], 1, 63, $rest) }
                             0 .. $scans - 2;
    }

    return $out . "\xff\xd9";
}


sub jpeg_scan {
    my ($components, $from, $to, $bits) = @_;

    my $data = pack 'B*', $bits . '1' x (-length($bits) % 8);
    $data =~ s/\xff/\xff\0/g;

    return segment(0xda, pack('C', scalar @$components)
                         . join('', map { pack 'CC', $_, 0 } @$components)
                         . pack 'CCC', $from, $to, 0) . $data;
}


sub jpeg_means {
    my ($o, $n) = @_;

    my $columns = int(($o->{width} + 7) / 8);
    my $rows = int(($o->{height} + 7) / 8);
    my $end = $o->{progressive} ? '' : '0';
    my @last = (0) x $n;

    # all blocks after the first are as it
    return jpeg_block($o, 0, 0, \@last, $end)
           . ('0' . $end) x ($n * ($columns * $rows - 1))
        if !$o->{gradient};

    my $bits = '';

    for my $y (0 .. $rows - 1) {
        for my $x (0 .. $columns - 1) {
            $bits .= jpeg_block($o, 8 * $x, 8 * $y, \@last, $end);
        }
    }

    return $bits;
}


# The differences of a block's means from those of the block before it.
sub jpeg_block {
    my ($o, $x, $y, $last, $end) = @_;

    my ($r, $g, $b) = map { sample($o, $x, $y, $_) } 0 .. 2;
    my $l = 0.299 * $r + 0.587 * $g + 0.114 * $b;
    my @v = @$last == 1 ? $l
          : @$last == 4 ? ($r, $g, $b, 255)
          : ($l, 128 + ($b - $l) / 1.772, 128 + ($r - $l) / 1.402);
    my $bits = '';

    for my $c (0 .. $#v) {
        my $mean = int($v[$c] + 0.5) - 128;
        my $diff = $mean - $last->[$c];
        my $size = $diff ? length sprintf '%b', abs $diff : 0;

        $last->[$c] = $mean;
        $bits .= $size ? sprintf '1%04b%0*b', $size - 1, $size,
                                 $diff < 0 ? $diff + (1 << $size) - 1 : $diff
                       : '0';
        $bits .= $end;
    }

    return $bits;
}


# Ends of so many blocks, 32767 at once where that is possible.
sub jpeg_ends {
    my ($blocks) = @_;

    my $long = int($blocks / 32767);
    my $left = $blocks - 32767 * $long;
    my $bits = ('10' . '1' x 14) x $long;

    if ($left >= 16384) {
        $bits .= '10' . sprintf '%014b', $left - 16384;
        $left = 0;
    }

    return $bits . '0' x $left;
}


sub riff {
    my ($body) = @_;

    return 'RIFF' . pack('V', 4 + length $body) . 'WEBP' . $body;
}


sub webp_chunk {
    my ($name, $data) = @_;

    return $name . pack('V', length $data) . $data
           . ("\0" x (length($data) % 2));
}


# Lossless, of one colour: each of its codes has one symbol and takes no bits,
# so that any size is as long.
sub webp {
    my $o = options(frames => 1, @_);

    my ($w, $h) = @$o{qw(width height)};
    my ($cw, $ch) = @{ $o->{claim} || [ $w, $h ] };
    my $bits = sub { scalar reverse sprintf '%0*b', $_[1], $_[0] };
    my ($r, $g, $b, $a) = @{ $o->{color} };

    my $image = webp_chunk('VP8L', "\x2f" . pack 'b*',
        $bits->($w - 1, 14) . $bits->($h - 1, 14) . ($o->{alpha} ? 1 : 0)
        . '000' . '000' . join '', map { '101' . $bits->($_, 8) }
                                   $g, $r, $b, $o->{alpha} ? $a : 255, 0);

    return riff($image)
        if $o->{frames} == 1 && !$o->{claim} && !$o->{orientation};

    my $out = webp_chunk('VP8X', pack('V', ($o->{frames} > 1 ? 0x02 : 0)
                                           | ($o->{alpha} ? 0x10 : 0)
                                           | ($o->{orientation} ? 0x08 : 0))
                                 . u24($cw - 1) . u24($ch - 1));

    if ($o->{frames} > 1) {
        my $frame = webp_chunk('ANMF', u24(0) . u24(0) . u24($w - 1)
                                       . u24($h - 1) . u24(100) . "\0"
                                       . $image);
        $out .= webp_chunk('ANIM', "\0" x 6) . $frame x $o->{frames};

    } else {
        $out .= $image;
    }

    $out .= webp_chunk('EXIF', tiff_exif($o->{orientation}))
        if $o->{orientation};

    return riff($out);
}


sub u24 { return substr pack('V', $_[0]), 0, 3 }


# A TIFF with nothing but an orientation.
sub tiff_exif {
    my ($orientation) = @_;

    return "MM\0*" . pack 'N n nnNnn N', 8, 1, 274, 3, 1, $orientation, 0, 0;
}


# The fields of each page, its pixels, and the values that are too long for
# their field.
sub tiff {
    my $o = options(pages => 1, endian => 'II', @_);

    my $e = $o->{endian} eq 'II' ? '<' : '>';
    my ($word, $size) = $o->{big} ? ("Q$e", 8) : ("L$e", 4);
    my ($w, $h) = @$o{qw(width height)};
    my $out = $o->{endian}
              . ($o->{big} ? pack "S$e S$e S$e Q$e", 43, 8, 0, 16
                           : pack "S$e L$e", 42, 8);

    my $pixels = join '', map {
        my $y = $_;
        map { my $x = $_; pack 'C3', map { sample($o, $x, $y, $_) } 0 .. 2 }
            0 .. $w - 1
    } 0 .. $h - 1;

    my $short = sub { [ $_[0], 3, 1, pack "S$e", $_[1] ] };
    my $long = sub { [ $_[0], 4, 1, pack "L$e", $_[1] ] };

    # a strip without a value is the page's own
    my %field = map { $_->[0] => $_ } (
        $long->(256, $w), $long->(257, $h),
        [ 258, 3, 3, pack "(S$e)3", 8, 8, 8 ], $short->(259, 1),
        $short->(262, 2), [ 273, $o->{big} ? 16 : 4, 1 ],
        $short->(274, $o->{orientation} || 1), $short->(277, 3),
        $long->(278, $h), $long->(279, length $pixels),
        @{ $o->{fields} || [] });
    my @fields = map { $field{$_} } sort { $a <=> $b } keys %field;

    for my $page (1 .. $o->{pages}) {
        my $at = length($out) + ($o->{big} ? 8 : 2)
                 + @fields * (4 + 2 * $size) + $size;
        my ($entries, $data) = ('', $pixels);

        for (@fields) {
            my ($tag, $type, $count, $bytes) = @$_;

            $bytes = pack $word, $at if !defined $bytes;

            if (length $bytes > $size) {
                my $place = $at + length $data;
                $data .= $bytes;
                $bytes = pack $word, $place;
            }

            $entries .= pack("S$e S$e $word", $tag, $type, $count)
                        . $bytes . "\0" x ($size - length $bytes);
        }

        my $next = $page < $o->{pages} ? $at + length $data : 0;

        $out .= pack($o->{big} ? "Q$e" : "S$e", scalar @fields) . $entries
                . pack($word, $next) . $data;
    }

    return $out;
}


sub bmp {
    my $o = options(@_);

    my ($w, $h) = @$o{qw(width height)};
    my $rows = join '', map {
        my $y = $_;
        my $row = join '', map {
            my $x = $_;
            pack 'C3', map { sample($o, $x, $y, $_) } 2, 1, 0
        } 0 .. $w - 1;
        $row . "\0" x (-length($row) % 4)
    } reverse 0 .. $h - 1;

    return 'BM' . pack('V v v V', 54 + length $rows, 0, 0, 54)
           . pack('V V V v v V V V V V V', 40, $w, $h, 1, 24, 0, length $rows,
                  2835, 2835, 0, 0) . $rows;
}


sub svg {
    my $o = options(@_);

    my $attrs = defined $o->{attrs} ? $o->{attrs}
                : qq{width="$o->{width}" height="$o->{height}"};
    my $color = sprintf '#%02x%02x%02x', @{ $o->{color} }[0 .. 2];
    my $body = defined $o->{body} ? $o->{body}
               : qq{<rect width="100%" height="100%" fill="$color"/>};

    return ($o->{before} || '') . '<svg xmlns="http://www.w3.org/2000/svg"'
           . ' xmlns:xlink="http://www.w3.org/1999/xlink"'
           . " $attrs>$body</svg>\n";
}


# A box of the ISO family.
sub box {
    my ($name, @data) = @_;

    my $data = join '', @data;
    return pack('N', 8 + length $data) . $name . $data;
}


# heif(brand => 'avif', primary => 1, items => [ … ], refs => [ … ], …)
#
#   items  hashes: type ('av01'), props (boxes), data, inside (its data is in
#          the meta box), hidden; they are numbered from 1
#   refs   [ NAME, FROM, TO, … ]
#   more   boxes at the end of the meta box
sub heif {
    my (%o) = @_;

    my @items = @{ $o{items} };
    my ($props, $owners, $infos, $idat, $mdat) = ('', '', '', '', '');
    my (@places, $property);

    for my $n (1 .. @items) {
        my $item = $items[$n - 1];
        my @own = @{ $item->{props} || [] };

        $infos .= box('infe', pack 'CCnnna4x', 2, 0, $item->{hidden} ? 1 : 0,
                                   $n, 0, $item->{type});
        $props .= join '', @own;
        $owners .= pack 'nC C*', $n, scalar @own, map { ++$property } @own;

        my $to = $item->{inside} ? \$idat : \$mdat;
        push @places, [ $n, $item->{inside} ? 1 : 0, length $$to,
                        length $item->{data} ];
        $$to .= $item->{data};
    }

    my $refs = join '', map {
        my ($name, $from, @to) = @$_;
        box($name, pack 'n n n*', $from, scalar @to, @to)
    } @{ $o{refs} || [] };

    my $meta = sub {
        my ($base) = @_;

        my $iloc = join '', map {
            my ($n, $inside, $at, $len) = @$_;
            pack 'nnnnNN', $n, $inside, 0, 1, $at + ($inside ? 0 : $base), $len
        } @places;

        return box('meta', "\0" x 4,
            box('hdlr', "\0" x 8, 'pict', "\0" x 13),
            box('pitm', pack 'Nn', 0, $o{primary} || 1),
            box('iloc', pack('CCnCCn', 1, 0, 0, 0x44, 0, scalar @places),
                $iloc),
            box('iinf', pack('Nn', 0, scalar @items), $infos),
            $refs ne '' ? box('iref', "\0" x 4, $refs) : '',
            box('iprp', box('ipco', $props),
                box('ipma', pack('NN', 0, scalar @items), $owners)),
            $idat ne '' ? box('idat', $idat) : '', $o{more} || '');
    };

    my $brand = $o{brand} || 'avif';
    my $ftyp = box('ftyp', $brand, "\0" x 4, $brand, 'mif1', 'miaf');
    my $base = length($ftyp) + length($meta->(0)) + 8;

    return $ftyp . $meta->($base) . box('mdat', $mdat);
}


# An item of heif(), of 64 x 64 whatever it claims; more overrides.
sub heif_item {
    my ($type, $claim, %more) = @_;

    my ($w, $h) = @{ $claim || [ 64, 64 ] };

    return { type => $type,
             data => $type eq 'av01' ? $av1 : $hevc,
             props => [ box('ispe', pack 'NNN', 0, $w, $h),
                        box('pixi', pack 'NC4', 0, 3, 8, 8, 8),
                        $type eq 'av01' ? box('av1C', $av1c)
                                        : box('hvcC', $hvcc) ], %more };
}


sub avif {
    my (%o) = @_;

    return heif(items => [ heif_item('av01', $o{claim}) ]);
}


sub heic {
    my (%o) = @_;

    return heif(brand => 'heic', items => [ heif_item('hvc1', $o{claim}) ]);
}


# Of the size: that it is not in eights, form and number of the height, no
# ratio, form and number of the width.
sub jxl {
    my (%o) = @_;

    return $jxl if !$o{claim};

    my ($w, $h) = map { scalar reverse sprintf '%030b', $_ - 1 }
                      @{ $o{claim} };

    return "\xff\x0a" . pack 'b*', "0 11 $h 000 11 $w 1" =~ tr/ //dr;
}


# One of each type; options are those of all makers.
sub valid {
    my %o = (width => 60, height => 40, gradient => 1, @_);

    return map { { name => $_->[0], type => $_->[1], data => $_->[2] } }
        ([ 'png', 'image/png', png(%o) ],
         [ 'gif', 'image/gif', gif(%o) ],
         [ 'jpeg', 'image/jpeg', jpeg(%o) ],
         [ 'webp', 'image/webp', webp(%o) ],
         [ 'tiff', 'image/tiff', tiff(%o) ],
         [ 'bmp', 'image/bmp', bmp(%o) ],
         [ 'svg', 'image/svg+xml', svg(%o) ],
         [ 'avif', 'image/avif', avif(%o) ],
         [ 'heic', 'image/heic', heic(%o) ],
         [ 'jxl', 'image/jxl', jxl(%o) ]);
}


sub hostile {
    require Test::App::Image::Hostile;

    return Test::App::Image::Hostile::cases(@_);
}


1;
