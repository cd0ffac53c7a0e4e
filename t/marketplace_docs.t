# Copyright (C) the project authors
#
# The example's /docs: a page and its viewer, with nothing from elsewhere.

use Test::App;

my $site = "$Test::App::top/examples/marketplace";
my $out = ($ENV{BUILD} || "$Test::App::top/build") . '/docs';

plan(skip_all => 'npm is not there') if system('npm --version >/dev/null 2>&1');
plan(skip_all => 'the viewer cannot be installed')
    if system("$site/docs/build '$out' >&2");

my $app = Test::App->new(
    http   => 'include /etc/nginx/mime.types;',
    server => <<"EOT",
app_route GET /hello { respond '{}'; }
location / { app_api; }
location \@no_file { return 404 none; }
include $site/docs.conf;
EOT
    start  => 0,
);

symlink $out, $app->dir . '/docs' or die "symlink: $!";
symlink "$site/headers.conf", $app->dir . '/headers.conf' or die "symlink: $!";
$app->start;

my $page = $app->get('/docs');
is($page->status, 200, 'the page');
is($page->header('Content-Type'), 'text/html', 'its type');
like($page->header('Content-Security-Policy'),
     qr/default-src 'none'.*connect-src 'self'/, 'a browser asks nobody else');

my @files = $page->body =~ /(?:src|href)="([^"]*)"/g;
is(scalar @files, 3, 'its files');
for (@files) {
    my $res = $app->get($_);
    is($res->status, 200, $_);
    cmp_ok(length $res->body, '>', 100, '  is not empty');
    unlike($res->body, qr/(?:\@import|url\()\s*["']?https?:/,
           '  loads nothing from elsewhere');
}

like($app->get('/docs/docs.js')->body, qr/validatorUrl: null/,
     'no validator is asked');
ok($app->get('/openapi.json')->json->{paths}{'/hello'}, 'what it shows');
is($app->get('/docs/.made')->status, 404, 'no hidden files');
is($app->get('/docs/x')->status, 404, 'nothing else');

unlike(slurp("$site/docs/package-lock.json"), qr/"resolved"|https?:/,
       'the lock file names no registry');

done_testing;
