//go:build !planted

package planted

// Enabled reports whether bugs can be switched on in this build.
const Enabled = false

// On reports whether the bug is switched on: never, in this build.
func On(Bug) bool { return false }
