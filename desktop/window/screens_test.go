//go:build screens && !headless

package window

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"

	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
	"banlang/desktop/ui/tour"
)

// What screens.sh says, which gives every run a screen of its own.
var (
	folder   = flag.String("screens.out", "", "the folder that the pictures are written to")
	size     = flag.String("screens.size", "1280x720", "the size of the screen")
	step     = flag.Int("screens.step", 16, "the text size")
	language = flag.String("screens.lang", "vi", "the language")
)

// TestMain gives the main goroutine to Fyne, which needs the thread that the process began on; the test runs beside it.
func TestMain(m *testing.M) {
	flag.Parse()
	for _, x := range []struct {
		shaders []string
		taken   bool
	}{{append(kit.Shaders(), "this is no shader"), false}, {kit.Shaders(), true}} {
		if taken, err := check(x.shaders); err != nil || taken != x.taken {
			fmt.Fprintf(os.Stderr, "the driver takes %d shaders: %v (%v)\n", len(x.shaders), taken, err)
			os.Exit(1)
		}
	}
	a, code := fyneapp.NewWithID(ID+".screens"), 1
	a.Lifecycle().SetOnStarted(func() {
		go func() {
			defer fyne.Do(a.Quit)
			code = m.Run()
		}()
	})
	a.Run()
	os.Exit(code)
}

// TestScreens photographs every page in a real window that fills its screen.
func TestScreens(t *testing.T) {
	var want image.Point
	if _, err := fmt.Sscanf(*size, "%dx%d", &want.X, &want.Y); err != nil || *folder == "" {
		t.Fatalf("-screens.size=%s -screens.out=%q: %v", *size, *folder, err)
	}
	m := tour.Machine(loud{t})
	m.Door.Put("window", *size)
	m.Door.Put("text size", fmt.Sprint(*step))
	m.Door.Put("language", *language)
	var w fyne.Window
	var next func() (string, bool)
	fyne.DoAndWait(func() {
		ui.Open(fyne.CurrentApp(), m.App, m.Post)
		w = fyne.CurrentApp().Driver().AllWindows()[0]
		w.Show()
		next, _ = iter.Pull(tour.Stops(m, w)) // it goes on where it is asked to: in the window's goroutine
	})
	for {
		var name string
		var ok bool
		fyne.DoAndWait(func() { name, ok = next() })
		if !ok {
			break
		}
		painted(w, want)
		photograph(t, name, want)
	}
	fyne.DoAndWait(func() { m.App.Close() })
}

// painted waits until the window has its size and everything on it is painted.
func painted(w fyne.Window, want image.Point) {
	for at := (fyne.Size{}); at.Width != float32(want.X) || at.Height != float32(want.Y); {
		frames(3) // the second was painted after whatever was done before, and is shown when the third is begun
		fyne.DoAndWait(func() { at = w.Canvas().Size() })
	}
}

// frames waits until the driver has painted this many.
func frames(n int) {
	done := make(chan struct{})
	fyne.DoAndWait(func() {
		var count *fyne.Animation
		count = fyne.NewAnimation(canvas.DurationStandard, func(float32) {
			if n--; n == 0 {
				count.Stop()
				close(done)
			}
		})
		count.RepeatCount = fyne.AnimationRepeatForever
		count.Start()
	})
	<-done
}

// photograph keeps what the screen shows. The canvas's own Capture reads a buffer that is empty with Mesa's llvmpipe.
func photograph(t *testing.T, name string, want image.Point) {
	t.Helper()
	width, _, _ := strings.Cut(*size, "x")
	file := filepath.Join(*folder, width+"-"+*language+"-"+name+".png")
	if said, err := exec.CommandContext(t.Context(), "import", "-silent", "-window", "root", file).CombinedOutput(); err != nil {
		t.Fatalf("import: %v %s", err, said)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if img.Bounds().Size() != want {
		t.Errorf("%s is %v", name, img.Bounds())
	}
	colours := map[color.Color]bool{}
	for i := range 100 * 100 {
		colours[img.At(i%100*want.X/100, i/100*want.Y/100)] = true
	}
	if len(colours) < 5 {
		t.Errorf("%s is blank", name)
	}
}

// loud ends the whole process where a test would end its goroutine: here that may be the one of the window.
type loud struct{ testing.TB }

func (l loud) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (l loud) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
