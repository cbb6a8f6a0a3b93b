package lockfile

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

var procLockFileEx = syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")

// https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-lockfileex
const (
	lockfileFailImmediately = 1
	lockfileExclusiveLock   = 2
	errorLockViolation      = syscall.Errno(33)
	errorIOPending          = syscall.Errno(997)
)

// lock takes the lock of the first byte of the file.
func lock(f *os.File) error {
	var at syscall.Overlapped
	ok, _, err := procLockFileEx.Call(f.Fd(), lockfileExclusiveLock|lockfileFailImmediately, 0, 1, 0,
		uintptr(unsafe.Pointer(&at)))
	switch {
	case ok != 0:
		return nil
	case errors.Is(err, errorLockViolation), errors.Is(err, errorIOPending):
		return errHeld
	}
	return err
}

// unlock has nothing to do: closing the file ends the lock, and no other process has it.
func unlock(*os.File) error { return nil }
