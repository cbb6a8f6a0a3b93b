package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// Crowds are of notebooks in memory: what is measured is the centre, which cannot tell.

// reconnect lets devices that the centre knows write offline, and come back at the same moment.
func reconnect(ctx context.Context) error {
	ls, err := lines()
	if err != nil {
		return err
	}
	ds, err := enrolled(ctx, false, feedsOf(devices())...)
	if err != nil {
		return err
	}
	if err := inTurn(ctx, ds); err != nil {
		return err
	}
	if err := share(ctx, ds, ls); err != nil {
		return err
	}
	if err := ready(); err != nil {
		return err
	}
	r, err := timed(func() (int, error) { return len(ls), once(ctx, ds) })
	if err != nil {
		return err
	}
	r.count(ds)
	return r.print()
}

// inTurn lets the devices sync for the first time, some at a time.
func inTurn(ctx context.Context, ds []*device) error {
	for len(ds) > 0 {
		k := min(len(ds), 50)
		if err := once(ctx, ds[:k]); err != nil {
			return err
		}
		ds = ds[k:]
	}
	return nil
}

// idle opens sessions, prints a line when all are caught up, and holds them until its input ends.
func idle(ctx context.Context) error {
	ds, err := enrolled(ctx, false, feedsOf(devices())...)
	if err != nil {
		return err
	}
	var stops []func()
	for len(ds) > 0 {
		k := min(len(ds), 50)
		for _, d := range ds[:k] {
			stops = append(stops, d.run(ctx))
		}
		err := atOnce(ds[:k], func(_ int, d *device) error {
			return d.until(ctx, func() (bool, error) { return d.engine.Status().Session.Caught, nil })
		})
		if err != nil {
			return err
		}
		ds = ds[k:]
	}
	fmt.Println("open")
	_, err = io.Copy(io.Discard, os.Stdin)
	for _, stop := range stops {
		stop()
	}
	return errors.Join(err, result{N: len(stops)}.print())
}
