//go:build !headless

package window

import (
	"context"
	"os"
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

// composes reports whether entries compose Vietnamese by themselves before the officer has said anything. On Linux they do.
// An input method there reaches a Fyne window through XIM: the word that is being composed is not seen in the entry, and
// Backspace or an arrow meant for it acts on the entry too and destroys what was written (fyne-io/fyne issue 5757). So the
// window takes none ("@im=none"). On Windows nearly everybody has Unikey, which works, and both at once would compose twice.
const composes = runtime.GOOS == "linux"

// Run opens the window and returns when it is closed, or ctx ends; the draft on the screen is durable then. It is called
// on the main goroutine. Without a driver for the screen it returns ErrNoGL before anything is opened.
func Run(ctx context.Context, m *app.App) error {
	if composes {
		if err := os.Setenv("XMODIFIERS", "@im=none"); err != nil { // before GLFW asks for an input method
			return err
		}
	}
	if !screenWorks() {
		return ErrNoGL
	}
	a := fyneapp.NewWithID(ID)
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer stop()
	return ui.Run(a, m, composes)
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
