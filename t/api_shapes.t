# Copyright (C) the project authors
#
# How columns become members: nested objects, null objects, lists.

use Test::App;

my $app = Test::App->new(
    mysql => 1,
    sql   => <<'EOT',
CREATE TABLE owner (id INT PRIMARY KEY, name VARCHAR(20), city VARCHAR(20));
CREATE TABLE shop (id INT PRIMARY KEY, ownerId INT, name VARCHAR(20));
INSERT INTO owner VALUES (1, 'Ann', 'Rome'), (2, NULL, NULL);
INSERT INTO shop VALUES (1, 1, 'a'), (2, 2, 'b'), (3, NULL, 'c');
EOT
    http  => 'app_mysql main %%MYSQL%%;',
    server => <<'EOT');
    app_query last "
        SELECT s.id, s.name, o.id AS `owner?.id`, o.name AS `owner.name`
          FROM shop s LEFT JOIN owner o ON o.id = s.ownerId
         WHERE s.id = :id";

    app_route GET /last/:id {
        path id int;
        one  shop query=last else=404 "No shop $id";
        respond $shop;
    }
    app_route GET /first/:id {
        one shop "SELECT o.id AS `owner?.id`, o.name AS `owner.name`, s.id
                    FROM shop s LEFT JOIN owner o ON o.id = s.ownerId
                   WHERE s.id = :id";
        respond $shop;
    }
    app_route GET /middle/:id {
        one shop "SELECT s.id, o.name AS `owner.name`, o.id AS `owner?.id`,
                         o.city AS `owner.city`, s.name
                    FROM shop s LEFT JOIN owner o ON o.id = s.ownerId
                   WHERE s.id = :id";
        respond $shop;
    }
    app_route GET /alone/:id {
        one shop "SELECT o.id AS `owner?.id`
                    FROM shop s LEFT JOIN owner o ON o.id = s.ownerId
                   WHERE s.id = :id";
        respond $shop;
    }
    app_route GET /plain/:id {
        one shop "SELECT o.id AS `owner.id`, o.name AS `owner.name`
                    FROM shop s LEFT JOIN owner o ON o.id = s.ownerId
                   WHERE s.id = :id";
        respond $shop;
    }
    app_route GET /deep/:id {
        path id int;
        one row "SELECT :id AS id,
                        IF(:id > 2, NULL, 1) AS `a?.id`, 2 AS `a.n`,
                        IF(:id > 1, NULL, 3) AS `a.b?.id`, 4 AS `a.b.n`,
                        5 AS `a.b.c.n`, 6 AS `a.m`, 7 AS last";
        respond $row;
    }
    app_route GET /two/:id {
        path id int;
        one row "SELECT IF(:id & 1, 1, NULL) AS `a?.id`, 2 AS `a.n`,
                        IF(:id & 2, 3, NULL) AS `b?.id`, 4 AS `b.n`";
        respond $row;
    }
    app_route GET /member/:id {
        one shop query=last else=404 "No shop $id";
        let name = "shop.owner.name";
        let none = "shop.owner.name is null";
        respond '{"name": $name, "none": $none, "again": "${shop.owner.name}",
                  "id": ${shop.owner.id}, "shop": ${shop.name}}';
    }
    app_route GET /none/:id {
        one shop query=last;
        let isNull = "shop is null";
        let noId   = "shop.id is null";
        respond '{"shop": $shop, "name": ${shop.name}, "isNull": $isNull,
                  "id": $noId}';
    }
    app_route GET /list {
        query min int default=0;
        many  shops "SELECT s.id, o.id AS `owner?.id`, o.name AS `owner.name`
                       FROM shop s LEFT JOIN owner o ON o.id = s.ownerId
                      WHERE s.id > :min ORDER BY s.id";
        respond $shops;
    }
    app_route GET /counted {
        query min int default=0;
        many  shops "SELECT id FROM shop WHERE id > :min ORDER BY id";
        let   n = "shops.count";
        respond '{"n": $n, "data": $shops, "again": $shops,
                  "count": ${shops.count}}';
    }
    app_route GET /skipped {
        query a int;
        many  shops "SELECT id FROM shop" when="a = 1";
        one   shop "SELECT id FROM shop WHERE id = 1" when="a = 1";
        let   none = "shops is absent and shop is absent and shop.id is absent";
        respond '{"shops": $shops, "shop": $shop, "none": $none}';
    }
    app_route GET /first-of-many {
        one shop "SELECT id FROM shop ORDER BY id DESC";
        respond $shop;
    }
    app_route GET /joined {
        many rows "SELECT s.id, o.id, s.name, o.name FROM shop s
                     JOIN owner o ON o.id = s.ownerId ORDER BY s.id";
        respond $rows;
    }
    app_route GET /clash {
        one row "SELECT 1 AS owner, 2 AS `owner.id`, 3 AS `owner.id`";
        respond $row;
    }
    app_route GET /names {
        one row 'SELECT 1 AS `a"b`, 2 AS `a\\b`, 3 AS `é`, 4 AS `a b`,
                        5 AS `COUNT(*)`, 6 AS `$x`';
        respond $row;
    }
    app_route GET /dots {
        one row "SELECT 1 AS `.a`, 2 AS `b.`, 3 AS `c..d`, 4 AS `?.e`,
                        5 AS `f?`, 6 AS `g?.`";
        respond $row;
    }
    app_route GET /levels {
        one row "SELECT 1 AS `a.b.c.d.e.f.g.h`, 2 AS `a.b.c.d.e.f.g.i`";
        respond $row;
    }
    location / { app_api; }
EOT

sub gives {
    my ($path, $body, $name) = @_;

    my $res = $app->get($path);
    is($res->body, $body, $name || $path);
    return $res;
}

my %ann = (id => 1, name => 'Ann');

gives('/last/1', '{"id":1,"name":"a","owner":{"id":1,"name":"Ann"}}');
gives('/last/2', '{"id":2,"name":"b","owner":{"id":2,"name":null}}');
gives('/last/3', '{"id":3,"name":"c","owner":null}');
gives('/last/4', '{"statusCode":404,"message":"No shop 4"}');
gives('/first/1', '{"owner":{"id":1,"name":"Ann"},"id":1}');
gives('/first/3', '{"owner":null,"id":3}');
gives('/middle/1', '{"id":1,"owner":{"name":"Ann","id":1,"city":"Rome"},'
      . '"name":"a"}');
gives('/middle/3', '{"id":3,"owner":null,"name":"c"}');
gives('/alone/2', '{"owner":{"id":2}}');
gives('/alone/3', '{"owner":null}');
gives('/plain/3', '{"owner":{"id":null,"name":null}}',
      'without "?" the object stays');
gives('/deep/1', '{"id":1,"a":{"id":1,"n":2,"b":{"id":3,"n":4,"c":{"n":5}},'
      . '"m":6},"last":7}');
gives('/deep/2', '{"id":2,"a":{"id":1,"n":2,"b":null,"m":6},"last":7}',
      'the inner one is null');
gives('/deep/3', '{"id":3,"a":null,"last":7}', 'the outer one is null');
gives("/two/$_->[0]", $_->[1])
    for [ 0, '{"a":null,"b":null}' ], [ 1, '{"a":{"id":1,"n":2},"b":null}' ],
        [ 2, '{"a":null,"b":{"id":3,"n":4}}' ],
        [ 3, '{"a":{"id":1,"n":2},"b":{"id":3,"n":4}}' ];

gives('/member/1', '{"name":"Ann","none":false,"again":"Ann","id":1,'
      . '"shop":"a"}');
gives('/member/3', '{"name":null,"none":true,"again":"","id":null,'
      . '"shop":"c"}');
gives('/none/4', '{"shop":null,"name":null,"isNull":true,"id":true}');

gives('/list', '[{"id":1,"owner":{"id":1,"name":"Ann"}},'
      . '{"id":2,"owner":{"id":2,"name":null}},{"id":3,"owner":null}]');
gives('/list?min=3', '[]', 'no rows');
gives('/counted', '{"n":3,"data":[{"id":1},{"id":2},{"id":3}],'
      . '"again":[{"id":1},{"id":2},{"id":3}],"count":3}');
gives('/counted?min=9', '{"n":0,"data":[],"again":[],"count":0}');
gives('/skipped', '{"shops":null,"shop":null,"none":true}');
gives('/skipped?a=1', '{"shops":[{"id":1},{"id":2},{"id":3}],'
      . '"shop":{"id":1},"none":false}');
gives('/first-of-many', '{"id":3}', 'one takes the first row');

# names: whatever the server calls a column, JSON has each member once

for my $path ('/joined', '/clash', '/names', '/dots', '/levels') {
    my $res = $app->get($path);
    is($res->status, 200, "$path: 200");
    ok(eval { $res->json; 1 }, '  JSON') or diag($res->body);
    my @keys = sort(($res->body =~ /\A\[?(\{[^}]*\})/)[0] =~ /"([^"]*)":/g);
    my %seen;
    my @twice = grep { $seen{$_}++ } @keys;
    is("@twice", '', '  no member twice at the first level') or
        diag($res->body);
    diag("$path: " . $res->body) if $ENV{TEST_VERBOSE};
}

is($app->get('/levels')->body,
   '{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":1,"i":2}}}}}}}}', 'eight levels');

done_testing;
