
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_input.h>
#include <http/ngx_app_input_fault.h>


static ngx_int_t ngx_app_faults_add(ngx_app_faults_t *f,
    ngx_app_input_rule_e rule, const char *before, ngx_str_t *text,
    const char *after);
static ngx_int_t ngx_app_faults_kind(ngx_app_faults_t *f,
    ngx_app_input_rule_e rule, ngx_app_input_t *in);
static ngx_int_t ngx_app_faults_bound(ngx_app_faults_t *f,
    ngx_app_input_rule_e rule);
static void ngx_app_faults_sort(ngx_app_faults_t *f);


/* in the order of ngx_app_input_type_e */
static const char  *ngx_app_input_faults[] = {
    "must be an integer number",
    "must be a number conforming to the specified constraints",
    "must be a string",
    "must be a boolean value",
    "must be a valid ISO 8601 date string",
    "must be an email",
    "must be a UUID",
    "must be one of the following values: ",
    "must be a json string"
};


void
ngx_app_faults_init(ngx_app_faults_t *f, ngx_app_input_t *in,
    ngx_pool_t *pool, ngx_uint_t coerce)
{
    f->input = in;
    f->pool = pool;
    f->n = 0;
    f->coerce = coerce || in->coerce;
}


ngx_int_t
ngx_app_input_fault(ngx_app_input_t *in, ngx_pool_t *pool,
    const char *predicate, ngx_str_t *fault)
{
    ngx_app_faults_t  f;

    ngx_app_faults_init(&f, in, pool, 0);

    if (ngx_app_faults_add(&f, NGX_APP_RULES, predicate, NULL, "") != NGX_OK) {
        return NGX_ERROR;
    }

    return (ngx_app_faults_join(&f, fault) == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


ngx_int_t
ngx_app_faults_rule(ngx_app_faults_t *f, ngx_app_input_rule_e rule)
{
    ngx_app_input_t  *in;

    in = f->input;

    switch (rule) {

    case NGX_APP_RULE_TYPE:
        return in->item ? ngx_app_faults_add(f, rule, "must be an array",
                                             NULL, "")
                        : ngx_app_faults_kind(f, rule, in);

    case NGX_APP_RULE_ITEM:
        return ngx_app_faults_kind(f, rule, in->item ? in->item : in);

    case NGX_APP_RULE_TEXT:
        return ngx_app_faults_add(f, rule, "must be a string", NULL, "");

    case NGX_APP_RULE_INTEGER:
        return ngx_app_faults_add(f, rule, "must be an integer number", NULL,
                                  "");

    case NGX_APP_RULE_PATTERN:
        return ngx_app_faults_add(f, rule, "must match ", &in->pattern,
                                  " regular expression");

    case NGX_APP_RULE_REQUIRED:
        return ngx_app_faults_add(f, rule, "should not be empty", NULL, "");

    default:
        return ngx_app_faults_bound(f, rule);
    }
}


/* the fault of a type; an array's item has a name of its own */

static ngx_int_t
ngx_app_faults_kind(ngx_app_faults_t *f, ngx_app_input_rule_e rule,
    ngx_app_input_t *in)
{
    ngx_int_t         rc;
    ngx_app_input_t  *save;

    save = f->input;

    /* its own message is found by the rule */

    if (in == save || save->messages[rule].len == 0) {
        f->input = in;
    }

    rc = ngx_app_faults_add(f, rule, ngx_app_input_faults[in->type],
                            (in->type == NGX_APP_INPUT_ENUM) ? &in->list
                                                             : NULL, "");
    f->input = save;

    return rc;
}


static ngx_int_t
ngx_app_faults_bound(ngx_app_faults_t *f, ngx_app_input_rule_e rule)
{
    u_char            buf[NGX_INT_T_LEN];
    ngx_str_t         n;
    ngx_uint_t        text;
    ngx_app_input_t  *in;

    in = f->input;
    text = (in->type == NGX_APP_INPUT_STRING);

    switch (rule) {

    case NGX_APP_RULE_MIN:
        return text ? ngx_app_faults_add(f, rule,
                                         "must be longer than or equal to ",
                                         &in->min_text, " characters")
                    : ngx_app_faults_add(f, rule, "must not be less than ",
                                         &in->min_text, "");

    case NGX_APP_RULE_MAX:
        return text ? ngx_app_faults_add(f, rule,
                                         "must be shorter than or equal to ",
                                         &in->max_text, " characters")
                    : ngx_app_faults_add(f, rule, "must not be greater than ",
                                         &in->max_text, "");

    case NGX_APP_RULE_MIN_ITEMS:
        n.data = buf;
        n.len = ngx_sprintf(buf, "%ui", in->min_items) - buf;

        return ngx_app_faults_add(f, rule, "must contain at least ", &n,
                                  " elements");

    default: /* NGX_APP_RULE_MAX_ITEMS */
        n.data = buf;
        n.len = ngx_sprintf(buf, "%ui", in->max_items) - buf;

        return ngx_app_faults_add(f, rule, "must contain no more than ", &n,
                                  " elements");
    }
}


ngx_int_t
ngx_app_faults_type(ngx_app_faults_t *f, ngx_uint_t text)
{
    ngx_uint_t        i;
    ngx_app_input_t  *in;

    in = f->input;

    if (in->norder == 0) {

        if (!text && in->messages[NGX_APP_RULE_TEXT].len
            && ngx_app_faults_rule(f, NGX_APP_RULE_TEXT) != NGX_OK)
        {
            return NGX_ERROR;
        }

        return ngx_app_faults_rule(f, NGX_APP_RULE_TYPE);
    }

    /* what is not of its type passes none of its bounds either */

    for (i = 0; i < in->norder; i++) {

        if (in->order[i] == NGX_APP_RULE_TYPE
            || in->order[i] == NGX_APP_RULE_REQUIRED
            || in->order[i] == NGX_APP_RULE_ITEM
            || (in->order[i] == NGX_APP_RULE_TEXT && text))
        {
            continue;
        }

        if (ngx_app_faults_rule(f, in->order[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_app_faults_rule(f, NGX_APP_RULE_TYPE);
}


ngx_int_t
ngx_app_faults_missing(ngx_app_faults_t *f)
{
    ngx_uint_t        i;
    ngx_app_input_t  *in;

    in = f->input;

    for (i = 0; i < in->norder; i++) {
        if (ngx_app_faults_rule(f, in->order[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (in->norder) {
        return NGX_OK;
    }

    if (in->item && ngx_app_faults_rule(f, NGX_APP_RULE_ITEM) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_app_faults_type(f, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_app_faults_rule(f, NGX_APP_RULE_REQUIRED);
}


/*
 * Adds a fault of three parts behind the input's name; text may be NULL.  A
 * rule's own message stands for all of them.
 */

static ngx_int_t
ngx_app_faults_add(ngx_app_faults_t *f, ngx_app_input_rule_e rule,
    const char *before, ngx_str_t *text, const char *after)
{
    u_char           *p;
    size_t            len;
    ngx_str_t         s;
    ngx_app_input_t  *in;

    in = f->input;

    if (in->message.len != 0
        || (rule < NGX_APP_RULES && in->messages[rule].len != 0))
    {
        return ngx_app_faults_text(f, rule, in->message.len
                                            ? &in->message
                                            : &in->messages[rule]);
    }

    len = in->name.len + 1 + ngx_strlen(before) + (text ? text->len : 0)
          + ngx_strlen(after);

    s.data = ngx_pnalloc(f->pool, len);
    if (s.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(s.data, in->name.data, in->name.len);
    *p++ = ' ';
    p = ngx_cpymem(p, before, ngx_strlen(before));

    if (text != NULL) {
        p = ngx_cpymem(p, text->data, text->len);
    }

    p = ngx_cpymem(p, after, ngx_strlen(after));

    s.len = p - s.data;

    return ngx_app_faults_text(f, rule, &s);
}


ngx_int_t
ngx_app_faults_text(ngx_app_faults_t *f, ngx_app_input_rule_e rule,
    ngx_str_t *text)
{
    /* a fault with a message of the input's own is that message */

    if (f->input->message.len != 0) {
        f->n = 0;
        text = &f->input->message;
    }

    f->list[f->n].rule = rule;
    f->list[f->n].text = *text;
    f->n++;

    return NGX_OK;
}


ngx_int_t
ngx_app_faults_join(ngx_app_faults_t *f, ngx_str_t *fault)
{
    u_char      *p;
    size_t       len;
    ngx_uint_t   i;

    if (f->n == 0) {
        return NGX_OK;
    }

    if (f->input->norder) {
        ngx_app_faults_sort(f);
    }

    if (f->n == 1) {
        *fault = f->list[0].text;
        return NGX_DECLINED;
    }

    len = 0;

    for (i = 0; i < f->n; i++) {
        len += f->list[i].text.len + 2;
    }

    p = ngx_pnalloc(f->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    fault->data = p;

    for (i = 0; i < f->n; i++) {
        if (i != 0) {
            *p++ = ',';
            *p++ = ' ';
        }

        p = ngx_cpymem(p, f->list[i].text.data, f->list[i].text.len);
    }

    fault->len = p - fault->data;

    return NGX_DECLINED;
}


/* keeps those of "rules=", in its order, when there are some */

static void
ngx_app_faults_sort(ngx_app_faults_t *f)
{
    ngx_uint_t        i, j, n;
    ngx_app_fault_t   sorted[NGX_APP_RULES];
    ngx_app_input_t  *in;

    in = f->input;
    n = 0;

    for (i = 0; i < in->norder; i++) {
        for (j = 0; j < f->n; j++) {
            if (f->list[j].rule == in->order[i]) {
                sorted[n++] = f->list[j];
                break;
            }
        }
    }

    if (n) {
        ngx_memcpy(f->list, sorted, n * sizeof(ngx_app_fault_t));
        f->n = n;
    }
}
