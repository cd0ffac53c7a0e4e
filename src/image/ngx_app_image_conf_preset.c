
/*
 * Copyright (C) the project authors
 */

/*
 * Named operations and watermarks.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <core/ngx_app_secret.h>
#include <core/ngx_app_hash.h>
#include <image/ngx_app_image.h>


#define NGX_APP_IMAGE_MARK       (1024 * 1024)     /* bytes of a file */
#define NGX_APP_IMAGE_MARK_SIDE  4096


static ngx_int_t ngx_app_image_conf_ops(ngx_conf_t *cf, ngx_str_t *text,
    const char *where);
static ngx_int_t ngx_app_image_conf_name(ngx_conf_t *cf, ngx_str_t *name);
static char *ngx_app_image_conf_mark_option(ngx_conf_t *cf,
    ngx_app_image_watermark_t *wm, ngx_str_t *word);


/* operations in the configuration are read when it is */

static ngx_int_t
ngx_app_image_conf_ops(ngx_conf_t *cf, ngx_str_t *text, const char *where)
{
    ngx_str_t                   err;
    ngx_app_image_ops_t         ops;
    ngx_app_image_parse_t       pc;
    ngx_app_image_marked_t     *marked;
    ngx_app_image_main_conf_t  *imcf;

    ngx_memzero(&pc, sizeof(ngx_app_image_parse_t));
    pc.reject = 1;

    ngx_app_image_ops_init(&ops);

    if (ngx_app_image_ops_parse(&pc, text, &ops) != NGX_OK) {
        err.data = pc.err;
        err.len = pc.err_len;

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid operations \"%V\" in \"%s\": %V", text,
                           where, &err);
        return NGX_ERROR;
    }

    if (ops.has & ~(NGX_APP_IMAGE_HAS_OPS)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid operations \"%V\" in \"%s\": pr, v, exp "
                           "and s are of requests", text, where);
        return NGX_ERROR;
    }

    if (ops.wm.len == 0) {
        return NGX_OK;
    }

    imcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_image_filter_module);

    marked = ngx_array_push(&imcf->marked);
    if (marked == NULL) {
        return NGX_ERROR;
    }

    marked->name = ops.wm;
    marked->where = where;
    marked->file = cf->conf_file->file.name.data;
    marked->line = cf->conf_file->line;

    return NGX_OK;
}


ngx_int_t
ngx_app_image_conf_marked(ngx_conf_t *cf, ngx_app_image_main_conf_t *imcf)
{
    ngx_uint_t               i;
    ngx_app_image_marked_t  *marked;

    marked = imcf->marked.elts;

    for (i = 0; i < imcf->marked.nelts; i++) {

        if (ngx_app_image_find_mark(imcf, &marked[i].name)) {
            continue;
        }

        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "unknown watermark \"%*s\" in \"%s\", declare it with "
                      "app_image_watermark in %s:%ui",
                      (size_t) marked[i].name.len, marked[i].name.data,
                      marked[i].where, marked[i].file, marked[i].line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_app_image_watermark_t *
ngx_app_image_find_mark(ngx_app_image_main_conf_t *imcf,
    ngx_app_image_name_t *name)
{
    ngx_uint_t                  i;
    ngx_app_image_watermark_t  *wm;

    wm = imcf->watermarks.elts;

    for (i = 0; i < imcf->watermarks.nelts; i++) {
        if (wm[i].name.len == name->len
            && ngx_memcmp(wm[i].name.data, name->data, name->len) == 0)
        {
            return &wm[i];
        }
    }

    return NULL;
}


static ngx_int_t
ngx_app_image_conf_name(ngx_conf_t *cf, ngx_str_t *name)
{
    size_t  i;
    u_char  c;

    for (i = 0; i < name->len; i++) {
        c = name->data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '_' || c == '-'))
        {
            break;
        }
    }

    if (name->len == 0 || name->len > NGX_APP_IMAGE_NAME || i < name->len) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid name \"%V\", use 1 to %d letters, digits, "
                           "\"-\" and \"_\"", name, NGX_APP_IMAGE_NAME);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* app_image_defaults OPERATIONS; */

char *
ngx_app_image_conf_defaults(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_image_loc_conf_t *ilcf = conf;

    ngx_str_t  *word;

    if (ilcf->defaults.data) {
        return "is duplicate";
    }

    word = cf->args->elts;
    ilcf->defaults = word[1];

    return (ngx_app_image_conf_ops(cf, &word[1], "app_image_defaults")
            == NGX_OK)
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* app_image_preset NAME OPERATIONS; */

char *
ngx_app_image_conf_preset(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_image_main_conf_t *imcf = conf;

    ngx_str_t               *word;
    ngx_uint_t               i;
    ngx_app_image_preset_t  *preset;

    word = cf->args->elts;
    preset = imcf->presets.elts;

    for (i = 0; i < imcf->presets.nelts; i++) {
        if (preset[i].name.len == word[1].len
            && ngx_strncmp(preset[i].name.data, word[1].data, word[1].len)
               == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate app_image_preset \"%V\"", &word[1]);
            return NGX_CONF_ERROR;
        }
    }

    if (ngx_app_image_conf_name(cf, &word[1]) != NGX_OK
        || ngx_app_image_conf_ops(cf, &word[2], "app_image_preset") != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    preset = ngx_array_push(&imcf->presets);
    if (preset == NULL) {
        return NGX_CONF_ERROR;
    }

    preset->name = word[1];
    preset->ops = word[2];

    return NGX_CONF_OK;
}


/*
 * app_image_watermark NAME file=PATH [position=WORD] [opacity=PERCENT]
 *     [size=PERCENT] [margin=PIXELS];
 */

char *
ngx_app_image_conf_watermark(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_image_main_conf_t *imcf = conf;

    ngx_str_t                  *word;
    ngx_uint_t                  i;
    const char                 *err;
    ngx_app_hash_t              h;
    ngx_app_image_info_t        info;
    ngx_app_image_watermark_t  *wm;

    word = cf->args->elts;
    wm = imcf->watermarks.elts;

    for (i = 0; i < imcf->watermarks.nelts; i++) {
        if (wm[i].name.len == word[1].len
            && ngx_strncmp(wm[i].name.data, word[1].data, word[1].len) == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate app_image_watermark \"%V\"",
                               &word[1]);
            return NGX_CONF_ERROR;
        }
    }

    if (ngx_app_image_conf_name(cf, &word[1]) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    wm = ngx_array_push(&imcf->watermarks);
    if (wm == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(wm, sizeof(ngx_app_image_watermark_t));

    wm->name = word[1];
    wm->gravity = NGX_APP_IMAGE_SE;
    wm->opacity = 100;
    wm->size = 20;

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_app_image_conf_mark_option(cf, wm, &word[i]) != NGX_CONF_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (wm->image.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"app_image_watermark\" needs file=PATH");
        return NGX_CONF_ERROR;
    }

    if (ngx_app_image_probe(wm->image.data, wm->image.len, &info, &err)
        != NGX_OK
        || !(NGX_APP_IMAGE_LOADERS & (1 << info.type))
        || info.width > NGX_APP_IMAGE_MARK_SIDE
        || info.height > NGX_APP_IMAGE_MARK_SIDE)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the watermark \"%V\" is no image of a usual type "
                           "and of at most %d x %d pixels", &word[1],
                           NGX_APP_IMAGE_MARK_SIDE, NGX_APP_IMAGE_MARK_SIDE);
        return NGX_CONF_ERROR;
    }

    ngx_app_hash_init(&h, 0);
    ngx_app_hash_update(&h, wm->image.data, wm->image.len);
    ngx_app_hash_update(&h, &wm->gravity, sizeof(wm->gravity));
    ngx_app_hash_update(&h, &wm->opacity, sizeof(wm->opacity));
    ngx_app_hash_update(&h, &wm->size, sizeof(wm->size));
    ngx_app_hash_update(&h, &wm->margin, sizeof(wm->margin));

    wm->hash = ngx_app_hash_final(&h);

    return NGX_CONF_OK;
}


static char *
ngx_app_image_conf_mark_option(ngx_conf_t *cf, ngx_app_image_watermark_t *wm,
    ngx_str_t *word)
{
    ngx_str_t              value;
    ngx_app_image_ops_t    ops;
    ngx_app_image_parse_t  pc;

    if (ngx_strncmp(word->data, "file=", 5) == 0) {
        value.data = word->data + 5;
        value.len = word->len - 5;

        return (ngx_app_secret_file(cf, &value, NGX_APP_IMAGE_MARK, 1,
                                    &wm->image)
                == NGX_OK)
               ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    if (ngx_strncmp(word->data, "position=", 9) == 0) {

        /* a word of the operation "g" */

        value.data = ngx_pnalloc(cf->pool, word->len);
        if (value.data == NULL) {
            return NGX_CONF_ERROR;
        }

        value.len = ngx_sprintf(value.data, "g=%*s", word->len - 9,
                                word->data + 9)
                    - value.data;

        ngx_memzero(&pc, sizeof(ngx_app_image_parse_t));
        ngx_app_image_ops_init(&ops);

        if (ngx_app_image_ops_parse(&pc, &value, &ops) == NGX_OK
            && ops.gravity <= NGX_APP_IMAGE_NW)
        {
            wm->gravity = ops.gravity;
            return NGX_CONF_OK;
        }

    } else if (ngx_strncmp(word->data, "opacity=", 8) == 0) {
        if (ngx_app_image_conf_number(word, 8, 1, 100, &wm->opacity)
            == NGX_OK)
        {
            return NGX_CONF_OK;
        }

    } else if (ngx_strncmp(word->data, "size=", 5) == 0) {
        if (ngx_app_image_conf_number(word, 5, 1, 100, &wm->size) == NGX_OK) {
            return NGX_CONF_OK;
        }

    } else if (ngx_strncmp(word->data, "margin=", 7) == 0) {
        if (ngx_app_image_conf_number(word, 7, 0, 4096, &wm->margin)
            == NGX_OK)
        {
            return NGX_CONF_OK;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid \"%V\" in \"app_image_watermark\", use "
                       "file=PATH, position=n|ne|e|se|s|sw|w|nw|centre, "
                       "opacity=1 to 100, size=1 to 100 or margin=0 to 4096",
                       word);

    return NGX_CONF_ERROR;
}
