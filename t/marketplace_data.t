# Copyright (C) the project authors
#
# The marketplace's SQL: loads twice, knows the sample accounts, and brings
# old forms of pictures up to date however they come in.

use Test::App;

use File::Temp qw(tempdir);
use JSON::PP;

my $dir = tempdir(CLEANUP => 1);
my $mysql = Test::App::Mysql->get(dir => $dir);
my $sql = "$Test::App::top/examples/marketplace/sql";
my @load = ("$sql/load", $mysql->{socket}, 'root', $mysql->{database}, 0.01);


sub value { $mysql->rows(@_)->[0][0] }

sub images {
    my ($stored) = @_;

    $mysql->sql('REPLACE INTO Offer (id, title, description, expirationDate,'
                . ' quantity, images) VALUES (9000, "t", "", NOW(3), 1, ?)',
                $stored);

    return decode_json(value('SELECT images FROM OfferView WHERE id = 9000'));
}


is(system(@load), 0, 'schema and sample data load');

my $before = value('SELECT COUNT(*) FROM `Order`');

is(system(@load), 0, 'a second load works');
is(value('SELECT COUNT(*) FROM `Order`'), $before, 'and adds nothing');

is(value('SELECT COUNT(*) FROM User'), 500, 'there are 500 accounts');
is(value('SELECT COUNT(*) FROM User WHERE role = "CLIENT"'
         . ' AND email REGEXP "^client[0-9]{3}@market.example$"'), 400,
   'client001 to client400 are clients');
is(value('SELECT COUNT(*) FROM User WHERE role = "PROVIDER"'
         . ' AND email REGEXP "^provider0[0-9]{2}@market.example$"'), 60,
   'provider001 to provider060 are providers');
is(value('SELECT emailVerified FROM User'
         . ' WHERE email = "admin@market.example"'), 1, 'admin is verified');

for my $row (@{ $mysql->rows('SELECT DISTINCT password FROM User'
                             . ' WHERE email IS NOT NULL') })
{
    is(crypt('sample-password', $row->[0]), $row->[0],
       'the stored hash is that of the documented password');
}

cmp_ok(value('SELECT COUNT(*) FROM Offer'
             . ' WHERE expirationDate > UTC_TIMESTAMP()'), '>', 50,
       'offers are to be had');
is(value('SELECT COUNT(*) FROM `Order` r JOIN Offer o ON o.id = r.offerId'
         . ' WHERE r.createdAt < o.createdAt - INTERVAL 1 SECOND'), 0,
   'no order is older than its offer');
is(value('SELECT COUNT(*) FROM Offer WHERE offerImagesAreOld(images)'), 0,
   'no old form of pictures is left');


# old forms, as the contract lists them

is_deeply(images('"[\"/storage/x.png\"]"'),
          [{ filename => 'x.png', url => '/store/x.png',
             absoluteUrl => '/store/x.png',
             original => { url => '/storage/x.png' } }],
          'a whole value that is a string is parsed');

is_deeply(images('"no json"'), [], 'or empty when it is no JSON');

is_deeply(images('["https://h/storage/a.png", "https://h/b.png"]'),
          [{ filename => 'a.png', url => '/store/a.png',
             absoluteUrl => 'https://h/store/a.png',
             original => { url => 'https://h/storage/a.png' } },
           { filename => 'b.png', url => undef,
             absoluteUrl => 'https://h/b.png',
             original => { url => 'https://h/b.png' } }],
          'a link keeps its host, and has a path only below /store/');

is_deeply(images('["a b.png"]'),
          [{ filename => 'a b.png', path => 'store/a b.png',
             url => '/store/a%20b.png', absoluteUrl => '/store/a%20b.png',
             original => { url => 'a b.png' } }],
          'a bare name is taken as on create');

is_deeply(images('[{"url": "/bag.png"}]'), [{ url => '/bag.png' }],
          'an object with a link stays as it is');

$mysql->sql(q{REPLACE INTO Setting VALUES ('BACKEND_URL', 'https://b')});
is(images('["/store/x.png"]')->[0]{absoluteUrl}, 'https://b/store/x.png',
   'the public base is a setting');

$mysql->sql('UPDATE Offer SET images = \'["y.png"]\' WHERE id = 9000');
is(value('SELECT imageFileName FROM OfferView WHERE id = 9000'), 'y.png',
   'an update is brought up to date too');

ok(!eval { images('[no json'); 1 }, 'text that is no JSON is refused');


# what a stranger sees of accounts

is(value('SELECT COUNT(*) FROM PublicUserView WHERE role = "CLIENT"'
         . ' AND COALESCE(location, mapsLink, longitude, latitude,'
         . ' phoneNumber) IS NOT NULL'), 0, 'clients show no personal data');
is(value('SELECT COUNT(*) FROM PublicUserView WHERE role = "PROVIDER"'
         . ' AND location IS NOT NULL AND phoneNumber IS NOT NULL'), 60,
   'providers show where they are');

done_testing;
