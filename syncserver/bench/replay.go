package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"banlang/syncserver/report"
	"banlang/syncserver/report/frozen"
	"banlang/syncserver/report/pivot"
)

// replay measures how long a report of all records takes to be frozen, and to be computed again from the changes.
func (c *crowded) replay(ctx context.Context, n int) error {
	order := frozen.Order{Title: "tất cả", Period: report.Period{From: "2025-01-01", To: "2025-12-31"}}
	for _, d := range report.Indicators() {
		if d.Measure != report.Rank && !d.Sensitive() { // how small numbers are hidden is measured elsewhere
			order.Tables = append(order.Tables, frozen.Layout{Indicator: d.ID, Columns: pivot.Axis{By: pivot.ByTime, Step: report.Quarter}})
		}
	}
	source := frozen.Source{Hub: c.hub, Views: c.views, Scratch: filepath.Join(c.dir, "scratch"), Wall: c.wall}
	start := time.Now()
	s, err := frozen.Freeze(ctx, source, order)
	if err != nil {
		return err
	}
	froze := time.Since(start)
	encoded, err := s.Bytes()
	if err != nil {
		return err
	}
	start = time.Now()
	o, err := frozen.Replay(ctx, source, frozen.Label{Digest: frozen.Digest(encoded)}, s, nil)
	if err != nil {
		return err
	}
	if !o.Equal() {
		return errors.New("a replay has other bytes")
	}
	took := time.Since(start)
	fmt.Printf("bench %-16s ours=%.0f(in %.1f s; frozen in %.2f s, %d tables) floor=absent (no peer replays)\n",
		"views-replay", float64(n)/took.Seconds(), took.Seconds(), froze.Seconds(), len(order.Tables))
	return nil
}
