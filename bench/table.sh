# Copyright (C) the project authors
#
# Cases of load, their medians and the table, for bench/run and bench/orders
# to source after lib.sh.  A case is run once a round; each run adds a line to
# $work/KEY.FIELD:
#
#   rate      requests per second
#   cpu       of the server's process for a request, in tenths of us
#   db        the same of MariaDB's
#   all       the sum of both
#   p50, p99  us until the answer is there

ticks=$(getconf CLK_TCK)


# wrk_run CONNS SECONDS URL [ARGUMENT of load.lua...]
wrk_run() {
    c=$1 s=$2 target=$3
    shift 3
    wrk -t1 -c"$c" -d"${s}s" --timeout 10 -s "$top/bench/load.lua" \
        "$target" -- "$@" | sed -n 's/^result //p'
}


# http_case KEY PROCESS CONNS URL [ARGUMENT of load.lua...]
http_case() {
    key=$1 process=$2 c=$3 target=$4
    shift 4

    before=$(cpu "$process") db_before=$(cpu "$mariadb")
    result=$(wrk_run "$c" "$seconds" "$target" "$@")
    after=$(cpu "$process") db_after=$(cpu "$mariadb")

    read -r n rate p50 p99 errors <<RESULT
$result
RESULT

    [ "${errors:-1}" -eq 0 ] || die "$target: $errors failed requests"

    own=$(((after - before) * (10000000 / ticks) / n))
    db=$(((db_after - db_before) * (10000000 / ticks) / n))

    echo "$rate" >> "$work/$key.rate"
    echo $own >> "$work/$key.cpu"
    echo $db >> "$work/$key.db"
    echo $((own + db)) >> "$work/$key.all"
    echo "$p50" >> "$work/$key.p50"
    echo "$p99" >> "$work/$key.p99"
}


# value KEY FIELD: the median
value() {
    median $(cat "$work/$1.$2")
}


tenths() {
    printf '%d.%d' $(($1 / 10)) $(($1 % 10))
}


row() {
    printf '| %-34s | %5s | %8s | %8s | %8s | %7s | %7s |\n' "$@"
}


head_row() {
    row what conns req/s "CPU us" "DB us" "p50 us" "p99 us"
    row --- --- --- --- --- --- ---
}


# print KEY NAME CONNS
print() {
    db=- p50=- p99=-
    if [ -f "$work/$1.p50" ]; then
        db=$(tenths "$(value "$1" db)")
        p50=$(value "$1" p50)
        p99=$(value "$1" p99)
    fi
    row "$2" "$3" "$(value "$1" rate)" "$(tenths "$(value "$1" cpu)")" \
        "$db" "$p50" "$p99"
}


# ratio FIELD KEY KEY: of two cases, round by round, for the machine's speed
# drifts: median, least and most
ratio() {
    set -- $(paste "$work/$2.$1" "$work/$3.$1" \
                 | awk '{ printf "%d\n", $1 * 100 / $2 }' | sort -n)
    least=$1
    middle=$(median "$@")
    shift $(($# - 1))
    for n in "$middle" "$least" "$1"; do
        printf '%d.%02d ' $((n / 100)) $((n % 100))
    done | sed 's/\(.*\) \(.*\) \(.*\) /\1 (\2 to \3)/'
}
