//go:build unix

package lockfile

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the lock of the open file itself (flock): unlike POSIX locks it is not lost when another descriptor of
// the same file is closed, and two openings in one process exclude each other too.
func lock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		default:
			return err
		}
	}
}

// unlock gives the lock back. Closing the file alone would leave it to a process that is just being started, which has the open file
// too until it becomes another program.
func unlock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
