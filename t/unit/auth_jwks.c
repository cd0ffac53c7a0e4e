
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <auth/ngx_app_jwks.h>
#include <core/ngx_app_base64url.h>


#define NOW  1300819300

/* RFC 7515, appendixes A.2 and A.3: keys, and tokens with the same claims */

#define RSA_N                                                                 \
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4q" \
    "PCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ4" \
    "7soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBE" \
    "Ma2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWN" \
    "moudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
#define EC_X  "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define EC_Y  "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"

#define RFC_BODY  "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"         \
                  "Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define RSA_TOKEN                                                             \
    "eyJhbGciOiJSUzI1NiJ9." RFC_BODY "."                                      \
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4" \
    "Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_" \
    "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn" \
    "6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI" \
    "8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
#define EC_TOKEN                                                              \
    "eyJhbGciOiJFUzI1NiJ9." RFC_BODY "."                                      \
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfK" \
    "TUJqPP3-Kg6NU1Q"

/* RFC 7517, appendix A.1 */

#define RFC_SET                                                               \
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","                           \
    "\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","                  \
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\","                  \
    "\"use\":\"enc\",\"kid\":\"1\"},"                                         \
    "{\"kty\":\"RSA\",\"n\": \"" RFC_N "\","                                  \
    "\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"}]}"
#define RFC_N                                                                 \
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7a" \
    "PFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArw" \
    "l93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0z" \
    "gdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2Nc" \
    "Rwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"

/* RFC 8037, appendix A.2, and the signature of A.4 */

#define ED_KEY                                                                \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                                   \
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

#define RSA(more)                                                             \
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"" more "}"
#define EC(more)                                                              \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"" \
    more "}"
#define SET(keys)  "{\"keys\":[" keys "]}"


static ngx_int_t
parse(ngx_app_jwks_t *set, ngx_app_jwt_alg_e alg, const char *text, size_t len,
    ngx_pool_t *pool, const char **err)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    /* an own block, so that a read past it, or after it, is seen */

    s.data = malloc(len + (len == 0));
    s.len = len;
    ngx_memcpy(s.data, text, len);

    ngx_memzero(set, sizeof(ngx_app_jwks_t));
    set->alg = alg;
    set->max_keys = 4;

    rc = ngx_app_jwks_parse(set, &s, pool, err);

    free(s.data);

    return rc;
}


#define parse_z(set, alg, text, pool, err)                                    \
    parse(set, alg, text, strlen(text), pool, err)


static ngx_int_t
verify(ngx_app_jwks_t *set, const char *text, ngx_pool_t *pool)
{
    ngx_int_t      rc;
    ngx_str_t      token, claims;
    const char    *err;
    ngx_app_jwt_t  jwt;

    ngx_memzero(&jwt, sizeof(jwt));
    jwt.alg = set->alg;
    jwt.published = 1;
    jwt.keys = set->keys;

    token.data = (u_char *) (uintptr_t) text;
    token.len = strlen(text);

    rc = ngx_app_jwt_verify(&jwt, &token, NOW, pool, &claims, &err);

    if (rc == NGX_OK) {
        assert_int_equal(claims.data[0], '{');
    }

    return rc;
}


static void
test_sets_of_the_standards(void **state)
{
    ngx_pool_t  *pool = *state;

    u_char                   sign[64];
    size_t                   n;
    ngx_str_t                s, text = ngx_string(
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
    const char              *err;
    ngx_app_jwks_t           set;
    ngx_app_jwt_key_t       *key;
    ngx_app_jwks_skipped_t  *skipped;

    static const char  ed_sign[] = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AI"
                                   "bQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpA"
                                   "r_MuM0KAg";

    assert_int_equal(parse_z(&set, NGX_APP_JWT_RS256, RFC_SET, pool, &err),
                     NGX_OK);
    assert_int_equal(set.keys.nelts, 1);
    key = set.keys.elts;
    assert_str(key->kid, "2011-04-29");
    assert_int_equal(key->sign, 0);
    assert_int_equal(set.skipped.nelts, 1);
    skipped = set.skipped.elts;
    assert_str(skipped->kid, "1");
    assert_string_equal(skipped->why, "its \"kty\" is another one");

    assert_int_equal(parse_z(&set, NGX_APP_JWT_ES256, RFC_SET, pool, &err),
                     NGX_DECLINED);
    assert_string_equal(err, "it has no key that could be used");
    skipped = set.skipped.elts;
    assert_string_equal(skipped->why, "its \"use\" is not \"sig\"");

    assert_int_equal(parse_z(&set, NGX_APP_JWT_EDDSA, SET(ED_KEY), pool, &err),
                     NGX_OK);
    s.data = sign;
    assert_int_equal(ngx_app_base64url_decode(sign, (const u_char *) ed_sign,
                                              sizeof(ed_sign) - 1, &n),
                     NGX_OK);
    s.len = n;
    assert_int_equal(ngx_app_jwt_key_verify(set.keys.elts, NGX_APP_JWT_EDDSA,
                                            &text, &s), NGX_OK);
    sign[0] ^= 1;
    assert_int_equal(ngx_app_jwt_key_verify(set.keys.elts, NGX_APP_JWT_EDDSA,
                                            &text, &s), NGX_DECLINED);
}


static void
test_tokens_of_the_standard(void **state)
{
    ngx_pool_t  *pool = *state;

    const char      *err;
    ngx_app_jwks_t   rsa, ec;

    assert_int_equal(parse_z(&rsa, NGX_APP_JWT_RS256,
                             SET(EC("") "," RSA(",\"use\":\"sig\"")), pool,
                             &err), NGX_OK);
    assert_int_equal(parse_z(&ec, NGX_APP_JWT_ES256,
                             SET(EC("") "," RSA("")), pool, &err), NGX_OK);

    assert_int_equal(verify(&rsa, RSA_TOKEN, pool), NGX_OK);
    assert_int_equal(verify(&ec, EC_TOKEN, pool), NGX_OK);

    /* the algorithm is that of the configuration, whatever the set has */

    assert_int_equal(verify(&rsa, EC_TOKEN, pool), NGX_DECLINED);
    assert_int_equal(verify(&ec, RSA_TOKEN, pool), NGX_DECLINED);
}


static void
test_a_token_has_one_key(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t          i;
    ngx_str_t       kid;
    const char     *err;
    ngx_app_jwt_t   jwt;
    ngx_app_jwks_t  set;

    static const struct {
        const char  *set;
        const char  *kid;
        ngx_int_t    found;       /* which one; -1: none */
    } cases[] = {
        { SET(EC("")), "", 0 },
        { SET(EC("")), "a", 0 },
        { SET(EC(",\"kid\":\"a\"")), "", 0 },
        { SET(EC(",\"kid\":\"a\"")), "a", 0 },
        { SET(EC(",\"kid\":\"a\"")), "b", -1 },
        { SET(EC("") "," EC("")), "", -1 },
        { SET(EC("") "," EC("")), "a", -1 },
        { SET(EC("") "," EC(",\"kid\":\"a\"")), "", -1 },
        { SET(EC("") "," EC(",\"kid\":\"a\"")), "a", 1 },
        { SET(EC(",\"kid\":\"b\"") "," EC(",\"kid\":\"a\"")), "a", 1 },
        { SET(EC(",\"kid\":\"b\"") "," EC(",\"kid\":\"a\"")), "A", -1 },
        { SET(EC(",\"kid\":\"b\"") "," EC(",\"kid\":\"b\"")), "b", 0 },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(parse_z(&set, NGX_APP_JWT_ES256, cases[i].set, pool,
                                 &err), NGX_OK);
        ngx_memzero(&jwt, sizeof(jwt));
        jwt.keys = set.keys;
        kid.data = (u_char *) (uintptr_t) cases[i].kid;
        kid.len = strlen(cases[i].kid);

        assert_ptr_equal(ngx_app_jwt_key_find(&jwt, &kid),
                         cases[i].found < 0 ? NULL
                         : (ngx_app_jwt_key_t *) set.keys.elts
                           + cases[i].found);
    }

    ngx_memzero(&jwt, sizeof(jwt));
    ngx_str_set(&kid, "a");
    assert_null(ngx_app_jwt_key_find(&jwt, &kid));
    kid.len = 0;
    assert_null(ngx_app_jwt_key_find(&jwt, &kid));
}


static void
test_keys_that_are_skipped(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t                   i;
    const char              *err;
    ngx_app_jwks_t           set;
    ngx_app_jwks_skipped_t  *skipped;

    static const struct {
        ngx_app_jwt_alg_e   alg;
        const char         *key;
        const char         *why;
    } cases[] = {
        { NGX_APP_JWT_RS256, "1", "it is no object, or has a member twice" },
        { NGX_APP_JWT_RS256, "{}", "its \"kty\" is another one" },
        { NGX_APP_JWT_RS256, RSA(",\"kty\":\"RSA\""),
          "it is no object, or has a member twice" },
        { NGX_APP_JWT_RS256, "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3um\"}",
          "its \"kty\" is another one" },
        { NGX_APP_JWT_RS256, "{\"kty\":\"rsa\",\"n\":\"" RSA_N
          "\",\"e\":\"AQAB\"}", "its \"kty\" is another one" },
        { NGX_APP_JWT_RS256, RSA(",\"use\":\"enc\""),
          "its \"use\" is not \"sig\"" },
        { NGX_APP_JWT_RS256, RSA(",\"use\":[\"sig\"]"),
          "its \"use\" is not \"sig\"" },
        { NGX_APP_JWT_RS256, RSA(",\"key_ops\":[\"encrypt\",1]"),
          "its \"key_ops\" have no \"verify\"" },
        { NGX_APP_JWT_RS256, RSA(",\"key_ops\":\"verify\""),
          "its \"key_ops\" have no \"verify\"" },
        { NGX_APP_JWT_RS256, RSA(",\"alg\":\"RS512\""),
          "its \"alg\" is another one" },
        { NGX_APP_JWT_RS256, RSA(",\"alg\":\"HS256\""),
          "its \"alg\" is another one" },
        { NGX_APP_JWT_RS256, RSA(",\"d\":\"AQAB\""),
          "it is published with its private part" },
        { NGX_APP_JWT_RS256, RSA(",\"qi\":null"),
          "it is published with its private part" },
        { NGX_APP_JWT_RS256, RSA(",\"kid\":7"),
          "its \"kid\" is no text, or longer than 256 bytes" },
        { NGX_APP_JWT_RS256, "{\"kty\":\"RSA\",\"e\":\"AQAB\"}",
          "its \"n\" or \"e\" is no number in base64url" },
        { NGX_APP_JWT_RS256, "{\"kty\":\"RSA\",\"n\":[1],\"e\":\"AQAB\"}",
          "its \"n\" or \"e\" is no number in base64url" },
        { NGX_APP_JWT_RS256, "{\"kty\":\"RSA\",\"n\":\"" RSA_N
          "\",\"e\":\"AQA=\"}",
          "its \"n\" or \"e\" is no number in base64url" },
        { NGX_APP_JWT_RS256, "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
          "it is too short, an RSA key has 2048 bits or more" },
        { NGX_APP_JWT_RS256, "{\"kty\":\"RSA\",\"n\":\"" RSA_N
          "\",\"e\":\"AQ\"}", "its \"n\" or \"e\" is none of an RSA key" },
        { NGX_APP_JWT_RS256, "{\"kty\":\"RSA\",\"n\":\"" RSA_N
          "\",\"e\":\"AQAA\"}", "its \"n\" or \"e\" is none of an RSA key" },
        { NGX_APP_JWT_RS256, "{\"kty\":\"RSA\",\"n\":\"" RSA_N
          "\",\"e\":\"AQAAAAAB\"}",
          "its \"n\" or \"e\" is none of an RSA key" },
        { NGX_APP_JWT_RS256, "{\"kty\":\"RSA\",\"n\":\"" RSA_N RSA_N RSA_N
          RSA_N "\",\"e\":\"AQAB\"}",
          "its \"n\" or \"e\" is no number in base64url" },
        { NGX_APP_JWT_ES256, "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" EC_X
          "\",\"y\":\"" EC_Y "\"}", "its \"crv\" is another one" },
        { NGX_APP_JWT_ES256, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
          "\",\"y\":\"" EC_X "\"}", "its point is not on the curve" },
        { NGX_APP_JWT_ES256, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
          "\",\"y\":\"AQAB\"}",
          "its \"x\" or \"y\" is no number of 32 bytes in base64url" },
        { NGX_APP_JWT_ES256, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
          "\"}", "its \"x\" or \"y\" is no number of 32 bytes in base64url" },
        { NGX_APP_JWT_EDDSA, "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" EC_X
          "\"}", "its \"crv\" is another one" },
        { NGX_APP_JWT_EDDSA, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\"}",
          "its \"x\" is no number of 32 bytes in base64url" },
        { NGX_APP_JWT_EDDSA, EC(""), "its \"kty\" is another one" },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        u_char  text[4096];

        *ngx_sprintf(text, "{\"keys\":[%s]}", cases[i].key) = '\0';

        assert_int_equal(parse_z(&set, cases[i].alg, (char *) text, pool,
                                 &err), NGX_DECLINED);
        assert_string_equal(err, "it has no key that could be used");
        assert_int_equal(set.skipped.nelts, 1);
        skipped = set.skipped.elts;
        assert_string_equal(skipped->why, cases[i].why);
    }
}


static void
test_keys_that_are_taken(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t          i;
    const char     *err;
    ngx_app_jwks_t  set;

    static const char  *good[] = {
        SET(RSA(",\"x5c\":[\"MIID\"],\"more\":{\"n\":[[1]]}")),
        SET(RSA(",\"key_ops\":[\"sign\",\"verify\"]")),
        "{\"x\":{\"keys\":1},\"keys\":[1,{}," RSA("") "]}",

        /* a zero in front, and an exponent of three */

        SET("{\"kty\":\"RSA\",\"n\":\"AKH4Fgri48m0Zc6NLWViYzYrkn2-KeHwJHf8Fi"
            "XMkKE244vZNJfFtupj3XcR5nx0KflWsPuKjwia3EtpiTzBMz9T7dAZuHeEJS_sk"
            "U_khXdpWUvqQoDTLA9Vv2KUTxMDlrxum99uvdK9o2eO7KDGaPcBs42_-zjINCzi"
            "_m0n-t5KWkh0l53Uuc-a3sTHWwWFLCwPXvilwXUDkvlE6O1kwRDGtkdgmqR4Ouu"
            "cbJrXVTEwUGOLg2Zcb296gqOWcCofZBuC0-vyOSIZSR-2hocsVxb1Cvg1jZqLnR"
            "fDQHKPf4fYmhjY_KtnrYRZDC7PdZM5NjwHA01vYG-eIeBUVsrl6aE\","
            "\"e\":\"Aw\"}"),
    };

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(parse_z(&set, NGX_APP_JWT_RS256, good[i], pool, &err),
                         NGX_OK);
        assert_int_equal(set.keys.nelts, 1);
    }
}


static void
test_sets_that_are_refused(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t          i;
    const char     *err;
    ngx_app_jwks_t  set;

    static const char  *bad[] = {
        "", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[" RSA("") "]",
        "{\"keys\":[" RSA("") "]}}", "{\"keys\":[" RSA("") "],\"keys\":[]}",
        "{\"keys\":\"" RSA_N "\"}", "{\"Keys\":[]}", "<html></html>",
        "{\"keys\":[" RSA(",\"x\":\"\xff\"") "]}",
        "{\"a\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]],\"keys\":[" RSA("") "]}",
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(parse_z(&set, NGX_APP_JWT_RS256, bad[i], pool, &err),
                         NGX_DECLINED);
        assert_string_equal(err, "it is no JSON object with one list "
                            "\"keys\"");
    }

    assert_int_equal(parse_z(&set, NGX_APP_JWT_RS256, "{\"keys\":[]}", pool,
                             &err), NGX_DECLINED);
    assert_string_equal(err, "it has no key that could be used");

    assert_int_equal(parse_z(&set, NGX_APP_JWT_RS256,
                             SET("1,2,3," RSA("")), pool, &err), NGX_OK);
    assert_int_equal(parse_z(&set, NGX_APP_JWT_RS256,
                             SET("1,2,3,4," RSA("")), pool, &err),
                     NGX_DECLINED);
    assert_string_equal(err, "it has more keys than jwks_max_keys=");
}


static void
test_cut_sets_are_refused(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t          i;
    const char     *err;
    ngx_app_jwks_t  set;

    static char  all[] = SET(EC(",\"kid\":\"\\u0061\",\"key_ops\":[\"verify\"]")
                             "," RSA(",\"use\":\"sig\"") "," ED_KEY);

    for (i = 0; i < sizeof(all) - 1; i++) {
        assert_int_equal(parse(&set, NGX_APP_JWT_ES256, all, i, pool, &err),
                         NGX_DECLINED);
    }

    assert_int_equal(parse(&set, NGX_APP_JWT_ES256, all, i, pool, &err),
                     NGX_OK);
    assert_int_equal(set.skipped.nelts, 2);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_sets_of_the_standards),
        test_case(test_tokens_of_the_standard),
        test_case(test_a_token_has_one_key),
        test_case(test_keys_that_are_skipped),
        test_case(test_keys_that_are_taken),
        test_case(test_sets_that_are_refused),
        test_case(test_cut_sets_are_refused),
    };

    return test_run(tests);
}
