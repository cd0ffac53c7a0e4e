# Copyright (C) the project authors
#
# Lines of the log about a subrequest name it, whatever others have begun
# meanwhile.

use Test::App;

my $app = Test::App->new(
    mysql  => 1,
    http   => 'app_mysql main %%MYSQL%% pool=2;'
              . ' app_password_hash bcrypt cost=4;',
    server => <<'EOT',
location = /page { ssi on; ssi_types *; alias %%DIR%%/html/page; }
location /       { app_api; }

app_route GET /first {
    one     x "SELECT SLEEP(0.1) AS n";
    exec    "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'first'";
    respond '{}';
}

app_route GET /second {
    one     x "SELECT SLEEP(0.1) AS n";
    one     y "SELECT CONCAT('sec', 'ond') + '' AS n FROM nowhere";
    respond '{}';
}

app_route GET /third {
    query   p string;
    let     h = "concat('$argon2id$v=19$m=8,t=4294967295,p=1$YWJjZGVmZ2g$',
                        'YWJjZGVmZ2hpamtsbW5vcA')";
    password verify good plain="'x'" hash=h;
    respond '{}';
}

app_route GET /last { respond '{}'; }
EOT
);

spew($app->dir . '/html/page',
     join "\n", map { qq(<!--#include virtual="/$_" -->) }
                qw(first second third last));

is($app->get('/page')->status, 200, 'a page of four subrequests');

my $log = $app->log;

like($log, qr/refused "exec" .*, subrequest: "\/first"/,
     'a refused statement of the first');
like($log, qr/nowhere.*, subrequest: "\/second"/, 'one of the second');
like($log, qr/asks for too much .*, subrequest: "\/third"/,
     'a password of the third');

done_testing;
