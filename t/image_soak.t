# Copyright (C) the project authors
#
# Many images of all kinds, sound and broken, one after the other and some at a
# time: all are answered, and the worker is not larger for it in the end.
#
# Environment: IMAGE_SOAK, a number of requests.

use Test::App;
use Test::App::Image;

my $sanitized = Test::App::sanitized();
my $requests = $ENV{IMAGE_SOAK} || ($sanitized ? 1200 : 10000);
my $at_once = 6;
my $growth = 50 * 1024;               # KiB

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    http    => <<'EOF',
app_image_loaders  jpeg png webp gif avif heic tiff svg jxl;
app_image_timeout  60s;
app_image_buffer   32m;
app_image_effort   avif=0 webp=0 png=1;
default_type       image/x-any;
keepalive_requests 100000;
EOF
    server  => <<'EOF',
location / { app_image_filter on; }
location = /metric {
    return 200 "$app_metric_app_image_waiting $app_metric_app_image_running";
}
EOF
    start   => 0,
);

my $dir = $app->dir;
my $kept = "$Test::App::top/t/fuzz/corpus/image_probe";
my (@sound, @hostile, @photos);


sub source {
    my ($list, $name, $data) = @_;

    spew("$dir/html/$name", $data);
    push @$list, $name;
}


for my $side (24, 48, 120) {
    my %o = (width => $side, height => $side * 3 / 4, gradient => 1);

    source(\@sound, "$_->{name}-$side", $_->{data})
        for grep { $_->{name} !~ /^(?:bmp|avif|heic|jxl)$/ } valid(%o);
    source(\@sound, "progressive-$side", jpeg(%o, progressive => 1));
    source(\@sound, "turned-$side", jpeg(%o, orientation => 6));
    source(\@sound, "deep-$side", png(%o, bits => 16, type => 6));
    source(\@sound, "interlaced-$side", png(%o, interlace => 1));
    source(\@sound, "pages-$side", tiff(%o, pages => 3));
}

# of one size, or slow to read
source(\@sound, 'avif', avif());
source(\@sound, 'heic', heic());
source(\@sound, 'jxl', jxl());
source(\@sound, 'cmyk', jpeg(cmyk => 1));
source(\@sound, 'large', jpeg(width => 640, height => 480, gradient => 1));
source(\@sound, "gif-frames", gif(width => 80, height => 60, frames => 6));
source(\@sound, "webp-frames", webp(width => 80, height => 60, frames => 6));
source(\@sound, "apng", png(width => 80, height => 60, frames => 6));
source(\@sound, $_, slurp("$kept/$_"))
    for grep { !/lie|loop|claims|bomb|screen|small|places|itself|big-fields/x
               && !/svg-|jxl-(?!bare)|profile|cmyk|tiff-strips/ }
        map { s{.*/}{}r } glob "$kept/*";

source(\@hostile, "bad-$_->{name}", $_->{data})
    for grep { $_->{answer} eq '4xx' && length $_->{data} < 20 * 1024 * 1024 }
        hostile();

$app->start;

my ($worker) = $app->workers;
my $before = $app->rss($worker);
my @clients = map { $app->connect(timeout => 120) } 1 .. $at_once;
my @asked = (
    'w=20', 'w=40&h=40&fit=cover&fm=webp', 'w=64&fm=jpg', 'h=30&fm=png',
    'w=50&h=50&fit=contain&bg=f00&fm=jpg', 'w=24&fm=gif', 'trim&w=30&fm=png',
    'w=30&h=30&fit=cover&g=attention&fm=jpg', 'crop=0,0,8,8&fm=png',
    'w=48&rot=90&flip=h&fm=webp', 'w=60&blur=3&fm=jpg', 'fm=json',
    'w=60&sat=0.3&bri=1.2&fm=webp', 'fm=blurhash', 'fm=thumbhash',
    'w=20&fm=avif', 'w=200&enlarge&fm=webp', 'w=33&bh=4,3&fm=jpg',
    'w=40&tint=0af&pad=5&fm=png', 'w=30&n=2&fm=webp',
);
my @asked_of_photos = (
    'w=800&fm=avif', 'w=1200&rot=90', 'crop=100,100,2000,2000',
    'trim&w=900&blur=2', 'w=1500&fm=webp', 'w=1000&fm=png', 'w=400',
);
my %status;


# requests in rounds of one for each client
sub serve {
    my (@paths) = @_;

    while (@paths) {
        my @round = splice @paths, 0, $at_once;

        $clients[$_]->send("GET /$round[$_] HTTP/1.1\r\nHost: x\r\n\r\n")
            for 0 .. $#round;

        for my $i (0 .. $#round) {
            my $res = $clients[$i]->response;
            my $kind = $round[$i] =~ /^bad-/ ? 'hostile' : 'sound';
            my $status = $res->status;

            $status{$kind}{$status}++;
            diag("$round[$i]: $status ", $res->body)
                if $status !~ ($kind eq 'sound' ? qr/^200/ : qr/^[24]/);

            # refusals may close
            $clients[$i] = $app->connect(timeout => 120)
                if lc($res->header('Connection') || '') eq 'close';
        }
    }

    return wait_until(sub { $app->get('/metric')->body eq '0 0' }, 60);
}


# the same for each run, and another one for each request

my $seed = 1;
sub number {
    my ($n) = @_;

    $seed = ($seed * 1103515245 + 12345) & 0x7fffffff;
    return ($seed >> 8) % $n;
}


# of 12 megapixels, as telephones take them; a sanitizer is too slow for them
if (!$sanitized) {
    for my $fm ('jpg', 'webp', 'png') {
        my $res = $app->get('/large?w=4032&h=3024&fit=stretch&enlarge&q=95&fm='
                            . $fm, timeout => 120);
        source(\@photos, "photo-$fm", $res->body);
    }
}

ok(serve((map { "$_?$asked[0]" } @sound, @hostile),
         map { "large?$_" } @asked), 'one of each kind');
%status = ();

my $done = 0;

while ($done < $requests) {
    my $n = $requests - $done < 600 ? $requests - $done : 600;

    serve(map {
        my $photo = @photos && !number(100);
        my $list = $photo ? \@photos : number(8) ? \@sound : \@hostile;
        my $asked = $photo ? \@asked_of_photos : \@asked;

        $list->[number(scalar @$list)] . '?' . $asked->[number(scalar @$asked)]
            . '&v=' . ($done + $_)
    } 1 .. $n);

    $done += $n;
}

# what is free goes back when nothing has been asked for a while

wait_until(sub { $app->rss($worker) - $before < $growth }, 20)
    if !$sanitized;
my $after = $app->rss($worker);

# nginx would wait for a request on those that are new
$_->close for @clients;

is_deeply([ keys %{ $status{sound} } ], [ 200 ],
          'each of those that are sound has its answer');
is_deeply([ grep { !/^(?:4|200$)/ } keys %{ $status{hostile} } ], [],
          'each of the others is refused, or only described');
is_deeply([ $app->workers ], [ $worker ], 'the worker is the same');

diag(sprintf '%d requests, %d of them hostile: %d MiB before, %d MiB after',
     $done, eval { my $n = 0; $n += $_ for values %{ $status{hostile} }; $n },
     $before / 1024, $after / 1024);

cmp_ok($after - $before, '<', $growth, 'and as large as at its start')
    if !$sanitized;

done_testing;
