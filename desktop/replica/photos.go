package replica

import (
	"context"
	"encoding/binary"
	"time"

	"banlang/shared/fault"
	"banlang/shared/protocol"
)

// Photos says how far the photos are that go to the centre: "photos 1 of 3, 118 of 243 KB". What waits while there is no
// link is in notebook.Status.
type Photos struct {
	Done, Total int        // of this session: at the centre; and those that still wait
	Have, Size  int64      // bytes of the one under way: at the centre, and all; 0, 0: none is
	Held        bool       // they wait for a cheaper link
	Refused     fault.Code // the centre takes none at present, and why
}

// SetMetered says whether the link is paid for by the byte: text goes at once, and photos wait until it is not, or SendNow.
// It may be called by anybody, at any time; whoever asks the officer keeps his answer.
func (e *Engine) SetMetered(metered bool) {
	e.metered.Store(metered)
	e.turn()
}

// SendNow ends a wait between two tries, and lets photos go over a metered link until those that wait are at the centre. It
// may be called by anybody, at any time.
func (e *Engine) SendNow() {
	e.once.Store(true)
	select {
	case e.now <- struct{}{}:
	default:
	}
	e.turn()
}

// turn has the session that runs look at the switches.
func (e *Engine) turn() {
	select {
	case e.turned <- struct{}{}:
	default:
	}
}

// held reports whether photos wait. On a machine that was lost nothing does: it has to be done before somebody takes the
// power from it.
func (e *Engine) held() bool { return e.metered.Load() && !e.once.Load() && !e.nb.Lost() }

// photos counts what waits.
func (e *Engine) photos(ctx context.Context) error {
	p, err := e.nb.Photos(ctx)
	if err == nil {
		e.waiting = p.Waiting
	}
	return err
}

// showPhotos puts into the status how far they are. When all that could go are at the centre, SendNow is done.
func (e *Engine) showPhotos(s *Status, p *protocol.Progress) {
	x := p.Photos
	s.Photos = Photos{Done: int(x.Done), Total: int(x.Done) + e.waiting, Held: e.held() && e.waiting > 0, Refused: x.Refused}
	if !x.Present.IsZero() {
		s.Photos.Have, s.Photos.Size = int64(x.Have), int64(x.Present.Size)
	}
	if x.Idle && !x.Held && p.Caught && p.Sent == p.Pushed {
		e.once.Store(false)
	}
}

// Traffic is what went over the link, in bytes: compressed, and without what TLS and the network add (a few per cent).
type Traffic struct{ In, Out int64 }

func (t *Traffic) add(x Traffic) { t.In, t.Out = t.In+x.In, t.Out+x.Out }

const (
	settingTraffic = "traffic of the month"
	monthLayout    = "2006-01" // by the clock of this machine
	// trafficStep is how much of the month's account the end of the process may take with it.
	trafficStep = 512 << 10
)

// meter counts the traffic of a connection as it goes on.
type meter struct {
	month   string
	counted Traffic // of the present connection, already in the account
	unsaved int64
}

// recallTraffic takes the account of this month over from earlier runs of the program.
func (e *Engine) recallTraffic(ctx context.Context) error {
	b, err := e.nb.Setting(ctx, settingTraffic)
	e.meter.month = time.Now().Format(monthLayout)
	if n := len(monthLayout); len(b) == n+16 && string(b[:n]) == e.meter.month {
		t := Traffic{int64(binary.LittleEndian.Uint64(b[n:])), int64(binary.LittleEndian.Uint64(b[n+8:]))}
		e.set(func(s *Status) { s.Month = t })
	}
	return err
}

// count adds what a connection has carried since the last time, and now and then keeps the account.
func (e *Engine) count(ctx context.Context, conn Conn) error {
	in, out := conn.Bytes()
	more := Traffic{in - e.meter.counted.In, out - e.meter.counted.Out}
	if more == (Traffic{}) {
		return nil
	}
	e.meter.counted = Traffic{in, out}
	month := time.Now().Format(monthLayout)
	e.set(func(s *Status) {
		if month != e.meter.month {
			s.Month, e.meter.month = Traffic{}, month
		}
		s.In, s.Out = s.In+more.In, s.Out+more.Out
		s.ThisSession = e.meter.counted
		s.Month.add(more)
	})
	if e.meter.unsaved += more.In + more.Out; e.meter.unsaved < trafficStep {
		return nil
	}
	return e.keepTraffic(ctx)
}

func (e *Engine) keepTraffic(ctx context.Context) error {
	if e.meter.unsaved == 0 {
		return nil
	}
	t := e.Status().Month
	b := binary.LittleEndian.AppendUint64([]byte(e.meter.month), uint64(t.In))
	err := e.nb.PutSetting(ctx, settingTraffic, binary.LittleEndian.AppendUint64(b, uint64(t.Out)))
	if err == nil {
		e.meter.unsaved = 0
	}
	return err
}
