package builtin

import (
	"fmt"
	"slices"
	"strings"
)

// The title of a record is a line of a list: what it is, when it was, and what tells it from the next one, in Vietnamese.
// A definition gives it in parts; names of questions stand in braces:
//
//	["Buổi tuyên truyền", "{occurred_on}", "{participants_total} lượt người"]
//
// A part is left out while one of its questions has no answer, and where a choice has no label: its list may be missing.
// So a title never shows the id of a place or of a record. Nor does it show what is sealed, or what fewer people may see
// than the rest of the form.

// instanceName is the expression that computes the title.
func (d *Definition) instanceName() (string, error) {
	var parts []string
	for i, part := range d.RecordTitle {
		words, needs, err := d.titlePart(part)
		if err != nil {
			return "", fmt.Errorf("title %q: %w", part, err)
		}
		text := strings.Join(words, ", ")
		if i > 0 {
			text = "' · ', " + text
		}
		if len(needs) > 0 {
			text = "if(" + strings.Join(needs, " and ") + ", concat(" + text + "), '')"
		}
		parts = append(parts, text)
	}
	return "concat(" + strings.Join(parts, ", ") + ")", nil
}

// titlePart is what a part consists of, and the conditions under which it is shown.
func (d *Definition) titlePart(part string) (words, needs []string, err error) {
	for part != "" {
		text, rest, slot := strings.Cut(part, "{")
		if strings.Contains(text, "'") {
			return nil, nil, fmt.Errorf("an apostrophe cannot be written here")
		}
		if text != "" {
			words = append(words, "'"+text+"'")
		}
		if !slot {
			break
		}
		var name string
		name, part, _ = strings.Cut(rest, "}")
		i := slices.IndexFunc(d.Questions, func(q *Question) bool { return q.Name == name })
		if i < 0 {
			return nil, nil, fmt.Errorf("there is no question %q", name)
		}
		q := d.Questions[i]
		if q.SealedTo != "" || q.VisibleTo != "" && q.VisibleTo != d.VisibleTo {
			return nil, nil, fmt.Errorf("%s is not for everybody who sees the list", name)
		}
		shown, need := q.shown()
		words, needs = append(words, shown), append(needs, need+" != ''")
	}
	return words, needs, nil
}

// shown writes an answer as people read it, and what is empty when there is nothing to read.
func (q *Question) shown() (text, unless string) {
	x := "${" + q.Name + "}"
	switch kind, _, _ := strings.Cut(q.Type, " "); {
	case kind == "select_one" || kind == "select_one_from_file":
		label := "jr:choice-name(" + x + ", '" + x + "')"
		return label, label
	case kind == "date":
		return "format-date(" + x + ", '%d/%m/%Y')", x
	case kind == "dateTime":
		return "format-date(" + x + ", '%d/%m/%Y %H:%M')", x
	case kind == "integer":
		return grouped(x, q.Range[1]), x
	case kind == "decimal":
		fraction := "if(contains(" + x + ", '.'), concat(',', substring-after(" + x + ", '.')), '')"
		return grouped("int("+x+")", 999_999_999) + ", " + fraction, x
	case q.Holds == "period":
		return periodInWords(x), x
	}
	return x, x
}

// grouped writes a whole number from 0 to most with dots between the thousands.
func grouped(x string, most int64) string {
	text := x
	if most >= 1000 {
		text = "if(" + x + " < 1000, " + x + ", concat(int(" + x + " div 1000), '.', " + lastThree(x) + "))"
	}
	if most >= 1_000_000 {
		thousands := "int(" + x + " div 1000)"
		text = "if(" + x + " < 1000000, " + text + ", concat(int(" + x + " div 1000000), '.', " + lastThree(thousands) + ", '.', " + lastThree(x) + "))"
	}
	return text
}

// lastThree are the last three digits of a whole number.
func lastThree(x string) string { return "substr(1000 + " + x + " mod 1000, 1)" }

// periodInWords writes 2026, 2026-H1, 2026-Q3 and 2026-07 as people say them.
func periodInWords(x string) string {
	year := "substr(" + x + ", 0, 4)"
	return "if(contains(" + x + ", '-Q'), concat('quý ', substr(" + x + ", 6), '/', " + year + ")," +
		" if(contains(" + x + ", '-H1'), concat('6 tháng đầu năm ', " + year + ")," +
		" if(contains(" + x + ", '-H2'), concat('6 tháng cuối năm ', " + year + ")," +
		" if(contains(" + x + ", '-'), concat('tháng ', substr(" + x + ", 5), '/', " + year + "), concat('năm ', " + year + ")))))"
}
