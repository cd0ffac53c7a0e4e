
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <http/ngx_app_router.h>


typedef struct {
    const char  *method;
    const char  *path;
} test_route_t;


typedef struct {
    const char  *method;
    const char  *uri;
    ngx_int_t    rc;
    const char  *want;     /* path of the route, Allow, or the error */
    const char  *values;   /* each with a ";" behind it */
} test_match_t;


static test_route_t  test_routes[] = {
    { "GET", "/" },
    { "GET", "/offers" },
    { "POST", "/offers/" },
    { "GET", "/offers/:id" },
    { "PUT", "/offers/:id" },
    { "DELETE", "/offers/:key" },
    { "GET", "/users/me" },
    { "PATCH", "/users/me" },
    { "OPTIONS", "/users/me" },
    { "GET", "/users/:id" },
    { "DELETE", "/users/:id" },
    { "GET", "/users/:id/orders/:order" },
    { "GET", "/a/b/c" },
    { "GET", "/a/:x/d" },
    { "GET", "/a/*rest" },
    { "POST", "/a/b/:y" },
    { "GET", "/files/:owner/*path" },
    { "GET", "/caf%C3%A9/:x" },
    { "OPTIONS", "/only" },
    { "GET", "/a-b.c~d_e/:x/:x2" },
};


static test_match_t  test_matches[] = {
    { "GET", "/", NGX_OK, "/", "" },
    { "GET", "/?a=/b", NGX_OK, "/", "" },
    { "GET", "/offers", NGX_OK, "/offers", "" },
    { "GET", "/offers/", NGX_OK, "/offers", "" },
    { "GET", "/offers/?page=2", NGX_OK, "/offers", "" },
    { "GET", "/offers#x", NGX_OK, "/offers", "" },
    { "HEAD", "/offers", NGX_OK, "/offers", "" },
    { "POST", "/offers", NGX_OK, "/offers/", "" },
    { "GET", "/%6fffers", NGX_OK, "/offers", "" },
    { "GET", "/Offers", NGX_DECLINED, NULL, NULL },
    { "GET", "/offer", NGX_DECLINED, NULL, NULL },
    { "GET", "//", NGX_DECLINED, NULL, NULL },
    { "GET", "//offers", NGX_DECLINED, NULL, NULL },
    { "GET", "/offers//", NGX_DECLINED, NULL, NULL },
    { "GET", "/offers//1", NGX_DECLINED, NULL, NULL },
    { "GET", "", NGX_DECLINED, NULL, NULL },
    { "GET", "*", NGX_DECLINED, NULL, NULL },
    { "GET", "offers", NGX_DECLINED, NULL, NULL },
    { "GET", "?/offers", NGX_DECLINED, NULL, NULL },

    { "GET", "/offers/17", NGX_OK, "/offers/:id", "17;" },
    { "GET", "/offers/17/", NGX_OK, "/offers/:id", "17;" },
    { "HEAD", "/offers/17", NGX_OK, "/offers/:id", "17;" },
    { "DELETE", "/offers/17", NGX_OK, "/offers/:key", "17;" },
    { "GET", "/offers/17/x", NGX_DECLINED, NULL, NULL },
    { "GET", "/offers/a%2Fb%20c", NGX_OK, "/offers/:id", "a/b c;" },
    { "GET", "/offers/a+b", NGX_OK, "/offers/:id", "a+b;" },
    { "GET", "/offers/%C3%A9", NGX_OK, "/offers/:id", "\xc3\xa9;" },
    { "GET", "/offers/%3F%23", NGX_OK, "/offers/:id", "?#;" },
    { "GET", "/offers/.", NGX_DECLINED, NULL, NULL },
    { "GET", "/offers/..", NGX_DECLINED, NULL, NULL },
    { "GET", "/offers/%2e%2E", NGX_DECLINED, NULL, NULL },
    { "GET", "/offers/...", NGX_OK, "/offers/:id", "...;" },

    /* literal first, with a way back */

    { "GET", "/users/me", NGX_OK, "/users/me", "" },
    { "GET", "/users/m%65", NGX_OK, "/users/me", "" },
    { "GET", "/users/mee", NGX_OK, "/users/:id", "mee;" },
    { "GET", "/users/me/orders/5", NGX_OK, "/users/:id/orders/:order",
      "me;5;" },
    { "DELETE", "/users/me", NGX_OK, "/users/:id", "me;" },
    { "GET", "/a/b/c", NGX_OK, "/a/b/c", "" },
    { "GET", "/a/b/d", NGX_OK, "/a/:x/d", "b;" },
    { "GET", "/a/b/e", NGX_OK, "/a/*rest", "b/e;" },
    { "GET", "/a/b", NGX_OK, "/a/*rest", "b;" },
    { "GET", "/a/b/c/d", NGX_OK, "/a/*rest", "b/c/d;" },
    { "POST", "/a/b/c", NGX_OK, "/a/b/:y", "c;" },
    { "GET", "/a", NGX_DECLINED, NULL, NULL },
    { "GET", "/a/", NGX_DECLINED, NULL, NULL },
    { "GET", "/a-b.c~d_e/1/2", NGX_OK, "/a-b.c~d_e/:x/:x2", "1;2;" },

    /* the wildcard */

    { "GET", "/files/7/x.txt", NGX_OK, "/files/:owner/*path", "7;x.txt;" },
    { "GET", "/files/7/a/b%20c/", NGX_OK, "/files/:owner/*path",
      "7;a/b c/;" },
    { "GET", "/files/7/", NGX_DECLINED, NULL, NULL },
    { "GET", "/files/7/a//b", NGX_DECLINED, NULL, NULL },
    { "GET", "/offers/..%2Fpublic", NGX_DECLINED, NULL, NULL },
    { "GET", "/offers/a%2f..%2f..%2fb", NGX_DECLINED, NULL, NULL },
    { "GET", "/offers/a%2F.", NGX_DECLINED, NULL, NULL },
    { "GET", "/offers/a%2Fb..", NGX_OK, "/offers/:id", "a/b..;" },
    { "GET", "/files/7/../x", NGX_DECLINED, NULL, NULL },
    { "GET", "/files/7/a%2F..%2Fb", NGX_DECLINED, NULL, NULL },
    { "GET", "/files/7/..%2Fb", NGX_DECLINED, NULL, NULL },
    { "GET", "/files/7/a%2F.", NGX_DECLINED, NULL, NULL },
    { "GET", "/caf%c3%a9/1", NGX_OK, "/caf%C3%A9/:x", "1;" },
    { "GET", "/caf\xc3\xa9/1", NGX_OK, "/caf%C3%A9/:x", "1;" },

    /* known path, other method */

    { "DELETE", "/offers", NGX_DONE, "GET, HEAD, POST", NULL },
    { "POST", "/offers/1?x", NGX_DONE, "GET, HEAD, PUT, DELETE", NULL },
    { "POST", "/users/me", NGX_DONE, "GET, HEAD, PATCH, DELETE, OPTIONS",
      NULL },
    { "PATCH", "/users/1", NGX_DONE, "GET, HEAD, DELETE", NULL },
    { "PUT", "/a/b/c", NGX_DONE, "GET, HEAD, POST", NULL },
    { "PROPFIND", "/offers", NGX_DONE, "GET, HEAD, POST", NULL },
    { "get", "/offers", NGX_DONE, "GET, HEAD, POST", NULL },
    { "GET", "/only", NGX_DONE, "OPTIONS", NULL },
    { "POST", "/nowhere", NGX_DECLINED, NULL, NULL },

    /* malformed */

    { "GET", "/offers/%", NGX_ABORT,
      "must not contain an invalid percent escape", NULL },
    { "GET", "/offers/%4", NGX_ABORT,
      "must not contain an invalid percent escape", NULL },
    { "GET", "/offers/%zz", NGX_ABORT,
      "must not contain an invalid percent escape", NULL },
    { "GET", "/%%/1", NGX_ABORT,
      "must not contain an invalid percent escape", NULL },
    { "GET", "/offers/a%00", NGX_ABORT, "must not contain a zero byte", NULL },
    { "GET", "/offers/%FF", NGX_ABORT, "must be valid UTF-8", NULL },
    { "GET", "/offers/\xff", NGX_ABORT, "must be valid UTF-8", NULL },
    { "GET", "/files/7/a/%C3", NGX_ABORT, "must be valid UTF-8", NULL },
};


static struct {
    const char  *method;
    const char  *path;
    const char  *err;
} test_errors[] = {
    { "HEAD", "/x", "method \"HEAD\" needs no route, that of \"GET\" "
      "answers it" },
    { "get", "/x", "unknown method \"get\", use GET, POST, PUT, PATCH, "
      "DELETE or OPTIONS" },
    { "GET", "", "path \"\" must begin with \"/\"" },
    { "GET", "offers", "path \"offers\" must begin with \"/\"" },
    { "GET", "/a//b", "empty segment in path \"/a//b\", write a single "
      "\"/\"" },
    { "GET", "/a/:", "parameter without a name in path \"/a/:\", write "
      "\":NAME\"" },
    { "GET", "/a/*", "parameter without a name in path \"/a/*\", write "
      "\"*NAME\"" },
    { "GET", "/a/:b-c", "invalid parameter name \"b-c\" in path \"/a/:b-c\", "
      "use letters, digits and \"_\", a letter first" },
    { "GET", "/a/:1", "invalid parameter name \"1\" in path \"/a/:1\", use "
      "letters, digits and \"_\", a letter first" },
    { "GET", "/a/:x/:x", "duplicate parameter \"x\" in path \"/a/:x/:x\", "
      "give each its own name" },
    { "GET", "/a/*x/b", "wildcard \"*x\" must be the last part of path "
      "\"/a/*x/b\"" },
    { "GET", "/a b", "invalid character in segment \"a b\" of path \"/a b\", "
      "percent-encode it" },
    { "GET", "/a?x=1", "invalid character in segment \"a?x=1\" of path "
      "\"/a?x=1\", percent-encode it" },
    { "GET", "/a%", "segment \"a%\" of path \"/a%\" must not contain an "
      "invalid percent escape" },
    { "GET", "/a/../b", "segment \"..\" of path \"/a/../b\" can never be "
      "matched, leave it out" },
    { "GET", "/offers", "duplicate route \"GET /offers\", another one of the "
      "same shape is there already" },
    { "GET", "/offers/", "duplicate route \"GET /offers/\", another one of "
      "the same shape is there already" },
    { "GET", "/offers/:other", "duplicate route \"GET /offers/:other\", "
      "another one of the same shape is there already" },
    { "GET", "/%6Fffers", "duplicate route \"GET /%6Fffers\", another one of "
      "the same shape is there already" },
    { "GET", "/a/*other", "duplicate route \"GET /a/*other\", another one of "
      "the same shape is there already" },
};


static ngx_str_t
test_text(const char *text)
{
    ngx_str_t  s;

    s.data = (u_char *) (uintptr_t) text;
    s.len = ngx_strlen(text);

    return s;
}


static ngx_app_router_t *
test_router(ngx_pool_t *pool)
{
    ngx_str_t                method, path;
    ngx_uint_t               i;
    ngx_app_router_t        *router;
    ngx_app_router_route_t  *route;

    router = ngx_app_router_create(pool);
    assert_non_null(router);

    for (i = 0; i < sizeof(test_routes) / sizeof(test_routes[0]); i++) {
        method = test_text(test_routes[i].method);
        path = test_text(test_routes[i].path);

        route = ngx_app_router_add(router, &method, &path, &test_routes[i]);
        if (route == NULL) {
            fail_msg("%.*s", (int) router->err.len, router->err.data);
        }

        assert_ptr_equal(route->data, &test_routes[i]);
    }

    return router;
}


static void
test_paths_find_their_routes(void **state)
{
    u_char                   values[256], *p;
    ngx_int_t                rc;
    ngx_str_t                method, uri, s;
    ngx_uint_t               i, n;
    test_match_t            *t;
    test_route_t            *found;
    ngx_app_router_t        *router;
    ngx_app_router_match_t   m;

    router = test_router(*state);

    for (i = 0; i < sizeof(test_matches) / sizeof(test_matches[0]); i++) {
        t = &test_matches[i];
        method = test_text(t->method);
        uri = test_copy(*state, t->uri, ngx_strlen(t->uri));

        rc = ngx_app_router_match(router, &method, &uri, *state, &m);

        if (rc != t->rc) {
            fail_msg("%s %s: %d", t->method, t->uri, (int) rc);
        }

        if (rc == NGX_DONE) {
            assert_str_z(m.allow, t->want);
        }

        if (rc == NGX_ABORT) {
            assert_string_equal(m.err, t->want);
        }

        if (rc != NGX_OK) {
            continue;
        }

        found = m.route->data;
        assert_string_equal(found->path, t->want);

        p = values;

        for (n = 0; n < m.route->nparams; n++) {
            p = ngx_sprintf(p, "%V;", &m.values[n]);
        }

        s.data = values;
        s.len = p - values;
        assert_str_z(s, t->values);
    }
}


static void
test_names_are_the_routes_own(void **state)
{
    ngx_str_t                method, uri;
    ngx_app_router_t        *router;
    ngx_app_router_match_t   m;

    router = test_router(*state);
    uri = test_text("/offers/1");

    method = test_text("GET");
    assert_int_equal(ngx_app_router_match(router, &method, &uri, *state, &m),
                     NGX_OK);
    assert_int_equal(m.route->nparams, 1);
    assert_str(m.route->params[0], "id");

    /* not decoded, not copied */

    assert_ptr_equal(m.values[0].data, uri.data + 8);

    method = test_text("DELETE");
    assert_int_equal(ngx_app_router_match(router, &method, &uri, *state, &m),
                     NGX_OK);
    assert_str(m.route->params[0], "key");
}


static void
test_bad_routes_are_told(void **state)
{
    ngx_str_t          method, path;
    ngx_uint_t         i;
    ngx_app_router_t  *router;

    router = test_router(*state);

    for (i = 0; i < sizeof(test_errors) / sizeof(test_errors[0]); i++) {
        method = test_text(test_errors[i].method);
        path = test_text(test_errors[i].path);

        assert_null(ngx_app_router_add(router, &method, &path, router));
        assert_str_z(router->err, test_errors[i].err);

        assert_int_equal(router->conflict != NULL,
                         ngx_strncmp(test_errors[i].err, "duplicate route",
                                     15)
                         == 0);
    }
}


static void
test_sizes_are_bounded(void **state)
{
    u_char                  *p;
    ngx_str_t                method, uri, path;
    ngx_uint_t               n;
    ngx_app_router_t        *router;
    ngx_app_router_match_t   m;

    router = test_router(*state);
    method = test_text("GET");

    uri.data = ngx_palloc(*state, NGX_APP_ROUTER_MAX_PATH + 2);
    uri.len = NGX_APP_ROUTER_MAX_PATH;
    ngx_memset(uri.data, 'x', NGX_APP_ROUTER_MAX_PATH + 2);
    ngx_memcpy(uri.data, "/offers/", 8);

    assert_int_equal(ngx_app_router_match(router, &method, &uri, *state, &m),
                     NGX_OK);
    assert_int_equal(m.values[0].len, NGX_APP_ROUTER_MAX_PATH - 8);

    uri.len++;
    assert_int_equal(ngx_app_router_match(router, &method, &uri, *state, &m),
                     NGX_BUSY);

    uri.data[NGX_APP_ROUTER_MAX_PATH] = '?';
    assert_int_equal(ngx_app_router_match(router, &method, &uri, *state, &m),
                     NGX_OK);

    for (n = NGX_APP_ROUTER_MAX_SEGMENTS; n < 200; n++) {
        p = ngx_cpymem(uri.data, "/a", 2);

        while (p < uri.data + 2 * n) {
            *p++ = '/';
            *p++ = 'b';
        }

        uri.len = 2 * n;

        assert_int_equal(ngx_app_router_match(router, &method, &uri, *state,
                                              &m),
                         (n == NGX_APP_ROUTER_MAX_SEGMENTS) ? NGX_OK
                                                            : NGX_BUSY);
    }

    assert_null(ngx_app_router_add(router, &method, &uri, router));

    path = test_text("/:a/:b/:c/:d/:e/:f/:g/:h/:i/:j/:k/:l/:m/:n/:o/:p");
    assert_non_null(ngx_app_router_add(router, &method, &path, router));

    uri = test_text("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16");
    assert_int_equal(ngx_app_router_match(router, &method, &uri, *state, &m),
                     NGX_OK);
    assert_str(m.values[15], "16");

    path = test_text("/:a/:b/:c/:d/:e/:f/:g/:h/:i/:j/:k/:l/:m/:n/:o/:p/:q");
    assert_null(ngx_app_router_add(router, &method, &path, router));
}


static void
test_many_literals(void **state)
{
    ngx_str_t                method, path;
    ngx_uint_t               i;
    ngx_app_router_t        *router;
    ngx_app_router_match_t   m;

    router = ngx_app_router_create(*state);
    method = test_text("GET");

    for (i = 0; i < 500; i++) {
        path.data = ngx_palloc(*state, 32);
        path.len = ngx_sprintf(path.data, "/x/n%ui", i * 7919 % 500)
                   - path.data;
        assert_non_null(ngx_app_router_add(router, &method, &path,
                                           path.data));
    }

    for (i = 0; i < 500; i++) {
        path.data = ngx_palloc(*state, 32);
        path.len = ngx_sprintf(path.data, "/x/n%ui", i) - path.data;

        assert_int_equal(ngx_app_router_match(router, &method, &path, *state,
                                              &m),
                         NGX_OK);
        assert_memory_equal(m.route->data, path.data, path.len);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_paths_find_their_routes),
        test_case(test_names_are_the_routes_own),
        test_case(test_bad_routes_are_told),
        test_case(test_sizes_are_bounded),
        test_case(test_many_literals),
    };

    return test_run(tests);
}
