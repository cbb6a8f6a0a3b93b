//go:build headless

package main

import "banlang/desktop/command"

// openWindow: a build for servers and tests has none, and needs neither Fyne nor GL.
var openWindow command.Window
