
/*
 * Copyright (C) the project authors
 */

/*
 * The parameters of each dialect as tables; only those files of src/image
 * that read and write operations include it.
 */


#ifndef _NGX_APP_IMAGE_PARAM_H_INCLUDED_
#define _NGX_APP_IMAGE_PARAM_H_INCLUDED_


#include <image/ngx_app_image_ops.h>


typedef struct {
    const char   *name;
    int32_t       value;
} ngx_app_image_word_t;


/* how a value is read */
typedef enum {
    NGX_APP_IMAGE_P_INT = 0,       /* min to max, times scale */
    NGX_APP_IMAGE_P_FIXED,         /* a decimal, times scale */
    NGX_APP_IMAGE_P_PERCENT,       /* -100 to 100, 0 changes nothing */
    NGX_APP_IMAGE_P_FRAMES,        /* 1 to max, or -1 */
    NGX_APP_IMAGE_P_FLAG,
    NGX_APP_IMAGE_P_NOT,           /* a flag that means the contrary */
    NGX_APP_IMAGE_P_BIT,           /* a flag that adds scale */
    NGX_APP_IMAGE_P_WORD,          /* one of words */
    NGX_APP_IMAGE_P_WORDS,         /* several, with commas; gravity */
    NGX_APP_IMAGE_P_LIST,          /* as many as scale says */
    NGX_APP_IMAGE_P_PAD,
    NGX_APP_IMAGE_P_TRIM,
    NGX_APP_IMAGE_P_COLOR,
    NGX_APP_IMAGE_P_ARGB,          /* alpha is the first of four */
    NGX_APP_IMAGE_P_FORMATS,
    NGX_APP_IMAGE_P_NAME,
    NGX_APP_IMAGE_P_AUTO,          /* from here on: no field of its own */
    NGX_APP_IMAGE_P_MOD,
    NGX_APP_IMAGE_P_PRESET,
    NGX_APP_IMAGE_P_VERSION,
    NGX_APP_IMAGE_P_EXPIRES,
    NGX_APP_IMAGE_P_SIGN,
    NGX_APP_IMAGE_P_IGNORE
} ngx_app_image_kind_e;


typedef struct {
    ngx_str_t               name;
    ngx_app_image_kind_e    kind;
    size_t                  field;     /* within ngx_app_image_ops_t */
    int32_t                 min;
    int32_t                 max;
    int32_t                 scale;
    ngx_app_image_word_t   *words;
} ngx_app_image_param_t;


#define NGX_APP_IMAGE_MAX_VALUE   128      /* bytes, decoded */


typedef struct {
    ngx_app_image_parse_t  *pc;
    ngx_app_image_param_t  *param;         /* NULL: of no parameter */
    ngx_app_image_ops_t    *ops;
    u_char                 *data;          /* the value, decoded */
    size_t                  len;
} ngx_app_image_value_t;


/* param: the table of a dialect; ends with an empty name */
ngx_app_image_param_t *ngx_app_image_params(ngx_app_image_dialect_e dialect);

/* value: reads one into v->ops; NGX_OK, or NGX_DECLINED with v->pc->err */
ngx_int_t ngx_app_image_value(ngx_app_image_value_t *v);

/* says what is wrong, after the parameter's name; returns NGX_DECLINED */
ngx_int_t ngx_app_image_value_fail(ngx_app_image_value_t *v, const char *fmt,
    ...);


#endif /* _NGX_APP_IMAGE_PARAM_H_INCLUDED_ */
