# Copyright (C) the project authors
#
# The marketplace's lists without pages, when a provider has been busy for
# years: they are whole.

use Test::App;
use Test::App::Market;

my $app = market(scale => 0.01);
my $my = $app->mysql;

my ($provider, $client) = map {
    $my->rows("SELECT id FROM User WHERE email = '$_\@market.example'")->[0][0]
} 'provider001', 'client001';

$my->sql("INSERT INTO Offer (ownerId, title, description, expirationDate,
                             quantity, images)
          VALUES ($provider, 'Busy', '', NOW(3), 1, '[]')");

my $offer = $my->rows('SELECT MAX(id) FROM Offer')->[0][0];


# orders: this many thousand more
sub orders {
    my ($thousands) = @_;

    $my->sql("INSERT INTO `Order` (quantity, userId, offerId)
              SELECT 1, $client, $offer
                FROM (WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL
                                           SELECT i + 1 FROM n WHERE i < 1000)
                      SELECT i FROM n) a
                JOIN (WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL
                                           SELECT i + 1 FROM n
                                            WHERE i < $thousands)
                      SELECT i FROM n) b");
}

# a thousand is more than is common, and has an entity tag like all answers

orders(1);

for my $case ([ '/orders/provider', $provider ],
              [ "/orders/offer/$offer", $provider ], [ '/orders', $client ],
              [ "/orders/user/$client", $client ])
{
    my ($path, $who) = @$case;

    my $res = $app->get($path, headers => bearer($who));
    my $tag = $res->header('ETag') || '';

    cmp_ok(length $res->body, '>', 256 * 1024, "$path of many orders");
    like($tag, qr{^W/"}, '  has an entity tag');

    $res = $app->get($path, headers => { %{ bearer($who) },
                                         'If-None-Match' => $tag });
    is($res->status, 304, '  and need not be sent again');
}

orders(23);


sub ids {
    my ($path, $who) = @_;

    my $res = $app->get($path, headers => bearer($who));

    is($res->status, 200, "$path: 200");
    cmp_ok(length $res->body, '>', 8 * 1024 * 1024, '  of many megabytes');

    # reading it as JSON takes Perl half a minute
    is(substr($res->body, -2), '}]', '  whole');
    return [ $res->body =~ /[\[,]\{"id":(\d+),"quantity":/g ];
}

for my $case ([ '/orders/provider', $provider, "o.ownerId = $provider" ],
              [ "/orders/offer/$offer", $provider, "o.id = $offer" ])
{
    my ($path, $who, $where) = @$case;

    is_deeply(ids($path, $who),
              [ map { $_->[0] } @{ $my->rows(
                    "SELECT r.id FROM `Order` r JOIN Offer o ON o.id = r.offerId
                      WHERE $where ORDER BY r.createdAt DESC, r.id DESC") } ],
              '  all of them, newest first');
}

for my $path ('/orders', "/orders/user/$client") {
    is_deeply(ids($path, $client),
              [ map { $_->[0] } @{ $my->rows(
                    "SELECT id FROM `Order` WHERE userId = $client
                      ORDER BY id") } ], '  all of them');
}

done_testing;
