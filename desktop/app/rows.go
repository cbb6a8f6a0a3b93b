package app

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/form"
	"banlang/shared/record"
)

// The rows of a repeat in the form being filled in. A new one is "+1", "+2" … in the draft: the notebook gives it its name
// for ever when the form is finished. One that is taken out takes with it exactly what was on the screen: a value that
// somebody writes beside it brings it back.

// Rows names the rows of a repeat that are on the screen.
func (e *Editor) Rows(repeat string) []string { return e.filling.Rows(repeat) }

// AddRow puts an empty row on the screen and returns its name within the draft.
func (e *Editor) AddRow(repeat string) string {
	if e.pen.ended {
		return ""
	}
	row, changed := e.filling.AddRow(repeat)
	if row == "" {
		return ""
	}
	e.stale = true
	e.did(&step{path: repeat + "/" + row, back: func() { e.takeOut(repeat, row) }})
	if len(changed) > 0 { // the form has begun the row by itself
		e.note(changed...)
		e.touch()
	}
	e.a.show(PartForm)
	return row
}

// RemoveRow takes a row out; the toast brings it back while the form is open.
func (e *Editor) RemoveRow(repeat, row string) {
	i := slices.Index(e.Rows(repeat), row)
	if i < 0 || e.pen.ended {
		return
	}
	if slices.Contains(e.filling.EmptyRows(), repeat+"/"+row) {
		e.takeOut(repeat, row)
		e.forgetSteps(repeat + "/" + row)
		return
	}
	prefix := form.JoinPath(repeat, row, "")
	before := e.takeRow(prefix)
	e.takeOut(repeat, row)
	e.did(&step{path: repeat + "/" + row, back: func() {
		e.putRow(prefix, before)
		e.reopen()
		e.touch()
	}})
	e.offerUndo(e.T("row.removed", "n", strconv.Itoa(i+1)))
}

// takeOut takes a row out of the draft.
func (e *Editor) takeOut(repeat, row string) {
	if !slices.Contains(e.Rows(repeat), row) {
		return
	}
	e.note(e.filling.RemoveRow(repeat, row)...)
	e.draft.DropRow(form.JoinPath(repeat, row, ""), e.shown)
	e.touch()
}

// IsEmptyRow reports whether nobody has written in a row ("items/<row>").
func (e *Editor) IsEmptyRow(row string) bool { return slices.Contains(e.filling.EmptyRows(), row) }

// SayRow gives a row in a line: its answers as people read them, and how many places in it must be put right.
func (e *Editor) SayRow(it *form.Item, repeat, row string) (text string, wrong int) {
	var said []string
	e.overview()
	walk(e.filling, it.Items, form.JoinPath(repeat, row, ""), func(it *form.Item, path string) {
		if _, bad := e.problemAt(path); bad {
			wrong++
		}
		if it.Field.Type != form.TypeNote && it.Field.Type != form.TypeFile && e.held(path) != "" && len(said) < mostSaid {
			said = append(said, e.Say(path))
		}
	})
	return join(said...), wrong
}

// mostSaid bounds how many answers stand for a row.
const mostSaid = 4

// dropEmptyRows takes out the rows that nobody has written in: they do not exist. It returns what else is another answer
// now.
func (e *Editor) dropEmptyRows() (changed []string) {
	for _, row := range e.filling.EmptyRows() {
		changed = append(changed, e.filling.RemoveRow(splitRow(row))...)
	}
	e.stale = true
	return changed
}

// takeRow copies what the draft says about a row.
func (e *Editor) takeRow(prefix string) notebook.Draft {
	d := e.draft
	d.Values, d.Saw, d.Dropped = maps.Clone(d.Values), maps.Clone(d.Saw), maps.Clone(d.Dropped)
	other := func(path string) bool { return !strings.HasPrefix(path, prefix) }
	maps.DeleteFunc(d.Values, func(p, _ string) bool { return other(p) })
	maps.DeleteFunc(d.Saw, func(p string, _ []record.Dot) bool { return other(p) })
	maps.DeleteFunc(d.Dropped, func(p string, _ []record.Dot) bool { return other(p) })
	return d
}

// putRow makes the draft say about a row what it said before it was taken out.
func (e *Editor) putRow(prefix string, before notebook.Draft) {
	e.draft.DropRow(prefix, nil)
	maps.DeleteFunc(e.draft.Dropped, func(p string, _ []record.Dot) bool { return strings.HasPrefix(p, prefix) })
	for path, v := range before.Values {
		e.draft.Set(path, v, nil)
	}
	maps.Copy(e.draft.Saw, before.Saw)
	if len(before.Dropped) > 0 {
		maps.Copy(e.draft.Dropped, before.Dropped)
	}
}

// rowGone reports whether a path of the record lies in a row that will not be there when the form is finished: it was
// taken out, by the officer or before, with everything in it seen, and he writes nothing in it.
func (e *Editor) rowGone(f *form.Form, path string) bool {
	return slices.ContainsFunc(f.Around(path), func(row string) bool {
		for p := range e.draft.Values {
			if strings.HasPrefix(p, row) {
				return false
			}
		}
		live := e.shown.Live(row)
		covers := func(seen []record.Dot) bool {
			return !slices.ContainsFunc(live, func(d record.Dot) bool { return !slices.Contains(seen, d) })
		}
		if seen, dropped := e.draft.Dropped[row]; dropped && covers(seen) {
			return true
		}
		return slices.ContainsFunc(e.shown.Field(row+record.PathLife), func(d record.Value) bool {
			return d.Text == record.LifeDeleted && covers(d.Seen)
		})
	})
}
