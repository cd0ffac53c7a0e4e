
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


typedef struct {
    ngx_app_input_rule_e   rule;
    ngx_str_t              text;
} ngx_app_fault_t;


typedef struct {
    ngx_app_input_t       *input;
    ngx_pool_t            *pool;
    ngx_app_fault_t        list[NGX_APP_RULES + 1];
    ngx_uint_t             n;
    ngx_uint_t             coerce;
} ngx_app_faults_t;


/* starts with none; coerce: see ngx_app_input_check() */
void ngx_app_faults_init(ngx_app_faults_t *f, ngx_app_input_t *in,
    ngx_pool_t *pool, ngx_uint_t coerce);

/* adds that a rule does not hold: NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_faults_rule(ngx_app_faults_t *f,
    ngx_app_input_rule_e rule);

/*
 * Adds that the value is not of its type, and what fails with that.
 *
 *   text  not zero when it was a text at least
 *
 * NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_app_faults_type(ngx_app_faults_t *f, ngx_uint_t text);

/* adds all that fails when nothing was given: NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_faults_missing(ngx_app_faults_t *f);

/* adds a fault that has its whole text: NGX_OK or NGX_ERROR */
ngx_int_t ngx_app_faults_text(ngx_app_faults_t *f, ngx_app_input_rule_e rule,
    ngx_str_t *text);

/*
 * Joins what was added by ", " in the order of "rules=".  NGX_OK: there is no
 * fault; NGX_DECLINED: there is one; NGX_ERROR.
 */
ngx_int_t ngx_app_faults_join(ngx_app_faults_t *f, ngx_str_t *fault);

/* checks an array and its items: NGX_OK with or without faults, NGX_ERROR */
ngx_int_t ngx_app_input_list(ngx_app_faults_t *f, ngx_app_value_t *value);


#endif /* _NGX_APP_INPUT_FAULT_H_INCLUDED_ */
