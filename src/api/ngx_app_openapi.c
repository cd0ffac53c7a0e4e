
/*
 * Copyright (C) the project authors
 */

/*
 * The document: its paths, and the operations of each with their inputs.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_api_auth.h>
#include <api/ngx_app_api_idempotent.h>
#include <api/ngx_app_openapi_doc.h>
#include <core/ngx_app_hash.h>
#include <json/ngx_app_json_write.h>


#define NGX_APP_OPENAPI_CHUNK  8192

#define NGX_APP_OPENAPI_ERROR                                                 \
    "'components':{'schemas':{'Error':{'type':'object','properties':{"        \
    "'statusCode':{'type':'integer'},'message':{'oneOf':["                    \
    "{'type':'string'},{'type':'array','items':{'type':'string'}}]}},"        \
    "'required':['statusCode','message']}}"

#define NGX_APP_OPENAPI_BEARER                                                \
    ":{'type':'http','scheme':'bearer','bearerFormat':'JWT'}"


static ngx_int_t ngx_app_openapi_make(ngx_conf_t *cf, ngx_app_openapi_t *oa,
    ngx_array_t *routes);
static void ngx_app_openapi_info(ngx_app_openapi_doc_t *doc,
    ngx_app_openapi_t *oa);
static void ngx_app_openapi_paths(ngx_app_openapi_doc_t *doc);
static ngx_uint_t ngx_app_openapi_same_path(ngx_app_api_route_t *a,
    ngx_app_api_route_t *b);
static void ngx_app_openapi_path(ngx_app_openapi_doc_t *doc,
    ngx_app_api_route_t *route);
static void ngx_app_openapi_route(ngx_app_openapi_doc_t *doc,
    ngx_app_api_route_t *route);
static void ngx_app_openapi_parameters(ngx_app_openapi_doc_t *doc,
    ngx_app_api_route_t *route);
static ngx_uint_t ngx_app_openapi_key(ngx_app_openapi_doc_t *doc,
    ngx_app_api_route_t *route, ngx_uint_t n);
static ngx_uint_t ngx_app_openapi_parameter(ngx_app_openapi_doc_t *doc,
    ngx_app_api_input_t *in, ngx_uint_t n);
static void ngx_app_openapi_request(ngx_app_openapi_doc_t *doc,
    ngx_app_api_route_t *route);
static void ngx_app_openapi_schemes(ngx_app_openapi_doc_t *doc);
static ngx_int_t ngx_app_openapi_finish(ngx_app_openapi_doc_t *doc,
    ngx_app_openapi_t *oa);


ngx_int_t
ngx_app_openapi_init(ngx_conf_t *cf, ngx_app_api_srv_conf_t *ascf)
{
    ngx_app_openapi_t  *oa;

    if (ascf->openapi == NULL) {
        return NGX_OK;
    }

    if (ngx_app_openapi_names(cf, &ascf->routes) != NGX_OK) {
        return NGX_ERROR;
    }

    for (oa = ascf->openapi; oa; oa = oa->next) {
        if (ngx_app_openapi_make(cf, oa, &ascf->routes) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_app_openapi_make(ngx_conf_t *cf, ngx_app_openapi_t *oa,
    ngx_array_t *routes)
{
    ngx_app_openapi_doc_t  doc;

    ngx_memzero(&doc, sizeof(ngx_app_openapi_doc_t));

    doc.pool = cf->pool;
    doc.routes = routes;

    ngx_app_buf_init(&doc.b, cf->pool, NGX_APP_OPENAPI_CHUNK,
                     NGX_APP_OPENAPI_MAX);

    ngx_app_openapi_info(&doc, oa);
    ngx_app_openapi_paths(&doc);

    ngx_app_openapi_put(&doc, "," NGX_APP_OPENAPI_ERROR);

    ngx_app_openapi_schemes(&doc);
    ngx_app_openapi_put(&doc, "}}");

    return ngx_app_openapi_finish(&doc, oa);
}


static void
ngx_app_openapi_info(ngx_app_openapi_doc_t *doc, ngx_app_openapi_t *oa)
{
    ngx_str_t   *url;
    ngx_uint_t   i;

    ngx_app_openapi_put(doc, "{'openapi':'3.1.0','info':{'title':");
    ngx_app_openapi_text(doc, &oa->title);
    ngx_app_openapi_put(doc, ",'version':");
    ngx_app_openapi_text(doc, &oa->version);

    if (oa->description.len) {
        ngx_app_openapi_put(doc, ",'description':");
        ngx_app_openapi_text(doc, &oa->description);
    }

    ngx_app_openapi_put(doc, "}");

    url = oa->servers.elts;

    for (i = 0; i < oa->servers.nelts; i++) {
        ngx_app_openapi_put(doc, i ? ",{'url':" : ",'servers':[{'url':");
        ngx_app_openapi_text(doc, &url[i]);
        ngx_app_openapi_put(doc, "}");
    }

    ngx_app_openapi_put(doc, i ? "]" : "");
}


/* the methods of a path stand together, where the first of them is */

static void
ngx_app_openapi_paths(ngx_app_openapi_doc_t *doc)
{
    ngx_uint_t             i, j, n;
    ngx_app_api_route_t  **route;

    route = doc->routes->elts;
    n = 0;

    ngx_app_openapi_put(doc, ",'paths':{");

    for (i = 0; i < doc->routes->nelts; i++) {

        for (j = 0; j < i; j++) {
            if (ngx_app_openapi_same_path(route[j], route[i])) {
                break;
            }
        }

        if (j < i) {
            continue;
        }

        doc->first = route[i];

        ngx_app_openapi_put(doc, n++ ? "," : "");
        ngx_app_openapi_path(doc, route[i]);
        ngx_app_openapi_put(doc, ":{");

        for (j = i; j < doc->routes->nelts; j++) {

            if (!ngx_app_openapi_same_path(route[i], route[j])) {
                continue;
            }

            ngx_app_openapi_put(doc, (j == i) ? "" : ",");
            ngx_app_openapi_route(doc, route[j]);
        }

        ngx_app_openapi_put(doc, "}");
    }

    ngx_app_openapi_put(doc, "}");
}


/* parameters may have other names with another method */

static ngx_uint_t
ngx_app_openapi_same_path(ngx_app_api_route_t *a, ngx_app_api_route_t *b)
{
    u_char  *p, *q, *plast, *qlast;

    p = a->path.data;
    q = b->path.data;
    plast = p + a->path.len;
    qlast = q + b->path.len;

    while (p < plast && q < qlast) {

        if (*p != *q) {
            return 0;
        }

        if (p > a->path.data && p[-1] == '/' && (*p == ':' || *p == '*')) {
            while (p < plast && *p != '/') { p++; }
            while (q < qlast && *q != '/') { q++; }
            continue;
        }

        p++;
        q++;
    }

    return p == plast && q == qlast;
}


static void
ngx_app_openapi_path(ngx_app_openapi_doc_t *doc, ngx_app_api_route_t *route)
{
    u_char     *p, *q, *last;
    ngx_str_t   path;

    /* each parameter needs one byte more than it has */

    path.data = ngx_pnalloc(doc->pool, route->path.len * 2);
    if (path.data == NULL) {
        doc->failed = 1;
        return;
    }

    p = route->path.data;
    last = p + route->path.len;
    q = path.data;

    while (p < last) {

        if ((*p != ':' && *p != '*') || p[-1] != '/') {
            *q++ = *p++;
            continue;
        }

        *q++ = '{';

        for (p++; p < last && *p != '/'; p++) {
            *q++ = *p;
        }

        *q++ = '}';
    }

    path.len = q - path.data;

    ngx_app_openapi_text(doc, &path);
}


static void
ngx_app_openapi_route(ngx_app_openapi_doc_t *doc, ngx_app_api_route_t *route)
{
    ngx_str_t    method, *tag;
    ngx_uint_t   i;

    method.len = route->method.len;
    method.data = ngx_pnalloc(doc->pool, method.len);
    if (method.data == NULL) {
        doc->failed = 1;
        return;
    }

    ngx_strlow(method.data, route->method.data, method.len);

    ngx_app_openapi_text(doc, &method);
    ngx_app_openapi_put(doc, ":{'operationId':");
    ngx_app_openapi_text(doc, &route->operation);

    if (route->summary.len) {
        ngx_app_openapi_put(doc, ",'summary':");
        ngx_app_openapi_text(doc, &route->summary);
    }

    if (route->tags) {
        tag = route->tags->elts;

        for (i = 0; i < route->tags->nelts; i++) {
            ngx_app_openapi_put(doc, i ? "," : ",'tags':[");
            ngx_app_openapi_text(doc, &tag[i]);
        }

        ngx_app_openapi_put(doc, "]");
    }

    ngx_app_openapi_parameters(doc, route);
    ngx_app_openapi_request(doc, route);

    ngx_app_openapi_collect(doc, route);
    ngx_app_openapi_answers(doc);

    ngx_app_openapi_put(doc, "}");
}


static void
ngx_app_openapi_parameters(ngx_app_openapi_doc_t *doc,
    ngx_app_api_route_t *route)
{
    ngx_uint_t            i, n;
    ngx_app_api_input_t  *in;

    n = 0;
    in = route->inputs.elts;

    for (i = 0; i < route->inputs.nelts; i++) {
        n += ngx_app_openapi_parameter(doc, &in[i], n);
    }

    n += ngx_app_openapi_key(doc, route, n);

    ngx_app_openapi_put(doc, n ? "]" : "");
}


/* the header that "idempotent" reads, unless an input does, too */

static ngx_uint_t
ngx_app_openapi_key(ngx_app_openapi_doc_t *doc, ngx_app_api_route_t *route,
    ngx_uint_t n)
{
    ngx_str_t             name = ngx_string("idempotency-key");
    ngx_uint_t            i;
    ngx_app_api_input_t  *in;

    if (route->idempotent == NULL) {
        return 0;
    }

    in = route->inputs.elts;

    for (i = 0; i < route->inputs.nelts; i++) {
        if (in[i].source == NGX_APP_API_HEADER && in[i].key.len == name.len
            && ngx_strncmp(in[i].key.data, name.data, name.len) == 0)
        {
            return 0;
        }
    }

    ngx_app_openapi_put(doc, n ? "," : ",'parameters':[");
    ngx_app_openapi_put(doc, "{'name':'Idempotency-Key','in':'header',");

    if (route->idempotent->required) {
        ngx_app_openapi_put(doc, "'required':true,");
    }

    ngx_app_openapi_put(doc, "'description':'With the same key the same "
                             "request is carried out once, and its answer is "
                             "given again','schema':{'type':'string',"
                             "'minLength':1,'maxLength':255}}");

    return 1;
}


/* returns how many were written */

static ngx_uint_t
ngx_app_openapi_parameter(ngx_app_openapi_doc_t *doc,
    ngx_app_api_input_t *in, ngx_uint_t n)
{
    ngx_str_t   *name;
    const char  *where;

    name = &in->key;

    switch (in->source) {

    case NGX_APP_API_PATH:
        where = ",'in':'path','required':true,'schema':";
        name = &doc->first->match->params[in->index];
        break;

    case NGX_APP_API_QUERY:
        where = in->input.required
                ? ",'in':'query','required':true,'schema':"
                : ",'in':'query','schema':";
        break;

    case NGX_APP_API_HEADER:

        /* the specification passes over these */

        if ((name->len == 6 && ngx_strncmp(name->data, "accept", 6) == 0)
            || (name->len == 12
                && ngx_strncmp(name->data, "content-type", 12) == 0)
            || (name->len == 13
                && ngx_strncmp(name->data, "authorization", 13) == 0))
        {
            return 0;
        }

        where = in->input.required
                ? ",'in':'header','required':true,'schema':"
                : ",'in':'header','schema':";
        break;

    default:
        return 0;
    }

    ngx_app_openapi_put(doc, n ? ",{'name':" : ",'parameters':[{'name':");
    ngx_app_openapi_text(doc, name);
    ngx_app_openapi_put(doc, where);

    if (ngx_app_openapi_input(&doc->b, &in->input) != NGX_OK) {
        doc->failed = 1;
    }

    ngx_app_openapi_put(doc, "}");

    return 1;
}


static void
ngx_app_openapi_request(ngx_app_openapi_doc_t *doc,
    ngx_app_api_route_t *route)
{
    ngx_uint_t            i, n, required;
    ngx_app_api_input_t  *in;

    n = 0;
    required = 0;
    in = route->inputs.elts;

    for (i = 0; i < route->inputs.nelts; i++) {
        if (in[i].source == NGX_APP_API_BODY) {
            n++;
            required |= in[i].input.required;
        }
    }

    if (n == 0) {
        return;
    }

    ngx_app_openapi_put(doc, required ? ",'requestBody':{'required':true,"
                                      : ",'requestBody':{");
    ngx_app_openapi_put(doc, "'content':{'application/json':{'schema':");

    if (ngx_app_openapi_body(&doc->b, &route->inputs) != NGX_OK) {
        doc->failed = 1;
    }

    ngx_app_openapi_put(doc, "}}}");
}


/* each app_auth that a route uses, once */

static void
ngx_app_openapi_schemes(ngx_app_openapi_doc_t *doc)
{
    ngx_uint_t                i, j, n;
    ngx_app_api_route_t     **route;
    ngx_app_api_auth_use_t   *use, *other;

    n = 0;
    route = doc->routes->elts;

    for (i = 0; i < doc->routes->nelts; i++) {

        use = ngx_app_api_auth_of(route[i]);

        if (use == NULL) {
            continue;
        }

        for (j = 0; j < i; j++) {
            other = ngx_app_api_auth_of(route[j]);

            if (other && other->auth == use->auth) {
                break;
            }
        }

        if (j < i) {
            continue;
        }

        ngx_app_openapi_put(doc, n++ ? "," : ",'securitySchemes':{");
        ngx_app_openapi_text(doc, &use->auth->name);
        ngx_app_openapi_put(doc, NGX_APP_OPENAPI_BEARER);
    }

    ngx_app_openapi_put(doc, n ? "}" : "");
}


void
ngx_app_openapi_put(ngx_app_openapi_doc_t *doc, const char *text)
{
    if (ngx_app_openapi_raw(&doc->b, text) != NGX_OK) {
        doc->failed = 1;
    }
}


void
ngx_app_openapi_text(ngx_app_openapi_doc_t *doc, ngx_str_t *s)
{
    if (ngx_app_openapi_string(&doc->b, s) != NGX_OK) {
        doc->failed = 1;
    }
}


static ngx_int_t
ngx_app_openapi_finish(ngx_app_openapi_doc_t *doc, ngx_app_openapi_t *oa)
{
    u_char           *p;
    ngx_chain_t      *cl;
    ngx_app_hash_t    h;

    cl = ngx_app_buf_take(&doc->b, &oa->body.len);

    if (doc->failed || cl == NULL) {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(doc->pool, oa->body.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    oa->body.data = p;

    for ( /* void */ ; cl; cl = cl->next) {
        p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    ngx_app_hash_init(&h, 0);
    ngx_app_hash_update(&h, oa->body.data, oa->body.len);

    oa->etag.data = ngx_pnalloc(doc->pool,
                                sizeof("W/\"0123456789abcdef\"") - 1);
    if (oa->etag.data == NULL) {
        return NGX_ERROR;
    }

    oa->etag.len = ngx_sprintf(oa->etag.data, "W/\"%016xL\"",
                               ngx_app_hash_final(&h))
                   - oa->etag.data;

    return NGX_OK;
}
