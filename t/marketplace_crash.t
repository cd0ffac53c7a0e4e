# Copyright (C) the project authors
#
# The database dies while many order: every 201 that somebody got is in it
# when it is back, and the stock fits the orders.

use Test::App;
use Test::App::Load;
use Test::App::Market;

my $app = market(private => 1);
my $my = $app->mysql;

my @buyers = map { $_->[0] } @{ $my->rows(
    'SELECT id FROM User WHERE role = "CLIENT" ORDER BY id LIMIT 400') };
my %headers = map { $_ => { %{ bearer($_) },
                            'Content-Type' => 'application/json' } } @buyers;

my $told = 0;
my $away = 0;

for my $round (1 .. 5) {
    $my->sql('INSERT INTO Offer (ownerId, title, description, expirationDate,'
             . ' quantity, images) VALUES (401, "t", "",'
             . ' NOW(3) + INTERVAL 1 DAY, 300, "[]")');
    my $offer = $my->rows('SELECT MAX(id) FROM Offer')->[0][0];

    my $order = sub {
        map { begin($app, '/orders', method => 'POST', headers => $headers{$_},
                    body => qq({"offerId":$offer,"quantity":1})) } @_;
    };

    # some have their order, and many are at it

    my @conns = $order->(@buyers[0 .. 99]);
    ok(wait_until(sub { $my->rows('SELECT COUNT(*) FROM `Order`'
                                  . ' WHERE offerId = ?', $offer)->[0][0] },
                  30), "round $round: the first has ordered");
    push @conns, $order->(@buyers[100 .. $#buyers]);

    $my->crash;
    my @res = gather(60, @conns);

    $my->start;
    wait_until(sub { $app->get('/users/1')->status == 200 }, 30)
        or diag('the database stays away');

    my @ok = map { $_->{res}->json->{order}{id} }
             grep { $_->{status} == 201 } @res;
    my @gone = grep { $_->{status} == 503 } @res;

    $told += @ok;
    $away += @gone;

    my %is = map { $_->[0] => 1 } @{ $my->rows(
        'SELECT id FROM `Order` WHERE offerId = ?', $offer) };

    is(scalar(grep { !$is{$_} } @ok), 0,
       'the ' . @ok . ' orders that were promised are there');
    is($my->rows('SELECT quantity FROM Offer WHERE id = ?', $offer)->[0][0],
       300 - keys %is, 'and the stock fits the orders');
    cmp_ok(scalar(keys %is), '<=', @ok + grep({ $_->{status} == 500 } @res),
           'who got 503 has ordered nothing');
    is(scalar(grep { $_->{status} !~ /^(?:201|400|500|503)$/ } @res), 0,
       'nobody is left without an answer');
    is(scalar(grep { !defined $_->{res}->header('Retry-After') } @gone), 0,
       'a 503 says when to come again');
}

cmp_ok($away, '>', 0, "$away were told that the database is away");
cmp_ok($told, '>', 0, "$told orders were promised in all");

done_testing;
