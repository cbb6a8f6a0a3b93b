package xpath

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// moment is what a string of the form of a date or of a date and time says.
type moment struct {
	day  int64     // of the local calendar; 1970-01-01 is 0
	at   time.Time // in the local zone; of a date without a time of day, zero
	date bool      // no time of day
}

const day = 24 * time.Hour

// days is the moment as a number: the days of the calendar since 1970-01-01, and for a time the part of the day that
// has passed on the local clock. So a date and its midnight are the same number.
func (m moment) days() float64 {
	if m.date {
		return float64(m.day)
	}
	return float64(m.day) + clockOf(m.at).fraction()
}

// utcDays is a point in time as days, with a fraction, since the start of 1970 in UTC.
func utcDays(t time.Time) float64 { return float64(t.UnixMilli()) / float64(day/time.Millisecond) }

// civilDay numbers the days of the calendar; 1970-01-01 is 0. It counts in years that begin in March, so that the leap
// day is the last of them.
func civilDay(y int, m time.Month, d int) int64 {
	month := (int(m) + 9) % 12
	if m < time.March {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	y -= era * 400
	return int64(era)*146097 + int64(y*365+y/4-y/100+(month*153+2)/5+d-1) - 719468
}

// dateOf is the date of a number of days, at midnight in UTC.
func dateOf(day int64) time.Time { return time.Unix(day*24*60*60, 0).UTC() }

// daysBetween returns how many days to is after from. When one of them is a date, only the local calendar counts:
// every time of a day is equal to the date of it, as in JavaRosa.
func (e *Env) daysBetween(from, to moment) float64 {
	if from.date || to.date {
		return float64(to.day - from.day)
	}
	return float64(to.at.UnixMilli()-from.at.UnixMilli()) / float64(day/time.Millisecond)
}

// midnight returns the moment as a point in time: of a date, the start of that day in the local zone.
func (e *Env) midnight(m moment) time.Time {
	if !m.date {
		return m.at
	}
	y, mo, d := dateOf(m.day).Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, e.zone())
}

// DateTime reads text of the form of a date or of a date and time, and writes it as ODK stores a date and time, in the
// local zone; of a date, its midnight there. It is false for any other text.
func (e *Env) DateTime(s string) (string, bool) {
	m, ok := e.parseMoment(s)
	if !ok {
		return "", false
	}
	return timeText(e.midnight(m)), true
}

// dateText writes a date as ODK stores it.
func dateText(t time.Time) string {
	y, m, d := t.Date()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

// timeText writes a date and time as ODK stores it, with milliseconds and the offset.
func timeText(t time.Time) string { return t.Format("2006-01-02T15:04:05.000-07:00") }

// parseMoment reads YYYY-MM-DD, and YYYY-MM-DDThh:mm, with seconds, a fraction and an offset where they are given.
// Month and day may lack the leading zero. A time without an offset is local. A day that the calendar does not have is
// refused.
func (e *Env) parseMoment(s string) (moment, bool) {
	s = trimmed(s)
	if len(s) < len("1970-1-1") || s[4] != '-' {
		return moment{}, false
	}
	date, clock, timed := strings.Cut(s, "T")
	y, m, d, ok := parseDay(date)
	if !ok {
		return moment{}, false
	}
	if !timed {
		return moment{day: civilDay(y, m, d), date: true}, true
	}
	since, zone, ok := parseClock(clock)
	if !ok {
		return moment{}, false
	}
	if zone == nil {
		zone = e.zone()
	}
	t := time.Date(y, m, d, since.hour, since.minute, since.second, since.nano, zone).In(e.zone())
	return moment{day: civilDay(t.Date()), at: t}, true
}

func parseDay(s string) (y int, m time.Month, d int, ok bool) {
	year, rest, _ := strings.Cut(s, "-")
	month, dayOfMonth, _ := strings.Cut(rest, "-")
	if len(year) != 4 {
		return 0, 0, 0, false
	}
	y, m, d = count(year, 4), time.Month(count(month, 2)), count(dayOfMonth, 2)
	ok = y >= 0 && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m)
	return y, m, d, ok
}

func daysIn(y int, m time.Month) int {
	switch {
	case m == time.February && y%4 == 0 && (y%100 != 0 || y%400 == 0):
		return 29
	case m == time.February:
		return 28
	case m == time.April || m == time.June || m == time.September || m == time.November:
		return 30
	}
	return 31
}

// count reads up to width digits; -1: it is something else.
func count(s string, width int) int {
	if s == "" || len(s) > width {
		return -1
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// clock is a time of day.
type clock struct{ hour, minute, second, nano int }

func clockOf(t time.Time) clock { return clock{t.Hour(), t.Minute(), t.Second(), t.Nanosecond()} }

// fraction is the part of the day that has passed, in milliseconds.
func (c clock) fraction() float64 {
	ms := ((c.hour*60+c.minute)*60+c.second)*1000 + c.nano/1e6
	return float64(ms) / float64(day/time.Millisecond)
}

// parseClock reads hh:mm, hh:mm:ss, hh:mm:ss.fff, and behind it Z, ±hh, ±hhmm or ±hh:mm. The zone is nil without one.
func parseClock(s string) (clock, *time.Location, bool) {
	zone, ok := (*time.Location)(nil), true
	if z := strings.TrimSuffix(s, "Z"); z != s {
		s, zone = z, time.UTC
	} else if i := strings.LastIndexAny(s, "+-"); i >= 0 {
		zone, ok = parseOffset(s[i:])
		s = s[:i]
	}
	if !ok {
		return clock{}, nil, false
	}
	parts := strings.Split(s, ":")
	if len(parts) != 2 && len(parts) != 3 {
		return clock{}, nil, false
	}
	c := clock{hour: count(parts[0], 2), minute: count(parts[1], 2)}
	if len(parts) == 3 {
		whole, fraction, _ := strings.Cut(parts[2], ".")
		c.second, c.nano = count(whole, 2), nanos(fraction)
	}
	fits := inRange(c.hour, 23) && inRange(c.minute, 59) && inRange(c.second, 59) && c.nano >= 0
	return c, zone, fits
}

func inRange(n, most int) bool { return n >= 0 && n <= most }

// nanos reads the digits behind the point of a second; -1: they are none.
func nanos(digits string) int {
	if digits == "" {
		return 0
	}
	if len(digits) > 9 {
		digits = digits[:9]
	}
	n := count(digits, 9)
	if n < 0 {
		return -1
	}
	for range 9 - len(digits) {
		n *= 10
	}
	return n
}

func parseOffset(s string) (*time.Location, bool) {
	digits := strings.Replace(s[1:], ":", "", 1)
	hours, minutes := count(digits, 2), 0
	if len(digits) == 4 {
		hours, minutes = count(digits[:2], 2), count(digits[2:], 2)
	}
	if !inRange(hours, 23) || !inRange(minutes, 59) {
		return nil, false
	}
	seconds := (hours*60 + minutes) * 60
	if s[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone("", seconds), true
}

// The numbers that become dates: the years 0000 to 9999, which is what can be written.
const (
	firstDay = -719528
	lastDay  = 2932896
)

// dayText turns a number of days into a date.
func dayText(days float64) (string, bool) {
	days = math.Trunc(days)
	if !(days >= firstDay && days <= lastDay) {
		return "", false
	}
	return dateText(dateOf(int64(days))), true
}

// momentOf turns a number of days, with a fraction, into a point in time.
func (e *Env) momentOf(days float64) (time.Time, bool) {
	if !(days > firstDay && days < lastDay) {
		return time.Time{}, false
	}
	ms := math.Round(days * float64(day/time.Millisecond))
	return time.UnixMilli(int64(ms)).In(e.zone()), true
}
