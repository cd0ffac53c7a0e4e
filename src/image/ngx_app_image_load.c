
/*
 * Copyright (C) the project authors
 */

/*
 * Which decoder reads a file: the one of the type that the probe has told, for
 * that is what has been checked.  libvips would look for itself, and does not
 * know all names of HEIF, or finds a SVG's root in what is something else.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_vips.h>


typedef struct {
    ngx_app_image_work_t  *work;
    size_t                 at;
} ngx_app_image_stream_t;


static VipsImage *ngx_app_image_load_stream(ngx_app_image_work_t *w,
    const char *loader);
static gint64 ngx_app_image_stream_read(VipsSourceCustom *source, void *buf,
    gint64 len, void *data);
static gint64 ngx_app_image_stream_seek(VipsSourceCustom *source,
    gint64 offset, int whence, void *data);
static void ngx_app_image_stream_free(void *data, GClosure *closure);


/* by their ngx_app_image_type_e; the class has all of a format's in common */

static const struct {
    const char  *class;
    const char  *name;
} ngx_app_image_loads[] = {
    { NULL, NULL },
    { "VipsForeignLoadJpeg", "jpegload_buffer" },
    { "VipsForeignLoadPng", "pngload_buffer" },
    { "VipsForeignLoadWebp", "webpload_buffer" },
    { "VipsForeignLoadNsgif", "gifload_buffer" },
    { "VipsForeignLoadHeif", "heifload_buffer" },
    { "VipsForeignLoadHeif", "heifload_buffer" },
    { "VipsForeignLoadTiff", "tiffload_buffer" },
    { "VipsForeignLoadSvg", "svgload_buffer" },
    { "VipsForeignLoadJxl", "jxlload_source" }
};


const char *
ngx_app_image_load_class(ngx_app_image_type_e type)
{
    return ngx_app_image_loads[type].class;
}


VipsImage *
ngx_app_image_load(ngx_app_image_work_t *w, int page, int n, double scale)
{
    int          rc;
    VipsBlob    *blob;
    VipsImage   *im;
    const char  *name;

    name = ngx_app_image_loads[w->info.type].name;

    if (w->info.type == NGX_APP_IMAGE_JXL) {
        return ngx_app_image_load_stream(w, name);
    }

    im = NULL;
    blob = vips_blob_new(NULL, w->data, w->len);

    if (w->info.type == NGX_APP_IMAGE_SVG) {
        rc = vips_call(name, blob, &im,
                       "access", VIPS_ACCESS_SEQUENTIAL,
                       "fail_on", VIPS_FAIL_ON_TRUNCATED,
                       "scale", scale, NULL);

    } else if (ngx_app_image_readable(&w->info) > 1) {
        rc = vips_call(name, blob, &im,
                       "access", VIPS_ACCESS_SEQUENTIAL,
                       "fail_on", VIPS_FAIL_ON_TRUNCATED,
                       "page", page, "n", n, NULL);

    } else {
        rc = vips_call(name, blob, &im,
                       "access", VIPS_ACCESS_SEQUENTIAL,
                       "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
    }

    vips_area_unref(VIPS_AREA(blob));

    return (rc == 0) ? im : NULL;
}


ngx_uint_t
ngx_app_image_load_agrees(ngx_app_image_work_t *w)
{
    const char  *found;

    found = vips_foreign_find_load_buffer(w->data, w->len);

    if (found == NULL) {
        vips_error_clear();
        return 0;
    }

    return vips_isprefix(ngx_app_image_loads[w->info.type].class, found);
}


/*
 * A JPEG XL may have any number of frames that lie over each other, and its
 * decoder neither tells nor asks on its way.  It gets its bytes in pieces, and
 * no more of them when it is late.
 */

static VipsImage *
ngx_app_image_load_stream(ngx_app_image_work_t *w, const char *loader)
{
    int                      rc;
    VipsImage               *im;
    VipsSourceCustom        *source;
    ngx_app_image_stream_t  *st;

    im = NULL;

    st = g_new0(ngx_app_image_stream_t, 1);
    st->work = w;

    source = vips_source_custom_new();

    g_signal_connect_data(source, "read",
                          G_CALLBACK(ngx_app_image_stream_read), st,
                          ngx_app_image_stream_free, 0);
    g_signal_connect(source, "seek", G_CALLBACK(ngx_app_image_stream_seek),
                     st);

    rc = vips_call(loader, source, &im,
                   "access", VIPS_ACCESS_SEQUENTIAL,
                   "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);

    g_object_unref(source);

    return (rc == 0) ? im : NULL;
}


static gint64
ngx_app_image_stream_read(VipsSourceCustom *source, void *buf, gint64 len,
    void *data)
{
    size_t                   n;
    ngx_app_image_stream_t  *st = data;

    if (ngx_app_image_stops(st->work)) {
        return -1;
    }

    n = ngx_min((size_t) len, st->work->len - st->at);

    ngx_memcpy(buf, st->work->data + st->at, n);
    st->at += n;

    return n;
}


static gint64
ngx_app_image_stream_seek(VipsSourceCustom *source, gint64 offset, int whence,
    void *data)
{
    gint64                   base, len;
    ngx_app_image_stream_t  *st = data;

    len = st->work->len;
    base = (whence == SEEK_SET) ? 0
           : (whence == SEEK_CUR) ? (gint64) st->at : len;

    if (offset < -base || offset > len - base) {
        return -1;
    }

    st->at = base + offset;

    return st->at;
}


static void
ngx_app_image_stream_free(void *data, GClosure *closure)
{
    g_free(data);
}
