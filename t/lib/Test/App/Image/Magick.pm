package Test::App::Image::Magick;

# Copyright (C) the project authors
#
# What ImageMagick, exiftool, webpmux and avifdec say of images: readers that
# share no code with the filter but the codecs.
#
#   my $im = Test::App::Image::Magick->new("$dir/html");
#   $im->run('photo.png -resize 50% half.jpg');
#
#   my ($a, $b) = $im->read('half.jpg', 'photo.png -resize 50%');
#   is(size($a), '120x80');
#   cmp_ok(rmse($a, $b), '<', 4);
#   is(pixel($a, 10, 10), ...);
#
# Arguments are one text, in which a word with blanks is in single quotes.  File
# names are of the directory that new() is given.
#
#   run(ARGS)       one call of convert; dies when it fails
#   read(ARGS …)    images, made and decoded by few calls: { width, height,
#                   frames, alpha, type, data }, where data is RGBA of eight
#                   bits, frames below each other; undef for what is no image
#   read_bytes(…)   the same of files' bytes, whatever their type; AVIF goes
#                   through avifdec, which is not libheif.  Images also have
#                   file (a name in the directory)
#   start(…)        another program, by its arguments; dies when it fails
#   tags(FILE …)    of each file what exiftool finds, by name; numbers as they
#                   are in the file
#   exif(ARGS …)    writes tags: arguments of exiftool for each call
#   webp(ARGS)      one call of webpmux: its output
#
# Of images:
#
#   size(IMAGE)             "120x80"
#   rmse(A, B)              of the colour that differs most, 0 to 255, alpha
#                           multiplied; 999 for those of unequal size
#   pixel(IMAGE, X, Y)      "r,g,b,a"
#   near(TEXT, TEXT, N)     whether no number of two such texts differs by
#                           more than N
#   deviation(IMAGE)        of green: the more contrast, the more

use strict;
use warnings;

use Exporter 'import';
use JSON::PP ();
use List::Util qw(max);

use Test::App::Server ();

our @EXPORT = qw(size rmse pixel near deviation $slack);

# ImageMagick 7 has another name, and warns when it is called by the old one
my ($convert) = grep { -x } map { my $name = $_; map { "$_/$name" }
                                  split /:/, $ENV{PATH} } qw(magick convert);

# Version 7 blurs, enlarges and converts CMYK somewhat differently, and comes
# with other decoders: what is exact stays so, the rest has twice the room.
our $slack = ($convert || '') =~ m{/magick\z} ? 2 : 1;

# ends with a list of arguments as long as this
my $batch = 24;


sub new {
    my ($class, $dir) = @_;

    mkdir "$dir/.im";
    return bless { dir => $dir, n => 0 }, $class;
}


sub words {
    my ($text) = @_;

    return map { s/^'(.*)'$/$1/r } $text =~ /'[^']*'|\S+/g;
}


# Runs a program in the directory: its output, and "" before what it says of
# a failure.
sub output {
    my ($self, @args) = @_;

    my $pid = open my $fh, '-|';
    die "fork: $!" if !defined $pid;

    if ($pid == 0) {
        open STDERR, '>', "$self->{dir}/.im/errors";
        chdir $self->{dir} and exec { $args[0] } @args;
        print STDERR "$args[0]: $!\n";
        require POSIX;
        POSIX::_exit(127);
    }

    local $/;
    my $out = <$fh>;
    close $fh;

    return ($out, $? == 0 ? '' : $self->errors || "status $?");
}


sub errors { return Test::App::Server::slurp("$_[0]{dir}/.im/errors") }


sub start {
    my ($self, @args) = @_;

    my ($out, $error) = $self->output(@args);
    die "@args: $error" if $error ne '';
    return $out;
}


sub run {
    my ($self, $args) = @_;

    return $self->start($convert || 'convert', words($args));
}


sub read {
    my ($self, @reads) = @_;

    my @images;

    while (my @some = splice @reads, 0, $batch) {
        push @images, $self->read_some(@some);
    }

    return @images;
}


# Each in parentheses of its own; what cannot be read leaves no line.
sub read_some {
    my ($self, @reads) = @_;

    my $dir = "$self->{dir}/.im";
    my @args = '-respect-parentheses';
    my @images;

    for my $n (0 .. $#reads) {
        unlink "$dir/$n.txt", "$dir/$n.rgba";
        push @args, '(', words($reads[$n]), '+repage', '-format',
             '%w %h %m %A\n', '-write', "info:$dir/$n.txt",
             qw(-colorspace sRGB -alpha set -depth 8 -append -write),
             "rgba:$dir/$n.rgba", '+delete', ')';
    }

    # one that fails must not take others along
    my ($out, $error) = $self->output($convert || 'convert', @args,
                                      qw(xc:red null:));

    for my $n (0 .. $#reads) {
        my @info = split /\n/, Test::App::Server::slurp("$dir/$n.txt");
        my $data = Test::App::Server::slurp("$dir/$n.rgba");

        if (!@info || $data eq '') {
            push @images, @reads > 1 ? $self->read_some($reads[$n]) : undef;
            Test::More::diag("ImageMagick: $error") if @reads == 1;
            next;
        }

        my ($width, $height, $type, $alpha) = split / /, $info[0];
        push @images, { width => $width, height => $height, type => $type,
                        frames => scalar @info, data => $data,
                        alpha => $alpha =~ /^(True|Blend|On)/ ? 1 : 0 };
    }

    return @images;
}



sub read_bytes {
    my ($self, @bytes) = @_;

    my @files;

    for (@bytes) {
        my $type = /^\x89PNG/ ? 'png' : /^GIF8/ ? 'gif' : /^\xff\xd8/ ? 'jpg'
                   : /^RIFF....WEBP/s ? 'webp' : /^....ftypavif/s ? 'avif'
                   : 'text';
        my $file = '.im/' . $self->{n}++ . ".$type";

        Test::App::Server::spew("$self->{dir}/$file", $_);
        push @files, $file;
    }

    my @images = $self->read(map {
        /avif$/ ? $self->avif($_) : /gif$/ ? "$_ -coalesce" : $_
    } @files);

    for (0 .. $#images) {
        next if !$images[$_];
        $self->compose($images[$_], $files[$_])
            if $files[$_] =~ /webp$/ && $images[$_]{frames} > 1;
        $images[$_]{file} = $files[$_];
    }

    return @images;
}


# Not all ImageMagicks know how frames of a WebP lie over each other (RFC 9649,
# 2.7.1.1), so they get one by one, as webpmux takes them out.
sub compose {
    my ($self, $image, $file) = @_;

    my $info = $self->webp("-info $file");
    my ($width, $height) = $info =~ /Canvas size: (\d+) x (\d+)/;
    my @frames = map { [ split ' ' ] } $info =~ /^ *\d+: +(.*)/mg;

    my @pixels = $self->read(map {
        $self->webp("-get frame $_ $file -o .im/frame$_.webp");
        ".im/frame$_.webp"
    } 1 .. @frames);

    my $canvas = "\0" x (4 * $width * $height);
    $image->{data} = '';

    for my $n (0 .. $#frames) {
        my ($w, $h, undef, $x, $y, undef, $dispose, $blend) = @{ $frames[$n] };
        my @rows = map { 4 * (($y + $_) * $width + $x) } 0 .. $h - 1;

        for my $row (0 .. $h - 1) {
            my $new = substr $pixels[$n]{data}, 4 * $w * $row, 4 * $w;
            my $old = substr $canvas, $rows[$row], 4 * $w;
            substr($canvas, $rows[$row], 4 * $w)
                = $blend eq 'yes' ? over($new, $old) : $new;
        }

        $image->{data} .= $canvas;

        if ($dispose eq 'background') {
            substr($canvas, $_, 4 * $w) = "\0" x (4 * $w) for @rows;
        }
    }

    @$image{qw(width height)} = ($width, $height);
    return;
}


# Of pixels that are transparent or opaque; others stay out of the tests.
sub over {
    my ($new, $old) = @_;

    my @old = unpack '(a4)*', $old;

    return join '', map {
        my $below = shift @old;
        ord(substr $_, 3) >= 128 ? $_ : $below
    } unpack '(a4)*', $new;
}


sub avif {
    my ($self, $file) = @_;

    $self->start('avifdec', $file, "$file.png");
    return "$file.png";
}


sub tags {
    my ($self, @files) = @_;

    my $all = JSON::PP::decode_json(
        $self->start(qw(exiftool -j -n -a -G0), @files));
    my %of = map { $_->{SourceFile} => $_ } @$all;

    return map { $of{$_} } @files;
}


sub exif {
    my ($self, @calls) = @_;

    my @args = map { (words($_), '-execute') } @calls;

    return $self->start('exiftool', @args, qw(-common_args
                       -overwrite_original -q -n));
}


sub webp {
    my ($self, $args) = @_;

    return $self->start('webpmux', words($args));
}


sub size { return $_[0] ? "$_[0]{width}x$_[0]{height}" : 'no image' }


# Colours count as much as can be seen of them.
sub rmse {
    my ($x, $y) = @_;

    return 999 if !$x || !$y || size($x) ne size($y)
                  || length $x->{data} != length $y->{data};
    return 0 if $x->{data} eq $y->{data};

    my @p = unpack 'C*', $x->{data};
    my @q = unpack 'C*', $y->{data};
    my ($r, $g, $b, $a) = (0, 0, 0, 0);

    for (my $i = 0; $i < @p; $i += 4) {
        my ($s, $t) = ($p[$i + 3] / 255, $q[$i + 3] / 255);
        $r += ($p[$i] * $s - $q[$i] * $t) ** 2;
        $g += ($p[$i + 1] * $s - $q[$i + 1] * $t) ** 2;
        $b += ($p[$i + 2] * $s - $q[$i + 2] * $t) ** 2;
        $a += ($p[$i + 3] - $q[$i + 3]) ** 2;
    }

    return sqrt(4 * max($r, $g, $b, $a) / @p);
}


sub pixel {
    my ($image, $x, $y) = @_;

    return 'no image' if !$image;
    return join ',', unpack 'C4', substr $image->{data},
                                         4 * ($y * $image->{width} + $x), 4;
}


sub near {
    my ($x, $y, $n) = @_;

    my @p = split /[,x]/, $x;
    my @q = split /[,x]/, $y;

    return @p == @q && !grep { abs($p[$_] - $q[$_]) > $n } 0 .. $#p;
}


sub deviation {
    my ($image) = @_;

    my ($n, $sum, $squares) = (0, 0, 0);

    for my $green (unpack '(xCxx)*', $image->{data}) {
        $n++;
        $sum += $green;
        $squares += $green ** 2;
    }

    return sqrt($squares / $n - ($sum / $n) ** 2);
}


1;
