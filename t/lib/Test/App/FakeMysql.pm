package Test::App::FakeMysql;

# Copyright (C) the project authors
#
# A server of the MySQL protocol that misbehaves:
#
#   my $port = Test::App::FakeMysql->start('cut-row');
#
# Until the place that its mode names it does what a server does; its rows
# are a number and a text each.  It ends with the test.

use strict;
use warnings;

use IO::Socket::INET;
use POSIX ();
use Test::App::Server;
use Time::HiRes qw(sleep);

my %mode = map { $_ => 1 } qw(
    good mute hang-up garbage cut-greeting trickle tls-mute mute-login
    cut-login garbage-login mute-rows cut-row short-row huge-row slow-rows
    garbage-result mute-prepare cut-prepare wild-prepare
);


sub start {
    my ($class, $mode) = @_;

    die "no mode $mode\n" if !$mode{$mode};

    my $port = Test::App::Server::claim_port();
    my $listen = IO::Socket::INET->new(
        Listen => 64, LocalAddr => '127.0.0.1', LocalPort => $port,
        ReuseAddr => 1, Proto => 'tcp') or die "port $port: $!";

    my $parent = $$;
    my $pid = fork;
    die "fork: $!" if !defined $pid;

    if ($pid) {
        push @Test::App::Server::children, $pid;
        return $port;
    }

    # one process for each connection; all go when the test does
    $SIG{CHLD} = 'IGNORE';
    my @left = grep { fileno $_ != fileno $listen } @Test::App::Server::locks;
    close $_ for @left;

    while (getppid == $parent) {
        my $rin = '';
        vec($rin, fileno $listen, 1) = 1;
        next if !select $rin, undef, undef, 0.2;
        my $sock = $listen->accept or next;
        next if fork;
        eval { serve({ sock => $sock, seq => 0, parent => $parent }, $mode) };
        POSIX::_exit(0);
    }

    POSIX::_exit(0);
}


sub raw {
    my ($self, $bytes) = @_;

    syswrite $self->{sock}, $bytes or die;
    return;
}


sub packet {
    my ($self, $payload) = @_;

    my $head = pack 'V', length($payload) | $self->{seq}++ << 24;
    return $head . $payload;
}


sub receive {
    my ($self) = @_;

    my $get = sub {
        my ($n) = @_;
        my $bytes = '';
        while (length $bytes < $n) {
            sysread $self->{sock}, $bytes, $n - length $bytes, length $bytes
                or die;
        }
        return $bytes;
    };

    my $head = unpack 'V', $get->(4);
    $self->{seq} = ($head >> 24) + 1 & 255;
    return $get->($head & 0xffffff);
}


# Says nothing more, until the other side or the test goes.
sub mute {
    my ($self) = @_;

    for (1 .. 600) {
        my $rin = '';
        vec($rin, fileno $self->{sock}, 1) = 1;
        if (select $rin, undef, undef, 0.1) {
            sysread $self->{sock}, my $bytes, 65536 or last;
        }
        last if !kill 0, $self->{parent};
    }
    die;
}


sub text { pack 'C/a*', $_[0] }

sub ok   { "\0\0\0\2\0\0\0" }

sub end  { "\xfe\0\0\2\0" }


sub column {
    my ($name, $type) = @_;

    return text('def') . text('d') . text('t') . text('t') . text($name)
           . text($name)
           . pack('CvVCvCxx', 12, $type == 253 ? 45 : 63, 255, $type, 0, 0);
}


sub greeting {
    my ($tls) = @_;

    my $caps = 0x1 | 0x2 | 0x4 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000
               | ($tls ? 0x800 : 0);

    return "\x0a5.5.5-10.11.6-MariaDB-fake\0"
           . pack('Va8xvCvvCx10a12x', 7, 'abcdefgh', $caps & 0xffff, 45, 2,
                  $caps >> 16, 21, 'ijklmnopqrst')
           . "mysql_native_password\0";
}


sub columns {
    my ($self) = @_;

    return join '', map({ $self->packet($_) }
                        column('id', 8), column('name', 253), end());
}


sub row {
    my ($self, $id) = @_;

    return $self->packet(pack('Cxq<', 0, $id) . text("name $id"));
}


sub result {
    my ($self, $mode) = @_;

    return $self->raw(pack 'C*', map { int rand 256 } 1 .. 400)
        if $mode eq 'garbage-result';

    my $bytes = $self->packet("\2") . $self->columns;
    $bytes .= $self->row($_) for 1 .. 3;

    if ($mode eq 'mute-rows') {
        $self->raw($bytes);
        $self->mute;
    }

    if ($mode eq 'cut-row') {
        $self->raw($bytes . substr $self->row(4), 0, 9);
        die;
    }

    if ($mode eq 'slow-rows') {
        $bytes .= $self->row($_) for 4 .. 200;
        for my $byte (split //, $bytes) {
            $self->raw($byte);
            sleep 0.002;
        }
    }

    # a text that ends behind its packet, by a little or by far
    $bytes .= $self->packet(pack('Cxq<', 0, 4) . "\xc8abc")
        if $mode eq 'short-row';
    $bytes .= $self->packet(pack('Cxq<', 0, 4) . "\xfe" . pack('Q<', 1 << 40))
        if $mode eq 'huge-row';

    return $self->raw($bytes . $self->packet(end()));
}


sub prepare {
    my ($self, $mode) = @_;

    $self->mute if $mode eq 'mute-prepare';

    my $bytes = $self->packet(pack 'CVvvxv', 0, 1, 2,
                              $mode eq 'wild-prepare' ? 7 : 0, 0);
    $bytes .= join '', map { $self->packet($_) } (column('?', 253)) x 7, end()
        if $mode eq 'wild-prepare';
    $bytes .= $self->columns;

    if ($mode eq 'cut-prepare') {
        $self->raw(substr $bytes, 0, 30);
        die;
    }

    return $self->raw($bytes);
}


sub serve {
    my ($self, $mode) = @_;

    die if $mode eq 'hang-up';
    $self = bless $self, __PACKAGE__;
    $self->mute if $mode eq 'mute';

    my $greeting = $self->packet(greeting($mode eq 'tls-mute'));

    if ($mode eq 'garbage') {
        $self->raw(pack 'C*', map { int rand 256 } 1 .. 400);
        $self->mute;
    }

    if ($mode eq 'cut-greeting') {
        $self->raw(substr $greeting, 0, 30);
        die;
    }

    if ($mode eq 'trickle') {
        for my $byte (split //, $greeting) {
            $self->raw($byte);
            sleep 0.4;
        }
    }

    $self->raw($greeting);
    $self->receive;

    die if $mode eq 'cut-login';
    $self->mute if $mode eq 'mute-login' || $mode eq 'tls-mute';
    $self->raw($mode eq 'garbage-login' ? "\xff\xff\xff\x02abc"
                                        : $self->packet(ok()));

    while (1) {
        my $command = ord $self->receive;

        if ($command == 0x16) {
            $self->prepare($mode);

        } elsif ($command == 0x17) {
            $self->result($mode);

        } elsif ($command != 0x19) {
            die if $command == 1;
            $self->raw($self->packet(ok()));
        }
    }
}


1;
