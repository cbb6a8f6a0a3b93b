package keyfile

import (
	"errors"

	"golang.org/x/sys/unix"
)

// NoDumps has the system write no image of this process when it crashes, and lets no other process of the user read its
// memory: keys are in it. It is called once, at the start. What it cannot do is no reason not to start.
func NoDumps() error {
	return errors.Join(unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}), unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0))
}
