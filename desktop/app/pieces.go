package app

import (
	"slices"
	"strconv"
	"strings"

	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/record"
)

// A record as it is read: laid out as its form asks, once for the window, where everything is a line, and for paper, where
// repeats are tables.

// piece is an answer, a group of pieces, or the rows of a repeat.
type piece struct {
	it     *form.Item
	label  string     // "" for a group without a name
	line   FieldLine  // of an answer
	inside []piece    // of a group
	rows   []pieceRow // of a repeat
}

// pieceRow is a row of a repeat. One that is back was taken out by somebody while somebody else wrote in it.
type pieceRow struct {
	inside []piece
	back   bool
}

// layOut lays the record out as its form asks. What is kept and not asked comes beside it, so that nothing is hidden.
func (l *look) layOut() (pieces []piece, kept []FieldLine) {
	t := table{look: l, done: map[string]bool{}}
	if l.form != nil {
		pieces = t.items(l.form.Items, "")
	}
	for i := range l.view.Fields {
		p := l.view.Fields[i].Path
		if t.done[p] || record.IsSystem(p) || l.view.RowHidden(p) || !l.isAsked(p) {
			continue
		}
		if line, ok := l.answer(p, l.label(p)); ok {
			t.kept = append(t.kept, line)
		}
	}
	return pieces, t.kept
}

// table is a record that is being laid out.
type table struct {
	*look
	done map[string]bool // paths that stand in it, or are kept
	kept []FieldLine     // answers to what is not asked any more
}

func (t *table) items(items []*form.Item, row string) (pieces []piece) {
	for _, it := range items {
		path := it.Path(row)
		switch it.Type {
		case form.Question:
			if line, ok := t.question(it, path); ok {
				pieces = append(pieces, piece{it: it, label: line.Label, line: line})
			}
		case form.Group:
			if inside := t.items(it.Items, row); len(inside) > 0 {
				pieces = append(pieces, piece{it: it, label: t.filling.Label(it, path), inside: inside})
			}
		case form.Repeat:
			p := piece{it: it, label: t.filling.LabelOf(path)}
			for _, name := range t.filling.Rows(path) {
				row := path + "/" + name + "/"
				p.rows = append(p.rows, pieceRow{t.items(it.Items, row), t.view.Text(row+record.PathLife) == record.LifeDeleted})
			}
			if len(p.rows) > 0 {
				pieces = append(pieces, p)
			}
		}
	}
	return pieces
}

// question is the line of a question; false when there is nothing to read, or the answer is kept only.
func (t *table) question(it *form.Item, path string) (FieldLine, bool) {
	if !it.Field.Stored {
		value := t.say(path, t.filling.Value(path))
		return FieldLine{Label: t.filling.Label(it, path), Value: value}, value != "" && t.filling.Relevant(path)
	}
	t.done[path] = true
	line, ok := t.answer(path, t.filling.Label(it, path))
	if ok && it.Field.Type == form.TypeFile && line.Value != "" && !it.Field.Sealed() {
		if strings.HasPrefix(it.Media(), "image/") {
			line.photos = photosAt(t.view.Field(path))
		}
		switch {
		case len(line.photos) == 0 || t.a.o.Photos == nil:
			line.Value = t.a.T("value.file", "name", line.Value)
		default: // they are shown
			line.Value, line.Other = "", ""
		}
	}
	if ok && !t.filling.Relevant(path) && !it.Field.Sealed() {
		kept := line
		kept.Label = t.label(path)
		t.kept = append(t.kept, kept)
		return line, false
	}
	return line, ok
}

// photosAt are the names of the pictures that the live values of a question for a picture are; nil if one of them is none.
func photosAt(live []record.Value) (names []string) {
	for i := range live {
		if !isHere(&live[i]) {
			return nil
		}
		if !slices.Contains(names, live[i].Text) {
			names = append(names, live[i].Text)
		}
	}
	return names
}

// answer is the line of what stands at a path.
func (l *look) answer(path, label string) (FieldLine, bool) {
	live := l.view.Field(path)
	if len(live) == 0 {
		return FieldLine{}, false
	}
	line := FieldLine{Label: label, Value: l.sayLive(path, &live[0]), sealed: l.unsaid(path, &live[0])}
	var others []string
	for i := range live[1:] {
		if other := l.sayLive(path, &live[i+1]); other != line.Value && !slices.Contains(others, other) {
			others = append(others, other)
		}
	}
	if len(others) > 0 {
		line.Other = l.a.T("detail.other", "value", strings.Join(others, "; "))
	}
	return line, line.Value != "" || line.Other != ""
}

// unsaid reports whether a live value is there and is not said here, because it is sealed.
func (l *look) unsaid(path string, v *record.Value) bool {
	return isHere(v) && (l.isSealed(path) || envelope.IsSealed(v.Text))
}

// isHere reports whether a live value is an answer that this machine has.
func isHere(v *record.Value) bool {
	return v.State == record.BodyHere && v.Text != ""
}

// linesOf are pieces one below the other. A row of a repeat is one line.
func (c *core) linesOf(pieces []piece) (lines []FieldLine) {
	for i := range pieces {
		switch p := &pieces[i]; p.it.Type {
		case form.Question:
			lines = append(lines, p.line)
		case form.Group:
			inside := c.linesOf(p.inside)
			if p.label != "" && len(inside) > 0 {
				lines = append(lines, FieldLine{Label: p.label, Heading: true})
			}
			lines = append(lines, inside...)
		case form.Repeat:
			lines = append(lines, c.rowLines(p, "")...)
		}
	}
	return lines
}

// rowLines are the rows of a repeat; before stands before their names.
func (c *core) rowLines(p *piece, before string) (lines []FieldLine) {
	for n := range p.rows {
		lines = append(lines, c.rowLine(&p.rows[n], before+p.label+" "+strconv.Itoa(n+1))...)
	}
	return lines
}

// rowLine says the answers of a row on one line, the first without its name. Rows within it follow on lines of their own.
func (c *core) rowLine(r *pieceRow, label string) []FieldLine {
	line := FieldLine{Label: label}
	var inner []FieldLine
	for i := range r.inside {
		if p := &r.inside[i]; p.it.Type == form.Repeat {
			inner = append(inner, c.rowLines(p, label+", ")...)
			continue
		}
		for _, x := range c.linesOf(r.inside[i : i+1]) {
			line.photos = append(line.photos, x.photos...)
			switch {
			case x.Heading, x.Value == "" && len(x.photos) > 0:
				continue
			case line.Value == "":
				line.Value = x.Value
			default:
				line.Value = join(line.Value, x.Label+": "+x.Value)
			}
			if x.Other != "" {
				line.Other = join(line.Other, x.Label+": "+x.Other)
			}
		}
	}
	if r.back {
		line.Other = join(c.T("detail.rowback"), line.Other)
	}
	return append([]FieldLine{line}, inner...)
}
