package form

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/viet"
	"banlang/shared/xform"
)

// Name gives one line that tells a record from its neighbours in a list, "Buổi tuyên truyền · 16/11/2026": what the form
// makes of the record (instance_name in its spreadsheet), or its title. It is never empty. It never holds what is sealed,
// because no form is published that computes it from that.
func (l *Filling) Name() string {
	if name := viet.NFC(strings.Join(strings.Fields(l.s.InstanceName()), " ")); name != "" {
		return name
	}
	return cmp.Or(l.form.Title.In(l.env.Language), l.form.ID())
}

// EventDay is the day that decides the reporting period, yyyy-mm-dd; "" while there is none.
func (l *Filling) EventDay() string {
	day, _, _ := strings.Cut(l.Value(l.form.EventDate), "T")
	if l.form.EventDate == "" || !viet.ValidDate(day) {
		return ""
	}
	return day
}

// Show gives the value at a path as people read it: numbers and dates in Vietnamese order, answers by their labels. What
// is sealed is said to be so. A value that the field cannot read is shown as it is; so is a reference to what a list
// names, where the list is not here.
func (l *Filling) Show(path, value string) string {
	field, ok := l.form.Field(path)
	switch {
	case envelope.IsSealed(value):
		return envelope.Shown(value, fault.Lang(l.env.Language))
	case !ok || value == "":
		return value
	}
	switch field.Type {
	case TypeText:
		if field.Grouped && l.env.Language != "en" && checkInt(path, value) == nil {
			return viet.Number(value)
		}
	case TypeInt, TypeDecimal:
		if l.env.Language != "en" {
			return viet.Number(value)
		}
	case TypeDate:
		return viet.Date(value)
	case TypeDateTime:
		day, clock, ok := strings.Cut(value, "T")
		if ok && times.MatchString(clock) {
			return viet.Date(day) + " " + clock[:5]
		}
		return viet.Date(value)
	case TypeTime:
		if times.MatchString(value) {
			return value[:5]
		}
	case TypePlace:
		return l.showPlaces(value)
	case TypeBool, TypeTrigger:
		if words, ok := signs[value]; ok {
			return words.In(l.env.Language)
		}
	case TypeChoice:
		return l.ChoiceLabel(path, value)
	case TypeMultichoice, TypeRank:
		labels := strings.Split(value, " ")
		for i, v := range labels {
			labels[i] = l.ChoiceLabel(path, v)
		}
		return strings.Join(labels, ", ")
	}
	return value
}

// showPlaces gives points by their latitudes and longitudes, and how far off a receiver thought to be: "14,0583 108,2772 (±6 m)".
func (l *Filling) showPlaces(value string) string {
	points := strings.Split(value, ";")
	for i, point := range points {
		numbers := strings.Fields(point)
		if len(numbers) != 4 {
			return value
		}
		shown, metres := numbers[0]+" "+numbers[1], numbers[3]
		if l.env.Language != "en" {
			shown, metres = viet.Position(point), viet.Number(metres)
		}
		if strings.Trim(metres, "0.,") != "" {
			shown += " (±" + metres + " m)"
		}
		points[i] = shown
	}
	return strings.Join(points, "; ")
}

// signs are answers that are no words.
var signs = map[string]Text{"1": {"Có", "Yes"}, "0": {"Không", "No"}, "OK": {"Đã xác nhận", "Confirmed"}}

// Words gives the folded words (viet.Fold) by which a record is found: its name, and each text, date, number and answer
// that is asked, in the order of the form; dates and numbers also as they are stored, places only so. What is sealed, yes and no, files,
// and references to what is not in the form are no words. The same values always give the same text.
func (l *Filling) Words() string {
	words := []string{l.form.Title.VI, l.Name()}
	l.each(xform.Ref(l.form.x.Root().Path()), func(path string, f *Field, st xform.State) {
		value := st.Value.Text
		if !st.Relevant || value == "" || !f.isWords() || value == "true" || value == "false" {
			return
		}
		if f.Type == TypePlace {
			words = append(words, value)
			return
		}
		words = append(words, l.Show(path, value))
		if f.Type == TypeDate || f.Type == TypeInt || f.Type == TypeDecimal {
			words = append(words, value)
		}
	})
	return viet.Fold(strings.Join(words, "\n"))
}

// isWords reports whether people look for answers of the field.
func (f *Field) isWords() bool {
	switch f.Type {
	case TypeBool, TypeTrigger, TypeFile:
		return false
	}
	d := &f.Declared
	return f.Stored && !f.Sealed() && d.Generated == "" && d.Holds != declared.HoldsVenue && d.Holds != declared.HoldsUnit
}

// Answer is a value at its path.
type Answer struct{ Path, Value string }

// InOrder lists values as the form asks for them, row by row; what the form has no place for comes last, by path.
func (l *Filling) InOrder(values map[string]string) []Answer {
	answers := make([]Answer, 0, len(values))
	order := make(map[string][]int, len(values))
	for path, value := range values {
		answers = append(answers, Answer{path, value})
		order[path] = l.position(path)
	}
	slices.SortFunc(answers, func(a, b Answer) int {
		if c := slices.Compare(order[a.Path], order[b.Path]); c != 0 {
			return c
		}
		return strings.Compare(a.Path, b.Path)
	})
	return answers
}

// position is where a path stands in the form: at each name its place among those beside it, and that of the row.
func (l *Filling) position(path string) (at []int) {
	for s := range l.form.steps(path) {
		if s.node == nil {
			return []int{math.MaxInt} // behind everything
		}
		at = append(at, s.node.index)
		if s.row != "" {
			row, _ := l.placeOf(path[:s.name], s.row)
			at = append(at, row)
		}
	}
	return at
}
