# Copyright (C) the project authors
#
# The database and a worker of nginx die while many order with a key, and all
# come again with the same key until they have an answer: each has one order,
# and its answer is of that one.

use Test::App;
use Test::App::Load;
use Test::App::Market;

my $app = market(private => 1);
my $my = $app->mysql;

my @buyers = map { $_->[0] } @{ $my->rows(
    'SELECT id FROM User WHERE role = "CLIENT" ORDER BY id LIMIT 200') };
my %headers = map { $_ => { %{ bearer($_) },
                            'Content-Type' => 'application/json' } } @buyers;

# connections that a killed worker had
$app->allow(qr/exited on signal 9/);

sub order {
    my ($offer, $buyer) = @_;

    return begin($app, '/orders', method => 'POST',
        headers => { %{ $headers{$buyer} },
                     'Idempotency-Key' => qq("offer-$offer") },
        body => qq({"offerId":$offer,"quantity":1}));
}

sub orders {
    my ($offer) = @_;

    return $my->rows('SELECT COUNT(*) FROM `Order` WHERE offerId = ?',
                     $offer)->[0][0];
}

# what dies, and when so many have ordered
my @deaths = ([ mysql => 1 ], [ mysql => 60 ], [ worker => 40 ],
              [ mysql => 120 ], [ worker => 100 ], [ mysql => 190 ]);
my $again = 0;

for my $death (@deaths) {
    my ($who, $when) = @$death;

    $my->sql('INSERT INTO Offer (ownerId, title, description, expirationDate,'
             . ' quantity, images) VALUES (401, "t", "",'
             . ' NOW(3) + INTERVAL 1 DAY, 300, "[]")');
    my $offer = $my->rows('SELECT MAX(id) FROM Offer')->[0][0];

    my (%answer, %missed);
    my @left = @buyers;
    my $dead = 0;
    my $times = 0;

    while (@left && $times++ < 20) {
        my @conns = map { eval { order($offer, $_) } } @left;

        if (!$dead) {
            $dead = wait_until(sub { orders($offer) >= $when }, 20);

            if ($who eq 'mysql') {
                $my->crash;

            } else {
                $app->kill_worker(($app->workers)[0]);
            }
        }

        my @res = gather(60, @conns);

        if ($who eq 'mysql' && $times == 1) {
            $my->start;
            wait_until(sub { $app->get('/users/1')->status == 200 }, 30)
                or diag('the database stays away');
        }

        my @more;

        for my $i (0 .. $#left) {
            my $res = $res[$i]{res};

            my $id = $res && $res->status == 201 ? $res->json->{order}{id}
                                                 : undef;

            if (defined $id && ($times > 1 || $i % 3)) {
                $answer{ $left[$i] } = $id;
                $again++ if $res->header('Idempotency-Replayed');
                next;
            }

            # one of three does not hear the first answer
            $missed{ $left[$i] } = $id if defined $id;
            push @more, $left[$i];
        }

        @left = @more;
    }

    my %is = map { @$_ } @{ $my->rows(
        'SELECT userId, id FROM `Order` WHERE offerId = ?', $offer) };

    is(scalar @left, 0, "$who dies at $when: all have an answer, after $times"
       . ' times');
    is(orders($offer), scalar @buyers, '  nobody has two orders');
    is_deeply(\%answer, \%is, '  and the answers are of those');
    is(scalar(grep { $missed{$_} != $is{$_} } keys %missed), 0,
       '  as were those that ' . keys(%missed) . ' did not hear');
    is($my->rows('SELECT quantity FROM Offer WHERE id = ?', $offer)->[0][0],
       300 - @buyers, '  which the stock fits');
}

cmp_ok($again, '>', 0, "$again answers were given again");

# from now on all are known

my $offer = $my->rows('SELECT MAX(id) FROM Offer')->[0][0];
my @res = gather(60, map { order($offer, $_) } @buyers);

is(scalar(grep { $_->{status} == 201
                 && $_->{res}->header('Idempotency-Replayed') } @res),
   scalar @buyers, 'all come once more');
is(orders($offer), scalar @buyers, '  and nothing is done');

done_testing;
