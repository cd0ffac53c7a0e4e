
/*
 * Copyright (C) the project authors
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <mysql/ngx_app_mysql_conf.h>


#define NGX_APP_MYSQL_PASSWORD_MAX  4096
#define NGX_APP_MYSQL_SOCKET_LEN                                              \
    (sizeof(((struct sockaddr_un *) 0)->sun_path) - 1)


typedef enum {
    NGX_APP_MYSQL_OPTION_STR = 0,
    NGX_APP_MYSQL_OPTION_NUM,
    NGX_APP_MYSQL_OPTION_MSEC,
    NGX_APP_MYSQL_OPTION_TLS,
    NGX_APP_MYSQL_OPTION_PASSWORD_FILE,
    NGX_APP_MYSQL_OPTION_PASSWORD_ENV,
    NGX_APP_MYSQL_OPTION_THREADS
} ngx_app_mysql_option_e;


typedef struct {
    ngx_str_t                name;
    ngx_app_mysql_option_e   type;
    size_t                   offset;
    ngx_int_t                min;
    ngx_int_t                max;
} ngx_app_mysql_option_t;


static ngx_app_mysql_conf_t *ngx_app_mysql_conf_create(ngx_conf_t *cf,
    ngx_app_mysql_main_t *main, ngx_str_t *name);
static char *ngx_app_mysql_conf_option(ngx_conf_t *cf,
    ngx_app_mysql_conf_t *conf, ngx_str_t *word, uint64_t *seen);
static ngx_int_t ngx_app_mysql_conf_name(ngx_str_t *name);
static char *ngx_app_mysql_conf_unknown(ngx_conf_t *cf, ngx_str_t *name);
static char *ngx_app_mysql_conf_value(ngx_conf_t *cf,
    ngx_app_mysql_conf_t *conf, ngx_app_mysql_option_t *o, ngx_str_t *value);
static char *ngx_app_mysql_conf_tls(ngx_conf_t *cf,
    ngx_app_mysql_conf_t *conf, ngx_str_t *value);
static char *ngx_app_mysql_conf_password_file(ngx_conf_t *cf,
    ngx_app_mysql_conf_t *conf, ngx_str_t *value);
static char *ngx_app_mysql_conf_password_env(ngx_conf_t *cf,
    ngx_app_mysql_conf_t *conf, ngx_str_t *value);
static char *ngx_app_mysql_conf_metrics(ngx_conf_t *cf,
    ngx_app_mysql_conf_t *conf, ngx_app_metric_registry_t *reg);
static char *ngx_app_mysql_conf_complete(ngx_conf_t *cf,
    ngx_app_mysql_conf_t *conf);
static ngx_int_t ngx_app_mysql_conf_tls_ca(ngx_conf_t *cf,
    ngx_app_mysql_conf_t *conf);
static ngx_int_t ngx_app_mysql_conf_dup(ngx_conf_t *cf, ngx_str_t *to,
    ngx_str_t *from);


/* in the order of ngx_app_mysql_metric_e */

static ngx_app_metric_def_t  ngx_app_mysql_metrics[] = {

    NGX_APP_METRIC("app_mysql_connections", GAUGE,
                   "Open connections"),
    NGX_APP_METRIC("app_mysql_connects_total", COUNTER,
                   "Connections that were made"),
    NGX_APP_METRIC("app_mysql_connect_errors_total", COUNTER,
                   "Connections that could not be made"),
    NGX_APP_METRIC("app_mysql_lost_total", COUNTER,
                   "Connections that were lost within a statement"),
    NGX_APP_METRIC("app_mysql_statements_total", COUNTER,
                   "Statements that were executed"),
    NGX_APP_METRIC("app_mysql_prepares_total", COUNTER,
                   "Statements that were prepared"),
    NGX_APP_METRIC("app_mysql_errors_total", COUNTER,
                   "Statements that the server refused"),
    NGX_APP_METRIC("app_mysql_waits_total", COUNTER,
                   "Requests that waited for a connection"),
    NGX_APP_METRIC("app_mysql_wait_timeouts_total", COUNTER,
                   "Requests that waited for too long"),
    NGX_APP_METRIC("app_mysql_queue_full_total", COUNTER,
                   "Requests that found the queue full"),
    NGX_APP_METRIC("app_mysql_unavailable_total", COUNTER,
                   "Requests that were refused while the server was away"),
    NGX_APP_METRIC("app_mysql_kills_total", COUNTER,
                   "Statements that were cancelled on the server")
};


#define ngx_app_mysql_off(field)  offsetof(ngx_app_mysql_conf_t, field)

static ngx_app_mysql_option_t  ngx_app_mysql_options[] = {

    { ngx_string("host"), NGX_APP_MYSQL_OPTION_STR,
      ngx_app_mysql_off(host), 0, 0 },
    { ngx_string("port"), NGX_APP_MYSQL_OPTION_NUM,
      ngx_app_mysql_off(port), 1, 65535 },
    { ngx_string("socket"), NGX_APP_MYSQL_OPTION_STR,
      ngx_app_mysql_off(socket), 0, 0 },
    { ngx_string("user"), NGX_APP_MYSQL_OPTION_STR,
      ngx_app_mysql_off(user), 0, 0 },
    { ngx_string("password_file"), NGX_APP_MYSQL_OPTION_PASSWORD_FILE,
      0, 0, 0 },
    { ngx_string("password_env"), NGX_APP_MYSQL_OPTION_PASSWORD_ENV,
      0, 0, 0 },
    { ngx_string("database"), NGX_APP_MYSQL_OPTION_STR,
      ngx_app_mysql_off(database), 0, 0 },
    { ngx_string("tls"), NGX_APP_MYSQL_OPTION_TLS, 0, 0, 0 },
    { ngx_string("tls_ca"), NGX_APP_MYSQL_OPTION_STR,
      ngx_app_mysql_off(tls_ca), 0, 0 },
    { ngx_string("pool"), NGX_APP_MYSQL_OPTION_NUM,
      ngx_app_mysql_off(max), 1, 1024 },
    { ngx_string("queue"), NGX_APP_MYSQL_OPTION_NUM,
      ngx_app_mysql_off(queue), 0, 65536 },
    { ngx_string("statements"), NGX_APP_MYSQL_OPTION_NUM,
      ngx_app_mysql_off(statements), 1, 65536 },
    { ngx_string("wait"), NGX_APP_MYSQL_OPTION_MSEC,
      ngx_app_mysql_off(wait), 1, 3600000 },
    { ngx_string("connect_timeout"), NGX_APP_MYSQL_OPTION_MSEC,
      ngx_app_mysql_off(connect_timeout), 1000, 60000 },
    { ngx_string("query_timeout"), NGX_APP_MYSQL_OPTION_MSEC,
      ngx_app_mysql_off(query_timeout), 1, 86400000 },
    { ngx_string("lock_wait"), NGX_APP_MYSQL_OPTION_MSEC,
      ngx_app_mysql_off(lock_wait), 1000, 86400000 },
    { ngx_string("stall"), NGX_APP_MYSQL_OPTION_MSEC,
      ngx_app_mysql_off(stall), 50, 3600000 },
    { ngx_string("retry"), NGX_APP_MYSQL_OPTION_MSEC,
      ngx_app_mysql_off(retry), 50, 3600000 },
    { ngx_string("idle"), NGX_APP_MYSQL_OPTION_MSEC,
      ngx_app_mysql_off(idle), 1, 86400000 },
    { ngx_string("lifetime"), NGX_APP_MYSQL_OPTION_MSEC,
      ngx_app_mysql_off(lifetime), 1, 86400000 },
    { ngx_string("thread_pool"), NGX_APP_MYSQL_OPTION_THREADS, 0, 0, 0 },

    { ngx_null_string, 0, 0, 0, 0 }
};


char *
ngx_app_mysql_conf_parse(ngx_conf_t *cf, ngx_app_mysql_main_t *main,
    ngx_app_metric_registry_t *reg)
{
    char                  *rv;
    uint64_t               seen;
    ngx_str_t             *word;
    ngx_uint_t             i;
    ngx_app_mysql_conf_t  *conf;

    word = cf->args->elts;

    if (ngx_strlchr(word[1].data, word[1].data + word[1].len, '=')) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"app_mysql\" needs a name before \"%V\", "
                           "as in app_mysql main %V", &word[1], &word[1]);
        return NGX_CONF_ERROR;
    }

    /* it is a label of metrics, too */

    if (ngx_app_mysql_conf_name(&word[1]) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid name \"%V\" of \"app_mysql\", use "
                           "letters, digits, \"_\", \"-\" and \".\"",
                           &word[1]);
        return NGX_CONF_ERROR;
    }

    conf = ngx_app_mysql_conf_find(cf, main, &word[1]);
    if (conf == NULL) {
        return NGX_CONF_ERROR;
    }

    if (conf->file) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "duplicate app_mysql \"%V\", "
                           "the first one is in %s:%ui",
                           &word[1], conf->file, conf->line);
        return NGX_CONF_ERROR;
    }

    conf->file = cf->conf_file->file.name.data;
    conf->line = cf->conf_file->line;

    if (main->first == NULL) {
        main->first = conf;
    }

    seen = 0;

    for (i = 2; i < cf->args->nelts; i++) {
        rv = ngx_app_mysql_conf_option(cf, conf, &word[i], &seen);

        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    rv = ngx_app_mysql_conf_complete(cf, conf);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    return ngx_app_mysql_conf_metrics(cf, conf, reg);
}


static ngx_int_t
ngx_app_mysql_conf_name(ngx_str_t *name)
{
    size_t  i;
    u_char  c;

    for (i = 0; i < name->len; i++) {
        c = name->data[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')
            && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.')
        {
            return NGX_DECLINED;
        }
    }

    return name->len ? NGX_OK : NGX_DECLINED;
}


static char *
ngx_app_mysql_conf_metrics(ngx_conf_t *cf, ngx_app_mysql_conf_t *conf,
    ngx_app_metric_registry_t *reg)
{
    ngx_str_t   labels;
    ngx_uint_t  i;

    labels.data = ngx_pnalloc(cf->pool, sizeof("backend=\"\"")
                                        + conf->name.len);
    if (labels.data == NULL) {
        return NGX_CONF_ERROR;
    }

    labels.len = ngx_sprintf(labels.data, "backend=\"%V\"", &conf->name)
                 - labels.data;

    for (i = 0; i < NGX_APP_MYSQL_METRICS; i++) {
        conf->metrics[i] = ngx_app_metric_declare(cf, reg,
                                                  &ngx_app_mysql_metrics[i],
                                                  &labels);
        if (conf->metrics[i] == NGX_ERROR) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


ngx_app_mysql_conf_t *
ngx_app_mysql_conf_find(ngx_conf_t *cf, ngx_app_mysql_main_t *main,
    ngx_str_t *name)
{
    ngx_uint_t              i;
    ngx_app_mysql_conf_t  **conf;

    conf = main->backends.elts;

    for (i = 0; i < main->backends.nelts; i++) {
        if (conf[i]->name.len == name->len
            && ngx_strncmp(conf[i]->name.data, name->data, name->len) == 0)
        {
            return conf[i];
        }
    }

    return ngx_app_mysql_conf_create(cf, main, name);
}


static ngx_app_mysql_conf_t *
ngx_app_mysql_conf_create(ngx_conf_t *cf, ngx_app_mysql_main_t *main,
    ngx_str_t *name)
{
    ngx_app_mysql_conf_t  *conf, **p;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_app_mysql_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    p = ngx_array_push(&main->backends);
    if (p == NULL) {
        return NULL;
    }

    *p = conf;

    conf->name = *name;
    conf->used_file = cf->conf_file->file.name.data;
    conf->line = cf->conf_file->line;

    ngx_str_set(&conf->password, "");

    conf->port = NGX_CONF_UNSET_UINT;
    conf->max = 16;
    conf->queue = 256;
    conf->statements = 256;
    conf->wait = 5000;
    conf->connect_timeout = 2000;
    conf->query_timeout = 30000;
    conf->lock_wait = 5000;
    conf->stall = 1000;
    conf->retry = 1000;
    conf->idle = 60000;
    conf->lifetime = 1800000;

    return conf;
}


ngx_int_t
ngx_app_mysql_conf_check(ngx_conf_t *cf, ngx_app_mysql_main_t *main)
{
    ngx_uint_t              i;
    ngx_app_mysql_conf_t  **conf;

    conf = main->backends.elts;

    for (i = 0; i < main->backends.nelts; i++) {

        if (conf[i]->file) {
            continue;
        }

        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "no app_mysql \"%V\" is declared, but it is used in "
                      "%s:%ui", &conf[i]->name, conf[i]->used_file,
                      conf[i]->line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static char *
ngx_app_mysql_conf_option(ngx_conf_t *cf, ngx_app_mysql_conf_t *conf,
    ngx_str_t *word, uint64_t *seen)
{
    u_char                  *eq;
    ngx_str_t                name, value;
    ngx_uint_t               i;
    ngx_app_mysql_option_t  *o;

    eq = ngx_strlchr(word->data, word->data + word->len, '=');

    if (eq == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid parameter \"%V\" of \"app_mysql\", "
                           "use name=value", word);
        return NGX_CONF_ERROR;
    }

    name.data = word->data;
    name.len = eq - word->data;
    value.data = eq + 1;
    value.len = word->data + word->len - value.data;

    o = ngx_app_mysql_options;

    for (i = 0; o[i].name.len; i++) {
        if (o[i].name.len == name.len
            && ngx_strncmp(o[i].name.data, name.data, name.len) == 0)
        {
            break;
        }
    }

    if (o[i].name.len == 0) {
        return ngx_app_mysql_conf_unknown(cf, &name);
    }

    if (*seen & ((uint64_t) 1 << i)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V=\" is given twice in \"app_mysql\"", &name);
        return NGX_CONF_ERROR;
    }

    *seen |= (uint64_t) 1 << i;

    if (value.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V=\" in \"app_mysql\" needs a value", &name);
        return NGX_CONF_ERROR;
    }

    return ngx_app_mysql_conf_value(cf, conf, &o[i], &value);
}


static char *
ngx_app_mysql_conf_unknown(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_str_t               *near, *found;
    ngx_uint_t               best;
    ngx_app_mysql_option_t  *o;

    /* the value is not shown: it may be a secret */

    if (name->len == 8 && ngx_strncmp(name->data, "password", 8) == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"app_mysql\" takes no password in the "
                           "configuration, use password_file= or "
                           "password_env=");
        return NGX_CONF_ERROR;
    }

    best = 0;
    near = NULL;

    for (o = ngx_app_mysql_options; o->name.len; o++) {
        found = ngx_app_lang_nearer(name, &o->name, &best);
        if (found) {
            near = found;
        }
    }

    if (near) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown parameter \"%V=\" of \"app_mysql\", did "
                           "you mean \"%V=\"?", name, near);
        return NGX_CONF_ERROR;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "unknown parameter \"%V=\" of \"app_mysql\", use host=, "
                       "port=, socket=, user=, password_file=, password_env=, "
                       "database=, tls=, tls_ca=, pool=, queue=, statements=, "
                       "wait=, connect_timeout=, query_timeout=, lock_wait=, "
                       "stall=, retry=, idle=, lifetime= or thread_pool=",
                       name);

    return NGX_CONF_ERROR;
}


static char *
ngx_app_mysql_conf_value(ngx_conf_t *cf, ngx_app_mysql_conf_t *conf,
    ngx_app_mysql_option_t *o, ngx_str_t *value)
{
    ngx_int_t  n;

    switch (o->type) {

    case NGX_APP_MYSQL_OPTION_STR:
        return (ngx_app_mysql_conf_dup(cf,
                                (ngx_str_t *) ((char *) conf + o->offset),
                                value)
                == NGX_OK)
               ? NGX_CONF_OK : NGX_CONF_ERROR;

    case NGX_APP_MYSQL_OPTION_NUM:
        n = ngx_atoi(value->data, value->len);

        if (n == NGX_ERROR || n < o->min || n > o->max) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid number in \"%V=%V\" of \"app_mysql\", "
                               "use %i to %i",
                               &o->name, value, o->min, o->max);
            return NGX_CONF_ERROR;
        }

        *(ngx_uint_t *) ((char *) conf + o->offset) = n;
        return NGX_CONF_OK;

    case NGX_APP_MYSQL_OPTION_MSEC:
        n = ngx_parse_time(value, 0);

        if (n == NGX_ERROR || n < o->min || n > o->max) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid time in \"%V=%V\" of \"app_mysql\", "
                               "use %ims to %ims",
                               &o->name, value, o->min, o->max);
            return NGX_CONF_ERROR;
        }

        *(ngx_msec_t *) ((char *) conf + o->offset) = n;
        return NGX_CONF_OK;

    case NGX_APP_MYSQL_OPTION_TLS:
        return ngx_app_mysql_conf_tls(cf, conf, value);

    case NGX_APP_MYSQL_OPTION_PASSWORD_FILE:
        return ngx_app_mysql_conf_password_file(cf, conf, value);

    case NGX_APP_MYSQL_OPTION_PASSWORD_ENV:
        return ngx_app_mysql_conf_password_env(cf, conf, value);

    default: /* NGX_APP_MYSQL_OPTION_THREADS */
        conf->thread_pool = ngx_thread_pool_add(cf, value);
        return conf->thread_pool ? NGX_CONF_OK : NGX_CONF_ERROR;
    }
}


static char *
ngx_app_mysql_conf_tls(ngx_conf_t *cf, ngx_app_mysql_conf_t *conf,
    ngx_str_t *value)
{
    if (ngx_strcmp(value->data, "off") == 0) {
        conf->tls = NGX_APP_MYSQL_TLS_OFF;
        return NGX_CONF_OK;
    }

    if (ngx_strcmp(value->data, "on") == 0) {
        conf->tls = NGX_APP_MYSQL_TLS_ON;
        return NGX_CONF_OK;
    }

    if (ngx_strcmp(value->data, "verify") == 0) {
        conf->tls = NGX_APP_MYSQL_TLS_VERIFY;
        return NGX_CONF_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid value in \"tls=%V\" of \"app_mysql\", "
                       "use off, on or verify", value);
    return NGX_CONF_ERROR;
}


/* the file's first line, so that an editor's last newline does no harm */

static char *
ngx_app_mysql_conf_password_file(ngx_conf_t *cf, ngx_app_mysql_conf_t *conf,
    ngx_str_t *value)
{
    u_char           buf[NGX_APP_MYSQL_PASSWORD_MAX], *eol;
    ssize_t          n;
    ngx_fd_t         fd;
    ngx_str_t        name, line;
    ngx_file_info_t  fi;

    if (conf->password.len) {
        goto both;
    }

    name = *value;

    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    fd = ngx_open_file(name.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "cannot open password_file \"%V\"", &name);
        return NGX_CONF_ERROR;
    }

    if (ngx_fd_info(fd, &fi) != NGX_FILE_ERROR && (fi.st_mode & S_IROTH)) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "password_file \"%V\" is readable by everybody, "
                           "use chmod 600", &name);
    }

    n = read(fd, buf, NGX_APP_MYSQL_PASSWORD_MAX);
    (void) ngx_close_file(fd);

    if (n == -1 || n == NGX_APP_MYSQL_PASSWORD_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "cannot use password_file \"%V\": not readable, "
                           "or longer than %d bytes",
                           &name, NGX_APP_MYSQL_PASSWORD_MAX - 1);
        return NGX_CONF_ERROR;
    }

    line.data = buf;
    eol = ngx_strlchr(buf, buf + n, '\n');
    line.len = eol ? (size_t) (eol - buf) : (size_t) n;

    if (line.len && line.data[line.len - 1] == '\r') {
        line.len--;
    }

    if (line.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "password_file \"%V\" has no password in its "
                           "first line", &name);
        return NGX_CONF_ERROR;
    }

    return (ngx_app_mysql_conf_dup(cf, &conf->password, &line) == NGX_OK)
           ? NGX_CONF_OK : NGX_CONF_ERROR;

both:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "\"app_mysql\" takes either password_file= "
                       "or password_env=");
    return NGX_CONF_ERROR;
}


static char *
ngx_app_mysql_conf_password_env(ngx_conf_t *cf, ngx_app_mysql_conf_t *conf,
    ngx_str_t *value)
{
    char       *env;
    ngx_str_t   s;

    if (conf->password.len) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"app_mysql\" takes either password_file= "
                           "or password_env=");
        return NGX_CONF_ERROR;
    }

    env = getenv((char *) value->data);

    if (env == NULL || *env == '\0') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the environment variable \"%V\" of password_env= "
                           "is not set", value);
        return NGX_CONF_ERROR;
    }

    s.data = (u_char *) env;
    s.len = ngx_strlen(env);

    return (ngx_app_mysql_conf_dup(cf, &conf->password, &s) == NGX_OK)
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_app_mysql_conf_complete(ngx_conf_t *cf, ngx_app_mysql_conf_t *conf)
{
    if (conf->socket.len && conf->host.len) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "app_mysql \"%V\" takes either host= or socket=",
                           &conf->name);
        return NGX_CONF_ERROR;
    }

    if (conf->socket.len == 0 && conf->host.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "app_mysql \"%V\" needs host= or socket=",
                           &conf->name);
        return NGX_CONF_ERROR;
    }

    if (conf->socket.len && conf->port != NGX_CONF_UNSET_UINT) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "app_mysql \"%V\" takes port= only with host=",
                           &conf->name);
        return NGX_CONF_ERROR;
    }

    if (conf->socket.len > NGX_APP_MYSQL_SOCKET_LEN) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "too long socket=%V of app_mysql \"%V\", the "
                           "system takes %uz bytes", &conf->socket,
                           &conf->name, (size_t) NGX_APP_MYSQL_SOCKET_LEN);
        return NGX_CONF_ERROR;
    }

    if (conf->user.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "app_mysql \"%V\" needs user=", &conf->name);
        return NGX_CONF_ERROR;
    }

    if (conf->tls_ca.len && conf->tls != NGX_APP_MYSQL_TLS_VERIFY) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "app_mysql \"%V\" takes tls_ca= only with "
                           "tls=verify", &conf->name);
        return NGX_CONF_ERROR;
    }

    if (conf->tls_ca.len && ngx_app_mysql_conf_tls_ca(cf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (conf->port == NGX_CONF_UNSET_UINT) {
        conf->port = conf->socket.len ? 0 : 3306;
    }

    /*
     * For "localhost" the library would take a unix socket of its own choice
     * instead of the port.
     */

    if (conf->host.len == 9
        && ngx_strncmp(conf->host.data, "localhost", 9) == 0)
    {
        ngx_str_set(&conf->host, "127.0.0.1");
    }

    if (conf->thread_pool == NULL) {
        conf->thread_pool = ngx_thread_pool_add(cf, NULL);

        if (conf->thread_pool == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* the library would tell of a missing file only when it connects */

static ngx_int_t
ngx_app_mysql_conf_tls_ca(ngx_conf_t *cf, ngx_app_mysql_conf_t *conf)
{
    ngx_fd_t  fd;

    if (ngx_conf_full_name(cf->cycle, &conf->tls_ca, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    fd = ngx_open_file(conf->tls_ca.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "cannot open tls_ca \"%V\"", &conf->tls_ca);
        return NGX_ERROR;
    }

    (void) ngx_close_file(fd);

    return NGX_OK;
}


static ngx_int_t
ngx_app_mysql_conf_dup(ngx_conf_t *cf, ngx_str_t *to, ngx_str_t *from)
{
    to->data = ngx_pnalloc(cf->pool, from->len + 1);
    if (to->data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(to->data, from->data, from->len + 1);
    to->len = from->len;

    return NGX_OK;
}
