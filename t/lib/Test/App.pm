package Test::App;

# Copyright (C) the project authors
#
# Runs nginx with our modules for one test file:
#
#   use Test::App;
#
#   my $app = Test::App->new(
#       mysql  => 1,                    # or { private => 1, args => [ … ] }
#       http   => "app_mysql main %%MYSQL%%;",
#       server => "location /x { … }",
#   );
#   is $app->get('/x')->status, 200;
#   done_testing;
#
# Everything is on 127.0.0.1 and in a private directory, is stopped by pid,
# and every wait has a deadline.  done_testing stops nginx and fails when a
# log holds an alert, a crash or a sanitizer's report that was not allowed.
#
# In configuration texts: %%PORT%% (the default server's), %%PORT1%% to
# %%PORT9%%, %%DIR%%, and for the servers asked for %%MYSQL%% (arguments of
# app_mysql), %%MYSQL_SOCKET%%, %%MYSQL_PORT%%, %%MYSQL_USER%%,
# %%MYSQL_DATABASE%%, %%MYSQL_PASSWORD_FILE%%, %%MYSQL_CA%%,
# %%REDIS_SOCKET%%, %%REDIS_PORT%%.
#
# Environment: TEST_NGINX_BINARY, TEST_NGINX_MODULES (a directory),
# TEST_APP_PORTS (FROM-TO), TEST_APP_KEEP=1 (leaves the directory).

use strict;
use warnings;

use Carp qw(croak);
use Cwd ();
use Exporter ();
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use File::Temp ();
use IO::Socket::INET;
use Test::More;

use Test::App::HTTP;
use Test::App::Server;

our @ISA = ('Exporter');
our @EXPORT = (grep({ $_ ne 'done_testing' } @Test::More::EXPORT),
               qw(done_testing nginx_t wait_until settled_lines slurp
                  spew));

our $top = Cwd::realpath(dirname(__FILE__) . '/../../..');

my $owner = $$;
my @apps;

$ENV{PATH} .= ':/usr/sbin:/sbin';

BEGIN {
    no warnings 'redefine';
    *wait_until = \&Test::App::Server::wait_until;
    *slurp = \&Test::App::Server::slurp;
    *spew = \&Test::App::Server::spew;
    undef *done_testing;
}


sub import {
    strict->import;
    warnings->import;
    __PACKAGE__->export_to_level(1, @_);
}


# Each dynamic module defines ngx_modules as the binary does, which is no
# violation.  What LeakSanitizer is told to pass is in the file it reads.
sub sanitizer_env {
    my ($leaks) = @_;

    my $supp = "$top/t/suppressions";

    return (
        ASAN_OPTIONS  => "detect_odr_violation=0:detect_leaks=$leaks"
                         . ":intercept_tls_get_addr=0",
        LSAN_OPTIONS  => "suppressions=$supp/lsan.supp:print_suppressions=0",
        UBSAN_OPTIONS => 'print_stacktrace=1',
    );
}


sub binary { $ENV{TEST_NGINX_BINARY} || 'nginx' }

sub modules_dir {
    return $ENV{TEST_NGINX_MODULES}
           || ($ENV{BUILD} || "$top/build") . '/modules';
}


# The configuration's load_module lines: core first, for the others use its
# symbols; a list of short names ("core", "api") picks.
sub load_modules {
    my ($names) = @_;

    my $dir = modules_dir();
    my @files = $names
        ? map({ glob "$dir/ngx_app_${_}{,_module}.so" } @$names)
        : sort({ ($b =~ /_core_module/) <=> ($a =~ /_core_module/)
                 || $a cmp $b } glob "$dir/*.so");

    croak "no modules in $dir, run make" if !@files && !$names;

    return join '', map { "load_module $_;\n" } grep { -f } @files;
}


# new(NAME => VALUE…), all optional:
#
#   http, server, main, events   text for these levels; without "server"
#                                there is no default server
#   conf       a whole nginx.conf instead of those
#   mysql, redis                 1, or a hash of options
#   sql        statements for the database, run before nginx starts
#   files      { NAME => TEXT } written into %%DIR%% before the start
#   workers    1
#   single     1: no master process, nginx itself serves
#   modules    [ 'core', … ]: all by default, [] for none
#   log_level  info
#   env        { NAME => VALUE } for nginx
#   start      0 leaves the start to the test
sub new {
    my ($class, %o) = @_;

    my $self = bless {
        o     => \%o,
        dir   => File::Temp::tempdir('app-XXXXXX', TMPDIR => 1),
        ports => [],
        allow => [],
        pid   => 0,
    }, $class;

    chmod 0755, $self->{dir};
    push @apps, $self;

    mkdir "$self->{dir}/$_" for qw(body proxy fastcgi uwsgi scgi html);

    for my $kind ('mysql', 'redis') {
        next if !$o{$kind};
        $self->{$kind} = "Test::App::\u$kind"->get(
            dir => $self->{dir}, ref $o{$kind} ? %{ $o{$kind} } : ());
    }

    if ($self->{mysql}) {
        $self->{mysql}{password_file}
            = spew("$self->{dir}/password", "secret\n", 0600);
        $self->{mysql}->sql($o{sql}) if $o{sql};
    }

    for my $name (sort keys %{ $o{files} || {} }) {
        spew("$self->{dir}/$name", $self->expand($o{files}{$name}));
    }

    $self->write_conf;
    $self->start unless exists $o{start} && !$o{start};

    return $self;
}


sub dir   { $_[0]{dir} }

sub mysql { $_[0]{mysql} }

sub redis { $_[0]{redis} }

sub pid   { $_[0]{pid} }

sub port {
    my ($self, $n) = @_;

    return $self->{ports}[ $n || 0 ] ||= Test::App::Server::claim_port();
}


# Replaces the %%…%% words of a text; an unknown one is the test's mistake.
sub expand {
    my ($self, $text) = @_;

    my ($my, $redis) = @$self{qw(mysql redis)};

    my %word = (
        DIR => $self->{dir},
        $my ? (
            MYSQL               => $my->arguments,
            MYSQL_SOCKET        => $my->{socket},
            MYSQL_PORT          => $my->{port},
            MYSQL_USER          => $my->{user},
            MYSQL_DATABASE      => $my->{database},
            MYSQL_PASSWORD_FILE => $my->{password_file},
            MYSQL_CA            => $my->{ca},
        ) : (),
        $redis ? (REDIS_SOCKET => $redis->{socket},
                  REDIS_PORT   => $redis->{port}) : (),
    );

    $text =~ s{%%(PORT(\d?)|\w+)%%}{
        my $value = defined $2 ? $self->port($2) : $word{$1};
        croak "no %%$1%% here" unless defined $value;
        $value
    }ge;

    return $text;
}


# Writes nginx.conf, from new()'s options and those given now.  "http" and
# "server" become files of their own, so that the lines nginx names in a
# message are those of the test's text.
sub write_conf {
    my ($self, %o) = @_;

    %o = (%{ $self->{o} }, %o);
    $self->{o} = \%o;

    my $dir = $self->{dir};

    return spew("$dir/nginx.conf", $self->expand($o{conf}))
        if defined $o{conf};

    for my $level ('main', 'http', 'server') {
        spew("$dir/$level.conf",
             $self->expand(defined $o{$level} ? $o{$level} : ''));
    }

    # root, for a test's files are readable to their owner only
    my $user = $> == 0 ? 'user root;' : '';
    my $modules = load_modules($o{modules});
    my $workers = $o{workers} || 1;
    my $events = $o{events} || '';
    my $level = $o{log_level} || 'info';
    my $master = $o{single} ? 'off' : 'on';

    my $server = !defined $o{server} ? '' : $self->expand(<<'EOF');
    server {
        listen       127.0.0.1:%%PORT%%;
        server_name  localhost;
        root         %%DIR%%/html;
        include      %%DIR%%/server.conf;
    }
EOF

    return spew("$dir/nginx.conf", <<EOF);
daemon off;
$user
worker_processes $workers;
master_process $master;
error_log $dir/error.log $level;
pid $dir/nginx.pid;
$modules
include $dir/main.conf;
events {
    worker_connections 512;
    $events
}
http {
    access_log off;
    client_body_temp_path $dir/body;
    proxy_temp_path $dir/proxy;
    fastcgi_temp_path $dir/fastcgi;
    uwsgi_temp_path $dir/uwsgi;
    scgi_temp_path $dir/scgi;
    include $dir/http.conf;
$server}
EOF
}


sub _command {
    my ($self, @args) = @_;

    return [ binary(), '-p', "$self->{dir}/", '-e', "$self->{dir}/error.log",
             '-c', "$self->{dir}/nginx.conf", @args ];
}


# Starts nginx and waits until its ports answer and its workers run.
sub start {
    my ($self) = @_;

    my $dir = $self->{dir};

    $self->{pid} = Test::App::Server::spawn("$dir/stderr.log",
        $self->_command,
        env => { sanitizer_env(1), %{ $self->{o}{env} || {} } });

    my @ports = (slurp("$dir/nginx.conf") . slurp("$dir/http.conf"))
                =~ /listen\s+127\.0\.0\.1:(\d+)/g;

    my $up = wait_until(sub {
        Test::App::Server::alive($self->{pid}) or return -1;
        for my $port (@ports) {
            IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") or return;
        }
        $self->{o}{single} || scalar $self->workers;
    }, 30);

    if (!$up || $up < 0) {
        Test::App::Server::end_process($self->{pid});
        $self->{pid} = 0;
        croak 'nginx does not start: ' . slurp("$dir/stderr.log")
              . slurp("$dir/error.log");
    }

    return;
}


# The pids of the workers, those that are shutting down left out.
sub workers {
    my ($self) = @_;

    my @pids;

    for my $stat (glob '/proc/[0-9]*/stat') {
        my ($pid, $parent) = slurp($stat) =~ /\A(\d+) \(.*\) \S (\d+)/s
            or next;
        next if $parent != $self->{pid};
        push @pids, $pid
            if slurp("/proc/$pid/cmdline") =~ /worker process[\0\s]*\z/;
    }

    @pids = sort { $a <=> $b } @pids;
    return @pids;
}


# Rereads the configuration (write_conf() may have changed it), and waits
# for new workers; gone => 1 waits for the end of the old ones, too.
sub reload {
    my ($self, %o) = @_;

    my %old = map { $_ => 1 } $self->workers;
    my $want = $self->{o}{workers} || 1;

    kill 'HUP', $self->{pid};

    wait_until(sub { $want <= grep { !$old{$_} } $self->workers }, 20)
        or croak 'no new workers after a reload: '
                 . slurp("$self->{dir}/error.log");

    return if !$o{gone};

    wait_until(sub { !grep { kill 0, $_ } keys %old }, $o{seconds} || 20)
        or croak 'old workers stay after a reload';

    return;
}


# Kills one worker and waits for its successor.  SIGKILL is an alert in the
# log; this one is allowed.
sub kill_worker {
    my ($self, $pid, $signal) = @_;

    $self->allow(qr/worker process $pid exited on signal/);

    my $want = $self->workers;
    kill $signal || 'KILL', $pid;

    wait_until(sub {
        my @now = $self->workers;
        @now >= $want && !grep { $_ == $pid } @now;
    }, 10) or croak 'no new worker after a kill';

    return;
}


# Resident memory of a process in KiB: the first worker's by default.
sub rss {
    my ($self, $pid) = @_;

    ($pid) = $self->workers if !$pid;
    my ($kib) = slurp("/proc/$pid/status") =~ /^VmRSS:\s+(\d+)/m;
    return $kib;
}


# CPU time of a process in seconds, user and system together.
sub cpu {
    my ($self, $pid) = @_;

    ($pid) = $self->workers if !$pid;
    my @f = split ' ', (slurp("/proc/$pid/stat") =~ /.*\) (.*)/s)[0];
    return ($f[11] + $f[12]) / POSIX::sysconf(POSIX::_SC_CLK_TCK());
}


# True in a run under sanitizers, where times and memory say nothing.
sub sanitized { $ENV{TEST_APP_SANITIZED} ? 1 : 0 }


# Lines of the log that match are no fault of this test.
sub allow {
    my ($self, @patterns) = @_;

    push @{ $self->{allow} }, @patterns;
    return;
}


sub log { slurp("$_[0]{dir}/error.log") }


# A request on a connection of its own; see Test::App::HTTP::request for the
# options, port => N picks another server.
sub http {
    my ($self, $method, $path, %o) = @_;

    my $conn = $self->connect(%o);
    $conn->send(Test::App::HTTP->request($method, $path, close => 1, %o));
    my $res = $conn->response(head => $method eq 'HEAD');
    $conn->close;

    return $res;
}


sub get {
    my ($self, $path, %o) = @_;

    return $self->http('GET', $path, %o);
}


# A connection that a test drives itself: send(), response(), read_all().
sub connect {
    my ($self, %o) = @_;

    return Test::App::HTTP->new(port => $o{port} || $self->port,
                                map { $_ => $o{$_} }
                                grep { defined $o{$_} }
                                qw(timeout rcvbuf));
}


# The lines of a log that nobody writes to at the moment: nginx writes one when
# the answer has been sent.
sub settled_lines {
    my ($file) = @_;

    my $n = -1;
    wait_until(sub {
        my $before = $n;
        $n = () = slurp($file) =~ /\n/g;
        select undef, undef, undef, 0.1 if $n != $before;
        return $n == $before;
    });

    return $n;
}


# Asks "nginx -t" about a configuration; options as for new().  Returns a
# hash: code, output (all of it, without the directory), error (the text of
# the first [emerg], as "invalid number of … in http.conf:3").
sub nginx_t {
    my (%o) = @_;

    my $self = __PACKAGE__->new(server => '', %o, start => 0);
    my $dir = $self->{dir};

    my $pid = Test::App::Server::spawn("$dir/t.log",
        $self->_command('-t'),
        env => { sanitizer_env(0), %{ $o{env} || {} } });
    waitpid $pid, 0;
    my $status = $?;

    my $output = slurp("$dir/t.log");
    my @faults = grep { !/\[(?:emerg|alert|crit)\]/ } faults($output);

    $output =~ s{\Q$dir\E/}{}g;
    my ($error) = $output =~ /^nginx: \[emerg\] (.*)$/m;

    $self->{pid} = 0;
    unlink "$dir/error.log";
    $self->finish;

    fail("nginx -t: $faults[0]") if @faults;

    return { code => $status & 127 ? "signal $status" : $status >> 8,
             output => $output, error => $error };
}


# The lines of a log that no test may leave behind.
sub faults {
    my ($text) = @_;

    return grep {
        / \[(?:alert|crit|emerg)\]
        | exited\ on\ signal
        | exited\ with\ (?:fatal\ )?code\ [1-9]
        | Sanitizer
        | runtime\ error:
        /x
    } split /\n/, $text;
}


sub log_faults {
    my ($self) = @_;

    my @lines = map { faults(slurp("$self->{dir}/$_")) }
                'error.log', 'stderr.log';

    for my $pattern (@{ $self->{allow} }) {
        @lines = grep { $_ !~ $pattern } @lines;
    }

    return @lines;
}


# Stops nginx; returns the signal that it took: "QUIT" unless it hung.
sub stop {
    my ($self) = @_;

    return 'QUIT' if !$self->{pid};

    my $took = Test::App::Server::end_process($self->{pid},
                                              QUIT => 10, TERM => 5);
    $self->{pid} = 0;
    return $took;
}


# Stops everything and returns what was wrong, a list of texts.
sub finish {
    my ($self) = @_;

    return if $self->{finished}++;

    my $took = $self->stop;
    my @wrong = $self->log_faults;

    unshift @wrong, "nginx had to be stopped by SIG$took" if $took ne 'QUIT';

    $self->{$_} && $self->{$_}->end for 'mysql', 'redis';

    if (@wrong) {
        my $text = slurp("$self->{dir}/error.log")
                   . slurp("$self->{dir}/stderr.log");
        diag(substr $1, 0, 6000)
            while $text =~ /^(==\d+==ERROR.*?)(?:^SUMMARY|\z)/msg;
        diag("kept: $self->{dir}") if $ENV{TEST_APP_KEEP};
    }

    remove_tree($self->{dir}) unless $ENV{TEST_APP_KEEP};
    @apps = grep { $_ != $self } @apps;

    return @wrong;
}


# Test::More's, after the check of all that ran, which is a test of each
# file.
sub done_testing {
    if (my @all = @apps) {
        my @wrong = map { $_->finish } @all;
        ok(!@wrong, 'nothing alarming in the logs');
        diag("  $_") for @wrong;
    }

    return Test::More->builder->done_testing(@_);
}


# For a file that died half-way: no process and no directory is left.
END {
    if ($$ == $owner) {
        my $status = $?;
        my @wrong = map { $_->finish } my @all = @apps;
        diag("  $_") for @wrong;
        kill 'KILL', grep { Test::App::Server::alive($_) }
             @Test::App::Server::children;
        $? = $status || (@wrong ? 1 : 0);
    }
}


1;
