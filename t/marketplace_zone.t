# Copyright (C) the project authors
#
# Times that come without a zone: of the clocks that the setting names, in
# summer and in winter.  The server of the contract that runs as in production
# is in Europe/Paris, the other one in UTC.

use Test::App;
use Test::App::Market;

my $app = market(private => 1);
my $my = $app->mysql;

my $seller = { %{ bearer(401) }, 'Content-Type' => 'application/json' };

sub quick {
    my ($start, $port) = @_;

    return $app->http('POST', '/offers/rapid-minimal', headers => $seller,
        port => $app->port($port),
        json => { title => 'Bread', price => 2, quantity => 1,
                  pickupStartTime => $start });
}

# the zone is not known yet

my $res = quick('2030-07-01T10:00', 1);
is($res->status, 500, 'a zone that the database does not know');
is($res->json->{message}, 'Internal server error', '  is our own fault');
like($app->log, qr/the database does not know the time zone Europe\/Paris/,
     '  and in the log');
is($my->rows('SELECT COUNT(*) FROM Offer WHERE title = "Bread"')->[0][0], 0,
   '  nothing is written');

# Europe/Paris of the year 2030, as far as it is needed here

$my->sql(<<'SQL');
INSERT INTO mysql.time_zone (Time_zone_id, Use_leap_seconds) VALUES (9999, 'N');
INSERT INTO mysql.time_zone_name (Name, Time_zone_id)
    VALUES ('Europe/Paris', 9999);
INSERT INTO mysql.time_zone_transition_type
    VALUES (9999, 0, 3600, 0, 'CET'), (9999, 1, 7200, 1, 'CEST');
INSERT INTO mysql.time_zone_transition
    (Time_zone_id, Transition_time, Transition_type_id)
    VALUES (9999, -2000000000, 0),
    (9999, UNIX_TIMESTAMP('2030-03-31 01:00'), 1),
    (9999, UNIX_TIMESTAMP('2030-10-27 01:00'), 0);
SQL

for my $case (
    [ '2030-07-01T10:00',          '10:00:00.000Z', '08:00:00.000Z' ],
    [ '2030-07-01T10:00:30.5',     '10:00:30.500Z', '08:00:30.500Z' ],
    [ '2030-07-01 10:00',          '10:00:00.000Z', '08:00:00.000Z' ],
    [ '2030-01-15T10:00',          '10:00:00.000Z', '09:00:00.000Z' ],
    [ '2030-03-31T01:59',          '01:59:00.000Z', '00:59:00.000Z' ],
    [ '2030-03-31T03:00',          '03:00:00.000Z', '01:00:00.000Z' ],
    [ '2030-10-27T03:00',          '03:00:00.000Z', '02:00:00.000Z' ],
    [ '2030-07-02',                '00:00:00.000Z', '22:00:00.000Z' ],
    [ '2030-07-01T10:00Z',         '10:00:00.000Z', '10:00:00.000Z' ],
    [ '2030-07-01T10:00:00.000Z',  '10:00:00.000Z', '10:00:00.000Z' ],
    [ '2030-07-01T10:00+05:00',    '05:00:00.000Z', '05:00:00.000Z' ],
    [ '2030-07-01T10:00:00-0330',  '13:30:00.000Z', '13:30:00.000Z' ],
) {
    my ($start, @want) = @$case;

    for my $port (0, 1) {
        my $where = $port ? 'in Paris' : 'in UTC';
        $res = quick($start, $port);
        is($res->status, 201, "$start $where");
        like($res->json->{pickupStartTime}, qr/T\Q$want[$port]\E\z/,
             "  is $want[$port]");
    }
}

$res = quick('2030-03-31T00:30', 1)->json;
is($res->{pickupStartTime}, '2030-03-30T23:30:00.000Z',
   'a night in which clocks are put forward');
is($res->{pickupEndTime}, '2030-03-31T03:30:00.000Z', '  has four hours');

for my $bad ('x', '2030-13-01T10:00', '1893456000', '1969-12-31T10:00',
             '2030-07-01T10:00 Paris', '2030-07-01T10:00' . ' ' x 60)
{
    $res = quick($bad, 1);
    is($res->status, 400, "no time: $bad");
    is($res->json->{message}, 'Invalid pickupStartTime', '  and says so');
}

done_testing;
