
/*
 * Copyright (C) the project authors
 */

/*
 * The library asks the socket for a reply as soon as it has sent a request,
 * when there is none yet: a system call in vain for each statement.  nginx
 * knows from its events whether there is something to read, so it is asked
 * first.  TLS has a way of its own to the socket, and is left alone; so is a
 * library that is not the one whose headers this was compiled with, for the
 * methods are in a struct that any release may change, as 3.4.10 did.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <mysql/ngx_app_mysql_conn.h>

#include <ma_pvio.h>


struct ngx_app_mysql_io_s {
    PVIO_METHODS       methods;    /* the library's, but for async_read() */
    ngx_connection_t  *connection;
};


#if (NGX_APP_HAVE_ASYNC_READ)
static ssize_t ngx_app_mysql_io_read(MARIADB_PVIO *pvio, uchar *buffer,
    size_t length);
#endif


ngx_app_mysql_io_t *
ngx_app_mysql_io_create(MYSQL *mysql, ngx_connection_t *c)
{
    ngx_app_mysql_io_t  *io;

    io = ngx_alloc(sizeof(ngx_app_mysql_io_t), c->log);
    if (io == NULL) {
        return NULL;
    }

#if (NGX_APP_HAVE_ASYNC_READ)

    if (mysql_get_client_version() == MARIADB_PACKAGE_VERSION_ID) {
        io->methods = *mysql->net.pvio->methods;
        io->methods.async_read = ngx_app_mysql_io_read;
        io->connection = c;

        mysql->net.pvio->methods = &io->methods;
    }

#endif

    return io;
}


#if (NGX_APP_HAVE_ASYNC_READ)

static ssize_t
ngx_app_mysql_io_read(MARIADB_PVIO *pvio, uchar *buffer, size_t length)
{
    ssize_t              n;
    ngx_event_t         *rev;
    ngx_app_mysql_io_t  *io;

    io = (ngx_app_mysql_io_t *) pvio->methods;
    rev = io->connection->read;

    if (!rev->ready) {
        ngx_set_socket_errno(NGX_EAGAIN);
        return -1;
    }

    n = recv(io->connection->fd, buffer, length, MSG_DONTWAIT);

    /*
     * Less than was asked for is all there is; what comes later is an event
     * again, and so is the end, where the kernel tells of it by one.
     */

    if (n == -1) {
        if (ngx_socket_errno == NGX_EAGAIN) {
            rev->ready = 0;
        }

    } else if (n > 0 && (size_t) n < length && !rev->pending_eof
               && (!(ngx_event_flags & NGX_USE_GREEDY_EVENT)
                   || ngx_use_epoll_rdhup))
    {
        rev->ready = 0;
    }

    return n;
}

#endif
