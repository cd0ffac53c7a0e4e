
/*
 * Copyright (C) the project authors
 */

/*
 * The step password: hashes and compares in threads of its own.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>
#include <api/ngx_app_api_session.h>
#include <core/ngx_app_task.h>


#define NGX_APP_API_PASSWORD_RETRY  1


typedef struct {
    ngx_app_expr_t              *plain;
    ngx_app_expr_t              *hash;       /* NULL: make one */
    ngx_app_api_auth_conf_t     *aacf;
    ngx_uint_t                   slot;
    ngx_uint_t                   weak;       /* slot of NAME.weak */
} ngx_app_api_password_t;


/* on both sides of the thread; it may outlive the run */
typedef struct {
    ngx_app_password_t           pw;
    ngx_app_run_t               *run;        /* NULL: nobody waits */
    ngx_app_api_password_t      *conf;
    ngx_int_t                    rc;
    ngx_uint_t                   verify;
} ngx_app_api_password_task_t;


static char *ngx_app_api_password_words(ngx_conf_t *cf,
    ngx_app_api_password_t *ps, ngx_uint_t verify);
static char *ngx_app_api_password_expr(ngx_conf_t *cf, const char *name,
    ngx_app_expr_t **expr);
static ngx_int_t ngx_app_api_password_run(ngx_app_run_t *run,
    ngx_app_step_t *step);
static ngx_int_t ngx_app_api_password_text(ngx_app_run_t *run,
    ngx_app_expr_t *expr, ngx_str_t *s);
static void ngx_app_api_password_work(void *ctx);
static void ngx_app_api_password_done(void *ctx);
static ngx_int_t ngx_app_api_password_end(ngx_app_api_password_task_t *t);
static void ngx_app_api_password_release(ngx_app_run_t *run, void *data,
    ngx_uint_t failed);


static const char  ngx_app_api_password_tag;

static ngx_str_t  ngx_app_api_password_long =
    ngx_string("Password is too long");


/*
 * password hash NAME plain=EXPRESSION;
 * password verify NAME plain=EXPRESSION hash=EXPRESSION;
 */

char *
ngx_app_api_step_password(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t               *word;
    ngx_uint_t               verify;
    ngx_app_step_t          *step;
    ngx_app_api_password_t  *ps;

    if (ngx_app_compile(cf)->tx) {
        return "stands in a transaction, whose locks would wait for it";
    }

    step = ngx_app_step_add(cf, ngx_app_api_password_run,
                            sizeof(ngx_app_api_password_t));
    if (step == NULL) {
        return NGX_CONF_ERROR;
    }

    ps = step->conf;
    ps->aacf = ngx_app_api_auth_conf(cf);
    ps->aacf->passwords = 1;

    word = cf->args->elts;
    verify = (ngx_strcmp(word[1].data, "verify") == 0);

    if (!verify && ngx_strcmp(word[1].data, "hash") != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown \"%V\" in \"password\", use password "
                           "hash or password verify", &word[1]);
        return NGX_CONF_ERROR;
    }

    return ngx_app_api_password_words(cf, ps, verify);
}


static char *
ngx_app_api_password_words(ngx_conf_t *cf, ngx_app_api_password_t *ps,
    ngx_uint_t verify)
{
    ngx_str_t          *word;
    ngx_app_symbol_t   *sym;
    ngx_app_compile_t  *cc;

    cc = ngx_app_compile(cf);

    if (ngx_app_api_password_expr(cf, "plain", &ps->plain) != NGX_CONF_OK
        || (verify
            && ngx_app_api_password_expr(cf, "hash", &ps->hash)
               != NGX_CONF_OK))
    {
        return NGX_CONF_ERROR;
    }

    if (cf->args->nelts != 3) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"password\", use password %s",
                           verify ? "verify NAME plain=EXPRESSION "
                                    "hash=EXPRESSION"
                                  : "hash NAME plain=EXPRESSION");
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;

    sym = ngx_app_scope_define(&cc->lang, &word[2],
                               verify ? NGX_APP_SYMBOL_RECORD
                                      : NGX_APP_SYMBOL_SCALAR,
                               verify ? NGX_APP_SCOPE_WHOLE : 0);
    if (sym == NULL) {
        return ngx_app_step_error(cf, &word[2]);
    }

    ps->slot = sym->slot;

    if (!verify) {
        return NGX_CONF_OK;
    }

    ps->weak = ngx_app_scope_member(cc->lang.scope, sym, "weak");

    return (ps->weak == NGX_APP_SCOPE_NONE) ? NGX_CONF_ERROR : NGX_CONF_OK;
}


static char *
ngx_app_api_password_expr(ngx_conf_t *cf, const char *name,
    ngx_app_expr_t **expr)
{
    ngx_int_t  rc;
    ngx_str_t  text;

    rc = ngx_app_step_option(cf, 1, name, &text);

    if (rc == NGX_DECLINED) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"password\" needs %s=EXPRESSION", name);
    }

    if (rc != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    *expr = ngx_app_expr_compile(&ngx_app_compile(cf)->lang, &text);

    return *expr ? NGX_CONF_OK : ngx_app_step_error(cf, &text);
}


static ngx_int_t
ngx_app_api_password_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_str_t                     plain, hash;
    ngx_app_run_hold_t           *hold;
    ngx_app_api_password_t       *ps;
    ngx_app_api_password_task_t  *t;

    ps = step->conf;
    ngx_str_null(&hash);

    if (ngx_app_api_password_text(run, ps->plain, &plain) != NGX_OK
        || (ps->hash
            && ngx_app_api_password_text(run, ps->hash, &hash) != NGX_OK))
    {
        return NGX_ERROR;
    }

    if (plain.len > NGX_APP_PASSWORD_MAX) {
        return ngx_app_run_fail(run, NGX_HTTP_BAD_REQUEST,
                                &ngx_app_api_password_long);
    }

    hold = ngx_app_run_hold(run, &ngx_app_api_password_tag);
    if (hold == NULL) {
        return NGX_ERROR;
    }

    /* those who only wait for a thread must not have all connections */

    if (ngx_app_api_session_idle(run) != NGX_OK) {
        return NGX_ERROR;
    }

    t = ngx_app_task_create(sizeof(ngx_app_api_password_task_t),
                            ngx_app_api_password_work,
                            ngx_app_api_password_done, ngx_cycle->log);
    if (t == NULL) {
        return NGX_ERROR;
    }

    t->run = run;
    t->conf = ps;
    t->verify = (ps->hash != NULL);
    t->pw.policy = ps->aacf->policy;

    ngx_memcpy(t->pw.plain, plain.data, plain.len);
    t->pw.plain_len = plain.len;

    /* what is too long is no hash, as what is null */

    if (hash.len < NGX_APP_PASSWORD_HASH_MAX) {
        ngx_memcpy(t->pw.hash, hash.data, hash.len);
    }

    if (ngx_app_task_post(ps->aacf->pool, t) != NGX_OK) {
        return ngx_app_run_unavailable(run, NGX_APP_API_PASSWORD_RETRY);
    }

    hold->data = t;
    hold->release = ngx_app_api_password_release;

    return NGX_AGAIN;
}


static ngx_int_t
ngx_app_api_password_text(ngx_app_run_t *run, ngx_app_expr_t *expr,
    ngx_str_t *s)
{
    ngx_app_value_t  v;

    if (ngx_app_expr_eval(expr, &run->env, &v) != NGX_OK
        || ngx_app_value_text(&v, run->env.pool, s) == NGX_ERROR)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_app_api_password_work(void *ctx)
{
    ngx_app_api_password_task_t *t = ctx;

    t->rc = NGX_OK;

    if (t->verify) {
        ngx_app_password_verify(&t->pw);

    } else {
        t->rc = ngx_app_password_hash(&t->pw);
    }

    ngx_explicit_memzero(t->pw.plain, t->pw.plain_len);
}


static void
ngx_app_api_password_done(void *ctx)
{
    ngx_app_api_password_task_t *t = ctx;

    ngx_app_run_t  *run;

    run = t->run;

    if (run == NULL) {
        return;
    }

    ngx_app_run_enter(run);

    ngx_app_run_hold(run, &ngx_app_api_password_tag)->release = NULL;

    ngx_app_run_resume(run, ngx_app_api_password_end(t));
}


static ngx_int_t
ngx_app_api_password_end(ngx_app_api_password_task_t *t)
{
    ngx_str_t         s;
    ngx_app_value_t  *slots;

    if (t->rc != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, t->run->log, 0,
                      "app auth: a password could not be hashed, "
                      "memory may be short");
        return NGX_ERROR;
    }

    slots = t->run->env.slots;

    if (t->pw.costly) {
        ngx_log_error(NGX_LOG_WARN, t->run->log, 0,
                      "app auth: a hash of a password asks for too much "
                      "memory or time, it is taken for none");
    }

    if (t->verify) {
        ngx_app_value_set_bool(&slots[t->conf->slot], t->pw.matches);
        ngx_app_value_set_bool(&slots[t->conf->weak], t->pw.weak);
        return NGX_OK;
    }

    s.len = ngx_strlen(t->pw.hash);
    s.data = ngx_pnalloc(t->run->env.pool, s.len);

    if (s.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(s.data, t->pw.hash, s.len);
    ngx_app_value_set_string(&slots[t->conf->slot], s.data, s.len);

    return NGX_OK;
}


/* the client has left: the thread ends its work for nobody */

static void
ngx_app_api_password_release(ngx_app_run_t *run, void *data,
    ngx_uint_t failed)
{
    ngx_app_api_password_task_t *t = data;

    t->run = NULL;
}
