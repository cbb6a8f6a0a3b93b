package app

import (
	"cmp"
	"slices"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/form"
	"banlang/shared/record"
)

// How a draft goes on whose record was written anew meanwhile, by another officer at this machine or at another: over the new record.

// moveTo makes the draft one of the record that was written in place of its own, whose changes are given: of what it says, what was typed,
// and the rows that were taken out. What the officer saw in the old record he replaces where the new one says the same; of what he has
// not seen he replaces nothing.
func (e *Editor) moveTo(anew *record.View, changes []*record.Change) {
	d := notebook.Draft{ID: e.draft.ID, Record: anew.ID, Form: anew.Form, Officer: e.draft.Officer, Saved: e.draft.Saved}
	f, known := e.a.o.Forms.Library.Lookup(e.draft.Form)
	if !known {
		f, known = e.a.o.Forms.Library.Current(e.draft.Form.ID)
	}
	e.moved = true
	m := mover{f: f, draft: &e.draft, anew: anew, seen: seenIn(&e.draft, changes)}
	if !known {
		m.f = nil
	}
	whole := m.rowsTyped()
	for path, value := range e.draft.Values {
		if m.copied(path, value) && !slices.Contains(whole, m.row(path)) || value == anew.Text(path) {
			continue
		}
		if m.same(path) {
			d.Set(path, value, anew)
		} else {
			d.Set(path, value, nil)
		}
	}
	for _, row := range m.rowsOut() {
		if len(anew.Live(row)) == 0 {
			continue
		}
		if d.Dropped == nil {
			d.Dropped = map[string][]record.Dot{}
		}
		d.Dropped[row] = m.sameIn(row) // where somebody else wrote in it, it comes back and says so
	}
	e.draft = d
}

// mover is a draft that goes on over another record.
type mover struct {
	f     *form.Form // nil: none is known
	draft *notebook.Draft
	anew  *record.View
	seen  map[string][]string // what the officer had before his eyes in the old record, by path
}

// seenIn is what the changes said that the draft names as seen.
func seenIn(d *notebook.Draft, changes []*record.Change) map[string][]string {
	dots := slices.Clone(d.Covers)
	for _, saw := range d.Saw {
		dots = append(dots, saw...)
	}
	for _, saw := range d.Dropped {
		dots = append(dots, saw...)
	}
	seen := map[string][]string{}
	for _, c := range changes {
		if !slices.Contains(dots, c.Dot) {
			continue
		}
		for i := range c.Edits {
			seen[c.Edits[i].Path] = append(seen[c.Edits[i].Path], c.Edits[i].Value)
		}
	}
	return seen
}

// copied reports whether an answer came into the draft by itself: with all that the old record said.
func (m *mover) copied(path, value string) bool {
	return m.draft.Record.IsZero() && slices.ContainsFunc(m.seen[path], func(was string) bool {
		return value == was || m.f != nil && value == toMend(m.f, path, was, was)
	})
}

// same reports whether the new record says at a path what the officer saw in the old one, and nothing else.
func (m *mover) same(path string) bool {
	live := m.anew.Field(path)
	return len(live) > 0 && !slices.ContainsFunc(live, func(v record.Value) bool { return !slices.Contains(m.seen[path], v.Text) })
}

// row is the innermost row that a path lies in; "" none.
func (m *mover) row(path string) string {
	if m.f == nil {
		return ""
	}
	rows := m.f.Around(path)
	if len(rows) == 0 {
		return ""
	}
	return rows[len(rows)-1]
}

// rowsTyped are the rows in which the officer typed and that the new record has not: they go on whole.
func (m *mover) rowsTyped() (rows []string) {
	for path, value := range m.draft.Values {
		if row := m.row(path); row != "" && !m.copied(path, value) && len(m.anew.Live(row)) == 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// rowsOut are the rows that the officer took out: those that an edit names, and of a record written anew those that are no more in it.
func (m *mover) rowsOut() (rows []string) {
	for row := range m.draft.Dropped {
		rows = append(rows, row)
	}
	if !m.draft.Record.IsZero() {
		return rows
	}
	for path := range m.seen {
		row, there := m.row(path), false
		for p := range m.draft.Values {
			there = there || strings.HasPrefix(p, cmp.Or(row, p))
		}
		if row != "" && !there && !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// sameIn are the changes of which all that lives in a row of the new record is what the officer saw in the old one.
func (m *mover) sameIn(row string) (dots []record.Dot) {
	var others []record.Dot
	for i := range m.anew.Fields {
		field := &m.anew.Fields[i]
		if !strings.HasPrefix(field.Path, row) || record.IsSystem(field.Path) {
			continue
		}
		for _, v := range field.Live {
			if slices.Contains(m.seen[field.Path], v.Text) {
				dots = append(dots, v.Dot)
			} else {
				others = append(others, v.Dot)
			}
		}
	}
	slices.SortFunc(dots, record.Dot.Compare)
	return slices.DeleteFunc(slices.Compact(dots), func(d record.Dot) bool { return slices.Contains(others, d) })
}
