
/*
 * Copyright (C) the project authors
 */

/*
 * Writes JSON (RFC 8259) into a bounded buffer.  Whatever bytes come in, the
 * text that goes out is valid UTF-8: a sequence that is not becomes U+FFFD.
 *
 * The functions on ngx_app_buf_t return NGX_OK, NGX_BUSY past the buffer's
 * limit, or NGX_ERROR without memory.  Those on a pointer write to room that
 * the caller has made, and return the end of what they wrote.
 */


#ifndef _NGX_APP_JSON_WRITE_H_INCLUDED_
#define _NGX_APP_JSON_WRITE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_buf.h>


/* room that the pointer forms need */

#define NGX_APP_JSON_INT_LEN     20
#define NGX_APP_JSON_DOUBLE_LEN  32

#define ngx_app_json_escape_len(len)  (6 * (len))
#define ngx_app_json_string_len(len)  (6 * (len) + 2)
#define ngx_app_json_base64_len(len)  (((len) + 2) / 3 * 4 + 2)


/* a string in quotes */
ngx_int_t ngx_app_json_write_string(ngx_app_buf_t *b, const u_char *data,
    size_t len);

/* the same without quotes, for the inside of a string literal */
ngx_int_t ngx_app_json_write_escape(ngx_app_buf_t *b, const u_char *data,
    size_t len);

/* binary data as a base64 string (RFC 4648, section 4) in quotes */
ngx_int_t ngx_app_json_write_base64(ngx_app_buf_t *b, const u_char *data,
    size_t len);

ngx_int_t ngx_app_json_write_int(ngx_app_buf_t *b, int64_t v);
ngx_int_t ngx_app_json_write_uint(ngx_app_buf_t *b, uint64_t v);

/*
 * The shortest text that reads back to the same number; null for what JSON
 * has no number for.
 */
ngx_int_t ngx_app_json_write_double(ngx_app_buf_t *b, double v);

#define ngx_app_json_write_raw  ngx_app_buf_write


u_char *ngx_app_json_fmt_string(u_char *p, const u_char *data, size_t len);
u_char *ngx_app_json_fmt_escape(u_char *p, const u_char *data, size_t len);
u_char *ngx_app_json_fmt_base64(u_char *p, const u_char *data, size_t len);
u_char *ngx_app_json_fmt_int(u_char *p, int64_t v);
u_char *ngx_app_json_fmt_uint(u_char *p, uint64_t v);
u_char *ngx_app_json_fmt_double(u_char *p, double v);


#endif /* _NGX_APP_JSON_WRITE_H_INCLUDED_ */
