package form

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"banlang/shared/xform"
)

// Answers are all stored values that are not empty, asked or not, sealed ones as they are: what a draft keeps.
func (l *Filling) Answers() map[string]string {
	return l.collect(func(_ string, f *Field, _ xform.State) bool { return f.Stored })
}

// Written are the answers that belong to the record when it is finished: Answers without what is not asked, and without
// new rows in which nobody answered anything. A sealed value stays where the recipient's key is not here: nobody can say
// then that it would not be asked.
func (l *Filling) Written() map[string]string {
	written, _ := l.written()
	return maps.Clone(written)
}

// Changes are what makes the record with these values the one that is written: the answers that differ, "" for those that
// are to be cleared. What is set aside is left alone.
func (l *Filling) Changes(values map[string]string) map[string]string {
	changes := l.Written()
	for path, value := range values {
		switch now, kept := changes[path]; {
		case kept && now == value:
			delete(changes, path)
		case !kept && value != "" && l.aside[path] == "":
			changes[path] = ""
		}
	}
	return changes
}

// Shown is the record as it is to be read: what is asked, and what the form computes.
func (l *Filling) Shown() map[string]string { return l.collect(l.belongs) }

// Aside are the values that the form has no place for, by path.
func (l *Filling) Aside() map[string]string { return maps.Clone(l.aside) }

// Finish does what the form does when a person says that the record is complete, and returns the stored answers that
// differ now. Problems are asked for after it: rows in which nobody answered anything go, and the form may want one. The
// times of a record are noted by whoever creates it, and by nobody after.
func (l *Filling) Finish() (changed []string) {
	for removed := true; removed; { // what is in a row may be asked only because of another row
		removed = false
		for _, row := range l.vacantRows() {
			some, ok := l.remove(row.repeat, row.name)
			changed = append(changed, some...)
			removed = removed || ok
		}
	}
	if l.env.Creating {
		changed = append(changed, l.follow(l.s.Finish())...)
	}
	return changed
}

// rowAt is a row of a repeat.
type rowAt struct{ repeat, name string }

// EmptyRows are the rows ("items/<row>") in which nothing is to be written, where people add rows themselves.
func (l *Filling) EmptyRows() (rows []string) {
	for _, row := range l.vacantRows() {
		rows = append(rows, row.repeat+"/"+row.name)
	}
	slices.Sort(rows)
	return rows
}

// vacantRows are the rows in which nothing is to be written, where people add rows themselves; the last of a repeat first.
func (l *Filling) vacantRows() (vacant []rowAt) {
	_, isVacant := l.written()
	for _, repeat := range slices.Sorted(maps.Keys(l.rows)) {
		for _, row := range slices.Backward(l.rows[repeat].names) {
			if isVacant(repeat + "/" + row) {
				vacant = append(vacant, rowAt{repeat, row})
			}
		}
	}
	return vacant
}

// written is Written, and tells of any path whether it lies in a row without anything written. Of a new row only what
// people answered counts: what the form itself filled in makes no row. Both are computed once after a change, and are not
// the caller's to alter.
func (l *Filling) written() (map[string]string, func(path string) bool) {
	if l.kept.written == nil {
		l.kept.written, l.kept.vacant = l.readWritten()
	}
	return l.kept.written, l.kept.vacant
}

func (l *Filling) readWritten() (written map[string]string, vacant func(path string) bool) {
	written = l.collect(func(path string, f *Field, st xform.State) bool { return f.Stored && l.belongs(path, f, st) })
	filled := map[string]bool{} // by the path of the row
	for path := range written {
		field, _ := l.form.Field(path)
		if field.Repeat == "" {
			continue
		}
		for s := range l.form.steps(path) {
			if s.row != "" && (field.asked || !strings.HasPrefix(s.row, NewRow)) {
				filled[path[:s.end]] = true
			}
		}
	}
	vacant = func(path string) bool {
		for s := range l.form.steps(path) {
			if s.row != "" && !s.node.fixed && !filled[path[:s.end]] {
				return true
			}
		}
		return false
	}
	maps.DeleteFunc(written, func(path, _ string) bool { return vacant(path) })
	return written, vacant
}

// belongs reports whether a value is part of the record as people read it.
func (l *Filling) belongs(path string, f *Field, st xform.State) bool {
	return st.Relevant || l.sealed[path] != "" && !slices.Contains(l.env.SealTo, f.Declared.SealedTo)
}

func (l *Filling) collect(wanted func(path string, f *Field, st xform.State) bool) map[string]string {
	values := map[string]string{}
	l.each(xform.Ref(l.form.x.Root().Path()), func(path string, f *Field, st xform.State) {
		if value := cmp.Or(l.sealed[path], st.Value.Text); value != "" && wanted(path, f, st) {
			values[path] = value
		}
	})
	return values
}
