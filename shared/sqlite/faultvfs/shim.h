/* What Go calls of the shim. */
#ifndef FAULTVFS_SHIM_H
#define FAULTVFS_SHIM_H

/* Kinds of operations; the first seven are Kind in Go. */
enum { FV_ANY, FV_OPEN, FV_READ, FV_WRITE, FV_TRUNCATE, FV_SYNC, FV_DELETE, FV_BASE, FV_MARK };

typedef struct fv_disk fv_disk;
typedef struct fv_op { int kind, file, n; long long at; void *data; } fv_op;
typedef struct fv_recording { fv_op *ops; int n_ops; char **names; int n_names; } fv_recording;

fv_disk *fv_register(const char *name);   /* 0 if the name is taken */
void fv_fail(fv_disk*, int after, int code, int kind, int sticky);
void fv_heal(fv_disk*);
int fv_hits(fv_disk*);
void fv_start(fv_disk*);
void fv_mark(fv_disk*, long long);
fv_recording fv_stop(fv_disk*);           /* to be freed by fv_free */
void fv_free(fv_recording);

#endif
