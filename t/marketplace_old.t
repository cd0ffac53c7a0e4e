# Copyright (C) the project authors
#
# Rows that the former backend has left, with values that nobody can send any
# more: they are shown, and may be sent back as they are.

use Test::App;
use Test::App::Market;

my $app = market(scale => 0.01);
my $my = $app->mysql;

my ($provider, $client) = map {
    $my->rows("SELECT id FROM User WHERE email = '$_\@market.example'")->[0][0]
} 'provider001', 'client001';

$my->sql("INSERT INTO Offer (ownerId, title, description, price, quantity,
                             expirationDate, pickupStartTime, pickupEndTime,
                             images, foodType, taste)
          VALUES ($provider, ' ', '', -2, -3, '2020-01-01',
                  '2020-01-01 12:00', '2020-01-01 10:00', '[]', NULL, NULL)");

my $offer = $my->rows('SELECT MAX(id) FROM Offer')->[0][0];


sub asks {
    my ($method, $path, $who, $status, $body) = @_;

    my $res = $app->http($method, $path, headers => [
        %{ bearer($who) }, 'Content-Type' => 'application/json',
    ], body => JSON::PP::encode_json($body || {}));

    is($res->status, $status, "$method $path: $status") or diag($res->body);
    return $res->json;
}

my $old = asks(GET => "/offers/$offer", $provider, 200);

is_deeply([ @$old{qw(title price quantity foodType)} ], [ ' ', -2, -3, undef ],
          'an offer with odd values is shown');

# what a form sends that was opened and closed
my %same = map { $_ => $old->{$_} }
    qw(title description price quantity expirationDate pickupStartTime
       pickupEndTime foodType taste);

my $new = asks(PUT => "/offers/$offer", $provider, 200, \%same);

is_deeply([ @$new{qw(price quantity pickupStartTime foodType)} ],
          [ @$old{qw(price quantity pickupStartTime foodType)} ],
          'and may be sent back');

asks(PUT => "/offers/$offer", $provider, 400, $_)
    for { quantity => -4 }, { price => -1 }, { %same, pickupStartTime =>
                                               '2020-01-01T11:00:00Z' };

asks(PUT => "/offers/$offer", $provider, 200, { title => 'Bag' });
asks(PUT => "/offers/$offer", $provider, 400, { title => ' ' });

# and values above what may be sent

my $long = 'x' x 20000;

$my->sql("UPDATE Offer SET price = 5e12, originalPrice = 6e12,
                           description = '$long' WHERE id = $offer");

asks(PUT => "/offers/$offer", $provider, 200, $_)
    for { price => 5e12 }, { originalPrice => 6e12 }, { description => $long },
        { price => 5e12, originalPrice => 6e12, description => $long };
asks(PUT => "/offers/$offer", $provider, 400, $_)
    for { price => 5e12 + 1 }, { originalPrice => 5e12 },
        { description => "${long}y" };
asks(PUT => "/offers/$offer", $provider, 200,
     { price => 1e12, originalPrice => 1e12, description => 'x' x 16000 });

# a state that nothing sets

asks(PUT => "/offers/$offer", $provider, 200,
     { quantity => 3, expirationDate => '2999-01-01T00:00:00Z' });

my ($first, $second) = map {
    asks(POST => '/orders', $client, 201, { offerId => $offer, quantity => 1 })
        ->{order}
} 1, 2;

$my->sql("UPDATE `Order` SET status = 'expired' WHERE offerId = $offer");

is(asks(GET => "/orders/$first->{id}", $client, 200)->{status}, 'expired',
   'an expired order');
is(asks(POST => "/orders/$first->{id}/cancel", $client, 201)->{status},
   'cancelled', 'can be cancelled');
is(asks(GET => "/offers/$offer", $client, 200)->{quantity}, 2,
   'which gives its portion back');
is(asks(POST => '/orders/scan', $provider, 201,
        { qrCodeToken => $second->{qrCodeToken} })->{order}{status},
   'confirmed', 'and can be collected');

done_testing;
