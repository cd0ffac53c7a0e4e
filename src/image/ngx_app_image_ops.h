
/*
 * Copyright (C) the project authors
 */

/*
 * What is asked of an image: the operations of a query, a part of a path or
 * a preset, as numbers.  Fractions are whole numbers of a fixed scale, so
 * that equal operations have one text, which is the key of a cache.  Pure.
 */


#ifndef _NGX_APP_IMAGE_OPS_H_INCLUDED_
#define _NGX_APP_IMAGE_OPS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_APP_IMAGE_INSIDE = 0,          /* within the box, ratio kept */
    NGX_APP_IMAGE_COVER,               /* fills the box, the rest is cut */
    NGX_APP_IMAGE_CONTAIN,             /* inside, and padded to the box */
    NGX_APP_IMAGE_OUTSIDE,             /* covers the box, nothing is cut */
    NGX_APP_IMAGE_STRETCH
} ngx_app_image_fit_e;


typedef enum {
    NGX_APP_IMAGE_CENTRE = 0,
    NGX_APP_IMAGE_N,
    NGX_APP_IMAGE_NE,
    NGX_APP_IMAGE_E,
    NGX_APP_IMAGE_SE,
    NGX_APP_IMAGE_S,
    NGX_APP_IMAGE_SW,
    NGX_APP_IMAGE_W,
    NGX_APP_IMAGE_NW,
    NGX_APP_IMAGE_ATTENTION,           /* libvips looks for what matters */
    NGX_APP_IMAGE_ENTROPY,
    NGX_APP_IMAGE_FOCAL                /* around fpx, fpy */
} ngx_app_image_gravity_e;


/* of an answer; the order is that of ngx_app_image_formats[] */
typedef enum {
    NGX_APP_IMAGE_AS_SOURCE = 0,
    NGX_APP_IMAGE_TO_JPEG,
    NGX_APP_IMAGE_TO_PNG,
    NGX_APP_IMAGE_TO_WEBP,
    NGX_APP_IMAGE_TO_AVIF,
    NGX_APP_IMAGE_TO_GIF,
    NGX_APP_IMAGE_TO_JXL,
    NGX_APP_IMAGE_TO_JSON,             /* what the image is */
    NGX_APP_IMAGE_TO_BLURHASH,
    NGX_APP_IMAGE_TO_THUMBHASH,
    NGX_APP_IMAGE_NFORMATS
} ngx_app_image_format_e;


typedef enum {
    NGX_APP_IMAGE_NATIVE = 0,
    NGX_APP_IMAGE_IMGIX,
    NGX_APP_IMAGE_WESERV,
    NGX_APP_IMAGE_NEXT
} ngx_app_image_dialect_e;


#define NGX_APP_IMAGE_FM        4      /* formats to choose from */
#define NGX_APP_IMAGE_SIDE      65535  /* largest w and h that can be asked */
#define NGX_APP_IMAGE_ALL       -1     /* frames */
#define NGX_APP_IMAGE_NAME      32     /* bytes of a name */

#define NGX_APP_IMAGE_FLIP_H    1
#define NGX_APP_IMAGE_FLIP_V    2


typedef struct {
    u_char       r, g, b, a;
    u_char       set;
} ngx_app_image_color_t;


/* the first that suits the source */
typedef struct {
    u_char       n;
    u_char       format[NGX_APP_IMAGE_FM];
} ngx_app_image_choice_t;


typedef struct {
    u_char       len;
    u_char       data[NGX_APP_IMAGE_NAME];
} ngx_app_image_name_t;


typedef struct {
    int32_t      w, h;                 /* 0: not asked */
    int32_t      dpr;                  /* of 100 */
    int32_t      fit;
    int32_t      gravity;
    int32_t      fpx, fpy;             /* of 1000 */
    int32_t      crop[4];              /* x, y, width, height; before all */
    int32_t      pad[4];               /* top, right, bottom, left */
    int32_t      rot;                  /* 0, 90, 180, 270 */
    int32_t      flip;
    int32_t      trim;                 /* threshold, 0: none */
    int32_t      blur, sharp;          /* sigma, of 100; 0: none */
    int32_t      bri, con, sat;        /* factors, of 100 */
    int32_t      q;                    /* 0: as configured */
    int32_t      effort;               /* 0: as configured */
    int32_t      n;                    /* frames, or NGX_APP_IMAGE_ALL */
    int32_t      page;                 /* the first frame, from 0 */
    int32_t      bh[2];                /* components of a BlurHash header */

    int32_t      enlarge;
    int32_t      progressive;          /* -1: as is usual for the format */
    int32_t      lossless;
    int32_t      strip;                /* all metadata */
    int32_t      negotiate;            /* by Accept; never in the key */

    ngx_app_image_color_t   bg;
    ngx_app_image_color_t   tint;
    ngx_app_image_choice_t  fm;
    ngx_app_image_name_t    wm;        /* a watermark */

    int64_t      exp;                  /* expiry, seconds of Unix time */
    uint32_t     has;                  /* NGX_APP_IMAGE_HAS_* */
} ngx_app_image_ops_t;


/* what else stood there, but changes no pixel */
#define NGX_APP_IMAGE_HAS_OPS      0x01    /* more than what follows */
#define NGX_APP_IMAGE_HAS_PRESET   0x02
#define NGX_APP_IMAGE_HAS_VERSION  0x04
#define NGX_APP_IMAGE_HAS_SIGN     0x08
#define NGX_APP_IMAGE_HAS_EXPIRY   0x10


/* one source of operations, as text */
typedef struct {
    ngx_app_image_dialect_e   dialect;
    unsigned                  reject:1;    /* unknown names */

    /* set on NGX_DECLINED */
    u_char                    err[160];
    size_t                    err_len;

    ngx_app_image_name_t      preset;      /* of "pr" */
} ngx_app_image_parse_t;


/* nothing is asked */
void ngx_app_image_ops_init(ngx_app_image_ops_t *ops);

/*
 * Reads "w=400&h=300;fm=webp" into ops, over what is there.  Values may be
 * percent-encoded.
 *
 * NGX_OK; NGX_DECLINED: pc->err names the parameter and what is wrong.
 */
ngx_int_t ngx_app_image_ops_parse(ngx_app_image_parse_t *pc, ngx_str_t *text,
    ngx_app_image_ops_t *ops);

/*
 * Writes the operations in the native dialect, in one order, those left out
 * that change nothing; returns the end.
 *
 *   p     room for NGX_APP_IMAGE_OPS_LEN bytes
 */
#define NGX_APP_IMAGE_OPS_LEN  512

u_char *ngx_app_image_ops_write(u_char *p, ngx_app_image_ops_t *ops);

/* whether only a BlurHash is asked for: the image stays as it is */
ngx_uint_t ngx_app_image_ops_only_hash(ngx_app_image_ops_t *ops);


/* "jpg" and the like, and the media type; by ngx_app_image_format_e */
typedef struct {
    ngx_str_t    name;
    ngx_str_t    type;
} ngx_app_image_format_t;


extern ngx_app_image_format_t  ngx_app_image_formats[NGX_APP_IMAGE_NFORMATS];

/* the format of that name; NGX_APP_IMAGE_AS_SOURCE: there is none */
ngx_app_image_format_e ngx_app_image_format(u_char *name, size_t len);

/*
 * Reads a colour: RGB, RRGGBB, RGBA or RRGGBBAA in hex, with "#" or not, or
 * a name of CSS level 1, or "transparent".  NGX_OK or NGX_DECLINED.
 */
ngx_int_t ngx_app_image_color(u_char *data, size_t len,
    ngx_app_image_color_t *color);

/* the same with alpha first: ARGB and AARRGGBB */
ngx_int_t ngx_app_image_color_argb(u_char *data, size_t len,
    ngx_app_image_color_t *color);

/* writes a whole number of a scale as the shortest decimal; returns the end */
u_char *ngx_app_image_decimal(u_char *p, int32_t n, int32_t scale);


#endif /* _NGX_APP_IMAGE_OPS_H_INCLUDED_ */
