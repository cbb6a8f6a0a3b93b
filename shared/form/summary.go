package form

import (
	"strings"

	"banlang/shared/viet"
)

// Part is one piece of a record's title: the shown value of a field with a word
// after it, left out while the field is empty or When does not hold.
type Part struct {
	Key   string
	After Text // " lượt người"
	Words Text // if set, stands in place of the form's label, and Key is empty
	When  *Condition
}

// between separates the parts of a title.
const between = " · "

// Title gives one line that tells a record from its neighbours in a list:
// "Buổi tuyên truyền · 16/11/2026 · 38 lượt người". Value gives "" for what is
// not filled; a venue or unit is never in a title, since its name is not here.
// The line is never empty: without values it is the form's label.
func (f *Form) Title(value func(path string) string, lang string) string {
	head, rest := f.Label, f.Summary
	if len(rest) > 0 && rest[0].Key == "" {
		head, rest = rest[0].Words, rest[1:]
	}
	parts := []string{head.In(lang)}
	for _, part := range rest {
		field, ok := f.Field(part.Key)
		if !ok || value(part.Key) == "" || !part.When.Holds(value) {
			continue
		}
		parts = append(parts, field.Show(value(part.Key), lang)+part.After.In(lang))
	}
	return strings.Join(parts, between)
}

// Show gives a value as people read it: numbers and dates in Vietnamese order,
// answers by their labels. What the field cannot read is shown as it is; the id
// of a venue or unit too, since its name lives elsewhere.
func (f *Field) Show(value, lang string) string {
	switch f.Type {
	case TypeInt, TypeDecimal:
		return viet.Number(value)
	case TypeDate:
		return viet.Date(value)
	case TypeBool:
		return showBool(value, lang)
	case TypeChoice, TypeMultichoice:
		codes := strings.Split(value, " ")
		for i, code := range codes {
			if option, ok := f.Option(code); ok {
				codes[i] = option.Label.In(lang)
			}
		}
		return strings.Join(codes, ", ")
	}
	return value
}

func showBool(value, lang string) string {
	switch value {
	case "true":
		return Text{"Có", "Yes"}.In(lang)
	case "false":
		return Text{"Không", "No"}.In(lang)
	}
	return value
}

// SearchText gives the folded words (viet.Fold) by which a record is found: its
// label, and each text, date, number and answer in Vietnamese, in the order of
// the form; dates and numbers also as they are stored. Ids of venues and units are not words and stay out. The same values
// always give the same text.
func (f *Form) SearchText(values map[string]string) string {
	words := []string{f.Label.VI}
	add := func(field *Field, path string) {
		value := values[path]
		switch {
		case value == "" || field.Type == TypeVenue || field.Type == TypeUnit || field.Type == TypeBool:
		case field.Type == TypeDate:
			words = append(words, viet.Date(value), value)
		case field.Type == TypeInt || field.Type == TypeDecimal:
			words = append(words, viet.Number(value), value)
		default:
			words = append(words, field.Show(value, "vi"))
		}
	}
	for i := range f.Fields {
		field := &f.Fields[i]
		if field.Type != TypeRepeat {
			add(field, field.Key)
			continue
		}
		for _, row := range Rows(field.Key, values) {
			for j := range field.Children {
				add(&field.Children[j], JoinPath(field.Key, row, field.Children[j].Key))
			}
		}
	}
	return viet.Fold(strings.Join(words, "\n"))
}
