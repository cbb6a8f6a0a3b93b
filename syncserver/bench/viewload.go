package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
	"banlang/syncserver/report/grid"
	"banlang/syncserver/report/pivot"
)

// ingestGoal is the share of its rate that ingest keeps while the tables follow and pages are read.
const ingestGoal = 0.8

// pagesPerSecond are read while that is measured.
const pagesPerSecond = 5

// ingestRounds is how often it is measured alone and beside readers, in turns: so other load on the machine is with both.
const ingestRounds = 3

// ingest has the hub take records in, half of them alone, the others while the tables follow and pages are read.
func (c *crowded) ingest(ctx context.Context, n int) error {
	var alone, beside, share []float64
	var read pagesRead
	each := n / (2 * ingestRounds)
	for range ingestRounds {
		a, err := c.fill(ctx, each)
		if err != nil {
			return err
		}
		b, err := c.besideReaders(ctx, &read, each)
		if err != nil {
			return err
		}
		alone, beside, share = append(alone, a), append(beside, b), append(share, b/a)
	}
	lag, err := c.views.Lag(ctx)
	if err != nil {
		return err
	}
	said := "held"
	if median(share) < ingestGoal {
		said = "MISSED"
	}
	fmt.Printf("bench %-16s ours=%.0f(%.1f pages a second; the tables follow when nothing comes: %d places behind at the end) floor=%.0f(the same, alone, in turns) ratio=%.2f limit=%.2f(the ratio) %s\n",
		"views-ingest", median(beside), read.perSecond(), lag.Places, median(alone), median(share), ingestGoal, said)
	fmt.Printf("bench %-16s ours=%s(the slowest %s) floor=absent (%s) ratio=- limit=-\n", "views-beside", figure(median(read.took), ms), figure(read.most(), ms), noForms)
	return nil
}

// besideReaders is fill while the tables follow and pages are read.
func (c *crowded) besideReaders(ctx context.Context, read *pagesRead, n int) (perSecond float64, err error) {
	busy, stop := context.WithCancel(ctx)
	ended := make(chan error, 2)
	go func() { ended <- c.views.Run(busy) }()
	go func() { ended <- c.readers(busy, read) }()
	for range 2 { // the tables begin quickly, and give way when they see that something is written
		for moved, more := c.views.Moved(), true; more && err == nil; {
			_, err = c.fill(ctx, viewsPush)
			select {
			case <-moved:
				more = false
			default:
			}
		}
	}
	if err == nil {
		perSecond, err = c.fill(ctx, n)
	}
	stop()
	for range 2 {
		if e := <-ended; !errors.Is(e, context.Canceled) {
			err = errors.Join(err, e)
		}
	}
	return perSecond, err
}

// pagesRead are the pages that were read beside something.
type pagesRead struct {
	mu   sync.Mutex
	took []float64 // ms
	span time.Duration
}

func (p *pagesRead) add(took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.took = append(p.took, took.Seconds()*1000)
}

func (p *pagesRead) perSecond() float64 { return float64(len(p.took)) / p.span.Seconds() }

func (p *pagesRead) most() (most float64) {
	for _, t := range p.took {
		most = max(most, t)
	}
	return most
}

// readers begin pages of all kinds, so many a second, until ctx ends.
func (c *crowded) readers(ctx context.Context, read *pagesRead) error {
	view, scope, start := viewsTree(), country(), time.Now()
	kinds := []func(context.Context) error{
		func(ctx context.Context) error { return c.list(ctx, scope, projection.Filter{Text: "nuoc lu"}) },
		func(ctx context.Context) error { return c.gridOf(ctx, view, units.Root, "sessions") },
		func(ctx context.Context) error {
			return c.list(ctx, scope, projection.Filter{Form: "tip", From: "2025-03-01", To: "2025-05-31"})
		},
		func(ctx context.Context) error { return c.pivotOf(ctx, view, countryByMonth("AW_PARTICIPANTS")) },
		func(ctx context.Context) error { return c.list(ctx, scope, projection.Filter{}) },
	}
	tick := time.NewTicker(time.Second / pagesPerSecond)
	defer tick.Stop()
	failed := make(chan error, 1)
	var open sync.WaitGroup
	defer func() {
		open.Wait()
		read.span += time.Since(start)
	}()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-failed:
			return err
		case <-tick.C:
		}
		open.Go(func() {
			begun := time.Now()
			if err := kinds[i%len(kinds)](context.WithoutCancel(ctx)); err != nil {
				select {
				case failed <- err:
				default: // one is told
				}
			}
			read.add(time.Since(begun))
		})
	}
}

func (c *crowded) list(ctx context.Context, scope projection.Scope, f projection.Filter) error {
	_, err := c.views.List(ctx, scope, f, projection.Order{}, "", 50)
	return err
}

// gridOf computes who of the communes of a unit has reported what is expected, in each month of a year.
func (c *crowded) gridOf(ctx context.Context, view *units.View, root, plan string) error {
	all, err := grid.Plan()
	if err != nil {
		return err
	}
	return c.views.View(ctx, func(tx *sqlite.Tx) error {
		for _, e := range all {
			if e.ID != plan {
				continue
			}
			g, err := grid.Compute(tx, view, e, root, benchYear, time.Now(), nil)
			if err == nil && g.Steps[3].Received == 0 {
				err = errors.New("an empty grid")
			}
			return err
		}
		return errors.New("no such plan")
	})
}

// countryByMonth asks for an indicator of the provinces, in each month of a year.
func countryByMonth(id string) pivot.Query {
	return pivot.Query{Indicator: id, Root: units.Root, Reader: units.Root, Period: benchYear,
		Rows: pivot.Axis{By: pivot.ByUnit}, Columns: pivot.Axis{By: pivot.ByTime, Step: report.Month}}
}

// pivotOf computes a table of figures.
func (c *crowded) pivotOf(ctx context.Context, view *units.View, q pivot.Query) error {
	return c.views.View(ctx, func(tx *sqlite.Tx) error {
		_, err := pivot.Make(tx, view, q)
		return err
	})
}
