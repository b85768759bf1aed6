/* Counts what a process changes beneath one folder, and at the N-th change kills it or fails it.
 *
 * Loaded with LD_PRELOAD. Until lab_arm() is called everything passes. Reading is never counted,
 * nor is opening a file that is there already; SQLite's -shm is written through mmap and isn't seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* What a change is, as bits; tests/laboratory/shim.py has the same. */
enum { CREATE = 1, CUT = 2, WRITE = 4, FLUSH = 8, RENAME = 16, UNLINK = 32, LINK = 64, MKDIR = 128, ROOM = 256, LOCK = 512 };
/* What is done about it. */
enum { LET = 0, KILL = 1, TEAR = 2, FAIL_ONCE = 3, FAIL_ON = 4, SHORTEN = 5 };
/* What a wrapped call is to do. */
enum { GO = 0, REFUSE = 1, HALF = 2 };

static const char *const names[] = {"create", "cut", "write", "flush", "rename", "unlink", "link", "mkdir", "room", "lock"};

static char folder[PATH_MAX];
static size_t folder_length;
static const char *freed_by = "";
static int armed, how, kinds, fault, told = -1, traced = -1;
static long strikes_at;
static atomic_long changes;
static atomic_int struck;

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static ssize_t really_write(int descriptor, const void *bytes, size_t count) {
    REAL(write);
    return real(descriptor, bytes, count);
}

/* Begin: changes of `of_kinds` beneath `path` are counted from 1; the `at`-th is dealt with. */
void lab_arm(const char *path, long at, int action, int of_kinds, int error, int tell) {
    snprintf(folder, sizeof folder, "%s/", path);
    folder_length = strlen(folder);
    strikes_at = at, how = action, kinds = of_kinds, fault = error, told = tell;
    atomic_store(&changes, 0), atomic_store(&struck, 0);
    armed = 1;
}

/* From now on every change is told, a line each, on this descriptor. */
void lab_trace(int descriptor) { traced = descriptor; }

/* Once a file of that name is unlinked there is room: nothing fails any more. */
void lab_freed_by(const char *name) { freed_by = strdup(name); }

/* Nothing fails any more; counting goes on. */
void lab_release(void) { how = LET; }

void lab_disarm(void) { armed = 0; }

long lab_changes(void) { return atomic_load(&changes); }

int lab_struck(void) { return atomic_load(&struck); }

static int beneath(const char *path) {
    return strncmp(path, folder, folder_length) == 0;
}

/* The absolute name of what a call at `descriptor` and `path` means. */
static const char *named(int descriptor, const char *path, char *buffer) {
    char link[64];
    ssize_t length;
    if (path && path[0] == '/') return path;
    if (descriptor == AT_FDCWD) {
        if (!getcwd(buffer, PATH_MAX)) return "";
        length = (ssize_t)strlen(buffer);
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        length = readlink(link, buffer, PATH_MAX - 1);
        if (length < 0) return "";
        buffer[length] = 0;
    }
    if (path && *path) snprintf(buffer + length, (size_t)(PATH_MAX - length), "/%s", path);
    return buffer;
}

static void tell(int descriptor, const char *word, long number, int kind, const char *path) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%s %ld %s %s\n", word, number, names[__builtin_ctz((unsigned)kind)],
                          path + folder_length);
    if (length > 0) really_write(descriptor, line, (size_t)length);
}

/* Count a change and say what is to become of it; whoever is killed doesn't return. */
static int change(int kind, int descriptor, const char *path) {
    char buffer[PATH_MAX];
    const char *name;
    long number;
    int keeps_errno = errno;
    if (!armed || !((kinds | UNLINK) & kind)) return GO;
    name = named(descriptor, path, buffer);
    errno = keeps_errno;
    if (!beneath(name)) return GO;
    if (kind == UNLINK && *freed_by && strcmp(strrchr(name, '/') + 1, freed_by) == 0) lab_release();
    if (!(kinds & kind)) return GO;
    number = atomic_fetch_add(&changes, 1) + 1;
    if (traced >= 0) tell(traced, "did", number, kind, name);
    if (how == LET || number < strikes_at) return GO;
    if (number > strikes_at && (how == FAIL_ONCE || how == KILL || how == TEAR)) return GO;
    if (atomic_fetch_add(&struck, 1) == 0 && told >= 0) tell(told, "struck", number, kind, name);
    if (how == TEAR && kind == WRITE) return HALF;
    if (how == SHORTEN && number == strikes_at && kind == WRITE) return HALF;
    if (how == KILL || how == TEAR) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    errno = fault;
    return REFUSE;
}

/* After half a write: dead, or alive with the short count. */
static ssize_t torn(ssize_t written) {
    if (how == TEAR) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    return written;
}

#define PASS(kind, descriptor, path, call) \
    do { \
        if (change(kind, descriptor, path) == REFUSE) return -1; \
        return call; \
    } while (0)

static int opening(int descriptor, const char *path, int flags) {
    struct stat found;
    int keeps_errno = errno, there = fstatat(descriptor, path, &found, 0) == 0;
    errno = keeps_errno;
    if ((flags & O_CREAT) && !there) return change(CREATE, descriptor, path);
    if ((flags & O_TRUNC) && there) return change(CUT, descriptor, path);
    return GO;
}

#define MODE(flags, last) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, last); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) {
    REAL(open);
    MODE(flags, flags)
    return opening(AT_FDCWD, path, flags) == REFUSE ? -1 : real(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    REAL(open64);
    MODE(flags, flags)
    return opening(AT_FDCWD, path, flags) == REFUSE ? -1 : real(path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
    REAL(openat);
    MODE(flags, flags)
    return opening(at, path, flags) == REFUSE ? -1 : real(at, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
    REAL(openat64);
    MODE(flags, flags)
    return opening(at, path, flags) == REFUSE ? -1 : real(at, path, flags, mode);
}
int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open64(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

ssize_t write(int descriptor, const void *bytes, size_t count) {
    switch (change(WRITE, descriptor, NULL)) {
    case REFUSE: return -1;
    case HALF: return torn(really_write(descriptor, bytes, count / 2));
    default: return really_write(descriptor, bytes, count);
    }
}
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t at) {
    REAL(pwrite);
    switch (change(WRITE, descriptor, NULL)) {
    case REFUSE: return -1;
    case HALF: return torn(real(descriptor, bytes, count / 2, at));
    default: return real(descriptor, bytes, count, at);
    }
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t at) {
    REAL(pwrite64);
    switch (change(WRITE, descriptor, NULL)) {
    case REFUSE: return -1;
    case HALF: return torn(real(descriptor, bytes, count / 2, at));
    default: return real(descriptor, bytes, count, at);
    }
}
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    REAL(writev);
    switch (change(WRITE, descriptor, NULL)) {
    case REFUSE: return -1;
    case HALF: return torn(real(descriptor, parts, count / 2));
    default: return real(descriptor, parts, count);
    }
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t count) {
    REAL(sendfile64);
    switch (change(WRITE, to, NULL)) {
    case REFUSE: return -1;
    case HALF: return torn(real(to, from, at, count / 2));
    default: return real(to, from, at, count);
    }
}
ssize_t sendfile(int to, int from, off_t *at, size_t count) { return sendfile64(to, from, (off64_t *)at, count); }
ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t count, unsigned flags) {
    REAL(copy_file_range);
    switch (change(WRITE, to, NULL)) {
    case REFUSE: return -1;
    case HALF: return torn(real(from, from_at, to, to_at, count / 2, flags));
    default: return real(from, from_at, to, to_at, count, flags);
    }
}

int fsync(int descriptor) {
    REAL(fsync);
    PASS(FLUSH, descriptor, NULL, real(descriptor));
}
int fdatasync(int descriptor) {
    REAL(fdatasync);
    PASS(FLUSH, descriptor, NULL, real(descriptor));
}
int ftruncate(int descriptor, off_t length) {
    REAL(ftruncate);
    PASS(CUT, descriptor, NULL, real(descriptor, length));
}
int ftruncate64(int descriptor, off64_t length) {
    REAL(ftruncate64);
    PASS(CUT, descriptor, NULL, real(descriptor, length));
}
int truncate(const char *path, off_t length) {
    REAL(truncate);
    PASS(CUT, AT_FDCWD, path, real(path, length));
}
int truncate64(const char *path, off64_t length) {
    REAL(truncate64);
    PASS(CUT, AT_FDCWD, path, real(path, length));
}

/* These two give the error itself. */
int posix_fallocate(int descriptor, off_t at, off_t length) {
    REAL(posix_fallocate);
    return change(ROOM, descriptor, NULL) == REFUSE ? fault : real(descriptor, at, length);
}
int posix_fallocate64(int descriptor, off64_t at, off64_t length) {
    REAL(posix_fallocate64);
    return change(ROOM, descriptor, NULL) == REFUSE ? fault : real(descriptor, at, length);
}

int rename(const char *from, const char *to) {
    REAL(rename);
    PASS(RENAME, AT_FDCWD, to, real(from, to));
}
int renameat(int from_at, const char *from, int to_at, const char *to) {
    REAL(renameat);
    PASS(RENAME, to_at, to, real(from_at, from, to_at, to));
}
int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    REAL(renameat2);
    PASS(RENAME, to_at, to, real(from_at, from, to_at, to, flags));
}
int unlink(const char *path) {
    REAL(unlink);
    PASS(UNLINK, AT_FDCWD, path, real(path));
}
int unlinkat(int at, const char *path, int flags) {
    REAL(unlinkat);
    PASS(UNLINK, at, path, real(at, path, flags));
}
int remove(const char *path) {
    REAL(remove);
    PASS(UNLINK, AT_FDCWD, path, real(path));
}
int rmdir(const char *path) {
    REAL(rmdir);
    PASS(UNLINK, AT_FDCWD, path, real(path));
}
int link(const char *from, const char *to) {
    REAL(link);
    PASS(LINK, AT_FDCWD, to, real(from, to));
}
int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
    REAL(linkat);
    PASS(LINK, to_at, to, real(from_at, from, to_at, to, flags));
}
int symlink(const char *what, const char *to) {
    REAL(symlink);
    PASS(LINK, AT_FDCWD, to, real(what, to));
}
int mkdir(const char *path, mode_t mode) {
    struct stat found;
    REAL(mkdir);
    if (stat(path, &found) == 0) return real(path, mode);
    PASS(MKDIR, AT_FDCWD, path, real(path, mode));
}
int mkdirat(int at, const char *path, mode_t mode) {
    REAL(mkdirat);
    PASS(MKDIR, at, path, real(at, path, mode));
}

/* Locks of whole files' parts, as SQLite takes them; only where they are asked for they count. */
#define LOCKS(name) \
    int name(int descriptor, int command, ...) { \
        void *argument; \
        va_list rest; \
        REAL(name); \
        va_start(rest, command); \
        argument = va_arg(rest, void *); \
        va_end(rest); \
        if ((command == F_SETLK || command == F_SETLKW) && ((struct flock *)argument)->l_type != F_UNLCK && \
            change(LOCK, descriptor, NULL) == REFUSE) \
            return -1; \
        return real(descriptor, command, argument); \
    }
LOCKS(fcntl)
LOCKS(fcntl64)
