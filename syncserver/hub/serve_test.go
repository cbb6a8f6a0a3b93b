package hub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// wire is one end of a connection in memory.
type wire struct {
	in, out chan []byte
	closed  chan struct{} // of this end
	once    *sync.Once
	peer    *wire
}

func newWire() (a, b *wire) {
	x, y := make(chan []byte), make(chan []byte)
	a = &wire{in: x, out: y, closed: make(chan struct{}), once: new(sync.Once)}
	b = &wire{in: y, out: x, closed: make(chan struct{}), once: new(sync.Once), peer: a}
	a.peer = b
	return a, b
}

func (w *wire) Close() error { w.once.Do(func() { close(w.closed) }); return nil }

func (w *wire) Send(ctx context.Context, frame []byte) error {
	select {
	case w.out <- frame:
		return nil
	case <-w.closed:
	case <-w.peer.closed:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return fault.New(fault.CutOff, "send", io.ErrClosedPipe)
}

func (w *wire) Receive(ctx context.Context) ([]byte, error) {
	select {
	case b := <-w.in:
		return b, nil
	case <-w.closed:
	case <-w.peer.closed:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	return nil, fault.New(fault.CutOff, "receive", io.EOF)
}

// server is a running Server over the office's hub.
type server struct {
	*Server
	o    *office
	ctx  context.Context
	stop context.CancelCauseFunc
}

func (o *office) serve(t *testing.T) *server {
	ctx, stop := context.WithCancelCause(context.Background())
	s := &server{NewServer(o.hub, slog.New(slog.DiscardHandler)), o, ctx, stop}
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() { stop(context.Canceled); <-done })
	return s
}

// client is a machine's end of a served connection, driven by hand.
type client struct {
	t      *testing.T
	m      *machine
	wire   *wire
	ended  chan error // why the server gave the session up
	number uint64
	epoch  record.Epoch
}

func (s *server) connect(t *testing.T, m *machine) *client {
	mine, theirs := newWire()
	c := &client{t: t, m: m, wire: mine, ended: make(chan error, 1)}
	go func() { c.ended <- s.Serve(s.ctx, theirs, []byte("a connection")) }()
	return c
}

func (c *client) say(m protocol.Message) {
	c.t.Helper()
	b, err := protocol.Append(nil, m)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.wire.Send(context.Background(), b); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) hear() protocol.Message {
	c.t.Helper()
	b, err := c.wire.Receive(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	m, err := protocol.Decode(b)
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

// hears waits for a message of a type and passes over the rest, taking the pages.
func hears[T protocol.Message](c *client) T {
	c.t.Helper()
	for {
		m := c.hear()
		if _, ok := m.(*protocol.Page); ok {
			c.say(&protocol.Taken{})
		}
		if x, ok := m.(T); ok {
			return x
		}
	}
}

// greet is the first exchange.
func (c *client) greet() {
	c.t.Helper()
	c.say(c.m.hello([]byte("a connection")))
	c.epoch = hears[*protocol.Welcome](c).Epoch
}

func (c *client) push(cs ...*record.Change) {
	c.t.Helper()
	c.number++
	c.say(&protocol.Push{Epoch: c.epoch, Number: c.number, Items: cs})
}

// TestManySessionsShareCommits, and one whose change makes the server panic fails alone: the others are acknowledged, and
// so is it when it brings something else.
func TestManySessionsShareCommits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		var ms []*machine
		for range 20 {
			ms = append(ms, o.machine(u1))
		}
		s := o.serve(t)
		var cs []*client
		for _, m := range ms {
			c := s.connect(t, m)
			c.greet()
			cs = append(cs, c)
		}
		synctest.Wait()
		before := s.Counters().Commits
		o.disk.gate = make(chan struct{})
		go s.Do(context.Background(), &Job{Act: func(*Act) error { return nil }})
		synctest.Wait()
		for i, c := range cs {
			value := fmt.Sprint("của máy ", i)
			if i == 7 {
				value = "PANIC"
			}
			c.push(c.m.made(u1, value))
		}
		synctest.Wait()
		close(o.disk.gate)
		for i, c := range cs {
			if i == 7 {
				if bye := hears[*protocol.Bye](c); bye.Code != fault.Internal {
					t.Errorf("the one that panicked is told %q", bye.Code)
				}
				continue
			}
			if ack := hears[*protocol.Ack](c); ack.Number != 1 {
				t.Errorf("machine %d: %+v", i, ack)
			}
			if r := hears[*protocol.Receipts](c); r.Receipts[0].N != 1 {
				t.Errorf("machine %d: %+v", i, r)
			}
		}
		if n := s.Counters().Commits - before; n != 2 {
			t.Errorf("%d commits for the slow one and twenty pushes", n)
		}
		again := s.connect(t, ms[7])
		again.greet()
		for _, c := range append(cs, again) {
			c.wire.Close()
			<-c.ended
		}
		o.sound()
	})
}

// TestASlowReaderIsCutOff: it is alive, and takes nothing: it holds a window of pages, then is cut off; the server
// goes on.
func TestASlowReaderIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		an, slow := o.machine(u1), o.machine(u1)
		for range 3 * protocol.PageWindow * protocol.PageBytes / (60 << 10) {
			an.push(an.made(u1, string(make([]byte, 60<<10))))
		}
		s := o.serve(t)
		c := s.connect(t, slow)
		c.greet()
		since, pages := time.Now(), 0
		go func() {
			for {
				b, err := c.wire.Receive(context.Background())
				if err != nil {
					return
				}
				switch m, _ := protocol.Decode(b); m := m.(type) {
				case *protocol.Page:
					pages++
				case *protocol.Ping:
					b, _ := protocol.Append(nil, &protocol.Pong{Number: m.Number})
					c.wire.Send(context.Background(), b)
				}
			}
		}()
		err := <-c.ended
		if took := time.Since(since); !errors.Is(err, fault.CutOff) || took != protocol.TakeTime || pages != protocol.PageWindow {
			t.Errorf("after %v and %d pages: %v", took, pages, err)
		}
		other := s.connect(t, an)
		other.greet()
		other.push(an.made(u1, "x"))
		hears[*protocol.Ack](other)
		other.wire.Close()
		<-other.ended
	})
}

// TestASilentClientIsCutOff: connected, and it never says Hello.
func TestASilentClientIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := o.serve(t)
		c := s.connect(t, o.machine(u1))
		since := time.Now()
		if err := <-c.ended; !errors.Is(err, fault.CutOff) || time.Since(since) != protocol.FirstPatience {
			t.Errorf("after %v: %v", time.Since(since), err)
		}
		if n := s.Counters().OpenSessions; n != 0 {
			t.Errorf("%d sessions are still open", n)
		}
	})
}

// TestGoodbyes: whatever ends a session from the hub's side, the client is told the code.
func TestGoodbyes(t *testing.T) {
	for name, x := range map[string]struct {
		after func(s *server, c *client)
		want  fault.Code
	}{
		"bytes that are no message": {func(_ *server, c *client) { c.wire.Send(context.Background(), []byte{99, 1}) }, fault.BadFrame},
		"a push out of order":       {func(_ *server, c *client) { c.number = 4; c.push() }, fault.BadFrame},
		"a second hello":            {func(_ *server, c *client) { c.say(c.m.hello(nil)) }, fault.BadFrame},
		"the server stops":          {func(s *server, _ *client) { s.stop(context.Canceled) }, fault.ServerStopping},
		"the device is revoked":     {func(s *server, c *client) { s.Disconnect(c.m.replica) }, fault.Revoked},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				s := o.serve(t)
				c := s.connect(t, o.machine(u1))
				c.greet()
				synctest.Wait()
				go x.after(s, c)
				if bye := hears[*protocol.Bye](c); bye.Code != x.want {
					t.Errorf("told %q, want %q", bye.Code, x.want)
				}
				<-c.ended
			})
		})
	}
}

// TestCutOffWhileGreeting: a device whose greeting was being committed when it was cut off is so at once; when it comes again, to bring
// what it has, it stays.
func TestCutOffWhileGreeting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ctx, stop := context.WithCancelCause(context.Background())
		s := &server{NewServer(o.hub, slog.New(slog.DiscardHandler)), o, ctx, stop}
		m := o.machine(u1)
		early := s.connect(t, m)
		early.say(m.hello([]byte("a connection")))
		synctest.Wait() // nobody commits yet
		s.Disconnect(m.replica)
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		if bye := hears[*protocol.Bye](early); bye.Code != fault.Revoked {
			t.Errorf("told %q", bye.Code)
		}
		<-early.ended
		late := s.connect(t, m)
		late.greet()
		late.push(m.made(u1, "x"))
		hears[*protocol.Ack](late)
		stop(context.Canceled)
		<-late.ended
		<-ended
	})
}

// TestNewsArrivesLive: what one machine pushes, a colleague's session brings without asking.
func TestNewsArrivesLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := o.serve(t)
		a, b := s.connect(t, o.machine(u1)), s.connect(t, o.machine(u1))
		a.greet()
		b.greet()
		hears[*protocol.Page](b) // there is nothing newer
		rec := a.m.made(u1, "x")
		a.push(rec)
		hears[*protocol.Ack](a)
		if p := hears[*protocol.Page](b); len(p.Items) != 1 || p.Items[0].Dot != rec.Dot {
			t.Errorf("the colleague got %d changes", len(p.Items))
		}
		for _, c := range []*client{a, b} {
			c.wire.Close()
			<-c.ended
		}
	})
}

// TestABatchIsBounded: what waits is committed together up to the limits of jobs and of changes, and not beyond.
func TestABatchIsBounded(t *testing.T) {
	for name, x := range map[string]struct {
		waiting, changes int // of each job
		want             int // jobs in the first batch
	}{
		"a few":            {3, 5, 3},
		"the most jobs":    {MaxBatch, 1, MaxBatch},
		"one more":         {MaxBatch + 1, 1, MaxBatch},
		"the most changes": {9, MaxBatchChanges / 8, 8},
		"a large one last": {5, MaxBatchChanges - 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewServer(nil, nil)
			for range x.waiting {
				s.jobs <- &task{Job: &Job{Push: &protocol.Push{Items: make([]*record.Change, x.changes)}}}
			}
			if got := len(s.gather(<-s.jobs)); got != x.want {
				t.Errorf("%d jobs in a batch, want %d", got, x.want)
			}
		})
	}
}
