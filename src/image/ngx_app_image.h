
/*
 * Copyright (C) the project authors
 */

/*
 * The image filter: its configuration and what it keeps of a request.
 *
 * A request goes through request (what is asked, in a phase before the
 * content), source (what is served), the queue, and response, unless nothing
 * is asked or what is served is no image.
 */


#ifndef _NGX_APP_IMAGE_H_INCLUDED_
#define _NGX_APP_IMAGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <image/ngx_app_image_queue.h>


/* RFC 9110, section 15.5.21; nginx has no name for it */
#define NGX_APP_IMAGE_UNPROCESSABLE  422


/* types that are read unless app_image_loaders says otherwise */
#define NGX_APP_IMAGE_LOADERS                                                 \
    ((1 << NGX_APP_IMAGE_JPEG) | (1 << NGX_APP_IMAGE_PNG)                     \
     | (1 << NGX_APP_IMAGE_WEBP) | (1 << NGX_APP_IMAGE_GIF)                   \
     | (1 << NGX_APP_IMAGE_AVIF) | (1 << NGX_APP_IMAGE_HEIC)                  \
     | (1 << NGX_APP_IMAGE_TIFF))


/* what an encoder can be told: effort at least and at most, and usually */
typedef struct {
    ngx_app_image_effort_t       range;
    ngx_app_image_effort_t       usual;
    ngx_uint_t                   quality;     /* 0: it has none */
} ngx_app_image_encoder_t;


extern ngx_app_image_encoder_t
    ngx_app_image_encoders[NGX_APP_IMAGE_NFORMATS];


typedef enum {
    NGX_APP_IMAGE_OFF = 0,
    NGX_APP_IMAGE_ON,
    NGX_APP_IMAGE_CHECK                /* what is asked, not what is served */
} ngx_app_image_mode_e;


typedef struct {
    ngx_str_t                    name;
    ngx_str_t                    ops;
} ngx_app_image_preset_t;


/* a watermark that a directive names, which may come before it */
typedef struct {
    ngx_app_image_name_t         name;
    const char                  *where;
    u_char                      *file;
    ngx_uint_t                   line;
} ngx_app_image_marked_t;


typedef struct {
    ngx_array_t                  presets;     /* ngx_app_image_preset_t */
    ngx_array_t                  marked;      /* ngx_app_image_marked_t */
    ngx_array_t                  watermarks;  /* ngx_app_image_watermark_t */
    ngx_app_image_queue_conf_t   queue;
    ngx_uint_t                   loaders;     /* 1 << ngx_app_image_type_e */
    ngx_int_t                    threads;
    ngx_int_t                    limit;
    off_t                        budget;
    ngx_str_t                    purges;      /* path of the journal */
    ngx_thread_pool_t           *files;       /* where that is written */
    ngx_uint_t                   savers;      /* 1 << format, of a worker */
    unsigned                     used:1;
    unsigned                     purged:1;    /* app_image_purge is there */
} ngx_app_image_main_conf_t;


/* numbers that may be asked for; an empty list is any */
typedef struct {
    ngx_array_t                  w;           /* int32_t, ascending */
    ngx_array_t                  h;
    ngx_array_t                  q;
    ngx_array_t                  dpr;         /* of 100 */
    ngx_array_t                  formats;     /* ngx_app_image_format_e */
    ngx_uint_t                   snap;        /* the next larger w and h */
} ngx_app_image_allow_t;


typedef struct {
    ngx_uint_t                   mode;
    ngx_uint_t                   dialect;
    ngx_http_complex_value_t    *args;        /* NULL: $args */
    ngx_http_complex_value_t    *source;      /* NULL: $uri */
    ngx_http_complex_value_t    *purge;
    ngx_str_t                    defaults;
    ngx_flag_t                   presets_only;
    ngx_app_image_allow_t       *allow;       /* NULL: anything */
    ngx_uint_t                   unknown;     /* reject */
    ngx_app_image_choice_t       formats;     /* by Accept, in this order */
    ngx_uint_t                   quality[NGX_APP_IMAGE_NFORMATS];
    ngx_app_image_effort_t       effort[NGX_APP_IMAGE_NFORMATS];
    ngx_uint_t                   metadata;
    ngx_uint_t                   keep_icc;
    size_t                       buffer;
    off_t                        max_pixels;
    ngx_int_t                    max_frames;
    ngx_int_t                    max_side;
    off_t                        max_output;
    ngx_msec_t                   timeout;
    ngx_array_t                 *keys;        /* ngx_str_t, of signatures */
    ngx_flag_t                   placeholder;
    ngx_flag_t                   etag;
} ngx_app_image_loc_conf_t;


typedef enum {
    NGX_APP_IMAGE_ASKED = 0,           /* nothing has been served yet */
    NGX_APP_IMAGE_READ,                /* the source is read */
    NGX_APP_IMAGE_WORKS,               /* something will wake it up */
    NGX_APP_IMAGE_SEND,
    NGX_APP_IMAGE_PASS                 /* not ours, or all is sent */
} ngx_app_image_state_e;


/* what became of a request: $app_image_status */
typedef enum {
    NGX_APP_IMAGE_NOTHING = 0,
    NGX_APP_IMAGE_OK,
    NGX_APP_IMAGE_PASSED,
    NGX_APP_IMAGE_NOT_MODIFIED,
    NGX_APP_IMAGE_REFUSED,
    NGX_APP_IMAGE_FORBIDDEN,
    NGX_APP_IMAGE_TOO_BIG,
    NGX_APP_IMAGE_UNREADABLE,
    NGX_APP_IMAGE_OVERLOADED,
    NGX_APP_IMAGE_TIMED_OUT,
    NGX_APP_IMAGE_ERROR
} ngx_app_image_status_e;


typedef struct ngx_app_image_file_s  ngx_app_image_file_t;


typedef struct {
    ngx_http_request_t          *request;
    ngx_app_image_loc_conf_t    *conf;        /* whose rules have been read */
    ngx_app_image_state_e        state;
    ngx_app_image_status_e       status;

    /* asked for */
    ngx_app_image_ops_t          ops;
    ngx_app_image_watermark_t   *watermark;
    ngx_str_t                    args;        /* canonical */
    ngx_str_t                    if_none_match;
    ngx_str_t                    if_modified_since;

    /* a refusal */
    ngx_uint_t                   code;
    ngx_str_t                    message;
    ngx_uint_t                   retry;       /* Retry-After, seconds */

    /* the source, in a heap block */
    u_char                      *data;
    size_t                       len;
    size_t                       size;
    ngx_app_image_file_t        *file;        /* a thread fills data */
    ngx_app_image_info_t         info;
    ngx_str_t                    validator;

    /* the answer */
    ngx_app_image_format_e       format;
    ngx_str_t                    etag;
    ngx_app_image_wait_t         wait;
    ngx_app_image_answer_t      *answer;
    ngx_buf_t                   *problem;
    ngx_event_t                  event;
    ngx_http_event_handler_pt    writer;      /* of the request, meanwhile */

    unsigned                     none:1;      /* nothing is asked */
    unsigned                     vary:1;
    unsigned                     failed:1;    /* code is being answered */
    unsigned                     sent:1;      /* the body of that */
    unsigned                     verbatim:1;  /* only a hash is asked for */
    unsigned                     declined:1;  /* what was read is no image */
    unsigned                     last_buf:1;  /* of the source */
    unsigned                     last_in_chain:1;
} ngx_app_image_ctx_t;


extern ngx_module_t  ngx_app_image_filter_module;
extern ngx_module_t  ngx_app_image_headers_filter_module;


/* request: */

/*
 * Reads what is asked for, once for each location.  With a refusal ctx->code
 * is its status.  NULL: no memory.
 */
ngx_app_image_ctx_t *ngx_app_image_prepare(ngx_http_request_t *r);

/* of a phase before the content: refuses, or takes conditions off */
ngx_int_t ngx_app_image_preaccess(ngx_http_request_t *r);

/* sets a refusal; returns its status */
ngx_int_t ngx_app_image_fail(ngx_app_image_ctx_t *ctx, ngx_uint_t code,
    ngx_app_image_status_e status, const char *fmt, ...);

/* the handler of a location that purges */
ngx_int_t ngx_app_image_purge_handler(ngx_http_request_t *r);

/* source: */

/*
 * Looks at the header of what is served.  NGX_OK: its body is to be read;
 * NGX_DECLINED: it goes as it is; else the status of a refusal.
 */
ngx_int_t ngx_app_image_source(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);

/*
 * Takes bytes over.  NGX_AGAIN: there is more to come; NGX_OK: that was all;
 * NGX_DECLINED: it is no image, and goes as it is; NGX_ABORT: a refusal has
 * been set; NGX_ERROR.
 */
ngx_int_t ngx_app_image_source_read(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx, ngx_chain_t *in);

/* what kind of image it is, by the first bytes; as above, without NGX_AGAIN */
ngx_int_t ngx_app_image_source_known(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);

/*
 * All has been read.  NGX_AGAIN: ctx->wait.done() follows; NGX_OK: the answer
 * can be made at once; NGX_ABORT: a refusal has been set; NGX_ERROR.
 */
ngx_int_t ngx_app_image_source_end(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);

/* file: */

/*
 * Reads all of the source, which is in a file.  NGX_AGAIN:
 * ngx_app_image_loaded() follows; NGX_ERROR.
 */
ngx_int_t ngx_app_image_file_read(ngx_app_image_ctx_t *ctx,
    ngx_thread_pool_t *pool, ngx_buf_t *b);

/* the request ends; at any time */
void ngx_app_image_file_leave(ngx_app_image_ctx_t *ctx);

/* what a thread has left: sets ctx->status, or a refusal */
void ngx_app_image_result(ngx_app_image_ctx_t *ctx, ngx_app_image_work_t *w);

/* variant: */

/*
 * The format of the answer, once the source is known.
 *
 *   savers  1 << format, of those that can be made
 */
ngx_app_image_format_e ngx_app_image_choose(ngx_app_image_ops_t *ops,
    ngx_app_image_info_t *info, ngx_uint_t savers);

/*
 * Sets ctx->etag from the validator of the source; it stays empty without
 * one.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_image_etag(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx);

/* what tells one piece of work from all others */
void ngx_app_image_work_key(ngx_http_request_t *r, ngx_app_image_ctx_t *ctx,
    u_char *key);

/* response: */

/* the header of the answer, in the place of the source's; NGX_OK, NGX_ERROR */
ngx_int_t ngx_app_image_response(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);

/* the answer depends on Accept; NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_image_add_vary(ngx_http_request_t *r);

/* its body */
ngx_buf_t *ngx_app_image_response_body(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);

/* whether the client has the answer; if so the header says 304 */
ngx_uint_t ngx_app_image_not_modified(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);

/* sets ctx->problem to the body of a refusal, and the header of it */
ngx_int_t ngx_app_image_problem(ngx_http_request_t *r,
    ngx_app_image_ctx_t *ctx);

/* headers: */

ngx_int_t ngx_app_image_headers_init(ngx_conf_t *cf);

/* one more header, with a key that lives on; NGX_OK, or no memory */
ngx_int_t ngx_app_image_add_header(ngx_http_request_t *r, const char *key,
    ngx_str_t *value);

/* no header of that name is sent */
void ngx_app_image_drop_header(ngx_http_request_t *r, const char *name);

/* body: */

ngx_int_t ngx_app_image_filter_init(ngx_conf_t *cf);

/* the source has been read, or could not be; the request may be gone then */
void ngx_app_image_loaded(ngx_app_image_ctx_t *ctx, ngx_uint_t ok);

/*
 * Goes on with the answer or the refusal, once there is one.  Only from the
 * event loop: the request may be gone when it returns.
 */
void ngx_app_image_resume(ngx_app_image_ctx_t *ctx);

/* variables: */

ngx_int_t ngx_app_image_add_variables(ngx_conf_t *cf);

/* conf: directives that are more than a slot */

char *ngx_app_image_conf_mode(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_app_image_conf_preset(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_image_conf_defaults(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_image_conf_watermark(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_image_conf_allow(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_image_conf_formats(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_image_conf_quality(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_image_conf_effort(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_image_conf_loaders(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_image_conf_signature(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_app_image_conf_purge(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* whether all watermarks that presets and defaults name are there */
ngx_int_t ngx_app_image_conf_marked(ngx_conf_t *cf,
    ngx_app_image_main_conf_t *imcf);

/* of its name, or NULL */
ngx_app_image_watermark_t *ngx_app_image_find_mark(
    ngx_app_image_main_conf_t *imcf, ngx_app_image_name_t *name);

void *ngx_app_image_create_main_conf(ngx_conf_t *cf);
void *ngx_app_image_create_loc_conf(ngx_conf_t *cf);
char *ngx_app_image_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child);

/*
 * A number behind the first "prefix" bytes of a word.  NGX_OK; NGX_DECLINED:
 * it is none, or out of bounds.
 */
ngx_int_t ngx_app_image_conf_number(ngx_str_t *value, size_t prefix,
    ngx_int_t min, ngx_int_t max, ngx_uint_t *n);

/* after all has been read: threads, zone, metrics */
ngx_int_t ngx_app_image_conf_complete(ngx_conf_t *cf);


#endif /* _NGX_APP_IMAGE_H_INCLUDED_ */
