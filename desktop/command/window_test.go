package command_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"banlang/desktop/app"
	"banlang/desktop/command"
	"banlang/shared/fault"
)

// TestNoWindow: whoever cannot be shown the window is told on the stream and in a box, in both languages, that nothing is
// lost and which way is left; and the exit code says why.
func TestNoWindow(t *testing.T) {
	noGL := fault.New(fault.NoOpenGL, "window", errors.New("WGL: GDI Generic"))
	for name, c := range map[string]struct {
		display string
		end     error // of the window
		exit    int
		box     []string // words of it; none: there is no box
	}{
		"closed":        {":1", nil, command.ExitDone, nil},
		"no OpenGL":     {":1", noGL, command.ExitNoOpenGL, []string{"[no_opengl]", "GDI Generic", "lacks OpenGL 2.1", "đã lưu vẫn còn nguyên", "desktop sync --once"}},
		"no such place": {":1", fault.New(fault.NoScreen, "window", nil), command.ExitNoWindow, []string{"[no_screen]", "desktop sync --once"}},
		"no display":    {"", nil, command.ExitNoWindow, []string{"[no_screen]", "vẫn còn nguyên", "are intact", "desktop sync --once"}},
		"a full disk":   {":1", fault.New(fault.DiskFull, "window", nil), command.ExitFault, []string{"[disk_full]", "Ổ đĩa đã đầy", "The disk is full"}},
	} {
		t.Run(name, func(t *testing.T) {
			o, box := enrolled(t), ""
			show := command.Command{Out: &o.out, Err: &o.err,
				Env:    func(name string) string { return map[string]string{"DISPLAY": c.display}[name] },
				Window: func(context.Context, *app.App) error { return c.end },
				Alert:  func(_ context.Context, text string) { box += text }}
			if exit := show.Run(t.Context(), "--dir", o.dir); exit != c.exit {
				t.Errorf("exit code %d, want %d", exit, c.exit)
			}
			for _, w := range c.box {
				if !strings.Contains(box, w) {
					t.Errorf("the box does not say %q but\n%s", w, box)
				}
			}
			if (c.box == nil) != (box == "") {
				t.Errorf("the box says %q", box)
			}
			if c.exit == command.ExitNoOpenGL {
				o.says("chưa có OpenGL 2.1", "vẫn còn nguyên", "desktop sync --once", "[no_opengl]")
			}
			o.does(command.ExitDone, "status") // the notebook is closed again, and works by commands
		})
	}
}

// TestNoBox: a mistake of the command line, or an end that was asked for, is no matter for a box.
func TestNoBox(t *testing.T) {
	o := enrolled(t)
	ctx, cancel := context.WithCancel(t.Context())
	show := command.Command{Out: &o.out, Err: &o.err, Env: func(string) string { return ":1" },
		Window: func(context.Context, *app.App) error { cancel(); return context.Canceled },
		Alert:  func(_ context.Context, text string) { t.Errorf("a box: %s", text) }}
	if exit := show.Run(ctx, "--dir", o.dir, "--size=9"); exit != command.ExitUsage {
		t.Errorf("exit code %d", exit)
	}
	if exit := show.Run(ctx, "--dir", o.dir); exit != command.ExitInterrupted {
		t.Errorf("exit code %d", exit)
	}
}
