package xpath

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

func dateFunctions() map[string]*function {
	return map[string]*function{
		"now":               volatile(0, func(c *invocation) Value { return date(timeText(c.now())) }),
		"today":             volatile(0, func(c *invocation) Value { return date(dateText(c.now())) }),
		"date":              reading(1, 1, toDate),
		"date-time":         reading(1, 1, toDateTime),
		"decimal-date-time": reading(1, 1, decimalDateTime),
		"decimal-time":      reading(1, 1, decimalTime),
		"format-date":       reading(2, 2, formatDate),
		"format-date-time":  reading(2, 2, formatDate),
	}
}

// now reads the clock.
func (c *invocation) now() time.Time {
	if c.env.Now == nil {
		c.fail(CodeHost, "%s() is called, and no clock is given", c.name)
		return time.Time{}
	}
	return c.env.Now().In(c.env.zone())
}

// day is argument 0 as what dates are made of: a Number of days, a String that says a date, or a blank value, which
// stays blank. The text of a node is a number when it looks like one.
func (c *invocation) day() (v Value, ok bool) {
	v = c.value(0)
	if v.kind == NodeSetKind {
		v = String(c.spell(v))
		if f := ParseNumber(v.str); !math.IsNaN(f) {
			v = Number(f)
		}
	}
	return v, c.err == nil && !blank(v)
}

// moment reads what day gave, when it is no number.
func (c *invocation) moment(v Value) moment {
	m, ok := c.env.parseMoment(v.str)
	if !ok {
		c.fail(CodeValue, "“%s” is no date", v.String())
	}
	return m
}

// point is what day gave as a point in time. A number counts days, with a fraction, since the start of 1970 in UTC.
func (c *invocation) point(v Value) time.Time {
	if v.kind != NumberKind {
		return c.env.midnight(c.moment(v))
	}
	t, ok := c.env.momentOf(v.num)
	if !ok {
		c.fail(CodeValue, "%s is no number of days that a date can be made of", v.String())
	}
	return t
}

// toDate gives a date. A number counts days of the calendar; of a time, its local day is taken.
func toDate(c *invocation) Value {
	v, ok := c.day()
	if !ok {
		return v
	}
	if v.kind != NumberKind {
		return date(dateText(dateOf(c.moment(v).day)))
	}
	s, ok := dayText(v.num)
	if !ok {
		c.fail(CodeValue, "%s is no number of days that a date can be made of", v.String())
	}
	return date(s)
}

// toDateTime gives a date and time.
func toDateTime(c *invocation) Value {
	v, ok := c.day()
	if !ok {
		return v
	}
	return date(timeText(c.point(v)))
}

// decimalDateTime gives days with a fraction, since the start of 1970 in UTC; a date stands for its local midnight.
func decimalDateTime(c *invocation) Value {
	v, ok := c.day()
	switch {
	case !ok:
		return Number(math.NaN())
	case v.kind == NumberKind:
		return v
	}
	return Number(utcDays(c.point(v)))
}

// decimalTime gives the part of the local day that has passed, of a time of day or of a date and time.
func decimalTime(c *invocation) Value {
	v, ok := c.day()
	switch {
	case !ok:
		return Number(math.NaN())
	case v.kind == NumberKind:
		return Number(v.num - math.Floor(v.num))
	}
	if m, ok := c.env.parseMoment(v.str); ok {
		return Number(clockOf(c.env.midnight(m)).fraction())
	}
	at, zone, ok := parseClock(trimmed(v.str))
	if !ok {
		return c.fail(CodeValue, "“%s” is no time", v.String())
	}
	return Number(c.localClock(at, zone).fraction())
}

// localClock moves a time of day into the local zone, by the offset of today; without a clock, by that of 1970.
func (c *invocation) localClock(at clock, zone *time.Location) clock {
	if zone == nil {
		return at
	}
	today := time.Unix(0, 0)
	if c.env.Now != nil {
		today = c.env.Now()
	}
	y, m, d := today.In(zone).Date()
	return clockOf(time.Date(y, m, d, at.hour, at.minute, at.second, at.nano, zone).In(c.env.zone()))
}

func formatDate(c *invocation) Value {
	v, ok := c.day()
	if !ok {
		return String("")
	}
	t, format := c.point(v), c.text(1)
	if c.err != nil {
		return String("")
	}
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		if i == len(format) {
			return c.fail(CodeValue, "the format ends with %%")
		}
		s, ok := c.env.datePart(t, format[i])
		if !ok {
			return c.fail(CodeValue, "the format has %%%c, which is not known", format[i])
		}
		b.WriteString(s)
	}
	return c.made(b.String())
}

// datePart is what %code stands for.
func (e *Env) datePart(t time.Time, code byte) (string, bool) {
	switch code {
	case '%':
		return "%", true
	case 'Y':
		return fmt.Sprintf("%04d", t.Year()), true
	case 'y':
		return fmt.Sprintf("%02d", t.Year()%100), true
	case 'm':
		return fmt.Sprintf("%02d", t.Month()), true
	case 'n':
		return strconv.Itoa(int(t.Month())), true
	case 'b':
		return e.calendar().Months[t.Month()-1], true
	case 'd':
		return fmt.Sprintf("%02d", t.Day()), true
	case 'e':
		return strconv.Itoa(t.Day()), true
	case 'a':
		return e.calendar().Days[t.Weekday()], true
	case 'W':
		_, week := t.ISOWeek()
		return strconv.Itoa(week), true
	}
	return clockPart(t, code)
}

func clockPart(t time.Time, code byte) (string, bool) {
	switch code {
	case 'H':
		return fmt.Sprintf("%02d", t.Hour()), true
	case 'h':
		return strconv.Itoa(t.Hour()), true
	case 'M':
		return fmt.Sprintf("%02d", t.Minute()), true
	case 'S':
		return fmt.Sprintf("%02d", t.Second()), true
	case '3':
		return fmt.Sprintf("%03d", t.Nanosecond()/1e6), true
	}
	return "", false
}

// english are the names that format-date() writes when the Env has no others.
var english = Calendar{
	Months: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	Days:   [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
}

func (e *Env) calendar() *Calendar {
	if e.Calendar == nil {
		return &english
	}
	return e.Calendar
}
