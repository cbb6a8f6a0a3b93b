package xlsform

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Workbooks keep numbers and dates as numbers. As texts they are written the way pyxform, or Python, writes them.

// numberText writes a number that is kept as a text; whole numbers have no point.
func numberText(s string) string {
	if !strings.ContainsAny(s, ".eE") {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return floatText(f)
}

func floatText(f float64) string {
	switch size := math.Abs(f); {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(f, 'f', -1, 64), "+"))
	case f == math.Trunc(f):
		return strconv.FormatFloat(f, 'f', 0, 64)
	case size < 1e-4:
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func boolText(b bool) string {
	if b {
		return "TRUE"
	}
	return "FALSE"
}

// dateSystem is how a workbook counts days.
type dateSystem struct{ from1904 bool }

const (
	millisADay = 24 * 60 * 60 * 1000
	lastDay    = 2958465 // 9999-12-31
)

// text writes a count of days as a date and time, or a time alone; ok is false if it is no date.
func (d dateSystem) text(days float64) (text string, ok bool) {
	if !(0 <= days && days <= lastDay) {
		return "", false
	}
	day, fraction := math.Modf(days)
	millis := int64(math.RoundToEven(fraction * millisADay))
	if day == 0 && millis < millisADay {
		return clockText(time.UnixMilli(millis).UTC()), true
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if d.from1904 {
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if days < 60 {
		day++ // Excel takes 1900 for a leap year
	}
	t := epoch.AddDate(0, 0, int(day)).Add(time.Duration(millis) * time.Millisecond)
	return t.Format("2006-01-02 ") + clockText(t), true
}

// isAmbiguous reports whether a date of an old workbook falls into the days that Excel and the calendar count
// differently.
func (d dateSystem) isAmbiguous(days float64) bool { return !d.from1904 && 1 <= days && days < 61 }

func clockText(t time.Time) string {
	if t.Nanosecond() == 0 {
		return t.Format("15:04:05")
	}
	return t.Format("15:04:05.000000")
}

// isDateFormat reports whether a number format shows dates or times: it has one of their letters outside of quotes,
// escapes and brackets (but for [h] and the like) in its first part.
func isDateFormat(format string) bool {
	format, _, _ = strings.Cut(format, ";")
	if strings.EqualFold(format, "general") || strings.EqualFold(format, "standard") {
		return false
	}
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case '"', '[':
			closing := map[byte]string{'"': `"`, '[': "]"}[c]
			n := strings.Index(format[i+1:], closing)
			if n < 0 {
				return false
			}
			if inner := strings.Trim(strings.ToLower(format[i+1:i+1+n]), "hms"); c == '[' && n > 0 && inner == "" {
				return true
			}
			i += n + 1
		case '\\', '_', '*':
			i++
		default:
			if strings.IndexByte("dmhysDMHYS", c) >= 0 {
				return true
			}
		}
	}
	return false
}

// isDateFormatID reports whether a built-in format of this number shows dates or times.
func isDateFormatID(id int) bool { return 14 <= id && id <= 22 || 45 <= id && id <= 47 }
