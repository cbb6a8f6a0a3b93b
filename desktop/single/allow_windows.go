package single

import "golang.org/x/sys/windows"

var allowSetForegroundWindow = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow")

// allow lets whoever is asked next come to the front: Windows lets nobody do so but the program that a person has just started, or
// whom that allows.
func allow() {
	const anybody = ^uint32(0)
	_, _, _ = allowSetForegroundWindow.Call(uintptr(anybody)) // it fails where this process may not come to the front itself
}
