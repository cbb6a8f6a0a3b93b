//go:build !headless

package window

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"github.com/go-gl/gl/v2.1/gl"
	"github.com/go-gl/glfw/v3.4/glfw"

	"banlang/desktop/app"
	"banlang/desktop/sleep"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
	"banlang/shared/fault"
)

// Fyne and the check both need the thread that the process began on.
func init() { runtime.LockOSThread() }

// ID names the program to the system: it is where Fyne keeps the size of the window.
const ID = "vn.banlang.desktop"

// plainDrawing is set to 1 by whoever gives support, on a machine whose driver takes our shaders and draws them wrongly.
const plainDrawing = "BANLANG_PLAIN_DRAWING"

// composes reports whether entries compose Vietnamese by themselves before the officer has said anything. On Linux they do.
// An input method there reaches a Fyne window through XIM: the word that is being composed is not seen in the entry, and
// Backspace or an arrow meant for it acts on the entry too and destroys what was written (fyne-io/fyne issue 5757). So the
// window takes none ("@im=none"). On Windows nearly everybody has Unikey, which works, and both at once would compose twice.
const composes = runtime.GOOS == "linux"

// icon is drawn by desktop/packaging/icons.sh.
//
//go:embed icon.png
var icon []byte

// Run opens the window and returns when it is closed, or ctx ends; the draft on the screen is durable then. It is called
// on the main goroutine. On a machine that cannot show it, it returns fault.NoScreen or fault.NoOpenGL before anything is
// opened.
func Run(ctx context.Context, m *app.App) error {
	if composes {
		if err := os.Setenv("XMODIFIERS", "@im=none"); err != nil { // before GLFW asks for an input method
			return err
		}
	}
	taken, err := check(kit.Shaders())
	if err != nil {
		return err
	}
	if !taken || os.Getenv(plainDrawing) == "1" {
		log.Print("window: drawn without shaders") // slower: whoever gives support wants to know
		kit.DrawFlat(true)
	}
	a := fyneapp.NewWithID(ID)
	a.SetIcon(fyne.NewStaticResource("icon.png", icon))
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer stop()
	asleep, awake := context.WithCancel(ctx)
	defer awake()
	go func() { _ = sleep.Watch(asleep, m.Asleep) }() // a machine that does not say is locked by the timer
	return ui.Run(a, m, composes)
}

// check asks for a hidden window with OpenGL 2.1, the least that Fyne draws with, by the library and in the way that Fyne
// will. Without it Fyne writes to a log that nobody sees, reports that it has started, and shows nothing. Taken reports
// whether the driver takes these shaders; all must be drawn without them where it does not.
func check(shaders []string) (taken bool, err error) {
	var logged strings.Builder
	defer func(w io.Writer) { log.SetOutput(w) }(log.Writer())
	log.SetOutput(&logged)
	// Of GLFW's errors go-gl returns two kinds, writes one to the log as if nothing had happened, and panics for others.
	defer func() {
		if r := recover(); r != nil {
			err = noOpenGL(r)
		}
	}()
	if err := glfw.Init(); err != nil {
		return false, fault.New(fault.NoScreen, "window", err)
	}
	defer glfw.Terminate()
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.ContextVersionMajor, 2)
	glfw.WindowHint(glfw.ContextVersionMinor, 1)
	w, err := glfw.CreateWindow(1, 1, "", nil, nil)
	switch {
	case err != nil:
		return false, noOpenGL(err)
	case w == nil:
		return false, noOpenGL(strings.TrimSpace(logged.String()))
	}
	defer w.Destroy()
	w.MakeContextCurrent()
	defer glfw.DetachCurrentContext()
	return gl.Init() == nil && compiles(shaders), nil
}

// compiles reports whether the driver of the present context takes these fragment shaders.
func compiles(sources []string) bool {
	for _, source := range sources {
		text, free := gl.Strs(source + "\x00")
		shader := gl.CreateShader(gl.FRAGMENT_SHADER)
		gl.ShaderSource(shader, 1, text, nil)
		free()
		gl.CompileShader(shader)
		var taken int32
		gl.GetShaderiv(shader, gl.COMPILE_STATUS, &taken)
		gl.DeleteShader(shader)
		if taken == gl.FALSE {
			return false
		}
	}
	return true
}

// noOpenGL is the fault, with what whoever gives support wants to know.
func noOpenGL(why any) error {
	return fault.New(fault.NoOpenGL, "window", fmt.Errorf("%v; %s", why, adapter()))
}
