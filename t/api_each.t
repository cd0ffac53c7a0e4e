# Copyright (C) the project authors
#
# each: over rows, over JSON arrays, within each other, within a transaction.

use Test::App;

my $app = Test::App->new(
    mysql => 1,
    sql   => <<'SQL',
CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(20), tags JSON);
CREATE TABLE seen (id INT AUTO_INCREMENT PRIMARY KEY, text TEXT);
INSERT INTO item VALUES (1, 'one', '["a","b"]'), (2, 'two', '[]'),
    (3, NULL, '[{"k":"x","n":1.50},{"n":2},"s",null,true,[1]]'),
    (4, NULL,
     '[{"k":"x","n":1.25,"in":{"at":[7]}},{"k":"y","n":2},"s",[1]]');
SQL
    http   => 'app_mysql main %%MYSQL%% pool=2;',
    server => <<'EOT');
    app_api_max_rows 5;

    location / { app_api; }

    app_route POST /rows {
        query  min  int  default=0;
        begin;
        many   rows "SELECT id, name FROM item
                      WHERE id >= :min AND id < 4 ORDER BY id";
        each   row in rows {
            exec  "INSERT INTO seen (text)
                   VALUES (CONCAT(:row.id, '-', IFNULL(:row.name, '?')))";
        }
        commit;
        respond '{"rows": ${rows.count}}';
    }

    app_route POST /tags/:id {
        path   id  int;
        one    item "SELECT tags FROM item WHERE id = :id";
        let    n = "0";
        each   tag in item.tags {
            let   n = "n + 1";
            let   text = "coalesce(tag.k, string(tag))";
            let   at = "tag.in.at._0";
            exec  "INSERT INTO seen (text)
                   VALUES (CONCAT(:text, ':', IFNULL(:tag.n, ''),
                                  IFNULL(:at, '')))"
                  when="text is not null";
        }
        respond '{"n": $n}';
    }

    app_route POST /nested {
        many   rows "SELECT id, tags FROM item WHERE id < 3 ORDER BY id";
        each   row in rows {
            each  tag in row.tags {
                exec "INSERT INTO seen (text) VALUES (CONCAT(:row.id, :tag))";
            }
        }
        each   nothing in rows.count  when="rows.count = 99" {
            exec "INSERT INTO seen (text) VALUES ('never')";
        }
        respond '{"ok": true}';
    }

    app_route POST /calls {
        let    n    = "0";
        many   rows "SELECT id FROM item WHERE id < 4 ORDER BY id";
        begin;
        each   row in rows {
            let    id = "row.id";
            fetch  call GET "/half?n=$id"  when="id != 2";
            let    ok = "call.status = 200";
            log    info "call $id: ${call.status}";
            exec   "INSERT INTO seen (text)
                    VALUES (CONCAT(:id, ':', :call.status))";
            let    n = "n + 1"  when="ok";
        }
        commit;
        respond '{"n": $n}';
    }

    location /half {
        internal;
        if ($arg_n = 3) { return 404; }
        return 200;
    }

    app_route POST /no/:text {
        let   list = "text";
        each  x in list {
            exec "INSERT INTO seen (text) VALUES (:x)";
        }
        respond '{"ok": true}';
    }
EOT

sub seen {
    my $rows = $app->mysql->rows('SELECT text FROM seen ORDER BY id');
    $app->mysql->dbh->do('DELETE FROM seen');
    return join(' ', map { $_->[0] } @$rows);
}

is($app->http(POST => '/rows')->json->{rows}, 3, 'rows have a count');
is(seen(), '1-one 2-two 3-?', 'each row is an item, null is null');

is($app->http(POST => '/rows?min=9')->json->{rows}, 0, 'no rows');
is(seen(), '', 'no items');

is($app->http(POST => '/tags/1')->json->{n}, 2, 'a JSON array has items');
is(seen(), 'a: b:', 'its texts are values');
is($app->http(POST => '/tags/2')->json->{n}, 0, 'an empty array has none');
is($app->http(POST => '/tags/9')->json->{n}, 0, 'null has none');
is(seen(), '', 'nothing was done');

is($app->http(POST => '/tags/4')->json->{n}, 4, 'objects, texts, arrays');
is(seen(), 'x:1.257 y:2 s: [1]:', 'members of an object by their path');

my $res = $app->http(POST => '/tags/3');
is($res->status, 500, 'more entries than app_api_max_rows are refused');
is($res->json->{message},
   'the list has more entries than app_api_max_rows', 'with the directive');

is($app->http(POST => '/nested')->json->{ok}, JSON::PP::true(), 'nested');
is(seen(), '1a 1b', 'an item is in reach of the block within');

is($app->http(POST => '/calls')->json->{n}, 2, 'a call for each item');
is(seen(), '1:200 2:200 3:404', 'a step that is left out keeps what it had');
is(() = $app->log =~ /call \d: \d+: "log"/g, 3, 'a line for each');

is($app->http(POST => '/no/text')->status, 500, 'a text is no list');

done_testing;
