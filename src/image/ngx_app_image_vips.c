
/*
 * Copyright (C) the project authors
 */

/*
 * libvips as a whole: its start in a worker, what it may read, and one run
 * from bytes to bytes.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_vips.h>

#include <malloc.h>
#include <sys/resource.h>


/* what the event loop must never wait for */
#define NGX_APP_IMAGE_NICE  10

/*
 * Memory of its own for what is larger; free memory that is kept at the end of
 * an arena, where malloc_trim() looks at the main one only.
 */
#define NGX_APP_IMAGE_MMAP  (4 * 1024 * 1024)
#define NGX_APP_IMAGE_KEPT  (8 * 1024 * 1024)


static void ngx_app_image_vips_log(const char *domain, GLogLevelFlags level,
    const char *message, void *data);
static void ngx_app_image_vips_block(const char *name, gboolean block);
static void ngx_app_image_vips_nice(void);
static int ngx_app_image_work_run(ngx_app_image_work_t *w);
static void ngx_app_image_work_failed(ngx_app_image_work_t *w);


static const char  *ngx_app_image_savers[] = {
    "VipsForeignSaveJpeg",
    "VipsForeignSavePng",
    "VipsForeignSaveWebp",
    "VipsForeignSaveHeif",
    "VipsForeignSaveCgif",
    "VipsForeignSaveJxl",
    NULL
};


ngx_int_t
ngx_app_image_vips_init(ngx_uint_t loaders, ngx_uint_t threads,
    ngx_log_t *log)
{
    ngx_uint_t  i;

#ifdef M_MMAP_THRESHOLD

    /*
     * By itself the threshold rises to the size of an image, and the arenas of
     * all threads fill up with holes.  A lower one would give memory back that
     * the next image takes again, which cost a sixth of all the work.
     */

    (void) mallopt(M_MMAP_THRESHOLD, NGX_APP_IMAGE_MMAP);
    (void) mallopt(M_TRIM_THRESHOLD, NGX_APP_IMAGE_KEPT);

    /* libvips and encoders start threads, each of which would have its own */

    (void) mallopt(M_ARENA_MAX, (int) threads + 1);

#endif

    if (VIPS_INIT("nginx")) {
        ngx_log_error(NGX_LOG_EMERG, log, 0,
                      "app image: libvips does not start: %s",
                      vips_error_buffer());
        return NGX_ERROR;
    }

    /* a thread must not write to what is nginx's error log */

    g_log_set_handler("VIPS", G_LOG_LEVEL_MASK|G_LOG_FLAG_FATAL
                              |G_LOG_FLAG_RECURSION,
                      ngx_app_image_vips_log, NULL);

    /* our threads are the parallelism, and no operation comes twice */

    vips_concurrency_set(1);
    vips_cache_set_max(0);

    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    vips_operation_block_set("VipsForeignSave", TRUE);

    for (i = NGX_APP_IMAGE_JPEG; i <= NGX_APP_IMAGE_JXL; i++) {
        if (loaders & (1u << i)) {
            ngx_app_image_vips_block(ngx_app_image_load_class(i), FALSE);
        }
    }

    for (i = 0; ngx_app_image_savers[i]; i++) {
        ngx_app_image_vips_block(ngx_app_image_savers[i], FALSE);
    }

    return NGX_OK;
}


static void
ngx_app_image_vips_log(const char *domain, GLogLevelFlags level,
    const char *message, void *data)
{
    /* what is worth an answer is in libvips' own buffer as well */
}


static void
ngx_app_image_vips_block(const char *name, gboolean block)
{
    vips_operation_block_set(name, block);
}


void
ngx_app_image_vips_exit(void)
{
    vips_shutdown();
}


ngx_uint_t
ngx_app_image_vips_version(void)
{
    return vips_version(0) * 1000000 + vips_version(1) * 1000
           + vips_version(2);
}


ngx_uint_t
ngx_app_image_vips_saves(ngx_app_image_format_e format)
{
    const char  *name;

    switch (format) {

    case NGX_APP_IMAGE_TO_JPEG:
        name = "jpegsave_buffer";
        break;

    case NGX_APP_IMAGE_TO_PNG:
        name = "pngsave_buffer";
        break;

    case NGX_APP_IMAGE_TO_WEBP:
        name = "webpsave_buffer";
        break;

    case NGX_APP_IMAGE_TO_AVIF:
        name = "heifsave_buffer";
        break;

    case NGX_APP_IMAGE_TO_GIF:
        name = "gifsave_buffer";
        break;

    case NGX_APP_IMAGE_TO_JXL:
        name = "jxlsave_buffer";
        break;

    default:
        return 1;
    }

    return vips_type_find("VipsOperation", name) != 0;
}


/* what the libraries have freed, of all arenas */

void
ngx_app_image_vips_trim(void)
{
#ifdef M_MMAP_THRESHOLD
    (void) malloc_trim(0);
#endif
}


void
ngx_app_image_work_free(void *out)
{
    g_free(out);
}


int
ngx_app_image_refuse(ngx_app_image_work_t *w, ngx_app_image_result_e result,
    const char *text)
{
    w->result = result;
    (void) snprintf((char *) w->text, sizeof(w->text), "%s", text);

    return -1;
}


void
ngx_app_image_replace(VipsImage **im, VipsImage *next)
{
    g_object_unref(*im);
    *im = next;
}


void
ngx_app_image_work(ngx_app_image_work_t *w)
{
    struct timespec  begin, end;

    ngx_app_image_vips_nice();

    (void) clock_gettime(CLOCK_MONOTONIC, &begin);

    w->result = NGX_APP_IMAGE_DONE;

    if (ngx_app_image_work_run(w) != 0) {
        ngx_app_image_work_failed(w);
    }

    vips_error_clear();

    (void) clock_gettime(CLOCK_MONOTONIC, &end);

    w->took = (end.tv_sec - begin.tv_sec) * 1000
              + (end.tv_nsec - begin.tv_nsec) / 1000000;
}


/*
 * Linux has a nice value for each thread, and those that libvips starts take
 * over that of the one that starts them.
 */

static void
ngx_app_image_vips_nice(void)
{
    static __thread ngx_uint_t  done;

    if (!done) {
        done = 1;
        (void) setpriority(PRIO_PROCESS, 0, NGX_APP_IMAGE_NICE);
    }
}


static int
ngx_app_image_work_run(ngx_app_image_work_t *w)
{
    int                    rc, frames;
    VipsImage             *im;
    ngx_app_image_plan_t   plan;

    im = NULL;

    rc = ngx_app_image_resize(w, &plan, &im, &frames);

    if (rc == 0) {
        rc = ngx_app_image_frames(w, &plan, &im, frames);
    }

    if (rc == 0) {
        rc = ngx_app_image_save(w, &im, frames);
    }

    if (im) {
        g_object_unref(im);
    }

    return rc;
}


/*
 * A failure has been explained by who saw it, or it is a kill, or else it is
 * what libvips says: of the image, since what is ours has been checked.
 */

static void
ngx_app_image_work_failed(ngx_app_image_work_t *w)
{
    char  *p;

    if (w->out) {
        g_free(w->out);
        w->out = NULL;
    }

    if (w->result != NGX_APP_IMAGE_DONE) {
        return;
    }

    if (w->left) {
        w->result = NGX_APP_IMAGE_LEFT;
        return;
    }

    if (ngx_app_image_stops(w)) {
        w->result = NGX_APP_IMAGE_LATE;
        return;
    }

    (void) ngx_app_image_refuse(w, NGX_APP_IMAGE_BROKEN, vips_error_buffer());

    for (p = (char *) w->text; *p; p++) {
        if (*p == '\n' || *p == '\r') {
            *p = ' ';
        }
    }
}
