package app

import (
	"cmp"
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

// layRows puts the rows that hold something on the screen.
func (e *Editor) layRows() {
	values := e.values()
	for i := range e.form.Fields {
		if f := &e.form.Fields[i]; f.Type == form.TypeRepeat {
			e.rows[f.Key] = rowsOf(e.shown, f.Key, values)
		}
	}
	for path := range e.draft.Values {
		_, row, _, _ := form.SplitPath(path)
		n, _ := strconv.Atoi(strings.TrimPrefix(row, notebook.NewRow))
		if strings.HasPrefix(row, notebook.NewRow) {
			e.added = max(e.added, n)
		}
	}
}

// rowsOf names the rows of a repeat that hold anything, in the order in which they were written, new ones last. A name
// alone does not say it: it begins with a number drawn at random.
func rowsOf(v *record.View, repeat string, values map[string]string) []string {
	rows := form.Rows(repeat, values)
	if v == nil {
		return rows
	}
	since := map[string]record.Millis{}
	for i := range v.Fields {
		key, row, _, _ := form.SplitPath(v.Fields[i].Path)
		if key != repeat || record.IsSystem(v.Fields[i].Path) {
			continue
		}
		for _, x := range v.Fields[i].Live {
			if t, ok := since[row]; !ok || x.Time < t {
				since[row] = x.Time
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b string) int {
		t, old := since[a]
		u, older := since[b]
		switch {
		case old && older:
			return cmp.Compare(t, u)
		case old:
			return -1
		case older:
			return 1
		}
		return 0
	})
	return rows
}

// Rows names the rows of a repeat that are on the screen.
func (e *Editor) Rows(repeat string) []string { return slices.Clone(e.rows[repeat]) }

// AddRow puts an empty row on the screen and returns its name within the draft.
func (e *Editor) AddRow(repeat string) string {
	e.added++
	row := notebook.NewRow + strconv.Itoa(e.added)
	e.rows[repeat] = append(e.rows[repeat], row)
	e.a.show(PartForm)
	return row
}

// RemoveRow takes a row out; the toast brings it back while the form is open.
func (e *Editor) RemoveRow(repeat, row string) {
	i := slices.Index(e.rows[repeat], row)
	if i < 0 || e.pen.ended {
		return
	}
	prefix := form.JoinPath(repeat, row, "")
	held := slices.Contains(form.Rows(repeat, e.values()), row)
	before := e.takeRow(prefix)
	e.draft.DropRow(prefix, e.shown)
	e.rows[repeat] = slices.Delete(e.rows[repeat], i, i+1)
	e.check()
	e.touch()
	if !held {
		return
	}
	e.a.toast(e.a.T("row.removed", "n", strconv.Itoa(i+1)), e.a.T("undo"), func() {
		if e.pen.ended {
			return
		}
		e.putRow(prefix, before)
		if at := e.rows[repeat]; !slices.Contains(at, row) {
			e.rows[repeat] = slices.Insert(at, min(i, len(at)), row)
		}
		e.check()
		e.touch()
	})
	e.nag = e.a.toasted
}

// takeRow copies what the draft says about a row.
func (e *Editor) takeRow(prefix string) notebook.Draft {
	other := func(path string) bool { return !strings.HasPrefix(path, prefix) }
	d := e.copyDraft()
	maps.DeleteFunc(d.Values, func(p, _ string) bool { return other(p) })
	maps.DeleteFunc(d.Saw, func(p string, _ []record.Dot) bool { return other(p) })
	maps.DeleteFunc(d.Dropped, func(p string, _ []record.Dot) bool { return p != prefix })
	return d
}

// putRow makes the draft say about a row what it said before it was taken out.
func (e *Editor) putRow(prefix string, before notebook.Draft) {
	e.draft.DropRow(prefix, nil)
	delete(e.draft.Dropped, prefix)
	for path, v := range before.Values {
		e.draft.Set(path, v, nil)
	}
	maps.Copy(e.draft.Saw, before.Saw)
	if len(before.Dropped) > 0 {
		e.draft.Dropped[prefix] = before.Dropped[prefix]
	}
}

// rowOf gives the row that a path lies in, "items/<row>/"; "" when it lies in none.
func rowOf(path string) string { return path[:strings.LastIndexByte(path, '/')+1] }

// rowGone reports whether a path of the record lies in a row that will not be there when the form is finished: it was
// taken out, by the officer or before, with everything in it seen, and he writes nothing in it.
func (e *Editor) rowGone(path string) bool {
	row := rowOf(path)
	if row == "" {
		return false
	}
	for p := range e.draft.Values {
		if strings.HasPrefix(p, row) {
			return false
		}
	}
	seen, dropped := e.draft.Dropped[row]
	unseen := func(d record.Dot) bool { return !slices.Contains(seen, d) }
	return e.shown.RowHidden(path) || dropped && !slices.ContainsFunc(e.shown.Live(row), unseen)
}
