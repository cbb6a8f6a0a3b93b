package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// trace tells on stderr, when TRACE is set, how the engine's session goes.
func (d *device) trace(ctx context.Context) {
	if os.Getenv("TRACE") == "" {
		return
	}
	start := time.Now()
	changed, stop := d.engine.Watch()
	go func() {
		defer stop()
		for {
			select {
			case <-changed:
				s := d.engine.Status()
				fmt.Fprintf(os.Stderr, "%8.3f phase %d sent %d acked %d of %d, caught %v, fault %q, next try in %v\n", time.Since(start).Seconds(), s.Phase,
					s.Session.Sent, s.Session.Pushed, s.Session.ToPush, s.Session.Caught, s.Fault, time.Until(s.NextTry).Round(time.Millisecond))
			case <-ctx.Done():
				return
			}
		}
	}()
}
