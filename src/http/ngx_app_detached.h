
/*
 * Copyright (C) the project authors
 */

/*
 * A request of ours that no client has sent: the parent of subrequests that
 * nobody's leaving may end.  It has a connection without a socket; what it
 * would send goes nowhere, so only subrequests whose answer is taken by a
 * filter are of use.
 */


#ifndef _NGX_APP_DETACHED_H_INCLUDED_
#define _NGX_APP_DETACHED_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Makes a request in a server.
 *
 *   ctx  of the server, as in ngx_http_core_srv_conf_t
 *   who  for lines of the log, "the keys of \"google\""; it must live as long
 *
 * Returns NULL when there is no memory.
 */
ngx_http_request_t *ngx_app_detached_create(ngx_http_conf_ctx_t *ctx,
    ngx_str_t *who);

/* makes a subrequest of it the one that events of the connection are for */
void ngx_app_detached_activate(ngx_http_request_t *sr);

/*
 * Gives it back.  Its memory goes at once, or when the last subrequest that is
 * still at work has ended.  Not to be called by what runs in the request, but
 * from an event of its own.
 */
void ngx_app_detached_free(ngx_http_request_t *r);

/* not zero for a request of this kind, or a subrequest of one */
#define ngx_app_detached(r)  ((r)->connection->fd == (ngx_socket_t) -1)


#endif /* _NGX_APP_DETACHED_H_INCLUDED_ */
