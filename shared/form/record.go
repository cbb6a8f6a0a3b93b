package form

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"banlang/shared/viet"
)

// Rule looks at several fields of a record together.
type Rule struct {
	ID      string
	Path    string // where to take the author
	Warning bool   // unlikely rather than wrong
	Text    Text
	Broken  func(value func(path string) string) bool // must not break on empty values
}

// CheckRecord gives what the author should look at before finalizing: required
// fields that are empty, values of the wrong shape, and what does not agree
// between fields. The order is that of the form. These are flags: nothing here
// may reject a record (decision 4). Paths the form does not know are passed
// over, since a later version may have written them.
func (f *Form) CheckRecord(values map[string]string) []Problem {
	var problems []Problem
	for i := range f.Fields {
		field := &f.Fields[i]
		if field.Type == TypeRepeat {
			problems = append(problems, f.checkRows(field, values)...)
			continue
		}
		problems = append(problems, f.checkField(field, field.Key, sameRecord(values), values)...)
	}
	for _, rule := range f.Rules {
		if rule.Broken(sameRecord(values)) {
			problems = append(problems, Problem{rule.Path, rule.ID, rule.Warning, rule.Text})
		}
	}
	return problems
}

// checkField looks at one field, whose condition speaks of the values near it.
func (f *Form) checkField(field *Field, path string, near func(string) string, values map[string]string) []Problem {
	value, offered := values[path], field.OfferedWhen.Holds(near)
	if value == "" {
		if field.Required && offered {
			return []Problem{problem(path, RuleRequired, "Cần điền: "+field.Label.VI+".", "Please fill in: "+field.Label.EN+".")}
		}
		return nil
	}
	if err := f.CheckValue(path, value); err != nil {
		var p Problem
		errors.As(err, &p) // CheckValue gives nothing else
		return []Problem{p}
	}
	if !offered {
		p := problem(path, RuleOffered, "Không cần điền mục này.", "This need not be filled in.")
		p.Warning = true
		return []Problem{p}
	}
	return checkLimits(field, path, value)
}

func checkLimits(field *Field, path, value string) []Problem {
	thousandths, ok := Scaled(value, MaxDecimalPlaces)
	if field.Limits == nil || !ok {
		return nil
	}
	low, high := field.Limits.Min, field.Limits.Max
	if thousandths >= low*1000 && thousandths <= high*1000 {
		return nil
	}
	return []Problem{problem(path, RuleLimits,
		fmt.Sprintf("Thường từ %s đến %s.", viet.Int(low), viet.Int(high)),
		fmt.Sprintf("Usually between %d and %d.", low, high))}
}

// checkRows looks at a repeat: at least one row where it is required, and in
// each row its fields, and no answer twice where rows must differ.
func (f *Form) checkRows(repeat *Field, values map[string]string) []Problem {
	rows := Rows(repeat.Key, values)
	if repeat.Required && len(rows) == 0 {
		return []Problem{problem(repeat.Key, RuleRequired, "Cần ít nhất một dòng: "+repeat.Label.VI+".", "At least one row is needed: "+repeat.Label.EN+".")}
	}
	var problems []Problem
	seen := make(map[string]bool)
	for _, row := range rows {
		near := func(key string) string { return values[JoinPath(repeat.Key, row, key)] }
		for i := range repeat.Children {
			child := &repeat.Children[i]
			path := JoinPath(repeat.Key, row, child.Key)
			problems = append(problems, f.checkField(child, path, near, values)...)
			problems = append(problems, f.checkQuantity(child, path, near)...)
		}
		answer := near(repeat.Distinct)
		if answer != "" && seen[answer] {
			problems = append(problems, problem(JoinPath(repeat.Key, row, repeat.Distinct), "one_row_each",
				"Loại này đã có ở dòng khác; gộp vào một dòng.", "This kind stands in another row; use one row for it."))
		}
		seen[answer] = true
	}
	return problems
}

// checkQuantity holds what is counted in pieces to whole numbers above zero.
func (f *Form) checkQuantity(field *Field, path string, near func(string) string) []Problem {
	n, ok := Scaled(near(field.Key), MaxDecimalPlaces)
	if field.CountedBy == "" || !ok {
		return nil
	}
	if n <= 0 {
		return []Problem{problem(path, RuleLimits, "Số lượng phải lớn hơn 0.", "The quantity must be above 0.")}
	}
	key, row, _, _ := SplitPath(path)
	choice, ok := f.Field(JoinPath(key, row, field.CountedBy))
	if !ok {
		return nil
	}
	option, ok := choice.Option(near(field.CountedBy))
	if !ok || option.Fractions || n%1000 == 0 {
		return nil
	}
	return []Problem{problem(path, "whole_pieces",
		"Tính theo "+option.Unit.VI+": cần số nguyên.", "Counted in "+option.Unit.EN+": a whole number is needed.")}
}

// Rows names the rows of a repeat, given by its key, that hold any value: numbered rows by their
// number, then all others by name, where the numbers in "<change>.<number>" count as numbers; last
// those that have no name yet ("+1", "+2"), by their number.
func Rows(repeat string, values map[string]string) []string {
	var rows []string
	for path, value := range values {
		key, row, _, ok := SplitPath(path)
		if ok && value != "" && key == repeat && row != "" {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, compareRows)
	return slices.Compact(rows)
}

func compareRows(a, b string) int {
	newA, unnamedA := strings.CutPrefix(a, "+")
	newB, unnamedB := strings.CutPrefix(b, "+")
	if unnamedA != unnamedB {
		if unnamedA {
			return 1
		}
		return -1
	}
	return cmp.Or(slices.CompareFunc(strings.Split(newA, "."), strings.Split(newB, "."), compareParts), cmp.Compare(a, b))
}

func compareParts(a, b string) int {
	m, errA := strconv.ParseUint(a, 10, 64)
	n, errB := strconv.ParseUint(b, 10, 64)
	switch {
	case errA == nil && errB == nil:
		return cmp.Compare(m, n)
	case errA == nil:
		return -1
	case errB == nil:
		return 1
	}
	return cmp.Compare(a, b)
}

// Scaled reads an int or decimal value exactly, as a multiple of 10^-places:
// Scaled("1.5", 3) gives 1500. It reports false for the empty string, for more
// decimals than places, and for whatever CheckValue refuses as a number.
// Places lie between 0 and MaxDecimalPlaces.
func Scaled(value string, places int) (n int64, ok bool) {
	whole, fraction, hasPoint := strings.Cut(value, ".")
	digits := strings.TrimPrefix(whole, "-")
	if !allDigits(digits) || len(digits) > MaxIntDigits || len(fraction) > places || hasPoint && !allDigits(fraction) {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+fraction+"000"[:places-len(fraction)], 10, 64)
	return n, err == nil
}

func sameRecord(values map[string]string) func(string) string {
	return func(path string) string { return values[path] }
}

// The shapes that rules across fields take.

// notBefore flags a day that lies before another; days compare as text.
func notBefore(later, earlier string, text Text) Rule {
	return Rule{ID: "not_before", Path: later, Text: text, Broken: func(value func(string) string) bool {
		return value(later) != "" && value(earlier) != "" && value(later) < value(earlier)
	}}
}

// notMore flags a count that is greater than the one it is a part of.
func notMore(part, whole string, text Text) Rule {
	return Rule{ID: "not_more", Path: part, Text: text, Broken: func(value func(string) string) bool {
		a, okA := Scaled(value(part), MaxDecimalPlaces)
		b, okB := Scaled(value(whole), MaxDecimalPlaces)
		return okA && okB && a > b
	}}
}

// share warns when a/b lies outside low…high, both in tenths.
func share(a, b string, low, high int64, text Text) Rule {
	return Rule{ID: "unlikely_share", Path: a, Warning: true, Text: text, Broken: func(value func(string) string) bool {
		m, okA := Scaled(value(a), MaxDecimalPlaces)
		n, okB := Scaled(value(b), MaxDecimalPlaces)
		return okA && okB && (m*10 < low*n || m*10 > high*n)
	}}
}

// together warns when the first is filled and the second is not.
func together(filled, missing string, text Text) Rule {
	return Rule{ID: "together", Path: missing, Warning: true, Text: text, Broken: func(value func(string) string) bool {
		return value(filled) != "" && value(missing) == ""
	}}
}
