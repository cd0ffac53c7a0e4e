package Test::App::Conf;

# Copyright (C) the project authors
#
# A table of configuration mistakes, in the __DATA__ of a test:
#
#   == what is wrong
#   text of a route's block
#   -- the message, in as many lines as it takes, in route.conf:1
#
# The text is the inside of "app_route GET /x/:id { }" in a file of its own;
# "== server: …" and "== http: …" put it there instead, into server.conf and
# http.conf.  Every case must fail with exactly this message; one whose
# message is "ok" must pass.  "warn: …" is the message of a warning.  A line
# of nginx.conf, which is not the case's own, is "nginx.conf:N".

use strict;
use warnings;

use Test::App ();
use Test::More;


sub cases {
    my ($text) = @_;

    my @cases;

    for my $part (split /^== /m, $text) {
        next if $part !~ /\S/;
        my ($title, $conf, $message)
            = $part =~ /\A([^\n]*)\n(.*?)^-- (.*)\z/ms
            or die "bad case: $part";
        my $level = $title =~ s/\A(http|server): // ? $1 : 'route';
        $message =~ s/\s+\z//;
        $message =~ s/\n\s*/ /g;
        push @cases, { title => $title, level => $level, conf => $conf,
                       message => $message };
    }

    return @cases;
}


# The options for nginx_t() of one case.
sub options {
    my ($case, %o) = @_;

    my %conf = (
        http   => 'app_mysql main socket=/nowhere user=u;',
        server => "app_route GET /x/:id { include %%DIR%%/route.conf; }\n"
                  . 'location / { app_api; }',
        files  => { %{ $o{files} || {} } },
    );

    if ($case->{level} eq 'route') {
        $conf{files}{'route.conf'} = $case->{conf};

    } elsif ($case->{level} eq 'server') {
        $conf{server} = $case->{conf};

    } else {
        $conf{http} = $case->{conf};
        $conf{server} = '';
    }

    return (%conf, env => $o{env} || {});
}


# table(\*DATA, files => …, env => …): a test for each case; returns how many
sub table {
    my ($fh, %o) = @_;

    my @cases = cases(do { local $/; <$fh> });

    for my $case (@cases) {
        my $got = Test::App::nginx_t(options($case, %o));
        my $want = $case->{message};

        # the frame has a line for each module that there is
        s/\bnginx\.conf:\K\d+/N/g
            for $want, grep { defined } @$got{qw(error output)};

        if ($want =~ s/\Awarn: //) {
            my ($warn) = $got->{output} =~ /\[warn\] (.*)/;
            is($warn, $want, "$case->{level}: $case->{title}");
            is($got->{code}, 0, '  which is no fault');
            next;
        }

        is($got->{code} ? $got->{error} : 'ok', $want,
           "$case->{level}: $case->{title}");
        is($got->{code}, 1, '  nginx ends with 1') if $want ne 'ok';
    }

    return scalar @cases;
}


1;
