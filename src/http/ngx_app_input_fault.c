
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_input.h>
#include <http/ngx_app_input_fault.h>


/* in the order of ngx_app_input_type_e */
static const char  *ngx_app_input_faults[] = {
    "must be an integer number",
    "must be a number conforming to the specified constraints",
    "must be a string",
    "must be a boolean value",
    "must be a valid ISO 8601 date string",
    "must be an email",
    "must be a UUID",
    "must be one of the following values: ",
    "must be a json string"
};


ngx_int_t
ngx_app_input_fault(ngx_app_input_t *in, ngx_pool_t *pool,
    const char *predicate, ngx_str_t *fault)
{
    ngx_app_faults_t  f;

    f.input = in;
    f.pool = pool;
    f.n = 0;

    if (ngx_app_faults_add(&f, predicate, NULL, "") != NGX_OK) {
        return NGX_ERROR;
    }

    return (ngx_app_faults_join(&f, fault) == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


ngx_int_t
ngx_app_faults_type(ngx_app_faults_t *f)
{
    ngx_app_input_t  *in;

    in = f->input;

    return ngx_app_faults_add(f, ngx_app_input_faults[in->type],
                              (in->type == NGX_APP_INPUT_ENUM) ? &in->list
                                                               : NULL, "");
}


ngx_int_t
ngx_app_faults_add(ngx_app_faults_t *f, const char *before, ngx_str_t *text,
    const char *after)
{
    u_char     *p;
    size_t      len;
    ngx_str_t  *s;

    /* a fault with a message of the route's own is that message */

    if (f->input->message.len != 0) {
        f->list[0] = f->input->message;
        f->n = 1;
        return NGX_OK;
    }

    s = &f->list[f->n];

    len = f->input->name.len + 1 + ngx_strlen(before)
          + (text ? text->len : 0) + ngx_strlen(after);

    s->data = ngx_pnalloc(f->pool, len);
    if (s->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(s->data, f->input->name.data, f->input->name.len);
    *p++ = ' ';
    p = ngx_cpymem(p, before, ngx_strlen(before));

    if (text != NULL) {
        p = ngx_cpymem(p, text->data, text->len);
    }

    p = ngx_cpymem(p, after, ngx_strlen(after));

    s->len = p - s->data;
    f->n++;

    return NGX_OK;
}


ngx_int_t
ngx_app_faults_join(ngx_app_faults_t *f, ngx_str_t *fault)
{
    u_char      *p;
    size_t       len;
    ngx_uint_t   i;

    if (f->n == 1) {
        *fault = f->list[0];
        return NGX_DECLINED;
    }

    len = 0;

    for (i = 0; i < f->n; i++) {
        len += f->list[i].len + 2;
    }

    p = ngx_pnalloc(f->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    fault->data = p;

    for (i = 0; i < f->n; i++) {
        if (i != 0) {
            *p++ = ',';
            *p++ = ' ';
        }

        p = ngx_cpymem(p, f->list[i].data, f->list[i].len);
    }

    fault->len = p - fault->data;

    return NGX_DECLINED;
}
