# Copyright (C) the project authors
#
# Images that wait for a thread: how many, for how long, and who leaves.

use Test::App;
use Test::App::Image;
use Test::App::Image::Look;

use Time::HiRes qw(time sleep);

my $app = Test::App->new(
    modules => [ 'core', 'image_filter' ],
    http    => <<'EOF',
app_image_threads       1;
app_image_queue         3;
app_image_effort        avif=4;
app_image_timeout       60s;
app_image_pixel_budget  3000000;
types { image/png png; }
EOF
    server  => <<'EOF',
location /       { app_image_filter on; }
location /off/   { alias %%DIR%%/html/; }
location /quick/ { alias %%DIR%%/html/; app_image_filter on;
                   app_image_timeout 20ms; }
location /soon/  { alias %%DIR%%/html/; app_image_filter on;
                   app_image_timeout 200ms; }
location /hasty/ { alias %%DIR%%/html/; app_image_filter on;
                   send_timeout 500ms; }
location /late/  { alias %%DIR%%/html/; app_image_filter on;
                   app_image_timeout 20ms; error_page 504 = /off/a.png; }
location /load/  { alias %%DIR%%/html/; app_image_filter on;
                   app_image_effort webp=0-6; add_header X-Effort
                   $app_image_effort; }
location = /metric {
    return 200 "$app_metric_app_image_jobs_total
$app_metric_app_image_joined_total
$app_metric_app_image_shed_total
$app_metric_app_image_timeouts_total
$app_metric_app_image_abandoned_total
$app_metric_app_image_waiting
$app_metric_app_image_running
$app_metric_app_image_pixels";
}
EOF
    start   => 0,
);

my $dir = $app->dir;

spew("$dir/html/a.png", png(width => 100, height => 90, gradient => 1));
spew("$dir/html/b.png", png(width => 101, height => 100, gradient => 1));

$app->start;


sub metrics {
    my %m;
    @m{qw(jobs joined shed timeouts abandoned waiting running pixels)}
        = split /\n/, $app->get('/metric')->body;
    return \%m;
}

sub idle {
    return wait_until(sub { my $m = metrics();
                            !$m->{waiting} && !$m->{running} }, 60);
}

# a request that keeps the only thread for a while; each is another
my $serial = 0;
sub slow {
    my ($path, $side) = @_;

    my $conn = $app->connect(timeout => 60);
    my $w = ($side || 1000) + $serial++;
    $conn->send("GET $path?enlarge&fm=avif&w=$w HTTP/1.1\r\n"
                . "Host: x\r\n\r\n");
    return $conn;
}

# one in the thread, three wait, the next is refused at once

my $before = metrics();
my @held = (slow('/a.png', 1500), map { slow('/b.png', 200) } 1 .. 3);
ok(wait_until(sub { metrics()->{waiting} == 3 }, 10), 'three wait');
is(metrics()->{running}, 1, 'one runs');
cmp_ok(metrics()->{pixels}, '>', 0, 'its pixels are known');

my $res = $app->get('/b.png?w=20&fm=avif');
is($res->status, 503, 'the queue is full: 503');
is($res->json->{message}, 'too many images are waiting', 'and why');
like($res->header('Retry-After'), qr/^[1-9]\d?$/, 'Retry-After');
is(metrics()->{shed} - $before->{shed}, 1, 'counted');
is($app->get('/a.png?fm=json')->status, 200, 'what needs no thread goes on');
is($app->get('/off/a.png')->status, 200, 'and so do others');

# the same as one that waits is no more work

my $twin = $app->connect(timeout => 60);
$twin->send('GET /b.png?enlarge&fm=avif&w=' . (200 + $serial - 1)
            . " HTTP/1.1\r\nHost: x\r\n\r\n");
ok(wait_until(sub { metrics()->{joined} - $before->{joined} == 1 }, 5),
   'one more joins one that waits');

# a client that leaves frees its place

$held[2]->reset;
ok(wait_until(sub { metrics()->{waiting} == 2 }, 5),
   'a client leaves: its place is free');
is(metrics()->{abandoned} - $before->{abandoned}, 1, 'counted');

is($_->response->status, 200, 'the others have their images')
    for @held[0, 1, 3], $twin;
ok(idle(), 'all is done');
is(metrics()->{pixels}, 0, 'no pixels are left');
is(metrics()->{jobs} - $before->{jobs}, 4, 'four were made');


# a client that leaves while its image is in work, and one that waits for it

my $first = slow('/a.png');
ok(wait_until(sub { metrics()->{running} }, 5), 'one runs');
my $second = $app->connect(timeout => 60);
$second->send('GET /a.png?enlarge&fm=avif&w=' . (1000 + $serial - 1)
              . " HTTP/1.1\r\nHost: x\r\n\r\n");
ok(wait_until(sub { metrics()->{joined} - $before->{joined} == 2 }, 5),
   'another waits for it');
$first->reset;
is($second->response->status, 200, 'who is left has it');


# time: the client is told at once, whatever the thread still does

idle();
$before = metrics();
my $at = time;
$res = slow('/quick/a.png', 1000)->response;
is($res->status, 504, 'too slow: 504');
is($res->json->{message}, 'the image took too long', 'and why');
cmp_ok(time - $at, '<', 1.5, 'soon');
is(metrics()->{timeouts} - $before->{timeouts}, 1, 'counted');
idle();

# who joins work has all of the time, whoever came before

my $long = 'w=1600&enlarge&blur=8&sharp=10&sat=2&con=2&tint=0af&fm=png';
for my $n (1 .. 3) {
    my @twins = map { $app->connect(timeout => 60) } 1, 2;
    my $ask = "GET /soon/a.png?$long&pad=$n HTTP/1.1\r\nHost: x\r\n\r\n";

    $twins[0]->send($ask);
    sleep 0.1;
    my $came = time;
    $twins[1]->send($ask);
    my $status = $twins[1]->response->status;
    my $took = time - $came;

    ok($status == 200 || $status == 504 && $took > 0.19,
       'who comes later waits for as long')
        or diag("$status after $took s");
    $twins[0]->response;
    idle();
}

$res = slow('/late/b.png', 1000)->response;
is(looks($res), '200 image/png 100x90', 'error_page after a time-out');
idle();

# who waits for an image does not keep nginx from sending

is(slow('/hasty/a.png', 1200)->response->status, 200,
   'it takes longer than send_timeout');
idle();

# nobody waits for longer than that for a thread

@held = (slow('/a.png', 1000), slow('/quick/b.png', 50));
is($held[1]->response->status, 504, 'no thread in time: 504');
$_->response for $held[0];


# under load less is made of each

idle();
is($app->get('/load/a.png?w=50&fm=webp')->header('X-Effort'), 6,
   'an idle worker takes pains');
@held = (slow('/a.png'), map {
    my $c = $app->connect(timeout => 60);
    $c->send("GET /load/a.png?w=6$_&fm=webp HTTP/1.1\r\nHost: x\r\n\r\n");
    $c;
} 1 .. 3);
ok(wait_until(sub { metrics()->{waiting} == 3 }, 10), 'three wait');
is(join(' ', map { $_->response->header('X-Effort') } @held[1 .. 3]),
   '0 2 6', 'a busy one less, the more wait');
is($app->get('/load/a.png?w=70&fm=webp&effort=1')->header('X-Effort'), 1,
   'effort=');

# nginx leaves while images are in work

@held = (slow('/a.png'), slow('/a.png'));
ok(wait_until(sub { metrics()->{running} }, 5), 'one runs');
$app->reload;
is($_->response->status, 200, 'a reload: it is made') for @held;

# what a worker that leaves was at when its client left first does not count

my ($pid) = $app->workers;
$held[0] = slow('/a.png', 1600);
ok(wait_until(sub { metrics()->{running} }, 5), 'one runs');
kill 'STOP', $pid;
$held[0]->reset;
$app->reload;
kill 'CONT', $pid;
ok(wait_until(sub { !kill 0, $pid }, 60), 'its worker has left');
is($app->get('/b.png?enlarge&fm=jpeg&w=1500')->status, 200,
   'its pixels are free');

$held[0] = slow('/a.png', 200);
ok(wait_until(sub { metrics()->{running} }, 5), 'one runs');
$app->stop;

done_testing;
