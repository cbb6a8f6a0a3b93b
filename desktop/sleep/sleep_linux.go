package sleep

import (
	"context"
	"errors"
	"os"

	"github.com/godbus/dbus/v5"
)

// logind, as the system bus knows it: org.freedesktop.login1(5).
const (
	login   = "org.freedesktop.login1"
	manager = login + ".Manager"
	about   = "PrepareForSleep"
	path    = dbus.ObjectPath("/org/freedesktop/login1")
)

// Watch calls before whenever the machine is about to sleep, and has it wait until before has returned, or for as long as the
// system bears (logind's InhibitDelayMaxSec, five seconds). It returns when ctx ends, with its cause; with ErrNone in the
// chain where there is no such service.
func Watch(ctx context.Context, before func()) error {
	bus, err := dbus.ConnectSystemBus(dbus.WithContext(ctx))
	if err != nil {
		return errors.Join(ErrNone, err)
	}
	defer func() { _ = bus.Close() }() // nothing is under way on it
	signals := make(chan *dbus.Signal, 4)
	bus.Signal(signals)
	err = bus.AddMatchSignalContext(ctx, dbus.WithMatchSender(login), dbus.WithMatchInterface(manager), dbus.WithMatchMember(about),
		dbus.WithMatchObjectPath(path))
	if err != nil {
		return errors.Join(ErrNone, err)
	}
	w := watcher{bus: bus}
	defer w.release()
	w.delay(ctx)
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case s, ok := <-signals:
			if !ok {
				return errors.Join(ErrNone, errors.New("the bus is gone"), context.Cause(ctx))
			}
			var sleeping bool
			if s.Name != manager+"."+about || dbus.Store(s.Body, &sleeping) != nil {
				continue
			}
			if sleeping {
				before()
				w.release()
			} else {
				w.delay(ctx)
			}
		}
	}
}

// watcher holds what makes the machine wait.
type watcher struct {
	bus  *dbus.Conn
	held *os.File // nil: nothing does
}

// delay asks that the next sleep waits. Where that is not granted it is too short by a moment: the screen is locked all the
// same, at the latest when the machine wakes.
func (w *watcher) delay(ctx context.Context) {
	w.release()
	var fd dbus.UnixFD
	err := w.bus.Object(login, path).CallWithContext(ctx, manager+".Inhibit", 0, "sleep", "Bản Làng", "Khóa màn hình", "delay").Store(&fd)
	if err == nil {
		w.held = os.NewFile(uintptr(fd), "sleep inhibitor")
	}
}

// release lets it sleep.
func (w *watcher) release() {
	if w.held != nil {
		_ = w.held.Close() // a descriptor that is closed is closed, whatever it says
		w.held = nil
	}
}
