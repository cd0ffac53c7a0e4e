
/*
 * Copyright (C) the project authors
 */

/*
 * imgix: https://docs.imgix.com/apis/rendering, weserv:
 * https://images.weserv.nl/docs, next: the "w" and "q" of next/image.  What a
 * name means is always the native operation: no picture is enlarged unless
 * "enlarge" says so, whatever the dialect.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_param.h>


#define SIDE  NGX_APP_IMAGE_SIDE

#define field(name)  offsetof(ngx_app_image_ops_t, name)

#define param_int(n, f, min, max)                                             \
    { ngx_string(n), NGX_APP_IMAGE_P_INT, field(f), min, max, 1, NULL }

/* of imgix, whose strength of 20 is our sigma of 1 */
#define param_strength(n, f, max)                                             \
    { ngx_string(n), NGX_APP_IMAGE_P_INT, field(f), 0, max, 5, NULL }

#define param_fixed(n, f, min, max, scale)                                    \
    { ngx_string(n), NGX_APP_IMAGE_P_FIXED, field(f), min, max, scale, NULL }

#define param_word(n, f, words)                                               \
    { ngx_string(n), NGX_APP_IMAGE_P_WORD, field(f), 0, 0, 0, words }

#define param_bit(n, f, bit)                                                  \
    { ngx_string(n), NGX_APP_IMAGE_P_BIT, field(f), 0, 0, bit, NULL }

#define param_list(n, f, count, min, max)                                     \
    { ngx_string(n), NGX_APP_IMAGE_P_LIST, field(f), min, max, count, NULL }

#define param_pad(n, f)                                                       \
    { ngx_string(n), NGX_APP_IMAGE_P_PAD, field(f), 0, SIDE, 4, NULL }

#define param(n, kind, f)                                                     \
    { ngx_string(n), NGX_APP_IMAGE_P_ ## kind, field(f), 0, 0, 0, NULL }

#define param_none(n, kind)                                                   \
    { ngx_string(n), NGX_APP_IMAGE_P_ ## kind, 0, 0, 0, 0, NULL }

#define param_end                                                             \
    { ngx_null_string, NGX_APP_IMAGE_P_IGNORE, 0, 0, 0, 0, NULL }


/* the first name of a value is the one that is written */

static ngx_app_image_word_t  ngx_app_image_fits[] = {
    { "inside", NGX_APP_IMAGE_INSIDE },
    { "cover", NGX_APP_IMAGE_COVER },
    { "contain", NGX_APP_IMAGE_CONTAIN },
    { "outside", NGX_APP_IMAGE_OUTSIDE },
    { "stretch", NGX_APP_IMAGE_STRETCH },
    { "crop", NGX_APP_IMAGE_COVER },
    { "pad", NGX_APP_IMAGE_CONTAIN },
    { "scale-down", NGX_APP_IMAGE_INSIDE },
    { NULL, 0 }
};


static ngx_app_image_word_t  ngx_app_image_gravities[] = {
    { "centre", NGX_APP_IMAGE_CENTRE },
    { "n", NGX_APP_IMAGE_N },
    { "ne", NGX_APP_IMAGE_NE },
    { "e", NGX_APP_IMAGE_E },
    { "se", NGX_APP_IMAGE_SE },
    { "s", NGX_APP_IMAGE_S },
    { "sw", NGX_APP_IMAGE_SW },
    { "w", NGX_APP_IMAGE_W },
    { "nw", NGX_APP_IMAGE_NW },
    { "attention", NGX_APP_IMAGE_ATTENTION },
    { "entropy", NGX_APP_IMAGE_ENTROPY },
    { "fp", NGX_APP_IMAGE_FOCAL },
    { "center", NGX_APP_IMAGE_CENTRE },
    { "top", NGX_APP_IMAGE_N },
    { "right", NGX_APP_IMAGE_E },
    { "bottom", NGX_APP_IMAGE_S },
    { "left", NGX_APP_IMAGE_W },
    { "smart", NGX_APP_IMAGE_ATTENTION },
    { NULL, 0 }
};


static ngx_app_image_word_t  ngx_app_image_flips[] = {
    { "h", NGX_APP_IMAGE_FLIP_H },
    { "v", NGX_APP_IMAGE_FLIP_V },
    { "hv", NGX_APP_IMAGE_FLIP_H|NGX_APP_IMAGE_FLIP_V },
    { "vh", NGX_APP_IMAGE_FLIP_H|NGX_APP_IMAGE_FLIP_V },
    { NULL, 0 }
};


static ngx_app_image_word_t  ngx_app_image_turns[] = {
    { "0", 0 },
    { "90", 90 },
    { "180", 180 },
    { "270", 270 },
    { "360", 0 },
    { "-90", 270 },
    { NULL, 0 }
};


/*
 * Values are read in the order of their table: of two that set the same the
 * one behind counts.  That is gravity behind the point, and "auto" behind the
 * format, which is then for those who accept none of the others.
 */

static ngx_app_image_param_t  ngx_app_image_native[] = {
    param_int("w", w, 1, SIDE),
    param_int("h", h, 1, SIDE),
    param_fixed("dpr", dpr, 100, 500, 100),
    param_word("fit", fit, ngx_app_image_fits),
    param_fixed("fpx", fpx, 0, 1000, 1000),
    param_fixed("fpy", fpy, 0, 1000, 1000),
    param_word("g", gravity, ngx_app_image_gravities),
    param_list("crop", crop, 4, 0, SIDE),
    param("trim", TRIM, trim),
    param_word("rot", rot, ngx_app_image_turns),
    param_word("flip", flip, ngx_app_image_flips),
    param_pad("pad", pad),
    param("bg", COLOR, bg),
    param("tint", COLOR, tint),
    param_fixed("blur", blur, 0, 10000, 100),
    param_fixed("sharp", sharp, 0, 1000, 100),
    param_fixed("bri", bri, 0, 1000, 100),
    param_fixed("con", con, 0, 1000, 100),
    param_fixed("sat", sat, 0, 1000, 100),
    { ngx_string("n"), NGX_APP_IMAGE_P_FRAMES, field(n), 1, SIDE, 1, NULL },
    param_int("page", page, 0, SIDE),
    param("wm", NAME, wm),
    param("fm", FORMATS, fm),
    param_int("q", q, 1, 100),
    param_int("effort", effort, 1, 10),
    param("il", FLAG, progressive),
    param("ll", FLAG, lossless),
    param("enlarge", FLAG, enlarge),
    param("strip", FLAG, strip),
    param_list("bh", bh, 2, 1, 9),
    param_none("auto", AUTO),
    param_none("pr", PRESET),
    param_none("v", VERSION),
    param_none("exp", EXPIRES),
    param_none("s", SIGN),
    param_end
};


static ngx_app_image_word_t  ngx_app_image_imgix_fits[] = {
    { "clip", NGX_APP_IMAGE_INSIDE },
    { "max", NGX_APP_IMAGE_INSIDE },
    { "crop", NGX_APP_IMAGE_COVER },
    { "min", NGX_APP_IMAGE_COVER },
    { "fill", NGX_APP_IMAGE_CONTAIN },
    { "fillmax", NGX_APP_IMAGE_CONTAIN },
    { "scale", NGX_APP_IMAGE_STRETCH },
    { NULL, 0 }
};


/* a side and another side make a corner, see ngx_app_image_ops.c */

static ngx_app_image_word_t  ngx_app_image_imgix_crops[] = {
    { "top", NGX_APP_IMAGE_N },
    { "bottom", NGX_APP_IMAGE_S },
    { "left", NGX_APP_IMAGE_W },
    { "right", NGX_APP_IMAGE_E },
    { "faces", NGX_APP_IMAGE_ATTENTION },
    { "edges", NGX_APP_IMAGE_ATTENTION },
    { "entropy", NGX_APP_IMAGE_ENTROPY },
    { "focalpoint", NGX_APP_IMAGE_FOCAL },
    { NULL, 0 }
};


static ngx_app_image_param_t  ngx_app_image_imgix[] = {
    param_int("w", w, 1, SIDE),
    param_int("h", h, 1, SIDE),
    param_fixed("dpr", dpr, 100, 500, 100),
    param_word("fit", fit, ngx_app_image_imgix_fits),
    param_fixed("fp-x", fpx, 0, 1000, 1000),
    param_fixed("fp-y", fpy, 0, 1000, 1000),
    { ngx_string("crop"), NGX_APP_IMAGE_P_WORDS, field(gravity), 0, 0, 0,
      ngx_app_image_imgix_crops },
    param_list("rect", crop, 4, 0, SIDE),
    param("trim", TRIM, trim),
    param_word("rot", rot, ngx_app_image_turns),
    param_word("flip", flip, ngx_app_image_flips),
    param_pad("pad", pad),
    param("bg", ARGB, bg),
    param_strength("blur", blur, 2000),
    param_strength("sharp", sharp, 100),
    param("bri", PERCENT, bri),
    param("con", PERCENT, con),
    param("sat", PERCENT, sat),
    param("fm", FORMATS, fm),
    param_int("q", q, 1, 100),
    param("lossless", FLAG, lossless),
    param_none("auto", AUTO),
    param_none("pr", PRESET),
    param_none("expires", EXPIRES),
    param_none("s", SIGN),
    param_none("v", VERSION),
    param_none("ixlib", IGNORE),
    param_none("ixid", IGNORE),
    param_none("cs", IGNORE),
    param_none("dl", IGNORE),
    param_end
};


static ngx_app_image_word_t  ngx_app_image_weserv_fits[] = {
    { "inside", NGX_APP_IMAGE_INSIDE },
    { "outside", NGX_APP_IMAGE_OUTSIDE },
    { "cover", NGX_APP_IMAGE_COVER },
    { "contain", NGX_APP_IMAGE_CONTAIN },
    { "fill", NGX_APP_IMAGE_STRETCH },
    { NULL, 0 }
};


static ngx_app_image_word_t  ngx_app_image_weserv_gravities[] = {
    { "center", NGX_APP_IMAGE_CENTRE },
    { "top", NGX_APP_IMAGE_N },
    { "top-right", NGX_APP_IMAGE_NE },
    { "right", NGX_APP_IMAGE_E },
    { "bottom-right", NGX_APP_IMAGE_SE },
    { "bottom", NGX_APP_IMAGE_S },
    { "bottom-left", NGX_APP_IMAGE_SW },
    { "left", NGX_APP_IMAGE_W },
    { "top-left", NGX_APP_IMAGE_NW },
    { "attention", NGX_APP_IMAGE_ATTENTION },
    { "entropy", NGX_APP_IMAGE_ENTROPY },
    { "focal", NGX_APP_IMAGE_FOCAL },
    { NULL, 0 }
};


/* of a saturation */

static ngx_app_image_word_t  ngx_app_image_weserv_filters[] = {
    { "greyscale", 0 },
    { NULL, 0 }
};


static ngx_app_image_param_t  ngx_app_image_weserv[] = {
    param_int("w", w, 1, SIDE),
    param_int("h", h, 1, SIDE),
    param_fixed("dpr", dpr, 100, 500, 100),
    param_word("fit", fit, ngx_app_image_weserv_fits),
    param_fixed("fpx", fpx, 0, 1000, 1000),
    param_fixed("fpy", fpy, 0, 1000, 1000),
    param_word("a", gravity, ngx_app_image_weserv_gravities),
    param_int("cx", crop[0], 0, SIDE),
    param_int("cy", crop[1], 0, SIDE),
    param_int("cw", crop[2], 1, SIDE),
    param_int("ch", crop[3], 1, SIDE),
    param("trim", TRIM, trim),
    param_word("ro", rot, ngx_app_image_turns),
    param_bit("flip", flip, NGX_APP_IMAGE_FLIP_V),
    param_bit("flop", flip, NGX_APP_IMAGE_FLIP_H),
    param("bg", ARGB, bg),
    param("cbg", ARGB, bg),
    param("tint", ARGB, tint),
    param_fixed("blur", blur, 0, 10000, 100),
    param_fixed("sharp", sharp, 0, 1000, 100),
    param("con", PERCENT, con),
    param_none("mod", MOD),
    param_word("filt", sat, ngx_app_image_weserv_filters),
    { ngx_string("n"), NGX_APP_IMAGE_P_FRAMES, field(n), 1, SIDE, 1, NULL },
    param_int("page", page, 0, SIDE),
    param("output", FORMATS, fm),
    param_int("q", q, 1, 100),
    param("il", FLAG, progressive),
    param("ll", FLAG, lossless),
    param("we", NOT, enlarge),
    param_none("pr", PRESET),
    param_none("v", VERSION),
    param_none("exp", EXPIRES),
    param_none("s", SIGN),
    param_none("url", IGNORE),
    param_none("l", IGNORE),
    param_none("af", IGNORE),
    param_none("maxage", IGNORE),
    param_none("filename", IGNORE),
    param_none("default", IGNORE),
    param_end
};


static ngx_app_image_param_t  ngx_app_image_next[] = {
    param_int("w", w, 1, SIDE),
    param_int("q", q, 1, 100),
    param_none("pr", PRESET),
    param_none("v", VERSION),
    param_none("exp", EXPIRES),
    param_none("s", SIGN),
    param_none("url", IGNORE),
    param_none("dpl", IGNORE),
    param_end
};


ngx_app_image_param_t *
ngx_app_image_params(ngx_app_image_dialect_e dialect)
{
    switch (dialect) {

    case NGX_APP_IMAGE_IMGIX:
        return ngx_app_image_imgix;

    case NGX_APP_IMAGE_WESERV:
        return ngx_app_image_weserv;

    case NGX_APP_IMAGE_NEXT:
        return ngx_app_image_next;

    default: /* NGX_APP_IMAGE_NATIVE */
        return ngx_app_image_native;
    }
}
