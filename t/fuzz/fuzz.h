
/*
 * Copyright (C) the project authors
 */


/*
 * The frame of a fuzz target.  A target is one function,
 *
 *     static void
 *     fuzz_one(ngx_pool_t *pool, u_char *data, size_t size)
 *
 * whose data is a copy of exactly its size (a read past it is reported) and
 * whose pool is destroyed after it.  What must hold is said with fuzz_check().
 * Seeds are in t/fuzz/corpus/<target>/, words in t/fuzz/<target>.dict.
 */


#ifndef _NGX_APP_FUZZ_H_INCLUDED_
#define _NGX_APP_FUZZ_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define fuzz_check(what)                                                     \
    if (!(what)) {                                                           \
        fprintf(stderr, "%s:%d: %s does not hold\n",                         \
                __FILE__, __LINE__, #what);                                  \
        abort();                                                             \
    }


int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_one(ngx_pool_t *pool, u_char *data, size_t size);


static ngx_log_t        fuzz_log;
static ngx_open_file_t  fuzz_log_file;
static ngx_cycle_t      fuzz_cycle;


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    ngx_pagesize = getpagesize();
    ngx_cacheline_size = NGX_CPU_CACHE_LINE;

    fuzz_log_file.fd = ngx_stderr;
    fuzz_log.file = &fuzz_log_file;
    fuzz_log.log_level = NGX_LOG_EMERG;

    fuzz_cycle.log = &fuzz_log;
    ngx_cycle = &fuzz_cycle;

    ngx_time_init();

    return 0;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u_char      *copy;
    ngx_pool_t  *pool;

    pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, &fuzz_log);
    copy = malloc(size);

    if (pool == NULL || copy == NULL) {
        abort();
    }

    if (size) {
        ngx_memcpy(copy, data, size);
    }

    fuzz_one(pool, copy, size);

    ngx_destroy_pool(pool);
    free(copy);

    return 0;
}


#endif /* _NGX_APP_FUZZ_H_INCLUDED_ */
