
/*
 * Copyright (C) the project authors
 */

/*
 * What a comparison costs, counted instead of timed: the functions that take
 * the time are replaced by ones that only write down how long they would.
 */


#include <unit/test.h>

#include <auth/ngx_app_password.h>

#include <sodium.h>


#define BCRYPT    "$2b$10$abcdefghijklmnopqrstuu"                             \
                  "abcdefghijklmnopqrstuvwxyz01234"
#define SALT      "$YWJjZGVmZ2g$YWJjZGVmZ2hpamtsbW5vcA"
#define ARGON2ID  "$argon2id$v=19$m=19456,t=2,p=1" SALT


static ngx_uint_t  test_bcrypt;     /* rounds */
static ngx_uint_t  test_argon2;     /* kilobytes that are filled */


char *
crypt_r(const char *phrase, const char *setting, struct crypt_data *data)
{
    test_bcrypt += (ngx_uint_t) 1 << strtoul(setting + 4, NULL, 10);

    ngx_memset(data->output, 'x', sizeof(BCRYPT) - 1);
    ngx_memcpy(data->output, setting, sizeof("$2b$00$") - 1);
    data->output[sizeof(BCRYPT) - 1] = '\0';

    return data->output;
}


int
crypto_pwhash(unsigned char *const out, unsigned long long outlen,
    const char *const passwd, unsigned long long passwdlen,
    const unsigned char *const salt, unsigned long long opslimit,
    size_t memlimit, int alg)
{
    assert_int_equal(alg, crypto_pwhash_ALG_ARGON2ID13);

    test_argon2 += opslimit * memlimit / 1024;

    return 0;
}


int
crypto_pwhash_str_verify(const char str[crypto_pwhash_STRBYTES],
    const char *const passwd, unsigned long long passwdlen)
{
    test_argon2 += strtoul(strstr(str, "m=") + 2, NULL, 10)
                   * strtoul(strstr(str, "t=") + 2, NULL, 10);

    return -1;
}


/* returns pw->costly */

static ngx_uint_t
test_verify(ngx_app_password_policy_t *policy, const char *hash,
    ngx_uint_t bcrypt, ngx_uint_t argon2)
{
    static ngx_app_password_t  pw;

    ngx_memzero(&pw, sizeof(ngx_app_password_t));
    pw.policy = *policy;
    pw.plain_len = ngx_sprintf(pw.plain, "wrong") - pw.plain;
    ngx_memcpy(pw.hash, hash, ngx_strlen(hash));

    test_bcrypt = 0;
    test_argon2 = 0;

    ngx_app_password_verify(&pw);

    assert_false(pw.matches);
    assert_int_equal(test_bcrypt, bcrypt);
    assert_int_equal(test_argon2, argon2);

    return pw.costly;
}


static void
test_with_legacy_all_kinds_cost_the_same(void **state)
{
    ngx_app_password_policy_t  policy = {
        NGX_APP_PASSWORD_ARGON2ID, 19456 * 1024, 2, 12, 10
    };

    (void) test_verify(&policy, "", 1024, 2 * 19456);
    (void) test_verify(&policy, "no hash", 1024, 2 * 19456);
    (void) test_verify(&policy, BCRYPT, 1024, 2 * 19456);
    (void) test_verify(&policy, ARGON2ID, 1024, 2 * 19456);
}


static void
test_no_account_costs_what_a_new_hash_does(void **state)
{
    ngx_app_password_policy_t  policy = {
        NGX_APP_PASSWORD_ARGON2ID, 19456 * 1024, 2, 12, 0
    };

    (void) test_verify(&policy, "", 0, 2 * 19456);
    (void) test_verify(&policy, ARGON2ID, 0, 2 * 19456);
    (void) test_verify(&policy, BCRYPT, 1024, 0);

    policy.alg = NGX_APP_PASSWORD_BCRYPT;

    (void) test_verify(&policy, "", 4096, 0);
}


static void
test_hash_that_costs_too_much_is_none(void **state)
{
    ngx_uint_t                 i;
    ngx_app_password_policy_t  policy = {
        NGX_APP_PASSWORD_ARGON2ID, 19456 * 1024, 2, 12, 10
    };

    static const char  *hashes[] = {
        "$argon2id$v=19$m=8,t=4294967295,p=1" SALT,
        "$argon2i$v=19$m=8,t=4294967295,p=1" SALT,
        "$argon2id$v=19$m=8,t=524289,p=1" SALT,
        "$argon2id$v=19$m=1048577,t=1,p=1" SALT,
        "$argon2id$v=19$m=1048576,t=5,p=1" SALT,
        "$argon2id$v=19$m=4294967295,t=1,p=1" SALT,
        "$argon2id$v=19$m=4294967295,t=4294967295,p=1" SALT,
        "$argon2id$v=19$m=4294967295,t=4294967295,p=16777215" SALT,
    };

    for (i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++) {
        assert_int_equal(test_verify(&policy, hashes[i], 1024, 2 * 19456), 1);
    }

    assert_int_equal(test_verify(&policy,
                                 "$argon2id$v=19$m=8,t=524288,p=1" SALT,
                                 1024, 4194304), 0);

    /* the policy itself does more */

    policy.memory = 1024 * 1024 * 1024;
    policy.time = 16;

    assert_int_equal(test_verify(&policy,
                                 "$argon2id$v=19$m=1048576,t=16,p=1" SALT,
                                 1024, 16777216), 0);
}


static void
test_damaged_hash_costs_what_others_do(void **state)
{
    ngx_uint_t                 i;
    ngx_app_password_policy_t  policy = {
        NGX_APP_PASSWORD_ARGON2ID, 19456 * 1024, 2, 12, 10
    };

    static const char  *hashes[] = {
        "$argon2id$",
        "$argon2id$v=19",
        "$argon2id$v=19$m=19456",
        "$argon2id$v=19$m=19456,t=2",
        "$argon2id$v=19$m=19456,t=2,p=1",
        "$argon2id$v=19$m=19456,t=2,p=1$",
        "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2g",
        "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2g$",
        "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2g$YWJj",
        "$argon2id$v=19$m=19456,t=2,p=1$YWJj$YWJjZGVmZ2hpamtsbW5vcA",
        "$argon2id$v=19$m=19456,t=2,p=1$*WJjZGVmZ2g$YWJjZGVmZ2hpamtsbW5vcA",
        "$argon2id$v=19$m=19456,t=2,p=1" SALT "=",
        "$argon2id$v=16$m=19456,t=2,p=1" SALT,
        "$argon2id$m=19456,t=2,p=1" SALT,
        "$argon2id$v=19$t=2,p=1" SALT,
        "$argon2id$v=19$m=19456,p=1" SALT,
        "$argon2id$v=19$m=0,t=2,p=1" SALT,
        "$argon2id$v=19$m=19456,t=0,p=1" SALT,
        "$argon2id$v=19$m=19456,t=2,p=0" SALT,
        "$argon2id$v=19$m=-1,t=2,p=1" SALT,
        "$argon2id$v=19$m=19456,t=2,p=4294967295" SALT,
        "$argon2id$v=19$m=4294967296,t=2,p=1" SALT,
        "$argon2id$v=19$m=8,t=4294967296,p=1" SALT,
        "$argon2id$v=19$m=99999999999999999999,t=1,p=1" SALT,
        "$argon2id$v=19$m=8,t=18446744073709551617,p=1" SALT,
    };

    for (i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++) {
        assert_int_equal(test_verify(&policy, hashes[i], 1024, 2 * 19456), 0);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        test_case(test_with_legacy_all_kinds_cost_the_same),
        test_case(test_no_account_costs_what_a_new_hash_does),
        test_case(test_hash_that_costs_too_much_is_none),
        test_case(test_damaged_hash_costs_what_others_do),
    };

    return test_run(tests);
}
