// Package lockfile owns that a notebook or a hub is open in one process at a time.
//
// The lock is the operating system's, on a file that lies beside the database and is never removed: it ends with the
// process, however that ends, and nothing is left to clean up. SQLite's own locks are the second line.
package lockfile

import (
	"errors"
	"os"

	"banlang/shared/fault"
)

// Lock is held until Release, or until the process ends.
type Lock struct{ file *os.File }

// errHeld is what the systems' own locks answer when another holds the lock.
var errHeld = errors.New("held by another process")

// Take takes the lock on a file, making the file if it is missing. It does not wait: fault.SecondInstance says that
// another process, or this one, holds it. A directory that cannot be written is fault.DiskIO.
func Take(path string) (*Lock, error) {
	const op = "lockfile.Take"
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.New(fault.DiskIO, op, err)
	}
	if err := lock(f); err != nil {
		f.Close()
		if errors.Is(err, errHeld) {
			return nil, fault.New(fault.SecondInstance, op, err)
		}
		return nil, fault.New(fault.DiskIO, op, err)
	}
	return &Lock{f}, nil
}

// Release gives the lock back. A second call, and one on a nil Lock, do nothing.
func (l *Lock) Release() error {
	if l == nil || l.file == nil {
		return nil
	}
	err := errors.Join(unlock(l.file), l.file.Close())
	l.file = nil
	return err
}
