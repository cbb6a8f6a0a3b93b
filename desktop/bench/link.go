package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/record"
)

// feed is where one device pushes and others look; several devices at once have a unit each, as communes do.
const feed record.Feed = "B/ordinary"

func feedsOf(n int) (fs []record.Feed) {
	if n == 1 {
		return []record.Feed{feed}
	}
	for i := range n {
		fs = append(fs, record.NewFeed(fmt.Sprintf("B%d", i), "ordinary"))
	}
	return fs
}

// push lets devices import the records, each its share, and then sync until the last receipt.
func push(ctx context.Context) error {
	ls, err := lines()
	if err != nil {
		return err
	}
	ds, err := enrolled(ctx, true, feedsOf(devices())...)
	if err != nil {
		return err
	}
	if len(ds) > 1 { // a crowd is of machines that the centre knows; one alone is new, so that a bad link carries all of it
		if err := once(ctx, ds); err != nil {
			return err
		}
	}
	if err := share(ctx, ds, ls); err != nil {
		return err
	}
	if err := ready(); err != nil {
		return err
	}
	ds[0].trace(ctx)
	r, err := timed(func() (int, error) { return len(ls), once(ctx, ds) })
	if err != nil {
		return err
	}
	r.count(ds)
	if err := closeAll(ds); err != nil {
		return err
	}
	return r.print()
}

// share imports the lines, each device its part.
func share(ctx context.Context, ds []*device, ls []line) error {
	for i, d := range ds {
		if err := importLines(ctx, d.nb, ls[i*len(ls)/len(ds):(i+1)*len(ls)/len(ds)], d.feed); err != nil {
			return err
		}
	}
	return nil
}

func once(ctx context.Context, ds []*device) error {
	return atOnce(ds, func(_ int, d *device) error { return d.engine.Once(ctx) })
}

func (r *result) count(ds []*device) {
	for _, d := range ds {
		s := d.engine.Status()
		r.In, r.Out = r.In+s.In, r.Out+s.Out
	}
}

// pull lets a fresh notebook read everything. The clock stops when it holds all records and the cursor behind them; the
// list follows, and its time is told apart.
func pull(ctx context.Context) error {
	ds, err := enrolled(ctx, true, feed)
	if err != nil {
		return err
	}
	if err := ready(); err != nil {
		return err
	}
	d, start := ds[0], time.Now()
	defer d.run(ctx)()
	r, err := timed(func() (int, error) {
		n := 0
		err := d.until(ctx, func() (bool, error) {
			p := d.engine.Status().Session
			n = int(p.Taken)
			return p.Caught && n >= records(), nil
		})
		return n, err
	})
	if err != nil {
		return err
	}
	err = d.until(ctx, func() (bool, error) { lag, err := d.nb.Behind(ctx); return lag == 0, err })
	if err != nil {
		return err
	}
	r.List = time.Since(start).Seconds()
	return r.print()
}

// editor is a device that holds what is to be edited.
func editor(ctx context.Context, es []edit) (*device, []target, error) {
	ds, err := enrolled(ctx, true, feed)
	if err != nil {
		return nil, nil, err
	}
	if err := ds[0].engine.Once(ctx); err != nil {
		return nil, nil, err
	}
	ts, err := ds[0].targets(ctx, es)
	return ds[0], ts, err
}

// change is the edit as an officer makes it who looks at the record.
func (d *device) change(ctx context.Context, t target) (notebook.Entry, error) {
	v, err := d.nb.View(ctx, t.rec)
	if err != nil {
		return notebook.Entry{}, err
	}
	return notebook.Entry{Record: t.rec, Form: v.Form, Officer: "bench", Values: map[string]string{t.path: t.value},
		Saw: map[string][]record.Dot{t.path: v.Dots(t.path)}}, nil
}

// edits saves all edits and syncs until the last receipt.
func edits(ctx context.Context) error {
	es, err := read[edit](os.Getenv("EDITS"), records())
	if err != nil {
		return err
	}
	d, ts, err := editor(ctx, es)
	if err != nil {
		return err
	}
	for _, t := range ts {
		x, err := d.change(ctx, t)
		if err != nil {
			return err
		}
		if _, err := d.nb.Save(ctx, x); err != nil {
			return err
		}
	}
	if err := ready(); err != nil {
		return err
	}
	r, err := timed(func() (int, error) { return len(es), d.engine.Once(ctx) })
	if err != nil {
		return err
	}
	r.count([]*device{d})
	return r.print()
}

// latPause lies between two edits, as with the other peers.
const latPause = 15 * time.Millisecond

// lat measures from the moment before Save at A to the moment when B holds the change durably and has been told.
func lat(ctx context.Context) error {
	es, err := read[edit](os.Getenv("EDITS"), records())
	if err != nil {
		return err
	}
	a, ts, err := editor(ctx, es)
	if err != nil {
		return err
	}
	b, _, err := editor(ctx, es)
	if err != nil {
		return err
	}
	defer a.run(ctx)()
	defer b.run(ctx)()
	for _, d := range []*device{a, b} {
		if err := d.until(ctx, func() (bool, error) { return d.engine.Status().Session.Caught, nil }); err != nil {
			return err
		}
	}
	if err := ready(); err != nil {
		return err
	}
	var times []float64
	r, err := timed(func() (int, error) { times, err = exchange(ctx, a, b, ts); return len(ts), err })
	if err != nil {
		return err
	}
	r.Lat, r.Secs = times, 0
	for _, t := range times {
		r.Secs += t / 1000
	}
	return r.print()
}

func exchange(ctx context.Context, a, b *device, ts []target) (times []float64, err error) {
	for _, t := range ts {
		x, err := a.change(ctx, t)
		if err != nil {
			return nil, err
		}
		start := time.Now()
		if _, err := a.nb.Save(ctx, x); err != nil {
			return nil, err
		}
		err = b.until(ctx, func() (bool, error) {
			h, err := b.nb.History(ctx, t.rec)
			if err != nil || len(h) == 0 {
				return false, err
			}
			last := h[len(h)-1].Edit(t.path)
			return last != nil && last.Value == t.value && slices.Equal(last.Replaces, x.Saw[t.path]), nil
		})
		if err != nil {
			return nil, err
		}
		times = append(times, float64(time.Since(start).Microseconds())/1000)
		time.Sleep(latPause)
	}
	return times, nil
}
