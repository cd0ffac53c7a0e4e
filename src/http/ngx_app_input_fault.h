
/*
 * Copyright (C) the project authors
 */

/*
 * What is wrong with one input: faults are collected, then joined into the
 * text that the client gets.
 */


#ifndef _NGX_APP_INPUT_FAULT_H_INCLUDED_
#define _NGX_APP_INPUT_FAULT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <http/ngx_app_input.h>


/* type, bound or length, pattern, empty */
#define NGX_APP_INPUT_FAULTS  4


typedef struct {
    ngx_app_input_t  *input;
    ngx_pool_t       *pool;
    ngx_str_t         list[NGX_APP_INPUT_FAULTS];
    ngx_uint_t        n;
} ngx_app_faults_t;


/* adds that the input is not of its type: NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_faults_type(ngx_app_faults_t *f);

/*
 * Adds a fault of three parts behind the input's name; text may be NULL.  An
 * input's own message stands for all of them.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_faults_add(ngx_app_faults_t *f, const char *before,
    ngx_str_t *text, const char *after);

/*
 * Joins what was added, at least one, by ", ".  NGX_DECLINED, for there is a
 * fault, or NGX_ERROR.
 */
ngx_int_t ngx_app_faults_join(ngx_app_faults_t *f, ngx_str_t *fault);


#endif /* _NGX_APP_INPUT_FAULT_H_INCLUDED_ */
