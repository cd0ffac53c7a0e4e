
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_param.h>


#define NGX_APP_IMAGE_MAX_PARAMS  64       /* in one text, and of a table */
#define NGX_APP_IMAGE_MAX_SHOWN   32       /* of a name in an error */


static ngx_int_t ngx_app_image_ops_pair(ngx_app_image_parse_t *pc,
    ngx_str_t *name, ngx_str_t *value, ngx_str_t *values);
static ngx_int_t ngx_app_image_ops_values(ngx_app_image_parse_t *pc,
    ngx_app_image_ops_t *ops, ngx_str_t *values);
static ngx_int_t ngx_app_image_ops_decode(ngx_str_t *value, u_char *buf,
    size_t *len);
static ngx_int_t ngx_app_image_ops_check(ngx_app_image_parse_t *pc,
    ngx_app_image_ops_t *ops);


ngx_app_image_format_t  ngx_app_image_formats[NGX_APP_IMAGE_NFORMATS] = {
    { ngx_null_string, ngx_null_string },
    { ngx_string("jpg"), ngx_string("image/jpeg") },
    { ngx_string("png"), ngx_string("image/png") },
    { ngx_string("webp"), ngx_string("image/webp") },
    { ngx_string("avif"), ngx_string("image/avif") },
    { ngx_string("gif"), ngx_string("image/gif") },
    { ngx_string("jxl"), ngx_string("image/jxl") },
    { ngx_string("json"), ngx_string("application/json") },
    { ngx_string("blurhash"), ngx_string("application/json") },
    { ngx_string("thumbhash"), ngx_string("application/json") },
};


void
ngx_app_image_ops_init(ngx_app_image_ops_t *ops)
{
    ngx_memzero(ops, sizeof(ngx_app_image_ops_t));

    ops->dpr = 100;
    ops->fpx = 500;
    ops->fpy = 500;
    ops->bri = 100;
    ops->con = 100;
    ops->sat = 100;
    ops->n = NGX_APP_IMAGE_ALL;
    ops->progressive = -1;
}


ngx_app_image_format_e
ngx_app_image_format(u_char *name, size_t len)
{
    ngx_uint_t  i;

    if (len == 4 && ngx_strncmp(name, "jpeg", 4) == 0) {
        return NGX_APP_IMAGE_TO_JPEG;
    }

    for (i = 1; i < NGX_APP_IMAGE_NFORMATS; i++) {
        if (ngx_app_image_formats[i].name.len == len
            && ngx_strncmp(ngx_app_image_formats[i].name.data, name, len) == 0)
        {
            return i;
        }
    }

    return NGX_APP_IMAGE_AS_SOURCE;
}


ngx_int_t
ngx_app_image_ops_parse(ngx_app_image_parse_t *pc, ngx_str_t *text,
    ngx_app_image_ops_t *ops)
{
    u_char                 *p, *last, *end, *equals;
    ngx_str_t               name, value;
    ngx_str_t               values[NGX_APP_IMAGE_MAX_PARAMS];
    ngx_uint_t              n;
    ngx_app_image_value_t   v;

    pc->err_len = 0;
    pc->preset.len = 0;

    ngx_memzero(values, sizeof(values));

    n = 0;
    p = text->data;
    last = p + text->len;

    while (p < last) {

        for (end = p; end < last && *end != '&' && *end != ';'; end++) {
            /* void */
        }

        if (end == p) {
            p++;
            continue;
        }

        if (++n > NGX_APP_IMAGE_MAX_PARAMS) {
            ngx_memzero(&v, sizeof(v));
            v.pc = pc;
            return ngx_app_image_value_fail(&v, "there are more than %d "
                                          "parameters",
                                          NGX_APP_IMAGE_MAX_PARAMS);
        }

        equals = ngx_strlchr(p, end, '=');

        name.data = p;
        name.len = (equals ? equals : end) - p;
        value.data = equals ? equals + 1 : end;
        value.len = end - value.data;

        if (ngx_app_image_ops_pair(pc, &name, &value, values) != NGX_OK) {
            return NGX_DECLINED;
        }

        p = end;
    }

    if (ngx_app_image_ops_values(pc, ops, values) != NGX_OK) {
        return NGX_DECLINED;
    }

    return ngx_app_image_ops_check(pc, ops);
}


/*
 *   values  of parameters, by their place in the table; data is NULL unless
 *           the text has it
 */

static ngx_int_t
ngx_app_image_ops_pair(ngx_app_image_parse_t *pc, ngx_str_t *name,
    ngx_str_t *value, ngx_str_t *values)
{
    ngx_uint_t              i;
    ngx_app_image_param_t  *param;
    ngx_app_image_value_t   v;

    param = ngx_app_image_params(pc->dialect);

    for (i = 0; param[i].name.len; i++) {
        if (param[i].name.len == name->len
            && ngx_strncmp(param[i].name.data, name->data, name->len) == 0)
        {
            break;
        }
    }

    v.pc = pc;
    v.param = &param[i];

    if (param[i].name.len == 0) {

        if (!pc->reject) {
            return NGX_OK;
        }

        name->len = ngx_min(name->len, NGX_APP_IMAGE_MAX_SHOWN);
        v.param = NULL;

        return ngx_app_image_value_fail(&v, "there is no parameter \"%V\"",
                                      name);
    }

    if (values[i].data) {
        return ngx_app_image_value_fail(&v, "is given twice");
    }

    values[i] = *value;

    return NGX_OK;
}


/* in the order of the table, so that theirs in the text does not matter */

static ngx_int_t
ngx_app_image_ops_values(ngx_app_image_parse_t *pc, ngx_app_image_ops_t *ops,
    ngx_str_t *values)
{
    u_char                  buf[NGX_APP_IMAGE_MAX_VALUE];
    ngx_uint_t              i;
    ngx_app_image_param_t  *param;
    ngx_app_image_value_t   v;

    param = ngx_app_image_params(pc->dialect);

    v.pc = pc;
    v.ops = ops;
    v.data = buf;

    for (i = 0; param[i].name.len; i++) {

        if (values[i].data == NULL) {
            continue;
        }

        v.param = &param[i];

        if (ngx_app_image_ops_decode(&values[i], buf, &v.len) != NGX_OK) {
            return ngx_app_image_value_fail(&v, "is too long, or badly "
                                            "encoded");
        }

        if (ngx_app_image_value(&v) != NGX_OK) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* percent-decodes; control characters mean nothing to any parameter */

static ngx_int_t
ngx_app_image_ops_decode(ngx_str_t *value, u_char *buf, size_t *len)
{
    u_char     *p, *last, *dst;
    ngx_int_t   n;

    p = value->data;
    last = p + value->len;
    dst = buf;

    while (p < last) {

        if (dst == buf + NGX_APP_IMAGE_MAX_VALUE) {
            return NGX_DECLINED;
        }

        if (*p != '%') {
            n = *p++;

        } else {
            n = (last - p < 3) ? NGX_ERROR : ngx_hextoi(p + 1, 2);
            p += 3;
        }

        if (n < 0x20 || n == 0x7f) {
            return NGX_DECLINED;
        }

        *dst++ = (u_char) n;
    }

    *len = dst - buf;

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_ops_check(ngx_app_image_parse_t *pc, ngx_app_image_ops_t *ops)
{
    ngx_app_image_value_t  v;

    if ((ops->crop[2] == 0) != (ops->crop[3] == 0)) {
        ngx_memzero(&v, sizeof(v));
        v.pc = pc;
        return ngx_app_image_value_fail(&v, "a rectangle needs a width and "
                                      "a height of 1 or more");
    }

    return NGX_OK;
}
