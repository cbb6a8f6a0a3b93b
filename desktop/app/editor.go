package app

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// Editor is a form being filled in. There is no Save: every key goes into a draft, which is durable at most a second
// behind the hand. Nothing the officer typed is ever dropped, not even what the form cannot read.
//
// What he changes replaces what was on the screen when he changed it (decision 2). So the record below the form is not
// exchanged by itself when something arrives: the officer is told, and takes it over by a button.
type Editor struct {
	a     *App
	form  *form.Form
	draft notebook.Draft
	shown *record.View     // what is on the screen below the draft; nil: a new record
	by    record.ReplicaID // the machine that created the record

	rows     map[string][]string // rows of each repeat that are on the screen, also empty ones
	added    int                 // the number of the last new row
	left     map[string]bool     // paths that the officer has been in and left
	tried    bool                // to finish: from then on everything missing is shown
	problems []form.Problem
	newer    *record.View // a later state of the record than the one on the screen
	nag      *Toast       // what this form said last; it goes with the form
	pen      pen
}

// pen keeps the draft durable, one write at a time.
type pen struct {
	dirty   bool // something typed is not in the notebook yet
	writing bool
	stop    func() // the timer of the next write; nil: none runs
	saved   time.Time
	trouble Trouble
	then    []func(error) // to be called after the next write
	ended   bool          // finished or given up: nothing is written any more
	id      notebook.DraftID
	run     *write // the write that runs, or ran last
}

// write is one write of a draft, beside the screen. What came of it is read after over is closed.
type write struct {
	over chan struct{}
	id   notebook.DraftID
	err  error
}

const (
	behindKeys = 700 * time.Millisecond // between a key and the write that keeps it
	writeAgain = 3 * time.Second        // after a write that failed
)

// unread stands before a typed text that the field cannot read as a number or a day. It lives in drafts only: a form
// with such a field is not finished.
const unread = "?"

// New opens an empty form.
func (a *App) New(formID string) {
	f := newest(formID)
	if f == nil {
		return
	}
	feeds := a.feedsFor(f)
	if len(feeds) == 0 {
		a.toastTrouble(fault.WrongUnit)
		return
	}
	a.edit(&Editor{a: a, form: f, by: a.o.Notebook.Replica(),
		draft: notebook.Draft{Form: refOf(f), Feed: feeds[0], Officer: a.me.ID}})
}

// Edit opens the form of the record beside the list: the officer's draft of it, if there is one.
func (a *App) Edit() {
	d := a.detail
	if d == nil || d.view == nil {
		return
	}
	a.editRecord(d.Record)
}

func (a *App) editRecord(rec record.Dot) {
	if a.goOn(func(d notebook.Draft) bool { return d.Record == rec }) {
		return
	}
	a.load(notebook.Draft{Record: rec, Officer: a.me.ID})
}

// Resume opens a draft where it was left.
func (a *App) Resume(id notebook.DraftID) {
	a.goOn(func(d notebook.Draft) bool { return d.ID == id })
}

// goOn opens the first of the officer's drafts that is wanted: one still on its way to the disk as it is in memory.
func (a *App) goOn(wanted func(notebook.Draft) bool) bool {
	for e := range a.ending {
		if e.draft.Officer == a.me.ID && wanted(e.copyDraft()) {
			a.leaveForm()
			a.editor, a.choice, a.page = e, nil, PageForm
			a.show(PartPage)
			return true
		}
	}
	for _, d := range a.desk.drafts {
		if wanted(d) {
			d.Values, d.Saw, d.Dropped = maps.Clone(d.Values), maps.Clone(d.Saw), maps.Clone(d.Dropped)
			a.load(d)
			return true
		}
	}
	return false
}

// load reads the record of a draft and opens its form.
func (a *App) load(d notebook.Draft) {
	a.run(func(ctx context.Context) func() {
		var v *record.View
		var lines []notebook.Line
		var err error
		if !d.Record.IsZero() {
			if v, err = a.o.Notebook.View(ctx, d.Record); err == nil {
				lines, err = a.o.Notebook.Lines(ctx, []record.Dot{d.Record})
			}
		}
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			if d.ID == 0 && v != nil {
				d.Form = v.Form
			}
			f, ok := form.Lookup(d.Form.ID, int(d.Form.Version))
			if !ok {
				a.toast(a.T("form.unknown"), "", nil)
				return
			}
			e := &Editor{a: a, form: f, draft: d, shown: v}
			if len(lines) == 1 {
				e.by = lines[0].Replica
			}
			a.edit(e)
		}
	})
}

func (a *App) edit(e *Editor) {
	a.leaveForm()
	e.rows, e.left = map[string][]string{}, map[string]bool{}
	e.pen.id = e.draft.ID
	if e.draft.Saved != 0 {
		e.pen.saved = a.at(e.draft.Saved)
	}
	e.layRows()
	e.check()
	a.editor, a.choice, a.page = e, nil, PageForm
	a.show(PartPage)
}

// leaveForm keeps the draft of the form on the screen, if one is open, and closes the form.
func (a *App) leaveForm() {
	if e := a.editor; e != nil {
		a.editor = nil
		a.desk.stale = true
		if e.nag != nil && e.nag == a.toasted {
			a.EndToast()
		}
		if !e.Written() {
			a.ending[e] = true
		}
		e.save()
	}
}

// Editor is the form being filled in; nil when none is open.
func (a *App) Editor() *Editor { return a.editor }

// Form is the form being filled in.
func (e *Editor) Form() *form.Form { return e.form }

// Language is that of the screen.
func (e *Editor) Language() string { return e.a.lang }

// T gives the text of a key.
func (e *Editor) T(key string, args ...string) string { return e.a.T(key, args...) }

// Name says which record is edited; "" for a new one.
func (e *Editor) Name() string {
	if e.shown == nil {
		return ""
	}
	return humanName(e.by, e.draft.Record)
}

// value is what the field holds: the draft's, or what the record says.
func (e *Editor) value(path string) string {
	if v, ok := e.draft.Values[path]; ok {
		return v
	}
	if e.shown == nil || e.rowGone(path) {
		return ""
	}
	return e.shown.Text(path)
}

// values is the whole record as it will be.
func (e *Editor) values() map[string]string {
	m := map[string]string{}
	if e.shown != nil {
		for i := range e.shown.Fields {
			if p := e.shown.Fields[i].Path; !record.IsSystem(p) && !e.rowGone(p) {
				m[p] = e.shown.Text(p)
			}
		}
	}
	maps.Copy(m, e.draft.Values)
	maps.DeleteFunc(m, func(_, v string) bool { return v == "" })
	return m
}

// Value is what a field holds, as the form stores it: a code, codes, a reference. For what was typed see Text.
func (e *Editor) Value(path string) string { return e.value(path) }

// Text is what stands in an entry: a number with its separators, a day as dd/mm/yyyy, and what could not be read as it
// was typed.
func (e *Editor) Text(path string) string {
	v := e.value(path)
	f, ok := e.form.Field(path)
	if !ok || !readsText(f) {
		return v
	}
	if typed, bad := strings.CutPrefix(v, unread); bad {
		return typed
	}
	if f.Type == form.TypeDate {
		return viet.Date(v)
	}
	return viet.Number(v)
}

// readsText reports whether a field makes something else of what is typed.
func readsText(f *form.Field) bool {
	return f.Type == form.TypeInt || f.Type == form.TypeDecimal || f.Type == form.TypeDate
}

// Type takes what stands in an entry after a key.
func (e *Editor) Type(path, typed string) {
	f, ok := e.form.Field(path)
	if !ok {
		return
	}
	typed = viet.NFC(typed)
	switch f.Type {
	case form.TypeInt, form.TypeDecimal:
		e.Set(path, lexical(typed, viet.ParseNumber))
	case form.TypeDate:
		e.Set(path, lexical(typed, viet.ParseDate))
	case form.TypeLongText:
		if strings.TrimSpace(typed) == "" {
			typed = ""
		}
		e.Set(path, typed)
	default:
		e.Set(path, strings.TrimSpace(typed))
	}
}

func lexical(typed string, read func(string) (string, bool)) string {
	if strings.TrimSpace(typed) == "" {
		return ""
	}
	if v, ok := read(typed); ok {
		return v
	}
	return unread + typed
}

// Set takes the value of a field. It replaces what was on the screen when the officer first changed it. Going back to
// what the record says takes the edit back, unless there is more than one answer to choose from.
func (e *Editor) Set(path, value string) {
	if e.pen.ended || value == e.value(path) && !e.contested(path) {
		return
	}
	if e.shown != nil && value == e.shown.Text(path) && !e.contested(path) && e.sawShown(path) && !e.shown.RowHidden(path) {
		delete(e.draft.Values, path)
		delete(e.draft.Saw, path)
	} else {
		e.draft.Set(path, value, e.shown)
	}
	delete(e.draft.Dropped, rowOf(path)) // who writes in a row that came back keeps it
	e.check()
	e.touch()
}

func (e *Editor) contested(path string) bool {
	return e.shown != nil && len(e.shown.Field(path)) > 1
}

// sawShown reports whether the draft's edit of path, if there is one, replaces what the record on the screen says.
func (e *Editor) sawShown(path string) bool {
	_, ok := e.draft.Values[path]
	return !ok || slices.Equal(e.draft.Saw[path], e.shown.Dots(path))
}

// Leave notes that the officer has left a field: a day typed short is written out, and a problem with it may be shown.
func (e *Editor) Leave(path string) {
	if e.pen.ended {
		return
	}
	e.left[path] = true
	if f, ok := e.form.Field(path); ok && f.Type == form.TypeDate {
		if typed, bad := strings.CutPrefix(e.value(path), unread); bad {
			if iso, ok := ReadDate(typed, e.a.now()); ok {
				e.Set(path, iso)
			}
		}
	}
	e.a.show(PartForm)
}

// Offered reports whether a field is asked, as the record stands. One that holds something is always shown.
func (e *Editor) Offered(path string) bool {
	f, ok := e.form.Field(path)
	if !ok {
		return false
	}
	key, row, _, _ := form.SplitPath(path)
	near := e.value
	if row != "" {
		near = func(child string) string { return e.value(form.JoinPath(key, row, child)) }
	}
	return e.value(path) != "" || f.OfferedWhen.Holds(near)
}

// Required reports whether a field must be filled in before the form is finished.
func (e *Editor) Required(path string) bool {
	f, ok := e.form.Field(path)
	return ok && f.Required
}

// Problem says what is wrong with a field, as far as it is time to say it; warning: it may stay so.
func (e *Editor) Problem(path string) (text string, warning bool) {
	for _, p := range e.problems {
		if p.Path != path || !e.tried && !e.left[path] || p.Rule == form.RuleRequired && !e.tried {
			continue
		}
		return e.sayProblem(p), p.Warning
	}
	return "", false
}

func (e *Editor) sayProblem(p form.Problem) string {
	f, ok := e.form.Field(p.Path)
	switch {
	case p.Rule == form.RuleRequired && ok && f.Type != form.TypeRepeat:
		return e.a.T("form.required")
	case p.Rule == form.RuleType && ok && f.Type == form.TypeDate:
		return e.a.T("form.date.bad")
	}
	return p.Text.In(e.a.lang)
}

// Counts says how many of the required fields are filled in.
func (e *Editor) Counts() (filled, required int) {
	for i := range e.form.Fields {
		f := &e.form.Fields[i]
		if !f.Required || !f.OfferedWhen.Holds(e.value) {
			continue
		}
		required++
		if e.value(f.Key) != "" || f.Type == form.TypeRepeat && len(form.Rows(f.Key, e.values())) > 0 {
			filled++
		}
	}
	for i := range e.problems { // in rows, what is missing counts beside what is asked of every record
		if _, row, _, _ := form.SplitPath(e.problems[i].Path); row != "" && e.problems[i].Rule == form.RuleRequired {
			required++
		}
	}
	return filled, required
}

// check looks at the whole record.
func (e *Editor) check() { e.problems = e.form.CheckRecord(e.values()) }

// Units lists the units that a new record may be of; a record that exists stays where it is.
func (e *Editor) Units() (units []string) {
	if e.shown != nil {
		return nil
	}
	for _, f := range e.a.feedsFor(e.form) {
		units = append(units, f.Unit())
	}
	return units
}

// Unit is the unit of the record being written.
func (e *Editor) Unit() string { return e.draft.Feed.Unit() }

// SetUnit chooses the unit of a new record.
func (e *Editor) SetUnit(unit string) {
	feed := record.NewFeed(unit, string(e.form.Compartment))
	if e.shown == nil && feed != e.draft.Feed && slices.Contains(e.a.desk.feeds, feed) {
		e.draft.Feed = feed
		if len(e.draft.Values) > 0 {
			e.touch()
		}
	}
}

// FindVenues looks for places of the register.
func (e *Editor) FindVenues(text string, then func([]VenueChoice)) { e.a.FindVenues(text, then) }

// VenueName is the name of a place.
func (e *Editor) VenueName(ref string) string { return e.a.VenueName(ref) }

// look asks whether the record has changed below the form.
func (e *Editor) look() {
	if e.shown == nil {
		return
	}
	e.a.run(func(ctx context.Context) func() {
		v, err := e.a.o.Notebook.View(ctx, e.draft.Record)
		return func() {
			if err != nil || e.a.editor != e {
				return
			}
			e.newer = nil
			if v.Sum() != e.shown.Sum() {
				e.newer = v
			}
			e.a.show(PartDraft)
		}
	})
}

// Newer reports whether the record has changed since it came on the screen.
func (e *Editor) Newer() bool { return e.newer != nil }

// TakeNewer puts the record as it is now below the draft. What the officer has typed stays, and still replaces only what
// he saw.
func (e *Editor) TakeNewer() {
	if e.newer == nil {
		return
	}
	e.shown, e.newer = e.newer, nil
	e.layRows()
	e.check()
	e.a.show(PartPage)
}
