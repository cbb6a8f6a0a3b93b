package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"

	"banlang/desktop/app"
	"banlang/desktop/replica"
	"banlang/desktop/single"
	"banlang/shared/envelope"
	"banlang/shared/form"
)

// NoWindow says, in the officer's words, why no window can be opened on this machine.
type NoWindow string

func (w NoWindow) Error() string { return string(w) }

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
		return c.noWindow(err)
	}
	if err := c.there(); err != nil {
		return err
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
	d, err := c.openDoor(ctx, prefs, c.Keys)
	if err != nil {
		return err
	}
	if _, err := app.AddLanguages(os.DirFS(filepath.Join(c.dir, "lang"))); err != nil {
		c.complain(form.Text{VI: "Có tệp ngôn ngữ không đọc được, nên bỏ qua: %v", EN: "A language file cannot be read and was left out: %v"}, err)
	}
	m := app.New(app.Options{Door: d, Prefs: prefs, Version: Version})
	shown.Store(m)
	err = c.Window(ctx, m)
	if ctx.Err() != nil { // the window did not close by itself: what is on it is saved here
		err = errors.Join(err, m.Close())
	}
	err = errors.Join(err, d.Shut())
	return c.noWindow(err)
}

// mayShow looks whether this build has a window and this machine a display.
func (c *Command) mayShow() error {
	switch {
	case c.Window == nil:
		return NoWindow(form.Text{VI: "Bản này không có cửa sổ.", EN: "This build has no window."}.In(c.lang))
	case runtime.GOOS == "linux" && c.Env("DISPLAY") == "" && c.Env("WAYLAND_DISPLAY") == "":
		return NoWindow(form.Text{VI: "Ở đây không có màn hình.", EN: "There is no display here."}.In(c.lang))
	}
	return nil
}

// noWindow tells why there is no window, and that the notebook works by commands too.
func (c *Command) noWindow(err error) error {
	var why NoWindow
	if !errors.As(err, &why) {
		return err
	}
	c.complain(form.Text{VI: "%s\n→ Sổ vẫn dùng được bằng lệnh: desktop help", EN: "%s\n→ The notebook works by commands too: desktop help"}, why)
	return told(ExitNoWindow, err)
}

// forApp is the notebook as the screen needs it.
func (b *book) forApp(sync app.Sync) app.Book {
	return app.Book{Notebook: b.Notebook, Sync: sync, Forms: b.forms, Unit: b.file.Name,
		Locker: func(officer string) envelope.Locker { return envelope.NewLocker(b.key.DraftKey(officer)) }}
}

// wire is the engine as the screen sees it.
type wire struct{ *replica.Engine }

var _ app.Sync = wire{}

// Status implements app.Sync.
func (w wire) Status() app.SyncStatus {
	s := w.Engine.Status()
	return app.SyncStatus{Phase: screenPhase[s.Phase], ToPush: s.Session.ToPush, Pushed: s.Session.Pushed, Taken: s.Session.Taken,
		LastContact: s.LastContact, NextTry: s.NextTry, Fault: s.Fault, In: s.In, Out: s.Out, ClockOff: s.ClockOff}
}

// Metered implements app.Sync: there are no photos yet that could wait.
func (w wire) Metered(bool) {}

var screenPhase = map[replica.Phase]app.Phase{
	replica.Offline: app.Offline, replica.Connecting: app.Connecting, replica.Sending: app.Sending,
	replica.Receiving: app.Receiving, replica.Idle: app.Idle,
}
