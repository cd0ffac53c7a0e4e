# Copyright (C) the project authors
#
# Sources of an upstream that fails in the middle of its answer.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;

use IO::Socket::INET;

my $fake = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1',
                                 ReuseAddr => 1) or die "listen: $!";
my $port = $fake->sockport;

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    http    => <<'EOF',
log_format status '$uri $status $app_image_status';
proxy_cache_path %%DIR%%/cache keys_zone=images:1m;
EOF
    server  => <<"EOF",
access_log         %%DIR%%/access.log status;
proxy_http_version 1.1;
location /buffered/   { proxy_pass http://127.0.0.1:$port;
                        app_image_filter on; }
location /unbuffered/ { proxy_pass http://127.0.0.1:$port;
                        proxy_buffering off; app_image_filter on; }
location /cached/     { proxy_pass http://127.0.0.1:$port;
                        proxy_cache images; proxy_cache_valid 1h;
                        app_image_filter on; }
location /small/      { proxy_pass http://127.0.0.1:$port;
                        app_image_buffer 200; app_image_filter on; }
location /page/       { proxy_pass http://127.0.0.1:$port;
                        app_image_filter on; error_page 502 = \@other; }
location \@other      { return 200 other; }
EOF
);

my $dir = $app->dir;
my $png = png(width => 200, height => 100, gradient => 1);
my $half = substr $png, 0, length($png) / 2;


# an answer of the upstream, after which it closes
sub answered {
    my ($path, @parts) = @_;

    my $conn = $app->connect;
    $conn->send("GET $path HTTP/1.1\r\nHost: x\r\n\r\n");

    my $sock = $fake->accept;
    my $text = '';
    1 until $text =~ /\r\n\r\n/
            || !sysread $sock, $text, 65536, length $text;

    syswrite $sock, $_ for @parts;
    $sock->close;

    return $conn->response;
}

my $head = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n";
my $length = 'Content-Length: ' . length($png) . "\r\n\r\n";
my $chunked = "Transfer-Encoding: chunked\r\n\r\n"
              . sprintf "%x\r\n", length $half;

for my $where ('buffered', 'unbuffered', 'cached') {
    is(looks(answered("/$where/whole?w=20", "$head$length$png")),
       '200 image/png 20x10', "$where: all of it");

    for my $case ([ 'length', "$head$length$half" ],
                  [ 'nothing', "$head$length" ],
                  [ 'chunk', "$head$chunked" . substr $half, 0, -9 ],
                  [ 'chunks', "$head$chunked$half\r\n" ])
    {
        my ($name, @parts) = @$case;

        my $res = answered("/$where/$name?w=20", @parts);
        is($res->status, 502, "$where, $name: 502");
        is_deeply($res->json, { statusCode => 502, message =>
                   'the image could not be read to its end' }, '  and why');
    }
}

my %sums = ('Content-MD5' => 'bWQ1', Digest => 'md5=x',
            'Content-Digest' => 'sha-256=:eA==:');
my $sums = join '', map { "$_: $sums{$_}\r\n" } sort keys %sums;
my $res = answered('/buffered/sums?w=20', "$head$sums$length$png");
is($res->header($_), undef, "$_ of another body") for sort keys %sums;

is(answered('/buffered/end?w=20', "$head\r\n$half")->status, 415,
   'without a length it is a broken image');

# it is too large, and is read to its end for nothing
is(answered('/small/image?w=20', $head . "Transfer-Encoding: chunked\r\n\r\n"
            . sprintf("%x\r\n", length $half) . $half)->status, 413,
   'what has been refused before stays so');

is(answered('/page/image?w=20', "$head$length$half")->body, 'other',
   'error_page');

ok(wait_until(sub { slurp("$dir/access.log") =~ m{^/page/image }m }, 5),
   'logged');
like(slurp("$dir/access.log"), qr{^/$_/length 502 unreadable$}m,
     "$_: logged as 502") for 'buffered', 'unbuffered', 'cached';

done_testing;
