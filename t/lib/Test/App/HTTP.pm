package Test::App::HTTP;

# Copyright (C) the project authors
#
# A small HTTP/1.1 client over a raw socket: it sends exactly the bytes that
# a test wants sent, whole, slowly or malformed, and reads with a deadline.

use strict;
use warnings;

use IO::Socket::INET;
use JSON::PP ();
use Time::HiRes qw(time sleep);


# new(port => N, host => '127.0.0.1', timeout => seconds, rcvbuf => bytes)
sub new {
    my ($class, %o) = @_;

    my $sock = IO::Socket::INET->new(
        Proto    => 'tcp',
        PeerAddr => $o{host} || '127.0.0.1',
        PeerPort => $o{port},
        Timeout  => $o{timeout} || 10,
    ) or die "cannot connect to port $o{port}: $@\n";

    $sock->sockopt(SO_RCVBUF, $o{rcvbuf}) if $o{rcvbuf};
    binmode $sock;

    return bless { sock => $sock, buf => '', eof => 0,
                   timeout => $o{timeout} || 10 }, $class;
}


sub socket { $_[0]{sock} }

sub close  { $_[0]{sock}->close if $_[0]{sock}; return }


# Sends bytes as they are; chunk => N and every => seconds send them slowly.
# Returns how many were accepted: fewer when the peer has closed.
sub send {
    my ($self, $bytes, %o) = @_;

    my $step = $o{chunk} || length $bytes;
    my $sent = 0;

    local $SIG{PIPE} = 'IGNORE';

    while ($sent < length $bytes) {
        my $n = syswrite $self->{sock}, $bytes,
                         $step < length($bytes) - $sent
                             ? $step : length($bytes) - $sent, $sent;
        return $sent unless defined $n;
        $sent += $n;
        sleep $o{every} if $o{every};
    }

    return $sent;
}


# Closes with a reset instead of an orderly end.
sub reset {
    my ($self) = @_;

    setsockopt $self->{sock}, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0);
    $self->{sock}->close;
    return;
}


sub _fill {
    my ($self, $deadline) = @_;

    return 0 if $self->{eof};

    my $left = $deadline - time;
    my $rin = '';
    vec($rin, fileno $self->{sock}, 1) = 1;

    die "no answer within $self->{timeout} s\n"
        if $left <= 0 || !select $rin, undef, undef, $left;

    my $n = sysread $self->{sock}, $self->{buf}, 65536, length $self->{buf};
    $self->{eof} = 1 if !$n;

    return $n ? 1 : 0;
}


# Reads until the peer closes; returns all that came.
sub read_all {
    my ($self) = @_;

    my $deadline = time + $self->{timeout};
    1 while $self->_fill($deadline);

    my $all = $self->{buf};
    $self->{buf} = '';
    return $all;
}


# True when the peer closes within the given seconds without sending more.
sub closed {
    my ($self, $seconds) = @_;

    my $deadline = time + ($seconds || 1);

    return eval { !$self->_fill($deadline) } ? 1 : 0;
}


# Builds a request.  A Host and, for a body, a Content-Length are added when
# the test does not give them; close => 1 asks for the end of the connection.
sub request {
    my ($class, $method, $path, %o) = @_;

    my @headers = ref $o{headers} eq 'ARRAY' ? @{ $o{headers} }
                                             : %{ $o{headers} || {} };
    my %has;
    my $text = "$method $path HTTP/1.1\r\n";

    while (my ($name, $value) = splice @headers, 0, 2) {
        $has{lc $name} = 1;
        $text .= "$name: $value\r\n";
    }

    my $body = $o{body};

    if (defined $o{json}) {
        $body = JSON::PP->new->canonical->allow_nonref->utf8
                        ->encode($o{json});
        $text .= "Content-Type: application/json\r\n"
            unless $has{'content-type'};
    }

    $text .= "Host: localhost\r\n" unless $has{host};
    $text .= "Connection: close\r\n" if $o{close} && !$has{connection};
    $text .= 'Content-Length: ' . length($body) . "\r\n"
        if defined $body && !$has{'content-length'}
           && !$has{'transfer-encoding'};

    return "$text\r\n" . (defined $body ? $body : '');
}


# Reads one response; head => 1 when it answers a HEAD.  Dies on a deadline
# and on a response that is cut.
sub response {
    my ($self, %o) = @_;

    my $deadline = time + ($o{timeout} || $self->{timeout});
    my ($res, $length);

    while (1) {
        my $end;

        while (($end = index $self->{buf}, "\r\n\r\n") < 0) {
            $self->_fill($deadline)
                or die length $self->{buf} ? "the header is cut\n"
                                           : "closed without an answer\n";
        }

        my ($line, @fields) = split /\r\n/, substr $self->{buf}, 0, $end;
        substr($self->{buf}, 0, $end + 4) = '';

        $line =~ m{\AHTTP/1\.[01] (\d{3})(?: (.*))?\z}
            or die "bad status line \"$line\"\n";

        $res = { status => $1, reason => $2, headers => {}, body => '' };

        for my $field (@fields) {
            my ($name, $value) = $field =~ /\A([^:\s]+):[ \t]*(.*?)[ \t]*\z/
                or die "bad header line \"$field\"\n";
            $name = lc $name;
            $res->{headers}{$name} = exists $res->{headers}{$name}
                ? "$res->{headers}{$name}, $value" : $value;
        }

        last if $res->{status} >= 200 || $res->{status} == 101;
    }

    bless $res, 'Test::App::Response';

    return $res if $o{head} || $res->{status} == 204
                   || $res->{status} == 304 || $res->{status} == 101;

    if (($res->{headers}{'transfer-encoding'} || '') eq 'chunked') {
        $res->{body} = $self->_chunked($deadline);

    } elsif (defined($length = $res->{headers}{'content-length'})) {
        until (length $self->{buf} >= $length) {
            $self->_fill($deadline) or die "the body is cut\n";
        }
        $res->{body} = substr $self->{buf}, 0, $length, '';

    } else {
        1 while $self->_fill($deadline);
        $res->{body} = $self->{buf};
        $self->{buf} = '';
    }

    return $res;
}


sub _chunked {
    my ($self, $deadline) = @_;

    my $body = '';

    while (1) {
        my $size;

        until ($self->{buf} =~ s/\A([0-9a-fA-F]+)[^\r\n]*\r\n/
                                 $size = hex $1; ''/e) {
            $self->_fill($deadline) or die "a chunk is cut\n";
        }

        until (length $self->{buf} >= $size + 2) {
            $self->_fill($deadline) or die "a chunk is cut\n";
        }

        $body .= substr $self->{buf}, 0, $size, '';
        substr($self->{buf}, 0, 2, '') eq "\r\n" or die "bad chunk\n";

        return $body if $size == 0;
    }
}


package Test::App::Response;

sub status { $_[0]{status} }

sub body   { $_[0]{body} }

sub header { $_[0]{headers}{lc $_[1]} }

# The decoded body; dies with the text of what is no JSON.
sub json {
    my ($self) = @_;

    my $value = eval {
        JSON::PP->new->utf8->allow_nonref->allow_bignum
                ->decode($self->{body});
    };
    die "no JSON: $@ in: $self->{body}\n" if $@;

    return $value;
}


1;
