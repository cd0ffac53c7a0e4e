
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <image/ngx_app_image_plan.h>


typedef struct {
    const char   *ops;
    uint32_t      width, height;
    const char   *plan;                /* NULL: too large */
} test_plan_t;


/*
 * Resized to; what is cut out of it; the canvas, and where on it; the latter
 * two only if they differ.
 */

static test_plan_t  test_plans[] = {
    { "", 400, 300, "400x300" },
    { "w=200", 400, 300, "200x150" },
    { "h=150", 400, 300, "200x150" },
    { "w=200&h=200", 400, 300, "200x150" },
    { "w=500", 400, 300, "400x300" },
    { "w=400", 400, 300, "400x300" },
    { "w=500&h=100", 400, 300, "133x100" },
    { "w=500&enlarge", 400, 300, "500x375" },
    { "w=100&dpr=2", 400, 300, "200x150" },
    { "w=101&dpr=1.5", 400, 300, "152x114" },
    { "w=1", 400, 3, "1x1" },
    { "w=10", 10000, 1, "10x1" },
    { "w=1&h=1", 65535, 65535, "1x1" },

    { "w=200&h=200&fit=cover", 400, 300, "267x200 cut 200x200+33+0" },
    { "w=200&h=200&fit=cover&g=w", 400, 300, "267x200 cut 200x200+0+0" },
    { "w=200&h=200&fit=cover&g=e", 400, 300, "267x200 cut 200x200+67+0" },
    { "w=200&h=50&fit=cover&g=n", 400, 300, "200x150 cut 200x50+0+0" },
    { "w=200&h=50&fit=cover&g=s", 400, 300, "200x150 cut 200x50+0+100" },
    { "w=200&h=50&fit=cover&fpy=0", 400, 300, "200x150 cut 200x50+0+0" },
    { "w=200&h=50&fit=cover&fpy=0.5", 400, 300, "200x150 cut 200x50+0+50" },
    { "w=200&h=50&fit=cover&fpy=0.9", 400, 300, "200x150 cut 200x50+0+100" },
    { "w=200&h=100&fit=cover", 400, 200, "200x100" },
    { "w=200&fit=cover", 400, 300, "200x150" },

    /* the box cannot be filled: it becomes smaller, in its ratio */
    { "w=800&h=800&fit=cover", 400, 300, "400x300 cut 300x300+50+0" },
    { "w=800&h=400&fit=cover", 400, 300, "400x300 cut 400x200+0+50" },
    { "w=800&h=800&fit=cover&enlarge", 400, 300,
      "1067x800 cut 800x800+133+0" },

    { "w=200&h=200&fit=contain", 400, 300, "200x150 on 200x200+0+25" },
    { "w=200&h=200&fit=contain&g=n", 400, 300, "200x150 on 200x200+0+0" },
    { "w=800&h=800&fit=contain", 400, 300, "400x300 on 800x800+200+250" },
    { "w=200&fit=contain", 400, 300, "200x150" },
    { "w=200&h=150&fit=contain", 400, 300, "200x150" },

    { "w=100&h=100&fit=outside", 400, 300, "133x100" },
    { "w=500&h=100&fit=outside", 400, 300, "400x300" },
    { "w=100&h=100&fit=stretch", 400, 300, "100x100" },
    { "w=100&fit=stretch", 400, 300, "100x300" },
    { "w=500&h=100&fit=stretch", 400, 300, "400x100" },
    { "w=500&h=100&fit=stretch&enlarge", 400, 300, "500x100" },

    { "pad=10", 400, 300, "400x300 on 420x320+10+10" },
    { "pad=1,2,3,4&dpr=2", 400, 300, "400x300 on 412x308+8+2" },
    { "w=200&pad=10&rot=90", 400, 300, "267x200 on 220x287+10+10" },

    { "rot=90", 400, 300, "400x300" },
    { "w=150&rot=90", 400, 300, "200x150" },
    { "w=150&h=150&rot=270&fit=cover", 400, 300, "200x150 cut 150x150+25+0" },
    { "w=200&h=200&rot=90&fit=contain", 400, 300, "200x150 on 200x200+25+0" },

    { "w=8193", 400, 300, NULL },
    { "w=5000&dpr=2", 400, 300, NULL },
    { "w=100&h=8192&enlarge&fit=outside", 400, 300, NULL },
    { "pad=4000", 400, 300, NULL },
    { "", 9000, 1, NULL },
};


static void
test_sizes_follow_from_operations(void **state)
{
    u_char                  buf[128], *p;
    ngx_int_t               rc;
    ngx_str_t               s;
    ngx_uint_t              i;
    test_plan_t            *t;
    ngx_app_image_ops_t     ops;
    ngx_app_image_plan_t    plan;
    ngx_app_image_parse_t   pc;

    for (i = 0; i < sizeof(test_plans) / sizeof(test_plans[0]); i++) {
        t = &test_plans[i];
        s = test_copy(*state, t->ops, ngx_strlen(t->ops));

        ngx_memzero(&pc, sizeof(pc));
        ngx_app_image_ops_init(&ops);
        assert_int_equal(ngx_app_image_ops_parse(&pc, &s, &ops), NGX_OK);

        rc = ngx_app_image_plan(&ops, t->width, t->height, 8192, &plan);

        if (t->plan == NULL) {
            assert_int_equal(rc, NGX_DECLINED);
            continue;
        }

        if (rc != NGX_OK) {
            fail_msg("%s: too large", t->ops);
        }

        p = ngx_sprintf(buf, "%uDx%uD", plan.width, plan.height);

        if (plan.cut) {
            p = ngx_sprintf(p, " cut %uDx%uD+%uD+%uD", plan.cut_width,
                            plan.cut_height, plan.left, plan.top);
        }

        if (plan.canvas) {
            p = ngx_sprintf(p, " on %uDx%uD+%uD+%uD", plan.out_width,
                            plan.out_height, plan.out_left, plan.out_top);
        }

        s.data = buf;
        s.len = p - buf;

        if (s.len != ngx_strlen(t->plan)
            || ngx_memcmp(buf, t->plan, s.len) != 0)
        {
            print_error("\"%s\": ", t->ops);
        }

        assert_str_z(s, t->plan);
        assert_int_equal(plan.resize, plan.width != t->width
                                      || plan.height != t->height);
    }
}


static void
test_a_cut_lies_within(void **state)
{
    ngx_app_image_ops_t   ops;
    ngx_app_image_rect_t  cut;

    ngx_app_image_ops_init(&ops);

    ops.crop[0] = 10;
    ops.crop[1] = 20;
    ops.crop[2] = 100;
    ops.crop[3] = 50;

    assert_int_equal(ngx_app_image_plan_crop(&ops, 400, 300, &cut), NGX_OK);
    assert_int_equal(cut.width, 100);
    assert_int_equal(cut.height, 50);

    assert_int_equal(ngx_app_image_plan_crop(&ops, 50, 40, &cut), NGX_OK);
    assert_int_equal(cut.left, 10);
    assert_int_equal(cut.top, 20);
    assert_int_equal(cut.width, 40);
    assert_int_equal(cut.height, 20);

    assert_int_equal(ngx_app_image_plan_crop(&ops, 10, 40, &cut),
                     NGX_DECLINED);
    assert_int_equal(ngx_app_image_plan_crop(&ops, 50, 20, &cut),
                     NGX_DECLINED);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_sizes_follow_from_operations),
        test_case(test_a_cut_lies_within),
    };

    return test_run(tests);
}
