# Copyright (C) the project authors
#
# Thousands of requests of all kinds while the server is killed, clients
# leave and nginx is reloaded: each answer is right, or a clean 503, or cut
# where it had begun; and the worker's memory stays as it is.
#
# Environment: TEST_SOAK_REQUESTS (10000), TEST_SOAK_SEED.

use Test::App;
use Test::App::Load;

use IO::Select;
use Time::HiRes qw(time sleep);

my $total = $ENV{TEST_SOAK_REQUESTS} || 10000;
my $seed = $ENV{TEST_SOAK_SEED} || time;
my $parallel = 24;

srand $seed;
diag("TEST_SOAK_SEED=$seed");

my $app = Test::App->new(
    mysql     => { private => 1 },
    sql       => tables(),
    log_level => 'error',
    # malloc gives back what is free, so that the rest is what is in use
    env       => { MALLOC_TRIM_THRESHOLD_ => 131072, MALLOC_ARENA_MAX => 2 },
    http      => 'app_mysql main %%MYSQL%% pool=16 queue=64 wait=2s'
                 . ' retry=200ms idle=5s;',
    server    => routes() . metric_locations() . "location / { app_api; }\n",
);

my $mysql = $app->mysql;
my $unavailable = qr/\A\{"statusCode":503,"message":"Service Unavailable"\}\z/;


# A request, and what its answer must be when it is 200.
sub pick {
    my $n = 1 + int rand 99;

    for (int rand 100) {
        return "/id/$n", 200, qr/\A\{"conn":\d+,"id":$n\}\z/ if $_ < 50;
        return "/rows/$n", 200, qr/\A\{"rows":\[(?:\{"id":\d+,
            "pad":"x{1000}"\},?){$n}\]\}\z/x if $_ < 75;
        return '/sleep/' . $n, 200, qr/\A\{"conn":\d+,"slept":\d\}\z/
            if $_ < 83;
        return '/rows/1000', 200, 1000 if $_ < 90;
        return "/id/$n-", 400, qr/"statusCode":400/ if $_ < 95;
        # that one nginx itself refuses
        return "/id/$n%00", 400, qr/400 Bad Request/ if $_ < 97;
        return "/nothing/$n", 404, qr{Cannot GET /nothing/$n} if $_ < 99;
        return '/rows/5000', 200, 5000;
    }
}


my (%count, @wrong, %open, @memory, $sent, $until);
my $select = IO::Select->new;
my $leave = 0;


sub finish {
    my ($conn) = @_;

    $select->remove($conn->socket);
    delete $open{ $conn->socket };

    my $res = eval { $conn->response };
    my $what;

    if (!$res) {
        # only what is streamed may be cut
        $what = ref $conn->{like} || $conn->{left}
                || $conn->{buf} eq '' && !$conn->{header} ? 'wrong' : 'cut';

    } elsif ($res->status == 503) {
        $what = $res->body =~ $unavailable && $res->header('Retry-After')
                ? '503' : 'wrong';
        # refusals are quick, and would take all the requests
        sleep 0.02;

    } elsif ($res->status != $conn->{status}) {
        $what = 'wrong';

    } elsif (ref $conn->{like}) {
        $what = $res->body =~ $conn->{like} ? 'right' : 'wrong';

    } else {
        $what = $conn->{like} == (() = $res->body =~ /"id":/g)
                && $res->body =~ /\}\]\}\z/ ? 'right' : 'wrong';
    }

    $count{$what}++;
    push @wrong, "$conn->{path}: " . ($res ? $res->status . ' '
                 . substr($res->body, 0, 200) : "no answer: $@")
        if $what eq 'wrong' && @wrong < 10;
    $conn->close;
}


sub step {
    while ($sent < $until && keys %open < $parallel) {
        my ($path, $status, $like) = pick();
        my $conn = begin($app, $path);

        @$conn{qw(status like)} = ($status, $like);
        $conn->{leaves} = time + rand 0.1 if rand() < 0.03;
        $open{ $conn->socket } = $conn;
        $select->add($conn->socket);
        $sent++;
    }

    for my $sock ($select->can_read(0.02)) {
        my $conn = $open{$sock};
        my $n = sysread $sock, $conn->{buf}, 262144, length $conn->{buf};

        $conn->{header} = 1 if $n;
        next if $n;
        $conn->{eof} = 1;
        finish($conn);
    }

    for my $conn (grep { $_->{leaves} && $_->{leaves} < time } values %open) {
        $select->remove($conn->socket);
        delete $open{ $conn->socket };
        rand() < 0.5 ? $conn->reset : $conn->close;
        $count{left}++;
    }

    if (my ($late) = grep { time - $_->{began} > 20 } values %open) {
        push @wrong, "$late->{path}: no answer within 20 s";
        $select->remove($late->socket);
        delete $open{ $late->socket };
        $count{wrong}++;
    }
}


# Sends so many requests more, with something happening now and then.
sub run {
    ($until, my $n, my $happens) = @_;

    my $every = ($until - $sent) / ($n + 1);
    my $next = $sent + $every;

    my ($pid) = $app->workers;

    while ($sent < $until) {
        step();
        push @memory, $app->rss($pid) || () if $sent % 10 == 0;
        next if $sent < $next;
        $next += $every;
        $happens->() if $n-- > 0;
    }

    step() while keys %open;
}


# The lowest and the highest sample since the last call, in KiB.
sub memory {
    my @kib = sort { $a <=> $b } splice @memory;

    return @kib[0, -1];
}


sub kill_server {
    $mysql->crash;
    $count{kills}++;
    # what is answered while it is away
    my $end = time + 0.3;
    step() while time < $end;
    delete $mysql->{dbh};
    $mysql->start;
}


sub kill_statements {
    $mysql->sql(rand() < 0.5 ? "KILL $_" : "KILL QUERY $_")
        for statements($mysql, 'SLEEP');
    $count{statements}++;
}


my $began = time;
$sent = 0;

run(0.25 * $total, 8, sub {
    if (rand() < 0.5) {
        $app->reload;
        $count{reloads}++;
    } else {
        kill_server();
    }
});
$app->reload(gone => 1);
@memory = ();

# One set of workers from here on.  Its memory goes up and down by the answers
# that are on their way: what must not rise is the lowest of many samples.

my ($pid) = $app->workers;
my $happens = sub { rand() < 0.6 ? kill_server() : kill_statements() };

run(0.5 * $total, 6, $happens);
memory();       # it has seen all there is by now
run(0.75 * $total, 4, $happens);
my ($before, $high) = memory();
run($total, 4, $happens);
my ($after, $top) = memory();

# The heap may take one more step; what leaks takes one each time.

for (1 .. (Test::App::sanitized() ? 0 : 2)) {
    last if $after - $before < 1024;
    diag("the worker had $before to $high KiB, then $after to $top");
    ($before, $high) = ($after, $top);
    $total = int($total * 1.25);
    run($total, 4, $happens);
    ($after, $top) = memory();
}

sleep 0.3;

diag(sprintf '%d requests in %.0f s: %s', $sent, time - $began,
     join ', ', map { "$_ $count{$_}" } sort keys %count);
diag("the worker had $before to $high KiB, then $after to $top");

is($sent, $total, "$total requests");
is($count{wrong} || 0, 0, 'none was answered wrong') or diag(explain \@wrong);
cmp_ok($count{right}, '>', $total / 2, 'most were answered right');
cmp_ok($after - $before, '<', 1024, 'its memory is flat within 1 MB')
    if !Test::App::sanitized();
is(join(' ', $app->workers), $pid, 'it is still the same');
ok(wait_until(sub { $app->get('/id/1')->status == 200 }, 5), 'and answers');
ok(wait_until(sub { metric($app, 'connections') == connections($mysql) }, 3),
   'its connections are as many as the server has');

done_testing;
