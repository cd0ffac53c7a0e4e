
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <lang/ngx_app_template_json.h>


static const char *ngx_app_template_json_start(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_element(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_first(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_key(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_colon(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_comma(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_done(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_string(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_escape(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_hex(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_word(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_minus(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_zero(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_int(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_point(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_fraction(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_e(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_sign(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_exponent(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_number_end(
    ngx_app_template_json_t *j, u_char ch);
static const char *ngx_app_template_json_open(ngx_app_template_json_t *j,
    u_char ch);
static const char *ngx_app_template_json_close(ngx_app_template_json_t *j);
static void ngx_app_template_json_complete(ngx_app_template_json_t *j);


#define ngx_app_is_blank(ch)                                                  \
    ((ch) == ' ' || (ch) == '\t' || (ch) == '\n' || (ch) == '\r')

#define ngx_app_is_digit(ch)  ((ch) >= '0' && (ch) <= '9')


void
ngx_app_template_json_init(ngx_app_template_json_t *j)
{
    ngx_memzero(j, sizeof(ngx_app_template_json_t));
    j->next = ngx_app_template_json_start;
}


const char *
ngx_app_template_json_char(ngx_app_template_json_t *j, u_char ch)
{
    j->blank = 0;

    return j->next(j, ch);
}


const char *
ngx_app_template_json_value(ngx_app_template_json_t *j)
{
    if (j->string) {
        return (j->next == ngx_app_template_json_string)
               ? NULL : "a value cannot be a part of an escape";
    }

    if (j->next == ngx_app_template_json_start
        || j->next == ngx_app_template_json_element)
    {
        ngx_app_template_json_complete(j);
        return NULL;
    }

    if (j->next == ngx_app_template_json_first
        || j->next == ngx_app_template_json_key)
    {
        return "a key must be in quotes";
    }

    if (j->next == ngx_app_template_json_colon) {
        return "\":\" is missing before it";
    }

    if (j->next == ngx_app_template_json_done) {
        return "there is something before it already";
    }

    return "\",\" is missing before it";
}


const char *
ngx_app_template_json_end(ngx_app_template_json_t *j)
{
    const char  *err;

    /* a blank ends a number, and nothing else */

    if (j->depth == 0 && !j->string
        && j->next != ngx_app_template_json_start)
    {
        err = j->next(j, ' ');

        if (err == NULL && j->next == ngx_app_template_json_done) {
            return NULL;
        }
    }

    if (j->string) {
        return "the text ends inside a string, add '\"'";
    }

    if (j->depth != 0) {
        return (j->stack[j->depth - 1] == '{')
               ? "the text ends inside an object, add \"}\""
               : "the text ends inside an array, add \"]\"";
    }

    return (j->next == ngx_app_template_json_start)
           ? "the text is empty" : "the text ends too early";
}


static const char *
ngx_app_template_json_start(ngx_app_template_json_t *j, u_char ch)
{
    if (ngx_app_is_blank(ch)) {
        j->blank = 1;
        return NULL;
    }

    switch (ch) {

    case '{':
    case '[':
        return ngx_app_template_json_open(j, ch);

    case '"':
        j->string = 1;
        j->next = ngx_app_template_json_string;
        j->after = NULL;
        return NULL;

    case 't':
        j->word = "rue";
        break;

    case 'f':
        j->word = "alse";
        break;

    case 'n':
        j->word = "ull";
        break;

    case '-':
        j->next = ngx_app_template_json_minus;
        return NULL;

    case '0':
        j->next = ngx_app_template_json_zero;
        return NULL;

    default:
        if (!ngx_app_is_digit(ch)) {
            return "a value must be here";
        }

        j->next = ngx_app_template_json_int;
        return NULL;
    }

    j->next = ngx_app_template_json_word;

    return NULL;
}


/* the first one of an array, which may be empty */

static const char *
ngx_app_template_json_element(ngx_app_template_json_t *j, u_char ch)
{
    return (ch == ']') ? ngx_app_template_json_close(j)
                       : ngx_app_template_json_start(j, ch);
}


static const char *
ngx_app_template_json_first(ngx_app_template_json_t *j, u_char ch)
{
    return (ch == '}') ? ngx_app_template_json_close(j)
                       : ngx_app_template_json_key(j, ch);
}


static const char *
ngx_app_template_json_key(ngx_app_template_json_t *j, u_char ch)
{
    if (ngx_app_is_blank(ch)) {
        j->blank = 1;
        return NULL;
    }

    if (ch != '"') {
        return "a key in quotes must be here";
    }

    j->string = 1;
    j->next = ngx_app_template_json_string;
    j->after = ngx_app_template_json_colon;

    return NULL;
}


static const char *
ngx_app_template_json_colon(ngx_app_template_json_t *j, u_char ch)
{
    if (ngx_app_is_blank(ch)) {
        j->blank = 1;
        return NULL;
    }

    if (ch != ':') {
        return "\":\" must be here";
    }

    j->next = ngx_app_template_json_start;

    return NULL;
}


static const char *
ngx_app_template_json_comma(ngx_app_template_json_t *j, u_char ch)
{
    u_char  open;

    if (ngx_app_is_blank(ch)) {
        j->blank = 1;
        return NULL;
    }

    open = j->stack[j->depth - 1];

    if (ch == ',') {
        j->next = (open == '{') ? ngx_app_template_json_key
                                : ngx_app_template_json_start;
        return NULL;
    }

    if (ch == ((open == '{') ? '}' : ']')) {
        return ngx_app_template_json_close(j);
    }

    return (open == '{') ? "\",\" or \"}\" must be here"
                         : "\",\" or \"]\" must be here";
}


static const char *
ngx_app_template_json_done(ngx_app_template_json_t *j, u_char ch)
{
    if (ngx_app_is_blank(ch)) {
        j->blank = 1;
        return NULL;
    }

    return "nothing may follow the JSON value";
}


static const char *
ngx_app_template_json_string(ngx_app_template_json_t *j, u_char ch)
{
    if (ch == '\\') {
        j->next = ngx_app_template_json_escape;
        return NULL;
    }

    if (ch < 0x20) {
        return "a string has no line breaks and tabs, write \\n, \\t";
    }

    if (ch != '"') {
        return NULL;
    }

    j->string = 0;

    if (j->after != NULL) {
        j->next = j->after;
        j->after = NULL;

    } else {
        ngx_app_template_json_complete(j);
    }

    return NULL;
}


static const char *
ngx_app_template_json_escape(ngx_app_template_json_t *j, u_char ch)
{
    if (ch == 'u') {
        j->digits = 4;
        j->next = ngx_app_template_json_hex;
        return NULL;
    }

    if (ch == '\0' || ngx_strchr("\"\\/bfnrt", ch) == NULL) {
        return "no such escape in JSON, write \"\\\\\" for a backslash";
    }

    j->next = ngx_app_template_json_string;

    return NULL;
}


static const char *
ngx_app_template_json_hex(ngx_app_template_json_t *j, u_char ch)
{
    u_char  c;

    c = ch | 0x20;

    if (!ngx_app_is_digit(ch) && (c < 'a' || c > 'f')) {
        return "\"\\u\" needs four hexadecimal digits";
    }

    if (--j->digits == 0) {
        j->next = ngx_app_template_json_string;
    }

    return NULL;
}


static const char *
ngx_app_template_json_word(ngx_app_template_json_t *j, u_char ch)
{
    if (*j->word != (char) ch) {
        return "a value must be here";
    }

    if (*++j->word == '\0') {
        ngx_app_template_json_complete(j);
    }

    return NULL;
}


static const char *
ngx_app_template_json_minus(ngx_app_template_json_t *j, u_char ch)
{
    if (!ngx_app_is_digit(ch)) {
        return "a digit must be here";
    }

    j->next = (ch == '0') ? ngx_app_template_json_zero
                          : ngx_app_template_json_int;
    return NULL;
}


static const char *
ngx_app_template_json_zero(ngx_app_template_json_t *j, u_char ch)
{
    if (ch == '.') {
        j->next = ngx_app_template_json_point;
        return NULL;
    }

    if ((ch | 0x20) == 'e') {
        j->next = ngx_app_template_json_e;
        return NULL;
    }

    return ngx_app_template_json_number_end(j, ch);
}


static const char *
ngx_app_template_json_int(ngx_app_template_json_t *j, u_char ch)
{
    return ngx_app_is_digit(ch) ? NULL : ngx_app_template_json_zero(j, ch);
}


static const char *
ngx_app_template_json_point(ngx_app_template_json_t *j, u_char ch)
{
    j->next = ngx_app_template_json_fraction;

    return ngx_app_is_digit(ch) ? NULL : "a digit must be here";
}


static const char *
ngx_app_template_json_fraction(ngx_app_template_json_t *j, u_char ch)
{
    if ((ch | 0x20) == 'e') {
        j->next = ngx_app_template_json_e;
        return NULL;
    }

    return ngx_app_is_digit(ch) ? NULL
                                : ngx_app_template_json_number_end(j, ch);
}


static const char *
ngx_app_template_json_e(ngx_app_template_json_t *j, u_char ch)
{
    if (ch == '+' || ch == '-') {
        j->next = ngx_app_template_json_sign;
        return NULL;
    }

    return ngx_app_template_json_sign(j, ch);
}


static const char *
ngx_app_template_json_sign(ngx_app_template_json_t *j, u_char ch)
{
    j->next = ngx_app_template_json_exponent;

    return ngx_app_is_digit(ch) ? NULL : "a digit must be here";
}


static const char *
ngx_app_template_json_exponent(ngx_app_template_json_t *j, u_char ch)
{
    return ngx_app_is_digit(ch) ? NULL
                                : ngx_app_template_json_number_end(j, ch);
}


/* only what follows a number tells that it is complete */

static const char *
ngx_app_template_json_number_end(ngx_app_template_json_t *j, u_char ch)
{
    ngx_app_template_json_complete(j);

    return j->next(j, ch);
}


static const char *
ngx_app_template_json_open(ngx_app_template_json_t *j, u_char ch)
{
    if (j->depth == NGX_APP_TEMPLATE_MAX_DEPTH) {
        return "more than 64 levels of objects and arrays";
    }

    j->stack[j->depth++] = ch;

    j->next = (ch == '{') ? ngx_app_template_json_first
                          : ngx_app_template_json_element;
    return NULL;
}


static const char *
ngx_app_template_json_close(ngx_app_template_json_t *j)
{
    j->depth--;
    ngx_app_template_json_complete(j);

    return NULL;
}


static void
ngx_app_template_json_complete(ngx_app_template_json_t *j)
{
    j->next = (j->depth != 0) ? ngx_app_template_json_comma
                              : ngx_app_template_json_done;
}
