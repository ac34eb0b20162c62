/* Writes down, in order, everything that a process does to the files of one folder, so that a test can work out
   what a disk would hold had the power gone at any moment. Loaded with LD_PRELOAD.

   POWER_FOLDER: the folder watched; POWER_LOG: where the record goes.
   POWER_FULL_AFTER: bytes that may be written to the folder before its disk is full (ENOSPC); none: no end.
   POWER_DIE_AT: the call, counted from 1, before which the process kills itself; 0: never.

   A record is: kind (1 byte), length of the name (4), name, offset (8), length of the data (8), data; native order. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static int record = -1;
static long long room = -1, calls = 0, die_at = 0;
static __thread int inside = 0;

#define REAL(type, name, ...)                                                      \
    static type (*real)(__VA_ARGS__) = NULL;                                       \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("POWER_FOLDER"), *log = getenv("POWER_LOG");
    const char *full = getenv("POWER_FULL_AFTER"), *die = getenv("POWER_DIE_AT");
    if (full) room = atoll(full);
    if (die) die_at = atoll(die);
    if (!where || !realpath(where, folder)) return;
    folder_length = strlen(folder);
    if (log) record = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* The name of a file within the folder; 0 where it is none of ours. */
static int ours(const char *path, char *name) {
    if (!folder_length || strncmp(path, folder, folder_length) != 0) return 0;
    if (path[folder_length] != '/' && path[folder_length] != '\0') return 0;
    snprintf(name, PATH_MAX, "%s", path[folder_length] ? path + folder_length + 1 : "");
    char *gone = strstr(name, " (deleted)");
    return gone == NULL;
}

static int name_of(int file, char *name) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = '\0';
    return ours(path, name);
}

static int name_at(int base, const char *given, char *name) {
    char path[PATH_MAX * 2], base_path[PATH_MAX], link[64];
    if (given[0] == '/') {
        snprintf(path, sizeof path, "%s", given);
    } else {
        if (base == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
        else snprintf(link, sizeof link, "/proc/self/fd/%d", base);
        ssize_t length = readlink(link, base_path, sizeof base_path - 1);
        if (length <= 0) return 0;
        base_path[length] = '\0';
        snprintf(path, sizeof path, "%s/%s", base_path, given);
    }
    return ours(path, name);
}

static void put(const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t done = syscall(SYS_write, record, at, length);
        if (done < 0) {
            if (errno == EINTR) continue;
            abort(); /* a record with a hole proves nothing */
        }
        at += done;
        length -= (size_t)done;
    }
}

static void note(char kind, const char *name, int64_t offset, const void *data, uint64_t length) {
    if (record < 0) return;
    uint32_t letters = (uint32_t)strlen(name);
    put(&kind, 1);
    put(&letters, 4);
    put(name, letters);
    put(&offset, 8);
    put(&length, 8);
    if (length) put(data, length);
}

/* Each call that changes the disk passes here first, one at a time. */
static void enter(void) {
    pthread_mutex_lock(&turn);
    inside = 1;
    if (die_at && ++calls == die_at) kill(getpid(), SIGKILL);
}

static void leave(void) {
    int kept = errno;
    inside = 0;
    pthread_mutex_unlock(&turn);
    errno = kept;
}

/* Whether so many bytes more fit on the disk. */
static int fits(size_t length) {
    if (room < 0) return 1;
    if ((long long)length > room) {
        room = 0;
        errno = ENOSPC;
        return 0;
    }
    room -= (long long)length;
    return 1;
}

static int64_t position(int file) {
    struct stat about;
    int flags = (int)syscall(SYS_fcntl, file, F_GETFL);
    if (flags & O_APPEND) return syscall(SYS_fstat, file, &about) == 0 ? (int64_t)about.st_size : 0;
    return (int64_t)syscall(SYS_lseek, file, 0, SEEK_CUR);
}

ssize_t write(int file, const void *data, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    char name[PATH_MAX];
    if (inside || !name_of(file, name)) return real(file, data, length);
    enter();
    int64_t at = position(file);
    ssize_t done = fits(length) ? real(file, data, length) : -1;
    if (done > 0) note('w', name, at, data, (uint64_t)done);
    leave();
    return done;
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    char name[PATH_MAX];
    if (inside || !name_of(file, name)) return real(file, data, length, at);
    enter();
    ssize_t done = fits(length) ? real(file, data, length, at) : -1;
    if (done > 0) note('w', name, at, data, (uint64_t)done);
    leave();
    return done;
}

ssize_t pwrite(int file, const void *data, size_t length, off_t at) { return pwrite64(file, data, length, at); }

static ssize_t unwatched(int file, const char *what) {
    char name[PATH_MAX];
    if (!inside && name_of(file, name)) {
        fprintf(stderr, "power.c does not watch %s\n", what);
        abort(); /* a way to write that goes unseen would make the test worth nothing */
    }
    return 0;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    unwatched(file, "writev");
    return real(file, parts, count);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
    REAL(ssize_t, "pwritev", int, const struct iovec *, int, off_t);
    unwatched(file, "pwritev");
    return real(file, parts, count, at);
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t length) {
    REAL(ssize_t, "sendfile64", int, int, off64_t *, size_t);
    char name[PATH_MAX];
    if (!inside && name_of(to, name)) {
        errno = EINVAL; /* whoever copies falls back to reading and writing */
        return -1;
    }
    return real(to, from, at, length);
}

ssize_t sendfile(int to, int from, off_t *at, size_t length) { return sendfile64(to, from, at, length); }

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags) {
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    char name[PATH_MAX];
    if (!inside && name_of(to, name)) {
        errno = EINVAL;
        return -1;
    }
    return real(from, from_at, to, to_at, length, flags);
}

int ftruncate64(int file, off64_t length) {
    REAL(int, "ftruncate64", int, off64_t);
    char name[PATH_MAX];
    if (inside || !name_of(file, name)) return real(file, length);
    enter();
    int done = real(file, length);
    if (done == 0) note('t', name, length, NULL, 0);
    leave();
    return done;
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int fallocate64(int file, int mode, off64_t at, off64_t length) {
    REAL(int, "fallocate64", int, int, off64_t, off64_t);
    char name[PATH_MAX];
    if (!inside && name_of(file, name)) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return real(file, mode, at, length);
}

int fallocate(int file, int mode, off_t at, off_t length) { return fallocate64(file, mode, at, length); }

static int synced(int file, int (*real)(int)) {
    char name[PATH_MAX];
    if (inside || !name_of(file, name)) return real(file);
    enter();
    int done = real(file);
    if (done == 0) note('s', name, 0, NULL, 0);
    leave();
    return done;
}

int fsync(int file) {
    REAL(int, "fsync", int);
    return synced(file, real);
}

int fdatasync(int file) {
    REAL(int, "fdatasync", int);
    return synced(file, real);
}

static int opened(int base, const char *path, int flags, mode_t mode) {
    REAL(int, "openat64", int, const char *, int, ...);
    char name[PATH_MAX];
    int changes = flags & (O_CREAT | O_TRUNC);
    if (inside || !changes || !name_at(base, path, name)) return real(base, path, flags, mode);
    enter();
    struct stat about;
    int was = fstatat(base, path, &about, 0) == 0;
    int file = real(base, path, flags, mode);
    if (file >= 0 && !was) note('c', name, 0, NULL, 0);
    if (file >= 0 && was && (flags & O_TRUNC)) note('t', name, 0, NULL, 0);
    leave();
    return file;
}

#define MODE(flags)                                       \
    mode_t mode = 0;                                      \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {              \
        va_list rest;                                     \
        va_start(rest, flags);                            \
        mode = va_arg(rest, mode_t);                      \
        va_end(rest);                                     \
    }

int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int base, const char *path, int flags, ...) { MODE(flags) return opened(base, path, flags, mode); }
int openat64(int base, const char *path, int flags, ...) { MODE(flags) return opened(base, path, flags, mode); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static int removed(int base, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    char name[PATH_MAX];
    if (inside || !name_at(base, path, name)) return real(base, path, flags);
    enter();
    int done = real(base, path, flags);
    if (done == 0) note('u', name, 0, NULL, 0);
    leave();
    return done;
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int base, const char *path, int flags) { return removed(base, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }

static int moved(char kind, const char *from, const char *to, int (*real)(const char *, const char *)) {
    char name[PATH_MAX], target[PATH_MAX];
    int from_ours = name_at(AT_FDCWD, from, name), to_ours = name_at(AT_FDCWD, to, target);
    if (inside || (!from_ours && !to_ours)) return real(from, to);
    if (!from_ours || !to_ours) {
        fprintf(stderr, "power.c does not watch a move out of the folder or into it\n");
        abort();
    }
    enter();
    int done = real(from, to);
    if (done == 0) note(kind, name, 0, target, strlen(target));
    leave();
    return done;
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    return moved('m', from, to, real);
}

int link(const char *from, const char *to) {
    REAL(int, "link", const char *, const char *);
    return moved('l', from, to, real);
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    char name[PATH_MAX];
    if (inside || !name_at(AT_FDCWD, path, name)) return real(path, mode);
    enter();
    int done = real(path, mode);
    if (done == 0) note('d', name, 0, NULL, 0);
    leave();
    return done;
}
