package app

import (
	"strconv"
	"strings"
	"time"

	"banlang/desktop/nmea"
	"banlang/shared/form"
	"banlang/shared/viet"
)

// What hands type, and what it is kept as. Text that cannot be read as what its field wants stays as it was typed.

// unread stands before a typed text that the field cannot read, as a number or a day. It lives in drafts only: a form
// with such a field is not finished.
const unread = "?"

// readsText reports whether a field makes something else of what is typed.
func readsText(f *form.Field) bool {
	switch f.Type {
	case form.TypeInt, form.TypeDecimal, form.TypeDate, form.TypeTime, form.TypeDateTime, form.TypePlace:
		return true
	}
	return false
}

// kept is the value of what stands in an entry after a key.
func (e *Editor) kept(f *form.Field, typed string) string {
	typed = viet.NFC(typed)
	trimmed := strings.TrimSpace(typed)
	if trimmed == "" {
		return ""
	}
	value, ok := trimmed, true
	switch {
	case f.Type == form.TypeInt || f.Type == form.TypeDecimal:
		value, ok = viet.ParseNumber(typed)
	case f.Type == form.TypeDate:
		value, ok = viet.ParseDate(typed)
	case f.Type == form.TypeTime:
		value, ok = readTime(trimmed, e.a.now())
	case f.Type == form.TypeDateTime:
		value, ok = readMoment(trimmed, e.a.now(), viet.ParseDate)
	case f.Type == form.TypePlace && f.Points:
		value, ok = readPoints(trimmed)
	case f.Type == form.TypePlace:
		value, ok = readPlace(trimmed)
	case f.Grouped:
		value = ungrouped(trimmed)
	case f.Lines:
		value = typed
	}
	if !ok {
		return unread + typed
	}
	return value
}

// left is the value of what was typed otherwise than it is kept, when its entry is left: a day without its year, a figure with
// the per cent that is asked for.
func (e *Editor) left(f *form.Field, typed string) (value string, ok bool) {
	today := e.a.now()
	switch f.Type {
	case form.TypeDate:
		return ReadDate(typed, today)
	case form.TypeDateTime:
		return readMoment(typed, today, func(day string) (string, bool) { return ReadDate(day, today) })
	case form.TypeInt, form.TypeDecimal:
		if figure, sign := strings.CutSuffix(strings.TrimSpace(typed), "%"); sign && strings.Contains(e.filling.LabelOf(f.Path), "%") {
			return viet.ParseNumber(figure)
		}
	}
	return "", false
}

// written is what stands in an entry for a value: a number with its separators, a day as dd/mm/yyyy, and what could not
// be read as it was typed.
func written(f *form.Field, value string) string {
	if typed, bad := strings.CutPrefix(value, unread); bad && readsText(f) {
		return typed
	}
	switch {
	case f.Type == form.TypeInt || f.Type == form.TypeDecimal:
		return viet.Number(value)
	case f.Grouped && value == ungrouped(value):
		return viet.Number(value)
	case f.Type == form.TypeDate:
		return viet.Date(value)
	case f.Type == form.TypeTime && len(value) > 5:
		return value[:5]
	case f.Type == form.TypeDateTime:
		day, clock, _ := strings.Cut(value, "T")
		return strings.TrimSpace(viet.Date(day) + " " + clock[:min(5, len(clock))])
	case f.Type == form.TypePlace:
		return viet.Position(value)
	}
	return value
}

// ReadDate reads what a hand types for a day: 17/11/2026, 17/11/26, 17/11, 1711, 17112026 or 17, taking what is missing
// from today. The day is shown in full as soon as the field is left, so that a wrong guess is seen.
func ReadDate(typed string, today time.Time) (iso string, ok bool) {
	typed = strings.NewReplacer("-", "/", ".", "/", " ", "/").Replace(strings.TrimSpace(typed))
	parts := strings.Split(typed, "/")
	if len(parts) == 1 {
		switch s := parts[0]; len(s) {
		case 4:
			parts = []string{s[:2], s[2:]}
		case 8:
			parts = []string{s[:2], s[2:4], s[4:]}
		}
	}
	switch len(parts) {
	case 1:
		parts = append(parts, today.Format("01"), today.Format("2006"))
	case 2:
		parts = append(parts, today.Format("2006"))
	case 3:
		if len(parts[2]) == 2 {
			parts[2] = today.Format("2006")[:2] + parts[2]
		}
	}
	return viet.ParseDate(strings.Join(parts, "/"))
}

// readTime reads an hour and minutes: 14:30, 14.30, 14g30, 14h30 or 1430. The zone is that of now.
func readTime(typed string, now time.Time) (value string, ok bool) {
	typed = strings.NewReplacer("h", ":", "g", ":", ".", ":").Replace(strings.ToLower(typed))
	if len(typed) == 4 && !strings.Contains(typed, ":") {
		typed = typed[:2] + ":" + typed[2:]
	}
	t, err := time.Parse("15:4", typed)
	return t.Format("15:04") + ":00.000" + now.Format("-07:00"), err == nil && typed[len(typed)-1] != ':'
}

// readMoment reads a day and a time after it; without a day it is today.
func readMoment(typed string, now time.Time, readDay func(string) (string, bool)) (value string, ok bool) {
	day, clock := now.Format(time.DateOnly), strings.TrimSpace(typed)
	if at := strings.LastIndexByte(clock, ' '); at >= 0 {
		if day, ok = readDay(strings.TrimSpace(clock[:at])); !ok {
			return "", false
		}
		clock = clock[at+1:]
	}
	clock, ok = readTime(clock, now)
	return day + "T" + clock, ok
}

// readPlace reads a latitude and a longitude, in any of the ways in which maps and receivers give them. Height and accuracy,
// which an officer does not know, are 0.
func readPlace(typed string) (value string, ok bool) {
	p, ok := nmea.ParsePosition(typed)
	return p.Geopoint(), ok
}

// readPoints reads several places, with semicolons between.
func readPoints(typed string) (value string, ok bool) {
	var points []string
	for p := range strings.SplitSeq(strings.Trim(typed, "; "), ";") {
		point, ok := readPlace(strings.TrimSpace(p))
		if !ok {
			return "", false
		}
		points = append(points, point)
	}
	return strings.Join(points, ";"), true
}

// Accuracy is how sure a place is that the machine gave, in metres; 0 where a person wrote it.
func (e *Editor) Accuracy(path string) float64 {
	if parts := strings.Fields(e.Value(path)); len(parts) == 4 {
		metres, _ := strconv.ParseFloat(parts[3], 64)
		return metres
	}
	return 0
}

// ungrouped takes the marks between thousands out of a whole number; any other text stays as it is.
func ungrouped(typed string) string {
	digits := strings.NewReplacer(".", "", " ", "").Replace(typed)
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return typed
	}
	return digits
}
