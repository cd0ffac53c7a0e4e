# Copyright (C) the project authors
#
# Private servers of the measurements, for the scripts of bench/ to source.
# All are on loopback and stopped by their process numbers at the end, whatever
# the end is.
#
#   BENCH_PORT   first of four ports, 28080 by default
#   BENCH_SCALE  share of the sample data, 1 by default (20,000 offers)
#   BENCH_NICE   nice value of nginx's workers and of what they are compared
#                with; -5 by default for root, else 0
#
# The database stays in build/bench/ and is filled on the first run only;
# nginx's configuration is made in a temporary folder.

build=${BUILD:-$top/build}
site=$top/examples/marketplace
port=${BENCH_PORT:-28080}
scale=${BENCH_SCALE:-1}
[ "$(id -u)" -eq 0 ] && nice=${BENCH_NICE:--5} || nice=${BENCH_NICE:-0}
keep=$build/bench
me=$(id -un)
database=market
url=http://127.0.0.1:$port
pids=

PATH=$PATH:/usr/sbin:/sbin


say()  { printf '%s\n' "$*"; }
die()  { printf 'bench: %s\n' "$*" >&2; exit 1; }


need() {
    command -v "$1" > /dev/null || die "no $1: apt-get install $2"
}


# wait_for SECONDS COMMAND...: tries until it works
wait_for() {
    until=$(($(date +%s) + $1))
    shift

    until "$@" > /dev/null 2>&1; do
        [ "$(date +%s)" -le $until ] || return 1
        sleep 0.05
    done
}


# gone PID: no such process, or one that only waits to be fetched
gone() {
    ! grep -q '^State:[[:space:]]*[^Z]' "/proc/$1/status" 2> /dev/null
}


# stop PID...: QUIT for nginx, TERM for the rest, KILL after a while
stop() {
    for p in "$@"; do
        kill -CONT "$p" 2> /dev/null || continue
        kill "-${signal:-TERM}" "$p" 2> /dev/null || continue
        wait_for 20 gone "$p" || kill -KILL "$p" 2> /dev/null || :
    done
}


finish() {
    trap - EXIT INT TERM HUP
    set +e

    # newest first: what asks before what answers
    for pid in $pids; do
        stop "$pid"
    done

    [ -z "${work:-}" ] || rm -rf "$work"
}


started() {
    pids="$1 $pids"
}


# begin [COMMAND]: the command starts MariaDB in place of mariadb_start
begin() {
    need nginx nginx
    need mariadbd mariadb-server
    need wrk wrk
    need curl curl

    [ -f "$build/modules/ngx_app_api_module.so" ] || die "no modules: make"

    trap finish EXIT
    trap 'exit 1' INT TERM HUP

    work=$(mktemp -d)
    chmod 755 "$work"

    mkdir -p "$keep"
    compile
    "${1:-mariadb_start}"
}


compile() {
    "${CC:-cc}" -std=gnu11 -O2 -g -W -Wall -Wshadow -Wmissing-prototypes \
        -I/usr/include/mariadb -o "$keep/blocking" \
        "$top/bench/blocking.c" "$top/bench/rows.c" -lmariadb -lm -lpthread

    "${CC:-cc}" -std=gnu11 -O2 -g -W -Wall -Wshadow -Wmissing-prototypes \
        -shared -fPIC -o "$keep/turns.so" "$top/bench/turns.c" -ldl
}


# ---- MariaDB -------------------------------------------------------------

sql() {
    mariadb --no-defaults -S "$work/mysql.sock" -u "$me" -N -B "$@"
}


mariadb_start() {
    data=$keep/data
    daemon=$me

    # the server refuses to run as root unless told to
    if [ "$(id -u)" -eq 0 ] && id mysql > /dev/null 2>&1 \
       && setpriv --reuid=mysql --clear-groups test -x "$keep"
    then
        daemon=mysql
    fi

    if [ ! -f "$keep/installed" ]; then
        rm -rf "$data"
        mkdir -p "$data"
        mariadb-install-db --no-defaults --datadir="$data" --tmpdir="$data" \
            --user="$daemon" \
            --skip-test-db --skip-name-resolve --force \
            --auth-root-authentication-method=socket \
            --auth-root-socket-user="$me" > "$work/install.log" 2>&1 \
            || { tail -n 20 "$work/install.log" >&2
                 die "mariadb-install-db failed"; }
        touch "$keep/installed"
    fi

    chown -R "$daemon" "$data"
    [ "$daemon" = "$me" ] || chmod 777 "$work"

    mariadbd --no-defaults --datadir="$data" --user="$daemon" \
        --socket="$work/mysql.sock" --pid-file="$work/mysql.pid" \
        --log-error="$work/mysql.log" --tmpdir="$data" --skip-networking \
        --skip-name-resolve --default-time-zone=+00:00 \
        --character-set-server=utf8mb4 \
        --collation-server=utf8mb4_unicode_ci \
        --max-connections=400 --innodb-buffer-pool-size=256M \
        --innodb-flush-log-at-trx-commit=1 < /dev/null > /dev/null 2>&1 &
    mariadb=$!
    started $mariadb

    wait_for 60 sql -e 'SELECT 1' \
        || { tail -n 20 "$work/mysql.log" >&2; die "MariaDB did not start"; }
    chmod 755 "$work"

    "$site/sql/load" "$work/mysql.sock" "$me" "$database" "$scale"

    offers=$(sql -e 'SELECT MAX(id) FROM Offer' "$database")

    ( umask 077
      od -An -v -tx1 -N16 /dev/urandom | tr -d ' \n' > "$work/password"
      od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n' > "$work/jwt.key" )

    # by standard input: arguments can be read by others
    sql <<SQL
CREATE USER IF NOT EXISTS bench@localhost;
ALTER USER bench@localhost IDENTIFIED BY '$(cat "$work/password")';
GRANT SELECT ON \`$database\`.* TO bench@localhost;
SQL
}


# ---- nginx ---------------------------------------------------------------

# filler BYTES: a body of that size, as pieces that nginx's reader takes
filler() {
    n=$1
    while [ "$n" -gt 0 ]; do
        k=$((n > 1000 ? 1000 : n))
        printf '${fill_%d}' $k
        n=$((n - k))
    done
}


fill_map() {
    printf '    map $host $fill_%d { default "%s"; }\n' "$1" \
        "$(printf "%$1s" '' | tr ' ' x)"
}


# sizes of the bodies that "return 200" answers: none on the first start
detail_size=1
list_size=1
page_size=1
extra_http=
extra_server=

nginx_config() {
    echo "load_module $build/modules/ngx_app_core_module.so;"
    echo "load_module $build/modules/ngx_app_api_module.so;"
    echo "load_module $build/modules/ngx_app_image_filter_module.so;"

    [ "$(id -u)" -ne 0 ] || echo "user $nginx_user $(id -gn "$nginx_user");"

    cat <<CONF
worker_processes 1;
worker_priority $nice;
pid $work/nginx.pid;
error_log $work/error.log notice;
${extra_main:-}

events {
    worker_connections 4096;
}

http {
    include /etc/nginx/mime.types;
    access_log off;

    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;

    app_mysql main socket=$work/mysql.sock user=bench
              password_file=$work/password database=$database;
    app_mysql health socket=$work/mysql.sock user=bench
              password_file=$work/password database=$database
              pool=1 wait=1s connect_timeout=1s query_timeout=1s;

    app_jwt access alg=HS256 key_file=$work/jwt.key;
    app_secret code file=$work/jwt.key;

    proxy_cache_path $work/images keys_zone=images:1m;

    upstream images {
        server unix:$work/images.sock;
    }

    server {
        listen unix:$work/images.sock;
        set \$store_dir $work/store;
        include images.conf;
    }

    include http.conf;
$extra_http
CONF

    for n in 1000 $((detail_size % 1000)) $((list_size % 1000)) \
             $((page_size % 1000))
    do
        [ "$n" -eq 0 ] || fill_map "$n"
    done | sort -u

    cat <<CONF

    server {
        listen 127.0.0.1:$port;
        keepalive_requests 1000000000;
        set \$store_dir $work/store;

        include server.conf;
        include bench.conf;
$extra_server
        location = /static/detail {
            default_type application/json;
            return 200 "$(filler "$detail_size")";
        }

        location = /static/list {
            default_type application/json;
            return 200 "$(filler "$list_size")";
        }

        location = /static/page {
            default_type application/json;
            return 200 "$(filler "$page_size")";
        }
    }
}
CONF
}


nginx_start() {
    nginx_user=$(sed -n 's/^user \([a-z-]*\);.*/\1/p' /etc/nginx/nginx.conf)
    nginx_user=${nginx_user:-nobody}

    for file in "$site"/*.conf "$site"/routes "$site"/steps; do
        ln -sfn "$file" "$work/${file##*/}"
    done
    ln -sfn "$top/bench/routes.conf" "$work/bench.conf"
    mkdir -p "$work/store"

    nginx_config > "$work/nginx.conf"

    # no function, which would give the number of a shell
    ${preload:+env LD_PRELOAD="$preload" TURNS_FILE="$work/turns/t"} \
        nginx -p "$work/" -c "$work/nginx.conf" -e "$work/error.log" \
        -g 'daemon off;' < /dev/null > "$work/nginx.err" 2>&1 &
    nginx=$!
    started $nginx

    if ! wait_for 10 curl -sf -o "$work/answer" "$url/offers/1"; then
        cat "$work/nginx.err" "$work/error.log" "$work/answer" >&2 2>&- || :
        die "nginx does not answer"
    fi

    worker=$(worker_of $nginx)
}


# worker_of MASTER: beside it there may be those who look after a cache
worker_of() {
    for child in $(cat "/proc/$1/task/$1/children"); do
        if grep -q 'worker process' "/proc/$child/cmdline"; then
            echo "$child"
            return 0
        fi
    done

    die "nginx has no worker"
}


nginx_stop() {
    signal=QUIT stop "$nginx"
}


# The run is worth nothing when the log has something to say.
nginx_log() {
    if grep -E '\[(error|crit|alert|emerg)\]' "$work/error.log"; then
        return 1
    fi
}


# cpu PID: user and system time in ticks, with that of its threads
cpu() {
    sed 's/.*) //' "/proc/$1/stat" | { read -r line
        set -- $line
        echo $((${12} + ${13})); }
}


rss() {
    sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$1/status"
}


# median NUMBER...
median() {
    printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}


machine() {
    say "machine   $(nproc) cores," \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
        "$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) kB"
    say "kernel    $(uname -sr)"
    say "versions  $(nginx -v 2>&1 | sed 's/.*: //')," \
        "MariaDB $(sql -e 'SELECT VERSION()')," \
        "$(wrk -v 2>&1 | sed -n 's/ \[.*//p' | head -n 1)"
    commit=$(git -C "$top" log -1 --format=%h 2> /dev/null || echo unknown)
    if [ -n "$(git -C "$top" status --porcelain -- src 'ngx_app_*.c' config \
               2> /dev/null)" ]
    then
        commit="$commit with changes"
    fi
    say "commit    $commit"
    say "data      $offers offers; load $(cut -d' ' -f1-3 /proc/loadavg)"
}
