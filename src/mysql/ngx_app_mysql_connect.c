
/*
 * Copyright (C) the project authors
 */

/*
 * The library's connect looks names up, shakes hands and authenticates with
 * blocking calls, so it runs in a thread; so does KILL QUERY, which needs a
 * connection of its own.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_task.h>
#include <mysql/ngx_app_mysql_conn.h>

#include <errmsg.h>
#include <mysqld_error.h>
#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <fcntl.h>
#include <poll.h>


typedef struct {
    ngx_queue_t            queue;      /* in pool->connects */
    ngx_app_mysql_pool_t  *pool;       /* not for the thread */
    ngx_app_mysql_conf_t  *conf;       /* constant while the worker lives */
    MYSQL                 *mysql;
    unsigned long          kill;       /* server's thread id, or 0 */
    ngx_uint_t             serial;
    ngx_uint_t             probe;
    ngx_uint_t             error;
    struct timespec        deadline;   /* of all that is done in the thread */
    u_char                 text[256];
} ngx_app_mysql_connect_t;


/* the library counts whole seconds */
#define ngx_app_mysql_connect_seconds(msec)  (((msec) + 999) / 1000)


static void ngx_app_mysql_connect_work(void *data);
static void ngx_app_mysql_connect_leave(void);
static MYSQL *ngx_app_mysql_connect_open(ngx_app_mysql_connect_t *ctx);
static ngx_int_t ngx_app_mysql_connect_real(ngx_app_mysql_connect_t *ctx,
    MYSQL *mysql);
static ngx_int_t ngx_app_mysql_connect_query(ngx_app_mysql_connect_t *ctx,
    MYSQL *mysql, char *sql, size_t len);
static int ngx_app_mysql_connect_wait(ngx_app_mysql_connect_t *ctx,
    MYSQL *mysql, int waits);
static void ngx_app_mysql_connect_done(void *data);
static void ngx_app_mysql_kill_work(void *data);
static void ngx_app_mysql_kill_done(void *data);
static void ngx_app_mysql_connect_options(ngx_app_mysql_connect_t *ctx,
    MYSQL *mysql);
static void ngx_app_mysql_connect_trust(ngx_app_mysql_conf_t *conf,
    MYSQL *mysql);
static ngx_int_t ngx_app_mysql_connect_session(ngx_app_mysql_connect_t *ctx,
    MYSQL *mysql);
static void ngx_app_mysql_connect_failed(ngx_app_mysql_connect_t *ctx,
    MYSQL *mysql);


ngx_int_t
ngx_app_mysql_connect(ngx_app_mysql_pool_t *pool, ngx_uint_t probe)
{
    ngx_app_mysql_connect_t  *ctx;

    ctx = ngx_app_task_create(sizeof(ngx_app_mysql_connect_t),
                              ngx_app_mysql_connect_work,
                              ngx_app_mysql_connect_done, pool->log);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ctx->pool = pool;
    ctx->conf = pool->conf;
    ctx->probe = probe;

    if (ngx_app_task_post(pool->conf->thread_pool, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_queue_insert_tail(&pool->connects, &ctx->queue);

    if (probe) {
        pool->probing = 1;

    } else {
        pool->connecting++;
    }

    return NGX_OK;
}


static void
ngx_app_mysql_connect_work(void *data)
{
    ngx_app_mysql_connect_t *ctx = data;

    ctx->mysql = ngx_app_mysql_connect_open(ctx);

    ngx_app_mysql_connect_leave();
}


/*
 * The random numbers that OpenSSL keeps for each thread: a worker that quits
 * does not wait until its threads have ended, and so may be ahead of OpenSSL.
 */

static void
ngx_app_mysql_connect_leave(void)
{
    OPENSSL_thread_stop();
}


static MYSQL *
ngx_app_mysql_connect_open(ngx_app_mysql_connect_t *ctx)
{
    int    flags;
    MYSQL  *mysql;

    (void) clock_gettime(CLOCK_MONOTONIC, &ctx->deadline);
    ctx->deadline.tv_sec +=
                    ngx_app_mysql_connect_seconds(ctx->conf->connect_timeout);

    mysql = mysql_init(NULL);
    if (mysql == NULL) {
        ctx->error = CR_OUT_OF_MEMORY;
        return NULL;
    }

    ngx_app_mysql_connect_options(ctx, mysql);

    if (ngx_app_mysql_connect_real(ctx, mysql) != NGX_OK) {
        goto failed;
    }

    /* the library goes on in the clear when the server offers no TLS */

    if (ctx->conf->tls != NGX_APP_MYSQL_TLS_OFF
        && mysql_get_ssl_cipher(mysql) == NULL)
    {
        ctx->error = CR_SSL_CONNECTION_ERROR;
        (void) snprintf((char *) ctx->text, sizeof(ctx->text),
                        "TLS is required, but the server has none");
        mysql_close(mysql);
        return NULL;
    }

    /* from here on no call may block */

    flags = fcntl(mysql_get_socket(mysql), F_GETFL);

    if (flags == -1
        || fcntl(mysql_get_socket(mysql), F_SETFL, flags | O_NONBLOCK) == -1)
    {
        goto failed;
    }

    if (ngx_app_mysql_connect_session(ctx, mysql) != NGX_OK) {
        goto failed;
    }

    return mysql;

failed:

    ngx_app_mysql_connect_failed(ctx, mysql);

    return NULL;
}


/*
 * The library's own time limit is for each wait, and a peer that sends now and
 * then could keep the thread for ever.  With TLS its calls only look as if
 * they did not block, so there that limit has to do.
 */

static ngx_int_t
ngx_app_mysql_connect_real(ngx_app_mysql_connect_t *ctx, MYSQL *mysql)
{
    int                    waits;
    char                  *host, *database, *socket;
    MYSQL                 *ret;
    ngx_app_mysql_conf_t  *conf;

    conf = ctx->conf;

    host = conf->host.len ? (char *) conf->host.data : NULL;
    database = conf->database.len ? (char *) conf->database.data : NULL;
    socket = conf->socket.len ? (char *) conf->socket.data : NULL;

    if (conf->tls != NGX_APP_MYSQL_TLS_OFF) {
        ret = mysql_real_connect(mysql, host, (char *) conf->user.data,
                                 (char *) conf->password.data, database,
                                 conf->port, socket, CLIENT_FOUND_ROWS);

        return ret ? NGX_OK : NGX_ERROR;
    }

    waits = mysql_real_connect_start(&ret, mysql, host,
                                     (char *) conf->user.data,
                                     (char *) conf->password.data, database,
                                     conf->port, socket, CLIENT_FOUND_ROWS);

    while (waits) {
        waits = ngx_app_mysql_connect_wait(ctx, mysql, waits);
        waits = mysql_real_connect_cont(&ret, mysql, waits);
    }

    return ret ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_app_mysql_connect_query(ngx_app_mysql_connect_t *ctx, MYSQL *mysql,
    char *sql, size_t len)
{
    int  ret, waits;

    waits = mysql_real_query_start(&ret, mysql, sql, len);

    while (waits) {
        waits = ngx_app_mysql_connect_wait(ctx, mysql, waits);
        waits = mysql_real_query_cont(&ret, mysql, waits);
    }

    return ret ? NGX_ERROR : NGX_OK;
}


/* the events that are there, or MYSQL_WAIT_TIMEOUT */

static int
ngx_app_mysql_connect_wait(ngx_app_mysql_connect_t *ctx, MYSQL *mysql,
    int waits)
{
    int              ready;
    long             left;
    struct pollfd    pfd;
    struct timespec  now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);

    left = (ctx->deadline.tv_sec - now.tv_sec) * 1000
           + (ctx->deadline.tv_nsec - now.tv_nsec) / 1000000;

    if (left <= 0) {
        return MYSQL_WAIT_TIMEOUT;
    }

    pfd.fd = mysql_get_socket(mysql);
    pfd.events = ((waits & MYSQL_WAIT_READ) ? POLLIN : 0)
                 | ((waits & MYSQL_WAIT_WRITE) ? POLLOUT : 0)
                 | ((waits & MYSQL_WAIT_EXCEPT) ? POLLPRI : 0);
    pfd.revents = 0;

    if (poll(&pfd, 1, left) <= 0) {
        return MYSQL_WAIT_TIMEOUT;
    }

    ready = ((pfd.revents & POLLIN) ? MYSQL_WAIT_READ : 0)
            | ((pfd.revents & POLLOUT) ? MYSQL_WAIT_WRITE : 0)
            | ((pfd.revents & POLLPRI) ? MYSQL_WAIT_EXCEPT : 0);

    /* what is wrong with the socket the call itself will find out */

    return ready ? ready
                 : (waits & (MYSQL_WAIT_READ|MYSQL_WAIT_WRITE
                             |MYSQL_WAIT_EXCEPT));
}


static void
ngx_app_mysql_connect_options(ngx_app_mysql_connect_t *ctx, MYSQL *mysql)
{
    my_bool                off, on;
    unsigned int           protocol, timeout, zero;
    ngx_app_mysql_conf_t  *conf;

    conf = ctx->conf;
    off = 0;
    on = 1;
    zero = 0;

    timeout = ngx_app_mysql_connect_seconds(conf->connect_timeout);

    (void) mysql_options(mysql, MYSQL_OPT_NONBLOCK, 0);
    (void) mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &timeout);
    (void) mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &timeout);
    (void) mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &timeout);
    (void) mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    (void) mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &zero);

    if (conf->host.len) {
        /* "localhost" would mean the library's own idea of a socket */
        protocol = MYSQL_PROTOCOL_TCP;
        (void) mysql_options(mysql, MYSQL_OPT_PROTOCOL, &protocol);
    }

    switch (conf->tls) {

    case NGX_APP_MYSQL_TLS_OFF:
        break;

    case NGX_APP_MYSQL_TLS_ON:
        (void) mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &on);
        (void) mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &off);
        break;

    case NGX_APP_MYSQL_TLS_VERIFY:
        (void) mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &on);
        (void) mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
        ngx_app_mysql_connect_trust(conf, mysql);
        break;
    }
}


/*
 * Names the authorities, also those of the system that the library takes by
 * itself: when none are named, libmariadb 3.4 lets an unknown one pass if the
 * server is on a loopback address or knows the hash of the password.
 */

static void
ngx_app_mysql_connect_trust(ngx_app_mysql_conf_t *conf, MYSQL *mysql)
{
    const char  *file, *dir;

    if (conf->tls_ca.len) {
        (void) mysql_options(mysql, MYSQL_OPT_SSL_CA, conf->tls_ca.data);
        return;
    }

    file = getenv(X509_get_default_cert_file_env());
    if (file == NULL) {
        file = X509_get_default_cert_file();
    }

    dir = getenv(X509_get_default_cert_dir_env());
    if (dir == NULL) {
        dir = X509_get_default_cert_dir();
    }

    /* a file that is not there would be an error, a directory is not */

    if (access(file, R_OK) == 0) {
        (void) mysql_options(mysql, MYSQL_OPT_SSL_CA, file);
    }

    (void) mysql_options(mysql, MYSQL_OPT_SSL_CAPATH, dir);
}


/*
 * One round trip sets up what every statement relies on: times in UTC, strict
 * mode, deadlines that the server keeps too, and that what is outside of a
 * transaction is kept at once, whatever is the server's default.
 */

static ngx_int_t
ngx_app_mysql_connect_session(ngx_app_mysql_connect_t *ctx, MYSQL *mysql)
{
    int                    n;
    char                   sql[256];
    unsigned long          lock_wait;
    ngx_app_mysql_conf_t  *conf;

    conf = ctx->conf;
    lock_wait = ngx_app_mysql_connect_seconds(conf->lock_wait);

    if (mariadb_connection(mysql)) {
        n = snprintf(sql, sizeof(sql), "SET SESSION autocommit = 1,"
                     " time_zone = '+00:00',"
                     " sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'),"
                     " innodb_lock_wait_timeout = %lu,"
                     " max_statement_time = %lu.%03lu", lock_wait,
                     (unsigned long) (conf->query_timeout / 1000),
                     (unsigned long) (conf->query_timeout % 1000));

    } else {
        n = snprintf(sql, sizeof(sql), "SET SESSION autocommit = 1,"
                     " time_zone = '+00:00',"
                     " sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'),"
                     " innodb_lock_wait_timeout = %lu,"
                     " max_execution_time = %lu", lock_wait,
                     (unsigned long) conf->query_timeout);
    }

    return ngx_app_mysql_connect_query(ctx, mysql, sql, n);
}


static void
ngx_app_mysql_connect_failed(ngx_app_mysql_connect_t *ctx, MYSQL *mysql)
{
    ctx->error = mysql_errno(mysql);

    if (ctx->error == 0) {
        ctx->error = CR_UNKNOWN_ERROR;
    }

    (void) snprintf((char *) ctx->text, sizeof(ctx->text), "%s",
                    mysql_error(mysql));

    mysql_close(mysql);
}


static void
ngx_app_mysql_connect_done(void *data)
{
    ngx_app_mysql_connect_t *ctx = data;

    ngx_app_mysql_pool_t  *pool;

    pool = ctx->pool;

    ngx_queue_remove(&ctx->queue);

    if (ctx->probe) {
        pool->probing = 0;

    } else {
        pool->connecting--;
    }

    if (ctx->mysql) {
        ngx_app_mysql_pool_connected(pool, ctx->mysql, ctx->probe);

    } else {
        ngx_app_mysql_pool_failed(pool, ctx->error, ctx->text, ctx->probe);
    }
}


void
ngx_app_mysql_connects_close(ngx_app_mysql_pool_t *pool)
{
    ngx_queue_t              *q;
    ngx_app_mysql_connect_t  *ctx;

    for (q = ngx_queue_head(&pool->connects);
         q != ngx_queue_sentinel(&pool->connects);
         q = ngx_queue_next(q))
    {
        ctx = ngx_queue_data(q, ngx_app_mysql_connect_t, queue);

        if (ctx->mysql) {
            mysql_close(ctx->mysql);
            ctx->mysql = NULL;
        }
    }
}


ngx_int_t
ngx_app_mysql_kill(ngx_app_mysql_conn_t *c)
{
    ngx_app_mysql_pool_t     *pool;
    ngx_app_mysql_connect_t  *ctx;

    pool = c->pool;

    ctx = ngx_app_task_create(sizeof(ngx_app_mysql_connect_t),
                              ngx_app_mysql_kill_work,
                              ngx_app_mysql_kill_done, pool->log);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ctx->pool = pool;
    ctx->conf = pool->conf;
    ctx->kill = c->thread_id;
    ctx->serial = c->serial;

    ngx_app_mysql_count(pool, KILLS, 1);

    if (ngx_app_task_post(pool->conf->thread_pool, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_app_mysql_kill_work(void *data)
{
    ngx_app_mysql_connect_t *ctx = data;

    int     n;
    char    sql[64];
    MYSQL  *mysql;

    mysql = ngx_app_mysql_connect_open(ctx);

    if (mysql) {
        n = snprintf(sql, sizeof(sql), "KILL QUERY %lu", ctx->kill);

        if (ngx_app_mysql_connect_query(ctx, mysql, sql, n) == NGX_OK) {
            mysql_close(mysql);

        } else {
            ngx_app_mysql_connect_failed(ctx, mysql);
        }
    }

    ngx_app_mysql_connect_leave();
}


static void
ngx_app_mysql_kill_done(void *data)
{
    ngx_app_mysql_connect_t *ctx = data;

    /* a statement that has ended meanwhile, with its connection, is fine */

    if (ctx->error && ctx->error != ER_NO_SUCH_THREAD) {
        ngx_log_error(NGX_LOG_WARN, ctx->pool->log, 0,
                      "app mysql: cannot cancel a statement of \"%V\": "
                      "(%ui) %s", &ctx->conf->name, ctx->error, ctx->text);
    }

    ngx_app_mysql_conn_killed(ctx->pool, ctx->serial);
}
