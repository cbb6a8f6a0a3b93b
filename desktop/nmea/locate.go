package nmea

import (
	"context"
	"errors"
	"io"
	"time"

	"banlang/shared/fault"
)

// Speeds at which receivers talk, in baud, the usual first. One that is plugged in by USB takes any.
var Speeds = []int{9600, 4800}

// patience is how long a port may be silent at a speed. A receiver speaks every second.
const patience = 3 * time.Second

// Locate listens to all serial devices at once and gives the first good fix that one of them has. What they have seen so far
// goes to seen, which may be nil; it is called by one goroutine at a time.
//
// Errors are faults: NoReceiver when there is no device, none can be opened, or none of them speaks NMEA, which is known after
// some seconds; NoFix when ctx ended while one was searching. A cold receiver under the open sky needs about a minute.
func Locate(ctx context.Context, seen func(Fix)) (Fix, error) {
	return locator{Open, func(int) time.Duration { return patience }}.locate(ctx, Devices(), seen)
}

type locator struct {
	open     func(device string, baud int) (io.ReadCloser, error)
	patience func(baud int) time.Duration
}

func (l locator) locate(ctx context.Context, devices []string, seen func(Fix)) (Fix, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type answer struct {
		fix Fix
		err error
	}
	// Nobody is waited for: to open a port of Bluetooth can take very long. Whoever comes late closes it and goes.
	answers, states := make(chan answer, len(devices)), make(chan Fix)
	tell := func(f Fix) {
		select {
		case states <- f:
		case <-ctx.Done():
		}
	}
	for _, device := range devices {
		go func() {
			fix, err := l.ask(ctx, device, tell)
			answers <- answer{fix, err}
		}()
	}
	var failed []error
	code := fault.NoReceiver
	for len(failed) < len(devices) {
		select {
		case f := <-states:
			code = fault.NoFix
			if seen != nil {
				seen(f)
			}
		case a := <-answers:
			if a.err == nil {
				return a.fix, nil
			}
			failed = append(failed, a.err)
		case <-ctx.Done():
			return Fix{}, fault.New(code, "nmea.Locate", ctx.Err())
		}
	}
	return Fix{}, fault.New(fault.NoReceiver, "nmea.Locate", errors.Join(append(failed, ctx.Err())...))
}

// ask listens to one device, at each speed until it is understood.
func (l locator) ask(ctx context.Context, device string, seen func(Fix)) (Fix, error) {
	var silent error
	for _, baud := range Speeds {
		port, err := l.open(device, baud)
		if err != nil {
			return Fix{}, err
		}
		fix, err := listen(ctx, port, l.patience(baud), seen)
		port.Close() // it was only read
		if err == nil || ctx.Err() != nil {
			return fix, err
		}
		silent = err
	}
	return Fix{}, silent
}

// listen is first, which gives up when it is not spoken to for so long.
func listen(ctx context.Context, port io.Reader, patience time.Duration, seen func(Fix)) (Fix, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := time.AfterFunc(patience, func() { cancel(errSilent) })
	defer silence.Stop()
	return first(ctx, port, func() { silence.Stop() }, seen)
}

var errSilent = errors.New("no sentence was heard")
