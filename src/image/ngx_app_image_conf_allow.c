
/*
 * Copyright (C) the project authors
 */

/*
 * app_image_allow: which values may be asked for.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <image/ngx_app_image.h>


static char *ngx_app_image_conf_allow_list(ngx_conf_t *cf,
    ngx_app_image_allow_t *allow, ngx_str_t *word);
static ngx_int_t ngx_app_image_conf_allow_value(ngx_conf_t *cf,
    ngx_array_t *list, ngx_str_t *name, u_char *p, u_char *last);
static int ngx_libc_cdecl ngx_app_image_conf_cmp(const void *one,
    const void *two);


/*
 * app_image_allow [w=N,...] [h=N,...] [q=N,...] [dpr=N,...] [fm=F,...]
 *     [snap];
 */

char *
ngx_app_image_conf_allow(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_image_loc_conf_t *ilcf = conf;

    ngx_str_t              *word;
    ngx_uint_t              i;
    ngx_app_image_allow_t  *allow;

    if (ilcf->allow) {
        return "is duplicate";
    }

    allow = ngx_pcalloc(cf->pool, sizeof(ngx_app_image_allow_t));
    if (allow == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_array_init(&allow->w, cf->pool, 8, sizeof(int32_t)) != NGX_OK
        || ngx_array_init(&allow->h, cf->pool, 8, sizeof(int32_t)) != NGX_OK
        || ngx_array_init(&allow->q, cf->pool, 4, sizeof(int32_t)) != NGX_OK
        || ngx_array_init(&allow->dpr, cf->pool, 4, sizeof(int32_t)) != NGX_OK
        || ngx_array_init(&allow->formats, cf->pool, 4, sizeof(ngx_uint_t))
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_app_image_conf_allow_list(cf, allow, &word[i])
            != NGX_CONF_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    ngx_qsort(allow->w.elts, allow->w.nelts, sizeof(int32_t),
              ngx_app_image_conf_cmp);
    ngx_qsort(allow->h.elts, allow->h.nelts, sizeof(int32_t),
              ngx_app_image_conf_cmp);
    ngx_qsort(allow->q.elts, allow->q.nelts, sizeof(int32_t),
              ngx_app_image_conf_cmp);
    ngx_qsort(allow->dpr.elts, allow->dpr.nelts, sizeof(int32_t),
              ngx_app_image_conf_cmp);

    ilcf->allow = allow;

    return NGX_CONF_OK;
}


static char *
ngx_app_image_conf_allow_list(ngx_conf_t *cf, ngx_app_image_allow_t *allow,
    ngx_str_t *word)
{
    u_char       *p, *last, *end;
    ngx_str_t     name;
    ngx_uint_t    i;
    ngx_array_t  *list;

    struct {
        const char   *name;
        ngx_array_t  *list;
    } lists[] = {
        { "w", &allow->w }, { "h", &allow->h }, { "q", &allow->q },
        { "dpr", &allow->dpr }, { "fm", &allow->formats }, { NULL, NULL }
    };

    if (ngx_strcmp(word->data, "snap") == 0) {
        allow->snap = 1;
        return NGX_CONF_OK;
    }

    last = word->data + word->len;
    p = ngx_strlchr(word->data, last, '=');
    list = NULL;

    if (p) {
        name.data = word->data;
        name.len = p - word->data;

        for (i = 0; lists[i].name; i++) {
            if (ngx_strlen(lists[i].name) == name.len
                && ngx_strncmp(lists[i].name, name.data, name.len) == 0)
            {
                list = lists[i].list;
            }
        }
    }

    if (list == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"%V\" in \"app_image_allow\", use w=, h=, "
                           "q=, dpr= or fm= with a list, or snap", word);
        return NGX_CONF_ERROR;
    }

    if (p + 1 == last) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "no values in \"%V\" of \"app_image_allow\", name "
                           "some, or leave it out to allow any", word);
        return NGX_CONF_ERROR;
    }

    for (p++; p < last; p = end + (end < last)) {
        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        if (ngx_app_image_conf_allow_value(cf, list, &name, p, end)
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_app_image_conf_allow_value(ngx_conf_t *cf, ngx_array_t *list,
    ngx_str_t *name, u_char *p, u_char *last)
{
    int32_t                 *n;
    ngx_str_t                text;
    ngx_uint_t              *format;
    ngx_app_image_ops_t      ops;
    ngx_app_image_parse_t    pc;

    /* what may be allowed is what can be asked for */

    text.data = ngx_pnalloc(cf->pool, name->len + 1 + (last - p));
    if (text.data == NULL) {
        return NGX_ERROR;
    }

    text.len = ngx_sprintf(text.data, "%V=%*s", name, (size_t) (last - p), p)
               - text.data;

    ngx_memzero(&pc, sizeof(ngx_app_image_parse_t));
    ngx_app_image_ops_init(&ops);

    if (ngx_app_image_ops_parse(&pc, &text, &ops) != NGX_OK) {
        text.data = pc.err;
        text.len = pc.err_len;

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid value in \"app_image_allow\": %V", &text);
        return NGX_ERROR;
    }

    if (name->len == 2) {
        format = ngx_array_push(list);
        if (format == NULL) {
            return NGX_ERROR;
        }

        *format = ops.fm.format[0];
        return NGX_OK;
    }

    n = ngx_array_push(list);
    if (n == NULL) {
        return NGX_ERROR;
    }

    switch (name->data[0]) {

    case 'w':
        *n = ops.w;
        break;

    case 'h':
        *n = ops.h;
        break;

    case 'q':
        *n = ops.q;
        break;

    default: /* dpr */
        *n = ops.dpr;
    }

    return NGX_OK;
}


static int ngx_libc_cdecl
ngx_app_image_conf_cmp(const void *one, const void *two)
{
    const int32_t *a = one;
    const int32_t *b = two;

    return (*a > *b) - (*a < *b);
}
