// Package clock owns the time of a writer: what is written beside a change as the
// moment it was made.
//
// That time is for people and chooses only which of several concurrent values is shown
// first; the order of changes comes from their numbers and from what each one replaces.
// So it need not be right, but it must do no harm: within the drift limit it never goes
// back, and no other machine's clock ever moves it.
//
// Nothing here looks at the clock of the machine by itself: a Wall is handed in.
package clock

import "time"

// WallMillis is a moment: milliseconds since the Unix epoch, UTC.
type WallMillis int64

// FromTime returns the moment of t, cut to the millisecond.
func FromTime(t time.Time) WallMillis { return WallMillis(t.UnixMilli()) }

// Time returns the moment as a time.Time in UTC.
func (w WallMillis) Time() time.Time { return time.UnixMilli(int64(w)).UTC() }

// A Wall tells the present moment. It may jump, stand still and be wrong by years. It
// may be called from any goroutine.
type Wall func() WallMillis

// System is the Wall of the machine.
func System() WallMillis { return FromTime(time.Now()) }

// MaxDrift is how far a writer's time may run ahead of the wall before it goes back to
// it. It is five minutes: more than a network time correction or a hand that sets a
// wrist-watch moves a clock, so that such a step back keeps the times of a writer
// rising; and little enough that a clock once wrong by hours or years does not stay
// wrong after it was set right.
const MaxDrift WallMillis = 5 * 60 * 1000

// A Writer stamps the changes of one writer. Its owner stores Last with every change
// and puts it back when the writer starts again; the zero Writer has stamped nothing. A
// Writer is not safe for concurrent use.
type Writer struct {
	Last WallMillis // the time given out last
}

// Stamp returns the time of the next change, given what the wall says, and remembers
// it. It is later than the last one, and not before the wall; only when the last one is
// more than MaxDrift ahead of the wall, it goes back to the wall.
func (w *Writer) Stamp(wall WallMillis) WallMillis {
	switch {
	case w.Last-wall > MaxDrift: // the wall was far ahead, and was set right
		w.Last = wall
	case w.Last >= wall:
		w.Last++
	default:
		w.Last = wall
	}
	return w.Last
}
