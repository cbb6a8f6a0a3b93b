//go:build !headless

package main

import (
	"banlang/desktop/alert"
	"banlang/desktop/command"
	"banlang/desktop/window"
)

var (
	openWindow command.Window = window.Run
	showAlert  command.Alert  = alert.Show
)
