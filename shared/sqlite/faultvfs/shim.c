/* A layer over SQLite's own file system layer. It opens the database, the WAL and the
** rollback journal through itself, so that each operation on them can be recorded and
** made to fail; everything else (locks, shared memory, mapped reads, temporary files) goes
** to the layer below as it came.
**
** Only what is needed of SQLite's stable C interface is declared, as documented at
** https://sqlite.org/c3ref/vfs.html and https://sqlite.org/c3ref/io_methods.html .
*/
#include <stdlib.h>
#include <string.h>
#include "shim.h"

typedef long long sqlite3_int64;
typedef struct sqlite3_vfs sqlite3_vfs;
typedef struct sqlite3_mutex sqlite3_mutex;
typedef struct sqlite3_io_methods sqlite3_io_methods;
typedef struct sqlite3_file { const sqlite3_io_methods *pMethods; } sqlite3_file;

struct sqlite3_io_methods {
  int iVersion;
  int (*xClose)(sqlite3_file*);
  int (*xRead)(sqlite3_file*, void*, int, sqlite3_int64);
  int (*xWrite)(sqlite3_file*, const void*, int, sqlite3_int64);
  int (*xTruncate)(sqlite3_file*, sqlite3_int64);
  int (*xSync)(sqlite3_file*, int);
  int (*xFileSize)(sqlite3_file*, sqlite3_int64*);
  int (*xLock)(sqlite3_file*, int);
  int (*xUnlock)(sqlite3_file*, int);
  int (*xCheckReservedLock)(sqlite3_file*, int*);
  int (*xFileControl)(sqlite3_file*, int, void*);
  int (*xSectorSize)(sqlite3_file*);
  int (*xDeviceCharacteristics)(sqlite3_file*);
  int (*xShmMap)(sqlite3_file*, int, int, int, void volatile**);
  int (*xShmLock)(sqlite3_file*, int, int, int);
  void (*xShmBarrier)(sqlite3_file*);
  int (*xShmUnmap)(sqlite3_file*, int);
  int (*xFetch)(sqlite3_file*, sqlite3_int64, int, void**);
  int (*xUnfetch)(sqlite3_file*, sqlite3_int64, void*);
};

struct sqlite3_vfs {
  int iVersion, szOsFile, mxPathname;
  sqlite3_vfs *pNext;
  const char *zName;
  void *pAppData;
  int (*xOpen)(sqlite3_vfs*, const char*, sqlite3_file*, int, int*);
  int (*xDelete)(sqlite3_vfs*, const char*, int);
  int (*xAccess)(sqlite3_vfs*, const char*, int, int*);
  int (*xFullPathname)(sqlite3_vfs*, const char*, int, char*);
  void *(*xDlOpen)(sqlite3_vfs*, const char*);
  void (*xDlError)(sqlite3_vfs*, int, char*);
  void (*(*xDlSym)(sqlite3_vfs*, void*, const char*))(void);
  void (*xDlClose)(sqlite3_vfs*, void*);
  int (*xRandomness)(sqlite3_vfs*, int, char*);
  int (*xSleep)(sqlite3_vfs*, int);
  int (*xCurrentTime)(sqlite3_vfs*, double*);
  int (*xGetLastError)(sqlite3_vfs*, int, char*);
  int (*xCurrentTimeInt64)(sqlite3_vfs*, sqlite3_int64*);
};

int sqlite3_initialize(void);
sqlite3_vfs *sqlite3_vfs_find(const char*);
int sqlite3_vfs_register(sqlite3_vfs*, int makeDefault);
sqlite3_mutex *sqlite3_mutex_alloc(int);
void sqlite3_mutex_enter(sqlite3_mutex*);
void sqlite3_mutex_leave(sqlite3_mutex*);

#define OK 0
#define MUTEX_FAST 0
#define IOERR_SHORT_READ 522
#define OPEN_MAIN_DB 0x100
#define OPEN_MAIN_JOURNAL 0x800
#define OPEN_WAL 0x80000

/* The mutex orders all operations on the files of a disk, and guards everything below it. */
struct fv_disk {
  sqlite3_vfs vfs, *real;
  sqlite3_mutex *mutex;
  struct shim_file *files;                    /* open through the shim */
  int fault_after, fault_code, fault_kind, fault_sticky, fault_hits;
  int recording;
  fv_op *ops; int n_ops, cap_ops;
  char **names; int n_names, cap_names;       /* files of this recording; an op names one by index */
};

typedef struct shim_file {
  sqlite3_file base;
  fv_disk *disk;
  const char *name;                           /* SQLite keeps it while the file is open */
  struct shim_file *next;
} shim_file;

#define HEAD ((sizeof(shim_file)+15)&~(size_t)15)
#define REAL(f) ((sqlite3_file*)((char*)(f)+HEAD))
#define DISK(f) (((shim_file*)(f))->disk)
#define PASS(f, method, ...) REAL(f)->pMethods->method(REAL(f), ##__VA_ARGS__)

/* ---- recording: all of it under the mutex ---- */

static void *grown(void *p, int n, int *cap, size_t size){
  if( n<*cap ) return p;
  *cap = *cap ? *cap*2 : 64;
  p = realloc(p, *cap*size);
  if( !p ) abort();
  return p;
}

static void record(fv_disk *d, int kind, int file, const void *data, int n, sqlite3_int64 at){
  fv_op *op;
  d->ops = grown(d->ops, d->n_ops, &d->cap_ops, sizeof *d->ops);
  op = &d->ops[d->n_ops++];
  op->kind = kind; op->file = file; op->n = n; op->at = at; op->data = 0;
  if( n>0 ){
    op->data = malloc(n);
    if( !op->data ) abort();
    memcpy(op->data, data, n);
  }
}

/* The index of a name in the recording. *fresh says that it was not in it before. */
static int name_index(fv_disk *d, const char *name, int *fresh){
  int i;
  *fresh = 0;
  for(i=0; i<d->n_names; i++) if( strcmp(d->names[i], name)==0 ) return i;
  *fresh = 1;
  d->names = grown(d->names, d->n_names, &d->cap_names, sizeof *d->names);
  d->names[d->n_names] = strdup(name);
  if( !d->names[d->n_names] ) abort();
  return d->n_names++;
}

/* A file enters the recording when it is opened: what it holds already is durable. */
static void enter_file(fv_disk *d, sqlite3_file *f){
  int fresh, file = name_index(d, ((shim_file*)f)->name, &fresh);
  sqlite3_int64 size = 0;
  if( fresh && PASS(f, xFileSize, &size)==OK ){
    void *all = malloc(size ? size : 1);
    if( !all ) abort();
    if( size==0 || PASS(f, xRead, all, (int)size, 0)==OK ) record(d, FV_BASE, file, all, (int)size, 0);
    free(all);
  }else if( !fresh ){
    record(d, FV_OPEN, file, 0, 0, 0);
  }
}

static void record_on(sqlite3_file *f, int kind, const void *data, int n, sqlite3_int64 at){
  fv_disk *d = DISK(f);
  int fresh;
  if( d->recording ) record(d, kind, name_index(d, ((shim_file*)f)->name, &fresh), data, n, at);
}

/* ---- faults ---- */

static int fault(fv_disk *d, int kind){
  if( d->fault_after==0 || (d->fault_kind!=FV_ANY && d->fault_kind!=kind) ) return OK;
  if( --d->fault_after>0 ) return OK;
  if( d->fault_sticky ) d->fault_after = 1;
  d->fault_hits++;
  return d->fault_code;
}

/* ---- the methods of a file ---- */

static int shim_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at){
  fv_disk *d = DISK(f);
  sqlite3_mutex_enter(d->mutex);
  int rc = fault(d, FV_READ);
  if( rc==OK ) rc = PASS(f, xRead, p, n, at);
  sqlite3_mutex_leave(d->mutex);
  return rc;
}

/* A write that fails leaves its first half behind, as a disk does that is full. */
static int shim_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at){
  fv_disk *d = DISK(f);
  sqlite3_mutex_enter(d->mutex);
  int failed = fault(d, FV_WRITE), written = failed ? n/2 : n;
  if( written>0 ) record_on(f, FV_WRITE, p, written, at);
  int rc = written>0 ? PASS(f, xWrite, p, written, at) : OK;
  sqlite3_mutex_leave(d->mutex);
  return failed ? failed : rc;
}

static int shim_truncate(sqlite3_file *f, sqlite3_int64 size){
  fv_disk *d = DISK(f);
  sqlite3_mutex_enter(d->mutex);
  int rc = fault(d, FV_TRUNCATE);
  if( rc==OK ){
    record_on(f, FV_TRUNCATE, 0, 0, size);
    rc = PASS(f, xTruncate, size);
  }
  sqlite3_mutex_leave(d->mutex);
  return rc;
}

static int shim_sync(sqlite3_file *f, int flags){
  fv_disk *d = DISK(f);
  sqlite3_mutex_enter(d->mutex);
  int rc = fault(d, FV_SYNC);
  if( rc==OK ) rc = PASS(f, xSync, flags);
  if( rc==OK ) record_on(f, FV_SYNC, 0, 0, 0);
  sqlite3_mutex_leave(d->mutex);
  return rc;
}

static int shim_close(sqlite3_file *f){
  fv_disk *d = DISK(f);
  shim_file **p;
  sqlite3_mutex_enter(d->mutex);
  for(p=&d->files; *p; p=&(*p)->next) if( *p==(shim_file*)f ){ *p = (*p)->next; break; }
  sqlite3_mutex_leave(d->mutex);
  return PASS(f, xClose);
}

static int shim_size(sqlite3_file *f, sqlite3_int64 *size){ return PASS(f, xFileSize, size); }
static int shim_lock(sqlite3_file *f, int level){ return PASS(f, xLock, level); }
static int shim_unlock(sqlite3_file *f, int level){ return PASS(f, xUnlock, level); }
static int shim_reserved(sqlite3_file *f, int *out){ return PASS(f, xCheckReservedLock, out); }
static int shim_control(sqlite3_file *f, int op, void *arg){ return PASS(f, xFileControl, op, arg); }
static int shim_sector(sqlite3_file *f){ return PASS(f, xSectorSize); }
static int shim_device(sqlite3_file *f){ return PASS(f, xDeviceCharacteristics); }
static int shim_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **p){ return PASS(f, xShmMap, page, size, extend, p); }
static int shim_shm_lock(sqlite3_file *f, int at, int n, int flags){ return PASS(f, xShmLock, at, n, flags); }
static void shim_shm_barrier(sqlite3_file *f){ PASS(f, xShmBarrier); }
static int shim_shm_unmap(sqlite3_file *f, int del){ return PASS(f, xShmUnmap, del); }
static int shim_fetch(sqlite3_file *f, sqlite3_int64 at, int n, void **p){ return PASS(f, xFetch, at, n, p); }
static int shim_unfetch(sqlite3_file *f, sqlite3_int64 at, void *p){ return PASS(f, xUnfetch, at, p); }

static const sqlite3_io_methods methods = {
  3, shim_close, shim_read, shim_write, shim_truncate, shim_sync, shim_size, shim_lock, shim_unlock,
  shim_reserved, shim_control, shim_sector, shim_device, shim_shm_map, shim_shm_lock, shim_shm_barrier,
  shim_shm_unmap, shim_fetch, shim_unfetch
};

/* ---- the methods of the layer ---- */

static fv_disk *disk_of(sqlite3_vfs *v){ return v->pAppData; }

static int shim_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out){
  fv_disk *d = disk_of(v);
  shim_file *s = (shim_file*)f;
  int rc;
  if( !name || !(flags & (OPEN_MAIN_DB|OPEN_MAIN_JOURNAL|OPEN_WAL)) ) return d->real->xOpen(d->real, name, f, flags, out);
  f->pMethods = 0;
  sqlite3_mutex_enter(d->mutex);
  rc = fault(d, FV_OPEN);
  if( rc==OK ){
    memset(REAL(f), 0, d->real->szOsFile);
    rc = d->real->xOpen(d->real, name, REAL(f), flags, out);
  }
  if( rc==OK ){
    if( REAL(f)->pMethods->iVersion<3 ) abort();   /* SQLite's own layers have all methods */
    s->base.pMethods = &methods;
    s->disk = d;
    s->name = name;
    s->next = d->files;
    d->files = s;
    if( d->recording ) enter_file(d, f);
  }
  sqlite3_mutex_leave(d->mutex);
  return rc;
}

static int shim_delete(sqlite3_vfs *v, const char *name, int sync_dir){
  fv_disk *d = disk_of(v);
  sqlite3_mutex_enter(d->mutex);
  int fresh, rc = fault(d, FV_DELETE);
  if( rc==OK ) rc = d->real->xDelete(d->real, name, sync_dir);
  if( rc==OK && d->recording ) record(d, FV_DELETE, name_index(d, name, &fresh), 0, 0, 0);
  sqlite3_mutex_leave(d->mutex);
  return rc;
}

static int shim_access(sqlite3_vfs *v, const char *name, int flags, int *out){ sqlite3_vfs *r = disk_of(v)->real; return r->xAccess(r, name, flags, out); }
static int shim_full(sqlite3_vfs *v, const char *name, int n, char *out){ sqlite3_vfs *r = disk_of(v)->real; return r->xFullPathname(r, name, n, out); }
static int shim_random(sqlite3_vfs *v, int n, char *out){ sqlite3_vfs *r = disk_of(v)->real; return r->xRandomness(r, n, out); }
static int shim_sleep(sqlite3_vfs *v, int us){ sqlite3_vfs *r = disk_of(v)->real; return r->xSleep(r, us); }
static int shim_time(sqlite3_vfs *v, double *out){ sqlite3_vfs *r = disk_of(v)->real; return r->xCurrentTime(r, out); }
static int shim_last_error(sqlite3_vfs *v, int n, char *out){ sqlite3_vfs *r = disk_of(v)->real; return r->xGetLastError(r, n, out); }
static int shim_time64(sqlite3_vfs *v, sqlite3_int64 *out){ sqlite3_vfs *r = disk_of(v)->real; return r->xCurrentTimeInt64(r, out); }

/* ---- for Go ---- */

fv_disk *fv_register(const char *name){
  fv_disk *d;
  if( sqlite3_initialize()!=OK || sqlite3_vfs_find(name) ) return 0;
  d = calloc(1, sizeof *d);
  if( !d || !(d->real = sqlite3_vfs_find(0)) || !(d->mutex = sqlite3_mutex_alloc(MUTEX_FAST)) ) return 0;
  d->vfs = (sqlite3_vfs){
    .iVersion = 2, .szOsFile = (int)HEAD+d->real->szOsFile, .mxPathname = d->real->mxPathname,
    .zName = strdup(name), .pAppData = d,
    .xOpen = shim_open, .xDelete = shim_delete, .xAccess = shim_access, .xFullPathname = shim_full,
    .xRandomness = shim_random, .xSleep = shim_sleep, .xCurrentTime = shim_time,
    .xGetLastError = shim_last_error, .xCurrentTimeInt64 = shim_time64
  };
  return sqlite3_vfs_register(&d->vfs, 0)==OK ? d : 0;
}

void fv_fail(fv_disk *d, int after, int code, int kind, int sticky){
  sqlite3_mutex_enter(d->mutex);
  d->fault_after = after; d->fault_code = code; d->fault_kind = kind; d->fault_sticky = sticky; d->fault_hits = 0;
  sqlite3_mutex_leave(d->mutex);
}

void fv_heal(fv_disk *d){
  sqlite3_mutex_enter(d->mutex);
  d->fault_after = 0;
  sqlite3_mutex_leave(d->mutex);
}

int fv_hits(fv_disk *d){
  sqlite3_mutex_enter(d->mutex);
  int hits = d->fault_hits;
  sqlite3_mutex_leave(d->mutex);
  return hits;
}

void fv_start(fv_disk *d){
  shim_file *s;
  sqlite3_mutex_enter(d->mutex);
  d->recording = 1;
  for(s=d->files; s; s=s->next) enter_file(d, &s->base);
  sqlite3_mutex_leave(d->mutex);
}

void fv_mark(fv_disk *d, long long value){
  sqlite3_mutex_enter(d->mutex);
  if( d->recording ) record(d, FV_MARK, 0, 0, 0, value);
  sqlite3_mutex_leave(d->mutex);
}

fv_recording fv_stop(fv_disk *d){
  sqlite3_mutex_enter(d->mutex);
  fv_recording r = { d->ops, d->n_ops, d->names, d->n_names };
  d->recording = 0;
  d->ops = 0; d->n_ops = d->cap_ops = 0;
  d->names = 0; d->n_names = d->cap_names = 0;
  sqlite3_mutex_leave(d->mutex);
  return r;
}

void fv_free(fv_recording r){
  int i;
  for(i=0; i<r.n_ops; i++) free(r.ops[i].data);
  for(i=0; i<r.n_names; i++) free(r.names[i]);
  free(r.ops);
  free(r.names);
}
