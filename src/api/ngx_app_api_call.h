
/*
 * Copyright (C) the project authors
 */

/*
 * An HTTP call through a location of a server of ours, which does what
 * proxy_pass and its kin can do: a subrequest whose answer is for us.  It is a
 * background one: nginx does not hold the answer of the main request back for
 * it, so that one can go on when the deadline has passed, whatever the location
 * is still doing.
 */


#ifndef _NGX_APP_API_CALL_H_INCLUDED_
#define _NGX_APP_API_CALL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <core/ngx_app_buf.h>


typedef struct ngx_app_api_call_s  ngx_app_api_call_t;

typedef void (*ngx_app_api_call_pt)(ngx_app_api_call_t *call);


typedef struct {
    ngx_str_t               key;
    ngx_str_t               lowcase;
    ngx_str_t               value;
} ngx_app_api_call_header_t;


struct ngx_app_api_call_s {
    ngx_http_request_t     *request;     /* in whose server and memory */
    ngx_uint_t              method;
    ngx_str_t               method_name;
    ngx_str_t               uri;         /* encoded, with its arguments */
    ngx_str_t               location;    /* "@name"; empty: that of the URI */
    ngx_array_t             headers;     /* ngx_app_api_call_header_t */
    ngx_str_t               type;        /* of the body */
    ngx_str_t               body;
    ngx_msec_t              timeout;
    size_t                  max_size;    /* of the answer's body */
    ngx_app_api_call_pt     done;        /* once, from the event loop */
    void                   *data;        /* the caller's */

    /* the answer */
    ngx_uint_t              status;
    const char             *failure;     /* NULL, or why there is none */
    ngx_app_buf_t           out;         /* its body */

    ngx_http_request_t     *sub;
    ngx_event_t             timer;
    ngx_event_t             event;       /* posted: runs sub, or ends all */
    unsigned                last:1;      /* the body has come to its end */
    unsigned                ended:1;     /* what still comes is dropped */
};


/*
 * Starts a call; what is above "the answer" has been set, the rest is zero.
 * Of the request nothing goes out but what is set here, and an "Accept:
 * application/json" if there is none.
 *
 * NGX_AGAIN: done() will be called; NGX_DECLINED: there is no answer, status
 * and failure are set; NGX_ERROR.
 */
ngx_int_t ngx_app_api_call_start(ngx_app_api_call_t *call);

/* nobody waits any more: done() is not called; also after it, or before */
void ngx_app_api_call_abort(ngx_app_api_call_t *call);


#endif /* _NGX_APP_API_CALL_H_INCLUDED_ */
