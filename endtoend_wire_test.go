package banlang_test

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"banlang/desktop/replica"
	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
	"banlang/syncserver/command"
)

func withPatience(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), patience)
}

func waitFor(t *testing.T, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		t.Fatal("nothing happens")
	}
}

// hand speaks the protocol by hand.
type hand struct {
	t *testing.T
	c *wsconn.Conn
}

func (o *officer) dial() *hand {
	o.t.Helper()
	ctx, cancel := withPatience(o.t)
	defer cancel()
	c, err := wsconn.Dial(ctx, o.at.addr, o.at.pin())
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { c.Close() })
	return &hand{o.t, c}
}

func (h *hand) send(m protocol.Message) {
	h.t.Helper()
	b, err := protocol.Append(nil, m)
	if err != nil {
		h.t.Fatal(err)
	}
	h.raw(b)
}

func (h *hand) raw(b []byte) {
	h.t.Helper()
	if err := h.c.Send(h.t.Context(), b); err != nil {
		h.t.Logf("send: %v", err)
	}
}

// receive returns the next message; an error is the end of the connection.
func (h *hand) receive() (protocol.Message, error) {
	ctx, cancel := withPatience(h.t)
	defer cancel()
	b, err := h.c.Receive(ctx)
	if err != nil {
		return nil, err
	}
	return protocol.Decode(b)
}

// farewell reads on until the centre says Bye, and returns the code; empty when it just hangs up.
func (h *hand) farewell() fault.Code {
	h.t.Helper()
	for {
		m, err := h.receive()
		if err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				h.t.Fatal("the centre does not answer")
			}
			return ""
		}
		if bye, ok := m.(*protocol.Bye); ok {
			return bye.Code
		}
	}
}

func (o *officer) hello() *protocol.Hello {
	o.t.Helper()
	h, err := o.nb.Session(o.t.Context()).Hello()
	if err != nil {
		o.t.Fatal(err)
	}
	h.VersionMin, h.VersionMax = protocol.VersionMin, protocol.VersionMax
	return h
}

func (o *officer) signed(h *hand) *protocol.Hello {
	m := o.hello()
	m.Proof = o.key.Sign(seal.DomainHello, h.c.Binding())
	return m
}

// sendSome pushes the own changes up to a number, and single ones beyond, and hangs up once they are acknowledged.
func sendSome(t *testing.T, o *officer, upTo record.Number, others ...record.Number) {
	t.Helper()
	h := o.dial()
	h.send(o.signed(h))
	m, err := h.receive()
	w, ok := m.(*protocol.Welcome)
	if !ok || err != nil {
		t.Fatalf("%T, %v", m, err)
	}
	s := o.nb.Session(t.Context())
	var run record.RunID
	for _, c := range o.hello().Claims {
		if c.Own {
			run = c.Run
		}
	}
	var numbers []record.Number
	for n := record.Number(1); n <= upTo; n++ {
		numbers = append(numbers, n)
	}
	push := &protocol.Push{Epoch: w.Epoch, Number: 1}
	for _, n := range append(numbers, others...) {
		cs, _, err := s.Outgoing(run, n, n, 1)
		if err != nil || len(cs) != 1 {
			t.Fatalf("change %d: %v, %v", n, cs, err)
		}
		push.Items = append(push.Items, cs...)
	}
	h.send(push)
	for {
		m, err := h.receive()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := m.(*protocol.Ack); ok {
			h.c.Close()
			return
		}
	}
}

// TestUnknownVersion: a program from the future is told so, and keeps everything.
func TestUnknownVersion(t *testing.T) {
	s := serving(t, t.TempDir())
	a := s.enrol("GL014", "A")
	h := a.dial()
	m := a.signed(h)
	m.VersionMin, m.VersionMax = 99, 101
	h.send(m)
	if code := h.farewell(); code != fault.BadProtocol {
		t.Errorf("the centre says %q", code)
	}
	s.end()
}

// TestReplayedHello: a Hello is signed over its connection, and opens no other.
func TestReplayedHello(t *testing.T) {
	s := serving(t, t.TempDir())
	a := s.enrol("GL014", "A")
	overheard := a.signed(a.dial())
	h := a.dial()
	h.send(overheard)
	if code := h.farewell(); code != fault.WrongKey {
		t.Errorf("the centre says %q", code)
	}
	s.end()
}

// TestHostileFrames: what is no message ends its own session, and nothing else.
func TestHostileFrames(t *testing.T) {
	s := serving(t, t.TempDir())
	a := s.enrol("GL014", "A")
	noise := make([]byte, 4096)
	rand.Read(noise)
	hello, err := protocol.Append(nil, a.hello())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		send func(h *hand)
	}{
		{"an empty frame", func(h *hand) { h.raw(nil) }},
		{"an unknown kind", func(h *hand) { h.raw([]byte{200, 1, 2, 3}) }},
		{"noise", func(h *hand) { h.raw(noise) }},
		{"half a hello", func(h *hand) { h.raw(hello[:len(hello)/2]) }},
		{"a hello and more", func(h *hand) { h.raw(append(hello[:len(hello):len(hello)], noise...)) }},
		{"a push before the hello", func(h *hand) { h.send(&protocol.Push{Number: 1}) }},
		{"a message for a client", func(h *hand) { h.send(a.signed(h)); h.send(&protocol.Ack{Number: 1}) }},
		{"two hellos", func(h *hand) { h.send(a.signed(h)); h.send(a.signed(h)) }},
		{"taken what was not sent", func(h *hand) {
			h.send(a.signed(h))
			for range 20 {
				h.send(&protocol.Taken{})
			}
		}},
		{"a push out of order", func(h *hand) { h.send(a.signed(h)); h.send(&protocol.Push{Number: 7}) }},
	} {
		h := a.dial()
		c.send(h)
		if code := h.farewell(); code != fault.BadFrame {
			t.Errorf("%s: the centre says %q", c.what, code)
		}
	}
	h := a.dial()
	h.raw(make([]byte, protocol.MaxFrameBytes+4096)) // zeros: small on the wire, too large once unpacked
	if code := h.farewell(); code != fault.FrameTooLarge {
		t.Errorf("a frame above the limit: the centre says %q", code)
	}
	a.write("sau tất cả")
	a.sync()
	a.settled()
	if code, _ := s.get("/healthz"); code != 200 {
		t.Errorf("healthz: %d", code)
	}
	s.staff(command.ExitDone, "check")
	s.end()
}

// TestStopIsSaid: a centre that stops in good order says so to whoever is connected.
func TestStopIsSaid(t *testing.T) {
	s := serving(t, t.TempDir())
	a := s.enrol("GL014", "A")
	a.write("một")
	e := a.engine()
	changed, stop := e.Watch()
	defer stop()
	ctx, cancel := withPatience(t)
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	for e.Status().Phase != replica.Idle {
		waitFor(t, changed)
	}
	s.end()
	for e.Status().Phase != replica.Offline {
		waitFor(t, changed)
	}
	if code := e.Status().Fault; code != fault.ServerStopping {
		t.Errorf("the device was told %q", code)
	}
	cancel()
	<-done
}
