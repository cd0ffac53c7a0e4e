# Copyright (C) the project authors
#
# exec, begin and commit: what is written, what is undone, and what many
# buyers at the same time are told.

use Test::App;
use Test::App::Load;

my $app = Test::App->new(
    mysql => 1,
    sql   => <<'SQL',
CREATE TABLE item (id INT PRIMARY KEY, stock INT NOT NULL, note VARCHAR(10));
CREATE TABLE sale (id INT AUTO_INCREMENT PRIMARY KEY, item INT NOT NULL,
                   buyer INT NOT NULL, UNIQUE KEY sale_key (item, buyer));
INSERT INTO item VALUES (1, 50, 'a'), (2, 5, 'b'), (3, 1, 'c');
SQL
    workers => 2,
    http    => 'app_mysql main %%MYSQL%% pool=4;
                app_mysql away socket=%%DIR%%/nothing user=nobody;',
    server  => <<'EOT');
    location / { app_api; }

    app_route POST /buy/:item {
        path   item   int;
        query  buyer  int  required;

        begin;
        exec  "UPDATE item SET stock = stock - 1 WHERE id = :item
                AND stock > 0"  else=400 "sold out";
        exec  sale "INSERT INTO sale (item, buyer) VALUES (:item, :buyer)"
              duplicate=409 "buyer $buyer has one";
        commit;

        respond 201 '{"id": ${sale.id}, "rows": ${sale.affected}}';
    }

    app_route POST /fail/:item {
        path  item  int;
        begin;
        exec   "UPDATE item SET stock = stock - 1 WHERE id = :item";
        check  "item != 2"  else=418 "no";
        commit;
        respond '{}';
        rescue {
            one  x "SELECT stock FROM item WHERE id = :item";
            respond 418 '{"stock": ${x.stock}, "message": ${error.message}}';
        }
    }

    app_route POST /swap/:a/:b {
        path  a  int;
        path  b  int;
        begin;
        exec  "UPDATE item SET stock = stock + 1 WHERE id = :a";
        one   "SELECT SLEEP(0.2)";
        exec  "UPDATE item SET stock = stock - 1 WHERE id = :b";
        commit;
        respond '{"ok": true}';
    }

    app_route POST /half/:n {
        path  n  int;
        exec  "UPDATE item SET note = 'half' WHERE id = 3"  when="n = 1";
        one   "SELECT 1" db=away;
        respond '{}';
    }

    app_route PATCH /note/:id {
        path   id    int;
        query  note  string  required;
        exec   done "UPDATE item SET note = :note WHERE id = :id"
               else=404 "no item $id";
        respond '{"affected": ${done.affected}, "id": ${done.id}}';
    }
EOT

sub post { return $app->http(POST => $_[0]) }

sub value { return $app->mysql->rows($_[0])->[0][0] }

my $res = post('/buy/2?buyer=1');
is($res->status, 201, 'a sale is answered');
is_deeply($res->json, { id => 1, rows => 1 }, 'with its id');

$res = post('/buy/2?buyer=1');
is($res->status, 409, 'a unique key that is there has its own answer');
is($res->json->{message}, 'buyer 1 has one', 'and message');
is(value('SELECT stock FROM item WHERE id = 2'), 4,
   'what was done before it is undone');

$res = post('/buy/9?buyer=1');
is($res->status, 400, 'no row that matches is the answer behind else=');

$res = post('/fail/2');
is($res->status, 418, 'a guard fails the transaction');
is($res->json->{message}, 'no', 'rescue knows why');
is(value('SELECT stock FROM item WHERE id = 2'), 4,
   'nothing of it is left');

$res = $app->http(PATCH => '/note/3?note=c');
is_deeply($res->json, { affected => 1, id => undef },
          'a row that matches counts, changed or not');
is($app->http(PATCH => '/note/77?note=c')->json->{message}, 'no item 77',
   'a message is a template');
is($app->http(PATCH => '/note/3?note=' . 'x' x 11)->status, 400,
   'a value that does not fit its column is the client\'s fault');

# clients send again what is answered with 503

is(post('/half/0')->status, 503, 'a database is away: 503');
is(post('/half/1')->status, 500, 'but 500 when something has been written');
is(value('SELECT note FROM item WHERE id = 3'), 'half', 'as it was');

# two that wait for each other: one is begun again

my @swaps = gather(30, map { begin($app, $_, method => 'POST') }
                   '/swap/1/2', '/swap/2/1');
is(join(',', sort map { $_->{status} } @swaps), '200,200',
   'of two in a deadlock both end well');
is(value('SELECT SUM(stock) FROM item WHERE id < 3'), 54,
   'and each is done once');

# 400 buyers of 50 portions

my @buyers = gather(60, map { begin($app, "/buy/1?buyer=$_", method => 'POST') }
                    1 .. 400);
my %count;
$count{$_->{status}}++ for @buyers;

is($count{201}, 50, '50 portions have 50 buyers')
    or diag(explain(\%count));
is(value('SELECT COUNT(*) FROM sale WHERE item = 1'), 50,
   'that are in the table');
is(value('SELECT stock FROM item WHERE id = 1'), 0,
   'and no portion is left');
is(($count{400} || 0) + ($count{503} || 0), 350, 'all others were told');

done_testing;
