/* Stops or hinders a process at its k-th change of a file below a folder. Preloaded on Linux.
 *
 * CRASH_ROOT  only calls that concern this folder count
 * CRASH_AT    the call to stop at, from 1; without it all are only counted
 * CRASH_MODE  kill       end before the call
 *             torn       do half of a write, then end; other calls as kill
 *             power      end, and undo what was not yet made durable (but for the database's files)
 *             enospc, eio   from there on, whatever needs space or the disk fails
 *             interrupt  Ctrl-C before the call
 * CRASH_LOG   a line for each call counted
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum mode { COUNT, KILL, TORN, POWER, FAIL, INTERRUPT };
enum verdict { GO_ON, GO_WRONG, HALVE };

static const char *root;
static size_t root_length;
static long stop_at, calls;
static enum mode mode;
static int failure, log_file = -1;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

#define MOST 512
/* Files with bytes that were never synced, and the length that was. */
static struct { char path[PATH_MAX]; off_t durable; } unsynced[MOST];
static int unsynced_count;
/* Entries of folders that were never synced: made (from == "") or renamed. */
static struct { char from[PATH_MAX], to[PATH_MAX], old[PATH_MAX + 32]; } entries[MOST];
static int entry_count;

/* Called when the library is loaded, and again by a process that was forked with other settings. */
__attribute__((constructor)) void crash_begin(void) {
  root = getenv("CRASH_ROOT");
  if (!root) return;
  root_length = strlen(root);
  const char *at = getenv("CRASH_AT"), *name = getenv("CRASH_MODE"), *log = getenv("CRASH_LOG");
  stop_at = at ? atol(at) : 0;
  if (log) log_file = syscall(SYS_open, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (!at || !name) mode = COUNT;
  else if (!strcmp(name, "kill")) mode = KILL;
  else if (!strcmp(name, "torn")) mode = TORN;
  else if (!strcmp(name, "power")) mode = POWER;
  else if (!strcmp(name, "interrupt")) mode = INTERRUPT;
  else { mode = FAIL; failure = strcmp(name, "eio") ? ENOSPC : EIO; }
}

static int below(const char *path) {
  return root && !strncmp(path, root, root_length) &&
         (path[root_length] == '/' || !path[root_length]);
}

static int path_of(int file, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}

static int is_database(const char *path) {
  const char *name = strrchr(path, '/');
  return name && (!strncmp(name, "/mbtg.db", 8) || !strncmp(name, "/lock.db", 8));
}

static void lose_power(void) {
  for (int i = entry_count - 1; i >= 0; i -= 1) {
    if (entries[i].from[0]) syscall(SYS_rename, entries[i].to, entries[i].from);
    else syscall(SYS_unlink, entries[i].to);
    if (entries[i].old[0]) syscall(SYS_rename, entries[i].old, entries[i].to);
  }
  for (int i = 0; i < unsynced_count; i += 1) {
    if (!syscall(SYS_truncate, unsynced[i].path, unsynced[i].durable)) continue;
    /* The file went back to the name that it had. */
    for (int j = 0; j < entry_count; j += 1)
      if (!strcmp(entries[j].to, unsynced[i].path))
        syscall(SYS_truncate, entries[j].from, unsynced[i].durable);
  }
}

static enum verdict count(const char *call, const char *path) {
  long number = ++calls;
  if (log_file >= 0) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%ld %s %s\n", number, call, path + root_length);
    syscall(SYS_write, log_file, line, length);
  }
  if (mode == COUNT || number < stop_at) return GO_ON;
  if (mode == FAIL) return GO_WRONG;
  if (number > stop_at) return GO_ON;
  if (mode == INTERRUPT) { raise(SIGINT); return GO_ON; }
  if (mode == TORN && strstr(call, "write")) return HALVE;
  if (mode == POWER) lose_power();
  _exit(137);
}

static void written(int file, const char *path) {
  if (is_database(path)) return;
  for (int i = 0; i < unsynced_count; i += 1)
    if (!strcmp(unsynced[i].path, path)) return;
  if (unsynced_count == MOST) return;
  struct stat before;
  strcpy(unsynced[unsynced_count].path, path);
  unsynced[unsynced_count++].durable = fstat(file, &before) ? 0 : before.st_size;
}

static void synced(const char *path) {
  struct stat what;
  if (!stat(path, &what) && S_ISDIR(what.st_mode)) {
    size_t length = strlen(path);
    int kept = 0;
    for (int i = 0; i < entry_count; i += 1) {
      const char *name = strrchr(entries[i].to, '/');
      if ((size_t)(name - entries[i].to) == length && !strncmp(entries[i].to, path, length)) continue;
      entries[kept++] = entries[i];
    }
    entry_count = kept;
    return;
  }
  int kept = 0;
  for (int i = 0; i < unsynced_count; i += 1)
    if (strcmp(unsynced[i].path, path)) unsynced[kept++] = unsynced[i];
  unsynced_count = kept;
}

static void entered(const char *from, const char *to, const char *old) {
  if (is_database(to) || entry_count == MOST) return;
  strcpy(entries[entry_count].old, old);
  strcpy(entries[entry_count].from, from);
  strcpy(entries[entry_count++].to, to);
  for (int i = 0; i < unsynced_count; i += 1)
    if (!strcmp(unsynced[i].path, from)) strcpy(unsynced[i].path, to);
}

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define COUNTED(call, path, bad) \
  pthread_mutex_lock(&guard); \
  enum verdict verdict = count(call, path); \
  pthread_mutex_unlock(&guard); \
  if (verdict == GO_WRONG) { errno = failure; return bad; }

ssize_t write(int file, const void *data, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  char path[PATH_MAX];
  if (!root || !path_of(file, path)) return real(file, data, size);
  COUNTED("write", path, -1)
  if (verdict == HALVE) { real(file, data, size / 2); _exit(137); }
  written(file, path);
  return real(file, data, size);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t place) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  char path[PATH_MAX];
  if (!root || !path_of(file, path)) return real(file, data, size, place);
  COUNTED("pwrite", path, -1)
  if (verdict == HALVE) { real(file, data, size / 2, place); _exit(137); }
  written(file, path);
  return real(file, data, size, place);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t place) {
  return pwrite64(file, data, size, place);
}

#define SYNC(name) \
  int name(int file) { \
    REAL(int, #name, int); \
    char path[PATH_MAX]; \
    if (!root || !path_of(file, path)) return real(file); \
    COUNTED(#name, path, -1) \
    int result = real(file); \
    synced(path); \
    return result; \
  }
SYNC(fsync)
SYNC(fdatasync)

int ftruncate64(int file, off64_t length) {
  REAL(int, "ftruncate64", int, off64_t);
  char path[PATH_MAX];
  if (!root || !path_of(file, path)) return real(file, length);
  COUNTED("ftruncate", path, -1)
  return real(file, length);
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  if (!below(to)) return real(from, to);
  COUNTED("rename", to, -1)
  /* What had the name before comes back when the power fails. */
  char old[PATH_MAX + 32] = "";
  if (mode == POWER) {
    snprintf(old, sizeof old, "%s.%ld.old", root, calls);
    syscall(SYS_unlink, old);
    if (syscall(SYS_linkat, AT_FDCWD, to, AT_FDCWD, old, 0)) old[0] = 0;
  }
  int result = real(from, to);
  if (!result) entered(from, to, old);
  return result;
}

/* Giving space back never fails for want of space. */
#define TAKE_AWAY(name) \
  int name(const char *path) { \
    REAL(int, #name, const char *); \
    if (!below(path)) return real(path); \
    if (mode != FAIL) { COUNTED(#name, path, -1) (void)verdict; } \
    return real(path); \
  }
TAKE_AWAY(unlink)
TAKE_AWAY(rmdir)

int mkdir(const char *path, mode_t permissions) {
  REAL(int, "mkdir", const char *, mode_t);
  if (!below(path)) return real(path, permissions);
  COUNTED("mkdir", path, -1)
  return real(path, permissions);
}

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t made) {
  if (!below(path) || !(flags & O_CREAT) || !syscall(SYS_access, path, F_OK))
    return real(path, flags, made);
  COUNTED("create", path, -1)
  int file = real(path, flags, made);
  if (file >= 0) entered("", path, "");
  return file;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(int, #name, const char *, int, ...); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t made = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    return opened(real, path, flags, made); \
  }
OPEN(open)
OPEN(open64)
