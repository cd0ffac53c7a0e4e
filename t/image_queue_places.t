# Copyright (C) the project authors
#
# How many images a worker takes at a time: one for each thread, and as many
# more as app_image_queue says.

use Test::App;
use Test::App::Image;

for my $case ([ 0, 2 ], [ 1, 3 ]) {
    my ($queue, $places) = @$case;

    my $app = Test::App->new(
        modules => [ 'core', 'image_filter' ],
        http    => <<"EOF",
app_image_threads 2;
app_image_queue   $queue;
app_image_effort  avif=4;
app_image_timeout 60s;
types { image/png png; }
EOF
        server  => 'location / { app_image_filter on; }',
        start   => 0,
    );

    spew($app->dir . '/html/a.png',
         png(width => 100, height => 90, gradient => 1));
    $app->start;

    is($app->get('/a.png?w=10')->status, 200, "queue of $queue: one");

    # all come in one turn of the event loop, before any work has begun

    my ($worker) = $app->workers;
    my @conns = map { $app->connect(timeout => 60) } 0 .. $places;

    kill 'STOP', $worker;
    $conns[$_]->send("GET /a.png?enlarge&fm=avif&w=" . (900 + $_)
                     . " HTTP/1.1\r\nHost: x\r\n\r\n") for 0 .. $places;
    kill 'CONT', $worker;

    is(join(' ', sort map { $_->response->status } @conns),
       join(' ', (200) x $places, 503), "  $places and no more");

    $app->stop;
}

done_testing;
