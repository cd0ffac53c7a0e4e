
/*
 * Copyright (C) the project authors
 */

/*
 * Formats, and how they are made.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <image/ngx_app_image.h>


static ngx_app_image_format_e ngx_app_image_conf_format(ngx_conf_t *cf,
    u_char *name, size_t len, const char *directive);


ngx_app_image_encoder_t  ngx_app_image_encoders[NGX_APP_IMAGE_NFORMATS] = {
    { { 0, 0 },  { 0, 0 }, 0 },
    { { 0, 0 },  { 0, 0 }, 80 },           /* JPEG */
    { { 1, 9 },  { 3, 6 }, 0 },            /* PNG */
    { { 0, 6 },  { 2, 4 }, 79 },           /* WebP */
    { { 0, 9 },  { 0, 2 }, 60 },           /* AVIF */
    { { 1, 10 }, { 3, 7 }, 0 },            /* GIF */
    { { 3, 9 },  { 3, 5 }, 75 },           /* JPEG XL */
    { { 0, 0 },  { 0, 0 }, 0 },
    { { 0, 0 },  { 0, 0 }, 0 },
    { { 0, 0 },  { 0, 0 }, 0 }
};


static ngx_app_image_format_e
ngx_app_image_conf_format(ngx_conf_t *cf, u_char *name, size_t len,
    const char *directive)
{
    ngx_str_t               text;
    ngx_app_image_format_e  format;

    format = ngx_app_image_format(name, len);

    if (format != NGX_APP_IMAGE_AS_SOURCE && format < NGX_APP_IMAGE_TO_JSON) {
        return format;
    }

    text.data = name;
    text.len = len;

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "unknown format \"%V\" in \"%s\", use jpg, png, webp, "
                       "avif, gif or jxl", &text, directive);

    return NGX_APP_IMAGE_AS_SOURCE;
}


/* app_image_formats FORMAT ...; */

char *
ngx_app_image_conf_formats(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_image_loc_conf_t *ilcf = conf;

    ngx_str_t               *word;
    ngx_uint_t               i;
    ngx_app_image_format_e   format;

    if (ilcf->formats.n) {
        return "is duplicate";
    }

    word = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (i > NGX_APP_IMAGE_FM) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "too many formats in \"app_image_formats\", "
                               "use %d at most", NGX_APP_IMAGE_FM);
            return NGX_CONF_ERROR;
        }

        format = ngx_app_image_conf_format(cf, word[i].data, word[i].len,
                                           "app_image_formats");

        if (format == NGX_APP_IMAGE_AS_SOURCE) {
            return NGX_CONF_ERROR;
        }

        ilcf->formats.format[ilcf->formats.n++] = (u_char) format;
    }

    return NGX_CONF_OK;
}


/* app_image_quality FORMAT=NUMBER ...; */

char *
ngx_app_image_conf_quality(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_image_loc_conf_t *ilcf = conf;

    u_char                  *p;
    ngx_str_t               *word;
    ngx_uint_t               i;
    ngx_app_image_format_e   format;

    word = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        p = ngx_strlchr(word[i].data, word[i].data + word[i].len, '=');

        if (p == NULL) {
            goto invalid;
        }

        format = ngx_app_image_conf_format(cf, word[i].data, p - word[i].data,
                                           "app_image_quality");

        if (format == NGX_APP_IMAGE_AS_SOURCE) {
            return NGX_CONF_ERROR;
        }

        if (ngx_app_image_encoders[format].quality == 0
            || ngx_app_image_conf_number(&word[i], p + 1 - word[i].data, 1,
                                         100, &ilcf->quality[format])
               != NGX_OK)
        {
            goto invalid;
        }
    }

    return NGX_CONF_OK;

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid \"%V\" in \"app_image_quality\", use jpg=, "
                       "webp=, avif= or jxl= with 1 to 100", &word[i]);

    return NGX_CONF_ERROR;
}


/* app_image_effort FORMAT=LEAST[-MOST] ...; */

char *
ngx_app_image_conf_effort(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_image_loc_conf_t *ilcf = conf;

    u_char                  *p, *last, *dash;
    ngx_str_t               *word, number;
    ngx_uint_t               i;
    ngx_app_image_effort_t  *effort, *range;
    ngx_app_image_format_e   format;

    word = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        last = word[i].data + word[i].len;
        p = ngx_strlchr(word[i].data, last, '=');
        p = p ? p : last;

        format = ngx_app_image_conf_format(cf, word[i].data, p - word[i].data,
                                           "app_image_effort");

        if (format == NGX_APP_IMAGE_AS_SOURCE) {
            return NGX_CONF_ERROR;
        }

        effort = &ilcf->effort[format];
        range = &ngx_app_image_encoders[format].range;

        dash = ngx_strlchr(p, last, '-');

        number.data = p;
        number.len = (dash ? dash : last) - p;

        if (p == last || range->max == 0
            || ngx_app_image_conf_number(&number, 1, range->min, range->max,
                                         &effort->min)
               != NGX_OK)
        {
            goto invalid;
        }

        effort->max = effort->min;

        if (dash) {
            number.data = dash;
            number.len = last - dash;

            if (ngx_app_image_conf_number(&number, 1, effort->min, range->max,
                                          &effort->max)
                != NGX_OK)
            {
                goto invalid;
            }
        }
    }

    return NGX_CONF_OK;

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid \"%V\" in \"app_image_effort\", use a number "
                       "or a range within png=1-9, webp=0-6, avif=0-9, "
                       "gif=1-10, jxl=3-9", &word[i]);

    return NGX_CONF_ERROR;
}
