
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_regex.h>


#define NGX_APP_REGEX_PREFIX  "(*LIMIT_MATCH=100000)(*UTF)"


static ngx_int_t ngx_app_regex_run(ngx_regex_compile_t *rc,
    ngx_str_t *pattern, ngx_uint_t exact);
static u_char *ngx_app_regex_exact(u_char *p, ngx_str_t *pattern);
static ngx_uint_t ngx_app_regex_multiline(ngx_str_t *pattern);
static u_char *ngx_app_regex_next(u_char *p, u_char *last);
static u_char *ngx_app_regex_escape(u_char *p, u_char *last);
static u_char *ngx_app_regex_class(u_char *p, u_char *last);


ngx_regex_t *
ngx_app_regex_compile(ngx_pool_t *pool, ngx_str_t *pattern,
    ngx_int_t *captures, ngx_str_t *err)
{
    u_char               *p;
    size_t                len;
    ngx_regex_compile_t   rc;

    len = sizeof(NGX_APP_REGEX_PREFIX) - 1;

    ngx_str_set(err, "no memory");
    ngx_memzero(&rc, sizeof(ngx_regex_compile_t));

    /* nginx prints the pattern of a failure up to a zero byte */

    rc.pool = pool;
    rc.pattern.data = ngx_pnalloc(pool, len + pattern->len * 2 + 1);
    rc.err.data = ngx_pnalloc(pool, NGX_MAX_CONF_ERRSTR);

    if (rc.pattern.data == NULL || rc.err.data == NULL) {
        return NULL;
    }

    /* a failure is told of the pattern as it was written */

    if (ngx_app_regex_run(&rc, pattern, 1) == NGX_OK
        || ngx_app_regex_run(&rc, pattern, 0) == NGX_OK)
    {
        if (captures) {
            *captures = rc.captures;
        }

        return rc.regex;
    }

    *err = rc.err;

    /* nginx tells the pattern that was compiled; what was written is shown */

    p = ngx_strnstr(err->data, NGX_APP_REGEX_PREFIX, err->len);

    if (p != NULL) {
        err->len -= len;
        ngx_memmove(p, p + len, err->data + err->len - p);
    }

    return NULL;
}


static ngx_int_t
ngx_app_regex_run(ngx_regex_compile_t *rc, ngx_str_t *pattern,
    ngx_uint_t exact)
{
    u_char  *p;

    p = ngx_cpymem(rc->pattern.data, NGX_APP_REGEX_PREFIX,
                   sizeof(NGX_APP_REGEX_PREFIX) - 1);

    p = (exact && !ngx_app_regex_multiline(pattern))
        ? ngx_app_regex_exact(p, pattern)
        : ngx_cpymem(p, pattern->data, pattern->len);

    *p = '\0';

    rc->pattern.len = p - rc->pattern.data;
    rc->err.len = NGX_MAX_CONF_ERRSTR;

    return ngx_regex_compile(rc);
}


/*
 * Copies a pattern with "\z" in the place of "$", which to PCRE is before a
 * line end at the end, too.  Its option against that is none of nginx's, and
 * (*NUL) would let "." match line ends.
 */

static u_char *
ngx_app_regex_exact(u_char *p, ngx_str_t *pattern)
{
    u_char  *s, *last, *next;

    s = pattern->data;
    last = s + pattern->len;

    while (s < last) {

        next = ngx_app_regex_next(s, last);

        if (*s == '$') {
            *p++ = '\\';
            *p++ = 'z';

        } else {
            p = ngx_cpymem(p, s, next - s);
        }

        s = next;
    }

    return p;
}


/* not zero with "(?m)" and the like, where "$" is the end of each line */

static ngx_uint_t
ngx_app_regex_multiline(ngx_str_t *pattern)
{
    u_char  *p, *q, *last;

    p = pattern->data;
    last = p + pattern->len;

    for ( /* void */ ; p < last; p = ngx_app_regex_next(p, last)) {

        if (last - p < 3 || p[0] != '(' || p[1] != '?') {
            continue;
        }

        for (q = p + 2; q < last && ngx_strchr("^imsxnJU", *q); q++) {
            if (*q == 'm') {
                return 1;
            }
        }
    }

    return 0;
}


/* returns where the next part of a pattern begins */

static u_char *
ngx_app_regex_next(u_char *p, u_char *last)
{
    u_char  *end;

    if (*p == '\\') {
        return ngx_app_regex_escape(p, last);
    }

    if (*p == '[') {
        return ngx_app_regex_class(p, last);
    }

    if (last - p > 3 && ngx_strncmp(p, "(?#", 3) == 0) {
        end = ngx_strlchr(p, last, ')');
        return end ? end + 1 : last;
    }

    return p + 1;
}


static u_char *
ngx_app_regex_escape(u_char *p, u_char *last)
{
    u_char  *end;

    if (last - p > 2 && p[1] == 'Q') {
        end = ngx_strnstr(p, "\\E", last - p);
        return end ? end + 2 : last;
    }

    /* "\c$" is a control character */

    end = p + ((last - p > 1 && p[1] == 'c') ? 3 : 2);

    return ngx_min(end, last);
}


static u_char *
ngx_app_regex_class(u_char *p, u_char *last)
{
    u_char  *name;

    p++;

    if (p < last && *p == '^') {
        p++;
    }

    /* the first bracket is one of its characters */

    if (p < last && *p == ']') {
        p++;
    }

    while (p < last && *p != ']') {

        if (*p == '\\') {
            p = ngx_app_regex_escape(p, last);
            continue;
        }

        /* "[:alpha:]" */

        if (last - p > 3 && p[0] == '[' && p[1] == ':') {

            name = p + 2;

            while (name < last
                   && (*name == '^' || (*name >= 'a' && *name <= 'z')))
            {
                name++;
            }

            if (last - name > 1 && name[0] == ':' && name[1] == ']') {
                p = name + 2;
                continue;
            }
        }

        p++;
    }

    return (p < last) ? p + 1 : last;
}
