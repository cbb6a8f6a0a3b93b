package console

import (
	"fmt"
	"html/template"
	"reflect"
	"time"

	"banlang/shared/clock"
	"banlang/shared/viet"
)

// How numbers and times are written, for templates: 1.234,5 · 97,13 % · dd/mm/yyyy · 14:02.

// AtLeast is a number of things, or the least that it can be: "5.000+".
func (q *Request) AtLeast(n int, exact bool) string {
	if exact {
		return q.Int(n)
	}
	return q.Int(n) + "+"
}

// Int is a whole number.
func (q *Request) Int(n any) string {
	switch x := reflect.ValueOf(n); {
	case x.CanInt():
		return viet.Int(x.Int())
	case x.CanUint():
		return viet.Int(int64(x.Uint())) //nolint:gosec // counts of records
	}
	return fmt.Sprint(n)
}

// Percent is part of whole, with two places; "–" of nothing.
func (q *Request) Percent(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	return viet.Percent(part, whole)
}

// PercentOf is Percent of counts.
func (q *Request) PercentOf(part, whole int) string { return q.Percent(int64(part), int64(whole)) }

// Day is a day as it is kept, yyyy-mm-dd, for people.
func (q *Request) Day(iso string) string { return viet.Date(iso) }

// millis is a moment in ms, of whatever clock.
func millis(when any) int64 {
	switch t := when.(type) {
	case int64: // record.Millis is one
		return t
	case clock.WallMillis:
		return int64(t)
	}
	return 0
}

func at(ms int64) time.Time { return time.UnixMilli(ms).In(viet.Zone) }

// Clock is a moment in ms: "14:02" today, "hôm qua 14:02", "17/11/2026 14:02"; "–" when it is not known.
func (q *Request) Clock(when any) string {
	ms := millis(when)
	if ms == 0 {
		return "–"
	}
	switch t := at(ms); daysBetween(t, q.now()) {
	case 0:
		return t.Format("15:04")
	case 1:
		return q.T("time.yesterday", "time", t.Format("15:04"))
	default:
		return t.Format("02/01/2006 15:04")
	}
}

// Stamp is a moment in ms, whole: "17/11/2026 14:02:05".
func (q *Request) Stamp(when any) string {
	ms := millis(when)
	if ms == 0 {
		return "–"
	}
	return at(ms).Format("02/01/2006 15:04:05")
}

// ISO is a moment in ms for machines.
func (q *Request) ISO(ms int64) string { return at(ms).Format(time.RFC3339) }

// Ago is how long ago a moment in ms was, roughly: "3 ngày trước".
func (q *Request) Ago(when any) string {
	ms := millis(when)
	if ms == 0 {
		return q.T("time.never")
	}
	d := q.now().Sub(at(ms))
	switch {
	case d < time.Minute:
		return q.T("time.now")
	case d < time.Hour:
		return q.T("time.minutes", "n", int(d/time.Minute))
	case daysBetween(at(ms), q.now()) == 0:
		return q.T("time.today", "time", at(ms).Format("15:04"))
	case daysBetween(at(ms), q.now()) == 1:
		return q.T("time.yesterday", "time", at(ms).Format("15:04"))
	}
	return q.T("time.days", "n", daysBetween(at(ms), q.now()))
}

// Span is a length of time in ms: "27 giờ 45 phút".
func (q *Request) Span(ms int64) string {
	minutes := ms / 60_000
	switch {
	case ms < 0:
		return "–"
	case minutes == 0:
		return q.T("span.seconds", "n", ms/1000)
	case minutes < 60:
		return q.T("span.minutes", "n", minutes)
	case minutes < 48*60:
		return q.T("span.hours", "h", minutes/60, "m", minutes%60)
	}
	return q.T("span.days", "n", minutes/60/24)
}

// daysBetween counts midnights.
func daysBetween(from, to time.Time) int {
	y, m, d := from.Date()
	y2, m2, d2 := to.Date()
	return int(time.Date(y2, m2, d2, 0, 0, 0, 0, time.UTC).Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}

// icon draws one of the icons in static/icons.svg. It says nothing: the word beside it does.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="ic" aria-hidden="true"><use href="` + staticPath("icons.svg") + `#` + template.HTMLEscapeString(name) + `"/></svg>`) //nolint:gosec // escaped
}

// Letter names answers that differ: A, B, C.
func (q *Request) Letter(i int) string { return string(rune('A' + i%26)) }

// Between is the time from one moment in ms to another, of whatever clocks.
func (q *Request) Between(from, to int64) string {
	if to < from {
		return q.T("span.earlier", "span", q.Span(from-to))
	}
	return q.Span(to - from)
}

// Millis is this moment in ms.
func (q *Request) Millis() int64 { return q.now().UnixMilli() }
