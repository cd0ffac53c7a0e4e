# Copyright (C) the project authors
#
# nginx.conf.example is a configuration that loads, against the modules of
# this build and with its files below a prefix of our own.

use Test::App;

my $example = "$Test::App::top/nginx.conf.example";

if (!-f $example) {
    plan(skip_all => 'no nginx.conf.example yet');
}

my $conf = slurp($example);
my $dir = Test::App::modules_dir();

$conf =~ s{(load_module\s+)\S*?([^/\s;]+\.so;)}{$1$dir/$2}g;

# the example takes its password from the environment
local $ENV{NOTES_PASSWORD} = 'secret';

my $t = nginx_t(conf => $conf);

is($t->{code}, 0, 'nginx.conf.example passes nginx -t') or diag($t->{output});
like($conf, qr/ngx_app_core_module/, 'and loads the modules');

done_testing;
