package staff

import "banlang/shared/passphrase"

// Cheap is a cost that only tests allow.
var Cheap = passphrase.Cost{Time: 1, MemoryKiB: 8, Threads: 1}

func init() {
	allowed = func(c passphrase.Cost) bool { return c == Cheap || c.IsAllowed() }
}
