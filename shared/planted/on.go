//go:build planted

package planted

import "sync/atomic"

// Enabled reports whether bugs can be switched on in this build.
const Enabled = true

var now atomic.Uint32

// On reports whether the bug is switched on.
func On(b Bug) bool { return b != None && Bug(now.Load()) == b }

// Set switches one bug on, or with None all off.
func Set(b Bug) { now.Store(uint32(b)) }
