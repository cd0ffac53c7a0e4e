# Copyright (C) the project authors
#
# Mails go to a service that is well, or fails, or does not answer: what it
# is asked, and what people are told.

use Test::App;
use Test::App::Load;
use Test::App::Market;

use IO::Select;
use IO::Socket::INET;

my $app = market();
my $my = $app->mysql;
my ($production, $mail) = ($app->port(1), $app->port(3));

my $fake;
my @got;
my $bad_letter = 'Unable to send verification email. Please try again later.';

sub value { return $my->rows(@_)->[0][0] }

# up(): the service listens
sub up {
    $fake = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1',
                                  LocalPort => $mail, ReuseAddr => 1)
        or die "listen: $!";
}

# one request to the service: method, path, headers and JSON
sub read_request {
    my ($sock) = @_;

    my $in = '';
    until ($in =~ /\r\n\r\n/) { sysread $sock, $in, 65536, length $in or die }
    my ($head, $body) = split /\r\n\r\n/, $in, 2;
    my ($line, @fields) = split /\r\n/, $head;
    my %h = map { /^([^:]+): (.*)/ ? (lc $1 => $2) : () } @fields;
    while (length $body < $h{'content-length'}) {
        sysread $sock, $body, 1 << 20, length $body or die;
    }

    return { line => $line, headers => \%h,
             json => JSON::PP->new->utf8->decode($body) };
}

# ask(PATH, BODY, ACCOUNT, SERVICE): the answer, while the service gives what
# SERVICE says to a request: a status, or nothing at all
sub ask {
    my ($path, $body, $who, $service) = @_;

    @got = ();

    my $conn = begin($app, $path, method => 'POST', json => $body,
                     port => $production,
                     headers => { $who ? %{ bearer($who) } : (),
                                  Cookie => 'secret=1' });
    my $select = IO::Select->new($conn->socket, $fake ? $fake : ());
    my @held;

    while (my @ready = $select->can_read(30)) {
        last if grep { $_ == $conn->socket } @ready;

        my $sock = $fake->accept;
        push @got, read_request($sock);
        push @held, $sock;

        my $status = $service->($got[-1]) or next;
        print $sock "HTTP/1.1 $status x\r\nContent-Length: 2\r\n"
                    . "Content-Type: application/json\r\n\r\n{}";
        close $sock;
    }

    my ($res) = gather(30, $conn);
    return $res->{res};
}

my ($id, $email) = @{ $my->rows(
    "SELECT id, email FROM User WHERE role = 'NONE' AND email IS NOT NULL"
    . ' AND NOT emailVerified LIMIT 1')->[0] };
my $admin = value("SELECT id FROM User WHERE email = 'admin\@market.example'");


# codes

sub code { return ask('/auth/send-verification-email', { email => $email },
                      undef, @_) }

sub code_is_good {
    my ($what) = @_;

    my ($code) = $got[0]{json}{text} =~ /(\d{6})/;
    is(ask('/auth/verify-email-code', { email => $email, code => $code })
           ->status, 201, "  and its code $what");
}

up();
my $res = code(sub { 200 });
is($res->status, 201, 'a code is sent');
is($res->json->{message}, "Verification email sent to: $email", '  to whom');

my $letter = $got[0];
like($letter->{line}, qr{^POST /emails HTTP}, 'the service is asked');
is($letter->{headers}{authorization}, 'Bearer mail-key', '  with its key');
is($letter->{headers}{'content-type'}, 'application/json', '  in JSON');
is($letter->{headers}{cookie}, undef, '  and nothing of the client\'s');
is_deeply([ sort keys %{ $letter->{json} } ],
          [ qw(from html subject text to) ], '  for a mail');
is($letter->{json}{from}, 'The marketplace <no-reply@market.example>',
   '  from the marketplace');
is($letter->{json}{to}, $email, '  to the account');
is($letter->{json}{subject}, 'Verify your email - The marketplace',
   '  with its subject');
my ($number) = $letter->{json}{text} =~ /(\d{6})/;
like($letter->{json}{html}, qr{<h1>Your code: $number</h1>}, '  twice');
is(value('SELECT COUNT(*) FROM Mail'), 0, 'and the code is not kept');
code_is_good('is good');

for my $case ([ 'fails', sub { 500 } ], [ 'refuses it', sub { 422 } ],
              [ 'does not answer in time', sub { 0 } ])
{
    my ($what, $service) = @$case;

    $res = code($service);
    is($res->status, 400, "a service that $what");
    is($res->json->{message}, $bad_letter, '  says so');
    like($app->log, qr/a code was not sent: the mail service answers with/,
         '  in the log, too');
    is(value('SELECT COUNT(*) FROM Mail'), 0, '  keeps no mail');
    code_is_good('stays good');
}

undef $fake;
is(code()->status, 400, 'a service that is not there');
up();


# a new business

$my->sql("UPDATE User SET role = 'PENDING_PROVIDER', phoneNumber = NULL,
          mapsLink = NULL, username = ? WHERE id = ?",
         "<b>\"B\x{e4}cker\" & 'Co'", $id);

sub details {
    my ($phone, @service) = @_;

    return ask('/users/update-details',
               { phoneNumber => $phone, location => '<i>here</i>',
                 mapsLink => 'https://maps.example/?a=1&b="2"' },
               $id, @service);
}

$res = details('20123456', sub { 200 });
is($res->status, 201, 'a business has details');
is(scalar @got, 1, '  which administrators hear of');
is_deeply($got[0]{json}{to}, [ 'admin@market.example' ], '  at their address');
is($got[0]{json}{subject}, 'New Provider Registration - Approval Required',
   '  with their subject');
like($got[0]{json}{text}, qr/Name: <b>"B\x{e4}cker" & 'Co'/, '  as text');
like($got[0]{json}{html},
     qr/<li>Name: &lt;b&gt;&quot;B\x{e4}cker&quot; &amp; &#39;Co&#39;</,
     '  and escaped as HTML');
like($got[0]{json}{html}, qr/href="https:\S+a=1&amp;b=&quot;2&quot;"/,
     '  in links, too');
is(value('SELECT COUNT(*) FROM Mail WHERE sentAt IS NOT NULL'), 1,
   '  what was sent is marked');

is(details('20123456', sub { 200 })->status, 201, 'the same details');
is(scalar @got, 0, '  are no news');

for my $case ([ 'fails', '20123457', sub { 500 } ],
              [ 'does not answer', '20123458', sub { 0 } ])
{
    my ($what, $phone, $service) = @$case;

    $res = details($phone, $service);
    is($res->status, 201, "a service that $what changes no answer");
    is($res->json->{phoneNumber}, $phone, '  the details are new');
    like($app->log, qr/approval mail for account $id was not sent/,
         '  the log says it');
}

is(value("SELECT COUNT(*) FROM Mail WHERE kind = 'approval'"
         . ' AND sentAt IS NULL'), 2, 'what was not sent is kept');


# announcements

my $people = value("SELECT COUNT(*) FROM User WHERE role = 'CLIENT'");

sub announce {
    my ($service, %more) = @_;

    $my->sql('DELETE FROM Mail');
    return ask('/announcements/send',
               { subject => 'News', description => '<script>1</script>',
                 details => [ 'a & b' ], role => 'CLIENT', %more },
               $admin, $service);
}

sub told {
    my ($what, $sent, $failed) = @_;

    is($res->status, 201, $what);
    is_deeply([ @{ $res->json }{qw(sent failed total)} ],
              [ $sent, $failed, $people ], "  $sent sent, $failed failed");
    is(value('SELECT COUNT(*) FROM Mail WHERE sentAt IS NOT NULL'), $sent,
       '  and marked so');
}

$res = announce(sub { 200 });
told('an announcement to all customers', $people, 0);
is(scalar @got, int(($people + 99) / 100), '  in parts');
like($got[0]{line}, qr{^POST /emails/batch }, '  of a place of their own');

my %to = map { $_->{to} => $_ } map { @{ $_->{json} } } @got;
is(scalar keys %to, $people, '  to each of them');
my ($one) = values %to;
is($one->{subject}, 'News', '  with its subject');
like($one->{html}, qr{&lt;script&gt;1&lt;/script&gt;.*<li>a &amp; b</li>},
     '  escaped as HTML');
like($one->{text}, qr{<script>1</script>.*- a & b}s, '  as it is in the text');

my $calls = 0;
$res = announce(sub { $calls++ == 1 ? 500 : 202 });
told('one call of them fails', $people - 100, 100);

$res = announce(sub { 500 });
told('all of them fail', 0, $people);
is(scalar @got, 3, '  and are no more tried after three');

$people = 30;
$res = announce(sub { 200 }, role => undef, description => '"' x 16000,
                emails => [ map { "a$_\@market.example" } 1 .. 30 ]);
told('long ones', 30, 0);
cmp_ok(scalar @got, '>', 1, '  go in smaller parts');

$people = 2;
$res = announce(sub { 200 }, role => undef, emails => [ 'x', $email ]);
told('what is no address', 1, 1);

done_testing;
