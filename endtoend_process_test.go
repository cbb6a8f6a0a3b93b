package banlang_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"banlang/desktop/replica"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/syncserver/command"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
)

// TestTerminated: SIGTERM ends the process in good order, with sessions open, within the time that a system gives.
func TestTerminated(t *testing.T) {
	p := launch(t, t.TempDir(), "127.0.0.1:0")
	a := p.enrol("GL014", "A")
	a.write("một", "hai")
	a.sync()
	h := a.dial()
	h.send(a.signed(h))
	if m, err := h.receive(); err != nil {
		t.Fatalf("%T %v", m, err)
	}
	start := time.Now()
	if code := p.signal(syscall.SIGTERM); code != command.ExitDone {
		t.Errorf("exit code %d:\n%s", code, p.err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	if code := h.farewell(); code != "server_stopping" {
		t.Errorf("the session was told %q", code)
	}
	staff(t, command.ExitDone, "check", "--dir", p.dir)
}

// eavesdropper sits on the connections of a device and notes what was acknowledged.
type eavesdropper struct {
	mu    sync.Mutex
	under map[uint64][]record.Dot // pushes of the present session
	acked []record.Dot
	last  uint64
	event chan struct{} // something went over the line
}

type tapped struct {
	replica.Conn
	e *eavesdropper
}

func (e *eavesdropper) tap(c replica.Conn) replica.Conn {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.under, e.last = map[uint64][]record.Dot{}, 0
	return &tapped{c, e}
}

func (e *eavesdropper) hear(b []byte) {
	m, err := protocol.Decode(b)
	if err != nil {
		return
	}
	e.mu.Lock()
	switch m := m.(type) {
	case *protocol.Push:
		for _, c := range m.Items {
			e.under[m.Number] = append(e.under[m.Number], c.Dot)
		}
	case *protocol.Ack:
		for ; e.last < m.Number; e.last++ {
			e.acked = append(e.acked, e.under[e.last+1]...)
		}
	}
	e.mu.Unlock()
	select {
	case e.event <- struct{}{}:
	default:
	}
}

func (c *tapped) Send(ctx context.Context, b []byte) error {
	c.e.hear(b)
	return c.Conn.Send(ctx, b)
}

func (c *tapped) Receive(ctx context.Context) ([]byte, error) {
	b, err := c.Conn.Receive(ctx)
	if err == nil {
		c.e.hear(b)
	}
	return b, err
}

func (e *eavesdropper) acknowledged() []record.Dot {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]record.Dot(nil), e.acked...)
}

// more waits until something has gone over the line; it returns false when all is said.
func (e *eavesdropper) more(t *testing.T, engine *replica.Engine, changed <-chan struct{}) bool {
	t.Helper()
	for {
		select {
		case <-e.event:
			return true
		case <-changed:
			if engine.Status().Phase == replica.Idle {
				return false
			}
		case <-time.After(patience):
			t.Fatal("nothing happens")
		}
	}
}

// TestKilled kills the real process at random moments while a device pushes: after each kill everything that was ever
// acknowledged is in the file, and at the end everything that was ever saved is at the centre, with receipts.
func TestKilled(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 5
	}
	dir := t.TempDir()
	p := launch(t, dir, "127.0.0.1:0")
	a := p.enrol("GL014", "A")
	e := &eavesdropper{event: make(chan struct{}, 1)}
	a.spy = e.tap
	engine := a.engine()
	changed, stop := engine.Watch()
	defer stop()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	kills, before := 0, 0
	for round := range rounds {
		for range 3 {
			texts := make([]string, 100)
			for i := range texts {
				texts[i] = fmt.Sprintf("lần %d, buổi %d", round, i)
			}
			a.write(texts...)
		}
		engine.SendNow()
		for range 1 + rand.IntN(9) {
			if !e.more(t, engine, changed) {
				break
			}
		}
		p.signal(syscall.SIGKILL)
		acked := e.acknowledged()
		if len(acked) > before {
			kills++
		}
		before = len(acked)
		holds(t, dir, acked)
		p = launch(t, dir, p.addr) // the device dials the same address
		engine.SendNow()
	}
	cancel()
	<-ended
	a.sync()
	a.settled()
	p.staff(command.ExitDone, "check")
	if code := p.signal(syscall.SIGTERM); code != command.ExitDone {
		t.Errorf("exit code %d:\n%s", code, p.err)
	}
	if kills < rounds/4 {
		t.Errorf("only %d of %d kills came after an acknowledgement: the test proves little", kills, rounds)
	}
	t.Logf("%d kills, %d of them with new acknowledgements, %d changes acknowledged before one", rounds, kills, before)
}

// holds opens what a killed centre left, checks all of it, and looks for every change.
func holds(t *testing.T, dir string, dots []record.Dot) {
	t.Helper()
	staff(t, command.ExitDone, "check", "--dir", dir)
	s, err := sqlitestore.Open(t.Context(), filepath.Join(dir, "hub.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(t.Context(), func(tx hub.Tx) error {
		for _, d := range dots {
			if p, err := tx.Find(d); p == 0 || err != nil {
				t.Errorf("%v was acknowledged and is gone (%v)", d, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
