package replica

import (
	"cmp"
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
	e.meter.counted = Traffic{}
	t := &talk{e: e, conn: conn, messages: make(chan protocol.Message, protocol.PageWindow), out: make(chan []byte), failed: make(chan error, 1)}
	var wait sync.WaitGroup
	wait.Go(func() { t.receive(ctx) })
	wait.Go(func() { t.send(ctx) })
	done, err = t.run(ctx, enough)
	stop(err)
	conn.Close()
	wait.Wait()
	if counted := e.count(context.WithoutCancel(ctx), conn); err == nil {
		err = counted
	}
	if t.heard && err == nil {
		err = e.remember(context.WithoutCancel(ctx))
	} else if t.heard {
		_ = e.remember(context.WithoutCancel(ctx)) // the first error says more
	}
	return done, err
}

func (e *Engine) connect(ctx context.Context) (Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, DialTime, fault.New(fault.Unreachable, "dial", nil))
	defer cancel()
	return e.dial(ctx)
}

// carrier is a Conn that wants to know how much work a byte is worth.
type carrier interface {
	Trip() time.Duration
	SetEffort(wsconn.Effort)
}

func (e *Engine) tune(conn Conn) {
	if c, ok := conn.(carrier); ok {
		c.SetEffort(effort(c.Trip(), e.link.Rate()))
	}
}

// effort judges a link by how long it takes there and back, and by the rate at which pushes were acknowledged of late (0:
// not known). Near by, the rate is that of the machines; a carrier notices itself when such a link is narrow.
func effort(trip time.Duration, rate float64) wsconn.Effort {
	switch {
	case trip < NearTrip || rate > FastRate:
		return wsconn.Light
	case rate == 0 && trip > FarTrip, rate > 0 && rate < PoorRate:
		return wsconn.Best
	case rate == 0 && trip > WideTrip, rate > 0 && rate < GoodRate:
		return wsconn.Thorough
	}
	return wsconn.Quick
}

// talk is one connection in use.
type talk struct {
	e        *Engine
	conn     Conn
	client   *protocol.Client
	messages chan protocol.Message // closed at the end of the connection
	ended    error                 // why, once messages is closed
	out      chan []byte
	failed   chan error // of sending
	heard    bool
}

// receive also reads what the messages say, while those before them are being stored.
func (t *talk) receive(ctx context.Context) {
	defer close(t.messages)
	for {
		var b []byte
		if b, t.ended = t.conn.Receive(ctx); t.ended != nil {
			return
		}
		m, err := protocol.Decode(b)
		if err != nil {
			t.ended = fault.New(fault.BadFrame, "receive", err)
			return
		}
		select {
		case t.messages <- m:
		case <-ctx.Done():
			t.ended = context.Cause(ctx)
			return
		}
	}
}

// rest takes what had arrived when sending failed: a hub says why it hangs up.
func (t *talk) rest() error {
	t.conn.Close()
	for m := range t.messages {
		if err := t.take(m); err != nil {
			return err
		}
	}
	return nil
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
	if err := t.e.photos(ctx); err != nil {
		return false, err
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var next []byte
	for {
		out := t.out
		t.client.HoldPhotos(t.e.held())
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
		if err := t.report(ctx); err != nil {
			return false, err
		}
		timer.Reset(time.Until(t.client.Deadline()))
		select {
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case err := <-t.failed:
			return false, cmp.Or(t.rest(), err)
		case m, ok := <-t.messages:
			if !ok {
				return false, t.ended
			}
			if err := t.take(m); err != nil {
				return false, err
			}
		case <-changed:
			t.client.Wake()
			if err := t.e.photos(ctx); err != nil {
				return false, err
			}
		case <-t.e.turned:
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
func (t *talk) report(ctx context.Context) error {
	p := t.client.Progress()
	t.e.set(func(s *Status) {
		s.Session, s.Lost = p, t.e.nb.Lost()
		t.e.showPhotos(s, &p)
		switch {
		case !p.Welcomed:
			s.Phase = Connecting
		case p.Sent > p.Pushed || p.Sent < p.ToPush || !p.Photos.Present.IsZero():
			s.Phase = Sending
		case !p.Caught:
			s.Phase = Receiving
		default:
			s.Phase = Idle
		}
	})
	return t.e.count(ctx, t.conn)
}
