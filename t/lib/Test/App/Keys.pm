package Test::App::Keys;

# Copyright (C) the project authors
#
# Keys of tokens, made with openssl, and what is published of them:
#
#   my $key = Test::App::Keys->make('RS256', 'a');       # also ES256, EdDSA
#   my $set = key_set($key, { kty => 'oct' });           # JSON
#   my $token = $key->token({ sub => 1, exp => time + 60 }, typ => 'JWT');
#
# The second argument is the key's name, or undef; further ones of token() are
# members of its header, of which alg => undef and kid => undef leave one out.
#
# A test may be the publisher itself, on a socket that listens:
#
#   my ($head, $sock) = asked($publisher);      # waits for a request
#   publish($sock, $set);                       # answers it

use strict;
use warnings;

use Carp qw(croak);
use Exporter 'import';
use File::Temp ();
use JSON::PP ();
use MIME::Base64 qw(encode_base64url);
use Test::App::Server;

our @EXPORT = qw(key_set asked publish nobody_asks);

my $json = JSON::PP->new->canonical;
my $dir = File::Temp->newdir;
my $made = 0;

my %option = (
    RS256 => '-algorithm RSA -pkeyopt rsa_keygen_bits:2048',
    ES256 => '-algorithm EC -pkeyopt ec_paramgen_curve:P-256',
    EdDSA => '-algorithm ED25519',
);


sub openssl {
    my ($arguments) = @_;

    my $out = `openssl $arguments 2>&1`;
    croak "openssl $arguments: $out" if $? != 0;

    return $out;
}


sub make {
    my ($class, $alg, $kid) = @_;

    my $file = "$dir/" . $made++;

    openssl("genpkey $option{$alg} -out $file");

    return bless { alg => $alg, kid => $kid, file => $file }, $class;
}


# The numbers are at the end of the public key in DER; those of RSA are
# printed instead.
sub jwk {
    my ($self, %more) = @_;

    my %jwk = (defined $self->{kid} ? (kid => $self->{kid}) : (),
               alg => $self->{alg}, use => 'sig');

    if ($self->{alg} eq 'RS256') {
        my ($hex) = openssl("rsa -in $self->{file} -noout -modulus")
                    =~ /Modulus=([0-9A-F]+)/;
        @jwk{qw(kty n e)} = ('RSA', encode_base64url(pack 'H*', $hex), 'AQAB');

    } else {
        openssl("pkey -in $self->{file} -pubout -outform DER"
                . " -out $self->{file}.der");
        my $der = slurp_raw("$self->{file}.der");
        my ($x, $y) = map { encode_base64url($_) }
                      substr($der, -64, 32), substr($der, -32);

        @jwk{qw(kty crv x)} = $self->{alg} eq 'ES256'
            ? ('EC', 'P-256', $x) : ('OKP', 'Ed25519', $y);
        $jwk{y} = $y if $self->{alg} eq 'ES256';
    }

    return { %jwk, %more };
}


# Of keys, and of what is taken as it is.
sub key_set {
    return $json->encode({
        keys => [ map { ref $_ eq __PACKAGE__ ? $_->jwk : $_ } @_ ] });
}


# The public key in PEM.
sub pem {
    my ($self) = @_;

    return openssl("pkey -in $self->{file} -pubout");
}


sub token {
    my ($self, $claims, %head) = @_;

    %head = (alg => $self->{alg}, kid => $self->{kid}, %head);
    delete @head{ grep { !defined $head{$_} } keys %head };

    my $text = join '.', map { encode_base64url($json->encode($_)) }
                         \%head, $claims;

    return "$text." . encode_base64url($self->sign($text));
}


sub sign {
    my ($self, $text) = @_;

    my ($key, $in, $out) = map { "$self->{file}$_" } '', '.text', '.sign';

    Test::App::Server::spew($in, $text);
    openssl($self->{alg} eq 'EdDSA'
            ? "pkeyutl -sign -rawin -inkey $key -in $in -out $out"
            : "dgst -sha256 -sign $key -out $out $in");

    my $sign = slurp_raw($out);

    return $self->{alg} eq 'ES256' ? raw($sign) : $sign;
}


# Two numbers in DER as 32 bytes each.
sub raw {
    my ($der) = @_;

    my ($r, $s) = unpack 'x3 C/a x C/a', $der;

    return join '', map { substr(("\0" x 32) . $_, -32) } $r, $s;
}


# Not zero when a socket can be read, or has a connection waiting.
sub readable {
    my ($sock, $seconds) = @_;

    my $in = '';
    vec($in, fileno $sock, 1) = 1;

    return select $in, undef, undef, $seconds;
}


# The next request that is still waited for.
sub asked {
    my ($publisher) = @_;

    while (readable($publisher, 20)) {
        my $sock = $publisher->accept;
        my $head = '';

        until ($head =~ /\r\n\r\n/) {
            sysread $sock, $head, 65536, length $head or last;
        }

        return ($head, $sock) if !readable($sock, 0);
    }

    croak 'nobody asks for keys';
}


sub publish {
    my ($sock, $body, $status) = @_;

    syswrite $sock, 'HTTP/1.1 ' . ($status || '200 OK') . "\r\n"
             . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
    close $sock;

    return;
}


sub nobody_asks {
    my ($publisher) = @_;

    return !readable($publisher, 0.05);
}


sub slurp_raw {
    my ($file) = @_;

    open my $in, '<:raw', $file or croak "$file: $!";
    local $/;
    return <$in>;
}


1;
