//go:build headless

package main

import "banlang/desktop/command"

// A build for servers, tests and the command line of Windows has no window, and needs neither Fyne nor GL.
var (
	openWindow command.Window
	showAlert  command.Alert
)
