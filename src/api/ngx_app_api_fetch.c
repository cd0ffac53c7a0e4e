
/*
 * Copyright (C) the project authors
 */

/*
 * Runs a fetch: what its templates say becomes a call.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_call.h>
#include <api/ngx_app_api_fetch.h>
#include <api/ngx_app_api_session.h>


#define NGX_APP_API_FETCH_URI_MAX   8192
#define NGX_APP_API_FETCH_LINE_MAX  4096


typedef struct {
    ngx_app_api_call_t      call;
    ngx_app_api_fetch_t    *conf;
    ngx_app_run_t          *run;
    ngx_app_step_t         *step;
} ngx_app_api_fetching_t;


static ngx_int_t ngx_app_api_fetch_call(ngx_app_api_fetching_t *f);
static ngx_int_t ngx_app_api_fetch_body(ngx_app_api_fetching_t *f);
static ngx_int_t ngx_app_api_fetch_headers(ngx_app_api_fetching_t *f);
static void ngx_app_api_fetch_release(ngx_app_run_t *run, void *data,
    ngx_uint_t failed);
static void ngx_app_api_fetch_done(ngx_app_api_call_t *call);
static ngx_int_t ngx_app_api_fetch_finish(ngx_app_api_fetching_t *f);
static ngx_int_t ngx_app_api_fetch_encode(ngx_app_template_t *t,
    ngx_app_env_t *env, size_t limit, ngx_str_t *s);


static const char  ngx_app_api_fetch_tag;


ngx_int_t
ngx_app_api_fetch_run(ngx_app_run_t *run, ngx_app_step_t *step)
{
    ngx_int_t                rc;
    ngx_app_run_hold_t      *hold;
    ngx_app_api_fetching_t  *f;

    if (run->request == NULL) {
        return NGX_ERROR;
    }

    hold = ngx_app_run_hold(run, &ngx_app_api_fetch_tag);
    if (hold == NULL) {
        return NGX_ERROR;
    }

    f = ngx_pcalloc(run->env.pool, sizeof(ngx_app_api_fetching_t));
    if (f == NULL) {
        return NGX_ERROR;
    }

    f->conf = step->conf;
    f->run = run;
    f->step = step;

    hold->data = f;
    hold->release = ngx_app_api_fetch_release;

    if (ngx_app_api_session_idle(run) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_app_api_fetch_call(f);

    if (rc == NGX_OK) {
        rc = ngx_app_api_call_start(&f->call);
    }

    if (rc == NGX_DECLINED) {
        return ngx_app_api_fetch_finish(f);
    }

    return rc;
}


static ngx_int_t
ngx_app_api_fetch_call(ngx_app_api_fetching_t *f)
{
    ngx_int_t             rc;
    ngx_app_api_call_t   *call;
    ngx_app_api_fetch_t  *conf;

    call = &f->call;
    conf = f->conf;

    call->request = f->run->request;
    call->method = conf->method;
    call->method_name = conf->method_name;
    call->type = conf->type;
    call->timeout = conf->timeout;
    call->max_size = conf->max_size;
    call->done = ngx_app_api_fetch_done;
    call->data = f;

    rc = ngx_app_api_fetch_encode(conf->uri, &f->run->env,
                                  NGX_APP_API_FETCH_URI_MAX, &call->uri);

    if (rc == NGX_BUSY) {
        call->status = NGX_HTTP_BAD_REQUEST;
        call->failure = "its URI is too long";
        return NGX_DECLINED;
    }

    if (rc != NGX_OK || ngx_app_api_fetch_headers(f) != NGX_OK) {
        return NGX_ERROR;
    }

    return conf->body ? ngx_app_api_fetch_body(f) : NGX_OK;
}


static ngx_int_t
ngx_app_api_fetch_body(ngx_app_api_fetching_t *f)
{
    ngx_int_t             rc;
    ngx_app_api_fetch_t  *conf;

    conf = f->conf;

    rc = conf->encoded
         ? ngx_app_api_fetch_encode(conf->body, &f->run->env,
                                    NGX_APP_LANG_MAX_TEXT, &f->call.body)
         : ngx_app_template_string(conf->body, &f->run->env,
                                   NGX_APP_LANG_MAX_TEXT, &f->call.body);

    return (rc == NGX_OK) ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_app_api_fetch_headers(ngx_app_api_fetching_t *f)
{
    ngx_uint_t                   i;
    ngx_app_api_call_header_t   *h;
    ngx_app_api_fetch_header_t  *header;

    header = f->conf->headers.elts;

    if (ngx_array_init(&f->call.headers, f->run->env.pool,
                       f->conf->headers.nelts + 1,
                       sizeof(ngx_app_api_call_header_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < f->conf->headers.nelts; i++) {

        h = ngx_array_push(&f->call.headers);
        h->key = header[i].key;
        h->lowcase = header[i].lowcase;

        if (ngx_app_template_string(header[i].value, &f->run->env,
                                    NGX_APP_API_FETCH_LINE_MAX, &h->value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static void
ngx_app_api_fetch_release(ngx_app_run_t *run, void *data, ngx_uint_t failed)
{
    ngx_app_api_fetching_t *f = data;

    ngx_app_api_call_abort(&f->call);
}


static void
ngx_app_api_fetch_done(ngx_app_api_call_t *call)
{
    ngx_app_api_fetching_t *f = call->data;

    ngx_app_run_resume(f->run, ngx_app_api_fetch_finish(f));
}


/* returns the result of the step */

static ngx_int_t
ngx_app_api_fetch_finish(ngx_app_api_fetching_t *f)
{
    ngx_str_t             body;
    ngx_app_run_t        *run;
    ngx_app_api_call_t   *call;
    ngx_app_api_fetch_t  *conf;

    run = f->run;
    conf = f->conf;
    call = &f->call;

    if (call->failure) {
        ngx_log_error(NGX_LOG_ERR, run->log, 0,
                      "app api: \"fetch %V\" in %V:%ui got no answer: %s",
                      &conf->symbol->name, &f->step->file, f->step->line,
                      call->failure);
    }

    if (conf->failed.status
        && (call->failure || call->status < NGX_HTTP_OK
            || call->status >= NGX_HTTP_SPECIAL_RESPONSE))
    {
        if (call->failure == NULL) {
            ngx_log_error(NGX_LOG_WARN, run->log, 0,
                          "app api: \"fetch %V\" in %V:%ui was answered "
                          "with %ui", &conf->symbol->name, &f->step->file,
                          f->step->line, call->status);
        }

        return ngx_app_api_refuse(run, &conf->failed);
    }

    if (call->failure == NULL
        && ngx_app_buf_text(&call->out, &body) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_app_api_fetch_set(&run->env, conf->symbol, call->status,
                                 call->failure ? NULL : &body);
}


/*
 * The text of a template whose values are percent-encoded, so that none can
 * end the part of the URI that it stands in.  NGX_OK, NGX_BUSY past the limit,
 * NGX_ERROR.
 */

static ngx_int_t
ngx_app_api_fetch_encode(ngx_app_template_t *t, ngx_app_env_t *env,
    size_t limit, ngx_str_t *s)
{
    u_char          *p;
    size_t           n;
    ngx_int_t        rc;
    ngx_str_t        text;
    ngx_uint_t       i;
    ngx_app_buf_t    b;

    ngx_app_buf_init(&b, env->pool, 256, limit);

    for (i = 0; i < t->nparts; i++) {

        text = t->parts[i].text;

        if (t->parts[i].type == NGX_APP_PART_LITERAL) {
            rc = ngx_app_buf_write(&b, text.data, text.len);

            if (rc != NGX_OK) {
                return rc;
            }

            continue;
        }

        if (t->parts[i].type == NGX_APP_PART_SLOT) {
            rc = ngx_app_value_text(&env->slots[t->parts[i].index],
                                    env->pool, &text);

        } else {
            rc = env->variable(env, t->parts[i].index, &text);
        }

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_DECLINED || text.len == 0) {
            continue;
        }

        n = text.len + 2 * ngx_escape_uri(NULL, text.data, text.len,
                                          NGX_ESCAPE_URI_COMPONENT);

        p = ngx_app_buf_reserve(&b, n);
        if (p == NULL) {
            return ngx_app_buf_failed(&b);
        }

        b.pos = (u_char *) ngx_escape_uri(p, text.data, text.len,
                                          NGX_ESCAPE_URI_COMPONENT);
    }

    return ngx_app_buf_text(&b, s);
}
