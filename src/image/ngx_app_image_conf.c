
/*
 * Copyright (C) the project authors
 */

/*
 * The image filter's directives that are more than a slot, what is inherited,
 * and what has to be there once all has been read.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <core/ngx_app_metric.h>
#include <core/ngx_app_secret.h>
#include <core/ngx_app_task.h>
#include <image/ngx_app_image.h>


#define NGX_APP_IMAGE_SECRET     4096      /* bytes */


static ngx_int_t ngx_app_image_conf_metrics(ngx_conf_t *cf,
    ngx_app_image_queue_conf_t *queue);


/* in the order of ngx_app_image_metric_e */

static ngx_app_metric_def_t  ngx_app_image_metrics[] = {

    NGX_APP_METRIC("app_image_jobs_total", COUNTER,
                   "Images that were handed to a thread"),
    NGX_APP_METRIC("app_image_joined_total", COUNTER,
                   "Requests that waited for an image that was in work"),
    NGX_APP_METRIC("app_image_failures_total", COUNTER,
                   "Images that could not be made"),
    NGX_APP_METRIC("app_image_shed_total", COUNTER,
                   "Requests that were refused because too many waited"),
    NGX_APP_METRIC("app_image_timeouts_total", COUNTER,
                   "Requests whose image took too long"),
    NGX_APP_METRIC("app_image_abandoned_total", COUNTER,
                   "Images that nobody waited for any more"),
    NGX_APP_METRIC("app_image_waiting", GAUGE,
                   "Images that wait for a thread"),
    NGX_APP_METRIC("app_image_running", GAUGE,
                   "Images in threads"),
    NGX_APP_METRIC("app_image_pixels", GAUGE,
                   "Pixels of the images in threads"),
    NGX_APP_METRIC("app_image_thread_milliseconds_total", COUNTER,
                   "Time that threads have spent on images")
};


/* of app_image_loaders, by ngx_app_image_type_e */

static ngx_str_t  ngx_app_image_loader_names[] = {
    ngx_string(""),
    ngx_string("jpeg"),
    ngx_string("png"),
    ngx_string("webp"),
    ngx_string("gif"),
    ngx_string("avif"),
    ngx_string("heic"),
    ngx_string("tiff"),
    ngx_string("svg"),
    ngx_string("jxl"),
    ngx_null_string
};


/* app_image_filter off|on|check; */

char *
ngx_app_image_conf_mode(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_image_loc_conf_t *ilcf = conf;

    ngx_str_t                  *word;
    ngx_app_image_main_conf_t  *imcf;

    if (ilcf->mode != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    word = cf->args->elts;

    if (ngx_strcmp(word[1].data, "off") == 0) {
        ilcf->mode = NGX_APP_IMAGE_OFF;
        return NGX_CONF_OK;
    }

    if (ngx_strcmp(word[1].data, "on") == 0) {
        ilcf->mode = NGX_APP_IMAGE_ON;

        imcf = ngx_http_conf_get_module_main_conf(cf,
                                                ngx_app_image_filter_module);
        imcf->used = 1;

    } else if (ngx_strcmp(word[1].data, "check") == 0) {
        ilcf->mode = NGX_APP_IMAGE_CHECK;

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid value \"%V\" in \"app_image_filter\", use "
                           "on, check or off", &word[1]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_app_image_conf_number(ngx_str_t *value, size_t prefix, ngx_int_t min,
    ngx_int_t max, ngx_uint_t *n)
{
    ngx_int_t  i;

    i = ngx_atoi(value->data + prefix, value->len - prefix);

    if (i == NGX_ERROR || i < min || i > max) {
        return NGX_DECLINED;
    }

    *n = i;

    return NGX_OK;
}


/* app_image_loaders TYPE ...; */

char *
ngx_app_image_conf_loaders(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_image_main_conf_t *imcf = conf;

    ngx_str_t   *word, *name;
    ngx_uint_t   i, type;

    if (imcf->loaders) {
        return "is duplicate";
    }

    word = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        for (type = 1; ngx_app_image_loader_names[type].len; type++) {
            name = &ngx_app_image_loader_names[type];

            if (name->len == word[i].len
                && ngx_strncmp(name->data, word[i].data, name->len) == 0)
            {
                break;
            }
        }

        if (ngx_app_image_loader_names[type].len == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "unknown type \"%V\" in \"app_image_loaders\", "
                               "use jpeg, png, webp, gif, avif, heic, tiff, "
                               "svg or jxl", &word[i]);
            return NGX_CONF_ERROR;
        }

        imcf->loaders |= 1 << type;
    }

    return NGX_CONF_OK;
}


/* app_image_signature off|file=PATH|env=NAME ...; */

char *
ngx_app_image_conf_signature(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_image_loc_conf_t *ilcf = conf;

    ngx_int_t    rc;
    ngx_str_t   *word, *key, value;
    ngx_uint_t   i;

    if (ilcf->keys != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    word = cf->args->elts;

    if (cf->args->nelts == 2 && ngx_strcmp(word[1].data, "off") == 0) {
        ilcf->keys = NULL;
        return NGX_CONF_OK;
    }

    ilcf->keys = ngx_array_create(cf->pool, 2, sizeof(ngx_str_t));
    if (ilcf->keys == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 1; i < cf->args->nelts; i++) {

        key = ngx_array_push(ilcf->keys);
        if (key == NULL) {
            return NGX_CONF_ERROR;
        }

        if (ngx_strncmp(word[i].data, "file=", 5) == 0) {
            value.data = word[i].data + 5;
            value.len = word[i].len - 5;
            rc = ngx_app_secret_file(cf, &value, NGX_APP_IMAGE_SECRET, 0, key);

        } else if (ngx_strncmp(word[i].data, "env=", 4) == 0) {
            value.data = word[i].data + 4;
            value.len = word[i].len - 4;
            rc = ngx_app_secret_env(cf, &value, key);

        } else {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid \"%V\" in \"app_image_signature\", "
                               "use file=PATH, env=NAME or off", &word[i]);
            return NGX_CONF_ERROR;
        }

        if (rc != NGX_OK) {
            return NGX_CONF_ERROR;
        }

        if (key->len < 16) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "the key \"%V\" of \"app_image_signature\" has "
                               "less than 16 bytes", &word[i]);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* app_image_purge URI; */

char *
ngx_app_image_conf_purge(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                       *rv;
    ngx_http_core_loc_conf_t   *clcf;
    ngx_app_image_main_conf_t  *imcf;

    rv = ngx_http_set_complex_value_slot(cf, cmd, conf);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    imcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_image_filter_module);
    imcf->purged = 1;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_app_image_purge_handler;

    return NGX_CONF_OK;
}


void *
ngx_app_image_create_main_conf(ngx_conf_t *cf)
{
    ngx_app_image_main_conf_t  *imcf;

    imcf = ngx_pcalloc(cf->pool, sizeof(ngx_app_image_main_conf_t));
    if (imcf == NULL) {
        return NULL;
    }

    imcf->threads = NGX_CONF_UNSET;
    imcf->limit = NGX_CONF_UNSET;
    imcf->budget = NGX_CONF_UNSET;

    if (ngx_array_init(&imcf->presets, cf->pool, 4,
                       sizeof(ngx_app_image_preset_t))
        != NGX_OK
        || ngx_array_init(&imcf->watermarks, cf->pool, 2,
                          sizeof(ngx_app_image_watermark_t))
           != NGX_OK
        || ngx_array_init(&imcf->marked, cf->pool, 2,
                          sizeof(ngx_app_image_marked_t))
           != NGX_OK)
    {
        return NULL;
    }

    return imcf;
}


void *
ngx_app_image_create_loc_conf(ngx_conf_t *cf)
{
    ngx_uint_t                 i;
    ngx_app_image_loc_conf_t  *ilcf;

    ilcf = ngx_pcalloc(cf->pool, sizeof(ngx_app_image_loc_conf_t));
    if (ilcf == NULL) {
        return NULL;
    }

    ilcf->mode = NGX_CONF_UNSET_UINT;
    ilcf->dialect = NGX_CONF_UNSET_UINT;
    ilcf->presets_only = NGX_CONF_UNSET;
    ilcf->unknown = NGX_CONF_UNSET_UINT;
    ilcf->metadata = NGX_CONF_UNSET_UINT;
    ilcf->keep_icc = NGX_CONF_UNSET_UINT;
    ilcf->buffer = NGX_CONF_UNSET_SIZE;
    ilcf->max_pixels = NGX_CONF_UNSET;
    ilcf->max_frames = NGX_CONF_UNSET;
    ilcf->max_side = NGX_CONF_UNSET;
    ilcf->max_output = NGX_CONF_UNSET;
    ilcf->timeout = NGX_CONF_UNSET_MSEC;
    ilcf->keys = NGX_CONF_UNSET_PTR;
    ilcf->placeholder = NGX_CONF_UNSET;
    ilcf->etag = NGX_CONF_UNSET;

    for (i = 0; i < NGX_APP_IMAGE_NFORMATS; i++) {
        ilcf->effort[i].min = NGX_CONF_UNSET_UINT;
    }

    return ilcf;
}


char *
ngx_app_image_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_app_image_loc_conf_t *prev = parent;
    ngx_app_image_loc_conf_t *conf = child;

    ngx_uint_t  i;

    ngx_conf_merge_uint_value(conf->mode, prev->mode, NGX_APP_IMAGE_OFF);
    ngx_conf_merge_uint_value(conf->dialect, prev->dialect,
                              NGX_APP_IMAGE_NATIVE);
    ngx_conf_merge_str_value(conf->defaults, prev->defaults, "");
    ngx_conf_merge_value(conf->presets_only, prev->presets_only, 0);
    ngx_conf_merge_uint_value(conf->unknown, prev->unknown, 0);
    ngx_conf_merge_uint_value(conf->metadata, prev->metadata,
                              NGX_APP_IMAGE_METADATA_NONE);
    ngx_conf_merge_uint_value(conf->keep_icc, prev->keep_icc, 0);
    ngx_conf_merge_size_value(conf->buffer, prev->buffer, 16 * 1024 * 1024);
    ngx_conf_merge_off_value(conf->max_pixels, prev->max_pixels,
                             50 * 1024 * 1024);
    ngx_conf_merge_value(conf->max_frames, prev->max_frames, 256);
    ngx_conf_merge_value(conf->max_side, prev->max_side, 8192);
    ngx_conf_merge_off_value(conf->max_output, prev->max_output,
                             25 * 1024 * 1024);
    ngx_conf_merge_msec_value(conf->timeout, prev->timeout, 10000);
    ngx_conf_merge_ptr_value(conf->keys, prev->keys, NULL);
    ngx_conf_merge_value(conf->placeholder, prev->placeholder, 0);
    ngx_conf_merge_value(conf->etag, prev->etag, 1);

    if (conf->args == NULL) {
        conf->args = prev->args;
    }

    if (conf->source == NULL) {
        conf->source = prev->source;
    }

    if (conf->allow == NULL) {
        conf->allow = prev->allow;
    }

    if (conf->formats.n == 0) {
        conf->formats = prev->formats;
    }

    if (conf->formats.n == 0) {
        conf->formats.n = 1;
        conf->formats.format[0] = NGX_APP_IMAGE_TO_WEBP;
    }

    for (i = 0; i < NGX_APP_IMAGE_NFORMATS; i++) {

        if (conf->quality[i] == 0) {
            conf->quality[i] = prev->quality[i]
                               ? prev->quality[i]
                               : ngx_app_image_encoders[i].quality;
        }

        if (conf->effort[i].min == NGX_CONF_UNSET_UINT) {
            conf->effort[i] = (prev->effort[i].min == NGX_CONF_UNSET_UINT)
                              ? ngx_app_image_encoders[i].usual
                              : prev->effort[i];
        }
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_app_image_conf_complete(ngx_conf_t *cf)
{
    ngx_str_t                    name = ngx_string("app_image");
    ngx_app_image_main_conf_t   *imcf;
    ngx_app_image_queue_conf_t  *queue;

    imcf = ngx_http_conf_get_module_main_conf(cf, ngx_app_image_filter_module);
    queue = &imcf->queue;

    ngx_conf_init_value(imcf->threads, 2);
    ngx_conf_init_value(imcf->limit, 64);
    ngx_conf_init_value(imcf->budget, 256 * 1024 * 1024);

    if (imcf->loaders == 0) {
        imcf->loaders = NGX_APP_IMAGE_LOADERS;
    }

    if (ngx_app_image_conf_marked(cf, imcf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (!imcf->used && !imcf->purged) {
        return NGX_OK;
    }

    queue->threads = imcf->threads;
    queue->limit = imcf->limit;
    queue->budget = imcf->budget;

    queue->zone = ngx_app_image_zone_add(cf, &ngx_app_image_filter_module,
                                         &imcf->purges);
    if (queue->zone == NULL) {
        return NGX_ERROR;
    }

    imcf->files = ngx_thread_pool_add(cf, NULL);
    if (imcf->files == NULL) {
        return NGX_ERROR;
    }

    if (!imcf->used) {
        return NGX_OK;
    }

    queue->pool = ngx_app_task_pool(cf, &name, imcf->threads,
                                    2 * imcf->threads);
    if (queue->pool == NULL) {
        return NGX_ERROR;
    }

    return ngx_app_image_conf_metrics(cf, queue);
}


static ngx_int_t
ngx_app_image_conf_metrics(ngx_conf_t *cf, ngx_app_image_queue_conf_t *queue)
{
    ngx_uint_t                  i;
    ngx_app_metric_registry_t  *reg;

    reg = ngx_app_metric_registry(cf);

    for (i = 0; i < NGX_APP_IMAGE_METRICS; i++) {
        queue->metrics[i] = ngx_app_metric_declare(cf, reg,
                                                   &ngx_app_image_metrics[i],
                                                   NULL);

        if (queue->metrics[i] == NGX_ERROR) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
