package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

var (
	user32     = windows.NewLazySystemDLL("user32.dll")
	isIconic   = user32.NewProc("IsIconic")
	showWindow = user32.NewProc("ShowWindow")
)

const swRestore = 9

// restore brings back a window that was made small: to be given the keys does not do that on Windows.
func restore(w fyne.Window) {
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return // not on a screen
	}
	native.RunNative(func(context any) {
		if c, ok := context.(driver.WindowsWindowContext); ok {
			if small, _, _ := isIconic.Call(c.HWND); small != 0 {
				_, _, _ = showWindow.Call(c.HWND, swRestore) // it says whether the window was seen before
			}
		}
	})
}
