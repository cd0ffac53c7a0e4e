# Copyright (C) the project authors
#
# The marketplace's pictures, while they are plain files.

use Test::App;
use Test::App::Market;

my $uuid = '3f0f3c1e-5b1d-4a57-9a7d-0c6f4b8a2e11';

my $app = pictures();
my $dir = $app->dir;
my $jpeg = "\xff\xd8\xff" . join '', map { chr $_ % 256 } 1 .. 5000;

spew("$dir/store/$uuid.jpg", $jpeg);
spew("$dir/store/plain.png", 'png');
spew("$dir/store/profile-images/1767-a1b2.webp", 'webp');
spew("$dir/store/profile-images/$uuid.png", 'profile');
spew("$dir/store/$_", 'secret') for '.secret.jpg', '.git/config';
spew("$dir/$_", 'secret') for 'outside.jpg';
symlink "$dir/outside.jpg", "$dir/store/link.jpg";

$app->start;

my $forever = 'public, max-age=31536000, immutable';
my $revalidated = 'public, max-age=0';

# what is there

for my $case (
    [ "/store/$uuid.jpg", $jpeg, 'image/jpeg', $forever ],
    [ '/store/plain.png', 'png', 'image/png', $revalidated ],
    [ '/store/profile-images/1767-a1b2.webp', 'webp', 'image/webp',
      $revalidated ],
    [ "/store/profile-images/$uuid.png", 'profile', 'image/png', $forever ],
    [ "/storage/$uuid.jpg", $jpeg, 'image/jpeg', $forever ],
    [ "/storage/a/b/$uuid.jpg", $jpeg, 'image/jpeg', $forever ],
    [ '/storage/plain.png', 'png', 'image/png', $revalidated ],
    [ '/storage/1767-a1b2.webp', 'webp', 'image/webp', $revalidated ],
    [ '/storage/profile-images/1767-a1b2.webp', 'webp', 'image/webp',
      $revalidated ],
    [ '/store/plain.png?t=1', 'png', 'image/png', $revalidated ],
    [ '/store/plain.png?v=1', 'png', 'image/png', $forever ])
{
    my ($path, $body, $type, $cache) = @$case;

    my $res = $app->get($path);
    is($res->status, 200, "GET $path: 200");
    ok($res->body eq $body, '  the file');
    is($res->header('Content-Type'), $type, "  $type");
    is($res->header('Cache-Control'), $cache, "  $cache");
    is($res->header('X-Content-Type-Options'), 'nosniff', '  nosniff');
    ok($res->header('ETag') && $res->header('Last-Modified'), '  validators');

    my $head = $app->http(HEAD => $path);
    is($head->status, 200, '  HEAD');
    is($head->header('Content-Length'), length $body, '  its length');

    my $again = $app->get($path,
        headers => { 'If-None-Match' => $res->header('ETag') });
    is($again->status, 304, '  not modified');
    is($again->header('Cache-Control'), $cache, '  with its Cache-Control');
}

# parts of it

for my $prefix ('/store', '/storage') {
    my $res = $app->get("$prefix/$uuid.jpg",
                        headers => { Range => 'bytes=10-19' });
    is($res->status, 206, "$prefix: a range");
    ok($res->body eq substr($jpeg, 10, 10), '  its bytes');
    is($res->header('Content-Range'), 'bytes 10-19/' . length $jpeg,
       '  Content-Range');

    my $beyond = $app->get("$prefix/$uuid.jpg",
                           headers => { Range => 'bytes=99999-' });
    is($beyond->status, 416, '  out of range');
    is($beyond->header('Content-Range'), 'bytes */' . length $jpeg,
       '  its length');
    is_deeply($beyond->json, { statusCode => 416,
                               message => 'Range Not Satisfiable' }, '  JSON');
}

# what is not

my %missing = (
    '/store'   => '{"statusCode":404,"message":"Not Found"}',
    '/storage' => '{"message":{"statusCode":404,"error":"Not Found"}}',
);

for my $prefix ('/store', '/storage') {
    for my $name ('nothing.jpg', 'undefined', 'null', '', '.secret.jpg',
                  'a/.secret.jpg', '%2esecret.jpg', '.git/config',
                  'profile-images/', 'profile-images', 'a/b/nothing.png',
                  '..%2foutside.jpg', '%2e%2e/outside.jpg',
                  'x/..%2f..%2foutside.jpg', '....//outside.jpg')
    {
        my $res = $app->get("$prefix/$name");

        next if is_elsewhere("$prefix/$name", $res);

        is($res->status, 404, "GET $prefix/$name: 404");
        is($res->body, $missing{$prefix}, '  its text');
        is($res->header('Content-Type'), 'application/json', '  JSON');
        is($res->header('X-Content-Type-Options'), 'nosniff', '  nosniff');
        is($app->http(HEAD => "$prefix/$name")->status, 404, '  HEAD, too');
    }
}

# A path that nginx shortens may leave the location: what counts is that no
# file of another folder comes.
sub is_elsewhere {
    my ($path, $res) = @_;

    return if $path !~ /%2e%2e|\.\.%2f/i;

    unlike($res->body, qr/secret/, "GET $path: no file from outside");
    is($res->status, 404, '  but 404');
    return 1;
}

my $long = $app->get('/store/' . 'a' x 3000 . '.jpg');
is($long->status, 404, 'a name that is too long for the disk: 404');

for my $method ('POST', 'PUT', 'DELETE') {
    for my $prefix ('/store', '/storage') {
        my $res = $app->http($method => "$prefix/$uuid.jpg");
        is($res->status, 405, "$method $prefix: 405");
        is_deeply($res->json, { statusCode => 405,
                                message => 'Method Not Allowed' }, '  JSON');
    }
}

ok(-f "$dir/store/$uuid.jpg", 'and the file is still there');
is($app->get("/store/$uuid.jpg", headers => { 'Accept-Encoding' => 'gzip' })
       ->header('Content-Encoding'), undef, 'pictures are not compressed');

done_testing;
