package keyfile

import "golang.org/x/sys/windows"

// NoDumps has the system offer no image of this process to anybody when it crashes: keys are in it. It is called once, at the
// start. An administrator who has full dumps written for all programs (LocalDumps in the registry) still gets them.
func NoDumps() error {
	windows.SetErrorMode(windows.SEM_FAILCRITICALERRORS | windows.SEM_NOGPFAULTERRORBOX)
	return nil
}
