package alert

import (
	"context"
	"syscall"
	"unsafe"
)

var messageBox = syscall.NewLazyDLL("user32.dll").NewProc("MessageBoxW")

const (
	iconWarning   = 0x30    // MB_ICONWARNING
	setForeground = 0x10000 // MB_SETFOREGROUND
)

// Show shows text in a box until the person closes it; the end of ctx does not.
func Show(_ context.Context, text string) {
	body, err := syscall.UTF16PtrFromString(text)
	if err != nil {
		return // a zero byte in it
	}
	title, err := syscall.UTF16PtrFromString(Title)
	if err != nil {
		return
	}
	_, _, _ = messageBox.Call(0, uintptr(unsafe.Pointer(body)), uintptr(unsafe.Pointer(title)), iconWarning|setForeground)
}
