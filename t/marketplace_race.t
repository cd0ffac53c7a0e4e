# Copyright (C) the project authors
#
# Four hundred people want the last fifty portions, all at the same time: who
# got 201 has one, there are fifty of them, and the stock is 0.

use Test::App;
use Test::App::Load;
use Test::App::Market;

my $app = market();
my $my = $app->mysql;
my $rounds = Test::App::sanitized() ? 3 : 20;

my @buyers = map { $_->[0] } @{ $my->rows(
    'SELECT id FROM User WHERE role = "CLIENT" ORDER BY id LIMIT 400') };
my %headers = map { $_ => { %{ bearer($_) },
                            'Content-Type' => 'application/json' } } @buyers;

is(scalar @buyers, 400, 'there are 400 buyers');

sub offer {
    my ($quantity) = @_;

    $my->sql('INSERT INTO Offer (ownerId, title, description, expirationDate,'
             . ' quantity, images) VALUES (401, "t", "",'
             . ' NOW(3) + INTERVAL 1 DAY, ?, "[]")', $quantity);

    return $my->rows('SELECT MAX(id) FROM Offer')->[0][0];
}


for my $round (1 .. $rounds) {
    my $offer = offer(50);

    my @res = gather(60, map {
        begin($app, '/orders', method => 'POST', headers => $headers{$_},
              body => qq({"offerId":$offer,"quantity":1}))
    } @buyers);

    my %got;
    $got{ $_->{status} }++ for @res;

    is_deeply(\%got, { 201 => 50, 400 => 350 }, "round $round: 50 get one");
    is_deeply($my->rows('SELECT quantity FROM Offer WHERE id = ?', $offer),
              [[0]], 'none is left');
    is_deeply($my->rows('SELECT COUNT(*), SUM(quantity), COUNT(DISTINCT'
                        . ' qrCodeToken) FROM `Order` WHERE offerId = ?',
                        $offer), [[50, 50, 50]], 'there are 50 orders');
}


# two cancel the same order: it gives back once

my $offer = offer(1);
my $order = $app->http('POST', '/orders', headers => $headers{ $buyers[0] },
                       body => qq({"offerId":$offer,"quantity":1}))->json;
my $id = $order->{order}{id};

my @res = gather(30, map {
    begin($app, "/orders/$id/cancel", method => 'POST',
          headers => $headers{ $buyers[0] }, body => '{}')
} 1 .. 20);

is(scalar(grep { $_->{status} == 201 } @res), 1, 'one of 20 cancels');
is(scalar(grep { $_->{status} == 400 } @res), 19, 'others hear that it is so');
is_deeply($my->rows('SELECT quantity FROM Offer WHERE id = ?', $offer),
          [[1]], 'a portion came back once');


# the provider scans a code twice at the same time

$order = $app->http('POST', '/orders', headers => $headers{ $buyers[0] },
                    body => qq({"offerId":$offer,"quantity":1}))->json;

my $provider = { %{ bearer(401) }, 'Content-Type' => 'application/json' };

@res = gather(30, map {
    begin($app, '/orders/scan', method => 'POST', headers => $provider,
          body => qq({"qrCodeToken":"$order->{order}{qrCodeToken}"}))
} 1 .. 20);

is(scalar(grep { $_->{status} == 201 } @res), 20, 'all scans are answered');
is(scalar(grep { !$_->{res}->json->{alreadyConfirmed} } @res), 1,
   'one has confirmed');


# one rating for an order

@res = gather(30, map {
    begin($app, '/ratings', method => 'POST', headers => $headers{ $buyers[0] },
          body => qq({"orderId":$order->{order}{id},"providerId":401,)
                  . qq("rating":5}))
} 1 .. 20);

is(scalar(grep { $_->{status} == 201 } @res), 1, 'one of 20 ratings is taken');
is(scalar(grep { $_->{status} == 400 } @res), 19, 'the others are 400');

done_testing;
