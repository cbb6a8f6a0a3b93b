package madeup

import (
	"math/rand/v2"
	"time"
)

// date is a day, counted from 1 January 2010.
type date int

var dayZero = time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)

// day reads yyyy-mm-dd; the text is one of this package and right.
func day(iso string) date {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		panic("madeup: " + err.Error())
	}
	return date(t.Sub(dayZero) / (24 * time.Hour))
}

func (d date) String() string { return dayZero.AddDate(0, 0, int(d)).Format(time.DateOnly) }

// span is a run of days, both ends included.
type span struct{ from, to date }

func (s span) any(r *rand.Rand) date { return s.from + date(r.IntN(int(s.to-s.from)+1)) }

// at gives the first day for 0 and the last for 1 where edges are wanted, so
// that a period cut short by a day loses something; else any day.
func (s span) at(i int, edges bool, r *rand.Rand) date {
	switch {
	case edges && i == 0:
		return s.from
	case edges && i == 1:
		return s.to
	}
	return s.any(r)
}
