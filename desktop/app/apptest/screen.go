package apptest

import (
	"context"
	"sync"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/record"
)

// Screen stands for the goroutine of the window: it runs what is posted to it when the test lets it, and its timers go
// when the test moves the clock.
type Screen struct {
	Drawn app.Part // what was told to be drawn anew since the test last looked
	Draw  func()   // is called whenever something is to be drawn anew; may be nil

	m      *Machine
	mu     sync.Mutex
	posted *sync.Cond
	queue  []func()
	timers []*timer

	changed <-chan struct{} // of the real notebook; nil: the program does not watch it
	passOn  chan struct{}   // to the program
	broken  error           // what the disk says to every draft, if anything
	held    map[string]chan struct{}
	cut     int
}

type timer struct {
	due     time.Time
	f       func()
	stopped bool
}

func newScreen(m *Machine) *Screen {
	s := &Screen{m: m, passOn: make(chan struct{})}
	s.posted = sync.NewCond(&s.mu)
	return s
}

// Post takes a function to be run on the screen.
func (s *Screen) Post(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, f)
	s.posted.Signal()
}

// next takes the oldest posted function; nil when there is none and none is waited for.
func (s *Screen) next(wait bool) func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) == 0 {
		if !wait {
			return nil
		}
		s.posted.Wait()
	}
	f := s.queue[0]
	s.queue = s.queue[1:]
	return f
}

// Settle runs everything that is due now, with the clock standing still, until nothing is left to do.
func (s *Screen) Settle() {
	for {
		if f := s.next(s.m.App.Working()); f != nil {
			f()
			continue
		}
		if !s.pass(s.changed, s.passOn) && !s.pass(s.m.Engine.changed, s.m.Engine.passOn) {
			return
		}
	}
}

// pass hands one signal on to the program, which answers by one posted function.
func (s *Screen) pass(from <-chan struct{}, to chan<- struct{}) bool {
	select {
	case <-from:
	default:
		return false
	}
	if to == nil {
		return true
	}
	to <- struct{}{}
	s.next(true)()
	return true
}

func (m *Machine) settleIfOn() {
	if m.Screen != nil && m.changed != nil {
		m.Settle()
	}
}

func (s *Screen) after(d time.Duration, f func()) (stop func()) {
	t := &timer{due: s.m.V.Wall().Time().Add(d), f: f}
	s.timers = append(s.timers, t)
	return func() { t.stopped = true }
}

// Wait lets time pass: timers go in their order, and everything settles after each.
func (s *Screen) Wait(d time.Duration) {
	end := s.m.V.Wall().Time().Add(d)
	s.Settle()
	for {
		t := s.earliest(end)
		if t == nil {
			break
		}
		if gap := t.due.Sub(s.m.V.Wall().Time()); gap > 0 {
			s.m.V.Pass(gap)
		}
		t.stopped = true
		t.f()
		s.Settle()
	}
	if gap := end.Sub(s.m.V.Wall().Time()); gap > 0 {
		s.m.V.Pass(gap)
	}
}

// SetBack sets the clock of the machine back, as a hand or the network does: what was to be done in a while is done after that while.
func (s *Screen) SetBack(d time.Duration) {
	s.Settle()
	s.m.V.Pass(-d)
	for _, t := range s.timers {
		t.due = t.due.Add(-d)
	}
}

func (s *Screen) earliest(end time.Time) (first *timer) {
	for _, t := range s.timers {
		if !t.stopped && !t.due.After(end) && (first == nil || t.due.Before(first.due)) {
			first = t
		}
	}
	return first
}

// Break makes every write of a draft fail, as a full disk does; Mend ends it.
func (s *Screen) Break(code fault.Code) { s.mu.Lock(); s.broken = code; s.mu.Unlock() }

// Mend ends what Break began.
func (s *Screen) Mend() { s.mu.Lock(); s.broken = nil; s.mu.Unlock() }

// Hold keeps back the answer to a search for records of a form, as a slow disk does, until Release.
func (s *Screen) Hold(form string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = map[string]chan struct{}{form: make(chan struct{})}
}

// Release lets the answer come.
func (s *Screen) Release(form string) { close(s.held[form]) }

// Cut is how many searches were given up while they were held.
func (s *Screen) Cut() int { s.mu.Lock(); defer s.mu.Unlock(); return s.cut }

// Until runs what is posted, waiting for it, until done says so.
func (s *Screen) Until(done func() bool) {
	for !done() {
		s.next(true)()
	}
}

// book is the real notebook, whose signals the screen hands on one by one.
type book struct {
	*notebook.Notebook
	s *Screen
}

func (b *book) Watch() (<-chan struct{}, func()) {
	changed, stop := b.Notebook.Watch()
	b.s.changed = changed
	return b.s.passOn, func() {
		stop()
		b.s.changed = nil // nobody takes its signals any more
	}
}

func (b *book) Search(ctx context.Context, q notebook.Query) ([]record.Dot, error) {
	b.s.mu.Lock()
	held := b.s.held[q.Form]
	b.s.mu.Unlock()
	if held != nil {
		<-held
		if ctx.Err() != nil {
			b.s.mu.Lock()
			b.s.cut++
			b.s.mu.Unlock()
		}
	}
	return b.Notebook.Search(ctx, q)
}

func (b *book) SaveDraft(ctx context.Context, d notebook.Draft) (notebook.DraftID, error) {
	b.s.mu.Lock()
	broken := b.s.broken
	b.s.mu.Unlock()
	if broken != nil {
		return 0, broken
	}
	return b.Notebook.SaveDraft(ctx, d)
}

// Engine stands for the engine that talks to the centre: the test says what it is doing.
type Engine struct {
	Asked int  // how often the officer pressed Send now
	Costs bool // the network costs money

	mu      sync.Mutex
	status  app.SyncStatus
	changed chan struct{}
	passOn  chan struct{}
	screen  *Screen
}

// Set changes what the engine is doing, and lets the screen see it.
func (e *Engine) Set(st app.SyncStatus) {
	e.mu.Lock()
	e.status = st
	e.mu.Unlock()
	e.changed <- struct{}{}
	e.screen.Settle()
}

// Status implements app.Sync.
func (e *Engine) Status() app.SyncStatus {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.status
}

// Watch implements app.Sync.
func (e *Engine) Watch() (<-chan struct{}, func()) {
	e.passOn = make(chan struct{})
	return e.passOn, func() { e.passOn = nil }
}

// SendNow implements app.Sync.
func (e *Engine) SendNow() { e.Asked++ }

// Metered implements app.Sync.
func (e *Engine) Metered(yes bool) { e.Costs = yes }
