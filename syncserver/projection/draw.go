package projection

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// subject is a record that is to be drawn: what the log holds of it.
type subject struct {
	id      record.Dot
	rec     ledger.Pos // the place of its creation; 0: not here
	changes []*record.Change
	arrived record.Millis
	altered record.Millis
	fresh   bool // the tables cannot have a row of it yet
}

// drawn is what the tables are to say of a record. Without a Row.Rec the record does not exist, and they say nothing.
type drawn struct {
	subject
	row   Row
	words string     // for the index of search; empty: none
	form  *form.Form // in which it was opened; nil: there are no answers
	rows  []answers  // the first is the record itself, the others the rows of its repeats
}

// answers are those of one row of a table of a form.
type answers struct {
	repeat string // the template; empty: the record itself
	row    string // its name below the repeat: with repeats in repeats "<row>/inner/<row>"
	values map[string]any
}

// drawAll draws the records, in their order, by some workers.
func drawAll(forms *form.Library, subjects []subject, workers int) []drawn {
	all := make([]drawn, len(subjects))
	share := len(subjects)/workers + 1
	var wait sync.WaitGroup
	for from := 0; from < len(subjects); from += share {
		wait.Go(func() {
			for i := from; i < min(from+share, len(subjects)); i++ {
				all[i] = draw(forms, subjects[i])
			}
		})
	}
	wait.Wait()
	return all
}

// draw folds a record and opens it in its form, as people see it. It uses neither clock nor lists: what a form makes of
// those is in no table.
func draw(forms *form.Library, s subject) drawn {
	d := drawn{subject: s}
	v := record.Fold(s.id, s.changes)
	if !v.Created {
		return d
	}
	d.row = rowOf(&s, v)
	l, ok := open(forms, v)
	if !ok {
		d.row.Unread = true
		d.row.Title = forms.Title(v.Form).In("vi")
		d.words = viet.Fold(d.row.Title)
	} else {
		d.row.Title, d.row.Day, d.words = l.Name(), l.EventDay(), l.Words()
	}
	d.row.State = stateOf(&d.row, v, s.changes)
	if v.Hidden {
		d.words = ""
		return d
	}
	d.words += " " + d.row.Name + " " + strings.Join(marks(&d.row), " ")
	if ok {
		d.form, d.rows = l.Form(), tabulate(l.Form(), l.Shown())
	}
	return d
}

// open opens a record in its form. A record of a version that is not known here is not opened in another: that may mean
// something else by the same names.
func open(forms *form.Library, v *record.View) (*form.Filling, bool) {
	if _, known := forms.Lookup(v.Form); !known {
		return nil, false
	}
	values := v.Values()
	f, _, ok := forms.For(v.Form, values)
	if !ok {
		return nil, false
	}
	l, err := f.Open(values, form.Env{})
	return l, err == nil
}

func rowOf(s *subject, v *record.View) Row {
	r := Row{Rec: int64(s.rec), Dot: s.id, Form: v.Form.ID, Version: fmt.Sprintf("%016x", v.Form.Version), Arrived: s.arrived,
		Altered: s.altered, Review: v.Review().State, Conflicts: len(v.Conflicts()), Hidden: v.Hidden}
	for _, c := range s.changes {
		if c.Creates() {
			r.Name, r.Written, r.Replica, r.Officer = record.HumanName(c.Replica, c.Dot.N), c.Time, c.Replica, c.Officer
		}
	}
	r.Unit, r.Compartment = v.Home().Unit(), v.Home().Compartment()
	return r
}

func stateOf(r *Row, v *record.View, changes []*record.Change) State {
	switch {
	case r.Conflicts > 0:
		return Conflict
	case v.Marked || r.Unread || len(v.Unanswered(changes)) > 0:
		return Attention
	case r.Review == record.ReviewReturned:
		return Returned
	case r.Review == record.ReviewApproved:
		return Approved
	}
	return AtCentre
}

// The marks of the search index. They begin with letters that no keyboard has, so that no word is like them; what follows
// is in hexadecimal where it may hold anything.
const (
	markFeed    = "\ue000" // unit and compartment, see feedMark
	markForm    = "\ue001"
	markState   = "\ue002"
	markMonth   = "\ue003" // yyyymm
	markOfficer = "\ue004"
	markReplica = "\ue005"
)

func marked(mark, text string) string { return mark + hex.EncodeToString([]byte(text)) }

// feedMark tells the ordinary records of a unit from its others, as a Scope does.
func feedMark(unit string, ordinary bool) string {
	if ordinary {
		return marked(markFeed, unit)
	}
	return marked(markFeed, unit) + "x"
}

func monthMark(month string) string { return markMonth + strings.ReplaceAll(month, "-", "") }

func replicaMark(r record.ReplicaID) string { return fmt.Sprint(markReplica, uint32(r)) }

func marks(r *Row) []string {
	return []string{feedMark(r.Unit, r.Compartment == declared.Ordinary), marked(markForm, r.Form), markState + string(r.State),
		monthMark(monthOf(r.Day)), marked(markOfficer, r.Officer), replicaMark(r.Replica)}
}

// monthOf is the month of a day, yyyy-mm; of none it is none.
func monthOf(day string) string { return day[:min(len(day), len("2026-11"))] }

// tabulate puts what a record shows into the rows of the tables of its form.
func tabulate(f *form.Form, shown map[string]string) []answers {
	rows := []answers{{values: map[string]any{}}}
	at := map[string]int{"": 0} // by the beginning of all paths in the row
	for path, text := range shown {
		field, ok := f.Field(path)
		if !ok || field.Sealed() || envelope.IsSealed(text) {
			continue
		}
		begin, row := rowAround(f, path)
		i, known := at[begin]
		if !known {
			i, at[begin] = len(rows), len(rows)
			rows = append(rows, answers{field.Repeat, row, map[string]any{}})
		}
		rows[i].values[question(field)] = valueOf(field, text)
	}
	return rows
}

// rowAround is the beginning of all paths in the row that a path lies in, and what that row is called in a table.
func rowAround(f *form.Form, path string) (begin, row string) {
	around := f.Around(path)
	if len(around) == 0 {
		return "", ""
	}
	begin = around[len(around)-1]
	outer := strings.TrimSuffix(around[0], "/")
	return begin, strings.TrimSuffix(begin[strings.LastIndexByte(outer, '/')+1:], "/")
}

// question is the path of a field below the repeat it lies in.
func question(field *form.Field) string {
	return strings.TrimPrefix(strings.TrimPrefix(field.Path, field.Repeat), "/")
}

// valueOf is an answer as it stands in a table.
func valueOf(field *form.Field, text string) any {
	switch field.Type {
	case form.TypeInt:
		if n, ok := form.Scaled(text, 0); ok {
			return n
		}
	case form.TypeDecimal:
		if n, ok := form.Scaled(text, form.Thousandths); ok {
			return n
		}
	}
	return text
}
