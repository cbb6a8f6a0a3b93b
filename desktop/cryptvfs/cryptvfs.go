// Package cryptvfs owns that a notebook lies enciphered on the disk: a file layer of SQLite over another one. SQLite above
// sees plain bytes, the layer below sees cipher text; locks, shared memory, syncs and names stay those of the layer below.
//
// Pages of the database, frames of the WAL and rollback journals are under AES-256-XTS; temporary files are too, with keys
// that this process draws and never keeps. Each page of the database carries a keyed sum in its last 16 bytes: bits that
// flip on the disk, and pages that were edited or moved, give an error and never other data. Frames of a WAL have SQLite's
// own checksums, which it verifies when it opens the log.
//
// XTS, because it deciphers each 16 bytes for themselves. A page that a power cut tears then has old bytes and new ones,
// exactly as without a cipher, and SQLite's own recovery holds. Under a cipher over whole pages a torn first page is lost,
// and with it the way to the good copy in the WAL.
//
// What it hides and what not: who has the file sees its size and which pages were written, and who sees it at two times,
// which blocks of 16 bytes are the same. Page numbers in the WAL are clear. It is what disk encryption is: fit for a laptop
// that is lost or stolen. It does not hold against somebody who can write to the disk and put an older page back in its
// place (the signed chains of changes do), nor against a program that runs as the officer while the notebook is open.
//
// A page that SQLite reserved and never wrote (a hole) reads as damaged. With secure_delete, which shared/sqlite sets,
// SQLite reads none.
package cryptvfs

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime/cgo"
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"

	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

// KeySize is the size of a data key in bytes.
const KeySize = 32

// VFS is a file layer of SQLite under one key. Its methods may be called from any goroutine.
type VFS struct {
	name string
	keys *keys
	open atomic.Int64 // files of SQLite
}

var registered atomic.Int64

// Register makes a file layer with that key over the one of the given name ("" is the operating system's). Connections use
// it by opening with "vfs=<Name>". It does not hold on to the key. It lives until Close.
func Register(key *[KeySize]byte, lower string) (*VFS, error) {
	k, err := newKeys(key)
	if err != nil {
		return nil, fault.New(fault.Internal, "cryptvfs.Register", err)
	}
	v := &VFS{name: fmt.Sprintf("cryptvfs-%d", registered.Add(1)), keys: k}
	name, below := C.CString(v.name), C.CString(lower)
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(below))
	if rc := C.cv_register(name, below, C.uintptr_t(cgo.NewHandle(v))); rc != C.CV_OK {
		return nil, fault.New(fault.Internal, "cryptvfs.Register", fmt.Errorf("over %q: SQLite's code %d", lower, rc))
	}
	return v, nil
}

// Name is what SQLite knows it by.
func (v *VFS) Name() string { return v.name }

// Parameters are what the URI of a database needs so that VACUUM INTO writes it through this layer.
func (v *VFS) Parameters() url.Values {
	return url.Values{"vfs": {v.name}, "reserve": {strconv.Itoa(sumSize)}}
}

var errInUse = errors.New("its files are still open")

// Close overwrites the keys in memory; nothing can be read or written through the layer any more. While SQLite has files
// open through it, it refuses and does nothing. A few hundred bytes without any key stay until the process ends, for
// SQLite may still hold their address. A second call does nothing.
func (v *VFS) Close() error {
	if !v.keys.wipe(func() bool { return v.open.Load() > 0 }) {
		return fault.New(fault.Internal, "cryptvfs.Close", errInUse)
	}
	return nil
}

// Fits finds out whether the database at path is under this key, without SQLite. It is fault.NotEnciphered for a plain
// database, fault.WrongDataKey for anything else that is no database under this key, and fault.TornDatabase where the
// beginning was lost. A file that is missing or empty fits.
func (v *VFS) Fits(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fault.New(fault.DiskIO, "cryptvfs.Fits", err)
	}
	return errors.Join(v.judge(f), f.Close())
}

func (v *VFS) judge(f *os.File) error {
	const op = "cryptvfs: the look at a database"
	found, err := file{f, database, v.keys}.look()
	switch {
	case err != nil:
		return fault.New(fault.DiskIO, op, err)
	case found == plain:
		return fault.New(fault.NotEnciphered, op, nil)
	case found == alien:
		return fault.New(fault.WrongDataKey, op, nil)
	case found == blank:
		return fault.New(fault.TornDatabase, op, errors.New("the database has lost its beginning"))
	}
	return nil
}

// Plain opens a file of a database for reading as plain bytes (see sqlite.Options). A database that is not under this key
// is refused as by Fits.
func (v *VFS) Plain(path string) (sqlite.PlainFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	k := database
	switch {
	case strings.HasSuffix(path, "-wal"):
		k = wal
	case strings.HasSuffix(path, "-journal"):
		k = journal
	default:
		if err := v.judge(f); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return struct {
		io.ReaderAt
		io.Closer
	}{file{f, k, v.keys}, f}, nil
}
