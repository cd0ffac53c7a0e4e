
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <core/ngx_app_secret.h>


static ngx_int_t ngx_app_secret_read(ngx_conf_t *cf, ngx_fd_t fd,
    ngx_str_t *name, size_t max, ngx_str_t *text);


ngx_int_t
ngx_app_secret_file(ngx_conf_t *cf, ngx_str_t *path, size_t max,
    ngx_uint_t shared, ngx_str_t *text)
{
    ngx_fd_t         fd;
    ngx_int_t        rc;
    ngx_str_t        name;
    ngx_file_info_t  fi;

    name = *path;

    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    fd = ngx_open_file(name.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "cannot open the file \"%V\"", &name);
        return NGX_ERROR;
    }

    if (!shared && ngx_fd_info(fd, &fi) != NGX_FILE_ERROR
        && (fi.st_mode & S_IROTH))
    {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "the file \"%V\" is readable by everybody, "
                           "use chmod 600", &name);
    }

    rc = ngx_app_secret_read(cf, fd, &name, max, text);

    (void) ngx_close_file(fd);

    return rc;
}


static ngx_int_t
ngx_app_secret_read(ngx_conf_t *cf, ngx_fd_t fd, ngx_str_t *name, size_t max,
    ngx_str_t *text)
{
    u_char           *p;
    size_t            len;
    ssize_t           n;
    ngx_file_info_t   fi;

    if (ngx_fd_info(fd, &fi) == NGX_FILE_ERROR || !ngx_is_file(&fi)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "\"%V\" is no file", name);
        return NGX_ERROR;
    }

    if ((uint64_t) ngx_file_size(&fi) > max) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the file \"%V\" is longer than %uz bytes", name,
                           max);
        return NGX_ERROR;
    }

    len = ngx_file_size(&fi);

    p = ngx_pnalloc(cf->pool, len + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    n = ngx_read_fd(fd, p, len);

    if (n < 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "cannot read the file \"%V\"", name);
        return NGX_ERROR;
    }

    while (n > 0 && (p[n - 1] == LF || p[n - 1] == CR)) {
        n--;
    }

    if (n == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the file \"%V\" is empty",
                           name);
        return NGX_ERROR;
    }

    p[n] = '\0';

    text->data = p;
    text->len = n;

    return NGX_OK;
}


ngx_int_t
ngx_app_secret_env(ngx_conf_t *cf, ngx_str_t *name, ngx_str_t *text)
{
    char       *value;
    ngx_str_t   s;

    value = getenv((char *) name->data);

    if (value == NULL || *value == '\0') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the environment variable \"%V\" is not set, "
                           "or empty", name);
        return NGX_ERROR;
    }

    s.data = (u_char *) value;
    s.len = ngx_strlen(value);

    text->data = ngx_pstrdup(cf->pool, &s);
    text->len = s.len;

    return text->data ? NGX_OK : NGX_ERROR;
}
