package replica

import (
	"context"
	"sync"
	"time"

	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
)

// session dials and speaks until the link ends, or enough says that it is enough (nil: never).
func (e *Engine) session(ctx context.Context, enough func(context.Context, protocol.Progress) bool) (done bool, err error) {
	e.set(func(s *Status) { s.Phase, s.Session, s.NextTry = Connecting, protocol.Progress{}, time.Time{} })
	conn, err := e.connect(ctx)
	if err != nil {
		return false, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	t := &talk{e: e, conn: conn, messages: make(chan protocol.Message), out: make(chan []byte), failed: make(chan error, 2)}
	var wait sync.WaitGroup
	wait.Go(func() { t.receive(ctx) })
	wait.Go(func() { t.send(ctx) })
	done, err = t.run(ctx, enough)
	stop(err)
	conn.Close()
	wait.Wait()
	in, out := conn.Bytes()
	e.set(func(s *Status) { s.In, s.Out = s.In+in, s.Out+out })
	if t.heard && err == nil {
		err = e.remember(context.WithoutCancel(ctx))
	} else if t.heard {
		e.remember(context.WithoutCancel(ctx)) // the first error says more
	}
	return done, err
}

func (e *Engine) connect(ctx context.Context) (Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, DialTime, fault.New(fault.Unreachable, "dial", nil))
	defer cancel()
	start := time.Now()
	conn, err := e.dial(ctx)
	e.dialed = time.Since(start)
	return conn, err
}

// tune tells a carrier that wants to know how much work a byte is worth.
func (e *Engine) tune(conn Conn) {
	c, ok := conn.(interface{ SetEffort(wsconn.Effort) })
	if !ok {
		return
	}
	effort := wsconn.Quick
	switch rate := e.link.Rate(); {
	case rate == 0 && e.dialed > FarDial, rate > 0 && rate < PoorRate:
		effort = wsconn.Best
	case rate == 0 && e.dialed > NearDial, rate > 0 && rate < GoodRate:
		effort = wsconn.Thorough
	case rate == 0 && e.dialed < HereDial, rate > FastRate:
		effort = wsconn.Light
	}
	c.SetEffort(effort)
}

// talk is one connection in use.
type talk struct {
	e        *Engine
	conn     Conn
	client   *protocol.Client
	messages chan protocol.Message
	out      chan []byte
	failed   chan error
	heard    bool
}

// receive also reads what the messages say, while those before them are being stored.
func (t *talk) receive(ctx context.Context) {
	for {
		b, err := t.conn.Receive(ctx)
		if err != nil {
			t.failed <- err
			return
		}
		m, err := protocol.Decode(b)
		if err != nil {
			t.failed <- fault.New(fault.BadFrame, "receive", err)
			return
		}
		select {
		case t.messages <- m:
		case <-ctx.Done():
			return
		}
	}
}

func (t *talk) send(ctx context.Context) {
	for {
		select {
		case b := <-t.out:
			if err := t.conn.Send(ctx, b); err != nil {
				t.failed <- err
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// run is the session's own loop: the only goroutine that touches the client.
func (t *talk) run(ctx context.Context, enough func(context.Context, protocol.Progress) bool) (bool, error) {
	changed, unwatch := t.e.nb.Watch()
	defer unwatch()
	var err error
	t.client, err = protocol.NewClient(t.e.nb.Session(ctx), &t.e.link, time.Now(), func(h *protocol.Hello) {
		h.Program = t.e.program
		h.Proof = t.e.key.Sign(seal.DomainHello, t.conn.Binding())
	})
	if err != nil {
		return false, err
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var next []byte
	for {
		out := t.out
		if next == nil {
			if next, err = t.next(); err != nil {
				return false, err
			}
			t.e.tune(t.conn)
		}
		if next == nil {
			out = nil
			if enough != nil && enough(ctx, t.client.Progress()) {
				return true, nil
			}
		}
		t.report()
		timer.Reset(time.Until(t.client.Deadline()))
		select {
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case err := <-t.failed:
			return false, err
		case m := <-t.messages:
			if err := t.take(m); err != nil {
				return false, err
			}
		case <-changed:
			t.client.Wake()
		case out <- next:
			next = nil
		case <-timer.C:
			if c, ok := t.conn.(interface{ Heard() time.Time }); ok {
				t.client.Heard(c.Heard())
			}
			if err := t.client.Tick(time.Now()); err != nil {
				return false, err
			}
		}
	}
}

func (t *talk) next() ([]byte, error) {
	m, err := t.client.Next(time.Now())
	if m == nil || err != nil {
		return nil, err
	}
	return protocol.Append(nil, m)
}

func (t *talk) take(m protocol.Message) error {
	now := time.Now()
	t.heard = true
	t.e.set(func(s *Status) { s.LastContact, s.Fault = now, "" })
	if w, ok := m.(*protocol.Welcome); ok {
		t.e.set(func(s *Status) { s.ClockOff = time.UnixMilli(w.Time).Sub(now).Round(time.Second) })
	}
	return t.client.Receive(now, m)
}

// report tells the watchers where the session stands.
func (t *talk) report() {
	p := t.client.Progress()
	t.e.set(func(s *Status) {
		s.Session = p
		switch {
		case !p.Welcomed:
			s.Phase = Connecting
		case p.Sent > p.Pushed || p.Sent < p.ToPush:
			s.Phase = Sending
		case !p.Caught:
			s.Phase = Receiving
		default:
			s.Phase = Idle
		}
	})
}
