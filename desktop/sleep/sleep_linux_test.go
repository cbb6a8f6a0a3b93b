package sleep_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"banlang/desktop/sleep"
)

// patience bounds the waits of a test that fails.
const patience = 20 * time.Second

// policy is a bus without rights: everybody may be everything on it.
const policy = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=DIR</listen>
<policy context="default"><allow send_destination="*"/><allow receive_type="signal"/><allow receive_requested_reply="true"/><allow own="*"/></policy></busconfig>`

// bus starts a real bus, and makes it the system's for this test.
func bus(t *testing.T) {
	t.Helper()
	program, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("there is no dbus-daemon here")
	}
	dir, err := os.MkdirTemp("", "bus") // its path has to be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	conf := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(conf, []byte(strings.ReplaceAll(policy, "DIR", dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program, "--config-file="+conf, "--nofork", "--print-address=1")
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", strings.TrimSpace(address))
}

// logind is the service that sends machines to sleep, as far as it matters here.
type logind struct {
	t    *testing.T
	bus  *dbus.Conn
	gave chan inhibitor
}

// inhibitor is both ends of what logind gives out: the machine waits while any copy of held is open.
type inhibitor struct{ ours, held *os.File }

// Inhibit is the method that programs call.
func (l *logind) Inhibit(what, _, _, mode string) (dbus.UnixFD, *dbus.Error) {
	if what != "sleep" || mode != "delay" {
		return 0, dbus.MakeFailedError(errors.New(what + " " + mode))
	}
	r, w, err := os.Pipe()
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	l.gave <- inhibitor{r, w}
	return dbus.UnixFD(w.Fd()), nil
}

func newLogind(t *testing.T) *logind {
	t.Helper()
	conn, err := dbus.ConnectSystemBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	l := &logind{t, conn, make(chan inhibitor, 8)}
	if err := conn.Export(l, "/org/freedesktop/login1", "org.freedesktop.login1.Manager"); err != nil {
		t.Fatal(err)
	}
	if got, err := conn.RequestName("org.freedesktop.login1", dbus.NameFlagDoNotQueue); err != nil || got != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(got, err)
	}
	return l
}

func (l *logind) says(sleeping bool) {
	l.t.Helper()
	if err := l.bus.Emit("/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep", sleeping); err != nil {
		l.t.Fatal(err)
	}
}

func got[T any](t *testing.T, what string, c <-chan T) (x T) {
	t.Helper()
	select {
	case x = <-c:
	case <-time.After(patience):
		t.Fatalf("%s: nothing happens", what)
	}
	return x
}

// TestBeforeItSleeps, over a real bus: the machine is asked to wait, is waited for, and asked again when it wakes.
func TestBeforeItSleeps(t *testing.T) {
	bus(t)
	l := newLogind(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	called, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- sleep.Watch(ctx, func() { called <- struct{}{} }) }()
	for range 2 {
		i := got(t, "an inhibitor", l.gave)
		stranger, err := dbus.ConnectSystemBus()
		if err != nil {
			t.Fatal(err)
		}
		if err := stranger.Emit("/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep", true); err != nil {
			t.Fatal(err)
		}
		stranger.Close()
		l.says(true)
		got(t, "before", called)
		i.held.Close() // the watcher has its copy, or it would not have come this far
		if _, err := i.ours.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("the machine waits on: %v", err)
		}
		l.says(false)
	}
	got(t, "an inhibitor", l.gave)
	select {
	case <-called:
		t.Error("a stranger's word was taken")
	default:
	}
	stop()
	if err := got(t, "the end", ended); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestNoBus: a machine that does not say has nothing to be waited for.
func TestNoBus(t *testing.T) {
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	if err := sleep.Watch(t.Context(), func() { t.Error("called") }); !errors.Is(err, sleep.ErrNone) {
		t.Error(err)
	}
}
