
/*
 * Copyright (C) the project authors
 */

/*
 * Keys of tokens that others publish.  Each worker has its own copy of a set,
 * fetches it through a location when a token needs it, and lets all that need
 * it wait for the same fetch.  No fetch is a client's: one that leaves ends
 * none.
 */


#ifndef _NGX_APP_API_JWKS_H_INCLUDED_
#define _NGX_APP_API_JWKS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_call.h>
#include <auth/ngx_app_jwt.h>


typedef struct ngx_app_api_jwks_wait_s  ngx_app_api_jwks_wait_t;

/* rc as of ngx_app_api_jwks_need(), but NGX_AGAIN */
typedef void (*ngx_app_api_jwks_pt)(ngx_app_api_jwks_wait_t *w, ngx_int_t rc);


typedef struct {
    ngx_app_jwt_t          *jwt;        /* its keys are the ones at hand */
    ngx_str_t               who;        /* keys of "NAME", for the log */
    ngx_str_t               location;   /* "@name", or a URI */

    ngx_msec_t              ttl;        /* age to fetch them again at */
    ngx_msec_t              stale;      /* how long they go on if that fails */
    ngx_msec_t              retry;      /* between two fetches */
    ngx_msec_t              timeout;    /* of a fetch, and of who waits */
    size_t                  max_size;   /* bytes of a set */
    ngx_uint_t              max_keys;
    ngx_uint_t              queue;      /* requests that may wait */

    /* of one worker */
    ngx_pool_t             *pool;       /* of the keys; NULL: there are none */
    ngx_msec_t              taken;      /* when they came */
    ngx_msec_t              asked;      /* when a fetch has begun last, */
    ngx_msec_t              forced;     /* and one that no cache may answer */
    ngx_app_api_call_t     *call;       /* the fetch that is at work */
    ngx_queue_t             waiters;
    ngx_uint_t              nwaiters;
    unsigned                was_asked:1;
    unsigned                was_forced:1;
    unsigned                failed:1;   /* the last fetch has */
} ngx_app_api_jwks_t;


struct ngx_app_api_jwks_wait_s {
    ngx_app_api_jwks_t     *jwks;
    ngx_http_request_t     *request;    /* in whose server the location is */
    ngx_str_t               kid;        /* of the token */
    ngx_app_api_jwks_pt     done;
    void                   *data;

    ngx_queue_t             queue;
    ngx_event_t             timer;
    unsigned                waits:1;
};


/*
 * Sees to the keys that a token needs; a key that is too old but at hand is
 * fetched again while the token is checked with it.
 *
 *   w  jwks, request, kid, done and data are set, the rest is zero; it lives
 *      until done() or ngx_app_api_jwks_leave()
 *
 * NGX_OK: the keys at hand are the ones to check with, whether they have the
 * token's or not; NGX_AGAIN: done() will be called; NGX_BUSY: they cannot be
 * had now, which has been logged.
 */
ngx_int_t ngx_app_api_jwks_need(ngx_app_api_jwks_wait_t *w);

/* waits no more; also after done() */
void ngx_app_api_jwks_leave(ngx_app_api_jwks_wait_t *w);

/* seconds after which it is worth while to ask again, 1 at least */
ngx_uint_t ngx_app_api_jwks_retry_after(ngx_app_api_jwks_t *jwks);


/* configuration */

/* returns one with nothing set; NULL: no memory */
ngx_app_api_jwks_t *ngx_app_api_jwks_create(ngx_conf_t *cf,
    ngx_app_jwt_t *jwt);

/* takes a word of app_jwt: NGX_OK, NGX_DECLINED: not one of these, NGX_ERROR */
ngx_int_t ngx_app_api_jwks_option(ngx_conf_t *cf, ngx_app_api_jwks_t *jwks,
    ngx_str_t *word);

/* after all words: NGX_OK; NGX_DECLINED: there is no "jwks="; NGX_ERROR */
ngx_int_t ngx_app_api_jwks_end(ngx_conf_t *cf, ngx_app_api_jwks_t *jwks);


#endif /* _NGX_APP_API_JWKS_H_INCLUDED_ */
