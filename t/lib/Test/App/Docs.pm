package Test::App::Docs;

# Copyright (C) the project authors
#
# Reads command tables from C and sections from the reference, and tells
# where they differ; t/000-docs.t says in which form a section is.

use strict;
use warnings;

use Exporter 'import';

our @EXPORT = qw(read_source read_docs differences);


my %context = (MAIN => 'main', HTTP_MAIN => 'http', HTTP_SRV => 'server',
               HTTP_LOC => 'location', HTTP_SIF => 'if in server',
               HTTP_LIF => 'if in location');


# The rows of all command tables of a source, and the defaults by field.
sub read_source {
    my ($text, $file) = @_;

    my (@commands, %default);

    $text =~ s{/\*.*?\*/}{}gs;

    while ($text =~ /ngx_conf_(?:merge|init)_(\w*?)_?value\(
                     \s*\w+->(\w+),\s*(?:\w+->\w+,\s*)?([^;]+)\);/gx) {
        $default{$2} = $3;
    }

    while ($text =~ /\{\s*ngx_string\("(\w+)"\),\s*
                     ([A-Z0-9_|\s]*?NGX_\w*CONF[A-Z0-9_|\s]*),\s*
                     (\w+),\s*([^,]+),\s*([^\n]+),\s*(?:[^\n]+?)\s*\}/gx) {
        my ($name, $flags, $set, $offset) = ($1, $2, $3, $5);
        my %flag = map { $_ => 1 } $flags =~ /NGX_(\w+)/g;
        my ($field) = $offset =~ /offsetof\(\w+,\s*(\w+)\)/;

        push @commands, {
            name => $name, flag => \%flag, file => $file, set => $set,
            step => !grep({ /^(?:MAIN|HTTP)_?\w*CONF$/ } keys %flag) || 0,
            default => defined $field ? $default{$field} : undef,
        };
    }

    return @commands;
}


# Sections by their heading: { syntax, default, context, since }.
sub read_docs {
    my ($text) = @_;

    my (%section, $name, $fence);

    for (split /\n/, $text) {
        $fence = !$fence if /^```/;
        next if $fence;

        if (/^#+\s+`?(\w+)`?(?:\s.*)?$/) {
            $name = $1;

        } elsif (/^#/) {
            undef $name;

        } elsif (defined $name
                 && /^\|\s*\W*(syntax|default|context|since)\W*\s*\|
                      \s*(.*?)\s*\|$/x)
        {
            $section{$name}{$1} = $2;
        }
    }

    return \%section;
}


# The fewest and most arguments that a table allows, -1 for no limit.
sub arity_of_flags {
    my ($flag) = @_;

    my ($min, $max);

    my $add = sub {
        my ($from, $to) = @_;
        $min = $from if !defined $min || $from < $min;
        $max = $to if !defined $max || $to == -1 || $max != -1 && $to > $max;
    };

    $add->(0, 0) if $flag->{CONF_NOARGS};
    $add->(0, -1) if $flag->{CONF_ANY};
    $add->($_, -1) for map { /^CONF_(\d)MORE$/ ? $1 : () } keys %$flag;
    $add->(1, 1) if $flag->{CONF_FLAG};

    for (grep { /^CONF_TAKE\d+$/ } keys %$flag) {
        my @n = sort(/(\d)/g);
        $add->($_, $_) for @n;
    }

    return ($min, $max);
}


# The same of a documented syntax; several forms stand in `..` each.
sub arity_of_syntax {
    my ($syntax, $name) = @_;

    my ($min, $max);

    for my $form ($syntax =~ /`([^`]+)`/g) {
        $form =~ s/\\\|/|/g;
        $form =~ s/\s*\{.*\}\s*$//;
        $form =~ s/;\s*$//;
        $form =~ s/^\Q$name\E\b\s*// or return;

        my $open = $form =~ /\.\.\.|…/;
        my $optional = 0;

        $form =~ s/\.\.\.|…//g;
        $form =~ s/"[^"]*"/x/g;
        1 while $form =~ s/\[([^\[\]]*)\]/
                    $optional += () = $1 =~ m{\S+}g; ' '/e;

        my $from = () = $form =~ /\S+/g;
        my $to = $open ? -1 : $from + $optional;

        $min = $from if !defined $min || $from < $min;
        $max = $to if !defined $max || $to == -1 || $max != -1 && $to > $max;
    }

    return ($min, $max);
}


# A number of bytes or milliseconds: of C, of nginx's notation, or undef.
sub number {
    my ($text, $set) = @_;

    return if !defined $text;
    $text =~ s/^`|`$//g;

    return 1 if $text eq 'on';
    return 0 if $text eq 'off';
    return eval $text if $text =~ m{^[\d\s*+()]+$};

    my %unit = $set =~ /msec/ ? (ms => 1, s => 1e3, m => 6e4, h => 36e5)
             : $set =~ /sec/  ? (s => 1, m => 60, h => 3600, d => 86400)
                              : (k => 1024, m => 1048576);

    return $text =~ /^(\d+)([a-z]+)$/ && $unit{$2} ? $1 * $unit{$2} : undef;
}


# What differs between a command and its section.
sub differences {
    my ($command, $section) = @_;

    my ($name, $flag) = @$command{qw(name flag)};
    my @wrong;

    return ("$name ($command->{file}) has no section") if !$section;

    for ('syntax', 'context', 'since', $command->{step} ? () : 'default') {
        push @wrong, "$name: no row \"$_\"" if !defined $section->{$_};
    }
    return @wrong if @wrong;

    my $block = $section->{syntax} =~ /\{.*\}/ ? 1 : 0;
    push @wrong, "$name: the syntax and the table disagree on a block"
        if $block != ($flag->{CONF_BLOCK} ? 1 : 0);

    push @wrong, "$name: the syntax has no \"on|off\""
        if $flag->{CONF_FLAG} && $section->{syntax} !~ /on\\?\|off/;

    my ($min, $max) = arity_of_flags($flag);
    my ($from, $to) = arity_of_syntax($section->{syntax}, $name);

    push @wrong, "$name: the syntax does not begin with the name"
        if !defined $from;
    # a table cannot say "2 or 3 more" and lets the setter count
    push @wrong, "$name: arguments $min..$max in the table, $from..$to in"
                 . ' the syntax'
        if defined $from && ($from < $min || $max != -1 && $to != $max
                             || $max != -1 && $from != $min);

    my %want = map {
        /^APP_(\w+)_CONF$/ ? (lc $1 => 1)
            : /^(\w+)_CONF$/ && $context{$1} ? ($context{$1} => 1) : ()
    } keys %$flag;
    my %have = map { s/^app_|`//g; ($_ => 1) }
               map { s/^`|`$//gr } split /\s*,\s*/, $section->{context};

    push @wrong, "$name: context \"" . join(', ', sort keys %have)
                 . '", in the table "' . join(', ', sort keys %want) . '"'
        if join(',', sort keys %have) ne join(',', sort keys %want);

    my $value = number($command->{default}, $command->{set});
    my $said = number($section->{default}, $command->{set});

    push @wrong, "$name: default $section->{default}, in the code $value"
        if defined $value && (!defined $said || $said != $value);

    return @wrong;
}


1;
