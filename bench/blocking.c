
/*
 * Copyright (C) the project authors
 */

/*
 * The limit that the modules are measured against: prepared statements of
 * libmariadb with plain blocking calls, one thread for each connection, the
 * rows written as the JSON that the routes answer.
 *
 *   blocking --socket=S --user=U --database=D [--password-file=F]
 *            [--threads=8] --statement=detail|list [--seconds=3]
 *
 * runs a statement as fast as it can and prints, as name=value, how often and
 * at how much CPU of its own;
 *
 *   blocking --socket=S --user=U --database=D … --listen=PORT
 *
 * answers GET /offers/ID and GET /bench/list over HTTP/1.1, a thread for each
 * connection, until SIGTERM.
 */


#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "rows.h"


#define REQUEST       4096
#define MAX_THREADS   512


typedef struct {
    pthread_t       thread;
    MYSQL          *mysql;
    query_t         detail;
    query_t         list;
    text_t          body;
    unsigned int    seed;
    uint64_t        done;
} worker_t;


typedef struct {
    const char     *socket;
    const char     *user;
    const char     *database;
    const char     *statement;
    char            password[256];
    int             threads;
    int             seconds;
    int             port;
} settings_t;


static const char  sql_detail[] =
    "SELECT id, ownerId, title, description, price, originalPrice,"
    " expirationDate, pickupStartTime, pickupEndTime, mapsLink,"
    " latitude, longitude, images, quantity, foodType, taste,"
    " createdAt, updatedAt, `owner?.id`, `owner.username`,"
    " `owner.location`, `owner.phoneNumber`, `owner.mapsLink`,"
    " `owner.profileImage`, pickupLocation"
    " FROM OfferView WHERE id = ?";

static const char  sql_list[] =
    "SELECT id, ownerId, title, description, price, originalPrice,"
    " expirationDate, pickupStartTime, pickupEndTime, mapsLink,"
    " latitude, longitude, quantity, foodType, taste, createdAt, updatedAt"
    " FROM Offer ORDER BY createdAt DESC, id DESC LIMIT 20";


static settings_t    settings = { .threads = 8, .seconds = 3 };
static int64_t      *ids;
static size_t        nids;
static volatile int  stop;
static int           listener;


static void
open_database(worker_t *w)
{
    w->mysql = mysql_init(NULL);

    mysql_options(w->mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");

    if (mysql_real_connect(w->mysql, NULL, settings.user, settings.password,
                           settings.database, 0, settings.socket, 0)
        == NULL)
    {
        die("%s", mysql_error(w->mysql));
    }

    prepare(w->mysql, &w->detail, sql_detail, 1);
    prepare(w->mysql, &w->list, sql_list, 0);
}


static void
read_ids(worker_t *w)
{
    MYSQL_RES  *res;
    MYSQL_ROW   row;

    if (mysql_query(w->mysql, "SELECT id FROM Offer")) {
        die("%s", mysql_error(w->mysql));
    }

    res = mysql_store_result(w->mysql);
    ids = calloc(mysql_num_rows(res) + 1, sizeof(int64_t));

    while ((row = mysql_fetch_row(res)) != NULL) {
        ids[nids++] = atoll(row[0]);
    }

    mysql_free_result(res);

    if (nids == 0) {
        die("no offers");
    }
}


static void *
work(void *data)
{
    worker_t  *w = data;
    int        detail, rows;

    detail = strcmp(settings.statement, "detail") == 0;

    while (!stop) {
        if (detail) {
            w->detail.id = ids[rand_r(&w->seed) % nids];
            rows = run(&w->detail, &w->body);

        } else {
            rows = run(&w->list, &w->body);
        }

        if (rows == 0) {
            die("no row");
        }

        w->done++;
    }

    return NULL;
}


static int
write_all(int fd, struct iovec *iov, int n)
{
    ssize_t  sent;

    while (n) {
        sent = writev(fd, iov, n);

        if (sent <= 0) {
            if (sent < 0 && errno == EINTR) {
                continue;
            }

            return -1;
        }

        while (n && (size_t) sent >= iov->iov_len) {
            sent -= iov->iov_len;
            iov++;
            n--;
        }

        if (n) {
            iov->iov_base = (char *) iov->iov_base + sent;
            iov->iov_len -= sent;
        }
    }

    return 0;
}


static int
answer(worker_t *w, int fd, const char *request)
{
    int           status;
    char          head[256];
    char         *end;
    struct iovec  iov[2];

    status = 404;
    w->body.len = 0;

    if (strncmp(request, "GET /bench/list ", 16) == 0) {
        (void) run(&w->list, &w->body);
        status = 200;

    } else if (strncmp(request, "GET /offers/", 12) == 0) {
        w->detail.id = strtoll(request + 12, &end, 10);

        if (*end == ' ' && run(&w->detail, &w->body)) {
            status = 200;
        }
    }

    iov[0].iov_base = head;
    iov[0].iov_len = snprintf(head, sizeof(head),
                              "HTTP/1.1 %s\r\n"
                              "Server: blocking\r\n"
                              "Content-Type: application/json\r\n"
                              "Content-Length: %zu\r\n"
                              "Connection: keep-alive\r\n\r\n",
                              status == 200 ? "200 OK" : "404 Not Found",
                              w->body.len);
    iov[1].iov_base = w->body.data;
    iov[1].iov_len = w->body.len;

    return write_all(fd, iov, 2);
}


static void
serve_connection(worker_t *w, int fd)
{
    char     request[REQUEST + 1], *end;
    size_t   len, used;
    ssize_t  n;

    len = 0;

    for ( ;; ) {
        n = read(fd, request + len, REQUEST - len);

        if (n <= 0) {
            return;
        }

        len += n;
        request[len] = '\0';

        while ((end = strstr(request, "\r\n\r\n")) != NULL) {
            if (answer(w, fd, request)) {
                return;
            }

            used = end + 4 - request;
            len -= used;
            memmove(request, request + used, len + 1);
        }

        if (len == REQUEST) {
            return;
        }
    }
}


/* each thread accepts for itself and has its own connection to the database */

static void *
serve(void *data)
{
    int        fd, yes;
    worker_t  *w = data;

    yes = 1;

    for ( ;; ) {
        fd = accept(listener, NULL, NULL);

        if (fd < 0) {
            continue;
        }

        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
        serve_connection(w, fd);
        close(fd);
    }

    return NULL;
}


static void
listen_on(int port)
{
    int                 yes;
    struct sockaddr_in  sin;

    yes = 1;
    memset(&sin, 0, sizeof(sin));
    sin.sin_family = AF_INET;
    sin.sin_port = htons(port);
    sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));

    if (bind(listener, (struct sockaddr *) &sin, sizeof(sin))
        || listen(listener, 511))
    {
        die("port %d: %s", port, strerror(errno));
    }
}


static double
seconds(struct timeval *t)
{
    return t->tv_sec + t->tv_usec / 1e6;
}


static double
cpu(void)
{
    struct rusage  u;

    getrusage(RUSAGE_SELF, &u);

    return seconds(&u.ru_utime) + seconds(&u.ru_stime);
}


static double
now(void)
{
    struct timespec  t;

    clock_gettime(CLOCK_MONOTONIC, &t);

    return t.tv_sec + t.tv_nsec / 1e9;
}


static void
start(worker_t *workers, void *(*main)(void *))
{
    int  i;

    for (i = 0; i < settings.threads; i++) {
        if (pthread_create(&workers[i].thread, NULL, main, &workers[i])) {
            die("no thread");
        }
    }
}


static void
measure(worker_t *workers)
{
    int        i;
    double     t, used;
    uint64_t   done;

    t = now();
    used = cpu();

    start(workers, work);
    sleep(settings.seconds);

    stop = 1;
    done = 0;

    for (i = 0; i < settings.threads; i++) {
        pthread_join(workers[i].thread, NULL);
        done += workers[i].done;
    }

    t = now() - t;
    used = cpu() - used;

    printf("requests=%llu rate=%.0f cpu_us=%.1f bytes=%zu\n",
           (unsigned long long) done, done / t, used / done * 1e6,
           workers[0].body.len);
}


static void
read_password(const char *path)
{
    FILE  *file;

    file = fopen(path, "r");

    if (file == NULL
        || fgets(settings.password, sizeof(settings.password), file) == NULL)
    {
        die("%s: cannot be read", path);
    }

    settings.password[strcspn(settings.password, "\n")] = '\0';
    fclose(file);
}


static void
read_settings(int argc, char **argv)
{
    int                         c;
    static const struct option  options[] = {
        { "socket", required_argument, NULL, 's' },
        { "user", required_argument, NULL, 'u' },
        { "database", required_argument, NULL, 'd' },
        { "password-file", required_argument, NULL, 'p' },
        { "threads", required_argument, NULL, 't' },
        { "seconds", required_argument, NULL, 'n' },
        { "statement", required_argument, NULL, 'q' },
        { "listen", required_argument, NULL, 'l' },
        { NULL, 0, NULL, 0 }
    };

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {

        case 's':
            settings.socket = optarg;
            break;

        case 'u':
            settings.user = optarg;
            break;

        case 'd':
            settings.database = optarg;
            break;

        case 'p':
            read_password(optarg);
            break;

        case 't':
            settings.threads = atoi(optarg);
            break;

        case 'n':
            settings.seconds = atoi(optarg);
            break;

        case 'q':
            settings.statement = optarg;
            break;

        case 'l':
            settings.port = atoi(optarg);
            break;

        default:
            exit(2);
        }
    }

    if (settings.socket == NULL || settings.user == NULL
        || settings.database == NULL
        || (settings.statement == NULL) == (settings.port == 0)
        || settings.threads < 1 || settings.threads > MAX_THREADS
        || (settings.statement && strcmp(settings.statement, "detail")
            && strcmp(settings.statement, "list")))
    {
        die("see the head of bench/blocking.c for its arguments");
    }
}


int
main(int argc, char **argv)
{
    int        i;
    worker_t  *workers;

    read_settings(argc, argv);
    signal(SIGPIPE, SIG_IGN);

    if (mysql_library_init(0, NULL, NULL)) {
        die("libmariadb does not start");
    }

    workers = calloc(settings.threads, sizeof(worker_t));
    if (workers == NULL) {
        die("out of memory");
    }

    for (i = 0; i < settings.threads; i++) {
        workers[i].seed = i + 1;
        open_database(&workers[i]);
    }

    read_ids(&workers[0]);

    if (settings.port == 0) {
        measure(workers);
        return 0;
    }

    listen_on(settings.port);
    start(workers, serve);

    for ( ;; ) {
        pause();
    }
}
