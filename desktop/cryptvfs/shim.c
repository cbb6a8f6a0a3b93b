/* A layer over another file layer of SQLite. Reads and writes go to Go, which deciphers and enciphers; locks, shared
** memory, syncs, sizes, deletions and names go to the layer below as they came. There is no mapped reading, and no
** loading of extensions.
**
** Only what is needed of SQLite's stable C interface is declared, as documented at
** https://sqlite.org/c3ref/vfs.html and https://sqlite.org/c3ref/io_methods.html . A test compares it with the driver's.
*/
#include <stdlib.h>
#include <string.h>
#include "sqlite3api.h"
#include "shim.h"
#include "_cgo_export.h"

typedef struct cv_vfs {
  sqlite3_vfs vfs, *lower;
  uintptr_t handle;                           /* of the VFS in Go */
} cv_vfs;

typedef struct cv_file {
  sqlite3_file base;
  cv_vfs *owner;
  int kind;
} cv_file;

#define HEAD ((sizeof(cv_file)+15)&~(size_t)15)
#define LOWER(f) ((sqlite3_file*)((char*)(f)+HEAD))
#define PASS(f, method, ...) LOWER(f)->pMethods->method(LOWER(f), ##__VA_ARGS__)
#define HANDLE(f) (((cv_file*)(f))->owner->handle)
#define KIND(f) (((cv_file*)(f))->kind)

int cv_lower_read(void *f, void *p, int n, long long at){ return PASS(f, xRead, p, n, at); }
int cv_lower_write(void *f, void *p, int n, long long at){ return PASS(f, xWrite, p, n, at); }
int cv_lower_size(void *f, long long *size){ return PASS(f, xFileSize, size); }

/* ---- the methods of a file ---- */

static int cv_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at){
  if( KIND(f)==CV_CLEAR ) return PASS(f, xRead, p, n, at);
  return cvRead(HANDLE(f), f, KIND(f), p, n, at);
}

static int cv_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at){
  if( KIND(f)==CV_CLEAR ) return PASS(f, xWrite, p, n, at);
  return cvWrite(HANDLE(f), f, KIND(f), (void*)p, n, at);
}

/* Files that are written in any pieces keep whole blocks, the last one too. */
static int cv_truncate(sqlite3_file *f, sqlite3_int64 size){
  if( KIND(f)==CV_JOURNAL || KIND(f)==CV_SCRATCH ) size = (size+CV_BLOCK-1)/CV_BLOCK*CV_BLOCK;
  return PASS(f, xTruncate, size);
}

static int cv_close(sqlite3_file *f){
  int rc = PASS(f, xClose);
  cvClosed(HANDLE(f));
  return rc;
}

static int cv_control(sqlite3_file *f, int op, void *arg){
  if( op==SQLITE_FCNTL_MMAP_SIZE ){
    *(sqlite3_int64*)arg = 0;
    return CV_OK;
  }
  return PASS(f, xFileControl, op, arg);
}

/* Pages are read whole, so that each is checked; and are not written around us. */
static int cv_device(sqlite3_file *f){
  return PASS(f, xDeviceCharacteristics) & ~(SQLITE_IOCAP_SUBPAGE_READ|SQLITE_IOCAP_BATCH_ATOMIC);
}

static int cv_sync(sqlite3_file *f, int flags){ return PASS(f, xSync, flags); }
static int cv_size(sqlite3_file *f, sqlite3_int64 *size){ return PASS(f, xFileSize, size); }
static int cv_lock(sqlite3_file *f, int level){ return PASS(f, xLock, level); }
static int cv_unlock(sqlite3_file *f, int level){ return PASS(f, xUnlock, level); }
static int cv_reserved(sqlite3_file *f, int *out){ return PASS(f, xCheckReservedLock, out); }
static int cv_sector(sqlite3_file *f){ return PASS(f, xSectorSize); }
static int cv_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **p){ return PASS(f, xShmMap, page, size, extend, p); }
static int cv_shm_lock(sqlite3_file *f, int at, int n, int flags){ return PASS(f, xShmLock, at, n, flags); }
static void cv_shm_barrier(sqlite3_file *f){ PASS(f, xShmBarrier); }
static int cv_shm_unmap(sqlite3_file *f, int del){ return PASS(f, xShmUnmap, del); }

static const sqlite3_io_methods methods = {
  2, cv_close, cv_read, cv_write, cv_truncate, cv_sync, cv_size, cv_lock, cv_unlock, cv_reserved, cv_control, cv_sector,
  cv_device, cv_shm_map, cv_shm_lock, cv_shm_barrier, cv_shm_unmap, 0, 0
};

/* ---- the methods of the layer ---- */

static sqlite3_vfs *lower_of(sqlite3_vfs *v){ return ((cv_vfs*)v->pAppData)->lower; }

static int kind_of(int flags){
  if( flags & SQLITE_OPEN_MAIN_DB ) return CV_DATABASE;
  if( flags & SQLITE_OPEN_WAL ) return CV_WAL;
  if( flags & SQLITE_OPEN_MAIN_JOURNAL ) return CV_JOURNAL;
  if( flags & SQLITE_OPEN_SUPER_JOURNAL ) return CV_CLEAR;   /* names of files */
  return CV_SCRATCH;
}

/* Whether there is a WAL with anything in it beside the database of this name. */
static int has_wal(sqlite3_vfs *lower, const char *name){
  int there = 0;
  return lower->xAccess(lower, sqlite3_filename_wal(name), SQLITE_ACCESS_EXISTS, &there)!=CV_OK || there;
}

/* The key is checked before SQLite can touch a WAL: one that it cannot read it takes for an empty one, and deletes. */
static int cv_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out){
  cv_vfs *own = v->pAppData;
  cv_file *file = (cv_file*)f;
  int rc, blank = 0;
  memset(file, 0, HEAD+own->lower->szOsFile);
  rc = own->lower->xOpen(own->lower, name, LOWER(f), flags, out);
  if( rc!=CV_OK ){
    if( LOWER(f)->pMethods ) PASS(f, xClose);
    return rc;
  }
  file->owner = own;
  file->kind = kind_of(flags);
  rc = cvOpened(own->handle, f, file->kind, &blank);
  if( rc==CV_OK && blank && has_wal(own->lower, name) ){
    cvClosed(own->handle);
    rc = CV_NOTADB;
  }
  if( rc!=CV_OK ){
    PASS(f, xClose);
    return rc;
  }
  file->base.pMethods = &methods;
  return CV_OK;
}

static int cv_delete(sqlite3_vfs *v, const char *name, int sync_dir){ sqlite3_vfs *l = lower_of(v); return l->xDelete(l, name, sync_dir); }
static int cv_access(sqlite3_vfs *v, const char *name, int flags, int *out){ sqlite3_vfs *l = lower_of(v); return l->xAccess(l, name, flags, out); }
static int cv_full(sqlite3_vfs *v, const char *name, int n, char *out){ sqlite3_vfs *l = lower_of(v); return l->xFullPathname(l, name, n, out); }
static int cv_random(sqlite3_vfs *v, int n, char *out){ sqlite3_vfs *l = lower_of(v); return l->xRandomness(l, n, out); }
static int cv_sleep(sqlite3_vfs *v, int us){ sqlite3_vfs *l = lower_of(v); return l->xSleep(l, us); }
static int cv_time(sqlite3_vfs *v, double *out){ sqlite3_vfs *l = lower_of(v); return l->xCurrentTime(l, out); }
static int cv_last_error(sqlite3_vfs *v, int n, char *out){ sqlite3_vfs *l = lower_of(v); return l->xGetLastError(l, n, out); }
static int cv_time64(sqlite3_vfs *v, sqlite3_int64 *out){ sqlite3_vfs *l = lower_of(v); return l->xCurrentTimeInt64(l, out); }
static void *cv_dl_open(sqlite3_vfs *v, const char *name){ (void)v; (void)name; return 0; }
static void cv_dl_error(sqlite3_vfs *v, int n, char *out){ (void)v; if( n>0 ) out[0] = 0; }

/* Every connection through this layer makes its database with room for the sum of a page. */
static int reserve(sqlite3 *db, char **message, const void *api){
  sqlite3_vfs *v = 0;
  int n = CV_RESERVED;
  (void)message; (void)api;
  if( sqlite3_file_control(db, "main", SQLITE_FCNTL_VFS_POINTER, &v)==CV_OK && v && v->xOpen==cv_open ){
    sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &n);
  }
  return CV_OK;
}

int cv_register(const char *name, const char *lower, uintptr_t handle){
  int rc = sqlite3_initialize();
  if( rc==CV_OK ) rc = sqlite3_auto_extension((void(*)(void))reserve);   /* once, however often it is asked */
  sqlite3_vfs *below = sqlite3_vfs_find(*lower ? lower : 0);
  if( rc!=CV_OK || !below || below->iVersion<2 ) return rc!=CV_OK ? rc : SQLITE_ERROR;
  cv_vfs *own = calloc(1, sizeof *own);
  if( !own ) return SQLITE_NOMEM;
  own->lower = below;
  own->handle = handle;
  own->vfs = (sqlite3_vfs){
    .iVersion = 2, .szOsFile = (int)HEAD+below->szOsFile, .mxPathname = below->mxPathname,
    .zName = strdup(name), .pAppData = own,
    .xOpen = cv_open, .xDelete = cv_delete, .xAccess = cv_access, .xFullPathname = cv_full,
    .xDlOpen = cv_dl_open, .xDlError = cv_dl_error,
    .xRandomness = cv_random, .xSleep = cv_sleep, .xCurrentTime = cv_time, .xGetLastError = cv_last_error,
    .xCurrentTimeInt64 = cv_time64
  };
  if( !own->vfs.zName ) return SQLITE_NOMEM;
  return sqlite3_vfs_register(&own->vfs, 0);
}
