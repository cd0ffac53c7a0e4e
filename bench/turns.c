
/*
 * Copyright (C) the project authors
 */

/*
 * Measures the turns of nginx's event loop from outside of nginx: preloaded
 * with LD_PRELOAD when the master starts, it stands before epoll_wait().  A
 * turn lasts from the return of epoll_wait() to its next call.
 *
 * Each process that waits writes $TURNS_FILE.PID, a mapped file that can be
 * read at any time: 64-bit words in the order of turns_t.  A reader that wants
 * to begin anew writes another number into the first word.
 *
 * Besides the time by the clock there is what the thread did in it: time on a
 * processor, time ready to run while another had the processor (the machine's
 * doing, not ours), and how often it slept, which a loop that never blocks
 * does not do within a turn.
 */


#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>


#define BUCKETS   24            /* powers of two from 1 us to 8 s */


typedef struct {
    uint64_t      wall;         /* nanoseconds by the clock */
    uint64_t      cpu;
    uint64_t      ready;        /* waiting for a processor */
    uint64_t      sleeps;
    uint64_t      at;           /* by CLOCK_MONOTONIC, its end */
} turn_t;


typedef struct {
    uint64_t      reset;        /* written by the reader */
    uint64_t      seen;         /* the reset that the rest belongs to */
    uint64_t      count;
    uint64_t      over_1ms;
    uint64_t      over_5ms;
    uint64_t      own_over_1ms; /* by its own doing */
    uint64_t      own_over_5ms;
    uint64_t      sleeps;
    turn_t        longest;
    turn_t        own_longest;
    uint64_t      buckets[BUCKETS];
} turns_t;


typedef int (*epoll_wait_pt)(int, struct epoll_event *, int, int);


static epoll_wait_pt  real_epoll_wait;
static const char    *path;
static turns_t       *turns;
static int            schedstat;
static pid_t          owner;
static int            running;
static turn_t         begun;


__attribute__((constructor))
static void
turns_init(void)
{
    /* nginx gives its workers another environment, hence now */

    path = getenv("TURNS_FILE");
    if (path) {
        path = strdup(path);
    }

    *(void **) &real_epoll_wait = dlsym(RTLD_NEXT, "epoll_wait");
}


static void
turns_open(void)
{
    int   fd;
    char  name[512];

    owner = getpid();
    turns = NULL;

    snprintf(name, sizeof(name), "%s.%d", path, (int) owner);

    fd = open(name, O_RDWR|O_CREAT|O_TRUNC|O_CLOEXEC, 0666);
    if (fd < 0) {
        return;
    }

    /* the reader may be another user */

    (void) fchmod(fd, 0666);

    if (ftruncate(fd, sizeof(turns_t)) == 0) {
        turns = mmap(NULL, sizeof(turns_t), PROT_READ|PROT_WRITE, MAP_SHARED,
                     fd, 0);

        if (turns == MAP_FAILED) {
            turns = NULL;
        }
    }

    close(fd);

    schedstat = open("/proc/thread-self/schedstat", O_RDONLY|O_CLOEXEC);
}


static uint64_t
turns_clock(clockid_t clock)
{
    struct timespec  t;

    clock_gettime(clock, &t);

    return (uint64_t) t.tv_sec * 1000000000 + t.tv_nsec;
}


static uint64_t
turns_ready(void)
{
    char                 text[96];
    ssize_t              n;
    unsigned long long   cpu, ready;

    if (schedstat < 0) {
        return 0;
    }

    n = pread(schedstat, text, sizeof(text) - 1, 0);
    if (n <= 0) {
        return 0;
    }

    text[n] = '\0';

    return sscanf(text, "%llu %llu", &cpu, &ready) == 2 ? ready : 0;
}


static void
turns_now(turn_t *t)
{
    struct rusage  u;

    t->ready = turns_ready();
    t->cpu = turns_clock(CLOCK_THREAD_CPUTIME_ID);
    t->sleeps = getrusage(RUSAGE_THREAD, &u) == 0 ? u.ru_nvcsw : 0;
    t->wall = turns_clock(CLOCK_MONOTONIC);
}


/*
 * What a turn took by its own doing.  A thread that did not sleep has either
 * run or been kept from it, be it by the host of a virtual machine.
 */

static uint64_t
turns_own(turn_t *t)
{
    if (t->sleeps == 0) {
        return t->cpu;
    }

    return t->wall > t->ready ? t->wall - t->ready : 0;
}


static int
turns_bucket(uint64_t ns)
{
    int  n;

    ns /= 1000;

    for (n = 0; ns > 1 && n < BUCKETS - 1; n++) {
        ns /= 2;
    }

    return n;
}


static void
turns_record(void)
{
    turn_t    t;
    uint64_t  own, reset;

    turns_now(&t);

    t.at = t.wall;
    t.wall -= begun.wall;
    t.cpu -= begun.cpu;
    t.ready -= begun.ready;
    t.sleeps -= begun.sleeps;

    reset = *(volatile uint64_t *) &turns->reset;

    if (reset != turns->seen) {
        memset(&turns->count, 0,
               sizeof(turns_t) - offsetof(turns_t, count));
        turns->seen = reset;
        return;
    }

    own = turns_own(&t);

    turns->count++;
    turns->over_1ms += (t.wall > 1000000);
    turns->over_5ms += (t.wall > 5000000);
    turns->own_over_1ms += (own > 1000000);
    turns->own_over_5ms += (own > 5000000);
    turns->sleeps += t.sleeps;
    turns->buckets[turns_bucket(t.wall)]++;

    if (t.wall > turns->longest.wall) {
        turns->longest = t;
    }

    if (own > turns_own(&turns->own_longest)) {
        turns->own_longest = t;
    }
}


int
epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)
{
    int  n;

    if (path == NULL) {
        return real_epoll_wait(epfd, events, maxevents, timeout);
    }

    if (owner != getpid()) {
        turns_open();
        running = 0;
    }

    if (running && turns) {
        turns_record();
    }

    n = real_epoll_wait(epfd, events, maxevents, timeout);

    running = 1;
    turns_now(&begun);

    return n;
}
