package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"banlang/shared/fault"
)

// ErrOutcomeUnknown is in the chain of the error of an Update that failed at its very
// end: the disk refused while the commit was being made durable. What was written may
// be there or not, now and after a restart. Read it again, in a new transaction, before
// telling anybody anything, and write it again if it is not there.
var ErrOutcomeUnknown = errors.New("whether it was saved is unknown")

// ErrNoRow is the error of Tx.One when there is none.
var ErrNoRow = errors.New("no such row")

// IsConstraint reports whether err says that a statement was refused by a constraint of
// the schema (unique, check, foreign key, not null …). The transaction goes on, without
// what that statement would have done.
func IsConstraint(err error) bool {
	return resultCode(err) == sqlite3.ErrConstraint
}

// resultCode returns the primary result code in the chain of err, 0 if there is none.
func resultCode(err error) sqlite3.ErrNo {
	var e sqlite3.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// wrap makes a fault of an error of the driver or the file system. It leaves nil,
// faults and the errors of contexts as they are.
func wrap(op string, err error) error {
	var already *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &already), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return fault.New(codeOf(err), op, err)
}

// unknown makes the fault of a commit that failed.
func unknown(op string, err error) error {
	return fault.New(codeOf(err), op, fmt.Errorf("%w: %w", ErrOutcomeUnknown, err))
}

func codeOf(err error) fault.Code {
	var e sqlite3.Error
	var path *fs.PathError
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fault.DiskFull
	case errors.As(err, &e):
		return codeOfResult(e)
	case errors.As(err, &path):
		return fault.DiskIO
	}
	return fault.Internal
}

// ioErrData is SQLITE_IOERR_DATA: a VFS that sums pages says that one is not as it was written.
const ioErrData = sqlite3.ErrNoExtended(10 | 32<<8)

func codeOfResult(e sqlite3.Error) fault.Code {
	if e.SystemErrno == syscall.ENOSPC {
		return fault.DiskFull
	}
	if e.ExtendedCode == ioErrData {
		return fault.TornDatabase
	}
	switch e.Code {
	case sqlite3.ErrFull:
		return fault.DiskFull
	case sqlite3.ErrIoErr, sqlite3.ErrCantOpen, sqlite3.ErrPerm, sqlite3.ErrReadonly:
		return fault.DiskIO
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return fault.TornDatabase
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return fault.Busy
	}
	return fault.Internal
}
