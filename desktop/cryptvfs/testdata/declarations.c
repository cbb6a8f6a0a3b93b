/* Compiled by a test: what sqlite3api.h declares is what the driver's own header says. The enums of ours are compared while
** the macros of the driver do not exist yet. */
#include <stddef.h>

#define sqlite3_file our_file
#define sqlite3_io_methods our_io_methods
#define sqlite3_vfs our_vfs
#define sqlite3_int64 our_int64
#define sqlite3 our_sqlite3
#define sqlite3_initialize our_initialize
#define sqlite3_vfs_find our_vfs_find
#define sqlite3_vfs_register our_vfs_register
#define sqlite3_auto_extension our_auto_extension
#define sqlite3_file_control our_file_control
#define sqlite3_filename_wal our_filename_wal
#include "sqlite3api.h"
#include "shim.h"
enum {
  our_ERROR = SQLITE_ERROR, our_NOMEM = SQLITE_NOMEM, our_EXISTS = SQLITE_ACCESS_EXISTS,
  our_MAIN_DB = SQLITE_OPEN_MAIN_DB, our_MAIN_JOURNAL = SQLITE_OPEN_MAIN_JOURNAL, our_SUPER_JOURNAL = SQLITE_OPEN_SUPER_JOURNAL,
  our_WAL = SQLITE_OPEN_WAL, our_MMAP_SIZE = SQLITE_FCNTL_MMAP_SIZE, our_VFS_POINTER = SQLITE_FCNTL_VFS_POINTER,
  our_RESERVE_BYTES = SQLITE_FCNTL_RESERVE_BYTES, our_BATCH_ATOMIC = SQLITE_IOCAP_BATCH_ATOMIC,
  our_SUBPAGE_READ = SQLITE_IOCAP_SUBPAGE_READ
};
#undef sqlite3_file
#undef sqlite3_io_methods
#undef sqlite3_vfs
#undef sqlite3_int64
#undef sqlite3
#undef sqlite3_initialize
#undef sqlite3_vfs_find
#undef sqlite3_vfs_register
#undef sqlite3_auto_extension
#undef sqlite3_file_control
#undef sqlite3_filename_wal
#include DRIVER

#define SAME(what) _Static_assert(what, #what)
#define VALUE(name, theirs) SAME(our_##name==theirs)
VALUE(ERROR, SQLITE_ERROR); VALUE(NOMEM, SQLITE_NOMEM); VALUE(EXISTS, SQLITE_ACCESS_EXISTS);
VALUE(MAIN_DB, SQLITE_OPEN_MAIN_DB); VALUE(MAIN_JOURNAL, SQLITE_OPEN_MAIN_JOURNAL); VALUE(WAL, SQLITE_OPEN_WAL);
VALUE(SUPER_JOURNAL, SQLITE_OPEN_SUPER_JOURNAL); VALUE(MMAP_SIZE, SQLITE_FCNTL_MMAP_SIZE);
VALUE(VFS_POINTER, SQLITE_FCNTL_VFS_POINTER); VALUE(RESERVE_BYTES, SQLITE_FCNTL_RESERVE_BYTES);
VALUE(BATCH_ATOMIC, SQLITE_IOCAP_BATCH_ATOMIC); VALUE(SUBPAGE_READ, SQLITE_IOCAP_SUBPAGE_READ);
SAME(CV_OK==SQLITE_OK); SAME(CV_NOTADB==SQLITE_NOTADB); SAME(CV_IOERR_READ==SQLITE_IOERR_READ);
SAME(CV_IOERR_SHORT_READ==SQLITE_IOERR_SHORT_READ); SAME(CV_IOERR_WRITE==SQLITE_IOERR_WRITE);
SAME(CV_IOERR_AUTH==SQLITE_IOERR_AUTH); SAME(CV_IOERR_DATA==SQLITE_IOERR_DATA);

#define FIELD(of, name) SAME(offsetof(our_##of, name)==offsetof(sqlite3_##of, name))
FIELD(io_methods, iVersion); FIELD(io_methods, xClose); FIELD(io_methods, xRead); FIELD(io_methods, xWrite);
FIELD(io_methods, xTruncate); FIELD(io_methods, xSync); FIELD(io_methods, xFileSize); FIELD(io_methods, xLock);
FIELD(io_methods, xUnlock); FIELD(io_methods, xCheckReservedLock); FIELD(io_methods, xFileControl);
FIELD(io_methods, xSectorSize); FIELD(io_methods, xDeviceCharacteristics); FIELD(io_methods, xShmMap);
FIELD(io_methods, xShmLock); FIELD(io_methods, xShmBarrier); FIELD(io_methods, xShmUnmap); FIELD(io_methods, xFetch);
FIELD(io_methods, xUnfetch); SAME(sizeof(our_io_methods)==sizeof(sqlite3_io_methods));
FIELD(vfs, iVersion); FIELD(vfs, szOsFile); FIELD(vfs, mxPathname); FIELD(vfs, pNext); FIELD(vfs, zName); FIELD(vfs, pAppData);
FIELD(vfs, xOpen); FIELD(vfs, xDelete); FIELD(vfs, xAccess); FIELD(vfs, xFullPathname); FIELD(vfs, xDlOpen);
FIELD(vfs, xDlError); FIELD(vfs, xDlSym); FIELD(vfs, xDlClose); FIELD(vfs, xRandomness); FIELD(vfs, xSleep);
FIELD(vfs, xCurrentTime); FIELD(vfs, xGetLastError); FIELD(vfs, xCurrentTimeInt64);
SAME(sizeof(our_int64)==sizeof(sqlite3_int64));
