package Test::App::Schema;

# Copyright (C) the project authors
#
# Checks JSON against the schemas in t/fixtures/schemas.json: the part of
# JSON Schema that they use.  A member that an object's schema does not name
# is a fault, unless it says "additionalProperties".

use strict;
use warnings;

use JSON::PP ();

use Test::App ();

my $schemas;


# faults(NAME, VALUE): what is wrong, as texts; none when all is well.  The
# value is one that JSON::PP has made, numbers as numbers.
sub faults {
    my ($name, $value) = @_;

    return check({ '$ref' => "#/components/schemas/$name" }, $value, $name);
}


sub schema {
    my ($ref) = @_;

    $schemas ||= JSON::PP->new->utf8->decode(
        Test::App::slurp("$Test::App::top/t/fixtures/schemas.json"));

    my ($name) = $ref =~ m{\A#/components/schemas/(\w+)\z};

    return $schemas->{$name} || die "no schema $ref\n";
}


# What a value is.  JSON::PP keeps apart "1" and 1 by the flags of scalars.
sub type {
    my ($value) = @_;

    return 'null' if !defined $value;
    return 'boolean' if JSON::PP::is_bool($value);
    return ref $value eq 'HASH' ? 'object' : 'array'
        if ref $value eq 'HASH' || ref $value eq 'ARRAY';

    my $text = JSON::PP->new->allow_nonref->allow_bignum->encode($value);

    return $text =~ /\A"/ ? 'string'
         : $text =~ /\A-?[0-9]+\z/ ? 'integer' : 'number';
}


sub check {
    my ($schema, $value, $path) = @_;

    return check(schema($schema->{'$ref'}), $value, $path)
        if $schema->{'$ref'};

    if (my $choices = $schema->{oneOf}) {
        my @fits = grep { !check($_, $value, $path) } @$choices;
        return @fits == 1 ? () : "$path: fits " . @fits . ' of oneOf';
    }

    my $type = type($value);

    if (defined(my $want = $schema->{type})) {
        my @want = ref $want ? @$want : $want;
        return "$path: $type, not @want"
            if !grep { $_ eq $type
                       || $_ eq 'number' && $type eq 'integer' } @want;
    }

    return if $type eq 'null';

    return $type eq 'object' ? check_object($schema, $value, $path)
         : $type eq 'array' ? check_array($schema, $value, $path)
         : check_scalar($schema, $value, $path);
}


sub check_object {
    my ($schema, $value, $path) = @_;

    my @faults = map { "$path: no $_" }
                 grep { !exists $value->{$_} } @{ $schema->{required} || [] };
    my $properties = $schema->{properties} || return @faults;

    for my $name (sort keys %$value) {
        push @faults, $properties->{$name}
            ? check($properties->{$name}, $value->{$name}, "$path.$name")
            : $schema->{additionalProperties} ? () : "$path: has $name";
    }

    return @faults;
}


sub check_array {
    my ($schema, $value, $path) = @_;

    my @faults = @$value < ($schema->{minItems} || 0)
                 ? "$path: " . @$value . ' items' : ();
    my $items = $schema->{items} || return @faults;

    return (@faults, map { check($items, $value->[$_], "${path}[$_]") }
                     0 .. $#$value);
}


sub check_scalar {
    my ($schema, $value, $path) = @_;

    my @faults;
    my $format = $schema->{format} || '';

    push @faults, "$path: $value is not in the enum"
        if $schema->{enum}
           && !grep { defined && $_ eq $value } @{ $schema->{enum} };
    push @faults, "$path: $value is not $schema->{const}"
        if defined $schema->{const} && $schema->{const} ne $value;
    push @faults, "$path: $value is below $schema->{minimum}"
        if defined $schema->{minimum} && $value < $schema->{minimum};
    push @faults, "$path: $value is above $schema->{maximum}"
        if defined $schema->{maximum} && $value > $schema->{maximum};
    push @faults, "$path: $value is no date-time"
        if $format eq 'date-time'
           && $value !~ /\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/;

    return @faults;
}


1;
