
/*
 * Copyright (C) the project authors
 */

/*
 * The image filter: what a location serves is resized and encoded anew by
 * libvips, in threads of its own.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <image/ngx_app_image.h>


static ngx_int_t ngx_app_image_filter_complete(ngx_conf_t *cf);
static ngx_int_t ngx_app_image_filter_init_process(ngx_cycle_t *cycle);
static void ngx_app_image_filter_exit_process(ngx_cycle_t *cycle);
static char *ngx_app_image_conf_size(ngx_conf_t *cf, void *post, void *data);
static char *ngx_app_image_conf_pixels(ngx_conf_t *cf, void *post,
    void *data);
static char *ngx_app_image_conf_time(ngx_conf_t *cf, void *post, void *data);


static ngx_conf_enum_t  ngx_app_image_dialects[] = {
    { ngx_string("native"), NGX_APP_IMAGE_NATIVE },
    { ngx_string("imgix"), NGX_APP_IMAGE_IMGIX },
    { ngx_string("weserv"), NGX_APP_IMAGE_WESERV },
    { ngx_string("next"), NGX_APP_IMAGE_NEXT },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_app_image_unknown[] = {
    { ngx_string("ignore"), 0 },
    { ngx_string("reject"), 1 },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_app_image_metadata[] = {
    { ngx_string("none"), NGX_APP_IMAGE_METADATA_NONE },
    { ngx_string("copyright"), NGX_APP_IMAGE_METADATA_COPYRIGHT },
    { ngx_string("keep"), NGX_APP_IMAGE_METADATA_KEEP },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_app_image_icc[] = {
    { ngx_string("srgb"), 0 },
    { ngx_string("keep"), 1 },
    { ngx_null_string, 0 }
};


static ngx_conf_num_bounds_t  ngx_app_image_threads_bounds = {
    ngx_conf_check_num_bounds, 1, 256
};


static ngx_conf_num_bounds_t  ngx_app_image_queue_bounds = {
    ngx_conf_check_num_bounds, 0, 65536
};


static ngx_conf_num_bounds_t  ngx_app_image_frames_bounds = {
    ngx_conf_check_num_bounds, 1, 65535
};


static ngx_conf_num_bounds_t  ngx_app_image_side_bounds = {
    ngx_conf_check_num_bounds, 1, 65535
};


static ngx_conf_post_t  ngx_app_image_some_bytes = {
    ngx_app_image_conf_size
};


static ngx_conf_post_t  ngx_app_image_some_pixels = {
    ngx_app_image_conf_pixels
};


static ngx_conf_post_t  ngx_app_image_some_time = {
    ngx_app_image_conf_time
};


static ngx_command_t  ngx_app_image_commands[] = {

    { ngx_string("app_image_filter"),
      NGX_HTTP_LOC_CONF|NGX_HTTP_LIF_CONF|NGX_CONF_TAKE1,
      ngx_app_image_conf_mode,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_image_dialect"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, dialect),
      ngx_app_image_dialects },

    { ngx_string("app_image_args"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, args),
      NULL },

    { ngx_string("app_image_source"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, source),
      NULL },

    { ngx_string("app_image_defaults"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_app_image_conf_defaults,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_image_preset"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE2,
      ngx_app_image_conf_preset,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_image_presets_only"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, presets_only),
      NULL },

    { ngx_string("app_image_allow"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_app_image_conf_allow,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_image_unknown"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, unknown),
      ngx_app_image_unknown },

    { ngx_string("app_image_formats"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_app_image_conf_formats,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_image_quality"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_app_image_conf_quality,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_image_effort"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_app_image_conf_effort,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_image_loaders"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_app_image_conf_loaders,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_image_metadata"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, metadata),
      ngx_app_image_metadata },

    { ngx_string("app_image_icc"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, keep_icc),
      ngx_app_image_icc },

    { ngx_string("app_image_buffer"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, buffer),
      &ngx_app_image_some_bytes },

    { ngx_string("app_image_max_pixels"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_off_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, max_pixels),
      &ngx_app_image_some_pixels },

    { ngx_string("app_image_max_frames"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, max_frames),
      &ngx_app_image_frames_bounds },

    { ngx_string("app_image_max_side"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, max_side),
      &ngx_app_image_side_bounds },

    { ngx_string("app_image_max_output"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_off_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, max_output),
      &ngx_app_image_some_pixels },

    { ngx_string("app_image_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, timeout),
      &ngx_app_image_some_time },

    { ngx_string("app_image_threads"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_app_image_main_conf_t, threads),
      &ngx_app_image_threads_bounds },

    { ngx_string("app_image_queue"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_app_image_main_conf_t, limit),
      &ngx_app_image_queue_bounds },

    { ngx_string("app_image_pixel_budget"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_off_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_app_image_main_conf_t, budget),
      &ngx_app_image_some_pixels },

    { ngx_string("app_image_signature"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_app_image_conf_signature,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_image_watermark"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_2MORE,
      ngx_app_image_conf_watermark,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("app_image_placeholder"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, placeholder),
      NULL },

    { ngx_string("app_image_etag"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, etag),
      NULL },

    { ngx_string("app_image_purge"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_app_image_conf_purge,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_app_image_loc_conf_t, purge),
      NULL },

    { ngx_string("app_image_purges"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_app_image_main_conf_t, purges),
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_app_image_filter_module_ctx = {
    ngx_app_image_add_variables,           /* preconfiguration */
    ngx_app_image_filter_complete,         /* postconfiguration */

    ngx_app_image_create_main_conf,        /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_app_image_create_loc_conf,         /* create location configuration */
    ngx_app_image_merge_loc_conf           /* merge location configuration */
};


ngx_module_t  ngx_app_image_filter_module = {
    NGX_MODULE_V1,
    &ngx_app_image_filter_module_ctx,      /* module context */
    ngx_app_image_commands,                /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_app_image_filter_init_process,     /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_app_image_filter_exit_process,     /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


/* behind nginx's own "expires" and "add_header" */

static ngx_http_module_t  ngx_app_image_headers_filter_module_ctx = {
    NULL,                                  /* preconfiguration */
    ngx_app_image_headers_init,            /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_app_image_headers_filter_module = {
    NGX_MODULE_V1,
    &ngx_app_image_headers_filter_module_ctx, /* module context */
    NULL,                                  /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_app_image_filter_complete(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    if (ngx_app_image_conf_complete(cf) != NGX_OK) {
        return NGX_ERROR;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_PREACCESS_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_app_image_preaccess;

    return ngx_app_image_filter_init(cf);
}


/* no thread survives a fork: libvips starts in the worker, not before */

static ngx_int_t
ngx_app_image_filter_init_process(ngx_cycle_t *cycle)
{
    ngx_uint_t                  i;
    ngx_app_image_main_conf_t  *imcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    imcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_app_image_filter_module);

    if (imcf == NULL || !imcf->used) {
        return NGX_OK;
    }

    if (ngx_app_image_vips_init(imcf->loaders, imcf->queue.threads, cycle->log)
        != NGX_OK
        || ngx_app_image_queue_init(&imcf->queue, cycle->log) != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < NGX_APP_IMAGE_NFORMATS; i++) {
        if (ngx_app_image_vips_saves(i)) {
            imcf->savers |= 1u << i;
        }
    }

    ngx_app_image_zone_attach(imcf->queue.zone);

    return NGX_OK;
}


static void
ngx_app_image_filter_exit_process(ngx_cycle_t *cycle)
{
    ngx_app_image_main_conf_t  *imcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return;
    }

    imcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_app_image_filter_module);

    if (imcf == NULL || !imcf->used) {
        return;
    }

    ngx_app_image_zone_detach(imcf->queue.zone);
    ngx_app_image_queue_exit();
    ngx_app_image_vips_exit();
}


/* nothing at all could be made with a limit of 0 */

static char *
ngx_app_image_conf_size(ngx_conf_t *cf, void *post, void *data)
{
    size_t *size = data;

    return *size ? NGX_CONF_OK : "must be more than 0";
}


static char *
ngx_app_image_conf_pixels(ngx_conf_t *cf, void *post, void *data)
{
    off_t *pixels = data;

    return *pixels ? NGX_CONF_OK : "must be more than 0";
}


static char *
ngx_app_image_conf_time(ngx_conf_t *cf, void *post, void *data)
{
    ngx_msec_t *time = data;

    return *time ? NGX_CONF_OK : "must be more than 0";
}
