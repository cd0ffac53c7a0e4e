
/*
 * Copyright (C) the project authors
 */

/*
 * Operations of each dialect, by the first byte: what is read has one text,
 * which means the same, and a plan that keeps its limits.
 */


#include <fuzz/fuzz.h>

#include <image/ngx_app_image_accept.h>
#include <image/ngx_app_image_plan.h>


#define SIDE  8192


static void fuzz_plan(ngx_app_image_ops_t *ops, u_char byte);


static void
fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
{
    u_char                   one[NGX_APP_IMAGE_OPS_LEN];
    u_char                   two[NGX_APP_IMAGE_OPS_LEN];
    size_t                   len;
    ngx_int_t                rc;
    ngx_str_t                text;
    ngx_app_image_ops_t      ops, again;
    ngx_app_image_parse_t    pc;
    ngx_app_image_choice_t   formats, choice;

    if (size == 0) {
        return;
    }

    ngx_memzero(&pc, sizeof(pc));
    pc.dialect = data[0] % 4;
    pc.reject = (data[0] & 4) != 0;

    text.data = data + 1;
    text.len = size - 1;

    ngx_app_image_ops_init(&ops);
    rc = ngx_app_image_ops_parse(&pc, &text, &ops);

    fuzz_check(rc == NGX_OK || (rc == NGX_DECLINED && pc.err_len > 0
                                && pc.err_len <= sizeof(pc.err)));

    formats.n = 2;
    formats.format[0] = NGX_APP_IMAGE_TO_AVIF;
    formats.format[1] = NGX_APP_IMAGE_TO_WEBP;
    ngx_app_image_accept(&text, &formats, &choice);
    fuzz_check(choice.n <= 2);

    if (rc != NGX_OK) {
        return;
    }

    len = ngx_app_image_ops_write(one, &ops) - one;
    fuzz_check(len <= sizeof(one));

    ngx_memzero(&pc, sizeof(pc));
    pc.reject = 1;
    text.data = ngx_pnalloc(pool, len);
    text.len = len;
    ngx_memcpy(text.data, one, len);

    ngx_app_image_ops_init(&again);
    fuzz_check(ngx_app_image_ops_parse(&pc, &text, &again) == NGX_OK);
    fuzz_check(ngx_app_image_ops_write(two, &again) - two == (ssize_t) len);
    fuzz_check(ngx_memcmp(one, two, len) == 0);

    fuzz_plan(&ops, data[0]);
}


static void
fuzz_plan(ngx_app_image_ops_t *ops, u_char byte)
{
    uint32_t               width, height;
    ngx_app_image_plan_t   plan;
    ngx_app_image_rect_t   cut;

    width = 1 + (uint32_t) byte * 257;
    height = 1 + (uint32_t) (byte ^ 0xa5) * 31;

    if (ops->crop[2]) {
        if (ngx_app_image_plan_crop(ops, width, height, &cut) != NGX_OK) {
            return;
        }

        fuzz_check(cut.width && cut.left + cut.width <= width);
        fuzz_check(cut.height && cut.top + cut.height <= height);
        width = cut.width;
        height = cut.height;
    }

    if (ngx_app_image_plan(ops, width, height, SIDE, &plan) != NGX_OK) {
        return;
    }

    fuzz_check(plan.width && plan.width <= SIDE);
    fuzz_check(plan.height && plan.height <= SIDE);
    fuzz_check(plan.cut_width && plan.left + plan.cut_width <= plan.width);
    fuzz_check(plan.cut_height && plan.top + plan.cut_height <= plan.height);
    fuzz_check(plan.out_width && plan.out_width <= SIDE);
    fuzz_check(plan.out_height && plan.out_height <= SIDE);
    fuzz_check(ops->enlarge || (plan.width <= width && plan.height <= height));

    if (ops->rot == 0 || ops->rot == 180) {
        fuzz_check(plan.out_left + plan.cut_width <= plan.out_width);
        fuzz_check(plan.out_top + plan.cut_height <= plan.out_height);

    } else {
        fuzz_check(plan.out_left + plan.cut_height <= plan.out_width);
        fuzz_check(plan.out_top + plan.cut_width <= plan.out_height);
    }
}
