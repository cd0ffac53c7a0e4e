package Test::App::Load;

# Copyright (C) the project authors
#
# Requests that run at the same time, routes to try a database with, and the
# metrics as they are counted:
#
#   my @res = together($app, map { "/sleep/$_" } 100, 200);
#   say "$_->{status} after $_->{took} s" for @res;

use strict;
use warnings;

use Exporter 'import';
use IO::Select;
use Test::App::HTTP;
use Test::App::Server;
use Time::HiRes qw(time);

our @EXPORT = qw(begin gather together statuses slowest routes tables metric
                 metric_locations statements running connections);


my @metrics = map { "app_mysql_$_" }
    qw(connections connects_total connect_errors_total lost_total
       statements_total prepares_total errors_total waits_total
       wait_timeouts_total queue_full_total unavailable_total kills_total);


# What gather() does over and over while it waits.
our $meanwhile;


# Sends a request and does not wait for its answer.
sub begin {
    my ($app, $path, %o) = @_;

    my $conn = $app->connect(timeout => 60, %o);
    $conn->{began} = time;
    $conn->{path} = $path;
    $conn->send(Test::App::HTTP->request($o{method} || 'GET', $path, close => 1,
                                            %o));

    return $conn;
}


# Waits for the answers, in whatever order they come.  Each is a hash: path,
# took (seconds), at (its place in the order), and res and status, or error
# for an answer that is missing or cut.
sub gather {
    my ($seconds, @conns) = @_;

    my (@out, %index);
    my $deadline = time + $seconds;
    my $at = 0;
    my $select = IO::Select->new;

    for my $i (0 .. $#conns) {
        $select->add($conns[$i]->socket);
        $index{ $conns[$i]->socket } = $i;
    }

    while ($select->count && (my $left = $deadline - time) > 0) {
        $meanwhile->() if $meanwhile;

        for my $sock ($select->can_read($meanwhile ? 0.005 : $left)) {
            my $i = $index{$sock};
            my $conn = $conns[$i];

            my $n = sysread $sock, $conn->{buf}, 262144,
                            length $conn->{buf};
            next if $n;

            $select->remove($sock);
            $conn->{eof} = 1;

            my $res = eval { $conn->response };
            $out[$i] = { path => $conn->{path}, at => $at++, res => $res,
                         took => time - $conn->{began},
                         status => $res ? $res->status : 0,
                         error => $res ? undef : $@ };
            $conn->close;
        }
    }

    for my $i (0 .. $#conns) {
        $out[$i] ||= { path => $conns[$i]{path}, at => $at++, status => 0,
                       took => time - $conns[$i]{began},
                       error => "no answer within $seconds s\n" };
    }

    return @out;
}


sub together {
    my ($app, @paths) = @_;

    return gather(60, map { begin($app, $_) } @paths);
}


# The statuses of answers, each with its number: "200x3 503x1"; 0 is one
# that is missing or cut.
sub statuses {
    my %n;

    $n{ $_->{status} }++ for @_;
    return join ' ', map { "${_}x$n{$_}" } sort keys %n;
}


sub slowest {
    my ($most) = sort { $b <=> $a } map { $_->{took} } @_;

    return $most;
}


# Routes that need no more than tables().
sub routes {
    return <<'EOT';
        app_api_max_rows 100000;
        app_api_max_size 100m;
        app_route GET /id/:id {
            path     id  int;
            one      x "SELECT CONNECTION_ID() AS conn, :id AS id";
            respond  $x;
        }
        app_route GET /sleep/:ms {
            path     ms  int;
            one      x "SELECT CONNECTION_ID() AS conn,
                               SLEEP(:ms / 1000) AS slept";
            respond  $x;
        }
        app_route GET /rows/:n {
            path     n  int;
            many     rows "
                SELECT a.n + 100 * b.n + 10000 * c.n AS id,
                       REPEAT('x', 1000) AS pad
                  FROM d AS a, d AS b, d AS c LIMIT :n";
            respond  '{"rows":$rows}';
        }
        app_route GET /late/:n {
            path     n  int;
            many     rows "
                SELECT a.n, SLEEP(0.01) AS slept FROM d AS a, d AS b
                 LIMIT :n";
            respond  $rows;
        }
EOT
}


# A table "d" of the numbers 0 to 99.
sub tables {
    return "CREATE TABLE d (n INT PRIMARY KEY);\n"
           . 'INSERT INTO d VALUES ' . join(',', map { "($_)" } 0 .. 99)
           . ";\n";
}


sub metric_locations {
    return join '', map {
        "location = /metric/$_ { return 200 \$app_metric_$_; }\n"
    } @metrics;
}


sub metric {
    my ($app, $name, %o) = @_;

    my $value = $app->get("/metric/app_mysql_$name", %o)->body;
    die "metric $name: $value\n" if $value !~ /\A-?\d+\z/;

    return $value;
}


# Statements that the server runs for the test's account, by their text.
sub statements {
    my ($mysql, $like) = @_;

    return map { $_->[0] } @{ $mysql->rows(
        'SELECT ID FROM information_schema.PROCESSLIST'
        . " WHERE USER = ? AND COMMAND NOT IN ('Sleep', 'Daemon')"
        . ' AND INFO LIKE ?', $mysql->{user}, "%$like%") };
}


# Waits until one runs that sleeps.
sub running {
    my ($mysql) = @_;

    return Test::App::Server::wait_until(
        sub { (statements($mysql, 'SLEEP'))[0] }, 5);
}


# Connections that the server holds for the test's account.
sub connections {
    my ($mysql) = @_;

    return map { $_->[0] } @{ $mysql->rows(
        'SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ?',
        $mysql->{user}) };
}


1;
