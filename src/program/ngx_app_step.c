
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <program/ngx_app_step.h>


#define NGX_APP_STEP_SHOWN  120      /* bytes of a text with a mistake */


static ngx_app_program_t *ngx_app_compile_program(ngx_conf_t *cf,
    ngx_app_scope_t *scope);
static ngx_int_t ngx_app_compile_variable(ngx_app_lang_t *lc,
    ngx_str_t *name);
static ngx_int_t ngx_app_step_first(ngx_app_compile_t *cc);
static size_t ngx_app_step_quoted(ngx_str_t *word);
static ngx_int_t ngx_app_step_join(ngx_conf_t *cf, ngx_uint_t first,
    ngx_uint_t last, size_t n);
static ngx_uint_t ngx_app_compile_known(ngx_conf_t *cf, ngx_str_t *name);
static void ngx_app_step_take(ngx_conf_t *cf, ngx_uint_t i, ngx_uint_t n);


ngx_int_t
ngx_app_compile_init(ngx_app_compile_t *cc, ngx_conf_t *cf)
{
    ngx_app_scope_t    *scope;
    ngx_app_program_t  *program;

    ngx_memzero(cc, sizeof(ngx_app_compile_t));

    scope = ngx_app_scope_create(cf->pool);
    if (scope == NULL) {
        return NGX_ERROR;
    }

    program = ngx_app_compile_program(cf, scope);
    if (program == NULL) {
        return NGX_ERROR;
    }

    if (ngx_array_init(&cc->answers, cf->pool, 4, sizeof(ngx_app_answer_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    cc->cf = cf;
    cc->http_ctx = cf->ctx;
    cc->program = program;

    ngx_app_lang_init(&cc->lang, cf->pool, scope);
    cc->lang.variable = ngx_app_compile_variable;
    cc->lang.data = cc;

    return NGX_OK;
}


static ngx_app_program_t *
ngx_app_compile_program(ngx_conf_t *cf, ngx_app_scope_t *scope)
{
    ngx_app_program_t  *program;

    program = ngx_pcalloc(cf->pool, sizeof(ngx_app_program_t));
    if (program == NULL) {
        return NULL;
    }

    program->scope = scope;

    if (ngx_array_init(&program->steps, cf->pool, 8, sizeof(ngx_app_step_t))
        != NGX_OK)
    {
        return NULL;
    }

    return program;
}


char *
ngx_app_compile_block(ngx_app_compile_t *cc, ngx_conf_t *cf,
    ngx_uint_t cmd_type)
{
    char        *rv;
    ngx_conf_t   save;

    save = *cf;

    cf->ctx = cc;
    cf->module_type = NGX_APP_STEP_MODULE;
    cf->cmd_type = cmd_type;
    cf->handler = NULL;

    rv = ngx_conf_parse(cf, NULL);

    *cf = save;

    return rv;
}


char *
ngx_app_compile_rescue(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char               *rv;
    ngx_str_t           name = ngx_string("error");
    ngx_app_symbol_t   *sym;
    ngx_app_program_t  *program;
    ngx_app_compile_t  *cc;

    cc = ngx_app_compile(cf);
    program = cc->program;

    if (program->rescue) {
        return "is duplicate";
    }

    if (program->steps.nelts == 0) {
        return "has no step before it that could fail";
    }

    program->rescue = ngx_app_compile_program(cf, program->scope);
    if (program->rescue == NULL) {
        return NGX_CONF_ERROR;
    }

    sym = ngx_app_scope_define(&cc->lang, &name, NGX_APP_SYMBOL_RECORD,
                               NGX_APP_SCOPE_ONCE);
    if (sym == NULL) {
        return ngx_app_step_error(cf, &name);
    }

    program->error_status = ngx_app_scope_member(program->scope, sym,
                                                 "status");
    program->error_message = ngx_app_scope_member(program->scope, sym,
                                                  "message");

    if (program->error_status == NGX_APP_SCOPE_NONE
        || program->error_message == NGX_APP_SCOPE_NONE)
    {
        return NGX_CONF_ERROR;
    }

    cc->program = program->rescue;
    rv = ngx_app_compile_block(cc, cf, NGX_APP_RESCUE_CONF);
    cc->program = program;

    return rv;
}


/*
 * A name that no value and no variable has is mostly a mistyped one, so it is
 * refused here, where the line is known, and not when nginx has read all.
 */

static ngx_int_t
ngx_app_compile_variable(ngx_app_lang_t *lc, ngx_str_t *name)
{
    ngx_int_t           index;
    ngx_conf_t          cf;
    ngx_app_compile_t  *cc;

    cc = lc->data;

    /* the block's context hides http's, where variables are found */

    cf = *cc->cf;
    cf.ctx = cc->http_ctx;

    if (!ngx_app_compile_known(&cf, name)) {
        ngx_app_lang_error(lc, "unknown name \"%V\", it is neither a value "
                           "of the route nor a variable declared above it",
                           name);
        return NGX_ERROR;
    }

    index = ngx_http_get_variable_index(&cf, name);

    if (index == NGX_ERROR) {
        ngx_str_null(&lc->err);
    }

    return index;
}


static ngx_uint_t
ngx_app_compile_known(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_uint_t                  i;
    ngx_hash_key_t             *key;
    ngx_http_variable_t        *v;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    key = cmcf->variables_keys->keys.elts;

    for (i = 0; i < cmcf->variables_keys->keys.nelts; i++) {
        if (key[i].key.len == name->len
            && ngx_strncasecmp(key[i].key.data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    v = cmcf->prefix_variables.elts;

    for (i = 0; i < cmcf->prefix_variables.nelts; i++) {
        if (name->len > v[i].name.len
            && ngx_strncasecmp(name->data, v[i].name.data, v[i].name.len)
               == 0)
        {
            return 1;
        }
    }

    return 0;
}


ngx_app_step_t *
ngx_app_step_add(ngx_conf_t *cf, ngx_app_step_pt handler, size_t conf_size)
{
    void               *conf;
    ngx_int_t           rc;
    ngx_str_t           when, *word;
    ngx_app_step_t     *step;
    ngx_app_compile_t  *cc;

    cc = ngx_app_compile(cf);
    word = cf->args->elts;

    if (cc->program->steps.nelts == NGX_APP_STEP_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "too many steps, at most %d may be in one block",
                           NGX_APP_STEP_MAX);
        return NULL;
    }

    if (ngx_app_step_words(cf) != NGX_OK) {
        return NULL;
    }

    if (cc->program->rescue) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" must stand before \"rescue\", which is "
                           "the end of its block", &word[0]);
        return NULL;
    }

    if (ngx_app_step_first(cc) != NGX_OK) {
        return NULL;
    }

    rc = ngx_app_step_option(cf, 1, "when", &when);
    if (rc == NGX_ERROR) {
        return NULL;
    }

    conf = ngx_pcalloc(cf->pool, conf_size + 1);
    if (conf == NULL) {
        return NULL;
    }

    step = ngx_app_step_append(cf, handler, conf);
    if (step == NULL) {
        return NULL;
    }

    step->name = word[0];

    if (rc == NGX_OK) {
        step->when = ngx_app_expr_compile(&cc->lang, &when);

        if (step->when == NULL) {
            (void) ngx_app_step_error(cf, &when);
            return NULL;
        }
    }

    return step;
}


/* once: from then on inputs are refused, and blocks within are no beginning */

static ngx_int_t
ngx_app_step_first(ngx_app_compile_t *cc)
{
    ngx_int_t  (*first)(ngx_app_compile_t *cc);

    first = cc->first;
    cc->first = NULL;

    return first ? first(cc) : NGX_OK;
}


ngx_app_step_t *
ngx_app_step_append(ngx_conf_t *cf, ngx_app_step_pt handler, void *conf)
{
    ngx_app_step_t  *step;

    step = ngx_array_push(&ngx_app_compile(cf)->program->steps);
    if (step == NULL) {
        return NULL;
    }

    ngx_memzero(step, sizeof(ngx_app_step_t));

    step->handler = handler;
    step->conf = conf;
    step->file = cf->conf_file->file.name;
    step->line = cf->conf_file->line;

    return step;
}


ngx_int_t
ngx_app_step_words(ngx_conf_t *cf)
{
    size_t      n;
    ngx_str_t  *word;
    ngx_uint_t  i, last;

    word = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        n = ngx_app_step_quoted(&word[i]);

        if (n == 0) {
            continue;
        }

        for (last = i; last < cf->args->nelts; last++) {
            if (word[last].data[word[last].len - 1] == '"'
                && (last != i || word[i].len > n + 1))
            {
                break;
            }
        }

        if (last == cf->args->nelts) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "no closing quote of \"%V\" in \"%V\"",
                               &word[i], &word[0]);
            return NGX_ERROR;
        }

        if (ngx_app_step_join(cf, i, last, n) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* where the quote stands in name="..., or 0 */

static size_t
ngx_app_step_quoted(ngx_str_t *word)
{
    size_t  n;

    for (n = 0; n < word->len; n++) {
        if ((word->data[n] < 'a' || word->data[n] > 'z')
            && word->data[n] != '_')
        {
            break;
        }
    }

    if (n == 0 || n + 1 >= word->len || word->data[n] != '='
        || word->data[n + 1] != '"')
    {
        return 0;
    }

    return n + 1;
}


static ngx_int_t
ngx_app_step_join(ngx_conf_t *cf, ngx_uint_t first, ngx_uint_t last, size_t n)
{
    size_t      len;
    u_char     *p;
    ngx_str_t   joined, *word;
    ngx_uint_t  i;

    word = cf->args->elts;
    len = 0;

    for (i = first; i <= last; i++) {
        len += word[i].len + 1;
    }

    joined.data = ngx_pnalloc(cf->pool, len);
    if (joined.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(joined.data, word[first].data, n);
    p = ngx_cpymem(p, word[first].data + n + 1, word[first].len - n - 1);

    for (i = first + 1; i <= last; i++) {
        *p++ = ' ';
        p = ngx_cpymem(p, word[i].data, word[i].len);
    }

    /* the closing quote gives its place to the zero that ends all words */

    *--p = '\0';
    joined.len = p - joined.data;

    word[first] = joined;
    ngx_app_step_take(cf, first + 1, last - first);

    return NGX_OK;
}


ngx_int_t
ngx_app_step_option(ngx_conf_t *cf, ngx_uint_t from, const char *name,
    ngx_str_t *value)
{
    size_t      len;
    ngx_int_t   rc;
    ngx_str_t  *word;
    ngx_uint_t  i;

    rc = NGX_DECLINED;
    len = ngx_strlen(name);
    word = cf->args->elts;

    for (i = from; i < cf->args->nelts; /* void */ ) {

        if (word[i].len <= len
            || ngx_strncmp(word[i].data, name, len) != 0
            || word[i].data[len] != '=')
        {
            i++;
            continue;
        }

        if (rc == NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%s=\" is given twice in \"%V\"",
                               name, &word[0]);
            return NGX_ERROR;
        }

        value->len = word[i].len - len - 1;
        value->data = word[i].data + len + 1;

        if (value->len == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%s=\" in \"%V\" needs a value",
                               name, &word[0]);
            return NGX_ERROR;
        }

        rc = NGX_OK;
        ngx_app_step_take(cf, i, 1);
    }

    return rc;
}


ngx_int_t
ngx_app_step_answer(ngx_conf_t *cf, const char *name, ngx_uint_t *status,
    ngx_str_t *message)
{
    size_t             len;
    ngx_int_t          n;
    ngx_str_t         *word;
    ngx_uint_t         i, at;
    ngx_app_answer_t  *a;

    at = 0;
    len = ngx_strlen(name);
    word = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (word[i].len <= len
            || ngx_strncmp(word[i].data, name, len) != 0
            || word[i].data[len] != '=')
        {
            continue;
        }

        if (at) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%s=\" is given twice in \"%V\"",
                               name, &word[0]);
            return NGX_ERROR;
        }

        at = i;
    }

    if (at == 0) {
        return NGX_DECLINED;
    }

    n = ngx_atoi(word[at].data + len + 1, word[at].len - len - 1);

    if (n < 400 || n > 599) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid status in \"%V\" of \"%V\", "
                           "use %s=400 to %s=599", &word[at], &word[0],
                           name, name);
        return NGX_ERROR;
    }

    if (at + 1 == cf->args->nelts) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" of \"%V\" needs a message behind it, "
                           "as in %s=404 \"Offer not found\"",
                           &word[at], &word[0], name);
        return NGX_ERROR;
    }

    *status = n;
    *message = word[at + 1];

    a = ngx_array_push(&ngx_app_compile(cf)->answers);
    if (a == NULL) {
        return NGX_ERROR;
    }

    a->status = *status;
    a->message = *message;

    ngx_app_step_take(cf, at, 2);

    return NGX_OK;
}


/* takes n words out of the arguments */

static void
ngx_app_step_take(ngx_conf_t *cf, ngx_uint_t i, ngx_uint_t n)
{
    ngx_str_t  *word;

    word = cf->args->elts;

    ngx_memmove(&word[i], &word[i + n],
                (cf->args->nelts - i - n) * sizeof(ngx_str_t));

    cf->args->nelts -= n;
}


char *
ngx_app_step_error(ngx_conf_t *cf, ngx_str_t *what)
{
    u_char              text[NGX_APP_STEP_SHOWN], *p, *s, *last;
    ngx_str_t          *word;
    ngx_app_compile_t  *cc;

    cc = ngx_app_compile(cf);

    if (cc->lang.err.len == 0) {
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;

    /* the beginning of it, in one line */

    p = text;
    last = what->data + what->len;

    for (s = what->data; s < last && p < text + sizeof(text); s++) {

        if (*s > ' ') {
            *p++ = *s;

        } else if (p > text && p[-1] != ' ') {
            *p++ = ' ';
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%V in \"%*s%s\" of \"%V\"",
                       &cc->lang.err, (size_t) (p - text), text,
                       s < last ? "..." : "", &word[0]);

    return NGX_CONF_ERROR;
}
