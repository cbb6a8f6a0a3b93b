package form

import (
	"strings"
	"time"

	"banlang/shared/viet"
)

const momentLayout = "2006-01-02T15:04:05.000-07:00"

// Moment writes a point in time as a value of TypeDateTime, in the time of the country. Moments written by it sort like
// their times.
func Moment(t time.Time) string { return t.In(viet.Zone).Format(momentLayout) }

// ReadMoment reads a value of TypeDateTime; one without a zone is in the time of the country, one without an hour is its
// midnight there. It reports false for anything else.
func ReadMoment(value string) (time.Time, bool) {
	day, clock, _ := strings.Cut(value, "T")
	if !viet.ValidDate(day) {
		return time.Time{}, false
	}
	for _, layout := range []string{"", "15:04", "15:04:05", "15:04Z07:00", "15:04:05Z07:00", "15:04Z0700", "15:04:05Z0700"} {
		if t, err := time.ParseInLocation(layout, clock, viet.Zone); err == nil {
			d, _ := time.ParseInLocation(time.DateOnly, day, t.Location()) // a valid day
			return time.Date(d.Year(), d.Month(), d.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location()), true
		}
	}
	return time.Time{}, false
}
