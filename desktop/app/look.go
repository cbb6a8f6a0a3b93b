package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/record"
)

// look is a record as people read it: its changes, and what its form makes of them in the officer's language.
type look struct {
	a       *App
	view    *record.View
	changes []*record.Change
	signed  map[record.Dot]record.Millis // own changes: when the receipt was signed that covers them
	line    notebook.Line
	lists   map[string][]byte // which name what the record holds and held
	form    *form.Form        // nil: this program knows no version of it
	filling *form.Filling     // nil with it
}

// readLook reads a record and all that names what is in it, beside the screen.
func (a *App) readLook(ctx context.Context, lang string, rec record.Dot) (l *look, err error) {
	l = &look{a: a}
	if l.view, err = a.o.Notebook.View(ctx, rec); err != nil {
		return nil, err
	}
	if l.changes, err = a.o.Notebook.History(ctx, rec); err != nil {
		return nil, err
	}
	var own []record.Dot
	for _, c := range l.changes {
		if c.Replica == a.o.Notebook.Replica() {
			own = append(own, c.Dot)
		}
	}
	if l.signed, err = a.o.Notebook.Receipted(ctx, own); err != nil {
		return nil, err
	}
	lines, err := a.o.Notebook.Lines(ctx, []record.Dot{rec})
	if err != nil {
		return nil, err
	}
	if len(lines) == 1 {
		l.line = lines[0]
	}
	l.form, _, _ = a.o.Forms.Library.For(l.view.Form, l.view.Values())
	if l.form != nil {
		l.lists, err = listing{ctx: ctx, book: a.o.Notebook, lang: lang, unit: a.o.Unit, units: a.units(), called: a.called}.listsOf(l.form, l.written(), a.o.Forms.Library)
	}
	return l, err
}

// written are all values that anybody wrote, those that were replaced too.
func (l *look) written() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, c := range l.changes {
			for i := range c.Edits {
				if !yield(c.Edits[i].Path, c.Edits[i].Value) {
					return
				}
			}
		}
	}
}

// open fills the form with the record, in the language of the screen.
func (l *look) open() {
	if l.form == nil {
		return
	}
	filling, err := l.form.Open(l.view.Values(), l.a.env(l.lists, l.view, unitOf(l.view)))
	if err != nil {
		l.form, l.filling = nil, nil
		return
	}
	l.filling = filling
}

// unitOf is the unit that a record is of; of one whose move is in conflict, any.
func unitOf(v *record.View) string {
	if len(v.Feeds) == 0 {
		return ""
	}
	return v.Feeds[0].Unit()
}

// env is what a form may learn here of the world, in the language of the screen, for a record of a unit.
func (c *core) env(lists map[string][]byte, shown *record.View, unit string) form.Env {
	env := form.Env{
		Language: c.lang, Now: func() time.Time { return c.o.Wall().Time() }, Zone: c.o.Zone, Random: random,
		List: func(name string) []byte { return lists[name] }, SealTo: c.o.Forms.Keys.to(unit),
	}
	if shown != nil {
		env.RowOrder = rowOrder(shown)
	}
	return env
}

func random() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return binary.LittleEndian.Uint64(b[:])
}

// rowOrder orders the rows of a record by when they were written first. A name alone does not say it: it begins with a
// number drawn at random.
func rowOrder(v *record.View) func(a, b string) int {
	since := map[string]record.Millis{}
	for i := range v.Fields {
		f := &v.Fields[i]
		for at, c := range f.Path {
			if c != '/' || record.IsSystem(f.Path) {
				continue
			}
			for _, x := range f.Live {
				if t, ok := since[f.Path[:at+1]]; !ok || x.Time < t {
					since[f.Path[:at+1]] = x.Time
				}
			}
		}
	}
	return func(a, b string) int { return cmp.Compare(since[a], since[b]) }
}

// names says what kind of record it is, and what tells it from its neighbours.
func (l *look) names() (kind string, rest []string) {
	title := l.a.o.Forms.Library.Title(l.view.Form)
	if l.filling == nil {
		return parts(l.a.lang, title, cmp.Or(l.line.Title, l.view.Form.ID))
	}
	return parts(l.a.lang, title, l.filling.Name())
}

// say gives a value as people read it.
func (l *look) say(path, value string) string {
	if l.filling == nil {
		if envelope.IsSealed(value) {
			return l.a.T("value.sealed")
		}
		return value
	}
	return l.a.say(l.filling, path, value)
}

// say gives a value as people read it. What must be sealed is never shown.
func (c *core) say(l *form.Filling, path, value string) string {
	field, ok := l.Form().Field(path)
	if ok && field.Sealed() && value != "" {
		return c.T("value.sealed")
	}
	if ok && readsText(field) {
		value = strings.TrimPrefix(value, unread)
	}
	shown := l.Show(path, value)
	if ok && shown == value && l.Form().ListOf(field) != "" {
		if _, err := record.ParseDot(value); err == nil {
			return c.T("ref.unknown")
		}
	}
	return shown
}

// sayLive gives a live value as people read it; "" for one that was cleared.
func (l *look) sayLive(path string, v *record.Value) string {
	switch v.State {
	case record.BodyAbsent:
		return l.a.T("value.onway")
	case record.BodyErased:
		return l.a.T("value.erased")
	}
	return l.say(path, v.Text)
}

// label names a path for people: "Danh mục, dòng 2: Số lượng".
func (l *look) label(path string) string {
	switch {
	case path == record.PathLife:
		return l.a.T("path.life")
	case record.IsFeedPath(path):
		return l.a.T("path.unit")
	case l.form == nil:
		return path
	}
	rows := l.form.Around(path)
	if len(rows) == 0 {
		return l.filling.LabelOf(path)
	}
	repeat, row := splitRow(rows[len(rows)-1])
	list, field := l.filling.LabelOf(repeat), l.filling.LabelOf(path)
	if n := slices.Index(l.filling.Rows(repeat), row); n >= 0 {
		return l.a.T("path.row", "list", list, "n", strconv.Itoa(n+1), "field", field)
	}
	return l.a.T("path.norow", "list", list, "field", field)
}

// splitRow takes a row ("items/<row>/") apart into its repeat and its name.
func splitRow(row string) (repeat, name string) {
	row = strings.TrimSuffix(row, "/")
	at := strings.LastIndexByte(row, '/')
	return row[:at], row[at+1:]
}

// place is what the record names first as its place; "" when it names none.
func (l *look) place() string {
	if l.form == nil {
		return ""
	}
	path, ref := placeOf(l.form, l.view.Text)
	if ref == "" {
		return ""
	}
	return l.filling.ChoiceLabel(path, ref)
}

// isAsked reports whether a path is one that people answer. What the form noted by itself is not for reading, and a note is
// no answer.
func (l *look) isAsked(path string) bool {
	if record.IsNote(path) {
		return false
	}
	if l.form == nil {
		return true
	}
	field, ok := l.form.Field(path)
	return !ok || field.Asked()
}

// walk visits the questions of a form in their order, row by row, each with its path.
func walk(l *form.Filling, items []*form.Item, row string, visit func(it *form.Item, path string)) {
	for _, it := range items {
		path := it.Path(row)
		switch it.Type {
		case form.Question:
			visit(it, path)
		case form.Group:
			walk(l, it.Items, row, visit)
		case form.Repeat:
			for _, name := range l.Rows(path) {
				walk(l, it.Items, path+"/"+name+"/", visit)
			}
		}
	}
}
