package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"banlang/desktop/app"
	"banlang/desktop/replica"
	"banlang/desktop/single"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
)

// byCommand is the way that is left on a machine without a window.
var byCommand = form.Text{
	VI: "→ Sổ vẫn dùng được bằng lệnh. Để gửi những gì đã lưu: desktop sync --once. Các lệnh khác: desktop help",
	EN: "→ The notebook works by commands too. To send what is saved: desktop sync --once. Other commands: desktop help",
}

// window opens the window on the notebook, with the engine running behind it, until the person closes it.
func (c *Command) window(ctx context.Context, args []string) (err error) {
	rest, err := c.parse(args, nil)
	if err == nil {
		err = c.none(rest)
	}
	if err != nil {
		return err
	}
	if err := c.mayShow(); err != nil {
		return err
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return fault.New(fault.DiskIO, "window", err)
	}
	prefs, err := openPreferences(c.dir)
	if err != nil {
		return err
	}
	var shown atomic.Pointer[app.App]
	one, raised, err := single.Open(c.dir, func() {
		if m := shown.Load(); m != nil {
			m.Raise()
		}
	})
	if raised {
		c.say(form.Text{VI: "Sổ đang mở ở một cửa sổ khác trên máy này. Đã chuyển bạn đến cửa sổ đó.",
			EN: "The notebook is already open in another window. You were taken there."})
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, one.Close()) }()
	d, isNew, err := c.openDoor(ctx, prefs, c.Keys)
	if err != nil {
		return err
	}
	if _, err := app.AddLanguages(os.DirFS(filepath.Join(c.dir, "lang"))); err != nil {
		c.complain(form.Text{VI: "Có tệp ngôn ngữ không đọc được, nên bỏ qua: %v", EN: "A language file cannot be read and was left out: %v"}, err)
	}
	o := app.Options{Door: d, Prefs: prefs, Version: Version, Position: position, Print: printer(c.home())}
	if isNew {
		o.Enrol = newcomer{c, d}
	}
	m := app.New(o)
	shown.Store(m)
	err = c.Window(ctx, m)
	if ctx.Err() != nil { // the window did not close by itself: what is on it is saved here
		err = errors.Join(err, m.Close())
	}
	return errors.Join(err, d.Shut())
}

// mayShow looks whether this build has a window and this machine a display.
func (c *Command) mayShow() error {
	switch {
	case c.Window == nil:
		c.complain(form.Text{VI: "Bản này không có cửa sổ. Sổ và chữ đã lưu vẫn còn nguyên.", EN: "This build has no window. The notebook and everything saved are intact."})
		c.complain(byCommand)
		return told(ExitNoWindow, errors.New("command: this build has no window"))
	case runtime.GOOS == "linux" && c.Env("DISPLAY") == "" && c.Env("WAYLAND_DISPLAY") == "":
		return fault.New(fault.NoScreen, "window", errors.New("DISPLAY and WAYLAND_DISPLAY are not set"))
	}
	return nil
}

// alert shows in a box why there is no window, or with what fault it ended, in both languages: who has double-clicked the
// program sees no stream. What was told on the command line, and an end that was asked for, need none.
func (c *Command) alert(ctx context.Context, err error) {
	var known coded
	if c.Alert == nil || err == nil || errors.Is(err, errUsage) || errors.As(err, &known) || ctx.Err() != nil {
		return
	}
	code := fault.CodeOf(err)
	var b strings.Builder
	for _, lang := range []string{app.Vietnamese, app.English} {
		fmt.Fprintf(&b, "%s\n→ %s\n", code.Message(fault.Lang(lang)), code.Hint(fault.Lang(lang)))
		if code == fault.NoScreen || code == fault.NoOpenGL {
			fmt.Fprintln(&b, byCommand.In(lang))
		}
		fmt.Fprintln(&b)
	}
	fmt.Fprintf(&b, "[%s] %v", code, err)
	c.Alert(ctx, b.String())
}

// home is the folder of the user of the machine.
func (c *Command) home() string { return cmp.Or(c.Env("HOME"), c.Env("USERPROFILE")) }

// forApp is the notebook as the screen needs it.
func (b *book) forApp(sync app.Sync, home string) app.Book {
	return app.Book{Notebook: b.Notebook, Sync: sync, Forms: b.forms, Unit: b.file.Name, Photos: camera{b.Notebook, home},
		Locker: func(officer string) envelope.Locker { return envelope.NewLocker(b.key.DraftKey(officer)) }}
}

// wire is the engine as the screen sees it.
type wire struct{ *replica.Engine }

var _ app.Sync = wire{}

// Status implements app.Sync.
func (w wire) Status() app.SyncStatus {
	s := w.Engine.Status()
	return app.SyncStatus{Phase: screenPhase[s.Phase], ToPush: s.Session.ToPush, Pushed: s.Session.Pushed, Taken: s.Session.Taken,
		PhotosThere: s.Photos.Done, PhotoSent: s.Photos.Have, PhotoBytes: s.Photos.Size, LastContact: s.LastContact, NextTry: s.NextTry,
		Fault: s.Fault, Lost: s.Lost, In: s.In, Out: s.Out, Month: s.Month.In + s.Month.Out, ClockOff: s.ClockOff}
}

// Metered implements app.Sync.
func (w wire) Metered(yes bool) { w.SetMetered(yes) }

var screenPhase = map[replica.Phase]app.Phase{
	replica.Offline: app.Offline, replica.Connecting: app.Connecting, replica.Sending: app.Sending,
	replica.Receiving: app.Receiving, replica.Idle: app.Idle,
}
