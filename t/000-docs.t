# Copyright (C) the project authors
#
# The reference says what the directive tables say.  For each directive of an
# ngx_command_t table one section, "### name", of docs/directives.md (or a
# file of docs/directives/), for each step of a route one of docs/steps.md,
# with a table of these rows:
#
#     | syntax  | `app_api_max_rows NUMBER;` |
#     | default | `10000` |                      not for steps
#     | context | http, server, location |
#     | since   | 0.1 |
#
# In the syntax, [..] may be left out and ... may go on; the number of
# arguments, "{ ... }" and "on\|off" must be those of the table, and the
# default that of the merge function.  A block that opens with "```nginx
# test" (http level) or "```nginx test=server" must pass "nginx -t".

use Test::App;

use Test::App::Docs;

my $top = $Test::App::top;

# the checker finds what it is there for
my ($probe) = read_source(<<'EOT', 'x.c');
    { ngx_string("app_x"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_x_t, wait),
      NULL },
    ngx_conf_merge_msec_value(conf->wait, prev->wait, 5 * 1000);
EOT

my %right = (syntax => '`app_x TIME [NAME];`', default => '`5s`',
             context => 'http, location', since => '0.1');

is_deeply([ differences($probe, \%right) ], [], 'a section that agrees');

for my $case ([ syntax => '`app_x TIME;`' ], [ syntax => '`app_y A [B];`' ],
              [ syntax => '`app_x A [B] { ... }`' ], [ default => '`6s`' ],
              [ context => 'http' ], [ since => undef ])
{
    is(scalar(my @found = differences($probe, { %right, @$case })), 1,
       "a wrong $case->[0] is found");
}

is(scalar(my @found = differences($probe, undef)), 1,
   'a missing section is found');


my @commands = map {
    my $path = $_;
    $path =~ s{^\Q$top\E/}{};
    read_source(slurp($_), $path);
} glob("$top/ngx_app_*.c $top/src/*/*_conf.c $top/src/*/*_steps.c");

my $directives = read_docs(join "\n", map { slurp($_) }
    glob("$top/docs/directives.md $top/docs/directives/*.md"));
my $routes = read_docs(join "\n", map { slurp($_) }
    glob("$top/docs/{routes,steps}.md"));

my @wrong = map {
    differences($_, ($_->{step} ? $routes : $directives)->{ $_->{name} })
} @commands;

my %known = map { $_->{name} => 1 } @commands;

push @wrong, map { "$_ is described, and in no table" }
             grep { /^app_/ && $directives->{$_}{syntax} && !$known{$_} }
             sort keys %$directives;

cmp_ok(scalar @commands, '>', 0, 'the tables are read');
ok(!@wrong, scalar(@commands) . ' directives and steps are described')
    or diag(join "\n", @wrong);

for my $file ("$top/README.md", glob("$top/docs/*.md $top/docs/*/*.md")) {
    my $text = slurp($file);

    while ($text =~ /^```nginx test(?:=(\w+))?\n(.*?)^```$/msg) {
        my ($level, $conf) = ($1 || 'http', $2);
        my $line = 1 + (substr($text, 0, $-[0]) =~ tr/\n//);
        my $t = nginx_t($level => $conf);

        is($t->{code}, 0, "$file:$line passes nginx -t") or diag($t->{output});
    }
}

done_testing;
