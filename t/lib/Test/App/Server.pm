package Test::App::Server;

# Copyright (C) the project authors
#
# What tests need besides nginx: claimed ports, child processes with a known
# pid, and real MariaDB (or MySQL) and Redis servers on private directories.

use strict;
use warnings;

use Carp qw(croak);
use Fcntl qw(:flock O_RDWR O_CREAT);
use File::Path qw(make_path);
use IO::Socket::INET;
use POSIX ();
use Time::HiRes qw(time sleep);

our (@locks, @children);


# Waits until the code returns true and returns that; undef at the deadline.
sub wait_until {
    my ($code, $seconds) = @_;

    my $deadline = time + ($seconds || 10);

    while (1) {
        my $value = $code->();
        return $value if $value;
        return if time > $deadline;
        sleep 0.02;
    }
}


# A free port of the range in TEST_APP_PORTS, ours until this process ends:
# the lock keeps other test files off, the bind tells who else listens.
sub claim_port {
    my ($from, $to) = ($ENV{TEST_APP_PORTS} || '21000-21999')
                      =~ /\A(\d+)-(\d+)\z/
        or croak 'TEST_APP_PORTS is no range';

    my $dir = "/tmp/test-app-ports.$>";
    mkdir $dir, 0700;

    my $first = $from + ($$ * 7) % ($to - $from + 1);

    for my $port ($first .. $to, $from .. $first - 1) {
        sysopen my $fh, "$dir/$port", O_RDWR|O_CREAT or next;
        flock $fh, LOCK_EX|LOCK_NB or next;

        my $probe = IO::Socket::INET->new(
            Listen => 1, LocalAddr => '127.0.0.1', LocalPort => $port,
            ReuseAddr => 1, Proto => 'tcp') or next;
        $probe->close;

        push @locks, $fh;
        return $port;
    }

    croak 'no free port in TEST_APP_PORTS';
}


# Starts a program with its output in a file; returns its pid.  It gets
# SIGKILL when this process dies, however it dies; detach => 1 lets it live
# on in a session of its own.
sub spawn {
    my ($out, $cmd, %o) = @_;

    defined(my $pid = fork) or croak "fork: $!";

    if ($pid == 0) {
        POSIX::setsid() if $o{detach};
        %ENV = (%ENV, %{ $o{env} || {} });
        open STDIN, '<', '/dev/null';
        open STDOUT, '>>', $out or POSIX::_exit(126);
        open STDERR, '>&', \*STDOUT;
        no warnings 'exec';
        exec($o{detach} ? @$cmd : ('setpriv', '--pdeathsig', 'KILL', @$cmd))
            or POSIX::_exit(127);
    }

    push @children, $pid unless $o{detach};
    return $pid;
}


# True while a process runs; a child that has ended is reaped here.
sub alive {
    my ($pid) = @_;

    return 0 if !$pid;
    return 0 if waitpid($pid, POSIX::WNOHANG()) == $pid;
    return kill(0, $pid) ? 1 : 0;
}


sub slurp {
    my ($file) = @_;

    open my $fh, '<:raw', $file or return '';
    local $/;
    my $text = <$fh>;
    return defined $text ? $text : '';
}


sub spew {
    my ($file, $text, $mode) = @_;

    open my $fh, '>:raw', $file or croak "$file: $!";
    chmod $mode, $file if defined $mode;
    print $fh $text;
    close $fh or croak "$file: $!";
    return $file;
}


# Stops a process: the signals in turn, each with its seconds, KILL last.
# Returns the signal that it took.
sub end_process {
    my ($pid, @signals) = @_;

    while (my ($signal, $seconds) = splice @signals, 0, 2) {
        kill $signal, $pid;
        return $signal if wait_until(sub { !alive($pid) }, $seconds);
    }

    kill 'CONT', $pid;
    kill 'KILL', $pid;
    wait_until(sub { !alive($pid) }, 10);
    return 'KILL';
}


sub signal {
    my ($self, $name) = @_;

    kill $name, $self->{pid} or croak "kill $name: $!";
    return;
}


# As by a crash of the machine: nothing is flushed or said to clients.
sub crash {
    my ($self) = @_;

    end_process($self->{pid});
    $self->{pid} = 0;
    return;
}


sub stop {
    my ($self) = @_;

    return if !$self->{pid};
    end_process($self->{pid}, TERM => 10);
    $self->{pid} = 0;
    return;
}


package Test::App::Mysql;

our @ISA = ('Test::App::Server');

use Carp qw(croak);
use Fcntl qw(:flock);

my $count = 0;


# get(dir => …, private => 0|1, args => [ … ], tls => 0|1)
#
# One server serves all files of a run, each in a database of its own; it is
# started by the first that asks and ended by tools/prove.  Without a run
# around it, or with private => 1 (a test that stops, kills or configures
# the server), the server belongs to this file alone.
sub get {
    my ($class, %o) = @_;

    my $run = $ENV{TEST_APP_SHARED};
    my $own = $o{private} || $o{args} || $o{tls} || !$run;
    my $dir = $own ? "$o{dir}/mysql" . $count++ : "$run/mysql";

    my $self = bless {
        dir    => $dir,
        own    => $own,
        args   => $o{args} || [],
        tls    => $o{tls},
        socket => "$dir/s.sock",
        flavor => $ENV{TEST_APP_MYSQL}
                  || (-x '/usr/sbin/mariadbd' ? 'mariadb' : 'mysql'),
    }, $class;

    if ($own) {
        $self->start;

    } else {
        open my $lock, '>', "$dir.lock" or croak "$dir.lock: $!";
        flock $lock, LOCK_EX or croak "$dir.lock: $!";

        my ($pid, $port) = split ' ', Test::App::Server::slurp("$dir/running");

        if ($pid && kill 0, $pid) {
            @$self{qw(pid port)} = ($pid, $port);

        } else {
            $self->start(detach => 1);
            Test::App::Server::spew("$dir/running",
                                    "$self->{pid} $self->{port}\n");
        }
    }

    $self->_database;
    return $self;
}


sub _install {
    my ($self) = @_;

    my $dir = $self->{dir};
    my @cmd = $self->{flavor} eq 'mysql'
        ? ('mysqld', '--no-defaults', '--initialize-insecure',
           "--datadir=$dir/data")
        : ('mariadb-install-db', '--no-defaults', "--datadir=$dir/data",
           '--auth-root-authentication-method=normal', '--skip-test-db',
           '--skip-name-resolve', '--innodb-log-file-size=8M',
           '--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=OFF',
           '--innodb-flush-method=nosync');

    push @cmd, '--user=root' if $> == 0;

    # a server that starts removes the temporary tables of others in its folder
    push @cmd, "--tmpdir=$dir" if $self->{flavor} ne 'mysql';

    my $pid = Test::App::Server::spawn("$dir/install.log", \@cmd);
    waitpid $pid, 0;
    $? == 0 or croak "@cmd: " . Test::App::Server::slurp("$dir/install.log");

    return if !$self->{tls};

    $pid = Test::App::Server::spawn("$dir/install.log",
        [ qw(openssl req -x509 -newkey ec -pkeyopt
             ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost),
          '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
          '-keyout', "$dir/key.pem", '-out', "$dir/cert.pem" ]);
    waitpid $pid, 0;
    $? == 0 or croak 'openssl: '
                     . Test::App::Server::slurp("$dir/install.log");
}


# Starts the server, the first time or again after stop() or crash(): on the
# same socket, port and data.
sub start {
    my ($self, %o) = @_;

    my $dir = $self->{dir};

    if (!-d "$dir/data") {
        File::Path::make_path($dir);
        $self->_install;
    }

    $self->{port} ||= Test::App::Server::claim_port();

    my @cmd = ($self->{flavor} eq 'mysql' ? 'mysqld' : 'mariadbd',
        '--no-defaults', "--datadir=$dir/data", "--socket=$self->{socket}",
        "--pid-file=$dir/pid", "--port=$self->{port}",
        '--bind-address=127.0.0.1', '--skip-name-resolve', '--server-id=1',
        "--log-error=$dir/err.log", "--tmpdir=$dir",
        # 2: what is committed outlives crash(), though not the machine's
        '--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=OFF',
        '--innodb-buffer-pool-size=64M', '--character-set-server=utf8mb4',
        '--collation-server=utf8mb4_unicode_ci', '--default-time-zone=+00:00',
        $self->{flavor} eq 'mysql'
            ? ('--mysqlx=0', '--secure-file-priv=NULL', '--disable-log-bin')
            : ('--innodb-flush-method=nosync', '--innodb-log-file-size=8M'),
        $self->{tls} ? ("--ssl-cert=$dir/cert.pem", "--ssl-key=$dir/key.pem")
                     : (),
        $> == 0 ? '--user=root' : (),
        @{ $self->{args} });

    $self->{ca} = "$dir/cert.pem" if $self->{tls};
    $self->{pid} = Test::App::Server::spawn("$dir/out.log", \@cmd, %o);

    my $up = Test::App::Server::wait_until(sub {
        Test::App::Server::alive($self->{pid}) or return -1;
        eval { $self->root; 1 };
    }, 60);

    croak "the database server does not start:\n"
          . Test::App::Server::slurp("$dir/err.log")
        if !$up || $up < 0;

    return;
}


# A connection of the administrator, on the file's database when it exists.
sub root {
    my ($self) = @_;

    require DBI;

    my $db = $self->{database} || '';
    my $dbh = DBI->connect(
        "DBI:MariaDB:database=$db;mariadb_socket=$self->{socket}", 'root', '',
        { RaiseError => 1, PrintError => 0, AutoInactiveDestroy => 1 });

    $dbh->do('SET NAMES utf8mb4');
    return $dbh;
}


sub _database {
    my ($self) = @_;

    my $name = "t$$" . 'n' . $count++;
    my $dbh = $self->root;

    $dbh->do("CREATE DATABASE $name CHARACTER SET utf8mb4");

    for my $host ('localhost', '127.0.0.1') {
        $dbh->do("CREATE USER '$name'\@'$host' IDENTIFIED BY 'secret'");
        $dbh->do("GRANT ALL ON $name.* TO '$name'\@'$host'");
    }

    @$self{qw(database user password)} = ($name, $name, 'secret');
    return;
}


# Runs statements as the administrator.  A text may hold several, each
# ending in ";" at the end of a line.
sub sql {
    my ($self, $text, @bind) = @_;

    my $dbh = $self->dbh;

    return $dbh->do($text, undef, @bind) if @bind;

    $dbh->do($_) for grep { /\S/ } split /;[ \t]*(?:\n|\z)/, $text;
    return;
}


# The rows of a query, each an array; as the administrator.
sub rows {
    my ($self, $query, @bind) = @_;

    return $self->dbh->selectall_arrayref($query, undef, @bind);
}


sub dbh {
    my ($self) = @_;

    return $self->{dbh} if $self->{dbh} && eval { $self->{dbh}->ping };
    return $self->{dbh} = $self->root;
}


# The arguments of an app_mysql directive that reach this database.
sub arguments {
    my ($self) = @_;

    return "socket=$self->{socket} user=$self->{user}"
           . " password_file=$self->{password_file}"
           . " database=$self->{database}";
}


sub end {
    my ($self) = @_;

    delete $self->{dbh};

    if ($self->{own}) {
        # nothing of it is kept
        Test::App::Server::end_process($self->{pid}) if $self->{pid};
        $self->{pid} = 0;
        return;
    }

    eval {
        my $dbh = $self->root;
        $dbh->do("DROP DATABASE $self->{database}");
        $dbh->do("DROP USER '$self->{user}'\@'$_'")
            for 'localhost', '127.0.0.1';
    };
    return;
}


package Test::App::Redis;

our @ISA = ('Test::App::Server');

use Carp qw(croak);


# Redis starts in a tenth of a second: each file has its own.
sub get {
    my ($class, %o) = @_;

    my $dir = "$o{dir}/redis" . $count++;
    mkdir $dir;

    my $self = bless { dir => $dir, args => $o{args} || [],
                       socket => "$dir/s.sock" }, $class;
    $self->start;
    return $self;
}


sub start {
    my ($self) = @_;

    my $dir = $self->{dir};

    $self->{port} ||= Test::App::Server::claim_port();
    $self->{pid} = Test::App::Server::spawn("$dir/log",
        [ 'redis-server', '--port', $self->{port}, '--bind', '127.0.0.1',
          '--unixsocket', $self->{socket}, '--dir', $dir, '--save', '',
          '--appendonly', 'no', @{ $self->{args} } ]);

    my $up = Test::App::Server::wait_until(sub {
        Test::App::Server::alive($self->{pid}) or return -1;
        IO::Socket::INET->new(PeerAddr => "127.0.0.1:$self->{port}");
    }, 10);

    croak 'redis does not start: ' . Test::App::Server::slurp("$dir/log")
        if !$up || !ref $up;

    return;
}


# Sends one command by redis-cli and returns its answer as text.
sub cli {
    my ($self, @args) = @_;

    my @cmd = ('timeout', 10, 'redis-cli', '-s', $self->{socket}, @args);

    open my $fh, '-|', @cmd or croak "redis-cli: $!";
    local $/;
    my $text = <$fh>;
    close $fh;
    $text =~ s/\n\z// if defined $text;
    return $text;
}


sub end {
    my ($self) = @_;

    Test::App::Server::end_process($self->{pid}) if $self->{pid};
    $self->{pid} = 0;
    return;
}


1;
