package units

import (
	"slices"

	"banlang/shared/units"
)

// Import says how a list is to be taken.
type Import struct {
	// On is the day from which what the list says holds, where a line does not say so itself (yyyy-mm-dd). What held before
	// stays for the days before. "": the list corrects what holds, without a day.
	On string `json:",omitempty"`
	// Whole says that the list names every unit: those that it does not name end On that day. It needs On.
	Whole bool `json:",omitempty"`
	// Levels are the order of the levels from now on; none: it stays.
	Levels []units.Level `json:",omitempty"`
}

// Apply takes a list in CSV into a tree, and returns the tree as it would be, or what is wrong. Neither is altered.
//
// A line is about the unit of its code. With a day of its own it says what holds from then on; without one, what the import
// says. A column that is not there leaves what was; a cell that is empty clears it. A unit VN for the country is made when
// the list hangs something below it and nobody has it.
func (o Import) Apply(now *units.Tree, file []byte) (*units.Tree, []Problem) {
	levels := o.Levels
	if len(levels) == 0 {
		levels = now.Levels()
	}
	if len(levels) == 0 {
		levels = units.Usual
	}
	list, problems := ReadCSV(file, levels)
	if o.Whole && o.On == "" {
		problems = append(problems, Problem{What: text("Danh sách đầy đủ cần một ngày.", "A whole list needs a day."), Next: text("Thêm --on 01/07/2025.", "Add --on 2025-07-01.")})
	}
	if len(problems) > 0 {
		return nil, problems
	}
	t := &taking{rows: map[string][]*Row{}}
	for _, u := range now.All() {
		t.rows[u.Code] = append(t.rows[u.Code], &Row{Unit: u})
	}
	for i := range list.Rows {
		t.take(&list.Rows[i], &list, o.On)
	}
	if o.Whole {
		t.end(o.On)
	}
	t.country(levels)
	return t.tree(levels)
}

// taking is a tree in the middle of an import: the rows of each code, by From.
type taking struct{ rows map[string][]*Row }

// take puts a line of a list in its place.
func (t *taking) take(r *Row, l *List, on string) {
	dated := r.From != "" || l.Has[fieldFrom] && on == "" // by itself
	if !dated {
		r.From = on
	}
	old := t.held(r, l, dated || on != "")
	if old != nil {
		l.fill(r, &old.Unit)
		if !dated && (on == "" || same(&old.Unit, &r.Unit)) {
			r.From = old.From // a correction; or nothing new
		}
	}
	at := slices.IndexFunc(t.rows[r.Code], func(x *Row) bool { return x.Line == 0 && x.From == r.From })
	if at >= 0 {
		t.rows[r.Code][at] = r
		return
	}
	if old != nil {
		closed := *old // the tree that holds is not altered
		closed.To, closed.Into = r.From, nil
		t.rows[r.Code][slices.Index(t.rows[r.Code], old)] = &closed
	}
	t.rows[r.Code] = append(t.rows[r.Code], r)
}

// held is what the tree has of the code of a line: on its day, or else the last. nil: nothing. Where no line says when it
// ends, the line of a list that is before another of the same code counts too.
func (t *taking) held(line *Row, l *List, onItsDay bool) (held *Row) {
	for _, r := range t.rows[line.Code] {
		before := r.Line == 0 || !l.Has[fieldTo] && r.From < line.From
		if before && (!onItsDay || r.On(line.From)) {
			held = r
		}
	}
	return held
}

// fill takes over what the list has no column for.
func (l *List) fill(r *Row, old *units.Unit) {
	for f, to := range map[field][2]*string{fieldParent: {&r.Parent, &old.Parent}, fieldReports: {&r.Reports, &old.Reports},
		fieldPhone: {&r.Phone, &old.Phone}, fieldTo: {&r.To, &old.To}} {
		if !l.Has[f] {
			*to[0] = *to[1]
		}
	}
	if !l.Has[fieldInto] {
		r.Into = old.Into
	}
}

// same reports whether two rows say the same of a unit, whenever they begin.
func same(a, b *units.Unit) bool {
	return a.Parent == b.Parent && a.Reports == b.Reports && a.Name == b.Name && a.Level == b.Level && a.Phone == b.Phone &&
		a.To == b.To && slices.Equal(a.Into, b.Into)
}

// end ends what the list does not name.
func (t *taking) end(on string) {
	for code, rows := range t.rows {
		named := slices.ContainsFunc(rows, func(r *Row) bool { return r.Line > 0 })
		for i, r := range rows {
			if !named && r.On(on) && code != units.Root {
				ended := *r
				ended.To = on
				rows[i] = &ended
			}
		}
	}
}

// country makes the unit above all provinces when it is named and nobody has it.
func (t *taking) country(levels []units.Level) {
	if len(t.rows[units.Root]) > 0 {
		return
	}
	for _, rows := range t.rows {
		if slices.ContainsFunc(rows, func(r *Row) bool { return r.Parent == units.Root }) {
			t.rows[units.Root] = []*Row{{Unit: units.Unit{Code: units.Root, Name: "Việt Nam", Level: levels[0].ID}}}
			return
		}
	}
}

// tree checks what came of it.
func (t *taking) tree(levels []units.Level) (*units.Tree, []Problem) {
	type key struct{ code, from string }
	var all []units.Unit
	lines := map[key][]*Row{}
	for code, rows := range t.rows {
		for _, r := range rows {
			all = append(all, r.Unit)
			lines[key{code, r.From}] = append(lines[key{code, r.From}], r)
		}
	}
	made := units.New(levels, all)
	problems := check(made, func(u *units.Unit) *Row {
		for _, r := range lines[key{u.Code, u.From}] {
			if same(&r.Unit, u) {
				return r
			}
		}
		return &Row{Unit: *u}
	})
	if len(problems) > 0 {
		return nil, problems
	}
	return made, nil
}
