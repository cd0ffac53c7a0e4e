
/*
 * Copyright (C) the project authors
 */

/*
 * Members of a JSON text, without a tree of it.
 */


#ifndef _NGX_APP_JSON_MEMBER_H_INCLUDED_
#define _NGX_APP_JSON_MEMBER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <json/ngx_app_json_read.h>


/* a member of an object, by its name */
typedef struct {
    ngx_str_t              name;
    ngx_app_json_token_e   token;      /* of its value; 0: it is not there */
    ngx_str_t              text;       /* of a string without its quotes and
                                          escapes; of others as it stands */
} ngx_app_json_member_t;


/*
 * Reads an object of which some members are of interest, and checks all of it.
 * None of these may come twice: two readers could take it for two things.
 *
 *   m  n members: name is set, the rest is zero
 *
 * NGX_OK; NGX_DECLINED: it is no object, bad UTF-8 and \u0000 included, deeper
 * than max_depth, or has one of them twice; NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_json_members(ngx_str_t *text, ngx_uint_t max_depth,
    ngx_app_json_member_t *m, ngx_uint_t n, ngx_pool_t *pool);

/*
 * Finds a value in a text by its path: "user.email"; "_0" is the first element
 * of an array.  Of a name that comes twice the last one counts, as in
 * JavaScript (RFC 8259, section 4, leaves it open).
 *
 *   text   JSON that has been checked
 *   found  set to the value as it stands there, quotes included
 *
 * NGX_OK; NGX_DECLINED: there is none; NGX_ERROR: no memory.
 */
ngx_int_t ngx_app_json_find(ngx_str_t *text, ngx_str_t *path,
    ngx_pool_t *pool, ngx_str_t *found);


#endif /* _NGX_APP_JSON_MEMBER_H_INCLUDED_ */
