package Test::App::Image::Look;

# Copyright (C) the project authors
#
# What an image is, by its own bytes:
#
#   is(looks($app->get('/a.png?w=20')), '200 image/png 20x10');
#   my ($width, $height) = size_of($bytes);

use strict;
use warnings;

use Exporter 'import';

our @EXPORT = qw(looks size_of);


# status, type and size of an answer
sub looks {
    my ($res) = @_;

    return join ' ', $res->status, $res->header('Content-Type') || '-',
                     join 'x', size_of($res->body);
}


# width and height of JPEG, PNG, GIF, WebP, AVIF; an empty list for the rest
sub size_of {
    my ($b) = @_;

    return unpack 'x16 NN', $b if $b =~ /^\x89PNG/;
    return unpack 'x6 vv', $b if $b =~ /^GIF8/;
    return jpeg_size($b) if $b =~ /^\xff\xd8/;
    return webp_size($b) if $b =~ /^RIFF....WEBP/s;
    return unpack 'NN', $1 if $b =~ /ispe\0\0\0\0(.{8})/s;
    return;
}


sub jpeg_size {
    my ($b) = @_;

    for (my $at = 2; $at + 9 < length $b; ) {
        my ($marker, $length) = unpack "x$at xC n", $b;
        return reverse unpack "x$at x5 nn", $b
            if $marker >= 0xc0 && $marker <= 0xc2;
        $at += 2 + $length;
    }

    return;
}


sub webp_size {
    my ($b) = @_;

    my $kind = substr $b, 12, 4;

    return map { $_ & 0x3fff } unpack 'x26 vv', $b if $kind eq 'VP8 ';
    return map { 1 + unpack 'V', "$_\0" } substr($b, 24, 3), substr($b, 27, 3)
        if $kind eq 'VP8X';

    my $bits = unpack 'x21 V', $b;
    return (1 + ($bits & 0x3fff), 1 + ($bits >> 14 & 0x3fff));
}


1;
