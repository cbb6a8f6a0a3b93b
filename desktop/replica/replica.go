// Package replica runs the client half of sync for a notebook: it dials, speaks, notices when the link is dead, waits
// and tries again, and says how it stands. It decides nothing about what is kept: what is saved, acknowledged or
// receipted is the notebook's and the protocol's.
package replica

import (
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/seal"
)

// Times of the engine.
const (
	// DialTime is how long a connection may take to be made. A dialer keeps knocking all that time, and gives up sooner by
	// itself when the other end has answered and then falls silent.
	DialTime = time.Minute
	// NearTrip, WideTrip and FarTrip: up to the first it is to the next building and back; a longer way than the others goes
	// over a slow, or a very slow link, until pushes are answered at a rate.
	NearTrip = 15 * time.Millisecond
	WideTrip = 70 * time.Millisecond
	FarTrip  = 350 * time.Millisecond
	// MinWait and MaxWait bound the longest wait before the next try. In between it is an eighth of the silence so far,
	// so that a link that comes back is used soon, and a centre that comes back is not overrun. The wait itself is drawn
	// from zero up to that.
	MinWait = time.Second
	MaxWait = 5 * time.Minute

	// maxAgain bounds the sessions in a row that are begun anew at once: one for each history to be told of, and some.
	maxAgain = 4
)

// Rates of a link, in bytes of changes a second (a fourth of that goes over the wire): PoorRate is an old mobile network,
// GoodRate the edge of a new one; above FastRate the machines are the bottleneck.
const (
	PoorRate = 64 << 10
	GoodRate = 400 << 10
	FastRate = 4 << 20
)

// Conn is a connection to a centre.
type Conn interface {
	protocol.Conn
	// Binding is what the Hello is signed over.
	Binding() []byte
	// Bytes counts what has gone over the link.
	Bytes() (in, out int64)
	Close() error
}

// Dialer makes a connection, or fails with a fault.
type Dialer func(ctx context.Context) (Conn, error)

// Phase is what the engine is doing.
type Phase uint8

// The phases.
const (
	Offline Phase = iota // no link; the next try is at Status.NextTry
	Connecting
	Sending
	Receiving
	Idle // online, with nothing under way
)

// Status is a snapshot for the screen.
type Status struct {
	Phase       Phase
	Session     protocol.Progress
	LastContact time.Time // the last message from the centre, also of earlier runs of the program; zero: never
	NextTry     time.Time
	Fault       fault.Code // why the last session ended; empty after a good one
	In, Out     int64      // bytes over the link since the start
	ThisSession Traffic    // of the present or last session
	Month       Traffic    // of this calendar month, also of earlier runs of the program
	Photos      Photos
	Lost        bool          // the centre has said that this machine was lost
	ClockOff    time.Duration // the centre's clock minus ours at the last welcome
}

// Engine syncs one notebook. Make it with New; Run it once.
type Engine struct {
	nb      *notebook.Notebook
	dial    Dialer
	key     seal.ReplicaKey
	program string
	link    protocol.Link
	kept    time.Time // the last contact, as it is stored
	again   int       // sessions in a row that ended to be begun anew at once
	now     chan struct{}
	metered atomic.Bool
	once    atomic.Bool   // photos go all the same, until they are there
	turned  chan struct{} // one of the two was
	waiting int           // photos, when last counted
	meter   meter

	mu     sync.Mutex
	status Status
	watch  []chan struct{}
}

// New returns an engine that has not begun.
func New(nb *notebook.Notebook, key seal.ReplicaKey, program string, dial Dialer) *Engine {
	return &Engine{nb: nb, dial: dial, key: key, program: program, now: make(chan struct{}, 1), turned: make(chan struct{}, 1)}
}

// Status returns a snapshot.
func (e *Engine) Status() Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.status
}

// Watch returns a channel that receives when the status has altered; signals that nobody takes are not queued.
func (e *Engine) Watch() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.watch = append(e.watch, c)
	return c, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		for i, x := range e.watch {
			if x == c {
				e.watch = append(e.watch[:i:i], e.watch[i+1:]...)
				break
			}
		}
	}
}

func (e *Engine) set(f func(*Status)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	before := e.status
	f(&e.status)
	if e.status == before {
		return
	}
	for _, c := range e.watch {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Run keeps the notebook in sync until ctx ends, and the list up with what arrives; whatever fails in between is in the
// status, and tried again. It returns ctx's cause, or fault.Wiped when the centre knows that the keys of the notebook are gone.
func (e *Engine) Run(ctx context.Context) error {
	var wait sync.WaitGroup
	listing, stop := context.WithCancel(ctx)
	defer stop()
	wait.Go(func() { e.keepList(listing) })
	defer wait.Wait()
	if err := e.recall(ctx); err != nil { // the wait before the next try may be too short: that is all
		e.set(func(s *Status) { s.Fault = fault.CodeOf(err) })
	}
	for {
		_, err := e.session(ctx, nil)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if errors.Is(err, fault.Wiped) {
			e.set(func(s *Status) { s.Phase, s.Fault = Offline, fault.Wiped })
			stop()
			return err
		}
		if err := e.after(ctx, err); err != nil {
			return err
		}
	}
}

// Once syncs until everything saved has its receipt and nothing newer is at the centre. It tries again after faults of
// the link until ctx ends; other faults end it.
func (e *Engine) Once(ctx context.Context) error {
	if err := e.recall(ctx); err != nil {
		return err
	}
	for {
		done, err := e.session(ctx, e.settled)
		if done {
			return e.bringList(ctx)
		}
		if ctx.Err() != nil {
			return errors.Join(err, context.Cause(ctx))
		}
		if final(err) {
			return err
		}
		if err := e.after(ctx, err); err != nil {
			return err
		}
	}
}

// final reports whether trying again alone cannot help.
func final(err error) bool {
	switch fault.CodeOf(err) {
	case fault.Wiped, fault.WrongKey, fault.EnrolCodeUsed, fault.BadProtocol, fault.DiskFull, fault.DiskIO:
		return true
	}
	return false
}

// settled reports whether a session has nothing left to do now. Photos that are held back or refused are for another one.
func (e *Engine) settled(ctx context.Context, p protocol.Progress) bool {
	if !p.Caught || !p.Photos.Idle || !p.KeysIdle {
		return false
	}
	s, err := e.nb.Status(ctx)
	return err == nil && s.AtCentre == s.Saved
}

// after does what follows a session: what the fault asks for, and the wait before the next. It fails only when ctx ends.
func (e *Engine) after(ctx context.Context, err error) error {
	code := fault.CodeOf(err)
	if errors.Is(err, notebook.ErrAgain) || errors.Is(err, protocol.ErrStale) {
		if e.again++; e.again <= maxAgain {
			return nil
		}
	} else {
		e.again = 0
	}
	if code == fault.NotEnrolled {
		if err := e.nb.Forgotten(ctx); err != nil {
			code = fault.CodeOf(err) // the certificate is shown after the next try
		}
	}
	wait := e.pause()
	e.set(func(s *Status) { s.Phase, s.Fault, s.NextTry = Offline, code, time.Now().Add(wait) })
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-e.now:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// pause draws the wait before the next try.
func (e *Engine) pause() time.Duration {
	longest := MaxWait
	last := e.Status().LastContact
	if since := time.Since(last); !last.IsZero() && since >= 0 { // a contact in the future says that the clock was wrong
		longest = min(max(since/8, MinWait), MaxWait)
	}
	return rand.N(longest)
}

const settingContact = "last contact"

// recall takes the last contact over from earlier runs of the program, so that a restart does not shorten the wait of
// a machine that has long been alone.
func (e *Engine) recall(ctx context.Context) error {
	b, err := e.nb.Setting(ctx, settingContact)
	if len(b) == 8 {
		at := time.UnixMilli(int64(binary.LittleEndian.Uint64(b)))
		e.kept = at
		e.set(func(s *Status) { s.LastContact = at })
	}
	return errors.Join(err, e.recallTraffic(ctx))
}

// contactStep is how exact the last contact is kept: a durable write for each session would be dear.
const contactStep = time.Minute

func (e *Engine) remember(ctx context.Context) error {
	at := e.Status().LastContact
	if at.IsZero() || at.Sub(e.kept).Abs() < contactStep {
		return nil
	}
	if err := e.keepTraffic(ctx); err != nil {
		return err
	}
	err := e.nb.PutSetting(ctx, settingContact, binary.LittleEndian.AppendUint64(nil, uint64(at.UnixMilli())))
	if err == nil {
		e.kept = at
	}
	return err
}

// ListPause is how long the list may wait for pages to arrive: both write to one file, and what arrives is worth more.
const ListPause = 2 * time.Second

// keepList brings the list forward whenever something has arrived; while more is arriving, a piece now and then.
func (e *Engine) keepList(ctx context.Context) {
	changed, stop := e.nb.Watch()
	defer stop()
	for {
		e.letPass(ctx)
		more, err := e.nb.Project(ctx)
		if err != nil && ctx.Err() == nil {
			e.set(func(s *Status) { s.Fault = fault.CodeOf(err) })
		}
		if more && err == nil {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// letPass waits while pages arrive, up to ListPause.
func (e *Engine) letPass(ctx context.Context) {
	status, stop := e.Watch()
	defer stop()
	pause := time.NewTimer(ListPause)
	defer pause.Stop()
	for {
		if s := e.Status(); s.Phase == Offline || s.Phase == Connecting || s.Session.Caught {
			return
		}
		select {
		case <-status:
		case <-pause.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (e *Engine) bringList(ctx context.Context) error {
	for more := true; more; {
		var err error
		if more, err = e.nb.Project(ctx); err != nil {
			return err
		}
	}
	return nil
}
