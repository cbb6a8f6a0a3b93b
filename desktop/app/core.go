package app

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"banlang/desktop/nmea"
	"banlang/shared/clock"
	"banlang/shared/record"
)

// Part names what of the view state has changed; parts may be joined by |.
type Part uint16

// The parts.
const (
	PartPage     Part = 1 << iota // another page, or another language or text size: draw all
	PartSignIn                    // the sign-in page, or that of a machine without a notebook
	PartList                      // the rows of the list, its filters or its selection
	PartDetail                    // the record beside the list
	PartDraft                     // when the draft was saved, and its trouble
	PartForm                      // values, rows or problems of the form being filled in
	PartConflict                  // the answers to choose from
	PartSync                      // the sync bar and page
	PartToast                     // the line that offers an undo
	PartNav                       // the counts beside the navigation
	PartClock                     // the minute in the bar
	PartRaise                     // the window is to come to the front
	PartOrders                    // the directives, or the one that is open
	PartFlash                     // the flash reports
)

// After runs f once after d, in any goroutine, and returns what stops it.
type After func(d time.Duration, f func()) (stop func())

// Options are what an App is made of.
type Options struct {
	Book    // the notebook that is open; the App itself opens and closes it, through the door
	Door    Door
	Prefs   Preferences // nil: none are kept
	Wall    clock.Wall
	Zone    *time.Location // of the times shown; nil: the machine's
	After   After          // nil: the machine's timers
	Version string         // of the program
	Print   Printer        // nil: nothing can be printed here
	Enrol   Enroller       // nil: the machine has its notebook

	Position func(ctx context.Context) (nmea.Position, error) // where the machine stands; nil: it cannot say
}

// core is what all pages share: the notebook, the language, and the one way to work beside the screen.
//
// All of an App belongs to the goroutine of the screen. Work that may wait for the disk runs in goroutines that touch
// the notebook only, and hands a function back through post.
type core struct {
	o       Options
	lang    string
	post    func(func())
	listen  func(Part)
	started atomic.Bool     // post and listen are there
	ctx     context.Context // of the opening of the notebook; without one, of the sign-in
	cancel  context.CancelFunc
	working sync.WaitGroup
	opening atomic.Int64 // counts openings and closings: what belongs to another than the present one is dropped
	jobs    int          // begun and not handed back yet
	noting  sync.Mutex   // of small settings that are read, altered and put back
}

// begin starts an opening: work goes with it.
func (c *core) begin() {
	c.cancel()
	c.opening.Add(1)
	c.ctx, c.cancel = context.WithCancel(context.Background())
}

// end ends the work of an opening, and waits for it. What it would have handed back is dropped.
func (c *core) end() {
	c.cancel()
	c.opening.Add(1)
	c.working.Wait()
	c.jobs = 0
	c.ctx, c.cancel = context.WithCancel(context.Background())
}

// run does work beside the screen and then calls what it returned on the screen's goroutine.
func (c *core) run(work func(ctx context.Context) (then func())) {
	c.jobs++
	ctx, onScreen := c.ctx, c.onScreen()
	c.working.Go(func() {
		then := work(ctx)
		onScreen(func() {
			c.jobs--
			then()
		})
	})
}

// onScreen gives what hands functions to the screen's goroutine; when the notebook was closed or opened in between they are
// dropped.
func (c *core) onScreen() func(func()) {
	opening := c.opening.Load()
	return func(f func()) {
		if c.opening.Load() != opening {
			return
		}
		c.post(func() {
			if c.opening.Load() == opening {
				f()
			}
		})
	}
}

// after calls f on the screen's goroutine when d has passed, unless it is stopped or the notebook was closed.
func (c *core) after(d time.Duration, f func()) (stop func()) {
	onScreen := c.onScreen()
	return c.o.After(d, func() { onScreen(f) })
}

// show tells the window what to draw anew.
func (c *core) show(p Part) {
	if c.listen != nil {
		c.listen(p)
	}
}

func machineAfter(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// now is the present moment on this machine.
func (c *core) now() time.Time { return c.o.Wall().Time().In(c.o.Zone) }

func (c *core) at(m record.Millis) time.Time { return time.UnixMilli(m).In(c.o.Zone) }

// clockTime is how a moment is said: "14:02" today, "17/11 14:02" this year, "17/11/2025 14:02" before.
func (c *core) clockTime(t time.Time) string {
	now := c.now()
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("02/01 15:04")
	}
	return t.Format("02/01/2006 15:04")
}

// gather calls f once some time after the first of many signals, and again only when more have come since: so a burst
// of changes costs one redrawing.
type gather struct {
	c             *core
	pause         time.Duration
	f             func()
	resting, more bool
}

func (g *gather) signal() {
	if g.resting {
		g.more = true
		return
	}
	g.resting = true
	g.c.after(g.pause, g.rested)
	g.f()
}

func (g *gather) rested() {
	g.resting = false
	if g.more {
		g.more = false
		g.signal()
	}
}

// Working reports whether work beside the screen has not come back yet.
func (c *core) Working() bool { return c.jobs > 0 }
