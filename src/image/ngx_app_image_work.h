
/*
 * Copyright (C) the project authors
 */

/*
 * One piece of work for a thread: the bytes of an image and what is to become
 * of them.  All that is in it is its own or constant while the worker lives;
 * the thread reads and writes nothing else.  Only the files that include
 * libvips and the queue look into it.
 */


#ifndef _NGX_APP_IMAGE_WORK_H_INCLUDED_
#define _NGX_APP_IMAGE_WORK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_hash.h>
#include <image/ngx_app_image_ops.h>
#include <image/ngx_app_image_plan.h>
#include <image/ngx_app_image_probe.h>


typedef enum {
    NGX_APP_IMAGE_METADATA_NONE = 0,
    NGX_APP_IMAGE_METADATA_COPYRIGHT,  /* artist and copyright of EXIF */
    NGX_APP_IMAGE_METADATA_KEEP
} ngx_app_image_metadata_e;


/* a picture that is laid over others; constant */
typedef struct {
    ngx_str_t                 name;
    ngx_str_t                 image;       /* the file */
    ngx_app_image_gravity_e   gravity;
    ngx_uint_t                opacity;     /* of 100 */
    ngx_uint_t                size;        /* its width, % of the picture's */
    ngx_uint_t                margin;      /* pixels */
    uint64_t                  hash;        /* of all this but the name */
} ngx_app_image_watermark_t;


/* what an image may be; constant */
typedef struct {
    ngx_uint_t                max_pixels;  /* of all its frames */
    ngx_uint_t                max_frames;
    ngx_uint_t                max_side;    /* of the answer */
    ngx_uint_t                max_output;  /* pixels of all its frames */
} ngx_app_image_limits_t;


typedef enum {
    NGX_APP_IMAGE_DONE = 0,
    NGX_APP_IMAGE_BROKEN,              /* it cannot be decoded */
    NGX_APP_IMAGE_TOO_LARGE,           /* past a limit, or not as it claimed */
    NGX_APP_IMAGE_WRONG,               /* what is asked does not fit it */
    NGX_APP_IMAGE_LATE,                /* past its deadline */
    NGX_APP_IMAGE_LEFT,                /* nobody wants it any more */
    NGX_APP_IMAGE_FAILED               /* ours */
} ngx_app_image_result_e;


typedef struct {
    /* in */
    u_char                     *data;
    size_t                      len;
    ngx_app_image_info_t        info;
    ngx_app_image_ops_t         ops;
    ngx_app_image_format_e      format;    /* decided */
    ngx_uint_t                  quality;
    ngx_uint_t                  effort;
    ngx_app_image_metadata_e    metadata;
    ngx_uint_t                  keep_icc;  /* no conversion to sRGB */
    ngx_app_image_limits_t      limits;
    ngx_app_image_watermark_t  *watermark;
    ngx_uint_t                  verbatim;  /* the source is the answer */

    /* set by the loop at any time */
    ngx_atomic_t                left;
    ngx_atomic_t                deadline;  /* of ngx_app_image_clock() */

    /* out */
    ngx_app_image_result_e      result;
    u_char                      text[160]; /* the reason, zero-terminated */
    u_char                     *out;       /* ngx_app_image_work_free() */
    size_t                      out_len;
    uint32_t                    width;
    uint32_t                    height;
    uint32_t                    frames;
    uint32_t                    source_width;  /* upright */
    uint32_t                    source_height;
    u_char                      hash[NGX_APP_IMAGE_BLURHASH_LEN];
    size_t                      hash_len;  /* of a BlurHash or ThumbHash */
    ngx_msec_t                  took;      /* in the thread */
} ngx_app_image_work_t;


/*
 * Of a worker, before anything else is called: starts libvips and lets it
 * read the types of the mask (1 << ngx_app_image_type_e) only.
 *
 *   threads   that will work at a time
 *
 * NGX_OK or NGX_ERROR, logged.
 */
ngx_int_t ngx_app_image_vips_init(ngx_uint_t loaders, ngx_uint_t threads,
    ngx_log_t *log);
void ngx_app_image_vips_exit(void);

/* gives free memory back to the system, which takes a while; in a thread */
void ngx_app_image_vips_trim(void);

/* that of libvips: another one makes other bytes */
ngx_uint_t ngx_app_image_vips_version(void);

/* whether images of this format can be made; of a worker */
ngx_uint_t ngx_app_image_vips_saves(ngx_app_image_format_e format);

/* milliseconds; unlike nginx's own of any thread, and of this moment */
ngx_atomic_uint_t ngx_app_image_clock(void);

/* whether the deadline has passed */
ngx_uint_t ngx_app_image_late(ngx_app_image_work_t *w);

/* does the work; in a thread */
void ngx_app_image_work(ngx_app_image_work_t *w);

/* of the answer's bytes */
void ngx_app_image_work_free(void *out);


#endif /* _NGX_APP_IMAGE_WORK_H_INCLUDED_ */
