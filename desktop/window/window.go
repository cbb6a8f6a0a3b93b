//go:build !headless

package window

import (
	"context"
	"runtime"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"github.com/go-gl/glfw/v3.4/glfw"

	"banlang/desktop/app"
	"banlang/desktop/ui"
)

// Fyne and the check both need the thread that the process began on.
func init() { runtime.LockOSThread() }

// ID names the program to the system: it is where Fyne keeps the size of the window.
const ID = "vn.banlang.desktop"

// Run opens the window and returns when it is closed, or ctx ends; the draft on the screen is durable then. It is called
// on the main goroutine. Without a driver for the screen it returns ErrNoGL before anything is opened.
func Run(ctx context.Context, m *app.App) error {
	if !screenWorks() {
		return ErrNoGL
	}
	a := fyneapp.NewWithID(ID)
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer stop()
	return ui.Run(a, m)
}

// screenWorks asks for a hidden window with OpenGL 2.1, the least that Fyne draws with. Without it Fyne writes to a log
// that nobody sees and shows nothing.
func screenWorks() bool {
	if glfw.Init() != nil {
		return false
	}
	defer glfw.Terminate()
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.ContextVersionMajor, 2)
	glfw.WindowHint(glfw.ContextVersionMinor, 1)
	w, err := glfw.CreateWindow(1, 1, "", nil, nil)
	if err != nil {
		return false
	}
	w.Destroy()
	return true
}
