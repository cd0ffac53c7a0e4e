
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_utf8.h>
#include <lang/ngx_app_template_json.h>
#include <lang/ngx_app_scope.h>


typedef struct {
    ngx_app_lang_t            *lc;
    ngx_app_template_e         mode;
    ngx_app_template_json_t    json;
    ngx_array_t                parts;     /* ngx_app_part_t */
    u_char                    *literal;   /* start of the current one */
    u_char                    *out;       /* its end */
    u_char                    *start;
    u_char                    *pos;
    u_char                    *last;
} ngx_app_template_compiler_t;


static ngx_int_t ngx_app_template_parse(ngx_app_template_compiler_t *c);
static ngx_int_t ngx_app_template_char(ngx_app_template_compiler_t *c,
    u_char ch);
static ngx_int_t ngx_app_template_dollar(ngx_app_template_compiler_t *c);
static ngx_int_t ngx_app_template_name(ngx_app_template_compiler_t *c,
    ngx_str_t *name, ngx_uint_t braces);
static ngx_int_t ngx_app_template_value(ngx_app_template_compiler_t *c,
    ngx_str_t *name, ngx_uint_t *index, ngx_app_part_e *type);
static ngx_int_t ngx_app_template_bare(ngx_app_template_compiler_t *c,
    ngx_str_t *name);
static ngx_int_t ngx_app_template_literal(ngx_app_template_compiler_t *c);
static ngx_int_t ngx_app_template_json_error(ngx_app_template_compiler_t *c,
    const char *err, size_t len);
static void ngx_app_template_place(ngx_app_template_compiler_t *c, u_char *p,
    ngx_uint_t *line, ngx_uint_t *column);


ngx_app_template_t *
ngx_app_template_compile(ngx_app_lang_t *lc, ngx_str_t *text,
    ngx_app_template_e mode)
{
    const char                   *err;
    ngx_app_template_t           *t;
    ngx_app_template_compiler_t   c;

    lc->err.len = 0;

    if (ngx_app_utf8_valid(text->data, text->len) != NGX_OK) {
        ngx_app_lang_error(lc, "the template is not valid UTF-8, store the "
                           "file as UTF-8");
        return NULL;
    }

    ngx_memzero(&c, sizeof(ngx_app_template_compiler_t));

    c.lc = lc;
    c.mode = mode;
    c.start = text->data;
    c.pos = text->data;
    c.last = text->data + text->len;

    /* literals are never longer than the text that they come from */

    c.literal = ngx_pnalloc(lc->pool, text->len);
    c.out = c.literal;

    t = ngx_palloc(lc->pool, sizeof(ngx_app_template_t));

    if (c.literal == NULL || t == NULL
        || ngx_array_init(&c.parts, lc->pool, 4, sizeof(ngx_app_part_t))
           != NGX_OK)
    {
        return NULL;
    }

    ngx_app_template_json_init(&c.json);

    if (ngx_app_template_parse(&c) != NGX_OK) {
        return NULL;
    }

    if (mode == NGX_APP_TEMPLATE_JSON) {
        err = ngx_app_template_json_end(&c.json);

        if (err != NULL) {
            ngx_app_lang_error(lc, "the template is no JSON: %s", err);
            return NULL;
        }
    }

    if (ngx_app_template_literal(&c) != NGX_OK) {
        return NULL;
    }

    t->mode = mode;
    t->nparts = c.parts.nelts;
    t->parts = c.parts.elts;

    return t;
}


static ngx_int_t
ngx_app_template_parse(ngx_app_template_compiler_t *c)
{
    ngx_int_t  rc;

    while (c->pos < c->last) {
        rc = (*c->pos == '$') ? ngx_app_template_dollar(c)
                              : ngx_app_template_char(c, *c->pos);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_template_char(ngx_app_template_compiler_t *c, u_char ch)
{
    const char  *err;

    if (c->mode == NGX_APP_TEMPLATE_JSON) {
        err = ngx_app_template_json_char(&c->json, ch);

        if (err != NULL) {
            return ngx_app_template_json_error(c, err, 1);
        }
    }

    c->pos++;

    if (c->mode != NGX_APP_TEMPLATE_JSON || !c->json.blank) {
        *c->out++ = ch;
    }

    return NGX_OK;
}


/* "$$", "$name" or "${name.member}" */

static ngx_int_t
ngx_app_template_dollar(ngx_app_template_compiler_t *c)
{
    u_char      *p;
    ngx_str_t    name;
    ngx_uint_t   braces, line, column;

    p = c->pos + 1;

    if (p < c->last && *p == '$') {
        c->pos = p;
        return ngx_app_template_char(c, '$');
    }

    braces = (p < c->last && *p == '{');

    name.data = p + braces;
    name.len = braces ? ngx_app_lang_path_len(name.data, c->last)
                      : ngx_app_lang_name_len(name.data, c->last);

    p = name.data + name.len;

    if (name.len == 0 || (braces && (p == c->last || *p != '}'))) {
        ngx_app_template_place(c, c->pos, &line, &column);
        ngx_app_lang_error(c->lc, "no name after \"%s\" at line %ui, "
                           "character %ui, write $name, ${name.member}, or "
                           "$$ for a dollar sign",
                           braces ? "${" : "$", line, column);
        return NGX_ERROR;
    }

    if (ngx_app_template_name(c, &name, braces) != NGX_OK) {
        return NGX_ERROR;
    }

    c->pos = p + braces;

    return NGX_OK;
}


static ngx_int_t
ngx_app_template_name(ngx_app_template_compiler_t *c, ngx_str_t *name,
    ngx_uint_t braces)
{
    ngx_uint_t        index, quoted;
    const char       *err;
    ngx_app_part_t   *part;
    ngx_app_part_e    type;

    if (!braces && ngx_app_template_bare(c, name) != NGX_OK) {
        return NGX_ERROR;
    }

    quoted = c->json.string;

    if (c->mode == NGX_APP_TEMPLATE_JSON) {
        err = ngx_app_template_json_value(&c->json);

        if (err != NULL) {
            return ngx_app_template_json_error(c, err, name->data + name->len
                                                       + braces - c->pos);
        }
    }

    if (ngx_app_template_value(c, name, &index, &type) != NGX_OK
        || ngx_app_template_literal(c) != NGX_OK)
    {
        return NGX_ERROR;
    }

    part = ngx_array_push(&c->parts);
    if (part == NULL) {
        return NGX_ERROR;
    }

    part->type = type;
    part->index = index;
    part->quoted = quoted;
    part->text.len = name->len;
    part->text.data = ngx_pstrdup(c->lc->pool, name);

    return (part->text.data != NULL) ? NGX_OK : NGX_ERROR;
}


/* a name of the route, or else a variable of nginx */

static ngx_int_t
ngx_app_template_value(ngx_app_template_compiler_t *c, ngx_str_t *name,
    ngx_uint_t *index, ngx_app_part_e *type)
{
    ngx_int_t        rc;
    ngx_str_t        first;
    u_char          *dot;
    ngx_app_lang_t  *lc;

    lc = c->lc;
    first = *name;

    dot = ngx_strlchr(name->data, name->data + name->len, '.');
    if (dot != NULL) {
        first.len = dot - name->data;
    }

    if (ngx_app_scope_lookup(lc->scope, &first) == NULL && dot == NULL
        && lc->variable != NULL)
    {
        lc->err.len = 0;
        rc = lc->variable(lc, name);

        if (rc != NGX_ERROR) {
            *index = (ngx_uint_t) rc;
            *type = NGX_APP_PART_VARIABLE;

            return NGX_OK;
        }

        if (lc->err.len != 0
            && ngx_app_scope_near(lc->scope, name) == NULL)
        {
            return NGX_ERROR;
        }
    }

    *type = NGX_APP_PART_SLOT;

    return ngx_app_scope_resolve(lc, name, index);
}


/* "$offer.id" would be the whole offer, and then ".id" */

static ngx_int_t
ngx_app_template_bare(ngx_app_template_compiler_t *c, ngx_str_t *name)
{
    u_char            *p;
    size_t             len;
    ngx_app_symbol_t  *sym;

    p = name->data + name->len;

    sym = ngx_app_scope_lookup(c->lc->scope, name);

    if (sym == NULL || sym->kind == NGX_APP_SYMBOL_SCALAR || p == c->last
        || *p != '.')
    {
        return NGX_OK;
    }

    len = ngx_app_lang_path_len(name->data, c->last);

    if (len == name->len) {
        return NGX_OK;
    }

    ngx_app_lang_error(c->lc, "\"$%*s\" must be written \"${%*s}\"",
                       len, name->data, len, name->data);

    return NGX_ERROR;
}


static ngx_int_t
ngx_app_template_literal(ngx_app_template_compiler_t *c)
{
    ngx_app_part_t  *part;

    if (c->out == c->literal) {
        return NGX_OK;
    }

    part = ngx_array_push(&c->parts);
    if (part == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(part, sizeof(ngx_app_part_t));

    part->text.data = c->literal;
    part->text.len = c->out - c->literal;

    c->literal = c->out;

    return NGX_OK;
}


/* len bytes at c->pos are wrong, and what belongs to the same character */

static ngx_int_t
ngx_app_template_json_error(ngx_app_template_compiler_t *c, const char *err,
    size_t len)
{
    u_char      *p;
    ngx_uint_t   line, column;

    p = c->pos;

    ngx_app_template_place(c, p, &line, &column);

    while (p + len < c->last && (p[len] & 0xc0) == 0x80) {
        len++;
    }

    if (*p < 0x20) {
        ngx_app_lang_error(c->lc, "the template is no JSON at line %ui, "
                           "character %ui: %s", line, column, err);

    } else {
        ngx_app_lang_error(c->lc, "the template is no JSON at \"%*s\" in line "
                           "%ui, character %ui: %s", len, p, line, column,
                           err);
    }

    return NGX_ERROR;
}


static void
ngx_app_template_place(ngx_app_template_compiler_t *c, u_char *p,
    ngx_uint_t *line, ngx_uint_t *column)
{
    u_char  *s;

    *line = 1;
    *column = 1;

    for (s = c->start; s < p; s++) {

        if (*s == '\n') {
            (*line)++;
            *column = 1;
            continue;
        }

        *column += ((*s & 0xc0) != 0x80);
    }
}
