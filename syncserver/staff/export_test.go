package staff

import (
	"sync/atomic"
	"testing"

	"banlang/shared/passphrase"
)

// Cheap is a cost that only tests allow.
var Cheap = passphrase.Cost{Time: 1, MemoryKiB: 8, Threads: 1}

var whileGuessing atomic.Pointer[func()]

func init() {
	allowed = func(c passphrase.Cost) bool {
		if f := whileGuessing.Load(); f != nil {
			(*f)()
		}
		return c == Cheap || c.IsAllowed()
	}
}

// WhileGuessing has something happen whenever a passphrase is tried, behind what was looked up for it.
func WhileGuessing(t *testing.T, f func()) {
	whileGuessing.Store(&f)
	t.Cleanup(func() { whileGuessing.Store(nil) })
}
