
/*
 * Copyright (C) the project authors
 */

/*
 * The answers of an operation, found in the steps of its route.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>
#include <api/ngx_app_api_idempotent.h>
#include <api/ngx_app_openapi_doc.h>


typedef struct {
    ngx_uint_t              status;
    ngx_str_t               text;
    ngx_app_template_t     *body;        /* NULL: none, or an error */
    unsigned                respond:1;
    unsigned                json:1;
} ngx_app_openapi_answer_t;


static void ngx_app_openapi_steps(ngx_app_openapi_doc_t *doc,
    ngx_app_program_t *program);
static ngx_uint_t ngx_app_openapi_faults(ngx_app_api_route_t *route);
static void ngx_app_openapi_auth(ngx_app_openapi_doc_t *doc,
    ngx_app_api_auth_use_t *use);
static void ngx_app_openapi_status(ngx_app_openapi_doc_t *doc,
    ngx_uint_t status, const char *text);
static ngx_app_openapi_answer_t *ngx_app_openapi_add(
    ngx_app_openapi_doc_t *doc, ngx_uint_t status, ngx_str_t *text);


void
ngx_app_openapi_collect(ngx_app_openapi_doc_t *doc,
    ngx_app_api_route_t *route)
{
    ngx_uint_t               i, sql, keys;
    ngx_app_step_t          *step;
    ngx_app_answer_t        *a;
    ngx_app_api_auth_use_t  *use;

    if (ngx_array_init(&doc->answers, doc->pool, 8,
                       sizeof(ngx_app_openapi_answer_t))
        != NGX_OK)
    {
        doc->failed = 1;
        return;
    }

    ngx_app_openapi_steps(doc, route->program);

    if (route->program->rescue) {
        ngx_app_openapi_steps(doc, route->program->rescue);
    }

    a = route->answers.elts;

    for (i = 0; i < route->answers.nelts; i++) {
        (void) ngx_app_openapi_add(doc, a[i].status, &a[i].message);
    }

    if (ngx_app_openapi_faults(route) || route->idempotent) {
        ngx_app_openapi_status(doc, 400, "What was sent is not valid");
    }

    if (route->idempotent) {
        ngx_app_openapi_status(doc, 409, "A request with this key is being "
                               "carried out, or has been, and its answer is "
                               "not known");
        ngx_app_openapi_status(doc, 422, "The key was used before, with "
                               "another request");
    }

    /* who may come in is a program of its own */

    use = ngx_app_api_auth_of(route);

    if (use) {
        ngx_app_openapi_put(doc, ",'security':[{");
        ngx_app_openapi_text(doc, &use->auth->name);
        ngx_app_openapi_put(doc, use->optional ? ":[]},{}]" : ":[]}]");

        ngx_app_openapi_auth(doc, use);
    }

    if (use && use->roles.nelts) {
        ngx_app_openapi_status(doc, use->refused.status
                                    ? use->refused.status : 403,
                               "Not allowed");
    }

    sql = (use != NULL);
    step = route->program->steps.elts;

    for (i = 0, keys = 0; i < route->program->steps.nelts; i++) {
        sql |= step[i].sql;
        keys |= ngx_app_api_jwt_fetches(&step[i]);
    }

    if (sql) {
        ngx_app_openapi_status(doc, 503, "The database is away");
    }

    if (keys) {
        ngx_app_openapi_status(doc, 503, "The keys of tokens are away");
    }
}


static void
ngx_app_openapi_steps(ngx_app_openapi_doc_t *doc, ngx_app_program_t *program)
{
    ngx_str_t                  text;
    ngx_uint_t                 i;
    ngx_app_step_t            *step;
    ngx_app_api_respond_t     *res;
    ngx_app_openapi_answer_t  *a;

    step = program->steps.elts;

    for (i = 0; i < program->steps.nelts; i++) {

        if (step[i].handler != ngx_app_api_respond_run) {
            continue;
        }

        res = step[i].conf;
        ngx_str_set(&text, "The answer");

        a = ngx_app_openapi_add(doc, res->status, &text);

        if (a && !a->respond) {
            a->respond = 1;
            a->body = res->body;
            a->json = res->body
                      && res->body->mode == NGX_APP_TEMPLATE_JSON;
        }
    }
}


/* not zero when an input may be answered with the list of faults */

static ngx_uint_t
ngx_app_openapi_faults(ngx_app_api_route_t *route)
{
    ngx_uint_t            i;
    ngx_app_api_input_t  *in;

    in = route->inputs.elts;

    /* a body may be malformed, whatever its members have */

    for (i = 0; i < route->inputs.nelts; i++) {
        if (in[i].else_status == 0 || in[i].source == NGX_APP_API_BODY) {
            return 1;
        }
    }

    return 0;
}


static void
ngx_app_openapi_auth(ngx_app_openapi_doc_t *doc, ngx_app_api_auth_use_t *use)
{
    ngx_uint_t         i;
    ngx_app_answer_t  *a;

    if (!use->any) {
        ngx_app_openapi_status(doc, 401, "Not signed in");
    }

    a = use->auth->answers.elts;

    for (i = 0; i < use->auth->answers.nelts; i++) {

        /* to "optional=any" whoever is not let in is nobody */

        if (!use->any || a[i].status >= NGX_HTTP_INTERNAL_SERVER_ERROR) {
            (void) ngx_app_openapi_add(doc, a[i].status, &a[i].message);
        }
    }
}


static void
ngx_app_openapi_status(ngx_app_openapi_doc_t *doc, ngx_uint_t status,
    const char *text)
{
    ngx_str_t  s;

    s.len = ngx_strlen(text);
    s.data = ngx_pnalloc(doc->pool, s.len);
    if (s.data == NULL) {
        doc->failed = 1;
        return;
    }

    ngx_memcpy(s.data, text, s.len);

    (void) ngx_app_openapi_add(doc, status, &s);
}


/* returns the answer with that status, a new one with that text, or NULL */

static ngx_app_openapi_answer_t *
ngx_app_openapi_add(ngx_app_openapi_doc_t *doc, ngx_uint_t status,
    ngx_str_t *text)
{
    ngx_uint_t                 i;
    ngx_app_openapi_answer_t  *a;

    a = doc->answers.elts;

    for (i = 0; i < doc->answers.nelts; i++) {
        if (a[i].status == status) {
            return &a[i];
        }
    }

    a = ngx_array_push(&doc->answers);
    if (a == NULL) {
        doc->failed = 1;
        return NULL;
    }

    ngx_memzero(a, sizeof(ngx_app_openapi_answer_t));

    a->status = status;
    a->text = *text;

    return a;
}


void
ngx_app_openapi_answers(ngx_app_openapi_doc_t *doc)
{
    u_char                     status[NGX_INT_T_LEN + 8];
    ngx_uint_t                 i;
    ngx_app_openapi_answer_t  *a;

    a = doc->answers.elts;

    ngx_app_openapi_put(doc, ",'responses':{");

    for (i = 0; i < doc->answers.nelts; i++) {

        *ngx_sprintf(status, "%s'%ui'", i ? "," : "", a[i].status) = '\0';

        ngx_app_openapi_put(doc, (char *) status);
        ngx_app_openapi_put(doc, ":{'description':");
        ngx_app_openapi_text(doc, &a[i].text);

        if (!a[i].respond) {
            ngx_app_openapi_put(doc, ",'content':{'application/json':{"
                                     "'schema':{'$ref':"
                                     "'#/components/schemas/Error'}}}");

        } else if (a[i].json) {
            ngx_app_openapi_put(doc, ",'content':{'application/json':{"
                                     "'schema':");

            if (ngx_app_openapi_answer(&doc->b, doc->pool, a[i].body)
                != NGX_OK)
            {
                doc->failed = 1;
            }

            ngx_app_openapi_put(doc, "}}");
        }

        ngx_app_openapi_put(doc, "}");
    }

    ngx_app_openapi_put(doc, "}");
}
