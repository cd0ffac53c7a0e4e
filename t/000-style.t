# Copyright (C) the project authors
#
# The repository passes tools/style, and tools/style does find what it is
# there for.

use strict;
use warnings;

use Cwd qw(realpath);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my $top = realpath(dirname(__FILE__) . '/..');
my $dir = tempdir(CLEANUP => 1);

make_path("$dir/src/x");


sub write_file {
    my ($name, $text) = @_;

    open my $fh, '>:raw', "$dir/$name" or die "$name: $!";
    print $fh $text;
    close $fh;
    return "$dir/$name";
}


# what tools/style says of a C file of our sources: "line: what" each
sub faults {
    my ($text) = @_;

    my $file = write_file('src/x/probe.c', "\n/*\n * Copyright (C) the project"
                                           . " authors\n */\n\n\n$text");
    my @said = `$top/tools/style $file`;
    chomp @said;
    s/^\Q$file\E:// for @said;
    return @said;
}


sub function {
    my ($body) = @_;

    return "ngx_int_t\nngx_app_x(ngx_int_t a)\n{\n$body}\n";
}


my $good = <<'EOT';
#include <ngx_config.h>


static ngx_int_t ngx_app_x(ngx_int_t a, ngx_int_t b);


/* "quoted {" and '}' in a comment // are nothing */

static ngx_int_t
ngx_app_x(ngx_int_t a, ngx_int_t b)
{
    if (a == '{'
        && b == 2)
    {
        return ngx_app_y("malloc(", a);

    } else if (a == b) {
        return NGX_OK;

    } else {
        a = 1;
    }

    for ( ;; ) {
        if (a) {
            break;
        }
    }

    for (a = 0; a < 1; a++) { /* void */ }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_y(u_char *p, ngx_int_t a)
{
    return a;
}
EOT

is_deeply([ faults($good) ], [], 'what follows the style passes');

my @cases = (
    [ 'a tab', function("\treturn a;\n"), '10: tab' ],
    [ 'a blank at the end', function("    return a; \n"),
      '10: blank at the end of the line' ],
    [ 'a long line', function('    ' . 'a' x 77 . ";\n"),
      '10: longer than 80 columns' ],
    [ 'a comment of slashes', function("    return a;  // b\n"),
      '10: a comment of "//"' ],
    [ 'a tight for', function("    for (;;) {\n    }\n"),
      '10: write "for ( ;; )"' ],
    [ 'a tight if', function("    if(a) {\n    }\n"),
      '10: no blank after the keyword' ],
    [ 'no blank line before else',
      function("    if (a) {\n        a = 1;\n    } else {\n    }\n"),
      '12: blank line before "} else"' ],
    [ 'an if with no brace', function("    if (a)\n        return 1;\n"),
      '10: "if (...) {" on one line, with a brace' ],
    [ 'the brace of a wrapped condition',
      function("    if (a\n        && a) {\n    }\n"),
      '11: the brace after a wrapped condition has a line of its own' ],
    [ 'a banned call', function("    return sprintf(a);\n"),
      '10: "sprintf" is not to be called' ],
    [ 'a type beside the name', "int ngx_app_x(int a)\n{\n}\n",
      '7: the return type of "ngx_app_x" has a line of its own' ],
    [ 'a brace beside the name', "int\nngx_app_x(int a) {\n}\n",
      '8: the brace of "ngx_app_x" has a line of its own' ],
    [ 'a missing prefix', "int\nx(int a)\n{\n}\n",
      '8: "x" has no prefix "ngx_app_"' ],
    [ 'seven arguments',
      "int\nngx_app_x(int a, int b, int c, int d, int e, int f, int g)\n"
      . "{\n}\n", '8: "ngx_app_x" has more than 6 arguments' ],
    [ 'a long function', function("    a = 1;\n" x 101),
      '8: "ngx_app_x" has more than 100 lines' ],
    [ 'deep nesting', function(join('', map { "    if (a) {\n" } 1 .. 5)
                               . "    }\n" x 5),
      '8: "ngx_app_x" nests deeper than 4 levels' ],
    [ 'one blank line between functions',
      function('') . "\n" . function(''),
      '12: two blank lines between top-level items' ],
    [ 'three blank lines', function("    a = 1;\n\n\n\n    a = 2;\n"),
      '13: more than two blank lines' ],
    [ 'a long file', "int  a;\n" x 1000,
      '1006: more than 1000 lines' ],
    [ 'bytes that are no UTF-8', "/* \xff */\n",
      '7: bytes that are no UTF-8' ],
);

for my $case (@cases) {
    my ($name, $text, $want) = @$case;
    is_deeply([ faults($text) ], [ $want ], "$name is found");
}

is(scalar(() = `$top/tools/style @{[ write_file('a.t', "use strict;\n") ]}`),
   1, 'a file without the copyright line is found');

my @said = `$top/tools/style`;

ok($? == 0 && !@said, 'the repository follows the style')
    or diag(@said);

done_testing;
