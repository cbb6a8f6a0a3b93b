package xlsform

import "strings"

// A reference names another question: ${name}, or ${last-saved#name} for its value in the record saved before.

const lastSavedMark = "last-saved#"

// reference reads the reference that s begins with: its length (0 if there is none), the name, and the mark.
func reference(s string) (n int, name string, lastSaved bool) {
	inner, ok := strings.CutPrefix(s, "${")
	if !ok {
		return 0, "", false
	}
	n = 2
	if rest, ok := strings.CutPrefix(inner, lastSavedMark); ok {
		inner, lastSaved = rest, true
		n += len(lastSavedMark)
	}
	length := ncName(inner)
	if length == 0 || length >= len(inner) || inner[length] != '}' {
		return 0, "", false
	}
	return n + length + 1, inner[:length], lastSaved
}

// ref is a reference in a text, at [from, to).
type ref struct {
	name      string
	lastSaved bool
	from, to  int
}

// mayRefer is a quick look before a text is read closely.
func mayRefer(text string) bool { return len(text) > 2 && strings.Contains(text, "${") }

// refsIn returns the well-formed references of a text, in order.
func refsIn(text string) []ref {
	var found []ref
	for at := 0; ; {
		i := strings.Index(text[at:], "${")
		if i < 0 {
			return found
		}
		at += i
		n, name, saved := reference(text[at:])
		if n > 0 {
			found = append(found, ref{name, saved, at, at + n})
			at += n
		} else {
			at += 2
		}
	}
}

// parseRefs returns the references of a text. What is begun as one, up to the next brace or the end, and is none, is
// refused.
func parseRefs(text string) ([]ref, error) {
	if !mayRefer(text) {
		return nil, nil
	}
	var found []ref
	for at := 0; ; {
		i := strings.Index(text[at:], "${")
		if i < 0 {
			return found, nil
		}
		at += i
		length := strings.IndexByte(text[at:], '}') + 1
		if length == 0 {
			length = len(text) - at
		}
		n, name, saved := reference(text[at:])
		switch {
		case text[at:at+length] == "${}": // names nothing, and is left as it is
		case n != length:
			return found, RefMalformed.at(Place{}, "text", text[at:at+length])
		default:
			found = append(found, ref{name, saved, at, at + n})
		}
		at += length
	}
}

// refers reports whether a text begins its references well, and has one.
func refers(text string) bool {
	found, _ := parseRefs(text)
	return len(found) > 0
}

// isReference reports whether a text is one reference and nothing else.
func isReference(text string) bool {
	n, _, _ := reference(text)
	return n > 0 && n == len(text)
}

// checkRefs looks at every cell of the form: each reference must name one question, group or repeat, and only one.
func (d *definition) checkRefs() error {
	for _, s := range []struct {
		table *table
		reads func(column) bool
	}{
		{d.tables.settings, func(column) bool { return true }},
		{d.tables.entities, func(c column) bool { return c.words[0] != "dataset" && c.words[0] != "repeat" }},
		{d.tables.survey, func(c column) bool { return !unread[c.words[0]] }},
		{d.tables.choices, func(c column) bool { return translatableChoices[c.words[0]] != "" }},
	} {
		if err := d.checkTable(s.table, s.reads); err != nil {
			return err
		}
	}
	return nil
}

// unread are the columns of the survey that are no expressions, or were looked at before.
var unread = set("type", "name", "trigger")

func (d *definition) checkTable(t *table, reads func(column) bool) error {
	if t == nil {
		return nil
	}
	for _, r := range t.rows {
		for _, c := range t.columns {
			if !reads(c) {
				continue
			}
			if err := d.checkText(r.cell(c.index)); err != nil {
				return placed(err, r.place(c))
			}
		}
	}
	return nil
}

func (d *definition) checkText(text string) error {
	found, err := parseRefs(text)
	for _, ref := range found {
		switch d.named[ref.name] {
		case 0:
			return RefUnknown.at(Place{}, "name", ref.name)
		case 1:
		default:
			return RefAmbiguous.at(Place{}, "name", ref.name)
		}
	}
	return err
}
