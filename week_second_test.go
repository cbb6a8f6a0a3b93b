//go:build week

package banlang_test

import (
	"bytes"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// shows starts the program on a folder and returns its window, which has come to the front.
func (o *sitter) shows(dir string) (p *exec.Cmd, window string) {
	o.t.Helper()
	p = o.command(o.program(), "--dir", dir)
	p.Stdout, p.Stderr = &o.said, &o.said
	if err := p.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = p.Process.Kill(); _ = p.Wait() })
	ids := strings.Fields(o.runs("xdotool", "search", "--sync", "--onlyvisible", "--pid", strconv.Itoa(p.Process.Pid)))
	o.still()
	return p, ids[len(ids)-1]
}

// atFront reports whether of two windows the first is over the second: xwininfo names them from the top, each below the frame that a
// window manager may have put around it.
func (o *sitter) atFront(window, other string) bool {
	o.t.Helper()
	tree := o.runs("xwininfo", "-root", "-tree", "-int")
	at, under := strings.Index(tree, " "+window+" "), strings.Index(tree, " "+other+" ")
	if at < 0 || under < 0 {
		o.t.Fatalf("no window %s or %s in\n%s", window, other, tree)
	}
	return at < under
}

// comesTo waits until something holds that the X server is asked about.
func (o *sitter) comesTo(what string, holds func() bool) {
	o.t.Helper()
	limit := time.After(10 * time.Second)
	for !holds() {
		select {
		case <-limit:
			o.t.Fatal("it never comes to this: ", what)
		case <-time.After(100 * time.Millisecond): // it is asked from outside
		}
	}
}

// startsAgain starts the program once more on the folder of a window; it has to end soon, well, and with a word about it.
func (o *sitter) startsAgain(dir string) {
	o.t.Helper()
	var said bytes.Buffer
	second := o.command(o.program(), "--dir", dir)
	second.Stdout, second.Stderr = &said, &said
	start := time.Now()
	if err := second.Run(); err != nil || time.Since(start) > 5*time.Second {
		o.t.Errorf("the second start ends with %v after %v:\n%s", err, time.Since(start), &said)
	}
	if !strings.Contains(said.String(), "Đã chuyển bạn đến cửa sổ đó") {
		o.t.Errorf("it says %s", &said)
	}
}

// TestASecondStartRaisesTheWindow that is open already, when another one covers it or it was made small, and opens no second one:
// with a window manager, as on any laptop, and without one.
func TestASecondStartRaisesTheWindow(t *testing.T) {
	for name, managed := range map[string]bool{"with a window manager": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			o := &sitter{t: t, home: t.TempDir()}
			o.screen()
			if managed {
				o.manager()
			}
			dir := o.home + "/so"
			_, first := o.shows(dir)
			_, other := o.shows(o.home + "/so-khac")
			if !managed { // nobody puts a new window in front there but the server itself
				o.runs("xdotool", "windowraise", other)
			}
			o.comesTo("the other window covers the first", func() bool { return o.atFront(other, first) })

			o.startsAgain(dir)
			o.comesTo("the first window is in front", func() bool { return o.atFront(first, other) })
			o.comesTo("it has the keys", func() bool { return strings.TrimSpace(o.runs("xdotool", "getwindowfocus")) == first })
			if managed {
				o.runs("xdotool", "windowminimize", "--sync", first)
				o.runs("xdotool", "windowactivate", "--sync", other)
				o.startsAgain(dir)
				o.comesTo("the window that was small is back", func() bool {
					return strings.Contains(o.runs("xwininfo", "-id", first), "IsViewable") && o.atFront(first, other)
				})
			}
			if all := strings.Fields(o.runs("xdotool", "search", "--onlyvisible", "--name", "Bản Làng")); len(all) != 2 {
				t.Errorf("there are %d windows, and not two", len(all))
			}
		})
	}
}

// TestTheWindowKeepsItsSize from one start to the next. Its place is the window manager's: Fyne neither tells nor takes it.
func TestTheWindowKeepsItsSize(t *testing.T) {
	o := &sitter{t: t, home: t.TempDir()}
	o.screen()
	o.manager()
	p, window := o.shows(o.home + "/so")
	o.runs("xdotool", "windowsize", "--sync", window, "1100", "640")
	o.still()
	o.runs("xdotool", "windowactivate", "--sync", window, "key", "alt+F4")
	if err := p.Wait(); err != nil {
		t.Fatal(err)
	}
	_, window = o.shows(o.home + "/so")
	if got := o.runs("xdotool", "getwindowgeometry", "--shell", window); !strings.Contains(got, "WIDTH=1100\nHEIGHT=640\n") {
		t.Errorf("it comes back with\n%s", got)
	}
}
