
/*
 * Copyright (C) the project authors
 */

/*
 * The directives of the document, and its location.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <api/ngx_app_openapi.h>


static ngx_int_t ngx_app_openapi_handler(ngx_http_request_t *r);
static char *ngx_app_openapi_words(ngx_conf_t *cf, ngx_app_openapi_t *oa);


/* app_openapi [title=TEXT] [version=TEXT] [description=TEXT] [server=URL...] */

char *
ngx_app_openapi(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_app_api_loc_conf_t *alcf = conf;

    ngx_app_openapi_t         *oa;
    ngx_app_api_srv_conf_t    *ascf;
    ngx_http_core_loc_conf_t  *clcf;

    if (alcf->openapi) {
        return "is duplicate";
    }

    oa = ngx_pcalloc(cf->pool, sizeof(ngx_app_openapi_t));
    if (oa == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_str_set(&oa->title, "API");
    ngx_str_set(&oa->version, "1.0.0");

    if (ngx_array_init(&oa->servers, cf->pool, 1, sizeof(ngx_str_t))
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    ascf = ngx_http_conf_get_module_srv_conf(cf, ngx_app_api_module);

    clcf->handler = ngx_app_openapi_handler;
    alcf->openapi = oa;

    oa->next = ascf->openapi;
    ascf->openapi = oa;

    return ngx_app_openapi_words(cf, oa);
}


static char *
ngx_app_openapi_words(ngx_conf_t *cf, ngx_app_openapi_t *oa)
{
    ngx_str_t   *word, *url;
    ngx_uint_t   i;

    if (ngx_app_step_words(cf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (ngx_app_step_option(cf, 1, "title", &oa->title) == NGX_ERROR
        || ngx_app_step_option(cf, 1, "version", &oa->version) == NGX_ERROR
        || ngx_app_step_option(cf, 1, "description", &oa->description)
           == NGX_ERROR)
    {
        return NGX_CONF_ERROR;
    }

    word = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (word[i].len <= 7 || ngx_strncmp(word[i].data, "server=", 7) != 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid \"%V\" in \"app_openapi\", use "
                               "title=, version=, description= or server=",
                               &word[i]);
            return NGX_CONF_ERROR;
        }

        url = ngx_array_push(&oa->servers);
        if (url == NULL) {
            return NGX_CONF_ERROR;
        }

        url->data = word[i].data + 7;
        url->len = word[i].len - 7;
    }

    return NGX_CONF_OK;
}


/* operation NAME; */

char *
ngx_app_openapi_operation(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t            *word;
    ngx_app_api_route_t  *route;

    route = ngx_app_api_compiling(cf);
    word = cf->args->elts;

    if (route->operation.data) {
        return "is duplicate";
    }

    if (ngx_app_lang_name_len(word[1].data, word[1].data + word[1].len)
        != word[1].len)
    {
        return "takes a name of letters, digits and \"_\"";
    }

    route->operation = word[1];

    return NGX_CONF_OK;
}


/* tag NAME; */

char *
ngx_app_openapi_tag(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t            *word, *tag;
    ngx_app_api_route_t  *route;

    route = ngx_app_api_compiling(cf);
    word = cf->args->elts;

    if (route->tags == NULL) {
        route->tags = ngx_array_create(cf->pool, 2, sizeof(ngx_str_t));

        if (route->tags == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    tag = ngx_array_push(route->tags);
    if (tag == NULL) {
        return NGX_CONF_ERROR;
    }

    *tag = word[1];

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_app_openapi_handler(ngx_http_request_t *r)
{
    ngx_buf_t               *b;
    ngx_int_t                rc;
    ngx_str_t                allow;
    ngx_chain_t              out;
    ngx_app_openapi_t       *oa;
    ngx_app_api_loc_conf_t  *alcf;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        ngx_str_set(&allow, "GET, HEAD");

        return ngx_app_api_add_header(r, "Allow", &allow)
               ? NGX_HTTP_NOT_ALLOWED : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    alcf = ngx_http_get_module_loc_conf(r, ngx_app_api_module);
    oa = alcf->openapi;

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = oa->body.len;
    ngx_str_set(&r->headers_out.content_type, "application/json");
    r->headers_out.content_type_len = r->headers_out.content_type.len;

    r->headers_out.etag = ngx_app_api_add_header(r, "ETag", &oa->etag);

    if (r->headers_out.etag == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b->pos = oa->body.data;
    b->last = oa->body.data + oa->body.len;
    b->memory = 1;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}
