# Copyright (C) the project authors
#
# idempotent: a request with a key is carried out once, its answer is given
# again, and whatever fails leaves the key free.

use Test::App;
use Test::App::Twice;

my $app = Test::App->new(
    mysql => 1,
    sql   => <<'SQL' . key_table('IdempotencyKey') . key_table('Other'),
CREATE TABLE sale (id INT AUTO_INCREMENT PRIMARY KEY, item VARCHAR(100),
                   buyer VARCHAR(20));
CREATE TABLE stock (item VARCHAR(20) PRIMARY KEY, n INT NOT NULL);
INSERT INTO stock VALUES ('bread', 1000), ('cake', 0);
SQL
    workers => 2,
    http    => 'app_mysql main %%MYSQL%%; app_api_check on;',
    server  => <<'EOT');
    location / { app_api; }

    app_route POST /sales/:shop {
        query  note  string;
        query  size  int  default=1;
        body   item  string  required;
        body   wish  string[];

        let    who = "header('X-Who')";

        idempotent ttl=24h by=who;

        begin;
        exec  "UPDATE stock SET n = n - 1 WHERE item = :item AND n > 0"
              else=400 "sold out";
        exec  sale "INSERT INTO sale (item, buyer) VALUES (:item, :who)";
        commit;

        one     row "SELECT id, item, buyer FROM sale WHERE id = :sale.id";
        let     nonce = "random_hex(8)";
        respond 201 '{"sale": $row, "nonce": $nonce}'
                location="/sales/$shop/${sale.id}";
    }

    app_route POST /plain {
        body   item  string  required;
        idempotent ttl=1h required table=Other max_size=100;
        begin;
        exec  "INSERT INTO sale (item) VALUES (:item)";
        commit;
        respond 204  "when=item = 'none'";
        respond 202 "you get $item"  type=text/plain;
    }

    # its answer is made behind the commit, and may be a failure
    app_route POST /late {
        body   item  string  required;
        idempotent ttl=1h;
        begin;
        exec  sale "INSERT INTO sale (item) VALUES (:item)";
        commit;
        fetch  other GET /other  timeout=5s;
        check  "item != 'bad'"  else=418 "no $item";
        check  "item != 'broken'"  else=500 "broken";
        respond 201 '{"id": ${sale.id}, "other": ${other.status}}';
    }

    app_route POST /rescued {
        body   item  string  required;
        idempotent ttl=1h;
        begin;
        exec  sale "INSERT INTO sale (item) VALUES (:item)";
        commit;
        check  "item = 'good'"  else=418 "no $item";
        respond 201 '{"id": ${sale.id}}';
        rescue {
            respond 202 '{"rescued": ${error.message}}'
                    when="error.status = 418";
        }
    }

    # the first of many rows would be on their way before the last are read
    app_route POST /rows {
        idempotent ttl=1h max_size=1m;
        begin;
        exec  "INSERT INTO sale (item) VALUES ('rows')";
        commit;
        many  rows "SELECT REPEAT('x', 5000) AS pad FROM sale AS a, sale AS b
                     LIMIT 100";
        respond 201 $rows;
    }

    location /other { return 200 '{}'; }
EOT

my $my = $app->mysql;

sub value { return $my->rows(@_)->[0][0] }

sub sales { return value('SELECT COUNT(*) FROM sale WHERE item = ?', $_[0]) }


# once, and the answer again

my $bread = { item => 'bread' };
my $first = post($app, '/sales/1', 'key-1', $bread);

is($first->status, 201, 'a sale');
like($first->header('Location'), qr{/sales/1/\d+\z}, '  with its place');
same($first, post($app, '/sales/1', 'key-1', $bread), 'again');
same($first, post($app, '/sales/1', '"key-1"', $bread), 'with quotes');
same($first, post($app, '/sales/1?size=1&t=123', 'key-1', $bread),
     'defaults and what the route does not know make no difference');
is(sales('bread'), 1, 'one was sold');
is(value('SELECT n FROM stock WHERE item = "bread"'), 999, 'and is gone');

isnt(post($app, '/sales/1', undef, $bread)->body, $first->body,
     'without a key it is another one');
isnt(post($app, '/sales/1', 'key-2', $bread)->body, $first->body,
     'and so it is with another key');


# other requests with the same key

fails(post($app, '/sales/1', 'key-1', { item => 'cake' }), 422, $other,
      'another body');
fails(post($app, '/sales/1', 'key-1', { item => 'bread', wish => [] }), 422,
      $other, 'a member more');
fails(post($app, '/sales/2', 'key-1', $bread), 422, $other, 'another path');
fails(post($app, '/sales/1?note=x', 'key-1', $bread), 422, $other,
      'another query');
fails(post($app, '/sales/1?size=2', 'key-1', $bread), 422, $other,
      'not the default');
is(sales('bread'), 3, 'nothing of it was done');

my $theirs = post($app, '/sales/1', 'key-1', $bread,
                  headers => { 'X-Who' => 'somebody' });
is($theirs->status, 201, 'another account may have the same key');
is($theirs->json->{sale}{buyer}, 'somebody', 'and gets its own answer');
is(post($app, '/rescued', 'key-1', { item => 'good' })->status, 201,
   'so may another route');


# keys that are none

for my $key ('', '""', 'a b', '"a', "a\xc3\xa9", 'k' x 256) {
    fails(post($app, '/sales/1', $key, $bread), 400, $invalid,
          "no key: $key");
}

is(post($app, '/sales/1', 'k' x 255, $bread)->status, 201,
   '255 characters are one');

my $twice = $app->http(POST => '/sales/1', body => '{"item": "bread"}',
    headers => [ 'Content-Type' => 'application/json',
                 'Idempotency-Key' => 'a', 'Idempotency-Key' => 'a' ]);
fails($twice, 400, $invalid, 'two keys are none');
fails(post($app, '/plain', undef, $bread), 400, 'Idempotency-Key is required',
      'a key may be required');
is(post($app, '/sales/1', 'a b', {})->json->{message},
   'item must be a string, item should not be empty',
   'inputs are looked at before the key');


# what fails is free again

fails(post($app, '/sales/1', 'key-4', { item => 'cake' }), 400, 'sold out',
      'a guard fails');
is(value('SELECT COUNT(*) FROM IdempotencyKey WHERE status IS NULL'), 0,
   'and leaves no key behind');
$my->sql('UPDATE stock SET n = 5 WHERE item = "cake"');
is(post($app, '/sales/1', 'key-4', { item => 'cake' })->status, 201,
   'the retry runs again');
is(post($app, '/sales/1', 'key-4', { item => 'cake' })
       ->header('Idempotency-Replayed'), 'true', 'and then no more');
is(sales('cake'), 1, 'one was sold');


# other kinds of answers

# twice(PATH, KEY, ITEM, WHAT)
sub twice {
    my ($path, $key, $item, $what) = @_;

    my @res = map { post($app, $path, $key, { item => $item }) } 1, 2;
    same(@res, $what);
    is(sales($item), 1, '  done once');
}

twice('/plain', 'p1', 'text', 'a text');
twice('/plain', 'p2', 'none', 'no body');
twice('/late', 'l1', 'late', 'an answer from behind the commit');
twice('/late', 'l2', 'bad', 'a failure behind the commit');
twice('/rescued', 'r1', 'poor', 'what rescue answers');
twice('/rows', 'r2', 'rows', 'an answer that would be sent in pieces');

my $long = 'x' x 95;
is(post($app, '/plain', 'p3', { item => $long })->status, 202,
   'an answer past max_size=');
fails(post($app, '/plain', 'p3', { item => $long }), 409, $lost,
      'is not kept');
is(sales($long), 1, '  but the sale is made');
like($app->log, qr/is not kept for "idempotent" .*longer than max_size=/,
     '  and the log says so');

is(post($app, '/late', 'l3', { item => 'broken' })->status, 500,
   'a failure of the server');
fails(post($app, '/late', 'l3', { item => 'broken' }), 409, $lost,
      'is not given again');
is(sales('broken'), 1, '  and what was done is not done again');


ok(wait_until(sub { $app->log =~ /statements checked/ }, 10), 'the check');
my ($checked, $of) = $app->log
    =~ /app api check: (\d+) of (\d+) statements checked, 0 faults/;
is($checked, $of, 'prepares the statements on keys, too');

done_testing;
