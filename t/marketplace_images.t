# Copyright (C) the project authors
#
# The marketplace's pictures in other sizes and formats.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;
use Test::App::Market;

my $uuid = '3f0f3c1e-5b1d-4a57-9a7d-0c6f4b8a2e11';

my $app = pictures();
my $dir = $app->dir;

my $png = png(width => 200, height => 100, gradient => 1);

spew("$dir/store/$uuid.png", $png);
spew("$dir/store/bag of bread.png", $png);
spew("$dir/store/anim.gif", gif(width => 60, height => 30, frames => 3));
spew("$dir/store/profile-images/me.png", png(width => 80, height => 80));
spew("$dir/store/broken.png", 'png');
spew("$dir/store/$_", $png) for '.secret.png', '.git/config';
spew("$dir/outside.png", $png);

$app->start;

sub made { return settled_lines("$dir/made.log") }

my %chrome = (headers => {
    Accept => 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8'
});


# the plain file stays what it is, whatever the client accepts

for my $path ("/store/$uuid.png", "/storage/$uuid.png", "/store/$uuid.png?t=1",
              "/store/$uuid.png?v=2")
{
    my $res = $app->get($path, %chrome);
    ok($res->body eq $png, "$path: the file");
    is($res->header('Vary'), undef, '  no Vary');
    is($res->header('Accept-Ranges'), 'bytes', '  ranges');
}
is(made(), 0, 'nothing is made for it');

# other sizes

for my $case (
    [ "/store/$uuid.png?w=40", '200 image/png 40x20' ],
    [ "/storage/$uuid.png?w=40", '200 image/png 40x20' ],
    [ "/storage/a/b/$uuid.png?w=40&h=40&fit=cover", '200 image/png 40x40' ],
    [ '/store/profile-images/me.png?w=40', '200 image/png 40x40' ],
    [ '/storage/me.png?w=40', '200 image/png 40x40' ],
    [ '/store/bag%20of%20bread.png?w=40', '200 image/png 40x20' ],
    [ "/store/$uuid.png?fm=jpg", '200 image/jpeg 200x100' ],
    [ "/store/$uuid.png?w=1000", '200 image/png 200x100' ],
    [ '/store/anim.gif?w=30', '200 image/gif 30x15' ],
    [ "/store/$uuid.png?w=abc", '400 application/json ' ],
    [ "/store/$uuid.png?w=9000&enlarge", '422 application/json ' ],
    [ '/store/broken.png?w=10', '415 application/json ' ],
    [ '/storage/broken.png?w=10', '415 application/json ' ])
{
    my ($path, $want) = @$case;

    my $res = $app->get($path);
    is(looks($res), $want, $path);
    is($res->header('X-Content-Type-Options'), 'nosniff', '  nosniff')
        if $res->status == 200;
}

# by what the client accepts

my $res = $app->get("/store/$uuid.png?w=40", %chrome);
is(looks($res), '200 image/avif 40x20', 'a browser that knows AVIF');
is($res->header('Vary'), 'Accept', 'Vary');
is($res->header('Cache-Control'), 'public, max-age=31536000, immutable',
   'for ever');
is(looks($app->get("/store/$uuid.png?w=40",
                   headers => { Accept => 'image/webp,*/*' })),
   '200 image/webp 40x20', 'one that knows WebP');
is(looks($app->get('/store/anim.gif?w=30', %chrome)),
   '200 image/webp 30x15', 'an animation');

# a version makes any name one for ever

is($app->get($_)->header('Cache-Control'), 'public, max-age=0',
   "$_: asked for again")
    for '/store/bag%20of%20bread.png?w=40', '/store/bag%20of%20bread.png';
is($app->get($_)->header('Cache-Control'),
   'public, max-age=31536000, immutable', "$_: for ever")
    for map { ("$_?w=40&v=7", "$_?v=7") } '/store/bag%20of%20bread.png',
                                          '/storage/bag%20of%20bread.png';

# kept

my $before = made();
is(looks($app->get("/store/$uuid.png?w=40", %chrome)),
   '200 image/avif 40x20', 'again');
is($app->get("/store/$uuid.png?w=40",
             headers => { %{ $chrome{headers} },
                          'If-None-Match' => $res->header('ETag') })->status,
   304, 'not modified');
is(made(), $before, 'from the cache');
is($app->http(HEAD => "/store/$uuid.png?w=40")->status, 200, 'HEAD');

# what is not

for my $prefix ('/store', '/storage') {
    for my $name ('nothing.png', '.secret.png', '%2esecret.png',
                  '.git/config', 'profile-images/', 'profile-images',
                  '..%2foutside.png',
                  '%2e%2e/outside.png', 'x/..%2f..%2foutside.png')
    {
        my $plain = $app->get("$prefix/$name");
        my $asked = $app->get("$prefix/$name?w=10");

        is($asked->status, 404, "$prefix/$name?w=10: 404");
        is($asked->body =~ s{\?w=10}{}r, $plain->body, '  with the same text');
    }
}

my ($plain, $asked) = map { $app->http(POST => "/store/$uuid.png$_") }
                          '', '?w=40';
is($asked->status, 405, 'POST: 405');
is($asked->body, $plain->body, '  with the same text');

is($app->get("/images/store/$uuid.png?w=40")->status, 404,
   'what is inside is not to be had');

done_testing;
