package centre

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Sheet is one record as staff read it, in one language: what it says, where the words came from, and what happened to it.
// What is sealed is said to be so. Times of changes are of the machines that wrote them; Arrived are of the centre.
type Sheet struct {
	Record      record.Dot
	Name        string // as people say it: "24-1271"
	Form        record.FormRef
	Kind        string // the title of the form
	Title       string // what tells the record from its neighbours
	Unit        string
	Compartment string
	Replica     record.ReplicaID // that created it
	Saw         string           // SumOf the record: what a review or choice of it names
	Created     bool             // its creation is here and stands
	Hidden      bool             // deleted
	Marked      bool             // deleted beside an edit that the delete had not seen
	Unread      bool             // no version of its form is known: the answers are as they are kept
	Written     record.Millis
	Arrived     record.Millis
	Review      record.Review
	Notes       []SheetValue
	Answers     []SheetAnswer
	Conflicts   []SheetAnswer // of Answers, and what is about the whole record
	Problems    []Problem     // what the form has against the record as it is now
	Rejected    []SheetRejected
	History     []SheetChange // the latest first, MaxHistory at most
	Older       int           // how many changes came before those
}

// MaxHistory bounds the changes of a record that a Sheet tells of: whatever a machine sends, it is read in a moment.
const MaxHistory = 500

// SheetAnswer is one question, its answer, and whoever gave it.
type SheetAnswer struct {
	Path    string
	Heading string // of the group or row that begins here
	Label   string
	Sealed  bool
	Live    []SheetValue // the answers that stand, the one that counts first; several: a conflict
	Before  []SheetValue // what those in conflict replaced
}

// SheetValue is one value and where it came from.
type SheetValue struct {
	Text    string // as it is kept; "" when it is sealed
	Shown   string // for people
	Dot     record.Dot
	Name    string // of the change: "24-1280"
	Officer string
	Replica record.ReplicaID
	At      record.Millis
	Arrived record.Millis
	State   record.BodyState
}

// SheetRejected is a change that does not count.
type SheetRejected struct {
	Change SheetValue
	Paths  []string
	Reason string // a code
}

// SheetChange is one change of the record.
type SheetChange struct {
	SheetValue
	Kind    record.Kind
	Creates bool
	Edits   []SheetEdit
	Reason  string // of a verdict
	Against bool   // a verdict: rejected
}

// SheetEdit is one field of a change.
type SheetEdit struct{ Path, Label, Shown string }

// Sheet reads a record, named as in Release; lang is "vi" or "en". Another record that an answer names is called by its title only
// if sees says so of its unit and compartment. fault.NotFound: it is not here.
func (c *Centre) Sheet(ctx context.Context, name, lang string, sees func(unit, compartment string) bool) (s *Sheet, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		rec, err := resolve(tx, name)
		if err != nil {
			return err
		}
		d, err := c.desk(ctx, tx, lang)
		if err != nil {
			return err
		}
		s, err = c.sheet(d, rec, sees)
		return err
	})
	return s, err
}

// sheeting makes one sheet.
type sheeting struct {
	*desk
	c       *Centre
	changes []*record.Change
	byDot   map[record.Dot]*record.Change
	view    *record.View
	form    *form.Form
	filling *form.Filling // nil: the form is not known
	sees    func(unit, compartment string) bool
}

func (c *Centre) sheet(d *desk, rec record.Dot, sees func(unit, compartment string) bool) (*Sheet, error) {
	changes, err := ledger.About(d.tx, rec)
	if err != nil {
		return nil, err
	}
	x := &sheeting{desk: d, c: c, sees: sees, changes: changes, view: record.Fold(rec, changes), byDot: map[record.Dot]*record.Change{}}
	for _, ch := range changes {
		x.byDot[ch.Dot] = ch
	}
	if x.byDot[rec] == nil {
		return nil, fault.New(fault.NotFound, "sheet", errors.New(rec.String()))
	}
	v := x.view
	if f, _, ok := c.forms.For(v.Form, v.Values()); ok {
		if l, err := f.Open(v.Values(), d.env()); err == nil {
			x.form, x.filling = f, l
		}
	}
	s := &Sheet{Record: rec, Form: v.Form, Saw: SumOf(v), Created: v.Created, Hidden: v.Hidden, Marked: v.Marked, Unread: x.filling == nil,
		Review: v.Review(), Replica: x.byDot[rec].Replica, Written: x.byDot[rec].Time, Kind: c.forms.Title(v.Form).In(d.lang)}
	s.Title = cmp.Or(s.Kind, v.Form.ID)
	if x.filling != nil {
		s.Title = x.filling.Name()
		s.Problems = d.problems(x.filling, "")
	}
	s.Unit, s.Compartment = v.Home().Unit(), v.Home().Compartment()
	if s.Name, err = nameAt(d.tx, rec); err != nil {
		return nil, err
	}
	if s.Arrived, err = arrivedAt(d.tx, rec); err != nil {
		return nil, err
	}
	if err := x.answers(s); err != nil {
		return nil, err
	}
	return s, x.happened(s)
}

// arrivedAt is when a change reached the centre, 0 when that is not known.
func arrivedAt(tx hub.Tx, d record.Dot) (record.Millis, error) {
	p, err := tx.Find(d)
	if p == 0 || err != nil {
		return 0, err
	}
	a, err := tx.Arrivals(p, 1)
	if len(a) == 0 || err != nil {
		return 0, err
	}
	return a[0].At, nil
}

// answers lists what the record says, in the order of the form; a record whose form is not known, by path.
func (x *sheeting) answers(s *Sheet) error {
	values := x.view.Values()
	var order []form.Answer
	if x.filling != nil {
		for path, value := range x.filling.Shown() { // what the form computes is part of the record
			values[path] = value
		}
		order = x.filling.InOrder(values)
	} else {
		for path, value := range values {
			order = append(order, form.Answer{Path: path, Value: value})
		}
		slices.SortFunc(order, func(a, b form.Answer) int { return strings.Compare(a.Path, b.Path) })
	}
	conflicts := x.view.Conflicts()
	around := ""
	for _, a := range order {
		line := SheetAnswer{Path: a.Path, Label: x.label(a.Path)}
		if h := x.heading(a.Path); h != around {
			around, line.Heading = h, h
		}
		if err := x.live(&line); err != nil {
			return err
		}
		if len(line.Live) == 0 { // computed
			line.Live = []SheetValue{{Text: a.Value, Shown: x.say(a.Path, a.Value)}}
		}
		line.Sealed = envelope.IsSealed(a.Value)
		s.Answers = append(s.Answers, line)
	}
	for _, path := range conflicts {
		line := SheetAnswer{Path: path, Label: x.label(path)}
		if err := x.live(&line); err != nil {
			return err
		}
		if err := x.before(&line); err != nil {
			return err
		}
		s.Conflicts = append(s.Conflicts, line)
	}
	return nil
}

// live fills in the values that stand at a path.
func (x *sheeting) live(line *SheetAnswer) error {
	for _, v := range x.view.Field(line.Path) {
		y, err := x.value(line.Path, v.Text, v.State, x.byDot[v.Dot])
		if err != nil {
			return err
		}
		line.Live = append(line.Live, y)
	}
	return nil
}

// before fills in what the values in conflict replaced.
func (x *sheeting) before(line *SheetAnswer) error {
	var base []record.Dot
	for _, live := range line.Live {
		ch := x.byDot[live.Dot]
		if ch == nil {
			continue
		}
		if e := ch.Edit(line.Path); e != nil {
			base = append(base, e.Replaces...)
		}
	}
	slices.SortFunc(base, record.Dot.Compare)
	for _, d := range slices.Compact(base) {
		ch := x.byDot[d]
		if ch == nil || ch.Edit(line.Path) == nil || slices.ContainsFunc(line.Live, func(v SheetValue) bool { return v.Dot == d }) {
			continue
		}
		v, err := x.value(line.Path, ch.Edit(line.Path).Value, ch.Body, ch)
		if err != nil {
			return err
		}
		line.Before = append(line.Before, v)
	}
	return nil
}

// value says a value at a path, written by a change (nil: it is not here).
func (x *sheeting) value(path, text string, state record.BodyState, by *record.Change) (v SheetValue, err error) {
	v = SheetValue{Text: text, Shown: x.say(path, text), State: state}
	if envelope.IsSealed(text) {
		v.Text = ""
	}
	if by == nil {
		return v, nil
	}
	v.Dot, v.Officer, v.Replica, v.At = by.Dot, by.Officer, by.Replica, by.Time
	v.Name = record.HumanName(by.Replica, by.Dot.N)
	v.Arrived, err = arrivedAt(x.tx, by.Dot)
	return v, err
}

// say gives a value as people read it; what names another record by what that is called.
func (x *sheeting) say(path, text string) string {
	if x.filling == nil {
		if envelope.IsSealed(text) {
			return envelope.Shown(text, fault.Lang(x.lang))
		}
		return text
	}
	if field, ok := x.form.Field(path); ok && field.Sealed() && text != "" && !envelope.IsSealed(text) { // it was not taken, and is read by nobody for that
		return form.Text{VI: "(không hiện: ô này phải niêm phong)", EN: "(not shown: this field is to be sealed)"}.In(x.lang)
	}
	shown := x.filling.Show(path, text)
	if shown != text {
		return shown
	}
	rec, err := record.ParseDot(text)
	if err != nil {
		return shown
	}
	v, err := ledger.ViewOf(x.tx, rec)
	if err != nil || !v.Created || v.Hidden || !x.sees(v.Home().Unit(), v.Home().Compartment()) {
		return shown
	}
	if f, _, ok := x.c.forms.For(v.Form, v.Values()); ok {
		if l, err := f.Open(v.Values(), x.env()); err == nil {
			return l.Name()
		}
	}
	return shown
}

// label names a path.
func (x *sheeting) label(path string) string {
	words := map[string]form.Text{record.PathLife: {VI: "Giữ hay xóa bản ghi", EN: "Kept or deleted"}, record.PathFeed: {VI: "Đơn vị của bản ghi", EN: "Unit of the record"},
		record.PathReview: {VI: "Duyệt", EN: "Review"}, record.PathInstead: {VI: "Ghi lại thay bản ghi", EN: "Written again in place of record"},
		record.PathAnew: {VI: "Đã ghi lại thành bản ghi", EN: "Written again as record"}}
	switch w, ok := words[path]; {
	case ok:
		return w.In(x.lang)
	case record.IsNote(path):
		return form.Text{VI: "Lời nhắn", EN: "Note"}.In(x.lang)
	case x.filling == nil:
		return path
	}
	return cmp.Or(x.filling.LabelOf(path), path)
}

// heading names the innermost row that a path is in: "Hiện vật, dòng 2".
func (x *sheeting) heading(path string) string {
	if x.filling == nil {
		return ""
	}
	rows := x.form.Around(path)
	if len(rows) == 0 {
		return ""
	}
	last := strings.TrimSuffix(rows[len(rows)-1], "/")
	i := strings.LastIndexByte(last, '/')
	repeat, row := last[:i], last[i+1:]
	n := slices.Index(x.filling.Rows(repeat), row) + 1
	return fmt.Sprintf(form.Text{VI: "%s, dòng %d", EN: "%s, row %d"}.In(x.lang), x.filling.LabelOf(repeat), n)
}

// Library knows the forms of the centre: those of the product, and what was published.
func (c *Centre) Library() *form.Library { return c.forms }

// Saws names the states of records as they are now (SumOf), for a list from which they are reviewed together; "" for one that
// is not here.
func (c *Centre) Saws(ctx context.Context, recs []record.Dot) (saws []string, err error) {
	saws = make([]string, len(recs))
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		for i, rec := range recs {
			v, err := ledger.ViewOf(tx, rec)
			if err != nil {
				return err
			}
			if v.Created {
				saws[i] = SumOf(v)
			}
		}
		return nil
	})
	return saws, err
}

// Whose says of which unit and compartment a record is; fault.NotFound when it is not here.
func (c *Centre) Whose(ctx context.Context, rec record.Dot) (unit, compartment string, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		v, err := ledger.ViewOf(tx, rec)
		if err != nil {
			return err
		}
		home := v.Home()
		if home == "" {
			return fault.New(fault.NotFound, "whose", errors.New(rec.String()))
		}
		unit, compartment = home.Unit(), home.Compartment()
		return nil
	})
	return unit, compartment, err
}

// End is the last place of the log.
func (c *Centre) End(ctx context.Context) (end ledger.Pos, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error { end, err = tx.End(); return err })
	return end, err
}
