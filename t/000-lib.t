# Copyright (C) the project authors
#
# The test library itself: a fault in a log fails the file, and the servers
# do what tests rely on.

use Test::App;

use File::Temp ();

my $top = $Test::App::top;


# the lines of a log that a test may not leave behind
for my $line (
    '2026/01/01 00:00:00 [alert] 1#1: open socket #3 left in connection 4',
    '2026/01/01 00:00:00 [crit] 1#1: *1 connect() failed',
    '2026/01/01 00:00:00 [emerg] 1#1: bind() failed',
    '2026/01/01 00:00:00 [notice] 1#1: worker process 2 exited on signal 11',
    '2026/01/01 00:00:00 [notice] 1#1: worker process 2 exited with code 23',
    '2026/01/01 00:00:00 [notice] 1#1: worker process 2 exited with fatal'
    . ' code 2 and cannot be respawned',
    '==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1',
    '==7==ERROR: LeakSanitizer: detected memory leaks',
    'src/x.c:1:2: runtime error: signed integer overflow',
) {
    is(scalar(Test::App::faults("fine\n$line\nfine\n")), 1,
       'a fault: ' . substr $line, 0, 60);
}

for my $line (
    '2026/01/01 00:00:00 [error] 1#1: *1 app mysql: refused',
    '2026/01/01 00:00:00 [notice] 1#1: worker process 2 exited with code 0',
) {
    is(scalar(Test::App::faults($line)), 0, 'none: ' . substr $line, 20);
}


# A whole test file as prove would run it: BODY after the start of an nginx.
# Returns its exit code and its output.
sub run_file {
    my ($body) = @_;

    my $file = File::Temp->new(SUFFIX => '.t');
    print $file "use Test::App;\n",
                'my $app = Test::App->new(modules => [], server => "");',
                "\n$body\n";
    close $file;

    my $output = `$^X -I$top/t/lib $file 2>&1`;
    return ($? >> 8, $output);
}

my $plant = 'open my $fh, ">>", $app->dir . "/error.log"; '
            . 'print $fh "[alert] 1#1: planted\n"; close $fh;';

my ($code, $output) = run_file('ok 1; done_testing;');
is($code, 0, 'a file with clean logs passes') or diag($output);

($code, $output) = run_file("$plant ok 1; done_testing;");
is($code, 1, 'an alert in the log fails the file');
like($output, qr/not ok 2 - nothing alarming/, 'as a test of its own');

($code, $output) = run_file("$plant ok 1;");
isnt($code, 0, 'also one that forgets done_testing');

($code, $output) = run_file("$plant ok 1; "
    . '$app->allow(qr/1#1: planted/); done_testing;');
is($code, 0, 'an alert that the test allows does not');

($code, $output) = run_file(<<'EOF');
kill 'SEGV', $app->workers;
wait_until(sub { $app->log =~ /exited on signal|exited with code/ });
ok 1;
done_testing;
EOF
is($code, 1, 'a worker that crashed fails the file');

($code, $output) = run_file(<<'EOF');
my ($pid) = $app->workers;
kill 'STOP', $pid;
is(Test::App::Server::end_process($app->pid, QUIT => 0.3, TERM => 0.3),
   'KILL', 'stopped');
kill 'KILL', $pid;
ok 1;
done_testing;
EOF
like($output, qr/^ok 1/m, 'what ignores the other signals gets SIGKILL');

($code, $output) = run_file('print "pid=", $app->pid, " dir=", $app->dir,'
                            . ' "\n"; die "half-way";');
my ($pid, $dir) = $output =~ /pid=(\d+) dir=(\S+)/;
isnt($code, 0, 'a file that dies fails');
ok(wait_until(sub { !kill 0, $pid }, 10), 'and leaves no nginx');
ok(!-d $dir, 'and no directory');


# nginx
my $app = Test::App->new(workers => 2, modules => [], server => <<'EOF');
    location / { return 200 "$request_method $request_uri\n"; }
    location /204 { return 204; }
EOF

is($app->get('/a?b=c')->body, "GET /a?b=c\n", 'a request is answered');
is($app->http(POST => '/x', json => { a => 1 })->body, "POST /x\n",
   'one with a body as well');
is($app->http(HEAD => '/x')->header('Content-Length'), 8,
   'HEAD has no body to wait for');
is($app->get('/204')->status, 204, 'nor has 204');

my $conn = $app->connect;
$conn->send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
            . "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n", chunk => 7);
is($conn->response->body, "GET /1\n", 'the first of two in a pipeline');
is($conn->response->body, "GET /2\n", 'the second');

my @old = $app->workers;
is(scalar @old, 2, 'two workers');
$app->reload(gone => 1);
is(scalar(grep { kill 0, $_ } @old), 0, 'a reload ends both');
$app->kill_worker(($app->workers)[0]);
is(scalar(my @now = $app->workers), 2, 'a killed one is replaced');
cmp_ok($app->rss, '>', 500, 'the memory of a worker is read');

my $t = nginx_t(modules => [], server => "# one\nnonsense on;\n");
is($t->{code}, 1, 'nginx -t refuses');
is($t->{error}, 'unknown directive "nonsense" in server.conf:2',
   'its message has the line of the text');
is(nginx_t(modules => [], server => '')->{code}, 0, 'and accepts');


# the database and Redis
my $db = Test::App->new(mysql => { private => 1 }, redis => 1, modules => [],
                        start => 0, sql => <<'EOF');
CREATE TABLE a (id INT PRIMARY KEY, t VARCHAR(20));
INSERT INTO a VALUES (1, 'one;'), (2, 'two');
EOF

is_deeply($db->mysql->rows('SELECT t FROM a ORDER BY id'),
          [ [ 'one;' ], [ 'two' ] ], 'statements were run');
like($db->expand('%%MYSQL%%'), qr/^socket=\S+ user=\S+ password_file=\S+/,
     'the arguments of app_mysql');

$db->mysql->crash;
ok(!eval { $db->mysql->root; 1 }, 'a server that was killed is away');
$db->mysql->start;
is_deeply($db->mysql->rows('SELECT COUNT(*) FROM a'), [ [ 2 ] ],
          'and back with its data');
is($db->redis->cli('PING'), 'PONG', 'Redis answers');

done_testing;
