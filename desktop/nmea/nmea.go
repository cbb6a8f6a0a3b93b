// Package nmea owns where we are: the position that a GPS receiver on a serial port gives (NMEA 0183), and the positions that
// people type.
//
// A receiver is only listened to. Nothing is ever written to a port: what is plugged in may be a modem.
package nmea

import (
	"bufio"
	"context"
	"errors"
	"io"
	"time"

	"banlang/shared/fault"
)

// Quality is how a position was found, by the numbers of NMEA.
type Quality int

// The qualities of which a person hears.
const (
	NoFix        Quality = 0
	GPS          Quality = 1
	Differential Quality = 2
	PPS          Quality = 3
	RTK          Quality = 4
	FloatRTK     Quality = 5
	Estimated    Quality = 6 // and above: typed in, or simulated
)

// Fix is a position with what the receiver says of it.
type Fix struct {
	Position // its Acc is estimated from the HDOP

	Time       time.Time // UTC, of the satellites; zero if the receiver gave no day
	Quality    Quality
	Satellites int     // that are used
	HDOP       float64 // how much the places of the satellites in the sky worsen the position: 1 is good; 0 is not known
}

const (
	rangeError = 5.0 // metres that a plain receiver is off, at a HDOP of 1

	enoughSatellites = 4
	enoughHDOP       = 5.0
)

// Good says whether the fix may go into a record: measured, by at least four satellites that do not stand in one place.
func (f Fix) Good() bool {
	return f.Quality > NoFix && f.Quality < Estimated && f.Satellites >= enoughSatellites && f.HDOP > 0 && f.HDOP <= enoughHDOP
}

// first reads the sentences of a receiver until a fix is good, and gives that. It calls heard for each sentence. Until the fix,
// each state of the search goes to seen, which may be nil: how many satellites, and what is not yet good enough.
//
// Errors are faults: NoFix when ctx ended and the receiver had spoken, NoReceiver when it had not, or r ended; the error of
// ctx or r is the cause. A Read that has begun goes on after first came back, until it is answered or r is closed.
func first(ctx context.Context, r io.Reader, heard func(), seen func(Fix)) (Fix, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reports, failed := make(chan report), make(chan error, 1)
	go func() { failed <- hear(ctx, r, reports) }()

	spoken, search := false, search{}
	for {
		select {
		case r := <-reports:
			spoken = true
			heard()
			if fix, done := search.add(r, seen); done {
				return fix, nil
			}
		case err := <-failed:
			return Fix{}, fault.New(fault.NoReceiver, "nmea.first", err)
		case <-ctx.Done():
			code := fault.NoReceiver
			if spoken {
				code = fault.NoFix
			}
			return Fix{}, fault.New(code, "nmea.first", context.Cause(ctx))
		}
	}
}

// hear hands on the sentences of r until it ends or ctx does. A line without an end, as noise has, is dropped in pieces.
func hear(ctx context.Context, r io.Reader, reports chan<- report) error {
	lines := bufio.NewReaderSize(r, 512)
	for {
		line, err := lines.ReadSlice('\n')
		if sentence, ok := parse(string(line)); ok && err == nil {
			select {
			case reports <- sentence:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// search puts together what a receiver says of one moment in two sentences: how good the position is, and on which day. They
// come in any order; a receiver that never gives a day is believed the second time.
type search struct{ good, dated report }

func (s *search) add(r report, seen func(Fix)) (fix Fix, done bool) {
	switch r.kind {
	case "RMC":
		if r.valid {
			s.dated = r
		}
	case "GGA":
		if !r.valid || !r.fix.Good() {
			if seen != nil {
				seen(r.fix)
			}
			s.good = report{}
			return Fix{}, false
		}
		if s.good.valid && s.good.clock != r.clock {
			return r.fix, true
		}
		s.good = r
	default:
		return Fix{}, false
	}
	if !s.good.valid || !s.dated.valid || s.good.clock != s.dated.clock {
		return Fix{}, false
	}
	fix = s.good.fix
	fix.Time = s.dated.fix.Time
	return fix, true
}
