
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_template.h>


static ngx_int_t ngx_app_template_write_part(ngx_app_template_t *t,
    ngx_app_part_t *part, ngx_app_env_t *env, ngx_app_buf_t *b);
static ngx_int_t ngx_app_template_write_line(ngx_app_value_t *v,
    ngx_app_buf_t *b);


ngx_int_t
ngx_app_template_write(ngx_app_template_t *t, ngx_app_env_t *env,
    ngx_app_buf_t *b, ngx_uint_t from, ngx_uint_t to)
{
    ngx_int_t        rc;
    ngx_uint_t       i;
    ngx_app_part_t  *part;

    for (i = from; i < to; i++) {
        part = &t->parts[i];

        rc = (part->type == NGX_APP_PART_LITERAL)
             ? ngx_app_buf_write(b, part->text.data, part->text.len)
             : ngx_app_template_write_part(t, part, env, b);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_template_write_part(ngx_app_template_t *t, ngx_app_part_t *part,
    ngx_app_env_t *env, ngx_app_buf_t *b)
{
    ngx_int_t         rc;
    ngx_str_t         s;
    ngx_app_value_t   v;

    if (part->type == NGX_APP_PART_SLOT) {
        v = env->slots[part->index];

    } else {
        rc = (env->variable != NULL) ? env->variable(env, part->index, &s)
                                     : NGX_DECLINED;

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        v.type = NGX_APP_ABSENT;

        if (rc == NGX_OK) {
            ngx_app_value_set_string(&v, s.data, s.len);
        }
    }

    switch (t->mode) {

    case NGX_APP_TEMPLATE_JSON:
        return part->quoted ? ngx_app_value_write_escape(b, &v)
                            : ngx_app_value_write_json(b, &v);

    case NGX_APP_TEMPLATE_LINE:
        return ngx_app_template_write_line(&v, b);

    default:
        return ngx_app_value_write_text(b, &v);
    }
}


/* no value can end a header or begin another one */

static ngx_int_t
ngx_app_template_write_line(ngx_app_value_t *v, ngx_app_buf_t *b)
{
    u_char     *p;
    size_t      i;
    ngx_int_t   rc;
    ngx_str_t   s;

    rc = ngx_app_value_text(v, b->pool, &s);

    if (rc != NGX_OK) {
        return (rc == NGX_DECLINED) ? NGX_OK : rc;
    }

    p = ngx_app_buf_reserve(b, s.len);
    if (p == NULL) {
        return ngx_app_buf_failed(b);
    }

    for (i = 0; i < s.len; i++) {
        *p++ = (s.data[i] < 0x20 || s.data[i] == 0x7f) ? ' ' : s.data[i];
    }

    b->pos = p;

    return NGX_OK;
}


ngx_int_t
ngx_app_template_string(ngx_app_template_t *t, ngx_app_env_t *env,
    size_t limit, ngx_str_t *s)
{
    size_t            size;
    ngx_int_t         rc;
    ngx_chain_t      *cl;
    ngx_app_buf_t     b;
    ngx_app_value_t   v;

    if (t->nparts == 0) {
        ngx_str_null(s);
        return NGX_OK;
    }

    if (t->nparts == 1 && t->parts->type == NGX_APP_PART_LITERAL) {
        *s = t->parts->text;
        return (s->len <= limit) ? NGX_OK : NGX_BUSY;
    }

    ngx_app_buf_init(&b, env->pool, 256, limit);

    rc = ngx_app_template_write(t, env, &b, 0, t->nparts);
    if (rc != NGX_OK) {
        return rc;
    }

    cl = ngx_app_buf_take(&b, &size);

    if (cl == NULL) {
        ngx_str_null(s);
        return (size == 0) ? NGX_OK : NGX_ERROR;
    }

    if (cl->next == NULL) {
        s->data = cl->buf->pos;
        s->len = size;

        return NGX_OK;
    }

    v.type = NGX_APP_CHAIN;
    v.u.c.chain = cl;
    v.u.c.size = size;

    return ngx_app_value_text(&v, env->pool, s);
}


ngx_int_t
ngx_app_template_slot(ngx_app_template_t *t, ngx_uint_t slot)
{
    ngx_int_t        found;
    ngx_uint_t       i;
    ngx_app_part_t  *part;

    found = NGX_DECLINED;

    for (i = 0; i < t->nparts; i++) {
        part = &t->parts[i];

        if (part->type != NGX_APP_PART_SLOT || part->index != slot) {
            continue;
        }

        if (part->quoted || found != NGX_DECLINED) {
            return NGX_DECLINED;
        }

        found = (ngx_int_t) i;
    }

    return found;
}
