# Copyright (C) the project authors
#
# Sources include only what src/LAYERS lets their folder include; a folder
# that is not in it may not exist.

use strict;
use warnings;

use Cwd qw(realpath);
use File::Basename qw(dirname);
use Test::More;

my $top = realpath(dirname(__FILE__) . '/..');


# read_layers(TEXT): folder => { folder => 1 }
sub read_layers {
    my ($text) = @_;

    my %may;

    for (grep { /\S/ && !/^#/ } split /\n/, $text) {
        /^([a-z]+):((?: [a-z]+)*)$/ or die "bad line in LAYERS: $_\n";
        $may{$1} = { map { $_ => 1 } split ' ', $2 };
    }

    return \%may;
}


# violations(LAYERS, PATH, TEXT): what a file includes and may not
sub violations {
    my ($may, $path, $text) = @_;

    my ($folder) = $path =~ m{^src/([^/]+)/};
    my @wrong;

    # a shell at the root may include any folder
    return if !defined $folder;
    return "$path: \"$folder\" is not in src/LAYERS" if !$may->{$folder};

    while ($text =~ m{^[ \t]*#[ \t]*include[ \t]+["<]([^/">]+)/(\S+)[">]}mg) {
        my ($other, $file) = ($1, $2);

        next if $other eq $folder;
        next if !$may->{$other} && !-d "$top/src/$other";
        push @wrong, "$path: includes $other/$file"
            if !$may->{$folder}{$other};
    }

    return @wrong;
}


my $probe = read_layers("# c\ncore:\njson: core\napi: core json\n");

is_deeply([ violations($probe, 'src/json/a.c',
                       "#include <core/x.h>\n#include <json/y.h>\n"
                       . "#include <sys/types.h>\n") ], [],
          'an include downwards and one of the system are right');
is_deeply([ violations($probe, 'src/json/a.c', "#include <api/x.h>\n") ],
          [ 'src/json/a.c: includes api/x.h' ], 'one upwards is found');
is_deeply([ violations($probe, 'src/json/a.c', "# include \"api/x.h\"\n") ],
          [ 'src/json/a.c: includes api/x.h' ], 'in quotes as well');
is_deeply([ violations($probe, 'src/new/a.c', '') ],
          [ 'src/new/a.c: "new" is not in src/LAYERS' ],
          'a folder that is not listed is found');

open my $fh, '<', "$top/src/LAYERS" or die "src/LAYERS: $!";
my $may = read_layers(join '', <$fh>);

my @wrong;
my $files = 0;

for my $path (glob "$top/src/*/*.[ch]") {
    open my $in, '<', $path or die "$path: $!";
    local $/;
    my $text = <$in>;
    $path =~ s{^\Q$top\E/}{};
    push @wrong, violations($may, $path, $text);
    $files++;
}

for my $folder (sort keys %$may) {
    for my $other (sort keys %{ $may->{$folder} }) {
        push @wrong, "src/LAYERS: $folder may include $other,"
                     . ' which has no line' if !$may->{$other};
        push @wrong, "src/LAYERS: $folder and $other may include each other"
            if $may->{$other} && $may->{$other}{$folder};
    }
}

ok(!@wrong, "the includes of $files files keep to src/LAYERS")
    or diag(join "\n", @wrong);

done_testing;
