package Test::App::Twice;

# Copyright (C) the project authors
#
# Requests with an Idempotency-Key, and what is to be seen of them:
#
#   same(post($app, '/x', 'key', $body), post($app, '/x', 'key', $body), '…');

use strict;
use warnings;

use Exporter 'import';
use Test::More;

our @EXPORT = qw(key_table post same fails $invalid $other $lost $busy);

our $invalid = 'Idempotency-Key must be 1 to 255 visible ASCII characters, '
               . 'given once';
our $other = 'Idempotency-Key was used before, with another request';
our $lost = 'The request with this Idempotency-Key has been carried out, but '
            . 'its answer is not known';
our $busy = 'A request with this Idempotency-Key is being carried out';


# The statement that makes a table of keys.
sub key_table {
    my ($name) = @_;

    return <<"SQL";
CREATE TABLE $name (
    id BINARY(32) NOT NULL PRIMARY KEY,
    fingerprint BINARY(32) NOT NULL,
    createdAt DATETIME(6) NOT NULL,
    expiresAt DATETIME(3) NOT NULL,
    status SMALLINT UNSIGNED NULL,
    type VARCHAR(255) NULL,
    location VARBINARY(4096) NULL,
    body MEDIUMBLOB NULL,
    KEY ${name}_expiresAt_idx (expiresAt)
) ENGINE=InnoDB;
SQL
}


# Sends a JSON body, with a key unless that is undef.
sub post {
    my ($app, $path, $key, $body, %o) = @_;

    return $app->http(POST => $path, json => $body,
        headers => { defined $key ? ('Idempotency-Key' => $key) : (),
                     %{ $o{headers} || {} } });
}


# The second answer is the first one again, in all that a client sees.
sub same {
    my ($first, $again, $what) = @_;

    is($again->status, $first->status, "$what: " . $first->status);
    is($again->body, $first->body, '  the same body');

    for my $name ('Content-Type', 'Content-Length', 'Location', 'ETag') {
        is($again->header($name), $first->header($name), "  $name");
    }

    is($first->header('Idempotency-Replayed'), undef, '  the first is new');
    is($again->header('Idempotency-Replayed'), 'true', '  this one is not');
    return;
}


sub fails {
    my ($res, $status, $message, $what) = @_;

    is($res->status, $status, "$what: $status");
    is($res->json->{message}, $message, '  and says why');
    return;
}


1;
