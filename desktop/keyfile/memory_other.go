//go:build !linux && !windows

package keyfile

// NoDumps does nothing on this system.
func NoDumps() error { return nil }
