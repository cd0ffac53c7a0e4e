
/*
 * Copyright (C) the project authors
 */


#include <unit/test.h>

#include <auth/ngx_app_jwt.h>
#include <auth/ngx_app_password.h>
#include <core/ngx_app_base64url.h>


#define NOW  1300819300

/* RFC 7515, appendix A.1 */
#define RFC_HEAD  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
#define RFC_BODY  "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"     \
                  "Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define RFC_SIGN  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define RFC_KEY   "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"  \
                  "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"


/* RFC 8037, appendix A, as PKCS#8 and as SubjectPublicKeyInfo */
static char  ed_private[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
static char  ed_public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
    "-----END PUBLIC KEY-----\n";


static ngx_str_t
str(const char *text)
{
    ngx_str_t  s;

    s.len = ngx_strlen(text);
    s.data = malloc(s.len + 1);
    ngx_memcpy(s.data, text, s.len);

    return s;
}


static void
make(ngx_app_jwt_t *jwt, ngx_pool_t *pool)
{
    size_t              n;
    ngx_app_jwt_key_t  *key;

    ngx_memzero(jwt, sizeof(ngx_app_jwt_t));
    jwt->alg = NGX_APP_JWT_HS256;
    assert_int_equal(ngx_array_init(&jwt->keys, pool, 2,
                                    sizeof(ngx_app_jwt_key_t)), NGX_OK);

    key = ngx_array_push(&jwt->keys);
    ngx_memzero(key, sizeof(ngx_app_jwt_key_t));
    key->secret.data = ngx_pnalloc(pool, 64);
    assert_int_equal(ngx_app_base64url_decode(key->secret.data,
                                              (u_char *) RFC_KEY,
                                              sizeof(RFC_KEY) - 1, &n),
                     NGX_OK);
    key->secret.len = n;
    key->sign = 1;
}


static void
add(ngx_pool_t *pool, ngx_array_t *list, const char *text)
{
    ngx_str_t  *s;

    if (list->elts == NULL) {
        assert_int_equal(ngx_array_init(list, pool, 1, sizeof(ngx_str_t)),
                         NGX_OK);
    }

    s = ngx_array_push(list);
    s->len = strlen(text);
    s->data = (u_char *) (uintptr_t) text;
}


/* signs what a header and a payload are */

static ngx_int_t
check(ngx_pool_t *pool, ngx_app_jwt_t *jwt, const char *head,
    const char *body, ngx_str_t *claims)
{
    u_char      *p, *text, mac[NGX_APP_JWT_MAX_SIGN];
    ngx_int_t    rc;
    ngx_str_t    token, sign;
    const char  *err;

    text = ngx_pnalloc(pool, 4096);
    p = ngx_app_base64url_encode(text, (const u_char *) head, strlen(head));
    *p++ = '.';
    p = ngx_app_base64url_encode(p, (const u_char *) body, strlen(body));

    token.data = text;
    token.len = p - text;
    sign.data = mac;
    assert_int_equal(ngx_app_jwt_key_sign(jwt->keys.elts, jwt->alg, &token,
                                          &sign), NGX_OK);
    *p++ = '.';
    p = ngx_app_base64url_encode(p, sign.data, sign.len);

    /* an own block, so that a read past it is seen */

    token.len = p - text;
    token.data = malloc(token.len);
    ngx_memcpy(token.data, text, token.len);

    rc = ngx_app_jwt_verify(jwt, &token, NOW, pool, claims, &err);
    free(token.data);

    return rc;
}


static void
test_base64url_is_strict(void **state)
{
    size_t       i, n;
    u_char       out[64];
    const char  *bad[] = { "A", "AA=", "AA==", "A+", "A/", "AB", "AAB",
                           "AA A", "AA\n", "AAAAA" };
    const char  *good[] = { "", "AA", "AAA", "AAAA", "-_-_", "Zm8" };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(ngx_app_base64url_decode(out, (const u_char *) bad[i],
                                                  strlen(bad[i]), &n),
                         NGX_DECLINED);
    }

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        u_char  back[64], *p;

        assert_int_equal(ngx_app_base64url_decode(out,
                                                  (const u_char *) good[i],
                                                  strlen(good[i]), &n),
                         NGX_OK);
        p = ngx_app_base64url_encode(back, out, n);
        assert_int_equal(p - back, strlen(good[i]));
        assert_memory_equal(back, good[i], p - back);
        assert_int_equal(ngx_app_base64url_encoded_len(n), p - back);
    }
}


static void
test_example_of_the_standard(void **state)
{
    ngx_pool_t  *pool = *state;

    ngx_str_t      token = ngx_string(RFC_HEAD "." RFC_BODY "." RFC_SIGN);
    ngx_str_t      claims;
    const char    *err;
    ngx_app_jwt_t  jwt;

    make(&jwt, pool);

    assert_int_equal(ngx_app_jwt_verify(&jwt, &token, NOW, pool, &claims,
                                        &err), NGX_OK);
    assert_str(claims, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n"
               " \"http://example.com/is_root\":true}");

    assert_int_equal(ngx_app_jwt_verify(&jwt, &token, 1300819380, pool,
                                        &claims, &err), NGX_DECLINED);
    assert_string_equal(err, "it has expired");
}


static void
test_headers_and_claims(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t         i;
    ngx_str_t      claims;
    ngx_app_jwt_t  jwt;

    static const struct {
        const char  *head;
        const char  *body;
        ngx_int_t    rc;
    } cases[] = {
#define HEAD  "{\"alg\":\"HS256\"}"
#define EXP   "\"exp\":1300819380"
        { HEAD, "{" EXP ",\"aud\":\"a\",\"iss\":\"i\"}", NGX_OK },
        { HEAD, "{" EXP ",\"aud\":[\"b\",\"a\"],\"iss\":\"i\"}", NGX_OK },
        { HEAD, "{\"x\":{\"exp\":1}," EXP ",\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_OK },
        { "{\"alg\":\"HS256\",\"kid\":\"k\"}",
          "{" EXP ",\"aud\":\"a\",\"iss\":\"i\"}", NGX_OK },
        { "{\"alg\":\"HS256\",\"kid\":1}",
          "{" EXP ",\"aud\":\"a\",\"iss\":\"i\"}", NGX_DECLINED },
        { "{\"alg\":\"hs256\"}",
          "{" EXP ",\"aud\":\"a\",\"iss\":\"i\"}", NGX_DECLINED },
        { "{\"alg\":\"none\"}",
          "{" EXP ",\"aud\":\"a\",\"iss\":\"i\"}", NGX_DECLINED },
        { "{\"alg\":\"none\",\"alg\":\"HS256\"}",
          "{" EXP ",\"aud\":\"a\",\"iss\":\"i\"}", NGX_DECLINED },
        { "{\"x\":{\"alg\":\"HS256\"}}",
          "{" EXP ",\"aud\":\"a\",\"iss\":\"i\"}", NGX_DECLINED },
        { "{\"alg\":\"HS256\",\"crit\":[]}",
          "{" EXP ",\"aud\":\"a\",\"iss\":\"i\"}", NGX_DECLINED },
        { "[\"HS256\"]", "{" EXP ",\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_DECLINED },
        { HEAD "x", "{" EXP ",\"aud\":\"a\",\"iss\":\"i\"}", NGX_DECLINED },
        { HEAD, "{" EXP ",\"aud\":\"b\",\"iss\":\"i\"}", NGX_DECLINED },
        { HEAD, "{" EXP ",\"aud\":[\"b\"],\"iss\":\"i\"}", NGX_DECLINED },
        { HEAD, "{" EXP ",\"aud\":[[\"a\"]],\"iss\":\"i\"}", NGX_DECLINED },
        { HEAD, "{" EXP ",\"iss\":\"i\"}", NGX_DECLINED },
        { HEAD, "{" EXP ",\"aud\":\"a\"}", NGX_DECLINED },
        { HEAD, "{" EXP ",\"aud\":\"a\",\"iss\":\"i \"}", NGX_DECLINED },
        { HEAD, "{" EXP "," EXP ",\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_DECLINED },
        { HEAD, "{\"exp\":\"1300819380\",\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_DECLINED },
        { HEAD, "{\"exp\":1e99,\"aud\":\"a\",\"iss\":\"i\"}", NGX_DECLINED },
        { HEAD, "{\"exp\":99999999999999999999,\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_DECLINED },
        { HEAD, "{\"exp\":-1,\"aud\":\"a\",\"iss\":\"i\"}", NGX_DECLINED },
        { HEAD, "{\"exp\":1300819380.5,\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_OK },
        { HEAD, "{" EXP ",\"nbf\":1300819301,\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_DECLINED },
        { HEAD, "{" EXP ",\"nbf\":1300819300,\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_OK },
        { HEAD, "{" EXP ",\"iat\":1300819600,\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_OK },
        { HEAD, "{" EXP ",\"iat\":1300819601,\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_DECLINED },
        { HEAD, "{" EXP ",\"iat\":\"x\",\"aud\":\"a\",\"iss\":\"i\"}",
          NGX_DECLINED },
        { HEAD, "[]", NGX_DECLINED },
        { HEAD, "", NGX_DECLINED },
    };

    make(&jwt, pool);
    add(pool, &jwt.issuers, "i");
    add(pool, &jwt.audiences, "a");

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (check(pool, &jwt, cases[i].head, cases[i].body, &claims)
            != cases[i].rc)
        {
            fail_msg("%s . %s", cases[i].head, cases[i].body);
        }
    }
}


static void
test_one_issuer_and_audience_of_several(void **state)
{
    ngx_pool_t  *pool = *state;

    ngx_str_t      claims, text, token;
    const char    *err;
    ngx_app_jwt_t  jwt;

    make(&jwt, pool);
    add(pool, &jwt.issuers, "https://i");
    add(pool, &jwt.issuers, "i");
    add(pool, &jwt.audiences, "a");
    add(pool, &jwt.audiences, "b");

    assert_int_equal(check(pool, &jwt, HEAD, "{" EXP ",\"iss\":\"i\","
                           "\"aud\":\"b\"}", &claims), NGX_OK);
    assert_int_equal(check(pool, &jwt, HEAD, "{" EXP ",\"iss\":\"https://i\""
                           ",\"aud\":[\"c\",\"b\"]}", &claims), NGX_OK);
    assert_int_equal(check(pool, &jwt, HEAD, "{" EXP ",\"iss\":\"i\","
                           "\"aud\":\"c\"}", &claims), NGX_DECLINED);
    assert_int_equal(check(pool, &jwt, HEAD, "{" EXP ",\"iss\":[\"i\"],"
                           "\"aud\":\"a\"}", &claims), NGX_DECLINED);

    ngx_str_set(&text, "{}");
    assert_int_equal(ngx_app_jwt_issue(&jwt, &text, NOW, 60, pool, &token),
                     NGX_OK);
    assert_int_equal(ngx_app_jwt_verify(&jwt, &token, NOW, pool, &claims,
                                        &err), NGX_OK);
    assert_str(claims, "{\"iat\":1300819300,\"exp\":1300819360,"
               "\"iss\":\"https://i\",\"aud\":\"a\"}");
}


static void
test_keys_by_their_names(void **state)
{
    ngx_pool_t  *pool = *state;

    ngx_str_t           claims;
    ngx_app_jwt_t       jwt;
    ngx_app_jwt_key_t  *key;

    make(&jwt, pool);
    key = jwt.keys.elts;
    ngx_str_set(&key->kid, "a");

    assert_int_equal(check(pool, &jwt, "{\"alg\":\"HS256\",\"kid\":\"a\"}",
                           "{" EXP "}", &claims), NGX_OK);
    assert_int_equal(check(pool, &jwt, "{\"alg\":\"HS256\",\"kid\":\"b\"}",
                           "{" EXP "}", &claims), NGX_DECLINED);
    assert_int_equal(check(pool, &jwt, "{\"alg\":\"HS256\"}",
                           "{" EXP "}", &claims), NGX_OK);
}


/* RFC 8037, appendix A.4: the signature of a JWS */

static void
test_ed25519_of_the_standard(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t             n;
    u_char             sign[NGX_APP_JWT_MAX_SIGN], want[64];
    ngx_str_t          pem, s, text = ngx_string(
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
    const char        *err;
    ngx_app_jwt_key_t  key, public;

    static const char  expected[] = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AI"
                                    "bQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpA"
                                    "r_MuM0KAg";

    ngx_memzero(&key, sizeof(key));
    ngx_memzero(&public, sizeof(public));

    pem.data = (u_char *) ed_private;
    pem.len = sizeof(ed_private) - 1;
    assert_int_equal(ngx_app_jwt_key_set(&key, NGX_APP_JWT_EDDSA, &pem, pool,
                                         &err), NGX_OK);
    assert_true(key.sign);

    pem.data = (u_char *) ed_public;
    pem.len = sizeof(ed_public) - 1;
    assert_int_equal(ngx_app_jwt_key_set(&public, NGX_APP_JWT_EDDSA, &pem,
                                         pool, &err), NGX_OK);
    assert_false(public.sign);

    assert_int_equal(ngx_app_base64url_decode(want, (const u_char *) expected,
                                              sizeof(expected) - 1, &n),
                     NGX_OK);
    s.data = sign;
    assert_int_equal(ngx_app_jwt_key_sign(&key, NGX_APP_JWT_EDDSA, &text, &s),
                     NGX_OK);
    assert_int_equal(s.len, n);
    assert_memory_equal(sign, want, n);

    assert_int_equal(ngx_app_jwt_key_verify(&public, NGX_APP_JWT_EDDSA, &text,
                                            &s), NGX_OK);
    sign[3] ^= 1;
    assert_int_equal(ngx_app_jwt_key_verify(&public, NGX_APP_JWT_EDDSA, &text,
                                            &s), NGX_DECLINED);

    assert_int_equal(ngx_app_jwt_key_set(&public, NGX_APP_JWT_HS256, &pem,
                                         pool, &err), NGX_DECLINED);

    EVP_PKEY_free(key.pkey);
    EVP_PKEY_free(public.pkey);

    ngx_memzero(&key, sizeof(key));
    assert_int_equal(ngx_app_jwt_key_set(&key, NGX_APP_JWT_RS256, &pem, pool,
                                         &err), NGX_DECLINED);
    assert_int_equal(ngx_app_jwt_key_set(&key, NGX_APP_JWT_ES256, &pem, pool,
                                         &err), NGX_DECLINED);
}


static void
test_issued_tokens(void **state)
{
    ngx_pool_t  *pool = *state;

    size_t         i;
    ngx_str_t      text, token, claims;
    const char    *err;
    ngx_app_jwt_t  jwt;

    static const struct {
        const char  *in;
        const char  *out;
    } cases[] = {
        { "{}", "{\"iat\":1300819300,\"exp\":1300819360}" },
        { "{\"a\":1}", "{\"a\":1,\"iat\":1300819300,\"exp\":1300819360}" },
        { "{\"a\":\"\xc3\xa9>?~\xf0\x9f\x98\x80\x7f\"}",
          "{\"a\":\"\\u00e9\\u003e\\u003f\\u007e\\ud83d\\ude00\\u007f\","
          "\"iat\":1300819300,\"exp\":1300819360}" },
        { "[]", NULL },
        { "{\"a\":}", NULL },
        { "", NULL },
    };

    make(&jwt, pool);

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        text = str(cases[i].in);

        assert_int_equal(ngx_app_jwt_issue(&jwt, &text, NOW, 60, pool,
                                           &token),
                         cases[i].out ? NGX_OK : NGX_DECLINED);
        free(text.data);

        if (cases[i].out == NULL) {
            continue;
        }

        assert_int_equal(ngx_app_jwt_verify(&jwt, &token, NOW, pool, &claims,
                                            &err), NGX_OK);
        assert_str_z(claims, cases[i].out);
    }
}


static void
test_passwords(void **state)
{
    size_t              i;
    ngx_app_password_t  pw;

    /* of the original bcrypt, with each of its prefixes */

    static const struct {
        const char  *hash;
        ngx_uint_t   matches;
    } cases[] = {
        { "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", 1 },
        { "$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", 1 },
        { "$2y$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", 1 },
        { "$2x$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", 0 },
        { "$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxf", 0 },
        { "$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfx", 0 },
        { "$2b$31$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", 0 },
        { "", 0 }, { "a", 0 }, { "$argon2id$", 0 }, { "$2b$", 0 },
    };

    assert_int_equal(ngx_app_password_init(), NGX_OK);

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_memzero(&pw, sizeof(pw));
        pw.policy.alg = NGX_APP_PASSWORD_BCRYPT;
        pw.policy.cost = 7;
        pw.plain[0] = 'a';
        pw.plain_len = 1;
        ngx_memcpy(pw.hash, cases[i].hash, strlen(cases[i].hash));

        ngx_app_password_verify(&pw);

        assert_int_equal(pw.matches, cases[i].matches);
        assert_int_equal(pw.weak, cases[i].matches);
    }
}


static void
test_hashes_are_verified(void **state)
{
    ngx_uint_t          alg;
    ngx_app_password_t  pw;

    assert_int_equal(ngx_app_password_init(), NGX_OK);

    for (alg = NGX_APP_PASSWORD_ARGON2ID; alg <= NGX_APP_PASSWORD_BCRYPT;
         alg++)
    {
        ngx_memzero(&pw, sizeof(pw));
        pw.policy.alg = alg;
        pw.policy.cost = 4;
        pw.policy.memory = 8 * 1024 * 1024;
        pw.policy.time = 1;
        pw.plain_len = 10;
        ngx_memcpy(pw.plain, "correct\0xy", 10);

        assert_int_equal(ngx_app_password_hash(&pw), NGX_OK);
        ngx_app_password_verify(&pw);
        assert_true(pw.matches);
        assert_false(pw.weak);

        pw.policy.memory *= 2;
        pw.policy.cost++;
        ngx_app_password_verify(&pw);
        assert_true(pw.matches);
        assert_true(pw.weak);

        pw.plain[0] = 'C';
        ngx_app_password_verify(&pw);
        assert_false(pw.matches);
        assert_false(pw.weak);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_base64url_is_strict),
        test_case(test_example_of_the_standard),
        test_case(test_headers_and_claims),
        test_case(test_one_issuer_and_audience_of_several),
        test_case(test_keys_by_their_names),
        test_case(test_ed25519_of_the_standard),
        test_case(test_issued_tokens),
        test_case(test_passwords),
        test_case(test_hashes_are_verified),
    };

    return test_run(tests);
}
