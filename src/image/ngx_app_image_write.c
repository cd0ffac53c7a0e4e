
/*
 * Copyright (C) the project authors
 */

/*
 * Operations as text, in one order and one form.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_param.h>


static ngx_uint_t ngx_app_image_ops_left_out(ngx_app_image_ops_t *ops,
    ngx_app_image_ops_t *none, ngx_app_image_param_t *param);
static u_char *ngx_app_image_ops_write_value(u_char *p,
    ngx_app_image_ops_t *ops, ngx_app_image_param_t *param);


u_char *
ngx_app_image_ops_write(u_char *p, ngx_app_image_ops_t *ops)
{
    u_char                 *begin;
    ngx_app_image_ops_t     none;
    ngx_app_image_param_t  *param;

    ngx_app_image_ops_init(&none);

    begin = p;
    param = ngx_app_image_params(NGX_APP_IMAGE_NATIVE);

    for ( /* void */ ; param->kind < NGX_APP_IMAGE_P_AUTO; param++) {

        if (ngx_app_image_ops_left_out(ops, &none, param)) {
            continue;
        }

        if (p > begin) {
            *p++ = '&';
        }

        p = ngx_cpymem(p, param->name.data, param->name.len);
        *p++ = '=';

        p = ngx_app_image_ops_write_value(p, ops, param);
    }

    return p;
}


ngx_uint_t
ngx_app_image_ops_only_hash(ngx_app_image_ops_t *ops)
{
    u_char               text[NGX_APP_IMAGE_OPS_LEN];
    ngx_app_image_ops_t  other;

    if (ops->bh[0] == 0) {
        return 0;
    }

    other = *ops;
    other.bh[0] = 0;
    other.bh[1] = 0;

    return ngx_app_image_ops_write(text, &other) == text;
}


/* it is as it would be if nobody had asked, or it does not count */

static ngx_uint_t
ngx_app_image_ops_left_out(ngx_app_image_ops_t *ops,
    ngx_app_image_ops_t *none, ngx_app_image_param_t *param)
{
    size_t  size;

    switch (param->field) {

    case offsetof(ngx_app_image_ops_t, fpx):
    case offsetof(ngx_app_image_ops_t, fpy):
        return ops->gravity != NGX_APP_IMAGE_FOCAL;

    case offsetof(ngx_app_image_ops_t, crop):
        return ops->crop[2] == 0;
    }

    switch (param->kind) {

    case NGX_APP_IMAGE_P_COLOR:
        return !((ngx_app_image_color_t *)
                 ((u_char *) ops + param->field))->set;

    case NGX_APP_IMAGE_P_NAME:
    case NGX_APP_IMAGE_P_FORMATS:
        /* both begin with their length */
        return ((u_char *) ops)[param->field] == 0;

    case NGX_APP_IMAGE_P_PAD:
    case NGX_APP_IMAGE_P_LIST:
        size = param->scale * sizeof(int32_t);
        break;

    default:
        size = sizeof(int32_t);
    }

    return ngx_memcmp((u_char *) ops + param->field,
                      (u_char *) none + param->field, size)
           == 0;
}


static u_char *
ngx_app_image_ops_write_value(u_char *p, ngx_app_image_ops_t *ops,
    ngx_app_image_param_t *param)
{
    int32_t                 *field;
    ngx_int_t                i;
    ngx_app_image_word_t    *w;
    ngx_app_image_name_t    *name;
    ngx_app_image_color_t   *color;
    ngx_app_image_choice_t  *choice;

    field = (int32_t *) (void *) ((u_char *) ops + param->field);

    switch (param->kind) {

    case NGX_APP_IMAGE_P_FIXED:
        return ngx_app_image_decimal(p, *field, param->scale);

    case NGX_APP_IMAGE_P_WORD:
        for (w = param->words; w->name; w++) {
            if (w->value == *field) {
                return ngx_cpymem(p, w->name, ngx_strlen(w->name));
            }
        }

        return p;

    case NGX_APP_IMAGE_P_LIST:
    case NGX_APP_IMAGE_P_PAD:
        for (i = 0; i < param->scale; i++) {
            p = ngx_sprintf(p, "%s%D", i ? "," : "", field[i]);
        }

        return p;

    case NGX_APP_IMAGE_P_COLOR:
        color = &ops->bg;

        if (param->field == offsetof(ngx_app_image_ops_t, tint)) {
            color = &ops->tint;
        }

        return ngx_sprintf(p, "%02xd%02xd%02xd%02xd", color->r, color->g,
                           color->b, color->a);

    case NGX_APP_IMAGE_P_NAME:
        name = &ops->wm;
        return ngx_cpymem(p, name->data, name->len);

    case NGX_APP_IMAGE_P_FORMATS:
        choice = &ops->fm;

        for (i = 0; i < choice->n; i++) {
            p = ngx_sprintf(p, "%s%V", i ? "," : "",
                          &ngx_app_image_formats[choice->format[i]].name);
        }

        return p;

    default: /* NGX_APP_IMAGE_P_INT, _FRAMES, _FLAG, _TRIM */
        return ngx_sprintf(p, "%D", *field);
    }
}
