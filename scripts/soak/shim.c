// Faults of the system for one program, by LD_PRELOAD: its wall clock jumps, and its disk is slow. What is wrong
// now is read from a file in shared memory, SOAK_FAULTS, so that it changes while the program runs.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct faults {
  int64_t clock_seconds;  // How far the wall clock is ahead.
  int64_t write_micros;   // How long each write at a place in a file takes, and each fsync.
};

static const struct faults none;
static const volatile struct faults *faults = &none;

__attribute__((constructor)) static void open_faults(void) {
  const char *path = getenv("SOAK_FAULTS");
  int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  void *at = mmap(NULL, sizeof *faults, PROT_READ, MAP_SHARED, file, 0);
  if (at != MAP_FAILED) faults = at;
  close(file);
}

static void wait_for_disk(void) {
  int64_t micros = faults->write_micros;
  if (micros == 0) return;
  struct timespec time = {micros / 1000000, micros % 1000000 * 1000};
  nanosleep(&time, NULL);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int outcome = (int)syscall(SYS_clock_gettime, clock, time);
  if (outcome == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    time->tv_sec += faults->clock_seconds;
  return outcome;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  int outcome = (int)syscall(SYS_gettimeofday, time, zone);
  if (outcome == 0 && time != NULL) time->tv_sec += faults->clock_seconds;
  return outcome;
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at) {
  wait_for_disk();
  return syscall(SYS_pwrite64, file, bytes, size, at);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at) {
  return pwrite64(file, bytes, size, at);
}

int fdatasync(int file) {
  wait_for_disk();
  return (int)syscall(SYS_fdatasync, file);
}

int fsync(int file) {
  wait_for_disk();
  return (int)syscall(SYS_fsync, file);
}
