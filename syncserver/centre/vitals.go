package centre

import (
	"context"
	"errors"
	"sync"
	"time"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Stuck is how long a commit may take before the centre counts as unable to commit.
const Stuck = 10 * time.Second

// maxWaiting is up to where waiting changes are counted for the vitals.
const maxWaiting = 10_000

// CommitBounds are the upper bounds, in seconds, of the classes in which commits are counted by duration.
var CommitBounds = [...]float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10}

// Vitals say how the centre is. They hold no personal data.
type Vitals struct {
	Epoch      record.Epoch
	End        ledger.Pos
	Waiting    int // changes that cannot be judged yet, counted up to maxWaiting
	Alarms     int64
	LastCommit time.Time  // of the last commit since the start
	Failed     fault.Code // of the commits that failed since then; empty: none
	Failures   uint64     // since the start
	Stuck      bool       // a commit has been running for longer than Stuck
	Commits    CommitTimes
	Hub        hub.Counters
	Behind     int           // places of the log that the views lack; 0 without views
	BehindFor  time.Duration // since the first change came that they lack
}

// Healthy reports whether the centre can commit, as far as it knows.
func (v *Vitals) Healthy() bool { return v.Failed == "" && !v.Stuck }

// CommitTimes count durable transactions by how long they took.
type CommitTimes struct {
	Count   uint64
	Seconds float64
	Within  [len(CommitBounds)]uint64 // by CommitBounds, each class with all below it
}

// watched is the hub's store with a hand on its pulse.
type watched struct {
	hub.Store
	mu       sync.Mutex
	began    time.Time // of the running transaction; zero: none
	last     time.Time
	failed   fault.Code
	failures uint64
	times    CommitTimes
}

// Update implements hub.Store.
func (w *watched) Update(ctx context.Context, f func(hub.Tx) error) error {
	start := time.Now()
	w.set(func() { w.began = start })
	var inner error
	err := w.Store.Update(ctx, func(tx hub.Tx) error {
		inner = f(tx)
		return inner
	})
	w.set(func() {
		w.began = time.Time{}
		switch {
		case err == nil:
			w.last, w.failed = time.Now(), ""
			w.times.add(time.Since(start).Seconds())
		case inner == nil && ctx.Err() == nil || ofTheDisk(err):
			w.failed = fault.CodeOf(err)
			w.failures++
		}
	})
	return err
}

func (w *watched) set(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func ofTheDisk(err error) bool {
	return errors.Is(err, fault.DiskIO) || errors.Is(err, fault.DiskFull) || errors.Is(err, fault.TornDatabase)
}

func (t *CommitTimes) add(seconds float64) {
	t.Count++
	t.Seconds += seconds
	for i, bound := range CommitBounds {
		if seconds <= bound {
			t.Within[i]++
		}
	}
}

// Vitals reads them. It may be called by anybody.
func (c *Centre) Vitals(ctx context.Context) (v Vitals, err error) {
	v.Epoch, v.Alarms, v.Hub = c.hub.Epoch(), c.hub.Alarms(), c.server.Counters()
	w := c.watched
	w.set(func() {
		v.LastCommit, v.Failed, v.Failures, v.Commits = w.last, w.failed, w.failures, w.times
		v.Stuck = !w.began.IsZero() && time.Since(w.began) > Stuck
	})
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		if v.End, err = tx.End(); err != nil {
			return err
		}
		places, err := tx.Waiting(1, maxWaiting)
		v.Waiting = len(places)
		return err
	})
	if c.views == nil || err != nil {
		return v, err
	}
	lag, err := c.views.Lag(ctx)
	if v.Behind = lag.Places; lag.Since > 0 {
		v.BehindFor = max(0, c.wall().Time().Sub(clock.WallMillis(lag.Since).Time()))
	}
	return v, err
}
