# Copyright (C) the project authors
#
# The images of Test::App::Image, and that the small ones that attack are
# inputs of the fuzz target and of the unit test, with what must come of them.

use Test::App;
use Test::App::Image;

my $corpus = "$Test::App::top/t/fuzz/corpus/image_probe";


my %want = slurp("$Test::App::top/t/unit/image_probe.c")
           =~ /^    \{ "([\w-]+)", "([^"]*)" \},$/mg;
my @kept = sort map { s{.*/}{}r } glob "$corpus/*";

is_deeply(\@kept, [ sort keys %want ], 'the unit test reads all of the corpus');
cmp_ok(scalar @kept, '<', 80, 'which is small');
is_deeply([ grep { -s "$corpus/$_" > 4096 } @kept ], [], 'so is each file');

my @all = hostile();
my %names = map { $_->{name} => 1 } @all;

cmp_ok(scalar keys %names, '==', scalar @all, 'each attack has a name');
is_deeply([ grep { ($_->{probe} || '')
                   !~ /\A(?:ABORT|DECLINED|OK [0-9]+x[0-9]+(?: [0-9]+)?)\z/
                   || $_->{type} !~ m{\Aimage/[a-z+]+\z} } @all ], [],
          'a type, and what must come of it');

my @known = grep { exists $want{ $_->{name} } } @all;
cmp_ok(scalar @known, '>', 10, 'some of them are in the corpus');

for my $case (@known) {
    my ($name, $probe) = @$case{qw(name probe)};
    my $want = $want{$name};
    my ($size, $frames) = $want =~ /\A\w+ ([0-9]+x[0-9]+)(?: f([0-9]+))?/;

    is($want eq 'none' ? 'DECLINED' : $want =~ /\A\w+: / ? 'ABORT'
       : "OK $size" . ($frames ? " $frames" : ''), $probe, "$name: $probe");

    # how zlib packs is its own affair
    my ($kept, $made) = (slurp("$corpus/$name"), $case->{data});
    s/IDAT.*//s for $kept, $made;
    ok($kept eq $made, '  is what is kept');
}

my @valid = valid();
is(join(' ', map { $_->{name} } @valid),
   'png gif jpeg webp tiff bmp svg avif heic jxl', 'sound images');
is_deeply([ grep { !length $_->{data} } @valid ], [], 'none is empty');

my ($one) = hostile('empty');
is($one->{data}, '', 'one of the attacks by its name');
ok(!eval { hostile('nonsense'); 1 }, 'no other names');

done_testing;
