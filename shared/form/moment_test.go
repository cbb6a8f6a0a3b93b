package form

import (
	"testing"
	"time"
)

// TestMoments: what is written is read as the same moment; what others write is read in its own zone, or the country's.
func TestMoments(t *testing.T) {
	at := time.Date(2026, 11, 19, 7, 2, 2, 345e6, time.UTC)
	written := Moment(at)
	if written != "2026-11-19T14:02:02.345+07:00" {
		t.Errorf("written as %q", written)
	}
	for value, want := range map[string]time.Time{
		written: at, "2026-11-19T14:02": at.Truncate(time.Minute), "2026-11-19T14:02:02": at.Truncate(time.Second),
		"2026-11-19T14:02:02.345+0700": at, "2026-11-19T07:02:02Z": at.Truncate(time.Second),
		"2026-11-19T09:02:02.345+02:00": at, "2026-11-19": time.Date(2026, 11, 18, 17, 0, 0, 0, time.UTC),
	} {
		if got, ok := ReadMoment(value); !ok || !got.Equal(want) {
			t.Errorf("%q is read as %v, %v", value, got, ok)
		}
	}
	for _, value := range []string{"", "14:02", "2026-02-30T14:02", "2026-11-19T25:00", "?19/11"} {
		if got, ok := ReadMoment(value); ok {
			t.Errorf("%q is read as %v", value, got)
		}
	}
}
