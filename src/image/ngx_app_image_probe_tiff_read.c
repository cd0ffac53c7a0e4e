
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <image/ngx_app_image_probe_part.h>
#include <image/ngx_app_image_probe_tiff.h>


#define NGX_APP_IMAGE_TIFF_BYTE   1
#define NGX_APP_IMAGE_TIFF_SHORT  3
#define NGX_APP_IMAGE_TIFF_LONG   4
#define NGX_APP_IMAGE_TIFF_LONG8  16


static uint32_t ngx_app_image_tiff_16(ngx_app_image_tiff_t *t,
    const u_char *p);
static uint32_t ngx_app_image_tiff_32(ngx_app_image_tiff_t *t,
    const u_char *p);
static uint64_t ngx_app_image_tiff_64(ngx_app_image_tiff_t *t,
    const u_char *p);
static uint64_t ngx_app_image_tiff_word(ngx_app_image_tiff_t *t,
    const u_char *p);


uint32_t
ngx_app_image_exif_orientation(const u_char *data, size_t len)
{
    uint64_t                     at, n, value;
    ngx_app_image_tiff_t         t;
    ngx_app_image_tiff_dir_t     dir;
    ngx_app_image_tiff_field_t   f;

    if (len > 6 && ngx_memcmp(data, "Exif\0", 5) == 0) {
        data += 6;
        len -= 6;
    }

    if (ngx_app_image_tiff_header(&t, data, len, &at) != NGX_OK
        || ngx_app_image_tiff_dir(&t, at, &dir) != NGX_OK)
    {
        return 1;
    }

    for (n = 0; n < dir.count; n++) {
        ngx_app_image_tiff_field(&t, &dir, n, &f);

        if (f.tag == NGX_APP_IMAGE_TIFF_ORIENTATION) {
            value = ngx_app_image_tiff_value(&t, &f);

            return (value >= 1 && value <= 8) ? (uint32_t) value : 1;
        }
    }

    return 1;
}


ngx_int_t
ngx_app_image_tiff_header(ngx_app_image_tiff_t *t, const u_char *data,
    size_t len, uint64_t *page)
{
    uint32_t  version;

    if (len < 8) {
        return NGX_DECLINED;
    }

    if (data[0] != data[1] || (data[0] != 'I' && data[0] != 'M')) {
        return NGX_DECLINED;
    }

    t->data = data;
    t->len = len;
    t->big_endian = (data[0] == 'M');
    t->word = 4;

    version = ngx_app_image_tiff_16(t, data + 2);

    if (version == 42) {
        *page = ngx_app_image_tiff_32(t, data + 4);
        return NGX_OK;
    }

    if (version != 43 || len < 16 || ngx_app_image_tiff_16(t, data + 4) != 8
        || ngx_app_image_tiff_16(t, data + 6) != 0)
    {
        return NGX_DECLINED;
    }

    t->word = 8;
    *page = ngx_app_image_tiff_64(t, data + 8);

    return NGX_OK;
}


ngx_int_t
ngx_app_image_tiff_dir(ngx_app_image_tiff_t *t, uint64_t page,
    ngx_app_image_tiff_dir_t *dir)
{
    size_t         head, size, left;
    const u_char  *p;

    head = (t->word == 8) ? 8 : 2;
    size = 4 + 2 * t->word;

    if (page > t->len || t->len - page < head) {
        return NGX_DECLINED;
    }

    p = t->data + page;
    left = t->len - page - head;

    dir->fields = p + head;
    dir->count = (t->word == 8) ? ngx_app_image_tiff_64(t, p)
                                : ngx_app_image_tiff_16(t, p);

    if (dir->count > left / size) {
        return NGX_DECLINED;
    }

    size *= dir->count;

    dir->cut = (left - size < t->word);
    dir->next = dir->cut ? 0
                         : ngx_app_image_tiff_word(t, dir->fields + size);

    return NGX_OK;
}


void
ngx_app_image_tiff_field(ngx_app_image_tiff_t *t,
    ngx_app_image_tiff_dir_t *dir, uint64_t n, ngx_app_image_tiff_field_t *f)
{
    uint64_t       at;
    const u_char  *p;

    /* bytes of a value of each type */

    static const u_char  sizes[] = {
        0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8
    };

    p = dir->fields + n * (4 + 2 * t->word);

    f->tag = ngx_app_image_tiff_16(t, p);
    f->type = ngx_app_image_tiff_16(t, p + 2);
    f->count = ngx_app_image_tiff_word(t, p + 4);
    f->data = NULL;

    p += 4 + t->word;

    if (f->type >= sizeof(sizes) || sizes[f->type] == 0 || f->count == 0) {
        return;
    }

    if (f->count <= t->word / sizes[f->type]) {
        f->data = p;
        return;
    }

    at = ngx_app_image_tiff_word(t, p);

    if (at <= t->len && f->count <= (t->len - at) / sizes[f->type]) {
        f->data = t->data + at;
    }
}


uint64_t
ngx_app_image_tiff_value(ngx_app_image_tiff_t *t,
    ngx_app_image_tiff_field_t *f)
{
    if (f->data == NULL) {
        return 0;
    }

    switch (f->type) {

    case NGX_APP_IMAGE_TIFF_BYTE:
        return f->data[0];

    case NGX_APP_IMAGE_TIFF_SHORT:
        return ngx_app_image_tiff_16(t, f->data);

    case NGX_APP_IMAGE_TIFF_LONG:
        return ngx_app_image_tiff_32(t, f->data);

    case NGX_APP_IMAGE_TIFF_LONG8:
        return ngx_app_image_tiff_64(t, f->data);

    default:
        return 0;
    }
}


static uint32_t
ngx_app_image_tiff_16(ngx_app_image_tiff_t *t, const u_char *p)
{
    return t->big_endian ? ngx_app_image_be16(p) : ngx_app_image_le16(p);
}


static uint32_t
ngx_app_image_tiff_32(ngx_app_image_tiff_t *t, const u_char *p)
{
    return t->big_endian ? ngx_app_image_be32(p) : ngx_app_image_le32(p);
}


static uint64_t
ngx_app_image_tiff_64(ngx_app_image_tiff_t *t, const u_char *p)
{
    return t->big_endian ? ngx_app_image_be64(p) : ngx_app_image_le64(p);
}


/* a count or an offset */

static uint64_t
ngx_app_image_tiff_word(ngx_app_image_tiff_t *t, const u_char *p)
{
    return (t->word == 8) ? ngx_app_image_tiff_64(t, p)
                          : ngx_app_image_tiff_32(t, p);
}
