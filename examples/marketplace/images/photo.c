/*
 * Copyright (C) the project authors
 */


/*
 * Paints sample pictures for the marketplace: dishes on a table, with the
 * detail, shades and grain that photographs have, so that scaling and
 * compression have real work.
 *
 *   photo DIR PART PARTS < list    each PARTS-th line of the list, from PART
 *
 * A line is: file, width, height, kind; its number is the seed.  The pictures
 * are the same on every run.
 */


#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>


#define NCOLORS  4


typedef struct {
    const char  *name;
    int          blobs;             /* pieces of food */
    float        size;              /* of a piece, to the plate's radius */
    float        stretch;           /* length to width */
    float        relief;
    uint32_t     colors[NCOLORS];
} kind_t;


typedef struct {
    int          w;
    int          h;
    uint64_t     random;
    float       *fine;              /* 1/f noise about 0, of the whole */
    float       *relief;
    uint8_t     *piece;             /* 0 table, 1 plate, 2... food */
    uint8_t     *rgb;
} canvas_t;


static const kind_t  kinds[] = {
    { "bread",    26, 0.30f, 2.2f, 1.0f,
      { 0xc98a4b, 0xa8642c, 0xe0b070, 0x8a4a20 } },
    { "pizza",    90, 0.12f, 1.3f, 0.5f,
      { 0xd8452a, 0xf0c860, 0xe8a040, 0x4f7a30 } },
    { "salad",   140, 0.16f, 1.8f, 0.8f,
      { 0x5d9a34, 0x86b84a, 0xd8402c, 0xf0e0b0 } },
    { "soup",     40, 0.10f, 1.2f, 0.2f,
      { 0xd08a30, 0xc0702a, 0xe8b860, 0x5f8030 } },
    { "sweets",   44, 0.20f, 1.1f, 1.1f,
      { 0x6b3a20, 0xf2d8b0, 0xc8742c, 0xd86a80 } },
    { "fruit",    60, 0.22f, 1.05f, 1.3f,
      { 0xe07820, 0xd02c30, 0xe8c838, 0x80a838 } },
    { "couscous", 220, 0.09f, 1.6f, 0.6f,
      { 0xe8cc80, 0xd89848, 0xc05a28, 0x789040 } },
    { "fish",     34, 0.28f, 3.0f, 0.7f,
      { 0xb8b4a8, 0x8f9698, 0xe8c070, 0x6f8a40 } },
    { "bag",      18, 0.34f, 1.2f, 0.9f,
      { 0x2f8f5b, 0xc79a62, 0xf0b840, 0xb07840 } }
};


static uint64_t
next_random(canvas_t *c)
{
    /* xorshift64*, S. Vigna, "An experimental exploration", 2016 */

    c->random ^= c->random >> 12;
    c->random ^= c->random << 25;
    c->random ^= c->random >> 27;

    return c->random * 0x2545f4914f6cdd1dull;
}


static float
uniform(canvas_t *c)
{
    return (float) (next_random(c) >> 40) / (float) (1 << 24);
}


static void *
need(size_t size)
{
    void  *p;

    p = calloc(1, size);
    if (p == NULL) {
        fprintf(stderr, "photo: no memory for %zu bytes\n", size);
        exit(1);
    }

    return p;
}


/*
 * Noise of all sizes, the amplitude halved with the size (the spectrum of
 * photographs): a small grid is doubled and jittered until it is as large as
 * the picture, which costs a third more than the last doubling alone.
 */

static float *
noise(canvas_t *c, float rough)
{
    int       w, h, nw, nh, x, y, x0, y0, x1, y1, level;
    float    *grid, *to, fx, fy, amp, a, b;
    uint64_t  bits;

    for (level = 0;
         (c->w >> level) > 6 && (c->h >> level) > 6;
         level++) { /* void */ }

    w = (c->w >> level) + 2;
    h = (c->h >> level) + 2;
    grid = need((size_t) w * h * sizeof(float));
    amp = 1.0f;

    for (x = 0; x < w * h; x++) {
        grid[x] = uniform(c) - 0.5f;
    }

    while (level-- > 0) {
        nw = (c->w >> level) + (level ? 2 : 0);
        nh = (c->h >> level) + (level ? 2 : 0);
        to = need((size_t) nw * nh * sizeof(float));
        amp *= rough;

        for (y = 0; y < nh; y++) {
            fy = (float) y * (float) (h - 1) / (float) nh;
            y0 = (int) fy;
            y1 = y0 + 1 < h ? y0 + 1 : y0;
            fy -= (float) y0;
            bits = 0;

            for (x = 0; x < nw; x++) {
                fx = (float) x * (float) (w - 1) / (float) nw;
                x0 = (int) fx;
                x1 = x0 + 1 < w ? x0 + 1 : x0;
                fx -= (float) x0;

                a = grid[y0 * w + x0];
                a += (grid[y0 * w + x1] - a) * fx;
                b = grid[y1 * w + x0];
                b += (grid[y1 * w + x1] - b) * fx;

                if ((x & 3) == 0) {
                    bits = next_random(c);
                }

                to[y * nw + x] = a + (b - a) * fy
                                 + amp * ((float) (bits & 0xffff) / 65536.0f
                                          - 0.5f);
                bits >>= 16;
            }
        }

        free(grid);
        grid = to;
        w = nw;
        h = nh;
    }

    return grid;
}


/* Puts a piece down: an uneven ellipse, higher in the middle. */

static void
put_piece(canvas_t *c, int id, float cx, float cy, float r, float stretch,
    float height)
{
    int     x, y, x0, x1, y0, y1, i;
    float   angle, ca, sa, dx, dy, u, v, d, top;

    angle = uniform(c) * 6.2832f;
    ca = cosf(angle);
    sa = sinf(angle);

    x0 = (int) fmaxf(0, cx - r * 1.4f);
    y0 = (int) fmaxf(0, cy - r * 1.4f);
    x1 = (int) fminf((float) c->w, cx + r * 1.4f);
    y1 = (int) fminf((float) c->h, cy + r * 1.4f);

    for (y = y0; y < y1; y++) {
        for (x = x0; x < x1; x++) {
            i = y * c->w + x;
            dx = (float) x - cx;
            dy = (float) y - cy;
            u = (dx * ca + dy * sa) / r;
            v = (dy * ca - dx * sa) / r * stretch;
            d = u * u + v * v + c->fine[i] * 0.5f;

            if (d >= 1.0f) {
                continue;
            }

            top = height * sqrtf(1.0f - fmaxf(d, 0)) * r;

            if (top > c->relief[i] || c->piece[i] < 2) {
                c->relief[i] = top;
                c->piece[i] = (uint8_t) id;
            }
        }
    }
}


static void
set_table(canvas_t *c, const kind_t *k)
{
    int    i, n, x, y;
    float  cx, cy, r, d, angle, at, size;

    cx = (float) c->w * (0.45f + 0.1f * uniform(c));
    cy = (float) c->h * (0.45f + 0.1f * uniform(c));
    r = 0.46f * (float) (c->w < c->h ? c->w : c->h);

    for (y = 0; y < c->h; y++) {
        for (x = 0; x < c->w; x++) {
            d = hypotf((float) x - cx, (float) y - cy) / r;
            i = y * c->w + x;

            if (d < 1.0f) {
                c->piece[i] = 1;

                /* flat in the middle, the rim goes up and down again */
                c->relief[i] = d > 0.8f
                               ? 0.05f * r * sinf((d - 0.8f) * 15.7f) : 0;
            }
        }
    }

    n = k->blobs;

    for (i = 0; i < n; i++) {
        angle = uniform(c) * 6.2832f;
        at = sqrtf(uniform(c)) * 0.72f * r;
        size = k->size * r * (0.6f + 0.8f * uniform(c));

        put_piece(c, 2 + (int) (next_random(c) % 250),
                  cx + at * cosf(angle), cy + at * sinf(angle), size,
                  k->stretch * (0.8f + 0.4f * uniform(c)), k->relief);
    }
}


static void
base_color(canvas_t *c, const kind_t *k, const float *coarse, int x, int i,
    float *rgb)
{
    int       id;
    float     tint, grain;
    uint32_t  color;

    id = c->piece[i];

    if (id == 0) {
        /* wood: noise along the boards */
        grain = sinf(coarse[i] * 40.0f + (float) x * 0.002f) * 0.12f;
        tint = 0.75f + grain + c->fine[i] * 0.5f;
        rgb[0] = 150 * tint;
        rgb[1] = 108 * tint;
        rgb[2] = 74 * tint;
        return;
    }

    if (id == 1) {
        tint = 1.0f + c->fine[i] * 0.06f;
        rgb[0] = 232 * tint;
        rgb[1] = 228 * tint;
        rgb[2] = 218 * tint;
        return;
    }

    color = k->colors[id % NCOLORS];

    /* pieces differ from each other, and are browner here and there */
    tint = 0.85f + (float) (id % 17) / 60.0f + c->fine[i] * 0.55f;
    grain = coarse[i] * 60.0f;

    rgb[0] = (float) (color >> 16) * tint + grain * 0.6f;
    rgb[1] = (float) (color >> 8 & 0xff) * tint + grain * 0.2f;
    rgb[2] = (float) (color & 0xff) * tint - grain * 0.3f;
}


/* Light from the upper left, shadows, a dark edge, and a sensor's grain. */

static void
develop(canvas_t *c, const kind_t *k, const float *coarse)
{
    int       x, y, i, j, ch, left, up;
    float     rgb[3], dx, dy, light, shine, edge, ex, ey, v, grain;
    uint64_t  bits;

    for (y = 0; y < c->h; y++) {
        ey = (float) y / (float) c->h - 0.5f;

        for (x = 0; x < c->w; x++) {
            i = y * c->w + x;
            left = x ? i - 1 : i;
            up = y ? i - c->w : i;

            base_color(c, k, coarse, x, i, rgb);

            dx = c->relief[i] - c->relief[left]
                 + (c->fine[i] - c->fine[left]) * 2.5f;
            dy = c->relief[i] - c->relief[up]
                 + (c->fine[i] - c->fine[up]) * 2.5f;

            light = (0.72f + 0.45f * dx + 0.5f * dy)
                    / sqrtf(1.0f + dx * dx + dy * dy) + 0.22f;
            light = light < 0.18f ? 0.18f : light;
            shine = light > 1.05f && c->piece[i] ? (light - 1.05f) * 160 : 0;

            /* what lies high shades what lies lower beside it */
            j = i - (c->w * 12 + 12);
            if (j >= 0 && x >= 12 && c->relief[j] > c->relief[i] + 14) {
                light *= 0.62f;
            }

            ex = (float) x / (float) c->w - 0.5f;
            edge = 1.08f - 0.9f * (ex * ex + ey * ey);

            bits = next_random(c);

            for (ch = 0; ch < 3; ch++) {
                grain = (float) (bits & 0xffff) / 65536.0f - 0.5f;
                bits >>= 16;
                v = rgb[ch] * light * edge + shine + grain * 9.0f;
                c->rgb[i * 3 + ch] = v < 0 ? 0 : v > 255 ? 255 : (uint8_t) v;
            }
        }
    }
}


static int
save(canvas_t *c, const char *path)
{
    int         rc;
    size_t      len;
    VipsImage  *image;

    len = strlen(path);
    image = vips_image_new_from_memory(c->rgb, (size_t) c->w * c->h * 3,
                                       c->w, c->h, 3, VIPS_FORMAT_UCHAR);
    if (image == NULL) {
        return -1;
    }

    image->Type = VIPS_INTERPRETATION_sRGB;

    if (len > 4 && strcmp(path + len - 4, ".png") == 0) {
        rc = vips_pngsave(image, path, "compression", 3, NULL);

    } else if (len > 5 && strcmp(path + len - 5, ".webp") == 0) {
        rc = vips_webpsave(image, path, "Q", 80, "effort", 1, NULL);

    } else {
        rc = vips_jpegsave(image, path, "Q", 88, NULL);
    }

    g_object_unref(image);

    return rc;
}


static int
paint(const char *path, const char *name, int w, int h, unsigned seed)
{
    int            rc;
    float         *coarse;
    size_t         n;
    canvas_t       c;
    const kind_t  *k, *end;

    end = kinds + sizeof(kinds) / sizeof(kinds[0]);

    for (k = kinds; k < end && strcmp(k->name, name) != 0; k++) { /* void */ }

    if (k == end || w < 64 || h < 64 || w > 8192 || h > 8192) {
        fprintf(stderr, "photo: bad line for \"%s\"\n", path);
        return -1;
    }

    n = (size_t) w * h;

    c.w = w;
    c.h = h;
    c.random = 0x9e3779b97f4a7c15ull * (seed + 1);
    c.relief = need(n * sizeof(float));
    c.piece = need(n);
    c.rgb = need(n * 3);
    c.fine = noise(&c, 0.62f);

    coarse = noise(&c, 0.42f);

    set_table(&c, k);
    develop(&c, k, coarse);

    rc = save(&c, path);

    free(coarse);
    free(c.fine);
    free(c.rgb);
    free(c.piece);
    free(c.relief);

    return rc;
}


int
main(int argc, char **argv)
{
    int       w, h, part, parts;
    char      line[512], file[256], kind[32], path[1024];
    unsigned  seed;

    if (argc != 4 || (parts = atoi(argv[3])) < 1) {
        fprintf(stderr, "usage: photo DIR PART PARTS < list\n");
        return 2;
    }

    part = atoi(argv[2]);

    if (VIPS_INIT(argv[0]) != 0) {
        vips_error_exit(NULL);
    }

    vips_concurrency_set(1);

    for (seed = 0; fgets(line, sizeof(line), stdin); /* void */) {
        if (sscanf(line, "%255[^# \n] %d %d %31s", file, &w, &h, kind) != 4) {
            continue;
        }

        if ((int) (seed++ % (unsigned) parts) != part) {
            continue;
        }

        snprintf(path, sizeof(path), "%s/%s", argv[1], file);

        if (paint(path, kind, w, h, seed) != 0) {
            fprintf(stderr, "photo: %s: %s\n", path, vips_error_buffer());
            return 1;
        }
    }

    vips_shutdown();

    return 0;
}
