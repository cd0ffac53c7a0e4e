
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_ops.h>


static ngx_int_t ngx_app_image_color_name(u_char *data, size_t len,
    ngx_app_image_color_t *color);
static ngx_int_t ngx_app_image_color_hex(u_char *data, size_t len,
    ngx_app_image_color_t *color);


/* CSS level 1 and "orange": https://www.w3.org/TR/css-color-4/#named-colors */

static struct {
    ngx_str_t               name;
    ngx_app_image_color_t   color;
} ngx_app_image_colors[] = {
    { ngx_string("transparent"), { 0, 0, 0, 0, 1 } },
    { ngx_string("black"), { 0, 0, 0, 255, 1 } },
    { ngx_string("silver"), { 192, 192, 192, 255, 1 } },
    { ngx_string("gray"), { 128, 128, 128, 255, 1 } },
    { ngx_string("grey"), { 128, 128, 128, 255, 1 } },
    { ngx_string("white"), { 255, 255, 255, 255, 1 } },
    { ngx_string("maroon"), { 128, 0, 0, 255, 1 } },
    { ngx_string("red"), { 255, 0, 0, 255, 1 } },
    { ngx_string("purple"), { 128, 0, 128, 255, 1 } },
    { ngx_string("fuchsia"), { 255, 0, 255, 255, 1 } },
    { ngx_string("green"), { 0, 128, 0, 255, 1 } },
    { ngx_string("lime"), { 0, 255, 0, 255, 1 } },
    { ngx_string("olive"), { 128, 128, 0, 255, 1 } },
    { ngx_string("yellow"), { 255, 255, 0, 255, 1 } },
    { ngx_string("navy"), { 0, 0, 128, 255, 1 } },
    { ngx_string("blue"), { 0, 0, 255, 255, 1 } },
    { ngx_string("teal"), { 0, 128, 128, 255, 1 } },
    { ngx_string("aqua"), { 0, 255, 255, 255, 1 } },
    { ngx_string("orange"), { 255, 165, 0, 255, 1 } },
    { ngx_null_string, { 0, 0, 0, 0, 0 } }
};


ngx_int_t
ngx_app_image_color(u_char *data, size_t len, ngx_app_image_color_t *color)
{
    if (ngx_app_image_color_name(data, len, color) == NGX_OK) {
        return NGX_OK;
    }

    return ngx_app_image_color_hex(data, len, color);
}


ngx_int_t
ngx_app_image_color_argb(u_char *data, size_t len,
    ngx_app_image_color_t *color)
{
    ngx_app_image_color_t  c;

    if (ngx_app_image_color_name(data, len, color) == NGX_OK) {
        return NGX_OK;
    }

    if (ngx_app_image_color_hex(data, len, color) != NGX_OK) {
        return NGX_DECLINED;
    }

    len -= (data[0] == '#');

    if (len == 4 || len == 8) {
        c = *color;

        color->a = c.r;
        color->r = c.g;
        color->g = c.b;
        color->b = c.a;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_image_color_name(u_char *data, size_t len,
    ngx_app_image_color_t *color)
{
    ngx_uint_t  i;

    for (i = 0; ngx_app_image_colors[i].name.len; i++) {
        if (ngx_app_image_colors[i].name.len == len
            && ngx_strncmp(ngx_app_image_colors[i].name.data, data, len) == 0)
        {
            *color = ngx_app_image_colors[i].color;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_app_image_color_hex(u_char *data, size_t len,
    ngx_app_image_color_t *color)
{
    u_char      c[4];
    ngx_int_t   n;
    ngx_uint_t  i, digits, parts;

    if (len && data[0] == '#') {
        data++;
        len--;
    }

    if (len != 3 && len != 4 && len != 6 && len != 8) {
        return NGX_DECLINED;
    }

    digits = (len < 6) ? 1 : 2;
    parts = len / digits;
    c[3] = 255;

    for (i = 0; i < parts; i++) {
        n = ngx_hextoi(data + i * digits, digits);

        if (n == NGX_ERROR) {
            return NGX_DECLINED;
        }

        c[i] = (u_char) (digits == 1 ? n * 17 : n);
    }

    color->r = c[0];
    color->g = c[1];
    color->b = c[2];
    color->a = c[3];
    color->set = 1;

    return NGX_OK;
}
