/* What Go calls of the shim, and what both must agree on. */
#ifndef CRYPTVFS_SHIM_H
#define CRYPTVFS_SHIM_H
#include <stdint.h>

/* Kinds of files. They are part of what lies on the disk: the tweak of a unit begins with its kind. */
enum { CV_DATABASE = 1, CV_WAL, CV_JOURNAL, CV_SCRATCH, CV_CLEAR };

enum { CV_BLOCK = 16, CV_RESERVED = 16 };

/* Result codes of https://sqlite.org/rescode.html. */
enum {
  CV_OK = 0, CV_NOTADB = 26,
  CV_IOERR_READ = 10|1<<8, CV_IOERR_SHORT_READ = 10|2<<8, CV_IOERR_WRITE = 10|3<<8, CV_IOERR_AUTH = 10|28<<8,
  CV_IOERR_DATA = 10|32<<8
};

int cv_register(const char *name, const char *lower, uintptr_t handle);   /* a result code */

/* The methods of the file below an open file of ours. */
int cv_lower_read(void *file, void *p, int n, long long at);
int cv_lower_write(void *file, void *p, int n, long long at);
int cv_lower_size(void *file, long long *size);

#endif
