# Copyright (C) the project authors
#
# Images that servers are attacked with: each is refused in time, by the same
# worker, which goes on answering others meanwhile.

use Test::App;
use Test::App::Image;

use Time::HiRes qw(time);

my $slow = Test::App::sanitized() ? 10 : 1;
my $timeout = 5 * $slow;
my $slack = 2 * $slow;

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    http    => <<"EOF",
app_image_loaders  jpeg png webp gif avif heic tiff svg jxl;
app_image_buffer   64m;
app_image_timeout  ${timeout}s;
types {
    image/png png; image/gif gif; image/jpeg jpeg; image/webp webp;
    image/avif avif; image/heic heic; image/tiff tiff; image/svg+xml svg;
    image/jxl jxl; image/bmp bmp; text/plain txt;
}
EOF
    server  => 'location / { app_image_filter on; }',
    start   => 0,
);

my $dir = $app->dir;
my @cases = map { my ($ext) = $_->{type} =~ m{/(\w+)};
                  spew("$dir/html/$_->{name}.$ext", delete $_->{data});
                  +{ %$_, path => "/$_->{name}.$ext" } } hostile();

spew("$dir/html/still.txt", "here\n");
$app->start;

my ($worker) = $app->workers;
my $longest = [ 0, 'none' ];


sub static { return $app->get('/still.txt')->body eq "here\n" }


# what is asked of each; a picture of which the decoder is not needed as well
my @asked = ('w=100&fm=webp', 'fm=json', 'trim&fm=png',
             'crop=0,0,10,10&fm=jpg', 'w=100&h=1&fit=stretch&fm=gif',
             'n=2&page=1&w=9&fm=webp', 'fm=blurhash');

for my $case (@cases) {
    my ($name, $probe, $answer) = @$case{qw(name probe answer)};
    my (@wrong, $first);

    for my $asked (@asked) {
        my $at = time;
        my $conn = $app->connect(timeout => $timeout + 10 * $slack);
        $conn->send("GET $case->{path}?$asked HTTP/1.1\r\nHost: x\r\n\r\n");
        my $alive = static();
        my $status = eval { $conn->response->status } || "none: $@";
        my $took = time - $at;

        $longest = [ $took, "$name?$asked" ] if $took > $longest->[0];
        $first = $status if !defined $first;

        # the header of a file that is not decoded may be in order
        my $ok = $status =~ /\A4\d\d\z/
                 || ($status eq '200' && ($answer =~ /^(?:200|some)\z/
                     || ($answer eq 'top' && $asked =~ /^crop=0,0/)
                     || ($asked eq 'fm=json' && $probe =~ /^OK/)));

        push @wrong, "$asked: $status" if !$ok;
        push @wrong, sprintf '%s: after %.1f s', $asked, $took
            if $took > $timeout + $slack;
        push @wrong, "$asked: others waited" if !$alive;
    }

    is_deeply(\@wrong, [], "$name: $first");
    is($first, $answer, '  which is sound') if $answer eq '200';
}

is_deeply([ $app->workers ], [ $worker ], 'the worker is the same');
ok(static(), 'and answers');
diag(sprintf 'the longest took %.2f s: %s', @$longest);

done_testing;
