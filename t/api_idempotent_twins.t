# Copyright (C) the project authors
#
# Keys in time: twins that come together, one that is at it for long, an
# answer that got lost, a client that leaves, and the end of a key's time.

use Test::App;
use Test::App::Twice;
use Test::App::Load;

use Time::HiRes qw(time);

my $app = Test::App->new(
    mysql => 1,
    sql   => <<'SQL' . key_table('IdempotencyKey'),
CREATE TABLE sale (id INT AUTO_INCREMENT PRIMARY KEY, item VARCHAR(100));
CREATE TABLE stock (item VARCHAR(20) PRIMARY KEY, n INT NOT NULL);
INSERT INTO stock VALUES ('bread', 1000), ('cake', 1000);
SQL
    workers => 2,
    http    => 'app_mysql main %%MYSQL%% pool=32 lock_wait=1s;',
    server  => <<'EOT');
    location / { app_api; }

    app_route POST /sales {
        body   item  string  required;
        idempotent ttl=24h;
        begin;
        exec  sale "INSERT INTO sale (item) VALUES (:item)";
        exec  "UPDATE stock SET n = n - 1 WHERE item = :item AND n > 0"
              else=400 "sold out";
        commit;
        respond 201 '{"id": ${sale.id}}';
    }

    app_route POST /late {
        body   item  string  required;
        idempotent ttl=1h;
        begin;
        exec  sale "INSERT INTO sale (item) VALUES (:item)";
        commit;
        fetch  other GET /other  timeout=5s;
        respond 201 '{"id": ${sale.id}, "other": ${other.status}}';
    }

    app_route POST /swap/:a/:b {
        idempotent ttl=1h;
        begin;
        exec  "UPDATE stock SET n = n + 1 WHERE item = :a";
        one   "SELECT SLEEP(0.2)";
        exec  "UPDATE stock SET n = n - 1 WHERE item = :b";
        commit;
        respond '{"a": $a}';
    }

    location /other { return 200 '{}'; }
EOT

my $my = $app->mysql;
my $bread = { item => 'bread' };

sub value { return $my->rows(@_)->[0][0] }

sub sales { return value('SELECT COUNT(*) FROM sale WHERE item = ?', $_[0]) }

# twins(PATH, KEY, ITEM): the answers to 20 requests at the same time
sub twins {
    my ($path, $key, $item) = @_;

    return gather(30, map {
        begin($app, $path, method => 'POST', json => { item => $item },
              headers => { 'Idempotency-Key' => $key })
    } 1 .. 20);
}


for my $path ('/sales', '/late') {
    my @res = twins($path, 'twins', 'bread');
    my @taken = grep { $_->{status} == 201 } @res;
    my %bodies = map { $_->{res}->body => 1 } @taken;

    is(sales('bread'), 1, "$path: 20 twins are one sale");
    is(scalar keys %bodies, 1, '  with one answer');
    is(@taken + grep({ $_->{status} == 409 } @res), 20,
       '  that ' . @taken . ' get, and others 409') or diag(statuses(@res));
    is(scalar(grep { !$_->{res}->header('Idempotency-Replayed') } @taken), 1,
       '  one of them as the first');
    same($taken[0]{res}, post($app, $path, 'twins', $bread), 'later')
        if !$taken[0]{res}->header('Idempotency-Replayed');

    $my->sql('DELETE FROM sale');
}

my @res = twins('/sales', 'nothing', 'pie');
is(scalar(grep { $_->{status} !~ /^(?:400|409|503)$/ } @res), 0,
   'twins of one that fails, fail') or diag(statuses(@res));
is(sales('pie'), 0, '  and nothing is done');
is(value('SELECT COUNT(*) FROM IdempotencyKey'), 2, '  and no key is left');

@res = gather(30, map {
    begin($app, $_, method => 'POST', headers => { 'Idempotency-Key' => $_ })
} '/swap/bread/cake', '/swap/cake/bread');
is(statuses(@res), '200x2', 'a deadlock is begun again, key and all');
is(value('SELECT COUNT(*) FROM IdempotencyKey WHERE status = 200'), 2,
   '  and both answers are kept');


# one that is at it for long

my $id = value('SELECT HEX(id) FROM IdempotencyKey ORDER BY createdAt'
               . ' LIMIT 1');
$my->sql('DELETE FROM IdempotencyKey');
$my->sql('DELETE FROM sale');

my $dbh = $my->root;
$dbh->begin_work;
$dbh->do('INSERT INTO IdempotencyKey (id, fingerprint, createdAt, expiresAt)'
         . " VALUES (UNHEX('$id'), 'x', NOW(6), NOW(3) + INTERVAL 1 DAY)");

my $res = post($app, '/sales', 'twins', $bread);
fails($res, 409, $busy, 'a twin waits for lock_wait=');
is($res->header('Retry-After'), 1, '  and may come again');
$dbh->rollback;
is(post($app, '/sales', 'twins', $bread)->status, 201, '  and does');
is(sales('bread'), 1, '  once');


# an answer that got lost

$my->sql('UPDATE IdempotencyKey SET status = NULL, body = NULL');
$res = post($app, '/sales', 'twins', $bread);
fails($res, 409, $lost, 'nobody knows the answer');
is($res->header('Retry-After'), 1, '  yet');
$my->sql('UPDATE IdempotencyKey SET createdAt = NOW(6) - INTERVAL 1 MINUTE');
$res = post($app, '/sales', 'twins', $bread);
is($res->header('Retry-After'), undef, '  and later nobody will');
is(sales('bread'), 1, '  but what was done is not done again');


# a client that leaves in the middle

my $conn = begin($app, '/swap/bread/cake', method => 'POST',
                 headers => { 'Idempotency-Key' => 'left' });
ok(running($my), 'a statement runs');
$conn->reset;
ok(wait_until(sub { !statements($my, 'SLEEP') }, 10), 'its client leaves');

my $cake = value('SELECT n FROM stock WHERE item = "cake"');
wait_until(sub {
    ($res = post($app, '/swap/bread/cake', 'left'))->status != 409
}, 10);
is($res->status, 200, 'and comes again');
is($res->header('Idempotency-Replayed'), undef, '  as the first');
is(value('SELECT n FROM stock WHERE item = "cake"'), $cake - 1, '  once');


# the end of a key's time

$my->sql('UPDATE IdempotencyKey SET expiresAt = NOW(3) - INTERVAL 1 SECOND');
$res = post($app, '/sales', 'twins', $bread);
is($res->status, 201, 'after its time a key is new');
is($res->header('Idempotency-Replayed'), undef, '  as if it had not been');
is(sales('bread'), 2, '  and so is what it does');
@res = twins('/sales', 'twins', 'bread');
is(statuses(@res), '201x20', '  for the next time');

$my->sql('UPDATE IdempotencyKey SET expiresAt = NOW(3) - INTERVAL 1 SECOND');
@res = twins('/sales', 'twins', 'bread');
is(sales('bread'), 3, 'twins that find an old key are one');

$my->sql('UPDATE IdempotencyKey SET expiresAt = NOW(3) - INTERVAL 1 SECOND');
post($app, '/sales', "sweep-$_", $bread) for 1 .. 80;
is(value('SELECT COUNT(*) FROM IdempotencyKey WHERE expiresAt < NOW(3)'), 0,
   'old keys go away by and by');
is(value('SELECT COUNT(*) FROM IdempotencyKey'), 80, '  others do not');

# the next to expire is in a transaction

$my->sql('UPDATE IdempotencyKey SET expiresAt = NOW(3) - INTERVAL 1 SECOND');
$dbh->begin_work;
$dbh->do('INSERT INTO IdempotencyKey (id, fingerprint, createdAt, expiresAt)'
         . " VALUES ('x', 'x', NOW(6), NOW(3) + INTERVAL 1 MINUTE)");
my $slowest = 0;
for (1 .. 80) {
    my $at = time;
    post($app, '/sales', "behind-$_", $bread);
    $slowest = time - $at if time - $at > $slowest;
}
$dbh->rollback;
is(value('SELECT COUNT(*) FROM IdempotencyKey WHERE expiresAt < NOW(3)'), 0,
   'old keys go away');
cmp_ok($slowest, '<', 0.9, '  and nobody waits for one that is being made');

done_testing;
